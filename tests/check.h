/* What every cmocka test includes, in the order that cmocka asks for. */
#ifndef HINOBAN_TESTS_CHECK_H
#define HINOBAN_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base.h"
#include <stdio.h>
#include <string.h>

/* Equal bytes, told as text where they differ. */
#define assert_slice(s, text)                                                    \
	do {                                                                     \
		struct slice got_ = (s);                                         \
		struct slice want_ = slice_str(text);                            \
		if (!slice_eq(got_, want_))                                      \
			fail_msg("got \"%.*s\", want \"%.*s\"", SLICE_ARG(got_), \
			         SLICE_ARG(want_));                              \
	} while (0)

#endif
