#include "sense/fence.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#if HINOBAN_BPF

#include "sense/fence.skel.h"

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#define LSM "lsm/"
/* Dentry and attributes; newer kernels have the mount's ids before them. */
#define SET_ARGUMENTS 2
#define MAX_LINKS     32

struct fence_load {
	struct fence_bpf *skel;
	enum fence_way way;
	struct bpf_link *link[MAX_LINKS];
	int links;
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

/* Has what the running kernel calls there the mount's ids before its other arguments? */
static int has_ids(const char *setattr, struct err *e)
{
	struct btf *btf = btf__load_vmlinux_btf();
	const struct btf_type *t;
	int32_t id;
	int n = -1;

	if (!btf)
		return err_sys(e, -ENOENT, "the kernel's types (/sys/kernel/btf/vmlinux)");
	id = btf__find_by_name_kind(btf, setattr, BTF_KIND_FUNC);
	t = id > 0 ? btf__type_by_id(btf, (uint32_t)id) : NULL;
	t = t ? btf__type_by_id(btf, t->type) : NULL;
	if (t && btf_is_func_proto(t))
		n = btf_vlen(t);
	btf__free(btf);
	if (n < 0)
		return err_set(e, -ENOENT, "the kernel has no %s", setattr);
	return n > SET_ARGUMENTS;
}

/*
 * A program is put before the function that asks the LSMs of its hook: what it refuses is
 * refused before they are asked ("modify return", Linux 5.7; allowed for functions that are
 * named security_*, kernel/bpf/verifier.c, check_attach_modify_return()).
 */
static int before_function(struct bpf_program *p, const char *hook)
{
	static const struct {
		const char *hook, *function;
		bool last; /* there is no refusing */
	} named[] = {
	    {"bprm_check_security", "security_bprm_check", false},
	    {"inode_free_security", "security_inode_free", true},
	};
	char function[64];
	bool last = false;

	snprintf(function, sizeof(function), "security_%s", hook);
	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++) {
		if (strcmp(named[i].hook, hook) == 0) {
			snprintf(function, sizeof(function), "%s", named[i].function);
			last = named[i].last;
		}
	}
	bpf_program__set_type(p, BPF_PROG_TYPE_TRACING);
	bpf_program__set_expected_attach_type(p, last ? BPF_TRACE_FENTRY : BPF_MODIFY_RETURN);
	return bpf_program__set_attach_target(p, 0, function);
}

/* Which programs are loaded, and for what. */
static int choose(struct fence_load *l, bool ids)
{
	struct bpf_program *p;
	int r = 0;

	bpf_object__for_each_program (p, l->skel->obj) {
		const char *section = bpf_program__section_name(p);
		bool lsm = strncmp(section, LSM, strlen(LSM)) == 0;

		if (bpf_program__expected_attach_type(p) == BPF_MODIFY_RETURN)
			bpf_program__set_autoload(p, l->way == FENCE_BY_FUNCTIONS);
		else if (lsm && l->way == FENCE_BY_FUNCTIONS)
			r = before_function(p, section + strlen(LSM));
		if (r < 0)
			return r;
	}
	if (l->way == FENCE_BY_FUNCTIONS) {
		bpf_program__set_autoload(l->skel->progs.fence_rename, false);
		bpf_program__set_autoload(l->skel->progs.fence_map, false);
	}
	bpf_program__set_autoload(
	    ids ? l->skel->progs.fence_attributes : l->skel->progs.fence_attributes_ids, false);
	return 0;
}

/* The kernel takes programs for hooks that it never calls: only a trial shows that it does. */
static int try_out(struct fence_load *l, struct err *e)
{
	struct fence_rules *rules = &l->skel->bss->rules;
	AUTO_FD fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint64_t before = rules->tried;

	rules->owner = (uint32_t)getpid();
	if (fd < 0 || fcntl(fd, F_GETFL, FENCE_MARK(FENCE_OFF, 0, 0)) < 0)
		return err_sys(e, -errno, "a trial");
	if (rules->tried == before)
		return err_set(e, -EOPNOTSUPP, "the kernel takes them, but does not call them");
	return 0;
}

/* Not by the skeleton: libbpf's versions differ in what they do with a program of another type
 * than its section says. */
static int attach(struct fence_load *l, struct err *e)
{
	struct bpf_program *p;

	bpf_object__for_each_program (p, l->skel->obj) {
		if (!bpf_program__autoload(p))
			continue;
		if (l->links == MAX_LINKS)
			return err_set(e, -E2BIG, "too many programs");
		l->link[l->links] = bpf_program__type(p) == BPF_PROG_TYPE_LSM
		                        ? bpf_program__attach_lsm(p)
		                        : bpf_program__attach_trace(p);
		if (!l->link[l->links])
			return err_sys(e, -errno, "%s can't be attached", bpf_program__name(p));
		l->links++;
	}
	return 0;
}

static int load(struct fence_load *l, struct err *e)
{
	int r = has_ids(
	    l->way == FENCE_BY_LSM ? "bpf_lsm_inode_setattr" : "security_inode_setattr", e);

	if (r < 0)
		return r;
	l->skel = fence_bpf__open();
	if (!l->skel)
		return err_sys(e, -errno, "the programs");
	r = choose(l, r);
	if (r < 0)
		return err_sys(e, r, "what they are for");
	r = fence_bpf__load(l->skel);
	if (r < 0)
		return err_sys(e, r, "the kernel does not take them");
	r = attach(l, e);
	if (r == 0)
		r = try_out(l, e);
	if (r < 0)
		return r;
	l->ring = ring_buffer__new(bpf_map__fd(l->skel->maps.ring), on_event, l, NULL);
	return l->ring ? 0 : err_sys(e, -errno, "a ring buffer");
}

static int load_as(enum fence_way way, struct fence_load **out, struct err *e)
{
	struct fence_load *l = calloc(1, sizeof(*l));
	int r;

	if (!l)
		return err_set(e, -ENOMEM, "no memory");
	l->way = way;
	r = load(l, e);
	if (r < 0) {
		fence_unload(l);
		return r;
	}
	*out = l;
	return 0;
}

int fence_load(struct fence_load **out, struct err *e)
{
	struct err lsm = {""}, functions = {""};
	int r;

	libbpf_set_print(on_print);
	if (load_as(FENCE_BY_LSM, out, &lsm) == 0)
		return 0;
	r = load_as(FENCE_BY_FUNCTIONS, out, &functions);
	if (r < 0)
		err_set(e, r, "BPF programs as an LSM: %s; before the kernel's functions: %s",
		        lsm.text, functions.text);
	return r;
}

void fence_unload(struct fence_load *l)
{
	if (!l)
		return;
	ring_buffer__free(l->ring);
	for (int i = 0; i < l->links; i++)
		bpf_link__destroy(l->link[i]);
	fence_bpf__destroy(l->skel);
	free(l);
}

enum fence_way fence_load_way(const struct fence_load *l)
{
	return l->way;
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

enum fence_way fence_load_way(const struct fence_load *l)
{
	(void)l;
	return FENCE_BY_LSM;
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
