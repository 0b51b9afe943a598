/*
 * hinoban doctor: what this machine can and cannot do for the watch, what each lack means,
 * and what to do about it.
 */
#include "face/doctor.h"
#include "face/child.h"
#include "face/commands.h"
#include "respond/respond.h"
#include "sense/sense.h"
#include "visit/visit.h"
#include "wall/seal.h"
#include "wall/spawn.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#define MAX_ABILITIES  32
#define CLOCK_FLOOR_US 1767225600000000ll /* 2026-01-01: a clock before that was never set */
#define NAME_COLUMNS   26
#define CONF_BYTES     (256u * 1024)
#define PHP_LINK_S     120 /* PHP's default */
#define NGINX_OPEN_S   10

static void told(struct doctor *d, enum health h, const char *name, const char *detail,
                 const char *todo)
{
	static const char *const marks[] = {"ok", "note", "bad"};
	static const enum text_id words[] = {T_DOCTOR_OK, T_DOCTOR_NOTE, T_DOCTOR_BAD};
	static const enum term_color colors[] = {TERM_GREEN, TERM_YELLOW, TERM_RED};
	struct arena *a = &d->f->mem;
	struct json *o;

	d->bad += h == HEALTH_BAD;
	d->notes += h == HEALTH_NOTE;
	if (d->json) {
		o = json_obj(a);
		json_put_str(a, o, "check", name);
		json_put_str(a, o, "state", marks[h]);
		json_put_str(a, o, "detail", detail);
		if (*todo)
			json_put_str(a, o, "do", todo);
		face_put_json(o);
		return;
	}
	fputs("  ", stdout);
	term_color(colors[h]);
	term_cell(slice_str(text(words[h])), 6);
	term_color(TERM_PLAIN);
	term_cell(slice_str(name), NAME_COLUMNS);
	putchar(' ');
	term_text(slice_str(detail));
	putchar('\n');
	if (*todo)
		term_wrap(slice_str(todo), 10);
}

void doctor_tell(struct doctor *d, enum health h, const char *name, const char *detail,
                 enum text_id todo)
{
	told(d, h, name, detail, h == HEALTH_GOOD ? "" : text(todo));
}

/* --- the machine ------------------------------------------------------------------- */

static void see_kernel(struct doctor *d)
{
	struct utsname u;
	unsigned major = 0, minor = 0;

	if (uname(&u) < 0)
		return;
	sscanf(u.release, "%u.%u", &major, &minor);
	doctor_tell(d, major > 5 || (major == 5 && minor >= 17) ? HEALTH_GOOD : HEALTH_BAD,
	            "kernel", u.release, T_DO_KERNEL);
}

static const struct {
	const char *prefix;
	enum health lack;
	enum text_id todo;
} lacks[] = {
    {"fanotify.filesystem", HEALTH_NOTE, T_DO_FILESYSTEM},
    {"fanotify.permission", HEALTH_NOTE, T_DO_ABILITY},
    {"fanotify", HEALTH_BAD, T_DO_FANOTIFY},
    {"landlock", HEALTH_BAD, T_DO_LANDLOCK},
    {"seccomp", HEALTH_BAD, T_DO_SECCOMP},
    {"processes.connector", HEALTH_NOTE, T_DO_CONNECTOR},
    {"", HEALTH_NOTE, T_DO_ABILITY},
};

static const struct {
	const char *name;
	enum text_id what;
} abilities[] = {
    {"fanotify.names", T_ABLE_NAMES},
    {"fanotify.filesystem", T_ABLE_FILESYSTEM},
    {"fanotify.pidfd", T_ABLE_PIDFD},
    {"fanotify.permission", T_ABLE_PERMISSION},
    {"hold.leases", T_ABLE_LEASES},
    {"hold.closing", T_ABLE_CLOSING},
    {"processes.connector", T_ABLE_CONNECTOR},
    {"landlock", T_ABLE_LANDLOCK},
    {"seccomp", T_ABLE_SECCOMP},
};

