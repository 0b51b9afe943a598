#include "sense/guard.h"
#include <errno.h>
#include <string.h>

#define SLOTS        16384 /* a power of two */
#define MAX_AT_ONCE  512   /* open files in readers' hands */
#define PARK_DATA_US 10000000
#define PARK_HOT_US  250000
#define HOT_LOOKS    8 /* looks in a row at a file that does not come to rest */
#define WAKE_US      20000
#define RETRIES      3
#define WAITS        8 /* for who writes a packed copy, PARK_HOT_US each */
/* Larger files of role data are not read when they change: they are databases. */
#define DATA_READ_MAX_BYTES (1 << 20)

enum step { WAITING, LOOKING, PARKED };

/* Who it was, as text: long, and the same for all that one process did in a row. */
struct whose {
	size_t refs, n;
	uint8_t text[];
};

struct memory {
	int64_t seen_us, deploy;
	struct whose *who;         /* or NULL */
	struct slice renamed_from; /* owned */
	bool worker, content, scan, stranger;
	bool wrote; /* the deploy wrote to it */
};

struct suspect {
	struct look look; /* first: the pool gives us its address back */
	struct suspect *next_slot;
	struct suspect *next, **link;  /* in the list of its step */
	struct suspect *older, *newer; /* all, by number */
	uint64_t number;
	enum step step;
	bool again;         /* heard of while it was looked at */
	struct memory why;  /* of the look under way */
	struct memory then; /* of the next */
	int looks, retries, waits;
	bool same; /* parked in the midst of a look: it begins anew for the same reason */
	int64_t due_us;
};

struct list {
	struct suspect *first, **end;
};

struct suspects {
	struct suspect *slot[SLOTS];
	struct list waiting, parked;
	struct suspect *oldest, *newest;
	uint64_t numbers;
	size_t count, at_once;
	int64_t wake_us;
	struct whose *newest_who;
};

struct suspects *suspects_new(void)
{
	struct suspects *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->waiting.end = &s->waiting.first;
	s->parked.end = &s->parked.first;
	return s;
}

/* ---- memory of causes ---- */

static struct slice whose_text(const struct whose *w)
{
	return w ? slice_mem(w->text, w->n) : slice_str(NULL);
}

/* One of them goes, another (or NULL) takes its place. */
static void whose_set(struct whose **own, struct whose *w)
{
	if (w)
		w->refs++;
	if (*own && --(*own)->refs == 0)
		free(*own);
	*own = w;
}

/* The one of this text: the newest, else it is that now. */
static struct whose *whose_of(struct suspects *s, struct slice text)
{
	struct whose *w = s->newest_who;

	if (w && slice_eq(whose_text(w), text))
		return w;
	w = malloc(sizeof(*w) + text.n);
	if (!w)
		return NULL;
	*w = (struct whose){.n = text.n};
	memcpy(w->text, text.at, text.n);
	whose_set(&s->newest_who, w);
	return w;
}

static void memory_done(struct memory *m)
{
	whose_set(&m->who, NULL);
	state_set_text(&m->renamed_from, slice_str(NULL));
	*m = (struct memory){0};
}

/* Of several causes the first that names somebody is told; what must be done adds up. */
static void remember(struct suspects *s, struct memory *m, const struct cause *c)
{
	struct buf text = {.max = 64u * 1024};

	if (!m->seen_us)
		m->seen_us = c->seen_us;
	m->content |= c->content;
	m->scan |= c->scan;
	/* Who came last made it what it is; not who only gave it other rights or times. */
	if (c->stranger || (c->deploy && (c->content || !m->stranger))) {
		m->deploy = c->deploy;
		m->stranger = c->stranger;
		m->wrote = c->deploy && (m->wrote || c->wrote);
	}
	if (c->renamed_from.n)
		state_set_text(&m->renamed_from, c->renamed_from);
	if (c->who && (!m->who || (c->worker && !m->worker))) {
		if (json_write(&text, c->who))
			whose_set(&m->who, whose_of(s, buf_slice(&text)));
		m->worker |= c->worker;
	}
	buf_done(&text);
}

/* ---- lists ---- */

static void list_add(struct list *l, struct suspect *x)
{
	x->next = NULL;
	x->link = l->end;
	*l->end = x;
	l->end = &x->next;
}

