#!/usr/bin/env python3
"""The bed in real Chromium, by hinoban's own visitor. A bare page is visited and authorised, all
honest scripts come to it and are authorised: that state of the records is kept. Each imitation is
put beside the honest ones on a copy of it, so that none profits from what was said of another;
each honest script comes alone to a copy of the bare page.

    chromium.py [--all] [--only ID,ID ...] [--resume FILE] [--jobs N] [--every]

Without arguments: a few that stand for the rest, all at once, so that the suite stays short.
--all          every one
--only s13,b02 only these
--resume FILE  write a line of JSON for each into FILE as it is done; what stands there already
               is not done again, so a run that was cut off goes on
--jobs N       so many at a time, each with a shop and records of its own (2)
--every        all ways to visit for each, not only those that its technique needs
--table FILE   no visit: the rows of FILE as a table"""
import argparse
import atexit
import collections
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from bed import BED, Bed  # noqa: E402
from harness import end, ok, run, skip  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
FEW = ["s02", "s08", "s27", "s35", "s37"]
HONEST = [i for i, b in sorted(BED.items()) if b["kind"] == "benign" and b["load"] == "third" and not b.get("alone")]
ARMS = ("idle", "a", "a2", "b")
MORE = ("decoy", "slow", "direct", "phone", "search", "returning", "taps")
# What a sign of a finding is called as a layer in bed.json.
LAYER = {"script_new": "script", "script_changed": "script", "script_theft": "script", "script_sends": "script",
         "script_addresses": "script", "card_flow": "flow", "card_flow_own": "flow", "opaque_flow": "opaque",
         "field_covered": "field", "field_doubled": "field", "form_target": "form", "frame_exchanged": "form",
         "frame_new": "form", "service_worker": "worker", "listener_new": "listener", "card_read": "touch",
         "card_handed": "touch", "card_stored": "stored", "contact_new": "contact"}
GRAVE = ("high", "critical")
RANK = ("info", "low", "medium", "high", "critical")


class Broken(Exception):
    """A step without which the rest says nothing."""


class Watch:
    """A shop of its own on a port of its own, and the records of it."""

    def __init__(self, arms):
        self.bed = Bed()
        self.arms = arms
        self.base = tempfile.mkdtemp(prefix="hinoban-bed.")
        os.chmod(self.base, 0o755)
        atexit.register(shutil.rmtree, self.base, ignore_errors=True)
        shop = os.path.join(self.base, "shop")
        os.mkdir(shop)
        self.config = os.path.join(self.base, "etc", "hinoban.conf")
        self.state = os.path.join(self.base, "state")
        self.journey = os.path.join(self.base, "bed.journey")
        shutil.copy(os.path.join(HERE, "bed.journey"), self.journey)
        os.chmod(self.journey, 0o644)
        self.run("init", shop, "--config", self.config, "--state", self.state, "--profile", "plain", "--yes")
        with open(self.config, encoding="utf-8") as f:
            text = f.read()
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(text.replace("watch = []", 'watch = ["bed %s/ %s"]' % (self.bed.url, self.journey), 1))

    def close(self):
        self.bed.close()
        shutil.rmtree(self.base, ignore_errors=True)

    def run(self, *args):
        return run("--lang", "en", *args, env={"HINOBAN_CONFIG": self.config}, timeout=900)

    def keep(self, name):
        """Nothing of hinoban runs between two commands: a copy is whole."""
        subprocess.run(["cp", "-a", self.state, "%s.%s" % (self.state, name)], check=True)

    def back(self, name):
        shutil.rmtree(self.state)
        subprocess.run(["cp", "-a", "%s.%s" % (self.state, name), self.state], check=True)

    def newest(self):
        rows = self.run("log", "--json", "--limit", "1").lines()
        return rows[-1]["seq"] if rows else 0

    def findings(self, after):
        rows = self.run("log", "--json", "--kind", "finding").lines()
        return [f for f in rows if f["seq"] > after and f["type"] != "page.blind"]

    def check(self, arms=()):
        after = self.newest()
        args = [x for a in dict.fromkeys(ARMS + tuple(arms)) for x in ("--arm", a)]
        for _ in range(3):  # a crowded machine may let a visit run out of time
            r = self.run("page", "check", "bed", "--json", *args)
            facts = r.lines()
            if r.code == 0:
                break
        return r, [f for f in facts if f["type"] == "page.twins"], self.findings(after)

    def authorise(self, *args):
        r = self.run("page", "authorise", *args, "--owner", "bed", "--reason", "looked at")
        if r.code != 0:
            raise Broken("authorise %s: %s" % (" ".join(args), r))

    def authorise_page(self, twins):
        """What stands there, and the shop's own payment."""
        flows = twins[-1]["flows"] if twins else []
        carries = sorted({f["to"] for f in flows if f["verdict"] == "flow"})
        self.authorise("--all")
        for t in carries:
            self.authorise(t, "--flow")
        self.authorise("vendor.localhost:*/**")
        self.authorise("tags.localhost:*/**")
        return flows, carries


