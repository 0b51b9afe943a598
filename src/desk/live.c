#include "desk/live.h"
#include <stdio.h>
#include <string.h>

#define EVENT_BYTES 160

struct stream {
	struct live *v; /* NULL where the place is free */
	struct MHD_Connection *conn;
	int64_t told; /* newest seq that this stream knows */
	bool asleep, beat;
};

struct live {
	struct stream stream[LIVE_MAX];
	int64_t seq, open, beaten;
	bool closed;
};

struct live *live_new(void)
{
	return calloc(1, sizeof(struct live));
}

void live_free(struct live *v)
{
	free(v);
}

static int event(const struct stream *s, char out[EVENT_BYTES])
{
	if (s->told < s->v->seq)
		return snprintf(out, EVENT_BYTES,
		                "id: %lld\nevent: tip\ndata: {\"open\":%lld,\"seq\":%lld}\n\n",
		                (long long)s->v->seq, (long long)s->v->open,
		                (long long)s->v->seq);
	return snprintf(out, EVENT_BYTES, ": still here\n\n");
}

static ssize_t on_read(void *ctx, uint64_t pos, char *out, size_t max)
{
	struct stream *s = ctx;
	char text[EVENT_BYTES];
	int n;

	(void)pos;
	if (s->v->closed)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (s->told >= s->v->seq && !s->beat) {
		s->asleep = true;
		MHD_suspend_connection(s->conn);
		return 0;
	}
	n = event(s, text);
	if ((size_t)n > max)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	memcpy(out, text, (size_t)n);
	s->told = s->v->seq;
	s->beat = false;
	return n;
}

static void on_free(void *ctx)
{
	*(struct stream *)ctx = (struct stream){0};
}

struct MHD_Response *live_stream(struct live *v, struct MHD_Connection *conn)
{
	for (int i = 0; i < LIVE_MAX; i++) {
		struct stream *s = &v->stream[i];
		struct MHD_Response *r;

		if (s->v)
			continue;
		r = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, on_read, s,
		                                      on_free);
		if (r)
			/* The first beat tells the browser at once that the stream stands. */
			*s =
			    (struct stream){.v = v, .conn = conn, .told = v->seq, .beat = true};
		return r;
	}
	return NULL;
}

static void wake(struct stream *s)
{
	if (s->v && s->asleep) {
		s->asleep = false;
		MHD_resume_connection(s->conn);
	}
}

void live_tell(struct live *v, int64_t seq, int64_t open)
{
	if (seq <= v->seq)
		return;
	v->seq = seq;
	v->open = open;
	for (int i = 0; i < LIVE_MAX; i++)
		wake(&v->stream[i]);
}

void live_tick(struct live *v)
{
	int64_t now = clock_mono_us();

	if (now - v->beaten < LIVE_BEAT_US)
		return;
	v->beaten = now;
	for (int i = 0; i < LIVE_MAX; i++) {
		v->stream[i].beat = true;
		wake(&v->stream[i]);
	}
}

void live_close(struct live *v)
{
	v->closed = true;
	for (int i = 0; i < LIVE_MAX; i++)
		wake(&v->stream[i]);
}

size_t live_count(const struct live *v)
{
	size_t n = 0;

	for (int i = 0; i < LIVE_MAX; i++)
		n += v->stream[i].v != NULL;
	return n;
}
