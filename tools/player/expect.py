"""What a play expects: one function a statement. Each returns what it measured, or raises Unmet."""
import base64
import datetime
import json
import os
import time

import imitations
import siege
from actors import orders_in_shop, places
from stage import fact_us

POLL_S = 0.02
PATIENCE_S = 10  # where a play names no time


class Unmet(Exception):
    """What was expected did not come; says what came instead."""


def span_text(us):
    if us < 1_000_000:
        return f"{us / 1000:.0f} ms"
    return f"{us / 1e6:.2f} s" if us < 60_000_000 else str(datetime.timedelta(microseconds=us))


def related(cast, finding):
    """Changes and requests that belong to a finding: its refs, and what refers to those."""
    facts = cast.stage.facts("--path", finding["path"])
    refs = set(finding.get("refs", []))
    changes = [f for f in facts if f["type"] == "file.changed" and f["seq"] in refs]
    seqs = refs | {f["seq"] for f in changes}
    requests = [f for f in facts if f["type"] == "file.request" and (f["seq"] in seqs or seqs & set(f.get("refs", [])))]
    return changes, requests


def differs(cast, finding, severity, request, by):
    """Why this finding is not yet the expected one, or None."""
    if severity and finding["severity"] != severity:
        return f"its severity is {finding['severity']}"
    changes, requests = related(cast, finding) if request or by else ([], [])
    said = [f"{r['request']['method']} {r['request']['url']}" for r in requests]
    if request and not any(s.startswith(request) for s in said):
        return f"its request is {' or '.join(said) or 'not known'}"
    who = [c.get("who", {}).get("exe", "") for c in changes]
    if by and not any(by in exe for exe in who):
        return f"its process is {' or '.join(w for w in who if w) or 'not known'}"
    return None


def finding(cast, type, path, within=None, severity=None, request=None, by=None):
    """The first finding counts for the latency; a later one may add the request."""
    until = time.monotonic() + (within or PATIENCE_S)
    why, first = f"there is no {type} on {path}", None
    while True:
        found = [f for f in cast.stage.facts("--kind", "finding", "--type", type) if f["path"] == path]
        found = [f for f in found if cast.deed_us is None or fact_us(f["at"]) >= cast.deed_us or "updates" in f]
        first = found[0] if found else None
        # Said again with the request once that is known: then only that one will do.
        for f in [f for f in found if not request or "request" in f]:
            why = differs(cast, f, severity, request, by)
            if why is None:
                cast.named.add((type, path))
                cast.last_finding = f["seq"]
                return found_text(cast, first, f)
        if request and found and "request" not in found[-1]:
            why = "its request is not known"
        if time.monotonic() > until:
            others = [f"{f['type']} on {f['path']}" for f in cast.stage.facts("--kind", "finding")]
            raise Unmet(why + (f"; findings: {', '.join(others)}" if not first else ""))
        time.sleep(POLL_S)


def page_finding(cast, type, page, sign=None):
    """On a page, which is seen by visits and by reports: a deed shows when the next of them comes."""
    until, found = time.monotonic() + PATIENCE_S, []
    while time.monotonic() < until:
        found = [f for f in cast.stage.facts("--kind", "finding") if f.get("page") == page]
        fresh = [f for f in found if f["type"] == type and (cast.deed_us is None or fact_us(f["at"]) >= cast.deed_us)]
        right = [f for f in fresh if not sign or sign in f["signs"]]
        if right:
            cast.named.add((type, right[0]["path"]))
            cast.last_finding = right[0]["seq"]
            return f"{found_text(cast, right[0], right[0])}: {right[0]['why']['en']}"
        time.sleep(POLL_S)
    raise Unmet(f"there is none; on this page: {', '.join(f['type'] + ' ' + ' '.join(f['signs']) for f in found) or 'nothing'}")


def cards_elsewhere(cast, number):
    """What the altered script of the vendor sent: it worked, and no more than that left."""
    came = cast.stage.sites.dropped()
    if came != number:
        raise Unmet(f"{came} came there")


def found_text(cast, first, last):
    if cast.deed_us:
        cast.latencies.append(fact_us(first["at"]) - cast.deed_us)
    late = f"found after {span_text(fact_us(first['at']) - cast.deed_us)}" if cast.deed_us else "found"
    more = f", with its request after {span_text(fact_us(last['at']) - cast.deed_us)}" if last is not first and cast.deed_us else ""
    return f"{late}{more}; {last['severity']}, sure {last['confidence']:.2f}"


