#include "face/face.h"
#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define MAX_REASON      4000
#define JSON_LINE_BYTES (256u << 20) /* a case of an intruder's siege is long */

/* The config's language counts unless --lang was given. */
static void lang_from_conf(const struct face *f)
{
	if (args_has(&f->args, OPT_LANG))
		return;
	if (slice_eq(f->conf.language, SLICE("ja")))
		text_set_lang(LANG_JA);
	else if (slice_eq(f->conf.language, SLICE("en")))
		text_set_lang(LANG_EN);
}

int face_conf(struct face *f)
{
	struct err e = {0};
	int r;

	if (f->has_conf)
		return EXIT_GOOD;
	r = conf_load(f->config, conf_profile_dir(), &f->conf, &e);
	if (r < 0) {
		if (r == -ENOENT && access(f->config, F_OK) < 0)
			COMPLAIN(T_NO_CONFIG, f->config);
		else if (r == -EACCES)
			COMPLAIN(T_NO_RIGHT, f->config);
		else
			COMPLAIN(T_BAD_CONFIG, e.text);
		return EXIT_USE;
	}
	f->has_conf = true;
	lang_from_conf(f);
	return EXIT_GOOD;
}

int face_state(struct face *f)
{
	const char *given = args_text(&f->args, OPT_STATE);
	int code;

	if (f->state[0])
		return EXIT_GOOD;
	if (given) {
		if (!realpath(given, f->state)) {
			COMPLAIN(T_NO_STATE, given);
			f->state[0] = '\0';
			return EXIT_USE;
		}
		return EXIT_GOOD;
	}
	code = face_conf(f);
	if (code)
		return code;
	snprintf(f->state, sizeof(f->state), "%.*s", SLICE_ARG(f->conf.state));
	return EXIT_GOOD;
}

static int tell_ledger(const struct face *f, int r, const struct err *e)
{
	if (r == -ENOENT)
		COMPLAIN(T_NO_LEDGER, f->state);
	else if (r == -EACCES || r == -EPERM)
		COMPLAIN(T_NO_RIGHT, f->state);
	else
		COMPLAIN(T_LEDGER_FAULT, e->text);
	return r == -ENOENT || r == -EACCES || r == -EPERM ? EXIT_USE : EXIT_OURS;
}

int face_ledger(struct face *f)
{
	struct err e = {0};
	int code = face_state(f), r;

	if (code || f->ledger)
		return code;
	r = ledger_open(f->state, &f->ledger, &e);
	return r < 0 ? tell_ledger(f, r, &e) : EXIT_GOOD;
}

/*
 * A running ledger hangs up on whom it does not know (ledger/control.c); one of our own could
 * not open its files. Neither can say so, hence it is told here.
 */
static bool is_refused(const struct face *f, int r)
{
	if (geteuid() == 0)
		return false;
	if (r < 0)
		return r == -EPIPE || r == -ECONNRESET;
	return !face_live(f) && access(f->state, R_OK | W_OK | X_OK) < 0 && errno == EACCES;
}

int face_client(struct face *f)
{
	char db[FACE_PATH_MAX + 16];
	struct err e = {0};
	int code = face_state(f), r;

	if (code || f->client)
		return code;
	snprintf(db, sizeof(db), "%s/ledger.db", f->state);
	if (access(db, F_OK) < 0) /* a ledger role must never begin a new ledger by accident */
		return tell_ledger(f, -errno, &e);
	r = is_refused(f, 0) ? -EPIPE
	                     : post_client_open_with(f->state, f->has_conf ? f->config : NULL,
	                                             &f->client, &e);
	if (r < 0 && is_refused(f, r)) {
		COMPLAIN(T_USER_REFUSED);
		return EXIT_USE;
	}
	return r < 0 ? tell_ledger(f, r, &e) : EXIT_GOOD;
}

