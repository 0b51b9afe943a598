#!/usr/bin/env python3
"""Versions, cat and restore: every version ever seen comes back, and nothing else happens."""
import hashlib
import json
import os
import stat
import subprocess
import time

from harness import HINOBAN, SOURCE, Shop, end, ok, skip

FILES = {
    "index.php": "<?php echo 'shop';\n",
    "lib/cart.php": "<?php function cart() { return 1; }\n",
    "lib/pay/card.php": "<?php function pay($card) { return true; }\n",
    "uploads/a.txt": "hello\n",
}
SHELL = "<?php system($_GET['c']);\n"


def sha(data):
    return hashlib.sha256(data if isinstance(data, bytes) else data.encode()).hexdigest()


def read(path):
    with open(path, "rb") as f:
        return f.read()


def versions(s, path):
    return s.run("versions", "--json", path).lines()


def every_version(s):
    """Change a file many times in many ways; each version must come back by its number."""
    seen = {sha(FILES["lib/cart.php"]): FILES["lib/cart.php"].encode()}
    bodies = [b"", b"<?php 1;", os.urandom(5000), b"<?php " + b"x" * 300000, "日本語".encode(),
              b"no newline", b"\0\1\2" * 1000, b"\n" * 70000]
    for body in bodies:
        s.write("lib/cart.php", body)
        s.run("check")
        seen[sha(body)] = body
    v = versions(s, "lib/cart.php")
    ok({x["state"]["hash"] for x in v} == set(seen), "every version ever seen is told",
       [x["state"]["hash"][:8] for x in v])
    ok(all(x["kept"] for x in v), "and kept")
    wrong = [x["seq"] for x in v
             if s.run("cat", "lib/cart.php", "--version", str(x["seq"])).out != seen[x["state"]["hash"]]]
    ok(not wrong, "cat gives the very bytes of each", wrong)
    out = os.path.join(s.base, "one")
    wrong = []
    for x in v:
        r = s.run("restore", "lib/cart.php", "--version", str(x["seq"]), "--to", out, "--force", "--yes")
        if r.code != 0 or sha(read(out + "/lib/cart.php")) != x["state"]["hash"]:
            wrong.append((x["seq"], str(r)))
    ok(not wrong, "restore --version --to gives each", wrong[:1])
    last = read(out + "/lib/cart.php")
    r = s.run("restore", "lib/cart.php", "--version", str(v[0]["seq"]), "--to", out, "--force")
    ok(r.code == 1 and b"--yes" in r.err and read(out + "/lib/cart.php") == last,
       "into a folder that is not empty it takes --yes beside --force", r)
    r = s.run("restore", "lib/cart.php", "--version", str(v[1]["seq"]), "--to", out + ".new", "--force")
    ok(r.code == 0 and os.path.exists(out + ".new/lib/cart.php"), "into a new one it takes none", r)
    ok(v[0]["approved"] and not v[1]["approved"], "the first is approved, the next is not", v[:2])
    r = s.run("restore", "lib/cart.php", "--version", str(v[1]["seq"]), "--yes")
    ok(r.code == 2 and b"never approved" in r.err, "an unapproved version takes --force", r)
    at = v[3]["at"]
    ok(s.run("cat", "lib/cart.php", "--at", at).out == seen[v[3]["state"]["hash"]],
       "cat --at: what stood there then, approved or not")
    ok(s.run("cat", "lib/cart.php").out.decode() == FILES["lib/cart.php"], "cat: what is approved")
    ok(s.run("cat", "--hash", v[2]["state"]["hash"]).out == seen[v[2]["state"]["hash"]], "cat --hash")
    ok(s.run("cat", "--hash", "00" * 32).code == 2, "cat of a content that is not kept: exit 2")
    ok(s.run("cat", "lib/cart.php", "--at", "1990-01-01").code == 2, "cat before the ledger: exit 2")
    ok(s.run("cat", "lib/none.php").code == 2, "cat of what never was: exit 2")
    ok(s.run("versions", "lib/none.php").code == 2, "versions of what never was: exit 2")
    r = s.run("diff", s.path("lib/none.php"))
    ok(r.code == 2 and b"no version" in r.err and not r.out, "diff of what never was: exit 2", r)
    s.write("lib/new.txt", "x\n")
    r = s.run("diff", s.path("lib/new.txt"))
    ok(r.code == 1 and b"+x" in r.out, "diff of what is new, and not recorded yet", r)
    os.unlink(s.path("lib/new.txt"))
    text = s.run("versions", "lib/cart.php").out.decode()
    ok("approved: it was there" in text and "found as #" in text or "not approved" in text,
       "versions in words", text[:600])
    ok("承認済み" in s.run("versions", "lib/cart.php", "--lang", "ja").out.decode(), "in Japanese")


