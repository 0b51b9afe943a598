#include "ledger/view_parts.h"
#include <errno.h>

#define CHAIN_MAX 64 /* findings that update one another */

/* 1: the roots stand in these places already. */
static int roots_same(struct view *v, const struct json *roots)
{
	int64_t n = 0;
	int r;

	for (const struct json *p = roots ? roots->first : NULL; p; p = p->next, n++) {
		db_bind_text(v->root_at, 1, p->kind == JSON_STR ? p->s : slice_str(""));
		db_bind_int(v->root_at, 2, n);
		r = db_step(v->root_at);
		db_reset(v->root_at);
		if (r <= 0)
			return r;
	}
	r = db_step(v->root_places);
	if (r > 0)
		r = db_int(v->root_places, 0) == n;
	db_reset(v->root_places);
	return r;
}

static int on_roots(struct view *v, const struct json *fact)
{
	const struct json *roots = json_get(fact, "roots");
	int64_t place = 0;
	int r = roots_same(v, roots);

	if (r != 0)
		return r < 0 ? r : 0;
	r = view_note_set(v, "table_seq", fact_seq(fact));
	if (r == 0)
		r = db_run(v->root_clear);

	for (const struct json *p = roots ? roots->first : NULL; p && r == 0; p = p->next) {
		int64_t id;

		if (p->kind != JSON_STR)
			continue;
		r = view_root_id(v, p->s, &id);
		if (r < 0)
			break;
		db_bind_int(v->root_place, 1, place++);
		db_bind_int(v->root_place, 2, id);
		r = db_run(v->root_place);
	}
	return r;
}

static int on_rescan(struct view *v, const struct json *fact)
{
	return json_get(fact, "roots") ? on_roots(v, fact) : 0;
}

static int on_inventory(struct view *v, const struct json *fact)
{
	int r = on_roots(v, fact);

	v->baseline_us = fact_at_us(fact);
	if (r == 0)
		r = view_note_set(v, "baseline_us", v->baseline_us);
	return r == 0 ? view_note_set(v, "baseline_seq", fact_seq(fact)) : r;
}

/* What the inventory did not meet is no more. */
static int on_inventory_done(struct view *v, const struct json *fact)
{
	int64_t since;
	int r = view_note_get(v, "baseline_seq", &since);

	if (r < 0 || since == 0)
		return r;
	db_bind_int(v->file_sweep, 1, since);
	r = db_run(v->file_sweep);
	if (r < 0)
		return r;
	r = view_note_set(v, "table_seq", fact_seq(fact));
	if (r < 0)
		return r;
	db_bind_int(v->gone_close, 1, fact_seq(fact));
	db_bind_int(v->gone_close, 2, since);
	return db_run(v->gone_close);
}

static int on_baseline(struct view *v, const struct json *fact)
{
	struct state_row row = {.role = ROLE_CODE};
	struct place p;
	int r = view_place(v, fact, &p);

	if (r <= 0)
		return r;
	row.root = p.root;
	row.name = p.name;
	view_row_present(v, fact, &row);
	view_approve_present(&row);
	r = view_row_store(v, &row);
	return r < 0 ? r : view_findings_close(v, &p, FINDING_APPROVED, fact_seq(fact));
}

/*
 * hinoban's own hand made it so. That ends the danger, not the finding: how the intruder came
 * in is still to be found out, and a person says when that is done.
 */
static bool by_hand(const struct json *fact)
{
	return slice_ends(json_text(fact, "who.exe"), SLICE("/hinoban-hand"));
}

static int on_changed(struct view *v, const struct json *fact)
{
	struct state_row row;
	struct place p;
	bool deploy = json_get(fact, "deploy") != NULL;
	int r = view_place(v, fact, &p), open = 0;

	if (r <= 0)
		return r;
	r = view_row_load(v, &p, &row);
	if (r < 0)
		return r;
	view_row_present(v, fact, &row);
	if (view_lax(row.role) && !deploy)
		open = view_findings_open(v, &p);
	if (open < 0)
		return open;
	if (deploy || (view_lax(row.role) && (!open || row.present.class == CLASS_NONE)))
		view_approve_present(&row);
	r = view_row_store(v, &row);
	if (r < 0 || !table_same(&row.approved, &row.present) || by_hand(fact))
		return r;
	return view_findings_close(v, &p, deploy ? FINDING_APPROVED : FINDING_ENDED,
	                           fact_seq(fact));
}

static int on_approve(struct view *v, const struct json *fact)
{
	struct state_row row;
	struct place p;
	int r = view_place(v, fact, &p);

	if (r <= 0)
		return r;
	r = view_row_load(v, &p, &row);
	if (r < 0)
		return r;
	row.approved = version_of(json_get(fact, "state"), fact_seq(fact));
	row.a_feat =
	    hash_eq(&row.approved.hash, &row.present.hash) ? row.p_feat : (struct slice){0};
	/* A word that says nothing of extended attributes approves those that are there. */
	if (!json_at(fact, "state.xattrs") && !json_at(fact, "state.attrs"))
		row.approved.attrs = row.present.attrs;
	r = view_row_store(v, &row);
	if (r < 0 || !table_same(&row.approved, &row.present))
		return r;
	return view_findings_close(v, &p, FINDING_APPROVED, fact_seq(fact));
}

