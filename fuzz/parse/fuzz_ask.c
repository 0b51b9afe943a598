/*
 * A request's body of any bytes to the reader: the first byte says which request, the
 * content that it looks at are the same bytes. No answer may be missing.
 */
#include "../fuzz.h"
#include "parse/reader.h"

#include <sys/mman.h>
#include <unistd.h>

static int content(struct slice s)
{
	int fd = memfd_create("content", MFD_CLOEXEC);

	FUZZ_CHECK(fd >= 0 && write(fd, s.at, s.n) == (ssize_t)s.n);
	return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	static uint8_t *buffer;
	static struct hash_state *hash;
	struct slice in = slice_mem(at, n), body = slice_sub(in, 1, n);
	struct arena a;

	if (n < 2 || n > 65536)
		return 0;
	if (!buffer) {
		buffer = malloc(8u << 20);
		hash = hash_new();
	}
	arena_init(&a, 64u << 20);
	const struct json *ask = json_parse(&a, body, NULL);
	int fd[3] = {content(body), content(in), memfd_create("out", MFD_CLOEXEC)};
	const struct json *out;
	switch (at[0] % 3) {
	case 0:
		out = reader_file(&a, ask, fd[0], at[0] & 4, hash, buffer, NULL);
		break;
	case 1:
		out = reader_diff(&a, ask, fd[0], fd[1], fd[2]);
		break;
	default:
		out = reader_lines(&a, ask);
		break;
	}
	(void)out;
	for (int i = 0; i < 3; i++)
		close(fd[i]);
	arena_done(&a);
	return 0;
}
