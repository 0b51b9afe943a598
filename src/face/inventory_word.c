/* hinoban page authorise, refuse: a person's words about what pages may run. */
#include "face/inventory.h"
#include <string.h>

#define TEXT_MAX 512

static void put_settled(struct face *f, struct json *word, const int64_t *seq, size_t n)
{
	struct json *list = n ? json_put(&f->mem, word, "findings", json_arr(&f->mem)) : NULL;

	for (size_t i = 0; i < n; i++)
		json_push(list, json_int(&f->mem, seq[i]));
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
	int64_t settled[INVENTORY_SETTLED], seq;
	size_t n = inventory_settles(f->ledger, &f->mem, w, settled);

	put_settled(f, w, settled, n);
	seq = face_send(f, w);
	if (seq < 0)
		return EXIT_OURS;
	SAY(T_INV_AUTHORISED, f->args.rest[1], face_int(f, seq), face_int(f, (int64_t)n));
	return EXIT_GOOD;
}

/* Every script that runs now and nobody authorised, as it is now. */
static int authorise_all(struct face *f, const char *reason)
{
	struct inventory v;
	int64_t settled[INVENTORY_SETTLED];
	const char *only = args_text(&f->args, OPT_PAGE);
	int code = inventory_take(f, &v);
	int64_t seq = 0, done = 0;
	size_t n;

	if (code)
		return code;
	n = inventory_settles(f->ledger, &f->mem, NULL, settled);
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
			put_settled(f, w, settled, n);
		seq = face_send(f, w);
		if (seq > 0)
			SAY(T_INV_AUTHORISED, p->url, face_int(f, seq),
			    face_int(f, done == 1 ? (int64_t)n : 0));
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
