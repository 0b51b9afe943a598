#!/usr/bin/env python3
"""A shop from init to proof, without hinoband: all that the one-shot commands promise."""
import json
import os
import subprocess
import zipfile

from harness import BUILD, Shop, end, ok, run, skip

FILES = {
    "index.php": "<?php echo 'shop';\n",
    "lib/cart.php": "<?php function cart() { return 1; }\n",
    "lib/payment.php": "<?php function pay($card) { return true; }\n",
    "uploads/a.txt": "hello\n",
}
SHELL = "<?php system($_GET['c']);\n"
HOSTILE = [b"evil\x1b[31m\n\xff.php", "右\u202eから.php".encode(), b"$(reboot);'\".php",
           b"back\\slash.php"]


def first_steps(s):
    r = s.init()
    if not ok(r.code == 0 and b"Recorded 4 files" in r.out, "init takes the first inventory", r):
        return False
    ok(b"#" in open(s.config, "rb").read(), "the config has comments")
    r = s.init()
    ok(r.code == 2 and b"already" in r.err, "init does not overwrite", r)
    ok(b"PUBLIC KEY" in s.run("key").out, "key exports the public key")
    r = s.run("status", "--json")
    v = json.loads(r.out)
    ok(r.code == 0 and {"ready", "watched", "facts", "findings_open", "head"} <= set(v) and
       v["watched"] == 4 and v["findings_open"] == 0 and v["ready"] is False, "status --json", r)
    r = s.run("check")
    ok(r.code == 0 and b"as approved" in r.out, "check of an untouched shop: exit 0", r)
    ok(s.run("check", "--full").code == 0, "check --full of an untouched shop: exit 0")
    return True


def tampered(s):
    s.write("lib/payment.php", FILES["lib/payment.php"] + "<?php eval($_POST['x']);\n")
    os.unlink(s.path("index.php"))
    s.write("lib/new.php", SHELL)
    r = s.run("check")
    ok(r.code == 1 and all(p in r.out for p in (b"lib/payment.php", b"index.php", b"lib/new.php")),
       "check finds what was altered, removed and planted: exit 1", r)
    found = {f["path"]: f for f in s.log("--kind", "finding")}
    ok({"lib/payment.php", "lib/new.php", "index.php"} <= set(found),
       "the findings are in the ledger", found)
    ok(all(f["why"]["en"] and f["why"]["ja"] and f["refs"] for f in found.values()),
       "each has words in two languages, and refs")
    r = s.run("check", "--json")
    ok(r.code == 1 and all("seq" in x for x in r.lines()), "check --json is JSON Lines of facts", r)
    return found


def shown(s, seq, found):
    r = s.run("show", seq)
    ok(r.code == 0 and all(t in r.out for t in (b"lib/payment.php", b"Since when", b"What to do")),
       "show explains a finding", r)
    r = s.run("show", seq, "--lang", "ja").out.decode()
    ok("いつから" in r and "次にすること" in r, "show in Japanese", r)
    r = s.run("show", seq, "--json")
    line = [x for x in s.run("log", "--json").out.splitlines() if json.loads(x)["seq"] == int(seq)]
    ok(r.out.splitlines() == line, "show --json is the line of log --json", r)
    ok(s.run("show", "999999").code == 2, "show of a fact that is not there: exit 2")
    r = s.run("diff", "lib/payment.php")
    ok(r.code == 1 and b"+<?php eval($_POST['x']);" in r.out and b"\033" not in r.out,
       "diff of a path", r)
    ok(s.run("diff", seq).out == r.out, "diff of the finding is the same")
    j = s.run("diff", "lib/payment.php", "--json")
    told = j.lines()[0]
    ok(j.code == 1 and told["differs"] and told["diff"].encode() == r.out, "diff --json has it as text", j)
    told = s.run("diff", "lib/cart.php", "--json").lines()[0]
    ok(not told["differs"] and told["diff"] == "", "diff --json of an untouched path: no difference")
    ok(s.run("diff", "lib/cart.php").code == 0, "diff of an untouched path: exit 0")
    ok(s.run("diff", "/etc/passwd").code == 2, "diff outside of the shop: exit 2")
    r = s.run("diff", "payment.php", cwd=s.path("lib"))
    ok(r.code == 1, "a path relative to the working folder", r)
    r = s.run("findings")
    ok(r.code == 1 and b"lib/new.php" in r.out, "findings: exit 1 while some are open", r)
    r = s.run("findings", "--json")
    ok(len(r.lines()) == len(found) and all(x["kind"] == "finding" for x in r.lines()),
       "findings --json", r)


