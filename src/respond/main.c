/* hinoban-hand: carries out orders. See respond/hand.h. */
#include "respond/contain.h"
#include <stdio.h>
#include <sys/stat.h>

/* Its own folders of the state directory, the roots, control groups, and the open files it is
 * handed. */
static void seal(const struct conf *c, const char *state)
{
	static char path[CONF_MAX_ROOTS + 2][4096];
	const char *roots[CONF_MAX_ROOTS + 2] = {path[CONF_MAX_ROOTS + 1]};
	struct seal_want want = {.role = SEAL_HAND, .roots = roots};
	size_t n = 1;

	snprintf(path[CONF_MAX_ROOTS], sizeof(path[0]), "%s/" HAND_FOLDER, state);
	want.state_dir = path[CONF_MAX_ROOTS];
	snprintf(path[CONF_MAX_ROOTS + 1], sizeof(path[0]), "%s/" CONTAIN_FLAGS, state);
	want.control = contain_groups();
	for (size_t i = 0; i < c->roots; i++) {
		snprintf(path[i], sizeof(path[i]), "%.*s", SLICE_ARG(c->root[i].path));
		if (access(path[i], F_OK) == 0)
			roots[n++] = path[i];
	}
	seal_ids(SEAL_HAND, &want.uid, &want.gid);
	seal_or_die(&want);
}

int main(int argc, char **argv)
{
	struct role_told told;
	struct err e = {""};
	static struct hand h;
	struct conf c;
	int code;

	err_name("hinoban-hand");
	umask(077);
	role_told(argc, argv, &told);
	if (clock_setup() < 0)
		err_die("the clock can't be set up");
	if (conf_load(told.config, conf_profile_dir(), &c, &e) < 0 ||
	    hand_make(&h, &c, told.state, &e) < 0)
		err_die("%s", e.text);
	hand_join(&h, LOOP_KEEPER_FD);
	seal(&c, told.state);
	loop_ready(h.loop);
	code = loop_run(h.loop);
	hand_done(&h);
	conf_done(&c);
	return code;
}
