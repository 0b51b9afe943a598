/*
 * hinoban diff: the approved content against the present one, as a unified diff. The
 * contents are compared by a sealed reader; what it writes is made safe for the terminal.
 */
#include "face/commands.h"
#include "face/origin.h"
#include "face/patch.h"
#include "face/reader.h"
#include "face/words.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define MAX_CONTEXT     1000
#define DEFAULT_CONTEXT 3
#define JSON_MAX_DIFF   (256u << 20) /* a diff has at most 32 MiB, escaped six times that */

struct diff {
	struct face *f;
	const char *path;    /* as shown, relative to its root */
	struct hash hash[2]; /* approved, present; zero: nothing there */
	bool has[2];
	bool on_disk; /* the present content is read from the disk */
	uint32_t root;
	struct slice raw; /* the path's bytes */
	int fd[2];
};

static int empty_content(void)
{
	return memfd_create("empty", MFD_CLOEXEC);
}

static int open_present(struct diff *d)
{
	int fd;

	if (!d->on_disk)
		return d->has[1] ? ledger_content(d->f->ledger, &d->hash[1]) : empty_content();
	fd = origin_open_beneath(face_cstr(d->f, d->f->conf.root[d->root].path),
	                         face_cstr(d->f, d->raw));
	return fd == -ENOENT ? empty_content() : fd;
}

static int open_both(struct diff *d)
{
	d->fd[0] = d->has[0] ? ledger_content(d->f->ledger, &d->hash[0]) : empty_content();
	if (d->fd[0] < 0) {
		COMPLAIN(d->fd[0] == -ENOENT ? T_DIFF_NOT_KEPT : T_DIFF_VAULT_FAULT, d->path);
		return d->fd[0] == -ENOENT ? EXIT_USE : EXIT_OURS;
	}
	d->fd[1] = open_present(d);
	if (d->fd[1] >= 0)
		return EXIT_GOOD;
	COMPLAIN(T_DIFF_CANNOT_READ, d->path, strerror(-d->fd[1]));
	return EXIT_USE;
}

/* One object: whether they differ, and the unified diff as text where they are text. */
static int tell_json(struct diff *d, bool binary, int fd)
{
	struct buf diff, line;
	struct arena a;
	struct json *o;
	int r;

	arena_init(&a, JSON_MAX_DIFF);
	buf_init(&diff, JSON_MAX_DIFF);
	buf_init(&line, JSON_MAX_DIFF);
	r = binary ? 1 : patch_text(fd, &diff);
	o = json_obj(&a);
	json_put_str(&a, o, "path", d->path);
	json_put_bool(&a, o, "differs", r > 0);
	json_put_bool(&a, o, "binary", binary);
	if (!binary)
		json_put_slice(&a, o, "diff", buf_slice(&diff));
	if (r >= 0 && json_write(&line, o))
		printf("%s\n", buf_cstr(&line));
	else
		r = r < 0 ? r : -EFBIG;
	buf_done(&line);
	buf_done(&diff);
	arena_done(&a);
	if (r < 0)
		COMPLAIN(T_DIFF_FAULT, strerror(-r));
	return r < 0 ? EXIT_OURS : r ? EXIT_FOUND : EXIT_GOOD;
}

static int tell(struct diff *d, const struct json *answer, int fd)
{
	int r;

	if (args_has(&d->f->args, OPT_JSON))
		return tell_json(d, json_true(answer, "binary"), fd);
	if (json_true(answer, "binary")) {
		SAY(T_DIFF_BINARY, d->path);
		return EXIT_FOUND;
	}
	r = patch_put(fd);
	if (r < 0) {
		COMPLAIN(T_DIFF_FAULT, strerror(-r));
		return EXIT_OURS;
	}
	if (!r)
		SAY(T_DIFF_SAME, d->path);
	return r ? EXIT_FOUND : EXIT_GOOD;
}

static int compare(struct diff *d, int context)
{
	const char *name[2];
	const struct json *answer = NULL;
	struct err e = {0};
	struct reader r;
	int fd = -1, code = EXIT_OURS;

	name[0] = face_cstr(d->f, arena_printf(&d->f->mem, "a/%s", d->path));
	name[1] = face_cstr(d->f, arena_printf(&d->f->mem, "b/%s", d->path));
	if (reader_open(&r, &e) < 0) {
		COMPLAIN(T_DIFF_FAULT, e.text);
		return EXIT_OURS;
	}
	if (reader_diff(&r, &d->f->mem, d->fd[0], d->fd[1], name, context, &fd, &answer, &e) ==
	    0)
		code = tell(d, answer, fd);
	else
		COMPLAIN(T_DIFF_FAULT, e.text);
	if (fd >= 0)
		close(fd);
	reader_close(&r);
	return code;
}

/* --- of what -------------------------------------------------------------------- */

