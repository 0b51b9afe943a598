/*
 * hinoban evidence: what was tampered with, for those who look into it: the contents of both
 * sides, the facts, proofs that these stand in the ledger. Contents are zstd frames under
 * names that nothing runs.
 */
#include "face/bundle.h"
#include "face/commands.h"
#include "face/history.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define FACTS_MOST      100000
#define DEPTH           2 /* from a fact to what it rests on, and on */
#define LINES_MAX_BYTES (1u << 30)
#define KEY_MAX_BYTES   4096
#define ROUND_MEM_BYTES (64u * FACT_MAX_BYTES)
#define FIRST_ROOM      256

struct evidence {
	struct face *f;
	int64_t size;   /* of the ledger */
	uint8_t *taken; /* a bit for each fact */
	int64_t *seq;   /* of facts, each once, in order once they are sorted */
	size_t seqs, room;
	struct hash *hash; /* of contents, likewise */
	size_t hashes, hash_room;
	int64_t missing,
	    damaged; /* contents that are not in it: gone; not what their hash says */
	struct bundle out;
	struct buf facts, proofs, manifest;
	struct arena mem; /* one fact */
	struct err e;
	int fault;
};

static int fails(struct evidence *v, int r, const char *what)
{
	COMPLAIN(T_EVIDENCE_FAILED, what, v->e.text[0] ? v->e.text : face_why(r));
	return EXIT_OURS;
}

/* ---- which facts ---- */

static int grow(struct face *f, void **at, size_t n, size_t *room, size_t bytes)
{
	size_t more = *room ? 2 * *room : FIRST_ROOM;
	void *to;

	if (n < *room)
		return 0;
	to = arena_array(&f->mem, more, bytes);
	if (!to)
		return -ENOMEM;
	if (n)
		memcpy(to, *at, n * bytes);
	*at = to;
	*room = more;
	return 0;
}

/* 1: it is new. A fact that came in since we began is not taken. */
static int add_seq(struct evidence *v, int64_t seq)
{
	void *at = v->seq;
	int r;

	if (seq < 1 || seq > v->size || v->taken[seq / 8] & 1u << seq % 8)
		return 0;
	v->taken[seq / 8] |= (uint8_t)(1u << seq % 8);
	r = v->seqs == FACTS_MOST ? -E2BIG
	                          : grow(v->f, &at, v->seqs, &v->room, sizeof(*v->seq));
	if (r < 0)
		return v->fault = r;
	v->seq = at;
	v->seq[v->seqs++] = seq;
	return 1;
}

static int take_referrer(void *ctx, int64_t seq, struct slice canonical)
{
	int r = add_seq(ctx, seq);

	(void)canonical;
	return r < 0 ? r : 0;
}

static int read_fact(struct evidence *v, int64_t seq, struct buf *raw, const struct json **out)
{
	int r;

	buf_reset(raw);
	r = ledger_get(v->f->ledger, seq, raw);
	if (r < 0)
		return r;
	arena_reset(&v->mem);
	*out = json_parse(&v->mem, buf_slice(raw), NULL);
	return *out ? 0 : -EBADMSG;
}

/* What the facts from `first` on rest on, and what was said about them. */
static int add_around(struct evidence *v, size_t first)
{
	size_t end = v->seqs;
	struct buf raw;
	int r = 0;

	buf_init(&raw, FACT_MAX_BYTES);
	for (size_t i = first; i < end && r >= 0; i++) {
		const struct json *fact, *refs;

		r = read_fact(v, v->seq[i], &raw, &fact);
		if (r < 0)
			break;
		refs = json_get(fact, "refs");
		for (const struct json *t = refs ? refs->first : NULL; t && r >= 0; t = t->next)
			r = t->kind == JSON_INT ? add_seq(v, t->i) : 0;
		if (r >= 0)
			r = ledger_referrers(v->f->ledger, v->seq[i], take_referrer, v);
	}
	buf_done(&raw);
	return r < 0 ? r : 0;
}

struct of_path {
	struct evidence *v;
	struct history where;
};

