/* finding: the view of findings, and since when. */
#include "fact/version.h"
#include "ledger/reader.h"
#include "ledger/state.h"
#include <errno.h>

#define FINDING_COLUMNS                                                                \
	"SELECT v.seq, v.at, v.state, v.closed_by, v.severity, v.type, v.path, f.body" \
	" FROM view_finding v JOIN fact f ON f.seq = v.seq"

const char *ledger_finding_state_name(enum ledger_finding_state s)
{
	static const char *const names[] = {
	    [FINDING_OPEN] = "open",
	    [FINDING_DISMISSED] = "dismissed",
	    [FINDING_APPROVED] = "approved",
	    [FINDING_ENDED] = "ended",
	};

	return (unsigned)s <= FINDING_ENDED ? names[s] : "unknown";
}

static int tell(sqlite3_stmt *s, ledger_finding_fn *fn, void *ctx)
{
	struct ledger_finding f = {.seq = db_int(s, 0),
	                           .at_us = db_int(s, 1),
	                           .state = (enum ledger_finding_state)(db_int(s, 2) & 3),
	                           .closed_by = db_int(s, 3),
	                           .severity = (enum fact_severity)db_int(s, 4),
	                           .type = db_text(s, 5),
	                           .path = db_text(s, 6),
	                           .body = db_blob(s, 7)};

	return fn(ctx, &f);
}

int ledger_findings(struct ledger *l, bool open_only, bool newest_first, int64_t limit,
                    ledger_finding_fn *fn, void *ctx)
{
	static const char *const sql[2][2] = {
	    {FINDING_COLUMNS " ORDER BY v.seq LIMIT ?",
	     FINDING_COLUMNS " ORDER BY v.seq DESC LIMIT ?"},
	    {FINDING_COLUMNS " WHERE v.state = 0 ORDER BY v.seq LIMIT ?",
	     FINDING_COLUMNS " WHERE v.state = 0 ORDER BY v.seq DESC LIMIT ?"},
	};
	sqlite3_stmt *s = NULL;
	int r = db_prepare(l->db, sql[open_only][newest_first], &s), end = 0;

	if (r == 0)
		db_bind_int(s, 1, limit ? limit : -1);
	while (r >= 0 && end == 0 && (r = db_step(s)) > 0)
		end = tell(s, fn, ctx);
	sqlite3_finalize(s);
	return end ? end : r < 0 ? r : 0;
}

int ledger_finding_get(struct ledger *l, int64_t seq, ledger_finding_fn *fn, void *ctx)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(l->db, FINDING_COLUMNS " WHERE v.seq = ?", &s);

	if (r == 0) {
		db_bind_int(s, 1, seq);
		r = db_step(s);
		r = r > 0 ? tell(s, fn, ctx) : r < 0 ? r : -ENOENT;
	}
	sqlite3_finalize(s);
	return r;
}

/* ---- since when ---- */

/* 1: the fact says the path is as approved; 0: otherwise; -1: says neither. */
static int says_good(const struct json *fact)
{
	struct slice type = fact_type(fact);
	struct table_state approved, present;

	if (slice_eq(type, SLICE("file.baseline")) || slice_eq(type, SLICE("approve")))
		return 1;
	if (!slice_eq(type, SLICE("file.changed")))
		return -1;
	approved = version_of(json_get(fact, "approved"), 0);
	present = version_of(json_get(fact, "present"), 0);
	return json_get(fact, "deploy") || table_same(&approved, &present);
}

struct since {
	struct slice root;
	struct arena mem;
	struct ledger_since out;
};

/* Back in time: the last run of bad facts, and the good one before it. */
static int step_back(void *ctx, int64_t seq, struct slice body)
{
	struct since *s = ctx;
	struct json *fact;
	int good = -1;

	arena_reset(&s->mem);
	fact = json_parse(&s->mem, body, NULL);
	if (fact && slice_eq(json_text(fact, "root"), s->root))
		good = says_good(fact);
	if (good == 0) {
		s->out.bad_seq = seq;
		if (!clock_parse(json_text(fact, "seen"), &s->out.bad_us))
			s->out.bad_us = fact_at_us(fact);
	} else if (good == 1 && s->out.bad_seq) {
		s->out.good_seq = seq;
		s->out.good_us = fact_at_us(fact);
		return 1;
	}
	return 0;
}

/* All files were held against the table between the two: then it was still good. */
static int note_rescan(void *ctx, int64_t seq, struct slice body)
{
	struct since *s = ctx;
	struct json *fact;

	arena_reset(&s->mem);
	fact = json_parse(&s->mem, body, NULL);
	s->out.good_seq = seq;
	s->out.good_us = fact_at_us(fact);
	return 1;
}

static int look_back(struct ledger *l, const struct json *finding, struct since *s)
{
	struct ledger_query q = {.to_seq = fact_seq(finding),
	                         .path = json_text(finding, "path"),
	                         .newest_first = true};
	int r = ledger_each(l, &q, step_back, s);

	if (r <= 0 || s->out.bad_seq == 0)
		return r < 0 ? r : 0;
	q = (struct ledger_query){.from_seq = s->out.good_seq + 1,
	                          .to_seq = s->out.bad_seq - 1,
	                          .type = SLICE("watch.rescanned"),
	                          .newest_first = true};
	r = ledger_each(l, &q, note_rescan, s);
	return r < 0 ? r : 0;
}

int ledger_since(struct ledger *l, int64_t finding_seq, struct ledger_since *out)
{
	struct since s = {0};
	struct arena a;
	struct buf body;
	struct json *finding;
	int r;

	buf_init(&body, FACT_MAX_BYTES);
	arena_init(&a, 16 * FACT_MAX_BYTES);
	arena_init(&s.mem, 16 * FACT_MAX_BYTES);
	r = ledger_get(l, finding_seq, &body);
	finding = r == 0 ? json_parse(&a, buf_slice(&body), NULL) : NULL;
	if (r == 0 && !slice_eq(json_text(finding, "kind"), SLICE("finding")))
		r = -ENOENT;
	s.root = json_text(finding, "root");
	if (r == 0)
		r = look_back(l, finding, &s);
	if (r == 0)
		*out = s.out;
	arena_done(&s.mem);
	arena_done(&a);
	buf_done(&body);
	return r;
}

/* ---- what stands now ---- */

struct standing {
	const struct json *finding;
	struct table_state found; /* what the finding is about */
	bool so, approved;
};

static int take_row(void *ctx, const struct ledger_row *row)
{
	struct standing *s = ctx;
	struct buf b;
	bool mine;

	buf_init(&b, FACT_MAX_BYTES);
	text_path(&b, row->name);
	mine = slice_eq(row->root, json_text(s->finding, "root")) &&
	       slice_eq(buf_slice(&b), json_text(s->finding, "path"));
	buf_done(&b);
	if (!mine)
		return 0;
	s->approved = table_same(&row->approved, &row->present);
	s->so = table_same(&s->found, &row->present);
	return 1;
}

int ledger_standing(struct ledger *l, const struct json *finding, const struct json *change)
{
	struct standing s = {finding, version_of(json_get(change, "present"), 0), false, true};
	int r;

	/* What nothing is known of any more was new, and is gone: nothing is approved there. */
	s.so = s.found.class == CLASS_NONE;
	r = ledger_rows(l, json_text(finding, "path"), 0, take_row, &s);
	if (r < 0)
		return r;
	return s.so ? STANDS_SO : s.approved ? STANDS_APPROVED : STANDS_OTHER;
}
