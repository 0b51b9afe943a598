#include "parse/walk.h"

#include "parse/chars.h"
#include "parse/literal.h"
#include "parse/shape.h"
#include <string.h>

#define KEY_RETURN   0x52455400u
#define KEY_PARAM    0x50415200u
#define KEY_PROPERTY 0x50524f50u
#define GLUE_BYTES   512

struct walk *walk_new(struct look *l, bool js)
{
	struct walk *w = arena_alloc(l->mem, sizeof(*w));

	if (!w)
		return NULL;
	w->look = l;
	w->js = js;
	w->words = js ? &words_js : &words_php;
	w->top = w->frame;
	w->top->constant = true;
	return w;
}

void walk_again(struct walk *w)
{
	scope_again(&w->scope);
	memset(w->frame, 0, sizeof(w->frame[0]));
	w->top = w->frame;
	w->top->constant = true;
	w->depth = w->over = w->php_serial = w->php_scope = w->function = w->def_name = 0;
	w->member = w->may_define = false;
	w->before = BEFORE_START;
	w->keyword = 0;
	memset(&w->op, 0, sizeof(w->op));
	w->again = true;
}

uint32_t walk_key(struct walk *w, struct slice name, uint32_t hash)
{
	(void)name;
	return w->js ? scope_key(&w->scope, hash) : scope_mix(hash, w->php_scope);
}

/* Glue a constant to the ones before it in this segment. */
static void glue(struct walk *w, struct frame *f, struct slice text)
{
	f->pieces++;
	f->tiny += text.n <= 3;
	if (f->arg < 2)
		f->tail = text;
	if (!f->constant)
		return;
	if (f->glued.n == 0) {
		f->glued = text;
		return;
	}
	if (text.n == 0)
		return;
	size_t n = f->glued.n + text.n;
	uint8_t *to = n <= GLUE_BYTES ? look_text(w->look, n) : NULL;
	if (!to) {
		f->constant = false;
		return;
	}
	memcpy(to, f->glued.at, f->glued.n);
	memcpy(to + f->glued.n, text.at, text.n);
	f->glued = slice_mem(to, n);
}

static void form_read(struct walk *w)
{
	if (w->op.is == IS_MEMBER && w->op.word && w->op.word->rule == R_VALUE)
		look_add(w->look, F_FORM_READ, 1);
}

/* The operand is complete: its bits go into the segment. */
static void settle(struct walk *w)
{
	struct frame *f = w->top;

	if (w->op.is == IS_NOTHING)
		return;
	f->values++;
	if (w->op.is == IS_LITERAL)
		glue(w, f, w->op.text);
	else
		f->constant = false;
	if (w->op.is == IS_NAME && f->arg < 2)
		f->tail = w->op.text;
	form_read(w);
	if (!f->compared)
		f->bits |= w->op.bits;
	else if ((w->op.bits & B_CHECKOUT) && w->op.is == IS_LITERAL)
		look_add(w->look, F_CHECKOUT_TEST, 1);
	w->op.is = IS_NOTHING;
}

static void assign_targets(struct walk *w, struct frame *f)
{
	for (uint32_t i = 0; i < f->targets; i++) {
		const struct target *t = &f->target[i];
		uint32_t bits = f->bits;
		scope_or(&w->scope, t->key, bits);
		if (t->base != t->key)
			scope_or(&w->scope, t->base, bits & B_SOURCES & ~B_TYPED);
		if (t->word)
			walk_assigned(w, t, f);
	}
	f->targets = 0;
}

static void include_ends(struct walk *w, struct frame *f)
{
	struct look *l = w->look;

	if (f->bits & B_DIRECT)
		look_add(l, F_REQUEST_RUN, 1);
	if (f->bits & B_DECODED)
		look_add(l, F_DECODED_RUN, 1);
	if ((f->bits & B_URL) && f->glued.n && slice_starts(f->glued, SLICE("http")))
		look_add(l, F_INCLUDE_REMOTE, 1);
	if (literal_file_name(f->tail) & B_ODDNAME)
		look_add(l, F_INCLUDE_ODD, 1);
	if (f->bits & (B_REQUEST | B_MIXED) || (f->values == 1 && f->pieces == 0))
		look_add(l, F_INCLUDE_VARIABLE, 1);
}

