#include "parse/words.h"

#include "parse/chars.h"

static void build(struct words *w)
{
	for (size_t i = 0; i < w->n; i++) {
		uint32_t at = chars_hash_of(slice_str(w->word[i].name));
		while (w->slot[at % WORDS_SLOTS])
			at++;
		w->slot[at % WORDS_SLOTS] = (uint16_t)(i + 1);
	}
	w->ready = true;
}

const struct word *words_find(struct words *w, struct slice name, uint32_t hash)
{
	if (!w->ready)
		build(w);
	for (uint32_t at = hash;; at++) {
		uint16_t i = w->slot[at % WORDS_SLOTS];
		if (i == 0)
			return NULL;
		const struct word *found = &w->word[i - 1];
		if (slice_caseeq(slice_str(found->name), name))
			return found;
	}
}
