#!/usr/bin/env python3
"""The player without the programs: its language, its imitations, its clock."""
import datetime
import glob
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import xml.dom.minidom

sys.dont_write_bytecode = True
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PLAYER = os.path.join(ROOT, "tools", "player")
sys.path.insert(0, PLAYER)
import imitations  # noqa: E402
from actors import ACTS  # noqa: E402
from expect import EXPECTATIONS  # noqa: E402
from language import Count, PlayFault, read_play  # noqa: E402
from outside import news_bring  # noqa: E402
from stage import Stage, StageFault  # noqa: E402

PATTERNS = [*ACTS, *EXPECTATIONS]
count = failed = 0


def check(good, what, more=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {count} - {what}" + (f"  # {more}" if more and not good else ""), flush=True)


def fault_of(text):
    try:
        read_play(text, "x.play", PATTERNS)
        return "no fault"
    except PlayFault as fault:
        return str(fault)


def test_reading():
    play = read_play('# a comment\n\nshop opens # and one here\n'
                     'customer buys "煎茶 \\"朝\\"" with card 4111111111111111 x 20/3\n'
                     'clock to 2020-12-16 03:12 +09:00\n'
                     'operator runs hinoban log --type "file.*"\n'
                     'expect finding file.tampered on payment/CardPayment.php request "POST /x" within 500ms\n', "x.play", PATTERNS)
    check([s.line for s in play] == [3, 4, 5, 6, 7], "comments and empty lines are passed over")
    buys = play[1].values
    check(buys["text"] == '煎茶 "朝"' and buys["count"] == Count(20, 3), "a text, a card, a count", str(buys))
    check(play[1].values["count"].of(True) == 3 and Count(5, 5).of(True) == 5, "--fast takes the smaller count")
    check(play[2].values["time"].isoformat() == "2020-12-16T03:12:00+09:00", "a time with its zone")
    check(play[3].values["command"] == 'log --type "file.*"', "the rest of the line, as it stands")
    found = play[4].values
    check(found == {"type": "file.tampered", "path": "payment/CardPayment.php", "request": "POST /x", "within": 0.5},
          "optional parts that are there, and only those", str(found))


def test_faults():
    for text, told in (
            ("shop opens\nintruder dances\n", "x.play:2: after `intruder` found 'dances'; expected 'uploads', 'alters'"),
            ("frob\n", "x.play:1: found 'frob'; expected 'shop'"),
            ("shop opens twice\n", "found 'twice'; expected the end of the line"),
            ("customer buys\n", "x.play:1: after `customer buys` the line ends; expected a text"),
            ("customer buys tea with card 4 x many\n", "expected a count such as 20 or 1000/50"),
            ("customer buys tea with card 4 x 0\n", "expected a count"),
            ("clock to tomorrow\n", "expected a time such as"),
            ("clock to 2020-13-41 03:12 +09:00\n", "expected a time"),
            ("clock to 2020-12-16 03:12\n", "expected a time"),
            ("intruder removes /etc/passwd\n", "expected a path below the shop's folder"),
            ("intruder removes a/../../etc/passwd\n", "expected a path below the shop's folder"),
            ('customer buys "tea with card 4\n', "a text is opened by \" and not closed"),
            ("# nothing\n", "a play without a statement")):
        said = fault_of(text)
        check(told in said and said.startswith("x.play:"), f"told well: {text.splitlines()[-1]}", said)


def test_plays():
    plays = sorted(glob.glob(os.path.join(ROOT, "plays", "*.play")))
    done = subprocess.run([os.path.join(PLAYER, "player"), "--check", *plays], capture_output=True, text=True, check=False)
    check(len(plays) >= 4 and done.returncode == 0, "all plays can be read", done.stderr)
    with open(os.path.join(ROOT, "plays", "README.md"), encoding="utf-8") as file:
        manual = file.read()
    plain = [re.sub(r"[A-Z]+:([a-z]+)", lambda m: m.group(0).split(":")[0], p) for p in PATTERNS]
    missing = [p for p in plain if p not in manual]
    check(not missing, "plays/README.md has every statement", "; ".join(missing))
    with tempfile.NamedTemporaryFile("w", suffix=".play") as bad:
        bad.write("shop opens\nnonsense\n")
        bad.flush()
        done = subprocess.run([os.path.join(PLAYER, "player"), "--check", bad.name], capture_output=True, text=True, check=False)
        check(done.returncode == 2 and ":2: " in done.stderr, "a bad play: exit 2 with its line", done.stderr)


def shell_request(folder, secret, op, path):
    """The web shell as PHP sees it, without a server."""
    code = (f"$_POST = ['k' => '{secret}', 'op' => '{op}', 'path' => '{path}', 'data' => base64_encode('x')];"
            f"require '{folder}/uploads/x.php';")
    return subprocess.run(["php8.2", "-r", code], capture_output=True, text=True, check=False)


def test_imitations():
    if not shutil.which("php8.2"):
        check(True, "imitations # SKIP no php8.2")
        return
    with tempfile.TemporaryDirectory() as folder:
        os.makedirs(folder + "/shop/uploads")
        with open(folder + "/shop/uploads/x.php", "wb") as file:
            file.write(imitations.webshell("geheim"))
        shell_request(folder + "/shop", "geheim", "write", "new.txt")
        check(not os.path.exists(folder + "/shop/new.txt"), "the web shell does nothing without the marker")
        open(folder + "/shop/" + imitations.MARKER, "w", encoding="ascii").close()
        shell_request(folder + "/shop", "geheim", "write", "new.txt")
        check(os.path.exists(folder + "/shop/new.txt"), "with the marker it writes (the test can fail)")
        shell_request(folder + "/shop", "wrong", "remove", "new.txt")
        check(os.path.exists(folder + "/shop/new.txt"), "it does nothing without the secret of the run")
        shell_request(folder + "/shop", "geheim", "write", "uploads/../../out.txt")
        check(not os.path.exists(folder + "/out.txt"), "it does not leave the folder")
        os.symlink(folder, folder + "/shop/link")
        shell_request(folder + "/shop", "geheim", "write", "link/out.txt")
        check(not os.path.exists(folder + "/out.txt"), "not through a link either")
    with open(os.path.join(ROOT, "shop", "payment", "CardPayment.php"), encoding="utf-8") as file:
        source = file.read()
    altered = imitations.skimmed(source, "uploads/a.jpg")
    done = subprocess.run(["php8.2", "-l"], input=altered, capture_output=True, text=True, check=False)
    check(done.returncode == 0 and "uploads/a.jpg" in altered, "the skimmer fits into the payment module", done.stderr)
    check(imitations.MARKER in altered and "~^4(111|242)~" in altered, "and acts on the marker and on test cards only")


class Player:
    """As much of a cast as the acts below need."""

    def __init__(self):
        self.stage, self.news = Stage("nowhere", True, False), []


def said_by(function, *args):
    try:
        function(*args)
        return ""
    except StageFault as fault:
        return str(fault)


def test_settings_and_news():
    cast = Player()
    try:
        with open(cast.stage.config, "w", encoding="utf-8") as file:
            file.write("roots = []\n[web]\n# names = 1\n[news]\n# Names.\nnames = []\nfeeds = []\n")
        cast.stage.configure("news", "names", '["a\\\\1"]')
        with open(cast.stage.config, encoding="utf-8") as file:
            text = file.read()
        check(text == 'roots = []\n[web]\n# names = 1\n[news]\n# Names.\nnames = ["a\\\\1"]\nfeeds = []\n',
              "a key is set in its section alone", text)
        check("no section [x]" in said_by(cast.stage.configure, "x", "names", "1"), "a section that is not there is told")
        check("0 lines name in [news]" in said_by(cast.stage.configure, "news", "name", "1"), "and a key")
        news_bring(cast, "wacom-digest", datetime.datetime(2022, 11, 25, 9, tzinfo=datetime.timezone.utc))
        news_bring(cast, "sonet-digest", datetime.datetime(2022, 11, 26, 9, tzinfo=datetime.timezone.utc))
        items = xml.dom.minidom.parse(cast.stage.feed).getElementsByTagName("item")
        check(len(items) == 2 and "147,545名" in items[0].toxml() and "Fri, 25 Nov 2022 09:00:00 +0000" in items[0].toxml(),
              "a text of ours is an entry of the feed, with its day", items[0].toxml()[:300])
        check("no text nothing" in said_by(news_bring, cast, "nothing", None), "a text that is not there is told")
    finally:
        cast.stage.close()


def test_clock():
    if not shutil.which("cc"):
        check(True, "the clock # SKIP no compiler")
        return
    with tempfile.TemporaryDirectory() as folder:
        library = folder + "/libplayclock.so"
        subprocess.run(["cc", "-D_GNU_SOURCE", "-shared", "-fPIC", "-Wall", "-Werror", "-o", library,
                        os.path.join(PLAYER, "playclock.c")], check=True)
        with open(folder + "/clock", "wb") as file:
            file.write(struct.pack("<q", -1000 * 86400 * 1_000_000))
        env = {**os.environ, "LD_PRELOAD": library, "HINOBAN_CLOCK": folder + "/clock"}
        told = float(subprocess.run(["date", "+%s.%N"], env=env, capture_output=True, text=True, check=True).stdout)
        check(abs(time.time() - 1000 * 86400 - told) < 60, "a preloaded program lives 1,000 days ago", str(told))
        del env["HINOBAN_CLOCK"]
        told = float(subprocess.run(["date", "+%s.%N"], env=env, capture_output=True, text=True, check=True).stdout)
        check(abs(time.time() - told) < 60, "and today without a clock file")


def main():
    for test in (test_reading, test_faults, test_plays, test_imitations, test_settings_and_news, test_clock):
        test()
    print(f"1..{count}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
