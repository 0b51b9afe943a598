/*
 * form: what a browser sends: parameters (application/x-www-form-urlencoded, also the
 * query of an address), cookies, and the headers that say where a request comes from.
 */
#ifndef HINOBAN_DESK_FORM_H
#define HINOBAN_DESK_FORM_H

#include "base/base.h"

#define FORM_MAX_FIELDS 64

/* The value of the first field of this name, decoded into a; empty if absent or no well-formed
 * UTF-8. */
struct slice form_field(struct arena *a, struct slice body, const char *name);
/* As a number, or `otherwise`. */
int64_t form_number(struct arena *a, struct slice body, const char *name, int64_t otherwise);
/* The value of a cookie (no decoding), or empty. */
struct slice form_cookie(struct slice header, const char *name);
/*
 * Is this Host header one under which a loopback console can rightly be reached: 127.0.0.1,
 * localhost or [::1], any port? Other names mean that a name of somebody else's was made to
 * point here (DNS rebinding).
 */
bool form_host_ok(struct slice host);
/* Is Origin this very console's? */
bool form_origin_ok(struct slice origin, struct slice host);
/* A way within the console, safe to redirect to: "/..." but not "//..." nor "/\...". */
bool form_local(struct slice way);

#endif
