#!/usr/bin/env python3
"""A payment provider's frame of another origin, and what is loaded and sent on a page around it."""
import json
import os
import shutil
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from harness import end, ok, run, skip  # noqa: E402

CARD_A = "4000000013590023"
got = []


def shop(port):
    return ("<!doctype html><meta charset=utf-8><title>shop</title><script src='http://vendor.localhost:%d/v.js'></script>"
            "<h1>pay</h1><iframe src='http://psp.localhost:%d/frame' width=400 height=200></iframe>" % (port, port)).encode()


FRAME = b"""<!doctype html><title>psp</title><form><input name=pan autocomplete=cc-number><input name=cvc autocomplete=cc-csc>
<button type=button onclick="fetch('/token',{method:'POST',body:new URLSearchParams(new FormData(this.form))})">pay</button></form>"""
VENDOR = b"navigator.sendBeacon('/count', 'x=1'); localStorage.setItem('seen', '1'); fetch('/ping?t=' + Date.now());"


class Handler(BaseHTTPRequestHandler):
    def answer(self):
        n = int(self.headers.get("Content-Length") or 0)
        got.append((self.headers["Host"].split(":")[0], self.path.split("?")[0], self.rfile.read(n)))
        body, kind = {"/": (shop(self.server.server_address[1]), "text/html"), "/frame": (FRAME, "text/html"),
                      "/v.js": (VENDOR, "text/javascript")}.get(self.path, (b"", "text/plain"))
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *args):
        pass


if not os.path.exists("/usr/lib/chromium/chromium"):
    skip("frames of other origins in Chromium", "Debian's chromium is not installed")
    end()
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
base = tempfile.mkdtemp(prefix="hinoban-frame.")
os.chmod(base, 0o755)
config, state = os.path.join(base, "etc", "hinoban.conf"), os.path.join(base, "state")
os.mkdir(os.path.join(base, "shop"))
run("init", os.path.join(base, "shop"), "--config", config, "--state", state, "--yes")
journey = os.path.join(base, "psp.journey")
with open(journey, "w") as f:
    f.write('stop = ["POST http://psp.localhost:*/token"]\n[step]\nname = "pay"\ncard = true\nframe = "psp.localhost"\n'
            'fill = ["card-number: input[name=pan]", "card-code: input[name=cvc]"]\nclick = "button"\n'
            '[step]\nname = "after"\nopen = "/"\n')
with open(config) as f:
    text = f.read()
with open(config, "w") as f:
    f.write(text.replace("watch = []", 'watch = ["pay http://shop.localhost:%d/ %s"]' % (server.server_address[1], journey), 1))
try:
    r = run("page", "check", "pay", "--arm", "a", "--arm", "a2", "--arm", "b", "--json", env={"HINOBAN_CONFIG": config}, timeout=200)
    facts = run("log", "--json", "--type", "page.*", env={"HINOBAN_CONFIG": config}).lines()
    checked = [f for f in facts if f["type"] == "page.checked"]
    ok(r.code == 0 and len(checked) == 3 and all(f["valid"] for f in checked), "the card is typed into the provider's frame", checked or r)
    record = next((f for f in facts if f["type"] == "page.record"), {"frames": [], "scripts": [], "requests": [], "fields": [], "storage": []})
    ok(any("psp.localhost" in f["url"] and f["party"] == "third" for f in record.get("frames", [])), "the frame is recorded", record.get("frames"))
    ok(any(f["kind"] == "card-number" and "psp.localhost" in f["frame"] for f in record["fields"]), "and its fields", record["fields"])
    ok(any("vendor.localhost" in s.get("url", "") and s["party"] == "third" and s["by"] and s["hash"] for s in record["scripts"]), "the vendor's script, and who loaded it", record["scripts"])
    ok(any(q["channel"] == "beacon" for q in record["requests"]), "its beacon", record["requests"])
    ok(any(x["key"] == "seen" and x["area"] == "local" for x in record.get("storage", [])), "what it stores", record.get("storage"))
    stopped = [q for q in record["requests"] if q.get("stopped")]
    ok(stopped and "psp.localhost" in stopped[0]["url"] and not any(path == "/token" for _, path, _ in got), "the provider's call is stopped", record["requests"])
    flows = [f for f in facts if f["type"] == "page.twins"][-1]["flows"]
    ok([f["host"].split(":")[0] for f in flows if f["verdict"] == "flow"] == ["psp.localhost"], "the card goes to the provider alone", flows)
    ok(not any(f["verdict"] == "undetermined" for f in flows), "the vendor's time stamp does not disturb", flows)
    ok(CARD_A not in json.dumps(facts), "no fact holds the card")
finally:
    shutil.rmtree(base, ignore_errors=True)
end()
