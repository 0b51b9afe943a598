#!/usr/bin/env python3
"""The bed in real Chromium, by hinoban's own visitor: a clean page with all honest scripts is
visited and authorised; then each imitation is put beside them, and the page is visited anew.

    chromium.py [--all | ID ...]

Without arguments: a few that stand for the rest, so that the suite stays short."""
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
FEW = ["s01", "s06", "s10", "s18"]
HONEST = [i for i, b in sorted(BED.items()) if b["kind"] == "benign" and b["load"] == "third" and i not in ("b02", "b11")]
ARMS = ("idle", "a", "a2", "b")
# What a sign of a finding is called as a layer in bed.json.
LAYER = {"script_new": "script", "script_changed": "script", "script_theft": "script", "script_sends": "script",
         "script_addresses": "script", "card_flow": "flow", "card_flow_own": "flow", "opaque_flow": "opaque",
         "field_covered": "field", "field_doubled": "field", "form_target": "form", "frame_exchanged": "form",
         "frame_new": "form", "service_worker": "worker", "listener_new": "listener", "card_read": "touch",
         "card_stored": "stored"}


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

    def check(self):
        after = self.newest()
        args = [x for a in ARMS for x in ("--arm", a)]
        for _ in range(4):  # a crowded machine may let a visit run out of time
            r = self.run("page", "check", "bed", "--json", *args)
            facts = r.lines()
            if r.code == 0:
                break
        return r, [f for f in facts if f["type"] == "page.twins"], self.findings(after)


def clean(w):
    w.bed.load(*HONEST)
    r, twins, found = w.check()
    flows = twins[-1]["flows"] if twins else []
    if not ok(r.code == 0 and twins and twins[-1]["valid"], "the clean page is visited in all ways", r):
        return False
    carries = sorted({f["to"] for f in flows if f["verdict"] == "flow"})
    ok(carries and all(t.startswith("shop.localhost") for t in carries), "the card goes to the shop's own payment alone", carries)
    ok(not [f for f in flows if f["verdict"] == "undetermined" and f["party"] == "third"], "nothing of the honest scripts is undetermined",
       [f for f in flows if f["verdict"] == "undetermined"])
    ok(not [f for f in found if f["severity"] == "critical"], "no honest script is called malicious", [f["why"]["en"] for f in found])
    ok(w.run("page", "authorise", "--all", "--owner", "bed", "--reason", "seen when it was clean").code == 0, "all of it is authorised")
    for t in carries:
        w.run("page", "authorise", t, "--flow", "--owner", "bed", "--reason", "our payment")
    w.run("page", "authorise", "vendor.localhost:*/**", "--owner", "bed", "--reason", "form assistance, with its releases")
    w.run("page", "authorise", "tags.localhost:*/**", "--owner", "bed", "--reason", "tag container")
    r, twins, found = w.check()
    ok(r.code == 0 and not found, "the same page again gives nothing to say", [f["why"]["en"] for f in found])
    return True


def imitation(w, name):
    b = BED[name]
    w.bed.load(*HONEST, name)
    started = time.monotonic()
    r, twins, found = w.check()
    layers = sorted({LAYER.get(f["signs"][0], f["signs"][0]) for f in found})
    ok(layers and set(layers) & set(b["layers"] + ["script"]), "%s (%s): found by %s" % (name, b["technique"], ", ".join(layers) or "nothing"),
       (r, [f["why"]["en"] for f in found]))
    if "flow" in b["layers"] and "flow" not in layers:
        print("# %s: no flow was told, wanted by %s; arrived: %s" % (name, b["layers"], [g[0] for g in w.bed.got][:5]))
    return layers, time.monotonic() - started


def release(w):
    w.bed.load(*HONEST, "b12", "b16")
    r, twins, found = w.check()
    ok(r.code == 0 and not [f for f in found if f["severity"] in ("high", "critical")],
       "a vendor's release and a rotating container are no alarm", [f["why"]["en"] for f in found])


names = sys.argv[1:] or FEW
if names == ["--all"]:
    names = [i for i, b in sorted(BED.items()) if b["kind"] == "imitation"]
if not shutil.which("chromium"):
    skip("the bed in Chromium", "there is no chromium")
    end()
bed = Bed()
w = Watch(bed)
try:
    if clean(w):
        release(w)
        table = {n: imitation(w, n) for n in names}
        caught = sum(1 for l, _ in table.values() if l)
        print("# %d of %d imitations found; by the card's flow: %d" %
              (caught, len(table), sum(1 for l, _ in table.values() if "flow" in l)))
finally:
    bed.close()
    shutil.rmtree(w.base, ignore_errors=True)
end()
