/*
 * flows: which requests of a page depend on the card, whatever they look like.
 *
 * Three visits with time and randomness seeded alike: A and A' type the same card, B one that
 * differs in its middle digits only (same length, same first eight and last four, both valid).
 * What is equal in A and A' and differs in B carries the digits: a flow. What differs in A
 * and A' already says nothing: undetermined (random keys, a server's tokens). All else is
 * independent. No signature, no list of hosts takes part in it.
 *
 * Pure: the same lists give the same answer. Requests are held together by channel, host,
 * method and path, in the order of their coming; within a pair, field by field.
 */
#ifndef HINOBAN_PARSE_FLOWS_H
#define HINOBAN_PARSE_FLOWS_H

#include "parse/canary.h"

#define FLOWS_MAX_REQUESTS 4096 /* of an arm; more are passed over, and `cut` says so */
#define FLOWS_MAX_FLOWS    256

struct flows_request {
	struct slice to;      /* host, or host:port */
	struct slice channel; /* document, fetch, beacon, image, websocket, webrtc ... */
	struct slice method;
	struct slice url;     /* as sent, with its query */
	struct slice headers; /* only those that scripts can set, a line each; may be empty */
	struct slice body;
	struct slice script; /* who sent it (address or place), may be empty */
};

struct flows_arm {
	const struct flows_request *request;
	size_t n;
	/* What was typed: the card number first; others (holder, mail ...) may follow. */
	const struct slice *value;
	size_t values;
};

enum flows_verdict { FLOWS_INDEPENDENT, FLOWS_UNDETERMINED, FLOWS_FLOW };

struct flows_flow {
	struct slice to, channel, path, script; /* borrowed from the requests */
	enum flows_verdict verdict;
	uint32_t requests;                 /* of A */
	char encoding[CANARY_CHAIN_BYTES]; /* "" where it could not be read */
};

struct flows {
	struct flows_flow flow[FLOWS_MAX_FLOWS];
	size_t n;
	bool cut; /* there was more than fits */
};

const char *flows_verdict_name(enum flows_verdict v);
/* 0 or -ENOMEM. Flows come in the order of their first request in A (then A', then B). */
int flows_compare(const struct flows_arm *a, const struct flows_arm *again,
                  const struct flows_arm *b, struct flows *out);

#endif
