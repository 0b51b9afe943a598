#include "sense/look.h"
#include "fact/attrs.h"
#include "fact/feature.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#define COPY "copy" /* as hinoban.facts(7) names this kind */

int look_init(struct look *k, uint32_t root, struct slice path, enum role role)
{
	*k = (struct look){.root = root, .role = role, .fd = -1, .path_n = path.n};
	buf_init(&k->attrs, ATTRS_MAX_BYTES);
	k->path = malloc(path.n + 1);
	if (!k->path)
		return -ENOMEM;
	if (path.n)
		memcpy(k->path, path.at, path.n);
	k->path[path.n] = '\0';
	return 0;
}

void look_done(struct look *k)
{
	if (!k)
		return;
	if (k->fd >= 0)
		close(k->fd);
	k->fd = -1;
	buf_done(&k->attrs);
	free(k->target);
	free(k->path);
	k->target = k->path = NULL;
}

struct slice look_path(const struct look *k)
{
	return slice_mem(k->path, k->path_n);
}

static enum look_outcome failed(struct look *k, int error)
{
	k->error = error;
	k->present = sight_state(&k->sight, NULL);
	return LOOK_FAILED;
}

static enum look_outcome read_link(struct look *k, int dirfd, const char *name)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(dirfd, name, text, sizeof(text));

	if (n < 0)
		return failed(k, errno);
	free(k->target);
	k->target = malloc((size_t)n + 1);
	if (!k->target)
		return failed(k, ENOMEM);
	memcpy(k->target, text, (size_t)n);
	k->target_n = (size_t)n;
	struct hash h = hash_of(slice_mem(text, (size_t)n));
	k->present = sight_state(&k->sight, &h);
	k->present.size = n;
	return LOOK_COMPLETE;
}

/* The state that was seen, with the extended attributes of what is open. */
static struct table_state seen(struct look *k, int fd, const struct hash *hash)
{
	struct table_state t = sight_state(&k->sight, hash);

	buf_reset(&k->attrs);
	if (attrs_read(fd, &k->attrs) < 0)
		buf_reset(&k->attrs);
	t.attrs = attrs_digest(buf_slice(&k->attrs));
	return t;
}

/* A folder's ACLs are handed down to what is made in it. */
static void see_folder(struct look *k, int dirfd, const char *name)
{
	AUTO_FD fd =
	    openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd >= 0)
		k->present = seen(k, fd, NULL);
}

/*
 * O_NONBLOCK (a FIFO put in its place would block us) is taken back by nobody: for files it
 * means nothing. The sight is taken anew from what was really opened.
 */
static enum look_outcome open_file(struct look *k, int dirfd, const char *name)
{
	int fd = openat(dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	/* Under a stranger's write lease (fcntl(2)) it can't be read. */
	if (fd < 0)
		return failed(k, errno == EWOULDBLOCK ? EBUSY : errno);
	if (k->fd >= 0)
		close(k->fd);
	k->fd = fd;
	if (sight_of_fd(&k->sight, fd) < 0)
		return failed(k, EIO);
	if (k->sight.class != CLASS_FILE)
		return failed(k, EAGAIN); /* replaced since lstat: its own event comes */
	k->present = seen(k, fd, NULL);
	return LOOK_READ;
}

static bool known_from_outside(const struct look *k)
{
	return k->sight.class != CLASS_FILE ||
	       (k->role == ROLE_DATA && k->sight.size > LOOK_DATA_MAX_BYTES);
}

enum look_outcome look_at(struct look *k, int dirfd, const char *name)
{
	int r = sight_at(&k->sight, dirfd, name);

