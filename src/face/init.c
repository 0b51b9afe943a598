/*
 * hinoban init: what kind of shop is this, a config for it, a ledger, the first baseline.
 */
#include "base/path.h"
#include "face/commands.h"
#include "face/scan.h"
#include "face/webserver.h"
#include "face/words.h"
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_GUESSES      8
#define CONFIG_MAX_BYTES (256u * 1024)
#define DIR_MODE         0755

struct init {
	struct face *f;
	char dir[FACE_PATH_MAX];
	char config[FACE_PATH_MAX], state[FACE_PATH_MAX];
	struct conf_guess guess;
	struct webserver web;
	struct slice log[WEBSERVER_MAX]; /* to be written */
	size_t logs;
	struct scan_result scan;
};

static int fail(enum text_id id, const char *what, int e)
{
	COMPLAIN(id, what, strerror(e));
	return e == ENOSPC || e == EIO ? EXIT_OURS : EXIT_USE;
}

/* --- where -------------------------------------------------------------------- */

/* Relative paths count from here, whatever becomes of the working folder. */
static void absolute(const char *path, char out[FACE_PATH_MAX])
{
	char cwd[FACE_PATH_MAX / 2] = "";

	if (path[0] != '/' && !getcwd(cwd, sizeof(cwd)))
		cwd[0] = '\0';
	snprintf(out, FACE_PATH_MAX, "%s%s%s", cwd, cwd[0] ? "/" : "", path);
}

static void hint_docroots(struct init *in)
{
	for (size_t i = 0; i < in->web.docroots; i++)
		COMPLAIN(T_INIT_DOCROOT, face_cstr(in->f, in->web.docroot[i]));
}

/* Many shops are served by a link to the newest release; it leads elsewhere with the next. */
static void hint_link(struct init *in)
{
	char given[FACE_PATH_MAX];
	struct stat st;
	size_t n;

	(void)snprintf(given, sizeof(given), "%s", in->f->args.rest[0]);
	for (n = strlen(given); n > 1 && given[n - 1] == '/'; n--)
		given[n - 1] = '\0';
	if (lstat(given, &st) == 0 && S_ISLNK(st.st_mode))
		COMPLAIN(T_INIT_LINK, given, in->dir);
}

static int find_dir(struct init *in)
{
	struct face *f = in->f;
	struct stat st;

	webserver_look(&f->mem, &in->web);
	if (!f->args.rests) {
		COMPLAIN(T_INIT_WHICH);
		hint_docroots(in);
		return EXIT_USE;
	}
	if (!realpath(f->args.rest[0], in->dir))
		return fail(T_INIT_NO_DIR, f->args.rest[0], errno);
	if (stat(in->dir, &st) < 0 || !S_ISDIR(st.st_mode))
		return fail(T_INIT_NO_DIR, in->dir, ENOTDIR);
	if (strcmp(in->dir, "/") == 0) {
		COMPLAIN(T_INIT_NOT_ROOT);
		return EXIT_USE;
	}
	hint_link(in);
	return EXIT_GOOD;
}

static bool has_ledger(const struct init *in)
{
	char db[FACE_PATH_MAX + 16];

	snprintf(db, sizeof(db), "%s/ledger.db", in->state);
	return access(db, F_OK) == 0;
}

static int find_places(struct init *in)
{
	struct face *f = in->f;
	const char *state = args_text(&f->args, OPT_STATE);
	size_t n;

	/* What is served may be a part of the shop: then the whole shop is watched. */
	if (in->guess.dir[0])
		snprintf(in->dir, sizeof(in->dir), "%s", in->guess.dir);
	n = strlen(in->dir);
	absolute(f->config, in->config);
	absolute(state ? state : FACE_STATE, in->state);
	if (strncmp(in->state, in->dir, n) == 0 && (in->state[n] == '/' || !in->state[n])) {
		COMPLAIN(T_INIT_STATE_INSIDE, in->state);
		return EXIT_USE;
	}
	snprintf(f->state, sizeof(f->state), "%s", in->state);
	if (face_live(f)) {
		COMPLAIN(T_INIT_LIVE, in->state);
		return EXIT_USE;
	}
	if (args_has(&f->args, OPT_FORCE))
		return EXIT_GOOD;
	if (access(in->config, F_OK) == 0)
		COMPLAIN(T_INIT_EXISTS, in->config);
	else if (has_ledger(in))
		COMPLAIN(T_INIT_EXISTS, in->state);
	else
		return EXIT_GOOD;
	COMPLAIN(T_INIT_FORCE_HINT);
	return EXIT_USE;
}

/* --- what --------------------------------------------------------------------- */

