#!/usr/bin/env python3
"""A case as large as an attack can make it: what is told of it is right, and is told at all."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from harness import Shop, end, ok  # noqa: E402

MANY = 20000  # where each is held against each other one, it takes minutes
GONE, AGAIN = 3000, 1000

shop = Shop({"lib/payment.php": "<?php\nfunction pay($card)\n{\n\treturn send($card);\n}\n", "uploads/a.txt": "hello\n"})
ok(shop.init("--lang", "en").code == 0, "init")


def shell(i):
    return "uploads/%d/x%d.php" % (i % 20, i)


def plant(numbers):
    for i in numbers:
        shop.write(shell(i), "<?php system($_GET['%d']);\n" % i)
    shop.run("check")


plant(range(MANY))
for i in range(GONE):
    os.unlink(shop.path(shell(i)))
shop.run("check")
plant(range(AGAIN))
r = shop.run("case", "1", "--json")
c = r.lines()[0]
ok(r.code == 1 and len(c["findings"]) == MANY + AGAIN, "case --json has each finding", (r.code, len(c["findings"])))
windows = {}
for w in c["windows"]:
    windows.setdefault(w["object"], []).append(w)
ok(set(windows) == {shell(i) for i in range(MANY)}, "each file has its exposure", len(windows))
wrong = [(i, windows.get(shell(i))) for i in range(MANY) if [w["end"] for w in windows.get(shell(i), [])] !=
         (["removed"] if i < GONE else []) + (["lasts"] if i < AGAIN or i >= GONE else [])]
ok(not wrong, "which ends where the file is gone, and begins anew where it is back", wrong[:2])
sweeps = sorted(f["seq"] for t in ("watch.rescanned", "baseline.done") for f in shop.log("--type", t))
wrong = [w for w in c["windows"] if w["refs"][0] != max(s for s in sweeps if s < w["refs"][1]) or
         not w["earliest"] <= w["from"]]
ok(not wrong, "none of them was there at the sweep before", wrong[:2])
r = shop.run("case", "1")
ok(r.code == 1 and r.out.count(b"still so") == MANY - GONE + AGAIN and shell(MANY - 1).encode() in r.out,
   "case in words", (r.code, r.out[:300]))
for form in ("json", "md", "html"):
    r = shop.run("report", "--case", "1", "--form", "forensic", "--format", form)
    ok(r.code == 1 and shell(0).encode() in r.out and shell(MANY - 1).encode() in r.out,
       "the pack for the forensic firm tells all of them: " + form, (r.code, len(r.out), r.err[-300:]))
shop.done()
end()
