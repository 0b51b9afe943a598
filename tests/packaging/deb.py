#!/usr/bin/env python3
"""The Debian package as an operator meets it: built, installed by dpkg into a machine of its
own (an overlay over this one, thrown away at the end), used, upgraded, removed, purged."""
import glob
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from harness import SOURCE, end, ok

STATE, CONFIG = "/var/lib/hinoban", "/etc/hinoban/hinoban.conf"
USERS = ["hinoban-" + n for n in ("guard", "reader", "ledger", "judge", "desk", "gate", "hand", "herald", "collector", "scope", "fetch",
                                    "verify")]


def mount(*args):
    subprocess.run(["mount", *args], check=True)


class Machine:
    """What is written in it stays in memory; its processes see the real /proc and /dev."""

    def __init__(self, base):
        self.root = os.path.join(base, "root")
        mount("-t", "tmpfs", "tmpfs", base)
        for name in ("up", "work", "root"):
            os.mkdir(os.path.join(base, name))
        mount("-t", "overlay", "overlay", "-o",
              "lowerdir=/,upperdir=%s/up,workdir=%s/work" % (base, base), self.root)
        mount("--rbind", "/proc", self.path("/proc"))
        mount("--rbind", "/dev", self.path("/dev"))
        for name in ("/run", "/tmp", "/srv"):
            mount("-t", "tmpfs", "tmpfs", self.path(name))
        for name in (STATE, "/etc/hinoban", "/var/log/hinoban"):
            shutil.rmtree(self.path(name), ignore_errors=True)
        # A machine without an initctl is like one that is being installed: nothing is started.
        with open(self.path("/usr/sbin/policy-rc.d"), "w", encoding="utf-8") as f:
            f.write("#!/bin/sh\nexit 101\n")
        os.chmod(self.path("/usr/sbin/policy-rc.d"), 0o755)

    def path(self, inside):
        return self.root + inside

    def argv(self, command):
        return ["chroot", self.root, "/usr/bin/env", "-i", "HOME=/root", "DEBIAN_FRONTEND=noninteractive",
                "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "bash", "-c", command]

    def sh(self, command):
        return subprocess.run(self.argv(command), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=120)

    def there(self, inside):
        return os.path.exists(self.path(inside))


def does(m, command, what, code=0):
    r = m.sh(command)
    ok(r.returncode == code, what, "%s\nexit %d\n%s" % (command, r.returncode, r.stdout))
    return r.stdout


def build():
    r = subprocess.run([os.path.join(SOURCE, "tools", "package")], stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, text=True)
    deb = os.path.join(SOURCE, r.stdout.strip().splitlines()[-1]) if r.stdout.strip() else ""
    if r.returncode or not os.path.isfile(deb):
        ok(False, "the package is built", r.stdout)
        end()
    return deb


def should_hold():
    """From the sources: what a complete package has in it."""
    names = ["/usr/bin/hinoban", "/usr/bin/verify-proof", "/usr/sbin/hinoband",
             "/usr/share/bash-completion/completions/hinoban", "/usr/lib/sysusers.d/hinoban.conf",
             "/usr/share/doc/hinoban/copyright", "/usr/share/doc/hinoban/README.md"]
    names += ["/usr/libexec/hinoban/hinoban-" + r for r in ("guard", "reader", "ledger", "judge", "desk", "fetch")]
    for p in glob.glob(os.path.join(SOURCE, "profiles", "*.profile")):
        names.append("/usr/share/hinoban/profiles/" + os.path.basename(p))
    for p in glob.glob(os.path.join(SOURCE, "doc", "**", "*.[0-9]"), recursive=True):
        lang = os.path.relpath(os.path.dirname(p), os.path.join(SOURCE, "doc"))
        lang = "" if lang == "." else lang + "/"
        names.append("/usr/share/man/%sman%s/%s.gz" % (lang, p[-1], os.path.basename(p)))
    for pattern in ("service", "timer"):
        for p in glob.glob(os.path.join(SOURCE, "packaging", "systemd", "*." + pattern)):
            names.append("/usr/lib/systemd/system/" + os.path.basename(p))
    return names


def install(m, deb):
    shutil.copy(deb, m.path("/tmp/hinoban.deb"))
    said = does(m, "dpkg -i /tmp/hinoban.deb", "it installs")
    ok("hinoban init" in said, "and says how to begin", said)
    has = set(does(m, "dpkg -L hinoban", "its files are listed").splitlines())
    missing = [n for n in should_hold() if n not in has]
    ok(not missing, "nothing is missing in it", "\n".join(missing))
    does(m, "dpkg -V hinoban", "its files are as its sums say")
    does(m, "getent passwd %s && getent group hinoban" % " ".join(USERS), "its users are made")
    does(m, "systemd-analyze verify --man=no hinoban.service hinoban-verify.service hinoban-verify.timer "
         "hinoban-digest.service hinoban-digest.timer",
         "systemd has nothing against its units")
    does(m, "mkdir -p /etc/systemd/system/hinoban.service.d && cp /usr/share/doc/hinoban/hinoban-pages.conf "
         "/etc/systemd/system/hinoban.service.d/ && systemd-analyze verify --man=no hinoban.service && "
         "rm -r /etc/systemd/system/hinoban.service.d", "nor against the drop-in for pages")
    programs = [n for n in has if n.startswith(("/usr/bin/h", "/usr/sbin/h", "/usr/libexec/hinoban/"))]
    for n in sorted(programs):
        with open(m.path(n), "rb") as f:
            ok(SOURCE.encode() not in f.read(), n + " knows nothing of where it was built")


def begin(m):
    shutil.copytree(os.path.join(SOURCE, "shop"), m.path("/srv/shop"))
    does(m, "hinoband", "hinoband without settings: exit 2", code=2)
    # Careful administrators have a umask like this one.
    does(m, "umask 077; hinoban init /srv/shop --yes", "init, as the README says")
    owner = os.stat(m.path(STATE + "/ledger.db")).st_uid
    said = does(m, "id -u hinoban-ledger", "the ledger has a user")
    ok(str(owner) == said.strip(), "the ledger belongs to the ledger's user", owner)
    does(m, "hinoban status", "status of a watch that does not run")
    does(m, "setpriv --reuid hinoban-verify --regid hinoban-desk --clear-groups hinoban verify",
         "the daily check's user can check")
    does(m, "setpriv --reuid hinoban-verify --regid hinoban-desk --clear-groups "
         "sh -c ': >>%s/ledger.db'" % STATE, "and can write nothing", code=2)


class Watch:
    """hinoband as systemd starts it: with a socket that hears how it is."""

    def __init__(self, m):
        self.m = m
        self.ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.ear.bind(m.path("/run/notify"))
        self.ear.settimeout(60)
        self.p = subprocess.Popen(m.argv("NOTIFY_SOCKET=/run/notify exec hinoband --listen 127.0.0.1:0"),
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)

    def hears(self, word):
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                if self.ear.recv(256).decode() == word:
                    return True
            except socket.timeout:
                break
        return False

    def end(self):
        self.p.send_signal(signal.SIGTERM)
        heard = self.hears("STOPPING=1")
        out = self.p.communicate(timeout=60)[0]
        self.ear.close()
        os.unlink(self.m.path("/run/notify"))
        return heard and self.p.returncode == 0, out


def finding(m, path):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        lines = m.sh("hinoban findings --json").stdout.splitlines()
        if any(json.loads(line).get("path") == path for line in lines):
            return True
        time.sleep(0.1)
    return False


def watch(m, what, path):
    w = Watch(m)
    ok(w.hears("READY=1"), what + ": systemd is told that it is ready")
    ok(w.hears("WATCHDOG=1"), what + ": and that it is well")
    with open(m.path("/srv/shop/" + path), "a", encoding="utf-8") as f:
        f.write("file_put_contents('/tmp/x.jpg', json_encode($_POST));\n")
    ok(finding(m, path), what + ": a tampered file is found")
    said = m.sh("hinoban status --json").stdout
    ok(json.loads(said)["ready"], what + ": status says ready", said)
    good, out = w.end()
    ok(good, what + ": SIGTERM ends it in order", out)
    ok(re.search(r"http://127\.0\.0\.1:\d+/login#\w+", out), what + ": the console's login is told", out)


def other_ids(m):
    """A state from before the users were there, or from another machine: numbers differ."""
    for folder, _, names in os.walk(m.path(STATE)):
        for name in [".", *names]:
            os.chown(os.path.join(folder, name), 61002, 61004)
    watch(m, "a state with other ids", "payment/Card.php")
    owner = os.stat(m.path(STATE + "/ledger.db")).st_uid
    ok(owner not in (0, 61002), "it is handed to the ledger's user of this machine", owner)
    with open(m.path(STATE + "/head"), encoding="utf-8") as f:
        head = json.load(f)["size"]
    has = json.loads(m.sh("hinoban status --json").stdout)["facts"]
    ok(head == has, "who keeps the newest head beside it", (head, has))


def links(m):
    """Whoever is the ledger's user shall not be given by root what is not his."""
    shadow, there = m.path("/etc/precious"), m.path(STATE + "/table")
    with open(shadow, "w", encoding="utf-8") as f:
        f.write("root's own")
    os.path.exists(there) and os.unlink(there)
    for make, what in ((os.symlink, "symbolic"), (os.link, "hard")):
        make("/etc/precious" if make is os.symlink else shadow, there)
        r = m.sh("hinoban check")
        os.unlink(there)
        ok(os.stat(shadow).st_uid == 0 and r.returncode not in (0, 1),
           "a %s link in the state is not followed: refused" % what, r.stdout)
    does(m, "hinoban check", "without it the ledger opens again", code=1)


def upgrade(m):
    with open(m.path(CONFIG), "rb") as f:
        before = f.read()
    said = does(m, "dpkg -i /tmp/hinoban.deb", "an upgrade installs")
    with open(m.path(CONFIG), "rb") as f:
        ok(f.read() == before and "hinoban init" not in said, "and leaves the settings")
    does(m, "hinoban verify", "and the ledger")


def leave(m):
    does(m, "dpkg -r hinoban", "a removal")
    ok(not m.there("/usr/bin/hinoban") and not m.there("/usr/share/hinoban"), "takes the programs")
    ok(m.there(CONFIG) and m.there(STATE + "/ledger.db"), "and leaves settings and records")
    said = does(m, "dpkg -P hinoban", "a purge")
    ok(not m.there("/etc/hinoban"), "takes the settings")
    ok(m.there(STATE + "/ledger.db") and STATE in said, "leaves the records and says so", said)
    does(m, "dpkg -i /tmp/hinoban.deb && echo 'hinoban hinoban/purge-state boolean true' | "
         "debconf-set-selections && dpkg -P hinoban", "a purge of all, where that was answered")
    ok(not m.there(STATE), "takes the records too")


def inside(base, deb):
    ok(deb, "the package is built")
    m = Machine(base)
    install(m, deb)
    begin(m)
    watch(m, "first watch", "payment/CardPayment.php")
    other_ids(m)
    links(m)
    upgrade(m)
    leave(m)
    end()


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--inside":
        return inside(sys.argv[2], sys.argv[3])
    if os.geteuid() != 0:
        print("1..0 # SKIP needs root, to install a package")
        return None
    deb = build()
    base = tempfile.mkdtemp(prefix="hinoban-deb.", dir="/var/tmp")
    try:
        # The mounts are this process's own and go with it.
        r = subprocess.run(["unshare", "--mount", "--propagation", "private", sys.executable,
                            os.path.abspath(__file__), "--inside", base, deb])
    finally:
        os.rmdir(base)
    sys.exit(r.returncode)


if __name__ == "__main__":
    main()
