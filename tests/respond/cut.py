#!/usr/bin/env python3
"""Code that is cut by an open for reading (O_RDONLY with O_TRUNC), which the kernel takes for no writer. The first
cut empties the file for a moment; from then on such opens are refused, and nobody reads an empty file."""
import os
import threading
import time

from held import GOOD, PAY, Held, end, ok, openat2, quiet, reads, wait_for

CUT = os.O_RDONLY | os.O_TRUNC
ROOTS = "index.php"  # a file of root's, which nobody else may write to


def tries(s, cut, rel, n):
    """What comes of n cuts."""
    def act(s):
        out = {}
        for _ in range(n):
            try:
                os.close(cut(s.path(rel), CUT))
                got = "cut"
            except OSError as e:
                got = type(e).__name__
            out[got] = out.get(got, 0) + 1
            time.sleep(0.01)
        return out
    return s.intruder(act)


def read_by(s, way, rel):
    def act(s):
        try:
            fd = way(s.path(rel), os.O_RDONLY)
            return os.read(fd, 1 << 16).decode()
        except OSError as e:
            return type(e).__name__
    return s.intruder(act)


class Reader(threading.Thread):
    """A process of the web server that reads on."""

    def __init__(self, s, seconds):
        super().__init__()
        self.s, self.seconds, self.seen = s, seconds, {}
        self.start()

    def run(self):
        self.seen = reads(self.s, PAY, self.seconds)


def first(s):
    reader = Reader(s, 2)
    quiet()
    done = tries(s, os.open, PAY, 20)
    reader.join()
    ok(done.get("cut", 0) >= 1 and done.get("PermissionError", 0) >= 15, "after a first cut they are refused", done)
    ok(set(reader.seen) <= {GOOD, ""} and reader.seen.get(GOOD, 0) > 100, "who reads reads what is approved, or nothing",
       reader.seen)
    told = s.log("--type", "open.cut")
    ok(len(told) == 1 and told[0]["path"] == PAY and told[0]["wary_s"] == 3600, "it is told, once", told)
    ok(s.healed(), "and it is put back")


def later(s, cut, what):
    reader = Reader(s, 2)
    quiet()
    done = tries(s, cut, PAY, 100)
    reader.join()
    ok(done == {"PermissionError": 100}, "from then on cuts are refused (%s)" % what, done)
    ok(set(reader.seen) == {GOOD}, "and nobody reads anything else", reader.seen)


def unseen(s):
    """Nobody opens it before it is put back: the guard tells of it."""
    done = tries(s, os.open, PAY, 1)
    ok(done == {"cut": 1} and wait_for(lambda: s.log("--type", "open.cut"), 10), "a cut that nobody met is told", done)
    ok(s.healed(), "and put back")


s = Held().open()
s.run("deploy", "--", "chown", "0:0", s.path(ROOTS))
quiet(4)  # while a release goes on, each open is asked about anyhow
for rel in (PAY, ROOTS):
    s.customer(rel)
first(s)
later(s, os.open, "open")
later(s, openat2, "flags in memory")
ok(read_by(s, openat2, PAY) == "PermissionError", "whose flags can't be told opens nothing that he might cut")
got = read_by(s, openat2, ROOTS)
ok(got.startswith("<?php"), "but what only root may write to", (got, os.stat(s.path(ROOTS))))
r = s.run("deploy", "--", "sh", "-c", "printf new >%s" % s.path(PAY))
ok(r.code == 0 and s.customer() == "new", "a deploy writes as ever", r)
s.stop()
s.done()
s = Held().open()
s.customer()
unseen(s)
s.stop()
s.done()
end()
