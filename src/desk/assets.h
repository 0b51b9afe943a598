/*
 * assets: what lies under assets/, embedded at build by embed.py.
 */
#ifndef HINOBAN_DESK_ASSETS_H
#define HINOBAN_DESK_ASSETS_H

#include "base/base.h"

struct asset {
	const char *name; /* "style.css" */
	const char *mime;
	const char *etag; /* with its quotes */
	const uint8_t *at;
	size_t n;
};
extern const struct asset assets[];
extern const size_t asset_count;

/* Something that a browser may fetch from /assets/NAME, or NULL: templates are not. */
const struct asset *assets_find(struct slice name);
/* The text of a template, "home.html"; empty where there is none. */
struct slice assets_template(const char *name);

#endif
