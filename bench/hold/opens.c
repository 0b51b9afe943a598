/*
 * opens PASSES [marks]
 *
 * Opens each file named on standard input, one a line, and closes it again, PASSES times.
 * Prints for the first pass and for the later ones: median and 99th percentile of one open,
 * in nanoseconds, and how many could not be opened.
 *
 * With "marks" each file has what an approved one has under hinoban, set by this program
 * itself: opens of its folder's files are asked about, its own are ignored, and it has a read
 * lease. What an open takes then is the kernel's part, and the least that can be added.
 * With PASSES 0 it says "ready" then and stays until it is ended.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define MAX_FILES 200000

static char *path[MAX_FILES];
static long took[MAX_FILES];

static long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000000L + t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	long x = *(const long *)a, y = *(const long *)b;

	return (x > y) - (x < y);
}

/* One walk over all of them; returns how many could not be opened. */
static int pass(int files)
{
	int failed = 0;

	for (int i = 0; i < files; i++) {
		long begin = now_ns();
		int fd = open(path[i], O_RDONLY | O_CLOEXEC);

		took[i] = now_ns() - begin;
		failed += fd < 0;
		if (fd >= 0)
			close(fd);
	}
	qsort(took, (size_t)files, sizeof(took[0]), by_size);
	return failed;
}

/* The files stay open, since a lease ends with its descriptor. */
static int set_marks(int files)
{
	struct rlimit most = {(rlim_t)files + 64, (rlim_t)files + 64};
	int group =
	    fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC | FAN_UNLIMITED_MARKS, O_RDONLY);

	if (group < 0 || setrlimit(RLIMIT_NOFILE, &most) < 0)
		return -1;
	for (int i = 0; i < files; i++) {
		int fd = open(path[i], O_RDONLY | O_CLOEXEC);

		if (fd < 0 || fcntl(fd, F_SETLEASE, F_RDLCK) < 0 ||
		    fanotify_mark(group, FAN_MARK_ADD | FAN_MARK_IGNORED_MASK, FAN_OPEN_PERM,
		                  fd, NULL) < 0)
			return -1;
	}
	/* Last: from here on what is not ignored waits for us. */
	for (int i = 0; i < files; i++) {
		char *slash = strrchr(path[i], '/');
		int r;

		*slash = '\0';
		r = fanotify_mark(group, FAN_MARK_ADD | FAN_MARK_ONLYDIR,
		                  FAN_OPEN_PERM | FAN_EVENT_ON_CHILD, AT_FDCWD, path[i]);
		*slash = '/';
		if (r < 0)
			return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int passes = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 5, files = 0, failed;
	long best50 = 0, best99 = 0;
	char line[4096];

	while (files < MAX_FILES && fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\n")] = '\0';
		path[files++] = strdup(line);
	}
	if (!files)
		return 2;
	if (argc > 2 && set_marks(files) < 0) {
		perror("marks");
		return 1;
	}
	if (passes == 0) {
		puts("ready");
		fflush(stdout);
		for (;;)
			pause();
	}
	failed = pass(files);
	printf("%ld %ld %d", took[files / 2], took[files * 99L / 100], failed);
	/* Of the later passes the quickest: the rest is what else the machine does. */
	for (int i = 1; i < passes; i++) {
		failed = pass(files);
		if (i == 1 || took[files / 2] < best50)
			best50 = took[files / 2];
		if (i == 1 || took[files * 99L / 100] < best99)
			best99 = took[files * 99L / 100];
	}
	printf(" %ld %ld %d\n", best50, best99, failed);
	return 0;
}
