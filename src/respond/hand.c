#include "conf/roots.h"
#include "respond/contain.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#define TICK_MS     50
#define REST_MS     500
#define ORDER_BYTES (1u << 20)
#define CHUNK_BYTES 65536
#define AT_ONCE     16
#define ROOTS_US    500000

/* ---- the closed table ---- */

struct verb {
	const char *order, *deed;
	bool content; /* it needs the approved content */
	void (*run)(struct hand *h, struct hand_job *j, struct hand_deed *deed);
};

static const struct verb verbs[] = {
    {"order.heal", "deed.heal", true, heal_run},
    {"order.quarantine", "deed.quarantine", true, take_run},
    {"order.contain", "deed.contain", false, contain_run},
    {"order.lift", "deed.lift", false, contain_run},
};

static const struct verb *verb_of(const struct hand_job *j)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (slice_eq(fact_type(j->order), slice_str(verbs[i].order)))
			return &verbs[i];
	}
	return NULL;
}

/* ---- what the verbs share ---- */

int hand_fail(struct hand_deed *deed, int r, const char *what)
{
	snprintf(deed->why, sizeof(deed->why), "%s: %s", what, strerror(-r));
	return r;
}

static int root_of(struct hand *h, const struct json *order, uint32_t *out)
{
	buf_reset(&h->path);
	if (!text_unpath(&h->path, json_text(order, "root")))
		return -EINVAL;
	return conf_root_of(h->conf, buf_slice(&h->path), out) ? 0 : -ENOENT;
}

int hand_place(struct hand *h, const struct hand_job *j, bool make, struct hand_place *out,
               struct hand_deed *deed)
{
	enum root_place stands;
	uint32_t at;
	int r = root_of(h, j->order, &at), root;

	*out = (struct hand_place){.root = at, .dir = -1, .web = true};
	buf_reset(&h->path);
	if (r < 0 || !text_unpath(&h->path, json_text(j->order, "path")))
		return hand_fail(deed, -EINVAL, "the order names no watched path");
	root = h->root_fd[at];
	stands = root_place(h->conf, at, root);
	if (stands == ROOT_OTHER) { /* a new hand has this order */
		h->anew = deed->later = true;
		return -EAGAIN;
	}
	if (root < 0 || stands == ROOT_GONE)
		r = -ENOENT;
	else if (make)
		r = folder_way(h, root, buf_slice(&h->path), json_get(j->order, "folders"),
		               out);
	else
		r = out->dir = path_open_parent(root, buf_slice(&h->path), out->name);
	if (r == FOLDER_FOREIGN) {
		snprintf(deed->why, sizeof(deed->why), "somebody else's folder stands there");
		return -EPERM;
	}
	return r < 0 ? hand_fail(deed, r, "its folder can't be opened") : 0;
}

bool hand_same_bytes(int a, int b)
{
	static uint8_t x[CHUNK_BYTES], y[CHUNK_BYTES];
	off_t at = 0;

	for (;;) {
		ssize_t n = pread(a, x, sizeof(x), at), m = pread(b, y, sizeof(y), at);

		if (n < 0 || n != m || memcmp(x, y, (size_t)n) != 0)
			return false; /* a short read of a file that stands still is its end */
		if (n == 0)
			return true;
		at += n;
	}
}

/* ---- jobs ---- */

static void job_free(struct hand *h, struct hand_job **at)
{
	struct hand_job *j = *at;

	*at = j->next;
	h->jobs--;
	if (j->content >= 0)
		close(j->content);
	if (j->held >= 0)
		close(j->held);
	arena_done(&j->mem);
	free(j);
}

/* The job of this order; made if there is none. NULL: too many. */
static struct hand_job *job_of(struct hand *h, int64_t seq)
{
	struct hand_job **at = &h->job;

	while (*at && (*at)->seq != seq)
		at = &(*at)->next;
	if (*at)
		return *at;
	*at = h->jobs < HAND_MAX_JOBS ? calloc(1, sizeof(**at)) : NULL;
	if (!*at)
		return NULL;
	h->jobs++;
	**at = (struct hand_job){
	    .seq = seq, .since_us = clock_mono_us(), .content = -1, .held = -1};
	arena_init(&(*at)->mem, ORDER_BYTES);
	return *at;
}

