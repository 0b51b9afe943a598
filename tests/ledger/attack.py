#!/usr/bin/env python3
"""Everything an intruder may do to the database with sqlite3 is found, and located."""
import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import time

from harness import *

BATCHES = 12


def make():
    """A ledger with some hundred facts under a dozen heads, contents and findings."""
    state = new_state()
    led = Ledger(state).ready()
    s = Sender(led, "command")
    for b in range(BATCHES):
        for i in range(25):
            d = baseline("dir%d/file%d.php" % (b, i), "text %d %d" % (b, i))
            with tempfile.TemporaryFile() as f:
                f.write(b"text %d %d" % (b, i))
                f.flush()
                last = s.queue(d, [f.fileno()])
        s.settle(last)
    s.fact(changed("dir0/file0.php", "text 0 0", "other"))
    s.fact({"kind": "word", "type": "approve", "root": "/srv/shop", "path": "dir0/file1.php",
            "state": None, "by": "x", "reason": "y", "origin": "operator"})
    assert led.stop() == 0
    return state


def drop_wal(state):
    """After an orderly stop all is in ledger.db itself."""
    for junk in ("ledger.db-wal", "ledger.db-shm"):
        try:
            os.unlink(os.path.join(state, junk))
        except FileNotFoundError:
            pass


class Copy:
    """A copy of the state to do harm to."""

    def __init__(self, master):
        self.base = tempfile.mkdtemp(prefix="hinoban-test-")
        self.state = os.path.join(self.base, "state")
        shutil.copytree(master, self.state)

    def sql(self, *texts):
        db = sqlite3.connect(os.path.join(self.state, "ledger.db"))
        for t in texts:
            db.execute(*t) if isinstance(t, tuple) else db.execute(t)
        db.commit()
        db.close()
        return self

    def get(self, text, *args):
        db = sqlite3.connect(os.path.join(self.state, "ledger.db"))
        row = db.execute(text, args).fetchone()
        db.close()
        return row

    def verify(self):
        return tool("verify", self.state)

    def starts(self):
        """Does a ledger still write to it?"""
        led = Ledger(self.state)
        try:
            led.ready()
            led.stop()
            return True, ""
        except EOFError:
            return False, led.stderr()


master = make()
ok(tool("verify", master) == (0, ""), "an untouched ledger has no fault", tool("verify", master)[1])
SIZE = int(tool("size", master)[1])


def attack(what, expect, *texts, starts=None, words=""):
    c = Copy(master)
    c.sql(*texts)
    code, out = c.verify()
    good = code == 1 and all(e in out for e in ([expect] if isinstance(expect, str) else expect))
    ok(good, what, "exit %d, expected %r in:\n%s" % (code, expect, out))
    if starts is not None:
        runs, err = c.starts()
        ok(runs == starts and words in err, what + ": the ledger %s" % (
            "goes on" if starts else "refuses to write"), err)
    shutil.rmtree(c.base)


c = Copy(master)
body = c.get("SELECT body FROM fact WHERE seq = 100")[0]
shutil.rmtree(c.base)
one_byte = body.replace(b"dir", b"dIr", 1)
attack("one byte of a body", ["100 fact: its bytes", "facts up to here do not give its root"],
       ("UPDATE fact SET body = ? WHERE seq = 100", (one_byte,)))
attack("a body that is no JSON", "100 fact: not a fact in canonical form",
       ("UPDATE fact SET body = ? WHERE seq = 100", (body[:-1],)))
attack("the column at", "120 fact: the column at", "UPDATE fact SET at = at + 1 WHERE seq = 120")
attack("the column kind", "120 fact: the column kind", "UPDATE fact SET kind = 'word' WHERE seq = 120")
attack("the column type", "120 fact: the column type",
       "UPDATE fact SET type = 'file.changed' WHERE seq = 120")
attack("the column path", "120 fact: the column path", "UPDATE fact SET path = NULL WHERE seq = 120")
attack("a fact removed from the middle", "150 fact: facts 150 to 150 are missing",
       "DELETE FROM fact WHERE seq = 150")