def one_file(s):
    r = s.run("restore", "lib/cart.php")
    ok(r.code == 1 and b"would change" in r.out and b"+<?php function cart()" in r.out and
       b"--yes" in r.err, "without a terminal it only shows what it would do, with a diff", r)
    ok(read(s.path("lib/cart.php")) != FILES["lib/cart.php"].encode(), "and nothing is written")
    r = s.run("restore", "lib/cart.php", "--dry-run", "--yes")
    ok(r.code == 1 and read(s.path("lib/cart.php")) != FILES["lib/cart.php"].encode(),
       "--dry-run writes nothing, whatever else is said", r)
    hard = os.path.join(s.base, "hard")
    os.link(s.path("lib/cart.php"), hard)
    before = read(hard)
    r = s.run("restore", "lib/cart.php", "--yes", "--reason", "put right")
    ok(r.code == 0 and read(s.path("lib/cart.php")).decode() == FILES["lib/cart.php"],
       "restore puts the approved content back", r)
    ok(read(hard) == before, "a hard link elsewhere is left as it is")
    os.unlink(hard)
    r = s.run("check")
    ok(r.code == 0, "and all is as approved, no finding is left", r)
    words = s.log("--type", "deploy.*")
    ok([w["type"] for w in words[-2:]] == ["deploy.started", "deploy.ended"] and
       words[-2]["reason"] == "put right" and words[-2]["command"] == "hinoban restore lib/cart.php",
       "it is in the ledger as a deploy", words[-2:])
    change = [c for c in s.log("--type", "file.changed") if c["path"] == "lib/cart.php"][-1]
    ok(change.get("deploy") == words[-2]["seq"], "and the change belongs to it", change)
    ok(s.run("restore", "lib/cart.php").code == 0, "nothing to restore: exit 0")
    left = [n for n in os.listdir(s.dir) + os.listdir(s.path("lib")) if n.startswith(".hinoban")]
    ok(not left, "nothing of ours is left lying about", left)


def whole_state(s):
    path = s.path("lib/cart.php")
    os.chown(path, 33, 33)
    os.chmod(path, 0o4640)
    os.utime(path, ns=(1600000000123456789, 1600000000123456789))
    attrs = True
    try:
        os.setxattr(path, "user.note", b"\0keep\xff")
    except OSError as e:
        attrs = False
        skip("extended attributes come back", str(e))
    s.run("approve", "lib/cart.php", "--reason", "as it should be")
    ok(s.run("check").code == 0, "a state of owner, mode, times, attributes is approved")
    for how in ("chmod", "chown", "rewrite", "link", "folder", "gone", "attribute"):
        if how == "chmod":
            os.chmod(path, 0o666)
        elif how == "chown":
            os.chown(path, 0, 0)
        elif how == "attribute" and attrs:
            os.setxattr(path, "user.note", b"other")
            os.setxattr(path, "user.more", b"more")
        else:
            os.unlink(path)
            if how == "rewrite":
                s.write("lib/cart.php", SHELL)
            if how == "link":
                os.symlink("/etc/passwd", path)
            if how == "folder":
                os.makedirs(path + "/in")
                s.write("lib/cart.php/in/x.php", SHELL)
        target = "lib" if how == "folder" else "lib/cart.php"
        r = s.run("restore", target, "--yes")
        st = os.lstat(path)
        good = (r.code == 0 and stat.S_ISREG(st.st_mode) and stat.S_IMODE(st.st_mode) == 0o4640 and
                (st.st_uid, st.st_gid) == (33, 33) and time.time() - st.st_mtime < 60 and
                read(path).decode() == FILES["lib/cart.php"])
        if attrs:
            good = good and {n: os.getxattr(path, n) for n in os.listxattr(path)} == {"user.note": b"\0keep\xff"}
        ok(good, "after %s: content, owner, mode and attributes are as approved, the time is of now" % how,
           "%s %s" % (r, st))
        ok(s.run("check").code == 0, "and hinoban knows it for approved (%s)" % how, s.run("check"))
    ok(os.path.exists("/etc/passwd"), "nothing that a link led to was touched")


