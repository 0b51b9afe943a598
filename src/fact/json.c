#include "fact/json_tree.h"

struct json *json_make(struct arena *a, enum json_kind kind)
{
	struct json *v = arena_alloc(a, sizeof(*v));

	if (v)
		v->kind = kind;
	return v;
}

struct json *json_obj(struct arena *a)
{
	return json_make(a, JSON_OBJ);
}

struct json *json_arr(struct arena *a)
{
	return json_make(a, JSON_ARR);
}

struct json *json_null(struct arena *a)
{
	return json_make(a, JSON_NULL);
}

struct json *json_str(struct arena *a, struct slice s)
{
	struct json *v = slice_utf8_valid(s) ? json_make(a, JSON_STR) : NULL;

	if (v)
		v->s = arena_copy(a, s);
	return v && v->s.at ? v : NULL;
}

struct json *json_int(struct arena *a, int64_t i)
{
	struct json *v =
	    i <= JSON_INT_MOST && i >= -JSON_INT_MOST ? json_make(a, JSON_INT) : NULL;

	if (v)
		v->i = i;
	return v;
}

/* A decimal that is whole is an integer: one value, one text. */
struct json *json_millionths(struct arena *a, int64_t millionths)
{
	struct json *v;

	if (millionths % JSON_DEC_UNIT == 0)
		return json_int(a, millionths / JSON_DEC_UNIT);
	v = json_make(a, JSON_DEC);
	if (v)
		v->i = millionths;
	return v;
}

struct json *json_dec(struct arena *a, double d)
{
	/* The comparison is written so that NaN fails it. */
	double scaled = d * (double)JSON_DEC_UNIT;

	if (!(scaled >= -(double)JSON_INT_MOST && scaled <= (double)JSON_INT_MOST))
		return NULL;
	return json_millionths(a, (int64_t)(scaled < 0 ? scaled - 0.5 : scaled + 0.5));
}

struct json *json_bool(struct arena *a, bool b)
{
	struct json *v = json_make(a, JSON_BOOL);

	if (v)
		v->b = b;
	return v;
}

struct json *json_copy(struct arena *a, const struct json *v)
{
	struct json *copy = v ? json_make(a, v->kind) : NULL;

	if (!copy)
		return NULL;
	if (v->kind == JSON_STR)
		copy->s = arena_copy(a, v->s);
	else if (v->kind == JSON_BOOL)
		copy->b = v->b;
	else
		copy->i = v->i;
	for (const struct json *m = v->first; m; m = m->next) {
		struct json *c = json_copy(a, m);

		if (!c)
			return NULL;
		if (m->name.at)
			c->name = arena_copy(a, m->name);
		json_push(copy, c);
	}
	return copy;
}

struct json *json_push(struct json *arr, struct json *v)
{
	if (!arr || !v)
		return NULL;
	v->next = NULL;
	if (arr->last)
		arr->last->next = v;
	else
		arr->first = v;
	arr->last = v;
	return v;
}

static void unlink_member(struct json *obj, struct slice name)
{
	struct json *before = NULL;

	for (struct json *m = obj->first; m; before = m, m = m->next) {
		if (!slice_eq(m->name, name))
			continue;
		if (before)
			before->next = m->next;
		else
			obj->first = m->next;
		if (obj->last == m)
			obj->last = before;
		return;
	}
}

struct json *json_put(struct arena *a, struct json *obj, const char *name, struct json *v)
{
	if (!obj || !v) {
		/* Make the fault visible at the end: a broken arena is never written. */
		a->broken = true;
		return NULL;
	}
	unlink_member(obj, slice_str(name));
	v->name = arena_copy(a, slice_str(name));
	return json_push(obj, v);
}

void json_put_slice(struct arena *a, struct json *obj, const char *name, struct slice s)
{
	json_put(a, obj, name, json_str(a, s));
}

void json_put_str(struct arena *a, struct json *obj, const char *name, const char *s)
{
	json_put_slice(a, obj, name, slice_str(s));
}

void json_put_int(struct arena *a, struct json *obj, const char *name, int64_t i)
{
	json_put(a, obj, name, json_int(a, i));
}

void json_put_bool(struct arena *a, struct json *obj, const char *name, bool b)
{
	json_put(a, obj, name, json_bool(a, b));
}

