/*
 * timeline: the newest facts, those that belong together in one line, by day. An inventory
 * of 100,000 files is one line and is not even read; so is a deploy's or a cache's writing.
 */
#ifndef HINOBAN_DESK_TIMELINE_H
#define HINOBAN_DESK_TIMELINE_H

#include "desk/page.h"

#define TIMELINE_LINES 40
#define TIMELINE_FACTS 3000 /* read at most, whatever they are */

/* An array of days {"day": {iso, text, ..}, "lines": [..]}, newest first. */
struct json *timeline_days(struct page *p);

#endif