static int take_of_path(void *ctx, int64_t seq, struct slice canonical)
{
	struct of_path *p = ctx;
	const struct json *fact;
	int r;

	arena_reset(&p->v->mem);
	fact = json_parse(&p->v->mem, canonical, NULL);
	if (json_text(fact, "root").n && !slice_eq(json_text(fact, "root"), p->where.root))
		return 0;
	r = add_seq(p->v, seq);
	return r < 0 ? r : 0;
}

static int gather_path(struct evidence *v, const char *arg)
{
	struct of_path p = {.v = v};
	struct ledger_query q = {0};
	int code = history_find(v->f, arg, &p.where), r;

	if (code)
		return code;
	q.path = p.where.path;
	r = ledger_each(v->f->ledger, &q, take_of_path, &p);
	if (r == 0)
		r = add_around(v, 0);
	if (r < 0)
		return fails(v, r, arg);
	if (v->seqs)
		return EXIT_GOOD;
	COMPLAIN(T_NO_VERSION, arg);
	return EXIT_USE;
}

static int gather_seq(struct evidence *v, int64_t seq)
{
	size_t first = 0;
	int code = EXIT_GOOD, r;

	if (!face_fact(v->f, seq, &code))
		return code;
	r = add_seq(v, seq);
	for (int i = 0; i < DEPTH && r >= 0; i++) {
		size_t end = v->seqs;

		r = add_around(v, first);
		first = end;
	}
	return r < 0 ? fails(v, r, face_int(v->f, seq)) : EXIT_GOOD;
}

/* ---- which contents ---- */

static int add_hash(struct evidence *v, const struct json *fact, const char *side)
{
	const struct json *state = json_get(fact, side);
	void *at = v->hash;
	struct hash h;
	int r;

	if (!slice_eq(json_text(state, "class"), SLICE("file")) ||
	    !hash_unhex(json_text(state, "hash"), &h))
		return 0;
	for (size_t i = 0; i < v->hashes; i++) {
		if (hash_eq(&v->hash[i], &h))
			return 0;
	}
	r = grow(v->f, &at, v->hashes, &v->hash_room, sizeof(h));
	if (r < 0)
		return r;
	v->hash = at;
	v->hash[v->hashes++] = h;
	return 0;
}

