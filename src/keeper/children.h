/*
 * children: the processes of hinoban, who is joined to whom, and their lives.
 *
 * The keeper is the trusted core: it starts the others as root, and each seals itself. It
 * parses nothing that they say but the desk's address in READY. A child that dies is started
 * again, at once the first time, then after 100 ms doubling to 10 s while it dies young; one
 * whose loop has not turned for CHILD_HUNG_US is killed. Both are facts (role.died,
 * role.started), posted over a link of the keeper's own, exactly once.
 */
#ifndef HINOBAN_KEEPER_CHILDREN_H
#define HINOBAN_KEEPER_CHILDREN_H

#include "wall/wall.h"

#define CHILD_MAX_READERS 8
#define CHILD_HUNG_US     INT64_C(10000000)
/* Opens wait while the gate is silent: its end lets them go, so it comes soon. */
#define CHILD_GATE_HUNG_US INT64_C(2500000)
#define CHILD_BEGIN_US     INT64_C(120000000) /* until a first sign: a walk may take long */
#define CHILD_STOP_US      INT64_C(10000000)  /* for a child to end when asked */

struct children;

struct children_want {
	const char *config, *state;
	const char *listen;  /* NULL: no console */
	const char *reports; /* where browsers' reports come in; NULL: nowhere */
	int readers;         /* 1..CHILD_MAX_READERS */
	bool alerts;         /* there is somebody to be told */
	bool pages;          /* there are pages to visit: browser and visitor too */
	/* All are ready for the first time; `listen` is the console's real address or empty. */
	void (*on_ready)(struct slice listen);
	/* The watchdog's sign of life, about twice a second while all is well. */
	void (*on_alive)(void);
	/* The end begins. */
	void (*on_stop)(void);
};

/* Run until SIGTERM or SIGINT; ends all children in order. Returns the exit code. */
int children_run(const struct children_want *want);

#endif
