"""Sites beside the shop, each on a loopback address of its own, by one nginx: a vendor of scripts, a corporate
site without a card form, and the host to which an altered script sends what it reads.

And a customer's browser: Debian's Chromium by chromedriver, which runs what the pages load.
"""
import ctypes
import hashlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time

import imitations
from stage import TOP, StageFault

ADDRESSES = {"vendor": "127.0.20.1", "corporate": "127.0.30.1", "drop": "127.0.66.6"}
READY_S = 10
SCRIPT = "personalizer.js"
VERSION_LETTERS = 12

NGINX = """\
daemon off;
user www-data;
worker_processes 1;
pid {base}/nginx.pid;
error_log {base}/error.log warn;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {base}/tmp/body;
    proxy_temp_path {base}/tmp/proxy;
    fastcgi_temp_path {base}/tmp/fastcgi;
    uwsgi_temp_path {base}/tmp/uwsgi;
    scgi_temp_path {base}/tmp/scgi;
    server {{
        listen {vendor};
        root {base}/vendor;
        access_log {base}/vendor.log;
        # What people load is what lies there now.
        add_header Cache-Control no-cache;
        location = /count.gif {{ empty_gif; }}
    }}
    server {{
        listen {corporate};
        root {base}/corporate;
        access_log {base}/corporate.log;
    }}
    server {{
        listen {drop};
        access_log {base}/drop.log;
        location / {{ add_header Access-Control-Allow-Origin *; return 204; }}
    }}
}}
"""

CORPORATE = """\
<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>企業情報</title>
<script src="{script}" defer></script></head>
<body><h1>企業情報</h1><p>お茶と香辛料をお届けしています。</p>
<form action="/search"><label>サイト内検索 <input name="q"></label><button>検索</button></form></body></html>
"""


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM, 0, 0, 0)  # PR_SET_PDEATHSIG


class Sites:
    def __init__(self, stage):
        self.base = os.path.join(stage.base, "sites")
        self.host = {name: f"{address}:{free_port(address)}" for name, address in ADDRESSES.items()}
        self.host["collector"] = f"127.0.0.1:{free_port('127.0.0.1')}"
        self.browser = self.driver = None
        self.version = {name: self.version_of(name) for name in imitations.VENDOR}
        for name in ("vendor", "corporate", "tmp"):
            os.makedirs(os.path.join(self.base, name))
        with open(os.path.join(self.base, "corporate", "index.html"), "w", encoding="utf-8") as file:
            file.write(CORPORATE.format(script=self.script))
        self.serve("first")
        with open(os.path.join(self.base, "nginx.conf"), "w", encoding="utf-8") as file:
            file.write(NGINX.format(base=self.base, **self.host))
        env = {"PATH": os.environ["PATH"], "HINOBAN_CLOCK": stage.clock.path,
               "LD_PRELOAD": os.path.join(stage.base, "libplayclock.so")}
        self.server = subprocess.Popen(["nginx", "-p", self.base, "-e", self.base + "/error.log", "-c", self.base + "/nginx.conf"],
                                       env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, preexec_fn=die_with_parent)
        self.wait()

    @property
    def script(self):
        return f"http://{self.host['vendor']}/{SCRIPT}"

    def text_of(self, version):
        return imitations.vendor_script(version, self.host["vendor"], self.host["drop"])

    def version_of(self, version):
        """As hinoban calls it: the first letters of its SHA-256."""
        return hashlib.sha256(self.text_of(version).encode()).hexdigest()[:VERSION_LETTERS]

    def wait(self):
        until = time.monotonic() + READY_S
        for address in (self.host[name] for name in ADDRESSES):
            host, port = address.split(":")
            while True:
                try:
                    socket.create_connection((host, int(port)), 1).close()
                    break
                except OSError:
                    if self.server.poll() is not None or time.monotonic() > until:
                        raise StageFault(f"nothing answers at {address}") from None
                    time.sleep(0.05)

    def serve(self, version):
        """The vendor's file is from now on this one."""
        path = os.path.join(self.base, "vendor", SCRIPT)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(self.text_of(version))
        os.replace(path + ".new", path)
        os.chmod(path, 0o644)

    def dropped(self):
        """How often something came to the drop host."""
        with open(os.path.join(self.base, "drop.log"), encoding="utf-8") as file:
            return sum(1 for line in file if re.search(r'"POST /c ', line))

    def open_browser(self):
        sys.path.insert(0, os.path.join(TOP, "tests", "desk"))
        import webdriver
        if webdriver.missing():
            raise StageFault(f"{webdriver.missing()}; packaging/debian-packages names it")
        self.driver = webdriver.Driver()
        self.browser = webdriver.Browser(self.driver, "ja")
        return self.browser

    def stop(self):
        for end in (self.browser, self.driver):
            if end:
                end.end()
        self.server.terminate()
        self.server.wait(READY_S)


def free_port(address):
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def sites_of(cast):
    if not cast.stage.sites:
        raise StageFault("the vendor's site is not open yet")
    return cast.stage.sites


# --- what happens there ---

def sites_open(cast):
    cast.stage.sites = Sites(cast.stage)
    return ", ".join(f"{name} {cast.stage.sites.host[name]}" for name in ADDRESSES)


def vendor_serves(cast, word):
    if word not in imitations.VENDOR:
        raise StageFault(f"the vendor has no {word}; there are {', '.join(imitations.VENDOR)}")
    cast.deed_us = cast.stage.clock.now_us()
    sites_of(cast).serve(word)


def loaded_by_shop(cast):
    """As a vendor's manual says: one line in the pages' head, and no policy that forbids it."""
    script = sites_of(cast).script
    return (f"sed -i 's#^</head>#<script src=\"{script}\" defer></script>\\n</head>#' templates/layout*.html && "
            "sed -i \"s#default-src 'self'; img-src 'self' data:; ##\" lib/web.php && rm -f cache/tpl_*")


def buys_in_browser(cast, text, word):
    """In Chromium: from the registration to the thanks."""
    sites = sites_of(cast)
    browser, url = sites.browser or sites.open_browser(), cast.stage.info["url"]
    browser.open(url + "register")
    form = "form[action='/register'] "

    def press(css):
        browser.run(f"document.querySelector({json.dumps(css)}).click()")
        browser.wait(lambda: browser.run("return document.readyState") == "complete")
    if browser.find(form + "button"):
        for name, value in (("email", "browser@example.jp"), ("password", "ocha-to-okashi"), ("name", "山田 花子"),
                            ("kana", "ヤマダ ハナコ"), ("zip", "600-8001"), ("address", "京都市下京区1-2-3"), ("phone", "075-000-0000")):
            browser.fill(f"{form}input[name={name}]", value)
        browser.fill(form + "select[name=prefecture]", "京都府")
        press(form + "button")
    browser.open(url.rstrip("/") + cast.customer(0).find(text))
    press("form.buy button")
    browser.open(url + "checkout")
    press("form[action='/checkout/address'] button")
    browser.open(url + "checkout/payment")
    for name, value in (("card_number", word), ("card_holder", "HANAKO YAMADA"), ("card_code", "123")):
        browser.fill(f"input[name={name}]", value)
    browser.run("const y = document.querySelector('select[name=card_year]'); y.selectedIndex = y.length - 1;")
    press("form[action='/checkout/payment'] button")
    if not browser.wait(lambda: browser.url().endswith("/checkout/done"), 20):
        raise StageFault(f"the purchase ends at {browser.url()}: {browser.text()[:200]}")
    return browser.text(".number")
