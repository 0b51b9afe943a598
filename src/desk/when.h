/*
 * when: times as people read them, in the server's local zone, with UTC beside it; the
 * page's script puts them into the viewer's zone where that is another.
 */
#ifndef HINOBAN_DESK_WHEN_H
#define HINOBAN_DESK_WHEN_H

#include "desk/lang.h"
#include "fact/json.h"

enum when_form {
	WHEN_FULL,  /* 2026年11月24日 13:17:05    24 Nov 2026, 13:17:05 */
	WHEN_SHORT, /* 11月24日 13:17             24 Nov, 13:17 */
	WHEN_CLOCK, /* 13:17:05 */
	WHEN_DATE,  /* 11月24日（火）             Tue 24 Nov */
};

/* Read the zone's rules; once, before the sandbox. */
void when_setup(void);
void when_text(struct buf *out, int64_t us, enum when_form form, enum lang lang);
/* A length of time: 45秒, 3分, 2時間5分, 12日 / 45 seconds, 3 minutes ... */
void when_span(struct buf *out, int64_t us, enum lang lang);
/* 3分前 / 3 minutes ago; たった今 / just now. */
void when_ago(struct buf *out, int64_t us, int64_t now_us, enum lang lang);
/*
 * obj.name = {iso, text, utc, form}, what template "time" shows; nothing for us <= 0.
 */
void when_put(struct arena *a, struct json *obj, const char *name, int64_t us,
              enum when_form form, enum lang lang);

#endif
