/*
 * fence, the half in the kernel (BPF): what web workers may not do, whatever they run.
 *
 * Every hook answers at once from marks on inodes and the rules in memory; it never waits for
 * a process. Who is a web worker: by user, or by cgroup (fence.c learns both). A deploy's
 * processes and our own pass. What is refused, and where workers connect to, goes into a ring.
 *
 * The programs are those of an LSM. Where bpf is not among the active LSMs, fence_load.c puts
 * the same programs before the kernel's functions that ask the LSMs; where such a function is
 * called with other arguments than the hook, a program of its own (fmod_ret/...) stands here.
 *
 * Types are our own, with the fields that are used; libbpf finds the running kernel's
 * offsets of them (CO-RE), so that one object runs on all kernels.
 */
#include "sense/fence_kernel.h"

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include <stdbool.h>

#define F_GETFL      3
#define MAY_WRITE    2
#define FMODE_WRITE  2
#define PROT_WRITE   2
#define PROT_EXEC    4
#define MAP_SHARED   1
#define VM_SHARED    8
#define PROT_READ    1
#define READ_IS_EXEC 0x0400000 /* READ_IMPLIES_EXEC of personality(2) */
#define OTHERS_WRITE 022
#define AF_INET      2
#define AF_INET6     10
#define EPERM        1
#define MAX_PARENTS  16
#define PORT_AT      2
#define ADDRESS4_AT  4
#define ADDRESS6_AT  8
#define MAPPED_AT    10

/* ---- the kernel's types ---- */

#define KERNEL __attribute__((preserve_access_index))

typedef struct {
	unsigned val;
} kuid_t;

struct super_block {
	unsigned s_dev;
} KERNEL;

struct inode {
	unsigned short i_mode;
	kuid_t i_uid;
	struct super_block *i_sb;
	unsigned long i_ino;
	unsigned i_nlink;
} KERNEL;

struct qstr {
	const unsigned char *name;
} KERNEL;

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
} KERNEL;

struct path {
	struct dentry *dentry;
} KERNEL;

struct file {
	unsigned f_mode;
	struct path f_path;
	struct inode *f_inode;
} KERNEL;

struct cred {
	kuid_t euid;
} KERNEL;

struct signal_struct {
	struct {
		int counter;
	} live;
} KERNEL;

struct task_struct {
	unsigned personality;
	int pid;
	int tgid;
	struct task_struct *real_parent;
	const struct cred *cred;
	struct signal_struct *signal;
} KERNEL;

struct linux_binprm {
	struct file *file;
	const char *filename;
} KERNEL;

struct vm_area_struct {
	struct file *vm_file;
	unsigned long vm_flags;
} KERNEL;

struct sock {
	unsigned short sk_protocol;
} KERNEL;

struct socket {
	struct sock *sk;
} KERNEL;

struct msghdr {
	void *msg_name;
} KERNEL;

struct sockaddr;
struct iattr;

/* ---- memory ---- */

struct mark_key {
	__u64 inode;
	__u32 device, unused;
};

struct mark {
	__u32 folder;
	__u8 role, flags;
	__u16 unused;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, FENCE_MAX_INODES);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct mark_key);
	__type(value, struct mark);
} marks SEC(".maps");

/* Processes that descend from a deploy, also when those in between have ended. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u64);
} kin SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, FENCE_RING_BYTES);
} ring SEC(".maps");

struct fence_rules rules;

/* The kernel lends itself only to what may be used under its own licence, too. */
const char licence[] SEC("license") = "Dual BSD/GPL";

/* ---- who ---- */

static __always_inline __u64 deploy_by_pid(__u32 pid)
{
	for (int i = 0; i < FENCE_MAX_DEPLOYS; i++) {
		if (rules.deploy[i].seq && rules.deploy[i].pid == pid)
			return rules.deploy[i].seq;
	}
	return 0;
}

static __always_inline bool deploy_runs(__u64 seq)
{
	for (int i = 0; i < FENCE_MAX_DEPLOYS; i++) {
		if (rules.deploy[i].seq == seq)
			return true;
	}
	return false;
}

