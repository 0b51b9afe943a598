/* The conversation with hinoban-scope, and what it needs from the person at the terminal. */
#include "face/scope.h"
#include "fact/item.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <termios.h>

#define PASSWORD_ENV "HINOBAN_DATABASE_PASSWORD"
#define NOON_US      (12LL * 3600 * 1000000)
#define DAY_US       (24LL * 3600 * 1000000)
#define END_MS       10000

/* ---- windows ---- */

/* "2022年4月19日" -> "2022-04-19"; others stay as they are. */
static struct slice plain_day(struct face *f, struct slice s)
{
	unsigned y, m, d;
	char text[32];

	snprintf(text, sizeof(text), "%.*s", SLICE_ARG(slice_sub(s, 0, sizeof(text) - 1)));
	if (sscanf(text, "%u年%u月%u日", &y, &m, &d) != 3 || y > 9999 || m > 12 || d > 31)
		return s;
	return arena_printf(&f->mem, "%04u-%02u-%02u", y, m, d);
}

static bool parse_moment(struct face *f, struct slice s, bool end, int64_t *us)
{
	static const struct {
		const char *word;
		int64_t from, to; /* behind midnight */
	} parts[] = {
	    {"午前中", 0, NOON_US},     {"午前", 0, NOON_US}, {"午後", NOON_US, DAY_US},
	    {"正午", NOON_US, NOON_US}, {"終日", 0, DAY_US},
	};
	int64_t add = 0;

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct slice word = slice_str(parts[i].word);

		if (!slice_ends(s, word))
			continue;
		add = end ? parts[i].to : parts[i].from;
		s = slice_trim(slice_sub(s, 0, s.n - word.n));
		break;
	}
	if (!when_parse(plain_day(f, s), clock_now_us(), us))
		return false;
	*us += add;
	return true;
}

/* The zone in which times are typed and shown: where the shop lives. */
static int use_zone(struct face *f)
{
	if (!f->conf.scope_zone.n || zone_set(f->conf.scope_zone))
		return EXIT_GOOD;
	COMPLAIN(T_SC_bad_zone, face_cstr(f, f->conf.scope_zone));
	return EXIT_USE;
}

static const char *rfc(struct face *f, int64_t us)
{
	char text[CLOCK_TEXT_BYTES];

	clock_text(us, text);
	return face_cstr(f, slice_str(text));
}

int scope_window(struct face *f, struct scope_window *out)
{
	const char *from = args_text(&f->args, OPT_FROM), *to = args_text(&f->args, OPT_TO);

	const char *number = args_text(&f->args, OPT_CASE);
	int code = use_zone(f);

	*out = (struct scope_window){0};
	if (code)
		return code;
	if (number && (code = scope_case(f, number, from && to, out)))
		return code;
	if (number && !from && !to)
		return EXIT_GOOD;
	if (!from || !to) {
		COMPLAIN(T_SCOPE_NO_WINDOW);
		return EXIT_USE;
	}
	if (!parse_moment(f, slice_str(from), false, &out->from_us)) {
		COMPLAIN(T_BAD_TIME, from);
		return EXIT_USE;
	}
	if (!parse_moment(f, slice_str(to), true, &out->to_us)) {
		COMPLAIN(T_BAD_TIME, to);
		return EXIT_USE;
	}
	if (out->from_us >= out->to_us) {
		COMPLAIN(T_SCOPE_BAD_WINDOW, from, to);
		return EXIT_USE;
	}
	out->from = rfc(f, out->from_us);
	out->to = rfc(f, out->to_us);
	return EXIT_GOOD;
}

struct json *scope_request(struct face *f, const char *what, const struct scope_window *w)
{
	const char *only = args_text(&f->args, OPT_ONLY);
	const char *url = args_text(&f->args, OPT_DATABASE);
	struct arena *a = &f->mem;
	struct json *r = json_obj(a), *window = json_obj(a), *list = json_arr(a);

