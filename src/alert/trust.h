/*
 * trust: which servers are believed. Everybody's authorities (the system's bundle), and the
 * operator's own of [alert] ca; read before the seal, as one text. A mail server on this
 * machine is believed without a certificate, unless the operator names authorities of his own.
 */
#ifndef HINOBAN_ALERT_TRUST_H
#define HINOBAN_ALERT_TRUST_H

#include "conf/conf.h"

struct trust {
	struct slice bundle; /* PEM; empty: the system's, as libcurl finds it */
};

/* 0, or -errno with the sentence. What it keeps lies in mem. */
int trust_open(const struct conf *c, struct arena *mem, struct trust *out, struct err *e);
/* Is the server that this address names this very machine? */
bool trust_is_local(const char *url);
/* Set what a connection (libcurl's CURL) to this address must prove. */
void trust_set(const struct trust *t, void *easy, const char *url);
/*
 * Why it ended (a CURLcode), in words for a person, without an address or a name: libcurl's
 * own, but for what an operator can mend.
 */
void trust_why(void *easy, int code, char *out, size_t n);

#endif
