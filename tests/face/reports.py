#!/usr/bin/env python3
"""The snippet of `hinoban page policy` behind a real nginx, asked by a real Chromium: over plain http violations are
reported, over https the scripts' hashes as well, each with the page view that it came from."""
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from harness import BUILD, end, free_port, ok, run, skip

CHROMIUM = "/usr/lib/chromium/chromium"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
PAGE = "<!doctype html><title>shop</title><script src=/own.js></script><script src=http%s://%s/alien.js></script><p>shop"
got = []


class Collector(http.server.BaseHTTPRequestHandler):
    """What would be hinoban-collector."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        for one in body if isinstance(body, list) else [{"type": "csp-report", **body}]:
            got.append((one["type"], self.path.partition("?i=")[2], json.dumps(one)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *args):
        pass


def serve(base, snippet, plain, tls, alien):
    """nginx with the snippet, once for each scheme; its access log names the page views."""
    key, cert = os.path.join(base, "key"), os.path.join(base, "cert")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "1", "-subj",
                    "/CN=shop.localhost", "-addext", "subjectAltName=DNS:shop.localhost"], check=True, capture_output=True)
    www = os.path.join(base, "www")
    os.mkdir(www)
    for name, text in (("own.js", "var own = 1;"), ("alien.js", "var alien = 1;"), ("plain.html", PAGE % ("", "127.0.0.1:%d" % alien)),
                       ("tls.html", PAGE % ("s", "alien.localhost:%d" % tls))):
        with open(os.path.join(www, name), "w") as f:
            f.write(text)
    with open(os.path.join(base, "snippet"), "w") as f:
        f.write(snippet)
    conf = os.path.join(base, "nginx.conf")
    temp = " ".join("%s_temp_path %s/%s;" % (n, base, n) for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open(conf, "w") as f:
        f.write("pid %s/pid; error_log stderr; daemon off; user root; events {} http { %s types { text/html html; text/javascript js; }\n"
                "log_format views '$uri $request_id'; access_log %s/views views;\n"
                "server { listen 127.0.0.1:%d; root %s; include %s/snippet; }\n"
                "server { listen 127.0.0.1:%d ssl; root %s; ssl_certificate %s; ssl_certificate_key %s; include %s/snippet; }\n"
                "server { listen 127.0.0.1:%d; root %s; access_log off; } }\n"
                % (base, temp, base, plain, www, base, tls, www, cert, key, base, alien, www))
    return subprocess.Popen([NGINX, "-c", conf, "-p", base], stderr=subprocess.DEVNULL)


def views(seen, kind, *texts):
    """The page views whose reports of that kind say all of this."""
    return [v for k, v, text in seen if k == kind and all(t in text for t in texts)]


def visit(base, url, *wanted):
    """A customer's Chromium looks at the page until each of these is told; its reports go out at once."""
    before = len(got)
    p = subprocess.Popen([CHROMIUM, "--headless=new", "--no-sandbox", "--user-data-dir=" + os.path.join(base, "profile"), "--ignore-certificate-errors",
                          "--short-reporting-delay", "--disable-background-networking", "--no-first-run", "--remote-debugging-port=0", url],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + 25
    while time.monotonic() < until and not all(views(got[before:], *w) for w in wanted):
        time.sleep(0.1)
    os.killpg(p.pid, signal.SIGKILL)
    p.wait()
    return got[before:]


def view_of(base, page):
    with open(os.path.join(base, "views")) as f:
        return re.search("^/%s (.*)$" % page, f.read(), re.M)[1]


def main(base):
    state, port = os.path.join(base, "state"), free_port()
    collector = http.server.ThreadingHTTPServer(("127.0.0.1", port), Collector)
    threading.Thread(target=collector.serve_forever, daemon=True).start()
    subprocess.run([os.path.join(BUILD, "tests/ledger/ledger-pages"), state, "1", "2", "360"], check=True, capture_output=True)
    snippet = run("--state", state, "page", "policy", "--snippet", "nginx").out.decode()
    ok("proxy_pass http://127.0.0.1:8611;" in snippet, "the snippet passes reports on to the collector", snippet)
    plain, tls, alien = free_port(), free_port(), free_port()
    nginx = serve(base, snippet.replace("127.0.0.1:8611", "127.0.0.1:%d" % port), plain, tls, alien)
    try:
        stranger = ("csp-report", "127.0.0.1:%d" % alien)
        seen = visit(base, "http://127.0.0.1:%d/plain.html" % plain, stranger)
        told = set(views(seen, *stranger))
        ok(told == {view_of(base, "plain.html")}, "over plain http a script of nobody known is reported, with its page view", seen)
        stranger, own = ("csp-report", "alien"), ("csp-hash", "own.js", "sha256-")
        seen = visit(base, "https://shop.localhost:%d/tls.html" % tls, stranger, own)
        told = set(views(seen, *stranger))
        ok(told == {view_of(base, "tls.html")}, "over https as well", seen)
        ok(view_of(base, "tls.html") in views(seen, *own), "and there the hash of each script", seen)
    finally:
        nginx.terminate()
        nginx.wait(10)
        collector.shutdown()


if not os.path.exists(CHROMIUM) or not NGINX:
    skip("reports of a real Chromium through nginx", "Debian's chromium or nginx is not installed")
else:
    folder = tempfile.mkdtemp(prefix="hinoban-reports.")
    try:
        main(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
end()
