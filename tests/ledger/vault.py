#!/usr/bin/env python3
"""The vault: packs, gc with its limits, kill -9 and a full disk in the middle of it, readers beside
it, packs that somebody altered."""
import hashlib
import json
import os
import random
import sqlite3
import subprocess
import tempfile
import threading
import time

from harness import *

KILLS = int(os.environ.get("HINOBAN_KILLS", "12"))


def give(sender, draft, content):
    with tempfile.TemporaryFile() as f:
        f.write(content)
        f.flush()
        return sender.queue(draft, [f.fileno()])


def state_of_bytes(b):
    return {"class": "file", "hash": hashlib.sha256(b).hexdigest(), "size": len(b), "mode": "0644",
            "uid": 33, "gid": 33, "mtime": "2026-01-02T03:04:05.000000Z", "sig": "1.2.3.4"}


def base_of(path, b):
    d = baseline(path)
    d["present"] = state_of_bytes(b)
    return d


def change_of(path, old, new, approved=None, **more):
    d = changed(path, "x", "y", **more)
    d["approved"] = state_of_bytes(approved if approved is not None else old)
    d["present"] = state_of_bytes(new)
    return d


def config(state, text):
    path = os.path.join(os.path.dirname(state), "hinoban.conf")
    with open(path, "w") as f:
        f.write('roots = ["%s"]\nstate = "%s"\nprofile = "plain"\n[vault]\n%s\n'
                % (os.path.dirname(state), state, text))
    return path


def kept(state, b):
    return tool("content", state, hashlib.sha256(b).hexdigest())[0] == 0


def gc(led, client=None):
    """Ask for it and wait for the answer."""
    c = client or Client(led)
    seq = c.fact({"kind": "word", "type": "vault.gc", "by": "test"})
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for line in tool("log", led.state, "vault.collected")[1].splitlines():
            fact = json.loads(line)
            if seq in fact.get("refs", []):
                return fact
        time.sleep(0.05)
    return {"none": "no answer", "ledger": led.proc.poll(), "said": led.stderr(), "bytes": 1 << 60,
            "dropped": -1}


class Client(Sender):
    """One of the control socket."""

    def __init__(self, led):
        super().__init__(led, "command")


def bodies(n, size, seed=1):
    rng = random.Random(seed)
    return [b"<?php // %d\n" % i + rng.randbytes(size) for i in range(n)]


def judge_all(judge, bad):
    """The judge hears each fact up to the altered one, and finds that."""
    n = 0
    while n < bad:
        frame = judge.other.pop(0) if judge.other else recv(judge.sock)
        if frame[0] == "PUSH":
            n = frame[1]
            send(judge.sock, "JUDGED", n, [finding("b.php", [bad])] if n == bad else [])
    until = time.monotonic() + 10
    while not tool("log", state, "file.tampered")[1] and time.monotonic() < until:
        time.sleep(0.05)


# ---- what is held, and what is not ----
state = new_state()
conf = config(state, 'keep = 1s\nevidence = 0\nmax_size = 0')
led = Ledger(state, "--config", conf).ready()
s = Sender(led, "command")
v = bodies(6, 2000)
give(s, base_of("a.php", v[0]), v[0])
give(s, change_of("a.php", v[0], v[1], deploy=1), v[1])
give(s, change_of("a.php", v[1], v[2], deploy=1), v[2])
give(s, base_of("b.php", v[3]), v[3])
s.settle(give(s, change_of("b.php", v[3], v[4]), v[4]))
bad = s.seq[s.next - 1]
led.stop()
led = Ledger(state, "--config", conf, "--control").ready()
judge = Sender(led, "judge")
ok(all(json.loads(l).get("kept") for l in tool("log", state, "file.*")[1].splitlines()),
   "a fact says that its content is kept")
