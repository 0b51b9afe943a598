#!/usr/bin/env python3
"""Faults: SIGKILL while facts come in, a full disk, a folder that can't be written, a clock
that goes back, a torn vault."""
import hashlib
import json
import os
import random
import socket
import subprocess
import tempfile
import threading
import time

from harness import *

ROUNDS = int(os.environ.get("HINOBAN_KILLS", "12"))


# ---- kill -9 under load: what was acknowledged is there, once ----

def give(sender, ident, draft):
    with tempfile.TemporaryFile() as f:
        f.write(b"content %d" % ident)
        f.flush()
        send(sender.sock, "FACT", ident, draft, [f.fileno()])


def run_until_killed(led, sender, sent, waiting, rng):
    """Send until the ledger dies; what was sent is kept in `waiting` by id."""
    killer = threading.Timer(rng.uniform(0.01, 0.4), led.proc.kill)
    killer.start()
    try:
        while True:
            while len(waiting) < 200:
                ident = sender.next
                name = "f%d.php" % ident
                waiting[ident] = baseline(name, "content %d" % ident)
                sent[ident] = name
                sender.next += 1
                give(sender, ident, waiting[ident])
            sender.take(("ACK",))
            for i in [i for i in waiting if i in sender.seq]:
                del waiting[i]
    except (EOFError, OSError):
        pass
    killer.join()
    led.kill()


state = new_state()
rng = random.Random(7)
sender = Sender(None, "guard", name="guard-kill")
sent, waiting = {}, {}
lost = resent = 0
for _ in range(ROUNDS):
    led = Ledger(state, "--control").ready()
    last = sender.join(led)
    if sender.seq and last < max(sender.seq):
        lost += 1
    for ident in sorted(waiting):
        if ident <= last:
            del waiting[ident]
        else:
            give(sender, ident, waiting[ident])
            resent += 1
    run_until_killed(led, sender, sent, waiting, rng)
led = Ledger(state).ready()
last = sender.join(led)
for ident in sorted(waiting):
    if ident > last:
        give(sender, ident, waiting[ident])
        sender.settle(ident)
led.stop()
facts = [json.loads(l) for l in tool("log", state, "file.baseline")[1].splitlines()]
names = [f["path"] for f in facts]
ok(lost == 0, "no ledger came back with less than it had acknowledged")
ok(names == [sent[i] for i in sorted(sent)],
   "%d facts over %d kills: each is there once and in order (%d sent again)" % (len(sent), ROUNDS, resent),
   "%d sent, %d there" % (len(sent), len(names)))
by_seq = {f["seq"]: f["path"] for f in facts}
ok(all(by_seq.get(seq) == sent[i] for i, seq in sender.seq.items() if seq),
   "every acknowledgement told the right seq")
ok(tool("verify", state) == (0, ""), "verify finds nothing", tool("verify", state)[1])
ok(tool("rebuild", state)[1] == "same\n", "the views are what a rebuild gives")
missing = [n for i, n in sent.items()
           if i % 97 == 0 and i in sender.seq
           and tool("content", state, hashlib.sha256(b"content %d" % i).hexdigest())[0]]
ok(not missing, "contents of acknowledged facts are in the vault", missing[:5])

# ---- a torn end of the vault ----
newest = max((os.path.join(state, n) for n in os.listdir(state) if n.startswith("vault.pack")), key=lambda p: int(p.partition("pack.")[2] or 0))
size = os.path.getsize(newest)
with open(newest, "ab") as f:
    f.write(b"HNBVAULT half a rec")
led = Ledger(state).ready()
led.stop()
ok(os.path.getsize(newest) == size, "a torn end of the vault is cut off")
ok(tool("verify", state)[0] == 0, "and verify finds nothing")
forget(state)


