#!/usr/bin/env python3
"""Less usual ways to the content of an altered file, or round the gate: what happens is what
SECURITY.md says."""
import ctypes
import fcntl
import mmap
import os
import signal
import struct
import subprocess
import tempfile

from held import EVIL, FILES, GOOD, PAY, WEB, Held, end, ok, put, quiet, skip, wait_for
from tamper import rename_over

SYS_io_uring_setup, SYS_io_uring_enter = 425, 426
IORING_OP_OPENAT, AT_FDCWD = 18, -100
LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.mmap.restype = ctypes.c_void_p
LIBC.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]


def uring_open(path, flags):
    """One openat through a ring of its own: a descriptor, or -errno; None where there are no rings."""
    params = ctypes.create_string_buffer(120)
    ring = LIBC.syscall(SYS_io_uring_setup, 4, params)
    if ring < 0:
        return None
    p = params.raw
    sq_head, sq_tail, sq_mask, _, _, _, sq_array, _ = struct.unpack_from("<8I", p, 40)
    cq_head, _, _, _, _, cqes, _, _ = struct.unpack_from("<8I", p, 80)
    sq = LIBC.mmap(None, 4096, 3, 1, ring, 0)
    cq = LIBC.mmap(None, 4096, 3, 1, ring, 0x8000000)
    sqes = LIBC.mmap(None, 4096, 3, 1, ring, 0x10000000)
    name = ctypes.create_string_buffer(path.encode())
    sqe = struct.pack("<BBHiQQIIQ", IORING_OP_OPENAT, 0, 0, AT_FDCWD, 0, ctypes.addressof(name), 0, flags, 7)
    ctypes.memmove(sqes, sqe.ljust(64, b"\0"), 64)
    ctypes.c_uint.from_address(sq + sq_array).value = 0
    ctypes.c_uint.from_address(sq + sq_tail).value = 1
    LIBC.syscall(SYS_io_uring_enter, ring, 1, 1, 1, 0, 0)
    _, res = struct.unpack("<Qi", ctypes.string_at(cq + cqes, 12))
    return res


def read_by_uring(s):
    fd = uring_open(s.path(PAY), os.O_RDONLY)
    return fd if fd is None or fd < 0 else os.read(fd, 4096).decode()


def write_by_uring(s):
    fd = uring_open(s.path(PAY), os.O_WRONLY)
    if fd is None or fd < 0:
        return fd
    try:
        return os.write(fd, EVIL.encode())
    except OSError as e:
        return -e.errno


def io_uring(s):
    s.intruder(rename_over)
    read = s.intruder(read_by_uring)
    if read is None:
        skip("io_uring", "this kernel has none, or forbids it")
        return
    ok(read == GOOD or (isinstance(read, int) and read < 0), "through io_uring: approved code or none", read)
    ok(s.healed(), "and it is put back")
    s.customer()
    s.intruder(write_by_uring)
    ok(s.customer() == GOOD, "written through io_uring: the customer reads approved code")
    ok(s.healed(), "and it stands there")


def by_o_path(s):
    """A name taken with O_PATH opens no content; opening it anew through /proc is an open."""
    fd = os.open(s.path(PAY), os.O_PATH)
    s.intruder(rename_over)

    def read(s):
        held = os.open(s.path(PAY), os.O_PATH)
        with open("/proc/self/fd/%d" % held, "rb") as f:
            return f.read().decode()
    got = s.intruder(read)
    ok(got == GOOD, "O_PATH, then opened through /proc", got)
    os.close(fd)
    ok(s.healed(), "and it is put back")


def executed(s):
    """A program of the shop that is run, not read."""
    def plant(s):
        with open(s.path("uploads/tool.txt"), "w") as f:
            f.write("#!/bin/sh\necho EVIL\n")
        os.chmod(s.path("uploads/tool.txt"), 0o755)

    def run(s):
        try:
            return subprocess.run([s.path("uploads/tool.txt")], capture_output=True, text=True).stdout
        except OSError as e:
            return e
    s.intruder(plant)
    got = s.intruder(run)
    ok(isinstance(got, OSError), "a program among uploads is not executed either", got)


