/*
 * change: what one sighting says about one path, laid out for the rules: approved and
 * present state, and for each feature how much more of it there is than in the approved
 * version. Borrows from the fact, which must outlive it.
 */
#ifndef HINOBAN_JUDGE_CHANGE_H
#define HINOBAN_JUDGE_CHANGE_H

#include "fact/fact.h"
#include "fact/feature.h"
#include "fact/role.h"

struct change {
	const struct json *fact;
	int64_t seq;
	struct slice root, path;
	enum role role;
	bool baseline;                /* file.baseline: there is nothing to compare with */
	bool deployed;                /* written by a deploy */
	bool refused;                 /* nothing changed: a write was refused */
	bool in_data;                 /* generated, among data */
	bool hidden;                  /* nobody can look at what stands there */
	bool ours;                    /* the hand's room, where it makes what it puts back */
	const struct json *approved;  /* STATE, or NULL: nothing is approved here */
	const struct json *present;   /* STATE, or NULL: nothing is here */
	struct slice class, kind;     /* of the present state; kind is the reader's */
	uint32_t mode, approved_mode; /* permission bits */
	const struct json *who;       /* NULL where found by a scan */
	int32_t now[FEATURE_COUNT];
	struct slice new_host;         /* a server that the approved version does not name */
	int32_t gained[FEATURE_COUNT]; /* 0 where there is not more than before */
};

/* False if the fact is no sighting of a path, or one that says too little to be judged. */
bool change_of(const struct json *fact, struct change *out);

/* A path as a number to look it up by; never 0. */
uint64_t change_key(struct slice root, struct slice path);
/* Present equals approved in everything that an approval covers. */
bool change_is_none(const struct change *c);
bool change_content_differs(const struct change *c);
/* ACLs, file capabilities and other extended attributes. */
bool change_attributes_differ(const struct change *c);
bool change_rights_differ(const struct change *c);
/* Written by a process of the web server. */
bool change_by_worker(const struct change *c);
/* Does a web server, or a browser, run this content as a program? */
bool change_runs(const struct change *c);
/* Does its name alone make a web server run it, or obey it (.htaccess)? */
bool change_named_program(const struct change *c);
bool change_named_setting(const struct change *c);
/* Is it named as a text that people read: notes, tables, style sheets? */
bool change_named_prose(const struct change *c);

#endif
