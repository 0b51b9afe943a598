#include "parse/structure.h"
#include "base/text.h"

#include "base/url.h"
#include "parse/chars.h"
#include "parse/js_scope.h"
#include "parse/parse.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define LONG_TEXT   40   /* bytes: a text that may hold code or a packed address */
#define CODES       16   /* numbers in a row that may be a text */
#define CHUNK_BYTES 4096 /* handed to the hash at a time */
#define TEXT_BYTES  (64u * 1024)
#define ARENA_BYTES (256u << 20)

struct hasher {
	const struct js_row *row;
	const struct js_meaning *meaning; /* NULL: every name means what it says */
	struct hash_state *code;
	struct buf chunk, text;
	struct hash *url;
	size_t urls;
	bool runs_text;   /* the script decodes or runs text: long texts count */
	uint32_t numbers; /* in a row, behind each other but for commas */
};

static void flush(struct hasher *h)
{
	hash_add(h->code, buf_slice(&h->chunk));
	buf_reset(&h->chunk);
}

static void feed(struct hasher *h, uint8_t tag, struct slice s)
{
	if (h->chunk.n + s.n + 6 > CHUNK_BYTES)
		flush(h);
	buf_byte(&h->chunk, tag);
	buf_u32(&h->chunk, (uint32_t)(s.n & UINT32_MAX));
	if (s.n > CHUNK_BYTES / 2) {
		flush(h);
		hash_add(h->code, s);
	} else {
		buf_add(&h->chunk, s);
	}
}

/* A text constant without its escapes: \x41, \u0041, \u{41}, \n; what is none stays. */
static struct slice plain(struct hasher *h, struct slice s)
{
	buf_reset(&h->text);
	for (size_t i = 0; i < s.n; i++) {
		size_t digits = 0;
		uint32_t v = 0;

		if (s.at[i] != '\\' || i + 1 == s.n) {
			buf_byte(&h->text, s.at[i]);
			continue;
		}
		i++;
		if (s.at[i] == 'x' || s.at[i] == 'u') {
			size_t most = s.at[i] == 'x' ? 2 : 4;

			while (digits < most && i + 1 + digits < s.n &&
			       text_hexval(s.at[i + 1 + digits]) >= 0)
				v = v * 16 + (uint32_t)text_hexval(s.at[i + 1 + digits++]);
		}
		i += digits;
		buf_byte(&h->text, digits && v < 0x80 ? (uint8_t)v : s.at[i]);
	}
	return buf_ok(&h->text) ? buf_slice(&h->text) : s;
}

static void add_url(struct hasher *h, struct slice url)
{
	struct buf b;

	buf_init(&b, TEXT_BYTES);
	url_steady(&b, url);
	h->url[h->urls++] = hash_of(buf_slice(&b));
	buf_done(&b);
	feed(h, 'u', (struct slice){0});
}

static void add_text(struct hasher *h, struct slice raw)
{
	struct slice s = plain(h, raw);

	switch (structure_text_of(s)) {
	case STRUCTURE_URL:
		add_url(h, s);
		break;
	case STRUCTURE_WORD:
		feed(h, 's', s);
		break;
	case STRUCTURE_ROTATING:
		feed(h, 's', h->runs_text && s.n >= LONG_TEXT ? s : (struct slice){0});
		break;
	}
}

static void add_name(struct hasher *h, uint32_t i)
{
	struct slice s = js_lex_text(h->row, i);
	const struct js_meaning *m = h->meaning ? &h->meaning[i] : NULL;
	uint32_t n = m ? m->binding : 0;
	struct slice number = slice_mem(&n, sizeof(n));

	if (!m || m->means == JS_MEANS_TEXT) {
		feed(h, 'n', s);
	} else if (m->means == JS_MEANS_LOCAL) {
		feed(h, 'l', number);
	} else if (m->means == JS_MEANS_LABEL) {
		feed(h, 'b', (struct slice){0});
	} else {
		feed(h, 'n', s);
		feed(h, 'p', SLICE(":"));
		feed(h, n ? 'l' : 'n', n ? number : s);
	}
}

/* How many numbers stand in a row from token i on, at most CODES. */
static uint32_t numbers_ahead(const struct js_row *r, uint32_t i)
{
	uint32_t n = 0;

	for (; i < r->n && n < CODES && r->token[i].kind == JS_NUMBER; n++)
		i += js_lex_is(r, i + 1, SLICE(",")) ? 2 : r->n;
	return n;
}

/* Numbers rotate; a long row of them in a script that builds text is text. */
static void add_number(struct hasher *h, uint32_t i)
{
	bool in_row =
	    h->runs_text && (h->numbers >= CODES || numbers_ahead(h->row, i) == CODES);

	h->numbers = in_row ? CODES : h->numbers + 1;
	feed(h, '0', in_row ? js_lex_text(h->row, i) : (struct slice){0});
}

