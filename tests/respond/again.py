#!/usr/bin/env python3
"""Code that is altered again and again in heal mode: a finding that says so, and what [hold] again
has done about it."""
import os
import signal
import subprocess
import sys

from held import EVIL, FILES, PAY, WEB, Held, end, ok, quiet, wait_for

# Alters the file until it is told to stop; each time it writes a file of its own and renames it.
ALTER = """
import os, sys, time
os.setgroups([]); os.setgid(%d); os.setuid(%d)
text, aside, *targets = sys.argv[1:]
while True:
    for target in targets:
        try:
            with open(aside, "w") as f:
                f.write(text)
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

    def alter(self, *rels):
        return subprocess.Popen([sys.executable, "-c", ALTER, EVIL, self.path("uploads/a.txt"), *(self.path(r) for r in rels or (PAY,))])

    def contested(self, rel=PAY):
        return wait_for(lambda: [f for f in self.log("--type", "file.contested") if f["path"] == rel], 30)


def contained(s, verb):
    return wait_for(lambda: [f for f in s.log("--type", "deed.contain") if f["verb"] == verb and f["done"]], 10)


def stands_still(p):
    with open("/proc/%d/stat" % p.pid) as f:
        return f.read().rsplit(")", 1)[1].split()[0] == "T"


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
    ok(wait_for(lambda: stands_still(p), 5), "it stands still")
    word = s.log("--type", "contain")
    ok(word and word[0]["by"] == "hinoban" and word[0]["pid"] == p.pid, "by a word of hinoban's own", word)
    ok(s.healed() and s.customer() == FILES[PAY], "and the shop goes on with approved code")
    r = s.run("lift", str(word[0]["seq"]) if word else "0", "--reason", "a test")
    ok(r.code == 0, "lift", r)
    ok(wait_for(lambda: not stands_still(p), 5), "it runs again")
    stop(p)
    s.stop()
    s.done()


def lifted(s, p, word):
    ok(s.run("lift", str(word["seq"]), "--reason", "a test").code == 0 and wait_for(lambda: not stands_still(p), 5), "lifted, it runs again")
    left = s.run("contain", "--json").lines()
    ok(not left, "and nothing says that it stands still", left)


def freeze_once():
    """One process is frozen by one word, however many findings, and persons, speak against it."""
    s = Again("freeze").open()
    p = s.alter(PAY, "lib/a.php")
    ok(bool(s.contested()) and bool(s.contested("lib/a.php")), "two files are altered again and again by one process")
    ok(wait_for(lambda: stands_still(p), 10), "it is frozen")
    quiet(2)
    words = s.log("--type", "contain")
    ok(len(words) == 1, "by one word", words)
    lifted(s, p, words[0])
    stop(p)
    s.stop()
    s.done()

    s = Again("freeze").open()
    p = s.alter()
    r = s.run("contain", "freeze", str(p.pid), "--reason", "a test", "--json")
    ok(r.code == 0 and stands_still(p), "a person has frozen it", r)
    gate = s.pids("gate")[0]
    os.kill(gate, signal.SIGKILL)
    ok(wait_for(lambda: gate not in s.children() and s.complete(), 15), "the next gate knows that, too")
    p.send_signal(signal.SIGCONT)
    ok(bool(s.contested()), "its owner has it go on, and the finding comes")
    ok(wait_for(lambda: stands_still(p), 10), "then it is frozen anew")
    words = s.log("--type", "contain")
    ok(len(words) == 1 and words[0]["by"] != "hinoban", "by that person's word", words)
    lifted(s, p, words[0])
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
freeze_once()
hold()
end()
