#include "desk/diff.h"
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define DIFF_CONTEXT 4 /* lines around a change */

void diff_init(struct diffs *ds)
{
	*ds = (struct diffs){0};
	for (int i = 0; i < DIFF_SLOTS; i++) {
		ds->slot[i].out = -1;
		buf_init(&ds->slot[i].text, DIFF_MAX_BYTES);
	}
}

static void forget(struct diff *d)
{
	if (d->out >= 0)
		close(d->out);
	buf_reset(&d->text);
	*d = (struct diff){.out = -1, .text = d->text};
}

void diff_done(struct diffs *ds)
{
	for (int i = 0; i < DIFF_SLOTS; i++) {
		forget(&ds->slot[i]);
		buf_done(&ds->slot[i].text);
	}
}

static struct diff *known(struct diffs *ds, const struct hash *before, const struct hash *after,
                          bool script)
{
	for (int i = 0; i < DIFF_SLOTS; i++) {
		struct diff *d = &ds->slot[i];

		if (d->state != DIFF_NONE && d->script == script &&
		    hash_eq(&d->before, before) && hash_eq(&d->after, after))
			return d;
	}
	return NULL;
}

/* A place for a new one: free, or the one longest not looked at that isn't waited for. */
static struct diff *place(struct diffs *ds)
{
	struct diff *best = NULL;

	for (int i = 0; i < DIFF_SLOTS; i++) {
		struct diff *d = &ds->slot[i];

		if (d->state == DIFF_WAITING)
			continue;
		if (!best || d->state == DIFF_NONE ||
		    (best->state != DIFF_NONE && d->at < best->at))
			best = d;
	}
	return best;
}

/* The content as a descriptor; an empty one for nothing. */
static int content(struct ledger *led, const struct hash *h)
{
	int fd = h ? ledger_content(led, h) : memfd_create("nothing", MFD_CLOEXEC);

	return fd < 0 && !h ? -errno : fd;
}

static int send_request(struct diff *d, struct loop *l, int before, int after)
{
	int slot = loop_peer(l, "reader"), r = -ENOMEM;
	int fd[3] = {before, after, d->out};
	struct arena a;
	struct buf text;
	struct json *body;

	if (slot < 0)
		return -ENOENT;
	arena_init(&a, 4096);
	buf_init(&text, 1024);
	body = json_obj(&a);
	json_put_str(&a, body, "before", "approved");
	json_put_str(&a, body, "after", "present");
	json_put_int(&a, body, "context", DIFF_CONTEXT);
	json_put_int(&a, body, "packed", 0);
	json_put_bool(&a, body, "script", d->script);
	if (json_write(&text, body))
		r = loop_send_fds(l, slot, MSG_DIFF, d->id, buf_slice(&text), fd, 3);
	buf_done(&text);
	arena_done(&a);
	return r;
}

static int request(struct diffs *ds, struct diff *d, struct loop *l, struct ledger *led,
                   const struct hash *before, const struct hash *after)
{
	AUTO_FD old = content(led, before);
	AUTO_FD new = content(led, after);
	int r;

	if (old < 0 || new < 0)
		return old < 0 ? old : new;
	d->out = memfd_create("diff", MFD_CLOEXEC);
	if (d->out < 0)
		return -errno;
	d->id = ++ds->last_id;
	r = send_request(d, l, old, new);
	if (r < 0)
		return r;
	d->state = DIFF_WAITING;
	d->at = clock_mono_us();
	return 0;
}

const struct diff *diff_want(struct diffs *ds, struct loop *l, struct ledger *led,
                             const struct hash *before, const struct hash *after, bool script)
{
	static const struct hash none;
	struct diff *d = known(ds, before ? before : &none, after ? after : &none, script);

	if (d) {
		if (d->state != DIFF_WAITING)
			d->at = clock_mono_us();
		return d;
	}
	d = place(ds);
	if (!d || (!before && !after))
		return NULL;
	forget(d);
	d->script = script;
	if (request(ds, d, l, led, before, after) < 0) {
		forget(d);
		return NULL;
	}
	d->before = before ? *before : none;
	d->after = after ? *after : none;
	return d;
}

static void take_text(struct diff *d)
{
	off_t at = 0;
	uint8_t *to;
	ssize_t n;

	while ((to = buf_reserve(&d->text, 16384)) && (n = pread(d->out, to, 16384, at)) > 0) {
		buf_commit(&d->text, (size_t)n);
		at += n;
	}
	/* A longer one is shown up to the ceiling. */
	d->cut = !buf_ok(&d->text);
	d->text.broken = false;
	close(d->out);
	d->out = -1;
}

bool diff_msg(struct diffs *ds, const struct msg *m)
{
	struct arena a;
	struct json *said;

	if (m->type != MSG_DIFFED)
		return false;
	for (int i = 0; i < DIFF_SLOTS; i++) {
		struct diff *d = &ds->slot[i];

		if (d->state != DIFF_WAITING || d->id != m->id)
			continue;
		arena_init(&a, 64u * 1024);
		said = json_parse(&a, m->body, NULL);
		d->state = said && !json_get(said, "error") ? DIFF_READY : DIFF_FAILED;
		d->added = json_num(said, "added", 0);
		d->removed = json_num(said, "removed", 0);
		d->binary = json_true(said, "binary");
		take_text(d);
		arena_done(&a);
		return true;
	}
	return false;
}

/* Give up those that were asked for before `then`. */
static bool give_up(struct diffs *ds, int64_t then)
{
	bool any = false;

	for (int i = 0; i < DIFF_SLOTS; i++) {
		struct diff *d = &ds->slot[i];

		if (d->state != DIFF_WAITING || d->at > then)
			continue;
		close(d->out);
		d->out = -1;
		d->state = DIFF_FAILED;
		any = true;
	}
	return any;
}

bool diff_gone(struct diffs *ds)
{
	return give_up(ds, INT64_MAX);
}

bool diff_tick(struct diffs *ds)
{
	return give_up(ds, clock_mono_us() - DIFF_WAIT_US);
}
