/*
 * collect: what real visitors' browsers report of the pages that they show: violations of the
 * Content Security Policy (report-uri's form and the Reporting API's), and hashes of scripts
 * ('report-sha256'). Strangers write all of it: a report proves nothing by itself, card data
 * may stand in it, and there may be any number.
 *
 * So: only pages of hosts that are watched; addresses without queries, card numbers and packed
 * parts (parse/cards.h); equal reports are counted, told at once when they come first and then
 * once every COLLECT_AGAIN_US; at most COLLECT_NEW new ones a minute, COLLECT_KINDS kept.
 * Pure but for the clock that is handed in.
 */
#ifndef HINOBAN_DESK_COLLECT_H
#define HINOBAN_DESK_COLLECT_H

#include "fact/fact.h"

#define COLLECT_KINDS    4096
#define COLLECT_NEW      120 /* a minute */
#define COLLECT_VIEWS    8
#define COLLECT_PAGES    64
#define COLLECT_AGAIN_US (INT64_C(3600) * 1000000)
#define COLLECT_REPORTS  100 /* of one body */

struct collect_page {
	struct slice name, url; /* borrowed for good */
};

struct collect;

struct collect *collect_new(const struct collect_page *page, size_t pages);
void collect_free(struct collect *c);
/*
 * Take one body: JSON of either form; `view` is the name of the page view, `agent` the header.
 * How many reports were taken; -EINVAL: no reports at all.
 */
int collect_take(struct collect *c, struct slice body, struct slice view, struct slice agent,
                 int64_t now_us);
/* The next draft that is due (page.reported), in `a`; NULL: none. */
struct json *collect_due(struct collect *c, struct arena *a, int64_t now_us);
/* Reports that were passed over since the last call: not ours, too many, or none at all. */
int64_t collect_passed(struct collect *c);

#endif
