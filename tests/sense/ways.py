#!/usr/bin/env python3
"""The less usual ways to alter a tree: what is in the ledger afterwards is what is on the disk."""
import ctypes
import fcntl
import hashlib
import mmap
import os
import shutil
import signal
import struct
import subprocess
import tempfile
import time
from contextlib import suppress

from watching import Shop, Watch, done, ok, skip

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_long, ctypes.c_long]
RENAME_EXCHANGE, FALLOC_PUNCH, AT_FDCWD, AT_SYMLINK_FOLLOW = 2, 3, -100, 0x400


class Handle(ctypes.Structure):
    _fields_ = [("n", ctypes.c_uint), ("type", ctypes.c_int), ("bytes", ctypes.c_ubyte * 128)]


def run(*argv):
    return subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def told(s, path):
    got = s.watch.changes(path)
    return got[-1] if got else {}


def agrees(s, what, *paths, by=("event",)):
    """After all events: the newest fact of each path has the content that lies there."""
    s.watch.sync()
    for path in paths:
        with open(s.at(path), "rb") as f:
            want = hashlib.sha256(f.read()).hexdigest()
        got = told(s, path)
        ok((got.get("present") or {}).get("hash") == want and got.get("found_by") in by,
           "%s: %s" % (what, path), got or "no file.changed of it")


def gone(s, what, *paths):
    s.watch.sync()
    ok(all(told(s, p).get("present", 1) is None for p in paths), what, [told(s, p) for p in paths])


def exchange(s, a, b):
    if LIBC.renameat2(AT_FDCWD, s.at(a).encode(), AT_FDCWD, s.at(b).encode(), RENAME_EXCHANGE):
        raise OSError(ctypes.get_errno(), "renameat2")


def renames(s):
    exchange(s, "code/a.php", "code/b.php")
    agrees(s, "two files in each other's place", "code/a.php", "code/b.php")
    os.mkdir(s.at("code/sub2"))
    s.write("code/sub2/x.php", "<?php other;")
    s.watch.sync()
    exchange(s, "code/sub", "code/sub2")
    agrees(s, "two folders in each other's place", "code/sub/x.php", "code/sub2/x.php")
    s.write("code/sub/x.php", "<?php one;")
    s.write("code/sub2/x.php", "<?php two;")
    agrees(s, "writes after it", "code/sub/x.php", "code/sub2/x.php")
    s.write("code/fx", "<?php a_file;")
    os.mkdir(s.at("code/dx"))
    s.write("code/dx/in.php", "<?php in;")
    s.watch.sync()
    exchange(s, "code/fx", "code/dx")
    agrees(s, "a file and a folder in each other's place", "code/dx", "code/fx/in.php")
    gone(s, "and below the old name nothing is left", "code/dx/in.php")
    outside = tempfile.mkdtemp(prefix="hinoban-outside-")
    os.makedirs(outside + "/m/n/o")
    with open(outside + "/m/n/o/p.php", "w") as f:
        f.write("<?php p;")
    os.rename(outside + "/m", s.at("code/m"))
    os.rename(s.at("code/m"), s.at("code/m2"))
    os.rename(s.at("code/m2/n"), s.at("code/m2/nn"))
    s.write("code/m2/nn/o/p.php", "// and written", "a")
    agrees(s, "moved in, renamed twice on the way, written", "code/m2/nn/o/p.php")
    os.rename(s.at("code/m2"), outside + "/m2")
    gone(s, "moved out again", "code/m2/nn/o/p.php")
    shutil.rmtree(outside)
    shutil.rmtree(s.at("code/sub2"))
    os.makedirs(s.at("code/sub2/deep"))
    s.write("code/sub2/deep/z.php", "<?php zz;")
    agrees(s, "a tree removed and made anew", "code/sub2/deep/z.php")


