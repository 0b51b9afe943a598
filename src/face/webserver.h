/*
 * webserver: what the web servers' own configs say about folders and access logs. Hints
 * only: a line scanner, no parser of their languages.
 */
#ifndef HINOBAN_FACE_WEBSERVER_H
#define HINOBAN_FACE_WEBSERVER_H

#include "base/base.h"

#define WEBSERVER_MAX 16

struct webserver {
	struct slice docroot[WEBSERVER_MAX];
	size_t docroots;
	struct slice log[WEBSERVER_MAX]; /* access logs that exist */
	size_t logs;
};

/* Texts live in `a`. Finding nothing is no fault. */
void webserver_look(struct arena *a, struct webserver *out);

#endif
