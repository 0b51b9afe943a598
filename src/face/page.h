/*
 * page: what the verbs of `hinoban page` share: the words that stand, and the scripts that the
 * watched pages run now, each once a page.
 */
#ifndef HINOBAN_FACE_PAGE_H
#define HINOBAN_FACE_PAGE_H

#include "face/face.h"
#include "fact/allowed.h"

struct page_script {
	const char *page, *url, *hash, *structure, *by;
	int64_t first_us, last_us; /* of this version */
	int64_t first_seq, last_seq;
	bool third;
	enum allowed_how how;
	const struct allowed_word *word; /* NULL: none */
};

struct page_inventory {
	struct allowed *words;
	struct page_script *script; /* in the order of pages and addresses */
	size_t n;
};

/* Exit codes; complained already where it is not EXIT_GOOD. After face_ledger(). */
int page_inventory_read(struct face *f, struct page_inventory *out);
void page_inventory_done(struct page_inventory *v);
/* Every word that stands, from the ledger; NULL after a complaint. */
struct allowed *page_words(struct face *f);

/*
 * The newest record of each page and way of visiting, all of its parts; non-zero ends. An exit
 * code; complained already where it is not EXIT_GOOD.
 */
typedef int page_record_fn(void *ctx, const struct ledger_visits *of, const struct json *part);
int page_records(struct face *f, page_record_fn *fn, void *ctx);

/* Verbs; each an exit code. */
int page_inventory_run(struct face *f);
int page_report_run(struct face *f);
int page_policy_run(struct face *f);

#endif
