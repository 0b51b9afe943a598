/*
 * feed: RSS and Atom, by a reader of XML that knows tags, text, CDATA, the five entities and
 * character numbers, and nothing else: no document types, no entities of their own, no
 * inclusion. What is not well-formed ends the entry it stands in.
 */
#include "parse/parse.h"

#include <errno.h>
#include <stdio.h>

#define MAX_DEPTH 32
#define MAX_TEXT  (64u << 10) /* of one field */
#define LOOK      4096        /* bytes at the start that must name a feed */

struct feed {
	struct arena *mem;
	struct cursor c;
	struct json *all;
	struct json *entry; /* open one, or NULL */
	int entry_depth, depth, entries;
	struct buf text; /* of the field that is open */
};

/* The name without its prefix: "dc:date" -> "date". */
static struct slice local(struct slice name)
{
	size_t colon = slice_chr(name, ':');

	return colon == SIZE_MAX ? name : slice_sub(name, colon + 1, name.n);
}

static bool name_end(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '/' || c == '>' ||
	       c == '=';
}

static struct slice tag_name(struct slice tag)
{
	size_t i = 0;

	while (i < tag.n && !name_end(tag.at[i]))
		i++;
	return slice_sub(tag, 0, i);
}

/* The value of an attribute in the tag's text, or empty. */
static struct slice attribute(struct slice tag, const char *name)
{
	struct slice want = slice_str(name);

	for (size_t i = 0; i + want.n < tag.n; i++) {
		uint8_t quote;
		size_t at = i + want.n, end;
		if (i > 0 && !name_end(tag.at[i - 1]))
			continue;
		if (!slice_eq(slice_sub(tag, i, at), want) || tag.at[at] != '=' ||
		    at + 1 >= tag.n)
			continue;
		quote = tag.at[at + 1];
		if (quote != '"' && quote != '\'')
			continue;
		end = slice_chr(slice_sub(tag, at + 2, tag.n), quote);
		return end == SIZE_MAX ? SLICE("") : slice_sub(tag, at + 2, at + 2 + end);
	}
	return SLICE("");
}

static bool number_entity(struct buf *b, struct slice s)
{
	bool hex = s.n > 2 && s.at[1] == 'x';
	uint32_t v = 0;

	for (size_t i = hex ? 2 : 1; i < s.n && v <= 0x10ffff; i++) {
		uint32_t c = s.at[i], d = 16;
		if (c >= '0' && c <= '9')
			d = c - '0';
		else if (hex && (c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			d = (c | 0x20) - 'a' + 10;
		if (d == 16)
			return false;
		v = v * (hex ? 16 : 10) + d;
	}
	if (s.n < 2 || v == 0 || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff))
		return false;
	buf_utf8(b, v);
	return true;
}

/* Text with its entities put in; one that is unknown stays as it is written. */
static void add_text(struct buf *b, struct slice s)
{
	static const struct {
		const char *name;
		uint8_t c;
	} known[] = {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};

	for (size_t i = 0; i < s.n && b->n < MAX_TEXT; i++) {
		size_t end =
		    s.at[i] == '&' ? slice_chr(slice_sub(s, i, i + 12), ';') : SIZE_MAX;
		struct slice name = slice_sub(s, i + 1, end == SIZE_MAX ? i + 1 : i + end);
		bool done = false;

		for (size_t k = 0; name.n && k < sizeof(known) / sizeof(known[0]) && !done;
		     k++) {
			done = slice_eq(name, slice_str(known[k].name));
			if (done)
				buf_byte(b, known[k].c);
		}
		if (!done && name.n && name.at[0] == '#')
			done = number_entity(b, name);
		if (done)
			i += end;
		else
			buf_byte(b, s.at[i]);
	}
}

static bool is(struct slice a, const char *b)
{
	return slice_eq(a, slice_str(b));
}

/* "Tue, 15 Nov 2022 10:00:00 +0900" as RFC 3339, or false. */
static bool rfc822(struct slice s, char out[CLOCK_TEXT_BYTES], bool *date)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char text[64], mon[4] = "";
	int d = 0, y = 0, h = 0, m = 0, sec = 0, zone = 0, month = 0;
	size_t comma = slice_chr(s, ',');
	int64_t us;
	char iso[48];

	s = slice_trim(comma == SIZE_MAX ? s : slice_sub(s, comma + 1, s.n));
	snprintf(text, sizeof(text), "%.*s", SLICE_ARG(slice_sub(s, 0, 60)));
	if (sscanf(text, "%2d %3s %4d %2d:%2d:%2d %5d", &d, mon, &y, &h, &m, &sec, &zone) < 5)
		return false;
	for (int i = 0; i < 12; i++)
		if (is(slice_mem(months + 3 * i, 3), mon))
			month = i + 1;
	snprintf(iso, sizeof(iso), "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", y, month, d, h,
	         m, sec, zone < 0 ? '-' : '+', abs(zone) / 100 % 24, abs(zone) % 100);
	if (month == 0 || !clock_parse(slice_str(iso), &us))
		return false;
	clock_text(us, out);
	*date = true;
	return true;
}

