#include "wall/role.h"
#include "base/base.h"
#include <getopt.h>

void role_told(int argc, char **argv, struct role_told *out)
{
	static const struct option options[] = {{"config", required_argument, NULL, 'c'},
	                                        {"state", required_argument, NULL, 's'},
	                                        {NULL, 0, NULL, 0}};
	bool good = true;
	int o;

	*out = (struct role_told){0};
	while ((o = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (o == 'c')
			out->config = optarg;
		else if (o == 's')
			out->state = optarg;
		else
			good = false;
	}
	if (!good || !out->config || !out->state || optind != argc)
		err_die("takes --config FILE --state DIR; hinoband starts it");
}
