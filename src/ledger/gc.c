#include "ledger/gc.h"
#include "ledger/store.h"
#include "ledger/vault.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FACTS_AT_ONCE 200
#define DROPS_AT_ONCE 256 /* their hashes fit into one fact */
#define MOVES_BYTES   (INT64_C(2) << 20)
#define GC_MEM_BYTES  (64u * FACT_MAX_BYTES)
#define PAGE_PARTS    16 /* facts of one record at most; the visitor writes no more */

enum held { HELD_NOT, HELD_VERSION, HELD_EVIDENCE, HELD_CURRENT };

/* A content of the vault, and what speaks for it. */
struct content {
	struct hash hash;
	int64_t bytes;
	int64_t named_us;     /* last named by a fact */
	int64_t evidence_us;  /* of the newest finding that rests on it, or 0 */
	int64_t acquitted_us; /* when a word approved just this, or 0 */
	bool current;
};

/* What a finding rests on: either may be NULL. */
struct proof {
	int64_t at_us;
	struct content *put, *before;
};

/* The newest record of one page and arm: its facts. */
struct page {
	uint64_t name; /* hash of page and arm */
	int64_t part[PAGE_PARTS];
	int parts;
};

enum phase { GC_READ, GC_DECIDE, GC_DROP, GC_COMPACT, GC_TELL, GC_DONE };

struct gc {
	sqlite3 *db;
	struct store *st;
	struct ledger_vault_limits limits;
	int64_t word, now_us;
	enum phase phase;
	struct content *at; /* by hash */
	size_t count;
	struct proof *proof;
	size_t proofs, proof_room;
	struct page *page;
	size_t pages, page_room;
	int64_t read; /* facts up to this one are read */
	size_t *drop; /* indices into `at`, to be dropped: by_age of them for their age */
	size_t drops, next, by_age;
	struct ledger_vault_plan plan;
	struct arena mem, body; /* of a fact; of one that it leads to */
};

/* ---- contents ---- */

static int by_hash(const void *a, const void *b)
{
	return memcmp(((const struct content *)a)->hash.b, ((const struct content *)b)->hash.b,
	              HASH_BYTES);
}

static struct content *find(const struct gc *g, const struct hash *h)
{
	struct content key = {.hash = *h};

	return g->count ? bsearch(&key, g->at, g->count, sizeof(*g->at), by_hash) : NULL;
}

static struct content *find_text(const struct gc *g, const struct json *fact, const char *way)
{
	struct hash h;

	return hash_unhex(json_text(fact, way), &h) ? find(g, &h) : NULL;
}

/* Rows come in the order of hashes: it is their table's. */
static int load(struct gc *g)
{
	sqlite3_stmt *s = NULL;
	int64_t rows = 0;
	int r = db_number(g->db, "SELECT count(*) FROM main.vault", 0, &rows);

	if (r == 0)
		r = db_prepare(g->db, "SELECT hash, packed FROM main.vault ORDER BY hash", &s);
	g->at = r == 0 ? calloc((size_t)rows + 1, sizeof(*g->at)) : NULL;
	if (r == 0 && !g->at)
		r = -ENOMEM;
	while (r >= 0 && g->count < (size_t)rows && (r = db_step(s)) > 0) {
		struct content *c = &g->at[g->count];

		if (!db_hash(s, 0, &c->hash))
			continue;
		c->bytes = db_int(s, 1) + VAULT_RECORD_BYTES;
		g->plan.bytes += c->bytes;
		g->count++;
	}
	sqlite3_finalize(s);
	g->plan.contents = (int64_t)g->count;
	return r < 0 ? r : 0;
}

/* ---- what facts say ---- */

static void name(const struct gc *g, struct content *c, int64_t at)
{
	if (!c)
		return;
	if (at > c->named_us)
		c->named_us = at;
	/* Named since it was decided: it may stand somewhere now. The next gc knows more. */
	c->current |= g->phase == GC_DROP;
}

