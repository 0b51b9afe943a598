#include "parse/rules.h"

#include "parse/chars.h"
#include "parse/literal.h"

/* All fields, not one: "input", "input, select", ":input", "form input". */
static bool names_fields(struct slice selector)
{
	static const char *const all[] = {"input", "select", "form", "textarea", ":input"};
	bool named = false;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		named = named || slice_starts(selector, slice_str(all[i]));
	for (size_t i = 1; named && i < selector.n; i++)
		named = chars_alpha(selector.at[i]) || selector.at[i] == ' ' ||
		        selector.at[i] == ',';
	return named;
}

/* querySelectorAll('input'), $('#card_number'): which part of the page? */
uint32_t rules_select(struct walk *w, struct frame *f)
{
	struct slice selector = f->arg_text[0];
	uint32_t bits = (f->arg_bits[0] | f->of.bits) & (B_CARD | B_TYPED | B_STORAGE);
	struct needles_found found;

	if (names_fields(selector) && selector.n < 40)
		w->collects = true;
	if (selector.n && needles_scan(selector, &found) & N_CARD)
		bits |= B_CARD;
	return bits;
}

struct event {
	const char *name;
	enum feature feature;
};

static const struct event events[] = {
    {"keyup", F_KEY_LISTEN},   {"keydown", F_KEY_LISTEN},   {"keypress", F_KEY_LISTEN},
    {"input", F_KEY_LISTEN},   {"submit", F_FORM_LISTEN},   {"change", F_FORM_LISTEN},
    {"blur", F_FORM_LISTEN},   {"focusout", F_FORM_LISTEN}, {"paste", F_FORM_LISTEN},
    {"onkeyup", F_KEY_LISTEN}, {"onsubmit", F_FORM_LISTEN},
};

static void card_listen(struct walk *w, uint32_t bits)
{
	if (bits & B_CARD)
		look_add(w->look, F_CARD_LISTEN, 1);
}

uint32_t rules_listen(struct walk *w, struct frame *f)
{
	struct slice name = f->arg_text[0];
	size_t end = 0;

	while (end < name.n && chars_alpha(name.at[end]))
		end++;
	name = slice_sub(name, 0, end);
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (slice_eq(name, slice_str(events[i].name)))
			look_add(w->look, events[i].feature, 1);
	card_listen(w, f->of.bits | f->arg_bits[1]);
	return f->of.bits & B_CARD;
}

uint32_t rules_event(struct walk *w, struct frame *f)
{
	if (f->values > 0 && f->of.word->feature == FEATURE_COUNT)
		look_add(w->look, F_FORM_LISTEN, 1);
	card_listen(w, f->of.bits);
	return f->of.bits & B_CARD;
}

uint32_t rules_create(struct walk *w, struct frame *f)
{
	struct slice tag = f->arg_text[0];

	if (slice_caseeq(tag, SLICE("script"))) {
		look_add(w->look, F_SCRIPT_INSERT, 1);
		return B_SCRIPT;
	}
	if (slice_caseeq(tag, SLICE("iframe"))) {
		look_add(w->look, F_FRAME_INSERT, 1);
		return B_FRAME;
	}
	/* A name that is not written here: createElement(s) of tag loaders. */
	if (tag.n == 0 && f->values > 0)
		return B_SCRIPT;
	return slice_caseeq(tag, SLICE("img")) ? B_IMAGE : 0;
}

/* An address made of what was typed: `.src = url + card`. */
static void address(struct walk *w, uint32_t element, uint32_t bits)
{
	w->sinks = true;
	if (bits & (B_CARD | B_ALL | B_TYPED | B_COOKIE)) {
		look_add(w->look, F_BEACON_OUT, 1);
		walk_sink(w, SINK_NET, bits);
	} else if (element & B_IMAGE && !(bits & B_TEXT)) {
		look_add(w->look, F_BEACON_OUT, 1);
	}
	if (element & B_SCRIPT && bits & B_URL)
		look_add(w->look, F_SCRIPT_EXTERNAL, 1);
	if (element & B_FRAME && bits & B_URL)
		look_add(w->look, F_FRAME_EXTERNAL, 1);
	if (element & B_SCRIPT && bits & B_DECODED)
		look_add(w->look, F_DECODED_RUN, 1);
}

uint32_t rules_attribute(struct walk *w, struct frame *f)
{
	struct slice name = f->arg_text[0];

	if (slice_caseeq(name, SLICE("src")) || slice_caseeq(name, SLICE("href")))
		address(w, f->of.bits, f->arg_bits[1]);
	else if (slice_caseeq(name, SLICE("action")) && f->arg > 0)
		look_add(w->look, F_FORM_ACTION, 1);
	if (slice_caseeq(name, SLICE("value")))
		return (f->of.bits & B_CARD) | B_TYPED;
	return f->of.bits & B_CARD;
}

uint32_t rules_store(struct walk *w, struct frame *f)
{
	look_add(w->look, F_STORAGE_WRITE, 1);
	walk_sink(w, SINK_STORAGE, f->arg_bits[1]);
	return 0;
}

