#!/usr/bin/env python3
"""What the hand does for nobody: give away what the intruder can't read, or write into what he can't write,
where he has moved it into the place of code. What it does also where its own folder lies on another
filesystem. And what is no part of a deploy, though one is under way."""
import fcntl
import os
import re
import signal
import socket
import struct
import subprocess
import threading
import time

from held import EVIL, FILES, GOOD, PAY, WEB, Held, closes, end, ok, outside, put, quiet, skip, wait_for
from tamper import exchanged

OTHER = 64998  # a user of nobody's
SECRET = "<?php return 'SECRET'; // approved, and not for everybody\n"
REPORT = "what root has written\n"
TEAM = 64997  # a group that he is in, and the web user is not
OWNERS = (("theirs", OTHER), ("roots", 0))  # of folders among code


def flagged(fd, on=None):
    """Is this file unalterable (chattr +i)? Set it so, or not. By a descriptor: an open of it may be refused."""
    flags = struct.unpack("l", fcntl.ioctl(fd, 0x80086601, struct.pack("l", 0)))[0]  # FS_IOC_GETFLAGS
    if on is not None:
        fcntl.ioctl(fd, 0x40086602, struct.pack("l", flags | 0x10 if on else flags & ~0x10))  # FS_IOC_SETFLAGS
    return bool(flags & 0x10)


def deployed(s, script):
    r = s.run("deploy", "--reason", "a test", "--", "sh", "-ec", script, cwd=s.dir)
    ok(r.code == 0, "a deploy", r)
    quiet(2.5)  # the gate waits a little longer for what is told of it


def secret(s):
    """Approved code that the web server's user can't read: his own file in its place does not get its content."""
    folder = outside(s)
    deployed(s, "chown 0:0 lib/secret.php; chmod 600 lib/secret.php")

    def act(s):
        seen = set()
        for i in range(10):
            mine = os.path.join(folder, "s.php")
            with open(mine, "w") as f:
                f.write(EVIL)
            os.rename(mine, s.path("lib/secret.php"))
            for _ in range(3):
                try:
                    with open(s.path("lib/secret.php")) as f:
                        seen.add(f.read())
                except OSError as e:
                    seen.add(type(e).__name__)
        return seen
    seen = s.intruder(act)
    ok(seen == {"PermissionError"}, "what he may not read is not written into a file of his", seen)
    ok(s.healed("lib/secret.php", SECRET) and os.stat(s.path("lib/secret.php")).st_mode & 0o777 == 0o600, "it is put back, closed")


def shared(s):
    """Approved code that another user can't read, in a folder that he may write to: a file of his own, or one
    that he has open, in its place does not get that code's content."""
    folder = outside(s)
    deployed(s, "mkdir conf2; chown %d:%d conf2; chmod 2775 conf2; for n in s g; do cp lib/secret.php conf2/$n.php; done; chown %d:%d conf2/*; chmod 640 conf2/*"
             % (WEB, TEAM, WEB, WEB))

    def moved(s, name, mine):
        fd = os.open(mine, os.O_RDONLY)
        os.rename(mine, s.path("conf2/" + name))
        try:
            with open(s.path("conf2/" + name)) as f:
                read = f.read()
        except OSError as e:
            read = type(e).__name__
        time.sleep(0.1)
        return read, os.pread(fd, 999, 0).decode()

    def his(s):
        seen = set()
        for i in range(10):
            mine = os.path.join(folder, "s%d.php" % i)
            with open(mine, "w") as f:
                f.write(EVIL)
            os.chmod(mine, 0o666)
            seen.update(moved(s, "s.php", mine))
        return seen
    seen = s.as_user(OTHER, [TEAM], his)
    ok(isinstance(seen, set) and SECRET not in seen, "what another user may not read is not written into a file of his", seen)
    for i in range(3):
        # The web user's own, with rights that let others read, or another group.
        mine = os.path.join(folder, "g%d.php" % i)
        with open(mine, "w") as f:
            f.write(EVIL)
        os.chown(mine, WEB, (TEAM, TEAM, WEB)[i])
        os.chmod(mine, (0o664, 0o660, 0o604)[i])
        seen = s.as_user(OTHER, [TEAM], moved, "g.php", mine)
        ok(SECRET not in seen, "nor into one of the web user's that he has open (%d)" % i, seen)
        ok(s.healed("conf2/g.php", SECRET), "it is put back")

    def in_place(s):
        with open(s.path("conf2/s.php"), "w") as f:
            f.write(EVIL)
    ok(s.healed("conf2/s.php", SECRET) and os.stat(s.path("conf2/s.php")).st_mode & 0o777 == 0o640, "it is put back, closed")
    s.intruder(in_place)
    ok(s.customer("conf2/s.php") == SECRET, "written in place it is healed for who waits")


