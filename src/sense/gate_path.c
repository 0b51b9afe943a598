/* Which path of the shop is it that is being opened? */
#include "sense/gate.h"
#include "sense/peek.h"
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* "/srv/shop/lib/x.php" or, where it was removed meanwhile, with " (deleted)" behind it. */
static ssize_t read_path(int fd, char text[PATH_MAX])
{
	char link[64];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	return readlink(link, text, PATH_MAX);
}

bool gate_own_path(int fd, struct buf *out)
{
	char text[PATH_MAX];
	ssize_t n = read_path(fd, text);
	struct slice s;

	if (n <= 0)
		return false;
	s = slice_mem(text, (size_t)n);
	if (slice_ends(s, SLICE(" (deleted)")))
		s = slice_sub(s, 0, s.n - strlen(" (deleted)"));
	buf_reset(out);
	buf_add(out, s);
	return buf_ok(out);
}

bool gate_outside(struct slice path)
{
	return slice_eq(path, SLICE(GATE_OUTSIDE));
}

bool gate_nameless(int fd)
{
	char text[PATH_MAX];

	return read_path(fd, text) < 0;
}

struct sight gate_sight(const struct gate *g, uint32_t root, struct slice path)
{
	struct sight s = {0};
	char name[256];
	AUTO_FD dir = path_open_parent(g->root_fd[root], path, name);

	if (dir < 0 || sight_at(&s, dir, name) < 0)
		s = (struct sight){.class = CLASS_NONE};
	return s;
}

bool gate_leads_to(const struct gate *g, uint32_t root, struct slice path,
                   const struct sight *s)
{
	struct sight there = gate_sight(g, root, path);

	return there.class != CLASS_NONE && sight_is(&there, s->dev, s->ino);
}

static bool is_root(const struct gate *g, const struct sight *s, uint32_t *root)
{
	for (size_t i = 0; i < g->conf->roots; i++) {
		struct sight top = {0};

		if (g->root_fd[i] >= 0 && sight_of_fd(&top, g->root_fd[i]) == 0 &&
		    sight_is(s, top.dev, top.ino)) {
			*root = (uint32_t)i;
			return true;
		}
	}
	return false;
}

/*
 * Through another mount (a container's, a bind mount's) the file has another name: the part
 * of it that leads to the same file from one of our roots is the one.
 */
static bool place_elsewhere(const struct gate *g, const struct sight *s, struct slice rest,
                            uint32_t *root, struct slice *rel)
{
	if (is_root(g, s, root)) {
		*rel = slice_str("");
		return true;
	}
	while (rest.n) {
		size_t slash = slice_chr(rest, '/');

		rest =
		    slash == SIZE_MAX ? (struct slice){0} : slice_sub(rest, slash + 1, rest.n);
		for (size_t i = 0; rest.n && i < g->conf->roots; i++) {
			if (g->root_fd[i] >= 0 && gate_leads_to(g, (uint32_t)i, rest, s)) {
				*root = (uint32_t)i;
				*rel = rest;
				return true;
			}
		}
	}
	return false;
}

bool gate_rooted(const struct gate *g, struct slice path, uint32_t *root, struct slice *rel)
{
	for (size_t i = 0; i < g->conf->roots; i++) {
		struct slice r = g->conf->root[i].path;

		if (g->root_fd[i] < 0 || !path_below(path, r))
			continue;
		*root = (uint32_t)i;
		*rel = path.n == r.n ? slice_str("") : slice_sub(path, r.n + 1, path.n);
		return true;
	}
	return false;
}

static bool place_of(const struct gate *g, struct slice path, const struct sight *s,
                     uint32_t *root, struct slice *rel)
{
	return gate_rooted(g, path, root, rel) || place_elsewhere(g, s, path, root, rel);
}

bool gate_place(struct gate *g, int fd, const struct sight *s, struct buf *at, uint32_t *root,
                struct slice *rel)
{
	return gate_own_path(fd, at) && place_of(g, buf_slice(at), s, root, rel);
}

