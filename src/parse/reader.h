/*
 * reader: serves LOOK, HASH, DIFF, NEWS and LINES (wall/msg.h). One request at a time; all
 * memory that depends on a request comes from an arena that is reset before each.
 */
#ifndef HINOBAN_PARSE_READER_H
#define HINOBAN_PARSE_READER_H

#include "wall/loop.h"

#define READER_CHUNK_BYTES (1u << 20)
#define READER_MAX_ARENA   (64u << 20)
#define READER_MAX_DIFF_IN (16u << 20) /* each side, unpacked */
#define READER_MAX_DIFF    (32u << 20)

/*
 * A file of up to this size is hashed as it is. Of a larger one the hash is SHA-256 over its
 * size and each block of 4 KiB that is not all zero, behind its offset (numbers: 8 bytes,
 * lowest first): what it says depends on the content alone, and terabytes of hole, which
 * cost an attacker nothing, cost us nothing either.
 */
#define READER_PLAIN_MAX_BYTES (INT64_C(1) << 30)

struct reader;

struct reader *reader_new(void);
void reader_free(struct reader *r);
/* Serve one frame from the neighbour in `slot`. False: a frame that is not for a reader. */
bool reader_serve(struct reader *r, struct loop *l, int slot, struct msg *m);

/* Told the size of a file before it is read; may be NULL. */
typedef void reader_before_fn(int64_t size);
/* reader_file.c: the answer to LOOK (look) or HASH, or {"error"}. */
struct json *reader_file(struct arena *a, const struct json *ask, int fd, bool look,
                         struct hash_state *hash, uint8_t *content, reader_before_fn *before);
/* reader_diff.c: the answer to DIFF; writes the diff into `out`. */
struct json *reader_diff(struct arena *a, const struct json *ask, int before, int after,
                         int out);
/* reader_news.c: the answer to NEWS; fd: text, lexicons, watched names, out. */
struct json *reader_news(struct arena *a, const struct json *ask, const int fd[4]);
/* All of a descriptor, at most `max` bytes: 0, 1 if there is more, -errno. */
int reader_whole(int fd, struct buf *to, size_t max);
/* Write all of it. 0 or -errno. */
int reader_store(int fd, struct slice s);
/* The answer to LINES. */
struct json *reader_lines(struct arena *a, const struct json *ask);
struct json *reader_error(struct arena *a, const char *text);

#endif
