/*
 * dress: a note as a mail (RFC 5322, MIME, UTF-8 in base64) and as the JSON bodies that chat
 * services take.
 */
#ifndef HINOBAN_ALERT_DRESS_H
#define HINOBAN_ALERT_DRESS_H

#include "alert/note.h"

enum dress_hook {
	DRESS_JSON, /* our own, for programs */
	DRESS_SLACK,
	DRESS_MATTERMOST,
	DRESS_DISCORD,
	DRESS_TEAMS,
	DRESS_GOOGLECHAT,
	DRESS_HOOKS
};

bool dress_hook_of(struct slice name, enum dress_hook *out);
const char *dress_hook_name(enum dress_hook h);
/* The body of a request; false: no memory. */
bool dress_for_hook(const struct note *n, enum dress_hook h, struct buf *out);

struct dress_mail {
	struct slice from;
	const struct slice *to;
	size_t tos;
	int64_t at_us;
	const char *id; /* unique: the left half of the Message-ID */
	const char *host;
};

/* An address that may stand in a header and in an SMTP command: no blank, no control, no <>. */
bool dress_address_ok(struct slice s);
void dress_for_mail(const struct note *n, const struct dress_mail *m, struct buf *out);

/* The digest of a week. What is personal in its text is wiped here. */
struct dress_digest {
	struct slice title, text; /* Markdown */
	bool japanese;
};
/* In two parts, as text and as HTML. */
void dress_for_digest(const struct dress_digest *d, const struct dress_mail *m,
                      struct buf *out);

#endif