static void name_all(const struct gc *g, const struct json *fact)
{
	static const char *const ways[] = {"present.hash", "approved.hash", "state.hash"};
	int64_t at = fact_at_us(fact);

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		name(g, find_text(g, fact, ways[i]), at);
	if (slice_eq(fact_type(fact), SLICE("approve"))) {
		struct content *c = find_text(g, fact, "state.hash");

		if (c)
			c->acquitted_us = at;
	}
}

/* Room for one more of `size` bytes each behind the n that there are. */
static int grow(void **at, size_t n, size_t *room, size_t size)
{
	size_t want = *room ? 2 * *room : 64;
	void *more;

	if (n < *room)
		return 0;
	more = realloc(*at, want * size);
	if (!more)
		return -ENOMEM;
	*at = more;
	*room = want;
	return 0;
}

static int add_proof(struct gc *g, const struct proof *p)
{
	void *at = g->proof;
	int r = grow(&at, g->proofs, &g->proof_room, sizeof(*p));

	g->proof = at;
	if (r == 0)
		g->proof[g->proofs++] = *p;
	return r;
}

static void prove(struct content *c, int64_t at)
{
	if (c && at > c->evidence_us)
		c->evidence_us = at;
}

/* Evidence is what no person approved after it was found. */
static void weigh(struct gc *g, size_t from)
{
	for (size_t i = from; i < g->proofs; i++) {
		const struct proof *p = &g->proof[i];

		if (p->put && p->put->acquitted_us >= p->at_us)
			continue;
		prove(p->put, p->at_us);
		prove(p->before, p->at_us);
	}
}

/* It lives until the next one is read. */
static int read_body(struct gc *g, int64_t seq, const struct json **out)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(g->db, "SELECT body FROM main.fact WHERE seq = ?", &s);

	if (r == 0) {
		db_bind_int(s, 1, seq);
		r = db_step(s);
	}
	arena_reset(&g->body);
	*out = r > 0 ? json_parse(&g->body, arena_copy(&g->body, db_blob(s, 0)), NULL) : NULL;
	sqlite3_finalize(s);
	return r < 0 ? r : 0;
}

/* ---- pages ---- */

typedef int each_fn(struct gc *g, struct content *c, int64_t at);

/* Every content that one fact of a page's record speaks of: scripts and pictures. */
static int each_of_record(struct gc *g, const struct json *record, each_fn *fn, int64_t at)
{
	static const char *const lists[][2] = {{"scripts", "hash"}, {"steps", "shot"}};
	int r = 0;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const struct json *all = json_get(record, lists[i][0]);

		for (const struct json *o = all ? all->first : NULL; o && r == 0; o = o->next) {
			struct content *c = find_text(g, o, lists[i][1]);

			r = c ? fn(g, c, at) : 0;
		}
	}
	return r;
}

static int each_of_page(struct gc *g, const struct page *p, each_fn *fn, int64_t at)
{
	const struct json *fact;
	int r = 0;

	for (int i = 0; i < p->parts && r == 0; i++) {
		r = read_body(g, p->part[i], &fact);
		if (r == 0)
			r = fact ? each_of_record(g, fact, fn, at) : -EBADMSG;
	}
	return r;
}

static int name_one(struct gc *g, struct content *c, int64_t at)
{
	name(g, c, at);
	return 0;
}

static int stand_one(struct gc *g, struct content *c, int64_t at)
{
	(void)g;
	(void)at;
	c->current = true;
	return 0;
}

static int prove_one(struct gc *g, struct content *c, int64_t at)
{
	return add_proof(g, &(struct proof){.at_us = at, .put = c});
}

static struct page *page_of(struct gc *g, const struct json *record)
{
	uint64_t name =
	    hash_table(json_text(record, "page")) * 31 + hash_table(json_text(record, "arm"));
	void *at = g->page;
	int r;

	for (size_t i = 0; i < g->pages; i++)
		if (g->page[i].name == name)
			return &g->page[i];
	r = grow(&at, g->pages, &g->page_room, sizeof(*g->page));
	g->page = at;
	if (r < 0)
		return NULL;
	g->page[g->pages] = (struct page){.name = name};
	return &g->page[g->pages++];
}

