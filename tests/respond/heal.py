#!/usr/bin/env python3
"""Every way that the web server's user has to alter code, in heal mode: what a customer reads, what
stands there afterwards, what is recorded and kept."""
import mmap
import os
import subprocess
import threading
import time

from held import EVIL, FILES, GOOD, PAY, WEB, Held, end, ok, ok_closed, outside, put, quiet, steps, wait_for
from tamper import (append, exchange, folder_for_file, folder_swap, in_place, link_to_upload, rename_over,
                    rename_over_keep_open, rights, through_hard_link, truncated, unlink, unlink_and_new)


def attack(s, what, act, *args, rel=PAY, recorded=True, kept=EVIL, missing=False):
    before = len(s.log("--path", rel))
    done = s.intruder(act, *args)
    read = s.customer(rel)
    if missing and isinstance(read, FileNotFoundError):
        read = s.customer(rel)
    ok(read == FILES[rel], what + ": the next customer reads approved code", (done, read))
    ok(s.healed(rel), what + ": and so it stands there again", done)
    if recorded:
        now = wait_for(lambda: s.log("--path", rel)[before:])
        ok(bool(now), what + ": it is in the ledger", now)
    if kept:
        ok(wait_for(lambda: s.kept(kept), 5), what + ": what was read by nobody is kept as evidence")


def ways(s):
    attack(s, "write in place", in_place, kept=None)
    attack(s, "append", append, kept=None)
    attack(s, "rename over", rename_over)
    attack(s, "rename over, writing on", rename_over_keep_open)
    attack(s, "exchange", exchange)
    attack(s, "truncate by path", truncated, kept=None)
    attack(s, "write through a hard link", through_hard_link)
    # What it leads to is taken away, now and then a moment before the link is.
    attack(s, "a link to an upload", link_to_upload, missing=True)
    s.intruder(rights)
    ok(wait_for(lambda: os.stat(s.path(PAY)).st_mode & 0o7777 == 0o644, 10), "rights are given back",
       oct(os.stat(s.path(PAY)).st_mode))
    s.intruder(unlink)
    ok(s.healed(), "what was removed is put back")
    s.intruder(unlink_and_new)
    ok(s.healed(), "what was removed and made anew too")
    s.intruder(folder_for_file)
    ok(s.healed(), "a folder in its place gives way")
    s.intruder(folder_swap)
    ok(s.healed(), "folders that were swapped")
    ok(s.customer() == GOOD, "and the customer reads approved code")


def removable(path):
    """Can it be removed, or is it gone already? A file that is made unalterable can't."""
    try:
        os.unlink(path)
    except OSError as e:
        return isinstance(e, FileNotFoundError)
    return True


def slow(s):
    """Who has opened approved code reads it later (a web server, for a slow customer), while the intruder opens that
    very file for writing elsewhere: moved there, or by a hard link made before."""
    folder = outside(s)

    def read(s, seconds):
        with open(s.path(PAY), "rb", buffering=0) as f:
            time.sleep(seconds)
            return f.read().decode(errors="replace")

    def write(s, way, mine, seconds):
        way(s.path(PAY), mine)
        began, refused = time.monotonic(), 0
        with open(os.open(mine, os.O_WRONLY), "wb", buffering=0) as f:
            opened = time.monotonic() - began
            while time.monotonic() - began < seconds:
                try:
                    os.pwrite(f.fileno(), EVIL.encode(), 0)
                    return opened, refused
                except PermissionError:
                    refused += 1
                    time.sleep(0.01)
        return opened, refused

    for what, way, seconds in (("moved away", os.rename, 1.5), ("by a hard link", os.link, 5)):
        for to in folder, s.path("uploads"):
            for _ in range(2):
                s.customer()
            seen = []
            reader = threading.Thread(target=lambda: seen.append(s.intruder(read, seconds)))
            reader.start()
            time.sleep(0.5)
            mine = os.path.join(to, "slow-%s.txt" % way.__name__)
            did = s.intruder(write, way, mine, seconds + 1)
            reader.join()
            ok(seen == [GOOD], "%s, read %.1f s after the open it is as approved (%s)" % (what, seconds, os.path.basename(to)),
               (seen, did))
            ok(isinstance(did, tuple) and did[0] < seconds + 1, "and the writer waits no longer than for his readers", did)
            ok(s.healed(), "and it stands there again")
            ok(wait_for(lambda: removable(mine), 75), "and nothing stays closed once nobody has it open")


