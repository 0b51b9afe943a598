#include "ledger/proof.h"
#include <string.h>

#define PROOF_ARENA (1u << 20)

static struct json *path_json(struct arena *a, const struct tree_path *path)
{
	struct json *arr = json_arr(a);

	for (int i = 0; i < path->count; i++) {
		char hex[HASH_HEX_BYTES];

		hash_hex(&path->hash[i], hex);
		if (!json_push(arr, json_str(a, slice_str(hex))))
			return NULL;
	}
	return arr;
}

bool proof_inclusion(struct buf *out, int64_t seq, struct slice canonical,
                     const struct tree_path *path, const struct ledger_head *head)
{
	struct arena a;
	struct json *o;
	bool good;

	arena_init(&a, PROOF_ARENA);
	o = json_obj(&a);
	json_put_str(&a, o, "proof", "inclusion");
	json_put_int(&a, o, "seq", seq);
	json_put_slice(&a, o, "fact", canonical);
	json_put(&a, o, "path", path_json(&a, path));
	json_put(&a, o, "head", head_json(&a, head, true));
	good = !a.broken && json_write(out, o);
	arena_done(&a);
	return good;
}

/* A head that was signed in full; of a size between two heads only size and root. */
static struct json *maybe_signed(struct arena *a, const struct ledger_head *h)
{
	static const uint8_t unsigned_[HEAD_SIG_BYTES];
	struct json *o;
	char root[HASH_HEX_BYTES];

	if (memcmp(h->sig, unsigned_, sizeof(unsigned_)) != 0)
		return head_json(a, h, true);
	o = json_obj(a);
	hash_hex(&h->root, root);
	json_put_str(a, o, "root", root);
	json_put_int(a, o, "size", h->size);
	return o;
}

bool proof_consistency(struct buf *out, const struct ledger_head *from,
                       const struct ledger_head *to, const struct tree_path *path)
{
	struct arena a;
	struct json *o;
	bool good;

	arena_init(&a, PROOF_ARENA);
	o = json_obj(&a);
	json_put_str(&a, o, "proof", "consistency");
	json_put(&a, o, "from", maybe_signed(&a, from));
	json_put(&a, o, "to", maybe_signed(&a, to));
	json_put(&a, o, "path", path_json(&a, path));
	good = !a.broken && json_write(out, o);
	arena_done(&a);
	return good;
}

bool proof_inclusion_holds(const struct hash *leaf, int64_t index, int64_t size,
                           const struct tree_path *path, const struct hash *root)
{
	uint64_t fn = (uint64_t)index, sn = (uint64_t)size - 1;
	struct hash r = *leaf;

	if (index < 0 || index >= size)
		return false;
	for (int i = 0; i < path->count; i++) {
		const struct hash *p = &path->hash[i];

		if (sn == 0)
			return false;
		if (fn & 1 || fn == sn) {
			r = tree_node(p, &r);
			while (!(fn & 1) && fn) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			r = tree_node(&r, p);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_eq(&r, root);
}

bool proof_consistency_holds(int64_t from, const struct hash *from_root, int64_t to,
                             const struct hash *to_root, const struct tree_path *path)
{
	uint64_t fn = (uint64_t)from - 1, sn = (uint64_t)to - 1;
	bool pow2 = (from & (from - 1)) == 0;
	struct hash fr, sr;
	int i = 0;

	if (from < 1 || from > to)
		return false;
	if (from == to)
		return path->count == 0 && hash_eq(from_root, to_root);
	if (path->count == 0)
		return false;
	for (; fn & 1; fn >>= 1)
		sn >>= 1;
	fr = sr = pow2 ? *from_root : path->hash[i++];
	for (; i < path->count; i++) {
		const struct hash *c = &path->hash[i];

		if (sn == 0)
			return false;
		if (fn & 1 || fn == sn) {
			fr = tree_node(c, &fr);
			sr = tree_node(c, &sr);
			while (!(fn & 1) && fn) {
				fn >>= 1;
				sn >>= 1;
			}
		} else {
			sr = tree_node(&sr, c);
		}
		fn >>= 1;
		sn >>= 1;
	}
	return sn == 0 && hash_eq(&fr, from_root) && hash_eq(&sr, to_root);
}
