#include "alert/dress.h"
#include "alert/wipe.h"
#include "report/report.h"
#include <openssl/evp.h>
#include <stdio.h>
#include <time.h>

#define TEXT_BYTES    (64u * 1024)
#define WORD_BYTES    45 /* of UTF-8 in one encoded word: 60 bytes of base64, 75 at most */
#define LINE_BYTES    57 /* in one line of base64: 76 */
#define DISCORD_CHARS 1900
#define ADDRESS_BYTES 254

static const char *const hooks[DRESS_HOOKS] = {
    [DRESS_JSON] = "json",       [DRESS_SLACK] = "slack", [DRESS_MATTERMOST] = "mattermost",
    [DRESS_DISCORD] = "discord", [DRESS_TEAMS] = "teams", [DRESS_GOOGLECHAT] = "googlechat",
};

bool dress_hook_of(struct slice name, enum dress_hook *out)
{
	for (int i = 0; i < DRESS_HOOKS; i++) {
		if (slice_eq(name, slice_str(hooks[i]))) {
			*out = (enum dress_hook)i;
			return true;
		}
	}
	return false;
}

const char *dress_hook_name(enum dress_hook h)
{
	return (unsigned)h < DRESS_HOOKS ? hooks[h] : "unknown";
}

/* ---- chat ---- */

/* Slack and those like it take &, < and > for their own marks. */
static void slack_escape(struct buf *out, struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '&')
			buf_str(out, "&amp;");
		else if (s.at[i] == '<')
			buf_str(out, "&lt;");
		else if (s.at[i] == '>')
			buf_str(out, "&gt;");
		else
			buf_byte(out, s.at[i]);
	}
}

/* At most so many bytes, whole characters. */
static struct slice cut(struct slice s, size_t n)
{
	while (n < s.n && n && (s.at[n] & 0xc0) == 0x80)
		n--;
	return slice_sub(s, 0, n);
}

static struct json *teams(struct arena *a, struct slice subject, struct slice text)
{
	struct json *o = json_obj(a), *list = json_arr(a), *card = json_obj(a);
	struct json *attachment = json_obj(a), *body = json_arr(a), *block;

	block = json_obj(a);
	json_put_str(a, block, "type", "TextBlock");
	json_put_slice(a, block, "text", subject);
	json_put_str(a, block, "weight", "Bolder");
	json_put_bool(a, block, "wrap", true);
	json_push(body, block);
	block = json_obj(a);
	json_put_str(a, block, "type", "TextBlock");
	json_put_slice(a, block, "text", text);
	json_put_bool(a, block, "wrap", true);
	json_push(body, block);
	json_put_str(a, card, "type", "AdaptiveCard");
	json_put_str(a, card, "version", "1.4");
	json_put(a, card, "body", body);
	json_put_str(a, attachment, "contentType", "application/vnd.microsoft.card.adaptive");
	json_put(a, attachment, "content", card);
	json_push(list, attachment);
	json_put_str(a, o, "type", "message");
	json_put(a, o, "attachments", list);
	return o;
}

static struct json *plain(struct arena *a, const char *name, struct slice text)
{
	struct json *o = json_obj(a);

	json_put_slice(a, o, name, text);
	return o;
}

/* Nobody is called by name, whatever stands in the text. */
static struct json *discord(struct arena *a, struct slice text)
{
	struct json *o = plain(a, "content", cut(text, DISCORD_CHARS));
	struct json *mentions = json_obj(a);

	json_put(a, mentions, "parse", json_arr(a));
	json_put(a, o, "allowed_mentions", mentions);
	return o;
}

static struct json *chat(struct arena *a, const struct note *n, enum dress_hook h)
{
	struct buf subject, text, all;
	struct json *o;

	buf_init(&subject, 4096);
	buf_init(&text, TEXT_BYTES);
	buf_init(&all, 2 * TEXT_BYTES);
	note_subject(n, &subject);
	note_text(n, &text);
	if (h == DRESS_SLACK || h == DRESS_GOOGLECHAT || h == DRESS_MATTERMOST) {
		buf_str(&all, h == DRESS_MATTERMOST ? "**" : "*");
		slack_escape(&all, buf_slice(&subject));
		buf_str(&all, h == DRESS_MATTERMOST ? "**\n" : "*\n");
		slack_escape(&all, buf_slice(&text));
		o = plain(a, "text", buf_slice(&all));
	} else if (h == DRESS_DISCORD) {
		buf_printf(&all, "%s\n%s", buf_cstr(&subject), buf_cstr(&text));
		o = discord(a, buf_slice(&all));
	} else {
		o = teams(a, buf_slice(&subject), buf_slice(&text));
	}
	buf_done(&subject);
	buf_done(&text);
	buf_done(&all);
	return o;
}

