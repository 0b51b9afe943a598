"""A siege: customers who never stop, and an intruder who tampers in every way that the web
server's user has over HTTP. The altered code of this run carries a token: a response that
holds it was made by altered code."""
import base64
import hashlib
import json
import os
import secrets
import stat
import threading
import time
from http.client import HTTPException

import imitations
from browser import Customer, ShopError

CROWD = 3            # of the shop's four workers: one is left to the intruder
PAGES = ("/", "/c/sencha", "/p/1", "/p/11", "/static/shop.js", "/search?q=%E8%8C%B6", "/cart",
         "/static/shop.css", "/c/utsuwa", "/law")
PURCHASE_EVERY = 20  # pages of one customer
MOST_WAIT_S = 900
PACE_S = 0.06        # between two attempts
RIGHT_REQUEST = 0.6  # of the changes name the intruder's request: the others one that ran just then
UNSEEN_MOST = 0.06   # of the altered versions are put right before anybody has read them
ENOUGH_TOLD = 8      # of the faults, so many in words


class Watching(Customer):
    """A customer whose every response is looked at."""

    def __init__(self, crowd, number):
        super().__init__(crowd.url, f"127.0.4.{number}")
        self.crowd, self.number = crowd, number

    def request(self, method, path, body=None, headers=None):
        try:
            answer = super().request(method, path, body, headers)
        except (OSError, HTTPException) as fault:
            self.crowd.saw(path, 0, repr(fault), False)
            raise ShopError(f"{method} {path}: {fault}") from None
        token = self.crowd.token
        altered = token.encode() in answer.body or any(token in v for v in answer.headers.values())
        self.crowd.saw(path, answer.status, "", altered)
        return answer


class Crowd:
    """Customers at work in threads of their own."""

    def __init__(self, cast):
        self.url, self.token, self.clock = cast.stage.info["url"], cast.token, cast.stage.clock
        self.lock, self.stop = threading.Lock(), threading.Event()
        self.requests = self.orders = 0
        self.altered, self.failed = [], []
        self.began = time.monotonic()
        self.threads = [threading.Thread(target=self.shop, args=(Watching(self, i + 1),), daemon=True)
                        for i in range(CROWD)]
        for thread in self.threads:
            thread.start()

    def saw(self, path, status, fault, altered):
        with self.lock:
            self.requests += 1
            if altered:
                self.altered.append((self.clock.now_us(), path))
            if not 200 <= status < 400:
                self.failed.append((self.clock.now_us(), path, status, fault))

    def shop(self, customer):
        """A failed request is on record already; a person would try again."""
        registered, n = False, 0
        while not self.stop.is_set():
            try:
                if not registered:
                    customer.register(f"{secrets.token_hex(6)}@example.jp")
                    registered = True
                customer.get(PAGES[(n + customer.number) % len(PAGES)])
                if n % PURCHASE_EVERY == customer.number:
                    customer.buy("煎茶 朝つゆ", "4111111111111111")
                    self.orders += 1
            except (ShopError, AttributeError, ValueError) as fault:
                if not self.failed and "GET /checkout: 303" not in str(fault):  # sold out
                    self.saw("?", 0, f"not what a customer expects: {fault}", False)
            n += 1
        customer.close()

    def home(self, count):
        until = time.monotonic() + MOST_WAIT_S
        while self.requests < count and time.monotonic() < until:
            time.sleep(0.05)
        self.stop.set()
        for thread in self.threads:
            thread.join(60)
        self.seconds = time.monotonic() - self.began


class Attempt:
    def __init__(self, number, way, path, begun_us, ended_us, results, landed):
        self.staged = f"uploads/review/{number}."  # how the names begin under which it is made ready
        self.way, self.path, self.begun_us, self.ended_us = way, path, begun_us, ended_us
        self.results, self.landed = results, landed

    def __str__(self):
        return f"{self.way} {self.path}"


def b64(data):
    return base64.b64encode(data).decode()


# ---- the ways: each returns (steps, path that is meant, content that may land or None) ----

def _stage(path, data, n):
    """The altered file, ready under a harmless name."""
    name = f"uploads/review/{n}.txt"
    return name, [["write", name, b64(data)]]


