/*
 * conf: the operator's settings and the profiles of kinds of shops. One syntax:
 *
 *     # comment to the end of the line
 *     key = "text"          text: \" \\ \n \t escapes
 *     key = 12 | 12s | 5m | 2h | 3d | 64K | 10M | 2G | true | false
 *     key = ["a", "b"]      list of texts, may span lines
 *     [section]
 *
 * A key that is not in the table of known keys, a value of the wrong kind or out of
 * range, a repeated key, or an ill-formed line is a fault told as
 * FILE:LINE:COLUMN: what was found; what was expected. The tables are in keys.c, the man
 * pages hinoban.conf(5) and hinoban.profile(5) say what each key means.
 */
#ifndef HINOBAN_CONF_H
#define HINOBAN_CONF_H

#include "conf/population.h"
#include "fact/role.h"
#include <sys/types.h>

#define CONF_MAX_BYTES (1u << 20)
#define CONF_MAX_ROOTS 16
#define CONF_MAX_RULES 4096

struct conf_rule {
	enum role role;
	struct slice glob; /* against the path relative to its root */
};

struct conf_root {
	struct slice path; /* absolute, no trailing '/' */
};

/* What is done about a file that is not approved. */
enum conf_mode {
	CONF_WATCH, /* it is told */
	CONF_HEAL,  /* the approved version is put back, then the open goes on */
	CONF_HOLD,  /* the open is refused */
	CONF_MODES
};

const char *conf_mode_name(enum conf_mode m);
bool conf_mode_of(struct slice name, enum conf_mode *out);
/* As a word sets them: for one role, or for "all" that have a mode; other names alter nothing.
 */
void conf_mode_set(enum conf_mode mode[ROLES], struct slice role, enum conf_mode to);

struct conf_match; /* the rules, ready for conf_role */

struct conf {
	struct arena mem;
	struct slice file;
	struct slice state;   /* state directory, absolute */
	struct slice profile; /* name, e.g. "ec-cube4" */
	struct slice
	    profile_base; /* folder of the root that the profile speaks of; "": the root */
	struct slice profile_title;
	struct slice maintenance; /* flag file that the shop honours, below the root; or "" */
	struct slice *pages;      /* regular expressions of the payment pages' URLs */
	size_t page_count;
	struct conf_root root[CONF_MAX_ROOTS];
	size_t roots;
	/*
	 * Roles by glob: the operator's [paths] first, then the profile's, each in the order
	 * of its file; the first match wins. A glob that ends in two stars after a slash
	 * covers the folder itself too.
	 */
	struct conf_rule *rule;
	size_t rules;
	struct conf_match *match;
	struct slice *access_log; /* files */
	size_t access_logs;
	struct slice access_log_format; /* nginx log_format string, or "combined" */
	struct slice *web_users;        /* user names whose processes are web workers */
	size_t web_user_count;
	struct slice *web_programs; /* globs over the executable's path */
	size_t web_program_count;
	struct slice witness_command; /* gets each signed head on stdin; empty: none */
	struct slice witness_file;
	bool witness_syslog;
	struct slice console_listen;  /* "127.0.0.1:8610"; empty: no console */
	struct slice visitors_listen; /* where browsers' reports come in; empty: off */
	struct slice language;        /* "ja" or "en" */
	struct slice *alert_mail;     /* addresses that are told */
	size_t alert_mails;
	struct slice alert_from;          /* address, or "": hinoban@HOST */
	struct slice alert_smtp;          /* smtp://HOST:PORT, smtps://... */
	struct slice alert_smtp_tls;      /* "try" | "require" | "off" */
	struct slice alert_smtp_user;     /* "": no login */
	struct slice alert_smtp_password; /* file */
	struct slice alert_ca;            /* file of certificates, "": none of one's own */
	struct slice *alert_webhook;      /* "KIND URL" or "KIND file:/PATH" */
	size_t alert_webhooks;
	bool alert_syslog;
	struct slice alert_severity; /* findings from this one on */
	int64_t alert_wait_s, alert_per_hour;
	struct slice marks;                     /* "auto" | "filesystem" | "directories" */
	bool queue_bounded;                     /* fanotify's queue with the kernel's limit */
	int64_t look_max_bytes;                 /* larger files are hashed, not tokenised */
	int64_t keep_max_bytes;                 /* larger files are not kept in the vault */
	int64_t vault_keep_s, vault_evidence_s; /* how long versions are kept; 0: for ever */
	int64_t vault_max_bytes;                /* 0: no limit */
	int64_t rescan_s;               /* full sweep by index every so often; 0: never */
	int64_t readers;                /* 0: one per processor */
	struct slice hold[ROLES];       /* conf_mode's names, by role; a word may change them */
	struct slice *hold_fail_closed; /* roles */
	size_t hold_fail_closed_count;
	struct slice hold_again;    /* "heal", "hold" or "freeze" */
	int64_t hold_patience_s;    /* how long an open may wait */
	struct slice fence_bpf;     /* "auto" | "off" */
	struct slice fence_connect; /* "off" | "watch" | "hold"; a word may change it */
	struct slice *fence_allow;  /* addresses and networks that workers may connect to */
	size_t fence_allows;
	struct slice *fence_forget; /* such that are not learnt */
	size_t fence_forgets;
	/* Who runs the shop, as documents name them. */
	struct slice operator_name, operator_address, operator_representative;
	struct slice operator_industry, operator_contact, operator_service;
	struct slice *news_names; /* names to be told wherever outside news name them */
	size_t news_name_count;
	struct slice *news_feeds; /* addresses or files of RSS and Atom feeds */
	size_t news_feed_count;
	struct population_list populations; /* the profile's, with [scope] extend */
	struct slice scope_database;        /* URL without a password; "": none */
	struct slice scope_profile; /* whose groups count, where it isn't `profile`; "" */
	struct slice scope_password_file;
	struct slice scope_prefix; /* of table names; "": the profile's */
	struct slice scope_zone;   /* where the shop lives; "": the machine's */
	int64_t scope_timeout_s;   /* of one statement */
	int64_t scope_lock_timeout_s;
	struct slice *scope_exclude; /* "test: *@example.jp": rule and pattern of an e-mail */
	size_t scope_excludes;
	struct slice *scope_extend; /* see population_extend() */
	size_t scope_extends;
	struct slice scope_certificate; /* of who may read a list of persons, PEM; "": nobody */
	struct slice *page_watch;       /* "NAME URL [JOURNEY]"; conf_page splits them */
	size_t page_watches;
	struct slice page_browser;             /* Chromium's program; empty: Debian's */
	int64_t page_quick_s, page_full_s;     /* how often; 0: never */
	int64_t page_patience_s;               /* how long one visit may take */
	int64_t page_memory_bytes;             /* how much all of Chromium may take */
	struct slice page_card_a, page_card_b; /* canary cards: digits */
};