/* A record begins with its first part; the one before it has had its day. */
static int take_record(struct gc *g, const struct json *record)
{
	int64_t at = fact_at_us(record);
	struct page *p = page_of(g, record);
	int r = p ? 0 : -ENOMEM;

	if (r == 0 && json_num(record, "part", 1) <= 1) {
		r = each_of_page(g, p, name_one, at);
		p->parts = 0;
	}
	if (r == 0 && p->parts < PAGE_PARTS)
		p->part[p->parts++] = fact_seq(record);
	return r == 0 ? each_of_record(g, record, name_one, at) : r;
}

/* ---- reading ---- */

/* Both sides of each change that a finding rests on. */
static int prove_all(struct gc *g, const struct json *finding)
{
	const struct json *refs = json_get(finding, "refs");
	int64_t at = fact_at_us(finding);
	int r = 0;

	for (const struct json *t = refs ? refs->first : NULL; t && r == 0; t = t->next) {
		const struct json *fact;

		r = t->kind == JSON_INT ? read_body(g, t->i, &fact) : -EBADMSG;
		if (r < 0)
			break;
		r = add_proof(g,
		              &(struct proof){.at_us = at,
		                              .put = find_text(g, fact, "present.hash"),
		                              .before = find_text(g, fact, "approved.hash")});
		if (r == 0 && slice_eq(fact_type(fact), SLICE("page.record")))
			r = each_of_record(g, fact, prove_one, at);
	}
	return r;
}

/* Only the facts that can name a content. 1: there may be more; 0: all are read. */
static int read_some(struct gc *g)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(g->db,
	                   "SELECT seq, body, kind FROM main.fact WHERE seq > ? AND"
	                   " (path IS NOT NULL OR type IN ('page.record', 'page.content'))"
	                   " ORDER BY seq LIMIT ?",
	                   &s),
	    n = 0;

	if (r == 0) {
		db_bind_int(s, 1, g->read);
		db_bind_int(s, 2, FACTS_AT_ONCE);
	}
	while (r >= 0 && (r = db_step(s)) > 0) {
		const struct json *fact;

		arena_reset(&g->mem);
		fact = json_parse(&g->mem, db_blob(s, 1), NULL);
		g->read = db_int(s, 0);
		n++;
		name_all(g, fact);
		if (slice_eq(db_text(s, 2), SLICE("finding")))
			r = prove_all(g, fact);
		else if (slice_eq(fact_type(fact), SLICE("page.record")))
			r = take_record(g, fact);
	}
	sqlite3_finalize(s);
	return r < 0 ? r : n == FACTS_AT_ONCE;
}

/* ---- what stands now ---- */

static int mark_current(struct gc *g)
{
	sqlite3_stmt *s = NULL;
	int r = db_prepare(g->db, "SELECT a_hash, p_hash FROM main.view_file", &s);

	while (r >= 0 && (r = db_step(s)) > 0) {
		for (int i = 0; i < 2; i++) {
			struct hash h;
			struct content *c = db_hash(s, i, &h) ? find(g, &h) : NULL;

			if (c)
				c->current = true;
		}
	}
	sqlite3_finalize(s);
	for (size_t i = 0; i < g->pages && r >= 0; i++)
		r = each_of_page(g, &g->page[i], stand_one, 0);
	weigh(g, 0);
	return r;
}

/* A limit of 0 is none. */
static bool older(const struct gc *g, int64_t at, int64_t limit_us)
{
	return limit_us > 0 && g->now_us - at > limit_us;
}

static enum held held_as(const struct gc *g, const struct content *c)
{
	if (c->current)
		return HELD_CURRENT;
	if (c->evidence_us && !older(g, c->evidence_us, g->limits.evidence_us))
		return HELD_EVIDENCE;
	return older(g, c->named_us, g->limits.keep_us) ? HELD_NOT : HELD_VERSION;
}

