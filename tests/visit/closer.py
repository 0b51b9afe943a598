#!/usr/bin/env python3
"""In a running hinoban the frequent visit makes all ways of visiting due at once when it finds the page
altered, long before their day; a page that is new each time does not keep the browser at work by that."""
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "keeper"))
from whole import Whole, end, ok, skip, wait_for  # noqa: E402

PAGE = b"<!doctype html><meta charset=utf-8><title>pay</title><script src=/s.js></script><input name=card_number>"
QUICK_S = 4
WAYS = 11  # src/visit/arms.c
script = {"text": "var shop = 1;", "always": False, "served": 0}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        script["served"] += self.path == "/s.js"
        body, kind = PAGE, "text/html"
        if self.path == "/s.js":
            body, kind = script["text"].encode(), "text/javascript"
            if script["always"]:  # another structure each time, not only another number in it
                body += ("\nwindow.v%d = function (a) { return %s; };" % (script["served"], " + ".join(["a"] * (script["served"] + 2)))).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def rounds(s, least):
    """Rounds that the settings, not a person, made due, with at least so many ways."""
    return [f for f in s.log("--type", "page.round") if len(f["arms"]) >= least and not f.get("refs")]


if not os.access("/usr/lib/chromium/chromium", os.X_OK):
    skip("all ways at once", "there is no Chromium")
    end()
    sys.exit(0)
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
s = Whole({"index.php": "<?php\n"})
s.init()
with open(s.config) as f:
    text = f.read()
text = text.replace("\nwatch = []", '\nwatch = ["pay http://127.0.0.1:%d/"]' % server.server_address[1], 1)
text = text.replace("\nquick = 15m", "\nquick = %ds" % QUICK_S, 1)
with open(s.config, "w") as f:
    f.write(text)
s.start().ready()
ok("full = 1d" in text and wait_for(lambda: rounds(s, WAYS), 120), "after the start: a round in all ways, the next one in a day",
   s.log("--type", "page.*")[-3:])
ok(wait_for(lambda: len(rounds(s, 1)) >= 3, 60) and len(rounds(s, WAYS)) == 1, "then visits in the frequent way alone",
   [len(f["arms"]) for f in rounds(s, 1)])

script["text"] = "var shop = 1; document.forms[0] && document.forms[0].addEventListener('submit', function (e) { stop(e); });"
altered = time.monotonic()
ok(wait_for(lambda: len(rounds(s, WAYS)) >= 2, 120), "a script is altered: all ways are gone at once",
   [len(f["arms"]) for f in rounds(s, 1)])
took = time.monotonic() - altered
named = [len(f["arms"]) for f in rounds(s, 1)]
ok(named[-1] == WAYS or WAYS in named[-3:], "right behind the visit that saw it (the round was over %.0f s after)" % took, named)
seen = len(rounds(s, 1))
ok(wait_for(lambda: len(rounds(s, 1)) >= seen + 2, 60) and len(rounds(s, WAYS)) == 2, "and once only",
   [len(f["arms"]) for f in rounds(s, 1)])

# Never the same twice: a few times at once, then it waits.
script["always"] = True
seen = len(rounds(s, 1))
wait_for(lambda: len(rounds(s, 1)) >= seen + 12, 240)
after = [len(f["arms"]) == WAYS for f in rounds(s, 1)[seen:]]
ok(len(after) >= 12 and 1 <= sum(after) <= 4 and not any(after[-4:]), "a page that is new at each visit is looked at in all "
   "ways a few times (%d of %d rounds), then as often as others" % (sum(after), len(after)), after)
s.stop()
s.done()
server.shutdown()
end()
