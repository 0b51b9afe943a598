#!/usr/bin/env python3
"""The storm on filesystems that can't close a file to who has it open: tmpfs, and XFS and Btrfs on loop
devices. No read may see altered code there either; some opens are refused (SECURITY.md)."""
import os
import shutil
import subprocess
import sys
import tempfile

from held import Held, end, ok, skip
from storm import storm

ROUNDS = 14
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


base = tempfile.mkdtemp(prefix="hinoban-fs.")
os.chmod(base, 0o755)
for kind in sys.argv[1:] or ["tmpfs", "xfs", "btrfs"]:
    folder, why = mounted(kind, base)
    if not folder:
        skip("the storm on " + kind, why)
        continue
    tempfile.tempdir = folder
    try:
        print("# " + kind, flush=True)
        s = Held().open()
        storm(s, ROUNDS)
        ok(s.stop() == 0, "%s: it stops in order" % kind)
        s.done()
    finally:
        tempfile.tempdir = None
        subprocess.run(["umount", "-l", folder], check=False)
shutil.rmtree(base, ignore_errors=True)
end()
