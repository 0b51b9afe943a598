/*
 * Guises: a file that stands unapproved under a path of code, itself or by way of a link, or
 * was just moved or linked there, is remembered by its inode. An open of it that comes by
 * another name may be one of that path. A symbolic link is remembered by its path as well: what
 * it leads to, or what lies below it, may be made only later.
 *
 * Where more came at once than is remembered, or than the kernel told of, the path that the
 * opener gave decides by itself; so it does of a file that lies in no root any more. And for
 * an hour after a strange link of code: the kernel tells of a link when it stands already, and
 * whoever made it may be kept from telling for as long as the processor is another's.
 */
#include "sense/gate.h"
#include <fcntl.h>
#include <limits.h>

/* It is this path that was opened. */
void gate_guise_off(struct gate *g, struct held *h, const struct gate_guise *u)
{
	gate_goes_by(g, h, u->root, u->path);
	h->planted = false;
}

static bool is_of(const struct gate_guise *u, const struct sight *s)
{
	return u->path.n && u->pin >= 0 && sight_is(s, u->dev, u->ino) &&
	       clock_mono_us() - u->seen_us < GATE_GUISE_US;
}

/* Of the guises of this file the one that is most like the path that was given, if one was. */
static const struct gate_guise *guise_of_file(const struct gate *g, const struct sight *s,
                                              struct slice given)
{
	const struct gate_guise *best = NULL;

	for (int i = 0; i < GATE_MAX_GUISES; i++) {
		const struct gate_guise *u = &g->guise[i];

		if (is_of(u, s) &&
		    (!best || opener_common(given, u->path) > opener_common(given, best->path)))
			best = u;
	}
	return best;
}

const struct gate_guise *gate_guise_of(const struct gate *g, const struct held *h)
{
	return guise_of_file(g, &h->sight, SLICE(""));
}

/* The path without its last names. */
static struct slice above(struct slice path, size_t names)
{
	while (names-- > 0)
		path = path_dir(path);
	return path;
}

/*
 * Does the path that was given lead through this link? Written from a root on it says so
 * itself; else the names before those that are the file's own have to be the link's.
 */
static bool leads_through(struct gate *g, const struct gate_guise *u, struct slice given,
                          size_t own, struct gate_meant *m)
{
	struct slice rel, head, rest = {0};
	uint32_t root;

	if (gate_rooted(g, given, &root, &rel)) {
		if (root != u->root || !path_below(rel, u->path))
			return false;
		rest = slice_sub(rel, u->path.n, rel.n);
	} else if (own > 0) {
		head = above(given, own);
		if (opener_common(head, u->path) < opener_common(u->path, u->path))
			return false;
		rest = slice_sub(given, head.n, given.n);
	} else if (opener_common(given, u->path) == 0) {
		return false;
	}
	buf_reset(&g->meant);
	buf_add(&g->meant, u->path);
	buf_add(&g->meant, rest);
	*m = (struct gate_meant){u->root, buf_slice(&g->meant), true, rest.n > 0};
	return buf_ok(&g->meant);
}

static bool by_link(struct gate *g, struct slice given, size_t own, struct gate_meant *m)
{
	for (int i = 0; i < GATE_MAX_GUISES; i++) {
		const struct gate_guise *u = &g->guise[i];

		if (u->path.n && u->link && leads_through(g, u, given, own, m))
			return true;
	}
	return false;
}

/* Is this text of a link what is approved for its path? */
static bool link_approved(struct gate *g, uint32_t root, struct slice path, struct slice text)
{
	const struct table_entry *e = state_find(g->state, root, path, NULL);
	struct hash hash = hash_of(text);

	return e && e->approved.class == CLASS_LINK && hash_eq(&hash, &e->approved.hash);
}

enum link { LINK_NONE, LINK_APPROVED, LINK_STRANGE };

/* Which link stands there? Its text to `room`. */
static enum link link_at(struct gate *g, uint32_t root, struct slice path, char room[PATH_MAX],
                         struct slice *text)
{
	char name[256];
	AUTO_FD dir = path_open_parent(g->root_fd[root], path, name);
	ssize_t n = dir < 0 ? -1 : readlinkat(dir, name, room, PATH_MAX);

	*text = slice_mem(room, n < 0 ? 0 : (size_t)n);
	if (n < 0)
		return LINK_NONE;
	return link_approved(g, root, path, *text) ? LINK_APPROVED : LINK_STRANGE;
}

void gate_guise_lost(struct gate *g)
{
	g->lost_until_us = clock_mono_us() + GATE_GUISE_US;
}

