#!/usr/bin/env python3
"""Releases in mode heal with the real programs, while customers read: an upgrade by dpkg of
WordPress and of MediaWiki, and a git checkout. Nothing is undone, nothing found, no open refused.

    deploys.py [git] [backup] [killed] [swept] [tar] [tokens] [rooted] [process]
               [wordpress] [mediawiki]
    HINOBAN_NEWER=DIR   folder with newer packages of these names (NAME_*.deb); without it the
                        same package with another version and one line more in each program"""
import glob
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from held import FILES, PAY, Held, end, ok, own, steps, wait_for
from tamper import rename_over

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "judge"))
from harness import skip  # noqa: E402
from trees import TREES, NotHere  # noqa: E402

READERS = 2
GIT = ["git", "-c", "safe.directory=*", "-c", "user.name=shop", "-c", "user.email=shop@localhost"]


def sh(*argv, **more):
    return subprocess.run(argv, check=True, capture_output=True, **more)


def newer(deb, package, work):
    """Path of a higher version."""
    given = glob.glob(os.path.join(os.environ.get("HINOBAN_NEWER", "/nonexistent"), package + "_*.deb"))
    if given:
        return given[0]
    raw = os.path.join(work, "raw")
    sh("dpkg-deb", "-R", deb, raw)
    for folder, _, names in os.walk(raw):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith(".php") and os.path.isfile(path) and not os.path.islink(path):
                with open(path, "rb") as f:
                    text = f.read()
                with open(path, "wb") as f:
                    f.write(text.replace(b"<?php", b"<?php // next release", 1))
    control = os.path.join(raw, "DEBIAN", "control")
    with open(control) as f:
        text = f.read()
    with open(control, "w") as f:
        f.write("".join(line + ("+next" if line.startswith("Version:") else "") + "\n"
                        for line in text.splitlines()))
    out = os.path.join(work, "next.deb")
    sh("dpkg-deb", "--build", "-Znone", raw, out)
    shutil.rmtree(raw)
    return out


def bare(deb, work):
    """Without its scripts: they would set up a web server and a database of the machine."""
    raw, out = os.path.join(work, "bare"), os.path.join(work, os.path.basename(deb) + ".bare")
    sh("dpkg-deb", "-R", deb, raw)
    for name in os.listdir(os.path.join(raw, "DEBIAN")):
        if name != "control":
            os.unlink(os.path.join(raw, "DEBIAN", name))
    sh("dpkg-deb", "--build", "-Znone", raw, out)
    shutil.rmtree(raw)
    return out


def dpkg(s, deb):
    admin = os.path.join(s.base, "admin")
    for folder in ("updates", "info"):
        os.makedirs(os.path.join(admin, folder), exist_ok=True)
    for name in ("status", "available"):
        open(os.path.join(admin, name), "a").close()
    return ["dpkg", "--admindir=" + admin, "--instdir=" + s.dir, "--force-all", "--log=/dev/null",
            "--no-triggers", "--unpack", deb]


def read_on(paths, out):
    """Opens by turns; a file that is missing just then is what any release does."""
    stop, seen = [], {"read": 0, "missing": 0, "refused": ""}
    signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
    while not stop:
        for path in paths:
            try:
                with open(path, "rb") as f:
                    f.read()
                seen["read"] += 1
            except FileNotFoundError:
                seen["missing"] += 1
            except OSError as e:
                seen["refused"] = seen["refused"] or repr(e)
    out.put(seen)


class Readers:
    def __init__(self, paths):
        self.out = multiprocessing.Queue()
        self.all = [multiprocessing.Process(target=read_on, args=(paths[i::READERS], self.out))
                    for i in range(READERS)]
        for p in self.all:
            p.start()

    def end(self):
        for p in self.all:
            p.terminate()
        seen = [self.out.get(timeout=60) for _ in self.all]
        for p in self.all:
            p.join()
        return {"read": sum(x["read"] for x in seen), "missing": sum(x["missing"] for x in seen),
                "refused": [x["refused"] for x in seen if x["refused"]]}


