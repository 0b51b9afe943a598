/*
 * Guises: a file that stands unapproved under a path of code, itself or by way of a link, or
 * was just moved or linked there, is remembered by its inode. An open of it that comes by
 * another name may be one of that path.
 */
#include "sense/gate.h"
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

/* It is this path that was opened. */
void gate_guise_off(struct gate *g, struct held *h, const struct gate_guise *u)
{
	state_set_text(&h->path, u->path);
	h->root = u->root;
	h->role = look_role(g->conf, u->root, u->path);
	h->planted = false;
}

static bool is_of(const struct gate_guise *u, const struct sight *s)
{
	return u->path.n && u->ino == s->ino && u->dev == s->dev &&
	       clock_mono_us() - u->seen_us < GATE_GUISE_US;
}

static const struct gate_guise *guise_of_file(const struct gate *g, const struct sight *s)
{
	for (int i = 0; i < GATE_MAX_GUISES; i++) {
		if (is_of(&g->guise[i], s))
			return &g->guise[i];
	}
	return NULL;
}

const struct gate_guise *gate_guise_of(const struct gate *g, const struct held *h)
{
	return guise_of_file(g, &h->sight);
}

const struct gate_guise *gate_guise_meant(const struct gate *g, const struct sight *s,
                                          struct slice path, pid_t tid)
{
	const struct gate_guise *u = guise_of_file(g, s);
	char room[PATH_MAX];
	struct slice given;
	struct opener o;
	size_t as_present;

	if (!u)
		return NULL;
	opener_read(&o, tid);
	given = opener_path(&o, room, sizeof(room));
	as_present = opener_common(given, path);
	/* Nothing of its present name was asked for: another link, or it was moved twice. */
	return given.n && (as_present == 0 || opener_common(given, u->path) > as_present)
	           ? u
	           : NULL;
}

void gate_guise_link(struct gate *g, uint32_t root, struct slice path)
{
	if (role_is_code(look_role(g->conf, root, path)) && !gate_deploying(g))
		gate_guise_seen(g, root, path);
}

static void end(struct gate_guise *u)
{
	if (u->path.n)
		close(u->pin);
	state_set_text(&u->path, slice_str(NULL));
}

void gate_guise_tick(struct gate *g)
{
	int64_t now = clock_mono_us();

	for (int i = 0; i < GATE_MAX_GUISES; i++) {
		if (g->guise[i].path.n && now - g->guise[i].seen_us >= GATE_GUISE_US)
			end(&g->guise[i]);
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

/* Takes `pin` over. */
static void remember(struct gate *g, uint32_t root, struct slice path, int pin, bool link)
{
	struct gate_guise *u = &g->guise[g->guises % GATE_MAX_GUISES];
	const struct table_entry *e = state_find(g->state, root, path, NULL);
	struct stat st;

	if (fstat(pin, &st) < 0) {
		close(pin);
		return;
	}
	g->guises++;
	end(u);
	u->pin = pin;
	u->link = link;
	u->told =
	    e && e->present.class == CLASS_FILE && e->ino == st.st_ino && e->dev == st.st_dev;
	state_set_text(&u->path, path);
	u->root = root;
	u->dev = st.st_dev;
	u->ino = st.st_ino;
	u->seen_us = clock_mono_us();
	for (struct held *h = g->held; h; h = h->next) {
		if (h->planted && !h->answered && gate_guise_of(g, h) == u)
			gate_guise_off(g, h, u);
	}
}

void gate_guise_seen(struct gate *g, uint32_t root, struct slice path)
{
	struct sight s = {0};
	char name[256];
	AUTO_FD dir = path_open_parent(g->root_fd[root], path, name);
	int pin = dir < 0 ? -1 : openat(dir, name, O_PATH | O_CLOEXEC);

	if (pin >= 0)
		remember(g, root, path, pin,
		         sight_at(&s, dir, name) == 0 && s.class == CLASS_LINK);
}

void gate_guise_came(struct gate *g, uint32_t root, struct slice path, int pin)
{
	if (role_is_code(look_role(g->conf, root, path)) && !gate_deploying(g))
		remember(g, root, path, pin, false);
	else
		close(pin);
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
	bool same = e->ino == h->sight.ino && e->dev == h->sight.dev;

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

	state_each(g->state, look_elsewhere, &x);
	return x.found;
}
