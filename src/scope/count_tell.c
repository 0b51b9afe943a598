/* Figures as drafts of facts. */
#include "fact/item.h"
#include "scope/count.h"

#include <errno.h>

struct figure {
	const struct count_group *g; /* NULL: of several groups */
	const char *population, *item;
	struct slice label;
	bool entered, required, persons;
	int64_t low, high;
};

static void put_where(const struct count *c, struct json *d, const struct figure *f)
{
	struct arena *a = &c->a->mem;
	const struct db *db = c->db;

	json_put_slice(a, d, "database", c->database);
	json_put_str(a, d, "server", db->version);
	json_put_str(a, d, "snapshot", db->snapshot);
	json_put_bool(a, d, "replica", db->replica);
	json_put_slice(a, d, "profile",
	               c->c->scope_profile.n ? c->c->scope_profile : c->c->profile);
	json_put_slice(a, d, "from", c->want->from[f->entered ? 0 : 1]);
	json_put_slice(a, d, "to", c->want->to[f->entered ? 0 : 1]);
	json_put_str(a, d, "run", c->run);
	if (f->entered && json_count(c->want->windows) > 0)
		json_put(a, d, "windows", json_copy(a, c->want->windows));
	if (c->want->refs && json_count(c->want->refs))
		json_put(a, d, "refs", json_copy(a, c->want->refs));
}

static struct json *draft(const struct count *c, const struct figure *f)
{
	struct arena *a = &c->a->mem;
	struct json *d = fact_draft(a, "count.scope");

	json_put(a, d, "case", c->want->number ? json_int(a, c->want->number) : json_null(a));
	json_put_str(a, d, "scope", f->entered ? "entered" : "stored");
	json_put_str(a, d, "population", f->population);
	json_put_str(a, d, "item", f->item);
	if (f->label.n)
		json_put_slice(a, d, "label", f->label);
	json_put_bool(a, d, "required", f->required);
	json_put_str(a, d, "unit", f->persons ? "名" : "件");
	if (f->low == f->high) {
		json_put_int(a, d, "n", f->low);
	} else {
		json_put_int(a, d, "low", f->low);
		json_put_int(a, d, "high", f->high);
	}
	json_put_slice(a, d, "sql", f->g ? buf_slice(&f->g->sql) : SLICE(""));
	json_put_int(a, d, "us", f->g ? f->g->us : 0);
	json_put_int(a, d, "rows", f->g ? f->g->rows : c->db->rows);
	put_where(c, d, f);
	return d;
}

static void put_states(const struct count *c, struct json *d, const struct count_group *g)
{
	const struct population *p = g->plan->p;
	struct arena *a = &c->a->mem;
	struct json *o;

	if (!p->states)
		return;
	o = json_obj(a);
	for (size_t i = 0; i < p->states; i++) {
		const char *name = arena_cstr(a, p->state[i].name);

		if (slice_eq(p->state[i].name, SLICE(POPULATION_KEPT)))
			continue;
		json_put_int(a, o, name, json_num(o, name, 0) + g->all[COUNT_STATE + i]);
	}
	json_put(a, d, "states", o);
}

static void put_excluded(const struct count *c, struct json *d, const struct count_group *g)
{
	struct arena *a = &c->a->mem;
	struct json *o = json_obj(a);

	for (size_t i = 0; i < c->rules->n; i++) {
		const char *name = arena_cstr(a, c->rules->at[i].name);

		if (g->excluded[i + 1])
			json_put_int(a, o, name, json_num(o, name, 0) + g->excluded[i + 1]);
	}
	if (g->kept)
		json_put_int(a, o, POPULATION_KEPT, json_num(o, POPULATION_KEPT, 0) + g->kept);
	if (json_count(o))
		json_put(a, d, "excluded", o);
	if (g->listed)
		json_put(a, d, "listed", json_copy(a, g->listed));
}

/* The whole group in rows: with what is told of it besides. */
static void tell_rows(const struct count *c, struct figure f)
{
	struct json *d = draft(c, &f);
	struct arena *a = &c->a->mem;

	put_states(c, d, f.g);
	put_excluded(c, d, f.g);
	if (f.g->plan->deleted.n)
		json_put_int(a, d, "deleted", f.g->all[COUNT_DELETED]);
	if (f.g->undated)
		json_put_int(a, d, "undated", f.g->undated);
	answer_put(c->a, "count", d);
}

