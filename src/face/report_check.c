/* hinoban report --check: a finished document, read by the sealed reader, against the case. */
#include "face/news.h"
#include "face/report.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

struct shown {
	struct face *f;
	bool json;
	struct json *told; /* places that were told of */
	int64_t lines;
};

static const char *kind_text(const char *kind)
{
	return text(strcmp(kind, "day") == 0     ? T_REPORT_DAY
	            : strcmp(kind, "count") == 0 ? T_REPORT_COUNT
	                                         : T_REPORT_ITEM);
}

static void put_json(struct shown *s, const char *how, const char *kind, struct slice said,
                     int64_t from, int64_t to)
{
	struct json *o = json_obj(&s->f->mem);

	json_put_str(&s->f->mem, o, "differs", how);
	json_put_str(&s->f->mem, o, "kind", kind);
	json_put_slice(&s->f->mem, o, "said", said);
	json_put_int(&s->f->mem, o, "from", from);
	json_put_int(&s->f->mem, o, "to", to);
	face_put_json(o);
}

static void differs(void *ctx, const char *kind, struct slice said, int64_t from, int64_t to,
                    struct slice around)
{
	struct shown *s = ctx;

	json_push(s->told, json_str(&s->f->mem, around));
	if (s->json)
		put_json(s, "wrong", kind, said, from, to);
	else
		SAY(T_REPORT_DIFFERS, kind_text(kind), face_cstr(s->f, said),
		    face_int(s->f, from), face_cstr(s->f, around));
}

static void lacks(void *ctx, const char *kind, struct slice said, int64_t from, int64_t to,
                  struct slice around)
{
	struct shown *s = ctx;

	(void)around;
	if (s->json)
		put_json(s, "lacks", kind, said, from, to);
	else
		SAY(T_REPORT_LACKS, kind_text(kind), face_cstr(s->f, said));
}

/* Days, numbers and items in the free text of fields, and in the operator's own names. */
static bool grant(struct report_job *r, struct news_desk *d, const char *file)
{
	struct buf said = {.max = DOC_MAX_BYTES};
	const struct json *told = NULL;
	AUTO_FD fd = -1;

	doc_said(&r->doc, &said);
	fd = news_memfd(buf_slice(&said));
	buf_done(&said);
	if (fd >= 0)
		told = news_ask_all(r->job.f, d, fd, file);
	if (told)
		doc_grant(&r->doc, told);
	return told != NULL;
}

/* What the reader found wrong needs no second word for its line. */
static void line_differs(void *ctx, const char *kind, struct slice said, int64_t from,
                         int64_t to, struct slice around)
{
	struct shown *s = ctx;

	for (const struct json *x = s->told->first; x; x = x->next)
		if (x->s.n && slice_find(around, x->s) != SIZE_MAX)
			return;
	s->lines++;
	differs(ctx, kind, said, from, to, around);
}

int report_check(struct report_job *r, const char *file)
{
	struct face *f = r->job.f;
	struct shown s = {f, args_has(&f->args, OPT_JSON), json_arr(&f->mem), 0};
	AUTO_FD fd = open(file, O_RDONLY | O_CLOEXEC);
	const struct json *told = NULL, *plain = NULL;
	struct news_desk d;
	int64_t wrong, lines;
	int code;

	if (fd < 0) {
		COMPLAIN(T_READ_CANNOT, file, strerror(errno));
		return EXIT_USE;
	}
	/* The form with the most in it: a document may tell less, but nothing else. */
	code = report_model(r, doc_form_of(SLICE("ppc-final")));
	if (code == EXIT_GOOD)
		code = news_open(f, &d);
	if (code)
		return code;
	if (grant(r, &d, file))
		told = news_ask_all(f, &d, fd, file);
	if (told)
		plain = news_ask_plain(f, &d, fd, file, NULL);
	news_close(&d);
	if (!told || !plain)
		return EXIT_USE;
	wrong = doc_check(r->doc.model, told, differs, &s);
	doc_lacks(r->doc.model, told, lacks, &s);
	lines = report_lines(r, json_text(plain, "text"), line_differs, &s);
	if (lines < 0)
		return EXIT_OURS;
	wrong += s.lines;
	if (!wrong && !s.json)
		SAY(T_REPORT_AGREES, file, face_int(f, r->job.c->number));
	return wrong ? EXIT_FOUND : EXIT_GOOD;
}
