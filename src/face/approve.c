/* approve and dismiss: a person's words. */
#include "face/commands.h"
#include "face/findings.h"
#include "face/origin.h"
#include "face/scan.h"
#include "face/words.h"
#include "fact/version.h"
#include "report/report.h"
#include <errno.h>
#include <string.h>

#define WORD_MEM_BYTES (32u * FACT_MAX_BYTES)
#define OPEN_SHOWN     20

struct approve {
	struct face *f;
	const char *by, *reason;
	struct origin origin;
	bool has_origin;
	struct table table;
	struct arena mem; /* one word */
	int64_t approved, left;
	int64_t open; /* findings that a person may have meant, and that stay open */
	struct err e;
};

/* All that was told of the state: times, extended attributes; so that it can be put back. */
static struct json *told_state(struct approve *p, const struct table_state *s)
{
	struct buf b;
	struct json *fact, *state = NULL;

	buf_init(&b, FACT_MAX_BYTES);
	if (ledger_get(p->f->ledger, s->seq, &b) == 0) {
		fact = json_parse(&p->mem, arena_copy(&p->mem, buf_slice(&b)), NULL);
		state = json_copy(&p->mem, json_get(fact, "present"));
	}
	buf_done(&b);
	if (state) {
		struct table_state t = version_of(state, s->seq);

		state = table_same(&t, s) ? state : NULL;
	}
	return state;
}

static struct json *state_json(struct arena *a, const struct table_state *s)
{
	struct json *o;
	char hex[HASH_HEX_BYTES], mode[8];

	if (s->class == CLASS_NONE)
		return json_null(a);
	o = json_obj(a);
	snprintf(mode, sizeof(mode), "%04o", s->mode & 07777);
	json_put_str(a, o, "class", table_class_name((enum table_class)s->class));
	if (s->class == CLASS_FILE || s->class == CLASS_LINK) {
		hash_hex(&s->hash, hex);
		json_put_str(a, o, "hash", hex);
	}
	json_put_int(a, o, "size", s->size);
	json_put_str(a, o, "mode", mode);
	json_put_int(a, o, "uid", s->uid);
	json_put_int(a, o, "gid", s->gid);
	if (s->attrs)
		json_put_int(a, o, "attrs", s->attrs);
	return o;
}

static int send_word(struct approve *p, const struct table_entry *e, struct slice path)
{
	struct arena *a = &p->mem;
	struct json *d, *state;
	const char *shown = face_cstr(p->f, face_path_text(p->f, path));
	int r;

	arena_reset(a);
	d = fact_draft(a, "approve");
	state = told_state(p, &e->present);

	json_put_slice(a, d, "root", face_path_text(p->f, p->f->conf.root[e->root].path));
	json_put_str(a, d, "path", shown);
	json_put(a, d, "state", state ? state : state_json(a, &e->present));
	json_put_str(a, d, "by", p->by);
	json_put_str(a, d, "reason", p->reason);
	json_put_str(a, d, "origin", p->has_origin ? p->origin.name : "operator");
	r = post_client_queue(p->f->client, d, -1, &p->e);
	if (r < 0)
		return r;
	p->approved++;
	SAY(e->present.class == CLASS_NONE ? T_APPROVED_ABSENCE : T_APPROVED, shown);
	return 0;
}

static void leave(struct approve *p, enum text_id why, struct slice path)
{
	p->left++;
	SAY(why, face_cstr(p->f, face_path_text(p->f, path)));
}

static int consider(struct approve *p, const struct table_entry *e)
{
	static const enum text_id left[] = {
	    [ORIGIN_OTHER] = T_LEFT_OTHER,
	    [ORIGIN_UNKNOWN] = T_LEFT_UNKNOWN,
	    [ORIGIN_RIGHTS] = T_LEFT_RIGHTS,
	};
	struct slice path = table_path(&p->table, e);
	enum origin_verdict v = ORIGIN_SAME;

	if (p->has_origin) {
		v = p->origin.look(&p->origin, e, path);
		if (v == ORIGIN_SAME && e->present.class == CLASS_FILE &&
		    !origin_rights_good(e))
			v = ORIGIN_RIGHTS;
	}
	if (v == ORIGIN_SAME)
		return send_word(p, e, path);
	leave(p, left[v], path);
	return 0;
}

static bool below(struct slice path, struct slice folder)
{
	return !folder.n ||
	       (path.n > folder.n && slice_starts(path, folder) && path.at[folder.n] == '/');
}

struct named {
	struct approve *p;
	uint32_t root;
	struct slice path; /* raw */
};

