#!/usr/bin/env python3
"""What an intruder may do to keep the gate from looking, or to have code read by another name: a lease
of his own, a pipe, a folder of very many names, links that PHP follows by itself, the same link again
and again. As ever nobody reads what is not approved, and soon all is as it was."""
import fcntl
import os
import shutil
import signal
import subprocess
import threading
import time

from held import EVIL, FILES, GOOD, PAY, WEB, Held, end, ok, openat2, outside, put, quiet, reads, wait_for
from tamper import FALSE, TEMPLATE, TEXT, exchanged, swapped

NAMES = 1700000  # a walk of some seconds
LINKS = 60000  # names of one file; ext4 takes 65,000


class Readers:
    """Two customers who read a path over and over, meanwhile."""

    def __init__(self, s, rel=PAY):
        self.s, self.rel, self.seen, self.slowest, self.stop = s, rel, {}, 0.0, False
        self.all = [threading.Thread(target=self.read_on) for _ in range(2)]
        for t in self.all:
            t.start()

    def read_on(self):
        while not self.stop:
            began = time.monotonic()
            got = self.s.customer(self.rel)
            self.slowest = max(self.slowest, time.monotonic() - began)
            got = type(got).__name__ if isinstance(got, Exception) else got
            self.seen[got] = self.seen.get(got, 0) + 1

    def end(self):
        self.stop = True
        for t in self.all:
            t.join()
        return self.seen


def gates(s):
    return len([f for f in s.log("--type", "role.died") if f.get("role") == "gate"])


def leased(s):
    """A write lease on what he moves onto code: whoever opens it would wait for him."""
    folder = outside(s)

    def act(s):
        signal.signal(signal.SIGIO, signal.SIG_IGN)
        path = os.path.join(folder, "e")
        fd = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
        os.write(fd, EVIL.encode())
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        os.rename(path, s.path(PAY))
        time.sleep(3)
    readers = Readers(s)
    quiet()
    done = s.intruder(act)
    seen = readers.end()
    ok(done is None and EVIL not in seen and seen.get(GOOD, 0) > 10, "code under his lease: read by nobody", (done, seen))
    ok(readers.slowest < 2.5, "and nobody waits for him (%.2f s)" % readers.slowest)
    ok(s.healed(), "it is put back")


def piped(s):
    """A pipe in the place of code: who opens it waits in the kernel for a writer."""
    readers = Readers(s)
    quiet()
    for i in range(5):
        def act(s, i):
            os.mkfifo(s.path("uploads/p%d" % i))
            os.rename(s.path("uploads/p%d" % i), s.path(PAY))
        s.intruder(act, i)
        ok(s.healed(), "a pipe in its place gives way")
    seen = readers.end()
    ok(readers.slowest < 5, "and whoever opened it is let go (%.2f s)" % readers.slowest)
    ok(EVIL not in seen and seen.get(GOOD, 0) > 10, "and reads approved code thereafter", seen)


def crowded(s):
    """A folder of very many names, moved in at once, while code is altered."""
    folder = os.path.join(outside(s), "many")

    def make(s):
        os.mkdir(folder)
        for n in range(NAMES):
            if n % LINKS == 0:
                first = os.path.join(folder, "f%d" % n)
                open(first, "w").close()
            else:
                os.link(first, os.path.join(folder, "l%d" % n))
    made = s.intruder(make)
    died = gates(s)
    readers = Readers(s)
    quiet()

    def act(s):
        os.rename(folder, s.path("uploads/many"))
        for i in range(40):
            path = os.path.join(os.path.dirname(folder), "e%d" % i)
            with open(path, "w") as f:
                f.write(EVIL)
            os.rename(path, s.path(PAY))
            time.sleep(0.05)
    done = s.intruder(act)
    seen = readers.end()
    ok(made is None and done is None and EVIL not in seen and seen.get(GOOD, 0) > 10,
       "a folder of %d names: code is read by nobody while it is walked" % NAMES, (made, done, seen))
    ok(readers.slowest < 2.5, "and no open waits for the walk (%.2f s)" % readers.slowest)
    ok(gates(s) == died, "and the gate lives")
    ok(s.healed(), "and the code is put back")
    shutil.rmtree(s.path("uploads/many"))


