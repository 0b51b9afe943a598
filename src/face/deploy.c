/*
 * hinoban deploy -- COMMAND: what COMMAND and its children write is approved.
 *
 * Where hinoband runs: the child waits at a pipe until the ledger has the word with its pid
 * and the guard has read it; so not one write of the command comes before. Where it does
 * not run: a scan before and one after; all that differs between is laid to the deploy,
 * whoever wrote it, and the user is told so.
 *
 * hinoban deploy --begin PID, and --end PID: the same for a process that runs already, and for
 * what it starts from then on: apt calls the two (packaging/apt).
 */
#include "face/deploy.h"
#include "face/commands.h"
#include "face/scan.h"
#include "face/words.h"
#include "sense/sense.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#define SYNC_MS          600000 /* a release of 100,000 files, on a slow disk */
#define MAX_COMMAND_TEXT 4000
#define EXEC_FAILED      127
#define AGAIN_TRIES      100 /* of 0.1 s each: a ledger that died is there again sooner */

struct deploy {
	struct face *f;
	pid_t pid;
	int gate;    /* the child waits until a byte comes through */
	int fault;   /* and tells here why exec failed */
	int64_t seq; /* of deploy.started */
	int status;  /* the command's exit code, 128 + signal */
	struct err e;
};

static volatile sig_atomic_t child_pid;

static void forward(int sig)
{
	int e = errno;

	if (child_pid > 0)
		kill((pid_t)child_pid, sig);
	errno = e;
}

/* A terminal sends Ctrl-C to the child too, which decides; what is sent to us alone is passed
 * on. */
