/*
 * face: the command line. What the commands share: the context they run in, their exit
 * codes, and how they come to the config, the ledger and the running hinoban.
 *
 * Every helper that can fail has told the user why, in their language, when it returns.
 */
#ifndef HINOBAN_FACE_FACE_H
#define HINOBAN_FACE_FACE_H

#include "conf/conf.h"
#include "face/args.h"
#include "face/term.h"
#include "face/when.h"
#include "ledger/ledger.h"
#include "wall/post.h"

/* Exit codes of every command. */
enum exit_code {
	EXIT_GOOD = 0,
	EXIT_FOUND = 1, /* something was found, or differs */
	EXIT_USE = 2,   /* wrong use or wrong input */
	EXIT_OURS = 3   /* hinoban itself failed */
};

#define FACE_CONFIG    "/etc/hinoban/hinoban.conf"
#define FACE_STATE     "/var/lib/hinoban"
#define FACE_MEM_BYTES (1u << 30) /* a ceiling: approving 100,000 files needs a tenth */
#define FACE_PATH_MAX  4096

struct face {
	const struct command *cmd;
	struct args args;
	const char *config; /* file: --config, HINOBAN_CONFIG or the usual one */
	struct arena mem;   /* whatever lives as long as the command */
	struct conf conf;
	bool has_conf;
	char state[FACE_PATH_MAX]; /* after face_state() */
	struct ledger *ledger;
	struct post_client *client;
	int roots; /* that are watched, once it was asked: face_many_roots() */
};

extern const struct command *const face_commands[];
extern const size_t face_command_count;

/* These return EXIT_GOOD, or the exit code to end with, once they complained. */
int face_conf(struct face *f);
/* The state directory: --state, else from the config. */
int face_state(struct face *f);
/* Open the ledger for reading. */
int face_ledger(struct face *f);
/* --reason, or NULL where it is not given; false after a complaint about it. */
bool face_reason(struct face *f, const char **reason);
/* The same where there must be one. */
bool face_wants_reason(struct face *f, const char **reason);
/* Send a word after face_client(): its seq, or negative after a complaint. */
int64_t face_send(struct face *f, const struct json *word);
/* What is done about tampering, and about connections of web workers ("off", "watch", "hold"):
 * as the newest words say, else the settings. */
int face_modes(struct face *f, enum conf_mode out[ROLES], struct slice *connect);
/* The newest fact of this type, in f->mem; NULL: none. After face_ledger(). */
const struct json *face_newest(struct face *f, const char *type);
const struct json *face_oldest(struct face *f, const char *type);
/* Connect to the running ledger, or start one for this command. */
int face_client(struct face *f);
/* Is a hinoband at work on this state directory? */
bool face_live(const struct face *f);
/* Close what is open; NULL-safe parts. */
void face_done(struct face *f);

/* Numbers and such as text that lives in f->mem. */
const char *face_num(struct face *f, int64_t n);   /* 12,345 */
const char *face_int(struct face *f, int64_t n);   /* 12345 */
const char *face_bytes(struct face *f, int64_t n); /* 1.4 MiB */
/* A fault's errno (negative) in words; of a damaged ledger in those of the reader's language.
 */
const char *face_why(int r);
/* The same of a content that is to come from the vault. */
const char *face_content_why(int r);
const char *face_cstr(struct face *f, struct slice s);
/* A seq of the command line; 0 after a complaint. */
int64_t face_seq(const char *arg);
/* Who gives this command: "taro", or "taro (root)" behind sudo. */
const char *face_who(struct face *f);
/* The same with --by NAME before it: "Tanaka Hanako (root)". */
const char *face_by(struct face *f);
/* The fact with this seq, parsed; NULL after a complaint (*code is set). */
const struct json *face_fact(struct face *f, int64_t seq, int *code);
/* {"en":..., "ja":...} in the chosen language, English where it lacks that. */
struct slice face_said(const struct json *both);
/* "/" of a root and the path in it (text_path text) as one absolute text. */
const char *face_full_path(struct face *f, struct slice root, struct slice path);
/* Is more than one folder watched? As the config says, else the newest watch. */
bool face_many_roots(struct face *f);
/*
 * A path as the user wrote it -> which root, and raw bytes relative to it: absolute, or
 * relative to the working folder if that lies in a root, else relative to the only root
 * that has it. False after a complaint.
 */
bool face_find_path(struct face *f, const struct table *t, const char *arg, uint32_t *root,
                    struct slice *rel);
/* Does it lie in a watched folder? Nothing is told. */
bool face_in_roots(struct face *f, const char *arg, uint32_t *root, struct slice *rel);
/* Does an open folder hold nothing? */
bool face_folder_empty(int fd);
/* Raw bytes -> text_path text, in f->mem. */
struct slice face_path_text(struct face *f, struct slice raw);
/* Print a fact, byte for byte as in the ledger, as one line. */
void face_put_fact(struct face *f, int64_t seq);
/* Print a JSON tree as one line. */
void face_put_json(const struct json *v);
/* The last line of what a check of the ledger says as JSON: how many faults it told. */
void face_put_faults(struct face *f, int64_t n);

#endif
