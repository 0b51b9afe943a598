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

int probe_evaluate(struct tab *t, int session, struct slice frame, struct slice expression,
                   bool by_value, struct arena *mem, const struct json **out)
{
	struct arena *a = cdp_mem(t->cdp);
	const char *id = tab_session_id(t, session);
	const struct json *world = NULL, *got = NULL;
	struct json *p = json_obj(a);
	int r;

	json_put_slice(a, p, "frameId", frame);
	json_put_str(a, p, "worldName", "");
	r = cdp_call(t->cdp, id, "Page.createIsolatedWorld", p, CALL_MS, mem, &world, NULL);
	if (r < 0)
		return r;
	p = json_obj(a);
	json_put_int(a, p, "contextId", json_num(world, "executionContextId", 0));
	json_put_slice(a, p, "expression", expression);
	json_put_bool(a, p, "returnByValue", by_value);
	json_put_int(a, p, "timeout", CALL_MS / 2);
	r = cdp_call(t->cdp, id, "Runtime.evaluate", p, CALL_MS, mem, &got, NULL);
	if (r == 0 && json_get(got, "exceptionDetails"))
		r = -EPROTO;
	if (r == 0)
		*out = by_value ? json_at(got, "result.value") : json_get(got, "result");
	return r;
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

static void look_into(struct tab *t, const struct probe_frame *f)
{
	const struct json *page = NULL;
	struct slice clean = scrub_url(t->scrub, &t->mem, f->url);
	struct buf b;
	int r;

	buf_init(&b, probe_js_bytes + 64);
	buf_add(&b, slice_mem(probe_js, probe_js_bytes));
	buf_str(&b, ".page()");
	r = probe_evaluate(t, f->session, f->id, buf_slice(&b), true, &t->mem, &page);
	buf_done(&b);
	if (f->parent_url.n) {
		struct json *o = json_obj(&t->mem);

		json_put_int(&t->mem, o, "step", t->steps - 1);
		json_put_slice(&t->mem, o, "url", clean);
		json_put_slice(&t->mem, o, "parent",
		               scrub_url(t->scrub, &t->mem, f->parent_url));
		put_party(t, o, f->url);
		tab_push(t, TAB_FRAMES, o);
	}
	if (r < 0)
		return;
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

static void listeners_of(struct tab *t, const struct probe_frame *f, const char *expression,
                         const char *on)
{
	struct arena *a = cdp_mem(t->cdp);
	const struct json *object = NULL, *got = NULL;
	struct json *p;

	if (probe_evaluate(t, f->session, f->id, slice_str(expression), false, &t->mem,
	                   &object) < 0)
		return;
	p = json_obj(a);
	json_put_slice(a, p, "objectId", json_text(object, "objectId"));
	if (strcmp(on, "document") == 0) {
		json_put_int(a, p, "depth", -1);
		json_put_bool(a, p, "pierce", true);
	}
	if (cdp_call(t->cdp, tab_session_id(t, f->session), "DOMDebugger.getEventListeners", p,
	             CALL_MS, &t->mem, &got, NULL) == 0)
		put_listeners(t, on, got);
}

void probe_page(struct tab *t)
{
	struct probe_frame *f = arena_array(&t->mem, TAB_MAX_FRAMES, sizeof(*f));
	size_t n = f ? probe_frames(t, &t->mem, f, TAB_MAX_FRAMES) : 0;

	for (size_t i = 0; i < n && cdp_alive(t->cdp); i++) {
		look_into(t, &f[i]);
		if (i < TAB_MAX_FRAMES / 8) {
			listeners_of(t, &f[i], "document", "document");
			listeners_of(t, &f[i], "window", "window");
		}
	}
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
