/* What calls do with their arguments: the part that both languages share, and the table. */
#include "parse/rules.h"

#include "parse/chars.h"
#include "parse/decode.h"
#include "parse/literal.h"

uint32_t rules_data(const struct frame *f, uint32_t mask)
{
	uint32_t bits = 0;

	for (uint32_t i = 0; i < WALK_ARGS; i++)
		if (mask & 1u << i)
			bits |= f->arg_bits[i];
	return bits;
}

uint32_t rules_all(const struct frame *f)
{
	return rules_data(f, 15);
}

/* To a server whose address stands beside the data. */
static void to_host(struct look *l, uint32_t bits)
{
	if (bits & (B_CARD | B_ALL | B_TYPED))
		look_add(l, F_FORM_TO_HOST, 1);
	if (bits & B_COOKIE)
		look_add(l, F_COOKIE_TO_NET, 1);
}

void walk_sink(struct walk *w, enum sink sink, uint32_t bits)
{
	static const enum feature card[] = {F_CARD_TO_FILE, F_CARD_TO_NET, F_CARD_TO_MAIL,
	                                    F_CARD_TO_STORAGE};
	struct look *l = w->look;

	w->sinks = true;
	if (sink == SINK_NET && bits & B_HOST)
		to_host(w->look, bits);
	if (bits & (B_CARD | B_ALL)) {
		look_add(l, card[sink], 1);
		look_add(l, F_CARD_TO_SINK, 1);
	} else if ((bits & B_TYPED) && sink != SINK_STORAGE) {
		look_add(l, F_KEYS_TO_SINK, 1);
	} else if (bits & B_REQUEST) {
		look_add(l, F_REQUEST_TO_SINK, 1);
	}
}

/* Code or a command that comes from outside or out of a decoder. */
void rules_run(struct walk *w, uint32_t bits)
{
	w->sinks = true;
	if (bits & (B_DIRECT | B_MIXED))
		look_add(w->look, F_REQUEST_RUN, 1);
	else if (bits & (B_DECODED | B_PICKED))
		look_add(w->look, F_DECODED_RUN, 1);
	else if (bits & B_REMOTE)
		look_add(w->look, F_INCLUDE_REMOTE, 1);
	else if (bits & B_ODDNAME)
		look_add(w->look, F_INCLUDE_ODD, 1);
}

static uint32_t rule_count(struct walk *w, struct frame *f)
{
	(void)w;
	return (rules_all(f) | f->of.bits) & B_SOURCES;
}

static uint32_t rule_stop(struct walk *w, struct frame *f)
{
	(void)w;
	(void)f;
	return 0;
}

static uint32_t rule_pass(struct walk *w, struct frame *f)
{
	uint32_t kind = B_ODDNAME | B_CODENAME | B_URL | B_HOST | B_RUNNER | B_RUNS;

	(void)w;
	return ((rules_all(f) | f->of.bits) & (B_SOURCES | B_AS_IS)) | (f->arg_bits[0] & kind);
}

static uint32_t rule_source(struct walk *w, struct frame *f)
{
	if (w->js && (f->of.word->bits & B_ALL) && f->of.is == IS_MEMBER &&
	    f->of.bits & B_PLACE)
		return 0;
	return f->of.word->bits;
}

/* Nested decoders: how deep? */
static void chain(struct walk *w, const struct frame *f)
{
	uint8_t depth = f->chain < 250 ? f->chain + 1 : 250;

	if (w->top->chain < depth)
		w->top->chain = depth;
	if (depth > 1)
		look_max(w->look, F_DECODE_CHAIN, depth);
}

static uint32_t rule_decode(struct walk *w, struct frame *f)
{
	struct slice text;
	bool pack = slice_caseeq(f->of.text, SLICE("pack"));

	if (pack && !(f->arg_text[0].n && (f->arg_text[0].at[0] | 0x20) == 'h'))
		return rule_pass(w, f);
	if (pack)
		look_add(w->look, F_DECODE, 1);
	chain(w, f);
	if (f->arg_text[0].n > 8 && f->arg_text[0].n < 12 &&
	    decode_base64(w->look, f->arg_text[0], &text))
		literal_hidden(w->look, text);
	return (rules_all(f) & (B_SOURCES | B_AS_IS)) | B_DECODED;
}

/* strrev('edoced_46esab'), str_rot13('riny'): constants show at once what they hide. */
static uint32_t rule_turn(struct walk *w, struct frame *f)
{
	bool rot = (f->of.word->feature == F_DECODE);
	struct slice text = {0}, in = f->arg_text[0];
	uint32_t bits = 0;

	if (rot)
		chain(w, f);
	if (in.n >= 4 && (rot ? decode_rot13 : decode_backward)(w->look, in, &text)) {
		literal_hidden(w->look, text);
		bits = walk_hidden_name(w, text);
	}
	return bits | (rules_all(f) & (B_SOURCES | B_AS_IS)) | (rot ? B_DECODED : 0);
}

static uint32_t rule_encode(struct walk *w, struct frame *f)
{
	uint32_t bits = rules_all(f) & B_SOURCES;

	if (bits & (B_CARD | B_ALL))
		look_add(w->look, F_CARD_ENCODED, 1);
	return bits | B_ENCODED;
}

static uint32_t rule_net(struct walk *w, struct frame *f)
{
	walk_sink(w, SINK_NET, rules_data(f, f->of.word->data));
	return f->of.word->bits;
}

