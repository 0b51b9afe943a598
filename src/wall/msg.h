/*
 * msg: what neighbours say to each other.
 *
 * Every pair of processes is joined by a SOCK_SEQPACKET socket pair made by the
 * keeper. A frame is a 16-byte header { u32 type, u32 zero, u64 id } in the
 * machine's byte order (both ends run on it) and a body of at most MSG_MAX_BODY
 * bytes, with at most MSG_MAX_FDS descriptors. A frame that breaks this, or a type
 * that is not legal on this link, is fatal to the receiver: it ends, and the keeper
 * writes a fact about it.
 *
 * The protocol (J: body is canonical JSON; D: descriptors):
 *
 *   keeper <-> every role (descriptor 3 of the role)
 *     PEER   keeper->role  J {"name": "ledger"}  D 1: the end to talk to that neighbour;
 *                          replaces an earlier one, which is closed
 *     READY  role->keeper  sandbox is up, work begins; from the desk with the address that it
 *                          really listens on: J {"listen": "127.0.0.1:8610"}, others: no body
 *     TICK   role->keeper  the watchdog's sign of life, at most once a second, only while
 *                          the role's loop turns
 *     STOP   keeper->role  finish what is begun and exit 0; the keeper's end closed means
 *                          the same
 *   The keeper's own facts (role.started, role.died) go over a pair like any other sender's:
 *   the ledger has a neighbour named "keeper" that says HELLO and FACT (post.h), so they
 *   arrive exactly once, also over the ledger's own death.
 *   A one-shot command that runs a ledger of its own is the ledger's neighbour "command";
 *   through the control socket it is a client (below).
 *   any -> ledger
 *     HELLO  J {"sender": text unique to this run of the sender, "role": name}
 *            -> HELLO_ACK J {"last": id of this sender's last committed FACT, or 0}; with
 *            "full_us" there is no room on the disk, since so long; with "gc": true the vault
 *            is being gone through
 *     FACT   id = 1, 2, 3 ... per sender; J draft (fact.h);  D 0..1: content for the vault
 *            -> ACK  id; J {"seq": n} once committed; with "n": k it stands for the k FACTs
 *            up to this id, whose seqs are consecutive and end with n. A repeated id is
 *            acknowledged, not stored.
 *            -> REFUSED id; J {"error": text}: the draft is wrong; not stored, id is used up.
 *            So is what a person orders while there is no room on the disk, but vault.gc where
 *            that can be done; then it is asked for out of turn, and the ids of such are
 *            skipped after the ledger's death
 *   ledger -> subscriber (judge: all facts from its cursor on; guard: words only; desk: none)
 *     PUSH   id = seq; body: the fact's canonical bytes
 *            The judge hears them in order, each time the ledger or it begins anew: of those
 *            judged before, the facts about paths that ever had a finding (it must remember
 *            what it found; ledger/recall.h), then all behind its cursor. Verdicts that are
 *            recorded already are passed over.
 *     TIP    id = newest seq (to the desk, after each commit)
 *   judge -> ledger
 *     JUDGED id = seq of the fact judged; J array of finding drafts, often empty. In order,
 *            one for every PUSH: it is the cursor.
 *   guard, gate, fence -> ledger
 *     TABLE  -> TABLE D 1: sealed memfd with the table (fact/table.h)
 *   client of the control socket -> ledger (credentials by SO_PEERCRED; words only)
 *     HELLO, FACT as above;
 *     SYNC   id; -> SYNC id: all that was sensed before the SYNC is in the ledger and judged;
 *            J {"error": text}: it is not, there is no room on the disk
 *   ledger -> guard
 *     SYNC   id -> SYNC id once the queue that existed then is drained and acknowledged
 *   ledger -> gate
 *     PUSH   at HELLO what a person contained and nobody lifted (the order, or the word that
 *            no order answers yet); words, findings and file.changed, as they are committed;
 *            id 0: some were passed over because too many waited, ask for the TABLE again
 *   ledger -> fence
 *     PUSH   as to the gate; at HELLO also each fence.learnt
 *   ledger -> hand
 *     PUSH   orders that no deed answers, at HELLO and as they are committed
 *   ledger -> herald
 *     PUSH   at HELLO all findings, dismissals, words about cases, counts and alert.* facts, in
 *            order, then such as they are committed
 *     TIP    id = newest seq: these were all
 *   hand -> ledger
 *     CONTENT id; J {"hash": of a content, "seq": of a fact about a path, "present": hash}
 *            -> CONTENT id; J {"state": what that fact says is there, "kept": whether the vault
 *            has what is present}  D 0..1: a sealed memfd
 *   ledger -> visitor
 *     PUSH   at HELLO the newest page.record of each page and arm, and each page.asked
 *            that no page.round answers; words, as they are committed
 *   gate -> hand
 *     HELD   id = seq of a committed order; D 1: the open file whose opener waits; of an order
 *            to freeze: the process (a pidfd)
 *   hand -> gate
 *     DONE   id = seq of the order; J {"done": bool, "held": bool, "clean": bool}: whether the
 *            path is as ordered, whether a held file came with it, and whether that can show
 *            nothing but approved content; with "dev", "ino", "born", "changed" (us) of the
 *            file that was made for it, unless somebody may have written to that already
 *   visitor <-> browser
 *     LAUNCH   visitor->browser  J {"log": bool, "spare": bool}: end each Chromium that runs
 *              (a spare one is begun beside the newest) and begin another
 *     LAUNCHED browser->visitor  id = a count of them; J {"pid": n, "spare": as asked}  D 2:
 *              where to write to it, where to read from it (--remote-debugging-pipe), D 3
 *              with its net log (--log-net-log); or J {"error": text}
 *     GONE     browser->visitor  id = as LAUNCHED; J {"how": text, "why": text, "rss": bytes}:
 *              it ended unasked, or was ended because it took too much
 *              visitor->browser  id = as LAUNCHED; J {}: end it; answered by the same
 *   any -> reader (parse)
 *     LOOK   id; J {"path": text, "role": text}  D 1: the open file
 *            -> LOOKED id; J {"hash","size","kind",..., "features": {...}} or {"error": text};
 *            of a packed copy (fact/role.h) what is in it, and "unpacked", its SHA-256
 *     HASH   id; as LOOK without looking at the content -> LOOKED id; J {"hash", "size"}
 *     DIFF   id; J {"before": text, "after": text, "context": n, "packed": bit mask of
 *            zstd-compressed inputs}  D 3: before, after, out (a memfd)
 *            -> DIFFED id; J {"added": n, "removed": n, "binary": bool} unified diff in out
 *     NEWS   id; J {"published": YYYY-MM-DD or "", "feed": bool, "all": bool}  D 4: a text
 * about an incident (or a feed), the lexicons, the watched names, out (a memfd)
 *            -> NEWSED id; J {"facts": n} or {"error": text}; what it says as JSON in out: of a
 *            text one object (parse/parse.h), of a feed one entry a line
 *     LINES  id; J {"format": text, "text": base64} access-log lines
 *            -> LINED id; J array of requests
 *   `hinoban scope`, `hinoban person` -> hinoban-scope
 *     SCOPE  -> SCOPED: scope/scope.h
 */
