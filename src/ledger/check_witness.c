/*
 * check_witness: the heads that a witness kept elsewhere against the facts that are here. What
 * was rolled back or written anew with the ledger's own key shows by nothing else.
 */
#include "ledger/check.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

struct witnessed {
	struct check *c;
	int64_t heads, line;
	int64_t agreed; /* the largest size that the witness and the facts agree on */
	bool removed;   /* told once: the first head beyond what is here */
};

static void hold(struct witnessed *w, const struct ledger_head *h)
{
	struct check *c = w->c;
	struct hash root;

	w->heads++;
	if (!head_valid(c->key, h)) {
		check_fault(c, h->size, "witness: line %lld: the signature is not that of %s",
		            (long long)w->line, HEAD_PUB_NAME);
	} else if (h->size > c->size) {
		if (!w->removed)
			check_fault(c, c->size + 1,
			            "witness: line %lld knew %lld facts, only %lld are here: "
			            "the others were removed",
			            (long long)w->line, (long long)h->size, (long long)c->size);
		w->removed = true;
	} else if (h->size > 0 && (tree_range(&c->tiles, 0, h->size, &root) < 0 ||
	                           !hash_eq(&root, &h->root))) {
		check_fault(c, h->size,
		            "witness: line %lld knew other facts between %lld and %lld",
		            (long long)w->line, (long long)w->agreed + 1, (long long)h->size);
	} else if (h->size > w->agreed) {
		w->agreed = h->size;
	}
}

/* Before a head may stand what syslog writes; lines without one are other people's. */
int check_witness(struct check *c, struct err *e)
{
	struct witnessed w = {.c = c};
	struct ledger_head h;
	char line[4096];

	while ((c->witness_end < 0 || ftello(c->witness) < c->witness_end) &&
	       fgets(line, sizeof(line), c->witness)) {
		const char *at = strchr(line, '{');

		w.line++;
		if (at && head_parse(slice_trim(slice_str(at)), &h))
			hold(&w, &h);
	}
	if (ferror(c->witness))
		return err_set(e, -EIO, "the witness's heads can't be read");
	return w.heads ? 0 : err_set(e, -EINVAL, "the witness's file holds no signed head");
}
