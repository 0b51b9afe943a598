#include "scope/count.h"
#include "conf/canary.h"
#include "scope/zone.h"

#include <endian.h>
#include <errno.h>
#include <openssl/rand.h>
#include <stdio.h>

#define ITEM_BITS ((1LL << COUNT_ALL) - 1)
#define PARAMS    (SQL_MAX_RULES + 1)

bool count_rules_read(const struct conf *c, struct arena *mem, struct count_rules *out)
{
	out->n = 0;
	out->at[out->n++] = (struct count_rule){SLICE("canary"), SLICE(CANARY_EMAIL)};
	for (size_t i = 0; i < c->scope_excludes; i++) {
		struct slice s = c->scope_exclude[i];
		size_t at = slice_chr(s, ':');
		struct buf b;

		if (at == SIZE_MAX || at == 0 || out->n == SQL_MAX_RULES)
			return false;
		buf_init(&b, 4096);
		sql_pattern(&b, slice_trim(slice_sub(s, at + 1, s.n)));
		text_lower(b.at, b.n);
		out->at[out->n++] = (struct count_rule){slice_trim(slice_sub(s, 0, at)),
		                                        arena_copy(mem, buf_slice(&b))};
		buf_done(&b);
	}
	return true;
}

static bool is_entered(struct slice group)
{
	return slice_eq(group, SLICE("cards")) || slice_eq(group, SLICE("attempts"));
}

static int new_salt(struct count *c)
{
	struct hash h;
	uint8_t run[8];

	(void)db_lock(c->salt, sizeof(c->salt));
	if (RAND_bytes(h.b, sizeof(h.b)) != 1 || RAND_bytes(run, sizeof(run)) != 1)
		return -EIO;
	hash_hex(&h, c->salt);
	explicit_bzero(&h, sizeof(h));
	for (size_t i = 0; i < sizeof(run); i++)
		snprintf(c->run + 2 * i, 3, "%02x", run[i]);
	return 0;
}

static int prepare_group(struct count *c, const struct plan *p)
{
	struct count_group *g = &c->group[c->groups];
	const struct sql_windows *w;

	g->plan = p;
	g->entered = is_entered(p->p->group);
	if (g->entered ? !c->want->entered : !c->want->stored)
		return 0;
	if (!zone_set(p->zone))
		return fault_set(c->db->fault, -EINVAL, SCOPE_BAD_ZONE,
		                 arena_cstr(c->mem, p->zone), NULL, NULL, NULL);
	w = g->entered ? &c->want->window_entered : &c->want->window_stored;
	buf_init(&g->sql, SQL_MAX_BYTES);
	sql_rows(&g->sql, c->db, p, w, c->rules->n, c->kind);
	buf_init(&g->sql_excluded, SQL_MAX_BYTES);
	if (c->kind == SQL_COUNT)
		sql_excluded(&g->sql_excluded, c->db, p, w, c->rules->n, COUNT_LISTED);
	if (!buf_ok(&g->sql) || !buf_ok(&g->sql_excluded))
		return -ENOMEM;
	if (!p->p->time.n && !p->p->until.n)
		answer_warn(c->a, SCOPE_UNTIMED, arena_cstr(c->mem, p->p->group), NULL, NULL);
	c->groups++;
	return 0;
}

int count_prepare(struct count *c, const struct plans *plans)
{
	int r = new_salt(c);

	for (size_t i = 0; i < plans->n && r == 0; i++)
		r = prepare_group(c, plans->at[i]);
	return r;
}

/* ---- reading ---- */

struct reading {
	struct count *c;
	struct count_group *g;
};

static int nibble(uint8_t h)
{
	return h >= '0' && h <= '9' ? h - '0' : h >= 'a' && h <= 'f' ? h - 'a' + 10 : -1;
}

