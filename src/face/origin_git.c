/*
 * The tree of a git commit. Blobs only, never a checkout: filters, hooks and line-end
 * conversion of a repository that a stranger may have written to are not run. git itself
 * runs with a cleared environment and as the owner of the repository.
 */
#include "base/path.h"
#include "face/origin.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define GIT_MAX_LINE   8192
#define GIT_MAX_ANSWER (64u * 1024)

struct git_root {
	bool there;
	const char *top, *prefix; /* prefix: "" or "sub/folder/" */
	const char *commit;
	struct child_want want;
	struct child batch; /* git cat-file --batch */
};

struct git {
	struct git_root root[CONF_MAX_ROOTS];
};

#define GIT_ARGS                                                                              \
	"git", "--literal-pathspecs", "--no-replace-objects", "-c", "safe.directory=*", "-c", \
	    "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c",                   \
	    "protocol.allow=never"

static const char *const git_env[] = {"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
                                      "GIT_OPTIONAL_LOCKS=0",  "GIT_TERMINAL_PROMPT=0",
                                      "GIT_NO_LAZY_FETCH=1",   NULL};

/* The first line of git's answer, or NULL. */
static const char *git_line(struct face *f, const char *const argv[],
                            const struct child_want *w)
{
	const char *out = NULL;
	struct buf b;

	buf_init(&b, GIT_MAX_ANSWER);
	if (child_output(argv, w, &b) == 0) {
		struct slice s = buf_slice(&b);

		out = face_cstr(f, slice_sub(s, 0, slice_chr(s, '\n')));
	}
	buf_done(&b);
	return out;
}

static int start_batch(struct git_root *g)
{
	const char *const argv[] = {GIT_ARGS, "cat-file", "--batch", NULL};
	struct child_want w = g->want;

	w.talk = true;
	return child_start(&g->batch, argv, &w);
}

/* A root that lies in no repository, or in one without this commit, is passed over. */
static void open_root(struct face *f, struct git_root *g, const char *dir, const char *rev)
{
	const char *const top[] = {GIT_ARGS, "rev-parse", "--show-toplevel", NULL};
	const char *const prefix[] = {GIT_ARGS, "rev-parse", "--show-prefix", NULL};
	const char *spec = face_cstr(f, arena_printf(&f->mem, "%s^{commit}", rev));
	const char *const commit[] = {GIT_ARGS,           "rev-parse", "--verify", "--quiet",
	                              "--end-of-options", spec,        NULL};
	struct stat st;

	g->want = (struct child_want){.dir = dir, .in = -1, .env = git_env};
	if (stat(dir, &st) < 0)
		return;
	g->want.uid = st.st_uid;
	g->want.gid = st.st_gid;
	g->top = git_line(f, top, &g->want);
	if (!g->top && geteuid() == 0 && st.st_uid != 0) { /* its .git may be root's */
		g->want.uid = g->want.gid = 0;
		g->top = git_line(f, top, &g->want);
	}
	g->prefix = g->top ? git_line(f, prefix, &g->want) : NULL;
	g->commit = g->prefix ? git_line(f, commit, &g->want) : NULL;
	g->there = g->commit && start_batch(g) == 0;
}

static int git_open(struct origin *o, struct face *f, const char *rev)
{
	struct git *g = calloc(1, sizeof(*g));
	bool any = false;

	if (!g)
		return EXIT_OURS;
	o->own = g;
	o->f = f;
	if (!child_exists("git")) {
		COMPLAIN(T_ORIGIN_NO_PROGRAM, "git");
		return EXIT_USE;
	}
	for (size_t i = 0; i < f->conf.roots; i++) {
		open_root(f, &g->root[i], face_cstr(f, f->conf.root[i].path), rev);
		if (g->root[i].there && !any) {
			o->reason = face_cstr(
			    f, arena_printf(&f->mem, "git %s (%s)", rev, g->root[i].commit));
			any = true;
		}
	}
	if (!any)
		COMPLAIN(T_ORIGIN_NO_COMMIT, rev);
	return any ? EXIT_GOOD : EXIT_USE;
}

