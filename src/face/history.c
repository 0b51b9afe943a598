#include "face/history.h"
#include "face/commands.h"
#include "face/patch.h"
#include "face/words.h"
#include "fact/version.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define HASH_SHOWN   12
#define FIRST_ROOM   64
#define SEQ_COLUMNS  7
#define TIME_COLUMNS 19
#define SIZE_COLUMNS 10

int history_find(struct face *f, const char *arg, struct history *h)
{
	struct table t;
	int code = face_conf(f);

	*h = (struct history){.f = f};
	if (code)
		return code;
	if (ledger_table(f->ledger, &t) < 0) {
		COMPLAIN(T_LEDGER_FAULT, "table");
		return EXIT_OURS;
	}
	if (face_find_path(f, &t, arg, &h->root_number, &h->raw)) {
		h->raw = arena_copy(&f->mem, h->raw);
		h->path = face_path_text(f, h->raw);
		h->root = face_path_text(f, f->conf.root[h->root_number].path);
	} else {
		code = EXIT_USE;
	}
	table_close(&t);
	return code;
}

int history_at(struct face *f, int64_t *upto)
{
	const char *t = args_text(&f->args, OPT_AT);
	int64_t us, seq;

	*upto = 0;
	if (!t)
		return EXIT_GOOD;
	if (!when_parse(slice_str(t), clock_now_us(), &us)) {
		COMPLAIN(T_BAD_TIME, option_defs[OPT_AT].name, t);
		return EXIT_USE;
	}
	seq = ledger_seq_at(f->ledger, us);
	if (seq <= 0) {
		COMPLAIN(seq < 0 ? T_LEDGER_FAULT : T_BEFORE_LEDGER,
		         seq < 0 ? face_why((int)seq) : t);
		return seq < 0 ? EXIT_OURS : EXIT_USE;
	}
	*upto = seq;
	return EXIT_GOOD;
}

/* ---- versions ---- */

static struct history_version *add(struct history *h)
{
	if (h->count == h->room) {
		size_t room = h->room ? 2 * h->room : FIRST_ROOM;
		struct history_version *more = arena_array(&h->f->mem, room, sizeof(*more));

		if (!more)
			return NULL;
		if (h->count)
			memcpy(more, h->at, h->count * sizeof(*more));
		h->at = more;
		h->room = room;
	}
	return &h->at[h->count++];
}

static int version_fault(struct history *h, int r)
{
	h->fault = r;
	return r;
}

/*
 * What stood there was as approved, whoever put it back: hinoban's hand, or a person. It is
 * approved by what approved it when it stood there before.
 */
static int64_t approved_before(const struct history *h, const struct json *fact, int64_t seq)
{
	const struct json *state = json_get(fact, "present"),
	                  *approved = json_get(fact, "approved");

	if (!approved || !version_same(approved, state))
		return 0;
	for (size_t i = h->count - 1; i > 0; i--) {
		if (h->at[i - 1].approved_by && version_same(h->at[i - 1].state, state))
			return h->at[i - 1].approved_by;
	}
	return seq;
}

static int add_version(struct history *h, int64_t seq, const struct json *fact)
{
	const struct json *state = json_get(fact, "present");
	bool baseline = slice_eq(fact_type(fact), SLICE("file.baseline"));
	struct history_version *v = add(h);
	struct hash hash = {{0}};
	int kept = 1;

	if (!v)
		return version_fault(h, -ENOMEM);
	if (!state || state->kind != JSON_OBJ)
		state = NULL;
	if (slice_eq(json_text(state, "class"), SLICE("file")))
		kept = hash_unhex(json_text(state, "hash"), &hash)
		           ? ledger_kept(h->f->ledger, &hash)
		           : 0;
	if (kept < 0)
		return version_fault(h, kept);
	*v = (struct history_version){.fact = fact,
	                              .state = state,
	                              .seq = seq,
	                              .kept = kept == 1,
	                              .approved_by =
	                                  baseline ? seq : json_num(fact, "deploy", 0)};
	if (!v->approved_by)
		v->approved_by = approved_before(h, fact, seq);
	if (kept == 0 && state)
		v->dropped_by = ledger_dropped(h->f->ledger, &hash);
	return v->dropped_by < 0 ? version_fault(h, (int)v->dropped_by) : 0;
}

/* A word approves each version that is just that; later ones speak for themselves. */
static void approve(struct history *h, int64_t seq, const struct json *word)
{
	for (size_t i = 0; i < h->count; i++) {
		if (h->at[i].approved_by == 0 &&
		    version_same(json_get(word, "state"), h->at[i].state))
			h->at[i].approved_by = seq;
	}
}

static void find(struct history *h, int64_t seq, const struct json *finding)
{
	const struct json *refs = json_get(finding, "refs");

	for (const struct json *r = refs ? refs->first : NULL; r; r = r->next) {
		for (size_t i = 0; i < h->count; i++) {
			if (r->kind == JSON_INT && r->i == h->at[i].seq)
				h->at[i].finding = seq;
		}
	}
}

