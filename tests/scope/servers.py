"""Real database servers from Debian's packages, on sockets of their own, in folders that go with the test.

Both run as an unprivileged user; nothing listens on the network.
"""
import contextlib
import csv
import glob
import os
import pwd
import shutil
import sqlite3
import subprocess
import tempfile
import time

NOBODY = pwd.getpwnam("nobody")
POSTGRES_BIN = next(iter(sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)), None)
MARIADBD = shutil.which("mariadbd") or next((p for p in ("/usr/sbin/mariadbd",) if os.path.exists(p)), None)
SCHEMA_OWNER = "owner"
READER, READER_PASSWORD = "reader", "Lesepass-7301"


def as_nobody():
    if os.geteuid() != 0:
        return
    os.setgroups([])
    os.setgid(NOBODY.pw_gid)
    os.setuid(NOBODY.pw_uid)


def call(argv, text=None, env=None, check=True):
    p = subprocess.run(argv, input=text, capture_output=True, preexec_fn=as_nobody,
                       env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
                            **(env or {})}, cwd="/")
    if check and p.returncode:
        raise RuntimeError("%s: %s" % (argv[0], (p.stdout + p.stderr).decode(errors="replace")[-2000:]))
    return p


class Folder:
    def __init__(self, name, where=None):
        self.dir = tempfile.mkdtemp(prefix="hinoban-%s." % name, dir=where)
        os.chmod(self.dir, 0o755)
        if os.geteuid() == 0:
            os.chown(self.dir, NOBODY.pw_uid, NOBODY.pw_gid)

    def path(self, *names):
        return os.path.join(self.dir, *names)

    def remove(self):
        shutil.rmtree(self.dir, ignore_errors=True)


