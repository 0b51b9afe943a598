#include "parse/unpack.h"

#include <brotli/decode.h>
#include <errno.h>
#include <zlib.h>
#include <zstd.h>

#define GZIP_ONLY  (16 + MAX_WBITS)
#define WINDOW_LOG 23 /* 8 MiB */

/* Input and room move on as they are used up. */
struct work {
	struct slice in;
	uint8_t *to;
	size_t room;
};

static void took(struct work *w, size_t in, size_t out)
{
	w->in = slice_sub(w->in, in, w->in.n);
	w->to += out;
	w->room -= out;
}

static int gunzip(struct work *w)
{
	z_stream z = {0};
	int r = inflateInit2(&z, GZIP_ONLY);

	if (r != Z_OK)
		return -ENOMEM;
	do {
		inflateReset(&z);
		z.next_in = (Bytef *)(uintptr_t)w->in.at;
		z.avail_in = (uInt)w->in.n;
		z.next_out = w->to;
		z.avail_out = (uInt)w->room;
		r = inflate(&z, Z_FINISH);
		took(w, w->in.n - z.avail_in, w->room - z.avail_out);
	} while (r == Z_STREAM_END && w->in.n);
	inflateEnd(&z);
	return r == Z_STREAM_END ? 0 : r == Z_MEM_ERROR ? -ENOMEM : -EBADMSG;
}

static int unbrotli(struct work *w)
{
	BrotliDecoderState *s = BrotliDecoderCreateInstance(NULL, NULL, NULL);
	size_t in = w->in.n, room = w->room;
	const uint8_t *at = w->in.at;
	uint8_t *to = w->to;
	BrotliDecoderResult r;

	if (!s)
		return -ENOMEM;
	r = BrotliDecoderDecompressStream(s, &in, &at, &room, &to, NULL);
	BrotliDecoderDestroyInstance(s);
	took(w, w->in.n - in, w->room - room);
	return r == BROTLI_DECODER_RESULT_SUCCESS && w->in.n == 0 ? 0 : -EBADMSG;
}

static int unzstd(struct work *w)
{
	ZSTD_DCtx *z = ZSTD_createDCtx();
	size_t left = 1; /* of a frame: 0 at its end */
	bool going = true;

	if (!z)
		return -ENOMEM;
	ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WINDOW_LOG);
	while (w->in.n && going) {
		ZSTD_inBuffer in = {w->in.at, w->in.n, 0};
		ZSTD_outBuffer out = {w->to, w->room, 0};

		left = ZSTD_decompressStream(z, &out, &in);
		going = !ZSTD_isError(left) && (in.pos || out.pos);
		took(w, in.pos, out.pos);
	}
	ZSTD_freeDCtx(z);
	return left == 0 ? 0 : -EBADMSG;
}

int unpack(struct arena *a, struct slice packed, enum role_packing how, size_t most,
           struct slice *out)
{
	static int (*const ways[])(struct work *) = {
	    [ROLE_GZIP] = gunzip, [ROLE_BROTLI] = unbrotli, [ROLE_ZSTD] = unzstd};
	uint8_t *to = arena_alloc(a, most + 1);
	struct work w = {packed, to, most + 1};
	int r;

	if (!to)
		return -ENOMEM;
	r = packed.n ? ways[how](&w) : 0;
	if (w.room == 0) {
		*out = slice_mem(to, most);
		return 1;
	}
	if (r == 0)
		*out = slice_mem(to, most + 1 - w.room);
	return r;
}