def private(s):
    """A folder of the same owner's, but closed, in the place of one of code."""
    deployed(s, "; ".join("mkdir lib/%s lib/%s.closed; echo '<?php return 1;' > lib/%s/x.php; echo private > lib/%s.closed/x.txt; chown -R %d:%d lib/%s lib/%s.closed; "
                          "chmod 700 lib/%s.closed" % (name, name, name, name, uid, uid, name, name, name) for name, uid in OWNERS))
    for name, uid in OWNERS:
        closed = s.path("lib/%s.closed" % name)

        def act(s):
            exchanged(closed, s.path("lib/" + name))
            until = time.monotonic() + 3
            while time.monotonic() < until:
                try:
                    with open(s.path("lib/%s/x.txt" % name)) as f:
                        return f.read()
                except OSError:
                    time.sleep(0.01)
            return "closed"
        ok(s.intruder(act) == "closed", "a closed folder of %s in the place of code is not opened" % name)
        ok(wait_for(lambda: [f for f in s.log("--type", "deed.heal") if "somebody else" in f.get("why", "")], 5), "and it is told")
        deeds = len(s.log("--type", "deed.heal"))
        quiet(5)
        more = len(s.log("--type", "deed.heal")) - deeds
        ok(more < 12, "not again and again without end (%d deeds in 5 s)" % more)
        exchanged(closed, s.path("lib/" + name))
        ok(s.healed("lib/%s/x.php" % name, "<?php return 1;\n"), "once it is gone all is as it was")


def looked(s, fds, names):
    """What is read for three seconds in folders that are open."""
    seen, until = set(), time.monotonic() + 3
    while time.monotonic() < until:
        for fd in fds:
            for name in names:
                try:
                    f = os.open(name, os.O_RDONLY, dir_fd=fd)
                    seen.add(os.read(f, 99).decode())
                    os.close(f)
                except OSError as e:
                    seen.add(type(e).__name__)
    return seen


