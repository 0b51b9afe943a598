#include "sense/leases.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>

#define MAX_FD       131072 /* RLIMIT_NOFILE of the gate */
#define OPENS        (FAN_OPEN_PERM)
#define LEFT_US      300000  /* from an open to its read, at least */
#define GONE_US      1000000 /* between two looks for files that are gone */
#define GONE_AT_ONCE 2048
#define CHAINS       32768

enum place {
	FREE,
	TAKEN,
	BROKEN,
	KEPT,
	BREAKING,
	LEFT,     /* asked about again, but who opened it may still be about to read */
	LEFT_LONG /* the same, for LEFT_US already */
};

/* Descriptor of a file that is harmless under this name. */
struct named {
	uint64_t dev, ino, key;
	int64_t ctime_ns, since_us;
	int fd; /* -1: the place is free */
};

struct leases {
	int group[ASKS], signals, sig;
	size_t kept, left, most;
	int64_t left_us; /* when those that are left were looked at last */
	int evicted;     /* who had to make room last */
	int gone_fd;     /* the next to be looked at: is its file gone? MAX_FD: none is */
	int64_t gone_us; /* when the last look began */
	bool gone;       /* a file was removed since */
	bool crowded;    /* by the look under way: there is little room */
	size_t crowd;    /* so many were kept when the last such look ended */
	leases_fn *fn;
	leases_stands_fn *stands;
	void *ctx;
	int top; /* the highest descriptor that was ever taken */
	struct file {
		uint64_t dev, ino, key; /* 0: no approved code */
		int next;  /* in its chain, or of those that break; from 1 on; 0: the last */
	} file[MAX_FD];    /* of those that are kept or left, by descriptor */
	int chain[CHAINS]; /* by dev and ino; from 1 on */
	int breaking, *breaking_end;      /* whose breaks are to be told; from 1 on */
	uint8_t at[MAX_FD];               /* enum place, by descriptor */
	uint8_t marked[MAX_FD];           /* in which groups it passes: 1 << enum asks */
	struct named named[LEASES_NAMED]; /* by dev and ino */
};

int leases_new(const int group[ASKS], struct leases **out)
{
	struct leases *l = calloc(1, sizeof(*l));
	sigset_t set;

	if (!l)
		return -ENOMEM;
	memcpy(l->group, group, sizeof(l->group));
	for (size_t i = 0; i < LEASES_NAMED; i++)
		l->named[i].fd = -1;
	l->gone_fd = MAX_FD;
	l->breaking_end = &l->breaking;
	l->sig = SIGRTMIN;
	sigemptyset(&set);
	sigaddset(&set, l->sig);
	sigaddset(&set, SIGIO); /* what comes when too many signals wait */
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0 ||
	    (l->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK)) < 0) {
		int r = -errno;
		free(l);
		return r;
	}
	*out = l;
	return 0;
}

void leases_free(struct leases *l)
{
	if (!l)
		return;
	leases_clear(l);
	close(l->signals);
	free(l);
}

int leases_fd(const struct leases *l)
{
	return l->signals;
}

/*
 * Half of what may be open: without a descriptor for an event the kernel refuses its open,
 * and tells nobody. Asked for late, since the seal may lower the limit.
 */
static size_t most(struct leases *l)
{
	struct rlimit r = {0};

	if (l->most == 0) {
		getrlimit(RLIMIT_NOFILE, &r);
		l->most = r.rlim_cur / 2 < LEASES_MAX ? r.rlim_cur / 2 : LEASES_MAX;
	}
	return l->most;
}

enum lease leases_take(struct leases *l, int fd)
{
	if (fd < 0 || fd >= MAX_FD)
		return LEASE_NONE;
	/* The signal that names the descriptor must be chosen first. */
	if (fcntl(fd, F_SETSIG, l->sig) < 0)
		return LEASE_NONE;
	if (fcntl(fd, F_SETLEASE, F_RDLCK) == 0) {
		l->at[fd] = TAKEN;
		l->top = fd > l->top ? fd : l->top;
		return LEASE_TAKEN;
	}
	return errno == EAGAIN ? LEASE_WRITTEN : LEASE_NONE;
}

bool leases_broken(struct leases *l, int fd)
{
	leases_serve(l);
	if (fd < 0 || fd >= MAX_FD || l->at[fd] != BROKEN)
		return false;
	l->at[fd] = FREE;
	return true;
}

static bool is_full(struct leases *l)
{
	return l->kept + l->left >= most(l);
}

