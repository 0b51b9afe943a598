#include "ledger/head.h"
#include "base/path.h"
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>

#define PUB_BYTES      32
#define HEAD_ARENA     16384
#define HEAD_TEMPORARY ".head.new"

struct head_key {
	EVP_PKEY *pkey;
	EVP_MD_CTX *ctx;
};

/* ---- keys ---- */

static int wrap(EVP_PKEY *pkey, struct head_key **out)
{
	struct head_key *k = calloc(1, sizeof(*k));

	if (k && pkey)
		k->ctx = EVP_MD_CTX_new();
	if (!k || !k->ctx || EVP_PKEY_get_base_id(pkey) != EVP_PKEY_ED25519) {
		free(k);
		EVP_PKEY_free(pkey);
		return pkey ? -EINVAL : -ENOMEM;
	}
	k->pkey = pkey;
	*out = k;
	return 0;
}

void head_key_free(struct head_key *k)
{
	if (!k)
		return;
	EVP_MD_CTX_free(k->ctx);
	EVP_PKEY_free(k->pkey);
	free(k);
}

/* Open name in dir as a stdio file; flags O_CREAT makes it anew with the mode. */
static FILE *open_in(int dir, const char *name, int flags, mode_t mode)
{
	int fd = openat(dir, name, flags | O_CLOEXEC | O_NOFOLLOW, mode);
	FILE *f = fd >= 0 ? fdopen(fd, flags & O_CREAT ? "w" : "r") : NULL;

	if (!f && fd >= 0)
		close(fd);
	return f;
}

static int close_synced(FILE *f, bool good)
{
	good = good && fflush(f) == 0 && fsync(fileno(f)) == 0;
	return fclose(f) == 0 && good ? 0 : -EIO;
}

static int write_keys(int dir, EVP_PKEY *pkey)
{
	FILE *f = open_in(dir, HEAD_KEY_NAME, O_WRONLY | O_CREAT | O_EXCL, 0600);
	int r;

	if (!f)
		return -errno;
	r = close_synced(f, PEM_write_PrivateKey(f, pkey, NULL, NULL, 0, NULL, NULL) == 1);
	if (r < 0)
		return r;
	f = open_in(dir, HEAD_PUB_NAME, O_WRONLY | O_CREAT | O_EXCL, 0644);
	if (!f)
		return -errno;
	return close_synced(f, PEM_write_PUBKEY(f, pkey) == 1);
}

int head_key_make(int dir, struct head_key **out, struct err *e)
{
	EVP_PKEY *pkey = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	int r = pkey ? write_keys(dir, pkey) : -ENOMEM;

	if (r < 0) {
		EVP_PKEY_free(pkey);
		return err_sys(e, r, "can't write " HEAD_KEY_NAME);
	}
	return wrap(pkey, out);
}

static int load(int dir, const char *name, bool private, struct head_key **out, struct err *e)
{
	FILE *f = open_in(dir, name, O_RDONLY, 0);
	EVP_PKEY *pkey;
	int r;

	if (!f)
		return err_sys(e, -errno, "can't read %s", name);
	pkey = private ? PEM_read_PrivateKey(f, NULL, NULL, NULL)
	               : PEM_read_PUBKEY(f, NULL, NULL, NULL);
	fclose(f);
	r = pkey ? wrap(pkey, out) : -EBADMSG;
	return r < 0 ? err_set(e, r, "%s is no Ed25519 key in PEM form", name) : 0;
}

int head_key_load(int dir, struct head_key **out, struct err *e)
{
	return load(dir, HEAD_KEY_NAME, true, out, e);
}

int head_pub_load(int dir, struct head_key **out, struct err *e)
{
	return load(dir, HEAD_PUB_NAME, false, out, e);
}

static void hex(char *out, const uint8_t *at, size_t n)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digit[at[i] >> 4];
		out[2 * i + 1] = digit[at[i] & 15];
	}
	out[2 * n] = '\0';
}

void head_key_hex(const struct head_key *k, char out[HASH_HEX_BYTES])
{
	uint8_t raw[PUB_BYTES];
	size_t n = sizeof(raw);

	if (EVP_PKEY_get_raw_public_key(k->pkey, raw, &n) != 1 || n != sizeof(raw))
		n = 0;
	hex(out, raw, n);
}

/* ---- heads as text ---- */

void head_sig_hex(const uint8_t sig[HEAD_SIG_BYTES], char out[2 * HEAD_SIG_BYTES + 1])
{
	hex(out, sig, HEAD_SIG_BYTES);
}

bool head_sig_unhex(struct slice hex, uint8_t sig[HEAD_SIG_BYTES])
{
	struct hash half[2];

	if (hex.n != 2 * HEAD_SIG_BYTES ||
	    !hash_unhex(slice_sub(hex, 0, hex.n / 2), &half[0]) ||
	    !hash_unhex(slice_sub(hex, hex.n / 2, hex.n), &half[1]))
		return false;
	memcpy(sig, half, HEAD_SIG_BYTES);
	return true;
}

struct json *head_json(struct arena *a, const struct ledger_head *h, bool sig)
{
	struct json *o = json_obj(a);
	char at[CLOCK_TEXT_BYTES], root[HASH_HEX_BYTES], signature[2 * HEAD_SIG_BYTES + 1];

