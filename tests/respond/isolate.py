#!/usr/bin/env python3
"""The machine is isolated: all of hinoban in a network namespace of this test's own, an operator and a
stranger in two others. Nothing here touches the network of the machine that runs the test."""
import os
import subprocess
import sys
import time

from held import BUILD, SOURCE, Held, done_about, end, ok, say, skip, wait_for

REASON = ("--reason", "a test")
SHOP, OPERATOR, STRANGER = ("10.98.0.1", "fd98::1"), ("10.98.0.2", "fd98::2"), ("10.99.0.2", "fd99::2")


class Space:
    """A network namespace: that of a process which sleeps in it."""

    def __init__(self):
        self.proc = subprocess.Popen(["unshare", "-n", "sleep", "600"])
        mine = os.readlink("/proc/self/ns/net")
        wait_for(lambda: os.readlink("/proc/%d/ns/net" % self.proc.pid) != mine, 10)
        self.run("ip", "link", "set", "lo", "up")

    def enter(self, *command):
        return ["nsenter", "-t", str(self.proc.pid), "-n", *command]

    def run(self, *command):
        return subprocess.run(self.enter(*command), capture_output=True, text=True)

    def reaches(self, address):
        """Over both families it is the same question: does an answer come?"""
        six = ":" in address
        r = self.run("python3", "-c", "import socket,sys\ns=socket.socket(socket.AF_INET6 if %r else socket.AF_INET)\n"
                     "s.settimeout(1)\ns.connect((%r,8099))\nprint(s.recv(2).decode())" % (six, address))
        return r.stdout.strip() == "ok"

    def end(self):
        self.proc.kill()
        self.proc.wait()


def join(a, b, name, left, right):
    a.run("ip", "link", "add", name, "type", "veth", "peer", "name", "up0", "netns", str(b.proc.pid))
    for space, link, addresses in ((a, name, left), (b, "up0", right)):
        for address, bits in zip(addresses, ("/24", "/64")):
            space.run("ip", "address", "add", address + bits, "dev", link, *(("nodad",) if ":" in address else ()))
        space.run("ip", "link", "set", link, "up")


SERVER = """
import socket
s = socket.create_server(("::", 8099), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    c, _ = s.accept()
    try:
        c.sendall(b"ok")
    except OSError:
        pass
    c.close()
"""


class Apart(Held):
    """hinoband and its commands run in a namespace."""

    def __init__(self, space):
        super().__init__(mode=None)
        self.space = space

    def start(self):
        env = {"PATH": os.environ["PATH"], "HINOBAN_PROFILES": os.path.join(SOURCE, "profiles")}
        with open(os.path.join(self.base, "hinoband.log"), "ab") as log:
            self.keeper = subprocess.Popen(
                self.space.enter(os.path.join(BUILD, "hinoband"), "--config", self.config, "--state", self.state,
                                 "--no-console"), env=env, stdout=log, stderr=log)
        return self

    def complete(self):
        return wait_for(lambda: set(self.children().values()) >= {"guard", "gate", "hand", "ledger", "judge"})


def word_of(s, deed):
    return s.run("show", str(deed["order"]), "--json").lines()[0]["word"]


def contain(s, *args):
    r = s.run("contain", "isolate", *args, "--json", *REASON)
    return r.lines()[0] if r.code == 0 else r


def table(space):
    return space.run("nft", "list", "ruleset").stdout


def as_said(s, text):
    """What --dry-run prints is what nft(8) finds in the kernel, but for the number and the time left."""
    import re
    shape = lambda t: [re.sub(r"armed_\d+", "armed", re.sub(r" (timeout|expires) \w+", "", x)).strip()
                       for x in t.splitlines()
                       if re.search(r"accept|drop|hook", x)]
    r = s.run("contain", "isolate", *ALLOW, "--dry-run").out.decode()
    want, has = shape(r), shape(text)
    plain = lambda rows: [re.sub(r"icmpv6 type.*accept|.*l4proto.*accept|.*nd-.*accept", "ND",
                                 re.sub(r"priority \S+?;", "priority;", x)) for x in rows]
    ok(len(want) > 8 and plain(want) == plain(has), "the ruleset is the one that --dry-run prints", (plain(want), plain(has)))


