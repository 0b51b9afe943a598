#!/usr/bin/env python3
"""The real guard, with real readers and a real ledger: every way to change a file is told."""
import base64
import fcntl
import mmap
import os
import shutil
import struct
import subprocess
import tempfile

from watching import Shop, deploy_begun, done, ok, skip, word


# user::rw- user:33:rw- group::r-- mask::rw- other::r--
ACL = struct.pack("<I" + "HHI" * 5, 2, 1, 6, 0xffffffff, 2, 6, 33, 4, 4, 0xffffffff, 16, 6,
                  0xffffffff, 32, 4, 0xffffffff)
CAPABILITY = struct.pack("<5I", 0x02000001, 1 << 10, 0, 0, 0)  # cap_net_bind_service


def attributes(s):
    os.makedirs(s.at("code/n0"), exist_ok=True)
    s.watch.sync()
    try:
        os.setxattr(s.at("code/n0"), "user.try", b"1")
        os.removexattr(s.at("code/n0"), "user.try")
        return True
    except OSError:
        return False


def last(changes):
    return changes[-1] if changes else {}


def each_way(s, label):
    """Each act, and what the last file.changed of a path must say."""
    w, told = s.watch, {}

    def expect(what, path, *words, present=True, **more):
        # A look may come between two steps of one act: all that was told since speaks.
        w.sync()
        all_of_it = w.changes(path)
        new, told[path] = all_of_it[told.get(path, 0):], len(all_of_it)
        got = last(new)
        said = {x for f in new for x in f["what"]}
        good = bool(got) and said.issuperset(words) and (got["present"] is not None) == present
        for k, v in more.items():
            good = good and got.get(k) == v
        ok(good, "%s: %s" % (label, what), got or "no file.changed of " + path)
        return got

    s.write("code/new.php", "<?php eval($_POST['x']);")
    got = expect("create", "code/new.php")
    first = w.changes("code/new.php")
    ok(bool(first) and "created" in first[0]["what"] and first[0]["approved"] is None,
       label + ": what is new has nothing approved", first)
    ok(got.get("content", {}).get("kind") == "php", label + ": its content was looked at", got)
    s.write("code/a.php", "x", "a")
    expect("append", "code/a.php", "content")
    with open(s.at("code/b.php"), "r+b") as f:
        m = mmap.mmap(f.fileno(), 0)
        m[0:2] = b"??"
        m.close()
    expect("write through a mapping", "code/b.php", "content")
    os.truncate(s.at("code/c.php"), 3)
    expect("truncate", "code/c.php", "content")
    os.rename(s.at("code/d.php"), s.at("code/d2.php"))
    expect("rename: the old name", "code/d.php", "removed", present=False)
    expect("rename: the new name", "code/d2.php", "created", renamed_from="code/d.php")
    s.write("code/tmp", "<?php other();")
    os.rename(s.at("code/tmp"), s.at("code/e.php"))
    expect("rename over", "code/e.php", "content")
    os.unlink(s.at("code/f.php"))
    expect("delete", "code/f.php", "removed", present=False)
    os.chmod(s.at("code/g.php"), 0o777)
    got = expect("chmod", "code/g.php", "mode")
    ok(got.get("present", {}).get("mode") == "0777", label + ": the mode is told", got)
    os.chown(s.at("code/g.php"), 33, 33)
    expect("chown", "code/g.php", "owner")
    if attributes(s):
        os.setxattr(s.at("code/g.php"), "system.posix_acl_access", ACL)
        os.setxattr(s.at("code/g.php"), "user.note", b"\xffodd\0")
        got = expect("an ACL and an attribute", "code/g.php", "attributes")
        said = got.get("present", {}).get("xattrs", {})
        ok(base64.b64decode(said.get("system.posix_acl_access", "")) == ACL and
           base64.b64decode(said.get("user.note", "")) == b"\xffodd\0",
           label + ": both are told as they are", said)
        os.setxattr(s.at("code/g.php"), "security.capability", CAPABILITY)
        got = expect("a file capability", "code/g.php", "attributes")
        ok("content" not in got.get("what", []), label + ": which is no change of content", got)
        os.setxattr(s.at("code/n0"), "system.posix_acl_default", ACL)
        expect("a folder's ACL for what is made in it", "code/n0", "attributes")
        os.removexattr(s.at("code/n0"), "system.posix_acl_default")
        got = expect("and taken away", "code/n0", "attributes")
        ok("xattrs" not in got.get("present", {}), label + ": then there is none to tell", got)
        for name in ("system.posix_acl_access", "user.note", "security.capability"):
            os.removexattr(s.at("code/g.php"), name)
    else:
        skip(label + ": extended attributes", "this filesystem has none")
    os.link(s.at("code/h.php"), s.at("code/h2.php"))
    expect("hard link", "code/h2.php", "created")
    os.symlink("/etc/passwd", s.at("code/link.php"))
    got = expect("symbolic link", "code/link.php", "created")
    ok(got.get("present", {}).get("target") == "/etc/passwd", label + ": its target is told", got)
    os.makedirs(s.at("code/n/e/w"))
    s.write("code/n/e/w/deep.php", "<?php 1;")
    expect("a new tree, written into at once", "code/n/e/w/deep.php", "created")
    ok("created" in last(w.changes("code/n/e"))["what"], label + ": its folders are told")
    os.rename(s.at("code/sub"), s.at("code/moved"))
    expect("renamed folder: below the old name", "code/sub/x.php", "removed", present=False)
    expect("renamed folder: below the new name", "code/moved/x.php", "created")
    s.write("code/moved/x.php", "more", "a")
    expect("a write below a renamed folder", "code/moved/x.php", "content")
    outside = tempfile.mkdtemp(prefix="hinoban-outside-")
    os.mkdir(outside + "/tree")
    with open(outside + "/tree/in.php", "w") as f:
        f.write("<?php in();")
    os.rename(outside + "/tree", s.at("code/tree"))
    expect("a tree moved in", "code/tree/in.php", "created")
    os.rename(s.at("code/tree"), outside + "/back")
    expect("a tree moved out", "code/tree/in.php", "removed", present=False)
    with open(outside + "/back/in.php", "a") as f:
        f.write("not ours")
    w.sync()
    ok(last(w.changes("code/tree/in.php"))["what"] == ["removed"],
       label + ": what was moved out is not watched any more")
    shutil.rmtree(outside)
    os.unlink(s.at("code/h2.php"))
    os.symlink("a.php", s.at("code/h2.php"))
    expect("a link in a file's place", "code/h2.php")
    # Back to what was approved.
    s.write("code/a.php", "<?php echo 'a';\n")
    got = expect("restored", "code/a.php", "content")
    ok(got["present"] and got["present"]["hash"] == got["approved"]["hash"],
       label + ": restored means present as approved", got)