static bool mark(struct leases *l, int fd, enum asks asks)
{
	if (asks == ASKS)
		return true;
	if (fanotify_mark(l->group[asks], FAN_MARK_ADD | FAN_MARK_IGNORED_MASK, OPENS, fd,
	                  NULL) < 0)
		return false;
	if (fd < MAX_FD)
		l->marked[fd] |= (uint8_t)(1 << asks);
	return true;
}

static void unmark(struct leases *l, int fd)
{
	for (int i = 0; i < ASKS; i++) {
		if (l->marked[fd] & 1 << i)
			fanotify_mark(l->group[i], FAN_MARK_REMOVE | FAN_MARK_IGNORED_MASK,
			              OPENS, fd, NULL);
	}
	l->marked[fd] = 0;
}

static int *chain_of(struct leases *l, uint64_t dev, uint64_t ino)
{
	return &l->chain[(ino ^ dev << 7) % CHAINS];
}

static void unchain(struct leases *l, int fd)
{
	int *at = chain_of(l, l->file[fd].dev, l->file[fd].ino);

	while (*at != fd + 1)
		at = &l->file[*at - 1].next;
	*at = l->file[fd].next;
}

/* The next descriptor behind `fd` (-1: the first) that this file is kept or left by, or -1. */
static int kept_by(struct leases *l, const struct sight *s, int fd)
{
	int at = fd < 0 ? *chain_of(l, s->dev, s->ino) : l->file[fd].next;

	while (at && !sight_is(s, l->file[at - 1].dev, l->file[at - 1].ino))
		at = l->file[at - 1].next;
	return at - 1;
}

static struct named *place_of(struct leases *l, const struct sight *s)
{
	return &l->named[(s->ino ^ s->dev << 7) % LEASES_NAMED];
}

/* The descriptor that keeps this file as approved, under whatever name; or -1. */
static int passes_by(struct leases *l, const struct sight *s)
{
	int fd = kept_by(l, s, -1);

	while (fd >= 0 && (l->at[fd] != KEPT || l->file[fd].key == 0))
		fd = kept_by(l, s, fd);
	return fd;
}

static void forget_name(struct leases *l, int fd)
{
	struct named *n =
	    place_of(l, &(struct sight){.dev = l->file[fd].dev, .ino = l->file[fd].ino});

	if (n->fd == fd)
		n->fd = -1;
}

/* By a lease that outlasts its decision. */
static bool is_held(const struct leases *l, int fd)
{
	return l->at[fd] == KEPT || l->at[fd] == LEFT || l->at[fd] == LEFT_LONG;
}

/* Its opens are asked about again; the lease stands. */
static void unkeep(struct leases *l, int fd, enum place to)
{
	if (l->at[fd] == KEPT) {
		unmark(l, fd);
		forget_name(l, fd);
		l->kept--;
	}
	l->left -= l->at[fd] == LEFT || l->at[fd] == LEFT_LONG;
	if (to == LEFT)
		l->left++;
	else
		unchain(l, fd);
	l->at[fd] = (uint8_t)to;
}

/* One after the other makes room, long before there is none: who opened it is to read it yet.
 */
static void make_room(struct leases *l)
{
	int fd = l->evicted;

	if (l->kept < most(l) / 4 * 3)
		return;
	do
		fd = fd < l->top ? fd + 1 : 0;
	while (l->at[fd] != KEPT && fd != l->evicted);
	if (l->at[fd] == KEPT)
		unkeep(l, fd, LEFT);
	l->evicted = fd;
}

static void keep(struct leases *l, int fd, const struct sight *s, uint64_t key)
{
	int *first;

	make_room(l);
	first = chain_of(l, s->dev, s->ino);
	l->file[fd] = (struct file){s->dev, s->ino, key, *first};
	*first = fd + 1;
	l->at[fd] = KEPT;
	l->kept++;
}

bool leases_keep(struct leases *l, int fd, enum lease lease, enum asks asks, uint64_t key)
{
	struct sight s = {0};
	int kept;

	leases_serve(l);
	if (lease == LEASE_TAKEN && fd < MAX_FD && l->at[fd] != TAKEN)
		return false; /* a writer came while we decided: the next open is asked about */
	/* It may be kept already, and have been asked about all the same: it got another name.
	 * Whoever makes it so again and again gets no second descriptor of ours for it. */
	if (sight_of_fd(&s, fd) == 0 && (kept = passes_by(l, &s)) >= 0) {
		mark(l, kept, asks);
		return false;
	}
	/* By a mark alone a mapping that is written to would pass unseen: it has to do where
	 * there are no leases. */
	if (is_full(l) || (lease != LEASE_TAKEN && lease != LEASE_NONE) || !mark(l, fd, asks) ||
	    lease == LEASE_NONE)
		return false;
	keep(l, fd, &s, key);
	return true;
}