/* One watched page. */
struct conf_page {
	struct slice name; /* lower-case letters, digits, '-', '_', '.' */
	struct slice url;
	struct slice journey; /* a name in the folder of journeys, an absolute path, or empty */
};

/*
 * Read FILE and its profile (from profile_dir). 0, or -errno/-EINVAL with the sentence in
 * e; then *out is as after conf_done. Run as root, a file that everyone may write is refused.
 */
int conf_load(const char *file, const char *profile_dir, struct conf *out, struct err *e);
/* The same from text; `name` stands for the file in messages. */
int conf_parse(struct slice text, const char *name, const char *profile_dir, struct conf *out,
               struct err *e);
void conf_done(struct conf *c);
/*
 * The role of a path relative to a root. Where no rule matches, the name decides:
 * settings such as .htaccess and .env are config, pictures, fonts and documents uploads,
 * logs, databases and .git data, and everything else code. Among data what a web server would
 * run or go by is generated; in .git and .svn it is code or config.
 */
enum role conf_role(const struct conf *c, struct slice path);
/* Is it data by its place, whatever its own name makes of it? */
bool conf_in_data(const struct conf *c, struct slice path);
/* The number of the root of this path, as the settings write it. False: there is none. */
bool conf_root_of(const struct conf *c, struct slice path, uint32_t *root);
/* Is a process of this user (may be empty) and executable a web worker? */
bool conf_web_worker(const struct conf *c, struct slice user, struct slice exe);
/* The uids of [web] users that this machine knows, but for root's; at most `most`. How many. */
size_t conf_web_uids(const struct conf *c, uid_t *out, size_t most);
/* Directory with the profiles: $HINOBAN_PROFILES, beside the sources for a build tree, or
 * installed. */
const char *conf_profile_dir(void);

/* The i-th of c->page_watch, which the reader of the config has looked at. */
struct conf_page conf_page(const struct conf *c, size_t i);
/* Split and look at one text; NULL: it is good, else what was expected. */
const char *conf_page_of(struct slice text, struct conf_page *out);

/*
 * Which kind of shop is in this folder? Profiles' [recognise] sections name files that must
 * exist and texts that must occur in them (within the first 64 KiB). The shop is looked for
 * in the folder, in the folders directly in it, and, where the folder is a shop's document
 * root (EC-CUBE's html, Magento's pub), in the one above.
 */
struct conf_guess {
	char profile[64];
	char title[128];   /* "EC-CUBE 4.2.3" */
	char because[512]; /* the files that told, joined by ", " */
	char dir[4096]; /* what to watch: the folder, or the one above where that holds the shop
	                 */
	char base[256]; /* the shop's folder below dir, "" for dir itself */
	double sure;    /* 0..1 */
};
/* Best guess first; returns how many (at most max, at least 1: plain), or -errno. */
int conf_recognise(const char *dir, const char *profile_dir, struct conf_guess *out, int max,
                   struct err *e);
/*
 * A commented config as text, with every setting and its default; `lang` is "ja" or "en".
 * Watches `dir`, or g->dir where dir is NULL. g NULL: the plain profile. 0 or -ENOMEM.
 */
int conf_write_default(struct buf *out, const struct conf_guess *g, const char *dir,
                       const char *state, const char *lang);

#endif
