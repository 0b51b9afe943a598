/* put STATE PROGRAMS < DRAFTS: drafts of facts, one a line, into the ledger, as a one-shot
 * command does. */
#include "fact/fact.h"
#include "wall/post.h"
#include "wall/spawn.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	static char line[FACT_MAX_BYTES];
	struct post_client *c = NULL;
	struct err e = {0};

	if (argc == 3)
		spawn_set_libexec(argv[2]);
	if (argc != 3 || post_client_open(argv[1], &c, &e) < 0) {
		fprintf(stderr, "put: %s\n", e.text);
		return 2;
	}
	while (fgets(line, sizeof(line), stdin)) {
		struct arena a;
		const struct json *draft;

		arena_init(&a, 1u << 20);
		draft = json_parse(&a, slice_str(line), NULL);
		if (!draft || post_client_fact(c, draft, -1, &e) < 0) {
			fprintf(stderr, "put: %s: %.200s\n", e.text, line);
			return 1;
		}
		arena_done(&a);
	}
	post_client_close(c);
	return 0;
}
