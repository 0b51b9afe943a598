/*
 * hinoban-scope: one request, one snapshot, its answers, and the end. What has to be opened or
 * read is opened before the seal: the config, the connection, time zones, the first look into
 * the snapshot. From then on this process can open nothing and connect to nowhere.
 */
#include "scope/ask.h"
#include "scope/count.h"
#include "scope/list.h"
#include "scope/zone.h"
#include "wall/wall.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define SOCK            3 /* where spawn_role() puts it */
#define MEM_BYTES       (64u << 20)
#define TRIES           3
#define NEWEST_AHEAD_US (5 * 60 * 1000000LL)

struct scope {
	struct conf conf;
	struct arena mem;
	struct answer a;
	struct db db;
	struct fault fault;
	struct url url;
	const struct json *request;
	struct count_want want;
	struct count_rules rules;
	char password[SCOPE_MAX_PASS + 1], email[SCOPE_MAX_EMAIL + 1];
	int list; /* where a list is to go, or -1 */
};

/* ---- what we were asked ---- */

static void receive(struct msg_box *box, struct msg *m, uint64_t id)
{
	if (msg_recv(SOCK, box, m) != 1 || m->type != MSG_SCOPE || m->id != id)
		err_die("the command did not say what to count");
}

/* A secret that came in a frame: kept in locked memory, and wiped where it arrived. */
static void take_secret(struct msg *m, char *out, size_t max)
{
	if (m->body.n > max)
		err_die("a secret of %zu bytes; at most %zu are taken", m->body.n, max);
	memcpy(out, m->body.at, m->body.n);
	out[m->body.n] = '\0';
	explicit_bzero((void *)(uintptr_t)m->body.at, m->body.n);
}

static void hear(struct scope *s)
{
	struct msg_box box = {0};
	struct msg m;

	receive(&box, &m, 1);
	s->request = json_parse(&s->mem, arena_copy(&s->mem, m.body), NULL);
	if (!s->request)
		err_die("the request is no JSON");
	s->list = m.fds ? msg_take_fd(&m, 0) : -1;
	msg_done(&m);
	if (db_lock(s->password, sizeof(s->password)) < 0 ||
	    db_lock(s->email, sizeof(s->email)) < 0)
		answer_warn(&s->a, SCOPE_SWAP, NULL, NULL, NULL);
	receive(&box, &m, 2);
	take_secret(&m, s->password, SCOPE_MAX_PASS);
	if (slice_eq(json_text(s->request, "what"), SLICE("person"))) {
		receive(&box, &m, 3);
		take_secret(&m, s->email, SCOPE_MAX_EMAIL);
	}
	msg_box_done(&box);
}

static bool window_of(const struct json *w, struct sql_window *out)
{
	struct slice earliest = json_text(w, "earliest");

	if (!clock_parse(json_text(w, "from"), &out->from) ||
	    !clock_parse(json_text(w, "to"), &out->to) || out->from >= out->to)
		return false;
	out->earliest = out->from;
	return !earliest.n ||
	       (clock_parse(earliest, &out->earliest) && out->earliest <= out->from);
}

static void read_windows(struct scope *s)
{
	const struct json *list = json_get(s->request, "entered");
	const struct json *stored = json_get(s->request, "stored");
	struct count_want *w = &s->want;
	struct sql_window one;

	w->windows = list;
	w->refs = json_get(s->request, "refs");
	w->number = json_num(s->request, "case", 0);
	for (const struct json *v = list ? list->first : NULL; v; v = v->next) {
		if (w->window_entered.n == SQL_WINDOWS || !window_of(v, &one))
			err_die("a window that is none, or more than %d", SQL_WINDOWS);
		w->window_entered.at[w->window_entered.n++] = one;
		w->from[0] = json_text(v, json_text(v, "earliest").n ? "earliest" : "from");
		w->to[0] = json_text(v, "to");
	}
	w->entered = w->window_entered.n > 0;
	for (const struct json *v = list ? list->first : NULL; v; v = v->next) {
		struct slice from =
		    json_text(v, json_text(v, "earliest").n ? "earliest" : "from");

		w->from[0] = slice_cmp(from, w->from[0]) < 0 ? from : w->from[0];
		w->to[0] =
		    slice_cmp(json_text(v, "to"), w->to[0]) > 0 ? json_text(v, "to") : w->to[0];
	}
	w->stored = stored && stored->kind == JSON_OBJ;
	if (!w->stored)
		return;
	if (!window_of(stored, &one))
		err_die("a window that is none");
	/* A row that is there and older than the window's end was there in it. */
	w->window_stored.at[w->window_stored.n++] =
	    (struct sql_window){SQL_OPEN, SQL_OPEN, one.to};
	w->from[1] = json_text(stored, "from");
	w->to[1] = json_text(stored, "to");
}

