/* The walk over names, constants and keywords. */
#include "base/text.h"
#include "parse/walk_in.h"

#include "parse/chars.h"
#include "parse/fold.h"
#include "parse/literal.h"
#include "parse/shape.h"
#include <string.h>

void walk_variable(struct walk *w, struct slice name, uint32_t hash)
{
	bool member = w->member;

	if (w->top->keyword == K_AS && w->op.is == IS_NOTHING && !member)
		scope_or(&w->scope, walk_key(w, name, hash), w->top->as_bits);
	if (member) { /* Class::$name, $object->$name */
		w->member = false;
		w->op.key = scope_mix(hash, KEY_PROPERTY);
		/* $class::$method(): both chosen by the visitor */
		bool chosen = w->op.is == IS_VARIABLE && (w->op.bits & B_DIRECT) &&
		              (scope_get(&w->scope, walk_key(w, name, hash)) & B_DIRECT);
		w->op.bits |= scope_get(&w->scope, w->op.key);
		w->op.is = chosen ? IS_VALUE : IS_MEMBER;
		return;
	}
	walk_begin(w);
	w->op.is = IS_VARIABLE;
	w->op.hash = hash;
	w->op.text = name;
	if (!slice_eq(name, SLICE("this")))
		w->op.base = w->op.key = walk_key(w, name, hash);
	w->op.bits = scope_get(&w->scope, w->op.key) | walk_superglobal(w, name);
	if (name.n >= 3)
		shape_name(w->look, name);
	struct needles_found found;
	if (name.n >= 3 && needles_scan(name, &found)) {
		literal_classes(w->look, found.classes & (N_CARD | N_PASSWORD));
		if (found.classes & N_CARD)
			w->op.bits |= B_CARD;
	}
	if (w->top->kind == FRAME_PARAMS && w->top->params < WALK_PARAMS)
		w->top->param[w->top->params++] = hash;
}

/* What a name says by itself. */
static uint32_t name_bits(struct walk *w, struct slice name)
{
	struct needles_found found;

	if (name.n >= 3)
		shape_name(w->look, name);
	if (name.n < 3 || name.n > 64 || !needles_scan(name, &found))
		return 0;
	literal_classes(w->look, found.classes & (N_CARD | N_PASSWORD));
	return found.classes & N_CARD ? B_CARD : 0;
}

uint32_t walk_member_of_card(struct slice base, struct slice member)
{
	struct needles_found found;
	uint8_t both[4 + 16];

	if (base.n < 4 || member.n < 2 || member.n > 16 ||
	    !slice_caseeq(slice_sub(base, base.n - 4, base.n), SLICE("card")))
		return 0;
	memcpy(both, "card", 4);
	memcpy(both + 4, member.at, member.n);
	return needles_scan(slice_mem(both, 4 + member.n), &found) & N_CARD ? B_CARD : 0;
}

/* $request->all(), $this->request->post, Request::all(): what a visitor sent, all of it. */
static uint32_t request_member(const struct walk *w, struct slice base, struct slice member)
{
	static const char *const all[] = {"all",     "post",       "request",
	                                  "toarray", "getcontent", "getallvalues"};

	if (w->js ||
	    (!slice_caseeq(base, SLICE("request")) && !slice_caseeq(base, SLICE("tools"))))
		return 0;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (slice_caseeq(member, slice_str(all[i])))
			return B_REQUEST | B_ALL;
	return 0;
}

static void member_name(struct walk *w, struct slice name, uint32_t hash)
{
	struct operand *op = &w->op;
	uint32_t base = op->bits;
	const struct word *word = words_find(w->words, name, hash);

	walk_form_read(w);
	w->member = false;
	w->before = BEFORE_OPERAND;
	base |= walk_member_of_card(op->text, name) | request_member(w, op->text, name);
	op->is = IS_MEMBER;
	op->hash = hash;
	op->text = name;
	op->key = scope_mix(hash, KEY_PROPERTY);
	op->word = word;
	op->bits = (base & ~(B_URL | B_HOST | B_TEXT)) | name_bits(w, name);
	if (!w->js || name.n > 2)
		op->bits |=
		    scope_get(&w->scope, op->key) & ~(uint32_t)(w->js ? B_TYPED | B_ALL : 0);
	if (w->js && word && (word->at & AT_PROPERTY))
		op->bits = walk_member_bits(w, word, op->bits);
}

