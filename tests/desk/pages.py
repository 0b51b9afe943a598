#!/usr/bin/env python3
"""The console's pages about watched pages, after real visits by the real visitor in Chromium: a
shop whose checkout loads a vendor's script, which is released anew, while the shop loses its
policy. With HINOBAN_SHOTS=DIR it leaves pictures there."""
import contextlib
import http.server
import os
import re
import sqlite3
import sys
import threading
import urllib.parse

sys.path.insert(0, os.path.join(os.environ["HINOBAN_SOURCE"], "tests", "scope"))
import shops  # noqa: E402
from watched import Client, Watched, end, ok, wait_for  # noqa: I001
from harness import skip
from webdriver import Browser, Driver, missing

SHOTS = os.environ.get("HINOBAN_SHOTS")
FILES = {"index.php": "<?php echo 'shop';\n"}
JOURNEY = 'stop = ["POST */pay"]\n[step]\nname = "checkout"\ncard = true\nfill = ["card-number: #n"]\nclick = "button"\n'
V1 = "window.assist={zip:function(v){return v.replace(/\\D/g,'')}};document.addEventListener('input',function(e){if(e.target.name==='zip')e.target.value=assist.zip(e.target.value)});"
V1 += "".join("function f%d(a){return a+%d}" % (i, i) for i in range(40))
V2 = V1.replace("/\\D/g,'')", "/[^0-9]/g,'').slice(0,7)") + "window.assist.release='<2>';"
now = {"v": V1, "policy": "default-src 'self' http://*.localhost:*; form-action 'self'"}


def count_someone():
    """Three orders, two of them by card, in a database that the settings name."""
    path = os.path.join(s.dir, "count.sqlite")
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript(shops.EC2_SQL.format(**shops.TYPES["sqlite"]))
        db.executemany("INSERT INTO dtb_order (order_id, customer_id, order_name01, order_email, payment_method, status, create_date) VALUES (?, 0, ?, ?, ?, 5, ?)",
                       [(i, "客", "k%d@c.example" % i, "クレジットカード" if i < 3 else "銀行振込", "2026-01-0%d 12:00:00" % i) for i in (1, 2, 3)])
        db.commit()
    with open(s.config, encoding="utf-8") as f:
        text = f.read()
    head, section, rest = text.partition("[scope]\n")
    with open(s.config, "w", encoding="utf-8") as f:
        f.write(head + section + rest.replace('profile = ""', 'profile = "ec-cube2"', 1).replace('database = ""', 'database = "sqlite:%s"' % path, 1))
    r = s.run("scope", "--from", "2026-01-01", "--to", "2030-01-01")
    ok(r.code == 0, "hinoban scope counts", r)


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        port = self.server.server_address[1]
        path = urllib.parse.urlsplit(self.path).path
        body, kind = {
            "/": ("<!doctype html><html lang=ja><meta charset=utf-8><title>お支払い</title><link rel=icon href='data:,'>"
                  "<script src='/shop.js'></script><script src='http://vendor.localhost:%d/w.js'></script>"
                  "<h1>お支払い</h1><form action=/pay method=post><input id=n name=n autocomplete=cc-number>"
                  "<input name=zip autocomplete=postal-code><button>注文する</button></form>" % port, "text/html; charset=utf-8"),
            "/shop.js": ("document.documentElement.dataset.js = 1;\n", "text/javascript"),
            "/w.js": (now["v"], "text/javascript")}.get(path, ("ok", "text/html"))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body.encode())))
        if path == "/" and now["policy"]:
            self.send_header("Content-Security-Policy", now["policy"])
        self.end_headers()
        self.wfile.write(body.encode())

    do_GET = do_POST = answer

    def log_message(self, *args):
        pass


if not os.path.exists("/usr/lib/chromium/chromium"):
    skip("the console's pages about pages", "Debian's chromium is not installed")
    end()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
SHOP, VENDOR = ("%s.localhost:%d" % (h, server.server_address[1]) for h in ("shop", "vendor"))


class Shop(Watched):
    def init(self, *more):
        done = super().init(*more)
        journey = os.path.join(self.base, "pay.journey")
        with open(journey, "w") as f:
            f.write(JOURNEY)
        os.chmod(journey, 0o644)
        with open(self.config) as f:
            text = f.read()
        with open(self.config, "w") as f:
            f.write(text.replace("watch = []", 'watch = ["checkout http://%s/ %s"]' % (SHOP, journey), 1).replace("quick = 15m", "quick = 0").replace("full = 1d", "full = 0"))
        return done


