/* post_client: facts from a one-shot command, to the running ledger or one of its own. */
#include "wall/post.h"
#include "wall/sender.h"
#include "wall/spawn.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define CLIENT_MAX_FLYING  1024   /* the ledger queues its answers: no deadlock */
#define CLIENT_READY_MS    600000 /* a ledger of many facts may have to recover first */
#define CLIENT_ANSWER_MS   60000  /* a commit on a slow disk */
#define CLIENT_END_MS      30000
#define CLIENT_ASK_MS      2000 /* what is only nice to know */
#define CLIENT_ARENA_BYTES 8192

struct post_client {
	int sock;
	bool live;
	struct spawn ledger;           /* where !live */
	struct spawn judge;            /* where asked for: post_client_judge */
	struct spawn visitor, browser; /* post_client_visitor */
	char sender[SENDER_BYTES];
	uint64_t last_id;  /* of the last FACT sent */
	uint64_t answered; /* how many were */
	int64_t refused;   /* of these, since the last flush */
	int64_t seq;       /* of the newest answer; < 0: it was a refusal */
	struct err why;    /* the newest refusal's reason */
	uint64_t sync_id;
	struct msg_box box;
};

bool post_client_live(const struct post_client *c)
{
	return c->live;
}

/* One frame, waiting at most ms. 0 or -errno, never 1. */
static int take(struct post_client *c, int sock, int ms, struct msg *m, struct err *e)
{
	struct pollfd p = {.fd = sock, .events = POLLIN};
	int r;

	do
		r = poll(&p, 1, ms);
	while (r < 0 && errno == EINTR);
	if (r == 0)
		return err_set(e, -ETIMEDOUT, "the ledger does not answer");
	r = r < 0 ? -errno : msg_recv(sock, &c->box, m);
	if (r == 0)
		return err_set(e, -EPIPE, "the ledger ended before it answered");
	return r < 0 ? err_sys(e, r, "the ledger's answer") : 0;
}

/* Note an ACK or REFUSED. */
static int note_answer(struct post_client *c, const struct msg *m, struct err *e)
{
	struct arena a;
	struct json *body;

	if (m->id == 0 || m->id > c->last_id)
		return err_set(e, -EBADMSG, "the ledger answers what it was not asked");
	arena_init(&a, CLIENT_ARENA_BYTES);
	body = json_parse(&a, m->body, NULL);
	c->answered += (uint64_t)json_num(body, "n", 1);
	if (c->answered > c->last_id) {
		arena_done(&a);
		return err_set(e, -EBADMSG, "the ledger answers more than it was asked");
	}
	c->seq = m->type == MSG_ACK ? json_num(body, "seq", 0) : -1;
	if (m->type == MSG_REFUSED) {
		struct slice why = json_text(body, "error");

		c->refused++;
		err_set(&c->why, -EINVAL, "%.*s", SLICE_ARG(why));
	}
	arena_done(&a);
	return 0;
}

/* Wait for one frame of this type, noting answers to facts that come before it. */
static int await(struct post_client *c, enum msg_type type, int ms, struct msg *m,
                 struct err *e)
{
	for (;;) {
		int r = take(c, c->sock, ms, m, e);

		if (r < 0)
			return r;
		if (m->type == type)
			return 0;
		if (m->type == MSG_ACK || m->type == MSG_REFUSED)
			r = note_answer(c, m, e);
		else
			r = err_set(e, -EBADMSG, "the ledger says %s", msg_type_name(m->type));
		msg_done(m);
		if (r < 0)
			return r;
	}
}

/* Wait until at most `flying` facts are unanswered. */
static int await_answers(struct post_client *c, uint64_t flying, struct err *e)
{
	while (c->last_id - c->answered > flying) {
		struct msg m;
		int r = take(c, c->sock, CLIENT_ANSWER_MS, &m, e);

		if (r < 0)
			return r;
		if (m.type != MSG_ACK && m.type != MSG_REFUSED)
			r = err_set(e, -EBADMSG, "the ledger says %s", msg_type_name(m.type));
		else
			r = note_answer(c, &m, e);
		msg_done(&m);
		if (r < 0)
			return r;
	}
	return 0;
}

static int send_frame(struct post_client *c, enum msg_type type, uint64_t id, struct slice body,
                      int fd, struct err *e)
{
	int r = msg_send(c->sock, type, id, body, &fd, fd >= 0 ? 1 : 0);

	return r < 0 ? err_sys(e, r, "%s to the ledger", msg_type_name(type)) : 0;
}

/* Its answer is the caller's, to be given back by msg_done. */
static int greet(struct post_client *c, int ms, struct msg *answer, struct err *e)
{
	struct buf b;
	int r;

	buf_init(&b, 1024);
	r = sender_hello(&b, c->sender, "command");
	if (r == 0)
		r = send_frame(c, MSG_HELLO, 0, buf_slice(&b), -1, e);
	buf_done(&b);
	return r < 0 ? r : await(c, MSG_HELLO_ACK, ms, answer, e);
}

