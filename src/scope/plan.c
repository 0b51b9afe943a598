#include "scope/plan.h"
#include "conf/keys.h"
#include "fact/item.h"

#include <errno.h>
#include <stdio.h>

#define NEAR_MOST 64

struct making {
	struct db *db;
	const struct conf *c;
	struct arena *mem;
	struct answer *a;
	struct plan *plan;
	struct plan_table *table; /* whose columns come in */
	size_t room;
	bool unreadable;
};

static const char *profile_name(const struct conf *c, struct arena *mem)
{
	return arena_cstr(mem, c->scope_profile.n ? c->scope_profile : c->profile);
}

bool plan_needed(struct slice group)
{
	return slice_eq(group, SLICE("orders")) || slice_eq(group, SLICE("members")) ||
	       slice_eq(group, SLICE("cards"));
}

/* "wp_2_" is a shop of a network that shares the tables of its users: "wp_". */
static struct slice base_of(struct slice prefix)
{
	size_t n = prefix.n;

	if (n < 3 || prefix.at[n - 1] != '_')
		return prefix;
	for (n--; n && prefix.at[n - 1] >= '0' && prefix.at[n - 1] <= '9';)
		n--;
	return n + 1 < prefix.n && n && prefix.at[n - 1] == '_' ? slice_sub(prefix, 0, n)
	                                                        : prefix;
}

/* "{prefix}" and "{base}" put in everywhere. */
static struct slice expand(struct making *m, struct slice s)
{
	struct slice prefix =
	    m->c->scope_prefix.n ? m->c->scope_prefix : m->c->populations.prefix;
	static const struct slice mark = {(const uint8_t *)"{prefix}", 8},
	                          base = {(const uint8_t *)"{base}", 6};
	struct buf b;
	struct slice out;

	buf_init(&b, 65536);
	while (s.n) {
		bool is_base = slice_starts(s, base);
		size_t n = is_base ? base.n : slice_starts(s, mark) ? mark.n : 0;

		if (n)
			buf_add(&b, is_base ? base_of(prefix) : prefix);
		else
			buf_byte(&b, s.at[0]);
		s = slice_sub(s, n ? n : 1, s.n);
	}
	out = arena_copy(m->mem, buf_slice(&b));
	buf_done(&b);
	return out;
}

/* ---- which variant ---- */

static int take_any(void *ctx, const struct slice *v, size_t n)
{
	(void)v, (void)n;
	*(bool *)ctx = true;
	return 0;
}

static int fits(struct making *m, const struct population *p, bool *out)
{
	*out = p->when.n == 0;
	/* what is asked of "{base}" is asked where there is one besides "{prefix}" */
	if (*out || (slice_find(p->when, SLICE("{base}")) != SIZE_MAX &&
	             slice_eq(expand(m, SLICE("{base}")), expand(m, SLICE("{prefix}")))))
		return 0;
	m->db->doing = "which way of keeping orders the shop uses";
	return m->db->ops->query(m->db, arena_cstr(m->mem, expand(m, p->when)), NULL, 0,
	                         take_any, out);
}

/* ---- names that are near to one that isn't there ---- */

struct names {
	struct arena *mem;
	const char *at[NEAR_MOST + 1];
	size_t n;
};

static int take_name(void *ctx, struct slice name)
{
	struct names *w = ctx;

	if (w->n < NEAR_MOST)
		w->at[w->n++] = arena_cstr(w->mem, name);
	return 0;
}

/* The last part of a table's name, which tells it apart from others of the shop. */
static struct slice ending(struct slice s)
{
	for (size_t i = s.n; i > 0; i--)
		if (s.at[i - 1] == '_')
			return slice_sub(s, i, s.n);
	return s;
}

static const char *near_to(struct names *w, struct slice name)
{
	const char *near = keys_near(name, w->at);

	for (size_t i = 0; !near && i < w->n; i++)
		if (slice_ends(slice_str(w->at[i]), ending(name)))
			near = w->at[i];
	return near ? near : "";
}

static int no_table(struct making *m, struct slice table)
{
	struct names w = {.mem = m->mem};
	int r = m->db->ops->tables(m->db, take_name, &w);

	if (r < 0)
		return r;
	return fault_set(m->db->fault, -ENOENT, SCOPE_NO_TABLE, arena_cstr(m->mem, table),
	                 arena_cstr(m->mem, m->plan->p->group), profile_name(m->c, m->mem),
	                 near_to(&w, table));
}

