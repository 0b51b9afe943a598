/* page_case_docs: which documents a case asks for, and what each of them still lacks. */
#include "desk/page_case.h"

/* A form's model is thrown away once it is known what it lacks. */
#define FORM_MEM PAGE_MEM

static bool put_form(struct page *p, struct doc *d, struct json *list)
{
	struct json *o = json_obj(p->a), *fields = json_arr(p->a);
	const struct json *missing;
	struct err e = {""};

	if (doc_model(d, &e) < 0)
		return false;
	missing = json_get(d->model, "missing");
	for (const struct json *m = missing ? missing->first : NULL; m; m = m->next)
		json_push(fields, json_str(p->a, json_text(m, "label")));
	json_put_str(p->a, o, "form", d->form->id);
	json_put_str(p->a, o, "title", p->lang == LANG_JA ? d->form->ja : d->form->en);
	json_put_int(p->a, o, "lacks", (int64_t)json_count(missing));
	json_put(p->a, o, "fields", fields);
	json_push(list, o);
	return true;
}

bool page_case_documents(struct page *p, const struct case_view *c)
{
	struct json *list = json_arr(p->a);
	struct clock_view *v = NULL;
	int64_t n = clocks_of(p->desk->clocks, c, p->now, p->a, &v);
	struct arena mem;
	bool good = true;

	arena_init(&mem, FORM_MEM);
	for (const struct doc_form *form = doc_forms; form->id && good; form++) {
		struct doc d = {.mem = &mem,
		                .ledger = p->ledger,
		                .conf = p->desk->has_conf ? &p->desk->conf : NULL,
		                .c = c,
		                .clock = v,
		                .clocks = n > 0 ? (size_t)n : 0,
		                .form = form,
		                .lang = p->lang == LANG_JA ? DOC_JA : DOC_EN,
		                .fields_only = true,
		                .now_us = p->now};

		arena_reset(&mem);
		good = put_form(p, &d, list);
	}
	arena_done(&mem);
	json_put(p->a, p->m, "documents", list);
	return good;
}
