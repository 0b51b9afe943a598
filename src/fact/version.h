/*
 * version: reads the STATE object of hinoban.facts(7) into the table's terms.
 */
#ifndef HINOBAN_FACT_VERSION_H
#define HINOBAN_FACT_VERSION_H

#include "fact/json.h"
#include "fact/table.h"

/* Null, missing or of an unknown class: CLASS_NONE. The seq is given. */
struct table_state version_of(const struct json *o, int64_t seq);
/* "<dev>.<ino>.<mtime_ns>.<ctime_ns>" in hexadecimal; false and zeroes if it is none. */
bool version_sig(struct slice sig, struct table_entry *out);
/* Do two of them say the same of all that approval covers? Two that name nothing do. */
bool version_same(const struct json *a, const struct json *b);

#endif
