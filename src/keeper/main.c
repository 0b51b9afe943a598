/* hinoband: the keeper of hinoban's processes, in the foreground. */
#include "conf/conf.h"
#include "keeper/children.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/capability.h>
#include <linux/sched/types.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>

#define DEFAULT_CONFIG "/etc/hinoban/hinoban.conf"
#define TOKEN_BYTES    24
#define SLICE_NS       200000

struct options {
	const char *config, *state, *listen, *lang;
	bool no_console;
};

static struct {
	struct conf conf;
	const char *state;
	bool japanese;
	char token[2 * TOKEN_BYTES + 1];
} our;

static void usage(FILE *to)
{
	fputs("usage: hinoband [--config FILE] [--state DIR] [--listen ADDRESS:PORT] "
	      "[--no-console]\n"
	      "                [--lang ja|en]\n"
	      "\n"
	      "Watches a shop that `hinoban init` has recorded, in the foreground, until "
	      "SIGTERM or\n"
	      "Ctrl-C. Prints the console's address with a login when all is ready.\n"
	      "\n"
	      "  --config FILE   settings (HINOBAN_CONFIG, else " DEFAULT_CONFIG ")\n"
	      "  --state DIR     instead of the settings' state\n"
	      "  --listen A:P    the console's address, loopback; port 0: any free one\n"
	      "  --no-console    no console\n"
	      "  --lang ja|en    language of messages\n"
	      "  --version, --help\n",
	      to);
}

static _Noreturn void misuse(const char *text)
{
	err_say("%s; `hinoband --help` shows how it is used", text);
	exit(2);
}

static void read_options(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {
	    {"config", required_argument, NULL, 'c'}, {"state", required_argument, NULL, 's'},
	    {"listen", required_argument, NULL, 'l'}, {"no-console", no_argument, NULL, 'n'},
	    {"lang", required_argument, NULL, 'L'},   {"help", no_argument, NULL, 'h'},
	    {"version", no_argument, NULL, 'v'},      {0}};
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "h", known, NULL)) != -1) {
		if (c == 'c')
			o->config = optarg;
		else if (c == 's')
			o->state = optarg;
		else if (c == 'l')
			o->listen = optarg;
		else if (c == 'n')
			o->no_console = true;
		else if (c == 'L')
			o->lang = optarg;
		else if (c == 'h' || c == 'v') {
			if (c == 'h')
				usage(stdout);
			else
				puts("hinoband " HINOBAN_VERSION);
			exit(0);
		} else
			misuse("unknown option, or one without its value");
	}
	if (optind != argc)
		misuse("hinoband takes no other arguments");
	if (o->lang && strcmp(o->lang, "ja") != 0 && strcmp(o->lang, "en") != 0)
		misuse("--lang must be ja or en");
}

/* The state directory's lock: held as long as the descriptor is open, which is for ever. */
static void lock_state(const char *state)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/run/keeper.lock", state);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 && errno == EROFS)
		err_die("%s: %s; under systemd, ReadWritePaths= must name the state directory "
		        "(systemctl edit hinoban)",
		        path, strerror(errno));
	if (fd < 0)
		err_die("%s: %s; has `hinoban init` been run?", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		err_die("another hinoband is watching with %s", state);
}

/* What neither the keeper nor any role needs, none of them can ever get. */
static void drop_bounds(void)
{
	static const unsigned keep[] = {
	    CAP_SETUID,     CAP_SYS_CHROOT, CAP_SETGID,          CAP_SETPCAP,
	    CAP_KILL,       CAP_SYS_ADMIN,  CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE,
	    CAP_SYS_PTRACE, CAP_NET_ADMIN,  CAP_CHOWN,           CAP_FOWNER,
	    CAP_FSETID,     CAP_LEASE,      CAP_LINUX_IMMUTABLE};

	for (unsigned cap = 0; cap <= CAP_LAST_CAP; cap++) {
		bool kept = false;

		for (size_t i = 0; i < sizeof(keep) / sizeof(keep[0]); i++)
			kept = kept || keep[i] == cap;
		if (!kept && prctl(PR_CAPBSET_DROP, cap) < 0 && errno != EINVAL)
			err_die("capability %u can't be dropped: %s", cap, strerror(errno));
	}
}

/* A new file in the state's run/ folder: other roles may write there, so no link is followed.
 */
static void leave(const char *name, const char *line, mode_t mode, uid_t uid, gid_t gid)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/run/%s", our.state, name);
	unlink(path);
	if (!line)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 || dprintf(fd, "%s\n", line) < 0 || fchown(fd, uid, gid) < 0 ||
	    fchmod(fd, mode) < 0)
		err_die("%s: %s", path, strerror(errno));
	close(fd);
}