static const struct json *member(const struct json *obj, struct slice name)
{
	if (!obj || obj->kind != JSON_OBJ)
		return NULL;
	for (const struct json *m = obj->first; m; m = m->next) {
		if (slice_eq(m->name, name))
			return m;
	}
	return NULL;
}

const struct json *json_get(const struct json *obj, const char *name)
{
	return member(obj, slice_str(name));
}

const struct json *json_at(const struct json *v, const char *way)
{
	struct slice rest = slice_str(way);

	while (v && rest.n) {
		size_t dot = slice_chr(rest, '.');

		v = member(v, slice_sub(rest, 0, dot));
		rest = dot == SIZE_MAX ? (struct slice){0} : slice_sub(rest, dot + 1, rest.n);
	}
	return v;
}

struct slice json_text(const struct json *v, const char *way)
{
	v = json_at(v, way);
	return v && v->kind == JSON_STR ? v->s : (struct slice){0};
}

int64_t json_num(const struct json *v, const char *way, int64_t otherwise)
{
	v = json_at(v, way);
	if (v && v->kind == JSON_INT)
		return v->i;
	return v && v->kind == JSON_DEC ? v->i / JSON_DEC_UNIT : otherwise;
}

double json_real(const struct json *v, const char *way, double otherwise)
{
	v = json_at(v, way);
	if (v && v->kind == JSON_INT)
		return (double)v->i;
	return v && v->kind == JSON_DEC ? (double)v->i / (double)JSON_DEC_UNIT : otherwise;
}

bool json_true(const struct json *v, const char *way)
{
	v = json_at(v, way);
	return v && v->kind == JSON_BOOL && v->b;
}

size_t json_count(const struct json *v)
{
	size_t n = 0;

	for (const struct json *m = v ? v->first : NULL; m; m = m->next)
		n++;
	return n;
}

/* RFC 8785, 3.2.3: names are ordered by UTF-16 code units. */
static uint32_t utf16_rank(uint32_t cp)
{
	/* Supplementary characters begin with a surrogate (D800..), so they sort below
	 * U+E000..U+FFFF. */
	return cp >= 0x10000 ? 0xd800 + (cp >> 16) : cp >= 0xe000 ? cp + 0x100 : cp;
}

static int name_cmp(struct slice a, struct slice b)
{
	size_t i = 0;
	uint32_t ca, cb;

	while (i < a.n && i < b.n && a.at[i] == b.at[i])
		i++;
	if (i < a.n && i < b.n && (a.at[i] | b.at[i]) < 0x80)
		return a.at[i] < b.at[i] ? -1 : 1; /* our own names: all of them */
	/* Step back to the start of the differing character. */
	while (i > 0 && i < a.n && (a.at[i] & 0xc0) == 0x80)
		i--;
	if (i >= a.n || i >= b.n || !slice_utf8(slice_sub(a, i, a.n), &ca) ||
	    !slice_utf8(slice_sub(b, i, b.n), &cb))
		return slice_cmp(a, b);
	if (ca >= 0x10000 && cb >= 0x10000)
		return ca < cb ? -1 : ca > cb;
	ca = utf16_rank(ca);
	cb = utf16_rank(cb);
	return ca < cb ? -1 : ca > cb;
}

/* Merge sort of a singly linked list by name: stable, n log n, no memory. */
static struct json *merge(struct json *a, struct json *b)
{
	struct json head = {0}, *tail = &head;

	while (a && b) {
		struct json **least = name_cmp(a->name, b->name) <= 0 ? &a : &b;

		tail->next = *least;
		tail = *least;
		*least = (*least)->next;
	}
	tail->next = a ? a : b;
	return head.next;
}

static bool sorted(const struct json *m)
{
	for (; m && m->next; m = m->next) {
		if (name_cmp(m->name, m->next->name) > 0)
			return false;
	}
	return true;
}

static struct json *sort(struct json *list)
{
	struct json *slow = list, *fast, *half;

	if (sorted(list))
		return list;
	for (fast = list->next; fast && fast->next; fast = fast->next->next)
		slow = slow->next;
	half = slow->next;
	slow->next = NULL;
	return merge(sort(list), sort(half));
}

void json_sort_members(struct json *obj)
{
	obj->first = sort(obj->first);
	obj->last = obj->first;
	while (obj->last && obj->last->next)
		obj->last = obj->last->next;
}
