/* probe: what a page is made of, asked in isolated worlds. */
#include "base/path.h"
#include "visit/scripts.h"
#include "visit/tab.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define CALL_MS       4000
#define MAX_DEPTH     16
#define MAX_LISTENERS 300
#define SHOT_QUALITY  45
#define MOST_SHOT     (4u << 20)

/* ---- frames ---- */

struct walk {
	struct tab *t;
	struct arena *mem;
	struct probe_frame *out;
	size_t n, max;
	int session;
};

static void walk(struct walk *w, const struct json *tree, struct slice parent, int depth)
{
	const struct json *f = json_get(tree, "frame"), *kids = json_get(tree, "childFrames");
	struct slice url = json_text(f, "url");

	if (!f || depth > MAX_DEPTH || w->n == w->max)
		return;
	w->out[w->n++] = (struct probe_frame){
	    .session = w->session, .id = json_text(f, "id"), .url = url, .parent_url = parent};
	for (const struct json *k = kids ? kids->first : NULL; k; k = k->next)
		walk(w, k, url, depth + 1);
}

size_t probe_frames(struct tab *t, struct arena *mem, struct probe_frame *out, size_t max)
{
	struct walk w = {.t = t, .mem = mem, .out = out, .max = max};

	for (int i = 0; i < t->sessions; i++) {
		const struct tab_session *s = &t->session[i];
		const struct json *got = NULL;
		struct slice parent = {0};

		if (!s->id[0] || (s->type != TAB_PAGE && s->type != TAB_FRAME))
			continue;
		if (cdp_call(t->cdp, s->id, "Page.getFrameTree", NULL, CALL_MS, mem, &got,
		             NULL) < 0)
			continue;
		if (s->parent >= 0)
			parent = t->session[s->parent].url;
		w.session = i;
		walk(&w, json_get(got, "frameTree"), parent, 0);
		t->session[i].url = json_text(json_at(got, "frameTree.frame"), "url");
	}
	return w.n;
}

int64_t probe_world(struct tab *t, int session, struct slice frame, struct arena *mem)
{
	struct arena *a = cdp_mem(t->cdp);
	const struct json *world = NULL;
	struct json *p = json_obj(a);
	int r;

	json_put_slice(a, p, "frameId", frame);
	json_put_str(a, p, "worldName", "");
	r = cdp_call(t->cdp, tab_session_id(t, session), "Page.createIsolatedWorld", p, CALL_MS,
	             mem, &world, NULL);
	return r < 0 ? r : json_num(world, "executionContextId", 0);
}

static void send_expression(struct tab *t, int session, int64_t world, struct slice expression,
                            bool by_value, struct arena *mem, struct cdp_answer *answer)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);

	json_put_int(a, p, "contextId", world);
	json_put_slice(a, p, "expression", expression);
	json_put_bool(a, p, "returnByValue", by_value);
	json_put_int(a, p, "timeout", CALL_MS / 2);
	cdp_send(t->cdp, tab_session_id(t, session), "Runtime.evaluate", p, mem, answer);
}

static int await_expression(struct tab *t, struct cdp_answer *answer, bool by_value,
                            const struct json **out)
{
	const struct json *got = NULL;
	int r = cdp_await(t->cdp, answer, CALL_MS, &got, NULL);

	if (r == 0 && json_get(got, "exceptionDetails"))
		r = -EPROTO;
	if (r == 0)
		*out = by_value ? json_at(got, "result.value") : json_get(got, "result");
	return r;
}

int probe_evaluate(struct tab *t, int session, struct slice frame, struct slice expression,
                   bool by_value, struct arena *mem, const struct json **out)
{
	int64_t world = probe_world(t, session, frame, mem);
	struct cdp_answer answer;

	if (world < 0)
		return (int)world;
	send_expression(t, session, world, expression, by_value, mem, &answer);
	return await_expression(t, &answer, by_value, out);
}

/* ---- what a frame holds ---- */

static struct json *entry(struct tab *t, struct slice frame)
{
	struct json *o = json_obj(&t->mem);

	json_put_int(&t->mem, o, "step", t->steps - 1);
	json_put_slice(&t->mem, o, "frame", frame);
	return o;
}

static void put_clean(struct tab *t, struct json *o, const char *name, struct slice s)
{
	json_put_slice(&t->mem, o, name, scrub_text(t->scrub, &t->mem, s));
}

