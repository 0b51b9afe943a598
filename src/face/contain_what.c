/* The verbs of `hinoban contain`: what each takes from the command line, and what it would do.
 */
#include "face/contain.h"
#include "sense/sense.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MINUTES       10
#define MAX_MINUTES   (7 * 24 * 60)
#define COMM_BYTES    64 /* a kernel thread's can be longer than 16 */
#define RULESET_BYTES (64u * 1024)

/* ---- targets ---- */

static int want_one(struct face *f, const char *what)
{
	if (f->args.rests == 2)
		return EXIT_GOOD;
	COMPLAIN(T_CONTAIN_WANTS, f->args.rest[0], what);
	return EXIT_USE;
}

static void put_path(struct face *f, struct json *word, uint32_t root, struct slice rel)
{
	json_put_slice(&f->mem, word, "root", face_path_text(f, f->conf.root[root].path));
	json_put_slice(&f->mem, word, "path", face_path_text(f, rel));
}

static int target_path(struct face *f, struct json *word)
{
	int code = want_one(f, "PATH");
	uint32_t root;
	struct slice rel;

	if (code)
		return code;
	if (!face_find_path(f, NULL, f->args.rest[1], &root, &rel))
		return EXIT_USE;
	put_path(f, word, root, rel.n ? rel : SLICE("."));
	return EXIT_GOOD;
}

static int put_flag(struct face *f, struct json *word, const char *name)
{
	json_put_slice(&f->mem, word, "flag",
	               arena_printf(&f->mem, "%s/" CONTAIN_FLAGS "/%s", f->state, name));
	return EXIT_GOOD;
}

static int target_payment(struct face *f, struct json *word)
{
	return put_flag(f, word, CONTAIN_STOP_PAYMENT);
}

static int target_shop(struct face *f, struct json *word)
{
	if (!f->conf.maintenance.n)
		return put_flag(f, word, CONTAIN_STOP_SHOP);
	put_path(f, word, 0, f->conf.maintenance);
	return EXIT_GOOD;
}

/* The name is the process's own: it may hold anything, and its last byte is the kernel's. */
static struct slice process_name(int64_t pid, char room[COMM_BYTES])
{
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%lld/comm", (long long)pid);
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, room, COMM_BYTES);
	return slice_mem(room, n > 0 ? (size_t)n - 1 : 0);
}

bool contain_process(struct face *f, int64_t pid, struct json *word)
{
	uint64_t started = procs_began((pid_t)pid);
	char comm[COMM_BYTES];
	struct slice name = process_name(pid, comm);

	if (!started)
		return false;
	json_put_int(&f->mem, word, "pid", pid);
	json_put_int(&f->mem, word, "started", (int64_t)started);
	json_put_slice(&f->mem, word, "command", face_path_text(f, name));
	return true;
}

static int target_group(struct face *f, struct json *word, const char *arg)
{
	const char *groups = contain_groups();
	struct slice name = slice_str(arg);
	struct stat st;
	const char *file;

	if (!groups) {
		COMPLAIN(T_CONTAIN_NO_GROUPS);
		return EXIT_OURS;
	}
	if (slice_starts(name, slice_str(groups)))
		name = slice_sub(name, strlen(groups), name.n);
	while (name.n && name.at[0] == '/')
		name = slice_sub(name, 1, name.n);
	file = face_cstr(
	    f, arena_printf(&f->mem, "%s/%.*s/cgroup.freeze", groups, SLICE_ARG(name)));
	if (!name.n || stat(file, &st) < 0) {
		COMPLAIN(T_CONTAIN_NOTHING, arg);
		return EXIT_USE;
	}
	json_put_slice(&f->mem, word, "cgroup", face_path_text(f, name));
	return EXIT_GOOD;
}

static int target_frozen(struct face *f, struct json *word)
{
	int code = want_one(f, "PID|CGROUP");
	uint64_t pid;

	if (code)
		return code;
	if (!slice_u64(slice_str(f->args.rest[1]), &pid))
		return target_group(f, word, f->args.rest[1]);
	if (pid == 1) {
		COMPLAIN(T_CONTAIN_NEVER, f->args.rest[1]);
		return EXIT_USE;
	}
	if (pid > 1 && pid < INT32_MAX && contain_process(f, (int64_t)pid, word))
		return EXIT_GOOD;
	COMPLAIN(T_CONTAIN_NOTHING, f->args.rest[1]);
	return EXIT_USE;
}

/* sshd says where the operator sits: "192.0.2.7 50000 192.0.2.1 22". */
static const char *operator_address(struct face *f)
{
	const char *ssh = getenv("SSH_CONNECTION");

	return ssh ? face_cstr(f, slice_mem(ssh, strcspn(ssh, " "))) : NULL;
}

static int put_except(struct face *f, struct json *word)
{
	struct json *list = json_put(&f->mem, word, "except", json_arr(&f->mem));
	int n = f->args.count[OPT_EXCEPT];
	const char *one = n ? NULL : operator_address(f);
	struct nft_except x;

	if ((!n && !one) || n > NFT_MAX_EXCEPT) {
		COMPLAIN(T_CONTAIN_WHO);
		return EXIT_USE;
	}
	for (int i = 0; i < (one ? 1 : n); i++) {
		const char *address = one ? one : f->args.value[OPT_EXCEPT][i];

		if (strcmp(address, "none") == 0)
			continue;
		if (!nft_address(slice_str(address), &x)) {
			COMPLAIN(T_CONTAIN_ADDRESS, address);
			return EXIT_USE;
		}
		json_push(list, json_str(&f->mem, slice_str(address)));
	}
	return EXIT_GOOD;
}

