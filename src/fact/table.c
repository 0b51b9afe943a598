#include "fact/table.h"
#include "base/path.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define TABLE_MAGIC     "HNBTABL2"
#define TABLE_MAX_BYTES (UINT64_C(8) << 30)

struct table_header {
	char magic[8];
	uint32_t entry_bytes;
	uint32_t count;
	int64_t upto_seq;
	uint64_t text_bytes;
	struct hash hash; /* over entries and text */
};

static const char *const class_names[] = {
    [CLASS_NONE] = "none", [CLASS_FILE] = "file",   [CLASS_DIR] = "dir",
    [CLASS_LINK] = "link", [CLASS_OTHER] = "other",
};

const char *table_class_name(enum table_class c)
{
	return (unsigned)c <= CLASS_OTHER ? class_names[c] : "none";
}

bool table_class_of(struct slice name, enum table_class *out)
{
	for (unsigned i = 0; i <= CLASS_OTHER; i++) {
		if (slice_eq(name, slice_str(class_names[i]))) {
			*out = (enum table_class)i;
			return true;
		}
	}
	return false;
}

bool table_same(const struct table_state *a, const struct table_state *b)
{
	if (a->class != b->class)
		return false;
	if (a->class == CLASS_NONE)
		return true;
	/* A link's own mode is always 0777 and means nothing. */
	return hash_eq(&a->hash, &b->hash) && a->uid == b->uid && a->gid == b->gid &&
	       a->attrs == b->attrs && (a->class == CLASS_LINK || a->mode == b->mode);
}

static bool range_ok(uint64_t off, uint64_t len, uint64_t size)
{
	return off <= size && len <= size - off;
}

static int order(uint32_t root_a, struct slice a, uint32_t root_b, struct slice b)
{
	if (root_a != root_b)
		return root_a < root_b ? -1 : 1;
	return slice_cmp(a, b);
}

static int check(const struct table *t, const struct table_header *h)
{
	struct hash_state *st = hash_new();
	struct hash is;

	if (!st)
		return -ENOMEM;
	hash_add(st, slice_mem(t->entry, t->count * sizeof(*t->entry)));
	hash_add(st, t->text);
	is = hash_end(st);
	hash_free(st);
	if (!hash_eq(&is, &h->hash))
		return -EBADMSG;
	for (size_t i = 0; i < t->count; i++) {
		const struct table_entry *e = &t->entry[i], *p = e - 1;

		if (!range_ok(e->path_off, e->path_len, t->text.n) ||
		    !range_ok(e->feat_off, e->feat_len, t->text.n) || e->role >= ROLES ||
		    e->approved.class > CLASS_OTHER || e->present.class > CLASS_OTHER)
			return -EBADMSG;
		if (i && order(p->root, table_path(t, p), e->root, table_path(t, e)) >= 0)
			return -EBADMSG;
	}
	return 0;
}

int table_open(int fd, struct table *out)
{
	struct table t = {0};
	struct table_header h;
	struct stat st;
	uint64_t entries;
	int r;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (st.st_size < (off_t)sizeof(h) || (uint64_t)st.st_size > TABLE_MAX_BYTES)
		return -EBADMSG;
	t.map_bytes = (size_t)st.st_size;
	t.map = mmap(NULL, t.map_bytes, PROT_READ, MAP_PRIVATE, fd, 0);
	if (t.map == MAP_FAILED)
		return -errno;
	memcpy(&h, t.map, sizeof(h));
	entries = (uint64_t)h.count * sizeof(struct table_entry);
	if (memcmp(h.magic, TABLE_MAGIC, 8) != 0 ||
	    h.entry_bytes != sizeof(struct table_entry) || h.text_bytes > UINT32_MAX ||
	    sizeof(h) + entries + h.text_bytes != t.map_bytes) {
		table_close(&t);
		return -EBADMSG;
	}
	t.entry = (const void *)((const uint8_t *)t.map + sizeof(h));
	t.count = h.count;
	t.upto_seq = h.upto_seq;
	t.text = slice_mem((const uint8_t *)t.entry + entries, (size_t)h.text_bytes);
	r = check(&t, &h);
	if (r < 0) {
		table_close(&t);
		return r;
	}
	*out = t;
	return 0;
}

void table_close(struct table *t)
{
	if (t && t->map)
		munmap(t->map, t->map_bytes);
	if (t)
		*t = (struct table){0};
}

struct slice table_path(const struct table *t, const struct table_entry *e)
{
	return slice_sub(t->text, e->path_off, (size_t)e->path_off + e->path_len);
}

struct slice table_features(const struct table *t, const struct table_entry *e)
{
	return slice_sub(t->text, e->feat_off, (size_t)e->feat_off + e->feat_len);
}

ptrdiff_t table_find(const struct table *t, uint32_t root, struct slice path)
{
	size_t lo = 0, hi = t->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct table_entry *e = &t->entry[mid];
		int d = order(e->root, table_path(t, e), root, path);

		if (d == 0)
			return (ptrdiff_t)mid;
		if (d < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -1;
}

struct table_writer {
	struct buf entries, text;
	struct table_entry last;
};

struct table_writer *table_writer_new(void)
{
	struct table_writer *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	buf_init(&w->entries, TABLE_MAX_BYTES / 2);
	buf_init(&w->text, UINT32_MAX);
	return w;
}

void table_writer_free(struct table_writer *w)
{
	if (!w)
		return;
	buf_done(&w->entries);
	buf_done(&w->text);
	free(w);
}

int table_add(struct table_writer *w, const struct table_entry *e, struct slice path,
              struct slice features)
{
	struct table_entry add = *e;
	struct slice before = slice_sub(buf_slice(&w->text), w->last.path_off,
	                                (size_t)w->last.path_off + w->last.path_len);

	if (w->entries.n && order(w->last.root, before, e->root, path) >= 0)
		return -EINVAL;
	add.path_off = (uint32_t)w->text.n;
	add.path_len = (uint32_t)path.n;
	buf_add(&w->text, path);
	add.feat_off = (uint32_t)w->text.n;
	add.feat_len = (uint32_t)features.n;
	buf_add(&w->text, features);
	buf_add(&w->entries, slice_mem(&add, sizeof(add)));
	if (!buf_ok(&w->text) || !buf_ok(&w->entries))
		return -ENOMEM;
	w->last = add;
	return 0;
}

int table_write(struct table_writer *w, int64_t upto_seq, int fd)
{
	struct table_header h = {.entry_bytes = sizeof(struct table_entry),
	                         .count = (uint32_t)(w->entries.n / sizeof(struct table_entry)),
	                         .upto_seq = upto_seq,
	                         .text_bytes = w->text.n};
	struct hash_state *st = hash_new();
	int r;

	if (!st)
		return -ENOMEM;
	memcpy(h.magic, TABLE_MAGIC, 8);
	hash_add(st, buf_slice(&w->entries));
	hash_add(st, buf_slice(&w->text));
	h.hash = hash_end(st);
	hash_free(st);
	r = path_write(fd, slice_mem(&h, sizeof(h)));
	if (r == 0)
		r = path_write(fd, buf_slice(&w->entries));
	if (r == 0)
		r = path_write(fd, buf_slice(&w->text));
	return r;
}