static int hello(struct post_client *c, struct err *e)
{
	struct msg m;
	int r = greet(c, CLIENT_READY_MS, &m, e);

	if (r == 0)
		msg_done(&m);
	return r;
}

/* The control socket of a running ledger, -ECONNREFUSED / -ENOENT where none runs. */
static int connect_live(const char *state_dir)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int n = snprintf(at.sun_path, sizeof(at.sun_path), "%s/run/ledger.sock", state_dir);
	int sock;

	if (n < 0 || (size_t)n >= sizeof(at.sun_path))
		return -ENAMETOOLONG;
	sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (sock < 0)
		return -errno;
	if (connect(sock, (struct sockaddr *)&at, sizeof(at)) == 0)
		return sock;
	n = -errno;
	close(sock);
	return n;
}

static int64_t ask_room(struct post_client *c, int ms, bool *gc, struct err *e)
{
	struct arena a = {.max = CLIENT_ARENA_BYTES};
	struct json *body;
	struct msg m;
	int64_t us = greet(c, ms, &m, e);

	if (us == 0) {
		body = json_parse(&a, m.body, NULL);
		us = json_num(body, "full_us", 0);
		*gc = json_true(body, "gc");
		msg_done(&m);
	}
	arena_done(&a);
	return us;
}

int64_t post_client_room(struct post_client *c, bool *gc, struct err *e)
{
	return ask_room(c, CLIENT_ANSWER_MS, gc, e);
}

int64_t post_client_full(const char *state_dir)
{
	struct post_client c = {.live = true, .sock = connect_live(state_dir)};
	struct err e = {""};
	int64_t us;
	bool gc;

	if (c.sock < 0)
		return c.sock;
	sender_name("command", c.sender);
	us = ask_room(&c, CLIENT_ASK_MS, &gc, &e);
	msg_box_done(&c.box);
	close(c.sock);
	return us;
}

/* Introduce ourselves to our ledger as its neighbour "command" and wait until it is ready. */
static int introduce(struct post_client *c, struct err *e)
{
	struct msg m;
	int pair[2];
	int r = msg_pair(pair);

	if (r < 0)
		return err_sys(e, r, "socketpair");
	c->sock = pair[0];
	r = msg_send(c->ledger.sock, MSG_PEER, 0, SLICE("{\"name\":\"command\"}"), &pair[1], 1);
	close(pair[1]);
	if (r < 0)
		return err_sys(e, r, "the ledger does not start");
	do {
		r = take(c, c->ledger.sock, CLIENT_READY_MS, &m, e);
		if (r < 0)
			return r;
		msg_done(&m);
	} while (m.type != MSG_READY);
	return 0;
}

static int start_own(struct post_client *c, const char *state_dir, const char *config,
                     struct err *e)
{
	const char *const argv[] = {"--state", state_dir, config ? "--config" : NULL, config,
	                            NULL};
	int r = spawn_role("ledger", argv, &c->ledger);

	if (r < 0)
		return err_sys(e, r, "%s/hinoban-ledger", spawn_libexec());
	return introduce(c, e);
}

int post_client_open_with(const char *state_dir, const char *config, struct post_client **out,
                          struct err *e)
{
	struct post_client *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return err_sys(e, -ENOMEM, "ledger");
	c->ledger = (struct spawn){.pid = -1, .pidfd = -1, .sock = -1};
	c->judge = c->visitor = c->browser = c->ledger;
	sender_name("command", c->sender);
	c->sock = connect_live(state_dir);
	c->live = c->sock >= 0;
	if (c->live)
		r = 0;
	else if (c->sock == -ENOENT || c->sock == -ECONNREFUSED)
		r = start_own(c, state_dir, config, e);
	else
		r = err_sys(e, c->sock, "%s/run/ledger.sock", state_dir);
	if (r == 0)
		r = hello(c, e);
	if (r < 0)
		post_client_close(c);
	else
		*out = c;
	return r;
}

int post_client_open(const char *state_dir, struct post_client **out, struct err *e)
{
	return post_client_open_with(state_dir, NULL, out, e);
}

int post_client_queue(struct post_client *c, const struct json *draft, int fd, struct err *e)
{
	struct buf b;
	int r = await_answers(c, CLIENT_MAX_FLYING, e);

	if (r < 0)
		return r;
	buf_init(&b, FACT_MAX_BYTES);
	if (json_write(&b, draft))
		r = send_frame(c, MSG_FACT, c->last_id + 1, buf_slice(&b), fd, e);
	else
		r = err_set(e, -EMSGSIZE, "a fact of more than %u bytes", FACT_MAX_BYTES);
	buf_done(&b);
	if (r == 0)
		c->last_id++;
	return r;
}

int post_client_flush(struct post_client *c, struct err *e)
{
	int64_t refused;
	int r = await_answers(c, 0, e);

	if (r < 0)
		return r;
	refused = c->refused;
	c->refused = 0;
	if (refused > 0)
		*e = c->why;
	return refused > INT32_MAX ? INT32_MAX : (int)refused;
}