static int take(void *ctx, int64_t seq, struct slice canonical)
{
	struct history *h = ctx;
	const struct json *fact =
	    json_parse(&h->f->mem, arena_copy(&h->f->mem, canonical), NULL);
	struct slice type = fact_type(fact);

	if (!slice_eq(json_text(fact, "path"), h->path) ||
	    !slice_eq(json_text(fact, "root"), h->root))
		return 0;
	if (slice_eq(type, SLICE("file.baseline")) || slice_eq(type, SLICE("file.changed")))
		return add_version(h, seq, fact);
	if (slice_eq(type, SLICE("approve")))
		approve(h, seq, fact);
	else if (slice_eq(json_text(fact, "kind"), SLICE("finding")))
		find(h, seq, fact);
	return 0;
}

/* Where changes are normal, nobody approves each. */
static void mark_usual(struct history *h)
{
	for (size_t i = 0; i < h->count; i++) {
		struct history_version *v = &h->at[i];
		enum role role = ROLE_CODE;

		role_of(json_text(v->fact, "role"), &role);
		v->usual = v->approved_by == 0 && v->finding == 0 && !role_is_code(role);
	}
}

int history_load(struct history *h)
{
	struct ledger_query q = {.path = h->path};
	int r = ledger_each(h->f->ledger, &q, take, h);

	if (r < 0) {
		COMPLAIN(T_LEDGER_FAULT, face_why(r));
		return EXIT_OURS;
	}
	mark_usual(h);
	if (h->count)
		return EXIT_GOOD;
	COMPLAIN(T_NO_VERSION, face_cstr(h->f, h->path));
	return EXIT_USE;
}

const struct history_version *history_of(struct history *h, int64_t seq)
{
	for (size_t i = 0; i < h->count; i++) {
		if (h->at[i].seq == seq)
			return &h->at[i];
	}
	COMPLAIN(T_NOT_A_VERSION, face_int(h->f, seq), face_cstr(h->f, h->path));
	return NULL;
}

/* ---- hinoban versions ---- */

static void put_json(struct history *h, const struct history_version *v)
{
	static const char *const copied[] = {"at", "root", "path", "what", "who", "deploy"};
	struct arena *a = &h->f->mem;
	struct json *o = json_obj(a);

	json_put_int(a, o, "seq", v->seq);
	for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++) {
		if (json_get(v->fact, copied[i]))
			json_put(a, o, copied[i], json_copy(a, json_get(v->fact, copied[i])));
	}
	json_put(a, o, "state", v->state ? json_copy(a, v->state) : json_null(a));
	json_put_bool(a, o, "approved", v->approved_by != 0 || v->usual);
	if (v->approved_by)
		json_put_int(a, o, "approved_by", v->approved_by);
	if (v->finding)
		json_put_int(a, o, "finding", v->finding);
	json_put_bool(a, o, "kept", v->kept);
	if (v->dropped_by)
		json_put_int(a, o, "dropped_by", v->dropped_by);
	face_put_json(o);
}

static void put_standing(struct history *h, const struct history_version *v)
{
	if (v->approved_by == v->seq)
		SAY(slice_eq(fact_type(v->fact), SLICE("file.baseline")) ? T_VERSION_FIRST
		                                                         : T_VERSION_AGAIN);
	else if (v->approved_by)
		SAY(T_VERSION_APPROVED, face_int(h->f, v->approved_by));
	else if (v->finding)
		SAY(T_VERSION_FINDING, face_int(h->f, v->finding));
	else
		SAY(v->usual ? T_VERSION_USUAL : T_VERSION_UNAPPROVED);
}

static void put_line(struct history *h, const struct history_version *v)
{
	struct face *f = h->f;
	struct slice hash = json_text(v->state, "hash");
	char when[WHEN_TEXT_BYTES];
	struct buf b;

	when_text(fact_at_us(v->fact), when);
	printf("%*lld  ", SEQ_COLUMNS, (long long)v->seq);
	term_cell(slice_str(when), TIME_COLUMNS);
	printf("  ");
	term_cell(v->state ? slice_sub(hash, 0, HASH_SHOWN) : slice_str(text(T_NOTHING)),
	          HASH_SHOWN);
	printf("  ");
	term_cell(slice_str(v->state ? face_bytes(f, json_num(v->state, "size", 0)) : ""),
	          SIZE_COLUMNS);
	printf("  ");
	term_color(v->approved_by || v->usual ? TERM_GREEN : TERM_RED);
	put_standing(h, v);
	term_color(TERM_PLAIN);
	buf_init(&b, FACT_MAX_BYTES);
	words_sentence(f, &b, v->fact);
	term_wrap(buf_slice(&b), SEQ_COLUMNS + 2);
	buf_done(&b);
	if (v->dropped_by)
		SAY(T_VERSION_DROPPED, face_int(f, v->dropped_by));
	else if (!v->kept)
		SAY(T_VERSION_NOT_KEPT);
}

