/* hinoban-gate: holds the opens of a shop's files. See sense/gate.h. */
#include "sense/gate.h"
#include "sense/holders.h"
#include "sense/peek.h"
#include <sys/stat.h>

int main(int argc, char **argv)
{
	struct role_told told;
	struct seal_want want = {.role = SEAL_GATE};
	struct err e = {""};
	static struct gate g;
	struct conf c;
	int code;

	err_name("hinoban-gate");
	umask(077);
	role_told(argc, argv, &told);
	if (clock_setup() < 0)
		err_die("the clock can't be set up");
	want.state_dir = told.state;
	seal_ids(SEAL_GATE, &want.uid, &want.gid);
	peek_begin(6, &want);
	holders_begin(&want);
	if (conf_load(told.config, conf_profile_dir(), &c, &e) < 0 || gate_make(&g, &c, &e) < 0)
		err_die("%s", e.text);
	gate_join(&g, LOOP_KEEPER_FD);
	seal_or_die(&want);
	code = loop_run(g.loop);
	gate_done(&g);
	conf_done(&c);
	return code;
}