# ---- the clock goes back ----
state = new_state()
build_play = os.environ.get("HINOBAN_PLAY_BUILD", os.path.join(BUILD, "../build-play"))
if build_play and os.path.exists(os.path.join(build_play, "hinoban-ledger")):
    import struct as st
    clock = os.path.join(os.path.dirname(state), "clock")
    def drive(us):
        with open(clock, "wb") as f:
            f.write(st.pack("=q", us))
    import harness
    harness.LEDGER = os.path.join(build_play, "hinoban-ledger")
    os.environ["HINOBAN_CLOCK"] = clock
    drive(86400 * 1000000)
    led = Ledger(state).ready()
    s = Sender(led, "guard")
    s.fact(baseline("ahead.php"))
    led.stop()
    drive(0)
    led = Ledger(state).ready()
    s = Sender(led, "guard")
    s.fact(baseline("back.php"))
    led.stop()
    del os.environ["HINOBAN_CLOCK"]
    out = tool("log", state, "clock.jumped")[1]
    ok(len(out.splitlines()) == 1, "a clock that jumps back is recorded", out)
    ok(tool("verify", state)[0] == 0, "and verify takes it", tool("verify", state)[1])
else:
    skip("a clock that jumps back is recorded", "needs a build with -Dplay=true in HINOBAN_PLAY_BUILD")
forget(state)


# ---- a full disk ----
def mount_small():
    base = tempfile.mkdtemp(prefix="hinoban-full-")
    p = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", base],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if p.returncode:
        os.rmdir(base)
        return None
    os.chmod(base, 0o755)
    return base


base = mount_small() if os.getuid() == 0 else None
if base:
    state = os.path.join(base, "state")
    tool("create", state)
    led = Ledger(state).ready()
    s = Sender(led, "guard")
    s.fact(baseline("first.php"))
    ballast = os.path.join(base, "ballast")
    fill_disk(ballast)
    ids = [s.queue(baseline("full%d.php" % i, "x" * 50)) for i in range(300)]
    time.sleep(2.5)
    ok(led.proc.poll() is None, "with a full disk the ledger lives on", led.stderr())
    try:
        while True:
            s.take(("ACK",), 0.2)
    except Exception:
        pass
    early = sum(1 for i in ids if i in s.seq)
    ok(early < 300, "nothing is acknowledged that is not on the disk")
    os.unlink(ballast)
    s.settle(ids[-1])
    ok(all(i in s.seq for i in ids), "once there is room, all that waited is recorded")
    out = tool("log", state, "disk.full")[1]
    ok('"waited_us"' in out, "and that there was none is a fact", out)
    led.stop()
    names = [json.loads(l)["path"] for l in tool("log", state, "file.baseline")[1].splitlines()]
    ok(names == ["first.php"] + ["full%d.php" % i for i in range(300)], "each once and in order")
    ok(tool("verify", state)[0] == 0, "verify finds nothing", tool("verify", state)[1])
    subprocess.run(["umount", "-l", base])
    os.rmdir(base)
else:
    skip("a full disk", "needs the right to mount a small file system")


# ---- a full disk and who speaks meanwhile ----
def control(state):
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.connect(os.path.join(state, "run/ledger.sock"))
    return s


def hinoban(state, *words):
    began = time.monotonic()
    p = subprocess.run([os.path.join(BUILD, "hinoban"), *words, "--state", state], capture_output=True,
                       text=True, timeout=60, env=dict(os.environ, LC_ALL="C.UTF-8"))
    return p.returncode, p.stdout, p.stderr, time.monotonic() - began


def order(reason, **more):
    return dict({"kind": "word", "type": "mode", "role": "all", "mode": "heal", "by": "x", "reason": reason}, **more)


