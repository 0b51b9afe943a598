#!/usr/bin/env python3
"""Processes that hang whoever looks at them: one that becomes another program holds a lock (exec_update_lock) that most
of /proc/PID waits for, for as long as a FUSE server of its own does not answer. Its open is held meanwhile."""
import ctypes
import os
import signal
import stat
import struct
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from held import EVIL, GOOD, PAY, WEB, Held, end, ok, skip

NEWUSER_NEWNS = 0x10000000 | 0x00020000
INIT, GETATTR, FLUSH, OPEN, FORGET, BATCH_FORGET = 26, 3, 25, 14, 2, 42
LIBC = ctypes.CDLL(None, use_errno=True)


def answer(unique, body=b"", error=0):
    return struct.pack("<IiQ", 16 + len(body), error, unique) + body


def serve(dev):
    """A filesystem that is one file, whose FLUSH is never answered."""
    while True:
        try:
            asked = os.read(dev, 1 << 18)
        except OSError:
            os._exit(0)
        opcode, unique = struct.unpack_from("<IQ", asked, 4)
        if opcode == INIT:
            said = answer(unique, struct.pack("<IIIIHHIIHHI28x", 7, 31, 0, 0, 0, 0, 4096, 0, 0, 0, 0))
        elif opcode == GETATTR:
            said = answer(unique, struct.pack("<QII", 1000, 0, 0) +
                          struct.pack("<QQQQQQIIIIIIIIII", 1, 0, 0, 0, 0, 0, 0, 0, 0, stat.S_IFREG | 0o644, 1, 0, 0, 0, 0, 0))
        elif opcode == OPEN:
            said = answer(unique, bytes(16))
        elif opcode in (FLUSH, FORGET, BATCH_FORGET):
            continue
        else:
            said = answer(unique, error=-38)
        try:
            os.write(dev, said)
        except OSError:
            pass


def put(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def hang(s, rel, after, seconds):
    """As the web user: make a program there and open it, and while the open is held become another program, which hangs.
    Does not return but where that came too late, or can't be (1)."""
    signal.alarm(seconds)
    LIBC.prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE, or /proc/self is root's, since we were
    folder = os.open(os.path.dirname(s.path(rel)), os.O_PATH)
    if LIBC.unshare(NEWUSER_NEWNS) != 0:
        return 1
    put("/proc/self/setgroups", "deny")
    put("/proc/self/uid_map", "%d %d 1" % (WEB, WEB))
    put("/proc/self/gid_map", "%d %d 1" % (WEB, WEB))
    dev = os.open("/dev/fuse", os.O_RDWR)
    at = os.path.join(s.base, "outside", "f%d" % os.getpid())
    put(at, "")
    options = ("fd=%d,rootmode=100000,user_id=%d,group_id=%d" % (dev, WEB, WEB)).encode()
    if LIBC.mount(b"fuse", at.encode(), b"fuse", 6, options) != 0:
        return 1
    if os.fork() == 0:
        signal.alarm(seconds)
        serve(dev)
    os.close(dev)
    os.open(at, os.O_RDONLY)  # closed on exec, which asks for a FLUSH

    def become():
        time.sleep(after)
        os.execv("/bin/true", ["true"])
    name = os.path.basename(rel)
    try:
        with open(os.open(name, os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=folder), "w", encoding="utf-8") as f:
            f.write(EVIL + "// %s\n" % name)
        threading.Thread(target=become, daemon=True).start()
        os.open(name, os.O_RDONLY, dir_fd=folder)
    except OSError:
        pass
    return 0


def attack(s, seconds):
    """Programs among the uploads, which are held; and code altered all the time: how many of them
    hang still at the end, how many could not, how often."""
    pids = []
    for i in range(24):
        rel = "uploads/evil%d.php" % i
        pid = os.fork()
        if pid == 0:
            try:
                os._exit(hang(s, rel, 0.0005 * (i % 8 + 1), seconds))
            finally:
                os._exit(1)
        pids.append(pid)
        time.sleep(0.02)
    until = time.monotonic() + seconds - 2
    n = 0
    while time.monotonic() < until:
        put(s.path("uploads/n%d.txt" % n), EVIL)
        try:
            os.rename(s.path("uploads/n%d.txt" % n), s.path(PAY))
        except OSError:
            pass
        n += 1
        time.sleep(0.05)
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            pass
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids]
    return codes.count(-signal.SIGKILL), codes.count(1), n


def customer(s, until):
    """Reads of code until that file is there: how many, altered ones, the longest."""
    n = altered = 0
    longest = 0
    while not os.path.exists(until):
        began = time.monotonic()
        try:
            with open(s.path(PAY), encoding="utf-8") as f:
                altered += f.read() != GOOD
        except OSError:
            pass
        n += 1
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.001)
    return n, altered, longest


def main():
    if not os.path.exists("/dev/fuse"):
        skip("a process that hangs who looks at it", "there is no /dev/fuse")
        return end()
    s = Held().open()
    outside = os.path.join(s.base, "outside")
    os.mkdir(outside)
    os.chmod(outside, 0o777)
    stop = os.path.join(outside, "stop")
    seen = []
    reader = threading.Thread(target=lambda: seen.append(s.intruder(customer, stop)))
    reader.start()
    hung, could_not, n = s.intruder(attack, 9)
    put(stop, "")
    reader.join()
    if could_not == 24:
        skip("a process that hangs who looks at it", "no user namespaces for everybody")
    else:
        ok(hung > 0, "processes hang that became another program while their open was held", hung)
        ok(seen[0][0] > 100 and seen[0][1] == 0 and n > 20, "nobody read altered code meanwhile", (seen, n))
        ok(seen[0][2] < 2.4, "nor waited for longer than hold.patience", seen)
        died = s.log("--type", "role.died")
        ok(not died, "the gate has not waited for them", died)
    ok(s.healed(), "the code stands as approved")
    s.stop()
    s.done()
    return end()


if __name__ == "__main__":
    main()