def files_of(deb):
    tar = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
    names = sh("tar", "-t", stdin=tar.stdout).stdout.decode().splitlines()
    tar.wait()
    return {name.removeprefix("./") for name in names}


def some_code(s, stays=None, most=60):
    """Paths that customers read: of `stays` only, where a release takes others away."""
    found = []
    for folder, _, names in os.walk(s.dir):
        found += [os.path.join(folder, n) for n in names if n.endswith((".php", ".js"))
                  and os.path.isfile(os.path.join(folder, n)) and ".git" not in folder
                  and (stays is None or os.path.relpath(os.path.join(folder, n), s.dir) in stays)]
    found.sort()
    return found[::max(1, len(found) // most)]


def deployed(s, what, argv, missing_allowed=False, stays=None):
    """Run it as a deploy while customers read; nothing may be held, undone or found."""
    readers = Readers(some_code(s, stays))
    r = s.run("deploy", "--", *argv, cwd=s.dir, timeout=300)
    s.settle()
    seen = readers.end()
    ok(r.code == 0, what + ": the deploy", r)
    ok(seen["read"] > 0 and not seen["refused"], "%s: no open refused in %d" % (what, seen["read"]), seen)
    if not missing_allowed:
        ok(seen["missing"] == 0, what + ": no file missing meanwhile", seen)
    orders = [steps(f) for f in s.facts("order")]
    ok(not orders, what + ": nothing undone", "\n".join(orders[:5]))
    found = [(f["type"], f["path"]) for f in s.facts("finding")]
    ok(not found, what + ": no finding", "%d: %s" % (len(found), found[:10]))
    refused = s.log("--type", "open.denied")
    ok(not refused, what + ": no hold", "\n".join(map(str, refused[:5])))
    late = [(f["path"], f["waited_us"]) for f in s.log("--type", "open.late")]
    if late:  # how long is a matter of the machine: no check
        print("# %s: %d opens waited for hold.patience: %s" % (what, len(late), late[:5]), flush=True)


def later(s, what, argv):
    """A release while nobody reads; who opens a file of it some time after is given that very file."""
    r = s.run("deploy", "--", *argv, cwd=s.dir)
    ok(r.code == 0, what + ": the deploy while nobody reads", r)
    s.settle()
    time.sleep(4)  # GATE_DEPLOY_LATE_US
    before = len(s.facts("order"))
    s.intruder(lambda s: [open(p, "rb").read(1) for p in some_code(s, most=1000)] and None)
    s.settle()
    orders = s.facts("order")[before:]
    ok(not orders, what + ": read for the first time some seconds later, nothing is undone",
       "%d\n%s" % (len(orders), "\n".join(map(steps, orders[:3]))))


def package(name):
    tree = TREES[name]
    work = tempfile.mkdtemp(prefix="hinoban-deb.")
    try:
        deb = tree.deb()
    except NotHere as e:
        skip("upgrade of " + name, str(e))
        return
    old, new = bare(deb, work), bare(newer(deb, tree.package, work), work)
    s = Held({"keep.txt": "x"}, mode=None, before=lambda s: sh(*dpkg(s, old)))
    r = s.run("mode", "heal", "--reason", "a test")
    ok(r.code == 0, name + ": mode heal", r)
    s.open()
    deployed(s, "%s by dpkg" % name, dpkg(s, new), stays=files_of(new))
    s.stop()
    s.done()
    shutil.rmtree(work)


def checkout():
    files = {"lib/f%d.php" % i: "<?php function f%d() { return 1; }\n" % i for i in range(200)}

    def make(s):
        sh(*GIT, "init", "-q", cwd=s.dir)
        sh(*GIT, "add", "-A", cwd=s.dir)
        sh(*GIT, "commit", "-q", "-m", "1", cwd=s.dir)
        sh(*GIT, "tag", "v1", cwd=s.dir)
        for i in range(200):
            s.write("lib/f%d.php" % i, "<?php function f%d() { return 2; }\n" % i)
        s.write("lib/new.php", "<?php // of release 2\n")
        sh(*GIT, "add", "-A", cwd=s.dir)
        sh(*GIT, "commit", "-q", "-m", "2", cwd=s.dir)
        sh(*GIT, "tag", "v2", cwd=s.dir)
        sh(*GIT, "checkout", "-q", "v1", cwd=s.dir)
    s = Held(files, before=make)
    s.open()
    # git removes each file and makes it anew: it is missing for a moment, with or without hinoban.
    deployed(s, "git checkout", [*GIT, "checkout", "-q", "v2"], missing_allowed=True)
    ok(wait_for(lambda: "return 2" in open(s.path("lib/f7.php")).read(), 5), "git: the release is there")
    deployed(s, "git checkout back", [*GIT, "checkout", "-q", "v1"], missing_allowed=True)
    new = os.path.join(s.base, "new")
    for i in range(1000):
        os.makedirs(os.path.join(new, "lib"), exist_ok=True)
        with open(os.path.join(new, "lib", "f%d.php" % i), "w") as f:
            f.write("<?php function f%d() { return 3; }\n" % i)
    own(new)
    later(s, "cp", ["cp", "-a", "--remove-destination", new + "/.", s.dir])
    s.stop()
    s.done()


def backup():
    """A backup by hard links leaves files with another ctime: they are replaced by fresh copies at their
    first open. However many others are opened after that (the gate remembers 65,536 by their hashes, so
    some of these are forgotten), nobody is refused."""
    linked, others = 250, 4000  # the hand remembers 256 that it made
    s = Held({("lib/f%d.php" if i < linked else "more/f%d.php") % i: "<?php // %d\n" % i
              for i in range(linked + others)}).open()
    sh("cp", "-al", s.path("lib"), os.path.join(s.base, "backup"))
    s.settle()

    def reads(s, folder):
        wrong = []
        for name in sorted(os.listdir(s.path(folder))):
            try:
                with open(s.path(folder + "/" + name)) as f:
                    if f.read() != "<?php // %s\n" % name[1:-4]:
                        wrong.append(name)
            except OSError as e:
                wrong.append(name + ": " + e.strerror)
        return wrong
    for what, folder in (("first", "lib"), ("reading of the others", "more"), ("second", "lib"), ("third", "lib")):
        wrong = s.intruder(reads, folder)
        s.settle()
        ok(not wrong, "after a backup by hard links: " + what, wrong)
    found = [(f["type"], f["path"]) for f in s.facts("finding")]
    ok(not found, "and no finding", found[:5])
    s.stop()
    s.done()


def overwritten():
    """tar --overwrite opens each file without waiting (O_NONBLOCK): no lease of the gate's may be in its way,
    whatever was read before."""
    files = {**FILES, "uploads/hat.jpg": "a picture"}
    s = Held(files).open()
    tree = os.path.join(s.base, "release")
    for rel, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(tree, rel)), exist_ok=True)
        with open(os.path.join(tree, rel), "w") as f:
            f.write(text + "// a release\n")
        s.customer(rel)
    sh("tar", "-C", tree, "-cf", tree + ".tar", ".")
    for n in range(3):
        r = s.run("deploy", "--", "tar", "-C", s.dir, "--overwrite", "--no-same-owner", "-xf", tree + ".tar")
        read = [s.customer(rel) for rel in files]
        ok(r.code == 0 and read == [text + "// a release\n" for text in files.values()], "tar --overwrite, %d" % (n + 1), (r, read))
    ok(not s.facts("finding"), "and no finding", s.facts("finding")[:3])
    path = s.path("lib/a.php")
    r = s.run("deploy", "--", "sh", "-c", "echo '// later' >> %s; sleep 0.5; touch -d '2020-02-03 04:05:06.7' %s" % (path, path))
    when = os.stat(path).st_mtime_ns
    told = [f for f in s.log("--type", "file.changed") if f["path"] == "lib/a.php"]
    ok(r.code == 0 and told[-1]["what"] == ["times"] and when % 10**9 == 700000000, "a time that is set after the guard has looked is told", told[-2:])
    s.intruder(lambda s: os.unlink(path))
    ok(wait_for(lambda: os.path.exists(path), 5) and os.stat(path).st_mtime_ns > when, "what is put back has the time of that")
    s.stop()
    s.done()


