/*
 * The judge: a pure function of facts. The same facts in the same order give the same
 * findings, today and in a replay; no clock, no files, no randomness.
 */
#ifndef HINOBAN_JUDGE_H
#define HINOBAN_JUDGE_H

#include "fact/fact.h"

struct judge; /* what it remembers from earlier facts */

struct judge *judge_new(void);
void judge_free(struct judge *j);
/*
 * Judge the next fact (all facts from seq 1 on, in order, findings too). Returns a JSON
 * array of finding drafts in `a` (often empty), or NULL if memory is out.
 */
struct json *judge_fact(struct judge *j, struct arena *a, const struct json *fact);

#endif
