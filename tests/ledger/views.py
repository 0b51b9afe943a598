#!/usr/bin/env python3
"""What is approved, and what becomes of findings, fact by fact."""
import time

from harness import *

state = new_state()
led = Ledger(state, "--control").ready()
guard = Sender(led, "guard")
desk = Sender(led, "desk")
judge = Sender(led, "judge")
heard = 0


def judged(**findings_at):
    """Answer all pushes; findings_at maps "at<seq>" to a list of findings."""
    global heard
    while heard < int(tool("size", state)[1]):
        frame = judge.other.pop(0) if judge.other else judge.take(("PUSH",))
        heard = frame[1]
        send(judge.sock, "JUDGED", heard, findings_at.get("at%d" % heard, []))
        if findings_at.get("at%d" % heard):
            judge.other.append(judge.take(("PUSH",)))


def found(seq, path, kind="file.tampered", role="code", **more):
    judged(**{"at%d" % seq: [finding(path, [seq], kind, role, **more)]})
    until, new = time.monotonic() + 10, []
    while not new and time.monotonic() < until:  # it may have been taken, and not be committed yet
        lines = [l.split(" ") for l in tool("findings", state)[1].splitlines()]
        new = [int(l[0]) for l in lines if l[4] == path and int(l[0]) > seq]
    return new[-1]


def state_of_finding(seq):
    for l in tool("findings", state)[1].splitlines():
        if l.startswith("%d " % seq):
            return l.split(" ")[1:3]


def row(path):
    for l in tool("files", state)[1].splitlines():
        w = l.split(" ")
        if w[1] == path:
            return w
    return None


def same(path):
    r = row(path)
    return r and r[3:5] == r[5:7]


def word(**w):
    return desk.fact(dict({"kind": "word", "by": "x", "reason": "y"}, **w))


def approve(path, st):
    return word(type="approve", root="/srv/shop", path=path, state=st, origin="operator")


for p in ("a", "b", "c", "d", "e"):
    guard.fact(baseline(p, p))
up = guard.fact(baseline("up/pic.jpg", "pic", "uploads"))

# tampered, then restored
c = guard.fact(changed("a", "a", "evil"))
ok(not same("a"), "a change is not approved by itself")
f = found(c, "a")
ok(state_of_finding(f) == ["open", "0"], "a finding begins open")
r = guard.fact(changed("a", "evil", "a"))
ok(same("a") and state_of_finding(f) == ["ended", str(r)], "restored: it is ended by that fact",
   state_of_finding(f))
# tampered, then approved
c = guard.fact(changed("b", "b", "better"))
f = found(c, "b")
w = approve("b", version_of("other"))
ok(state_of_finding(f)[0] == "open" and not same("b"), "approving another state leaves it open")
w = approve("b", version_of("better"))
ok(same("b") and state_of_finding(f) == ["approved", str(w)], "approving the present state closes it")
# dismissed: the finding goes, the approval does not come
c = guard.fact(changed("c", "c", "odd"))
f = found(c, "c")
w = word(type="dismiss", finding=f, refs=[f])
ok(state_of_finding(f) == ["dismissed", str(w)] and not same("c"), "dismissed is not approved")
# by a deploy
d = word(type="deploy.started", command="make", pid=7)
c = guard.fact(changed("d", "d", "new", deploy=d))
ok(same("d"), "what a deploy wrote is approved")
# removed, and absence approved
c = guard.fact(changed("e", "e", None))
f = found(c, "e", "file.removed")
ok(row("e")[5] == "none", "a removed file is present as none")
w = approve("e", None)
ok(row("e") is None and state_of_finding(f)[0] == "approved", "approved absence leaves no row")
# an update takes the place of the older finding; a dismissal of the old hits the new
c = guard.fact(changed("a", "a", "evil 2"))
f = found(c, "a")
q = guard.fact({"kind": "sighting", "type": "file.request", "path": "a", "refs": [c],
                "request": {"method": "POST", "url": "/"}})
f2 = found(q, "a", updates=f)
ok(state_of_finding(f) == ["ended", str(f2)] and state_of_finding(f2)[0] == "open",
   "a finding that updates another takes its place")
w = word(type="dismiss", finding=f, refs=[f])
ok(state_of_finding(f2) == ["dismissed", str(w)], "dismissing the older one dismisses its successor")
q = guard.fact({"kind": "sighting", "type": "file.request", "path": "a", "refs": [c],
                "request": {"method": "POST", "url": "/x"}})
f3 = found(q, "a", updates=f2)
ok(state_of_finding(f3)[0] == "dismissed", "an update of a dismissed finding does not cry again")
c = guard.fact(changed("a", "evil 2", "evil 3"))
f4 = found(c, "a", updates=f3)
ok(state_of_finding(f4)[0] == "open", "but another change of its path does, whatever was dismissed before",
   state_of_finding(f4))
