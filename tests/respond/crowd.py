#!/usr/bin/env python3
"""Hundreds of files of code are written to at once, more than hinoban remembers: who has opened one of them reads
it as it was approved, though he reads it later. And a folder of code is exchanged for one with thousands of others in
it: that code's own folders are held at once, however long a look at all of them takes."""
import os
import threading
import time
from contextlib import suppress

from held import EVIL, FILES, GOOD, PAY, Held, end, ok, ok_closed, outside
from tamper import exchanged

CLOSED, LINGERING = 512, 512  # respond/memory.h, sense/gate.h
MANY = ["lib/many%d.php" % i for i in range(LINGERING + 100)]
TRIES = 2
DEEP, WIDE = "code/zz/y/x.php", 30000


def read_all(s, names):
    for name in names:
        with open(s.path(name)) as f:
            f.read()


def late(s, seconds):
    with open(s.path(PAY), "rb", buffering=0) as f:
        time.sleep(seconds)
        return f.read().decode(errors="replace")


def begin_to_write(way, path, mine):
    """Its lease is broken, and nobody waits for that."""
    with suppress(OSError):
        way(path, mine)
        os.close(os.open(mine, os.O_WRONLY | os.O_NONBLOCK))


def write(path, text, until):
    while time.monotonic() < until:
        with suppress(OSError):
            with open(os.open(path, os.O_WRONLY), "w") as f:
                f.write(text)
            return True
        time.sleep(0.003)
    return False


def by_links(s, n, seconds):
    """First the one that is about to be read, then all others."""
    mine, until = os.path.join(s.base, "outside", "pay%d" % n), time.monotonic() + seconds
    begin_to_write(os.link, s.path(PAY), mine)
    for name in MANY[:CLOSED + 50]:
        begin_to_write(os.link, s.path(name), "%s.%s" % (mine, os.path.basename(name)))
    return write(mine, EVIL, until)


def by_moves(s, n, seconds):
    """First all others, which he keeps open, then the one that is about to be read."""
    mine, until = os.path.join(s.base, "outside", "pay%d" % n), time.monotonic() + seconds
    kept = [os.open(s.path(name), os.O_RDONLY) for name in MANY]
    for name in MANY:
        begin_to_write(os.rename, s.path(name), "%s.%s" % (mine, os.path.basename(name)))
    os.rename(s.path(PAY), mine)
    done = write(mine, EVIL, until)
    for fd in kept:
        os.close(fd)
    return done


def wide(s):
    """A folder of the intruder's, made outside of the shop."""
    folder = os.path.join(s.base, "outside", "wide")
    os.makedirs(os.path.join(folder, "zz", "y"))
    for i in range(WIDE):
        os.mkdir(os.path.join(folder, "d%05d" % i))
    with open(os.path.join(folder, "zz", "y", "x.php"), "w") as f:
        f.write(EVIL)
    return folder


def last_read(s, seconds):
    """When altered code was read last; how often approved code was."""
    last, good, until = 0, 0, time.monotonic() + seconds
    while time.monotonic() < until:
        with suppress(OSError):
            now = time.monotonic()
            with open(s.path(DEEP)) as f:
                if f.read() == EVIL:
                    last = now
                else:
                    good += 1
        time.sleep(0.0005)
    return last, good


def exchanged_for_wide(s):
    folder, seen = s.intruder(wide), []
    reader = threading.Thread(target=lambda: seen.extend(s.intruder(last_read, 8)))
    reader.start()
    time.sleep(1)
    at = time.monotonic()
    s.intruder(lambda s: exchanged(folder, s.path("code")))
    reader.join()
    ok(seen[0] < at + 0.5 and seen[1] > 100, "a folder with %d in it: its code is held at once" % WIDE,
       ("until %.3f s after" % (seen[0] - at), seen[1]))
    ok(s.healed(DEEP), "and put back")


FILES[DEEP] = "<?php function x() {}\n"
s = Held({**FILES, **{n: "<?php // %s\n" % n for n in MANY}}).open()
outside(s)
for way, seconds in ((by_links, 2.5), (by_moves, 1.5)):
    for n in range(TRIES):
        s.intruder(read_all, MANY + [PAY])
        seen = []
        reader = threading.Thread(target=lambda: seen.append(s.intruder(late, seconds)))
        reader.start()
        time.sleep(0.2)
        done = s.intruder(way, n, seconds)
        reader.join()
        ok_closed(s, seen == [GOOD], "%s, %d: who reads %.1f s after his open reads approved code" % (way.__name__, n + 1, seconds),
                  (seen, done))
        ok(s.healed() and all(s.healed(name, "<?php // %s\n" % name) for name in MANY), "and all is as it was")
        time.sleep(12 if way is by_moves else 4)  # until nobody waits any more
exchanged_for_wide(s)
died = s.log("--type", "role.died")
ok(not died, "none of hinoban's processes died", died)
s.stop()
s.done()
end()
