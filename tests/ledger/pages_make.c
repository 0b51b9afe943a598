/*
 * ledger-pages DIR PAGES DAYS MINUTES: a ledger of visits to so many pages, one every so many
 * minutes for so many days up to now, put straight into the tables (rows, tree, view, one
 * signed head). Each page loads SCRIPTS scripts of HOSTS vendors; the vendors release now and
 * then; vendor 3's file is altered for ten days, a year before the end (or in the middle, where
 * the time is shorter). Page 0 does not load it.
 */
#include "ledger/head.h"
#include "ledger/ledger.h"
#include "ledger/shelf.h"
#include "ledger/stamp.h"
#include "ledger/view.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define BATCH     200000
#define SCRIPTS   20
#define HOSTS     10
#define VENDOR    3
#define DAY_US    (INT64_C(86400) * 1000000)
#define BAD_DAYS  10
#define RELEASES  40 /* days between releases of one vendor */
#define PAGES_MAX 200

struct build {
	sqlite3 *db;
	sqlite3_stmt *add;
	struct shelf shelf;
	struct tree tree;
	struct view *view;
	struct arena mem;
	int64_t seq, at_us, begin_us, bad_from_us;
	int64_t record[PAGES_MAX];
	uint64_t version[PAGES_MAX];
};

static void put(struct build *b, const char *type, const char *body, int n)
{
	struct hash leaf = tree_leaf(slice_mem(body, (size_t)n));
	struct json *fact;

	arena_reset(&b->mem);
	fact = json_parse(&b->mem, slice_mem(body, (size_t)n), NULL);
	if (!fact || !json_is_canonical(slice_mem(body, (size_t)n)))
		err_die("not canonical: %s", body);
	db_bind_int(b->add, 1, b->seq);
	db_bind_int(b->add, 2, b->at_us);
	db_bind_text(b->add, 3, slice_str(type));
	db_bind_blob(b->add, 4, slice_mem(body, (size_t)n));
	if (db_run(b->add) < 0 || tree_add(&b->tree, &leaf) < 0 ||
	    view_apply(b->view, fact) < 0)
		err_die("fact %lld: %s", (long long)b->seq, sqlite3_errmsg(b->db));
	if (b->seq++ % BATCH == 0)
		db_exec(b->db, "COMMIT; BEGIN");
}

/* Which release of a vendor is out; -1: the altered file. */
static int64_t release_of(const struct build *b, int vendor)
{
	if (vendor == VENDOR && b->at_us >= b->bad_from_us &&
	    b->at_us < b->bad_from_us + BAD_DAYS * DAY_US)
		return -1;
	return ((b->at_us - b->begin_us) / DAY_US + vendor * 4) / RELEASES;
}

static bool loads(int page, int script)
{
	return page || script % HOSTS != VENDOR;
}

/* What the page's scripts are now, as one number. */
static uint64_t version_of(const struct build *b, int page)
{
	uint64_t v = 1;

	for (int h = 0; h < HOSTS; h++)
		v = v * 257 + (loads(page, h) ? (uint64_t)release_of(b, h) : 0);
	return v;
}

static int add_script(struct build *b, char *to, size_t room, int script)
{
	int64_t release = release_of(b, script % HOSTS);

	return snprintf(
	    to, room,
	    "%s{\"by\":[\"https://tags.example/gtm.js\"],\"bytes\":1000,\"frame\":\"https://"
	    "shop."
	    "example/"
	    "\",\"hash\":\"%08llx%056llx\",\"how\":\"script\",\"party\":\"third\",\"step\":1,"
	    "\"structure\":\"%032llx.%032llx\",\"url\":\"https://cdn%d.vendor%d.example/js/"
	    "part%c.js"
	    "\"}",
	    script ? "," : "", (unsigned long long)(script * 100000 + release + 7), 0ULL,
	    (unsigned long long)(script * 100000 + release + 9), (unsigned long long)script,
	    script % HOSTS, script % HOSTS, 'a' + script / HOSTS);
}

static void record(struct build *b, int page, const char *at)
{
	static char body[32768];
	const char *card = page % 3 ? ""
	                            : "{\"frame\":\"https://shop.example/"
	                              "\",\"kind\":\"card-number\",\"name\":\"n\",\"step\":1}";
	int n = snprintf(
	    body, sizeof(body),
	    "{\"arm\":\"quick\",\"at\":\"%s\",\"browser\":\"Chromium\",\"digest\":\"d\","
	    "\"fields\":[%s],\"headers\":[],\"kind\":\"sighting\",\"page\":\"page%02d\","
	    "\"requests\":[],\"scripts\":[",
	    at, card, page);
	bool first = true;

	for (int s = 0; s < SCRIPTS; s++) {
		char one[1024];
		int k = add_script(b, one, sizeof(one), s);

		if (!loads(page, s))
			continue;
		n += snprintf(body + n, sizeof(body) - (size_t)n, "%.*s",
		              k - (first && s ? 1 : 0), one + (first && s ? 1 : 0));
		first = false;
	}
	n += snprintf(body + n, sizeof(body) - (size_t)n,
	              "],\"seq\":%lld,\"steps\":[],\"type\":\"page.record\",\"url\":"
	              "\"https://shop.example/\"}",
	              (long long)b->seq);
	b->record[page] = b->seq;
	put(b, "page.record", body, n);
}

