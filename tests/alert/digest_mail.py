#!/usr/bin/env python3
"""The weekly digest by mail: through a real Postfix, over a failure and a restart, once; nothing personal is in it."""
import os
import shutil
import time

from told import Postfix, Told

from harness import end, ok, skip
from watched import wait_for

if os.geteuid() != 0 or not shutil.which("postfix"):
    skip("the digest by mail", "it needs root and Postfix")
    end()

MAIL, CARD, PHONE = "taro.yamada@example.com", "4111111111111111", "090-1234-5678"
LINK = "https://news.example/2022112199887766/?reader=taro.yamada@example.com"
FEED = """<?xml version='1.0'?><rss version='2.0'><channel><title>t</title><item>
<title>サンプル商店で不正アクセス、連絡先は %s</title><guid>1</guid><link>%s</link><pubDate>%s</pubDate>
<description><![CDATA[<p>サンプル商店は、カード番号 %s が見つかったと発表した。同社の決済は合同会社ペイメント部品が受託している。
お問い合わせは合同会社ペイメント部品の %s、%s まで。</p>]]></description></item></channel></rss>"""
base = "/tmp/hinoban-digestmail.%d" % os.getpid()
os.mkdir(base)
os.chmod(base, 0o755)
feed = os.path.join(base, "feed.xml")
with open(feed, "w", encoding="utf-8") as f:
    f.write(FEED % (MAIL, LINK.replace("&", "&amp;"), time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime()), CARD, MAIL, PHONE))
os.chmod(feed, 0o644)
post = Postfix(base)
ok(post.started, "Postfix runs in a folder of its own", post.said)
shop = Told({"mail": '["owner@shop.example"]', "smtp": '"smtp://localhost:%d"' % post.port, "from": '"hinoban@shop.example"', "wait": "1s"}, lang="ja")
with open(shop.config, "a", encoding="utf-8") as f:
    f.write('\n')
with open(shop.config, encoding="utf-8") as f:
    text = f.read()
with open(shop.config, "w", encoding="utf-8") as f:
    f.write(text.replace("#feeds = []", 'feeds = ["%s"]' % feed).replace("#names = []", 'names = ["合同会社ペイメント部品"]')
            if "#feeds = []" in text else text.replace("feeds = []", 'feeds = ["%s"]' % feed, 1).replace("names = []", 'names = ["合同会社ペイメント部品"]', 1))
r = shop.run("digest", "--fetch", "--format", "md")
ok(r.code == 1 and MAIL in r.out.decode() and "ペイメント部品" in r.out.decode(), "what was planted stands in the digest itself", r)

# The server is away; the mail waits, also over a restart.
wait_for(lambda: shop.log("--type", "alert.begun"))
wait_for(lambda: len(post.mails()) >= 1)  # what was found is told at once
post.run("stop")
r = shop.run("digest", "--mail")
ok(r.code == 0 and "1 件の宛先" in r.out.decode(), "it is recorded, and said so", r)
asked = shop.log("--type", "alert.digest")
ok(len(asked) == 1 and asked[0]["language"] == "ja" and "週報" in asked[0]["text"], "as a fact", asked)
failed = wait_for(lambda: [f for f in shop.log("--type", "alert.failed") if asked[0]["seq"] in f.get("refs", [])])
ok(bool(failed), "a failure is a fact that names it", shop.log("--type", "alert.failed"))
shop.proc.terminate()
shop.proc.wait(60)
post.run("start")
shop.restart()


def digests():
    return [m for m in post.mails() if "週報" in m["Subject"]]


wait_for(digests)
got = digests()
ok(len(got) == 1 and got[0].get_content_type() == "multipart/alternative" and got[0]["Auto-Submitted"] == "auto-generated"
   and got[0]["To"] == "owner@shop.example" and got[0]["From"] == "hinoban@shop.example" and got[0]["Message-ID"] and got[0]["Date"], "it arrives once the server is back", post.log())
parts = [p for p in got[0].walk() if not p.is_multipart()] if got else []
ok([p.get_content_type() for p in parts] == ["text/plain", "text/html"], "as text and as HTML", parts)
both = [p.get_content() for p in parts]
ok(len(both) == 2 and all("ペイメント部品" in b and "当社の1週間" in b.replace("自社の1週間", "当社の1週間") for b in both) and "<html" in both[1], "with the week in both", both)
ok(not any(v in b for b in both for v in (MAIL, CARD, PHONE)) and all("●●●" in b for b in both), "no address, number or card is in it", both)
ok(any("2022112199887766" in b for b in both), "a link's number is the page's, and stays", both)
sent = [f for f in shop.log("--type", "alert.sent") if asked[0]["seq"] in f.get("refs", [])]
ok(len(sent) == 1 and sent[0]["to"] == "mail" and sent[0]["reminders"] == ["digest/%d" % asked[0]["seq"]], "that it was sent is a fact", sent)
shop.restart()
time.sleep(3)
ok(len(digests()) == 1, "after one more restart it is not sent again")
ok(shop.run("verify").code == 0, "the ledger is whole")
shop.done()
bare = Told({"mail": "[]"})
r = bare.run("digest", "--mail")
ok(r.code == 2 and "[alert]" in r.err.decode(), "nobody to mail it to: told, exit 2", r)
bare.done()
post.run("stop")
shutil.rmtree(base, ignore_errors=True)
end()
