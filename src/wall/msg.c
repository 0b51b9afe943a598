/* msg: frames over SOCK_SEQPACKET; the only place that takes descriptors from the kernel. */
#include "wall/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define MSG_HEAD_BYTES 16
/*
 * Room for more descriptors than a frame may carry: one more than legal is seen and refused
 * here; yet more set MSG_CTRUNC, and the kernel has closed those that found no room.
 */
#define MSG_ROOM_FDS (MSG_MAX_FDS + 1)

/* As it stands on the wire; both ends run on one machine, so its byte order is right. */
struct msg_head {
	uint32_t type;
	uint32_t zero;
	uint64_t id;
};
_Static_assert(sizeof(struct msg_head) == MSG_HEAD_BYTES, "the head has no holes");

/* Aligned as the kernel wants it. */
union msg_control {
	struct cmsghdr align;
	char room[CMSG_SPACE(MSG_ROOM_FDS * sizeof(int))];
};

static const char *const msg_names[MSG_TYPES] = {
    [MSG_PEER] = "PEER",       [MSG_READY] = "READY",   [MSG_TICK] = "TICK",
    [MSG_STOP] = "STOP",       [MSG_HELLO] = "HELLO",   [MSG_HELLO_ACK] = "HELLO_ACK",
    [MSG_FACT] = "FACT",       [MSG_ACK] = "ACK",       [MSG_REFUSED] = "REFUSED",
    [MSG_PUSH] = "PUSH",       [MSG_TIP] = "TIP",       [MSG_JUDGED] = "JUDGED",
    [MSG_TABLE] = "TABLE",     [MSG_SYNC] = "SYNC",     [MSG_LOOK] = "LOOK",
    [MSG_LOOKED] = "LOOKED",   [MSG_HASH] = "HASH",     [MSG_DIFF] = "DIFF",
    [MSG_DIFFED] = "DIFFED",   [MSG_LINES] = "LINES",   [MSG_LINED] = "LINED",
    [MSG_CONTENT] = "CONTENT", [MSG_HELD] = "HELD",     [MSG_DONE] = "DONE",
    [MSG_NEWS] = "NEWS",       [MSG_NEWSED] = "NEWSED", [MSG_SCOPE] = "SCOPE",
    [MSG_SCOPED] = "SCOPED",   [MSG_LAUNCH] = "LAUNCH", [MSG_LAUNCHED] = "LAUNCHED",
    [MSG_GONE] = "GONE",
};

const char *msg_type_name(enum msg_type t)
{
	if ((unsigned)t >= MSG_TYPES || !msg_names[t])
		return "?";
	return msg_names[t];
}

static void put_fds(struct msghdr *h, union msg_control *room, const int *fd, int fds)
{
	struct cmsghdr *c;

	if (fds == 0)
		return;
	h->msg_control = room->room;
	h->msg_controllen = CMSG_SPACE((size_t)fds * sizeof(int));
	c = CMSG_FIRSTHDR(h);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN((size_t)fds * sizeof(int));
	memcpy(CMSG_DATA(c), fd, (size_t)fds * sizeof(int));
}

int msg_send(int sock, enum msg_type type, uint64_t id, struct slice body, const int *fd,
             int fds)
{
	struct msg_head head = {.type = type, .id = id};
	/* sendmsg does not write through iov_base; its type only says so. */
	struct iovec part[2] = {
	    {.iov_base = &head, .iov_len = sizeof(head)},
	    {.iov_base = (void *)(uintptr_t)body.at, .iov_len = body.n},
	};
	struct msghdr h = {.msg_iov = part, .msg_iovlen = 2};
	union msg_control room = {0};

	if (body.n > MSG_MAX_BODY || fds < 0 || fds > MSG_MAX_FDS)
		return -EMSGSIZE;
	put_fds(&h, &room, fd, fds);
	for (;;) {
		if (sendmsg(sock, &h, MSG_NOSIGNAL) >= 0)
			return 0;
		if (errno == EINTR)
			continue;
		/* To the sender it's the same whether the other end closed or crashed. */
		return errno == ECONNRESET || errno == ENOTCONN ? -EPIPE : -errno;
	}
}

