/* hinoban-browser: runs Chromium for the visitor. See visit/browser.h. */
#include "visit/browser.h"
#include <sys/stat.h>

int main(int argc, char **argv)
{
	struct role_told told;
	struct seal_want want = {.role = SEAL_BROWSER};
	struct err e = {""};
	struct browser *b;
	struct conf c;
	int code;

	err_name("hinoban-browser");
	umask(077);
	role_told(argc, argv, &told);
	if (conf_load(told.config, conf_profile_dir(), &c, &e) < 0)
		err_die("%s", e.text);
	b = browser_new(&c, &e);
	if (!b)
		err_die("%s", e.text);
	browser_join(b, LOOP_KEEPER_FD);
	want.room = browser_room(b);
	seal_ids(SEAL_BROWSER, &want.uid, &want.gid);
	seal_or_die(&want);
	code = browser_run(b);
	browser_free(b);
	conf_done(&c);
	return code;
}
