/*
 * exposure: the vendor's question: which of our pages loaded what a vendor, a host or a hash
 * names, in which versions, from when to when, and which visits prove it. Answered from the
 * view of pages alone. Texts live in the arena. 0, or a negative errno.
 *
 * A version stands, for certain, from the first visit that saw it to the last, and possibly
 * from the last visit that did not see it yet to the first that saw it no more; where nobody
 * looked since, possibly up to now. What reaches into the time asked for in this sense is in
 * the answer, whenever the visits were that show it. Before a page's first visit nothing is
 * known.
 */
#ifndef HINOBAN_REPORT_EXPOSURE_H
#define HINOBAN_REPORT_EXPOSURE_H

#include "fact/json.h"
#include "ledger/ledger.h"

#define EXPOSURE_HOSTS 32

/* One version on one page, over visits without a break. Seqs of the facts that prove them. */
struct exposure_seen {
	const char *page, *url, *hash, *structure, *by;
	struct buf arms;
	int64_t first_us, last_us, first_seq, last_seq, first_record, last_record, visits;
	int64_t maybe_from_us, maybe_to_us; /* 0: no visit before, after */
	bool sure; /* it stood for certain in the time asked for; else possibly */
	bool card, person, password; /* what the page asked for meanwhile */
};

struct exposure {
	struct ledger *ledger;
	struct arena *mem;
	const char *vendor; /* a host, an address, a hash, a vendor's or owner's name, or a part
	                     * of a host's name */
	int64_t since_us, until_us; /* [since, until); 0: open */
	const char *host[EXPOSURE_HOSTS];
	size_t hosts;
	struct slice hash, part;
	struct exposure_seen *seen; /* in the order of pages */
	size_t n, room;
	int64_t pages, visits; /* that were watched at all */
	const char *last;
};

/* The first five are the caller's, the rest 0. */
int exposure_ask(struct exposure *x);
void exposure_done(struct exposure *x);
/* Is this one the first of its page? */
bool exposure_new_page(const struct exposure *x, size_t i);
int64_t exposure_pages(const struct exposure *x);
/* Counts of the scope stage whose time overlaps: an array of facts. */
const struct json *exposure_counts(struct exposure *x);
/* Is this one, of that array, the newest figure of its group? Not an item's, which scope has.
 */
bool exposure_tells(const struct json *count);

#endif
