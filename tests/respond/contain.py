#!/usr/bin/env python3
"""What a person has contained, and lifts: files that nobody opens, payment that is stopped, processes
that stand still. What is frozen is made by this test. (The network: isolate.py.)"""
import os
import signal
import subprocess

from held import EVIL, FILES, GOOD, PAY, Held, done_about, end, ok, put, say, wait_for

NAMED = "import ctypes, sys, time; ctypes.CDLL(None).prctl(15, sys.argv[1].encode()); print(1, flush=True); time.sleep(600)"
REASON = ("--reason", "a test")
GROUPS = next((d for d in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
               if os.path.exists(os.path.join(d, "cgroup.procs"))), None)


def contain(s, *args):
    """The deed, or the whole answer where it went wrong."""
    r = s.run("contain", *args, "--json", *REASON)
    return r.lines()[0] if r.code == 0 else r


def word_of(s, deed):
    order = s.fact(deed["order"])
    return order["word"]


def lift(s, deed):
    return s.run("lift", str(word_of(s, deed)), *REASON)


class Contained(Held):
    def fact(self, seq):
        return self.run("show", str(seq), "--json").lines()[0]

    def in_force(self):
        return [w["verb"] for w in self.run("contain", "--json").lines()]


def hold(s):
    os.link(s.path(PAY), os.path.join(s.base, "other-name"))
    deed = contain(s, "hold", s.path(PAY))
    ok(isinstance(deed, dict) and deed["done"] and deed["how"] == "refused", "hold: done, and tried by the hand", deed)
    ok(isinstance(s.customer(), PermissionError), "the web server's user can't open it")
    try:
        open(s.path(PAY), "rb").close()
        ok(False, "nor can root")
    except PermissionError:
        ok(True, "nor can root")
    try:
        open(os.path.join(s.base, "other-name"), "rb").close()
        ok(False, "nor by another name, outside of the shop")
    except PermissionError:
        ok(True, "nor by another name, outside of the shop")
    r = s.run("deploy", "--", "cat", PAY, cwd=s.dir)
    ok(r.code == 1 and b"function pay" not in r.out, "nor a deploy", r)
    ok(s.customer("lib/a.php") == FILES["lib/a.php"], "other files open as ever")
    s.intruder(lambda s: os.rename(s.path(PAY), s.path("lib/moved.php")))
    ok(isinstance(s.customer("lib/moved.php"), PermissionError), "moved away, it is held all the same")
    s.intruder(put, PAY, EVIL)
    ok(isinstance(s.customer(), PermissionError), "and so is what is put in its place")
    denied = [f for f in s.log("--type", "open.denied") if f["path"] == PAY]
    ok(bool(denied) and denied[0]["why"] == "held" and
       not any("hinoban-hand" in (f["who"].get("exe") or "") for f in denied), "each refusal is told", denied[:1])
    ok(s.in_force() == ["hold"], "contain lists it", s.in_force())
    ok(PAY.encode() in s.run("contain").out and b"hold " + PAY.encode() in s.run("status").out, "status tells it", s.run("status"))
    r = lift(s, deed)
    ok(r.code == 0, "lift", r)
    os.rename(s.path("lib/moved.php"), s.path(PAY))
    ok(s.customer() == GOOD and s.in_force() == [], "and it opens again")
    os.unlink(os.path.join(s.base, "other-name"))


def hold_outlives(s):
    """A gate that dies is told again what is held; one that is new does not do the rest anew."""
    deed = contain(s, "hold", s.path("lib"))
    ok(isinstance(s.customer("lib/deep/b.php"), PermissionError), "a folder is held with all below it", deed)
    orders = len(s.log("--type", "order.contain"))
    gate = s.pids("gate")[0]
    os.kill(gate, signal.SIGKILL)
    wait_for(lambda: gate not in s.children() and s.complete())
    ok(wait_for(lambda: isinstance(s.customer("lib/a.php"), PermissionError), 15), "the next gate holds it too")
    ok(len(s.log("--type", "order.contain")) == orders, "without another order")
    ok(lift(s, deed).code == 0 and s.customer("lib/a.php") == FILES["lib/a.php"], "and lifts it")


def stop(s):
    flag = os.path.join(s.state, "flags", "stop-payment")
    deed = contain(s, "stop-payment")
    ok(isinstance(deed, dict) and deed["done"], "stop-payment: done", deed)
    ok(os.stat(flag).st_mode & 0o777 == 0o644, "the flag is there")
    seen = s.intruder(lambda s: os.path.exists(flag))
    ok(seen is True, "the web server's user sees it", seen)
    gone = s.intruder(lambda s: os.unlink(flag))
    ok(isinstance(gone, PermissionError), "and can't remove it", gone)
    r = s.run("contain", "stop-payment", *REASON)
    ok(r.code == 1 and b"in force already" in r.err, "a second one is not made, which the first one's end would open", r)
    ok(lift(s, deed).code == 0 and not os.path.exists(flag), "lifted: it is gone")
    flag = os.path.join(s.state, "flags", "stop-shop")
    deed = contain(s, "stop-shop")
    ok(isinstance(deed, dict) and deed["done"] and os.path.exists(flag),
       "stop-shop, where the shop's program knows no flag: one for the web server", deed)
    ok(isinstance(s.intruder(lambda s: os.unlink(flag)), PermissionError), "which its user can't remove")
    ok(lift(s, deed).code == 0 and not os.path.exists(flag), "lifted: it is gone")