def enclosed(s):
    """Code for everybody (0644) in a folder that only some may enter: it is put into no folder that others may enter,
    or have open below."""
    deployed(s, "mkdir -p team/priv/sub team/free/sub own/sub; echo \"<?php return 'SECRET';\" | tee team/priv/k.php team/priv/sub/k.php own/sub/k.php own/k.php >/dev/null;"
             " echo x > team/free/x.txt; chown -R %d:%d team own; chown %d:%d team team/free; chmod 2775 team team/free team/free/sub; chmod 700 team/priv own" % (WEB, WEB, WEB, TEAM))
    priv = s.path("team/priv")

    def of_his_own(s):
        os.umask(0)
        os.rename(priv, priv + ".old")
        os.mkdir(priv, 0o777)
        fd = os.open(priv, os.O_RDONLY)
        return looked(s, [fd], ["k.php", "sub/k.php"])
    seen = s.as_user(OTHER, [TEAM], of_his_own)
    ok("SECRET" not in str(seen), "code of a closed folder is not put into one that another user has put there", seen)
    ok(any("somebody else" in f.get("why", "") for f in s.log("--type", "deed.heal") if f["path"].startswith("team/priv")), "which is told")
    os.rename(priv, s.path("team/his"))
    os.rename(priv + ".old", priv)

    def of_the_webs(s):
        os.rename(priv, priv + ".old")
        fds = [os.open(s.path("team/free" + x), os.O_RDONLY) for x in ("", "/sub")]
        os.rename(s.path("team/free"), priv)
        return looked(s, fds, ["k.php", "sub/k.php"])
    seen = s.as_user(OTHER, [TEAM], of_the_webs)
    st = os.stat(priv)
    ok("SECRET" not in str(seen), "nor into one of the web user's that he has open, nor into a folder in it", seen)
    ok((st.st_uid, st.st_mode & 0o7777) == (WEB, 0o700), "which is closed as the other was", oct(st.st_mode))
    subprocess.run(["rm", "-rf", s.path("team/his"), priv], check=True)
    ok(s.healed("team/priv/k.php", "<?php return 'SECRET';\n"), "once it is gone the code is back")

    def own(s):
        os.rename(s.path("own"), s.path("uploads/own"))
        os.makedirs(s.path("own/sub"))
        for name in ("own/k.php", "own/sub/k.php"):
            with open(s.path(name), "w") as f:
                f.write(EVIL)
    s.intruder(own)
    read = [s.customer("own/k.php"), s.customer("own/sub/k.php")]
    ok(EVIL not in read, "a closed folder that the web user alone can exchange: nothing altered is read", read)
    ok(s.healed("own/k.php", "<?php return 'SECRET';\n") and s.healed("own/sub/k.php", "<?php return 'SECRET';\n") and
       wait_for(lambda: os.stat(s.path("own")).st_mode & 0o777 == 0o700, 10), "and all of it is put back")


def restarted(s):
    """The hand is killed; the next one is there."""
    hand = s.pids("hand")[0]
    os.kill(hand, signal.SIGKILL)
    ok(wait_for(lambda: hand not in s.children() and s.complete(), 15), "the hand is killed, and there is another")


def remembered(s):
    """What another user has open in a folder that took a closed one's place gets no code, also from the next hand."""
    deployed(s, "mkdir -p team3/priv/sub team3/free/sub; echo \"<?php return 'SECRET';\" > team3/priv/sub/k.php; echo x > team3/free/x.txt; chown -R %d:%d team3;"
             " chown %d:%d team3 team3/free; chmod 2775 team3 team3/free team3/free/sub; chmod 700 team3/priv" % (WEB, WEB, WEB, TEAM))
    priv = s.path("team3/priv")
    fd = os.open(s.path("team3/free/sub"), os.O_RDONLY)

    def act(s):
        os.rename(priv, priv + ".old")
        os.rename(s.path("team3/free"), priv)
    s.as_user(OTHER, [TEAM], act)
    ok(wait_for(lambda: os.stat(priv).st_mode & 0o7777 == 0o700, 10), "a folder in the place of a closed one is closed")
    restarted(s)
    got = s.intruder(put, "team3/priv/sub/k.php", EVIL)
    seen = s.as_user(OTHER, [TEAM], looked, [fd], ["k.php"])
    ok("SECRET" not in str(seen) and any("somebody else" in f.get("why", "") for f in s.log("--type", "deed.heal")[-3:]), "what was open in it gets no code from the next hand", (got, seen))
    os.close(fd)
    subprocess.run(["rm", "-rf", priv, priv + ".old"], check=True)
    ok(s.healed("team3/priv/sub/k.php", "<?php return 'SECRET';\n"), "once it is gone the code is back")