int msg_send_json(int sock, enum msg_type type, uint64_t id, const struct json *body, int fd)
{
	struct buf b;
	int r = -EMSGSIZE;

	buf_init(&b, MSG_MAX_BODY);
	if (json_write(&b, body))
		r = msg_send(sock, type, id, buf_slice(&b), &fd, fd >= 0 ? 1 : 0);
	buf_done(&b);
	return r;
}

/* Collect descriptors; false if there are more than a frame may carry. */
static bool get_fds(struct msghdr *h, struct msg *m)
{
	bool good = true;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n && i < MSG_ROOM_FDS; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(fd));
			if (m->fds < MSG_MAX_FDS) {
				m->fd[m->fds++] = fd;
			} else {
				close(fd);
				good = false;
			}
		}
	}
	return good;
}

static bool head_good(const struct msg_head *h)
{
	return h->type >= 1 && h->type < MSG_TYPES && h->zero == 0;
}

/*
 * One recvmsg; the frame's bytes lie in box->at afterwards. Returns their number or -errno.
 * Where the other end is closed with frames unread, Linux tells that first (ECONNRESET, once),
 * and what it had said itself after it.
 */
static ssize_t receive(int sock, struct msg_box *box, struct msghdr *h)
{
	ssize_t n;

	if (!box->at)
		box->at = malloc(MSG_HEAD_BYTES + MSG_MAX_BODY);
	if (!box->at)
		return -ENOMEM;
	h->msg_iov->iov_base = box->at;
	h->msg_iov->iov_len = MSG_HEAD_BYTES + MSG_MAX_BODY;
	do
		n = recvmsg(sock, h, MSG_CMSG_CLOEXEC);
	while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	return n < 0 ? -errno : n;
}

int msg_recv(int sock, struct msg_box *box, struct msg *m)
{
	struct iovec part = {0};
	union msg_control room = {0};
	struct msghdr h = {.msg_iov = &part,
	                   .msg_iovlen = 1,
	                   .msg_control = room.room,
	                   .msg_controllen = sizeof(room.room)};
	struct msg got = {.fd = {-1, -1, -1, -1}};
	struct msg_head head;
	ssize_t n = receive(sock, box, &h);
	bool good;

	if (n < 0)
		return (int)n;
	good = get_fds(&h, &got) && !(h.msg_flags & (MSG_TRUNC | MSG_CTRUNC));
	if (n == 0 && got.fds == 0 && good)
		return 0; /* closed; an empty frame without descriptors looks the same */
	if (!good || n < MSG_HEAD_BYTES)
		goto bad;
	memcpy(&head, box->at, sizeof(head));
	if (!head_good(&head))
		goto bad;
	got.type = head.type;
	got.id = head.id;
	got.body = slice_mem(box->at + MSG_HEAD_BYTES, (size_t)n - MSG_HEAD_BYTES);
	*m = got;
	return 1;
bad:
	msg_done(&got);
	return -EBADMSG;
}

void msg_done(struct msg *m)
{
	for (int i = 0; i < m->fds; i++) {
		if (m->fd[i] >= 0)
			close(m->fd[i]);
		m->fd[i] = -1;
	}
	m->fds = 0;
}

int msg_take_fd(struct msg *m, int i)
{
	int fd;

	if (i < 0 || i >= m->fds)
		return -1;
	fd = m->fd[i];
	m->fd[i] = -1;
	return fd;
}

void msg_box_done(struct msg_box *box)
{
	free(box->at);
	box->at = NULL;
}

int msg_pair(int sock[2])
{
	/* The kernel counts its own overhead against the buffer: room for a few full frames. */
	const int room = 4 * MSG_MAX_BODY;
	int s[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, s))
		return -errno;
	for (int i = 0; i < 2; i++) {
		if (setsockopt(s[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room))) {
			int r = -errno;

			close(s[0]);
			close(s[1]);
			return r;
		}
	}
	sock[0] = s[0];
	sock[1] = s[1];
	return 0;
}
