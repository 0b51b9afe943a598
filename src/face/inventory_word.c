/* hinoban page authorise, refuse: a person's words about what pages may run. */
#include "face/inventory.h"
#include <string.h>

#define SETTLED_MAX 256
#define TEXT_MAX    512

/* ---- which findings a word settles ---- */

struct settled {
	struct face *f;
	struct allowed *word; /* the new one alone */
	int64_t seq[SETTLED_MAX];
	size_t n;
	bool scripts; /* --all */
};

static const char *what_of(const struct json *finding)
{
	static const struct {
		const char *type, *what;
	} table[] = {{"page.flow", "flow"},
	             {"page.opaque", "flow"},
	             {"page.script", "script"},
	             {"page.reader", "script"},
	             {"page.header", "header"}};
	struct slice type = fact_type(finding);
	const struct json *signs = json_get(finding, "signs");

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (slice_eq(type, slice_str(table[i].type)))
			return table[i].what;
	}
	if (!slice_eq(type, SLICE("page.form")) || !signs || !signs->first)
		return NULL;
	return slice_eq(signs->first->s, SLICE("form_target")) ? "form" : "frame";
}

static int settle(void *ctx, const struct ledger_finding *fd)
{
	struct settled *s = ctx;
	const struct json *body;
	const char *what;

	if (!slice_starts(fd->type, SLICE("page.")) || s->n == SETTLED_MAX)
		return 0;
	body = json_parse(&s->f->mem, arena_copy(&s->f->mem, fd->body), NULL);
	what = what_of(body);
	if (!what)
		return 0;
	if ((s->scripts && strcmp(what, "script") == 0) ||
	    (s->word &&
	     allowed_is(s->word, what, json_text(body, "page"), json_text(body, "subject"),
	                (struct slice){0}, (struct slice){0}, NULL) > ALLOWED_REFUSED))
		s->seq[s->n++] = fd->seq;
	return 0;
}

static void put_settled(struct face *f, struct json *word, const struct settled *s)
{
	struct json *list =
	    s->n ? json_put(&f->mem, word, "findings", json_arr(&f->mem)) : NULL;

	for (size_t i = 0; i < s->n; i++)
		json_push(list, json_int(&f->mem, s->seq[i]));
}

/* ---- the words ---- */

static const char *what_wanted(struct face *f)
{
	static const struct {
		enum opt_id id;
		const char *what;
	} table[] = {{OPT_FLOW, "flow"},
	             {OPT_HEADER, "header"},
	             {OPT_FRAME, "frame"},
	             {OPT_FORM_TARGET, "form"}};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (args_has(&f->args, table[i].id))
			return table[i].what;
	}
	return "script";
}

static void put_option(struct face *f, struct json *word, enum opt_id id, const char *name)
{
	const char *value = args_text(&f->args, id);

	if (value)
		json_put_str(&f->mem, word, name, value);
}

static struct json *word_of(struct face *f, const char *type, const char *subject,
                            const char *reason)
{
	struct json *w = fact_draft(&f->mem, type);

	json_put_str(&f->mem, w, "script", subject);
	json_put_str(&f->mem, w, "what", what_wanted(f));
	json_put_str(&f->mem, w, "reason", reason);
	json_put_str(&f->mem, w, "by", face_who(f));
	put_option(f, w, OPT_PAGE, "page");
	put_option(f, w, OPT_HASH, "hash");
	return w;
}

static struct json *authorisation(struct face *f, const char *subject, const char *reason)
{
	struct json *w = word_of(f, "page.authorised", subject, reason);
	const char *class = args_text(&f->args, OPT_CLASS);

	json_put_str(&f->mem, w, "owner", args_text(&f->args, OPT_OWNER));
	json_put_str(&f->mem, w, "class", class ? class : "");
	put_option(f, w, OPT_STRUCTURE, "structure");
	put_option(f, w, OPT_VENDOR, "vendor");
	return w;
}

