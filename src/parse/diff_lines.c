#include "parse/diff.h"

#include <errno.h>
#include <string.h>

static uint32_t count_lines(struct slice s)
{
	uint32_t n = 0;
	size_t at = 0;

	while (at < s.n && n < DIFF_MAX_LINES) {
		const uint8_t *p = memchr(s.at + at, '\n', s.n - at);
		at = p ? (size_t)(p - s.at) + 1 : s.n;
		n++;
	}
	return n;
}

static int split(struct diff_side *d, struct slice s)
{
	size_t at = 0;

	d->n = count_lines(s);
	d->line = calloc(d->n + 1u, sizeof(*d->line));
	d->id = calloc(d->n + 1u, sizeof(*d->id));
	d->changed = calloc(d->n + 1u, sizeof(*d->changed));
	if (!d->line || !d->id || !d->changed)
		return -ENOMEM;
	for (uint32_t i = 0; i < d->n; i++) {
		const uint8_t *p = memchr(s.at + at, '\n', s.n - at);
		size_t end = p ? (size_t)(p - s.at) + 1 : s.n;
		if (i + 1 == DIFF_MAX_LINES && end < s.n) {
			end = s.n;
			d->coarse = true;
		}
		d->line[i] = slice_sub(s, at, end);
		at = end;
	}
	return 0;
}

struct entry {
	struct slice line;
	uint32_t id;
};

/* Give equal lines equal ids by a table with open addressing. */
static int number(struct diff_side side[2])
{
	size_t slots = 64, total = (size_t)side[0].n + side[1].n;
	struct entry *table;
	uint32_t ids = 0;

	while (slots < total * 2)
		slots *= 2;
	table = calloc(slots, sizeof(*table));
	if (!table)
		return -ENOMEM;
	for (size_t k = 0; k < 2; k++)
		for (uint32_t i = 0; i < side[k].n; i++) {
			struct slice line = side[k].line[i];
			size_t at = hash_table(line) & (slots - 1);
			while (table[at].id && !slice_eq(table[at].line, line))
				at = (at + 1) & (slots - 1);
			if (!table[at].id)
				table[at] = (struct entry){line, ++ids};
			side[k].id[i] = table[at].id;
		}
	free(table);
	return 0;
}

int diff_split(struct diff_side side[2], struct slice before, struct slice after)
{
	memset(side, 0, 2 * sizeof(*side));
	if (split(&side[0], before) < 0 || split(&side[1], after) < 0)
		return -ENOMEM;
	return number(side);
}

void diff_done(struct diff_side side[2])
{
	for (int k = 0; k < 2; k++) {
		free(side[k].line);
		free(side[k].id);
		free(side[k].changed);
	}
}
