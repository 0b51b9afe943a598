/* parse_look: what kind of content is it, and which tokeniser reads it. */
#include "parse/scan.h"

#include "base/path.h"
#include "parse/chars.h"
#include "parse/decode.h"
#include "parse/needles.h"
#include "parse/shape.h"
#include <string.h>

#define SNIFF_BYTES   4096
#define TAR_MAGIC_AT  257
#define MAX_UNESCAPED (128u * 1024) /* half of what a look may decode */

static bool one_of(struct slice s, const char *list)
{
	struct slice all = slice_str(list);
	size_t at = 0;

	while (at < all.n) {
		size_t end = slice_chr(slice_sub(all, at, all.n), ' ');
		end = end == SIZE_MAX ? all.n : at + end;
		if (slice_caseeq(s, slice_sub(all, at, end)))
			return true;
		at = end + 1;
	}
	return false;
}

static struct slice extension(struct slice name)
{
	for (size_t i = name.n; i > 0; i--)
		if (name.at[i - 1] == '.')
			return slice_sub(name, i, name.n);
	return (struct slice){0};
}

static const char PHP_NAMES[] =
    "php phtml php3 php4 php5 php7 php8 phps pht phar inc module install "
    "theme profile engine ctp";
static const char JS_NAMES[] = "js mjs cjs jsx es6";
static const char HTML_NAMES[] =
    "html htm xhtml shtml tpl twig smarty mustache hbs ejs latte blade vue svg";
static const char TEMPLATE_NAMES[] = "tpl twig smarty latte blade";
/* Texts in which shops keep pieces of pages: layouts, blocks, banners. */
static const char MARKUP_NAMES[] = "xml json yml yaml css";
static const char TEXT_NAMES[] =
    "md txt rst css scss less json xml yml yaml po pot mo csv log sql map "
    "lock dist sample example neon graphql ts sh py pl rb c h";

struct magic {
	const char *bytes;
	size_t n;
	const char *kind;
};

static const struct magic magics[] = {
    {"PK\3\4", 4, "archive"},
    {"PK\5\6", 4, "archive"},
    {"\x1f\x8b", 2, "archive"},
    {"BZh", 3, "archive"},
    {"\xfd"
     "7zXZ",
     5, "archive"},
    {"7z\xbc\xaf", 4, "archive"},
    {"Rar!", 4, "archive"},
    {"\x28\xb5\x2f\xfd", 4, "archive"},
    {"\x7f"
     "ELF",
     4, "elf"},
    {"MZ", 2, "binary"},
    {"%PDF", 4, "binary"},
    {"\0asm", 4, "binary"},
    {"wOFF", 4, "binary"},
    {"wOF2", 4, "binary"},
    {"SQLite format 3", 15, "binary"},
};

static const char *magic_kind(struct slice s)
{
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (slice_starts(s, slice_mem(magics[i].bytes, magics[i].n)))
			return magics[i].kind;
	return NULL;
}

/* NUL bytes or many control characters near the beginning: no text. */
static bool is_binary(struct slice s)
{
	size_t odd = 0;
	struct slice head = slice_sub(s, 0, SNIFF_BYTES);

	for (size_t i = 0; i < head.n; i++) {
		if (head.at[i] == 0)
			return true;
		odd += head.at[i] < 0x20 && !chars_space(head.at[i]) && head.at[i] != 0x1b;
	}
	return odd * 100 > head.n * 10;
}

/* First "<?php", or "<?=" where that counts, or SIZE_MAX. */
static size_t find_php(struct slice s, bool echo)
{
	for (size_t i = 0; i + 2 < s.n; i++) {
		const uint8_t *p = memchr(s.at + i, '<', s.n - i - 1);
		if (!p)
			return SIZE_MAX;
		i = (size_t)(p - s.at);
		if (s.at[i + 1] != '?')
			continue;
		if (slice_caseeq(slice_sub(s, i + 2, i + 5), SLICE("php")) ||
		    (echo && s.at[i + 2] == '='))
			return i;
	}
	return SIZE_MAX;
}

