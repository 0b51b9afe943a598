/* What every fuzz target has: bytes in, no crash; FUZZ_CHECK ends the process. */
#ifndef HINOBAN_FUZZ_H
#define HINOBAN_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#define FUZZ_MAX_BYTES (1u << 20)
#define FUZZ_CHECK(what)         \
	do {                     \
		if (!(what))     \
			abort(); \
	} while (0)

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n);

#endif