def tokens():
    """A certificate is renewed by way of the shop's own folder, and a sitemap written anew: no release, and no attack."""
    s = Held({**FILES, "sitemap.xml": "<urlset></urlset>\n"}).open()
    made = subprocess.run(["sh", "-c", "mkdir -p .well-known/acme-challenge; echo Xy_-z.thumb > .well-known/acme-challenge/Xy_-z"],
                          cwd=s.dir, capture_output=True)
    ok(made.returncode == 0 and s.customer(".well-known/acme-challenge/Xy_-z") == "Xy_-z.thumb\n", "a token that root puts there is read", made)

    def web(s):
        with open(s.path(".well-known/acme-challenge/Ab"), "w") as f:
            f.write("Ab.thumb\n")
        with open(s.path("sitemap.xml"), "w") as f:
            f.write("<urlset><url/></urlset>\n")
        return "written"
    own(s.path(".well-known"))
    done = s.intruder(web)
    s.settle()
    ok(done == "written" and s.customer(".well-known/acme-challenge/Ab") == "Ab.thumb\n" and "<url/>" in s.customer("sitemap.xml"),
       "and one of the web server's user; the sitemap as well", done)
    ok(not s.facts("finding") and not s.facts("order"), "nothing is found, or undone", (s.facts("finding") + s.facts("order"))[:3])
    shutil.rmtree(s.path(".well-known"))
    s.settle()
    ok(s.run("check").code == 0, "and gone again, all is as approved", s.run("check"))
    s.intruder(lambda s: os.makedirs(s.path(".well-known/acme-challenge")) or
               open(s.path(".well-known/acme-challenge/x.php"), "w").write("<?php eval($_POST[1]);\n"))
    ok(wait_for(lambda: not os.path.exists(s.path(".well-known/acme-challenge/x.php")), 10), "a program there is taken away")
    s.stop()
    s.done()


