/* hinoban-judge: facts come in by number, finding drafts go out, one answer for each. */
#include "judge/judge.h"
#include "wall/wall.h"

#define FACT_ARENA_BYTES (8u << 20)

struct role {
	struct judge *judge;
	struct arena mem;
};

/* The ledger pushes to who says HELLO. Verdicts are numbered by the facts, so any name will do.
 */
static void on_peer(struct loop *l, void *ctx, int slot, struct slice name)
{
	(void)ctx;
	if (!slice_eq(name, SLICE("ledger")))
		err_die("the keeper sent a neighbour that a judge has not: %.*s",
		        SLICE_ARG(name));
	if (loop_send(l, slot, MSG_HELLO, 0, SLICE("{\"role\":\"judge\",\"sender\":\"judge\"}"),
	              -1) < 0)
		err_say("the ledger does not hear the judge");
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	struct role *r = ctx;
	struct json *fact, *findings;

	if (m->type == MSG_HELLO_ACK)
		return;
	if (m->type != MSG_PUSH)
		err_die("%s is not for the judge", msg_type_name(m->type));
	arena_reset(&r->mem);
	fact = json_parse(&r->mem, m->body, NULL);
	if (!fact)
		err_die("fact %llu is no JSON", (unsigned long long)m->id);
	findings = judge_fact(r->judge, &r->mem, fact);
	if (!findings)
		err_die("no memory to judge fact %llu", (unsigned long long)m->id);
	if (loop_send_json(l, slot, MSG_JUDGED, m->id, findings, -1) < 0)
		err_say("the ledger did not take the verdict on fact %llu",
		        (unsigned long long)m->id);
}

/* A ledger that comes back tells again what is to be remembered: so the memory begins anew. */
static void on_gone(struct loop *l, void *ctx, int slot)
{
	struct role *r = ctx;

	(void)l;
	(void)slot;
	judge_free(r->judge);
	r->judge = judge_new();
	if (!r->judge)
		err_die("no memory");
}

int main(int argc, char **argv)
{
	static const struct loop_handlers handlers = {
	    .on_peer = on_peer, .on_msg = on_msg, .on_gone = on_gone};
	struct seal_want want = {.role = SEAL_JUDGE};
	struct role r = {0};
	struct loop *l;

	(void)argv;
	err_name("hinoban-judge");
	if (argc != 1)
		err_die("takes no arguments; hinoband starts it");
	arena_init(&r.mem, FACT_ARENA_BYTES);
	r.judge = judge_new();
	l = loop_new(LOOP_KEEPER_FD, &handlers, &r);
	if (!r.judge || !l)
		err_die("no memory");
	seal_ids(want.role, &want.uid, &want.gid);
	seal_or_die(&want);
	loop_ready(l);
	return loop_run(l);
}