bool dress_for_hook(const struct note *n, enum dress_hook h, struct buf *out)
{
	struct arena a;
	bool good;

	arena_init(&a, 4u << 20);
	good = json_write(out, h == DRESS_JSON ? note_json(n, &a) : chat(&a, n, h));
	arena_done(&a);
	return good;
}

/* ---- mail ---- */

bool dress_address_ok(struct slice s)
{
	size_t at = slice_chr(s, '@');

	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] <= ' ' || s.at[i] >= 0x7f || s.at[i] == '<' || s.at[i] == '>' ||
		    s.at[i] == ',' || s.at[i] == '"')
			return false;
	}
	return s.n && s.n <= ADDRESS_BYTES && at != SIZE_MAX && at > 0 && at + 1 < s.n;
}

static void base64(struct buf *out, struct slice s)
{
	uint8_t text[4 * (LINE_BYTES / 3) + 4];

	buf_add(out, slice_mem(text, (size_t)EVP_EncodeBlock(text, s.at, (int)s.n)));
}

/* RFC 2047, in words of whole characters. */
static void encoded_words(struct buf *out, struct slice s)
{
	for (bool first = true; s.n; first = false) {
		struct slice word = cut(s, s.n < WORD_BYTES ? s.n : WORD_BYTES);

		if (!word.n)
			return;
		buf_str(out, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		base64(out, word);
		buf_str(out, "?=");
		s = slice_sub(s, word.n, s.n);
	}
}

/* RFC 5322's date, in UTC and without the locale. */
static void put_date(struct buf *out, int64_t us)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t t = (time_t)(us / 1000000);
	struct tm tm = {0};

	gmtime_r(&t, &tm);
	buf_printf(out, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
	           days + 3 * tm.tm_wday, tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900,
	           tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static void put_body(struct buf *out, struct slice text)
{
	while (text.n) {
		size_t n = text.n < LINE_BYTES ? text.n : LINE_BYTES;

		base64(out, slice_sub(text, 0, n));
		buf_str(out, "\r\n");
		text = slice_sub(text, n, text.n);
	}
}

/* Lines of a mail end in CR LF, before they are encoded too. */
static void put_lines(struct buf *out, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.at[i] == '\n')
			buf_byte(out, '\r');
		buf_byte(out, text.at[i]);
	}
}

static void put_head(const struct dress_mail *m, struct slice subject, struct buf *out)
{
	put_date(out, m->at_us);
	buf_printf(out, "From: %.*s\r\nTo: ", SLICE_ARG(m->from));
	for (size_t i = 0; i < m->tos; i++)
		buf_printf(out, "%s%.*s", i ? ",\r\n " : "", SLICE_ARG(m->to[i]));
	buf_str(out, "\r\nSubject: ");
	encoded_words(out, subject);
	buf_printf(out,
	           "\r\nMessage-ID: <%s@%s>\r\n"
	           "Auto-Submitted: auto-generated\r\n",
	           m->id, m->host);
}

void dress_for_digest(const struct dress_digest *d, const struct dress_mail *m, struct buf *out)
{
	struct buf title, text;
	struct arena mem;

	buf_init(&title, 4096);
	buf_init(&text, DOC_MAX_BYTES);
	arena_init(&mem, 4u << 20);
	wipe_text(&title, d->title);
	wipe_page(&text, d->text);
	put_head(m, buf_slice(&title), out);
	digest_mail_body(&mem, buf_slice(&title), d->japanese ? DOC_JA : DOC_EN,
	                 buf_slice(&text), out);
	arena_done(&mem);
	buf_done(&title);
	buf_done(&text);
}

void dress_for_mail(const struct note *n, const struct dress_mail *m, struct buf *out)
{
	struct buf subject, text, lines;

	buf_init(&subject, 4096);
	buf_init(&text, TEXT_BYTES);
	buf_init(&lines, 2 * TEXT_BYTES);
	note_subject(n, &subject);
	note_text(n, &text);
	put_lines(&lines, buf_slice(&text));
	put_head(m, buf_slice(&subject), out);
	if (note_severity(n) == SEV_CRITICAL)
		buf_str(out, "Importance: high\r\n");
	buf_str(out, "MIME-Version: 1.0\r\n"
	             "Content-Type: text/plain; charset=UTF-8\r\n"
	             "Content-Transfer-Encoding: base64\r\n\r\n");
	put_body(out, buf_slice(&lines));
	buf_done(&subject);
	buf_done(&text);
	buf_done(&lines);
}
