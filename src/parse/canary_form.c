/* canary_form: the ways to write a value that can be looked for as they stand. */
#include "parse/canary_in.h"
#include "parse/chars.h"
#include <errno.h>

#define HALF_LEAST  5    /* signs of half a number in another base */
#define PIECE_LEAST 3    /* digits of a piece */
#define PIECES_MAX  4096 /* runs of digits that are looked at */
#define GROUP       4    /* digits that are printed together on a card */

static bool all_digits(struct slice s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!chars_digit(s.at[i]))
			return false;
	}
	return s.n > 0;
}

static void add(struct canary_forms *f, struct arena *a, struct canary_form form)
{
	if (f->n == CANARY_MAX_FORMS || form.bytes.n < HALF_LEAST)
		return;
	form.bytes = arena_copy(a, form.bytes);
	if (form.bytes.at)
		f->form[f->n++] = form;
}

static struct canary_form whole(size_t value, struct slice bytes, const char *how, bool keyed)
{
	return (struct canary_form){
	    .bytes = bytes, .how = how, .value = (uint8_t)value, .keyed = keyed};
}

static const char base64_signs[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* The signs that any base64 text with s in it at this alignment must have. */
static size_t base64_core(struct slice s, size_t align, uint8_t *out)
{
	size_t n = 0;
	size_t from = (align * 8 + 5) / 6, to = (align + s.n) * 8 / 6;

	for (size_t k = from; k < to; k++) {
		uint32_t v = 0;

		for (size_t b = 0; b < 6; b++) {
			size_t bit = k * 6 + b - align * 8;

			v = v << 1 | (s.at[bit / 8] >> (7 - bit % 8) & 1u);
		}
		out[n++] = (uint8_t)base64_signs[v];
	}
	return n;
}

static void turn_letters(uint8_t *at, size_t n, unsigned by)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t base = chars_upper(at[i]) ? 'A' : 'a';

		if (chars_alpha(at[i]) && at[i] != '_')
			at[i] = (uint8_t)(base + (at[i] - base + by) % 26u);
	}
}

/* Base64 at the three alignments, and that with its letters turned by 1 to 25. */
static void add_base64(struct canary_forms *f, struct arena *a, size_t v, struct slice s,
                       const char *how, const char *how_turned)
{
	uint8_t b[CANARY_MAX_BYTES * 2];

	for (size_t align = 0; align < 3; align++) {
		for (unsigned by = 0; by < 26; by++) {
			size_t n = base64_core(s, align, b);

			if (by && !how_turned)
				break;
			turn_letters(b, n, by);
			add(f, a, whole(v, slice_mem(b, n), by ? how_turned : how, by == 0));
		}
	}
}

static void add_hex(struct canary_forms *f, struct arena *a, size_t v, struct slice s)
{
	static const char *const signs[] = {"0123456789abcdef", "0123456789ABCDEF"};
	uint8_t b[CANARY_MAX_BYTES * 2];

	for (int k = 0; k < 2; k++) {
		for (size_t i = 0; i < s.n; i++) {
			b[2 * i] = (uint8_t)signs[k][s.at[i] >> 4];
			b[2 * i + 1] = (uint8_t)signs[k][s.at[i] & 15];
		}
		add(f, a, whole(v, slice_mem(b, 2 * s.n), "hex", k == 0));
	}
}

/* Decimal character codes without anything between them. */
static void add_codes(struct canary_forms *f, struct arena *a, size_t v, struct slice s)
{
	struct slice t = arena_printf(a, "%s", "");

	for (size_t i = 0; i < s.n && t.at; i++)
		t = arena_printf(a, "%.*s%u", SLICE_ARG(t), s.at[i]);
	if (t.at)
		add(f, a, whole(v, t, "codes", false));
}

static size_t in_base(uint64_t n, unsigned base, uint8_t *out)
{
	uint8_t rev[64];
	size_t k = 0;

	do {
		unsigned d = (unsigned)(n % base);

		rev[k++] = (uint8_t)(d < 10 ? '0' + d : 'a' + d - 10);
		n /= base;
	} while (n);
	for (size_t i = 0; i < k; i++)
		out[i] = rev[k - 1 - i];
	return k;
}

static const char *base_name(unsigned base, uint8_t half)
{
	if (half)
		return base == 36 ? "pieces > base36" : "pieces > another base";
	return base == 36 ? "base36" : "another base";
}