def folder(s):
    s.write("lib/planted.php", SHELL)
    s.write("lib/new/deep/shell.php", SHELL)
    s.write("lib/pay/card.php", SHELL)
    os.unlink(s.path("index.php"))
    os.symlink("/etc", s.path("lib/etc"))
    s.write("uploads/b.txt", "a visitor's")
    s.run("check")
    finding = [f for f in s.log("--kind", "finding") if f["path"] == "lib/pay/card.php"][-1]
    r = s.run("restore", s.dir, "--json")
    plan = {x["path"]: x["act"] for x in r.lines()}
    ok(r.code == 1 and plan == {"index.php": "create", "lib/etc": "remove", "lib/new": "remove",
                                "lib/new/deep": "remove", "lib/new/deep/shell.php": "remove",
                                "lib/pay/card.php": "change", "lib/planted.php": "remove"},
       "a folder: what was altered, gone and planted; no upload of a visitor's", plan)
    r = s.run("restore", s.dir, "--yes", "--json")
    ok(r.code == 0 and all(x["done"] for x in r.lines()), "all of it is done", r)
    ok(not os.path.lexists(s.path("lib/planted.php")) and not os.path.lexists(s.path("lib/new")) and
       not os.path.lexists(s.path("lib/etc")) and os.path.isdir("/etc") and
       read(s.path("lib/pay/card.php")).decode() == FILES["lib/pay/card.php"] and
       os.path.exists(s.path("index.php")) and os.path.exists(s.path("uploads/b.txt")),
       "and the folder is as it was")
    ok(s.run("check").code == 0, "check: all as approved", s.run("check"))
    shell = [v for v in versions(s, "lib/planted.php") if v["state"]]
    ok(s.run("cat", "lib/planted.php", "--version", str(shell[0]["seq"])).out.decode() == SHELL,
       "what was removed is kept")
    return finding


def moments(s, finding):
    s.write("lib/pay/card.php", "<?php function pay($card) { return 2; }\n")
    s.run("approve", "lib/pay/card.php", "--reason", "version 2")
    approved = s.log("--type", "approve")[-1]["at"]
    time.sleep(0.01)
    s.write("lib/pay/card.php", "<?php function pay($card) { return 3; }\n")
    s.run("approve", "lib/pay/card.php", "--reason", "version 3")
    out = os.path.join(s.base, "then")
    r = s.run("restore", "lib", "--at", approved, "--to", out)
    ok(r.code == 0 and b"return 2" in read(out + "/lib/pay/card.php"), "restore DIR --at TIME --to", r)
    r = s.run("restore", "lib", "--at", approved, "--to", out)
    ok(r.code == 2 and not r.out, "a folder that is not empty is not written into, and nothing is told as done", r)
    r = s.run("restore", "lib", "--at", approved, "--to", out, "--lang", "ja")
    ok("空ではありません" in r.err.decode(), "in Japanese", r)
    r = s.run("restore", "lib", "--at", "2026-02-30", "--to", out)
    ok(r.code == 2 and b"2026-02-30" in r.err, "--at a day that there is not: exit 2", r)
    r = s.run("restore", "lib", "--to", s.path("lib/copy"))
    ok(r.code == 2 and not os.path.exists(s.path("lib/copy")), "--to in a watched folder: exit 2", r)
    r = s.run("restore", "lib/pay/card.php", "--before", str(finding["seq"]), "--yes")
    ok(r.code == 0 and read(s.path("lib/pay/card.php")).decode() == FILES["lib/pay/card.php"],
       "restore --before a finding: what was approved then", r)
    ok(s.run("check").code == 0, "which is the approved version from now on")
    ok(s.run("restore", "lib", "--at", "1d", "--before", "3").code == 2, "two moments: exit 2")
    r = s.run("restore", "/etc/passwd", "--yes")
    ok(r.code == 2, "what is not watched: exit 2", r)


def links_on_the_way(s):
    """The folder of a file becomes a link that leads outside: nothing is written through it."""
    outside = os.path.join(s.base, "outside")
    os.makedirs(outside)
    with open(outside + "/card.php", "w") as f:
        f.write("not ours")
    os.rename(s.path("lib/pay"), s.base + "/pay.away")
    os.symlink(outside, s.path("lib/pay"))
    r = s.run("restore", "lib/pay/card.php", "--yes")
    ok(r.code == 1 and read(outside + "/card.php") == b"not ours", "a link on the way: nothing is written", r)
    r = s.run("restore", "lib", "--yes")
    ok(r.code == 0 and os.path.isdir(s.path("lib/pay")) and not os.path.islink(s.path("lib/pay")) and
       read(s.path("lib/pay/card.php")).decode() == FILES["lib/pay/card.php"] and
       read(outside + "/card.php") == b"not ours", "the folder is put back in the link's place", r)
    ok(s.run("check").code == 0, "and all is as approved", s.run("check"))


