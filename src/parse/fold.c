#include "parse/fold.h"

#include "parse/chars.h"
#include "parse/decode.h"
#include <string.h>

typedef bool fold_fn(struct walk *w, const struct frame *f, struct slice *out);

static bool fold_chr(struct walk *w, const struct frame *f, struct slice *out)
{
	uint8_t *to;

	if (f->codes != 1 || f->values != 1 || !(to = look_text(w->look, 1)))
		return false;
	to[0] = (uint8_t)f->number;
	*out = slice_mem(to, 1);
	return true;
}

static bool fold_case(struct walk *w, const struct frame *f, struct slice *out)
{
	(void)w;
	*out = f->arg_text[0]; /* names of functions are the same in any case */
	return true;
}

static bool fold_base64(struct walk *w, const struct frame *f, struct slice *out)
{
	return decode_base64(w->look, f->arg_text[0], out);
}

static bool fold_hex(struct walk *w, const struct frame *f, struct slice *out)
{
	return decode_hex(w->look, f->arg_text[0], out);
}

static bool fold_pack(struct walk *w, const struct frame *f, struct slice *out)
{
	return (f->arg_text[0].at[0] | 0x20) == 'h' && decode_hex(w->look, f->arg_text[1], out);
}

static bool fold_percent(struct walk *w, const struct frame *f, struct slice *out)
{
	return decode_percent(w->look, f->arg_text[0], out);
}

static bool fold_entities(struct walk *w, const struct frame *f, struct slice *out)
{
	return decode_entities(w->look, f->arg_text[0], out);
}

static bool fold_rot13(struct walk *w, const struct frame *f, struct slice *out)
{
	return decode_rot13(w->look, f->arg_text[0], out);
}

static bool fold_backward(struct walk *w, const struct frame *f, struct slice *out)
{
	return decode_backward(w->look, f->arg_text[0], out);
}

/* str_replace(search, replacement, text) */
static bool fold_replace(struct walk *w, const struct frame *f, struct slice *out)
{
	struct slice what = f->arg_text[0], by = f->arg_text[1], in = f->arg_text[2];
	uint8_t *to;
	size_t n = 0;

	if (f->arg != 2 || what.n == 0 || in.n == 0 || by.n > what.n ||
	    !(to = look_text(w->look, in.n)))
		return false;
	for (size_t i = 0; i < in.n;) {
		if (slice_starts(slice_sub(in, i, in.n), what)) {
			if (by.n)
				memcpy(to + n, by.at, by.n);
			n += by.n;
			i += what.n;
		} else {
			to[n++] = in.at[i++];
		}
	}
	*out = slice_mem(to, n);
	return true;
}

/* sprintf('%s%s', 'sys', 'tem'): up to two texts. */
static bool fold_format(struct walk *w, const struct frame *f, struct slice *out)
{
	struct slice form = f->arg_text[0];
	size_t n = 0, arg = 1, most = form.n + f->arg_text[1].n + f->arg_text[2].n;
	uint8_t *to;

	if (f->arg < 1 || f->arg > 2 || f->arg_text[f->arg].n == 0 ||
	    !(to = look_text(w->look, most)))
		return false;
	for (size_t i = 0; i < form.n; i++) {
		if (form.at[i] != '%') {
			to[n++] = form.at[i];
			continue;
		}
		if (++i >= form.n || form.at[i] != 's' || arg > 2)
			return false;
		if (f->arg_text[arg].n)
			memcpy(to + n, f->arg_text[arg].at, f->arg_text[arg].n);
		n += f->arg_text[arg++].n;
	}
	*out = slice_mem(to, n);
	return true;
}

static const struct {
	const char *name;
	uint8_t texts; /* leading arguments that must be constant */
	fold_fn *fold;
} folds[] = {
    {"chr", 0, fold_chr},
    {"lcfirst", 1, fold_case},
    {"ucfirst", 1, fold_case},
    {"strtolower", 1, fold_case},
    {"strtoupper", 1, fold_case},
    {"trim", 1, fold_case},
    {"base64_decode", 1, fold_base64},
    {"hex2bin", 1, fold_hex},
    {"pack", 2, fold_pack},
    {"urldecode", 1, fold_percent},
    {"rawurldecode", 1, fold_percent},
    {"html_entity_decode", 1, fold_entities},
    {"str_rot13", 1, fold_rot13},
    {"strrev", 1, fold_backward},
    {"str_replace", 1, fold_replace},
    {"str_ireplace", 1, fold_replace},
    {"sprintf", 1, fold_format},
    {"vsprintf", 1, fold_format},
};

bool fold_call(struct walk *w, const struct frame *f, struct slice *out)
{
	if (w->js || f->of.is != IS_NAME || f->is_new || f->of.text.n > 20)
		return false;
	for (size_t i = 0; i < sizeof(folds) / sizeof(folds[0]); i++) {
		if (!slice_caseeq(f->of.text, slice_str(folds[i].name)))
			continue;
		for (size_t k = 0; k < folds[i].texts; k++)
			if (f->arg_text[k].n == 0 || f->arg_text[k].n > FOLD_MAX_BYTES)
				return false;
		return folds[i].fold(w, f, out) && out->n > 0;
	}
	return false;
}

bool fold_xor(struct walk *w, struct slice a, struct slice b, struct slice *out)
{
	size_t n = a.n < b.n ? a.n : b.n;
	uint8_t *to;

	if (n == 0 || n > FOLD_MAX_BYTES || !(to = look_text(w->look, n)))
		return false;
	for (size_t i = 0; i < n; i++)
		to[i] = a.at[i] ^ b.at[i];
	*out = slice_mem(to, n);
	return true;
}

bool fold_not(struct walk *w, struct slice a, struct slice *out)
{
	uint8_t *to;

	if (a.n == 0 || a.n > FOLD_MAX_BYTES || !(to = look_text(w->look, a.n)))
		return false;
	for (size_t i = 0; i < a.n; i++)
		to[i] = (uint8_t)~a.at[i];
	*out = slice_mem(to, a.n);
	return true;
}
