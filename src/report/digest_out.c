/* Digest: as Atom, as a mail, as a STIX 2.1 bundle. */
#include "report/digest.h"

#include <stdio.h>

#define LINE 76 /* characters of base64 in a mail's line */

static void put_xml(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.at[i];
		if (c == '&')
			buf_str(out, "&amp;");
		else if (c == '<')
			buf_str(out, "&lt;");
		else if (c == '>')
			buf_str(out, "&gt;");
		else if (c == '"')
			buf_str(out, "&quot;");
		else if (c >= 0x20 || c == '\n' || c == '\t')
			buf_byte(out, c);
	}
}

static void element(struct buf *out, const char *name, struct slice s)
{
	buf_printf(out, "<%s>", name);
	put_xml(out, s);
	buf_printf(out, "</%s>\n", name);
}

/* The same thing has the same id in every digest: a UUID in the form of RFC 4122, version 5. */
static struct slice uuid(struct arena *a, struct slice of)
{
	struct hash h = hash_of(of);
	uint8_t *b = h.b;

	b[6] = (uint8_t)((b[6] & 0x0f) | 0x50);
	b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
	return arena_printf(
	    a, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0],
	    b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
	    b[14], b[15]);
}

static struct slice summary(struct digest *d, const struct json *card)
{
	struct buf b = {.max = 8192};
	const struct json *counts = json_get(card, "counts");
	struct slice out;

	buf_printf(&b, "%.*s; %.*s; ", SLICE_ARG(json_text(card, "organisation")),
	           SLICE_ARG(json_text(card, "attack")));
	for (const struct json *x = counts ? counts->first : NULL; x; x = x->next)
		buf_printf(&b, "%.*s%.*s ", SLICE_ARG(json_text(x, "n")),
		           SLICE_ARG(json_text(x, "unit")));
	out = arena_copy(d->mem, buf_slice(&b));
	buf_done(&b);
	return out;
}

static void entry(struct digest *d, const struct json *card, struct buf *out)
{
	const struct json *s = json_get(card, "sources");
	struct slice id = s && s->first && json_text(s->first, "link").n
	                      ? json_text(s->first, "link")
	                      : json_text(card, "title");

	buf_str(out, "<entry>\n");
	element(out, "title", json_text(card, "title"));
	buf_printf(out, "<id>urn:uuid:%.*s</id>\n", SLICE_ARG(uuid(d->mem, id)));
	element(out, "updated", json_text(d->model, "written"));
	for (const struct json *x = s ? s->first : NULL; x; x = x->next) {
		struct slice link = json_text(x, "link");
		if (!slice_starts(link, SLICE("https://")) &&
		    !slice_starts(link, SLICE("http://")))
			continue;
		buf_str(out, "<link rel=\"related\" href=\"");
		put_xml(out, link);
		buf_str(out, "\"/>\n");
	}
	element(out, "summary", summary(d, card));
	buf_str(out, "</entry>\n");
}

static const char *const card_lists[] = {"new", "changed", "phishing"};

void digest_atom(struct digest *d, struct buf *out)
{
	buf_str(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
	             "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
	element(out, "title", json_text(d->model, "title"));
	buf_printf(
	    out, "<id>urn:uuid:%.*s</id>\n",
	    SLICE_ARG(uuid(d->mem, arena_printf(d->mem, "digest %.*s",
	                                        SLICE_ARG(json_text(d->model, "from"))))));
	element(out, "updated", json_text(d->model, "written"));
	buf_str(out, "<author><name>hinoban</name></author>\n");
	for (size_t i = 0; i < sizeof(card_lists) / sizeof(card_lists[0]); i++) {
		const struct json *l = json_get(d->model, card_lists[i]);
		for (const struct json *x = l ? l->first : NULL; x; x = x->next)
			entry(d, x, out);
	}
	buf_str(out, "</feed>\n");
}

/* --- mail --------------------------------------------------------------------------------- */

static void base64(struct buf *out, struct slice s, bool lines)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t column = 0;

	for (size_t i = 0; i < s.n; i += 3) {
		size_t left = s.n - i;
		uint32_t v = (uint32_t)s.at[i] << 16 |
		             (left > 1 ? (uint32_t)s.at[i + 1] << 8 : 0) |
		             (left > 2 ? s.at[i + 2] : 0);
		buf_byte(out, (uint8_t)digits[v >> 18]);
		buf_byte(out, (uint8_t)digits[v >> 12 & 63]);
		buf_byte(out, left > 1 ? (uint8_t)digits[v >> 6 & 63] : '=');
		buf_byte(out, left > 2 ? (uint8_t)digits[v & 63] : '=');
		column += 4;
		if (lines && column >= LINE) {
			buf_str(out, "\r\n");
			column = 0;
		}
	}
	if (lines)
		buf_str(out, "\r\n");
}

