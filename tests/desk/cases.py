#!/usr/bin/env python3
"""Cases on the console: read by a browser, Japanese and English, on a desk and on a phone, and
what a person says there. With HINOBAN_SHOTS=DIR it leaves pictures there."""
import json
import os
import re
import socket
import struct
import time

from watched import Client, STOLEN, Watched, end, ok, wait_for  # noqa: I001
from harness import skip
from webdriver import Browser, Driver, missing

SHOTS = os.environ.get("HINOBAN_SHOTS")
FILES = {"index.php": "<?php echo 'shop';\n", "lib/boot.php": "<?php boot();\n",
         "payment/CardPayment.php": STOLEN.replace("file_put_contents", "keep"), "uploads/a.txt": "hello\n"}


class Shop(Watched):
    def init(self, *more):
        return super().init("--profile", "hinoban-shop", *more)


def tell(shop, facts):
    """What hinoban scope would say, through the control socket."""
    kinds = "PEER READY TICK STOP HELLO HELLO_ACK FACT ACK REFUSED".split()
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    sock.settimeout(30)
    sock.connect(os.path.join(shop.state, "run", "ledger.sock"))

    def ask(kind, ident, body):
        text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        sock.send(struct.pack("=IIQ", kinds.index(kind) + 1, 0, ident) + text)
        return kinds[struct.unpack("=I", sock.recv(1 << 17)[:4])[0] - 1]

    ok(ask("HELLO", 0, {"sender": "test-%d" % os.getpid(), "role": "command"}) == "HELLO_ACK" and
       all(ask("FACT", i + 1, f) == "ACK" for i, f in enumerate(facts)), "the affected are counted")
    sock.close()


def late_finding():
    """
    The newest finding about it whose page takes a word, and the fact that it shows. On a busy machine the file is found
    twice, as it is made and as it is filled, and the page of the first takes none; the console hears of either a moment
    after the ledger has it.
    """
    def look():
        for f in reversed([f for f in s.log("--kind", "finding") if f.get("path") == "lib/late.php"]):
            fact = re.search(r'name="fact" value="(\d+)"', c.get("/finding/%d" % f["seq"]).text)
            if fact:
                return f["seq"], fact.group(1)
        return None
    return wait_for(look)


def finding_words():
    """On code of its own that belongs to no theft; last, since it joins a case."""
    s.write("lib/late.php", "<?php function late() { return 1; }\n")
    late, fact = late_finding()
    at = "/finding/%d/" % late
    csrf = c.csrf("/finding/%d" % late)
    ok(c.post(at + "dismiss", {"reason": "x"}).status == 403, "a finding's word without the secret is refused")
    r = c.post(at + "dismiss", {"reason": " ", "csrf": csrf})
    ok(r.status == 400 and c.post(at + "dismiss", {"reason": "x" * 5000, "csrf": csrf}).status == 400, "no reason, or a book, is refused", r)
    s.write("lib/late.php", "<?php function late() { return 2; }\n")
    wait_for(lambda: [f for f in s.log("--kind", "sighting") if f.get("path") == "lib/late.php" and f["seq"] > int(fact)])
    time.sleep(1)
    ok(c.post(at + "approve", {"reason": "mine", "fact": fact, "csrf": csrf}).status == 409, "what was not shown is not approved")
    ok(not s.log("--type", "approve"), "nothing of that was recorded")
    late, fact = late_finding()
    at = "/finding/%d" % late
    r = c.post(at + "/approve", {"reason": "mine", "by": "Hanako", "csrf": csrf, "fact": fact})
    ok(r.status == 303 and r.header("Location") == at + "#words", "approved", r)
    word = [f for f in s.log("--kind", "word") if f.get("path") == "lib/late.php"]
    ok(word and word[-1]["by"] == "Hanako" and word[-1]["reason"] == "mine", "is a fact, with who and why", word)
    ok(c.post(at + "/dismiss", {"reason": "again", "csrf": csrf}).status == 409, "what is settled takes no more words")


s = Shop(FILES)
time.sleep(2)
s.write("payment/CardPayment.php", STOLEN)
s.write("uploads/x.php", "<?php system($_GET['c']);\n")
case = wait_for(lambda: [c for c in s.run("case", "--json").lines() if {f["path"] for f in c["findings"]} == {"uploads/x.php", "payment/CardPayment.php"}])
ok(bool(case), "two traces of theft are one case", s.run("case"))
time.sleep(2)
os.unlink(s.path("uploads/x.php"))
counts = [("orders", "all", 1240, None, False), ("orders", "name", 1240, None, True), ("orders", "email", 1240, None, True),
          ("members", "all", 1180, 1240, False), ("members", "birth", 310, None, False), ("cards", "card", 400, None, True)]
tell(s, [dict({"kind": "count", "type": "count.scope", "case": 1, "scope": "stored", "population": p, "item": i,
               "required": need, "unit": "件" if i == "card" else "名", "from": "2026-11-25T00:00:00Z",
               "to": "2026-11-26T00:00:00Z", "sql": "", "database": "sqlite: shop", "snapshot": "1", "us": 1, "run": "r1",
               "refs": [1]}, **({"low": n, "high": high} if high else {"n": n})) for p, i, n, high, need in counts])
wait_for(lambda: s.run("case", "1", "--json").lines()[0]["counts"])

