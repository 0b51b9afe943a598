#!/usr/bin/env python3
"""The watched folders themselves: another one in their place, none, and one that comes later."""
import ctypes
import os
import shutil
import signal
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from held import EVIL, FILES, GOOD, PAY, WEB, Held, end, ok, own, wait_for

EXCHANGE = 2  # renameat2(2)


def exchange(a, b):
    if ctypes.CDLL(None, use_errno=True).renameat2(-100, a.encode(), -100, b.encode(), EXCHANGE):
        raise OSError(ctypes.get_errno(), "renameat2")


class Above(Held):
    """The folder above the shop is the web user's, too: he can put another in the shop's place."""

    def __init__(self, before=None):
        super().__init__(before=before)
        os.chown(self.base, WEB, WEB)

    def beside(self, name):
        return os.path.join(self.base, name)

    def evil(self, name):
        """A copy of the shop with other payment code, beside it."""
        shutil.copytree(self.dir, self.beside(name), symlinks=True)
        with open(os.path.join(self.beside(name), PAY), "w", encoding="utf-8") as f:
            f.write(EVIL)

    def customers(self, act):
        """What a customer reads meanwhile: {"good", "evil", "missing", "refused", "odd": how often}."""
        out, into = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.setgid(WEB)
            os.setuid(WEB)
            n = dict.fromkeys(("good", "evil", "missing", "refused", "odd"), 0)
            going = [True]
            signal.signal(signal.SIGTERM, lambda *_: going.clear())
            while going:
                try:
                    with open(self.path(PAY), encoding="utf-8") as f:
                        text = f.read()
                    n["good" if text == GOOD else "evil" if text == EVIL else "odd"] += 1
                except FileNotFoundError:
                    n["missing"] += 1
                except OSError:
                    n["refused"] += 1
            os.write(into, repr(n).encode())
            os._exit(0)
        os.close(into)
        try:
            act()
        finally:
            os.kill(pid, signal.SIGTERM)
            said = os.read(out, 1000)
            os.waitpid(pid, 0)
            os.close(out)
        return eval(said)  # what we wrote ourselves


def swapped(s):
    """The web user makes a shop of his own beside ours and exchanges the two, a few times."""
    for i in range(4):
        s.evil("evil%d" % i)
        exchange(s.dir, s.beside("evil%d" % i))
        time.sleep(1.2)


def replaced(s):
    for i in range(4):
        s.evil("evil%d" % i)
        os.rename(s.dir, s.beside("old%d" % i))
        os.rename(s.beside("evil%d" % i), s.dir)
        time.sleep(1.2)


def above(s):
    """The folder above that one is exchanged."""
    for i in range(4):
        top = os.path.dirname(s.dir)
        shutil.copytree(top, s.beside("evil%d" % i), symlinks=True)
        with open(os.path.join(s.beside("evil%d" % i), os.path.basename(s.dir), PAY), "w", encoding="utf-8") as f:
            f.write(EVIL)
        exchange(top, s.beside("evil%d" % i))
        time.sleep(1.2)


def linked(s):
    """The shop is named by a link, as releases are."""
    for i in range(4):
        s.evil("evil%d" % i)
        os.symlink(s.beside("evil%d" % i), s.beside("next"))
        os.rename(s.beside("next"), s.dir)
        time.sleep(1.2)


def in_between(s):
    """A folder between the shop and the web user's, for `above`."""
    os.mkdir(s.beside("top"))
    os.rename(s.dir, s.beside("top/shop"))
    s.dir = s.beside("top/shop")


def by_a_link(s):
    os.mkdir(s.beside("releases"))
    os.rename(s.dir, s.beside("releases/1"))
    os.symlink(s.beside("releases/1"), s.dir)
    os.chown(s.beside("releases"), WEB, WEB)