def isolated(shop, operator, stranger):
    return (operator.reaches(SHOP[0]), operator.reaches(SHOP[1]), stranger.reaches("10.99.0.1"),
            stranger.reaches("fd99::1"), shop.reaches("127.0.0.1"), shop.reaches("::1"))


OPEN, SHUT = (True,) * 6, (True, True, False, False, True, True)
ALLOW = ("--except", OPERATOR[0], "--except", OPERATOR[1])


def play(s, shop, operator, stranger):
    ok(isolated(shop, operator, stranger) == OPEN, "before: everybody reaches the shop")
    deed = contain(s, *ALLOW)
    ok(isinstance(deed, dict) and deed["done"], "isolate: done", deed)
    seen = isolated(shop, operator, stranger)
    ok(seen == SHUT, "the operator and loopback pass, a stranger doesn't, in both families", seen)
    out = shop.run("python3", "-c", "import socket\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\n"
                   "s.sendto(b'x',('10.99.0.2',9))")
    ok("Operation not permitted" in out.stderr, "nor does what the machine sends to a stranger", out)
    as_said(s, table(shop))
    r = s.run("contain", "isolate", *ALLOW, *REASON)
    ok(r.code == 1 and b"in force already" in r.err, "a second isolation on top is refused", r)
    r = s.run("lift", str(word_of(s, deed)), *REASON)
    ok(r.code == 0 and isolated(shop, operator, stranger) == OPEN, "lifted: everybody again", r)
    ok("hinoban" not in table(shop), "and no table is left")


def nobody(s, shop, operator, stranger):
    deed = contain(s, "--except", "none")
    seen = isolated(shop, operator, stranger)
    ok(seen == (False,) * 4 + (True, True), "--except none: nobody but loopback", (deed, seen))
    hand = s.pids("hand")[0]
    os.kill(hand, 9)
    wait_for(lambda: hand not in s.children() and s.complete())
    ok(not stranger.reaches("10.99.0.1"), "the hand dies: it stays")
    r = s.run("lift", str(word_of(s, deed)), *REASON)
    ok(r.code == 0 and isolated(shop, operator, stranger) == OPEN, "and the next hand lifts it", r)


def dead_man(s, shop, operator, stranger):
    """The timer, by the kernel's own clock: a minute is the shortest that people can order."""
    deed = contain(s, *ALLOW, "--minutes", "1")
    begun = time.monotonic()
    ok("timeout 1m" in table(shop), "the timer runs in the kernel", table(shop))
    word = word_of(s, deed)
    hand = s.pids("hand")[0]
    os.kill(hand, 9)  # the next one has to find it in the kernel
    ok(not stranger.reaches("10.99.0.1"), "it is isolated")
    lifted = wait_for(lambda: stranger.reaches("10.99.0.1"), 90)
    ok(lifted and time.monotonic() - begun > 50, "unconfirmed, it lifts itself", time.monotonic() - begun)
    told = wait_for(lambda: [f for f in s.log("--type", "deed.lift") if f.get("how") == "time"], 10)
    ok(bool(told) and told[0]["order"] == deed["order"], "and the ledger says so", told)
    ok(wait_for(lambda: "hinoban" not in table(shop), 5), "no table is left")
    r = s.run("contain", "--confirm", str(word), *REASON)
    ok(r.code == 2, "too late to confirm", r)


def confirmed(s, shop, stranger):
    deed = contain(s, *ALLOW, "--minutes", "1")
    r = s.run("contain", "--confirm", str(word_of(s, deed)), *REASON)
    ok(r.code == 0 and "timeout 1m" not in table(shop) and not stranger.reaches("10.99.0.1"),
       "confirmed: the timer is stopped", (r, table(shop)))
    ok(s.run("contain", "--json").lines()[0]["verb"] == "isolate", "contain lists it")
    r = s.run("lift", str(word_of(s, deed)), *REASON)
    ok(r.code == 0 and stranger.reaches("10.99.0.1"), "until it is lifted", r)


