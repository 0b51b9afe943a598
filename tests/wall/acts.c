/* acts: the table, and a function for each that needs more than one call. */
#include "acts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>

#define ACT(name) static int name(const struct act_stage *s __attribute__((unused)))
#define DID(expr) ((expr) < 0 ? -errno : 0)

/* Files. */

static int open_close(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int in_state(const struct act_stage *s, const char *name, char out[128])
{
	return snprintf(out, 128, "%s/%s", s->state, name);
}

ACT(read_outside)
{
	return open_close(s->outside, O_RDONLY);
}
ACT(read_secret)
{
	return open_close("/etc/shadow", O_RDONLY);
}
ACT(list_root)
{
	return open_close("/", O_RDONLY | O_DIRECTORY);
}
ACT(stat_outside)
{
	struct stat st;

	return DID(stat(s->outside, &st));
}
ACT(write_outside)
{
	return open_close(s->outside, O_WRONLY);
}
ACT(append_outside)
{
	return open_close(s->outside, O_RDWR | O_APPEND);
}
ACT(truncate_outside)
{
	return open_close(s->outside, O_RDONLY | O_TRUNC);
}
ACT(create_outside)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/new", s->dir);
	return open_close(path, O_WRONLY | O_CREAT);
}
ACT(tmpfile_outside)
{
	return open_close(s->dir, O_TMPFILE | O_RDWR);
}
ACT(open_by_openat2)
{
	struct {
		uint64_t flags, mode, resolve;
	} how = {O_RDONLY, 0, 0};

	return DID(syscall(SYS_openat2, AT_FDCWD, s->outside, &how, sizeof(how)));
}
ACT(unlink_outside)
{
	return DID(unlink(s->outside));
}
ACT(rename_outside)
{
	char path[128];

	in_state(s, "moved-in", path);
	return DID(rename(s->outside, path));
}
ACT(read_state)
{
	return open_close(s->inside, O_RDONLY);
}
ACT(write_state)
{
	return open_close(s->inside, O_RDWR | O_TRUNC);
}
ACT(create_state)
{
	char path[128];

	in_state(s, "created", path);
	return open_close(path, O_RDWR | O_CREAT | O_EXCL);
}
ACT(rename_state)
{
	char path[128];

	in_state(s, "renamed", path);
	return DID(rename(s->inside, path));
}
ACT(mkdir_state)
{
	char path[128];

	in_state(s, "folder", path);
	return DID(mkdir(path, 0700));
}
ACT(symlink_state)
{
	char path[128];

	in_state(s, "link", path);
	return DID(symlink("/etc/shadow", path));
}
ACT(link_state)
{
	char path[128];

	in_state(s, "hard", path);
	return DID(link(s->inside, path));
}
ACT(fifo_state)
{
	char path[128];

	in_state(s, "fifo", path);
	return DID(mkfifo(path, 0600));
}
ACT(chmod_state)
{
	return DID(chmod(s->inside, 0777));
}
ACT(chown_state)
{
	return DID(chown(s->inside, 0, 0));
}
ACT(xattr_state)
{
	return DID(syscall(SYS_setxattr, s->inside, "user.x", "x", 1, 0));
}
ACT(truncate_path)
{
	return DID(truncate(s->inside, 0));
}
ACT(utime_state)
{
	return DID(utimensat(AT_FDCWD, s->inside, NULL, 0));
}
ACT(unlink_state)
{
	return DID(unlink(s->inside));
}
ACT(sync_state)
{
	int fd = open(s->inside, O_RDWR | O_CLOEXEC);
	int r = fd < 0 ? -errno : DID(fdatasync(fd));

	if (fd >= 0)
		close(fd);
	return r;
}
ACT(lock_state)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
	int fd = open(s->inside, O_RDONLY | O_CLOEXEC);
	int r = fd < 0 ? -errno : DID(fcntl(fd, F_SETLK, &lock));

	if (fd >= 0)
		close(fd);
	return r;
}
ACT(share_state)
{
	int fd = open(s->inside, O_RDONLY | O_CLOEXEC);
	void *at = fd < 0 ? MAP_FAILED : mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? -errno : 0;
}
ACT(chdir_away)
{
	return DID(chdir("/tmp"));
}
ACT(file_handle)
{
	struct {
		struct file_handle h;
		unsigned char room[128];
	} at = {.h.handle_bytes = 128};
	int id, fd;

	if (name_to_handle_at(s->mount, "", &at.h, &id, AT_EMPTY_PATH))
		return -errno;
	fd = open_by_handle_at(s->mount, &at.h, O_RDONLY | O_CLOEXEC);
	return DID(fd);
}
ACT(who_is_other)
{
	char path[64], target[256];

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)s->other);
	return DID(readlink(path, target, sizeof(target)));
}