	clock_text(h->at_us, at);
	hash_hex(&h->root, root);
	head_sig_hex(h->sig, signature);
	json_put_str(a, o, "at", at);
	json_put_int(a, o, "before", h->before);
	json_put_str(a, o, "root", root);
	if (sig)
		json_put_str(a, o, "sig", signature);
	json_put_int(a, o, "size", h->size);
	return a->broken ? NULL : o;
}

bool head_row(sqlite3_stmt *s, struct ledger_head *out)
{
	struct slice sig = db_blob(s, 4);

	*out = (struct ledger_head){
	    .size = db_int(s, 0), .at_us = db_int(s, 1), .before = db_int(s, 2)};
	if (!db_hash(s, 3, &out->root) || sig.n != HEAD_SIG_BYTES)
		return false;
	memcpy(out->sig, sig.at, HEAD_SIG_BYTES);
	return true;
}

void head_bind(sqlite3_stmt *s, const struct ledger_head *h)
{
	db_bind_int(s, 1, h->size);
	db_bind_int(s, 2, h->at_us);
	db_bind_int(s, 3, h->before);
	db_bind_blob(s, 4, slice_mem(h->root.b, HASH_BYTES));
	db_bind_blob(s, 5, slice_mem(h->sig, HEAD_SIG_BYTES));
}

static bool write_head(struct buf *out, const struct ledger_head *h, bool sig)
{
	struct arena a;
	bool good;

	arena_init(&a, HEAD_ARENA);
	good = json_write(out, head_json(&a, h, sig));
	arena_done(&a);
	return good;
}

bool head_line(struct buf *out, const struct ledger_head *h)
{
	return write_head(out, h, true);
}

bool head_parse(struct slice line, struct ledger_head *out)
{
	struct ledger_head h = {0};
	struct arena a;
	struct json *v;
	bool good;

	arena_init(&a, HEAD_ARENA);
	v = json_parse(&a, slice_sub(line, 0, HEAD_MAX_BYTES), NULL);
	h.size = json_num(v, "size", -1);
	h.before = json_num(v, "before", -1);
	good = v && h.size >= 0 && h.before >= 0 && clock_parse(json_text(v, "at"), &h.at_us) &&
	       hash_unhex(json_text(v, "root"), &h.root) &&
	       head_sig_unhex(json_text(v, "sig"), h.sig);
	arena_done(&a);
	if (good)
		*out = h;
	return good;
}

/* ---- signatures ---- */

int head_key_sign(const struct head_key *k, struct slice bytes, uint8_t sig[HEAD_SIG_BYTES])
{
	size_t n = HEAD_SIG_BYTES;
	bool good = EVP_DigestSignInit(k->ctx, NULL, NULL, NULL, k->pkey) == 1 &&
	            EVP_DigestSign(k->ctx, sig, &n, bytes.at, bytes.n) == 1;

	EVP_MD_CTX_reset(k->ctx);
	return good ? 0 : -EIO;
}

bool head_key_holds(const struct head_key *k, struct slice bytes,
                    const uint8_t sig[HEAD_SIG_BYTES])
{
	bool good = EVP_DigestVerifyInit(k->ctx, NULL, NULL, NULL, k->pkey) == 1 &&
	            EVP_DigestVerify(k->ctx, sig, HEAD_SIG_BYTES, bytes.at, bytes.n) == 1;

	EVP_MD_CTX_reset(k->ctx);
	return good;
}

int head_sign(const struct head_key *k, struct ledger_head *h)
{
	struct buf b;
	int r;

	buf_init(&b, HEAD_MAX_BYTES);
	r = write_head(&b, h, false) ? head_key_sign(k, buf_slice(&b), h->sig) : -ENOMEM;
	buf_done(&b);
	return r;
}

bool head_valid(const struct head_key *k, const struct ledger_head *h)
{
	struct buf b;
	bool good;

	buf_init(&b, HEAD_MAX_BYTES);
	good = write_head(&b, h, false) && head_key_holds(k, buf_slice(&b), h->sig);
	buf_done(&b);
	return good;
}

/* ---- the copy beside the database ---- */

static int write_new(int dir, const char *name, struct slice s, bool durable)
{
	AUTO_FD fd =
	    openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
	int r = fd < 0 ? -errno : path_write(fd, s);

	return r == 0 && durable && fsync(fd) < 0 ? -errno : r;
}

int head_keep(int dir, const struct ledger_head *h, bool durable)
{
	struct buf b;
	int r;

	buf_init(&b, HEAD_MAX_BYTES);
	r = head_line(&b, h) ? 0 : -ENOMEM;
	buf_byte(&b, '\n');
	if (r == 0)
		r = write_new(dir, HEAD_TEMPORARY, buf_slice(&b), durable);
	if (r == 0 &&
	    (renameat(dir, HEAD_TEMPORARY, dir, HEAD_NAME) < 0 || (durable && fsync(dir) < 0)))
		r = -errno;
	buf_done(&b);
	return r;
}

int head_kept(int dir, struct ledger_head *out)
{
	AUTO_FD fd = openat(dir, HEAD_NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	uint8_t line[HEAD_MAX_BYTES];
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, line, sizeof(line));
	if (n <= 0)
		return n < 0 ? -errno : -ENOENT;
	return head_parse(slice_trim(slice_mem(line, (size_t)n)), out) ? 0 : -EBADMSG;
}
