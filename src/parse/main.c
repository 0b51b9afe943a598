/*
 * hinoban-reader: the one process that touches hostile bytes. No files, no network, no
 * rights; what it reads comes as descriptors, what it says goes back as JSON.
 */
#include "parse/charset.h"
#include "parse/reader.h"
#include "wall/seal.h"
#include "wall/wall.h"

static void on_peer(struct loop *l, void *ctx, int slot, struct slice name)
{
	(void)l;
	(void)ctx;
	(void)slot;
	(void)name;
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	if (!reader_serve(ctx, l, slot, m))
		err_die("%s is not for a reader", msg_type_name(m->type));
}

static void on_gone(struct loop *l, void *ctx, int slot)
{
	(void)ctx;
	/* A command that ended needs no reader; the keeper replaces a neighbour itself. */
	if (loop_peer(l, "command") == slot)
		loop_end(l, 0);
}

static bool on_stop(struct loop *l, void *ctx)
{
	(void)l;
	(void)ctx;
	return true;
}

static const struct loop_handlers handlers = {
    .on_peer = on_peer,
    .on_msg = on_msg,
    .on_gone = on_gone,
    .on_stop = on_stop,
};

/*
 * Under the keeper descriptor 3 leads to the keeper; with --client to the one-shot command
 * that started this reader and asks by itself.
 */
int main(int argc, char **argv)
{
	bool client = argc == 2 && slice_eq(slice_str(argv[1]), SLICE("--client"));
	struct seal_want want = {.role = SEAL_READER};
	struct reader *reader;
	struct loop *loop;
	int code;

	err_name("hinoban-reader");
	if (clock_setup() < 0)
		err_die("HINOBAN_CLOCK can't be used");
	reader = reader_new();
	if (!reader)
		err_die("no memory");
	loop = loop_new(client ? -1 : LOOP_KEEPER_FD, &handlers, reader);
	if (!loop || (client && loop_add_peer(loop, "command", LOOP_KEEPER_FD) < 0))
		err_die("no loop");
	charset_warm();
	seal_ids(want.role, &want.uid, &want.gid);
	seal_or_die(&want);
	loop_ready(loop);
	code = loop_run(loop);
	loop_free(loop);
	reader_free(reader);
	return code;
}
