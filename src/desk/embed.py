#!/usr/bin/env python3
"""Write a C file that holds the console's assets: embed.py OUT.c FILE..."""
import hashlib
import os
import sys

MIME = {
    '.html': 'text/html; charset=utf-8',
    '.css': 'text/css; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.svg': 'image/svg+xml',
}


def rows(data):
    for at in range(0, len(data), 16):
        yield '\t' + ' '.join('0x%02x,' % b for b in data[at:at + 16]) + '\n'


def main(out, files):
    table = []
    with open(out, 'w', encoding='ascii') as c:
        c.write('/* Made by embed.py; do not edit. */\n#include "desk/assets.h"\n\n')
        for i, path in enumerate(sorted(files, key=os.path.basename)):
            with open(path, 'rb') as f:
                data = f.read()
            name = os.path.basename(path)
            tag = hashlib.sha256(data).hexdigest()[:16]
            c.write('static const uint8_t bytes%d[] = {\n' % i)
            c.writelines(rows(data))
            c.write('};\n')
            table.append('\t{"%s", "%s", "\\"%s\\"", bytes%d, sizeof(bytes%d)},\n' %
                         (name, MIME[os.path.splitext(name)[1]], tag, i, i))
        c.write('\nconst struct asset assets[] = {\n')
        c.writelines(table)
        c.write('};\nconst size_t asset_count = sizeof(assets) / sizeof(assets[0]);\n')


main(sys.argv[1], sys.argv[2:])
