#include "fact/version.h"
#include "fact/attrs.h"
#include <string.h>

static uint32_t octal(struct slice s)
{
	uint32_t v = 0;

	for (size_t i = 0; i < s.n && i < 6; i++) {
		if (s.at[i] < '0' || s.at[i] > '7')
			return 0;
		v = v << 3 | (uint32_t)(s.at[i] - '0');
	}
	return v & 07777;
}

struct table_state version_of(const struct json *o, int64_t seq)
{
	struct table_state st = {.seq = seq, .class = CLASS_NONE};
	enum table_class class;

	if (!o || o->kind != JSON_OBJ || !table_class_of(json_text(o, "class"), &class))
		return st;
	st.class = class;
	if (!hash_unhex(json_text(o, "hash"), &st.hash))
		memset(&st.hash, 0, sizeof(st.hash));
	st.size = json_num(o, "size", 0);
	st.mode = octal(json_text(o, "mode"));
	st.uid = (uint32_t)json_num(o, "uid", 0);
	st.gid = (uint32_t)json_num(o, "gid", 0);
	st.attrs = json_get(o, "xattrs") ? attrs_digest_of(json_get(o, "xattrs"))
	                                 : json_num(o, "attrs", 0);
	return st;
}

static bool hex_word(struct slice s, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0 || s.n > 16)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = s.at[i];
		int d = c >= '0' && c <= '9'   ? c - '0'
		        : c >= 'a' && c <= 'f' ? c - 'a' + 10
		                               : -1;

		if (d < 0)
			return false;
		v = v << 4 | (uint64_t)d;
	}
	*out = v;
	return true;
}

bool version_sig(struct slice sig, struct table_entry *out)
{
	uint64_t v[4] = {0};
	bool good = true;

	for (int i = 0; i < 4 && good; i++) {
		size_t dot = slice_chr(sig, '.');

		good = (dot == SIZE_MAX) == (i == 3) && hex_word(slice_sub(sig, 0, dot), &v[i]);
		sig = dot == SIZE_MAX ? (struct slice){0} : slice_sub(sig, dot + 1, sig.n);
	}
	if (!good)
		memset(v, 0, sizeof(v));
	out->dev = v[0];
	out->ino = v[1];
	out->mtime_ns = (int64_t)v[2];
	out->ctime_ns = (int64_t)v[3];
	return good;
}

bool version_same(const struct json *a, const struct json *b)
{
	struct table_state x = version_of(a, 0), y = version_of(b, 0);

	return table_same(&x, &y);
}
