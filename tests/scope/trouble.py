#!/usr/bin/env python3
"""What a live database does to a count: rights, schemas, locks, times, lost connections, and secrets that must stay."""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["HINOBAN_SOURCE"], "tests", "face"))
from harness import HINOBAN, SOURCE, end, ok, skip  # noqa: E402

import servers  # noqa: E402
import shops  # noqa: E402
from watch import Watch, figures  # noqa: E402

PLANTED = ["hanako.PLANTED@secret.example", "hanako.planted@secret.example", "0901234567801", "秘密山", "花子計画", "Lesepass-7301",
           "9870001", "planted-token-77"]
SETTINGS = """[scope]
zone = "Asia/Tokyo"
timeout = %s
lock_timeout = 1s
exclude = ["test: *@test.example", "staff: *@shop.example"]
extend = ["cards: card = o.memo04"]
"""
WINDOW = ["--from", "2022-02-01", "--to", "2022-03-01"]


def member(number, mail, tel="", name="会員", zip_="1000001", at="2022-01-05 10:00:00", deleted=0, company=""):
    return ("INSERT INTO dtb_customer (customer_id, name01, name02, zip01, zip02, email, tel01, sex, point, create_date, del_flg, "
            "mailmaga_flg, company_name, pref, addr01, addr02, password) VALUES (%d, '%s', '', '%s', '%s', '%s', '%s', 1, 0, %s, %d, "
            "1, '%s', 13, '区', '1', 'x');" % (number, name, zip_[:3], zip_[3:], mail, tel,
                                               "'%s'" % at if at else "NULL", deleted, company))


def order(number, customer, mail, tel="", name="注文", zip_="1000001", at="2022-02-10 10:00:00", card="", method="カード決済"):
    return ("INSERT INTO dtb_order (order_id, customer_id, order_name01, order_name02, order_zip01, order_zip02, order_email, "
            "order_tel01, order_sex, create_date, memo04, payment_method, status, order_pref, order_addr01, order_addr02) VALUES "
            "(%d, %d, '%s', '', '%s', '%s', '%s', '%s', 1, %s, '%s', '%s', 5, 13, '区', '1');"
            % (number, customer, name, zip_[:3], zip_[3:], mail, tel, "'%s'" % at if at else "NULL", card, method))


# Members 1..5; orders: 1+2 one person (spellings), 3 another mail with 1's telephone, 4 a guest without a mail, 5 member 2
# under an old address, 6 a namesake at the same postal code, 7..16 ten strangers with one switchboard number, 20 a test.
ROWS = [member(1, "taro@a.example", "03-1111-2222", "山田太郎", "1234567"), member(2, "jiro@a.example", "0322223333", "山田次郎"),
        member(3, "gone@a.example", "", "退会", "5550001", deleted=1), member(4, "late@a.example", at="2022-03-01 00:00:00"),
        member(5, "Gone@A.example", "", "再入会", "5550001", company="　"), member(6, "staff@shop.example"),
        order(1, 1, "TARO@A.EXAMPLE ", "0311112222", "山田　太郎", "1234567", card="k1"),
        order(2, 0, "ｔａｒｏ＠ａ．ｅｘａｍｐｌｅ", "+81 3-1111-2222", "ヤマダ太郎", "7654321", card="k1"),
        order(3, 0, "hanako@b.example", "03 1111 2222", "山田花子", "1234567", card="k2"),
        order(4, 0, "", "0399998888", "匿名", "", card="k3"), order(5, 2, "jiro-old@b.example", "", "山田次郎", "2000002", card="k4"),
        order(6, 0, "another@c.example", "", "山田 花子", "123-4567", card="k5", at="2022-02-28 23:59:59"),
        *[order(7 + i, 0, "s%d@d.example" % i, "0312340000", "社員%d" % i, "4000004", card="c%d" % i) for i in range(10)],
        order(20, 0, "check@test.example", "", card="k9"), order(21, 0, "next@e.example", at="2022-03-01 00:00:00", card="k8"),
        order(22, 0, "bank@e.example", "", "銀行", "8888888", method="銀行振込")]