static void list_remove(struct list *l, struct suspect *x)
{
	*x->link = x->next;
	if (x->next)
		x->next->link = x->link;
	else
		l->end = x->link;
}

static struct suspect **slot_of(struct suspects *s, uint32_t root, struct slice path)
{
	return &s->slot[(hash_table(path) + root) & (SLOTS - 1)];
}

static struct suspect *find(struct suspects *s, uint32_t root, struct slice path)
{
	struct suspect *x = *slot_of(s, root, path);

	while (x && (x->look.root != root || !slice_eq(look_path(&x->look), path)))
		x = x->next_slot;
	return x;
}

static void forget(struct suspects *s, struct suspect *x)
{
	struct suspect **at = slot_of(s, x->look.root, look_path(&x->look));

	while (*at != x)
		at = &(*at)->next_slot;
	*at = x->next_slot;
	*(x->older ? &x->older->newer : &s->oldest) = x->newer;
	*(x->newer ? &x->newer->older : &s->newest) = x->older;
	s->count--;
	memory_done(&x->why);
	memory_done(&x->then);
	look_done(&x->look);
	free(x);
}

void suspects_free(struct suspects *s)
{
	if (!s)
		return;
	while (s->oldest)
		forget(s, s->oldest);
	whose_set(&s->newest_who, NULL);
	free(s);
}

static void wait_again(struct suspects *s, struct suspect *x)
{
	x->step = WAITING;
	list_add(&s->waiting, x);
}

static void park(struct suspects *s, struct suspect *x, int64_t us)
{
	x->step = PARKED;
	x->due_us = clock_mono_us() + us;
	list_add(&s->parked, x);
}

static struct suspect *suspect_new(struct suspects *s, uint32_t root, struct slice path,
                                   enum role role)
{
	struct suspect *x = calloc(1, sizeof(*x));
	struct suspect **slot = slot_of(s, root, path);

	if (!x || look_init(&x->look, root, path, role) < 0) {
		free(x);
		return NULL;
	}
	x->number = ++s->numbers;
	x->next_slot = *slot;
	*slot = x;
	x->older = s->newest;
	*(s->newest ? &s->newest->newer : &s->oldest) = x;
	s->newest = x;
	s->count++;
	return x;
}

void suspect_add(struct guard *g, uint32_t root, struct slice path, const struct cause *c)
{
	struct suspects *s = g->suspects;
	struct suspect *x = find(s, root, path);

	if (x) {
		bool first = x->step == WAITING;
		x->again |= !first;
		if (c->scan && !(first ? x->why.scan : x->then.scan))
			patrol_looked(g, false); /* counted once, here it is one look */
		remember(s, first ? &x->why : &x->then, c);
		return;
	}
	enum role role = look_role(g->conf, root, path);
	if (role != ROLE_IGNORED)
		x = suspect_new(s, root, path, role);
	if (!x) {
		if (c->scan)
			patrol_looked(g, false);
		return;
	}
	remember(s, &x->why, c);
	wait_again(s, x);
}

size_t suspects_count(const struct suspects *s)
{
	return s->count;
}

uint64_t suspects_newest(const struct suspects *s)
{
	return s->numbers;
}

uint64_t suspects_oldest(const struct suspects *s)
{
	const struct suspect *x = s->oldest;

	/* A parked one that nothing was heard of since is as good as done. */
	while (x && x->step == PARKED && !x->same && (!x->again || x->look.role == ROLE_DATA))
		x = x->newer;
	return x ? x->number : s->numbers + 1;
}

/* ---- the end of a look ---- */

static void close_file(struct suspect *x)
{
	if (x->look.fd >= 0)
		close(x->look.fd);
	x->look.fd = -1;
}

static void rest(struct guard *g, struct suspect *x)
{
	struct suspects *s = g->suspects;
	bool data = x->look.role == ROLE_DATA && x->look.present.class != CLASS_NONE;

	if (x->why.scan)
		patrol_looked(g, false);
	close_file(x);
	x->look.tries = x->retries = x->waits = 0;
	x->look.changed_while_read = false;
	memory_done(&x->why);
	x->looks++;
	if (data) {
		park(s, x, PARK_DATA_US); /* databases and logs: not more often than that */
	} else if (!x->again) {
		forget(s, x);
	} else if (x->looks >= HOT_LOOKS) {
		park(s, x, PARK_HOT_US);
	} else {
		x->why = x->then;
		x->then = (struct memory){0};
		x->again = false;
		wait_again(s, x);
	}
}