def planted(s):
    done = s.intruder(put, "lib/new.php", EVIL)
    ok(isinstance(done, PermissionError), "nobody but a deploy makes code", done)
    ok(wait_for(lambda: not os.path.exists(s.path("lib/new.php")), 10), "the empty file is taken away")
    found = wait_for(lambda: [f for f in s.log("--type", "write.refused") if f["path"] == PAY], 3)
    ok(bool(found) or bool(s.log("--type", "file.tampered")), "a refused write is a finding, or part of one", found)
    denied = wait_for(lambda: [f for f in s.log("--type", "open.denied") if f["path"] == "lib/new.php"])
    ok(bool(denied) and denied[0]["writes"] and denied[0]["who"]["uid"] == WEB, "the attempt is recorded", denied)
    s.intruder(put, "uploads/s.php", EVIL)
    ok(isinstance(s.customer("uploads/s.php"), OSError), "a program among uploads is run by nobody")
    ok(wait_for(lambda: not os.path.exists(s.path("uploads/s.php")), 10), "and taken away")
    ok(s.kept(EVIL), "its content is kept")
    def in_steps(s):
        for i in range(40):
            with open(s.path("uploads/step%d.php" % i), "w") as f:
                for text in (EVIL[:30], EVIL[30:]):
                    f.write(text)
                    f.flush()
                    time.sleep(0.004 * (i % 5))
    s.intruder(in_steps)
    ok(wait_for(lambda: not [n for n in os.listdir(s.path("uploads")) if n.startswith("step")], 15),
       "those that were written in steps, too", os.listdir(s.path("uploads")))
    s.intruder(put, "uploads/.user.ini", "auto_prepend_file=/tmp/evil.php\n")
    ok(isinstance(s.customer("uploads/.user.ini"), OSError), "auto_prepend_file by .user.ini is not read")
    ok(s.intruder(put, "uploads/new.jpg", "\xff\xd8\xff\xe0 a picture") == "written" and
       not isinstance(s.customer("uploads/new.jpg"), OSError), "a picture is uploaded and shown as ever")


def earlier_descriptor(s, mapped):
    """Opened before hinoban came: no open is asked about, and a mapping's writes make no event."""
    what = "a mapping" if mapped else "a descriptor"
    fd = os.open(s.path(PAY), os.O_RDWR)
    m = mmap.mmap(fd, 0) if mapped else None
    s.open()
    evil = EVIL.encode()[:len(GOOD)].ljust(len(GOOD))
    for i in range(3):
        if mapped and i == 0:
            m[0:len(evil)] = evil
        elif not mapped:
            try:
                os.pwrite(fd, evil, 0)
            except PermissionError:
                pass  # closed to him since the first heal
        read = s.customer()
        ok(evil.decode() not in str(read), "%s opened before: nobody reads altered code (%d)" % (what, i), read)
        ok_closed(s, read == GOOD, "%s opened before: the customer reads approved code (%d)" % (what, i), read)
    ok(s.healed(), what + " opened before: the file is another one now")
    if not mapped:
        os.close(fd)


def deploy(s):
    release = FILES["lib/a.php"] + "// release 2\n"
    r = s.run("deploy", "--", "sh", "-c",
              "printf '%%s' '%s' > lib/a.php; echo '<?php // new' > lib/added.php; mkdir lib/more;"
              " cp lib/a.php lib/more/c.php; rm static/shop.js" % release.strip(), cwd=s.dir)
    ok(r.code == 0, "a deploy", r)
    ok(s.customer("lib/added.php") == "<?php // new\n", "what it made is read at once")
    ok("release 2" in str(s.customer("lib/a.php")), "what it altered too")
    ok("release 2" in str(s.customer("lib/more/c.php")), "also in a new folder")
    quiet(1)
    ok(not os.path.exists(s.path("static/shop.js")), "what it removed stays away")
    orders = [f for f in s.facts("order") if f["path"].startswith(("lib/a", "lib/m", "static"))]
    ok(not orders, "nothing of it was undone", orders)
    s.intruder(rename_onto, "lib/added.php")
    ok(s.healed("lib/added.php", "<?php // new\n"), "and from then on it is what is put back")


