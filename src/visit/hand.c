/* hand: real pointer and key events at a person's pace. */
#include "visit/scripts.h"
#include "visit/tab.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define KEY_MS    22
#define MOVES     2
#define MOVE_MS   8 /* a mouse tells 125 times a second where it is */
#define PRESS_MS  30
#define TRIES     3
#define CALL_MS   5000
#define MAX_TYPED 400

/* ---- finding ---- */

static const char about[] =
    "function(){const r=this.getBoundingClientRect();"
    "const root=this.getRootNode();"
    "const at=(root.elementFromPoint?root:document).elementFromPoint("
    "r.x+r.width/2,r.y+r.height/2);"
    "return {tag:this.localName||'',type:String(this.type||''),checked:!!this.checked,"
    "value:String(this.value||'').slice(0,2000).toWellFormed(),"
    "covered:!!at&&at!==this&&!this.contains(at)&&!at.contains(this)};}";

/* Call a function of an isolated world on an element. */
static void send_on(struct tab *t, const struct hand_field *f, struct slice function,
                    struct json *args, struct arena *mem, struct cdp_answer *answer)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);

	json_put_slice(a, p, "objectId", f->object);
	json_put_slice(a, p, "functionDeclaration", function);
	json_put_bool(a, p, "returnByValue", true);
	if (args)
		json_put(a, p, "arguments", args);
	cdp_send(t->cdp, tab_session_id(t, f->session), "Runtime.callFunctionOn", p, mem,
	         answer);
}

static int await_on(struct tab *t, struct cdp_answer *answer, const struct json **out)
{
	const struct json *got = NULL;
	int r = cdp_await(t->cdp, answer, CALL_MS, &got, NULL);

	if (r == 0 && json_get(got, "exceptionDetails"))
		r = -EPROTO;
	if (r == 0 && out)
		*out = json_at(got, "result.value");
	return r;
}

static int call_on(struct tab *t, const struct hand_field *f, struct slice function,
                   struct json *args, struct arena *mem, const struct json **out)
{
	struct cdp_answer answer;

	send_on(t, f, function, args, mem, &answer);
	return await_on(t, &answer, out);
}

/* Middle of the first quad, relative to the session's own frame. */
static bool middle(const struct json *got, double *x, double *y)
{
	const struct json *quads = json_get(got, "quads"), *n;
	double v[8];
	int i = 0;

	if (!quads || !quads->first)
		return false;
	for (n = quads->first->first; n && i < 8; n = n->next)
		v[i++] = n->kind == JSON_DEC ? (double)n->i / 1e6 : (double)n->i;
	if (i < 8)
		return false;
	*x = (v[0] + v[2] + v[4] + v[6]) / 4;
	*y = (v[1] + v[3] + v[5] + v[7]) / 4;
	return true;
}

/* Where a frame of another process lies in its parent's; added up to the page's corner. */
static void add_offsets(struct tab *t, int session, double *x, double *y)
{
	for (int depth = 0; depth < 8 && session >= 0 && t->session[session].parent >= 0;
	     depth++) {
		struct arena *a = cdp_mem(t->cdp);
		int parent = t->session[session].parent;
		const struct json *owner = NULL, *box = NULL, *n;
		struct json *p = json_obj(a);
		double v[2] = {0, 0};
		int i = 0;

		json_put_slice(a, p, "frameId", t->session[session].target);
		if (cdp_call(t->cdp, tab_session_id(t, parent), "DOM.getFrameOwner", p, CALL_MS,
		             &t->mem, &owner, NULL) < 0)
			return;
		p = json_obj(a);
		json_put_int(a, p, "backendNodeId", json_num(owner, "backendNodeId", 0));
		if (cdp_call(t->cdp, tab_session_id(t, parent), "DOM.getBoxModel", p, CALL_MS,
		             &t->mem, &box, NULL) < 0)
			return;
		n = json_at(box, "model.content");
		for (n = n ? n->first : NULL; n && i < 2; n = n->next)
			v[i++] = n->kind == JSON_DEC ? (double)n->i / 1e6 : (double)n->i;
		*x += v[0];
		*y += v[1];
		session = parent;
	}
}

