/* role: what the keeper tells a role on its command line. */
#ifndef HINOBAN_WALL_ROLE_H
#define HINOBAN_WALL_ROLE_H

struct role_told {
	const char *config, *state; /* FILE, DIR */
};

/* --config FILE --state DIR, both of them and nothing else; anything else ends the process. */
void role_told(int argc, char **argv, struct role_told *out);

#endif
