#include "face/origin.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define CHUNK_BYTES   65536
#define NEVER_GRANTED 06002 /* set-uid, set-gid, writable by all */

bool origin_rights_good(const struct table_entry *e)
{
	const struct table_state *a = &e->approved, *p = &e->present;

	if (a->class == CLASS_FILE)
		return a->uid == p->uid && a->gid == p->gid && a->mode == p->mode &&
		       a->attrs == p->attrs;
	return !(p->mode & NEVER_GRANTED);
}

int origin_open_beneath(const char *root, const char *path)
{
	struct open_how how = {
	    .flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW,
	    .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	AUTO_FD dir = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat st;
	long fd;

	if (dir < 0)
		return -errno;
	fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));
	if (fd < 0)
		return -errno;
	if (fstat((int)fd, &st) == 0 && S_ISREG(st.st_mode))
		return (int)fd;
	close((int)fd);
	return -ENOTSUP;
}

int origin_hash(int fd, struct hash *sha, uint8_t md5[16])
{
	struct hash_state *st = hash_new();
	EVP_MD_CTX *m = md5 ? EVP_MD_CTX_new() : NULL;
	uint8_t chunk[CHUNK_BYTES];
	int r = st && (!md5 || (m && EVP_DigestInit_ex(m, EVP_md5(), NULL))) ? 0 : -ENOMEM;
	ssize_t n = 0;

	while (r == 0 && (n = read(fd, chunk, sizeof(chunk))) > 0) {
		hash_add(st, slice_mem(chunk, (size_t)n));
		if (m)
			EVP_DigestUpdate(m, chunk, (size_t)n);
	}
	if (n < 0)
		r = -errno;
	if (r == 0) {
		*sha = hash_end(st);
		if (m)
			EVP_DigestFinal_ex(m, md5, NULL);
	}
	hash_free(st);
	EVP_MD_CTX_free(m);
	return r;
}
