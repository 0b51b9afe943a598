/*
 * replay DIR...: give every file in the folders to a fuzz target, so that its corpus also
 * runs as an ordinary test. An empty folder is a fault: the test would test nothing.
 */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int one(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *bytes = malloc(FUZZ_MAX_BYTES);
	size_t n = f && bytes ? fread(bytes, 1, FUZZ_MAX_BYTES, f) : 0;

	if (!f || !bytes) {
		fprintf(stderr, "%s can't be read\n", path);
		exit(2);
	}
	/* A copy of just its size, so that sanitizers see a step past its end. */
	uint8_t *tight = malloc(n ? n : 1);
	memcpy(tight, bytes, n);
	LLVMFuzzerTestOneInput(tight, n);
	free(tight);
	free(bytes);
	fclose(f);
	return 1;
}

static int folder(const char *name)
{
	DIR *d = opendir(name);
	struct dirent *e;
	char path[4096];
	int n = 0;

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", name, e->d_name);
		n += one(path);
	}
	if (d)
		closedir(d);
	return n;
}

int main(int argc, char **argv)
{
	int n = 0;

	for (int i = 1; i < argc; i++)
		n += folder(argv[i]);
	printf("%d inputs\n", n);
	return n ? 0 : 1;
}