def left_closed(s):
    """A file with another name is closed for who waits to read it; the hand is killed before it is given back."""
    if not closes(s.base):
        skip("a hand that is killed leaves a file closed", "this filesystem closes no file")
        return
    folder, names, good = outside(s), [], s.customer()

    def hard_link(s, name):
        with open(name, "w") as f:
            f.write(EVIL)
        os.link(name, name + ".2")
        return name

    def closed():
        """Which are closed: for 60 s at most where somebody has it open, which we have not, but perhaps the gate."""
        for name in names:
            fd = os.open(name, os.O_RDONLY)
            yield flagged(fd)
            os.close(fd)
    for i in range(3):
        name = s.intruder(hard_link, os.path.join(folder, "h%d.txt" % i))
        names.append(name)
        s.intruder(lambda s: os.rename(name + ".2", s.path(PAY)))
        ok(s.customer() == good, "who opens a file with another name reads the code")
    mine = os.open(os.path.join(outside(s), "roots.txt"), os.O_RDWR | os.O_CREAT)
    flagged(mine, True)
    ok(any(list(closed())), "it is closed")
    restarted(s)
    ok(wait_for(lambda: not any(list(closed())), 75), "and given back by the next hand", list(closed()))
    ok(flagged(mine), "what root has closed stays so")
    flagged(mine, False)
    os.close(mine)


def many(s):
    """More folders in the place of closed ones than the hand remembers: then it trusts none, nor does the next hand."""
    deployed(s, "mkdir many; for i in $(seq 300); do mkdir many/$i; done; mkdir many/300/sub; echo \"<?php return 'SECRET';\" > many/300/sub/k.php; chown -R 0:0 many;"
             " chmod 700 many/*; chmod 755 many/300/sub; chmod 644 many/300/sub/k.php; chown %d many" % WEB)

    def act(s, first, last):
        os.umask(0)
        for i in range(first, last):
            os.makedirs(s.path("many/%d.his/sub" % i))
            exchanged(s.path("many/%d.his" % i), s.path("many/%d" % i))
        return os.stat(s.path("many/%d" % i)).st_ino
    s.intruder(act, 1, 300)

    def dressed(i):
        st = os.stat(s.path("many/%d" % i))
        return (st.st_uid, st.st_mode & 0o7777) == (0, 0o700)
    ok(wait_for(lambda: all(dressed(i) for i in range(1, 300)), 60), "hundreds of folders take the places of closed ones, and are closed", [i for i in range(1, 300) if not dressed(i)])
    his = s.intruder(act, 300, 301)
    fd = os.open(s.path("many/300/sub"), os.O_RDONLY)
    ok(wait_for(lambda: dressed(300), 10) and os.stat(s.path("many/300")).st_ino == his, "and one more")
    for which in ("this", "the next"):
        try:
            os.close(os.open("k.php", os.O_WRONLY | os.O_CREAT, dir_fd=fd))
        except PermissionError:
            pass  # it is made, and the open of it refused
        seen = s.intruder(looked, [fd], ["k.php"])
        ok("SECRET" not in str(seen), "what was open in it gets no code from %s hand" % which, seen)
        if which == "this":
            restarted(s)
    os.close(fd)


def enclosed_by_root(s):
    """A closed folder of root's, in one of the web user's: again and again with a folder of his own in its place."""
    deployed(s, "mkdir rooted; echo \"<?php return 'SECRET';\" > rooted/k.php; chmod 700 rooted; chmod 644 rooted/k.php")
    place = s.path("rooted")

    def act(s):
        os.umask(0)
        rounds, won, wide = 0, 0, 0
        for i in range(25):
            until = time.monotonic() + 3
            while time.monotonic() < until:
                st = os.stat(place) if os.path.exists(place) else None
                if st and st.st_uid == 0 and st.st_mode & 0o777 == 0o700:
                    break
                time.sleep(0.005)
            time.sleep(0.1)
            os.rename(place, place + ".%d" % i)
            os.mkdir(place, 0o777)
            rounds += 1
            until = time.monotonic() + 0.2
            while time.monotonic() < until:
                try:
                    fd = os.open(place + "/k.php", os.O_RDONLY)
                    won += b"SECRET" in os.read(fd, 99)
                    os.close(fd)
                except OSError:
                    pass
                try:
                    st = os.stat(place)
                    wide += st.st_uid == 0 and st.st_mode & 0o77 != 0
                except OSError:
                    pass
        return rounds, won, wide
    got = s.intruder(act)
    ok(got == (25, 0, 0), "code of a closed folder of root's: never in one that he may enter, and his is root's only once it is closed", got)
    ok(s.healed("rooted/k.php", "<?php return 'SECRET';\n"), "it is put back")


