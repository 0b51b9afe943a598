#!/usr/bin/env python3
"""A symbolic link of code to a file, or a folder, outside of the watched folders, again and again. Nobody is asked
about an open there until a first link has led to it; from then on who comes by the link is refused, and a web worker
also by the file's own name (PHP remembers where a link led). Nobody else is kept from anything there."""
import os
import subprocess
import threading
import time
from contextlib import suppress

from held import EVIL, GOOD, PAY, WEB, Held, end, ok, outside, reads

SECONDS = 4
OTHER = 1234  # a user who has nothing to do with the shop


def linked(s, to, seconds, fresh=False):
    """PAY is a link to this file, each time it was put back; `fresh`: to a new one beside it."""
    until, n = time.monotonic() + seconds, 0
    tmp = s.path("uploads/link")
    while time.monotonic() < until:
        n += 1
        goal = "%s.%d" % (to, n) if fresh else to
        if fresh:
            with open(goal, "w") as f:
                f.write(EVIL)
        with suppress(FileNotFoundError):
            os.unlink(tmp)
        os.symlink(goal, tmp)
        os.rename(tmp, s.path(PAY))
        time.sleep(0.01)
    return n


def folder_linked(s, folder, to, seconds):
    """A whole folder of code is moved away, and a link to another stands in its place."""
    until, n = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        n += 1
        with suppress(OSError):
            os.rename(s.path(folder), s.path("uploads/old%d" % n))
            os.symlink(to, s.path(folder))
        time.sleep(0.02)
    return n


def beside(s, act, *args):
    """What customers read meanwhile, and what became of the act."""
    seen = {}
    reader = threading.Thread(target=lambda: seen.update(reads(s, PAY, SECONDS + 0.5)))
    reader.start()
    time.sleep(0.1)
    n = s.intruder(act, *args)
    reader.join()
    return n, seen


def told(s, n, seen, what):
    ok(isinstance(n, int) and n > 20 and seen.get(GOOD, 0) > 100 and EVIL not in seen, what, (n, seen))
    ok(s.healed(), "and it is put back")


def opens(s, path, uid):
    def read(s):
        with open(path, "rb") as f:
            return f.read().decode(errors="replace")
    got = s.as_user(uid, [], read)
    return type(got).__name__ if isinstance(got, OSError) else got


def place(folder, name, text=EVIL, uid=WEB):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name)
    with open(path, "w") as f:
        f.write(text)
    for p in folder, path:
        os.chown(p, uid, uid)
        os.chmod(p, 0o755)
    return path


s = Held().open()
top = outside(s)
evil = place(os.path.join(top, "a"), "evil.php")
beside_it = place(os.path.join(top, "a"), "note.txt", "a note\n")
ok(opens(s, evil, WEB) == EVIL, "what lies outside is nobody's business")
n = s.intruder(linked, evil, 0.02)
ok(n and s.healed(), "a link of code to it is put back", n)
ok(opens(s, evil, WEB) == "PermissionError", "a web worker who remembers where it led is refused", opens(s, evil, WEB))
ok(opens(s, evil, OTHER) == EVIL and opens(s, evil, 0) == EVIL, "others open it as ever")
ok(opens(s, beside_it, WEB) == "a note\n", "so does a web worker what lies beside it")
told(s, *beside(s, linked, evil, SECONDS), "a link to the same file again and again: nobody reads it")
told(s, *beside(s, linked, os.path.join(top, "a", "new"), SECONDS, True), "to another beside it each time: nobody reads one")
denied = s.log("--type", "open.denied")
ok(any(f["path"] == PAY and f["why"] == "link" for f in denied), "the refused opens are told", denied[-2:])

bad = os.path.join(top, "b")
place(bad, os.path.basename(PAY))
n = s.intruder(folder_linked, os.path.dirname(PAY), bad, 0.05)
ok(n and s.healed(), "a link in the place of a folder of code is put back", n)
told(s, *beside(s, folder_linked, os.path.dirname(PAY), bad, SECONDS), "a folder's link to the same folder: nobody reads what is in it")
ok(opens(s, os.path.join(bad, os.path.basename(PAY)), WEB) == "PermissionError", "nor by its own name")

whole, deep = os.path.join(top, "c"), "lib/deep/b.php"
place(os.path.join(whole, "deep"), os.path.basename(deep))
n = s.intruder(folder_linked, "lib", whole, 0.05)
ok(n and s.healed(deep), "a link in the place of a folder with others in it is put back", n)
inner = os.path.join(whole, "deep", os.path.basename(deep))
ok(opens(s, inner, WEB) == "PermissionError", "of what lies in those nothing is read, too", opens(s, inner, WEB))

# Who made the gate ask about what it opens itself would stop it.
n = s.intruder(lambda s: linked(s, "/proc/%d/syscall" % os.getpid(), 0.1))
ok(n and s.healed(), "a link to a file of /proc is put back", n)

# What only root may write to is none of an intruder's: it would have the whole machine ask.
tool = place(os.path.join(top, "tools"), "tool.php", GOOD, 0)
n = s.intruder(linked, tool, 0.02)
ok(n and s.healed(), "a link to a file of root's is put back", n)
ok(opens(s, tool, WEB) == GOOD, "and the file is open to web workers still")
script = place(os.path.join(top, "a"), "run.sh", "#!/bin/sh\necho ran\n")
r = subprocess.run([script], capture_output=True, text=True, check=False)
ok(r.stdout == "ran\n", "a program in such a folder runs", r)
fell = s.log("--type", "role.died")
ok(not fell, "nobody of hinoban fell", fell)
ok(s.stop() == 0, "it stops in order")
ok(opens(s, evil, WEB) == EVIL, "and then nothing is refused any more")
s.done()
end()
