/* Frames of any bytes over a socket pair: taken or refused, never half. */
#include "../fuzz.h"
#include "wall/msg.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	static struct msg_box box;
	struct arena a;
	struct msg m;
	int sock[2];

	if (n > MSG_MAX_BODY || msg_pair(sock) < 0)
		return 0;
	if (send(sock[0], at, n, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)n && n > 0) {
		int code = msg_recv(sock[1], &box, &m);
		FUZZ_CHECK(code == 1 || code == -EBADMSG);
		if (code == 1) {
			arena_init(&a, 16u << 20);
			json_parse(&a, m.body, NULL);
			arena_done(&a);
			FUZZ_CHECK(m.body.n + 16 == n);
			msg_done(&m);
		}
	}
	close(sock[0]);
	close(sock[1]);
	return 0;
}
