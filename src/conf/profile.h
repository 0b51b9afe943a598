/*
 * profile: what a shop of a kind looks like, from profiles/NAME.profile: how to recognise
 * it, and which paths play which role (hinoban.profile(5)).
 */
#ifndef HINOBAN_CONF_PROFILE_H
#define HINOBAN_CONF_PROFILE_H

#include "conf/conf.h"
#include "conf/population.h"
#include "conf/syntax.h"

#define PROFILE_NAME_BYTES 63
#define PROFILE_MEM_BYTES  (8u << 20)

struct profile_list {
	struct slice *at;
	size_t n;
};

/* Rules while they are gathered, in the order of the file. */
struct profile_rules {
	struct conf_rule *at;
	size_t n, room;
};

struct profile {
	struct slice title;
	struct profile_list files;   /* all must exist */
	struct profile_list texts;   /* "FILE: TEXT": all must hold */
	struct profile_list also;    /* each that exists makes it surer */
	struct profile_list version; /* "FILE: TEXT": the version is behind it; first found */
	struct profile_list with;    /* "FILE: NAME": where it exists, the title adds NAME */
	struct profile_list docroot; /* folders that a web server may call the root */
	struct slice maintenance;    /* a file that closes the shop by being there; "" */
	struct profile_list pages;   /* regular expressions over "/path?query": payment */
	struct profile_rules rules;
	struct population_list populations; /* where the database holds persons' data */
};

/* Letters, digits, '-' and '_' only. */
bool profile_name_ok(struct slice name);
/* Read profile_dir/NAME.profile into memory of `mem`. 0, or a negative code with the sentence.
 */
int profile_load(const char *profile_dir, struct slice name, struct arena *mem,
                 struct profile *out, struct err *e);
int profile_parse(struct slice text, const char *file, struct arena *mem, struct profile *out,
                  struct err *e);
/*
 * Add the globs of one ROLE = [...] item; `base` is put before each. Also used for the
 * config's [paths].
 */
int profile_add_rules(struct profile_rules *r, const struct syntax *s,
                      const struct syntax_item *it, struct slice base);
/*
 * The whole file, at most CONF_MAX_BYTES, into the arena. `trusted_only`: run as root,
 * refuse a file that everyone may write.
 */
int profile_read_file(const char *path, bool trusted_only, struct arena *mem, struct slice *out,
                      struct err *e);

#endif
