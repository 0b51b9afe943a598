/*
 * err: how faults are told.
 *
 * Functions return 0 for good and a negative errno for a fault, which the
 * caller passes on unchanged; a positive value is a documented outcome. Out
 * parameters stay untouched on a fault. A fault that a person must read about
 * is written once, where it is known best, into a `struct err`.
 */
#ifndef HINOBAN_BASE_ERR_H
#define HINOBAN_BASE_ERR_H

#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#define ERR_TEXT_BYTES 512

struct err {
	char text[ERR_TEXT_BYTES]; /* "" while there is none; never ends in a newline */
};

/* Write the sentence and return `code` (a negative errno), so: return err_set(e, -EINVAL, ...).
 */
int err_set(struct err *e, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* As err_set with ": <strerror(-code)>" added. */
int err_sys(struct err *e, int code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* A line on standard error: "NAME: text". NAME is set once per process. */
void err_name(const char *name);
void err_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Say it and end the process with code 3 (hinoban itself failed). */
_Noreturn void err_die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Cleanup attributes. */
static inline void err_close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
static inline void err_free_ptr(void *p)
{
	free(*(void **)p);
}
#define AUTO_FD   __attribute__((cleanup(err_close_fd))) int
#define AUTO_FREE __attribute__((cleanup(err_free_ptr)))

#endif
