/* hinoban-guard: watches the files of a shop. See sense/guard.h. */
#include "sense/guard.h"
#include "sense/peek.h"
#include <string.h>
#include <sys/stat.h>

static void want_seal(struct seal_want *want, const struct conf *c, const char *state)
{
	static char path[CONF_MAX_ROOTS][4096];
	static const char *roots[CONF_MAX_ROOTS + 1];

	*want = (struct seal_want){.role = SEAL_GUARD, .state_dir = state, .roots = roots};
	for (size_t i = 0; i < c->roots; i++) {
		struct slice s = slice_sub(c->root[i].path, 0, sizeof(path[i]) - 1);
		memcpy(path[i], s.at, s.n);
		roots[i] = path[i];
	}
	seal_ids(SEAL_GUARD, &want->uid, &want->gid);
}

int main(int argc, char **argv)
{
	struct role_told told;
	struct seal_want want;
	struct err e = {""};
	struct conf c;
	struct guard g;
	int code;

	err_name("hinoban-guard");
	umask(077);
	role_told(argc, argv, &told);
	if (clock_setup() < 0)
		err_die("the clock can't be set up");
	if (conf_load(told.config, conf_profile_dir(), &c, &e) < 0)
		err_die("%s", e.text);
	want_seal(&want, &c, told.state);
	peek_begin(2, &want);
	if (guard_make(&g, &c, &e) < 0 || guard_join(&g, LOOP_KEEPER_FD) < 0)
		err_die("%s", e.text);
	seal_or_die(&want);
	loop_ready(g.loop);
	code = loop_run(g.loop);
	guard_done(&g);
	conf_done(&c);
	return code;
}
