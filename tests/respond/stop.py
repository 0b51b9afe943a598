#!/usr/bin/env python3
"""Payment is stopped and opened again under Debian's nginx and Apache, which include the snippet once and
are never reloaded; and the bundled shop closes itself by its own flag."""
import http.client
import os
import re
import shutil
import subprocess

from held import SOURCE, Held, end, ok, skip, wait_for
from harness import free_port
from webserver import NGINX_HEAD, launch, temp_folders

REASON = ("--reason", "a test")
MODULES = "/usr/lib/apache2/modules"
FILES = {"index.html": "the shop", "checkout/index.html": "card number, please", "tea/index.html": "tea",
         "lib/boot.php": "<?php\n", "payment/CardPayment.php": "<?php\n"}

NGINX = NGINX_HEAD + """    default_type text/html;
    server {{
        listen 127.0.0.1:{port};
        root {shop};
        index index.html;
        include {snippet};
        location / {{ try_files $uri $uri/ =404; }}
    }}
}}
"""

APACHE = """ServerRoot {base}
ServerName shop.example
PidFile {base}/apache.pid
DefaultRuntimeDir {base}
ErrorLog {base}/apache.log
Listen 127.0.0.1:{port}
User www-data
Group www-data
LoadModule mpm_prefork_module {modules}/mod_mpm_prefork.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule mime_module {modules}/mod_mime.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule alias_module {modules}/mod_alias.so
LoadModule headers_module {modules}/mod_headers.so
TypesConfig /etc/mime.types
<VirtualHost *:{port}>
DocumentRoot {shop}
DirectoryIndex index.html
Include {snippet}
</VirtualHost>
"""


def get(port, path):
    """Status, headers, text; 0 while nobody answers."""
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        c.request("GET", path)
        r = c.getresponse()
        return r.status, dict(r.getheaders()), r.read().decode("utf-8", "replace")
    except OSError:
        return 0, {}, ""
    finally:
        c.close()


def notice_is_fit(what, answer, ja="お支払いの受付を一時停止しております", en="Payment is paused"):
    status, headers, text = answer
    japanese = re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), text)
    ok(status == 503 and headers.get("Retry-After") == "3600", what + ": 503 with Retry-After", answer)
    ok(ja in japanese and en in text,
       what + ": a notice in Japanese and English", japanese)
    ok(headers.get("Cache-Control") == "no-store" and headers.get("Content-Type", "").startswith("text/html"),
       what + ": a page that no cache keeps", headers)
    ok("card number" not in text, what + ": and nothing of the payment page")


def play(s, what, port):
    good = get(port, "/checkout/")
    ok(good[0] == 200 and "card number" in good[2] and "Retry-After" not in good[1], what + ": open at first", good)
    r = s.run("contain", "stop-payment", "--json", *REASON)
    ok(r.code == 0, what + ": stop-payment", r)
    notice_is_fit(what, get(port, "/checkout/"))
    for path in ("/cart", "/order?id=1", "/index.html/../checkout/"):
        ok(get(port, path)[0] == 503, what + ": so is " + path, get(port, path))
    ok(get(port, "/tea/")[0] == 200 and get(port, "/")[0] == 200, what + ": the rest of the shop sells tea")
    ok(get(port, "/nothing")[0] == 404, what + ": and what is not there is not there")
    word = s.run("show", str(r.lines()[0]["order"]), "--json").lines()[0]["word"]
    r = s.run("lift", str(word), *REASON)
    ok(r.code == 0 and get(port, "/checkout/")[0] == 200, what + ": lifted, without a reload", r)


def serve(s, what, program, settings):
    if not shutil.which(program):
        skip(what, program + " is not installed")
        return
    port, snippet = free_port(), os.path.join(s.base, what + ".snippet")
    r = s.run("contain", "--snippet", what)
    ok(r.code == 0 and not r.err, what + ": the snippet is printed", r)
    with open(snippet, "wb") as f:
        f.write(r.out)
    server = launch(s, what, program, settings.format(base=s.base, port=port, shop=s.dir, snippet=snippet,
                                                      modules=MODULES, temp=temp_folders(s)))
    try:
        up = wait_for(lambda: server.poll() is not None or get(port, "/")[0] == 200, 20)
        if ok(up and server.poll() is None, what + ": takes the snippet", server.poll()):
            play(s, what, port)
        else:
            print("# " + server.stderr.read().decode())
    finally:
        server.terminate()
        server.wait(20)


