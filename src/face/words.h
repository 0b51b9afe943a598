/*
 * words: facts in plain words, in the chosen language.
 */
#ifndef HINOBAN_FACE_WORDS_H
#define HINOBAN_FACE_WORDS_H

#include "face/face.h"

/* A field as text: strings as they are, numbers, lists joined by ", "; "" where absent. */
const char *words_field(struct face *f, const struct json *fact, const char *way);
/* The path it is about; with its root where more than one folder is watched. */
const char *words_path(struct face *f, const struct json *fact);
/* "payment code", "決済のコード"; unknown names stay as they are. */
const char *words_role(struct slice role);
const char *words_severity(struct slice severity);
enum term_color words_severity_color(struct slice severity);
/* What happened, in one line without seq and time. */
void words_sentence(struct face *f, struct buf *out, const struct json *fact);
/* "content, permissions" of a file.changed. */
void words_what(struct buf *out, const struct json *what);
/* "php-fpm8.2 (www-data), pid 12", or why it is not known. */
void words_process(struct face *f, struct buf *out, const struct json *who);
void words_request(struct face *f, struct buf *out, const struct json *request);
/* One line of `hinoban log`: seq, time, type, sentence. */
void words_line(struct face *f, const struct json *fact, size_t indent);
/* Why a deed was not done: the hand says it in English, with the system's own words behind. */
const char *words_failure(struct face *f, const struct json *deed);
/* What a fact of containment speaks of: a path, a process, a group; "" for the rest. */
const char *words_target(struct face *f, const struct json *fact);

#endif
