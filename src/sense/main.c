/* hinoban-guard: watches the files of a shop. See sense/guard.h. */
#include "sense/guard.h"
#include <getopt.h>
#include <string.h>
#include <sys/stat.h>

struct settings {
	const char *config, *state;
};

static void read_arguments(int argc, char **argv, struct settings *s)
{
	static const struct option options[] = {{"config", required_argument, NULL, 'c'},
	                                        {"state", required_argument, NULL, 's'},
	                                        {NULL, 0, NULL, 0}};
	int o;

	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'c')
			s->config = optarg;
		else if (o == 's')
			s->state = optarg;
		else
			err_die("usage: hinoban-guard --config FILE --state DIR");
	}
	if (!s->config || !s->state || optind != argc)
		err_die("usage: hinoban-guard --config FILE --state DIR");
}

static void seal(const struct conf *c, const char *state)
{
	static char path[CONF_MAX_ROOTS][4096];
	const char *roots[CONF_MAX_ROOTS + 1] = {NULL};
	struct seal_want want = {.role = SEAL_GUARD, .state_dir = state, .roots = roots};

	for (size_t i = 0; i < c->roots; i++) {
		struct slice s = slice_sub(c->root[i].path, 0, sizeof(path[i]) - 1);
		memcpy(path[i], s.at, s.n);
		roots[i] = path[i];
	}
	seal_ids(SEAL_GUARD, &want.uid, &want.gid);
	seal_or_die(&want);
}

int main(int argc, char **argv)
{
	struct settings s = {NULL, NULL};
	struct err e = {""};
	struct conf c;
	struct guard g;
	int code;

	err_name("hinoban-guard");
	umask(077);
	read_arguments(argc, argv, &s);
	if (clock_setup() < 0)
		err_die("the clock can't be set up");
	if (conf_load(s.config, conf_profile_dir(), &c, &e) < 0 || guard_make(&g, &c, &e) < 0 ||
	    guard_join(&g, LOOP_KEEPER_FD) < 0)
		err_die("%s", e.text);
	seal(&c, s.state);
	loop_ready(g.loop);
	code = loop_run(g.loop);
	guard_done(&g);
	conf_done(&c);
	return code;
}
