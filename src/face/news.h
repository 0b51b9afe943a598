/*
 * news: texts about incidents, read by a sealed reader of this command's own: what it needs
 * besides the text (lexicons, watched names), and its answers.
 */
#ifndef HINOBAN_FACE_NEWS_H
#define HINOBAN_FACE_NEWS_H

#include "face/face.h"
#include "face/reader.h"

#define NEWS_TOLD_BYTES (128u << 10)

struct news_desk {
	struct reader reader;
	int lexicon, names; /* memfds */
	bool open;
};

/* Start a reader, gather lexicons and names. EXIT_GOOD, or the code after a complaint. */
int news_open(struct face *f, struct news_desk *d);
void news_close(struct news_desk *d);
/*
 * What the text behind a descriptor says, in f->mem; NULL after a complaint that names `name`.
 * `published` may be NULL.
 */
const struct json *news_ask(struct face *f, struct news_desk *d, int fd, const char *name,
                            const char *published);
/* The same with the text as a person reads it; places are bytes of that. */
const struct json *news_ask_plain(struct face *f, struct news_desk *d, int fd, const char *name,
                                  const char *published);
/* The same with every day and number in it, for holding a document against a case. */
const struct json *news_ask_all(struct face *f, struct news_desk *d, int fd, const char *name);
/* A memfd with these bytes, or -errno. */
int news_memfd(struct slice s);

#endif
