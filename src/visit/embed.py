#!/usr/bin/env python3
"""Write a C file that holds scripts for the browser: embed.py OUT.c FILE.js..."""
import os
import sys

with open(sys.argv[1], "w", encoding="ascii") as c:
    c.write('/* Made by embed.py; do not edit. */\n#include "visit/scripts.h"\n')
    for path in sys.argv[2:]:
        name = os.path.basename(path).replace(".", "_")
        with open(path, "rb") as f:
            data = f.read()
        c.write("\nconst uint8_t %s[] = {\n" % name)
        for at in range(0, len(data), 16):
            c.write("\t" + " ".join("0x%02x," % b for b in data[at:at + 16]) + "\n")
        c.write("};\nconst size_t %s_bytes = sizeof(%s);\n" % (name, name))
