#!/usr/bin/env python3
"""The bed in real Chromium, by hinoban's own visitor: a bare page is visited and authorised, all
honest scripts come to it and are authorised; then each imitation is put beside them, and the
page is visited anew.

    chromium.py [--all] [ID ...]

Without arguments: a few that stand for the rest, so that the suite stays short. --all: every
one, the honest ones one by one, with every way to visit that there is (about an hour)."""
import json
import os
import shutil
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from bed import BED, Bed  # noqa: E402
from harness import end, ok, run, skip  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
FEW = ["s01", "s06", "s08"]
HONEST = [i for i, b in sorted(BED.items()) if b["kind"] == "benign" and b["load"] == "third"]
ARMS = ("idle", "a", "a2", "b")
GATES = ("decoy", "slow", "direct", "phone", "search", "returning")
# What a sign of a finding is called as a layer in bed.json.
LAYER = {"script_new": "script", "script_changed": "script", "script_theft": "script", "script_sends": "script",
         "script_addresses": "script", "card_flow": "flow", "card_flow_own": "flow", "opaque_flow": "opaque",
         "field_covered": "field", "field_doubled": "field", "form_target": "form", "frame_exchanged": "form",
         "frame_new": "form", "service_worker": "worker", "listener_new": "listener", "card_read": "touch",
         "card_handed": "touch", "card_stored": "stored", "contact_new": "contact"}
GRAVE = ("high", "critical")


class Watch:
    def __init__(self, bed):
        self.bed = bed
        self.base = tempfile.mkdtemp(prefix="hinoban-bed.")
        os.chmod(self.base, 0o755)
        shop = os.path.join(self.base, "shop")
        os.mkdir(shop)
        self.config = os.path.join(self.base, "etc", "hinoban.conf")
        self.journey = os.path.join(self.base, "bed.journey")
        shutil.copy(os.path.join(HERE, "bed.journey"), self.journey)
        os.chmod(self.journey, 0o644)
        self.run("init", shop, "--config", self.config, "--state", os.path.join(self.base, "state"), "--profile", "plain", "--yes")
        with open(self.config, encoding="utf-8") as f:
            text = f.read()
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(text.replace("watch = []", 'watch = ["bed %s/ %s"]' % (bed.url, self.journey), 1))

    def run(self, *args):
        return run("--lang", "en", *args, env={"HINOBAN_CONFIG": self.config}, timeout=280)

    def newest(self):
        rows = self.run("log", "--json", "--limit", "1").lines()
        return rows[-1]["seq"] if rows else 0

    def findings(self, after):
        rows = self.run("log", "--json", "--kind", "finding").lines()
        return [f for f in rows if f["seq"] > after and f["type"] != "page.blind"]

    def check(self, *more):
        after = self.newest()
        args = [x for a in dict.fromkeys(ARMS + more) for x in ("--arm", a)]
        for _ in range(4):  # a crowded machine may let a visit run out of time
            r = self.run("page", "check", "bed", "--json", *args)
            facts = r.lines()
            if r.code == 0:
                break
        return r, [f for f in facts if f["type"] == "page.twins"], self.findings(after)


def told(found):
    return [(f["severity"], f["signs"][0], f["why"]["en"]) for f in found]


def arms_for(names):
    """Those that the imitations ask for; in the whole bed all that there are."""
    return tuple(GATES) + ("taps",) if WHOLE else tuple({BED[n]["arm"] for n in names if "arm" in BED[n]})


def clean(w, arms):
    """A bare page; then all honest scripts come to it at once, unannounced."""
    w.bed.load()
    r, twins, found = w.check(*arms)
    if not ok(r.code == 0 and twins and twins[-1]["valid"], "the bare page is visited in all ways", r):
        return False
    ok(w.run("page", "authorise", "--all", "--owner", "bed", "--reason", "seen when it was clean").code == 0, "all of it is authorised")
    for group in [[h] for h in HONEST] if WHOLE else [HONEST]:
        w.bed.load(*HONEST[:HONEST.index(group[-1]) + 1])
        r, twins, found = w.check(*arms)
        ok(r.code == 0 and not [f for f in found if f["severity"] in GRAVE or f["signs"][0] == "script_theft"],
           "no honest script is called malicious when it comes (%s)" % ", ".join(group), told(found) or r)
    flows = twins[-1]["flows"] if twins else []
    carries = sorted({f["to"] for f in flows if f["verdict"] == "flow"})
    ok(carries and all(t.startswith("shop.localhost") for t in carries), "the card goes to the shop's own payment alone", carries)
    ok(not [f for f in flows if f["verdict"] == "undetermined" and f["party"] == "third"], "nothing of the honest scripts is undetermined",
       [f for f in flows if f["verdict"] == "undetermined"])
    w.run("page", "authorise", "--all", "--owner", "bed", "--reason", "looked at")
    for t in carries:
        w.run("page", "authorise", t, "--flow", "--owner", "bed", "--reason", "our payment")
    w.run("page", "authorise", "vendor.localhost:*/**", "--owner", "bed", "--reason", "form assistance, with its releases")
    w.run("page", "authorise", "tags.localhost:*/**", "--owner", "bed", "--reason", "tag container")
    r, twins, found = w.check(*arms)
    ok(r.code == 0 and not found, "the same page again gives nothing to say", told(found) or r)
    return True


def imitation(w, name):
    b = BED[name]
    w.bed.load(*HONEST, name)
    started = time.monotonic()
    more = (b["arm"],) if "arm" in b else ()
    r, twins, found = w.check(*more, *(("taps",) if WHOLE else ()))
    layers = sorted({LAYER.get(f["signs"][0], f["signs"][0]) for f in found})
    ok(layers and set(layers) & set(b["layers"] + ["script"]), "%s (%s): found by %s" % (name, b["technique"], ", ".join(layers) or "nothing"),
       (r, told(found)))
    missing = set(b["layers"]) - set(layers)
    if WHOLE and missing:
        print("# %s: not told: %s; arrived: %s" % (name, ", ".join(sorted(missing)), sorted({g[0] for g in w.bed.got if "stats" not in g[0]})), flush=True)
    return layers, missing, time.monotonic() - started


def release(w):
    w.bed.load(*HONEST, "b12", "b16")
    r, twins, found = w.check()
    ok(r.code == 0 and not [f for f in found if f["severity"] in GRAVE],
       "a vendor's release and a rotating container are no alarm", told(found) or r)


WHOLE = "--all" in sys.argv[1:]
names = [n for n in sys.argv[1:] if n != "--all"] or FEW
if sys.argv[1:] == ["--all"]:
    names = [i for i, b in sorted(BED.items()) if b["kind"] == "imitation"]
if not shutil.which("chromium"):
    skip("the bed in Chromium", "there is no chromium")
    end()
bed = Bed()
w = Watch(bed)
try:
    if clean(w, arms_for(names)):
        release(w)
        table = {n: imitation(w, n) for n in names}
        print("# %d of %d imitations found; by the card's flow: %d of %d" %
              (sum(1 for l, _, _ in table.values() if l), len(table), sum(1 for l, _, _ in table.values() if "flow" in l),
               sum(1 for n in names if "flow" in BED[n]["layers"])))
        if WHOLE:
            ok(not [n for n, row in table.items() if "flow" in row[1]], "each flow that there is was told",
               [n for n, row in table.items() if "flow" in row[1]])
finally:
    bed.close()
    shutil.rmtree(w.base, ignore_errors=True)
end()
