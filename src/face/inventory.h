/*
 * inventory: what the verbs of `hinoban page` share: the words that stand, and the scripts that
 * the watched pages run now, each once a page.
 */
#ifndef HINOBAN_FACE_INVENTORY_H
#define HINOBAN_FACE_INVENTORY_H

#include "face/face.h"
#include "fact/allowed.h"

struct inventory_script {
	const char *page, *url, *hash, *structure, *by;
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

/* Exit codes; complained already where it is not EXIT_GOOD. After face_ledger(). */
int inventory_read(struct face *f, struct inventory *out);
void inventory_done(struct inventory *v);
/* Every word that stands, from the ledger; NULL after a complaint. */
struct allowed *inventory_words(struct face *f);

/*
 * The newest record of each page and way of visiting, all of its parts; non-zero ends. An exit
 * code; complained already where it is not EXIT_GOOD.
 */
typedef int inventory_record_fn(void *ctx, const struct ledger_visits *of,
                                const struct json *part);
int inventory_records(struct face *f, inventory_record_fn *fn, void *ctx);

/* Verbs; each an exit code. */
int inventory_authorise(struct face *f);
int inventory_refuse(struct face *f);
int inventory_run(struct face *f);
int inventory_report(struct face *f);
int inventory_policy(struct face *f);

#endif