bool leases_leave(struct leases *l, int fd)
{
	struct sight s = {0};

	leases_serve(l);
	if (fd < 0 || fd >= MAX_FD || l->at[fd] != TAKEN || is_full(l) ||
	    sight_of_fd(&s, fd) < 0)
		return false;
	keep(l, fd, &s, 0);
	unkeep(l, fd, LEFT);
	return true;
}

/* ---- harmless under one name ---- */

bool leases_keep_named(struct leases *l, int fd, enum lease lease, const struct sight *s,
                       uint64_t key)
{
	struct named *n = place_of(l, s);

	leases_serve(l);
	if (lease != LEASE_TAKEN || fd >= MAX_FD || l->at[fd] != TAKEN || is_full(l))
		return false;
	if (n->fd >= 0)
		leases_drop(l, n->fd);
	keep(l, fd, s, 0); /* another may have to make room, perhaps that of this place */
	*n = (struct named){s->dev, s->ino, key, s->ctime_ns, clock_mono_us(), fd};
	return true;
}

static bool is_of(const struct named *n, const struct sight *s)
{
	return n->fd >= 0 && n->ino == s->ino && n->dev == s->dev && n->ctime_ns == s->ctime_ns;
}

int64_t leases_named(struct leases *l, const struct sight *s, uint64_t key)
{
	const struct named *n = place_of(l, s);

	leases_serve(l);
	return is_of(n, s) && n->key == key ? n->since_us : -1;
}

void leases_last(struct leases *l, const struct sight *s)
{
	const struct named *n = place_of(l, s);

	leases_serve(l);
	if (is_of(n, s))
		mark(l, n->fd, ASKS_CACHE);
}

void leases_last_none(struct leases *l)
{
	for (size_t i = 0; i < LEASES_NAMED; i++) {
		if (l->named[i].fd >= 0)
			unmark(l, l->named[i].fd);
	}
}

void leases_ask_again(struct leases *l, int dirfd, const char *name)
{
	for (int i = 0; i < ASKS; i++)
		fanotify_mark(l->group[i],
		              FAN_MARK_REMOVE | FAN_MARK_IGNORED_MASK | FAN_MARK_DONT_FOLLOW,
		              OPENS, dirfd, name);
}

void leases_release(struct leases *l, int fd)
{
	if (fd < 0 || fd >= MAX_FD || (l->at[fd] != TAKEN && l->at[fd] != BROKEN))
		return;
	if (l->at[fd] == TAKEN)
		fcntl(fd, F_SETLEASE, F_UNLCK);
	l->at[fd] = FREE; /* what lease it has from now on is the hand's */
}

void leases_drop(struct leases *l, int fd)
{
	if (fd < 0)
		return;
	if (fd < MAX_FD && is_held(l, fd))
		unkeep(l, fd, BREAKING);
	/* The hand may still have the same open file: closing ours would not give it back. */
	if (fd < MAX_FD && l->at[fd] != FREE)
		fcntl(fd, F_SETLEASE, F_UNLCK);
	if (fd < MAX_FD) {
		l->at[fd] = FREE;
		l->marked[fd] = 0;
	}
	close(fd);
}

/* The mark goes first: the writer that waits is let go only after that. */
static void broken(struct leases *l, int fd)
{
	if (fd < 0 || fd >= MAX_FD)
		return;
	if (is_held(l, fd)) {
		/* The number may be the hand's, of a copy of a file that was ours. */
		if (fcntl(fd, F_GETLEASE) == F_RDLCK)
			return;
		unkeep(l, fd, BREAKING);
		l->file[fd].next = 0;
		*l->breaking_end = fd + 1;
		l->breaking_end = &l->file[fd].next;
	} else if (l->at[fd] == TAKEN) {
		fcntl(fd, F_SETLEASE, F_UNLCK);
		l->at[fd] = BROKEN;
	}
}

void leases_tell(struct leases *l, leases_fn *fn, leases_stands_fn *stands, void *ctx)
{
	l->fn = fn;
	l->stands = stands;
	l->ctx = ctx;
}

bool leases_hold(struct leases *l, const struct sight *s, uint64_t key)
{
	int fd;

	leases_serve(l);
	fd = kept_by(l, s, -1);
	while (fd >= 0 && l->file[fd].key != key)
		fd = kept_by(l, s, fd);
	return fd >= 0;
}

bool leases_pass(struct leases *l, const struct sight *s)
{
	leases_serve(l);
	return passes_by(l, s) >= 0;
}

bool leases_kept(struct leases *l, const struct sight *s)
{
	int fd;

	leases_serve(l);
	fd = kept_by(l, s, -1);
	while (fd >= 0 && l->file[fd].key == 0)
		fd = kept_by(l, s, fd);
	return fd >= 0;
}

