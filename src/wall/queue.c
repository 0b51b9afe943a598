/* queue: frames that wait for a socket. */
#include "wall/queue.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

struct queue_frame {
	struct queue_frame *next;
	enum msg_type type;
	int fd; /* -1: none */
	uint64_t id;
	size_t n;
	uint8_t body[];
};

static void frame_free(struct queue_frame *f)
{
	if (f->fd >= 0)
		close(f->fd);
	free(f);
}

int queue_add(struct queue *q, enum msg_type type, uint64_t id, struct slice body, int fd)
{
	struct queue_frame *f;

	if (body.n > MSG_MAX_BODY)
		return -EMSGSIZE;
	if (q->frames >= QUEUE_MAX_FRAMES || q->bytes + body.n > QUEUE_MAX_BYTES)
		return -ENOBUFS;
	f = malloc(sizeof(*f) + body.n);
	if (!f)
		return -ENOBUFS;
	*f = (struct queue_frame){.type = type, .fd = -1, .id = id, .n = body.n};
	if (body.n)
		memcpy(f->body, body.at, body.n);
	if (fd >= 0) {
		f->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		if (f->fd < 0) {
			free(f);
			return -ENOBUFS;
		}
	}
	if (q->last)
		q->last->next = f;
	else
		q->first = f;
	q->last = f;
	q->frames++;
	q->bytes += body.n;
	return 0;
}

static void drop_first(struct queue *q)
{
	struct queue_frame *f = q->first;

	q->first = f->next;
	if (!q->first)
		q->last = NULL;
	q->frames--;
	q->bytes -= f->n;
	frame_free(f);
}

int queue_flush(struct queue *q, int sock)
{
	while (q->first) {
		struct queue_frame *f = q->first;
		int r = msg_send(sock, f->type, f->id, slice_mem(f->body, f->n), &f->fd,
		                 f->fd >= 0 ? 1 : 0);

		if (r < 0)
			return r;
		drop_first(q);
	}
	return 0;
}

void queue_done(struct queue *q)
{
	while (q->first)
		drop_first(q);
}
