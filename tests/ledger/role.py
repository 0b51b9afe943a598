#!/usr/bin/env python3
"""The running ledger: exactly once, refusals, views, the judge, words, SYNC, contents, stop."""
import hashlib
import json
import os
import socket
import sqlite3
import tempfile
import time

from harness import *

state = new_state()
led = Ledger(state, "--control").ready()
guard = Sender(led, "guard")
ok(guard.last == 0, "a new sender has committed nothing")
seq = guard.fact({"kind": "sighting", "type": "watch.started", "roots": ["/srv/shop"],
                  "profile": "plain", "marks": "filesystem", "procs": True})
ok(isinstance(seq, int) and seq > 0, "a fact is acknowledged with its seq", seq)
first = guard.fact(baseline("index.php", "<?php 1;"))
ok(first == seq + 1, "seqs go on without gaps", first)
send(guard.sock, "FACT", guard.next - 1, baseline("index.php", "<?php 1;"))
frame = guard.take(("ACK",))
ok(json.loads(frame[2])["seq"] == first, "a repeated draft is acknowledged, not stored again")

# refusals
ok("unknown type" in str(guard.fact({"kind": "sighting", "type": "file.eaten"})),
   "an unknown type is refused")
ok("may not say" in str(guard.fact({"kind": "word", "type": "dismiss", "finding": 1, "by": "x",
                                    "reason": "y"})), "the guard may not speak for a person")
ok("earlier" in str(guard.fact(dict(baseline("a"), refs=[999999]))), "refs must exist")
ok("file name" in str(guard.fact(baseline("bad\\escape"))), "a path that is no path text is refused")
ok("lacks" in str(guard.fact({"kind": "sighting", "type": "file.baseline", "path": "a"})),
   "a missing field is refused")
ok("given by the ledger" in str(guard.fact(dict(baseline("a"), seq=5))), "a draft brings no seq")

# contents
with tempfile.TemporaryFile() as f:
    f.write(b"<?php echo 'pay';")
    f.flush()
    d = baseline("pay.php", "<?php echo 'pay';", role="payment")
    seq = guard.fact(d, [f.fileno()])
ok(isinstance(seq, int), "a fact with content")
code, out = tool("content", state, hashlib.sha256(b"<?php echo 'pay';").hexdigest())
ok(code == 0 and out == "<?php echo 'pay';", "the vault gives the content back", out)
with tempfile.TemporaryFile() as f:
    f.write(b"something else")
    f.flush()
    guard.fact(changed("pay.php", "<?php echo 'pay';", "claimed", role="payment"), [f.fileno()])
code, out = tool("content", state, hashlib.sha256(b"claimed").hexdigest())
ok(code != 0, "content that is not what the fact says is not kept")

# the judge hears all from 1 on; its findings become facts
judge = Sender(led, "judge")
heard = []
def judged(frame, findings):
    heard.append(json.loads(frame[2]))
    send(judge.sock, "JUDGED", frame[1], canonical(findings))
def next_push():
    return judge.other.pop(0) if judge.other else judge.take(("PUSH",))
size = int(tool("size", state)[1])
frames = [next_push() for _ in range(size)]
ok([f[1] for f in frames] == list(range(1, size + 1)), "the judge is pushed every fact in order")
ok(json.loads(frames[0][2])["type"] == "ledger.created", "fact 1 is the ledger's creation")
for f in frames[:-1]:
    judged(f, [])
judged(frames[-1], [finding("pay.php", [size], role="payment")])
found = next_push()
ok(json.loads(found[2])["type"] == "file.tampered", "a finding becomes a fact and is pushed too")
judged(found, [])
code, out = tool("findings", state)
ok(" open " in out and "pay.php" in out, "the finding is open", out)

# the desk and the control socket speak words; the guard hears them
client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
client.connect(os.path.join(state, "run/ledger.sock"))
cli = Sender(None, "command", sock=client)
ok("may not say" in str(cli.fact(baseline("x.php"))), "the control socket takes words only")
desk = Sender(led, "desk")
refused = desk.fact({"kind": "word", "type": "contain", "verb": "isolate", "by": "me", "reason": "x"})
ok("may not say" in str(refused), "the console, which reads what strangers write, may contain nothing", refused)
word = cli.fact({"kind": "word", "type": "approve", "root": "/srv/shop", "path": "pay.php",
                 "state": version_of("claimed"), "by": "me", "reason": "ours", "origin": "operator"})
