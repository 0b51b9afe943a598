#include "sense/procs.h"
#include "sense/image.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLOTS         16384   /* a power of two */
#define GONE_US       3000000 /* from the end of a deploy without a word to its own end */
#define QUEUE_BYTES   (8 << 20)
#define MAX_ANCESTORS 64
#define DRAIN_MAX     65536 /* messages in one go */
#define STAT_STATE    3     /* fields of /proc/PID/stat: proc(5) */
#define STAT_PARENT   4
#define STAT_STARTED  22

struct deploy {
	uint64_t began; /* its first process did: proc(5), starttime */
	uid_t uid;      /* and runs as this user */
	int64_t seq;
	int64_t gone_us; /* its first process was found gone then; 0: not */
	pid_t pid;
	bool on;
};

struct procs {
	int sock;
	bool lost;
	struct proc *slot[SLOTS];
	size_t count;
	struct proc *oldest, *newest; /* that have ended */
	struct deploy deploy[PROCS_MAX_DEPLOYS];
};

struct procs *procs_new(void)
{
	struct procs *p = calloc(1, sizeof(*p));

	if (p)
		p->sock = -1;
	procs_boot(); /* before the seal */
	return p;
}

/* ---- the table ---- */

static struct proc **slot_of(struct procs *p, pid_t pid)
{
	return &p->slot[(unsigned)pid % SLOTS];
}

static struct proc *lookup(struct procs *p, pid_t pid)
{
	struct proc *x = *slot_of(p, pid);

	while (x && x->pid != pid)
		x = x->next;
	return x;
}

/* Free it and the ancestors that only it kept. */
static void release(struct proc *x)
{
	while (x && !x->linked && x->refs == 0) {
		struct proc *up = x->parent;
		image_unref(x->image);
		free(x);
		if (up)
			up->refs--;
		x = up;
	}
}

static void leave_order(struct procs *p, struct proc *x)
{
	if (!x->ended)
		return;
	*(x->older ? &x->older->newer : &p->oldest) = x->newer;
	*(x->newer ? &x->newer->older : &p->newest) = x->older;
}

static void drop(struct procs *p, struct proc *x)
{
	struct proc **at = slot_of(p, x->pid);

	while (*at != x)
		at = &(*at)->next;
	*at = x->next;
	leave_order(p, x);
	p->count--;
	x->linked = false;
	release(x);
}

static void set_parent(struct proc *x, struct proc *parent)
{
	struct proc *up = parent;

	/* A process that forks and ends, over and over, must not keep all its ancestors. */
	for (int i = 0; up && i < MAX_ANCESTORS; i++) {
		if (up == x)
			return;
		up = up->parent;
	}
	if (up && up->parent) {
		struct proc *far = up->parent;
		up->parent = NULL;
		far->refs--;
		release(far);
	}
	x->parent = parent;
	if (parent)
		parent->refs++;
}

static struct proc *add(struct procs *p, pid_t pid)
{
	struct proc *x = lookup(p, pid);

	if (x)
		drop(p, x); /* the number is used again */
	if (p->count >= PROCS_MAX) {
		if (!p->oldest)
			return NULL;
		drop(p, p->oldest);
	}
	x = calloc(1, sizeof(*x));
	if (!x)
		return NULL;
	*x = (struct proc){.pid = pid, .linked = true, .next = *slot_of(p, pid)};
	*slot_of(p, pid) = x;
	p->count++;
	return x;
}

static int subscribe(int sock, enum proc_cn_mcast_op op)
{
	struct cn_msg cn = {.id = {CN_IDX_PROC, CN_VAL_PROC}, .len = sizeof(op)};
	struct nlmsghdr h = {.nlmsg_len = NLMSG_LENGTH(sizeof(cn) + sizeof(op)),
	                     .nlmsg_type = NLMSG_DONE};
	struct iovec part[] = {{&h, sizeof(h)}, {&cn, sizeof(cn)}, {&op, sizeof(op)}};
	struct msghdr m = {.msg_iov = part, .msg_iovlen = 3};

	return sendmsg(sock, &m, 0) == (ssize_t)h.nlmsg_len ? 0 : -errno;
}

/* The kernel counts who listens, and before 6.6 did not see that a socket was closed. */
static void hang_up(struct procs *p)
{
	if (p->sock < 0)
		return;
	subscribe(p->sock, PROC_CN_MCAST_IGNORE);
	close(p->sock);
	p->sock = -1;
}

