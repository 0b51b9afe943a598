/*
 * proof_bench DIR FACTS: the time of proofs in a ledger of so many facts. The facts are put
 * straight into the tables (rows, tree, one signed head), because only proofs are measured.
 */
#include "ledger/db.h"
#include "ledger/head.h"
#include "ledger/shelf.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define BATCH  200000
#define PROOFS 2000

struct build {
	sqlite3 *db;
	sqlite3_stmt *add;
	struct shelf shelf;
	struct tree tree;
	int64_t at_us;
};

static void add_fact(struct build *b, int64_t seq)
{
	char body[256], at[CLOCK_TEXT_BYTES];
	struct hash leaf;
	int n;

	clock_text(b->at_us + seq, at);
	n = snprintf(
	    body, sizeof(body),
	    "{\"at\":\"%s\",\"kind\":\"sighting\",\"seq\":%lld,\"type\":\"watch.stopped\"}", at,
	    (long long)seq);
	leaf = tree_leaf(slice_mem(body, (size_t)n));
	db_bind_int(b->add, 1, seq);
	db_bind_int(b->add, 2, b->at_us + seq);
	db_bind_blob(b->add, 3, slice_mem(body, (size_t)n));
	if (db_run(b->add) < 0 || tree_add(&b->tree, &leaf) < 0)
		err_die("%s", sqlite3_errmsg(b->db));
}

static void add_head(struct build *b, const char *state)
{
	struct ledger_head h = {.size = b->tree.size,
	                        .before = 1,
	                        .at_us = b->at_us + b->tree.size,
	                        .root = tree_root(&b->tree)};
	struct head_key *key;
	sqlite3_stmt *s = NULL;
	struct err e = {""};
	int dir = open(state, O_RDONLY | O_DIRECTORY);

	if (head_key_load(dir, &key, &e) < 0 || head_sign(key, &h) < 0 ||
	    db_prepare(b->db, "INSERT INTO head(" HEAD_COLUMNS ") VALUES(?, ?, ?, ?, ?)", &s) <
	        0)
		err_die("head: %s", e.text);
	head_bind(s, &h);
	if (db_run(s) < 0)
		err_die("head: %s", sqlite3_errmsg(b->db));
	sqlite3_finalize(s);
	head_key_free(key);
	close(dir);
}

static void build(const char *state, int64_t facts)
{
	static struct build b;
	struct tree_shelf shelf;
	struct err e = {""};

	if (ledger_create(state, &e) < 0 || db_open(state, DB_WRITE, &b.db, &e) < 0 ||
	    shelf_open(b.db, &b.shelf, &shelf, &e) < 0 || tree_load(&b.tree, &shelf, 1) < 0 ||
	    db_prepare(b.db,
	               "INSERT INTO fact(seq, at, kind, type, body)"
	               " VALUES(?, ?, 'sighting', 'watch.stopped', ?)",
	               &b.add) < 0)
		err_die("build: %s", e.text);
	db_exec(b.db, "PRAGMA synchronous = OFF");
	b.at_us = clock_now_us();
	for (int64_t seq = 2; seq <= facts; seq++) {
		if (seq == 2 || seq % BATCH == 0)
			db_exec(b.db, seq == 2 ? "BEGIN" : "COMMIT; BEGIN");
		add_fact(&b, seq);
	}
	if (tree_flush(&b.tree) < 0)
		err_die("tree");
	add_head(&b, state);
	if (db_exec(b.db, "COMMIT") < 0)
		err_die("%s", sqlite3_errmsg(b.db));
	sqlite3_finalize(b.add);
	shelf_done(&b.shelf);
	db_close(b.db);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static void tell(const char *what, int64_t *us, int64_t facts)
{
	qsort(us, PROOFS, sizeof(*us), by_size);
	printf("%s at %lld facts: p50 %lld us, p99 %lld us, worst %lld us\n", what,
	       (long long)facts, (long long)us[PROOFS / 2], (long long)us[PROOFS * 99 / 100],
	       (long long)us[PROOFS - 1]);
}

static void measure(const char *state, int64_t facts, bool consistency)
{
	static int64_t us[PROOFS];
	struct ledger *l;
	struct buf out;
	struct err e = {""};
	uint64_t x = 88172645463325252u;

	if (ledger_open(state, &l, &e) < 0)
		err_die("%s", e.text);
	buf_init(&out, 1 << 20);
	for (int i = 0; i < PROOFS; i++) {
		int64_t at, start;
		int r;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		at = 1 + (int64_t)(x % (uint64_t)facts);
		buf_reset(&out);
		start = clock_mono_us();
		r = consistency ? ledger_consistency(l, at, facts, &out, &e)
		                : ledger_proof(l, at, &out, &e);
		us[i] = clock_mono_us() - start;
		if (r < 0)
			err_die("%s", e.text);
	}
	tell(consistency ? "proof of consistency" : "proof of inclusion", us, facts);
	buf_done(&out);
	ledger_close(l);
}

int main(int argc, char **argv)
{
	uint64_t n;
	int64_t start;

	err_name("proof_bench");
	if (argc != 3 || !slice_u64(slice_str(argv[2]), &n) || n < 2 || n > 100000000)
		err_die("usage: proof_bench DIR FACTS");
	start = clock_mono_us();
	build(argv[1], (int64_t)n);
	printf("(%llu facts put in %.1f s)\n", (unsigned long long)n,
	       (double)(clock_mono_us() - start) / 1e6);
	measure(argv[1], (int64_t)n, false);
	measure(argv[1], (int64_t)n, true);
	return 0;
}