int64_t post_client_fact(struct post_client *c, const struct json *draft, int fd, struct err *e)
{
	int r = post_client_queue(c, draft, fd, e);

	if (r == 0)
		r = await_answers(c, 0, e);
	if (r < 0)
		return r;
	if (c->seq >= 0)
		return c->seq;
	c->refused--; /* told here, so flush need not */
	*e = c->why;
	return -EINVAL;
}

int post_client_table(struct post_client *c, struct err *e)
{
	struct msg m;
	int r = send_frame(c, MSG_TABLE, 0, SLICE(""), -1, e);
	int fd;

	if (r == 0)
		r = await(c, MSG_TABLE, CLIENT_READY_MS, &m, e);
	if (r < 0)
		return r;
	fd = msg_take_fd(&m, 0);
	msg_done(&m);
	return fd < 0 ? err_set(e, -EBADMSG, "the ledger sent no table") : fd;
}

/*
 * Hand both ends of a new pair out: what the keeper does for them in a running hinoban. Each is
 * told whom it gets, as a PEER's body.
 */
static int join_roles(const struct spawn *a, struct slice gets, const struct spawn *b,
                      struct slice b_gets)
{
	int pair[2];
	int r = msg_pair(pair);

	if (r < 0)
		return r;
	r = msg_send(a->sock, MSG_PEER, 0, gets, &pair[0], 1);
	if (r == 0)
		r = msg_send(b->sock, MSG_PEER, 0, b_gets, &pair[1], 1);
	close(pair[0]);
	close(pair[1]);
	return r;
}

int post_client_judge(struct post_client *c, struct err *e)
{
	const char *const argv[] = {NULL};
	int r;

	if (c->live || c->judge.pid > 0)
		return 0;
	r = spawn_role("judge", argv, &c->judge);
	if (r < 0)
		return err_sys(e, r, "%s/hinoban-judge", spawn_libexec());
	r = join_roles(&c->judge, SLICE("{\"name\":\"ledger\"}"), &c->ledger,
	               SLICE("{\"name\":\"judge\"}"));
	return r < 0 ? err_sys(e, r, "the judge does not start") : 0;
}

int post_client_visitor(struct post_client *c, const char *state_dir, const char *config,
                        struct err *e)
{
	const char *const argv[] = {"--config", config, "--state", state_dir, NULL};
	const char *const asked[] = {"--config", config, "--state", state_dir, "--asked", NULL};
	int r;

	if (c->live || c->visitor.pid > 0)
		return 0;
	r = spawn_role("browser", argv, &c->browser);
	if (r < 0)
		return err_sys(e, r, "%s/hinoban-browser", spawn_libexec());
	r = spawn_role("visitor", asked, &c->visitor);
	if (r < 0)
		return err_sys(e, r, "%s/hinoban-visitor", spawn_libexec());
	r = join_roles(&c->visitor, SLICE("{\"name\":\"ledger\"}"), &c->ledger,
	               SLICE("{\"name\":\"visitor\"}"));
	if (r == 0)
		r = join_roles(&c->visitor, SLICE("{\"name\":\"browser\"}"), &c->browser,
		               SLICE("{\"name\":\"visitor\"}"));
	return r < 0 ? err_sys(e, r, "the visitor does not start") : 0;
}

static int not_synced(struct slice body, struct err *e)
{
	struct arena a = {.max = CLIENT_ARENA_BYTES};
	int r = err_set(e, -ENOSPC, "%.*s",
	                SLICE_ARG(json_text(json_parse(&a, body, NULL), "error")));

	arena_done(&a);
	return r;
}

int post_client_sync(struct post_client *c, int timeout_ms, struct err *e)
{
	struct msg m;
	int r = await_answers(c, 0, e);

	if (r < 0 || (!c->live && c->judge.pid <= 0))
		return r; /* a ledger of our own has no guard to wait for, nor a judge unless
		             asked */
	r = send_frame(c, MSG_SYNC, ++c->sync_id, SLICE(""), -1, e);
	if (r == 0)
		r = await(c, MSG_SYNC, timeout_ms, &m, e);
	if (r < 0)
		return r;
	if (m.id != c->sync_id)
		r = err_set(e, -EBADMSG, "the ledger synced something else");
	else if (m.body.n)
		r = not_synced(m.body, e);
	msg_done(&m);
	return r;
}

void post_client_close(struct post_client *c)
{
	if (!c)
		return;
	if (c->sock >= 0)
		close(c->sock);
	/* Closing its keeper's end means STOP: it commits what it has and goes. */
	if (c->visitor.pid > 0)
		spawn_end(&c->visitor, CLIENT_END_MS);
	if (c->browser.pid > 0)
		spawn_end(&c->browser, CLIENT_END_MS);
	if (c->judge.pid > 0)
		spawn_end(&c->judge, CLIENT_END_MS);
	if (c->ledger.pid > 0)
		spawn_end(&c->ledger, CLIENT_END_MS);
	msg_box_done(&c->box);
	free(c);
}
