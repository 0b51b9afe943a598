#include "ledger/heard.h"
#include <string.h>

static bool wanted(const struct fact_type *t)
{
	static const char *const types[] = {"dismiss", "case.*", "count.scope", "alert.*"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (text_glob(slice_str(types[i]), slice_str(t->type)))
			return true;
	}
	return t->kind == FACT_FINDING;
}

void heard_begin(struct heard *h)
{
	*h = (struct heard){0};
}

/* Is what is known of this type past? Then it is asked for again. */
static bool stale(const struct heard *h, size_t n, int64_t size)
{
	return h->next[n] ? h->next[n] <= h->pushed : h->asked < size;
}

int64_t heard_next(struct heard *h, struct store *st)
{
	int64_t size = store_size(st), first = 0;
	size_t n = 0;

	for (size_t i = 0; i < fact_type_count && n < HEARD_MAX; i++) {
		int r = 0;

		if (!wanted(&fact_types[i]))
			continue;
		if (stale(h, n, size))
			r = store_next_of(st, fact_types[i].type, h->pushed, &h->next[n]);
		if (r < 0)
			return r;
		if (h->next[n] && (!first || h->next[n] < first))
			first = h->next[n];
		n++;
	}
	h->asked = size;
	return first;
}

void heard_told(struct heard *h, int64_t seq)
{
	h->pushed = seq;
}
