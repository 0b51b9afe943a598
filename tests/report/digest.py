#!/usr/bin/env python3
"""The weekly digest: the six cases as outside news, and feeds that are hostile, huge, slow or circular."""
import base64
import datetime
import email
import glob
import http.server
import json
import os
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import xml.dom.minidom

SOURCE = os.environ["HINOBAN_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests", "face"))
from harness import end, ok, run  # noqa: E402

TEXTS = os.path.join(SOURCE, "tests", "parse", "news", "tune")
# fixture, day of publication
CASES = [("wacom-digest", "Fri, 25 Nov 2022 09:00:00 +0900"), ("sbfoods-news", "Wed, 23 Nov 2022 09:00:00 +0900"),
         ("miyagi-second", "Tue, 22 Nov 2022 12:00:00 +0900"), ("akaran-notice", "Tue, 22 Nov 2022 15:00:00 +0900"),
         ("osaka-news", "Thu, 24 Nov 2022 09:00:00 +0900"), ("sonet-digest", "Mon, 21 Nov 2022 09:00:00 +0900")]
EARLIER = ("akaranの通販サイトでカード情報流出か", "akaranは11月15日、通販サイトが不正アクセスを受けたと発表した。", "Wed, 16 Nov 2022 09:00:00 +0900")


def escape(s):
    return s.replace("&", "&amp;").replace("<", "&lt;")


def item(number, title, text, at):
    return ("<item><title>%s</title><guid>n%s</guid><link>https://news.example/%s</link><pubDate>%s</pubDate>"
            "<description><![CDATA[%s]]></description></item>" % (escape(title), number, number, at, text))


def rss():
    out = [item(0, *EARLIER)]
    for i, (name, at) in enumerate(CASES, 1):
        with open(os.path.join(TEXTS, name + ".txt"), encoding="utf-8") as f:
            text = f.read().split("----\n", 1)[1]
        title = next(line for line in text.splitlines() if len(line) > 14).strip("■ ")
        paragraphs = "".join("<p>%s</p>" % escape(line) for line in text.splitlines() if line.strip())
        out.append(item(i, title, paragraphs, at))
    return "<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>%s</channel></rss>" % "".join(out)


def status_of(port):
    """What the kernel says of the hinoban-fetch that asks this server."""
    for at in glob.glob("/proc/[0-9]*"):
        try:
            with open(at + "/cmdline", "rb") as f:
                argv = f.read().split(b"\0")
            if argv[0].endswith(b"/hinoban-fetch") and b":%d/" % port in argv[1]:
                with open(at + "/status", encoding="ascii") as f:
                    return dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
        except (OSError, IndexError):
            pass
    return {}


class Web(http.server.BaseHTTPRequestHandler):
    seen = {}

    def do_GET(self):
        if self.path == "/good":
            Web.seen = status_of(self.server.server_address[1])
        if self.path == "/round":
            self.send_response(302)
            self.send_header("Location", "/round")
            self.end_headers()
            return
        if self.path == "/file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
            return
        if self.path == "/gone":
            self.send_error(404)
            return
        self.send_response(200)
        self.end_headers()
        try:
            if self.path == "/huge":
                for _ in range(80):
                    self.wfile.write(b"<rss>" + b"x" * 65536)
            elif self.path == "/slow":
                for _ in range(300):
                    self.wfile.write(b"x")
                    time.sleep(0.5)
            elif self.path == "/laughs":
                self.wfile.write(b"<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><rss><channel>"
                                 b"<item><title>&b;</title></item></channel></rss>")
            elif self.path == "/noise":
                self.wfile.write(os.urandom(20000))
            elif self.path == "/good":
                self.wfile.write(rss().encode())
        except OSError:
            pass

    def log_message(self, *args):
        pass


class Watch:
    def __init__(self, folder):
        self.folder, self.config = folder, os.path.join(folder, "hinoban.conf")
        os.makedirs(os.path.join(folder, "shop"))
        r = run("init", os.path.join(folder, "shop"), "--config", self.config, "--state", os.path.join(folder, "state"), "--yes")
        if r.code:
            raise RuntimeError(str(r))

    def feeds(self, *feeds):
        with open(self.config, "w", encoding="utf-8") as f:
            f.write('roots = ["%s/shop"]\nstate = "%s/state"\n[news]\nnames = ["ショーケース", "サイト・パーソナライザ"]\nfeeds = [%s]\n'
                    % (self.folder, self.folder, ", ".join('"%s"' % x for x in feeds)))

    def digest(self, *args, **more):
        return run("digest", "--config", self.config, *args, **more)

    def log(self, kind):
        return run("log", "--config", self.config, "--json", "--type", kind).lines()