static bool key_of(struct slice s, uint8_t out[PERSONS_KEY_BYTES])
{
	if (s.n == SQL_KEY_RAW) {
		memcpy(out, s.at, PERSONS_KEY_BYTES);
		return true;
	}
	if (s.n != SQL_KEY_HEX)
		return false;
	for (size_t i = 0; i < PERSONS_KEY_BYTES; i++) {
		int h = nibble(s.at[2 * i]), l = nibble(s.at[2 * i + 1]);

		if (h < 0 || l < 0)
			return false;
		out[i] = (uint8_t)(h << 4 | l);
	}
	return true;
}

/* Flags of a row as bits that are counted. */
static uint64_t bits_of(int64_t flags)
{
	uint64_t bits = (uint64_t)(flags & ITEM_BITS) | 1ULL << COUNT_ALL;
	unsigned state = (unsigned)(flags >> SQL_STATE) & 7;

	if (flags & SQL_DELETED)
		bits |= 1ULL << COUNT_DELETED;
	if (state)
		bits |= 1ULL << (COUNT_STATE + state - 1);
	return bits;
}

static int count_row(struct count_group *g, int64_t person, uint64_t bits, bool sure)
{
	for (uint64_t b = bits; b; b &= b - 1) {
		g->all[__builtin_ctzll(b)]++;
		g->sure[__builtin_ctzll(b)] += sure;
	}
	if (sure)
		return persons_mark(g->marks_sure, person, bits);
	if (!g->marks_unsure)
		g->marks_unsure = persons_marks_new();
	return g->marks_unsure ? persons_mark(g->marks_unsure, person, bits) : -ENOMEM;
}

static int count_card(struct count_group *g, struct slice key)
{
	struct slice keys[PERSONS_KEYS] = {{0}};
	int64_t r;

	if (!key.n)
		return 0;
	g->keyed++;
	keys[PERSONS_EMAIL] = key;
	r = persons_add(g->cards, keys);
	return r < 0 ? (int)r : 0;
}

static bool flags_of(const struct db *db, struct slice s, uint64_t *out)
{
	if (!db->binary)
		return slice_u64(s, out);
	if (s.n != sizeof(*out))
		return false;
	memcpy(out, s.at, sizeof(*out));
	*out = be64toh(*out);
	return true;
}

bool count_kept(const struct population *p, uint64_t flags)
{
	size_t state = flags >> SQL_STATE & 7;

	return state && state <= p->states &&
	       slice_eq(p->state[state - 1].name, SLICE(POPULATION_KEPT));
}

static bool pass_over(struct count_group *g, uint64_t flags)
{
	size_t rule = flags >> SQL_RULE & 255;
	bool kept = count_kept(g->plan->p, flags);

	if (rule && rule <= SQL_MAX_RULES)
		g->excluded[rule]++;
	else if (kept)
		g->kept++;
	return rule || kept;
}

static int take_row(void *ctx, const struct slice *v, size_t n)
{
	/* columns: e-mail, telephone, name, member, card */
	static const enum persons_key sort[4] = {PERSONS_EMAIL, PERSONS_PHONE, PERSONS_NAME,
	                                         PERSONS_MEMBER};
	const struct reading *x = ctx;
	uint8_t raw[SQL_KEYS][PERSONS_KEY_BYTES];
	struct slice key[PERSONS_KEYS] = {{0}}, card = {0};
	uint64_t flags;
	int64_t person;

	if (n != SQL_KEYS + 1 || !flags_of(x->c->db, v[SQL_KEYS], &flags))
		return -EBADMSG;
	if (pass_over(x->g, flags))
		return 0;
	for (size_t i = 0; i < 4; i++)
		if (v[i].at && key_of(v[i], raw[i]))
			key[sort[i]] = slice_mem(raw[i], PERSONS_KEY_BYTES);
	if (v[4].at && key_of(v[4], raw[4]))
		card = slice_mem(raw[4], PERSONS_KEY_BYTES);
	x->g->undated += (flags & SQL_UNDATED) != 0;
	person = persons_add(x->c->persons, key);
	if (person < 0)
		return (int)person;
	int r = count_card(x->g, card);

	return r < 0
	           ? r
	           : count_row(x->g, person, bits_of((int64_t)flags), (flags & SQL_SURE) != 0);
}

