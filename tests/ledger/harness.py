"""What the ledger's scripts share: a ledger to talk to, and TAP."""
import array
import itertools
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile

TYPES = ("PEER READY TICK STOP HELLO HELLO_ACK FACT ACK REFUSED PUSH TIP JUDGED TABLE SYNC").split()
NUMBER = {name: i + 1 for i, name in enumerate(TYPES)}
NAME = {i + 1: name for i, name in enumerate(TYPES)}

BUILD = os.environ.get("HINOBAN_BUILD", sys.argv[1] if len(sys.argv) > 1 else "build")
LEDGER = os.path.join(BUILD, "hinoban-ledger")
TOOL = os.path.join(BUILD, "tests/ledger/ledger-tool")

# Descriptor 3 is the keeper's in a child: here nothing else may come to lie there.
while os.dup(0) < 3:
    pass

_count = [0, 0]
_senders = itertools.count()


def ok(good, what, detail=""):
    _count[0] += 1
    if not good:
        _count[1] += 1
    print("%sok %d - %s" % ("" if good else "not ", _count[0], what))
    if not good and detail:
        for line in str(detail).splitlines():
            print("# " + line)
    sys.stdout.flush()
    return good


def done():
    print("1..%d" % _count[0])
    sys.exit(1 if _count[1] else 0)


def skip(what, why):
    _count[0] += 1
    print("ok %d - %s # SKIP %s" % (_count[0], what, why))


def tool(*args):
    """Exit code and output of ledger-tool."""
    p = subprocess.run([TOOL] + [str(a) for a in args], stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT)
    return p.returncode, p.stdout.decode("utf-8", "replace")


def new_state(where=None):
    base = tempfile.mkdtemp(prefix="hinoban-test-", dir=where)
    state = os.path.join(base, "state")
    code, out = tool("create", state)
    assert code == 0, out
    return state


def forget(state):
    shutil.rmtree(os.path.dirname(state), ignore_errors=True)


def send(sock, kind, ident=0, body=b"", fds=()):
    if not isinstance(body, bytes):
        body = canonical(body)
    frame = struct.pack("=IIQ", NUMBER[kind], 0, ident) + body
    aux = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
    sock.sendmsg([frame], aux)


def recv(sock, timeout=20):
    sock.settimeout(timeout)
    data, aux, _, _ = sock.recvmsg(1 << 18, socket.CMSG_SPACE(16))
    if not data:
        raise EOFError
    fds = array.array("i")
    for _, _, raw in aux:
        fds.frombytes(raw[:len(raw) - len(raw) % fds.itemsize])
    kind, _, ident = struct.unpack("=IIQ", data[:16])
    return NAME.get(kind, kind), ident, data[16:], list(fds)


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Ledger:
    """A hinoban-ledger of our own, with us as its keeper."""

    def __init__(self, state, *args):
        self.state = state
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.err = tempfile.TemporaryFile()
        self.proc = subprocess.Popen([LEDGER, "--state", state] + list(args), pass_fds=(3,),
                                     preexec_fn=lambda: os.dup2(theirs.fileno(), 3),
                                     stderr=self.err)
        theirs.close()
        self.keeper = ours

    def ready(self, timeout=20):
        while True:
            try:
                kind = recv(self.keeper, timeout)[0]
            except EOFError:
                raise EOFError("ended with %s: %s" % (self.proc.wait(5), self.stderr()))
            if kind == "READY":
                return self

    def peer(self, name):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        send(self.keeper, "PEER", 0, {"name": name}, [theirs.fileno()])
        theirs.close()
        return ours

    def stderr(self):
        self.err.seek(0)
        return self.err.read().decode("utf-8", "replace")

    def stop(self):
        send(self.keeper, "STOP")
        code = self.proc.wait(20)
        return code

    def kill(self):
        self.proc.kill()
        self.proc.wait()
        self.keeper.close()


class Sender:
    """One who sends drafts and knows what was acknowledged."""

    def __init__(self, ledger, role, name=None, sock=None):
        # A counter: an object's id may be another's once that is gone, a sender's name never.
        self.name = name or "%s-%d-%d" % (role, os.getpid(), next(_senders))
        self.role = role
        self.next = 1
        self.seq = {}
        self.refused = {}
        self.other = []
        if ledger or sock:
            self.join(ledger, sock)

    def join(self, ledger, sock=None):
        self.sock = sock or ledger.peer(self.role)
        send(self.sock, "HELLO", 0, {"sender": self.name, "role": self.role})
        kind, _, body, _ = self.take(("HELLO_ACK",))
        self.last = json.loads(body)["last"]
        return self.last

    def take(self, kinds, timeout=20):
        while True:
            frame = recv(self.sock, timeout)
            if frame[0] == "ACK":
                ack = json.loads(frame[2])
                for back in range(ack.get("n", 1)):  # a run of drafts that ends with this one
                    self.seq[frame[1] - back] = ack["seq"] - back if ack["seq"] else 0
            elif frame[0] == "REFUSED":
                self.refused[frame[1]] = json.loads(frame[2])["error"]
            if frame[0] in kinds:
                return frame
            if frame[0] not in ("ACK", "REFUSED"):
                self.other.append(frame)

    def queue(self, draft, fds=()):
        send(self.sock, "FACT", self.next, draft, fds)
        self.next += 1
        return self.next - 1

    def fact(self, draft, fds=()):
        """Send and wait: the seq, or the refusal as text."""
        ident = self.queue(draft, fds)
        self.settle(ident)
        return self.seq.get(ident, self.refused.get(ident))

    def settle(self, ident):
        while ident not in self.seq and ident not in self.refused:
            self.take(("ACK", "REFUSED"))


def fill_disk(path):
    """A file of this name takes all the room that there is."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        while True:
            os.write(fd, b"\0" * 4096)
    except OSError:
        os.close(fd)


def version_of(text, **more):
    import hashlib
    s = {"class": "file", "hash": hashlib.sha256(text.encode()).hexdigest(), "size": len(text),
         "mode": "0644", "uid": 33, "gid": 33, "mtime": "2026-01-02T03:04:05.000000Z",
         "sig": "801.2a.18a3b4c5d6e7f801.18a3b4c5d6e7f901"}
    s.update(more)
    return s


def baseline(path, text="x", role="code", root="/srv/shop"):
    return {"kind": "sighting", "type": "file.baseline", "root": root, "path": path, "role": role,
            "present": version_of(text)}


def changed(path, before, after, role="code", root="/srv/shop", **more):
    d = {"kind": "sighting", "type": "file.changed", "root": root, "path": path, "role": role,
         "what": ["content"], "found_by": "event",
         "approved": version_of(before) if before is not None else None,
         "present": version_of(after) if after is not None else None}
    d.update(more)
    return d


def finding(path, refs, kind="file.tampered", role="code", root="/srv/shop", **more):
    d = {"kind": "finding", "type": kind, "root": root, "path": path, "role": role,
         "severity": "high", "confidence": 0.9, "why": {"en": "altered", "ja": "改ざん"},
         "next": {"en": "look", "ja": "確認"}, "signs": ["test"], "refs": refs}
    d.update(more)
    return d
