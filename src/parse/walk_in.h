/*
 * walk_in: what the three parts of the walk share: walk.c (segments and operators),
 * walk_operand.c (names and constants), walk_bracket.c (frames).
 */
#ifndef HINOBAN_PARSE_WALK_IN_H
#define HINOBAN_PARSE_WALK_IN_H

#include "parse/walk.h"

/* Kinds of keys, mixed with hashes of names (scope_mix). */
#define KEY_RETURN   0x52455400u
#define KEY_PARAM    0x50415200u
#define KEY_PROPERTY 0x50524f50u

/* The operand under the hand is complete: its bits go into the segment. */
void walk_settle(struct walk *w);
/* A new operand comes: what lay under the hand is settled. */
void walk_begin(struct walk *w);
/* A field of a form was read, if the operand is one. */
void walk_form_read(struct walk *w);
/* An argument, an element or a statement ends; the next begins. */
void walk_segment_end(struct walk *w, struct frame *f);
void walk_segment_begin(struct frame *f);
void walk_statement_end(struct walk *w);
/* Close the innermost frame. */
void walk_pop(struct walk *w);

#endif