bool leases_stand(struct leases *l, const struct sight *s)
{
	leases_serve(l);
	return kept_by(l, s, -1) >= 0;
}

void leases_yield(struct leases *l, const struct sight *s)
{
	int fd;

	while ((fd = kept_by(l, s, -1)) >= 0)
		leases_drop(l, fd);
}

void leases_yield_free(struct leases *l, const struct sight *s)
{
	int fd;

	while ((fd = kept_by(l, s, -1)) >= 0 && fcntl(fd, F_GETLEASE) == F_RDLCK)
		leases_drop(l, fd);
}

void leases_clear(struct leases *l)
{
	for (int fd = 0; fd <= l->top && l->kept > 0; fd++) {
		if (l->at[fd] == KEPT)
			leases_drop(l, fd);
	}
}

void leases_renew(struct leases *l)
{
	for (int fd = 0; fd <= l->top && l->kept > 0; fd++) {
		if (l->at[fd] == KEPT)
			unkeep(l, fd, LEFT);
	}
}

void leases_removed(struct leases *l)
{
	l->gone = true;
}

/* Much was added since the last look for want of room: another may find what to let go of. */
static bool crowds(struct leases *l)
{
	return l->kept > most(l) / 2 && l->kept > l->crowd + most(l) / 64;
}

static bool is_gone(const struct leases *l, int fd)
{
	struct stat st;

	return (fstat(fd, &st) == 0 && st.st_nlink == 0) ||
	       (l->crowded && l->stands && !l->stands(l->ctx, fd));
}

/* Who opened one of them a moment ago still gets his time to read. */
static void let_go_of_gone(struct leases *l, int64_t now)
{
	bool crowded = crowds(l);

	if (l->gone_fd == MAX_FD && (crowded || (l->gone && now - l->gone_us > GONE_US))) {
		l->gone = false;
		l->gone_fd = 0;
		l->gone_us = now;
		l->crowded = crowded;
	}
	for (int n = 0; l->gone_fd < MAX_FD && n < GONE_AT_ONCE; l->gone_fd++) {
		if (l->at[l->gone_fd] != KEPT)
			continue;
		n++;
		if (is_gone(l, l->gone_fd))
			unkeep(l, l->gone_fd, LEFT);
	}
	if (l->kept < l->crowd || (l->gone_fd == MAX_FD && l->crowded))
		l->crowd = l->kept;
	l->crowded = l->crowded && l->gone_fd < MAX_FD;
}

void leases_tick(struct leases *l, int64_t now)
{
	let_go_of_gone(l, now);
	if (now - l->left_us < LEFT_US)
		return;
	l->left_us = now;
	for (int fd = 0; fd <= l->top && l->left > 0; fd++) {
		if (l->at[fd] == LEFT_LONG)
			leases_drop(l, fd);
		else if (l->at[fd] == LEFT)
			l->at[fd] = LEFT_LONG;
	}
}

/* A signal was lost: which one is not known, so every lease counts as broken. */
static void all_broken(struct leases *l)
{
	for (int fd = 0; fd <= l->top; fd++) {
		if (l->at[fd] == TAKEN || is_held(l, fd))
			broken(l, fd);
	}
}

void leases_serve(struct leases *l)
{
	struct signalfd_siginfo si;

	while (read(l->signals, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
		if (si.ssi_signo == (uint32_t)l->sig && si.ssi_fd >= 0)
			broken(l, si.ssi_fd);
		else
			all_broken(l);
	}
}

/* Off the list first: who is told may come back to it. */
static void tell_break(struct leases *l, int *at)
{
	int fd = *at - 1;

	*at = l->file[fd].next;
	if (*at == 0)
		l->breaking_end = at;
	if (l->fn)
		l->fn(l->ctx, fd, l->file[fd].key);
	else
		leases_drop(l, fd);
}

bool leases_breaks(struct leases *l, int64_t most_us)
{
	int64_t until = clock_mono_us() + most_us;

	while (l->breaking && clock_mono_us() < until)
		tell_break(l, &l->breaking);
	return l->breaking != 0;
}

void leases_breaks_of(struct leases *l, const struct sight *s)
{
	int *at = &l->breaking;

	leases_serve(l);
	while (*at) {
		if (sight_is(s, l->file[*at - 1].dev, l->file[*at - 1].ino)) {
			tell_break(l, at);
			at = &l->breaking;
		} else {
			at = &l->file[*at - 1].next;
		}
	}
}

size_t leases_count(const struct leases *l)
{
	return l->kept;
}