/* ---- what to drop ---- */

static const struct content *sorting; /* qsort has no context; one thread */

static int by_age(const void *a, const void *b)
{
	int64_t x = sorting[*(const size_t *)a].named_us,
	        y = sorting[*(const size_t *)b].named_us;

	return x < y ? -1 : x > y;
}

static void count(struct gc *g)
{
	for (size_t i = 0; i < g->count; i++) {
		enum held h = held_as(g, &g->at[i]);

		g->plan.current += h == HELD_CURRENT;
		g->plan.evidence += h == HELD_EVIDENCE;
	}
}

static void choose(struct gc *g, enum held as, int64_t down_to)
{
	size_t first = g->drops;

	for (size_t i = 0; i < g->count; i++) {
		if (held_as(g, &g->at[i]) == as)
			g->drop[g->drops++] = i;
	}
	sorting = g->at;
	qsort(g->drop + first, g->drops - first, sizeof(*g->drop), by_age);
	for (size_t i = first; i < g->drops; i++) {
		if (g->plan.bytes - g->plan.freed <= down_to) {
			g->drops = i;
			return;
		}
		g->plan.dropped++;
		g->plan.freed += g->at[g->drop[i]].bytes;
	}
}

static int decide(struct gc *g)
{
	int r = mark_current(g);

	if (r < 0)
		return r;
	g->drop = calloc(g->count + 1, sizeof(*g->drop));
	if (!g->drop)
		return -ENOMEM;
	count(g);
	choose(g, HELD_NOT, 0);
	g->by_age = g->drops;
	if (g->limits.max_bytes > 0)
		choose(g, HELD_VERSION, g->limits.max_bytes);
	g->plan.over =
	    g->limits.max_bytes > 0 && g->plan.bytes - g->plan.freed > g->limits.max_bytes;
	return 0;
}

/* ---- dropping ---- */

static struct json *drop_draft(struct gc *g, const struct hash *hash, size_t n, int64_t bytes,
                               bool age)
{
	struct json *d = fact_draft(&g->mem, "vault.dropped"), *list = json_arr(&g->mem);
	char hex[HASH_HEX_BYTES];

	for (size_t i = 0; i < n; i++) {
		hash_hex(&hash[i], hex);
		json_push(list, json_str(&g->mem, slice_str(hex)));
	}
	json_put_str(&g->mem, d, "why", age ? "age" : "size");
	json_put(&g->mem, d, "hashes", list);
	json_put_int(&g->mem, d, "bytes", bytes);
	if (g->word)
		fact_ref(&g->mem, d, g->word);
	return d;
}

/* Facts that came in since; what they name is held. An approval frees nothing any more. */
static int catch_up(struct gc *g)
{
	size_t before = g->proofs;
	int r;

	while ((r = read_some(g)) > 0)
		;
	weigh(g, before);
	return r;
}

/* The next ones that are still to be dropped; all for the same reason. */
static size_t next_drops(struct gc *g, struct hash *hash, size_t *upto)
{
	size_t end = g->next < g->by_age ? g->by_age : g->drops, n = 0, i = g->next;

	for (; i < end && n < DROPS_AT_ONCE; i++) {
		const struct content *c = &g->at[g->drop[i]];
		enum held as = held_as(g, c);

		if (as == HELD_NOT || (as == HELD_VERSION && i >= g->by_age))
			hash[n++] = c->hash;
	}
	*upto = i;
	return n;
}

static int drop_in_transaction(struct gc *g, const struct hash *hash, size_t n, bool age,
                               struct err *e)
{
	int64_t bytes = 0, seq;
	int r = store_drop(g->st, hash, n, &bytes, e);

	arena_reset(&g->mem);
	if (r == 0)
		r = store_put(g->st, &g->mem, drop_draft(g, hash, n, bytes, age), -1, &seq, e);
	return r == 0 ? store_commit(g->st, e) : r;
}