def names(s):
    w = s.watch
    odd = [b"new\nline.php", b"\xff\xfe.php", b"back\\slash.php", "日本語.php".encode(),
           b"quote\"'.php", b" lead.php", b"-rf.php", b"tab\t.php", b"x" * 255]
    for n in odd:
        with open(os.fsencode(s.at("code/")) + n, "wb") as f:
            f.write(b"<?php 1;")
    w.sync()
    texts = {"code/" + t for t in ("new\nline.php", "\\xff\\xfe.php", "back\\\\slash.php",
                                   "日本語.php", "quote\"'.php", " lead.php", "-rf.php",
                                   "tab\t.php", "x" * 255)}
    told = {f["path"] for f in w.changes()}
    ok(texts <= told, "names of any bytes are told", texts - told)


def generation(s):
    """A folder's owner may change its generation on ext4; its handle is another one then."""
    w = s.watch
    os.mkdir(s.at("code/gen"))
    s.write("code/gen/old.php", "<?php 1;")
    w.sync()
    fd = os.open(s.at("code/gen"), os.O_RDONLY)
    try:
        fcntl.ioctl(fd, 0x40086604, struct.pack("<Q", 12345))  # FS_IOC_SETVERSION
    except OSError as e:
        skip("a folder of another generation is watched as before", "this filesystem changes none: %s" % e)
        return
    finally:
        os.close(fd)
    s.write("code/gen/new.php", "<?php 1;")
    os.makedirs(s.at("code/gen/n/e"))
    s.write("code/gen/n/e/w.php", "<?php 1;")
    os.unlink(s.at("code/gen/old.php"))
    w.sync()
    ok(bool(w.changes("code/gen/new.php")) and bool(w.changes("code/gen/n/e/w.php")) and
       last(w.changes("code/gen/old.php")).get("present", 1) is None,
       "a folder of another generation is watched as before", [f["path"] for f in w.changes()][-3:])


