#!/usr/bin/env python3
"""The fence in the kernel, in machines of its own: as an LSM it needs a kernel that has bpf switched on.

A machine under QEMU boots Debian's kernel with the programs of the build, a shop and an actor.
Whoever acts there as the web server's user says what came of it; so do others.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from harness import BUILD, SOURCE, end, ok, skip  # noqa: E402

ACTOR = sys.argv[1]
QEMU = shutil.which("qemu-system-x86_64")
BUSYBOX = "/bin/busybox"
PROGRAMS = ["hinoban", "hinoband"] + ["hinoban-" + r for r in (
    "guard", "gate", "fence", "hand", "ledger", "judge", "reader", "desk")]
SECONDS = 170
LSM = "lsm=landlock,lockdown,yama,integrity,apparmor"
DOCTOR = "say doctor $(hinoban doctor --json | grep '\"fence\"')\n"
WEB, OTHER, ROOT = 33, 1000, 0
S = "/srv/shop/"
HELD = "EPERM"

SHOP = {"index.php": "<?php require 'lib/a.php';\n", "lib/a.php": "<?php function a() {}\n",
        "lib/b.php": "<?php function b() {}\n", "payment/CardPayment.php": "<?php function pay() {}\n",
        "store/store.php": "<?php function store() {}\n", "store/shop.log": "data\n",
        "uploads/hat.jpg": "\xff\xd8\xff\xe0hat", "empty/keep.php": "<?php\n"}


# ---- the machine's disk: a cpio archive ("newc") ----

class Disk:
    def __init__(self):
        self.parts, self.names = [], set()

    def put(self, name, mode, data=b"", uid=0):
        folder = os.path.dirname(name)
        if folder and folder not in self.names:
            self.put(folder, 0o40755)
        if name in self.names:
            return
        self.names.add(name)
        raw = name.encode() + b"\0"
        head = "070701" + "".join("%08X" % n for n in (
            len(self.names), mode, uid, uid, 1, 0, len(data), 0, 0, 0, 0, len(raw), 0))
        for part in (head.encode() + raw, data):
            self.parts += [part, b"\0" * (-len(part) % 4)]

    def copy(self, path, name=None):
        with open(path, "rb") as f:
            self.put(name or path.lstrip("/"), 0o100755, f.read())

    def libraries(self, path):
        out = subprocess.run(["ldd", path], capture_output=True, text=True).stdout
        for lib in re.findall(r"(/\S+) \(0x", out):
            self.copy(lib)

    def bytes(self):
        self.put("TRAILER!!!", 0)
        return b"".join(self.parts)


PRELUDE = """#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin:/opt HOME=/
echo
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
mount -t cgroup2 cgroup /sys/fs/cgroup; mount -t securityfs security /sys/kernel/security
chmod 1777 /tmp; mount -t tmpfs srv /srv; mkdir /run; mount -t tmpfs run /run
ip link set lo up; ip addr add 192.0.2.1/24 dev lo; ip addr add 2001:db8::1/64 dev lo
mkdir -p /sys/fs/cgroup/system.slice/php8.2-fpm.service /sys/fs/cgroup/system.slice/hinoban.service
cp -r /shop /srv/shop; cp /opt/actor /srv/shop/tool; chmod 755 /srv/shop/tool
chown -R 33:33 /srv/shop; chmod 777 /srv/shop/lib /srv/shop/empty # approved so, else it is put back
say() { echo "RESULT $*"; }
fact() { # TYPE PATTERN: wait until such a fact is there
	for i in $(seq 40); do
		hinoban log --json --type "$1" 2>/dev/null | grep -q "$2" && return 0
		sleep 0.5
	done
	say "missing-$1 $2"
}
watch() { # begin, and wait until all is up
	( echo 0 >/sys/fs/cgroup/system.slice/hinoban.service/cgroup.procs
	  exec hinoband --no-console ) >>/tmp/hinoband.log 2>&1 &
	keeper=$!
	fact fence.mode stands
}
"""


def act(name, uid, *args, at=""):
    return "say %s $(%s/opt/actor %d %s)" % (name, at, uid, " ".join(args))


def machine(script, lsm, disk):
    disk.put("init", 0o100755, (PRELUDE + script + """
