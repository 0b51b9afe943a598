/* tab: the life of one visit, and who is attached to it. */
#include "visit/tab.h"
#include "visit/scripts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TURN_MS    20
#define END_MS     5000
#define HANGING_MS 3000
#define MOST_KEY   200
#define MOST_VALUE 65536
#define WINDOWS \
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
#define ANDROID "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "

const char *tab_session_id(const struct tab *t, int i)
{
	return i >= 0 && i < t->sessions ? t->session[i].id : "";
}

struct slice tab_host(struct slice url)
{
	size_t at = slice_find(url, SLICE("://"));
	struct slice rest;

	if (at == SIZE_MAX)
		return (struct slice){0};
	rest = slice_sub(url, at + 3, url.n);
	rest = slice_sub(rest, 0, slice_chr(rest, '/'));
	rest = slice_sub(rest, 0, slice_chr(rest, '?'));
	at = slice_chr(rest, '@');
	return at == SIZE_MAX ? rest : slice_sub(rest, at + 1, rest.n);
}

/*
 * The site of a host: its last two labels, three where the second last is one of those under
 * which countries register (co.jp). The port belongs to it only where the host is a number or
 * localhost, as in tests: then another port is another party.
 */
static struct slice site_of(struct slice host)
{
	static const char *const seconds[] = {"co", "ne", "or",  "ac",  "go",  "ed",  "gr",
	                                      "ad", "lg", "com", "net", "org", "gov", "edu"};
	struct slice name = slice_sub(host, 0, slice_chr(host, ':'));
	size_t dots = 0, want = 2, i = name.n;
	struct slice second = {0};

	if (slice_eq(name, SLICE("localhost")) || slice_ends(name, SLICE(".localhost")) ||
	    (name.n && name.at[name.n - 1] >= '0' && name.at[name.n - 1] <= '9'))
		return host;
	while (i > 0) {
		if (name.at[--i] != '.')
			continue;
		dots++;
		if (dots == 2) {
			second = slice_sub(name, i + 1, name.n);
			second = slice_sub(second, 0, slice_chr(second, '.'));
			for (size_t k = 0; k < sizeof(seconds) / sizeof(*seconds); k++)
				if (slice_eq(second, slice_str(seconds[k])))
					want = 3;
		}
		if (dots == want)
			return slice_sub(name, i + 1, name.n);
	}
	return name;
}

struct slice tab_bare_host(struct slice host)
{
	size_t from = host.n && host.at[0] == '[' ? slice_chr(host, ']') : 0;
	size_t port =
	    from == SIZE_MAX ? SIZE_MAX : slice_chr(slice_sub(host, from, host.n), ':');

	return port == SIZE_MAX ? host : slice_sub(host, 0, from + port);
}

bool tab_first_host(const struct tab *t, struct slice host)
{
	return host.n == 0 || slice_caseeq(site_of(host), site_of(t->host));
}

bool tab_first_party(const struct tab *t, struct slice url)
{
	return tab_first_host(t, tab_host(url));
}

void tab_push(struct tab *t, enum tab_lists which, struct json *entry)
{
	struct tab_list *l = &t->list[which];

	if (!l->arr || l->n >= TAB_MAX_ENTRIES) {
		l->cut++;
		return;
	}
	if (json_push(l->arr, entry))
		l->n++;
}

void tab_keep(struct tab *t, const char *area, struct slice host, struct slice key,
              struct slice value)
{
	if (t->kepts == TAB_MAX_ENTRIES)
		return;
	t->kept[t->kepts++] = (struct tab_kept){
	    .area = slice_str(area),
	    .host = arena_copy(&t->mem, host),
	    .key = arena_copy(&t->mem, slice_sub(key, 0, MOST_KEY)),
	    .value = arena_copy(&t->mem, slice_sub(value, 0, MOST_VALUE)),
	};
}

/* ---- sessions ---- */

static int session_of(const struct tab *t, struct slice id)
{
	for (int i = 0; i < t->sessions; i++)
		if (t->session[i].id[0] && slice_eq(slice_str(t->session[i].id), id))
			return i;
	return -1;
}