/* Does it begin with PHP, blanks, a byte order mark and a #! line aside? */
static bool begins_with_php(struct slice s, size_t at)
{
	struct slice head = slice_trim(slice_sub(s, 0, at));

	if (slice_starts(head, SLICE("\xef\xbb\xbf")))
		head = slice_trim(slice_sub(head, 3, head.n));
	return head.n == 0 ||
	       (slice_starts(head, SLICE("#!")) && slice_chr(head, '\n') == SIZE_MAX);
}

/* JavaScript without the name of it: several of its words in the beginning. */
static bool reads_as_js(struct slice s)
{
	static const char *const signs[] = {
	    "function", "document.", "window.",          "var ",   "const ", "=>",
	    "eval(",    ".length",   "addEventListener", "return "};
	struct slice head = slice_sub(s, 0, SNIFF_BYTES);
	size_t n = 0;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		n += slice_find(head, slice_str(signs[i])) != SIZE_MAX;
	return n >= 3 && slice_chr(head, ';') != SIZE_MAX;
}

static bool reads_as_html(struct slice s)
{
	struct slice head = slice_sub(s, 0, SNIFF_BYTES);

	return slice_casefind(head, SLICE("<html")) != SIZE_MAX ||
	       slice_casefind(head, SLICE("<!doctype")) != SIZE_MAX ||
	       slice_casefind(head, SLICE("<script")) != SIZE_MAX ||
	       slice_casefind(head, SLICE("<body")) != SIZE_MAX ||
	       slice_casefind(head, SLICE("<form")) != SIZE_MAX;
}

static const char *look_html(struct look *l, struct slice s)
{
	struct html h = {.look = l};

	html_piece(&h, s);
	html_end(&h);
	return "html";
}

static const char *look_js(struct look *l, struct slice s)
{
	js_look(l, s);
	return "js";
}

static const char *look_php(struct look *l, struct slice s)
{
	php_look(l, s);
	return "php";
}

/* <script src="..."> in a layout of XML, <script src=\"https:\/\/...\"> in JSON. */
static void look_markup(struct look *l, struct slice s)
{
	struct html h = {.look = l};
	struct slice text = s;

	if (slice_casefind(s, SLICE("<script")) == SIZE_MAX &&
	    slice_casefind(s, SLICE("<iframe")) == SIZE_MAX &&
	    slice_casefind(s, SLICE("onerror=")) == SIZE_MAX)
		return;
	if (s.n <= MAX_UNESCAPED && slice_find(s, SLICE("\\\"")) != SIZE_MAX)
		decode_escapes(l, s, &text);
	html_piece(&h, text);
	html_end(&h);
}

/* Text whose name promises neither PHP nor JavaScript nor a page. */
static const char *look_other(struct look *l, struct slice s, struct slice ext, bool has_php)
{
	if (has_php) {
		look_add(l, F_CODE_IN_DATA, 1);
		php_look(l, s);
		return "text";
	}
	if (!one_of(ext, TEXT_NAMES) && reads_as_html(s))
		return look_html(l, s);
	if (!one_of(ext, TEXT_NAMES) && reads_as_js(s))
		return look_js(l, s);
	if (one_of(ext, MARKUP_NAMES))
		look_markup(l, s);
	look_add(l, F_CARD_DATA, shape_card_numbers(s) + shape_cards_encoded(l, s));
	return "text";
}

static bool names_htaccess(struct slice name)
{
	return slice_caseeq(name, SLICE(".htaccess")) || slice_ends(name, SLICE(".htaccess"));
}