static int versions_run(struct face *f)
{
	struct history h;
	int code = face_ledger(f);

	if (!code)
		code = history_find(f, f->args.rest[0], &h);
	if (!code)
		code = history_load(&h);
	for (size_t i = 0; !code && i < h.count; i++) {
		if (args_has(&f->args, OPT_JSON))
			put_json(&h, &h.at[i]);
		else
			put_line(&h, &h.at[i]);
	}
	return code;
}

static const uint8_t versions_opts[] = {OPT_JSON, OPT_END};

const struct command versions_cmd = {
    .name = "versions",
    .usage = "PATH",
    .what = T_VERSIONS_WHAT,
    .more = T_VERSIONS_EXAMPLES,
    .opts = versions_opts,
    .min = 1,
    .max = 1,
    .run = versions_run,
};

/* ---- hinoban cat ---- */

struct wanted {
	bool at_time; /* what stood there; else what is approved */
	struct slice name, root;
	struct face *f;
	struct table_state state;
	bool found;
};

static int pick(void *ctx, const struct ledger_row *row)
{
	struct wanted *w = ctx;

	if (!slice_eq(row->name, w->name) || !slice_eq(row->root, w->root))
		return 0;
	w->found = true;
	w->state = w->at_time ? row->present : row->approved;
	return 1;
}

/* Bytes as they are; on a terminal made safe, because strangers wrote them. */
static int put_bytes(struct slice s)
{
	if (isatty(STDOUT_FILENO))
		patch_put_text(s);
	else if (fwrite(s.at, 1, s.n, stdout) != s.n)
		return EXIT_OURS;
	return EXIT_GOOD;
}

static int put_content(struct face *f, const struct hash *hash, const char *name)
{
	AUTO_FD fd = ledger_content(f->ledger, hash);
	struct stat st;
	void *map;
	int code;

	if (fd < 0) {
		COMPLAIN(fd == -ENOENT ? T_CONTENT_NOT_KEPT : T_DIFF_VAULT_FAULT, name);
		return fd == -ENOENT ? EXIT_USE : EXIT_OURS;
	}
	if (fstat(fd, &st) < 0 || st.st_size == 0)
		return EXIT_GOOD;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return EXIT_OURS;
	code = put_bytes(slice_mem(map, (size_t)st.st_size));
	munmap(map, (size_t)st.st_size);
	return code;
}

static int put_state(struct history *h, const struct table_state *s)
{
	const struct json *state = NULL;
	const char *name = face_cstr(h->f, h->path);

	switch (s->class) {
	case CLASS_FILE:
		return put_content(h->f, &s->hash, name);
	case CLASS_LINK:
		ledger_state(h->f->ledger, &h->f->mem, h->root, h->path, s, &state);
		SAY(T_CAT_LINK, words_field(h->f, state, "target"));
		return EXIT_GOOD;
	case CLASS_NONE:
		COMPLAIN(T_CAT_NOTHING, name);
		return EXIT_USE;
	default:
		COMPLAIN(T_CAT_NO_FILE, name);
		return EXIT_USE;
	}
}

static int cat_version(struct history *h, const char *arg)
{
	const struct history_version *v;
	int64_t seq = face_seq(arg);
	struct table_state s;
	int code = seq ? history_load(h) : EXIT_USE;

	if (code)
		return code;
	v = history_of(h, seq);
	if (!v)
		return EXIT_USE;
	s = version_of(v->state, v->seq);
	return put_state(h, &s);
}

static int cat_moment(struct history *h)
{
	struct wanted w = {.at_time = args_has(&h->f->args, OPT_AT),
	                   .name = h->raw,
	                   .root = h->root,
	                   .f = h->f};
	int64_t upto;
	int code = history_at(h->f, &upto), r;

	if (code)
		return code;
	r = ledger_rows(h->f->ledger, h->path, upto, pick, &w);
	if (r >= 0)
		return put_state(h, &w.state);
	COMPLAIN(T_LEDGER_FAULT, face_why(r));
	return EXIT_OURS;
}

static int cat_hash(struct face *f, const char *hex)
{
	struct hash hash;

	if (hash_unhex(slice_str(hex), &hash))
		return put_content(f, &hash, hex);
	COMPLAIN(T_BAD_HASH, hex);
	return EXIT_USE;
}

static int cat_run(struct face *f)
{
	const char *hex = args_text(&f->args, OPT_HASH),
	           *version = args_text(&f->args, OPT_VERSION);
	struct history h;
	int code;

	if (!hex && f->args.rests == 0) {
		COMPLAIN(T_TOO_FEW, "cat", "PATH");
		return EXIT_USE;
	}
	code = face_ledger(f);
	if (code || hex)
		return code ? code : cat_hash(f, hex);
	code = history_find(f, f->args.rest[0], &h);
	if (code)
		return code;
	return version ? cat_version(&h, version) : cat_moment(&h);
}

static const uint8_t cat_opts[] = {OPT_AT, OPT_VERSION, OPT_HASH, OPT_END};

const struct command cat_cmd = {
    .name = "cat",
    .usage = "[PATH]",
    .what = T_CAT_WHAT,
    .more = T_CAT_EXAMPLES,
    .opts = cat_opts,
    .max = 1,
    .run = cat_run,
};
