/*
 * A person's word to contain something, or to lift that, becomes an order for the hand. It
 * is the gate that gives it, like all orders: the ledger lets nobody else, and the gate alone
 * can name a process (pidfd) or refuse an open. What it refuses itself is the first verb:
 * a path that a person holds.
 */
#include "sense/gate.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/fanotify.h>
#include <sys/pidfd.h>

#define OURSELVES  "hinoban" /* who gives a word that nobody gave: [hold] again */
#define WORD_BYTES 65536

/* An order on its way to the ledger, and the process that it speaks of. */
struct contain_order {
	struct gate *g;
	int64_t word;
	int pidfd; /* or -1 */
};

/* ---- held paths ---- */

/* Verdicts that were kept of it are void; and its own mark asks wherever it is opened. */
static void mark_held(struct gate *g, struct gate_hold *h)
{
	char name[256];
	struct sight s = {0};
	AUTO_FD dir = path_open_parent(g->root_fd[h->root], h->path, name);

	if (dir < 0 || sight_at(&s, dir, name) < 0 || s.class != CLASS_FILE)
		return;
	h->dev = s.dev;
	h->ino = s.ino;
	leases_ask_again(g->leases, dir, name);
	fanotify_mark(g->group[ASKS_CODE], FAN_MARK_ADD | FAN_MARK_DONT_FOLLOW, FAN_OPEN_PERM,
	              dir, name);
}

void gate_contain_mark(struct gate *g)
{
	for (int i = 0; i < g->holds; i++)
		mark_held(g, &g->hold[i]);
}

static void unmark_held(struct gate *g, const struct gate_hold *h)
{
	char name[256];
	struct sight s = {0};
	AUTO_FD dir = path_open_parent(g->root_fd[h->root], h->path, name);

	/* A folder's mark asks for all that is in it. */
	if (dir >= 0 && sight_at(&s, dir, name) == 0 && s.class == CLASS_FILE)
		fanotify_mark(g->group[ASKS_CODE], FAN_MARK_REMOVE | FAN_MARK_DONT_FOLLOW,
		              FAN_OPEN_PERM, dir, name);
}

static bool is_folder(const struct gate *g, const struct gate_hold *h)
{
	AUTO_FD fd = path_open(g->root_fd[h->root], h->path, O_RDONLY | O_DIRECTORY);

	return fd >= 0;
}

static void hold_begin(struct gate *g, const struct json *fact, int64_t word)
{
	struct gate_hold *h = &g->hold[g->holds];
	uint32_t root;

	if (g->holds == GATE_MAX_HOLDS || !root_of_fact(g->conf, fact, &root, &g->news) ||
	    g->root_fd[root] < 0)
		return; /* the hand will find that it can be opened, and say so */
	*h = (struct gate_hold){.root = root, .word = word};
	state_set_text(&h->path, buf_slice(&g->news));
	g->holds++;
	leases_clear(g->leases);
	if (g->holding && !is_folder(g, h)) {
		mark_held(g, h);
		return;
	}
	/* Of the files below a folder some may pass by a mark that no lease goes with. */
	folders_unmark(g);
	gate_apply_modes(g);
}

static void hold_end(struct gate *g, int64_t word)
{
	for (int i = 0; i < g->holds; i++) {
		if (g->hold[i].word != word)
			continue;
		unmark_held(g, &g->hold[i]);
		state_set_text(&g->hold[i].path, slice_str(NULL));
		g->hold[i] = g->hold[--g->holds];
		gate_apply_modes(g);
		return;
	}
}

const struct gate_hold *gate_contain_of(const struct gate *g, const struct sight *s,
                                        uint32_t root, const struct slice *rel)
{
	for (int i = 0; i < g->holds; i++) {
		const struct gate_hold *h = &g->hold[i];

		if (rel && h->root == root &&
		    (slice_eq(h->path, SLICE(PATH_ROOT)) || path_below(*rel, h->path)))
			return h;
		if (h->ino && sight_is(s, h->dev, h->ino))
			return h;
	}
	return NULL;
}

/*
 * Our own may look, but for the hand: its open is the proof that the path is held. Unless it
 * is to put right what stands there, once that proof is given.
 */
