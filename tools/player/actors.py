"""What the actors of a play do: one function a statement, the table ACTS names them all."""
import base64
import os
import secrets
import shlex
import sqlite3
import time
import urllib.parse

import imitations
import siege
from database import open_database
from outside import news_bring
from sites import buys_in_browser, loaded_by_shop, sites_open, vendor_serves
from browser import Customer, ShopError, Staff, Visitor

CUSTOMERS = 5  # who share the purchases of one statement
PAGES = ("/", "/c/sencha", "/c/utsuwa", "/p/1", "/p/11", "/search?q=%E8%8C%B6", "/cart", "/law")


class Cast:
    """Who acts, and what they remember between statements."""

    def __init__(self, stage):
        self.stage = stage
        self.secret = secrets.token_hex(12)
        self.customers, self.intruder, self.shell = [], None, None
        self.originals = {}    # path -> bytes, before the intruder altered it
        self.deed_us = None    # driven time just before the last deed that should be found
        self.named = set()     # (type, path) of the findings that the play expected
        self.last_finding = None
        self.news = []         # entries of the feed
        self.latencies = []    # microseconds from deed to finding
        self.code, self.output = None, ""
        self.token = "hinoban-play-" + secrets.token_hex(8)  # of altered code
        self.crowd, self.attempts, self.approved = None, [], {}

    def close(self):
        if self.crowd:
            self.crowd.home(0)
        for visitor in [*self.customers, *([self.intruder] if self.intruder else [])]:
            visitor.close()

    def customer(self, i):
        while len(self.customers) <= i % CUSTOMERS:
            n = len(self.customers) + 1
            fresh = Customer(self.stage.info["url"], f"127.0.1.{n}")
            fresh.register(f"customer{n}@example.jp", f"客 {n}")
            self.customers.append(fresh)
        return self.customers[i % CUSTOMERS]

    def staff(self):
        staff = Staff(self.stage.info["url"], "127.0.2.1")
        staff.login(self.stage.info["admin"], self.stage.info["password"])
        return staff

    def through_shell(self, op, path, data=b""):
        """One request to the web shell that was uploaded before."""
        if not self.shell:
            raise ShopError("the intruder has no web shell yet")
        answer = self.intruder.post(self.shell, {
            "k": self.secret, "op": op, "path": path, "data": base64.b64encode(data).decode()}, expect=200)
        return answer.text.strip()

    def write(self, path, data):
        if self.through_shell("write", path, data) != str(len(data)):
            raise ShopError(f"the web shell could not write {path}")

    def read(self, path):
        return base64.b64decode(self.through_shell("read", path))


def often(cast, count):
    return range(count.of(cast.stage.fast) if count else 1)


# --- shop, visitors, customers, staff ---

def shop_opens(cast):
    cast.stage.open_shop()
    return cast.stage.info["url"]


def visitors_look(cast, count=None):
    visitor = Visitor(cast.stage.info["url"], "127.0.3.1")
    for _ in often(cast, count):
        for page in PAGES:
            visitor.get(page)
    visitor.close()


def customer_buys(cast, text, word, count=None):
    for i in often(cast, count):
        cast.customer(i).buy(text, word)
    return f"{len(often(cast, count))} orders" if count else ""


def customers_crowd(cast):
    cast.approved, cast.attempts = siege.code_of(cast.stage.shop_dir), []
    cast.crowd = siege.Crowd(cast)


def customers_leave(cast, count):
    cast.crowd.home(count.of(cast.stage.fast))
    return (f"{cast.crowd.requests} requests, {cast.crowd.orders} of them orders, in {cast.crowd.seconds:.1f} s; "
            f"{len(cast.crowd.altered)} altered, {len(cast.crowd.failed)} failed")


def customer_reviews(cast, text, word, count=None):
    path = cast.customer(0).find(text)
    for i in often(cast, count):
        picture = imitations.JPEG_HEAD[:-2] + secrets.token_bytes(2000) + b"\xff\xd9"
        cast.customer(i).review(path, "おいしくいただきました。", word, picture)
    return f"{len(often(cast, count))} pictures" if count else ""


def staff_edits(cast, text, count=None):
    staff = cast.staff()
    number = staff.find(text).rsplit("/", 1)[1]
    for i in often(cast, count):
        staff.edit(number, stock=str(90 + i % 10))


def staff_clears_cache(cast, count=None):
    staff = cast.staff()
    for _ in often(cast, count):
        staff.clear_cache()
        staff.get("/")


# --- the clock ---

