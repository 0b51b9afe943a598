"""The stage of a play: a folder, the clock, the shop's servers, hinoban's programs.

Everything is real: nginx, php-fpm, hinoban, hinoband. Only the time is driven, through one
file that all of them map (base/clock.h, playclock.c).
"""
import datetime
import json
import mmap
import os
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import tempfile
import time

from browser import read_info

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
READY_S = 60
STOP_S = 20
SETTLE_S = 60
QUIET_ROUNDS = 6      # so many equal counts of facts in a row: nothing is on its way any more
QUIET_STEP_S = 0.1


class StageFault(Exception):
    """Something of the stage does not work; the play can't go on."""


class Clock:
    """The offset that the programs add to the real time."""

    def __init__(self, path):
        with open(path, "wb") as file:
            file.write(struct.pack("<q", 0))
        os.chmod(path, 0o644)
        with open(path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), 8)
        self.path, self.zone = path, datetime.timezone.utc

    def offset_us(self):
        return struct.unpack("<q", self.map[:8])[0]

    def now_us(self):
        return time.time_ns() // 1000 + self.offset_us()

    def now(self):
        return datetime.datetime.fromtimestamp(self.now_us() / 1e6, self.zone)

    def set(self, moment):
        self.zone = moment.tzinfo
        self.map[:8] = struct.pack("<q", int(moment.timestamp() * 1e6) - time.time_ns() // 1000)

    def forward(self, seconds):
        self.map[:8] = struct.pack("<q", self.offset_us() + int(seconds * 1e6))


def fact_us(text):
    """Microseconds of a fact's time."""
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1e6)