/* What a finding is about may have been put back: then there is nothing to approve, and so. */
static int tell_finding(void *ctx, const struct ledger_finding *v)
{
	struct named *n = ctx;
	struct face *f = n->p->f;
	const struct json *fact = json_parse(&f->mem, arena_copy(&f->mem, v->body), NULL);
	struct slice root = json_text(fact, "root"), path = json_text(fact, "path");
	struct buf raw;
	int64_t version;
	bool mine;

	buf_init(&raw, FACT_MAX_BYTES);
	mine = slice_eq(root, face_path_text(f, f->conf.root[n->root].path)) &&
	       text_unpath(&raw, path) &&
	       (slice_eq(buf_slice(&raw), n->path) || below(buf_slice(&raw), n->path));
	buf_done(&raw);
	if (!mine)
		return 0;
	n->p->open++;
	version = findings_put_back(f, fact);
	if (version)
		SAY(T_APPROVE_PUT_BACK, face_int(f, v->seq), face_int(f, version),
		    face_full_path(f, root, path));
	else
		SAY(T_APPROVE_STAYS, face_int(f, v->seq));
	return n->p->open == OPEN_SHOWN;
}

/* A path named by the user, and all that differs below it. */
static int approve_path(struct approve *p, const char *arg)
{
	struct slice rel;
	uint32_t root;
	int64_t before = p->approved + p->left;
	bool known = false;
	int r = 0;

	if (!face_find_path(p->f, &p->table, arg, &root, &rel))
		return -EINVAL;
	for (size_t i = 0; i < p->table.count && r >= 0; i++) {
		const struct table_entry *e = &p->table.entry[i];
		struct slice path = table_path(&p->table, e);

		if (e->root != root || !(slice_eq(path, rel) || below(path, rel)))
			continue;
		known = true;
		if (!table_same(&e->approved, &e->present))
			r = consider(p, e);
	}
	if (r < 0 || p->approved + p->left != before)
		return r;
	SAY(known ? T_APPROVE_ALREADY : T_APPROVE_NOTHING_AT, arg);
	r = ledger_findings(p->f->ledger, true, true, 0, tell_finding,
	                    &(struct named){p, root, rel});
	return r < 0 ? r : 0;
}

static int approve_all(struct approve *p)
{
	int r = 0;

	for (size_t i = 0; i < p->table.count && r >= 0; i++)
		if (!table_same(&p->table.entry[i].approved, &p->table.entry[i].present))
			r = consider(p, &p->table.entry[i]);
	return r;
}

/* To approve what stands there ends an exposure, and no case: that is said by its own word. */
static void tell_cases(struct face *f)
{
	struct cases *cs = NULL;
	struct err e = {0};

	if (cases_read(f->ledger, &cs, &e) < 0)
		return;
	for (size_t i = 1; i <= cases_count(cs); i++) {
		const struct case_view *c = cases_get(cs, (int64_t)i);

		if (c->state == CASE_OPEN)
			SAY(T_APPROVE_CASE, face_int(f, c->number));
	}
	cases_free(cs);
}

static int send_all(struct approve *p)
{
	const struct args *a = &p->f->args;
	int r = 0;

	if (a->rests)
		for (int i = 0; i < a->rests && r >= 0; i++)
			r = approve_path(p, a->rest[i]);
	else
		r = approve_all(p);
	if (r >= 0)
		r = post_client_flush(p->f->client, &p->e);
	if (r == -EINVAL && !p->e.text[0])
		return EXIT_USE;
	if (r != 0) {
		COMPLAIN(T_LEDGER_FAULT, p->e.text);
		return EXIT_OURS;
	}
	if (p->approved && post_client_sync(p->f->client, 60000, &p->e) < 0)
		COMPLAIN(T_SYNC_FAULT, p->e.text);
	SAY(T_APPROVE_SUM, face_num(p->f, p->approved), face_num(p->f, p->left));
	if (p->approved)
		tell_cases(p->f);
	return p->left || p->open ? EXIT_FOUND : EXIT_GOOD;
}

static int choose_origin(struct approve *p)
{
	static const struct {
		enum opt_id opt;
		const struct origin *origin;
	} origins[] = {
	    {OPT_GIT, &origin_git},
	    {OPT_DEBIAN, &origin_debian},
	    {OPT_UPSTREAM, &origin_upstream},
	};
	int given = 0, code = EXIT_GOOD;

	for (size_t i = 0; i < 3; i++) {
		if (!args_has(&p->f->args, origins[i].opt))
			continue;
		if (given++) {
			COMPLAIN(T_APPROVE_ONE_ORIGIN);
			return EXIT_USE;
		}
		p->origin = *origins[i].origin;
		p->has_origin = true;
		code = p->origin.open(&p->origin, p->f, args_text(&p->f->args, origins[i].opt));
	}
	if (!code && p->has_origin && !p->reason)
		p->reason = p->origin.reason;
	return code;
}

