#!/usr/bin/env python3
"""
hinoban on the code of real programs, tampered with in many ways: what is missed, what is cried
out wrongly. The acts are in acts.py, the programs (Debian's packages) in trees.py.

    real_code.py [--tree NAME ...] [--act NAME ...] [--live] [--upgrade] [--table]

Without a tree: all. --live: with hinoband running, else through `hinoban check`. Prints TAP, or
with --table one line a tree for doc/real-code.md.
"""
import argparse
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
os.environ.setdefault("HINOBAN_SOURCE", TOP)
os.environ.setdefault("HINOBAN_BUILD", os.path.join(TOP, "build"))
sys.path.insert(0, os.path.join(TOP, "tests", "face"))
import acts
import harness
from harness import BUILD, SOURCE, ok, run
from trees import TREES, NotHere

WORKER = 33  # www-data
READY_S = 120


class Skip(Exception):
    pass


class Shop:
    """One tree under hinoban's eyes, and what the acts need to work on it."""

    def __init__(self, tree, live):
        self.tree, self.live, self.keeper, self.note = tree, live, None, ""
        self.base = tempfile.mkdtemp(prefix="hinoban-real.", dir="/var/tmp")
        os.chmod(self.base, 0o755)
        self.dir = os.path.join(self.base, "shop")
        self.config = os.path.join(self.base, "hinoban.conf")
        self.state = os.path.join(self.base, "state")
        self.templates = (".tpl", ".twig", ".mustache", ".phtml", ".html", ".htm")
        self.used = set()

    # --- hinoban ---

    def hinoban(self, *args, timeout=600):
        return run(*args, "--config", self.config, "--lang", "en", timeout=timeout) \
            if args[0] not in ("deploy",) else \
            run(args[0], "--config", self.config, *args[1:], timeout=timeout)

    def init(self):
        r = run("init", self.dir, "--config", self.config, "--state", self.state, "--yes",
                "--lang", "en", timeout=600)
        self.told = r.out.decode()
        self.files = {}
        if r.code == 0:
            for f in self.hinoban("log", "--json", "--type", "file.baseline").lines():
                if f["present"]["class"] == "file":
                    self.files[f["path"]] = f
        self.order = sorted(self.files, key=lambda p: hash_of(p))
        return r

    def quiet_console(self):
        with open(self.config) as f:
            text = f.read()
        with open(self.config, "w") as f:
            f.write(text.replace('listen = "127.0.0.1:8610"', 'listen = ""'))

    def start(self):
        self.quiet_console()
        env = {"PATH": os.environ["PATH"], "HINOBAN_PROFILES": os.path.join(SOURCE, "profiles")}
        self.err = open(os.path.join(self.base, "keeper.err"), "w+")
        self.keeper = subprocess.Popen([os.path.join(BUILD, "hinoband"), "--config", self.config],
                                       env=env, stdout=self.err, stderr=self.err)
        end = time.monotonic() + READY_S
        while time.monotonic() < end and self.keeper.poll() is None:
            r = self.hinoban("status", "--json")
            if r.out and json.loads(r.out).get("ready"):
                return True
            time.sleep(0.1)
        return False

    def stop(self):
        if not self.keeper:
            return
        self.keeper.send_signal(signal.SIGTERM)
        try:
            self.keeper.wait(60)
        except subprocess.TimeoutExpired:
            self.keeper.kill()
        self.keeper = None

    def settle(self, full=False):
        return self.hinoban("check", *(["--full"] if full else []))

    def open_findings(self):
        return {f["seq"]: f for f in self.hinoban("findings", "--json").lines()}

    def done(self):
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    # --- what acts use ---

    def at(self, rel):
        return os.path.join(self.dir, rel)

    def join(self, folder, name):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(self.at(path)), exist_ok=True)
        return path

    def read(self, rel):
        with open(self.at(rel), "rb") as f:
            return f.read()

    def write(self, rel, content):
        with open(self.at(rel), "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())

    def append(self, rel, text):
        with open(self.at(rel), "ab") as f:
            f.write(text.encode())

    def put(self, folder, name, content):
        path = self.join(folder, name)
        self.write(path, content)
        return path

    def outside(self, name, content):
        path = os.path.join(self.base, name)
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        return path

    def open_php(self, rel):
        text = self.read(rel)
        return text.rfind(b"<?php") >= 0 and text.rfind(b"?>") < text.rfind(b"<?php")

    def put_behind_open_tag(self, rel, code):
        text = self.read(rel)
        at = text.index(b"<?php") + 5
        self.write(rel, text[:at] + b"\n" + code.encode() + text[at:])

    def every(self, ending):
        return [p for p in self.order if p.endswith(ending) and os.path.isfile(self.at(p))
                and p not in self.used]

    def take(self, *wanted, of="", least=400, payment=False, no_sibling="", deep=False):
        """A code file that no act has used, the same each time: by the first wish that holds."""
        for wish in wanted:
            for path in self.order:
                f = self.files[path]
                if path in self.used or not path.endswith(of or wanted[-1] if of else wish):
                    continue
                if of and wish not in "/" + path:
                    continue
                if f["role"] not in ("code", "payment") or not least <= f["present"]["size"] < 300000:
                    continue
                if payment and f["role"] != "payment" and any(
                        g["role"] == "payment" for g in self.files.values()):
                    continue
                if "\\" in path or (deep and path.count("/") < 2) or not os.path.isfile(self.at(path)):
                    continue
                if path.endswith(".php") and b"<?php" not in self.read(path):
                    continue
                if no_sibling and os.path.exists(self.at(os.path.join(os.path.dirname(path), no_sibling))):
                    continue
                self.used.add(path)
                return path
        raise Skip("no such file in this tree: " + " ".join(wanted))

    def forget(self, path):
        """Approve what an act prepared."""
        self.hinoban("approve", path, "--reason", "prepared")

    def pictures(self, most):
        out = []
        for top in (self.dir, "/usr/share"):
            for folder, dirs, names in os.walk(top):
                dirs.sort()
                for name in sorted(names):
                    path = os.path.join(folder, name)
                    if name.lower().endswith((".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp")) \
                            and os.path.isfile(path) and self.tree.uploads not in path:
                        out.append(path)
        step = max(1, len(out) // most)
        return out[::step][:most]

    def as_worker(self, command):
        subprocess.run(["setpriv", "--reuid=%d" % WORKER, "--regid=%d" % WORKER, "--clear-groups",
                        "sh", "-c", command], check=True)

    def quote(self, rel):
        return shlex.quote(self.at(rel))

    def skip(self, why):
        raise Skip(why)


def hash_of(path):
    """A fixed order that has nothing to do with names."""
    import hashlib
    return hashlib.sha256(path.encode()).digest()


class Tally:
    def __init__(self):
        self.tampered = self.missed = self.ill = self.harmless = self.cried = self.skipped = 0


def judge_tamper(s, act, tally):
    before = s.open_findings()
    try:
        want = act(s)
    except Skip as e:
        tally.skipped += 1
        return ok(True, "%s: %s # SKIP %s" % (s.tree.name, act.__name__, e))
    s.settle()
    new = [f for seq, f in s.open_findings().items() if seq not in before]
    tally.tampered += 1
    told = ["%(type)s %(path)s %(severity)s %(confidence)s %(signs)s" % f for f in new]
    wrong = want.wrong(new[0]) if len(new) == 1 else "%d findings" % len(new)
    if not any(f["path"] == want.path for f in new):
        tally.missed += 1
    elif wrong:
        tally.ill += 1
    return ok(not wrong, "%s: %s is found" % (s.tree.name, act.__name__),
              "%s; wanted %s %s\n%s" % (wrong, want.type, want.path, "\n".join(told)))


def judge_harmless(s, act, tally):
    before = s.open_findings()
    s.note = ""
    try:
        act(s)
    except Skip as e:
        tally.skipped += 1
        return ok(True, "%s: %s # SKIP %s" % (s.tree.name, act.__name__, e))
    s.settle()
    new = [f for seq, f in s.open_findings().items() if seq not in before]
    tally.harmless += 1
    tally.cried += len(new)
    told = ["%(type)s %(path)s %(severity)s %(confidence)s %(signs)s" % f for f in new]
    return ok(not new, "%s: %s is no alarm%s" % (s.tree.name, act.__name__,
                                                s.note and " (%s)" % s.note),
              "\n".join(told))


def look_at_init(s, r):
    if not ok(r.code == 0, "%s: init" % s.tree.name, r):
        return False
    ok("profile %s)" % s.tree.profile in s.told or s.tree.profile == "plain",
       "%s: recognised as %s" % (s.tree.name, s.tree.profile), s.told)
    s.settle()
    found = s.open_findings()
    s.at_baseline = len(found)
    ok(not found, "%s: %d files, no finding on honest code" % (s.tree.name, len(s.files)),
       "\n".join("%(path)s %(severity)s %(signs)s" % f for f in found.values()))
    return True


def one_tree(tree, args, tally):
    s = Shop(tree, args.live)
    try:
        try:
            tree.make(s.dir)
        except NotHere as e:
            tally.skipped += 1
            return ok(True, "%s # SKIP %s" % (tree.name, e))
        if not look_at_init(s, s.init()):
            return False
        if args.live and not ok(s.start(), "%s: hinoband is ready" % tree.name):
            return False
        for list_of, how in ((acts.HARMLESS, judge_harmless), (acts.TAMPER, judge_tamper)):
            for act in list_of:
                if not args.act or act.__name__ in args.act:
                    how(s, act, tally)
    finally:
        s.done()
    return True


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--tree", action="append", choices=sorted(TREES))
    p.add_argument("--act", action="append")
    p.add_argument("--live", action="store_true")
    p.add_argument("--table", action="store_true")
    args = p.parse_args()
    lines = []
    for name in args.tree or sorted(TREES):
        tally = Tally()
        one_tree(TREES[name], args, tally)
        lines.append("# %-11s %3d tampered: %d missed, %d told not quite right; %d harmless: %d "
                     "cried out wrongly; %d skipped" %
                     (name, tally.tampered, tally.missed, tally.ill, tally.harmless, tally.cried,
                      tally.skipped))
    print("\n".join(lines))
    harness.end()


main()
