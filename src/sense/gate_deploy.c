/*
 * Releases under way: who is trusted, and which lease is broken by whom. While one goes on,
 * code that others than root may write to is asked about at each open (gate_wary()), so each
 * open for writing by a release is seen before it breaks the lease. What breaks one without
 * that is no release: its writer waits, as at any other time.
 */
#include "sense/gate.h"
#include "sense/image.h"
#include <sys/stat.h>

/* From the answer to an open to the lease that it breaks, at most. */
#define WRITES_US 2000000

bool gate_deploying(const struct gate *g)
{
	return g->deploys > 0 || clock_mono_us() - g->deployed_us < GATE_DEPLOY_LATE_US;
}

/* A keeper that is process 1, in a container, gets all orphans for children. */
bool gate_ours(const struct gate *g, const struct opener *o)
{
	return o->known && o->parent == g->keeper &&
	       (g->keeper != 1 || !who_serves(g->who, o->uid));
}

bool gate_trusts(struct gate *g, const struct opener *o, const struct sight *s)
{
	if (gate_ours(g, o))
		return true;
	procs_drain(g->procs);
	if (procs_deploy_of(g->procs, o->pid, PROCS_UNSURE) <= 0)
		return false;
	if (o->writes || !o->told)
		g->write[g->writes++ % GATE_MAX_WRITES] =
		    (struct gate_write){s->dev, s->ino, clock_mono_us()};
	return true;
}

bool gate_deploy_writes(const struct gate *g, const struct sight *s)
{
	int64_t now = clock_mono_us();

	for (int i = 0; i < GATE_MAX_WRITES; i++) {
		const struct gate_write *w = &g->write[i];

		if (sight_is(s, w->dev, w->ino) && now - w->at_us < WRITES_US)
			return true;
	}
	return false;
}

static void over(struct gate *g, int i)
{
	g->deploy[i] = g->deploy[--g->deploys];
	g->deployed_us = clock_mono_us();
}

void gate_deploy_begin(struct gate *g, const struct json *word, int64_t seq)
{
	pid_t pid = (pid_t)json_num(word, "pid", 0), parent;
	struct gate_deploy *d;

	for (int i = 0; i < g->deploys; i++) {
		if (g->deploy[i].seq == seq)
			return;
	}
	if (!procs_deploy_begin(g->procs, word, seq))
		return;
	for (int i = g->deploys - 1; g->deploys == PROCS_MAX_DEPLOYS && i >= 0; i--) {
		if (!procs_deploy_lives(g->procs, g->deploy[i].seq))
			over(g, i);
	}
	d = &g->deploy[g->deploys++];
	*d = (struct gate_deploy){.seq = seq, .began_us = fact_at_us(word)};
	d->alone = image_status(pid, &parent, &d->uid) == 0 && !who_serves(g->who, d->uid);
	leases_renew(g->leases);
}

bool gate_deployed(const struct gate *g, const struct held *h)
{
	const struct sight *s = &h->sight;

	if (gate_guise_of(g, h))
		return false;
	for (int i = 0; i < g->deploys; i++) {
		const struct gate_deploy *d = &g->deploy[i];

		if (d->alone && s->uid == d->uid && !(s->mode & (S_IWGRP | S_IWOTH)) &&
		    s->ctime_ns / 1000 >= d->began_us)
			return true;
	}
	return false;
}

void gate_deploy_end(struct gate *g, int64_t seq)
{
	procs_deploy_end(g->procs, seq);
	for (int i = 0; i < g->deploys; i++) {
		if (g->deploy[i].seq == seq) {
			over(g, i);
			return;
		}
	}
}

void gate_deploys_tick(struct gate *g)
{
	procs_deploys_tick(g->procs, clock_mono_us());
	for (int i = 0; i < g->deploys; i++) {
		if (!procs_deploy_on(g->procs, g->deploy[i].seq))
			over(g, i);
	}
}
