#!/usr/bin/env python3
"""What the index of `hinoban check` may pass over, and what it may not."""
import os
import subprocess

from harness import Shop, end, ok, run

PAGE = "<?php echo 'AAAAAAAAAAAAAAAA';\n"


def racy(s):
    """Altered in the moment of the look, size the same: times alone can't tell it."""
    missed = 0
    for i in range(10):
        path = s.path("lib/f%d.php" % i)
        with open(path, "r+b") as f:
            f.write(PAGE.replace("A", "B").encode())
            f.flush()
            s.run("approve", path, "--reason", "b")
            s.run("check")
            f.seek(0)
            f.write(PAGE.replace("A", "C").encode())
        missed += s.run("check").code != 1
        s.run("approve", path, "--reason", "c")
    ok(missed == 0, "altered right after it was looked at: found each time", missed)
    times = {p: os.stat(s.path(p)) for p in ("lib/f1.php", "lib/f2.php")}
    for p, st in times.items():
        s.write(p, PAGE.replace("A", "D"))
        os.utime(s.path(p), ns=(st.st_atime_ns, st.st_mtime_ns))
    r = s.run("check")
    ok(r.code == 1 and all(p.encode() in r.out for p in times), "size and time of change as before: found", r)
    s.run("approve", "--all", "--reason", "d")
    os.rename(s.path("lib/f1.php"), s.path("lib/x"))
    os.rename(s.path("lib/f2.php"), s.path("lib/f1.php"))
    os.rename(s.path("lib/x"), s.path("lib/f2.php"))
    r = s.run("check")
    ok(r.code == 0, "two files of one content in each other's place differ in nothing", r)


def raw(s):
    """Written past the filesystem: no time moves, only --full can find it."""
    disk, image = os.path.join(s.base, "disk"), os.path.join(s.base, "image")
    os.mkdir(disk)
    mount = "mount -o loop %s %s" % (image, disk)
    if subprocess.run("truncate -s 16M %s && mkfs.ext4 -q %s && %s" % (image, image, mount), shell=True,
                      stderr=subprocess.DEVNULL).returncode:
        print("# no loop devices here: raw writes are not tried")
        return
    os.mkdir(disk + "/shop")
    with open(disk + "/shop/raw.php", "w") as f:
        f.write(PAGE * 10)
    more = ["--config", os.path.join(s.base, "raw.conf")]
    ok(run("init", disk + "/shop", "--state", os.path.join(s.base, "raw"), "--yes", *more).code == 0,
       "a shop on a disk of its own")
    subprocess.run(["umount", disk])
    with open(image, "r+b") as f:
        at = f.read().index(b"AAAAAAAAAAAAAAAA")
        f.seek(at)
        f.write(b"Z")
    subprocess.run(mount, shell=True)
    ok(run("check", *more).code == 0, "a byte written to the disk itself: the index passes over it, as it says")
    r = run("check", "--full", *more)
    ok(r.code == 1 and b"raw.php" in r.out, "and --full finds it", r)
    subprocess.run(["umount", disk])


def second(s):
    """A folder that comes to the roots while hinoband is not there."""
    s.write("../more/index.php", PAGE)
    with open(s.config) as f:
        text = f.read()
    with open(s.config, "w") as f:
        f.write(text.replace('roots = ["%s"]' % s.dir, 'roots = ["%s", "%s"]' % (s.dir, os.path.join(s.base, "more")), 1))
    r = s.run("check")
    ok(r.code == 0 and "index.php" in {f["path"] for f in s.log("--type", "file.baseline")},
       "a second folder in the settings is inventoried", r)
    shell = "<?php system($_GET['c']);\n"
    s.write("lib/a.php", shell)
    s.write("../more/a.php", shell)
    s.run("check")
    r = s.run("findings")
    ok(all((p + ":").encode() in r.out for p in (s.path("lib/a.php"), os.path.join(s.base, "more", "a.php"))),
       "findings: of two shops, each path with its folder", r)
    ok({f["path"] for f in s.run("findings", "--json").lines()} >= {"lib/a.php", "a.php"}, "with --json it is the fact as ever")
    r = s.run("approve", "--all", "--reason", "a second shop")
    ok(r.code == 0 and r.out.count(b"a.php") == 2, "what is found in both can be approved", r)
    r = s.run("check")
    ok(r.code == 0, "then all is as approved", r)
    r = s.run("rebuild")
    ok(r.code == 0, "and the views are the same, built anew", r)


def main():
    s = Shop({"lib/f%d.php" % i: PAGE for i in range(30)})
    ok(s.init().code == 0, "a shop")
    r = s.run("check")
    ok(r.code == 0, "nothing differs: exit 0", r)
    r = s.run("check", "--full")
    ok(r.code == 0, "nor with --full", r)
    os.chmod(s.dir, 0o777)
    r = s.run("check")
    ok(r.code == 1 and b"the folder \"%s\"" % s.dir.encode() in r.out, "the shop's own folder, open to all: exit 1", r)
    os.chmod(s.dir, 0o755)
    ok(s.run("check").code == 0, "and as before: exit 0")
    racy(s)
    raw(s)
    for words in (["--bogus"], ["more"]):
        ok(s.run("check", *words).code == 2, "check %s: exit 2" % words[0])
    os.rename(s.dir, s.dir + ".away")
    r = s.run("check")
    ok(r.code == 3 and b"No such file" in r.err, "a shop that is not there can't be checked: exit 3, never 0", r)
    os.rename(s.dir + ".away", s.dir)
    second(s)
    s.done()
    end()


main()
