#include "visit/known.h"
#include <stdio.h>
#include <string.h>

#define SLOTS (4u * KNOWN_MAX) /* open addressing, a quarter full at most */

struct known {
	struct known_script script[SLOTS]; /* v8 "": free */
	uint64_t told[SLOTS];              /* 0: free */
	size_t scripts, tolds;
	int64_t since_us; /* gathered; 0: nothing yet */
};

struct known *known_new(void)
{
	struct known *k = calloc(1, sizeof(*k));

	if (!k)
		err_die("no memory");
	return k;
}

void known_free(struct known *k)
{
	free(k);
}

bool known_begin(struct known *k, int64_t now_us)
{
	bool over = k->since_us && now_us - k->since_us > KNOWN_DAY_US;

	if (over)
		memset(k, 0, sizeof(*k));
	if (!k->since_us)
		k->since_us = now_us;
	return over;
}

static size_t place_of(const struct known *k, const char *v8)
{
	size_t i = hash_table(slice_str(v8)) % SLOTS;

	while (k->script[i].v8[0] && strcmp(k->script[i].v8, v8) != 0)
		i = (i + 1) % SLOTS;
	return i;
}

const struct known_script *known_get(const struct known *k, const char *v8)
{
	const struct known_script *s = &k->script[place_of(k, v8)];

	return v8[0] && s->v8[0] ? s : NULL;
}

void known_put(struct known *k, const struct known_script *s)
{
	size_t i;

	if (!s->v8[0])
		return;
	i = place_of(k, s->v8);
	if (!k->script[i].v8[0] && k->scripts == KNOWN_MAX) {
		memset(k->script, 0, sizeof(k->script));
		k->scripts = 0;
		i = place_of(k, s->v8);
	}
	k->scripts += !k->script[i].v8[0];
	k->script[i] = *s;
}

bool known_told(struct known *k, struct slice page, const char *hash)
{
	char text[256];
	uint64_t key;
	size_t i;
	int n = snprintf(text, sizeof(text), "%.*s %s", (int)(page.n < 128 ? page.n : 128),
	                 (const char *)page.at, hash);

	key = hash_table(slice_mem(text, (size_t)n)) | 1;
	for (i = key % SLOTS; k->told[i]; i = (i + 1) % SLOTS)
		if (k->told[i] == key)
			return true;
	if (k->tolds == KNOWN_MAX) {
		memset(k->told, 0, sizeof(k->told));
		k->tolds = 0;
		i = key % SLOTS;
	}
	k->told[i] = key;
	k->tolds++;
	return false;
}