static int authorise_one(struct face *f, const char *reason)
{
	struct json *w = authorisation(f, f->args.rest[1], reason);
	struct settled s = {.f = f, .word = allowed_new()};
	int64_t seq;

	if (!s.word)
		return EXIT_OURS;
	allowed_take(s.word, w);
	ledger_findings(f->ledger, true, false, 0, settle, &s);
	allowed_free(s.word);
	put_settled(f, w, &s);
	seq = face_send(f, w);
	if (seq < 0)
		return EXIT_OURS;
	SAY(T_INV_AUTHORISED, f->args.rest[1], face_int(f, seq), face_int(f, (int64_t)s.n));
	return EXIT_GOOD;
}

/* Every script that runs now and nobody authorised, as it is now. */
static int authorise_all(struct face *f, const char *reason)
{
	struct inventory v;
	struct settled s = {.f = f, .scripts = true};
	const char *only = args_text(&f->args, OPT_PAGE);
	int code = inventory_read(f, &v);
	int64_t seq = 0, done = 0;

	if (code)
		return code;
	ledger_findings(f->ledger, true, false, 0, settle, &s);
	for (size_t i = 0; i < v.n && seq >= 0; i++) {
		const struct inventory_script *p = &v.script[i];
		struct json *w;

		if (p->how > ALLOWED_OUTDATED || p->how == ALLOWED_REFUSED ||
		    (only && strcmp(only, p->page) != 0))
			continue;
		w = authorisation(f, p->url, reason);
		json_put_str(&f->mem, w, "page", p->page);
		if (p->structure[0])
			json_put_str(&f->mem, w, "structure", p->structure);
		else if (p->hash[0])
			json_put_str(&f->mem, w, "hash", p->hash);
		if (done++ == 0)
			put_settled(f, w, &s);
		seq = face_send(f, w);
		if (seq > 0)
			SAY(T_INV_AUTHORISED, p->url, face_int(f, seq),
			    face_int(f, done == 1 ? (int64_t)s.n : 0));
	}
	inventory_done(&v);
	if (done == 0)
		SAY(T_INV_ALL_DONE);
	return seq < 0 ? EXIT_OURS : EXIT_GOOD;
}

static bool options_good(struct face *f, bool authorise, const char **reason)
{
	const char *class = args_text(&f->args, OPT_CLASS),
	           *hash = args_text(&f->args, OPT_HASH);
	const char *owner = args_text(&f->args, OPT_OWNER);
	struct hash h;

	if (!face_reason(f, reason))
		return false;
	if (!*reason)
		COMPLAIN(T_REASON_WANTED);
	else if (authorise && (!owner || !*owner || strlen(owner) > TEXT_MAX))
		COMPLAIN(T_INV_OWNER);
	else if (class && strcmp(class, "3ds") != 0)
		COMPLAIN(T_INV_CLASS, class);
	else if (hash && !hash_unhex(slice_str(hash), &h))
		COMPLAIN(T_INV_HASH);
	else
		return true;
	return false;
}

static int word_run(struct face *f, bool authorise)
{
	bool all = authorise && args_has(&f->args, OPT_ALL);
	const char *reason;
	int code;

	if (!options_good(f, authorise, &reason))
		return EXIT_USE;
	if (f->args.rests < 2 && !all) {
		COMPLAIN(T_INV_SUBJECT, f->args.rest[0]);
		return EXIT_USE;
	}
	code = face_ledger(f);
	if (!code)
		code = face_client(f);
	if (code)
		return code;
	if (all)
		return authorise_all(f, reason);
	if (authorise)
		return authorise_one(f, reason);
	int64_t seq = face_send(f, word_of(f, "page.refused", f->args.rest[1], reason));

	if (seq < 0)
		return EXIT_OURS;
	SAY(T_INV_REFUSED, f->args.rest[1], face_int(f, seq));
	return EXIT_GOOD;
}

int inventory_authorise(struct face *f)
{
	return word_run(f, true);
}

int inventory_refuse(struct face *f)
{
	return word_run(f, false);
}
