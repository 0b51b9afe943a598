/* tab_script: every script that ran, and its text. */
#include "base/path.h"
#include "visit/tab.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#define MOST_BODY (8u << 20)

static struct tab_req *file_of(struct tab *t, struct slice url)
{
	for (size_t i = t->reqs; url.n && i-- > 0;)
		if (slice_eq(t->req[i].type, SLICE("script")) && slice_eq(t->req[i].url, url))
			return &t->req[i];
	return NULL;
}

static size_t count_inline(const struct tab *t, struct slice url)
{
	size_t n = 0;

	for (size_t i = 0; i < t->scripts; i++)
		n += t->script[i].step == t->steps - 1 && t->script[i].place.n &&
		     slice_starts(t->script[i].place, url) &&
		     t->script[i].place.at[url.n] == '#';
	return n;
}

static void copy_hex(char to[HASH_HEX_BYTES], struct slice from)
{
	size_t n = from.n < HASH_HEX_BYTES ? from.n : 0;

	if (n)
		memcpy(to, from.at, n);
	to[n] = '\0';
}

static void take_known(struct tab_script *s, const struct known_script *k)
{
	memcpy(s->hash, k->hash, sizeof(s->hash));
	memcpy(s->structure, k->structure, sizeof(s->structure));
	s->bytes = k->bytes;
	s->has_hash = true;
}

/* Is it code that a page made of a text, rather than wrote down? */
static bool is_made(const struct json *p)
{
	return json_text(p, "url").n == 0 || json_get(p, "stackTrace");
}

/* A script whose address says nothing but that a page made it. */
static bool is_nameless(struct slice url)
{
	return slice_starts(url, SLICE("blob:")) || slice_starts(url, SLICE("data:"));
}

/* It stands at whoever made it, else at the page. */
static void place_nameless(struct tab *t, struct tab_script *s, struct slice url)
{
	int parent = t->session[s->session].parent;

	for (size_t i = t->reqs; i-- > 0 && s->by.n == 0;)
		if (slice_eq(t->req[i].url, url))
			s->by = t->req[i].by;
	if (s->by.n == 0)
		tab_net_chain(t, NULL, parent < 0 ? s->frame : t->session[parent].url, &s->by);
	s->place = arena_printf(
	    &t->mem, "%.*s#%.*s",
	    SLICE_ARG(s->by.n ? slice_sub(s->by.url[0], 0, slice_chr(s->by.url[0], '?'))
	                      : SLICE("?")),
	    SLICE_ARG(slice_sub(url, 0, slice_chr(url, ':'))));
	s->how = "script";
}

static void place_it(struct tab *t, struct tab_script *s, const struct json *p,
                     struct slice url)
{
	const struct tab_req *file = file_of(t, url);
	struct slice clean = scrub_url(t->scrub, &t->mem, url);
	bool starts = json_num(p, "startLine", 0) == 0 && json_num(p, "startColumn", 0) == 0;

	if (is_nameless(url)) {
		place_nameless(t, s, url);
		return;
	}
	if (file && starts) {
		s->url = file->url;
		s->by = file->by;
		s->how =
		    file->by.n && slice_eq(file->by.url[0], s->frame) ? "parser" : "script";
		return;
	}
	tab_net_chain(t, NULL, url, &s->by);
	if (url.n == 0 || (starts && is_made(p))) {
		s->place = SLICE("eval");
		s->how = "eval";
		return;
	}
	s->place =
	    arena_printf(&t->mem, "%.*s#%zu", SLICE_ARG(clean), count_inline(t, clean) + 1);
	s->how = "parser";
}

static bool is_own(const struct tab *t, struct slice v8)
{
	for (size_t i = 0; i < t->owns; i++)
		if (slice_eq(v8, slice_str(t->own[i])))
			return true;
	return false;
}

