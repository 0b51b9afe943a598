#include "desk/listen.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#define BACKLOG 64

union address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

/* "HOST:PORT" of a loopback host into *out. */
static bool parse(struct slice text, union address *out, socklen_t *bytes)
{
	uint64_t port;
	size_t colon = text.n;

	while (colon > 0 && text.at[colon - 1] != ':')
		colon--;
	if (colon == 0 || !slice_u64(slice_sub(text, colon, text.n), &port) || port > 65535)
		return false;
	text = slice_sub(text, 0, colon - 1);
	*out = (union address){0};
	if (slice_eq(text, SLICE("[::1]"))) {
		out->six.sin6_family = AF_INET6;
		out->six.sin6_addr = in6addr_loopback;
		out->six.sin6_port = htons((uint16_t)port);
		*bytes = sizeof(out->six);
		return true;
	}
	out->four.sin_family = AF_INET;
	out->four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	out->four.sin_port = htons((uint16_t)port);
	*bytes = sizeof(out->four);
	return slice_eq(text, SLICE("127.0.0.1")) || slice_eq(text, SLICE("localhost"));
}

static int tell(int fd, char told[LISTEN_TEXT_BYTES], int *port)
{
	union address a = {0};
	socklen_t n = sizeof(a);
	bool six;

	if (getsockname(fd, &a.any, &n) < 0)
		return -errno;
	six = a.any.sa_family == AF_INET6;
	*port = ntohs(six ? a.six.sin6_port : a.four.sin_port);
	snprintf(told, LISTEN_TEXT_BYTES, "%s:%d", six ? "[::1]" : "127.0.0.1", *port);
	return 0;
}

int listen_open(const char *address, char told[LISTEN_TEXT_BYTES], int *port, struct err *e)
{
	union address a;
	socklen_t n;
	int on = 1, r, fd;

	if (!parse(slice_str(address), &a, &n))
		return err_set(
		    e, -EINVAL,
		    "\"%s\" is no loopback address: expected 127.0.0.1:PORT, localhost:PORT or "
		    "[::1]:PORT",
		    address);
	fd = socket(a.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_sys(e, -errno, "socket for %s", address);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, &a.any, n) < 0 || listen(fd, BACKLOG) < 0 ||
	    (r = tell(fd, told, port)) < 0) {
		r = err_sys(e, -errno, "listening on %s", address);
		close(fd);
		return r;
	}
	return fd;
}