bool face_live(const struct face *f)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	AUTO_FD s = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	int n = snprintf(to.sun_path, sizeof(to.sun_path), "%s/run/ledger.sock", f->state);

	if (s < 0 || n < 0 || (size_t)n >= sizeof(to.sun_path))
		return false;
	return connect(s, (struct sockaddr *)&to, sizeof(to)) == 0 || errno == EAGAIN ||
	       errno == EACCES;
}

struct only {
	struct face *f;
	const struct json *fact;
};

static int take_first(void *ctx, int64_t seq, struct slice canonical)
{
	struct only *n = ctx;

	(void)seq;
	n->fact = json_parse(&n->f->mem, arena_copy(&n->f->mem, canonical), NULL);
	return 1;
}

static const struct json *one_of(struct face *f, const char *type, bool newest)
{
	struct ledger_query q = {.type = slice_str(type), .newest_first = newest, .limit = 1};
	struct only n = {.f = f};

	ledger_each(f->ledger, &q, take_first, &n);
	return n.fact;
}

const struct json *face_newest(struct face *f, const char *type)
{
	return one_of(f, type, true);
}

const struct json *face_oldest(struct face *f, const char *type)
{
	return one_of(f, type, false);
}

bool face_reason(struct face *f, const char **reason)
{
	*reason = args_text(&f->args, OPT_REASON);
	if (!*reason)
		return true;
	if (**reason && strlen(*reason) <= MAX_REASON && slice_utf8_valid(slice_str(*reason)))
		return true;
	COMPLAIN(T_BAD_REASON);
	return false;
}

bool face_wants_reason(struct face *f, const char **reason)
{
	if (!face_reason(f, reason))
		return false;
	if (!*reason)
		COMPLAIN(T_REASON_WANTED);
	return *reason != NULL;
}

int64_t face_send(struct face *f, const struct json *word)
{
	struct err e = {0};
	int64_t seq = post_client_fact(f->client, word, -1, &e);

	if (seq < 0)
		COMPLAIN(T_LEDGER_FAULT, e.text);
	return seq;
}

void face_done(struct face *f)
{
	if (f->client)
		post_client_close(f->client);
	if (f->ledger)
		ledger_close(f->ledger);
	if (f->has_conf)
		conf_done(&f->conf);
	arena_done(&f->mem);
	free(f->args.rest);
}

const char *face_why(int r)
{
	return r == -EBADMSG ? text(T_LEDGER_DAMAGED) : strerror(-r);
}

const char *face_content_why(int r)
{
	return r == -EBADMSG ? text(T_CONTENT_DAMAGED) : strerror(-r);
}

const char *face_cstr(struct face *f, struct slice s)
{
	const char *c = arena_cstr(&f->mem, s);

	return c ? c : "";
}

const char *face_int(struct face *f, int64_t n)
{
	char t[32];

	snprintf(t, sizeof(t), "%lld", (long long)n);
	return face_cstr(f, slice_str(t));
}