judge_all(judge, bad)
time.sleep(1.5)
give(s2 := Sender(led, "guard"), change_of("b.php", v[4], v[5], approved=v[3], deploy=1), v[5])
s2.settle(s2.next - 1)
time.sleep(1.2)
answer = gc(led)
ok(bool(answer) and answer["dropped"] == 2, "gc drops what was replaced long enough ago", answer)
ok(not kept(state, v[0]) and not kept(state, v[1]), "both old versions are gone")
ok(kept(state, v[2]) and kept(state, v[5]), "what is approved and stands there is kept")
ok(kept(state, v[4]) and kept(state, v[3]), "what a finding rests on is kept, with what stood there before")
dropped = [json.loads(l) for l in tool("log", state, "vault.dropped")[1].splitlines()]
ok(len(dropped) == 1 and set(dropped[0]["hashes"]) == {hashlib.sha256(x).hexdigest() for x in v[:2]} and
   dropped[0]["why"] == "age", "a fact names what was dropped, and why", dropped)
code, out = tool("verify", state)
ok((code, out) == (0, ""), "verify knows that it was dropped in order", out)
answer = gc(led)
ok(bool(answer) and answer["dropped"] == 0, "a second gc finds nothing more", answer)
c = Client(led)
c.fact({"kind": "word", "type": "approve", "root": "/srv/shop", "path": "b.php", "state": state_of_bytes(v[4]),
        "by": "test", "reason": "it was ours", "origin": "operator"})
c.fact({"kind": "word", "type": "approve", "root": "/srv/shop", "path": "b.php", "state": state_of_bytes(v[5]),
        "by": "test", "reason": "but this is newer", "origin": "operator"})
time.sleep(1.2)
answer = gc(led)
ok(bool(answer) and answer["dropped"] == 2 and not kept(state, v[4]) and kept(state, v[5]),
   "what a person approved later is no evidence any more", answer)
led.stop()
ok(tool("verify", state) == (0, ""), "verify finds nothing", tool("verify", state)[1])
forget(state)

state = new_state()
conf = config(state, 'keep = 1s\nevidence = 0\nmax_size = 0')
led = Ledger(state, "--config", conf, "--control").ready()
judge = Sender(led, "judge")
s = Sender(led, "guard")
give(s, base_of("b.php", v[3]), v[3])
s.settle(give(s, change_of("b.php", v[3], v[4]), v[4]))
judge_all(judge, s.seq[s.next - 1])
s.settle(give(s, change_of("b.php", v[4], v[5], approved=v[3], deploy=1), v[5]))
time.sleep(1.2)
answer = gc(led)
ok(bool(answer) and kept(state, v[4]) and kept(state, v[3]), "what was only put right by a deploy stays evidence", answer)
led.stop()
conf = config(state, 'keep = 1s\nevidence = 1s\nmax_size = 0')
led = Ledger(state, "--config", conf, "--control").ready()
time.sleep(1)
answer = gc(led)
ok(bool(answer) and not kept(state, v[4]) and kept(state, v[5]), "evidence goes after its own time", answer)
led.stop()
ok(tool("verify", state) == (0, ""), "verify finds nothing", tool("verify", state)[1])
forget(state)


# ---- what pages load: what the newest record says is held, however long it has not altered ----
def sha(b):
    return hashlib.sha256(b).hexdigest()


def content_of(what, b):
    return {"kind": "sighting", "type": "page.content", "page": "checkout", "what": what,
            "present": {"class": "file", "hash": sha(b), "size": len(b)}}


def record_of(scripts, shot, **more):
    d = {"kind": "sighting", "type": "page.record", "page": "checkout", "arm": "a", "url": "http://shop.test/pay",
         "browser": "Chromium 156", "digest": "0" * 64, "requests": [], "headers": [],
         "steps": [{"name": "payment", "url": "http://shop.test/pay", "shot": sha(shot)}] if shot else [],
         "scripts": [{"url": "http://shop.test/%s.js" % sha(b)[:8], "hash": sha(b), "step": 0} for b in scripts]}
    d.update(more)
    return d


state = new_state()
conf = config(state, 'keep = 2s\nevidence = 0\nmax_size = 0')
led = Ledger(state, "--config", conf, "--control").ready()
judge = Sender(led, "judge")
s = Sender(led, "visitor")
still, old, new, far, shot, odd, bare = bodies(7, 900, seed=21)
for what, b in (("script", still), ("script", old), ("script", far), ("shot", shot), ("script", odd), ("script", bare)):
    give(s, content_of(what, b), b)
