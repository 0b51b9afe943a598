/*
 * news-bench SECONDS LEXICON TEXT ...: reads the texts over and over, as the sealed reader does
 * (lexicon and all for each), and prints JSON: texts, bytes, microseconds, and of each text the
 * median and the longest time.
 */
#include "parse/parse.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MOST   4096
#define ROUNDS 100000

struct text {
	struct slice s;
};

static struct slice whole(const char *path)
{
	struct buf b = {.max = 4u << 20};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : 1;

	while (n > 0) {
		uint8_t *at = buf_reserve(&b, 65536);
		n = at ? read(fd, at, 65536) : -1;
		if (n > 0)
			buf_commit(&b, (size_t)n);
	}
	if (n < 0) {
		fprintf(stderr, "news-bench: cannot read %s\n", path);
		exit(2);
	}
	close(fd);
	return buf_slice(&b); /* kept until the end */
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	static int64_t took[ROUNDS];
	struct parse_news want = {.watch = SLICE("ショーケース\nGMOペイメントゲートウェイ\n")};
	struct slice text[MOST];
	int64_t begin, end, bytes = 0, facts = 0;
	size_t texts = 0, n = 0;
	struct arena a;

	if (argc < 4 || argc - 3 > MOST)
		return 2;
	want.lexicon = whole(argv[2]);
	for (int i = 3; i < argc; i++)
		text[texts++] = whole(argv[i]);
	arena_init(&a, 64u << 20);
	begin = clock_mono_us();
	end = begin + strtol(argv[1], NULL, 10) * 1000000;
	for (int64_t now = begin; now < end && n < ROUNDS; n++) {
		struct err e = {0};
		struct json *told;

		arena_reset(&a);
		told = parse_news(&a, text[n % texts], &want, &e);
		if (!told) {
			fprintf(stderr, "news-bench: %s\n", e.text);
			return 1;
		}
		bytes += (int64_t)text[n % texts].n;
		facts += (int64_t)json_count(json_get(told, "events"));
		took[n] = clock_mono_us() - now;
		now += took[n];
	}
	end = clock_mono_us() - begin;
	qsort(took, n, sizeof(took[0]), by_size);
	printf("{\"texts\":%zu,\"bytes\":%lld,\"us\":%lld,\"events\":%lld,\"median_us\":%lld,"
	       "\"longest_us\":%lld}\n",
	       n, (long long)bytes, (long long)end, (long long)facts, (long long)took[n / 2],
	       (long long)took[n - 1]);
	arena_done(&a);
	return 0;
}