static void plain_name(struct walk *w, struct slice name, uint32_t hash,
                       const struct word *word)
{
	struct operand *op = &w->op;

	walk_begin(w);
	op->is = IS_NAME;
	op->hash = hash;
	op->text = name;
	op->word = word;
	if (w->js) {
		op->base = op->key = scope_key(&w->scope, hash);
		op->bits = scope_get(&w->scope, op->key) | name_bits(w, name);
		if (word && (word->at & AT_NAME))
			op->bits |= word->bits;
		if (w->top->kind != FRAME_BLOCK && w->top->params < WALK_PARAMS)
			w->top->param[w->top->params++] = hash;
		if (w->top->keyword == K_DECLARE && w->top->targets == 0 && w->top->values == 0)
			op->key = op->base = scope_declare(&w->scope, hash);
	} else if (name.n >= 3) {
		name_bits(w, name);
	}
}

/* `this` in a function that serves a card field's event is that field. */
static uint32_t this_bits(const struct walk *w)
{
	for (uint32_t i = w->depth; i > 0; i--)
		if (w->frame[i].function)
			return w->frame[i].card_event ? B_CARD : 0;
	return 0;
}

static void keyword(struct walk *w, const struct word *word)
{
	struct frame *f = w->top;

	w->keyword = word->rule;
	if (word->rule == K_FUNCTION) {
		w->def_name = 0;
		if (f->targets > 0)
			scope_or(&w->scope, f->target[f->targets - 1].key, B_CLOSURE);
	}
	if (word->feature < FEATURE_COUNT)
		look_add(w->look, word->feature, 1);
	if (word->rule == K_GOTO)
		w->flows = true; /* what stands later may run earlier */
	switch (word->rule) {
	case K_VALUE:
		walk_begin(w);
		w->op.is = IS_VALUE;
		w->op.bits = strcmp(word->name, "this") == 0 ? this_bits(w) : 0;
		return;
	case K_AS:
		walk_settle(w);
		f->as_bits = f->bits & ~(B_AS_IS);
		f->keyword = K_AS;
		break;
	case K_OF:
		if (w->op.is == IS_NAME && f->targets < WALK_TARGETS)
			f->target[f->targets++] = (struct target){.key = w->op.key};
		w->op.is = IS_NOTHING;
		break;
	case K_LOGIC:
		walk_settle(w);
		f->bits = 0;
		f->compared = true;
		break;
	default:
		if (f->kind == FRAME_BLOCK && word->rule != K_NEW && word->rule != K_FUNCTION &&
		    word->rule != K_OTHER)
			walk_statement_end(w);
		else
			walk_settle(w);
		if (word->rule == K_RETURN || word->rule == K_INCLUDE ||
		    word->rule == K_DECLARE)
			f->keyword = word->rule;
		break;
	}
	w->before = word->rule == K_BLOCK ? BEFORE_BLOCK : BEFORE_OPERATOR;
}

static bool is_keyword(const struct word *word)
{
	return word && word->rule >= K_TEST;
}

/* `new X`: with or without brackets. */
static void new_name(struct walk *w, const struct word *word)
{
	if (!word || !(word->at & AT_NEW))
		return;
	if (word->rule == R_SOURCE)
		w->op.bits |= word->bits;
	if (word->feature < FEATURE_COUNT)
		look_add(w->look, word->feature, 1);
}

void walk_name(struct walk *w, struct slice name, uint32_t hash)
{
	const struct word *word;

	if (w->member) {
		member_name(w, name, hash);
		return;
	}
	word = words_find(w->words, name, hash);
	if (w->keyword == K_FUNCTION && !is_keyword(word)) { /* function NAME */
		w->def_name = w->js ? scope_key(&w->scope, hash) : hash;
		return;
	}
	if (w->js && slice_eq(name, SLICE("Function")))
		word =
		    words_find(w->words, SLICE("function_"), chars_hash_of(SLICE("function_")));
	if (is_keyword(word)) {
		keyword(w, word);
		return;
	}
	plain_name(w, name, hash, word);
	if (w->keyword == K_CLASS)
		w->before = BEFORE_BLOCK;
	else if (w->keyword == K_NEW)
		new_name(w, word);
	else
		w->keyword = 0;
}