/* Number of the running deploy that this process belongs to, or 0. */
static __noinline __u64 deploy_of(struct task_struct *task)
{
	__u32 pid = BPF_CORE_READ(task, tgid);
	__u64 *seq = bpf_map_lookup_elem(&kin, &pid);

	if (seq && deploy_runs(*seq))
		return *seq;
	for (int i = 0; i < MAX_PARENTS && pid > 1; i++) {
		__u64 found = deploy_by_pid(pid);

		if (found)
			return found;
		task = BPF_CORE_READ(task, real_parent);
		pid = BPF_CORE_READ(task, tgid);
	}
	return 0;
}

static __always_inline bool is_user(__u32 uid)
{
	for (__u32 i = 0; i < FENCE_MAX_USERS && i < rules.users; i++) {
		if (rules.user[i] == uid)
			return true;
	}
	return false;
}

static __always_inline bool in_group(void)
{
	if (rules.groups == 0)
		return false;
	for (int level = 1; level <= FENCE_GROUP_DEPTH; level++) {
		__u64 id = bpf_get_current_ancestor_cgroup_id(level);

		if (id == 0)
			return false;
		for (__u32 i = 0; i < FENCE_MAX_GROUPS && i < rules.groups; i++) {
			if (rules.group[i] == id)
				return true;
		}
	}
	return false;
}

/* A web worker, and neither of a deploy nor our own. */
static __noinline bool confined(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	__u32 uid = (__u32)bpf_get_current_uid_gid();

	if (!is_user(uid) && !is_user(BPF_CORE_READ(task, cred, euid.val)) && !in_group())
		return false;
	if (BPF_CORE_READ(task, real_parent, tgid) == (int)rules.keeper)
		return false;
	return rules.deploys == 0 || deploy_of(task) == 0;
}

/* ---- what ---- */

static __always_inline struct mark *mark_of(struct inode *inode)
{
	struct mark_key key = {};

	if (!inode)
		return 0;
	key.inode = BPF_CORE_READ(inode, i_ino);
	key.device = BPF_CORE_READ(inode, i_sb, s_dev);
	return bpf_map_lookup_elem(&marks, &key);
}

static __always_inline bool held(const struct mark *m)
{
	return m && rules.hold[m->role % FENCE_ROLES];
}

/* A folder of code, in which nothing may be made or taken away. */
static __always_inline struct mark *held_folder(struct inode *dir)
{
	struct mark *m = mark_of(dir);

	return held(m) && m->flags & FENCE_FOLDER && !(m->flags & FENCE_SHARED) ? m : 0;
}

/* Code by its own mark, or because it lies in a folder of code. */
static __always_inline struct mark *held_file(struct dentry *d, struct inode *inode)
{
	struct mark *m = mark_of(inode);

	if (held(m))
		return m;
	return d ? held_folder(BPF_CORE_READ(d, d_parent, d_inode)) : 0;
}

static __always_inline struct fence_event *event(__u32 act)
{
	struct fence_event *e = bpf_ringbuf_reserve(&ring, sizeof(*e), 0);

	if (!e) {
		__sync_fetch_and_add(&rules.lost, 1);
		return 0;
	}
	e->act = act;
	e->pid = bpf_get_current_pid_tgid() >> 32;
	e->user = (__u32)bpf_get_current_uid_gid();
	e->folder = 0;
	e->role = 0;
	e->known = FENCE_NOWHERE;
	e->refused = 1;
	e->protocol = 0;
	e->port = 0;
	e->name[0] = 0;
	return e;
}

static __noinline int refuse(__u32 act, struct dentry *d, const struct mark *m)
{
	struct fence_event *e = event(act);

	if (!e)
		return -EPERM;
	if (m) {
		e->known =
		    m->flags & FENCE_FOLDER && d && m == mark_of(BPF_CORE_READ(d, d_inode))
		        ? FENCE_THE_FOLDER
		        : FENCE_IN_FOLDER;
		e->role = m->role;
		e->folder = m->folder;
	}
	if (d)
		bpf_probe_read_kernel_str(e->name, sizeof(e->name),
		                          BPF_CORE_READ(d, d_name.name));
	bpf_ringbuf_submit(e, 0);
	return -EPERM;
}

