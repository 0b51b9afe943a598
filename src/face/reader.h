/*
 * reader: a sealed reader of this command's own. Contents of the shop are looked at by it
 * alone; the command only hands descriptors over.
 */
#ifndef HINOBAN_FACE_READER_H
#define HINOBAN_FACE_READER_H

#include "face/face.h"
#include "wall/msg.h"
#include "wall/spawn.h"

struct reader {
	struct spawn spawn;
	struct msg_box box;
	uint64_t id;
};

int reader_open(struct reader *r, struct err *e);
void reader_close(struct reader *r);
/*
 * Unified diff of two descriptors into a new memfd (*out). `answer` (in `a`) has added,
 * removed, binary. 0 or -errno.
 */
int reader_diff(struct reader *r, struct arena *a, int before, int after, const char *name[2],
                int context, int *out, const struct json **answer, struct err *e);

/*
 * A text about an incident (or a feed, by ask's "feed") is read; what it says comes as text in
 * *told, which the caller ends. fd: the text, the lexicons, the watched names. 0 or -errno.
 */
int reader_news(struct reader *r, struct arena *a, const int fd[3], struct json *ask,
                struct buf *told, struct err *e);

#endif
