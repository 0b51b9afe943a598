#!/usr/bin/env python3
"""What `hinoban doctor` says of Chromium: none, too old, one that says nothing, and a good one."""
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "face"))
from harness import end, ok, run, skip  # noqa: E402

SAYS = {
    "old": "echo 'Chromium 119.0.6045.199 built on Debian 12.2, running on Debian 12.2'",
    "oldest": "echo 'Chromium 120.0.6099.109'",
    "silent": "exit 1",
    "babbling": "echo 'Usage: chromium [FILE]'",
    "slow": "exec sleep 60",
}
base = tempfile.mkdtemp(prefix="hinoban-doctor.")
os.chmod(base, 0o755)
config = os.path.join(base, "etc", "hinoban.conf")


def settings(browser):
    with open(plain) as f:
        text = f.read()
    for a, b in (("watch = []", 'watch = ["checkout http://127.0.0.1:1/"]'), ('browser = ""', 'browser = "%s"' % browser)):
        assert text.count("\n" + a) == 1, a
        text = text.replace("\n" + a, "\n" + b)
    with open(config, "w") as f:
        f.write(text)


def chromium(browser):
    """What doctor says of it: the line, and whether doctor as a whole found something."""
    settings(browser)
    r = run("doctor", "--json", env={"HINOBAN_CONFIG": config}, timeout=60)
    return next((x for x in r.lines() if x["check"] == "chromium"), None), r


try:
    os.mkdir(os.path.join(base, "shop"))
    run("init", os.path.join(base, "shop"), "--config", config, "--state", os.path.join(base, "state"), "--yes")
    plain = config + ".plain"
    os.rename(config, plain)
    shutil.copy(plain, config)
    r = run("doctor", "--json", env={"HINOBAN_CONFIG": config}, timeout=60)
    ok(r.out and not [x for x in r.lines() if x["check"] == "chromium"], "where no page is watched Chromium is not spoken of", r)
    for name, body in SAYS.items():
        path = os.path.join(base, name)
        with open(path, "w") as f:
            f.write("#!/bin/sh\n" + body + "\n")
        os.chmod(path, 0o755)
    line, r = chromium(os.path.join(base, "none"))
    ok(line and line["state"] == "bad" and "apt-get install chromium" in line["do"] and r.code == 1, "none: bad, with what to do", r)
    line, r = chromium(os.path.join(base, "old"))
    ok(line and line["state"] == "bad" and "119." in line["detail"] and "120" in line["do"] and r.code == 1, "too old: bad, with both versions", r)
    line, r = chromium(os.path.join(base, "oldest"))
    ok(line and line["state"] == "ok" and "120." in line["detail"], "the oldest that will do: good", r)
    for name in ("silent", "babbling", "slow"):
        line, r = chromium(os.path.join(base, name))
        ok(line and line["state"] == "bad" and r.code == 1, "%s: bad" % name, r)
    if os.path.exists("/usr/lib/chromium/chromium"):
        line, r = chromium("")
        ok(line and line["state"] == "ok" and "Chromium" in line["detail"], "Debian's: good", r)
    else:
        skip("Debian's Chromium", "Debian's chromium is not installed")
finally:
    shutil.rmtree(base)
end()