attack("many facts removed from the middle", "40 fact: facts 40 to 90 are missing",
       "DELETE FROM fact WHERE seq BETWEEN 40 AND 90")
attack("the last fact removed", ["%d head: covers %d facts" % (SIZE, SIZE)],
       "DELETE FROM fact WHERE seq = %d" % SIZE, starts=False, words="altered")

heads = sqlite3.connect(os.path.join(master, "ledger.db")).execute(
    "SELECT size FROM head ORDER BY size").fetchall()
before = heads[-3][0]
cut = ["DELETE FROM fact WHERE seq > %d" % before, "DELETE FROM head WHERE size > %d" % before,
       "DELETE FROM ref WHERE seq > %d" % before]
attack("the last facts removed together with their heads",
       "%d fact: facts %d to %d were removed, together with their heads" % (before + 1, before + 1, SIZE),
       *cut, starts=False)


def swap(seq_a, seq_b):
    return ["UPDATE fact SET seq = -1 WHERE seq = %d" % seq_a,
            "UPDATE fact SET seq = %d WHERE seq = %d" % (seq_a, seq_b),
            "UPDATE fact SET seq = %d WHERE seq = -1" % seq_b]


attack("two facts in each other's place", ["60 fact: says it is number 61", "61 fact: says it is number 60"],
       *swap(60, 61))
attack("a fact with no head", ["%d fact: no signed head covers" % (SIZE + 1)],
       ("INSERT INTO fact(seq, at, kind, type, path, body) SELECT ?, at, kind, type, path, ? FROM fact"
        " WHERE seq = ?", (SIZE + 1, body.replace(b'"seq":100', b'"seq":%d' % (SIZE + 1)), SIZE)),
       starts=False, words="altered")
attack("a head altered", "head: the signature is not that of ledger.pub",
       "UPDATE head SET at = at + 1 WHERE size = %d" % before)
attack("a head's root altered", ["%d head: the signature" % before, "do not give its root"],
       ("UPDATE head SET root = ? WHERE size = ?", (os.urandom(32), before)))
attack("a tile of leaves altered", "fact: its bytes are not those that the tree recorded",
       ("UPDATE tile SET hashes = CAST(? || substr(hashes, 33) AS BLOB) WHERE level = 0 AND number = 0",
        (os.urandom(32),)))
attack("a tile of inner nodes altered", "tile: a node over facts 1 to 256 was altered",
       ("UPDATE tile SET hashes = ? WHERE level = 1", (os.urandom(32),)))
attack("a tile cut short", ["258 tile: the tree lacks this fact"],
       "UPDATE tile SET hashes = substr(hashes, 1, 32) WHERE level = 0 AND number = 1")
attack("a row of the view of files", ["view_file: not what the facts give"],
       "UPDATE view_file SET a_size = 7 WHERE name = CAST('dir3/file3.php' AS BLOB)")
attack("a row taken from the view of files", "dir3/file4.php",
       "DELETE FROM view_file WHERE name = CAST('dir3/file4.php' AS BLOB)")
attack("a finding invented", "view_finding: not what the facts give",
       "INSERT INTO view_finding VALUES(3, 1, 0, 0, 4, 'file.tampered', 1, x'78', 'x')")
attack("a cursor moved", "cursor: a row is not as it was signed",
       "INSERT OR REPLACE INTO cursor VALUES('judge', 7)", starts=False, words="counters")
attack("a sender's counter moved ahead, so that its drafts would seem known",
       "sender: a row is not as it was signed", "UPDATE sender SET last = last + 1000", starts=False,
       words="counters")
attack("a sender forgotten", "sender: a row is not as it was signed", "DELETE FROM sender")
attack("a sender invented", "sender: a row is not as it was signed",
       "INSERT INTO sender VALUES('guard-1', 9, 9, 9)")
attack("the stamp altered", "stamp: not signed by ledger.pub",
       "UPDATE stamp SET line = CAST(replace(line, '\"contents\":', '\"contents\":1') AS BLOB)",
       starts=False)
