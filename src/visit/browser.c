/* browser: runs Chromium and watches what it takes. */
#include "visit/browser.h"
#include "visit/burden.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define TICK_MS    500
#define ROOM_NAME  "hinoban-browser."
#define PATH_BYTES 256
#define MAX_ARGS   64
#define LAST_MS    50 /* between the end of its pipes and its own */
/* Where Chromium looks for its end of the pipes. */
#define PIPE_IN  3
#define PIPE_OUT 4
#define PIPE_LOG 5 /* where its net log goes, if it is wanted */
#define PIPES    6 /* ends: in, out, log */

#define CHILDREN 2 /* one visits, one is ready for the next visit */

struct child {
	uint64_t id; /* of its LAUNCH */
	pid_t pid;   /* 0: none runs */
	int pidfd;
	const char *why; /* we ended it, and why */
	int64_t rss;
	char profile[PATH_BYTES];
};

struct browser {
	struct loop *loop;
	struct arena mem;
	char program[PATH_BYTES];
	char room[PATH_BYTES];
	int lock;
	int64_t most_bytes;
	struct burden burden;
	int visitor; /* slot or -1 */
	uint64_t count;
	struct child child[CHILDREN];
};

const char *browser_program(const struct conf *c)
{
	static char own[4096];

	if (c && c->page_browser.n && c->page_browser.n < sizeof(own)) {
		memcpy(own, c->page_browser.at, c->page_browser.n);
		own[c->page_browser.n] = '\0';
		return access(own, X_OK) == 0 ? own : NULL;
	}
	return access(BROWSER_PROGRAM, X_OK) == 0 ? BROWSER_PROGRAM : NULL;
}

/* ---- the room ---- */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	(void)remove(path);
	return 0;
}

