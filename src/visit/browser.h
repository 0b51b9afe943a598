/*
 * browser: the launcher of Chromium, the only program of hinoban that runs it.
 *
 * It has a uid of its own that owns nothing, no capability, and a Landlock domain that lets
 * it read the system's own programs and write to one folder; Chromium inherits all of that and
 * builds its own sandbox (user namespaces, seccomp) inside. The launcher parses nothing but the
 * two frames that the visitor sends (msg.h: LAUNCH, GONE), and hands over the pipes; what is
 * said through them it never sees. Each Chromium has a fresh profile, which is removed with
 * it. While one visits, a second may be ready for the next visit; never are there more.
 *
 * Twice a second it adds up what Chromium's processes take (resident memory, the shared part
 * counted once a process) and how many they are; more than the settings allow, of all together,
 * and the larger is ended: GONE says why. Where there are control groups it is also put into
 * one with that limit.
 */
#ifndef HINOBAN_VISIT_BROWSER_H
#define HINOBAN_VISIT_BROWSER_H

#include "conf/conf.h"
#include "wall/wall.h"

#define BROWSER_MAX_PROCESSES 100
/* Debian's, behind its wrapper, which would add what the system's settings say. */
#define BROWSER_PROGRAM "/usr/lib/chromium/chromium"
/* The first major version that has all that the visitor asks of it. */
#define BROWSER_OLDEST 120

struct browser;

/* As root, before the seal: the room (a folder for the profiles), the control group. */
struct browser *browser_new(const struct conf *c, struct err *e);
/* The room: for the seal. */
const char *browser_room(const struct browser *b);
void browser_join(struct browser *b, int keeper);
int browser_run(struct browser *b);
void browser_free(struct browser *b);

/* The program of the settings, or Debian's; NULL: there is none. */
const char *browser_program(const struct conf *c);
/*
 * Run it with these arguments and take what it says, at most 5 seconds, as the browser's user
 * where we are root. 0 or -errno.
 */
int browser_ask(char *const argv[], struct buf *out);

#endif