def rename_onto(s, rel):
    put(s, "uploads/onto.txt", EVIL)
    os.rename(s.path("uploads/onto.txt"), s.path(rel))


def elsewhere(s):
    """Another mount namespace with the shop under another name: the same files, held alike."""
    s.intruder(rename_over)
    r = subprocess.run(["unshare", "-m", "sh", "-c", "mkdir -p /mnt/app && mount --bind %s /mnt/app && "
                        "setpriv --reuid=33 --regid=33 --clear-groups cat /mnt/app/%s" % (s.dir, PAY)],
                       capture_output=True, text=True)
    ok(r.stdout == GOOD, "through a bind mount in another namespace", r)
    s.healed()


def told(s):
    """What people read."""
    r = s.run("log")
    ok(b"is as approved again" in r.out, "the log says so in words")
    r = s.run("log", "--lang", "ja")
    ok("承認済みの内容に戻した".encode() in r.out, "in Japanese too")
    r = s.run("verify")
    ok(r.code == 0, "the ledger is whole", r)
    mine = [f for f in s.run("findings", "--json").lines() if f["path"] == PAY]
    ok(len(mine) == 1, "what was put right is a finding until a person says otherwise", mine)
    r = s.run("show", str(mine[0]["seq"]))
    ok(b"What hinoban has done" in r.out and b"is as approved again" in r.out, "it says what was done", r)
    r = s.run("dismiss", str(mine[0]["seq"]), "--reason", "the upload form is mended")
    ok(r.code == 0 and not [f for f in s.run("findings", "--json").lines() if f["path"] == PAY],
       "dismissed, it is none any more", r)
    late = s.log("--type", "open.late")
    ok(not late, "no open had to wait too long", late[:3])
    deeds = [f for f in s.facts("deed") if f["path"] == PAY]
    ok(bool(deeds) and deeds[-1]["done"], "the last order about the payment code was carried out", steps(deeds[-1]))
    left = subprocess.run(["grep", "-rl", "EVIL", s.dir], capture_output=True, text=True).stdout.split()
    ok(not left, "nothing of the intruder's is left", left)


def own_change(s):
    """A person's own change is put back: approving it is no way to have it."""
    with open(s.base + "/mine.php", "w") as f:
        f.write("<?php function b() { return 2; } // mine\n")
    os.rename(s.base + "/mine.php", s.path("lib/deep/b.php"))
    ok(s.healed("lib/deep/b.php"), "a person's own change is put back")
    found = wait_for(lambda: [f for f in s.run("findings", "--json").lines() if f["path"] == "lib/deep/b.php" and
                              f["type"] != "write.refused"])
    if not ok(bool(found), "and is a finding", s.log("--path", "lib/deep/b.php")):
        return
    seq = str(found[0]["seq"])
    r = s.run("show", seq)
    ok(b"nothing to approve" in r.out and b"--force" in r.out, "show says that there is nothing to approve", r)
    r = s.run("approve", "lib/deep/b.php", "--reason", "mine", cwd=s.dir)
    version = [v for v in s.run("versions", "--json", "lib/deep/b.php").lines() if v.get("finding") == int(seq)]
    ok(r.code == 1 and b"as approved already" in r.out and b"0 approved" in r.out and
       b"--version %d --force" % version[-1]["seq"] in r.out, "approve says so, and what to do", (str(r), version))
    ok("すでに承認済み" in s.run("approve", "lib/deep/b.php", "--reason", "x", "--lang", "ja").out.decode(), "in Japanese")
    ok(seq in [str(f["seq"]) for f in s.run("findings", "--json").lines()], "the finding stays open")
    back = s.run("versions", "--json", "lib/deep/b.php").lines()[-1]
    ok(back["approved"] and back["approved_by"] < back["seq"], "the version that was put back is the approved one", back)
    r = s.run("restore", "lib/deep/b.php", "--version", str(back["seq"]), "--yes")
    ok(r.code == 0, "restore --version of it wants no --force", r)
    r = s.run("restore", "lib/deep/b.php", "--version", str(version[-1]["seq"]), "--force", "--yes")
    ok(r.code == 0 and s.healed("lib/deep/b.php", "<?php function b() { return 2; } // mine\n"),
       "what it advises brings the change", r)
    ok(wait_for(lambda: seq not in [str(f["seq"]) for f in s.run("findings", "--json").lines()]),
       "and ends the finding")


