#include "sense/opener.h"
#include "base/path.h"
#include "sense/peek.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>

#define ASLEEP_TRIES 40
#define ASLEEP_NS    50000

#define IN_MEMORY 3 /* the flags are in the opener's memory: not looked at */

/* Which argument of a call holds the flags of open(2); opens without one always write. */
static const struct {
	long call;
	unsigned flags;
	int name; /* which one the path; -1: none */
	int base; /* which one the folder that it begins at; -1: none */
} opens[] = {
#ifdef SYS_open
    {SYS_open, 1, 0, -1},
#endif
    {SYS_openat, 2, 1, 0},   {SYS_open_by_handle_at, 2, -1, -1}, {SYS_openat2, IN_MEMORY, 1, 0},
#ifdef SYS_execve
    {SYS_execve, 0, 0, -1}, /* reads: see below */
    {SYS_execveat, 0, 1, 0},
#endif
};

static ssize_t read_status(pid_t tid, char *out, size_t room)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/status", (int)tid);
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -1 : read(fd, out, room);
}

static int64_t number_of(struct slice text, struct slice name)
{
	size_t at = slice_find(text, name);
	int64_t v = 0;

	if (at == SIZE_MAX)
		return -1;
	text = slice_trim(slice_sub(text, at + name.n, text.n));
	for (size_t i = 0; i < text.n && text.at[i] >= '0' && text.at[i] <= '9'; i++)
		v = v * 10 + (text.at[i] - '0');
	return v;
}

static bool hex_number(struct slice s, uint64_t *out)
{
	uint64_t v = 0;

	if (!slice_starts(s, SLICE("0x")) || s.n > 18)
		return false;
	for (size_t i = 2; i < s.n; i++) {
		uint8_t c = s.at[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
			return false;
		v = v << 4 | (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	*out = v;
	return s.n > 2;
}

static struct slice word(struct slice *rest)
{
	size_t n = slice_chr(*rest, ' ');
	struct slice w = slice_sub(*rest, 0, n);

	*rest = n == SIZE_MAX ? (struct slice){0} : slice_sub(*rest, n + 1, rest->n);
	return w;
}

void opener_syscall(struct opener *o, struct slice line)
{
	struct slice rest = line, number = word(&rest);
	uint64_t arg[3] = {0};
	int64_t call = 0;

	o->told = o->writes = false;
	o->name_at = 0;
	o->base = AT_FDCWD;
	if (!number.n || number.at[0] < '0' || number.at[0] > '9')
		return; /* "running", or "-1": not in a call that we can read */
	for (size_t i = 0; i < number.n && i < 6; i++)
		call = call * 10 + (number.at[i] - '0');
	for (int i = 0; i < 3; i++) {
		if (!hex_number(word(&rest), &arg[i]))
			return;
	}
	for (size_t i = 0; i < sizeof(opens) / sizeof(opens[0]); i++) {
		if (opens[i].call != call)
			continue;
		o->name_at = opens[i].name < 0 ? 0 : arg[opens[i].name];
		o->base = opens[i].base < 0 ? AT_FDCWD : (int)(uint32_t)arg[opens[i].base];
		if (opens[i].flags == IN_MEMORY)
			return;
		uint64_t flags = opens[i].flags ? arg[opens[i].flags] : O_RDONLY;
		o->told = true;
		o->writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_TRUNC | O_CREAT));
		return;
	}
#ifdef SYS_creat
	o->told = o->writes = call == SYS_creat;
#endif
}

void opener_who(struct opener *o, pid_t tid)
{
	char text[4096];
	ssize_t n = read_status(tid, text, sizeof(text));
	struct slice s = slice_mem(text, n < 0 ? 0 : (size_t)n);

	*o = (struct opener){.tid = tid, .pid = tid, .known = n > 0};
	if (!o->known)
		return;
	o->pid = (pid_t)number_of(s, SLICE("\nTgid:"));
	o->parent = (pid_t)number_of(s, SLICE("\nPPid:"));
	o->uid = (uid_t)number_of(s, SLICE("\nUid:"));
}

void opener_read(struct opener *o, pid_t tid)
{
	char text[256];

	opener_who(o, tid);
	/* "running": it has asked, and is on its way to sleep. */
	for (int i = 0; o->known && i < ASLEEP_TRIES; i++) {
		ssize_t n = peek_read(tid, PEEK_CALL, 0, text, sizeof(text));
		o->hidden = n == -EAGAIN;
		opener_syscall(o, slice_mem(text, n < 0 ? 0 : (size_t)n));
		o->awake = n > 0 && text[0] == 'r';
		if (!o->awake)
			return;
		nanosleep(&(struct timespec){.tv_nsec = ASLEEP_NS}, NULL);
	}
}

struct slice opener_path(struct opener *o, char *room, size_t bytes)
{
	struct slice text;
	ssize_t n;

	if (!o->name_at)
		return (struct slice){0};
	n = peek_read(o->tid, PEEK_MEMORY, o->name_at, room, bytes);
	o->hidden = n == -EAGAIN;
	text = slice_mem(room, n < 0 ? 0 : (size_t)n);
	return slice_sub(text, 0, slice_chr(text, 0));
}

/* The folder that a path begins at, to `out`. */
static bool base_of(const struct opener *o, struct buf *out)
{
	char text[PEEK_MAX_BYTES];
	ssize_t n = o->base == AT_FDCWD ? peek_read(o->tid, PEEK_CWD, 0, text, sizeof(text))
	            : o->base < 0
	                ? -1
	                : peek_read(o->tid, PEEK_FD, (uint64_t)o->base, text, sizeof(text));

	if (n <= 0 || text[0] != '/')
		return false;
	buf_add(out, slice_mem(text, n == 1 ? 0 : (size_t)n));
	return true;
}

bool opener_whole(const struct opener *o, struct slice given, struct buf *out)
{
	buf_reset(out);
	if (!given.n || (given.at[0] != '/' && !base_of(o, out)))
		return false;
	path_go(out, given);
	return buf_ok(out);
}

/* The last name of what is left of a path, and off with it; "." and empty names are none. */
static struct slice take_last(struct slice *path)
{
	while (path->n) {
		size_t from = path->n;
		struct slice name;

		while (from > 0 && path->at[from - 1] != '/')
			from--;
		name = slice_sub(*path, from, path->n);
		*path = slice_sub(*path, 0, from ? from - 1 : 0);
		if (name.n && !slice_eq(name, SLICE(".")))
			return name;
	}
	return (struct slice){0};
}

size_t opener_common(struct slice a, struct slice b)
{
	size_t n = 0;

	while (a.n && b.n) {
		struct slice name = take_last(&a);

		if (!name.n || !slice_eq(name, take_last(&b)))
			break;
		n++;
	}
	return n;
}