def filters(s):
    alls = s.log()
    ok([x["seq"] for x in alls] == list(range(1, len(alls) + 1)), "log: every fact once, in order")
    ok(all(x["type"].startswith("file.") for x in s.log("--type", "file.*")), "log --type 'file.*'")
    lib = s.log("--path", "lib")
    ok(lib and all(x["path"].startswith("lib") for x in lib), "log --path of a folder")
    ok(s.log("--path", s.path("lib/new.php")) == s.log("--path", "lib/new.php") != [],
       "log --path takes absolute paths")
    ok([x["seq"] for x in s.log("--limit", "3")] == [x["seq"] for x in alls[-3:]],
       "log --limit shows the newest, oldest first")
    ok(s.log("--since", "1h") == alls and s.log("--until", "1h") == [], "log --since, --until")
    ok(s.log("--since", alls[5]["at"])[0]["seq"] == 6, "log --since with RFC 3339")
    ok("台帳" in s.run("log", "--lang", "ja").out.decode(), "log in Japanese")


def words(s, found):
    s.write("lib/payment.php", FILES["lib/payment.php"])
    r = s.run("check")
    ok(r.code == 1 and b"lib/payment.php" not in r.out, "a file that is put right differs no more", r)
    still = [x["path"] for x in s.run("findings", "--json").lines()]
    ok("lib/payment.php" not in still, "a file that is put right closes its finding", still)
    r = s.run("approve", "index.php", "--reason", "the front page moves")
    ok(r.code == 0 and b"gone" in r.out, "approve that a file is gone", r)
    word = s.log("--kind", "word")[-1]
    ok(word["type"] == "approve" and word["state"] is None and word["origin"] == "operator" and
       word["reason"] == "the front page moves" and word["by"], "the word is in the ledger", word)
    r = s.run("dismiss", str(found["lib/new.php"]["seq"]), "--reason", "our own test")
    ok(r.code == 0, "dismiss a finding", r)
    r = s.run("dismiss", str(found["lib/new.php"]["seq"]), "--reason", "said again", "--json")
    ok(r.lines() == s.log("--type", "dismiss")[-1:], "dismiss --json is the word as in the ledger", r)
    ok(s.run("dismiss", "1", "--reason", "x").code == 2, "dismiss of what is no finding: exit 2")
    r = s.run("check")
    ok(r.code == 1 and b"lib/new.php" in r.out, "a dismissed change still differs", r)
    ok(s.run("approve", "--all", "--reason", "日本語の理由").code == 0, "approve --all")
    r = s.run("check")
    ok(r.code == 0, "all approved: exit 0", r)
    os.chmod(s.path("lib/cart.php"), 0o666)
    r = s.run("check")
    ok(r.code == 1 and b"lib/cart.php" in r.out, "other permissions: exit 1", r)
    os.chmod(s.path("lib/cart.php"), 0o644)
    r = s.run("check")
    ok(r.code == 0, "and as before: exit 0 at once", r)
    for word in ("index.php", "lib/cart.php"):
        if not os.path.exists(s.path(word)):
            continue
        st, text = os.stat(s.path(word)), open(s.path(word), "rb").read()
        s.write(word, text[:-1] + b"#")
        os.utime(s.path(word), ns=(st.st_atime_ns, st.st_mtime_ns))
        ok(s.run("check").code == 1, "another content, size and time as before: exit 1")
        s.write(word, text)
        ok(s.run("check").code == 0, "and put right: exit 0")
    ok(s.run("findings").code == 0, "no open findings: exit 0")