# the judge spoke twice before it learned the first number: one finding a path stays open
c = guard.fact(changed("twice", None, "one"))
f = found(c, "twice", "file.planted")
c = guard.fact(changed("twice", "one", "two"))
f2 = found(c, "twice", "file.planted")
ok(state_of_finding(f) == ["ended", str(f2)] and state_of_finding(f2)[0] == "open",
   "a newer finding on a path ends the older")
# uploads: changes are normal, unless a finding says otherwise
c = guard.fact(changed("up/new.png", None, "png", "uploads"))
ok(same("up/new.png"), "a new upload is approved as it is")
c = guard.fact(changed("up/pic.jpg", "pic", "<?php", "uploads"))
f = found(c, "up/pic.jpg", "upload.code", "uploads")
ok(not same("up/pic.jpg") and row("up/pic.jpg")[3] == "file", "a finding takes the approval back")
c = guard.fact(changed("up/pic.jpg", "<?php", "<?php more", "uploads"))
ok(not same("up/pic.jpg"), "and changes of it stay unapproved while it is open")
c = guard.fact(changed("up/pic.jpg", "<?php more", "pic", "uploads"))
ok(same("up/pic.jpg") and state_of_finding(f)[0] == "ended", "what was there before ends it")
c = guard.fact(changed("up/sh.php", None, "<?php", "uploads"))
f = found(c, "up/sh.php", "upload.code", "uploads")
ok(row("up/sh.php")[3] == "none", "planted code has no approved version")
c = guard.fact(changed("up/sh.php", "<?php", None, "uploads"))
ok(row("up/sh.php") is None and state_of_finding(f)[0] == "ended", "removing it ends it")
c = guard.fact(changed("up/ok.php", None, "<?php", "uploads"))
f = found(c, "up/ok.php", "upload.code", "uploads")
word(type="dismiss", finding=f, refs=[f])
ok(same("up/ok.php"), "dismissed: it is approved as it is again")
# a verdict that comes late
c = guard.fact(changed("b", "better", "flash"))
r = guard.fact(changed("b", "flash", "better"))
f = found(c, "b")
ok(state_of_finding(f) == ["ended", str(r)], "a finding on what is past begins ended",
   state_of_finding(f))
# of what came and went, and of it in another root, of which nothing is known
c = guard.fact(changed("flash", None, "<?php"))
r = guard.fact(changed("flash", "<?php", None))
f = found(c, "flash", "file.planted")
ok(row("flash") is None and state_of_finding(f) == ["ended", str(r)],
   "a finding on what came and is gone begins ended", state_of_finding(f))
q = guard.fact({"kind": "sighting", "type": "file.request", "path": "flash", "refs": [c],
                "request": {"method": "POST", "url": "/"}})
judged(**{"at%d" % q: [finding("flash", [c], "file.planted", root="/srv/other")]})
f = int(tool("size", state)[1])
ok(state_of_finding(f)[0] == "open", "one in another root does not", state_of_finding(f))
word(type="dismiss", finding=f, refs=[f])
# what came, went and came again is there
c = guard.fact(changed("flash", None, "<?php"))
guard.fact(changed("flash", "<?php", None))
guard.fact(changed("flash", None, "<?php"))
f = found(c, "flash", "file.planted")
ok(state_of_finding(f)[0] == "open", "what is there again does not end it", state_of_finding(f))
r = guard.fact(changed("flash", "<?php", None))
ok(state_of_finding(f) == ["ended", str(r)], "its going does", state_of_finding(f))
# hinoban's own hand removed it: a person says when that is done
hand = {"known": True, "exe": "/usr/lib/hinoban/hinoban-hand", "command": "hand"}
c = guard.fact(changed("flash", None, "<?php"))
guard.fact(changed("flash", "<?php", None, who=hand))
f = found(c, "flash", "file.planted")
ok(row("flash") is None and state_of_finding(f)[0] == "open", "removed by hinoban's hand it stays open",
   state_of_finding(f))
word(type="dismiss", finding=f, refs=[f])
# a new inventory approves what is there and forgets what is not
started = guard.fact({"kind": "sighting", "type": "baseline.started", "roots": ["/srv/shop"],
                      "profile": "plain", "why": "operator"})
guard.fact(baseline("a", "evil 2"))
guard.fact({"kind": "sighting", "type": "baseline.done", "files": 1, "bytes": 1, "us": 1})
ok(same("a") and row("b") is None, "a new inventory takes the place of the old one")
judged()
led.stop()
ok(tool("verify", state) == (0, ""), "verify finds nothing", tool("verify", state)[1])
ok(tool("rebuild", state)[1] == "same\n", "a rebuild gives the same views")
forget(state)
done()
