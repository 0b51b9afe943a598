/*
 * verify-proof: checks what hinoban hands out - a proof that a fact is in the ledger, a
 * proof that one head grew out of another, signed heads - with the ledger's public key
 * alone.
 *
 *     verify-proof --key ledger.pub [--head WITNESSED-HEADS] FILE...
 *
 * FILE ("-": standard input) holds documents of hinoban.proof(5), one or several lines.
 * With --head, every signed head in a document must also agree with those that a witness
 * kept: the same size must have the same root.
 *
 * Exit 0: all hold; 1: one does not; 2: it could not be checked (unreadable, no document).
 *
 * It shares no code with hinoban on purpose; it is short so that you can read all of it.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>

#define MAX_FILE_BYTES (64u << 20)
#define MAX_DEPTH      8
#define MAX_PATH       128 /* hashes */
#define MAX_HEADS      100000
#define SIG_BYTES      64

static void die(const char *what, const char *why)
{
	fprintf(stderr, "verify-proof: %s: %s\n", what, why);
	exit(2);
}

/* ---- a JSON reader that knows just what the documents hold ---- */

struct value {
	char kind;  /* 's' text, 'n' whole number, 'o' object, 'a' array, 'x' other */
	char *text; /* s: unescaped, NUL behind it */
	size_t len;
	int64_t number;
	char *name; /* in an object */
	struct value *first, *next;
};

struct reader {
	const char *at, *end;
};

static struct value *read_value(struct reader *r, int depth);

static void skip_blank(struct reader *r)
{
	while (r->at < r->end &&
	       (*r->at == ' ' || *r->at == '\n' || *r->at == '\t' || *r->at == '\r'))
		r->at++;
}

static bool eat(struct reader *r, char c)
{
	skip_blank(r);
	if (r->at >= r->end || *r->at != c)
		return false;
	r->at++;
	return true;
}

static void *need(void *p)
{
	if (!p)
		die("memory", "none left");
	return p;
}

