/* hinoban page: what the watched pages run, and may run. */
#include "face/commands.h"
#include "face/inventory.h"
#include <string.h>

static int page_run(struct face *f)
{
	static const struct {
		const char *name;
		int (*run)(struct face *f);
	} verbs[] = {{"authorise", inventory_authorise},
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
    OPT_OWNER,  OPT_REASON, OPT_CLASS,   OPT_HASH,  OPT_STRUCTURE,   OPT_PAGE,
    OPT_VENDOR, OPT_FLOW,   OPT_HEADER,  OPT_FRAME, OPT_FORM_TARGET, OPT_ALL,
    OPT_PCI,    OPT_OUTPUT, OPT_SNIPPET, OPT_JSON,  OPT_END};

const struct command page_cmd = {
    .name = "page",
    .usage = "authorise|refuse|inventory|report|policy [WHAT]",
    .what = T_INV_WHAT,
    .more = T_INV_EXAMPLES,
    .opts = page_opts,
    .min = 1,
    .max = 2,
    .run = page_run,
};