/* Does the path lead to this file by a link that is approved? */
static bool by_approved_link(struct gate *g, uint32_t root, struct slice path,
                             const struct sight *s)
{
	struct sight there = {0};
	char room[PATH_MAX];
	struct slice text;

	for (size_t n = 0; n < path.n; n++) {
		size_t name = slice_chr(slice_sub(path, n, path.n), '/');

		n = name == SIZE_MAX ? path.n : n + name;
		switch (link_at(g, root, slice_sub(path, 0, n), room, &text)) {
		case LINK_NONE:
			continue;
		case LINK_STRANGE:
			return false;
		case LINK_APPROVED:
			break;
		}
		buf_reset(&g->text);
		buf_add(&g->text, path);
		AUTO_FD fd = openat(g->root_fd[root], buf_cstr(&g->text), O_PATH | O_CLOEXEC);
		return fd >= 0 && sight_of_fd(&there, fd) == 0 &&
		       sight_is(&there, s->dev, s->ino);
	}
	return false;
}

/*
 * A path of code that does not lead to this file now: it stood there when it was opened, or a
 * link led to it. Which of both is not known, so it may be an innocent file. One whose path
 * can't be told (io_uring) may have asked for anything, unless it names all of the file's own.
 */
static enum gate_guess by_word(struct gate *g, const struct sight *s, struct opener *o,
                               struct slice given, size_t own, struct slice path,
                               struct gate_meant *m)
{
	struct slice rel;
	uint32_t root;

	if (gate_deploying(g))
		return GATE_MEANS_PRESENT;
	switch (gate_word(g, o, given, &root, &rel)) {
	case GATE_WORD_ELSEWHERE:
		return GATE_MEANS_PRESENT;
	case GATE_WORD_UNKNOWN:
		return !gate_outside(path) && own == opener_common(path, path)
		           ? GATE_MEANS_PRESENT
		           : GATE_MEANS_UNKNOWN;
	case GATE_WORD_OURS:
		break;
	}
	if (slice_eq(rel, path) ||
	    (!role_is_code(look_role(g->conf, root, rel)) && !gate_outside(path)) ||
	    gate_leads_to(g, root, rel, s) || by_approved_link(g, root, rel, s))
		return GATE_MEANS_PRESENT;
	*m = (struct gate_meant){.root = root, .path = rel, .link = true};
	return GATE_MEANS_CODE;
}

/*
 * Nothing of its present name was asked for: another link, or it was moved twice; or the
 * opener's path can't be read (io_uring). Or more of this guise was; where all of it was, its
 * present name may have been made to look alike.
 */
static bool asked_for(const struct gate_guise *u, struct slice given, uint32_t root,
                      struct slice path, size_t own)
{
	size_t its = opener_common(given, u->path);

	if (u->root == root && slice_eq(u->path, path))
		return own == 0;
	return own == 0 || its > own || its == opener_common(u->path, u->path);
}

/* Did this file stand under several paths of code? */
static bool several(const struct gate *g, const struct sight *s)
{
	const struct gate_guise *u = guise_of_file(g, s, SLICE(""));

	for (int i = 0; u && i < GATE_MAX_GUISES; i++) {
		const struct gate_guise *o = &g->guise[i];

		if (is_of(o, s) && (o->root != u->root || !slice_eq(o->path, u->path)))
			return true;
	}
	return false;
}

/*
 * What this opener asked for. A guise whose last name was asked for is it. Of others only the
 * path that was given can tell; where that can't be told, one that is the file's only one is.
 */
static enum gate_guess by_opener(struct gate *g, const struct sight *s, struct opener *o,
                                 uint32_t root, struct slice path, bool code, bool far,
                                 struct gate_meant *m)
{
	char room[PATH_MAX];
	struct slice given = opener_path(o, room, sizeof(room));
	const struct gate_guise *u = guise_of_file(g, s, given);
	size_t own = opener_common(given, path);
	bool fits = u && o->known && asked_for(u, given, root, path, own);
	bool lost = clock_mono_us() < g->lost_until_us;
	bool linked = !code && clock_mono_us() < g->linked_until_us;
	bool must = fits || lost || gate_outside(path);
	enum gate_guess guess = GATE_MEANS_PRESENT;

	if (!fits || opener_common(given, u->path) == 0) {
		if (!code && given.n && by_link(g, given, own, m))
			return GATE_MEANS_CODE;
		if (must || linked)
			guess = by_word(g, s, o, given, own, path, m);
		if (!must && guess == GATE_MEANS_UNKNOWN)
			guess = GATE_MEANS_PRESENT;
		if (!fits || guess == GATE_MEANS_CODE ||
		    (guess == GATE_MEANS_UNKNOWN && (lost || several(g, s))))
			return guess;
	}
	/* A link that he has followed himself: that is what PHP does. */
	if (far && !who_serves(g->who, o->uid))
		return guess;
	*m = (struct gate_meant){u->root, u->path, u->link, false};
	return GATE_MEANS_CODE;
}