void procs_free(struct procs *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < SLOTS; i++) {
		while (p->slot[i])
			drop(p, p->slot[i]);
	}
	hang_up(p);
	free(p);
}

/* ---- what happens ---- */

/* From /proc, with its parents as far as they are not known yet. */
static struct proc *read_process(struct procs *p, pid_t pid, int depth)
{
	struct procs_image *image = NULL;
	struct proc *x, *parent = NULL;
	pid_t ppid;
	uid_t uid;

	if (pid <= 0 || image_status(pid, &ppid, &uid) < 0)
		return NULL;
	if (depth < MAX_ANCESTORS && ppid > 0) {
		parent = lookup(p, ppid);
		if (!parent || parent->ended)
			parent = read_process(p, ppid, depth + 1);
	}
	image = image_read(pid); /* NULL for the kernel's threads */
	x = add(p, pid);
	if (!x) {
		image_unref(image);
		return NULL;
	}
	x->image = image;
	x->uid = uid;
	if (parent) {
		x->deploy = parent->deploy;
		set_parent(x, parent);
	}
	return x;
}

void procs_on_fork(struct procs *p, pid_t parent, pid_t child)
{
	struct proc *up = lookup(p, parent);
	struct proc *x;

	if (!up || up->ended)
		up = read_process(p, parent, 0);
	x = add(p, child);
	if (!x || !up)
		return;
	x->image = image_ref(up->image);
	x->uid = up->uid;
	x->deploy = up->deploy;
	set_parent(x, up);
}

void procs_on_exec(struct procs *p, pid_t pid)
{
	struct proc *x = lookup(p, pid);
	pid_t parent;
	uid_t uid;

	if (!x || x->ended) {
		read_process(p, pid, 0);
		return;
	}
	image_unref(x->image);
	x->image = image_read(pid); /* NULL: too short-lived to be named */
	if (image_status(pid, &parent, &uid) == 0)
		x->uid = uid;
}

void procs_on_exit(struct procs *p, pid_t pid)
{
	struct proc *x = lookup(p, pid);

	if (!x || x->ended)
		return;
	x->ended = true;
	x->older = p->newest;
	*(p->newest ? &p->newest->newer : &p->oldest) = x;
	p->newest = x;
}

void procs_on_uid(struct procs *p, pid_t pid, uid_t uid)
{
	struct proc *x = lookup(p, pid);

	if (x)
		x->uid = uid;
}

static bool has_ended(int pidfd)
{
	struct pollfd f = {.fd = pidfd, .events = POLLIN};

	return pidfd == PROCS_GONE || (pidfd >= 0 && poll(&f, 1, 0) == 1);
}

const struct proc *procs_find(struct procs *p, pid_t pid, int pidfd)
{
	struct proc *x = lookup(p, pid);

	if (x && (x->ended || (p->sock >= 0 && x->image)))
		return x;
	/* Nobody told us about its fork or exec: ask, and make sure that it was still there. */
	if (has_ended(pidfd))
		return x;
	/* Its fork we were told: whose child it is stays, though it ends just as it is named.
	 */
	if (x && x->parent && p->sock >= 0) {
		x->image = image_read(pid);
		return x;
	}
	struct proc *fresh = read_process(p, pid, 0);
	if (fresh && has_ended(pidfd)) {
		drop(p, fresh);
		fresh = NULL;
	}
	return fresh ? fresh : lookup(p, pid);
}

void procs_read_all(struct procs *p)
{
	DIR *d = opendir("/proc");
	const struct dirent *e;
	uint64_t pid;

	while (d && (e = readdir(d))) {
		if (slice_u64(slice_str(e->d_name), &pid) && pid < INT32_MAX &&
		    !lookup(p, (pid_t)pid))
			read_process(p, (pid_t)pid, 0);
	}
	if (d)
		closedir(d);
}

/* ---- the connector ---- */

/*
 * In a container (namespaces of its own) the kernel takes the subscription and then says
 * nothing. A fork is told before the child runs, so one that has ended must be in the table.
 */
static bool speaks(struct procs *p)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	if (child < 0)
		return true; /* not tried */
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	p->lost = procs_drain(p);
	return p->lost || lookup(p, child);
}

