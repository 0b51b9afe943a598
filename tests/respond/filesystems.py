#!/usr/bin/env python3
"""The storm on other filesystems: tmpfs, and XFS and Btrfs on loop devices, which can't close a file to who has it
open; and an overlay with the shop in its lower layer, as in a container made from an image. No read may see
altered code there either; some opens are refused (SECURITY.md)."""
import fcntl
import os
import shutil
import struct
import subprocess
import sys
import tempfile

from held import FILES, GOOD, PAY, WEB, Held, end, ok, own, skip
from storm import storm
from tamper import FALSE, TEMPLATE, TEXT, swapped

ROUNDS = 14
GET_ATTRIBUTES, SET_ATTRIBUTES, HAND_DOWN = 0x801C581F, 0x401C5820, 0x200  # FS_IOC_FSGETXATTR, FS_XFLAG_PROJINHERIT
IMAGE_BYTES = 400 << 20  # the least that mkfs.xfs takes is 300 MiB; sparse


def mounted(kind, base):
    """A folder on a filesystem of this kind, or None where the machine has it not."""
    folder, image = os.path.join(base, kind), os.path.join(base, kind + ".img")
    os.mkdir(folder)
    command = ["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", folder]
    if kind != "tmpfs":
        if not shutil.which("mkfs." + kind):
            return None, "mkfs.%s is not installed" % kind
        with open(image, "wb") as f:
            f.truncate(IMAGE_BYTES)
        subprocess.run(["mkfs." + kind, "-q", image], check=True, stdout=subprocess.DEVNULL)
        command = ["mount", "-t", kind, "-o", "loop", image, folder]
    r = subprocess.run(command, capture_output=True, text=True)
    if r.returncode != 0:
        return None, r.stderr.strip()
    os.chmod(folder, 0o755)
    return folder, ""


def project(s):
    """A folder of his gets the number of a project, which it hands down: nothing from outside can be moved into it."""
    def number(s):
        fd = os.open(s.path("payment"), os.O_RDONLY)
        attributes = list(struct.unpack("5I8s", fcntl.ioctl(fd, GET_ATTRIBUTES, bytes(28))))
        attributes[0] |= HAND_DOWN
        attributes[3] = 4242
        fcntl.ioctl(fd, SET_ATTRIBUTES, struct.pack("5I8s", *attributes))
        os.close(fd)
        os.unlink(s.path(PAY))
    r = s.intruder(number)
    if isinstance(r, OSError):
        skip("a folder of code in a project of its own", r)
        return
    ok(s.healed() and s.customer() == GOOD, "code is put back into a folder in a project of its own", s.facts("deed")[-1:])
    left = [n for n in os.listdir(s.path("payment")) if n != os.path.basename(PAY)]
    ok(not left, "and nothing is left beside it", left)


def layered(s, layers):
    """The shop as it is becomes the lower layer of an overlay in its place."""
    own(s.dir)
    shop, upper, work = (os.path.join(layers, x) for x in ("shop", "upper", "work"))
    shutil.move(s.dir, shop)
    for n in upper, work, s.dir:
        os.mkdir(n)
    os.chown(upper, WEB, WEB)
    r = subprocess.run(["mount", "-t", "overlay", "overlay", "-o", "lowerdir=%s,upperdir=%s,workdir=%s" % (
        shop, upper, work), s.dir], capture_output=True, text=True)
    return r.stderr.strip()


def overlay(layers):
    os.mkdir(layers)
    os.chmod(layers, 0o755)
    why = []
    s = Held({**FILES, TEMPLATE: TEXT}, before=lambda s: why.append(layered(s, layers)))
    if why[0]:
        skip("the storm on an overlay", why[0])
        s.done()
        return
    s.open()
    try:
        print("# overlay", flush=True)
        ok(os.listdir(os.path.join(layers, "upper")) == [], "overlay: all of the shop is in the lower layer")
        storm(s, ROUNDS)
        # An overlay opens no handle: of what came there and moved on its folder's place tells.
        swapped(s, s.path("uploads/z%s/templates" % s.dir), "whose path looks alike", TEMPLATE, (TEXT, FALSE), 0.0001)
        ok(s.stop() == 0, "overlay: it stops in order")
    finally:
        subprocess.run(["umount", "-l", s.dir], check=False)
        s.done()


base = tempfile.mkdtemp(prefix="hinoban-fs.")
os.chmod(base, 0o755)
for kind in sys.argv[1:] or ["tmpfs", "xfs", "btrfs", "overlay"]:
    if kind == "overlay":
        overlay(os.path.join(base, kind))
        continue
    folder, why = mounted(kind, base)
    if not folder:
        skip("the storm on " + kind, why)
        continue
    tempfile.tempdir = folder
    try:
        print("# " + kind, flush=True)
        s = Held().open()
        storm(s, ROUNDS)
        if kind == "xfs":
            project(s)
        ok(s.stop() == 0, "%s: it stops in order" % kind)
        s.done()
    finally:
        tempfile.tempdir = None
        subprocess.run(["umount", "-l", folder], check=False)
shutil.rmtree(base, ignore_errors=True)
end()
