#include "sense/fence.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#if HINOBAN_BPF

#include "sense/fence.skel.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#define HOOK           "bpf_lsm_inode_setattr"
#define HOOK_ARGUMENTS 2 /* dentry, attributes; Linux 6.9 added the mount's ids before them */

struct fence_load {
	struct fence_bpf *skel;
	struct ring_buffer *ring;
	fence_event_fn *fn;
	void *ctx;
};

/* libbpf explains each refusal in pages; what it comes down to is said by us. */
static int on_print(enum libbpf_print_level level, const char *fmt, va_list args)
{
	(void)level;
	(void)fmt;
	(void)args;
	return 0;
}

static int on_event(void *ctx, void *data, size_t n)
{
	struct fence_load *l = ctx;

	if (l->fn && n >= sizeof(struct fence_event))
		l->fn(l->ctx, data);
	return 0;
}

/* Has the running kernel's hook the mount's ids before its other arguments? */
static int hook_has_ids(struct err *e)
{
	struct btf *btf = btf__load_vmlinux_btf();
	const struct btf_type *t;
	int32_t id;
	int n = -1;

	if (!btf)
		return err_sys(e, -ENOENT, "the kernel's types (/sys/kernel/btf/vmlinux)");
	id = btf__find_by_name_kind(btf, HOOK, BTF_KIND_FUNC);
	t = id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;
	t = t ? btf__type_by_id(btf, t->type) : NULL;
	if (t && btf_is_func_proto(t))
		n = btf_vlen(t);
	btf__free(btf);
	if (n < 0)
		return err_set(e, -ENOENT, "the kernel was built without BPF LSM");
	return n > HOOK_ARGUMENTS;
}

/* The kernel takes programs for hooks that it never calls: only a trial shows that it does. */
static int try_out(struct fence_load *l, struct err *e)
{
	struct fence_rules *rules = &l->skel->bss->rules;
	AUTO_FD fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint64_t before = rules->tried;

	rules->owner = (uint32_t)getpid();
	if (fd < 0 || fcntl(fd, F_GETFL, FENCE_MARK(FENCE_OFF, 0, 0)) < 0)
		return err_sys(e, -errno, "a trial of BPF LSM");
	if (rules->tried == before)
		return err_set(e, -EOPNOTSUPP,
		               "BPF LSM is in the kernel, but not among the active LSMs");
	return 0;
}

static int load(struct fence_load *l, struct err *e)
{
	int r = hook_has_ids(e);

	if (r < 0)
		return r;
	l->skel = fence_bpf__open();
	if (!l->skel)
		return err_sys(e, -errno, "the program for the kernel");
	bpf_program__set_autoload(
	    r ? l->skel->progs.fence_attributes : l->skel->progs.fence_attributes_ids, false);
	r = fence_bpf__load(l->skel);
	if (r < 0)
		return err_sys(e, r, "the kernel does not take a BPF LSM program");
	r = fence_bpf__attach(l->skel);
	if (r < 0)
		return err_sys(e, r, "a BPF LSM program can't be attached");
	r = try_out(l, e);
	if (r < 0)
		return r;
	l->ring = ring_buffer__new(bpf_map__fd(l->skel->maps.ring), on_event, l, NULL);
	return l->ring ? 0 : err_sys(e, -errno, "a ring buffer");
}

int fence_load(struct fence_load **out, struct err *e)
{
	struct fence_load *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return err_set(e, -ENOMEM, "no memory");
	libbpf_set_print(on_print);
	r = load(l, e);
	if (r < 0) {
		fence_unload(l);
		return r;
	}
	*out = l;
	return 0;
}

void fence_unload(struct fence_load *l)
{
	if (!l)
		return;
	ring_buffer__free(l->ring);
	fence_bpf__destroy(l->skel);
	free(l);
}

struct fence_rules *fence_load_rules(struct fence_load *l)
{
	return &l->skel->bss->rules;
}

int fence_load_fd(const struct fence_load *l)
{
	return ring_buffer__epoll_fd(l->ring);
}

void fence_load_serve(struct fence_load *l, fence_event_fn *fn, void *ctx)
{
	l->fn = fn;
	l->ctx = ctx;
	ring_buffer__consume(l->ring);
}

#else

int fence_load(struct fence_load **out, struct err *e)
{
	(void)out;
	return err_set(e, -ENOSYS, "this hinoban was built without BPF");
}

void fence_unload(struct fence_load *l)
{
	(void)l;
}

struct fence_rules *fence_load_rules(struct fence_load *l)
{
	(void)l;
	return NULL;
}

int fence_load_fd(const struct fence_load *l)
{
	(void)l;
	return -1;
}

void fence_load_serve(struct fence_load *l, fence_event_fn *fn, void *ctx)
{
	(void)l;
	(void)fn;
	(void)ctx;
}

#endif