static int fd_to_keep(const struct guard *g, const struct look *k)
{
	bool wanted =
	    role_is_code(k->role) ||
	    (!g->first[k->root] && (k->role == ROLE_UPLOADS || k->role == ROLE_GENERATED));

	return wanted && k->sight.size <= g->conf->keep_max_bytes ? k->fd : -1;
}

static struct slice content_text(struct buf *out, struct arena *a, const struct json *answer)
{
	struct json *o = json_obj(a);

	if (!json_get(answer, "kind"))
		return slice_str(NULL);
	json_put(a, o, "kind", json_copy(a, json_get(answer, "kind")));
	if (json_get(answer, "features"))
		json_put(a, o, "features", json_copy(a, json_get(answer, "features")));
	return json_write(out, o) ? buf_slice(out) : slice_str(NULL);
}

/* What is present now is known; what was approved changes by deploys, and where all is. */
static void record(struct guard *g, const struct suspect *x, const struct json *answer,
                   bool approve)
{
	const struct look *k = &x->look;
	struct buf text = {.max = 64u * 1024};
	struct known *n = state_edit(g->state, k->root, look_path(k));

	if (!n)
		return;
	int64_t seq = n->e.present.seq;
	n->e.present = k->present;
	n->e.present.seq = seq;
	n->e.mtime_ns = k->sight.mtime_ns;
	n->e.ctime_ns = k->sight.ctime_ns;
	n->e.dev = k->sight.dev;
	n->e.ino = k->sight.ino;
	n->e.checked_us = x->why.seen_us < clock_now_us() ? x->why.seen_us : clock_now_us();
	n->e.role = k->role;
	if (answer)
		state_set_text(&n->content, content_text(&text, &g->mem, answer));
	if (approve) {
		n->e.approved = n->e.present;
		state_set_text(&n->features, n->content);
	}
	buf_done(&text);
	state_settle(g->state, n);
}

static struct json *draft_of(struct guard *g, const struct suspect *x,
                             const struct json *answer)
{
	const struct look *k = &x->look;
	struct draft_file f = look_draft(k, g->conf);

	f.content = answer;
	f.seen_us = x->why.seen_us;
	f.found_by_scan = x->why.scan && !x->why.who;
	f.deploy = x->why.deploy;
	f.renamed_from = x->why.renamed_from;
	f.who = x->why.who ? json_parse(&g->mem, whose_text(x->why.who), NULL) : NULL;
	f.was = state_find(g->state, k->root, look_path(k), &f.was_content);
	return g->first[k->root] ? draft_baseline(&g->mem, &f) : draft_changed(&g->mem, &f);
}

static void collect_below(void *ctx, uint32_t root, struct slice path,
                          const struct table_entry *e)
{
	struct guard *g = ctx;
	struct cause c = {.seen_us = clock_now_us(), .scan = false};

	(void)e;
	suspect_add(g, root, path, &c);
}

/* A folder gave way to something else: what was below it is gone too. */
static bool folder_lost(const struct guard *g, const struct look *k)
{
	const struct table_entry *e = state_find(g->state, k->root, look_path(k), NULL);

	return e && e->present.class == CLASS_DIR && k->present.class != CLASS_DIR &&
	       k->present.class != CLASS_NONE;
}

/*
 * Whatever the look found, its event is in the queue by now. Who did what a walk came upon? And
 * has somebody else put his own in the place of what a deploy brings before this look?
 */
static void ask_whose(struct guard *g, struct suspect *x)
{
	bool found = x->why.scan && !x->why.who && !g->first[x->look.root];

	if (!found && !x->why.deploy)
		return;
	hear_drain(g);
	if (!found && !x->then.stranger)
		return;
	x->why.deploy = found ? x->then.deploy : 0;
	x->why.worker = x->then.worker;
	if (x->then.who)
		whose_set(&x->why.who, x->then.who);
}

/*
 * A folder can be moved away with what is being looked at: whoever hears of that asks again
 * about the files that are known to be in it, and this one may not be yet.
 */
