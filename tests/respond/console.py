#!/usr/bin/env python3
"""What a person contained and lifted, as the console tells it in both languages."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "desk"))
from watched import Client, PAYMENT, STOLEN, Watched, end, ok, wait_for

REASON = ("--reason", "forensics")
SAYS = {
    "en": ("ordered that nobody opens lib/payment.php: forensics", "lib/payment.php is held: nobody can open it",
           "lib/payment.php was not opened: a person holds it", "lib/payment.php can be opened again",
           "ordered processes to be frozen (sleep): forensics", "The processes are frozen", "The processes go on",
           "Payment is stopped", "Payment goes on", "lifted #"),
    "ja": ("lib/payment.php の封鎖を指示しました: forensics", "lib/payment.php を封鎖しました。誰も開けません",
           "封鎖中の lib/payment.php を開かせませんでした", "lib/payment.php の封鎖を解除しました",
           "プロセスの凍結を指示しました（sleep）: forensics", "プロセスを凍結しました", "プロセスの凍結を解除しました",
           "決済を停止しました", "決済の停止を解除しました", "を解除しました: forensics"),
}

s = Watched()
wait_for(lambda: s.run("status", "--json").lines()[0]["ready"])
child = subprocess.Popen(["sleep", "600"])
payment = os.path.join(s.dir, "lib/payment.php")
for what in (("hold", payment), ("freeze", str(child.pid)), ("stop-payment",)):
    r = s.run("contain", *what, *REASON)
    ok(r.code == 0, "contain " + what[0], r)
try:
    open(payment, "rb").close()
except PermissionError:
    pass
for word in s.run("contain", "--json").lines():
    r = s.run("lift", str(word["seq"]), *REASON)
    ok(r.code == 0, "lift " + word["verb"], r)
child.kill()
child.wait()
for lang, sentences in SAYS.items():
    c = Client(s.port, lang)
    c.post("/login", {"token": s.token})
    page = c.get("/facts")
    for sentence in sentences:
        ok(sentence in page.words, "%s: %s" % (lang, sentence), page)
    ok("{f." not in page.words and "fact." not in page.words, lang + ": no sentence lacks its words", page)

# What was put back stands there: the version that a finding shows can't be approved any more.
s.run("mode", "heal", *REASON)
wait_for(lambda: s.log("--type", "gate.mode"))
evil = os.path.join(s.base, "evil")
with open(evil, "w") as f:
    f.write(STOLEN)
os.rename(evil, payment)
found = s.finding("lib/payment.php")
wait_for(lambda: [f for f in s.log("--type", "file.changed") if f["who"].get("exe", "").endswith("/hinoban-hand")])
with open(payment) as f:
    ok(f.read() == PAYMENT, "the payment's code is put back")
at = "/finding/%d" % found["seq"]
for lang, says in (("en", "What is approved was put back"), ("ja", "承認済みの内容に戻されている")):
    c = Client(s.port, lang)
    c.post("/login", {"token": s.token})
    page = c.get(at)
    shown = found["refs"][0]
    ok(says in page.words and payment + " --version %d --force" % shown in page.words and '/approve"' not in page.text,
       lang + ": that it was put back is told, and nothing to approve is offered", page)
    r = c.post(at + "/approve", {"reason": "mine", "by": "x", "fact": shown, "csrf": c.csrf(at)})
    ok(r.status == 409 and says in r.words and not s.log("--type", "approve"), lang + ": who asks for it all the same is refused", r)
ok(s.done() == 0, "it stops in order")
end()