/* The name of a function of PHP that runs or decodes what it is given. */
static uint32_t runner_bits(struct walk *w, struct slice text)
{
	const struct word *word;

	if (text.n < 4 || text.n > 31)
		return 0;
	word = words_find(w->words, text, chars_hash_of(text));
	if (!word || !(word->at & AT_CALL))
		return 0;
	if (word->rule == R_DECODE)
		return B_RUNNER;
	return word->rule >= R_EVAL && word->rule <= R_SHELL ? B_RUNNER | B_RUNS : 0;
}

/* "..." ^ "..." and ~"...": text that nobody shall read. */
static void flipped(struct walk *w, uint8_t flip, struct slice left, struct slice text)
{
	struct slice plain;

	if (flip == '^' ? !fold_xor(w, left, text, &plain) : !fold_not(w, text, &plain))
		return;
	look_add(w->look, F_XOR_LOOP, 1);
	w->op.text = plain;
	w->op.bits = B_DECODED | walk_hidden_name(w, plain);
}

/* import x from 'https://...'; import 'https://...' */
static bool imports(const struct walk *w)
{
	return w->js && w->op.is == IS_NAME &&
	       (slice_eq(w->op.text, SLICE("from")) || slice_eq(w->op.text, SLICE("import")));
}

void walk_literal(struct walk *w, struct slice raw, bool escapes, bool interpolated)
{
	struct slice text, left = w->top->left;
	uint32_t bits = literal_look(w->look, raw, escapes, &text);
	uint8_t flip = w->top->flip;

	if ((bits & B_HOST) && imports(w))
		look_add(w->look, F_SCRIPT_EXTERNAL, 1);

	walk_begin(w);
	w->keyword = 0;
	w->member = false;
	w->op.is = IS_LITERAL;
	w->op.bits = bits;
	w->op.text = text;
	if (interpolated) {
		walk_interpolated(w, raw);
		w->op.is = IS_VALUE;
		w->top->pieces++;
	} else if (flip) {
		flipped(w, flip, left, text);
	} else {
		w->op.bits |= runner_bits(w, text);
	}
}

/* Decimal, 0x..., 0...; more than a million is as good as a million. */
static uint32_t number_value(struct slice text)
{
	uint32_t base = 10, v = 0;
	size_t i = 0;

	if (text.n > 1 && text.at[0] == '0') {
		base = (text.at[1] | 0x20) == 'x' ? 16 : 8;
		i = base == 16 ? 2 : 1;
	}
	for (; i < text.n; i++) {
		int d = text_hexval(text.at[i]);
		if (d < 0 || (uint32_t)d >= base)
			break;
		v = v < 1000000 ? v * base + (uint32_t)d : v;
	}
	return v;
}

void walk_number(struct walk *w, struct slice text)
{
	walk_begin(w);
	w->keyword = 0;
	w->member = false;
	w->op.is = IS_NUMBER;
	w->op.text = text;
	w->top->codes++;
	w->top->number = number_value(text);
	w->top->zero = text.n == 1 && text.at[0] == '0';
	w->top->big = text.n >= 4 && text.at[0] == '9';
}

void walk_regex(struct walk *w, struct slice text)
{
	struct needles_found found;

	walk_begin(w);
	w->keyword = 0;
	w->op.is = IS_VALUE;
	w->op.bits =
	    needles_scan(slice_sub(text, 0, 4096), &found) & N_CHECKOUT ? B_CHECKOUT : 0;
	if (found.classes & N_CARD)
		look_add(w->look, F_CARD_WORD, 1);
}

void walk_backticks(struct walk *w, struct slice text)
{
	walk_begin(w);
	w->op.is = IS_VALUE;
	walk_interpolated(w, text);
	look_add(w->look, F_SHELL_RUN, 1);
	if (w->op.bits & (B_DIRECT | B_MIXED))
		look_add(w->look, F_REQUEST_RUN, 1);
}

void walk_variable_variable(struct walk *w)
{
	look_add(w->look, F_VARIABLE_VARIABLES, 1);
}
