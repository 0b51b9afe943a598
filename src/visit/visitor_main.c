/* hinoban-visitor: visits the shop's pages. See visit/visitor.h. */
#include "visit/visitor.h"
#include <string.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
	struct role_told told;
	struct seal_want want = {.role = SEAL_VISITOR};
	struct err e = {""};
	struct visitor *v;
	struct conf c;
	bool asked;
	int code;

	err_name("hinoban-visitor");
	umask(077);
	/* A command's own visitor does what it is asked, not what is due. */
	asked = argc > 1 && strcmp(argv[argc - 1], "--asked") == 0;
	role_told(asked ? argc - 1 : argc, argv, &told);
	if (clock_setup() < 0)
		err_die("the clock can't be set up");
	if (conf_load(told.config, conf_profile_dir(), &c, &e) < 0)
		err_die("%s", e.text);
	v = visitor_new(&c, !asked, &e);
	if (!v)
		err_die("%s", e.text);
	visitor_join(v, LOOP_KEEPER_FD);
	seal_ids(SEAL_VISITOR, &want.uid, &want.gid);
	seal_or_die(&want);
	code = visitor_run(v);
	visitor_free(v);
	conf_done(&c);
	return code;
}
