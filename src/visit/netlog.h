/*
 * netlog: what Chromium's network stack says of itself (--log-net-log), for what the DevTools
 * protocol doesn't show: names that are looked up or connected to ahead (dns-prefetch,
 * preconnect), calls of WebRTC (UDP), requests of no page that is alive any more.
 *
 * The log is one JSON object over many lines: the first holds the names of all event types,
 * then comes an event a line; a last line may be missing. Fed in pieces of any size, as they
 * come out of a pipe. Lines of more than NETLOG_MAX_LINE bytes are passed over, and so is
 * what is no JSON or names no type that is known. At most NETLOG_MAX contacts; more are
 * counted.
 *
 * Chromium has business of its own (updates, probes of the network). A contact counts where
 * the log ties it to a page: by its partition (network_anonymization_key), or by an initiator.
 * UDP has neither: there all counts but what goes to the system's name servers.
 */
#ifndef HINOBAN_VISIT_NETLOG_H
#define HINOBAN_VISIT_NETLOG_H

#include "base/base.h"

#define NETLOG_MAX_LINE (1u << 20)
#define NETLOG_MAX      1024
#define NETLOG_SERVERS  8

enum netlog_how { NETLOG_DNS, NETLOG_REQUEST, NETLOG_UDP };

struct netlog_contact {
	enum netlog_how how;
	struct slice host; /* with its port, where it is not the scheme's own */
	struct slice url;  /* of a request */
	struct slice site; /* of a look-up: the page's, "http://shop.localhost"; may be empty */
	int64_t n, bytes;  /* sent, of UDP */
};

struct netlog;

struct netlog *netlog_new(void);
void netlog_free(struct netlog *n);
/* False: it can take no more (no memory). */
bool netlog_feed(struct netlog *n, struct slice bytes);
/* The contacts, in the order of their coming; borrowed until the next call. */
const struct netlog_contact *netlog_contacts(const struct netlog *n, size_t *count);
const char *netlog_how_name(enum netlog_how how);

#endif
