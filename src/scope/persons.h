/*
 * persons: tells persons apart by hashed keys, and counts them.
 *
 * A row is a person by its e-mail; without one by its member's number, else its telephone
 * number, else its name with postal code, else it is one by itself. Who has no e-mail, but the
 * telephone number and the name with postal code of exactly one who has (the recipient of an
 * order is mostly its buyer), is that one. That gives the upper figure. Persons who share a
 * member's number, a telephone number or a name with postal code may be one: joined, they give
 * the lower figure. A key that more than PERSONS_SHARED of them share (a company's switchboard,
 * a filler) joins nobody. The order of rows makes no difference.
 *
 * Nothing but hashes is held here, in memory that goes into no dump.
 */
#ifndef HINOBAN_SCOPE_PERSONS_H
#define HINOBAN_SCOPE_PERSONS_H

#include "base/base.h"

#define PERSONS_SHARED    8
#define PERSONS_KEY_BYTES 12
#define PERSONS_MAX       100000000u

struct persons;

enum persons_key { PERSONS_EMAIL, PERSONS_PHONE, PERSONS_NAME, PERSONS_MEMBER, PERSONS_KEYS };

struct persons *persons_new(void);
void persons_free(struct persons *p);
/* key[i].n is PERSONS_KEY_BYTES, or 0 where there is none. The person's number; -ENOMEM,
 * -E2BIG.
 */
int64_t persons_add(struct persons *p, const struct slice key[PERSONS_KEYS]);
/* How many, each by itself. */
int64_t persons_total(const struct persons *p);
/* After the last row: join those who may be one. *shared: keys that joined nobody. */
int persons_join(struct persons *p, int64_t *shared);

/* Bits that were seen of each person, in one group. */
struct persons_marks;
struct persons_marks *persons_marks_new(void);
void persons_marks_free(struct persons_marks *m);
int persons_mark(struct persons_marks *m, int64_t person, uint64_t bits);
/* Bits of `from` onto those of `to`. */
int persons_marks_add(struct persons_marks *to, const struct persons_marks *from);
/* How many bear each bit: each by itself (high), and after persons_join (low). */
int persons_count(const struct persons *p, const struct persons_marks *m, int64_t high[64],
                  int64_t low[64]);

#endif
