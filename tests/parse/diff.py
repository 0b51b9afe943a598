#!/usr/bin/env python3
"""The reader's diffs against patch(1) and diff(1), by the real program: diff.py BUILD"""
import os, random, subprocess, sys, tempfile
sys.path.insert(0, os.path.dirname(__file__))
from reader import Reader

ROUNDS = 150
failed = 0


def ok(good, what):
    global failed
    failed += not good
    print(('ok' if good else 'not ok') + ' - ' + what)


def random_text(rng):
    lines = [rng.choice(['a', 'b', 'c', 'd', '', '  x', 'long ' * 5]) for _ in range(rng.randrange(0, 40))]
    return lines


def altered(rng, lines):
    lines = list(lines)
    for _ in range(rng.randrange(0, 8)):
        at = rng.randrange(0, len(lines) + 1)
        if rng.random() < 0.5 and at < len(lines):
            del lines[at:at + rng.randrange(1, 4)]
        else:
            lines[at:at] = [rng.choice(['a', 'b', 'new', '']) for _ in range(rng.randrange(1, 4))]
    return lines


def to_bytes(rng, lines):
    return ('\n'.join(lines) + ('\n' if lines and rng.random() < 0.8 else '')).encode()


def patched(folder, before, diff):
    path = os.path.join(folder, 'x')
    with open(path, 'wb') as f:
        f.write(before)
    if diff:
        subprocess.run(['patch', '--quiet', '--force', '--no-backup-if-mismatch', '-u', path],
                       input=diff, check=True, stdout=subprocess.PIPE)
    if not os.path.exists(path):  # patch removes a file that becomes empty
        return b''
    with open(path, 'rb') as f:
        return f.read()


def edits(before, after, folder):
    """How many lines diff(1) finds added and removed at least."""
    for name, text in (('p', before), ('q', after)):
        with open(os.path.join(folder, name), 'wb') as f:
            f.write(text)
    out = subprocess.run(['diff', '--minimal', '-u', os.path.join(folder, 'p'), os.path.join(folder, 'q')],
                         stdout=subprocess.PIPE).stdout.split(b'\n')[2:]
    return sum(line[:1] in (b'+', b'-') for line in out)


def main():
    rng = random.Random(8610)
    wrong, longer = [], []
    with Reader(sys.argv[1]) as reader, tempfile.TemporaryDirectory() as folder:
        for n in range(ROUNDS):
            lines = random_text(rng)
            before, after = to_bytes(rng, lines), to_bytes(rng, altered(rng, lines))
            answer, diff = reader.diff(before, after, context=n % 5)
            if patched(folder, before, diff) != after:
                wrong.append((before, after))
            if answer['added'] + answer['removed'] > edits(before, after, folder):
                longer.append((before, after))
        ok(not wrong, f'patch makes the new text of the old one, {ROUNDS} times')
        ok(not longer, 'no diff is longer than the shortest')
        for pair in (wrong + longer)[:3]:
            print('#', pair)
    print(f'1..2')
    return failed > 0


sys.exit(main())
