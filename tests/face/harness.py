"""What the tests of the command line share: run the real program, tell TAP."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile

BUILD = os.environ["HINOBAN_BUILD"]
SOURCE = os.environ["HINOBAN_SOURCE"]
HINOBAN = os.path.join(BUILD, "hinoban")

count = 0
failed = 0


def ok(good, what, detail=""):
    global count, failed
    count += 1
    print(("ok %d - " if good else "not ok %d - ") % count + what, flush=True)
    if not good:
        failed += 1
        for line in str(detail).splitlines()[:30]:
            print("# " + line, flush=True)
    return good


def skip(what, why):
    global count
    count += 1
    print("ok %d - %s # SKIP %s" % (count, what, why), flush=True)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def end():
    print("1..%d" % count)
    sys.exit(1 if failed else 0)


class Out:
    def __init__(self, p):
        self.code, self.out, self.err = p.returncode, p.stdout, p.stderr

    def lines(self):
        return [json.loads(line) for line in self.out.decode().splitlines()]

    def __str__(self):
        return "exit %d\n%s\n%s" % (self.code, self.out.decode(errors="replace"),
                                    self.err.decode(errors="replace"))


def run(*args, env=None, cwd=None, stdin=subprocess.DEVNULL, timeout=120, under=()):
    full = {"PATH": os.environ["PATH"], "HINOBAN_PROFILES": os.path.join(SOURCE, "profiles")}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
        if name in os.environ:
            full[name] = os.environ[name]
    full.update(env or {})
    return Out(subprocess.run([*under, HINOBAN, *args], env=full, cwd=cwd, stdin=stdin,
                              capture_output=True, timeout=timeout))


class Shop:
    """A folder with a shop, a config and a state directory, all thrown away at the end."""

    def __init__(self, files):
        self.base = tempfile.mkdtemp(prefix="hinoban-face.")
        os.chmod(self.base, 0o755)
        self.dir = os.path.join(self.base, "shop")
        self.config = os.path.join(self.base, "etc", "hinoban.conf")
        self.state = os.path.join(self.base, "state")
        os.mkdir(self.dir)
        for path, text in files.items():
            self.write(path, text)

    def path(self, rel):
        if isinstance(rel, bytes):
            return os.path.join(self.dir.encode(), rel)
        return os.path.join(self.dir, rel)

    def write(self, rel, text):
        path = self.path(rel)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())

    def run(self, *args, **more):
        env = {"HINOBAN_CONFIG": self.config}
        env.update(more.pop("env", {}))
        return run(*args, env=env, **more)

    def init(self, *more):
        return run("init", self.dir, "--config", self.config, "--state", self.state, "--yes",
                   *more)

    def log(self, *args):
        return self.run("log", "--json", *args).lines()

    def done(self):
        shutil.rmtree(self.base, ignore_errors=True)