PHP = """
$led = false;
for ($end = microtime(true) + 1; microtime(true) < $end; usleep(500)) {
    if (!$led) {
        clearstatcache(true); // it keeps as well that something is no link
        $led = realpath($argv[1]) !== $argv[1];
    }
    echo @file_get_contents($argv[1]), "\\n";
}
"""


def php(s, rel):
    """What PHP reads there: it follows links by itself, and opens what they lead to by its own name."""
    r = subprocess.run(["setpriv", "--reuid=%d" % WEB, "--regid=%d" % WEB, "--clear-groups", "php8.2", "-r", PHP,
                        s.path(rel)], capture_output=True, text=True, timeout=60)
    return set(r.stdout.splitlines()) - {""}


def followed(s, folder, what):
    """PHP keeps where a link led for two minutes, in the process that followed it."""
    def prepare(s):
        if folder:
            os.makedirs(s.path("uploads/t"), exist_ok=True)
            put(s, "uploads/t/page.html", FALSE)
        else:
            put(s, "uploads/t.txt", FALSE)

    def act(s):
        time.sleep(0.3)
        if folder:
            os.symlink(s.path("uploads/t"), s.path("uploads/l"))
            os.rename(s.path("templates"), s.path("uploads/away%d" % time.monotonic_ns()))
            os.rename(s.path("uploads/l"), s.path("templates"))
        else:
            os.symlink("../uploads/t.txt", s.path("uploads/l"))
            os.rename(s.path("uploads/l"), s.path(TEMPLATE))
    seen = set()
    for _ in range(4):
        s.intruder(prepare)
        quiet(0.5)
        thread = threading.Thread(target=s.intruder, args=(act,))
        thread.start()
        seen |= php(s, TEMPLATE)
        thread.join()
        ok(s.healed(TEMPLATE, TEXT), "%s: put back" % what)
    ok(seen == {TEXT.strip()}, "and what it led to is not read by PHP", seen)


def jailed(s, name):
    """An upload, read by a path that is one of code to the gate: within a chroot of its own a link leads
    there, of which nobody tells. So it looks to the gate where a link of code stands already, and
    the kernel has not told of it yet."""
    def act(s):
        os.makedirs(s.path("uploads/" + name) + os.path.dirname(s.path("templates")))
        os.symlink("/", s.path("uploads/" + name) + s.path("templates"))
        put(s, "uploads/%s/page.html" % name, FALSE)
    s.intruder(act)
    quiet(1)
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.chroot(s.path("uploads/" + name))
        os.setgroups([])
        os.setgid(WEB)
        os.setuid(WEB)
        for path in (s.path(TEMPLATE), "/page.html"):
            try:
                with open(path) as f:
                    os.write(theirs, f.read().encode())
            except OSError as e:
                os.write(theirs, type(e).__name__.encode() + b"\n")
        os._exit(0)
    os.close(theirs)
    with open(ours) as f:
        seen = f.read().splitlines(True)
    os.waitpid(pid, 0)
    return seen


def before_told(s):
    """For an hour after a link of code the path that the opener gives decides, whatever is known of links."""
    def link(s):
        os.rename(s.path("templates"), s.path("uploads/gone"))
        os.symlink("uploads", s.path("templates"))
    s.intruder(link)
    ok(s.healed(TEMPLATE, TEXT), "a link in place of the templates is put back")
    quiet(5)
    seen = jailed(s, "jail")
    ok(seen == ["PermissionError\n", FALSE], "then an open by a path of code is one of code, though no link is known any more", seen)


