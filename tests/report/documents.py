#!/usr/bin/env python3
"""Documents: the case of `wacom`, with its figures, in every form and format;
each agrees with the ledger, and a changed number, day or item is found."""
import json
import os
import re
import subprocess
import sys
import tempfile

SOURCE = os.environ["HINOBAN_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests", "face"))
from harness import BUILD, end, ok, run, skip  # noqa: E402

OPERATOR = """[operator]
name = "株式会社ワコム"
address = "埼玉県加須市"
representative = "代表取締役社長 井出 例"
industry = "製造業"
contact = "お客様窓口"
service = "ワコムストア"
"""
FIELDS = {
    "ja": ["cause=旧システムの一部の脆弱性をついた第三者の不正アクセスにより、決済プログラムが改ざんされたため",
           "card_items=card_holder card_number card_expiry card_code email",
           "secondary=一部のお客様のカードが不正利用された可能性があります", "to_persons=対象のお客様へ電子メールにて個別にご連絡しております",
           "publication=公表を予定しております", "prevention_done=新システムへ移行しました",
           "prevention_planned=監視体制を強化します", "late=正確な情報をお知らせするため、調査の完了を待ちました",
           "next_notice=2022-11-21", "service_state=旧", "other=なし", "processor=なし", "kind=不正アクセスによる漏えい等のおそれ"],
    "event": ["event.payment-stopped=2022-08-22", "event.forensics-started=2022-08-30",
              "event.system-changed=2022-04-19"],
    "ransom": ["ransom_note=なし", "ransom_extension=なし", "ransom_extortion=なし", "ransom_way=不明", "indicators=なし"],
}
# (scope, population, item, required, unit, n), as `hinoban scope` records them
FIGURES = [("entered", "cards", "all", True, "件", 1938), ("entered", "cards", "all", True, "名", 1938),
           ("entered", "cards", "card", True, "件", 1938), ("stored", "orders", "all", True, "名", 147545),
           ("stored", "members", "all", True, "名", 100565)] + \
    [("stored", "orders", i, True, "名", 147545) for i in ("name", "postal", "address", "phone", "email", "sex")] + \
    [("stored", "members", i, True, "名", 100565) for i in ("member_id", "points", "magazine")] + \
    [("stored", "members", i, False, "名", n) for i, n in
     (("company", 5534), ("school", 2992), ("fax", 2393), ("birth", 49510), ("job", 49552))]
# A group of nobody is not told; one whose name sounds like an item is no item.
FIGURES += [("stored", "addresses", "all", True, "名", 0), ("stored", "recipients", "all", True, "名", 31207),
            ("stored", "recipients", "name", True, "名", 31207), ("entered", "attempts", "all", True, "件", 0)]
WINDOWS = {"entered": ("2022-02-18T15:00:00Z", "2022-04-19T03:00:00Z"), "stored": ("2021-02-21T15:00:00Z", "2022-04-19T03:00:00Z")}
COUNTS = ["1,938", "147,545", "100,565", "5,534", "2,992", "2,393", "49,510", "49,552"]


class Watch:
    def __init__(self, folder):
        self.dir = os.path.join(folder, "shop")
        self.folder = folder
        self.config = os.path.join(folder, "hinoban.conf")
        os.makedirs(self.dir)
        r = run("init", self.dir, "--config", self.config, "--state", os.path.join(folder, "state"), "--yes")
        if r.code:
            raise RuntimeError(str(r))
        with open(self.config, "w", encoding="utf-8") as f:
            f.write('roots = ["%s"]\nstate = "%s/state"\nprofile = "ec-cube2"\n%s' % (self.dir, folder, OPERATOR))

    def run(self, *args, **more):
        return run(*args, "--config", self.config, **more)

    def report(self, form, fmt, lang):
        path = os.path.join(self.folder, "%s.%s.%s" % (form, lang, fmt))
        if os.path.exists(path):
            os.unlink(path)
        r = self.run("report", "--case", "1", "--form", form, "--format", fmt, "--lang", lang, "-o", path)
        return r, path