static void put_party(struct tab *t, struct json *o, struct slice url)
{
	json_put_str(&t->mem, o, "party", tab_first_party(t, url) ? "first" : "third");
}

static void put_forms(struct tab *t, struct slice frame, const struct json *page)
{
	const struct json *forms = json_get(page, "forms");

	for (const struct json *f = forms ? forms->first : NULL; f; f = f->next) {
		struct slice action = json_text(f, "action");
		struct json *o = entry(t, frame);

		json_put_slice(&t->mem, o, "action", scrub_url(t->scrub, &t->mem, action));
		put_clean(t, o, "method", json_text(f, "method"));
		json_put_int(&t->mem, o, "fields", json_num(f, "fields", 0));
		put_party(t, o, action);
		tab_push(t, TAB_FORMS, o);
	}
}

static void put_fields(struct tab *t, struct slice frame, const struct json *page)
{
	const struct json *fields = json_get(page, "fields");

	for (const struct json *f = fields ? fields->first : NULL; f; f = f->next) {
		struct json *o = entry(t, frame);

		put_clean(t, o, "kind", json_text(f, "kind"));
		put_clean(t, o, "name", json_text(f, "name"));
		put_clean(t, o, "type", json_text(f, "type"));
		put_clean(t, o, "autocomplete", json_text(f, "autocomplete"));
		json_put_bool(&t->mem, o, "visible", json_true(f, "visible"));
		json_put_bool(&t->mem, o, "covered", json_true(f, "covered"));
		tab_push(t, TAB_FIELDS, o);
	}
	t->list[TAB_FIELDS].cut += (size_t)json_num(page, "more", 0);
}

static void note_secrets(struct tab *t, const struct json *page)
{
	const struct json *all = json_get(page, "secrets");

	for (const struct json *s = all ? all->first : NULL; s; s = s->next)
		if (s->kind == JSON_STR && t->secrets < TAB_MAX_ENTRIES)
			t->secret[t->secrets++] = s->s;
}

static void put_frame(struct tab *t, const struct probe_frame *f, struct slice clean)
{
	struct json *o = json_obj(&t->mem);

	json_put_int(&t->mem, o, "step", t->steps - 1);
	json_put_slice(&t->mem, o, "url", clean);
	json_put_slice(&t->mem, o, "parent", scrub_url(t->scrub, &t->mem, f->parent_url));
	put_party(t, o, f->url);
	tab_push(t, TAB_FRAMES, o);
}

static void put_page(struct tab *t, const struct probe_frame *f, struct slice clean,
                     const struct json *page)
{
	put_forms(t, clean, page);
	put_fields(t, clean, page);
	note_secrets(t, page);
	if (scrub_finds_canary(t->scrub, json_text(page, "text")))
		t->shows = true;
	if (f->session == t->page && !f->parent_url.n) {
		t->step[t->steps - 1].title =
		    scrub_text(t->scrub, &t->mem, json_text(page, "title"));
		t->last_page = page;
	}
}

/* ---- listeners ---- */

static const char *const heard[] = {
    "input",    "change",       "keydown",    "keyup",
    "keypress", "blur",         "focusout",   "submit",
    "click",    "mousedown",    "paste",      "copy",
    "pagehide", "beforeunload", "unload",     "visibilitychange",
    "message",  "formdata",     "touchstart", "pointerdown",
    "freeze",   "beforeinput"};

struct listening {
	struct tab *t;
	const char *on;
};

static struct slice script_name(const struct tab *t, struct slice id)
{
	for (size_t i = 0; i < t->scripts; i++)
		if (slice_eq(t->script[i].id, id))
			return t->script[i].url.n
			           ? scrub_url(t->scrub, (struct arena *)(uintptr_t)&t->mem,
			                       t->script[i].url)
			           : t->script[i].place;
	return SLICE("?");
}

static void put_listener(struct tab *t, const char *on, struct slice type, struct slice script)
{
	struct json *o;

	for (const struct json *e = t->list[TAB_LISTENERS].arr->first; e; e = e->next)
		if (json_num(e, "step", -1) == t->steps - 1 &&
		    slice_eq(json_text(e, "on"), slice_str(on)) &&
		    slice_eq(json_text(e, "type"), type) &&
		    slice_eq(json_text(e, "script"), script))
			return;
	o = json_obj(&t->mem);
	json_put_int(&t->mem, o, "step", t->steps - 1);
	json_put_str(&t->mem, o, "on", on);
	json_put_slice(&t->mem, o, "type", arena_copy(&t->mem, type));
	json_put_slice(&t->mem, o, "script", script);
	tab_push(t, TAB_LISTENERS, o);
}

