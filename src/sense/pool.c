#include "sense/pool.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MAX_TRIES        2
#define ANSWER_MAX_BYTES (1u << 20)

struct item {
	struct item *next;
	uint64_t id;
	struct pool_file file;
	int deaths; /* readers that died over it */
};

struct list {
	struct item *first, **end;
	size_t n;
};

struct reader {
	bool up;
	struct list flying; /* oldest first */
};

struct pool {
	struct pool_hooks hooks;
	struct list waiting;
	struct reader reader[POOL_MAX_READERS];
	uint64_t next_id;
	struct arena mem; /* one question or answer */
};

static void list_init(struct list *l)
{
	*l = (struct list){.end = &l->first};
}

static void list_add(struct list *l, struct item *i)
{
	i->next = NULL;
	*l->end = i;
	l->end = &i->next;
	l->n++;
}

static void list_add_first(struct list *l, struct item *i)
{
	i->next = l->first;
	l->first = i;
	if (!i->next)
		l->end = &i->next;
	l->n++;
}

static struct item *list_take(struct list *l, struct item **at)
{
	struct item *i = *at;

	*at = i->next;
	if (!i->next)
		l->end = at;
	l->n--;
	return i;
}

static void item_free(struct item *i)
{
	if (i)
		free((void *)(uintptr_t)i->file.path.at);
	free(i);
}

struct pool *pool_new(const struct pool_hooks *hooks)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->hooks = *hooks;
	arena_init(&p->mem, ANSWER_MAX_BYTES);
	list_init(&p->waiting);
	for (int i = 0; i < POOL_MAX_READERS; i++)
		list_init(&p->reader[i].flying);
	return p;
}

static void list_done(struct list *l)
{
	while (l->first)
		item_free(list_take(l, &l->first));
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	list_done(&p->waiting);
	for (int i = 0; i < POOL_MAX_READERS; i++)
		list_done(&p->reader[i].flying);
	arena_done(&p->mem);
	free(p);
}

int pool_add(struct pool *p, const struct pool_file *f)
{
	struct item *i = calloc(1, sizeof(*i));
	uint8_t *path = malloc(f->path.n + 1);

	if (!i || !path) {
		free(path);
		free(i);
		return -ENOMEM;
	}
	if (f->path.n)
		memcpy(path, f->path.at, f->path.n);
	i->file = *f;
	i->file.path = slice_mem(path, f->path.n);
	i->id = ++p->next_id;
	list_add(&p->waiting, i);
	return 0;
}

static int send_item(struct pool *p, int reader, const struct item *i)
{
	struct json *body;

	arena_reset(&p->mem);
	body = json_obj(&p->mem);
	json_put_slice(&p->mem, body, "path", i->file.path);
	json_put_str(&p->mem, body, "role", i->file.role);
	if (i->file.look_max > 0)
		json_put_int(&p->mem, body, "look_max", i->file.look_max);
	/* A file that killed a reader is only hashed the second time. */
	return p->hooks.send(p->hooks.ctx, reader,
	                     i->file.look && i->deaths == 0 ? MSG_LOOK : MSG_HASH, i->id, body,
	                     i->file.fd);
}

/* The reader with the fewest in flight, or -1 if all are full or gone. */
static int least_busy(const struct pool *p, uint32_t full)
{
	int best = -1;

	for (int r = 0; r < POOL_MAX_READERS; r++) {
		const struct reader *k = &p->reader[r];
		if (!k->up || k->flying.n >= POOL_DEPTH || full & 1u << r)
			continue;
		if (best < 0 || k->flying.n < p->reader[best].flying.n)
			best = r;
	}
	return best;
}

void pool_pump(struct pool *p)
{
	uint32_t full = 0;

	while (p->waiting.first) {
		int r = least_busy(p, full);
		if (r < 0)
			return;
		if (send_item(p, r, p->waiting.first) != 0) {
			full |= 1u << r;
			continue;
		}
		list_add(&p->reader[r].flying, list_take(&p->waiting, &p->waiting.first));
	}
}

static void finish(struct pool *p, struct item *i, const struct json *answer, const char *why)
{
	void *arg = i->file.arg;

	item_free(i);
	p->hooks.done(p->hooks.ctx, arg, answer, why);
}

bool pool_answer(struct pool *p, int reader, const struct msg *m)
{
	struct list *flying = &p->reader[reader].flying;
	struct item **at = &flying->first;

	if (m->type != MSG_LOOKED)
		return false;
	while (*at && (*at)->id != m->id)
		at = &(*at)->next;
	if (!*at)
		return false;
	struct item *i = list_take(flying, at);
	arena_reset(&p->mem);
	const struct json *answer = json_parse(&p->mem, m->body, NULL);
	if (!json_get(answer, "hash")) {
		char why[128];
		struct slice e = slice_sub(json_text(answer, "error"), 0, sizeof(why) - 1);
		snprintf(why, sizeof(why), "%.*s", SLICE_ARG(e));
		finish(p, i, NULL, why[0] ? why : "no answer");
	} else {
		finish(p, i, answer, NULL);
	}
	pool_pump(p);
	return true;
}

void pool_up(struct pool *p, int reader)
{
	p->reader[reader].up = true;
	pool_pump(p);
}

void pool_gone(struct pool *p, int reader)
{
	struct list lost = p->reader[reader].flying;
	struct item *killer = NULL;

	p->reader[reader].up = false;
	if (lost.n)
		killer = list_take(&lost, &lost.first);
	list_init(&p->reader[reader].flying);
	/* Back to the front of the queue, oldest first. */
	if (lost.n) {
		*lost.end = p->waiting.first;
		if (!p->waiting.first)
			p->waiting.end = lost.end;
		p->waiting.first = lost.first;
		p->waiting.n += lost.n;
	}
	if (killer) {
		p->hooks.died(p->hooks.ctx, killer->file.path);
		if (++killer->deaths < MAX_TRIES)
			list_add_first(&p->waiting, killer);
		else
			finish(p, killer, NULL, "readers died over it");
	}
	pool_pump(p);
}

int pool_readers(const struct pool *p)
{
	int n = 0;

	for (int r = 0; r < POOL_MAX_READERS; r++)
		n += p->reader[r].up;
	return n;
}

size_t pool_in_flight(const struct pool *p, int reader)
{
	return p->reader[reader].flying.n;
}

size_t pool_waiting(const struct pool *p)
{
	size_t n = p->waiting.n;

	for (int r = 0; r < POOL_MAX_READERS; r++)
		n += p->reader[r].flying.n;
	return n;
}
