/* Sections of a profile that say where persons' data lie. */
#include "conf/population.h"
#include "conf/keys.h"
#include "fact/item.h"

#include <errno.h>
#include <stddef.h>

static bool blank(uint8_t c)
{
	return c == ' ' || c == '\t';
}

/* The next word, without what follows it; empty at the end. */
static struct slice word(struct slice *rest)
{
	struct slice s = slice_trim(*rest);
	size_t n = 0;

	while (n < s.n && !blank(s.at[n]))
		n++;
	*rest = slice_sub(s, n, s.n);
	return slice_sub(s, 0, n);
}

static bool name_ok(struct slice s, const char *more)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		      (c >= '0' && c <= '9') || c == '_' || (c && strchr(more, c))))
			return false;
	}
	return s.n > 0;
}

/* "before SIGN after"; false where the sign isn't there. */
static bool split(struct slice s, struct slice sign, struct slice *before, struct slice *after)
{
	size_t at = slice_find(s, sign);

	if (at == SIZE_MAX)
		return false;
	*before = slice_trim(slice_sub(s, 0, at));
	*after = slice_trim(slice_sub(s, at + sign.n, s.n));
	return true;
}

static const char *take_column(struct slice w, struct population_column *out)
{
	struct population_column c = {0};

	if (w.n && w.at[w.n - 1] == '?') {
		c.may_lack = true;
		w = slice_sub(w, 0, w.n - 1);
	}
	if (!split(w, SLICE("."), &c.alias, &c.name) || !name_ok(c.alias, "") ||
	    !name_ok(c.name, "$"))
		return "columns such as o.order_name01";
	*out = c;
	return NULL;
}

static const char *take_columns(struct slice text, struct population_columns *out)
{
	struct population_columns c = {0};
	bool comma = false;
	struct slice w;

	while ((w = word(&text)).n) {
		const char *why;
		bool instead = comma;

		comma = w.at[w.n - 1] == ',';
		w = slice_sub(w, 0, w.n - comma);
		if (c.n == POPULATION_MAX_COLUMNS)
			return "at most 8 columns";
		why = take_column(w, &c.at[c.n]);
		if (why)
			return why;
		c.at[c.n++].instead = instead;
	}
	if (comma)
		return "a column behind the comma";
	*out = c;
	return c.n ? NULL : "a column such as o.order_id";
}

static const char *take_empties(struct slice text, struct population_item *out)
{
	struct slice w;

	while ((w = word(&text)).n) {
		if (out->empties == sizeof(out->empty) / sizeof(out->empty[0]) ||
		    !name_ok(w, "-.:"))
			return "up to four values that stand for nothing, such as 0";
		out->empty[out->empties++] = w;
	}
	return out->empties ? NULL : "a value behind |";
}

/* "school(学校名): c.school_name | 0" */
static const char *take_item(struct slice text, bool required, struct population_item *out)
{
	struct population_item it = {.required = required};
	struct slice name, columns, empty, label;
	const char *why;

	if (!split(text, SLICE(":"), &name, &columns))
		return "ITEM: COLUMN ...";
	it.id = name;
	if (split(name, SLICE("("), &it.id, &label)) {
		if (!slice_ends(label, SLICE(")")))
			return "a ) behind the label";
		it.label = slice_trim(slice_sub(label, 0, label.n - 1));
	}
	if (!name_ok(it.id, ""))
		return "an item's name of letters, digits and _";
	if (!it.label.n && !item_of(it.id))
		return "a name that hinoban knows, or one with a label: school2(学校名2)";
	if (slice_eq(it.id, SLICE(ITEM_ALL)) || slice_eq(it.id, SLICE("card")))
		return "another name than \"all\" and \"card\"";
	if (split(columns, SLICE("|"), &columns, &empty) && (why = take_empties(empty, &it)))
		return why;
	why = take_columns(columns, &it.columns);
	if (!why)
		*out = it;
	return why;
}

/* "b = {prefix}order_addresses on b.order_id = o.id" */
static const char *take_table(struct slice text, bool first, struct population_table *out)
{
	struct population_table t = {0};
	struct slice rest;

	if (!split(text, SLICE("="), &t.alias, &rest) || !name_ok(t.alias, ""))
		return "ALIAS = TABLE";
	t.name = word(&rest);
	if (!name_ok(t.name, "{}.$-"))
		return "a table's name behind =";
	rest = slice_trim(rest);
	if (rest.n && (first || !slice_eq(word(&rest), SLICE("on")) || !slice_trim(rest).n))
		return "ALIAS = TABLE on CONDITION, and no condition for the first table";
	t.on = slice_trim(rest);
	if (!first && !t.on.n)
		return "ALIAS = TABLE on CONDITION";
	*out = t;
	return NULL;
}

