/* page: what the files of the command `page` share. */
#ifndef HINOBAN_FACE_PAGE_H
#define HINOBAN_FACE_PAGE_H

#include "face/face.h"

/* Is this page watched? False after a complaint. */
bool page_known(struct face *f, const char *name);
/*
 * Have a page visited in these ways (a JSON list of arms; empty: the quick one), and wait.
 * told() hears each fact that answers, in order; the last is the page.round. Exit code.
 */
typedef void page_told_fn(void *ctx, const struct json *fact);
int page_visit(struct face *f, const char *name, struct json *arms, page_told_fn *told,
               void *ctx);

/* The settings, with pages in them. */
int page_config(struct face *f);

int page_check(struct face *f);  /* page_check.c */
int page_list(struct face *f);   /* page_show.c */
int page_show(struct face *f);   /* page_show.c */
int page_record(struct face *f); /* page_record.c */

#endif
