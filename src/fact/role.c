#include "fact/role.h"

#include <string.h>

static const char *const names[ROLES] = {
    [ROLE_PAYMENT] = "payment",     [ROLE_CODE] = "code",       [ROLE_CONFIG] = "config",
    [ROLE_GENERATED] = "generated", [ROLE_UPLOADS] = "uploads", [ROLE_DATA] = "data",
    [ROLE_IGNORED] = "ignored",
};

const char *role_name(enum role r)
{
	return (unsigned)r < ROLES ? names[r] : "unknown";
}

bool role_of(struct slice name, enum role *out)
{
	for (unsigned i = 0; i < ROLES; i++) {
		if (slice_eq(name, slice_str(names[i]))) {
			*out = (enum role)i;
			return true;
		}
	}
	return false;
}

static bool ends_in(struct slice path, const char *end)
{
	struct slice e = slice_str(end);

	return path.n > e.n && slice_caseeq(slice_sub(path, path.n - e.n, path.n), e);
}

enum role_packing role_packing(struct slice path, struct slice *text)
{
	static const char *const ways[] = {
	    [ROLE_GZIP] = ".gz", [ROLE_BROTLI] = ".br", [ROLE_ZSTD] = ".zst"};
	static const char *const texts[] = {
	    ".css", ".cjs",  ".es6", ".htm",         ".html",  ".js",  ".jsx", ".json", ".mjs",
	    ".svg", ".wasm", ".xml", ".webmanifest", ".xhtml", ".xht", ".xsl", ".xslt"};
	enum role_packing way = ROLE_ZSTD;
	struct slice inner;

	while (way != ROLE_UNPACKED && !ends_in(path, ways[way]))
		way--;
	if (way == ROLE_UNPACKED)
		return ROLE_UNPACKED;
	inner = slice_sub(path, 0, path.n - strlen(ways[way]));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!ends_in(inner, texts[i]))
			continue;
		if (text)
			*text = inner;
		return way;
	}
	return ROLE_UNPACKED;
}

bool role_is_code(enum role r)
{
	return r == ROLE_PAYMENT || r == ROLE_CODE || r == ROLE_CONFIG;
}
