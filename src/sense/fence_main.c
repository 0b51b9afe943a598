/* hinoban-fence: keeps web workers from the shop's code. See sense/fence.h. */
#include "sense/fence.h"
#include <sys/stat.h>

int main(int argc, char **argv)
{
	struct role_told told;
	struct seal_want want = {.role = SEAL_FENCE};
	struct err e = {""};
	static struct fence f;
	struct conf c;
	int code;

	err_name("hinoban-fence");
	umask(077);
	role_told(argc, argv, &told);
	if (clock_setup() < 0)
		err_die("the clock can't be set up");
	if (conf_load(told.config, conf_profile_dir(), &c, &e) < 0 ||
	    fence_make(&f, &c, &e) < 0)
		err_die("%s", e.text);
	fence_join(&f, LOOP_KEEPER_FD);
	want.state_dir = told.state;
	seal_ids(SEAL_FENCE, &want.uid, &want.gid);
	seal_or_die(&want);
	loop_ready(f.loop);
	code = loop_run(f.loop);
	fence_done(&f);
	conf_done(&c);
	return code;
}
