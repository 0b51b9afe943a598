#include "parse/walk_in.h"

#include "parse/literal.h"
#include <string.h>

#define GLUE_BYTES 512

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
		f->tail[f->arg] = text;
	if (!f->constant)
		return;
	if (f->pieces > 1) {
		struct needles_found found;
		if (f->pieces == 2)
			f->shown = needles_scan(f->glued, &found);
		f->shown |= needles_scan(text, &found);
	}
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

void walk_form_read(struct walk *w)
{
	if (w->op.is == IS_MEMBER && w->op.word && w->op.word->rule == R_VALUE)
		look_add(w->look, F_FORM_READ, 1);
}

/* The operand is complete: its bits go into the segment. */
void walk_settle(struct walk *w)
{
	struct frame *f = w->top;

	if (w->op.is == IS_NOTHING)
		return;
	f->values++;
	f->picks += w->op.picked;
	if (w->op.is == IS_LITERAL)
		glue(w, f, w->op.text);
	else
		f->constant = false;
	if (w->op.is == IS_NAME && f->arg < 2)
		f->option = w->op.text;
	walk_form_read(w);
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

/* Places that no file of a program comes from: include 'php://input'. */
static const struct {
	const char *scheme;
	enum feature feature;
} schemes[] = {
    {"php://input", F_REQUEST_RUN},  {"data:", F_HIDDEN_CODE},  {"expect://", F_SHELL_RUN},
    {"php://filter", F_INCLUDE_ODD}, {"zip://", F_INCLUDE_ODD}, {"compress.", F_INCLUDE_ODD},
    {"glob://", F_INCLUDE_ODD},      {"rar://", F_INCLUDE_ODD}, {"ftp://", F_INCLUDE_REMOTE},
    {"http", F_INCLUDE_REMOTE},
};

static void include_scheme(struct look *l, const struct frame *f)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++)
		if (slice_starts(f->glued, slice_str(schemes[i].scheme)) &&
		    slice_chr(f->glued, ':') != SIZE_MAX)
			look_add(l, schemes[i].feature, 1);
	/* phar://images/logo.jpg/x.php: the archive is named like a picture. */
	if (slice_starts(f->glued, SLICE("phar://")) &&
	    (slice_casefind(f->glued, SLICE(".jp")) != SIZE_MAX ||
	     slice_casefind(f->glued, SLICE(".gif/")) != SIZE_MAX ||
	     slice_casefind(f->glued, SLICE(".png/")) != SIZE_MAX))
		look_add(l, F_INCLUDE_ODD, 1);
}

static void include_ends(struct walk *w, struct frame *f)
{
	struct look *l = w->look;
	bool variable = f->values == 1 && f->pieces == 0;

	if (f->bits & (B_DIRECT | B_UPLOAD))
		look_add(l, F_REQUEST_RUN, 1);
	else if (f->bits & B_MIXED)
		look_add(l, F_INCLUDE_VISITOR, 1);
	if (f->bits & B_DECODED)
		look_add(l, F_DECODED_RUN, 1);
	include_scheme(l, f);
	if ((literal_file_name(f->tail[0]) & B_ODDNAME) || (variable && f->bits & B_ODDNAME))
		look_add(l, F_INCLUDE_ODD, 1);
	if (f->bits & (B_REQUEST | B_MIXED) || variable)
		look_add(l, F_INCLUDE_VARIABLE, 1);
}

/* An argument, an element or a statement ends. */
void walk_segment_end(struct walk *w, struct frame *f)
{
	walk_settle(w);
	if (f->pieces > 0 && (f->bits & B_DIRECT))
		f->bits = (f->bits & ~B_DIRECT) | B_MIXED;
	if (f->constant && f->pieces > 1)
		f->bits |= walk_glued(w, f);
	if (f->picks > 1 && f->picks + f->pieces == f->values && f->tiny == f->pieces)
		f->bits |= B_PICKED;
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
	if (f->arg < 4 && f->constant)
		f->arg_text[f->arg] = f->glued;
	f->all |= f->bits;
}

void walk_segment_begin(struct frame *f)
{
	f->bits = 0;
	f->compared = f->card_key = false;
	f->constant = true;
	f->pieces = f->tiny = f->values = f->picks = 0;
	f->flip = 0;
	f->glued = (struct slice){0};
}

void walk_statement_end(struct walk *w)
{
	struct frame *f = w->top;

	walk_segment_end(w, f);
	walk_segment_begin(f);
	f->keyword = 0;
	f->arg = 0;
	f->all = 0;
	f->arg_bits[0] = 0;
	f->tail[0] = f->tail[1] = (struct slice){0};
	w->member = false;
}

/* A new operand comes: what lay under the hand is settled. */
void walk_begin(struct walk *w)
{
	if (w->op.is != IS_NOTHING) {
		if (w->js && w->top->kind == FRAME_BLOCK)
			walk_statement_end(w); /* a line's end that ends the statement */
		else
			walk_settle(w);
	}
	memset(&w->op, 0, sizeof(w->op));
	w->before = BEFORE_OPERAND;
	w->top->flip = 0;
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
	walk_segment_begin(f);
	f->card_key = card;
}

static void comma(struct walk *w)
{
	struct frame *f = w->top;
	uint8_t keep = f->keyword;

	walk_segment_end(w, f);
	walk_segment_begin(f);
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
	walk_segment_begin(f);
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
	walk_segment_begin(w->top);
	w->before = BEFORE_BLOCK;
}

static void question(struct walk *w)
{
	walk_settle(w);
	w->top->bits = 0;
	w->top->compared = false;
}

static void compare(struct walk *w)
{
	if ((w->op.bits & B_CHECKOUT) && w->op.is == IS_LITERAL)
		look_add(w->look, F_CHECKOUT_TEST, 1);
	w->top->compared = true;
	walk_settle(w);
	w->top->bits = 0;
}

/* PHP: 'a' ^ 'b' is worked out when the second constant comes. */
static void xor
    (struct walk * w) {
	    struct frame *f = w->top;

	    f->xored = true;
	    if (w->op.is == IS_VALUE || w->op.is == IS_MEMBER)
		    look_add(w->look, F_XOR_LOOP, 1);
	    if (w->op.is == IS_LITERAL && !w->js) {
		    f->left = w->op.text;
		    w->op.is = IS_NOTHING;
		    f->flip = '^';
		    return;
	    }
	    walk_settle(w);
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
		walk_statement_end(w);
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
			walk_settle(w);
		return;
	case OP_ARROW:
		arrow(w);
		return;
	case OP_XOR:
		xor(w);
		return;
	case OP_NOT:
		walk_settle(w);
		w->top->flip = '~';
		return;
	case OP_CONCAT:
		walk_settle(w);
		return;
	default:
		walk_settle(w);
		w->top->constant = false;
		return;
	}
}

bool walk_wants_again(const struct walk *w)
{
	return w->sinks && (w->flows || (w->keys && w->look->count[F_KEY_LISTEN]));
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
		walk_pop(w);
	walk_statement_end(w);
}