/* Is there code whose opens are judged at all? */
static bool code_held(const struct gate *g)
{
	for (enum role r = 0; r < ROLES; r++) {
		if (role_is_code(r) && g->mode[r] != CONF_WATCH)
			return true;
	}
	return false;
}

enum gate_guess gate_guise_meant(struct gate *g, int far, const struct sight *s, uint32_t root,
                                 struct slice path, enum role role, pid_t tid,
                                 struct gate_meant *m)
{
	int64_t now = clock_mono_us();
	enum gate_guess guess = GATE_MEANS_PRESENT;
	bool code = role_is_code(role);
	struct opener o = {0};

	if (guise_of_file(g, s, SLICE("")) || now < g->lost_until_us || gate_outside(path) ||
	    (!code && (now < g->links_until_us || now < g->linked_until_us))) {
		opener_read(&o, tid);
		if (o.awake)
			return GATE_MEANS_UNSURE;
		if (far < 0 || !gate_far_own(g, far, &o))
			guess = by_opener(g, s, &o, root, path, code, far >= 0, m);
		if (o.hidden)
			return GATE_MEANS_UNSURE;
	}
	if (guess == GATE_MEANS_UNKNOWN)
		return code_held(g) ? GATE_MEANS_UNKNOWN : GATE_MEANS_PRESENT;
	if (guess == GATE_MEANS_PRESENT &&
	    !(far >= 0 ? gate_far_meant(g, far, &o, m)
	               : !gate_outside(path) && gate_goal_meant(g, root, path, role, m)))
		return GATE_MEANS_PRESENT;
	return g->mode[look_role(g->conf, m->root, m->path)] == CONF_WATCH ? GATE_MEANS_PRESENT
	                                                                   : GATE_MEANS_CODE;
}

void gate_guise_guessed(struct gate *g, struct held *h, enum gate_guess guess,
                        const struct gate_meant *m)
{
	bool was_code = role_is_code(h->role);

	h->unnamed = guess == GATE_MEANS_UNSURE;
	h->unknown = guess == GATE_MEANS_UNKNOWN;
	if (guess != GATE_MEANS_CODE)
		return;
	gate_goes_by(g, h, m->root, m->path);
	h->linked = m->link && !was_code;
	h->below = h->linked && m->below;
}

bool gate_guise_named(struct gate *g, struct held *h)
{
	struct gate_meant m;
	enum gate_guess guess = gate_guise_meant(g, h->far ? h->fd : -1, &h->sight, h->root,
	                                         h->path, h->role, h->tid, &m);

	gate_guise_guessed(g, h, guess, &m);
	return !h->unnamed;
}

static void end(struct gate_guise *u)
{
	if (u->path.n && u->pin >= 0)
		close(u->pin);
	state_set_text(&u->path, slice_str(NULL));
}

static void renew(struct gate *g, struct gate_guise *u, int64_t now)
{
	u->seen_us = now;
	if (g->links_until_us < now + 2 * GATE_GUISE_US)
		g->links_until_us = now + 2 * GATE_GUISE_US;
}

/* What the path leads to by now; -1: nothing. */
static int pin_at(const struct gate *g, uint32_t root, struct slice path)
{
	char name[256];
	AUTO_FD dir = path_open_parent(g->root_fd[root], path, name);

	return dir < 0 ? -1 : openat(dir, name, O_PATH | O_CLOEXEC);
}

void gate_guise_tick(struct gate *g)
{
	int64_t now = clock_mono_us();
	char room[PATH_MAX];
	struct slice text;

	for (int i = 0; i < GATE_MAX_GUISES; i++) {
		struct gate_guise *u = &g->guise[i];

		if (!u->path.n || now - u->seen_us < GATE_GUISE_US)
			continue;
		/* In mode hold a link is left standing. */
		if (u->link && link_at(g, u->root, u->path, room, &text) == LINK_STRANGE) {
			AUTO_FD to = pin_at(g, u->root, u->path);

			renew(g, u, now);
			gate_goal_seen(g, u->root, u->path, text, to);
		} else {
			end(u);
		}
	}
}

bool gate_guise_told(const struct gate *g, const struct held *h)
{
	for (int i = 0; i < GATE_MAX_GUISES; i++) {
		const struct gate_guise *u = &g->guise[i];

		if (u->told && is_of(u, &h->sight) && u->root == h->root &&
		    slice_eq(u->path, h->path))
			return true;
	}
	return false;
}

