/*
 * canary: finds what was typed into a page in what left it, however it was written, and says
 * how: the readable proof beside the twins' (parse/flows.h).
 *
 * Looked for: the value itself; percent signs, JSON and unicode escapes, entities, UTF-16;
 * base64 and hexadecimal at all alignments, base 36 and other bases; lists of character
 * codes; backwards; digits shifted by a constant or taken from nine; XOR and addition with a
 * constant key of up to CANARY_MAX_KEY bytes; deflate, zlib, gzip; in pieces over fields,
 * requests or frames; and all of these inside one another, CANARY_MAX_DEPTH deep.
 *
 * Work is bounded by CANARY_WORK_BYTES, whatever the input: past that the answer is "not
 * found". Not finding it proves nothing. Values shorter than CANARY_MIN_BYTES are passed
 * over: they occur by chance.
 */
#ifndef HINOBAN_PARSE_CANARY_H
#define HINOBAN_PARSE_CANARY_H

#include "base/base.h"

#define CANARY_MAX_VALUES 16
#define CANARY_MIN_BYTES  8
#define CANARY_MAX_BYTES  64 /* of a value */
#define CANARY_MAX_DEPTH  4
#define CANARY_MAX_KEY    8
#define CANARY_PART_BYTES \
	(256u * 1024) /* of each part, and of what is unpacked, are looked at */
#define CANARY_WORK_BYTES  (8u << 20)
#define CANARY_CHAIN_BYTES 160
#define CANARY_JOINED      UINT32_MAX

struct canary_hit {
	uint32_t value; /* which */
	uint32_t part;  /* which part shows it; CANARY_JOINED: only several together */
	char chain[CANARY_CHAIN_BYTES]; /* "base64 > xor", the outermost first; "plain" */
};

/*
 * parts: what left, in its order: an URL, a header's value, a body, a frame of a socket.
 * 1 and *out: found (the first found; plain ones come before hidden ones); 0; -ENOMEM.
 */
int canary_find(const struct slice *values, size_t n_values, const struct slice *parts,
                size_t n_parts, struct canary_hit *out);

#endif
