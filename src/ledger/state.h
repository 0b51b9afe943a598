/*
 * state: a row of view_file.
 */
#ifndef HINOBAN_LEDGER_STATE_H
#define HINOBAN_LEDGER_STATE_H

#include "fact/version.h"
#include "ledger/db.h"

/* Columns of view_file in the order of STATE_COLUMNS. */
#define STATE_COLUMNS                                                                     \
	"root, name, role, a_class, a_hash, a_size, a_seq, a_mode, a_uid, a_gid, a_feat," \
	" p_class, p_hash, p_size, p_seq, p_mode, p_uid, p_gid, p_feat, sig, checked,"    \
	" a_attrs, p_attrs"
#define STATE_COLUMN_COUNT 23

struct state_row {
	int64_t root;
	struct slice name; /* raw bytes */
	enum role role;
	struct table_state approved, present;
	struct slice a_feat, p_feat; /* p_feat.at == NULL: as a_feat, or none */
	struct slice sig;
	int64_t checked_us;
};

/* Slices are borrowed from the statement. */
void state_read(sqlite3_stmt *s, struct state_row *out);
void state_bind(sqlite3_stmt *s, const struct state_row *row);

#endif