/* Something is made, put or taken away under a name in a folder. */
static __always_inline int entry(__u32 act, struct inode *dir, struct dentry *d)
{
	struct mark *m;

	if (!rules.armed)
		return 0;
	m = held_folder(dir);
	return m && confined() ? refuse(act, d, m) : 0;
}

/* Something is done to what stands there. */
static __always_inline int thing(__u32 act, struct dentry *d, struct inode *inode)
{
	struct mark *m;

	if (!rules.armed)
		return 0;
	m = held_file(d, inode);
	return m && confined() ? refuse(act, d, m) : 0;
}

/* ---- marks ---- */

static __always_inline void set_mark(struct inode *inode, unsigned long arg)
{
	struct mark m = {.folder = (__u32)arg, .role = arg >> 32, .flags = arg >> 40};
	struct mark_key key = {};

	key.inode = BPF_CORE_READ(inode, i_ino);
	key.device = BPF_CORE_READ(inode, i_sb, s_dev);
	__sync_fetch_and_add(&rules.tried, 1);
	if (m.flags & FENCE_OFF)
		bpf_map_delete_elem(&marks, &key);
	else
		bpf_map_update_elem(&marks, &key, &m, BPF_ANY);
}

SEC("lsm/file_fcntl")
int BPF_PROG(fence_fcntl, struct file *file, unsigned cmd, unsigned long arg, int before)
{
	if (before)
		return before;
	if (cmd == F_GETFL && arg >> 48 == FENCE_MAGIC &&
	    bpf_get_current_pid_tgid() >> 32 == rules.owner)
		set_mark(BPF_CORE_READ(file, f_inode), arg);
	return 0;
}

/* The number of an inode that is no more may be given to an upload. */
SEC("lsm/inode_free_security")
int BPF_PROG(fence_forget, struct inode *inode)
{
	struct mark_key key = {};

	if (BPF_CORE_READ(inode, i_nlink))
		return 0;
	key.inode = BPF_CORE_READ(inode, i_ino);
	key.device = BPF_CORE_READ(inode, i_sb, s_dev);
	bpf_map_delete_elem(&marks, &key);
	return 0;
}

/* ---- files ---- */

SEC("lsm/file_open")
int BPF_PROG(fence_open, struct file *file, int before)
{
	if (before || !(BPF_CORE_READ(file, f_mode) & FMODE_WRITE))
		return before;
	return thing(FENCE_WRITE, BPF_CORE_READ(file, f_path.dentry),
	             BPF_CORE_READ(file, f_inode));
}

/* Descriptors that were open before the fence stood. */
SEC("lsm/file_permission")
int BPF_PROG(fence_write, struct file *file, int mask, int before)
{
	if (before || !(mask & MAY_WRITE))
		return before;
	return thing(FENCE_WRITE, BPF_CORE_READ(file, f_path.dentry),
	             BPF_CORE_READ(file, f_inode));
}

SEC("lsm/inode_create")
int BPF_PROG(fence_create, struct inode *dir, struct dentry *d, unsigned short mode, int before)
{
	return before ? before : entry(FENCE_CREATE, dir, d);
}

SEC("lsm/inode_mkdir")
int BPF_PROG(fence_mkdir, struct inode *dir, struct dentry *d, unsigned short mode, int before)
{
	return before ? before : entry(FENCE_CREATE, dir, d);
}

SEC("lsm/inode_mknod")
int BPF_PROG(fence_mknod, struct inode *dir, struct dentry *d, unsigned short mode,
             unsigned dev, int before)
{
	return before ? before : entry(FENCE_CREATE, dir, d);
}

SEC("lsm/inode_symlink")
int BPF_PROG(fence_symlink, struct inode *dir, struct dentry *d, const char *target, int before)
{
	return before ? before : entry(FENCE_CREATE, dir, d);
}

