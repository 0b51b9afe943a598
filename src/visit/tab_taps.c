/*
 * tab_taps: which script takes the typed card into its hands, and gives it to what function.
 *
 * A run of its own: each new document and each worker stops before its first line, breakpoints
 * are set on functions of the browser itself, and it goes on. Nothing of the page's world is
 * altered; a function taken from a hidden frame stops as well. Who called, and what, is noted;
 * whatever stops is let go at once. A stop may lose a key, so what was typed is read back as
 * ever, and that nothing was noted proves nothing.
 */
#include "visit/scripts.h"
#include "visit/tab.h"

#include <string.h>

#define MOST_HITS 400
#define MARK      "debugger;"

static const struct {
	const char *name, *function, *how;
} taps[TAPS_COUNT] = {
    {"input.value", "get(HTMLInputElement,'value')", "own"},
    {"textarea.value", "get(HTMLTextAreaElement,'value')", "own"},
    {"KeyboardEvent.key", "get(KeyboardEvent,'key')", "key"},
    {"FormData", "FormData", "args"},
    {"FormData.append", "FormData.prototype.append", "args"},
    {"FormData.set", "FormData.prototype.set", "args"},
    {"form.action", "set(HTMLFormElement,'action')", "always"},
    {"form.submit", "HTMLFormElement.prototype.submit", "always"},
    {"RTCPeerConnection.createOffer", "RTCPeerConnection.prototype.createOffer", "always"},
    {"serviceWorker.register", "ServiceWorkerContainer.prototype.register", "always"},
    {"btoa", "btoa", "args"},
    {"TextEncoder.encode", "TextEncoder.prototype.encode", "args"},
    {"crypto.subtle.encrypt", "SubtleCrypto.prototype.encrypt", "args"},
    {"RTCPeerConnection", "RTCPeerConnection", "args"},
    {"RTCDataChannel.send", "RTCDataChannel.prototype.send", "args"},
    {"WebSocket", "WebSocket", "args"},
    {"WebSocket.send", "WebSocket.prototype.send", "args"},
    {"WebTransport", "WebTransport", "args"},
    {"EventSource", "EventSource", "args"},
    {"XMLHttpRequest.open", "XMLHttpRequest.prototype.open", "args"},
    {"XMLHttpRequest.send", "XMLHttpRequest.prototype.send", "args"},
    {"XMLHttpRequest.setRequestHeader", "XMLHttpRequest.prototype.setRequestHeader", "args"},
    {"fetch", "fetch", "args"},
    {"sendBeacon", "Navigator.prototype.sendBeacon", "args"},
    {"storage.setItem", "Storage.prototype.setItem", "args"},
    {"document.cookie", "set(Document,'cookie')", "args"},
    {"IndexedDB.put", "IDBObjectStore.prototype.put", "args"},
    {"IndexedDB.add", "IDBObjectStore.prototype.add", "args"},
    {"Cache.put", "Cache.prototype.put", "args"},
    {"image.src", "set(HTMLImageElement,'src')", "args"},
    {"script.src", "set(HTMLScriptElement,'src')", "args"},
    {"iframe.src", "set(HTMLIFrameElement,'src')", "args"},
    {"link.href", "set(HTMLLinkElement,'href')", "args"},
    {"anchor.href", "set(HTMLAnchorElement,'href')", "args"},
    {"anchor.ping", "set(HTMLAnchorElement,'ping')", "args"},
    {"setAttribute", "Element.prototype.setAttribute", "args"},
    {"style.setProperty", "CSSStyleDeclaration.prototype.setProperty", "args"},
    {"window.postMessage", "postMessage", "args"},
    {"Worker.postMessage", "Worker.prototype.postMessage", "args"},
    {"MessagePort.postMessage", "MessagePort.prototype.postMessage", "args"},
    {"BroadcastChannel.postMessage", "BroadcastChannel.prototype.postMessage", "args"},
    {"Blob", "Blob", "args"},
    {"history.pushState", "History.prototype.pushState", "args"},
    {"history.replaceState", "History.prototype.replaceState", "args"},
    {"window.name", "Object.getOwnPropertyDescriptor(window,'name').set", "args"},
    {"location.href", "Object.getOwnPropertyDescriptor(location,'href').set", "args"},
    {"location.assign", "location.assign", "args"},
    {"location.replace", "location.replace", "args"},
    {"window.open", "open", "args"},
    {"innerHTML", "set(Element,'innerHTML')", "args"},
    {"document.write", "Document.prototype.write", "args"},
    {"insertRule", "CSSStyleSheet.prototype.insertRule", "args"},
    {"replaceSync", "CSSStyleSheet.prototype.replaceSync", "args"},
    {"text", "set(HTMLScriptElement,'text')", "args"},
    {"textContent", "set(Node,'textContent')", "args"},
    {"fetchLater", "fetchLater", "args"},
    {"Request", "Request", "args"},
    {"Headers.set", "Headers.prototype.set", "args"},
    {"Headers.append", "Headers.prototype.append", "args"},
    {"URLSearchParams", "URLSearchParams", "args"},
    {"URLSearchParams.set", "URLSearchParams.prototype.set", "args"},
    {"URLSearchParams.append", "URLSearchParams.prototype.append", "args"},
    {"cookieStore.set", "CookieStore.prototype.set", "args"},
    {"crypto.subtle.digest", "SubtleCrypto.prototype.digest", "args"},
    {"crypto.subtle.sign", "SubtleCrypto.prototype.sign", "args"},
    {"crypto.subtle.importKey", "SubtleCrypto.prototype.importKey", "args"},
    {"WritableStream.write", "WritableStreamDefaultWriter.prototype.write", "args"},
    {"Client.postMessage", "Client.prototype.postMessage", "args"},
    {"ServiceWorker.postMessage", "ServiceWorker.prototype.postMessage", "args"},
    /* In a service worker: what a page posts is read. */
    {"Request.text", "Request.prototype.text", "post"},
    {"Request.json", "Request.prototype.json", "post"},
    {"Request.formData", "Request.prototype.formData", "post"},
    {"Request.arrayBuffer", "Request.prototype.arrayBuffer", "post"},
    {"Request.blob", "Request.prototype.blob", "post"},
};

