/*
 * view_parts: what view.c (one function per type of fact) and view_rows.c (the rows that
 * these alter) share. Nobody else includes it.
 */
#ifndef HINOBAN_LEDGER_VIEW_PARTS_H
#define HINOBAN_LEDGER_VIEW_PARTS_H

#include "ledger/ledger.h"
#include "ledger/state.h"
#include "ledger/view.h"
#include "ledger/view_pages.h"

#define VIEW_ROOTS 32 /* remembered */

struct view {
	sqlite3 *db;
	struct view_pages *pages;
	sqlite3_stmt *file_get, *file_put, *file_drop, *file_sweep;
	sqlite3_stmt *root_get, *root_add, *root_clear, *root_place, *root_at, *root_places;
	sqlite3_stmt *finding_add, *finding_get, *finding_close, *finding_next;
	sqlite3_stmt *path_open, *path_close, *gone_close;
	sqlite3_stmt *note_get, *note_set, *body_get, *path_changes;
	struct {
		char *path;
		int64_t id;
	} root[VIEW_ROOTS];
	int roots;
	int64_t baseline_us; /* when the newest inventory began; -1: not yet looked up */
	struct buf name, a_feat, p_feat;
	struct arena mem;
};

/* A path: which root, and its raw bytes. */
struct place {
	int64_t root;
	struct slice name; /* in v->name */
};

struct finding {
	enum ledger_finding_state state;
	int64_t closed_by;
	struct place place; /* name in v->name */
};

int view_root_id(struct view *v, struct slice path, int64_t *id);
int view_note_set(struct view *v, const char *name, int64_t value);
int view_note_get(struct view *v, const char *name, int64_t *value);
/* The path that a fact speaks of. 0: none, 1: one. */
int view_place(struct view *v, const struct json *fact, struct place *p);
/* Load a path's row; an empty one where there is none. Its texts are copied. */
int view_row_load(struct view *v, const struct place *p, struct state_row *row);
int view_row_store(struct view *v, struct state_row *row);
void view_approve_present(struct state_row *row);
/* Changes of these are normal: what is present is approved unless a finding says otherwise. */
bool view_lax(enum role r);
void view_row_present(struct view *v, const struct json *fact, struct state_row *row);
int view_findings_open(struct view *v, const struct place *p);
int view_findings_close(struct view *v, const struct place *p, enum ledger_finding_state to,
                        int64_t by);
/* 1: there is one; 0: none. */
int view_finding_load(struct view *v, int64_t seq, struct finding *f);
int view_finding_close(struct view *v, int64_t seq, enum ledger_finding_state to, int64_t by);
void view_bind_place(sqlite3_stmt *s, int i, const struct place *p);

#endif