static int locate(struct tab *t, struct hand_field *f)
{
	struct arena *a = cdp_mem(t->cdp);
	const struct json *got = NULL, *is = NULL;
	struct json *p = json_obj(a);
	struct cdp_answer quads, kind;
	int r, k;

	json_put_slice(a, p, "objectId", f->object);
	/* One session's calls are done in their order: the next ones see where it came to
	 * stand. */
	(void)cdp_ask(t->cdp, tab_session_id(t, f->session), "DOM.scrollIntoViewIfNeeded", p,
	              NULL, NULL);
	p = json_obj(a);
	json_put_slice(a, p, "objectId", f->object);
	cdp_send(t->cdp, tab_session_id(t, f->session), "DOM.getContentQuads", p, &t->mem,
	         &quads);
	send_on(t, f, slice_str(about), NULL, &t->mem, &kind);
	r = cdp_await(t->cdp, &quads, CALL_MS, &got, NULL);
	k = await_on(t, &kind, &is);
	if (r < 0 || k < 0)
		return r < 0 ? r : k;
	if (!middle(got, &f->x, &f->y))
		return -ENOENT;
	add_offsets(t, f->session, &f->x, &f->y);
	f->tag = json_text(is, "tag");
	f->type = json_text(is, "type");
	f->covered = json_true(is, "covered");
	return 0;
}

int hand_ask(struct tab *t, const struct probe_frame *frame, struct slice what, bool by_value,
             const struct json **out)
{
	struct buf b;
	int r;

	buf_init(&b, probe_js_bytes + what.n + 64);
	buf_add(&b, slice_mem(probe_js, probe_js_bytes));
	buf_add(&b, what);
	r = probe_evaluate(t, frame->session, frame->id, buf_slice(&b), by_value, &t->mem, out);
	buf_done(&b);
	return r;
}

static int find_in(struct tab *t, const struct probe_frame *frame, struct slice what,
                   struct hand_field *out)
{
	const struct json *got = NULL;
	struct slice object;
	int r = hand_ask(t, frame, what, false, &got);

	if (r < 0)
		return r;
	object = json_text(got, "objectId");
	if (!object.n)
		return -ENOENT;
	*out = (struct hand_field){.session = frame->session, .object = object};
	return 0;
}

int hand_at(struct tab *t, const struct probe_frame *frame, struct slice what,
            struct hand_field *out)
{
	int r = find_in(t, frame, what, out);

	return r < 0 ? r : locate(t, out);
}

int hand_kind(struct tab *t, struct hand_field *f, struct slice *kind)
{
	const struct json *is = NULL;
	struct buf b;
	int r = f->object.n ? locate(t, f) : -ENOENT;

	if (r < 0)
		return r;
	buf_init(&b, probe_js_bytes + 256);
	buf_str(&b, "function(){const probe=");
	buf_add(&b, slice_mem(probe_js, probe_js_bytes));
	buf_str(&b, ";return probe.seen(this)}");
	r = call_on(t, f, buf_slice(&b), NULL, &t->mem, &is);
	buf_done(&b);
	*kind = is && is->kind == JSON_STR ? is->s : (struct slice){0};
	return r;
}

static struct slice find_text(struct tab *t, struct slice selector)
{
	struct buf b;
	struct slice made;

	buf_init(&b, 8192);
	buf_str(&b, ".find(");
	json_write(&b, json_str(&t->mem, selector));
	buf_str(&b, ")");
	made = arena_copy(&t->mem, buf_slice(&b));
	buf_done(&b);
	return made;
}

static int search(struct tab *t, struct slice selector, struct slice frame,
                  struct hand_field *out)
{
	struct slice what = find_text(t, selector);
	struct probe_frame *at = arena_array(&t->mem, TAB_MAX_FRAMES, sizeof(*at));
	size_t n = at ? probe_frames(t, &t->mem, at, TAB_MAX_FRAMES) : 0;
	int r = -ENOENT;

	for (size_t i = 0; i < n && r != 0; i++) {
		if (frame.n && slice_find(at[i].url, frame) == SIZE_MAX)
			continue;
		r = find_in(t, &at[i], what, out);
		if (r == -EPIPE || r == -EINTR || r == -ETIMEDOUT)
			return r;
	}
	return r;
}

bool hand_there(struct tab *t, struct slice selector, struct slice frame)
{
	struct hand_field f;

	return search(t, selector, frame, &f) == 0;
}

int hand_find(struct tab *t, struct slice selector, struct slice frame, struct hand_field *out,
              struct err *e)
{
	int r = search(t, selector, frame, out);

