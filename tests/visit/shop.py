#!/usr/bin/env python3
"""The bundled shop's checkout, visited in real Chromium by the real programs."""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from harness import BUILD, SOURCE, end, free_port, ok, run, skip  # noqa: E402

CARD_A, CARD_B = "4000000013590023", "4000000020010023"


class Shop:
    def __init__(self):
        self.base = tempfile.mkdtemp(prefix="hinoban-visit.")
        os.chmod(self.base, 0o755)
        self.dir = os.path.join(self.base, "shop", "www")
        self.config = os.path.join(self.base, "etc", "hinoban.conf")
        self.state = os.path.join(self.base, "state")
        self.process = subprocess.Popen(
            [os.path.join(SOURCE, "shop", "run"), "--dir", self.dir, "--port", str(free_port()), "--foreground",
             "--admin-password", "kanri-no-hito"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.process.stdout.readline()
        self.url = re.search(r"http://[0-9.:]+/", line).group(0)
        self.run("init", self.dir, "--config", self.config, "--state", self.state, "--yes")
        with open(self.config) as f:
            text = f.read()
        with open(self.config, "w") as f:
            f.write(text.replace("watch = []", 'watch = ["checkout %s hinoban-shop"]' % self.url, 1))

    def run(self, *args):
        return run(*args, env={"HINOBAN_CONFIG": self.config}, timeout=280)

    def facts(self, kind):
        return self.run("log", "--json", "--type", kind).lines()

    def done(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(20)
        shutil.rmtree(self.base, ignore_errors=True)


def quick(s):
    r = s.run("page", "check", "checkout", "--json")
    checked = [f for f in s.facts("page.checked")]
    ok(r.code == 0 and checked and checked[-1]["valid"], "the quick check comes to the payment page", r)
    record = s.facts("page.record")[-1]
    ok([x["name"] for x in record["steps"]][-1] == "payment" and record["url"].endswith("/checkout/payment"), "by all steps", record["steps"])
    kinds = {f["kind"] for f in record["fields"] if f["visible"]}
    ok({"card-number", "card-code", "card-expiry", "card-name"} <= kinds, "it sees the card's fields", kinds)
    script = next((x for x in record["scripts"] if x.get("url", "").endswith("/static/shop.js")), None)
    with open(os.path.join(SOURCE, "shop/static/shop.js"), "rb") as f:
        import hashlib
        want = hashlib.sha256(f.read()).hexdigest()
    ok(script and script["hash"] == want == script["v8"] and script["party"] == "first" and script["structure"], "the script, with its hash", script)
    headers = {k for h in record["headers"] for k in h["headers"]}
    ok("content-security-policy" in headers and "x-frame-options" in headers, "headers that bear on security", headers)
    ok(any(x["type"] == "input" and x["script"].endswith("shop.js") for x in record["listeners"]), "who listens", record["listeners"])
    ok(any(f["what"] == "script" and f.get("kept") for f in s.facts("page.content")), "the script's text lies in the vault")


def same_in_both(s):
    """A round looks at each step and takes pictures, the frequent visit does not: the page is the same."""
    def idle():
        return [f for f in s.facts("page.record") if f["arm"] == "idle"]
    s.run("page", "check", "checkout", "--arm", "idle", "--arm", "decoy")
    n, newest = len(idle()), idle()[-1]
    ok(any(x["shot"] for x in newest["steps"]), "what the frequent visit recorded gets its pictures with the next round",
       newest["steps"])
    s.run("page", "check", "checkout")
    s.run("page", "check", "checkout", "--arm", "idle", "--arm", "decoy")
    s.run("page", "check", "checkout")
    ok(len(idle()) == n, "then neither records it anew", [f["digest"] for f in idle()])


def unchanged(s):
    s.run("page", "check", "checkout")  # the first one registered a customer: another way
    before, n = len(s.facts("page.*")), len(s.facts("page.record"))
    r = s.run("page", "check", "checkout")
    new = s.facts("page.*")[before:]
    ok(r.code == 0 and len(s.facts("page.record")) == n, "an unchanged page is not recorded again", [f["type"] for f in new])
    size = sum(len(json.dumps(f, separators=(",", ":"), ensure_ascii=False).encode()) for f in new)
    ok(size <= 1024, "an unchanged check takes at most 1 KiB", size)


def twins(s):
    r = s.run("page", "check", "checkout", "--arm", "a", "--arm", "a2", "--arm", "b")
    checked = {f["arm"]: f for f in s.facts("page.checked")}
    ok(r.code == 0 and all(checked[a]["valid"] for a in ("a", "a2", "b")), "the canary card is typed, three times", r)
    flows = s.facts("page.twins")[-1]["flows"]
    carried = [f for f in flows if f["verdict"] == "flow"]
    ok([f["to"].split("/", 1)[1] for f in carried] == ["checkout/payment"] and carried[0]["channel"] == "form", "it goes to the shop's payment, and nowhere else", carried)
    altered = [(f["channel"], f["party"], f["to"].split("/", 1)[1]) for f in flows if f["verdict"] == "undetermined"]
    ok(altered == [("cookie", "first", "haoto")], "nothing else alters by itself but the session's number", flows)
    records = [f for f in s.facts("page.record") if f["arm"] == "a"]
    ok(any(q.get("stopped") and q["method"] == "POST" for f in records for q in f["requests"]), "the payment's request is stopped in the browser")
    with open(os.path.join(s.base, "shop", "server", "access.log")) as f:
        ok("POST /checkout/payment" not in f.read(), "and never came to the shop")


def browsers(root):
    """The first processes of each Chromium below this one, the oldest first."""
    parents, found = {}, []
    for pid in map(int, filter(str.isdigit, os.listdir("/proc"))):
        try:
            with open("/proc/%d/stat" % pid) as f:
                words = f.read().rsplit(")", 1)[1].split()
            with open("/proc/%d/cmdline" % pid, "rb") as f:
                line = f.read()
        except OSError:
            continue
        parents[pid] = int(words[1])
        if b"--remote-debugging-pipe" in line and b"--type=" not in line:
            found.append((int(words[19]), pid))

    def below(pid):
        while pid and pid != root:
            pid = parents.get(pid)
        return pid == root
    return [pid for _, pid in sorted(found) if below(pid)]


def ready_ahead(s):
    """While one visit types, the browser of the next one starts; the first such one is killed before it is used."""
    before, died = len(s.facts("page.checked")), len(s.facts("browser.died"))
    p = subprocess.Popen([os.path.join(BUILD, "hinoban"), "page", "check", "checkout", "--arm", "a", "--arm", "a2", "--arm", "b"],
                         env=dict(os.environ, HINOBAN_CONFIG=s.config, HINOBAN_PROFILES=os.path.join(SOURCE, "profiles")),
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most, killed = 0, 0
    while p.poll() is None:
        now = browsers(p.pid)
        most = max(most, len(now))
        if len(now) == 2 and not killed:
            killed = now[1]
            os.kill(killed, signal.SIGKILL)
        time.sleep(0.05)
    checked = s.facts("page.checked")[before:]
    ok(killed > 0 and most == 2, "the browser of the next visit starts while one visit types, and never more", most)
    ok(p.returncode == 0 and [f["arm"] for f in checked if f["valid"]] == ["a", "a2", "b"], "one that dies unused is not missed", checked)
    ok(len(s.facts("browser.died")) == died, "nor told as one that died in a visit", s.facts("browser.died")[died:])


def no_card_is_kept(s):
    found = []
    for folder, _, names in os.walk(s.base):
        for name in names:
            try:
                with open(os.path.join(folder, name), "rb") as f:
                    data = f.read()
            except OSError:
                continue
            found += [os.path.join(folder, name) for c in (CARD_A, CARD_B) if c.encode() in data and not name.endswith(".conf")]
    ok(not found, "the canary cards lie nowhere: not in the ledger, not in the shop", found)
    text = s.run("log", "--json").out.decode()
    ok(CARD_A not in text and CARD_B not in text and "1359 0023" not in text, "no fact holds them")


def commands(s):
    r = s.run("page", "list")
    ok(r.code == 0 and b"checkout" in r.out, "page list", r)
    r = s.run("page", "show", "checkout")
    ok(r.code == 0 and b"card_number" in r.out and b"shop.js" in r.out, "page show", r)
    r = s.run("page", "record", s.url + "register")
    ok(r.code == 0 and b"email: input[name='email']" in r.out and b"POST " + s.url.encode() in r.out, "page record drafts a journey", r)
    ok(s.run("page", "check", "nowhere").code == 2, "an unknown page is told")
    ok(s.run("page", "check", "checkout", "--arm", "x").code == 2, "an unknown way is told")
    r = s.run("verify")
    ok(r.code == 0, "the ledger is whole", r)


if not os.path.exists("/usr/lib/chromium/chromium"):
    skip("the bundled shop in Chromium", "Debian's chromium is not installed")
    end()
shop = Shop()
try:
    quick(shop)
    unchanged(shop)
    same_in_both(shop)
    twins(shop)
    ready_ahead(shop)
    no_card_is_kept(shop)
    commands(shop)
finally:
    shop.done()
end()