SEC("lsm/inode_link")
int BPF_PROG(fence_link, struct dentry *old, struct inode *dir, struct dentry *new, int before)
{
	int r = before ? before : entry(FENCE_LINK, dir, new);

	return r ? r : thing(FENCE_LINK, old, BPF_CORE_READ(old, d_inode));
}

SEC("lsm/inode_unlink")
int BPF_PROG(fence_unlink, struct inode *dir, struct dentry *d, int before)
{
	return before ? before : thing(FENCE_UNLINK, d, BPF_CORE_READ(d, d_inode));
}

SEC("lsm/inode_rmdir")
int BPF_PROG(fence_rmdir, struct inode *dir, struct dentry *d, int before)
{
	return before ? before : thing(FENCE_UNLINK, d, BPF_CORE_READ(d, d_inode));
}

static __always_inline int renamed(struct dentry *old, struct dentry *new, int before)
{
	int r = before ? before : thing(FENCE_RENAME, old, BPF_CORE_READ(old, d_inode));

	return r ? r : thing(FENCE_RENAME, new, BPF_CORE_READ(new, d_inode));
}

SEC("lsm/inode_rename")
int BPF_PROG(fence_rename, struct inode *old_dir, struct dentry *old, struct inode *new_dir,
             struct dentry *new, int before)
{
	return renamed(old, new, before);
}

SEC("fmod_ret/security_inode_rename")
int BPF_PROG(fence_rename_flags, struct inode *old_dir, struct dentry *old,
             struct inode *new_dir, struct dentry *new, unsigned flags, int before)
{
	return renamed(old, new, before);
}

/* Linux 6.9 put the mount's ids before these arguments: fence.c loads the one that fits. */
SEC("lsm/inode_setattr")
int BPF_PROG(fence_attributes, struct dentry *d, struct iattr *attr)
{
	return thing(FENCE_ATTRIBUTES, d, BPF_CORE_READ(d, d_inode));
}

SEC("lsm/inode_setattr")
int BPF_PROG(fence_attributes_ids, void *ids, struct dentry *d, struct iattr *attr)
{
	return thing(FENCE_ATTRIBUTES, d, BPF_CORE_READ(d, d_inode));
}

/* ---- programs ---- */

/* Root's, and nobody else's to alter; or an approved file of the shop. */
static __always_inline bool may_run(struct inode *inode)
{
	struct mark *m;

	if (BPF_CORE_READ(inode, i_uid.val) == 0 &&
	    !(BPF_CORE_READ(inode, i_mode) & OTHERS_WRITE))
		return true;
	m = mark_of(inode);
	return m && m->flags & FENCE_RUNS;
}

SEC("lsm/bprm_check_security")
int BPF_PROG(fence_exec, struct linux_binprm *bprm, int before)
{
	struct fence_event *e;

	if (before || !rules.exec || may_run(BPF_CORE_READ(bprm, file, f_inode)) || !confined())
		return before;
	e = event(FENCE_EXEC);
	if (!e)
		return -EPERM;
	bpf_probe_read_kernel_str(e->name, sizeof(e->name), BPF_CORE_READ(bprm, filename));
	bpf_ringbuf_submit(e, 0);
	return -EPERM;
}

static __always_inline int map_program(struct file *file)
{
	if (!rules.exec || may_run(BPF_CORE_READ(file, f_inode)) || !confined())
		return 0;
	return refuse(FENCE_MAP, BPF_CORE_READ(file, f_path.dentry), 0);
}

static __always_inline int mapped(struct file *file, unsigned long prot, bool shared,
                                  int before)
{
	if (before || !file)
		return before;
	if (prot & PROT_WRITE && shared)
		before = thing(FENCE_WRITE, BPF_CORE_READ(file, f_path.dentry),
		               BPF_CORE_READ(file, f_inode));
	if (!before && prot & PROT_EXEC)
		before = map_program(file);
	return before;
}

SEC("lsm/mmap_file")
int BPF_PROG(fence_map, struct file *file, unsigned long asked, unsigned long prot,
             unsigned long flags, int before)
{
	return mapped(file, prot, flags & MAP_SHARED, before);
}