def clock_to(cast, time):
    cast.stage.clock.set(time)


def clock_forward(cast, span):
    cast.stage.clock.forward(span)
    return f"{cast.stage.clock.now():%Y-%m-%d %H:%M}"


# --- the intruder ---

def deed(cast):
    """Only where the marker says that this is a copy for plays."""
    if not os.path.isfile(os.path.join(cast.stage.shop_dir, imitations.MARKER)):
        raise ShopError(f"no {imitations.MARKER} in the shop's folder: intruders of plays do nothing here")
    cast.deed_us = cast.stage.clock.now_us()


def intruder_uploads(cast, word):
    if not cast.intruder:
        cast.intruder = Customer(cast.stage.info["url"], "127.66.6.6", "Mozilla/5.0 (intruder of a play)")
        cast.intruder.register(f"{secrets.token_hex(4)}@example.net", "侵入 者", "シンニュウ シャ")
    cast.intruder.get("/p/2")
    deed(cast)
    cast.intruder.review("/p/2", "とてもよいお茶でした。", word, imitations.webshell(cast.secret), "image/jpeg")
    cast.shell = cast.intruder.newest_picture("/p/2")
    return cast.shell


def intruder_skims(cast, path, target):
    source = cast.read(path)
    cast.originals.setdefault(path, source)
    altered = imitations.skimmed(source.decode(), target).encode()
    cast.write(target, imitations.JPEG_HEAD)
    deed(cast)
    cast.write(path, altered)


def intruder_plants(cast, what, path):
    if what not in imitations.PLANTS:
        raise ShopError(f"no imitation is called {what}; there are {', '.join(imitations.PLANTS)}")
    deed(cast)
    cast.write(path, imitations.plant(what, cast.secret))


def intruder_appends(cast, text, path):
    source = cast.read(path)
    cast.originals.setdefault(path, source)
    deed(cast)
    cast.write(path, source + text.encode() + b"\n")


def intruder_removes(cast, path):
    cast.originals.setdefault(path, cast.read(path))
    deed(cast)
    cast.through_shell("remove", path)


def intruder_sets_mode(cast, word, path):
    deed(cast)
    cast.through_shell("mode", path, word.encode())


def intruder_restores(cast, path):
    if path not in cast.originals:
        raise ShopError(f"the intruder has not altered {path}")
    deed(cast)
    cast.write(path, cast.originals[path])


def intruder_finds(cast, path):
    """The careless module: he needs no upload."""
    cast.intruder = Customer(cast.stage.info["url"], "127.66.6.6", "Mozilla/5.0 (intruder of a play)")
    cast.shell = "/" + path
    cast.read(path)


def tampers(cast, ways, count):
    deed(cast)
    begun = time.monotonic()
    siege.tamper(cast, ways, len(often(cast, count)))
    return f"{len(often(cast, count))} attempts in {time.monotonic() - begun:.1f} s"


def intruder_tampers(cast, count=None):
    return tampers(cast, siege.GAPLESS, count)


def intruder_takes_away(cast, count=None):
    return tampers(cast, siege.GAPS, count)


def intruder_links(cast, count=None):
    return tampers(cast, siege.LINKS, count)


# --- the operator ---

def operator_inits(cast):
    begin = time.monotonic()
    cast.stage.init()
    return f"{time.monotonic() - begin:.2f} s"


def operator_starts(cast):
    cast.stage.start_hinoban()


def operator_stops(cast):
    code = cast.stage.stop_hinoban()
    if code:
        raise ShopError(f"hinoband ended with {code}")


def run(cast, argv):
    cast.code, out, err = cast.stage.hinoban(*argv)
    cast.output = out + err
    return f"exit {cast.code}"


def places(cast):
    """What a play calls by name in {}, because it is another in each run."""
    stage = cast.stage
    sites = {**stage.sites.host, **stage.sites.version} if stage.sites else {}
    return {**sites, "host": urllib.parse.urlsplit(stage.info["url"]).netloc if stage.info else "",
            "url": stage.info["url"] if stage.info else "", "finding": cast.last_finding or "", "shop": stage.shop_dir, "config": stage.config, "feed": stage.feed,
            "stage": stage.base}


def operator_runs(cast, command):
    return run(cast, [word.format(**places(cast)) for word in shlex.split(command)])


def operator_configures(cast, section, key, value):
    cast.stage.configure(section, key, value.format(**places(cast)))


