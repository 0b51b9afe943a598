/* restore_plan: what is wanted against what stands there. */
#include "face/restore.h"
#include "fact/version.h"
#include <errno.h>
#include <string.h>

#define FIRST_ROOM 256

static struct restore_item *add(struct restore *r)
{
	if (r->items == r->room) {
		size_t room = r->room ? 2 * r->room : FIRST_ROOM;
		struct restore_item *more = arena_array(&r->f->mem, room, sizeof(*more));

		if (!more)
			return NULL;
		if (r->items)
			memcpy(more, r->item, r->items * sizeof(*more));
		r->item = more;
		r->room = room;
	}
	r->item[r->items] = (struct restore_item){.name = {0}};
	return &r->item[r->items++];
}

static struct restore_item *add_row(struct restore *r, const struct ledger_row *row)
{
	struct restore_item *it = add(r);

	if (!it) {
		r->fault = -ENOMEM;
		return NULL;
	}
	it->name = arena_copy(&r->f->mem, row->name);
	it->role = row->role;
	return it;
}

/* What the ledger knows of a path at a moment. An exit code, after a complaint. */
static int read_rows(struct restore *r, struct slice path, int64_t upto, ledger_row_fn *fn,
                     void *ctx)
{
	int c = ledger_rows(r->f->ledger, path, upto, fn, ctx);

	if (c >= 0)
		return EXIT_GOOD;
	COMPLAIN(T_LEDGER_FAULT, face_why(c));
	return EXIT_OURS;
}

static int by_name(const void *a, const void *b)
{
	return slice_cmp(((const struct restore_item *)a)->name,
	                 ((const struct restore_item *)b)->name);
}

/* ---- both sides ---- */

struct side {
	struct restore *r;
	bool wanted; /* the moment asked for; else what is there now */
};

static bool is_named(const struct restore *r, struct slice name)
{
	return slice_eq(name, r->where.raw);
}

/* As it is now: did a finding take the approval of what changes by itself back? */
static bool taken_back(const struct ledger_row *row)
{
	return !role_is_code(row->role) && !table_same(&row->approved, &row->present);
}

/* Is it an upload, a cache or data for which a finding has taken the approval back? */
static bool was_taken_back(const struct restore *r, struct slice name)
{
	struct restore_item key = {.name = name}, *it = NULL;

	if (r->nows)
		it = bsearch(&key, r->item, r->nows, sizeof(key), by_name);
	return it && it->taken_back;
}

/*
 * Uploads, caches and data change by themselves: in a folder they are touched only where a
 * finding took an approval back, whatever moment is asked for: what a customer brought or
 * changed since is his. A path named by itself is meant.
 */
static bool meant(const struct restore *r, const struct ledger_row *row, bool now)
{
	if (is_named(r, row->name) || role_is_code(row->role) || (now && taken_back(row)))
		return true;
	if (r->to)
		return row->approved.class != CLASS_NONE;
	return !now && was_taken_back(r, row->name);
}

static int take_row(void *ctx, const struct ledger_row *row)
{
	struct side *s = ctx;
	struct restore *r = s->r;
	struct restore_item *it;
	bool now = !s->wanted || r->upto == 0;

	if (!slice_eq(row->root, r->where.root) || row->role == ROLE_IGNORED ||
	    !meant(r, row, now))
		return 0;
	it = add_row(r, row);
	if (!it)
		return r->fault;
	if (s->wanted)
		it->want = row->approved;
	if (now) {
		it->now = row->present;
		it->taken_back = taken_back(row);
		it->good = row->approved;
	}
	return 0;
}

/* The same name twice, once from each side, becomes one. */
static void join(struct restore *r)
{
	size_t n = 0;

	qsort(r->item, r->items, sizeof(*r->item), by_name);
	for (size_t i = 0; i < r->items; i++) {
		struct restore_item *last = n ? &r->item[n - 1] : NULL, *it = &r->item[i];

		if (!last || !slice_eq(last->name, it->name)) {
			r->item[n++] = *it;
			continue;
		}
		if (it->want.class != CLASS_NONE)
			last->want = it->want;
		if (it->now.class != CLASS_NONE)
			last->now = it->now;
		if (it->taken_back) {
			last->taken_back = true;
			last->good = it->good;
		}
	}
	r->items = n;
}

