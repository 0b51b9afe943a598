#!/usr/bin/env python3
"""Pages that mean no good, and a Chromium that is killed: each is told, and the next visit is as good as ever."""
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from harness import BUILD, SOURCE, end, ok, run, skip  # noqa: E402

GOOD = b"<!doctype html><meta charset=utf-8><title>good</title><script src=/s.js></script><input name=card_number>"
PAGES = {
    "/good": GOOD,
    "/frames": b"<!doctype html><title>f</title><script>for(let i=0;i<10000;i++){const f=document.createElement('iframe');"
               b"f.srcdoc='x';document.documentElement.append(f)}</script>",
    "/hog": b"<!doctype html><title>h</title><script>const a=[];onload=()=>setInterval(()=>{for(let i=0;i<40;i++)"
            b"a.push(new Uint8Array(1<<22).fill(7))},50)</script>",
    "/loop": b"<!doctype html><title>l</title><script>onload=()=>setTimeout(()=>{for(;;);},50)</script>",
    "/dialogs": b"<!doctype html><title>d</title><script>for(let i=0;i<20;i++)alert(i);onbeforeunload=()=>1</script>",
    "/deep": b"<!doctype html><title>" + b"a" * 300000 + b"</title>" + b"<div>" * 20000,
    "/debugger": b"<!doctype html><title>g</title><script>for(let i=0;i<50;i++){debugger}</script>",
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def send(self, body, kind="text/html", status=200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        try:
            if path in PAGES:
                self.send(PAGES[path])
            elif path == "/s.js":
                self.send(b"var a = 1;", "text/javascript")
            elif path == "/sjis":
                self.send("<title>表示</title><script src=/sjis.js charset=Shift_JIS></script>".encode("cp932"), "text/html; charset=Shift_JIS")
            elif path == "/sjis.js":
                self.send("var a = '表示ソ';".encode("cp932"), "text/javascript")
            elif path == "/bytes":
                self.send(b"<title>\xff\xfe\xc0\x80</title><script>var s='\xff\xed\xa0\x80'</script><input name='\xff\xfe'>")
            elif path == "/never":
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                while True:
                    self.wfile.write(b"3\r\n<b>\r\n")
                    time.sleep(0.2)
            elif path == "/huge":
                self.send(b"<title>h</title><script src=/huge.js></script>")
            elif path == "/huge.js":
                self.send_response(200)
                self.send_header("Content-Type", "text/javascript")
                self.send_header("Content-Length", str(1 << 30))
                self.end_headers()
                for _ in range(1 << 10):
                    self.wfile.write(b"/" * (1 << 20))
            elif path == "/round":
                self.send_response(302)
                self.send_header("Location", "/round?%d" % time.monotonic_ns())
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif path == "/hop":
                self.send(b"<script>location='/hop?'+Math.random()</script>")
            elif path == "/http":
                self.wfile.write(b"HTTP/9.9 what\r\nContent-Length: -5\r\n: \0\r\n\r\n")
                self.close_connection = True
            else:
                self.send(b"not here", status=404)
        except OSError:
            self.close_connection = True

    def log_message(self, *args):
        pass


def serve():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def serve_tls(base):
    key, cert = os.path.join(base, "k.pem"), os.path.join(base, "c.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "1",
                    "-subj", "/CN=wrong.example"], check=True, capture_output=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *a: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


class Watch:
    """hinoban with pages, no shop to speak of."""

    def __init__(self, pages, more=""):
        self.base = tempfile.mkdtemp(prefix="hinoban-bad.")
        os.chmod(self.base, 0o755)
        self.config = os.path.join(self.base, "etc", "hinoban.conf")
        self.state = os.path.join(self.base, "state")
        os.mkdir(os.path.join(self.base, "shop"))
        run("init", os.path.join(self.base, "shop"), "--config", self.config, "--state", self.state, "--yes")
        with open(self.config) as f:
            text = f.read()
        text = text.replace("watch = []", "watch = [%s]" % ", ".join('"%s %s"' % p for p in pages.items()), 1)
        text = text.replace("patience = 60s", "patience = 7s", 1).replace("memory = 1536M", "memory = 700M", 1)
        text = text.replace("quick = 15m", "quick = 0", 1).replace("full = 1d", "full = 0", 1)
        with open(self.config, "w") as f:
            f.write(text + more)
        env = {"PATH": os.environ["PATH"], "HINOBAN_PROFILES": os.path.join(SOURCE, "profiles")}
        with open(os.path.join(self.base, "log"), "wb") as log:
            self.keeper = subprocess.Popen([os.path.join(BUILD, "hinoband"), "--config", self.config, "--state", self.state, "--no-console"],
                                           env=env, stdout=log, stderr=log)
        until = time.monotonic() + 60
        while time.monotonic() < until and not self.facts("watch.started"):
            time.sleep(0.2)

    def run(self, *args):
        return run(*args, env={"HINOBAN_CONFIG": self.config}, timeout=280)

    def facts(self, kind):
        return self.run("log", "--json", "--type", kind).lines()

    def check(self, page):
        r = self.run("page", "check", page, "--json")
        return r, next((f for f in reversed(r.lines()) if f["type"] == "page.checked"), None) if r.out else None

    def good(self, page):
        """A visit that can be made: on a crowded machine the patience of this test may not do at once."""
        for _ in range(3):
            r, c = self.check(page)
            if c and c["valid"]:
                break
        return r, c

    def chromium(self):
        """Chromium's first process: the child of hinoban-browser."""
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open("/proc/%s/cmdline" % pid, "rb") as f:
                    words = f.read()
                with open("/proc/%s/stat" % pid) as f:
                    parent = int(f.read().rsplit(")", 1)[1].split()[1])
                with open("/proc/%d/cmdline" % parent, "rb") as f:
                    above = f.read()
            except (OSError, ValueError):
                continue
            if b"--remote-debugging-pipe" in words and self.config.encode() in above:
                return int(pid)
        return 0

    def done(self):
        self.keeper.send_signal(signal.SIGTERM)
        code = self.keeper.wait(40)
        with open(os.path.join(self.base, "log")) as f:
            log = f.read()
        shutil.rmtree(self.base, ignore_errors=True)
        return code, log


def bad_pages(w, valid, invalid):
    for name in valid:
        r, c = w.good(name)
        ok(c and c["valid"], "%s: seen all the same" % name, c or r)
    for name, why in invalid.items():
        r, c = w.check(name)
        ok(c and not c["valid"] and why in c["why"], "%s: could not be visited, and that is told" % name, c or r)
        r, c = w.good("good")
        ok(c and c["valid"], "and the next visit is good", c or r)


def hog(w):
    before = len(w.facts("browser.died"))
    r, c = w.check("hog")
    until = time.monotonic() + 15
    while c and c["valid"] and not w.facts("browser.died")[before:] and time.monotonic() < until:
        time.sleep(0.3)
    died = w.facts("browser.died")[before:]
    # Its renderer or all of it: the kernel's group, or we, or Chromium itself was quicker.
    ok(c is not None, "a page that eats memory ends", r)
    ok(bool(died) or not c["valid"] or c["us"] < 30000000, "and what ended is told", (died, c))
    r, c = w.good("good")
    ok(c and c["valid"], "and the next visit is good", c or r)


def killed(w):
    """Chromium killed at odd moments."""
    for wait in (0.0, 0.3, 0.7, 1.2):
        before = len(w.facts("browser.died"))
        answer = []
        t = threading.Thread(target=lambda: answer.append(w.check("good")))
        t.start()
        time.sleep(wait)
        pid = w.chromium()
        if pid:
            os.kill(pid, signal.SIGKILL)
        t.join()
        r, c = answer[0]
        ok(c and c["valid"], "killed %.1f s into a visit, which is made once more" % wait, c or r)
    until = time.monotonic() + 10
    while not w.facts("browser.died") and time.monotonic() < until:
        time.sleep(0.2)
    ok(any(f["how"] == "signal 9" and f["why"] == "by itself" for f in w.facts("browser.died")), "and browser.died tells it", w.facts("browser.died"))


def stopped(w):
    """A Chromium that stands still."""
    w.good("good")
    pid = w.chromium()
    if not ok(pid > 0, "a warm browser stays", pid):
        return
    os.kill(pid, signal.SIGSTOP)
    r, c = w.check("good")
    ok(c is not None, "one that stands still is noticed", r)
    r, c = w.good("good")
    ok(c and c["valid"], "ended, and the next visit is good", c or r)


if not os.path.exists("/usr/lib/chromium/chromium"):
    skip("bad pages in Chromium", "Debian's chromium is not installed")
    end()
if os.geteuid() != 0:
    skip("bad pages in Chromium", "hinoband needs root")
    end()
port = serve()
keys = tempfile.mkdtemp(prefix="hinoban-tls.")
tls = serve_tls(keys)
at = "http://127.0.0.1:%d/" % port
names = ("good", "frames", "hog", "loop", "dialogs", "deep", "debugger", "sjis", "bytes", "never", "huge", "round", "hop", "http")
pages = {n: at + n for n in names}
pages["tls"] = "https://127.0.0.1:%d/good" % tls
watch = Watch(pages)
try:
    bad_pages(watch, ("good", "sjis", "bytes", "dialogs", "deep", "debugger"),
              {"tls": "ERR_CERT", "http": "ERR_", "round": "ERR_TOO_MANY_REDIRECTS", "never": "rest", "hop": "", "huge": "", "loop": "", "frames": ""})
    hog(watch)
    killed(watch)
    stopped(watch)
    r = watch.run("verify")
    ok(r.code == 0, "the ledger is whole", r)
finally:
    code, log = watch.done()
    shutil.rmtree(keys, ignore_errors=True)
ok(code == 0 and "Traceback" not in log, "it ends in order", log)
end()
