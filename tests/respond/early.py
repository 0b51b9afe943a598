#!/usr/bin/env python3
"""A customer has opened code and is about to read it (a busy machine takes the processor away from him in between)
when somebody wants to write to it. Whatever else happens then, others who open the same file at that moment
included, the writer is let in only when the customer has read: on ext4, and on tmpfs, where no file can be closed
to a writer."""
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import suppress

from held import EVIL, GOOD, PAY, WEB, Held, end, ok, reads, wait_for

ROUNDS = 24
READ_S = 0.15  # so late he may read: a writer waits for 0.3 s at least
READERS = 3


def write(path, flags=0):
    fd = os.open(path, os.O_WRONLY | flags)
    os.write(fd, EVIL.encode())
    os.close(fd)


def in_place(s):
    write(s.path(PAY))


def moved_back(s):
    """He waits for the file under another name, and then it is code again."""
    away = s.path("uploads/away.txt")
    with suppress(FileNotFoundError):
        os.unlink(away)
    os.rename(s.path(PAY), away)
    if os.fork() == 0:
        with suppress(OSError):
            write(away)
        os._exit(0)
    time.sleep(0.004)  # a moment later it is among the uploads no more
    with suppress(FileNotFoundError):
        os.rename(away, s.path(PAY))
    os.wait()


def impatient(s):
    """One who does not wait breaks the lease, too; the next comes when he is gone."""
    link = s.path("uploads/link.txt")
    with suppress(FileNotFoundError):
        os.unlink(link)
    os.link(s.path(PAY), link)
    for pause in (0.005, 0.01):
        with suppress(OSError):
            write(link, os.O_NONBLOCK)
        time.sleep(pause)
    write(link)


def crowd(s, until):
    """Others who open it all the time."""
    pids = []
    for _ in range(READERS):
        pid = os.fork()
        if pid == 0:
            while time.monotonic() < until:
                with suppress(OSError):
                    fd = os.open(s.path(PAY), os.O_RDONLY)
                    os.read(fd, 100)
                    os.close(fd)
            os._exit(0)
        pids.append(pid)
    return pids


def read_late(fd):
    """What is there at any time until he has read; altered content, if there was any."""
    until, text = time.monotonic() + READ_S, GOOD
    while text == GOOD and time.monotonic() < until:
        text = os.pread(fd, 65536, 0).decode(errors="replace")
        time.sleep(0.0003)
    return text


def early(s, way):
    seen = []
    pids = crowd(s, time.monotonic() + 600)
    for _ in range(ROUNDS):
        if not s.healed():
            break
        time.sleep(0.05)  # its opens pass
        fd = os.open(s.path(PAY), os.O_RDONLY)
        pid = os.fork()
        if pid == 0:
            os.close(fd)
            os.setgid(WEB)
            os.setuid(WEB)
            with suppress(OSError):
                way(s)
            os._exit(0)
        seen.append(read_late(fd))
        os.close(fd)
        os.waitpid(pid, 0)
    for pid in pids:
        os.kill(pid, 15)
        os.waitpid(pid, 0)
    bad = [t for t in seen if t != GOOD]
    ok(len(seen) == ROUNDS and not bad, "%s: who had opened it before reads what he opened" % way.__name__,
       "%d of %d: %r" % (len(bad), len(seen), bad[:1]))
    ok(s.healed(), "%s: and it is put back" % way.__name__)
    after = reads(s, PAY, 1)
    ok(set(after) == {GOOD}, "%s: and read" % way.__name__, after)


def on(what):
    print("# " + what, flush=True)
    s = Held().open()
    for way in in_place, moved_back, impatient:
        early(s, way)
    late = s.log("--type", "open.late")
    ok(not late, "%s: all was decided in time" % what, late)
    ok(wait_for(lambda: s.complete(), 5), "%s: nobody of hinoban fell" % what, s.children())
    ok(s.stop() == 0, "%s: it stops in order" % what)
    s.done()


on("the disk")
base = tempfile.mkdtemp(prefix="hinoban-early.")
os.chmod(base, 0o755)
mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m,mode=755", "tmpfs", base], check=False).returncode == 0
ok(mounted, "a tmpfs is mounted")
tempfile.tempdir = base
try:
    if mounted:
        on("tmpfs")
finally:
    tempfile.tempdir = None
    subprocess.run(["umount", "-l", base], check=False)
    shutil.rmtree(base, ignore_errors=True)
end()