attack("the stamp removed", "stamp: missing", "DELETE FROM stamp", starts=False)
attack("a head removed from the middle", "%d head: the signed head of %d facts is missing" % (
    before, before), "DELETE FROM head WHERE size = %d" % before)
attack("all heads but the newest removed", "head: the signed head of %d facts is missing" % heads[-2][0],
       "DELETE FROM head WHERE size < %d" % SIZE)
attack("a reference invented", "9 ref: a reference to 5 that this fact does not have",
       "INSERT INTO ref VALUES(5, 9)")
attack("a reference to what is not there", "400 ref: a reference to 5",
       "INSERT INTO ref VALUES(5, 400)")
attack("a trigger that lets no fact in", "ledger.db: trigger t is none of ours",
       "CREATE TRIGGER t BEFORE INSERT ON fact BEGIN SELECT RAISE(IGNORE); END", starts=False,
       words="trigger t")
attack("a table more", "ledger.db: table x is none of ours", "CREATE TABLE x(y)", starts=False)
attack("an index less", "ledger.db: index fact_path is missing", "DROP INDEX fact_path", starts=False)
attack("a table made otherwise", "ledger.db: table sender is not made as it should be",
       "ALTER TABLE sender ADD COLUMN more TEXT", starts=False)
attack("a content's row taken away", "vault: at byte",
       "DELETE FROM vault WHERE place = (SELECT place FROM vault ORDER BY place LIMIT 1 OFFSET 5)")
attack("all contents' rows taken away", "vault: 300 contents were signed, these are 0", "DELETE FROM vault")
for name in ("fact", "ref", "tile", "head", "vault", "sender", "cursor", "stamp", "view_root", "view_file",
             "view_finding", "view_note"):
    attack("the table %s dropped" % name, "ledger.db: table %s is missing" % name, "DROP TABLE " + name)
attack("another version told", "is of version 7", "PRAGMA user_version = 7")
for column in ("at = at + 0.5", "kind = CAST(kind AS BLOB)", "body = CAST(body AS TEXT)"):
    c = Copy(master)
    try:
        c.sql("UPDATE fact SET %s WHERE seq = 50" % column)
        ok(False, "a cell of another type is refused: " + column)
    except sqlite3.IntegrityError:
        ok(True, "a cell of another type is refused: " + column)
    shutil.rmtree(c.base)

# An index that says another thing than its table: a search by path would not find the fact.
c = Copy(master)
c.sql("DROP INDEX fact_path", "CREATE INDEX fact_path ON fact(path) WHERE path IS NOT NULL AND path <> path",
      "PRAGMA writable_schema = ON",
      "UPDATE sqlite_schema SET sql = 'CREATE INDEX fact_path ON fact(path) WHERE path IS NOT NULL'"
      " WHERE name = 'fact_path'")
code, out = c.verify()
ok(code == 1 and "index fact_path" in out, "an index emptied behind its table's back", out)
shutil.rmtree(c.base)

# outside of the database
c = Copy(master)
place, packed = c.get("SELECT place, packed FROM vault ORDER BY place DESC LIMIT 1")
c.sql("DELETE FROM vault WHERE place = %d" % place)
os.truncate(os.path.join(c.state, "vault.pack"), place - 56)
code, out = c.verify()
ok(code == 1 and "300 contents were signed, these are 299" in out,
   "the last content taken away, row and bytes", out)
shutil.rmtree(c.base)
c = Copy(master)
os.unlink(os.path.join(c.state, "vault.pack"))
code, out = c.verify()
ok(code == 1 and "vault.pack is missing" in out, "the whole vault taken away", out)
shutil.rmtree(c.base)

c = Copy(master)
place, packed = c.get("SELECT place, packed FROM vault ORDER BY place LIMIT 1 OFFSET 7")
with open(os.path.join(c.state, "vault.pack"), "r+b") as f:
    f.seek(place + packed - 5)
    b = f.read(1)
    f.seek(-1, 1)
    f.write(bytes([b[0] ^ 1]))