def told(found):
    return [(f["severity"], f["signs"][0], f["why"]["en"]) for f in found]


def grave(found):
    return [f for f in found if f["severity"] in GRAVE or f["signs"][0] == "script_theft"]


def prepare(arms, say):
    """A bare page; then all honest scripts come to it at once, unannounced; then it is known."""
    w = Watch(arms)
    w.bed.load()
    r, twins, found = w.check(arms)
    say(r.code == 0 and twins and twins[-1]["valid"], "the bare page is visited (%s)" % (", ".join(arms) or "quick and twins"), r)
    if r.code != 0:
        raise Broken("the bare page")
    say(not grave(found), "the bare page is no alarm", told(found))
    w.authorise_page(twins)
    w.keep("bare")
    w.bed.load(*HONEST)
    r, twins, found = w.check(arms)
    say(r.code == 0 and not grave(found), "no honest script is called malicious when all come at once", told(found) or r)
    flows, carries = w.authorise_page(twins)
    say(carries and all(t.startswith("shop.localhost") for t in carries), "the card goes to the shop's own payment alone", carries)
    say(not [f for f in flows if f["verdict"] == "undetermined" and f["party"] == "third"],
        "nothing of the honest scripts is undetermined", [f for f in flows if f["verdict"] == "undetermined"])
    r, twins, found = w.check(arms)
    say(r.code == 0 and not found, "the same page again gives nothing to say", told(found) or r)
    w.keep("full")
    return w


def arms_of(name, every):
    b = BED[name]
    if every:
        return MORE
    return tuple(b.get("arms", ())) + ((b["arm"],) if "arm" in b else ())


def visit(w, name, every):
    """One of the bed, on a copy of the records. The row that tells of it."""
    b = BED[name]
    honest = b["kind"] == "benign"
    w.back("bare" if honest else "full")
    w.bed.load(*(() if honest else HONEST), name)
    arms = tuple(dict.fromkeys(ARMS + arms_of(name, every)))
    began = time.monotonic()
    r, twins, found = w.check(arms)
    flows = [f for t in twins[-1:] for f in t["flows"]]
    return {"id": name, "kind": b["kind"], "technique": b["technique"], "arms": list(arms), "good": r.code == 0,
            "why": "" if r.code == 0 else str(r)[-600:], "seconds": round(time.monotonic() - began, 1),
            "found": [{"sign": f["signs"][0], "severity": f["severity"], "sure": f["confidence"], "subject": f["subject"],
                       "arm": f.get("arm", ""), "why": f["why"]["en"]} for f in found],
            "flows": [{k: f.get(k) for k in ("to", "channel", "verdict", "encoding", "typed", "party")} for f in flows],
            "arrived": sorted({h for h, _ in w.bed.got if not h.startswith(("stats", "psp"))})}


def layers_of(row):
    return sorted({LAYER.get(f["sign"], f["sign"]) for f in row["found"]})


def judge(row):
    """What must be true of a row."""
    layers, b = layers_of(row), BED[row["id"]]
    detail = json.dumps(row["found"], ensure_ascii=False) + row["why"]
    if row["kind"] == "benign":
        bad = [f for f in row["found"] if f["severity"] in GRAVE or f["sign"] == "script_theft"]
        ok(row["good"] and not bad, "%s (%s): honest, and not called malicious" % (row["id"], row["technique"]), detail)
        return
    ok(row["good"] and set(layers) & set(b["layers"] + ["script"]),
       "%s (%s): found by %s" % (row["id"], row["technique"], ", ".join(layers) or "nothing"), detail)
    missing = set(b["layers"]) - set(layers)
    if missing:
        print("# %s: not told: %s; arrived: %s" % (row["id"], ", ".join(sorted(missing)), ", ".join(row["arrived"])), flush=True)


def worker(jobs, rows, arms, every, lock):
    """Takes what is left of what its records know the ways of; what needs more ways first."""
    w = None

    def fits(name):
        return set(arms_of(name, every)) <= set(arms)

    try:
        while True:
            with lock:
                name = next((j for j in sorted(jobs, key=lambda j: -len(arms_of(j, every))) if fits(j)), None)
                if not name:
                    break
                jobs.remove(name)
            w = w or prepare(arms, lambda *a: rows.put(("say", a)))
            rows.put(("row", visit(w, name, every)))
    except Exception as e:  # noqa: BLE001: told, and fatal to the run
        rows.put(("broken", "%s: %s" % (type(e).__name__, e)))
    finally:
        if w:
            w.close()
        rows.put(("over", None))