static struct json *attach_params(struct tab *t)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);

	json_put_bool(a, p, "autoAttach", true);
	json_put_bool(a, p, "waitForDebuggerOnStart", true);
	json_put_bool(a, p, "flatten", true);
	return p;
}

static struct json *one_number(struct tab *t, const char *name, int64_t n)
{
	struct json *p = json_obj(cdp_mem(t->cdp));

	json_put_int(cdp_mem(t->cdp), p, name, n);
	return p;
}

static struct json *one_flag(struct tab *t, const char *name, bool b)
{
	struct json *p = json_obj(cdp_mem(t->cdp));

	json_put_bool(cdp_mem(t->cdp), p, name, b);
	return p;
}

static struct json *network_params(struct tab *t)
{
	struct json *p = one_number(t, "maxTotalBufferSize", 96 << 20);

	json_put_int(cdp_mem(t->cdp), p, "maxResourceBufferSize", 16 << 20);
	json_put_int(cdp_mem(t->cdp), p, "maxPostDataSize", TAB_BODY_BYTES);
	return p;
}

static struct json *fetch_params(struct tab *t)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a), *pattern = json_obj(a);

	json_put_str(a, pattern, "urlPattern", "*");
	json_push(json_put(a, p, "patterns", json_arr(a)), pattern);
	return p;
}

static struct json *brand(struct arena *a, const char *name, const char *version)
{
	struct json *b = json_obj(a);

	json_put_str(a, b, "brand", name);
	json_put_str(a, b, "version", version);
	return b;
}

/* As a customer's browser names itself: no word of "Headless". */
static struct json *agent_params(struct tab *t)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a), *m = json_obj(a), *brands;
	bool phone = t->arm->phone;

	json_put_slice(a, p, "userAgent",
	               arena_printf(a, "%sChrome/%s.0.0.0 %sSafari/537.36",
	                            phone ? ANDROID : WINDOWS, t->known_version,
	                            phone ? "Mobile " : ""));
	json_put_str(a, p, "acceptLanguage", "ja,en-US;q=0.9,en;q=0.8");
	json_put_str(a, p, "platform", phone ? "Linux armv81" : "Win32");
	brands = json_put(a, m, "brands", json_arr(a));
	json_push(brands, brand(a, "Chromium", t->known_version));
	json_push(brands, brand(a, "Google Chrome", t->known_version));
	json_push(brands, brand(a, "Not;A=Brand", "24"));
	json_put_str(a, m, "platform", phone ? "Android" : "Windows");
	json_put_str(a, m, "platformVersion", phone ? "10.0.0" : "15.0.0");
	json_put_str(a, m, "architecture", phone ? "" : "x86");
	json_put_str(a, m, "model", phone ? "K" : "");
	json_put_bool(a, m, "mobile", phone);
	json_put(a, p, "userAgentMetadata", m);
	return p;
}

static void emulate_phone(struct tab *t, const char *id)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);

	json_put_int(a, p, "width", 393);
	json_put_int(a, p, "height", 852);
	json_put_int(a, p, "deviceScaleFactor", 3);
	json_put_bool(a, p, "mobile", true);
	cdp_ask(t->cdp, id, "Emulation.setDeviceMetricsOverride", p, NULL, NULL);
	cdp_ask(t->cdp, id, "Emulation.setTouchEmulationEnabled", one_flag(t, "enabled", true),
	        NULL, NULL);
}

void tab_own(struct tab *t, struct slice text)
{
	char hex[HASH_HEX_BYTES];
	struct hash h = hash_of(text);

	hash_hex(&h, hex);
	for (size_t i = 0; i < t->owns; i++)
		if (strcmp(t->own[i], hex) == 0)
			return;
	if (t->owns < TAB_MAX_OWN)
		memcpy(t->own[t->owns++], hex, sizeof(hex));
}

static void seed(struct tab *t, const char *id)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);

	tab_own(t, slice_mem(seed_js, seed_js_bytes));
	json_put_slice(a, p, "source", slice_mem(seed_js, seed_js_bytes));
	json_put_bool(a, p, "runImmediately", true);
	cdp_ask(t->cdp, id, "Page.addScriptToEvaluateOnNewDocument", p, NULL, NULL);
}