def special(s):
    w = s.watch
    os.mkfifo(s.at("code/fifo"))
    os.mknod(s.at("code/null"), 0o666 | 0o020000, os.makedev(1, 3))
    import socket
    u = socket.socket(socket.AF_UNIX)
    u.bind(s.at("code/sock"))
    s.write("code/after.php", "<?php 1;")
    w.sync()
    classes = [last(w.changes("code/" + n)).get("present", {}).get("class")
               for n in ("fifo", "null", "sock")]
    ok(classes == ["other"] * 3, "FIFO, device and socket are told, not opened", classes)
    ok(bool(w.changes("code/after.php")), "and nothing hangs behind them")


def links_from_elsewhere(s):
    w = s.watch
    outside = tempfile.mkdtemp(prefix="hinoban-outside-")
    os.link(s.at("code/moved/y.php"), outside + "/alias")
    w.sync()
    with open(outside + "/alias", "a") as f:
        f.write("through the alias")
    w.sync()
    ok("content" in last(w.changes("code/moved/y.php")).get("what", []),
       "a write through a hard link outside is seen", w.changes("code/moved/y.php"))
    mount = outside + "/mnt"
    os.mkdir(mount)
    if subprocess.run(["mount", "--bind", s.at("code"), mount]).returncode != 0:
        skip("a write through a bind mount is seen", "no mount here")
    else:
        with open(mount + "/moved/x.php", "a") as f:
            f.write("through the mount")
        w.sync()
        got = last(w.changes("code/moved/x.php"))
        ok("content" in got["what"], "a write through a bind mount is seen", got)
        subprocess.run(["umount", mount])
    shutil.rmtree(outside)


def who(s):
    w = s.watch
    # Who has ended may be gone before anyone can look: then its parents must be named, and why.
    # On a machine that is not overrun most are caught by the process connector.
    told, named = [], set()
    for act in [["sh", "-c", "echo more >> %s" % s.at("code/a.php")],
                ["cp", s.at("code/a.php"), s.at("code/copied.php")]] * 20:
        if len(told) >= 10 and named == {"sh", "cp"}:
            break
        path = "code/copied.php" if act[0] == "cp" else "code/a.php"
        subprocess.run(["sh", "-c", "echo x >> %s" % s.at("code/a.php")])
        w.sync()
        subprocess.run(act)
        w.sync()
        told.append((act[0], last(w.changes(path))["who"]))
        named = {a for a, t in told if t.get("known") and (a + " ") in t["command"] + " "}
    ok(named == {"sh", "cp"}, "processes that are gone are named", told)
    ok(all(any("guard.py" in p["command"] for p in t["parents"]) for _, t in told),
       "their parents are named each time", told)
    ok(all(t.get("known") or t.get("why") for _, t in told), "or it is said why they are not")
    os.chmod(s.at("uploads"), 0o777)
    for i in range(100):
        subprocess.run(["/bin/cp", "/etc/hostname", s.at("code/short%d.php" % i)])
    w.sync()
    told = [last(w.changes("code/short%d.php" % i)).get("who", {}) for i in range(100)]
    odd = [t for t in told if not t.get("exe", "").endswith("/cp") and not any(
        reason in t.get("why", "") for reason in ("ended before", "had ended"))]
    ok(not odd, "of 100 short-lived ones each is named, or said to have ended", odd[:3])
    subprocess.run(["bash", "-c", "exec -a '[kworker/0:1]' /usr/bin/tee %s < /etc/hostname > /dev/null" % s.at(
        "code/fake.php")])
    w.sync()
    got = last(w.changes("code/fake.php"))["who"]
    ok(got["exe"] == "/usr/bin/tee" if got.get("known") else bool(got.get("why")),
       "one that calls itself a thread of the kernel is told by its program", got)
    subprocess.run(["su", "-s", "/bin/sh", "www-data", "-c", "echo 1 > %s; sleep 0.2" % s.at("uploads/su.php")])
    subprocess.run(["setsid", "-f", "sh", "-c", "sleep 0.3; echo 1 > %s; sleep 0.2" % s.at("code/orphan.php")])
    w.wait(lambda: w.changes("code/orphan.php"))
    got = last(w.changes("code/orphan.php"))["who"]
    ok(any("guard.py" in p["command"] for p in got["parents"]), "one whose parent has ended still has its chain", got)
    subprocess.run(["setpriv", "--reuid=33", "--clear-groups", "sh", "-c",
                    "echo '<?php 1;' > %s" % s.at("uploads/u.php")])
    w.sync()
    got = last(w.changes("uploads/su.php")).get("who", {})
    ok(got.get("user") == "www-data" and any(p["exe"].endswith("/su") for p in got["parents"]),
       "by way of su: the user it became, and su in the chain", got)
    got = last(w.changes("uploads/u.php")).get("who", {})
    ok(got.get("worker") is True and got.get("uid") == 33, "a web worker is told as one", got)


