#!/usr/bin/env python3
"""An intruder who has the gate keep as many files open as it may: one after the other in the place of code, or
one under name after name. Code is written to in place then: nobody reads what is not approved, also who
opened it before."""
import os
import resource
import signal
import threading
import time
from contextlib import suppress

from held import EVIL, FILES, GOOD, PAY, Held, end, ok, ok_closed, outside, quiet, reads

LIMIT = 2000  # of descriptors; the gate keeps files by half of them
MANY, CROWD = ["lib/many%d.php" % i for i in range(400)], 600
TEMPLATE, TEXT = "templates/page.html", "<p>approved</p>\n"


def kept(s):
    return len(os.listdir("/proc/%d/fd" % s.pids("gate")[0]))


def one_after_the_other(s, n):
    """What is approved under the template's name is kept by the gate; the intruder keeps it by another name."""
    aside = os.path.join(s.base, "outside")
    for i in range(n):
        name = os.path.join(aside, "%d.html" % i)
        with open(name, "w") as f:
            f.write(TEXT)
        os.link(name, os.path.join(aside, "next"))
        os.rename(os.path.join(aside, "next"), s.path(TEMPLATE))
        with open(s.path(TEMPLATE)) as f:
            f.read()


def name_after_name(s, n):
    """A file that was given another name is asked about again."""
    for i in range(n):
        os.link(s.path(TEMPLATE), s.path("uploads/n.html"))
        with suppress(FileNotFoundError):
            os.unlink(s.path("uploads/n.html"))
        with open(s.path(TEMPLATE)) as f:
            f.read()


def slow_reads(s):
    """Some milliseconds lie between open and read."""
    return reads(s, PAY, 4, lambda n: 0.005)


def write_in_place(s):
    until, n = time.monotonic() + 4, 0
    while time.monotonic() < until:
        with suppress(OSError):
            with open(s.path(PAY), "r+") as f:
                f.write(EVIL)
            n += 1
        time.sleep(0.03)
    return n


def hurried(s):
    """Opens for writing that wait for nothing break a lease each, all at once, in a crowd of processes."""
    def keep(s):
        for name in MANY:
            with open(s.path(name)) as f:
                f.read()

    def crowd(s):
        pids = []
        for _ in range(CROWD):
            pid = os.fork()
            if pid == 0:
                time.sleep(60)
                os._exit(0)
            pids.append(pid)
        return pids

    def act(s):
        pids, failed, seen = crowd(s), 0, {}
        for name in MANY:
            try:
                os.close(os.open(s.path(name), os.O_WRONLY | os.O_NONBLOCK))
            except OSError:
                failed += 1
        with open(os.path.join(s.base, "outside", "e"), "w") as f:
            f.write(EVIL)
        os.rename(os.path.join(s.base, "outside", "e"), s.path(PAY))
        until = time.monotonic() + 6
        while time.monotonic() < until:
            try:
                with open(s.path(PAY)) as f:
                    got = f.read()
            except OSError as e:
                got = type(e).__name__
            seen[got] = seen.get(got, 0) + 1
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        return failed, seen
    for _ in range(2):
        s.intruder(keep)
        quiet(2)
    failed, seen = s.intruder(act)
    ok(failed > len(MANY) / 2 and EVIL not in seen and seen.get(GOOD, 0) > 10, "hundreds of leases broken at once: nobody reads what is not approved", (failed, seen))
    ok(s.healed(), "and it is put back")


resource.setrlimit(resource.RLIMIT_NOFILE, (LIMIT, LIMIT))  # hinoban's processes get no more
s = Held({**FILES, TEMPLATE: TEXT, **{n: "<?php // %s\n" % n for n in MANY}}).open()
outside(s)  # he can't make it himself
hurried(s)
for way in (one_after_the_other, name_after_name):
    seen = {}
    ok(s.intruder(way, 2 * LIMIT) is None and s.customer(TEMPLATE) == TEXT, "%s: code is read" % way.__name__)
    quiet(2)
    ok(kept(s) < LIMIT / 2, "the gate has room left", kept(s))
    reader = threading.Thread(target=lambda: seen.update(slow_reads(s)))
    reader.start()
    written = s.intruder(write_in_place)
    reader.join()
    ok_closed(s, EVIL not in seen and seen.get(GOOD, 0) > 10, "written to in place: nobody reads it", (written, seen))
    ok(s.healed() and s.healed(TEMPLATE, TEXT), "and all is as it was")
died = s.log("--type", "role.died")
ok(not died, "none of hinoban's processes died", died)
s.stop()
s.done()
end()
