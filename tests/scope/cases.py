#!/usr/bin/env python3
"""hinoban scope --case: the windows come from the ledger, and when they move the counts do."""
import datetime
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["HINOBAN_SOURCE"], "tests", "face"))
from harness import end, ok  # noqa: E402

import servers  # noqa: E402
import shops  # noqa: E402
from watch import Watch, figures  # noqa: E402

PAGE = "data/class/pages/shopping/LC_Page_Shopping_Payment.php"
GOOD = "<?php\nfunction pay($card)\n{\n\treturn send_to_company($card);\n}\n"
BAD = GOOD.replace("\treturn", "\tfile_put_contents('images/logo.gif', $card['number'], FILE_APPEND);\n\treturn")


def local(rfc, seconds=0.0):
    t = datetime.datetime.fromisoformat(rfc.replace("Z", "+00:00")) + datetime.timedelta(hours=9, seconds=seconds)
    return t.strftime("%Y-%m-%d %H:%M:%S.%f")


def main():
    s = servers.Sqlite()
    with tempfile.TemporaryDirectory(prefix="hinoban-scope.") as folder:
        os.chmod(folder, 0o755)
        w = Watch(folder, "ec-cube2", '[scope]\nzone = "Asia/Tokyo"\ndatabase = "%s"\n' % s.url("shop"), [(PAGE, GOOD), ("index.php", "<?php\n")])
        s.create("shop")
        s.sql(shops.EC2_SQL.format(**shops.TYPES[s.kind]), "shop")

        def order(number, when):
            s.sql("INSERT INTO dtb_order (order_id, customer_id, order_name01, order_email, payment_method, status, create_date) VALUES "
                  "(%d, 0, 'k', 'k%d@a.example', 'カード', 5, '%s')" % (number, number, when), "shop")

        r = w.run("scope", "--case", "1")
        ok(r.code == 2 and b"1" in r.err, "no such case", r)
        w.run("check")
        time.sleep(1.1)
        w.write(PAGE, BAD)
        w.run("check")
        case = w.run("case", "1", "--json").lines()[0]
        window = case["windows"][0]
        order(1, local(window["earliest"], -5))  # it was good then
        order(2, local(window["earliest"], 0.2))  # perhaps
        order(3, local(window["from"]))  # certainly
        time.sleep(0.3)
        r = w.run("scope", "--case", "1", "--json")
        got = figures(r) if r.code == 0 else {}
        ok(got.get(("cards", "all", "件")) == (1, 2) and got.get(("cards", "all", "名")) == (1, 2) and got.get(("orders", "all", "名")) == 3,
           "certain from when it was seen, possible from when it was last good; what was stored, all", "%s %s" % (got, r.err))
        f = r.lines()[0]
        ok(f["case"] == 1 and set(window["refs"]) - {None, 0} <= set(f["refs"]) and f["from"] == window["earliest"] and
           f["windows"][0]["from"] == window["from"], "a figure names its case and what its window rests on", (f, window))
        w.write(PAGE, GOOD)
        w.run("check")
        window = w.run("case", "1", "--json").lines()[0]["windows"][0]
        order(4, local(window["to"], -0.000001))
        order(5, local(window["to"]))  # the end is not in it
        r = w.run("scope", "--case", "1", "--lang", "ja")
        text = r.out.decode()
        ok(r.code == 0 and "カード情報の入力: +1（件）前回" in text and "影響" not in r.err.decode(), "the window has moved: the difference is told", r)
        r = w.run("scope", "--case", "1", "--json")
        ok(figures(r).get(("cards", "all", "件")) == (2, 3), "its end is half open", figures(r))
        ok(len(w.run("case", "1", "--json").lines()[0].get("counts", [1])) > 0, "the case has its counts")
        w.run("case", "open", "--call", "--from", "card company", "--reason", "cards misused")
        r = w.run("scope", "--case", "2")
        ok(r.code == 2 and b"--from" in r.err, "a case by a call has no window of its own", r)
        day = ["--from", "2020-01-01", "--to", "2020-01-02"]
        r = w.run("scope", "--case", "2", *day, "--json")
        ok(r.code == 0 and r.lines()[0]["case"] == 2 and figures(r)[("cards", "all", "件")] == 0, "until one is said", r)
        r = w.run("verify")
        ok(r.code == 0, "the ledger is whole", r)
    s.stop()
    end()


main()