	if (r == 0)
		r = locate(t, out);
	if (r == 0 || r == -EPIPE || r == -EINTR)
		return r;
	return err_set(e, r == -ETIMEDOUT ? r : -ENOENT, "%s: %.*s",
	               r == -ETIMEDOUT ? "the page does not answer" : "not on the page",
	               SLICE_ARG(slice_sub(selector, 0, 200)));
}

/* ---- the pointer ---- */

/*
 * Wait until it is time for the next move: so many ms after the last one. What the browser
 * takes to answer is part of that time, as it is for a person; who is late begins the count
 * anew.
 */
static int pace(struct tab *t, int ms)
{
	int64_t now = clock_mono_us();

	t->hand_us += (int64_t)ms * 1000;
	if (t->hand_us <= now || t->hand_us > now + (int64_t)ms * 1000)
		t->hand_us = t->hand_us <= now ? now : now + (int64_t)ms * 1000;
	return tab_sleep(t, (int)((t->hand_us - now) / 1000));
}

/* Small unsteadiness, the same at each visit (xorshift). */
static int wobble(struct tab *t, int most)
{
	t->chance ^= t->chance << 13;
	t->chance ^= t->chance >> 17;
	t->chance ^= t->chance << 5;
	return (int)(t->chance % (unsigned)(2 * most + 1)) - most;
}

static struct json *pointer(struct tab *t, const char *type, double x, double y, bool pressed)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);

	json_put_str(a, p, "type", type);
	json_put(a, p, "x", json_dec(a, x));
	json_put(a, p, "y", json_dec(a, y));
	if (pressed) {
		json_put_str(a, p, "button", "left");
		json_put_int(a, p, "clickCount", 1);
	}
	return p;
}

/*
 * A page answers a move once it has drawn, some 16 ms later. That is not waited for: a mouse
 * does not, either, and the button is pressed after them all.
 */
static int move(struct tab *t, double x, double y)
{
	return cdp_ask(t->cdp, tab_session_id(t, t->page), "Input.dispatchMouseEvent",
	               pointer(t, "mouseMoved", x, y, false), NULL, NULL);
}

static int button(struct tab *t, const char *type, double x, double y)
{
	return cdp_call(t->cdp, tab_session_id(t, t->page), "Input.dispatchMouseEvent",
	                pointer(t, type, x, y, true), CALL_MS, NULL, NULL, NULL);
}

int hand_click(struct tab *t, const struct hand_field *f, struct err *e)
{
	double x = f->x + wobble(t, 2), y = f->y + wobble(t, 2);
	int r = 0;

	t->hand_us = clock_mono_us();
	for (int i = MOVES; i >= 0 && r == 0; i--) {
		r = move(t, x - i * (17 + wobble(t, 4)), y - i * (9 + wobble(t, 3)));
		if (r == 0)
			r = pace(t, MOVE_MS);
	}
	if (r == 0)
		r = button(t, "mousePressed", x, y);
	if (r == 0)
		r = pace(t, PRESS_MS);
	if (r == 0)
		r = button(t, "mouseReleased", x, y);
	/* The click may have ended the page that was to answer. */
	return r == -ETIMEDOUT ? err_set(e, r, "the page does not answer a click")
	       : r == -EPROTO  ? 0
	                       : r;
}

/* ---- keys ---- */

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static int key(struct tab *t, const char *type, uint8_t c)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);
	uint8_t upper = c >= 'a' && c <= 'z' ? (uint8_t)(c - 32) : c;
	struct slice text = slice_mem(&c, 1);

	json_put_str(a, p, "type", type);
	json_put_slice(a, p, "key", text);
	if (is_digit(c))
		json_put_slice(a, p, "code", arena_printf(a, "Digit%c", c));
	else if (upper >= 'A' && upper <= 'Z')
		json_put_slice(a, p, "code", arena_printf(a, "Key%c", upper));
	/* Of signs the codes are other keys' (0x2e is Delete): without one only the text
	 * counts. */
	json_put_int(a, p, "windowsVirtualKeyCode",
	             is_digit(c) || c == ' ' || (upper >= 'A' && upper <= 'Z') ? upper : 0);
	if (strcmp(type, "keyDown") == 0)
		json_put_slice(a, p, "text", text);
	return cdp_call(t->cdp, tab_session_id(t, t->page), "Input.dispatchKeyEvent", p,
	                CALL_MS, NULL, NULL, NULL);
}

static int press(struct tab *t, uint8_t c)
{
	int r = key(t, "keyDown", c);

	if (r == 0)
		r = pace(t, KEY_MS / 2 + wobble(t, 3));
	if (r == 0)
		r = key(t, "keyUp", c);
	return r == 0 ? pace(t, KEY_MS / 2 + wobble(t, 3)) : r;
}

