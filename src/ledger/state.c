#include "ledger/state.h"
#include <string.h>

static void read_state(sqlite3_stmt *s, int col, struct table_state *st)
{
	*st = (struct table_state){.class = (uint32_t)db_int(s, col)};
	if (st->class > CLASS_OTHER)
		st->class = CLASS_NONE;
	db_hash(s, col + 1, &st->hash);
	st->size = db_int(s, col + 2);
	st->seq = db_int(s, col + 3);
	st->mode = (uint32_t)db_int(s, col + 4);
	st->uid = (uint32_t)db_int(s, col + 5);
	st->gid = (uint32_t)db_int(s, col + 6);
}

void state_read(sqlite3_stmt *s, struct state_row *out)
{
	int64_t role = db_int(s, 2);

	out->root = db_int(s, 0);
	out->name = db_blob(s, 1);
	out->role = role >= 0 && role < ROLES ? (enum role)role : ROLE_CODE;
	read_state(s, 3, &out->approved);
	out->a_feat = db_text(s, 10);
	read_state(s, 11, &out->present);
	out->p_feat = db_text(s, 18);
	out->sig = db_text(s, 19);
	out->checked_us = db_int(s, 20);
	out->approved.attrs = db_int(s, 21);
	out->present.attrs = db_int(s, 22);
}

static void bind_state(sqlite3_stmt *s, int i, const struct table_state *st)
{
	bool some = st->class != CLASS_NONE;

	db_bind_int(s, i, st->class);
	db_bind_blob(s, i + 1, some ? slice_mem(st->hash.b, HASH_BYTES) : (struct slice){0});
	db_bind_int(s, i + 2, st->size);
	db_bind_int(s, i + 3, st->seq);
	db_bind_int(s, i + 4, st->mode);
	db_bind_int(s, i + 5, st->uid);
	db_bind_int(s, i + 6, st->gid);
}

void state_bind(sqlite3_stmt *s, const struct state_row *row)
{
	db_bind_int(s, 1, row->root);
	db_bind_blob(s, 2, row->name.at ? row->name : slice_str(""));
	db_bind_int(s, 3, row->role);
	bind_state(s, 4, &row->approved);
	db_bind_text(s, 11, row->a_feat);
	bind_state(s, 12, &row->present);
	db_bind_text(s, 19, row->p_feat);
	db_bind_text(s, 20, row->sig);
	db_bind_int(s, 21, row->checked_us);
	db_bind_int(s, 22, row->approved.attrs);
	db_bind_int(s, 23, row->present.attrs);
}
