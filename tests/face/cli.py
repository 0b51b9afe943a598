#!/usr/bin/env python3
"""The command line by itself: help, options, languages, what it says without a config."""
import os
import re
import shutil
import tempfile

from harness import end, ok, run

NO_CONFIG = {"HINOBAN_CONFIG": "/nonexistent/hinoban.conf"}

commands = run("completion", "commands").out.decode().split()
ok(len(commands) >= 20, "the commands are listed", commands)

for c in commands:
    en, ja = run(c, "--help"), run(c, "--help", "--lang", "ja")
    ok(en.code == 0 and ("hinoban " + c).encode() in en.out and b"Usage" in en.out
       and b"Example" in en.out and not en.err, c + " --help has a usage and examples", en)
    ok(ja.code == 0 and re.search(r"[ぁ-ん]", ja.out.decode()) and "例:" in ja.out.decode(),
       c + " --help speaks Japanese", ja)
    ok(not re.search(r"^  +(-\w, )?--.*…", en.out.decode(), re.M), c + " --help cuts no option off", en)
    bad = run(c, "--no-such-option")
    ok(bad.code == 2 and b"--no-such-option" in bad.err and b"--help" in bad.err and not bad.out,
       c + " refuses an unknown option with a hint", bad)

for c, here, elsewhere in (("restore", "lies in the way", "begin anew"), ("restore", "--to DIR ", "TIME|"),
                           ("init", "begin anew", "login"), ("scope", "login can write", "begin anew"),
                           ("evidence", "--to PATH ", "not including"), ("exposure", "--to TIME ", "watched folder alone"),
                           ("case", "--from WHO ", "from this time on"), ("scope", "--from TIME ", "who called"),
                           ("contain", "--snippet nginx|apache\n", "…")):
    text = run(c, "--help").out.decode()
    ok(here in text and elsewhere not in text, "%s --help tells its own meaning: %s" % (c, here.strip()), text)
ok(b"DIR" in run("restore", "x", "--to").err, "so does a complaint", run("restore", "x", "--to"))
ok(run().code == 2, "no command: exit 2")
r = run("--help")
ok(r.code == 0 and all(c.encode() in r.out for c in commands), "--help lists all commands", r)
ok(run("help", "log").out == run("log", "--help").out, "help COMMAND is COMMAND --help")
ok(run("help", "nothing").code == 2, "help of an unknown command: exit 2")
r = run("chekc")
ok(r.code == 2 and b"'check'" in r.err, "a mistyped command gets a suggestion", r)
r = run("log", "--sinse", "2d")
ok(r.code == 2 and b"--since" in r.err, "a mistyped option gets a suggestion", r)
r = run("--version")
ok(r.code == 0 and r.out.startswith(b"hinoban "), "--version", r)

for args, what in ((("log", "--since", "soon"), "a time that is none"),
                   (("log", "--limit", "many"), "a number that is none"),
                   (("log", "--limit", "-1"), "a negative number"),
                   (("log", "--kind", "rumour"), "a kind that is none"),
                   (("log", "--type", "file.chnged"), "a type that is none"),
                   (("log", "--since"), "an option without its value"),
                   (("log", "--json=yes"), "a switch with a value"),
                   (("log", "extra"), "an argument too many"),
                   (("show",), "an argument too few"),
                   (("show", "zero"), "a seq that is none"),
                   (("show", "0"), "seq 0"),
                   (("show", "99999999999999999999"), "a seq beyond all"),
                   (("approve",), "approve of nothing"),
                   (("approve", "x"), "approve without a reason"),
                   (("approve", "--all", "--reason", ""), "an empty reason"),
                   (("dismiss", "1"), "dismiss without a reason"),
                   (("deploy",), "deploy of nothing"),
                   (("judge",), "judge without --replay"),
                   (("status", "--lang", "fr"), "a language that is none"),
                   (("completion", "nonsense"), "completion of nonsense"),
                   (("init", "/nonexistent/shop", "--yes"), "init of a folder that is not there"),
                   (("init", "/", "--yes"), "init of the whole machine"),
                   (("init",), "init of nothing")):
    r = run(*args, env=NO_CONFIG)
    ok(r.code == 2 and r.err.startswith(b"hinoban: ") and not r.out, what + ": exit 2", r)

for day in ("2026-11-31", "2026-02-29 10:00", "2026-02-30T10:00:00", "2026-02-30T10:00:00Z"):
    r = run("log", "--since", day, env=NO_CONFIG)
    ok(r.code == 2 and day.encode() in r.err, day + " is no day: exit 2", r)