def foreign_folder():
    """Root's closed folder is moved onto a folder of code by who may write around it: it is not opened to him."""
    s = Shop({**FILES, "backup/dump.tar.gz": "SECRET", "backup/shop.log": "SECRET"})
    for name in (".", "index.php", "lib", "lib/cart.php", "lib/pay", "lib/pay/card.php", "uploads"):
        os.chown(s.path(name), 33, 33)
    os.chmod(s.path("backup"), 0o700)
    s.init()
    os.rename(s.path("lib"), s.path("uploads/lib"))
    os.rename(s.path("backup"), s.path("lib"))
    r = s.run("restore", "lib", "--yes")
    st = os.stat(s.path("lib"))
    ok(r.code == 1 and b"lib: not restored" in r.err and (stat.S_IMODE(st.st_mode), st.st_uid) == (0o700, 0),
       "a strange folder in the place of one of code keeps its owner and rights", (str(r), st))
    ok(read(s.path("lib/dump.tar.gz")) == b"SECRET", "and what is in it")
    os.rename(s.path("lib"), s.path("backup"))
    r = s.run("restore", "lib", "--yes")
    st = os.stat(s.path("lib"))
    ok(r.code == 0 and read(s.path("lib/pay/card.php")).decode() == FILES["lib/pay/card.php"] and st.st_uid == 33,
       "once it is taken away the code comes back", (str(r), st))
    for mode, owner in ((0o700, 0), (0o777, 33), (0o755, 0)):
        os.chmod(s.path("lib"), mode)
        os.chown(s.path("lib"), owner, owner)
        r = s.run("restore", "lib", "--yes")
        st = os.stat(s.path("lib"))
        ok(r.code == 0 and (stat.S_IMODE(st.st_mode), st.st_uid) == (0o755, 33),
           "the rights of the folder itself (%o, %d) are given back" % (mode, owner), (str(r), st))
    s.done()


def caches():
    """What the shop made for its own cache from an altered template is told, and removed on request."""
    page, old = "cache/tpl_pay.php", "cache/tpl_old.php"
    s = Shop({**FILES, old: "<?php echo 'old';\n"})
    s.init()

    def altered():
        s.write("lib/cart.php", SHELL)
        s.run("check")
        s.write(page, "<?php echo 'made of lib/cart.php';\n")  # nothing that a finding would speak against
        s.run("check")
    altered()
    r = s.run("restore", s.dir, "--yes")
    ok(r.code == 0 and b"1 files of the shop's own cache" in r.out and page.encode() in r.out and
       os.path.exists(s.path(page)), "a page of the cache made since is told, and left", r)
    told = [x.strip() for x in r.out.decode().splitlines() if " --caches" in x][0].split("hinoban ", 1)[1].split()
    r = s.run(*told, "--yes")
    ok(r.code == 0 and not os.path.exists(s.path(page)) and os.path.exists(s.path(old)) and
       read(s.path("lib/cart.php")) == FILES["lib/cart.php"].encode(),
       "the command that is told removes it, and nothing that was there before", "%s\n%s" % (told, r))
    altered()
    plan = {x["path"]: x["act"] for x in s.run("restore", s.dir, "--caches", "--dry-run", "--json").lines()}
    ok(plan == {"lib/cart.php": "change", page: "remove"}, "--caches: both in one go", plan)
    r = s.run("restore", s.dir, "--caches", "--yes")
    ok(r.code == 0 and not os.path.exists(s.path(page)) and os.path.exists(s.path(old)), "done", r)
    ok("キャッシュ" in s.run("restore", "--help", "--lang", "ja").out.decode(), "in Japanese")
    r = s.run("check")
    ok(r.code == 0, "and nothing is left to find", r)
    s.done()


def uploads():
    """To a moment of the past, too: uploads with an open finding are put right, honest ones are their owners'."""
    shell, photo = "uploads/shell.php", b"\xff\xd8\xff\xe0 a photo"
    s = Shop({**FILES, "uploads/hat.jpg": photo, "uploads/mine.txt": "as it was\n"})
    s.init()
    s.write("uploads/hat.jpg", photo + b", and a newer one")
    s.run("check")
    before = s.log("--limit", "1")[0]["at"]
    time.sleep(0.01)
    s.write("lib/cart.php", SHELL)
    s.write(shell, SHELL)
    s.write("uploads/hat.jpg", photo + SHELL.encode())
    s.run("check")
    s.write("uploads/mine.txt", "changed by its owner\n")
    s.write("uploads/later.txt", "a visitor's\n")
    os.unlink(s.path("uploads/a.txt"))
    s.write(shell, SHELL + "// another one\n")
    s.run("check")
    found = {f["path"]: f["seq"] for f in s.run("findings", "--json").lines()}
    ok({shell, "uploads/hat.jpg", "lib/cart.php"} == set(found), "a shell, altered uploads and code are found", found)
    wanted = {shell: "remove", "uploads/hat.jpg": "change", "lib/cart.php": "change"}
    told = [f for f in s.log("--type", "file.changed") if f["path"] == shell][0]["at"]  # it was not found yet
    for moment in ([], ["--before", str(found[shell])], ["--before", "case:1"], ["--at", before], ["--at", told]):
        for where in (s.dir, s.path("uploads"), s.path(shell)):
            r = s.run("restore", where, *moment, "--dry-run", "--json")
            plan = {x["path"]: x["act"] for x in r.lines()}
            below = {k: v for k, v in wanted.items() if s.path(k).startswith(where)}
            if "--at" in moment and moment[1] == told and where == s.dir:
                plan.pop("lib/cart.php", None)  # altered before or after that moment: which is not said
                below.pop("lib/cart.php")
            ok(r.code == 1 and plan == below, "restore %s %s: what a finding speaks against, and no more" %
               (os.path.relpath(where, s.dir), " ".join(moment[:1] + [m for m in moment[1:] if m == "case:1"])), (plan, str(r)))
    out = os.path.join(s.base, "then")
    r = s.run("restore", s.dir, "--at", told, "--to", out)
    ok(not os.path.exists(out + "/" + shell) and read(out + "/uploads/hat.jpg") == photo + b", and a newer one" and
       os.path.exists(out + "/lib/pay/card.php"), "elsewhere: what was approved then, but for what a finding speaks against", r)
    r = s.run("restore", s.dir, "--before", "case:1", "--yes", "--reason", "back")
    ok(r.code == 0 and not os.path.exists(s.path(shell)) and
       read(s.path("uploads/hat.jpg")) == photo + b", and a newer one" and
       read(s.path("lib/cart.php")).decode() == FILES["lib/cart.php"],
       "restore --before case:1: the shell is gone, the photo is as it was", r)
    ok(read(s.path("uploads/mine.txt")) == b"changed by its owner\n" and os.path.exists(s.path("uploads/later.txt")) and
       not os.path.exists(s.path("uploads/a.txt")), "honest uploads are as their owners left them")
    r = s.run("check")
    ok(r.code == 0 and s.run("findings").code == 0, "and nothing is left to find", r)
    for step in ("", SHELL):
        s.write("uploads/two.php", step)
        s.run("check")
    r = s.run("restore", s.dir, "--before", "case:1", "--yes")
    ok(r.code == 0 and not os.path.exists(s.path("uploads/two.php")) and os.path.exists(s.path("uploads/later.txt")),
       "a shell whose file was empty for a while is removed, too", r)
    s.done()


