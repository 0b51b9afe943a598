#!/usr/bin/env python3
"""The bundled shop, run for real: customers buy, staff edit, the weakness is as weak as told."""
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import shutil

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools", "player"))
from browser import Customer, ShopError, Staff, Visitor, read_info  # noqa: E402

NEEDED = ("nginx", "php-fpm8.2", "php8.2")
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                    "1f15c4890000000d49444154789c6360f8cfc0000003010100c9fe92ef0000000049454e44ae426082")
count = failed = 0


def check(good, what, more=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {what}" + (f"  # {more}" if more and not good else ""), flush=True)


def refused(what, act):
    try:
        act()
        check(False, what, "it was allowed")
    except ShopError as error:
        check(True, what, str(error))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Shop:
    """One shop/run in the foreground."""

    def __init__(self, base, name):
        self.dir = os.path.join(base, name, "www")
        self.process = subprocess.Popen(
            [os.path.join(ROOT, "shop", "run"), "--dir", self.dir, "--port", str(free_port()),
             "--foreground", "--admin-password", "kanri-no-hito"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        line = self.process.stdout.readline()
        if "ready on" not in line:
            raise SystemExit(f"Bail out! the shop did not start: {line}{self.process.stdout.read()}")
        self.url = re.search(r"http://[0-9.:]+/", line).group(0)

    def database(self, sql, *values):
        with sqlite3.connect(f"file:{self.dir}/data/shop.sqlite?mode=ro", uri=True) as db:
            return db.execute(sql, values).fetchall()

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(20)


def processes_under(path):
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read()
            where = os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            continue
        if (b"nginx" in words or b"php-fpm" in words) and where.startswith(path):
            found.append(int(pid))
    return found


def test_browsing(shop):
    visitor = Visitor(shop.url)
    home = visitor.get("/").text
    check(home.count('class="card"') >= 6 and "おすすめ" in home, "the front page shows products")
    check("haoto" not in visitor.cookies, "looking around begins no session")
    check(visitor.get("/c/gyokuro").text.count('class="card"') == 3, "a category shows its products")
    found = visitor.get("/search?q=%E3%81%BB%E3%81%86%E3%81%98").text
    check(found.count('class="card"') >= 2, "search finds by name")
    check("<script>alert" not in visitor.get("/search?q=%3Cscript%3Ealert(1)%3C/script%3E").text, "what is searched for is escaped")
    for path in ("/lib/db.php", "/data/shop.sqlite", "/templates/home.html", "/setup.php", "/.hinoban-play", "/nowhere"):
        check(visitor.request("GET", path).status == 404, f"{path} is not served")
    missing = [p for p in set(re.findall(r'(?:src|href)="(/static/[^"]+)"', home)) if visitor.request("GET", p).status != 200]
    check(not missing, "all pictures, style and script of the front page exist", str(missing))


def test_buying(shop):
    customer = Customer(shop.url)
    refused("checkout needs a login", lambda: customer.get("/checkout"))
    customer.register("hanako@example.jp")
    number = customer.buy("玉露 月影", "4242 4242 4242 4242", count=2)
    rows = shop.database("SELECT total, card_brand, card_last4, card_token FROM orders WHERE number = ?", number)
    check(rows and rows[0][:3] == (6480, "Visa", "4242"), "an order is stored with brand and last four", str(rows))
    with open(shop.dir + "/data/shop.sqlite", "rb") as file:
        check(b"4242424242424242" not in file.read(), "the card's number is nowhere in the database")
    check(number in customer.get("/mypage").text, "the order stands in the customer's history")
    check("末尾 4242" in customer.get(f"/mypage/order/{number}").text, "the order's page shows the last four digits")
    refused("a card that the acquirer does not know", lambda: customer.buy("煎茶 朝つゆ", "4000000000000002"))
    refused("a number with a wrong check digit", lambda: customer.buy("煎茶 朝つゆ", "4242424242424241"))
    other = Customer(shop.url)
    other.register("taro@example.jp", "鈴木 太郎", "スズキ タロウ")
    refused("another customer's order is not shown", lambda: other.get(f"/mypage/order/{number}"))
    refused("a form without its token", lambda: other.post("/cart/add", {"product": 1, "count": 1}))
    refused("a used e-mail address", lambda: Customer(shop.url).register("taro@example.jp"))
    again = Customer(shop.url)
    again.login("hanako@example.jp", Customer.password)
    check(number in again.get("/mypage").text, "who logs in again finds the order")
    refused("a wrong password", lambda: Customer(shop.url).login("hanako@example.jp", "wrong-password"))


def test_reviews(shop):
    customer = Customer(shop.url)
    customer.register("photo@example.jp")
    customer.review("/p/1", "香りがとてもよいです<b>", "tea.png", PNG, "image/png")
    path = customer.newest_picture("/p/1")
    check(path == "/uploads/review/tea.png", "a review's picture lies under uploads/", str(path))
    check(customer.get(path).body == PNG, "and is served as it was sent")
    check("よいです&lt;b&gt;" in customer.get("/p/1").text, "a review's text is escaped")
    customer.review("/p/1", "もう一枚", "tea.png", PNG, "image/png")
    check(customer.newest_picture("/p/1") == "/uploads/review/2_tea.png", "a name that is taken gets a number")
    customer.review("/p/1", "これは写真ではない", "x.php", b"<?php echo 6 * 7;", "application/x-php")
    check(not os.path.exists(shop.dir + "/uploads/review/x.php"), "code that says it is code is refused")
    customer.review("/p/1", "写真", "x.php", b"<?php echo 6 * 7;", "image/jpeg")
    check(customer.get("/uploads/review/x.php").text == "42", "THE WEAKNESS: code that says it is a picture runs")


def test_staff(shop):
    refused("staff pages need a login", lambda: Visitor(shop.url).get("/admin/"))
    refused("a wrong password of staff", lambda: Staff(shop.url).login("admin", "wrong-password"))
    staff = Staff(shop.url)
    staff.login("admin", read_info(shop.dir)["password"])
    check("山田 花子様" in staff.get("/admin/").text, "staff see the orders")
    before = set(os.listdir(shop.dir + "/cache"))
    check(any(n.startswith("tpl_home") for n in before), "templates were compiled into cache/")
    staff.edit(1, price="1500", name="煎茶 朝つゆ 新")
    check("¥1,500" in Visitor(shop.url).get("/p/1").text, "an edited price shows at once")
    check("朝つゆ 新" in Visitor(shop.url).get("/c/sencha").text, "and in the lists, whose cache was made anew")
    staff.clear_cache()
    check("おすすめ" in Visitor(shop.url).get("/").text, "the shop compiles its templates anew after the cache was cleared")
    page = staff.get("/admin/product/2")
    staff.post_file("/admin/product/2", {"csrf": page.token, "name": "煎茶 山のひかり", "price": "1620", "stock": "5", "shown": "1"},
                    "picture", "new.png", PNG, "image/png")
    check("/uploads/product/new.png" in Visitor(shop.url).get("/p/2").text, "staff replace a product's picture")


def test_server(shop, base):
    owner = os.stat(shop.dir + "/payment/CardPayment.php").st_uid
    workers = [p for p in processes_under(os.path.dirname(shop.dir))]
    check(len(workers) >= 4 and all(os.stat(f"/proc/{p}").st_uid == owner for p in workers),
          "all server processes run as the owner of the code")
    check(os.geteuid() != 0 or owner != 0, "which is not root")
    other = Shop(base, "second")
    check(Visitor(other.url).get("/").status == 200 and Visitor(shop.url).get("/").status == 200, "two shops run side by side")
    check(other.stop(signal.SIGINT) == 0 and not processes_under(os.path.join(base, "second")), "SIGINT leaves no process")
    with open(os.path.dirname(shop.dir) + "/server/access.log", encoding="utf-8") as log:
        line = log.read().splitlines()[-1]
    check(re.search(r'" \d+\.\d{3} \d+\.\d{3} [0-9a-f]{32}$', line), "the access log has milliseconds, duration, request id", line)
    code = shop.stop()
    check(code == 0 and not processes_under(base), "SIGTERM leaves no process", f"exit {code}")


def test_background(shop):
    run = [os.path.join(ROOT, "shop", "run"), "--dir", shop.dir]
    port = free_port()
    started = subprocess.run(run + ["--port", str(port), "--background"], stdout=subprocess.DEVNULL, check=False)
    good = started.returncode == 0 and "2_tea.png" in Visitor(f"http://127.0.0.1:{port}/").get("/p/1").text
    check(good, "in the background, an existing copy is served as it was")
    check(subprocess.run(run + ["--stop"], check=False).returncode == 0 and not processes_under(shop.dir[:-4]), "--stop ends it")


def main():
    missing = [n for n in NEEDED if not shutil.which(n, path=os.environ["PATH"] + ":/usr/sbin")]
    if missing:
        print(f"1..0 # SKIP not installed: {' '.join(missing)}")
        return 0
    with tempfile.TemporaryDirectory(prefix="hinoban-shop-") as base:
        os.chmod(base, 0o755)
        shop = Shop(base, "first")
        try:
            for test in (test_browsing, test_buying, test_reviews, test_staff):
                test(shop)
            test_server(shop, base)
            test_background(shop)
        finally:
            if shop.process.poll() is None:
                shop.stop()
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
