/*
 * place: put a recorded state (STATE of hinoban.facts(7)) back into the world.
 *
 * Everything happens below a folder that was opened before, name by name: no link on the way
 * is followed, nothing outside of it is touched. What takes another's place is made in a
 * folder of its own that only we may enter, gets owner, attributes, mode and times, is put
 * on the disk, and is then renamed over the name: whoever opens it finds the old or the new,
 * never a part, and who may write to the folder around can put nothing else in its place. A
 * file is never written into, so that hard links of it elsewhere stay what they are.
 */
#ifndef HINOBAN_WALL_PLACE_H
#define HINOBAN_WALL_PLACE_H

#include "fact/json.h"

/* 0: all as recorded; PLACE_PARTLY: the content is, but an owner, attribute or time is not. */
enum { PLACE_DONE, PLACE_PARTLY };

struct place {
	int root;   /* borrowed */
	bool sync;  /* each is on the disk before it is renamed */
	bool alone; /* nobody else may write below the root: a new file is made in its place */
	bool own_owner; /* the owner stays who we are: PLACE_PARTLY where it was another */
	/* A file gets the time of now, not the recorded one. What was altered could have had
	 * that one, too: then who goes by it (PHP's opcache, a browser's cache) keeps what was
	 * altered. */
	bool timed_now;
	/* May a folder that we did not make be dressed? NULL: any; else -EPERM if not. Root is
	 * asked about each: who made one can't be told. */
	bool (*may_dress)(void *ctx, int fd);
	/* A file was made, and is about to take its place; NULL: nobody need know. */
	void (*on_made)(void *ctx, int room, const char *name);
	void *ctx;
	/* Where things are made: a folder in the root, or, on another filesystem, beside. */
	int room, room_in; /* -1: none yet */
	uint64_t room_dev;
	bool room_lent;
	char room_name[32];
};

void place_init(struct place *p, int root);
/* Make things in this folder where it lies on the same filesystem; it stays the caller's. */
void place_in(struct place *p, int room);
/* Takes away what it made for itself. */
void place_done(struct place *p);

/* A file with the content of fd (read from its start). -ENOENT: its folder is missing;
 * -EISDIR: a folder stands there. */
int place_file(struct place *p, struct slice path, int fd, const struct json *state);
/* A symbolic link to STATE's target. */
int place_link(struct place *p, struct slice path, const struct json *state);
/* A folder: made if it is missing; owner, attributes and mode as recorded. -ENOTDIR: something
 * else stands there. -EPERM: see may_dress. The empty path is the root itself. */
int place_dir(struct place *p, struct slice path, const struct json *state);
/* An open file or folder gets owner, attributes and mode as recorded; a file its time, too. */
int place_dress(int fd, const struct json *state);
/* Remove a name: a file, a link, or an empty folder. -ENOENT where there is none. */
int place_remove(struct place *p, struct slice path);

#endif
