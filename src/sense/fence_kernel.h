/*
 * fence_kernel: what the program in the kernel (fence.bpf.c) and hinoban-fence share.
 *
 * `struct fence_rules` lies in memory that both see: after its seal the process makes no
 * bpf(2) call any more. Which inodes are meant is said by fcntl(2): the process opens a path
 * (O_PATH: nothing of it is read) and asks fcntl(fd, F_GETFL, FENCE_MARK(...)); the kernel's
 * half sees the call, its argument and the very inode, on whatever filesystem it lies.
 */
#ifndef HINOBAN_SENSE_FENCE_KERNEL_H
#define HINOBAN_SENSE_FENCE_KERNEL_H

#include <linux/types.h>

#define FENCE_MAX_INODES  (1u << 20)
#define FENCE_MAX_USERS   32
#define FENCE_MAX_GROUPS  16
#define FENCE_GROUP_DEPTH 8 /* levels of cgroups that are looked at */
#define FENCE_MAX_DEPLOYS 16
#define FENCE_MAX_PEERS   512
#define FENCE_ROLES       8
#define FENCE_NAME_BYTES  256
#define FENCE_RING_BYTES  (256u << 10)

/* A mark on an inode. */
enum {
	FENCE_FOLDER = 1,
	FENCE_SHARED =
	    2,          /* a folder in which data lies beside code: others may be made there */
	FENCE_RUNS = 4, /* an approved file of the shop */
	FENCE_OFF = 8,  /* no mark any more */
};
#define FENCE_MAGIC 0x48f5ull
#define FENCE_MARK(flags, role, folder)                              \
	((FENCE_MAGIC << 48) | ((unsigned long long)(flags) << 40) | \
	 ((unsigned long long)(role) << 32) | (unsigned)(folder))

enum fence_act {
	FENCE_WRITE = 1,
	FENCE_CREATE,
	FENCE_LINK,
	FENCE_UNLINK,
	FENCE_RENAME,
	FENCE_ATTRIBUTES, /* cut, or given other rights, owners, times */
	FENCE_EXEC,
	FENCE_MAP, /* as a program: ld.so, LD_PRELOAD */
	FENCE_CONNECT,
	FENCE_ACTS
};

enum fence_connect { FENCE_CONNECT_OFF, FENCE_CONNECT_WATCH, FENCE_CONNECT_HOLD };

/* An address or network, IPv4 as ::ffff:a.b.c.d, in the order of the wire. */
struct fence_peer {
	__u64 address[2], mask[2];
	__u32 port; /* 0: any */
	__u32 unused;
};

struct fence_rules {
	__u32 owner;  /* may set marks */
	__u32 keeper; /* its children are our own */
	__u8 hold[FENCE_ROLES];
	__u8 armed;   /* some role of code is held */
	__u8 exec;    /* programs are */
	__u8 connect; /* enum fence_connect */
	__u8 unused;
	__u32 users, groups, deploys, peers;
	__u32 user[FENCE_MAX_USERS];
	__u64 group[FENCE_MAX_GROUPS]; /* ids of cgroups; those below them too */
	struct fence_deploy {
		__u64 seq; /* 0: free */
		__u32 pid, unused;
	} deploy[FENCE_MAX_DEPLOYS];
	struct fence_peer peer[FENCE_MAX_PEERS];
	__u64 lost;  /* events that found no room in the ring */
	__u64 tried; /* marks that were asked for: the proof that hooks are called */
};

enum fence_place {
	FENCE_NOWHERE,
	FENCE_IN_FOLDER, /* `name` in `folder` */
	FENCE_THE_FOLDER /* `folder` itself */
};

struct fence_event {
	__u32 act, pid, user, folder;
	__u8 role, refused, protocol, known; /* enum fence_place */
	__u32 port;
	__u8 address[16];
	char name[FENCE_NAME_BYTES]; /* of the entry in the folder, or the program; with NUL */
};

#endif