def insistent(s):
    """The same link again and again: what is put there once more, before the guard has looked, is no change."""
    def act(s):
        until = time.monotonic() + 0.06
        while time.monotonic() < until:
            try:
                os.symlink(s.path("uploads/t.txt"), s.path("uploads/i"))
                os.rename(s.path("uploads/i"), s.path(TEMPLATE))
            except OSError:
                pass
    stood = []
    readers = Readers(s, TEMPLATE)
    for _ in range(16):
        s.intruder(lambda s: put(s, "uploads/t.txt", FALSE))
        s.intruder(act)
        quiet(0.1)
        began = time.monotonic()
        s.healed(TEMPLATE, TEXT)
        stood.append(time.monotonic() - began)
    seen = readers.end()
    ok(max(stood) < 4, "the same link over and over: put back soon each time (%.1f s)" % max(stood), stood)
    ok(FALSE not in seen and seen.get(TEXT, 0) > 10, "and what it leads to is read by nobody", seen)


def signal_role(s, role, sig):
    for pid in s.pids(role):
        os.kill(pid, sig)


def unseen(s):
    """Put back and gone again, with its folder, before the guard has looked: to it nothing has changed."""
    def gone(s):
        os.unlink(s.path(TEMPLATE))
    signal_role(s, "hand", signal.SIGSTOP)
    s.intruder(gone)
    ok(wait_for(lambda: [f for f in s.log("--path", TEMPLATE) if "removed" in f.get("what", [])], 5), "the guard tells that it is gone")
    signal_role(s, "guard", signal.SIGSTOP)
    signal_role(s, "hand", signal.SIGCONT)
    ok(s.healed(TEMPLATE, TEXT) and s.customer(TEMPLATE) == TEXT, "it is put back, and read")
    folder = os.path.join(outside(s), "t")
    s.intruder(lambda s: os.rename(s.path("templates"), folder))
    signal_role(s, "guard", signal.SIGCONT)
    ok(s.healed(TEMPLATE, TEXT), "its folder is moved away: put back again, with what was in it")
    shutil.rmtree(folder)


def flooded(s):
    """More comes into code than the gate can remember, while a reader waits whose file is away by then. What
    he asked for says his path: by its text, by the links in it, or not at all."""
    link = os.path.join(outside(s), "current")
    os.symlink(s.dir, link)
    mount = os.path.join(s.base, "mount")
    os.mkdir(mount)
    subprocess.run(["mount", "--bind", s.path("templates"), mount], check=True)
    ways = (("by its path", s.path, os.open), ("by a mount of its folder", lambda rel: os.path.join(mount, os.path.basename(rel)), os.open),
            ("by a link to the shop", lambda rel: os.path.join(link, rel), os.open),
            ("by another root", lambda rel: "/proc/self/root" + s.path(rel), os.open),
            ("by openat2", s.path, openat2))

    def read(s, path, way):
        try:
            with os.fdopen(way(path, os.O_RDONLY | os.O_CLOEXEC), "rb") as f:
                return f.read().decode(errors="replace")
        except OSError as e:
            return type(e).__name__

    def flood(s, evil, names):
        for i in range(names):
            os.link(evil, s.path("templates/n%d.txt" % i))
            os.unlink(s.path("templates/n%d.txt" % i))

    def one(path, way, evil, names):
        """He waits for the gate's answer; meanwhile the file goes, and the flood comes."""
        got = []
        s.intruder(lambda s: put(s, evil, FALSE))
        quiet(0.5)
        signal_role(s, "gate", signal.SIGSTOP)
        s.intruder(lambda s: exchanged(evil, s.path(TEMPLATE)))
        reader = threading.Thread(target=lambda: got.append(s.intruder(read, path, way)))
        reader.start()
        quiet(0.2)
        s.intruder(lambda s: exchanged(evil, s.path(TEMPLATE)))
        s.intruder(flood, evil, names)
        signal_role(s, "gate", signal.SIGCONT)
        reader.join()
        return got[0]
    s.intruder(lambda s: os.mkdir(s.path("uploads/f")))
    beside, within = os.path.join(outside(s), "page.html"), s.path("uploads/f/page.html")
    for what, path, way in ways:
        got = [one(path(TEMPLATE), way, *case) for case in ((beside, 300), (within, 300), (beside, 255))]
        ok(FALSE not in got, "a flood of names, and the file is away again; opened %s: not read" % what, got)
        innocent = s.intruder(read, path("uploads/hat.jpg"), way)
        if os.path.exists(path("uploads/hat.jpg")) and "/proc/" not in path(""):
            ok("hat" in innocent, "and an upload is read as ever", innocent)
    subprocess.run(["umount", "-l", mount], check=True)
    ok(s.healed(TEMPLATE, TEXT), "and in the end it is as it was")