/* ---- columns ---- */

static int take_column(void *ctx, const struct db_column *c)
{
	struct making *m = ctx;
	struct plan_table *t = m->table;

	if (t->columns == m->room) {
		size_t room = m->room ? 2 * m->room : 64;
		struct plan_column *at = arena_array(m->mem, room, sizeof(*at));

		if (!at)
			return -ENOMEM;
		for (size_t i = 0; i < t->columns; i++)
			at[i] = t->column[i];
		t->column = at;
		m->room = room;
	}
	m->unreadable = m->unreadable || !c->readable;
	t->column[t->columns++] = (struct plan_column){
	    arena_copy(m->mem, c->name),
	    c->charset.at ? arena_copy(m->mem, c->charset) : (struct slice){0},
	    c->readable ? c->type : DB_ABSENT};
	return 0;
}

static int look_at_table(struct making *m, size_t i)
{
	char engine[DB_TEXT_BYTES];
	int r;

	m->table = &m->plan->table[i];
	m->table->name = expand(m, m->plan->p->table[i].name);
	m->room = 0;
	m->db->doing = arena_cstr(m->mem, m->table->name);
	r = m->db->ops->columns(m->db, m->table->name, take_column, m);
	if (r < 0)
		return r;
	if (m->table->columns == 0)
		return no_table(m, m->table->name);
	r = m->db->ops->engine(m->db, m->table->name, engine);
	if (r == 0 && (strcmp(engine, "MyISAM") == 0 || strcmp(engine, "Aria") == 0 ||
	               strcmp(engine, "MEMORY") == 0))
		answer_warn(m->a, SCOPE_MYISAM, arena_cstr(m->mem, m->table->name), engine,
		            NULL);
	return r;
}

static const struct plan_column *in_table(const struct plan_table *t, struct slice name)
{
	for (size_t i = 0; i < t->columns; i++)
		if (slice_caseeq(t->column[i].name, name))
			return &t->column[i];
	return NULL;
}

static const struct plan_table *table_of(const struct plan *p, struct slice alias)
{
	for (size_t i = 0; i < p->p->tables; i++)
		if (slice_eq(p->p->table[i].alias, alias))
			return &p->table[i];
	return NULL;
}

const struct plan_column *plan_column(const struct plan *p, const struct population_column *c)
{
	const struct plan_table *t = table_of(p, c->alias);
	const struct plan_column *at = t ? in_table(t, c->name) : NULL;

	return at && at->type != DB_ABSENT ? at : NULL;
}

/* What is missing, gathered so that all of it is told at once. */
struct missing {
	struct buf columns, what;
	const char *near;
	bool unreadable;
};

static void miss(struct making *m, struct missing *x, const struct population_column *c,
                 struct slice what)
{
	const struct plan_table *t = table_of(m->plan, c->alias);
	struct names w = {.mem = m->mem};

	if (x->columns.n)
		buf_str(&x->columns, ", ");
	buf_printf(&x->columns, "%.*s.%.*s", SLICE_ARG(t->name), SLICE_ARG(c->name));
	if (x->what.n)
		buf_str(&x->what, ", ");
	buf_add(&x->what, what);
	x->unreadable = x->unreadable || in_table(t, c->name) != NULL;
	for (size_t i = 0; i < t->columns; i++)
		take_name(&w, t->column[i].name);
	if (!x->near || !*x->near)
		x->near = keys_near(c->name, w.at);
}

static void check_charset(struct making *m, const struct population_column *c,
                          const struct plan_column *col)
{
	const struct plan_table *t = table_of(m->plan, c->alias);
	struct slice s;

	if (!col->charset.n || slice_starts(col->charset, SLICE("utf8")) ||
	    slice_eq(col->charset, SLICE("ascii")))
		return;
	s = arena_printf(m->mem, "%.*s.%.*s", SLICE_ARG(t->name), SLICE_ARG(c->name));
	answer_warn(m->a, SCOPE_NOT_UTF8, arena_cstr(m->mem, s),
	            arena_cstr(m->mem, col->charset), NULL);
}

static void check(struct making *m, struct missing *x, const struct population_columns *c,
                  struct slice what)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct plan_column *col = plan_column(m->plan, &c->at[i]);

		if (col)
			check_charset(m, &c->at[i], col);
		else if (!c->at[i].may_lack)
			miss(m, x, &c->at[i], what);
	}
}

