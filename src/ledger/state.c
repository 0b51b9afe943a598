#include "ledger/state.h"
#include <string.h>

static uint32_t octal(struct slice s)
{
	uint32_t v = 0;

	for (size_t i = 0; i < s.n && i < 6; i++) {
		if (s.at[i] < '0' || s.at[i] > '7')
			return 0;
		v = v << 3 | (uint32_t)(s.at[i] - '0');
	}
	return v & 07777;
}

struct table_state state_of(const struct json *o, int64_t seq)
{
	struct table_state st = {.seq = seq, .class = CLASS_NONE};
	enum table_class class;

	if (!o || o->kind != JSON_OBJ || !table_class_of(json_text(o, "class"), &class))
		return st;
	st.class = class;
	if (!hash_unhex(json_text(o, "hash"), &st.hash))
		memset(&st.hash, 0, sizeof(st.hash));
	st.size = json_num(o, "size", 0);
	st.mode = octal(json_text(o, "mode"));
	st.uid = (uint32_t)json_num(o, "uid", 0);
	st.gid = (uint32_t)json_num(o, "gid", 0);
	return st;
}

static bool hex_word(struct slice s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0 || s.n > 16)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.at[i];
		int d = c >= '0' && c <= '9'   ? c - '0'
		        : c >= 'a' && c <= 'f' ? c - 'a' + 10
		                               : -1;

		if (d < 0)
			return false;
		v = v << 4 | (uint64_t)d;
	}
	*out = v;
	return true;
}

bool state_sig(struct slice sig, struct table_entry *out)
{
	uint64_t v[4] = {0};
	bool good = true;

	for (int i = 0; i < 4 && good; i++) {
		size_t dot = slice_chr(sig, '.');

		good = (dot == SIZE_MAX) == (i == 3) && hex_word(slice_sub(sig, 0, dot), &v[i]);
		sig = dot == SIZE_MAX ? (struct slice){0} : slice_sub(sig, dot + 1, sig.n);
	}
	if (!good)
		memset(v, 0, sizeof(v));
	out->dev = v[0];
	out->ino = v[1];
	out->mtime_ns = (int64_t)v[2];
	out->ctime_ns = (int64_t)v[3];
	return good;
}

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
}