def turned(w):
    """Figures that changed places, another spelling of the same, and what makes another figure of one."""
    path = w.report("notice-second", "md", "ja")[1]
    text = open(path, encoding="utf-8").read()
    html = open(w.report("notice-second", "html", "ja")[1], encoding="utf-8").read()

    def swap(a, b, of=text):
        return of.replace(a, "\0").replace(b, a).replace("\0", b)

    wide = str.maketrans("0123456789,", "０１２３４５６７８９，")
    same = {"wide digits": text.replace("147,545", "147,545".translate(wide)), "no comma": text.replace("147,545", "147545"), "in kanji": text.replace("1,938件", "千九百三十八件"),
            "with man": text.replace("147,545名", "14万7,545名"), "reiwa": text.replace("2022年8月19日", "令和4年8月19日")}
    other = {"wide digits": text.replace("147,545", "147,546".translate(wide)), "no comma": text.replace("147,545", "147554"), "in kanji": text.replace("1,938件", "千九百八十三件"), "digits in kanji": text.replace("1,938件", "一九八三件"),
             "with man": text.replace("147,545名", "14万7,554名"), "reiwa": text.replace("2022年8月19日", "令和4年8月18日"), "reiwa's year": text.replace("2022年8月19日", "令和3年8月19日"), "about": text.replace("147,545名", "約147,545名"),
             "at most": text.replace("1,938件", "最大1,938件"), "in all": text.replace("147,545名", "延べ147,545名"), "or more": text.replace("147,545名", "147,545名以上"), "groups change places": swap("147,545", "100,565"),
             "items change places": swap("5,534", "2,992"), "another day of the case": text.replace("2022年8月19日", "2022年8月22日", 1), "in a page": swap("5,534", "2,992", html), "about, in a page": html.replace("147,545名", "約147,545名")}
    for what, wrong, code in [(k, v, 0) for k, v in same.items()] + [(k, v, 1) for k, v in other.items()]:
        path = os.path.join(w.folder, "turned." + ("html" if "page" in what else "md"))
        with open(path, "w", encoding="utf-8") as f:
            f.write(wrong)
        r = w.run("report", "--case", "1", "--check", path)
        ok(wrong not in (text, html) and r.code == code, "%s: %s" % (what, "is told" if code else "is the same"), r)


FEED = """<?xml version='1.0'?><rss version='2.0'><channel><title>t</title><item><title>ショーケース部品のスクリプト改ざん</title><guid>1</guid>
<link>https://vendor.example/notice/1</link><pubDate>Tue, 25 Oct 2022 09:00:00 +0900</pubDate><description><![CDATA[<p>株式会社ショーケース部品は2022年10月25日、同社のスクリプトが不正アクセスにより
改ざんされたと発表した。2022年7月19日から2022年7月29日までの期間に入力されたクレジットカード情報が漏えいした可能性がある。同社は2022年7月28日に取引先からの連絡で事態を把握し、2022年7月29日にサービスを停止した。</p>]]></description></item></channel></rss>"""


