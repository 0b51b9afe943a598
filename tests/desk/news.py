#!/usr/bin/env python3
"""Outside news on the console: what was read, marked in its text; a person confirms, corrects and
rejects, and the digest goes by it. And a case that is opened there, since somebody called. With
HINOBAN_SHOTS=DIR it leaves pictures there."""
import os
import re

from watched import Client, SOURCE, Watched, end, ok  # noqa: I001
from harness import skip
from webdriver import Browser, Driver, missing

SHOTS = os.environ.get("HINOBAN_SHOTS")
TEXT = ("<p>株式会社みどり茶園は11月20日、同社が運営する通販サイト「みどり茶園オンライン」が不正アクセスを受け、"
        "クレジットカード情報最大1,234件が流出した可能性があると発表した。</p>"
        "<p>2022年10月1日から2022年11月3日までに同サイトでカード決済を利用した顧客が対象で、カード番号、有効期限、セキュリティコードが流出したおそれがある。"
        "11月4日にカード会社から連絡を受け、同日カード決済を停止した。&lt;b&gt;A&amp;B&lt;/b&gt;</p>")
RSS = ("<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>t</title><item><title>みどり茶園でカード情報流出か</title>"
       "<guid>n1</guid><link>https://news.example/1</link><pubDate>Mon, 21 Nov 2022 09:00:00 +0900</pubDate>"
       "<description><![CDATA[%s]]></description></item><item><title>別のニュース</title><guid>n2</guid><link>javascript:alert(1)</link>"
       "<pubDate>Mon, 21 Nov 2022 09:00:00 +0900</pubDate><description>何もない。</description></item></channel></rss>" % TEXT)


class Shop(Watched):
    def init(self, *more):
        done = super().init("--profile", "hinoban-shop", *more)
        feed = os.path.join(self.base, "feed.xml")
        with open(feed, "w", encoding="utf-8") as f:
            f.write(RSS)
        with open(self.config, encoding="utf-8") as f:
            text = f.read()
        with open(self.config, "w", encoding="utf-8") as f:
            f.write(text.replace("feeds = []", 'feeds = ["%s"]' % feed, 1))
        return done


def card():
    """The incident in the digest."""
    return s.run("digest", "--week", "2022-11-23", "--json").lines()[0]["new"][0]


s = Shop({"index.php": "<?php echo 'shop';\n"})
r = s.run("digest", "--fetch", "--week", "2022-11-23")
reads = s.log("--type", "news.read")
ok(len(reads) == 2, "two texts are read", r)
news = next(f for f in reads if f["id"] == "n1")
text, told = news["text"].encode(), news["told"]
ok("<p>" not in news["text"] and "<b>A&B</b>" in news["text"] and "みどり茶園でカード情報流出か" in news["text"], "the text as a person reads it", news["text"])
count = told["counts"][0]
ok(count["n"] == 1234 and all("1,234件" in text[p["from"]:p["to"]].decode() for p in count["spans"]) and count["spans"],
   "places are bytes of it", (count, [text[p["from"]:p["to"]].decode() for p in count["spans"]]))
ok(all(text[p["from"]:p["to"]].decode() for k, v in told.items() if isinstance(v, list) for x in v for p in x["spans"]), "every place is whole characters")

link = "/news/%d" % news["seq"]
for lang, says in (("ja", ("読み取った内容", "カード会社", "1234", "正しい", "直す", "確認済み 0件", "だれが気づいたか")),
                   ("en", ("What was read", "card company", "Correct", "Mend it", "0 of "))):
    c = Client(s.port, lang)
    c.login(s.token)
    page = c.get(link)
    ok(page.status == 200 and all(w in page.words for w in says), lang + ": a text", [w for w in says if w not in page.words] + [page.words])
    ok(not re.search(r"\bnews\.(?!example)[a-z_.]+|refused\.|cases\.[a-z]", page.words + c.get("/news").words + c.get("/cases").words), lang + ": no text is missing",
       re.findall(r"\bnews\.(?!example)[a-z_.]+|cases\.[a-z]+", page.words + c.get("/cases").words))
    ok("<mark id=\"place-" in page.text and "<b>A" not in page.text and "&lt;b&gt;A&amp;B&lt;/b&gt;" in re.sub(r"</?mark[^>]*>", "", page.text), lang + ": marked, and harmless")
    ok("style=" not in page.text and "<script>" not in page.text, lang + ": nothing inline")
    ok("みどり茶園でカード情報流出か" in c.get("/news").words, lang + ": the list")
other = next(f for f in reads if f["id"] == "n2")
ok("javascript:" not in c.get("/news/%d" % other["seq"]).text, "only a web address becomes a link")
ok(c.get("/news/1").status == 404 and c.get("/news/99999").status == 404, "no other fact is a text")
csrf = c.csrf(link)


def say(name, at, verdict, **more):
    return c.post(link + "/say", dict({"list": name, "at": at, "verdict": verdict, "by": "Hanako", "csrf": csrf, "number": 1}, **more))