def six_cases(w):
    path = os.path.join(w.folder, "feed.xml")
    with open(path, "w", encoding="utf-8") as f:
        f.write(rss())
    w.feeds(path)
    r = w.digest("--fetch", "--week", "2022-11-23", "--format", "json", "--lang", "ja", "-o", os.path.join(w.folder, "d.json"))
    ok(r.code == 1 and len(w.log("news.read")) == 7, "each new text is a fact; exit 1, for something concerns us", r)
    found = w.log("news.vendor")
    ok(len(found) == 1 and found[0]["name"] == "ショーケース" and "ショーケース" in found[0]["sentence"]
       and "exposure" in found[0]["next"]["ja"], "a name of [news] is a finding at once, with the sentence", found)
    r = w.digest("--fetch", "--week", "2022-11-23", "--format", "json", "--lang", "ja", "-o", os.path.join(w.folder, "d.json"))
    ok(len(w.log("news.read")) == 7, "fetched again: nothing new", r)
    with open(os.path.join(w.folder, "d.json"), encoding="utf-8") as f:
        d = json.load(f)
    ok(d["from"] == "2022-11-21" and d["to"] == "2022-11-27", "the week that the day lies in", d["from"])
    ok([c["name"] for c in d["concerns"]] == ["ショーケース"], "1: what concerns us", d["concerns"])
    ok(len(d["changed"]) == 1 and "akaran" in d["changed"][0]["organisation"], "2: what was known before is a change", d["changed"])
    new = {c["organisation"]: c for c in d["new"]}
    ok(set(new) == {"ワコム", "エスビー食品", "公益財団法人みやぎ産業振興機構", "大阪急性期・総合医療センター"}, "3: the new cases", set(new))
    ok(len(d["phishing"]) == 1 and d["phishing"][0]["brand"] == "So-net" and "2022年11月ご請求のご案内" in d["phishing"][0]["subject"]
       and d["phishing"][0]["live"] == "2022-11-15" and "card_data" in d["phishing"][0]["asks_id"], "4: phishing", d["phishing"])
    n = {c["n"] for c in new.get("ワコム", {}).get("counts", [])}
    ok({"1,938", "147,545", "100,565"} <= n, "wacom's counts", n)
    ok(any(c["n"] == "8,483" for c in d["changed"][0]["counts"]), "akaran's count", d["changed"][0]["counts"])
    ok(any(c["n"] == "164" and c["at_most"] for c in new["エスビー食品"]["counts"]), "sbfoods' count", new["エスビー食品"]["counts"])
    ok("2022-07-19" in str(new["エスビー食品"]["periods"]) and new["エスビー食品"]["vendor"] == "株式会社ショーケース", "sbfoods' window and vendor")
    units = {x["unit"]: x["state"] for x in new["公益財団法人みやぎ産業振興機構"]["recovery"]}
    ok(len(units) == 8 and units["総務企画課"] == "restored" and units["事業承継・引継ぎ支援センター"] == "expected", "miyagi's recovery", units)
    ok("ransomware" in new["大阪急性期・総合医療センター"]["attack_id"], "osaka's attack", new["大阪急性期・総合医療センター"])
    f = d["figures"]
    ok(f["others"] >= 2 and f["own"] >= 1 and f["unnoticed"]["n"] >= 2 and f["reported"]["n"] >= 2, "5: figures", f)
    ok(d["own"]["findings"] == 0 and len(d["sources"]) == 6, "6 and 7: our own week, sources", d["own"])


def inventory(w):
    """Whom the shop depends on, the ledger knows."""
    word = {"kind": "word", "type": "page.authorised", "script": "cdn.tagvendor.example/**", "owner": "Sato", "reason": "r",
            "class": "", "by": "test", "vendor": "タグベンダー株式会社"}
    r = subprocess.run([os.path.join(os.environ["HINOBAN_BUILD"], "tests", "report", "put-facts"), os.path.join(w.folder, "state"),
                        os.environ["HINOBAN_BUILD"]], input=json.dumps(word).encode(), capture_output=True,
                       env={"PATH": os.environ["PATH"], **{k: v for k, v in os.environ.items() if "SAN" in k}})
    path = os.path.join(w.folder, "more.xml")
    with open(path, "w", encoding="utf-8") as f:
        f.write("<rss><channel>" + item("v", "タグベンダーに不正アクセス", "タグベンダーは25日、配信スクリプトが改ざんされたと発表した。",
                                        "Fri, 25 Nov 2022 10:00:00 +0900") + "</channel></rss>")
    w.feeds(path)
    w.digest("--fetch")
    ok(r.returncode == 0 and any(x["name"] == "タグベンダー株式会社" for x in w.log("news.vendor")),
       "the vendor of an authorised script is watched for by itself", w.log("news.vendor"))