SECRET = [member(50, PLANTED[0], PLANTED[2], PLANTED[3] + PLANTED[4], PLANTED[6]),
          order(50, 50, PLANTED[1], PLANTED[2], PLANTED[3] + PLANTED[4], PLANTED[6], card=PLANTED[7])]
# persons: taro, hanako, anonymous, jiro-old, another, 10 strangers, bank. Lower: hanako is taro (telephone) and another is
# hanako (name and postal code). Of all groups: with jiro and gone; jiro-old is the member jiro.
WANT = {("orders", "all", "件"): 17, ("orders", "all", "名"): (14, 16), ("cards", "all", "件"): 16, ("cards", "all", "名"): (13, 15),
        ("cards", "card", "件"): 15, ("members", "all", "件"): 4, ("members", "all", "名"): 3, ("members", "company", "名"): 0,
        ("stored", "all", "名"): (15, 18)}


def build(s, database, rows, extra=""):
    s.create(database)
    s.sql(shops.EC2_SQL.format(**shops.TYPES[s.kind]) + extra, database)
    zone = "SET time_zone = '+09:00';" if s.kind == "mariadb" else ""
    s.sql(zone + "\n".join(rows), database)
    s.reader(database)


def scope(w, url, *more, **env):
    return w.run("scope", *WINDOW, "--database", url, *more, **env)


def brief(r):
    return "exit %d %s" % (r.code, r.err.decode(errors="replace")[-700:])


def said(r, *words):
    text = r.err.decode(errors="replace")
    return all(x in text for x in words)


def dedupe(w, s):
    build(s, "small", ROWS)
    r = scope(w, s.url("small"), "--json")
    got = figures(r) if r.code == 0 else {}
    wrong = {k: (got.get(k), v) for k, v in WANT.items() if got.get(k) != v}
    ok(r.code == 0 and not wrong, s.kind + ": who is one person, by the lower and the upper figure", "%s\n%s" % (wrong, r.err.decode()))
    ok(said(r, "1 telephone numbers"), s.kind + ": a number that ten share joins nobody", r)
    facts = {(f["population"], f["item"], f["unit"]): f for f in r.lines()}
    f = facts.get(("orders", "all", "件"), {})
    ok(f.get("excluded") == {"test": 1} and f.get("listed") == {"test": ["20"]} and facts[("members", "all", "件")].get("excluded") == {"staff": 1},
       s.kind + ": tests and staff are passed over, and told", f)
    ok(facts[("members", "all", "件")].get("deleted") == 1 and "SELECT" in f.get("sql", "") and f.get("snapshot") and f.get("us", -1) >= 0 and
       f.get("from") == "2022-01-31T15:00:00.000000Z" and f.get("to") == "2022-02-28T15:00:00.000000Z" and "@test.example" not in str(f),
       s.kind + ": a figure bears its SQL, snapshot, duration and window, and no pattern", f)
    s.sql(("SET time_zone = '+09:00';" if s.kind == "mariadb" else "") + order(30, 0, "new@f.example", "0355556666", card="k30"), "small")
    r = scope(w, s.url("small"), "--lang", "en")
    ok(r.code == 0 and re.search(rb"orders: \+1 \(entries\) since the count of", r.out) and b"card entries: +1" in r.out and b"e-mail address: +1" not in r.out,
       s.kind + ": the difference since the last count", r)
    size = len(w.run("log", "--type", "count.*", "--json").out.splitlines())
    r = scope(w, s.url("small"), "--dry-run")
    ok(r.code == 0 and b"--dry-run" in r.out and size == len(w.run("log", "--type", "count.*", "--json").out.splitlines()),
       s.kind + ": --dry-run records nothing", r)