/* A semicolon, or a comma before a closing bracket: written or not, it is the same code. */
static bool needless(const struct js_row *r, uint32_t i)
{
	if (r->token[i].c == ';')
		return true;
	return r->token[i].c == ',' && i + 1 < r->n && r->token[i + 1].kind == JS_PUNCT &&
	       (r->token[i + 1].c == ']' || r->token[i + 1].c == '}' ||
	        r->token[i + 1].c == ')');
}

static void add_token(struct hasher *h, uint32_t i)
{
	const struct js_token *t = &h->row->token[i];

	if (t->kind != JS_NUMBER && !(t->kind == JS_PUNCT && t->c == ','))
		h->numbers = 0;
	switch (t->kind) {
	case JS_NAME:
		add_name(h, i);
		break;
	case JS_NUMBER:
		add_number(h, i);
		break;
	case JS_STRING:
	case JS_TEMPLATE:
		add_text(h, js_lex_text(h->row, i));
		break;
	case JS_PUNCT:
		if (!needless(h->row, i))
			feed(h, 'p', js_lex_text(h->row, i));
		break;
	default:
		feed(h, t->kind == JS_REGEX ? 'r' : 'k', js_lex_text(h->row, i));
		break;
	}
}

/* Does the script turn text into other text, or into code? Then text may be code. */
static bool runs_text(const struct js_row *r)
{
	static const char *const names[] = {"eval",         "Function",   "atob",
	                                    "fromCharCode", "unescape",   "fromCodePoint",
	                                    "charCodeAt",   "innerHTML",  "insertAdjacentHTML",
	                                    "write",        "constructor"};

	for (uint32_t i = 0; i < r->n; i++) {
		if (r->token[i].kind != JS_NAME)
			continue;
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
			if (slice_eq(js_lex_text(r, i), slice_str(names[k])))
				return true;
		}
	}
	return false;
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct hash));
}

/* The set of addresses: in which order, and how often, does not matter. */
static struct hash url_set(struct hasher *h)
{
	struct hash_state *st = hash_new();
	struct hash out = {{0}};

	if (!st)
		return out;
	if (h->urls)
		qsort(h->url, h->urls, sizeof(*h->url), by_bytes);
	for (size_t i = 0; i < h->urls; i++) {
		if (i == 0 || !hash_eq(&h->url[i], &h->url[i - 1]))
			hash_add(st, slice_mem(h->url[i].b, HASH_BYTES));
	}
	out = hash_end(st);
	hash_free(st);
	return out;
}

static size_t count_texts(const struct js_row *r)
{
	size_t n = 0;

	for (uint32_t i = 0; i < r->n; i++)
		n += r->token[i].kind == JS_STRING || r->token[i].kind == JS_TEMPLATE;
	return n;
}

int structure_js(struct arena *a, struct slice text, struct structure *out)
{
	struct js_meaning *meaning = NULL;
	struct js_row row = {0};
	struct hasher h = {.row = &row};
	int r = js_lex(a, text, &row);

	if (r == 0)
		r = js_scope(a, &row, &meaning);
	if (r < 0 && r != -E2BIG)
		return r;
	if (r == -E2BIG && row.n == 0)
		return r;
	h.meaning = r == 0 ? meaning : NULL;
	h.code = hash_new();
	h.url = arena_array(a, count_texts(&row) + 1, sizeof(*h.url));
	if (!h.code || !h.url) {
		hash_free(h.code);
		return -ENOMEM;
	}
	h.runs_text = runs_text(&row);
	buf_init(&h.chunk, 2 * CHUNK_BYTES);
	buf_init(&h.text, text.n + 1);
	for (uint32_t i = 0; i < row.n; i++)
		add_token(&h, i);
	flush(&h);
	out->code = hash_end(h.code);
	out->urls = url_set(&h);
	out->tokens = row.n;
	hash_free(h.code);
	buf_done(&h.chunk);
	buf_done(&h.text);
	return 0;
}

int parse_structure(struct slice script, char out[PARSE_STRUCTURE_BYTES])
{
	char code[HASH_HEX_BYTES], urls[HASH_HEX_BYTES];
	struct structure s;
	struct arena a;
	int r;

	arena_init(&a, ARENA_BYTES);
	r = structure_js(&a, script, &s);
	arena_done(&a);
	if (r < 0)
		return r;
	hash_hex(&s.code, code);
	hash_hex(&s.urls, urls);
	snprintf(out, PARSE_STRUCTURE_BYTES, "%.32s.%.32s", code, urls);
	return 0;
}
