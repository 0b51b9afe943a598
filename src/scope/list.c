#include "scope/list.h"
#include "fact/item.h"

#include <errno.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>

#define LINE_MAX_BYTES 65536u
#define TIME_BYTES     32

struct list {
	struct count *c;
	struct count_group *g;
	BIO *out;
	struct buf email, name, phone; /* of the person whose rows are coming in */
	struct buf line;
	uint64_t bits;
	int64_t rows, persons, entries;
	char first[TIME_BYTES], last[TIME_BYTES];
};

void list_warm_up(void)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-CBC", NULL);
	EVP_MD *md = EVP_MD_fetch(NULL, "SHA256", NULL);

	EVP_CIPHER_free(cipher);
	EVP_MD_free(md);
}

/* A field in quotes; a leading sign that a spreadsheet would run as a formula is set off. */
static void field(struct buf *out, struct slice s, bool last)
{
	buf_byte(out, '"');
	if (s.n && strchr("=+-@\t\r", s.at[0]) && s.at[0])
		buf_byte(out, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.at[i] == '"')
			buf_byte(out, '"');
		buf_byte(out, s.at[i]);
	}
	buf_str(out, last ? "\"\r\n" : "\",");
}

static void put_items(struct list *l)
{
	const struct population *p = l->g->plan->p;
	struct buf b;

	buf_init(&b, LINE_MAX_BYTES);
	for (size_t i = 0; i < p->items; i++) {
		const struct item_name *known = item_of(p->item[i].id);

		if (!(l->bits & 1ULL << i))
			continue;
		buf_str(&b, b.n ? "、" : "");
		if (p->item[i].label.n)
			buf_add(&b, p->item[i].label);
		else
			buf_str(&b, known ? known->ja : "");
	}
	field(&l->line, buf_slice(&b), false);
	buf_done(&b);
}

static int put_line(struct list *l)
{
	char entries[32];

	if (!l->rows)
		return 0;
	snprintf(entries, sizeof(entries), "%lld", (long long)l->rows);
	buf_reset(&l->line);
	field(&l->line, l->g->plan->p->group, false);
	field(&l->line, buf_slice(&l->email), false);
	field(&l->line, buf_slice(&l->name), false);
	field(&l->line, buf_slice(&l->phone), false);
	put_items(l);
	field(&l->line, slice_str(entries), false);
	field(&l->line, slice_str(l->first), false);
	field(&l->line, slice_str(l->last), true);
	l->persons++;
	l->entries += l->rows;
	l->rows = 0;
	l->bits = 0;
	l->first[0] = l->last[0] = '\0';
	if (!buf_ok(&l->line) ||
	    BIO_write(l->out, l->line.at, (int)l->line.n) != (int)l->line.n)
		return -EIO;
	return 0;
}

static void keep(char out[TIME_BYTES], struct slice s)
{
	struct slice t = slice_sub(s, 0, 19);

	memcpy(out, t.at, t.n);
	out[t.n] = '\0';
}

static void begin_person(struct list *l, const struct slice *v)
{
	struct buf *to[] = {&l->email, &l->name, &l->phone};

	for (size_t i = 0; i < 3; i++) {
		buf_reset(to[i]);
		buf_add(to[i], slice_sub(v[i], 0, LINE_MAX_BYTES / 8));
	}
}

/* email, name, phone, flags, time; in the order of e-mail, telephone, name. */
static int take_row(void *ctx, const struct slice *v, size_t n)
{
	struct list *l = ctx;
	uint64_t flags;
	int r;

	if (n != 5 || !slice_u64(v[3], &flags))
		return -EBADMSG;
	if ((flags >> SQL_RULE & 255) || count_kept(l->g->plan->p, flags))
		return 0;
	if (!l->rows || !slice_eq(v[0], buf_slice(&l->email)) ||
	    (!v[0].n &&
	     (!slice_eq(v[1], buf_slice(&l->name)) || !slice_eq(v[2], buf_slice(&l->phone))))) {
		r = put_line(l);
		if (r < 0)
			return r;
		begin_person(l, v);
	}
	l->rows++;
	l->bits |= flags;
	if (v[4].n && (!l->first[0] || slice_cmp(v[4], slice_str(l->first)) < 0))
		keep(l->first, v[4]);
	if (v[4].n && slice_cmp(v[4], slice_str(l->last)) > 0)
		keep(l->last, v[4]);
	return 0;
}

