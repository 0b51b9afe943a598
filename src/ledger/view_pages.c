#include "ledger/view_pages.h"

#include "base/url.h"
#include <errno.h>
#include <stddef.h>

#define BY_MAX_BYTES 1024

struct view_pages {
	sqlite3_stmt *arm_get, *arm_put, *visit_get, *visit_on, *visit_add;
	sqlite3_stmt *record_add, *record_takes, *load_on, *load_add;
};

static const struct db_statement statements[] = {
    {offsetof(struct view_pages, arm_get),
     "SELECT record, before, visit FROM %s.view_arm WHERE page = ? AND arm = ?"},
    {offsetof(struct view_pages, arm_put),
     "INSERT OR REPLACE INTO %s.view_arm(page, arm, record, before, visit) VALUES(?,?,?,?,?)"},
    {offsetof(struct view_pages, visit_get),
     "SELECT record, valid FROM %s.view_visit WHERE first_seq = ?"},
    {offsetof(struct view_pages, visit_on),
     "UPDATE %s.view_visit SET last_seq = ?, last_at = ?, n = n + 1 WHERE first_seq = ?"},
    {offsetof(struct view_pages, visit_add),
     "INSERT INTO %s.view_visit(first_seq, last_seq, page, arm, record, valid, first_at,"
     " last_at, n) VALUES(?1,?1,?2,?3,?4,?5,?6,?6,1)"},
    {offsetof(struct view_pages, record_add),
     "INSERT INTO %s.view_record(record, page, arm, url, takes) VALUES(?,?,?,?,?)"},
    {offsetof(struct view_pages, record_takes),
     "UPDATE %s.view_record SET takes = takes | ? WHERE record = ?"},
    {offsetof(struct view_pages, load_on),
     "UPDATE %s.view_load SET last_record = ?1 WHERE page = ?2 AND arm = ?3 AND"
     " last_record IN (?4, ?1) AND url = ?5 AND hash = ?6 RETURNING id"},
    {offsetof(struct view_pages, load_add),
     "INSERT INTO %s.view_load(page, arm, url, host, hash, structure, party, made_by,"
     " first_record, last_record) VALUES(?,?,?,?,?,?,?,?,?9,?9)"},
};
#define STATEMENTS (sizeof(statements) / sizeof(statements[0]))

int view_pages_open(sqlite3 *db, const char *schema, struct view_pages **out, struct err *e)
{
	struct view_pages *v = calloc(1, sizeof(*v));
	int r;

	if (!v)
		return err_set(e, -ENOMEM, "out of memory");
	r = db_prepare_all(db, statements, STATEMENTS, v, schema, e);
	if (r < 0) {
		view_pages_close(v);
		return r;
	}
	*out = v;
	return 0;
}

void view_pages_close(struct view_pages *v)
{
	if (!v)
		return;
	db_finalize_all(statements, STATEMENTS, v);
	free(v);
}

/* ---- arms ---- */

struct arm {
	struct slice page, arm;
	int64_t record, before, visit;
};

static struct slice text(const struct json *fact, const char *way)
{
	struct slice s = json_text(fact, way);

	return s.at ? s : slice_str("");
}

static int arm_load(struct view_pages *v, const struct json *fact, struct arm *out)
{
	int r;

	*out = (struct arm){.page = text(fact, "page"), .arm = text(fact, "arm")};
	db_bind_text(v->arm_get, 1, out->page);
	db_bind_text(v->arm_get, 2, out->arm);
	r = db_step(v->arm_get);
	if (r > 0) {
		out->record = db_int(v->arm_get, 0);
		out->before = db_int(v->arm_get, 1);
		out->visit = db_int(v->arm_get, 2);
	}
	db_reset(v->arm_get);
	return r < 0 ? r : 0;
}

static int arm_store(struct view_pages *v, const struct arm *a)
{
	db_bind_text(v->arm_put, 1, a->page);
	db_bind_text(v->arm_put, 2, a->arm);
	db_bind_int(v->arm_put, 3, a->record);
	db_bind_int(v->arm_put, 4, a->before);
	db_bind_int(v->arm_put, 5, a->visit);
	return db_run(v->arm_put);
}

/* ---- records ---- */

static int takes_of(const struct json *fact)
{
	const struct json *fields = json_get(fact, "fields");
	int takes = 0;

	for (const struct json *f = fields ? fields->first : NULL; f; f = f->next) {
		struct slice kind = json_text(f, "kind");

		if (slice_starts(kind, SLICE("card-")))
			takes |= VIEW_TAKES_CARD;
		else if (slice_eq(kind, SLICE("password")))
			takes |= VIEW_TAKES_PASSWORD;
		else if (slice_eq(kind, SLICE("email")) || slice_eq(kind, SLICE("phone")) ||
		         slice_eq(kind, SLICE("address")) || slice_eq(kind, SLICE("name")))
			takes |= VIEW_TAKES_PERSON;
	}
	return takes;
}

/* Who loaded it, nearest first, as one text. */
static struct slice made_by(struct arena *a, const struct json *script)
{
	const struct json *by = json_get(script, "by");
	struct buf b = {.max = BY_MAX_BYTES};
	struct slice out;