static void release(struct value *v)
{
	while (v) {
		struct value *next = v->next;

		release(v->first);
		free(v->text);
		free(v->name);
		free(v);
		v = next;
	}
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* \uXXXX below U+0080 only: canonical JSON escapes nothing else that way. */
static bool read_escape(struct reader *r, char *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *p;
	int code = 0;

	if (r->at >= r->end)
		return false;
	if (*r->at != 'u') {
		p = memchr(from, *r->at++, sizeof(from) - 1);
		if (p)
			*out = to[p - from];
		return p != NULL;
	}
	r->at++;
	for (int i = 0; i < 4; i++) {
		int d = r->at < r->end ? hex_digit(*r->at++) : -1;

		if (d < 0)
			return false;
		code = code * 16 + d;
	}
	*out = (char)code;
	return code < 0x80;
}

static char *read_text(struct reader *r, size_t *len)
{
	char *out;
	size_t n = 0;

	if (!eat(r, '"'))
		return NULL;
	out = need(malloc((size_t)(r->end - r->at) + 1));
	while (r->at < r->end && *r->at != '"') {
		char c = *r->at++;

		if ((unsigned char)c < 0x20 || (c == '\\' && !read_escape(r, &c))) {
			free(out);
			return NULL;
		}
		out[n++] = c;
	}
	if (r->at >= r->end) {
		free(out);
		return NULL;
	}
	r->at++;
	out[n] = '\0';
	*len = n;
	return out;
}

static bool read_number(struct reader *r, int64_t *out)
{
	int64_t v = 0;
	int digits = 0;

	while (r->at < r->end && *r->at >= '0' && *r->at <= '9' && digits++ < 16)
		v = v * 10 + (*r->at++ - '0');
	*out = v;
	return digits > 0 && digits <= 16;
}

static bool read_members(struct reader *r, struct value *v, char close, int depth)
{
	struct value **tail = &v->first;

	if (eat(r, close))
		return true;
	do {
		char *name = NULL;
		size_t len;

		if (close == '}' &&
		    (!(name = read_text(r, &len)) || strlen(name) != len || !eat(r, ':'))) {
			free(name);
			return false;
		}
		*tail = read_value(r, depth + 1);
		if (!*tail) {
			free(name);
			return false;
		}
		(*tail)->name = name;
		tail = &(*tail)->next;
	} while (eat(r, ','));
	return eat(r, close);
}

static bool read_into(struct reader *r, struct value *v, int depth)
{
	if (*r->at == '"') {
		v->kind = 's';
		v->text = read_text(r, &v->len);
		return v->text != NULL;
	}
	if (*r->at == '{' || *r->at == '[') {
		char close = *r->at == '{' ? '}' : ']';

		v->kind = *r->at++ == '{' ? 'o' : 'a';
		return read_members(r, v, close, depth);
	}
	v->kind = 'n';
	return read_number(r, &v->number);
}

static struct value *read_value(struct reader *r, int depth)
{
	struct value *v;

	skip_blank(r);
	if (r->at >= r->end || depth > MAX_DEPTH)
		return NULL;
	v = need(calloc(1, sizeof(*v)));
	if (!read_into(r, v, depth)) {
		release(v);
		return NULL;
	}
	return v;
}

/* A member by name; NULL if missing, of another kind, or there twice. */
static const struct value *member(const struct value *o, const char *name, char kind)
{
	const struct value *found = NULL;

	for (const struct value *m = o && o->kind == 'o' ? o->first : NULL; m; m = m->next) {
		if (strcmp(m->name, name) != 0)
			continue;
		if (found)
			return NULL;
		found = m;
	}
	return found && found->kind == kind ? found : NULL;
}

static bool unhex(const struct value *v, uint8_t *out, size_t n)
{
	if (!v || v->len != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int hi = hex_digit(v->text[2 * i]), lo = hex_digit(v->text[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		out[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

/* ---- the tree of RFC 9162 ---- */

struct hash {
	uint8_t b[32];
};

struct path {
	struct hash hash[MAX_PATH];
	int count;
};

static struct hash leaf_of(const char *bytes, size_t n)
{
	uint8_t *all = need(malloc(n + 1));
	struct hash h;

	all[0] = 0;
	memcpy(all + 1, bytes, n);
	SHA256(all, n + 1, h.b);
	free(all);
	return h;
}

static struct hash node_of(const struct hash *l, const struct hash *r)
{
	uint8_t both[65] = {1};
	struct hash h;

	memcpy(both + 1, l->b, 32);
	memcpy(both + 33, r->b, 32);
	SHA256(both, sizeof(both), h.b);
	return h;
}

static bool same(const struct hash *a, const struct hash *b)
{
	return memcmp(a->b, b->b, 32) == 0;
}

/* 2.1.3.2 */
static bool included(struct hash r, int64_t index, int64_t size, const struct path *p,
                     const struct hash *root)
{
	int64_t fn = index, sn = size - 1;

	for (int i = 0; i < p->count; i++) {
		if (sn == 0)
			return false;
		if (fn % 2 == 1 || fn == sn) {
			r = node_of(&p->hash[i], &r);
			while (fn % 2 == 0 && fn != 0) {
				fn /= 2;
				sn /= 2;
			}
		} else {
			r = node_of(&r, &p->hash[i]);
		}
		fn /= 2;
		sn /= 2;
	}
	return sn == 0 && same(&r, root);
}

/* 2.1.4.2 */
static bool grew(int64_t first, const struct hash *a, int64_t second, const struct hash *b,
                 const struct path *p)
{
	int64_t fn = first - 1, sn = second - 1;
	bool power = (first & (first - 1)) == 0;
	struct hash fr, sr;
	int i = power ? 0 : 1;

	if (first == second)
		return p->count == 0 && same(a, b);
	if (p->count == 0)
		return false;
	fr = sr = power ? *a : p->hash[0];
	while (fn % 2 == 1) {
		fn /= 2;
		sn /= 2;
	}
	for (; i < p->count; i++) {
		if (sn == 0)
			return false;
		if (fn % 2 == 1 || fn == sn) {
			fr = node_of(&p->hash[i], &fr);
			sr = node_of(&p->hash[i], &sr);
			while (fn % 2 == 0 && fn != 0) {
				fn /= 2;
				sn /= 2;
			}
		} else {
			sr = node_of(&sr, &p->hash[i]);
		}
		fn /= 2;
		sn /= 2;
	}
	return sn == 0 && same(&fr, a) && same(&sr, b);
}

/* ---- heads ---- */

struct head {
	int64_t size, before;
	struct hash root;
	char at[64]; /* "": unsigned */
	uint8_t sig[SIG_BYTES];
};

static EVP_PKEY *key;
static struct head *witnessed;
static int witnessed_count;

/* The time stands in the signed text as it was given: no character may break out of it. */
static bool plain_time(const char *s)
{
	return *s && strspn(s, "0123456789-:.TZ") == strlen(s);
}

static bool read_head(const struct value *v, struct head *h)
{
	const struct value *size = member(v, "size", 'n'), *at = member(v, "at", 's'),
	                   *before = member(v, "before", 'n');

	*h = (struct head){0};
	if (!size || size->number < 1 || !unhex(member(v, "root", 's'), h->root.b, 32))
		return false;
	h->size = size->number;
	if (!member(v, "sig", 's'))
		return true;
	if (!before || !at || at->len >= sizeof(h->at) || !plain_time(at->text) ||
	    !unhex(member(v, "sig", 's'), h->sig, SIG_BYTES))
		return false;
	h->before = before->number;
	memcpy(h->at, at->text, at->len + 1);
	return true;
}

static bool signed_by_key(const struct head *h)
{
	char text[256], root[65];
	EVP_MD_CTX *ctx = need(EVP_MD_CTX_new());
	bool good;

	for (int i = 0; i < 32; i++)
		snprintf(root + 2 * i, 3, "%02x", h->root.b[i]);
	snprintf(text, sizeof(text),
	         "{\"at\":\"%s\",\"before\":%lld,\"root\":\"%s\",\"size\":%lld}", h->at,
	         (long long)h->before, root, (long long)h->size);
	good =
	    EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
	    EVP_DigestVerify(ctx, h->sig, SIG_BYTES, (const uint8_t *)text, strlen(text)) == 1;
	EVP_MD_CTX_free(ctx);
	return good;
}

static bool fails(const char *what)
{
	printf("FAILS: %s\n", what);
	return false;
}

static bool head_holds(const struct head *h)
{
	if (!h->at[0])
		return fails("a head without a signature");
	if (!signed_by_key(h))
		return fails("the head's signature is not by this key");
	for (int i = 0; i < witnessed_count; i++) {
		if (witnessed[i].size == h->size && !same(&witnessed[i].root, &h->root))
			return fails("the witness knows another head of this size");
	}
	return true;
}

/* ---- documents ---- */

static bool read_path(const struct value *doc, struct path *p)
{
	const struct value *arr = member(doc, "path", 'a');

	p->count = 0;
	if (!arr)
		return false;
	for (const struct value *m = arr->first; m; m = m->next) {
		if (p->count == MAX_PATH || m->kind != 's' ||
		    !unhex(m, p->hash[p->count++].b, 32))
			return false;
	}
	return true;
}

/*
 * The number that the fact itself bears must be the one that is proved. In canonical text a
 * quotation mark inside of a string is escaped, so "seq": can only be a member; it must be
 * one of the outermost object.
 */
static bool says_seq(const struct value *fact, int64_t seq)
{
	char want[32];
	int depth = 0;
	bool text = false;

	snprintf(want, sizeof(want), "\"seq\":%lld,", (long long)seq);
	for (const char *p = fact->text; *p; p++) {
		if (text && *p == '\\' && p[1])
			p++;
		else if (!text && depth == 1 && strncmp(p, want, strlen(want)) == 0)
			return true;
		else if (*p == '"')
			text = !text;
		else if (!text && (*p == '{' || *p == '['))
			depth++;
		else if (!text && (*p == '}' || *p == ']'))
			depth--;
	}
	return false;
}

static bool check_inclusion(const struct value *doc)
{
	const struct value *fact = member(doc, "fact", 's'), *seq = member(doc, "seq", 'n');
	struct path p;
	struct head h;

	if (!fact || !seq || !read_path(doc, &p) || !read_head(member(doc, "head", 'o'), &h))
		return fails("not a whole proof of inclusion");
	if (!head_holds(&h))
		return false;
	if (seq->number < 1 || seq->number > h.size || !says_seq(fact, seq->number))
		return fails("the fact does not bear the number that is proved");
	if (!included(leaf_of(fact->text, fact->len), seq->number - 1, h.size, &p, &h.root))
		return fails("the fact is not under this head");
	printf("holds: fact %lld is one of the %lld facts signed at %s\n",
	       (long long)seq->number, (long long)h.size, h.at);
	return true;
}

static bool check_consistency(const struct value *doc)
{
	struct head a, b;
	struct path p;

	if (!read_path(doc, &p) || !read_head(member(doc, "from", 'o'), &a) ||
	    !read_head(member(doc, "to", 'o'), &b))
		return fails("not a whole proof of consistency");
	if ((a.at[0] && !head_holds(&a)) || !head_holds(&b))
		return false;
	if (a.size > b.size || !grew(a.size, &a.root, b.size, &b.root, &p))
		return fails("the later head does not hold the earlier one");
	printf("holds: the %lld facts signed at %s begin with the %lld of root "
	       "%02x%02x%02x%02x...%s\n",
	       (long long)b.size, b.at, (long long)a.size, a.root.b[0], a.root.b[1],
	       a.root.b[2], a.root.b[3],
	       a.at[0] ? "" : " (unsigned: compare that root with your own)");
	return true;
}

static bool check_head(const struct value *doc)
{
	struct head h;

	if (!read_head(doc, &h))
		return fails("not a whole head");
	if (!head_holds(&h))
		return false;
	printf("holds: the head of %lld facts, signed at %s\n", (long long)h.size, h.at);
	return true;
}

static bool check(const struct value *doc)
{
	const struct value *kind = member(doc, "proof", 's');

	if (!kind)
		return check_head(doc);
	if (strcmp(kind->text, "inclusion") == 0)
		return check_inclusion(doc);
	if (strcmp(kind->text, "consistency") == 0)
		return check_consistency(doc);
	return fails("a proof of a kind that is not known here");
}

/* ---- files ---- */

static char *read_file(const char *name, size_t *n)
{
	FILE *f = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb");
	char *all = need(malloc(MAX_FILE_BYTES));

	if (!f)
		die(name, strerror(errno));
	*n = fread(all, 1, MAX_FILE_BYTES, f);
	if (ferror(f) || *n == MAX_FILE_BYTES)
		die(name, "can't be read, or too large");
	if (f != stdin)
		fclose(f);
	return all;
}

/* Calls fn for each document of a file; how many there were. */
static int each(const char *name, void (*fn)(const struct value *doc, void *ctx), void *ctx)
{
	size_t n;
	char *all = read_file(name, &n);
	struct reader r = {all, all + n};
	int docs = 0;

	for (skip_blank(&r); r.at < r.end; skip_blank(&r)) {
		struct value *doc = read_value(&r, 0);

		if (!doc || doc->kind != 'o')
			die(name, "holds something that is no document");
		fn(doc, ctx);
		release(doc);
		docs++;
	}
	free(all);
	return docs;
}

static void check_one(const struct value *doc, void *ctx)
{
	bool *all_good = ctx;

	if (!check(doc))
		*all_good = false;
}

static void keep_witnessed(const struct value *doc, void *ctx)
{
	struct head h;

	(void)ctx;
	if (!read_head(doc, &h) || !h.at[0] || !signed_by_key(&h))
		die("witnessed heads", "one is not signed by this key");
	if (witnessed_count == MAX_HEADS)
		die("witnessed heads", "too many");
	witnessed[witnessed_count++] = h;
}

static void load_key(const char *name)
{
	FILE *f = fopen(name, "r");

	if (!f)
		die(name, strerror(errno));
	key = PEM_read_PUBKEY(f, NULL, NULL, NULL);
	fclose(f);
	if (!key || EVP_PKEY_get_base_id(key) != EVP_PKEY_ED25519)
		die(name, "no Ed25519 public key in PEM form");
}

#define USAGE "verify-proof --key ledger.pub [--head WITNESSED-HEADS] FILE..."

int main(int argc, char **argv)
{
	const char *heads = NULL;
	bool good = true;
	int i, docs = 0;

	if (argc == 2 && strcmp(argv[1], "--help") == 0) {
		puts("usage: " USAGE "\n\n"
		     "Checks proofs and signed heads of a hinoban ledger with its public key "
		     "alone.\n"
		     "Exit 0: all hold; 1: one does not; 2: it could not be checked.");
		return 0;
	}
	for (i = 1; i + 1 < argc && strncmp(argv[i], "--", 2) == 0; i += 2) {
		if (strcmp(argv[i], "--key") == 0)
			load_key(argv[i + 1]);
		else if (strcmp(argv[i], "--head") == 0)
			heads = argv[i + 1];
		else
			break;
	}
	if (!key || i >= argc)
		die("usage", USAGE);
	if (heads) {
		witnessed = need(calloc(MAX_HEADS, sizeof(*witnessed)));
		each(heads, keep_witnessed, NULL);
	}
	for (; i < argc; i++)
		docs += each(argv[i], check_one, &good);
	if (docs == 0)
		die("nothing to check", "no document");
	free(witnessed);
	EVP_PKEY_free(key);
	return good ? 0 : 1;
}