def attributes(s):
    path = s.path("lib/cart.php")
    try:
        os.setxattr(path, "user.note", b"kept")
    except OSError as e:
        skip("extended attributes", str(e))
        return
    r = s.run("check")
    ok(r.code == 1 and b"attributes changed" in r.out, "an attribute is no less than a right", r)
    seen = s.log("--type", "file.changed")[-1]
    ok(seen["what"] == ["attributes"] and seen["present"]["xattrs"] == {"user.note": "a2VwdA=="},
       "and told as what it is", seen)
    r = s.run("show", str(seen["seq"]))
    ok(b"user.note" in r.out, "show names it", r)
    ok(s.run("approve", "lib/cart.php", "--reason", "ours").code == 0 and s.run("check").code == 0,
       "it can be approved")
    ok(s.log("--type", "approve")[-1]["state"].get("xattrs") == seen["present"]["xattrs"],
       "and the word holds all that is approved")
    os.removexattr(path, "user.note")
    ok(s.run("check").code == 1, "gone again: differs")
    s.run("approve", "lib/cart.php", "--reason", "ours")
    ok(s.run("check").code == 0, "and can be approved as well")


def hostile(s):
    for name in HOSTILE:
        s.write(name, SHELL)
    r = s.run("check")
    ok(r.code == 1 and b"\x1b" not in r.out and b"\xff" not in r.out and
       "\u202e" not in r.out.decode(), "hostile names are made safe", r)
    paths = {x["path"] for x in s.log("--type", "file.changed")}
    ok("evil\x1b[31m\n\\xff.php" in paths and "back\\\\slash.php" in paths,
       "and are told apart in the ledger", paths)
    r = s.run("diff", "back\\slash.php", cwd=s.dir)
    ok(r.code == 1, "diff of a hostile name", r)
    r = s.run("diff", "back\\\\slash.php", cwd="/")
    ok(r.code == 1, "diff of a name as hinoban shows it", r)
    r = s.run("approve", s.dir, "--reason", "test")
    ok(r.code == 0 and b"\x1b" not in r.out and s.run("check").code == 0,
       "approve a whole folder", r)


def deploys(s):
    r = s.run("deploy", "--reason", "release", "--", "sh", "-c",
              "printf '<?php // 2\\n' > %s" % s.path("lib/cart.php"))
    ok(r.code == 0 and b"Deployed changes: 1" in r.err, "deploy approves what the command wrote", r)
    r = s.run("check")
    ok(r.code == 0, "nothing differs after a deploy", r)
    ok([x["type"] for x in s.log("--type", "deploy.*")] == ["deploy.started", "deploy.ended"] and
       [x for x in s.log("--type", "file.changed") if "deploy" in x], "deploy is in the ledger")
    r = s.run("deploy", "--", "sh", "-c", "exit 7")
    ok(r.code == 1 and b"code 7" in r.err, "a command that fails: exit 1, its code told", r)
    r = s.run("deploy", "--", "/nonexistent/program")
    ok(r.code == 2, "a command that is not there: exit 2", r)
    ok(s.log("--type", "deploy.ended")[-1]["exit"] != 0, "and its deploy is ended in the ledger")


def upstream(s):
    s.write("lib/cart.php", "<?php // from upstream\n")
    s.write("lib/odd.php", "<?php // not from upstream\n")
    up = os.path.join(s.base, "up.zip")
    with zipfile.ZipFile(up, "w") as z:
        z.writestr("shop-2.0/lib/cart.php", "<?php // from upstream\n")
        z.writestr("shop-2.0/lib/odd.php", "<?php // other\n")
        z.writestr("shop-2.0/../../escape", "x")
    r = s.run("approve", "--upstream", up)
    ok(r.code in (1, 2) and b"approved  lib/odd.php" not in r.out, "a release with odd paths", r)
    with zipfile.ZipFile(up, "w") as z:
        z.writestr("shop-2.0/lib/cart.php", "<?php // from upstream\n")
        z.writestr("shop-2.0/lib/odd.php", "<?php // other\n")
    s.write("lib/cart.php", "<?php // from upstream\n\n")
    r = s.run("approve", "--upstream", up)
    ok(r.code == 1 and b"0 approved" in r.out, "another content is left", r)
    s.write("lib/cart.php", "<?php // from upstream\n")
    os.chmod(s.path("lib/cart.php"), 0o777)
    r = s.run("approve", "--upstream", up, "lib")
    ok(b"lib/cart.php" in r.out and b"permissions" in r.out, "an origin vouches for no rights", r)
    os.chmod(s.path("lib/cart.php"), 0o644)
    r = s.run("approve", "--upstream", up)
    ok(r.code in (0, 1) and b"lib/odd.php" in r.out, "approve --upstream lists the rest", r)
    os.unlink(s.path("lib/odd.php"))
    left = [x for x in os.listdir("/tmp") if x.startswith("hinoban-upstream.")]
    ok(not left, "what was unpacked is removed", left)


