/* hinoban page: what the watched pages run, and may run; visits of them. */
#include "face/page.h"
#include "face/commands.h"
#include "face/inventory.h"
#include <string.h>

static int page_run(struct face *f)
{
	static const struct {
		const char *name;
		int (*run)(struct face *f);
	} verbs[] = {{"check", page_check},
	             {"list", page_list},
	             {"show", page_show},
	             {"record", page_record},
	             {"authorise", inventory_authorise},
	             {"refuse", inventory_refuse},
	             {"inventory", inventory_run},
	             {"report", inventory_report},
	             {"policy", inventory_policy}};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(f->args.rest[0], verbs[i].name) == 0)
			return verbs[i].run(f);
	}
	COMPLAIN(T_INV_VERB, f->args.rest[0]);
	return EXIT_USE;
}

static const uint8_t page_opts[] = {
    OPT_OWNER,   OPT_REASON, OPT_CLASS, OPT_HASH,        OPT_STRUCTURE, OPT_PAGE, OPT_VENDOR,
    OPT_FLOW,    OPT_HEADER, OPT_FRAME, OPT_FORM_TARGET, OPT_ALL,       OPT_PCI,  OPT_OUTPUT,
    OPT_SNIPPET, OPT_ARM,    OPT_FULL,  OPT_JSON,        OPT_END};

const struct command page_cmd = {
    .name = "page",
    .usage = "check|list|show|record|authorise|refuse|inventory|report|policy [WHAT]",
    .what = T_PAGE_WHAT,
    .more = T_INV_EXAMPLES,
    .opts = page_opts,
    .min = 1,
    .max = 2,
    .run = page_run,
};