ok(isinstance(word, int), "a word is taken", word)
frame = guard.other.pop(0) if guard.other else guard.take(("PUSH",))
ok(frame[0] == "PUSH" and frame[1] == word, "the guard hears the word")
heard_word = json.loads(frame[2])
ok(heard_word.get("uid") == os.getuid(), "the word bears the uid that the kernel knows", heard_word)
judged(next_push(), [])
code, out = tool("findings", state)
ok(" approved %d " % word in out, "approving what is present closes the finding", out)
# SYNC: the guard's queue, then the judge
send(cli.sock, "SYNC", 77)
frame = guard.take(("SYNC",))
last = guard.fact(changed("index.php", "<?php 1;", "<?php 2;"))
send(guard.sock, "SYNC", frame[1])
cli.sock.settimeout(0.3)
try:
    recv(cli.sock, 0.3)
    ok(False, "SYNC waits for the judge")
except socket.timeout:
    ok(True, "SYNC waits for the judge")
judged(next_push(), [finding("index.php", [last])])
frame = cli.take(("SYNC",))
ok(frame[1] == 77, "SYNC is answered once all is judged")
code, out = tool("findings", state)
ok(out.count("index.php") == 1, "by then the finding is recorded", out)
# TABLE
send(guard.sock, "TABLE", 5)
frame = guard.take(("TABLE",))
ok(len(frame[3]) == 1 and os.read(frame[3][0], 8) == b"HNBTABL2", "the guard gets its table")
code, out = tool("files", state)
ok(len(out.splitlines()) == 2 and "pay.php payment file" in out, "the table has the paths", out)
# a judge that comes back hears again what it needs to remember; old verdicts are passed over
unfound = guard.fact(baseline("never-found.php"))
while next_push()[1] < unfound:
    pass
send(judge.sock, "JUDGED", unfound - 1, b"[]")
send(judge.sock, "JUDGED", unfound, b"[]")
guard.fact(baseline("never-found-either.php"))
cursor = sqlite3.connect("file:%s/ledger.db?mode=ro" % state, uri=True)
deadline = time.monotonic() + 20
while cursor.execute("SELECT seq FROM cursor").fetchone()[0] < unfound and time.monotonic() < deadline:
    time.sleep(0.02)
cursor.close()
judge.sock.close()
size = int(tool("size", state)[1])
judge = Sender(led, "judge")
told = [json.loads(line) for line in tool("log", state)[1].splitlines()]
want = [f["seq"] for f in told if f["seq"] > unfound or f.get("path") in ("pay.php", "index.php")]
heard_again = []
while not heard_again or heard_again[-1] < size:
    frame = next_push()
    heard_again.append(frame[1])
    judged(frame, [finding("index.php", [last])] if frame[1] == last else [])
ok(heard_again == want, "it hears all about paths with a finding, and what it had not judged",
   (heard_again, want))
seq = guard.fact(baseline("z.php"))
frame = next_push()
ok(frame[1] == seq == size + 1, "verdicts given before are not recorded twice", (frame[1], seq))
# stop and start
code = led.stop()
ok(code == 0, "STOP ends it in order", led.stderr())
ok(tool("verify", state) == (0, ""), "verify finds nothing", tool("verify", state)[1])
ok(tool("rebuild", state)[1] == "same\n", "the views are what a rebuild gives")
led = Ledger(state).ready()
guard2 = Sender(led, "guard", name=guard.name)
ok(guard2.last == guard.next - 1, "the sender's counter outlives the process")
led.kill()
# illegal frames
led = Ledger(state, "--control").ready()
g = Sender(led, "guard")
send(g.sock, "JUDGED", 1, b"[]")
ok(led.proc.wait(20) == 3, "a frame that is not legal on its link ends the ledger", led.stderr())
led = Ledger(state, "--control").ready()
c = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
c.connect(os.path.join(state, "run/ledger.sock"))
send(c, "PUSH", 1, b"{}")
try:
    recv(c)
    gone = False
except (EOFError, ConnectionError):
    gone = True
ok(gone and led.proc.poll() is None, "a client that breaks the protocol is only cut off")
second = Ledger(state)
ok(second.proc.wait(20) == 3 and "another hinoban" in second.stderr(),
   "two ledgers never write to one state directory", second.stderr())
led.stop()
ok(tool("verify", state)[0] == 0, "verify finds nothing at the end", tool("verify", state)[1])
forget(state)
done()
