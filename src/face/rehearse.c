/*
 * hinoban rehearse: each verb for real, by the same way as in earnest (word, order, deed,
 * and back), on something that this command made: an empty file of the shop under a name of
 * our own, a flag that no server looks for, a child process, a control group with it, and
 * the hand's own empty network namespace. What came of it is recorded.
 */
#include "face/commands.h"
#include "face/contain.h"
#include "face/deploy.h"
#include "face/words.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define SYNC_MS   60000
#define LOOK_MS   2000
#define LOOK_EACH 20
#define WHY_BYTES 200

struct rehearsal {
	struct face *f;
	const char *verb;
	struct json *word;             /* its target is put in by the verb */
	char file[FACE_PATH_MAX + 64]; /* made in the shop, or the group's folder */
	pid_t child;                   /* or 0 */
	int64_t deploy;                /* seq, or 0 */
	int64_t us, lift_us;
	int64_t contain; /* seq of the word */
	char why[WHY_BYTES];
};

static bool fails(struct rehearsal *r, const char *what, int e)
{
	snprintf(r->why, sizeof(r->why), "%.120s%s%s", what, e ? ": " : "",
	         e ? strerror(e) : "");
	return false;
}

/* ---- what is tried on ---- */

static bool make_flag(struct rehearsal *r)
{
	snprintf(r->file, sizeof(r->file), "%s/" CONTAIN_FLAGS "/" CONTAIN_REHEARSAL,
	         r->f->state);
	return true;
}

/* A file of the shop: a deploy of ours makes it, so that nobody is alarmed. */
static bool make_file(struct rehearsal *r)
{
	struct face *f = r->f;
	struct slice root = f->conf.root[0].path;
	struct err e = {0};
	AUTO_FD fd = -1;

	r->deploy = deploy_begin(f, SLICE("hinoban rehearse"), getpid(), "a rehearsal", &e);
	if (r->deploy < 0 || post_client_sync(f->client, SYNC_MS, &e) < 0)
		return fails(r, e.text, 0);
	snprintf(r->file, sizeof(r->file), "%.*s/" CONTAIN_TRIAL, SLICE_ARG(root));
	json_put_slice(&f->mem, r->word, "root", face_path_text(f, root));
	json_put_str(&f->mem, r->word, "path", CONTAIN_TRIAL);
	if (strcmp(r->verb, "stop-shop") == 0)
		return true; /* the hand makes it */
	fd = open(r->file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0)
		return true;
	fails(r, r->file, errno);
	r->file[0] = '\0'; /* not ours to remove */
	return false;
}

/* The hand makes the flag: the one of the shop's program, or of the web server. */
static bool make_shop_flag(struct rehearsal *r)
{
	return r->f->conf.maintenance.n ? make_file(r) : make_flag(r);
}

static bool make_child(struct rehearsal *r)
{
	r->child = fork();
	if (r->child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	if (r->child < 0)
		return fails(r, "fork", errno);
	return contain_process(r->f, r->child, r->word) || fails(r, "/proc", ENOENT);
}

static bool make_group(struct rehearsal *r)
{
	const char *groups = contain_groups();
	char procs[FACE_PATH_MAX + 96], name[32];
	FILE *out;

	if (!groups)
		return fails(r, "control groups, version 2", ENOENT);
	snprintf(name, sizeof(name), "hinoban-rehearsal-%d", (int)getpid());
	snprintf(r->file, sizeof(r->file), "%s/%s", groups, name);
	if (mkdir(r->file, 0755) < 0) {
		fails(r, r->file, errno);
		r->file[0] = '\0';
		return false;
	}
	r->child = fork();
	if (r->child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		for (;;)
			pause();
	}
	snprintf(procs, sizeof(procs), "%s/cgroup.procs", r->file);
	out = r->child > 0 ? fopen(procs, "we") : NULL;
	if (!out || fprintf(out, "%d", (int)r->child) < 0 || fclose(out) != 0)
		return fails(r, procs, errno);
	json_put_str(&r->f->mem, r->word, "cgroup", name);
	return true;
}

static bool make_network(struct rehearsal *r)
{
	struct arena *a = &r->f->mem;
	struct json *list = json_put(a, r->word, "except", json_arr(a));

	json_push(list, json_str(a, SLICE("192.0.2.1"))); /* RFC 5737, RFC 3849: nobody's */
	json_push(list, json_str(a, SLICE("2001:db8::1")));
	json_put_int(a, r->word, "minutes", 1);
	return true;
}

/* ---- does it hold? ---- */

static bool refused(const struct rehearsal *r)
{
	int fd = open(r->file, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd < 0 && errno == EPERM;
}

static bool is_there(const struct rehearsal *r)
{
	return access(r->file, F_OK) == 0;
}

static bool holds_text(const char *path, const char *text)
{
	char line[1024] = "";
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof(line) - 1);

	line[n < 0 ? 0 : n] = '\0';
	return strstr(line, text) != NULL;
}

static bool stopped(const struct rehearsal *r)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)r->child);
	return holds_text(path, ") T ");
}

static bool group_frozen(const struct rehearsal *r)
{
	char path[FACE_PATH_MAX + 96];

	snprintf(path, sizeof(path), "%s/cgroup.events", r->file);
	return holds_text(path, "frozen 1");
}