static void state_of(struct diff *d, int side, const struct json *state)
{
	d->has[side] = slice_eq(json_text(state, "class"), SLICE("file")) &&
	               hash_unhex(json_text(state, "hash"), &d->hash[side]);
}

/* The file.changed that this fact is, or rests on. */
static const struct json *change_of(struct face *f, const struct json *fact, int *code)
{
	const struct json *refs = json_get(fact, "refs");

	if (slice_eq(fact_type(fact), SLICE("file.changed")))
		return fact;
	for (const struct json *r = refs ? refs->first : NULL; r; r = r->next) {
		const struct json *v = r->kind == JSON_INT ? face_fact(f, r->i, code) : NULL;

		if (v && slice_eq(fact_type(v), SLICE("file.changed")))
			return v;
	}
	return NULL;
}

static int of_fact(struct diff *d, int64_t seq)
{
	int code = EXIT_GOOD;
	const struct json *fact = face_fact(d->f, seq, &code), *change;

	if (!fact)
		return code;
	change = change_of(d->f, fact, &code);
	if (!change) {
		COMPLAIN(T_DIFF_NO_CHANGE, face_int(d->f, seq));
		return EXIT_USE;
	}
	d->path = words_field(d->f, change, "path");
	state_of(d, 0, json_get(change, "approved"));
	state_of(d, 1, json_get(change, "present"));
	return EXIT_GOOD;
}

static int on_version(void *ctx, int64_t seq, struct slice canonical)
{
	struct diff *d = ctx;
	const struct json *fact =
	    json_parse(&d->f->mem, arena_copy(&d->f->mem, canonical), NULL);

	(void)seq;
	return slice_starts(fact_type(fact), SLICE("file.")) &&
	       slice_eq(json_text(fact, "root"),
	                face_path_text(d->f, d->f->conf.root[d->root].path));
}

/* Two sides of nothing are alike; of a mistyped path that is no answer. */
static bool ever_was(struct diff *d)
{
	struct ledger_query q = {.path = slice_str(d->path)};
	AUTO_FD fd = origin_open_beneath(face_cstr(d->f, d->f->conf.root[d->root].path),
	                                 face_cstr(d->f, d->raw));

	return fd != -ENOENT || ledger_each(d->f->ledger, &q, on_version, d) != 0;
}

static int of_path(struct diff *d, const char *arg)
{
	struct face *f = d->f;
	struct table t;
	ptrdiff_t at;
	int code = face_conf(f), r;

	if (code)
		return code;
	r = ledger_table(f->ledger, &t);
	if (r < 0) {
		COMPLAIN(T_LEDGER_FAULT, face_why(r));
		return EXIT_OURS;
	}
	d->on_disk = true;
	if (face_find_path(f, &t, arg, &d->root, &d->raw)) {
		d->raw = arena_copy(&f->mem, d->raw);
		d->path = face_cstr(f, face_path_text(f, d->raw));
		at = table_find(&t, d->root, d->raw);
		d->has[0] = at >= 0 && t.entry[at].approved.class == CLASS_FILE;
		if (d->has[0])
			d->hash[0] = t.entry[at].approved.hash;
		if (at < 0 && !ever_was(d)) {
			COMPLAIN(T_NO_VERSION, d->path);
			code = EXIT_USE;
		}
	} else {
		code = EXIT_USE;
	}
	table_close(&t);
	return code;
}

/* Digits, with or without '#', are a fact unless a file is called so. */
static bool is_seq(const char *arg)
{
	uint64_t n;

	return arg[0] == '#' || (slice_u64(slice_str(arg), &n) && access(arg, F_OK) < 0);
}

static int diff_run(struct face *f)
{
	struct diff d = {.f = f, .fd = {-1, -1}};
	const char *arg = f->args.rest[0];
	int64_t context = args_number(&f->args, OPT_CONTEXT, DEFAULT_CONTEXT, MAX_CONTEXT),
	        seq = 0;
	int code;

	if (context < 0 || (is_seq(arg) && !(seq = face_seq(arg))))
		return EXIT_USE;
	code = face_ledger(f);
	if (!code)
		code = seq ? of_fact(&d, seq) : of_path(&d, arg);
	if (!code)
		code = open_both(&d);
	if (!code)
		code = compare(&d, (int)context);
	for (int i = 0; i < 2; i++)
		if (d.fd[i] >= 0)
			close(d.fd[i]);
	return code;
}

static const uint8_t diff_opts[] = {OPT_CONTEXT, OPT_JSON, OPT_END};

const struct command diff_cmd = {
    .name = "diff",
    .usage = "PATH|SEQ",
    .what = T_DIFF_WHAT,
    .more = T_DIFF_EXAMPLES,
    .opts = diff_opts,
    .min = 1,
    .max = 1,
    .run = diff_run,
};