def another(act, before=None):
    s = Above(before=before)
    if before is in_between:
        os.chown(s.beside("top"), WEB, WEB)
    if before is by_a_link:
        with open(s.config, encoding="utf-8") as f:
            conf = f.read()
        with open(s.config, "w", encoding="utf-8") as f:
            f.write(conf.replace(s.beside("releases/1"), s.dir))
    s.open()
    if before is by_a_link:  # another folder than init has seen, by its name
        ok(wait_for(lambda: len(s.log("--type", "baseline.done")) == 2, 30), "the shop by its link is inventoried", s.log()[-5:])
        ok(wait_for(lambda: s.customer() == GOOD, 10), "and handed out", s.log()[-3:])
    did = []
    n = s.customers(lambda: did.append(s.intruder(act)))
    ok(did == [None], "%s: done" % act.__name__, did)
    ok(n["odd"] == 0 and n["good"] > 100 and n["evil"] * 20 < n["good"],
       "%s: who reads code of another folder in the shop's place gets approved code" % act.__name__, n)
    ok(n["refused"] == 0, "%s: and none is refused" % act.__name__, n)
    ok(wait_for(lambda: s.customer() == GOOD, 10), "%s: the shop goes on" % act.__name__, s.log())
    ok(s.kept(EVIL), "%s: what was put there is kept" % act.__name__)
    found = wait_for(lambda: [f for f in s.log("--type", "file.tampered") if f["path"] == PAY], 10)
    ok(found, "%s: and found" % act.__name__, s.log())
    s.stop()
    s.done()


def gone():
    """Moved away by root, and back: one finding, which ends; no order for what can't be done."""
    s = Above().open()
    away = s.beside("away")
    os.rename(s.dir, away)
    found = wait_for(lambda: s.log("--type", "file.removed"), 10)
    ok(found and [f["path"] for f in found] == ["."], "the shop is moved away: one finding", found)
    ok(found and s.dir in found[0]["why"]["en"] and "フォルダ" in found[0]["why"]["ja"], "which names it", found)
    time.sleep(4)
    orders = [f for f in s.log() if f["kind"] == "order"]
    ok(len(orders) <= 2, "and nothing is ordered where nothing can be done", len(orders))
    with open(os.path.join(away, PAY), "w", encoding="utf-8") as f:
        f.write(EVIL)
    os.rename(away, s.dir)
    ok(wait_for(lambda: s.customer() == GOOD, 10), "altered while it was away: put back before it is read", s.log())
    ok(wait_for(lambda: "to be watched" not in str(s.run("findings")), 10), "it is there again: that finding is no more",
       s.run("findings"))
    ok(s.healed("lib/a.php"), "what was not altered stands there")
    s.stop()
    s.done()


def missing():
    """Not there when hinoband begins, as a disk that is not mounted: all else is watched."""
    s = Above()
    away = s.beside("away")
    os.rename(s.dir, away)
    s.open()
    found = wait_for(lambda: s.log("--type", "file.removed"), 10)
    ok(found and [f["path"] for f in found] == ["."], "hinoband begins without the shop, and says so", s.log())
    ok("hinoban stands watch" in str(s.run("status")), "status", s.run("status"))
    with open(os.path.join(away, PAY), "w", encoding="utf-8") as f:
        f.write(EVIL)
    os.rename(away, s.dir)
    ok(wait_for(lambda: s.customer() == GOOD, 10), "it comes: altered code is put back before it is read", s.log())
    ok(wait_for(lambda: "to be watched" not in str(s.run("findings")), 10), "and that finding is no more", s.run("findings"))
    s.stop()
    s.done()


def added():
    """A second folder in the settings, in mode heal: what stands there is approved, as by init; then it is watched."""
    s = Above().open()
    s.stop()
    two = s.beside("two")
    for name, text in (("index.php", "<?php echo 2;\n"), ("lib/x.php", "<?php function x() {}\n"),
                       ("lib/shell.php", "<?php eval(base64_decode($_POST['x']));\n")):
        os.makedirs(os.path.dirname(os.path.join(two, name)), exist_ok=True)
        with open(os.path.join(two, name), "w", encoding="utf-8") as f:
            f.write(text)
    own(two)
    with open(s.config, encoding="utf-8") as f:
        conf = f.read()
    with open(s.config, "w", encoding="utf-8") as f:
        f.write(conf.replace('"%s"' % s.dir, '"%s", "%s"' % (s.dir, two)))
    n = len(s.facts("order"))
    s.start().ready()
    read = lambda s, name: open(os.path.join(two, name), encoding="utf-8").read()  # noqa: E731
    ok(wait_for(lambda: s.log("--type", "watch.added"), 10), "a new folder is told", s.log())
    ok(wait_for(lambda: s.intruder(read, "index.php") == "<?php echo 2;\n", 10), "what stands there is handed out")
    found = wait_for(lambda: s.log("--type", "file.planted"), 10)
    ok([f["path"] for f in found or []] == ["lib/shell.php"], "but what is no program of a shop is a finding", found)
    ok(s.intruder(read, "lib/x.php") == "<?php function x() {}\n", "nothing else is")
    healed = [f["path"] for f in s.facts("order")[n:] if f["type"] == "order.heal"]
    ok(not healed, "and nothing is put back", healed)

    def alter(s):
        with open(os.path.join(two, "index.php"), "w", encoding="utf-8") as f:
            f.write(EVIL)
    s.intruder(alter)
    ok(s.intruder(read, "index.php") == "<?php echo 2;\n", "altered afterwards it is put back", s.log())
    s.stop()
    s.start().ready()
    ok(len(s.log("--type", "watch.added")) == 1, "told once")
    s.stop()
    s.done()