s.fact(record_of([still, old], shot, part=1))
s.fact(record_of([far], None, part=2))
bad = s.fact(record_of([odd], None, arm="b"))
n = 0
while n < bad:
    frame = judge.other.pop(0) if judge.other else recv(judge.sock)
    if frame[0] == "PUSH":
        n = frame[1]
        send(judge.sock, "JUDGED", n, [finding("x.js", [bad], kind="page.script", role="page", root="page:checkout",
                                               page="checkout", subject="x.js")] if n == bad else [])
time.sleep(2.3)
answer = gc(led)
ok(answer["dropped"] == 1 and not kept(state, bare), "a content that no record speaks of goes after its time", answer)
ok(all(kept(state, b) for b in (still, old, far, shot, odd)), "what the newest record of a page holds is kept beyond it, in all its parts")
s.settle(give(s, content_of("script", new), new))
s.fact(record_of([still, new], shot))
s.fact(record_of([], None, arm="b"))
answer = gc(led)
ok(answer["dropped"] == 0, "what a newer record no longer speaks of is kept for its time from then on", answer)
time.sleep(2.3)
answer = gc(led)
ok(answer["dropped"] == 2 and not kept(state, old) and not kept(state, far), "and goes then", answer)
ok(all(kept(state, b) for b in (still, new, shot)), "the script that never altered is still there")
ok(kept(state, odd), "so is what a finding about a page rests on")
ok(tool("verify", state) == (0, ""), "verify finds nothing", tool("verify", state)[1])
led.stop()
forget(state)


# ---- a limit in size: the oldest first; packs are emptied; all that is held stays readable ----
def fill(state, conf, files, versions, size, seed=3):
    """`files` files of many versions each, all deployed: only the last of each is current."""
    led = Ledger(state, "--config", conf).ready()
    s = Sender(led, "command")
    body = bodies(files * versions, size, seed)
    for i in range(files * versions):
        path = "f%d.php" % (i % files)
        last = body[i - files] if i >= files else None
        give(s, base_of(path, body[i]) if last is None else
             change_of(path, last, body[i], deploy=1), body[i])
        if i % 64 == 0:
            s.settle(s.next - 1)
    s.settle(s.next - 1)
    led.stop()
    return body


state = new_state()
conf = config(state, 'keep = 0\nevidence = 0\nmax_size = 30M')
body = fill(state, conf, 10, 30, 400000)
packs = [f for f in os.listdir(state) if f.startswith("vault.pack")]
ok(len(packs) == 2, "a pack has an end, then comes the next", packs)
ok(all(kept(state, b) for b in body[::7]), "contents of all packs are given out")


def disk(state):
    return sum(os.stat(os.path.join(state, f)).st_blocks * 512 for f in os.listdir(state)
               if f.startswith("vault.pack"))


before = disk(state)
led = Ledger(state, "--config", conf, "--control").ready()
stop, wrong, reads = threading.Event(), [], [0]


def read_all_the_time():
    """A reader beside gc: what is current must always be had; verify must find nothing."""
    while not stop.is_set():
        for b in body[-10:]:
            reads[0] += 1
            if not kept(state, b):
                wrong.append("a current content could not be read")
        code, out = tool("verify", state)
        if code:
            wrong.append(out)


t = threading.Thread(target=read_all_the_time)
t.start()
answer = gc(led)
stop.set()
t.join()
ok(bool(answer) and answer["bytes"] <= 30 << 20 and answer["dropped"] > 200,
   "gc brings the vault below its limit", answer)
ok(not wrong, "%d reads and verifies beside it were right" % reads[0], "\n".join(wrong[:3]))
ok(not kept(state, body[0]) and kept(state, body[-11]), "the longest unnamed went first")
ok(disk(state) < before / 2, "the space is given back", (before, disk(state)))
ok("vault.pack" not in os.listdir(state), "the pack that was mostly gone is emptied and removed", os.listdir(state))
led.stop()
led = Ledger(state, "--config", conf).ready()
s = Sender(led, "command")
s.settle(give(s, base_of("new.php", b"after gc"), b"after gc"))
led.stop()
ok(kept(state, b"after gc") and tool("verify", state) == (0, ""), "and life goes on", tool("verify", state)[1])
ok(tool("rebuild", state)[1] == "same\n", "the views are what a rebuild gives")
forget(state)


