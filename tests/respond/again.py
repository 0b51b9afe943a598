#!/usr/bin/env python3
"""Code that is altered again and again in heal mode: a finding that says so, and what [hold] again
has done about it."""
import os
import signal
import subprocess
import sys

from held import EVIL, FILES, PAY, WEB, Held, end, ok, wait_for

# Alters the file until it is told to stop; each time it writes a file of its own and renames it.
ALTER = """
import os, sys, time
os.setgroups([]); os.setgid(%d); os.setuid(%d)
target, aside = sys.argv[1:3]
while True:
    try:
        with open(aside, "w") as f:
            f.write(sys.argv[3])
        os.rename(aside, target)
    except OSError:
        pass
    time.sleep(0.2)
""" % (WEB, WEB)


class Again(Held):
    def __init__(self, what):
        super().__init__(before=None)
        with open(self.config) as f:
            text = f.read()
        with open(self.config, "w") as f:
            f.write(text.replace(chr(10) + "again = \"heal\"", chr(10) + "again = \"%s\"" % what, 1))

    def alter(self):
        return subprocess.Popen([sys.executable, "-c", ALTER, self.path(PAY), self.path("uploads/a.txt"), EVIL])

    def contested(self):
        return wait_for(lambda: [f for f in self.log("--type", "file.contested") if f["path"] == PAY], 30)


def contained(s, verb):
    return wait_for(lambda: [f for f in s.log("--type", "deed.contain") if f["verb"] == verb and f["done"]], 10)


def stop(p):
    p.send_signal(signal.SIGCONT)
    p.kill()
    p.wait()


def heal():
    s = Again("heal").open()
    p = s.alter()
    found = s.contested()
    ok(bool(found), "altered again and again: a finding")
    ok(found and found[0]["severity"] in ("high", "critical") and found[0]["times"] >= 5, "its weight", found)
    ok(found and len(found[0]["refs"]) == 5, "it names the alterations", found)
    ok(found and found[0]["who"] and found[0]["who"].get("pid") == p.pid, "and who does it", found)
    ok("EVIL" not in str(s.customer()), "meanwhile customers read approved code")
    ok(not s.log("--type", "contain"), "nothing is contained that the settings don't ask for")
    stop(p)
    ok(s.healed(), "it is put right")
    s.stop()
    s.done()


def freeze():
    s = Again("freeze").open()
    p = s.alter()
    ok(bool(s.contested()), "freeze: the finding")
    deed = contained(s, "freeze")
    ok(bool(deed), "the writer is frozen", s.log("--type", "deed.contain"))
    ok(wait_for(lambda: open("/proc/%d/stat" % p.pid).read().rsplit(")", 1)[1].split()[0] == "T", 5),
       "it stands still")
    word = s.log("--type", "contain")
    ok(word and word[0]["by"] == "hinoban" and word[0]["pid"] == p.pid, "by a word of hinoban's own", word)
    ok(s.healed() and s.customer() == FILES[PAY], "and the shop goes on with approved code")
    r = s.run("lift", str(word[0]["seq"]) if word else "0", "--reason", "a test")
    ok(r.code == 0, "lift", r)
    ok(wait_for(lambda: open("/proc/%d/stat" % p.pid).read().rsplit(")", 1)[1].split()[0] != "T", 5), "it runs again")
    stop(p)
    s.stop()
    s.done()


def hold():
    s = Again("hold").open()
    p = s.alter()
    ok(bool(s.contested()), "hold: the finding")
    ok(bool(contained(s, "hold")), "the path is held", s.log("--type", "deed.contain"))
    ok(isinstance(s.customer(), OSError), "nobody can open it")
    stop(p)
    word = s.log("--type", "contain")
    r = s.run("lift", str(word[0]["seq"]) if word else "0", "--reason", "a test")
    ok(r.code == 0, "lift", r)
    ok(s.healed() and wait_for(lambda: s.customer() == FILES[PAY], 10), "and it is read again, as approved")
    s.stop()
    s.done()


heal()
freeze()
hold()
end()
