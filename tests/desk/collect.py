#!/usr/bin/env python3
"""hinoban-collector as it runs: sealed, behind a keeper and a ledger of ours, asked by browsers'
reports, by slow clients and by hostile ones."""
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "ledger"))
from harness import BUILD, Ledger, done, forget, new_state, ok, recv, send, tool  # noqa: E402

HASH = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
PAGE = "https://shop.test/checkout/pay"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Collector:
    def __init__(self, ledger, base):
        self.port = free_port()
        config = os.path.join(base, "hinoban.conf")
        with open(config, "w", encoding="utf-8") as f:
            f.write('roots = ["%s"]\nprofile = "plain"\nstate = "%s"\n[visitors]\nlisten = "127.0.0.1:%d"\n'
                    '[pages]\nwatch = ["pay https://shop.test/checkout/"]\n' % (base, ledger.state, self.port))
        os.chmod(config, 0o644)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        env = dict(os.environ, HINOBAN_PROFILES=os.path.join(os.environ["HINOBAN_SOURCE"], "profiles"))
        self.proc = subprocess.Popen([os.path.join(BUILD, "hinoban-collector"), "--config", config, "--listen",
                                      "127.0.0.1:%d" % self.port], pass_fds=(3,), env=env,
                                     preexec_fn=lambda: os.dup2(theirs.fileno(), 3), stderr=subprocess.PIPE)
        theirs.close()
        self.keeper = ours
        while recv(self.keeper)[0] != "READY":
            pass
        end = ledger.peer("collector")
        send(self.keeper, "PEER", 0, {"name": "ledger"}, [end.fileno()])
        end.close()

    def post(self, body, query="?i=0123456789abcdef0123456789abcdef", method="POST"):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        c.request(method, "/.hinoban/r" + query, body if isinstance(body, bytes) else json.dumps(body).encode(),
                  {"Content-Type": "application/reports+json", "User-Agent": "Mozilla/5.0 Chrome/156.0 Safari/537.36"})
        status = c.getresponse().status
        c.close()
        return status

    def status(self):
        with open("/proc/%d/status" % self.proc.pid, encoding="ascii") as f:
            return dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)


def csp_hash(script, page=PAGE):
    return [{"type": "csp-hash", "age": 3, "url": page, "user_agent": "x", "body": {
        "documentURL": page, "subresourceURL": script, "hash": HASH, "type": "subresource", "destination": "script"}}]


def facts(state, n):
    """All page.reported facts once there are n of them, or after a while."""
    for _ in range(100):
        code, out = tool("log", state, "page.reported")
        rows = [json.loads(line) for line in out.splitlines()]
        if len(rows) >= n:
            return rows
        time.sleep(0.1)
    return rows


state = new_state()
base = os.path.dirname(state)
os.chmod(base, 0o755)
led = Ledger(state).ready()
col = Collector(led, base)
try:
    s = col.status()
    ok(s["Seccomp"] == "2" and s["NoNewPrivs"] == "1" and s["CapEff"] == "0000000000000000", "sealed, without rights",
       s["Seccomp"])
    ok(os.geteuid() != 0 or s["Uid"].split()[0] != "0", "under a uid of its own", s["Uid"])
    ok(col.post(csp_hash("https://cdn.vendor.test/w.js?x=1")) == 204, "a report is taken")
    rows = facts(state, 1)
    ok(len(rows) == 1 and rows[0]["page"] == "pay" and rows[0]["script"] == "https://cdn.vendor.test/w.js"
       and rows[0]["views"] == ["0123456789abcdef0123456789abcdef"] and rows[0]["agent"] == "Chromium",
       "and told to the ledger, with the page view that it came from", rows)
    ok(col.post(b"", method="OPTIONS") == 204, "a browser that asks first is answered")
    ok(col.post(b"", method="GET") == 405, "nothing is to be read here")
    ok(col.post({"csp-report": {"document-uri": PAGE, "blocked-uri": "https://drop.test/c?n=4111111111111111",
                                "violated-directive": "connect-src"}}) == 204, "report-uri's form")
    rows = facts(state, 2)
    ok(len(rows) == 2 and "4111" not in json.dumps(rows), "and no card number in it", rows)
    for body in (b"{", b"\xff" * 1000, b"[" * 60000, b'{"csp-report":' * 4000, json.dumps(csp_hash("https://x.test/", "https://other.test/")).encode()):
        ok(col.post(body) == 204, "no answer tells what became of %r" % body[:16])
    ok(col.post(b"x" * 70000) == 413, "too much is refused")
    slow = []
    for _ in range(60):
        c = socket.create_connection(("127.0.0.1", col.port))
        c.sendall(b"POST /.hinoban/r HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n[")
        slow.append(c)
    ok(col.post(csp_hash("https://late.test/l.js")) == 204, "sixty clients that stop half-way hold up nobody")
    ok(any(r["script"] == "https://late.test/l.js" for r in facts(state, 3)), "and the report is told")
    for c in slow:
        c.close()
    led.proc.kill()
    led.proc.wait()
    ok(col.post(csp_hash("https://while-away.test/a.js")) == 204, "without a ledger it goes on taking reports")
    led = Ledger(state).ready()
    end = led.peer("collector")
    send(col.keeper, "PEER", 0, {"name": "ledger"}, [end.fileno()])
    end.close()
    ok(any("while-away" in r["script"] for r in facts(state, 4)), "and tells them when it is back")
    for i in range(400):
        col.post(csp_hash("https://made-up.test/%s.js" % "".join(chr(97 + i // 26 ** k % 26) for k in range(3))))
    time.sleep(3)
    told = [r for r in facts(state, 5) if "made-up" in r["script"]]
    ok(0 < len(told) <= 120, "made-up reports are told at most so many a minute", len(told))
    ok(col.proc.poll() is None, "it is still at work", col.proc.poll())
finally:
    send(col.keeper, "STOP")
    try:
        col.proc.wait(10)
    except subprocess.TimeoutExpired:
        col.proc.kill()
    led.proc.kill()
    led.proc.wait()
    forget(state)
done()