/* An argument, an element or a statement ends. */
static void segment_end(struct walk *w, struct frame *f)
{
	settle(w);
	if (f->pieces > 0 && (f->bits & B_DIRECT))
		f->bits = (f->bits & ~B_DIRECT) | B_MIXED;
	if (f->constant && f->pieces > 1)
		f->bits |= walk_glued(w, f);
	if (f->card_key && !f->constant)
		f->bits |= B_CARD;
	if (f->pieces > 3 && f->tiny > 3)
		look_add(w->look, F_SPLIT_STRINGS, 1);
	if (f->keyword == K_RETURN && w->function)
		scope_or(&w->scope, scope_mix(w->function, KEY_RETURN), f->bits);
	else if (f->keyword == K_INCLUDE)
		include_ends(w, f);
	if (f->targets)
		assign_targets(w, f);
	f->arg_bits[f->arg < WALK_ARGS ? f->arg : WALK_ARGS - 1] |= f->bits;
	if (f->arg < 3 && f->constant)
		f->arg_text[f->arg] = f->glued;
	f->all |= f->bits;
}

static void segment_begin(struct frame *f)
{
	f->bits = 0;
	f->compared = f->card_key = false;
	f->constant = true;
	f->pieces = f->tiny = f->values = 0;
	f->glued = (struct slice){0};
}

static void statement_end(struct walk *w)
{
	struct frame *f = w->top;

	segment_end(w, f);
	segment_begin(f);
	f->keyword = 0;
	f->arg = 0;
	f->all = 0;
	f->arg_bits[0] = 0;
	f->tail = (struct slice){0};
	w->member = false;
}

/* A new operand comes: what lay under the hand is settled. */
static void begin(struct walk *w)
{
	if (w->op.is != IS_NOTHING) {
		if (w->js && w->top->kind == FRAME_BLOCK)
			statement_end(w); /* a line's end that ends the statement */
		else
			settle(w);
	}
	memset(&w->op, 0, sizeof(w->op));
	w->before = BEFORE_OPERAND;
}

static void push(struct walk *w, uint8_t kind, uint8_t close)
{
	if (w->depth + 1 >= WALK_MAX_DEPTH) {
		w->over++;
		return;
	}
	w->top = &w->frame[++w->depth];
	memset(w->top, 0, sizeof(*w->top));
	w->top->kind = kind;
	w->top->close = close;
	w->top->constant = true;
}

