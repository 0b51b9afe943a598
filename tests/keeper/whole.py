"""All of hinoban over a folder, as it runs for real, and the questions asked of it afterwards."""
import atexit
import hashlib
import os
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from harness import BUILD, SOURCE, Shop, end, free_port, ok, run, skip  # noqa: E402,F401

ROLES = {"guard", "gate", "fence", "hand", "ledger", "judge", "reader", "desk"}


def wait_for(what, seconds=60):
    until = time.monotonic() + seconds
    while True:
        value = what()
        if value or time.monotonic() > until:
            return value
        time.sleep(0.1)


class Whole(Shop):
    said = None  # where this run's words begin in the log; None: begun elsewhere, without a console

    def init(self, *more):
        """Without the fence: where a kernel takes it, the web server's user can't alter code at all,
        and the gate would have nothing to do (tests/sense/fence.py has both)."""
        r = super().init(*more)
        if r.code == 0:
            with open(self.config) as f:
                text = f.read()
            with open(self.config, "w") as f:
                f.write(text.replace('\nbpf = "auto"\n', '\nbpf = "off"\n'))
        return r

    def start(self):
        env = {"PATH": os.environ["PATH"], "HINOBAN_PROFILES": os.path.join(SOURCE, "profiles")}
        with open(os.path.join(self.base, "hinoband.log"), "ab") as log:
            self.said = log.tell()
            self.keeper = subprocess.Popen(
                [os.path.join(BUILD, "hinoband"), "--config", self.config, "--state", self.state,
                 "--listen", "127.0.0.1:0"], env=env, stdout=log, stderr=log)
        atexit.register(self.keeper.kill)  # whatever becomes of the test; its children end with it
        return self

    def pids(self, role):
        """Of the keeper's children that live, those of this role."""
        return [pid for pid, name in self.children().items() if name == role]

    def children(self):
        """Pid to role, of the keeper's children that live."""
        out = {}
        try:
            with open("/proc/%d/task/%d/children" % ((self.keeper.pid,) * 2)) as f:
                pids = f.read().split()
        except FileNotFoundError:
            return out
        for pid in pids:
            try:
                with open("/proc/%s/cmdline" % pid) as f:
                    name = os.path.basename(f.read().split("\0")[0])
            except (FileNotFoundError, ProcessLookupError):
                continue
            if name.startswith("hinoban-"):
                out[int(pid)] = name[len("hinoban-"):]
        return out

    def complete(self):
        return wait_for(lambda: set(self.children().values()) >= ROLES)

    def status(self):
        return self.run("status", "--json").lines()[0]

    def greeted(self):
        """The keeper says so when all are ready; who is not yet is given more time to."""
        if self.said is None:
            return True
        with open(os.path.join(self.base, "hinoband.log"), "rb") as f:
            f.seek(self.said)
            return b"http://" in f.read()

    def ready(self):
        return wait_for(lambda: self.greeted() and self.complete() and self.status()["ready"])

    def sql(self, text):
        db = sqlite3.connect("file:%s/ledger.db?mode=ro" % self.state, uri=True, timeout=30)
        rows = db.execute(text).fetchall()
        db.close()
        return rows

    def settle(self):
        """Until no fact comes any more."""
        last, since = -1, time.monotonic()
        while time.monotonic() - since < 2:
            now = self.sql("SELECT max(seq) FROM fact")[0][0]
            if now != last:
                last, since = now, time.monotonic()
            time.sleep(0.2)
        return last

    def on_disk(self):
        found = {".": None}  # the shop's own folder
        for folder, folders, files in os.walk(self.dir):
            for name in files:
                path = os.path.join(folder, name)
                with open(path, "rb") as f:
                    digest = hashlib.sha256(f.read()).hexdigest()
                found[os.path.relpath(path, self.dir)] = (digest, os.stat(path).st_mode & 0o7777)
            for name in folders:
                found[os.path.relpath(os.path.join(folder, name), self.dir)] = None
        return found

    def recorded(self):
        """The present state of files as the ledger has it; folders as None."""
        rows = self.sql("SELECT name, p_class, p_hash, p_mode FROM view_file WHERE p_class <> 0")
        file_class = 1
        return {name.decode(): (digest.hex(), mode) if c == file_class else None
                for name, c, digest, mode in rows}

    def stop(self):
        self.keeper.terminate()
        code = self.keeper.wait(60)
        with open(os.path.join(self.base, "hinoband.log"), errors="replace") as f:
            fallen = [line for line in f if "instead of stopping" in line]
        if fallen:
            ok(False, "all of hinoban's processes stop", fallen)
        return code
