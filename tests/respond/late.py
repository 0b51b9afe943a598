#!/usr/bin/env python3
"""A machine so busy that an open can't be decided in time (here: all readers are stopped). Code
that is as approved is opened all the same; what was altered, or is new, is not."""
import os
import signal
import time

from held import FILES, GOOD, PAY, Held, end, ok, put, wait_for
from tamper import rename_over

NEW = "<?php function planted() {}\n"


def signal_readers(s, sig):
    pids = s.pids("reader")
    for pid in pids:
        os.kill(pid, sig)
    return len(pids)


def touched(s):
    """Nobody need write to a file to make it unlike its entry in the index."""
    os.utime(s.path("lib/a.php"), (1e9, 1e9))


def told(s):
    return {(f["path"], f["answer"]) for f in s.log("--type", "open.late")}


def main():
    s = Held().open()
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
    signal_readers(s, signal.SIGCONT)
    # Of our own processes' opens, which are let through, it tells as well.
    want = {("lib/a.php", "allowed"), (PAY, "refused"), ("lib/new.php", "refused")}
    ok(wait_for(lambda: want <= told(s), 10), "the ledger has each", told(s))
    ok(s.healed() and s.customer() == GOOD, "what was altered is put back")
    ok(wait_for(lambda: not os.path.exists(s.path("lib/new.php")), 10), "what was new is taken away")
    s.stop()
    s.done()


main()
end()
