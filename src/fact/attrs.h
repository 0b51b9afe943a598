/*
 * attrs: a file's extended attributes as the member `xattrs` of STATE (hinoban.facts(7)):
 * an object of name -> value in base64.
 *
 * Recorded are those that decide who may do what, and the owner's own: POSIX ACLs, file
 * capabilities, the SELinux label, user.*. A value of more than ATTRS_VALUE_BYTES is told
 * by its hash alone ("sha256:<hex>"), more than ATTRS_MOST of them, or more text than
 * ATTRS_MAX_BYTES, as one hash over all ({"*":"sha256:<hex>"}): a change is told, what
 * stood there is not kept.
 */
#ifndef HINOBAN_FACT_ATTRS_H
#define HINOBAN_FACT_ATTRS_H

#include "fact/json.h"

#define ATTRS_MAX_BYTES   6144u
#define ATTRS_VALUE_BYTES 2048u
#define ATTRS_MOST        32

/*
 * Append the canonical text of the object for an open file or folder, nothing where it has
 * none or the filesystem knows none. 0 or -errno.
 */
int attrs_read(int fd, struct buf *out);
/* A number that stands for the object (the table's): 0 for none. */
int64_t attrs_digest(struct slice canonical);
int64_t attrs_digest_of(const struct json *xattrs); /* NULL: none */
/*
 * Give the open file exactly these (NULL: none of those that we record). 0; -ENODATA: a
 * value is known by its hash only, the rest was set; or the first -errno.
 */
int attrs_set(int fd, const struct json *xattrs);

#endif
