/*
 * url: addresses of scripts and destinations by what stays of them from visit to visit.
 */
#ifndef HINOBAN_BASE_URL_H
#define HINOBAN_BASE_URL_H

#include "base/buf.h"

/* Does a part of a path look as if it were drawn anew each time: digits, hashes, ids? */
bool url_rotates(struct slice part);
/* Do the letters of a word look drawn at random (base64, hexadecimal)? */
bool url_random(struct slice word);
/* "https://", "//", "wss://" ...: its length, 0 where there is none. */
size_t url_scheme(struct slice url);
/* Length of the host (with port) at the start of s. */
size_t url_host_length(struct slice s);
/* host:port of an address, empty where it has none. */
struct slice url_host(struct slice url);
/*
 * The address without query and fragment, scheme and host in lower case, parts of the path
 * that rotate as '*'. Paths ("/a/b") stay paths.
 */
void url_steady(struct buf *out, struct slice url);

#endif