def writes(s):
    fd = os.open(s.at("code"), os.O_TMPFILE | os.O_RDWR, 0o644)
    os.write(fd, b"<?php tmp;")
    LIBC.linkat(AT_FDCWD, b"/proc/self/fd/%d" % fd, AT_FDCWD, s.at("code/tmp.php").encode(),
                AT_SYMLINK_FOLLOW)
    agrees(s, "a file without a name, linked in", "code/tmp.php")
    os.write(fd, b"more")
    agrees(s, "and written once more", "code/tmp.php")
    os.write(fd, b"and more")
    agrees(s, "and again, its writer never closing", "code/tmp.php")
    os.close(fd)
    fd = os.open(s.at("code/d.php"), os.O_RDWR)
    LIBC.fallocate(fd, 0, 0, 9000)
    agrees(s, "fallocate", "code/d.php")
    os.write(fd, b"A" * 9000)
    s.watch.sync()
    LIBC.fallocate(fd, FALLOC_PUNCH, 0, 4096)
    agrees(s, "a hole punched", "code/d.php")
    os.close(fd)
    s.write("code/from", "<?php copied in by the kernel;" * 9)
    a, b = os.open(s.at("code/from"), os.O_RDONLY), os.open(s.at("code/e.php"), os.O_WRONLY)
    os.copy_file_range(a, b, 100, 0, 0)
    os.close(b)
    agrees(s, "copy_file_range", "code/e.php")
    b = os.open(s.at("code/f.php"), os.O_WRONLY)
    os.sendfile(b, a, 0, 100)
    os.close(b)
    os.close(a)
    agrees(s, "sendfile", "code/f.php")
    os.close(os.open(s.at("code/e.php"), os.O_WRONLY | os.O_TRUNC))
    agrees(s, "truncated by opening", "code/e.php")
    fd = os.open(s.at("code/g.php"), os.O_RDWR)
    m = mmap.mmap(fd, 0)
    os.close(fd)
    m[0:2] = b"XY"
    m.close()
    agrees(s, "a mapping that outlives its descriptor", "code/g.php")
    st = os.stat(s.at("code/h.php"))
    with open(s.at("code/h.php"), "r+b") as f:
        f.write(b"!")
    os.utime(s.at("code/h.php"), ns=(st.st_atime_ns, st.st_mtime_ns))
    agrees(s, "size and time as before", "code/h.php")
    h, mount = Handle(128, 0), ctypes.c_int()
    LIBC.name_to_handle_at(AT_FDCWD, s.at("code/c.php").encode(), ctypes.byref(h), ctypes.byref(mount), 0)
    top = os.open(s.dir, os.O_RDONLY)
    fd = LIBC.open_by_handle_at(top, ctypes.byref(h), os.O_WRONLY)
    os.close(top)
    if fd < 0:
        skip("written through a handle", "this filesystem opens none")
    else:
        os.write(fd, b"by handle")
        os.close(fd)
        agrees(s, "written through a handle, no path at all", "code/c.php")
    os.link(s.at("code/c.php"), s.at("uploads/alias"))
    with open(s.at("uploads/alias"), "a") as f:
        f.write("// by its other name")
    agrees(s, "written through a link that came while we watched", "code/c.php")
    r = run("unshare", "-m", "sh", "-c", "mount --bind %s /mnt && echo '//ns' >> /mnt/sub/y.php" % s.at("code"))
    if r.returncode:
        skip("written in another mount namespace", r.stderr)
    else:
        agrees(s, "written in another mount namespace, under another name", "code/sub/y.php")


def unmounted(s):
    """A reader may have a file of it open for a moment."""
    return s.watch.wait(lambda: run("umount", s.at("code/late")).returncode == 0, 5)


def rights(s):
    """The watched folder itself has rights and an owner too."""
    for what, act in (("mode", lambda: os.chmod(s.dir, 0o777)), ("owner", lambda: os.chown(s.dir, 33, 33)),
                      ("mode", lambda: os.chmod(s.dir, 0o755))):
        act()
        s.watch.sync()
        got = told(s, ".")
        ok(what in got.get("what", ()) and got["found_by"] == "event", "the root's own %s" % what, got)


