/* hinoban digest: the week, from the ledger. */
#include "face/digest.h"
#include "face/clocks.h"
#include "face/commands.h"
#include "parse/parse.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define WEEK_US    (INT64_C(7) * 86400 * 1000000)
#define MAIL_BYTES 40000u /* of Markdown: with what JSON adds it fits into a fact */

enum format { TXT, HTML, MD, JSON, ATOM, MAIL, STIX, FORMATS };

static const char *const names[FORMATS] = {"txt", "html", "md", "json", "atom", "mail", "stix"};

static int format_of(struct face *f)
{
	const char *given = args_text(&f->args, OPT_FORMAT);

	if (!given)
		return args_has(&f->args, OPT_JSON) ? JSON : TXT;
	for (int i = 0; i < FORMATS; i++)
		if (strcmp(names[i], given) == 0)
			return i;
	COMPLAIN(T_DIGEST_NO_FORMAT, given);
	return -EINVAL;
}

static bool week_of(struct face *f, struct digest *d)
{
	const char *day = args_text(&f->args, OPT_WEEK);
	int64_t us = d->now_us;

	if (day && strcmp(day, "last") == 0)
		us -= WEEK_US;
	else if (day && (strlen(day) != 10 || !clock_parse(slice_str(day), &us))) {
		COMPLAIN(T_DIGEST_BAD_WEEK, day);
		return false;
	}
	d->from_us = digest_week(us);
	d->to_us = d->from_us + WEEK_US;
	return true;
}

static int render(struct face *f, struct digest *d, int format, struct buf *out, struct err *e)
{
	char *slash = strrchr(f->config, '/');
	const char *dirs[] = {
	    slash ? face_cstr(f, slice_mem(f->config, (size_t)(slash - f->config))) : ".",
	    conf_profile_dir(), NULL};
	struct buf markdown = {.max = DOC_MAX_BYTES};
	int r = 0;

	if (format == JSON)
		return json_write(out, d->model) ? 0 : -EFBIG;
	if (format == STIX)
		return json_write(out, digest_stix(d)) ? 0 : -EFBIG;
	if (format == ATOM) {
		digest_atom(d, out);
		return buf_ok(out) ? 0 : -EFBIG;
	}
	r = digest_markdown(d, dirs, &markdown, e);
	if (r == 0 && format == MD)
		doc_md(out, buf_slice(&markdown));
	else if (r == 0 && format == TXT)
		doc_text(out, buf_slice(&markdown));
	else if (r == 0 && format == HTML)
		doc_html(out, buf_slice(&markdown), json_text(d->model, "title"), d->lang,
		         SLICE(""));
	else if (r == 0)
		digest_mail(d, buf_slice(&markdown), out);
	buf_done(&markdown);
	return r == 0 && !buf_ok(out) ? -EFBIG : r;
}

/* In a folder each week has a file of its own, named after its Monday. */
static const char *file_of(struct face *f, const struct digest *d, int format)
{
	static const char *const ends[FORMATS] = {"txt",  "html", "md",  "json",
	                                          "atom", "eml",  "json"};
	const char *given = args_text(&f->args, OPT_OUTPUT);
	struct stat st;

	if (!given || stat(given, &st) < 0 || !S_ISDIR(st.st_mode))
		return given;
	return face_cstr(f, arena_printf(&f->mem, "%s/digest-%.*s%s.%s", given,
	                                 SLICE_ARG(json_text(d->model, "from")),
	                                 format == STIX ? ".stix" : "", ends[format]));
}

static int put(const char *file, struct slice s)
{
	FILE *to = file ? fopen(file, "we") : stdout;
	bool bad = !to || fwrite(s.at, 1, s.n, to) != s.n;

	if (file && to && fclose(to) != 0)
		bad = true;
	if (bad)
		COMPLAIN(T_REPORT_CANNOT, strerror(errno));
	return bad ? EXIT_USE : EXIT_GOOD;
}

static int write_one(struct face *f, struct digest *d, int format)
{
	struct buf out = {.max = 4 * DOC_MAX_BYTES};
	struct err e = {0};
	int r = digest_model(d, &e), code;

	if (r == 0)
		r = render(f, d, format, &out, &e);
	if (r < 0) {
		COMPLAIN(T_REPORT_CANNOT, e.text[0] ? e.text : strerror(-r));
		code = EXIT_USE;
	} else {
		code = put(file_of(f, d, format), buf_slice(&out));
	}
	buf_done(&out);
	if (code == EXIT_GOOD && json_count(json_get(d->model, "concerns")))
		code = EXIT_FOUND;
	return code;
}