/* What it is good for, in the reader's language; where it lacks, why. */
static const char *ability_text(struct doctor *d, const struct sense_ability *a)
{
	const char *why = a->has ? NULL : strstr(a->detail, ": ");

	for (size_t i = 0; i < sizeof(abilities) / sizeof(abilities[0]); i++)
		if (strcmp(abilities[i].name, a->name) == 0)
			return face_cstr(d->f,
			                 arena_printf(&d->f->mem, "%s%s",
			                              text(abilities[i].what), why ? why : ""));
	return a->detail;
}

static void see_abilities(struct doctor *d, const char *dir)
{
	struct sense_ability able[MAX_ABILITIES];
	int n = sense_abilities(dir, able, MAX_ABILITIES);

	for (int i = 0; i < n; i++) {
		size_t k = 0;

		while (!slice_starts(slice_str(able[i].name), slice_str(lacks[k].prefix)))
			k++;
		doctor_tell(d, able[i].has ? HEALTH_GOOD : lacks[k].lack, able[i].name,
		            ability_text(d, &able[i]), lacks[k].todo);
	}
}

/* What it is good for, and by which way of the kernel's; where it can't stand, why. */
static void see_fence(struct doctor *d)
{
	struct sense_ability able;
	const char *way;

	if (geteuid() != 0)
		return;
	sense_try_fence(&able);
	way = strstr(able.detail, " (BPF");
	doctor_tell(d, able.has ? HEALTH_GOOD : HEALTH_NOTE, able.name,
	            able.has ? face_cstr(d->f, arena_printf(&d->f->mem, "%s%s",
	                                                    text(T_ABLE_FENCE), way ? way : ""))
	                     : able.detail,
	            T_DO_FENCE);
}

static void see_rights(struct doctor *d)
{
	bool root = geteuid() == 0;

	doctor_tell(d, root ? HEALTH_GOOD : HEALTH_NOTE, "rights",
	            root ? "root" : face_who(d->f), T_DO_ROOT);
}

static void see_users(struct doctor *d)
{
	struct buf b;

	buf_init(&b, 1024);
	for (int r = 0; r < SEAL_ROLES; r++) {
		uid_t uid;
		gid_t gid;

		seal_ids((enum seal_role)r, &uid, &gid);
		buf_printf(&b, "%s%s %u", r ? ", " : "", seal_role_name((enum seal_role)r),
		           (unsigned)uid);
	}
	told(d, HEALTH_GOOD, "users", buf_cstr(&b), "");
	buf_done(&b);
}

static void see_programs(struct doctor *d)
{
	char path[FACE_PATH_MAX];
	struct buf missing;

	buf_init(&missing, 1024);
	for (int r = 0; r < SEAL_ROLES; r++) {
		const char *role = seal_role_name((enum seal_role)r);

		snprintf(path, sizeof(path), "%s/hinoban-%s", spawn_libexec(), role);
		if (access(path, X_OK) < 0)
			buf_printf(&missing, "%shinoban-%s", missing.n ? ", " : "", role);
	}
	doctor_tell(d, missing.n ? HEALTH_BAD : HEALTH_GOOD, "programs",
	            missing.n ? buf_cstr(&missing) : spawn_libexec(), T_DO_PROGRAMS);
	buf_done(&missing);
}

static void see_clock(struct doctor *d)
{
	char now[WHEN_TEXT_BYTES];
	bool set = clock_now_us() > CLOCK_FLOOR_US;
	bool synced = access("/run/systemd/timesync/synchronized", F_OK) == 0 ||
	              access("/run/chrony", F_OK) == 0 ||
	              access("/run/chronyd.pid", F_OK) == 0 ||
	              access("/run/ntpd.pid", F_OK) == 0;

	when_exact(clock_now_us(), now);
	doctor_tell(d,
	            !set     ? HEALTH_BAD
	            : synced ? HEALTH_GOOD
	                     : HEALTH_NOTE,
	            "clock", now, T_DO_CLOCK);
}

/* --- the watch ---------------------------------------------------------------------- */

static void see_config(struct doctor *d, int code)
{
	doctor_tell(d, code ? HEALTH_BAD : HEALTH_GOOD, "config", d->f->config, T_DO_CONFIG);
}