/* A number, or a half of it, in the bases that toString() knows; -1: nothing for it. */
static void add_bases(struct canary_forms *f, struct arena *a, size_t v, struct slice s,
                      uint8_t half)
{
	uint64_t n;
	uint8_t b[80];

	if (!slice_u64(s, &n))
		return;
	for (unsigned base = 2; base <= 36; base++) {
		struct canary_form form = {.value = (uint8_t)v, .half = half, .apart = true};
		size_t k = base == 10 ? 0 : in_base(n, base, b);

		if (half && base != 36 && base != 32 && base != 16)
			continue;
		form.how = base_name(base, half);
		form.bytes = slice_mem(b, k);
		add(f, a, form);
		for (size_t i = 0; i < k; i++)
			b[i] = b[i] >= 'a' ? (uint8_t)(b[i] - 32) : b[i];
		if (base > 10)
			add(f, a, form);
	}
	if (half)
		add(f, a,
		    (struct canary_form){.value = (uint8_t)v,
		                         .half = half,
		                         .apart = true,
		                         .bytes = s,
		                         .how = "pieces"});
}

static void add_number(struct canary_forms *f, struct arena *a, size_t v, struct slice s)
{
	uint8_t b[CANARY_MAX_BYTES * 2];

	for (int k = 0; k < 2; k++) {
		size_t n = 0;

		for (size_t i = 0; i < s.n; i++) {
			if (i && i % GROUP == 0)
				b[n++] = k ? '-' : ' ';
			b[n++] = s.at[i];
		}
		add(f, a, whole(v, slice_mem(b, n), "plain", false));
		add_base64(f, a, v, slice_mem(b, n), "base64", NULL);
	}
	for (size_t i = 0; i < s.n; i++)
		b[i] = (uint8_t)('9' - s.at[i] + '0');
	add(f, a, whole(v, slice_mem(b, s.n), "9's complement", false));
	add_base64(f, a, v, slice_mem(b, s.n), "base64 > 9's complement", NULL);
	add_bases(f, a, v, s, 0);
	add_bases(f, a, v, slice_sub(s, 0, s.n / 2), 1);
	add_bases(f, a, v, slice_sub(s, s.n / 2, s.n), 2);
}

static void add_value(struct canary_forms *f, struct arena *a, size_t v)
{
	struct slice s = f->value[v];
	uint8_t b[CANARY_MAX_BYTES];

	if (s.n < CANARY_MIN_BYTES || s.n > CANARY_MAX_BYTES)
		return;
	add(f, a, whole(v, s, "plain", true));
	for (size_t i = 0; i < s.n; i++)
		b[i] = s.at[s.n - 1 - i];
	add(f, a, whole(v, slice_mem(b, s.n), "reversed", true));
	add_base64(f, a, v, s, "base64", "base64, letters turned");
	add_base64(f, a, v, slice_mem(b, s.n), "base64 > reversed", NULL);
	add_hex(f, a, v, s);
	add_codes(f, a, v, s);
	if (all_digits(s))
		add_number(f, a, v, s);
}

int canary_forms_make(struct arena *a, const struct slice *values, size_t n,
                      struct canary_forms *out)
{
	*out = (struct canary_forms){.value = values,
	                             .values = n < CANARY_MAX_VALUES ? n : CANARY_MAX_VALUES};
	out->scratch = arena_alloc(a, CANARY_PART_BYTES);
	out->digits = arena_alloc(a, CANARY_PART_BYTES);
	for (size_t v = 0; v < out->values; v++)
		add_value(out, a, v);
	return a->broken ? -ENOMEM : 0;
}

/* ---- looking for them ---- */

static bool stands_apart(struct slice in, size_t at, size_t n)
{
	return (at == 0 || !chars_word(in.at[at - 1]) || in.at[at - 1] == '_') &&
	       (at + n >= in.n || !chars_word(in.at[at + n]) || in.at[at + n] == '_');
}

static bool stands(struct slice in, const struct canary_form *form)
{
	size_t from = 0;

	for (int tries = 0; tries < 64; tries++) {
		size_t at = slice_find(slice_sub(in, from, in.n), form->bytes);

		if (at == SIZE_MAX)
			return false;
		if (!form->apart || stands_apart(in, from + at, form->bytes.n))
			return true;
		from += at + 1;
	}
	return false;
}

static bool plainly(struct canary_forms *f, struct slice in, uint32_t *value, const char **how)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct canary_form *form = &f->form[i];

		if (form->bytes.n > in.n || !stands(in, form))
			continue;
		f->halves[form->value] |= form->half;
		if (form->half && f->halves[form->value] != 3)
			continue;
		*value = form->value;
		*how = form->how;
		return true;
	}
	return false;
}

/* What stays the same whatever the constant key: what neighbours at this distance differ by. */
static size_t differences(struct slice in, size_t lag, bool sum, uint8_t *out)
{
	if (in.n <= lag)
		return 0;
	for (size_t i = 0; i + lag < in.n; i++)
		out[i] = sum ? (uint8_t)(in.at[i + lag] - in.at[i]) : in.at[i + lag] ^ in.at[i];
	return in.n - lag;
}

