#include "desk/desk.h"

#define FILES_AGE_US (5 * 1000000LL)
#define CASES_AGE_US 1000000LL

struct ledger *desk_ledger(struct desk *d)
{
	struct err e;

	if (!d->ledger && ledger_open(d->state_dir, &d->ledger, &e) < 0)
		d->ledger = NULL;
	return d->ledger;
}

static int count_one(void *ctx, const struct ledger_finding *f)
{
	(void)f;
	++*(int64_t *)ctx;
	return 0;
}

int64_t desk_open_findings(struct desk *d)
{
	int64_t n = 0;

	if (desk_ledger(d))
		ledger_findings(d->ledger, true, true, 10000, count_one, &n);
	return n;
}

const struct cases *desk_cases(struct desk *d)
{
	int64_t now = clock_mono_us();
	int64_t size = desk_ledger(d) ? ledger_size(d->ledger) : 0;
	struct cases *fresh;
	struct err e;

	if (d->cases && (size == d->cases_seq || now - d->cases_at < CASES_AGE_US))
		return d->cases;
	if (!d->ledger || cases_read(d->ledger, &fresh, &e) < 0)
		return d->cases;
	cases_free(d->cases);
	d->cases = fresh;
	d->cases_seq = size;
	d->cases_at = now;
	return d->cases;
}

const struct table *desk_files(struct desk *d)
{
	int64_t now = clock_mono_us();
	int64_t size = desk_ledger(d) ? ledger_size(d->ledger) : 0;
	struct table fresh;

	if (d->files_seq && (size == d->files_seq || now - d->files_at < FILES_AGE_US))
		return &d->files;
	if (!d->ledger || ledger_table(d->ledger, &fresh) < 0)
		return d->files_seq ? &d->files : NULL;
	if (d->files_seq)
		table_close(&d->files);
	d->files = fresh;
	d->files_seq = size;
	d->files_at = now;
	return &d->files;
}
