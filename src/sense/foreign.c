#include "sense/foreign.h"
#include "sense/handle.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/stat.h>

#define COUNTS 1024 /* a power of two; two files that share one are counted as one */
#define WRITES (FAN_MODIFY | FAN_CLOSE_WRITE)
#define IGNORE (FAN_MARK_IGNORED_MASK | FAN_MARK_IGNORED_SURV_MODIFY)

struct name { /* a handle's key */
	size_t n;
	uint8_t at[EVENTS_HANDLE_MAX_BYTES];
};

struct foreign {
	struct marks *marks;
	uint16_t count[COUNTS];
	struct name marked[FOREIGN_MAX_MARKED];
	size_t n;
};

struct foreign *foreign_new(struct marks *m)
{
	struct foreign *f = calloc(1, sizeof(*f));

	if (f)
		f->marks = m;
	return f;
}

void foreign_free(struct foreign *f)
{
	free(f);
}

size_t foreign_count(const struct foreign *f)
{
	return f->n;
}

/* Only an ordinary file is opened: a device might notice. */
static bool set_mark(const struct foreign *f, int mount, struct slice handle, unsigned how)
{
	AUTO_FD seen = handle_open(mount, handle, O_PATH);
	AUTO_FD fd = -1;
	struct stat st;

	if (seen < 0 || fstat(seen, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	fd = handle_open(mount, handle, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	return fd >= 0 &&
	       fanotify_mark(marks_fd(f->marks), how | IGNORE, WRITES, fd, NULL) == 0;
}

void foreign_wrote(struct foreign *f, int mount, struct slice handle)
{
	struct slice key = handle_key(handle);
	uint16_t *count = &f->count[hash_table(key) & (COUNTS - 1)];
	struct name *to = &f->marked[f->n];

	if (f->n == FOREIGN_MAX_MARKED || key.n > sizeof(to->at) || ++*count < FOREIGN_OFTEN)
		return;
	*count = 0;
	if (!set_mark(f, mount, handle, FAN_MARK_ADD))
		return;
	memcpy(to->at, key.at, key.n);
	to->n = key.n;
	f->n++;
}

bool foreign_ours(struct foreign *f, int mount, struct slice handle)
{
	struct slice key = handle_key(handle);

	for (size_t i = 0; i < f->n; i++) {
		if (!slice_eq(slice_mem(f->marked[i].at, f->marked[i].n), key))
			continue;
		if (!set_mark(f, mount, handle, FAN_MARK_REMOVE))
			return false; /* of another generation by now: a look names it anew */
		f->marked[i] = f->marked[--f->n];
		return true;
	}
	return true;
}
