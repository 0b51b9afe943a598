/* verify, rebuild, proof, consistency, head, key: the ledger answers for itself. */
#include "face/commands.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define PROOF_MAX_BYTES (1u << 20)
#define KEY_MAX_BYTES   8192

struct progress {
	struct face *f;
	enum text_id id;
	int64_t shown_us;
	bool json;
};

static void progress(void *ctx, int64_t done, int64_t all)
{
	struct progress *p = ctx;
	int64_t now = clock_mono_us();
	char a[32], b[32];
	struct buf line;

	if (now - p->shown_us < 200000)
		return;
	p->shown_us = now;
	snprintf(a, sizeof(a), "%lld", (long long)done);
	snprintf(b, sizeof(b), "%lld", (long long)all);
	buf_init(&line, 1024);
	FILL(&line, p->id, a, b);
	term_progress(buf_slice(&line));
	buf_done(&line);
}

static void fault(void *ctx, int64_t seq, const char *what)
{
	struct progress *p = ctx;
	struct arena *mem = &p->f->mem;
	struct json *o;

	term_progress_end();
	arena_reset(mem);
	if (!p->json) {
		SAY(T_VERIFY_FAULT, face_int(p->f, seq), what);
		return;
	}
	o = json_obj(mem);
	json_put_int(mem, o, "seq", seq);
	json_put_str(mem, o, "fault", what);
	face_put_json(o);
}

static int ledger_fails(int64_t r, const struct err *e)
{
	term_progress_end();
	COMPLAIN(T_LEDGER_FAULT, e->text[0] ? e->text : face_why((int)r));
	return r == -ENOENT || r == -EACCES || r == -EPERM || r == -EINVAL ? EXIT_USE
	                                                                   : EXIT_OURS;
}

static int verify_run(struct face *f)
{
	struct progress p = {
	    .f = f, .id = T_PROGRESS_VERIFY, .json = args_has(&f->args, OPT_JSON)};
	const char *heads = args_text(&f->args, OPT_WITNESS);
	FILE *witness = NULL;
	struct err e = {0};
	int code = face_state(f);
	int64_t n;

	if (code)
		return code;
	if (heads) {
		witness = fopen(heads, "re");
		if (!witness) {
			COMPLAIN(T_CANNOT_READ, heads, strerror(errno));
			return EXIT_USE;
		}
	}
	n = ledger_verify(f->state, witness, progress, fault, &p, &e);
	if (witness)
		fclose(witness);
	if (n < 0)
		return ledger_fails(n, &e);
	term_progress_end();
	if (p.json)
		face_put_faults(f, n);
	else if (n)
		SAY(T_VERIFY_FAULTS, face_num(f, n));
	else
		SAY(T_VERIFY_GOOD);
	return n ? EXIT_FOUND : EXIT_GOOD;
}

static const uint8_t json_opts[] = {OPT_JSON, OPT_END};
static const uint8_t verify_opts[] = {OPT_WITNESS, OPT_JSON, OPT_END};

const struct command verify_cmd = {
    .name = "verify",
    .usage = "",
    .what = T_VERIFY_WHAT,
    .more = T_VERIFY_EXAMPLES,
    .opts = verify_opts,
    .run = verify_run,
};

static int rebuild_run(struct face *f)
{
	struct progress p = {.f = f, .id = T_PROGRESS_REBUILD};
	struct err e = {0};
	bool differs = false;
	int code = face_state(f), r;

	if (code)
		return code;
	if (face_live(f)) {
		COMPLAIN(T_REBUILD_LIVE);
		return EXIT_USE;
	}
	umask(022); /* what is made anew has its own modes, whatever root's habit */
	r = ledger_rebuild(f->state, progress, &p, &differs, &e);
	if (r < 0)
		return ledger_fails(r, &e);
	term_progress_end();
	SAY(differs ? T_REBUILD_DIFFERS : T_REBUILD_SAME);
	return differs ? EXIT_FOUND : EXIT_GOOD;
}

static const uint8_t no_opts[] = {OPT_END};

const struct command rebuild_cmd = {
    .name = "rebuild",
    .usage = "",
    .what = T_REBUILD_WHAT,
    .more = T_REBUILD_EXAMPLES,
    .opts = no_opts,
    .run = rebuild_run,
};

