/*
 * match: which rule speaks of a path. Asked for every file of the shop, so the globs are
 * taken apart once: by their literal beginning, by their literal end, and sorted into
 * lists by the first letter of the paths that they can match.
 */
#ifndef HINOBAN_CONF_MATCH_H
#define HINOBAN_CONF_MATCH_H

#include "conf/conf.h"

/* Memory from `mem`; the rules' texts are borrowed. NULL if memory is out. */
struct conf_match *match_new(struct arena *mem, const struct conf_rule *rule, size_t rules);
/* Index of the first rule that matches, or -1. */
ptrdiff_t match_find(const struct conf_match *m, struct slice path);
/* One glob, the slow way, with the same answer. */
bool match_one(struct slice glob, struct slice path);
/* The role by name alone, for paths that no rule knows. */
enum role match_by_name(struct slice path);
/*
 * The role of what is data by its place. Anybody may make a folder of that name: what a web
 * server runs by its own name, or goes by, counts as generated there, and in .git and .svn,
 * where no program makes such files, as code or config.
 */
enum role match_in_data(struct slice path);

#endif