/* The present first: which uploads are meant is seen by that. */
static int load_then(struct restore *r)
{
	struct side wanted = {.r = r, .wanted = true}, now = {.r = r};
	int code = read_rows(r, r->where.path, 0, take_row, &now);

	if (code)
		return code;
	if (r->items)
		qsort(r->item, r->items, sizeof(*r->item), by_name);
	r->nows = r->items;
	if (r->items > 1 || (r->items == 1 && !is_named(r, r->item[0].name)))
		code = restore_known_then(r);
	if (!code)
		code = read_rows(r, r->where.path, r->upto, take_row, &wanted);
	if (code)
		return code;
	join(r);
	return restore_judge_then(r);
}

static int load(struct restore *r)
{
	struct side both = {.r = r, .wanted = true};
	int code = r->upto ? load_then(r) : read_rows(r, r->where.path, 0, take_row, &both);

	if (!code && !r->upto && r->items)
		join(r);
	return code;
}

/* One version by its number, approved or not. */
static int load_version(struct restore *r)
{
	struct side now = {.r = r};
	const struct history_version *v;
	struct restore_item *it;
	int code = history_load(&r->where);

	v = code ? NULL : history_of(&r->where, r->version);
	if (!v)
		return EXIT_USE;
	if (!v->approved_by && !v->usual && !r->force) {
		COMPLAIN(T_RESTORE_UNAPPROVED, face_int(r->f, r->version));
		return EXIT_USE;
	}
	r->upto = r->version; /* so that only the present comes from now */
	code = read_rows(r, r->where.path, 0, take_row, &now);
	if (code)
		return code;
	for (size_t i = 0; i < r->items; i++) {
		if (is_named(r, r->item[i].name))
			r->item[0] = r->item[i];
	}
	if (!r->items || !is_named(r, r->item[0].name)) {
		r->items = 0;
		it = add(r);
		if (!it)
			return EXIT_OURS;
		it->name = r->where.raw;
	}
	r->items = 1;
	r->item[0].want = version_of(v->state, v->seq);
	return EXIT_GOOD;
}

/* ---- what is to be done ---- */

static enum restore_act act_of(const struct restore_item *it)
{
	if (it->want.class == CLASS_NONE)
		return RESTORE_REMOVE;
	if (it->now.class == CLASS_NONE)
		return RESTORE_CREATE;
	if (it->want.class != it->now.class || !hash_eq(&it->want.hash, &it->now.hash))
		return RESTORE_CHANGE;
	return RESTORE_RIGHTS;
}

static void leave(struct restore *r, struct restore_item *it, enum text_id why)
{
	it->act = RESTORE_LEAVE;
	it->why = why;
	r->left++;
}

/* What can't be put back, or would be lost, is left alone and told. */
static void consider(struct restore *r, struct restore_item *it)
{
	if (it->want.class == CLASS_OTHER)
		leave(r, it, T_LEAVE_SPECIAL);
	else if (restore_kept(r, &it->want) != 1)
		leave(r, it, T_LEAVE_NOT_KEPT);
	else if (!r->to && !r->force && restore_kept(r, &it->now) != 1 &&
	         !hash_eq(&it->want.hash, &it->now.hash))
		leave(r, it, T_LEAVE_LOST);
	if (it->want.class == CLASS_NONE || it->act == RESTORE_LEAVE)
		return;
	if (ledger_state(r->f->ledger, &r->f->mem, r->where.root,
	                 face_path_text(r->f, it->name), &it->want, &it->state) < 0 ||
	    !it->state)
		leave(r, it, T_LEAVE_NO_STATE);
}

static void decide(struct restore *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->items; i++) {
		struct restore_item *it = &r->item[i];

		if (r->to)
			it->now = (struct table_state){.class = CLASS_NONE};
		if (table_same(&it->want, &it->now))
			continue;
		it->act = act_of(it);
		consider(r, it);
		r->item[n++] = *it;
	}
	r->items = n;
}

/* ---- what the shop made meanwhile ---- */