def operator_deploys(cast, command):
    line = f"cd {shlex.quote(cast.stage.shop_dir)} && {command}"
    result = run(cast, ["deploy", "--config", cast.stage.config, "--", "sh", "-c", line])
    return well(cast, result)


def operator_loads_script(cast):
    return operator_deploys(cast, loaded_by_shop(cast))


def operator_asks_browsers(cast):
    """What customers' browsers load, they tell the shop, and its web server hinoban's collector.

    The shop of plays has no TLS: there Chromium knows no Reporting-Endpoints, and heeds report-uri only
    where report-to is not said.
    """
    snippet = cast.stage.must("page", "policy", "--snippet", "nginx")
    cast.stage.include("hinoban.conf", snippet.replace("; report-to hinoban", ""))


def operator_installs(cast, path):
    source = os.path.join(cast.stage.base, "module.php")
    with open(source, "wb") as file:
        file.write(imitations.module(cast.secret))
    folder = os.path.dirname(path) or "."
    return operator_deploys(cast, f"mkdir -p {shlex.quote(folder)} && cp {shlex.quote(source)} {shlex.quote(path)}")


def operator_sets_mode(cast, word, text):
    """And waits until opens are decided so."""
    since = len(cast.stage.facts("--type", "gate.mode"))
    well(cast, run(cast, ["mode", word, "--reason", text]))
    until = time.monotonic() + 20
    while len(cast.stage.facts("--type", "gate.mode")) == since:
        if time.monotonic() > until:
            raise ShopError("opens are not decided within 20 s")
        time.sleep(0.1)


def operator_approves(cast, path, text):
    return well(cast, run(cast, ["approve", path, "--reason", text]))


def operator_dismisses(cast, path, text):
    for fact in reversed(cast.stage.facts("--kind", "finding")):
        if fact.get("path") == path:
            return well(cast, run(cast, ["dismiss", str(fact["seq"]), "--reason", text]))
    raise ShopError(f"there is no finding on {path}")


def well(cast, result):
    if cast.code not in (0, 1):
        raise ShopError(f"hinoban ended with {cast.code}: {cast.output.strip()[-300:]}")
    return result


def orders_in_shop(cast):
    with sqlite3.connect(f"file:{cast.stage.shop_dir}/data/shop.sqlite?mode=ro", uri=True) as db:
        return db.execute("SELECT count(*) FROM orders").fetchone()[0]


ACTS = {
    "shop opens": shop_opens,
    "visitors look around [x COUNT]": visitors_look,
    "customer buys TEXT with card WORD [x COUNT]": customer_buys,
    "customer buys TEXT with card WORD in a browser": buys_in_browser,
    "customers crowd in": customers_crowd,
    "customers leave after COUNT requests": customers_leave,
    "customer reviews TEXT with picture WORD [x COUNT]": customer_reviews,
    "staff edits TEXT [x COUNT]": staff_edits,
    "staff clears the cache [x COUNT]": staff_clears_cache,
    "clock to TIME": clock_to,
    "clock forward SPAN": clock_forward,
    "intruder uploads webshell as WORD": intruder_uploads,
    "intruder alters PATH so that cards are copied to PATH:target": intruder_skims,
    "intruder plants WORD:what as PATH": intruder_plants,
    "intruder appends TEXT to PATH": intruder_appends,
    "intruder removes PATH": intruder_removes,
    "intruder sets mode WORD on PATH": intruder_sets_mode,
    "intruder restores PATH": intruder_restores,
    "intruder finds a careless module at PATH": intruder_finds,
    "intruder tampers in every way [x COUNT]": intruder_tampers,
    "intruder takes code away [x COUNT]": intruder_takes_away,
    "intruder links code elsewhere [x COUNT]": intruder_links,
    "operator inits hinoban": operator_inits,
    "operator starts hinoban": operator_starts,
    "operator stops hinoban": operator_stops,
    "database of WORD:name on WORD:kind": open_database,
    "operator configures WORD:section WORD:key = REST:value": operator_configures,
    "operator runs hinoban REST:command": operator_runs,
    "vendor and corporate site open": sites_open,
    "vendor serves WORD": vendor_serves,
    "operator loads the vendor's script in the shop": operator_loads_script,
    "operator asks browsers what they load": operator_asks_browsers,
    "news bring WORD:name on TIME": news_bring,
    "operator deploys REST:command": operator_deploys,
    "operator installs a careless module as PATH": operator_installs,
    "operator sets mode WORD because TEXT": operator_sets_mode,
    "operator approves PATH because TEXT": operator_approves,
    "operator dismisses PATH because TEXT": operator_dismisses,
}
