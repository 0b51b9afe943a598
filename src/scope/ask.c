#include "scope/ask.h"
#include "scope/norm.h"

#include <errno.h>

#define TIME_BYTES 40

struct asked {
	struct count *c;
	struct count_group *g;
	int64_t rows, sure;
	uint64_t bits;
	int64_t states[POPULATION_MAX_STATES];
	char first[TIME_BYTES], last[TIME_BYTES]; /* as the shop wrote them */
};

static void keep(char out[TIME_BYTES], struct slice s)
{
	struct slice t = slice_sub(s, 0, 19);

	memcpy(out, t.at, t.n);
	out[t.n] = '\0';
}

static int take_row(void *ctx, const struct slice *v, size_t n)
{
	struct asked *a = ctx;
	uint64_t flags;
	unsigned state;

	if (n != 2 || !slice_u64(v[0], &flags))
		return -EBADMSG;
	if (count_kept(a->g->plan->p, flags))
		return 0;
	a->rows++;
	a->sure += (flags & SQL_SURE) != 0;
	a->bits |= flags;
	state = (unsigned)(flags >> SQL_STATE) & 7;
	if (state)
		a->states[state - 1]++;
	if (v[1].n && (!a->first[0] || slice_cmp(v[1], slice_str(a->first)) < 0))
		keep(a->first, v[1]);
	if (v[1].n && slice_cmp(v[1], slice_str(a->last)) > 0)
		keep(a->last, v[1]);
	return 0;
}

static void tell(struct asked *x)
{
	struct arena *a = &x->c->a->mem;
	const struct population *p = x->g->plan->p;
	struct json *o = json_obj(a), *items = json_arr(a), *states = json_obj(a);

	for (size_t i = 0; i < p->items; i++)
		if (x->bits & 1ULL << i) {
			struct json *it = json_obj(a);

			json_put_slice(a, it, "item", p->item[i].id);
			if (p->item[i].label.n)
				json_put_slice(a, it, "label", p->item[i].label);
			json_push(items, it);
		}
	for (size_t i = 0; i < p->states; i++)
		if (x->states[i])
			json_put_int(a, states, arena_cstr(a, p->state[i].name), x->states[i]);
	json_put_slice(a, o, "population", p->group);
	json_put_str(a, o, "scope", x->g->entered ? "entered" : "stored");
	json_put_int(a, o, "rows", x->rows);
	json_put_int(a, o, "sure", x->sure);
	json_put(a, o, "items", items);
	json_put(a, o, "states", states);
	json_put_str(a, o, "first", x->first);
	json_put_str(a, o, "last", x->last);
	json_put_slice(a, o, "zone", x->g->plan->zone);
	answer_put(x->c->a, "person", o);
}

static int ask_group(struct count *c, struct count_group *g, struct slice email)
{
	struct asked x = {.c = c, .g = g};
	struct slice param[SQL_MAX_RULES + 1] = {email};
	int r;

	for (size_t i = 0; i < c->rules->n; i++)
		param[i + 1] = c->rules->at[i].pattern;
	c->db->doing = arena_cstr(c->mem, g->plan->p->group);
	r = c->db->ops->query(c->db, buf_cstr(&g->sql), param, c->rules->n + 1, take_row, &x);
	if (r == 0 && x.rows)
		tell(&x);
	return r;
}

int ask_run(struct count *c, const char *email)
{
	struct buf b;
	int r = 0;

	buf_init(&b, 4 * SCOPE_MAX_EMAIL);
	if (buf_reserve(&b, SCOPE_MAX_EMAIL))
		(void)db_lock(b.at, SCOPE_MAX_EMAIL);
	if (!norm_email(slice_str(email), &b))
		r = fault_set(c->db->fault, -EINVAL, SCOPE_BAD_EMAIL, NULL, NULL, NULL, NULL);
	for (size_t i = 0; i < c->groups && r == 0; i++)
		r = ask_group(c, &c->group[i], buf_slice(&b));
	if (b.n)
		explicit_bzero(b.at, b.n);
	buf_done(&b);
	return r;
}