/* A worker has no documents; it waits for its first line. */
static void seed_worker(struct tab *t, const char *id)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);

	tab_own(t, slice_mem(seed_js, seed_js_bytes));
	json_put_slice(a, p, "expression", slice_mem(seed_js, seed_js_bytes));
	json_put_bool(a, p, "silent", true);
	cdp_ask(t->cdp, id, "Runtime.evaluate", p, NULL, NULL);
}

/* All of it is on its way before the target runs its first line; answers are not waited for. */
static void equip(struct tab *t, struct tab_session *s)
{
	struct cdp *c = t->cdp;
	bool page = s->type == TAB_PAGE || s->type == TAB_FRAME;

	cdp_ask(c, s->id, "Network.enable", network_params(t), NULL, NULL);
	cdp_ask(c, s->id, "Fetch.enable", fetch_params(t), NULL, NULL);
	cdp_ask(c, s->id, "Target.setAutoAttach", attach_params(t), NULL, NULL);
	cdp_ask(c, s->id, "Emulation.setUserAgentOverride", agent_params(t), NULL, NULL);
	if (page) {
		cdp_ask(c, s->id, "Page.enable", NULL, NULL, NULL);
		cdp_ask(c, s->id, "DOMStorage.enable", NULL, NULL, NULL);
		if (t->arm->seeded)
			seed(t, s->id);
		if (t->arm->taps)
			tab_taps_equip(t, s->id);
	}
	if (s->type == TAB_PAGE && t->arm->phone)
		emulate_phone(t, s->id);
	cdp_ask(c, s->id, "Debugger.enable", one_number(t, "maxScriptsCacheSize", 32 << 20),
	        NULL, NULL);
	cdp_ask(c, s->id, "Debugger.setSkipAllPauses",
	        one_flag(t, "skip", s->type == TAB_OTHER || !t->arm->taps), NULL, NULL);
	if (s->type == TAB_WORKER && t->arm->seeded)
		seed_worker(t, s->id);
	if (s->type == TAB_WORKER && t->arm->taps)
		tab_taps_worker(t, (int)(s - t->session));
	cdp_ask(c, s->id, "Runtime.runIfWaitingForDebugger", NULL, NULL, NULL);
}

static enum tab_type type_of(struct slice kind)
{
	if (slice_eq(kind, SLICE("page")))
		return TAB_PAGE;
	if (slice_eq(kind, SLICE("iframe")))
		return TAB_FRAME;
	if (slice_ends(kind, SLICE("worker")))
		return TAB_WORKER;
	return TAB_OTHER;
}

static void note_worker(struct tab *t, const struct tab_session *s)
{
	struct json *o = json_obj(&t->mem);

	json_put_slice(&t->mem, o, "url", scrub_url(t->scrub, &t->mem, s->url));
	json_put_slice(&t->mem, o, "type", s->kind);
	tab_push(t, TAB_WORKERS, o);
}

/* Places are not used twice: requests name the one that they came from. */
static int place_for(struct tab *t)
{
	return t->sessions < TAB_MAX_SESSIONS ? t->sessions++ : -1;
}

static void on_attached(struct tab *t, int parent, const struct json *p)
{
	const struct json *info = json_get(p, "targetInfo");
	struct slice id = json_text(p, "sessionId"),
	             context = json_text(info, "browserContextId");
	char text[CDP_SESSION_BYTES];
	int place = -1;

	if (id.n == 0 || id.n >= sizeof(text))
		return;
	memcpy(text, id.at, id.n);
	text[id.n] = '\0';
	/* Chromium's own surfaces live in the same context. */
	if (slice_eq(context, slice_str(t->context)) &&
	    !slice_starts(json_text(info, "url"), SLICE("chrome")))
		place = place_for(t);
	if (place < 0) {
		/* Of another context, or too many: it runs unseen, but it doesn't wait for
		 * ever. */
		cdp_ask(t->cdp, text, "Runtime.runIfWaitingForDebugger", NULL, NULL, NULL);
		return;
	}
	t->session[place] = (struct tab_session){
	    .type = type_of(json_text(info, "type")),
	    .parent = parent,
	    .target = arena_copy(&t->mem, json_text(info, "targetId")),
	    .url = arena_copy(&t->mem, json_text(info, "url")),
	    .kind = arena_copy(&t->mem, json_text(info, "type")),
	};
	memcpy(t->session[place].id, text, id.n + 1);
	if (t->page < 0 && t->session[place].type == TAB_PAGE)
		t->page = place;
	if (t->session[place].type == TAB_WORKER)
		note_worker(t, &t->session[place]);
	equip(t, &t->session[place]);
}