static int by_seq(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* ---- the parts ---- */

static int put_fact(struct evidence *v, int64_t seq, struct buf *raw)
{
	static const char *const sides[] = {"present", "approved", "state"};
	const struct json *fact;
	int r = read_fact(v, seq, raw, &fact);

	for (size_t i = 0; i < 3 && r == 0; i++)
		r = add_hash(v, fact, sides[i]);
	if (r < 0)
		return r;
	buf_add(&v->facts, buf_slice(raw));
	buf_byte(&v->facts, '\n');
	r = ledger_proof(v->f->ledger, seq, &v->proofs, &v->e);
	if (v->proofs.n && v->proofs.at[v->proofs.n - 1] != '\n')
		buf_byte(&v->proofs, '\n');
	return r;
}

static int put_facts(struct evidence *v)
{
	struct buf raw;
	int r = 0;

	qsort(v->seq, v->seqs, sizeof(*v->seq), by_seq);
	buf_init(&raw, FACT_MAX_BYTES);
	for (size_t i = 0; i < v->seqs && r == 0; i++)
		r = put_fact(v, v->seq[i], &raw);
	buf_done(&raw);
	if (r == 0 && (!buf_ok(&v->facts) || !buf_ok(&v->proofs)))
		r = -ENOMEM;
	if (r == 0)
		r = bundle_add(&v->out, "facts.jsonl", buf_slice(&v->facts));
	return r == 0 ? bundle_add(&v->out, "proofs.jsonl", buf_slice(&v->proofs)) : r;
}

/* `state` is what ledger_content_packed says: a descriptor, or why there is none. */
static void list_content(struct evidence *v, const char *hex, const char *name, int state)
{
	struct json *o;

	arena_reset(&v->mem);
	o = json_obj(&v->mem);
	json_put_str(&v->mem, o, "sha256", hex);
	json_put_bool(&v->mem, o, "kept", state >= 0);
	if (state == -EBADMSG)
		json_put_bool(&v->mem, o, "damaged", true);
	if (state >= 0) {
		json_put_str(&v->mem, o, "file", name);
		json_put_str(&v->mem, o, "encoding", "zstd");
	}
	if (json_write(&v->manifest, o))
		buf_byte(&v->manifest, '\n');
}

/* One content that is damaged must not keep all others from those who look into it. */
static int put_content(struct evidence *v, const struct hash *h)
{
	char hex[HASH_HEX_BYTES], name[BUNDLE_NAME_BYTES];
	AUTO_FD fd = ledger_content_packed(v->f->ledger, h);
	int r = 0;

	hash_hex(h, hex);
	snprintf(name, sizeof(name), "contents/%s.evidence", hex);
	if (fd < 0 && fd != -ENOENT && fd != -EBADMSG)
		return fd;
	if (fd >= 0)
		r = bundle_add_fd(&v->out, name, fd);
	v->missing += fd == -ENOENT;
	v->damaged += fd == -EBADMSG;
	list_content(v, hex, name, fd);
	return r;
}

static int put_contents(struct evidence *v)
{
	int r = 0;

	for (size_t i = 0; i < v->hashes && r == 0; i++)
		r = put_content(v, &v->hash[i]);
	return r == 0 ? bundle_add(&v->out, "MANIFEST.jsonl", buf_slice(&v->manifest)) : r;
}

static int put_key(struct evidence *v)
{
	char path[FACE_PATH_MAX + 16];
	uint8_t bytes[KEY_MAX_BYTES];
	ssize_t n;

	snprintf(path, sizeof(path), "%s/ledger.pub", v->f->state);
	AUTO_FD fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
	if (n <= 0)
		return n < 0 ? -errno : -EBADMSG;
	return bundle_add(&v->out, "ledger.pub", slice_mem(bytes, (size_t)n));
}

/* Both languages: who opens it may read either. */
static int put_readme(struct evidence *v)
{
	struct buf b;
	char at[CLOCK_TEXT_BYTES];
	int r;

	clock_text(v->out.at_us, at);
	buf_init(&b, 65536);
	buf_printf(&b, "hinoban %s  %s\n\n", HINOBAN_VERSION, at);
	buf_str(&b, text_of(LANG_EN, T_EVIDENCE_README));
	buf_str(&b, "\n\n");
	buf_str(&b, text_of(LANG_JA, T_EVIDENCE_README));
	buf_byte(&b, '\n');
	r = buf_ok(&b) ? bundle_add(&v->out, "README.txt", buf_slice(&b)) : -ENOMEM;
	buf_done(&b);
	return r;
}

static int put_all(struct evidence *v, struct hash *sums)
{
	int r = put_readme(v);

	if (r == 0)
		r = put_key(v);
	if (r == 0)
		r = put_facts(v);
	if (r == 0)
		r = put_contents(v);
	return r == 0 ? bundle_end(&v->out, sums) : r;
}

/* ---- the command ---- */

static int64_t exported(const struct evidence *v)
{
	return (int64_t)v->hashes - v->missing - v->damaged;
}

/* Who took evidence out, and which: the chain of custody begins in the ledger. */
static int say_exported(struct evidence *v, const char *what, const char *to,
                        const struct hash *sums, int64_t about)
{
	struct arena *a = &v->f->mem;
	struct json *w = fact_draft(a, "evidence.exported");
	char hex[HASH_HEX_BYTES];
	int64_t r;

	hash_hex(sums, hex);
	json_put_str(a, w, "by", face_who(v->f));
	json_put_slice(a, w, "what", face_path_text(v->f, slice_str(what)));
	json_put_int(a, w, "contents", exported(v));
	json_put_str(a, w, "hash", hex);
	json_put_slice(a, w, "to", face_path_text(v->f, slice_str(to)));
	if (about)
		fact_ref(a, w, about);
	r = post_client_fact(v->f->client, w, -1, &v->e);
	return r < 0 ? fails(v, (int)r, to) : EXIT_GOOD;
}

static int tell(struct evidence *v, const char *to, const struct hash *sums)
{
	struct face *f = v->f;
	char hex[HASH_HEX_BYTES];
	struct json *o;

	hash_hex(sums, hex);
	if (args_has(&f->args, OPT_JSON)) {
		o = json_obj(&f->mem);
		json_put_slice(&f->mem, o, "to", face_path_text(f, slice_str(to)));
		json_put_int(&f->mem, o, "facts", (int64_t)v->seqs);
		json_put_int(&f->mem, o, "contents", exported(v));
		json_put_int(&f->mem, o, "missing", v->missing);
		json_put_int(&f->mem, o, "damaged", v->damaged);
		json_put_str(&f->mem, o, "sums", hex);
		face_put_json(o);
	} else {
		SAY(T_EVIDENCE_DONE, to, face_num(f, (int64_t)v->seqs),
		    face_num(f, exported(v)));
		SAY(T_EVIDENCE_SUMS, hex);
	}
	if (v->missing)
		COMPLAIN(T_EVIDENCE_MISSING, face_num(f, v->missing));
	if (v->damaged)
		COMPLAIN(T_EVIDENCE_DAMAGED, face_num(f, v->damaged));
	return v->missing || v->damaged ? EXIT_FOUND : EXIT_GOOD;
}

static int export(struct evidence *v, const char *what, int64_t seq)
{
	const char *to = args_text(&v->f->args, OPT_TO);
	struct hash sums;
	int code = seq ? gather_seq(v, seq) : gather_path(v, what), r;

	if (code)
		return code;
	r = bundle_open(to, &v->out);
	if (r < 0) {
		COMPLAIN(T_CANNOT_WRITE, to, strerror(-r));
		return EXIT_USE;
	}
	r = put_all(v, &sums);
	if (r < 0)
		bundle_discard(&v->out, to); /* half of it is no evidence */
	bundle_close(&v->out);
	if (r < 0)
		return fails(v, r, to);
	code = say_exported(v, what, to, &sums, seq);
	return code ? code : tell(v, to, &sums);
}

/* Digits, with or without '#', are a fact unless a file is called so. */
static bool is_seq(const char *arg)
{
	uint64_t n;

	return arg[0] == '#' || (slice_u64(slice_str(arg), &n) && access(arg, F_OK) < 0);
}

static int evidence_run(struct face *f)
{
	const char *what = f->args.rest[0];
	struct evidence v = {.f = f};
	int64_t seq = 0;
	int code;

	if (!args_has(&f->args, OPT_TO)) {
		COMPLAIN(T_EVIDENCE_WHERE);
		return EXIT_USE;
	}
	if (is_seq(what) && !(seq = face_seq(what)))
		return EXIT_USE;
	code = face_client(f);
	if (!code)
		code = face_ledger(f);
	if (code)
		return code;
	v.size = ledger_size(f->ledger);
	v.taken = v.size > 0 ? arena_alloc(&f->mem, (size_t)v.size / 8 + 1) : NULL;
	if (!v.taken)
		return fails(&v, v.size < 0 ? (int)v.size : -ENOMEM, what);
	arena_init(&v.mem, ROUND_MEM_BYTES);
	buf_init(&v.facts, LINES_MAX_BYTES);
	buf_init(&v.proofs, LINES_MAX_BYTES);
	buf_init(&v.manifest, LINES_MAX_BYTES);
	code = export(&v, what, seq);
	arena_done(&v.mem);
	buf_done(&v.facts);
	buf_done(&v.proofs);
	buf_done(&v.manifest);
	return code;
}

static const uint8_t evidence_opts[] = {OPT_TO, OPT_JSON, OPT_END};

const struct command evidence_cmd = {
    .name = "evidence",
    .usage = "SEQ|PATH",
    .what = T_EVIDENCE_WHAT,
    .more = T_EVIDENCE_EXAMPLES,
    .opts = evidence_opts,
    .min = 1,
    .max = 1,
    .run = evidence_run,
};