static int read_fact(struct view *v, int64_t seq, struct json **out)
{
	int r;

	*out = NULL;
	db_bind_int(v->body_get, 1, seq);
	r = db_step(v->body_get);
	if (r > 0)
		*out = json_parse(&v->mem, arena_copy(&v->mem, db_blob(v->body_get, 0)), NULL);
	db_reset(v->body_get);
	return r < 0 ? r : 0;
}

/* A finding on a path whose changes are normal takes the approval back. */
static int disapprove(struct view *v, const struct place *p, const struct json *finding)
{
	struct state_row row;
	struct json *body = NULL;
	int r = view_row_load(v, p, &row);

	if (r < 0 || !view_lax(row.role) || row.present.class == CLASS_NONE ||
	    !table_same(&row.approved, &row.present) || json_get(finding, "updates"))
		return r;
	r = read_fact(v, row.present.seq, &body);
	if (r < 0)
		return r;
	row.approved = version_of(json_get(body, "approved"), row.present.seq);
	row.a_feat = (struct slice){0};
	return view_row_store(v, &row);
}

static int64_t newest_ref(const struct json *fact)
{
	const struct json *refs = json_get(fact, "refs");
	int64_t newest = 0;

	for (const struct json *r = refs ? refs->first : NULL; r; r = r->next)
		newest = r->kind == JSON_INT && r->i > newest ? r->i : newest;
	return newest;
}

/*
 * Does it rest on a change that came after the finding which it updates? Then it is no second
 * telling of that one: what a person said of the older change says nothing of this one.
 */
static int on_later_change(struct view *v, const struct json *fact, int64_t updates)
{
	const struct json *refs = json_get(fact, "refs");
	struct json *ref = NULL;
	int r = 0;

	for (const struct json *i = refs ? refs->first : NULL; i && r == 0; i = i->next) {
		if (i->kind != JSON_INT || i->i <= updates)
			continue;
		r = read_fact(v, i->i, &ref);
		if (r == 0 && slice_eq(fact_type(ref), SLICE("file.changed")))
			return 1;
	}
	return r;
}

/*
 * What ended the path, where it has no row: nothing stands there, and nothing is approved. Only
 * facts before `upto` count, so that a rebuild, which has all of them, finds the same.
 */
static int ended_path(struct view *v, const struct json *finding, int64_t upto,
                      struct json **out)
{
	struct slice root = json_text(finding, "root");
	int r;

	*out = NULL;
	db_bind_text(v->path_changes, 1, json_text(finding, "path"));
	db_bind_int(v->path_changes, 2, upto);
	while ((r = db_step(v->path_changes)) > 0 && !*out) {
		struct json *fact =
		    json_parse(&v->mem, arena_copy(&v->mem, db_blob(v->path_changes, 0)), NULL);

		if (slice_eq(json_text(fact, "root"), root))
			*out = fact;
	}
	db_reset(v->path_changes);
	if (*out && version_of(json_get(*out, "present"), 0).class != CLASS_NONE)
		*out = NULL;
	return r < 0 ? r : 0;
}

/* The change by which a path became what is approved there; *out is NULL: it is not. */
static int ended_by(struct view *v, const struct json *finding, const struct place *p,
                    struct json **out)
{
	struct state_row row;
	int r = view_row_load(v, p, &row);

	*out = NULL;
	if (r < 0 || !table_same(&row.approved, &row.present))
		return r;
	if (row.present.class == CLASS_NONE && row.present.seq == 0)
		return ended_path(v, finding, fact_seq(finding), out);
	if (view_lax(row.role) && row.present.class != CLASS_NONE)
		return 0;
	return read_fact(v, row.present.seq, out);
}

/* The state a new finding begins in: what it rests on may be past by now. */
static int first_state(struct view *v, const struct json *fact, const struct place *p,
                       struct finding *out)
{
	int64_t updates = json_num(fact, "updates", 0);
	struct finding old;
	struct json *by;
	int r = ended_by(v, fact, p, &by), later;

	*out = (struct finding){.state = FINDING_OPEN};
	if (r < 0)
		return r;
	if (by && fact_seq(by) > newest_ref(fact) && !by_hand(by))
		*out = (struct finding){.state = FINDING_ENDED, .closed_by = fact_seq(by)};
	/* The judge may have spoken before it learned the number of its last finding here. */
	if (updates == 0)
		return view_findings_close(v, p, FINDING_ENDED, fact_seq(fact));
	r = view_finding_load(v, updates, &old);
	if (r > 0 && old.state == FINDING_OPEN)
		return view_finding_close(v, updates, FINDING_ENDED, fact_seq(fact));
	later = r > 0 ? on_later_change(v, fact, updates) : 0;
	if (r > 0 && later == 0)
		*out = old;
	return r < 0 ? r : later < 0 ? later : 0;
}

