#!/usr/bin/env python3
"""The reader as a process: what it answers, to what, and what ends it. role.py BUILD"""
import base64, gzip, hashlib, os, subprocess, sys, tempfile, zlib
sys.path.insert(0, os.path.dirname(__file__))
from reader import Gone, Reader, TYPE

failed = count = 0


def ok(good, what, told=''):
    global failed, count
    count += 1
    failed += not good
    print(('ok' if good else 'not ok') + ' - ' + what)
    if not good and told:
        print('#', str(told)[:500])


def write(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, 'wb') as f:
        f.write(content)
    return path


def files(reader, folder):
    content = b'<?php eval($_POST[1]);'
    path = write(folder, 'a.php', content)
    got = reader.look(path)
    want = {'hash': hashlib.sha256(content).hexdigest(), 'size': len(content), 'kind': 'php',
            'features': {'php_code': 1, 'eval_code': 1, 'request_read': 1, 'request_run': 1}}
    ok(got == want, 'LOOK: hash, size, kind, features', got)
    got = reader.look(path, kind='HASH')
    ok(got == {k: want[k] for k in ('hash', 'size')}, 'HASH: hash and size alone', got)
    got = reader.look(write(folder, 'empty', b''))
    ok(got['kind'] == 'empty' and got['hash'] == hashlib.sha256().hexdigest(), 'an empty file', got)
    big = os.urandom(1 << 16) * 150 + b'end'
    got = reader.look(write(folder, 'big.bin', big))
    ok(got['hash'] == hashlib.sha256(big).hexdigest() and got['size'] == len(big),
       'more than is looked at is hashed all the same', got)
    got = [reader.look(write(folder, 'a.gif', b'GIF89a' + bytes(size)), role=role, **more)['features'].get('unseen')
           for role, size, more in (('code', 100, {}), ('code', 100, {'look_max': 106}), ('code', 100, {'look_max': 105}),
                                    ('payment', 8 << 20, {}), ('config', (8 << 20) - 6, {}), ('uploads', 8 << 20, {}))]
    ok(got == [None, None, 1, 1, None, None], 'of code, what is not looked at whole is told as such', got)
    got = reader.look(path, max_bytes=10)
    ok(got == {'error': 'too large'}, 'max_bytes', got)


def brotli(content):
    """One meta-block that is not compressed, and an empty last one (RFC 7932, 9.2)."""
    return (len(content) - 1 << 4 | 1 << 20).to_bytes(3, 'little') + content + b'\3'


def zstd(content, *args):
    return subprocess.run(['zstd', '-q', '-c', *args], input=content, capture_output=True, check=True).stdout


def packed(reader, folder):
    """Packed copies are what is in them; of code what can't be unpacked whole passes for a program."""
    js = b"document.write('<p>' + location.hash);\n"
    digest = lambda content: hashlib.sha256(content).hexdigest()
    plain = reader.look(write(folder, 'p.js', js))
    skip_frame = b'\x50\x2a\x4d\x18\1\0\0\0x'
    for what, name, content, text in (
            ('gzip', 'p.js.gz', gzip.compress(js), js), ('brotli', 'p.js.br', brotli(js), js),
            ('zstd', 'p.js.zst', zstd(js), js), ('two members of gzip', 'p.js.gz', gzip.compress(js[:9]) + gzip.compress(js[9:]), js),
            ('frames of zstd', 'p.js.zst', zstd(js[:9]) + skip_frame + zstd(js[9:]), js)):
        got = reader.look(write(folder, name, content))
        ok(got == {**plain, 'hash': digest(content), 'size': len(content), 'unpacked': digest(text)},
           '%s: what stands in it, its hash, and that of the file' % what, got)
    got = reader.look(write(folder, 'p.css.gz', gzip.compress(b'a { color: red }')))
    ok(got['kind'] == 'text' and 'unpacked' in got and not got['features'], 'a style sheet is none', got)
    got = reader.look(write(folder, 'p.js.gz', b''))
    ok(got['kind'] == 'empty' and got['unpacked'] == digest(b'') and not got['features'], 'nothing is nothing', got)
    bomb = gzip.compress(bytes(9 << 20))
    wide = zstd(os.urandom(1 << 16) * 150, '--long=24', '--no-check')
    full = gzip.compress(b'x' * (8 << 20))
    bad = (('garbage behind gzip', 'p.js.gz', gzip.compress(js) + b'x'), ('garbage behind brotli', 'p.js.br', brotli(js) + b'\0'),
           ('garbage behind zstd', 'p.js.zst', zstd(js) + b'xxxx'), ('cut gzip', 'p.js.gz', gzip.compress(js)[:-1]),
           ('cut brotli', 'p.js.br', brotli(js)[:-1]), ('cut zstd', 'p.js.zst', zstd(js)[:-1]),
           ('a false sum', 'p.js.gz', gzip.compress(js)[:-8] + bytes(8)), ('no gzip', 'p.js.gz', js),
           ('zlib', 'p.js.gz', zlib.compress(js)), ('a window of 16 MiB', 'p.js.zst', wide), ('a bomb', 'p.js.gz', bomb))
    got = {what: reader.look(write(folder, name, content)) for what, name, content in bad}
    ok(all(g['features'].get('unseen') == 1 and 'unpacked' not in g for g in got.values()),
       'damaged, cut, too large: not looked at whole', [(k, g) for k, g in got.items() if g['features'].get('unseen') != 1])
    ok(not reader.look(write(folder, 'p.js.gz', full))['features'].get('unseen') and
       reader.look(os.path.join(folder, 'p.js.gz'), look_max=1 << 20)['features'].get('unseen') == 1, 'look_max bounds what comes out')
    got = [reader.look(write(folder, 'p.js.gz', c), role='uploads') for c in (gzip.compress(js), js, bomb)]
    ok([g['kind'] for g in got] == ['js', 'text', 'js'] and not any('unseen' in g['features'] for g in got), 'among uploads what can be looked at counts', got)
    got = reader.look(write(folder, 'p.sql.gz', gzip.compress(js)))
    ok(got['kind'] == 'archive' and 'unpacked' not in got, 'a dump is an archive', got)


