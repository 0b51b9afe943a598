/*
 * scan: the tokenisers of the languages and formats, each a pure function over one input.
 */
#ifndef HINOBAN_PARSE_SCAN_H
#define HINOBAN_PARSE_SCAN_H

#include "parse/walk.h"

/* PHP with the page around it (scripts in it too). */
void php_look(struct look *l, struct slice text);
void js_look(struct look *l, struct slice text);
/* One piece of JavaScript more, with what is known from the pieces before. */
void js_piece(struct walk *w, struct slice text);

/* A page, or pieces of one between PHP code: what a piece leaves open, the next goes on with.
 */
struct html {
	struct look *look;
	struct walk *script; /* NULL until the first script */
	bool in_script;
	bool tags_only; /* a piece of markup inside a program: its scripts are not walked */
	bool no_code;   /* a script of data: type="application/json" */
};
void html_piece(struct html *h, struct slice text);
void html_end(struct html *h);

/* Templates that are compiled to PHP: what in them runs code or commands. */
void template_look(struct look *l, struct slice text);

/* .htaccess and Apache's settings; true: it forbids this and that, and does no more. */
bool server_htaccess(struct look *l, struct slice text);
/* .user.ini and php.ini. */
void server_ini(struct look *l, struct slice text);

/* Images: does the content hold what the magic promises, and what else? */
enum image { IMAGE_NONE, IMAGE_JPEG, IMAGE_PNG, IMAGE_GIF, IMAGE_WEBP, IMAGE_BMP, IMAGE_ICO };
enum image image_magic(struct slice content);
/* run: look at the code in it; else that was done, by its name. */
void image_look(struct look *l, enum image type, struct slice content, bool run);

#endif
