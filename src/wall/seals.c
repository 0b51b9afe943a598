/*
 * seals: the table of roles.
 *
 * A call is here because a role was seen to make it (strace) or a library makes it in a
 * case that a test run doesn't meet; everything else kills. Three rules hold for all:
 * nobody maps executable memory, nobody runs a program, nobody makes a socket, but for the
 * herald and the fetcher, whose work that is, and the browser's launcher: it runs Chromium,
 * which does all of that and has a sandbox of its own; what it is given is a uid that owns
 * nothing, no capability, and Landlock.
 */
#include "wall/seals.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

/* clang-format off */
#define CALL(name, act)  {SCMP_SYS(name), (act), 0, {{0, 0, 0}}}
#define CALL_IF(name, act, arg, mask, value) \
	{SCMP_SYS(name), (act), 1, {{(arg), (mask), (value)}}}
#define ALLOW_IF2(name, a1, m1, v1, a2, m2, v2) \
	{SCMP_SYS(name), FILTER_ALLOW, 2, {{(a1), (m1), (v1)}, {(a2), (m2), (v2)}}}
/* clang-format on */
#define ALLOW(name)  CALL(name, FILTER_ALLOW)
#define REFUSE(name) CALL(name, FILTER_REFUSE)
#define ABSENT(name) CALL(name, FILTER_ABSENT)
/* Only where (argument & mask) == value. */
#define ALLOW_IF(name, arg, mask, value)  CALL_IF(name, FILTER_ALLOW, arg, mask, value)
#define REFUSE_IF(name, arg, mask, value) CALL_IF(name, FILTER_REFUSE, arg, mask, value)
#define WHOLE                             UINT32_MAX /* mask for an argument that is an int */

#define FCNTL(cmd) ALLOW_IF(fcntl, 1, WHOLE, (cmd))

/* A process that turns its loop, computes, and ends. */
static const struct filter_rule base_calls[] = {
    ALLOW(read),
    ALLOW(readv),
    ALLOW(pread64),
    ALLOW(write),
    ALLOW(writev),
    ALLOW(lseek),
    ALLOW(close),
    ALLOW(fstat),
    /* glibc 2.36 makes fstat from it; that a path could be named is closed by other walls */
    ALLOW(newfstatat),
    ALLOW(recvmsg),
    ALLOW(sendmsg),
    ALLOW(sendto),
    ALLOW(recvfrom),
    ALLOW(epoll_wait),
    ALLOW(epoll_pwait),
    ALLOW(epoll_ctl),
    ALLOW(poll),
    ALLOW(ppoll),
    ALLOW(clock_gettime),
    ALLOW(gettimeofday),
    ALLOW(time),
    ALLOW(clock_nanosleep),
    ALLOW(nanosleep),
    ALLOW(restart_syscall),
    ALLOW(rt_sigreturn),
    ALLOW(rt_sigprocmask),
    ALLOW(rt_sigaction),
    ALLOW(exit),
    ALLOW(exit_group),
    ALLOW(futex),
    ALLOW(sched_yield),
    ALLOW(brk),
    ALLOW(munmap),
    ALLOW(mremap),
    ALLOW(madvise),
    ALLOW_IF(mmap, 2, PROT_EXEC, 0),
    ALLOW_IF(mprotect, 2, PROT_EXEC, 0),
    REFUSE_IF(mmap, 2, PROT_EXEC, PROT_EXEC),
    REFUSE_IF(mprotect, 2, PROT_EXEC, PROT_EXEC),
    ALLOW(getrandom),
    ALLOW(getpid),
    ALLOW(gettid),
    ALLOW(getrusage),
    /* qsort of glibc 2.36 asks how much memory there is, malloc how many processors */
    ALLOW(sysinfo),
    ALLOW(sched_getaffinity),
    FCNTL(F_GETFD),
    FCNTL(F_SETFD),
    FCNTL(F_GETFL),
    FCNTL(F_SETFL),
    FCNTL(F_DUPFD_CLOEXEC),
    /* abort() */
    ALLOW_IF(tgkill, 0, WHOLE, FILTER_OWN_PID),
    /* looking at one's own limits, and seal_cpu() */
    ALLOW_IF2(prlimit64, 0, WHOLE, 0, 2, UINT64_MAX, 0),
    ALLOW_IF2(prlimit64, 0, WHOLE, 0, 1, WHOLE, RLIMIT_CPU),
    /* asked by stdio (a terminal?), and by libraries that can do without the answer */
    REFUSE(prctl),
    REFUSE(uname),
    REFUSE(getcwd),
    ABSENT(openat2),
    ABSENT(clone3),
    ABSENT(close_range),
};

