#include "parse/reader.h"

#include "parse/parse.h"
#include "wall/seal.h"
#include <errno.h>
#include <sys/stat.h>

/*
 * What requests may cost in processor time. A look at 8 MiB takes less than a second, and
 * SHA-256 makes more than 200 MB a second; the limit is moved on before each large file and
 * every so many small requests.
 */
#define CPU_SECONDS      30
#define CPU_BYTES_SECOND (50 << 20)
#define CPU_LARGE_BYTES  (1 << 20)
#define CPU_EVERY        16

struct reader {
	struct arena mem;
	struct hash_state *hash;
	unsigned served;
	uint8_t *content; /* PARSE_LOOK_MAX_BYTES, or READER_CHUNK_BYTES of it at a time */
};

struct reader *reader_new(void)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	arena_init(&r->mem, READER_MAX_ARENA);
	r->hash = hash_new();
	r->content = malloc(PARSE_LOOK_MAX_BYTES);
	if (!r->hash || !r->content) {
		reader_free(r);
		return NULL;
	}
	return r;
}

void reader_free(struct reader *r)
{
	if (!r)
		return;
	hash_free(r->hash);
	free(r->content);
	arena_done(&r->mem);
	free(r);
}

struct json *reader_error(struct arena *a, const char *text)
{
	struct json *out = json_obj(a);

	json_put_str(a, out, "error", text);
	return out;
}

static void before_file(int64_t size)
{
	if (size > CPU_LARGE_BYTES)
		seal_cpu((int)(CPU_SECONDS +
		               (size < INT64_C(1) << 50 ? size / CPU_BYTES_SECOND : 1 << 24)));
}

static struct json *answer(struct reader *r, const struct msg *m)
{
	struct arena *a = &r->mem;
	const struct json *ask = json_parse(a, m->body, NULL);

	if (!ask || ask->kind != JSON_OBJ)
		return reader_error(a, "ill-formed request");
	switch (m->type) {
	case MSG_LOOK:
	case MSG_HASH:
		if (m->fds < 1)
			return reader_error(a, "no descriptor");
		return reader_file(a, ask, m->fd[0], m->type == MSG_LOOK, r->hash, r->content,
		                   before_file);
	case MSG_DIFF:
		if (m->fds < 3)
			return reader_error(a, "no descriptors");
		return reader_diff(a, ask, m->fd[0], m->fd[1], m->fd[2]);
	case MSG_NEWS:
		if (m->fds < 4)
			return reader_error(a, "no descriptors");
		return reader_news(a, ask, m->fd);
	default:
		return reader_lines(a, ask);
	}
}

static enum msg_type answer_type(enum msg_type t)
{
	if (t == MSG_DIFF)
		return MSG_DIFFED;
	if (t == MSG_NEWS)
		return MSG_NEWSED;
	return t == MSG_LINES ? MSG_LINED : MSG_LOOKED;
}

bool reader_serve(struct reader *r, struct loop *l, int slot, struct msg *m)
{
	enum msg_type type = answer_type(m->type);
	struct json *out;

	if (m->type != MSG_LOOK && m->type != MSG_HASH && m->type != MSG_DIFF &&
	    m->type != MSG_NEWS && m->type != MSG_LINES)
		return false;
	arena_reset(&r->mem);
	if (r->served++ % CPU_EVERY == 0 || m->type == MSG_DIFF || m->type == MSG_NEWS)
		seal_cpu(CPU_SECONDS);
	out = answer(r, m);
	if (!out || loop_send_json(l, slot, type, m->id, out, -1) == -EMSGSIZE) {
		arena_reset(&r->mem);
		loop_send_json(l, slot, type, m->id, reader_error(&r->mem, "too much to tell"),
		               -1);
	}
	return true;
}
