/*
 * Who web workers are, in terms that the kernel can look up at once: users (section [web] of
 * the settings), and the cgroups of services in which one of the settings' programs runs,
 * whatever user it runs as.
 */
#include "sense/fence.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define CGROUPS      "/sys/fs/cgroup"
#define CGROUP_BYTES 4096

void fence_worker_users(struct fence *f)
{
	struct fence_rules *r = f->rules;

	r->users +=
	    (uint32_t)conf_web_uids(f->conf, &r->user[r->users], FENCE_MAX_USERS - r->users);
}

/* The path of /proc/WHO/cgroup in the unified hierarchy ("0::/system.slice/x.service"). */
static bool cgroup_of(const char *who, char out[CGROUP_BYTES])
{
	char path[300], text[CGROUP_BYTES];
	struct cursor c;
	struct slice line;
	ssize_t n;
	AUTO_FD fd = -1;

	snprintf(path, sizeof(path), "/proc/%s/cgroup", who);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text));
	c = cursor_over(slice_mem(text, n < 0 ? 0 : (size_t)n));
	while (cursor_line(&c, &line)) {
		if (!slice_starts(line, SLICE("0::/")))
			continue;
		line = slice_sub(line, 3, line.n);
		snprintf(out, CGROUP_BYTES, "%.*s", SLICE_ARG(line));
		return true;
	}
	return false;
}

/* A service's, not a person's session, and not the one that we live in ourselves. */
static bool is_service(const char *cgroup)
{
	static char own[CGROUP_BYTES];
	struct slice s = slice_str(cgroup);

	if (own[0] == '\0' && !cgroup_of("self", own))
		return false;
	return s.n > 1 && strcmp(cgroup, own) != 0 &&
	       slice_find(s, SLICE("/user.slice")) == SIZE_MAX &&
	       slice_find(s, SLICE("/init.scope")) == SIZE_MAX;
}

static bool runs_web_program(const struct conf *c, const char *pid)
{
	char path[300], exe[PATH_MAX];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%s/exe", pid);
	n = readlink(path, exe, sizeof(exe));
	return n > 0 && conf_web_worker(c, SLICE(""), slice_mem(exe, (size_t)n));
}

/* 0: none that can be told from others. The kernel's number of a cgroup is its folder's. */
static uint64_t group_of(const struct conf *c, const char *pid)
{
	char cgroup[CGROUP_BYTES], path[CGROUP_BYTES + sizeof(CGROUPS)];
	struct stat st;

	if (!runs_web_program(c, pid) || !cgroup_of(pid, cgroup) || !is_service(cgroup))
		return 0;
	snprintf(path, sizeof(path), CGROUPS "%s", cgroup);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

static uint32_t add_group(uint64_t group[FENCE_MAX_GROUPS], uint32_t n, uint64_t id)
{
	for (uint32_t i = 0; i < n; i++) {
		if (group[i] == id)
			return n;
	}
	if (id && n < FENCE_MAX_GROUPS)
		group[n++] = id;
	return n;
}

void fence_worker_groups(struct fence *f)
{
	uint64_t group[FENCE_MAX_GROUPS];
	DIR *d = opendir("/proc");
	const struct dirent *e;
	uint32_t n = 0;

	if (!d)
		return;
	while ((e = readdir(d))) {
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9')
			n = add_group(group, n, group_of(f->conf, e->d_name));
	}
	closedir(d);
	for (uint32_t i = 0; i < n; i++)
		__atomic_store_n(&f->rules->group[i], group[i], __ATOMIC_RELAXED);
	__atomic_store_n(&f->rules->groups, n, __ATOMIC_RELEASE);
}