def roles(s):
    w = s.watch
    s.write("ignored/x.php", "<?php 1;")
    s.write("data/session", "a|s:1:\"b\";")
    s.write("data/shell.txt", "<?php system($_GET['c']);")
    s.write("cache/t.php", "<?php 1;")
    w.sync()
    ok(not w.changes("ignored/x.php"), "ignored is ignored")
    ok(not w.changes("data/session"), "data may change unsaid")
    # Data that change all the time are looked at now and then only.
    ok(bool(w.wait(lambda: w.changes("data/shell.txt"), 20)), "but not code among data")
    w.sync()
    s.write("cache/t.php", "<?php 2;")
    w.sync()
    got = last(w.changes("cache/t.php"))
    ok(got and got["role"] == "generated" and got["approved"], "generated code's state is taken "
       "as approved", got)


def deploy(s):
    w = s.watch
    script = "read x; (sleep 0.1; echo '<?php 9;' > %s; cp %s %s) & wait" % (
        s.at("code/b.php"), s.at("code/b.php"), s.at("code/dep.php"))
    p = subprocess.Popen(["sh", "-c", script], stdin=subprocess.PIPE)
    seq = deploy_begun(s, p.pid)
    w.sync()
    p.communicate(b"go\n")
    s.write("code/a.php", "// not of the deploy", "a")
    w.sync()
    word(s, "deploy.ended", deploy=seq, exit=0, by="root")
    w.sync()
    ok(last(w.changes("code/b.php")).get("deploy") == seq and
       last(w.changes("code/dep.php")).get("deploy") == seq, "what a deploy's children write "
       "carries the deploy", w.changes("code/dep.php"))
    ok("deploy" not in last(w.changes("code/a.php")), "what others write meanwhile doesn't")
    s.write("code/b.php", "<?php 10;")
    w.sync()
    got = last(w.changes("code/b.php"))
    prev = [f for f in w.changes("code/b.php") if f.get("deploy")][-1]
    ok(got["approved"] and got["approved"]["hash"] == prev["present"]["hash"] and
       "deploy" not in got, "the deployed version is the approved one from then on", got)
    st = got["present"]
    word(s, "approve", root=s.dir, path="code/b.php", state={k: st[k] for k in
         ("class", "hash", "size", "mode", "uid", "gid")}, by="root", reason="test",
         origin="operator")
    w.sync()
    s.write("code/b.php", "<?php 11;")
    w.sync()
    got = last(w.changes("code/b.php"))
    ok(got["approved"]["hash"] == st["hash"], "an approved version is the one to compare with", got)


