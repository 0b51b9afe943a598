#!/usr/bin/env python3
"""Alerts as they arrive: by a real Postfix, by HTTP, in syslog; what fails is tried again, over
restarts too; a flood is a digest; nothing personal is in any of them."""
import json
import os
import shutil
import socket
import subprocess
import time

from told import Postfix, Receiver, Told

from harness import end, ok, skip
from watched import STOLEN, wait_for

if os.geteuid() != 0:
    skip("alerts", "hinoband needs root")
    end()

MAIL, CARD = "taro.yamada@example.com", "4111111111111111"


base = "/tmp/hinoban-alert.%d" % os.getpid()
os.mkdir(base)
os.chmod(base, 0o755)
hooks, flaky = Receiver(), Receiver()
flaky_port = flaky.port
post = Postfix(base) if shutil.which("postfix") else None
if not post:
    skip("mails by Postfix", "it is not installed")
elif not ok(post.started, "Postfix runs in a folder of its own", post.said):
    post = None
syslog = None
if os.path.exists("/dev/log"):
    skip("syslog", "somebody else listens at /dev/log here")
else:
    syslog = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    syslog.bind("/dev/log")
    os.chmod("/dev/log", 0o666)
    syslog.settimeout(20)
secret = os.path.join(base, "slack.url")
with open(secret, "w") as f:
    f.write("http://127.0.0.1:%d/slack-Ky7secret\n" % hooks.port)
os.chmod(secret, 0o600)
alert = {"webhook": '["json http://127.0.0.1:%d/json", "slack file:%s", "discord http://127.0.0.1:%d/d", '
                    '"json http://127.0.0.1:%d/flaky"]' % (hooks.port, secret, hooks.port, flaky_port),
         "wait": "2s", "syslog": "true" if syslog else "false", "severity": '"medium"'}
if post:
    alert.update({"mail": '["owner@shop.example"]', "smtp": '"smtp://localhost:%d"' % post.port,
                  "from": '"hinoban@shop.example"'})
ways = ["webhook%d" % i for i in (1, 2, 3, 4)] + (["mail"] if post else []) + (["syslog"] if syslog else [])

shop = Told(alert, lang="ja")
h = shop.herald()
ok(h and h["Uid"].split()[0] not in ("0", "") and h["CapEff"] == "0" * 16 and h["Seccomp"].startswith("2")
   and h["NoNewPrivs"] == "1", "the herald runs sealed, as a user of its own, without capabilities", h)
ok(not os.access(secret, os.R_OK, effective_ids=False) or os.stat(secret).st_mode & 0o77 == 0,
   "the secret's file is root's alone")

# A test message.
r = shop.run("alert", "test", timeout=120)
ok(r.code == 0 and all(w in r.out.decode() for w in ways), "alert test: all ways are told", r)
ok(hooks.at("/json") and hooks.at("/json")[0]["test"] is True and hooks.at("/json")[0]["items"][0]["sort"] == "test",
   "json gets it as one", hooks.got)
ok(hooks.at("/slack-Ky7secret") and "試験" in hooks.at("/slack-Ky7secret")[0]["text"], "slack's address came from a file")
ok(hooks.at("/d") and "content" in hooks.at("/d")[0], "discord gets its own form")
if post:
    mails = wait_for(lambda: post.mails())
    ok(mails and "試験の通知" in mails[0]["Subject"] and mails[0]["Auto-Submitted"] == "auto-generated"
       and "異常ではありません" in mails[0].get_content(), "the mail is in the Maildir, readable", post.log())
if syslog:
    ok(b"hinoban: " in syslog.recv(4096), "syslog has its line")
sent = shop.log("--type", "alert.sent")
ok({f["to"] for f in sent} == set(ways) and all(f["n"] == 1 for f in sent), "each is a fact", sent)
ok({f["to"] for f in shop.log("--type", "alert.begun")} == set(ways), "and so is from where on each is told")

# A real one, with what must not leave the machine in its name.
shop.write("uploads/%s-%s.php" % (MAIL, CARD), "<?php system($_GET['c']);\n")
shop.write("lib/payment.php", STOLEN)
wait_for(lambda: any("lib/payment.php" in str(b) for b in hooks.at("/json")))
body = [b for b in hooks.at("/json") if "lib/payment.php" in str(b)]
ok(body and any(i["sort"] == "clock" and i["clock"] == "ppc-prompt" for b in hooks.at("/json") for i in b["items"])
   and any(i.get("case") == 1 and i.get("type") == "file.tampered" for i in body[0]["items"]),
   "a finding is told with its case and the clocks that it starts", hooks.at("/json"))
if post:
    wait_for(lambda: [m for m in post.mails() if "payment.php" in m.get_content()])
    text = [m.get_content() for m in post.mails() if "payment.php" in m.get_content()]
    ok(text and "個人情報保護委員会" in text[0] and "法的助言ではありません" in text[0] and "hinoban case 1" in text[0],
       "in a mail, too, with what to do next", text)