def outside(w):
    """The vendor's own notice: what a person confirmed of it stands in the course of events, with its source."""
    path = os.path.join(w.folder, "feed.xml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(FEED)
    with open(w.config, encoding="utf-8") as f:
        before = f.read()
    with open(w.config, "a", encoding="utf-8") as f:
        f.write('\n[news]\nfeeds = ["%s"]\nnames = ["ショーケース部品"]\n' % path)
    w.run("digest", "--fetch", "-o", "/dev/null")
    with open(w.config, "w", encoding="utf-8") as f:
        f.write(before)
    found = [f for f in w.run("log", "--type", "news.vendor", "--json").lines()]
    read = [f for f in w.run("log", "--type", "news.read", "--json").lines()]
    told = read[0]["told"] if read else {}
    ok(found and told.get("periods") and told.get("events"), "the vendor is in the news: a finding", told)
    r = w.run("case", "1", "add", str(found[0]["seq"]), "--reason", "the vendor's notice")
    ok(r.code == 0, "it is added to the case", r)
    form = w.report("management", "md", "ja")[1]
    ok("ショーケース部品のスクリプト" not in open(form, encoding="utf-8").read(), "what nobody confirmed is in no document")
    words = [{"kind": "word", "type": "news.checked", "news": read[0]["seq"], "list": "periods", "nth": 0, "verdict": "confirmed", "by": "田中花子", "refs": [read[0]["seq"]]}]
    words += [{"kind": "word", "type": "news.checked", "news": read[0]["seq"], "list": "events", "nth": i, "verdict": "rejected" if i else "confirmed", "by": "田中花子", "refs": [read[0]["seq"]]}
              for i in range(len(told["events"]))]
    say(w, words)
    for name, internal in (("management", True), ("notice-second", False), ("ppc-final", False), ("forensic", True)):
        for lang in ("ja", "en"):
            path = w.report(name, "md", lang)[1]
            text = open(path, encoding="utf-8").read()
            c = w.run("report", "--case", "1", "--check", path)
            want = "2022年7月19日から2022年7月29日まで" if lang == "ja" else "July 19, 2022 to July 29, 2022"
            ok(want in text and "https://vendor.example/notice/1" in text and ("田中花子" in text) == internal and c.code == 0,
               "%s %s: confirmed, with its source%s" % (name, lang, ", and by whom" if internal else ""), text[-1500:] + str(c))


def say(w, words):
    r = subprocess.run([os.path.join(BUILD, "tests", "report", "put-facts"), os.path.join(w.folder, "state"), BUILD],
                       input="\n".join(json.dumps(x) for x in words).encode(), capture_output=True, env={"PATH": os.environ["PATH"]})
    ok(r.returncode == 0, "words are said", r.stderr)


def put(w):
    lines = []
    for scope, population, item, required, unit, n in FIGURES:
        lines.append(json.dumps({
            "kind": "count", "type": "count.scope", "case": 1, "scope": scope, "population": population, "item": item,
            "required": required, "unit": unit, "n": n, "from": WINDOWS[scope][0], "to": WINDOWS[scope][1], "sql": "",
            "database": "sqlite", "snapshot": "1", "us": 1}))
    r = subprocess.run([os.path.join(BUILD, "tests", "report", "put-facts"), os.path.join(w.folder, "state"), BUILD],
                       input="\n".join(lines).encode(), capture_output=True,
                       env={"PATH": os.environ["PATH"], **{k: v for k, v in os.environ.items() if "SAN" in k}})
    ok(r.returncode == 0, "the figures are in the ledger", r.stderr)


def fill(w):
    for group in FIELDS.values():
        for i in range(0, len(group), 10):
            args = [x for f in group[i:i + 10] for x in ("--set", f)]
            r = w.run("report", "--case", "1", *args)
            ok(r.code == 0, "fields are filled in", r)


def every_form(w):
    forms = [x["form"] for x in w.run("report", "--json").lines()]
    ok(len(forms) == 11, "the forms are listed", forms)
    for form in forms:
        for lang in ("ja", "en"):
            for fmt in ("html", "md", "txt"):
                r, path = w.report(form, fmt, lang)
                c = w.run("report", "--case", "1", "--check", path, "--json")
                wrong = [x for x in c.lines() if x["differs"] == "wrong"]
                ok(r.code == 0 and c.code == 0, "%s %s %s: complete, and agrees with the ledger" % (form, lang, fmt),
                   "%s %s %s" % (r, c.err, wrong))
    return forms


def whole(w):
    """What tells counts and items tells all of them."""
    for form in ("ppc-final", "notice-second", "management", "police", "gdpr33"):
        for lang in ("ja", "en"):
            r, path = w.report(form, "html", lang)
            lacks = [x for x in w.run("report", "--case", "1", "--check", path, "--json").lines() if x["differs"] == "lacks"]
            ok(not lacks, "%s %s tells every count and item of the case" % (form, lang), lacks)
            with open(path, encoding="utf-8") as f:
                text = f.read()
            missing = [n for n in COUNTS if n not in text]
            ok(not missing, "%s %s has Wacom's figures" % (form, lang), missing)


def changed(w):
    r, path = w.report("notice-second", "html", "ja")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    for old, new, what in (("1,938件", "1,983件", "count"), ("147,545名", "147,454名", "count"), ("2022年8月19日", "2022年8月20日", "day"),
                           ("<li>有効期限</li>", "<li>有効期限</li>\n<li>パスワード</li>", "item"), ("2,393名", "2,993名", "count"),
                           ("2022年2月19日", "2021年2月19日", "day")):
        assert old in text, old
        other = os.path.join(w.folder, "changed.html")
        with open(other, "w", encoding="utf-8") as f:
            f.write(text.replace(old, new, 1))
        r = w.run("report", "--case", "1", "--check", other, "--json")
        found = [x for x in r.lines() if x["differs"] == "wrong"]
        ok(r.code == 1 and len(found) == 1 and found[0]["kind"] == what, "%s instead of %s is found" % (new[:12], old[:12]), r)


def pdf(w):
    r, path = w.report("management", "pdf", "ja")
    if b"chromium" in r.err and r.code == 2:
        skip("PDF", "no chromium")
        return
    with open(path, "rb") as f:
        data = f.read()
    ok(r.code == 0 and data.startswith(b"%PDF-") and b"NotoSans" in data.replace(b"-", b"") or b"Noto" in data,
       "PDF, with a Japanese font in it", r)


def recorded(w):
    facts = [json.loads(x) for x in w.run("log", "--json", "--type", "report.written").out.decode().splitlines()]
    last = facts[-1] if facts[-1]["seq"] > facts[0]["seq"] else facts[0]
    import hashlib
    with open(os.path.join(w.folder, "management.ja.pdf"), "rb") as f:
        want = hashlib.sha256(f.read()).hexdigest()
    ok(any(x["hash"] == want and x["form"] == "management" for x in facts), "writing is a fact with the document's hash", last)


def templates(w):
    own = os.path.join(w.folder, "templates")
    os.makedirs(own)
    name = os.path.join(own, "notice-first.ja.mustache")
    with open(name, "w", encoding="utf-8") as f:
        f.write("# 独自のひな形 {{f.operator.value}}\n\n{{>missing}}\n")
    r, path = w.report("notice-first", "txt", "ja")
    with open(path, encoding="utf-8") as f:
        ok(r.code == 0 and "独自のひな形 株式会社ワコム" in f.read(), "a template beside the config takes the installed one's place", r)
    with open(name, "w", encoding="utf-8") as f:
        f.write("# x\n\n{{#entered}}\n")
    r, path = w.report("notice-first", "txt", "ja")
    ok(r.code == 2 and b"notice-first.ja.mustache:3: a section that is not closed: entered" in r.err and not os.path.exists(path),
       "a template's fault is told with file and line, and nothing is written", r)


def unknown(w):
    """A second case, of which nothing is known."""
    w.run("case", "open", "--call", "--from", "警察", "--reason", "test")
    r = w.run("report", "--case", "2", "--form", "ppc-preliminary", "--format", "txt", "--lang", "ja")
    text = r.out.decode()
    ok(r.code == 1 and "次の項目がまだ埋まっていません" in text.split("報告者")[0] and "本人の数（counts）" in text and
       re.search(r"不明（\d+年\d+月\d+日 [\d:]+ 現在）", text) and "原因" in r.err.decode(),
       "what is missing is listed first, unknown fields say since when", r)
    for args in (["--form", "nothing"], ["--form", "police", "--format", "doc"], ["--set", "nothing=1"],
                 ["--set", "next_notice=morgen"], ["--set", "cause="], ["--check", "/nonexistent"]):
        r = w.run("report", "--case", "1", *args)
        ok(r.code == 2 and r.err, "%s: exit 2 with a sentence" % " ".join(args), r)
    ok(w.run("report", "--form", "police").code == 2, "a form without a case: exit 2")
    ok(w.run("report", "--case", "99", "--form", "police").code == 2, "a case that is not there: exit 2")


def starved(w):
    """A document for which there is too little memory, wherever it is out: an error, and no fault of memory."""
    r = subprocess.run([os.path.join(BUILD, "tests", "report", "starve-documents"), os.path.join(w.folder, "state"),
                        os.path.join(SOURCE, "profiles")], capture_output=True, text=True)
    ok(r.returncode == 0 and int(r.stdout.split()[2]) > 1000, "each form with too little memory is refused, or whole",
       (r.returncode, r.stdout, r.stderr))


def main():
    with tempfile.TemporaryDirectory(prefix="hinoban-report.") as folder:
        os.chmod(folder, 0o755)
        w = Watch(folder)
        r = w.run("case", "open", "--call", "--from", "カード会社", "--at", "2022-08-19T10:00:00+09:00", "--reason",
                  "漏えいの懸念の連絡", "--trait", "money", "--trait", "wrongful")
        ok(r.code == 0, "the card company's call opens a case", r)
        put(w)
        fill(w)
        every_form(w)
        whole(w)
        changed(w)
        turned(w)
        pdf(w)
        recorded(w)
        templates(w)
        outside(w)
        starved(w)
        unknown(w)
    end()


main()
