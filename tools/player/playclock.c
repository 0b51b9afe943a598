/*
 * playclock: a library that the player preloads into nginx and php-fpm, so that the shop
 * lives at the same time as hinoban does in a play: access log, orders, sessions.
 *
 * HINOBAN_CLOCK names a file with one int64: microseconds that are added to the real time,
 * as in base/clock.h. It is mapped once, before main(), and stays mapped in forked workers.
 * Monotonic clocks are left alone. Never part of a release: built with -Dplay=true only.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define US_PER_S  1000000
#define NS_PER_US 1000

static const volatile int64_t *offset_us;

__attribute__((constructor)) static void map_clock(void)
{
	const char *name = getenv("HINOBAN_CLOCK");
	int fd = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
	void *at;

	if (fd < 0)
		return;
	at = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, fd, 0);
	close(fd);
	if (at != MAP_FAILED)
		offset_us = at;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
	int r = (int)syscall(SYS_clock_gettime, clock, out);
	int64_t us;

	if (r < 0 || !offset_us || (clock != CLOCK_REALTIME && clock != CLOCK_REALTIME_COARSE))
		return r;
	us = (int64_t)out->tv_sec * US_PER_S + out->tv_nsec / NS_PER_US + *offset_us;
	out->tv_sec = us / US_PER_S;
	out->tv_nsec = us % US_PER_S * NS_PER_US + out->tv_nsec % NS_PER_US;
	return 0;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		return -1;
	out->tv_sec = now.tv_sec;
	out->tv_usec = now.tv_nsec / NS_PER_US;
	return 0;
}

time_t time(time_t *out)
{
	struct timespec now;

	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		return (time_t)-1;
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}
