/*
 * Two passes over the tokens. The first finds the scopes, and what is declared in each; it
 * keeps a frame for each open bracket that knows what the bracket is (block, object, pattern,
 * parameters ...). The second goes through the scopes as they open and close, with the
 * present binding of each name at hand, so that each name is resolved at once.
 */
#include "parse/js_scope.h"
#include <errno.h>

enum frame_kind { BLOCK, SWITCH, CLASS, OBJECT, PATTERN, PARAMS, OTHER };
/* What a declaration, a pattern or a list of parameters expects next at this level. */
enum expects { NOTHING, TARGET, VALUE };

struct frame {
	uint8_t kind, expects;
	bool lexical;    /* let, const: of the block; else var: of the function */
	bool braces;     /* a PATTERN in braces */
	bool key;        /* OBJECT, CLASS, PATTERN in braces: a key stands here */
	bool ternary;    /* the last ':' was that of a ?: */
	bool paren;      /* of a for: `of` and `in` end the declaration */
	bool class_next; /* the next '{' at this level is a class's */
	bool importing;
	uint32_t questions; /* '?' whose ':' is yet to come */
	uint32_t scope;
};

struct declared {
	uint32_t name, scope;
	uint32_t next; /* of the same scope */
	uint32_t
	    before; /* second pass: what the name meant outside; SHADOWED: declared twice */
	uint32_t number; /* 0: not yet used */
};
#define SHADOWED   UINT32_MAX
#define CLASS_HEAD 64 /* tokens between `class` and its '{' */

struct scope {
	uint32_t from, to; /* tokens, both inclusive */
	uint32_t outer;
	uint32_t first; /* declared, 0: none */
	bool function;
};

/* A body without brackets: x => x + 1, for (...) x++; */
struct open_end {
	uint32_t scope, depth, questions;
	bool arrow;
};

struct finder {
	const struct js_row *row;
	struct js_meaning *out;
	uint32_t *name; /* of each token: number of its text */
	struct scope *scope;
	struct declared *declared; /* from 1 on */
	struct frame *frame;
	struct open_end *end;
	uint32_t scopes, declares, depth, ends;
	uint32_t params,
	    params_at;      /* scope of a function whose '(' is still to come, and where */
	uint32_t params_of; /* scope of the parameters that were closed last */
	bool module, too_deep;
};

static bool is(const struct finder *f, uint32_t i, const char *text)
{
	return js_lex_is(f->row, i, slice_str(text));
}

/* A keyword: no property of that name. */
static bool is_word(const struct finder *f, uint32_t i, const char *text)
{
	return is(f, i, text) && f->row->token[i].kind == JS_KEYWORD;
}

/* Number the texts: two tokens with the same number are the same name. */
static bool number_names(struct finder *f, struct arena *a)
{
	uint32_t room = 64, *slot;

	while (room < f->row->n * 2 && room < (1u << 24))
		room *= 2;
	slot = arena_array(a, room, sizeof(*slot));
	if (!slot)
		return false;
	for (uint32_t i = 0; i < f->row->n; i++) {
		struct slice s = js_lex_text(f->row, i);
		uint32_t at;

		if (f->row->token[i].kind != JS_NAME)
			continue;
		at = (uint32_t)(hash_table(s) & (room - 1));
		while (slot[at] && !slice_eq(s, js_lex_text(f->row, slot[at] - 1)))
			at = (at + 1) & (room - 1);
		if (!slot[at])
			slot[at] = i + 1;
		f->name[i] = slot[at] - 1;
	}
	return true;
}

static struct frame *top(struct finder *f)
{
	return &f->frame[f->depth];
}

static uint32_t here(const struct finder *f)
{
	if (f->ends && f->end[f->ends - 1].depth == f->depth)
		return f->end[f->ends - 1].scope;
	return f->frame[f->depth].scope;
}

static uint32_t scope_new(struct finder *f, uint32_t from, uint32_t to, bool function)
{
	f->scope[f->scopes] = (struct scope){.from = from,
	                                     .to = to < f->row->n ? to : f->row->n,
	                                     .outer = here(f),
	                                     .function = function};
	return f->scopes++;
}

static void declare(struct finder *f, uint32_t scope, uint32_t token, bool lexical)
{
	while (!lexical && scope && !f->scope[scope].function)
		scope = f->scope[scope].outer;
	if (scope == 0 && !f->module)
		return; /* seen from other scripts: its name means something */
	f->declared[++f->declares] = (struct declared){
	    .name = f->name[token], .scope = scope, .next = f->scope[scope].first};
	f->scope[scope].first = f->declares;
}