static void on_detached(struct tab *t, const struct json *p)
{
	int i = session_of(t, json_text(p, "sessionId"));

	if (i < 0)
		return;
	t->session[i].id[0] = '\0';
	if (i == t->page)
		t->crashed = true;
	for (size_t r = 0; r < t->reqs; r++)
		if (t->req[r].session == i && !t->req[r].done) {
			t->req[r].done = true;
			t->open -= t->open > 0;
		}
}

/* ---- events ---- */

static void on_frame(struct tab *t, int session, const struct json *p)
{
	const struct json *f = json_get(p, "frame");
	struct slice url = json_text(f, "url");

	t->frames_seen++;
	if (!json_get(f, "parentId"))
		tab_net_left(t, session, json_text(f, "loaderId"));
	if (session == t->page && !json_get(f, "parentId")) {
		struct tab_step *s = &t->step[t->steps > 0 ? t->steps - 1 : 0];

		s->url = arena_copy(&t->mem, url);
		t->nav_error = arena_copy(&t->mem, json_text(f, "unreachableUrl"));
	}
}

static void on_dialog(struct tab *t, int session)
{
	cdp_ask(t->cdp, tab_session_id(t, session), "Page.handleJavaScriptDialog",
	        one_flag(t, "accept", true), NULL, NULL);
}

static void on_storage(struct tab *t, const struct json *p)
{
	const struct json *id = json_get(p, "storageId");
	struct json *o = json_obj(&t->mem);
	bool card = scrub_finds_canary(t->scrub, json_text(p, "newValue"));

	json_put_slice(&t->mem, o, "origin",
	               scrub_text(t->scrub, &t->mem, json_text(id, "securityOrigin")));
	json_put_str(&t->mem, o, "area", json_true(id, "isLocalStorage") ? "local" : "session");
	json_put_slice(&t->mem, o, "key",
	               scrub_text(t->scrub, &t->mem, slice_sub(json_text(p, "key"), 0, 200)));
	if (card)
		json_put_bool(&t->mem, o, "card", true);
	tab_push(t, TAB_STORAGE, json_copy(&t->mem, o));
	tab_keep(t, "storage", tab_host(json_text(id, "securityOrigin")), json_text(p, "key"),
	         json_text(p, "newValue"));
}

static void on_crashed(struct tab *t, int session)
{
	if (session != t->page)
		return;
	t->crashed = true;
	cdp_refuse(t->cdp, SLICE("the page crashed"));
}

static void on_page_event(struct tab *t, int session, struct slice method, const struct json *p)
{
	if (slice_eq(method, SLICE("Page.frameNavigated")))
		on_frame(t, session, p);
	else if (slice_eq(method, SLICE("Page.frameAttached")))
		t->frames_seen++;
	else if (slice_eq(method, SLICE("Page.loadEventFired")))
		t->loaded = t->loaded || session == t->page;
	else if (slice_eq(method, SLICE("Page.javascriptDialogOpening")))
		on_dialog(t, session);
	else if (slice_eq(method, SLICE("Inspector.targetCrashed")))
		on_crashed(t, session);
	else if (slice_starts(method, SLICE("DOMStorage.domStorageItem")))
		on_storage(t, p);
}

