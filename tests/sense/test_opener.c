#include "base/path.h"
#include "check.h"
#include "sense/opener.h"
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

/* proc(5): the number of the call, its six arguments, stack and instruction pointer, in hex. */
static struct opener of_call(long call, unsigned long a, unsigned long b, unsigned long c)
{
	struct opener o = {0};
	char line[200];
	int n = snprintf(line, sizeof(line),
	                 "%ld 0x%lx 0x%lx 0x%lx 0x0 0x0 0x0 0x7ffc 0x7f00\n", call, a, b, c);

	opener_syscall(&o, slice_mem(line, (size_t)n));
	return o;
}

static void knows_who_writes(void **state)
{
	struct opener o = of_call(SYS_openat, (unsigned long)-100, 0x5000, 0);

	(void)state;
	assert_true(o.told && !o.writes);
	assert_int_equal(o.name_at, 0x5000);
	o = of_call(SYS_openat, 3, 0x5000, 02 /* O_RDWR */);
	assert_true(o.told && o.writes);
	o = of_call(SYS_openat, 3, 0x5000, 01000 /* O_TRUNC */);
	assert_true(o.told && o.writes);
#ifdef SYS_creat
	o = of_call(SYS_creat, 0x5000, 0644, 0);
	assert_true(o.told && o.writes);
#endif
	/* Its flags lie in memory: that it does not write can't be told. */
	o = of_call(SYS_openat2, 3, 0x7000, 0x7ff0);
	assert_false(o.told);
	assert_int_equal(o.name_at, 0x7000);
	assert_int_equal(o.base, 3);
	o = of_call(SYS_execve, 0x6000, 0, 0);
	assert_true(o.told && !o.writes);
	assert_int_equal(o.name_at, 0x6000);
}

static void says_where_it_can_not_tell(void **state)
{
	static const char *const lines[] = {"running\n", "-1 0x7ffc 0x7f00\n", "",
	                                    "257 0x1 junk 0x0\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct opener o = {.told = true, .writes = true, .name_at = 1};

		opener_syscall(&o, slice_str(lines[i]));
		assert_false(o.told);
		assert_false(o.writes);
		assert_int_equal(o.name_at, 0);
	}
	assert_false(of_call(SYS_getpid, 0, 0, 0).told);
}

/* This thread runs, so what it is about to open can't be told; another's that waits can. */
static void reads_the_path_that_was_given(void **state)
{
	static const char given[] = "/srv/shop/./lib/pay.php";
	struct opener o = {
	    .tid = getpid(), .told = true, .name_at = (uint64_t)(uintptr_t)given};
	char room[64];

	(void)state;
	assert_true(slice_eq(opener_path(&o, room, sizeof(room)), slice_str(given)));
	assert_int_equal(opener_path(&o, room, 4).n, 4);
	o.name_at = 0;
	assert_int_equal(opener_path(&o, room, sizeof(room)).n, 0);
	o.name_at = 8; /* no memory there */
	assert_int_equal(opener_path(&o, room, sizeof(room)).n, 0);
}

static void says_where_a_path_leads_from_the_root_on(void **state)
{
	char cwd[PATH_MAX], whole[2 * PATH_MAX];
	struct opener o = of_call(SYS_openat, (unsigned long)AT_FDCWD, 0x5000, 0);
	static const struct {
		const char *given, *whole;
	} cases[] = {
	    {"/srv/shop/lib/pay.php", "/srv/shop/lib/pay.php"},
	    {"/srv//shop/./lib/../cache/x.php", "/srv/shop/cache/x.php"},
	    {"/../../srv/", "/srv"},
	    {"/", ""},
	};
	struct buf b;

	(void)state;
	buf_init(&b, PATH_MAX_BYTES);
	o.tid = getpid();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(opener_whole(&o, slice_str(cases[i].given), &b));
		assert_true(slice_eq(buf_slice(&b), slice_str(cases[i].whole)));
	}
	assert_false(opener_whole(&o, SLICE(""), &b));

	assert_non_null(getcwd(cwd, sizeof(cwd)));
	snprintf(whole, sizeof(whole), "%s/lib/pay.php", cwd);
	assert_true(opener_whole(&o, SLICE("lib/x/../pay.php"), &b));
	assert_true(slice_eq(buf_slice(&b), slice_str(whole)));

	o = of_call(SYS_openat, (unsigned long)open("/proc/self", O_PATH | O_DIRECTORY), 0x5000,
	            0);
	o.tid = getpid();
	snprintf(whole, sizeof(whole), "/proc/%d/maps", (int)getpid());
	assert_true(opener_whole(&o, SLICE("maps"), &b));
	assert_true(slice_eq(buf_slice(&b), slice_str(whole)));
	close(o.base);
	assert_false(opener_whole(&o, SLICE("maps"), &b));
	buf_done(&b);
}

static void counts_the_names_that_two_paths_share(void **state)
{
	static const struct {
		const char *a, *b;
		size_t n;
	} cases[] = {
	    {"/srv/shop/lib/pay.php", "lib/pay.php", 2},
	    {"/srv/shop/uploads/pay.php", "lib/pay.php", 1},
	    {"pay.php", "lib/pay.php", 1},
	    {"./lib//./pay.php", "lib/pay.php", 2},
	    {"/srv/shop/lib/pay.php/", "lib/pay.php", 2},
	    {"xpay.php", "pay.php", 0},
	    {"lib/pay.php", "", 0},
	    {"", "", 0},
	    {"/", "/", 0},
	    {"././.", ".", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(opener_common(slice_str(cases[i].a), slice_str(cases[i].b)),
		                 cases[i].n);
		assert_int_equal(opener_common(slice_str(cases[i].b), slice_str(cases[i].a)),
		                 cases[i].n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_who_writes),
	    cmocka_unit_test(says_where_it_can_not_tell),
	    cmocka_unit_test(reads_the_path_that_was_given),
	    cmocka_unit_test(says_where_a_path_leads_from_the_root_on),
	    cmocka_unit_test(counts_the_names_that_two_paths_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
