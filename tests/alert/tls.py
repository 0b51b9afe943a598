#!/usr/bin/env python3
"""Alerts under TLS: a real Postfix that wants a login, by STARTTLS and from the first byte; webhooks by HTTPS; certificates
of an authority of one's own. What can't be trusted gets nothing, and the password stands nowhere."""
import glob
import os
import shutil
import subprocess

from told import Postfix, Receiver, Told

from harness import end, ok, skip
from watched import wait_for

if os.geteuid() != 0:
    skip("alerts", "hinoband needs root")
    end()
if not shutil.which("postfix") or not shutil.which("saslpasswd2"):
    skip("mails under TLS", "Postfix or sasl2-bin is not installed")
    end()

USER, PASSWORD = "keiko", "Tsuki-no-yoru-4471"
base = "/tmp/hinoban-tls.%d" % os.getpid()
os.mkdir(base)
os.chmod(base, 0o755)


def path(*names):
    return os.path.join(base, *names)


def openssl(*args):
    subprocess.run(["openssl", *args], check=True, capture_output=True)


def authority(name):
    """An authority, and a certificate of it for localhost: (authority, (certificate, key))."""
    ca, ca_key, cert, key, asked, more = (path(name + x) for x in (".ca", ".ca.key", ".pem", ".key", ".csr", ".ext"))
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl("req", "-x509", *curve, "-keyout", ca_key, "-out", ca, "-subj", "/CN=%s authority" % name, "-days", "2")
    openssl("req", *curve, "-keyout", key, "-out", asked, "-subj", "/CN=localhost")
    with open(more, "w") as f:
        f.write("subjectAltName=DNS:localhost\n")
    openssl("x509", "-req", "-in", asked, "-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-out", cert, "-extfile", more, "-days", "2")
    return ca, (cert, key)


def write(name, text):
    with open(path(name), "w") as f:
        f.write(text)
    os.chmod(path(name), 0o600)
    return path(name)


ours, tls = authority("ours")
strange, strange_tls = authority("strange")
good, rogue = Receiver(tls=tls), Receiver(tls=strange_tls)
post = Postfix(base, tls, (USER, PASSWORD))
if not ok(post.started, "Postfix runs with TLS and logins in a folder of its own", post.said):
    end()
secret = write("smtp.password", PASSWORD + "\n")
wrong = write("wrong.password", "Mukashi-no-5512\n")
shop = Told({"mail": '["owner@shop.example"]', "smtp": '"smtp://localhost:%d"' % post.port, "from": '"hinoban@shop.example"',
             "smtp_user": '"%s"' % USER, "smtp_password": '"%s"' % secret, "ca": '"%s"' % ours,
             "webhook": '["json https://localhost:%d/good", "json https://127.0.0.1:%d/other", "json https://localhost:%d/rogue"]'
                        % (good.port, good.port, rogue.port)})


def test():
    return shop.run("alert", "test", timeout=120)


def why(to):
    return [f["why"] for f in shop.log("--type", "alert.failed") if f["to"] == to]


def arrived(n):
    return wait_for(lambda: post.mails()[n:], 20)


r = test()
mails = arrived(0)
ok(mails and "ESMTPSA" in mails[0]["Received"], "STARTTLS, then a login: the mail arrives",
   "%s\n%s" % ([m["Received"] for m in mails], post.log()))
ok(good.at("/good") and not good.at("/other"), "a webhook by HTTPS whose certificate our own authority signed", good.got)
ok(r.code == 1 and why("webhook2") == ["the server's certificate can't be trusted: it is another host's"],
   "another host's certificate is refused, and it is said so", why("webhook2"))
ok(not rogue.got and why("webhook3") == ["the server's certificate can't be trusted: unable to get local issuer certificate"], "so is one that nobody whom we trust has signed; nothing was sent", (why("webhook3"), rogue.got))
ok("can't be trusted" in r.out.decode(), "alert test shows the reason", r)

shop.restart(smtp='"smtps://localhost:%d"' % post.tls_port, webhook="[]")
n = len(post.mails())
r = test()
mails = arrived(n)
ok(r.code == 0 and mails and "ESMTPSA" in mails[0]["Received"], "TLS from the first byte", "%s %s\n%s" % (r, mails, post.log()))

shop.restart(smtp_password='"%s"' % wrong)
r = test()
ok(r.code == 1 and "does not accept the login" in r.out.decode(), "a wrong password: it is said so", r)

shop.restart(smtp_password='"%s"' % secret, ca='"%s"' % strange)
n, logins = len(post.mails()), post.logins()
r = test()
ok(r.code == 1 and "can't be trusted" in r.out.decode() and len(post.mails()) == n and post.logins() == logins > 0,
   "a mail server whom nobody vouches for gets neither mail nor login", r)

shop.restart(smtp='"smtp://localhost:%d"' % post.port)
r = test()
ok(r.code == 1 and "can't be trusted" in r.out.decode() and len(post.mails()) == n, "by STARTTLS as well", r)

plain = Postfix(path("shop"))
shop.restart(smtp='"smtp://localhost:%d"' % plain.port, smtp_user='""', smtp_tls='"require"')
r = test()
ok(r.code == 1 and "offers no TLS" in r.out.decode() and not plain.mails(), "TLS required, and none offered: nothing is sent", r)
plain.run("stop")

try:
    Told({"mail": '["a@shop.example"]', "ca": '"%s"' % secret}).done()
    ok(False, "a file of authorities without a certificate")
except EOFError as e:
    ok("no certificate" in str(e), "a file of authorities without a certificate is told at the start", e)


def holders(word):
    """Whoever shows it: arguments and environments of all processes, what hinoban wrote, what the shop's log says."""
    found = []
    for at in glob.glob("/proc/[0-9]*/cmdline") + glob.glob("/proc/[0-9]*/environ"):
        try:
            with open(at, "rb") as f:
                found += [at] if word in f.read() else []
        except OSError:
            pass
    for top, _, names in os.walk(shop.base):
        for name in names:
            at = os.path.join(top, name)
            if os.path.isfile(at):
                with open(at, "rb") as f:
                    found += [at] if word in f.read() else []
    return found


said = shop.said() + shop.run("log", "--json").out.decode()
ok(not holders(PASSWORD.encode()) and PASSWORD not in said, "the password stands in no argument, no environment, no file of ours, no message",
   holders(PASSWORD.encode()))
ok(shop.run("verify").code == 0, "the ledger is whole")
ok(shop.done() == 0, "it stops in order")
post.run("stop")
good.done()
rogue.done()
shutil.rmtree(base, ignore_errors=True)
end()
