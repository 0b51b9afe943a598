#include "sense/image.h"
#include "sense/peek.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* Up to room bytes of /proc/PID/name; how many, or -errno. */
static ssize_t read_proc(pid_t pid, const char *name, char *out, size_t room)
{
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	n = read(fd, out, room);
	return n < 0 ? -errno : n;
}

/* Arguments lie one behind the other, each with a NUL. */
static char *read_command(pid_t pid)
{
	char text[IMAGE_COMMAND_MAX_BYTES];
	ssize_t n = peek_read(pid, PEEK_COMMAND, 0, text, sizeof(text) - 1);

	if (n < 0)
		n = 0;
	while (n > 0 && text[n - 1] == '\0')
		n--;
	for (ssize_t i = 0; i < n; i++) {
		if (text[i] == '\0')
			text[i] = ' ';
	}
	text[n] = '\0';
	return strdup(text);
}

/* The unified hierarchy's line "0::/path"; else the first that has a path. */
static char *read_cgroup(pid_t pid)
{
	char text[4096];
	ssize_t n = read_proc(pid, "cgroup", text, sizeof(text));
	struct cursor c = cursor_over(slice_mem(text, n < 0 ? 0 : (size_t)n));
	struct slice line, found = slice_str("");

	while (cursor_line(&c, &line)) {
		size_t at = slice_find(line, SLICE(":/"));
		if (at == SIZE_MAX)
			continue;
		if (slice_starts(line, SLICE("0::")) || !found.n)
			found = slice_sub(line, at + 1, line.n);
	}
	return strndup(found.n ? (const char *)found.at : "", found.n);
}

static char *read_exe(pid_t pid)
{
	char text[PATH_MAX];
	ssize_t n = peek_read(pid, PEEK_EXE, 0, text, sizeof(text) - 1);

	if (n < 0)
		return NULL;
	text[n] = '\0';
	return strdup(text);
}

struct procs_image *image_read(pid_t pid)
{
	struct procs_image *i = calloc(1, sizeof(*i));

	if (!i)
		return NULL;
	i->refs = 1;
	i->exe = read_exe(pid);
	if (i->exe) {
		i->command = read_command(pid);
		i->cgroup = read_cgroup(pid);
	}
	if (i->exe && i->command && i->cgroup)
		return i;
	image_unref(i);
	return NULL;
}

struct procs_image *image_ref(struct procs_image *i)
{
	if (i)
		i->refs++;
	return i;
}

void image_unref(struct procs_image *i)
{
	if (!i || --i->refs)
		return;
	free(i->exe);
	free(i->command);
	free(i->cgroup);
	free(i);
}

static bool number_after(struct slice line, struct slice key, unsigned word, uint64_t *out)
{
	struct cursor c = cursor_over(line);
	size_t end;

	if (!cursor_eat(&c, key))
		return false;
	struct slice rest = slice_trim(cursor_rest(&c));
	for (; word > 0; word--) {
		end = slice_chr(rest, '\t');
		rest = slice_sub(rest, end == SIZE_MAX ? rest.n : end + 1, rest.n);
	}
	end = slice_chr(rest, '\t');
	return slice_u64(slice_sub(rest, 0, end), out);
}

int image_status(pid_t pid, pid_t *parent, uid_t *uid)
{
	char text[2048];
	ssize_t n = read_proc(pid, "status", text, sizeof(text));
	struct cursor c = cursor_over(slice_mem(text, n < 0 ? 0 : (size_t)n));
	struct slice line;
	uint64_t pp = 0, id = 0;
	bool have_pp = false, have_id = false;

	while (cursor_line(&c, &line)) {
		have_pp = have_pp || number_after(line, SLICE("PPid:"), 0, &pp);
		have_id = have_id || number_after(line, SLICE("Uid:"), 1, &id);
	}
	if (!have_pp || !have_id)
		return n < 0 ? (int)n : -ESRCH;
	*parent = (pid_t)pp;
	*uid = (uid_t)id;
	return 0;
}