/* A document, or a worker, that stands still until its breakpoints are set. */
struct stop {
	struct tab *t;
	int session;
};

struct setting {
	struct stop *stop;
	size_t tap;
};

static void resume(struct tab *t, int session)
{
	cdp_ask(t->cdp, tab_session_id(t, session), "Debugger.resume", NULL, NULL, NULL);
}

/* ---- setting ---- */

/* The card in what writings a script is likely to have it. */
static struct slice needles(struct tab *t)
{
	struct json *list = json_arr(&t->mem);
	struct slice made;
	struct buf b;

	for (size_t i = 0; i < t->scrub->writings && i < SCRUB_WRITINGS; i++)
		json_push(list, json_str(&t->mem, t->scrub->writing[i]));
	buf_init(&b, 4096);
	made = json_write(&b, list) ? arena_copy(&t->mem, buf_slice(&b)) : SLICE("[\"\"]");
	buf_done(&b);
	return made;
}

static void on_set(void *arg, const struct json *result, struct slice error)
{
	struct setting *s = arg;
	struct tab_taps *all = &s->stop->t->taps;
	struct slice id = json_text(result, "breakpointId");

	(void)error;
	if (!id.n || all->n == TAPS_MAX)
		return;
	all->set[all->n++] = (struct tab_tap){
	    .tap = s->tap, .session = s->stop->session, .id = arena_copy(&s->stop->t->mem, id)};
}

static void set_one(struct stop *s, size_t tap, struct slice object)
{
	struct tab *t = s->t;
	struct arena *a = cdp_mem(t->cdp);
	struct setting *arg = arena_alloc(&t->mem, sizeof(*arg));
	struct json *p = json_obj(a);
	struct slice condition;

	if (!arg || !object.n)
		return;
	*arg = (struct setting){s, tap};
	condition =
	    arena_printf(a, "%.*s(%.*s,this,arguments,'%s')", (int)taps_js_bytes,
	                 (const char *)taps_js, SLICE_ARG(t->taps.needles), taps[tap].how);
	tab_own(t, condition);
	json_put_slice(a, p, "objectId", object);
	json_put_slice(a, p, "condition", condition);
	cdp_ask(t->cdp, tab_session_id(t, s->session), "Debugger.setBreakpointOnFunctionCall",
	        p, on_set, arg);
}

static void on_functions(void *arg, const struct json *result, struct slice error)
{
	struct stop *s = arg;
	const struct json *all = json_get(result, "result");

	(void)error;
	for (const struct json *m = all ? all->first : NULL; m; m = m->next) {
		uint64_t tap;

		if (slice_u64(json_text(m, "name"), &tap) && tap < TAPS_COUNT)
			set_one(s, (size_t)tap, json_text(json_get(m, "value"), "objectId"));
	}
	resume(s->t, s->session);
}

static void on_array(void *arg, const struct json *result, struct slice error)
{
	struct stop *s = arg;
	struct arena *a = cdp_mem(s->t->cdp);
	struct slice object = json_text(json_get(result, "result"), "objectId");
	struct json *p = json_obj(a);

	(void)error;
	if (!object.n) {
		resume(s->t, s->session);
		return;
	}
	json_put_slice(a, p, "objectId", object);
	json_put_bool(a, p, "ownProperties", true);
	cdp_ask(s->t->cdp, tab_session_id(s->t, s->session), "Runtime.getProperties", p,
	        on_functions, s);
}

/* The functions themselves, as an array; what this browser lacks is left out. */
static struct slice functions(struct arena *a)
{
	struct buf b;
	struct slice made;

	buf_init(&b, 16384);
	buf_str(&b, "(()=>{const of=(c,n)=>Object.getOwnPropertyDescriptor(c.prototype,n),"
	            "get=(c,n)=>of(c,n).get,set=(c,n)=>of(c,n).set,all=[];");
	for (size_t i = 0; i < TAPS_COUNT; i++)
		buf_printf(&b, "try{all[%zu]=%s}catch{}", i, taps[i].function);
	buf_str(&b, "return all})()");
	made = arena_copy(a, buf_slice(&b));
	buf_done(&b);
	return made;
}

