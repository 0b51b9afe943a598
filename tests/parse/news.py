#!/usr/bin/env python3
"""How much of what texts about incidents say the reader tells, and how much of that is right.

news.py [-v] [FILE ...]

Each fixture holds what is true, a line ----, and the text. `news/tune` are texts that the rules
were made with, `news/aside` such that they were not: the figures of both must hold. Lines:
KIND VALUE ...; "~": true, but need not be told. items: "+" required, "?" optional.
"""
import glob
import json
import os
import subprocess
import sys
import tempfile
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("HINOBAN_BUILD", os.path.join(HERE, "..", "..", "build"))
SOURCE = os.environ.get("HINOBAN_SOURCE", os.path.join(HERE, "..", ".."))
PRECISION, RECALL = 0.90, 0.70


def nfkc(s):
    return unicodedata.normalize("NFKC", s)


def wanted(head):
    """(must, may): sets of (kind, key)."""
    must, may = set(), set()
    for line in head.splitlines():
        if line.startswith("published"):
            continue
        free = line.startswith("~")
        kind, rest = line.lstrip("~").split(" ", 1)
        to = may if free else must
        if kind in ("attack", "way", "asks", "items"):
            for word in rest.split():
                where = may if free or word.startswith("~") else must
                word = word.lstrip("~").rstrip("+?")
                where.add((kind, word))
        elif kind == "period":
            to.add((kind, " ".join(rest.split()[1:])))
        elif kind == "service":
            to.add((kind, nfkc(rest.rsplit(" ", 1)[0])))
        elif kind == "vendor":
            name = rest.rsplit(" ", 1)
            to.add((kind, nfkc(name[0])))
        elif kind == "noticed" and rest.endswith(" -"):
            to.add((kind, rest[:-2]))
        else:
            to.add((kind, nfkc(rest)))
    # Where a call came in on a day, the matter "came to light" that day, too.
    may |= {(k, "found" + v[5:]) for k, v in must | may if k == "event" and v.startswith("known ")}
    return must, may


def told(v):
    out = set()
    for x in v["organisations"]:
        out.add(("org", nfkc(x["name"])))
    for x in v["services"]:
        out.add(("service", nfkc(x["name"])))
    for x in v["vendors"]:
        out.add(("vendor", nfkc(x["name"])))
    for x in v["attacks"]:
        out.add(("attack", x["kind"]))
    for x in v["ways"]:
        out.add(("way", x["kind"]))
    for x in v["noticed"]:
        out.add(("noticed", x["by"] + (" " + x["at"] if "at" in x else "")))
    for x in v["periods"]:
        out.add(("period", x["from"] + " " + x["to"]))
    for x in v["counts"]:
        n = str(x["n"]) if "n" in x else "%d-%d" % (x["low"], x["high"])
        out.add(("count", " ".join([n, x["unit"], x["how"]] + ([x["item"]] if "item" in x else []))))
    for x in v["items"]:
        out.add(("items", x["item"]))
    for x in v["events"]:
        out.add(("event", x["act"] + " " + x["at"]))
    for x in v["recovery"]:
        out.add(("recovery", x["unit"] + " " + x["state"] + (" " + x["at"] if "at" in x else " -")))
    for x in v["phishing_brands"]:
        out.add(("brand", nfkc(x["brand"])))
    for x in v["phishing_subjects"]:
        out.add(("subject", nfkc(x["subject"])))
    for x in v["phishing_asks"]:
        out.add(("asks", x["item"]))
    for x in v["phishing_live"]:
        out.add(("live", x["at"]))
    return out


def read(text, published, names=""):
    args = [os.path.join(BUILD, "hinoban"), "read", "-", "--json"]
    if published != "-":
        args += ["--published", published]
    if names:
        args += ["--names", names]
    r = subprocess.run(args, input=text if isinstance(text, bytes) else text.encode(), capture_output=True,
                       env={"HINOBAN_PROFILES": os.path.join(SOURCE, "profiles"), "PATH": os.environ["PATH"],
                            "HINOBAN_CONFIG": "/nonexistent", **{k: v for k, v in os.environ.items() if "SAN" in k}})
    if r.returncode not in (0, 1):
        print("# " + r.stderr.decode())
        return None
    return json.loads(r.stdout)


def spans_hold(v, text):
    """Every fact has a place, and the bytes there are of the text."""
    raw = text.encode()
    for name, facts in v.items():
        for x in facts if isinstance(facts, list) else []:
            if not x["spans"]:
                return False
            for s in x["spans"]:
                if not 0 <= s["from"] < s["to"] <= len(raw):
                    return False
    return True


class Sum:
    def __init__(self):
        self.right = self.wrong = self.missed = 0
        self.kinds = {}

    def add(self, must, may, got):
        for kind, key in got:
            good = (kind, key) in must or (kind, key) in may
            k = self.kinds.setdefault(kind, [0, 0, 0])
            if (kind, key) in must or not good:
                k[0 if good else 1] += 1
        for kind, key in must - got:
            self.kinds.setdefault(kind, [0, 0, 0])[2] += 1
        self.right = sum(k[0] for k in self.kinds.values())
        self.wrong = sum(k[1] for k in self.kinds.values())
        self.missed = sum(k[2] for k in self.kinds.values())

    def figures(self):
        return self.right / max(1, self.right + self.wrong), self.right / max(1, self.right + self.missed)