/* ---- brackets ---- */

static void push(struct finder *f, struct frame frame)
{
	if (f->depth + 1 >= JS_SCOPE_MAX_DEPTH) {
		f->too_deep = true;
		return;
	}
	f->frame[++f->depth] = frame;
}

static uint32_t after(const struct finder *f, uint32_t bracket)
{
	uint32_t other = f->row->token[bracket].other;

	return other == JS_LEX_NONE ? JS_LEX_NONE : other + 1;
}

/* The end of the block that stands at i, JS_LEX_NONE where there is no block. */
static uint32_t block_end(const struct finder *f, uint32_t i)
{
	return i < f->row->n && is(f, i, "{") ? f->row->token[i].other : JS_LEX_NONE;
}

static void open_paren(struct finder *f, uint32_t i)
{
	uint32_t next = after(f, i), scope = here(f);
	bool loop = i && (is_word(f, i - 1, "for") ||
	                  (i > 1 && is_word(f, i - 1, "await") && is_word(f, i - 2, "for")));
	bool params = true;

	if (f->params && f->params_at == i)
		scope = f->params;
	else if (is(f, next, "=>"))
		scope = scope_new(f, i, block_end(f, next + 1), true);
	else if (top(f)->key && block_end(f, next) != JS_LEX_NONE)
		scope = scope_new(f, i, block_end(f, next), true); /* a method */
	else if (i && is_word(f, i - 1, "catch"))
		scope = scope_new(f, i, block_end(f, next), false);
	else
		params = false;
	if (loop)
		scope = scope_new(f, i, block_end(f, next), false);
	f->params = 0;
	push(f, (struct frame){.kind = params ? PARAMS : OTHER,
	                       .expects = params ? TARGET : NOTHING,
	                       .lexical = params,
	                       .paren = loop,
	                       .scope = scope});
}

static void open_square(struct finder *f)
{
	struct frame *t = top(f);
	bool pattern = t->expects == TARGET && !t->key;

	push(f, (struct frame){.kind = pattern ? PATTERN : OTHER,
	                       .expects = pattern ? TARGET : NOTHING,
	                       .lexical = t->lexical,
	                       .scope = here(f)});
}

/* Is a '{' at i, where a value may stand or a statement, the beginning of an object? */
static bool object_here(const struct finder *f, uint32_t i)
{
	static const char *const no[] = {"else", "do", "try", "finally", ")",
	                                 ";",    "{",  "}",   "]"};
	const struct frame *t = &f->frame[f->depth];

	if (i == 0 || js_lex_ends_operand(f->row, i - 1))
		return false;
	for (size_t k = 0; k < sizeof(no) / sizeof(no[0]); k++) {
		if (is(f, i - 1, no[k]))
			return false;
	}
	if (is(f, i - 1, ":") && (t->kind == BLOCK || t->kind == SWITCH))
		return t->ternary;
	return true;
}

static void open_brace(struct finder *f, uint32_t i)
{
	struct frame *t = top(f), new = {.kind = BLOCK, .scope = here(f)};
	bool body = i && ((is(f, i - 1, ")") && f->params_of && f->params_at == i - 1) ||
	                  is(f, i - 1, "=>"));

	if (t->class_next) {
		t->class_next = false;
		new.kind = CLASS;
		new.key = true;
	} else if (js_lex_text(f->row, i).n == 2 || t->importing) {
		new.kind = OTHER; /* ${ of a template, names that are imported */
		new.importing = t->importing;
	} else if (body) {
		new.scope = f->params_of;
	} else if (t->expects == TARGET && !t->key) {
		new.kind = PATTERN;
		new.lexical = t->lexical;
		new.braces = new.key = true;
	} else if (object_here(f, i)) {
		new.kind = OBJECT;
		new.key = true;
	} else {
		bool many = i && is(f, i - 1, ")") &&
		            f->row->token[i - 1].other != JS_LEX_NONE &&
		            f->row->token[i - 1].other > 0 &&
		            is_word(f, f->row->token[i - 1].other - 1, "switch");

		new.kind = many ? SWITCH : BLOCK;
		new.scope = scope_new(f, i, f->row->token[i].other, false);
	}
	push(f, new);
}

static void end_bodies(struct finder *f, uint32_t depth, uint32_t last)
{
	while (f->ends && f->end[f->ends - 1].depth >= depth)
		f->scope[f->end[--f->ends].scope].to = last;
}

static void open_body(struct finder *f, uint32_t scope, bool arrow)
{
	if (f->ends + 1 < JS_SCOPE_MAX_DEPTH)
		f->end[f->ends++] = (struct open_end){scope, f->depth, 0, arrow};
}

