/* hinoban report: documents about a case, their fields, and their check. */
#include "face/report.h"
#include "base/path.h"
#include "face/clocks.h"
#include "face/commands.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define ID_COLUMNS 26
#define MAX_VALUE  4000

static const char *said(const char *ja, const char *en)
{
	return text_lang() == LANG_JA ? ja : en;
}

static int list_forms(struct face *f)
{
	if (args_has(&f->args, OPT_JSON)) {
		for (const struct doc_form *d = doc_forms; d->id; d++) {
			struct json *o = json_obj(&f->mem);
			json_put_str(&f->mem, o, "form", d->id);
			json_put_str(&f->mem, o, "title", said(d->ja, d->en));
			face_put_json(o);
		}
		return EXIT_GOOD;
	}
	SAY(T_REPORT_FORMS);
	for (const struct doc_form *d = doc_forms; d->id; d++) {
		printf("  ");
		term_cell(slice_str(d->id), ID_COLUMNS);
		printf(" %s\n", said(d->ja, d->en));
	}
	SAY(T_REPORT_FIELDS);
	for (const struct doc_field *d = doc_fields; d->id; d++) {
		printf("  ");
		term_cell(slice_str(d->id), ID_COLUMNS);
		printf(" %s\n", said(d->ja, d->en));
	}
	return EXIT_GOOD;
}

/* --- filling in ------------------------------------------------------------------------ */

static struct json *set_draft(struct report_job *r, const char *arg)
{
	struct face *f = r->job.f;
	struct slice all = slice_str(arg);
	size_t is = slice_chr(all, '=');
	struct slice id = slice_sub(all, 0, is), value = slice_mem(NULL, 0);
	const struct doc_field *field = doc_field_of(id);
	struct json *w = fact_draft(&f->mem, "report.field");
	const char *reason;
	int64_t us;

	if (is != SIZE_MAX)
		value = slice_trim(slice_sub(all, is + 1, all.n));
	if (!field || !value.n || value.n > MAX_VALUE || !slice_utf8_valid(value) ||
	    (field->day && (value.n != 10 || !clock_parse(value, &us)))) {
		COMPLAIN(T_REPORT_BAD_SET, arg);
		return NULL;
	}
	if (!face_reason(f, &reason))
		return NULL;
	json_put_int(&f->mem, w, "case", r->job.c->number);
	json_put_slice(&f->mem, w, "field", id);
	json_put_slice(&f->mem, w, "value", value);
	json_put_str(&f->mem, w, "by", face_who(f));
	if (reason)
		json_put_str(&f->mem, w, "reason", reason);
	fact_ref(&f->mem, w, r->job.c->opened_seq);
	return w;
}

static int send(struct face *f, struct json *word, int64_t *seq)
{
	struct err e = {0};
	int code = face_client(f);

	if (code)
		return code;
	*seq = post_client_fact(f->client, word, -1, &e);
	if (*seq > 0)
		return EXIT_GOOD;
	COMPLAIN(T_REPORT_CANNOT, e.text);
	return EXIT_OURS;
}

static int set_fields(struct report_job *r)
{
	struct face *f = r->job.f;
	struct json *word[ARGS_MAX_REPEAT];
	int n = f->args.count[OPT_SET], code = EXIT_GOOD;
	int64_t seq = 0;

	if (n > ARGS_MAX_REPEAT)
		n = ARGS_MAX_REPEAT;
	for (int i = 0; i < n; i++) { /* all or none */
		word[i] = set_draft(r, f->args.value[OPT_SET][i]);
		if (!word[i])
			return EXIT_USE;
	}
	for (int i = 0; i < n && code == EXIT_GOOD; i++) {
		code = send(f, word[i], &seq);
		if (code == EXIT_GOOD)
			SAY(T_REPORT_SET_DONE, face_cstr(f, json_text(word[i], "field")),
			    face_int(f, seq));
	}
	return code;
}

/* --- writing --------------------------------------------------------------------------- */

