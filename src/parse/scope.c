#include "parse/scope.h"

#include <string.h>

uint32_t scope_get(const struct scope *s, uint32_t key)
{
	if (s->used == 0 || key == 0)
		return 0;
	for (uint32_t i = 0; i < 32; i++) {
		size_t at = ((size_t)key + i) % SCOPE_BITS;
		if (s->slot[at].key == key)
			return s->slot[at].bits;
		if (s->slot[at].key == 0)
			return 0;
	}
	return 0;
}

void scope_or(struct scope *s, uint32_t key, uint32_t bits)
{
	if (key == 0 || bits == 0)
		return;
	for (uint32_t i = 0; i < 32; i++) {
		size_t at = ((size_t)key + i) % SCOPE_BITS;
		if (s->slot[at].key == 0) {
			s->slot[at].key = key;
			s->used++;
		}
		if (s->slot[at].key == key) {
			s->slot[at].bits |= bits;
			return;
		}
	}
}

uint32_t scope_declare(struct scope *s, uint32_t hash)
{
	uint32_t key = scope_mix(hash, ++s->serial);
	uint16_t *bucket = &s->bucket[hash % SCOPE_BUCKETS];

	if (s->names >= SCOPE_NAMES)
		return hash | 1;
	s->name[s->names] = (struct scope_name){hash, key, *bucket};
	*bucket = (uint16_t)(++s->names);
	return key;
}

uint32_t scope_key(const struct scope *s, uint32_t hash)
{
	uint16_t at = s->bucket[hash % SCOPE_BUCKETS];

	for (int i = 0; at && i < 64; i++) {
		const struct scope_name *n = &s->name[at - 1];
		if (n->hash == hash)
			return n->key;
		at = n->next;
	}
	return hash | 1;
}

void scope_leave(struct scope *s, uint32_t mark)
{
	while (s->names > mark) {
		const struct scope_name *n = &s->name[--s->names];
		s->bucket[n->hash % SCOPE_BUCKETS] = n->next;
	}
}

void scope_again(struct scope *s)
{
	scope_leave(s, 0);
	s->serial = 0;
	memset(s->bucket, 0, sizeof(s->bucket));
}
