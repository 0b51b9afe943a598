#include "ledger/keys.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define ADVICE                                                                       \
	". Put " HEAD_KEY_NAME " back from a backup. Without it nothing more can be" \
	" recorded here; `hinoban verify` still checks what was recorded, and"       \
	" `hinoban init --force` begins a new ledger beside this one"

/* What fact 1 names; "" where it can't be asked. */
static void named_key(sqlite3 *db, char out[HASH_HEX_BYTES])
{
	struct arena a = {.max = 16 * FACT_MAX_BYTES};
	sqlite3_stmt *s = NULL;
	struct slice key;

	out[0] = '\0';
	if (db && db_prepare(db, "SELECT body FROM fact WHERE seq = 1", &s) == 0 &&
	    db_step(s) > 0) {
		key = json_text(json_parse(&a, db_blob(s, 0), NULL), "key");
		if (key.n == HASH_HEX_BYTES - 1) {
			memcpy(out, key.at, key.n);
			out[key.n] = '\0';
		}
	}
	sqlite3_finalize(s);
	arena_done(&a);
}

/* Where they are none: *key_lost says that it is not the private one that fact 1 names. */
static bool is_pair(const struct head_key *key, const struct head_key *pub, sqlite3 *db,
                    bool *key_lost)
{
	char ours[HASH_HEX_BYTES], theirs[HASH_HEX_BYTES], named[HASH_HEX_BYTES];

	head_key_hex(key, ours);
	head_key_hex(pub, theirs);
	if (strcmp(ours, theirs) == 0)
		return true;
	named_key(db, named);
	*key_lost = strcmp(ours, named) != 0;
	return false;
}

static bool is_lost(int r)
{
	return r == -ENOENT || r == -EBADMSG || r == -EINVAL;
}

static int hold_together(int dir, sqlite3 *db, const struct head_key *key, struct err *e)
{
	struct head_key *pub = NULL;
	struct err unread = {""};
	bool key_lost = false;
	int r = head_pub_load(dir, &pub, &unread);

	if (r < 0 && !is_lost(r)) {
		*e = unread;
		return r;
	}
	if (r < 0) {
		err_set(e, r, "%s", unread.text);
		return LEDGER_PUB_LOST;
	}
	r = is_pair(key, pub, db, &key_lost) ? LEDGER_KEYS_GOOD
	    : key_lost                       ? LEDGER_KEY_LOST
	                                     : LEDGER_PUB_LOST;
	if (r == LEDGER_KEY_LOST)
		err_set(e, 0,
		        HEAD_KEY_NAME " is not the key that belongs to " HEAD_PUB_NAME
		                      ": it was damaged or exchanged");
	else if (r == LEDGER_PUB_LOST)
		err_set(e, 0,
		        HEAD_PUB_NAME " is not the key that belongs to " HEAD_KEY_NAME
		                      ": it was damaged or exchanged");
	head_key_free(pub);
	return r;
}

int keys_open(int dir, sqlite3 *db, struct head_key **out, struct err *e)
{
	struct head_key *key = NULL;
	struct err why = {""};
	int r = head_key_load(dir, &key, &why);

	if (r < 0 && !is_lost(r)) {
		*e = why;
		return r;
	}
	/* Who writes needs no ledger.pub: verify and doctor tell what is wrong with it. */
	if (r == 0 && hold_together(dir, db, key, &why) != LEDGER_KEY_LOST) {
		*out = key;
		return 0;
	}
	head_key_free(key);
	return err_set(e, -EBADMSG, "%s" ADVICE, why.text);
}

int ledger_keys(const char *state_dir, struct err *e)
{
	AUTO_FD dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct head_key *key = NULL;
	sqlite3 *db = NULL;
	struct err none = {""};
	int r;

	if (dir < 0)
		return err_sys(e, -errno, "state directory %s", state_dir);
	r = head_key_load(dir, &key, e);
	if (r < 0)
		return is_lost(r) ? LEDGER_KEY_LOST : r;
	if (db_open(state_dir, DB_READ, &db, &none) < 0)
		db = NULL;
	r = hold_together(dir, db, key, e);
	db_close(db);
	head_key_free(key);
	return r;
}