static void tell_gate(struct hand *h, const struct hand_job *j, const struct hand_deed *deed)
{
	struct json *o;

	if (h->gate < 0)
		return;
	arena_reset(&h->mem);
	o = json_obj(&h->mem);
	json_put_bool(&h->mem, o, "done", deed->done);
	json_put_bool(&h->mem, o, "clean", deed->clean);
	json_put_bool(&h->mem, o, "held", j->held >= 0);
	if (deed->made.changed_us) {
		json_put_int(&h->mem, o, "dev", (int64_t)deed->made.i.dev);
		json_put_int(&h->mem, o, "ino", (int64_t)deed->made.i.ino);
		json_put_int(&h->mem, o, "born", deed->made.i.born_us);
		json_put_int(&h->mem, o, "changed", deed->made.changed_us);
	}
	loop_send_json(h->loop, h->gate, MSG_DONE, (uint64_t)j->seq, o, -1);
}

static void copy_field(struct hand *h, struct json *d, const struct json *order,
                       const char *name)
{
	const struct json *v = json_get(order, name);

	if (v)
		json_put(&h->mem, d, name, json_copy(&h->mem, v));
}

static void post_deed(struct hand *h, const struct hand_job *j, const struct verb *v,
                      const struct hand_deed *deed)
{
	const struct json *refs;
	struct json *d;

	arena_reset(&h->mem);
	d = fact_draft(&h->mem, v->deed);
	json_put_int(&h->mem, d, "order", j->seq);
	copy_field(h, d, j->order, "root");
	copy_field(h, d, j->order, "path");
	copy_field(h, d, j->order, "verb");
	json_put_bool(&h->mem, d, "done", deed->done);
	json_put_str(&h->mem, d, "how", deed->how ? deed->how : "nothing");
	/* A file that can't be closed to its writer: he waits on, nobody is refused. */
	if (j->held >= 0 && v->content &&
	    (deed->clean || !slice_eq(json_text(j->order, "cause"), SLICE("write"))))
		json_put_str(&h->mem, d, "held", deed->clean ? "clean" : "refused");
	if (deed->why[0])
		json_put_str(&h->mem, d, "why", deed->why);
	json_put_int(&h->mem, d, "us", clock_mono_us() - j->since_us);
	fact_ref(&h->mem, d, j->seq);
	refs = json_get(j->order, "refs");
	for (const struct json *r = refs ? refs->first : NULL; r; r = r->next)
		fact_ref(&h->mem, d, r->i);
	post_fact(h->post, d, -1, NULL, NULL);
}

/* False: it has to be tried again. */
static bool run(struct hand *h, struct hand_job *j, const struct verb *v)
{
	struct hand_deed deed = {0};

	v->run(h, j, &deed);
	if (deed.later) {
		j->not_before_us = clock_mono_us() + HAND_LATER_US;
		return false;
	}
	tell_gate(h, j, &deed);
	post_deed(h, j, v, &deed);
	return true;
}

static void ask_content(struct hand *h, struct hand_job *j)
{
	bool heals = json_get(j->order, "approved") != NULL;
	struct json *o;

	if (h->ledger < 0)
		return;
	arena_reset(&h->mem);
	o = json_obj(&h->mem);
	json_put_slice(&h->mem, o, "hash",
	               json_text(j->order, heals ? "approved.hash" : "present.hash"));
	json_put_int(&h->mem, o, "seq", json_num(j->order, "approved_by", 0));
	if (heals)
		json_put_slice(&h->mem, o, "present", json_text(j->order, "present.hash"));
	loop_send_json(h->loop, h->ledger, MSG_CONTENT, (uint64_t)j->seq, o, -1);
	j->asked = true;
}

static bool is_due(const struct hand_job *j, const struct verb *v)
{
	int64_t now = clock_mono_us(), waited = now - j->since_us;

	if (now < j->not_before_us)
		return false;
	if (json_true(j->order, "held") && !j->held_came && waited < HAND_HELD_US)
		return false;
	return !v->content || j->answered || waited > HAND_CONTENT_US;
}

/* True: it is done with; false: it waits for something. */
static bool pump_one(struct hand *h, struct hand_job *j)
{
	const struct verb *v = j->order ? verb_of(j) : NULL;

	if (!j->order)
		return clock_mono_us() - j->since_us > HAND_CONTENT_US;
	if (!v)
		return true; /* an order that another's hand carries out */
	if (v->content && !j->asked)
		ask_content(h, j);
	return is_due(j, v) && run(h, j, v);
}