static const char *take_state(struct slice text, struct population_state *out)
{
	struct population_state st;

	if (!split(text, SLICE(":"), &st.name, &st.condition) || !st.condition.n ||
	    !(slice_eq(st.name, SLICE("authorised")) || slice_eq(st.name, SLICE("submitted")) ||
	      slice_eq(st.name, SLICE("entered")) || slice_eq(st.name, SLICE(POPULATION_KEPT))))
		return "\"STATE: CONDITION\" with one of authorised, submitted, entered, kept";
	*out = st;
	return NULL;
}

static const struct {
	const char *name;
	size_t at;
	bool columns;
} texts[] = {
    {"id", offsetof(struct population, id), true},
    {"time", offsetof(struct population, time), true},
    {"member", offsetof(struct population, member), true},
    {"card", offsetof(struct population, card), true},
    {"until", offsetof(struct population, until), true},
    {"email", offsetof(struct population, email), true},
    {"zone", offsetof(struct population, zone), false},
    {"where", offsetof(struct population, where), false},
    {"when", offsetof(struct population, when), false},
    {"deleted", offsetof(struct population, deleted), false},
};
#define TEXTS (sizeof(texts) / sizeof(texts[0]))

/* 1: it is none of these keys. */
static int set_text(struct population *p, struct slice name, struct slice value,
                    const char **why)
{
	for (size_t i = 0; i < TEXTS; i++) {
		if (!slice_eq(name, slice_str(texts[i].name)))
			continue;
		if (texts[i].columns)
			*why = take_columns(value, (void *)((char *)p + texts[i].at));
		else
			*(struct slice *)((char *)p + texts[i].at) = value;
		return 0;
	}
	return 1;
}

static const char *add_item(struct population *p, struct slice text, bool required)
{
	struct population_item it;
	const char *why = take_item(text, required, &it);

	if (why)
		return why;
	for (size_t i = 0; i < p->items; i++)
		if (slice_eq(p->item[i].id, it.id)) {
			p->item[i] = it;
			return NULL;
		}
	if (p->items == POPULATION_MAX_ITEMS)
		return "at most 48 items";
	p->item[p->items++] = it;
	return NULL;
}

static const char *add_to(struct population *p, struct slice key, struct slice text)
{
	if (slice_eq(key, SLICE("required")) || slice_eq(key, SLICE("optional")))
		return add_item(p, text, slice_eq(key, SLICE("required")));
	if (slice_eq(key, SLICE("tables"))) {
		size_t n = p->tables++;

		return n == POPULATION_MAX_TABLES ? "at most 32 tables"
		                                  : take_table(text, n == 0, &p->table[n]);
	}
	return p->states == POPULATION_MAX_STATES ? "at most 7 states"
	                                          : take_state(text, &p->state[p->states++]);
}

static bool is_list(struct slice key)
{
	return slice_eq(key, SLICE("tables")) || slice_eq(key, SLICE("required")) ||
	       slice_eq(key, SLICE("optional")) || slice_eq(key, SLICE("states"));
}

static int wrong_kind(const struct syntax *s, const struct syntax_item *it,
                      enum syntax_kind want)
{
	return syntax_fault(s, it->value.pos, "found %s for %.*s; expected %s",
	                    syntax_kind_name(it->value.kind), SLICE_ARG(it->name),
	                    syntax_kind_name(want));
}

static int take_list(struct population *p, const struct syntax *s, const struct syntax_item *it)
{
	const struct syntax_value *v = &it->value;

	if (v->kind != SYNTAX_LIST)
		return wrong_kind(s, it, SYNTAX_LIST);
	for (size_t i = 0; i < v->list_count; i++) {
		const char *why = add_to(p, it->name, v->list[i]);

		if (why)
			return syntax_fault(s, v->list_pos[i], "found \"%.*s\"; expected %s",
			                    SLICE_ARG(v->list[i]), why);
	}
	return 0;
}

static int unknown(const struct syntax *s, const struct syntax_item *it)
{
	const char *names[TEXTS + 5] = {"tables", "required", "optional", "states"};
	const char *near;

	for (size_t i = 0; i < TEXTS; i++)
		names[4 + i] = texts[i].name;
	near = keys_near(it->name, names);
	return syntax_fault(s, it->pos, "found the unknown key \"%.*s\"; %s%s%s",
	                    SLICE_ARG(it->name),
	                    near ? "did you mean " : "expected one of hinoban.profile(5)",
	                    near ? near : "", near ? "?" : "");
}

static void halves(struct slice section, struct slice *group, struct slice *variant)
{
	*group = section;
	*variant = SLICE("");
	split(section, SLICE("-"), group, variant);
}

bool population_section(struct slice name)
{
	struct slice group, variant;

	halves(name, &group, &variant);
	if (slice_eq(name, SLICE("database")))
		return true;
	/* these two are sums over groups, not groups of rows */
	return item_group(group) && !slice_eq(group, SLICE("entered")) &&
	       !slice_eq(group, SLICE("stored"));
}