bool gate_contain_may(const struct gate *g, const struct opener *o, const struct gate_hold *c)
{
	char path[64], name[16] = "";
	AUTO_FD fd = -1;

	if (!gate_ours(g, o))
		return false;
	if (c->tried && gate_ordered(g, c->root, c->path))
		return true;
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)o->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, name, sizeof(name) - 1) > 0 &&
	       strncmp(name, "hinoban-hand", strlen("hinoban-hand")) != 0;
}

void gate_contain_done(struct gate *g, int64_t order)
{
	for (int i = 0; i < g->holds; i++) {
		if (g->hold[i].order == order)
			g->hold[i].tried = true;
	}
}

/* ---- processes ---- */

/*
 * The process that the word means, or -1: numbers are used again, so when it was started
 * must fit, and is read once its descriptor is held. hinoban's own and init are never frozen.
 */
static int find_process(const struct gate *g, const struct json *word)
{
	pid_t pid = (pid_t)json_num(word, "pid", 0);
	struct opener o = {0};
	int fd = pid > 1 && pid != g->keeper ? pidfd_open(pid, 0) : -1;

	if (fd < 0)
		return -1;
	opener_read(&o, pid);
	if (o.known && o.parent != g->keeper &&
	    procs_began(pid) == (uint64_t)json_num(word, "started", 0))
		return fd;
	close(fd);
	return -1;
}

/* The word by which the process is frozen that this one names, or NULL. */
static struct gate_freeze *freeze_of(struct gate *g, const struct json *word)
{
	for (int i = 0; i < g->freezes; i++) {
		if (g->freeze[i].pid == json_num(word, "pid", 0) &&
		    g->freeze[i].started == json_num(word, "started", 0))
			return &g->freeze[i];
	}
	return NULL;
}

static void freeze_drop(struct gate *g, struct gate_freeze *f)
{
	struct gate_freeze *end = g->freeze + g->freezes--;

	memmove(f, f + 1, (size_t)(end - f - 1) * sizeof(*f));
}

/* False: somebody else's word has frozen it. */
static bool freeze_begin(struct gate *g, const struct json *word, int64_t seq)
{
	struct gate_freeze *f = freeze_of(g, word);
	int64_t pid = json_num(word, "pid", 0), started = json_num(word, "started", 0);

	if (f && f->word && f->word != seq)
		return false;
	if (!f && (pid <= 1 || json_true(word, "rehearsal") ||
	           procs_began((pid_t)pid) != (uint64_t)started))
		return true; /* none is named, or it is gone */
	if (!f) {
		if (g->freezes == GATE_MAX_FREEZES)
			freeze_drop(g, g->freeze);
		f = &g->freeze[g->freezes++];
	}
	*f = (struct gate_freeze){pid, started, seq};
	return true;
}

static void freeze_end(struct gate *g, int64_t word)
{
	for (int i = 0; i < g->freezes; i++) {
		if (g->freeze[i].word == word) {
			freeze_drop(g, &g->freeze[i]);
			return;
		}
	}
}

/* ---- orders ---- */

static void on_seq(void *arg, int64_t seq, struct slice why)
{
	struct contain_order *o = arg;

	if (seq < 0 && why.n)
		err_say("the ledger refused an order: %.*s", SLICE_ARG(slice_sub(why, 0, 200)));
	for (int i = 0; i < o->g->holds && seq > 0; i++) {
		if (o->g->hold[i].word == o->word)
			o->g->hold[i].order = seq;
	}
	if (seq > 0 && gate_order_early(o->g, seq))
		gate_contain_done(o->g, seq);
	if (seq > 0 && o->pidfd >= 0 && o->g->hand >= 0)
		loop_send(o->g->loop, o->g->hand, MSG_HELD, (uint64_t)seq, SLICE("{}"),
		          o->pidfd);
	if (o->pidfd >= 0)
		close(o->pidfd);
	free(o);
}

static void copy_fields(struct gate *g, struct json *d, const struct json *word)
{
	static const char *const names[] = {
	    "verb",   "by",     "reason",  "root",      "path",    "pid",     "started",
	    "cgroup", "except", "minutes", "rehearsal", "contain", "command", "flag"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct json *v = json_get(word, names[i]);

		if (v)
			json_put(&g->mem, d, names[i], json_copy(&g->mem, v));
	}
}