def in_place(path, data, n):
    return [["write", path, b64(data)]], path, None


def append(path, data, n):
    return [["append", path, b64(b"\n" + data[-400:])]], path, None


def truncate(path, data, n):
    return [["truncate", path, "7"]], path, None


def rename_over(path, data, n):
    name, steps = _stage(path, data, n)
    return [*steps, ["rename", name, path]], path, data


def rename_and_write_on(path, data, n):
    """The descriptor that wrote it stays open, and writes again when it stands there."""
    name, steps = _stage(path, data, n)
    return [*steps, ["renamewrite", name, path]], path, None  # it may be gone before anyone reads it


def swap_aside(path, data, n):
    name, steps = _stage(path, data, n)
    return [*steps, ["rename", path, name + ".old"], ["rename", name, path]], path, data


def hard_link(path, data, n):
    return [["link", path, f"uploads/review/{n}.l.txt"], ["write", f"uploads/review/{n}.l.txt", b64(data)],
            ["remove", f"uploads/review/{n}.l.txt"]], path, None


def hard_link_over(path, data, n):
    """A name of the altered file stays among the uploads, to write through later."""
    name, steps = _stage(path, data, n)
    return [*steps, ["link", name, name + ".2"], ["rename", name + ".2", path],
            ["write", name, b64(data)], ["remove", name]], path, None


def link_to_upload(path, data, n):
    name, steps = _stage(path, data, n)
    return [*steps, ["symlink", "../" * path.count("/") + name, name + ".l"], ["rename", name + ".l", path]], path, None


def link_outside(path, data, n):
    return [["outside", f"{n}.txt", b64(data)], ["symlink", f"@outside/{n}.txt", f"uploads/review/{n}.l"],
            ["rename", f"uploads/review/{n}.l", path]], path, None


def mode(path, data, n):
    return [["mode", path, "4777" if n % 2 else "600"]], path, None


def remove(path, data, n):
    return [["remove", path]], path, None


def remove_and_new(path, data, n):
    return [["remove", path], ["write", path, b64(data)]], path, None


def folder_swap(path, data, n):
    if "/" not in path:
        return rename_over(path, data, n)
    folder, name = path.rsplit("/", 1)
    return [["mkdir", f"uploads/review/{n}.d"], ["write", f"uploads/review/{n}.d/{name}", b64(data)],
            ["rename", folder, f"uploads/review/{n}.old"], ["rename", f"uploads/review/{n}.d", folder]], path, None


def new_code(path, data, n):
    new = path.rsplit("/", 1)[0] + f"/new{n}.php" if "/" in path else f"new{n}.php"
    return [["write", new, b64(data)]], new, None


def new_code_by_rename(path, data, n):
    name, steps = _stage(path, data, n)
    new = f"lib/new{n}.php"
    return [*steps, ["rename", name, new]], new, data


def code_among_uploads(path, data, n):
    return [["write", f"uploads/review/{n}.php", b64(data)]], f"uploads/review/{n}.php", data


def user_ini(path, data, n):
    return [["outside", f"{n}.txt", b64(data)],
            ["write", ".user.ini", b64(b"auto_prepend_file=@outside/%d.txt\n" % n)]], ".user.ini", None


def user_ini_by_rename(path, data, n):
    text = b"; %d\nauto_prepend_file=uploads/review/%d.txt\n" % (n, n)
    return [["write", f"uploads/review/{n}.u", b64(text)], ["rename", f"uploads/review/{n}.u", ".user.ini"]], ".user.ini", text


def htaccess(path, data, n):
    text = b"# %d\nAddType application/x-httpd-php .jpg\n" % n
    return [["write", f"uploads/review/{n}.h", b64(text)],
            ["rename", f"uploads/review/{n}.h", "uploads/.htaccess"]], "uploads/.htaccess", text


# Something to open stands under the path at any moment, and an open of it is asked about.
GAPLESS = [in_place, append, truncate, rename_over, rename_and_write_on, hard_link, hard_link_over,
           mode, new_code, new_code_by_rename, code_among_uploads, user_ini,
           user_ini_by_rename, htaccess]