static const struct part {
	const char *name, *verb;
	bool (*make)(struct rehearsal *r);
	bool (*holds)(const struct rehearsal *r); /* NULL: the hand has looked itself */
} parts[] = {
    {"hold", "hold", make_file, refused},
    {"stop-payment", "stop-payment", make_flag, is_there},
    {"stop-shop", "stop-shop", make_shop_flag, is_there},
    {"freeze", "freeze", make_child, stopped},
    {"freeze-group", "freeze", make_group, group_frozen},
    {"isolate", "isolate", make_network, NULL},
};
#define PARTS (sizeof(parts) / sizeof(parts[0]))

static bool comes_true(const struct part *p, const struct rehearsal *r, bool want)
{
	for (int ms = 0; p->holds && ms < LOOK_MS; ms += LOOK_EACH) {
		if (p->holds(r) == want)
			return true;
		poll(NULL, 0, LOOK_EACH);
	}
	return !p->holds;
}

/* ---- one rehearsal ---- */

static bool step(struct rehearsal *r, const struct part *p, struct json *word, bool on,
                 int64_t *us)
{
	int64_t begun = clock_mono_us(), seq = face_send(r->f, word);
	const struct json *deed = seq < 0 ? NULL : contain_wait(r->f, seq);

	*us = clock_mono_us() - begun;
	if (on)
		r->contain = seq;
	if (!deed)
		return fails(r, "no deed answered", 0);
	if (!json_true(deed, "done"))
		return fails(r, words_failure(r->f, deed), 0);
	return comes_true(p, r, on) ||
	       fails(r, on ? "it did not hold" : "it was not lifted", 0);
}

static bool go(struct rehearsal *r, const struct part *p)
{
	struct face *f = r->f;
	struct json *lift;
	bool held;

	if (!p->make(r))
		return false;
	held = step(r, p, r->word, true, &r->us);
	if (r->contain <= 0)
		return false;
	lift = contain_draft(f, "lift", r->verb, "a rehearsal");
	json_put_int(&f->mem, lift, "contain", r->contain);
	contain_copy(f, lift, r->word);
	fact_ref(&f->mem, lift, r->contain);
	return step(r, p, lift, false, &r->lift_us) && held;
}

static void clear_away(struct rehearsal *r)
{
	struct err e = {0};

	if (r->child > 0) {
		kill(r->child, SIGKILL);
		waitpid(r->child, NULL, 0);
	}
	if (r->file[0] && rmdir(r->file) < 0 && r->deploy > 0)
		unlink(r->file);
	if (r->deploy > 0) {
		post_client_sync(r->f->client, SYNC_MS, &e);
		deploy_end(r->f, r->deploy, 0, &e);
	}
}

static void record(struct rehearsal *r, const struct part *p, bool good)
{
	struct arena *a = &r->f->mem;
	struct json *w = fact_draft(a, "rehearsed");

	json_put_str(a, w, "verb", p->name);
	json_put_bool(a, w, "done", good);
	json_put_int(a, w, "us", r->us);
	json_put_int(a, w, "lift_us", r->lift_us);
	json_put_str(a, w, "by", face_who(r->f));
	if (!good)
		json_put_str(a, w, "why", r->why);
	if (r->contain > 0)
		fact_ref(a, w, r->contain);
	face_send(r->f, w);
	if (args_has(&r->f->args, OPT_JSON))
		face_put_json(w);
	else if (good)
		SAY(T_REHEARSED, p->name, face_int(r->f, r->us / 1000),
		    face_int(r->f, r->lift_us / 1000));
	else
		SAY(T_REHEARSED_NOT, p->name, r->why);
}

static bool rehearse(struct face *f, const struct part *p)
{
	struct rehearsal r = {.f = f, .verb = p->verb};
	bool good;

	r.word = contain_draft(f, "contain", p->verb, "a rehearsal");
	json_put_bool(&f->mem, r.word, "rehearsal", true);
	good = go(&r, p);
	clear_away(&r);
	record(&r, p, good);
	return good;
}

static int rehearse_run(struct face *f)
{
	const char *only = f->args.rests ? f->args.rest[0] : NULL;
	int code = contain_connect(f), bad = 0, done = 0;

	if (!code)
		code = face_state(f);
	if (code)
		return code;
	for (size_t i = 0; i < PARTS; i++) {
		if (only && strcmp(only, parts[i].name) != 0 &&
		    strcmp(only, parts[i].verb) != 0)
			continue;
		done++;
		bad += !rehearse(f, &parts[i]);
	}
	if (!done) {
		COMPLAIN(T_CONTAIN_UNKNOWN, only);
		return EXIT_USE;
	}
	return bad ? EXIT_FOUND : EXIT_GOOD;
}

static const uint8_t rehearse_opts[] = {OPT_JSON, OPT_END};

const struct command rehearse_cmd = {
    .name = "rehearse",
    .usage = "[VERB]",
    .what = T_REHEARSE_WHAT,
    .more = T_REHEARSE_EXAMPLES,
    .opts = rehearse_opts,
    .min = 0,
    .max = 1,
    .run = rehearse_run,
};
