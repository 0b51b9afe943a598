#!/usr/bin/env python3
"""The windows of a case about a page, from the facts that visits leave."""
import json
import os
import subprocess
import sys
import time

SOURCE = os.environ["HINOBAN_SOURCE"]
sys.path.insert(0, os.path.join(SOURCE, "tests", "ledger"))
from harness import BUILD, Ledger, Sender, done, finding, forget, new_state, ok, send, tool  # noqa: E402

state = new_state()
ledger = Ledger(state, "--control").ready()
visitor = Sender(ledger, "visitor")
judge = Sender(ledger, "judge")
heard = 0


def judged(**at):
    """Answer all pushes; "at<seq>" maps to the finding that the judge makes of this fact."""
    global heard
    while heard < int(tool("size", state)[1]):
        frame = judge.other.pop(0) if judge.other else judge.take(("PUSH",))
        heard = frame[1]
        draft = at.get("at%d" % heard)
        send(judge.sock, "JUDGED", heard, [draft] if draft else [])
        if draft:
            judge.other.append(judge.take(("PUSH",)))


def checked(page, valid=True, arm="card-a"):
    time.sleep(0.01)
    return visitor.fact({"kind": "sighting", "type": "page.checked", "page": page, "arm": arm, "record": 1,
                         "valid": valid, "us": 1})


def twins(page, *flows, valid=True):
    time.sleep(0.01)
    return visitor.fact({"kind": "sighting", "type": "page.twins", "page": page, "valid": valid, "flows": [
        {"to": to, "verdict": verdict, "party": "third", "channel": "fetch"} for to, verdict in flows]})


def about(kind, page, subject, seq, **more):
    return finding("%s %s" % (kind[5:], subject), [seq], kind, "page", "page:" + page,
                   page=page, subject=subject, **more)


def look(n):
    r = subprocess.run([os.path.join(BUILD, "hinoban"), "case", str(n), "--json", "--state", state],
                       env={"PATH": os.environ["PATH"], "HINOBAN_PROFILES": os.path.join(SOURCE, "profiles"),
                            "HINOBAN_CONFIG": "/nonexistent/hinoban.conf"}, stdout=subprocess.PIPE)
    return json.loads(r.stdout)


def fact(seq):
    return json.loads(tool("get", state, str(seq))[1])


EVIL = "evil.example/c"
checked("top")
good = twins("cart", ("pay.example/x", "independent"))
twins("top", ("pay.example/x", "independent"))
twins("cart", valid=False)
for arm in ("a", "a2", "b"):  # the visits of the comparison that finds it show nothing by themselves
    checked("cart", arm=arm)
bad = twins("cart", (EVIL, "flow"))
judged(**{"at%d" % bad: about("page.flow", "cart", EVIL, bad)})
case = look(1)
w = case["windows"]
ok(len(w) == 1 and w[0]["object"] == "cart" and w[0]["root"] == "" and w[0]["role"] == "", "a page is the object", case)
ok(w[0]["earliest"] == fact(good)["at"] and w[0]["refs"] == [good, bad],
   "last known good: the last comparison before in which the card did not go there", (w, fact(good)))
ok(w[0]["to"] is None and w[0]["end"] == "lasts" and "money" in case["traits"], "it lasts", case)
twins("cart", ("pay.example/x", "independent"), valid=False)
twins("top", ("pay.example/x", "independent"))
twins("cart", (EVIL, "undetermined"))
ok(look(1)["windows"][0]["to"] is None, "what can't be read, fails, or is another page ends nothing")
end = twins("cart", ("pay.example/x", "independent"), (EVIL, "independent"))
w = look(1)["windows"][0]
ok(w["to"] == fact(end)["at"] and w["end"] == "removed" and w["refs"] == [good, bad, end],
   "the comparison in which the card does not leave any more ends it", w)
form = checked("cart")
judged(**{"at%d" % form: about("page.form", "cart", "pay.example/form", form)})
script = checked("cart")
judged(**{"at%d" % script: about("page.script", "cart", "cdn.example/new.js", script)})
case = look(1)
ok(len(case["findings"]) == 3 and len(case["windows"]) == 2, "a form is a window of its own, a new script is none", case)
word = Sender(ledger, "desk").fact({"kind": "word", "type": "case.closed", "case": 1, "by": "taro", "reason": "x"})
ok(word > 0 and look(1)["state"] == "closed", "the desk may say that it is closed")
ok(tool("verify", state)[0] == 0, "the ledger is whole")
ledger.stop()
forget(state)
done()
