/*
 * What the kernel refused becomes facts, and where web workers connect to is learnt.
 */
#include "sense/draft.h"
#include "sense/fence.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#define MAPPED_BITS 96 /* ::ffff:a.b.c.d */
#define TOLD        256

static const char *const act_names[FENCE_ACTS] = {
    [FENCE_WRITE] = "write",   [FENCE_CREATE] = "create", [FENCE_LINK] = "link",
    [FENCE_UNLINK] = "remove", [FENCE_RENAME] = "rename", [FENCE_ATTRIBUTES] = "attributes",
    [FENCE_EXEC] = "run",      [FENCE_MAP] = "map",       [FENCE_CONNECT] = "connect",
};

/* ---- addresses ---- */

static void mask_bits(struct fence_peer *p, unsigned bits)
{
	uint8_t m[16] = {0};

	for (unsigned i = 0; i < bits; i++)
		m[i / 8] |= (uint8_t)(0x80 >> i % 8);
	memcpy(p->mask, m, sizeof(m));
}

static bool parse_address(const char *text, struct fence_peer *p, unsigned *widest)
{
	uint8_t at[16] = {[10] = 0xff, [11] = 0xff};

	*widest = 128;
	if (inet_pton(AF_INET, text, at + 12) == 1) {
		*widest = 32;
	} else if (inet_pton(AF_INET6, text, at) != 1) {
		return false;
	}
	memcpy(p->address, at, sizeof(at));
	return true;
}

static bool parse_number(const char *text, unsigned max, unsigned *out)
{
	uint64_t n;

	if (!slice_u64(slice_str(text), &n) || n > max)
		return false;
	*out = (unsigned)n;
	return true;
}

/* "192.0.2.7", "192.0.2.0/24:443", "2001:db8::/32", "[2001:db8::1]:443". */
static bool parse_peer(struct slice s, struct fence_peer *p)
{
	char text[128], *address = text, *port = NULL, *bits;
	unsigned widest, width, number = 0;

	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	memcpy(text, s.at, s.n);
	text[s.n] = '\0';
	*p = (struct fence_peer){0};
	if (text[0] == '[') {
		char *end = strchr(text, ']');

		if (!end || (end[1] != '\0' && end[1] != ':'))
			return false;
		port = end[1] ? end + 2 : NULL;
		*end = '\0';
		address++;
	} else if (strchr(text, ':') && strchr(text, ':') == strrchr(text, ':')) {
		port = strchr(text, ':');
		*port++ = '\0';
	}
	bits = strchr(address, '/');
	if (bits)
		*bits++ = '\0';
	if (!parse_address(address, p, &widest))
		return false;
	width = widest;
	if ((bits && !parse_number(bits, widest, &width)) ||
	    (port && !parse_number(port, UINT16_MAX, &number)))
		return false;
	mask_bits(p, widest == 32 ? MAPPED_BITS + width : width);
	p->port = number;
	return true;
}

static bool covers(const struct fence_peer *p, const struct fence_peer *x)
{
	return ((p->address[0] ^ x->address[0]) & p->mask[0]) == 0 &&
	       ((p->address[1] ^ x->address[1]) & p->mask[1]) == 0 &&
	       (p->port == 0 || p->port == x->port);
}

static void add_peer(struct fence_rules *r, const struct fence_peer *p)
{
	uint32_t n = r->peers;

	for (uint32_t i = 0; i < n; i++) {
		if (covers(&r->peer[i], p))
			return;
	}
	if (n == FENCE_MAX_PEERS)
		return;
	r->peer[n] = *p;
	__atomic_store_n(&r->peers, n + 1, __ATOMIC_RELEASE);
}

int fence_peers_begin(struct fence *f, struct err *e)
{
	/* What stays on this machine: itself, and "no address", which means itself. */
	static const char *const own[] = {"127.0.0.0/8", "::1", "0.0.0.0", "::"};
	struct fence_peer p;

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (f->rules && parse_peer(slice_str(own[i]), &p))
			add_peer(f->rules, &p);
	}
	for (size_t i = 0; i < f->conf->fence_allows; i++) {
		struct slice s = f->conf->fence_allow[i];

		if (!parse_peer(s, &p))
			return err_set(e, -EINVAL, "fence.allow: \"%.*s\" is no address",
			               SLICE_ARG(slice_sub(s, 0, 100)));
		if (f->rules)
			add_peer(f->rules, &p);
	}
	for (size_t i = 0; i < f->conf->fence_forgets; i++) {
		struct slice s = f->conf->fence_forget[i];

		if (!parse_peer(s, &p))
			return err_set(e, -EINVAL, "fence.forget: \"%.*s\" is no address",
			               SLICE_ARG(slice_sub(s, 0, 100)));
	}
	return 0;
}

static bool is_forgotten(const struct fence *f, const struct fence_peer *x)
{
	struct fence_peer p;

	for (size_t i = 0; i < f->conf->fence_forgets; i++) {
		if (parse_peer(f->conf->fence_forget[i], &p) && covers(&p, x))
			return true;
	}
	return false;
}

void fence_peer_learnt(struct fence *f, const struct json *fact)
{
	struct fence_peer p;

	if (!f->rules || !parse_peer(json_text(fact, "address"), &p) || is_forgotten(f, &p))
		return;
	p.port = (uint32_t)json_num(fact, "port", 0);
	add_peer(f->rules, &p);
}