def parcel(number, name, tel, zip_):
    return ("INSERT INTO dtb_shipping (shipping_id, order_id, shipping_name01, shipping_tel01, shipping_zip01, shipping_zip02, create_date) VALUES "
            "(1, %d, '%s', '%s', '%s', '%s', '2022-02-10 10:00:00');" % (number, name, tel, zip_[:3], zip_[3:]))


def own(w, s):
    """What hinoban's own visits left in the shop, by their address, or by name and telephone number; and a buyer's own parcel."""
    build(s, "own", [order(1, 0, "taro@a.example", "0311112222", "山田太郎", "1234567", card="k1"), parcel(1, "山田　太郎", "03-1111-2222", "1234567"),
                     order(2, 0, "Hinoban-Check@example.jp", "0312345678", "検査花子", "1000001", card="k2"), parcel(2, "検査 花子", "03-1234-5678", "1000001"),
                     order(3, 0, "namae@a.example", "0399999999", "検査花子", "1000001", card="k3"), parcel(3, "佐藤", "0312345678", "2223333")])
    r = scope(w, s.url("own"), "--json")
    facts = {(f["population"], f["item"], f["unit"]): f for f in r.lines()} if r.code == 0 else {}
    got = figures(r) if r.code == 0 else {}
    ok(got.get(("orders", "all", "件")) == 2 and got.get(("cards", "all", "件")) == 2 and got.get(("recipients", "all", "件")) == 2 and
       facts[("orders", "all", "件")].get("listed") == {"canary": ["2"]} and facts[("recipients", "all", "件")].get("excluded") == {"canary": 1},
       s.kind + ": hinoban's own visits are passed over, and listed", "%s %s" % (got, r.err))
    ok(got.get(("stored", "all", "名")) == 3, s.kind + ": who sends a parcel to himself is one person; who sends it to another, two", got)


def encodings(w, s):
    """The same rows in other encodings: the same figures."""
    if s.kind == "postgresql":
        s.sql("CREATE DATABASE euc ENCODING 'EUC_JP' LOCALE 'C' TEMPLATE template0")
        s.sql("SET client_encoding = 'UTF8';" + shops.EC2_SQL.format(**shops.TYPES[s.kind]) + "\n".join(ROWS), "euc")
        s.reader("euc")
        r = same(w, s, "euc", "a database of EUC-JP")
        ok(said(r, "euc is in EUC_JP"), "postgresql: and that it is, is told", r)
        return
    columns = (("dtb_order", ("order_email", "order_name01", "order_tel01")), ("dtb_customer", ("email", "name01", "company_name")))
    for charset, as_bytes in (("latin1", True), ("ujis", False), ("cp932", False)):
        build(s, charset, ROWS)
        for table, names in columns:
            for name in names:
                s.sql(("ALTER TABLE %s MODIFY %s blob;" % (table, name) if as_bytes else "") + "ALTER TABLE %s MODIFY %s text CHARACTER SET %s" % (table, name, charset), charset)
        r = same(w, s, charset, "columns of " + charset + (" that hold UTF-8" if as_bytes else ""))
        ok(said(r, "dtb_order.order_email is in " + charset), "mariadb: and that they are, is told: " + charset, r)


def same(w, s, database, what):
    r = scope(w, s.url(database), "--json")
    got = figures(r) if r.code == 0 else {}
    wrong = {k: (got.get(k), v) for k, v in WANT.items() if got.get(k) != v}
    ok(r.code == 0 and not wrong, "%s: %s: the same figures" % (s.kind, what), "%s\n%s" % (wrong, r.err.decode()))
    return r