def raced(s):
    """The same with a folder of his own and another's, exchanged over and over."""
    folder = s.path("lib/another")
    os.mkdir(folder, 0o700)
    os.chown(folder, OTHER, OTHER)
    fd = os.open(folder, os.O_RDONLY)

    def act(s):
        until, n = time.monotonic() + 6, 0
        while time.monotonic() < until:
            n += 1
            for _ in range(n % 300 * 2):
                exchanged(folder, s.path("lib/deep"))
            try:
                os.chmod(s.path("lib/deep"), 0o711)
            except OSError:
                pass
        return n
    n = s.intruder(act)
    quiet(2)
    st = os.fstat(fd)
    os.close(fd)
    ok(isinstance(n, int) and st.st_uid == OTHER and st.st_mode & 0o777 == 0o700, "another's folder stays his, however often it was exchanged", (n, st))
    subprocess.run(["rm", "-rf", "--one-file-system", folder], check=False)


def linked(s):
    """A file of root's with a second name elsewhere (a copy made of hard links), moved into the place of code."""
    kept = os.path.join(s.base, "backup")
    os.mkdir(kept, 0o700)
    with open(os.path.join(kept, "report.txt"), "w") as f:
        f.write(REPORT)
    os.link(os.path.join(kept, "report.txt"), s.path("uploads/report.txt"))
    quiet(1)

    def act(s):
        os.rename(s.path("uploads/report.txt"), s.path("lib/a.php"))
        try:
            with open(s.path("lib/a.php")) as f:
                return f.read()
        except OSError as e:
            return type(e).__name__
    got = s.intruder(act)
    quiet(1)
    with open(os.path.join(kept, "report.txt")) as f:
        ok(f.read() == REPORT, "the other name shows what root has written", got)
    ok(got in (FILES["lib/a.php"], "PermissionError") and s.healed("lib/a.php"), "and the code is put back", got)


def brought(s):
    """A folder of the intruder's with what he can't remove himself, moved among code."""
    folder = os.path.join(outside(s), "im")
    os.makedirs(folder + "/st")
    os.chown(folder, WEB, WEB)
    os.chmod(folder + "/st", 0o1777)
    kept = {"root.php": 0, "st/theirs.php": OTHER, "st/roots.php": 0, "st/his.php": WEB}
    for name, uid in kept.items():
        with open(os.path.join(folder, name), "w") as f:
            f.write("<?php // %s\n" % name)
        os.chown(os.path.join(folder, name), uid, uid)
    os.symlink("/tmp/theirs", folder + "/st/link.php")
    os.chown(folder + "/st/link.php", OTHER, OTHER, follow_symlinks=False)
    fd = os.open(folder + "/root.php", os.O_RDONLY)
    if closes(s.base):
        flagged(fd, True)
    s.intruder(lambda s: os.rename(folder, s.path("lib/im")))
    gone = [n for n in (*kept, "st/link.php") if n != "root.php"]
    ok(wait_for(lambda: not [n for n in gone if os.path.lexists(s.path("lib/im/" + n))], 10), "what was brought among code is taken away", os.listdir(s.path("lib/im/st")))
    hand = os.path.join(s.state, "hand")

    def found(text, uid):
        for n in (n for n in os.listdir(hand) if n.endswith(".taken")):
            st = os.lstat(os.path.join(hand, n))
            if st.st_uid == uid and (os.readlink(os.path.join(hand, n)) if os.path.islink(os.path.join(hand, n)) else open(os.path.join(hand, n)).read()) == text:
                return True
        return False
    for name in ("st/theirs.php", "st/roots.php"):
        ok(found("<?php // %s\n" % name, kept[name]), "what he could not remove is kept, its owner's: %s" % name, os.listdir(hand))
    ok(found("/tmp/theirs", OTHER), "also a link")
    ok(not found("<?php // st/his.php\n", WEB) and s.kept("<?php // st/his.php\n"), "his own is removed, with its content in the vault")
    if closes(s.base):
        ok(flagged(fd) and os.fstat(fd).st_nlink == 1, "what root has made unalterable stays, and stays so")
        ok(isinstance(s.customer("lib/im/root.php"), OSError), "and is read by nobody")
        flagged(fd, False)
    os.close(fd)
    subprocess.run(["rm", "-rf", s.path("lib/im")], check=True)