/* Sockets. */

ACT(socket_inet)
{
	return DID(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}
ACT(socket_inet6_udp)
{
	return DID(socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}
ACT(socket_unix)
{
	return DID(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}
ACT(socket_netlink)
{
	return DID(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
}
ACT(socket_pair)
{
	int pair[2];

	return DID(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
}
ACT(connect_somewhere)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(9)};

	int r = DID(connect(s->listening, (struct sockaddr *)&at, sizeof(at)));

	return r == -EISCONN ? 0 : r; /* it listens: the call was let through */
}
ACT(bind_somewhere)
{
	struct sockaddr_in at = {.sin_family = AF_INET};

	return DID(bind(s->listening, (struct sockaddr *)&at, sizeof(at)));
}
ACT(listen_again)
{
	return DID(listen(s->listening, 5));
}
ACT(accept_one)
{
	int r = DID(accept4(s->listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));

	return r == -EAGAIN ? 0 : r; /* nobody called, but we may lift the receiver */
}
ACT(talk_on_pair)
{
	char c;
	struct iovec v = {&c, 1};
	struct msghdr h = {.msg_iov = &v, .msg_iovlen = 1};

	if (write(s->sock[0], "x", 1) != 1 || recvmsg(s->sock[1], &h, 0) != 1)
		return -errno;
	return 0;
}

/* Processes. */

ACT(exec_true)
{
	return DID(execl("/bin/true", "true", (char *)NULL));
}
ACT(exec_at)
{
	char *const none[] = {NULL};

	return DID(syscall(SYS_execveat, s->memfd, "", none, none, AT_EMPTY_PATH));
}
ACT(fork_child)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return DID(pid);
}
ACT(vfork_child)
{
	return DID(syscall(SYS_vfork));
}
ACT(clone_userns)
{
	return DID(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}

static void *thread_main(void *arg)
{
	return arg;
}

ACT(start_thread)
{
	pthread_t t;
	int r = pthread_create(&t, NULL, thread_main, NULL);

	if (r == 0)
		pthread_join(t, NULL);
	return -r;
}
ACT(trace_other)
{
	return DID(ptrace(PTRACE_ATTACH, s->sibling, 0, 0));
}
ACT(trace_me)
{
	return DID(ptrace(PTRACE_TRACEME, 0, 0, 0));
}
ACT(read_memory)
{
	char c;
	struct iovec here = {&c, 1}, there = {&c, 1};

	return DID(process_vm_readv(s->sibling, &here, 1, &there, 1, 0));
}
ACT(kill_other)
{
	return DID(kill(s->other, 0));
}
ACT(kill_sibling)
{
	return DID(kill(s->sibling, 0));
}
ACT(tgkill_sibling)
{
	return DID(syscall(SYS_tgkill, s->sibling, s->sibling, 0));
}
ACT(queue_signal)
{
	return DID(sigqueue(s->sibling, SIGUSR1, (union sigval){0}));
}
ACT(pidfd_of_other)
{
	return DID(syscall(SYS_pidfd_open, s->other, 0));
}
/* By a descriptor that it was handed: stop and continue, and no other signal. */
ACT(stop_by_pidfd)
{
	if (syscall(SYS_pidfd_send_signal, s->pidfd, SIGSTOP, NULL, 0) < 0)
		return -errno;
	return DID(syscall(SYS_pidfd_send_signal, s->pidfd, SIGCONT, NULL, 0));
}
ACT(end_by_pidfd)
{
	return DID(syscall(SYS_pidfd_send_signal, s->pidfd, SIGTERM, NULL, 0));
}
ACT(write_control)
{
	return open_close(s->freeze, O_WRONLY);
}
ACT(make_control)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/new", s->control);
	return open_close(path, O_WRONLY | O_CREAT);
}
ACT(pidfd_signal)
{
	return DID(syscall(SYS_pidfd_send_signal, s->memfd, 0, NULL, 0));
}
ACT(pidfd_steal)
{
	return DID(syscall(SYS_pidfd_getfd, s->memfd, 0, 0));
}
ACT(limit_other)
{
	struct rlimit lim;

	return DID(prlimit(s->sibling, RLIMIT_NOFILE, NULL, &lim));
}
ACT(raise_limit)
{
	struct rlimit lim = {1 << 20, 1 << 20};

	return DID(setrlimit(RLIMIT_NOFILE, &lim));
}
ACT(cpu_limit)
{
	seal_cpu(10);
	return 0;
}
ACT(nicer)
{
	return DID(setpriority(PRIO_PROCESS, 0, -5));
}

/* Power. */

ACT(become_root)
{
	return DID(setuid(0));
}
ACT(become_root_res)
{
	return DID(setresuid(0, 0, 0));
}
ACT(more_groups)
{
	gid_t g = 0;

	return DID(syscall(SYS_setgroups, 1, &g));
}
ACT(more_caps)
{
	struct __user_cap_header_struct h = {_LINUX_CAPABILITY_VERSION_3, 0};
	struct __user_cap_data_struct d[2] = {{~0u, ~0u, 0}, {~0u, ~0u, 0}};

	return DID(syscall(SYS_capset, &h, d));
}
ACT(dumpable_again)
{
	return DID(prctl(PR_SET_DUMPABLE, 1));
}
ACT(unshare_user)
{
	return DID(unshare(CLONE_NEWUSER));
}
ACT(unshare_mounts)
{
	return DID(unshare(CLONE_NEWNS));
}
ACT(join_namespace)
{
	return DID(setns(s->mount, 0));
}
ACT(mount_tmpfs)
{
	return DID(mount("none", s->dir, "tmpfs", 0, NULL));
}
ACT(bind_mount)
{
	return DID(mount("/etc", s->state, NULL, MS_BIND, NULL));
}
ACT(umount_root)
{
	return DID(umount2("/", MNT_DETACH));
}
ACT(open_tree_call)
{
	return DID(syscall(SYS_open_tree, AT_FDCWD, "/", 0));
}
ACT(change_root)
{
	return DID(chroot(s->dir));
}
ACT(pivot)
{
	return DID(syscall(SYS_pivot_root, s->dir, s->dir));
}
ACT(exec_memory)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return at == MAP_FAILED ? -errno : 0;
}
ACT(make_executable)
{
	void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return DID(mprotect(at, 4096, PROT_READ | PROT_EXEC));
}
ACT(pkey_executable)
{
	return DID(syscall(SYS_pkey_mprotect, 0, 4096, PROT_EXEC, -1));
}
ACT(shm_executable)
{
	return DID(syscall(SYS_shmget, 0, 4096, 0600));
}
ACT(plain_memory)
{
	void *at =
	    mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return -errno;
	memset(at, 1, 1 << 20);
	return DID(munmap(at, 1 << 20));
}
ACT(new_memfd)
{
	return DID(memfd_create("x", MFD_CLOEXEC | MFD_ALLOW_SEALING));
}
ACT(write_memfd)
{
	return ftruncate(s->memfd, 8192) || pwrite(s->memfd, "x", 1, 5000) != 1 ? -errno : 0;
}
ACT(hash_something)
{
	struct hash h = hash_of(SLICE("abc"));

	return h.b[0] == 0xba ? 0 : -EIO;
}
ACT(new_pipe)
{
	int fd[2];

	return DID(pipe2(fd, O_CLOEXEC));
}
ACT(new_fanotify)
{
	return DID(fanotify_init(FAN_CLASS_NOTIF | FAN_REPORT_FID, O_RDONLY));
}
ACT(new_inotify)
{
	return DID(inotify_init1(IN_CLOEXEC));
}
ACT(terminal_input)
{
	return DID(syscall(SYS_ioctl, 0, 0x5412 /* TIOCSTI */, "x"));
}

#define RAW(name, ...)                            \
	ACT(name)                                 \
	{                                         \
		return DID(syscall(__VA_ARGS__)); \
	}
RAW(load_bpf, SYS_bpf, 0, NULL, 0)
RAW(key_control, SYS_keyctl, 0, -3, 0)
RAW(key_add, SYS_add_key, "user", "x", "x", 1, -3)
RAW(uring, SYS_io_uring_setup, 8, NULL)
RAW(perf, SYS_perf_event_open, NULL, 0, -1, -1, 0)
RAW(fault_handler, SYS_userfaultfd, 0)
RAW(load_module, SYS_init_module, NULL, 0, "")
RAW(load_module_fd, SYS_finit_module, -1, "", 0)
RAW(kexec, SYS_kexec_load, 0, 0, NULL, 0)
RAW(restart_machine, SYS_reboot, 0, 0, 0, NULL)
RAW(name_machine, SYS_sethostname, "x", 1)
RAW(set_clock, SYS_clock_settime, 0, NULL)
RAW(swap, SYS_swapon, "/x", 0)
RAW(account, SYS_acct, NULL)
RAW(quota, SYS_quotactl, 0, NULL, 0, NULL)
RAW(syslog_read, SYS_syslog, 2, NULL, 0)
RAW(another_filter, SYS_seccomp, 1, 0, NULL)
RAW(persona, SYS_personality, 0x0400000)
RAW(aio, SYS_io_setup, 1, NULL)
RAW(compare, SYS_kcmp, 1, 2, 0, 0, 0)
RAW(timer, SYS_timer_create, 0, NULL, NULL)
RAW(queue_open, SYS_mq_open, "/x", 0102, 0600, NULL)
RAW(move_memory, SYS_move_pages, 0, 0, NULL, NULL, NULL, 0)
RAW(clone_three, SYS_clone3, NULL, 0)
RAW(no_such_call, 9999)

/* clang-format off */
#define MAY(who, name)      {#name, (who), ACT_ALWAYS, (name)}
#define MAY_ROOT(who, name) {#name, (who), ACT_IF_ROOT, (name)}
#define NEVER(name)         {#name, ACT_NONE, ACT_ALWAYS, (name)}
/* clang-format on */

const struct act acts[] = {
    /* what they must be able to do */
    MAY(ACT_ALL, talk_on_pair),
    MAY(ACT_ALL, plain_memory),
    MAY(ACT_ALL, hash_something),
    MAY(ACT_ALL, cpu_limit),
    MAY(ACT_R | ACT_L | ACT_D | ACT_H | ACT_V, write_memfd),
    MAY(ACT_L | ACT_D | ACT_V, new_memfd),
    MAY(ACT_G | ACT_T | ACT_F, read_outside),
    MAY_ROOT(ACT_G | ACT_T | ACT_F, read_secret),
    MAY(ACT_G | ACT_T | ACT_F, list_root),
    MAY_ROOT(ACT_G | ACT_T | ACT_F, who_is_other),
    MAY_ROOT(ACT_G | ACT_T, file_handle),
    MAY(ACT_G | ACT_T, pidfd_of_other),
    MAY_ROOT(ACT_H, stop_by_pidfd),
    MAY(ACT_H, write_control),
    MAY(ACT_G | ACT_L | ACT_D | ACT_T | ACT_F | ACT_H, read_state),
    MAY(ACT_L | ACT_D, lock_state),
    MAY(ACT_G | ACT_L | ACT_D | ACT_T | ACT_F | ACT_H, share_state),
    MAY(ACT_L | ACT_H, write_state),
    MAY(ACT_L | ACT_H, sync_state),
    MAY(ACT_L | ACT_H, create_state),
    MAY(ACT_L, rename_state),
    MAY(ACT_L, mkdir_state),
    MAY(ACT_L, unlink_state),
    MAY(ACT_L | ACT_D | ACT_C, accept_one),
    MAY(ACT_D | ACT_OUT, start_thread),
    MAY(ACT_D | ACT_OUT, new_pipe),
    MAY(ACT_G | ACT_L | ACT_D | ACT_T | ACT_F | ACT_H | ACT_OUT, stat_outside),
    MAY(ACT_OUT, socket_inet),
    MAY(ACT_OUT, socket_inet6_udp),
    MAY(ACT_OUT, socket_unix),
    MAY(ACT_OUT, socket_pair),
    /* what nobody may */
    NEVER(write_outside),
    NEVER(append_outside),
    NEVER(truncate_outside),
    NEVER(create_outside),
    NEVER(tmpfile_outside),
    NEVER(open_by_openat2),
    NEVER(unlink_outside),
    NEVER(rename_outside),
    NEVER(symlink_state),
    NEVER(link_state),
    NEVER(fifo_state),
    NEVER(chmod_state),
    NEVER(chown_state),
    NEVER(xattr_state),
    NEVER(truncate_path),
    MAY(ACT_H, utime_state),
    NEVER(chdir_away),
    NEVER(socket_netlink),
    MAY(ACT_OUT, connect_somewhere),
    NEVER(bind_somewhere),
    NEVER(listen_again),
    NEVER(exec_true),
    NEVER(exec_at),
    NEVER(fork_child),
    NEVER(vfork_child),
    NEVER(clone_userns),
    NEVER(trace_other),
    NEVER(trace_me),
    NEVER(read_memory),
    NEVER(kill_other),
    NEVER(kill_sibling),
    NEVER(tgkill_sibling),
    NEVER(queue_signal),
    NEVER(pidfd_signal),
    NEVER(end_by_pidfd),
    NEVER(make_control),
    NEVER(pidfd_steal),
    NEVER(raise_limit),
    NEVER(nicer),
    NEVER(become_root),
    NEVER(become_root_res),
    NEVER(more_groups),
    NEVER(more_caps),
    NEVER(dumpable_again),
    NEVER(unshare_user),
    NEVER(unshare_mounts),
    NEVER(join_namespace),
    NEVER(mount_tmpfs),
    NEVER(bind_mount),
    NEVER(umount_root),
    NEVER(open_tree_call),
    NEVER(change_root),
    NEVER(pivot),
    NEVER(exec_memory),
    NEVER(make_executable),
    NEVER(pkey_executable),
    NEVER(shm_executable),
    NEVER(new_fanotify),
    NEVER(new_inotify),
    NEVER(terminal_input),
    NEVER(limit_other),
    NEVER(load_bpf),
    NEVER(key_control),
    NEVER(key_add),
    NEVER(uring),
    NEVER(perf),
    NEVER(fault_handler),
    NEVER(load_module),
    NEVER(load_module_fd),
    NEVER(kexec),
    NEVER(restart_machine),
    NEVER(name_machine),
    NEVER(set_clock),
    NEVER(swap),
    NEVER(account),
    NEVER(quota),
    NEVER(syslog_read),
    NEVER(another_filter),
    NEVER(persona),
    NEVER(aio),
    NEVER(compare),
    NEVER(timer),
    NEVER(queue_open),
    NEVER(move_memory),
    NEVER(clone_three),
    NEVER(no_such_call),
};
const size_t act_count = sizeof(acts) / sizeof(acts[0]);