/* At most so many, so that news of more urgent ones is heard in between. */
static int pump_some(struct hand *h, bool held, int most)
{
	int n = 0;

	for (struct hand_job **at = &h->job; *at && n < most;) {
		struct hand_job *j = *at;

		if (held != (j->held_came || json_true(j->order, "held")) || !pump_one(h, j)) {
			at = &j->next;
			continue;
		}
		job_free(h, at);
		n++;
	}
	return n;
}

/* Those for whom an open waits come first, however much else is to be done. */
static void pump(struct hand *h)
{
	uint64_t one = 1;

	pump_some(h, true, INT_MAX);
	if (pump_some(h, false, AT_ONCE) == AT_ONCE && write(h->again, &one, sizeof(one)) < 0)
		err_die("eventfd: %s", strerror(errno));
}

static void on_again(struct loop *l, void *ctx, int fd, uint32_t events)
{
	uint64_t n;

	(void)l;
	(void)events;
	if (read(fd, &n, sizeof(n)) == (ssize_t)sizeof(n))
		pump(ctx);
}

/* ---- neighbours ---- */

static void on_order(struct hand *h, const struct msg *m)
{
	struct hand_job *j = job_of(h, (int64_t)m->id);

	if (!j || j->order)
		return;
	/* Its texts point into what was parsed, which must outlive the message. */
	j->order = json_parse(&j->mem, arena_copy(&j->mem, m->body), NULL);
	if (!j->order)
		err_die("order %llu is no JSON", (unsigned long long)m->id);
}

static void on_content(struct hand *h, struct msg *m)
{
	struct hand_job *j = job_of(h, (int64_t)m->id);
	const struct json *body;

	if (!j || !j->order || j->answered)
		return;
	body = json_parse(&j->mem, arena_copy(&j->mem, m->body), NULL);
	if (json_get(body, "state"))
		j->state = json_copy(&j->mem, json_get(body, "state"));
	if (m->fds > 0)
		j->content = msg_take_fd(m, 0);
	j->kept = json_true(body, "kept");
	j->answered = true;
}

static void on_held(struct hand *h, struct msg *m)
{
	struct hand_job *j = job_of(h, (int64_t)m->id);

	if (!j || j->held_came)
		return;
	if (m->fds > 0)
		j->held = msg_take_fd(m, 0);
	j->held_came = true;
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	struct hand *h = ctx;

	(void)l;
	if (slot == h->gate && m->type == MSG_HELD)
		on_held(h, m);
	else if (slot == h->ledger && m->type == MSG_PUSH)
		on_order(h, m);
	else if (slot == h->ledger && m->type == MSG_CONTENT)
		on_content(h, m);
	else if (slot != h->ledger || !post_msg(h->post, m))
		err_die("%s is not for the hand", msg_type_name(m->type));
	pump(h);
}

static void on_peer(struct loop *l, void *ctx, int slot, struct slice name)
{
	struct hand *h = ctx;

	if (slice_eq(name, SLICE("gate")))
		h->gate = slot;
	if (!slice_eq(name, SLICE("ledger")))
		return;
	h->ledger = slot;
	post_peer(h->post, l, slot);
	for (struct hand_job *j = h->job; j; j = j->next)
		j->asked = j->answered; /* the ledger that was asked is gone */
}

static void on_gone(struct loop *l, void *ctx, int slot)
{
	struct hand *h = ctx;

	(void)l;
	if (slot == h->ledger)
		h->ledger = -1;
	if (slot == h->gate)
		h->gate = -1;
}

/*
 * A release, or an intruder, may put another folder in a root's place. The seal lets the hand
 * write to those that stood there when it began, so it begins anew: at once where an order is
 * for there, and the ledger gives what is unanswered to the next one.
 */
static void look_at_roots(struct hand *h)
{
	int64_t now = clock_mono_us();

	if (post_waiting(h->post) > 0 || (!h->anew && (now - h->roots_us < ROOTS_US || h->job)))
		return;
	h->roots_us = now;
	for (size_t i = 0; i < h->conf->roots; i++) {
		if (root_place(h->conf, i, h->root_fd[i]) != ROOT_OTHER)
			continue;
		held_tick(h, true);
		fresh_tick(h, true);
		err_die("another folder stands in a root's place, so it begins anew");
	}
}

static void on_tick(struct loop *l, void *ctx)
{
	struct hand *h = ctx;

	(void)l;
	pump(h);
	held_tick(h, false);
	fresh_tick(h, false);
	isolate_tick(h);
	look_at_roots(h);
}

