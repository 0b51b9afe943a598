/*
 * digest: the week in seven sections (what concerns us, what changed in earlier cases, new
 * cases, phishing, figures, our own week, sources), from the ledger alone: outside news got
 * into it as facts news.read. The model is rendered by templates like any document; besides
 * as Atom, mail and STIX 2.1.
 */
#ifndef HINOBAN_REPORT_DIGEST_H
#define HINOBAN_REPORT_DIGEST_H

#include "report/doc.h"

/* Texts that belong together, made one by the caller (parse_news_merge). */
typedef struct json *digest_merge_fn(struct arena *a, const struct json *const *told, size_t n);

struct digest {
	struct arena *mem;
	struct ledger *ledger;
	enum doc_lang lang;
	int64_t from_us, to_us; /* the week, half open */
	int64_t now_us;
	digest_merge_fn *merge;
	const struct clocks *rules;
	const struct cases *cases;
	struct json *model;
};

/* What a kind, an item or an act of the reader is called; itself where it has no name. */
struct slice digest_word(enum doc_lang lang, struct slice id);
/* The Monday, in Japan, of the week that a time lies in. */
int64_t digest_week(int64_t us);
int digest_model(struct digest *d, struct err *e);
/* The template digest.LANG.mustache. */
int digest_markdown(struct digest *d, const char *const *dir, struct buf *out, struct err *e);
void digest_atom(struct digest *d, struct buf *out);
/* RFC 5322 with a text and an HTML part; From and To are left to who sends it. */
void digest_mail(struct digest *d, struct slice markdown, struct buf *out);
/* The lines from "MIME-Version:" on, of any digest that is at hand as Markdown. */
void digest_mail_body(struct arena *mem, struct slice title, enum doc_lang lang,
                      struct slice markdown, struct buf *out);
/* A STIX 2.1 bundle. */
struct json *digest_stix(struct digest *d);

#endif