def trees(s):
    """Made and filled as fast as can be: nothing may fall between a folder's mark and its walk."""
    n = 200
    for i in range(n):
        os.makedirs(s.at("code/t%d/e/w" % i))
        for path in ("e/w/deep.php", "in.php", "e/in.php"):
            s.write("code/t%d/%s" % (i, path), "<?php 1;")
    s.watch.sync(60)
    seen = {f["path"] for f in s.watch.changes()}
    missed = [p for i in range(n) for p in ("code/t%d/%s" % (i, x) for x in ("e/w/deep.php", "in.php", "e/in.php"))
              if p not in seen]
    ok(not missed, "%d trees made and filled at once: no file is missed" % n, missed[:5])


def mounted(s, *how):
    return run("mount", *how, s.at("code/late")).returncode == 0


def comes(s, what, path):
    s.watch.wait(lambda: s.watch.changes(path))
    ok(bool(told(s, path).get("present")), what, told(s, path))


def mounts(s):
    """What is mounted over a folder is walked and watched; also where its number was another's."""
    outside = tempfile.mkdtemp(prefix="hinoban-outside-")
    os.mkdir(outside + "/b")
    with open(outside + "/b/q.php", "w") as f:
        f.write("<?php q;")
    os.mkdir(s.at("code/late"))
    s.write("code/late/own.php", "<?php own;")
    s.watch.sync()
    if not mounted(s, "--bind", outside + "/b"):
        skip("mounts", "no mount here")
        return
    comes(s, "a bind mount over a folder: what is in it is told", "code/late/q.php")
    gone(s, "and what it hides", "code/late/own.php")
    s.write("code/late/n.php", "<?php n;")
    agrees(s, "a write into it", "code/late/n.php")
    ok(unmounted(s), "we keep nothing from being unmounted")
    s.watch.wait(lambda: told(s, "code/late/own.php").get("present"))
    ok(bool(told(s, "code/late/own.php").get("present")), "unmounted: what it hid is back")
    device = None
    for i in range(2):
        mounted(s, "-t", "tmpfs", "tmpfs")
        before, device = device, os.stat(s.at("code/late")).st_dev
        s.write("code/late/t%d.php" % i, "<?php t;")
        comes(s, "a filesystem over a folder: what is in it is told", "code/late/t%d.php" % i)
        s.write("code/late/t%d.php" % i, "<?php other;")
        agrees(s, "a write into it%s" % (", which bears the number of the one before" if device == before else ""),
               "code/late/t%d.php" % i)
        unmounted(s)
        s.watch.wait(lambda: told(s, "code/late/t%d.php" % i).get("present", 1) is None)
    for d in ("lower", "upper", "work"):
        os.mkdir(outside + "/" + d)
    with open(outside + "/lower/l.php", "w") as f:
        f.write("<?php l;")
    if not mounted(s, "-t", "overlay", "overlay", "-o", "lowerdir=%s/lower,upperdir=%s/upper,workdir=%s/work" % (
            (outside,) * 3)):
        skip("an overlay", "none here")
    else:
        comes(s, "an overlay over a folder: what is in it is told", "code/late/l.php")
        s.write("code/late/l.php", "<?php over;")
        agrees(s, "a write that copies a file up", "code/late/l.php")
        unmounted(s)
    shutil.rmtree(outside)


