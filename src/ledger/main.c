/*
 * hinoban-ledger: the only writer of facts.
 *
 *     hinoban-ledger --state DIR [--control] [--config FILE]
 *
 * Descriptor 3 is the keeper, or a one-shot command in its place. All that needs rights is
 * done before the seal: files and sockets are opened, the witness's command is started.
 */
#include "conf/roots.h"
#include "ledger/scribe.h"
#include "wall/seal.h"
#include <string.h>
#include <sys/stat.h>

#define ROOTS_BYTES (1u << 20)

struct args {
	const char *state, *config;
	bool control;
};

static void read_args(int argc, char **argv, struct args *a)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--control") == 0)
			a->control = true;
		else if (strcmp(argv[i], "--state") == 0 && i + 1 < argc)
			a->state = argv[++i];
		else if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
			a->config = argv[++i];
		else
			err_die("unknown argument %s", argv[i]);
	}
	if (!a->state)
		err_die("usage: hinoban-ledger --state DIR [--control] [--config FILE]");
}

/* What the config says. Heads go to witnesses from a running hinoban only. */
static struct witness *configure(const struct args *a, struct ledger_vault_limits *limits,
                                 struct arena *mem, struct json **roots)
{
	struct witness_want want = {0};
	struct witness *w;
	struct conf conf;
	struct err e = {""};

	if (!a->config)
		return witness_new(&want);
	if (conf_load(a->config, conf_profile_dir(), &conf, &e) < 0)
		err_die("%s", e.text);
	limits->keep_us = conf.vault_keep_s * 1000000;
	limits->evidence_us = conf.vault_evidence_s * 1000000;
	limits->max_bytes = conf.vault_max_bytes;
	want.syslog = a->control && conf.witness_syslog;
	want.file = a->control ? conf.witness_file : (struct slice){0};
	want.command = a->control ? conf.witness_command : (struct slice){0};
	w = witness_new(&want);
	*roots = roots_json(mem, &conf);
	conf_done(&conf);
	return w;
}

static void seal(const char *state)
{
	struct seal_want want = {.role = SEAL_LEDGER, .state_dir = state};

	seal_ids(SEAL_LEDGER, &want.uid, &want.gid);
	seal_or_die(&want);
}

/*
 * The first words of a ledger that goes on: what it found. The table numbers paths by the roots
 * as they were told last: whoever asks for it goes by those of the settings.
 */
static void tell_opened(struct scribe *r, bool head_missing, struct json *roots)
{
	struct ledger_head kept, head = store_head(r->store);
	bool recovered = head_kept(store_dir(r->store), &kept) < 0 || kept.size != head.size;
	struct json *d;

	bool others = roots && store_roots_differ(r->store, roots) > 0;

	if (!r->keeper && !head_missing && !others)
		return;
	arena_reset(&r->mem);
	d = fact_draft(&r->mem, "ledger.opened");
	json_put_int(&r->mem, d, "facts", head.size);
	json_put_bool(&r->mem, d, "recovered", recovered);
	if (head_missing)
		json_put_bool(&r->mem, d, "head_missing", true);
	if (others)
		json_put(&r->mem, d, "roots", json_copy(&r->mem, roots));
	batch_own(r, d);
}

int main(int argc, char **argv)
{
	struct args args = {0};
	struct ledger_vault_limits limits = {0};
	struct witness *witness;
	struct store *store;
	struct scribe *scribe;
	struct err e = {""};
	struct arena mem = {.max = ROOTS_BYTES};
	struct json *roots = NULL;
	bool head_missing;
	int code;

	err_name("hinoban-ledger");
	umask(022); /* files are made with their own modes, whatever root's habit */
	if (clock_setup() < 0)
		err_die("HINOBAN_CLOCK can't be used");
	read_args(argc, argv, &args);
	witness = configure(&args, &limits, &mem, &roots);
	if (ledger_own(args.state, &e) < 0 ||
	    store_open(args.state, &store, &head_missing, &e) < 0)
		err_die("%s", e.text);
	scribe = scribe_new(store, witness);
	scribe->keeper = args.control;
	scribe->limits = limits;
	scribe->loop = loop_new(LOOP_KEEPER_FD, &scribe_handlers, scribe);
	if (args.control && control_open(scribe, &e) < 0)
		err_die("%s", e.text);
	seal(args.state);
	if (args.control && control_watch(scribe) < 0)
		err_die("control socket");
	tell_opened(scribe, head_missing, roots);
	arena_done(&mem);
	batch_commit(scribe);
	collect_reserve(scribe);
	loop_ready(scribe->loop);
	code = loop_run(scribe->loop);
	loop_free(scribe->loop);
	scribe_free(scribe);
	witness_free(witness);
	store_close(store);
	return code;
}