# ---- kill -9 in the middle ----
state = new_state()
conf = config(state, 'keep = 0\nevidence = 0\nmax_size = 8M')
body = fill(state, conf, 10, 40, 300000, seed=5)
rng = random.Random(11)
told = 0
for i in range(KILLS):
    led = Ledger(state, "--config", conf, "--control").ready()
    c = Client(led)
    c.queue({"kind": "word", "type": "vault.gc", "by": "test"})
    time.sleep(rng.uniform(0, 0.5))
    led.kill()
    code, out = tool("verify", state)
    if code or not all(kept(state, b) for b in body[-10:]):
        ok(False, "after kill %d all that is held is there" % i, out)
        break
    told += 1
ok(told == KILLS, "over %d kills in gc nothing that is held was lost, verify found nothing" % KILLS)
led = Ledger(state, "--config", conf, "--control").ready()
answer = gc(led)
led.stop()
ok(bool(answer) and answer["bytes"] <= 8 << 20, "and the next gc ends what was begun", (answer, tool("log", state, "vault.*")[1][-600:]))
ok(tool("verify", state) == (0, ""), "verify finds nothing", tool("verify", state)[1])
lost = [b for b in body if not kept(state, b)]
facts = {h for l in tool("log", state, "vault.dropped")[1].splitlines() for h in json.loads(l)["hashes"]}
ok({hashlib.sha256(b).hexdigest() for b in lost} == facts, "each content that is gone is named by a fact",
   (len(lost), len(facts)))
names = {"vault.pack" + (".%d" % i if i else "") for i, in
         sqlite3.connect("file:%s/ledger.db?mode=ro" % state, uri=True).execute("SELECT id FROM pack")}
there = {f for f in os.listdir(state) if f.startswith("vault.pack")}
ok(there <= names, "no pack lies about that no row names", there - names)
forget(state)


# ---- a full disk in the middle ----
def mount_small(size):
    base = tempfile.mkdtemp(prefix="hinoban-full-")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", base],
                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode:
        os.rmdir(base)
        return None
    os.chmod(base, 0o755)
    return base


base = mount_small("48m") if os.getuid() == 0 else None
if base:
    state = os.path.join(base, "state")
    tool("create", state)
    conf = config(state, 'keep = 0\nevidence = 0\nmax_size = 4M')
    body = fill(state, conf, 5, 12, 400000, seed=9)
    led = Ledger(state, "--config", conf, "--control").ready()
    c = Client(led)
    ballast = os.path.join(base, "ballast")
    fill_disk(ballast)
    reserve = os.path.join(state, "reserve")
    other = {"kind": "word", "type": "mode", "role": "all", "mode": "heal", "by": "test", "reason": "x"}
    said = c.fact(other)
    ok(isinstance(said, str) and "is full" in said, "with a full disk a word is refused", said)
    ok(led.proc.poll() is None, "with a full disk the ledger lives on", led.stderr())
    code, out = tool("verify", state)
    ok(code == 0 and all(kept(state, b) for b in body[-5:]), "and nothing is lost", out)
    did = gc(led, c)
    ok(did.get("bytes", 1 << 60) <= 4 << 20 and did["dropped"] > 0, "but gc is done, and told", did)
    until = time.monotonic() + 10
    while not isinstance(said := c.fact(other), int) and time.monotonic() < until:
        time.sleep(0.2)
    ok(isinstance(said, int), "and then words are taken again", said)
    ok(os.path.exists(reserve) and os.stat(reserve).st_blocks * 512 >= 8 << 20, "what it took is kept back anew")

    led.stop()
    ok(tool("verify", state) == (0, "") and all(kept(state, b) for b in body[-5:]),
       "verify finds nothing", tool("verify", state)[1])
    subprocess.run(["umount", "-l", base])
    os.rmdir(base)
else:
    skip("a full disk in the middle of gc", "needs the right to mount a small file system")


