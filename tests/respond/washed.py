#!/usr/bin/env python3
"""A release approves what it wrote, not what it found: code that the web user altered before stays unapproved, whatever
a release does to its rights, times, names and links; and who alters while a release goes over all files wins nothing."""
import multiprocessing
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from held import EVIL, FILES, GOOD, PAY, Held, end, ok, own, wait_for

NEW = GOOD + "// two\n"
TOUCHES = ("chown -R www-data: .", "chmod -R u+rwX .", "find . -exec touch {} +", "cp -al . ../bk && rm -rf ../bk",
           "mv payment payment.old && mv payment.old payment", "mv lib payment .. && sleep 1 && mv ../lib ../payment .",
           "ln payment/CardPayment.php ../x && rm ../x", "setfattr -n user.x -v 1 payment/CardPayment.php",
           "mv payment/CardPayment.php payment/Card.php && mv payment/Card.php payment/CardPayment.php")


def put(path, text):
    if os.path.exists(path):
        os.unlink(path)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def alter(s):
    put(s.path(PAY), EVIL)
    put(s.path("lib/shell.php"), EVIL + "system($_GET['x']);\n")


def open_findings(s):
    return sorted({(f["type"], f["path"]) for f in s.run("findings", "--json").lines() if "path" in f})


def is_approved(s, rel):
    """Does what stands there now count as approved?"""
    rows = s.run("versions", "--json", s.path(rel)).lines()
    return bool(rows) and bool(rows[-1].get("approved"))


def found(mode, command):
    s = Held(mode=mode)
    s.start().ready()
    s.intruder(alter)
    s.settle()
    before = open_findings(s)
    ok(len(before) == (1 if mode == "hold" else 2), "%s: altered code is found" % mode, before)
    r = s.run("deploy", "--", "sh", "-c", command, cwd=s.dir)
    s.settle()
    ok(r.code == 0, "%s: a release: %s" % (mode, command), r)
    missing = [x for x in before if x not in open_findings(s)]
    ok(not missing, "the findings are open still", (missing, s.log("--path", PAY)[-3:]))
    ok(not is_approved(s, PAY) and not is_approved(s, "lib/shell.php"), "what it found there is not approved",
       s.run("versions", s.path(PAY)))
    r = s.run("restore", s.path(PAY), "--yes", "--reason", "test")
    ok(r.code == 0 and wait_for(lambda: s.healed(), 10), "and can be restored", r)
    s.stop()
    s.done()


def written():
    """What it writes is approved, though somebody had put the same there before; so is what it renames into place."""
    for how in ("cp ../two payment/CardPayment.php", "rsync -a --checksum ../two payment/CardPayment.php",
                "cp ../two payment/.new && mv payment/.new payment/CardPayment.php"):
        s = Held(mode="watch")
        s.start().ready()
        put(os.path.join(s.base, "two"), NEW)
        own(s.dir)
        s.intruder(lambda s: put(s.path(PAY), NEW))
        s.settle()
        ok(len(open_findings(s)) == 1, "a change by the web user is found", open_findings(s))
        if how.startswith("rsync"):
            s.run("restore", s.path(PAY), "--yes", "--reason", "test")
            s.settle()
        r = s.run("deploy", "--", "sh", "-c", how, cwd=s.dir)
        s.settle()
        ok(r.code == 0 and not open_findings(s), "a release that brings the same approves it: " + how,
           (r, open_findings(s), s.log("--path", PAY)[-3:]))
        ok(is_approved(s, PAY), "it is approved", s.run("versions", s.path(PAY)))
        s.stop()
        s.done()


def race(s, until):
    """Rename altered code over that of the shop, as long as the release goes on."""
    n = 0
    while not until.is_set():
        for rel in (PAY, "lib/f7.php", "lib/f400.php"):
            put(s.path("uploads/new.txt"), EVIL)
            os.rename(s.path("uploads/new.txt"), s.path(rel))
            n += 1
            time.sleep(0.03)
    return n


def raced():
    s = Held({**FILES, **{"lib/f%d.php" % i: "<?php // %d\n" % i for i in range(800)}})
    s.open()
    until = multiprocessing.Event()
    pid = os.fork()
    if pid == 0:
        s.intruder(race, until)
        os._exit(0)
    r = s.run("deploy", "--", "sh", "-c", "for i in 1 2 3 4 5 6; do chown -R www-data: .; find . -exec touch {} +; done", cwd=s.dir)
    until.set()
    os.waitpid(pid, 0)
    ok(r.code == 0, "a release that goes over all files while the web user alters some", r)
    s.settle()
    bad = []

    def all_good():
        bad.clear()
        for rel in [PAY] + ["lib/f%d.php" % i for i in range(800)]:
            if "EVIL" in s.customer(rel):
                bad.append(rel)
        return not bad
    ok(wait_for(all_good, 20), "no altered code is left, nor approved", (bad, [s.log("--path", x)[-4:] for x in bad[:1]]))
    s.stop()
    s.done()


def main():
    for command in TOUCHES:
        found("watch", command)
    found("hold", TOUCHES[0])
    found("hold", TOUCHES[4])
    written()
    raced()
    end()


if __name__ == "__main__":
    main()
