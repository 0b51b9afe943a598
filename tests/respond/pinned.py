#!/usr/bin/env python3
"""A file of the intruder's with approved content, moved into the place of code while a read that he has begun is to
fill one of its pages: mapping and descriptor are given up before, so no writer is left, and the page changes later
without a word. Nobody may read that. So with code itself, which he moved away and could write to there."""
import ctypes
import mmap
import os
import platform
import struct
import threading
import time

from held import Held, FILES, end, ok, outside, reads, skip
from tamper import LIBC, TEMPLATE

PAGE = 4096  # of memory, and the whole file
TEXT, FALSE = (("<p>%s</p>\n" % t).ljust(PAGE - 1) + "\n" for t in ("approved", "FALSE"))
ROUNDS, BACK = 40, 8
BEFORE, PART = 64, 1 << 20  # reads that are ahead of it, and what each takes
CALLS = {"x86_64": (206, 208, 209), "aarch64": (0, 4, 2)}
IO_SETUP, IO_GETEVENTS, IO_SUBMIT = CALLS.get(platform.machine(), (-1, -1, -1))
PREAD = 0  # linux/aio_abi.h
LATE_S = 0.002

LIBC.mmap.restype = ctypes.c_void_p
LIBC.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
LIBC.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]


def mapped(n, fd=-1):
    flags = mmap.MAP_SHARED if fd >= 0 else mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
    return LIBC.mmap(None, n, mmap.PROT_READ | mmap.PROT_WRITE, flags, fd, 0)


def call(number, *args):
    r = LIBC.syscall(ctypes.c_long(number), *args)
    if r < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return r


def submit(context, many):
    """(file, address, bytes, offset) each, in this order."""
    blocks = [ctypes.create_string_buffer(struct.pack("QIiHhIQQqQII", 0, 0, 0, PREAD, 0, fd, at, n, offset, 0, 0, 0))
              for fd, at, n, offset in many]
    pointers = (ctypes.c_void_p * len(blocks))(*[ctypes.addressof(b) for b in blocks])
    return call(IO_SUBMIT, context, ctypes.c_long(len(blocks)), pointers), blocks


def of_his(s, i):
    fd = os.open(s.path("uploads/p%d.txt" % i), os.O_RDWR | os.O_CREAT, 0o644)
    os.write(fd, TEXT.encode())
    return fd


def of_code(s, i):
    """What stands there was opened and read, and was put there by hinoban's hand but for the first."""
    os.rename(s.path(TEMPLATE), s.path("uploads/p%d.txt" % i))
    return os.open(s.path("uploads/p%d.txt" % i), os.O_RDWR)  # waits until nobody else has it open


def moved(s, big, rounds, begin):
    """-> in how many rounds the read ended later than the file was moved."""
    context, late = ctypes.c_ulong(0), 0
    call(IO_SETUP, ctypes.c_uint(BEFORE + 1), ctypes.byref(context))
    disk = os.open(big, os.O_RDONLY | os.O_DIRECT)
    rest = mapped(BEFORE * PART)
    events = ctypes.create_string_buffer(32 * (BEFORE + 1))
    for i in range(rounds):
        mine, fd = s.path("uploads/p%d.txt" % i), begin(s, i)
        page = mapped(PAGE, fd)
        n, _blocks = submit(context, [(disk, rest + k * PART, PART, PAGE + k * PART) for k in range(BEFORE)] +
                            [(disk, page, PAGE, 0)])
        LIBC.munmap(page, PAGE)
        os.close(fd)
        os.rename(mine, s.path(TEMPLATE))
        began = time.monotonic()
        call(IO_GETEVENTS, context, ctypes.c_long(n), ctypes.c_long(n), events, None)
        late += time.monotonic() - began > LATE_S
        time.sleep(0.03 if begin == of_his else 0.3)
    return late


s = Held({**FILES, TEMPLATE: TEXT}).open()
big = os.path.join(outside(s), "big")
with open(big, "wb") as f:
    f.write(FALSE.encode())
    for _ in range(BEFORE):
        f.write(os.urandom(PART))
    os.fsync(f.fileno())
os.chmod(big, 0o644)


def read_on(seen, stop):
    while not stop.is_set():
        for key, n in reads(s, TEMPLATE, 0.5).items():
            seen[key] = seen.get(key, 0) + n


for begin, rounds in ((of_his, ROUNDS), (of_code, BACK)):
    seen, stop = {}, threading.Event()
    reader = threading.Thread(target=read_on, args=(seen, stop))
    reader.start()
    late = s.intruder(moved, big, rounds, begin)
    stop.set()
    reader.join()
    if not isinstance(late, int) or late == 0:
        skip("reads that end after the file was moved", "none did (%s)" % late)
        continue
    ok(FALSE not in seen and seen.get(TEXT, 0) > 100,
       "%s: a read ended after the move %d times: nobody read what it brought" % (begin.__name__, late),
       {k[:20]: n for k, n in seen.items()})
    ok(s.healed(TEMPLATE, TEXT) and s.customer(TEMPLATE) == TEXT, "and what stands there is approved")
    ok(any(f["cause"] == "remade" for f in s.log("--type", "order.heal")), "a fresh copy took its place, and the ledger says why")
s.stop()
s.done()
end()
