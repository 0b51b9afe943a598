/* The walk over brackets: what opens, and what a closed one was worth. */
#include "parse/walk_in.h"

#include "parse/chars.h"
#include "parse/fold.h"
#include <string.h>

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

/* Is the function that begins here given to a card field's event? */
static bool serves_card(const struct frame *f)
{
	if (f->kind == FRAME_CALL && f->of.word &&
	    (f->of.word->rule == R_LISTEN || f->of.word->rule == R_EVENT))
		return (f->of.bits | f->arg_bits[0] | f->arg_bits[1]) & B_CARD;
	/* cards.forEach(function (card) ...) */
	if (f->kind == FRAME_CALL && f->of.is == IS_MEMBER)
		return f->of.bits & B_CARD;
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
		if (f->card_event)
			scope_or(&w->scope, key, B_CARD);
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
		walk_settle(w);
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
			open_call(w, FRAME_INDEX, ']', is_new);
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
	struct slice text = {0};

	bool folds = fold_call(w, f, &text);

	memset(&w->op, 0, sizeof(w->op));
	w->op.is = folds ? IS_LITERAL : IS_VALUE;
	w->op.text = text;
	w->op.base = f->of.base;
	w->op.hash = f->of.hash;
	w->op.bits = bits;
	w->before = BEFORE_OPERAND;
	if (folds && text.n > 1 && !(f->of.word && f->of.word->rule == R_TURN))
		w->op.bits |= walk_hidden_name(w, text);
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
	w->op.picked = !w->js && f->values == 1 && f->codes == 1;
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
	if (f->all & B_CARD || walk_member_of_card(f->of.text, key))
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

void walk_pop(struct walk *w)
{
	struct frame *f = w->top;

	walk_segment_end(w, f);
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
		walk_pop(w);
	kind = w->top->kind;
	bool is_new = kind == FRAME_INDEX && w->top->is_new; /* new $names[0](...) */
	w->may_define = false;
	walk_pop(w);
	w->keyword = is_new ? K_NEW : 0;
	w->member = false;
	return kind;
}