static int write_group(struct list *l)
{
	struct slice param[SQL_MAX_RULES];
	struct count *c = l->c;
	int r;

	for (size_t i = 0; i < c->rules->n; i++)
		param[i] = c->rules->at[i].pattern;
	c->db->doing = arena_cstr(c->mem, l->g->plan->p->group);
	r = c->db->ops->query(c->db, buf_cstr(&l->g->sql), param, c->rules->n, take_row, l);
	return r == 0 ? put_line(l) : r;
}

static int write_all(struct list *l)
{
	static const char head[] = "\xef\xbb\xbf\"group\",\"email\",\"name\",\"phone\","
	                           "\"items\",\"entries\",\"first\","
	                           "\"last\"\r\n";
	int r = BIO_write(l->out, head, sizeof(head) - 1) == sizeof(head) - 1 ? 0 : -EIO;

	for (size_t i = 0; i < l->c->groups && r == 0; i++) {
		l->g = &l->c->group[i];
		r = write_group(l);
	}
	return r;
}

static int bad_certificate(struct count *c)
{
	char why[256];

	ERR_error_string_n(ERR_peek_last_error(), why, sizeof(why));
	return fault_set(c->db->fault, -EINVAL, SCOPE_BAD_CERTIFICATE, why, NULL, NULL, NULL);
}

static X509 *read_certificate(struct slice pem)
{
	BIO *in = BIO_new_mem_buf(pem.at, (int)pem.n);
	X509 *x = in ? PEM_read_bio_X509(in, NULL, NULL, NULL) : NULL;

	BIO_free(in);
	return x;
}

/* Encrypts what `l` writes, as it comes. */
static int encrypt(struct list *l, X509 *to, int fd)
{
	STACK_OF(X509) *who = sk_X509_new_null();
	BIO *file = BIO_new_fd(fd, BIO_NOCLOSE), *b;
	CMS_ContentInfo *cms = NULL;
	int r;

	if (who && sk_X509_push(who, to) > 0)
		cms = CMS_encrypt(who, NULL, EVP_aes_256_cbc(), CMS_STREAM | CMS_BINARY);
	l->out = cms && file ? BIO_new_CMS(file, cms) : NULL;
	r = l->out ? write_all(l) : bad_certificate(l->c);
	if (r == 0 && BIO_flush(l->out) != 1)
		r = -EIO;
	for (b = l->out; b && b != file;) {
		BIO *next = BIO_pop(b);

		BIO_free(b);
		b = next;
	}
	BIO_free(file);
	CMS_ContentInfo_free(cms);
	sk_X509_free(who);
	return r;
}

static void wipe(struct buf *b)
{
	if (b->at)
		explicit_bzero(b->at, b->room);
	buf_done(b);
}

static void tell(struct list *l, const X509 *x)
{
	struct arena *a = &l->c->a->mem;
	struct json *o = json_obj(a);
	char hex[HASH_HEX_BYTES];
	struct hash h;
	unsigned n = 0;

	if (X509_digest(x, EVP_sha256(), h.b, &n) != 1)
		memset(&h, 0, sizeof(h));
	hash_hex(&h, hex);
	json_put_int(a, o, "lines", l->persons);
	json_put_int(a, o, "entries", l->entries);
	json_put_str(a, o, "certificate", hex);
	answer_put(l->c->a, "list", o);
}

int list_run(struct count *c, struct slice certificate, int fd)
{
	X509 *x = read_certificate(certificate);
	struct list l = {.c = c};
	struct buf *all[] = {&l.email, &l.name, &l.phone, &l.line};
	int r;

	if (!x || fd < 0)
		return bad_certificate(c);
	for (size_t i = 0; i < 4; i++) {
		buf_init(all[i], LINE_MAX_BYTES);
		if (buf_reserve(all[i], LINE_MAX_BYTES / 2))
			(void)db_lock(all[i]->at, all[i]->room);
	}
	r = encrypt(&l, x, fd);
	if (r == -EIO)
		r = fault_set(c->db->fault, -EIO, SCOPE_CANNOT_WRITE, strerror(EIO), NULL, NULL,
		              NULL);
	for (size_t i = 0; i < 4; i++)
		wipe(all[i]);
	if (r == 0)
		tell(&l, x);
	X509_free(x);
	return r;
}
