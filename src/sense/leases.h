/*
 * leases: opens that are approved once and for all, until somebody is about to write.
 *
 * An approved file gets an ignore mark, so that its opens raise no event any more, and is
 * kept open with a read lease on it (fcntl(2), F_SETLEASE). The ignore mark is dropped by
 * the kernel when the file is written to; the lease is broken already when somebody opens it
 * for writing or cuts it, in whatever mount namespace and also by io_uring: that open waits
 * until we let it go, and by then the next open is decided anew. So there is no moment in
 * which an open of a file with a writer, or a writable mapping, passes unseen. (One open is
 * none of a writer for the kernel, and cuts the file all the same: gate_cut.c.)
 *
 * An ignore mark goes with the file wherever it is moved, so only approved code gets one.
 * What is harmless under its name alone (a picture, a page of a cache, text among code) is
 * asked about at each open, but read once: it is remembered with its name, with the lease.
 *
 * A page of a cache gets one after a while, in the group of the caches: a mark counts in its
 * own group only, so that page is asked about as soon as it stands among code. What leads
 * from there into the cache is a symbolic link: while one stands, there are no such marks.
 *
 * The read lease can be had only while nobody has the file open for writing, nor mapped
 * so: asking for it is how writers are noticed.
 */
#ifndef HINOBAN_SENSE_LEASES_H
#define HINOBAN_SENSE_LEASES_H

#include "sense/sight.h"

#define LEASES_MAX \
	65536 /* files kept open; fewer where RLIMIT_NOFILE allows less than twice that */
#define LEASES_NAMED 8192 /* of them such that are remembered with their names */

struct leases;

/* Whose folders ask: that of the shop's caches (generated code), or any other of the shop; or
 * one outside of it, where a link of code led (gate_far.c). */
enum asks { ASKS_CODE, ASKS_CACHE, ASKS_FAR, ASKS };

/* `group`: the fanotify descriptors. Signals are blocked and read through leases_fd(). */
int leases_new(const int group[ASKS], struct leases **out);
void leases_free(struct leases *l);
int leases_fd(const struct leases *l);

enum lease {
	LEASE_TAKEN,   /* nobody writes, and we will be told */
	LEASE_WRITTEN, /* somebody has it open for writing, the opener that waits included */
	LEASE_NONE,    /* this filesystem has no leases */
	LEASE_GIVEN    /* released for the hand: nothing that was seen before holds any more */
};
/* Ask for a lease on fd (open for reading, below LEASES_MAX descriptors). */
enum lease leases_take(struct leases *l, int fd);
/* Was it broken since it was taken? Forgets it if so: decide anew. */
bool leases_broken(struct leases *l, int fd);
/* It is approved code under the name `key` (not 0). Opens of this file pass from now on, in the
   folders that asked (ASKS: they are asked about, under this lease). The descriptor is ours if
   the answer is true. It stays the caller's where the file is kept already, where the
   filesystem has no leases (the mark alone stands then), and where there is no room: its next
   open is asked about. What is kept makes room, one by one. */
bool leases_keep(struct leases *l, int fd, enum lease lease, enum asks asks, uint64_t key);
/*
 * The same for one that is harmless under the name `key` only. True: the descriptor is ours,
 * and leases_named() knows it until it is written to, altered or many others came.
 */
bool leases_keep_named(struct leases *l, int fd, enum lease lease, const struct sight *s,
                       uint64_t key);
/* Since when (clock_mono_us) it is known so; -1: it isn't. */
int64_t leases_named(struct leases *l, const struct sight *s, uint64_t key);
/* Of one that is: its opens in a cache pass from now on. */
void leases_last(struct leases *l, const struct sight *s);
/* All such are asked about again. */
void leases_last_none(struct leases *l);
/* Opens of what stands under this name now are asked about again, in all folders. */
void leases_ask_again(struct leases *l, int dirfd, const char *name);
/* Is this file kept as approved under this name, by a lease that nobody has broken? Then nobody
 * has written to it. */
bool leases_hold(struct leases *l, const struct sight *s, uint64_t key);
/* The same, and its opens pass under whatever name: it is approved code. */
bool leases_pass(struct leases *l, const struct sight *s);
/* The same, or its opens are asked about again, but the lease by which it passed still stands.
 */
bool leases_kept(struct leases *l, const struct sight *s);
/* Has one of ours on it been in force since its last decision, whatever that was? Then nobody
 * has opened it for writing. */
bool leases_stand(struct leases *l, const struct sight *s);
/* Forget all verdicts on this file: the hand is going to write to it. Not those that are being
 * broken: leases_breaks_of(). */
void leases_yield(struct leases *l, const struct sight *s);
/* The same where nobody waits to write to it; else nothing: he is judged first. */
void leases_yield_free(struct leases *l, const struct sight *s);
/* Let go of the lease alone: the hand is going to write, and to have one of its own by this
 * very open file. */
void leases_release(struct leases *l, int fd);
/* Its opens are asked about, but its lease stands until who opens it now has read. True: the
 * descriptor is ours. */
bool leases_leave(struct leases *l, int fd);
/* The caller gives fd up without keeping it; closes it. */
void leases_drop(struct leases *l, int fd);
/*
 * Read the signals. Of a kept file whose lease is being broken, opens are asked about again
 * from now on. leases_breaks() tells `fn` of it, and as what it was kept (0: as harmless only);
 * the writer waits until leases_drop() (or until the kernel loses patience:
 * /proc/sys/fs/lease-break-time). There may be thousands at once: true if some are left after
 * `most_us`. leases_breaks_of() tells those of this file, before those of others.
 */
typedef void leases_fn(void *ctx, int fd, uint64_t key);
void leases_serve(struct leases *l);
bool leases_breaks(struct leases *l, int64_t most_us);
void leases_breaks_of(struct leases *l, const struct sight *s);
/*
 * Does what this descriptor holds stand where it is approved? Where room for more files is
 * short those are let go of that don't: an intruder may have put one after the other there.
 */
typedef bool leases_stands_fn(void *ctx, int fd);
void leases_tell(struct leases *l, leases_fn *fn, leases_stands_fn *stands, void *ctx);
/* All verdicts are void, at once. */
void leases_clear(struct leases *l);
/*
 * All are to be given anew: opens are asked about again from now on. Who has opened such a
 * file already gets time to read it: its lease stands a little longer.
 */
void leases_renew(struct leases *l);
/* Something was removed: of files that are gone the descriptor, and with it their room on the
 * disk, is given back within seconds, by leases_tick(). */
void leases_removed(struct leases *l);
void leases_tick(struct leases *l, int64_t now_us);
size_t leases_count(const struct leases *l);

#endif