static bool keyed(struct canary_forms *f, struct slice in, size_t lag, bool sum,
                  uint32_t *value, const char **how)
{
	uint8_t want[CANARY_MAX_BYTES * 2];
	struct slice d = slice_mem(f->scratch, differences(in, lag, sum, f->scratch));

	for (size_t i = 0; i < f->n; i++) {
		const struct canary_form *form = &f->form[i];
		size_t n;

		if (!form->keyed || form->bytes.n < lag + CANARY_MIN_BYTES)
			continue;
		n = differences(form->bytes, lag, sum, want);
		if (slice_find(d, slice_mem(want, n)) == SIZE_MAX)
			continue;
		*value = form->value;
		*how = strcmp(form->how, "plain") == 0 ? sum ? "rot" : "xor"
		       : sum                           ? "rot > base64, hex or reversed"
		                                       : "xor > base64, hex or reversed";
		return true;
	}
	return false;
}

/* The digits alone: in pieces, backwards, each shifted by the same, each taken from nine. */
static bool digits_of(struct canary_forms *f, size_t v, struct slice d, const char **how)
{
	struct slice s = f->value[v];
	bool same, mirrored, back;

	for (size_t at = 0; at + s.n <= d.n; at++) {
		same = mirrored = back = true;
		for (size_t i = 1; i < s.n && (same || mirrored || back); i++) {
			int step = (d.at[at + i] - d.at[at + i - 1] + 20) % 10;
			int its = (s.at[i] - s.at[i - 1] + 20) % 10;

			same = same && step == its;
			mirrored = mirrored && step == (10 - its) % 10;
			back = back && d.at[at + i] == s.at[s.n - 1 - i];
		}
		back = back && d.at[at] == s.at[s.n - 1];
		if (!same && !mirrored && !back)
			continue;
		*how = back                                  ? "pieces, reversed"
		       : same && d.at[at] == s.at[0]         ? "pieces"
		       : same                                ? "digits shifted"
		       : d.at[at] - '0' + s.at[0] - '0' == 9 ? "9's complement"
		                                             : "digits mirrored";
		return true;
	}
	return false;
}

/* Pieces of at least PIECE_LEAST digits in order, whatever numbers stand between them. */
static bool pieces_of(struct slice s, struct slice in)
{
	size_t at = 0, got = 0, runs = 0;

	while (at < in.n && runs < PIECES_MAX) {
		size_t from = at;
		struct slice run;

		while (at < in.n && chars_digit(in.at[at]))
			at++;
		run = slice_sub(in, from, at);
		if (run.n >= PIECE_LEAST && run.n <= s.n) {
			runs++;
			if (slice_starts(slice_sub(s, got, s.n), run))
				got += run.n;
			else
				got = slice_starts(s, run) ? run.n : got;
		}
		if (got == s.n)
			return true;
		at += at == from;
	}
	return false;
}

/* All groups of four, in any order, each by itself; where they are all different. */
static bool groups_of(struct slice s, struct slice in)
{
	for (size_t i = GROUP; i < s.n; i += GROUP) {
		if (slice_find(slice_sub(s, 0, i), slice_sub(s, i, i + GROUP)) != SIZE_MAX)
			return false;
	}
	for (size_t i = 0; i < s.n; i += GROUP) {
		struct canary_form form = {.bytes = slice_sub(s, i, i + GROUP), .apart = true};

		if (!stands(in, &form))
			return false;
	}
	return s.n % GROUP == 0;
}

static bool by_digits(struct canary_forms *f, struct slice in, uint32_t *value,
                      const char **how)
{
	struct slice d = {f->digits, 0};

	for (size_t i = 0; i < in.n; i++) {
		if (chars_digit(in.at[i]))
			f->digits[d.n++] = in.at[i];
	}
	for (size_t v = 0; v < f->values; v++) {
		struct slice s = f->value[v];

		if (!all_digits(s) || s.n < CANARY_MIN_BYTES || s.n > CANARY_MAX_BYTES)
			continue;
		*value = (uint32_t)v;
		if (digits_of(f, v, d, how))
			return true;
		*how = "pieces";
		if (pieces_of(s, in) || groups_of(s, in))
			return true;
	}
	return false;
}

bool canary_forms_match(struct canary_forms *f, struct slice in, uint32_t *value,
                        const char **how)
{
	in = slice_sub(in, 0, CANARY_PART_BYTES);
	if (plainly(f, in, value, how) || by_digits(f, in, value, how))
		return true;
	for (size_t lag = 1; lag <= CANARY_MAX_KEY; lag++) {
		if (keyed(f, in, lag, false, value, how))
			return true;
	}
	return keyed(f, in, 1, true, value, how);
}
