#include "desk/watch.h"
#include "fact/table.h"

#define LOOK_BACK 200 /* facts of a type: processes that died one after the other */

struct search {
	struct page *p;
	struct slice role;
	struct json *found;
};

static int match(void *ctx, int64_t seq, struct slice body)
{
	struct search *s = ctx;
	struct json *fact = json_parse(s->p->a, arena_copy(s->p->a, body), NULL);

	(void)seq;
	if (!fact || (s->role.n && !slice_eq(json_text(fact, "role"), s->role)))
		return 0;
	s->found = fact;
	return 1;
}

struct json *watch_newest(struct page *p, const char *type, const char *role)
{
	struct search s = {.p = p, .role = slice_str(role)};
	struct ledger_query q = {
	    .type = slice_str(type), .newest_first = true, .limit = LOOK_BACK};

	ledger_each(p->ledger, &q, match, &s);
	return s.found;
}

static int64_t seq_of(const struct json *fact)
{
	return fact ? fact_seq(fact) : 0;
}

void watch_look(struct page *p, struct watch *out)
{
	struct json *stopped = watch_newest(p, "watch.stopped", NULL);
	struct json *died = watch_newest(p, "role.died", "guard");
	struct json *begun = watch_newest(p, "baseline.started", NULL);

	*out = (struct watch){.started = watch_newest(p, "watch.started", NULL),
	                      .done = watch_newest(p, "baseline.done", NULL)};
	out->inventory = seq_of(begun) > seq_of(out->done);
	if (!out->started)
		return;
	out->state = WATCH_ON;
	out->since_us = fact_at_us(out->started);
	if (seq_of(stopped) > seq_of(out->started)) {
		out->state = WATCH_STOPPED;
		out->since_us = fact_at_us(stopped);
	}
	/* It begins with watch.started again when it comes back. */
	if (seq_of(died) > seq_of(out->started) && seq_of(died) > seq_of(stopped)) {
		out->state = WATCH_BROKEN;
		out->since_us = fact_at_us(died);
	}
}

static struct json *role_row(struct page *p, enum role r, int64_t n, int64_t differ,
                             int64_t all)
{
	struct json *row = json_obj(p->a);

	json_put_str(p->a, row, "role", role_name(r));
	json_put_slice(p->a, row, "say", arena_printf(p->a, "role.%s", role_name(r)));
	json_put_slice(p->a, row, "means", arena_printf(p->a, "role.%s.means", role_name(r)));
	json_put_int(p->a, row, "n", n);
	json_put_int(p->a, row, "differ", differ);
	json_put_int(p->a, row, "share", all ? (n * 100 + all - 1) / all : 0);
	return row;
}

struct json *watch_roles(struct page *p, int64_t *files)
{
	const struct table *t = desk_files(p->desk);
	struct json *rows = json_arr(p->a);
	int64_t n[ROLES] = {0}, differ[ROLES] = {0};

	*files = 0;
	for (size_t i = 0; t && i < t->count; i++) {
		const struct table_entry *e = &t->entry[i];

		if (e->role >= ROLES || e->present.class == CLASS_DIR)
			continue;
		n[e->role]++;
		*files += 1;
		differ[e->role] += !table_same(&e->approved, &e->present);
	}
	for (enum role r = 0; r < ROLES; r++) {
		if (n[r])
			json_push(rows, role_row(p, r, n[r], differ[r], *files));
	}
	return rows;
}