static const struct filter_rule no_sockets[] = {REFUSE(socket)};

static const struct filter_rule no_ioctl[] = {REFUSE(ioctl)};

/* Roles without files: a library that looks for its settings is told that there are none. */
static const struct filter_rule no_files[] = {
    REFUSE(open),       REFUSE(openat),     REFUSE(access),     REFUSE(faccessat),
    REFUSE(faccessat2), ABSENT(statx),      REFUSE(stat),       REFUSE(lstat),
    REFUSE(readlink),   REFUSE(readlinkat), REFUSE(getdents64),
};

/* The reader writes a diff into a memfd that it is given. */
static const struct filter_rule memfd_out[] = {
    ALLOW(ftruncate),
    ALLOW(pwrite64),
    ALLOW(fadvise64),
};

static const struct filter_rule look_at_files[] = {
    ALLOW(statx),      ALLOW(stat),       ALLOW(lstat),    ALLOW(access),
    ALLOW(faccessat),  ALLOW(faccessat2), ALLOW(readlink), ALLOW(readlinkat),
    ALLOW(getdents64), ALLOW(statfs),     ALLOW(fstatfs),  ALLOW(fadvise64),
    ALLOW(getuid),     ALLOW(geteuid),    ALLOW(getgid),   ALLOW(getegid),
};

/*
 * The guard opens for reading only. Landlock can't say so for it: a process in a Landlock
 * domain may not ask /proc for the executable of one outside of it, and "who did this?"
 * is half of the guard's work. So the flags of each open are judged here, nothing that
 * alters a file is allowed, and its uid owns nothing.
 */
#define OPEN_READS(name, arg)                                                               \
	ALLOW_IF(name, arg, O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND, 0),                   \
	    REFUSE_IF(name, arg, O_WRONLY, O_WRONLY), REFUSE_IF(name, arg, O_RDWR, O_RDWR), \
	    REFUSE_IF(name, arg, O_CREAT, O_CREAT), REFUSE_IF(name, arg, O_TRUNC, O_TRUNC), \
	    REFUSE_IF(name, arg, O_APPEND, O_APPEND)

static const struct filter_rule guard_calls[] = {
    OPEN_READS(open, 1),      OPEN_READS(openat, 2), OPEN_READS(open_by_handle_at, 2),
    ALLOW(name_to_handle_at), ALLOW(fanotify_mark),  ALLOW(pidfd_open),
    ALLOW(getsockopt),        ALLOW(umask),          ALLOW(flistxattr),
    ALLOW(fgetxattr),
};

/* The gate judges opens: who waits is read from /proc as by the guard, and a lease on the file
 * tells of writers (fcntl(2)). It answers through the descriptor made before. */
static const struct filter_rule gate_calls[] = {
    OPEN_READS(open, 1),  OPEN_READS(openat, 2),    OPEN_READS(open_by_handle_at, 2),
    ALLOW(fanotify_mark), ALLOW(getsockopt),        ALLOW(umask),
    ALLOW(pidfd_open),    FCNTL(F_SETLEASE),        FCNTL(F_GETLEASE),
    FCNTL(F_SETSIG),      ALLOW(name_to_handle_at), ALLOW(getppid),
    ALLOW(flistxattr),    ALLOW(fgetxattr),
};

/* The fence opens paths (O_PATH) to mark them, and reads /proc. What it says to the kernel's
 * half goes through shared memory: bpf(2) is for nobody. */
static const struct filter_rule fence_calls[] = {
    OPEN_READS(open, 1),
    OPEN_READS(openat, 2),
    ALLOW(getsockopt),
    ALLOW(umask),
};

/*
 * The hand alters files of the shop, which no other role can. Its verbs are few: write anew
 * beside and put in place, remove, make a folder or a link, give rights and owners back, make
 * unalterable (an ioctl for inode flags), stop and continue a process.
 */
