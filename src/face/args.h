/*
 * args: the command line: `hinoban [OPTION ...] COMMAND [OPTION ...] [ARGUMENT ...]`.
 *
 * All options of all commands are in one table; each command lists those it knows. A few
 * names mean another thing in some commands (--to is a place or a time): args_option tells
 * what one means there. `--name VALUE` and `--name=VALUE` are the same; `--` ends the options.
 */
#ifndef HINOBAN_FACE_ARGS_H
#define HINOBAN_FACE_ARGS_H

#include "face/text.h"

#define ARGS_MAX_REPEAT 16 /* values of one option that may be given several times */

/* id, name, letter, what its value is called (NULL: it has none), sentence */
#define OPTIONS(X)                                                       \
	X(OPT_CONFIG, "config", 'c', "FILE", T_OPT_CONFIG)               \
	X(OPT_STATE, "state", 0, "DIR", T_OPT_STATE)                     \
	X(OPT_LANG, "lang", 0, "ja|en", T_OPT_LANG)                      \
	X(OPT_HELP, "help", 'h', NULL, T_OPT_HELP)                       \
	X(OPT_JSON, "json", 0, NULL, T_OPT_JSON)                         \
	X(OPT_YES, "yes", 'y', NULL, T_OPT_YES)                          \
	X(OPT_FORCE, "force", 0, NULL, T_OPT_FORCE)                      \
	X(OPT_CACHES, "caches", 0, NULL, T_OPT_CACHES)                   \
	X(OPT_PROFILE, "profile", 0, "NAME", T_OPT_PROFILE)              \
	X(OPT_ACCESS_LOG, "access-log", 0, "FILE", T_OPT_ACCESS_LOG)     \
	X(OPT_FULL, "full", 0, NULL, T_OPT_FULL)                         \
	X(OPT_SINCE, "since", 0, "TIME", T_OPT_SINCE)                    \
	X(OPT_UNTIL, "until", 0, "TIME", T_OPT_UNTIL)                    \
	X(OPT_KIND, "kind", 'k', "KIND", T_OPT_KIND)                     \
	X(OPT_TYPE, "type", 't', "TYPE", T_OPT_TYPE)                     \
	X(OPT_PATH, "path", 'p', "PATH", T_OPT_PATH)                     \
	X(OPT_LIMIT, "limit", 'n', "N", T_OPT_LIMIT)                     \
	X(OPT_FOLLOW, "follow", 'f', NULL, T_OPT_FOLLOW)                 \
	X(OPT_ALL, "all", 'a', NULL, T_OPT_ALL)                          \
	X(OPT_REASON, "reason", 'm', "TEXT", T_OPT_REASON)               \
	X(OPT_GIT, "git", 0, "REV", T_OPT_GIT)                           \
	X(OPT_DEBIAN, "debian", 0, NULL, T_OPT_DEBIAN)                   \
	X(OPT_UPSTREAM, "upstream", 0, "DIR|ARCHIVE", T_OPT_UPSTREAM)    \
	X(OPT_OUTPUT, "output", 'o', "FILE", T_OPT_OUTPUT)               \
	X(OPT_WITNESS, "witness", 0, "FILE", T_OPT_WITNESS)              \
	X(OPT_AT, "at", 0, "TIME", T_OPT_AT)                             \
	X(OPT_BEFORE, "before", 0, "SEQ|case:N", T_OPT_BEFORE)           \
	X(OPT_VERSION, "version", 0, "SEQ", T_OPT_VERSION)               \
	X(OPT_HASH, "hash", 0, "SHA256", T_OPT_HASH)                     \
	X(OPT_TO, "to", 0, "TIME", T_OPT_TO)                             \
	X(OPT_DRY_RUN, "dry-run", 0, NULL, T_OPT_DRY_RUN)                \
	X(OPT_CONTEXT, "context", 'U', "N", T_OPT_CONTEXT)               \
	X(OPT_REPLAY, "replay", 0, NULL, T_OPT_REPLAY)                   \
	X(OPT_EXCEPT, "except", 0, "ADDRESS", T_OPT_EXCEPT)              \
	X(OPT_MINUTES, "minutes", 0, "N", T_OPT_MINUTES)                 \
	X(OPT_CONFIRM, "confirm", 0, "SEQ", T_OPT_CONFIRM)               \
	X(OPT_SNIPPET, "snippet", 0, "nginx|apache", T_OPT_SNIPPET)      \
	X(OPT_CALL, "call", 0, NULL, T_OPT_CALL)                         \
	X(OPT_FROM, "from", 0, "TIME", T_OPT_FROM)                       \
	X(OPT_BY, "by", 0, "NAME", T_OPT_BY)                             \
	X(OPT_TRAIT, "trait", 0, "TRAIT", T_OPT_TRAIT)                   \
	X(OPT_CLOCK, "clock", 0, "ID", T_OPT_CLOCK)                      \
	X(OPT_RECEIPT, "receipt", 0, "TEXT", T_OPT_RECEIPT)              \
	X(OPT_PUBLISHED, "published", 0, "DATE", T_OPT_PUBLISHED)        \
	X(OPT_NAMES, "names", 0, "FILE", T_OPT_NAMES)                    \
	X(OPT_CASE, "case", 0, "N", T_OPT_CASE)                          \
	X(OPT_DATABASE, "database", 0, "URL", T_OPT_DATABASE)            \
	X(OPT_ONLY, "only", 0, "entered|stored", T_OPT_ONLY)             \
	X(OPT_LIST, "list", 0, "FILE", T_OPT_LIST)                       \
	X(OPT_CERTIFICATE, "certificate", 0, "FILE", T_OPT_CERTIFICATE)  \
	X(OPT_VENDOR, "vendor", 0, "HOST|NAME|HASH", T_OPT_VENDOR)       \
	X(OPT_OWNER, "owner", 0, "NAME", T_OPT_OWNER)                    \
	X(OPT_CLASS, "class", 0, "3ds", T_OPT_CLASS)                     \
	X(OPT_STRUCTURE, "structure", 0, "HASH", T_OPT_STRUCTURE)        \
	X(OPT_PAGE, "page", 0, "NAME", T_OPT_PAGE)                       \
	X(OPT_FLOW, "flow", 0, NULL, T_OPT_FLOW)                         \
	X(OPT_HEADER, "header", 0, NULL, T_OPT_HEADER)                   \
	X(OPT_FRAME, "frame", 0, NULL, T_OPT_FRAME)                      \
	X(OPT_PCI, "pci", 0, NULL, T_OPT_PCI)                            \
	X(OPT_FORM_TARGET, "form-target", 0, NULL, T_OPT_FORM_TARGET)    \
	X(OPT_FORM, "form", 0, "FORM", T_OPT_FORM)                       \
	X(OPT_FORMAT, "format", 0, "html|pdf|md|txt|json", T_OPT_FORMAT) \
	X(OPT_SET, "set", 0, "FIELD=VALUE", T_OPT_SET)                   \
	X(OPT_CHECK, "check", 0, "FILE", T_OPT_CHECK)                    \
	X(OPT_ARM, "arm", 0, "NAME", T_OPT_ARM)                          \
	X(OPT_WEEK, "week", 0, "DATE", T_OPT_WEEK)                       \
	X(OPT_FETCH, "fetch", 0, NULL, T_OPT_FETCH)                      \
	X(OPT_MAIL, "mail", 0, NULL, T_OPT_MAIL)                         \
	X(OPT_BEGIN, "begin", 0, "PID", T_OPT_BEGIN)                     \
	X(OPT_FINISH, "end", 0, "PID", T_OPT_FINISH)