/* One line of the batch's answer, byte by byte: the content behind it must stay in the pipe. */
static bool get_line(int fd, char out[GIT_MAX_LINE])
{
	for (size_t n = 0; n + 1 < GIT_MAX_LINE; n++) {
		if (read(fd, out + n, 1) != 1)
			return false;
		if (out[n] == '\n') {
			out[n] = '\0';
			return true;
		}
	}
	return false;
}

/* SHA-256 of the next `size` bytes and the newline behind them. */
static bool hash_content(int fd, uint64_t size, struct hash *out)
{
	struct hash_state *st = hash_new();
	uint8_t chunk[65536];
	bool good = st != NULL;
	ssize_t n;

	while (good && size) {
		n = read(fd, chunk, size < sizeof(chunk) ? (size_t)size : sizeof(chunk));
		good = n > 0;
		if (good) {
			hash_add(st, slice_mem(chunk, (size_t)n));
			size -= (uint64_t)n;
		}
	}
	if (good)
		*out = hash_end(st);
	hash_free(st);
	return good && read(fd, chunk, 1) == 1;
}

/* "<object> blob <size>", or "... missing". */
static enum origin_verdict read_answer(const struct child *c, const struct hash *want)
{
	char line[GIT_MAX_LINE];
	struct hash have;
	const char *kind, *size;
	uint64_t n;

	if (!get_line(c->from, line))
		return ORIGIN_UNKNOWN;
	kind = strchr(line, ' ');
	size = kind ? strchr(kind + 1, ' ') : NULL;
	if (!size || !slice_u64(slice_str(size + 1), &n) || !hash_content(c->from, n, &have))
		return ORIGIN_UNKNOWN;
	if (strncmp(kind, " blob ", 6) != 0)
		return ORIGIN_OTHER;
	return hash_eq(&have, want) ? ORIGIN_SAME : ORIGIN_OTHER;
}

/* A file that is gone is as in the commit if a commit before it, or it, took the file away. */
static enum origin_verdict removed(struct origin *o, const struct git_root *g, const char *path)
{
	const char *const argv[] = {GIT_ARGS,  "log", "-1", "--format=%H", "--diff-filter=D",
	                            g->commit, "--",  path, NULL};
	struct child_want w = g->want;
	const char *line;

	w.dir = g->top;
	line = git_line(o->f, argv, &w);
	return line && *line ? ORIGIN_SAME : ORIGIN_UNKNOWN;
}

static enum origin_verdict git_look(struct origin *o, const struct table_entry *e,
                                    struct slice path)
{
	struct git_root *g = &((struct git *)o->own)->root[e->root];
	const char *full, *ask;
	enum origin_verdict v;

	if (!g->there || slice_chr(path, '\n') != SIZE_MAX)
		return ORIGIN_UNKNOWN;
	full =
	    face_cstr(o->f, arena_printf(&o->f->mem, "%s%s", g->prefix, face_cstr(o->f, path)));
	ask = face_cstr(o->f, arena_printf(&o->f->mem, "%s:%s\n", g->commit, full));
	if (e->present.class != CLASS_FILE && e->present.class != CLASS_NONE)
		return ORIGIN_UNKNOWN;
	if (path_write(g->batch.to, slice_str(ask)) < 0)
		return ORIGIN_UNKNOWN;
	v = read_answer(&g->batch, &e->present.hash);
	if (e->present.class == CLASS_NONE)
		return v == ORIGIN_UNKNOWN ? removed(o, g, full) : ORIGIN_OTHER;
	return v;
}

static void git_close(struct origin *o)
{
	struct git *g = o->own;

	for (size_t i = 0; g && i < CONF_MAX_ROOTS; i++)
		if (g->root[i].there)
			child_end(&g->root[i].batch);
	free(g);
}

const struct origin origin_git = {
    .name = "git", .open = git_open, .look = git_look, .close = git_close};
