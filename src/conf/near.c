/* Which known word may have been meant? Damerau-Levenshtein distance over short words. */
#include "conf/keys.h"

#include <string.h>

#define NEAR_WORD_BYTES 40
#define NEAR_DISTANCE   2

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t distance(struct slice a, struct slice b)
{
	size_t d[NEAR_WORD_BYTES + 1][NEAR_WORD_BYTES + 1];

	for (size_t i = 0; i <= a.n; i++)
		d[i][0] = i;
	for (size_t j = 0; j <= b.n; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= a.n; i++)
		for (size_t j = 1; j <= b.n; j++) {
			bool same = a.at[i - 1] == b.at[j - 1];
			size_t best = least(d[i - 1][j] + 1, d[i][j - 1] + 1);

			best = least(best, d[i - 1][j - 1] + !same);
			if (i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] &&
			    a.at[i - 2] == b.at[j - 1])
				best = least(best, d[i - 2][j - 2] + 1);
			d[i][j] = best;
		}
	return d[a.n][b.n];
}

const char *keys_near(struct slice word, const char *const *names)
{
	const char *near = NULL;
	size_t best = NEAR_DISTANCE + 1;

	if (word.n > NEAR_WORD_BYTES)
		return NULL;
	for (size_t i = 0; names[i]; i++) {
		struct slice name = slice_str(names[i]);
		size_t d;

		if (name.n > NEAR_WORD_BYTES)
			continue;
		d = distance(word, name);
		/* Of a word of two letters, two changes leave nothing. */
		if (d < best && d < name.n) {
			best = d;
			near = names[i];
		}
	}
	return near;
}
