#!/usr/bin/env python3
"""The shop's own disk, another than the ledger's, has no room: what can't be put back is told, hinoban's own
attempts are not taken for an attack, nothing of them is left, and with room again all is put back."""
import os
import shutil
import subprocess
import threading

from held import FILES, GOOD, Held, Whole, end, ok, own, skip, wait_for

MANY = {"lib/f%d.php" % i: GOOD for i in range(60)}


class Full(Held):
    """On a disk of its own that root keeps full as long as it is asked to."""

    def __init__(self):
        Whole.__init__(self, {})
        image = os.path.join(self.base, "image")
        with open(image, "wb") as f:
            f.truncate(12 << 20)
        subprocess.run(["mkfs.ext4", "-qF", "-m", "0", image], check=True)
        r = subprocess.run(["mount", "-o", "loop", image, self.dir], capture_output=True, text=True)
        self.why = r.stderr.strip() if r.returncode else ""
        for rel, text in {**FILES, **MANY}.items():
            self.write(rel, text)
        own(self.dir)
        os.chmod(self.base, 0o755)
        self.filling = threading.Event()
        self.room = threading.Event()

    def fill(self):
        fd = os.open(self.path("uploads/big"), os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        while not self.room.is_set():
            for size in 65536, 4096, 512, 1:
                try:
                    while os.write(fd, b"\0" * size):
                        pass
                except OSError:
                    pass
            self.filling.set()
        os.ftruncate(fd, 0)
        os.close(fd)

    def litter(self):
        return [os.path.join(d, n) for d, folders, files in os.walk(self.dir) for n in folders + files
                if n.startswith(".hinoban-")]


def removes(s):
    for rel in MANY:
        os.unlink(s.path(rel))


def status(s, lang="en"):
    return s.run("status", "--lang", lang).out.decode()


if not shutil.which("mkfs.ext4"):
    skip("a shop whose disk is full", "mkfs.ext4 is not installed")
    end()
s = Full()
if s.why:
    skip("a shop whose disk is full", s.why)
    s.done()
    end()
s.init("--profile", "plain")
s.run("mode", "heal", "--reason", "a test")
s.open()
ok(s.status()["not_put_back"] == 0 and "put back" not in status(s), "with room nothing is told", status(s))
filler = threading.Thread(target=s.fill)
filler.start()
s.filling.wait()
s.intruder(removes)
s.settle()
failed = [d for d in s.facts("deed") if not d["done"]]
ok(failed and "No space left" in failed[-1]["why"], "on a full disk files can't be put back", s.facts("deed")[-3:])
told = s.status()
ok(told["not_put_back"] == sum(not os.path.exists(s.path(rel)) for rel in MANY) > 0 and
   "No space left" in told["not_put_back_why"], "status --json tells how many, and why", told)
r = s.run("status")
ok(r.code == 1 and b"could not be put back: %d." % told["not_put_back"] in r.out and b"No space left" in r.out, "status, too", r)
ok("元に戻せなかったファイルが %d 件" % told["not_put_back"] in status(s, "ja"), "in Japanese", status(s, "ja"))
ours = [f for f in s.run("findings", "--json").lines() if ".hinoban-" in f["path"]]
ok(not ours, "hinoban's own attempts are no attack", ours[:2])
ok(not s.litter(), "and leave nothing", s.litter())
s.room.set()
filler.join()
ok(wait_for(lambda: all(os.path.exists(s.path(rel)) for rel in MANY), 60), "with room again all is put back", os.listdir(s.path("lib")))
ok(wait_for(lambda: s.status()["not_put_back"] == 0, 20) and "put back" not in status(s), "and no more is told", status(s))
ok(not s.litter() and s.stop() == 0, "nothing is left, and it stops in order", s.litter())
subprocess.run(["umount", "-l", s.dir], check=False)
s.done()
end()