/* 1: more to do. */
static int drop_some(struct gc *g, struct err *e)
{
	struct hash hash[DROPS_AT_ONCE];
	size_t upto, n;
	int r = store_begin(g->st);

	if (r == 0)
		r = catch_up(g);
	if (r < 0) {
		store_rollback(g->st);
		return r;
	}
	n = next_drops(g, hash, &upto);
	r = n ? drop_in_transaction(g, hash, n, g->next < g->by_age, e) : 0;
	if (n == 0 || r < 0)
		store_rollback(g->st);
	if (r < 0)
		return r;
	g->next = upto;
	return g->next < g->drops;
}

static int compact_some(struct gc *g, struct err *e)
{
	int r = store_begin(g->st);

	if (r == 0)
		r = store_compact(g->st, MOVES_BYTES, e);
	if (r > 0) {
		int c = store_commit(g->st, e);

		r = c < 0 ? c : r;
	}
	if (r <= 0)
		store_rollback(g->st);
	return r;
}

static int tell(struct gc *g, struct err *e)
{
	struct json *d;
	int64_t seq;
	int r = store_begin(g->st);

	arena_reset(&g->mem);
	d = fact_draft(&g->mem, "vault.collected");
	json_put_int(&g->mem, d, "dropped", g->plan.dropped);
	json_put_int(&g->mem, d, "freed", g->plan.freed);
	json_put_int(&g->mem, d, "contents", g->plan.contents - g->plan.dropped);
	json_put_int(&g->mem, d, "bytes", g->plan.bytes - g->plan.freed);
	if (g->plan.over)
		json_put_bool(&g->mem, d, "over", true);
	if (g->word)
		fact_ref(&g->mem, d, g->word);
	if (r == 0)
		r = store_put(g->st, &g->mem, d, -1, &seq, e);
	if (r == 0)
		r = store_commit(g->st, e);
	if (r < 0)
		store_rollback(g->st);
	return r;
}

/* ---- the steps ---- */

static int step(struct gc *g, struct err *e)
{
	int r = 0;

	switch (g->phase) {
	case GC_READ:
		r = read_some(g);
		break;
	case GC_DECIDE:
		r = decide(g);
		break;
	case GC_DROP:
		r = g->st && g->drops ? drop_some(g, e) : 0;
		break;
	case GC_COMPACT:
		r = g->st ? compact_some(g, e) : 0;
		break;
	case GC_TELL:
		r = g->st ? tell(g, e) : 0;
		break;
	default:
		break;
	}
	if (r == 0 && g->phase < GC_DONE)
		g->phase++;
	return r < 0 ? r : g->phase < GC_DONE;
}

int gc_step(struct gc *g, int64_t us, struct err *e)
{
	int64_t until = clock_mono_us() + us;
	int r = g->at ? 1 : load(g);

	if (r < 0)
		return r;
	do
		r = step(g, e);
	while (r > 0 && clock_mono_us() < until);
	if (r < 0 && r != -ENOSPC && !e->text[0])
		db_tell(g->db, r, e);
	return r;
}

bool gc_curtail(struct gc *g)
{
	if (g->phase != GC_COMPACT)
		return false;
	g->phase = GC_TELL;
	return true;
}

struct ledger_vault_plan gc_plan(const struct gc *g)
{
	return g->plan;
}

int64_t gc_word(const struct gc *g)
{
	return g->word;
}

struct gc *gc_new(sqlite3 *db, struct store *st, const struct ledger_vault_limits *limits,
                  int64_t word)
{
	struct gc *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->db = db;
	g->st = st;
	g->limits = *limits;
	g->word = word;
	g->now_us = clock_now_us();
	arena_init(&g->mem, GC_MEM_BYTES);
	arena_init(&g->body, GC_MEM_BYTES);
	return g;
}

void gc_free(struct gc *g)
{
	if (!g)
		return;
	free(g->at);
	free(g->drop);
	free(g->proof);
	free(g->page);
	arena_done(&g->mem);
	arena_done(&g->body);
	free(g);
}
