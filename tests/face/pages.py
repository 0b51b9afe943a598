#!/usr/bin/env python3
"""Manual pages and completion against the programs: each names what the other has."""
import json
import os
import re
import shutil
import subprocess

from harness import BUILD, SOURCE, end, ok, run


def page(name):
    with open(os.path.join(SOURCE, "doc", name), encoding="utf-8") as f:
        return f.read()


def words(*args):
    return [line.split() for line in run("completion", *args).out.decode().splitlines()]


def facts():
    text = page("hinoban.facts.7")
    table = {w[0]: (w[1], w[2:]) for w in words("fields")}
    told = {m[1]: m[2] for m in re.finditer(r"^\.It Sy ([a-z.]+) Pq (\w+)$", text, re.M)}
    ok(set(told) == set(table), "every type is in hinoban.facts(7), and no other",
       set(told) ^ set(table))
    ok(all(told.get(t) == k for t, (k, _) in table.items()), "each with its kind")
    blocks = dict(re.findall(r"^\.It Sy ([a-z.]+) Pq \w+$(.*?)(?=^\.It Sy|^\.Ss)", text,
                             re.M | re.S))
    for t, (_, fields) in sorted(table.items()):
        like = re.search(r"Fields as in\s+\.Sy ([a-z.]+[a-z])", blocks.get(t, ""))
        source = like[1] if like else t
        own = blocks.get(t, "") if like else ""  # and fields of its own besides
        has = re.findall(r"^\.It Va (\w+)( Pq optional)?$", blocks.get(source, "") + own, re.M)
        ok({n for n, optional in has if not optional} == set(fields),
           t + ": its required fields, and no others", (has, fields))
    features = {w[0] for w in words("features")}
    told = set(re.findall(r"^\.It Va (\w+) Pq (?:count|measure|strong)$", text, re.M))
    ok(told == features, "every feature is in hinoban.facts(7), and no other", told ^ features)


def commands(name):
    text = page(name)
    told = re.findall(r"^\.It Cm (\w+)", text, re.M)
    ok(sorted(told) == sorted(w[0] for w in words("commands")), name + " has every command", told)
    everywhere = {"config", "state", "lang", "help"}
    blocks = re.split(r"^\.It Cm ", text, flags=re.M)[1:]
    for b in blocks:
        c = b.split()[0]
        has = set(re.findall(r"^\.It .*Fl \\-([a-z-]+)", b, re.M)) - everywhere
        want = {w[0][2:] for w in words("options", c)} - everywhere
        ok(has == want, "%s: the options of %s" % (name, c), has ^ want)


LITERAL = r'"(?:[^"\\]|\\.)*"'


def c_text(source):
    """Adjacent string literals of C, as one text."""
    return "".join(json.loads(x) for x in re.findall(LITERAL, source))


def settings():
    """hinoban.conf(5) against the table of keys: each key and its default."""
    with open(os.path.join(SOURCE, "src", "conf", "keys.c"), encoding="utf-8") as f:
        source = f.read()
    macros = dict(re.findall(r"^#define (\w+) ((?:.*\\\n)*.*)$", source, re.M))
    table = source[source.index("keys_table[]"):source.index("keys_count")]
    keys = re.findall(r'^    \{"(\w*)", "(\w+)", WANT_(.*?)(?=^    \{"|\Z)', table, re.M | re.S)
    blocks = dict(zip(*[iter(re.split(r"^\.SH (.*)$", page("hinoban.conf.5").replace("\\(dq", '"'), flags=re.M)[1:])] * 2))
    for section, key, row in keys:
        block = blocks.get('"[%s]"' % section if section else '"ABOVE THE FIRST SECTION"', "")
        about = re.search(r"^\.B %s$(.*?)(?=^\.TP|\Z)" % key, block, re.M | re.S)
        default = re.search(r"\.otherwise = (\w+|(?:%s\s*)+)" % LITERAL, row)
        want = default and c_text(macros.get(default[1], default[1]))
        said = about and re.search(r"Default: (.*?)\Z", about[1].strip(), re.S)
        said = said and " ".join(said[1].split())
        ok(about and said == want, "hinoban.conf(5): %s.%s and its default" % (section, key),
           (want, said))
    ok(len(keys) > 15, "all keys were looked for", keys)


def lint(name):
    r = subprocess.run(["mandoc", "-Tlint", "-W", "warning", os.path.join(SOURCE, "doc", name)],
                       capture_output=True, text=True)
    said = [x for x in r.stdout.splitlines() if "mandoc.db" not in x]
    ok(not said, "mandoc has nothing against " + name, "\n".join(said))


def complete(line):
    script = ("source %s/packaging/completion/hinoban; COMP_WORDS=(%s); COMP_CWORD=$((${#COMP_WORDS"
              "[@]} - 1)); _hinoban; printf '%%s\\n' \"${COMPREPLY[@]}\"" % (SOURCE, line))
    env = {"PATH": BUILD + ":" + os.environ["PATH"]}
    r = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=env)
    return r.stdout.split()


facts()
commands("hinoban.1")
commands("ja/hinoban.1")
settings()
if shutil.which("mandoc"):
    for name in ("hinoban.1", "ja/hinoban.1", "verify-proof.1", "hinoban.facts.7", "hinoband.8"):
        lint(name)
ok("status" in complete("hinoban st"), "completion of a command", complete("hinoban st"))
ok("--since" in complete("hinoban log --s"), "completion of an option")
ok("file.changed" in complete("hinoban log --type file.ch"), "completion of a type")
ok(complete("hinoban --lang ''") == ["ja", "en"], "completion of a language")
end()