/* A login for the console, readable by the desk alone. */
static void make_token(void)
{
	uint8_t random[TOKEN_BYTES];
	uid_t uid;
	gid_t gid;

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		err_die("no random numbers");
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(our.token + 2 * i, 3, "%02x", random[i]);
	seal_ids(SEAL_DESK, &uid, &gid);
	leave("token", our.token, 0600, uid, gid);
}

/* sd_notify(3): one datagram to the socket that systemd named. */
static void notify(const char *text)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	size_t n = path ? strlen(path) : 0;
	int s;

	if (n == 0 || n >= sizeof(to.sun_path))
		return;
	memcpy(to.sun_path, path, n);
	if (path[0] == '@')
		to.sun_path[0] = '\0';
	s = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s < 0)
		return;
	/* systemd that does not listen is no reason to stop watching. */
	(void)!sendto(s, text, strlen(text), MSG_NOSIGNAL, (const void *)&to,
	              (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
	close(s);
}

static void on_ready(struct slice listen)
{
	char address[128];

	snprintf(address, sizeof(address), "%.*s", SLICE_ARG(listen));
	leave("console", listen.n ? address : NULL, 0644, 0, 0); /* for `hinoban status` */
	notify("READY=1");
	for (size_t i = 0; i < our.conf.roots; i++)
		printf(our.japanese ? "火の番が %.*s を見張っています。\n"
		                    : "hinoban watches %.*s\n",
		       SLICE_ARG(our.conf.root[i].path));
	if (listen.n)
		printf("%s http://%.*s/login#%s\n",
		       our.japanese ? "管理画面:" : "Console:", SLICE_ARG(listen), our.token);
	fflush(stdout);
}

static void on_alive(void)
{
	notify("WATCHDOG=1");
}

static void on_stop(void)
{
	notify("STOPPING=1");
}

static int reader_count(void)
{
	long n = our.conf.readers > 0 ? (long)our.conf.readers : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > CHILD_MAX_READERS ? CHILD_MAX_READERS : (int)n;
}

/*
 * A change passes through four processes before it is recorded, and on a busy machine each
 * would wait for its turn. Among those who wait, the scheduler of Linux 6.12 and newer takes
 * the one with the shortest slice first; everybody's share of the processor stays what it
 * was. All roles inherit it; an older kernel, or one that refuses, goes on as before.
 */
static void ask_for_short_slices(void)
{
	struct sched_attr a = {.size = sizeof(a)};

	if (syscall(SYS_sched_getattr, 0, &a, sizeof(a), 0) < 0)
		return;
	a.sched_runtime = SLICE_NS;
	syscall(SYS_sched_setattr, 0, &a, 0);
}

int main(int argc, char **argv)
{
	struct options o = {.config = getenv("HINOBAN_CONFIG")};
	struct children_want want = {
	    .on_ready = on_ready, .on_alive = on_alive, .on_stop = on_stop};
	struct err e = {""};

	err_name("hinoband");
	read_options(argc, argv, &o);
	want.config = o.config ? o.config : DEFAULT_CONFIG;
	if (conf_load(want.config, conf_profile_dir(), &our.conf, &e) < 0) {
		err_say("%s", e.text);
		return 2;
	}
	if (geteuid() != 0)
		err_die("watching needs root; `hinoban check` compares by hand without it");
	if (clock_setup() < 0)
		err_die("the clock that HINOBAN_CLOCK names can't be used");
	our.japanese =
	    o.lang ? strcmp(o.lang, "ja") == 0 : slice_eq(our.conf.language, SLICE("ja"));
	want.state = o.state ? o.state : arena_cstr(&our.conf.mem, our.conf.state);
	want.listen = o.listen ? o.listen : arena_cstr(&our.conf.mem, our.conf.console_listen);
	if (o.no_console || want.listen[0] == '\0')
		want.listen = NULL;
	want.readers = reader_count();
	want.alerts = our.conf.alert_mails || our.conf.alert_webhooks || our.conf.alert_syslog;
	want.pages = our.conf.page_watches > 0;
	our.state = want.state;
	lock_state(want.state);
	drop_bounds();
	ask_for_short_slices();
	leave("console", NULL, 0, 0, 0);
	if (our.conf.visitors_listen.n)
		want.reports = arena_cstr(&our.conf.mem, our.conf.visitors_listen);
	if (want.listen)
		make_token();
	return children_run(&want);
}