static void put_time(struct feed *f, struct slice s)
{
	char at[CLOCK_TEXT_BYTES];
	bool date = false;
	int64_t us;

	s = slice_trim(s);
	if (clock_parse(s, &us)) {
		clock_text(us, at);
		date = true;
	} else {
		rfc822(s, at, &date);
	}
	if (date)
		json_put_str(f->mem, f->entry, "at", at);
}

static void put_field(struct feed *f, const char *name, bool only_first)
{
	struct slice s = slice_trim(buf_slice(&f->text));

	if (s.n && slice_utf8_valid(s) && !(only_first && json_text(f->entry, name).n))
		json_put_slice(f->mem, f->entry, name, s);
}

/* The end of an element directly in an entry: its text is a field. */
static void field(struct feed *f, struct slice name)
{
	name = local(name);
	if (is(name, "title"))
		put_field(f, "title", true);
	else if (is(name, "guid") || is(name, "id"))
		put_field(f, "id", true);
	else if (is(name, "link"))
		put_field(f, "link", true);
	else if (is(name, "encoded") || is(name, "content"))
		put_field(f, "text", false);
	else if (is(name, "description") || is(name, "summary"))
		put_field(f, "text", true);
	else if (is(name, "pubDate") || is(name, "published") || is(name, "date") ||
	         (is(name, "updated") && !json_text(f->entry, "at").n))
		put_time(f, buf_slice(&f->text));
}

static void begin_entry(struct feed *f)
{
	static const char *const names[] = {"id", "link", "title", "at", "text"};

	f->entry = json_obj(f->mem);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_put_str(f->mem, f->entry, names[i], "");
	f->entry_depth = f->depth;
}

static void end_entry(struct feed *f)
{
	if (!json_text(f->entry, "id").n)
		json_put_slice(f->mem, f->entry, "id", json_text(f->entry, "link"));
	if (json_text(f->entry, "title").n || json_text(f->entry, "text").n)
		json_push(f->all, f->entry);
	f->entries++;
	f->entry = NULL;
}

static void open_tag(struct feed *f, struct slice tag)
{
	struct slice name = local(tag_name(tag)), href;
	bool empty = tag.n && tag.at[tag.n - 1] == '/';

	f->depth++;
	if (!f->entry && (is(name, "item") || is(name, "entry"))) {
		begin_entry(f);
	} else if (f->entry && f->depth == f->entry_depth + 1) {
		buf_reset(&f->text);
		href = is(name, "link") ? attribute(tag, "href") : SLICE("");
		if (href.n &&
		    (is(attribute(tag, "rel"), "alternate") || !attribute(tag, "rel").n)) {
			add_text(&f->text, href);
			put_field(f, "link", true);
			buf_reset(&f->text);
		}
	} else if (f->entry) { /* xhtml in Atom's content */
		buf_str(&f->text, "<");
		buf_add(&f->text, slice_sub(tag, 0, 256));
		buf_str(&f->text, ">");
	}
	if (empty)
		f->depth--;
}