static bool stands_there(struct guard *g, const struct look *k)
{
	struct sight there;
	char name[256];
	int dir;

	if (k->present.class == CLASS_NONE)
		return true; /* what came since has events of its own */
	dir = path_near_parent(&g->near, g->root_fd[k->root], look_path(k), name);
	return dir >= 0 && sight_at(&there, dir, name) == 0 &&
	       sight_is(&there, k->sight.dev, k->sight.ino);
}

/*
 * From here to the record nothing may be heard: what is heard after the record finds the file
 * known. True: look once more first. What never stands still is told, and looked at after.
 */
static bool gone_meanwhile(struct guard *g, struct suspect *x)
{
	struct cause c = {.seen_us = clock_now_us(), .content = true};

	if (stands_there(g, &x->look))
		return false;
	if (++x->retries < RETRIES) {
		x->why.content = true;
		wait_again(g->suspects, x);
		return true;
	}
	x->again = true;
	remember(g->suspects, &x->then, &c);
	return false;
}

static void conclude(struct guard *g, struct suspect *x, const struct json *answer)
{
	struct look *k = &x->look;
	bool silent = k->role == ROLE_DATA && !g->first[k->root] && !look_is_code(answer);
	struct json *draft;
	bool approve, lost;

	ask_whose(g, x);
	if (gone_meanwhile(g, x))
		return;
	if (x->why.deploy && !x->why.wrote && !release_approves(g, k))
		x->why.deploy = 0;
	lost = folder_lost(g, k);
	approve = x->why.deploy || !role_is_code(k->role) || g->first[k->root];
	arena_reset(&g->mem);
	if (answer && !approve)
		answer = look_packed(&g->mem, answer,
		                     state_find(g->state, k->root, look_path(k), NULL),
		                     state_packed(g->state, k->root, look_path(k)));
	draft = silent ? NULL : draft_of(g, x, answer);
	if (draft) {
		struct requests_asked *q =
		    x->why.worker && !x->why.deploy
		        ? requests_will_ask(g, look_path(k), x->why.seen_us)
		        : NULL;
		guard_post(g, draft, fd_to_keep(g, k), q ? requests_on_seq : NULL, q);
		if (x->why.scan) {
			x->why.scan = false;
			patrol_looked(g, true);
		}
	}
	if (draft && !approve && (x->why.worker || x->why.stranger || !x->why.who))
		release_taint(g, k->role, &k->present);
	if (!silent)
		record(g, x, answer, draft && approve);
	if (lost)
		state_below(g->state, k->root, look_path(k), collect_below, g);
	rest(g, x);
}

static void tell_unreadable(struct guard *g, struct suspect *x)
{
	struct look *k = &x->look;

	arena_reset(&g->mem);
	guard_post(g,
	           draft_unreadable(&g->mem, g->conf->root[k->root].path, look_path(k), k->role,
	                            strerror(k->error)),
	           -1, NULL, NULL);
	rest(g, x);
}

/*
 * What passes for a program by half may be a harmless packed copy when it is complete. Opens of
 * it are refused meanwhile, where opens are held.
 */
static bool unfinished(struct guard *g, struct suspect *x, const struct json *answer)
{
	struct slice path = look_path(&x->look);

	return role_is_code(x->look.role) && !x->why.deploy && !g->first[x->look.root] &&
	       !g->stopping &&
	       look_unfinished(&x->look, answer, state_find(g->state, x->look.root, path, NULL),
	                       state_packed(g->state, x->look.root, path)) &&
	       x->waits++ < WAITS;
}

void suspect_answered(struct guard *g, void *suspect, const struct json *answer)
{
	struct suspect *x = suspect;
	struct arena mem = {.max = 4096};

	g->suspects->at_once--;
	if (!look_answered(&x->look, answer)) {
		x->why.content = true;
		wait_again(g->suspects, x);
		return;
	}
	if (unfinished(g, x, answer)) {
		x->why.content = x->same = true;
		close_file(x);
		park(g->suspects, x, PARK_HOT_US);
		return;
	}
	conclude(g, x, look_content(&x->look, g->conf, answer, &mem));
	arena_done(&mem);
}

/* ---- the beginning of a look ---- */