# The path is missing until it is put back.
GAPS = [swap_aside, folder_swap, remove, remove_and_new]
# PHP opens what a link leads to, and remembers it for realpath_cache_ttl.
LINKS = [link_to_upload, link_outside]

# In turn, so that one path is not met twice within a second: refusals are told once a second.
TARGETS = ["payment/CardPayment.php", "lib/cart.php", "index.php", "static/shop.js", "lib/web.php",
           "templates/home.html", "payment/Card.php", "lib/pages/browse.php", "lib/template.php",
           "lib/pages/checkout.php", "static/shop.css", "lib/catalogue.php", "templates/product.html"]


def with_patience(cast, steps):
    """The careless module is the shop's, and needs code that he may just have taken away."""
    for left in reversed(range(20)):
        try:
            return cast.through_shell("steps", "", steps)
        except ShopError:
            if not left:
                raise
            time.sleep(PACE_S)


def tamper(cast, ways, count):
    """`count` attempts; each is one request to the careless module."""
    approved = {path: cast.read(path) for path in TARGETS}
    for i in range(count):
        n = len(cast.attempts) + 1
        way, path = ways[i % len(ways)], TARGETS[n % len(TARGETS)]
        data = imitations.altered(path, approved[path], cast.token, n)
        steps, meant, lands = way(path, data, n)
        time.sleep(PACE_S)
        begun = cast.stage.clock.now_us()
        said = with_patience(cast, json.dumps(steps).encode())
        results = json.loads(said)
        landed = hashlib.sha256(lands).hexdigest() if lands and all(results) else None
        cast.attempts.append(Attempt(n, way.__name__, meant, begun, cast.stage.clock.now_us(), results, landed))


# ---- what must be true afterwards ----

def code_of(shop):
    """Path -> (content, mode, owner) of everything that belongs to the shop's code."""
    found = {}
    for folder, folders, names in os.walk(shop):
        if folder == shop:
            folders[:] = [f for f in folders if f not in ("uploads", "cache", "data")]
        for name in names:
            path = os.path.join(folder, name)
            st = os.lstat(path)
            with open(path, "rb") as file:
                found[os.path.relpath(path, shop)] = (file.read(), stat.filemode(st.st_mode), st.st_uid, st.st_gid)
    return found



def told(facts, attempts, door):
    """Where each attempt stands in the ledger: (attempt, order or refusal, process, request known)."""
    by_path, requests = {}, {}
    for fact in facts:
        if fact["type"] == "file.request":
            for seq in fact.get("refs", []):
                requests[seq] = fact["request"]
        elif "path" in fact:
            by_path.setdefault(fact["path"], []).append(fact)
    for a in attempts:
        made_ready = [] if all(a.results) else [f for path, facts in by_path.items() if path.startswith(a.staged) for f in facts]
        yield Told(a, by_path.get(a.path, []), made_ready, requests, door)


class Told:
    BEFORE_US, AFTER_US = 1_000_000, 6_000_000  # a refusal is told once a second

    def __init__(self, attempt, facts, made_ready, requests, door):
        self.attempt = attempt
        near = [f for f in facts if attempt.begun_us - self.BEFORE_US <= at_us(f) <= attempt.ended_us + self.AFTER_US]
        # What he made ready was taken from him before he could put it in its place.
        self.answers = [f for f in near + made_ready if f["type"] == "open.denied" or f["kind"] in ("order", "deed")]
        changes = [f for f in near if f["type"] == "file.changed"]
        who = [f.get("who") or f.get("opener") or {} for f in near + made_ready]
        self.by_web = any("php-fpm" in w.get("exe", "") for w in who)
        mine = [f for f in changes if "php-fpm" in f.get("who", {}).get("exe", "") and at_us(f) >= attempt.begun_us - 1000]
        named = [requests[f["seq"]] for f in mine if f["seq"] in requests]
        self.changed, self.named = bool(mine), bool(named)
        self.request = any(r["url"].startswith(door) for r in named)


def at_us(fact):
    from stage import fact_us
    return fact_us(fact["at"])
