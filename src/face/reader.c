#include "face/reader.h"
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>

#define ANSWER_MS  60000
#define END_MS     2000
#define TAKE_BYTES 65536

static int await(struct reader *r, struct msg *m, struct err *e)
{
	struct pollfd p = {.fd = r->spawn.sock, .events = POLLIN};
	int n = poll(&p, 1, ANSWER_MS);

	if (n == 0)
		return err_set(e, -ETIMEDOUT, "the reader does not answer");
	n = n < 0 ? -errno : msg_recv(r->spawn.sock, &r->box, m);
	if (n == 0)
		return err_set(e, -EPIPE, "the reader ended while it read this");
	return n < 0 ? err_sys(e, n, "the reader") : 0;
}

int reader_open(struct reader *r, struct err *e)
{
	const char *const argv[] = {"--client", NULL};
	int n;

	*r = (struct reader){0};
	n = spawn_role("reader", argv, &r->spawn);
	if (n < 0)
		return err_sys(e, n, "%s/hinoban-reader", spawn_libexec());
	return 0;
}

void reader_close(struct reader *r)
{
	spawn_end(&r->spawn, END_MS);
	msg_box_done(&r->box);
}

/* The answer to the request with this id. */
static int answer_of(struct reader *r, struct arena *a, enum msg_type type,
                     const struct json **answer, struct err *e)
{
	struct msg m = {0};
	int n = 0;

	while (n == 0 && m.type != type) { /* READY may come first */
		n = await(r, &m, e);
		if (n == 0 && m.type == type && m.id == r->id)
			*answer = json_parse(a, arena_copy(a, m.body), NULL);
		if (n == 0)
			msg_done(&m);
	}
	if (n < 0)
		return n;
	if (!*answer)
		return err_set(e, -EBADMSG, "the reader's answer makes no sense");
	if (json_text(*answer, "error").n)
		return err_set(e, -EINVAL, "%.*s", SLICE_ARG(json_text(*answer, "error")));
	return 0;
}

int reader_diff(struct reader *r, struct arena *a, int before, int after, const char *name[2],
                int context, int *out, const struct json **answer, struct err *e)
{
	int memfd = memfd_create("diff", MFD_CLOEXEC), n;
	int fd[3] = {before, after, memfd};
	struct json *ask = json_obj(a);
	struct buf b;

	if (memfd < 0)
		return err_sys(e, -errno, "memfd_create");
	json_put_str(a, ask, "before", name[0]);
	json_put_str(a, ask, "after", name[1]);
	json_put_int(a, ask, "context", context);
	buf_init(&b, MSG_MAX_BODY);
	n = json_write(&b, ask)
	        ? msg_send(r->spawn.sock, MSG_DIFF, ++r->id, buf_slice(&b), fd, 3)
	        : -EMSGSIZE;
	buf_done(&b);
	n = n < 0 ? err_sys(e, n, "the reader") : answer_of(r, a, MSG_DIFFED, answer, e);
	if (n < 0)
		close(memfd);
	else
		*out = memfd;
	return n;
}

/* What the reader wrote into a memfd. */
static int take_back(int fd, struct buf *told)
{
	off_t at = 0;

	for (;;) {
		uint8_t *room = buf_reserve(told, TAKE_BYTES);
		ssize_t n = room ? pread(fd, room, TAKE_BYTES, at) : -1;

		if (n < 0)
			return room ? -errno : -EFBIG;
		if (n == 0)
			return 0;
		buf_commit(told, (size_t)n);
		at += n;
	}
}

int reader_news(struct reader *r, struct arena *a, const int fd[3], struct json *ask,
                struct buf *told, struct err *e)
{
	AUTO_FD out = memfd_create("told", MFD_CLOEXEC);
	int all[4] = {fd[0], fd[1], fd[2], out}, n;
	const struct json *answer = NULL;
	struct buf b;

	if (out < 0)
		return err_sys(e, -errno, "memfd_create");
	buf_init(&b, MSG_MAX_BODY);
	n = json_write(&b, ask)
	        ? msg_send(r->spawn.sock, MSG_NEWS, ++r->id, buf_slice(&b), all, 4)
	        : -EMSGSIZE;
	buf_done(&b);
	n = n < 0 ? err_sys(e, n, "the reader") : answer_of(r, a, MSG_NEWSED, &answer, e);
	if (n == 0)
		n = take_back(out, told);
	return n;
}
