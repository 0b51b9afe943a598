/*
 * doc: documents about a case: what the authority, the customers, the acquirer, the police
 * and one's own management are told. A document is a template (profiles/templates, or the
 * operator's own beside the config: Markdown with mustache tags) and a model, a JSON tree made
 * of nothing but facts and settings. Each field of the model is a value with the seqs of the
 * facts that say it, or is unknown at the time of writing; what is unknown is listed first.
 *
 * The model also has "truth": every date, count and item that it holds, so that a finished
 * document can be held against the case (doc_check.c). Days and hours are those of Japan.
 * None of this is legal advice, and each document to an authority says so to its writer.
 */
#ifndef HINOBAN_REPORT_DOC_H
#define HINOBAN_REPORT_DOC_H

#include "conf/conf.h"
#include "report/case.h"
#include "report/clock.h"

#define DOC_MAX_BYTES  (1u << 20)
#define DOC_CASE_BYTES (32u << 20) /* of a case: each file that was altered is told */
#define DOC_FACT_BYTES (16u * FACT_MAX_BYTES) /* ceiling of one fact, parsed */

struct doc_form {
	const char *id;
	const char *en, *ja; /* title */
	const char *needs;   /* fields that it must have, joined by blanks */
	bool counts, items;  /* does it tell them? */
};
/* Ends with an id of NULL. */
extern const struct doc_form doc_forms[];
const struct doc_form *doc_form_of(struct slice id);

/* A field that a person fills in: `hinoban report --case N --set FIELD=VALUE`. */
struct doc_field {
	const char *id;
	const char *en, *ja;
	bool day; /* its value is a day, YYYY-MM-DD */
};
extern const struct doc_field doc_fields[];
const struct doc_field *doc_field_of(struct slice id);

enum doc_lang { DOC_JA, DOC_EN };

struct doc {
	struct arena *mem;
	struct ledger *ledger;
	const struct conf *conf;   /* NULL: nothing is known of the operator */
	const struct case_view *c; /* after cases_look() */
	const struct clock_view *clock;
	size_t clocks;
	const struct doc_form *form;
	enum doc_lang lang;
	bool fields_only; /* what is known and what is missing; no windows, no news */
	int64_t now_us;
	struct json *model;
	struct json *truth_days, *truth_counts, *truth_items; /* arrays in the model */
};

/* Make d->model. 0 or a negative errno with the sentence. */
int doc_model(struct doc *d, struct err *e);
/*
 * Render the form's template to Markdown. `dir`: folders of templates, NULL-terminated; the
 * first that has it counts. 0, or a fault that names template and line.
 */
int doc_markdown(struct doc *d, const char *const *dir, struct buf *out, struct err *e);

/* Render DIR/templates/NAME.LANG.mustache of the first DIR that has it; the same faults. */
int doc_template(struct arena *a, const char *name, enum doc_lang lang,
                 const struct json *model, const char *const *dir, struct buf *out,
                 struct err *e);

/* Markdown (the part that the templates use) as HTML of its own page, or as plain text. */
void doc_html(struct buf *out, struct slice markdown, struct slice title, enum doc_lang lang,
              struct slice picture);
void doc_text(struct buf *out, struct slice markdown);
/* As Markdown for others: a table gets the head without which they take it for a paragraph. */
void doc_md(struct buf *out, struct slice markdown);
/* A picture of the case's time line (SVG). */
void doc_picture(struct doc *d, struct buf *out);

/*
 * What persons filled in as free text, one field a line, and titles of texts from outside: what
 * they say is the case's, too.
 */
void doc_said(const struct doc *d, struct buf *out);
/* Enter what the reader found there into the truth. */
void doc_grant(struct doc *d, const struct json *told);

/* How a finished document differs from the case; called for each. */
typedef void doc_differs_fn(void *ctx, const char *kind, struct slice said, int64_t from,
                            int64_t to, struct slice text);
/*
 * Hold what the reader told of a document (parse_news with `all`) against the model's truth:
 * days, counts, items that the case does not have. Returns how many.
 */
int64_t doc_check(const struct json *model, const struct json *told, doc_differs_fn *fn,
                  void *ctx);
/* The other way round: counts and items of the case that the document does not tell. */
int64_t doc_lacks(const struct json *model, const struct json *told, doc_differs_fn *fn,
                  void *ctx);

/*
 * doc_lines.c: documents as plain text, line by line. `theirs` differs from `ours` in each line
 * that has the same words there, behind the same two lines, but other numbers ("about 20" and
 * "20" are other numbers); and not where ours has it in several ways. All live in `mem`.
 */
struct doc_lines;
struct doc_lines *doc_lines_new(struct arena *mem); /* NULL: no memory */
void doc_lines_take(struct doc_lines *l, struct slice text);
int64_t doc_lines_differ(const struct doc_lines *ours, const struct doc_lines *theirs,
                         doc_differs_fn *fn, void *ctx);

/* Parts, for doc_*.c. */
/* The field `name` of the model: a value with its fact, or unknown where text is empty. */
void doc_put(struct doc *d, const char *name, struct slice text, const int64_t *seq, size_t n);
/* "2022年8月19日", "August 19, 2022"; the day is entered into the truth. */
struct slice doc_day(struct doc *d, int64_t us);
/* With the hour, to the second. */
struct slice doc_time(struct doc *d, int64_t us);
/* "2022-08-19" -> as doc_day; anything else as it is. */
struct slice doc_day_of(struct doc *d, struct slice day);
struct slice doc_number(struct doc *d, int64_t n); /* 1,938 */
void doc_counts(struct doc *d);
void doc_course(struct doc *d);
void doc_outside(struct doc *d);
const char *doc_say(const struct doc *d, const char *ja, const char *en);
/* Does a list of the model hold anything? There is none where memory is out. */
static inline bool doc_any(const struct json *list)
{
	return list && list->first;
}

#endif
