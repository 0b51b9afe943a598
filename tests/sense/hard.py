#!/usr/bin/env python3
"""The hard cases: overflow, depth, holes, files that change while they are read, a reader
that dies, which web request."""
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress

from watching import BUILD, Shop, deploy_begun, done, ok, skip, word


def deep(path, n):
    """A chain of n folders, whatever PATH_MAX says; a file at the end."""
    at = os.open(path, os.O_RDONLY)
    for _ in range(n):
        os.mkdir("d", dir_fd=at)
        nxt = os.open("d", os.O_RDONLY | os.O_DIRECTORY, dir_fd=at)
        os.close(at)
        at = nxt
    f = os.open("bottom.php", os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=at)
    os.write(f, b"<?php bottom();")
    os.close(f)
    return at


def overflow():
    s = Shop(watch="queue_bounded = true")
    w = s.watch
    os.mkdir(s.at("code/old"))
    s.write("code/old/in.php", "<?php in();")
    w.start()
    w.wait_started()
    limit = int(open("/proc/sys/fs/fanotify/max_queued_events").read())
    w.guard.proc.send_signal(signal.SIGSTOP)
    for i in range(500):
        s.write("code/o%d.php" % i, "<?php %d;" % i)
    # Events of one object are merged into one, so each of these is another; they are nobody's
    # business, but they fill the queue: of all that follows the kernel tells nothing.
    for i in range(limit):
        os.close(os.open(s.at("ignored/%d" % i), os.O_WRONLY | os.O_CREAT))
    for i in range(500, 1500):
        s.write("code/o%d.php" % i, "<?php %d;" % i)
    os.unlink(s.at("code/a.php"))
    s.write("code/b.php", "changed at last", "a")
    os.chmod(s.at("code/c.php"), 0o666)
    os.rename(s.at("code/old"), s.at("code/new"))
    os.makedirs(s.at("code/x/y"))
    s.write("code/x/y/z.php", "<?php z();")
    w.guard.proc.send_signal(signal.SIGCONT)
    ok(bool(w.wait(lambda: w.facts("watch.overflow"), 60)), "an overflow is told")
    w.sync(60)
    told = {f["path"]: f for f in w.changes()}
    missing = [i for i in range(1500) if "code/o%d.php" % i not in told]
    ok(not missing, "of 1,500 new files none is lost", missing[:5])
    ok(told.get("code/a.php", {}).get("present", 1) is None, "nor a deletion")
    ok("content" in told.get("code/b.php", {}).get("what", ""), "nor a write")
    ok("mode" in told.get("code/c.php", {}).get("what", ""), "nor a mode")
    ok(told.get("code/old/in.php", {}).get("present", 1) is None and "code/new/in.php" in told,
       "nor a renamed folder")
    ok("code/x/y/z.php" in told, "nor a new one")
    ok(told.get("code/o1499.php", {}).get("found_by") == "scan", "they are found by a scan")
    ok(any(f["reason"] == "overflow" for f in w.facts("watch.rescanned")), "which is told")
    s.write("code/new/in.php", "again", "a")
    s.write("code/x/y/z.php", "again", "a")
    w.sync()
    ok(all(w.changes(p)[-1]["found_by"] == "event" for p in ("code/new/in.php", "code/x/y/z.php")),
       "and all is watched from then on")
    s.end()


def depth():
    s = Shop()
    w = s.watch
    os.close(deep(s.at("code"), 10000))
    w.start()
    ok(bool(w.wait(lambda: w.facts("baseline.done"), 120)), "a tree 10,000 deep is taken in")
    at = deep(s.at("uploads"), 3000)
    w.sync(120)
    bottoms = [f for f in w.changes() if f["path"].endswith("/bottom.php")]
    ok(bool(bottoms), "and one that grows while we watch")
    f = os.open("bottom.php", os.O_WRONLY | os.O_APPEND, dir_fd=at)
    os.write(f, b"more")
    os.close(f)
    w.sync(120)
    ok(len([f for f in w.changes() if f["path"].endswith("/bottom.php")]) > len(bottoms),
       "a write at its bottom is seen")
    os.close(at)
    subprocess.run(["rm", "-rf", s.dir])
    w.sync(120)
    ok(w.guard.proc.poll() is None, "and its removal survived", w.guard.stderr())
    s.end()