#define OPT_ENUM(id, name, letter, value, help) id,
enum opt_id { OPTIONS(OPT_ENUM) OPT_IDS };
#undef OPT_ENUM
#define OPT_END OPT_IDS /* ends a command's list */

struct option_def {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* NULL: a switch */
	enum text_id help;
};
extern const struct option_def option_defs[OPT_IDS];

struct face;

struct command {
	const char *name;
	const char *usage; /* what follows the name, options left out */
	enum text_id what; /* one line */
	enum text_id more; /* a paragraph or two, with examples */
	const uint8_t
	    *opts;        /* enum opt_id, ended by OPT_END; config, state, lang, help: always */
	uint8_t min, max; /* how many arguments; max 255: any number */
	bool foreign;     /* from the first argument on all belongs to another program */
	int (*run)(struct face *f);
};

struct args {
	const char *value[OPT_IDS][ARGS_MAX_REPEAT];
	int count[OPT_IDS];
	char **rest; /* arguments */
	int rests;
};

/*
 * Read argv (without the program's name) up to its end. *cmd is found by name with
 * `find`. 0, or -EINVAL after a complaint with a hint on standard error. With --help in
 * it, missing arguments are no fault. *cmd may stay NULL where no command was named.
 */
typedef const struct command *args_find_fn(const char *name);
int args_parse(struct args *a, int argc, char **argv, args_find_fn *find,
               const struct command **cmd);

bool args_has(const struct args *a, enum opt_id id);
/* The last value, or NULL. */
const char *args_text(const struct args *a, enum opt_id id);
/* Decimal number of at most `max`; `otherwise` where absent; -EINVAL after a complaint. */
int64_t args_number(const struct args *a, enum opt_id id, int64_t otherwise, int64_t max);
bool args_knows(const struct command *cmd, enum opt_id id);
/* An option as this command (NULL: any) means it. */
struct option_def args_option(const struct command *cmd, enum opt_id id);

/* The name nearest to a mistyped one, or NULL if none is near. */
const char *args_nearest(const char *typed, const char *const *names, size_t n);

#endif
