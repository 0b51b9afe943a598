/* report: what the files of `hinoban report` share. */
#ifndef HINOBAN_FACE_REPORT_H
#define HINOBAN_FACE_REPORT_H

#include "face/case.h"

struct report_job {
	struct case_job job;
	struct clocks *rules;
	struct doc doc;
};

/* The model of the case for this form. EXIT_GOOD, or a code after a complaint. */
int report_model(struct report_job *r, const struct doc_form *form);
void report_done(struct report_job *r);
/* report_check.c: --check FILE. */
int report_check(struct report_job *r, const char *file);
/*
 * report_lines.c: lines of a document (text or Markdown) that the forms have with other
 * numbers; leaves another model behind. How many, or -errno.
 */
int64_t report_lines(struct report_job *r, struct slice document, doc_differs_fn *fn,
                     void *ctx);
/*
 * report_pdf.c: HTML to PDF by Chromium, as nobody where we are root, without a network. 0 or
 * -errno with the sentence.
 */
int report_pdf(struct slice html, struct buf *pdf, struct err *e);

#endif
