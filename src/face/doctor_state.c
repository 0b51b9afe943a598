/* hinoban doctor, the state directory: its rights, its disk, the ledger, the keys, the vault.
 */
#include "face/doctor.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#define LOW_DISK_BYTES (512ll << 20)

static void see_space(struct doctor *d, const char *dir)
{
	struct statvfs s;
	int64_t room;

	if (statvfs(dir, &s) < 0)
		return;
	room = (int64_t)s.f_bavail * (int64_t)s.f_frsize;
	doctor_tell(d, room > LOW_DISK_BYTES ? HEALTH_GOOD : HEALTH_BAD, "disk space",
	            face_bytes(d->f, room), T_DO_SPACE);
}

/* Whoever may write in the state directory's way may put another ledger there. */
static void see_state_rights(struct doctor *d)
{
	struct stat st;
	char mode[32];

	if (stat(d->f->state, &st) < 0)
		return;
	snprintf(mode, sizeof(mode), "%04o %u:%u", st.st_mode & 07777, (unsigned)st.st_uid,
	         (unsigned)st.st_gid);
	doctor_tell(d, st.st_mode & S_IWOTH ? HEALTH_BAD : HEALTH_GOOD, "state directory", mode,
	            T_DO_STATE_RIGHTS);
}

static void see_ledger(struct doctor *d)
{
	struct err e = {0};
	int r = ledger_open(d->f->state, &d->f->ledger, &e);
	int64_t n = r == 0 ? ledger_size(d->f->ledger) : r;
	bool live = face_live(d->f);

	doctor_tell(d, n < 0 ? HEALTH_BAD : HEALTH_GOOD, "ledger",
	            n < 0 ? (e.text[0] ? e.text : strerror((int)-n)) : face_num(d->f, n),
	            T_DO_LEDGER);
	doctor_tell(d, live ? HEALTH_GOOD : HEALTH_NOTE, "hinoband",
	            text(live ? T_RUNNING : T_NOT_RUNNING), T_DO_HINOBAND);
}

static void see_keys(struct doctor *d)
{
	struct err e = {""};
	int r = ledger_keys(d->f->state, &e);

	if (r < 0)
		return; /* not root: they can't be looked at */
	doctor_tell(d, r == LEDGER_KEY_LOST ? HEALTH_BAD : HEALTH_GOOD, "ledger.key",
	            r == LEDGER_KEY_LOST ? e.text : "Ed25519", T_DO_KEY);
	if (r != LEDGER_KEY_LOST)
		doctor_tell(d, r == LEDGER_PUB_LOST ? HEALTH_BAD : HEALTH_GOOD, "ledger.pub",
		            r == LEDGER_PUB_LOST ? e.text : "Ed25519", T_DO_PUB);
}

static void see_vault(struct doctor *d)
{
	struct ledger_vault_stat s;
	struct err e = {""};
	int r = ledger_vault_glance(d->f->ledger, &e);

	if (r == 0 && ledger_vault_stat(d->f->ledger, &s) == 0)
		doctor_tell(d, HEALTH_GOOD, "vault", face_num(d->f, s.contents), T_DO_VAULT);
	else if (r != -EACCES && r != -EPERM && r)
		doctor_tell(d, HEALTH_BAD, "vault", e.text[0] ? e.text : face_why(r),
		            T_DO_VAULT);
}

void doctor_state(struct doctor *d)
{
	see_state_rights(d);
	see_space(d, d->f->state);
	see_ledger(d);
	see_keys(d);
	if (d->f->ledger)
		see_vault(d);
}
