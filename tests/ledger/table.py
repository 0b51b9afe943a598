#!/usr/bin/env python3
"""The copy of the table of files: patched by what came since, it is what the view gives."""
import random

from harness import *

rng = random.Random(3)
state = new_state()
copy = os.path.join(state, "table")


def session(drafts):
    led = Ledger(state).ready()
    s = Sender(led, "command")
    ids = []
    for d in drafts:
        ids.append(s.queue(d))
        if len(ids) % 200 == 0:
            s.settle(ids[-1])
    s.settle(ids[-1])
    assert not s.refused, s.refused
    assert led.stop() == 0, led.stderr()
    return [s.seq[i] for i in ids]


def same(what):
    """With and without the copy."""
    with_copy = tool("files", state)[1]
    code, out = tool("verify", state)
    ok(code == 0, what + ": verify holds the copy against the facts", out)
    os.rename(copy, copy + ".away")
    without = tool("files", state)[1]
    os.rename(copy + ".away", copy)
    ok(with_copy == without and with_copy, what + ": the same table with and without it")
    return with_copy


roots = {"kind": "sighting", "type": "watch.started", "roots": ["/srv/shop", "/srv/b"],
         "profile": "plain", "marks": "none", "procs": False}
session([roots] + [baseline("d%d/f%d.php" % (i % 40, i), str(i)) for i in range(1500)] +
        [baseline("b%d" % i, str(i), root="/srv/b") for i in range(50)])
ok(os.path.exists(copy), "after many facts a copy is written")
stamp = os.stat(copy).st_mtime_ns
same("fresh")
seqs = session([changed("d1/f1.php", "1", "evil"), changed("new.php", None, "x"),
                changed("d2/f2.php", "2", None), changed("d3/f3.php", "3", "deployed", deploy=1),
                {"kind": "word", "type": "approve", "root": "/srv/b", "path": "b7", "state": None,
                 "by": "x", "reason": "y", "origin": "git"},
                changed("b7", "7", None, root="/srv/b"), baseline("zz/last.php"), baseline("a"),
                changed("d1/f1.php", "1", "evil again"), baseline("x\\xff\\\\y"), roots])
ok(os.stat(copy).st_mtime_ns == stamp, "a few facts later the copy is still the old one")
text = same("patched")
ok("b7" not in text.split("\n1 ", 1)[1] or " b7 " not in text, "what is approved as absent is gone")
ok("0 d3/f3.php code file" in text and text.count("d1/f1.php") == 1, "changes are in", text[:300])
moved = dict(roots, roots=["/srv/b", "/srv/shop"])
session([moved, changed("d5/f5.php", "5", "late")])
text = same("with the roots in another order")
ok(text.startswith("0 b0 "), "root numbers are places in the newest roots", text[:80])
for _ in range(4):
    drafts = []
    for _ in range(60):
        n = rng.randrange(1500)
        p = "d%d/f%d.php" % (n % 40, n)
        drafts.append(rng.choice([changed(p, "x", "y%d" % rng.randrange(9)), changed(p, "x", None),
                                  baseline(p, "again")]))
    session(drafts)
same("after random changes")
db = __import__("sqlite3").connect(os.path.join(state, "ledger.db"))
with open(copy, "r+b") as f:
    f.seek(1000)
    f.write(b"junk")
text2 = tool("files", state)[1]
ok(len(text2.splitlines()) > 1000, "a damaged copy is not used")
forget(state)
done()
