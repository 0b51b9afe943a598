/* Runs a fuzz target once over each file named. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define REPLAY_BYTES (2u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n);

int main(int argc, char **argv)
{
	static uint8_t bytes[REPLAY_BYTES];

	for (int i = 1; i < argc; i++) {
		FILE *f = fopen(argv[i], "rb");

		if (!f) {
			perror(argv[i]);
			return EXIT_FAILURE;
		}
		(void)LLVMFuzzerTestOneInput(bytes, fread(bytes, 1, sizeof(bytes), f));
		(void)fclose(f);
	}
	printf("%d files\n", argc - 1);
	return argc > 1 ? EXIT_SUCCESS : EXIT_FAILURE;
}
