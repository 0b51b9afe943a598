#!/usr/bin/env python3
"""Heads reach the witnesses: a file and a command; one that fails is a fact."""
import json
import time

from harness import *

state = new_state()
base = os.path.dirname(state)
os.chmod(base, 0o755)
out = os.path.join(base, "out")
os.mkdir(out)
os.chmod(out, 0o777)
os.mkdir(os.path.join(base, "shop"))
conf = os.path.join(base, "hinoban.conf")


def config(command):
    with open(conf, "w") as f:
        f.write('state = "%s"\nroots = ["%s/shop"]\nprofile = "plain"\n[witness]\nfile = "%s/heads"\n'
                'command = "%s"\n' % (state, base, base, command))


def until(what, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = what()
        if got:
            return got
        time.sleep(0.1)
    return None


def lines(name):
    try:
        with open(name) as f:
            return [json.loads(l) for l in f.read().splitlines()]
    except FileNotFoundError:
        return []


config("cat >> %s/heads" % out)
led = Ledger(state, "--control", "--config", conf)
try:
    led.ready()
except EOFError as e:
    ok(False, "a ledger with witnesses starts", e)
    done()
s = Sender(led, "guard")
for i in range(30):
    s.fact(baseline("f%d.php" % i))
newest = int(tool("size", state)[1])
for name, what in ((os.path.join(base, "heads"), "file"), (os.path.join(out, "heads"), "command")):
    got = until(lambda: [h for h in lines(name) if h["size"] == newest])
    ok(got, "the newest head reaches the %s" % what, lines(name)[-3:])
    ok(len(lines(name)) < 20, "but not every one of 30 in a moment", len(lines(name)))
code, head = tool("head", state)
ok(lines(os.path.join(out, "heads"))[-1] == json.loads(head), "it is the ledger's own, signed")
VERIFY = os.path.join(BUILD, "verify-proof")
p = subprocess.run([VERIFY, "--key", os.path.join(state, "ledger.pub"), os.path.join(out, "heads")],
                   stdout=subprocess.PIPE)
ok(p.returncode == 0, "verify-proof takes what the witness has", p.stdout.decode())
ok(led.stop() == 0, "the ledger stops in order", led.stderr())

config("exit 7")
led = Ledger(state, "--control", "--config", conf).ready()
s = Sender(led, "guard")
def more():
    s.fact(baseline("more.php"))
    time.sleep(0.5)
    return tool("log", state, "witness.failed")[1]
text = until(more)
ok(text and "exit 7" in text and '"to":"command"' in text, "a command that ends is a fact", text)
ok(text and len(text.splitlines()) < 3, "told once, not for every head", text)
led.stop()

# ---- syslog, as a daemon that is started anew in between ----
def listen():
    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    s.bind("/dev/log")
    os.chmod("/dev/log", 0o666)
    s.settimeout(10)
    return s


if os.path.exists("/dev/log"):
    skip("syslog", "somebody else listens at /dev/log here")
else:
    with open(conf, "w") as f:
        f.write('state = "%s"\nroots = ["%s/shop"]\nprofile = "plain"\n[witness]\nsyslog = true\n' % (state, base))
    log = listen()
    led = Ledger(state, "--control", "--config", conf).ready()
    s = Sender(led, "guard")
    s.fact(baseline("syslog.php"))
    got = log.recv(4096).decode()
    ok(got.startswith("<86>hinoban: head {") and json.loads(got[got.index("{"):])["size"] > 0,
       "a head reaches syslog", got)
    log.close()
    os.unlink("/dev/log")
    s.fact(baseline("silence.php"))
    told = until(lambda: [f for f in tool("log", state, "witness.failed")[1].splitlines() if '"syslog"' in f])
    ok(told, "that nobody keeps a log is a fact", told)
    log = listen()
    s.fact(baseline("again.php"))
    size = int(tool("size", state)[1])
    kept = os.path.join(base, "syslog")
    with open(kept, "w") as f:
        got = log.recv(4096).decode()
        while json.loads(got[got.index("{"):])["size"] < size:
            got = log.recv(4096).decode()
        f.write("Nov 25 10:00:00 shop " + got[4:] + "\n")
    ok(True, "and one who begins later gets the heads from then on")
    log.close()
    os.unlink("/dev/log")
    led.stop()
    ok(tool("verify", state, kept)[0] == 0, "verify takes what syslog wrote", tool("verify", state, kept)[1])
ok(tool("verify", state)[0] == 0, "verify finds nothing", tool("verify", state)[1])
forget(state)
done()