static void put_listeners(struct tab *t, const char *on, const struct json *got)
{
	const struct json *all = json_get(got, "listeners");
	int n = 0;

	for (const struct json *l = all ? all->first : NULL; l && n < MAX_LISTENERS;
	     l = l->next) {
		struct slice type = json_text(l, "type");

		for (size_t i = 0; i < sizeof(heard) / sizeof(heard[0]); i++)
			if (slice_eq(type, slice_str(heard[i]))) {
				/* Of the whole document at once: the node is a number there. */
				const char *at =
				    json_get(l, "backendNodeId") && strcmp(on, "document") == 0
				        ? "element"
				        : on;

				put_listener(t, at, type,
				             script_name(t, json_text(l, "scriptId")));
				n++;
			}
	}
}

static void send_listeners(struct tab *t, const struct probe_frame *f,
                           const struct json *object, bool deep, struct cdp_answer *answer)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);

	json_put_slice(a, p, "objectId", json_text(object, "objectId"));
	if (deep) {
		json_put_int(a, p, "depth", -1);
		json_put_bool(a, p, "pierce", true);
	}
	cdp_send(t->cdp, tab_session_id(t, f->session), "DOMDebugger.getEventListeners", p,
	         &t->mem, answer);
}

enum { AT_DOCUMENT, AT_WINDOW, AT };
static const char *const listened[AT] = {[AT_DOCUMENT] = "document", [AT_WINDOW] = "window"};

/* The step's looks are those of all its frames, in their order, and of what they loaded. */
static void fold_looks(struct tab *t, struct slice more)
{
	struct tab_step *s = &t->step[t->steps - 1];
	struct hash_state *st = hash_new();
	struct hash h;

	if (!st)
		err_die("no memory");
	hash_add(st, slice_str(s->looks));
	hash_add(st, more);
	h = hash_end(st);
	hash_free(st);
	hash_hex(&h, s->looks);
}

static void ask(struct tab *t, const struct probe_frame *f, int64_t world, const char *what,
                struct cdp_answer *answer)
{
	struct buf b;

	buf_init(&b, probe_js_bytes + 64);
	buf_add(&b, slice_mem(probe_js, probe_js_bytes));
	buf_str(&b, what);
	send_expression(t, f->session, world, buf_slice(&b), true, &t->mem, answer);
	buf_done(&b);
}

/*
 * All that is asked of a frame is under way at once. What listens is asked in a world of its
 * own: where it is asked in the one that walked the page, Chromium 156's renderer dies of the
 * next field that is scrolled to.
 */
static void look_into(struct tab *t, const struct probe_frame *f, bool listeners)
{
	struct slice clean = scrub_url(t->scrub, &t->mem, f->url);
	int64_t world = probe_world(t, f->session, f->id, &t->mem);
	int64_t apart = listeners ? probe_world(t, f->session, f->id, &t->mem) : -1;
	struct cdp_answer page, looks, object[AT], heard_of[AT];
	const struct json *got = NULL, *o[AT] = {NULL};

	if (f->parent_url.n)
		put_frame(t, f, clean);
	listeners = apart >= 0;
	if (world < 0)
		return;
	ask(t, f, world, ".page()", &page);
	if (t->pictures)
		ask(t, f, world, ".looks()", &looks);
	for (int i = 0; i < AT && listeners; i++)
		send_expression(t, f->session, apart, slice_str(listened[i]), false, &t->mem,
		                &object[i]);
	if (await_expression(t, &page, true, &got) == 0)
		put_page(t, f, clean, got);
	if (t->pictures && await_expression(t, &looks, true, &got) == 0 && got)
		fold_looks(t, got->kind == JSON_STR ? got->s : (struct slice){0});
	for (int i = 0; i < AT && listeners; i++)
		if (await_expression(t, &object[i], false, &o[i]) == 0)
			send_listeners(t, f, o[i], i == AT_DOCUMENT, &heard_of[i]);
	for (int i = 0; i < AT && listeners; i++)
		if (o[i] && cdp_await(t->cdp, &heard_of[i], CALL_MS, &got, NULL) == 0)
			put_listeners(t, listened[i], got);
}

