/* page_case_docs: which documents a case asks for, and what each of them still lacks. */
#include "desk/page_case.h"

static void put_form(struct page *p, struct doc *d, const struct doc_form *form,
                     struct json *list)
{
	struct json *o = json_obj(p->a), *fields = json_arr(p->a);
	const struct json *missing;
	struct err e = {""};

	d->form = form;
	if (doc_model(d, &e) < 0)
		return;
	missing = json_get(d->model, "missing");
	for (const struct json *m = missing ? missing->first : NULL; m; m = m->next)
		json_push(fields, json_str(p->a, json_text(m, "label")));
	json_put_str(p->a, o, "form", form->id);
	json_put_str(p->a, o, "title", p->lang == LANG_JA ? form->ja : form->en);
	json_put_int(p->a, o, "lacks", (int64_t)json_count(missing));
	json_put(p->a, o, "fields", fields);
	json_push(list, o);
}

void page_case_documents(struct page *p, const struct case_view *c)
{
	struct json *list = json_arr(p->a);
	struct clock_view *v = NULL;
	int64_t n = clocks_of(p->desk->clocks, c, p->now, p->a, &v);

	for (const struct doc_form *form = doc_forms; form->id; form++) {
		struct doc d = {.mem = p->a,
		                .ledger = p->ledger,
		                .conf = p->desk->has_conf ? &p->desk->conf : NULL,
		                .c = c,
		                .clock = v,
		                .clocks = n > 0 ? (size_t)n : 0,
		                .lang = p->lang == LANG_JA ? DOC_JA : DOC_EN,
		                .now_us = p->now};

		put_form(p, &d, form, list);
	}
	json_put(p->a, p->m, "documents", list);
}