def deep(s):
    """A folder whose path is longer than the kernel tells, and a file in it that a link of code leads to."""
    name = "d" * 250
    at = os.open(s.path("uploads"), os.O_RDONLY)
    for _ in range(18):
        os.mkdir(name, dir_fd=at)
        os.chown(name, WEB, WEB, dir_fd=at)
        nxt = os.open(name, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = nxt
    return at


def nameless(s):
    folder = outside(s)
    with open(os.path.join(folder, "n.html"), "w") as f:
        f.write(FALSE)
    at = deep(s)
    os.rename(os.path.join(folder, "n.html"), "n.html", dst_dir_fd=at)

    def through(s):
        """The shop's own way there: each folder a link, none of them long."""
        back = "d" * 250
        os.symlink("/".join([back] * 9), s.path("uploads/la"))
        os.symlink("la/" + "/".join([back] * 9), s.path("uploads/lb"))
        os.symlink("../uploads/lb/n.html", s.path("uploads/lc"))
        got = []
        for _ in range(40):
            try:
                os.rename(s.path("uploads/lc"), s.path(TEMPLATE))
                with open(s.path(TEMPLATE)) as f:
                    got.append(f.read())
            except OSError as e:
                got.append(type(e).__name__)
            try:
                os.symlink("../uploads/lb/n.html", s.path("uploads/lc"))
            except FileExistsError:
                pass
            time.sleep(0.05)
        return got
    quiet(1)  # until the gate has heard of these folders
    got = s.intruder(through)
    ok(isinstance(got, list) and FALSE not in got, "a link of code to a file whose path is too long to be told: not read", got)
    ok(wait_for(lambda: [f for f in s.log("--type", "open.denied") if f["why"] in ("nameless", "link")], 5), "and it is told")
    ok(s.healed(TEMPLATE, TEXT), "the link is taken away")
    os.close(at)


def peekers(s):
    gate, = s.pids("gate")
    with open("/proc/%d/task/%d/children" % (gate, gate)) as f:
        return [int(pid) for pid in f.read().split()]


def stalled(s):
    """Whose memory can't be read, because he has seen to that, stops nobody."""
    def link(s):
        seen = set()
        for i in range(20):
            try:
                put(s, "uploads/t.txt", FALSE)
                os.symlink(s.path("uploads/t.txt"), s.path("uploads/i"))
                os.rename(s.path("uploads/i"), s.path(TEMPLATE))
                with open(s.path(TEMPLATE)) as f:
                    seen.add(f.read())
                in_place = open(s.path(PAY), "a")
                in_place.write(EVIL)
                in_place.close()
            except OSError as e:
                seen.add(type(e).__name__)
        return seen
    lookers = peekers(s)
    ok(len(lookers) > 1, "there are some who look into memory", lookers)
    for pid in lookers:
        os.kill(pid, signal.SIGSTOP)
    readers = Readers(s)
    seen = s.intruder(link)
    read = readers.end()
    ok(FALSE not in seen and EVIL not in read and read.get(GOOD, 0) > 10, "all of them hang: nothing is read that is not approved", (seen, read))
    ok(peekers(s) == lookers, "and the gate is the one of the beginning", (peekers(s), lookers))
    for pid in lookers:
        os.kill(pid, signal.SIGCONT)
    ok(s.healed() and s.healed(TEMPLATE, TEXT), "all is as it was")


def room(s):
    """What is removed is not kept on the disk by the gate."""
    def act(s):
        for i in range(20):
            put(s, "uploads/big%d.txt" % i, "x" * 100000)
            with open(s.path("uploads/big%d.txt" % i)) as f:
                f.read()
            os.unlink(s.path("uploads/big%d.txt" % i))
    s.intruder(act)
    fds = "/proc/%d/fd" % s.pids("gate")[0]

    def gone():
        left = []
        for n in os.listdir(fds):
            try:
                to = os.readlink(os.path.join(fds, n))
            except OSError:
                continue
            if "/big" in to and to.endswith("(deleted)"):
                left.append(to)
        return left
    ok(wait_for(lambda: not gone(), 10), "removed uploads are let go of", gone())


def foreign(s):
    """A folder that only root may read, moved into the place of code: it is not given to the web server's user."""
    made, mine = os.path.join(outside(s), "mine"), s.path("mine")
    os.mkdir(made, 0o700)
    with open(os.path.join(made, "secret.txt"), "w") as f:
        f.write("secret")
    os.rename(made, mine)
    fd = os.open(mine, os.O_RDONLY)
    quiet(1)

    def swap(s):
        os.rename(s.path("lib"), s.path("uploads/lib"))
        os.rename(mine, s.path("lib"))
    done = s.intruder(swap)
    deed = wait_for(lambda: [f for f in s.log("--type", "deed.heal") if f["path"] == "lib" and not f["done"]], 10)
    st = os.fstat(fd)
    os.close(fd)
    ok(done is None and st.st_uid == 0 and st.st_mode & 0o7777 == 0o700, "somebody else's folder stays his", (done, st))
    ok(bool(deed) and "somebody else" in deed[0]["why"], "and the deed says so", s.log("--type", "deed.heal")[-3:])
    shutil.rmtree(s.path("lib"))
    ok(s.healed("lib/a.php") and s.healed("lib/deep/b.php"), "once it is gone all is put back")


def leftovers(s):
    """New code that he is not let write: what he makes again and again is empty, and taken away. That
    he makes it anew at once is no sign that the hand can't: it comes as soon as at first."""
    names = ("lib/a.php.new", ".user.ini", "lib/.htaccess")

    def act(s):
        for i in range(150):
            try:
                put(s, names[i % 3], EVIL)
            except OSError:
                pass
            time.sleep((0, 0.002, 0.02)[i % 7 % 3])

    def remade(s):
        end = time.monotonic() + 8
        while time.monotonic() < end:
            try:
                os.close(os.open(s.path(names[0]), os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o644))
            except OSError:
                time.sleep(0.0002)

    def left():
        return [n for n in names if os.path.lexists(s.path(n))]
    for how in (act, remade):
        s.intruder(how)
        ok(wait_for(lambda: not left(), 5), "nothing new is left among code", left())


s = Held({**FILES, TEMPLATE: TEXT}).open()
for part in (leased, piped, crowded):
    part(s)
followed(s, False, "a link in place of a template")
followed(s, True, "a link in place of its folder")
insistent(s)
unseen(s)
swapped(s, os.path.join(outside(s), "x"), "from outside of the shop")
swapped(s, s.path("uploads/z%s/templates" % s.dir), "whose path looks alike", TEMPLATE, (TEXT, FALSE), 0.0001)
flooded(s)
nameless(s)
stalled(s)
room(s)
foreign(s)
leftovers(s)
before_told(s)
ok(s.customer() == GOOD, "customers read approved code")
# The guard, which records each of very many names, may be taken for hung; then another goes on.
died = [f for f in s.log("--type", "role.died") if f["role"] != "guard"]
ok(not died, "and all of hinoban's processes but the guard are those of the beginning", died)
s.stop()
s.done()
end()
