#!/usr/bin/env python3
"""A page of the shop's cache that has stood for a while is opened without a question. Wherever it is
moved or linked to among code it is asked about all the same; once it is altered, or a link of code may
lead to it, also at home."""
import glob
import os
import re

from held import FILES, GOOD, PAY, Held, end, ok, put, quiet, wait_for

ROUNDS = 8
PAGE = "<?php echo 'page %d'; // EVIL where payment belongs\n"
OPEN_PERM = 0x10000


def unasked(s):
    """The inodes in caches that raise no question any more, as the kernel tells it of the gate's groups."""
    found = {}
    for comm in glob.glob("/proc/[0-9]*/comm"):
        try:
            with open(comm) as f:
                name = f.read().strip()
            with open(comm.replace("comm", "cmdline")) as f:
                if name != "hinoban-gate" or s.base not in f.read():
                    continue
            for info in glob.glob(comm.replace("comm", "fdinfo/*")):
                with open(info) as f:
                    found[info] = f.read()
        except OSError:
            continue
    return {int(m[1], 16) for text in found.values()
            for m in re.finditer(r"fanotify ino:(\w+) .*ignored_mask:(\w+)", text) if int(m[2], 16) & OPEN_PERM}


def cached(s, i):
    return "cache/p%d.php" % i


def inode(s, i):
    return os.stat(s.path(cached(s, i))).st_ino


def settle(s, numbers, what):
    """The pages are there, are opened now and then, and pass at last."""
    def there():
        for i in numbers:
            s.customer(cached(s, i))
        return all(inode(s, i) in unasked(s) for i in numbers)
    ok(wait_for(there, 30), what, "%s not among %s" % ([inode(s, i) for i in numbers], unasked(s)))


def look(path):
    try:
        with open(path) as f:
            return f.read()
    except OSError as e:
        return e


def make(s, numbers):
    """Anew: what lay there may be closed to writers for some seconds, as one file with the code."""
    def act(s):
        for i in numbers:
            if os.path.lexists(s.path(cached(s, i))):
                os.unlink(s.path(cached(s, i)))
            put(s, cached(s, i), PAGE % i)
    if not wait_for(lambda: s.intruder(act) is None, 30):
        ok(False, "pages of the cache are made", s.intruder(act))


def onto_code(s, way, what):
    def act(s, i):
        way(s.path(cached(s, i)), s.path(PAY))
        return look(s.path(PAY))
    seen = []
    for i in range(ROUNDS):
        got = s.intruder(act, i)
        seen += [] if got == GOOD or isinstance(got, OSError) else [got]
        s.healed()
    ok(not seen, "%s onto %s: read by nobody there" % (what, PAY), seen[:3])


def link_over(source, target):
    os.link(source, source + ".l")
    os.rename(source + ".l", target)


def symlink_over(source, target):
    os.symlink(source, source + ".s")
    os.rename(source + ".s", target)


s = Held({**FILES, "cache/keep.txt": "x"}).open()
pages = range(2 * ROUNDS)
make(s, pages)
ok(not unasked(s) & {inode(s, i) for i in pages}, "a page that was just made is asked about")
settle(s, pages, "one that has stood for some seconds is not any more")

before = [x for x in (s.customer(cached(s, i)) for i in pages) if not isinstance(x, str)]
ok(not before, "and is read as ever", before[:3])

# Altered in place: what was known of it is void before its writer has written.
s.intruder(lambda s: put(s, cached(s, 0), PAGE % 100))
ok(inode(s, 0) not in unasked(s), "altered: it is asked about again")
ok(s.customer(cached(s, 0)) == PAGE % 100, "and is read as it is now", s.customer(cached(s, 0)))
settle(s, pages, "until it has stood for a while")

onto_code(s, link_over, "a hard link of such a page")
make(s, pages)
settle(s, pages, "they are not asked about any more, once more")
onto_code(s, os.rename, "such a page moved")

# A link of code: from when the gate has heard of it, for as long as it stands.
make(s, pages)
s.run("mode", "hold", "--reason", "a test")
settle(s, pages, "nor in mode hold")
made = s.intruder(lambda s: symlink_over(s.path(cached(s, 3)), s.path(PAY)))
ok(made is None, "mode hold: a link of code into the cache", made)
ok(wait_for(lambda: not unasked(s) & {inode(s, i) for i in pages}, 5), "all its pages "
   "are asked about again")
seen = []
for _ in range(30):
    seen.append(s.customer())
    s.customer(cached(s, 3))
    quiet(0.25)
ok(all(isinstance(x, OSError) for x in seen), "for as long as it stands, and who comes by it is refused",
   [x for x in seen if isinstance(x, str)][:3])
ok(isinstance(s.customer(cached(s, 3)), PermissionError), "by its own name, too: PHP follows links by itself")
ok(s.customer(cached(s, 4)) == PAGE % 4, "another page is what it is", s.customer(cached(s, 4)))
s.run("mode", "heal", "--reason", "a test")
ok(s.healed(), "mode heal: the code is put back")
settle(s, [i for i in pages if i != 3], "and the cache is left in peace")
s.stop()
s.done()
end()
