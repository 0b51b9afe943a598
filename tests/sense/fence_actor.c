/*
 * One act of one process in the machine that tests/sense/fence.py starts: become a user, act,
 * print "done" or the error's name. Linked statically, so that a copy of it runs anywhere.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ACT(name) static int name(char **a)

static int put(int fd)
{
	return fd < 0 || write(fd, "x\n", 2) != 2 ? -1 : 0;
}

ACT(do_write)
{
	return put(open(a[0], O_WRONLY | O_APPEND));
}
ACT(do_create)
{
	return put(open(a[0], O_WRONLY | O_CREAT | O_EXCL, 0644));
}
ACT(do_cut)
{
	return truncate(a[0], 0);
}
ACT(do_cut_open)
{
	return open(a[0], O_RDONLY | O_TRUNC) < 0 ? -1 : 0;
}
ACT(do_rename)
{
	return rename(a[0], a[1]);
}
ACT(do_link)
{
	return link(a[0], a[1]);
}
ACT(do_symlink)
{
	return symlink(a[0], a[1]);
}
ACT(do_unlink)
{
	return unlink(a[0]);
}
ACT(do_mkdir)
{
	return mkdir(a[0], 0755);
}
ACT(do_rmdir)
{
	return rmdir(a[0]);
}
ACT(do_mknod)
{
	return mkfifo(a[0], 0644);
}
ACT(do_chmod)
{
	return chmod(a[0], 0666);
}
ACT(do_chown)
{
	return chown(a[0], (uid_t)-1, getgid());
}
ACT(do_touch)
{
	return utimensat(AT_FDCWD, a[0], NULL, 0);
}
ACT(do_read)
{
	char c;
	int fd = open(a[0], O_RDONLY);

	return fd < 0 || read(fd, &c, 1) != 1 ? -1 : 0;
}

/* Open now (or map), act when the file a[1] is there. */
static void wait_for(const char *path)
{
	for (int i = 0; i < 600 && access(path, F_OK) < 0; i++)
		usleep(100000);
}
ACT(do_write_late)
{
	int fd = open(a[0], O_WRONLY | O_APPEND);

	wait_for(a[1]);
	return put(fd);
}
ACT(do_map_late)
{
	int fd = open(a[0], O_RDWR);

	wait_for(a[1]);
	return mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED ? -1 : 0;
}
ACT(do_map_run)
{
	int fd = open(a[0], O_RDONLY);

	return mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0;
}
ACT(do_protect_run)
{
	int fd = open(a[0], O_RDONLY);
	void *at = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0);

	return at == MAP_FAILED ? -1 : mprotect(at, 1, PROT_READ | PROT_EXEC);
}
/* As an old program, for which whatever may be read may be run. */
ACT(do_map_old)
{
	int fd = open(a[0], O_RDONLY);

	personality(READ_IMPLIES_EXEC);
	return mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0;
}
ACT(do_run)
{
	execv(a[0], a);
	return -1;
}
ACT(do_run_memory)
{
	char *const none[] = {a[0], NULL};
	char room[65536];
	int from = open(a[0], O_RDONLY), fd = memfd_create("x", 0);
	ssize_t n;

	while ((n = read(from, room, sizeof(room))) > 0) {
		if (write(fd, room, (size_t)n) != n)
			return -1;
	}
	return fexecve(fd, none, none);
}

/* ---- the internet ---- */

static bool address(char **a, struct sockaddr_in6 *to)
{
	struct sockaddr_in *four = (void *)to;
	in_port_t port = htons((uint16_t)strtoul(a[1], NULL, 10));

	memset(to, 0, sizeof(*to));
	to->sin6_family = AF_INET6;
	to->sin6_port = port; /* at the same place in both */
	if (inet_pton(AF_INET6, a[0], &to->sin6_addr) == 1)
		return true;
	to->sin6_family = AF_INET;
	return inet_pton(AF_INET, a[0], &four->sin_addr) == 1;
}
/* A refused connection is one that went out. */
ACT(do_connect)
{
	struct sockaddr_in6 to;
	int s = address(a, &to) ? socket(to.sin6_family, SOCK_STREAM, 0) : -1;

	return connect(s, (void *)&to, sizeof(to)) < 0 && errno != ECONNREFUSED ? -1 : 0;
}
ACT(do_send)
{
	struct sockaddr_in6 to;
	int s = address(a, &to) ? socket(to.sin6_family, SOCK_DGRAM, 0) : -1;

	return sendto(s, "x", 1, 0, (void *)&to, sizeof(to)) < 0 ? -1 : 0;
}
ACT(do_fast_open)
{
	struct sockaddr_in6 to;
	int s = address(a, &to) ? socket(to.sin6_family, SOCK_STREAM, 0) : -1;

	return sendto(s, "x", 1, MSG_FASTOPEN, (void *)&to, sizeof(to)) < 0 &&
	               errno != ECONNREFUSED
	           ? -1
	           : 0;
}

/* ---- processes ---- */

static int act(char **a);

/* A child whose parent has ended when it acts. */
ACT(do_orphan)
{
	int end[2];
	char line[64] = "";
	ssize_t n;

	if (pipe(end) < 0)
		return -1;
	if (fork() == 0) {
		if (fork() == 0) {
			usleep(500000);
			dprintf(end[1], "%s", act(a) < 0 ? strerrorname_np(errno) : "done");
		}
		_exit(0);
	}
	close(end[1]);
	wait(NULL);
	n = read(end[0], line, sizeof(line) - 1);
	printf("%s\n", n > 0 ? line : "silent");
	exit(0);
}
ACT(do_sleep)
{
	sleep((unsigned)strtoul(a[0], NULL, 10));
	return 0;
}

static const struct {
	const char *name;
	int (*act)(char **a);
} acts[] = {
    {"write", do_write},
    {"create", do_create},
    {"cut", do_cut},
    {"cut-open", do_cut_open},
    {"rename", do_rename},
    {"link", do_link},
    {"symlink", do_symlink},
    {"unlink", do_unlink},
    {"mkdir", do_mkdir},
    {"rmdir", do_rmdir},
    {"mknod", do_mknod},
    {"chmod", do_chmod},
    {"chown", do_chown},
    {"touch", do_touch},
    {"read", do_read},
    {"write-late", do_write_late},
    {"map-late", do_map_late},
    {"map-run", do_map_run},
    {"map-old", do_map_old},
    {"protect-run", do_protect_run},
    {"run", do_run},
    {"run-memory", do_run_memory},
    {"connect", do_connect},
    {"send", do_send},
    {"fast-open", do_fast_open},
    {"orphan", do_orphan},
    {"sleep", do_sleep},
};

static int act(char **a)
{
	for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
		if (strcmp(a[0], acts[i].name) == 0)
			return acts[i].act(a + 1);
	}
	errno = ENOSYS;
	return -1;
}

/* actor UID ACT ARGUMENTS; without arguments: say that it ran. */
int main(int argc, char **argv)
{
	static char *room[8];
	uid_t uid;

	if (argc < 3) {
		puts("done");
		return 0;
	}
	for (int i = 2; i < argc && i < 9; i++)
		room[i - 2] = argv[i];
	uid = (uid_t)strtoul(argv[1], NULL, 10);
	if (setgroups(0, NULL) || setgid(uid) || setuid(uid))
		return 2;
	puts(act(room) < 0 ? strerrorname_np(errno) : "done");
	return 0;
}