def times(w, s):
    build(s, "times", [member(1, "a@a.example"), order(1, 1, "a@a.example", at=None, card="k1"),
                       order(2, 0, "b@b.example", "", "別", "3334444", at="2022-02-03 04:05:06", card="k2")])
    r = scope(w, s.url("times"), "--json")
    got = figures(r) if r.code == 0 else {}
    ok(got.get(("cards", "all", "件")) == (1, 2) and got.get(("orders", "all", "名")) == (1, 2) and said(r, "1 rows of"),
       s.kind + ": a row without a time counts for the upper figure only", "%s %s" % (got, r.err))
    ahead = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(time.time() + 15 * 3600))
    s.sql(("SET time_zone = '+00:00';" if s.kind == "mariadb" else "") + order(9, 0, "z@z.example", at=ahead), "times")
    r = scope(w, s.url("times"))
    ok(r.code == 0 and said(r, "is [scope] zone right?"), s.kind + ": times ahead of the server's clock are told", r)


def schemas(w, s):
    build(s, "lame", ROWS[:1])
    if s.kind == "sqlite":
        s.sql("ALTER TABLE dtb_order RENAME COLUMN order_email TO ordermail; ALTER TABLE dtb_customer RENAME COLUMN point TO points;", "lame")
    else:
        s.sql("ALTER TABLE dtb_order RENAME COLUMN order_email TO ordermail; ALTER TABLE dtb_customer RENAME COLUMN point TO points;", "lame")
    r = scope(w, s.url("lame"))
    ok(r.code == 2 and said(r, "dtb_order.order_email", "email of", "?") and not r.out, s.kind + ": which column is missing, and what was looked for", r)
    s.sql("ALTER TABLE dtb_order RENAME TO dtb_orders", "lame")
    r = scope(w, s.url("lame"))
    ok(r.code == 2 and said(r, "dtb_order ", "There is dtb_orders"), s.kind + ": which table is missing, and what is near", r)
    r = scope(w, s.url("nowhere"))
    ok(r.code == 2 and said(r, "nowhere"), s.kind + ": no such database", r)


def slow_view(s, seconds):
    """dtb_shipping becomes a view that takes its time."""
    columns = ("1 AS shipping_id, 1 AS order_id, 'a' AS shipping_name01, 'b' AS shipping_name02, 'c' AS shipping_kana01, 'd' AS "
               "shipping_kana02, '03' AS shipping_tel01, '1' AS shipping_tel02, '2' AS shipping_tel03, 1 AS shipping_pref, '1' AS "
               "shipping_zip01, '2' AS shipping_zip02, 'e' AS shipping_addr01, 'f' AS shipping_addr02, '2022-02-02 00:00:00' AS "
               "create_date, 0 AS del_flg")
    if s.kind == "postgresql":
        columns = columns.replace("'2022-02-02 00:00:00'", "TIMESTAMP '2022-02-02 00:00:00'")
        source = "(SELECT pg_sleep(%d)::text AS z OFFSET 0) q WHERE z = ''" % seconds
    elif s.kind == "mariadb":
        source = "information_schema.tables WHERE table_name = 'dtb_order' AND table_schema = DATABASE() AND SLEEP(%d) = 0" % seconds
    else:
        source = ("(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000000) SELECT COUNT(*) AS z FROM n) "
                  "WHERE z > 0")
    return "DROP TABLE dtb_shipping; CREATE VIEW dtb_shipping AS SELECT %s FROM %s;" % (columns, source)


def unlocked(pid):
    """Memory of its own that it writes to and that may be swapped out, or (of the persons) dumped."""
    found = []
    with open("/proc/%s/smaps" % pid, encoding="ascii") as f:
        for line in f:
            words = line.split()
            if "-" in words[0] and not words[0].endswith(":"):
                area = words
            elif words[0] == "VmFlags:" and "wr" in words and "sh" not in words and "lo" not in words and "io" not in words:
                found.append(" ".join(area))
    return found