struct folder {
	const struct gate *g;
	const struct sight *s;
	uint32_t root;
	struct slice path;
	bool found;
};

static void meet_folder(void *ctx, uint32_t root, struct slice path,
                        const struct table_entry *e)
{
	struct folder *f = ctx;

	if (f->found || !sight_is(f->s, e->dev, e->ino) ||
	    !gate_leads_to(f->g, root, path, f->s))
		return;
	f->root = root;
	f->path = path;
	f->found = true;
}

/* A folder of code that is mounted under another name. */
static bool is_folder(const struct gate *g, const struct sight *s, uint32_t *root,
                      struct slice *rel)
{
	struct folder f = {.g = g, .s = s};

	state_alike(g->state, s->dev, s->ino, NULL, meet_folder, &f);
	if (f.found) {
		*root = f.root;
		*rel = f.path;
	}
	return f.found;
}

/* Where the name after this slash ends. */
static size_t up_to_next(struct slice path, size_t slash)
{
	size_t next = slice_chr(slice_sub(path, slash + 1, path.n), '/');

	return next == SIZE_MAX ? path.n : slash + 1 + next;
}

/*
 * The shortest beginning of the path that leads into a root; what follows stands there by its
 * text. Who rules over the names in the shop can't make it lead elsewhere.
 */
enum gate_word gate_word(struct gate *g, struct opener *o, struct slice given, uint32_t *root,
                         struct slice *rel)
{
	struct peek_place to;
	struct sight at;
	struct slice whole;
	size_t n = 0;

	if (!opener_whole(o, given, &g->led))
		return GATE_WORD_UNKNOWN;
	whole = buf_slice(&g->led);
	if (gate_rooted(g, whole, root, rel))
		return GATE_WORD_OURS;
	/* These mean another file to each process. */
	if (path_below(whole, SLICE("/proc")) || path_below(whole, SLICE("/dev")))
		return GATE_WORD_UNKNOWN;
	for (int names = 0; n < whole.n; names++) {
		ssize_t got = -ENAMETOOLONG;

		n = up_to_next(whole, n);
		if (names < GATE_WORD_NAMES)
			got = peek_place(o->tid, slice_sub(whole, 0, n), &to);
		o->hidden = got == -EAGAIN;
		if (got < 0)
			return GATE_WORD_UNKNOWN;
		at = (struct sight){.dev = to.dev, .ino = to.ino};
		if (!place_of(g, slice_mem(to.path, (size_t)got), &at, root, rel) &&
		    !is_folder(g, &at, root, rel))
			continue;
		buf_reset(&g->meant);
		buf_add(&g->meant, *rel);
		buf_add(&g->meant, slice_sub(whole, n + (rel->n == 0), whole.n));
		*rel = buf_slice(&g->meant);
		return buf_ok(&g->meant) ? GATE_WORD_OURS : GATE_WORD_UNKNOWN;
	}
	return GATE_WORD_ELSEWHERE;
}

void gate_goes_by(const struct gate *g, struct held *h, uint32_t root, struct slice path)
{
	h->root = root;
	state_set_text(&h->path, path);
	h->role = look_role(g->conf, root, path);
}

bool gate_renamed(struct gate *g, struct held *h)
{
	struct slice rel;
	uint32_t root;

	if (h->linked || !gate_deploying(g) || gate_leads_to(g, h->root, h->path, &h->sight) ||
	    !gate_place(g, h->fd, &h->sight, &g->moved, &root, &rel) ||
	    (root == h->root && slice_eq(rel, h->path)))
		return false;
	gate_goes_by(g, h, root, rel);
	return true;
}

bool gate_replaced(const struct gate *g, const struct held *h)
{
	return gate_deploying(g) && state_was_approved(g->state, h->root, h->path, &h->hash) &&
	       !gate_leads_to(g, h->root, h->path, &h->sight);
}

bool gate_approved_there(const struct gate *g, const struct held *h)
{
	struct sight now = gate_sight(g, h->root, h->path);

	return now.class != CLASS_NONE && gate_index_unaltered(g, h->root, h->path, &now);
}
