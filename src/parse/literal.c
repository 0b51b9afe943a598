#include "parse/literal.h"

#include "parse/chars.h"
#include "parse/decode.h"
#include "parse/scan.h"
#include "parse/shape.h"

#define LITERAL_MARKUP_BYTES 8192

struct meaning {
	uint32_t all; /* classes that must all be there */
	enum feature feature;
};

static const struct meaning meanings[] = {
    {N_CARD, F_CARD_WORD},
    {N_PASSWORD, F_PASSWORD_WORD},
    {N_SELECT | N_FROM | N_PERSONS, F_SQL_PERSONS},
    {N_SQLWRITE, F_SQL_WRITE},
    {N_UPDATE | N_SET, F_SQL_WRITE},
    {N_INSERT | N_ADMIN, F_ADMIN_CREATE},
    {N_UPDATE | N_SET | N_ADMIN, F_ADMIN_CREATE},
    {N_SCRIPT, F_SCRIPT_INSERT},
    {N_FRAME, F_FRAME_INSERT},
    {N_FIXED | N_ZINDEX, F_OVERLAY},
    {N_DEBUG, F_DEBUG_TEST},
    {N_DATACODE, F_HIDDEN_WORD},
    {N_BACKWARD, F_HIDDEN_WORD},
};

void literal_classes(struct look *l, uint32_t classes)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if ((classes & meanings[i].all) == meanings[i].all)
			look_add(l, meanings[i].feature, 1);
}

static void hosts(struct look *l, struct slice text, const struct needles_found *found)
{
	for (uint32_t i = 0; i < found->urls; i++)
		look_host(l, slice_sub(text, found->url[i], text.n));
}

void literal_markup(struct look *l, struct slice text)
{
	struct html tags = {.look = l, .tags_only = true};

	if (!l->flows_only)
		html_piece(&tags, slice_sub(text, 0, LITERAL_MARKUP_BYTES));
}

/* What was hidden and has now come to light. */
static void revealed(struct look *l, struct slice text, const struct needles_found *found)
{
	if (found->classes & N_URL) {
		look_add(l, F_HIDDEN_URL, 1);
		hosts(l, text, found);
	}
	if (found->classes & N_TAG)
		literal_markup(l, text);
	if (found->classes & (N_PHPTAG | N_RUN | N_SUPER | N_JSCODE | N_SCRIPT))
		look_add(l, F_HIDDEN_CODE, 1);
	else if (found->classes & (N_CARD | N_CHECKOUT | N_INPUT | N_DEBUG | N_FRAME))
		look_add(l, F_HIDDEN_WORD, 1);
}

void literal_hidden(struct look *l, struct slice text)
{
	struct needles_found found;
	struct slice inner;

	if (text.n < 4 || l->depth >= LOOK_MAX_DEPTH)
		return;
	needles_scan(text, &found);
	if (found.classes)
		revealed(l, text, &found);
	l->depth++;
	if (text.n >= 12 && decode_any(l, text, &inner))
		literal_hidden(l, inner);
	l->depth--;
}

/* Base64 text of 12 and more, or the like: does it hide something readable? */
static void look_inside(struct look *l, struct slice text)
{
	struct slice inner;

	if (decode_any(l, text, &inner))
		literal_hidden(l, inner);
}

static bool one_of(struct slice s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((s.at[0] | 0x20) == list[i][0] && slice_caseeq(s, slice_str(list[i])))
			return true;
	return false;
}

static const char *const odd_ends[] = {"jpg", "jpeg", "png",  "gif", "webp", "bmp", "ico",
                                       "css", "svg",  "woff", "ttf", "pdf",  "mp3", "swf"};
static const char *const code_ends[] = {"php",  "phtml", "php5", "php7",
                                        "phar", "inc",   "js",   "htaccess"};

uint32_t literal_file_name(struct slice t)
{
	size_t dot = SIZE_MAX, base = 0;

	if (t.n < 3 || t.n > 255)
		return 0;
	for (size_t i = 0; i < t.n; i++) {
		if (chars_space(t.at[i]) || t.at[i] == '<' || t.at[i] == '(' || t.at[i] == ';')
			return 0;
		if (t.at[i] == '/') {
			base = i + 1;
			dot = SIZE_MAX;
		} else if (t.at[i] == '.') {
			dot = i;
		}
	}
	if (dot == SIZE_MAX)
		return slice_starts(t, SLICE("/dev/shm/")) ? B_ODDNAME : 0;
	struct slice end = slice_sub(t, dot + 1, t.n);
	if (end.n < 2 || end.n > 8)
		return 0;
	if (one_of(end, odd_ends, sizeof(odd_ends) / sizeof(odd_ends[0])))
		return B_ODDNAME;
	if (one_of(end, code_ends, sizeof(code_ends) / sizeof(code_ends[0])))
		return B_CODENAME;
	/* A hidden file: "/.name", not "../" and not a mere suffix like ".txt". */
	return dot == base && base > 0 && end.n > 1 && chars_alpha(end.at[0]) ? B_ODDNAME : 0;
}

/* A key or a field's name: one word, no sentence. */
static bool is_key(struct slice t)
{
	if (t.n == 0 || t.n > 64)
		return false;
	for (size_t i = 0; i < t.n; i++)
		if (chars_space(t.at[i]) || t.at[i] == '<')
			return false;
	return true;
}

static uint32_t bits_of(struct look *l, struct slice t, const struct needles_found *found)
{
	uint32_t bits = B_TEXT;

	if (found->classes & N_URL)
		bits |= B_URL |
		        (found->urls && look_host(l, slice_sub(t, found->url[0], t.n)) ? B_HOST
		                                                                       : 0);
	else if (t.n > 6 && t.at[0] == '/' && t.at[1] == '/' &&
	         look_host(l, slice_sub(t, 2, t.n)))
		bits |= B_URL | B_HOST;
	else
		bits |= literal_file_name(t);
	if (found->classes & N_INPUT)
		bits |= B_INPUT;
	if ((found->classes & N_CARD) && is_key(t))
		bits |= B_CARD;
	if ((found->classes & N_CHECKOUT) && t.n <= 64)
		bits |= B_CHECKOUT;
	return bits;
}

/* Only what the escapes hid counts as hidden: texts in other scripts are full of them. */
static void unescaped(struct look *l, struct slice raw, struct slice text,
                      struct needles_found found)
{
	struct needles_found plain;

	found.classes &= ~needles_scan(raw, &plain);
	if (slice_casefind(raw, SLICE("http")) != SIZE_MAX) /* "http:\/\/" */
		found.classes &= ~(uint32_t)N_URL;
	revealed(l, text, &found);
}

uint32_t literal_look(struct look *l, struct slice raw, bool escapes, struct slice *text)
{
	struct needles_found found;
	size_t hidden = 0;

	*text = raw;
	if (escapes && slice_chr(raw, '\\') != SIZE_MAX)
		hidden = decode_escapes(l, raw, text);
	l->string_bytes += raw.n;
	l->escape_bytes += hidden;
	if (text->n < 2)
		return B_TEXT;
	needles_scan(*text, &found);
	if (found.classes) {
		literal_classes(l, found.classes);
		hosts(l, *text, &found);
		if (found.classes & N_TAG)
			literal_markup(l, *text);
		if (hidden * 2 > raw.n)
			unescaped(l, raw, *text, found);
	}
	if (!l->flows_only && text->n >= 12) {
		shape_string(l, *text);
		look_inside(l, *text);
	}
	return bits_of(l, *text, &found);
}