def storms(s):
    w = s.watch
    with open(s.at("code/c.php"), "w") as f:
        for i in range(20000):
            f.write("%d\n" % i)
            if i % 10 == 0:
                f.flush()
    w.sync(60)
    n = len(w.changes("code/c.php"))
    import hashlib
    want = hashlib.sha256(open(s.at("code/c.php"), "rb").read()).hexdigest()
    ok(last(w.changes("code/c.php"))["present"]["hash"] == want,
       "after 2,000 writes the last state is told")
    ok(n < 500, "and not every one of them", n)


def restart(s):
    w = s.watch
    w.sync()
    before = len(w.changes())
    ok(w.stop_guard() == 0, "the guard ends with 0 when told to")
    ok(bool(w.wait(lambda: w.facts("watch.stopped"), 5)), "and says so")
    s.write("code/while.php", "<?php off();")
    os.unlink(s.at("code/g.php"))
    s.write("code/h.php", "x", "a")
    os.makedirs(s.at("code/off"))
    s.write("code/off/z.php", "<?php z();")
    w.start_guard()
    n = len(w.facts("watch.rescanned"))
    w.wait(lambda: len(w.facts("watch.rescanned")) > n, 30)
    w.sync()
    new = {f["path"]: f for f in w.changes()[before:]}
    ok(set(new) == {"code/while.php", "code/g.php", "code/h.php", "code/off", "code/off/z.php"},
       "what changed while it was not running is found, and nothing else", sorted(new))
    ok(all(f["found_by"] == "scan" and "who" not in f for f in new.values()),
       "as found by a scan, by nobody known")


def ledger_dies(s):
    w = s.watch
    w.ledger.kill()
    s.write("code/alone.php", "<?php alone();")
    s.write("code/h.php", "y", "a")
    import time
    time.sleep(0.3)
    w.restart_ledger()
    w.sync()
    ok(bool(w.changes("code/alone.php")), "what happened while the ledger was dead is in it "
       "afterwards")


def reader_dies(s):
    w = s.watch
    for r in w.readers:
        r.kill()
    w.readers = []
    s.write("code/noreader.php", "<?php waits();")
    w.add_reader("reader")
    w.add_reader("reader1")
    w.sync()
    ok(bool(w.changes("code/noreader.php")), "a file waits until there is a reader again")


def root_replaced(s):
    w = s.watch
    os.rename(s.dir, s.dir + ".old")
    os.mkdir(s.dir)
    os.chmod(s.dir, 0o755)
    os.mkdir(s.at("code"))
    s.write("code/a.php", "<?php all_new();")
    ok(bool(w.wait(lambda: [f for f in w.facts("watch.rescanned") if "root" in f["reason"]])),
       "a replaced root is noticed")
    w.sync()
    ok(last(w.changes("code/alone.php")).get("present", 1) is None and
       {"content", "created"} & set(last(w.changes("code/a.php"))["what"]), "and held against the table")
    s.write("code/a.php", "x", "a")
    w.sync()
    ok(last(w.changes("code/a.php"))["found_by"] == "event", "and watched from then on")
    shutil.rmtree(s.dir + ".old")


s = Shop()
s.watch.start()
ok(bool(s.watch.wait_started()), "the watch begins")
started = s.watch.facts("watch.started")
ok(bool(started) and started[0]["marks"] == "filesystem" and started[0]["procs"],
   "with a mark on the filesystem and the connector", started)
each_way(s, "filesystem mark")
for part in (names, generation, special, links_from_elsewhere, who, roles, deploy, storms, restart,
             ledger_dies, reader_dies, root_replaced):
    part(s)
ok(s.watch.guard.proc.poll() is None, "the guard lives", s.watch.guard.stderr())
s.end()

s = Shop(watch='marks = "directories"')
s.watch.start()
s.watch.wait_started()
ok(s.watch.facts("watch.started")[0]["marks"] == "directories", "marks on folders")
each_way(s, "folder marks")
s.end()
done()
