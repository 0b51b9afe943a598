/*
 * walk: goes over a program token by token and knows, at any time, what the value under
 * its hand is and where it came from. One engine for PHP and JavaScript; the tokenisers
 * (php.c, js.c) drive it, the tables (words_*.c) and rules (rules_*.c) give it meaning.
 *
 * Brackets open frames. A frame gathers the bits of its present segment (an argument, an
 * element, a statement); at the segment's end they go to the targets of assignments and
 * to the rules of what is called. All in one pass, linear in the input; a second pass,
 * only where data come in and go out, carries what was learnt about functions back to
 * those that stand before. Nothing is ever refused: false code only tells less.
 */
#ifndef HINOBAN_PARSE_WALK_H
#define HINOBAN_PARSE_WALK_H

#include "parse/bits.h"
#include "parse/look.h"
#include "parse/scope.h"
#include "parse/words.h"

#define WALK_MAX_DEPTH 160
#define WALK_ARGS      4 /* told apart; the fourth stands for all that follow */
#define WALK_TARGETS   4
#define WALK_PARAMS    6

enum is { IS_NOTHING, IS_NAME, IS_VARIABLE, IS_MEMBER, IS_LITERAL, IS_NUMBER, IS_VALUE };

/* The value under the hand. */
struct operand {
	uint8_t is;
	uint32_t hash; /* of its last name */
	uint32_t key;  /* where an assignment goes, 0: nowhere */
	uint32_t base; /* the variable that it is a part of */
	uint32_t bits;
	bool picked; /* PHP: one character of a text, $s[18] */
	const struct word *word;
	struct slice text; /* the name, or the constant's text */
};

enum frame_kind {
	FRAME_BLOCK,
	FRAME_CALL,
	FRAME_GROUP,
	FRAME_INDEX,
	FRAME_LIST,
	FRAME_OBJECT,
	FRAME_TEST,     /* ( behind if */
	FRAME_LOOP,     /* ( behind for, switch, catch */
	FRAME_PARAMS,   /* ( behind function */
	FRAME_TEMPLATE, /* ${ in a template */
};

struct target {
	uint32_t key, base, base_bits;
	uint32_t name;           /* by which it is called, if it is a function */
	const struct word *word; /* a property with a meaning */
};

struct frame {
	uint8_t kind, close;
	uint8_t keyword; /* enum rule K_*, in effect until the segment ends */
	bool compared;   /* in this segment: what is compared goes nowhere */
	bool constant;   /* only constants so far, glued together */
	bool is_new, function;
	bool card_event; /* a function that serves an event of a card field */
	bool zero, big;  /* a number was 0; one was 9999 or more */
	bool card_key;   /* the element's key names card data */
	uint8_t arg, targets, params;
	uint16_t pieces, tiny; /* constants glued together in this segment */
	uint16_t values;       /* operands in this segment */
	uint16_t picks;        /* of these, single characters of texts */
	uint8_t flip;          /* '^' or '~' stands before the next constant, or 0 */
	bool xored;            /* something was XORed in this frame */
	uint32_t shown;        /* classes of needles in the constants, each by itself */
	uint32_t bits, all;
	uint32_t as_bits;
	uint32_t arg_bits[WALK_ARGS];
	struct slice glued;       /* the constants so far */
	struct slice arg_text[4]; /* arguments that are constants */
	struct slice tail[2];     /* the last texts of arguments 0 and 1 */
	struct slice option;      /* the last name in them: CURLOPT_... */
	struct slice named;       /* the last name in argument 1: CURLOPT_... */
	struct operand of;        /* what is called or indexed */
	struct target target[WALK_TARGETS];
	uint32_t param[WALK_PARAMS];
	struct slice left;   /* the constant before '^' */
	uint32_t codes;      /* numbers in fromCharCode(...) */
	uint32_t number;     /* value of the last one, capped */
	uint8_t chain;       /* decoders nested in here */
	uint32_t names_mark; /* FRAME_BLOCK of a function: what to return to */
	uint32_t outer_function, outer_scope;
};

