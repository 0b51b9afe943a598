/* landlock: raw system calls, since neither glibc nor Debian's headers have them all. */
#include "wall/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>

/* What newer kernels add to <linux/landlock.h> of Debian 12. */
#define FS_TRUNCATE         (1ULL << 14) /* from 3 */
#define FS_IOCTL_DEV        (1ULL << 15) /* from 5 */
#define NET_BIND_TCP        (1ULL << 0)  /* from 4 */
#define NET_CONNECT_TCP     (1ULL << 1)
#define SCOPE_ABSTRACT_UNIX (1ULL << 0) /* from 6 */
#define SCOPE_SIGNAL        (1ULL << 1)

#define FS_READ  (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define FS_ALTER (FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE)
#define FS_WRITE                                                                   \
	(FS_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |            \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SYM |               \
	 LANDLOCK_ACCESS_FS_REFER | FS_TRUNCATE)

/* struct landlock_ruleset_attr as of version 6; older kernels take a shorter one. */
struct ruleset {
	uint64_t fs, net, scope;
};

static const uint64_t access_bits[] = {
    [LANDLOCK_READ] = FS_READ,
    [LANDLOCK_ALTER] = FS_ALTER,
    [LANDLOCK_WRITE] = FS_WRITE,
    [LANDLOCK_ROOM] = FS_WRITE | LANDLOCK_ACCESS_FS_MAKE_SOCK,
    [LANDLOCK_MOVE] = FS_WRITE | LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                      LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK,
    [LANDLOCK_RUN] = FS_READ | LANDLOCK_ACCESS_FS_EXECUTE,
};

uint64_t landlock_handled_fs(int abi)
{
	uint64_t all = (1ULL << 13) - 1; /* version 1 */

	if (abi >= 2)
		all |= LANDLOCK_ACCESS_FS_REFER;
	if (abi >= 3)
		all |= FS_TRUNCATE;
	if (abi >= 5)
		all |= FS_IOCTL_DEV;
	return all;
}

/* Fill in what this version handles; returns the size that its kernel expects. */
static size_t ruleset_for(int abi, const struct landlock_lets *lets, struct ruleset *r)
{
	*r = (struct ruleset){.fs = landlock_handled_fs(abi)};
	if (abi < 4)
		return offsetof(struct ruleset, net);
	r->net = NET_BIND_TCP | (lets->connects ? 0 : NET_CONNECT_TCP);
	if (abi < 6)
		return offsetof(struct ruleset, scope);
	r->scope = SCOPE_ABSTRACT_UNIX | (lets->signals ? 0 : SCOPE_SIGNAL);
	return sizeof(*r);
}

static int add_rule(int set, uint64_t handled, const struct landlock_rule *rule, struct err *e)
{
	struct landlock_path_beneath_attr at = {.allowed_access =
	                                            access_bits[rule->access] & handled};
	int r = 0;

	at.parent_fd = open(rule->path, O_PATH | O_CLOEXEC);
	if (at.parent_fd < 0)
		return err_sys(e, -errno, "%s", rule->path);
	if (syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH, &at, 0))
		r = err_sys(e, -errno, "Landlock rule for %s", rule->path);
	close(at.parent_fd);
	return r;
}

int landlock_confine(const struct landlock_rule *rule, size_t rules,
                     const struct landlock_lets *lets, struct err *e)
{
	long abi =
	    syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct ruleset handled;
	size_t size;
	AUTO_FD set = -1;

	if (abi < 1)
		return err_sys(
		    e, -errno,
		    "no Landlock here (it needs Linux 5.13, and `landlock` among the LSMs)");
	size = ruleset_for((int)abi, lets, &handled);
	set = (int)syscall(SYS_landlock_create_ruleset, &handled, size, 0);
	if (set < 0)
		return err_sys(e, -errno, "Landlock ruleset");
	for (size_t i = 0; i < rules; i++) {
		int r = add_rule(set, handled.fs, &rule[i], e);

		if (r < 0)
			return r;
	}
	if (syscall(SYS_landlock_restrict_self, set, 0))
		return err_sys(e, -errno, "Landlock");
	return 0;
}
