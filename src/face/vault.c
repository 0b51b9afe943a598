/* hinoban vault: what is kept, is it whole, what need not be kept any longer. */
#include "face/commands.h"
#include <errno.h>
#include <poll.h>
#include <string.h>

#define WAIT_MS   50
#define ASK_AFTER (1000 / WAIT_MS)        /* rounds: has it ended without one? */
#define GIVE_UP   (3600 * 1000 / WAIT_MS) /* rounds without an answer */
#define HOLD_MEM  (64u * FACT_MAX_BYTES)

static int fails(struct face *f, int64_t r, const struct err *e)
{
	(void)f;
	COMPLAIN(T_LEDGER_FAULT, e && e->text[0] ? e->text : face_why((int)r));
	return EXIT_OURS;
}

static struct ledger_vault_limits limits_of(const struct face *f)
{
	return (struct ledger_vault_limits){.keep_us = f->conf.vault_keep_s * 1000000,
	                                    .evidence_us = f->conf.vault_evidence_s * 1000000,
	                                    .max_bytes = f->conf.vault_max_bytes};
}

/* ---- stat ---- */

static const char *days(struct face *f, int64_t us)
{
	char t[WHEN_TEXT_BYTES];

	if (!us)
		return text(T_VAULT_FOR_EVER);
	when_length(us, t);
	return face_cstr(f, slice_str(t));
}

static void put_stat_json(struct face *f, const struct ledger_vault_stat *s)
{
	struct ledger_vault_limits l = limits_of(f);
	struct arena *a = &f->mem;
	struct json *o = json_obj(a);

	json_put_int(a, o, "contents", s->contents);
	json_put_int(a, o, "content_bytes", s->content_bytes);
	json_put_int(a, o, "packed_bytes", s->packed_bytes);
	json_put_int(a, o, "packs", s->packs);
	json_put_int(a, o, "disk_bytes", s->pack_bytes);
	json_put_int(a, o, "gone_bytes", s->gone_bytes);
	json_put_int(a, o, "dropped", s->dropped);
	json_put_int(a, o, "collected", s->collected_seq);
	json_put_int(a, o, "keep_us", l.keep_us);
	json_put_int(a, o, "evidence_us", l.evidence_us);
	json_put_int(a, o, "max_bytes", l.max_bytes);
	face_put_json(o);
}

static int vault_stat(struct face *f)
{
	struct ledger_vault_limits l = limits_of(f);
	struct ledger_vault_stat s;
	char when[WHEN_TEXT_BYTES];
	int r = ledger_vault_stat(f->ledger, &s);

	if (r < 0)
		return fails(f, r, NULL);
	if (args_has(&f->args, OPT_JSON)) {
		put_stat_json(f, &s);
		return EXIT_GOOD;
	}
	SAY(T_VAULT_HOLDS, face_num(f, s.contents), face_bytes(f, s.content_bytes),
	    face_bytes(f, s.packed_bytes));
	SAY(T_VAULT_TAKES, face_bytes(f, s.pack_bytes), face_num(f, s.packs));
	SAY(T_VAULT_LIMITS, days(f, l.keep_us), days(f, l.evidence_us),
	    l.max_bytes ? face_bytes(f, l.max_bytes) : text(T_VAULT_NO_LIMIT));
	if (!s.collected_seq) {
		SAY(T_VAULT_NEVER);
		return EXIT_GOOD;
	}
	when_text(s.collected_us, when);
	SAY(T_VAULT_COLLECTED, when, face_int(f, s.collected_seq), face_num(f, s.dropped));
	return EXIT_GOOD;
}

/* ---- verify ---- */

static void fault(void *ctx, int64_t seq, const char *what)
{
	struct face *f = ctx;
	struct json *o;

	arena_reset(&f->mem);
	if (!args_has(&f->args, OPT_JSON)) {
		if (seq)
			SAY(T_VERIFY_FAULT, face_int(f, seq), what);
		else
			SAY(T_VAULT_FAULT, what);
		return;
	}
	o = json_obj(&f->mem);
	json_put_int(&f->mem, o, "seq", seq);
	json_put_str(&f->mem, o, "fault", what);
	face_put_json(o);
}