int report_model(struct report_job *r, const struct doc_form *form)
{
	struct face *f = r->job.f;
	struct clock_view *clock = NULL;
	struct err e = {0};
	int64_t clocks;
	int code = clocks_rules(f, &r->rules);

	if (code)
		return code;
	clocks = clocks_of(r->rules, r->job.c, clock_now_us(), &f->mem, &clock);
	r->doc = (struct doc){.mem = &f->mem,
	                      .ledger = f->ledger,
	                      .conf = f->has_conf ? &f->conf : NULL,
	                      .c = r->job.c,
	                      .clock = clock,
	                      .clocks = clocks > 0 ? (size_t)clocks : 0,
	                      .form = form,
	                      .lang = text_lang() == LANG_JA ? DOC_JA : DOC_EN,
	                      .now_us = clock_now_us()};
	if (clocks >= 0 && cases_look(r->job.cases, f->ledger, r->job.c->number, &e) == 0 &&
	    doc_model(&r->doc, &e) == 0)
		return EXIT_GOOD;
	COMPLAIN(T_REPORT_CANNOT, e.text[0] ? e.text : strerror(ENOMEM));
	return EXIT_OURS;
}

void report_done(struct report_job *r)
{
	clocks_free(r->rules);
	cases_free(r->job.cases);
}

static int as_html(struct report_job *r, struct slice markdown, struct buf *out)
{
	struct buf picture = {.max = DOC_MAX_BYTES};

	doc_picture(&r->doc, &picture);
	doc_html(out, markdown, slice_str(said(r->doc.form->ja, r->doc.form->en)), r->doc.lang,
	         buf_slice(&picture));
	buf_done(&picture);
	return buf_ok(out) ? 0 : -EFBIG;
}

static int as_pdf(struct report_job *r, struct slice markdown, struct buf *out, struct err *e)
{
	struct buf html = {.max = DOC_CASE_BYTES};
	int code = as_html(r, markdown, &html);

	if (code == 0)
		code = report_pdf(buf_slice(&html), out, e);
	buf_done(&html);
	return code;
}

/* The document in this format. 0, 1: no such format, or a fault. */
static int render(struct report_job *r, const char *format, struct buf *out, struct err *e)
{
	struct face *f = r->job.f;
	char *slash = strrchr(f->config, '/');
	const char *dirs[] = {
	    slash ? face_cstr(f, slice_mem(f->config, (size_t)(slash - f->config))) : ".",
	    conf_profile_dir(), NULL};
	struct buf markdown = {.max = DOC_CASE_BYTES};
	int code;

	if (strcmp(format, "json") == 0)
		return json_write(out, r->doc.model) ? 0 : -EFBIG;
	code = doc_markdown(&r->doc, dirs, &markdown, e);
	if (code == 0 && strcmp(format, "md") == 0)
		doc_md(out, buf_slice(&markdown));
	else if (code == 0 && strcmp(format, "txt") == 0)
		doc_text(out, buf_slice(&markdown));
	else if (code == 0 && strcmp(format, "html") == 0)
		code = as_html(r, buf_slice(&markdown), out);
	else if (code == 0)
		code = as_pdf(r, buf_slice(&markdown), out, e);
	buf_done(&markdown);
	return code;
}

/* Write to -o FILE, or standard output. 0 or -errno. */
static int put_out(struct face *f, struct slice s)
{
	const char *file = args_text(&f->args, OPT_OUTPUT);
	int fd =
	    file ? open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600) : 1;
	int r = fd < 0 ? -errno : 0;

	fflush(stdout);
	if (r == 0)
		r = path_write(fd, s);
	if (file && fd >= 0 && close(fd) < 0 && r == 0)
		r = -errno;
	return r;
}

/* What is missing is told before anything else; on standard error, for the document may go
 * to standard output. */
static int64_t tell_missing(const struct report_job *r)
{
	const struct json *list = json_get(r->doc.model, "missing");

	if (!list->first)
		return 0;
	COMPLAIN(T_REPORT_MISSING);
	for (const struct json *x = list->first; x; x = x->next)
		fprintf(stderr, "  %.*s  %.*s\n", SLICE_ARG(json_text(x, "field")),
		        SLICE_ARG(json_text(x, "label")));
	return (int64_t)json_count(list);
}