static void on_event(void *ctx, struct slice session, struct slice method,
                     const struct json *params)
{
	struct tab *t = *(struct tab **)ctx;
	int i;

	if (!t)
		return;
	i = session.n ? session_of(t, session) : -1;
	if (slice_eq(method, SLICE("Target.attachedToTarget")))
		on_attached(t, i, params);
	else if (slice_eq(method, SLICE("Target.detachedFromTarget")))
		on_detached(t, params);
	else if (i < 0)
		return;
	else if (slice_starts(method, SLICE("Network.")) ||
	         slice_starts(method, SLICE("Fetch.")))
		tab_net_event(t, i, method, params);
	else if (slice_eq(method, SLICE("Debugger.scriptParsed")))
		tab_script_event(t, i, params);
	else if (slice_eq(method, SLICE("Debugger.paused")))
		tab_taps_paused(t, i, params);
	else
		on_page_event(t, i, method, params);
}

static void on_gone(void *ctx)
{
	struct tab *t = *(struct tab **)ctx;

	if (t)
		t->gone = true;
}

const struct cdp_handlers tab_handlers = {.on_event = on_event, .on_gone = on_gone};

/* ---- life ---- */

static bool make_lists(struct tab *t)
{
	t->req = arena_array(&t->mem, TAB_MAX_REQS, sizeof(*t->req));
	t->script = arena_array(&t->mem, TAB_MAX_SCRIPTS, sizeof(*t->script));
	for (int i = 0; i < TAB_LISTS; i++)
		t->list[i] = (struct tab_list){.arr = json_arr(&t->mem)};
	return t->req && t->script && !t->mem.broken;
}

static int new_context(struct tab *t, struct err *e)
{
	struct arena *a = cdp_mem(t->cdp);
	const struct json *got;
	struct json *p = json_obj(a);
	struct slice id;
	int r;

	if (t->arm->alone) {
		r = cdp_call(t->cdp, "", "Target.getTargets", NULL, CDP_CALL_MS, &t->mem, &got,
		             e);
		got = r < 0 ? NULL : json_get(got, "targetInfos");
		got = got ? got->first : NULL;
	} else {
		json_put_bool(a, p, "disposeOnDetach", true);
		r = cdp_call(t->cdp, "", "Target.createBrowserContext", p, CDP_CALL_MS, &t->mem,
		             &got, e);
	}
	if (r < 0)
		return r;
	id = json_text(got, "browserContextId");
	if (id.n == 0 || id.n >= sizeof(t->context))
		return err_set(e, -EPROTO, "no browser context");
	memcpy(t->context, id.at, id.n);
	t->context[id.n] = '\0';
	p = json_obj(a);
	json_put_str(a, p, "behavior", "deny");
	if (!t->arm->alone)
		json_put_str(a, p, "browserContextId", t->context);
	cdp_ask(t->cdp, "", "Browser.setDownloadBehavior", p, NULL, NULL);
	return 0;
}

static int trouble(const struct tab *t)
{
	return t->gone ? -EPIPE : t->crashed ? -EIO : 0;
}

static int await_page(struct tab *t)
{
	int64_t until = clock_mono_us() + (int64_t)END_MS * 1000;
	int r = trouble(t);

	while (r == 0 && t->page < 0 && clock_mono_us() < until) {
		if (!loop_turn(t->loop, TURN_MS))
			return -EINTR;
		r = trouble(t);
	}
	return r;
}

int tab_open(struct tab *t, struct err *e)
{
	const struct json *got;
	struct arena *a = cdp_mem(t->cdp);
	struct json *p;
	int r;

	arena_init(&t->mem, TAB_MEM_BYTES);
	t->page = -1;
	t->chance = 20250708;
	if (!make_lists(t))
		return err_sys(e, -ENOMEM, "a visit");
	r = new_context(t, e);
	if (r < 0)
		return r;
	p = json_obj(a);
	json_put_str(a, p, "url", "about:blank");
	if (!t->arm->alone)
		json_put_str(a, p, "browserContextId", t->context);
	r = cdp_call(t->cdp, "", "Target.createTarget", p, CDP_CALL_MS, &t->mem, &got, e);
	if (r < 0)
		return r;
	t->target = json_text(got, "targetId");
	r = await_page(t);
	if (r < 0)
		return r;
	if (t->page < 0)
		return err_set(e, -ETIMEDOUT, "no page in the browser");
	/* Not Emulation.setFocusEmulationEnabled: with it, Chromium 156's renderer dies. */
	cdp_ask(t->cdp, tab_session_id(t, t->page), "Page.bringToFront", NULL, NULL, NULL);
	/* A navigation that overtakes the debugger's release is never finished. */
	r = cdp_settle(t->cdp, END_MS);
	return r < 0 ? err_set(e, r, "the browser's page does not answer") : 0;
}