static void remove_all(const char *path)
{
	if (path[0])
		nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* A launcher that was killed leaves its room; the lock tells those that live. */
static void sweep(uid_t uid)
{
	DIR *d = opendir("/tmp");
	struct dirent *e;

	while (d && (e = readdir(d))) {
		char path[PATH_BYTES], lock[PATH_BYTES + 8];
		struct stat st;
		AUTO_FD fd = -1;

		if (strncmp(e->d_name, ROOM_NAME, strlen(ROOM_NAME)) != 0 ||
		    strlen(e->d_name) > 64)
			continue;
		snprintf(path, sizeof(path), "/tmp/%.64s", e->d_name);
		snprintf(lock, sizeof(lock), "%s/lock", path);
		if (lstat(path, &st) < 0 || !S_ISDIR(st.st_mode) || st.st_uid != uid)
			continue;
		fd = open(lock, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
			remove_all(path);
	}
	if (d)
		closedir(d);
}

static int make_room(struct browser *b, struct err *e)
{
	char path[PATH_BYTES + 8];
	uid_t uid;
	gid_t gid;

	seal_ids(SEAL_BROWSER, &uid, &gid);
	if (geteuid() == 0)
		sweep(uid);
	snprintf(b->room, sizeof(b->room), "/tmp/" ROOM_NAME "XXXXXX");
	if (!mkdtemp(b->room))
		return err_sys(e, -errno, "%s", b->room);
	snprintf(path, sizeof(path), "%s/lock", b->room);
	b->lock = open(path, O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (b->lock < 0 || flock(b->lock, LOCK_EX | LOCK_NB) < 0)
		return err_sys(e, -errno, "%s", path);
	if (geteuid() == 0 && (fchown(b->lock, uid, gid) < 0 || lchown(b->room, uid, gid) < 0))
		return err_sys(e, -errno, "%s", b->room);
	return 0;
}

struct browser *browser_new(const struct conf *c, struct err *e)
{
	const char *program = browser_program(c);
	struct browser *b = calloc(1, sizeof(*b));

	if (!b)
		err_die("no memory");
	b->lock = b->visitor = -1;
	b->most_bytes = c->page_memory_bytes;
	arena_init(&b->mem, 1 << 20);
	/* Without one it stays all the same: each LAUNCH is answered with the reason. */
	if (program)
		snprintf(b->program, sizeof(b->program), "%s", program);
	burden_open(&b->burden, b->most_bytes);
	if (make_room(b, e) == 0)
		return b;
	browser_free(b);
	return NULL;
}

const char *browser_room(const struct browser *b)
{
	return b->room;
}

/* ---- one Chromium ---- */

/*
 * Autofill would ask its makers about the forms that it meets; and of the renderers that are
 * kept ready for a page of another site, a context that lasts one visit throws nearly all away.
 * And what drops down below the address bar is a page of the browser's own, made with each
 * window and shown to nobody: a fifth of what a visit took.
 */
#define NO_FEATURES                                                               \
	"Translate,OptimizationHints,MediaRouter,InterestFeedContentSuggestions," \
	"AutofillServerCommunication,SpareRendererForSitePerProcess,"             \
	"WebUIOmniboxPopup,WebUIOmniboxAimPopup"

static const char *const flags[] = {"--headless=new",
                                    "--remote-debugging-pipe",
                                    "--no-first-run",
                                    "--no-default-browser-check",
                                    "--disable-blink-features=AutomationControlled",
                                    "--window-size=1366,860",
                                    "--screen-info={1920x1080}",
                                    "--lang=ja-JP",
                                    "--accept-lang=ja-JP,ja",
                                    "--disable-background-networking",
                                    "--disable-component-update",
                                    "--disable-sync",
                                    "--disable-default-apps",
                                    "--disable-extensions",
                                    "--disable-breakpad",
                                    "--metrics-recording-only",
                                    "--mute-audio",
                                    "--password-store=basic",
                                    "--use-mock-keychain",
                                    "--disable-search-engine-choice-screen",
                                    "--disable-dev-shm-usage",
                                    "--disable-features=" NO_FEATURES,
                                    "--disable-background-timer-throttling",
                                    "--disable-renderer-backgrounding",
                                    "--disable-backgrounding-occluded-windows",
                                    "--enable-features=NetworkServiceInProcess2",
                                    "--renderer-process-limit=24",
                                    "--disk-cache-size=33554432"};

/* Into a pipe, so that what it holds of the pages never lies on a disk. */
#define LOG_FLAG "--log-net-log=/proc/self/fd/5"

/* In the child: nothing but calls that are safe between fork and exec. */
static _Noreturn void become(const struct browser *b, char *const argv[], char *const env[],
                             const int pipes[PIPES], pid_t parent)
{
	sigset_t none;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	setpgid(0, 0);
	if (null < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(127);
	/* First out of the way of each other. */
	int in = fcntl(pipes[0], F_DUPFD_CLOEXEC, 16),
	    out = fcntl(pipes[3], F_DUPFD_CLOEXEC, 16);
	int log = pipes[5] >= 0 ? fcntl(pipes[5], F_DUPFD_CLOEXEC, 16) : null;

	if (in < 0 || out < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 ||
	    dup2(in, PIPE_IN) < 0 || dup2(out, PIPE_OUT) < 0 || dup2(log, PIPE_LOG) < 0 ||
	    close_range(PIPE_LOG + 1, ~0u, 0))
		_exit(127);
	execve(b->program, argv, env);
	_exit(127);
}

static int run_it(const struct browser *b, struct child *c, const int pipes[PIPES])
{
	char profile[PATH_BYTES + 32], home[PATH_BYTES + 8], tmp[PATH_BYTES + 8];
	char cache[PATH_BYTES + 24], config[PATH_BYTES + 24];
	char *argv[MAX_ARGS], *env[12];
	size_t n = 0, m = 0;
	pid_t parent = getpid();

	snprintf(profile, sizeof(profile), "--user-data-dir=%s", c->profile);
	snprintf(home, sizeof(home), "HOME=%s", c->profile);
	snprintf(tmp, sizeof(tmp), "TMPDIR=%s", c->profile);
	snprintf(cache, sizeof(cache), "XDG_CACHE_HOME=%s", c->profile);
	snprintf(config, sizeof(config), "XDG_CONFIG_HOME=%s", c->profile);
	argv[n++] = (char *)(uintptr_t)b->program;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		argv[n++] = (char *)(uintptr_t)flags[i]; /* execve does not write to it */
	argv[n++] = profile;
	if (pipes[5] >= 0)
		argv[n++] = (char *)(uintptr_t)LOG_FLAG;
	argv[n++] = (char *)(uintptr_t) "about:blank";
	argv[n] = NULL;
	env[m++] = home;
	env[m++] = tmp;
	env[m++] = cache;
	env[m++] = config;
	env[m++] = (char *)(uintptr_t) "PATH=/usr/bin:/bin";
	env[m++] = (char *)(uintptr_t) "LANG=ja_JP.UTF-8";
	env[m++] = (char *)(uintptr_t) "TZ=Asia/Tokyo";
	env[m] = NULL;
	c->pid = fork();
	if (c->pid == 0)
		become(b, argv, env, pipes, parent);
	if (c->pid < 0) {
		c->pid = 0;
		return -errno;
	}
	setpgid(c->pid, c->pid); /* both sides: whoever is first */
	c->pidfd = pidfd_open(c->pid, 0);
	return c->pidfd < 0 ? -errno : 0;
}

static void on_exit_fd(struct loop *l, void *ctx, int fd, uint32_t events);

static void close_pipes(int pipes[PIPES])
{
	for (int i = 0; i < PIPES; i++)
		if (pipes[i] >= 0)
			close(pipes[i]);
}

static void kill_all(const struct child *c)
{
	if (c->pid <= 0)
		return;
	burden_kill(c->pid);
	kill(-c->pid, SIGKILL);
	kill(c->pid, SIGKILL); /* not waited for yet, so the number is still its own */
}

/* Reap what is ended, take its profile away. */
static int bury(struct browser *b, struct child *c)
{
	int status = 0;

	if (c->pid <= 0)
		return 0;
	kill_all(c); /* what is left of its group */
	while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (c->pidfd >= 0) {
		loop_del_fd(b->loop, c->pidfd);
		close(c->pidfd);
	}
	c->pidfd = -1;
	c->pid = 0;
	remove_all(c->profile);
	c->profile[0] = '\0';
	return status;
}

static void bury_all(struct browser *b)
{
	for (int i = 0; i < CHILDREN; i++)
		bury(b, &b->child[i]);
}

static void answer(struct browser *b, enum msg_type type, uint64_t id, const struct json *body,
                   const int *fd, int fds)
{
	struct buf text;

	buf_init(&text, 4096);
	if (json_write(&text, body) &&
	    loop_send_fds(b->loop, b->visitor, type, id, buf_slice(&text), fd, fds) < 0 &&
	    type != MSG_GONE) /* a visitor that is gone need not hear that */
		err_say("the visitor does not hear the browser");
	buf_done(&text);
}

static int begin(struct browser *b, struct child *c, bool log, int pipes[PIPES], struct err *e)
{
	int r = 0;

	if (!b->program[0])
		return err_set(e, -ENOENT, "there is no Chromium; install Debian's chromium");
	snprintf(c->profile, sizeof(c->profile), "%.200s/p%llu", b->room,
	         (unsigned long long)c->id);
	if (mkdir(c->profile, 0700) < 0)
		return err_sys(e, -errno, "%s", c->profile);
	if (pipe2(pipes, O_CLOEXEC) < 0 || pipe2(pipes + 2, O_CLOEXEC) < 0 ||
	    (log && pipe2(pipes + 4, O_CLOEXEC) < 0))
		return err_sys(e, -errno, "pipes");
	r = run_it(b, c, pipes);
	if (r == 0)
		r = loop_add_fd(b->loop, c->pidfd, EPOLLIN, on_exit_fd);
	return r < 0 ? err_sys(e, r, "%s", b->program) : 0;
}

/* A place for one more. A spare one is beside the newest, any other is alone. */
static struct child *make_place(struct browser *b, bool spare)
{
	struct child *newest = &b->child[0], *place = NULL;

	for (int i = 1; i < CHILDREN; i++)
		if (b->child[i].pid > 0 && (newest->pid <= 0 || b->child[i].id > newest->id))
			newest = &b->child[i];
	for (int i = 0; i < CHILDREN; i++) {
		if (!spare || &b->child[i] != newest)
			bury(b, &b->child[i]);
		if (b->child[i].pid <= 0)
			place = &b->child[i];
	}
	return place;
}

static void launch(struct browser *b, struct slice body)
{
	int pipes[PIPES] = {-1, -1, -1, -1, -1, -1}, ends[3];
	struct err e = {""};
	const struct json *want;
	struct json *o;
	struct child *c;
	bool log, spare;

	arena_reset(&b->mem);
	want = json_parse(&b->mem, body, NULL);
	log = json_true(want, "log");
	spare = json_true(want, "spare");
	c = make_place(b, spare);
	*c = (struct child){.id = ++b->count, .pidfd = -1};
	o = json_obj(&b->mem);
	json_put_bool(&b->mem, o, "spare", spare);
	if (begin(b, c, log, pipes, &e) < 0) {
		json_put_str(&b->mem, o, "error", e.text);
		bury(b, c);
		answer(b, MSG_LAUNCHED, c->id, o, NULL, 0);
	} else {
		burden_add(&b->burden, c->pid);
		json_put_int(&b->mem, o, "pid", c->pid);
		ends[0] = pipes[1];
		ends[1] = pipes[2];
		ends[2] = pipes[4];
		answer(b, MSG_LAUNCHED, c->id, o, ends, log ? 3 : 2);
	}
	close_pipes(pipes);
}

static void tell_gone(struct browser *b, const struct child *c, int status)
{
	struct json *o;

	arena_reset(&b->mem);
	o = json_obj(&b->mem);
	json_put_slice(&b->mem, o, "how",
	               WIFEXITED(status)
	                   ? arena_printf(&b->mem, "exit %d", WEXITSTATUS(status))
	                   : arena_printf(&b->mem, "signal %d", WTERMSIG(status)));
	json_put_str(&b->mem, o, "why", c->why ? c->why : "by itself");
	if (c->rss > 0)
		json_put_int(&b->mem, o, "rss", c->rss);
	answer(b, MSG_GONE, c->id, o, NULL, 0);
}

static void on_exit_fd(struct loop *l, void *ctx, int fd, uint32_t events)
{
	struct browser *b = ctx;

	(void)l;
	(void)events;
	for (int i = 0; i < CHILDREN; i++)
		if (b->child[i].pid > 0 && fd == b->child[i].pidfd) {
			tell_gone(b, &b->child[i], bury(b, &b->child[i]));
			return;
		}
}

/* ---- the role ---- */

static void on_peer(struct loop *l, void *ctx, int slot, struct slice name)
{
	struct browser *b = ctx;

	(void)l;
	if (!slice_eq(name, SLICE("visitor")))
		err_die("the keeper sent a neighbour that a browser has not: %.*s",
		        SLICE_ARG(name));
	b->visitor = slot;
}

/* Does it end by itself? Its pipes do a moment before the kernel says so. */
static bool ends(const struct child *c)
{
	struct pollfd p = {.fd = c->pidfd, .events = POLLIN};

	return poll(&p, 1, LAST_MS) > 0;
}

static void on_msg(struct loop *l, void *ctx, int slot, struct msg *m)
{
	struct browser *b = ctx;

	(void)l;
	(void)slot;
	if (m->type == MSG_LAUNCH)
		launch(b, m->body);
	else if (m->type != MSG_GONE)
		err_die("%s is not for the browser", msg_type_name(m->type));
	for (int i = 0; m->type == MSG_GONE && i < CHILDREN; i++)
		if (b->child[i].pid > 0 && b->child[i].id == m->id && !ends(&b->child[i])) {
			b->child[i].why = "no answer";
			kill_all(&b->child[i]);
		}
}

/* A visitor that is gone lets its browser go: nobody would ever speak to it again. */
static void on_gone(struct loop *l, void *ctx, int slot)
{
	struct browser *b = ctx;

	(void)l;
	if (slot == b->visitor)
		bury_all(b);
}

/* The limit holds for all of them together; the one that takes the most goes. */
static void on_tick(struct loop *l, void *ctx)
{
	struct browser *b = ctx;
	struct child *most = NULL;
	int64_t sum = 0;

	(void)l;
	for (int i = 0; i < CHILDREN; i++) {
		struct child *c = &b->child[i];
		int processes = 0;

		if (c->pid <= 0)
			continue;
		if (!c->why)
			c->rss = burden_of(c->pid, &processes);
		sum += c->rss;
		most = !most || c->rss > most->rss ? c : most;
		if (!c->why && processes > BROWSER_MAX_PROCESSES) {
			c->why = "processes";
			kill_all(c);
		}
	}
	if (sum > b->most_bytes && !most->why) {
		most->why = "memory";
		kill_all(most);
	}
}

static bool on_stop(struct loop *l, void *ctx)
{
	struct browser *b = ctx;

	(void)l;
	bury_all(b);
	return true;
}

void browser_join(struct browser *b, int keeper)
{
	static const struct loop_handlers handlers = {.on_peer = on_peer,
	                                              .on_msg = on_msg,
	                                              .on_gone = on_gone,
	                                              .on_stop = on_stop,
	                                              .on_tick = on_tick,
	                                              .tick_ms = TICK_MS};

	b->loop = loop_new(keeper, &handlers, b);
}

int browser_run(struct browser *b)
{
	loop_ready(b->loop);
	return loop_run(b->loop);
}

void browser_free(struct browser *b)
{
	if (!b)
		return;
	loop_free(b->loop);
	remove_all(b->room);
	if (b->lock >= 0)
		close(b->lock);
	burden_close(&b->burden);
	arena_done(&b->mem);
	free(b);
}