static void forward_signals(void)
{
	static const int passed[] = {SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
	struct sigaction sa = {.sa_handler = forward, .sa_flags = SA_RESTART};
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	for (size_t i = 0; i < sizeof(passed) / sizeof(passed[0]); i++)
		sigaction(passed[i], &sa, NULL);
	sigaction(SIGINT, &ignore, NULL);
}

static _Noreturn void wait_and_become(char **argv, int gate, int fault)
{
	char go;
	int e;

	if (read(gate, &go, 1) != 1)
		_exit(EXEC_FAILED); /* hinoban could not record the deploy: nothing is run */
	execvp(argv[0], argv);
	e = errno;
	if (write(fault, &e, sizeof(e)) < 0)
		_exit(EXEC_FAILED);
	_exit(EXEC_FAILED);
}

static int start_child(struct deploy *d)
{
	int gate[2], fault[2];

	if (pipe2(gate, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(fault, O_CLOEXEC) < 0) {
		int e = -errno;

		close(gate[0]);
		close(gate[1]);
		return e;
	}
	fflush(stdout);
	d->pid = fork();
	if (d->pid == 0) {
		close(gate[1]);
		wait_and_become(d->f->args.rest, gate[0], fault[1]);
	}
	close(gate[0]);
	close(fault[1]);
	d->gate = gate[1];
	d->fault = fault[0];
	return d->pid < 0 ? -errno : 0;
}

/* Let it go (or end it) and wait. */
static int finish_child(struct deploy *d, bool go)
{
	siginfo_t how = {0};
	int e = 0;

	child_pid = d->pid;
	forward_signals();
	if (go && write(d->gate, "g", 1) != 1)
		go = false;
	close(d->gate);
	if (read(d->fault, &e, sizeof(e)) != (ssize_t)sizeof(e))
		e = 0;
	close(d->fault);
	/* It is not reaped: as long as its number is in /proc the deploy counts as going on,
	 * and it does until deploy.ended is said. */
	while (waitid(P_PID, (id_t)d->pid, &how, WEXITED | WNOWAIT) < 0 && errno == EINTR)
		;
	child_pid = 0;
	d->status = how.si_code == CLD_EXITED ? how.si_status : 128 + how.si_status;
	if (e)
		COMPLAIN(T_DEPLOY_CANNOT_RUN, d->f->args.rest[0], strerror(e));
	return go && !e ? EXIT_GOOD : EXIT_USE;
}

static struct slice command_text(struct face *f)
{
	struct slice out;
	struct buf b;

	buf_init(&b, MAX_COMMAND_TEXT);
	for (int i = 0; i < f->args.rests && buf_ok(&b); i++) {
		if (i)
			buf_byte(&b, ' ');
		text_path(
		    &b, slice_str(f->args.rest[i])); /* arguments are bytes, facts are UTF-8 */
	}
	out = arena_copy(&f->mem, buf_slice(&b));
	buf_done(&b);
	return out;
}

/* The same of a process that runs. */
static struct slice command_of(struct face *f, pid_t pid)
{
	char path[64], words[MAX_COMMAND_TEXT / 4]; /* a byte may take four to be written */
	struct slice out;
	struct buf b;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, words, sizeof(words));
	for (ssize_t i = 0; i < n; i++)
		words[i] = words[i] ? words[i] : ' ';
	buf_init(&b, MAX_COMMAND_TEXT);
	text_path(&b, slice_trim(slice_mem(words, n > 0 ? (size_t)n : 0)));
	out = arena_copy(&f->mem, buf_slice(&b));
	buf_done(&b);
	return out;
}

int64_t deploy_begin(struct face *f, struct slice command, pid_t pid, const char *reason,
                     struct err *e)
{
	struct json *w = fact_draft(&f->mem, "deploy.started");

	json_put_str(&f->mem, w, "by", face_who(f));
	json_put_slice(&f->mem, w, "command", command);
	json_put_int(&f->mem, w, "pid", pid);
	json_put_int(&f->mem, w, "began", (int64_t)procs_began(pid));
	json_put_str(&f->mem, w, "boot", procs_boot());
	if (reason)
		json_put_str(&f->mem, w, "reason", reason);
	return post_client_fact(f->client, w, -1, e);
}

int deploy_end(struct face *f, int64_t seq, int status, struct err *e)
{
	struct json *w = fact_draft(&f->mem, "deploy.ended");
	int64_t r;

	json_put_int(&f->mem, w, "deploy", seq);
	json_put_int(&f->mem, w, "exit", status);
	json_put_str(&f->mem, w, "by", face_who(f));
	fact_ref(&f->mem, w, seq);
	r = post_client_fact(f->client, w, -1, e);
	return r < 0 ? (int)r : 0;
}

static int say_started(struct deploy *d)
{
	struct slice command = d->f->args.rests ? command_text(d->f) : command_of(d->f, d->pid);

	d->seq = deploy_begin(d->f, command, d->pid, args_text(&d->f->args, OPT_REASON), &d->e);
	return d->seq < 0 ? -1 : 0;
}

static int say_ended(struct deploy *d)
{
	return deploy_end(d->f, d->seq, d->status, &d->e);
}

static int ledger_fails(struct deploy *d)
{
	COMPLAIN(T_LEDGER_FAULT, d->e.text);
	return EXIT_OURS;
}

/* The ledger has died. What it was not told yet is for the next one. */
static bool join_again(struct deploy *d)
{
	static const struct timespec rest = {.tv_nsec = 100000000};
	struct face *f = d->f;

	post_client_close(f->client);
	f->client = NULL;
	for (int i = 0; i < AGAIN_TRIES && !face_live(f); i++)
		nanosleep(&rest, NULL);
	/* Without hinoband the client would be a ledger of its own: that is no place for this.
	 */
	return face_live(f) && face_client(f) == EXIT_GOOD && post_client_live(f->client);
}

static bool synced(struct deploy *d)
{
	return post_client_sync(d->f->client, SYNC_MS, &d->e) == 0;
}

static bool ended(struct deploy *d)
{
	return d->f->client && (say_ended(d) == 0 || (join_again(d) && say_ended(d) == 0));
}

/* All that was written must be laid to it before its end is said. */
static int end_watched(struct deploy *d)
{
	if (!synced(d) && !(join_again(d) && synced(d)))
		COMPLAIN(T_SYNC_FAULT, d->e.text);
	if (!ended(d)) {
		COMPLAIN(T_DEPLOY_BLIND);
		return ledger_fails(d);
	}
	post_client_sync(d->f->client, SYNC_MS, &d->e);
	return EXIT_GOOD;
}

static int watched(struct deploy *d)
{
	bool known = say_started(d) == 0 && synced(d);
	int code = finish_child(d, known), end;

	if (!known) {
		COMPLAIN(T_DEPLOY_NOT_RUN);
		if (d->seq > 0)
			ended(d);
		return ledger_fails(d);
	}
	end = end_watched(d);
	return end ? end : code;
}

static int begin_unwatched(struct deploy *d)
{
	struct scan_result r = {0};
	int code;

	COMPLAIN(T_DEPLOY_UNWATCHED);
	code = scan_refresh(d->f, false, "deploy", &r);
	if (!code && say_started(d) < 0)
		code = ledger_fails(d);
	return code;
}

static int end_unwatched(struct deploy *d)
{
	struct scan_want want = {
	    .reason = "deploy", .record = true, .progress = T_PROGRESS_CHECK, .deploy = d->seq};
	struct scan_result r = {0};
	int code = scan_files(d->f, &want, &r);

	if (say_ended(d) < 0)
		return ledger_fails(d);
	post_client_sync(d->f->client, SYNC_MS, &d->e);
	return code;
}

static int unwatched(struct deploy *d)
{
	int code = begin_unwatched(d), end;

	if (code) {
		finish_child(d, false);
		return code;
	}
	code = finish_child(d, true);
	end = end_unwatched(d);
	return end ? end : code;
}

/* --- what it did -------------------------------------------------------------------- */

struct tally {
	int64_t deploy, n;
	int64_t blind; /* guards that ended meanwhile, or began anew */
	struct face *f;
};

static int count_change(void *ctx, int64_t seq, struct slice canonical)
{
	struct tally *t = ctx;
	const struct json *v;

	(void)seq;
	arena_reset(&t->f->mem);
	v = json_parse(&t->f->mem, canonical, NULL);
	t->n += json_num(v, "deploy", 0) == t->deploy;
	return 0;
}

static int count_guard(void *ctx, int64_t seq, struct slice canonical)
{
	struct tally *t = ctx;

	(void)seq;
	arena_reset(&t->f->mem);
	t->blind += slice_eq(json_text(json_parse(&t->f->mem, canonical, NULL), "role"),
	                     SLICE("guard"));
	return 0;
}

static int tell(struct deploy *d)
{
	struct ledger_query q = {.from_seq = d->seq, .type = SLICE("file.changed")};
	/* Where all of hinoban ended at once, nobody was left to tell that the guard did. */
	struct ledger_query died = {.from_seq = d->seq, .type = SLICE("role.died")};
	struct ledger_query began = {.from_seq = d->seq, .type = SLICE("role.started")};
	struct tally t = {.deploy = d->seq, .f = d->f};
	int code = face_ledger(d->f);

	if (code)
		return code;
	if (ledger_each(d->f->ledger, &q, count_change, &t) < 0 ||
	    ledger_each(d->f->ledger, &died, count_guard, &t) < 0 ||
	    ledger_each(d->f->ledger, &began, count_guard, &t) < 0)
		return EXIT_OURS;
	if (d->f->args.rests)
		COMPLAIN(T_DEPLOY_DONE, face_num(d->f, t.n), face_int(d->f, d->status),
		         face_int(d->f, d->seq));
	else
		COMPLAIN(T_DEPLOY_DONE_OF, face_num(d->f, t.n), face_int(d->f, d->seq));
	if (t.blind)
		COMPLAIN(T_DEPLOY_BLIND);
	return d->status || t.blind ? EXIT_FOUND : EXIT_GOOD;
}

/* --- a process that runs already ---------------------------------------------------- */

static int begin_of(struct deploy *d)
{
	if (d->pid == 1) {
		COMPLAIN(T_DEPLOY_ALL);
		return EXIT_USE;
	}
	if (procs_began(d->pid) == 0) {
		COMPLAIN(T_DEPLOY_NO_PROCESS, face_int(d->f, d->pid));
		return EXIT_USE;
	}
	if (!post_client_live(d->f->client))
		return begin_unwatched(d);
	return say_started(d) == 0 && synced(d) ? EXIT_GOOD : ledger_fails(d);
}

struct begun {
	struct deploy *d;
	uint64_t began;
};

static int is_begun(void *ctx, int64_t seq, struct slice canonical)
{
	struct begun *b = ctx;
	const struct json *v;

	arena_reset(&b->d->f->mem);
	v = json_parse(&b->d->f->mem, canonical, NULL);
	if (json_num(v, "pid", 0) == b->d->pid &&
	    (uint64_t)json_num(v, "began", 0) == b->began &&
	    slice_eq(json_text(v, "boot"), slice_str(procs_boot())))
		b->d->seq = seq;
	return 0;
}

static int is_ended(void *ctx, int64_t seq, struct slice canonical)
{
	struct deploy *d = ctx;

	(void)seq;
	arena_reset(&d->f->mem);
	if (json_num(json_parse(&d->f->mem, canonical, NULL), "deploy", 0) == d->seq)
		d->seq = 0;
	return 0;
}

static int end_of(struct deploy *d)
{
	struct ledger_query started = {.type = SLICE("deploy.started")};
	struct ledger_query end = {.type = SLICE("deploy.ended")};
	struct begun b = {d, procs_began(d->pid)};
	int code = face_ledger(d->f);

	if (code)
		return code;
	if (ledger_each(d->f->ledger, &started, is_begun, &b) < 0 ||
	    ledger_each(d->f->ledger, &end, is_ended, d) < 0)
		return EXIT_OURS;
	if (d->seq == 0) {
		COMPLAIN(T_DEPLOY_NOT_BEGUN, face_int(d->f, d->pid));
		return EXIT_USE;
	}
	code = post_client_live(d->f->client) ? end_watched(d) : end_unwatched(d);
	return code ? code : tell(d);
}

static int deploy_run(struct face *f)
{
	bool begins = args_has(&f->args, OPT_BEGIN), ends = args_has(&f->args, OPT_FINISH);
	int64_t pid = args_number(&f->args, begins ? OPT_BEGIN : OPT_FINISH, 0, INT32_MAX);
	struct deploy d = {.f = f, .pid = (pid_t)pid};
	int code, r;

	if (pid < 0)
		return EXIT_USE;
	if ((f->args.rests > 0) + begins + ends != 1) {
		COMPLAIN(T_DEPLOY_WHICH);
		COMPLAIN(T_SEE_HELP, "deploy", " ");
		return EXIT_USE;
	}
	code = face_conf(f);
	if (!code)
		code = face_client(f);
	if (code)
		return code;
	if (begins)
		return begin_of(&d);
	if (ends)
		return end_of(&d);
	r = start_child(&d);
	if (r < 0) {
		COMPLAIN(T_DEPLOY_CANNOT_RUN, f->args.rest[0], strerror(-r));
		return EXIT_OURS;
	}
	code = post_client_live(f->client) ? watched(&d) : unwatched(&d);
	return code ? code : tell(&d);
}

static const uint8_t deploy_opts[] = {OPT_REASON, OPT_BEGIN, OPT_FINISH, OPT_END};

const struct command deploy_cmd = {
    .name = "deploy",
    .usage = "-- COMMAND [ARGUMENT ...]",
    .what = T_DEPLOY_WHAT,
    .more = T_DEPLOY_EXAMPLES,
    .opts = deploy_opts,
    .max = UINT8_MAX,
    .foreign = true,
    .run = deploy_run,
};