static const struct filter_rule hand_calls[] = {
    ALLOW(open),
    ALLOW(openat),
    ALLOW(ftruncate),
    ALLOW(pwrite64),
    ALLOW(fsync),
    ALLOW(fdatasync),
    ALLOW(renameat),
    ALLOW(renameat2),
    ALLOW(unlinkat),
    ALLOW(mkdirat),
    ALLOW(symlinkat),
    ALLOW(fchmod),
    ALLOW(fchmodat),
    ALLOW(fchown),
    ALLOW(fchownat),

    ALLOW(fsetxattr),
    ALLOW(fremovexattr),
    ALLOW(umask),
    FCNTL(F_SETLEASE),
    FCNTL(F_GETLEASE),
    FCNTL(F_SETSIG),
    REFUSE_IF(ioctl, 1, WHOLE, TCGETS),
    ALLOW_IF(ioctl, 1, WHOLE, FS_IOC_GETFLAGS),
    ALLOW_IF(ioctl, 1, WHOLE, FS_IOC_SETFLAGS),
    ALLOW(name_to_handle_at), /* for the next hand, which opens by it before its seal */
    ALLOW(flistxattr),
    ALLOW(fgetxattr),
    ALLOW(sendfile),
    ALLOW(utimensat),
    ALLOW(rmdir),
    /* freeze: a process that the gate named; it can name none itself */
    ALLOW_IF(pidfd_send_signal, 1, WHOLE, SIGSTOP),
    ALLOW_IF(pidfd_send_signal, 1, WHOLE, SIGCONT),
};

/* SQLite: locks, and its shared memory (an ordinary file, mapped). */
static const struct filter_rule sqlite_reads[] = {
    ALLOW(open),    ALLOW(openat),      FCNTL(F_SETLK),
    FCNTL(F_GETLK), FCNTL(F_OFD_SETLK), FCNTL(F_OFD_GETLK),
};

/* Contents from the vault go into sealed memfds. */
static const struct filter_rule memfds[] = {
    ALLOW(memfd_create), ALLOW(ftruncate),   ALLOW(pwrite64),
    FCNTL(F_ADD_SEALS),  FCNTL(F_GET_SEALS),
};

static const struct filter_rule ledger_calls[] = {
    ALLOW(fsync),      ALLOW(fdatasync),       ALLOW(fallocate),   ALLOW(pwritev),
    ALLOW(preadv),     ALLOW(copy_file_range), ALLOW(sendfile),    ALLOW(flock),
    ALLOW(umask),      ALLOW(unlink),          ALLOW(unlinkat),    ALLOW(rename),
    ALLOW(renameat),   ALLOW(renameat2),       ALLOW(mkdir),       ALLOW(mkdirat),
    ALLOW(rmdir),      ALLOW(fchmod),          ALLOW(accept),      ALLOW(accept4),
    ALLOW(getsockopt), ALLOW(setsockopt),      ALLOW(getsockname), ALLOW(getpeername),
    ALLOW(shutdown),
};

/* The collector serves one port without threads, and nothing else. */
static const struct filter_rule collector_calls[] = {
    ALLOW(accept),      ALLOW(accept4),     ALLOW(getsockopt), ALLOW(setsockopt),
    ALLOW(getsockname), ALLOW(getpeername), ALLOW(shutdown),
};

/* libmicrohttpd: connections that come in on the socket bound before, perhaps a thread. */
static const struct filter_rule desk_calls[] = {
    ALLOW(accept),
    ALLOW(accept4),
    ALLOW(getsockopt),
    ALLOW(setsockopt),
    ALLOW(getsockname),
    ALLOW(getpeername),
    ALLOW(shutdown),
    ALLOW(sendfile),
    ALLOW(epoll_create1),
    ALLOW(eventfd2),
    ALLOW(pipe2),
    ALLOW(select),
    ALLOW(pselect6),
    ALLOW_IF(clone, 0, CLONE_VM | CLONE_THREAD | CLONE_NEWUSER, CLONE_VM | CLONE_THREAD),
    ALLOW(set_robust_list),
    ALLOW(rseq),
    REFUSE(mkdir),
    REFUSE(unlink),
};

/*
 * hinoban-scope has its connection, and its file of SQLite, open when it seals itself: it
 * reads on, gives SQLite's lock back, and keeps what it was told in memory. A list goes to a
 * descriptor that it was handed.
 */
static const struct filter_rule scope_calls[] = {
    ALLOW(getsockopt),  ALLOW(setsockopt),  ALLOW(getsockname),   ALLOW(getpeername),
    ALLOW(shutdown),    ALLOW(select),      ALLOW(pselect6),      ALLOW(mlock),
    ALLOW(munlock),     ALLOW(getuid),      ALLOW(geteuid),       ALLOW(getgid),
    ALLOW(getegid),     ALLOW(fadvise64),   FCNTL(F_SETLK),       FCNTL(F_GETLK),
    FCNTL(F_OFD_SETLK), FCNTL(F_OFD_GETLK), ALLOW(rt_sigpending), ALLOW(rt_sigtimedwait),
};

/*
 * The herald and the fetcher speak to others: libcurl, with a thread for the resolver. They
 * open settings of the resolver and certificates for reading; Landlock says which.
 */