def first_inventory():
    """What stood there before hinoban came: nothing is known of the time before, so nothing is removed by it."""
    s = Shop({**FILES, "lib/door.php": SHELL, "uploads/old.php": SHELL})
    s.init()
    s.run("check")
    found = [f["seq"] for f in s.run("findings", "--json").lines()]
    ok(len(found) == 2, "two programs of an intruder's are found by the first inventory", found)
    for moment in [str(x) for x in found] + ["case:1"]:
        r = s.run("restore", s.dir, "--before", moment, "--yes")
        ok(r.code == 2 and moment.encode() + b": the ledger knows nothing" in r.err and
           all(os.path.exists(s.path(p)) for p in FILES), "restore DIR --before what it found removes no file of the shop", r)
    r = s.run("restore", s.dir, "--yes")
    ok(r.code == 0 and not os.path.exists(s.path("uploads/old.php")) and all(os.path.exists(s.path(p)) for p in FILES),
       "restore removes the one among uploads, and no more", r)
    s.done()


def removed(s):
    """A folder whose removal was approved: what stood there comes back where a moment is named."""
    s.write("lib/old/one.php", "<?php // one\n")
    s.write("lib/old/deep/two.php", "<?php // two\n")
    s.run("check")
    s.run("approve", s.path("lib/old"), "--reason", "ours")
    stood = s.log("--limit", "1")[0]["at"]
    for how in ("approve", "deploy"):
        if how == "approve":
            subprocess.run(["rm", "-r", s.path("lib/old")], check=True)
            s.run("check")
            s.run("approve", s.path("lib/old"), "--reason", "not wanted any more")
        else:
            s.run("deploy", "--", "rm", "-r", s.path("lib/old"))
        r = s.run("restore", s.path("lib/old"), "--yes")
        ok(r.code == 2 and b"that is approved" in r.err and b"--before" in r.err,
           how + ": restore tells that its removal is approved", r)
        ok("承認されています" in s.run("restore", s.path("lib/old"), "--lang", "ja").err.decode(), "in Japanese")
        before = r.err.decode().split("--before ")[-1].strip()
        r = s.run("restore", s.path("lib/old"), "--before", before, "--yes")
        ok(r.code == 0 and os.path.exists(s.path("lib/old/one.php")) and
           os.path.exists(s.path("lib/old/deep/two.php")), how + ": what it advises brings all of it back", r)
    subprocess.run(["rm", "-r", s.path("lib/old")], check=True)
    s.run("check")
    s.run("approve", s.path("lib/old"), "--reason", "not wanted any more")
    out = os.path.join(s.base, "old")
    r = s.run("restore", s.path("lib/old"), "--at", stood, "--to", out)
    ok(r.code == 0 and os.path.exists(out + "/lib/old/deep/two.php"), "--at brings it back, too", r)
    v = [x for x in versions(s, s.path("lib/old/one.php")) if x["state"]][0]
    r = s.run("restore", s.path("lib/old/one.php"), "--version", str(v["seq"]), "--to", out + "2")
    ok(r.code == 0 and os.path.exists(out + "2/lib/old/one.php"), "and --version a file", r)
    v = [x for x in versions(s, s.path("lib/old")) if x["state"]][0]
    r = s.run("restore", s.path("lib/old"), "--version", str(v["seq"]), "--to", out + "3")
    ok(r.code == 0 and os.path.isdir(out + "3/lib/old"), "and a folder", (str(r), v))
    r = s.run("restore", s.path("lib/never"), "--yes")
    ok(r.code == 2 and b"no version" in r.err, "what never was is told as that", r)


