#!/usr/bin/env python3
"""Wacom's figures, counted exactly by the real programs on SQLite, PostgreSQL and MariaDB."""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["HINOBAN_SOURCE"], "tests", "face"))
from harness import end, ok, skip  # noqa: E402

import servers  # noqa: E402
import shops  # noqa: E402
from watch import Watch, figures  # noqa: E402

SETTINGS = """[scope]
zone = "Asia/Tokyo"
timeout = 600s
exclude = ["test: *@test.example", "staff: *@wacom.example"]
extend = ["members: optional school(学校名): c.school_name", "cards: card = o.memo04"]
"""


WANT_STORED = {("orders", "all", "名"): shops.ORDERS, ("members", "all", "名"): shops.MEMBERS,
               ("members", "member_id", "名"): shops.MEMBERS, ("members", "points", "名"): shops.MEMBERS,
               ("members", "magazine", "名"): shops.MEMBERS, ("orders", "email", "名"): shops.ORDERS,
               ("orders", "sex", "名"): shops.ORDERS, ("orders", "address", "名"): shops.ORDERS,
               ("members", "company", "名"): shops.COMPANY, ("members", "school", "名"): shops.SCHOOL,
               ("members", "fax", "名"): shops.FAX, ("members", "birth", "名"): shops.BIRTH,
               ("members", "job", "名"): shops.JOB,
               ("members", "all", "件"): shops.MEMBERS + shops.RETURNED,
               ("orders", "all", "件"): shops.ORDERS + shops.REORDERS + shops.RETRIED + 2,
               ("stored", "all", "名"): shops.ORDERS + shops.MEMBERS - 60000}
WANT_ENTERED = {("cards", "card", "件"): shops.CARDS, ("cards", "all", "件"): shops.CARDS + shops.RETRIED,
                ("cards", "all", "名"): shops.CARDS, ("entered", "all", "名"): shops.CARDS}


def compare(name, r, want):
    got = figures(r) if r.code == 0 else {}
    wrong = {k: (got.get(k), v) for k, v in want.items() if got.get(k) != v}
    ok(r.code == 0 and not wrong, name, "%s\n%s" % (wrong, r.err.decode(errors="replace")[-1500:]))
    return got


def main():
    out, missing = servers.start_all()
    for name in missing:
        skip("wacom on " + name, name + " is not installed")
    with tempfile.TemporaryDirectory(prefix="hinoban-scope.") as folder:
        os.chmod(folder, 0o755)
        try:
            shops.wacom(out, folder)
            w = Watch(folder, "ec-cube2", SETTINGS)
            for s in out:
                url = s.url("wacom")
                stored = w.run("scope", "--from", shops.WINDOW[0], "--to", shops.WINDOW[1], "--only", "stored",
                               "--database", url, "--json")
                first = compare("stored, on " + s.kind, stored, WANT_STORED)
                again = w.run("scope", "--from", shops.WINDOW[0], "--to", shops.WINDOW[1], "--only", "stored",
                              "--database", url, "--json")
                ok(figures(again) == first and first, "recomputed, on %s: the same" % s.kind)
                entered = w.run("scope", "--from", shops.CARD_WINDOW[0], "--to", "2022-04-19 午前中", "--only", "entered",
                                "--database", url, "--json")
                compare("cards entered until the 19th, 午前中, on " + s.kind, entered, WANT_ENTERED)
        finally:
            for s in out:
                s.stop()
    end()


main()
