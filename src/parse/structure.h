/*
 * structure: the structural hash of a script: equal for two texts that differ only in white
 * space, comments, semicolons, quotes, names of locals, and values that rotate (numbers,
 * nonces, time stamps, session ids); different where the code is.
 *
 * What counts: every keyword, sign, property, key and global name; which local is meant
 * where (not how it is called); texts that read like words (event names, selectors, headers);
 * regular expressions. Texts that don't (digits, randomness, sentences) count as "a text";
 * only where the script also decodes or runs text do long ones count in full.
 * Addresses in texts are hashed apart, so that "the same code talks to another host" can be
 * told from "other code": scheme, host and path, without query, rotating parts left out.
 */
#ifndef HINOBAN_PARSE_STRUCTURE_H
#define HINOBAN_PARSE_STRUCTURE_H

#include "base/base.h"

struct structure {
	struct hash code, urls;
	uint32_t tokens;
};

/* 0; -E2BIG, -ENOMEM: too much of it (then only the body's own hash tells it apart). */
int structure_js(struct arena *a, struct slice text, struct structure *out);

enum structure_text { STRUCTURE_WORD, STRUCTURE_URL, STRUCTURE_ROTATING };
/* What is this text constant? For tests. */
enum structure_text structure_text_of(struct slice text);

#endif