def holes():
    s = Shop()
    w = s.watch
    with open(s.at("code/sparse.php"), "w") as f:
        f.write("<?php before();")
        f.truncate(100 << 30)
    w.start()
    t = time.time()
    ok(bool(w.wait(lambda: w.facts("baseline.done"), 100)), "100 GB of hole are passed over")
    took = time.time() - t
    with open(s.at("code/sparse.php"), "r+b") as f:
        f.seek(50 << 30)
        f.write(b"hidden")
    w.sync(100)
    ok(bool(w.changes("code/sparse.php")), "six bytes in the middle of them are found")
    print("# baseline with it took %.1f s" % took)
    os.unlink(s.at("code/sparse.php"))
    s.end()


def while_read():
    s = Shop()
    w = s.watch
    w.start()
    w.wait_started()
    stop = threading.Event()
    path = s.at("code/busy.php")
    with open(path, "wb") as f:
        f.write(os.urandom(6 << 20))

    def busy():
        with open(path, "r+b") as f:
            while not stop.is_set():
                f.seek(0)
                f.write(os.urandom(4096))
                f.flush()

    t = threading.Thread(target=busy)
    t.start()
    marked = w.wait(lambda: [f for f in w.changes("code/busy.php")
                             if f.get("changed_while_read")], 20)
    stop.set()
    t.join()
    ok(bool(marked), "a file that changes while it is read is told as such")
    w.sync()
    got = w.changes("code/busy.php")[-1]
    want = hashlib.sha256(open(path, "rb").read()).hexdigest()
    ok(got["present"]["hash"] == want and "changed_while_read" not in got,
       "and its last state when it has come to rest", got)
    s.end()


def odd_trees():
    s = Shop()
    w = s.watch
    os.symlink(".", s.at("code/loop"))
    os.symlink("b2", s.at("code/b1"))
    os.symlink("b1", s.at("code/b2"))
    os.mkdir(s.at("code/proc"))
    mounted = subprocess.run(["mount", "-t", "proc", "proc", s.at("code/proc")]).returncode == 0
    s.write("code/secret.php", "<?php 1;")
    os.chmod(s.at("code/secret.php"), 0)
    s.write("code/empty.php", "")
    w.start()
    ok(bool(w.wait(lambda: w.facts("baseline.done"), 60)), "loops of links do no harm")
    base = {f["path"]: f for f in w.facts("file.baseline")}
    ok(base["code/loop"]["present"]["class"] == "link" and
       not [p for p in base if p.startswith("code/loop/")], "links are not followed")
    ok(base["code/empty.php"]["present"]["size"] == 0, "a file of 0 bytes is one")
    ok(base["code/secret.php"]["present"]["hash"][:4] != "0000", "mode 0 hides nothing from us")
    if mounted:
        ok(any(f["path"] == "code/proc" for f in w.facts("watch.unreadable")),
           "/proc within a shop is not walked into, and that is told")
        subprocess.run(["umount", s.at("code/proc")])
    else:
        skip("/proc within a shop", "no mount here")
    # Appear and vanish at full speed.
    for i in range(3000):
        p = s.at("code/flash%d.php" % i)
        with open(p, "w") as f:
            f.write("x")
        os.unlink(p)
    w.sync()
    flash = {}
    for f in w.changes():
        if "/flash" in f["path"]:
            flash[f["path"]] = f
    ok(all(f["present"] is None for f in flash.values()), "what is gone again is told as gone")
    ok(w.guard.proc.poll() is None, "and the guard lives", w.guard.stderr())
    s.end()