def replaced(s):
    """A folder of root's, in one of the web user's, exchanged with another of root's: what the web user could not
    have removed there, and what the vault has not, gives way to code, and is not lost."""
    deployed(s, "mkdir -p rooted2/sub; for n in big pipe socket link small; do echo '<?php return 4;' > rooted2/$n.php; done; chown -R 0:0 rooted2; chmod -R u=rwX,go=rX rooted2")
    folder = os.path.join(s.base, "brought2")
    os.mkdir(folder)
    os.chmod(folder, 0o755)
    for name in ("big.php", "sub"):
        with open(os.path.join(folder, name), "w") as f:
            f.write(REPORT)
            f.truncate(3 << 20)
    with open(folder + "/small.php", "w") as f:
        f.write(REPORT)
    os.mkfifo(folder + "/pipe.php")
    end = socket.socket(socket.AF_UNIX)
    end.bind(folder + "/socket.php")
    os.symlink("/root/elsewhere", folder + "/link.php")
    names = [n for n in os.listdir(folder) if n != "small.php"]
    inode = {n: os.lstat(os.path.join(folder, n)).st_ino for n in names}

    def aside():
        """What was moved away: beside its place where hinoban's folder lies elsewhere; a link is copied to there then."""
        moved = [os.path.join(d, n) for d in (os.path.join(s.state, "hand"), s.path("rooted2")) for n in os.listdir(d) if n.endswith(".taken")]
        return {os.lstat(f).st_ino for f in moved} | {inode["link.php"] for f in moved if os.path.islink(f) and os.readlink(f) == "/root/elsewhere"}
    os.rename(folder, s.path("brought2"))
    s.intruder(lambda s: exchanged(s.path("brought2"), s.path("rooted2")))
    for name in ("big", "pipe", "socket", "link", "small"):
        ok(s.healed("rooted2/%s.php" % name, "<?php return 4;\n"), "code is put back in the place of what root has made: %s" % name, s.log("--type", "deed.heal")[-3:])
    ok(wait_for(lambda: os.path.isdir(s.path("rooted2/sub")), 10), "and so is a folder")
    ok(wait_for(lambda: aside() >= set(inode.values()), 5), "what stood there is kept", [n for n in names if inode[n] not in aside()])
    ok(s.kept(REPORT), "or its content in the vault")
    end.close()
    subprocess.run(["rm", "-rf", s.path("brought2")], check=True)


def sticky(s):
    """A sticky folder of root's, with another user's file, in the place of one that is not sticky."""
    deployed(s, "mkdir wide; echo '<?php return 6;' > wide/x.php; chown -R 0:0 wide; chmod 777 wide")
    folder = os.path.join(s.base, "narrow")
    os.mkdir(folder)
    os.chmod(folder, 0o1777)
    with open(folder + "/x.php", "w") as f:
        f.write(REPORT)
        f.truncate(3 << 20)
    os.chown(folder + "/x.php", OTHER, OTHER)
    fd = os.open(folder + "/x.php", os.O_RDONLY)
    os.rename(folder, s.path("narrow"))
    s.intruder(lambda s: exchanged(s.path("narrow"), s.path("wide")))
    told = wait_for(lambda: [f for f in s.log("--type", "deed.heal") if f["path"] == "wide" and "somebody else" in f.get("why", "")], 10)
    ok(told and os.stat(s.path("wide")).st_mode & 0o7777 == 0o1777, "a sticky folder stays sticky, which is told", oct(os.stat(s.path("wide")).st_mode))
    quiet(1)
    ok(os.fstat(fd).st_nlink == 1, "and what nobody but its owner may remove there is not removed")
    os.close(fd)
    exchanged(s.path("narrow"), s.path("wide"))
    subprocess.run(["rm", "-rf", s.path("narrow")], check=True)
    ok(s.healed("wide/x.php", "<?php return 6;\n"), "once it is gone all is as it was")


