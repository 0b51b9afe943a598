/* control: the socket <state>/run/ledger.sock, for the operator's words. */
#include "ledger/scribe.h"
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define CONTROL_NAME   "ledger.sock"
#define CONTROL_GROUP  "hinoban"
#define CONTROL_QUEUE  16
#define CONTROL_GROUPS 1024 /* of a client, looked at */

/* A path of any length: bind by a short name from within the folder. */
static int bind_in(int folder, int sock)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = CONTROL_NAME};
	AUTO_FD here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int r = 0;

	if (fchdir(folder) < 0)
		return -errno;
	if (unlink(CONTROL_NAME) < 0 && errno != ENOENT)
		r = -errno;
	if (r == 0 && bind(sock, (struct sockaddr *)&at, sizeof(at)) < 0)
		r = -errno;
	/* Who may speak is decided by credentials at accept. */
	if (r == 0 && chmod(CONTROL_NAME, 0666) < 0)
		r = -errno;
	if (here < 0 || fchdir(here) < 0)
		r = chdir("/") < 0 ? -errno : r;
	return r;
}

int control_open(struct scribe *r, struct err *e)
{
	AUTO_FD folder = -1;
	struct group *g = getgrnam(CONTROL_GROUP);
	struct stat st;
	int sock, c;

	if (mkdirat(store_dir(r->store), "run", 0751) < 0 && errno != EEXIST)
		return err_sys(e, -errno, "run");
	folder =
	    openat(store_dir(r->store), "run", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (folder < 0 || fstat(store_dir(r->store), &st) < 0)
		return err_sys(e, -errno, "run");
	r->owner = st.st_uid;
	r->group = g ? (int64_t)g->gr_gid : -1;
	sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (sock < 0)
		return err_sys(e, -errno, "control socket");
	c = bind_in(folder, sock);
	if (c == 0 && listen(sock, CONTROL_QUEUE) < 0)
		c = -errno;
	if (c < 0) {
		close(sock);
		return err_sys(e, c, "run/" CONTROL_NAME);
	}
	r->listen = sock;
	return 0;
}

static bool in_group(int sock, gid_t primary, int64_t group)
{
	gid_t list[CONTROL_GROUPS];
	socklen_t n = sizeof(list);

	if (group < 0)
		return false;
	if ((int64_t)primary == group)
		return true;
	if (getsockopt(sock, SOL_SOCKET, SO_PEERGROUPS, list, &n) < 0)
		return false;
	for (size_t i = 0; i < n / sizeof(gid_t); i++) {
		if ((int64_t)list[i] == group)
			return true;
	}
	return false;
}

static bool welcome(const struct scribe *r, int sock, int64_t *uid)
{
	struct ucred who;
	socklen_t n = sizeof(who);

	if (getsockopt(sock, SOL_SOCKET, SO_PEERCRED, &who, &n) < 0)
		return false;
	*uid = who.uid;
	return who.uid == 0 || (int64_t)who.uid == r->owner ||
	       in_group(sock, who.gid, r->group);
}

static void adopt(struct scribe *r, int sock)
{
	char name[32];
	int64_t uid = -1;
	int slot = -EACCES;

	if (welcome(r, sock, &uid)) {
		for (int i = 0; i < SCRIBE_CLIENTS; i++) {
			snprintf(name, sizeof(name), "client%d", i);
			if (loop_peer(r->loop, name) >= 0)
				continue;
			slot = loop_add_peer(r->loop, name, sock);
			break;
		}
	}
	if (slot < 0) {
		close(sock);
		return;
	}
	r->slot[slot] = (struct scribe_slot){.used = true, .peer = PEER_CLIENT, .uid = uid};
}

static void on_connect(struct loop *l, void *ctx, int fd, uint32_t events)
{
	struct scribe *r = ctx;

	(void)l, (void)events;
	for (int i = 0; i < CONTROL_QUEUE; i++) {
		int sock = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (sock < 0)
			return;
		adopt(r, sock);
	}
}

int control_watch(struct scribe *r)
{
	return loop_add_fd(r->loop, r->listen, EPOLLIN, on_connect);
}
