/*
 * hinoban person: "am I affected?" An e-mail address is typed, never given as an argument; what
 * comes back is which groups hold it and which items, no value. The ledger learns that somebody
 * asked, not about whom.
 */
#include "face/commands.h"
#include "face/scope.h"
#include <string.h>
#include <sys/mman.h>

struct person {
	struct face *f;
	int64_t groups;
};

static const char *items_of(struct face *f, const struct json *v)
{
	const struct json *list = json_get(v, "items");
	const char *out;
	struct buf b;

	buf_init(&b, 65536);
	for (const struct json *i = list ? list->first : NULL; i; i = i->next) {
		buf_str(&b, i == list->first ? "" : text(T_AND));
		buf_str(&b, scope_item_name(f, json_text(i, "item"), json_text(i, "label")));
	}
	out = face_cstr(f, buf_slice(&b));
	buf_done(&b);
	return out;
}

static const char *state_name(struct slice name)
{
	return text(slice_eq(name, SLICE("authorised"))  ? T_STATE_AUTHORISED
	            : slice_eq(name, SLICE("submitted")) ? T_STATE_SUBMITTED
	                                                 : T_STATE_ENTERED);
}

static const char *states_of(struct face *f, const struct json *v)
{
	const struct json *o = json_get(v, "states");
	const char *out;
	struct buf b;

	buf_init(&b, 4096);
	for (const struct json *i = o ? o->first : NULL; i; i = i->next)
		buf_printf(&b, "%s%s %lld", i == o->first ? "" : text(T_AND),
		           state_name(i->name), (long long)i->i);
	out = face_cstr(f, buf_slice(&b));
	buf_done(&b);
	return out;
}

static void take(void *ctx, struct slice name, const struct json *v)
{
	struct person *p = ctx;
	struct face *f = p->f;

	if (!slice_eq(name, SLICE("person")))
		return;
	p->groups++;
	if (args_has(&f->args, OPT_JSON)) {
		face_put_json(v);
		return;
	}
	SAY(T_PERSON_HOLDS, scope_group_name(f, json_text(v, "population")),
	    face_num(f, json_num(v, "rows", 0)), face_cstr(f, json_text(v, "first")),
	    face_cstr(f, json_text(v, "last")), face_cstr(f, json_text(v, "zone")));
	printf("  ");
	SAY(T_PERSON_ITEMS, items_of(f, v));
	if (json_count(json_get(v, "states"))) {
		printf("  ");
		SAY(T_PERSON_STATES, states_of(f, v));
	}
}

/* That it was asked is recorded, so that who looks customers up can be looked up. */
static int say_asked(struct person *p)
{
	struct arena *a = &p->f->mem;
	struct json *w = fact_draft(a, "person.asked");
	struct err e = {""};

	json_put_str(a, w, "by", face_who(p->f));
	json_put_bool(a, w, "found", p->groups > 0);
	if (post_client_fact(p->f->client, w, -1, &e) >= 0)
		return EXIT_GOOD;
	COMPLAIN(T_SCOPE_REFUSED, e.text);
	return EXIT_OURS;
}

static int person_run(struct face *f)
{
	static char email[SCOPE_MAX_EMAIL + 1];
	struct person p = {.f = f};
	struct scope_window w;
	struct json *request;
	int code = face_conf(f);

	if (!code)
		code = face_client(f);
	if (!code)
		code = scope_window(f, &w);
	if (code)
		return code;
	request = scope_request(f, "person", &w);
	if (!request)
		return EXIT_USE;
	(void)mlock(email, sizeof(email));
	if (!scope_ask_line(T_SCOPE_ASK_EMAIL, false, email, sizeof(email))) {
		COMPLAIN(T_SC_bad_email);
		return EXIT_USE;
	}
	code = scope_talk(f, request, email, -1, take, &p);
	if (code == EXIT_GOOD)
		code = say_asked(&p);
	if (code)
		return code;
	if (!p.groups && !args_has(&f->args, OPT_JSON))
		SAY(T_PERSON_NONE);
	return p.groups ? EXIT_FOUND : EXIT_GOOD;
}

static const uint8_t person_opts[] = {OPT_CASE,     OPT_FROM,  OPT_TO,   OPT_ONLY,
                                      OPT_DATABASE, OPT_FORCE, OPT_JSON, OPT_END};

const struct command person_cmd = {
    .name = "person",
    .usage = "",
    .what = T_PERSON_WHAT,
    .more = T_PERSON_EXAMPLES,
    .opts = person_opts,
    .run = person_run,
};