static int on_finding(struct view *v, const struct json *fact)
{
	enum fact_severity severity = SEV_INFO;
	struct finding f;
	struct place p;
	int r = view_place(v, fact, &p);

	if (r <= 0)
		return r;
	fact_severity_of(json_text(fact, "severity"), &severity);
	r = first_state(v, fact, &p, &f);
	if (r == 0)
		r = view_place(v, fact, &p); /* v->name was used in between */
	if (r < 0)
		return r;
	db_bind_int(v->finding_add, 1, fact_seq(fact));
	db_bind_int(v->finding_add, 2, fact_at_us(fact));
	db_bind_int(v->finding_add, 3, f.state);
	db_bind_int(v->finding_add, 4, f.closed_by);
	db_bind_int(v->finding_add, 5, severity);
	db_bind_text(v->finding_add, 6, fact_type(fact));
	view_bind_place(v->finding_add, 7, &p);
	db_bind_text(v->finding_add, 9, json_text(fact, "path"));
	r = db_run(v->finding_add);
	return r == 0 && f.state == FINDING_OPEN ? disapprove(v, &p, fact) : r;
}

/* The person may have looked at a finding that was updated meanwhile: follow to the newest. */
static int newest_of(struct view *v, int64_t *seq)
{
	int r = 1;

	for (int i = 0; i < CHAIN_MAX && r > 0; i++) {
		db_bind_int(v->finding_next, 1, *seq);
		r = db_step(v->finding_next);
		if (r > 0)
			*seq = db_int(v->finding_next, 0);
		db_reset(v->finding_next);
	}
	return r < 0 ? r : 0;
}

static int on_dismiss(struct view *v, const struct json *fact)
{
	int64_t seq = json_num(fact, "finding", 0);
	struct state_row row;
	struct finding f;
	int r = newest_of(v, &seq);

	if (r == 0)
		r = view_finding_close(v, seq, FINDING_DISMISSED, fact_seq(fact));
	if (r == 0)
		r = view_finding_load(v, seq, &f);
	if (r <= 0)
		return r;
	r = view_findings_open(v, &f.place);
	if (r != 0)
		return r < 0 ? r : 0;
	r = view_row_load(v, &f.place, &row);
	if (r < 0 || !view_lax(row.role))
		return r;
	view_approve_present(&row);
	return view_row_store(v, &row);
}

/* ---- pages ---- */

static int on_page_record(struct view *v, const struct json *fact)
{
	return view_pages_record(v->pages, &v->mem, fact);
}

/* A page that could not be seen is seen again: what was found about that is over. */
static int on_page_checked(struct view *v, const struct json *fact)
{
	struct slice root = json_text(fact, "page"), name = json_text(fact, "arm");
	struct place p;
	bool again;
	int r = view_pages_checked(v->pages, fact, &again);

	if (r < 0 || !again)
		return r;
	root = arena_printf(&v->mem, "page:%.*s", SLICE_ARG(root));
	r = view_root_id(v, root, &p.root);
	if (r < 0)
		return r;
	buf_reset(&v->name);
	buf_str(&v->name, "blind ");
	buf_add(&v->name, name);
	p.name = buf_slice(&v->name);
	return view_findings_close(v, &p, FINDING_ENDED, fact_seq(fact));
}

/* The word names the findings that it settles. */
static int on_page_authorised(struct view *v, const struct json *fact)
{
	const struct json *list = json_get(fact, "findings");
	int r = 0;

	for (const struct json *f = list ? list->first : NULL; f && r == 0; f = f->next) {
		if (f->kind == JSON_INT)
			r = view_finding_close(v, f->i, FINDING_APPROVED, fact_seq(fact));
	}
	return r;
}

typedef int view_fn(struct view *v, const struct json *fact);

static view_fn *handler(const struct json *fact)
{
	static const struct {
		const char *type;
		view_fn *fn;
	} table[] = {
	    {"file.baseline", on_baseline},
	    {"file.changed", on_changed},
	    {"approve", on_approve},
	    {"dismiss", on_dismiss},
	    {"baseline.started", on_inventory},
	    {"baseline.done", on_inventory_done},
	    {"watch.started", on_roots},
	    {"watch.rescanned", on_rescan},
	    {"ledger.opened", on_rescan},
	    {"page.record", on_page_record},
	    {"page.checked", on_page_checked},
	    {"page.authorised", on_page_authorised},
	};
	struct slice type = fact_type(fact);

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (slice_eq(type, slice_str(table[i].type)))
			return table[i].fn;
	}
	return slice_eq(json_text(fact, "kind"), SLICE("finding")) ? on_finding : NULL;
}

int view_apply(struct view *v, const struct json *fact)
{
	view_fn *fn = handler(fact);
	int r = 0;

	if (!fn)
		return 0;
	arena_reset(&v->mem);
	if (v->baseline_us < 0)
		r = view_note_get(v, "baseline_us", &v->baseline_us);
	return r < 0 ? r : fn(v, fact);
}
