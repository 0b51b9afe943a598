/* case_index: which facts a case's findings rest on, found by seq and path, not one by one. */
#include "report/case_parts.h"
#include <errno.h>
#include <stdlib.h>

/* ---- changes ---- */

static int by_change(const void *a, const void *b)
{
	const struct case_change *x = a, *y = b;
	int d = x->seq < y->seq ? -1 : x->seq > y->seq;

	d = d ? d : slice_cmp(x->path, y->path);
	return d ? d : slice_cmp(x->root, y->root);
}

static size_t refs_of(const struct case_view *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->findings; i++)
		n += json_count(json_get(c->finding[i].fact, "refs"));
	return n;
}

static void put_changes(struct case_index *ix, const struct json *finding)
{
	const struct json *refs = json_get(finding, "refs");
	struct case_change change = {.root = json_text(finding, "root"),
	                             .path = json_text(finding, "path"),
	                             .baseline = json_true(finding, "at_baseline")};

	for (const struct json *r = refs ? refs->first : NULL; r; r = r->next) {
		if (r->kind != JSON_INT)
			continue;
		change.seq = r->i;
		ix->change[ix->changes++] = change;
	}
}

/* One of each: it is of the baseline if one of those that were the same is. */
static void fold_changes(struct case_index *ix)
{
	size_t n = 0;

	if (ix->changes > 1)
		qsort(ix->change, ix->changes, sizeof(ix->change[0]), by_change);
	for (size_t i = 0; i < ix->changes; i++) {
		struct case_change *last = n ? &ix->change[n - 1] : NULL;

		if (last && by_change(last, &ix->change[i]) == 0)
			last->baseline = last->baseline || ix->change[i].baseline;
		else
			ix->change[n++] = ix->change[i];
	}
	ix->changes = n;
}

const struct case_change *case_index_change(const struct case_index *ix, int64_t seq,
                                            struct slice root, struct slice path)
{
	struct case_change key = {.seq = seq, .root = root, .path = path};

	return ix->changes ? bsearch(&key, ix->change, ix->changes, sizeof(key), by_change)
	                   : NULL;
}

/* ---- objects ---- */

struct object {
	struct slice root, path, page;
	size_t at;
};

static int by_object(const struct object *x, const struct object *y)
{
	int d = slice_cmp(x->path, y->path);

	d = d ? d : slice_cmp(x->page, y->page);
	return d ? d : slice_cmp(x->root, y->root);
}

static int by_object_and_place(const void *a, const void *b)
{
	const struct object *x = a, *y = b;
	int d = by_object(x, y);

	return d ? d : x->at < y->at ? -1 : x->at > y->at;
}

static int mark_first(struct case_index *ix, const struct case_view *c)
{
	struct object *o = calloc(c->findings + 1, sizeof(*o));

	if (!o)
		return -ENOMEM;
	for (size_t i = 0; i < c->findings; i++) {
		const struct json *f = c->finding[i].fact;

		o[i] = (struct object){json_text(f, "root"), json_text(f, "path"),
		                       json_text(f, "page"), i};
	}
	if (c->findings > 1)
		qsort(o, c->findings, sizeof(o[0]), by_object_and_place);
	for (size_t i = 0; i < c->findings; i++)
		ix->first[o[i].at] = i == 0 || by_object(&o[i - 1], &o[i]) != 0;
	free(o);
	return 0;
}

int case_index_init(struct case_index *ix, const struct case_view *c)
{
	int r = -ENOMEM;

	*ix = (struct case_index){.change = calloc(refs_of(c) + 1, sizeof(*ix->change)),
	                          .first = calloc(c->findings + 1, sizeof(*ix->first))};
	if (ix->change && ix->first)
		r = mark_first(ix, c);
	for (size_t i = 0; r == 0 && i < c->findings; i++)
		put_changes(ix, c->finding[i].fact);
	if (r == 0)
		fold_changes(ix);
	else
		case_index_done(ix);
	return r;
}

void case_index_done(struct case_index *ix)
{
	free(ix->change);
	free(ix->first);
	*ix = (struct case_index){0};
}