static bool usage_good(struct approve *p)
{
	const struct args *a = &p->f->args;
	bool origin =
	    args_has(a, OPT_GIT) || args_has(a, OPT_DEBIAN) || args_has(a, OPT_UPSTREAM);

	if (!face_reason(p->f, &p->reason))
		return false;
	if (!a->rests && !args_has(a, OPT_ALL) && !origin)
		COMPLAIN(T_APPROVE_WHAT_PATHS);
	else if (a->rests && args_has(a, OPT_ALL))
		COMPLAIN(T_APPROVE_BOTH);
	else if (!origin && !p->reason)
		COMPLAIN(T_REASON_WANTED);
	else
		return true;
	COMPLAIN(T_SEE_HELP, "approve", " ");
	return false;
}

static int approve_run(struct face *f)
{
	struct approve p = {.f = f, .by = face_who(f)};
	int code = usage_good(&p) ? face_conf(f) : EXIT_USE, r;

	arena_init(&p.mem, WORD_MEM_BYTES);
	if (!code)
		code = scan_refresh(f, false, "approve", NULL);
	if (!code)
		code = face_ledger(f);
	if (!code)
		code = choose_origin(&p);
	r = code ? 0 : ledger_table(f->ledger, &p.table);
	if (r < 0) {
		COMPLAIN(T_LEDGER_FAULT, face_why(r));
		code = EXIT_OURS;
	}
	if (!code) {
		code = send_all(&p);
		table_close(&p.table);
	}
	if (p.has_origin)
		p.origin.close(&p.origin);
	arena_done(&p.mem);
	return code;
}

static const uint8_t approve_opts[] = {OPT_ALL,    OPT_REASON,   OPT_GIT,
                                       OPT_DEBIAN, OPT_UPSTREAM, OPT_END};

const struct command approve_cmd = {
    .name = "approve",
    .usage = "[PATH ...]",
    .what = T_APPROVE_WHAT,
    .more = T_APPROVE_EXAMPLES,
    .opts = approve_opts,
    .max = UINT8_MAX,
    .run = approve_run,
};

/* --- dismiss ---------------------------------------------------------------------- */

static bool is_open_finding(struct face *f, int64_t seq, int *code)
{
	const struct json *fact = face_fact(f, seq, code);

	if (!fact)
		return false;
	*code = EXIT_USE;
	if (slice_eq(json_text(fact, "kind"), SLICE("finding")))
		return true;
	COMPLAIN(T_NOT_A_FINDING, face_int(f, seq));
	return false;
}

static int dismiss_run(struct face *f)
{
	int64_t seq = face_seq(f->args.rest[0]), word;
	const char *reason;
	struct err e = {0};
	struct json *d;
	int code = seq && face_reason(f, &reason) ? EXIT_GOOD : EXIT_USE;

	if (!code && !reason) {
		COMPLAIN(T_REASON_WANTED);
		code = EXIT_USE;
	}
	if (!code)
		code = face_ledger(f);
	if (code || !is_open_finding(f, seq, &code))
		return code;
	code = face_client(f);
	if (code)
		return code;
	d = fact_draft(&f->mem, "dismiss");
	json_put_int(&f->mem, d, "finding", seq);
	json_put_str(&f->mem, d, "by", face_by(f));
	json_put_str(&f->mem, d, "reason", reason);
	fact_ref(&f->mem, d, seq);
	word = post_client_fact(f->client, d, -1, &e);
	if (word < 0) {
		COMPLAIN(T_LEDGER_FAULT, e.text);
		return EXIT_OURS;
	}
	if (args_has(&f->args, OPT_JSON)) {
		face_put_fact(f, word);
		return EXIT_GOOD;
	}
	SAY(T_DISMISSED, face_int(f, seq), face_int(f, word));
	tell_cases(f);
	return EXIT_GOOD;
}

static const uint8_t dismiss_opts[] = {OPT_REASON, OPT_BY, OPT_JSON, OPT_END};

const struct command dismiss_cmd = {
    .name = "dismiss",
    .usage = "SEQ",
    .what = T_DISMISS_WHAT,
    .more = T_DISMISS_EXAMPLES,
    .opts = dismiss_opts,
    .min = 1,
    .max = 1,
    .run = dismiss_run,
};