/* What stands there already is marked, so that the first key takes its place. */
static int mark_all(struct tab *t, const struct hand_field *f)
{
	return call_on(t, f, SLICE("function(){if(this.select)this.select();}"), NULL, NULL,
	               NULL);
}

static int insert(struct tab *t, struct slice text)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);

	json_put_slice(a, p, "text", text);
	return cdp_call(t->cdp, tab_session_id(t, t->page), "Input.insertText", p, CALL_MS,
	                NULL, NULL, NULL);
}

/* Japanese comes out of an input method in one piece; ASCII a key at a time. */
static int type_once(struct tab *t, struct slice text)
{
	size_t i = 0, n = text.n < MAX_TYPED ? text.n : MAX_TYPED;
	int r = 0;

	t->hand_us = clock_mono_us();
	while (i < n && r == 0) {
		size_t from = i;

		while (i < n && text.at[i] >= 0x80)
			i++;
		r = i > from ? insert(t, slice_sub(text, from, i)) : press(t, text.at[i]);
		i += i == from;
	}
	return r;
}

/* Numbers by their digits: pages put blanks and dashes where they like. All else to the letter.
 */
static bool reads_as(struct slice value, struct slice text)
{
	size_t k = 0;

	for (size_t i = 0; i < text.n; i++)
		if (!is_digit(text.at[i]))
			return slice_eq(slice_trim(value), slice_trim(text));
	for (size_t i = 0; i < value.n; i++)
		if (is_digit(value.at[i]) && (k >= text.n || value.at[i] != text.at[k++]))
			return false;
	return k == text.n;
}

static int read_back(struct tab *t, const struct hand_field *f, struct slice *value)
{
	const struct json *is = NULL;
	int r = call_on(t, f, slice_str(about), NULL, &t->mem, &is);

	if (r == 0)
		*value = json_text(is, "value");
	return r;
}

int hand_type(struct tab *t, const struct hand_field *f, struct slice text, struct err *e)
{
	struct slice value = {0};
	int r = 0;

	for (int i = 0; i < TRIES && r == 0; i++) {
		r = hand_click(t, f, e);
		if (r == 0 && i > 0) /* covered, or the click went elsewhere */
			r = call_on(t, f, SLICE("function(){this.focus();}"), NULL, NULL, NULL);
		if (r == 0)
			r = mark_all(t, f);
		if (r == 0)
			r = type_once(t, text);
		if (r == 0)
			r = read_back(t, f, &value);
		if (r == 0 && reads_as(value, text))
			return 0;
	}
	if (r == -EPIPE || r == -EINTR || r == -EIO)
		return r;
	return err_set(e, r == -ETIMEDOUT ? r : -EPROTO,
	               "what was typed does not stand in the field (%.*s)%s",
	               SLICE_ARG(slice_sub(f->tag, 0, 20)),
	               f->covered ? "; something covers it" : "");
}

int hand_choose(struct tab *t, const struct hand_field *f, struct slice text, struct err *e)
{
	static const char choose[] =
	    "function(want){const "
	    "o=[...this.options].find((o)=>o.value===want||o.text.trim()===want||"
	    "(Number(want)&&Number(o.value)===Number(want)));if(!o)return false;this.focus();"
	    "this.value=o.value;this.dispatchEvent(new Event('input',{bubbles:true}));"
	    "this.dispatchEvent(new Event('change',{bubbles:true}));return true;}";
	struct arena *a = cdp_mem(t->cdp);
	const struct json *got = NULL;
	struct json *args = json_arr(a), *arg = json_obj(a);
	int r;

	json_put_slice(a, arg, "value", text);
	json_push(args, arg);
	r = call_on(t, f, slice_str(choose), args, &t->mem, &got);
	if (r < 0)
		return r;
	return got && got->kind == JSON_BOOL && got->b
	           ? tab_sleep(t, KEY_MS)
	           : err_set(e, -EPROTO, "no such choice: %.*s",
	                     SLICE_ARG(slice_sub(text, 0, 60)));
}

int hand_tick(struct tab *t, const struct hand_field *f, struct err *e)
{
	const struct json *is = NULL;
	int r = call_on(t, f, slice_str(about), NULL, &t->mem, &is);

	return r < 0 || json_true(is, "checked") ? r : hand_click(t, f, e);
}