# URLs of the programs' own: payment that is to stop, and the rest of the shop that is to go on.
URLS = {
    "ec-cube2": (("/shopping/index.php", "/cart/", "/shopping/payment.php"), ("/", "/products/list.php?category_id=1")),
    "ec-cube4": (("/shopping", "/shopping/confirm", "/cart", "/index.php/shopping/"), ("/", "/products/detail/1", "/contact")),
    "hinoban-shop": (("/checkout", "/checkout/payment?x=1", "/cart"), ("/", "/tea/sencha")),
    "magento2": (("/checkout/", "/checkout/cart/", "/en/checkout/", "/rest/V1/carts/mine/payment-information"),
                 ("/", "/green-tea.html", "/customer/account/login/")),
    "opencart": (("/index.php?route=checkout/checkout", "/index.php?route=extension/payment/x", "/checkout"),
                 ("/", "/index.php?route=product/product&product_id=4")),
    "openmage": (("/checkout/onepage/", "/index.php/checkout/cart/"), ("/", "/green-tea.html")),
    "plain": (("/checkout.php", "/cart/", "/payment/card.php"), ("/", "/tea.php", "/about/")),
    "prestashop": (("/en/order", "/index.php?controller=order", "/module/ps_pay/validation"), ("/", "/en/2-tea")),
    "wordpress": (("/checkout/", "/cart/", "/?wc-ajax=checkout", "/wp-json/wc/store/v1/checkout"),
                  ("/", "/product/tea/", "/shop/", "/wp-login.php")),
}


NGINX_SITE = """server {{
        listen 127.0.0.1:{port};
        root {shop};
        include {snippet};
        location / {{ try_files /index.html =404; }}
    }}
"""
APACHE_SITE = """Listen 127.0.0.1:{port}
<VirtualHost *:{port}>
DocumentRoot {shop}
FallbackResource /index.html
Include {snippet}
</VirtualHost>
"""


def sites(s, what, one):
    """Profile -> port; and the text that serves each of them with its own snippet: one page, whatever is asked."""
    with open(s.config) as f:
        text = f.read()
    page = os.path.join(s.base, "page")
    os.makedirs(page, exist_ok=True)
    with open(os.path.join(page, "index.html"), "w") as f:
        f.write("a page")
    ports, all_of_them = {}, ""
    for name in sorted(n[:-len(".profile")] for n in os.listdir(os.path.join(SOURCE, "profiles"))
                       if n.endswith(".profile")):
        config, snippet = (os.path.join(s.base, "%s.%s.%s" % (what, name, x)) for x in ("conf", "snippet"))
        with open(config, "w") as f:
            f.write(text.replace('profile = "hinoban-shop"', 'profile = "%s"' % name))
        r = s.run("--config", config, "contain", "--snippet", what)
        if not ok(r.code == 0, "%s: a snippet for %s" % (what, name), r):
            continue
        with open(snippet, "wb") as f:
            f.write(r.out)
        ports[name] = free_port()
        all_of_them += one.format(port=ports[name], shop=page, snippet=snippet)
    return ports, all_of_them


def wrong_answers(ports, urls, status):
    """(profile, url, status) of those that a server answers otherwise; `urls`: of a profile."""
    got = [(name, url, get(port, url)[0]) for name, port in ports.items() for url in urls(name)]
    return [x for x in got if x[2] != status]


def every_kind(s, what, program, settings, one):
    """Each profile under a real server: what the flags stop, and what goes on."""
    if not shutil.which(program):
        skip(what, program + " is not installed")
        return
    ports, text = sites(s, what, one)
    head, tail = settings
    server = launch(s, what, program, head + text + tail)
    try:
        stopped, going = (lambda n: URLS.get(n, ((), ()))[0]), (lambda n: URLS.get(n, ((), ("/",)))[1])
        both = lambda n: (*stopped(n), *going(n))
        up = wait_for(lambda: server.poll() is not None or get(list(ports.values())[-1], "/")[0] == 200, 20)
        if not ok(up and server.poll() is None, what + ": takes the snippets of all kinds of shops", server.poll()):
            print("# " + server.stderr.read().decode())
            return
        wrong = wrong_answers(ports, both, 200)
        ok(not wrong, what + ": without a flag all are served", wrong)
        payment = s.run("contain", "stop-payment", "--json", *REASON)
        wrong = wrong_answers(ports, stopped, 503) + wrong_answers(ports, going, 200)
        ok(payment.code == 0 and not wrong, what + ": of each kind the payment pages stop, the others don't", wrong)
        own = [n for n in ports if flag_of_its_own(n)]
        by_server = {n: p for n, p in ports.items() if n not in own}
        # As a shop whose program has no flag: the web server's.
        shop = s.run("--config", os.path.join(s.base, what + ".plain.conf"), "contain", "stop-shop", "--json", *REASON)
        wrong = wrong_answers(by_server, both, 503)
        ok(shop.code == 0 and len(by_server) > 4 and not wrong, what + ": stop-shop closes all of %s"
           % ", ".join(by_server), (shop, wrong))
        notice_is_fit(what + ", closed", get(by_server["plain"], "/"), "サイトの公開を一時停止しております",
                      "This site is closed")
        wrong = wrong_answers({n: ports[n] for n in own}, going, 200)
        ok(own and not wrong, what + ": what %s close themselves, it leaves to them" % ", ".join(own), wrong)
        for r in (shop, payment):
            word = s.run("show", str(r.lines()[0]["order"]), "--json").lines()[0]["word"]
            ok(s.run("lift", str(word), *REASON).code == 0, what + ": lifted")
        wrong = wrong_answers(ports, both, 200)
        ok(not wrong, what + ": all are served again, without a reload", wrong)
    finally:
        server.terminate()
        server.wait(20)


