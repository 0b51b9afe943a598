/*
 * store_bench DIR FACTS: facts put durably in batches, straight through the store, beside a
 * plain SQLite insert of the same bytes in the same batches; then the time of proofs.
 */
#include "ledger/ledger.h"
#include "ledger/store.h"
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#define BATCH 1000

static struct json *draft(struct arena *a, int64_t i)
{
	struct json *d = fact_draft(a, "file.baseline"), *present = json_obj(a);
	struct json *content = json_obj(a), *features = json_obj(a);
	char text[128];
	struct hash h = hash_of(slice_mem(&i, sizeof(i)));

	hash_hex(&h, text);
	json_put_str(a, present, "class", "file");
	json_put_str(a, present, "hash", text);
	json_put_int(a, present, "size", 1000 + i % 5000);
	json_put_str(a, present, "mode", "0644");
	json_put_int(a, present, "uid", 33);
	json_put_int(a, present, "gid", 33);
	json_put_str(a, present, "mtime", "2026-11-24T04:05:06.000007Z");
	snprintf(text, sizeof(text), "801.%llx.18a3b4c5d6e7f801.18a3b4c5d6e7f901",
	         (long long)i + 1000);
	json_put_str(a, present, "sig", text);
	snprintf(text, sizeof(text), "app/module%lld/class%lld/file%lld.php",
	         (long long)(i / 5000), (long long)(i / 50 % 100), (long long)i);
	json_put_str(a, d, "root", "/srv/shop");
	json_put_str(a, d, "path", text);
	json_put_str(a, d, "role", "code");
	json_put(a, d, "present", present);
	json_put_int(a, features, "tokens", i % 900);
	json_put_int(a, features, "calls", i % 90);
	json_put_str(a, content, "kind", "php");
	json_put(a, content, "features", features);
	json_put(a, d, "content", content);
	return d;
}

/* The drafts as bytes, as they come from a socket. */
static struct slice *texts(struct arena *keep, int64_t n)
{
	struct slice *out = calloc((size_t)n, sizeof(*out));
	struct arena a;
	struct buf b;

	arena_init(&a, 1 << 20);
	buf_init(&b, FACT_MAX_BYTES);
	for (int64_t i = 0; out && i < n; i++) {
		buf_reset(&b);
		if (!json_write(&b, draft(&a, i)))
			err_die("draft");
		out[i] = arena_copy(keep, buf_slice(&b));
		arena_reset(&a);
	}
	arena_done(&a);
	buf_done(&b);
	return out;
}

static double run_store(const char *dir, const struct slice *text, int64_t n)
{
	struct store *st;
	struct arena a;
	struct err e = {""};
	bool missing;
	int64_t start, seq;

	if (ledger_create(dir, &e) < 0 || store_open(dir, &st, &missing, &e) < 0)
		err_die("%s", e.text);
	arena_init(&a, 1 << 20);
	start = clock_mono_us();
	for (int64_t i = 0; i < n; i++) {
		if (i % BATCH == 0 && store_begin(st) < 0)
			err_die("begin");
		if (store_put(st, &a, json_parse(&a, text[i], NULL), -1, &seq, &e) < 0)
			err_die("%s", e.text);
		arena_reset(&a);
		if ((i % BATCH == BATCH - 1 || i == n - 1) && store_commit(st, &e) < 0)
			err_die("%s", e.text);
	}
	start = clock_mono_us() - start;
	store_keep_head(st, true);
	store_close(st);
	arena_done(&a);
	return (double)n * 1e6 / (double)start;
}

static double run_plain(const char *dir, const struct slice *text, int64_t n)
{
	char path[512];
	sqlite3 *db;
	sqlite3_stmt *s;
	int64_t start;

	snprintf(path, sizeof(path), "%s/plain.db", dir);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
	    sqlite3_exec(db,
	                 "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	                 "CREATE TABLE fact(seq INTEGER PRIMARY KEY, body BLOB NOT NULL)",
	                 0, 0, 0) ||
	    sqlite3_prepare_v2(db, "INSERT INTO fact(body) VALUES(?)", -1, &s, NULL))
		err_die("plain: %s", sqlite3_errmsg(db));
	start = clock_mono_us();
	for (int64_t i = 0; i < n; i++) {
		if (i % BATCH == 0)
			sqlite3_exec(db, "BEGIN IMMEDIATE", 0, 0, 0);
		sqlite3_bind_blob(s, 1, text[i].at, (int)text[i].n, SQLITE_STATIC);
		if (sqlite3_step(s) != SQLITE_DONE)
			err_die("plain: %s", sqlite3_errmsg(db));
		sqlite3_reset(s);
		if ((i % BATCH == BATCH - 1 || i == n - 1) &&
		    sqlite3_exec(db, "COMMIT", 0, 0, 0))
			err_die("plain: %s", sqlite3_errmsg(db));
	}
	start = clock_mono_us() - start;
	sqlite3_finalize(s);
	sqlite3_close(db);
	unlink(path);
	return (double)n * 1e6 / (double)start;
}

int main(int argc, char **argv)
{
	uint64_t n;
	struct arena keep;
	struct slice *text;
	double store, plain;

	err_name("store_bench");
	if (argc != 3 || !slice_u64(slice_str(argv[2]), &n) || n == 0 || n > 5000000)
		err_die("usage: store_bench DIR FACTS");
	arena_init(&keep, SIZE_MAX / 2);
	text = texts(&keep, (int64_t)n);
	store = run_store(argv[1], text, (int64_t)n);
	plain = run_plain(argv[1], text, (int64_t)n);
	printf("store alone: %.0f facts/s; plain SQLite insert of the same bytes: %.0f/s; "
	       "ratio %.2f\n",
	       store, plain, store / plain);
	arena_done(&keep);
	free(text);
	return 0;
}