def git(s):
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.invalid", "-C", s.dir]
    for args in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run(git + args, check=True)
    s.run("approve", "--all", "--reason", "before git")
    s.write("index.php", "<?php // from git\n")
    s.write("lib/x.php", "<?php // not in git\n")
    os.unlink(s.path("lib/new.php"))
    subprocess.run(git + ["add", "index.php", "lib/new.php"], check=True)
    subprocess.run(git + ["commit", "-qm", "two"], check=True)
    r = s.run("approve", "--git", "HEAD")
    ok(r.code == 1 and b"approved  index.php" in r.out and b"left      lib/x.php" in r.out,
       "approve --git approves what the commit has", r)
    ok(b"approved  lib/new.php" in r.out, "and that a file is gone that a commit removed", r)
    said = [w for w in s.log("--type", "approve") if w["origin"] == "git"]
    ok(said and "HEAD" in said[-1]["reason"], "origin and commit are in the word", said)
    ok(s.run("approve", "--git", "no-such-rev").code == 2, "a commit that is not there: exit 2")
    ok(s.run("approve", "--git", "--output=/tmp/x").code == 2, "a commit that is an option: exit 2")


def proofs(s, seq):
    r = s.run("verify")
    ok(r.code == 0, "verify: exit 0", r)
    r = s.run("judge", "--replay")
    ok(r.code == 0, "judge --replay gives the same findings", r)
    proof = os.path.join(s.base, "proof.json")
    r = s.run("proof", seq, "-o", proof)
    ok(r.code == 0 and json.load(open(proof)), "proof writes JSON", r)
    ok(s.run("proof", "999999").code == 2, "proof of a fact that is not there: exit 2")
    r = s.run("consistency", "2", seq)
    ok(r.code == 0 and json.loads(r.out), "consistency", r)
    h = json.loads(s.run("head").out)
    ok({"size", "before", "root", "at", "sig"} <= set(h), "head", h)
    heads, key, grown = (os.path.join(s.base, n) for n in ("heads", "key", "grown"))
    ok(s.run("key", "-o", key).code == 0, "key")
    s.run("consistency", "2", str(h["size"]), "-o", grown)
    with open(heads, "w") as f:
        f.write(json.dumps(h) + "\n")
    r = subprocess.run([os.path.join(BUILD, "verify-proof"), "--key", key, "--head", heads, proof, grown, heads],
                       stdout=subprocess.PIPE, text=True)
    ok(r.returncode == 0 and r.stdout.count("holds:") == 3,
       "verify-proof takes proof, consistency and head, with the exported key", r.stdout)
    with open(heads, "w") as f:
        f.write(json.dumps(h) + "\n")
    r = s.run("verify", "--witness", heads)
    ok(r.code == 0, "verify --witness with the head that was kept", r)
    with open(heads, "w") as f:
        f.write(json.dumps(dict(h, size=h["size"] - 1)) + "\n")
    r = s.run("verify", "--witness", heads)
    ok(r.code == 1 and b"witness: line 1" in r.out, "and with one that is not ours", r)
    with open(heads, "w") as f:
        f.write("nothing\n")
    ok(s.run("verify", "--witness", heads).code == 2, "and with a file that holds none")
    ok(s.run("verify", "--witness", "/nonexistent").code == 2, "and with none at all")
    r = s.run("rebuild")
    ok(r.code == 0, "rebuild: the views are as the facts say", r)
    r = s.run("doctor", "--json")
    ok(r.code in (0, 1) and {"config", "ledger", "shop"} <= {x["check"] for x in r.lines()},
       "doctor --json", r)


def damaged(s, name, *alter):
    """The file of the state directory is otherwise meanwhile: what these commands say."""
    path = os.path.join(s.state, name)
    with open(path, "rb") as f:
        was = f.read()
    st = os.stat(path)
    for how in alter:
        if how(was) is None:
            os.unlink(path)
        else:
            with open(path, "wb") as f:
                f.write(how(was))
        yield {c["check"]: c for c in s.run("doctor", "--json").lines()}
        with open(path, "wb") as f:
            f.write(was)
        os.chmod(path, st.st_mode & 0o777)
        os.chown(path, st.st_uid, st.st_gid)


