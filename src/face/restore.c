#include "face/restore.h"
#include "face/case.h"
#include "face/commands.h"
#include "face/origin.h"
#include "face/patch.h"
#include "face/reader.h"
#include "face/scan.h"
#include "face/words.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>

#define DIFFS_SHOWN 100
#define DIFF_LINES  3
#define BEFORE_CASE "case:"

/* ---- the plan, shown ---- */

static const char *const act_names[] = {
    [RESTORE_CREATE] = "create", [RESTORE_CHANGE] = "change", [RESTORE_RIGHTS] = "rights",
    [RESTORE_REMOVE] = "remove", [RESTORE_LEAVE] = "leave",
};

static void put_hash(struct arena *a, struct json *o, const char *name,
                     const struct table_state *s)
{
	char hex[HASH_HEX_BYTES];

	if (s->class != CLASS_FILE)
		return;
	hash_hex(&s->hash, hex);
	json_put_str(a, o, name, hex);
}

static void put_json(struct restore *r, const struct restore_item *it)
{
	struct arena *a = &r->f->mem;
	struct json *o = json_obj(a);

	json_put_slice(a, o, "root", r->where.root);
	json_put_slice(a, o, "path", face_path_text(r->f, it->name));
	json_put_str(a, o, "act", act_names[it->act]);
	put_hash(a, o, "from", &it->now);
	put_hash(a, o, "to", &it->want);
	if (it->act == RESTORE_LEAVE)
		json_put_str(a, o, "why", text(it->why));
	if (it->outcome != RESTORE_OPEN)
		json_put_bool(a, o, "done", it->outcome != RESTORE_FAILED);
	if (it->outcome == RESTORE_PARTLY)
		json_put_bool(a, o, "partly", true);
	if (it->outcome == RESTORE_FAILED)
		json_put_str(a, o, "fault", strerror(-it->fault));
	face_put_json(o);
}

static int content_now(struct restore *r, const struct restore_item *it)
{
	int fd = -ENOENT;

	if (it->now.class != CLASS_FILE)
		return memfd_create("empty", MFD_CLOEXEC);
	fd = ledger_content(r->f->ledger, &it->now.hash);
	if (fd == -ENOENT)
		fd = origin_open_beneath(
		    face_cstr(r->f, r->f->conf.root[r->where.root_number].path),
		    face_cstr(r->f, it->name));
	return fd;
}

static int content_wanted(struct restore *r, const struct restore_item *it)
{
	return it->want.class == CLASS_FILE ? ledger_content(r->f->ledger, &it->want.hash)
	                                    : memfd_create("empty", MFD_CLOEXEC);
}

static void put_diff(struct restore *r, struct reader *reader, const struct restore_item *it)
{
	const char *path = face_cstr(r->f, face_path_text(r->f, it->name)), *name[2];
	AUTO_FD before = content_now(r, it);
	AUTO_FD after = content_wanted(r, it);
	const struct json *answer = NULL;
	struct err e = {""};
	AUTO_FD fd = -1;

	name[0] = face_cstr(r->f, arena_printf(&r->f->mem, "a/%s", path));
	name[1] = face_cstr(r->f, arena_printf(&r->f->mem, "b/%s", path));
	if (before < 0 || after < 0 ||
	    reader_diff(reader, &r->f->mem, before, after, name, DIFF_LINES, &fd, &answer, &e) <
	        0)
		return;
	if (!json_true(answer, "binary"))
		patch_put(fd);
}

static bool has_diff(const struct restore_item *it)
{
	return it->act != RESTORE_LEAVE && it->act != RESTORE_RIGHTS &&
	       (it->want.class == CLASS_FILE || it->now.class == CLASS_FILE);
}

static void put_item(struct restore *r, const struct restore_item *it)
{
	static const enum text_id said[] = {
	    [RESTORE_CREATE] = T_WOULD_CREATE, [RESTORE_CHANGE] = T_WOULD_CHANGE,
	    [RESTORE_RIGHTS] = T_WOULD_RIGHTS, [RESTORE_REMOVE] = T_WOULD_REMOVE,
	    [RESTORE_LEAVE] = T_WOULD_LEAVE,
	};
	const char *path = face_cstr(r->f, face_path_text(r->f, it->name));

	SAY(said[it->act], path[0] ? path : ".", it->act == RESTORE_LEAVE ? text(it->why) : "");
}