static int record(struct report_job *r, const char *format, struct slice s, int64_t missing)
{
	struct face *f = r->job.f;
	struct json *w = fact_draft(&f->mem, "report.written");
	struct hash h = hash_of(s);
	char hex[HASH_HEX_BYTES];
	int64_t seq = 0;
	int code;

	hash_hex(&h, hex);
	json_put_int(&f->mem, w, "case", r->job.c->number);
	json_put_str(&f->mem, w, "form", r->doc.form->id);
	json_put_str(&f->mem, w, "lang", r->doc.lang == DOC_JA ? "ja" : "en");
	json_put_str(&f->mem, w, "format", format);
	json_put_str(&f->mem, w, "hash", hex);
	json_put_int(&f->mem, w, "missing", missing);
	json_put_str(&f->mem, w, "by", face_who(f));
	fact_ref(&f->mem, w, r->job.c->opened_seq);
	code = send(f, w, &seq);
	if (code == EXIT_GOOD && args_has(&f->args, OPT_OUTPUT))
		SAY(T_REPORT_WRITTEN, args_text(&f->args, OPT_OUTPUT), face_int(f, seq), hex);
	return code;
}

static int write_one(struct report_job *r, const struct doc_form *form)
{
	static const char *const formats[] = {"html", "pdf", "md", "txt", "json", NULL};
	const char *format = args_text(&r->job.f->args, OPT_FORMAT);
	struct buf out = {.max = DOC_CASE_BYTES};
	struct err e = {0};
	int64_t missing;
	int code = EXIT_USE, n = 0;

	format = format ? format : "html";
	while (formats[n] && strcmp(formats[n], format) != 0)
		n++;
	if (!formats[n]) {
		COMPLAIN(T_REPORT_NO_FORMAT, format);
		return EXIT_USE;
	}
	code = report_model(r, form);
	if (code)
		return code;
	missing = tell_missing(r);
	n = render(r, format, &out, &e);
	if (n == 0) /* recorded first: a document that left without a fact is worse than none */
		code = record(r, format, buf_slice(&out), missing);
	if (n == 0 && code == EXIT_GOOD)
		n = put_out(r->job.f, buf_slice(&out));
	buf_done(&out);
	if (n < 0) {
		COMPLAIN(strcmp(format, "pdf") == 0 && e.text[0] ? T_REPORT_PDF
		                                                 : T_REPORT_CANNOT,
		         e.text[0] ? e.text : strerror(-n));
		return EXIT_USE;
	}
	return code ? code : missing ? EXIT_FOUND : EXIT_GOOD;
}

static int report_run(struct face *f)
{
	const char *number = args_text(&f->args, OPT_CASE),
	           *form = args_text(&f->args, OPT_FORM),
	           *check = args_text(&f->args, OPT_CHECK);
	const struct doc_form *d = form ? doc_form_of(slice_str(form)) : NULL;
	struct report_job r = {0};
	int code;

	if (!form && !check && !f->args.count[OPT_SET])
		return list_forms(f);
	if (form && !d)
		COMPLAIN(T_REPORT_NO_FORM, form);
	else if (!number)
		COMPLAIN(T_REPORT_WANTS_CASE);
	if ((form && !d) || !number)
		return EXIT_USE;
	if (access(f->config, R_OK) == 0 && (code = face_conf(f)))
		return code;
	code = case_begin(f, &r.job);
	if (code)
		return code;
	r.job.c = case_named(&r.job, number);
	code = r.job.c ? EXIT_GOOD : EXIT_USE;
	if (code == EXIT_GOOD && f->args.count[OPT_SET])
		code = set_fields(&r);
	if (code == EXIT_GOOD && d)
		code = write_one(&r, d);
	if (code == EXIT_GOOD && check)
		code = report_check(&r, check);
	report_done(&r);
	return code;
}

static const uint8_t report_opts[] = {OPT_CASE,   OPT_FORM,  OPT_FORMAT, OPT_OUTPUT, OPT_SET,
                                      OPT_REASON, OPT_CHECK, OPT_JSON,   OPT_END};

const struct command report_cmd = {
    .name = "report",
    .usage = "",
    .what = T_REPORT_WHAT,
    .more = T_REPORT_EXAMPLES,
    .opts = report_opts,
    .run = report_run,
};