/* Its own place, if it came there before, or the oldest one; free. */
static struct gate_guise *place_for(struct gate *g, uint32_t root, struct slice path,
                                    const struct sight *s, bool link)
{
	struct gate_guise *u = NULL;

	for (int i = 0; i < GATE_MAX_GUISES && !u; i++) {
		struct gate_guise *o = &g->guise[i];

		if (o->path.n && o->root == root && o->link == link &&
		    sight_is(s, o->dev, o->ino) && slice_eq(o->path, path))
			u = o;
	}
	if (!u) {
		u = &g->guise[g->guises++ % GATE_MAX_GUISES];
		if (u->path.n && clock_mono_us() - u->seen_us < GATE_GUISE_US)
			gate_guise_lost(g);
	}
	end(u);
	return u;
}

/* Takes `pin` over; -1: nothing is there yet. `text`: of the link that the path is, or empty.
 */
static void remember(struct gate *g, uint32_t root, struct slice path, int pin,
                     struct slice text)
{
	const struct table_entry *e = state_find(g->state, root, path, NULL);
	struct sight s = {0};
	struct gate_guise *u;

	if (pin >= 0 && sight_of_fd(&s, pin) < 0) {
		close(pin);
		return;
	}
	u = place_for(g, root, path, &s, text.n > 0);
	u->pin = pin;
	u->link = text.n > 0;
	u->told =
	    pin >= 0 && e && e->present.class == CLASS_FILE && sight_is(&s, e->dev, e->ino);
	state_set_text(&u->path, path);
	u->root = root;
	u->dev = s.dev;
	u->ino = s.ino;
	u->seen_us = clock_mono_us();
	if (u->link) {
		renew(g, u, u->seen_us);
		if (!gate_deploying(g))
			g->linked_until_us = u->seen_us + GATE_WARY_US;
		gate_goal_seen(g, root, u->path, text, pin);
		leases_last_none(g->leases);
	}
	for (struct held *h = g->held; h; h = h->next) {
		if (h->planted && !h->answered && gate_guise_of(g, h) == u)
			gate_guise_off(g, h, u);
	}
}

void gate_guise_seen(struct gate *g, uint32_t root, struct slice path)
{
	int pin = pin_at(g, root, path);
	char room[PATH_MAX];
	struct slice text;
	bool link = link_at(g, root, path, room, &text) == LINK_STRANGE;

	if (pin >= 0 || link)
		remember(g, root, path, pin, link ? text : SLICE(""));
}

void gate_guise_came(struct gate *g, uint32_t root, struct slice path, int pin)
{
	char room[PATH_MAX];
	/* Of the link itself: it may be gone already, but somebody went that way. */
	ssize_t n = pin < 0 ? -1 : readlinkat(pin, "", room, sizeof(room));
	struct slice text = slice_mem(room, n < 0 ? 0 : (size_t)n);

	if (n >= 0)
		close(pin);
	if (n >= 0 && !link_approved(g, root, path, text))
		remember(g, root, path, pin_at(g, root, path), text);
	else if (n < 0 && pin >= 0)
		remember(g, root, path, pin, SLICE(""));
	else if (n < 0 && link_at(g, root, path, room, &text) == LINK_STRANGE)
		gate_guise_seen(g, root, path);
}

static void look_for_link(void *ctx, uint32_t root, struct slice path,
                          const struct table_entry *e)
{
	struct gate *g = ctx;

	if (e->present.class == CLASS_LINK && role_is_code((enum role)e->role) &&
	    root < g->conf->roots && !table_same(&e->approved, &e->present))
		gate_guise_seen(g, root, path);
}

void gate_guise_known(struct gate *g)
{
	state_each(g->state, look_for_link, g);
}

void gate_guise_done(struct gate *g)
{
	for (int i = 0; i < GATE_MAX_GUISES; i++)
		end(&g->guise[i]);
}

struct elsewhere {
	struct gate *g;
	const struct held *h;
	bool found;
};

static void look_elsewhere(void *ctx, uint32_t root, struct slice path,
                           const struct table_entry *e)
{
	struct elsewhere *x = ctx;
	const struct held *h = x->h;
	bool same = sight_is(&h->sight, e->dev, e->ino);

	if (x->found || e->approved.class != CLASS_FILE || !role_is_code((enum role)e->role) ||
	    (root == h->root && slice_eq(path, h->path)) ||
	    (!same && !hash_eq(&e->approved.hash, &h->hash)))
		return;
	x->found = gate_leads_to(x->g, root, path, &h->sight);
}

/* By a hard link, gone or not: cleaning it here would alter approved code there. */
bool gate_guise_elsewhere(struct gate *g, const struct held *h)
{
	struct elsewhere x = {.g = g, .h = h};
	struct sight now = {0};

	/* The name it has is this one: what is done about it here concerns no other path. */
	if (sight_of_fd(&now, h->fd) == 0 && now.nlink == 1 &&
	    gate_leads_to(g, h->root, h->path, &now))
		return false;
	state_alike(g->state, h->sight.dev, h->sight.ino, &h->hash, look_elsewhere, &x);
	return x.found;
}
