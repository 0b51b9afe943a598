#include "ledger/recall.h"

void recall_begin(struct recall *r, int64_t upto)
{
	r->from = 0;
	r->upto = upto;
	r->n = r->at = 0;
}

int64_t recall_next(struct recall *r, struct store *st)
{
	while (r->at == r->n && r->from < r->upto) {
		int64_t to = r->upto - r->from > RECALL_STEP ? r->from + RECALL_STEP : r->upto;
		int n = store_found_before(st, r->from, to, r->seq, RECALL_STEP);

		if (n < 0)
			return n;
		r->n = (size_t)n;
		r->at = 0;
		r->from = to;
	}
	return r->at < r->n ? r->seq[r->at++] : 0;
}