static int target_network(struct face *f, struct json *word)
{
	int64_t minutes = args_number(&f->args, OPT_MINUTES, MINUTES, MAX_MINUTES);

	if (minutes == 0)
		COMPLAIN(T_CONTAIN_NO_MINUTES);
	if (minutes <= 0)
		return EXIT_USE;
	json_put_int(&f->mem, word, "minutes", minutes);
	return put_except(f, word);
}

/* ---- what would be done ---- */

static void dry_path(struct face *f, const struct json *w)
{
	SAY(T_DRY_HOLD, face_full_path(f, json_text(w, "root"), json_text(w, "path")));
}

static void dry_payment(struct face *f, const struct json *w)
{
	SAY(T_DRY_PAYMENT, face_cstr(f, json_text(w, "flag")));
	for (size_t i = 0; i < f->conf.page_count; i++)
		printf("  %s\n", face_cstr(f, f->conf.pages[i]));
}

static void dry_shop(struct face *f, const struct json *w)
{
	if (json_get(w, "flag"))
		SAY(T_DRY_SHOP_WEB, face_cstr(f, json_text(w, "flag")));
	else
		SAY(T_DRY_SHOP, face_full_path(f, json_text(w, "root"), json_text(w, "path")));
}

static void dry_freeze(struct face *f, const struct json *w)
{
	if (json_get(w, "cgroup"))
		SAY(T_DRY_GROUP, contain_groups(), face_cstr(f, json_text(w, "cgroup")));
	else
		SAY(T_DRY_PROCESS, face_int(f, json_num(w, "pid", 0)),
		    face_cstr(f, json_text(w, "command")));
}

static void network_rules(const struct json *w, struct buf *out)
{
	struct nft_except x[NFT_MAX_EXCEPT];
	size_t n = 0;

	for (const struct json *v = json_get(w, "except")->first; v; v = v->next)
		n += nft_address(v->s, &x[n]);
	nft_text(out, 0, x, n, json_num(w, "minutes", 0) * 60);
}

static void dry_network(struct face *f, const struct json *w)
{
	struct buf b = {.max = RULESET_BYTES};

	SAY(T_DRY_NETWORK, face_int(f, json_num(w, "minutes", 0)));
	network_rules(w, &b);
	fputs(buf_cstr(&b), stdout);
	buf_done(&b);
}

/* ---- the table ---- */

static const struct {
	const char *verb;
	int (*target)(struct face *f, struct json *word);
	void (*dry)(struct face *f, const struct json *word);
	bool takes; /* an argument */
} verbs[] = {
    {"hold", target_path, dry_path, true},
    {"stop-payment", target_payment, dry_payment, false},
    {"stop-shop", target_shop, dry_shop, false},
    {"freeze", target_frozen, dry_freeze, true},
    {"isolate", target_network, dry_network, false},
};
#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

bool contain_verb(const char *verb)
{
	for (size_t i = 0; i < VERBS; i++) {
		if (strcmp(verb, verbs[i].verb) == 0)
			return true;
	}
	COMPLAIN(T_CONTAIN_UNKNOWN, verb);
	return false;
}

int contain_target(struct face *f, const char *verb, struct json *word)
{
	for (size_t i = 0; i < VERBS; i++) {
		if (strcmp(verb, verbs[i].verb) != 0)
			continue;
		if (!verbs[i].takes && f->args.rests > 1) {
			COMPLAIN(T_TOO_MANY, "contain", f->args.rest[1]);
			return EXIT_USE;
		}
		return verbs[i].target(f, word);
	}
	return EXIT_USE;
}

/* The word that would be given; with it the rules that isolation would set. */
static void put_dry(struct face *f, struct json *word)
{
	struct buf b = {.max = RULESET_BYTES};

	json_put_bool(&f->mem, word, "dry_run", true);
	if (slice_eq(json_text(word, "verb"), SLICE("isolate"))) {
		network_rules(word, &b);
		json_put_slice(&f->mem, word, "rules", buf_slice(&b));
	}
	face_put_json(word);
	buf_done(&b);
}

void contain_dry(struct face *f, const char *verb, struct json *word)
{
	if (args_has(&f->args, OPT_JSON)) {
		put_dry(f, word);
		return;
	}
	for (size_t i = 0; i < VERBS; i++) {
		if (strcmp(verb, verbs[i].verb) == 0)
			verbs[i].dry(f, word);
	}
	SAY(T_DRY_END);
}

void contain_copy(struct face *f, struct json *to, const struct json *from)
{
	static const char *const names[] = {"root",    "path",   "pid",       "started",
	                                    "command", "cgroup", "rehearsal", "flag"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct json *v = json_get(from, names[i]);

		if (v)
			json_put(&f->mem, to, names[i], json_copy(&f->mem, v));
	}
}
