/* Every command, by the file that holds it. */
#ifndef HINOBAN_FACE_COMMANDS_H
#define HINOBAN_FACE_COMMANDS_H

#include "face/face.h"
#include "face/help.h"

extern const struct command init_cmd;                           /* init.c */
extern const struct command check_cmd;                          /* check.c */
extern const struct command status_cmd;                         /* status.c */
extern const struct command findings_cmd;                       /* findings.c */
extern const struct command log_cmd;                            /* log.c */
extern const struct command show_cmd;                           /* show.c */
extern const struct command diff_cmd;                           /* diff.c */
extern const struct command approve_cmd, dismiss_cmd;           /* approve.c */
extern const struct command versions_cmd, cat_cmd;              /* history.c */
extern const struct command evidence_cmd;                       /* evidence.c */
extern const struct command vault_cmd;                          /* vault.c */
extern const struct command restore_cmd;                        /* restore.c */
extern const struct command deploy_cmd;                         /* deploy.c */
extern const struct command mode_cmd;                           /* mode.c */
extern const struct command contain_cmd, lift_cmd;              /* contain.c */
extern const struct command case_cmd;                           /* case.c */
extern const struct command clocks_cmd;                         /* clocks.c */
extern const struct command scope_cmd;                          /* scope.c */
extern const struct command person_cmd;                         /* person.c */
extern const struct command alert_cmd;                          /* alert.c */
extern const struct command rehearse_cmd;                       /* rehearse.c */
extern const struct command verify_cmd, rebuild_cmd, proof_cmd; /* proof.c */
extern const struct command consistency_cmd, head_cmd, key_cmd; /* proof.c */
extern const struct command judge_cmd;                          /* replay.c */
extern const struct command page_cmd;                           /* page.c */
extern const struct command doctor_cmd;                         /* doctor.c */
extern const struct command profiles_cmd;                       /* profiles.c */
extern const struct command read_cmd;                           /* read.c */
extern const struct command page_cmd;                           /* page.c */
extern const struct command exposure_cmd;                       /* exposure.c */
extern const struct command digest_cmd;                         /* digest.c */
extern const struct command report_cmd;                         /* report.c */

#endif