	for (const struct json *m = by ? by->first : NULL; m; m = m->next) {
		if (m->kind != JSON_STR || b.n + m->s.n + 3 > BY_MAX_BYTES)
			continue;
		buf_str(&b, b.n ? " < " : "");
		buf_add(&b, m->s);
	}
	out = arena_copy(a, buf_slice(&b));
	buf_done(&b);
	return out.at ? out : slice_str("");
}

static struct slice script_url(struct arena *a, const struct json *script)
{
	struct slice url = json_text(script, "url"), place = json_text(script, "inline");
	struct buf b = {.max = FACT_MAX_BYTES};
	struct slice out;

	if (url.n)
		url_steady(&b, url);
	else
		buf_add(&b, place);
	out = arena_copy(a, buf_slice(&b));
	buf_done(&b);
	return out.at ? out : slice_str("");
}

static int load(struct view_pages *v, struct arena *a, const struct arm *arm,
                const struct json *script)
{
	struct slice url = script_url(a, script), host = url_host(url);
	struct slice hash = text(script, "hash");
	int r;

	db_bind_int(v->load_on, 1, arm->record);
	db_bind_text(v->load_on, 2, arm->page);
	db_bind_text(v->load_on, 3, arm->arm);
	db_bind_int(v->load_on, 4, arm->before);
	db_bind_text(v->load_on, 5, url);
	db_bind_text(v->load_on, 6, hash);
	r = db_step(v->load_on);
	if (r > 0)
		r = db_step(v->load_on) < 0 ? -EIO : 1; /* to the end, so that it stands */
	db_reset(v->load_on);
	if (r != 0)
		return r < 0 ? r : 0;
	db_bind_text(v->load_add, 1, arm->page);
	db_bind_text(v->load_add, 2, arm->arm);
	db_bind_text(v->load_add, 3, url);
	db_bind_text(v->load_add, 4, host.at ? host : slice_str(""));
	db_bind_text(v->load_add, 5, hash);
	db_bind_text(v->load_add, 6, text(script, "structure"));
	db_bind_text(v->load_add, 7, text(script, "party"));
	db_bind_text(v->load_add, 8, made_by(a, script));
	db_bind_int(v->load_add, 9, arm->record);
	return db_run(v->load_add);
}

static int begin_record(struct view_pages *v, const struct json *fact, struct arm *arm)
{
	int r;

	arm->before = arm->record;
	arm->record = fact_seq(fact);
	r = arm_store(v, arm);
	if (r < 0)
		return r;
	db_bind_int(v->record_add, 1, arm->record);
	db_bind_text(v->record_add, 2, arm->page);
	db_bind_text(v->record_add, 3, arm->arm);
	db_bind_text(v->record_add, 4, text(fact, "url"));
	db_bind_int(v->record_add, 5, 0);
	return db_run(v->record_add);
}

int view_pages_record(struct view_pages *v, struct arena *a, const struct json *fact)
{
	const struct json *scripts = json_get(fact, "scripts");
	int64_t takes = takes_of(fact);
	struct arm arm;
	int r = arm_load(v, fact, &arm);

	if (r == 0 && json_num(fact, "part", 1) <= 1)
		r = begin_record(v, fact, &arm);
	if (r == 0 && takes) {
		db_bind_int(v->record_takes, 1, takes);
		db_bind_int(v->record_takes, 2, arm.record);
		r = db_run(v->record_takes);
	}
	for (const struct json *s = scripts ? scripts->first : NULL; s && r == 0; s = s->next)
		r = load(v, a, &arm, s);
	return r;
}

/* ---- visits ---- */

static int visit_add(struct view_pages *v, const struct json *fact, struct arm *arm,
                     int64_t record, bool valid)
{
	int r;

	arm->visit = fact_seq(fact);
	db_bind_int(v->visit_add, 1, arm->visit);
	db_bind_text(v->visit_add, 2, arm->page);
	db_bind_text(v->visit_add, 3, arm->arm);
	db_bind_int(v->visit_add, 4, record);
	db_bind_int(v->visit_add, 5, valid);
	db_bind_int(v->visit_add, 6, fact_at_us(fact));
	r = db_run(v->visit_add);
	return r < 0 ? r : arm_store(v, arm);
}

int view_pages_checked(struct view_pages *v, const struct json *fact, bool *seen_again)
{
	int64_t record = json_num(fact, "record", 0);
	bool valid = json_true(fact, "valid"), same = false;
	struct arm arm;
	int r = arm_load(v, fact, &arm);

	*seen_again = false;
	if (r < 0)
		return r;
	if (arm.visit) {
		db_bind_int(v->visit_get, 1, arm.visit);
		r = db_step(v->visit_get);
		if (r > 0) {
			bool was = db_int(v->visit_get, 1) != 0;

			same = db_int(v->visit_get, 0) == record && was == valid;
			*seen_again = valid && !was;
		}
		db_reset(v->visit_get);
		if (r < 0)
			return r;
	}
	if (!same)
		return visit_add(v, fact, &arm, record, valid);
	db_bind_int(v->visit_on, 1, fact_seq(fact));
	db_bind_int(v->visit_on, 2, fact_at_us(fact));
	db_bind_int(v->visit_on, 3, arm.visit);
	return db_run(v->visit_on);
}