static void close_any(struct finder *f, uint32_t i)
{
	struct frame old = *top(f), *t;

	end_bodies(f, f->depth, i ? i - 1 : 0);
	if (f->depth == 0)
		return;
	f->depth--;
	t = top(f);
	if (old.kind == PARAMS) {
		f->params_of = old.scope;
		f->params_at = i;
	}
	if (old.paren && !is(f, i + 1, "{"))
		open_body(f, old.scope, false);
	if (t->expects == TARGET)
		t->expects = VALUE;
	if (t->kind == CLASS && old.kind == BLOCK)
		t->key = true;
}

/* ---- other signs ---- */

static void comma(struct finder *f)
{
	struct frame *t = top(f);

	if (t->kind == OBJECT || t->braces)
		t->key = true;
	else if (t->expects == VALUE || t->kind == PARAMS || t->kind == PATTERN)
		t->expects = TARGET;
}

static void colon(struct finder *f)
{
	struct frame *t = top(f);
	struct open_end *e = f->ends ? &f->end[f->ends - 1] : NULL;

	t->ternary = t->questions > 0;
	if (e && e->depth == f->depth && e->questions > 0)
		e->questions--;
	if (t->questions > 0) {
		t->questions--;
	} else if (t->key) {
		t->key = false;
		t->expects = t->kind == PATTERN ? TARGET : NOTHING;
	}
}

static void question(struct finder *f)
{
	if (f->ends && f->end[f->ends - 1].depth == f->depth)
		f->end[f->ends - 1].questions++;
	top(f)->questions++;
}

static void semicolon(struct finder *f)
{
	struct frame *t = top(f);

	t->questions = 0;
	t->key = t->kind == CLASS;
	if (t->kind != PARAMS && t->kind != PATTERN)
		t->expects = NOTHING;
}

static void sign(struct finder *f, uint32_t i)
{
	struct frame *t = top(f);

	switch (f->row->token[i].c) {
	case '(':
		open_paren(f, i);
		break;
	case '[':
		open_square(f);
		break;
	case '{':
		open_brace(f, i);
		break;
	case ')':
	case ']':
	case '}':
		close_any(f, i);
		break;
	case ',':
		comma(f);
		break;
	case ';':
		semicolon(f);
		break;
	case ':':
		colon(f);
		break;
	case '?':
		if (is(f, i, "?"))
			question(f);
		break;
	case '=':
		if (is(f, i, "=>") && !is(f, i + 1, "{"))
			open_body(f, f->params_of, true);
		else if (is(f, i, "="))
			t->key = false;
		break;
	case '.':
		if (is(f, i, "...") && t->key) {
			t->key = false;
			t->expects = t->kind == PATTERN ? TARGET : NOTHING;
		}
		break;
	default:
		break;
	}
}

/* Where a body without brackets ends: before what can't belong to it. */
static void end_open_bodies(struct finder *f, uint32_t i)
{
	bool breaks = js_lex_breaks(f->row, i);

	while (f->ends && f->end[f->ends - 1].depth == f->depth) {
		const struct open_end *e = &f->end[f->ends - 1];
		bool here = breaks || is(f, i, ";") || (e->arrow && is(f, i, ",")) ||
		            (e->arrow && is(f, i, ":") && e->questions == 0);

		if (!here)
			return;
		f->scope[f->end[--f->ends].scope].to = i ? i - 1 : 0;
	}
}

/* ---- words ---- */

/* Can a statement begin at i? */
static bool statement_here(const struct finder *f, uint32_t i)
{
	static const char *const yes[] = {";",    "{",  "}",      ")",
	                                  "else", "do", "export", "default"};

	if (i == 0 || js_lex_breaks(f->row, i))
		return true;
	for (size_t k = 0; k < sizeof(yes) / sizeof(yes[0]); k++) {
		if (is(f, i - 1, yes[k]))
			return true;
	}
	return is(f, i - 1, ":") && !f->frame[f->depth].ternary &&
	       f->frame[f->depth].kind <= SWITCH;
}

static void function(struct finder *f, uint32_t i)
{
	uint32_t name = i + 1 + is(f, i + 1, "*"), paren = name, body;
	bool named = name < f->row->n && f->row->token[name].kind == JS_NAME;
	bool async = i && is(f, i - 1, "async");
	uint32_t scope, outer = here(f);

	paren += named;
	if (!is(f, paren, "("))
		return;
	body = after(f, paren);
	if (named && statement_here(f, async ? i - 1 : i)) {
		declare(f, here(f), name, true);
	} else if (named) {
		/* Of an expression: seen from inside only, and parameters may hide it. */
		outer = scope_new(f, i, block_end(f, body), false);
		declare(f, outer, name, true);
	}
	scope = scope_new(f, paren, block_end(f, body), true);
	f->scope[scope].outer = outer;
	f->params = scope;
	f->params_at = paren;
}

