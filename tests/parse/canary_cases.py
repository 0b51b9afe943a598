#!/usr/bin/env python3
"""Writes canary_cases.h: what left a page, in every way to write a card number, for two cards
that differ in their middle digits only. Made by another language's encoders, so that the
decoder does not prove itself. Run it again after adding a case; the header is committed."""
import base64
import codecs
import gzip
import json
import os
import random
import zlib

A, B = "4111113520081117", "4111113550011117"


def xor(data, key):
    return bytes(c ^ key[i % len(key)] for i, c in enumerate(data))


def base36(n):
    out = ""
    while n:
        out, n = "0123456789abcdefghijklmnopqrstuvwxyz"[n % 36] + out, n // 36
    return out


def b64(data):
    return base64.b64encode(data).decode()


def rot(text, by):
    turn = lambda c, base: chr((ord(c) - base + by) % 26 + base)
    return "".join(turn(c, 65) if c.isupper() else turn(c, 97) if c.islower() else c for c in text)


def deflate(data):
    co = zlib.compressobj(wbits=-15)
    return co.compress(data) + co.flush()


def cases(n):
    """(name, chain as told or None, parts) for the card n."""
    p = n.encode()
    four = [n[i:i + 4] for i in range(0, 16, 4)]
    yield "plain", "plain", ["card=" + n]
    yield "grouped", "plain", ['{"n":"' + " ".join(four) + '"}']
    yield "percent", "url", ["d=" + "".join("%%%02x" % b for b in p)]
    yield "base64 in a query", "base64", ["/i.gif?d=" + b64(p)]
    yield "base64 at alignment 1", "base64", ["/i.gif?d=" + b64(b"k=" + p + b"&x")]
    yield "base64 at alignment 2", "base64", ["/i.gif?d=" + b64(b"kk=" + p + b"&x")]
    yield "base64 glued to a salt", None, ["d=Qz9" + b64(p)]
    yield "base64url in JSON", "base64", ['{"p":"' + base64.urlsafe_b64encode(
        b'{"number":"' + p + b'","cvc":"123"}').decode() + '"}']
    yield "base64 twice", "base64 > base64", ["x=" + b64(b64(b"n=" + p).encode())]
    yield "base64 thrice", None, ["x=" + b64(b64(b64(b"n=" + p).encode()).encode())]
    yield "hex", "hex", ["x=" + p.hex()]
    yield "hex in upper case, odd start", None, ["xA=" + p.hex().upper()]
    yield "hex pairs", None, [" ".join("%02x" % b for b in p)]
    yield "0x list", None, ["[" + ",".join("0x%02x" % b for b in p) + "]"]
    yield "reversed", "reversed", ["q=" + n[::-1]]
    yield "reversed base64", None, ["q=" + b64(p)[::-1]]
    yield "base64 of reversed", None, ["q=" + b64(p[::-1])]
    yield "split over fields", "pieces", ["a=%s&b=%s&c=%s&d=%s" % tuple(four)]
    yield "split over numbered fields", "pieces", ["p0=%s&p1=%s&p2=%s&p3=%s" % tuple(four)]
    yield "shuffled", "pieces", ["p3=%s&p1=%s&p0=%s&p2=%s" % (four[3], four[1], four[0], four[2])]
    yield "split over two requests", None, ["/a?x=" + n[:8], "/b?y=" + n[8:]]
    yield "a frame per key", None, ['{"k":"%s","i":%d}' % (d, i) for i, d in enumerate(n)]
    yield "a frame per key in base64", None, [b64(d.encode()) for d in n]
    yield "growing frames", "plain", [n[:i] for i in range(1, 17)]
    yield "escapes", "escapes", ['{"n":"' + "".join("\\u%04x" % b for b in p) + '"}']
    yield "JSON in JSON", "plain", [json.dumps({"a": json.dumps({"n": n})})]
    yield "short escapes", None, ["".join("\\x%02x" % b for b in p)]
    yield "entities", None, ["".join("&#%d;" % b for b in p)]
    yield "gzip", "deflate", [gzip.compress(b'{"card":"' + p + b'"}', mtime=0)]
    yield "zlib in base64", "base64 > deflate", ["d=" + b64(zlib.compress(b"card=" + p + b"&name=TARO"))]
    yield "raw deflate in base64", None, ["d=" + b64(deflate(b"card=" + p + b"&name=TARO"))]
    yield "xor", "xor", [b"v=" + xor(p, b"\x5a")]
    yield "xor with a key of four", None, [xor(b"n=" + p, b"k3y!")]
    yield "xor with a key of eight", None, [xor(b"n=" + p, b"password")]
    yield "xor in base64", "base64 > xor", ["d=" + b64(xor(b"card=" + p, b"Q"))]
    yield "xor in hex", None, ["d=" + xor(b"card=" + p, b"\x17").hex()]
    yield "xor of base64", None, [xor(b64(p).encode(), b"\x21")]
    yield "added constant", "rot", [bytes(b + 13 for b in p)]
    yield "added constant in base64", None, ["d=" + b64(bytes((b + 200) % 256 for b in p))]
    yield "shifted digits", "digits shifted", ["v=" + "".join(str((int(d) + 3) % 10) for d in n)]
    yield "complement", "9's complement", ["v=" + "".join(str(9 - int(d)) for d in n)]
    yield "complement as numbers", None, ['{"v":[%s]}' % ",".join(str(9 - int(d)) for d in n)]
    yield "complement in base64", None, ["d=" + b64(b"v=" + bytes(57 - b + 48 for b in p))]
    yield "rot13 of base64", None, ["d=" + codecs.encode(b64(b"n=" + p), "rot13")]
    yield "rot7 of base64", None, ["d=" + rot(b64(p), 7)]
    yield "base36", "base36", ["x=" + base36(int(n))]
    yield "base36 in halves", "pieces > base36", ["/a?x=" + base36(int(n[:8])), "/b?y=" + base36(int(n[8:]))]
    yield "number in hex", None, ["x=" + hex(int(n))[2:]]
    yield "codes", "codes", ["[" + ",".join(str(b) for b in p) + "]"]
    yield "codes glued", "codes", ["".join(str(b) for b in p)]
    yield "codes with dashes in base64", None, ["d=" + b64("-".join(str(b) for b in p).encode())]
    yield "codes xored", None, ["[" + ",".join(str(b ^ 7) for b in p) + "]"]
    yield "utf16", None, [n.encode("utf-16le")]
    yield "utf16 in base64", None, ["d=" + b64(n.encode("utf-16le"))]
    yield "percent in base64 in escapes", None, ['{"a":"' + "".join(
        "\\u%04x" % b for b in b64("".join("%%%02X" % b for b in p).encode()).encode()) + '"}']
    yield "gzip in base64 backwards", None, ["d=" + b64(gzip.compress(b"card=" + p, mtime=0))[::-1]]
    yield "part of a host's name", None, ["https://" + p.hex() + ".collect.test/"]


