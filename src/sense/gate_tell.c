/* What the gate says of an open. */
#include "conf/match.h"
#include "sense/gate.h"

uint64_t gate_path_key(uint32_t root, struct slice path)
{
	bool sent = match_in_data(path) == ROLE_DATA;

	return ((hash_table(path) + root) & ~(uint64_t)GATE_KEY_SENT) |
	       (sent ? GATE_KEY_SENT : 0);
}

uint64_t gate_name_key(const struct held *h)
{
	return gate_path_key(h->root, h->path);
}

enum told { TOLD_READER, TOLD_WRITER, TOLD_LATE, TOLD_LATE_REFUSED };

/* Thousands may be refused the same: each kind is told once a second for a path. */
static bool told_lately(const struct held *h, enum told what)
{
	static struct {
		uint64_t path;
		int64_t at_us;
	} told[256];
	uint64_t key = 4 * gate_name_key(h) + what;
	size_t i = key % (sizeof(told) / sizeof(told[0]));
	int64_t now = clock_mono_us();

	if (told[i].path == key && now - told[i].at_us < GATE_QUIET_US)
		return true;
	told[i].path = key;
	told[i].at_us = now;
	return false;
}

void gate_tell_late(struct gate *g, const struct held *h, bool allow)
{
	struct json *d;

	if (told_lately(h, allow ? TOLD_LATE : TOLD_LATE_REFUSED))
		return;
	d = gate_draft(g, "open.late", h->root, h->path, h->role);
	json_put_int(&g->mem, d, "waited_us", clock_mono_us() - h->since_us);
	json_put_str(&g->mem, d, "answer", allow ? "allowed" : "refused");
	post_fact(g->post, d, -1, NULL, NULL);
}

void gate_tell_denied(struct gate *g, const struct held *h, const struct opener *o,
                      const char *why)
{
	bool writes = o->writes || !o->told;
	struct json *d;

	if (told_lately(h, writes ? TOLD_WRITER : TOLD_READER))
		return;
	d = gate_draft(g, "open.denied", h->root, h->path, h->role);
	json_put_bool(&g->mem, d, "writes", writes);
	json_put_str(&g->mem, d, "why", why);
	procs_drain(g->procs);
	json_put(&g->mem, d, "who", who_json(g->who, &g->mem, g->procs, o->pid, PROCS_UNSURE));
	post_fact(g->post, d, -1, NULL, NULL);
}