/* Of unsure rows, persons count for the upper figure only. */
static int persons_of(const struct count *c, const struct count_group *g,
                      int64_t high[COUNT_BITS], int64_t low[COUNT_BITS])
{
	struct persons_marks *both;
	int64_t ignored[COUNT_BITS];
	int r = persons_count(c->persons, g->marks_sure, high, low);

	if (r < 0 || !g->marks_unsure)
		return r;
	both = persons_marks_new();
	if (!both)
		return -ENOMEM;
	r = persons_marks_add(both, g->marks_sure);
	if (r == 0)
		r = persons_marks_add(both, g->marks_unsure);
	if (r == 0)
		r = persons_count(c->persons, both, high, ignored);
	persons_marks_free(both);
	return r;
}

/* Cards: by what the shop knows them by; else at least one a person, at most one an entry. */
static void tell_cards(const struct count *c, struct figure f, int64_t persons_low)
{
	const struct count_group *g = f.g;
	int64_t known = persons_total(g->cards);

	f.item = "card";
	f.persons = false;
	f.low = known > persons_low || (g->keyed && g->keyed == g->all[COUNT_ALL])
	            ? known
	            : persons_low;
	f.high = known + g->all[COUNT_ALL] - g->keyed;
	answer_put(c->a, "count", draft(c, &f));
}

static int tell_group(const struct count *c, const struct count_group *g)
{
	const struct population *p = g->plan->p;
	int64_t high[COUNT_BITS], low[COUNT_BITS];
	struct figure f = {.g = g,
	                   .population = arena_cstr(c->mem, p->group),
	                   .item = ITEM_ALL,
	                   .required = true,
	                   .entered = g->entered};
	int r = persons_of(c, g, high, low);

	if (r < 0)
		return r;
	for (size_t i = 0; i <= p->items; i++) {
		size_t bit = i ? i - 1 : COUNT_ALL;

		f.item = i ? arena_cstr(c->mem, p->item[bit].id) : ITEM_ALL;
		f.label = i ? p->item[bit].label : (struct slice){0};
		f.required = i ? p->item[bit].required : true;
		f.persons = false;
		f.low = g->sure[bit];
		f.high = g->all[bit];
		if (i)
			answer_put(c->a, "count", draft(c, &f));
		else
			tell_rows(c, f);
		f.persons = true;
		f.low = low[bit];
		f.high = high[bit];
		answer_put(c->a, "count", draft(c, &f));
	}
	f.label = (struct slice){0};
	f.required = true;
	if (g->entered)
		tell_cards(c, f, low[COUNT_ALL]);
	return 0;
}

/* Everyone of one scope, each once. */
static int tell_total(const struct count *c, bool entered)
{
	struct persons_marks *sure = persons_marks_new(), *all = persons_marks_new();
	int64_t high[COUNT_BITS] = {0}, low[COUNT_BITS] = {0}, x[COUNT_BITS], y[COUNT_BITS];
	struct figure f = {.population = entered ? "entered" : "stored",
	                   .item = ITEM_ALL,
	                   .required = true,
	                   .entered = entered,
	                   .persons = true};
	int r = sure && all ? 0 : -ENOMEM;

	for (size_t i = 0; i < c->groups && r == 0; i++) {
		const struct count_group *g = &c->group[i];

		if (g->entered != entered)
			continue;
		r = persons_marks_add(sure, g->marks_sure);
		if (r == 0)
			r = persons_marks_add(all, g->marks_sure);
		if (r == 0 && g->marks_unsure)
			r = persons_marks_add(all, g->marks_unsure);
	}
	if (r == 0)
		r = persons_count(c->persons, sure, x, low);
	if (r == 0)
		r = persons_count(c->persons, all, high, y);
	f.low = low[COUNT_ALL];
	f.high = high[COUNT_ALL];
	if (r == 0)
		answer_put(c->a, "count", draft(c, &f));
	persons_marks_free(sure);
	persons_marks_free(all);
	return r;
}

int count_tell(struct count *c)
{
	int r = 0;

	for (size_t i = 0; i < c->groups && r == 0; i++)
		r = tell_group(c, &c->group[i]);
	if (r == 0 && c->want->entered)
		r = tell_total(c, true);
	if (r == 0 && c->want->stored)
		r = tell_total(c, false);
	return r;
}