def not_kept(s):
    """What stands there is too large to be kept: it is not overwritten unasked."""
    with open(s.config, "a") as f:
        pass
    conf = read(s.config).decode()
    with open(s.config, "w") as f:
        f.write(conf.replace("keep_max = 16M", "keep_max = 1K"))
    s.write("index.php", b"<?php " + os.urandom(4096))
    r = s.run("restore", "index.php", "--yes")
    ok(r.code == 1 and b"would be lost" in r.out and len(read(s.path("index.php"))) > 4096,
       "what is not kept is not overwritten", r)
    r = s.run("restore", "index.php", "--yes", "--force")
    ok(r.code == 0 and read(s.path("index.php")).decode() == FILES["index.php"], "but with --force it is", r)
    with open(s.config, "w") as f:
        f.write(conf)


def full_disk(s):
    """A filesystem of its own below the root, and full: the old stays whole, then the new comes."""
    folder = s.path("lib/mounted")
    os.mkdir(folder)
    if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder],
                                          capture_output=True).returncode:
        os.rmdir(folder)
        skip("a full disk", "needs the right to mount a small file system")
        return
    try:
        good, bad = b"<?php // good\n" + os.urandom(60000), b"<?php // bad\n" + os.urandom(60000)
        s.write("lib/mounted/m.php", good)
        s.run("check")
        s.run("approve", "lib/mounted", "--reason", "ours")
        s.write("lib/mounted/m.php", bad)
        s.run("check")
        try:
            with open(folder + "/ballast", "wb", buffering=0) as f:
                while True:
                    f.write(b"x" * 4096)
        except OSError:
            pass
        r = s.run("restore", "lib/mounted/m.php", "--yes")
        ok(r.code == 1 and b"No space" in r.err and read(folder + "/m.php") == bad,
           "a full disk: told, and what stands there is whole", r)
        left = [n for n in os.listdir(folder) if n.startswith(".hinoban")]
        ok(not left, "nothing of ours is left lying about", left)
        r = s.run("evidence", "lib/mounted", "--to", folder + "/case.tar")
        ok(r.code == 3 and not os.path.exists(folder + "/case.tar"), "half an export is no evidence", r)
        r = s.run("evidence", "lib/mounted", "--to", folder + "/case")
        ok(r.code == 3 and not os.path.exists(folder + "/case"), "nor is half a folder", r)
        os.unlink(folder + "/ballast")
        r = s.run("restore", "lib/mounted", "--yes")
        ok(r.code == 0 and read(folder + "/m.php") == good, "with room it is restored, across a mount point", r)
    finally:
        subprocess.run(["umount", "-l", folder])
        os.rmdir(folder)
        s.run("check")
        s.run("approve", "--all", "--reason", "the mount is gone")