static const struct filter_rule outward_calls[] = {
    OPEN_READS(open, 1),
    OPEN_READS(openat, 2),
    ALLOW_IF(socket, 0, WHOLE, AF_INET),
    ALLOW_IF(socket, 0, WHOLE, AF_INET6),
    ALLOW_IF(socket, 0, WHOLE, AF_UNIX),
    /* glibc asks which addresses this machine has, and can do without the answer */
    REFUSE_IF(socket, 0, WHOLE, AF_NETLINK),
    ALLOW_IF(socketpair, 0, WHOLE, AF_UNIX),
    ALLOW(connect),
    REFUSE(bind),
    ALLOW(sendmmsg),
    ALLOW(getsockopt),
    ALLOW(setsockopt),
    ALLOW(getsockname),
    ALLOW(getpeername),
    ALLOW(shutdown),
    ALLOW(eventfd2),
    ALLOW(pipe2),
    ALLOW(select),
    ALLOW(pselect6),
    ALLOW_IF(clone, 0, CLONE_VM | CLONE_THREAD | CLONE_NEWUSER, CLONE_VM | CLONE_THREAD),
    ALLOW(set_robust_list),
    ALLOW(rseq),
    /* a socket's bytes that wait (libcurl); all else is refused */
    REFUSE_IF(ioctl, 1, WHOLE, TCGETS),
    ALLOW_IF(ioctl, 1, WHOLE, FIONREAD),
};

#define MIB(n) ((rlim_t)(n) << 20)