/* --- pages -------------------------------------------------------------------------- */

/* The major version in "Chromium 156.0..."; asked without root's rights. */
static int chromium_version(struct doctor *d, const char *program, const char **said)
{
	char *const argv[] = {(char *)(uintptr_t)program, (char *)(uintptr_t) "--version",
	                      NULL};
	struct buf out;
	struct slice line;
	size_t blank;
	uint64_t major = 0;

	buf_init(&out, 4096);
	if (browser_ask(argv, &out) < 0) {
		buf_done(&out);
		return 0;
	}
	line = slice_trim(buf_slice(&out));
	line = arena_copy(&d->f->mem, slice_sub(line, 0, slice_chr(line, '\n')));
	buf_done(&out);
	*said = face_cstr(d->f, line);
	blank = slice_chr(line, ' ');
	line = blank == SIZE_MAX ? line : slice_sub(line, blank + 1, line.n);
	slice_u64(slice_sub(line, 0, slice_chr(line, '.')), &major);
	return (int)major;
}

static void see_chromium(struct doctor *d)
{
	const char *program = browser_program(&d->f->conf), *said = "";
	int major = program ? chromium_version(d, program, &said) : 0;

	if (!program || !major)
		doctor_tell(d, HEALTH_BAD, "chromium", program ? program : BROWSER_PROGRAM,
		            T_DO_CHROMIUM_MISSING);
	else
		doctor_tell(d, major < BROWSER_OLDEST ? HEALTH_BAD : HEALTH_GOOD, "chromium",
		            said, T_DO_CHROMIUM_OLD);
}

static void see_pages(struct doctor *d)
{
	struct arena mem;

	if (d->f->conf.page_watches == 0)
		return;
	see_chromium(d);
	arena_init(&mem, 1 << 20);
	for (size_t i = 0; i < d->f->conf.page_watches; i++) {
		struct conf_page p = conf_page(&d->f->conf, i);
		struct journey j;
		struct err e = {""};
		int r =
		    p.journey.n ? journey_load(conf_profile_dir(), p.journey, &mem, &j, &e) : 0;

		doctor_tell(d, r < 0 ? HEALTH_BAD : HEALTH_GOOD, "page",
		            r < 0 ? e.text : face_cstr(d->f, p.name), T_DO_JOURNEY);
	}
	arena_done(&mem);
}

static bool same_filesystem(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev;
}

/*
 * Abilities are a filesystem's, and to try them a file is made: in a shop that is held it
 * would be taken for an intruder's. So another folder of the same filesystem, if there is one.
 */
static const char *place_to_try(struct doctor *d, const char *root)
{
	const char *state = face_cstr(d->f, d->f->conf.state);
	const char *above = face_cstr(d->f, arena_printf(&d->f->mem, "%s/..", root));
	AUTO_FREE char *real = realpath(above, NULL);
	uint32_t number;
	struct slice rel;

	if (same_filesystem(state, root))
		return state;
	if (real && same_filesystem(real, root) && !face_in_roots(d->f, real, &number, &rel))
		return above;
	return root;
}

static void see_roots(struct doctor *d)
{
	for (size_t i = 0; i < d->f->conf.roots; i++) {
		const char *root = face_cstr(d->f, d->f->conf.root[i].path);
		bool there = access(root, R_OK | X_OK) == 0;

		doctor_tell(d, there ? HEALTH_GOOD : HEALTH_BAD, "shop", root, T_DO_SHOP);
		if (there)
			see_abilities(d, place_to_try(d, root));
	}
}

static void see_logs(struct doctor *d)
{
	for (size_t i = 0; i < d->f->conf.access_logs; i++) {
		const char *log = face_cstr(d->f, d->f->conf.access_log[i]);

		doctor_tell(d, access(log, R_OK) == 0 ? HEALTH_GOOD : HEALTH_NOTE, "access log",
		            log, T_DO_LOG);
	}
	if (!d->f->conf.access_logs)
		doctor_tell(d, HEALTH_NOTE, "access log", text(T_NONE), T_DO_NO_LOG);
}