static uint32_t rule_eval(struct walk *w, struct frame *f)
{
	if (f->values == 0 && f->arg == 0 && !w->js)
		return B_RUNNER | B_RUNS; /* system(...) as a value */
	rules_run(w, rules_data(f, f->of.word->data));
	return 0;
}

static uint32_t rule_test(struct walk *w, struct frame *f)
{
	uint32_t bits = rules_all(f) | f->of.bits;

	if (bits & B_CHECKOUT)
		look_add(w->look, F_CHECKOUT_TEST, 1);
	if (bits & B_VISITOR)
		look_add(w->look, F_VISITOR_TEST, 1);
	return w->js ? bits & B_SOURCES & ~B_TYPED : 0;
}

static uint32_t rule_ord(struct walk *w, struct frame *f)
{
	(void)w;
	return (rules_all(f) | f->of.bits) & B_SOURCES;
}

static rule_fn *const rules[] = {
    [R_COUNT] = rule_count,        [R_STOP] = rule_stop,
    [R_PASS] = rule_pass,          [R_SOURCE] = rule_source,
    [R_GETTER] = rules_getter,     [R_DECODE] = rule_decode,
    [R_ENCODE] = rule_encode,      [R_TURN] = rule_turn,
    [R_FILE] = rules_file,         [R_WRITE] = rules_write,
    [R_OPEN] = rules_open,         [R_MOVE] = rules_move,
    [R_LOG] = rules_log,           [R_NET] = rule_net,
    [R_FETCH] = rules_fetch,       [R_CURL] = rules_curl,
    [R_MAIL] = rules_mail,         [R_EVAL] = rule_eval,
    [R_ASSERT] = rules_assert,     [R_SHELL] = rule_eval,
    [R_CALLBACK] = rules_callback, [R_CALLBACK1] = rules_callback1,
    [R_REGEX] = rules_regex,       [R_INI] = rules_ini,
    [R_REPORT] = rules_report,     [R_TOUCH] = rules_touch,
    [R_CHR] = rules_chr,           [R_ORD] = rule_ord,
    [R_EXTRACT] = rules_extract,   [R_TEST] = rule_test,
    [R_ADMIN] = rules_admin,       [R_SELECT] = rules_select,
    [R_LISTEN] = rules_listen,     [R_EVENT] = rules_event,
    [R_CREATE] = rules_create,     [R_ATTRIBUTE] = rules_attribute,
    [R_STORE] = rules_store,       [R_TIMER] = rules_timer,
    [R_MARKUP] = rules_markup,     [R_VALUE] = rules_value,
    [R_SEND] = rules_send,         [R_POST] = rules_post,
    [R_FROMCHAR] = rules_fromchar, [R_REVERSE] = rules_reverse,
    [R_INVOKE] = rules_invoke,     [R_CALLBACKS] = rules_callbacks,
    [R_OBJECT] = rules_object,     [R_ENV] = rules_env,
    [R_HEADER] = rules_header,     [R_REFLECT] = rules_reflect,
    [R_EREG] = rules_ereg,         [R_IMPORT] = rules_import,
};

/* new $class($argument): both chosen by the visitor. */
static uint32_t new_chosen(struct walk *w, const struct frame *f)
{
	if (f->of.bits & B_DIRECT && rules_all(f) & B_DIRECT)
		look_add(w->look, F_OBJECT_UNPACK, 1);
	return rules_all(f) & B_SOURCES;
}

uint32_t walk_rule(struct walk *w, struct frame *f)
{
	const struct word *word = f->of.word;
	uint8_t at = f->is_new ? AT_NEW : f->of.is == IS_NAME ? AT_CALL : AT_METHOD;

	if (f->chain > w->top->chain)
		w->top->chain = f->chain;
	if (word && (!(word->at & at) || word->rule >= sizeof(rules) / sizeof(rules[0])))
		word = f->of.word = NULL;
	if (!w->js && f->of.is != IS_NAME && f->of.is != IS_MEMBER)
		return f->is_new ? new_chosen(w, f) : walk_dynamic(w, f);
	if (!word)
		return rule_count(w, f);
	if (word->feature < FEATURE_COUNT && !f->is_new)
		look_add(w->look, word->feature, 1);
	return rules[word->rule] ? rules[word->rule](w, f) : rule_count(w, f);
}

/* The name of a function that runs or decodes, come to light. */
uint32_t walk_hidden_name(struct walk *w, struct slice text)
{
	const struct word *word = words_find(w->words, text, chars_hash_of(text));

	if (!word || !(word->at & AT_CALL))
		return 0;
	if (word->rule != R_DECODE && word->rule != R_EVAL && word->rule != R_SHELL &&
	    word->rule != R_ASSERT && word->rule != R_FILE)
		return 0;
	look_add(w->look, F_SPLIT_NAME, 1);
	return word->rule == R_DECODE || word->rule == R_FILE ? B_RUNNER : B_RUNNER | B_RUNS;
}

uint32_t walk_glued(struct walk *w, const struct frame *f)
{
	struct needles_found found;

	needles_scan(f->glued, &found);
	/*
	 * What a piece shows by itself is not hidden: '<script>' . "\n". '<' . '?php' is how
	 * programs that write programs spell it.
	 */
	if (f->tiny * 2 >= f->pieces && (found.classes & ~f->shown & ~(uint32_t)N_PHPTAG))
		literal_hidden(w->look, f->glued);
	if (found.classes & ~f->shown & N_TAG)
		literal_markup(w->look, f->glued);
	return walk_hidden_name(w, f->glued);
}