ok(c.post(link + "/say", {"list": "counts", "at": 0, "verdict": "confirmed", "by": "x"}).status == 403, "only a form of ours")
ok(say("counts", 0, "confirmed", by="").status == 400, "a name is asked for")
ok(say("counts", 99, "confirmed").status == 400 and say("told", 0, "confirmed").status == 400 and say("counts", 0, "burnt").status == 400,
   "what is not there can't be confirmed")
fields = {"v." + k: v for k, v in count.items() if k != "spans"}
ok(say("counts", 0, "corrected", **fields).status == 400, "a correction that corrects nothing is none")
ok(say("counts", 0, "corrected", **dict(fields, **{"v.n": "many"})).status == 400, "nor one whose number is no number")
ok(not s.log("--type", "news.checked"), "none of this was recorded")
ok(card()["counts"][0]["n"] == "1,234", "the digest has what was read", card())
r = say("counts", 0, "corrected", **dict(fields, **{"v.n": "1243", "reason": "会社に電話で確認"}))
ok(r.status == 303 and "#fact-" in r.header("Location"), "corrected", r)
word = s.log("--type", "news.checked")[-1]
ok((word["news"], word["list"], word["nth"], word["verdict"], word["value"], word["by"], word["reason"]) ==
   (news["seq"], "counts", 0, "corrected", {"n": 1243}, "Hanako", "会社に電話で確認"), "is a word in the ledger", word)
ok(card()["counts"][0]["n"] == "1,243", "and the digest has it", card()["counts"])
ok(say("attacks", 0, "rejected").status == 303 and told["attacks"][0]["kind"] not in card()["attack_id"], "what is rejected is not in it", card()["attack"])
last = len(told["items"]) - 1
ok(last > 0 and say("items", last, "confirmed").status == 303 and card()["items_id"][0] == told["items"][last]["item"], "what is confirmed comes first", card()["items_id"])
page = c.get(link)
ok("Mended" in page.words and "Left out as wrong" in page.words and "Confirmed" in page.words and "3 of " in page.words, "and all of it stands on the page", page.words)
ok(news["told"] == next(f for f in s.log("--type", "news.read") if f["id"] == "n1")["told"], "what was read is not altered")

# Somebody called.
csrf = c.csrf("/cases")
call = {"from": "カード会社 山田様", "known": "2026-01-05T10:30", "text": "12件の不正利用 <があった>", "money": "1", "by": "Hanako", "csrf": csrf}
ok(c.post("/cases/open", dict(call, csrf="x")).status == 403, "only a form of ours opens a case")
r = c.post("/cases/open", dict(call, text=" "))
ok(r.status == 400 and "カード会社 山田様" in r.text, "what was said is asked for; the rest is kept", r)
ok(c.post("/cases/open", dict(call, known="2126-01-05T10:30")).status == 400, "nobody called in the future")
r = c.post("/cases/open", call)
ok(r.status == 303 and r.header("Location") == "/case/1", "a case is opened", r)
word = s.log("--type", "case.opened")[-1]
ok((word["from"], word["reason"], word["traits"], word["by"]) == ("カード会社 山田様", "12件の不正利用 <があった>", ["money"], "Hanako") and word["known"].startswith("2026-01-05T"),
   "by a word in the ledger", word)
page = c.get("/case/1")
ok("カード会社 山田様" in page.words and "Known since 5 Jan 2026, 10:30:00" in page.words and "preliminary report overdue 2026-01-10" in page.words, "its clocks run from the call", page.words)

why = missing()
if why:
    skip("news read by a browser", why)
    s.done()
    end()
driver = Driver()
try:
    for lang, width in (("ja", 1280), ("en", 390)) + ((("en", 1280), ("ja", 390)) if SHOTS else ()):
        b = Browser(driver, lang)
        b.size(width, 900)
        b.open("%s/login?to=%s#%s" % (s.url, link, s.token))
        b.wait(lambda: b.find(".newstext mark"))
        what = "%s, %d wide, " % (lang, width)
        for name, path, must in (("news", link, ".newstext mark"), ("newses", "/news", ".card.news"), ("opencase", "/cases", "#open form")):
            b.open(s.url + path)
            ok(b.wait(lambda: b.find(must), 20), what + name + " is there", b.text())
            b.run("for (const d of document.querySelectorAll('#open details')) d.open = true")
            ok(b.run("return document.documentElement.scrollWidth") <= width, what + name + ": nothing sticks out",
               b.run("return [...document.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.tagName + '.' + e.className).join(' ')"))
            ok(not b.complaints(), what + name + ": the browser has nothing against it", b.complaints())
            if SHOTS:
                b.shot(os.path.join(SHOTS, "%s-%s-%d.png" % (name, lang, width)), True)
        b.end()
    b = Browser(driver, "ja")
    b.open("%s/login?to=%s#%s" % (s.url, link, s.token))
    b.wait(lambda: b.find("#fact-1 .acts"))
    b.fill('#fact-1 .acts > form [name="by"]', "花子")
    b.click('#fact-1 .acts button[value="confirmed"]')
    ok(b.wait(lambda: "正しいと確認" in b.text("#fact-1")), "confirming in the browser", b.text("#fact-1"))
    b.end()
finally:
    driver.end()
ok(s.log("--type", "news.checked")[-1]["by"] == "花子", "with the name that was given")
ok(s.done() == 0, "it stops in order")
end()