/* A program's settings, or their beginning; valid until the next call. */
static struct slice settings_of(const char *file)
{
	static char bytes[CONF_BYTES];
	AUTO_FD fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	ssize_t n = fd >= 0 ? read(fd, bytes, sizeof(bytes)) : -1;

	return slice_mem(bytes, n > 0 ? (size_t)n : 0);
}

/* The last number that this file of PHP's settings gives it; -1: none. */
static int64_t php_number(const char *file, struct slice name)
{
	struct cursor c = cursor_over(settings_of(file));
	struct slice line;
	int64_t found = -1;
	uint64_t v;

	while (cursor_line(&c, &line)) {
		size_t eq = slice_chr(line, '=');

		if (eq != SIZE_MAX && slice_eq(slice_trim(slice_sub(line, 0, eq)), name) &&
		    slice_u64(slice_trim(slice_sub(line, eq + 1, line.n)), &v))
			found = (int64_t)v;
	}
	return found;
}

/*
 * opcache.validate_timestamps=0: PHP goes on running the old code after a file is put right.
 * realpath_cache_ttl: where a link led, PHP remembers for so long (GATE_GOAL_US).
 */
static void see_php(struct doctor *d)
{
	glob_t g = {0};

	glob("/etc/php/*/fpm/php.ini", 0, NULL, &g);
	glob("/etc/php/*/fpm/conf.d/*.ini", GLOB_APPEND, NULL, &g);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		if (php_number(g.gl_pathv[i], SLICE("opcache.validate_timestamps")) == 0)
			doctor_tell(d, HEALTH_NOTE, "php opcache", g.gl_pathv[i], T_DO_OPCACHE);
		if (php_number(g.gl_pathv[i], SLICE("realpath_cache_ttl")) > PHP_LINK_S)
			doctor_tell(d, HEALTH_NOTE, "php links", g.gl_pathv[i], T_DO_REALPATH);
	}
	globfree(&g);
}

/*
 * nginx hands out what it has open, also where it was moved away long ago: for longer than a
 * writer is kept from code that was (LINGER_MOST_US in sense/gate_linger.c).
 */
static bool keeps_open(const char *file)
{
	struct cursor c = cursor_over(settings_of(file));
	struct slice line;
	bool keeps = false, briefly = false;

	while (cursor_line(&c, &line)) {
		size_t end;
		struct slice name, value;
		uint64_t s;

		line = slice_trim(line);
		line = slice_sub(line, 0, slice_chr(line, ';'));
		end = slice_chr(line, ' ');
		if (end == SIZE_MAX)
			continue;
		name = slice_sub(line, 0, end);
		value = slice_trim(slice_sub(line, end, line.n));
		if (slice_eq(name, SLICE("open_file_cache")))
			keeps = !slice_eq(value, SLICE("off"));
		else if (slice_eq(name, SLICE("open_file_cache_valid")))
			briefly = slice_u64(slice_sub(value, 0, slice_chr(value, 's')), &s) &&
			          s <= NGINX_OPEN_S;
	}
	return keeps && !briefly;
}

static void see_nginx(struct doctor *d)
{
	glob_t g = {0};

	glob("/etc/nginx/*.conf", 0, NULL, &g);
	glob("/etc/nginx/*/*", GLOB_APPEND, NULL, &g);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		if (keeps_open(g.gl_pathv[i]))
			doctor_tell(d, HEALTH_NOTE, "nginx open files", g.gl_pathv[i],
			            T_DO_OPEN_FILES);
	}
	globfree(&g);
}

/* By it whoever owns a folder of code covers it with what none but him can look at. */
static void see_fuse(struct doctor *d)
{
	static const char *const programs[] = {"/usr/bin/fusermount3", "/usr/bin/fusermount"};
	struct stat st;

	/* The one may be a link to the other. */
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (lstat(programs[i], &st) == 0 && S_ISREG(st.st_mode) &&
		    st.st_mode & S_ISUID && st.st_mode & S_IXOTH)
			doctor_tell(d, HEALTH_NOTE, "mounts by users", programs[i], T_DO_FUSE);
	}
}