enum before { BEFORE_START, BEFORE_OPERAND, BEFORE_CLOSE, BEFORE_OPERATOR, BEFORE_BLOCK };

struct walk {
	struct look *look;
	bool js, again;
	bool member;     /* "." or "->" stands before the next name */
	uint8_t before;  /* enum before: regex or division, block or object? */
	uint8_t keyword; /* the keyword just before */
	bool collects;   /* JavaScript takes all fields of a form */
	bool keys;       /* it reads which key was pressed */
	bool sinks;      /* something leaves, or is run */
	bool flows;      /* something that a second pass could carry further */
	struct words *words;
	struct operand op;
	struct frame *top;
	uint32_t depth, over;
	uint32_t function;  /* hash of the name of the one that we are in */
	uint32_t php_scope; /* number of the function that we are in */
	uint32_t php_serial;
	uint32_t def_name;           /* behind the keyword function */
	uint32_t param[WALK_PARAMS]; /* names in the brackets closed last */
	uint8_t params;
	bool may_define; /* those brackets may be a function's */
	struct scope scope;
	struct frame frame[WALK_MAX_DEPTH];
};

struct walk *walk_new(struct look *l, bool js);
void walk_again(struct walk *w);
void walk_end(struct walk *w);

void walk_variable(struct walk *w, struct slice name, uint32_t hash); /* PHP's $name */
void walk_name(struct walk *w, struct slice name, uint32_t hash);
void walk_literal(struct walk *w, struct slice raw, bool escapes, bool interpolated);
void walk_number(struct walk *w, struct slice text);
void walk_regex(struct walk *w, struct slice text);
void walk_open(struct walk *w, uint8_t c);
/* Returns the kind of the frame that was closed (enum frame_kind), or -1. */
int walk_close(struct walk *w, uint8_t c);
/* `${` of a template, `$$name` and `${...}` of PHP. */
void walk_open_template(struct walk *w);
void walk_variable_variable(struct walk *w);
void walk_backticks(struct walk *w, struct slice text);

enum op {
	OP_COMMA,
	OP_END,     /* ; */
	OP_ASSIGN,  /* = += .= */
	OP_CONCAT,  /* . + */
	OP_MEMBER,  /* -> :: . ?. */
	OP_COMPARE, /* == != < > && || of PHP */
	OP_OR,      /* ?? || of JavaScript */
	OP_QUESTION,
	OP_COLON,
	OP_ARROW, /* => */
	OP_XOR,
	OP_NOT, /* ~ of PHP */
	OP_OTHER,
};
void walk_op(struct walk *w, enum op op);

/* Would a second pass learn more? */
bool walk_wants_again(const struct walk *w);

/* For the rules. */
enum sink { SINK_FILE, SINK_NET, SINK_MAIL, SINK_STORAGE };
void walk_sink(struct walk *w, enum sink sink, uint32_t bits);
uint32_t walk_rule(struct walk *w, struct frame *f); /* a call: bits of its result */
void walk_assigned(struct walk *w, const struct target *t, struct frame *f); /* a property */
uint32_t walk_member_bits(struct walk *w, const struct word *word, uint32_t base);
/* `card` . `number`: B_CARD if the two together name card data. */
uint32_t walk_member_of_card(struct slice base, struct slice member);
uint32_t walk_key(struct walk *w, struct slice name, uint32_t hash);
uint32_t walk_superglobal(struct walk *w, struct slice name);
uint32_t walk_superglobal_key(struct walk *w, const struct operand *of, struct slice key);
void walk_interpolated(struct walk *w, struct slice raw);
/* Does a test (if, while) stand around here? */
bool walk_in_test(const struct walk *w);
/* Text glued from constants: bits of what it turns out to be. */
uint32_t walk_glued(struct walk *w, const struct frame *f);
/* A hidden text has come to light: bits of it if it is the name of a function that runs. */
uint32_t walk_hidden_name(struct walk *w, struct slice text);
/* `$f(...)`: a function whose name is a value. */
uint32_t walk_dynamic(struct walk *w, struct frame *f);

#endif