def everything():
    return json.dumps([g[1] for g in hooks.got + flaky.got], ensure_ascii=False) + \
        "".join(m.as_string() + m.get_content() for m in (post.mails() if post else []))


ok(MAIL not in everything() and CARD not in everything() and "***" in everything(),
   "no address and no card number is in any of them", everything()[:2000])

# A flood is a digest.
before = len(hooks.at("/json"))
for i in range(60):
    shop.write("uploads/flood%d.php" % i, "<?php eval($_POST['x%d']);\n" % i)
wait_for(lambda: sum(len(b["items"]) + b["more"] for b in hooks.at("/json")[before:]) >= 60)
messages = hooks.at("/json")[before:]
ok(sum(len(b["items"]) + b["more"] for b in messages) >= 60 and len(messages) <= 8,
   "sixty findings are told in a few messages", [len(b["items"]) for b in messages])
seqs = [i["seq"] for b in hooks.at("/json") for i in b["items"] if "seq" in i]
ok(len(seqs) == len(set(seqs)), "and none of them twice", seqs)

# What fails is tried again, over a restart too.
flaky.done()
told = len(shop.log("--type", "alert.sent"))
shop.write("lib/planted.php", "<?php eval($_POST['y']);\n")
failed = wait_for(lambda: [f for f in shop.log("--type", "alert.failed") if f["to"] == "webhook4"])
ok(failed and failed[-1]["why"] and "127.0.0.1" not in failed[-1]["why"], "a failure is a fact with its reason", failed)
shop.proc.terminate()
shop.proc.wait(60)
flaky = Receiver(flaky_port)
before = len(hooks.at("/json"))
shop.proc = subprocess.Popen(shop.proc.args, env={"PATH": os.environ["PATH"], "HINOBAN_PROFILES": os.path.join(
    os.environ["HINOBAN_SOURCE"], "profiles")}, stdout=subprocess.DEVNULL, stderr=shop.err, start_new_session=True)
got = wait_for(lambda: [i for b in flaky.at("/flaky") for i in b["items"] if i.get("what") == "lib/planted.php"])
ok(bool(got), "what was not told before a restart is told after it", flaky.got)
time.sleep(5)
again = [i for b in hooks.at("/json")[before:] for i in b["items"] if i.get("what") == "lib/planted.php"
         or i["sort"] == "clock"]
ok(len([i for b in hooks.at("/json") for i in b["items"] if i.get("what") == "lib/planted.php"]) == 1
   and not [i for i in again if i["sort"] == "clock"], "and what was told is not told again", again)
flaky.status = 503
n = len(shop.log("--type", "alert.failed"))
r = shop.run("alert", "test", timeout=120)
ok(r.code == 1 and "HTTP 503" in r.out.decode(), "alert test says what failed: exit 1", r)
ok(shop.run("alert").code == 0 and "webhook4" in shop.run("alert").out.decode(), "hinoban alert lists the ways")
ok(shop.run("verify").code == 0, "the ledger is whole")
said = shop.said()
ok("Ky7secret" not in said and "Ky7secret" not in shop.run("log", "--json").out.decode(),
   "a secret address is neither in the ledger nor in a message", said)
ok(shop.done() == 0, "it stops in order")

# At most so many an hour: the rest waits for its turn, and is not lost.
before = len(hooks.at("/rate"))
slow = Told({"webhook": '["json http://127.0.0.1:%d/rate"]' % hooks.port, "wait": "1s", "per_hour": "2"})
for i in range(5):
    slow.write("lib/rate%d.php" % i, "<?php eval($_POST['z%d']);\n" % i)
    time.sleep(2.5)
got = hooks.at("/rate")
ok(len(got) == 2, "two messages an hour are two messages", [len(b["items"]) for b in got])
ok(sum(f["n"] for f in slow.log("--type", "alert.sent")) >= 2 and len(slow.log("--kind", "finding")) >= 5,
   "while five findings are in the ledger")
slow.done()

# Wrong settings are told at the start.
for key, value, word in (("webhook", '["pigeon http://x/"]', "KIND"), ("webhook", '["json ftp://x/"]', "https://"),
                         ("mail", '["nobody"]', "no address"), ("smtp", '"imap://x"', "smtp://")):
    try:
        wrong = {"mail": '["a@shop.example"]'}
        wrong[key] = value
        Told(wrong).done()
        ok(False, "wrong settings: " + value)
    except EOFError as e:
        ok(word in str(e), "wrong settings are told: " + value, e)
if post:
    post.run("stop")
if syslog:
    os.unlink("/dev/log")
hooks.done()
flaky.done()
shutil.rmtree(base, ignore_errors=True)
end()
