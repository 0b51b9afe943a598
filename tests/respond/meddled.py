#!/usr/bin/env python3
"""Somebody writes to code in place while a release is under way that does not touch it: by its path, by another
name outside of the shop, by a call whose flags can't be told. Nobody reads what he writes. What the release itself
writes in place is read at once, and stays."""
import os
import signal
import subprocess
import threading
import time
from contextlib import suppress

from held import BUILD, EVIL, FILES, GOOD, PAY, WEB, Held, end, ok, openat2, outside, quiet, reads, skip, wait_for

SECONDS = 4
NEW = "<?php // of the release %d\n"


def read_on(s, seconds):
    """Some milliseconds lie between each second open and its read."""
    return reads(s, PAY, seconds, lambda n: 0.003 * (n % 2))


def meddle(s, way, path, seconds):
    def act(s):
        until, n = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            n += 1
            with suppress(OSError):
                fd = way(path, os.O_WRONLY)
                os.write(fd, EVIL.encode())
                os.close(fd)
            time.sleep(0.005)
        return n
    return s.intruder(act)


def meddled(s, way, path, what):
    seen, code = {}, []
    reader = threading.Thread(target=lambda: seen.update(read_on(s, SECONDS + 1)))
    release = threading.Thread(target=lambda: code.append(s.run("deploy", "--", "sleep", str(SECONDS)).code))
    release.start()
    quiet()
    reader.start()
    tried = meddle(s, way, path, SECONDS)
    reader.join()
    release.join()
    ok(code == [0] and isinstance(tried, int) and tried > 100, "a release goes on while he writes %s" % what, tried)
    ok(EVIL not in seen and not [x for x in seen if "EVIL" in x] and seen.get(GOOD, 0) > 100, "nobody reads it", seen)
    ok(s.healed(), "and in the end it is as it was")
    quiet(3)


def rooted(s):
    """A file of root's, made meanwhile, whose text is his (a log), moved onto code: it is not the release's."""
    release = threading.Thread(target=lambda: s.run("deploy", "--", "sleep", "3"))
    release.start()
    quiet(0.5)
    seen = {}
    reader = threading.Thread(target=lambda: seen.update(read_on(s, 3)))
    reader.start()
    for i in range(5):
        log = os.path.join(outside(s), "log%d" % i)
        with open(log, "w") as f:
            f.write(EVIL)
        s.intruder(lambda s: os.rename(log, s.path(PAY)))
        quiet()
    reader.join()
    release.join()
    ok(EVIL not in seen and seen.get(GOOD, 0) > 100, "a file of root's that he moves onto code meanwhile is not read", seen)
    ok(s.healed(), "and it is put back")


def own(s):
    """A release that writes in place, also by another name, to what is read meanwhile."""
    names = ["lib/a.php", "lib/deep/b.php", "index.php", PAY]
    other = os.path.join(outside(s), "other")
    os.link(s.path(names[0]), other)
    for rel in names:
        s.customer(rel)
    for i in range(len(names)):
        with open(os.path.join(outside(s), str(i)), "w") as f:
            f.write(NEW % i)
    before, began = len(s.facts("order")), time.monotonic()
    r = s.run("deploy", "--", "sh", "-c", "; ".join(
        "cat %s/%d >%s" % (outside(s), i, other if i == 0 else s.path(rel)) for i, rel in enumerate(names)))
    took = time.monotonic() - began
    ok(r.code == 0 and took < 10, "a release writes in place (%.1f s)" % took, r)
    got = [s.customer(rel) for rel in names]
    ok(got == [NEW % i for i in range(len(names))], "and it is read at once", got)
    quiet(4)
    undone = s.facts("order")[before:]
    ok([s.customer(rel) for rel in names] == got and not undone, "and stays", undone[:3])


def kill_release(s):
    """As by a power loss: nothing says that it ended. Its first process."""
    n = len(s.log("--type", "deploy.started"))
    p = subprocess.Popen([os.path.join(BUILD, "hinoban"), "deploy", "--", "sleep", "60"], start_new_session=True,
                         env={**os.environ, "HINOBAN_CONFIG": s.config}, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    said = wait_for(lambda: s.log("--type", "deploy.started")[n:], 10)
    os.killpg(p.pid, signal.SIGKILL)
    p.wait()
    return said[0]["pid"]


def numbered(pid, act):
    """A child of this very number."""
    for _ in range(200):
        with open("/proc/sys/kernel/ns_last_pid", "w") as f:
            f.write(str(pid - 1))
        child = os.fork()
        if child == 0:
            os._exit(act() if os.getpid() == pid else 1)
        if child == pid:
            return child
        os.waitpid(child, 0)
    return None


def lost(s):
    """A release that ended without a word: its number is a web worker's later, also for a guard and a gate that
    begin anew and hear of the release again."""
    pid = kill_release(s)
    wait_for(lambda: not os.path.exists("/proc/%d" % pid), 10)
    go, went = os.pipe()

    def act():
        os.setgroups([])
        os.setgid(WEB)
        os.setuid(WEB)
        os.read(go, 1)
        for rel in (PAY, "lib/a.php"):
            with suppress(OSError):
                with open(s.path("uploads/new"), "w") as f:
                    f.write(EVIL)
                os.rename(s.path("uploads/new"), s.path(rel))
        time.sleep(1)
        return 0
    child = numbered(pid, act)
    if not child:
        skip("the number of a release that is gone, given again", "the number could not be had")
        return
    for role in ("guard", "gate"):
        for p in s.pids(role):
            os.kill(p, signal.SIGKILL)
    ok(wait_for(lambda: s.complete() and len(s.log("--type", "gate.mode")) > 1, 20), "guard and gate begin anew")
    quiet(1)
    os.write(went, b"g")
    os.waitpid(child, 0)
    ok(s.healed() and s.healed("lib/a.php"), "what a process of that number writes is put back")
    ok(not [f for f in s.log("--type", "file.changed") if f.get("deploy")], "and is no release's")


def many_lost(s):
    for _ in range(17):
        kill_release(s)
    r = s.run("deploy", "--", "sh", "-c", "cp %s %s" % (s.path("index.php"), s.path("lib/new.php")))
    ok(r.code == 0 and s.customer("lib/new.php") == FILES["index.php"], "after 17 such a release goes as ever", r)
    quiet(1)
    ok(os.path.exists(s.path("lib/new.php")), "and stays")


s = Held(FILES).open()
lost(s)
many_lost(s)
own(s)
s.stop()
s.done()
s = Held(FILES).open()
s.customer()
link = os.path.join(outside(s), "another.txt")
meddled(s, os.open, s.path(PAY), "by its path")
meddled(s, openat2, s.path(PAY), "by a call whose flags can't be told")
s.intruder(lambda s: os.link(s.path(PAY), link))
meddled(s, os.open, link, "by a name outside of the shop")
rooted(s)
ok(not [f for f in s.log("--type", "role.died")], "and all processes are those of the beginning")
s.stop()
s.done()
end()
