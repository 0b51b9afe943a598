/*
 * contain: what a person has the hand hold, stop, freeze or isolate, by orders "order.contain"
 * and "order.lift" (hinoban.facts(7)). A closed table of verbs, each with its reverse.
 *
 *   hold          the gate refuses opens of a path; the hand proves it by trying
 *   stop-payment  a flag in <state>/flags, which the web server looks for (`hinoban contain
 *                 --snippet`): no reload, no program run
 *   stop-shop     the flag file that the shop's program itself honours (profile: maintenance);
 *                 where it knows none, another flag for the web server
 *   freeze        SIGSTOP by a pidfd that the gate handed over, or a control group's
 *                 cgroup.freeze
 *   isolate       nft.h; the dead man's timer runs in the kernel
 */
#ifndef HINOBAN_RESPOND_CONTAIN_H
#define HINOBAN_RESPOND_CONTAIN_H

#include "respond/hand.h"

#define CONTAIN_TICK_US 1000000

struct contain_verb {
	const char *name;
	void (*run)(struct hand *h, struct hand_job *j, struct hand_deed *deed);
	void (*undo)(struct hand *h, struct hand_job *j, struct hand_deed *deed); /* or NULL */
};
extern const struct contain_verb contain_verbs[];
extern const size_t contain_verb_count;

/* Before the seal: the flags' folder is made, sockets and folders are opened. */
int contain_make(struct hand *h, const char *state, uid_t uid, gid_t gid, struct err *e);
void contain_done(struct contain *c);

/* isolate.c */
void isolate_run(struct hand *h, struct hand_job *j, struct hand_deed *deed);
void isolate_undo(struct hand *h, struct hand_job *j, struct hand_deed *deed);
void isolate_confirm(struct hand *h, struct hand_job *j, struct hand_deed *deed);
/* The seq of the order for our isolation that stands already, or 0; another's is told. */
int64_t isolate_found(const struct hand *h);
/* Has the timer run out? Then what is left of the table goes, and a deed says so. */
void isolate_tick(struct hand *h);

#endif