struct damage {
	struct face *f;
	struct arena mem; /* one fact */
};

static void put_damage(struct damage *d, const struct json *fact, const char *hex)
{
	struct face *f = d->f;
	struct json *o;

	if (!args_has(&f->args, OPT_JSON)) {
		SAY(T_VAULT_DAMAGED,
		    face_full_path(f, json_text(fact, "root"), json_text(fact, "path")),
		    face_int(f, fact_seq(fact)), hex);
		return;
	}
	o = json_obj(&d->mem);
	json_put_slice(&d->mem, o, "root", json_text(fact, "root"));
	json_put_slice(&d->mem, o, "path", json_text(fact, "path"));
	json_put_int(&d->mem, o, "version", fact_seq(fact));
	json_put_str(&d->mem, o, "damaged", hex);
	face_put_json(o);
}

/* A fact says `kept` where its content went into the vault. */
static int look_at(void *ctx, int64_t seq, struct slice canonical)
{
	struct damage *d = ctx;
	char hex[HASH_HEX_BYTES];
	const struct json *fact;
	struct hash h;

	(void)seq;
	arena_reset(&d->mem);
	fact = json_parse(&d->mem, canonical, NULL);
	if (json_true(fact, "kept") &&
	    hash_unhex(json_text(json_get(fact, "present"), "hash"), &h)) {
		AUTO_FD fd = ledger_content(d->f->ledger, &h);

		hash_hex(&h, hex);
		if (fd == -EBADMSG)
			put_damage(d, fact, hex);
	}
	return 0;
}

/* The vault knows places and hashes; what a person can do something about is a file. */
static void tell_files(struct face *f)
{
	struct ledger_query q = {.type = SLICE("file.*")};
	struct damage d = {.f = f};
	int r;

	arena_init(&d.mem, HOLD_MEM);
	r = ledger_each(f->ledger, &q, look_at, &d);
	arena_done(&d.mem);
	if (r < 0)
		COMPLAIN(T_LEDGER_FAULT, face_why(r));
}

static int vault_verify(struct face *f)
{
	struct err e = {""};
	int64_t n = ledger_vault_verify(f->state, NULL, fault, f, &e);

	if (n < 0)
		return fails(f, n, &e);
	if (n)
		tell_files(f);
	if (args_has(&f->args, OPT_JSON))
		face_put_faults(f, n);
	else if (n)
		SAY(T_VAULT_FAULTS, face_num(f, n));
	else
		SAY(T_VAULT_WHOLE);
	return n ? EXIT_FOUND : EXIT_GOOD;
}

/* ---- gc ---- */

static int dry_run(struct face *f)
{
	struct ledger_vault_limits l = limits_of(f);
	struct ledger_vault_plan p;
	struct err e = {""};
	struct json *o;
	int r = ledger_vault_plan(f->ledger, &l, &p, &e);

	if (r < 0)
		return fails(f, r, &e);
	if (args_has(&f->args, OPT_JSON)) {
		o = json_obj(&f->mem);
		json_put_int(&f->mem, o, "contents", p.contents);
		json_put_int(&f->mem, o, "bytes", p.bytes);
		json_put_int(&f->mem, o, "current", p.current);
		json_put_int(&f->mem, o, "evidence", p.evidence);
		json_put_int(&f->mem, o, "dropped", p.dropped);
		json_put_int(&f->mem, o, "freed", p.freed);
		json_put_bool(&f->mem, o, "over", p.over);
		face_put_json(o);
		return EXIT_GOOD;
	}
	SAY(T_VAULT_WOULD, face_num(f, p.dropped), face_bytes(f, p.freed),
	    face_num(f, p.contents), face_num(f, p.current), face_num(f, p.evidence));
	if (p.over)
		SAY(T_VAULT_OVER);
	return EXIT_GOOD;
}

struct answer {
	struct arena mem;
	const struct json *fact;
};

static int take_answer(void *ctx, int64_t seq, struct slice canonical)
{
	struct answer *a = ctx;
	const struct json *fact;

	(void)seq;
	arena_reset(&a->mem);
	fact = json_parse(&a->mem, arena_copy(&a->mem, canonical), NULL);
	if (!slice_eq(fact_type(fact), SLICE("vault.collected")))
		return 0;
	a->fact = fact;
	return 1;
}