r = run("log", "--since", "2024-02-29", env=NO_CONFIG)
ok(b"2024-02-29" not in r.err, "a leap day is one", r)
for c in ("check", "status", "findings", "log", "verify", "rebuild", "head", "key"):
    r = run(c, env=NO_CONFIG)
    ok(r.code == 2 and b"hinoban init" in r.err, c + " without a config says what to do", r)
r = run("status", env=dict(NO_CONFIG, LANG="ja_JP.UTF-8"))
ok("設定ファイル" in r.err.decode(), "LANG=ja_JP.UTF-8 speaks Japanese", r)
r = run("status", "--lang", "en", env=dict(NO_CONFIG, LANG="ja_JP.UTF-8"))
ok(b"there is no config" in r.err, "--lang is stronger than LANG", r)

with tempfile.TemporaryDirectory() as d:
    conf = d + "/hinoban.conf"
    with open(conf, "w") as f:
        f.write('state = "/nowhere"\nroots = 12\n')
    r = run("status", "--config", conf)
    ok(r.code == 2 and b"hinoban.conf:2:" in r.err, "a config error names file, line and column", r)
    r = run("status", "--state", d)
    ok(r.code == 2 and b"hinoban init" in r.err, "a state directory without a ledger", r)
    r = run("check", "--state", d + "/none", "--config", conf)
    ok(r.code == 2, "no state directory, bad config: exit 2", r)

r = run("completion", "options", "log")
ok("--since" in r.out.decode().split(), "completion lists a command's options", r)
r = run("completion", "types")
ok("file.changed" in r.out.decode().split(), "completion lists types", r)
r = run("profiles", "--json")
ok(r.code == 0 and any(p["profile"] == "wordpress" for p in r.lines()), "profiles --json", r)
r = run("doctor", "--json", env=NO_CONFIG)
ok(r.code == 1 and all({"check", "state", "detail"} <= set(x) for x in r.lines()),
   "doctor --json without a config: JSON Lines, exit 1", r)
told = {x["check"]: x for x in r.lines()}
here = "ok" if os.readlink("/proc/self/ns/pid") == "pid:[4026531836]" else "note"  # the machine's own
ok(told["processes.connector"]["state"] == here, "doctor: whether the process connector speaks", r)
r = run("doctor", "--json", env=NO_CONFIG, under=["unshare", "--pid", "--fork", "--mount-proc"])
told = {x["check"]: x for x in r.lines()}
ok(told["processes.connector"]["state"] == "note" and "container" in told["processes.connector"]["detail"],
   "doctor: and is silent in a process namespace of its own", r)
with tempfile.TemporaryDirectory() as d:  # laid over the machine's own, where only this doctor sees it
    def doctor(check, where):
        over = ["unshare", "-m", "sh", "-c", 'mkdir -p %s && mount -t overlay o -o lowerdir=%s:%s %s && exec "$@"'
                % (where, d, where, where), "sh"]
        r = run("doctor", "--json", env=NO_CONFIG, under=over)
        said = [(x["state"], os.path.basename(x["detail"])) for x in r.lines() if x["check"] == check]
        return [x for x in said if x[1] in os.listdir(d)]

    os.chmod(d, 0o755)
    shutil.copy("/bin/true", d + "/fusermount3")
    for mode, want in ((0o4755, [("note", "fusermount3")]), (0o755, [])):
        os.chmod(d + "/fusermount3", mode)
        said = doctor("mounts by users", "/usr/bin")
        ok(said == want, "doctor: whether any user may mount (%o)" % mode, said)
    for name, text in (("try-long.conf", "open_file_cache max=9;\n"), ("try-minute.conf", "open_file_cache max=9;\nopen_file_cache_valid 1m;\n"),
                       ("try-brief.conf", "open_file_cache max=9;\n  open_file_cache_valid 5s;\n"), ("try-off.conf", "open_file_cache off;\n"),
                       ("try-note.conf", "# open_file_cache max=9;\n")):
        with open(os.path.join(d, name), "w") as f:
            f.write(text)
    said = doctor("nginx open files", "/etc/nginx")
    ok(said == [("note", "try-long.conf"), ("note", "try-minute.conf")], "doctor: whether nginx keeps files open for long", said)
ok(b"\033" not in run("doctor", env=NO_CONFIG).out, "no escape sequences but on a terminal")
with tempfile.TemporaryDirectory() as d:
    os.makedirs(d + "/releases/1")
    os.symlink("releases/1", d + "/current")
    for way in ("/current", "/current/", "/releases/1"):
        r = run("init", d + way, "--config", d + "/c.conf", "--state", d + "/state", "--yes", "--force")
        ok(r.code == 0 and (b"/current is a link: " in r.err) == way.startswith("/current"), "init of %s says what it leads to" % way, r)
end()
