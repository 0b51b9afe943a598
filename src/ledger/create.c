/* create: a new state directory: key, database, vault, the first fact. */
#include "ledger/files.h"
#include "ledger/store.h"
#include "ledger/vault.h"
#include "wall/seal.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int make_dirs(const char *state_dir, int *out, struct err *e)
{
	AUTO_FD dir = -1;

	if (mkdir(state_dir, 0751) < 0 && errno != EEXIST)
		return err_sys(e, -errno, "can't make %s", state_dir);
	dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_sys(e, -errno, "%s", state_dir);
	if (faccessat(dir, HEAD_KEY_NAME, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	    faccessat(dir, DB_NAME, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return err_set(e, -EEXIST, "%s holds a ledger already", state_dir);
	if (mkdirat(dir, "run", 0751) < 0 && errno != EEXIST)
		return err_sys(e, -errno, "can't make %s/run", state_dir);
	*out = dir;
	dir = -1;
	return 0;
}

static int first_fact(struct store *st, const struct head_key *key, struct err *e)
{
	struct arena a;
	struct json *draft;
	char hex[HASH_HEX_BYTES];
	int64_t seq;
	int r = store_begin(st);

	if (r < 0)
		return err_sys(e, r, DB_NAME);
	arena_init(&a, FACT_MAX_BYTES);
	head_key_hex(key, hex);
	draft = fact_draft(&a, "ledger.created");
	json_put_str(&a, draft, "version", HINOBAN_VERSION);
	json_put_str(&a, draft, "key", hex);
	r = store_put(st, &a, draft, -1, &seq, e);
	if (r == 0)
		r = store_commit(st, e);
	if (r == 0 && store_keep_head(st, true) < 0)
		r = err_set(e, -EIO, "can't write " HEAD_NAME);
	arena_done(&a);
	return r;
}

/*
 * Only what is otherwise than it should be is touched, through one descriptor: whoever can
 * write in the folder may have put a link there to what is not ours.
 */
static int set_rights(int dir, const char *name, uid_t uid, gid_t gid, mode_t mode)
{
	AUTO_FD fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	char path[32];
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISDIR(st.st_mode) && (!S_ISREG(st.st_mode) || st.st_nlink > 1))
		return -EMLINK;
	if ((st.st_uid != uid || st.st_gid != gid) &&
	    fchownat(fd, "", uid, gid, AT_EMPTY_PATH) < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if ((st.st_mode & 07777) != mode && chmod(path, mode) < 0)
		return -errno;
	return 0;
}

/*
 * Root makes it for others: all belongs to the ledger's uid; the desk's group may read
 * (set-group-id, so that files made later do as well). The private key is the ledger's alone.
 */
static int hand_over(int dir, struct err *e)
{
	static const struct {
		const char *name;
		mode_t mode;
	} file[] = {
	    {DB_NAME, 0640},        {DB_NAME "-wal", 0640},
	    {DB_NAME "-shm", 0640}, {VAULT_NAME, 0640},
	    {HEAD_KEY_NAME, 0600},  {HEAD_PUB_NAME, 0644},
	    {HEAD_NAME, 0640},      {STORE_LOCK_NAME, 0640},
	    {FILES_NAME, 0640},     {"run", 02751},
	    {".", 02751},
	};
	uid_t uid = geteuid(), unused;
	gid_t gid = getegid();

	if (uid == 0) {
		seal_ids(SEAL_LEDGER, &uid, &gid);
		seal_ids(SEAL_DESK, &unused, &gid);
	}
	for (size_t i = 0; i < sizeof(file) / sizeof(file[0]); i++) {
		int r = set_rights(dir, file[i].name, uid, gid, file[i].mode);

		if (r < 0)
			return err_sys(e, r, "can't hand over %s", file[i].name);
	}
	return 0;
}

int ledger_own(const char *state_dir, struct err *e)
{
	AUTO_FD dir = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return err_sys(e, -errno, "%s", state_dir);
	return geteuid() == 0 ? hand_over(dir, e) : 0;
}

int ledger_create(const char *state_dir, struct err *e)
{
	struct head_key *key = NULL;
	struct store *st = NULL;
	sqlite3 *db = NULL;
	bool missing;
	AUTO_FD dir = -1;
	int r = make_dirs(state_dir, &dir, e);

	if (r == 0)
		r = head_key_make(dir, &key, e);
	if (r == 0)
		r = db_open(state_dir, DB_CREATE, &db, e);
	db_close(db);
	if (r == 0)
		r = store_open(state_dir, &st, &missing, e);
	if (r == 0)
		r = first_fact(st, key, e);
	if (r == 0)
		r = hand_over(dir, e);
	store_close(st);
	head_key_free(key);
	return r;
}