/* Of a class written as a value, its name is seen from inside only. */
static void class(struct finder *f, uint32_t i)
{
	uint32_t scope = here(f), body = i + 1;

	top(f)->class_next = true;
	if (body >= f->row->n || f->row->token[body].kind != JS_NAME)
		return;
	while (body < i + CLASS_HEAD && !is(f, body, "{"))
		body++;
	if (!statement_here(f, i) && block_end(f, body) != JS_LEX_NONE)
		scope = scope_new(f, i, block_end(f, body), false);
	declare(f, scope, i + 1, true);
}

static void keyword(struct finder *f, uint32_t i)
{
	struct frame *t = top(f);

	if (t->key && (is(f, i + 1, ":") || is(f, i + 1, "(")))
		return; /* {default: 1, delete() {}} */
	if (is(f, i, "var") || is(f, i, "const")) {
		t->expects = TARGET;
		t->lexical = is(f, i, "const");
	} else if (is(f, i, "function")) {
		function(f, i);
	} else if (is(f, i, "class")) {
		class(f, i);
	} else if (is(f, i, "in") && t->paren) {
		t->expects = NOTHING;
	} else if (is(f, i, "import") && !is(f, i + 1, "(") && !is(f, i + 1, ".")) {
		t->importing = true;
	}
}

/* A name where a key may stand. */
static void key(struct finder *f, uint32_t i)
{
	struct frame *t = top(f);
	bool alone = is(f, i + 1, ",") || is(f, i + 1, "}") || is(f, i + 1, "=");

	if (t->kind == CLASS || !alone)
		return;
	f->out[i].means = JS_MEANS_SHORT;
	if (t->kind == PATTERN)
		declare(f, here(f), i, t->lexical);
}

static bool label(const struct finder *f, uint32_t i)
{
	if (i && (is(f, i - 1, "break") || is(f, i - 1, "continue")) && !f->row->token[i].line)
		return true;
	return f->frame[f->depth].kind <= SWITCH && is(f, i + 1, ":") && statement_here(f, i) &&
	       f->frame[f->depth].questions == 0;
}

static bool declares_let(const struct finder *f, uint32_t i)
{
	const struct js_token *next = &f->row->token[i + 1];

	return is(f, i, "let") && i + 1 < f->row->n &&
	       (next->kind == JS_NAME || next->c == '[' || next->c == '{') &&
	       (statement_here(f, i) || f->frame[f->depth].paren);
}

static void arrow_of_one(struct finder *f, uint32_t i)
{
	uint32_t scope = scope_new(f, i, block_end(f, i + 2), true);

	declare(f, scope, i, true);
	f->out[i].means = JS_MEANS_LOCAL;
	f->params_of = scope;
}

static void name(struct finder *f, uint32_t i)
{
	struct frame *t = top(f);

	if (i && (is(f, i - 1, ".") || is(f, i - 1, "?.")))
		return;
	if (is(f, i + 1, "=>")) {
		arrow_of_one(f, i);
	} else if (t->key) {
		key(f, i);
	} else if (t->importing) {
		f->out[i].means = JS_MEANS_LOCAL;
		if (!is(f, i + 1, "as") && !is(f, i, "from") && !is(f, i, "as"))
			declare(f, 0, i, true);
	} else if (t->expects == TARGET) {
		f->out[i].means = JS_MEANS_LOCAL;
		declare(f, here(f), i, t->lexical);
		t->expects = VALUE;
	} else if (declares_let(f, i)) {
		t->expects = TARGET;
		t->lexical = true;
	} else if (is(f, i, "of") && t->paren && t->expects == VALUE) {
		t->expects = NOTHING;
	} else {
		f->out[i].means = label(f, i) ? JS_MEANS_LABEL : JS_MEANS_LOCAL;
	}
}

static void find(struct finder *f)
{
	for (uint32_t i = 0; i < f->row->n && !f->too_deep; i++) {
		struct frame *t = top(f);

		end_open_bodies(f, i);
		if (js_lex_breaks(f->row, i)) {
			if (t->kind <= SWITCH) {
				t->expects = NOTHING;
				t->questions = 0;
			}
			t->key = t->key || t->kind == CLASS;
		}
		switch (f->row->token[i].kind) {
		case JS_PUNCT:
			sign(f, i);
			break;
		case JS_KEYWORD:
			keyword(f, i);
			break;
		case JS_NAME:
			name(f, i);
			break;
		default:
			t->importing = false;
			break;
		}
	}
	end_bodies(f, 0, f->row->n);
}