static int count_one(void *ctx, int64_t seq, struct slice canonical)
{
	(void)seq;
	(void)canonical;
	(*(int64_t *)ctx)++;
	return 0;
}

/* After a day of watching without an alarm, healing is worth a thought. */
static void see_mode(struct doctor *d)
{
	int64_t now = clock_now_us(), day = 86400ll * 1000000, findings = 0;
	struct ledger_query q = {.kind = SLICE("finding"), .since_us = now - day};
	const struct json *first = NULL;
	enum conf_mode of[ROLES];
	struct slice connect;
	bool watching = true;

	if (face_modes(d->f, of, &connect) != EXIT_GOOD)
		return;
	for (int r = 0; r < ROLE_DATA; r++)
		watching = watching && of[r] == CONF_WATCH;
	first = face_oldest(d->f, "watch.started");
	if (!first || ledger_each(d->f->ledger, &q, count_one, &findings) < 0)
		return;
	if (!watching)
		doctor_tell(d, HEALTH_GOOD, "mode", text(T_DOCTOR_HEALS), T_DO_HEAL);
	else if (now - fact_at_us(first) > day && findings == 0)
		doctor_tell(d, HEALTH_NOTE, "mode", text(T_DOCTOR_QUIET), T_DO_HEAL);
}

/* Is anybody told, and does it arrive? */
static void see_alerts(struct doctor *d)
{
	const struct conf *c = &d->f->conf;
	bool any = c->alert_mails || c->alert_webhooks || c->alert_syslog;
	const struct json *sent, *failed;

	if (!any) {
		doctor_tell(d, HEALTH_NOTE, "alert", text(T_NONE), T_DO_ALERT);
		return;
	}
	sent = face_newest(d->f, "alert.sent");
	failed = face_newest(d->f, "alert.failed");
	if (failed && fact_seq(failed) > fact_seq(sent))
		doctor_tell(d, HEALTH_NOTE, "alert", face_cstr(d->f, json_text(failed, "why")),
		            T_DO_ALERT_FAILED);
	else
		doctor_tell(d, HEALTH_GOOD, "alert",
		            text(sent ? T_ALERT_ARRIVES : T_ALERT_NEVER), T_DO_ALERT);
}

/* --- containment ------------------------------------------------------------------- */

/* nftables are tried where they harm nobody: in a network namespace of this command's own. */
static void see_nftables(struct doctor *d)
{
	struct nft_table trial = {.seq = 1};
	int sock = nft_open_apart();
	int r = sock < 0 ? sock : nft_isolate(sock, &trial, false, NULL, 0, 60);

	if (r == 0)
		r = nft_armed(sock, 1) == 1 ? 0 : -EIO;
	if (sock >= 0)
		close(sock);
	doctor_tell(d, r == 0 ? HEALTH_GOOD : HEALTH_NOTE, "contain isolate",
	            r == 0 ? "nftables" : strerror(-r), T_DO_NFTABLES);
}

static const char *flag_path(struct doctor *d, const char *name)
{
	return face_cstr(
	    d->f, arena_printf(&d->f->mem, "%s/" CONTAIN_FLAGS "/%s", d->f->state, name));
}

/* Do the settings of a web server look for this flag? */
static bool server_looks_for(const char *flag)
{
	static const char *const where[] = {"/etc/nginx/*.conf", "/etc/nginx/*/*",
	                                    "/etc/apache2/*/*.conf", "/etc/httpd/*/*.conf"};
	bool found = false;

	for (size_t i = 0; i < sizeof(where) / sizeof(where[0]); i++) {
		glob_t g;

		if (glob(where[i], 0, NULL, &g) != 0)
			continue;
		for (size_t k = 0; k < g.gl_pathc; k++)
			found = found || slice_find(settings_of(g.gl_pathv[k]),
			                            slice_str(flag)) != SIZE_MAX;
		globfree(&g);
	}
	return found;
}

