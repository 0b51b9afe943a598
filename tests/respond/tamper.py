"""What an intruder who is the web server's user can do to a file of payment code."""
import ctypes
import os
import threading
import time
from contextlib import suppress

from held import EVIL, GOOD, PAY, ok, put, reads

LIBC = ctypes.CDLL(None, use_errno=True)
# No program: what harms nobody under its own name.
TEMPLATE = "templates/page.html"
TEXT, FALSE = "<p>approved</p>\n", "<p>FALSE</p>\n"


def in_place(s):
    return put(s, PAY, EVIL)


def append(s):
    with open(s.path(PAY), "a") as f:
        f.write("// EVIL append\n")


def rename_over(s):
    put(s, "uploads/t.txt", EVIL)
    os.rename(s.path("uploads/t.txt"), s.path(PAY))


def rename_over_keep_open(s):
    """The descriptor that wrote it stays open, and writes once more after the customer came."""
    f = open(s.path("uploads/k.txt"), "w")
    f.write(EVIL)
    f.flush()
    os.rename(s.path("uploads/k.txt"), s.path(PAY))
    if os.fork() == 0:
        for _ in range(400):
            try:
                os.pwrite(f.fileno(), EVIL.encode(), 0)
            except OSError:
                break
            time.sleep(0.005)
        os._exit(0)


def exchanged(one, other):
    """RENAME_EXCHANGE of renameat2(2): neither path is ever missing."""
    if LIBC.renameat2(-100, one.encode(), -100, other.encode(), 2) < 0:
        raise OSError(ctypes.get_errno(), "renameat2", one)


def exchange(s):
    put(s, "uploads/e.txt", EVIL)
    exchanged(s.path("uploads/e.txt"), s.path(PAY))


def unlink(s):
    os.unlink(s.path(PAY))


def unlink_and_new(s):
    os.unlink(s.path(PAY))
    return put(s, PAY, EVIL)


def through_hard_link(s):
    os.link(s.path(PAY), s.path("uploads/l.txt"))
    return put(s, "uploads/l.txt", EVIL)


def hard_link_over(s, rel=PAY, text=EVIL):
    """One name of the altered file takes the path; the other, among the uploads, is written through."""
    put(s, "uploads/h.txt", text)
    os.link(s.path("uploads/h.txt"), s.path("uploads/h.txt.2"))
    os.rename(s.path("uploads/h.txt.2"), s.path(rel))
    try:
        put(s, "uploads/h.txt", text)
    finally:
        os.unlink(s.path("uploads/h.txt"))


def link_to_upload(s):
    put(s, "uploads/target.txt", EVIL)
    os.unlink(s.path(PAY))
    os.symlink("../uploads/target.txt", s.path(PAY))


def truncated(s):
    os.truncate(s.path(PAY), 5)


def rights(s):
    os.chmod(s.path(PAY), 0o4777)


def folder_swap(s):
    os.mkdir(s.path("uploads/p"))
    put(s, "uploads/p/CardPayment.php", EVIL)
    os.rename(s.path("payment"), s.path("uploads/old"))
    os.rename(s.path("uploads/p"), s.path("payment"))


def folder_for_file(s):
    os.unlink(s.path(PAY))
    os.mkdir(s.path(PAY))


# Those after which there is always something to open under the path.
GAPLESS = [in_place, append, rename_over, rename_over_keep_open, exchange, through_hard_link, hard_link_over, truncated]


def swapped(s, folder, what, rel=PAY, texts=(GOOD, EVIL), hold=0, seconds=4):
    """Exchanged onto code and away again before the gate looks: the file's own path tells nothing then."""
    good, evil = texts
    name = os.path.join(folder, os.path.basename(rel))

    def swap(s):
        until, n = time.monotonic() + seconds, 0
        os.makedirs(folder, exist_ok=True)
        while time.monotonic() < until:
            n += 1
            with suppress(OSError):
                put(s, name, evil)
            with suppress(OSError):
                exchanged(name, s.path(rel))
                time.sleep(hold)
                exchanged(name, s.path(rel))
            with suppress(OSError):
                os.unlink(name)
            time.sleep(0.002)
        return n
    seen = {}
    reader = threading.Thread(target=lambda: seen.update(reads(s, rel, seconds)))
    reader.start()
    n = s.intruder(swap)
    reader.join()
    ok(isinstance(n, int) and n > 100 and seen.get(good, 0) > 100 and evil not in seen,
       "exchanged with a file %s: not read" % what, (n, seen))
    ok(s.healed(rel, good), "and in the end it is as it was")