/* ---- second pass ---- */

static void enter(struct finder *f, uint32_t scope, uint32_t *means)
{
	for (uint32_t d = f->scope[scope].first; d; d = f->declared[d].next) {
		uint32_t now = means[f->declared[d].name];

		if (now && f->declared[now].scope == scope) {
			f->declared[d].before = SHADOWED;
			continue;
		}
		f->declared[d].before = now;
		means[f->declared[d].name] = d;
	}
}

static void leave(struct finder *f, uint32_t scope, uint32_t *means)
{
	for (uint32_t d = f->scope[scope].first; d; d = f->declared[d].next) {
		if (f->declared[d].before != SHADOWED)
			means[f->declared[d].name] = f->declared[d].before;
	}
}

static void resolve(struct finder *f, uint32_t i, const uint32_t *means, uint32_t *numbers)
{
	uint32_t d = means[f->name[i]];

	if (f->out[i].means != JS_MEANS_LOCAL && f->out[i].means != JS_MEANS_SHORT)
		return;
	if (d && f->declared[d].number == 0)
		f->declared[d].number = ++*numbers;
	f->out[i].binding = d ? f->declared[d].number : 0;
	if (!d && f->out[i].means == JS_MEANS_LOCAL)
		f->out[i].means = JS_MEANS_TEXT;
}

static bool resolve_all(struct finder *f, struct arena *a)
{
	uint32_t *means = arena_array(a, (size_t)f->row->n + 1, sizeof(*means));
	uint32_t *open = arena_array(a, (size_t)f->scopes + 1, sizeof(*open));
	uint32_t opens = 0, next = 1, numbers = 0;

	if (!means || !open)
		return false;
	enter(f, 0, means);
	for (uint32_t i = 0; i < f->row->n; i++) {
		while (opens && f->scope[open[opens - 1]].to < i)
			leave(f, open[--opens], means);
		for (; next < f->scopes && f->scope[next].from == i; next++) {
			enter(f, next, means);
			open[opens++] = next;
		}
		if (f->row->token[i].kind == JS_NAME)
			resolve(f, i, means, &numbers);
	}
	return true;
}

static bool has_module(const struct js_row *row)
{
	for (uint32_t i = 0; i < row->n; i++) {
		if (js_lex_is(row, i, SLICE("export")) ||
		    (js_lex_is(row, i, SLICE("import")) && !js_lex_is(row, i + 1, SLICE("(")) &&
		     !js_lex_is(row, i + 1, SLICE("."))))
			return true;
	}
	return false;
}

/* How many scopes, and how many declared names, there can be at most. */
static void most(const struct js_row *row, size_t *scopes, size_t *names)
{
	*scopes = *names = 2;
	for (uint32_t i = 0; i < row->n; i++) {
		const struct js_token *t = &row->token[i];

		*names += t->kind == JS_NAME;
		if (t->kind == JS_KEYWORD)
			*scopes += 2; /* function, class */
		else if (t->c == '(' || t->c == '{' || (t->c == '=' && t->to - t->from == 2))
			*scopes += 1;
	}
	/* A name may be declared where it stands, and before that by its keyword. */
	*names *= 2;
}

int js_scope(struct arena *a, const struct js_row *row, struct js_meaning **out)
{
	size_t n = (size_t)row->n + 2, scopes, names;
	struct finder f = {.row = row, .scopes = 1, .module = has_module(row)};

	most(row, &scopes, &names);
	f.out = arena_array(a, n, sizeof(*f.out));
	f.name = arena_array(a, n, sizeof(*f.name));
	f.scope = arena_array(a, scopes, sizeof(*f.scope));
	f.declared = arena_array(a, names, sizeof(*f.declared));
	f.frame = arena_array(a, JS_SCOPE_MAX_DEPTH, sizeof(*f.frame));
	f.end = arena_array(a, JS_SCOPE_MAX_DEPTH, sizeof(*f.end));
	if (!f.out || !f.name || !f.scope || !f.declared || !f.frame || !f.end ||
	    !number_names(&f, a))
		return -ENOMEM;
	f.scope[0] = (struct scope){.to = row->n, .function = true};
	find(&f);
	if (f.too_deep)
		return -E2BIG;
	if (!resolve_all(&f, a))
		return -ENOMEM;
	*out = f.out;
	return 0;
}
