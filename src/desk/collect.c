#include "desk/collect.h"

#include "base/url.h"
#include "parse/parse.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_US    INT64_C(60000000)
#define MEM_BYTES    (8u << 20)
#define TEXT_BYTES   1024
#define VIEW_BYTES   48
#define HASH_TEXT    51 /* "sha256-" and 44 signs of base64 */
#define DIRECTIVE    32
#define PAGE_UNKNOWN (-1)

struct report {
	int page;
	struct slice document, script, hash, disposition, directive;
};

/* Equal reports. */
struct kind {
	uint64_t key;
	int page;
	char *text[5]; /* document, script, hash, disposition, directive */
	char agent[16];
	char view[COLLECT_VIEWS][VIEW_BYTES];
	unsigned views;
	int64_t n, told_us; /* since the last fact; 0: not yet told */
};

struct collect {
	const struct collect_page *page;
	size_t pages;
	struct kind kind[COLLECT_KINDS];
	size_t kinds, due;
	int64_t minute_us, fresh, passed;
	struct arena mem;
};

struct collect *collect_new(const struct collect_page *page, size_t pages)
{
	struct collect *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->page = page;
	c->pages = pages < COLLECT_PAGES ? pages : COLLECT_PAGES;
	arena_init(&c->mem, MEM_BYTES);
	return c;
}

void collect_free(struct collect *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < c->kinds; i++) {
		for (int t = 0; t < 5; t++)
			free(c->kind[i].text[t]);
	}
	arena_done(&c->mem);
	free(c);
}

/* ---- making a report harmless ---- */

static struct slice clean_url(struct collect *c, struct slice url)
{
	struct buf b = {.max = 4 * TEXT_BYTES};
	struct slice out;

	cards_wipe_url(&b, slice_sub(url, 0, TEXT_BYTES));
	out = arena_copy(&c->mem, slice_sub(buf_slice(&b), 0, TEXT_BYTES));
	buf_done(&b);
	return out.at && slice_utf8_valid(out) ? out : slice_str("");
}

static bool only(struct slice s, const char *signs)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.at[i] | 0x20;

		if (!(c >= 'a' && c <= 'z') && !(s.at[i] >= '0' && s.at[i] <= '9') &&
		    slice_chr(slice_str(signs), s.at[i]) == SIZE_MAX)
			return false;
	}
	return true;
}

static struct slice clean_hash(struct slice s)
{
	return s.n == HASH_TEXT && slice_starts(s, SLICE("sha256-")) && only(s, "-+/=")
	           ? s
	           : slice_str("");
}

static struct slice clean_word(struct slice s)
{
	size_t blank = slice_chr(s, ' ');

	s = slice_sub(s, 0, blank);
	return s.n && s.n <= DIRECTIVE && only(s, "-") ? s : slice_str("");
}

static bool clean_view(struct slice s)
{
	return s.n >= 8 && s.n < VIEW_BYTES && only(s, "-_@");
}

/* Which watched page does the document belong to? Same host, and the longest path in front. */
static int page_of(const struct collect *c, struct slice document)
{
	struct slice host = url_host(document);
	int best = PAGE_UNKNOWN;
	size_t length = 0;

	for (size_t i = 0; i < c->pages; i++) {
		struct slice url = c->page[i].url;
		size_t n = slice_chr(url, '?');

		url = slice_sub(url, 0, n);
		if (!slice_caseeq(url_host(url), host))
			continue;
		if (best == PAGE_UNKNOWN || (slice_starts(document, url) && url.n > length)) {
			best = (int)i;
			length = slice_starts(document, url) ? url.n : 0;
		}
	}
	return best;
}

/* Chrome says it is Safari, too; Edge says it is Chrome. */
static const char *family(struct slice agent)
{
	static const char *const names[][2] = {{"Edg/", "Edge"},
	                                       {"Firefox/", "Firefox"},
	                                       {"Chrome/", "Chromium"},
	                                       {"Chromium/", "Chromium"},
	                                       {"Safari/", "Safari"}};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (slice_find(agent, slice_str(names[i][0])) != SIZE_MAX)
			return names[i][1];
	}
	return "other";
}

/* ---- counting ---- */

static uint64_t key_of(const struct report *r)
{
	uint64_t k = (uint64_t)r->page + 1;

	k = k * 31 + hash_table(r->document);
	k = k * 31 + hash_table(r->script);
	k = k * 31 + hash_table(r->hash);
	k = k * 31 + hash_table(r->disposition);
	return k * 31 + hash_table(r->directive);
}

static struct kind *fresh_kind(struct collect *c, uint64_t key, const struct report *r,
                               int64_t now_us)
{
	const struct slice text[] = {r->document, r->script, r->hash, r->disposition,
	                             r->directive};
	struct kind *k = &c->kind[c->kinds];

	if (now_us - c->minute_us >= MINUTE_US || now_us < c->minute_us) {
		c->minute_us = now_us;
		c->fresh = 0;
	}
	if (c->fresh >= COLLECT_NEW || c->kinds == COLLECT_KINDS)
		return NULL;
	*k = (struct kind){.key = key, .page = r->page};
	for (int t = 0; t < 5; t++) {
		k->text[t] = strndup((const char *)text[t].at, text[t].n);
		if (!k->text[t])
			return NULL;
	}
	c->fresh++;
	c->kinds++;
	return k;
}