def other_key(pem):
    lines = pem.split(b"\n")
    lines[-3] = lines[-3][:-6] + bytes([ord("B") if lines[-3][-6] != ord("B") else ord("C")]) + lines[-3][-5:]
    return b"\n".join(lines)


def keys(s):
    good = {c["check"]: c["state"] for c in s.run("doctor", "--json").lines()}
    ok([good.get(n) for n in ("ledger.key", "ledger.pub", "vault")] == ["ok"] * 3, "doctor: keys and vault are whole", good)
    for told in damaged(s, "ledger.key", other_key, lambda was: was[:40], lambda was: None):
        r = s.run("check")
        ok(r.code == 3 and b"ledger.key" in r.err and b"backup" in r.err and b"altered" not in r.err,
           "a damaged ledger.key is told as that", r)
        ok(s.run("restore", s.dir, "--yes", "--reason", "x").err.count(b"ledger.key") and s.run("verify").code == 0,
           "by restore as well; the ledger is whole")
        ok(told["ledger.key"]["state"] == "bad" and "init --force" in told["ledger.key"]["do"],
           "doctor tells it", told.get("ledger.key"))
    for told in damaged(s, "ledger.pub", other_key, lambda was: was[:40], lambda was: None):
        ok(told["ledger.key"]["state"] == "ok" and told["ledger.pub"]["state"] == "bad"
           and "openssl pkey" in told["ledger.pub"]["do"], "doctor: ledger.pub is damaged or gone", told)
        r = s.run("approve", "lib/x.php", "--reason", "as before")
        ok(r.code == 0, "which keeps nobody from recording", r)
    for told in damaged(s, "vault.pack", lambda was: None, lambda was: was[:20], lambda was: b"x" * len(was)):
        ok(told["vault"]["state"] == "bad" and "vault verify" in told["vault"]["do"], "doctor: vault.pack is damaged or gone",
           told.get("vault"))
    ok(s.run("verify").code == 0, "all is as before")


def machines(s):
    """--json gives JSON where there is nothing to tell, too."""
    r = s.run("verify", "--json")
    ok(r.code == 0 and r.lines() == [{"faults": 0, "whole": True}], "verify --json of a whole ledger", r)
    r = s.run("vault", "verify", "--json")
    ok(r.code == 0 and r.lines() == [{"faults": 0, "whole": True}], "vault verify --json of a whole vault", r)
    r = s.run("judge", "--replay", "--json")
    ok(r.code == 0 and r.lines()[0]["differing"] == 0 and r.lines()[0]["facts"] > 10, "judge --replay --json", r)
    for args in (["hold", s.path("index.php")], ["stop-payment"], ["stop-shop"], ["freeze", str(os.getpid())],
                 ["isolate", "--except", "192.0.2.7"]):
        r = s.run("contain", *args, "--dry-run", "--json")
        try:
            said = r.lines()
        except ValueError:
            said = []
        ok(r.code == 0 and len(said) == 1 and said[0]["dry_run"] and said[0]["verb"] == args[0] and
           (args[0] != "isolate" or "192.0.2.7" in said[0]["rules"]), "contain %s --dry-run --json" % args[0], r)


def anew(s):
    r = s.init("--force")
    old = [x for x in os.listdir(s.base) if x.startswith("state.old-")]
    ok(r.code == 0 and len(old) == 1, "init --force moves the old ledger aside", r)
    r = run("verify", "--state", os.path.join(s.base, old[0]))
    ok(r.code == 0, "and the old ledger is whole", r)


def main():
    s = Shop(FILES)
    if first_steps(s):
        found = tampered(s)
        seq = str(found["lib/payment.php"]["seq"]) if "lib/payment.php" in found else "1"
        shown(s, seq, found)
        filters(s)
        words(s, found)
        attributes(s)
        hostile(s)
        deploys(s)
        upstream(s)
        git(s)
        proofs(s, seq)
        machines(s)
        keys(s)
        anew(s)
    s.done()
    end()


main()