static void show_plan(struct restore *r)
{
	bool json = args_has(&r->f->args, OPT_JSON), up = false;
	struct reader reader;
	struct err e = {""};
	int shown = 0;

	for (size_t i = 0; i < r->items; i++) {
		const struct restore_item *it = &r->item[i];

		if (json) {
			put_json(r, it);
			continue;
		}
		put_item(r, it);
		if (r->to || !has_diff(it) || shown == DIFFS_SHOWN)
			continue;
		up = up || reader_open(&reader, &e) == 0;
		if (up)
			put_diff(r, &reader, it);
		if (++shown == DIFFS_SHOWN)
			SAY(T_RESTORE_NO_MORE_DIFFS, face_int(r->f, DIFFS_SHOWN));
	}
	if (up)
		reader_close(&reader);
}

/* ---- the outcome ---- */

static void tell_outcome(struct restore *r)
{
	static const enum text_id said[] = {
	    [RESTORE_CREATE] = T_DID_CREATE, [RESTORE_CHANGE] = T_DID_CHANGE,
	    [RESTORE_RIGHTS] = T_DID_RIGHTS, [RESTORE_REMOVE] = T_DID_REMOVE,
	    [RESTORE_LEAVE] = T_WOULD_LEAVE,
	};

	for (size_t i = 0; i < r->items; i++) {
		const struct restore_item *it = &r->item[i];
		const char *path = face_cstr(r->f, face_path_text(r->f, it->name));

		if (args_has(&r->f->args, OPT_JSON))
			put_json(r, it);
		else if (it->outcome == RESTORE_FAILED)
			COMPLAIN(T_RESTORE_FAILED, path, face_content_why(it->fault));
		else
			SAY(said[it->act], path, it->act == RESTORE_LEAVE ? text(it->why) : "");
		if (it->outcome == RESTORE_PARTLY)
			COMPLAIN(T_RESTORE_PARTLY, path);
	}
	if (!args_has(&r->f->args, OPT_JSON))
		SAY(T_RESTORE_SUM, face_num(r->f, r->done), face_num(r->f, r->left),
		    face_num(r->f, r->failed));
}

/* What the shop made of it by itself meanwhile. */
static void tell_caches(struct restore *r)
{
	const struct json *last_good;
	int code;

	if (!r->stale || args_has(&r->f->args, OPT_JSON))
		return;
	last_good = face_fact(r->f, r->upto ? r->upto : r->since - 1, &code);
	SAY(T_RESTORE_CACHES, face_num(r->f, (int64_t)r->stale),
	    face_cstr(r->f, face_path_text(r->f, r->stale_name)),
	    face_cstr(r->f, r->where.root), face_cstr(r->f, json_text(last_good, "at")));
}

static int do_it(struct restore *r)
{
	int code = restore_do(r);

	/* A fault before the first item: nothing was done, and why is told. */
	if (code && !r->done && !r->failed)
		return code;
	tell_outcome(r);
	tell_caches(r);
	return code ? code : r->left || r->failed || r->partly ? EXIT_FOUND : EXIT_GOOD;
}

/* ---- the command ---- */

