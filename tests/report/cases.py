#!/usr/bin/env python3
"""hinoban case: what opens one by itself, since when and until when, and what persons say."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from harness import Shop, end, ok  # noqa: E402

PAYMENT = "<?php\nfunction pay($card)\n{\n\treturn send_to_company($card);\n}\n"
STOLEN = PAYMENT.replace(
    "\treturn", "\tfile_put_contents('images/logo.gif', $card['number'], FILE_APPEND);\n\treturn")
SHELL = "<?php system($_GET['c']);\n"

shop = Shop({"index.php": "<?php echo 'shop';\n", "lib/payment.php": PAYMENT, "lib/cart.php": "<?php cart();\n",
             "uploads/a.txt": "hello\n"})


def case(*args, **more):
    return shop.run("case", *args, **more)


def look(n):
    return case(str(n), "--json").lines()[0]


r = shop.init("--lang", "en")
ok(r.code == 0, "init", r)
r = case()
ok(r.code == 0 and b"no cases" in r.out, "no cases at first: exit 0", r)

# A change of other code opens none; of payment code it does.
shop.write("lib/cart.php", "<?php cart(); // more\n")
shop.run("check")
ok(case().code == 0, "an unapproved change of other code opens no case", case())
time.sleep(1.1)
shop.write("lib/payment.php", STOLEN)
shop.run("check")
r = case()
ok(r.code == 1 and b"lib/payment.php" in r.out, "altered payment code opens a case by itself: exit 1", r)
c = look(1)
w = c["windows"]
ok(c["case"] == 1 and c["state"] == "open" and c["severity"] == "critical" and "wrongful" in c["traits"]
   and "money" in c["traits"], "case --json has state, severity and traits", c)
ok(len(w) == 1 and w[0]["object"] == "lib/payment.php" and w[0]["end"] == "lasts" and w[0]["to"] is None
   and w[0]["earliest"] < w[0]["from"], "its exposure: not before it was last known good, not after it was seen bad",
   w)
ok(c["starts"][0]["why"] == "finding" and c["starts"][0]["seq"] == c["opened_by"], "the finding starts it", c)
good = shop.run("log", "--json", "--type", "watch.rescanned").lines()
ok(any(g["seq"] == w[0]["refs"][0] < w[0]["refs"][1] for g in good), "the sweep in between is the last time that all was well", (w, good))

# A program among uploads within the hour belongs to it; its end is its removal.
shop.write("uploads/x.php", SHELL)
shop.run("check")
os.unlink(shop.path("uploads/x.php"))
shop.run("check")
c = look(1)
w = {x["object"]: x for x in c["windows"]}
ok(len(c["findings"]) == 2 and w["uploads/x.php"]["end"] == "removed" and w["uploads/x.php"]["to"],
   "a program among uploads belongs to it, and its window ends when it is gone", c)
ok(w["uploads/x.php"]["earliest"] < w["uploads/x.php"]["from"] < w["uploads/x.php"]["to"],
   "it was not there at the sweep before", w)

# Back to before the case.
r = shop.run("restore", "lib/payment.php", "--before", "case:1", "--yes", "--reason", "tampered")
with open(shop.path("lib/payment.php")) as f:
    ok(f.read() == PAYMENT, "restore --before case:1 puts back what was approved then", r)
ok(shop.run("restore", "lib", "--before", "case:9", "--dry-run").code == 2, "restore --before no such case: exit 2")
w = {x["object"]: x for x in look(1)["windows"]}
ok(w["lib/payment.php"]["end"] == "restored" and w["lib/payment.php"]["to"], "and ends the exposure", w)

# Altered anew, it is a second window of the same case; approving ends it, too.
shop.write("lib/payment.php", STOLEN + "// again\n")
shop.run("check")
shop.run("approve", "lib/payment.php", "--reason", "by mistake")
w = [x for x in look(1)["windows"] if x["object"] == "lib/payment.php"]
ok([x["end"] for x in w] == ["restored", "approved"] and w[0]["to"] <= w[1]["from"],
   "two windows of one path, the second one ended by an approval", w)
r = case("1")
ok(r.code == 1 and b"between" in r.out and b"Findings:" in r.out, "case N shows it in words", r)
r = case("1", "--lang", "ja")
ok("事案 1" in r.out.decode() and "の間" in r.out.decode(), "and in Japanese", r)

# A call from outside.
ok(case("open", "--call", "--reason", "x").code == 2, "a call without a caller: exit 2")
ok(case("open", "--call", "--from", "card company").code == 2, "a call without a reason: exit 2")
ok(case("open", "--from", "x", "--at", "2099-01-01", "--reason", "x").code == 2, "known in the future: exit 2")
r = case("open", "--call", "--from", "card company", "--at", "2026-08-19T01:30:00Z", "--reason", "cards misused")
ok(r.code == 0 and b"case 2 is open" in r.out, "case open --call", r)
c = look(2)
ok(c["starts"][0]["from"] == "card company" and c["starts"][0]["at"] == "2026-08-19T01:30:00.000000Z"
   and c["words"][0]["reason"] == "cards misused", "who called, when it was known, why", c)

# A finding dismissed by somebody with a name, and then another change of the same file.
quiet = Shop({"lib/payment.php": PAYMENT})
quiet.init()
quiet.write("lib/payment.php", STOLEN)
quiet.run("check")
seq = str(quiet.run("findings", "--json").lines()[0]["seq"])
r = quiet.run("dismiss", seq, "--reason", "ours")
ok(b"case 1 is open" in r.out and quiet.run("case").code == 1, "root dismissed its finding: the case waits for a name", r)
r = quiet.run("dismiss", seq, "--reason", "ours", "--by", "Tanaka Hanako")
ok(quiet.run("case").code == 0 and b"case 1" not in r.out, "with a name it is dismissed", r)
quiet.write("lib/payment.php", STOLEN + "// and more\n")
quiet.run("check")
ok(len(quiet.run("findings", "--json").lines()) == 1 and quiet.run("case", "--json").lines()[0]["case"] == 2,
   "another change of it is a finding and a case of its own", quiet.run("findings", "--all"))
ok(quiet.run("rebuild").code == 0 and quiet.run("verify").code == 0, "so says a ledger that is computed anew")
quiet.done()

# Clocks: by the rules, from the earliest start, ended by a receipt.
r = shop.run("clocks", "--json")
by = {(x["case"], x["clock"]): x for x in r.lines()}
ok(r.code == 1 and by[2, "ppc-prompt"]["day"] == "2026-08-24" and by[2, "ppc-prompt"]["state"] == "overdue"
   and by[2, "ppc-final-60"]["day"] == "2026-10-19" and by[1, "ppc-final-60"]["state"] == "runs",
   "clocks count from the call, days in Japan", r)
ok(all(x["source"] and x["to"]["ja"] and x["what"]["en"] for x in r.lines()), "each names its source", r)
r = shop.run("clocks")
ok("OVERDUE" in r.out.decode() and "no legal advice" in r.out.decode(), "hinoban clocks in words", r)
r = shop.run("clocks", "--lang", "ja")
ok("個人情報保護委員会　速報" in r.out.decode() and "法的助言ではありません" in r.out.decode(), "and in Japanese", r)
ok(case("2", "filed", "--clock", "ppc-prompt").code == 2, "filed without a receipt: exit 2")
r = case("2", "filed", "--clock", "ppc-quick", "--receipt", "1")
ok(r.code == 2 and b"ppc-quick" in r.err, "filed of a clock that it has not: exit 2", r)
r = case("2", "filed", "--clock", "ppc-prompt", "--receipt", "No. 7", "--at", "2026-08-22T08:00:00Z")
x = [y for y in shop.run("clocks", "--all", "--json").lines() if (y["case"], y["clock"]) == (2, "ppc-prompt")][0]
ok(r.code == 0 and x["state"] == "filed" and x["receipt"] == "No. 7" and x["filed"].startswith("2026-08-22T08"),
   "a receipt ends a clock", x)
os.mkdir(os.path.join(shop.base, "etc", "clocks"))
with open(os.path.join(shop.base, "etc", "clocks", "own.clocks"), "w") as f:
    f.write('zone = "+09:00"\n[parent]\nto = "親会社"\nto_en = "parent"\nwhat = "第一報"\nwhat_en = "first report"\n'
            'starts_when = ["money"]\ndue = "24h"\ncounting = "next-day"\nvalid_from = "2020-01-01"\nsource = "own"\n')
ok({"parent"} <= {x["clock"] for x in shop.run("clocks", "--json").lines()}, "a rule of one's own beside the config")
with open(os.path.join(shop.base, "etc", "clocks", "own.clocks"), "a") as f:
    f.write("due = 12\n")
r = shop.run("clocks")
ok(r.code == 2 and b"own.clocks:12:" in r.err, "a fault in it is told with its line", r)
os.unlink(os.path.join(shop.base, "etc", "clocks", "own.clocks"))

# What persons say.
ok(case("2", "assign", "hanako").code == 0 and look(2)["assigned"] == "hanako", "assign")
ok(case("2", "note", "forensic firm asked", "--trait", "eu").code == 0 and "eu" in look(2)["traits"], "note --trait")
r = case("2", "join", "1", "--reason", "the same cards")
ok(r.code == 0 and look(1)["state"] == "joined" and look(1)["into"] == 2 and len(look(2)["starts"]) == 2
   and len(look(2)["windows"]) == 3, "join: findings, starts and windows go over", r)
ok(len(case("--json").lines()) == 1 and len(case("--all", "--json").lines()) == 2, "a joined one is listed with --all")
start = [x["seq"] for x in look(2)["starts"] if x["why"] == "call"][0]
ok(case("2", "uncount", str(start), "--reason", "x").code == 2, "uncount asks for a name")
r = case("2", "uncount", str(start), "--reason", "another shop was meant", "--by", "Tanaka Hanako")
x = [y for y in shop.run("clocks", "--json").lines() if y["clock"] == "ppc-final-60"][0]
ok(r.code == 0 and x["start_seq"] != start and len(look(2)["starts"]) == 2, "uncount: clocks count from the next start", x)
upload = [f["seq"] for f in look(2)["findings"] if f["path"] == "uploads/x.php"]
r = case("2", "split", str(upload[0]), "--reason", "a test of ours")
ok(r.code == 0 and look(3)["findings"][0]["path"] == "uploads/x.php" and len(look(2)["windows"]) == 2, "split", r)
r = case("2", "add", str(upload[0]), "--reason", "no test after all")
ok(r.code == 0 and not look(3)["findings"] and len(look(2)["windows"]) == 3, "add", r)
r = case("3", "dismiss", "--reason", "empty")
ok(r.code == 2 and b"--by" in r.err, "root is nobody's name: dismiss asks for one", r)
r = case("3", "dismiss", "--reason", "empty", "--by", "Tanaka Hanako")
ok(r.code == 0 and look(3)["state"] == "dismissed" and "Tanaka Hanako" in look(3)["words"][-1]["by"], "dismiss", r)
ok(case("3", "dismiss", "--reason", "x", "--by", "T").code == 2, "what is dismissed is not dismissed again")
ok(case("2", "close", "--reason", "done").code == 0 and look(2)["state"] == "closed" and case().code == 0,
   "close; with no open case left, exit 0")

for args, what in ((("99",), "a case that is not there"), (("x",), "no number"), (("2", "burn"), "no such verb"),
                   (("2", "join", "2", "--reason", "x"), "join with itself"), (("2", "join"), "join without a number"),
                   (("2", "split", "1", "--reason", "x"), "split of what is not in it"),
                   (("2", "add", "1", "--reason", "x"), "add of what is no finding"),
                   (("2", "note", "  "), "an empty note"), (("1", "close", "--reason", "x"), "a joined one is closed")):
    r = case(*args)
    ok(r.code == 2 and r.err.startswith(b"hinoban: ") and not r.out, what + ": exit 2", r)
log = shop.run("log", "--type", "case.*").out.decode()
ok(log.count("case.") == len(log.splitlines()) >= 8, "all of it is in the log", log)
ok(shop.run("verify").code == 0, "and the ledger is whole")
shop.done()
end()