#ifndef HINOBAN_WALL_MSG_H
#define HINOBAN_WALL_MSG_H

#include "fact/fact.h"

#define MSG_MAX_BODY (128u * 1024)
#define MSG_MAX_FDS  4

enum msg_type {
	MSG_PEER = 1,
	MSG_READY,
	MSG_TICK,
	MSG_STOP,
	MSG_HELLO,
	MSG_HELLO_ACK,
	MSG_FACT,
	MSG_ACK,
	MSG_REFUSED,
	MSG_PUSH,
	MSG_TIP,
	MSG_JUDGED,
	MSG_TABLE,
	MSG_SYNC,
	MSG_LOOK,
	MSG_LOOKED,
	MSG_HASH,
	MSG_DIFF,
	MSG_DIFFED,
	MSG_LINES,
	MSG_LINED,
	MSG_CONTENT,
	MSG_HELD,
	MSG_DONE,
	MSG_NEWS,
	MSG_NEWSED,
	MSG_SCOPE,
	MSG_SCOPED,
	MSG_LAUNCH,
	MSG_LAUNCHED,
	MSG_GONE,
	MSG_TYPES
};

struct msg {
	enum msg_type type;
	uint64_t id;
	struct slice body;   /* borrowed from the receiver's buffer until the next msg_recv */
	int fd[MSG_MAX_FDS]; /* received: owned by the struct until taken; -1 where none */
	int fds;
};

/* A receiving end's memory: one per socket, zeroed is valid, msg_box_done frees. */
struct msg_box {
	uint8_t *at;
};

/*
 * Send one frame; descriptors stay the caller's. 0; -EAGAIN if the socket is
 * non-blocking and full; -EMSGSIZE; -EPIPE once the other end is gone.
 */
int msg_send(int sock, enum msg_type type, uint64_t id, struct slice body, const int *fd,
             int fds);
/* As msg_send with a JSON tree as the body. */
int msg_send_json(int sock, enum msg_type type, uint64_t id, const struct json *body, int fd);
/*
 * Receive one frame. 1: one is in *m; 0: the other end is closed; -EAGAIN;
 * -EBADMSG: a false frame (all its descriptors are closed).
 */
int msg_recv(int sock, struct msg_box *box, struct msg *m);
/* Close the descriptors that were not taken. */
void msg_done(struct msg *m);
/* Move descriptor i out of the message. */
int msg_take_fd(struct msg *m, int i);
void msg_box_done(struct msg_box *box);
const char *msg_type_name(enum msg_type t);
/* A connected pair, close-on-exec, with send buffers for MSG_MAX_BODY. 0 or -errno. */
int msg_pair(int sock[2]);

#endif
