#!/usr/bin/env python3
"""A web server that sends code with sendfile(2), as Debian's nginx does: what a customer has not taken yet lies in
the socket as the file's own pages, long after the server has closed it. The intruder moves the file away and
writes to it there."""
import os
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from held import FILES, Held, end, free_port, ok, skip, wait_for

NGINX = "/usr/sbin/nginx"
SCRIPT = "static/shop.js"
GOOD = "// approved line of a script\n" * 7000
EVIL = "stealCard(); // EVIL EVIL EV\n" * 7000
CONF = """user www-data; worker_processes 1; daemon off; pid %(at)s/pid; error_log %(at)s/error;
events {}
http { access_log off; sendfile on; root %(shop)s;
client_body_temp_path %(at)s/b; proxy_temp_path %(at)s/p; fastcgi_temp_path %(at)s/f; uwsgi_temp_path %(at)s/u;
scgi_temp_path %(at)s/s;
server { listen 127.0.0.1:%(port)d; } }
"""


def serve(s):
    at = os.path.join(s.base, "nginx")
    os.mkdir(at)
    port = free_port()
    with open(os.path.join(at, "conf"), "w", encoding="utf-8") as f:
        f.write(CONF % {"at": at, "shop": s.dir, "port": port})
    return port, subprocess.Popen([NGINX, "-c", os.path.join(at, "conf")], stdin=subprocess.DEVNULL)


def asks(port):
    """A customer who has asked, and takes nothing yet."""
    c = socket.socket()
    c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    c.connect(("127.0.0.1", port))
    c.sendall(b"GET /%s HTTP/1.0\r\nHost: shop\r\n\r\n" % SCRIPT.encode())
    return c


def takes(c):
    text = b""
    c.settimeout(20)
    while True:
        more = c.recv(1 << 16)
        if not more:
            break
        text += more
    c.close()
    return text.partition(b"\r\n\r\n")[2].decode()


def alter(s, i):
    """Whether he could write."""
    away = s.path("uploads/%d.txt" % i)
    os.rename(s.path(SCRIPT), away)
    with open(away, "r+", encoding="utf-8") as f:
        f.write(EVIL)
    return True


def main():
    if not os.path.exists(NGINX):
        skip("nginx sends code by sendfile", "Debian's nginx is not installed")
        return end()
    s = Held({**FILES, SCRIPT: GOOD}).open()
    port, nginx = serve(s)
    ok(wait_for(lambda: not socket.socket().connect_ex(("127.0.0.1", port)), 10), "nginx answers")
    got = []
    for i in range(4):
        s.healed(SCRIPT, GOOD)
        c = asks(port)
        time.sleep(0.3)
        pid = os.fork()
        if pid == 0:
            s.intruder(alter, i)
            os._exit(0)
        time.sleep(2)
        got.append(takes(c))
        os.waitpid(pid, 0)
    altered = sum("EVIL" in x for x in got)
    ok(altered == 0 and all(x == GOOD for x in got), "who takes later what nginx sent gets approved code",
       (altered, [len(x) for x in got]))
    ok(s.healed(SCRIPT, GOOD), "and the script is put back")
    ok(s.customer("uploads/0.txt").startswith("stealCard"), "the writer is let in at last, to what is code no more")
    nginx.terminate()
    nginx.wait()
    s.stop()
    s.done()
    return end()


if __name__ == "__main__":
    main()
