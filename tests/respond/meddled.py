#!/usr/bin/env python3
"""Somebody writes to code in place while a release is under way that does not touch it: by its path, by another
name outside of the shop, by a call whose flags can't be told. Nobody reads what he writes. What the release itself
writes in place is read at once, and stays."""
import os
import threading
import time
from contextlib import suppress

from held import EVIL, FILES, GOOD, PAY, Held, end, ok, openat2, outside, quiet

SECONDS = 4
NEW = "<?php // of the release %d\n"


def read_on(s, seconds):
    """As a web worker: some milliseconds lie between each second open and its read."""
    def act(s):
        seen, until, n = {}, time.monotonic() + seconds, 0
        while time.monotonic() < until:
            n += 1
            try:
                with open(s.path(PAY), "rb", buffering=0) as f:
                    time.sleep(0.003 * (n % 2))
                    got = f.read().decode(errors="replace")
            except OSError as e:
                got = type(e).__name__
            seen[got] = seen.get(got, 0) + 1
        return seen
    return s.intruder(act)


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
    began = time.monotonic()
    r = s.run("deploy", "--", "sh", "-c", "; ".join(
        "cat %s/%d >%s" % (outside(s), i, other if i == 0 else s.path(rel)) for i, rel in enumerate(names)))
    took = time.monotonic() - began
    ok(r.code == 0 and took < 10, "a release writes in place (%.1f s)" % took, r)
    got = [s.customer(rel) for rel in names]
    ok(got == [NEW % i for i in range(len(names))], "and it is read at once", got)
    quiet(4)
    ok([s.customer(rel) for rel in names] == got and not s.facts("order"), "and stays", s.facts("order")[:3])


s = Held(FILES).open()
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
ok(not [f for f in s.log("--type", "role.died")], "and all processes are those of the beginning")
s.stop()
s.done()
end()