def process():
    """What a process that runs already has its children write, as apt has dpkg, from one word to the other."""
    s = Held().open()
    s.customer("lib/a.php")
    shell = subprocess.Popen(["sh"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, bufsize=1)

    def types(line):
        shell.stdin.write(line + "; echo end\n")
        said = iter(shell.stdout.readline, "end\n")
        return "".join(said)

    pid, good = str(shell.pid), FILES["lib/a.php"] + "// two\n"
    r = s.run("deploy", "--begin", pid, "--reason", "a test")
    ok(r.code == 0, "a process begins to deploy", r)
    said = types("sh -c 'echo \"// two\" >>%s; cp %s %s'" % (s.path("lib/a.php"), s.path("lib/a.php"), s.path("lib/new.php")))
    r = s.run("deploy", "--end", pid)
    ok(r.code == 0 and re.search(rb"changes: [2-4] ", r.err), "what its children wrote is counted (a change, a file, its times)", (said, r.err))
    s.settle()
    undone = s.facts("finding") + s.facts("order") + s.log("--type", "open.denied")
    ok(s.customer("lib/a.php") == good and s.customer("lib/new.php") == good and not undone, "and nothing of it undone", undone[:3])
    word = s.log("--type", "deploy.started")[-1]
    ok(word["command"] == "sh" and word["reason"] == "a test", "the ledger has its command, and why", word)
    said = types("rm -f %s/three; echo '// three' >%s/three; mv %s/three %s" % (s.base, s.base, s.base, s.path("lib/a.php")))
    ok(s.healed("lib/a.php", good), "what it does after that is none of the deploy", said)
    shell.stdin.close()
    shell.wait(10)
    for args in (["--end", pid], ["--begin", pid], ["--begin", "1"], ["--begin", "x"], ["--begin", pid, "--", "true"], []):
        r = s.run("deploy", *args)
        ok(r.code == 2 and r.err, "deploy %s is refused, and why" % " ".join(args).replace(pid, "PID"), r)
    s.stop()
    s.done()


def rooted():
    """A release that puts another folder in the place of the whole shop."""
    s = Held()
    for name in ("two", "three"):
        for rel, text in FILES.items():
            path = os.path.join(s.base, name, rel)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.write(text + "// %s\n" % name)
        own(os.path.join(s.base, name))
    s.open()
    for name, how in (("two", "rm -rf shop; cp -a two shop"), ("three", "mv shop old; sleep 1.5; mv three shop; rm -r old")):
        r = s.run("deploy", "--", "sh", "-c", how, cwd=s.base)
        s.settle()
        ok(r.code == 0 and s.customer("lib/a.php").endswith("// %s\n" % name), how + ": the release is there", r)
        undone = s.facts("finding") + s.facts("order") + s.log("--type", "open.denied")
        ok(not undone, "nothing of it is found, or undone", (len(undone), undone[:3]))
        ok(s.run("check").code == 0, "all is as approved", s.run("check"))
    good = FILES[PAY] + "// three\n"
    done = s.intruder(rename_over)
    read = s.customer(PAY)
    ok(read == good, "what an intruder alters there is put back", (done, read, s.log()[-8:]))
    s.stop()
    s.done()


def killed():
    """A process of hinoban's, or all of them, end in the middle of a release: it is told, or makes no difference."""
    s = Held().open()

    def restart():
        old = s.children()
        s.keeper.kill()
        s.keeper.wait(10)
        wait_for(lambda: not any(os.path.exists("/proc/%d" % pid) for pid in old), 10)
        s.start()

    def deploy(text, role):
        done = threading.Event()

        def kill():
            wait_for(lambda: os.path.exists(s.path("uploads/begun.txt")), 10)
            if role == "keeper":
                restart()
            else:
                os.kill(s.pids(role)[0], signal.SIGKILL)
            done.set()
        hand = threading.Thread(target=kill)
        hand.start()
        r = s.run("deploy", "--", "sh", "-c", "cd %s; echo > uploads/begun.txt; sleep 1; echo '// %s' >> lib/a.php; rm uploads/begun.txt" % (s.dir, text))
        hand.join()
        ok(done.is_set(), "the %s is killed in the middle of a release" % role)
        return r
    r = deploy("one", "ledger")
    ok(r.code == 0 and b"changes: " in r.err and s.customer("lib/a.php").endswith("// one\n"), "the ledger: it goes on with the next one", r)
    r = deploy("two", "guard")
    ok(r.code == 1 and b"began anew" in r.err, "the guard: the deploy says that it does not know all", r)
    s.ready()
    r = deploy("three", "keeper")
    ok(r.code in (1, 3) and b"began anew" in r.err, "all of hinoban: so does this one", r)
    s.ready()
    r = s.run("deploy", "--", "sh", "-c", "echo '// four' >> " + s.path("lib/a.php"))
    ok(r.code == 0 and s.customer("lib/a.php").endswith("// four\n"), "and the next one goes well", r)
    s.stop()
    s.done()


def swept():
    """All files are held against the index each second, also in the midst of a release: what a walk comes upon is
    the release's all the same."""
    s = Held({"lib/f%d.php" % i: "<?php // %d\n" % i for i in range(10000)})
    with open(s.config) as f:
        conf = f.read()
    with open(s.config, "w") as f:
        f.write(conf.replace("rescan = 1d", "rescan = 1s"))
    s.open()
    for n in range(3):
        r = s.run("deploy", "--", "sh", "-c", """cd %s; mkdir new%d
            for i in $(seq 1500); do echo '<?php // new' > new%d/n$i.php; echo '// more' >> lib/f$i.php; done""" % (s.dir, n, n))
        ok(r.code == 0, "release %d" % (n + 1), r)
    time.sleep(2)
    walks, undone = s.log("--type", "watch.rescanned"), s.facts("finding") + s.log("--type", "order.*")
    ok(len(walks) > 3 and not undone, "nothing of it is found, or undone", (len(walks), len(undone), undone[:2]))
    s.stop()
    s.done()


PARTS = {"git": checkout, "backup": backup, "killed": killed, "swept": swept, "tar": overwritten, "tokens": tokens,
         "rooted": rooted, "process": process}
for kind in sys.argv[1:]:
    if kind in PARTS:
        PARTS[kind]()
    else:
        package(kind)
end()