/* ---- before the seal ---- */

/*
 * Where memory may be locked without limit, all of it is, the databases' libraries' too: no
 * salt and no password is swapped out. Else only what holds them for us (db_lock()).
 */
static void lock_memory(void)
{
	struct rlimit any = {RLIM_INFINITY, RLIM_INFINITY}, now;

	if (geteuid() == 0)
		(void)setrlimit(RLIMIT_MEMLOCK, &any);
	if (seal_can_lock() ||
	    (getrlimit(RLIMIT_MEMLOCK, &now) == 0 && now.rlim_cur == RLIM_INFINITY))
		(void)mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
}

static void harden(void)
{
	struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) || prctl(PR_SET_DUMPABLE, 0))
		err_die("no core dumps: %s", strerror(errno));
	signal(SIGPIPE, SIG_IGN);
	lock_memory();
}

static int connect_to(struct scope *s)
{
	static const struct db_ops *const ops[] = {[URL_SQLITE] = &db_sqlite,
	                                           [URL_POSTGRES] = &db_postgres,
	                                           [URL_MARIADB] = &db_mariadb};
	const char *expected;
	enum url_fault f = url_parse(json_text(s->request, "database"), &s->url, &expected);
	int r;

	if (f != URL_GOOD)
		return fault_set(&s->fault, -EINVAL,
		                 f == URL_BAD ? SCOPE_BAD_URL : SCOPE_PASSWORD_IN_URL, expected,
		                 NULL, NULL, NULL);
	s->db = (struct db){.ops = ops[s->url.kind],
	                    .kind = s->url.kind,
	                    .fault = &s->fault,
	                    .doing = "connect",
	                    .timeout_s = s->conf.scope_timeout_s,
	                    .lock_timeout_s = s->conf.scope_lock_timeout_s};
	r = s->db.ops->open(&s->db, &s->url, slice_str(s->password));
	explicit_bzero(s->password, sizeof(s->password));
	return r;
}

static int check_login(struct scope *s)
{
	int r;

	s->db.doing = "what the login may do";
	r = s->db.ops->writable(&s->db);
	if (r <= 0)
		return r;
	if (!json_true(s->request, "force"))
		return fault_set(&s->fault, -EPERM, SCOPE_CAN_WRITE, s->db.login, s->db.may,
		                 NULL, NULL);
	answer_warn(&s->a, SCOPE_MAY_WRITE, s->db.login, s->db.may, NULL);
	return 0;
}

static void tell_replica(struct scope *s)
{
	if (s->db.kind == URL_SQLITE)
		return;
	if (s->db.replica)
		answer_warn(&s->a, SCOPE_REPLICA, s->db.lag[0] ? s->db.lag : "?", NULL, NULL);
	else
		answer_warn(&s->a, SCOPE_PRIMARY, NULL, NULL, NULL);
}

/* Is the newest time ahead of the server's clock? Then the zone is another than we think. */
static int check_zone(struct scope *s, const struct plan *p)
{
	char newest[DB_TEXT_BYTES];
	int64_t us, now;
	bool civil;
	struct buf b;
	int r = 0;

	buf_init(&b, 65536);
	s->db.doing = "the newest time";
	if (zone_set(p->zone) && sql_newest(&b, &s->db, p))
		r = db_text(&s->db, buf_cstr(&b), newest);
	else
		newest[0] = '\0';
	buf_done(&b);
	if (r < 0 || !newest[0] || !zone_parse(slice_str(newest), &us, &civil) ||
	    !zone_parse(slice_sub(slice_str(s->db.now), 0, 19), &now, &civil))
		return r;
	const struct plan_column *col = plan_column(p, &p->p->time.at[0]);

	if (col->type == DB_INSTANT ? us > now + NEWEST_AHEAD_US
	                            : us > zone_civil(now) + NEWEST_AHEAD_US)
		answer_warn(&s->a, SCOPE_FUTURE, arena_cstr(&s->mem, p->p->group), newest,
		            s->db.now);
	return 0;
}