def killer():
    s = Shop(readers=1)
    w = s.watch
    w.start()
    w.wait_started()
    r = w.readers[0]
    r.proc.send_signal(signal.SIGSTOP)
    s.write("ignored/killer.php", "<?php imagine_a_fault_in_the_tokeniser();")
    os.rename(s.at("ignored/killer.php"), s.at("code/killer.php"))  # whole: looked at once
    time.sleep(0.5)
    r.kill()
    w.readers = []
    w.add_reader("reader")
    w.sync()
    died = w.facts("reader.died")
    ok(bool(died) and died[0]["path"] == "code/killer.php", "a reader's death names the file", died)
    got = w.changes("code/killer.php")
    want = hashlib.sha256(open(s.at("code/killer.php"), "rb").read()).hexdigest()
    ok(bool(got) and got[-1]["present"]["hash"] == want, "which is hashed by another one", got)
    ok(bool(got) and got[-1].get("content") == {"kind": "unreadable", "features": {"unseen": 1}},
       "and told as what nobody looked at", got)
    s.end()


def kill_who_reads(parent, path):
    """The first reader among its children that has this file open. One that is only just being made has what
    its parent had, until it is a reader."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with open("/proc/%d/task/%d/children" % (parent, parent)) as f:
            children = f.read().split()
        for pid in children:
            with suppress(OSError), open("/proc/%s/comm" % pid) as f:
                if f.read() == "hinoban-reader\n" and path in [os.readlink(f.path) for f in os.scandir("/proc/%s/fd" % pid)]:
                    os.kill(int(pid), signal.SIGKILL)
                    return True
    return False


def killer_while_down():
    """The same, planted while nobody watched, and found by a check: it is told in the same way."""
    s = Shop()
    w = s.watch
    w.start()
    w.wait_started()
    w.sync()
    w.stop_guard()
    w.ledger.stop()
    with open(s.at("code/killer.php"), "wb") as f:
        f.write(b"imagine a fault in the tokeniser " * 32768 * 8)
        f.truncate(900 << 20)  # so that there is time to end who reads it
    os.setpriority(os.PRIO_PROCESS, 0, -20)
    check = subprocess.Popen([os.path.join(BUILD, "hinoban"), "check", "--config", w.config],
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    killed = kill_who_reads(check.pid, s.at("code/killer.php"))
    os.setpriority(os.PRIO_PROCESS, 0, 0)
    err = check.communicate(timeout=60)[1]
    ok(killed and check.returncode == 1, "a reader of a check dies of a file", (killed, check.returncode, err))
    got = w.changes("code/killer.php")
    ok(bool(got) and got[-1]["present"].get("hash") and
       got[-1].get("content") == {"kind": "unreadable", "features": {"unseen": 1}},
       "which is told as what nobody looked at, as the guard would", got)
    s.end()


def crowded():
    """Many names by one process: who that was is not kept for each of them."""
    s = Shop()
    w = s.watch
    w.start()
    w.wait_started()
    names, folder = 8000, tempfile.mkdtemp(dir=os.path.dirname(s.dir))
    for i in range(names):
        with open(os.path.join(folder, "%d.jpg" % i), "w") as f:
            f.write("\xff\xd8 %d" % i)
    before = resident(w.guard.proc.pid)
    # Of a command line that is as long as is told.
    mover = "for n in os.listdir(%r): os.rename(os.path.join(%r, n), os.path.join(%r, n))  #" + "x" * 4000
    subprocess.run([sys.executable, "-c", "import os\n" + mover % (folder, folder, s.at("uploads"))], check=True)
    w.sync(120)
    grew = (resident(w.guard.proc.pid) - before) / names
    ok(len(w.changes()) >= names and grew < 2200, "%d names are told, and take %d bytes each" % (names, grew))
    os.rmdir(folder)
    s.end()


def resident(pid):
    with open("/proc/%d/statm" % pid) as f:
        return int(f.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def moved_away():
    """A file is read while its folder is moved away: what was read stands there no more."""
    s = Shop(readers=1)
    w = s.watch
    os.mkdir(s.at("code/dir"))
    s.write("code/dir/f.php", "<?php f();")
    w.start()
    w.wait_started()
    os.unlink(s.at("code/dir/f.php"))
    w.sync()
    r = w.readers[0]
    r.proc.send_signal(signal.SIGSTOP)
    s.write("code/dir/f.php", "<?php f();")
    fds = "/proc/%d/fd" % w.guard.proc.pid
    ok(bool(w.wait(lambda: [n for n in os.listdir(fds) if link(fds, n).endswith("code/dir/f.php")])),
       "the file is with the reader")
    os.rename(s.at("code/dir"), s.at("ignored/dir"))
    ok(bool(w.wait(lambda: [f for f in w.changes("code/dir") if f["present"] is None])), "its folder is gone")
    r.proc.send_signal(signal.SIGCONT)
    w.sync()
    got = w.changes("code/dir/f.php")
    ok(bool(got) and got[-1]["present"] is None, "it is not told as standing there", got)
    os.rename(s.at("ignored/dir"), s.at("code/dir"))
    w.sync()
    got = w.changes("code/dir/f.php")
    ok(got[-1]["present"] is not None, "but once it does, it is", got)
    s.end()


def moved_in_deploys():
    """Deploys build DIR.new and rename it into place while its files are with the readers."""
    s = Shop(readers=2)
    w = s.watch
    w.start()
    w.wait_started()
    build = ("read x; mkdir -p $1.new/s; i=0; while [ $i -lt $2 ]; do echo \"<?php $i;\" > $1.new/s/f$i.php; i=$((i+1)); "
             "done; [ ! -e $1 ] || mv $1 $1.old; mv $1.new $1; rm -rf $1.old; read x")

    def differing():
        told = {f["path"]: f["present"] for f in w.changes() if f["path"].startswith("code/d")}
        there = {os.path.relpath(os.path.join(d, n), s.dir) for d, ds, fs in os.walk(s.at("code")) for n in ds + fs}
        return {p for p in told if bool(told[p]) != (p in there)} | {
            p for p in there if p.startswith("code/dir") and p not in told}

    wrong = []
    for n in range(24):
        p = subprocess.Popen(["sh", "-c", build, "sh", s.at("code/dir%d" % (n % 2)), str(10 + 12 * n)],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        seq = deploy_begun(s, p.pid)
        w.sync()
        p.communicate(b"go\non\n")
        w.sync()
        word(s, "deploy.ended", deploy=seq, exit=0, by="root")
        w.sync()
        wrong += [(n, sorted(differing())[:4])] if differing() else []
    ok(not wrong, "after each deploy that renames what it built, what is told to be there is there", wrong[:6])
    s.end()


def link(folder, name):
    try:
        return os.readlink(os.path.join(folder, name))
    except OSError:
        return ""


def request():
    log = tempfile.mkdtemp(prefix="hinoban-log-") + "/access.log"
    line = '%s - - [%s] "%s" 200 12 "-" "test"\n'
    stamp = "%d/%b/%Y:%H:%M:%S +0000"
    with open(log, "w") as f:
        f.write(line % ("192.0.2.1", time.strftime(stamp, time.gmtime(time.time() - 3600)),
                        "POST /old.php HTTP/1.1"))
    s = Shop(log=log)
    w = s.watch
    os.chmod(s.at("uploads"), 0o777)
    w.start()
    w.wait_started()
    subprocess.run(["setpriv", "--reuid=33", "--clear-groups", "sh", "-c",
                    "echo '<?php 1;' > %s" % s.at("uploads/shell.php")])
    now = time.strftime(stamp, time.gmtime())
    os.rename(log, log + ".1")  # rotated just now
    with open(log + ".1", "a") as f:
        f.write(line % ("192.0.2.7", now, "GET /style.css HTTP/1.1"))
    with open(log, "w") as f:
        f.write("not a line of a log\n")
        f.write(line % ("192.0.2.66", now, "POST /upload.php?x=1 HTTP/1.1"))
    got = w.wait(lambda: w.facts("file.request"), 10)
    r = got[0]["request"] if got else {}
    ok(r.get("client") == "192.0.2.66" and r.get("method") == "POST" and
       r.get("url") == "/upload.php?x=1", "the request that wrote a file is named", got)
    ok(bool(got) and got[0]["refs"] == [f["seq"] for f in w.changes("uploads/shell.php")
                                        if f["seq"] in got[0]["refs"]] and
       0 < r["confidence"] < 1, "with a confidence, and the change that it explains", got)
    s.end()
    shutil.rmtree(os.path.dirname(log))


for part in (overflow, depth, holes, while_read, odd_trees, killer, killer_while_down, crowded, moved_away, moved_in_deploys, request):
    part()
done()
