#include "check.h"
#include <time.h>

static void writes_what_gmtime_says(void **state)
{
	char got[CLOCK_TEXT_BYTES], want[64];
	struct tm tm;

	(void)state;
	for (int64_t s = -3000000000; s < 9000000000; s += 12345677) {
		time_t t = (time_t)s;
		int64_t back;

		gmtime_r(&t, &tm);
		strftime(want, sizeof(want), "%Y-%m-%dT%H:%M:%S.000123Z", &tm);
		clock_text(s * 1000000 + 123, got);
		assert_string_equal(got, want);
		assert_true(clock_parse(slice_str(got), &back));
		assert_true(back == s * 1000000 + 123);
	}
	clock_text(INT64_MIN, got);
	assert_string_equal(got, "0000-01-01T00:00:00.000000Z");
	clock_text(INT64_MAX, got);
	assert_string_equal(got, "9999-12-31T23:59:59.999999Z");
}

static void reads_rfc3339(void **state)
{
	static const struct {
		const char *text;
		int64_t us;
	} good[] = {
	    {"1970-01-01", 0},
	    {"1970-01-01T00:00:00Z", 0},
	    {"2020-12-16T03:12:00+09:00", INT64_C(1608055920000000)},
	    {"2020-12-15 18:12:00.5z", INT64_C(1608055920500000)},
	    {"2000-02-29T23:59:60.123456789Z", INT64_C(951868800123456)},
	};
	static const char *const bad[] = {"",
	                                  "2021",
	                                  "2021-13-01",
	                                  "2021-02-29",
	                                  "2021-01-32",
	                                  "1900-02-29",
	                                  "2021-01-01T",
	                                  "2021-01-01T24:00:00Z",
	                                  "2021-01-01T00:00:00",
	                                  "2021-01-01T00:00:00.Z",
	                                  "2021-01-01T00:00:00.1234567890Z",
	                                  "2021-01-01T00:00:00+24:00",
	                                  "2021-01-01T00:00:00Zx",
	                                  "2021-1-1",
	                                  "+021-01-01"};
	int64_t us;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(clock_parse(slice_str(good[i].text), &us));
		assert_true(us == good[i].us);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (clock_parse(slice_str(bad[i]), &us))
			fail_msg("\"%s\" was taken", bad[i]);
	}
}

static void reads_local(void **state)
{
	static const char *const bad[] = {"",
	                                  "2026-02-30",
	                                  "2026-13-01",
	                                  "2026-02-29 10:00",
	                                  "2026-11-31T10:00",
	                                  "2026-11-30T24:00",
	                                  "2026-11-30 10",
	                                  "2026-11-30 ",
	                                  "2026-11-3",
	                                  "2026-11-30T10:00:00Z"};
	int64_t us;

	(void)state;
	setenv("TZ", "JST-9", 1);
	assert_true(clock_parse_local(SLICE("1970-01-02"), false, &us));
	assert_true(us == INT64_C(15) * 3600 * 1000000);
	assert_true(clock_parse_local(SLICE("1970-01-02"), true, &us));
	assert_true(us == INT64_C(39) * 3600 * 1000000);
	assert_true(clock_parse_local(SLICE("1970-01-02T00:00:01"), true, &us));
	assert_true(us == (INT64_C(15) * 3600 + 1) * 1000000);
	assert_true(clock_parse_local(SLICE("2024-02-29 23:59"), false, &us));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (clock_parse_local(slice_str(bad[i]), false, &us))
			fail_msg("\"%s\" was taken", bad[i]);
	}
}

static void runs_forward(void **state)
{
	int64_t a = clock_mono_us(), now = clock_now_us();

	(void)state;
	assert_true(clock_mono_us() >= a);
	assert_true(now / 1000000 >= (int64_t)time(NULL) - 2 &&
	            now / 1000000 <= (int64_t)time(NULL) + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_what_gmtime_says),
	    cmocka_unit_test(reads_rfc3339),
	    cmocka_unit_test(reads_local),
	    cmocka_unit_test(runs_forward),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
