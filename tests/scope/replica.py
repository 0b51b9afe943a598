#!/usr/bin/env python3
"""Real standbys, on loopback: that they are known as such, how far they are behind, and what they hold."""
import os
import re
import socket
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["HINOBAN_SOURCE"], "tests", "face"))
from harness import end, ok, skip  # noqa: E402

import servers  # noqa: E402
import shops  # noqa: E402
from watch import Watch, figures  # noqa: E402

WINDOW = ["--from", "2022-02-01", "--to", "2022-03-01", "--only", "stored"]


def order(number):
    return ("INSERT INTO dtb_order (order_id, customer_id, order_name01, order_email, payment_method, status, create_date) VALUES "
            "(%d, 0, 'k', 'k%d@a.example', 'card', 5, '2022-02-10 10:00:00');" % (number, number))


def until(what):
    for _ in range(300):
        if what():
            return True
        time.sleep(0.1)
    return False


def look(w, s):
    """(figure of all orders, seconds behind as told or None where it is no replica)"""
    r = w.run("scope", *WINDOW, "--database", s.url("shop"), "--json", "--lang", "en")
    found = re.search(rb"read from a replica; (\S+) s behind", r.err)
    return figures(r).get(("orders", "all", "件")) if r.code == 0 else r, found.group(1).decode() if found else None


def fill(s):
    s.create("shop")
    s.sql(shops.EC2_SQL.format(**shops.TYPES[s.kind]) + order(1) + order(2), "shop")
    s.reader("shop")


def postgres(w):
    main = servers.Postgres()
    try:
        fill(main)
        standby = servers.Postgres(of=main)
        try:
            ok(look(w, main) == (2, None), "PostgreSQL: the main server is none", look(w, main))
            streams = until(lambda: standby.sql("SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'").strip() == "1")
            time.sleep(2)  # at rest: that makes it not late
            ok(streams and look(w, standby) == (2, "0"), "PostgreSQL: a standby that has everything, however long nothing happened", look(w, standby))
            main.sql("CREATE TABLE since (n int)")
            until(lambda: standby.sql("SELECT pg_last_xact_replay_timestamp() IS NOT NULL").strip() == "t")
            standby.sql("SELECT pg_wal_replay_pause()")
            until(lambda: standby.sql("SELECT pg_get_wal_replay_pause_state()").strip() == "paused")
            main.sql(order(3), "shop")
            until(lambda: standby.sql("SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()").strip() == "t")
            time.sleep(1.2)
            n, behind = look(w, standby)
            ok(n == 2 and behind and int(behind) >= 1, "PostgreSQL: one that is late, and by how much", (n, behind))
            standby.sql("SELECT pg_wal_replay_resume()")
            ok(until(lambda: look(w, standby) == (3, "0")), "PostgreSQL: it has caught up", look(w, standby))
        finally:
            standby.stop()
    finally:
        main.stop()


def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def mariadb(w):
    at = port()
    main = servers.Mariadb(["--log-bin=bin", "--server-id=1", "--skip-networking=0", "--bind-address=127.0.0.1", "--port=%d" % at])
    try:
        replica = servers.Mariadb(["--server-id=2", "--skip-slave-start"])
        try:
            main.sql("CREATE USER copy@'%' IDENTIFIED BY 'copy-pass'; GRANT REPLICATION SLAVE ON *.* TO copy@'%'")
            fill(main)
            ok(look(w, main) == (2, None), "MariaDB: the main server is none", look(w, main))
            replica.sql("CHANGE MASTER TO master_host = '127.0.0.1', master_port = %d, master_user = 'copy', master_password = 'copy-pass', "
                        "master_use_gtid = slave_pos; START SLAVE" % at)
            ok(until(lambda: look(w, replica) == (2, "?")), "MariaDB: a replica that could be written to; the login may not ask how late it is",
               (look(w, replica), replica.sql("SHOW SLAVE STATUS")))
            replica.sql("GRANT REPLICA MONITOR ON *.* TO %s@localhost" % servers.READER)
            ok(look(w, replica) == (2, "0"), "MariaDB: one that may", look(w, replica))
            replica.sql("STOP SLAVE; CHANGE MASTER TO master_delay = 3600; START SLAVE")
            main.sql(order(3), "shop")
            ok(until(lambda: int((look(w, replica)[1] or "0").replace("?", "0")) >= 1) and look(w, replica)[0] == 2, "MariaDB: one that is late, and by how much",
               look(w, replica))
            replica.sql("STOP SLAVE")
            ok(look(w, replica) == (2, "?"), "MariaDB: one whose replication has stopped", look(w, replica))
        finally:
            replica.stop()
    finally:
        main.stop()


def main():
    with tempfile.TemporaryDirectory(prefix="hinoban-scope.") as folder:
        os.chmod(folder, 0o755)
        w = Watch(folder, "ec-cube2", '[scope]\nzone = "Asia/Tokyo"\n')
        for name, there, test in (("PostgreSQL", servers.POSTGRES_BIN, postgres), ("MariaDB", servers.MARIADBD, mariadb)):
            if there:
                test(w)
            else:
                skip("a standby of " + name, name + " is not installed")
    end()


main()
