/*
 * unpack: what stands in a packed copy of a text (fact/role.h), within a bound. As browsers
 * and gunzip, unzstd read it: members of gzip (RFC 1952) and frames of Zstandard (RFC 8878)
 * may follow each other; a stream of Brotli (RFC 7932) stands alone. Windows of more than
 * 8 MiB, which no browser takes for Zstandard (RFC 9659), are damage.
 */
#ifndef HINOBAN_PARSE_UNPACK_H
#define HINOBAN_PARSE_UNPACK_H

#include "fact/role.h"

/*
 * 0: *out is all of it; an empty file holds nothing. 1: there is more than `most` bytes, *out
 * is their beginning. -EBADMSG: it is damaged, cut, or something stands behind its end;
 * -ENOMEM. Memory from `a`, some more from the heap meanwhile.
 */
int unpack(struct arena *a, struct slice packed, enum role_packing how, size_t most,
           struct slice *out);

#endif
