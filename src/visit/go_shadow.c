/*
 * go_shadow: fields for a card within a shadow tree. No selector finds them where the tree is
 * closed, and no script but its maker's; a customer sees them like any other. The browser's own
 * list of nodes has them all.
 */
#include "visit/go.h"
#include "visit/scripts.h"

#include <errno.h>

#define CALL_MS   5000
#define HAND_MS   400
#define MOST      8
#define MOST_DEEP 200

struct shadow {
	struct go *g;
	int session;
	const struct json *nodes;
	int64_t world;
};

static const struct json *with_id(const struct json *list, int64_t id)
{
	for (const struct json *n = list ? list->first : NULL; n; n = n->next)
		if (json_num(n, "nodeId", -1) == id)
			return n;
	return NULL;
}

/* The root of a shadow tree stands in its host, not in the list. */
static const struct json *root_of(const struct shadow *s, int64_t id)
{
	for (const struct json *n = s->nodes->first; n; n = n->next) {
		const struct json *root = with_id(json_get(n, "shadowRoots"), id);

		if (root)
			return root;
	}
	return NULL;
}

/* In a tree of a script's making; the browser's own (of a date field) are not meant. */
static bool is_inside(const struct shadow *s, const struct json *node)
{
	for (int deep = 0; deep < MOST_DEEP; deep++) {
		int64_t parent = json_num(node, "parentId", -1);
		const struct json *root;

		node = with_id(s->nodes, parent);
		if (node)
			continue;
		root = parent < 0 ? NULL : root_of(s, parent);
		return root &&
		       !slice_eq(json_text(root, "shadowRootType"), SLICE("user-agent"));
	}
	return false;
}

/* The node in our own world; "kind" as the probe calls it, "" where it is not seen. */
static int take(struct shadow *s, const struct json *node, struct hand_field *at,
                struct slice *kind)
{
	struct tab *t = s->g->tab;
	struct arena *a = cdp_mem(t->cdp);
	const struct json *got = NULL;
	struct json *p = json_obj(a);
	int r;

	json_put_int(a, p, "backendNodeId", json_num(node, "backendNodeId", 0));
	json_put_int(a, p, "executionContextId", s->world);
	r = cdp_call(t->cdp, tab_session_id(t, s->session), "DOM.resolveNode", p, CALL_MS,
	             &t->mem, &got, NULL);
	if (r < 0)
		return r;
	*at = (struct hand_field){.session = s->session,
	                          .object = json_text(json_get(got, "object"), "objectId")};
	return hand_kind(t, at, kind);
}

static int type_all(struct shadow *s, bool *number)
{
	int n = 0;

	for (const struct json *x = s->nodes->first; x && n < MOST; x = x->next) {
		struct hand_field at;
		struct slice kind;
		int r;

		if (!slice_eq(json_text(x, "nodeName"), SLICE("INPUT")) || !is_inside(s, x))
			continue;
		r = take(s, x, &at, &kind);
		if (r == 0 && slice_starts(kind, SLICE("card-")))
			r = go_type(s->g, &at, kind);
		if (go_is_over(r))
			return r;
		n += r > 0;
		*number = *number || (r > 0 && slice_eq(kind, SLICE("card-number")));
	}
	return n;
}

static int press(struct shadow *s)
{
	struct tab *t = s->g->tab;
	struct err e = {""};
	int r = 0;

	for (const struct json *x = s->nodes->first; x; x = x->next) {
		struct hand_field at;
		struct slice kind;

		if (!slice_eq(json_text(x, "nodeName"), SLICE("BUTTON")) || !is_inside(s, x))
			continue;
		r = take(s, x, &at, &kind);
		if (r == 0 && kind.n)
			r = hand_click(t, &at, &e);
		break;
	}
	return go_is_over(r) ? r : tab_sleep(t, HAND_MS);
}

static int in_session(struct shadow *s)
{
	struct tab *t = s->g->tab;
	const struct json *got = NULL;
	struct json *p;
	bool number = false;
	int r, n;

	cdp_ask(t->cdp, tab_session_id(t, s->session), "DOM.enable", NULL, NULL, NULL);
	p = json_obj(cdp_mem(t->cdp));
	json_put_int(cdp_mem(t->cdp), p, "depth", -1);
	json_put_bool(cdp_mem(t->cdp), p, "pierce", true);
	r = cdp_call(t->cdp, tab_session_id(t, s->session), "DOM.getFlattenedDocument", p,
	             CALL_MS, &t->mem, &got, NULL);
	s->nodes = json_get(got, "nodes");
	if (r == 0 && s->nodes) {
		s->world = probe_world(t, s->session, t->session[s->session].target, &t->mem);
		r = s->world < 0 ? (int)s->world : 0;
	}
	if (r < 0 || !s->nodes)
		return r == -EPIPE || r == -EINTR ? r : 0;
	n = type_all(s, &number);
	if (n > 0 && number)
		r = press(s);
	return n < 0 ? n : r < 0 ? r : n;
}

int go_shadow(struct go *g)
{
	int n = 0;

	for (int i = 0; i < g->tab->sessions && n == 0; i++) {
		struct shadow s = {.g = g, .session = i};
		const struct tab_session *at = &g->tab->session[i];

		if (at->id[0] && (at->type == TAB_PAGE || at->type == TAB_FRAME))
			n = in_session(&s);
	}
	return n;
}