# Without a browser: every page, both languages, words.
for lang, says in (("en", ("Case 1", "Still so", "Gone", "preliminary report", "no legal advice", "Last known good",
                           "persons", "required", "1,180–1,240", "400", "orders")),
                   ("ja", ("事案 1", "現在も続いています", "なくなった", "個人情報保護委員会 速報", "法的助言ではありません",
                           "最後に正常を確認", "必須", "1,240", "名", "件"))):
    c = Client(s.port, lang)
    c.login(s.token)
    page = c.get("/case/1")
    ok(page.status == 200 and all(w in page.words for w in says), lang + ": the page of a case has it all",
       [w for w in says if w not in page.words] + [page.words])
    ok("{" not in page.words and "case." not in page.words, lang + ": no text is missing", page.words)
    ok("style=" not in page.text and "<script>" not in page.text, lang + ": nothing inline")
    forms = page.text.count("hinoban report --case 1 --form ")
    ok(forms >= 8 and ("fields missing" if lang == "en" else "未記入") in page.words, lang + ": the documents, and what they lack",
       page.words)
    page = c.get("/cases")
    ok(page.status == 200 and "payment/CardPayment.php" in page.words, lang + ": the list names it", page)
    ok(("Cases open 1" if lang == "en" else "対応中の事案 1") in c.get("/").words, lang + ": home says that one is open")
    seq = s.run("case", "1", "--json").lines()[0]["findings"][0]["seq"]
    ok('href="/case/1"' in c.get("/finding/%d" % seq).text, lang + ": a finding's page leads to its case")
c = Client(s.port, "en")
c.login(s.token)
ok(c.get("/case/99").status == 404 and c.get("/case/x").status == 404, "a case that is not there")
csrf = c.csrf("/case/1")


def say(verb, **fields):
    return c.post("/case/1/" + verb, dict(fields, csrf=csrf))


ok(c.post("/case/1/note", {"text": "x"}).status == 403, "a word without the page's secret is refused")
ok(say("note", text=" ").status == 400, "an empty note is refused")
ok(say("dismiss", text="test", by="").status == 400, "dismissing asks for a name")
ok(say("filed", clock="nothing", text="No. 1").status == 400, "a clock that it has not is refused")
ok(say("burn", text="x").status == 404, "there is no such word")
ok(say("note", text="forensic firm <asked>", by="Hanako").status == 303, "a note")
ok(say("assign", text="Taro").status == 303, "assign")
ok(say("filed", clock="ppc-prompt", text="No. 2026-1").status == 303, "filed")
words = [(f["type"], f["by"]) for f in s.log("--type", "case.*")]
ok(words == [("case.noted", "Hanako"), ("case.assigned", "Hanako"), ("case.filed", "Hanako")], "are facts", words)
page = c.get("/case/1")
ok("Looked after by Taro" in page.words and "Receipt: No. 2026-1" in page.words and "&lt;asked&gt;" in page.text,
   "and on the page, harmless", page.words)

# A day that there is not is no other one.
for address in ("/facts?since=2026-02-31", "/facts?until=2026-11-31", "/facts?since=tomorrow",
                "/vendor?of=cdn.example&from=2026-02-30&to=2026-03-01"):
    page = c.get(address)
    ok(page.status == 400 and "There is no such date or time" in page.words, address + " is refused", page)
ok(c.get("/facts?since=2024-02-29&until=2026-11-30").status == 200, "days that there are, are taken")
page = c.post("/cases/open", {"from": "bank", "text": "x", "by": "Hanako", "known": "2026-02-31T10:00", "csrf": csrf})
ok(page.status == 400 and not s.log("--type", "case.opened"), "nor is a case opened that was known on one", page)

# As people see it.
why = missing()
if why:
    skip("cases read by a browser", why)
    s.done()
    end()
driver = Driver()
try:
    for lang, width in (("ja", 1280), ("en", 1280), ("ja", 390), ("en", 390)):
        b = Browser(driver, lang)
        b.size(width, 900)
        b.open("%s/login?to=/case/1#%s" % (s.url, s.token))
        b.wait(lambda: b.url().endswith("/case/1"))
        what = "%s, %d wide: " % (lang, width)
        b.wait(lambda: b.find(".spans svg"))
        ok(b.run("return document.documentElement.scrollWidth") <= width, what + "nothing sticks out",
           b.run("return [...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
                 ".map(e => e.tagName + '.' + e.className).join(' ')"))
        bars = b.run("return [...document.querySelectorAll('.spans svg .sure')].map(e => e.getBoundingClientRect().width)")
        ok(len(bars) == 2 and all(x > 0 for x in bars) and max(bars) > min(bars) > 0,
           what + "the windows are bars, the one that lasts is longer", bars)
        ok(len(b.find("table.affected .bar svg")) == 6, what + "the affected have bars")
        ok(("個人情報保護委員会" if lang == "ja" else "Personal Information") in b.text("#clocks"), what + "clocks are read")
        ok(not b.complaints(), what + "the browser has nothing against it", b.complaints())
        if SHOTS:
            b.shot(os.path.join(SHOTS, "case-%s-%d.png" % (lang, width)), True)
            b.open(s.url + "/cases")
            b.shot(os.path.join(SHOTS, "cases-%s-%d.png" % (lang, width)), True)
        b.end()
    b = Browser(driver, "ja")
    b.open("%s/login?to=/case/1#%s" % (s.url, s.token))
    b.wait(lambda: b.url().endswith("/case/1"))
    b.run("for (const d of document.querySelectorAll('details')) d.open = true")
    b.fill('form[action$="/close"] textarea', "すべて終わりました")
    b.click('form[action$="/close"] button')
    ok(b.wait(lambda: "対応終了" in b.text("#head")), "closing it in the browser", b.text("#head"))
    b.end()
finally:
    driver.end()
ok(s.run("case").code == 0, "and it is closed in the ledger")
finding_words()
ok(s.done() == 0, "it stops in order")
end()
