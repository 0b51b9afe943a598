#!/usr/bin/env python3
"""The package under a systemd that really booted: process 1 of namespaces of its own, over an
overlay of this machine that is thrown away at the end. Install, init, start, tamper, heal, apt, a kill,
the daily check, the pages in Chromium, an upgrade, a removal."""
import glob
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import deb
from deb import SOURCE, STATE, does, end, ok
from harness import skip

INIT = "/lib/systemd/systemd"
CHROMIUM = "/usr/lib/chromium/chromium"
TARGET = "hinoban-test.target"
BOOT_S = 60
# As a container has it: what the whole machine shares can't be altered from inside.
SHARED = ("/proc/sys", "/proc/sysrq-trigger", "/proc/irq", "/proc/bus")
# Capabilities that a container has not either.
WITHOUT = "-sys_module,-sys_time,-sys_rawio,-sys_boot,-mac_admin,-mac_override,-syslog,-wake_alarm"
BIRTH = r"""
set -e
mount -t proc proc {r}/proc
for name in {shared}; do [ ! -e {r}$name ] || mount --bind -o ro {r}$name {r}$name; done
mount -t sysfs -o ro sysfs {r}/sys
mount -t tmpfs tmpfs {r}/sys/fs/cgroup
mount -t cgroup2 cgroup2 {r}/sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs {r}/dev
for name in null zero full random urandom tty; do
	mknod -m 666 {r}/dev/$name c $((0x$(stat -c %t /dev/$name))) $((0x$(stat -c %T /dev/$name)))
done
mkdir {r}/dev/shm {r}/dev/pts
mount -t tmpfs tmpfs {r}/dev/shm
mount -t devpts -o newinstance,ptmxmode=666 devpts {r}/dev/pts
ln -s pts/ptmx {r}/dev/ptmx
ln -s /proc/self/fd {r}/dev/fd
touch {r}/dev/console
# No chroot: who sits in one may not make user namespaces.
cd {r}
pivot_root . .
umount -l .
exec env -i container=hinoban-test PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	setpriv --bounding-set {without} {init} --unit={target}
"""


class Cgroup:
    """One of our own in the unified hierarchy: systemd takes what it begins in for the whole tree."""

    def __init__(self, base):
        self.top = os.path.join(base, "cgroup")
        os.mkdir(self.top)
        deb.mount("-t", "cgroup2", "cgroup2", self.top)
        self.path = os.path.join(self.top, "hinoban-booted.%d" % os.getpid())
        os.mkdir(self.path)

    def forget(self):
        for folder, _, _ in os.walk(self.path, topdown=False):
            os.rmdir(folder)