static bool on_stop(struct loop *l, void *ctx)
{
	struct hand *h = ctx;

	(void)l;
	held_tick(h, true);
	return post_waiting(h->post) == 0 || h->ledger < 0;
}

/* ---- whole ---- */

static int open_folder(const char *state, uid_t uid, gid_t gid)
{
	AUTO_FD dir = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd;

	if (dir < 0)
		return -errno;
	if (mkdirat(dir, HAND_FOLDER, 0700) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(dir, HAND_FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && geteuid() == 0 && fchown(fd, uid, gid) < 0) {
		close(fd);
		return -errno;
	}
	return fd < 0 ? -errno : fd;
}

static void learn_web_users(struct hand *h)
{
	h->webs = conf_web_uids(h->conf, h->web, HAND_MAX_WEB);
	for (size_t i = 0; i < h->webs; i++) {
		const struct passwd *pw = getpwuid(h->web[i]);
		int n = HAND_MAX_GROUPS - (int)h->groups;

		if (pw && getgrouplist(pw->pw_name, pw->pw_gid, h->group + h->groups, &n) >= 0)
			h->groups += (size_t)n;
	}
}

bool hand_is_web(const struct hand *h, uid_t uid)
{
	for (size_t i = 0; i < h->webs; i++) {
		if (h->web[i] == uid)
			return true;
	}
	return false;
}

static bool in_web_group(const struct hand *h, gid_t gid)
{
	for (size_t i = 0; i < h->groups; i++) {
		if (h->group[i] == gid)
			return true;
	}
	return false;
}

bool hand_web_may(const struct hand *h, const struct stat *st, mode_t others)
{
	return hand_is_web(h, st->st_uid) || st->st_mode & others ||
	       (st->st_mode & others << 3 && in_web_group(h, st->st_gid));
}

bool hand_web_removes(const struct hand *h, const struct hand_place *p, const struct stat *st)
{
	struct stat dir;

	return fstat(p->dir, &dir) == 0 && hand_web_may(h, &dir, S_IWOTH) &&
	       (!(dir.st_mode & S_ISVTX) || hand_is_web(h, st->st_uid) ||
	        hand_is_web(h, dir.st_uid));
}

void hand_taken_name(const struct hand_job *j, const struct stat *st, char out[TAKEN_BYTES])
{
	snprintf(out, TAKEN_BYTES, TAKEN_NAME, (long long)j->seq,
	         (unsigned long long)st->st_ino);
}

int hand_make(struct hand *h, const struct conf *c, const char *state, struct err *e)
{
	uid_t uid;
	gid_t gid;

	*h = (struct hand){.conf = c, .ledger = -1, .gate = -1};
	/* Somebody wants to write to a file whose lease is ours: he waits, we go on. The second
	 * is the signal that the gate chose for a file that it handed over. */
	signal(SIGIO, SIG_IGN);
	signal(SIGRTMIN, SIG_IGN);
	arena_init(&h->mem, ORDER_BYTES);
	buf_init(&h->path, PATH_MAX_BYTES);
	learn_web_users(h); /* while files can be read */
	h->post = post_new("hand");
	seal_ids(SEAL_HAND, &uid, &gid);
	h->folder = open_folder(state, uid, gid);
	if (h->folder < 0)
		return err_sys(e, h->folder, "%s/" HAND_FOLDER, state);
	for (size_t i = 0; i < c->roots; i++)
		h->root_fd[i] = root_open(c, i);
	memory_begin(&h->memory, h->folder);
	held_begin(h);
	return contain_make(h, state, uid, gid, e);
}

void hand_join(struct hand *h, int keeper)
{
	static const struct loop_handlers handlers = {.on_peer = on_peer,
	                                              .on_msg = on_msg,
	                                              .on_gone = on_gone,
	                                              .on_stop = on_stop,
	                                              .on_tick = on_tick,
	                                              .tick_ms = TICK_MS,
	                                              .rest_ms = REST_MS};

	h->loop = loop_new(keeper, &handlers, h);
	h->again = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (h->again < 0 || loop_add_fd(h->loop, h->again, EPOLLIN, on_again) < 0)
		err_die("eventfd: %s", strerror(errno));
}

void hand_done(struct hand *h)
{
	held_tick(h, true);
	fresh_tick(h, true);
	while (h->job)
		job_free(h, &h->job);
	contain_done(&h->contain);
	memory_done(&h->memory);
	post_free(h->post);
	buf_done(&h->path);
	arena_done(&h->mem);
	loop_free(h->loop);
}