	if (r == 0)
		return look_further(k, dirfd, name);
	buf_reset(&k->attrs);
	return failed(k, -r);
}

enum look_outcome look_further(struct look *k, int dirfd, const char *name)
{
	k->error = 0;
	buf_reset(&k->attrs);
	if (k->sight.class == CLASS_LINK)
		return read_link(k, dirfd, name);
	k->present = sight_state(&k->sight, NULL);
	if (k->sight.class == CLASS_DIR)
		see_folder(k, dirfd, name);
	if (known_from_outside(k))
		return LOOK_COMPLETE;
	return open_file(k, dirfd, name);
}

bool look_answered(struct look *k, const struct json *answer)
{
	struct sight now;
	struct hash h = {{0}};

	if (sight_of_fd(&now, k->fd) == 0 && !sight_same(&k->sight, &now)) {
		k->changed_while_read = ++k->tries >= LOOK_TRIES;
		k->sight = now;
		if (!k->changed_while_read)
			return false;
	}
	if (answer)
		hash_unhex(json_text(answer, "hash"), &h);
	k->present = seen(k, k->fd, &h);
	return true;
}

const struct json *look_content(const struct look *k, const struct conf *c,
                                const struct json *answer, struct arena *a)
{
	struct json *o, *features;

	if (answer && (!look_wanted(k, c) || json_text(answer, "kind").n))
		return answer;
	o = json_obj(a);
	json_put_str(a, o, "kind", "unreadable");
	if (role_is_code(k->role)) {
		features = json_obj(a);
		json_put_int(a, features, feature_rows[F_UNSEEN].name, 1);
		json_put(a, o, "features", features);
	}
	return o;
}

struct draft_file look_draft(const struct look *k, const struct conf *c)
{
	return (struct draft_file){
	    .root = c->root[k->root].path,
	    .path = look_path(k),
	    .role = k->role,
	    .in_data = k->role == ROLE_GENERATED && conf_in_data(c, look_path(k)),
	    .sight = k->sight,
	    .present = k->present,
	    .target = slice_mem(k->target, k->target_n),
	    .attrs = buf_slice(&k->attrs),
	    .changed_while_read = k->changed_while_read,
	};
}

bool look_wanted(const struct look *k, const struct conf *c)
{
	return k->sight.size <= c->look_max_bytes || k->role != ROLE_DATA;
}

int64_t look_most(enum role role, const struct conf *c)
{
	if (!role_is_code(role))
		return 0;
	return c->look_max_bytes > 0 ? c->look_max_bytes : 1;
}

static bool approved(const struct table_entry *e)
{
	return e && (e->approved.class == CLASS_FILE || e->approved.class == CLASS_LINK);
}

static bool same_packed(const struct json *answer, const struct table_entry *text)
{
	struct hash h;

	return hash_unhex(json_text(answer, "unpacked"), &h) &&
	       hash_eq(&h, &text->approved.hash);
}

const struct json *look_packed(struct arena *a, const struct json *answer,
                               const struct table_entry *self, const struct table_entry *text)
{
	struct json *o, *features;

	if (!approved(text) || !json_get(answer, "unpacked"))
		return answer;
	if (same_packed(answer, text)) {
		o = json_obj(a);
		json_put_str(a, o, "kind", COPY);
		return o;
	}
	if (approved(self))
		return answer;
	o = json_copy(a, answer);
	features = json_copy(a, json_get(answer, "features"));
	json_put_int(a, features, feature_rows[F_PACKED_OTHER].name, 1);
	json_put(a, o, "features", features);
	return o;
}

bool look_unfinished(const struct look *k, const struct json *answer,
                     const struct table_entry *self, const struct table_entry *text)
{
	return approved(text) && !approved(self) && !same_packed(answer, text) &&
	       clock_now_us() - k->sight.ctime_ns / 1000 < LOOK_WRITTEN_US;
}

bool look_is_copy(const struct json *content)
{
	return slice_eq(json_text(content, "kind"), SLICE(COPY));
}

bool look_is_code(const struct json *answer)
{
	static const char *const kinds[] = {"php", "elf", "htaccess", "guard", "script"};
	struct slice kind = json_text(answer, "kind");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (slice_eq(kind, slice_str(kinds[i])))
			return true;
	}
	return false;
}

static bool in_state(const struct conf *c, uint32_t root, struct slice path)
{
	struct slice r = c->root[root].path, s = c->state;

	if (!s.n || !path_below(s, r) || s.n == r.n)
		return false;
	return path_below(path, slice_sub(s, r.n + 1, s.n));
}

enum role look_role(const struct conf *c, uint32_t root, struct slice path)
{
	return in_state(c, root, path) ? ROLE_IGNORED : conf_role(c, path);
}