def live(s):
    """With hinoband at work: the guard lays the writes to the deploy, nothing is found."""
    env = {"PATH": os.environ["PATH"], "HINOBAN_PROFILES": os.path.join(SOURCE, "profiles")}
    p = subprocess.Popen([os.path.join(os.path.dirname(HINOBAN), "hinoband"), "--config", s.config,
                          "--no-console"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            r = s.run("status", "--json")
            if r.out and json.loads(r.out).get("ready"):
                break
            time.sleep(0.1)
        s.write("lib/cart.php", SHELL)
        s.write("lib/planted.php", SHELL)
        os.chmod(s.path("lib/pay/card.php"), 0o777)
        s.run("check")
        ok(s.run("findings").code == 1, "hinoband finds the tampering")
        before = len(s.log("--kind", "finding"))
        r = s.run("restore", s.dir, "--yes", "--reason", "live")
        ok(r.code == 0 and read(s.path("lib/cart.php")).decode() == FILES["lib/cart.php"] and
           not os.path.exists(s.path("lib/planted.php")), "restore beside hinoband", r)
        r = s.run("check")
        ok(r.code == 0, "all as approved, no finding is open", r)
        ok(len(s.log("--kind", "finding")) == before, "the restore itself is no finding",
           s.log("--kind", "finding")[before:])
        deploy = s.log("--type", "deploy.started")[-1]["seq"]
        laid = {c["path"] for c in s.log("--type", "file.changed") if c.get("deploy") == deploy}
        ok({"lib/cart.php", "lib/planted.php", "lib/pay/card.php"} <= laid,
           "the guard laid each write to it", laid)
        facts = [f["path"] for f in s.log("--type", "file.changed") if "deploy" not in f and f["seq"] > deploy]
        ok(not facts, "and nothing else came of it", facts)
        stranger(s, "beside hinoband")
    finally:
        p.terminate()
        p.wait(30)
    stranger(s, "without hinoband")


def stranger(s, how):
    """Whoever may not speak to the ledger is told that it takes root, by every command."""
    other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if subprocess.run([*other, HINOBAN, "version"], capture_output=True).returncode:
        skip("another user, " + how, "he can't run it from here")
        return
    for args in (["check"], ["approve", "--all", "--reason", "x"], ["deploy", "--", "true"], ["restore", "lib", "--yes"],
                 ["mode", "heal", "--reason", "x"], ["evidence", "lib", "--to", "/tmp/none.tar"], ["status"],
                 ["scope", "--from", "2026-01-01", "--to", "2026-02-01"], ["rehearse"], ["vault", "gc"], ["findings"],
                 ["contain", "stop-payment", "--reason", "x"], ["dismiss", "1", "--reason", "x"], ["case", "open", "--call",
                 "--from", "x", "--reason", "x"]):
        r = s.run(*args, under=other)
        ok(r.code == 2 and b"root" in r.err and not r.out, "another user, %s: %s" % (how, args[0]), r)
    ok("root" in s.run("check", "--lang", "ja", under=other).err.decode(), "in Japanese")


def evidence(s, finding):
    """What a forensic firm gets, checked as its README says."""
    tar = os.path.join(s.base, "case.tar")
    r = s.run("evidence", str(finding["seq"]), "--to", tar, "--json")
    said = r.lines()[0] if r.code in (0, 1) else {}
    ok(r.code == 0 and said["contents"] >= 2 and stat.S_IMODE(os.stat(tar).st_mode) == 0o400,
       "evidence of a finding, as a tar file that only its owner may read", r)
    ok(s.run("evidence", str(finding["seq"]), "--to", tar).code == 2, "nothing is written over")
    out = os.path.join(s.base, "case")
    os.mkdir(out)
    p = subprocess.run(["tar", "-xf", tar, "-C", out], capture_output=True, text=True)
    ok(p.returncode == 0, "tar reads it", p.stderr)
    p = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=out, capture_output=True, text=True)
    ok(p.returncode == 0, "sha256sum -c SHA256SUMS", p.stdout + p.stderr)
    verify = os.path.join(os.path.dirname(HINOBAN), "verify-proof")
    p = subprocess.run([verify, "--key", "ledger.pub", "proofs.jsonl"], cwd=out, capture_output=True, text=True)
    ok(p.returncode == 0, "verify-proof takes every proof", p.stdout + p.stderr)
    facts = [json.loads(x) for x in open(out + "/facts.jsonl", encoding="utf-8")]
    ok(finding in facts and set(finding["refs"]) <= {f["seq"] for f in facts} and
       len(open(out + "/proofs.jsonl").readlines()) == len(facts), "the finding, what it rests on, a proof each",
       [f["seq"] for f in facts])
    wrong = []
    for name in os.listdir(out + "/contents"):
        data = subprocess.run(["zstd", "-dc"], input=read(out + "/contents/" + name), capture_output=True).stdout
        if sha(data) + ".evidence" != name or os.stat(out + "/contents/" + name).st_mode & 0o333:
            wrong.append(name)
    ok(not wrong and sha(SHELL) + ".evidence" in os.listdir(out + "/contents") and
       sha(FILES["lib/pay/card.php"]) + ".evidence" in os.listdir(out + "/contents"),
       "contents of both sides, packed, not runnable, named by their hash", wrong)
    readme = open(out + "/README.txt", encoding="utf-8").read()
    ok("sha256sum -c" in readme and "確かめ方" in readme, "a README in two languages")
    word = s.log("--type", "evidence.exported")[-1]
    ok(word["hash"] == said["sums"] == sha(read(out + "/SHA256SUMS")) and finding["seq"] in word["refs"],
       "the ledger knows who took out what", word)
    folder = os.path.join(s.base, "folder")
    r = s.run("evidence", "lib", "--to", folder)
    p = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True)
    ok(r.code in (0, 1) and p.returncode == 0 and stat.S_IMODE(os.stat(folder).st_mode) == 0o700 and
       len(os.listdir(folder + "/contents")) > 5, "evidence of a folder, as a folder", "%s %s" % (r, p.stderr))
    ok(s.run("evidence", "lib").code == 2 and s.run("evidence", "999999", "--to", out + "x").code == 2,
       "without --to, or of nothing: exit 2")


