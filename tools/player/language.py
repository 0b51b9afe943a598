"""The language of plays: one statement a line, described in plays/README.md.

A pattern such as  customer buys TEXT with card WORD [x COUNT]  is made of words as they
stand, slots in capitals, and optional parts in brackets. A statement is read by the first
pattern that fits; where none fits, the fault tells how far the best one got and what it
expected there.
"""
import datetime
import re
from dataclasses import dataclass, field


class PlayFault(Exception):
    """FILE:LINE: what is wrong with the play itself."""


@dataclass
class Count:
    """How often, and how often with --fast."""
    full: int
    fast: int

    def of(self, fast):
        return self.fast if fast else self.full


@dataclass
class Statement:
    file: str
    line: int
    text: str
    pattern: str
    values: dict = field(default_factory=dict)

    @property
    def where(self):
        return f"{self.file}:{self.line}"


TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\["\\n])*)"|(#.*)|([^\s"#]\S*))')
SPAN = re.compile(r"(\d+)(ms|s|m|h|d)$")
SPAN_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
COUNT = re.compile(r"(\d+)(?:/(\d+))?$")
DAY = re.compile(r"\d{4}-\d\d-\d\d$")
HOUR = re.compile(r"\d\d:\d\d(?::\d\d)?$")
ZONE = re.compile(r"[+-]\d\d:\d\d$")
PATH = re.compile(r"[^/\x00][^\x00]*$")
MAX_COUNT = 100_000


@dataclass
class Token:
    text: str
    quoted: bool
    at: int  # column, from 0: for REST


def tokens(line):
    """The words and quoted texts of a line, up to its comment."""
    found, pos = [], 0
    while line[pos:].strip():
        m = TOKEN.match(line, pos)
        if not m:
            raise PlayFault("a text is opened by \" and not closed")
        if m.group(2) is not None:
            break
        quoted = m.group(1) is not None
        text = re.sub(r"\\(.)", lambda e: "\n" if e.group(1) == "n" else e.group(1), m.group(1)) if quoted else m.group(3)
        found.append(Token(text, quoted, m.start(1) - 1 if quoted else m.start(3)))
        pos = m.end()
    return found


def read_time(words):
    """A day, perhaps an hour, a zone: 2020-12-16 03:12 +09:00. Returns (datetime, words used)."""
    if not words or not DAY.match(words[0].text):
        return None
    used, text = 1, words[0].text
    if len(words) > 1 and HOUR.match(words[1].text):
        used, text = 2, text + "T" + words[1].text
    if len(words) <= used or not ZONE.match(words[used].text):
        return None
    try:
        return datetime.datetime.fromisoformat(text + ("" if "T" in text else "T00:00") + words[used].text), used + 1
    except ValueError:
        return None


def read_slot(kind, words):
    """(value, how many words) for the slot at the head of words, or None."""
    if not words:
        return None
    first = words[0].text
    if kind == "TIME":
        return read_time(words)
    if kind == "TEXT":
        return first, 1
    if words[0].quoted and kind != "PATH":
        return None
    if kind == "SPAN":
        m = SPAN.match(first)
        return (int(m.group(1)) * SPAN_SECONDS[m.group(2)], 1) if m else None
    if kind == "COUNT":
        m = COUNT.match(first)
        numbers = m and (int(m.group(1)), int(m.group(2) or m.group(1)))
        return (Count(*numbers), 1) if m and 0 < max(numbers) <= MAX_COUNT else None
    if kind == "NUMBER":
        return (int(first), 1) if re.match(r"\d{1,9}$", first) else None
    if kind == "PATH":
        return (first, 1) if PATH.match(first) and ".." not in first.split("/") else None
    return first, 1  # WORD


def pattern_parts(pattern):
    """[(optional, [words])]: the pattern cut at its brackets."""
    return [(part.startswith("["), part.strip("[] ").split())
            for part in re.findall(r"\[[^\]]*\]|[^\[\]]+", pattern) if part.strip()]


def match_words(wanted, words, line, values):
    """How many words the part takes, or (None, how far it got, what it expected)."""
    used = 0
    for want in wanted:
        rest = words[used:]
        kind, _, name = want.partition(":")
        if kind == "REST":
            if not rest:
                return None, used, "some text"
            values[name or "rest"] = line[rest[0].at:].rstrip()
            return len(words), 0, ""
        if kind.isupper() and kind.isalpha():
            read = read_slot(kind, rest)
            if read is None:
                return None, used, SLOT_WORDS[kind]
            values[name or kind.lower()] = read[0]
            used += read[1]
        elif rest and not rest[0].quoted and rest[0].text == want:
            used += 1
        else:
            return None, used, f"'{want}'"
    return used, 0, ""


SLOT_WORDS = {"TIME": "a time such as 2020-12-16 03:12 +09:00", "TEXT": "a text", "SPAN": "a span such as 2s",
              "COUNT": "a count such as 20 or 1000/50", "NUMBER": "a number", "WORD": "a word",
              "PATH": "a path below the shop's folder"}


def match(pattern, words, line):
    """The values, or (None, how many words fit, what was expected next)."""
    values, used = {}, 0
    expected = "the end of the line"
    for optional, wanted in pattern_parts(pattern):
        fresh = {}
        took, got, missing = match_words(wanted, words[used:], line, fresh)
        if took is not None:
            used += took
            values.update(fresh)
        elif not optional:
            return None, used + got, missing
        elif got:  # an optional part that was begun must be finished
            return None, used + got, missing
        else:
            expected = f"{missing} or the end of the line"
    if used < len(words):
        return None, used, expected
    return values, used, ""


def read_line(line, patterns):
    """(pattern, values) of one line, or None for an empty one."""
    words = tokens(line)
    if not words:
        return None
    best, hopes = -1, []
    for pattern in patterns:
        values, used, missing = match(pattern, words, line)
        if values is not None:
            return pattern, values
        if used > best:
            best, hopes = used, []
        if used == best and missing not in hopes:
            hopes.append(missing)
    after = " ".join(w.text for w in words[:best])
    found = f"found '{words[best].text}'" if best < len(words) else "the line ends"
    raise PlayFault(f"{'after `' + after + '` ' if after else ''}{found}; expected {', '.join(hopes[:8])}")


def read_play(text, name, patterns):
    """All statements of a play. Raises PlayFault with FILE:LINE."""
    statements = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            read = read_line(line, patterns)
        except PlayFault as fault:
            raise PlayFault(f"{name}:{number}: {fault}") from None
        if read:
            statements.append(Statement(name, number, line.strip(), *read))
    if not statements:
        raise PlayFault(f"{name}:1: a play without a statement")
    return statements
