/*
 * when: times as people write and read them: in the machine's time zone, or as "2d" ago.
 */
#ifndef HINOBAN_FACE_WHEN_H
#define HINOBAN_FACE_WHEN_H

#include "base/base.h"

#define WHEN_TEXT_BYTES 40

/*
 * 2026-11-24T04:05:06Z (RFC 3339, any offset), 2026-11-24, "2026-11-24 13:05[:06]" (both
 * local), a time before now as 30s 10m 3h 2d 1w, now, today, yesterday.
 */
bool when_parse(struct slice s, int64_t now_us, int64_t *us);
/* "2026-11-24 13:05:06", local. */
void when_text(int64_t us, char out[WHEN_TEXT_BYTES]);
/* "2026-11-24 13:05:06.000123 +0900". */
void when_exact(int64_t us, char out[WHEN_TEXT_BYTES]);
/* A length of time in the chosen language: "3 minutes", "2日". */
void when_length(int64_t us, char out[WHEN_TEXT_BYTES]);

#endif