s = Shop(FILES)
c = Client(s.port, "ja")
c.login(s.token)
page = c.get("/webs")
ok(page.status == 200 and "未確認" in page.words and "http://%s/" % SHOP in page.words, "a page that was never visited", page)
ok(c.get("/web?page=checkout").status == 200 and c.get("/web?page=nobody").status == 404, "it has a page; another has none")
r = s.run("page", "check", "checkout", "--arm", "idle", "--arm", "a", "--arm", "a2", "--arm", "b", timeout=200)
ok(r.code in (0, 1) and s.log("--type", "page.twins"), "it is visited", r)
now["v"], now["policy"] = V2, ""
r = s.run("page", "check", "checkout", timeout=100)
records = [f for f in s.log("--type", "page.record") if f["arm"] == "idle"]
ok(len(records) >= 2, "and once more, when the vendor has released", r)

for lang, says in (("ja", ("異常あり", "お支払い", "未承認", "vendor.localhost", "外部", "content-security-policy", "がなくなりました",
                           "カード番号（未承認の行き先）", "ページを守るヘッダーはありません", "カードA")),
                   ("en", ("Problem", "Not approved", "third party", "was removed", "card number, not approved", "Card A again"))):
    c = Client(s.port, lang)
    c.login(s.token)
    page = c.get("/web?page=checkout")
    ok(page.status == 200 and all(w in page.words for w in says), lang + ": all of a page", [w for w in says if w not in page.words] + [page.words])
    ok("style=" not in page.text and "<script>" not in page.text and "<style" not in page.text, lang + ": nothing inline")
    ok(not re.search(r"\b(web|host|arm|script|vendor|webs)\.[a-z_]+\b(?!\.)", re.sub(r"\S*localhost\S*|\w+\.js", "", page.words)),
       lang + ": no text is missing", re.findall(r"\b(?:web|host|arm|script|vendor)\.[a-z_]+", page.words))
    ok(page.text.count("<path class=\"flow alarm\"") >= 1 and "<title>%s</title>" % VENDOR in page.text, lang + ": the picture")

shots = re.findall(r'src="(/web/shot/\d+\?step=\d+)"', page.text)
got = c.get(shots[0]) if shots else None
ok(got and got.status == 200 and got.body[8:12] == b"WEBP" and got.header("Content-Type") == "image/webp", "the picture of a step", shots)
ok(c.get("/web/shot/1?step=0").status == 404 and c.get(re.sub(r"step=\d+", "step=99", shots[0])).status == 404, "no other content comes out that way")
ok(Client(s.port).get(shots[0]).status == 303, "and none without a login")

# One script's history.
link = "/web/script?page=checkout&url=" + urllib.parse.quote("http://%s/w.js" % VENDOR, safe="")
page = c.get(link)
ok(page.status == 200 and page.text.count('class="v') == 4, "two versions, as bars and in the table", page.words)
ok("slice(0,7" in page.words, "what changed between them", page.words)
ok("function f20" not in page.words and 1 <= page.text.count('<tr class="add">') <= 3, "packed into one line, it is compared line by line", page.words)
ok("&#39;&lt;2&gt;&#39;" in page.text or "&lt;2&gt;" in page.text, "harmless")
ok(c.get("/web/script?page=checkout&url=http://nobody.example/x.js").status == 404, "a script that nobody loaded")

# The vendor's question.
page = c.get("/vendor?of=" + VENDOR)
ok("1 of 1 watched pages loaded it" in page.words and "asks for card data" in page.words, "the vendor's question", page.words)
loads = s.run("exposure", "--vendor", VENDOR, "--json").lines()[0]["pages"][0]["loads"]
ok([sorted(x["arms"].split()) for x in loads] == [["a", "a2", "b", "idle"], ["idle"]],
   "a version has one line, however it was visited", loads)
ok("Nobody was counted in that time yet" in page.words, "nobody was counted yet", page.words)
count_someone()
page = c.get("/vendor?of=" + VENDOR)
ok(re.search(r"card entries 2 entries card entries 2 persons .*orders 3 entries orders 3 persons", page.words) and "Nobody was counted" not in page.words
   and "2 entries" not in c.get("/vendor?of=%s&to=2001-01-01" % VENDOR).words, "who was counted in that time", page.words)
said = s.run("exposure", "--vendor", VENDOR).out.decode()
ok("card entries: 2件" in said and "orders: 3名" in said, "as the command says", said)
ok("No watched page" in c.get("/vendor?of=nobody.example").words and "No watched page" in c.get("/vendor?of=%s&to=2001-01-01" % VENDOR).words,
   "one that was not loaded, or not then")
ok("&lt;x&gt;" in c.get("/vendor?of=%3Cx%3E").text and "<x>" not in c.get("/vendor?of=%3Cx%3E").text, "whatever is asked is text")