def no_finding(cast, other=False):
    facts = cast.stage.settle()
    extra = [f"{f['type']} on {f['path']} ({f['why']['en']})" for f in cast.stage.facts("--kind", "finding")
             if not other or (f["type"], f["path"]) not in cast.named]
    if extra:
        raise Unmet(f"{len(extra)} findings: {'; '.join(extra[:5])}")
    return f"{facts} facts"


def no_other_finding(cast):
    return no_finding(cast, other=True)


def open_findings(cast, number):
    cast.stage.settle()
    n = cast.stage.status().get("findings_open")
    if n != number:
        raise Unmet(f"{n} are open")


def closed(cast, path):
    cast.stage.settle()
    still = [f for f in (json.loads(s) for s in cast.stage.must("findings", "--json").splitlines()) if f["path"] == path]
    if still:
        raise Unmet(f"{still[0]['type']} on {path} is still open")


def since(cast, path, moment):
    """The first change that the ledger holds of this path since it was approved lies at this minute."""
    changes = [f for f in cast.stage.facts("--path", path, "--type", "file.changed")]
    if not changes:
        raise Unmet(f"the ledger holds no change of {path}")
    at = datetime.datetime.fromtimestamp(fact_us(changes[0]["at"]) / 1e6, moment.tzinfo)
    if not 0 <= (at - moment).total_seconds() < 60:
        raise Unmet(f"the first change of {path} is of {at:%Y-%m-%d %H:%M:%S %z}")
    return f"since {at:%Y-%m-%d %H:%M:%S.%f %z}, fact {changes[0]['seq']}"


def exit_code(cast, number):
    if cast.code != number:
        raise Unmet(f"it ended with {cast.code}: {cast.output.strip()[-300:]}")


def named(cast, text):
    """With what the play calls by name; other braces stay, for there is JSON."""
    for name, value in places(cast).items():
        text = text.replace("{" + name + "}", str(value))
    return text


def output_has(cast, text):
    text = named(cast, text)
    if text not in cast.output:
        raise Unmet(f"the output has it not: {cast.output.strip()[:300]}")


def output_lacks(cast, text):
    text = named(cast, text)
    if text in cast.output:
        raise Unmet("the output has it")


UNITS = {"entries": "件", "persons": "名"}


def counted(cast, number, unit, group, item="all"):
    """One figure of the operator's last count (hinoban scope --json)."""
    facts = [json.loads(line) for line in cast.output.splitlines() if line.startswith("{")]
    found = [f for f in facts if f.get("type") == "count.scope" and f["population"] == group and f["item"] == item and
             f["unit"] == UNITS.get(unit)]
    if len(found) != 1:
        raise Unmet(f"{len(found)} such figures: {cast.output.strip()[-300:]}")
    if found[0].get("n") != number:
        raise Unmet(f"it counted {found[0].get('n', (found[0].get('low'), found[0].get('high')))}")
    return f"fact {found[0].get('seq')}, {found[0]['us'] / 1e6:.2f} s"


def cards_copied(cast, path):
    """The imitation did its work: what hinoban found was no empty threat."""
    with open(os.path.join(cast.stage.shop_dir, path), "rb") as file:
        lines = file.read().split(b"\xff\xd9")[-1].splitlines()
    cards = sum(1 for line in lines if line and base64.b64decode(line, validate=True).startswith(b'["4'))
    if not cards:
        raise Unmet(f"no card data lie in {path}")
    return f"{cards} test cards in {path}"


def orders(cast, count):
    wanted, there = count.of(cast.stage.fast), orders_in_shop(cast)
    if there != wanted:
        raise Unmet(f"the shop has {there} orders")


def file_absent(cast, path):
    if os.path.lexists(os.path.join(cast.stage.shop_dir, path)):
        raise Unmet(f"{path} is there")


# --- a siege ---

def no_altered_response(cast):
    """Neither does a response bear the token of altered code, nor has such code run."""
    if cast.crowd.altered:
        when = [datetime.datetime.fromtimestamp(us / 1e6, datetime.timezone.utc).isoformat() for us, _ in cast.crowd.altered]
        raise Unmet(f"{len(when)} responses from {when[0]} to {when[-1]}, of {', '.join(sorted({p for _, p in cast.crowd.altered}))}")
    file_absent(cast, imitations.CANARY)
    return f"none of {cast.crowd.requests}"


