/*
 * Files that were code a moment ago, and that somebody waits to write to: moved away, or
 * replaced where the hand can't close a file to who has it open (any filesystem but ext4). The
 * writer is kept waiting in the kernel until those who opened it before have read it. As long
 * as its lease stands nobody has written to it, so it still shows what was approved.
 *
 * Of more than are looked up no writer is let in early: they wait as long as any may.
 *
 * Who has it open is looked up in /proc (holders.h). What is not seen there: a mapping without
 * a descriptor, and what a web server has sent (sendfile(2)) to a customer who has not taken it
 * yet; so the writer of what is handed out as it lies waits for as long as any. No writer waits
 * longer than LINGER_MOST_US.
 */
#include "sense/gate.h"
#include "sense/holders.h"
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#define LINGER_US      300000   /* from an open to its read, at least */
#define LINGER_MOST_US 10000000 /* the kernel waits for fs.lease-break-time, 45 s */
#define MAX_BLIND      32768
#define BLIND_PART     4 /* of the descriptors that there may be: a quarter */

/* Those for which there was no room. */
static struct blind {
	int fd;
	uint64_t dev, ino;
	int64_t due_us;
	bool code;
} blind[MAX_BLIND];
static int blinds;

static void wait_blindly(struct gate *g, int fd, const struct sight *s, int64_t now, bool code)
{
	int64_t due_us = now + (code ? LINGER_MOST_US : LINGER_US);
	struct rlimit r = {0};

	getrlimit(RLIMIT_NOFILE, &r);
	if (blinds == MAX_BLIND || (rlim_t)blinds >= r.rlim_cur / BLIND_PART)
		leases_drop(g->leases, fd);
	else
		blind[blinds++] = (struct blind){fd, s->dev, s->ino, due_us, code};
}

/* Those of this file, or, where there is none, those whose time is over. */
static void end_blind(struct gate *g, const struct sight *s, int64_t now)
{
	for (int i = 0; i < blinds;) {
		struct blind *b = &blind[i];

		if (s ? !sight_is(s, b->dev, b->ino) : now < b->due_us) {
			i++;
			continue;
		}
		leases_drop(g->leases, b->fd);
		*b = blind[--blinds];
	}
}

static void end(struct gate *g, struct gate_linger *l)
{
	leases_drop(g->leases, l->fd);
	*l = g->linger[--g->lingers];
}

void gate_linger(struct gate *g, int fd, uint64_t key, bool code)
{
	struct gate_linger *l = &g->linger[g->lingers];
	int64_t now = clock_mono_us();
	struct sight s = {0};

	if (sight_of_fd(&s, fd) < 0) {
		leases_drop(g->leases, fd);
		return;
	}
	if (g->lingers == GATE_MAX_LINGER) {
		wait_blindly(g, fd, &s, now, code);
		return;
	}
	*l = (struct gate_linger){.fd = fd, .key = key, .dev = s.dev, .ino = s.ino};
	l->since_us = now;
	l->due_us = now + LINGER_US;
	l->code = code;
	g->lingers++;
}

bool gate_linger_safe(struct gate *g, const struct held *h)
{
	int64_t now = clock_mono_us();

	for (int i = 0; i < g->lingers; i++) {
		struct gate_linger *l = &g->linger[i];

		if (!sight_is(&h->sight, l->dev, l->ino) ||
		    (l->key != gate_name_key(h) &&
		     !gate_index_unwritten(g, h->root, h->path, &h->sight)))
			continue;
		/* Moved back, it could be opened without end: then another takes its place. */
		if (gate_leads_to(g, h->root, h->path, &h->sight) ||
		    now - l->since_us > LINGER_MOST_US / 2)
			return false;
		l->due_us = now + LINGER_US;
		l->read = l->look = false;
		return true;
	}
	return false;
}

bool gate_lingers(const struct gate *g, const struct sight *s)
{
	for (int i = 0; i < g->lingers; i++) {
		if (g->linger[i].code && sight_is(s, g->linger[i].dev, g->linger[i].ino))
			return true;
	}
	for (int i = 0; i < blinds; i++) {
		if (blind[i].code && sight_is(s, blind[i].dev, blind[i].ino))
			return true;
	}
	return false;
}

void gate_linger_yield(struct gate *g, const struct sight *s)
{
	for (int i = 0; i < g->lingers;) {
		if (sight_is(s, g->linger[i].dev, g->linger[i].ino))
			end(g, &g->linger[i]);
		else
			i++;
	}
	end_blind(g, s, 0);
}

/* ---- who has it open ---- */

static bool is_ours(const struct gate *g, pid_t pid)
{
	struct opener o;

	opener_who(&o, pid);
	return pid == getpid() || gate_ours(g, &o);
}

/* Those asked about in the look under way. */
static struct holders_file asked[HOLDERS_FILES];

static void look_begins(struct gate *g)
{
	size_t n = 0;
	bool due = false;

	for (int i = 0; i < g->lingers; i++)
		due = due || (g->linger[i].code && clock_mono_us() >= g->linger[i].due_us);
	for (int i = 0; due && i < g->lingers; i++)
		asked[n++] = (struct holders_file){g->linger[i].dev, g->linger[i].ino};
	if (n == 0 || !holders_ask(asked, n))
		return;
	for (int i = 0; i < g->lingers; i++) {
		g->linger[i].look = true;
		g->linger[i].open = false;
	}
}

static void look_ends(struct gate *g, const struct holders_found *found, int n)
{
	for (int i = 0; i < n; i++) {
		const struct holders_file *f = &asked[found[i].file % HOLDERS_FILES];
		bool ours = is_ours(g, found[i].pid);

		for (int k = 0; k < g->lingers && !ours; k++) {
			struct gate_linger *l = &g->linger[k];

			l->open = l->open || (l->dev == f->dev && l->ino == f->ino);
		}
	}
	for (int i = 0; i < g->lingers; i++) {
		struct gate_linger *l = &g->linger[i];

		l->read = l->look && !l->open && n >= 0;
		l->look = false;
	}
}

/* ---- time ---- */

static void look(struct gate *g)
{
	static struct holders_found found[HOLDERS_FOUND];
	int n = holders_answer(found);

	if (n != -EAGAIN)
		look_ends(g, found, n);
	look_begins(g);
}

void gate_linger_tick(struct gate *g, int64_t now)
{
	look(g);
	end_blind(g, NULL, now);
	for (int i = 0; i < g->lingers;) {
		struct gate_linger *l = &g->linger[i];
		/* What was sent by sendfile(2) lies in sockets as the file's own pages still,
		 * when the web server has closed it. */
		bool read_on = l->code && (!l->read || l->key & GATE_KEY_SENT);

		if (now < l->due_us || (read_on && now - l->since_us < LINGER_MOST_US)) {
			i++;
			continue;
		}
		if (l->code && !l->read)
			err_say(
			    "what was code is open still, and can be written to from now on");
		end(g, l);
	}
}

void gate_linger_done(struct gate *g)
{
	while (g->lingers > 0)
		end(g, &g->linger[0]);
	end_blind(g, NULL, INT64_MAX);
}