/* setTimeout("text", ...) runs text; setTimeout(function, ...) does not. */
uint32_t rules_timer(struct walk *w, struct frame *f)
{
	if (f->arg_text[0].n) {
		look_add(w->look, F_EVAL_OLD, 1);
		rules_run(w, f->arg_bits[0]);
	}
	return 0;
}

uint32_t rules_markup(struct walk *w, struct frame *f)
{
	uint32_t bits = rules_data(f, f->of.word->data);

	if (f->of.word->feature == FEATURE_COUNT)
		look_add(w->look, F_MARKUP_WRITE, 1);
	if (bits & B_DECODED)
		look_add(w->look, F_DECODED_RUN, 1);
	return 0;
}

static uint32_t value_bits(const struct walk *w, uint32_t base)
{
	uint32_t bits = B_TYPED | (base & B_CARD);

	return w->collects ? bits | B_ALL : bits;
}

/* .val() reads, .val(x) writes. */
uint32_t rules_value(struct walk *w, struct frame *f)
{
	if (f->values > 0)
		return f->of.bits & B_CARD;
	look_add(w->look, F_FORM_READ, 1);
	return value_bits(w, f->of.bits);
}

/* xhr.send(data), socket.emit(name, data), xhr.open(method, address). */
uint32_t rules_send(struct walk *w, struct frame *f)
{
	uint32_t bits = rules_data(f, f->of.word->data);

	w->sinks = true;
	if (bits & (B_CARD | B_ALL) || f->of.bits & B_SENDER)
		walk_sink(w, SINK_NET, bits);
	return 0;
}

uint32_t rules_post(struct walk *w, struct frame *f)
{
	walk_sink(w, SINK_NET, rules_data(f, f->of.word->data));
	return 0;
}

uint32_t rules_fromchar(struct walk *w, struct frame *f)
{
	if (f->arg >= 4)
		look_add(w->look, F_CHAR_BUILD, 1);
	return (rules_all(f) & B_SOURCES) | (f->arg >= 4     ? B_DECODED
	                                     : f->codes == 0 ? B_PICKED
	                                                     : 0);
}

/* 'moc.live'.split('').reverse().join('') */
uint32_t rules_reverse(struct walk *w, struct frame *f)
{
	(void)w;
	return f->of.bits & (B_SOURCES | B_AS_IS);
}

uint32_t walk_member_bits(struct walk *w, const struct word *word, uint32_t base)
{
	uint32_t keep = base & ~(uint32_t)(B_TYPED | B_VISITOR);

	switch (word->rule) {
	case R_STOP:
		return 0;
	case R_VALUE:
		return value_bits(w, base);
	case R_KEY:
		w->keys = true; /* whether somebody listens may be known only later */
		return w->look->count[F_KEY_LISTEN] ? keep | B_TYPED : keep;
	case R_SOURCE:
	case R_COOKIE:
		if (word->feature < FEATURE_COUNT)
			look_add(w->look, word->feature, 1);
		if ((word->bits & B_VISITOR) && walk_in_test(w))
			look_add(w->look, F_VISITOR_TEST, 1);
		return keep | word->bits;
	default:
		return base | word->bits;
	}
}

static void go(struct walk *w, const struct target *t, uint32_t bits)
{
	w->sinks = true;
	if ((t->base_bits & B_PLACE) || t->word->bits & B_PLACE)
		look_add(w->look, F_PAGE_MOVE, 1);
	if (bits & (B_CARD | B_ALL | B_TYPED | B_COOKIE))
		walk_sink(w, SINK_NET, bits);
}

/* import('https://...') */
uint32_t rules_import(struct walk *w, struct frame *f)
{
	if (f->arg_bits[0] & B_URL)
		look_add(w->look, F_SCRIPT_EXTERNAL, 1);
	return 0;
}

/* A property with a meaning gets a value. */
void walk_assigned(struct walk *w, const struct target *t, struct frame *f)
{
	struct look *l = w->look;
	uint32_t bits = f->bits;

	if (!w->js) {
		if (t->word->rule == R_MAIL && (t->word->at & AT_PROPERTY))
			walk_sink(w, SINK_MAIL, bits);
		return;
	}
	switch (t->word->rule) {
	case R_SRC:
		address(w, t->base_bits, bits);
		break;
	case R_GO:
		go(w, t, bits);
		break;
	case R_ACTION:
		look_add(l, F_FORM_ACTION, 1);
		if (bits & B_URL)
			look_add(l, F_FORM_EXTERNAL, 1);
		break;
	case R_NET:
	case R_SEND: /* XMLHttpRequest.prototype.send = ..., window.fetch = ... */
		if (t->base != t->key)
			look_add(l, F_HOOK, 1);
		break;
	case R_MARKUP:
		look_add(l, F_MARKUP_WRITE, 1);
		if (bits & B_DECODED)
			look_add(l, F_DECODED_RUN, 1);
		break;
	case R_EVENT:
		look_add(l, t->word->feature, 1);
		card_listen(w, t->base_bits);
		break;
	case R_COOKIE:
		look_add(l, F_STORAGE_WRITE, 1);
		walk_sink(w, SINK_STORAGE, bits & ~(uint32_t)B_REQUEST);
		break;
	case R_ZINDEX:
		if (f->big)
			look_add(l, F_OVERLAY, 1);
		break;
	default:
		break;
	}
}
