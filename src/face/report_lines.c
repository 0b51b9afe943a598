/*
 * hinoban report --check: line by line. Each form is written anew, in both languages; a line of
 * the document that stands in one of them, but for its numbers, and behind the same two lines,
 * must have the same numbers in the same order. So figures that changed places, a day that is
 * another one of the case's, and a figure that became "about so many" are found. Lines that a
 * person wrote match none and are left to the reader.
 */
#include "face/report.h"

#include <errno.h>

/* Each form is written for now and for so much later, a year and a month and some: a line that
 * differs between the two says when it was written and can't be held against anything. */
#define LATER_US (INT64_C(34216543) * 1000000)

static int write_one(struct report_job *r, struct doc_lines *l, enum doc_lang lang, bool later)
{
	const char *dirs[] = {conf_profile_dir(), NULL};
	struct buf markdown = {.max = DOC_CASE_BYTES}, plain = {.max = DOC_CASE_BYTES};
	struct err e = {0};
	int x;

	r->doc.lang = lang;
	r->doc.now_us += later ? LATER_US : 0;
	x = doc_model(&r->doc, &e);
	if (x == 0)
		x = doc_markdown(&r->doc, dirs, &markdown, &e);
	if (x == 0) {
		doc_text(&plain, buf_slice(&markdown));
		doc_lines_take(l, buf_slice(&plain));
	}
	r->doc.now_us -= later ? LATER_US : 0;
	buf_done(&markdown);
	buf_done(&plain);
	return x;
}

static int write_all(struct report_job *r, struct doc_lines *l)
{
	int x = 0;

	for (const struct doc_form *form = doc_forms; form->id && x == 0; form++) {
		x = report_model(r, form) == EXIT_GOOD ? 0 : -EIO;
		for (int i = 0; i < 4 && x == 0; i++)
			x = write_one(r, l, i & 1 ? DOC_EN : DOC_JA, i & 2);
	}
	return x;
}

int64_t report_lines(struct report_job *r, struct slice document, doc_differs_fn *fn, void *ctx)
{
	struct doc_lines *ours = doc_lines_new(&r->job.f->mem);
	struct doc_lines *theirs = doc_lines_new(&r->job.f->mem);
	struct buf plain = {.max = DOC_MAX_BYTES};
	int x = ours && theirs ? write_all(r, ours) : -ENOMEM;

	if (x < 0)
		return x;
	doc_text(&plain, document);
	doc_lines_take(theirs, buf_slice(&plain));
	buf_done(&plain);
	return doc_lines_differ(ours, theirs, fn, ctx);
}
