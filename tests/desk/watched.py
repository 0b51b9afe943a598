"""A shop under a running hinoband, and how its console is asked."""
import atexit
import html
import http.client
import os
import queue
import re
import subprocess
import sys
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from harness import BUILD, SOURCE, Shop, end, ok, run  # noqa: E402,F401

SECONDS = 60  # what is waited for comes much sooner, but for a very busy machine

PAYMENT = "<?php\nfunction pay($card)\n{\n\treturn send_to_company($card);\n}\n"
STOLEN = PAYMENT.replace(
    "\treturn", "\tfile_put_contents('images/logo.gif', $card['number'], FILE_APPEND);\n\treturn")
FILES = {
    "index.php": "<?php echo 'shop';\n",
    "lib/cart.php": "<?php function cart() { return 1; }\n",
    "lib/payment.php": PAYMENT,
    "uploads/a.txt": "hello\n",
}


def wait_for(what, seconds=SECONDS):
    """The first true value of what(), or its last value."""
    until = time.monotonic() + seconds
    while True:
        value = what()
        if value or time.monotonic() > until:
            return value
        time.sleep(0.2)


class Watched(Shop):
    """Shop.init() done, hinoband running; url and token are those that it printed."""

    def __init__(self, files=None, lang="en"):
        super().__init__(files or FILES)
        self.init_result = self.init("--lang", lang)
        env = {"PATH": os.environ["PATH"], "HINOBAN_PROFILES": os.path.join(SOURCE, "profiles")}
        self.err = open(os.path.join(self.base, "hinoband.err"), "w+b")
        self.proc = subprocess.Popen(
            [os.path.join(BUILD, "hinoband"), "--config", self.config, "--listen", "127.0.0.1:0",
             "--lang", lang], env=env, stdout=subprocess.PIPE, stderr=self.err,
            start_new_session=True)
        atexit.register(self.proc.terminate)
        self.lines = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.url, self.token, self.port = self._address()

    def _listen(self):
        for line in self.proc.stdout:
            self.lines.put(line.decode())
        self.lines.put("")

    def _address(self):
        while True:
            line = self.lines.get(timeout=SECONDS)
            found = re.search(r"(http://127\.0\.0\.1:(\d+))/login#(\w+)", line)
            if found:
                return found.group(1), found.group(3), int(found.group(2))
            if not line:
                raise EOFError("hinoband ended:\n" + self.said())

    def said(self):
        self.err.seek(0)
        return self.err.read().decode(errors="replace")

    def findings(self):
        return {f["path"]: f for f in self.run("findings", "--json").lines()}

    def finding(self, path):
        """The open finding about this path, when it is there."""
        return wait_for(lambda: self.findings().get(path))

    def done(self):
        self.proc.terminate()
        try:
            code = self.proc.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            code = "killed"
        self.err.close()
        super().done()
        return code


class Reply:
    def __init__(self, r):
        self.status, self.headers = r.status, r.getheaders()
        self.body = r.read()
        self.text = self.body.decode("utf-8", "replace")
        # As it is read: one blank for several, no tags.
        self.words = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", self.text)))

    def header(self, name):
        """All values of a header, joined by " | "; None where there is none."""
        found = [v for k, v in self.headers if k.lower() == name.lower()]
        return " | ".join(found) if found else None

    def __str__(self):
        return "%d %s\n%s" % (self.status, self.headers, self.words[:3000])


class Client:
    """A browser without script: keeps cookies, sends forms as they stand in pages."""

    def __init__(self, port, lang="en"):
        self.port, self.lang, self.cookies = port, lang, {}
        self.origin = "http://127.0.0.1:%d" % port

    def ask(self, method, path, body=None, headers=()):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        send = {"Accept-Language": self.lang}
        if self.cookies:
            send["Cookie"] = "; ".join("%s=%s" % kv for kv in self.cookies.items())
        if method == "POST":
            send["Origin"] = self.origin
            send["Content-Type"] = "application/x-www-form-urlencoded"
        send.update(headers)
        c.request(method, path, body, {k: v for k, v in send.items() if v is not None})
        reply = Reply(c.getresponse())
        c.close()
        for k, v in reply.headers:
            if k.lower() == "set-cookie":
                name, _, value = v.split(";")[0].partition("=")
                self.cookies[name] = value
        return reply

    def get(self, path, **headers):
        return self.ask("GET", path, headers=headers)

    def post(self, path, fields, headers=()):
        return self.ask("POST", path, urllib.parse.urlencode(fields), dict(headers))

    def login(self, token):
        return self.post("/login", {"token": token, "to": "/"})

    def csrf(self, path="/"):
        return re.search(r'name="csrf" value="(\w+)"', self.get(path).text).group(1)