def doctor(s):
    """It tries what this machine can do, and must not be taken for an intruder."""
    before = [f["seq"] for f in s.facts("finding")]
    checks = {c["check"]: c for c in s.run("doctor", "--json").lines()}
    ok(checks["hold.leases"]["state"] == "ok", "doctor: leases can be had", checks["hold.leases"])
    ok("not used" not in checks["fanotify.permission"]["detail"] and "heal" in checks["fanotify.permission"]["detail"],
       "doctor knows what held opens are for", checks["fanotify.permission"])
    r = s.run("doctor", "--lang", "ja")
    ok(not any(x in r.out for x in (b"can be closed", b"is about to write", b"is put right")),
       "doctor speaks Japanese", r)
    time.sleep(1)
    new = [f for f in s.facts("finding") if f["seq"] not in before]
    ok(not new, "doctor is no finding", new)


def live_modes(s):
    r = s.run("mode", "hold", "payment", "--reason", "forensics")
    ok(r.code == 0, "mode hold, while it runs", r)
    wait_for(lambda: s.log("--type", "gate.mode")[-1]["modes"]["payment"] == "hold")
    s.intruder(rename_over)
    ok(isinstance(s.customer(), PermissionError), "hold: what is not approved can't be opened")
    r = s.run("mode", "watch", "--reason", "moving")
    wait_for(lambda: s.log("--type", "gate.mode")[-1]["modes"]["payment"] == "watch")
    ok(s.customer() == EVIL, "watch: it is told only")
    r = s.run("mode", "--json")
    ok(r.lines()[0]["payment"] == "watch", "mode shows it", r)
    r = s.run("mode", "watch", "payment", "code", "--reason", "still moving", "--json")
    ok(r.code == 0 and r.lines() == s.log("--type", "mode")[-2:] and r.lines()[1]["role"] == "code",
       "mode --json is the words as in the ledger", r)
    fence = wait_for(lambda: s.log("--type", "fence.mode"))
    r = s.run("mode", "hold", "connect", "--reason", "addresses are learnt")
    stands = bool(fence) and fence[-1]["stands"]
    ok(r.code == 0 and (b"no connection is held" in r.err) != stands, "hold connect, and whether the fence can", r)
    s.run("mode", "watch", "connect", "--reason", "a test")
    r = s.run("mode", "nonsense", "--reason", "x")
    ok(r.code == 2, "an unknown mode is refused", r)
    r = s.run("mode", "heal", "data", "--reason", "x")
    ok(r.code == 2, "a role that can't be held is refused", r)
    r = s.run("mode", "heal")
    ok(r.code == 2, "a reason is wanted", r)


s = Held().open()
ways(s)
planted(s)
slow(s)
elsewhere(s)
deploy(s)
told(s)
own_change(s)
doctor(s)
live_modes(s)
died = s.log("--type", "role.died")
ok(not died, "and all of hinoban's processes are those of the beginning", died)
ok(s.stop() == 0, "it stops in order")
r = s.run("rebuild")
ok(r.code == 0, "the views, built anew, are the same", r)
s.done()
for mapped in (False, True):
    s = Held()
    earlier_descriptor(s, mapped)
    s.stop()
    s.done()
end()
