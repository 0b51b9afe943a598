/*
 * term: columns, colours and the progress line.
 *
 * Colours are used only where standard output is a terminal and NO_COLOR is empty
 * (no-color.org). Widths count terminal columns: a Japanese character takes two.
 */
#ifndef HINOBAN_FACE_TERM_H
#define HINOBAN_FACE_TERM_H

#include "base/base.h"
#include <stdio.h>

enum term_color {
	TERM_PLAIN,
	TERM_BOLD,
	TERM_DIM,
	TERM_RED,
	TERM_GREEN,
	TERM_YELLOW,
	TERM_CYAN,
	TERM_COLORS
};

void term_setup(void);
/* Columns of the terminal, 80 where there is none. */
int term_columns(void);
/* Switch colour on standard output; TERM_PLAIN ends it. Nothing where there is no colour. */
void term_color(enum term_color c);
/* Columns that this text takes. */
size_t term_width(struct slice s);
/* The longest start of s that fits into `columns`. */
struct slice term_fit(struct slice s, size_t columns);
/* Write s made safe, cut or padded with blanks to exactly `columns`. */
void term_cell(struct slice s, size_t columns);
/* Write s made safe. */
void term_text(struct slice s);
/* term_text in a colour. */
void term_paint(enum term_color c, struct slice s);
/*
 * Write s made safe, broken at blanks (or between Japanese characters, as JIS X 4051 has it)
 * to the terminal's width, each line after `indent` blanks; ends with a newline.
 */
void term_wrap(struct slice s, size_t indent);
/* The bytes of s that its first line of so many columns takes. */
size_t term_line(struct slice s, size_t columns);

/* A line on standard error that is written over itself; nothing where that is no terminal. */
void term_progress(struct slice s);
void term_progress_end(void);

#endif