def in_front():
    """A folder that comes before the shop in the settings, with files of the same names: none is taken for another's."""
    s = Above().open()
    s.stop()
    two = s.beside("two")
    shutil.copytree(s.dir, two)
    for folder, _, names in os.walk(two):
        for name in (x for x in names if x.endswith(".php")):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write("<?php // of two\n")
    own(two)
    with open(s.config, encoding="utf-8") as f:
        conf = f.read()
    with open(s.config, "w", encoding="utf-8") as f:
        f.write(conf.replace('"%s"' % s.dir, '"%s", "%s"' % (two, s.dir)))
    n = len(s.facts("order"))
    s.start().ready()
    ok(wait_for(lambda: s.log("--type", "watch.added"), 10), "a folder before the shop is told", s.log())
    s.settle()

    def read(s):
        with open(os.path.join(two, PAY), encoding="utf-8") as f:
            return f.read()
    ok(wait_for(lambda: s.intruder(read) == "<?php // of two\n", 10), "what stands in it is its own", s.intruder(read))
    ok(s.customer() == GOOD, "and in the shop the shop's")
    ok(not s.facts("finding") and len(s.facts("order")) == n, "nothing is found, nor put back", s.facts("finding")[:2])
    s.stop()
    with open(s.config, "w", encoding="utf-8") as f:
        f.write(conf)
    r = s.run("check")
    ok(r.code == 0, "it is taken out of the settings: check goes by the shop alone", r)
    s.done()


def checked():
    """The same by `hinoban check`, while hinoband does not run."""
    s = Above(None)
    two = s.beside("two")
    os.mkdir(two)
    with open(os.path.join(two, "index.php"), "w", encoding="utf-8") as f:
        f.write("<?php echo 2;\n")
    with open(s.config, encoding="utf-8") as f:
        conf = f.read()
    with open(s.config, "w", encoding="utf-8") as f:
        f.write(conf.replace('"%s"' % s.dir, '"%s", "%s"' % (s.dir, two)))
    r = s.run("check")
    ok(r.code == 0 and not s.log("--type", "file.planted"), "check: what stands in a new folder is approved", r)
    ok(len(s.log("--type", "watch.added")) == 1, "and told", s.log())
    with open(os.path.join(two, "index.php"), "a", encoding="utf-8") as f:
        f.write("eval($_POST['x']);\n")
    r = s.run("check")
    ok(r.code == 1 and len(s.log("--type", "watch.added")) == 1, "and held against that from then on", r)
    s.done()


def begun():
    """Whoever begins after us, once we say that we are ready, reads no altered code."""
    s = Held({**FILES, **{"lib/d%d/f.php" % i: "<?php // %d\n" % i for i in range(400)}})
    s.open()
    s.stop()
    for _ in range(5):
        s.write(PAY, EVIL)
        own(s.dir)
        s.start().ready()
        got = s.customer()
        ok(got == GOOD, "ready: altered while nobody watched, and not read any more", got)
        s.stop()
    s.done()


def main():
    another(swapped)
    another(replaced)
    another(above, in_between)
    another(linked, by_a_link)
    gone()
    missing()
    added()
    in_front()
    checked()
    begun()
    end()


if __name__ == "__main__":
    main()