const struct seals_role seals_roles[SEAL_ROLES] = {
    [SEAL_GUARD] =
        {
            .name = "guard",
            .files = SEALS_ALL_RO,
            .cap = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, CAP_NET_ADMIN},
            .caps = 4,
            /* drafts that wait for the ledger hold their files open */
            .limit = {{RLIMIT_NOFILE, 131072, 131072}, {RLIMIT_NPROC, 0, 0}},
            .limits = 2,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(no_sockets),
                      FILTER_TABLE(no_ioctl), FILTER_TABLE(look_at_files),
                      FILTER_TABLE(guard_calls)},
        },
    [SEAL_READER] =
        {
            .name = "reader",
            .files = SEALS_NO_FILES,
            /* CPU: for a reader that never calls seal_cpu(); one that does moves it on */
            .limit = {{RLIMIT_NOFILE, 32, 32},
                      {RLIMIT_NPROC, 0, 0},
                      {RLIMIT_AS, MIB(256), MIB(256)},
                      {RLIMIT_FSIZE, MIB(64), MIB(64)},
                      {RLIMIT_CPU, 600, RLIM_INFINITY}},
            .limits = 5,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(no_sockets),
                      FILTER_TABLE(no_ioctl), FILTER_TABLE(no_files), FILTER_TABLE(memfd_out)},
        },
    [SEAL_LEDGER] =
        {
            .name = "ledger",
            .files = SEALS_STATE_RW,
            .limit = {{RLIMIT_NOFILE, 4096, 4096}, {RLIMIT_NPROC, 0, 0}},
            .limits = 2,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(no_sockets),
                      FILTER_TABLE(no_ioctl), FILTER_TABLE(look_at_files),
                      FILTER_TABLE(sqlite_reads), FILTER_TABLE(memfds),
                      FILTER_TABLE(ledger_calls)},
        },
    [SEAL_JUDGE] =
        {
            .name = "judge",
            .files = SEALS_NO_FILES,
            .limit = {{RLIMIT_NOFILE, 32, 32},
                      {RLIMIT_NPROC, 0, 0},
                      {RLIMIT_AS, MIB(4096), MIB(4096)},
                      {RLIMIT_FSIZE, MIB(64), MIB(64)}},
            .limits = 4,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(no_sockets),
                      FILTER_TABLE(no_ioctl), FILTER_TABLE(no_files)},
        },
    [SEAL_GATE] =
        {
            .name = "gate",
            .files = SEALS_ALL_RO,
            .cap = {CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, CAP_LEASE},
            .caps = 3,
            /* each file whose opens cost nothing any more is kept open by its lease */
            .limit = {{RLIMIT_NOFILE, 131072, 131072}, {RLIMIT_NPROC, 0, 0}},
            .limits = 2,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(no_sockets),
                      FILTER_TABLE(no_ioctl), FILTER_TABLE(look_at_files),
                      FILTER_TABLE(gate_calls)},
        },
    [SEAL_HAND] =
        {
            .name = "hand",
            .files = SEALS_ROOTS_RW,
            .cap = {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_CHOWN, CAP_FOWNER, CAP_FSETID,
                    CAP_LINUX_IMMUTABLE, CAP_LEASE,
                    /* freeze; isolate: through the one socket opened before */
                    CAP_KILL, CAP_NET_ADMIN},
            .caps = 9,
            .signals = true,
            .limit = {{RLIMIT_NOFILE, 4096, 4096}, {RLIMIT_NPROC, 0, 0}},
            .limits = 2,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(no_sockets),
                      FILTER_TABLE(look_at_files), FILTER_TABLE(hand_calls)},
        },
    [SEAL_FENCE] =
        {
            .name = "fence",
            .files = SEALS_ALL_RO,
            .cap = {CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE},
            .caps = 2,
            .limit = {{RLIMIT_NOFILE, 1024, 1024}, {RLIMIT_NPROC, 0, 0}},
            .limits = 2,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(no_sockets),
                      FILTER_TABLE(no_ioctl), FILTER_TABLE(look_at_files),
                      FILTER_TABLE(fence_calls)},
        },
    [SEAL_SCOPE] =
        {
            .name = "scope",
            .files = SEALS_NO_FILES,
            .cap = {CAP_IPC_LOCK}, /* its memory stays locked as it grows */
            .caps = 1,
            .caps_may_lack = true,
            .limit = {{RLIMIT_NOFILE, 64, 64}, {RLIMIT_NPROC, 0, 0}},
            .limits = 2,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(no_sockets),
                      FILTER_TABLE(no_ioctl), FILTER_TABLE(no_files),
                      FILTER_TABLE(scope_calls)},
        },
    [SEAL_HERALD] =
        {
            .name = "herald",
            .files = SEALS_OUTWARD,
            .connects = true,
            .limit = {{RLIMIT_NOFILE, 256, 256},
                      {RLIMIT_AS, MIB(2048), MIB(2048)},
                      {RLIMIT_FSIZE, 0, 0}},
            .limits = 3,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(look_at_files),
                      FILTER_TABLE(outward_calls)},
        },
    [SEAL_FETCH] =
        {
            .name = "fetch",
            .files = SEALS_OUTWARD,
            .connects = true,
            /* it lives for one address */
            .limit = {{RLIMIT_NOFILE, 64, 64},
                      {RLIMIT_AS, MIB(512), MIB(512)},
                      {RLIMIT_FSIZE, 0, 0},
                      {RLIMIT_CPU, 20, 20}},
            .limits = 4,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(look_at_files),
                      FILTER_TABLE(outward_calls)},
        },
    [SEAL_VISITOR] =
        {
            .name = "visitor",
            .files = SEALS_NO_FILES,
            /* drafts that wait for the ledger hold their contents open */
            .limit = {{RLIMIT_NOFILE, 4096, 4096},
                      {RLIMIT_NPROC, 0, 0},
                      {RLIMIT_AS, MIB(2048), MIB(2048)},
                      {RLIMIT_FSIZE, MIB(64), MIB(64)}},
            .limits = 4,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(no_sockets),
                      FILTER_TABLE(no_ioctl), FILTER_TABLE(no_files), FILTER_TABLE(memfds)},
        },
    [SEAL_BROWSER] =
        {
            .name = "browser",
            .files = SEALS_PROGRAM,
            .signals = true,
            .connects = true,
            /* processes and threads of this uid; Chromium takes about 150 */
            .limit = {{RLIMIT_NOFILE, 8192, 8192},
                      {RLIMIT_NPROC, 2048, 2048},
                      {RLIMIT_FSIZE, MIB(512), MIB(512)}},
            .limits = 3,
        },
    [SEAL_COLLECTOR] =
        {
            .name = "collector",
            .files = SEALS_NO_FILES,
            .limit = {{RLIMIT_NOFILE, 256, 256}, {RLIMIT_AS, MIB(1024), MIB(1024)}},
            .limits = 2,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(no_sockets),
                      FILTER_TABLE(no_ioctl), FILTER_TABLE(no_files),
                      FILTER_TABLE(collector_calls)},
        },
    [SEAL_DESK] =
        {
            .name = "desk",
            .files = SEALS_STATE_RO,
            .limit = {{RLIMIT_NOFILE, 1024, 1024}, {RLIMIT_AS, MIB(4096), MIB(4096)}},
            .limits = 2,
            .table = {FILTER_TABLE(base_calls), FILTER_TABLE(no_sockets),
                      FILTER_TABLE(no_ioctl), FILTER_TABLE(look_at_files),
                      FILTER_TABLE(sqlite_reads), FILTER_TABLE(memfds),
                      FILTER_TABLE(desk_calls)},
        },
};