def mapped(s):
    """Read through a mapping instead of read(2)."""
    s.intruder(rename_over)

    def read(s):
        with open(s.path(PAY), "rb") as f:
            return bytes(mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)).decode()
    got = s.intruder(read)
    ok(got == GOOD, "read through a mapping", got)
    s.healed()


def links_in_the_path(s):
    """Folders that are links, on the way: nothing is healed through them into another place."""
    elsewhere = tempfile.mkdtemp()
    os.chmod(elsewhere, 0o777)
    with open(os.path.join(elsewhere, "CardPayment.php"), "w") as f:
        f.write("precious")

    def swap(s):
        os.rename(s.path("payment"), s.path("uploads/away"))
        os.symlink(elsewhere, s.path("payment"))
    s.intruder(swap)
    ok(s.healed(), "a folder replaced by a link to elsewhere: put back")
    with open(os.path.join(elsewhere, "CardPayment.php")) as f:
        ok(f.read() == "precious", "and nothing was written through the link")
    ok(s.customer() == GOOD, "customers read approved code")


def other_user(s):
    """Not only the web server's user: anybody who can write."""
    os.chmod(s.path("payment"), 0o777)
    wait_for(lambda: os.stat(s.path("payment")).st_mode & 0o777 == 0o755, 10)
    ok(os.stat(s.path("payment")).st_mode & 0o777 == 0o755, "a folder's rights are given back")
    tmp = os.path.join(s.base, "as-root.php")
    with open(tmp, "w") as f:
        f.write(EVIL)
    os.rename(tmp, s.path(PAY))
    ok(s.customer() == GOOD, "root's change without a deploy is put back too")
    ok(s.healed(), "and stands so")


def empty_and_large(s):
    for name, text in (("empty", ""), ("large", "<?php // EVIL\n" + "x" * (3 << 20))):
        def over(s):
            put(s, "uploads/o.txt", text)
            os.rename(s.path("uploads/o.txt"), s.path(PAY))
        s.intruder(over)
        ok(s.customer() == GOOD, "replaced by a file that is " + name)
        ok(s.healed(), name + ": put back")


def other_code(s):
    """Code that is approved elsewhere, or an upload that is no program, renamed to be payment code:
    the verdict on the old path is none on the new one."""
    s.customer("lib/a.php")
    s.intruder(lambda s: os.rename(s.path("lib/a.php"), s.path(PAY)))
    quiet(0.05)  # until the gate has heard of it
    ok(s.customer() == GOOD, "approved code in the place of other code")
    ok(s.healed() and s.healed("lib/a.php"), "both are put back")
    for i in range(20):
        s.intruder(put, "uploads/page.html", "<p>a page</p>")
        s.customer("uploads/page.html")
        s.intruder(lambda s: os.rename(s.path("uploads/page.html"), s.path(PAY)))
        read = s.customer()
        if not ok(read == GOOD, "a page that was read as an upload, as payment code (%d)" % i, read):
            break
        s.healed()


def many_at_once(s):
    """All code of the shop in one stroke."""
    code = [r for r in FILES if not r.startswith("uploads")]

    def all_of_it(s):
        for i, rel in enumerate(code):
            put(s, "uploads/m%d.txt" % i, EVIL)
            os.rename(s.path("uploads/m%d.txt" % i), s.path(rel))
    s.intruder(all_of_it)
    ok(all(s.customer(rel) == FILES[rel] for rel in code), "all files at once: each reads as approved")
    ok(all(s.healed(rel) for rel in code), "and is put back")


def bystander(s):
    """Who waits for a lease somewhere else is not taken for the writer, who comes by another name."""
    other = os.path.join(s.base, "leased")
    signal.signal(signal.SIGIO, signal.SIG_IGN)
    fd = os.open(other, os.O_CREAT | os.O_RDONLY, 0o644)
    fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    waits = subprocess.Popen(["tee", other], stdin=subprocess.DEVNULL)

    def waiting():
        with open("/proc/%d/wchan" % waits.pid) as f:
            return f.read() == "__break_lease"
    ok(wait_for(waiting, 5), "somebody waits for a lease of somebody else's")
    s.customer()
    quiet()

    def write(s):
        os.link(s.path(PAY), s.path("uploads/other.txt"))
        try:
            put(s, "uploads/other.txt", EVIL)
        except OSError:
            return os.getpid()
    pid = s.intruder(write)
    os.close(fd)
    waits.wait()
    orders = wait_for(lambda: [f for f in s.log("--type", "order.heal") if f["cause"] == "write" and f["path"] == PAY], 5)
    ok(orders and orders[-1].get("who", {}).get("pid") == pid, "the writer is named", (pid, waits.pid, orders and orders[-1].get("who")))
    quiet(3.2)
    s.intruder(lambda s: os.unlink(s.path("uploads/other.txt")))