static int tell_missing(struct making *m, struct missing *x)
{
	if (!x->columns.n)
		return 0;
	if (x->unreadable)
		return fault_set(m->db->fault, -EACCES, SCOPE_NO_RIGHT, buf_cstr(&x->columns),
		                 m->db->login, "", NULL);
	return fault_set(m->db->fault, -ENOENT, SCOPE_NO_COLUMN, buf_cstr(&x->columns),
	                 buf_cstr(&x->what), arena_cstr(m->mem, m->plan->p->group),
	                 x->near ? x->near : "");
}

static int check_columns(struct making *m)
{
	const struct population *p = m->plan->p;
	struct missing x = {0};
	int r;

	buf_init(&x.columns, 65536);
	buf_init(&x.what, 65536);
	check(m, &x, &p->id, SLICE("id"));
	check(m, &x, &p->time, SLICE("time"));
	check(m, &x, &p->member, SLICE("member"));
	check(m, &x, &p->card, SLICE("card"));
	check(m, &x, &p->until, SLICE("until"));
	check(m, &x, &p->email, SLICE("email"));
	for (size_t i = 0; i < p->items; i++)
		check(m, &x, &p->item[i].columns, p->item[i].id);
	r = tell_missing(m, &x);
	buf_done(&x.columns);
	buf_done(&x.what);
	return r;
}

static int make_one(struct making *m, const struct population *p)
{
	int r = 0;

	m->plan = arena_alloc(m->mem, sizeof(*m->plan));
	if (!m->plan)
		return -ENOMEM;
	m->plan->p = p;
	m->plan->where = expand(m, p->where);
	m->plan->deleted = expand(m, p->deleted);
	for (size_t i = 0; i < p->states; i++)
		m->plan->state[i] = expand(m, p->state[i].condition);
	for (size_t i = 0; i < p->tables && r == 0; i++) {
		m->plan->on[i] = expand(m, p->table[i].on);
		r = look_at_table(m, i);
	}
	m->plan->zone = p->zone.n ? p->zone : m->c->populations.zone;
	if (!m->plan->zone.n || slice_eq(m->plan->zone, SLICE("local")))
		m->plan->zone = m->c->scope_zone.n ? m->c->scope_zone : SLICE("local");
	return r < 0 ? r : check_columns(m);
}

/* The group's first variant that fits; 1: this one need not be there, and isn't. */
static int make_group(struct making *m, struct slice group)
{
	const struct population_list *l = &m->c->populations;

	for (size_t i = 0; i < l->n; i++) {
		bool fit = false;
		int r;

		if (!slice_eq(l->at[i]->group, group))
			continue;
		r = fits(m, l->at[i], &fit);
		if (r == 0 && fit)
			r = make_one(m, l->at[i]);
		if (r == -ENOENT && m->db->fault->code == SCOPE_NO_TABLE &&
		    !plan_needed(group)) {
			answer_warn(m->a, SCOPE_LACKS, m->db->fault->arg[0],
			            m->db->fault->arg[1], NULL);
			return 1;
		}
		if (r < 0 || fit)
			return r;
	}
	return fault_set(m->db->fault, -ENOENT, SCOPE_NO_VARIANT, arena_cstr(m->mem, group),
	                 profile_name(m->c, m->mem), NULL, NULL);
}

static bool profile_has(const struct conf *c, struct slice group)
{
	for (size_t i = 0; i < c->populations.n; i++)
		if (slice_eq(c->populations.at[i]->group, group))
			return true;
	return false;
}

int plan_make(struct db *db, const struct conf *c, struct arena *mem, struct answer *a,
              struct plans *out)
{
	struct making m = {.db = db, .c = c, .mem = mem, .a = a};

	if (!c->populations.n)
		return fault_set(db->fault, -ENOENT, SCOPE_NO_POPULATIONS, profile_name(c, mem),
		                 NULL, NULL, NULL);
	out->n = 0;
	for (size_t i = 0; item_groups[i].id; i++) {
		struct slice group = slice_str(item_groups[i].id);
		int r = profile_has(c, group) ? make_group(&m, group) : 1;

		if (r < 0)
			return r;
		if (r == 0)
			out->at[out->n++] = m.plan;
	}
	return mem->broken ? -ENOMEM : 0;
}
