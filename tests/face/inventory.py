#!/usr/bin/env python3
"""hinoban page and exposure, on a ledger of visits made by ledger-pages: 12 pages, 120 days,
every six hours; vendor 3's file is altered for ten days in the middle; page00 does not load it."""
import datetime
import os
import re
import shutil
import subprocess
import tempfile

from harness import BUILD, end, ok, run, skip

BASE = tempfile.mkdtemp(prefix="hinoban-page.")
STATE = os.path.join(BASE, "state")
PAGES, DAYS, MINUTES = 12, 120, 360


def hinoban(*args, lang="en"):
    return run("--state", STATE, "--lang", lang, *args)


def one(*args):
    r = hinoban(*args, "--json")
    return r.code, r.lines()[0]


def time(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def between(a):
    """A time in which nobody looked: what stood before it, or after it, may have stood in it."""
    def stood(begin, end):
        r = hinoban("exposure", "--vendor", "vendor3.example", "--from", text(begin), "--to", text(end), "--json")
        page = next(p for p in r.lines()[0]["pages"] if p["page"] == "page01")
        return {l["hash"]: l["sure"] for l in page["loads"] if l["url"] == a["url"]}

    hour = datetime.timedelta(hours=1)
    first, last = time(a["first"]), time(a["last"])
    found = stood(first - 4 * hour, first - 3 * hour)
    ok(len(found) == 2 and found.get(a["hash"]) is False and not any(found.values()),
       "between two visits that saw different things both are possible, neither is certain", found)
    ok(stood(first + 25 * hour, first + 26 * hour) == {a["hash"]: True}, "between two visits that saw the same it is certain")
    found = stood(last + hour, last + 2 * hour)
    ok(len(found) == 2 and found.get(a["hash"]) is False, "after the last visit that saw it, it may have stood on", found)
    ok(a["hash"] not in stood(time(a["maybe_to"]) + hour, time(a["maybe_to"]) + 2 * hour), "but not after one that did not")
    now = datetime.datetime.now(datetime.timezone.utc)
    found = stood(now + 24 * hour, now + 48 * hour)
    ok(len(found) == 1 and not any(found.values()), "what was there at the newest visit of all stands on, as far as is known", found)
    r = hinoban("exposure", "--vendor", "vendor3.example", "--from", text(first - 4 * hour), "--to", text(first - 3 * hour))
    ok(r.code == 1 and b"not certain in the time asked for" in r.out, "and the command says so", r)


def text(when):
    return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def vendor_question():
    code, o = one("exposure", "--vendor", "vendor3.example")
    ok(code == 1, "a vendor that was loaded: exit code 1", code)
    names = [p["page"] for p in o["pages"]]
    ok(names == ["page%02d" % i for i in range(1, PAGES)], "all pages but the one that does not load it", names)
    ok(o["watched"] == PAGES and o["visits"] >= PAGES * DAYS * 4, "what was watched at all is told", o["watched"])
    page = o["pages"][0]
    part = [l for l in page["loads"] if l["url"].endswith("parta.js")]
    ok([p["card"] for p in o["pages"]] == [i % 3 == 0 for i in range(1, PAGES)], "which of them ask for cards")
    bad = [l for l in part if abs((time(l["last"]) - time(l["first"])).total_seconds() - 10 * 86400) <= 2 * MINUTES * 60
           and l["hash"] == "00000002" + l["hash"][8:]]
    ok(len(part) >= 4, "every version has its own line", len(part))
    altered = [l for l in part if (time(l["last"]) - time(l["first"])).days in (9, 10)]
    ok(len(altered) >= 1, "the ten days stand out", part)
    a = altered[0]
    ok(time(a["first"]) - time(a["maybe_from"]) == datetime.timedelta(minutes=MINUTES),
       "before the first visit that saw it lies one interval in which it may have been there", a)
    ok(all(l["visits"] == (l["proof"]["last"] >= l["proof"]["first"]) * l["visits"] > 0 for l in part),
       "each line names the visits that prove it")
    for seq in (a["proof"]["first"], a["proof"]["last"], a["proof"]["record"]):
        r = hinoban("proof", str(seq))
        ok(r.code == 0 and b"root" in r.out, "fact %d can be proven" % seq, r)
    code, by_hash = one("exposure", "--vendor", a["hash"])
    hashes = {l["hash"] for p in by_hash["pages"] for l in p["loads"]}
    ok(code == 1 and hashes == {a["hash"]}, "asked by hash: that version alone", hashes)
    code, by_structure = one("exposure", "--vendor", a["structure"])
    ok(code == 1 and by_structure["pages"], "asked by structural hash")
    last = sorted(part, key=lambda l: l["first"])[-1]
    code, o = one("exposure", "--vendor", "vendor3.example", "--from", last["first"])
    ok(code == 1 and all(l["last"] >= last["first"] for p in o["pages"] for l in p["loads"]),
       "only what reaches into the time", code)
    code, o = one("exposure", "--vendor", "vendor3.example", "--to", "2001-01-01")
    ok(code == 0 and o["pages"] == [], "before all visits: nothing")
    between(a)
    r = hinoban("exposure", "--vendor", "nobody.example")
    ok(r.code == 0 and b"No watched page" in r.out, "a vendor that nobody loaded", r)
    r = hinoban("exposure", "--vendor", "vendor3.example", lang="ja")
    ok(r.code == 1 and "カード情報を入力するページ".encode() in r.out, "the same in Japanese", r)
    ok(hinoban("exposure").code == 2, "without --vendor: wrong use")
    ok(hinoban("exposure", "--vendor", "x", "--from", "someday").code == 2, "a time that is none")
    return a


def words():
    r = hinoban("page", "inventory")
    ok(r.code == 1 and b"NOT AUTHORISED" in r.out, "nothing is authorised yet", r)
    ok(hinoban("page", "authorise", "x/**", "--reason", "r").code == 2, "no owner: wrong use")
    ok(hinoban("page", "authorise", "x/**", "--owner", "o").code == 2, "no reason: wrong use")
    ok(hinoban("page", "authorise", "--owner", "o", "--reason", "r").code == 2, "no subject: wrong use")
    ok(hinoban("page", "frobnicate").code == 2, "an unknown verb")
    r = hinoban("page", "authorise", "cdn3.vendor3.example/**", "--owner", "Sato", "--reason", "form <assist>",
                "--vendor", "Form Inc.")
    ok(r.code == 0, "a vendor's scripts are authorised", r)
    rows = hinoban("page", "inventory", "--json").lines()
    by = [x for x in rows if "vendor3" in x["script"]]
    ok(by and all(x["status"] == "rule" and x["owner"] == "Sato" for x in by), "the inventory says so, and who")
    code, o = one("exposure", "--vendor", "form inc.")
    ok(code == 1 and len(o["pages"]) == PAGES - 1, "now the vendor's name is known, too")
    r = hinoban("page", "authorise", "--all", "--owner", "Sato", "--reason", "first inventory", "--page", "page03")
    ok(r.code == 0, "all scripts of one page", r)
    r = hinoban("page", "inventory", "--page", "page03")
    ok(r.code == 0 and b"0 not authorised" in r.out, "that page is done", r)
    ok(hinoban("page", "inventory", "--page", "page04").code == 1, "the next one is not")
    r = hinoban("page", "refuse", "cdn1.vendor1.example/js/parta.js", "--reason", "nobody knows it")
    ok(r.code == 0, "one is refused", r)
    rows = hinoban("page", "inventory", "--json", "--page", "page04").lines()
    ok([x["status"] for x in rows if x["script"].endswith("vendor1.example/js/parta.js")] == ["refused"],
       "and stands there as refused")
    r = hinoban("page", "authorise", "cdn1.vendor1.example/js/parta.js", "--owner", "Sato", "--reason", "it is known now")
    rows = hinoban("page", "inventory", "--json", "--page", "page04").lines()
    ok(r.code == 0 and [x["status"] for x in rows if x["script"].endswith("vendor1.example/js/parta.js")] == ["rule"],
       "until a newer word says otherwise", rows)
    hinoban("page", "refuse", "cdn1.vendor1.example/js/parta.js", "--reason", "nobody knows it after all")
    rows = hinoban("page", "inventory", "--json", "--page", "page04").lines()
    ok([x["status"] for x in rows if x["script"].endswith("vendor1.example/js/parta.js")] == ["refused"], "and back", rows)


def report():
    file = os.path.join(BASE, "pages.html")
    r = hinoban("page", "report", "--pci", "-o", file)
    ok(r.code == 0, "the report is written", r)
    with open(file, encoding="utf-8") as f:
        text = f.read()
    for part in ("6.4.3", "11.6.1", "12.3.1", "SAQ A", "Sato", "form &lt;assist&gt;", "refused",
                 "card data", "page11"):
        ok(part in text, "the report holds: " + part)
    ok("<assist>" not in text, "what people wrote can't break it")
    ok(hinoban("page", "report").code == 2, "a report of no kind: wrong use")
    if shutil.which("chromium"):
        pdf = os.path.join(BASE, "pages.pdf")
        r = hinoban("page", "report", "--pci", "--page", "page03", "-o", pdf)
        with open(pdf, "rb") as f:
            ok(r.code == 0 and f.read(5) == b"%PDF-", "the same as PDF", r)
    else:
        skip("the report as PDF", "there is no chromium")
    text = hinoban("page", "report", "--pci", "--page", "page03", lang="ja").out.decode()
    ok("責任者" in text and "page04" not in text, "one page, in Japanese")


def policy():
    r = hinoban("page", "policy")
    ok(r.code == 0 and b"'report-sha256'" in r.out, "a policy that only reports, with hashes", r)
    ok(re.search(rb"https://cdn3.vendor3.example[ ;]", r.out), "it names the hosts that the newest visits saw", r)
    ok(hinoban("page", "policy", "--snippet", "iis").code == 2, "no such server")
    apache = hinoban("page", "policy", "--snippet", "apache")
    ok(apache.code == 0 and b"%{UNIQUE_ID}e" in apache.out, "a snippet for Apache", apache)
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if not nginx:
        return skip("nginx takes the snippet", "there is no nginx")
    snippet = hinoban("page", "policy", "--snippet", "nginx").out.decode()
    conf = os.path.join(BASE, "nginx.conf")
    with open(conf, "w", encoding="utf-8") as f:
        f.write("pid %s/pid; error_log stderr; events {} http { access_log off; client_body_temp_path %s/b; proxy_temp_path"
                " %s/p; fastcgi_temp_path %s/f; uwsgi_temp_path %s/u; scgi_temp_path %s/s;"
                " server { listen 127.0.0.1:1; %s } }" % (BASE, BASE, BASE, BASE, BASE, BASE, snippet))
    p = subprocess.run([nginx, "-t", "-q", "-c", conf, "-p", BASE], capture_output=True, text=True)
    ok(p.returncode == 0 and re.search(r"\$request_id", snippet), "nginx takes the snippet", p.stderr)


try:
    made = subprocess.run([os.path.join(BUILD, "tests/ledger/ledger-pages"), STATE, str(PAGES), str(DAYS), str(MINUTES)],
                          capture_output=True, text=True)
    ok(made.returncode == 0, "a ledger of %s facts" % made.stdout.strip(), made.stderr)
    again = subprocess.run([os.path.join(BUILD, "tests/ledger/ledger-tool"), "rebuild", STATE], capture_output=True, text=True)
    ok(again.stdout.strip() == "same", "the view computed anew is the same", again.stdout)
    vendor_question()
    words()
    report()
    policy()
finally:
    shutil.rmtree(BASE, ignore_errors=True)
end()