class Postgres:
    """One cluster; `admin` runs SQL as its superuser."""
    kind = "postgresql"

    def __init__(self, settings=(), of=None):
        self.at = Folder("pg")
        if of:  # its standby: a copy that takes its changes as they come
            call([POSTGRES_BIN + "/pg_basebackup", "-h", of.at.dir, "-U", "admin", "-D", self.at.path("data"), "-R", "-X", "stream", "-c", "fast",
                  "--no-sync"], env={"PGPASSWORD": "admin-pass"})
            self.set_up(settings)
            return
        self.password = self.at.path("pw")
        with open(self.password, "w", encoding="ascii") as f:
            f.write("admin-pass\n")
        os.chmod(self.password, 0o644)
        call([POSTGRES_BIN + "/initdb", "-D", self.at.path("data"), "-U", "admin", "-A", "scram-sha-256",
              "--pwfile", self.password, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"])
        self.set_up(settings)

    def set_up(self, settings):
        self.settings = ["-c", "listen_addresses=", "-c", "unix_socket_directories=" + self.at.dir, "-c", "fsync=off",
                         "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "shared_buffers=128MB",
                         "-c", "max_wal_size=2GB", "-c", "log_statement=none", *settings]
        self.start()

    def start(self):
        self.process = subprocess.Popen([POSTGRES_BIN + "/postgres", "-D", self.at.path("data"), *self.settings],
                                        preexec_fn=as_nobody, stdout=subprocess.DEVNULL,
                                        stderr=open(self.at.path("log"), "ab"), cwd="/")
        for _ in range(600):
            if call([POSTGRES_BIN + "/pg_isready", "-h", self.at.dir], check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("PostgreSQL did not start")

    def sql(self, text, database="postgres"):
        return call([POSTGRES_BIN + "/psql", "-h", self.at.dir, "-U", "admin", "-d", database, "-v", "ON_ERROR_STOP=1",
                     "-qAtX"], text.encode(), {"PGPASSWORD": "admin-pass"}).stdout.decode()

    def create(self, database):
        self.sql("CREATE DATABASE %s" % database)

    def load(self, database, table, path, columns):
        self.sql("\\copy %s(%s) FROM '%s' WITH (FORMAT csv, NULL '\\N')" % (table, ", ".join(columns), path), database)

    def reader(self, database):
        self.sql("DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%s') THEN "
                 "CREATE ROLE %s LOGIN PASSWORD '%s'; END IF; END $$; GRANT SELECT ON ALL TABLES IN SCHEMA public TO %s"
                 % (READER, READER, READER_PASSWORD, READER), database)

    def url(self, database, user=READER):
        return "postgresql://%s@localhost/%s?socket=%s" % (user, database, self.at.dir)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()
        self.at.remove()


class Mariadb:
    kind = "mariadb"

    def __init__(self, settings=(), where=None):
        self.at = Folder("maria", where)
        call(["mariadb-install-db", "--no-defaults", "--datadir=" + self.at.path("data"), "--skip-test-db",
              "--auth-root-authentication-method=normal", "--skip-name-resolve",
              *(["--user=nobody"] if os.geteuid() == 0 else [])])
        self.settings = ["--no-defaults", "--datadir=" + self.at.path("data"), "--socket=" + self.at.path("sock"),
                         "--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=256M",
                         "--tmpdir=" + self.at.dir, "--innodb-doublewrite=0", "--innodb-log-file-size=256M", "--pid-file=" + self.at.path("pid"),
                         "--local-infile=1", "--character-set-server=utf8mb4", "--secure-file-priv=", *settings]
        self.start()

    def start(self):
        self.process = subprocess.Popen([MARIADBD, *self.settings], preexec_fn=as_nobody, stdout=subprocess.DEVNULL,
                                        stderr=open(self.at.path("log"), "ab"), cwd="/")
        for _ in range(1200):
            if os.path.exists(self.at.path("sock")) and self.client("SELECT 1", check=False).returncode == 0:
                return
            time.sleep(0.05)
        raise RuntimeError("MariaDB did not start")

    def client(self, text, database="", check=True):
        return call(["mariadb", "--no-defaults", "--socket=" + self.at.path("sock"), "-u", "root", "--local-infile=1",
                     "--default-character-set=utf8mb4", "-N", "-B", *([database] if database else [])], text.encode(),
                    check=check)

    def sql(self, text, database=""):
        return self.client(text, database).stdout.decode()

    def create(self, database):
        self.sql("CREATE DATABASE %s CHARACTER SET utf8mb4" % database)

    def load(self, database, table, path, columns):
        self.sql("SET time_zone = '+09:00'; SET unique_checks = 0; SET foreign_key_checks = 0; LOAD DATA LOCAL INFILE "
                 "'%s' INTO TABLE %s CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' LINES "
                 "TERMINATED BY '\\r\\n' (%s)" % (path, table, ", ".join(columns)), database)

    def reader(self, database):
        self.sql("CREATE USER IF NOT EXISTS %s@localhost IDENTIFIED BY '%s'; GRANT SELECT ON %s.* TO %s@localhost"
                 % (READER, READER_PASSWORD, database, READER))

    def url(self, database, user=READER):
        return "mariadb://%s@localhost/%s?socket=%s" % (user, database, self.at.path("sock"))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                self.kill()
        self.at.remove()


class Sqlite:
    kind = "sqlite"

    def __init__(self):
        self.at = Folder("lite")

    def file(self, database):
        return self.at.path(database + ".sqlite")

    def connect(self, database):
        return contextlib.closing(sqlite3.connect(self.file(database)))

    def create(self, database):
        with self.connect(database) as c:
            c.execute("PRAGMA journal_mode = WAL")

    def sql(self, text, database):
        with self.connect(database) as c:
            c.executescript(text)
            c.commit()

    def load(self, database, table, path, columns):
        with self.connect(database) as c, open(path, encoding="utf-8", newline="") as f:
            c.execute("PRAGMA synchronous = OFF")
            rows = ([None if v == "\\N" else v for v in row] for row in csv.reader(f))
            c.executemany("INSERT INTO %s(%s) VALUES (%s)" % (table, ", ".join(columns), ", ".join("?" * len(columns))),
                          rows)
            c.commit()

    def reader(self, database):
        os.chmod(self.file(database), 0o644)

    def url(self, database, user=None):
        return "sqlite:" + self.file(database)

    def stop(self):
        self.at.remove()


def start_all():
    """The three kinds that are installed; a missing one is told by name."""
    out, missing = [Sqlite()], []
    for name, there, cls in (("PostgreSQL", POSTGRES_BIN, Postgres), ("MariaDB", MARIADBD, Mariadb)):
        if there:
            out.append(cls())
        else:
            missing.append(name)
    return out, missing