def measure(folder, verbose, only):
    total, good_spans, n = Sum(), True, 0
    for path in sorted(glob.glob(os.path.join(HERE, "news", folder, "*.txt"))):
        if only and os.path.basename(path)[:-4] not in only:
            continue
        with open(path, encoding="utf-8") as f:
            head, text = f.read().split("----\n", 1)
        v = read(text, head.split("\n", 1)[0].split(" ")[1])
        if v is None:
            return None
        n += 1
        must, may = wanted(head)
        got = told(v)
        total.add(must, may, got)
        good_spans &= spans_hold(v, text)
        if verbose:
            print("== " + path)
            for x in sorted(got - must - may):
                print("   wrong  ", *x)
            for x in sorted(must - got):
                print("   missed ", *x)
    if verbose:
        for kind, (a, b, c) in sorted(total.kinds.items()):
            print("%-10s right %3d wrong %3d missed %3d" % (kind, a, b, c))
    return total, good_spans, n


# How writers spell a name that is watched for; every one must be told.
WATCHED = [
    ("株式会社ショーケース", "原因はショーケース社のサービスだった。"),
    ("ショーケース", "原因は㈱ｼｮｰｹｰｽのサービスだった。"),
    ("ショーケース", "原因は「ショー\nケース」のサービスだった。"),
    ("サイト・パーソナライザ", "「サイトパーソナライザー」が改ざんされた。"),
    ("サイト・パーソナライザ", "サイト　パーソナライザに異常。"),
    ("cdn.evil.example", "hxxps://cdn[.]evil[.]example/a.js を読み込んでいた。"),
    ("CDN.evil.example", "<p>cdn<b>.evil</b>.example から配信</p>"),
    ("GMOペイメントゲートウェイ", "決済代行のＧＭＯペイメント ゲートウェイから連絡があった。"),
    ("Magento", "The shop ran MAGENTO 2.3."),
    ("EC-CUBE", "ＥＣ－ＣＵＢＥの脆弱性が悪用された"),
    ("(株)みやび決済", "みやび決済株式会社によると"),
    ("ソニーペイメントサービス", "ソニー・ペイメントサービスの加盟店"),
]
UNWATCHED = [("EC", "security of the sector"), ("Visa", "advisable"), ("example.com", "example.community")]


def watch_list():
    """(good, what) of each."""
    for name, text in WATCHED + UNWATCHED:
        with tempfile.NamedTemporaryFile("w", suffix=".names") as f:
            f.write("# names\n" + name + "\n")
            f.flush()
            v = read(text, "2022-11-21", f.name)
        want = (name, text) in WATCHED
        yield v is not None and bool(v["watch"]) == want, "watched %s in %r: %s" % (name, text[:30], want)


# As such texts come: (codec of Python, what stands in front).
ENCODINGS = [("cp932", b""), ("euc_jp", b""), ("iso2022_jp", b""), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")]


def encodings():
    """(good, what): the same facts, and the bytes that a place names are those of its text."""
    with open(os.path.join(HERE, "news", "tune", "wacom-notice.txt"), encoding="utf-8") as f:
        text = f.read().split("----\n", 1)[1]
    plain = told(read(text, "2022-11-21"))
    for codec, mark in ENCODINGS:
        raw = mark + text.encode(codec)
        v = read(raw, "2022-11-21")
        good = v is not None and told(v) == plain
        for x in v["counts"] if good and codec != "iso2022_jp" else []:
            for s in x["spans"]:
                good &= raw[s["from"]:s["to"]].decode(codec) == s["text"]
        yield good, "the same facts in " + codec


AROUND = """<html><head><title>x</title></head><body><div class="gnav"><ul><li>株式会社ほかの店 999件が漏えい</li></ul></div>
<p>株式会社はなぞのは2024年3月1日、カード情報120件が漏えいした可能性があると発表した。</p>
<div id="footer"><div>株式会社よその社 漏えい 777件</div></div><aside>888件が流出した。</aside>
<h3>関連記事</h3><p>株式会社べつの社で666件が漏えいした。</p></body></html>"""


def pages():
    """(good, what): what stands around a page's text is not read; large texts are read at all."""
    v = read(AROUND, "2024-03-02")
    yield v is not None and [x["n"] for x in v["counts"]] == [120], "no facts from navigation, footer, related stories"
    long = "株式会社はなぞのは2024年3月1日、カード情報120件が漏えいした可能性があると発表した。\n" * 8000
    v = read(long, "2024-03-02")
    yield v is not None and ("count", "120 件 exact") in told(v), "a text of %d bytes" % len(long.encode())
    yield read(long * 2, "2024-03-02") is None, "one that is larger than the limit is refused, not read in part"
    v = read("".join("会員の氏名%d,%03d件が漏えいした。%d年3月%d日に公表した。「%d番%s」サイトを運営する株式会社ま%d。\n"
                     % (i % 900 + 1, i % 1000, 2000 + i % 20, i % 28 + 1, i, "と" * 20, i)
                     for i in range(3000)), "2024-04-02")
    yield v is not None and len(v["counts"]) >= 20 and v.get("more"), "a text with more facts than an answer holds"


def main():
    verbose = "-v" in sys.argv
    only = [a for a in sys.argv[1:] if not a.startswith("-")]
    failed = count = 0
    for folder in ("tune", "aside"):
        got = measure(folder, verbose and (folder == "tune" or "--all" in sys.argv), only)
        precision, recall = got[0].figures() if got else (0, 0)
        for good, what in ((got and precision >= PRECISION, "precision %.3f" % precision),
                           (got and recall >= RECALL, "recall %.3f" % recall),
                           (got and got[1], "each fact has its place")):
            count += 1
            failed += not good
            print("%s %d - %s: %s over %d texts" % ("ok" if good else "not ok", count, folder, what, got[2] if got else 0))
    for good, what in [] if only else [*watch_list(), *encodings(), *pages()]:
        count += 1
        failed += not good
        print("%s %d - %s" % ("ok" if good else "not ok", count, what))
    print("1..%d" % count)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