static void install(struct tab *t, int session, const struct json *frame)
{
	struct arena *a = cdp_mem(t->cdp);
	struct stop *s = arena_alloc(&t->mem, sizeof(*s));
	struct json *p = json_obj(a);
	struct slice all = functions(a);

	if (!s || t->taps.n + TAPS_COUNT > TAPS_MAX) {
		resume(t, session);
		return;
	}
	*s = (struct stop){t, session};
	if (!t->taps.needles.n)
		t->taps.needles = needles(t);
	json_put_slice(a, p, "callFrameId", json_text(frame, "callFrameId"));
	tab_own(t, all);
	json_put_slice(a, p, "expression", all);
	json_put_bool(a, p, "silent", true);
	cdp_ask(t->cdp, tab_session_id(t, session), "Debugger.evaluateOnCallFrame", p, on_array,
	        s);
}

/*
 * Chromium 156's renderer dies of breakpoints that are set while a worker waits for its
 * debugger; at its first line it bears them.
 */
void tab_taps_worker(struct tab *t, int session)
{
	t->session[session].begins = true;
	cdp_ask(t->cdp, tab_session_id(t, session), "Debugger.pause", NULL, NULL, NULL);
}

void tab_taps_equip(struct tab *t, const char *session)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);

	tab_own(t, SLICE(MARK));
	json_put_str(a, p, "source", MARK);
	json_put_bool(a, p, "runImmediately", true);
	cdp_ask(t->cdp, session, "Page.addScriptToEvaluateOnNewDocument", p, NULL, NULL);
}

/* ---- noting ---- */

static const struct tab_script *script_of(const struct tab *t, int session, struct slice id)
{
	for (size_t i = t->scripts; i-- > 0;)
		if (t->script[i].session == session && slice_eq(t->script[i].id, id))
			return &t->script[i];
	return NULL;
}

/* The nearest caller that is the page's; our own looks into fields have none. */
static const struct tab_script *caller(const struct tab *t, int session, const struct json *p)
{
	const struct json *frames = json_get(p, "callFrames");

	for (const struct json *f = frames ? frames->first : NULL; f; f = f->next) {
		const struct tab_script *s =
		    script_of(t, session, json_text(json_get(f, "location"), "scriptId"));

		if (s)
			return s;
	}
	return NULL;
}

static void note(struct tab *t, const char *what, const struct tab_script *s)
{
	struct slice script = s->url.n ? scrub_url(t->scrub, &t->mem, s->url) : s->place;
	struct json *o;

	/* Code made out of a text stands for whoever made it. */
	if (!s->url.n && s->how && strcmp(s->how, "eval") == 0 && s->by.n)
		script = s->by.url[0];
	for (struct json *e = t->list[TAB_TOUCHES].arr->first; e; e = e->next) {
		struct json *n = (struct json *)(uintptr_t)json_get(e, "n");

		if (json_num(e, "step", -1) == t->steps - 1 &&
		    slice_eq(json_text(e, "what"), slice_str(what)) &&
		    slice_eq(json_text(e, "script"), script)) {
			n->i++;
			return;
		}
	}
	o = json_obj(&t->mem);
	json_put_int(&t->mem, o, "step", t->steps - 1);
	json_put_str(&t->mem, o, "what", what);
	json_put_slice(&t->mem, o, "script", script);
	json_put_int(&t->mem, o, "n", 1);
	tab_push(t, TAB_TOUCHES, o);
}

static const char *tap_of(const struct tab *t, int session, const struct json *hit)
{
	for (size_t i = 0; i < t->taps.n; i++)
		if (t->taps.set[i].session == session && hit->kind == JSON_STR &&
		    slice_eq(t->taps.set[i].id, hit->s))
			return taps[t->taps.set[i].tap].name;
	return NULL;
}

/*
 * Where a document or a worker begins: our own line, which is in no list (a page's `debugger`
 * stands in code of its own), or a worker's first.
 */
static bool begins(struct tab *t, int session, const struct json *frame)
{
	struct tab_session *s = &t->session[session];
	bool worker = s->begins;

	s->begins = false;
	if (s->type == TAB_WORKER)
		return frame && worker;
	return frame && !json_text(frame, "url").n &&
	       !script_of(t, session, json_text(json_get(frame, "location"), "scriptId"));
}

void tab_taps_paused(struct tab *t, int session, const struct json *p)
{
	const struct json *hits = json_get(p, "hitBreakpoints");
	const struct json *frame = json_get(p, "callFrames");
	const struct tab_script *by;

	frame = frame ? frame->first : NULL;
	if ((!hits || !hits->first) && begins(t, session, frame)) {
		install(t, session, frame);
		return;
	}
	by = caller(t, session, p);
	if (by && hits && hits->first && t->taps.hits < MOST_HITS) {
		const char *what = tap_of(t, session, hits->first);

		t->taps.hits++;
		if (what)
			note(t, what, by);
	}
	resume(t, session);
}
