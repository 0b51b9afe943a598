#!/usr/bin/env python3
"""Who and which request, with Debian's Apache: PHP inside of it and behind php-fpm, in the formats
of log that are common there."""
import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time

from watching import Shop, done, ok, skip, recv, send  # noqa: F401

APACHE, FPM = "/usr/sbin/apache2", "/usr/sbin/php-fpm8.2"
MODULES = "/usr/lib/apache2/modules"

UPLOAD = """<?php
usleep((int)(1e6 * max(0, (float)($_GET['at'] ?? 0) - microtime(true))));
file_put_contents(__DIR__ . '/uploads/' . basename($_GET['name']), file_get_contents('php://input'));
usleep((int)($_GET['after'] ?? 0));
echo 'stored';
"""

CONF = """
ServerRoot {base}
ServerName shop.example
PidFile {base}/apache.pid
DefaultRuntimeDir {base}
ErrorLog {base}/error.log
Listen 127.0.0.1:{port}
User www-data
Group www-data
LoadModule mpm_prefork_module {modules}/mod_mpm_prefork.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule mime_module {modules}/mod_mime.so
TypesConfig /etc/mime.types
{php}
DocumentRoot {shop}
LogFormat "{format}" ours
CustomLog {base}/access.log ours
"""

INSIDE = """LoadModule php_module {modules}/libphp8.2.so
<FilesMatch "\\.php$">
SetHandler application/x-httpd-php
</FilesMatch>
"""

BEHIND = """LoadModule proxy_module {modules}/mod_proxy.so
LoadModule proxy_fcgi_module {modules}/mod_proxy_fcgi.so
<FilesMatch "\\.php$">
SetHandler "proxy:unix:{base}/fpm.sock|fcgi://localhost"
</FilesMatch>
"""

POOL = """[global]
error_log = {base}/fpm.log
daemonize = no
[shop]
user = www-data
group = www-data
listen = {base}/fpm.sock
listen.mode = 0666
pm = static
pm.max_children = 3
"""

COMBINED = '%h %l %u %t "%r" %>s %O "%{Referer}i" "%{User-Agent}i"'
FORMATS = [
    # name, Apache's LogFormat, what hinoban is told (None: the same), exact, PHP inside
    ("combined", COMBINED, "combined", False, True),
    ("vhost_combined", "%v:%p " + COMBINED, "combined", False, False),
    ("with %D", COMBINED + " %D", None, False, True),
    ("JSON", '{"time":"%{%Y-%m-%dT%H:%M:%S%z}t","ip":"%a","method":"%m","url":"%U%q","status":%>s,"us":%D,'
     '"agent":"%{User-Agent}i"}', None, False, False),
    ("to the microsecond", '%h %{usec}t %D "%r" %>s', None, True, True),
]


def quoted(text):
    return text.replace("\\", "\\\\").replace('"', '\\"')


def free_port():
    s = socket.socket()
    s.bind(("127.0.0.1", 0))
    port = s.getsockname()[1]
    s.close()
    return port


class Site:
    def __init__(self, log_format, told, inside):
        self.base = tempfile.mkdtemp(prefix="hinoban-apache-")
        os.chmod(self.base, 0o755)
        self.log = self.base + "/access.log"
        open(self.log, "w").close()
        self.shop = Shop(log=self.log, web='access_log_format = "%s"' % quoted(told or log_format))
        self.shop.write("upload.php", UPLOAD)
        self.shop.write("style.css", "p { color: black }")
        self.shop.write("page.php", "<?php usleep(1000); echo 'page';")
        os.chmod(self.shop.at("uploads"), 0o777)
        self.port = free_port()
        values = dict(base=self.base, port=self.port, modules=MODULES, shop=self.shop.dir, format=quoted(log_format))
        values["php"] = (INSIDE if inside else BEHIND).format(**values)
        with open(self.base + "/apache.conf", "w") as f:
            f.write(CONF.format(**values))
        with open(self.base + "/fpm.conf", "w") as f:
            f.write(POOL.format(**values))
        self.run = [subprocess.Popen([APACHE, "-DFOREGROUND", "-f", self.base + "/apache.conf"],
                                     start_new_session=True)]  # it ends all of its process group
        if not inside:
            self.run.append(subprocess.Popen([FPM, "-F", "-y", self.base + "/fpm.conf"],
                                             stderr=subprocess.DEVNULL))
        self.shop.watch.wait(self.answers)

    def answers(self):
        try:
            return self.get("/page.php") == b"page"
        except OSError:
            return False

    def get(self, url, body=None, source="127.0.0.1"):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=(source, 0))
        c.request("GET" if body is None else "POST", url, body, {"User-Agent": "test \"quoted\""})
        got = c.getresponse().read()
        c.close()
        return got

    def end(self):
        for p in self.run:
            p.terminate()
        for p in self.run:
            p.wait(20)
        self.shop.end()
        shutil.rmtree(self.base)