static void see_snippet(struct doctor *d)
{
	const char *payment = flag_path(d, CONTAIN_STOP_PAYMENT);
	const char *shop = flag_path(d, CONTAIN_STOP_SHOP);

	doctor_tell(d, server_looks_for(payment) ? HEALTH_GOOD : HEALTH_NOTE,
	            "contain stop-payment", payment, T_DO_SNIPPET);
	if (d->f->conf.maintenance.n)
		doctor_tell(d, HEALTH_GOOD, "contain stop-shop",
		            face_cstr(d->f, d->f->conf.maintenance), T_DO_FLAG);
	else
		doctor_tell(d, server_looks_for(shop) ? HEALTH_GOOD : HEALTH_NOTE,
		            "contain stop-shop", shop, T_DO_FLAG);
}

static void see_containment(struct doctor *d)
{
	const char *groups = contain_groups();

	see_nftables(d);
	doctor_tell(d, groups ? HEALTH_GOOD : HEALTH_NOTE, "contain freeze",
	            groups ? groups : "SIGSTOP", T_DO_GROUPS);
	see_snippet(d);
}

static bool any_file(const char *pattern)
{
	glob_t g = {0};
	bool found = glob(pattern, 0, NULL, &g) == 0;

	globfree(&g);
	return found;
}

/* What documents and the reading of news need. */
static void see_documents(struct doctor *d)
{
	struct arena *a = &d->f->mem;
	const char *dir = conf_profile_dir();
	bool words = any_file(face_cstr(d->f, arena_printf(a, "%s/news/*.lexicon", dir)));
	bool forms = any_file(face_cstr(d->f, arena_printf(a, "%s/templates/*.mustache", dir)));
	bool font = any_file("/usr/share/fonts/*/*/*CJK*") ||
	            any_file("/usr/share/fonts/*/*CJK*") ||
	            any_file("/usr/share/fonts/*/*/*[Gg]othic*");

	doctor_tell(d, words ? HEALTH_GOOD : HEALTH_NOTE, "read, lexicons", dir, T_DO_PROFILES);
	doctor_tell(d, forms ? HEALTH_GOOD : HEALTH_NOTE, "report, templates", dir,
	            T_DO_PROFILES);
	doctor_tell(d, child_exists("chromium") && font ? HEALTH_GOOD : HEALTH_NOTE,
	            "report, PDF",
	            child_exists("chromium") ? font ? "chromium" : text(T_DOCTOR_NO_FONT)
	                                     : text(T_NONE),
	            T_DO_PDF);
}

static int doctor_run(struct face *f)
{
	struct doctor d = {.f = f, .json = args_has(&f->args, OPT_JSON)};
	int code = face_conf(f);

	if (!d.json)
		SAY(T_DOCTOR_MACHINE);
	see_kernel(&d);
	see_rights(&d);
	see_users(&d);
	see_programs(&d);
	see_clock(&d);
	see_fence(&d);
	see_documents(&d);
	if (!f->has_conf)
		see_abilities(&d, "/");
	if (!d.json) {
		putchar('\n');
		SAY(T_DOCTOR_WATCH);
	}
	see_config(&d, code);
	if (f->has_conf) {
		see_roots(&d);
		see_pages(&d);
		see_logs(&d);
	}
	see_php(&d);
	see_nginx(&d);
	see_fuse(&d);
	if (face_state(f) == EXIT_GOOD) {
		doctor_state(&d);
		see_mode(&d);
		if (f->has_conf && f->ledger)
			see_alerts(&d);
		if (f->has_conf)
			see_containment(&d);
	}
	if (!d.json) {
		putchar('\n');
		SAY(d.bad ? T_DOCTOR_SUM_BAD : T_DOCTOR_SUM_GOOD, face_int(f, d.bad),
		    face_int(f, d.notes));
	}
	return d.bad ? EXIT_FOUND : EXIT_GOOD;
}

static const uint8_t doctor_opts[] = {OPT_JSON, OPT_END};

const struct command doctor_cmd = {
    .name = "doctor",
    .usage = "",
    .what = T_DOCTOR_WHAT,
    .more = T_DOCTOR_EXAMPLES,
    .opts = doctor_opts,
    .run = doctor_run,
};