def sealed(s, parent):
    """What the kernel says of the process that counts."""
    with open("/proc/%d/task/%d/children" % (parent, parent), encoding="ascii") as f:
        children = f.read().split()
    for pid in children:
        with open("/proc/%s/cmdline" % pid, "rb") as f:
            if not f.read().split(b"\0")[0].endswith(b"/hinoban-scope"):
                continue
        with open("/proc/%s/status" % pid, encoding="ascii") as f:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
        with open("/proc/%s/limits" % pid, encoding="ascii") as f:
            core = next(line for line in f if line.startswith("Max core file size"))
        ok(status["Seccomp"] == "2" and status["NoNewPrivs"] == "1" and int(status["CapEff"], 16) in (0, 1 << 14) and int(status["CapPrm"], 16) in (0, 1 << 14) and
           "0" not in status["Uid"].split() and core.split()[4:6] == ["0", "0"] and int(status["VmLck"].split()[0]) > 0 and
           os.path.realpath("/proc/%s/root" % pid) != "/" or os.geteuid() != 0,
           s.kind + ": it is sealed while it counts: no rights but to lock memory, no files, no dump, secrets locked", "%s %s" % (status, core))
        ok(not unlocked(pid) and status["VmSwap"].split()[0] == "0" or os.geteuid() != 0, s.kind + ": none of its memory can be swapped out", unlocked(pid))
        return
    ok(False, s.kind + ": hinoban-scope is at work", children)


def patience(fast, slow, s):
    build(s, "slow", ROWS, slow_view(s, 20))
    begin = time.monotonic()
    r = scope(fast, s.url("slow"))
    ok(r.code == 2 and said(r, "longer than 2 s") and time.monotonic() - begin < 15, s.kind + ": a statement has its time", r)
    before = len(slow.run("log", "--type", "count.*", "--json").out.splitlines())
    if s.kind == "sqlite":
        return
    p = subprocess.Popen([HINOBAN, "scope", *WINDOW, "--database", s.url("slow"), "--config", slow.config], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, env={"PATH": os.environ["PATH"], "HINOBAN_PROFILES": SOURCE + "/profiles",
                                                      "HINOBAN_DATABASE_PASSWORD": servers.READER_PASSWORD})
    time.sleep(2)
    sealed(s, p.pid)
    s.kill()
    out, err = p.communicate(timeout=60)
    after = len(slow.run("log", "--type", "count.*", "--json").out.splitlines())
    ok(p.returncode == 3 and b"connection was lost" in err and before == after, s.kind + ": a connection lost in the middle: nothing is recorded",
       err.decode(errors="replace"))
    s.start()