base = mount_small() if os.getuid() == 0 else None
if base:
    state, ballast = os.path.join(base, "state"), os.path.join(base, "ballast")
    tool("create", state)
    led = Ledger(state, "--control").ready()
    s, desk = Sender(led, "guard"), Sender(led, "desk")
    s.fact(baseline("first.php"))
    first = desk.fact({"kind": "word", "type": "dismiss", "finding": 1, "refs": [1], "by": "x", "reason": "before"})
    ok(isinstance(first, int), "a word while there is room", first)
    code, out, err, _ = hinoban(state, "status", "--json")
    ok(code == 0 and json.loads(out)["disk_full"] is False, "status knows that there is room", out + err)
    fill_disk(ballast)
    ids = [s.queue(baseline("full%d.php" % i, "x" * 50)) for i in range(300)]
    time.sleep(1)
    c = Sender(None, "client", sock=control(state))
    began = time.monotonic()
    why = [c.fact(order("while full %d" % i)) for i in range(3)]
    ok(all(isinstance(w, str) and "full" in w for w in why) and time.monotonic() - began < 3,
       "with a full disk a person's order is refused at once", why)
    why = desk.fact({"kind": "word", "type": "dismiss", "finding": 1, "refs": [1], "by": "x", "reason": "while full"})
    ok(isinstance(why, str) and "full" in why, "the desk's, too", why)
    send(c.sock, "SYNC", 5)
    got = c.take(("SYNC",), 5)
    ok(got[1] == 5 and "full" in json.loads(got[2] or b"{}").get("error", ""), "nobody waits for a SYNC", got)
    ended = c.queue({"kind": "word", "type": "deploy.ended", "deploy": 1, "exit": 0, "by": "x"})
    many = [Sender(None, "client", sock=control(state)) for i in range(8)]
    for i in range(80):
        many[i % 8].sock.close()
        many[i % 8] = Sender(None, "client", sock=control(state))
        why = many[i % 8].fact(order("again %d" % i))
    ok(isinstance(why, str) and "full" in why, "however often it is tried", why)
    code, out, err, took = hinoban(state, "status")
    ok(code == 1 and "full" in out.splitlines()[0] and base in out and took < 5, "hinoban status says it first", out + err)
    code, out, err, took = hinoban(state, "status", "--json")
    ok(code == 1 and json.loads(out)["disk_full"] is True, "also in JSON", out + err)
    code, out, err, took = hinoban(state, "mode", "heal", "--reason", "typed while full")
    ok(code == 3 and "full" in err and took < 5, "hinoban mode says why it did nothing", (code, out, err, took))
    os.unlink(ballast)
    s.settle(ids[-1])
    ok(isinstance(c.fact(order("after")), int) and
       isinstance(desk.fact({"kind": "word", "type": "dismiss", "finding": 1, "refs": [1], "by": "x",
                             "reason": "after"}), int), "once there is room, orders are taken again")
    ok(isinstance(c.seq.get(ended), int), "and that a deploy had ended was kept")
    code, out, err, _ = hinoban(state, "status", "--json")
    ok(code == 0 and json.loads(out)["disk_full"] is False, "status is calm again", out + err)
    words = [json.loads(l).get("reason") for l in tool("log", state, "mode")[1].splitlines() +
             tool("log", state, "dismiss")[1].splitlines()]
    ok(sorted(words) == ["after", "after", "before"], "what was refused is not done later", words)
    names = [json.loads(l)["path"] for l in tool("log", state, "file.baseline")[1].splitlines()]
    ok(names == ["first.php"] + ["full%d.php" % i for i in range(300)], "each fact once and in order")
    fill_disk(ballast)
    s.queue(baseline("more.php"))
    why = desk.fact(order("refused")), desk.fact({"kind": "word", "type": "dismiss", "finding": 1, "refs": [1],
                                                  "by": "x", "reason": "refused"})
    ok("full" in str(why[1]), "full again", why)
    os.unlink(ballast)
    led.kill()
    led = Ledger(state, "--control").ready()
    desk.join(led)
    got = desk.fact({"kind": "word", "type": "dismiss", "finding": 1, "refs": [1], "by": "x", "reason": "later"})
    ok(isinstance(got, int), "a ledger that begins anew takes what comes behind refused ones", (got, led.stderr()))
    led.stop()
    ok(tool("verify", state)[0] == 0, "verify finds nothing", tool("verify", state)[1])
    subprocess.run(["umount", "-l", base])
    os.rmdir(base)
else:
    skip("a full disk and words", "needs the right to mount a small file system")


# ---- a state directory that can't be written ----
base = mount_small() if os.getuid() == 0 else None
if base:
    state = os.path.join(base, "state")
    tool("create", state)
    subprocess.run(["mount", "-o", "remount,ro", base])
    led = Ledger(state)
    code = led.proc.wait(20)
    ok(code == 3 and "Read-only" in led.stderr(), "a read-only state directory: a clear message", led.stderr())
    code, out = tool("size", state)
    ok(code == 0, "and it can still be read", out)
    subprocess.run(["umount", "-l", base])
    os.rmdir(base)
else:
    skip("a read-only state directory", "needs the right to mount")
led = Ledger("/nonexistent/state")
ok(led.proc.wait(20) == 3 and "/nonexistent/state" in led.stderr(), "no state directory: a clear message", led.stderr())
done()