def sparse(reader, folder):
    path = os.path.join(folder, 'sparse')
    with open(path, 'wb') as f:
        f.truncate(40 << 20)
        f.seek(20 << 20)
        f.write(b'island')
    want = hashlib.sha256()
    with open(path, 'rb') as f:
        for piece in iter(lambda: f.read(1 << 20), b''):
            want.update(piece)
    ok(reader.look(path, kind='HASH')['hash'] == want.hexdigest(), 'a sparse file')
    ok(reader.look(path)['hash'] == want.hexdigest(), 'a sparse file, looked at')


def huge(reader, folder):
    path, size = os.path.join(folder, 'huge'), 100 << 30
    islands = {0: b'first', 50 << 30: b'middle', (50 << 30) + 4096: bytes(9000), size - 3: b'end'}
    want = hashlib.sha256(size.to_bytes(8, 'little'))
    with open(path, 'wb') as f:
        f.truncate(size)
        for at, text in islands.items():
            f.seek(at)
            f.write(text)
            if text.strip(b'\0'):
                block, room = at & ~4095, min(4096, size - (at & ~4095))
                want.update(block.to_bytes(8, 'little'))
                want.update((bytes(at - block) + text).ljust(room, b'\0'))
    ok(reader.look(path, kind='HASH')['hash'] == want.hexdigest(), 'of 100 GB the blocks count that hold something')
    ok(reader.look(path)['hash'] == want.hexdigest(), 'and so when it is looked at')


def no_files(reader, folder):
    os.mkfifo(os.path.join(folder, 'fifo'))
    got = reader.look(os.path.join(folder, 'fifo'))
    ok(got == {'error': 'no regular file'}, 'a FIFO is refused, not waited for', got)
    ok('error' in reader.look('/dev/zero'), 'a device is refused')
    ok('error' in reader.look(folder), 'a directory is refused')
    ok('error' in reader.ask('LOOK', 'LOOKED', {'path': 'x'}, []), 'no descriptor')
    ok('error' in reader.ask('LOOK', 'LOOKED', b'{"path":', []), 'no JSON')


def diffs(reader):
    answer, text = reader.diff(b'a\nb\n', b'a\nc\n')
    ok(answer == {'added': 1, 'removed': 1, 'binary': False} and b'-b\n+c\n' in text, 'DIFF', answer)
    answer, text = reader.diff(b'a\0', b'b\n')
    ok(answer['binary'] and text == b'', 'DIFF of a binary', answer)
    zstd = subprocess.run(['zstd', '-q'], input=b'a\nb\n', stdout=subprocess.PIPE).stdout if \
        os.path.exists('/usr/bin/zstd') else b'\x28\xb5\x2f\xfd\x04\x58\x21\x00\x00a\nb\n\x94\x8c\x9e\x4f'
    answer, text = reader.diff(zstd, b'a\nc\n', packed=1)
    ok('error' in answer or b'-b\n+c\n' in text, 'DIFF of a packed version', answer)
    answer, _ = reader.diff(b'no zstd', b'a\n', packed=1)
    ok('error' in answer, 'DIFF of what only claims to be packed', answer)


def lines(reader):
    line = b'192.0.2.1 - - [24/Nov/2026:04:05:06 +0900] "GET /?c=4111111111111111 HTTP/1.1" 200 1 "-" "-"\n'
    got = reader.ask('LINES', 'LINED', {'format': 'combined', 'text': base64.b64encode(line * 2).decode()}, [])
    ok(len(got) == 2 and got[0]['url'] == '/?c=[card]', 'LINES', got)


def false_type(build):
    with Reader(build) as reader:
        try:
            reader.ask('FACT', 'LOOKED', {}, [])
            ok(False, 'a frame that is not for a reader ends it')
        except Gone as gone:
            ok(os.WEXITSTATUS(gone.args[0]) == 3, 'a frame that is not for a reader ends it', gone)


def main():
    build = sys.argv[1]
    with Reader(build) as reader, tempfile.TemporaryDirectory() as folder:
        files(reader, folder)
        packed(reader, folder)
        sparse(reader, folder)
        huge(reader, folder)
        no_files(reader, folder)
        diffs(reader)
        lines(reader)
    false_type(build)
    print(f'1..{count}')
    return failed > 0


sys.exit(main())