/* To --output or to standard output, with a newline. */
static int put_document(struct face *f, struct slice doc)
{
	const char *path = args_text(&f->args, OPT_OUTPUT);
	FILE *to = path ? fopen(path, "we") : stdout;
	bool good;

	if (!to) {
		COMPLAIN(T_CANNOT_WRITE, path, strerror(errno));
		return EXIT_USE;
	}
	good = fwrite(doc.at, 1, doc.n, to) == doc.n;
	if (doc.n && doc.at[doc.n - 1] != '\n')
		good = fputc('\n', to) != EOF && good;
	if (path)
		good = fclose(to) == 0 && good;
	if (!good)
		COMPLAIN(T_CANNOT_WRITE, path ? path : "-", strerror(errno));
	return good ? EXIT_GOOD : EXIT_OURS;
}

static int put_proof(struct face *f, int r, struct buf *doc, const struct err *e)
{
	int code;

	if (r == 0) {
		code = put_document(f, buf_slice(doc));
	} else {
		COMPLAIN(T_PROOF_FAULT, e->text[0] ? e->text : strerror(-r));
		code = r == -ENOENT ? EXIT_USE : EXIT_OURS;
	}
	buf_done(doc);
	return code;
}

static int proof_run(struct face *f)
{
	int64_t seq = face_seq(f->args.rest[0]);
	struct err e = {0};
	struct buf doc;
	int code = seq ? face_ledger(f) : EXIT_USE;

	if (code)
		return code;
	buf_init(&doc, PROOF_MAX_BYTES);
	return put_proof(f, ledger_proof(f->ledger, seq, &doc, &e), &doc, &e);
}

static const uint8_t output_opts[] = {OPT_OUTPUT, OPT_END};

const struct command proof_cmd = {
    .name = "proof",
    .usage = "SEQ",
    .what = T_PROOF_WHAT,
    .more = T_PROOF_EXAMPLES,
    .opts = output_opts,
    .min = 1,
    .max = 1,
    .run = proof_run,
};

static int consistency_run(struct face *f)
{
	int64_t from = face_seq(f->args.rest[0]), to = from ? face_seq(f->args.rest[1]) : 0;
	struct err e = {0};
	struct buf doc;
	int code = to ? face_ledger(f) : EXIT_USE;

	if (code)
		return code;
	buf_init(&doc, PROOF_MAX_BYTES);
	return put_proof(f, ledger_consistency(f->ledger, from, to, &doc, &e), &doc, &e);
}

const struct command consistency_cmd = {
    .name = "consistency",
    .usage = "FROM TO",
    .what = T_CONSISTENCY_WHAT,
    .more = T_CONSISTENCY_EXAMPLES,
    .opts = output_opts,
    .min = 2,
    .max = 2,
    .run = consistency_run,
};

static void hex_of(const uint8_t *at, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++)
		snprintf(out + 2 * i, 3, "%02x", at[i]);
}

static int head_run(struct face *f)
{
	char at[CLOCK_TEXT_BYTES], root[HASH_HEX_BYTES], sig[2 * 64 + 1];
	struct ledger_head h;
	struct json *o = json_obj(&f->mem);
	int code = face_ledger(f), r;

	if (code)
		return code;
	r = ledger_head(f->ledger, &h);
	if (r < 0) {
		COMPLAIN(r == -ENOENT ? T_NO_HEAD : T_LEDGER_FAULT, face_why(r));
		return r == -ENOENT ? EXIT_USE : EXIT_OURS;
	}
	clock_text(h.at_us, at);
	hash_hex(&h.root, root);
	hex_of(h.sig, sizeof(h.sig), sig);
	json_put_int(&f->mem, o, "size", h.size);
	json_put_int(&f->mem, o, "before", h.before);
	json_put_str(&f->mem, o, "root", root);
	json_put_str(&f->mem, o, "at", at);
	json_put_str(&f->mem, o, "sig", sig);
	face_put_json(o);
	return EXIT_GOOD;
}

const struct command head_cmd = {
    .name = "head",
    .usage = "",
    .what = T_HEAD_WHAT,
    .more = T_HEAD_EXAMPLES,
    .opts = json_opts,
    .run = head_run,
};

static int key_run(struct face *f)
{
	char path[FACE_PATH_MAX + 16];
	uint8_t bytes[KEY_MAX_BYTES];
	int code = face_state(f);
	ssize_t n;

	if (code)
		return code;
	snprintf(path, sizeof(path), "%s/ledger.pub", f->state);
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
	if (n <= 0) {
		COMPLAIN(T_NO_KEY, path, strerror(errno));
		return EXIT_USE;
	}
	return put_document(f, slice_mem(bytes, (size_t)n));
}

const struct command key_cmd = {
    .name = "key",
    .usage = "",
    .what = T_KEY_WHAT,
    .more = T_KEY_EXAMPLES,
    .opts = output_opts,
    .run = key_run,
};
