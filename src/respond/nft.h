/*
 * nft: the machine's network closed but for a few, by nftables, without running a program:
 * one netlink batch (linux/netfilter/nf_tables.h), which the kernel takes whole or not at all.
 *
 * What is made is one table, `inet hinoban`: chains on input, output and forward that let
 * loopback and the named addresses through and drop the rest, as long as the set
 * `armed_<SEQ>` holds its two elements (the protocol families). They have a timeout: the dead
 * man's timer runs in the kernel and lifts the isolation even if hinoban, or whoever gave
 * the order, is gone. Confirming puts them in without one. The table's comment says whose it is
 * (isolate.c). nft_text() gives the same, but for that, as nft(8) reads and prints it.
 *
 * Needs CAP_NET_ADMIN, and a socket that was opened before the seal.
 */
#ifndef HINOBAN_RESPOND_NFT_H
#define HINOBAN_RESPOND_NFT_H

#include "base/base.h"

#define NFT_TABLE         "hinoban"
#define NFT_MAX_EXCEPT    8
#define NFT_COMMENT_BYTES 128 /* more nft(8) does not print */

struct nft_except {
	bool six;
	uint8_t at[16]; /* network order; IPv4 in the first four */
};

/* "192.0.2.7" or "2001:db8::7"; false: neither. */
bool nft_address(struct slice text, struct nft_except *out);
/* A netlink socket in this network namespace; or -errno. */
int nft_open(void);
/* One in a network namespace of its own, which lives as long as the socket; or -errno. */
int nft_open_apart(void);
struct nft_table {
	int64_t seq;                     /* of the order */
	char comment[NFT_COMMENT_BYTES]; /* or "" */
};
/* 0 or -errno. An earlier table: -EEXIST, or it goes. `seconds` 0: no timer. */
int nft_isolate(int sock, const struct nft_table *t, bool replace,
                const struct nft_except *except, size_t n, int64_t seconds);
/* The timer is stopped: it stands until it is lifted. -ENOENT: it was lifted already. */
int nft_confirm(int sock, int64_t seq);
/* 0, also where there was nothing to lift; or -errno. */
int nft_lift(int sock);
/* 1: this table stands, whoever made it; 0: none; -errno. */
int nft_standing(int sock, struct nft_table *out);
/* Does it still hold? 1, 0 (the timer has run out), or -errno. */
int nft_armed(int sock, int64_t seq);
/* The ruleset in words of nft(8). */
void nft_text(struct buf *out, int64_t seq, const struct nft_except *except, size_t n,
              int64_t seconds);

#endif