def request_of(w, path):
    """The newest file.request of a path, once there is one."""
    got = w.wait(lambda: [f for f in w.facts("file.request") if f["path"] == path], 12)
    return got[-1]["request"] if got else {}


def who_of(w, path):
    w.sync()
    got = w.changes(path)
    return got[-1].get("who", {}) if got else {}


def one(name, log_format, told, exact, inside):
    site = Site(log_format, told, inside)
    w = site.shop.watch
    w.start()
    w.wait_started()
    for get in (("/style.css",), ("/upload.php?name=a.php", b"<?php 1;"), ("/page.php",)):
        time.sleep(0.3)
        site.get(*get)
    r = request_of(w, "uploads/a.php")
    ok((r.get("method"), r.get("url"), r.get("client")) == ("POST", "/upload.php?name=a.php", "127.0.0.1"),
       "%s: the request is named" % name, r)
    ok(0.3 < r.get("confidence", 0) < 1 and (r["confidence"] > 0.9) == exact,
       "%s: with a confidence that fits the log: %s" % (name, r.get("confidence")), r)
    who = who_of(w, "uploads/a.php")
    program = "apache2" if inside else "php-fpm"
    ok(who.get("worker") is True and who.get("user") == "www-data" and program in who.get("exe", ""),
       "%s: and the worker is: %s" % (name, program), who)
    ok(any(program in p["exe"] for p in who.get("parents", [])), "%s: with its parents" % name, who)
    return site


def at_once(site):
    """Two visitors write in the same moment: it can't be told apart for sure, and that is said."""
    w = site.shop.watch
    both = time.time() + 1   # by then both requests run, also on a busy machine
    threads = [threading.Thread(target=site.get, args=(
        "/upload.php?name=two%d.php&at=%f&after=300000" % (i, both), b"<?php %d;" % i, "127.0.0.%d" % (i + 1)))
        for i in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for i in range(2):
        r = request_of(w, "uploads/two%d.php" % i)
        ok(r.get("candidates", 0) >= 2 and 0.2 < r.get("confidence", 1) < 0.6,
           "two visitors at once: both are candidates, with %s" % r.get("confidence"), r)


def rotated(site):
    """The log is turned over between the write and its line; Apache writes on into the old one."""
    w = site.shop.watch
    time.sleep(3.5)  # a log by the second can't tell neighbours apart
    t = threading.Thread(target=site.get, args=("/upload.php?name=rot.php&after=700000", b"<?php 3;"))
    t.start()
    w.wait(lambda: w.changes("uploads/rot.php"), 5)
    os.rename(site.log, site.log + ".1")
    t.join()
    r = request_of(w, "uploads/rot.php")
    ok("name=rot.php" in r.get("url", ""), "a log renamed before the line was written: it is found in the old one", r)
    time.sleep(3.5)
    site.get("/upload.php?name=late.php", b"<?php 3;")
    r = request_of(w, "uploads/late.php")
    ok("name=late.php" in r.get("url", ""), "and so is what comes while Apache still writes there", r)
    with open(site.log, "w"):
        pass
    os.chmod(site.log, 0o666)
    site.run[0].send_signal(subprocess.signal.SIGUSR1)  # graceful: opens its log anew
    w.wait(site.answers)
    time.sleep(3.5)
    site.get("/upload.php?name=new.php", b"<?php 4;")
    r = request_of(w, "uploads/new.php")
    ok("name=new.php" in r.get("url", ""), "and the next one in the new one", r)


def no_web(site):
    """What an administrator writes has no request, however many come in."""
    w = site.shop.watch
    stop = threading.Event()

    def visitors():
        while not stop.is_set():
            site.get("/page.php")

    t = threading.Thread(target=visitors)
    t.start()
    site.shop.write("code/by-hand.php", "<?php 5;")
    w.sync()
    time.sleep(6)
    stop.set()
    t.join()
    ok(bool(w.changes("code/by-hand.php")) and not [f for f in w.facts("file.request")
                                                     if f["path"] == "code/by-hand.php"],
       "a write by somebody who is no web worker is given to no request")


if not (os.path.exists(APACHE) and os.path.exists(FPM) and os.path.exists(MODULES + "/libphp8.2.so")):
    skip("Apache", "needs Debian's apache2, libapache2-mod-php8.2 and php8.2-fpm")
    done()
for row in FORMATS:
    site = one(*row)
    if row[0] in ("combined", "to the microsecond"):
        at_once(site)
    if row[0] == "combined":
        rotated(site)
        no_web(site)
    site.end()
done()