def damaged_evidence(s):
    """What is damaged is named; it keeps nothing else from those who look into it."""
    tar, out = os.path.join(s.base, "damaged.tar"), os.path.join(s.base, "damaged")
    r = s.run("evidence", s.dir, "--to", tar, "--json")
    said = r.lines()[0] if r.out else {}
    ok(r.code == 1 and said.get("damaged", 0) >= 1 and said["contents"] >= 1 and b"damaged" in r.err,
       "evidence out of a damaged vault: the rest is exported, exit 1", r)
    r = s.run("evidence", s.dir, "--to", out, "--lang", "ja")
    ok(r.code == 1 and "壊れて" in r.err.decode(), "as a folder, in Japanese", r)
    listed = [json.loads(x) for x in open(out + "/MANIFEST.jsonl", encoding="utf-8")] if os.path.isdir(out) else []
    bad = [x for x in listed if x.get("damaged")]
    ok(len(bad) == said.get("damaged") and not any(x["kept"] or "file" in x for x in bad),
       "the manifest names what is damaged", listed[:5])
    r = s.run("restore", s.dir, "--to", out + ".back", "--lang", "ja")
    ok("Bad message" not in r.err.decode() and (r.code == 0 or "壊れて" in r.err.decode()),
       "restore says in Japanese what is damaged", r)
    p = subprocess.run(["sha256sum", "-c", "--strict", "SHA256SUMS"], cwd=s.base if not listed else out,
                       capture_output=True, text=True)
    ok(p.returncode == 0, "and its checksums hold", p.stdout + p.stderr)


def vault(s):
    v = s.run("vault", "stat", "--json").lines()[0]
    ok(v["contents"] > 10 and v["disk_bytes"] > 0 and v["max_bytes"] == 10 << 30, "vault stat", v)
    ok(b"kept" in s.run("vault", "stat").out and "保管" in s.run("vault", "stat", "--lang", "ja").out.decode(),
       "vault stat in words")
    r = s.run("vault", "verify")
    ok(r.code == 0, "vault verify: exit 0", r)
    r = s.run("vault", "gc", "--dry-run")
    ok(r.code == 0 and b"would drop 0" in r.out, "vault gc --dry-run: nothing is old enough", r)
    conf = read(s.config).decode()
    with open(s.config, "w") as f:
        f.write(conf.replace('keep = 1095d', 'keep = 1s').replace('evidence = 3650d', 'evidence = 1s'))
    time.sleep(1.1)
    before = [v for v in versions(s, "lib/cart.php")]
    plan = s.run("vault", "gc", "--dry-run", "--json").lines()[0]
    r = s.run("vault", "gc", "--reason", "a test", "--json")
    did = r.lines()[0] if r.out else {}
    ok(r.code == 0 and did["dropped"] == plan["dropped"] > 5, "vault gc drops what the dry run said", (plan, str(r)))
    after = versions(s, "lib/cart.php")
    gone = [v for v in after if not v["kept"]]
    ok(gone and all(v.get("dropped_by") for v in gone) and len(after) == len(before),
       "versions tells which fact dropped a content", gone[:1])
    ok(s.run("cat", "lib/cart.php").out.decode() == FILES["lib/cart.php"], "what is approved is kept")
    r = s.run("cat", "lib/cart.php", "--version", str(gone[0]["seq"]))
    ok(r.code == 2 and b"not kept" in r.err, "cat of a dropped version: exit 2", r)
    ok(s.run("vault", "verify").code == 0 and s.run("verify").code == 0, "all was dropped in order")
    ok(s.run("vault", "other").code == 2, "another word: exit 2")
    pack = [n for n in os.listdir(s.state) if n.startswith("vault.pack") and
            os.path.getsize(os.path.join(s.state, n))][0]
    with open(os.path.join(s.state, pack), "r+b") as f:
        f.seek(60)
        f.write(b"\xff" * 8)
    r = s.run("vault", "verify")
    ok(r.code == 1, "vault verify of a damaged pack: exit 1", r)
    said = [x for x in s.run("vault", "verify", "--json").lines() if "damaged" in x]
    ok(bool(said) and all(x["root"] == s.dir and x["damaged"] in
                          [(v["state"] or {}).get("hash") for v in versions(s, x["root"] + "/" + x["path"])] for x in said),
       "it names the file, the version and the hash", said)
    ok(b"damaged: " + said[0]["root"].encode() in r.out and said[0]["damaged"].encode() in r.out and
       b"Contents of the vault are damaged" in r.out and b"#0" not in r.out if said else False, "in words", r)
    damaged_evidence(s)


s = Shop(FILES)
ok(s.init().code == 0, "init")
every_version(s)
one_file(s)
whole_state(s)
found = folder(s)
moments(s, found)
links_on_the_way(s)
uploads()
first_inventory()
removed(s)
not_kept(s)
caches()
full_disk(s)
if os.getuid() == 0:
    live(s)
    foreign_folder()
else:
    skip("restore beside hinoband", "needs root")
evidence(s, found)
r = s.run("verify")
ok(r.code == 0, "verify finds nothing", r)
vault(s)
s.done()
end()
