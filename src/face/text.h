/*
 * text: what hinoban says, in English and Japanese.
 *
 * All sentences are in one table (texts.h). A sentence may hold {1} .. {9}: the
 * arguments, each shown through text_safe(), because names of files, processes and
 * browsers are chosen by strangers. The language is set once, at start.
 */
#ifndef HINOBAN_FACE_TEXT_H
#define HINOBAN_FACE_TEXT_H

#include "base/base.h"
#include "face/texts.h"
#include <stdio.h>

#define TEXT_ENUM(id, en, ja) id,
enum text_id { TEXTS(TEXT_ENUM) TEXT_IDS };
#undef TEXT_ENUM

enum text_lang { LANG_EN, LANG_JA };

void text_set_lang(enum text_lang lang);
enum text_lang text_lang(void);
/* "en" or "ja": the name of a member in a fact's {"en":..., "ja":...}. */
const char *text_lang_name(void);
const char *text(enum text_id id);
const char *text_of(enum text_lang lang, enum text_id id);
/* The sentence with arg[1], arg[2] ... put in; arg ends in NULL, arg[0] is not used. */
void text_fill(struct buf *out, enum text_id id, const char *const arg[]);
/* The same as a line on a stream. */
void text_say(FILE *to, enum text_id id, const char *const arg[]);
/* A line on standard error that starts with the program's name. */
void text_complain(enum text_id id, const char *const arg[]);

#define TEXT_ARGS(...)     ((const char *const[]){"", ##__VA_ARGS__, NULL})
#define SAY(id, ...)       text_say(stdout, (id), TEXT_ARGS(__VA_ARGS__))
#define COMPLAIN(id, ...)  text_complain((id), TEXT_ARGS(__VA_ARGS__))
#define FILL(out, id, ...) text_fill((out), (id), TEXT_ARGS(__VA_ARGS__))

#endif
