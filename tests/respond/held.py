"""A shop in heal mode, an intruder who is the web server's user, and customers who read."""
import ctypes
import fcntl
import importlib.util
import json
import multiprocessing
import os
import socket
import struct
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "keeper"))
from whole import BUILD, SOURCE, Whole, end, free_port, ok, skip, wait_for  # noqa: E402,F401

spec = importlib.util.spec_from_file_location("frames", os.path.join(SOURCE, "tests/ledger/harness.py"))
frames = importlib.util.module_from_spec(spec)
spec.loader.exec_module(frames)

WEB = 33  # www-data
GOOD = "<?php\nfunction pay($card) { return strlen($card) > 10; } // approved\n"
EVIL = "<?php\nfunction pay($card) { file_put_contents('/tmp/x', $card); } // EVIL\n"
PAY = "payment/CardPayment.php"
FILES = {PAY: GOOD, "lib/a.php": "<?php function a() {}\n", "lib/deep/b.php": "<?php function b() {}\n",
         "index.php": "<?php require 'payment/CardPayment.php';\n", "uploads/hat.jpg": "\xff\xd8\xff\xe0hat",
         "static/shop.js": "var shop = 1;\n"}


def closes(folder):
    """Can a file there be closed to who has it open for writing already (ext4)?"""
    get, put, immutable = 0x80086601, 0x40086602, 0x10  # FS_IOC_GETFLAGS, FS_IOC_SETFLAGS
    with tempfile.TemporaryFile(dir=folder, buffering=0) as f:
        try:
            flags = struct.unpack("l", fcntl.ioctl(f, get, struct.pack("l", 0)))[0]
            fcntl.ioctl(f, put, struct.pack("l", flags | immutable))
        except OSError:
            return False
        try:
            f.write(b"x")
            return False
        except PermissionError:
            return True
        finally:
            fcntl.ioctl(f, put, struct.pack("l", flags))


def ok_closed(s, good, what, *more):
    """What holds where a file can be closed to its writers; elsewhere SECURITY.md says what is open."""
    if good or closes(s.path("uploads")):
        ok(good, what, *more)
    else:
        skip(what, "this filesystem closes no file to who has it open")


def own(top):
    """All that is in this folder belongs to the web server's user."""
    for folder, _, names in os.walk(top):
        for n in [folder] + [os.path.join(folder, x) for x in names]:
            if os.lstat(n).st_uid != WEB:  # in the lower layer of an overlay a chown would copy it up
                os.chown(n, WEB, WEB, follow_symlinks=False)


class Held(Whole):
    """Files belong to the web server's user: he can reach all of them."""

    def __init__(self, files=None, mode="heal", before=None):
        super().__init__(files or FILES)
        if before:
            before(self)
        own(self.dir)
        r = self.init("--profile", "plain")
        if r.code != 0:
            ok(False, "init", r)
        if mode:
            r = self.run("mode", mode, "--reason", "a test")
            ok(r.code == 0, "mode %s" % mode, r)
        os.chmod(self.base, 0o755)

    def open(self):
        self.start().ready()
        if not wait_for(lambda: self.log("--type", "gate.mode"), 30):
            ok(False, "opens are held", self.log())
        return self

    def intruder(self, act, *args):
        """Run act(self, *args) as the web server's user, in a process of its own; its result."""
        return self.as_user(WEB, [], act, *args)

    def as_user(self, uid, groups, act, *args):
        """The same as another user, in these groups besides his own."""
        ours, theirs = multiprocessing.Pipe(False)
        pid = os.fork()
        if pid == 0:
            os.setgroups(groups)
            os.setgid(uid)
            os.setuid(uid)
            try:
                theirs.send(act(self, *args))
            except OSError as e:
                theirs.send(e)
            os._exit(0)
        theirs.close()
        try:
            out = ours.recv()
        except EOFError:
            out = RuntimeError("it was killed")
        os.waitpid(pid, 0)
        return out

    def customer(self, rel=PAY):
        """What a process of the web server reads, or the error."""
        def read(s):
            with open(s.path(rel), "rb") as f:
                return f.read().decode(errors="replace")
        return self.intruder(read)

    def healed(self, rel=PAY, want=None):
        want = FILES[rel] if want is None else want

        def same():
            try:
                fd = os.open(self.path(rel), os.O_RDONLY | os.O_NOFOLLOW)
                with os.fdopen(fd, "rb") as f:
                    return f.read().decode(errors="replace") == want
            except OSError:
                return False
        return wait_for(same, 10)

    def facts(self, kind):
        return [f for f in self.log() if f["kind"] == kind]

    def kept(self, text):
        """Is this content in the vault?"""
        import hashlib
        digest = hashlib.sha256(text.encode()).hexdigest()
        return bool(self.sql("SELECT 1 FROM vault WHERE hash = x'%s'" % digest))


def say(s, kind, **fields):
    """A word that no command of ours would give, through the control socket: its seq."""
    c = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    c.connect(os.path.join(s.state, "run/ledger.sock"))
    frames.send(c, "HELLO", 0, {"sender": "test-%f" % time.time(), "role": "command"})
    frames.send(c, "FACT", 1, dict(fields, kind="word", type=kind, by="x", reason="x"))
    what = None
    while what not in ("ACK", "REFUSED"):
        what, _, body, _ = frames.recv(c)
    c.close()
    return json.loads(body).get("seq")


def done_about(s, word):
    """The deed about a word to contain or to lift, or None."""
    def found():
        orders = [f["seq"] for t in ("order.contain", "order.lift") for f in s.log("--type", t) if f.get("word") == word]
        return [f for f in s.facts("deed") if f["order"] in orders]
    deeds = wait_for(found, 10)
    return deeds[0] if deeds else None


def openat2(path, flags):
    """As open(), by a call whose flags stand in memory."""
    how = (ctypes.c_uint64 * 3)(flags, 0, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    fd = libc.syscall(437, -100, os.fsencode(path), ctypes.byref(how), 24)
    if fd < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return fd


def reads(s, rel, seconds, pause=None):
    """What a process of the web server reads, over and over: how often each, and errors by their name. `pause(n)`:
    seconds between the n-th open and its read."""
    def read(s):
        seen, until, n = {}, time.monotonic() + seconds, 0
        while time.monotonic() < until:
            n += 1
            try:
                with open(s.path(rel), "rb", buffering=0) as f:
                    if pause:
                        time.sleep(pause(n))
                    got = f.read().decode(errors="replace")
            except OSError as e:
                got = type(e).__name__
            seen[got] = seen.get(got, 0) + 1
        return seen
    return s.intruder(read)


def outside(s):
    """A folder of the intruder's beside the shop, on its filesystem."""
    folder = os.path.join(s.base, "outside")
    os.makedirs(folder, exist_ok=True)
    os.chmod(folder, 0o777)
    return folder


def put(s, rel, text):
    with open(s.path(rel), "w") as f:
        f.write(text)
    return "written"


def steps(f):
    return json.dumps(f, ensure_ascii=False)[:300]


def quiet(seconds=0.3):
    time.sleep(seconds)
