"""A guard with a real ledger and real readers, and us as their keeper."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ledger"))
from harness import (BUILD, Ledger, canonical, done, forget, new_state, ok, recv, send,  # noqa
                     skip, tool)

GUARD = os.path.join(BUILD, "hinoban-guard")
JUDGE = os.path.join(BUILD, "hinoban-judge")
READER = os.path.join(BUILD, "hinoban-reader")

CONFIG = """
roots = [%s]
state = "%s"
profile = "plain"
[paths]
code = ["code/**"]
uploads = ["uploads/**"]
generated = ["cache/**"]
data = ["data/**"]
ignored = ["ignored/**"]
[web]
access_log = ["%s"]
users = ["www-data"]
%s
[watch]
%s
"""


class Role:
    """A program whose descriptor 3 is ours."""

    def __init__(self, program, *args):
        self.keeper, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.err = tempfile.TemporaryFile()
        self.proc = subprocess.Popen([program] + list(args), pass_fds=(3,),
                                     preexec_fn=lambda: os.dup2(theirs.fileno(), 3),
                                     stderr=self.err)
        theirs.close()

    def ready(self, timeout=60):
        while True:
            try:
                if recv(self.keeper, timeout)[0] == "READY":
                    return self
            except EOFError:
                raise EOFError("ended with %s: %s" % (self.proc.wait(5), self.stderr()))

    def stderr(self):
        self.err.seek(0)
        return self.err.read().decode("utf-8", "replace")

    def peer(self, name, sock):
        send(self.keeper, "PEER", 0, {"name": name}, [sock.fileno()])

    def kill(self):
        self.proc.kill()
        self.proc.wait()
        self.keeper.close()


def join(a, a_calls_b, b, b_calls_a):
    one, two = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for s in (one, two):
        s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
    a.peer(a_calls_b, one)
    b.peer(b_calls_a, two)
    one.close()
    two.close()


class Peered(Ledger):
    """The ledger's own harness gives out ends; here it also takes them."""

    def peer(self, name, sock=None):
        if sock is None:
            return super().peer(name)
        send(self.keeper, "PEER", 0, {"name": name}, [sock.fileno()])


class Watch:
    def __init__(self, roots, state=None, watch="", log="", web="", readers=2):
        self.roots = roots
        self.state = state or new_state()
        self.config = os.path.join(os.path.dirname(self.state), "hinoban.conf")
        with open(self.config, "w") as f:
            f.write(CONFIG % (", ".join('"%s"' % r for r in roots), self.state, log or "/nonexistent/access.log", web, watch))
        self.n_readers = readers
        self.readers = []

    def start(self):
        self.start_ledger()
        self.start_guard()
        return self

    def start_ledger(self):
        self.ledger = Peered(self.state, "--control").ready()
        self.judge = Role(JUDGE).ready()
        join(self.judge, "ledger", self.ledger, "judge")

    def start_guard(self):
        self.guard = Role(GUARD, "--config", self.config, "--state", self.state).ready()
        self.names = {}
        for i in range(self.n_readers):
            self.add_reader("reader%d" % i if i else "reader")
        join(self.guard, "ledger", self.ledger, "guard")

    def add_reader(self, name):
        r = Role(READER).ready()
        self.readers.append(r)
        self.names[name] = r
        join(self.guard, name, r, "guard")

    def restart_ledger(self):
        self.ledger.kill()
        self.judge.kill()
        self.start_ledger()
        join(self.guard, "ledger", self.ledger, "guard")

    def facts(self, kind=""):
        """All facts of a type, as the ledger's database has them."""
        import sqlite3
        db = sqlite3.connect("file:%s/ledger.db?mode=ro" % self.state, uri=True, timeout=20)
        rows = db.execute("select body from fact where ?1 = '' or type = ?1 order by seq",
                          (kind,)).fetchall()
        db.close()
        return [json.loads(r[0]) for r in rows]

    def changes(self, path=None):
        return [f for f in self.facts("file.changed") if path is None or f["path"] == path]

    def sync(self, timeout=30):
        """As a command does: all that was sensed before is in the ledger."""
        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        s.connect(os.path.join(self.state, "run/ledger.sock"))
        send(s, "HELLO", 0, {"sender": "test-%d-%f" % (os.getpid(), time.time()), "role": "command"})
        send(s, "SYNC", 7)
        end = time.time() + timeout
        while time.time() < end:
            kind, ident, body, _ = recv(s, timeout)
            if kind == "SYNC":
                s.close()
                return True
        return False

    def wait(self, test, timeout=15):
        end = time.time() + timeout
        while True:
            got = test()
            if got or time.time() > end:
                return got
            time.sleep(0.05)

    def wait_started(self):
        return self.wait(lambda: self.facts("watch.started") and self.facts("watch.rescanned")
                         or self.facts("baseline.done"), 60)

    def stop_guard(self):
        send(self.guard.keeper, "STOP")
        code = self.guard.proc.wait(20)
        self.guard.keeper.close()
        for r in self.readers:
            r.kill()
        self.readers = []
        return code

    def end(self):
        if self.guard.proc.poll() is None:
            self.guard.kill()
        for r in self.readers:
            r.kill()
        self.ledger.kill()
        self.judge.kill()
        forget(self.state)


class Shop:
    def __init__(self, **kw):
        self.dir = tempfile.mkdtemp(prefix="hinoban-shop-")
        os.chmod(self.dir, 0o755)
        for d in ("code", "code/sub", "uploads", "cache", "data", "ignored"):
            os.mkdir(self.at(d))
        for name in ("a", "b", "c", "d", "e", "f", "g", "h", "sub/x", "sub/y"):
            self.write("code/%s.php" % name, "<?php echo '%s';\n" % name)
        self.watch = Watch([self.dir], **kw)

    def at(self, path):
        return os.path.join(self.dir, path)

    def write(self, path, text, mode="w"):
        with open(self.at(path), mode) as f:
            f.write(text)

    def end(self):
        self.watch.end()
        shutil.rmtree(self.dir, ignore_errors=True)


def deploy_begun(s, pid):
    """A release whose first process this is, as `hinoban deploy` says it; its seq."""
    with open("/proc/%d/stat" % pid) as stat, open("/proc/sys/kernel/random/boot_id") as boot:
        return word(s, "deploy.started", by="root", command="sh", pid=pid,
                    began=int(stat.read().rpartition(")")[2].split()[19]), boot=boot.read().strip())


def word(s, kind, **fields):
    """As the command line does: a word to the ledger's control socket."""
    c = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    c.connect(os.path.join(s.watch.state, "run/ledger.sock"))
    send(c, "HELLO", 0, {"sender": "word-%f" % time.time(), "role": "command"})
    send(c, "FACT", 1, dict(fields, kind="word", type=kind))
    while True:
        k, _, body, _ = recv(c)
        if k in ("ACK", "REFUSED"):
            c.close()
            return json.loads(body).get("seq")
