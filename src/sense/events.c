#include "sense/events.h"
#include <string.h>
#include <sys/fanotify.h>

#define HANDLE_HEAD_BYTES 8 /* u32 bytes, i32 type */

/* A record with a handle, and perhaps a name that ends in NUL. */
static bool take_handle(struct slice body, struct slice *handle, struct slice *name)
{
	struct cursor c = cursor_over(body);
	struct slice head;
	uint32_t bytes;
	int32_t type;

	if (!cursor_take(&c, EVENTS_FSID_BYTES + HANDLE_HEAD_BYTES, &head))
		return false;
	memcpy(&bytes, head.at + EVENTS_FSID_BYTES, sizeof(bytes));
	memcpy(&type, head.at + EVENTS_FSID_BYTES + sizeof(bytes), sizeof(type));
	if (bytes > EVENTS_HANDLE_MAX_BYTES - EVENTS_FSID_BYTES - HANDLE_HEAD_BYTES ||
	    !cursor_skip(&c, bytes))
		return false;
	/* A handle of no bytes stands for "none". */
	*handle = bytes ? slice_sub(body, 0, c.pos) : slice_str(NULL);
	struct slice rest = cursor_rest(&c);
	size_t end = slice_chr(rest, 0);
	*name = slice_sub(rest, 0, end == SIZE_MAX ? 0 : end);
	return true;
}

static bool take_record(unsigned type, struct slice body, struct event *e)
{
	struct slice none;

	switch (type) {
	case FAN_EVENT_INFO_TYPE_FID:
		return take_handle(body, &e->target, &none);
	case FAN_EVENT_INFO_TYPE_DFID:
	case FAN_EVENT_INFO_TYPE_DFID_NAME:
	case FAN_EVENT_INFO_TYPE_OLD_DFID_NAME:
		return take_handle(body, &e->dir, &e->name);
	case FAN_EVENT_INFO_TYPE_NEW_DFID_NAME:
		return take_handle(body, &e->new_dir, &e->new_name);
	case FAN_EVENT_INFO_TYPE_PIDFD:
		if (body.n < sizeof(e->pidfd))
			return false;
		memcpy(&e->pidfd, body.at, sizeof(e->pidfd));
		return true;
	default:
		return true; /* newer kernels may tell more */
	}
}

static bool take_records(struct slice info, struct event *e)
{
	struct cursor c = cursor_over(info);
	struct fanotify_event_info_header h;
	struct slice head, body;

	while (!cursor_end(&c)) {
		if (!cursor_take(&c, sizeof(h), &head))
			return false;
		memcpy(&h, head.at, sizeof(h));
		if (h.len < sizeof(h) || !cursor_take(&c, h.len - sizeof(h), &body) ||
		    !take_record(h.info_type, body, e))
			return false;
	}
	return true;
}

bool events_next(struct slice *buf, struct event *out, bool *broken)
{
	struct fanotify_event_metadata m;

	*broken = false;
	if (buf->n == 0)
		return false;
	*broken = true;
	if (buf->n < sizeof(m))
		return false;
	memcpy(&m, buf->at, sizeof(m));
	if (m.vers != FANOTIFY_METADATA_VERSION || m.event_len > buf->n ||
	    m.metadata_len < sizeof(m) || m.metadata_len > m.event_len)
		return false;
	*out = (struct event){.mask = m.mask, .pid = m.pid, .pidfd = -1};
	if (!take_records(slice_sub(*buf, m.metadata_len, m.event_len), out))
		return false;
	*broken = false;
	*buf = slice_sub(*buf, m.event_len, buf->n);
	return true;
}
