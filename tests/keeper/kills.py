#!/usr/bin/env python3
"""kill -9 of every process, the keeper too, at random times while files change: nothing that was
committed is lost, and in the end the ledger knows what lies on the disk.

HINOBAN_KILL_SECONDS (20) for how long, HINOBAN_SEED for another course of things.
"""
import os
import random
import shutil
import signal
import threading
import time

from whole import Whole, end, ok

SECONDS = float(os.environ.get("HINOBAN_KILL_SECONDS", "20"))
SEED = int(os.environ.get("HINOBAN_SEED", "1"))


class Load(threading.Thread):
    """One who works in the shop without a pause: writes, renames, removes, links, whole folders."""

    def __init__(self, shop, number):
        super().__init__(daemon=True)
        self.shop, self.rng, self.number = shop, random.Random(SEED * 100 + number), number
        self.over, self.acts = False, 0

    def folder(self):
        return self.shop.path("lib/d%d_%d" % (self.number, self.rng.randrange(8)))

    def act(self):
        r, d = self.rng, self.folder()
        os.makedirs(d, exist_ok=True)
        path, other = ("%s/x%d.php" % (d, r.randrange(40)) for _ in range(2))
        kind = r.random()
        if kind < 0.6:
            with open(path, "a" if kind < 0.1 else "w") as f:
                f.write("<?php echo %d;" % r.randrange(10 ** 9))
        elif kind < 0.7:
            os.unlink(path)
        elif kind < 0.8:
            os.rename(path, other)
        elif kind < 0.85:
            os.chmod(path, r.choice((0o644, 0o600, 0o755)))
        elif kind < 0.9:
            os.link(path, other)
        elif kind < 0.93:
            os.truncate(path, r.randrange(9))
        elif kind < 0.96:
            os.rename(d, self.folder())
        else:
            shutil.rmtree(d)

    def run(self):
        while not self.over:
            try:
                self.act()
            except OSError:  # it was not there: the other acts see to that
                pass
            self.acts += 1
            time.sleep(self.rng.random() * 0.01)


class Witness:
    """Facts that were seen committed must stay, byte for byte."""

    def __init__(self, shop):
        self.shop, self.seen = shop, {}

    def look(self):
        newest = max(self.seen, default=0)
        for seq, body in self.shop.sql("SELECT seq, body FROM fact WHERE seq > %d" % newest):
            self.seen[seq] = body

    def lost(self):
        now = dict(self.shop.sql("SELECT seq, body FROM fact"))
        return [seq for seq, body in self.seen.items() if now.get(seq) != body]


def kill_at_random(s, witness, rng):
    kills = {}
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        time.sleep(rng.uniform(0.05, 1.2))
        witness.look()
        if rng.random() < 0.12:
            s.keeper.kill()
            s.keeper.wait()
            kills["keeper"] = kills.get("keeper", 0) + 1
            time.sleep(rng.uniform(0, 0.3))
            s.start()
            continue
        children = s.children()
        if not children:
            continue
        pid = rng.choice(sorted(children))
        try:
            os.kill(pid, signal.SIGKILL)
            kills[children[pid]] = kills.get(children[pid], 0) + 1
        except ProcessLookupError:
            pass
    return kills


def main():
    s = Whole({"lib/f%d.php" % i: "<?php echo %d;\n" % i for i in range(100)})
    r = s.init()
    ok(r.code == 0, "a shop", r)
    s.start().ready()
    witness, loads = Witness(s), [Load(s, i) for i in range(3)]
    for l in loads:
        l.start()
    kills = kill_at_random(s, witness, random.Random(SEED))
    for l in loads:
        l.over = True
    for l in loads:
        l.join()
    print("# %d acts, killed: %s" % (sum(l.acts for l in loads), kills))
    ok(sum(kills.values()) > SECONDS / 4, "killed often enough to mean something", kills)
    ok(bool(s.ready()), "all processes are back", s.children())
    facts = s.settle()
    ok(not witness.lost(), "of %d facts seen committed all %d are there, unaltered" % (
        len(witness.seen), facts), witness.lost()[:5])
    disk, known = s.on_disk(), s.recorded()
    ok(disk == known, "the ledger knows what lies on the disk: %d paths" % len(disk),
       [(p, disk.get(p), known.get(p)) for p in set(disk) | set(known) if disk.get(p, 0) != known.get(p, 0)][:5])
    died = s.sql("SELECT count(*) FROM fact WHERE type = 'role.died'")[0][0]
    ok(died > 0, "deaths are facts", died)
    r = s.run("check", "--full")
    ok(r.code in (0, 1), "check --full ends in order", r)
    ok(s.settle() and s.recorded() == s.on_disk(), "and finds what was known")
    r = s.run("verify")
    ok(r.code == 0, "verify: exit 0, while it runs", r)
    r = s.run("judge", "--replay")
    ok(r.code == 0, "the same facts give the same findings", r)
    ok(s.stop() == 0, "it stops in order")
    r = s.run("rebuild")
    ok(r.code == 0, "rebuild gives the same views", r)
    r = s.run("verify")
    ok(r.code == 0, "verify: exit 0", r)
    s.done()
    end()


main()
