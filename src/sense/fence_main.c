/* hinoban-fence: keeps web workers from the shop's code. See sense/fence.h. */
#include "sense/fence.h"
#include <getopt.h>
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
	}
	if (!s->config || !s->state || optind != argc)
		err_die("usage: hinoban-fence --config FILE --state DIR");
}

int main(int argc, char **argv)
{
	struct settings s = {NULL, NULL};
	struct seal_want want = {.role = SEAL_FENCE};
	struct err e = {""};
	static struct fence g;
	struct conf c;
	int code;

	err_name("hinoban-fence");
	umask(077);
	read_arguments(argc, argv, &s);
	if (clock_setup() < 0)
		err_die("the clock can't be set up");
	if (conf_load(s.config, conf_profile_dir(), &c, &e) < 0 || fence_make(&g, &c, &e) < 0)
		err_die("%s", e.text);
	fence_join(&g, LOOP_KEEPER_FD);
	want.state_dir = s.state;
	seal_ids(SEAL_FENCE, &want.uid, &want.gid);
	seal_or_die(&want);
	loop_ready(g.loop);
	code = loop_run(g.loop);
	fence_done(&g);
	conf_done(&c);
	return code;
}