static int tell_answer(struct face *f, const struct json *fact)
{
	struct slice why = json_text(fact, "fault");

	if (args_has(&f->args, OPT_JSON))
		face_put_json(fact);
	if (why.n) {
		COMPLAIN(T_VAULT_FAILED, face_cstr(f, why));
		return EXIT_OURS;
	}
	if (args_has(&f->args, OPT_JSON))
		return EXIT_GOOD;
	SAY(T_VAULT_DID, face_num(f, json_num(fact, "dropped", 0)),
	    face_bytes(f, json_num(fact, "freed", 0)),
	    face_num(f, json_num(fact, "contents", 0)),
	    face_bytes(f, json_num(fact, "bytes", 0)), face_int(f, fact_seq(fact)));
	if (json_true(fact, "over"))
		SAY(T_VAULT_OVER);
	return EXIT_GOOD;
}

/* Why no answer is to be waited for any longer; 0: it is at work still. */
static int ended_without(struct face *f)
{
	struct err e = {""};
	bool gc = false;
	int64_t us = post_client_room(f->client, &gc, &e);

	if (us < 0)
		return us == -ETIMEDOUT ? 0 : T_VAULT_ENDED;
	return us > 0 && !gc ? T_VAULT_CUT : 0;
}

/* The ledger does it beside its own work; its answer names our word. */
static int await_answer(struct face *f, int64_t word)
{
	struct answer a = {.fact = NULL};
	int code = EXIT_OURS, r = 0, cut = 0;

	arena_init(&a.mem, HOLD_MEM);
	for (int i = 1; i < GIVE_UP && r == 0 && !cut; i++) {
		cut = i % ASK_AFTER == 0 ? ended_without(f) : 0;
		r = ledger_referrers(f->ledger, word, take_answer, &a);
		if (r == 0 && !cut)
			poll(NULL, 0, WAIT_MS);
	}
	if (r > 0)
		code = tell_answer(f, a.fact);
	else if (r == 0 && cut)
		COMPLAIN(T_VAULT_FAILED, text((enum text_id)cut));
	else
		COMPLAIN(T_VAULT_FAILED, r < 0 ? strerror(-r) : strerror(ETIMEDOUT));
	arena_done(&a.mem);
	return code;
}

static int vault_gc(struct face *f)
{
	const char *reason = args_text(&f->args, OPT_REASON);
	struct err e = {""};
	struct json *w;
	int64_t seq;
	int code;

	if (args_has(&f->args, OPT_DRY_RUN))
		return dry_run(f);
	code = face_client(f);
	if (code)
		return code;
	w = fact_draft(&f->mem, "vault.gc");
	json_put_str(&f->mem, w, "by", face_who(f));
	if (reason)
		json_put_str(&f->mem, w, "reason", reason);
	seq = post_client_fact(f->client, w, -1, &e);
	if (seq != -EPIPE && seq != -ECONNRESET)
		return seq < 0 ? fails(f, seq, &e) : await_answer(f, seq);
	COMPLAIN(T_VAULT_FAILED, text(T_VAULT_ENDED));
	return EXIT_OURS;
}

/* ---- the command ---- */

static int vault_run(struct face *f)
{
	static const struct {
		const char *name;
		int (*run)(struct face *f);
	} verbs[] = {{"stat", vault_stat}, {"verify", vault_verify}, {"gc", vault_gc}};
	int code;

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(f->args.rest[0], verbs[i].name) != 0)
			continue;
		code = face_conf(f);
		if (!code)
			code = face_ledger(f);
		return code ? code : verbs[i].run(f);
	}
	COMPLAIN(T_VAULT_VERB, f->args.rest[0]);
	return EXIT_USE;
}

static const uint8_t vault_opts[] = {OPT_DRY_RUN, OPT_REASON, OPT_JSON, OPT_END};

const struct command vault_cmd = {
    .name = "vault",
    .usage = "stat|verify|gc",
    .what = T_VAULT_WHAT,
    .more = T_VAULT_EXAMPLES,
    .opts = vault_opts,
    .min = 1,
    .max = 1,
    .run = vault_run,
};