/* The function is told what was asked for; what comes of it the kernel finds after us. */
SEC("fmod_ret/security_mmap_file")
int BPF_PROG(fence_map_asked, struct file *file, unsigned long prot, unsigned long flags,
             int before)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (prot & PROT_READ && BPF_CORE_READ(task, personality) & READ_IS_EXEC)
		prot |= PROT_EXEC;
	return mapped(file, prot, flags & MAP_SHARED, before);
}

SEC("lsm/file_mprotect")
int BPF_PROG(fence_protect, struct vm_area_struct *vma, unsigned long asked, unsigned long prot,
             int before)
{
	struct file *file = BPF_CORE_READ(vma, vm_file);

	return mapped(file, prot, BPF_CORE_READ(vma, vm_flags) & VM_SHARED, before);
}

/* ---- connections ---- */

struct target {
	union {
		__u64 address[2];
		__u8 byte[16];
	};
	__u32 port, unused;
};

/* From a sockaddr in the kernel's memory; false: not of the internet. */
static __always_inline bool read_target(const void *from, struct target *t)
{
	__u16 family = 0, port = 0;

	bpf_probe_read_kernel(&family, sizeof(family), from);
	if (family != AF_INET && family != AF_INET6)
		return false;
	bpf_probe_read_kernel(&port, sizeof(port), from + PORT_AT);
	t->port = __builtin_bswap16(port);
	if (family == AF_INET6) {
		bpf_probe_read_kernel(t->address, sizeof(t->address), from + ADDRESS6_AT);
		return true;
	}
	t->byte[MAPPED_AT] = t->byte[MAPPED_AT + 1] = 0xff; /* ::ffff:a.b.c.d */
	bpf_probe_read_kernel(t->byte + MAPPED_AT + 2, 4, from + ADDRESS4_AT);
	return true;
}

static __noinline bool known_peer(const struct target *t)
{
	if (!t)
		return false;
	for (__u32 i = 0; i < FENCE_MAX_PEERS && i < rules.peers; i++) {
		const struct fence_peer *p = &rules.peer[i];

		if (((t->address[0] ^ p->address[0]) & p->mask[0]) == 0 &&
		    ((t->address[1] ^ p->address[1]) & p->mask[1]) == 0 &&
		    (p->port == 0 || p->port == t->port))
			return true;
	}
	return false;
}

static __always_inline int reach(struct socket *sock, const void *address)
{
	struct target t = {};
	struct fence_event *e;
	bool refused = rules.connect == FENCE_CONNECT_HOLD;

	if (!address || !read_target(address, &t) || !confined() || known_peer(&t))
		return 0;
	e = event(FENCE_CONNECT);
	if (e) {
		e->refused = refused;
		e->port = t.port;
		e->protocol = BPF_CORE_READ(sock, sk, sk_protocol);
		__builtin_memcpy(e->address, t.address, sizeof(e->address));
		bpf_ringbuf_submit(e, 0);
	}
	return refused ? -EPERM : 0;
}

SEC("lsm/socket_connect")
int BPF_PROG(fence_connect, struct socket *sock, struct sockaddr *address, int bytes,
             int before)
{
	if (before || !rules.connect)
		return before;
	return reach(sock, address);
}

/* Datagrams, and a connection that begins with data. */
SEC("lsm/socket_sendmsg")
int BPF_PROG(fence_send, struct socket *sock, struct msghdr *message, int size, int before)
{
	if (before || !rules.connect)
		return before;
	return reach(sock, BPF_CORE_READ(message, msg_name));
}

/* ---- deploys ---- */

SEC("tp_btf/sched_process_fork")
int BPF_PROG(fence_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 pid = BPF_CORE_READ(child, tgid);
	__u64 seq = rules.deploys ? deploy_of(parent) : 0;

	if (seq)
		bpf_map_update_elem(&kin, &pid, &seq, BPF_ANY);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(fence_exit, struct task_struct *task)
{
	__u32 pid = BPF_CORE_READ(task, tgid);

	if (rules.deploys && BPF_CORE_READ(task, signal, live.counter) == 0)
		bpf_map_delete_elem(&kin, &pid);
	return 0;
}
