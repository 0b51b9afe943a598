/*
 * listen: the console's door to the network, which is the loopback only: nothing here is
 * encrypted. From elsewhere it is reached through `ssh -L` or a proxy.
 */
#ifndef HINOBAN_DESK_LISTEN_H
#define HINOBAN_DESK_LISTEN_H

#include "base/base.h"

#define LISTEN_TEXT_BYTES 64

/*
 * A listening TCP socket on "127.0.0.1:8610", "[::1]:0", "localhost:8610". `told` gets the
 * address with the port that it really has, *port the port. The descriptor, or -errno with
 * the sentence in e.
 */
int listen_open(const char *address, char told[LISTEN_TEXT_BYTES], int *port, struct err *e);

#endif