/* The guess with this profile, or, for a profile that did not fit, DIR as it is. */
static int named_profile(struct init *in, const char *name, const struct conf_guess *guess,
                         int n)
{
	char path[FACE_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s.profile", conf_profile_dir(), name);
	if (strchr(name, '/') || strlen(name) >= sizeof(in->guess.profile) ||
	    access(path, R_OK) < 0) {
		COMPLAIN(T_INIT_NO_PROFILE, name);
		return EXIT_USE;
	}
	for (int i = 0; i < n; i++)
		if (strcmp(guess[i].profile, name) == 0) {
			in->guess = guess[i];
			return EXIT_GOOD;
		}
	in->guess = (struct conf_guess){.sure = 1};
	snprintf(in->guess.profile, sizeof(in->guess.profile), "%s", name);
	snprintf(in->guess.title, sizeof(in->guess.title), "%s", name);
	snprintf(in->guess.because, sizeof(in->guess.because), "--profile %s", name);
	return EXIT_GOOD;
}

static int recognise(struct init *in)
{
	const char *name = args_text(&in->f->args, OPT_PROFILE);
	struct conf_guess *guess = calloc(MAX_GUESSES, sizeof(*guess));
	struct err e = {0};
	int n, code = EXIT_GOOD;

	n = guess ? conf_recognise(in->dir, conf_profile_dir(), guess, MAX_GUESSES, &e)
	          : -ENOMEM;
	if (n < 0) {
		COMPLAIN(T_INIT_RECOGNISE_FAULT, e.text[0] ? e.text : strerror(-n));
		code = n == -EACCES ? EXIT_USE : EXIT_OURS;
	} else if (name) {
		code = named_profile(in, name, guess, n);
	} else {
		in->guess = guess[0];
	}
	free(guess);
	return code;
}

static int find_logs(struct init *in)
{
	const struct args *a = &in->f->args;

	for (int i = 0; i < a->count[OPT_ACCESS_LOG]; i++) {
		char path[FACE_PATH_MAX];

		absolute(a->value[OPT_ACCESS_LOG][i], path);
		in->log[in->logs++] = arena_copy(&in->f->mem, slice_str(path));
		if (access(path, R_OK) < 0)
			COMPLAIN(T_INIT_LOG_MISSING, path);
	}
	if (!in->logs) {
		in->logs = in->web.logs;
		memcpy(in->log, in->web.log, sizeof(in->log));
	}
	return EXIT_GOOD;
}

static void tell_plan(struct init *in)
{
	struct face *f = in->f;

	SAY(T_INIT_FOUND, in->guess.title, in->dir);
	if (in->guess.because[0])
		SAY(T_INIT_BECAUSE, in->guess.because, in->guess.profile);
	SAY(T_INIT_WILL_CONFIG, in->config);
	SAY(T_INIT_WILL_STATE, in->state);
	for (size_t i = 0; i < in->logs; i++)
		SAY(T_INIT_WILL_LOG, face_cstr(f, in->log[i]));
	if (!in->logs)
		SAY(T_INIT_NO_LOG);
}

static int ask(const struct init *in)
{
	char line[16] = "";

	if (args_has(&in->f->args, OPT_YES))
		return EXIT_GOOD;
	if (!isatty(STDIN_FILENO)) {
		COMPLAIN(T_INIT_NO_TERMINAL);
		return EXIT_USE;
	}
	fputs(text(T_INIT_ASK), stdout);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin) || !strchr("yY\n", line[0])) {
		SAY(T_INIT_NOTHING_DONE);
		return EXIT_USE;
	}
	return EXIT_GOOD;
}

/* --- written ------------------------------------------------------------------ */

/* What is there is moved aside, never removed: an old ledger is evidence. */
static int move_aside(const char *path)
{
	char at[CLOCK_TEXT_BYTES], old[FACE_PATH_MAX + 64];

	if (access(path, F_OK) < 0)
		return EXIT_GOOD;
	clock_text(clock_now_us(), at);
	snprintf(old, sizeof(old), "%s.old-%.4s%.2s%.2s-%.2s%.2s%.2s.%.6s", path, at, at + 5,
	         at + 8, at + 11, at + 14, at + 17, at + 20);
	if (rename(path, old) < 0)
		return fail(T_CANNOT_WRITE, path, errno);
	SAY(T_INIT_MOVED, path, old);
	return EXIT_GOOD;
}

static int make_parents(const char *path)
{
	char part[FACE_PATH_MAX];

	snprintf(part, sizeof(part), "%s", path);
	for (char *p = strchr(part + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		if (mkdir(part, DIR_MODE) < 0 && errno != EEXIST)
			return fail(T_CANNOT_WRITE, part, errno);
		*p = '/';
	}
	return EXIT_GOOD;
}

static void quote(struct buf *out, struct slice s)
{
	buf_byte(out, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '"' || s.at[i] == '\\')
			buf_byte(out, '\\');
		buf_byte(out, s.at[i]);
	}
	buf_byte(out, '"');
}

static void log_line(const struct init *in, struct buf *out)
{
	buf_str(out, "access_log = [");
	for (size_t i = 0; i < in->logs; i++) {
		if (i)
			buf_str(out, ", ");
		quote(out, in->log[i]);
	}
	buf_str(out, "]\n");
}

