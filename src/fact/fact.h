/*
 * fact: the only thing that passes between stages.
 *
 * A fact is a JSON object in canonical form (json.h) with at least
 *   seq   integer, 1.. without gaps, given by the ledger
 *   at    when the ledger accepted it, RFC 3339 UTC, microseconds
 *   kind  sighting | finding | order | deed | word | count
 *   type  lower-case words joined by dots, e.g. file.changed
 *   refs  seqs of the facts it rests on (absent where there are none)
 * A draft is a fact without seq and at. Types and their fields are the closed
 * table in fact.c and in the man page hinoban.facts(7); a draft of an unknown
 * type, or one that lacks a required field, is refused by the ledger.
 */
#ifndef HINOBAN_FACT_H
#define HINOBAN_FACT_H

#include "fact/json.h"

#define FACT_MAX_BYTES (64u * 1024)
#define FACT_MAX_REFS  256

enum fact_kind {
	FACT_SIGHTING,
	FACT_FINDING,
	FACT_ORDER,
	FACT_DEED,
	FACT_WORD,
	FACT_COUNT,
	FACT_KINDS
};

enum fact_severity { SEV_INFO, SEV_LOW, SEV_MEDIUM, SEV_HIGH, SEV_CRITICAL };

const char *fact_kind_name(enum fact_kind k);
bool fact_kind_of(struct slice name, enum fact_kind *out);
const char *fact_severity_name(enum fact_severity s);
bool fact_severity_of(struct slice name, enum fact_severity *out);

/* A new draft of this type; its kind is the type's. NULL for a type not in the table. */
struct json *fact_draft(struct arena *a, const char *type);
void fact_ref(struct arena *a, struct json *fact, int64_t seq);
/*
 * Check a draft (seq and at absent) or a fact (both present) against the table.
 * 0 or -EINVAL with the reason.
 */
int fact_check_draft(const struct json *draft, struct err *e);
int fact_check(const struct json *fact, struct err *e);

int64_t fact_seq(const struct json *fact);
int64_t fact_at_us(const struct json *fact);
struct slice fact_type(const struct json *fact);

/* The table itself, for the man page's test and for completion. */
struct fact_type {
	const char *type;
	enum fact_kind kind;
	const char *required; /* names joined by blanks */
	const char *meaning;  /* one English sentence */
};
extern const struct fact_type fact_types[];
extern const size_t fact_type_count;

#endif
