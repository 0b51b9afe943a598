/* A table of any bytes is refused, or every entry of it can be read. */
#include "../fuzz.h"
#include "fact/table.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	int fd = memfd_create("table", MFD_CLOEXEC);
	struct table t;

	if (fd < 0)
		return 0;
	FUZZ_CHECK(write(fd, at, n) == (ssize_t)n);
	if (table_open(fd, &t) == 0) {
		for (size_t i = 0; i < t.count; i++) {
			struct slice path = table_path(&t, &t.entry[i]);
			FUZZ_CHECK(table_find(&t, t.entry[i].root, path) >= 0);
			struct hash h = hash_of(table_features(&t, &t.entry[i]));
			(void)h;
		}
		table_close(&t);
	}
	close(fd);
	return 0;
}