static struct population *named(struct population_list *l, struct arena *mem,
                                const struct syntax_item *it, struct slice section)
{
	struct population *p;
	struct slice group, variant;

	halves(section, &group, &variant);
	for (size_t i = 0; i < l->n; i++)
		if (slice_eq(l->at[i]->group, group) && slice_eq(l->at[i]->variant, variant))
			return l->at[i];
	p = l->n < POPULATION_MAX ? arena_alloc(mem, sizeof(*p)) : NULL;
	if (!p)
		return NULL;
	l->at[l->n++] = p;
	p->group = group;
	p->variant = variant;
	p->pos = it->pos;
	return p;
}

static int take_database(struct population_list *l, const struct syntax *s,
                         const struct syntax_item *it)
{
	const char *names[] = {"prefix", "zone", NULL};
	const char *near = keys_near(it->name, names);

	if (it->value.kind != SYNTAX_TEXT)
		return wrong_kind(s, it, SYNTAX_TEXT);
	if (slice_eq(it->name, SLICE("prefix")))
		l->prefix = it->value.text;
	else if (slice_eq(it->name, SLICE("zone")))
		l->zone = it->value.text;
	else
		return syntax_fault(s, it->pos, "found the unknown key \"%.*s\"; %s%s%s",
		                    SLICE_ARG(it->name),
		                    near ? "did you mean " : "expected prefix or zone",
		                    near ? near : "", near ? "?" : "");
	return 0;
}

int population_take(struct population_list *l, const struct syntax *s,
                    const struct syntax_item *it, struct slice section)
{
	const char *why = NULL;
	struct population *p;

	if (slice_eq(section, SLICE("database")))
		return take_database(l, s, it);
	p = named(l, s->mem, it, section);
	if (!p)
		return syntax_fault(s, it->pos,
		                    "found more than %d groups, or no memory; expected fewer",
		                    POPULATION_MAX);
	if (is_list(it->name))
		return take_list(p, s, it);
	if (it->value.kind != SYNTAX_TEXT)
		return set_text(p, it->name, SLICE("a.a"), &why)
		           ? unknown(s, it)
		           : wrong_kind(s, it, SYNTAX_TEXT);
	if (set_text(p, it->name, it->value.text, &why))
		return unknown(s, it);
	return why ? syntax_fault(s, it->value.pos, "found \"%.*s\"; expected %s",
	                          SLICE_ARG(it->value.text), why)
	           : 0;
}

static bool has_alias(const struct population *p, struct slice alias)
{
	for (size_t i = 0; i < p->tables; i++)
		if (slice_eq(p->table[i].alias, alias))
			return true;
	return false;
}

static const struct population_column *stray(const struct population *p,
                                             const struct population_columns *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (!has_alias(p, c->at[i].alias))
			return &c->at[i];
	return NULL;
}

/* A column of a table that the group doesn't name, or NULL. */
static const struct population_column *any_stray(const struct population *p)
{
	const struct population_column *c = stray(p, &p->id);

	c = c ? c : stray(p, &p->time);
	c = c ? c : stray(p, &p->member);
	c = c ? c : stray(p, &p->card);
	c = c ? c : stray(p, &p->until);
	c = c ? c : stray(p, &p->email);
	for (size_t i = 0; !c && i < p->items; i++)
		c = stray(p, &p->item[i].columns);
	return c;
}

int population_check(const struct population_list *l, const struct syntax *s)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct population *p = l->at[i];
		const struct population_column *c = any_stray(p);

		if (!p->tables || !p->id.n)
			return syntax_fault(s, p->pos, "found no %s for %.*s; expected one",
			                    p->tables ? "id" : "tables", SLICE_ARG(p->group));
		if (c)
			return syntax_fault(s, p->pos,
			                    "found the column %.*s.%.*s; expected one of a "
			                    "table of %.*s",
			                    SLICE_ARG(c->alias), SLICE_ARG(c->name),
			                    SLICE_ARG(p->group));
	}
	return 0;
}

static const char *extend_one(struct population *p, struct slice what)
{
	struct slice key, value, rest = what;
	const char *why = NULL;
	const struct population_column *c;

	key = word(&rest);
	if (slice_eq(key, SLICE("required")) || slice_eq(key, SLICE("optional")))
		why = add_item(p, slice_trim(rest), slice_eq(key, SLICE("required")));
	else if (!split(what, SLICE("="), &key, &value) || set_text(p, key, value, &why))
		return "\"GROUP: optional ITEM(LABEL): COLUMN\" or \"GROUP: KEY = VALUE\"";
	c = why ? NULL : any_stray(p);
	return c ? "columns of the tables of the group (hinoban profiles shows them)" : why;
}

const char *population_extend(struct population_list *l, struct arena *mem, struct slice text)
{
	struct slice group, what;
	bool found = false;

	text = arena_copy(mem, text);
	if (!split(text, SLICE(":"), &group, &what))
		return "\"GROUP: ...\"";
	for (size_t i = 0; i < l->n; i++) {
		const char *why;

		if (!slice_eq(l->at[i]->group, group))
			continue;
		found = true;
		why = extend_one(l->at[i], what);
		if (why)
			return why;
	}
	return found ? NULL : "a group that the profile has, such as members";
}