def formats(w):
    for lang in ("ja", "en"):
        texts = {}
        for fmt in ("txt", "html", "md", "atom", "mail", "stix"):
            r = w.digest("--week", "2022-11-23", "--format", fmt, "--lang", lang)
            texts[fmt] = r.out.decode()
            ok(r.code == 1 and len(texts[fmt]) > 500, "%s, %s" % (fmt, lang), r)
        ok(len(xml.dom.minidom.parseString(texts["atom"]).getElementsByTagName("entry")) == 6, "Atom: an entry for each case")
        m = email.message_from_string(texts["mail"])
        parts = [p.get_content_type() for p in m.walk()]
        body = base64.b64decode(m.get_payload()[0].get_payload()).decode()
        ok(parts == ["multipart/alternative", "text/plain", "text/html"] and "ワコム" in body, "mail: text and HTML", parts)
        b = json.loads(texts["stix"])
        ids = [o["id"] for o in b["objects"]]
        ok(b["type"] == "bundle" and len(set(ids)) == len(ids) and {o["type"] for o in b["objects"]} == {"report", "identity"}
           and all(o["spec_version"] == "2.1" for o in b["objects"]) and all(x in ids for o in b["objects"] for x in o.get("object_refs", [])),
           "STIX 2.1: reports that name identities", b)
        ok("<script" not in texts["html"], "HTML without scripts")


def bad_feeds(w):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    at = "http://127.0.0.1:%d" % server.server_address[1]
    for path, says in (("/round", b"redirects"), ("/file", b""), ("/huge", b"4 MiB"), ("/slow", b"slow"), ("/laughs", b"DOCTYPE"),
                       ("/noise", b"neither RSS nor Atom"), ("/gone", b"refused")):
        w.feeds(at + path)
        r = w.digest("--fetch", "--lang", "en")
        ok(r.code == 0 and says in r.err and path.encode() in r.err and b"root:" not in r.out, "%s: told, and the digest goes on" % path, r)
    w.feeds("ftp://127.0.0.1/x", "/nonexistent.xml", at + "/good")
    before = len(w.log("news.read"))
    r = w.digest("--fetch", "--lang", "en")
    ok(b"neither an http address" in r.err and b"/nonexistent.xml" in r.err and len(w.log("news.read")) == before + 7,
       "bad feeds do not keep the good one from being read", r)
    seen = Web.seen
    ok(seen.get("NoNewPrivs") == "1" and int(seen["CapEff"], 16) == 0 and seen["Seccomp"] == "2" and
       (os.geteuid() != 0 or "0" not in seen["Uid"].split()), "who fetches is sealed: no rights, a user of its own, a filter of calls", seen)
    server.shutdown()
    cert, key = (os.path.join(w.folder, n) for n in ("cert.pem", "key.pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert,
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Web)
    server.daemon_threads = True
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    w.feeds("https://localhost:%d/good" % server.server_address[1])
    r = w.digest("--fetch", "--lang", "en")
    ok(r.code == 0 and b"certificate can't be trusted" in r.err, "a feed whose certificate nobody vouches for: told, and not read", r)
    server.shutdown()
    made = os.path.join(w.folder, "digests")
    os.mkdir(made)
    for fmt in ("html", "stix"):
        w.digest("--week", "2022-11-23", "--format", fmt, "-o", made)
    ok(sorted(os.listdir(made)) == ["digest-2022-11-21.html", "digest-2022-11-21.stix.json"], "a folder: a file for each week", os.listdir(made))
    monday = (datetime.date.today() - datetime.timedelta(days=7 + datetime.date.today().weekday())).isoformat()
    r = w.digest("--week", "last", "--format", "json")
    ok(abs((datetime.date.fromisoformat(json.loads(r.out)["from"]) - datetime.date.fromisoformat(monday)).days) in (0, 7),
       "last: the week before this one (it begins in Japan)", r)
    for args in (["--week", "soon"], ["--format", "doc"]):
        r = w.digest(*args)
        ok(r.code == 2 and r.err, "%s: exit 2" % " ".join(args), r)
    w.feeds()
    ok(w.digest("--fetch").code == 2, "no feeds: exit 2")


def main():
    with tempfile.TemporaryDirectory(prefix="hinoban-digest.") as folder:
        os.chmod(folder, 0o755)
        w = Watch(folder)
        six_cases(w)
        formats(w)
        inventory(w)
        bad_feeds(w)
    end()


main()