void walk_variable(struct walk *w, struct slice name, uint32_t hash)
{
	bool member = w->member;

	if (w->top->keyword == K_AS && w->op.is == IS_NOTHING && !member)
		scope_or(&w->scope, walk_key(w, name, hash), w->top->as_bits);
	if (member) { /* Class::$name, $object->$name */
		w->member = false;
		w->op.key = scope_mix(hash, KEY_PROPERTY);
		w->op.bits |= scope_get(&w->scope, w->op.key);
		w->op.is = IS_MEMBER;
		return;
	}
	begin(w);
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

static void member_name(struct walk *w, struct slice name, uint32_t hash)
{
	struct operand *op = &w->op;
	uint32_t base = op->bits;
	const struct word *word = words_find(w->words, name, hash);

	form_read(w);
	w->member = false;
	w->before = BEFORE_OPERAND;
	op->is = IS_MEMBER;
	op->hash = hash;
	op->text = name;
	op->key = scope_mix(hash, KEY_PROPERTY);
	op->word = word;
	op->bits = (base & ~(B_URL | B_TEXT)) | name_bits(w, name);
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

	begin(w);
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
	if (word->rule == K_FUNCTION)
		w->def_name = 0;
	if (word->feature < FEATURE_COUNT)
		look_add(w->look, word->feature, 1);
	switch (word->rule) {
	case K_VALUE:
		begin(w);
		w->op.is = IS_VALUE;
		w->op.bits = strcmp(word->name, "this") == 0 ? this_bits(w) : 0;
		return;
	case K_AS:
		settle(w);
		f->as_bits = f->bits & ~(B_AS_IS);
		f->keyword = K_AS;
		break;
	case K_OF:
		if (w->op.is == IS_NAME && f->targets < WALK_TARGETS)
			f->target[f->targets++] = (struct target){.key = w->op.key};
		w->op.is = IS_NOTHING;
		break;
	case K_LOGIC:
		settle(w);
		f->bits = 0;
		f->compared = true;
		break;
	default:
		if (f->kind == FRAME_BLOCK && word->rule != K_NEW && word->rule != K_FUNCTION &&
		    word->rule != K_OTHER)
			statement_end(w);
		else
			settle(w);
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

void walk_literal(struct walk *w, struct slice raw, bool escapes, bool interpolated)
{
	struct slice text;
	uint32_t bits = literal_look(w->look, raw, escapes, &text);

	begin(w);
	w->keyword = 0;
	w->member = false;
	w->op.is = IS_LITERAL;
	w->op.bits = bits;
	w->op.text = text;
	if (interpolated) {
		walk_interpolated(w, raw);
		w->op.is = IS_VALUE;
		w->top->pieces++;
	} else if (text.n >= 4 && text.n < 32) {
		const struct word *word = words_find(w->words, text, chars_hash_of(text));
		if (word && (word->at & AT_CALL) && word->rule >= R_DECODE &&
		    word->rule <= R_SHELL && (word->rule == R_DECODE || word->rule >= R_EVAL))
			w->op.bits |= B_RUNNER;
	}
}

void walk_number(struct walk *w, struct slice text)
{
	begin(w);
	w->keyword = 0;
	w->member = false;
	w->op.is = IS_NUMBER;
	w->op.text = text;
	w->top->codes++;
	w->top->zero = text.n == 1 && text.at[0] == '0';
	w->top->big = text.n >= 4 && text.at[0] == '9';
}

void walk_regex(struct walk *w, struct slice text)
{
	struct needles_found found;

	begin(w);
	w->keyword = 0;
	w->op.is = IS_VALUE;
	w->op.bits =
	    needles_scan(slice_sub(text, 0, 4096), &found) & N_CHECKOUT ? B_CHECKOUT : 0;
	if (found.classes & N_CARD)
		look_add(w->look, F_CARD_WORD, 1);
}

void walk_backticks(struct walk *w, struct slice text)
{
	begin(w);
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

/* Is the function that begins here given to a card field's event? */
static bool serves_card(const struct frame *f)
{
	if (f->kind == FRAME_CALL && f->of.word &&
	    (f->of.word->rule == R_LISTEN || f->of.word->rule == R_EVENT))
		return (f->of.bits | f->arg_bits[0] | f->arg_bits[1]) & B_CARD;
	if (f->targets == 0)
		return false;
	const struct target *t = &f->target[f->targets - 1];
	return t->word && t->word->rule == R_EVENT && (t->base_bits & B_CARD);
}

/* Behind `{`: is it the body of a function, and which? */
static void enter_function(struct walk *w, struct frame *f)
{
	uint32_t name = w->def_name;

	f->function = true;
	f->names_mark = w->scope.names;
	f->outer_function = w->function;
	f->outer_scope = w->php_scope;
	w->function = name;
	if (!w->js && name)
		w->php_scope = ++w->php_serial;
	f->card_event = w->js && w->depth > 0 && serves_card(f - 1);
	for (uint32_t i = 0; i < w->params; i++) {
		uint32_t key = w->js ? scope_declare(&w->scope, w->param[i])
		                     : scope_mix(w->param[i], w->php_scope);
		if (name)
			scope_or(&w->scope, key,
			         scope_get(&w->scope, scope_mix(name, KEY_PARAM + i)));
	}
	w->def_name = 0;
	w->params = 0;
}

static bool is_block(const struct walk *w)
{
	if (!w->js)
		return true;
	if (w->before == BEFORE_OPERATOR)
		return w->top->kind == FRAME_BLOCK && w->keyword == K_CLASS;
	return true;
}

/* The function that is being assigned: x = function, x: function. */
static void name_function(struct walk *w)
{
	const struct frame *f = w->top;

	if (!w->def_name && f->targets)
		w->def_name = f->target[f->targets - 1].name;
}

static void open_brace(struct walk *w)
{
	bool defines = w->may_define;

	if (w->op.is == IS_NAME && w->before == BEFORE_OPERAND && w->keyword != K_CLASS)
		settle(w);
	w->op.is = IS_NOTHING;
	if (is_block(w)) {
		if (defines)
			name_function(w);
		push(w, FRAME_BLOCK, '}');
		if (defines && w->top->kind == FRAME_BLOCK)
			enter_function(w, w->top);
	} else {
		push(w, FRAME_OBJECT, '}');
	}
	w->may_define = false;
	w->before = w->top->kind == FRAME_OBJECT ? BEFORE_OPERATOR : BEFORE_START;
}

static uint8_t paren_kind(struct walk *w)
{
	switch (w->keyword) {
	case K_TEST:
		return FRAME_TEST;
	case K_LOOP:
		return FRAME_LOOP;
	case K_FUNCTION:
		return FRAME_PARAMS;
	default:
		return FRAME_GROUP;
	}
}

static void open_call(struct walk *w, uint8_t kind, uint8_t close, bool is_new)
{
	struct operand of = w->op;

	w->op.is = IS_NOTHING;
	push(w, kind, close);
	w->top->of = of;
	w->top->is_new = is_new;
}

void walk_open(struct walk *w, uint8_t c)
{
	bool operand = w->op.is != IS_NOTHING && w->op.is != IS_NUMBER && !w->member;
	bool is_new = w->keyword == K_NEW;

	if (c == '{') {
		open_brace(w);
	} else if (c == '(') {
		if (w->keyword != K_FUNCTION && operand && w->before == BEFORE_OPERAND)
			open_call(w, FRAME_CALL, ')', is_new);
		else
			push(w, paren_kind(w), ')');
		w->before = BEFORE_OPERATOR;
	} else {
		if (operand && w->before == BEFORE_OPERAND)
			open_call(w, FRAME_INDEX, ']', false);
		else
			push(w, FRAME_LIST, ']');
		w->before = BEFORE_OPERATOR;
	}
	w->keyword = 0;
	w->member = false;
}

void walk_open_template(struct walk *w)
{
	push(w, FRAME_TEMPLATE, '}');
	w->before = BEFORE_OPERATOR;
	w->keyword = 0;
}

/* The value of a call, and what calling it with these arguments teaches about it. */
static void close_call(struct walk *w, struct frame *f)
{
	uint32_t name = w->js && f->of.is == IS_NAME ? f->of.key : f->of.hash;
	uint32_t bits = walk_rule(w, f);
	bool known = f->of.word && f->of.word->rule != R_COUNT;

	memset(&w->op, 0, sizeof(w->op));
	w->op.is = IS_VALUE;
	w->op.base = f->of.base;
	w->op.hash = f->of.hash;
	w->op.bits = bits;
	w->before = BEFORE_OPERAND;
	if (known || f->of.text.n < (w->js && f->of.is != IS_NAME ? 3 : 1))
		return;
	for (uint32_t i = 0; i < WALK_ARGS; i++) {
		scope_or(&w->scope, scope_mix(name, KEY_PARAM + i), f->arg_bits[i] & ~B_TEXT);
		if (f->arg_bits[i] & B_SOURCES)
			w->flows = true;
	}
	w->op.bits |= scope_get(&w->scope, scope_mix(name, KEY_RETURN));
}

static void close_index(struct walk *w, struct frame *f)
{
	struct slice key = f->arg_text[0];

	w->op = f->of;
	w->op.is = w->js ? IS_MEMBER : IS_VALUE;
	w->op.text = (struct slice){0};
	w->op.word = NULL;
	w->before = BEFORE_OPERAND;
	if (key.n == 0)
		return;
	w->op.text = key;
	w->op.hash = chars_hash_of(key);
	if (w->js) {
		w->op.word = words_find(w->words, key, w->op.hash);
		if (f->pieces == 1 && w->op.word && (w->op.word->at & AT_PROPERTY))
			w->op.bits = walk_member_bits(w, w->op.word, w->op.bits);
	} else {
		w->op.bits = walk_superglobal_key(w, &f->of, key);
	}
	if (f->all & B_CARD)
		w->op.bits |= B_CARD;
	if (f->of.key && !w->js) {
		w->op.key = scope_mix(f->of.key, w->op.hash);
		w->op.bits |= scope_get(&w->scope, w->op.key);
	}
}

static void close_group(struct walk *w, const struct frame *f)
{
	memset(&w->op, 0, sizeof(w->op));
	w->op.is = IS_VALUE;
	w->op.bits = f->all;
	w->before = BEFORE_OPERAND;
	if (f->kind == FRAME_GROUP && f->arg == 0 && f->constant && f->pieces > 0) {
		w->op.is = IS_LITERAL;
		w->op.text = f->glued;
	}
}

static void leave_block(struct walk *w, const struct frame *f)
{
	if (f->function) {
		scope_leave(&w->scope, f->names_mark);
		w->function = f->outer_function;
		w->php_scope = f->outer_scope;
	}
	w->op.is = IS_NOTHING;
	w->before = BEFORE_START;
}

static void remember_params(struct walk *w, const struct frame *f)
{
	memcpy(w->param, f->param, sizeof(w->param));
	w->params = f->params;
	w->may_define = f->kind == FRAME_PARAMS || (w->js && f->kind == FRAME_CALL);
	if (w->js && f->kind == FRAME_CALL)
		w->def_name = f->of.hash;
}

static void pop(struct walk *w)
{
	struct frame *f = w->top;

	segment_end(w, f);
	w->top = &w->frame[--w->depth];
	switch (f->kind) {
	case FRAME_CALL:
		close_call(w, f);
		remember_params(w, f);
		return;
	case FRAME_INDEX:
		close_index(w, f);
		return;
	case FRAME_BLOCK:
		leave_block(w, f);
		return;
	case FRAME_TEST:
	case FRAME_LOOP:
	case FRAME_PARAMS:
		w->op.is = IS_NOTHING;
		w->before = BEFORE_CLOSE;
		break;
	default:
		close_group(w, f);
		if (!w->js)
			return; /* PHP's parameters stand behind the keyword only */
	}
	remember_params(w, f);
}

/* A bracket that nobody opened is passed over; one that closes an outer frame closes all inner
 * ones. */
int walk_close(struct walk *w, uint8_t c)
{
	uint32_t up = 0;
	int kind;

	if (w->over > 0) {
		w->over--;
		return -1;
	}
	while (up < w->depth && up < 8 && w->frame[w->depth - up].close != c)
		up++;
	if (up >= w->depth || w->frame[w->depth - up].close != c)
		return -1;
	for (; up > 0; up--)
		pop(w);
	kind = w->top->kind;
	w->may_define = false;
	pop(w);
	w->keyword = 0;
	w->member = false;
	return kind;
}

static void assign(struct walk *w)
{
	struct frame *f = w->top;
	const struct operand *op = &w->op;
	bool card = f->card_key;

	if (op->is != IS_NOTHING && op->is != IS_LITERAL && f->targets < WALK_TARGETS) {
		uint32_t name = w->js && op->is == IS_NAME ? op->key : op->hash;
		f->target[f->targets++] =
		    (struct target){op->key, op->base, op->bits, name, op->word};
	}
	w->op.is = IS_NOTHING;
	segment_begin(f);
	f->card_key = card;
}

static void comma(struct walk *w)
{
	struct frame *f = w->top;
	uint8_t keep = f->keyword;

	segment_end(w, f);
	segment_begin(f);
	f->keyword = keep == K_DECLARE || keep == K_RETURN ? keep : 0;
	if (f->kind == FRAME_BLOCK)
		f->arg_bits[0] = 0;
	else if (f->arg < WALK_ARGS)
		f->arg++;
}

/* `key =>`, `key:`: what is named like card data is card data. */
static void key_ends(struct walk *w)
{
	struct frame *f = w->top;
	bool card = w->op.bits & B_CARD;

	if (w->js && w->op.is == IS_NAME && f->targets == 0)
		f->target[f->targets++] = (struct target){
		    .key = scope_mix(w->op.hash, KEY_PROPERTY), .name = w->op.hash};
	w->op.is = IS_NOTHING;
	segment_begin(f);
	f->card_key = card;
}

static void arrow(struct walk *w)
{
	if (!w->js) {
		if (w->top->keyword != K_AS)
			key_ends(w);
		w->op.is = IS_NOTHING;
		return;
	}
	if (w->op.is == IS_NAME) { /* x => */
		w->param[0] = w->op.hash;
		w->params = 1;
	}
	w->op.is = IS_NOTHING;
	w->may_define = true;
	w->def_name = 0;
	segment_begin(w->top);
	w->before = BEFORE_BLOCK;
}

static void question(struct walk *w)
{
	settle(w);
	w->top->bits = 0;
	w->top->compared = false;
}

static void compare(struct walk *w)
{
	if ((w->op.bits & B_CHECKOUT) && w->op.is == IS_LITERAL)
		look_add(w->look, F_CHECKOUT_TEST, 1);
	w->top->compared = true;
	settle(w);
	w->top->bits = 0;
}

void walk_op(struct walk *w, enum op op)
{
	w->before = BEFORE_OPERATOR;
	if (op == OP_MEMBER) {
		w->member = true;
		return;
	}
	if (op != OP_OTHER || w->keyword != K_FUNCTION)
		w->keyword = 0; /* function &name, function *name */
	switch (op) {
	case OP_COMMA:
		comma(w);
		return;
	case OP_END:
		statement_end(w);
		w->before = BEFORE_START;
		w->may_define = false;
		return;
	case OP_ASSIGN:
		assign(w);
		return;
	case OP_COMPARE:
		compare(w);
		return;
	case OP_QUESTION:
		question(w);
		return;
	case OP_COLON:
		if (w->top->kind == FRAME_OBJECT)
			key_ends(w);
		else
			settle(w);
		return;
	case OP_ARROW:
		arrow(w);
		return;
	case OP_XOR:
		if (w->op.is == IS_VALUE || w->op.is == IS_MEMBER)
			look_add(w->look, F_XOR_LOOP, 1);
		settle(w);
		return;
	case OP_CONCAT:
		settle(w);
		return;
	default:
		settle(w);
		w->top->constant = false;
		return;
	}
}

bool walk_wants_again(const struct walk *w)
{
	return w->flows || (w->keys && w->look->count[F_KEY_LISTEN]);
}

bool walk_in_test(const struct walk *w)
{
	for (uint32_t i = 0; i < 6 && i <= w->depth; i++)
		if (w->frame[w->depth - i].kind == FRAME_TEST)
			return true;
	return false;
}

void walk_end(struct walk *w)
{
	while (w->depth > 0)
		pop(w);
	statement_end(w);
}
