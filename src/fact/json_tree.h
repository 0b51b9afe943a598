/*
 * json_tree: what the three files of json.h share: making nodes, and the order of names.
 * Private to fact/.
 */
#ifndef HINOBAN_FACT_JSON_TREE_H
#define HINOBAN_FACT_JSON_TREE_H

#include "fact/json.h"

#define JSON_INT_MOST   INT64_C(9007199254740991) /* 2^53 - 1: exact in every JSON reader */
#define JSON_DEC_UNIT   INT64_C(1000000)
#define JSON_DEC_DIGITS 6

/* A zeroed node of this kind, or NULL. */
struct json *json_make(struct arena *a, enum json_kind kind);
/* A number from millionths; a decimal that is whole is an integer: one value, one text. */
struct json *json_millionths(struct arena *a, int64_t millionths);
/* Members in the order of RFC 8785 (stable, n log n). */
void json_sort_members(struct json *obj);

#endif
