#!/usr/bin/env python3
"""What the whole does when a process hangs, the disk is full, the state can't be written or was
altered: it goes on or says clearly why it can't, and nothing is lost."""
import ctypes
import os
import signal
import sqlite3
import struct
import subprocess
import threading
import time
from contextlib import suppress

from whole import BUILD, SOURCE, Whole, end, ok, skip, wait_for

FILES = {"lib/f%d.php" % i: "<?php echo %d;\n" % i for i in range(3)}


def swallow(fd):
    with suppress(OSError):
        while True:
            os.read(fd, 1 << 20)


def fresh():
    s = Whole(FILES)
    r = s.init()
    if r.code != 0:
        ok(False, "a shop", r)
    return s


def refuses(s, what, words):
    """hinoband in the foreground must end with 3 and say why."""
    env = {"PATH": os.environ["PATH"], "HINOBAN_PROFILES": os.path.join(SOURCE, "profiles")}
    p = subprocess.run([os.path.join(BUILD, "hinoband"), "--config", s.config, "--no-console"], env=env,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
    ok(p.returncode == 3 and words in p.stdout, what, "exit %d: %s" % (p.returncode, p.stdout))


def hangs():
    """SIGSTOP: a process that lives but does nothing is as bad as a dead one."""
    s = fresh()
    s.start().ready()
    stopped = [pid for pid, role in s.children().items() if role != "reader"]
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    s.write("lib/meanwhile.php", "<?php meanwhile();")
    ok(wait_for(lambda: not set(stopped) & set(s.children())), "who gives no sign of life is ended")
    ok(bool(s.ready()), "and started again", s.children())
    died = wait_for(lambda: [d for d in s.log("--type", "role.died")] if len(s.log("--type", "role.died")) >= len(
        stopped) else None) or []
    ok({d["role"] for d in died if d.get("why") == "no sign of life"} == {"guard", "gate", "fence", "hand", "ledger", "judge",
                                                                           "desk"},
       "each is a fact with the reason", died)
    found = wait_for(lambda: [f for f in s.log("--kind", "finding") if f["path"] == "lib/meanwhile.php"])
    ok(bool(found), "and what was planted meanwhile is found")
    ok(s.stop() == 0, "it stops in order")
    s.done()


def away():
    """The keeper itself is stopped for a while, as a machine's pause does: nobody is to blame for that."""
    s = fresh()
    s.start().ready()
    before = set(s.children())
    os.kill(s.keeper.pid, signal.SIGSTOP)
    time.sleep(5)
    os.kill(s.keeper.pid, signal.SIGCONT)
    time.sleep(2)
    ok(set(s.children()) == before and not s.log("--type", "role.died"), "the keeper was away: it ends nobody for that",
       s.log("--type", "role.died"))
    s.stop()
    s.done()


def bereft():
    """The processes that look into others' memory for the guard and the gate are killed: both begin anew, with others."""
    s = fresh()
    s.start().ready()

    def lookers():
        out = set()
        for pid, role in s.children().items():
            if role in ("guard", "gate"):
                with suppress(FileNotFoundError), open("/proc/%d/task/%d/children" % (pid, pid)) as f:
                    out |= set(map(int, f.read().split()))
        return out
    before = lookers()
    for pid in before:
        os.kill(pid, signal.SIGTERM)
    time.sleep(2)
    ok(len(before) == 9 and lookers() == before, "asked to end, they end with their parents only", (before, lookers()))
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    ok(wait_for(lambda: len(lookers()) == 9 and not lookers() & before and s.complete(), 15), "killed: there are others soon",
       lookers())
    died = {f["role"] for f in s.log("--type", "role.died")}
    ok(died == {"guard", "gate"}, "and it is told", died)
    s.stop()
    s.done()


def wakes(s):
    out = {}
    for pid, role in s.children().items():
        with open("/proc/%d/status" % pid) as f:
            out[pid, role] = [int(line.split()[1]) for line in f if line.startswith("voluntary_ctxt_switches")][0]
    return out


def rest():
    """Where nothing happens the processes let the machine alone; what happens then is told at once."""
    s = fresh()
    s.start().ready()
    s.settle()
    time.sleep(5)
    before = wakes(s)
    time.sleep(4)
    # Guard and gate hear of whatever else the machine does.
    often = {r[1]: n - before[r] for r, n in wakes(s).items() if r in before and r[1] not in ("guard", "gate")}
    ok(often and max(often.values()) < 4 * 6, "at rest no process wakes more than 6 times a second", often)
    s.write("lib/f1.php", "<?php tampered();")
    ok(wait_for(lambda: s.log("--type", "file.tampered"), 2), "and what happens then is told at once")
    s.stop()
    s.done()


def full_disk():
    s = fresh()
    ok(subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", s.state]).returncode == 0, "a small disk")
    os.unlink(s.config)
    r = s.init()
    ok(r.code == 0, "a ledger on it", r)
    s.start().ready()
    ballast = os.path.join(s.state, "ballast")
    with open(ballast, "wb", buffering=0) as f:
        try:
            while f.write(b"\0" * 4096):
                pass
        except OSError:
            pass
    for i in range(150):
        s.write("lib/full%d.php" % i, "<?php full(%d);" % i)
    os.unlink(s.path("lib/f0.php"))
    time.sleep(3)
    roles = set(s.children().values())
    ok({"guard", "ledger"} <= roles, "with a full disk all live on", roles)
    with open(os.path.join(s.base, "hinoband.log")) as f:
        ok("the disk is full" in f.read(), "and it is said")
    os.unlink(ballast)
    ok(wait_for(lambda: s.log("--type", "disk.full")), "that there was no room is a fact")
    s.settle()
    ok(s.recorded() == s.on_disk(), "and nothing that happened meanwhile is lost")
    r = s.run("verify")
    ok(r.code == 0, "verify: exit 0", r)
    ok(s.stop() == 0, "it stops in order")
    subprocess.run(["umount", "-l", s.state])
    s.done()


def read_only():
    s = fresh()
    subprocess.run(["mount", "--bind", s.state, s.state])
    ok(subprocess.run(["mount", "-o", "remount,ro,bind", s.state]).returncode == 0, "a state that can't be written")
    refuses(s, "hinoband ends with 3 and says why", "Read-only file system")
    r = s.run("status")
    ok(r.code == 0, "status still tells", r)
    r = s.run("verify")
    ok(r.code == 0, "verify too", r)
    r = s.run("proof", "2")
    ok(r.code == 0, "proof too", r)
    for words in (["check"], ["rebuild"], ["approve", "--all", "--reason", "x"]):
        r = s.run(*words)
        ok(r.code == 3 and (b"Read-only" in r.err or b"can't be written" in r.err),
           "%s: exit 3, with the reason" % words[0], r)
    subprocess.run(["umount", "-l", s.state])
    s.done()


def altered():
    s = fresh()
    db = sqlite3.connect(s.state + "/ledger.db")
    db.execute("CREATE TRIGGER quiet BEFORE INSERT ON fact BEGIN SELECT RAISE(IGNORE); END")
    db.commit()
    db.close()
    refuses(s, "a ledger with a trigger in it: hinoband ends with 3", "trigger quiet")
    r = s.run("verify")
    ok(r.code == 1 and b"trigger quiet" in r.out, "verify: exit 1 and what it is", r)
    r = s.run("check")
    ok(r.code == 3 and b"trigger quiet" in r.err, "check: exit 3, not clean", r)
    for name in ("ledger.db-wal", "ledger.db-shm"):
        if os.path.exists(os.path.join(s.state, name)):
            os.unlink(os.path.join(s.state, name))
    with open(os.path.join(s.state, "ledger.db"), "wb") as f:
        f.write(b"this is no database at all, but longer than a header of SQLite would have to be...")
    refuses(s, "a ledger that is no database: hinoband ends with 3", "ledger.db")
    for words in (["status"], ["check"], ["log"], ["findings"]):
        r = s.run(*words)
        ok(r.code == 3 and b"ledger.db" in r.err, "%s: exit 3, with the file's name" % words[0], r)
    r = s.run("verify")
    ok(r.code == 1 and b"ledger.db" in r.out, "verify: exit 1", r)
    s.done()


def damaged_alive():
    """Facts altered with sqlite3, then pages overwritten, under the running processes."""
    s = fresh()
    s.start().ready()
    db = sqlite3.connect(s.state + "/ledger.db", timeout=20)
    db.execute("UPDATE fact SET body = CAST(replace(body, 'f1.php', 'f9.php') AS BLOB) WHERE path = 'lib/f1.php'")
    db.execute("DELETE FROM view_file WHERE name = CAST('lib/f2.php' AS BLOB)")
    db.execute("DELETE FROM head WHERE size = (SELECT min(size) FROM head)")
    db.commit()
    db.close()
    s.write("lib/f2.php", "<?php tampered();")
    s.settle()
    found = wait_for(lambda: [f for f in s.log("--kind", "finding") if f["path"] == "lib/f2.php"])
    ok(bool(found), "with facts altered under it, it goes on to watch", s.children())
    r = s.run("verify")
    ok(r.code == 1 and all(w in r.out for w in (b"its bytes are not those", b"signed head of 1 facts is missing",
                                                b"view_file: not what")), "and verify finds each alteration", r)
    for name in ("ledger.db", "ledger.db-wal"):
        with open(os.path.join(s.state, name), "r+b") as f:
            f.seek(32)
            f.write(os.urandom(os.path.getsize(f.name) - 32))
    for words in (["status"], ["check"], ["log"], ["verify"]):
        r = s.run(*words)
        ok(r.code in (1, 3) and b"ledger" in r.out + r.err and b"Bad message" not in r.err,
           "pages overwritten: %s says so" % words[0], r)
    s.keeper.kill()
    s.keeper.wait()
    s.done()


def no_room():
    """No process can be started just when one has ended: the others go on, and it is back when there is room."""
    top = [d for d in ("/sys/fs/cgroup/pids", "/sys/fs/cgroup") if os.path.exists(os.path.join(d, "cgroup.procs"))]
    group = os.path.join(top[0], "hinoban-no-room.%d" % os.getpid()) if top else None
    s = fresh()
    s.start().ready()
    try:
        os.mkdir(group or "/")
        for pid in (s.keeper.pid, *s.children()):
            with open(os.path.join(group, "cgroup.procs"), "w") as f:
                f.write(str(pid))
        with open(os.path.join(group, "pids.max"), "w") as f:
            f.write("1")
    except OSError as e:
        skip("no room for a process", e)
        s.stop()
        s.done()
        return
    pids = set(s.children())
    judge = s.pids("judge")[0]
    os.kill(judge, signal.SIGKILL)
    time.sleep(2)
    ok(s.keeper.poll() is None and set(s.children()) == pids - {judge}, "no room for a process: the others go on", s.children())
    with open(os.path.join(group, "pids.max"), "w") as f:
        f.write("max")
    ok(wait_for(lambda: s.pids("judge")), "with room it is back")
    s.ready()
    ok(s.stop() == 0, "and all stop in order")
    s.done()
    os.rmdir(group)


def gate_again():
    """Who ends again and again begins the more rarely; but while there is no gate, no open is held."""
    s = fresh()
    s.start().ready()
    back = []
    for _ in range(9):
        pid = s.pids("gate")[0]
        os.kill(pid, signal.SIGKILL)
        back.append(wait_for(lambda: set(s.pids("gate")) - {pid}, 4))
        if not back[-1]:
            break
    ok(len(back) == 9 and all(back), "the gate, killed nine times, is started again at once each time", back)
    s.stop()
    s.done()


def stuck():
    """A filesystem in the shop that others may look at, and that does not answer: the guard can't even be ended."""
    s = fresh()
    s.start().ready()
    try:
        fd = os.open("/dev/fuse", os.O_RDWR)
    except OSError as e:
        skip("a filesystem that does not answer", "/dev/fuse: %s" % e.strerror)
        s.stop()
        s.done()
        return
    lib, options = s.path("lib"), b"fd=%d,rootmode=40755,user_id=33,group_id=33,allow_other" % fd
    ok(ctypes.CDLL(None).mount(b"silent", lib.encode(), b"fuse.silent", 6, options) == 0, "it is mounted")
    hello = os.read(fd, 1 << 20)  # FUSE_INIT, the one question that is answered: protocol 7.31
    os.write(fd, struct.pack("<IiQIIIIHHIIHHI28x", 80, 0, struct.unpack_from("<Q", hello, 8)[0], 7, 31, 65536, 0, 12, 9, 65536, 1, 16, 0, 0))
    asked = threading.Thread(target=swallow, args=(fd,), daemon=True)
    asked.start()
    died = wait_for(lambda: [d for d in s.log("--type", "role.died") if d["how"] == "stuck"], 60)
    ok(died and died[0]["role"] == "guard", "a guard that was killed and does not end is told", s.log("--type", "role.died"))
    ok(s.run("status").code == 1, "and seen in the status", s.run("status"))
    subprocess.run(["umount", "-f", lib], stderr=subprocess.DEVNULL)  # busy: but who asks is told that nobody answers
    subprocess.run(["umount", "-l", lib], check=True)
    ok(bool(s.ready()), "once it is gone another watches", s.children())
    s.stop()
    s.done()


hangs()
stuck()
gate_again()
no_room()
away()
bereft()
rest()
full_disk()
read_only()
altered()
damaged_alive()
end()
