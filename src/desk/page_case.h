/*
 * page_case: what the pages about cases share. page_case.c fills the model, page_case_word.c
 * takes what a person says.
 */
#ifndef HINOBAN_DESK_PAGE_CASE_H
#define HINOBAN_DESK_PAGE_CASE_H

#include "desk/page.h"
#include "report/report.h"

/* Fold the cases: the caller frees them. False: the page says what is wrong. */
bool page_case_read(struct page *p, struct cases **out);
/* The whole page of the case with the page's number, joined ones as what took them up. */
bool page_case_fill(struct page *p, struct cases *cs, const struct case_view *c);
/* page_case_docs.c: m.documents: each form, and what it lacks. After cases_look(). False: a
 * fault of the ledger, or too little memory. */
bool page_case_documents(struct page *p, const struct case_view *c);

#endif
