/*
 * hinoban check: once over all files. What differs is recorded and judged on the spot: the
 * ledger and the judge are the same programs that hinoband would run, started for this
 * command, so a finding is in the ledger when the command ends.
 */
#include "face/commands.h"
#include "face/findings.h"
#include "face/scan.h"
#include "face/words.h"
#include <errno.h>
#include <string.h>

struct check {
	struct face *f;
	bool json;
	int64_t differing, open;
	bool missed; /* something lies there that a running hinoband does not know yet */
	struct scan_result scan;
};

/* A difference is told by the newest fact about the path. */
static void tell_difference(struct check *c, const struct table_entry *e, struct slice path)
{
	struct face *f = c->f;
	const struct json *fact;
	struct buf b;

	buf_init(&b, FACT_MAX_BYTES);
	if (ledger_get(f->ledger, e->present.seq, &b) < 0) {
		buf_done(&b);
		return;
	}
	if (c->json) {
		buf_byte(&b, '\n');
		fwrite(b.at, 1, b.n, stdout);
	} else {
		fact = json_parse(&f->mem, arena_copy(&f->mem, buf_slice(&b)), NULL);
		if (fact && slice_eq(fact_type(fact), SLICE("file.changed")))
			words_line(f, fact, 0);
		else
			SAY(T_CHECK_OTHER, face_cstr(f, face_path_text(f, path)));
	}
	buf_done(&b);
}

static int tell_differences(struct check *c)
{
	struct table t;
	int r = ledger_table(c->f->ledger, &t);

	if (r < 0)
		return r;
	for (size_t i = 0; i < t.count; i++) {
		const struct table_entry *e = &t.entry[i];

		if (table_same(&e->approved, &e->present))
			continue;
		if (!c->json && !c->differing)
			SAY(T_CHECK_DIFFERENCES);
		c->differing++;
		tell_difference(c, e, table_path(&t, e));
	}
	table_close(&t);
	return 0;
}

static int tell_findings(struct check *c)
{
	int64_t n = findings_open_count(c->f);

	if (n < 0)
		return (int)n;
	c->open = n;
	if (n && !c->json) {
		putchar('\n');
		SAY(T_CHECK_FINDINGS);
	}
	n = n ? findings_print(c->f, false, c->json, 0) : 0;
	return n < 0 ? (int)n : 0;
}

static void tell_sum(const struct check *c)
{
	struct face *f = c->f;
	char took[32];

	snprintf(took, sizeof(took), "%.2f", (double)c->scan.sense.us / 1e6);
	putchar('\n');
	SAY(T_CHECK_SUM, face_num(f, c->scan.sense.files), face_num(f, c->scan.sense.reread),
	    took);
	if (c->scan.sense.unreadable)
		SAY(T_CHECK_UNREADABLE, face_num(f, c->scan.sense.unreadable));
	if (c->differing || c->open)
		SAY(T_CHECK_DIFFERS, face_num(f, c->differing), face_num(f, c->open));
	else
		SAY(T_CHECK_CLEAN);
}

/* Where hinoband runs, the files are walked too, but only to see whether it missed any. */
static int look(struct check *c, bool full)
{
	struct scan_want want = {.full = full, .reason = "check", .progress = T_PROGRESS_CHECK};
	int code = scan_refresh(c->f, full, "check", &c->scan);

	if (code || !post_client_live(c->f->client))
		return code;
	code = scan_files(c->f, &want, &c->scan);
	c->missed = !code && c->scan.sense.differing;
	if (c->missed)
		COMPLAIN(T_CHECK_NOT_YET, face_num(c->f, c->scan.sense.differing));
	return code;
}

static int check_run(struct face *f)
{
	struct check c = {.f = f, .json = args_has(&f->args, OPT_JSON)};
	int code = face_conf(f), r;

	if (!code)
		code = face_client(f);
	if (!code)
		code = look(&c, args_has(&f->args, OPT_FULL));
	if (!code)
		code = face_ledger(f);
	if (code)
		return code;
	r = tell_differences(&c);
	if (r == 0)
		r = tell_findings(&c);
	if (r < 0) {
		COMPLAIN(T_LEDGER_FAULT, face_why(r));
		return EXIT_OURS;
	}
	if (!c.json)
		tell_sum(&c);
	return c.differing || c.open || c.missed ? EXIT_FOUND : EXIT_GOOD;
}

static const uint8_t check_opts[] = {OPT_FULL, OPT_JSON, OPT_END};

const struct command check_cmd = {
    .name = "check",
    .usage = "",
    .what = T_CHECK_WHAT,
    .more = T_CHECK_EXAMPLES,
    .opts = check_opts,
    .run = check_run,
};