def few_failed_requests(cast, number):
    if len(cast.crowd.failed) > number:
        first = "; ".join(f"{path} {status} {why}".strip() for _, path, status, why in cast.crowd.failed[:siege.ENOUGH_TOLD])
        raise Unmet(f"{len(cast.crowd.failed)} of {cast.crowd.requests}: {first}")
    return f"{len(cast.crowd.failed)} of {cast.crowd.requests}"


def some(what, of):
    names = ", ".join(str(x) for x in what[:siege.ENOUGH_TOLD])
    return f"{len(what)} of {len(of)}: {names}"


def every_attempt_recorded(cast):
    cast.stage.settle()
    told = list(siege.told(cast.stage.facts(), cast.attempts, "/" + cast.shell.lstrip("/")))
    silent = [t.attempt for t in told if not t.answers]
    if silent:
        raise Unmet("neither order nor refusal: " + some(silent, told))
    unknown = [t.attempt for t in told if not t.by_web]
    if unknown:
        raise Unmet("the process is not known: " + some(unknown, told))
    changed = [t for t in told if t.changed]
    lacks = [t.attempt for t in changed if not t.named]
    if lacks:
        raise Unmet("a change without a request: " + some(lacks, changed))
    right = [t for t in changed if t.request]
    if len(right) < len(changed) * siege.RIGHT_REQUEST:
        raise Unmet(f"only {len(right)} of {len(changed)} changes name the intruder's request")
    return (f"{len(told)} attempts, all with their process; {len(changed)} altered something, "
            f"{len(right)} of these name the intruder's request")


def every_version_kept(cast):
    landed = [a for a in cast.attempts if a.landed]
    kept = cast.stage.kept()
    seen = {(f.get("present") or {}).get("hash") for f in cast.stage.facts()}
    lost = [a for a in landed if a.landed not in kept]
    dropped = [a for a in lost if a.landed in seen]
    # What was put right before anybody could read it is told, not kept (SECURITY.md).
    if dropped or len(lost) > len(landed) * siege.UNSEEN_MOST:
        raise Unmet("not in the vault: " + some(dropped or lost, landed))
    return f"{len(landed) - len(lost)} of {len(landed)} altered versions; the others were gone before anybody read them"


def shop_as_approved(cast):
    cast.stage.settle()
    now = siege.code_of(cast.stage.shop_dir)
    wrong = sorted(p for p in {*now, *cast.approved} if now.get(p) != cast.approved.get(p))
    if wrong:
        raise Unmet(some(wrong, now))
    return f"{len(now)} files"


def compare(cast, begun, known, text):
    """How long it took in reality, beside the slowest finding of this play."""
    if not cast.latencies:
        raise Unmet("this play has found nothing yet")
    return f"in reality {(known - begun).days} days, then told by {text}; here at most {span_text(max(cast.latencies))}"


EXPECTATIONS = {
    "expect finding WORD:type on PATH [severity WORD:severity] [by WORD:by] [request TEXT:request] [within SPAN:within]": finding,
    "expect page finding WORD:type on WORD:page [as WORD:sign]": page_finding,
    "expect no finding": no_finding,
    "expect no other finding": no_other_finding,
    "expect open findings NUMBER": open_findings,
    "expect no open finding on PATH": closed,
    "expect tampered since TIME:moment on PATH": since,
    "expect exit NUMBER": exit_code,
    "expect counted NUMBER WORD:unit of WORD:group [item WORD:item]": counted,
    "expect output has TEXT": output_has,
    "expect output lacks TEXT": output_lacks,
    "expect cards copied to PATH": cards_copied,
    "expect NUMBER cards sent elsewhere": cards_elsewhere,
    "expect orders COUNT": orders,
    "expect no file PATH": file_absent,
    "expect no altered response": no_altered_response,
    "expect at most NUMBER failed requests": few_failed_requests,
    "expect every attempt recorded": every_attempt_recorded,
    "expect every altered version kept": every_version_kept,
    "expect shop as approved": shop_as_approved,
    "reality begun TIME:begun known TIME:known told by TEXT": compare,
}