static int64_t altered_since(const struct restore *r)
{
	int64_t since = INT64_MAX;

	if (r->upto)
		return r->upto;
	for (size_t i = 0; i < r->items; i++) {
		const struct restore_item *it = &r->item[i];

		if (role_is_code(it->role) && it->act != RESTORE_LEAVE &&
		    it->act != RESTORE_RIGHTS && it->now.seq > 0 && it->now.seq < since)
			since = it->now.seq;
	}
	return since;
}

/* A page of a cache that was made from an altered template shows it when that is put back. */
static int take_cache(void *ctx, const struct ledger_row *row)
{
	struct restore *r = ctx;
	struct restore_item *it;

	if (!slice_eq(row->root, r->where.root) || row->role != ROLE_GENERATED ||
	    row->present.class != CLASS_FILE || row->present.seq <= r->since ||
	    meant(r, row, true))
		return 0;
	if (!r->caches) {
		if (r->stale++ == 0)
			r->stale_name = arena_copy(&r->f->mem, row->name);
		return 0;
	}
	it = add_row(r, row);
	if (!it)
		return r->fault;
	it->now = row->present;
	it->act = RESTORE_REMOVE;
	consider(r, it);
	return 0;
}

static int consider_caches(struct restore *r)
{
	r->since = altered_since(r);
	if (r->to || r->version || r->since == INT64_MAX)
		return EXIT_GOOD;
	return read_rows(r, SLICE(""), 0, take_cache, r);
}

size_t restore_todo(const struct restore *r)
{
	return r->items - (size_t)r->left;
}

/* ---- where nothing is, and nothing should be ---- */

struct end {
	struct restore *r;
	struct arena mem; /* one fact */
	int64_t gone;     /* the first fact of the newest run by which it is gone */
	bool by_word;     /* that one is a person's: a word, or a deploy */
	bool known;
};

/* Back in time, to where something stood there last. */
static int step_back(void *ctx, int64_t seq, struct slice canonical)
{
	struct end *e = ctx;
	const struct json *fact, *state;
	bool word, person;

	arena_reset(&e->mem);
	fact = json_parse(&e->mem, canonical, NULL);
	word = slice_eq(fact_type(fact), SLICE("approve"));
	if (!slice_eq(json_text(fact, "root"), e->r->where.root) ||
	    (!word && !slice_starts(fact_type(fact), SLICE("file."))))
		return 0;
	state = json_get(fact, word ? "state" : "present");
	if (!state)
		return 0;
	e->known = true;
	if (state->kind == JSON_OBJ)
		return 1;
	person = word || json_get(fact, "deploy");
	if (person || !e->by_word)
		e->gone = seq;
	e->by_word = e->by_word || person;
	return 0;
}

static int was_approved(void *ctx, const struct ledger_row *row)
{
	struct end *e = ctx;

	return slice_eq(row->root, e->r->where.root) && row->approved.class != CLASS_NONE;
}

static int tell_nothing(struct restore *r)
{
	struct ledger_query q = {.path = r->where.path, .newest_first = true};
	struct end e = {.r = r};
	const char *path = face_full_path(r->f, r->where.root, r->where.path);
	int c;

	arena_init(&e.mem, 4u * FACT_MAX_BYTES);
	c = ledger_each(r->f->ledger, &q, step_back, &e);
	arena_done(&e.mem);
	if (c >= 0 && e.gone > 1)
		c = ledger_rows(r->f->ledger, r->where.path, e.gone - 1, was_approved, &e);
	else if (c >= 0)
		c = 0;
	if (c < 0) {
		COMPLAIN(T_LEDGER_FAULT, face_why(c));
		return EXIT_OURS;
	}
	if (!e.known)
		COMPLAIN(T_NO_VERSION, face_cstr(r->f, r->where.path));
	else if (r->upto || !c)
		COMPLAIN(T_RESTORE_NONE_APPROVED, path);
	else
		COMPLAIN(T_RESTORE_GONE, path, face_int(r->f, e.gone));
	return EXIT_USE;
}

int restore_plan(struct restore *r)
{
	int code = r->version ? load_version(r) : load(r);

	if (code)
		return code;
	if (!r->items)
		return tell_nothing(r);
	decide(r);
	code = consider_caches(r);
	return r->fault ? EXIT_OURS : code;
}