const char *face_num(struct face *f, int64_t n)
{
	char plain[32], out[48];
	size_t digits = (size_t)snprintf(plain, sizeof(plain), "%lld", (long long)n), at = 0;

	for (size_t i = 0; i < digits; i++) {
		if (i && plain[i - 1] != '-' && (digits - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = plain[i];
	}
	return face_cstr(f, slice_mem(out, at));
}

const char *face_bytes(struct face *f, int64_t n)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	double v = (double)n;
	size_t u = 0;
	char t[48];

	while (v >= 1024 && u + 1 < sizeof(units) / sizeof(units[0])) {
		v /= 1024;
		u++;
	}
	snprintf(t, sizeof(t), u ? "%.1f %s" : "%.0f %s", v, units[u]);
	return face_cstr(f, slice_str(t));
}

int64_t face_seq(const char *arg)
{
	uint64_t n;

	if (slice_u64(slice_str(arg + (arg[0] == '#')), &n) && n > 0 && n <= INT64_MAX)
		return (int64_t)n;
	COMPLAIN(T_BAD_SEQ, arg);
	return 0;
}

const char *face_who(struct face *f)
{
	const struct passwd *p = getpwuid(getuid());
	const char *me = p ? p->pw_name : face_int(f, (int64_t)getuid());
	const char *sudo = getenv("SUDO_USER");
	struct slice text;

	if (getuid() != 0 || !sudo || !*sudo || strlen(sudo) > 64 ||
	    !slice_utf8_valid(slice_str(sudo)))
		return face_cstr(f, slice_str(me));
	text = arena_printf(&f->mem, "%s (%s)", sudo, me);
	return face_cstr(f, text);
}

const char *face_by(struct face *f)
{
	const char *name = args_text(&f->args, OPT_BY);

	if (!name || !slice_trim(slice_str(name)).n || !slice_utf8_valid(slice_str(name)))
		return face_who(f);
	return face_cstr(f, arena_printf(&f->mem, "%s (%s)", name, face_who(f)));
}

const struct json *face_fact(struct face *f, int64_t seq, int *code)
{
	const struct json *fact = NULL;
	struct slice bytes;
	struct buf b;
	int r;

	buf_init(&b, FACT_MAX_BYTES);
	r = ledger_get(f->ledger, seq, &b);
	if (r == 0) {
		bytes = arena_copy(&f->mem, buf_slice(&b));
		fact = json_parse(&f->mem, bytes, NULL);
	}
	buf_done(&b);
	if (fact)
		return fact;
	*code = r == -ENOENT ? EXIT_USE : EXIT_OURS;
	COMPLAIN(r == -ENOENT ? T_NO_FACT : T_FACT_FAULT, face_int(f, seq));
	return NULL;
}

struct slice face_said(const struct json *both)
{
	struct slice s = json_text(both, text_lang_name());

	return s.n ? s : json_text(both, "en");
}

const char *face_full_path(struct face *f, struct slice root, struct slice path)
{
	struct buf b;
	const char *out;

	buf_init(&b, 4 * FACE_PATH_MAX);
	buf_add(&b, root);
	if (path.n && root.n)
		buf_byte(&b, '/');
	buf_add(&b, path);
	out = face_cstr(f, buf_slice(&b));
	buf_done(&b);
	return out;
}

bool face_many_roots(struct face *f)
{
	const struct json *watched;

	if (f->roots)
		return f->roots > 1;
	f->roots = f->has_conf ? (int)f->conf.roots : 1;
	if (f->has_conf || !f->ledger)
		return f->roots > 1;
	watched = json_get(face_newest(f, "watch.started"), "roots");
	if (watched && watched->first)
		f->roots = watched->first->next ? 2 : 1;
	return f->roots > 1;
}

struct slice face_path_text(struct face *f, struct slice raw)
{
	struct slice out;
	struct buf b;

	buf_init(&b, 8 * FACE_PATH_MAX);
	text_path(&b, raw);
	out = arena_copy(&f->mem, buf_slice(&b));
	buf_done(&b);
	return out;
}

void face_put_fact(struct face *f, int64_t seq)
{
	struct buf b;

	buf_init(&b, FACT_MAX_BYTES + 1);
	if (ledger_get(f->ledger, seq, &b) == 0) {
		buf_byte(&b, '\n');
		fwrite(b.at, 1, b.n, stdout);
	}
	buf_done(&b);
}

void face_put_json(const struct json *v)
{
	struct buf b;

	buf_init(&b, JSON_LINE_BYTES);
	if (json_write(&b, v)) {
		buf_byte(&b, '\n');
		fwrite(b.at, 1, b.n, stdout);
	}
	buf_done(&b);
}

void face_put_faults(struct face *f, int64_t n)
{
	struct json *o = json_obj(&f->mem);

	json_put_int(&f->mem, o, "faults", n);
	json_put_bool(&f->mem, o, "whole", n == 0);
	face_put_json(o);
}