int procs_listen(struct procs *p)
{
	struct sockaddr_nl to = {.nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC};
	int bytes = QUEUE_BYTES;
	int sock =
	    socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
	int r = sock < 0 ? -errno : 0;

	if (r == 0) {
		setsockopt(sock, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes));
		r = bind(sock, (struct sockaddr *)&to, sizeof(to)) == 0 ? 0 : -errno;
	}
	if (r == 0)
		r = subscribe(sock, PROC_CN_MCAST_LISTEN);
	if (r < 0) {
		if (sock >= 0)
			close(sock);
		return r;
	}
	p->sock = sock;
	if (speaks(p))
		return 0;
	hang_up(p);
	return -ENOTCONN;
}

int procs_fd(const struct procs *p)
{
	return p->sock;
}

static void on_event(struct procs *p, const struct proc_event *e)
{
	switch (e->what) {
	case PROC_EVENT_FORK:
		if (e->event_data.fork.child_pid == e->event_data.fork.child_tgid)
			procs_on_fork(p, e->event_data.fork.parent_tgid,
			              e->event_data.fork.child_tgid);
		break;
	case PROC_EVENT_EXEC:
		procs_on_exec(p, e->event_data.exec.process_tgid);
		break;
	case PROC_EVENT_UID:
		procs_on_uid(p, e->event_data.id.process_tgid, e->event_data.id.e.euid);
		break;
	case PROC_EVENT_EXIT:
		if (e->event_data.exit.process_pid == e->event_data.exit.process_tgid)
			procs_on_exit(p, e->event_data.exit.process_tgid);
		break;
	default:
		break;
	}
}

/* One datagram holds one event; the kernel is sender 0, others may not pretend. */
static void on_datagram(struct procs *p, struct slice in, uint32_t from)
{
	struct proc_event e;
	size_t head = NLMSG_HDRLEN + sizeof(struct cn_msg);

	if (from != 0 || in.n < head + offsetof(struct proc_event, event_data))
		return;
	memset(&e, 0, sizeof(e));
	memcpy(&e, in.at + head, in.n - head < sizeof(e) ? in.n - head : sizeof(e));
	on_event(p, &e);
}

bool procs_drain(struct procs *p)
{
	uint8_t in[1024];
	bool lost = p->lost;

	p->lost = false;
	for (int i = 0; p->sock >= 0 && i < DRAIN_MAX; i++) {
		struct sockaddr_nl from = {0};
		socklen_t len = sizeof(from);
		ssize_t n =
		    recvfrom(p->sock, in, sizeof(in), 0, (struct sockaddr *)&from, &len);
		if (n < 0 && errno == ENOBUFS) {
			lost = true;
			continue;
		}
		if (n < 0)
			break;
		on_datagram(p, slice_mem(in, (size_t)n), from.nl_pid);
	}
	return lost;
}

/* ---- deploys ---- */

/* Of /proc/PID/stat, what stands behind the name, which may hold anything; proc(5) counts
 * from 3. */
static struct slice stat_field(struct slice rest, int field)
{
	for (int i = 2; i < field; i++) {
		size_t at = slice_chr(rest, ' ');

		rest = at == SIZE_MAX ? (struct slice){0} : slice_sub(rest, at + 1, rest.n);
	}
	return slice_sub(rest, 0, slice_chr(rest, ' '));
}

static struct slice read_stat(pid_t pid, char *room, size_t bytes)
{
	char path[64];
	const char *end;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, room, bytes - 1);
	room[n < 0 ? 0 : n] = '\0';
	end = strrchr(room, ')');
	return slice_str(end ? end + 1 : "");
}

uint64_t procs_began(pid_t pid)
{
	char text[1024];
	uint64_t ticks;

	return slice_u64(stat_field(read_stat(pid, text, sizeof(text)), STAT_STARTED), &ticks)
	           ? ticks
	           : 0;
}

const char *procs_boot(void)
{
	static char id[64];
	AUTO_FD fd = id[0] ? -1 : open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, id, sizeof(id) - 1);

	if (n >= 0) {
		id[n] = '\0';
		id[strcspn(id, "\n")] = '\0';
	}
	return id;
}

static const struct deploy *deploy_by_seq(const struct procs *p, int64_t seq)
{
	for (size_t i = 0; seq && i < PROCS_MAX_DEPLOYS; i++) {
		if (p->deploy[i].on && p->deploy[i].seq == seq)
			return &p->deploy[i];
	}
	return NULL;
}

/*
 * Ended, it keeps its number until `hinoban deploy` has said so. Where that was killed, the
 * machine's first process has it, which may be in no hurry.
 */
