/*
 * hinoban-herald: tells people by mail, webhook and syslog. The one process of hinoban's that
 * speaks to other machines; it hears facts from the ledger and can read neither the shop nor
 * the records.
 */
#include "alert/herald.h"
#include "wall/role.h"
#include "wall/seal.h"
#include <netdb.h>
#include <string.h>

#define TICK_MS 100

static void on_peer(struct loop *l, void *ctx, int slot, struct slice name)
{
	struct herald *h = ctx;

	if (!slice_eq(name, SLICE("ledger")))
		err_die("the keeper sent a neighbour that a herald has not: %.*s",
		        SLICE_ARG(name));
	if (post_peer(h->post, l, slot) < 0)
		err_say("the ledger does not hear the herald");
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	(void)l, (void)slot;
	herald_hear(ctx, m);
}

static void on_gone(struct loop *l, void *ctx, int slot)
{
	(void)l, (void)slot;
	herald_deaf(ctx);
}

static void on_tick(struct loop *l, void *ctx)
{
	(void)l;
	herald_turn(ctx);
}

/* What the resolver loads at first use must be loaded while programs can be. */
static void warm_up(void)
{
	struct addrinfo *found = NULL;

	if (getaddrinfo("localhost", NULL, NULL, &found) == 0)
		freeaddrinfo(found);
}

static void seal(void)
{
	struct seal_want want = {.role = SEAL_HERALD};

	seal_ids(want.role, &want.uid, &want.gid);
	seal_or_die(&want);
}

int main(int argc, char **argv)
{
	static const struct loop_handlers handlers = {.on_peer = on_peer,
	                                              .on_msg = on_msg,
	                                              .on_gone = on_gone,
	                                              .on_tick = on_tick,
	                                              .tick_ms = TICK_MS};
	static struct herald h;
	struct role_told told;
	struct err e = {""};
	int code;

	err_name("hinoban-herald");
	role_told(argc, argv, &told);
	if (clock_setup() < 0)
		err_die("the clock that HINOBAN_CLOCK names can't be used");
	if (herald_open(&h, told.config, &e) < 0)
		err_die("%s", e.text);
	h.loop = loop_new(LOOP_KEEPER_FD, &handlers, &h);
	if (!h.loop)
		err_die("out of memory");
	warm_up();
	seal();
	loop_ready(h.loop);
	code = loop_run(h.loop);
	loop_free(h.loop);
	post_free(h.post);
	return code;
}