echo LEDGER; hinoban log --json; echo END
hinoban verify >/dev/null 2>&1; say verify $?
grep -v "watches /srv" /tmp/hinoband.log | sed "s/^/LOG /"
poweroff -f
""").encode())
    work = tempfile.mkdtemp(prefix="hinoban-fence.")
    try:
        image = os.path.join(work, "disk.cpio")
        with open(image, "wb") as f:
            f.write(disk.bytes())
        r = subprocess.run(
            [QEMU, "-accel", "tcg", "-m", "1024", "-smp", "2",
             "-kernel", kernel(), "-initrd", image, "-nographic", "-no-reboot", "-nic", "none",
             "-append", "console=ttyS0 quiet loglevel=3 panic=-1 random.trust_cpu=on " + lsm],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS)
        return (r.stdout + r.stderr).decode(errors="replace").replace("\r", "")
    except subprocess.TimeoutExpired as e:
        return (e.stdout or b"").decode(errors="replace").replace("\r", "") + "\nTIMEOUT"
    finally:
        shutil.rmtree(work)


class Told:
    def __init__(self, console):
        self.console = console
        self.result = dict(re.findall(r"^RESULT (\S+) (.*)$", console, re.M))
        ledger = re.search(r"^LEDGER\n(.*?)^END$", console, re.M | re.S)
        lines = ledger[1].splitlines() if ledger else []
        self.facts = [json.loads(x) for x in lines if x.startswith("{")]
        self.result.update(("missing", x) for x in re.findall(r"^RESULT missing-(.*)$", console, re.M))

    def of(self, kind, **want):
        return [f for f in self.facts if f["type"] == kind and all(f.get(k) == v for k, v in want.items())]

    def says(self, name, want, what):
        ok(self.result.get(name) == want, "%s: %s" % (what, want), "%s\n%s" % (
            self.result.get(name), self.console[-1500:] if name not in self.result else ""))


def kernel():
    found = sorted(glob.glob("/boot/vmlinuz-*"))
    return found[-1] if found else None


def new_disk():
    disk = Disk()
    for name in PROGRAMS:
        path = os.path.join(BUILD, name)
        disk.copy(path, "opt/" + name)
        disk.libraries(path)
    disk.copy(BUSYBOX, "bin/busybox")
    disk.copy(ACTOR, "opt/actor")
    disk.copy(ACTOR, "usr/sbin/php-fpm8.2")
    for p in filter(os.path.isfile, glob.glob(os.path.join(SOURCE, "profiles", "**"), recursive=True)):
        disk.copy(p)  # beside the sources, where programs of a build folder look for them
    for path, text in SHOP.items():
        disk.put("shop/" + path, 0o100644, text.encode("latin-1"))
    disk.put("etc/passwd", 0o100644, b"root:x:0:0::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\nmallory:x:1000:1000::/:/bin/sh\n")
    disk.put("etc/group", 0o100644, b"root:x:0:\nwww-data:x:33:\n")
    for d in ("proc", "sys", "dev", "tmp", "srv", "var/lib"):
        disk.put(d, 0o40755)
    return disk


# ---- what happens ----

# What the web server's user does to code: an act, its arguments, and the path that is told.
DENIED = [
    ("write", "write", [S + "lib/a.php"], "lib/a.php", "write"),
    ("create", "create", [S + "lib/new.php"], "lib/new.php", "create"),
    ("create-top", "create", [S + "new.txt"], "new.txt", "create"),
    ("cut", "cut", [S + "lib/b.php"], "lib/b.php", "attributes"),
    ("cut-open", "cut-open", [S + "payment/CardPayment.php"], "payment/CardPayment.php", "attributes"),
    ("rename-away", "rename", [S + "lib/a.php", S + "uploads/a.php"], "lib/a.php", "rename"),
    ("rename-over", "rename", [S + "uploads/hat.jpg", S + "lib/b.php"], "lib/b.php", "rename"),
    ("rename-folder", "rename", [S + "payment", S + "uploads/payment"], "payment", "rename"),
    ("link-out", "link", [S + "lib/a.php", S + "uploads/a.jpg"], "lib/a.php", "link"),
    ("link-in", "link", [S + "uploads/hat.jpg", S + "lib/hat.php"], "lib/hat.php", "link"),
    ("symlink", "symlink", ["/tmp/x.php", S + "lib/way.php"], "lib/way.php", "create"),
    ("unlink", "unlink", [S + "index.php"], "index.php", "remove"),
    ("mkdir", "mkdir", [S + "lib/more"], "lib/more", "create"),
    ("rmdir", "rmdir", [S + "empty"], "empty", "remove"),
    ("mknod", "mknod", [S + "lib/pipe"], "lib/pipe", "create"),
    ("chmod", "chmod", [S + "payment/CardPayment.php"], "payment/CardPayment.php", "attributes"),
    ("chown", "chown", [S + "index.php"], "index.php", "attributes"),
    ("touch", "touch", [S + "index.php"], "index.php", "attributes"),
    ("shared-code", "write", [S + "store/store.php"], "store/store.php", "write"),
    ("shared-unlink", "unlink", [S + "store/store.php"], "store/store.php", "remove"),
]
# What he may go on doing.
FREE = [
    ("read", "read", [S + "lib/a.php"]),
    ("upload", "create", [S + "uploads/shoe.jpg"]),
    ("upload-write", "write", [S + "uploads/hat.jpg"]),
    ("upload-unlink", "unlink", [S + "uploads/shoe.jpg"]),
    ("data", "write", [S + "store/shop.log"]),
    ("journal", "create", [S + "store/more.log"]),
    ("elsewhere", "create", ["/tmp/session"]),
]


def files():
    s = "hinoban init /srv/shop --yes >/tmp/init 2>&1; say init $?\n"
    s += "sed -i 's/^connect = .*/connect = \"watch\"/' /etc/hinoban/hinoban.conf\n"
    s += "/opt/actor 33 write-late %s /tmp/go >/tmp/late &\n/opt/actor 33 map-late %s /tmp/go >/tmp/map &\n" % (
        S + "lib/b.php", S + "lib/b.php")
    s += "sleep 1; watch\n"
    s += act("watched", WEB, "touch", S + "index.php") + "\n"
    s += "hinoban mode heal payment code config --reason test >/dev/null; fact fence.mode '\"files\":true'\n"
    for name, what, args, _, _ in DENIED:
        s += act(name, WEB, what, *args) + "\n"
    s += "touch /tmp/go; sleep 0.5; say late $(cat /tmp/late); say map $(cat /tmp/map)\n"
    for name, what, args in FREE:
        s += act("free-" + name, WEB, what, *args) + "\n"
    return s


def workers():
    """By cgroup, whatever the user; other users and root are not meant."""
    s = "( echo 0 >/sys/fs/cgroup/system.slice/php8.2-fpm.service/cgroup.procs\n"
    s += "  exec /usr/sbin/php-fpm8.2 1000 sleep 100 ) &\nsleep 6\n"
    s += "( echo 0 >/sys/fs/cgroup/system.slice/php8.2-fpm.service/cgroup.procs\n"
    s += "  say pool $(/opt/actor 1000 unlink %slib/b.php)\n" % S
    s += "  say pool-root $(/opt/actor 0 create %slib/pool.php) )\n" % S
    s += act("other", OTHER, "mkdir", S + "empty/other") + "\n"
    s += act("root", ROOT, "mkdir", S + "empty/root") + "\n"
    return s


def deploys():
    s = "say deploy $(hinoban deploy -- /opt/actor 33 create %slib/deployed.php | tail -n 1)\n" % S
    s += "say deploy-orphan $(hinoban deploy -- sh -c '/opt/actor 33 orphan write %slib/a.php; sleep 1' | tail -n 1)\n" % S
    s += "sleep 1\n" + act("after-deploy", WEB, "write", S + "lib/deployed.php") + "\n"
    return s


def programs():
    s = "cp /opt/actor /tmp/own; chown 33:33 /tmp/own; chmod 755 /tmp/own\n"
    s += "cp /opt/actor /tmp/lax; chmod 777 /tmp/lax\n"
    for name, what, args in (("own", "run", ["/tmp/own"]), ("lax", "run", ["/tmp/lax"]),
                             ("memory", "run-memory", ["/opt/actor"]), ("map", "map-run", ["/tmp/own"]),
                             ("old", "map-old", ["/tmp/own"]),
                             ("protect", "protect-run", ["/tmp/own"]), ("system", "run", ["/opt/actor"]),
                             ("tool", "run", [S + "tool"])):
        s += act("run-" + name, WEB, what, *args) + "\n"
    return s + act("run-other", OTHER, "run", "/tmp/own") + "\n"


def connects():
    s = act("learn", WEB, "connect", "192.0.2.1", "443") + "\n"
    s += act("learn6", WEB, "connect", "2001:db8::1", "443") + "\n"
    s += act("learn-udp", WEB, "send", "192.0.2.1", "53") + "\n"
    s += "fact fence.learnt '\"port\":53'\nhinoban mode hold connect --reason test >/dev/null\n"
    s += "fact fence.mode '\"connect\":\"hold\"'\n"
    s += act("known", WEB, "connect", "192.0.2.1", "443") + "\n"
    s += act("known6", WEB, "connect", "2001:db8::1", "443") + "\n"
    s += act("known-mapped", WEB, "connect", "::ffff:192.0.2.1", "443") + "\n"
    s += act("known-udp", WEB, "send", "192.0.2.1", "53") + "\n"
    s += act("loopback", WEB, "connect", "127.0.0.1", "3306") + "\n"
    s += act("new-port", WEB, "connect", "192.0.2.1", "8443") + "\n"
    s += act("new6", WEB, "connect", "2001:db8::2", "443") + "\n"
    s += act("new-udp", WEB, "send", "192.0.2.7", "53") + "\n"
    s += act("new-fast", WEB, "fast-open", "192.0.2.1", "8444") + "\n"
    s += act("other-new", OTHER, "connect", "192.0.2.1", "8443") + "\n"
    # Killed and started again: the fence stands as before, with what it learnt.
    s += "kill -9 $(pidof hinoban-fence); sleep 1\n"
    s += "for i in $(seq 40); do [ $(hinoban log --json --type fence.mode | grep -c hold) -ge 2 ] && break; sleep 0.5; done\n"
    s += act("again-known", WEB, "connect", "192.0.2.1", "443") + "\n"
    s += act("again-new", WEB, "connect", "192.0.2.1", "8445") + "\n"
    return s + act("again-write", WEB, "write", S + "lib/a.php") + "\n"


def stands(lsm, by):
    """As an LSM; and as Debian starts its kernel, without bpf among the LSMs."""
    s = files() + workers() + deploys() + programs() + connects()
    s += DOCTOR
    s += "hinoban mode watch --reason test >/dev/null; fact fence.mode '\"files\":false'\n"
    s += act("watch-again", WEB, "touch", S + "index.php") + "\n"
    # Another release takes the shop's place.
    s += "hinoban mode heal payment code config --reason test >/dev/null; sleep 2\n"
    s += "cp -a /srv/shop /srv/next; mv /srv/shop /srv/old; mv /srv/next /srv/shop; sleep 4\n"
    s += act("release", WEB, "touch", S + "index.php") + "\n"
    s += "kill $keeper; wait $keeper; say end $?\n"
    t = Told(machine(s, lsm, new_disk()))
    print("# the kernel's programs by: " + by)
    if not ok(t.result.get("init") == "0" and t.of("fence.mode", stands=True, by=by), "the fence stands",
              t.console[-3000:]):
        return
    ok("missing" not in t.result, "all that was waited for came", t.result.get("missing"))
    check_files(t)
    check_others(t)
    check_programs(t)
    check_connects(t)
    ok('"state":"ok"' in t.result.get("doctor", ""), "doctor says so", t.result.get("doctor"))
    t.says("watch-again", "done", "in mode watch he may touch code")
    t.says("release", HELD, "code of a release that took the shop's place")
    t.says("verify", "0", "the ledger is whole")
    t.says("end", "0", "hinoband ends well")
    # The hand begins anew where a release put another folder in the shop's place.
    died = [f for f in t.of("role.died") if (f["role"], f["how"]) not in (("fence", "signal 9"), ("hand", "exit 3"))]
    ok(not died, "no process of ours died but the one that was killed, and the one that began anew", died)


def check_files(t):
    t.says("watched", "done", "in mode watch he may touch code")
    for name, what, args, path, told in DENIED:
        t.says(name, HELD, "%s %s" % (what, path))
        seen = t.of("fence.denied", path=path, act=told)
        ok(seen and seen[0]["who"].get("user", "www-data") == "www-data", "... and it is in the ledger", t.of("fence.denied")[:40])
    t.says("late", HELD, "a write through a descriptor opened before")
    t.says("map", HELD, "a mapping for writing of one opened before")
    for name, what, args in FREE:
        t.says("free-" + name, "done", "%s %s" % (what, args[0]))


def check_others(t):
    t.says("pool", HELD, "another user in the web server's cgroup")
    t.says("pool-root", HELD, "root in the web server's cgroup")
    t.says("other", "done", "another user elsewhere")
    t.says("root", "done", "root elsewhere")
    t.says("deploy", "done", "a deploy as the web server's user")
    t.says("deploy-orphan", "done", "a deploy's process whose parents have ended")
    t.says("after-deploy", HELD, "what was deployed, after it")


def check_programs(t):
    for name in ("own", "lax", "memory", "map", "old", "protect"):
        t.says("run-" + name, HELD, "a program that he could have written (%s)" % name)
    told = {f["program"] for f in t.of("fence.exec")}
    ok({"/tmp/own", "/tmp/lax", "own"} <= told, "... and it is in the ledger", told)
    t.says("run-system", "done", "a program of root's")
    t.says("run-tool", "done", "an approved program of the shop, which he owns")
    t.says("run-other", "done", "another user's run of his program")


def check_connects(t):
    for name in ("learn", "learn6", "learn-udp", "known", "known6", "known-mapped", "known-udp", "loopback",
                 "other-new", "again-known"):
        t.says(name, "done", "a connection (%s)" % name)
    for name in ("new-port", "new6", "new-udp", "new-fast", "again-new"):
        t.says(name, HELD, "a connection (%s)" % name)
    t.says("again-write", HELD, "a write after the fence was killed")
    learnt = {(f["address"], f["port"]) for f in t.of("fence.learnt")}
    ok(learnt == {("192.0.2.1", 443), ("2001:db8::1", 443), ("192.0.2.1", 53)}, "what was learnt", learnt)
    refused = {(f["address"], f["port"]) for f in t.of("fence.connect")}
    ok(refused == {("192.0.2.1", 8443), ("2001:db8::2", 443), ("192.0.2.7", 53), ("192.0.2.1", 8444),
                   ("192.0.2.1", 8445)}, "what was refused is in the ledger", refused)


def absent():
    """The same kernel, locked so that programs can read nothing of it: none is taken."""
    s = "hinoban init /srv/shop --yes >/tmp/init 2>&1\nwatch\n" + DOCTOR
    s += "hinoban mode heal payment code config --reason test >/dev/null; fact gate.mode '\"folders\":true'\n"
    s += act("free", WEB, "touch", S + "index.php") + "\nkill $keeper; wait $keeper\n"
    t = Told(machine(s, LSM + ",bpf lockdown=confidentiality", new_disk()))
    why = (t.of("fence.mode", stands=False) or [{"why": ""}])[0]["why"]
    ok("as an LSM: the kernel does not take them" in why and "functions: the kernel does not take them" in why,
       "a kernel that takes no programs: there is no fence, and the ledger says why", why + t.console[-1500:])
    ok('"state":"note"' in t.result.get("doctor", "") and "lockdown" in t.result["doctor"],
       "doctor says what it takes", t.result.get("doctor"))
    t.says("free", "done", "all else goes on")


if not (QEMU and kernel() and os.path.exists(BUSYBOX)):
    skip("the fence in a machine of its own", "qemu-system-x86_64, a kernel in /boot or busybox is missing")
elif not os.path.exists(os.path.join(BUILD, "src", "sense", "fence.skel.h")):
    skip("the fence in a machine of its own", "this build has no BPF (libbpf, clang or bpftool was missing)")
else:
    stands(LSM + ",bpf", "lsm")
    stands(LSM, "functions")
    absent()
end()