def stolen(s):
    """Another user's password (FTP): in his own folder of the shop, which the web user can't write to, he is healed as
    the web user is elsewhere, and nothing of his is heaped up."""
    deployed(s, "mkdir ftp; echo '<?php return 5;' > ftp/a.php; chown -R %d:%d ftp; chmod 755 ftp; chmod 644 ftp/a.php" % (OTHER, OTHER))
    hand = os.path.join(s.state, "hand")
    before, folder, seen = len(os.listdir(hand)), outside(s), set()

    def act(s):
        with open(os.path.join(folder, "f.php"), "w") as f:
            f.write(EVIL)
        os.rename(os.path.join(folder, "f.php"), s.path("ftp/a.php"))
        with open(s.path("ftp/a.php")) as f:
            return f.read()
    for i in range(10):
        seen.add(s.as_user(OTHER, [], act))
        quiet()
    ok(seen == {"<?php return 5;\n"}, "whoever opens what he put there reads the code", seen)
    ok(s.healed("ftp/a.php", "<?php return 5;\n") and len(os.listdir(hand)) == before, "and what the vault has is not kept twice", os.listdir(hand))


def unalterable(s):
    """A file that root has made unalterable, in the place of code: the flag stays, and so does the file."""
    if not closes(s.base):
        skip("an unalterable file in the place of code", "this filesystem closes no file")
        return
    folder = os.path.join(outside(s), "deep2")
    os.makedirs(folder)
    os.chown(folder, WEB, WEB)
    with open(folder + "/b.php", "w") as f:
        f.write(REPORT)
    os.chown(folder + "/b.php", WEB, WEB)
    fd = os.open(folder + "/b.php", os.O_RDONLY)
    flagged(fd, True)


    def there_and_back(s):
        """Who opens it waits, and by then it stands elsewhere."""
        pid = os.fork()
        while pid == 0:
            try:
                os.close(os.open(s.path("lib/deep/b.php"), os.O_RDONLY))
            except OSError:
                pass
        until = time.monotonic() + 3
        while time.monotonic() < until:
            exchanged(folder, s.path("lib/deep"))
            time.sleep(0.002)
            exchanged(folder, s.path("lib/deep"))
            time.sleep(0.004)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    s.intruder(there_and_back)
    ok(os.pread(fd, 99, 0).decode() == REPORT and flagged(fd), "what root has made unalterable is not written into for who waits", os.pread(fd, 99, 0))
    s.intruder(lambda s: exchanged(folder, s.path("lib/deep")))
    read = s.customer("lib/deep/b.php")
    quiet(4)
    text = os.pread(fd, 99, 0).decode()
    ok(text == REPORT and flagged(fd), "what root has made unalterable is not written into, nor its flag taken off", text)
    ok(isinstance(read, OSError), "and is read by nobody", read)
    flagged(fd, False)
    os.close(fd)
    os.unlink(s.path("lib/deep/b.php"))
    ok(s.healed("lib/deep/b.php"), "once it is gone the code is back")


def lent(s):
    """Another user who may write to folders of the shop, not to a picture of the web user's with a second name in
    a backup, moves it onto code. Where nobody but the web user may, a second name is cleaned as ever (heal.py)."""
    kept = os.path.join(s.base, "backup2")
    os.mkdir(kept, 0o700)
    deployed(s, "mkdir team2 uploads/team; echo '<?php return 2;' > team2/c.php; chown %d:%d team2 uploads/team; chmod 2775 team2 uploads/team; chown %d team2/c.php" % (WEB, TEAM, WEB))
    for i in range(3):
        picture = s.path("uploads/team/p%d.jpg" % i)

        def upload(s):
            with open(picture, "w") as f:
                f.write("\xff\xd8\xff\xe0 a picture\n")
        s.intruder(upload)
        os.link(picture, os.path.join(kept, "p%d.jpg" % i))
        before = open(os.path.join(kept, "p%d.jpg" % i)).read()
        quiet(0.5)

        def act(s):
            os.rename(picture, s.path("team2/c.php"))
            seen = set()
            for _ in range(5):
                try:
                    with open(s.path("team2/c.php")) as f:
                        seen.add(f.read())
                except OSError as e:
                    seen.add(type(e).__name__)
            return seen
        seen = s.as_user(OTHER, [TEAM], act)
        ok(s.healed("team2/c.php", "<?php return 2;\n"), "a picture that another user has moved onto code gives way", seen)
        ok(open(os.path.join(kept, "p%d.jpg" % i)).read() == before, "and its second name shows the picture", seen)


