/* post: numbered drafts, kept until the ledger says that they are committed. */
#include "wall/post.h"
#include "wall/sender.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* On their way and not acknowledged: enough to fill the ledger's batches. */
#define POST_MAX_FLYING 1024
#define POST_ACK_BYTES  8192 /* arena for one answer */

/* A ring of drafts; the one at `first` has id `first_id`, the next one id + 1 ... */
struct post_draft {
	uint8_t *body;
	size_t n;
	int fd;
	bool done; /* answered; waits for its elders to be dropped from the ring */
	post_done_fn *fn;
	void *arg;
};

struct post {
	char role[32];
	char sender[SENDER_BYTES];
	struct loop *loop;
	int slot;
	bool greeted; /* HELLO_ACK has come on this socket */
	struct post_draft *ring;
	size_t room;       /* power of two */
	size_t first;      /* index of the oldest */
	size_t n;          /* drafts in the ring */
	size_t open;       /* of them not answered */
	uint64_t first_id; /* id of the oldest */
	uint64_t sent_id;  /* last id sent on this socket */
};

struct post *post_new(const char *role)
{
	struct post *p = calloc(1, sizeof(*p));

	if (!p)
		err_die("no memory");
	p->slot = -1;
	p->first_id = 1;
	memcpy(p->role, role, strnlen(role, sizeof(p->role) - 1));
	sender_name(role, p->sender);
	return p;
}

static struct post_draft *draft_at(struct post *p, size_t i)
{
	return &p->ring[(p->first + i) & (p->room - 1)];
}

static void draft_forget(struct post_draft *d)
{
	free(d->body);
	if (d->fd >= 0)
		close(d->fd);
	d->body = NULL;
	d->fd = -1;
}

void post_free(struct post *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		draft_forget(draft_at(p, i));
	free(p->ring);
	free(p);
}

size_t post_waiting(const struct post *p)
{
	return p->open;
}

/* Twice the room, the oldest first. */
static int grow(struct post *p)
{
	size_t room = p->room ? p->room * 2 : 64;
	struct post_draft *ring;

	if (p->n < p->room)
		return 0;
	ring = calloc(room, sizeof(*ring));
	if (!ring)
		return -ENOBUFS;
	for (size_t i = 0; i < p->n; i++)
		ring[i] = *draft_at(p, i);
	free(p->ring);
	p->ring = ring;
	p->room = room;
	p->first = 0;
	return 0;
}

/* Send what the window lets go. A socket that is gone or full ends it; HELLO or ACK resume. */
static void pump(struct post *p)
{
	if (!p->greeted)
		return;
	while (p->sent_id < p->first_id + p->n - 1) {
		size_t i = p->sent_id + 1 - p->first_id;
		struct post_draft *d = draft_at(p, i);

		if (i >= POST_MAX_FLYING)
			return;
		if (!d->done && loop_send(p->loop, p->slot, MSG_FACT, p->sent_id + 1,
		                          slice_mem(d->body, d->n), d->fd) < 0)
			return;
		p->sent_id++;
	}
}

int post_peer(struct post *p, struct loop *l, int slot)
{
	struct buf b;
	int r;

	p->loop = l;
	p->slot = slot;
	p->greeted = false;
	p->sent_id = p->first_id - 1;
	buf_init(&b, 1024);
	r = sender_hello(&b, p->sender, p->role);
	if (r == 0)
		r = loop_send(l, slot, MSG_HELLO, 0, buf_slice(&b), -1);
	buf_done(&b);
	return r;
}

static int fill_draft(struct post_draft *d, const struct json *draft, int fd)
{
	struct buf b;

	buf_init(&b, FACT_MAX_BYTES);
	if (!json_write(&b, draft)) {
		buf_done(&b);
		return -EMSGSIZE;
	}
	d->fd = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (fd >= 0 && d->fd < 0) {
		buf_done(&b);
		return -ENOBUFS;
	}
	d->body = b.at; /* the ring takes the bytes over */
	d->n = b.n;
	return 0;
}

int post_fact(struct post *p, const struct json *draft, int fd, post_done_fn *done, void *arg)
{
	struct post_draft d = {.fn = done, .arg = arg};
	int r;

	if (p->open >= POST_MAX_WAITING)
		return -ENOBUFS;
	r = grow(p);
	if (r == 0)
		r = fill_draft(&d, draft, fd);
	if (r < 0)
		return r;
	*draft_at(p, p->n) = d;
	p->n++;
	p->open++;
	pump(p);
	return 0;
}

/* Answered drafts at the front leave the ring. */
static void drop_answered(struct post *p)
{
	while (p->n > 0 && draft_at(p, 0)->done) {
		p->first = (p->first + 1) & (p->room - 1);
		p->n--;
		p->first_id++;
	}
	if (p->sent_id < p->first_id - 1)
		p->sent_id = p->first_id - 1;
}

/* `done` may post the next draft: the ring may move, so nothing is held across it. */
static void answer(struct post *p, uint64_t id, int64_t seq, struct slice why)
{
	struct post_draft *d = draft_at(p, id - p->first_id);
	post_done_fn *fn = d->fn;
	void *arg = d->arg;

	if (d->done)
		return;
	d->done = true;
	draft_forget(d);
	p->open--;
	if (fn)
		fn(arg, seq, why);
}

/* The ledger tells how far it had come before it (or only its socket) died. */
static void on_hello(struct post *p, const struct json *body)
{
	int64_t last = json_num(body, "last", -1);

	if (last < 0 || (uint64_t)last >= p->first_id + p->n)
		err_die("the ledger knows %lld facts of ours, there are %llu", (long long)last,
		        (unsigned long long)(p->first_id + p->n - 1));
	for (uint64_t id = p->first_id; id <= (uint64_t)last; id++)
		answer(p, id, 0, SLICE(""));
	p->greeted = true;
	drop_answered(p);
}

/* An ACK may stand for a run of drafts that ends with this one. */
static void on_answer(struct post *p, const struct msg *m, const struct json *body)
{
	uint64_t n = (uint64_t)json_num(body, "n", 1);
	int64_t seq = json_num(body, "seq", 0);

	if (!p->greeted || m->id > p->sent_id || n == 0 || n > m->id ||
	    m->id - n + 1 < p->first_id)
		err_die("the ledger answers fact %llu, which it was not sent",
		        (unsigned long long)m->id);
	if (m->type == MSG_REFUSED)
		answer(p, m->id, -1, json_text(body, "error"));
	for (uint64_t i = n; m->type == MSG_ACK && i > 0; i--)
		answer(p, m->id - i + 1, seq ? seq - (int64_t)i + 1 : 0, SLICE(""));
	drop_answered(p);
}

bool post_msg(struct post *p, const struct msg *m)
{
	struct arena a;
	struct json *body;

	if (m->type != MSG_HELLO_ACK && m->type != MSG_ACK && m->type != MSG_REFUSED)
		return false;
	arena_init(&a, POST_ACK_BYTES);
	body = json_parse(&a, m->body, NULL);
	if (!body)
		err_die("the ledger's %s is no JSON", msg_type_name(m->type));
	if (m->type == MSG_HELLO_ACK)
		on_hello(p, body);
	else
		on_answer(p, m, body);
	arena_done(&a);
	pump(p);
	return true;
}
