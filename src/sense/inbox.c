#include "sense/inbox.h"
#include <errno.h>
#include <sys/eventfd.h>

/* struct look comes first, so that a look's address is its cell's. */
struct cell {
	struct look look;
	struct cell *next;
};

struct inbox {
	pthread_mutex_t lock;
	pthread_cond_t room;
	struct cell *first, **end;
	struct cell *taken; /* out of the box already; the taker's own, without the lock */
	size_t under_way, max;
	int event;
	bool closed, aborted;
};

struct inbox *inbox_new(size_t max)
{
	struct inbox *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	*b = (struct inbox){
	    .lock = PTHREAD_MUTEX_INITIALIZER, .room = PTHREAD_COND_INITIALIZER, .max = max};
	b->end = &b->first;
	b->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (b->event >= 0)
		return b;
	free(b);
	return NULL;
}

static void free_cells(struct cell *c)
{
	while (c) {
		struct cell *next = c->next;
		look_done(&c->look);
		free(c);
		c = next;
	}
}

void inbox_free(struct inbox *b)
{
	if (!b)
		return;
	free_cells(b->first);
	free_cells(b->taken);
	close(b->event);
	free(b);
}

static void wake(struct inbox *b)
{
	uint64_t one = 1;

	if (write(b->event, &one, sizeof(one)) < 0)
		return; /* full: awake already */
}

struct look *inbox_room(struct inbox *b)
{
	struct cell *c = NULL;

	pthread_mutex_lock(&b->lock);
	while (b->under_way >= b->max && !b->aborted)
		pthread_cond_wait(&b->room, &b->lock);
	if (!b->aborted && (c = calloc(1, sizeof(*c))))
		b->under_way++;
	pthread_mutex_unlock(&b->lock);
	return c ? &c->look : NULL;
}

struct look *inbox_spare(struct inbox *b)
{
	struct cell *c = calloc(1, sizeof(*c));

	pthread_mutex_lock(&b->lock);
	b->under_way += c != NULL;
	pthread_mutex_unlock(&b->lock);
	return c ? &c->look : NULL;
}

void inbox_put(struct inbox *b, struct look *k)
{
	struct cell *c = (struct cell *)k;
	bool was_empty;

	pthread_mutex_lock(&b->lock);
	was_empty = b->first == NULL;
	c->next = NULL;
	*b->end = c;
	b->end = &c->next;
	pthread_mutex_unlock(&b->lock);
	if (was_empty)
		wake(b);
}

void inbox_close(struct inbox *b)
{
	pthread_mutex_lock(&b->lock);
	b->closed = true;
	pthread_mutex_unlock(&b->lock);
	wake(b);
}

int inbox_fd(const struct inbox *b)
{
	return b->event;
}

/* All that lies in the box at once: a lock for each would meet the walkers at every one. */
static void take_all(struct inbox *b)
{
	uint64_t count;

	pthread_mutex_lock(&b->lock);
	b->taken = b->first;
	b->first = NULL;
	b->end = &b->first;
	/* Under the lock, so that no wake is swallowed. */
	if (read(b->event, &count, sizeof(count)) < 0)
		count = 0;
	pthread_mutex_unlock(&b->lock);
}

struct look *inbox_take(struct inbox *b)
{
	struct cell *c;

	if (!b->taken)
		take_all(b);
	c = b->taken;
	if (c)
		b->taken = c->next;
	return c ? &c->look : NULL;
}

bool inbox_empty(struct inbox *b)
{
	pthread_mutex_lock(&b->lock);
	bool empty = b->closed && !b->first && !b->taken;
	pthread_mutex_unlock(&b->lock);
	return empty;
}

void inbox_done(struct inbox *b, struct look *k)
{
	pthread_mutex_lock(&b->lock);
	/* Walkers that wait are woken for a good stretch of work, not for one look each. */
	if (--b->under_way == b->max - b->max / 4)
		pthread_cond_broadcast(&b->room);
	pthread_mutex_unlock(&b->lock);
	free((struct cell *)k);
}

void inbox_abort(struct inbox *b)
{
	pthread_mutex_lock(&b->lock);
	b->aborted = true;
	pthread_cond_broadcast(&b->room);
	pthread_mutex_unlock(&b->lock);
}