code, out = c.verify()
ok(code == 1 and "vault: at byte %d: the content" % place in out, "a byte of the vault", out)
h = c.get("SELECT hash FROM vault WHERE place = ?", place)[0].hex()
ok(tool("content", c.state, h)[0] != 0, "and the altered content is not given out")
shutil.rmtree(c.base)

c = Copy(master)
(a, an), (b, bn) = (c.get("SELECT place, packed FROM vault ORDER BY place LIMIT 1 OFFSET ?", i)
                    for i in (2, 3))
with open(os.path.join(c.state, "vault.pack"), "r+b") as f:
    f.seek(a)
    x = f.read(an)
    f.seek(b)
    y = f.read(bn)
    if an == bn:
        f.seek(a)
        f.write(y)
        f.seek(b)
        f.write(x)
code, out = c.verify()
ok(an == bn and code == 1 and out.count("vault: at byte") == 2, "two contents in each other's place", out)
shutil.rmtree(c.base)

c = Copy(master)
os.unlink(os.path.join(c.state, "head"))
code, out = c.verify()
ok(code == 1 and "copy of the newest head beside the database is missing" in out, "the head file removed", out)
runs, err = c.starts()
out = tool("log", c.state, "ledger.opened")[1]
ok(runs and '"head_missing":true' in out, "a start without it is recorded for ever", err + out)
shutil.rmtree(c.base)

# truncated in all places on this machine: only a witness can tell
c = Copy(master)
witnessed = tool("head", c.state)[1]
row = c.get("SELECT size, at, root, sig FROM head WHERE size = ?", before)
other = Copy(master)
shutil.rmtree(other.base)
c.sql(*cut)
seen = os.path.join(c.base, "witnessed")
with open(seen, "w") as f:
    f.write("Nov 25 shop sshd: {no head}\nNov 25 shop hinoban: head " + witnessed)
code, out = tool("verify", master, seen)
ok(code == 0, "a ledger and its witness agree", out)
code, out = tool("consistency", c.state, before, SIZE)
ok(code != 0, "a cut ledger can't prove that it grew to the head that a witness has", out)
shutil.rmtree(c.base)

# The whole state directory put back to a copy that was whole in its time, or going on from there
# with the very key: nothing here can tell, the witness does.
early = Copy(master)
led = Ledger(master).ready()
s = Sender(led, "command")
s.fact(baseline("later.php"))
led.stop()
with open(os.path.join(early.base, "witnessed"), "w") as f:
    f.write(witnessed + tool("head", master)[1])
seen = f.name
ok(early.verify() == (0, ""), "a ledger put back as a whole looks whole")
code, out = tool("verify", early.state, seen)
ok(code == 1 and "%d witness: line 2 knew %d facts, only %d are here" % (
    SIZE + 1, SIZE + 1, SIZE) in out, "but not beside its witness", out)
led = Ledger(early.state).ready()
s = Sender(led, "command")
for i in range(3):
    s.fact(baseline("another-history%d.php" % i))
led.stop()
ok(early.verify() == (0, ""), "another history signed with the ledger's own key looks whole")
code, out = tool("verify", early.state, seen)
ok(code == 1 and "witness: line 2 knew other facts between %d and %d" % (SIZE + 1, SIZE + 1) in out,
   "but not beside its witness", out)
with open(seen, "w") as f:
    f.write("no head at all\n")
code, out = tool("verify", early.state, seen)
ok(code == 3 and "holds no signed head" in out, "a witness's file without heads is told", out)
with open(seen, "w") as f:
    f.write(witnessed.replace('"sig":"', '"sig":"00')[:-5] + '"}\n' + witnessed.replace(
        '"before":', '"before":1'))
code, out = tool("verify", early.state, seen)
ok(code == 1 and "witness: line 2: the signature" in out, "a head that nobody signed is told", out)
shutil.rmtree(early.base)

# another key: a forger without ledger.key
c = Copy(master)
f = Copy(make())
for name in ("ledger.pub",):
    shutil.copy(os.path.join(f.state, name), os.path.join(c.state, name))
