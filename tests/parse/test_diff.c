/* Diffs: the text itself, its shortness, its bounds. That patch(1) applies them: diff.py. */
#include "check.h"
#include "parse/parse.h"

static struct parse_diff run(struct slice before, struct slice after, size_t room,
                             struct buf *out)
{
	struct parse_diff d;

	buf_init(out, room);
	assert_int_equal(parse_diff(before, after, SLICE("old"), SLICE("new"), 3, out, &d), 0);
	return d;
}

static void check(const char *before, const char *after, const char *want)
{
	struct buf out;

	run(slice_str(before), slice_str(after), 1 << 20, &out);
	assert_slice(buf_slice(&out), want);
	buf_done(&out);
}

static void test_text(void **state)
{
	(void)state;
	check("a\nb\nc\n", "a\nb\nc\n", "");
	check("", "", "");
	check("a\nb\nc\n", "a\nx\nc\n", "--- old\n+++ new\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n");
	check("", "a\n", "--- old\n+++ new\n@@ -0,0 +1 @@\n+a\n");
	check("a\n", "", "--- old\n+++ new\n@@ -1 +0,0 @@\n-a\n");
	check("a", "a\n",
	      "--- old\n+++ new\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
	check("a\nb", "x\nb",
	      "--- old\n+++ new\n@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n");
}

static void test_hunks(void **state)
{
	(void)state;
	/* Six common lines between two changes: one hunk; seven: two. */
	check("A\n1\n2\n3\n4\n5\n6\nB\n", "a\n1\n2\n3\n4\n5\n6\nb\n",
	      "--- old\n+++ new\n@@ -1,8 +1,8 @@\n-A\n+a\n 1\n 2\n 3\n 4\n 5\n 6\n-B\n+b\n");
	check(
	    "A\n1\n2\n3\n4\n5\n6\n7\nB\n", "a\n1\n2\n3\n4\n5\n6\n7\nb\n",
	    "--- old\n+++ new\n@@ -1,4 +1,4 @@\n-A\n+a\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n "
	    "7\n-B\n+b\n");
}

static void test_names(void **state)
{
	struct buf out;
	struct parse_diff d;

	(void)state;
	buf_init(&out, 4096);
	parse_diff(SLICE("a\n"), SLICE("b\n"), SLICE("a b"), SLICE("c\nd"), 3, &out, &d);
	assert_slice(buf_slice(&out), "--- a b\t\n+++ c?d\n@@ -1 +1 @@\n-a\n+b\n");
	assert_int_equal(d.added, 1);
	assert_int_equal(d.removed, 1);
	buf_done(&out);
}

static void test_binary(void **state)
{
	struct buf out;
	struct parse_diff d = run(SLICE("a\0b"), SLICE("a\n"), 4096, &out);

	(void)state;
	assert_true(d.binary);
	assert_int_equal(out.n, 0);
	buf_done(&out);
}

static void test_truncated(void **state)
{
	struct buf out;
	struct parse_diff d =
	    run(SLICE("a\nb\nc\n"), SLICE("x\ny\nzzzzzzzzzzzzzzzzzzzz\n"), 110, &out);

	(void)state;
	assert_true(d.truncated);
	assert_true(buf_ok(&out));
	assert_int_equal(out.at[out.n - 1], '\n');
	assert_int_equal(d.added, 3);
	buf_done(&out);
}

/* Far more different than the bound: coarse, but done, and true. */
static void test_bounds(void **state)
{
	struct buf a = {.max = 8 << 20}, b = {.max = 8 << 20}, out;

	(void)state;
	for (int i = 0; i < 60000; i++) {
		buf_printf(&a, "%d\n", i % 977);
		buf_printf(&b, "%d\n", (i * 7 + 3) % 983);
	}
	struct parse_diff d = run(buf_slice(&a), buf_slice(&b), 64 << 20, &out);
	assert_false(d.truncated);
	assert_int_equal(d.added, d.removed);
	buf_done(&a);
	buf_done(&b);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text),      cmocka_unit_test(test_hunks),
	    cmocka_unit_test(test_names),     cmocka_unit_test(test_binary),
	    cmocka_unit_test(test_truncated), cmocka_unit_test(test_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
