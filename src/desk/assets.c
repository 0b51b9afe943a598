#include "desk/assets.h"

static const struct asset *find(struct slice name)
{
	for (size_t i = 0; i < asset_count; i++) {
		if (slice_eq(name, slice_str(assets[i].name)))
			return &assets[i];
	}
	return NULL;
}

const struct asset *assets_find(struct slice name)
{
	return slice_ends(name, SLICE(".html")) ? NULL : find(name);
}

struct slice assets_template(const char *name)
{
	const struct asset *a = find(slice_str(name));

	return a ? slice_mem(a->at, a->n) : SLICE("");
}
