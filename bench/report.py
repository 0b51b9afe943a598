"""What the benches share: commands measured, rows, goals. Figures are medians of rounds that
are taken in turn with the peers', so that what else the machine does meets all of them."""
import os
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time

TICKS = os.sysconf("SC_CLK_TCK")
_goals = []
_began = time.monotonic()


def end_in_order():
    """SIGTERM ends like Ctrl-C: what was made is removed, what was started is stopped."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: ended by SIGTERM"))
    signal.signal(signal.SIGINT, signal.default_int_handler)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def title(text):
    print(f"\n{text}", flush=True)


def row(what, value, ratio="", note=""):
    print(f"  {what:<46} {value:>14}  {ratio:>16}  {note}", flush=True)


def goal(text, met, seen):
    """met: True, False, or None where the noise leaves it open."""
    word = {True: "met", False: "NOT MET", None: "open"}[met]
    _goals.append((text, word, seen))
    print(f"  goal: {text}: {word} ({seen})", flush=True)


def summary():
    title("Goals")
    for text, word, seen in _goals:
        row(text, word, note=seen)
    print(f"\n{time.monotonic() - _began:,.0f} s in all")


def median(values):
    return statistics.median(values)


def spread(values, unit="s"):
    return f"{min(values):.3g} to {max(values):.3g} {unit}" if len(values) > 1 else "one run"


def processes():
    """pid -> (parent, CPU seconds with those of children that ended, resident anonymous KiB)."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as f:
                stat = f.read()
            with open(f"/proc/{pid}/status") as f:
                anon = [line for line in f if line.startswith(("RssAnon", "RssShmem"))]
        except OSError:
            continue
        field = stat[stat.rindex(")") + 2:].split()
        found[int(pid)] = (int(field[1]), sum(map(int, field[11:15])) / TICKS,
                           sum(int(line.split()[1]) for line in anon))
    return found


def tree(root):
    """CPU seconds and resident MiB of a process and all below it."""
    found, inside = processes(), {root}
    while True:
        more = {pid for pid, one in found.items() if one[0] in inside} - inside
        if not more:
            break
        inside |= more
    mine = [found[pid] for pid in inside if pid in found]
    return sum(one[1] for one in mine), sum(one[2] for one in mine) / 1024


class Peak:
    """The most memory that a process and all below it hold at a time, looked at now and then."""

    def __init__(self, pid, every=0.2):
        self.pid, self.every, self.mib = pid, every, 0.0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self):
        while not self.done.wait(self.every):
            self.mib = max(self.mib, tree(self.pid)[1])

    def end(self):
        self.done.set()
        self.thread.join()
        return max(self.mib, tree(self.pid)[1])


class Run:
    """One command: wall time, CPU time of all its processes, their memory."""

    def __init__(self, argv, good=(0,)):
        begin = time.monotonic()
        p = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             errors="replace")
        peak = Peak(p.pid)
        try:
            self.out = p.stdout.read()
        except BaseException:
            p.kill()
            raise
        _, status, usage = os.wait4(p.pid, 0)
        self.wall = time.monotonic() - begin
        self.cpu = usage.ru_utime + usage.ru_stime
        # Of a short run only the largest process is known.
        self.mib = max(peak.end(), usage.ru_maxrss / 1024)
        self.code = os.waitstatus_to_exitcode(status)
        p.returncode = self.code
        if good is not None and self.code not in good:
            sys.exit(f"bench: {' '.join(argv)} ended with {self.code}:\n{self.out[-2000:]}")


class Rounds:
    """The same command several times."""

    def __init__(self):
        self.runs = []

    def add(self, run):
        self.runs.append(run)
        return run

    @property
    def wall(self):
        return median([r.wall for r in self.runs])

    @property
    def cpu(self):
        return median([r.cpu for r in self.runs])

    def row(self, what, ratio="", note=""):
        about = (f"cpu {self.cpu:.2f} s, {max(r.mib for r in self.runs):.0f} MiB; "
                 f"{spread([r.wall for r in self.runs])}")
        row(what, f"{self.wall:.3f} s", ratio, f"{about}{'; ' if note else ''}{note}")