def covered(s):
    """A FUSE filesystem over a folder of code, as fusermount mounts it for any user: nobody else may look."""
    try:
        fd = os.open("/dev/fuse", os.O_RDWR)
    except OSError as e:
        skip("a FUSE filesystem over a folder of code", "/dev/fuse: %s" % e.strerror)
        return
    options = b"fd=%d,rootmode=40755,user_id=%d,group_id=%d" % (fd, WEB, WEB)
    ok(ctypes.CDLL(None).mount(b"covered", s.path("payment").encode(), b"fuse.covered", 6, options) == 0, "payment is covered")
    found = wait_for(lambda: s.log("--type", "file.hidden"), 10)
    subprocess.run(["umount", "-l", s.path("payment")], check=True)
    os.close(fd)
    ok(len(found or []) == 1 and found[0]["path"] == "payment" and found[0]["severity"] == "high",
       "one finding says that code can't be looked at", found)
    ok(s.healed() and s.customer() == GOOD, "then it is as it was")


def flood():
    """So much at once that orders can't keep up: who opens a file still reads approved code, and all is
    healed in the end, also what was altered while hinoban was not there."""
    many = {"lib/m%04d.php" % i: "<?php return %d;\n" % i for i in range(3000)}
    s = Held({**FILES, **many}).open()

    def all_of_it(s):
        for rel in many:
            put(s, "uploads/f.txt", EVIL)
            os.rename(s.path("uploads/f.txt"), s.path(rel))
    s.intruder(all_of_it)
    some = list(many)[::100]
    read = {rel: s.customer(rel) for rel in some}

    def altered():
        return subprocess.run(["grep", "-rl", "EVIL", s.dir], capture_output=True, text=True).stdout.split()
    ok(wait_for(lambda: not altered(), 90), "3,000 files at once: all are put back in the end", len(altered()))
    late = {f["path"]: f["waited_us"] for f in s.log("--type", "open.late") if f["answer"] == "refused"}
    wrong = {rel: text for rel, text in read.items()
             if text != many[rel] and not (isinstance(text, PermissionError) and rel in late)}
    ok(not wrong, "each that was opened meanwhile read as approved, or was refused where hold.patience was over", wrong)
    if late:  # how long is a matter of the machine: no check
        print("# %d of %d opens waited for hold.patience: %s" % (len(late), len(some), late), flush=True)
    s.stop()
    s.intruder(rename_over)
    for rel in list(many)[:50]:
        os.unlink(s.path(rel))
    s.start().ready()
    ok(wait_for(lambda: not altered() and all(os.path.exists(s.path(rel)) for rel in many), 60),
       "what was altered and removed meanwhile is put back at the start", altered())
    s.stop()
    s.done()


def stopped():
    """hinoban is stopped while somebody waits to write to code, and the hand has not come yet."""
    s = Held().open()
    s.customer()
    quiet()
    for pid in s.pids("hand"):
        os.kill(pid, signal.SIGSTOP)
    waits = subprocess.Popen(["tee", s.path(PAY)], stdin=subprocess.DEVNULL)
    ok(wait_for(lambda: s.log("--type", "order.heal"), 10), "a writer waits, and it is ordered to put the file back")
    ok(s.stop() == 0, "hinoban stops")
    waits.wait(10)
    s.done()


s = Held().open()
for part in (io_uring, by_o_path, executed, mapped, links_in_the_path, other_user, empty_and_large,
             other_code, many_at_once, covered, bystander):
    part(s)
quiet(1)
left = subprocess.run(["grep", "-rl", "EVIL", s.dir], capture_output=True, text=True).stdout.split()
ok(not left, "nothing of the intruder's is left", left)
r = s.run("verify")
ok(r.code == 0, "the ledger is whole", r)
s.stop()
s.done()
stopped()
flood()
end()
