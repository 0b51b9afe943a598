/*
 * restore: approved states of a path, or of all below a folder, put back.
 *
 *   restore_plan.c  what differs from what is wanted, and what can be done about it
 *   restore_then.c  what was approved at a moment of the past, and is no good all the same
 *   restore_do.c    doing it, in place (as a deploy of the operator's) or elsewhere
 *   restore.c       the command: shows the plan, asks, tells
 *
 * What is written is what was approved at the moment asked for, never what merely stood
 * there; one version that was not approved can be put back only by its number and --force.
 * Nothing is overwritten or removed whose content isn't in the vault.
 */
#ifndef HINOBAN_FACE_RESTORE_H
#define HINOBAN_FACE_RESTORE_H

#include "face/history.h"

enum restore_act {
	RESTORE_CREATE,
	RESTORE_CHANGE, /* another content, or another class of file */
	RESTORE_RIGHTS, /* the same content with other owner, mode or attributes */
	RESTORE_REMOVE,
	RESTORE_LEAVE /* differs, but is left as it is: why */
};

enum restore_outcome { RESTORE_OPEN, RESTORE_DONE, RESTORE_PARTLY, RESTORE_FAILED };

struct restore_item {
	struct slice name; /* raw bytes below the root */
	enum role role;
	struct table_state want, now;
	bool taken_back; /* changes are normal there, but a finding speaks against `now` */
	struct table_state good;  /* taken_back: what was approved there before */
	const struct json *state; /* STATE of want; NULL where it is to be removed */
	enum restore_act act;
	enum text_id why; /* of RESTORE_LEAVE */
	enum restore_outcome outcome;
	int fault; /* -errno of RESTORE_FAILED */
};

struct restore {
	struct face *f;
	struct history where; /* root, path */
	int64_t upto;         /* as of this fact; 0: now */
	int64_t version;      /* this one only, or 0 */
	const char *to;       /* --to, or NULL: in place */
	bool force, caches;
	int64_t since; /* the fact by which the first of what differs was altered, or `upto` */
	size_t stale;  /* of the shop's own cache made since, left as they are */
	struct slice stale_name; /* one of them */
	struct restore_item *item;
	size_t items, room;
	size_t nows; /* items that are of what is there now, while the past is read */
	int64_t left, done, failed, partly;
	int64_t deploy; /* seq of deploy.started */
	int fault;
	struct err e;
};

/* Fill in the items, in the order of names. An exit code, after a complaint. */
int restore_plan(struct restore *r);
/* Do all that is planned; outcomes go into the items. An exit code, after a complaint. */
int restore_do(struct restore *r);
/* restore_then.c: was the whole root known at the moment asked for? An exit code. */
int restore_known_then(const struct restore *r);
/* Uploads, caches and data with an open finding: what is wanted of each. An exit code. */
int restore_judge_then(struct restore *r);
/* Is this content, where it has one, in the vault? 1, 0 or -errno. */
int restore_kept(const struct restore *r, const struct table_state *s);
/* Is there anything to be done? */
size_t restore_todo(const struct restore *r);

#endif
