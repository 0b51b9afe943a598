/*
 * limits: what the machine itself allows, in one thread without hashing: a walk that only
 * stats, or one that also reads every byte.   limits stat|read DIR  ->  files bytes seconds
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static uint64_t files, bytes;
static uint8_t block[256 * 1024];

static void read_file(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return;
	while ((n = read(fd, block, sizeof(block))) > 0)
		bytes += (uint64_t)n;
	close(fd);
}

static void walk(int dir, int reading)
{
	DIR *d = fdopendir(dir);
	struct dirent *e;
	struct stat st;

	while (d && (e = readdir(d))) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		files++;
		if (S_ISDIR(st.st_mode))
			walk(openat(dir, e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
			     reading);
		else if (reading && S_ISREG(st.st_mode))
			read_file(dir, e->d_name);
	}
	if (d)
		closedir(d);
}

int main(int argc, char **argv)
{
	struct timespec a, b;

	if (argc != 3)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &a);
	walk(open(argv[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC), strcmp(argv[1], "read") == 0);
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%llu %llu %.6f\n", (unsigned long long)files, (unsigned long long)bytes,
	       (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9);
	return 0;
}
