/*
 * A stack of folders to be read, shared by the workers. A folder that waits is a path
 * and, where it was cheap, a share in its parent's open descriptor: opening by the
 * parent costs one component, whatever the depth. At most KEEP_FDS descriptors are kept
 * open that way; folders beyond are opened again by their path.
 */
#include "sense/walk.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <pthread.h>
#include <string.h>
#include <sys/vfs.h>

#define KEEP_FDS    256
#define DENTS_BYTES (64u * 1024)

/* An open folder whose subfolders still wait. */
struct holder {
	int fd;
	unsigned refs;
};

struct folder {
	struct folder *next;
	struct holder *parent; /* NULL: open by path */
	uint32_t root;
	int root_fd;
	uint64_t dev;
	bool crosses; /* lies on another filesystem than its parent */
	uint32_t path_n;
	uint32_t name_off; /* the last name, for opening by the parent */
	uint8_t path[];    /* and a NUL */
};

struct walk {
	const struct walk_job *job;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct folder *stack;
	int busy; /* workers that may still push */
	int held; /* descriptors kept by holders */
	int fault;
};

struct worker {
	struct walk *w;
	int number;
	struct buf path;
	uint8_t dents[DENTS_BYTES] __attribute__((aligned(16)));
};

static void holder_drop(struct walk *w, struct holder *h)
{
	if (!h)
		return;
	pthread_mutex_lock(&w->lock);
	bool last = --h->refs == 0;
	if (last)
		w->held--;
	pthread_mutex_unlock(&w->lock);
	if (!last)
		return;
	close(h->fd);
	free(h);
}

static void folder_free(struct walk *w, struct folder *f)
{
	holder_drop(w, f->parent);
	free(f);
}

static struct folder *folder_new(uint32_t root, int root_fd, struct slice path)
{
	struct folder *f = path.n > PATH_MAX_BYTES ? NULL : malloc(sizeof(*f) + path.n + 1);

	if (!f)
		return NULL;
	*f = (struct folder){.root = root, .root_fd = root_fd, .path_n = (uint32_t)path.n};
	f->name_off = (uint32_t)(path.n - path_leaf(path).n);
	if (path.n)
		memcpy(f->path, path.at, path.n);
	f->path[path.n] = '\0';
	return f;
}

static struct slice folder_path(const struct folder *f)
{
	return slice_mem(f->path, f->path_n);
}

static void push(struct walk *w, struct folder *f)
{
	pthread_mutex_lock(&w->lock);
	f->next = w->stack;
	w->stack = f;
	pthread_cond_signal(&w->more);
	pthread_mutex_unlock(&w->lock);
}

/* The next folder, or NULL once nothing waits and nobody can add anything. */
static struct folder *pop(struct walk *w)
{
	struct folder *f;

	pthread_mutex_lock(&w->lock);
	w->busy--;
	while (!w->stack && w->busy > 0)
		pthread_cond_wait(&w->more, &w->lock);
	f = w->stack;
	if (f) {
		w->stack = f->next;
		w->busy++;
	} else {
		pthread_cond_broadcast(&w->more);
	}
	pthread_mutex_unlock(&w->lock);
	return f;
}

bool walk_is_kernel_fs(int fd)
{
	static const unsigned long kernel_fs[] = {
	    PROC_SUPER_MAGIC, SYSFS_MAGIC,        DEVPTS_SUPER_MAGIC,  DEBUGFS_MAGIC,
	    TRACEFS_MAGIC,    CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC, SECURITYFS_MAGIC,
	    BPF_FS_MAGIC,     EFIVARFS_MAGIC,     PSTOREFS_MAGIC,      BINFMTFS_MAGIC};
	struct statfs st;

	if (fstatfs(fd, &st) != 0)
		return false;
	for (size_t i = 0; i < sizeof(kernel_fs) / sizeof(kernel_fs[0]); i++) {
		if ((unsigned long)st.f_type == kernel_fs[i])
			return true;
	}
	return false;
}

