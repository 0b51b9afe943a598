/*
 * way: one way on which people are told: mails, a webhook, syslog. libcurl does the talking,
 * many at a time, while the role's loop turns; no way waits for another.
 */
#ifndef HINOBAN_ALERT_WAY_H
#define HINOBAN_ALERT_WAY_H

#include "alert/dress.h"
#include "conf/conf.h"

#define WAY_MAX        24
#define WAY_NAME_BYTES 32
#define WAY_WHY_BYTES  160

struct ways; /* what they share: libcurl */

enum way_sort { WAY_MAIL, WAY_HOOK, WAY_SYSLOG };

struct way {
	char name[WAY_NAME_BYTES]; /* "mail", "webhook1", "syslog": as facts call it */
	enum way_sort sort;
	enum dress_hook hook;
	const char *url; /* a secret: never told */
	/* Under way: */
	void *easy;
	struct buf payload;
	size_t sent;
	void *list; /* struct curl_slist */
	int64_t since_us;
};

/* Something ended: why is "" where all went well. */
typedef void way_done_fn(void *ctx, struct way *w, const char *why);

/*
 * Read the settings into w (at most WAY_MAX), secrets from their files: before the seal, as
 * root. How many, or -EINVAL with the sentence.
 */
int ways_open(const struct conf *c, const char *host, struct way *w, struct ways **out,
              struct err *e);
void ways_close(struct ways *ws, struct way *w, int n);
/* Begin to tell a note. The end is told by ways_turn. 0 or -errno. */
int way_tell(struct ways *ws, struct way *w, const struct note *n, int64_t now_us);
/* The same of the digest; for a way of WAY_MAIL. */
int way_tell_digest(struct ways *ws, struct way *w, const struct dress_digest *d,
                    int64_t now_us);
bool way_busy(const struct way *w);
/* Let libcurl work for at most so long. */
void ways_turn(struct ways *ws, int ms, way_done_fn *done, void *ctx);

#endif
