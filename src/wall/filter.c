/* filter: tables of system calls into libseccomp. */
#include "wall/filter.h"

#include <errno.h>

static const uint32_t act_code[] = {
    [FILTER_ALLOW] = SCMP_ACT_ALLOW,
    [FILTER_REFUSE] = SCMP_ACT_ERRNO(EPERM),
    [FILTER_ABSENT] = SCMP_ACT_ERRNO(ENOSYS),
};

static int add_rule(scmp_filter_ctx ctx, const struct filter_rule *r)
{
	struct scmp_arg_cmp cmp[FILTER_MAX_TESTS];

	for (unsigned i = 0; i < r->tests; i++) {
		const struct filter_test *t = &r->test[i];
		uint64_t value = t->value == FILTER_OWN_PID ? (uint64_t)getpid() : t->value;

		cmp[i] = SCMP_CMP(t->arg, SCMP_CMP_MASKED_EQ, t->mask, value);
	}
	return seccomp_rule_add_array(ctx, act_code[r->act], r->call, r->tests, cmp);
}

int filter_load(const struct filter_table *tables)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_KILL_PROCESS);
	int r = ctx ? 0 : -ENOMEM;

	/* Sorted as a tree: a call costs a few comparisons, not one per rule. */
	if (r == 0)
		r = seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (; r == 0 && tables->rule; tables++)
		for (size_t i = 0; r == 0 && i < tables->rules; i++)
			r = add_rule(ctx, &tables->rule[i]);
	if (r == 0)
		r = seccomp_load(ctx);
	if (ctx)
		seccomp_release(ctx);
	return r;
}