class Stage:
    def __init__(self, build, fast, keep):
        self.build, self.fast, self.keep = os.path.abspath(build), fast, keep
        self.base = tempfile.mkdtemp(prefix="hinoban-play-", dir="/var/tmp")
        os.chmod(self.base, 0o755)
        self.shop_dir = os.path.join(self.base, "www")
        self.config = os.path.join(self.base, "hinoban.conf")
        self.state = os.path.join(self.base, "state")
        self.feed = os.path.join(self.base, "news.xml")
        self.clock = Clock(os.path.join(self.base, "clock"))
        self.shop = self.keeper = self.info = None
        self.databases, self.secrets, self.sites = [], {}, None

    # --- the shop ---

    def open_shop(self):
        built = os.path.join(self.build, "tools", "player", "libplayclock.so")
        if not os.path.exists(built):
            raise StageFault(f"{built} is missing; build with -Dplay=true")
        # A copy on the stage: the shop's user may have no way into the build folder (/root).
        preload = os.path.join(self.base, "libplayclock.so")
        shutil.copy(built, preload)
        os.chmod(preload, 0o755)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.shop = subprocess.Popen(
            [os.path.join(TOP, "shop", "run"), "--dir", self.shop_dir, "--port", str(port), "--preload", preload],
            env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
        line = self.shop.stdout.readline()
        if "ready on" not in line:
            raise StageFault(f"the shop does not open: {line.strip()}")
        self.info = read_info(self.shop_dir)

    def include(self, name, text):
        """Settings that the shop's nginx includes, as an operator puts them there; read anew."""
        folder = os.path.join(os.path.dirname(self.shop_dir), "server")
        with open(os.path.join(folder, "include", name), "w", encoding="utf-8") as file:
            file.write(text)
        with open(os.path.join(folder, "nginx.pid"), encoding="ascii") as file:
            os.kill(int(file.read()), signal.SIGHUP)

    def environment(self):
        return {**os.environ, "HINOBAN_CLOCK": self.clock.path, "LANG": "C.UTF-8", **self.secrets}

    # --- hinoban ---

    def hinoban(self, *argv, at_most_s=400):
        """Run one command; returns (exit code, standard output, standard error)."""
        done = subprocess.run([os.path.join(self.build, "hinoban"), *argv, *self.config_option(argv)],
                              env=self.environment(), capture_output=True, text=True, errors="replace",
                              timeout=at_most_s, check=False)
        return done.returncode, done.stdout, done.stderr

    def config_option(self, argv):
        """--config, before a "--" that ends the options."""
        if "--config" in argv or "--" in argv:
            return []
        return ["--config", self.config]

    def must(self, *argv):
        code, out, err = self.hinoban(*argv)
        if code not in (0, 1):
            raise StageFault(f"hinoban {' '.join(argv)} ended with {code}: {(err or out).strip()[-400:]}")
        return out

    def init(self):
        self.must("init", self.shop_dir, "--config", self.config, "--state", self.state, "--yes")
        self.tell_access_log()
        # Where a kernel takes the fence, the intruder of a play can't alter code at all, and
        # nothing is told, healed or held. The plays are about that.
        self.configure("fence", "bpf", json.dumps("off"))

    def tell_access_log(self):
        """The shop's log lies at a place of its own and has a format of its own."""
        for key, value in (("access_log", [self.info["access_log"]]),
                           ("access_log_format", self.info["access_log_format"])):
            self.configure("web", key, json.dumps(value, ensure_ascii=False))

    def configure(self, section, key, value):
        """One key of the config that init wrote, which names each of them."""
        with open(self.config, encoding="utf-8") as file:
            parts = re.split(r"^(\[\w+\]\n)", file.read(), flags=re.M)
        if f"[{section}]\n" not in parts:
            raise StageFault(f"the config that init wrote has no section [{section}]")
        at = parts.index(f"[{section}]\n") + 1
        # A line with the key stands there, perhaps below an example of it; or one that is commented out.
        for comment in ("", "# "):
            parts[at], n = re.subn(rf"^{comment}{re.escape(key)} = .*$", lambda _: f"{key} = {value}", parts[at], flags=re.M)
            if n:
                break
        if n != 1:
            raise StageFault(f"the config that init wrote has {n} lines {key} in [{section}]")
        with open(self.config, "w", encoding="utf-8") as file:
            file.write("".join(parts))

    def start_hinoban(self):
        log = open(os.path.join(self.base, "hinoband.log"), "ab")
        self.keeper = subprocess.Popen([os.path.join(self.build, "hinoband"), "--config", self.config, "--no-console"],
                                       env=self.environment(), stdout=log, stderr=log, start_new_session=True)
        log.close()
        until = time.monotonic() + READY_S
        while time.monotonic() < until:
            if self.keeper.poll() is not None:
                raise StageFault(f"hinoband ended with {self.keeper.returncode}: {self.keeper_log()}")
            if self.status().get("ready"):
                return
            time.sleep(0.1)
        raise StageFault(f"hinoband is not ready within {READY_S} s: {self.keeper_log()}")

    def keeper_log(self):
        with open(os.path.join(self.base, "hinoband.log"), encoding="utf-8", errors="replace") as file:
            return " / ".join(file.read().strip().splitlines()[-3:])

    def stop_hinoban(self):
        if not self.keeper:
            return 0
        keeper, self.keeper = self.keeper, None
        keeper.terminate()
        try:
            return keeper.wait(STOP_S)
        except subprocess.TimeoutExpired:
            keeper.kill()
            keeper.wait()
            raise StageFault(f"hinoband does not end within {STOP_S} s of SIGTERM") from None

    def status(self):
        code, out, _ = self.hinoban("status", "--json")
        try:
            return json.loads(out.splitlines()[-1]) if code in (0, 1) and out else {}
        except ValueError:
            return {}

    def facts(self, *filters):
        return [json.loads(line) for line in self.must("log", "--json", *filters).splitlines() if line.startswith("{")]

    def kept(self):
        """SHA-256 of all that lies in the vault."""
        with sqlite3.connect(f"file:{self.state}/ledger.db?mode=ro", uri=True, timeout=30) as db:
            return {row[0].hex() for row in db.execute("SELECT hash FROM vault")}

    def settle(self):
        """Wait until the count of facts stands still; returns that count."""
        until, last, same = time.monotonic() + SETTLE_S, None, 0
        while time.monotonic() < until:
            now = self.status().get("facts")
            same = same + 1 if now == last and now is not None else 0
            if same >= QUIET_ROUNDS:
                return now
            last = now
            time.sleep(QUIET_STEP_S)
        raise StageFault("the ledger does not come to rest")

    # --- the end ---

    def close(self):
        faults = []
        try:
            code = self.stop_hinoban()
            if code:
                faults.append(f"hinoband ended with {code}")
        except StageFault as fault:
            faults.append(str(fault))
        if self.shop:
            self.shop.terminate()
            self.shop.wait(STOP_S)
            self.shop.stdout.close()
        for server in [*self.databases, *([self.sites] if self.sites else [])]:
            server.stop()
        if self.keep:
            print(f"kept: {self.base}")
        else:
            shutil.rmtree(self.base, ignore_errors=True)
        return faults
