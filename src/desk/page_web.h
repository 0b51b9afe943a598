/*
 * page_web: what the console's pages about the shop's own watched pages share. page_web.c lists
 * them, page_web_one.c shows one, page_web_graph.c draws where it sends to, page_web_headers.c
 * what guards it, page_web_script.c one script over the years, page_web_word.c takes what a
 * person says, page_vendor.c answers the vendor's question.
 */
#ifndef HINOBAN_DESK_PAGE_WEB_H
#define HINOBAN_DESK_PAGE_WEB_H

#include "desk/page.h"
#include "report/report.h"

#define WEB_PARTS 64 /* of records that are looked at */

struct web {
	struct slice name, url, journey; /* url empty: no longer in the settings */
	struct inventory inv;
	/* The newest record of each way of visiting, in parts; the first arm is the one shown.
	 */
	const struct json *part[WEB_PARTS];
	size_t parts;
	struct slice arm;
};

/* "/web?page=NAME" and "/web/script?page=NAME&url=URL". */
struct slice page_web_url(struct page *p, struct slice name);
struct slice page_web_script_url(struct page *p, struct slice name, struct slice url);
/* The page of this name, its records and the inventory; false: the reply says why not. */
bool page_web_open(struct page *p, struct slice name, struct web *w);
void page_web_done(struct web *w);
/* All of the page into the model. */
bool page_web_fill(struct page *p, struct web *w);
/* m.graph and m.hosts; m.headers and m.changes. */
void page_web_graph(struct page *p, const struct web *w);
void page_web_headers(struct page *p, const struct web *w);
/* A text cut to n characters, its end kept: that is where addresses differ. */
struct slice page_web_cut(struct page *p, struct slice s, size_t n);

#endif