code, out = c.verify()
ok(code == 1 and "1 fact: names another key than ledger.pub" in out, "another public key", out)
shutil.rmtree(c.base)
shutil.rmtree(f.base)

# the write-ahead log of a ledger that was killed holds the newest facts
killed = new_state()
led = Ledger(killed).ready()
s = Sender(led, "command")
for i in range(40):
    s.fact(baseline("wal%d.php" % i))
time.sleep(0.5)
led.kill()
SIZE_KILLED = int(tool("size", killed)[1])
for what, harm in (("removed", lambda p: os.unlink(p)), ("emptied", lambda p: os.truncate(p, 0)),
                   ("cut in half", lambda p: os.truncate(p, os.path.getsize(p) // 2))):
    c = Copy(killed)
    harm(os.path.join(c.state, "ledger.db-wal"))
    if os.path.exists(os.path.join(c.state, "ledger.db-shm")):
        os.unlink(os.path.join(c.state, "ledger.db-shm"))
    code, out = c.verify()
    ok(code == 1 and "to %d were removed, together with their heads" % SIZE_KILLED in out,
       "the write-ahead log " + what, out)
    runs, err = c.starts()
    ok(not runs and "facts were removed" in err, "and no ledger writes on there", err)
    shutil.rmtree(c.base)
ok(tool("verify", killed) == (0, ""), "as it was left it is whole", tool("verify", killed)[1])
forget(killed)

# damage that SQLite itself meets
c = Copy(master)
path = os.path.join(c.state, "ledger.db")
drop_wal(c.state)
with open(path, "r+b") as f:
    f.seek(4096 * 3)
    f.write(os.urandom(4096 * 4))
code, out = c.verify()
ok(code == 1 and "damaged" in out, "pages overwritten", out)
shutil.rmtree(c.base)
c = Copy(master)
with open(os.path.join(c.state, "ledger.db"), "r+b") as f:
    f.write(b"this is no database at all")
drop_wal(c.state)
runs, err = c.starts()
ok(not runs and "ledger.db" in err, "a file that is no database: a clear message", err)
ok(open(os.path.join(c.state, "ledger.db"), "rb").read(26) == b"this is no database at all",
   "and it is not overwritten")
shutil.rmtree(c.base)

# what verify-proof says to a stranger
VERIFY = os.path.join(BUILD, "verify-proof")
if os.path.exists(VERIFY):
    base = tempfile.mkdtemp(prefix="hinoban-test-")
    pub = os.path.join(master, "ledger.pub")

    def stranger(text, *args):
        name = os.path.join(base, "doc")
        with open(name, "w") as f:
            f.write(text)
        return subprocess.run([VERIFY, "--key", pub] + list(args) + [name], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT).returncode

    doc = tool("proof", master, 77)[1]
    ok(stranger(doc) == 0, "a proof of inclusion holds")
    for name in ("fact", "seq", "path", "head"):
        bad = json.loads(doc)
        bad[name] = {"fact": bad["fact"].replace("dir", "dir "), "seq": 78,
                     "path": bad["path"][:-1], "head": dict(bad["head"], size=bad["head"]["size"] + 1)}[name]
        ok(stranger(json.dumps(bad)) == 1, "not with another " + name)
    doc = tool("consistency", master, before, SIZE)[1]
    ok(stranger(doc) == 0, "a proof of consistency holds")
    bad = json.loads(doc)
    bad["from"], bad["to"] = dict(bad["to"]), dict(bad["to"])
    ok(stranger(json.dumps(bad)) == 1, "not with another head")
    ok(stranger("{]") == 2, "what is no document can't be checked")
    with open(os.path.join(base, "heads"), "w") as f:
        f.write(tool("head", master)[1])
    ok(stranger(tool("proof", master, 5)[1], "--head", os.path.join(base, "heads")) == 0,
       "a proof agrees with the heads of a witness")
    shutil.rmtree(base)

forget(master)
done()
