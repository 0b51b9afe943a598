/*
 * page: one answer in the making. A page's function reads the ledger and fills the model;
 * its route's template shows it. It may instead fill the reply itself (downloads), or ask
 * to be called again (HTTP_WAIT) while a reader or the ledger works.
 */
#ifndef HINOBAN_DESK_PAGE_H
#define HINOBAN_DESK_PAGE_H

#include "desk/desk.h"
#include "desk/form.h"
#include "desk/html.h"
#include "desk/http.h"
#include "desk/lang.h"
#include "desk/when.h"
#include "fact/fact.h"
#include "fact/role.h"

#define PAGE_MEM (96u << 20)

struct page {
	struct desk *desk;
	struct ledger *ledger; /* never NULL in a page that needs a login */
	struct http_request *rq;
	struct http_reply *rp;
	struct session *who; /* NULL where nobody is logged in */
	struct arena *a;
	struct json *m;       /* the model */
	const char *template; /* the route's; a page may show another one */
	int64_t number;       /* what stands for '#' in the route */
	int64_t now;          /* wall clock */
	enum lang lang;
};

typedef enum http_turn page_fn(struct page *p);

page_fn page_home, page_finding, page_finding_word, page_facts, page_fact, page_proof;
page_fn page_cases, page_case, page_case_word;
page_fn page_case_open, page_newses, page_news, page_news_word;
page_fn page_webs, page_web, page_web_shot, page_web_script, page_web_word, page_vendor;
page_fn page_files, page_file, page_ledger, page_consistency, page_key, page_health;
page_fn page_login, page_login_try, page_logout, page_lang, page_asset, page_events;

/* The page that says that there is nothing here, and others that say what is wrong. */
enum http_turn page_fault(struct page *p, unsigned status, const char *key);
enum http_turn page_redirect(struct page *p, struct slice to);
/* Offer the reply's body for saving. */
void page_download(struct page *p, const char *mime, struct slice filename);
/* A parameter of the address. */
struct slice page_query(const struct page *p, const char *name);
/*
 * A date or time as a browser's date and datetime-local fields or a person write it, in local
 * time, or RFC 3339. end: a day alone means its end. False: there is no such time.
 */
bool page_time(struct slice text, bool end, int64_t *us);
/* Two of them, of the address; 0 for one that isn't given. False: one is none ("fault.time").
 */
bool page_query_span(const struct page *p, const char *from, const char *to, int64_t *since_us,
                     int64_t *until_us);
/* The fact, parsed (its bytes copied into the page's arena), or NULL. */
struct json *page_read(struct page *p, int64_t seq);
/* A "/file?root=..&path=.." address. */
struct slice page_file_url(struct page *p, struct slice root, struct slice path);
void page_set_cookie(struct page *p, const char *name, const char *value, int64_t max_age_s);

#endif