	if (!url)
		url = face_cstr(f, f->conf.scope_database);
	if (!*url) {
		COMPLAIN(T_SCOPE_NO_DATABASE, f->config);
		return NULL;
	}
	if (only && strcmp(only, "entered") != 0 && strcmp(only, "stored") != 0) {
		COMPLAIN(T_SCOPE_BAD_ONLY, only);
		return NULL;
	}
	json_put_str(a, window, "from", w->from);
	json_put_str(a, window, "to", w->to);
	json_put_str(a, r, "what", what);
	json_put_str(a, r, "database", url);
	json_put_str(a, r, "profiles", conf_profile_dir());
	json_put_bool(a, r, "force", args_has(&f->args, OPT_FORCE));
	json_put(a, r, "case", w->number ? json_int(a, w->number) : json_null(a));
	if (w->refs)
		json_put(a, r, "refs", w->refs);
	if (only && strcmp(only, "entered") != 0)
		list = json_arr(a);
	else if (w->entered)
		list = w->entered;
	else
		json_push(list, json_copy(a, window));
	json_put(a, r, "entered", list);
	json_put(a, r, "stored", !only || strcmp(only, "stored") == 0 ? window : json_null(a));
	return r;
}

/* ---- secrets ---- */

static bool read_line(int fd, char *out, size_t room)
{
	size_t n = 0;
	char c;

	while (read(fd, &c, 1) == 1 && c != '\n')
		if (n + 1 < room)
			out[n++] = c;
	if (n && out[n - 1] == '\r')
		n--;
	out[n] = '\0';
	explicit_bzero(&c, 1);
	return n > 0;
}

bool scope_ask_line(enum text_id prompt, bool hide, char *out, size_t room)
{
	AUTO_FD tty = isatty(0) ? open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY) : -1;
	struct termios old, quiet;
	const char *say = text(prompt);
	bool good;

	if (tty < 0)
		return read_line(0, out, room);
	good = tcgetattr(tty, &old) == 0;
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	if (good && hide)
		tcsetattr(tty, TCSAFLUSH, &quiet);
	if (write(tty, say, strlen(say)) < 0)
		return false;
	bool got = read_line(tty, out, room);

	if (good && hide) {
		tcsetattr(tty, TCSAFLUSH, &old);
		(void)!write(tty, "\n", 1);
	}
	return got;
}

static int password_of_file(struct face *f, char *out, size_t room)
{
	const char *path = face_cstr(f, f->conf.scope_password_file);
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0) {
		COMPLAIN(T_SCOPE_PASSWORD_FILE, path, strerror(errno));
		return EXIT_USE;
	}
	if (st.st_mode & (S_IRWXG | S_IRWXO)) {
		COMPLAIN(T_SCOPE_PASSWORD_OPEN, path);
		return EXIT_USE;
	}
	read_line(fd, out, room);
	return EXIT_GOOD;
}

static int find_password(struct face *f, const char *url, char *out, size_t room)
{
	const char *env = getenv(PASSWORD_ENV);

	out[0] = '\0';
	if (strncmp(url, "sqlite:", 7) == 0)
		return EXIT_GOOD;
	if (f->conf.scope_password_file.n)
		return password_of_file(f, out, room);
	if (env)
		snprintf(out, room, "%s", env);
	else if (isatty(0))
		scope_ask_line(T_SCOPE_ASK_PASSWORD, true, out, room);
	return EXIT_GOOD;
}

/* ---- names ---- */

const char *scope_item_name(struct face *f, struct slice id, struct slice label)
{
	const struct item_name *n = item_of(id);

	if (label.n)
		return face_cstr(f, label);
	return !n ? face_cstr(f, id) : text_lang() == LANG_JA ? n->ja : n->en;
}

const char *scope_group_name(struct face *f, struct slice id)
{
	const struct item_name *n = item_group(id);

	return !n ? face_cstr(f, id) : text_lang() == LANG_JA ? n->ja : n->en;
}

/* ---- talking ---- */

static const struct {
	const char *name;
	enum text_id text;
} codes[] = {
    {"bad_url", T_SC_bad_url},
    {"password_in_url", T_SC_password_in_url},
    {"no_populations", T_SC_no_populations},
    {"no_variant", T_SC_no_variant},
    {"bad_zone", T_SC_bad_zone},
    {"connect", T_SC_connect},
    {"credentials", T_SC_credentials},
    {"no_database", T_SC_no_database},
    {"can_write", T_SC_can_write},
    {"no_table", T_SC_no_table},
    {"no_column", T_SC_no_column},
    {"no_right", T_SC_no_right},
    {"statement_timeout", T_SC_statement_timeout},
    {"lock_timeout", T_SC_lock_timeout},
    {"lost", T_SC_lost},
    {"conflict", T_SC_conflict},
    {"sql", T_SC_sql},
    {"too_many", T_SC_too_many},
    {"bad_certificate", T_SC_bad_certificate},
    {"cannot_write", T_SC_cannot_write},
    {"bad_email", T_SC_bad_email},
    {"may_write", T_SC_may_write},
    {"myisam", T_SC_myisam},
    {"not_utf8", T_SC_not_utf8},
    {"lacks", T_SC_lacks},
    {"undated", T_SC_undated},
    {"untimed", T_SC_untimed},
    {"future", T_SC_future},
    {"replica", T_SC_replica},
    {"primary", T_SC_primary},
    {"shared", T_SC_shared},
    {"swap", T_SC_swap},
};

