/*
 * places: from the kernel's handle of a folder or file to its path.
 *
 * A folder knows its parent, so that renaming one moves everything below it in one step,
 * and its depth costs no memory. Handles that are not in here are nobody's business: one
 * look-up in a hash table rejects them. Folders are told apart by handle_key(): their owner can
 * change the rest. Files are not: many come and go, and get each other's numbers.
 */
#ifndef HINOBAN_SENSE_PLACES_H
#define HINOBAN_SENSE_PLACES_H

#include "base/path.h"

struct places;
struct place;

struct places *places_new(void);
void places_free(struct places *p);
size_t places_count(const struct places *p);
/* A root's own folder. */
struct place *places_root(struct places *p, uint32_t root, struct slice handle);
/*
 * `handle` is `name` in the folder. A folder has one place: a new one replaces the old. A
 * file has as many as it has links (at most PLACES_MAX_LINKS are kept). NULL: no memory.
 */
#define PLACES_MAX_LINKS 16
struct place *places_put(struct places *p, struct slice handle, struct place *parent,
                         struct slice name, bool folder);
/* The first place of this handle, and the next of the same one. NULL: none. */
struct place *places_get(const struct places *p, struct slice handle);
struct place *places_more(const struct place *place);
/* The place of a folder. */
struct place *places_folder(const struct places *p, struct slice handle);
/* The place of this handle under this name, or NULL. */
struct place *places_at(const struct places *p, struct slice handle, const struct place *parent,
                        struct slice name);
void places_drop(struct places *p, struct place *place);
bool place_is_folder(const struct place *place);
/* Its root and path (out is emptied first). False: it lies in a folder that is gone. */
bool place_path(const struct place *place, uint32_t *root, struct buf *out);

#endif