def current():
    """`current` -> release: the root's own path is a link that a deploy turns round."""
    base = tempfile.mkdtemp(prefix="hinoban-current-")
    os.chmod(base, 0o755)
    for r in ("1", "2"):
        os.makedirs("%s/releases/%s/code" % (base, r))
        with open("%s/releases/%s/code/a.php" % (base, r), "w") as f:
            f.write("<?php release(%s);" % r)
    os.symlink("releases/1", base + "/current")
    s = Shop()
    first, s.dir = s.dir, base + "/current"
    w = s.watch = Watch([s.dir])
    w.start()
    w.wait_started()
    os.symlink("releases/2", base + "/new")
    os.rename(base + "/new", base + "/current")
    w.wait(lambda: told(s, "code/a.php"))
    got = told(s, "code/a.php")
    ok(got.get("what") == ["content"] or "content" in got.get("what", ()),
       "a root that is a link, turned to another release: it is held against the table", got)
    s.write("code/a.php", "<?php tampered;", "a")
    agrees(s, "and watched from then on", "code/a.php")
    w.end()
    shutil.rmtree(base)
    shutil.rmtree(first)


def other_generation(path):
    with open(path, "rb") as f, suppress(OSError):  # most filesystems change none
        fcntl.ioctl(f, 0x40086604, struct.pack("<Q", 12345))  # FS_IOC_SETVERSION


def foreign(s):
    """A busy file elsewhere on the filesystem costs nothing after a while; once it is a file of the
    shop, by a link, a rename or with its folder, each write of it is told; also if it was given another generation
    before or just after it came (on ext4 its owner may)."""
    pid = s.watch.guard.proc.pid
    base = tempfile.mkdtemp(prefix="foreign.", dir=os.path.dirname(s.dir))
    os.mkdir(os.path.join(base, "sub"))
    logs = [os.path.join(base, n) for n in ("a.log", "b.log", "sub/c.php", "before", "after")]
    for log in logs:
        open(log, "ab").close()
    inodes = ["ino:%x " % os.stat(log).st_ino for log in logs]

    def ignored():
        with open("/proc/%d/fdinfo/%d" % (pid, fanotify_fd(pid))) as f:
            marked = [x for x in f if "ignored_mask:" in x]
        return sum(any(i in x for x in marked) for i in inodes)

    for i in range(400):  # writes that wait in the kernel's queue are told as one, so it takes more on a busy machine
        for log in logs:
            with open(log, "ab") as f:
                f.write(b"a line of an access log\n")
        s.watch.sync()
        if i >= 99 and ignored() == len(logs):
            break

    ok(ignored() == len(logs), "busy files elsewhere are not told of any more", ignored())
    os.link(logs[0], s.at("code/link.php"))
    os.rename(logs[1], s.at("code/renamed.php"))
    os.rename(os.path.join(base, "sub"), s.at("code/moved"))
    other_generation(logs[3])
    os.rename(logs[3], s.at("code/before.php"))
    os.kill(pid, signal.SIGSTOP)
    os.rename(logs[4], s.at("code/after.php"))
    other_generation(s.at("code/after.php"))
    os.kill(pid, signal.SIGCONT)
    s.watch.sync()
    ok(ignored() == 0, "as files of the shop they are", ignored())
    came = ["code/%s.php" % n for n in ("link", "renamed", "moved/c", "before", "after")]
    for path in came:
        with open(s.at(path), "ab") as f:
            f.write(b"<?php evil();")
    # What comes in is looked at, which on a busy machine may be after it was written to.
    either = ("event", "scan")
    agrees(s, "a busy file that came into the shop", *came, by=either)
    with open(logs[0], "ab") as f:
        f.write(b"<?php by its other name();")
    agrees(s, "and by its other name", "code/link.php", by=either)
    shutil.rmtree(base)


def fanotify_fd(pid):
    for fd in os.listdir("/proc/%d/fd" % pid):
        if "fanotify" in os.readlink("/proc/%d/fd/%s" % (pid, fd)):
            return int(fd)


for marks in ("auto", "directories"):
    print("# marks = " + marks)
    s = Shop(watch='marks = "%s"' % marks)
    s.watch.start()
    s.watch.wait_started()
    for part in (rights, renames, writes, trees, mounts):
        part(s)
    if marks == "auto":
        foreign(s)
    ok(s.watch.guard.proc.poll() is None, "the guard lives", s.watch.guard.stderr())
    s.end()
current()
done()