static void read_it(struct guard *g, struct suspect *x)
{
	struct look *k = &x->look;
	struct buf text = {.max = 8 * PATH_TEXT_MAX_BYTES};
	struct pool_file f = {
	    .fd = k->fd,
	    .role = role_name(k->role),
	    .arg = x,
	    .look = look_wanted(k, g->conf),
	    .look_max = look_most(k->role, g->conf),
	};

	path_text(&text, look_path(k));
	f.path = buf_slice(&text);
	g->suspects->at_once++;
	if (pool_add(g->pool, &f) < 0)
		err_die("no memory");
	buf_done(&text);
}

static enum look_outcome look_now(struct guard *g, struct suspect *x)
{
	struct look *k = &x->look;
	char name[256];
	int dir = path_near_parent(&g->near, g->root_fd[k->root], look_path(k), name);

	if (dir < 0) {
		k->sight = (struct sight){.class = CLASS_NONE};
		k->present = sight_state(&k->sight, NULL);
		k->error = 0;
		return dir == -EMFILE || dir == -ENFILE || dir == -ENOMEM ? LOOK_FAILED
		                                                          : LOOK_COMPLETE;
	}
	enum look_outcome o = look_at(k, dir, name);
	if (o != LOOK_FAILED && k->sight.class != CLASS_NONE)
		patrol_learn(g, k->root, look_path(k), &k->sight, dir, name);
	return o;
}

static bool as_recorded(struct guard *g, const struct suspect *x)
{
	const struct look *k = &x->look;
	const struct table_entry *e = state_find(g->state, k->root, look_path(k), NULL);

	/* A folder's times say nothing of its attributes. */
	return !x->why.content && !g->first[k->root] &&
	       sight_check(&k->sight, e) == SIGHT_CLEAN &&
	       (k->sight.class != CLASS_DIR || e->present.attrs == k->present.attrs);
}

static bool large_data(const struct guard *g, const struct look *k)
{
	return !g->first[k->root] && k->role == ROLE_DATA &&
	       k->sight.size > DATA_READ_MAX_BYTES;
}

/* By a lease; where opens are held the kernel refuses it: the gate can't look at it either. */
static bool kept_from_us(const struct look *k)
{
	return k->error == EBUSY || k->error == EPERM;
}

static void step(struct guard *g, struct suspect *x)
{
	struct look *k = &x->look;
	enum look_outcome o;

	if (k->path_n > PATH_TEXT_MAX_BYTES) {
		k->error = ENAMETOOLONG;
		tell_unreadable(g, x);
		return;
	}
	o = look_now(g, x);
	if (o == LOOK_FAILED && (k->error == ENOENT || k->error == EAGAIN) &&
	    ++x->retries < RETRIES)
		o = look_now(g, x); /* replaced between two calls of ours */
	if (o == LOOK_FAILED && (k->error == ENOENT || k->error == EAGAIN))
		rest(g, x); /* its own event is under way */
	else if (o == LOOK_FAILED && kept_from_us(k) && !as_recorded(g, x))
		conclude(g, x, NULL); /* not what it was, whatever it holds */
	else if (o == LOOK_FAILED)
		tell_unreadable(g, x);
	else if (as_recorded(g, x) || large_data(g, k))
		rest(g, x);
	else if (o == LOOK_READ)
		read_it(g, x);
	else
		conclude(g, x, NULL);
}

static void wake_parked(struct guard *g)
{
	struct suspects *s = g->suspects;
	int64_t now = clock_mono_us();

	if (now < s->wake_us && !g->stopping)
		return;
	s->wake_us = now + WAKE_US;
	/* Data rests longest, so a hot file may wait behind it a little: never for ever. */
	for (struct suspect *x = s->parked.first, *next; x; x = next) {
		next = x->next;
		if (x->due_us > now && !g->stopping)
			continue;
		list_remove(&s->parked, x);
		if (x->same) {
			x->same = false;
			wait_again(s, x);
			continue;
		}
		x->looks = 0;
		if (!x->again) {
			forget(s, x);
			continue;
		}
		x->why = x->then;
		x->then = (struct memory){0};
		x->again = false;
		wait_again(s, x);
	}
}

void suspects_pump(struct guard *g)
{
	struct suspects *s = g->suspects;

	wake_parked(g);
	while (s->waiting.first && s->at_once < MAX_AT_ONCE && guard_has_room(g)) {
		struct suspect *x = s->waiting.first;
		list_remove(&s->waiting, x);
		x->step = LOOKING; /* what is heard of it from here on is for the next look */
		step(g, x);
	}
	pool_pump(g->pool);
}