# Words.
rows = {x["script"]: x for x in s.run("page", "inventory", "--json").lines()}
w = rows["http://%s/w.js" % VENDOR]
good = {"page": "checkout", "url": w["script"], "hash": w["hash"], "as": "releases", "owner": "EC部 佐藤", "reason": "住所の入力補助", "by": "Hanako",
        "csrf": c.csrf("/web?page=checkout")}


def say(verb="authorise", **more):
    return c.post("/web/" + verb, {k: v for k, v in dict(good, **more).items() if v is not None})


ok(say(csrf=None).status == 403 and c.post("/web/authorise", good, {"Origin": "http://evil.example"}).status == 403, "only a form of ours")
ok([say(by="").status, say(reason=" ").status, say(owner="").status] == [400] * 3, "reason, owner and name are asked for")
ok(say(hash="0" * 64).status == 409, "a version that was not shown can't be approved")
ok(say(page="nobody").status == 404 and say(verb="burn").status == 404, "no such page, no such word")
ok(not s.log("--type", "page.authorised"), "none of this was recorded")
r = say()
ok(r.status == 303 and r.header("Location") == "/web?page=checkout", "approved", r)
word = s.log("--type", "page.authorised")[-1]
ok((word["by"], word["owner"], word["reason"], word["script"], "hash" in word) == ("Hanako", "EC部 佐藤", "住所の入力補助", w["script"], False),
   "is a word in the ledger, with person and reason", word)
rows = {x["script"]: x for x in s.run("page", "inventory", "--json").lines()}
ok(rows[w["script"]]["status"] == "rule" and "Approved with releases" in c.get("/web?page=checkout").words, "and counts")
mine = rows["http://%s/shop.js" % SHOP]
ok(say("refuse", url=mine["script"], hash=mine["hash"]).status == 303, "refused")
ok(s.log("--type", "page.refused")[-1]["hash"] == mine["hash"] and "Refused" in c.get("/web?page=checkout").words, "is one, too")
flow = [f for f in s.run("findings", "--json").lines() if f["type"] == "page.flow"]
if flow:
    ok(say(finding=flow[0]["seq"], url=None).status == 303, "where the card may go")
    ok(s.log("--type", "page.authorised")[-1]["what"] == "flow" and "card number, approved" in c.get("/web?page=checkout").words, "is told in the picture")
ok(flow, "the way of the card was a finding", s.findings())
before = len(s.log("--type", "page.round"))
ok(say("visit").status == 303 and wait_for(lambda: len(s.log("--type", "page.round")) > before), "a visit on request")

why = missing()
if why:
    skip("pages read by a browser", why)
    s.done()
    end()
driver = Driver()
try:
    for lang, width in ((("ja", 1280), ("en", 1280), ("ja", 390), ("en", 390)) if SHOTS else (("ja", 1280), ("en", 390))):
        b = Browser(driver, lang, script=width == 1280)
        b.size(width, 900)
        b.open("%s/login" % s.url)
        b.fill("#token", s.token)
        b.click("#login button")
        b.wait(lambda: b.url() == s.url + "/")
        for name, path, must in (("webs", "/webs", ".card.web"), ("web", "/web?page=checkout", ".graph svg .node"),
                                 ("script", link, ".diff .add"), ("vendor", "/vendor?of=" + VENDOR, ".loads li")):
            what = "%s, %d wide%s, %s: " % (lang, width, "" if width == 1280 else " and without script", name)
            b.open(s.url + path)
            ok(b.wait(lambda: b.find(must), 20), what + "is there", b.text())
            c = b.chrome("Page.getLayoutMetrics")["cssContentSize"]
            ok(c["width"] <= width, what + "nothing sticks out", c)
            ok(not b.complaints(), what + "the browser has nothing against it", b.complaints())
            if SHOTS:
                b.shot(os.path.join(SHOTS, "%s-%s-%d.png" % (name, lang, width)), True)
        b.end()
    b = Browser(driver, "ja")
    b.open("%s/login?to=/web?page=checkout#%s" % (s.url, s.token))
    b.wait(lambda: b.find("#scripts details"))
    b.run("for (const d of document.querySelectorAll('#scripts li.refused details')) d.open = true")
    f = '#scripts li.refused form[action="/web/authorise"] '
    b.fill(f + '[name="owner"]', "制作会社")
    b.fill(f + '[name="reason"]', "お店の画面の動き")
    b.fill(f + '[name="by"]', "花子")
    b.click(f + "button")
    ok(b.wait(lambda: "制作会社" in b.text("#scripts") and not b.find("#scripts li.refused")), "approving in the browser", b.text("main"))
    b.end()
finally:
    driver.end()
ok(s.log("--type", "page.authorised")[-1]["by"] == "花子", "with the name that was given")
ok(s.done() == 0, "it stops in order")
end()