def numbered(s, shop, stranger):
    """What is confirmed or lifted is the isolation that is named, whichever stands."""
    first = contain(s, *ALLOW)
    old = word_of(s, first)
    ok(s.run("lift", str(old), *REASON).code == 0, "an isolation, lifted")
    now = word_of(s, contain(s, *ALLOW, "--minutes", "30"))
    for again in ("this", "the next"):
        deed = done_about(s, say(s, "contain", verb="confirm", contain=old))
        ok(not deed["done"] and deed["why"] == "another isolation is in force: %d" % now and "timeout 30m" in table(shop),
           "the number of an earlier one confirms nothing (%s hand)" % again, (deed, table(shop)[:200]))
        deed = done_about(s, say(s, "lift", verb="isolate", contain=old))
        ok(not deed["done"] and not stranger.reaches("10.99.0.1"), "nor does it lift what stands", deed)
        if again == "this":
            hand = s.pids("hand")[0]
            os.kill(hand, 9)
            wait_for(lambda: hand not in s.children() and s.complete())
    deed = done_about(s, say(s, "contain", verb="confirm", contain=now))
    ok(deed["done"] and "timeout 30m" not in table(shop), "its own number does", deed)
    r = s.run("lift", str(now), *REASON)
    ok(r.code == 0 and stranger.reaches("10.99.0.1"), "and lifts it", r)


def two(s, shop, stranger):
    """Another installation on the same network: each knows its own isolation."""
    deed = contain(s, *ALLOW)
    other = Apart(shop)
    other.start()
    ok(bool(other.ready()), "another hinoban on the same machine")
    r = other.run("contain", "isolate", *ALLOW, *REASON)
    ok(r.code == 3 and b"another installation" in r.err and s.state.encode() in r.err, "it can't isolate what is isolated, and says by whom", r)
    r = other.run("contain", "isolate", *ALLOW, *REASON, "--lang", "ja")
    ok(r.code == 3 and "別の hinoban" in r.err.decode(), "in Japanese too", r)
    for kind, fields in (("contain", {"verb": "confirm", "contain": word_of(s, deed)}), ("lift", {"verb": "isolate", "contain": word_of(s, deed)})):
        d = done_about(other, say(other, kind, **fields))
        ok(not d["done"] and "another hinoban" in d["why"], "it neither confirms nor lifts it: %s" % kind, d)
    other.keeper.terminate()
    other.keeper.wait(60)
    ok(not stranger.reaches("10.99.0.1") and s.state in table(shop), "nor does it when it stops; the table says whose it is", table(shop)[:200])
    with open(os.path.join(other.base, "hinoband.log")) as f:
        ok("the isolation of another hinoban stands" in f.read(), "its log says so from the start")
    r = s.run("lift", str(word_of(s, deed)), *REASON)
    ok(r.code == 0 and stranger.reaches("10.99.0.1"), "whose it is lifts it", r)
    other.done()


probe = subprocess.run(["unshare", "-n", "nft", "add", "table", "inet", "probe"], capture_output=True, text=True)
if probe.returncode != 0:
    skip("isolate", "no nftables in a network namespace here: " + probe.stderr.strip()[:100])
    end()
shop, operator, stranger = Space(), Space(), Space()
join(shop, operator, "op", SHOP, OPERATOR)
join(shop, stranger, "st", ("10.99.0.1", "fd99::1"), STRANGER)
server = subprocess.Popen(shop.enter(sys.executable, "-c", SERVER))
wait_for(lambda: shop.reaches("127.0.0.1"), 10)
here = subprocess.run(["nft", "list", "ruleset"], capture_output=True, text=True).stdout
s = Apart(shop)
try:
    s.start()
    ok(bool(s.ready()), "hinoban runs in the namespace")
    play(s, shop, operator, stranger)
    nobody(s, shop, operator, stranger)
    confirmed(s, shop, stranger)
    numbered(s, shop, stranger)
    two(s, shop, stranger)
    dead_man(s, shop, operator, stranger)
    r = s.run("rehearse", "isolate", "--json")
    ok(r.code == 0 and stranger.reaches("10.99.0.1"), "a rehearsal isolates nobody", r)
    ok(s.run("verify").code == 0, "the ledger is whole")
    now = subprocess.run(["nft", "list", "ruleset"], capture_output=True, text=True).stdout
    ok(now == here, "the machine's own rules are as before", now)
finally:
    s.keeper.terminate()
    s.keeper.wait(60)
    server.kill()
    for space in (shop, operator, stranger):
        space.end()
s.done()
end()