static void visit(struct build *b, int page)
{
	uint64_t version = version_of(b, page);
	char body[512], at[CLOCK_TEXT_BYTES];
	int n;

	clock_text(b->at_us, at);
	if (version != b->version[page]) {
		b->version[page] = version;
		record(b, page, at);
	}
	n = snprintf(
	    body, sizeof(body),
	    "{\"arm\":\"quick\",\"at\":\"%s\",\"kind\":\"sighting\",\"page\":\"page%02d\","
	    "\"record\":%lld,\"seq\":%lld,\"type\":\"page.checked\",\"us\":771234,"
	    "\"valid\":true}",
	    at, page, (long long)b->record[page], (long long)b->seq);
	put(b, "page.checked", body, n);
}

static void add_head(struct build *b, const char *state)
{
	struct ledger_head h = {
	    .size = b->tree.size, .before = 1, .at_us = b->at_us, .root = tree_root(&b->tree)};
	struct head_key *key;
	struct stamp stamp;
	sqlite3_stmt *s = NULL;
	struct err e = {""};
	int dir = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (head_key_load(dir, &key, &e) < 0 || head_sign(key, &h) < 0 ||
	    db_prepare(b->db, "INSERT INTO head(" HEAD_COLUMNS ") VALUES(?, ?, ?, ?, ?)", &s) <
	        0)
		err_die("head: %s", e.text);
	head_bind(s, &h);
	if (db_run(s) < 0)
		err_die("head: %s", sqlite3_errmsg(b->db));
	sqlite3_finalize(s);
	if (stamp_get(b->db, key, &stamp) < 0)
		err_die("no stamp");
	stamp.size = h.size;
	if (stamp_tables(b->db, &stamp) < 0 || stamp_put(b->db, key, &stamp) < 0)
		err_die("stamp: %s", sqlite3_errmsg(b->db));
	head_key_free(key);
	close(dir);
}

static void open_all(struct build *b, const char *state)
{
	struct tree_shelf shelf;
	struct err e = {""};

	if (ledger_create(state, &e) < 0 || db_open(state, DB_WRITE, &b->db, &e) < 0 ||
	    shelf_open(b->db, &b->shelf, &shelf, &e) < 0 ||
	    tree_load(&b->tree, &shelf, 1) < 0 || view_open(b->db, "main", &b->view, &e) < 0 ||
	    db_prepare(b->db,
	               "INSERT INTO fact(seq, at, kind, type, body)"
	               " VALUES(?, ?, 'sighting', ?, ?)",
	               &b->add) < 0)
		err_die("build: %s", e.text);
	db_exec(b->db, "PRAGMA synchronous = OFF");
	arena_init(&b->mem, 16u << 20);
	b->seq = 2;
}

static int64_t number(const char *s)
{
	uint64_t v;

	if (!slice_u64(slice_str(s), &v) || v > 1000000)
		err_die("not a number: %s", s);
	return (int64_t)v;
}

int main(int argc, char **argv)
{
	static struct build b;
	int64_t pages, days, minutes, end = clock_now_us();

	err_name("ledger-pages");
	if (argc != 5)
		err_die("usage: ledger-pages DIR PAGES DAYS MINUTES");
	pages = number(argv[2]);
	days = number(argv[3]);
	minutes = number(argv[4]);
	if (pages > PAGES_MAX || minutes < 1)
		err_die("at most %d pages, at least one minute", PAGES_MAX);
	open_all(&b, argv[1]);
	b.begin_us = b.at_us = end - days * DAY_US;
	b.bad_from_us = end - (days > 400 ? 365 : days / 2 + BAD_DAYS / 2) * DAY_US;
	db_exec(b.db, "BEGIN");
	for (; b.at_us < end; b.at_us += minutes * 60 * 1000000)
		for (int p = 0; p < pages; p++)
			visit(&b, p);
	if (tree_flush(&b.tree) < 0)
		err_die("tree");
	add_head(&b, argv[1]);
	if (db_exec(b.db, "COMMIT") < 0)
		err_die("%s", sqlite3_errmsg(b.db));
	printf("%lld\n", (long long)b.seq - 1);
	sqlite3_finalize(b.add);
	view_close(b.view);
	shelf_done(&b.shelf);
	arena_done(&b.mem);
	db_close(b.db);
	return 0;
}