static void order(struct gate *g, const char *type, const struct json *word, int64_t seq)
{
	bool process = json_num(word, "pid", 0) > 0;
	struct contain_order *o = calloc(1, sizeof(*o));
	struct json *d;

	if (!o)
		return;
	*o = (struct contain_order){
	    .g = g, .word = seq, .pidfd = process ? find_process(g, word) : -1};
	arena_reset(&g->mem);
	d = fact_draft(&g->mem, type);
	copy_fields(g, d, word);
	json_put_int(&g->mem, d, "word", seq);
	if (o->pidfd >= 0)
		json_put_bool(&g->mem, d, "held", true);
	fact_ref(&g->mem, d, seq);
	if (post_fact(g->post, d, -1, on_seq, o) < 0)
		on_seq(o, -1, (struct slice){0});
}

void gate_contain_word(struct gate *g, const struct json *word, int64_t seq)
{
	bool lift = slice_eq(fact_type(word), SLICE("lift"));
	bool freeze = slice_eq(json_text(word, "verb"), SLICE("freeze"));

	if (slice_eq(json_text(word, "verb"), SLICE("hold")) && lift)
		hold_end(g, json_num(word, "contain", 0));
	else if (slice_eq(json_text(word, "verb"), SLICE("hold")))
		hold_begin(g, word, seq);
	else if (freeze && lift)
		freeze_end(g, json_num(word, "contain", 0));
	else if (freeze && !freeze_begin(g, word, seq) &&
	         slice_eq(json_text(word, "by"), SLICE(OURSELVES)))
		return; /* a person was faster */
	order(g, lift ? "order.lift" : "order.contain", word, seq);
}

/* ---- by itself, where the settings say so ---- */

/* Was it running already when that was done? Numbers are used again. */
static bool ran_at(uint64_t ticks, struct slice when)
{
	int64_t us = 0, up = (int64_t)(ticks * 1000000 / (uint64_t)sysconf(_SC_CLK_TCK));

	return ticks && clock_parse(when, &us) && clock_now_us() - clock_boot_us() + up <= us;
}

/* The target of the word; false: there is none, so there is nothing to be done. */
static bool put_target(struct arena *mem, struct json *word, const struct json *finding,
                       bool hold)
{
	pid_t pid = (pid_t)json_num(finding, "who.pid", 0);
	uint64_t ticks;

	if (hold) {
		json_put_slice(mem, word, "root", json_text(finding, "root"));
		json_put_slice(mem, word, "path", json_text(finding, "path"));
		return true;
	}
	ticks = pid > 1 ? procs_began(pid) : 0;
	json_put_int(mem, word, "pid", pid);
	json_put_int(mem, word, "started", (int64_t)ticks);
	return ran_at(ticks, json_text(finding, "since"));
}

void gate_contain_contested(struct gate *g, const struct json *finding, int64_t seq)
{
	bool hold = slice_eq(g->conf->hold_again, SLICE("hold"));
	struct arena mem = {.max = WORD_BYTES};
	const struct gate_freeze *f;
	struct json *d;
	enum role role;

	if ((!hold && !slice_eq(g->conf->hold_again, SLICE("freeze"))) ||
	    !role_of(json_text(finding, "role"), &role) || g->mode[role] == CONF_WATCH)
		return;
	d = fact_draft(&mem, "contain");
	json_put_str(&mem, d, "verb", hold ? "hold" : "freeze");
	json_put_str(&mem, d, "by", OURSELVES);
	json_put_str(&mem, d, "reason", "[hold] again: it is altered again and again");
	fact_ref(&mem, d, seq);
	if (put_target(&mem, d, finding, hold)) {
		f = hold ? NULL : freeze_of(g, d);
		/* It is to stand still already; its owner may have had it go on (SIGCONT). */
		if (f && f->word)
			order(g, "order.contain", d, f->word);
		else if (!f && post_fact(g->post, d, -1, NULL, NULL) == 0 && !hold)
			freeze_begin(g, d, 0);
	}
	arena_done(&mem);
}

void gate_contain_again(struct gate *g, const struct json *fact)
{
	int64_t word = json_num(fact, "word", 0);
	int before = g->holds;

	if (!slice_eq(fact_type(fact), SLICE("order.contain")))
		return;
	if (slice_eq(json_text(fact, "verb"), SLICE("freeze")))
		freeze_begin(g, fact, word);
	if (slice_eq(json_text(fact, "verb"), SLICE("hold")))
		hold_begin(g, fact, word);
	if (g->holds > before)
		g->hold[before].tried = true;
}