/* Into a folder that is new or empty nothing is written over: nobody need be asked. */
static bool harmless(const struct restore *r)
{
	AUTO_FD fd = r->to ? open(r->to, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	/* Without --force one that is not empty is refused, which is told behind this. */
	return r->to && (!r->force || fd < 0 || face_folder_empty(fd));
}

/* 1: go on; 0: not. */
static int may_go_on(const struct restore *r)
{
	const struct args *a = &r->f->args;
	char line[16] = "";

	if (args_has(a, OPT_DRY_RUN))
		return 0;
	if (args_has(a, OPT_YES) || harmless(r))
		return 1;
	if (args_has(a, OPT_JSON) || !isatty(STDIN_FILENO)) {
		COMPLAIN(T_RESTORE_SAY_YES);
		return 0;
	}
	fputs(text(T_RESTORE_ASK), stdout);
	fflush(stdout);
	if (fgets(line, sizeof(line), stdin) && strchr("yY", line[0]) && line[0])
		return 1;
	SAY(T_RESTORE_NOTHING_DONE);
	return 0;
}

static int64_t oldest_ref(const struct json *fact)
{
	const struct json *refs = json_get(fact, "refs");
	int64_t oldest = fact_seq(fact);

	for (const struct json *t = refs ? refs->first : NULL; t; t = t->next)
		oldest = t->kind == JSON_INT && t->i < oldest ? t->i : oldest;
	return oldest;
}

/* "case:3": just before the first of the changes that a case rests on. */
static int before_case(struct restore *r, const char *number)
{
	struct case_job job;
	int code = case_begin(r->f, &job);
	const struct case_view *c = code ? NULL : case_named(&job, number);

	if (c)
		r->upto = cases_before(cases_final(job.cases, c->number));
	cases_free(job.cases);
	return code ? code : c ? EXIT_GOOD : EXIT_USE;
}

static int before_finding(struct restore *r, const char *arg)
{
	int64_t seq = face_seq(arg);
	int code = EXIT_USE;
	const struct json *fact = seq ? face_fact(r->f, seq, &code) : NULL;

	if (!fact)
		return code;
	r->upto = oldest_ref(fact) - 1;
	return EXIT_GOOD;
}

/* Just before the first of the changes that a finding, or a case, rests on. */
static int before(struct restore *r, const char *arg)
{
	size_t prefix = sizeof(BEFORE_CASE) - 1;
	int code = strncmp(arg, BEFORE_CASE, prefix) == 0 ? before_case(r, arg + prefix)
	                                                  : before_finding(r, arg);

	if (code)
		return code;
	if (r->upto > 0)
		return EXIT_GOOD;
	COMPLAIN(T_BEFORE_LEDGER, arg);
	return EXIT_USE;
}

static int choose_moment(struct restore *r)
{
	const struct args *a = &r->f->args;
	const char *seq = args_text(a, OPT_BEFORE), *version = args_text(a, OPT_VERSION);

	if (args_has(a, OPT_AT) + (seq != NULL) + (version != NULL) > 1) {
		COMPLAIN(T_RESTORE_ONE_MOMENT);
		return EXIT_USE;
	}
	if (seq)
		return before(r, seq);
	if (version) {
		r->version = face_seq(version);
		return r->version ? EXIT_GOOD : EXIT_USE;
	}
	return history_at(r->f, &r->upto);
}

/* Into a watched folder it would be a deploy of another kind. */
static bool good_target(struct restore *r)
{
	uint32_t root;
	struct slice rel;

	if (!r->to || !face_in_roots(r->f, r->to, &root, &rel))
		return true;
	COMPLAIN(T_RESTORE_TO_WATCHED, r->to);
	return false;
}

static int ready(struct restore *r)
{
	struct face *f = r->f;
	const char *reason; /* the deploy takes it from the arguments, too */
	int code = face_reason(f, &reason) ? face_conf(f) : EXIT_USE;

	if (!code && !good_target(r))
		code = EXIT_USE;
	/* What stands there now must be known, and in the vault, before it is overwritten. */
	if (!code && !r->to)
		code = scan_refresh(f, false, "restore", NULL);
	if (!code)
		code = face_ledger(f);
	if (!code)
		code = history_find(f, f->args.rest[0], &r->where);
	if (!code)
		code = choose_moment(r);
	return code ? code : restore_plan(r);
}

static int restore_run(struct face *f)
{
	struct restore r = {.f = f,
	                    .to = args_text(&f->args, OPT_TO),
	                    .force = args_has(&f->args, OPT_FORCE),
	                    .caches = args_has(&f->args, OPT_CACHES)};
	int code = ready(&r);
	bool json = args_has(&f->args, OPT_JSON);

	if (code)
		return code;
	if (!r.items) {
		if (!json)
			SAY(T_RESTORE_NOTHING, f->args.rest[0]);
		return EXIT_GOOD;
	}
	if (args_has(&f->args, OPT_DRY_RUN) || !restore_todo(&r) ||
	    (!harmless(&r) && !args_has(&f->args, OPT_YES)))
		show_plan(&r);
	if (args_has(&f->args, OPT_DRY_RUN))
		tell_caches(&r);
	if (!restore_todo(&r) || !may_go_on(&r))
		return EXIT_FOUND;
	return do_it(&r);
}

static const uint8_t restore_opts[] = {OPT_AT,      OPT_BEFORE, OPT_VERSION, OPT_TO,
                                       OPT_DRY_RUN, OPT_FORCE,  OPT_CACHES,  OPT_REASON,
                                       OPT_YES,     OPT_JSON,   OPT_END};

const struct command restore_cmd = {
    .name = "restore",
    .usage = "PATH|DIR",
    .what = T_RESTORE_WHAT,
    .more = T_RESTORE_EXAMPLES,
    .opts = restore_opts,
    .min = 1,
    .max = 1,
    .run = restore_run,
};
