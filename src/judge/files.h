/*
 * files: the verdict on one path: present state held against approved state.
 */
#ifndef HINOBAN_JUDGE_FILES_H
#define HINOBAN_JUDGE_FILES_H

#include "judge/signs.h"
#include "judge/words.h"

struct verdict {
	const char *type; /* of the finding; NULL: nothing to say */
	enum words_event event;
	enum fact_severity severity;
	double sure; /* 0..0.99: nothing that is inferred is certain */
	struct signs signs;
	/* Names of what spoke besides the signs: "by_web_server", "world_writable" ... */
	const char *also[4];
	size_t alsos;
};

void files_judge(const struct change *c, struct verdict *out);

#endif