def honest():
    """(name, content) that carries no card."""
    rnd = random.Random(5)
    yield "page view", "v=1&t=pageview&dl=https%3A%2F%2Fshop.test%2Fcheckout"
    yield "the other card", "card=" + B
    yield "BIN and last four", "bin=41111135&last4=1117"
    yield "masked", "card=41111135****1117"
    yield "a long random token", b64(rnd.randbytes(600))
    yield "numbers", "t=1700000000123&cid=1234567890.1234567890&z=98765432"
    yield "prices", ",".join(str(rnd.randrange(100, 99999)) for _ in range(300))
    yield "AES with a random key", b64(rnd.randbytes(64))
    yield "binary", rnd.randbytes(5000)


def literal(part):
    data = part if isinstance(part, bytes) else part.encode()
    quoted = "".join(chr(c) if 32 <= c <= 126 and c not in (34, 92, 63) else "\\%03o" % c for c in data)
    return 'PART("' + quoted + '")'


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    out = ["/* Written by canary_cases.py. */", '#define CARD       "%s"' % A, '#define OTHER_CARD "%s"' % B, ""]
    for name, n in (("found", A), ("found_other", B)):
        out.append("static const struct found %s[] = {" % name)
        for what, chain, parts in cases(n):
            out.append('\t{"%s", %s, %d, {%s}},' % (
                what, '"%s"' % chain if chain else "NULL", len(parts), ", ".join(map(literal, parts))))
        out.append("};")
    out.append("static const struct part not_found[] = {")
    for what, content in honest():
        out.append("\t%s, /* %s */" % (literal(content), what))
    out.append("};")
    with open(os.path.join(here, "canary_cases.h"), "w", encoding="ascii") as f:
        f.write("\n".join(out) + "\n")


main()
