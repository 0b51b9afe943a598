#!/usr/bin/env python3
"""A machine so busy that an open can't be decided in time (here: all readers are stopped). Code
that is as approved is opened all the same; what was altered, or is new, is not."""
import os
import signal
import time

from held import FILES, GOOD, PAY, WEB, Held, end, ok, put, wait_for
from tamper import rename_over

BIG = "lib/big.php"
BIG_MIB = 100
NEW = "<?php function planted() {}\n"


def signal_readers(s, sig):
    pids = s.pids("reader")
    for pid in pids:
        os.kill(pid, sig)
    return len(pids)


def touched(s):
    """Nobody need write to a file to make it unlike its entry in the index."""
    os.utime(s.path("lib/a.php"), (1e9, 1e9))


def big(rel, ending):
    """Code that nobody parses whole; its hash tells."""
    def write(s):
        new = os.path.join(s.base, "big")
        with open(new, "w") as f:
            for i in range(BIG_MIB):
                f.write(("%7d" % i + " " * 120 + "\n") * 8192)
            f.write(ending)
        os.chown(new, WEB, WEB)
        os.rename(new, s.path(rel))
    return write


def read_end(s, rel=BIG):
    """What a process of the web server reads at its end, or the error; and how long that took."""
    def read(s):
        with open(s.path(rel), "rb") as f:
            f.seek(-4, os.SEEK_END)
            return f.read().decode()
    begun = time.monotonic()
    return s.intruder(read), time.monotonic() - begun


def told(s):
    return {(f["path"], f["answer"]) for f in s.log("--type", "open.late")}


def main():
    s = Held(before=big(BIG, "GOOD")).open()
    ok(s.customer() == GOOD, "the shop is read")
    ok(signal_readers(s, signal.SIGSTOP) > 0, "the readers stand still")
    begun = time.monotonic()
    touched(s)
    got = s.customer("lib/a.php")
    ok(got == FILES["lib/a.php"], "code as approved, but touched, is opened", got)
    ok(time.monotonic() - begun > 1.5, "after the open's patience", time.monotonic() - begun)
    s.intruder(rename_over)
    got = s.customer()
    ok(isinstance(got, PermissionError), "altered code is not", got)
    s.intruder(put, "lib/new.php", NEW)
    got = s.customer("lib/new.php")
    ok(isinstance(got, PermissionError), "nor is new code", got)
    os.utime(s.path(BIG), (1e9, 2e9))
    got, took = read_end(s)
    ok(got == "GOOD", "so is large code (%d MiB) opened as approved, after %.1f s" % (BIG_MIB, took), got)
    big(BIG, "EVIL")(s)
    got, took = read_end(s)
    ok(isinstance(got, PermissionError), "and refused where it is altered, of the same size, after %.1f s" % took, got)
    signal_readers(s, signal.SIGCONT)
    # Of our own processes' opens, which are let through, it tells as well.
    want = {("lib/a.php", "allowed"), (PAY, "refused"), ("lib/new.php", "refused"),
            (BIG, "allowed"), (BIG, "refused")}
    ok(wait_for(lambda: want <= told(s), 10), "the ledger has each", told(s))
    ok(s.healed() and s.customer() == GOOD, "what was altered is put back")
    ok(wait_for(lambda: not os.path.exists(s.path("lib/new.php")), 10), "what was new is taken away")
    s.stop()
    s.done()


main()
end()
