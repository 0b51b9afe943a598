/* hinoban-desk: the console. See desk.h; the arguments are the keeper's (ARCHITECTURE.md). */
#include "conf/conf.h"
#include "desk/desk.h"
#include "desk/when.h"
#include "wall/seal.h"
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define TICK_MS 1000

struct options {
	const char *config, *state, *listen;
};

static void on_peer(struct loop *l, void *ctx, int slot, struct slice name)
{
	struct desk *d = ctx;

	if (slice_eq(name, SLICE("ledger")))
		post_peer(d->post, l, slot);
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	struct desk *d = ctx;

	if (slot == loop_peer(l, "ledger")) {
		if (m->type == MSG_TIP)
			live_tell(d->live, (int64_t)m->id, desk_open_findings(d));
		else
			post_msg(d->post, m);
	} else if (diff_msg(&d->diffs, m)) {
		http_wake(d->http);
	}
	if (d->words.news) {
		d->words.news = false;
		http_wake(d->http);
	}
}

static void on_gone(struct loop *l, void *ctx, int slot)
{
	struct desk *d = ctx;

	if (slot == loop_peer(l, "reader") && diff_gone(&d->diffs))
		http_wake(d->http);
}

static void on_tick(struct loop *l, void *ctx)
{
	struct desk *d = ctx;

	(void)l;
	diff_tick(&d->diffs);
	word_tick(&d->words);
	live_tick(d->live);
	http_tick(d->http);
}

static void on_fd(struct loop *l, void *ctx, int fd, uint32_t events)
{
	struct desk *d = ctx;

	(void)l;
	(void)events;
	http_ready(d->http, fd);
}

static const struct loop_handlers handlers = {
    .on_peer = on_peer,
    .on_msg = on_msg,
    .on_gone = on_gone,
    .on_tick = on_tick,
    .tick_ms = TICK_MS,
};

static bool read_options(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {
	    {"config", required_argument, NULL, 'c'},
	    {"state", required_argument, NULL, 's'},
	    {"listen", required_argument, NULL, 'l'},
	    {0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'c')
			o->config = optarg;
		else if (c == 's')
			o->state = optarg;
		else if (c == 'l')
			o->listen = optarg;
		else
			return false;
	}
	return o->state && o->listen && optind == argc;
}

/* What has to be told to whom: hinoban's rules, then the operator's beside the config. */
static struct clocks *read_clocks(const char *config)
{
	const char *slash = config ? strrchr(config, '/') : NULL;
	char own[4096];
	const char *dirs[] = {conf_profile_dir(), own, NULL};
	struct clocks *k;
	struct err e = {""};

	snprintf(own, sizeof(own), "%.*s", slash ? (int)(slash - config) : 1,
	         slash ? config : ".");
	if (clocks_load(dirs, &k, &e) < 0)
		err_die("%s", e.text);
	return k;
}

/* The operator's language, for browsers that name none. */
static enum lang configured_lang(struct desk *d, const char *file)
{
	struct err e;
	enum lang l = LANG_JA;

	if (!file)
		return l;
	if (conf_load(file, conf_profile_dir(), &d->conf, &e) < 0)
		err_die("%s", e.text);
	d->has_conf = true;
	lang_of(d->conf.language, &l);
	return l;
}

static void setup(struct desk *d, const struct options *o, char told[LISTEN_TEXT_BYTES])
{
	struct err e;
	int listener;

	if (clock_setup() < 0)
		err_die("the clock that HINOBAN_CLOCK names can't be used");
	when_setup();
	d->state_dir = o->state;
	d->lang = configured_lang(d, o->config);
	d->clocks = read_clocks(o->config);
	session_init(&d->sessions, clock_mono_us());
	diff_init(&d->diffs);
	d->live = live_new();
	d->post = post_new("desk");
	listener = listen_open(o->listen, told, &d->port, &e);
	if (listener < 0)
		err_die("%s", e.text);
	snprintf(d->cookie, sizeof(d->cookie), "hinoban-%d", d->port);
	d->http = http_new(listener, desk_answer, d);
	d->loop = loop_new(LOOP_KEEPER_FD, &handlers, d);
	if (!d->live || !d->post || !d->http || !d->loop ||
	    http_join(d->http, d->loop, on_fd) < 0)
		err_die("out of memory or descriptors");
}

static void seal(const char *state_dir)
{
	struct seal_want want = {.role = SEAL_DESK, .state_dir = state_dir};

	seal_ids(SEAL_DESK, &want.uid, &want.gid);
	seal_or_die(&want);
}

static void tell_keeper(struct desk *d, const char *told)
{
	struct arena a;
	struct json *body;

	arena_init(&a, 4096);
	body = json_obj(&a);
	json_put_str(&a, body, "listen", told);
	loop_ready_json(d->loop, body);
	arena_done(&a);
}

static void done(struct desk *d)
{
	live_close(d->live);
	http_free(d->http);
	live_free(d->live);
	post_free(d->post);
	diff_done(&d->diffs);
	if (d->files_seq)
		table_close(&d->files);
	ledger_close(d->ledger);
	clocks_free(d->clocks);
	if (d->has_conf)
		conf_done(&d->conf);
	cases_free(d->cases);
	loop_free(d->loop);
}

int main(int argc, char **argv)
{
	static struct desk d;
	struct options o = {0};
	char told[LISTEN_TEXT_BYTES];
	int code;

	err_name("hinoban-desk");
	if (!read_options(argc, argv, &o))
		err_die(
		    "usage: hinoban-desk [--config FILE] --state DIR --listen ADDRESS:PORT");
	setup(&d, &o, told);
	seal(o.state);
	tell_keeper(&d, told);
	code = loop_run(d.loop);
	done(&d);
	return code;
}