/* The digest as Markdown, cut at the end of a line where it would be too long for a fact. */
static struct slice cut(struct face *f, struct slice markdown)
{
	size_t n = markdown.n;

	if (n <= MAIL_BYTES)
		return markdown;
	for (n = MAIL_BYTES; n && markdown.at[n - 1] != '\n';)
		n--;
	return arena_printf(&f->mem, "%.*s\n%s\n", SLICE_ARG(slice_sub(markdown, 0, n)),
	                    text(T_DIGEST_CUT));
}

static int ask_for_mail(struct face *f, struct digest *d, struct slice markdown)
{
	struct arena *a = &f->mem;
	struct json *w = fact_draft(a, "alert.digest");
	struct slice week = json_text(d->model, "from");
	struct err e = {0};
	int64_t seq;
	int code = face_client(f);

	if (code)
		return code;
	json_put_str(a, w, "by", face_who(f));
	json_put_slice(a, w, "week", week);
	json_put_slice(a, w, "title",
	               arena_printf(a, "%.*s %.*s", SLICE_ARG(json_text(d->model, "title")),
	                            SLICE_ARG(week)));
	json_put_str(a, w, "language", d->lang == DOC_JA ? "ja" : "en");
	json_put_slice(a, w, "text", cut(f, markdown));
	seq = post_client_fact(f->client, w, -1, &e);
	if (seq < 0) {
		COMPLAIN(T_LEDGER_FAULT, e.text);
		return EXIT_OURS;
	}
	SAY(T_DIGEST_MAILED, face_int(f, (int64_t)f->conf.alert_mails), face_int(f, seq));
	return EXIT_GOOD;
}

/* Into the herald's queue: it sends, and tries again where that fails. */
static int mail_one(struct face *f, struct digest *d)
{
	struct buf out = {.max = DOC_MAX_BYTES};
	struct err e = {0};
	int r, code;

	if (!f->conf.alert_mails) {
		COMPLAIN(T_DIGEST_NO_MAIL);
		return EXIT_USE;
	}
	r = digest_model(d, &e);
	if (r == 0)
		r = render(f, d, MD, &out, &e);
	if (r < 0)
		COMPLAIN(T_REPORT_CANNOT, e.text[0] ? e.text : strerror(-r));
	code = r < 0 ? EXIT_USE : ask_for_mail(f, d, buf_slice(&out));
	buf_done(&out);
	return code;
}

static int digest_run(struct face *f)
{
	struct digest d = {.mem = &f->mem, .now_us = clock_now_us(), .merge = parse_news_merge};
	int format = format_of(f), code = EXIT_GOOD;
	struct clocks *rules = NULL;
	struct cases *cases = NULL;
	struct err e = {0};

	if (format < 0 || !week_of(f, &d))
		return EXIT_USE;
	if (args_has(&f->args, OPT_FETCH))
		code = digest_fetch(f);
	if (code == EXIT_GOOD)
		code = face_ledger(f);
	if (code == EXIT_GOOD)
		code = clocks_rules(f, &rules);
	if (code == EXIT_GOOD && cases_read(f->ledger, &cases, &e) < 0) {
		COMPLAIN(T_LEDGER_FAULT, e.text);
		code = EXIT_OURS;
	}
	d.lang = text_lang() == LANG_JA ? DOC_JA : DOC_EN; /* the settings may say which */
	d.ledger = f->ledger;
	d.rules = rules;
	d.cases = cases;
	if (code == EXIT_GOOD && args_has(&f->args, OPT_MAIL))
		code = mail_one(f, &d);
	else if (code == EXIT_GOOD)
		code = write_one(f, &d, format);
	cases_free(cases);
	clocks_free(rules);
	return code;
}

static const uint8_t digest_opts[] = {OPT_WEEK,   OPT_FETCH, OPT_MAIL, OPT_FORMAT,
                                      OPT_OUTPUT, OPT_NAMES, OPT_JSON, OPT_END};

const struct command digest_cmd = {
    .name = "digest",
    .usage = "",
    .what = T_DIGEST_WHAT,
    .more = T_DIGEST_EXAMPLES,
    .opts = digest_opts,
    .run = digest_run,
};