def flag_of_its_own(name):
    with open(os.path.join(SOURCE, "profiles", name + ".profile")) as f:
        return re.search("^maintenance = ", f.read(), re.M) is not None


def doctor(s):
    checks = {c["check"]: c for c in s.run("doctor", "--json").lines()}
    ok(checks.get("contain isolate", {}).get("detail") == "nftables", "doctor tries nftables", checks.get("contain isolate"))
    ok(checks.get("contain stop-shop", {}).get("detail") == "data/maintenance", "doctor knows the shop's flag",
       checks.get("contain stop-shop"))
    ok(checks.get("contain stop-payment", {}).get("state") == "note", "and that no web server looks for ours",
       checks.get("contain stop-payment"))


def shop_of_ours(s):
    """The bundled shop looks for data/maintenance before anything else."""
    page = ["php", "-d", "display_errors=0", "-r",
            "$_SERVER['REQUEST_URI']='/';require '%s/lib/closed.php';echo 'open';" % s.dir]
    shutil.copy(os.path.join(SOURCE, "shop/lib/closed.php"), s.path("lib/closed.php"))
    os.mkdir(s.path("data"))
    ok(subprocess.run(page, capture_output=True, text=True).stdout == "open", "the shop is open")
    r = s.run("contain", "stop-shop", "--json", *REASON)
    ok(r.code == 0 and os.path.exists(s.path("data/maintenance")), "stop-shop sets the flag that the program honours", r)
    out = subprocess.run(page, capture_output=True, text=True).stdout
    ok("open" not in out and "準備中" in out and "closed" in out, "and the program closes the shop", out)
    word = s.run("contain", "--json").lines()[0]["seq"]
    r = s.run("lift", str(word), *REASON)
    ok(r.code == 0 and subprocess.run(page, capture_output=True, text=True).stdout == "open", "lifted: it is open", r)
    with open(s.path("data/maintenance"), "w") as f:
        f.write("somebody else's")
    r = s.run("contain", "stop-shop", "--json", *REASON)
    word = s.run("contain", "--json").lines()[0]["seq"]
    r = s.run("lift", str(word), *REASON)
    ok(r.code == 3 and os.path.exists(s.path("data/maintenance")), "what is not ours stays", r)


class Ours(Held):
    def init(self, *args):
        return super().init("--profile", "hinoban-shop")


s = Ours(FILES, mode=None)
s.start().ready()
serve(s, "nginx", "/usr/sbin/nginx", NGINX)
serve(s, "apache", "/usr/sbin/apache2", APACHE)
r = s.run("contain", "--snippet", "iis")
ok(r.code == 2, "a web server that there is no snippet for", r)
fill = dict(base=s.base, port=free_port(), shop=s.dir, modules=MODULES, temp=temp_folders(s), snippet="")
head = NGINX.format(**fill).split("    server {")[0]
every_kind(s, "nginx", "/usr/sbin/nginx", (head, "}\n"), NGINX_SITE)
head = APACHE.format(**fill).split("<VirtualHost")[0].replace("Listen 127.0.0.1:%d\n" % fill["port"], "")
every_kind(s, "apache", "/usr/sbin/apache2", (head, ""), APACHE_SITE)
doctor(s)
shop_of_ours(s)
ok(s.stop() == 0, "it stops in order")
s.done()
end()