def done_rows(path):
    """By name; a run that was cut off may have left half a line."""
    done = {}
    if path and os.path.exists(path):
        with open(path, encoding="utf-8") as f:
            for line in f:
                try:
                    row = json.loads(line)
                except ValueError:
                    continue
                if row.get("good"):
                    done[row["id"]] = row
    return done


def run_all(names, options):
    rows, lock, table = queue.Queue(), threading.Lock(), dict(done_rows(options.resume))
    jobs = [n for n in names if n not in table]
    count = max(1, min(options.jobs, len(jobs)))
    needed = tuple(dict.fromkeys(a for n in jobs for a in arms_of(n, options.every)))
    for i in range(count):
        arms = needed if i == 0 or options.every else ()
        threading.Thread(target=worker, args=(jobs, rows, arms, options.every, lock), daemon=True).start()
    for row in [table[n] for n in names if n in table]:
        judge(row)
    out = open(options.resume, "a", encoding="utf-8") if options.resume else None
    while count:
        what, value = rows.get()
        if what == "over":
            count -= 1
        elif what == "say":
            ok(*value)
        elif what == "broken":
            ok(False, "the bed can be visited", value)
        else:
            table[value["id"]] = value
            judge(value)
            if out:
                out.write(json.dumps(value, ensure_ascii=False) + "\n")
                out.flush()
    return table


def few():
    """All honest scripts are known; some imitations come at once: each is told as a theft."""
    w = Watch(())
    try:
        w.bed.load(*HONEST)
        r, twins, found = w.check()
        if not ok(r.code == 0 and not grave(found), "the page with all honest scripts is no alarm", told(found) or r):
            return
        w.authorise_page(twins)
        w.bed.load(*HONEST, *FEW)
        r, twins, found = w.check()
        for name in FEW:
            mine = [f for f in found if "drop-%s." % name in f["subject"]]
            ok([f for f in mine if f["severity"] == "critical"], "%s (%s): the card's way is told" % (name, BED[name]["technique"]),
               told(found) or r)
        others = [f for f in grave(found) if not any("-%s." % n in f["subject"] for n in FEW)]
        ok(not others, "nobody else is called malicious", told(others))
    finally:
        w.close()


def worst(row):
    return max(row["found"], key=lambda f: (RANK.index(f["severity"]), f["sure"]), default=None)


def print_table(table):
    for name in sorted(table, key=lambda n: (table[n]["kind"] != "imitation", n)):
        row = table[name]
        signs = collections.OrderedDict()
        for f in sorted(row["found"], key=lambda f: -RANK.index(f["severity"])):
            signs.setdefault(f["sign"], f["severity"])
        how = sorted({f["encoding"] for f in row["flows"] if f["verdict"] == "flow" and f["encoding"] and "shop.localhost" not in f["to"]})
        print("# %s | %s | %s | %s | %s" % (name, row["technique"], "+".join(a for a in row["arms"] if a not in ARMS) or "-",
                                             ", ".join("%s %s" % s for s in signs.items()) or "nothing", ", ".join(how) or "-"), flush=True)
    false = [n for n, r in table.items() if r["kind"] == "benign" and worst(r) and worst(r)["severity"] in GRAVE]
    skimmers = [r for r in table.values() if r["kind"] == "imitation"]
    print("# %d of %d imitations found; %d with a finding of high or critical severity; %d of %d honest ones called malicious" %
          (sum(1 for r in skimmers if r["found"]), len(skimmers), sum(1 for r in skimmers if worst(r) and worst(r)["severity"] in GRAVE),
           len(false), len(table) - len(skimmers)), flush=True)


options = argparse.ArgumentParser(usage=__doc__)
options.add_argument("--all", action="store_true")
options.add_argument("--only", default="")
options.add_argument("--resume")
options.add_argument("--table")
options.add_argument("--jobs", type=int, default=2)
options.add_argument("--every", action="store_true")
options = options.parse_args()
if options.table:
    print_table(done_rows(options.table))
    sys.exit(0)
names = [n for n in options.only.split(",") if n] or (sorted(BED) if options.all else [])
unknown = [n for n in names if n not in BED]
if unknown:
    sys.exit("chromium.py: not in the bed: " + ", ".join(unknown))
if not shutil.which("chromium"):
    skip("the bed in Chromium", "there is no chromium")
    end()
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
if not names:
    few()
    end()
began = time.monotonic()
table = run_all(names, options)
ok(set(names) <= set(table), "all of them were visited", sorted(set(names) - set(table)))
print_table(table)
print("# %d s" % (time.monotonic() - began))
end()