/* The default config with our access logs in place of its own line. */
static void with_logs(const struct init *in, struct slice whole, struct buf *out)
{
	struct cursor c = cursor_over(whole);
	struct slice line;

	while (cursor_line(&c, &line)) {
		if (in->logs && slice_starts(line, SLICE("access_log ="))) {
			log_line(in, out);
			continue;
		}
		buf_add(out, line);
		buf_byte(out, '\n');
	}
}

static int write_file(const char *path, struct slice s)
{
	AUTO_FD fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0)
		return fail(T_CANNOT_WRITE, path, errno);
	int r = path_write(fd, s);

	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	return r < 0 ? fail(T_CANNOT_WRITE, path, -r) : EXIT_GOOD;
}

static int write_config(struct init *in)
{
	struct buf plain, full;
	int code;

	buf_init(&plain, CONFIG_MAX_BYTES);
	buf_init(&full, CONFIG_MAX_BYTES);
	if (conf_write_default(&plain, &in->guess, in->dir, in->state, text_lang_name()) < 0) {
		COMPLAIN(T_CANNOT_WRITE, in->config, "conf_write_default");
		code = EXIT_OURS;
	} else {
		with_logs(in, buf_slice(&plain), &full);
		code = make_parents(in->config);
		if (!code)
			code = write_file(in->config, buf_slice(&full));
	}
	buf_done(&plain);
	buf_done(&full);
	return code;
}

static int make_ledger(struct init *in)
{
	struct err e = {0};
	int code = make_parents(in->state), r;

	if (code)
		return code;
	r = ledger_create(in->state, &e);
	if (r < 0) {
		COMPLAIN(T_INIT_LEDGER_FAULT, e.text[0] ? e.text : strerror(-r));
		return r == -EACCES || r == -EPERM || r == -EEXIST ? EXIT_USE : EXIT_OURS;
	}
	return EXIT_GOOD;
}

/* --- the baseline ---------------------------------------------------------------- */

static int baseline(struct init *in)
{
	struct scan_want want = {.baseline = true,
	                         .reason = "init",
	                         .record = true,
	                         .progress = T_PROGRESS_BASELINE};
	struct face *f = in->f;
	int code;

	f->config = in->config;
	code = face_conf(f);
	if (!code)
		code = face_client(f);
	return code ? code : scan_files(f, &want, &in->scan);
}

static int tell_done(struct init *in)
{
	struct face *f = in->f;
	int64_t n[ROLES] = {0}, files = 0;
	struct table t;
	int code = face_ledger(f);
	char took[32];

	if (code || ledger_table(f->ledger, &t) < 0)
		return code ? code : EXIT_OURS;
	for (size_t i = 0; i < t.count; i++)
		if (t.entry[i].present.class == CLASS_FILE && t.entry[i].role < ROLES) {
			n[t.entry[i].role]++;
			files++;
		}
	table_close(&t);
	snprintf(took, sizeof(took), "%.1f", (double)in->scan.sense.us / 1e6);
	putchar('\n');
	SAY(T_INIT_BASELINE, face_num(f, files), face_bytes(f, in->scan.sense.bytes), took);
	for (int r = 0; r < ROLES; r++)
		if (n[r]) {
			printf("  %10s  ", face_num(f, n[r]));
			printf("%s\n", words_role(slice_str(role_name((enum role)r))));
		}
	if (in->scan.sense.unreadable)
		SAY(T_CHECK_UNREADABLE, face_num(f, in->scan.sense.unreadable));
	putchar('\n');
	if (strcmp(in->config, FACE_CONFIG) == 0)
		SAY(T_INIT_NEXT);
	else
		SAY(T_INIT_NEXT_CONFIG, in->config);
	return EXIT_GOOD;
}

static int init_run(struct face *f)
{
	static int (*const steps[])(struct init *) = {find_dir, recognise, find_places,
	                                              find_logs};
	struct init *in = calloc(1, sizeof(*in));
	int code = in ? EXIT_GOOD : EXIT_OURS;

	/* Settings and state are for hinoban's own users to read, whatever root's habit. */
	umask(022);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && !code; i++) {
		in->f = f;
		code = steps[i](in);
	}
	if (!code) {
		tell_plan(in);
		code = ask(in);
	}
	if (!code)
		code = move_aside(in->config);
	if (!code && has_ledger(in))
		code = move_aside(in->state);
	if (!code)
		code = make_ledger(in);
	if (!code)
		code = write_config(in);
	if (!code)
		code = baseline(in);
	if (!code)
		code = tell_done(in);
	free(in);
	return code;
}

static const uint8_t init_opts[] = {OPT_PROFILE, OPT_ACCESS_LOG, OPT_YES, OPT_FORCE, OPT_END};

const struct command init_cmd = {
    .name = "init",
    .usage = "DIR",
    .what = T_INIT_WHAT,
    .more = T_INIT_EXAMPLES,
    .opts = init_opts,
    .max = 1,
    .run = init_run,
};