/* A name that is near becomes a sentence; "" stays so. */
static const char *near_said(struct face *f, const char *near)
{
	struct buf b;
	const char *out;

	if (!*near)
		return "";
	buf_init(&b, 4096);
	FILL(&b, T_SC_NEAR, near);
	out = face_cstr(f, buf_slice(&b));
	buf_done(&b);
	return out;
}

static void say_code(struct face *f, const struct json *v)
{
	struct slice code = json_text(v, "code");
	const char *arg[6] = {"", "", "", "", "", NULL};
	size_t n = 1;
	const struct json *args = json_get(v, "args");

	for (const struct json *i = args ? args->first : NULL; i && n < 5; i = i->next, n++) {
		arg[n] = face_cstr(f, i->s);
		if (item_group(i->s))
			arg[n] = scope_group_name(f, i->s);
	}
	if (slice_eq(code, SLICE("no_table")) || slice_eq(code, SLICE("no_column")))
		arg[4] = near_said(f, arg[4]);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (slice_eq(code, slice_str(codes[i].name)))
			text_complain(codes[i].text, arg);
}

/* What a person can put right is wrong use; the rest is for the operator of hinoban. */
static int exit_of(struct slice code)
{
	static const char *const ours[] = {"sql", "too_many", "cannot_write", "conflict",
	                                   "lost"};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (slice_eq(code, slice_str(ours[i])))
			return EXIT_OURS;
	return EXIT_USE;
}

static int send_all(int sock, const struct json *request, const char *password, char *secret,
                    int fd)
{
	int r = msg_send_json(sock, MSG_SCOPE, 1, request, fd);

	if (r == 0)
		r = msg_send(sock, MSG_SCOPE, 2, slice_str(password), NULL, 0);
	if (r == 0 && secret)
		r = msg_send(sock, MSG_SCOPE, 3, slice_str(secret), NULL, 0);
	return r;
}

static int hear(struct face *f, int sock, scope_answer_fn *fn, void *ctx)
{
	struct msg_box box = {0};
	struct msg m;
	int code = -1;

	while (code < 0 && msg_recv(sock, &box, &m) == 1) {
		const struct json *o = json_parse(&f->mem, arena_copy(&f->mem, m.body), NULL);
		const struct json *v = o ? o->first : NULL;

		msg_done(&m);
		if (!v || m.type != MSG_SCOPED)
			break;
		if (slice_eq(v->name, SLICE("warning"))) {
			say_code(f, v);
		} else if (slice_eq(v->name, SLICE("fault"))) {
			say_code(f, v);
			code = exit_of(json_text(v, "code"));
		} else {
			fn(ctx, v->name, v);
			code = slice_eq(v->name, SLICE("done")) ? EXIT_GOOD : -1;
		}
	}
	msg_box_done(&box);
	if (code < 0)
		COMPLAIN(T_SCOPE_DIED);
	return code < 0 ? EXIT_OURS : code;
}

int scope_talk(struct face *f, const struct json *request, char *secret, int fd,
               scope_answer_fn *fn, void *ctx)
{
	static char password[SCOPE_MAX_PASS + 1];
	const char *const argv[] = {"--config", f->config, "--state", f->state, NULL};
	const char *url = face_cstr(f, json_text(request, "database"));
	struct spawn s;
	int code, r;

	(void)mlock(password, sizeof(password));
	code = find_password(f, url, password, sizeof(password));
	if (code)
		return code;
	r = spawn_role(SCOPE_ROLE, argv, &s);
	if (r == 0)
		r = send_all(s.sock, request, password, secret, fd);
	explicit_bzero(password, sizeof(password));
	if (secret)
		explicit_bzero(secret, strlen(secret));
	if (r == -ENOENT) {
		COMPLAIN(T_SCOPE_NO_PROGRAM, strerror(-r));
		return EXIT_OURS;
	}
	code = hear(f, s.sock, fn, ctx);
	spawn_end(&s, END_MS);
	return code;
}