def while_deploying(s):
    """What he puts in the place of what a deploy has just brought is none of it."""
    folder = outside(s)

    def act(s):
        mine = os.path.join(folder, "e.php")
        with open(mine, "w") as f:
            f.write(EVIL)
        old, until = os.stat(s.path(PAY)).st_ino, time.monotonic() + 20
        while time.monotonic() < until:
            if os.stat(s.path(PAY)).st_ino != old:
                os.rename(mine, s.path(PAY))
                return True
        return False
    for i in range(4):
        done, text = [], GOOD.replace("approved", "release %d" % i)
        with open(os.path.join(s.base, "new.php"), "w") as f:
            f.write(text)
        os.chmod(os.path.join(s.base, "new.php"), 0o644)
        thread = threading.Thread(target=lambda: done.append(s.intruder(act)))
        thread.start()
        quiet()
        deployed(s, "cp ../new.php payment/n; mv payment/n payment/CardPayment.php")
        thread.join()
        seen = [s.customer() for _ in range(5)]
        ok(done == [True] and EVIL not in seen, "put in the place of a release's file in the midst of it: not approved", (done, set(seen)))
        told = wait_for(lambda: [f for f in s.log("--type", "file.tampered") if f["path"] == PAY], 10)
        ok(bool(told), "but a finding")


def elsewhere(s):
    """hinoban's own folder lies on another filesystem: what stands in the place of code can't be moved there."""
    def act(s):
        os.mkdir(s.path("uploads/a"))
        with open(s.path("uploads/a/x.txt"), "w") as f:
            f.write("x")
        exchanged(s.path("uploads/a"), s.path("lib/a.php"))
    done = s.intruder(act)
    ok(s.healed("lib/a.php"), "a folder in the place of a file gives way", (done, s.log("--type", "deed.heal")[-2:]))
    aside = [n for n in os.listdir(s.path("lib")) if n.startswith(".hinoban-")]
    ok(all(os.stat(s.path("lib/" + n)).st_mode & 0o777 == 0o700 and os.stat(s.path("lib/" + n)).st_uid != WEB for n in aside) and aside,
       "and is closed to him, beside it", aside)


def keeps_less(s):
    """The vault takes contents of up to 1 MB: a larger one is quickly made."""
    with open(s.config) as f:
        text = f.read()
    with open(s.config, "w") as f:
        f.write(re.sub(r'(?m)^#? ?keep_max = .*$', 'keep_max = 1M', text, count=1))
    with open(s.config) as f:
        ok('\nkeep_max = 1M' in f.read(), "the settings say so")
    return s


s = keeps_less(Held({**FILES, "lib/secret.php": SECRET})).open()
for part in (secret, shared, private, enclosed, enclosed_by_root, raced, linked, brought, replaced, sticky, stolen, unalterable, lent, while_deploying):
    part(s)
died = s.log("--type", "role.died")
ok(not died, "none of hinoban's processes died", died)
for part in (remembered, left_closed, many):  # which kill the hand
    part(s)
s.stop()
s.done()

s = keeps_less(Held(before=lambda s: (os.mkdir(s.state), subprocess.run(["mount", "-t", "tmpfs", "tmpfs", s.state], check=True)))).open()
elsewhere(s)
brought(s)
replaced(s)
s.stop()
subprocess.run(["umount", "-l", s.state], check=True)
s.done()
end()