static const char *look_as_text(struct look *l, struct slice s, struct slice name)
{
	struct slice ext = extension(name);
	size_t php = find_php(s, true);
	bool php_name = one_of(ext, PHP_NAMES);

	if (names_htaccess(name)) {
		bool guards = server_htaccess(l, s);

		if (php == SIZE_MAX)
			return guards ? "guard" : "htaccess";
	}
	if (one_of(ext, "ini")) {
		server_ini(l, s);
		if (php == SIZE_MAX)
			return "ini";
	}
	if (one_of(ext, TEMPLATE_NAMES))
		template_look(l, s);
	if (php_name || (php != SIZE_MAX &&
	                 (begins_with_php(s, php) || ext.n == 0 || one_of(ext, HTML_NAMES))))
		return look_php(l, s);
	if (slice_starts(s, SLICE("#!")))
		return "script";
	if (one_of(ext, JS_NAMES)) {
		if (php != SIZE_MAX)
			look_add(l, F_CODE_IN_DATA, 1);
		return look_js(l, s);
	}
	if (one_of(ext, HTML_NAMES))
		return look_html(l, s);
	return look_other(l, s, ext, php != SIZE_MAX);
}

static void look_stub(struct look *l, struct slice s)
{
	if (slice_find(s, SLICE("__HALT_COMPILER")) != SIZE_MAX)
		look_add(l, F_PHAR_STUB, 1);
}

/*
 * No text: code hidden in it all the same? "<?=" stands in packed data by chance, and nobody
 * runs what has such a name.
 */
static void look_binary(struct look *l, struct slice s)
{
	size_t php = find_php(s, false);

	look_stub(l, s);
	if (php == SIZE_MAX)
		return;
	look_add(l, F_CODE_IN_DATA, 1);
	php_look(l, slice_sub(s, php, s.n));
}

/*
 * Servers and browsers go by these names alone: PHP prints what stands before its tag, passes
 * over what it does not know in an ini file, and "GIF89a=1;" is JavaScript.
 */
static bool obeyed_by_name(struct slice name)
{
	struct slice ext = extension(name);

	return names_htaccess(name) || one_of(ext, "ini") || one_of(ext, PHP_NAMES) ||
	       one_of(ext, JS_NAMES) || one_of(ext, HTML_NAMES);
}

/* `as`: what it pretends to be by its first bytes, or NULL. */
static const char *look_disguised(struct look *l, struct slice s, struct slice name,
                                  enum image image, const char *as)
{
	const char *kind = look_as_text(l, s, name);

	if (image != IMAGE_NONE)
		image_look(l, image, s, false);
	else
		look_stub(l, s);
	return as && strcmp(as, "elf") == 0 ? as : kind;
}

static const char *look_content(struct look *l, struct slice s, struct slice path)
{
	struct slice name = slice_trim(path_leaf(path)); /* "x.php\n" is PHP to some servers */
	enum image image = image_magic(s);
	bool obeyed = obeyed_by_name(name);
	const char *kind;

	if (s.n == 0)
		return "empty";
	if (image != IMAGE_NONE && !obeyed) {
		image_look(l, image, s, true);
		return "image";
	}
	kind = slice_starts(slice_sub(s, TAR_MAGIC_AT, s.n), SLICE("ustar")) ? "archive"
	                                                                     : magic_kind(s);
	if (image == IMAGE_NONE && !kind && !is_binary(s)) {
		shape_text(l, s, !one_of(extension(name), TEXT_NAMES));
		return look_as_text(l, s, name);
	}
	if (obeyed)
		return look_disguised(l, s, name, image, kind);
	/* A packed program runs only under a program's name. */
	if (!kind || strcmp(kind, "archive") != 0)
		look_binary(l, s);
	return kind ? kind : "binary";
}

static struct json *parse(struct arena *a, struct slice content, struct slice path, bool part)
{
	struct look *l = arena_alloc(a, sizeof(*l));

	if (!l)
		return NULL;
	look_init(l, a);
	look_add(l, F_UNSEEN, part);
	return look_result(l,
	                   look_content(l, slice_sub(content, 0, PARSE_LOOK_MAX_BYTES), path));
}

struct json *parse_look(struct arena *a, struct slice content, struct slice path)
{
	return parse(a, content, path, false);
}

struct json *parse_look_part(struct arena *a, struct slice content, struct slice path)
{
	return parse(a, content, path, true);
}