void tab_close(struct tab *t)
{
	struct arena *a = cdp_mem(t->cdp);
	struct json *p = json_obj(a);

	if (t->context[0] && !t->arm->alone) {
		json_put_str(a, p, "browserContextId", t->context);
		/* Not waited for: what it still says is of a context that is nobody's. */
		(void)cdp_ask(t->cdp, "", "Target.disposeBrowserContext", p, NULL, NULL);
	}
	cdp_forget(t->cdp, NULL);
	arena_done(&t->mem);
	t->context[0] = '\0';
	t->page = -1;
	t->sessions = 0;
	t->reqs = t->scripts = 0;
}

void tab_begin_step(struct tab *t, struct slice name, bool card)
{
	if (t->steps < (int)(sizeof(t->step) / sizeof(t->step[0])))
		t->steps++;
	t->step[t->steps - 1] = (struct tab_step){.name = name, .card = card};
	if (t->steps > 1)
		t->step[t->steps - 1].url = t->step[t->steps - 2].url;
}

int tab_navigate(struct tab *t, struct slice url, struct slice referrer, struct err *e)
{
	struct arena *a = cdp_mem(t->cdp);
	const struct json *got;
	struct json *p = json_obj(a);
	struct slice fault;
	int r;

	json_put_slice(a, p, "url", url);
	if (referrer.n)
		json_put_slice(a, p, "referrer", referrer);
	t->loaded = false;
	t->busy_us = clock_mono_us();
	r = cdp_call(t->cdp, tab_session_id(t, t->page), "Page.navigate", p, CDP_CALL_MS * 3,
	             &t->mem, &got, e);
	if (r < 0)
		return r;
	fault = json_text(got, "errorText");
	/* One that we stopped, or a download: where we are is what counts. */
	if (fault.n && !slice_eq(fault, SLICE("net::ERR_ABORTED")))
		return err_set(e, -EIO, "%.*s: %.*s", SLICE_ARG(slice_sub(url, 0, 200)),
		               SLICE_ARG(slice_sub(fault, 0, 100)));
	return 0;
}

int tab_sleep(struct tab *t, int ms)
{
	int64_t until = clock_mono_us() + (int64_t)ms * 1000;
	int r = trouble(t);

	while (r == 0 && clock_mono_us() < until) {
		int64_t left = (until - clock_mono_us()) / 1000;

		if (!loop_turn(t->loop, left < TURN_MS ? (int)left + 1 : TURN_MS))
			return -EINTR;
		r = trouble(t);
	}
	return r;
}

int tab_settle(struct tab *t, int quiet_ms, int ms)
{
	int64_t until = clock_mono_us() + (int64_t)ms * 1000;
	int r = trouble(t);

	while (r == 0) {
		int64_t now = clock_mono_us(), left;

		/* A chat's long poll stays open for as long as the page does. */
		left = t->busy_us / 1000 + (t->open ? HANGING_MS : quiet_ms) - now / 1000;
		if (t->loaded && left < 0)
			return 0;
		if (now > until)
			return -ETIMEDOUT;
		if (!loop_turn(t->loop, left >= 0 && left < TURN_MS ? (int)left + 1 : TURN_MS))
			return -EINTR;
		tab_script_ask(t);
		r = trouble(t);
	}
	return r;
}

struct slice tab_waits_for(const struct tab *t)
{
	for (size_t i = 0; i < t->reqs; i++)
		if (!t->req[i].done)
			return t->req[i].url;
	return (struct slice){0};
}

int tab_collect(struct tab *t)
{
	int r;

	tab_script_ask(t);
	r = cdp_settle(t->cdp, END_MS);
	tab_script_ask(t); /* those whose answer was lost: by their text */
	if (r == 0)
		r = cdp_settle(t->cdp, END_MS);
	t->script_first = t->scripts;
	return r == -ETIMEDOUT ? 0 : r;
}
