/* pages: the reading side of the view of pages: who loaded what, when, and how often one
 * looked.
 */
#include "ledger/reader.h"
#include "ledger/view_pages.h"

/* Hosts below a host end in '.' and its name. */
static const char loads_sql[] =
    "SELECT l.page, l.arm, l.url, l.host, l.hash, l.structure, l.party, l.made_by,"
    "  l.first_record, l.last_record, min(v.first_at), max(v.last_at),"
    "  min(v.first_seq), max(v.last_seq), sum(v.n),"
    "  (SELECT b.last_at FROM view_visit b WHERE b.page = l.page AND b.arm = l.arm"
    "    AND b.record < l.first_record AND b.valid ORDER BY b.record DESC, b.first_seq DESC "
    "LIMIT 1),"
    "  (SELECT c.first_at FROM view_visit c WHERE c.page = l.page AND c.arm = l.arm"
    "    AND c.record > l.last_record AND c.valid ORDER BY c.record, c.first_seq LIMIT 1),"
    "  (SELECT max(r.takes & 1) + max(r.takes & 2) + max(r.takes & 4) FROM view_record r"
    "    WHERE r.page = l.page AND r.arm = l.arm AND r.record BETWEEN l.first_record AND"
    "    l.last_record)"
    " FROM view_load l JOIN view_visit v INDEXED BY view_visit_record"
    "  ON v.page = l.page AND v.arm = l.arm"
    "  AND v.record BETWEEN l.first_record AND l.last_record AND v.valid"
    " WHERE (?1 IS NULL OR l.host = ?1 OR substr(l.host, -length(?1) - 1) = '.' || ?1"
    "    OR (instr(?1, ':') = 0 AND (l.host GLOB ?1 || ':*' OR l.host GLOB '*.' || ?1 || "
    "':*')))"
    "  AND (?2 IS NULL OR l.hash = ?2 OR l.structure = ?2)"
    "  AND (NOT ?3 OR EXISTS (SELECT 1 FROM view_arm a WHERE a.page = l.page AND a.arm = l.arm"
    "    AND a.record = l.last_record))"
    " GROUP BY l.id ORDER BY l.page, l.url, min(v.first_at), l.arm";

static int tell_load(sqlite3_stmt *s, ledger_load_fn *fn, void *ctx)
{
	int64_t takes = db_int(s, 17);
	struct ledger_load l = {.page = db_text(s, 0),
	                        .arm = db_text(s, 1),
	                        .url = db_text(s, 2),
	                        .host = db_text(s, 3),
	                        .hash = db_text(s, 4),
	                        .structure = db_text(s, 5),
	                        .party = db_text(s, 6),
	                        .made_by = db_text(s, 7),
	                        .first_record = db_int(s, 8),
	                        .last_record = db_int(s, 9),
	                        .first_us = db_int(s, 10),
	                        .last_us = db_int(s, 11),
	                        .first_seq = db_int(s, 12),
	                        .last_seq = db_int(s, 13),
	                        .visits = db_int(s, 14),
	                        .maybe_from_us = db_int(s, 15),
	                        .maybe_to_us = db_int(s, 16),
	                        .card = takes & VIEW_TAKES_CARD,
	                        .person = takes & VIEW_TAKES_PERSON,
	                        .password = takes & VIEW_TAKES_PASSWORD};

	return fn(ctx, &l);
}

int ledger_loads(struct ledger *l, const struct ledger_loads_query *q, ledger_load_fn *fn,
                 void *ctx)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(l->db, loads_sql, &s), end = 0;

	if (r == 0) {
		db_bind_text(s, 1, q->host.n ? q->host : (struct slice){0});
		db_bind_text(s, 2, q->hash.n ? q->hash : (struct slice){0});
		db_bind_int(s, 3, q->now);
	}
	while (r >= 0 && end == 0 && (r = db_step(s)) > 0)
		end = tell_load(s, fn, ctx);
	sqlite3_finalize(s);
	return end ? end : r < 0 ? r : 0;
}

/* ---- visits ---- */

static const char visits_sql[] =
    "SELECT a.page, a.arm, a.record,"
    "  min(v.first_at) FILTER (WHERE v.valid), max(v.last_at) FILTER (WHERE v.valid),"
    "  coalesce(sum(v.n) FILTER (WHERE v.valid), 0),"
    "  coalesce(sum(v.n) FILTER (WHERE NOT v.valid), 0),"
    "  coalesce(max(v.gap) FILTER (WHERE v.valid), 0),"
    "  (SELECT max(r.takes & 1) + max(r.takes & 2) + max(r.takes & 4) FROM view_record r"
    "    WHERE r.page = a.page AND r.arm = a.arm)"
    " FROM view_arm a JOIN (SELECT page, arm, valid, first_at, last_at, n, first_at -"
    "    lag(last_at) OVER (PARTITION BY page, arm, valid ORDER BY first_seq) AS gap"
    "  FROM view_visit) v ON v.page = a.page AND v.arm = a.arm"
    " GROUP BY a.page, a.arm ORDER BY a.page, a.arm";

int ledger_visits(struct ledger *l, ledger_visits_fn *fn, void *ctx)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(l->db, visits_sql, &s), end = 0;

	while (r >= 0 && end == 0 && (r = db_step(s)) > 0) {
		int64_t takes = db_int(s, 8);
		struct ledger_visits v = {.page = db_text(s, 0),
		                          .arm = db_text(s, 1),
		                          .record = db_int(s, 2),
		                          .first_us = db_int(s, 3),
		                          .last_us = db_int(s, 4),
		                          .good = db_int(s, 5),
		                          .failed = db_int(s, 6),
		                          .longest_gap_us = db_int(s, 7),
		                          .card = takes & VIEW_TAKES_CARD,
		                          .person = takes & VIEW_TAKES_PERSON,
		                          .password = takes & VIEW_TAKES_PASSWORD};

		end = fn(ctx, &v);
	}
	sqlite3_finalize(s);
	return end ? end : r < 0 ? r : 0;
}