void tab_script_event(struct tab *t, int session, const struct json *p)
{
	const struct json *aux = json_get(p, "executionContextAuxData");
	struct slice url = json_text(p, "embedderName");
	const struct known_script *known;
	struct tab_script *s;

	/* Isolated worlds are ours. */
	if (aux && json_get(aux, "isDefault") && !json_true(aux, "isDefault"))
		return;
	/* A sourceURL comment may say anything; where code really is from stands beside it. */
	if (!url.n)
		url = json_true(p, "hasSourceURL") ? (struct slice){0} : json_text(p, "url");
	/* The browser's own pages: where a request was stopped, it says so. */
	if (slice_starts(url, SLICE("chrome")) || is_own(t, json_text(p, "hash")))
		return;
	if (t->scripts == TAB_MAX_SCRIPTS) {
		t->scripts_cut++;
		return;
	}
	s = &t->script[t->scripts++];
	*s = (struct tab_script){.id = arena_copy(&t->mem, json_text(p, "scriptId")),
	                         .session = session,
	                         .step = t->steps - 1,
	                         .frame = t->session[session].url,
	                         .bytes = json_num(p, "length", 0)};
	copy_hex(s->v8, json_text(p, "hash"));
	place_it(t, s, p, url);
	if (s->how && strcmp(s->how, "eval") == 0 && json_get(p, "stackTrace")) {
		/* Whoever made it. */
		struct json *o = json_obj(&t->mem);

		json_put(&t->mem, o, "stack", json_copy(&t->mem, json_get(p, "stackTrace")));
		tab_net_chain(t, o, (struct slice){0}, &s->by);
	}
	known = known_get(t->known, s->v8);
	if (known)
		take_known(s, known);
}

/* ---- bodies ---- */

struct ask {
	struct tab *t;
	size_t script;
};

static void keep(struct tab *t, struct tab_script *s, struct slice body)
{
	struct known_script k = {.bytes = (int64_t)body.n};
	struct hash h = hash_of(body);
	AUTO_FD fd = -1;

	hash_hex(&h, s->hash);
	s->has_hash = true;
	s->bytes = (int64_t)body.n;
	(void)parse_structure(body, s->structure); /* too large for it: the hash alone counts */
	memcpy(k.v8, s->v8, sizeof(k.v8));
	memcpy(k.hash, s->hash, sizeof(k.hash));
	memcpy(k.structure, s->structure, sizeof(k.structure));
	known_put(t->known, &k);
	if (!t->on_content || scrub_finds_canary(t->scrub, body))
		return;
	fd = memfd_create("script", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0 || path_write(fd, body) < 0)
		return;
	t->on_content(t->content_ctx, "script", s->url.n ? s->url : s->place, s->hash, s->bytes,
	              fd);
}

static void on_body(void *arg, const struct json *result, struct slice error)
{
	struct ask *ask = arg;
	struct tab *t = ask->t;
	struct tab_script *s = &t->script[ask->script];
	struct slice body = json_text(result, "body");

	(void)error;
	if (s->has_hash)
		return;
	if (!result) {
		s->asked = false; /* by its text, then */
		s->wants_source = true;
		return;
	}
	if (json_true(result, "base64Encoded"))
		body = tab_unbase64(&t->mem, body);
	keep(t, s, body);
}

static void on_source(void *arg, const struct json *result, struct slice error)
{
	struct ask *ask = arg;
	struct tab_script *s = &ask->t->script[ask->script];

	(void)error;
	if (result && !s->has_hash)
		keep(ask->t, s, json_text(result, "scriptSource"));
}

static void ask_body(struct tab *t, size_t i, const struct tab_req *file)
{
	struct arena *a = cdp_mem(t->cdp);
	struct tab_script *s = &t->script[i];
	struct json *p = json_obj(a);
	struct ask *ask = arena_alloc(&t->mem, sizeof(*ask));

	if (!ask)
		return;
	*ask = (struct ask){t, i};
	if (file)
		json_put_slice(a, p, "requestId", file->id);
	else
		json_put_slice(a, p, "scriptId", s->id);
	s->asked = true;
	cdp_ask(t->cdp, tab_session_id(t, file ? file->session : s->session),
	        file ? "Network.getResponseBody" : "Debugger.getScriptSource", p,
	        file ? on_body : on_source, ask);
}

void tab_script_ask(struct tab *t)
{
	for (size_t i = t->script_first; i < t->scripts; i++) {
		struct tab_script *s = &t->script[i];
		struct tab_req *file = s->wants_source ? NULL : file_of(t, s->url);

		if (s->has_hash || s->asked || s->bytes > MOST_BODY)
			continue;
		if (known_get(t->known, s->v8)) /* the same code twice in a page */
			take_known(s, known_get(t->known, s->v8));
		else if (!file || file->done)
			ask_body(t, i, file);
	}
}