static void close_tag(struct feed *f, struct slice tag)
{
	struct slice name = tag_name(tag);

	if (f->entry && f->depth == f->entry_depth)
		end_entry(f);
	else if (f->entry && f->depth == f->entry_depth + 1)
		field(f, name);
	else if (f->entry) {
		buf_str(&f->text, "</");
		buf_add(&f->text, slice_sub(name, 0, 64));
		buf_str(&f->text, ">");
	}
	if (f->depth > 0)
		f->depth--;
}

/* Over "<! ... >" or "<? ... >"; CDATA is text. */
static bool declaration(struct feed *f, struct slice rest)
{
	static const struct {
		const char *open, *close;
	} forms[] = {{"<!--", "-->"}, {"<?", "?>"}};
	size_t end;

	if (slice_starts(rest, SLICE("<![CDATA["))) {
		end = slice_find(rest, SLICE("]]>"));
		if (end == SIZE_MAX)
			return false;
		if (f->entry && f->text.n < MAX_TEXT)
			buf_add(&f->text,
			        slice_sub(rest, 9, end < 9 + MAX_TEXT ? end : 9 + MAX_TEXT));
		return cursor_skip(&f->c, end + 3);
	}
	for (size_t i = 0; i < 2; i++) {
		if (!slice_starts(rest, slice_str(forms[i].open)))
			continue;
		end = slice_find(rest, slice_str(forms[i].close));
		return end != SIZE_MAX && cursor_skip(&f->c, end + slice_str(forms[i].close).n);
	}
	return false; /* a document type: no feed needs one */
}

/* One piece: a tag or the text up to the next. False at the end or where it is ill-formed. */
static bool step(struct feed *f, struct err *e)
{
	struct slice rest = cursor_rest(&f->c), tag;
	size_t end;

	if (rest.n == 0)
		return false;
	if (rest.at[0] != '<') {
		end = slice_chr(rest, '<');
		if (f->entry)
			add_text(&f->text, slice_sub(rest, 0, end));
		return cursor_skip(&f->c, end == SIZE_MAX ? rest.n : end);
	}
	if (rest.n > 1 && (rest.at[1] == '!' || rest.at[1] == '?')) {
		if (declaration(f, rest))
			return true;
		err_set(e, -EINVAL,
		        "it declares something (<!DOCTYPE or the like), or is cut off");
		return false;
	}
	end = slice_chr(rest, '>');
	if (end == SIZE_MAX || f->depth >= MAX_DEPTH) {
		err_set(e, -EINVAL,
		        end == SIZE_MAX ? "it is cut off" : "elements lie too deep");
		return false;
	}
	tag = slice_sub(rest, 1, end);
	cursor_skip(&f->c, end + 1);
	if (tag.n && tag.at[0] == '/')
		close_tag(f, slice_sub(tag, 1, tag.n));
	else
		open_tag(f, tag);
	return true;
}

static bool names_a_feed(struct slice xml)
{
	struct slice head = slice_sub(xml, 0, LOOK);

	return slice_find(head, SLICE("<rss")) != SIZE_MAX ||
	       slice_find(head, SLICE("<feed")) != SIZE_MAX ||
	       slice_find(head, SLICE("<rdf:RDF")) != SIZE_MAX;
}

struct json *parse_feed(struct arena *a, struct slice xml, struct err *e)
{
	struct feed f = {.mem = a, .c = cursor_over(xml), .text = {.max = MAX_TEXT + 4096}};

	if (!names_a_feed(xml)) {
		err_set(e, -EINVAL, "this is neither RSS nor Atom");
		return NULL;
	}
	f.all = json_arr(a);
	while (f.all && step(&f, e) && f.entries < PARSE_FEED_MAX_ENTRIES)
		;
	buf_done(&f.text);
	/* What came before the fault is told: a long feed may be cut off. */
	return a->broken || (e->text[0] && f.all && !f.all->first) ? NULL : f.all;
}
