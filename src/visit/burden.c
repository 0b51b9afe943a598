/* burden: /proc is read twice a second; the tree is found by parents. */
#include "visit/burden.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_PROCS 8192

struct proc {
	pid_t pid, parent;
	int64_t bytes;
	bool ours;
};

/* ---- the control group ---- */

static bool write_to(const char *folder, const char *name, const char *text)
{
	char path[256];
	AUTO_FD fd = -1;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

static bool file_has(const char *path, const char *word)
{
	char text[512];
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return strstr(text, word) != NULL;
}

static bool make_group(struct burden *b, const char *top, const char *limit, int64_t most)
{
	char text[32];

	snprintf(b->group, sizeof(b->group), "%s/hinoban-browser-%d", top, (int)getpid());
	snprintf(text, sizeof(text), "%lld", (long long)most);
	if (mkdir(b->group, 0755) == 0 && write_to(b->group, limit, text))
		return true;
	(void)rmdir(b->group);
	b->group[0] = '\0';
	return false;
}

void burden_open(struct burden *b, int64_t most_bytes)
{
	char path[256];

	*b = (struct burden){.procs = -1};
	if (geteuid() != 0)
		return;
	if (!(file_has("/sys/fs/cgroup/cgroup.subtree_control", "memory") &&
	      make_group(b, "/sys/fs/cgroup", "memory.max", most_bytes)) &&
	    !make_group(b, "/sys/fs/cgroup/memory", "memory.limit_in_bytes", most_bytes))
		return;
	snprintf(path, sizeof(path), "%s/cgroup.procs", b->group);
	b->procs = open(path, O_WRONLY | O_CLOEXEC);
}

void burden_close(struct burden *b)
{
	if (b->procs >= 0)
		close(b->procs);
	if (b->group[0])
		(void)rmdir(b->group); /* sealed, we may not; empty, it takes nothing */
	b->procs = -1;
}

void burden_add(struct burden *b, pid_t pid)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%d", (int)pid);

	/* The watching holds in any case. */
	if (b->procs >= 0)
		(void)!write(b->procs, text, (size_t)n);
}

/* ---- the tree ---- */

static bool read_text(const char *pid, const char *name, char *out, size_t room)
{
	char path[64];
	AUTO_FD fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%.16s/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, out, room - 1);
	out[n > 0 ? n : 0] = '\0';
	return n > 0;
}

static bool look(const char *pid, struct proc *out)
{
	char text[512];
	const char *behind;
	long size = 0, resident = 0, shared = 0;
	int parent = 0;

	/* "PID (NAME) STATE PARENT ...": the name may hold anything. */
	if (!read_text(pid, "stat", text, sizeof(text)) || !(behind = strrchr(text, ')')) ||
	    sscanf(behind + 1, " %*c %d", &parent) != 1)
		return false;
	if (read_text(pid, "statm", text, sizeof(text)))
		(void)sscanf(text, "%ld %ld %ld", &size, &resident, &shared);
	*out = (struct proc){.pid = (pid_t)strtol(pid, NULL, 10),
	                     .parent = parent,
	                     .bytes = (int64_t)(resident - shared) * sysconf(_SC_PAGESIZE)};
	return true;
}

static size_t list(struct proc *p, pid_t pid)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	size_t n = 0;
	bool more = true;

	while (d && n < MAX_PROCS && (e = readdir(d)))
		if (e->d_name[0] >= '0' && e->d_name[0] <= '9' && look(e->d_name, &p[n])) {
			p[n].ours = p[n].pid == pid;
			n++;
		}
	if (d)
		closedir(d);
	while (more) {
		more = false;
		for (size_t i = 0; i < n; i++)
			for (size_t j = 0; !p[i].ours && j < n; j++)
				if (p[j].ours && p[j].pid == p[i].parent)
					p[i].ours = more = true;
	}
	return n;
}

int64_t burden_of(pid_t pid, int *processes)
{
	struct proc *p = calloc(MAX_PROCS, sizeof(*p));
	size_t n = p ? list(p, pid) : 0;
	int64_t sum = 0;

	*processes = 0;
	for (size_t i = 0; i < n; i++)
		if (p[i].ours) {
			sum += p[i].bytes;
			++*processes;
		}
	free(p);
	return sum;
}

void burden_kill(pid_t pid)
{
	struct proc *p = calloc(MAX_PROCS, sizeof(*p));
	size_t n = p ? list(p, pid) : 0;

	for (size_t i = 0; i < n; i++)
		if (p[i].ours && p[i].pid != getpid())
			kill(p[i].pid, SIGKILL);
	free(p);
}