void probe_page(struct tab *t)
{
	struct probe_frame *f = arena_array(&t->mem, TAB_MAX_FRAMES, sizeof(*f));
	size_t n = f ? probe_frames(t, &t->mem, f, TAB_MAX_FRAMES) : 0;

	for (size_t i = 0; i < n && cdp_alive(t->cdp); i++)
		look_into(t, &f[i], i < TAB_MAX_FRAMES / 8);
}

/* ---- pictures ---- */

/* What was typed is not shown: by a style sheet of the inspector, which no page sees. */
static void hide_inputs(struct tab *t, const struct probe_frame *f)
{
	static const char css[] =
	    "input,textarea,select{color:transparent!important;-webkit-text-fill-color:"
	    "transparent"
	    "!important;text-shadow:none!important;caret-color:transparent!important}";
	struct arena *a = cdp_mem(t->cdp);
	const char *id = tab_session_id(t, f->session);
	const struct json *got = NULL;
	struct json *p;

	cdp_ask(t->cdp, id, "DOM.enable", NULL, NULL, NULL);
	cdp_ask(t->cdp, id, "CSS.enable", NULL, NULL, NULL);
	p = json_obj(a);
	json_put_slice(a, p, "frameId", f->id);
	if (cdp_call(t->cdp, id, "CSS.createStyleSheet", p, CALL_MS, &t->mem, &got, NULL) < 0)
		return;
	p = json_obj(a);
	json_put_slice(a, p, "styleSheetId", json_text(got, "styleSheetId"));
	json_put_str(a, p, "text", css);
	(void)cdp_call(t->cdp, id, "CSS.setStyleSheetText", p, CALL_MS, NULL, NULL, NULL);
}

static void keep_shot(struct tab *t, struct slice picture)
{
	struct tab_step *s = &t->step[t->steps - 1];
	struct hash h = hash_of(picture);
	AUTO_FD fd = memfd_create("shot", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || path_write(fd, picture) < 0)
		return;
	hash_hex(&h, s->shot);
	if (t->on_content)
		t->on_content(t->content_ctx, "shot", s->url, s->shot, (int64_t)picture.n, fd);
}

/* Pictures and styles under the same address may be others: by their sizes. */
static void fold_loaded(struct tab *t)
{
	static const char *const types[] = {"image", "style", "font", "media"};
	struct arena *a = &t->mem;

	for (size_t i = 0; i < t->reqs; i++)
		for (size_t k = 0; k < sizeof(types) / sizeof(types[0]); k++)
			if (t->req[i].step == t->steps - 1 &&
			    slice_eq(t->req[i].type, slice_str(types[k])))
				fold_looks(t, arena_printf(a, "%.*s %lld\n",
				                           SLICE_ARG(t->req[i].url),
				                           (long long)t->req[i].bytes));
}

static bool has_picture(struct tab *t)
{
	struct tab_step *s = &t->step[t->steps - 1];

	for (size_t i = 0; s->looks[0] && i < t->pictureds; i++)
		if (strcmp(s->looks, t->pictured[i].looks) == 0) {
			memcpy(s->shot, t->pictured[i].shot, sizeof(s->shot));
			return true;
		}
	return false;
}

void probe_shot(struct tab *t)
{
	struct probe_frame *f = arena_array(&t->mem, TAB_MAX_FRAMES, sizeof(*f));
	size_t n = f ? probe_frames(t, &t->mem, f, TAB_MAX_FRAMES) : 0;
	struct arena *a = cdp_mem(t->cdp);
	const struct json *got = NULL;
	struct slice picture;
	struct json *p;

	if (t->shows || t->steps == 0)
		return; /* a card stands in the page's text */
	fold_loaded(t);
	if (has_picture(t))
		return;
	for (size_t i = 0; i < n && i < 16; i++)
		hide_inputs(t, &f[i]);
	p = json_obj(a);
	json_put_str(a, p, "format", "webp");
	json_put_int(a, p, "quality", SHOT_QUALITY);
	if (cdp_call(t->cdp, tab_session_id(t, t->page), "Page.captureScreenshot", p,
	             CALL_MS * 2, &t->mem, &got, NULL) < 0)
		return;
	picture = tab_unbase64(&t->mem, json_text(got, "data"));
	if (picture.n > 0 && picture.n <= MOST_SHOT)
		keep_shot(t, picture);
}
