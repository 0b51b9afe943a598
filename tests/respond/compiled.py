#!/usr/bin/env python3
"""Code that was altered and given the approved time, and that PHP compiled while nobody held it back: once the
approved code is put back PHP takes that, though it goes by the time alone."""
import os
import shutil
import socket
import subprocess
import urllib.request

from held import FILES, PAY, WEB, Held, end, ok, skip, wait_for

PHP = "php8.2"
CODE = "<?php\nfunction pay() { return 'approved'; }\n"
ALTERED = CODE.replace("approved", "ALTERED!")
SHOP = {**FILES, PAY: CODE, "index.php": "<?php require __DIR__ . '/%s'; echo pay();\n" % PAY}
YEAR_2020 = 1600000000  # opcache keeps nothing that is younger than two seconds


def shop():
    return Held(SHOP, None, lambda s: [os.utime(s.path(rel), (YEAR_2020, YEAR_2020)) for rel in SHOP])


class Server:
    """One process of the web server's user, with opcache as Debian sets it up but asked at each request."""

    def __init__(self, s):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [PHP, "-d", "opcache.enable_cli=1", "-d", "opcache.revalidate_freq=0", "-S", "127.0.0.1:%d" % self.port,
             "-t", s.dir], user=WEB, group=WEB, extra_groups=[], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def get(self):
        try:
            with urllib.request.urlopen("http://127.0.0.1:%d/index.php" % self.port, timeout=20) as f:
                return f.read().decode()
        except OSError as e:
            return str(e)

    def end(self):
        self.process.kill()
        self.process.wait()


def alter(s):
    with open(s.path(PAY), "w") as f:
        f.write(ALTERED)
    os.utime(s.path(PAY), (YEAR_2020, YEAR_2020))


def compiled(s):
    """A server that has compiled the altered code."""
    server = Server(s)
    ok(s.intruder(alter) is None and wait_for(lambda: server.get() == "ALTERED!", 10), "altered code is compiled", server.get())
    alter(s)
    ok(server.get() == "ALTERED!" and int(os.stat(s.path(PAY)).st_mtime) == YEAR_2020, "and has the approved time")
    return server


def healed():
    s = shop()
    server = compiled(s)
    r = s.run("mode", "heal", "--reason", "a test")
    s.open()
    ok(r.code == 0 and s.healed(PAY, CODE), "it is put back", r)
    ok(wait_for(lambda: server.get() == "approved", 10), "and PHP runs what was put back", server.get())
    server.end()
    s.stop()
    s.done()


def restored():
    s = shop()
    server = compiled(s)
    r = s.run("restore", PAY, "--yes", cwd=s.dir)
    ok(r.code == 0 and s.healed(PAY, CODE), "it is restored", r)
    ok(wait_for(lambda: server.get() == "approved", 10), "and PHP runs what was restored", server.get())
    r = s.run("check")
    ok(r.code == 0, "its time is no difference", r)
    r = s.run("restore", s.dir, "--to", os.path.join(s.base, "copy"), "--yes")
    ok(os.stat(os.path.join(s.base, "copy", "index.php")).st_mtime == YEAR_2020,
       "elsewhere a file has its approved time", r)
    server.end()
    s.done()


if shutil.which(PHP):
    healed()
    restored()
else:
    skip("what PHP has compiled", "needs Debian's php8.2-cli")
end()
