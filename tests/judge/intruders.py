#!/usr/bin/env python3
"""
What intruders write (payloads.py), put into each kind of place of a small shop, through the real
`hinoban check`: each is found, as grave as it is, and told in words that say what it does.
"""
import os
import re
import sys

os.environ.setdefault("HINOBAN_SOURCE", sys.argv[1])
os.environ.setdefault("HINOBAN_BUILD", sys.argv[2])
sys.path.insert(0, os.path.join(sys.argv[1], "tests", "face"))
import harness
import payloads as p
from harness import ok

GRADES = ["info", "low", "medium", "high", "critical"]

PHP_BEFORE = """<?php
/** Prices. */
class Price_%s
{
    private $rate = 1.1;

    public function of($item, $count)
    {
        return round($item->price * $count * $this->rate);
    }
}
"""
JS_BEFORE = ("(function($){var menu=$('.menu');menu.on('click',function(){menu.toggleClass('open');});"
             "})(jQuery);\n")
PAGE_BEFORE = ("<!DOCTYPE html>\n<html><head><title>{{ title }}</title></head><body><h1>Shop</h1>\n%s"
               "<p>Welcome</p></body></html>\n")

# In existing code these are noted as a change that deserves a look, no more: honest people
# write them, too.
MEDIUM = {"replace_e_built", "variable_static", "stream_wrapper", "made_writable", "sql_dump",
          "password_any", "adminer", "gateway_changed", "redirect", "script_behind_php",
          "script_template", "worker", "message_posted", "frame_over", "clipboard",
          "html_in_string", "frame_foreign", "object", "card_globals", "script_echoed_split",
          "card_spl"}
# The sentence tells less than there is.
SILENT = {"replace_e_built", "variable_static", "ffi", "com", "card_globals", "redirect"}
# Programs that the shop compiles into its cache do the same.
NOT_IN_CACHE = {
    "replace_e_built", "variable_static", "extract", "foreach_vars", "eval_global_hex",
    "eval_option", "eval_halt", "ld_preload", "no_letters", "stream_wrapper", "dropper_htaccess",
    "comes_back", "made_writable", "wp_admin", "sql_admin", "sql_member", "sql_dump",
    "password_any", "cloaking", "redirect", "adminer", "card_globals", "card_variable_name",
    "gateway_changed", "form_elsewhere", "script_echoed", "script_echoed_split",
    "script_behind_php", "card_spl", "card_cookie", "card_pixel", "card_database",
    "card_symfony", "card_ec_cube"}
NOT_IN_LOGS = {"redirect", "gateway_changed", "script_behind_php"}


class Place:
    """One file that is written, and what must be said about it."""

    def __init__(self, path, content, words="", least="high", sure=0.5):
        self.path, self.content, self.words = path, content, words
        self.least, self.sure = least, sure

    def wrong(self, f):
        if not f:
            return "not found"
        if GRADES.index(f["severity"]) < GRADES.index(self.least):
            return "severity " + f["severity"]
        if f["confidence"] < self.sure:
            return "confidence %s" % f["confidence"]
        if self.words and not re.search(self.words, f["why"]["en"]):
            return "says: " + f["why"]["en"]
        return "" if f["why"]["ja"] else "no Japanese"


def grade(name):
    return "medium" if name in MEDIUM else "high"


def words(name, rx):
    return "" if name in SILENT else rx


def php_places(name, code, rx):
    alone, w = "<?php\n" + code + "\n", words(name, rx)
    inside = (PHP_BEFORE % name).replace("<?php\n", "<?php\n" + code + "\n", 1)
    yield Place("lib/%s.php" % name, inside, w, grade(name))
    yield Place("payment/%s.php" % name, inside, w, "high", 0.7)
    yield Place("new/%s.php" % name, alone, w, "medium")
    yield Place("uploads/%s.php" % name, alone, w, "medium" if name in MEDIUM else "critical")
    if name not in NOT_IN_CACHE:
        yield Place("cache/%s.php" % name, alone)
    if name not in NOT_IN_LOGS:
        yield Place("logs/%s.php" % name, alone, "", grade(name))


def other_places():
    for name, (code, rx) in p.JS.items():
        yield Place("js/%s.js" % name, JS_BEFORE + code + "\n", words(name, rx), grade(name))
    for end in (".html", ".tpl", ".twig", ".phtml"):
        for name, (code, rx) in p.PAGE.items():
            yield Place("tpl/%s%s" % (name, end), PAGE_BEFORE % code, rx, grade(name))
    for end, templates in p.TEMPLATE.items():
        for name, (code, rx) in templates.items():
            yield Place("tpl/%s%s" % (name, end), PAGE_BEFORE % code, "template run")
    for name, (content, least) in p.UPLOADS.items():
        yield Place("uploads/" + name, content, "", least, 0.35)


def before(path):
    """What stands in a place before the intruder comes, or None."""
    if path.startswith(("lib/", "payment/")):
        return PHP_BEFORE % os.path.basename(path)[:-4]
    if path.startswith("js/"):
        return JS_BEFORE
    return PAGE_BEFORE % "" if path.startswith("tpl/") else None


def findings(shop):
    return {f["path"]: f for f in shop.run("findings", "--json").lines()}


def same_again(shop):
    """The ledger's facts give the same findings once more."""
    r = shop.run("judge", "--replay", timeout=300)
    ok(r.code == 0, "judge --replay: the same facts give the same findings", r)


def main():
    places = [q for name, (code, rx) in p.PHP.items() for q in php_places(name, code, rx)]
    places += list(other_places())
    shop = harness.Shop({q.path: before(q.path) for q in places if before(q.path)})
    for folder in ("uploads", "cache", "logs"):
        os.makedirs(shop.path(folder), exist_ok=True)
    r = shop.run("init", shop.dir, "--config", shop.config, "--state", shop.state, "--yes")
    ok(r.code == 0, "init", r)
    shop.run("check")
    found = findings(shop)
    ok(not found, "nothing to find before", "\n".join(found))
    for q in places:
        shop.write(q.path, q.content)
    for name, content in p.QUIET_UPLOADS.items():
        shop.write("uploads/quiet/" + name, content)
    shop.run("check", timeout=300)
    found = findings(shop)
    for q in places:
        wrong = q.wrong(found.get(q.path))
        ok(not wrong, "%s is found" % q.path, wrong)
    quiet = [path for path in found if path.startswith("uploads/quiet/")]
    ok(not quiet, "honest files that look a little like it are no alarm",
       "\n".join("%s %s" % (path, found[path]["signs"]) for path in quiet))
    same_again(shop)
    shop.done()
    harness.end()


main()
