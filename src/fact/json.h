/*
 * json: the one encoding, RFC 8785 (JSON Canonicalization Scheme) with narrower
 * numbers. A value tree lives in an arena and dies with it.
 *
 * What we accept and write: objects without duplicate names, sorted by name
 * (our names are ASCII, so byte order is RFC 8785's UTF-16 order; others are
 * sorted by UTF-16 code units too), arrays, strings of well-formed UTF-8, true,
 * false, null, integers with |n| <= 2^53-1, and decimals with at most six
 * fractional digits. JSON_DEPTH levels, JSON_MAX_BYTES per text.
 */
#ifndef HINOBAN_FACT_JSON_H
#define HINOBAN_FACT_JSON_H

#include "base/base.h"

#define JSON_DEPTH     16
#define JSON_MAX_BYTES (128u * 1024)

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INT, JSON_DEC, JSON_STR, JSON_ARR, JSON_OBJ };

struct json {
	enum json_kind kind;
	union {
		bool b;
		int64_t i;      /* JSON_INT: the value; JSON_DEC: the value in millionths */
		struct slice s; /* JSON_STR */
	};
	struct slice name;  /* where it is a member of an object */
	struct json *first; /* JSON_ARR, JSON_OBJ: children, in order */
	struct json *last;
	struct json *next;
};

/* Building. NULL in, NULL out: check once at the end, json_write refuses a NULL tree. */
struct json *json_obj(struct arena *a);
struct json *json_arr(struct arena *a);
struct json *json_str(struct arena *a,
                      struct slice s); /* copied; ill-formed UTF-8 gives NULL */
struct json *json_int(struct arena *a, int64_t i);
struct json *json_dec(struct arena *a, double d); /* rounded to six digits */
struct json *json_bool(struct arena *a, bool b);
struct json *json_null(struct arena *a);
struct json *json_copy(struct arena *a, const struct json *v);
/* Set a member (replaces one of that name) / append; returns v. v is linked, not copied. */
struct json *json_put(struct arena *a, struct json *obj, const char *name, struct json *v);
struct json *json_push(struct json *arr, struct json *v);
void json_put_str(struct arena *a, struct json *obj, const char *name, const char *s);
void json_put_slice(struct arena *a, struct json *obj, const char *name, struct slice s);
void json_put_int(struct arena *a, struct json *obj, const char *name, int64_t i);
void json_put_bool(struct arena *a, struct json *obj, const char *name, bool b);

/* Reading. NULL-safe: a missing thing reads as the default. */
const struct json *json_get(const struct json *obj, const char *name);
/* Dotted way through objects: json_at(v, "who.request.url"). */
const struct json *json_at(const struct json *v, const char *way);
struct slice json_text(const struct json *v, const char *way); /* empty if no string */
int64_t json_num(const struct json *v, const char *way,
                 int64_t otherwise); /* JSON_DEC truncates */
double json_real(const struct json *v, const char *way, double otherwise);
bool json_true(const struct json *v, const char *way);
size_t json_count(const struct json *v);

/*
 * Parse one text (white space around it allowed). Strings are borrowed from
 * `in` where they hold no escapes, so `in` must outlive the tree. On a fault
 * returns NULL and, if where is given, the offset of the offending byte.
 */
struct json *json_parse(struct arena *a, struct slice in, size_t *where);
/*
 * The same for what another program wrote, of any size: any number of RFC 8259 (rounded to
 * millionths, clamped to 2^53-1), half surrogate pairs (they become U+FFFD), 64 levels;
 * members stay in their order, and of two with one name the first is read.
 */
struct json *json_parse_foreign(struct arena *a, struct slice in, size_t *where);
/* Append the canonical text. False on NULL or if the buffer broke. */
bool json_write(struct buf *out, const struct json *v);
/* Is `in` exactly the canonical text of what it says? */
bool json_is_canonical(struct slice in);

#endif
