/*
 * look: what is known about one input while it is looked at. Counts are capped, lists are
 * bounded, memory comes from the input's arena; nothing here fails: what does not fit is
 * left out.
 */
#ifndef HINOBAN_PARSE_LOOK_H
#define HINOBAN_PARSE_LOOK_H

#include "fact/feature.h"
#include "parse/parse.h"

#define LOOK_MAX_NAMES 16 /* hosts, written files: names kept */
#define LOOK_MAX_HOSTS 64 /* distinct hosts told apart */
#define LOOK_MAX_COUNT 1000000
#define LOOK_MAX_DEPTH 3             /* decoded text inside decoded text */
#define LOOK_MAX_TEXT  (256u * 1024) /* bytes of decoded and glued text per input */

struct look_names {
	struct slice name[LOOK_MAX_NAMES];
	size_t n;
};

struct look {
	struct arena *mem;
	uint32_t count[FEATURE_COUNT];
	struct look_names hosts, written;
	uint32_t host_seen[LOOK_MAX_HOSTS];
	size_t hosts_seen;
	size_t text_left; /* of LOOK_MAX_TEXT */
	bool flows_only;  /* second pass: only where data go is counted */
	/* For the shares. */
	uint64_t string_bytes, escape_bytes;
	uint64_t names, odd_names;
	uint32_t depth; /* of decoded text */
};

void look_init(struct look *l, struct arena *mem);
void look_add(struct look *l, enum feature f, uint32_t n);
void look_max(struct look *l, enum feature f, uint64_t v);
/* Forget what was counted about flows, and count nothing else from now on. */
void look_second_pass(struct look *l);
/* A name for a list; repeated and ill-formed ones are left out. */
void look_name(struct look *l, struct look_names *to, struct slice name);
/* Memory for decoded text, within the input's allowance, or NULL. */
uint8_t *look_text(struct look *l, size_t n);
/* The address at `url` ("host/..." behind "//"): notes its host. False if it is none. */
bool look_host(struct look *l, struct slice rest);
/* {"kind", "features", "hosts", "written"} */
struct json *look_result(struct look *l, const char *kind);

#endif