static bool lives(const struct deploy *d)
{
	char text[1024];
	struct slice stat = read_stat(d->pid, text, sizeof(text));
	uint64_t ticks;

	return d->began && slice_u64(stat_field(stat, STAT_STARTED), &ticks) &&
	       ticks == d->began &&
	       !(slice_eq(stat_field(stat, STAT_STATE), SLICE("Z")) &&
	         slice_eq(stat_field(stat, STAT_PARENT), SLICE("1")));
}

bool procs_deploy_on(const struct procs *p, int64_t seq)
{
	return deploy_by_seq(p, seq) != NULL;
}

bool procs_deploy_lives(const struct procs *p, int64_t seq)
{
	const struct deploy *d = deploy_by_seq(p, seq);

	return d && lives(d);
}

static bool descends(const struct proc *x, pid_t pid)
{
	for (int i = 0; x && i < MAX_ANCESTORS; i++, x = x->parent) {
		if (x->pid == pid)
			return true;
	}
	return false;
}

bool procs_deploy_begin(struct procs *p, const struct json *word, int64_t seq)
{
	pid_t pid = (pid_t)json_num(word, "pid", 0);
	struct deploy d = {
	    .seq = seq, .pid = pid, .began = (uint64_t)json_num(word, "began", 0), .on = true};
	const struct proc *first;
	size_t i = 0;

	if (deploy_by_seq(p, seq))
		return true;
	if (!slice_eq(json_text(word, "boot"), slice_str(procs_boot())) || !lives(&d))
		return false;
	while (i < PROCS_MAX_DEPLOYS && p->deploy[i].on && lives(&p->deploy[i]))
		i++;
	if (i == PROCS_MAX_DEPLOYS)
		return false; /* what this one writes is told as a change */
	p->deploy[i] = d;
	procs_drain(p);
	first = procs_find(p, pid, PROCS_UNSURE);
	p->deploy[i].uid = first ? first->uid : 0;
	/* It may have children already: the word took its time through the ledger. */
	for (size_t s = 0; s < SLOTS; s++) {
		for (struct proc *x = p->slot[s]; x; x = x->next) {
			if (descends(x, pid))
				x->deploy = seq;
		}
	}
	return true;
}

/* What it did last may not be told yet. */
void procs_deploys_tick(struct procs *p, int64_t now_us)
{
	for (size_t i = 0; i < PROCS_MAX_DEPLOYS; i++) {
		struct deploy *d = &p->deploy[i];

		if (!d->on || lives(d))
			continue;
		if (!d->gone_us)
			d->gone_us = now_us;
		else if (now_us - d->gone_us > GONE_US)
			d->on = false;
	}
}

void procs_deploy_end(struct procs *p, int64_t seq)
{
	for (size_t i = 0; i < PROCS_MAX_DEPLOYS; i++)
		p->deploy[i].on = p->deploy[i].on && p->deploy[i].seq != seq;
}

static bool deploying(const struct procs *p)
{
	for (size_t i = 0; i < PROCS_MAX_DEPLOYS; i++) {
		if (p->deploy[i].on)
			return true;
	}
	return false;
}

int64_t procs_deploy_of(struct procs *p, pid_t pid, int pidfd)
{
	if (!deploying(p))
		return 0;
	const struct proc *x = procs_find(p, pid, pidfd);
	if (x && deploy_by_seq(p, x->deploy))
		return x->deploy;
	for (size_t i = 0; x && i < PROCS_MAX_DEPLOYS; i++) {
		const struct deploy *d = &p->deploy[i];

		/* Where it ended without a word, another may have its number by now. */
		if (d->on && descends(x, d->pid) && lives(d))
			return d->seq;
	}
	/* Its first process keeps its number until the end is said; nobody else told of it. */
	for (size_t i = 0; !x && p->sock < 0 && i < PROCS_MAX_DEPLOYS; i++) {
		if (p->deploy[i].on && p->deploy[i].pid == pid && lives(&p->deploy[i]))
			return p->deploy[i].seq;
	}
	return 0;
}

bool procs_stranger(struct procs *p, pid_t pid, int pidfd)
{
	const struct proc *x = deploying(p) ? procs_find(p, pid, pidfd) : NULL;
	bool its = false;

	for (size_t i = 0; x && i < PROCS_MAX_DEPLOYS; i++)
		its = its || (p->deploy[i].on && p->deploy[i].uid == x->uid);
	return x && x->uid != 0 && !its;
}