def state_of(pid):
    with open("/proc/%d/stat" % pid) as f:
        return f.read().rsplit(")", 1)[1].split()[0]


def freeze(s):
    child = subprocess.Popen(["sleep", "600"])
    deed = contain(s, "freeze", str(child.pid))
    ok(isinstance(deed, dict) and deed["done"] and state_of(child.pid) == "T", "freeze: a process stands still", deed)
    word = s.fact(word_of(s, deed))
    ok(word["command"] == "sleep" and word["pid"] == child.pid and word["reason"] == "a test",
       "who and why is recorded", word)
    ok(lift(s, deed).code == 0 and wait_for(lambda: state_of(child.pid) == "S", 5), "lifted: it goes on")
    child.kill()
    child.wait()
    r = s.run("contain", "freeze", str(child.pid), *REASON)
    ok(r.code == 2, "a process that is not there", r)
    hostile = "a\n) S 1 2"
    child = subprocess.Popen(["python3", "-c", NAMED, hostile], stdout=subprocess.PIPE)
    child.stdout.readline()
    deed = contain(s, "freeze", str(child.pid))
    child.kill()
    ok(isinstance(deed, dict) and s.fact(word_of(s, deed))["command"] == hostile and lift(s, deed).code == 0,
       "whatever a process calls itself, it is found, and let go", deed)
    child.wait()
    guard = s.pids("guard")[0]
    for pid, whose in ((guard, "hinoban's own"), (s.keeper.pid, "the keeper"), (1, "init")):
        r = s.run("contain", "freeze", str(pid), *REASON)
        ok(r.code in (2, 3) and state_of(pid) != "T" and b"refused" in r.err, whose + " is never frozen", r)


def freeze_group(s):
    if not GROUPS:
        return
    group = os.path.join(GROUPS, "hinoban-test-%d" % os.getpid())
    os.mkdir(group)
    child = subprocess.Popen(["sleep", "600"])
    with open(os.path.join(group, "cgroup.procs"), "w") as f:
        f.write(str(child.pid))

    def frozen():
        with open(os.path.join(group, "cgroup.events")) as f:
            return "frozen 1" in f.read()
    deed = contain(s, "freeze", group)
    ok(isinstance(deed, dict) and wait_for(frozen, 5), "freeze: a control group stands still", deed)
    ok(lift(s, deed).code == 0 and wait_for(lambda: not frozen(), 5), "lifted: it goes on")
    child.kill()
    child.wait()
    os.rmdir(group)
    r = s.run("contain", "freeze", GROUPS, *REASON)
    ok(r.code == 2, "the root of all groups is none", r)
    r = s.run("contain", "freeze", "../../../etc", *REASON)
    ok(r.code == 2, "nor is a way out of them", r)


def dry(s):
    before = s.status()["facts"]
    for args, says in ((("hold", s.path(PAY)), b"EPERM"), (("stop-payment",), b"stop-payment"),
                       (("freeze", str(s.keeper.pid)), b"SIGSTOP"),
                       (("isolate", "--except", "192.0.2.7"), b"ip saddr 192.0.2.7 accept")):
        r = s.run("contain", *args, "--dry-run")
        ok(r.code == 0 and says in r.out, "%s --dry-run says what would be done" % args[0], r)
    ok(s.status()["facts"] == before, "and does nothing")


def crafted(s):
    """Words that no command of ours would give, through the control socket: the hand does not trust them."""
    group = {"cgroup": "../unified/./"} if GROUPS and GROUPS.endswith("unified") else {"cgroup": "./"}
    victim = os.path.join(s.base, "victim")
    for what, fields in (("a group around ours", dict(group, verb="freeze")),
                         ("a group outside of all", {"verb": "freeze", "cgroup": "../../../" + s.base[1:]}),
                         ("a flag outside of the shop", {"verb": "stop-shop", "root": s.dir, "path": "../victim"}),
                         ("a flag that is no flag", {"verb": "stop-shop", "root": s.dir, "path": "lib/new.php"}),
                         ("a path outside of the shop", {"verb": "hold", "root": s.dir, "path": "../../../etc/passwd"}),
                         ("another folder", {"verb": "hold", "root": "/etc", "path": "passwd"}),
                         ("addresses that are none", {"verb": "isolate", "except": ["x"], "minutes": 1}),
                         ("no minutes", {"verb": "isolate", "except": []}),
                         ("what does not stand", {"verb": "confirm", "contain": 1}),
                         ("no verb of ours", {"verb": "reboot"})):
        deed = done_about(s, say(s, "contain", **fields))
        ok(bool(deed) and not deed["done"], "not done: " + what, deed)
    ok(not os.path.exists(victim) and not os.path.exists(s.path("lib/new.php")), "and nothing was made")
    open("/etc/passwd").close()