/* id, rule: the shop's own tests and staff, so that a person can see that they are. */
static int take_excluded(void *ctx, const struct slice *v, size_t n)
{
	const struct reading *x = ctx;
	struct arena *a = x->c->mem;
	struct json *list;
	const char *name;
	uint64_t rule;

	if (n != 2 || !slice_u64(v[1], &rule))
		return -EBADMSG;
	rule >>= SQL_RULE;
	if (rule > x->c->rules->n || !slice_utf8_valid(v[0]))
		return 0;
	name = rule ? arena_cstr(a, x->c->rules->at[rule - 1].name) : POPULATION_KEPT;
	list = (struct json *)(uintptr_t)json_get(x->g->listed, name);
	if (!list)
		list = json_put(a, x->g->listed, name, json_arr(a));
	json_push(list, json_str(a, slice_sub(v[0], 0, 64)));
	return 0;
}

static int list_excluded(struct count *c, struct count_group *g)
{
	struct reading x = {c, g};
	struct slice param[PARAMS];
	int64_t all = g->kept;

	for (size_t i = 0; i < c->rules->n; i++) {
		param[i] = c->rules->at[i].pattern;
		all += g->excluded[i + 1];
	}
	if (!all)
		return 0;
	g->listed = json_obj(c->mem);
	return c->db->ops->query(c->db, buf_cstr(&g->sql_excluded), param, c->rules->n,
	                         take_excluded, &x);
}

static int read_group(struct count *c, struct count_group *g)
{
	struct reading x = {c, g};
	struct slice param[PARAMS];
	int64_t begin = clock_mono_us(), before = c->db->rows;
	char text[32];
	int r;

	g->marks_sure = persons_marks_new();
	g->cards = persons_new();
	if (!g->marks_sure || !g->cards)
		return -ENOMEM;
	param[0] = slice_str(c->salt);
	for (size_t i = 0; i < c->rules->n; i++)
		param[i + 1] = c->rules->at[i].pattern;
	c->db->doing = arena_cstr(c->mem, g->plan->p->group);
	c->db->binary = c->db->kind == URL_POSTGRES;
	r = c->db->ops->query(c->db, buf_cstr(&g->sql), param, c->rules->n + 1, take_row, &x);
	c->db->binary = false;
	g->us = clock_mono_us() - begin;
	g->rows = c->db->rows - before;
	if (r == -E2BIG || r == -ENOMEM)
		return fault_set(c->db->fault, r, SCOPE_TOO_MANY, c->db->doing, NULL, NULL,
		                 NULL);
	if (r == 0 && g->undated) {
		snprintf(text, sizeof(text), "%lld", (long long)g->undated);
		answer_warn(c->a, SCOPE_UNDATED, c->db->doing, text, NULL);
	}
	return r == 0 ? list_excluded(c, g) : r;
}

int count_run(struct count *c)
{
	int64_t shared = 0;
	char text[32];
	int r = 0;

	c->persons = persons_new();
	if (!c->persons)
		return -ENOMEM;
	for (size_t i = 0; i < c->groups && r == 0; i++)
		r = read_group(c, &c->group[i]);
	if (r == 0)
		r = persons_join(c->persons, &shared);
	explicit_bzero(c->salt, sizeof(c->salt));
	if (r == 0 && shared) {
		snprintf(text, sizeof(text), "%lld", (long long)shared);
		answer_warn(c->a, SCOPE_SHARED, text, NULL, NULL);
	}
	return r;
}

void count_done(struct count *c)
{
	for (size_t i = 0; i < c->groups; i++) {
		persons_marks_free(c->group[i].marks_sure);
		persons_marks_free(c->group[i].marks_unsure);
		persons_free(c->group[i].cards);
		buf_done(&c->group[i].sql);
		buf_done(&c->group[i].sql_excluded);
	}
	persons_free(c->persons);
	explicit_bzero(c->salt, sizeof(c->salt));
}
