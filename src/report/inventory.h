/*
 * inventory: the scripts that the watched pages run now, each once a page, and the words that
 * stand about them. Computed from facts; the command line, the reports and the console show it.
 * Texts live in the arena. 0, or a negative errno.
 */
#ifndef HINOBAN_REPORT_INVENTORY_H
#define HINOBAN_REPORT_INVENTORY_H

#include "fact/allowed.h"
#include "ledger/ledger.h"

#define INVENTORY_SETTLED 256 /* findings that one word settles, at most */

struct inventory_script {
	const char *page, *url, *hash, *structure, *by;
	const char *subject;       /* its address as words about it have it */
	int64_t first_us, last_us; /* of this version */
	int64_t first_seq, last_seq;
	bool third;
	enum allowed_how how;
	const struct allowed_word *word; /* NULL: none */
};

struct inventory {
	struct allowed *words;
	struct inventory_script *script; /* in the order of pages and addresses */
	size_t n;
};

int inventory_read(struct ledger *l, struct arena *a, struct inventory *out);
void inventory_done(struct inventory *v);
/* Every word that stands; allowed_free() it. */
int inventory_words(struct ledger *l, struct allowed **out);
/* "unknown", "refused", "changed", "given", "rule", "3ds". */
const char *inventory_status(enum allowed_how how);

/* What a word would have to be about to settle this finding: "script", "flow", "header",
 * "form", "frame"; NULL: no word about pages does. */
const char *inventory_what(const struct json *finding);
/* Is its subject one thing that can be authorised? Not where it counts several. */
bool inventory_one(const struct json *finding);
/*
 * Open findings that the draft of a page.authorised settles; with a NULL draft all that speak
 * of scripts. How many were put into seq.
 */
size_t inventory_settles(struct ledger *l, struct arena *a, const struct json *word,
                         int64_t seq[INVENTORY_SETTLED]);

/* The newest record of each page and way of visiting, all of its parts; non-zero ends. */
typedef int inventory_record_fn(void *ctx, const struct ledger_visits *of,
                                const struct json *part);
int inventory_records(struct ledger *l, struct arena *a, inventory_record_fn *fn, void *ctx);
/* The same of one record, by its seq. */
int inventory_record(struct ledger *l, const struct ledger_visits *of, inventory_record_fn *fn,
                     void *ctx);

#endif
