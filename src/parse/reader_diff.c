#include "parse/layout.h"
#include "parse/parse.h"
#include "parse/reader.h"

#include "parse/decode.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>

#define MAX_CONTEXT 1000

int reader_whole(int fd, struct buf *to, size_t max)
{
	off_t at = 0;

	buf_init(to, max + 1);
	while (to->n <= max) {
		size_t want =
		    max + 1 - to->n < READER_CHUNK_BYTES ? max + 1 - to->n : READER_CHUNK_BYTES;
		uint8_t *room = buf_reserve(to, want);
		if (!room)
			return -ENOMEM;
		ssize_t n = pread(fd, room, want, at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return 0;
		buf_commit(to, (size_t)n);
		at += n;
	}
	return 1;
}

/* Unpack zstd, at most READER_MAX_DIFF_IN bytes. 0, 1 too large, -EBADMSG. */
static int unpack(struct buf *b)
{
	struct buf plain = {.max = READER_MAX_DIFF_IN + 1};
	ZSTD_DStream *z = ZSTD_createDStream();
	ZSTD_inBuffer in = {b->at, b->n, 0};
	size_t left = 1;
	int code = 0;

	if (!z)
		return -ENOMEM;
	ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, 27);
	while (left != 0 && code == 0) {
		size_t room = READER_MAX_DIFF_IN + 1 - plain.n;
		ZSTD_outBuffer out = {buf_reserve(&plain, room < 65536 ? room : 65536),
		                      room < 65536 ? room : 65536, 0};
		size_t before = in.pos;
		if (room == 0 || !out.dst) {
			code = 1;
			break;
		}
		left = ZSTD_decompressStream(z, &out, &in);
		buf_commit(&plain, out.pos);
		if (ZSTD_isError(left) || (left != 0 && out.pos == 0 && in.pos == before))
			code = -EBADMSG;
	}
	ZSTD_freeDStream(z);
	buf_done(b);
	*b = plain;
	return code;
}

static int load(int fd, bool packed, struct buf *to)
{
	int code = reader_whole(fd, to, READER_MAX_DIFF_IN);

	return code == 0 && packed ? unpack(to) : code;
}

int reader_store(int fd, struct slice s)
{
	for (size_t at = 0; at < s.n;) {
		ssize_t n = pwrite(fd, s.at + at, s.n - at, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		at += (size_t)n;
	}
	return 0;
}

/* A packed script broken into lines; as it is where that can't be. */
static void lay_out(struct buf *b)
{
	struct buf laid = {.max = READER_MAX_DIFF_IN};

	if (layout_packed(buf_slice(b)) && layout_js(buf_slice(b), &laid) == 0) {
		buf_done(b);
		*b = laid;
	} else {
		buf_done(&laid);
	}
}

static struct json *diffed(struct arena *a, const struct json *ask, struct slice before,
                           struct slice after, int out)
{
	struct buf text = {.max = READER_MAX_DIFF};
	struct parse_diff d = {0};
	int64_t context = json_num(ask, "context", 3);
	int code;

	context = context < 0 ? 0 : context > MAX_CONTEXT ? MAX_CONTEXT : context;
	code = parse_diff(before, after, json_text(ask, "before"), json_text(ask, "after"),
	                  (int)context, &text, &d);
	if (code == 0)
		code = reader_store(out, buf_slice(&text));
	buf_done(&text);
	if (code < 0)
		return reader_error(a, strerror(-code));
	struct json *answer = json_obj(a);
	json_put_int(a, answer, "added", d.added);
	json_put_int(a, answer, "removed", d.removed);
	json_put_bool(a, answer, "binary", d.binary);
	if (d.truncated)
		json_put_bool(a, answer, "truncated", true);
	return answer;
}

struct json *reader_diff(struct arena *a, const struct json *ask, int before, int after,
                         int out)
{
	int64_t packed = json_num(ask, "packed", 0);
	struct buf b[2] = {0};
	struct json *answer;
	int code = load(before, packed & 1, &b[0]);

	if (code == 0)
		code = load(after, packed & 2, &b[1]);
	for (int i = 0; code == 0 && json_true(ask, "script") && i < 2; i++)
		lay_out(&b[i]);
	if (code == 0)
		answer = diffed(a, ask, buf_slice(&b[0]), buf_slice(&b[1]), out);
	else
		answer = reader_error(a, code > 0 ? "too large" : strerror(-code));
	buf_done(&b[0]);
	buf_done(&b[1]);
	return answer;
}

static int sextet(uint8_t c)
{
	static const char alphabet[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *p = c ? strchr(alphabet, c) : NULL;

	return p ? (int)(p - alphabet) : -1;
}

/* Plain base64; false on anything else. */
static bool unbase64(struct arena *a, struct slice in, struct slice *out)
{
	uint8_t *to = arena_alloc(a, in.n / 4 * 3 + 3);
	uint32_t acc = 0, bits = 0;
	size_t n = 0;

	for (size_t i = 0; to && i < in.n && in.at[i] != '='; i++) {
		int v = sextet(in.at[i]);
		if (v < 0)
			return false;
		acc = (acc << 6 | (uint32_t)v) & 0xffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			to[n++] = acc >> bits & 0xff;
		}
	}
	*out = slice_mem(to, n);
	return to != NULL;
}

struct json *reader_lines(struct arena *a, const struct json *ask)
{
	struct slice lines, format = json_text(ask, "format");
	size_t ill_formed = 0;

	if (!unbase64(a, json_text(ask, "text"), &lines))
		return reader_error(a, "ill-formed text");
	return parse_access_log(a, format.n ? format : SLICE("combined"), lines, &ill_formed);
}