# ---- what an operator can do about a full disk ----
def hinoban_gc():
    p = subprocess.run([os.path.join(BUILD, "hinoban"), "vault", "gc", "--config", conf, "--json"],
                       capture_output=True, text=True, timeout=120, env=dict(os.environ, LC_ALL="C.UTF-8"))
    return p.returncode, p.stdout, p.stderr


def short_log():
    """As if it had never been long: each transaction takes room for its own."""
    db = sqlite3.connect(os.path.join(state, "ledger.db"))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    tool("verify", state)


base = mount_small("160m") if os.getuid() == 0 else None
if base:
    state, ballast = os.path.join(base, "state"), os.path.join(base, "ballast")
    tool("create", state)
    conf = config(state, 'keep = 0\nevidence = 0\nmax_size = 1M')
    body = fill(state, conf, 50, 100, 1500)
    short_log()
    led = Ledger(state, "--config", conf, "--control").ready()
    s = Sender(led, "guard")
    fill_disk(ballast)
    ids = [s.queue(baseline("full%d.php" % i, "x" * 50)) for i in range(300)]
    time.sleep(1)
    code, out, err = hinoban_gc()
    did = json.loads(out or "{}")
    ok(code == 0 and did["dropped"] > 4000 and did["bytes"] <= 1 << 20,
       "with a full disk `hinoban vault gc` makes room, thousands of small contents", (code, out, err, led.stderr()))
    s.settle(ids[-1])
    ok(all(i in s.seq for i in ids), "and what waited is recorded")
    ok(bool(tool("log", state, "disk.full")[1]), "as is that there was no room")
    led.stop()

    fill_disk(ballast)
    code, out, err = hinoban_gc()
    ok(code == 0 and json.loads(out)["dropped"] == 0, "also where hinoband is down", (code, out, err))

    os.unlink(ballast)
    led = Ledger(state, "--config", conf, "--control").ready()
    s = Sender(led, "command")
    more = bodies(300, 1500, seed=11)
    for i in range(300):
        give(s, change_of("f%d.php" % (i % 50), more[i - 50] if i >= 50 else body[-50 + i], more[i], deploy=1), more[i])
    s.settle(s.next - 1)
    led.stop()
    short_log()
    led = Ledger(state, "--config", conf, "--control").ready()
    s = Sender(led, "guard")
    # What was kept back is not there when it is wanted, but for room for a word.
    for room, says in ((0, "is full"), (96 << 10, "has no room even for that")):
        fill_disk(ballast)
        os.truncate(ballast, os.path.getsize(ballast) - room)
        with open(os.path.join(state, "reserve"), "wb") as f:
            f.write(b"\0" * room)
        fill_disk(ballast)
        ids = [s.queue(baseline("wait%d.%d.php" % (room, i), "x" * 50)) for i in range(900)]
        time.sleep(1)
        began = time.monotonic()
        code, out, err = hinoban_gc()
        ok(code == 3 and says in err and time.monotonic() - began < 10,
           "with %d bytes kept back it is told that it can't be done" % room, (code, out, err))
    os.unlink(ballast)
    s.settle(ids[-1])
    said = [json.loads(l) for l in tool("log", state, "vault.collected")[1].splitlines()]
    ok("fault" in said[-1] and said[-1]["dropped"] == 0, "and recorded, once there is room", said)
    did = gc(led)
    ok(did["dropped"] > 0, "when it can be done, too", did)
    led.stop()
    lost = {hashlib.sha256(b).hexdigest() for b in body + more if not kept(state, b)}
    facts = {h for l in tool("log", state, "vault.dropped")[1].splitlines() for h in json.loads(l)["hashes"]}
    ok(lost == facts and len(lost) > 4000, "each content that is gone is named by a fact", (len(lost), len(facts)))
    ok(tool("verify", state) == (0, ""), "verify finds nothing", tool("verify", state)[1])
    subprocess.run(["umount", "-l", base])
    os.rmdir(base)
else:
    skip("what an operator can do about a full disk", "needs the right to mount a small file system")