class Booted(deb.Machine):
    def __init__(self, base):
        self.root, self.one = os.path.join(base, "root"), None
        deb.mount("-t", "tmpfs", "tmpfs", base)
        for name in ("up", "work", "root"):
            os.mkdir(os.path.join(base, name))
        deb.mount("-t", "overlay", "overlay", "-o", "lowerdir=/,upperdir=%s/up,workdir=%s/work" % (base, base), self.root)
        for name in ("/run", "/tmp", "/srv"):
            deb.mount("-t", "tmpfs", "tmpfs", self.path(name))
        for name in (STATE, "/etc/hinoban", "/var/log/hinoban", "/var/log/journal", "/usr/sbin/policy-rc.d"):
            if os.path.isdir(self.path(name)):
                shutil.rmtree(self.path(name))
            elif self.there(name):
                os.unlink(self.path(name))
        self.only_ours()
        self.cgroup = Cgroup(base)

    def only_ours(self):
        """Nothing of this machine's own services is started in the other."""
        units = self.path("/etc/systemd/system")
        for name in glob.glob(units + "/*.wants") + glob.glob(units + "/*.requires"):
            shutil.rmtree(name)
        with open(os.path.join(units, TARGET), "w", encoding="utf-8") as f:
            f.write("[Unit]\nRequires=basic.target\nAfter=basic.target\nWants=multi-user.target timers.target\n")
        for name in glob.glob(self.path("/lib/systemd/system/multi-user.target.wants/*")):
            os.unlink(name)
        with open(self.path("/etc/fstab"), "w", encoding="utf-8"):
            pass

    def boot(self):
        """Whether it came up; else why not."""
        birth = BIRTH.format(r=self.root, shared=" ".join(SHARED), without=WITHOUT, init=INIT, target=TARGET)
        enter = "echo $$ >%s/cgroup.procs; exec unshare --pid --fork --cgroup --uts --ipc --net --mount " \
                "--propagation private --kill-child bash -c \"$0\"" % self.cgroup.path
        self.outer = subprocess.Popen(["bash", "-c", enter, birth], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.STDOUT, text=True)
        until = time.monotonic() + BOOT_S
        while time.monotonic() < until and self.outer.poll() is None:
            with open("/proc/%d/task/%d/children" % (self.outer.pid, self.outer.pid), encoding="ascii") as f:
                self.one = f.read().split()[:1]
            self.one = self.one and self.one[0]
            if self.one and os.readlink("/proc/%s/exe" % self.one).endswith("systemd"):
                said = self.sh("systemctl is-system-running").stdout.strip()
                if said in ("running", "degraded"):
                    return said, ""
            time.sleep(0.2)
        self.off()
        return None, (self.outer.stdout.read().strip().splitlines() or ["systemd does not come up"])[-1]

    def argv(self, command):
        return ["nsenter", "--target", self.one, "--all", "/usr/bin/env", "-i", "HOME=/root",
                "DEBIAN_FRONTEND=noninteractive", "LANG=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "bash", "-c", command]

    def off(self):
        if self.outer.poll() is None:
            if self.one:
                os.kill(int(self.one), signal.SIGKILL)  # and with it all of its namespace
            self.outer.kill()
        self.outer.wait()
        for _ in range(50):
            try:
                return self.cgroup.forget()
            except OSError:
                time.sleep(0.1)
        return None

    def property(self, unit, name):
        return self.sh("systemctl show --property %s --value %s" % (name, unit)).stdout.strip()

    def journal(self, unit):
        return self.sh("journalctl --no-pager -u %s | tail -n 30" % unit).stdout

    def facts(self, kind):
        return [json.loads(x) for x in self.sh("hinoban log --json --type '%s'" % kind).stdout.splitlines() if x[0] == "{"]


def waits(check, seconds=30):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        got = check()
        if got:
            return got
        time.sleep(0.2)
    return None


def install(m, package):
    shutil.copy(package, m.path("/tmp/hinoban.deb"))
    does(m, "dpkg --no-triggers -i /tmp/hinoban.deb", "it installs")
    ok(m.property("hinoban", "LoadState") == "loaded", "systemd knows the unit without being told")
    shutil.copytree(os.path.join(SOURCE, "shop"), m.path("/srv/shop/www"), ignore=shutil.ignore_patterns("run"))
    does(m, "hinoban init /srv/shop/www --yes", "init")


def is_ready(m):
    said = m.sh("hinoban status --json").stdout.strip().splitlines()
    return said and said[-1].startswith("{") and json.loads(said[-1]).get("ready")


def start(m):
    does(m, "systemctl enable --now hinoban", "systemctl enable --now, as the README says")
    ok(m.property("hinoban", "ActiveState") == "active" and waits(lambda: is_ready(m)), "the watch is active and ready",
       m.journal("hinoban"))
    ok(m.property("hinoban-verify.timer", "ActiveState") == "active", "and so is the daily check's timer")
    ok(re.search(r"Console: http://127\S+/login#\w+", m.journal("hinoban")), "the journal has the console's login",
       m.journal("hinoban"))


def processes(m):
    """{role: status} of what runs in the unit."""
    out = {}
    for n in glob.glob(m.cgroup.path + "/system.slice/hinoban.service/**/cgroup.procs", recursive=True):
        with open(n, encoding="ascii") as f:
            for pid in f.read().split():
                with open("/proc/%s/status" % pid, encoding="ascii", errors="replace") as s:
                    status = dict(line.rstrip("\n").split(":\t", 1) for line in s if ":\t" in line)
                with open("/proc/%s/cmdline" % pid, encoding="utf-8", errors="replace") as s:
                    out[os.path.basename(s.read().split("\0")[0])] = status
    return out


def roles(m):
    has = processes(m)
    for role in ("guard", "reader", "ledger", "judge", "desk", "gate", "hand"):
        s = has.get("hinoban-" + role, {})
        user = m.sh("id -u hinoban-" + role).stdout.strip()
        ok(s.get("Seccomp") == "2" and s.get("Uid", "").split()[:1] == [user], "%s: sealed, as its own user" % role,
           (user, s.get("Seccomp"), s.get("Uid")))
    ok(all(s["NoNewPrivs"] == "1" for s in has.values()), "none may gain rights", sorted(has))


THEFT = "file_put_contents('/tmp/x.jpg', json_encode($_POST));"


def tampers(m, name):
    """By rename, as editors do; from inside, for to the gate a process elsewhere is nobody."""
    with open(m.path("/tmp/more"), "w", encoding="utf-8") as f:
        f.write(THEFT)
    does(m, "cd /srv/shop/www && cat %s /tmp/more >/srv/shop/new && mv /srv/shop/new %s" % (name, name),
         name + " is altered")


def tamper(m):
    tampers(m, "payment/CardPayment.php")
    ok(deb.finding(m, "payment/CardPayment.php"), "a tampered file is found", m.journal("hinoban"))
    does(m, "hinoban restore payment/CardPayment.php --yes --reason test", "and put back by hand")


def heal(m):
    does(m, "hinoban mode heal --reason test", "mode heal")
    waits(lambda: m.facts("gate.mode"))
    tampers(m, "payment/Card.php")
    said = waits(lambda: THEFT not in m.sh("cat /srv/shop/www/payment/Card.php").stdout, 20)
    ok(said and waits(lambda: m.facts("deed.heal")), "an altered file is put back before it is read, under the unit's restrictions", m.journal("hinoban"))
    does(m, "hinoban rehearse", "what contains can be rehearsed")
    does(m, "hinoban mode watch --reason test", "mode watch")


PACKAGE = """set -e; rm -rf /tmp/p; mkdir -p /tmp/p/DEBIAN /tmp/p/srv/shop/www/lib
printf 'Package: shop-part\\nVersion: %d\\nArchitecture: all\\nMaintainer: x <x@localhost>\\nDescription: x\\n' >/tmp/p/DEBIAN/control
echo '<?php // part %d' >/tmp/p/srv/shop/www/lib/part.php
dpkg-deb --build --root-owner-group -Znone /tmp/p /tmp/part.deb; chmod 644 /tmp/part.deb"""


NGINX = """user www-data; pid /run/nginx.pid; events {}
http { access_log off; server { listen 127.0.0.1:8098; root /srv/shop/www; } }
"""
FIRST = "until curl --silent --fail http://127.0.0.1:8098/%s; do sleep 0.002; done"


def boots(m):
    """Altered while nobody watches: the web server begins with us, and hands none of it out."""
    script = "static/shop.js"
    with open(m.path("/srv/shop/www/" + script), encoding="utf-8") as f:
        approved = f.read()
    with open(m.path("/etc/nginx/nginx.conf"), "w", encoding="utf-8") as f:
        f.write(NGINX)
    does(m, "hinoban mode heal --reason test", "mode heal")
    does(m, "systemctl stop hinoban nginx", "both are stopped")
    tampers(m, script)
    said = m.sh("systemctl start --no-block hinoban nginx; " + FIRST % script).stdout
    ok(said == approved, "the first answer after the start is approved code", said[:200])
    ok(waits(lambda: is_ready(m)), "the watch is ready", m.journal("hinoban"))
    does(m, "systemctl stop nginx; hinoban mode watch --reason test", "mode watch")


def packages(m):
    """apt by itself, as unattended upgrades run it: what a package brings to the shop is a release."""
    does(m, "hinoban mode heal --reason test", "mode heal")
    waits(lambda: m.facts("gate.mode"))
    for version in (1, 2):
        m.sh(PACKAGE % (version, version))
        before = len(m.facts("deploy.ended"))
        does(m, "apt-get install -y /tmp/part.deb", "apt-get brings version %d of a part of the shop" % version)
        found = m.sh("hinoban findings --json").stdout
        stands = m.sh("cat /srv/shop/www/lib/part.php").stdout
        ended = m.facts("deploy.ended")
        ok(stands == "<?php // part %d\n" % version and len(ended) == before + 1 and "part.php" not in found,
           "it stands there, and is told as a release", (stands, ended, m.sh("hinoban log --json --path lib/part.php").stdout))
    does(m, "apt-get purge -y shop-part", "and takes it away again")
    found = m.sh("hinoban findings --json").stdout
    ok(not m.there("/srv/shop/www/lib/part.php") and "part.php" not in found, "which is none either", found)
    does(m, "hinoban mode watch --reason test", "mode watch")


def killed(m):
    before = m.property("hinoban", "MainPID")
    m.sh("kill -KILL " + before)
    back = waits(lambda: m.property("hinoban", "MainPID") not in ("0", before) and is_ready(m))
    ok(back, "killed, it is begun anew by systemd", m.journal("hinoban"))


def checked(m):
    does(m, "systemctl start hinoban-verify", "the daily check finds the ledger whole")
    ok(m.property("hinoban-verify", "Result") == "success", "and says so", m.journal("hinoban-verify"))


FEED = """<rss><channel><item><title>タグベンダーに不正アクセス</title><guid>1</guid><pubDate>Fri, 20 Nov 2026 10:00:00 +0900
</pubDate><description>タグベンダーは20日、配信スクリプトが改ざんされたと発表した。</description></item></channel></rss>"""


def digest(m):
    ok(m.property("hinoban-digest.timer", "ActiveState") == "active", "the digest's timer waits for Monday")
    does(m, "systemctl start hinoban-digest", "the digest of last week is written, without a feed")
    with open(m.path("/srv/feed.xml"), "w", encoding="utf-8") as f:
        f.write(FEED)
    does(m, "sed -i 's|^feeds = .*|feeds = [\"/srv/feed.xml\"]|' " + deb.CONFIG, "a feed in the settings")
    does(m, "systemctl start hinoban-digest", "and with one, for which words are given")
    said = m.facts("news.read")
    ok(len(said) == 1 and said[0]["by"] == "hinoban-digest", "what the feed says is a fact", m.journal("hinoban-digest"))
    made = glob.glob(m.path("/var/lib/hinoban-digest/digest-*.html"))
    ok(len(made) == 1 and os.path.getsize(made[0]) > 1000, "the digest lies where the unit says", made)


PAGE = """<!doctype html><meta charset=utf-8><title>pay</title><form method=post><input name=number autocomplete=cc-number>
<input name=code autocomplete=cc-csc><button>pay</button></form>"""


def pages(m):
    """Chromium with its own sandbox on, below the unit's restrictions, as the drop-in loosens them."""
    if not m.there(CHROMIUM):
        return skip("pages in Chromium", "Debian's chromium is not installed")
    os.makedirs(m.path("/srv/page"))
    with open(m.path("/srv/page/index.html"), "w", encoding="utf-8") as f:
        f.write(PAGE)
    os.makedirs(m.path("/etc/systemd/system/hinoban.service.d"))
    does(m, "cp /usr/share/doc/hinoban/hinoban-pages.conf /etc/systemd/system/hinoban.service.d/pages.conf && "
         "systemctl daemon-reload && systemd-analyze verify --man=no hinoban.service", "the drop-in for pages")
    does(m, "systemd-run --unit page /usr/bin/python3 -m http.server 8099 --bind 127.0.0.1 --directory /srv/page", "a page")
    does(m, "sed -i 's|^watch = \\[\\]|watch = [\"pay http://127.0.0.1:8099/\"]|' %s && systemctl restart hinoban" % deb.CONFIG,
         "pages in the settings")
    ok(waits(lambda: is_ready(m)), "the watch is ready again", m.journal("hinoban"))
    does(m, "hinoban page check pay", "the page is visited")
    said = m.facts("page.checked")
    ok(said and said[-1]["valid"], "in Chromium, and seen", (said, m.journal("hinoban")))
    has = processes(m)
    ok(has.get("hinoban-browser", {}).get("Uid", "").split()[:1] == [m.sh("id -u hinoban-browser").stdout.strip()],
       "by a user that owns nothing", sorted(has))
    m.sh("systemctl stop page")
    return None


def upgrade(m):
    before = m.property("hinoban", "MainPID")
    does(m, "dpkg --no-triggers -i /tmp/hinoban.deb", "an upgrade while it runs")
    ok(waits(lambda: m.property("hinoban", "MainPID") not in ("0", before) and is_ready(m)), "begins the new watch",
       m.journal("hinoban"))


def leave(m):
    does(m, "dpkg --no-triggers -r hinoban", "a removal while it runs")
    ok(waits(lambda: not processes(m)) is not None, "ends all of its processes", processes(m).keys())
    ok(m.sh("systemctl --failed --no-legend --plain").stdout.strip() == "", "no unit has failed",
       m.sh("systemctl --failed; journalctl --no-pager -p warning | tail -n 30").stdout)


def inside(base, package):
    m = Booted(base)
    state, why = m.boot()
    if not state:
        skip("the package under a booted systemd", why)
        return end()
    try:
        ok(state == "running", "systemd has booted", m.sh("systemctl --failed").stdout)
        for step in (install, start, roles, tamper, heal, boots, packages, killed, checked, digest, pages, upgrade, leave):
            step(m, package) if step is install else step(m)
    finally:
        m.off()
    return end()


def main():
    if len(sys.argv) == 4 and sys.argv[1] == "--inside":
        return inside(sys.argv[2], sys.argv[3])
    lacks = "needs root" if os.geteuid() != 0 else "" if os.path.exists(INIT) else "there is no " + INIT
    lacks = lacks or ("" if "cgroup2" in open("/proc/filesystems", encoding="ascii").read() else "no cgroup2 in this kernel")
    if lacks:
        print("1..0 # SKIP " + lacks)
        return None
    package = deb.build()
    base = tempfile.mkdtemp(prefix="hinoban-booted.", dir="/var/tmp")
    try:
        r = subprocess.run(["unshare", "--mount", "--propagation", "private", sys.executable, os.path.abspath(__file__),
                            "--inside", base, package])
    finally:
        os.rmdir(base)
    sys.exit(r.returncode)


if __name__ == "__main__":
    main()