def wrong_use(s):
    for args in (("nonsense",), ("hold",), ("hold", "/etc/passwd"), ("isolate", "--except", "here"), ("isolate",),
                 ("stop-payment", "now"), ("isolate", "--except", "192.0.2.7", "--minutes", "many"),
                 # Were it taken, it must not close the network of the machine that runs this.
                 ("isolate", "--except", "192.0.2.7", "--minutes", "0", "--dry-run")):
        r = s.run("contain", *args, *REASON)
        ok(r.code == 2, "wrong use: contain " + " ".join(args), r)
    r = s.run("contain", "nonsense")
    ok(r.code == 2 and b"'nonsense'" in r.err, "a verb that is none is told before the reason", r)
    r = s.run("contain", "hold", s.path("lib/none.php"), *REASON, "--lang", "ja")
    ok(r.code == 3 and "調べられません" in r.err.decode(), "why it was not done is told in Japanese", r)
    ok(s.run("contain", "hold", s.path(PAY)).code == 2, "a reason is wanted")
    ok(s.run("lift", "1", *REASON).code == 2, "what is no containment can't be lifted")


def rehearse(s):
    r = s.run("rehearse", "--json", timeout=300)
    told = {f["verb"]: f for f in r.lines()}
    want = {"hold", "stop-payment", "stop-shop", "freeze", "isolate"} | ({"freeze-group"} if GROUPS else set())
    ok(set(told) >= want, "rehearse tries every verb", r)
    for verb in sorted(want):
        ok(told.get(verb, {}).get("done") is True and told[verb]["us"] > 0, "rehearsed: " + verb, told.get(verb))
    ok(r.code == (0 if GROUPS else 1), "and says how it went", r)
    ok(len(s.log("--type", "rehearsed")) == len(told), "it is in the ledger")
    ok(not os.path.exists(s.path(".hinoban-rehearsal")) and s.in_force() == [], "nothing is left of it")
    ok(not s.log("--kind", "finding", "--path", ".hinoban-rehearsal"), "and nobody was alarmed")


def own_group():
    """hinoban in a control group of its own, as under systemd: neither that nor one around it is frozen."""
    if not GROUPS:
        return
    outer = os.path.join(GROUPS, "hinoban-test-own-%d" % os.getpid())
    inner = os.path.join(outer, "service")
    os.makedirs(inner)
    with open("/proc/self/cgroup") as f:
        back = GROUPS + [x for x in f.read().splitlines() if x.startswith("0::")][0][3:]
    s = Contained(mode=None)
    for group, act in ((inner, s.start), (back, s.ready)):
        with open(os.path.join(group, "cgroup.procs"), "w") as f:
            f.write(str(os.getpid()))
        act()
    for group in (outer, inner):
        r = s.run("contain", "freeze", group, *REASON)
        ok(r.code == 3 and b"not permitted" in r.err, "hinoban's own group, or one around it, is refused", r)
    ok(s.stop() == 0, "and it goes on")
    s.done()
    os.rmdir(inner)
    os.rmdir(outer)


def while_healing():
    """In heal mode what is held is put right behind the shut door."""
    s = Contained().open()
    deed = contain(s, "hold", s.path(PAY))
    s.intruder(lambda s: put(s, "uploads/x", EVIL) and os.rename(s.path("uploads/x"), s.path(PAY)))
    read = [s.customer() for _ in range(20)]
    ok(all(isinstance(r, OSError) for r in read), "held while it is healed", read)
    healed = wait_for(lambda: [f for f in s.facts("deed") if f.get("path") == PAY and f["type"] == "deed.heal"
                               and f["done"]], 10)
    ok(bool(healed), "it is healed all the same", s.facts("deed"))
    ok(isinstance(s.customer(), PermissionError), "and held still")
    ok(lift(s, deed).code == 0 and wait_for(lambda: s.customer() == GOOD, 5), "lifted: approved code is read", s.customer())
    ok(s.stop() == 0, "it stops in order")
    s.done()


s = Contained(mode=None)
r = s.run("contain", "hold", s.path(PAY), *REASON)
ok(r.code == 3 and b"not running" in r.err, "without hinoband nothing is promised", r)
s.start().ready()
stop(s)
freeze(s)
freeze_group(s)
dry(s)
wrong_use(s)
crafted(s)
rehearse(s)
hold(s)
hold_outlives(s)
r = s.run("log")
ok(b"done: hold" in r.out, "the log says so in words", r)
ok("解除した".encode() in s.run("log", "--lang", "ja").out, "in Japanese too")
ok(s.run("verify").code == 0, "the ledger is whole")
ok(s.stop() == 0, "it stops in order")
s.done()
own_group()
while_healing()
end()
