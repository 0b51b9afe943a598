/*
 * proof: proofs as JSON documents that someone who trusts nobody here can check with the
 * public key alone (tools/verify-proof; format in hinoban.proof(5)).
 */
#ifndef HINOBAN_LEDGER_PROOF_H
#define HINOBAN_LEDGER_PROOF_H

#include "ledger/head.h"
#include "ledger/tree.h"

/* {"fact":"<canonical text>","head":{...},"path":[hex...],"proof":"inclusion","seq":n} */
bool proof_inclusion(struct buf *out, int64_t seq, struct slice canonical,
                     const struct tree_path *path, const struct ledger_head *head);
/* {"from":{...},"path":[hex...],"proof":"consistency","to":{...}}; heads without a
 * signature (all zero) are told without "sig" and "at". */
bool proof_consistency(struct buf *out, const struct ledger_head *from,
                       const struct ledger_head *to, const struct tree_path *path);

/* RFC 9162, 2.1.3.2 and 2.1.4.2. */
bool proof_inclusion_holds(const struct hash *leaf, int64_t index, int64_t size,
                           const struct tree_path *path, const struct hash *root);
bool proof_consistency_holds(int64_t from, const struct hash *from_root, int64_t to,
                             const struct hash *to_root, const struct tree_path *path);

#endif
