/*
 * syntax: the one syntax of config and profile files, as a stream of items.
 *
 * Every fault names FILE:LINE:COLUMN (columns count characters, from 1), what was found
 * and what was expected. Texts and lists live in the arena.
 */
#ifndef HINOBAN_CONF_SYNTAX_H
#define HINOBAN_CONF_SYNTAX_H

#include "base/base.h"

#define SYNTAX_MAX_LIST   4096 /* texts in one list */
#define SYNTAX_TEXT_BYTES 4096 /* one text */

enum syntax_kind {
	SYNTAX_TEXT,
	SYNTAX_NUMBER,   /* no unit */
	SYNTAX_DURATION, /* s m h d, in seconds */
	SYNTAX_SIZE,     /* K M G, in bytes */
	SYNTAX_BOOL,
	SYNTAX_LIST,
};

struct syntax_pos {
	size_t line, column;
};

struct syntax_value {
	enum syntax_kind kind;
	struct syntax_pos pos;
	struct slice text;
	int64_t number; /* also 0 and 1 for SYNTAX_BOOL */
	struct slice *list;
	struct syntax_pos *list_pos;
	size_t list_count;
};

struct syntax_item {
	bool section; /* [name], no value */
	struct slice name;
	struct syntax_pos pos;
	struct syntax_value value;
};

struct syntax {
	struct cursor in;
	struct syntax_pos pos;
	const char *file;
	struct arena *mem;
	struct err *err;
};

/* A byte order mark at the start is stepped over. */
void syntax_init(struct syntax *s, struct slice text, const char *file, struct arena *mem,
                 struct err *e);
/* 1: an item is in *out; 0: the end; -EINVAL or -ENOMEM with the sentence in the err. */
int syntax_next(struct syntax *s, struct syntax_item *out);
/* Write FILE:LINE:COLUMN: ... and return -EINVAL. */
int syntax_fault(const struct syntax *s, struct syntax_pos at, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* "a text", "a number", ... for messages. */
const char *syntax_kind_name(enum syntax_kind k);

#endif
