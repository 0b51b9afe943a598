#include "sense/who.h"
#include "sense/image.h"
#include <limits.h>
#include <pwd.h>
#include <string.h>

#define KTHREADD             2 /* its process number */
#define MAX_USERS            4096
#define PARENT_COMMAND_BYTES 200 /* parents are there to be recognised */

struct user {
	uid_t uid;
	char *name;
};

struct who {
	const struct conf *conf;
	struct user *user;
	size_t users;
	bool worker;
};

static void read_users(struct who *w)
{
	const struct passwd *pw;

	setpwent();
	while (w->users < MAX_USERS && (pw = getpwent())) {
		struct user *u = realloc(w->user, (w->users + 1) * sizeof(*u));
		char *name = strdup(pw->pw_name);
		if (u)
			w->user = u;
		if (!u || !name) {
			free(name);
			break;
		}
		w->user[w->users++] = (struct user){pw->pw_uid, name};
	}
	endpwent();
}

struct who *who_new(const struct conf *c)
{
	struct who *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->conf = c;
	read_users(w);
	return w;
}

void who_free(struct who *w)
{
	if (!w)
		return;
	for (size_t i = 0; i < w->users; i++)
		free(w->user[i].name);
	free(w->user);
	free(w);
}

/* "" for a uid without a name. */
static const char *user_name(const struct who *w, uid_t uid)
{
	for (size_t i = 0; i < w->users; i++) {
		if (w->user[i].uid == uid)
			return w->user[i].name;
	}
	return "";
}

bool who_serves(const struct who *w, uid_t uid)
{
	const struct conf *c = w->conf;
	struct slice user = slice_str(user_name(w, uid));

	for (size_t i = 0; i < c->web_user_count; i++) {
		if (slice_eq(user, c->web_users[i]))
			return true;
	}
	return false;
}

static bool is_worker(const struct who *w, const struct proc *x)
{
	const struct conf *c = w->conf;
	struct slice exe = slice_str(x->image ? x->image->exe : "");

	if (who_serves(w, x->uid))
		return true;
	for (size_t i = 0; exe.n && i < c->web_program_count; i++) {
		if (text_glob(c->web_programs[i], exe) ||
		    text_glob(c->web_programs[i], slice_sub(exe, 1, exe.n)))
			return true;
	}
	return false;
}

static void put_path_text(struct arena *a, struct json *o, const char *name, const char *raw,
                          size_t max)
{
	struct buf text;

	buf_init(&text, 64u * 1024);
	text_path(&text, slice_sub(slice_str(raw), 0, max));
	json_put_slice(a, o, name, buf_slice(&text));
	buf_done(&text);
}

static struct json *one(const struct who *w, struct arena *a, const struct proc *x, size_t max)
{
	struct json *o = json_obj(a);

	json_put_int(a, o, "pid", x->pid);
	put_path_text(a, o, "exe", x->image ? x->image->exe : "", PATH_MAX);
	put_path_text(a, o, "command", x->image ? x->image->command : "", max);
	json_put_str(a, o, "user", user_name(w, x->uid));
	return o;
}

static struct json *parents(const struct who *w, struct arena *a, const struct proc *x)
{
	struct json *arr = json_arr(a);

	x = x->parent;
	for (int i = 0; x && i < PROCS_CHAIN; i++, x = x->parent)
		json_push(arr, one(w, a, x, PARENT_COMMAND_BYTES));
	return arr;
}

/* Threads of the kernel have no program and descend from kthreadd. */
static bool of_kernel(const struct proc *x)
{
	return x->pid == KTHREADD || (x->parent && x->parent->pid == KTHREADD);
}

static struct json *unknown(struct arena *a, pid_t pid, const char *why)
{
	struct json *o = json_obj(a);

	json_put_int(a, o, "pid", pid);
	json_put_bool(a, o, "known", false);
	json_put_str(a, o, "why", why);
	return o;
}

struct json *who_json(struct who *w, struct arena *a, struct procs *p, pid_t pid, int pidfd)
{
	const struct proc *x = pid > 0 ? procs_find(p, pid, pidfd) : NULL;
	struct json *o;

	w->worker = false;
	if (!x)
		return unknown(a, pid,
		               pid > 0 ? "the process had ended when it was looked at"
		                       : "the process lives in another container");
	o = one(w, a, x, IMAGE_COMMAND_MAX_BYTES);
	w->worker = is_worker(w, x);
	json_put_int(a, o, "uid", x->uid);
	json_put_str(a, o, "cgroup", x->image ? x->image->cgroup : "");
	json_put_bool(a, o, "worker", w->worker);
	json_put(a, o, "parents", parents(w, a, x));
	json_put_bool(a, o, "known", x->image != NULL);
	if (!x->image)
		json_put_str(
		    a, o, "why",
		    of_kernel(x)
		        ? "a thread of the kernel"
		        : "it ended before its program could be read; its parents are known");
	return o;
}

bool who_was_worker(const struct who *w)
{
	return w->worker;
}
