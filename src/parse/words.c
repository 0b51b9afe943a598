#include "parse/words.h"

#include "parse/chars.h"

static void build(struct words *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct slice name = slice_str(w->word[i].name);
		uint32_t hash = chars_hash_of(name), at = hash;
		while (w->slot[at % WORDS_SLOTS].word)
			at++;
		w->slot[at % WORDS_SLOTS] =
		    (struct words_slot){hash, (uint16_t)(i + 1), (uint16_t)name.n};
	}
	w->ready = true;
}

const struct word *words_find(struct words *w, struct slice name, uint32_t hash)
{
	if (!w->ready)
		build(w);
	for (uint32_t at = hash;; at++) {
		const struct words_slot *s = &w->slot[at % WORDS_SLOTS];
		if (s->word == 0)
			return NULL;
		const struct word *found = &w->word[s->word - 1];
		if (s->hash == hash && s->length == name.n &&
		    slice_caseeq(slice_mem(found->name, s->length), name))
			return found;
	}
}