static void seal(void)
{
	struct seal_want want = {.role = SEAL_SCOPE};

	/* what libcrypto loads at first use */
	OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL);
	list_warm_up();
	if (RAND_status() != 1)
		err_die("no randomness");
	seal_ids(want.role, &want.uid, &want.gid);
	seal_or_die(&want);
}

/* ---- the work ---- */

static int work_once(struct scope *s, struct plans *plans, bool *sealed)
{
	struct slice what = json_text(s->request, "what");
	struct count c = {.db = &s->db,
	                  .a = &s->a,
	                  .c = &s->conf,
	                  .want = &s->want,
	                  .rules = &s->rules,
	                  .mem = &s->mem,
	                  .kind = slice_eq(what, SLICE("person")) ? SQL_PERSON
	                          : slice_eq(what, SLICE("list")) ? SQL_LIST
	                                                          : SQL_COUNT,
	                  .database = url_said(&s->url, &s->mem)};
	int r = count_prepare(&c, plans);

	if (r == 0 && !*sealed) {
		seal();
		*sealed = true;
	}
	if (r == 0 && slice_eq(what, SLICE("person")))
		r = ask_run(&c, s->email);
	else if (r == 0 && slice_eq(what, SLICE("list")))
		r = list_run(&c, json_text(s->request, "certificate"), s->list);
	else if (r == 0)
		r = count_run(&c);
	if (r == 0 && slice_eq(what, SLICE("count")))
		r = count_tell(&c);
	count_done(&c);
	return r;
}

static int work(struct scope *s)
{
	struct plans plans = {0};
	bool sealed = false;
	int r = connect_to(s);

	if (r == 0)
		r = check_login(s);
	if (r == 0)
		r = s->db.ops->begin(&s->db);
	if (r == 0 && !s->db.unicode)
		answer_warn(&s->a, SCOPE_NOT_UTF8, s->url.name, s->db.encoding, NULL);
	if (r == 0)
		r = plan_make(&s->db, &s->conf, &s->mem, &s->a, &plans);
	if (r == 0 && plans.n)
		r = check_zone(s, plans.at[0]);
	for (int i = 0; r == 0 && i < TRIES; i++) {
		if (i > 0)
			r = s->db.ops->begin(&s->db);
		if (r == 0)
			r = work_once(s, &plans, &sealed);
		if (r != -EAGAIN)
			break;
		r = i + 1 < TRIES ? 0 : r;
	}
	if (r == 0)
		tell_replica(s);
	return r;
}

static void done(struct scope *s)
{
	struct arena *a = &s->a.mem;
	struct json *o = json_obj(a);

	json_put_str(a, o, "server", s->db.version);
	json_put_str(a, o, "snapshot", s->db.snapshot);
	json_put_bool(a, o, "replica", s->db.replica);
	json_put_int(a, o, "rows", s->db.rows);
	answer_put(&s->a, "done", o);
}

int main(int argc, char **argv)
{
	static struct scope s = {.a = {.sock = SOCK}, .list = -1};
	struct role_told told;
	struct err e = {""};
	const char *profiles;
	int r;

	err_name("hinoban-scope");
	role_told(argc, argv, &told);
	harden();
	if (clock_setup() < 0)
		err_die("HINOBAN_CLOCK: %s", strerror(errno));
	arena_init(&s.mem, MEM_BYTES);
	arena_init(&s.a.mem, MEM_BYTES);
	hear(&s);
	profiles = arena_cstr(&s.mem, json_text(s.request, "profiles"));
	if (conf_load(told.config, profiles, &s.conf, &e) < 0)
		err_die("%s", e.text);
	if (!count_rules_read(&s.conf, &s.mem, &s.rules))
		err_die("[scope] exclude: expected \"RULE: PATTERN\", at most %d",
		        SQL_MAX_RULES);
	read_windows(&s);
	r = work(&s);
	explicit_bzero(s.email, sizeof(s.email));
	if (r < 0 && s.fault.code == SCOPE_BAD_URL && !s.fault.arg[0][0])
		err_die("%s", strerror(-r));
	if (r < 0)
		answer_fault(&s.a, &s.fault);
	else
		done(&s);
	if (s.db.ops)
		s.db.ops->close(&s.db);
	conf_done(&s.conf);
	return 0;
}