static int folder_open(const struct folder *f)
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW;
	int fd;

	if (!f->parent)
		return path_open(f->root_fd, folder_path(f), flags);
	fd = openat(f->parent->fd, (const char *)f->path + f->name_off, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* A folder to be walked into later; it shares `fd` (made on first use) if there is room. */
static void keep_for_later(struct worker *k, const struct walk_entry *e,
                           const struct folder *in, struct holder **holder)
{
	struct walk *w = k->w;
	struct folder *f = folder_new(e->root, in->root_fd, e->path);

	if (!f) {
		w->job->lost(w->job->ctx, e->root, e->path, ENAMETOOLONG);
		return;
	}
	f->dev = e->sight.dev;
	f->crosses = in->dev != e->sight.dev;
	if (!*holder && (*holder = calloc(1, sizeof(**holder))))
		**holder = (struct holder){.fd = -1};
	pthread_mutex_lock(&w->lock);
	struct holder *h = *holder;
	if (h && (h->fd >= 0 || w->held < KEEP_FDS)) {
		if (h->fd < 0) {
			h->fd = e->dirfd;
			h->refs = 1; /* this worker's own */
			w->held++;
		}
		h->refs++;
		f->parent = h;
	}
	pthread_mutex_unlock(&w->lock);
	push(w, f);
}

static void visit(struct worker *k, const struct folder *in, int fd, const char *name,
                  struct holder **holder)
{
	const struct walk_job *job = k->w->job;
	struct walk_entry e = {
	    .root = in->root, .worker = k->number, .dirfd = fd, .name = name};
	int r = sight_at(&e.sight, fd, name);

	path_join(&k->path, folder_path(in), slice_str(name));
	e.path = buf_slice(&k->path);
	if (!buf_ok(&k->path))
		job->lost(job->ctx, in->root, folder_path(in), ENAMETOOLONG);
	else if (r < 0)
		job->lost(job->ctx, in->root, e.path, -r);
	else if (e.sight.class != CLASS_NONE && job->entry(job->ctx, &e) &&
	         e.sight.class == CLASS_DIR)
		keep_for_later(k, &e, in, holder);
}

/* The root's own folder: it has rights and an owner like the others. */
static void visit_root(struct worker *k, const struct folder *in, int fd)
{
	const struct walk_job *job = k->w->job;
	struct walk_entry e = {.root = in->root,
	                       .worker = k->number,
	                       .dirfd = fd,
	                       .name = PATH_ROOT,
	                       .path = SLICE(PATH_ROOT)};

	if (sight_at(&e.sight, fd, PATH_ROOT) == 0)
		job->entry(job->ctx, &e);
}

static bool dot_or_dots(const char *name)
{
	return name[0] == '.' && (!name[1] || (name[1] == '.' && !name[2]));
}

/* One buffer of directory entries; false at the end or on a fault (*error). */
static bool read_dents(struct worker *k, const struct folder *f, int fd, struct holder **holder,
                       int *error)
{
	const struct walk_job *job = k->w->job;
	ssize_t n = getdents64(fd, k->dents, sizeof(k->dents));

	if (job->turn)
		job->turn(job->ctx);
	if (n <= 0) {
		*error = n < 0 ? errno : 0;
		return false;
	}
	for (ssize_t at = 0; at < n;) {
		const struct dirent64 *d = (const void *)(k->dents + at);
		bool passed = job->folders && d->d_type != DT_DIR && d->d_type != DT_UNKNOWN;
		if (!passed && !dot_or_dots(d->d_name))
			visit(k, f, fd, d->d_name, holder);
		at += d->d_reclen;
	}
	return true;
}

static void read_folder(struct worker *k, struct folder *f)
{
	const struct walk_job *job = k->w->job;
	struct holder *holder = NULL;
	int error = 0;
	int fd = folder_open(f);

	if (fd < 0) {
		if (fd != -ENOENT && fd != -ENOTDIR && fd != -ELOOP)
			job->lost(job->ctx, f->root, folder_path(f), -fd);
		return;
	}
	if (f->crosses && walk_is_kernel_fs(fd)) {
		job->lost(job->ctx, f->root, folder_path(f), EXDEV);
		close(fd);
		return;
	}
	if (folder_path(f).n == 0)
		visit_root(k, f, fd);
	while (read_dents(k, f, fd, &holder, &error))
		;
	if (error && error != ENOENT)
		job->lost(job->ctx, f->root, folder_path(f), error);
	if (holder && holder->fd >= 0) {
		holder_drop(k->w, holder); /* closes fd once the last subfolder is open */
		return;
	}
	free(holder);
	close(fd);
}

static void *work(void *arg)
{
	struct worker *k = arg;
	struct folder *f;

	buf_init(&k->path, PATH_MAX_BYTES);
	while ((f = pop(k->w))) {
		read_folder(k, f);
		folder_free(k->w, f);
	}
	buf_done(&k->path);
	return NULL;
}

static int run_workers(struct walk *w, struct worker *worker, int workers)
{
	pthread_t thread[WALK_MAX_WORKERS];
	int started = 0;

	while (started < workers - 1 &&
	       pthread_create(&thread[started], NULL, work, &worker[started + 1]) == 0)
		started++;
	/* Threads that could not be made must not be waited for. */
	pthread_mutex_lock(&w->lock);
	w->busy -= workers - 1 - started;
	pthread_cond_broadcast(&w->more);
	pthread_mutex_unlock(&w->lock);
	work(&worker[0]);
	for (int i = 0; i < started; i++)
		pthread_join(thread[i], NULL);
	return 0;
}

int walk_run(const struct walk_job *job, const struct walk_start *start, size_t starts)
{
	struct walk w = {
	    .job = job, .lock = PTHREAD_MUTEX_INITIALIZER, .more = PTHREAD_COND_INITIALIZER};
	int workers = job->workers < 1 ? 1 : job->workers;
	struct worker *worker;

	if (workers > WALK_MAX_WORKERS)
		workers = WALK_MAX_WORKERS;
	worker = calloc((size_t)workers, sizeof(*worker));
	if (!worker)
		return -ENOMEM;
	for (int i = 0; i < workers; i++)
		worker[i] = (struct worker){.w = &w, .number = i};
	for (size_t i = 0; i < starts; i++) {
		struct folder *f = folder_new(start[i].root, start[i].root_fd, start[i].path);
		struct stat st;
		if (!f)
			continue;
		f->dev = fstat(f->root_fd, &st) == 0 ? st.st_dev : 0;
		push(&w, f);
	}
	w.busy = workers; /* each gives up its turn in its first pop */
	run_workers(&w, worker, workers);
	free(worker);
	return 0;
}
