"""Who is told: a real Postfix in a folder of its own, a receiver of webhooks, and a watched shop whose settings name them."""
import email
import email.policy
import glob
import http.server
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "desk"), os.path.join(HERE, "..", "face")]
from harness import free_port  # noqa: E402
from watched import Watched, wait_for  # noqa: E402


class Receiver:
    """An HTTP server that keeps what it gets; its answer can be set. tls: (certificate, key)."""

    def __init__(self, port=0, tls=None):
        self.got, self.status = [], 200
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.got.append((self.path, json.loads(body), dict(self.headers)))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.handle_error = lambda *args: None  # a client that hangs up
        self.port = self.server.server_address[1]
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def at(self, path):
        return [body for p, body, _ in self.got if p == path]

    def done(self):
        self.server.shutdown()
        self.server.server_close()


MASTER = """127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""
MAIN = """compatibility_level = 3.6
queue_directory = {d}/spool
data_directory = {d}/data
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
alias_database =
virtual_mailbox_domains = shop.example
virtual_mailbox_base = {d}/mail
virtual_mailbox_maps = static:owner/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 1
maillog_file_prefixes = /
maillog_file = {d}/log
smtputf8_enable = no
"""


MAIN_LOGIN = """smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_local_domain = mail.example
cyrus_sasl_config_path = {d}/etc/sasl
smtpd_client_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
"""
MASTER_TLS = """127.0.0.1:{port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
tlsmgr unix - - n 1000? 1 tlsmgr
"""


class Postfix:
    """Debian's, in a folder of its own: what arrives lies in a Maildir. With `tls` (certificate, key) and a `login`
    (user, password) it takes mail only after that login, and that only under TLS: by STARTTLS, and from the first byte at
    tls_port."""

    def __init__(self, base, tls=None, login=None):
        self.d = os.path.join(base, "postfix")
        self.port = free_port()
        for name in ("etc", "spool", "data", "mail"):
            os.makedirs(os.path.join(self.d, name))
        shutil.chown(os.path.join(self.d, "data"), "postfix")
        os.chown(os.path.join(self.d, "mail"), 65534, 65534)
        main, master = MAIN.format(d=self.d), MASTER.format(port=self.port)
        if login:
            self.tls_port = free_port()
            main += MAIN_LOGIN.format(d=self.d, cert=tls[0], key=tls[1])
            master += MASTER_TLS.format(port=self.tls_port)
            self.enroll(*login)
        self.write("main.cf", main)
        self.write("master.cf", master)
        r = self.run("start")
        self.started = r.returncode == 0
        self.said = r.stdout

    def enroll(self, user, password):
        os.mkdir(os.path.join(self.d, "etc", "sasl"))
        self.write("sasl/smtpd.conf", "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\nsasldb_path: %s/sasldb2\n" % self.d)
        subprocess.run(["saslpasswd2", "-f", self.d + "/sasldb2", "-c", "-p", "-u", "mail.example", user], input=password.encode(), check=True)
        shutil.chown(self.d + "/sasldb2", "postfix")

    def write(self, name, text):
        with open(os.path.join(self.d, "etc", name), "w") as f:
            f.write(text)

    def run(self, verb):
        return subprocess.run(["postfix", "-c", os.path.join(self.d, "etc"), verb], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)

    def mails(self):
        out = []
        for name in sorted(glob.glob(os.path.join(self.d, "mail", "owner", "new", "*")), key=os.path.getmtime):
            with open(name, "rb") as f:
                out.append(email.message_from_binary_file(f, policy=email.policy.default))
        return out

    def logins(self):
        with open(os.path.join(self.d, "log")) as f:
            return f.read().count("sasl_username=")

    def log(self):
        try:
            with open(os.path.join(self.d, "log")) as f:
                return f.read()[-3000:]
        except OSError:
            return self.said


class Told(Watched):
    """A watched shop whose settings name whom to tell."""

    def __init__(self, alert, **more):
        self.alert = dict(alert)
        super().__init__(**more)

    def init(self, *more):
        r = super().init(*more)
        self.settle()
        return r

    def settle(self, **alert):
        """Write the settings, altered by these."""
        self.alert.update(alert)
        with open(self.config) as f:
            before, section, text = f.read().partition("[alert]\n")
        for key, value in self.alert.items():
            text, n = re.subn(r"^#?\s*%s = .*$" % key, "%s = %s" % (key, value), text, count=1, flags=re.M)
            assert n == 1, (key, n)
        with open(self.config, "w") as f:
            f.write(before + section + text)

    def restart(self, **alert):
        self.settle(**alert)
        self.proc.terminate()
        self.proc.wait(60)
        env = {"PATH": os.environ["PATH"], "HINOBAN_PROFILES": os.path.join(os.environ["HINOBAN_SOURCE"], "profiles")}
        self.proc = subprocess.Popen(self.proc.args, env=env, stdout=subprocess.DEVNULL, stderr=self.err, start_new_session=True)
        wait_for(self.herald)

    def herald(self):
        for status in glob.glob("/proc/[0-9]*/status"):
            try:
                with open(status) as f:
                    text = f.read()
            except OSError:
                continue
            if text.startswith("Name:\thinoban-herald\n") and "\nPPid:\t%d\n" % self.proc.pid in text:
                return dict(line.split(":\t", 1) for line in text.splitlines() if ":\t" in line)
        return {}