# ---- very many small contents ----
state = new_state()
conf = config(state, 'keep = 0\nevidence = 0\nmax_size = 100K')
body = fill(state, conf, 2, 4500, 60, seed=19)
packs = {n: os.path.getsize(os.path.join(state, n)) for n in os.listdir(state) if n.startswith("vault.pack")}
ok(len(packs) == 2 and kept(state, body[0]) and kept(state, body[-1]),
   "a pack holds so many contents that its rows are soon counted", packs)
led = Ledger(state, "--config", conf, "--control").ready()
answer = gc(led)
led.stop()
ok(answer["dropped"] > 8000 and answer["bytes"] <= 100 << 10 and kept(state, body[-1]), "gc over both", answer)
ok(tool("verify", state) == (0, ""), "verify finds nothing", tool("verify", state)[1])
forget(state)


# ---- what somebody altered is not hidden by gc ----
state = new_state()
conf = config(state, 'keep = 0\nevidence = 0\nmax_size = 1K')
body = fill(state, conf, 2, 20, 3000, seed=13)
db = sqlite3.connect(os.path.join(state, "ledger.db"))
victim = hashlib.sha256(body[-1]).digest()
db.execute("DELETE FROM vault WHERE hash = ?", (victim,))
db.commit()
db.close()
code, out = tool("verify", state)
ok(code == 1 and "is kept is gone, and no fact tells" in out, "verify names the fact whose content was taken", out)
led = Ledger(state, "--config", conf, "--control").ready()
answer = gc(led)
ok(bool(answer) and "fault" in answer and not tool("log", state, "vault.dropped")[1],
   "gc drops nothing from a pack whose rows are not those that were signed", answer)
led.stop()
code, out = tool("verify", state)
ok(code == 1 and "is kept is gone, and no fact tells" in out, "and verify still tells", out)
forget(state)

state = new_state()
conf = config(state, 'keep = 0\nevidence = 0\nmax_size = 1K')
body = fill(state, conf, 2, 20, 3000, seed=17)
db = sqlite3.connect("file:%s/ledger.db?mode=ro" % state, uri=True)
place, = db.execute("SELECT place FROM vault WHERE hash = ?", (hashlib.sha256(body[-1]).digest(),)).fetchone()
db.close()
with open(os.path.join(state, "vault.pack"), "r+b") as f:
    f.seek(place + 40)
    b = f.read(1)
    f.seek(-1, 1)
    f.write(bytes([b[0] ^ 0x20]))
ok(not kept(state, body[-1]), "an altered content is not given out")
led = Ledger(state, "--config", conf, "--control").ready()
answer = gc(led)
led.stop()
code, out = tool("verify", state)
ok(bool(answer) and "fault" in answer and code == 1 and "the content is not what its hash says" in out,
   "nor copied on as if it were good: gc says so, verify finds it", (answer, out))
forget(state)


# ---- a ledger that dies with the word taken ----
def one_who_dies(state, ends):
    """In the ledger's place: greets, takes a word, and is gone."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    door.bind(os.path.join(state, "run/ledger.sock"))
    door.listen()

    def serve():
        peer = door.accept()[0]
        send(peer, "HELLO_ACK" if recv(peer)[0] == "HELLO" else "STOP", 0, {})
        kind, ident, _, _ = recv(peer)
        if kind == "FACT" and not ends:
            send(peer, "ACK", ident, {"n": 1, "seq": 1000})
        peer.close()
        door.close()
    threading.Thread(target=serve, daemon=True).start()


for lang, want in (("en", "the ledger ended before it answered"), ("ja", "台帳が応答する前に終了しました")):
    for ends in (False, True):
        state = new_state()
        conf = config(state, "keep = 0")
        one_who_dies(state, ends)
        try:
            p = subprocess.run([os.path.join(BUILD, "hinoban"), "vault", "gc", "--config", conf, "--lang", lang],
                               capture_output=True, text=True, timeout=20, env=dict(os.environ, LC_ALL="C.UTF-8"))
            out = p.returncode, p.stdout, p.stderr
        except subprocess.TimeoutExpired:
            out = "it hangs"
        ok(out[0] == 3 and want in out[2] and "hinoban log --type vault" in out[2],
           "gc ends when the ledger does, %s (%s)" % ("before it took the word" if ends else "the word taken", lang), out)
        forget(state)
done()