static void part(struct buf *out, const char *type, const char *boundary, struct slice s)
{
	buf_printf(out,
	           "--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: "
	           "base64\r\n\r\n",
	           boundary, type);
	base64(out, s, true);
}

void digest_mail_body(struct arena *mem, struct slice title, enum doc_lang lang,
                      struct slice markdown, struct buf *out)
{
	struct buf text = {.max = DOC_MAX_BYTES}, html = {.max = DOC_MAX_BYTES};
	const char *boundary = arena_cstr(mem, uuid(mem, markdown));

	doc_text(&text, markdown);
	doc_html(&html, markdown, title, lang, SLICE(""));
	buf_printf(out,
	           "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; "
	           "boundary=\"%s\"\r\n"
	           "\r\n",
	           boundary);
	part(out, "text/plain", boundary, buf_slice(&text));
	part(out, "text/html", boundary, buf_slice(&html));
	buf_printf(out, "--%s--\r\n", boundary);
	buf_done(&text);
	buf_done(&html);
}

void digest_mail(struct digest *d, struct slice markdown, struct buf *out)
{
	struct slice title = json_text(d->model, "title"), from = json_text(d->model, "from");

	buf_str(out, "Subject: =?utf-8?B?");
	base64(out, arena_printf(d->mem, "%.*s %.*s", SLICE_ARG(title), SLICE_ARG(from)),
	       false);
	buf_str(out, "?=\r\n");
	digest_mail_body(d->mem, title, d->lang, markdown, out);
}

/* --- STIX 2.1 ------------------------------------------------------------------------------
 */

static struct slice stix_time(struct digest *d)
{
	struct slice t = json_text(d->model, "written"); /* six digits; STIX takes any number */

	return t;
}

static struct json *object(struct digest *d, struct json *bundle, const char *type,
                           struct slice of)
{
	struct json *o = json_obj(d->mem);
	struct slice key = arena_printf(d->mem, "%s %.*s", type, SLICE_ARG(of));

	json_put_str(d->mem, o, "type", type);
	json_put_str(d->mem, o, "spec_version", "2.1");
	json_put_slice(d->mem, o, "id",
	               arena_printf(d->mem, "%s--%.*s", type, SLICE_ARG(uuid(d->mem, key))));
	json_put_slice(d->mem, o, "created", stix_time(d));
	json_put_slice(d->mem, o, "modified", stix_time(d));
	json_push((struct json *)(uintptr_t)json_get(bundle, "objects"), o);
	return o;
}

static void stix_card(struct digest *d, struct json *bundle, const struct json *card)
{
	struct json *who, *report, *refs, *external;
	const struct json *s = json_get(card, "sources");
	struct arena *a = d->mem;

	who = object(d, bundle, "identity", json_text(card, "organisation"));
	json_put_slice(a, who, "name", json_text(card, "organisation"));
	json_put_str(a, who, "identity_class", "organization");
	report = object(d, bundle, "report", json_text(card, "title"));
	json_put_slice(a, report, "name", json_text(card, "title"));
	json_put_slice(a, report, "description", summary(d, card));
	json_put_slice(a, report, "published", stix_time(d));
	json_push(json_put(a, report, "report_types", json_arr(a)),
	          json_str(a, SLICE("incident")));
	refs = json_put(a, report, "object_refs", json_arr(a));
	json_push(refs, json_copy(a, json_get(who, "id")));
	external = json_arr(a);
	for (const struct json *x = s ? s->first : NULL; x; x = x->next) {
		struct json *e = json_obj(a);
		json_put_slice(a, e, "source_name", json_text(x, "source"));
		if (json_text(x, "link").n)
			json_put_slice(a, e, "url", json_text(x, "link"));
		json_push(external, e);
	}
	if (external->first)
		json_put(a, report, "external_references", external);
}

struct json *digest_stix(struct digest *d)
{
	struct json *bundle = json_obj(d->mem);

	json_put_str(d->mem, bundle, "type", "bundle");
	json_put_slice(d->mem, bundle, "id",
	               arena_printf(d->mem, "bundle--%.*s",
	                            SLICE_ARG(uuid(d->mem, json_text(d->model, "written")))));
	json_put(d->mem, bundle, "objects", json_arr(d->mem));
	for (size_t i = 0; i < sizeof(card_lists) / sizeof(card_lists[0]); i++) {
		const struct json *l = json_get(d->model, card_lists[i]);
		for (const struct json *x = l ? l->first : NULL; x; x = x->next)
			stix_card(d, bundle, x);
	}
	return bundle;
}