def locked(w, s):
    if s.kind == "postgresql":
        p = subprocess.Popen([servers.POSTGRES_BIN + "/psql", "-h", s.at.dir, "-U", "admin", "-d", "small", "-qAtX"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, env={"PGPASSWORD": "admin-pass", "PATH": "/usr/bin:/bin"})
        p.stdin.write(b"BEGIN; LOCK TABLE dtb_order IN ACCESS EXCLUSIVE MODE; SELECT 'locked';\n")
    elif s.kind == "mariadb":
        p = subprocess.Popen(["mariadb", "--no-defaults", "--socket=" + s.at.path("sock"), "-u", "root", "-N", "-B", "-n", "small"],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        p.stdin.write(b"LOCK TABLES dtb_order WRITE; SELECT 'locked';\n")
    else:
        import sqlite3
        c = sqlite3.connect(s.file("small"), isolation_level=None)
        c.execute("PRAGMA journal_mode = DELETE")
        c.execute("BEGIN EXCLUSIVE")
        r = scope(w, s.url("small"))
        ok(r.code == 2 and said(r, "longer than 1 s"), s.kind + ": it doesn't wait long for the shop", r)
        c.execute("ROLLBACK")
        return
    p.stdin.flush()
    p.stdout.readline()
    r = scope(w, s.url("small"))
    ok(r.code == 2 and said(r, "longer than 1 s"), s.kind + ": it doesn't wait long for the shop", r)
    p.stdin.close()
    p.wait(timeout=20)


def logins(w, s):
    wrong = {"HINOBAN_DATABASE_PASSWORD": "falsch"}
    r = scope(w, s.url("small"), env=wrong)
    ok(r.code == 2 and said(r, "does not accept this login"), s.kind + ": wrong credentials", r)
    if s.kind == "postgresql":
        s.sql("CREATE TABLE extra (note text); CREATE ROLE writer LOGIN PASSWORD '%s'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO writer; "
              "GRANT UPDATE (note) ON extra TO writer" % servers.READER_PASSWORD, "small")
    else:
        s.sql("CREATE TABLE extra (note text); CREATE USER writer@localhost IDENTIFIED BY '%s'; GRANT SELECT ON small.* TO writer@localhost; "
              "GRANT UPDATE (note) ON small.extra TO writer@localhost" % servers.READER_PASSWORD, "small")
    r = scope(w, s.url("small", "writer"))
    ok(r.code == 2 and said(r, "writer", "can write", "UPDATE", "--force"), s.kind + ": a login that can write is refused", r)
    r = scope(w, s.url("small", "writer"), "--force")
    ok(r.code == 0 and said(r, "can write"), s.kind + ": unless forced", r)
    if s.kind == "mariadb":
        s.sql("CREATE ROLE editor; GRANT INSERT ON small.* TO editor; CREATE USER sly@localhost IDENTIFIED BY '%s'; GRANT SELECT ON small.* TO "
              "sly@localhost; GRANT editor TO sly@localhost" % servers.READER_PASSWORD, "small")
        r = scope(w, s.url("small", "sly"))
        ok(r.code == 2 and said(r, "can write", "editor"), "mariadb: a role that it could take counts", r)
        s.sql("ALTER TABLE dtb_order ENGINE = MyISAM; ALTER TABLE dtb_customer MODIFY addr02 text CHARACTER SET latin1", "small")
        r = scope(w, s.url("small"))
        ok(r.code == 0 and said(r, "dtb_order is kept by MyISAM", "dtb_customer.addr02 is in latin1"),
           "mariadb: a table without snapshots, a column in another encoding: told", r)
    else:
        s.sql("CREATE ROLE narrow LOGIN PASSWORD '%s'; GRANT SELECT ON ALL TABLES IN SCHEMA public TO narrow; REVOKE SELECT ON dtb_order FROM "
              "narrow; GRANT SELECT (order_id, customer_id) ON dtb_order TO narrow" % servers.READER_PASSWORD, "small")
        r = scope(w, s.url("small", "narrow"))
        ok(r.code == 2 and said(r, "narrow", "may not read", "dtb_order."), "postgresql: which columns the login may not read", r)
    secret = s.url("small").replace("reader@", "reader:geheim@")
    r = scope(w, secret)
    ok(r.code == 2 and said(r, "holds a password"), s.kind + ": a password in the address is refused", r)


def files_of(w):
    for top, _, names in os.walk(os.path.dirname(w.config)):
        for name in names:
            path = os.path.join(top, name)
            if os.path.isfile(path) and not name.endswith((".sqlite", ".sqlite-wal", ".sqlite-shm", ".key", ".csv")):
                yield path


def leaks(blob):
    return [p for p in PLANTED if p.encode() in blob]


def secrets(w, s):
    build(s, "secret", SECRET)
    outputs = b""
    for args in (["--json"], [], ["--lang", "ja"]):
        r = scope(w, s.url("secret"), *args)
        outputs += r.out + r.err
        ok(r.code == 0, "%s: counted %s" % (s.kind, args), r)
    for mail, code in ((" HANAKO.planted@secret.example", 1), ("nobody@secret.example", 0)):
        with tempfile.TemporaryFile() as f:
            f.write(mail.encode() + b"\n")
            f.seek(0)
            r = w.run("person", *WINDOW, "--database", s.url("secret"), stdin=f)
        outputs += r.out + r.err
        ok(r.code == code and (b"card" in r.out.lower()) == bool(code), "%s: person: %s" % (s.kind, "found" if code else "not found"), r)
    asked = w.run("log", "--type", "person.asked", "--json").lines()
    ok([f["found"] for f in asked[-2:]] == [True, False], s.kind + ": that it was asked is recorded", asked[-2:])
    ok(not leaks(outputs), s.kind + ": nothing personal is printed", leaks(outputs))


def nothing_kept(w):
    # the ledger's pages may be packed: what it holds is read as facts too
    told = w.run("log", "--json", "--limit", "100000").out
    found = {path: leaks(open(path, "rb").read()) for path in files_of(w)}
    found = {k: v for k, v in found.items() if v}
    ok(not found and not leaks(told), "nothing personal lies in the ledger, the vault or any file of the state", "%s %s" % (found, leaks(told)))


def one_list(w, s, folder):
    key, cert, to = (os.path.join(folder, n) for n in ("key.pem", "cert.pem", s.kind + ".cms"))
    if not os.path.exists(key):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-subj", "/CN=desk", "-days", "2"],
                       check=True, capture_output=True)
    r = scope(w, s.url("secret"), "--list", to)
    ok(r.code == 2 and not os.path.exists(to), s.kind + ": no list without a certificate", r)
    r = scope(w, s.url("secret"), "--list", to, "--certificate", cert)
    sealed = open(to, "rb").read() if r.code == 0 else b""
    ok(r.code == 0 and os.stat(to).st_mode & 0o777 == 0o600 and not leaks(sealed) and not leaks(r.out + r.err), s.kind + ": a list is written, encrypted", r)
    p = subprocess.run(["openssl", "cms", "-decrypt", "-inform", "DER", "-in", to, "-recip", cert, "-inkey", key], capture_output=True)
    text = p.stdout.decode("utf-8-sig", errors="replace")
    ok(p.returncode == 0 and '"cards","hanako.planted@secret.example","秘密山花子計画"' in text.replace("秘密山花子計画", "秘密山花子計画") and "氏名" in text,
       s.kind + ": who has the key reads it", text + p.stderr.decode())
    word = w.run("log", "--type", "list.written", "--json").lines()
    import hashlib
    ok(word and word[-1]["hash"] == hashlib.sha256(sealed).hexdigest() and word[-1]["lines"] == 3, s.kind + ": its writing is a fact", word[-1:])
    ok(scope(w, s.url("secret"), "--list", to, "--certificate", cert).code == 2, s.kind + ": nothing is written over")


def uses(w):
    for args, words in ((["--from", "2022-03-01", "--to", "2022-03-01"], "before"), (["--from", "2022-02-01"], "--to"),
                        (["--from", "x", "--to", "now"], "x"), ([*WINDOW, "--only", "all", "--database", "sqlite:/x"], "stored"), ([*WINDOW, "--database", "oracle://x/y"], "sqlite:"),
                        ([*WINDOW, "--database", "postgresql://x@h"], "name"), ([*WINDOW], "--database"), (["--case", "99"], "99")):
        r = w.run("scope", *args)
        ok(r.code == 2 and words in r.err.decode() and not r.out, "wrong use: " + " ".join(args), r)


def main():
    out, missing = servers.start_all()
    for name in missing:
        skip("troubles on " + name, name + " is not installed")
    with tempfile.TemporaryDirectory(prefix="hinoban-scope.") as folder:
        os.chmod(folder, 0o755)
        watches = {}
        for name, timeout in (("fast", "2s"), ("slow", "60s")):
            os.mkdir(os.path.join(folder, name))
            watches[name] = Watch(os.path.join(folder, name), "ec-cube2", SETTINGS % timeout)
        w = watches["slow"]
        try:
            uses(w)
            for s in out:
                dedupe(w, s)
                own(w, s)
                if s.kind != "sqlite":
                    encodings(w, s)
                times(w, s)
                schemas(w, s)
                secrets(w, s)
                one_list(w, s, folder)
                locked(w, s)
                if s.kind != "sqlite":
                    logins(w, s)
                patience(watches["fast"], w, s)
            nothing_kept(w)
        finally:
            for s in out:
                s.stop()
    end()


main()
