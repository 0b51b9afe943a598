#!/usr/bin/env python3
"""The journeys that come with hinoban, each along a skeleton of its shop's checkout (skeleton/router.php, served by
PHP) in real Chromium: every step is reached, the card is typed, and the payment's request stays in the browser."""
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from harness import BUILD, SOURCE, end, free_port, ok, run, skip  # noqa: E402

CARD = "4000000013590023"
# What each shop must have heard of the customer, and never of the payment.
SHOPS = {
    "ec-cube2": ("order_name01=検査&order_name02=花子", "POST /shopping/load_payment_module.php"),
    "ec-cube4": ("nonmember[address][pref]=13", "POST /shopping/confirm"),
    "wordpress": ("GET /checkout/", "POST /?wc-ajax=checkout"),
    "wordpress-block": ("GET /checkout/", "POST /wp-json/wc/store/v1/checkout"),
    "magento2": ("country_id=JP", "POST /rest/default/V1/guest-carts/abc/payment-information"),
    "openmage": ("billing[country_id]=JP", "POST /checkout/onepage/savePayment/"),
    "prestashop": ("address1=千代田1-1-1", "POST /module/cards/validation"),
    "opencart": ("account=0&firstname=花子", "POST /index.php?route=extension/opencart/payment/credit_card.confirm&language=ja"),
}


class Skeleton:
    def __init__(self, base, kind):
        self.kind, self.port, self.log = kind, free_port(), os.path.join(base, kind + ".log")
        router = os.path.join(SOURCE, "tests", "visit", "skeleton", "router.php")
        self.proc = subprocess.Popen(["php", "-S", "127.0.0.1:%d" % self.port, router], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
                                     env=dict(os.environ, SKELETON_KIND=kind, SKELETON_LOG=self.log, PHP_CLI_SERVER_WORKERS="3"))
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)

    def heard(self):
        with open(self.log, encoding="utf-8", errors="replace") as f:
            return f.read()

    def stop(self):
        os.killpg(self.proc.pid, signal.SIGTERM)  # its workers outlive it else
        self.proc.wait(10)


def steps_of(kind):
    with open(os.path.join(SOURCE, "profiles", "journeys", kind + ".journey")) as f:
        return [line.split('"')[1] for line in f if line.startswith("name = ")]


def along(config, shop):
    def hinoban(*args):
        return run(*args, env={"HINOBAN_CONFIG": config}, timeout=200)

    must, never = SHOPS[shop.kind]
    r = hinoban("page", "check", shop.kind, "--arm", "a", "--json")
    checked = next((f for f in r.lines() if f["type"] == "page.checked"), {}) if r.out else {}
    if not ok(checked.get("valid"), "%s: the card is typed" % shop.kind, "%s\n%s" % (checked or r, shop.heard()[-1500:])):
        return
    parts = [f for f in hinoban("log", "--json", "--type", "page.record").lines() if f["page"] == shop.kind]
    seen = [s["name"] for s in parts[0]["steps"]]
    ok(seen == steps_of(shop.kind) + ["home"], "%s: by every step" % shop.kind, seen)
    stopped = [q for f in parts for q in f["requests"] if q.get("stopped")]
    ok(len(stopped) == 1 and never.split(" ")[1].split("?")[0] in stopped[0]["url"], "%s: the payment's request is failed in the browser" % shop.kind, stopped)
    heard = shop.heard()
    ok(must in heard and never not in heard and CARD not in heard, "%s: the shop heard of the customer, not of the card" % shop.kind, heard[-2000:])


def proposed(base):
    """What `init` and `page record` say of a shop that is recognised."""
    shop, config = os.path.join(base, "oc"), os.path.join(base, "oc-etc", "hinoban.conf")
    os.makedirs(shop)
    run("init", shop, "--profile", "opencart", "--config", config, "--state", os.path.join(base, "oc-state"), "--yes")
    with open(config) as f:
        ok('# watch = ["checkout https://shop.example/ opencart"]' in f.read(), "init proposes the journey of this kind of shop")
    r = run("page", "record", env={"HINOBAN_CONFIG": config})
    with open(os.path.join(SOURCE, "profiles", "journeys", "opencart.journey"), "rb") as f:
        ok(r.code == 0 and f.read() in r.out, "page record shows it", r)


def main():
    base = tempfile.mkdtemp(prefix="hinoban-journeys.")
    os.chmod(base, 0o755)
    config = os.path.join(base, "etc", "hinoban.conf")
    only = [k for k in sys.argv[1:] if k in SHOPS] or list(SHOPS)
    shops, keeper = [], None
    try:
        proposed(base)
        shops = [Skeleton(base, kind) for kind in only]
        os.mkdir(os.path.join(base, "shop"))
        run("init", os.path.join(base, "shop"), "--config", config, "--state", os.path.join(base, "state"), "--yes")
        with open(config) as f:
            text = f.read()
        watch = ", ".join('"%s http://127.0.0.1:%d/ %s"' % (s.kind, s.port, s.kind) for s in shops)
        for a, b in (("watch = []", "watch = [%s]" % watch), ("quick = 15m", "quick = 0"), ("full = 1d", "full = 0")):
            text = text.replace("\n" + a, "\n" + b, 1)
        with open(config, "w") as f:
            f.write(text)
        keeper = subprocess.Popen([os.path.join(BUILD, "hinoband"), "--config", config, "--no-console"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  env=dict(os.environ, HINOBAN_PROFILES=os.path.join(SOURCE, "profiles")))
        until = time.monotonic() + 60
        while time.monotonic() < until and not run("log", "--json", "--type", "watch.started", env={"HINOBAN_CONFIG": config}).out:
            time.sleep(0.2)
        for shop in shops:
            along(config, shop)
    finally:
        if keeper:
            keeper.terminate()
            keeper.wait(40)
        for shop in shops:
            shop.stop()
        shutil.rmtree(base, ignore_errors=True)


if not os.path.exists("/usr/lib/chromium/chromium") or not shutil.which("php"):
    skip("the journeys in Chromium", "Debian's chromium or php-cli is not installed")
else:
    main()
end()