static void address_text(const struct fence_event *ev, char out[INET6_ADDRSTRLEN])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	bool four = memcmp(ev->address, mapped, sizeof(mapped)) == 0;

	if (!inet_ntop(four ? AF_INET : AF_INET6, ev->address + (four ? 12 : 0), out,
	               INET6_ADDRSTRLEN))
		out[0] = '\0';
}

/* ---- facts ---- */

/* An intruder may try the same a million times. */
static bool told_lately(const struct fence_event *ev)
{
	static struct {
		uint64_t key;
		int64_t at_us;
	} told[TOLD];
	struct slice name = slice_mem(ev->name, strnlen(ev->name, sizeof(ev->name)));
	uint64_t key = hash_table(name) + hash_table(slice_mem(ev->address, 16)) +
	               ((uint64_t)ev->folder << 20) + ((uint64_t)ev->port << 4) + ev->act;
	size_t i = key % TOLD;
	int64_t now = clock_mono_us();

	if (told[i].key == key && now - told[i].at_us < FENCE_QUIET_US)
		return true;
	told[i].key = key;
	told[i].at_us = now;
	return false;
}

static void tell(struct fence *f, struct json *d, const struct fence_event *ev)
{
	uint64_t lost = __atomic_exchange_n(&f->rules->lost, 0, __ATOMIC_RELAXED);

	procs_drain(f->procs);
	json_put(&f->mem, d, "who",
	         who_json(f->who, &f->mem, f->procs, (pid_t)ev->pid, PROCS_UNSURE));
	if (lost)
		json_put_int(&f->mem, d, "lost", (int64_t)lost);
	post_fact(f->post, d, -1, NULL, NULL);
}

static void tell_file(struct fence *f, const struct fence_event *ev)
{
	const struct fence_folder *o = ev->known ? fence_folder_at(f, ev->folder) : NULL;
	struct json *d = fact_draft(&f->mem, "fence.denied");
	struct slice name = slice_mem(ev->name, strnlen(ev->name, sizeof(ev->name)));

	path_join(&f->path, o ? o->path : (struct slice){0}, name);
	if (o && ev->known == FENCE_THE_FOLDER) {
		buf_reset(&f->path);
		buf_add(&f->path, o->path.n ? o->path : SLICE(PATH_ROOT));
	}
	draft_path(&f->mem, d, "root", o ? f->conf->root[o->root].path : f->conf->root[0].path);
	draft_path(&f->mem, d, "path", buf_slice(&f->path));
	json_put_str(&f->mem, d, "role", role_name((enum role)ev->role));
	json_put_str(&f->mem, d, "act", act_names[ev->act]);
	tell(f, d, ev);
}

static void tell_program(struct fence *f, const struct fence_event *ev)
{
	struct json *d = fact_draft(&f->mem, "fence.exec");

	draft_path(&f->mem, d, "program",
	           slice_mem(ev->name, strnlen(ev->name, sizeof(ev->name))));
	json_put_str(&f->mem, d, "act", act_names[ev->act]);
	tell(f, d, ev);
}

static void tell_connect(struct fence *f, const struct fence_event *ev)
{
	struct fence_peer p = {.port = ev->port};
	char address[INET6_ADDRSTRLEN];
	struct json *d;

	memcpy(p.address, ev->address, sizeof(p.address));
	mask_bits(&p, 128);
	if (!ev->refused && is_forgotten(f, &p))
		return;
	address_text(ev, address);
	d = fact_draft(&f->mem, ev->refused ? "fence.connect" : "fence.learnt");
	json_put_str(&f->mem, d, "address", address);
	json_put_int(&f->mem, d, "port", ev->port);
	json_put_int(&f->mem, d, "protocol", ev->protocol);
	if (!ev->refused)
		add_peer(f->rules, &p);
	tell(f, d, ev);
}

void fence_tell_event(void *ctx, const struct fence_event *ev)
{
	struct fence *f = ctx;

	if (ev->act == 0 || ev->act >= FENCE_ACTS || ev->role >= ROLES || told_lately(ev))
		return;
	arena_reset(&f->mem);
	if (ev->act == FENCE_CONNECT)
		tell_connect(f, ev);
	else if (ev->act == FENCE_EXEC || ev->act == FENCE_MAP)
		tell_program(f, ev);
	else
		tell_file(f, ev);
}

static const char *connect_name(enum fence_connect c)
{
	return c == FENCE_CONNECT_HOLD ? "hold" : c == FENCE_CONNECT_WATCH ? "watch" : "off";
}

void fence_tell_mode(struct fence *f)
{
	struct json *d;

	arena_reset(&f->mem);
	d = fact_draft(&f->mem, "fence.mode");
	json_put_bool(&f->mem, d, "stands", f->rules != NULL);
	if (f->rules) {
		json_put_str(&f->mem, d, "by",
		             fence_load_way(f->load) == FENCE_BY_LSM ? "lsm" : "functions");
		json_put_bool(&f->mem, d, "files", f->rules->armed);
		json_put_str(&f->mem, d, "connect", connect_name(f->connect));
		json_put_int(&f->mem, d, "marks", (int64_t)f->marks);
		if (f->unmarked)
			json_put_int(&f->mem, d, "unmarked", (int64_t)f->unmarked);
	} else {
		json_put_str(&f->mem, d, "why", f->why);
	}
	post_fact(f->post, d, -1, NULL, NULL);
}