static void count(struct collect *c, const struct report *r, struct slice view,
                  struct slice agent, int64_t now_us)
{
	uint64_t key = key_of(r);
	struct kind *k = NULL;

	for (size_t i = 0; i < c->kinds && !k; i++)
		k = c->kind[i].key == key ? &c->kind[i] : NULL;
	if (!k)
		k = fresh_kind(c, key, r, now_us);
	if (!k) {
		c->passed++;
		return;
	}
	k->n++;
	snprintf(k->agent, sizeof(k->agent), "%s", family(agent));
	if (k->views < COLLECT_VIEWS && clean_view(view))
		snprintf(k->view[k->views++], VIEW_BYTES, "%.*s", SLICE_ARG(view));
}

/* ---- the two forms ---- */

/* The first of these members that holds a text. */
static struct slice either(const struct json *o, const char *a, const char *b)
{
	struct slice s = json_text(o, a);

	return s.n ? s : json_text(o, b);
}

/* Other names for the same, in the Reporting API and in report-uri's form. */
static bool read_report(struct collect *c, const struct json *body, bool hash,
                        struct report *out)
{
	struct slice document = either(body, "documentURL", "document-uri");
	struct slice script = either(body, "subresourceURL", "blockedURL");
	struct slice said = json_text(body, "disposition");

	if (script.n == 0)
		script = json_text(body, "blocked-uri");
	if (script.n == 0 && !hash)
		script = SLICE("inline");
	*out = (struct report){
	    .page = page_of(c, document),
	    .document = clean_url(c, document),
	    .script = clean_url(c, script),
	    .hash = clean_hash(json_text(body, "hash")),
	    .directive = clean_word(either(body, "effectiveDirective", "effective-directive")),
	    .disposition = hash                               ? SLICE("hash")
	                   : slice_eq(said, SLICE("enforce")) ? SLICE("enforce")
	                                                      : SLICE("report")};
	if (out->directive.n == 0)
		out->directive = clean_word(json_text(body, "violated-directive"));
	return out->page != PAGE_UNKNOWN && out->script.n;
}

static int take_one(struct collect *c, const struct json *body, bool hash, struct slice view,
                    struct slice agent, int64_t now_us)
{
	struct report r;

	if (!read_report(c, body, hash, &r)) {
		c->passed++;
		return 0;
	}
	count(c, &r, view, agent, now_us);
	return 1;
}

int collect_take(struct collect *c, struct slice body, struct slice view, struct slice agent,
                 int64_t now_us)
{
	const struct json *all, *old;
	int taken = 0, seen = 0;

	arena_reset(&c->mem);
	all = json_parse(&c->mem, body, NULL);
	old = json_get(all, "csp-report");
	if (old && old->kind == JSON_OBJ)
		return take_one(c, old, false, view, agent, now_us);
	if (!all || all->kind != JSON_ARR) {
		c->passed++;
		return -EINVAL;
	}
	for (const struct json *r = all->first; r && seen < COLLECT_REPORTS;
	     r = r->next, seen++) {
		struct slice type = json_text(r, "type");
		bool hash = slice_eq(type, SLICE("csp-hash"));

		if (hash || slice_eq(type, SLICE("csp-violation")))
			taken += take_one(c, json_get(r, "body"), hash, view, agent, now_us);
		else
			c->passed++;
	}
	return taken;
}

/* ---- telling ---- */

static struct json *draft(struct collect *c, struct arena *a, struct kind *k)
{
	static const char *const names[] = {"document", "script", "hash", "disposition",
	                                    "directive"};
	struct json *d = fact_draft(a, "page.reported"), *views = json_arr(a);

	json_put_slice(a, d, "page", k->page >= 0 ? c->page[k->page].name : slice_str(""));
	for (int t = 0; t < 5; t++) {
		if (t < 4 || k->text[t][0])
			json_put_str(a, d, names[t], k->text[t]);
	}
	json_put_int(a, d, "n", k->n);
	json_put_str(a, d, "agent", k->agent);
	for (unsigned i = 0; i < k->views; i++)
		json_push(views, json_str(a, slice_str(k->view[i])));
	if (k->views)
		json_put(a, d, "views", views);
	return d;
}

struct json *collect_due(struct collect *c, struct arena *a, int64_t now_us)
{
	for (size_t i = 0; i < c->kinds; i++) {
		struct kind *k = &c->kind[(c->due + i) % c->kinds];
		struct json *d;

		if (k->n == 0 || (k->told_us && now_us - k->told_us < COLLECT_AGAIN_US))
			continue;
		d = draft(c, a, k);
		c->due = (c->due + i + 1) % c->kinds;
		k->n = 0;
		k->views = 0;
		k->told_us = now_us;
		return d;
	}
	return NULL;
}

int64_t collect_passed(struct collect *c)
{
	int64_t n = c->passed;

	c->passed = 0;
	return n;
}
