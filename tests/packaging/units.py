#!/usr/bin/env python3
"""How exposed the units for systemd are, and that they and sysusers.d say what the code needs."""
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from harness import SOURCE, end, ok

UNITS = os.path.join(SOURCE, "packaging", "systemd")
# systemd's measure, 0 (nothing) to 10 (all): the watch needs root to begin, the check nothing.
CEILING = {"hinoban.service": 3.9, "hinoban-verify.service": 0.4, "hinoban-digest.service": 1.9}


def text(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as f:
        return f.read()


def exposure(unit):
    r = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager",
                        os.path.join(UNITS, unit)], capture_output=True, text=True)
    said = re.search(r"Overall exposure level for \S+: ([0-9.]+)", r.stdout)
    ok(not r.stderr.strip(), unit + ": systemd understands every line", r.stderr)
    return float(said[1]) if said else None


def setting(unit, name):
    return " ".join(re.findall(r"^%s=(.*)$" % name, text("packaging", "systemd", unit), re.M))


def exposures():
    for unit, most in CEILING.items():
        has = exposure(unit)
        ok(has is not None and has <= most, "%s: exposure %s, at most %s" % (unit, has, most))


def ceiling():
    """The unit's capabilities are those that the keeper keeps, no more and no fewer."""
    body = re.search(r"keep\[\] = \{(.*?)\};", text("src", "keeper", "main.c"), re.S)[1]
    ok(set(re.findall(r"CAP_\w+", body)) ==
       set(setting("hinoban.service", "CapabilityBoundingSet").split()),
       "the unit leaves the keeper what it keeps itself, and no more")
    ok(setting("hinoban-verify.service", "CapabilityBoundingSet") == "",
       "the check has no capability")


def groups():
    """systemd's sets of system calls, by name."""
    said = subprocess.run(["systemd-analyze", "syscall-filter"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True).stdout
    sets = {}
    for line in said.splitlines():
        if line.startswith("@"):
            name = line.strip()
            sets[name] = []
        elif line.startswith("    ") and "#" not in line:
            sets[name].append(line.strip())
    return sets


def expand(sets, name):
    return set().union(*(expand(sets, n) for n in sets.get(name, []))) if name[0] == "@" else {name}


def let_through(unit):
    sets, has = groups(), set()
    for line in re.findall(r"^SystemCallFilter=(.*)$", text("packaging", "systemd", unit), re.M):
        calls = set().union(*(expand(sets, n) for n in line.lstrip("~").split()))
        has = has - calls if line.startswith("~") else has | calls
    return has


def calls():
    """A unit that refuses what a process needs shows only on the operator's machine."""
    source = text("src", "wall", "seals.c")
    need = set(re.findall(r"\b(?:ALLOW|ALLOW_IF2?|OPEN_READS)\((\w+)", source)) - {"name"}
    need |= {"chroot", "clone", "execve", "seccomp", "setresuid", "setresgid", "setgroups", "capset",
             "fanotify_init", "landlock_restrict_self", "bpf", "waitid", "pidfd_open", "sched_setattr", "unshare", "setns",
             "pidfd_send_signal"}
    lacks = need - let_through("hinoban.service")
    ok(len(need) > 80 and not lacks, "the unit lets through what its processes may call", lacks)
    read = re.search(r"sqlite_reads\[\] = \{(.*?)\};", source, re.S)[1]
    need = set(re.findall(r"\bALLOW\((\w+)", read)) | {"memfd_create", "fcntl", "pread64", "mmap"}
    lacks = need - let_through("hinoban-verify.service")
    ok(not lacks, "and the check what SQLite and a sealed table need", lacks)


def users():
    names = re.findall(r'\.name = "(\w+)"', text("src", "wall", "seals.c"))
    has = re.findall(r"^u (\S+)", text("packaging", "systemd", "hinoban.sysusers"), re.M)
    ok(len(names) > 8 and set(has) == {"hinoban-" + n for n in names} | {"hinoban-verify", "hinoban-digest"},
       "a user for each process, and one for the check", has)
    ok({setting("hinoban-verify.service", "User"), setting("hinoban-verify.service", "Group")} <=
       set(has), "the check runs as users that are there")


exposures()
ceiling()
calls()
users()
end()
