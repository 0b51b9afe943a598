"""Trees of real programs, from Debian's packages: fetched and unpacked, never installed."""
import glob
import os
import shutil
import subprocess

CACHE = os.environ.get("HINOBAN_REAL_CODE",
                       os.path.join(os.path.expanduser("~"), ".cache", "hinoban-real-code"))


class NotHere(Exception):
    """The package cannot be had: the reason."""


def arrange_mediawiki(base):
    for link in ("LocalSettings.php", "config", "extensions", "images"):
        os.unlink(os.path.join(base, link))
    os.rename(os.path.join(base, "extensions-core"), os.path.join(base, "extensions"))
    with open(os.path.join(base, "LocalSettings.php"), "w") as f:
        f.write("<?php\n$wgSitename = 'Shop';\n$wgDBserver = 'localhost';\n")


def arrange_wordpress(base):
    for path in glob.glob(os.path.join(base, "**"), recursive=True):
        if os.path.islink(path):
            os.unlink(path)
    shutil.copy(os.path.join(base, "wp-config-sample.php"), os.path.join(base, "wp-config.php"))


def arrange_roundcube(base):
    os.mkdir(os.path.join(base, "config"))
    with open(os.path.join(base, "config", "config.inc.php"), "w") as f:
        f.write("<?php\n$config['db_dsnw'] = 'sqlite:////tmp/x.db';\n")


def arrange_dokuwiki(base):
    os.mkdir(os.path.join(base, "conf"))
    with open(os.path.join(base, "conf", "local.php"), "w") as f:
        f.write("<?php\n$conf['title'] = 'Shop';\n")


def arrange_plain(base):
    """Links of the package lead to other packages: they go; one file of settings comes."""
    for folder, dirs, names in os.walk(base):
        for name in dirs + names:
            path = os.path.join(folder, name)
            if os.path.islink(path):
                os.unlink(path)
    with open(os.path.join(base, "settings-local.php"), "w") as f:
        f.write("<?php\n$db_host = 'localhost';\n")


class Tree:
    def __init__(self, name, package, inner, profile, title, arrange=None, uploads="uploads",
                 cache="cache", logs="logs", config="config.php"):
        self.name, self.package, self.inner = name, package, inner
        self.profile, self.title, self.arrange = profile, title, arrange
        self.uploads, self.cache, self.logs, self.config = uploads, cache, logs, config

    def deb(self):
        """Path of the package's file, downloaded once."""
        os.makedirs(CACHE, exist_ok=True)
        have = glob.glob(os.path.join(CACHE, self.package + "_*.deb"))
        if have:
            return have[0]
        if not shutil.which("apt-get") or not shutil.which("dpkg"):
            raise NotHere("no apt-get or dpkg here")
        try:
            p = subprocess.run(["apt-get", "-o", "APT::Sandbox::User=root", "download",
                                self.package], cwd=CACHE, capture_output=True, timeout=300)
        except subprocess.TimeoutExpired:
            raise NotHere(self.package + " could not be downloaded in time")
        have = glob.glob(os.path.join(CACHE, self.package + "_*.deb"))
        if p.returncode or not have:
            raise NotHere("apt-get download %s: %s" %
                          (self.package, (p.stderr.decode().splitlines() or ["?"])[-1]))
        return have[0]

    def make(self, to):
        """Unpack into `to`, a folder that is not there yet."""
        deb, raw = self.deb(), to + ".unpacked"
        subprocess.run(["dpkg", "-x", deb, raw], check=True)
        os.rename(os.path.join(raw, self.inner), to)
        shutil.rmtree(raw)
        if self.arrange:
            self.arrange(to)
        for folder in (self.uploads, self.cache, self.logs):
            os.makedirs(os.path.join(to, folder), exist_ok=True)


TREES = {t.name: t for t in (
    Tree("wordpress", "wordpress", "usr/share/wordpress", "wordpress", "WordPress 6",
         arrange_wordpress, "wp-content/uploads", "wp-content/cache", "wp-content/logs",
         "wp-config.php"),
    Tree("mediawiki", "mediawiki", "usr/share/mediawiki", "mediawiki", "MediaWiki 1.",
         arrange_mediawiki, "images", "cache", "logs", "LocalSettings.php"),
    Tree("phpmyadmin", "phpmyadmin", "usr/share/phpmyadmin", "plain", "plain",
         config="config.sample.inc.php"),
    Tree("roundcube", "roundcube-core", "usr/share/roundcube", "plain", "plain",
         arrange_roundcube, config="config/config.inc.php"),
    Tree("dokuwiki", "dokuwiki", "usr/share/dokuwiki", "plain", "plain",
         arrange_dokuwiki, config="conf/local.php"),
    Tree("cacti", "cacti", "usr/share/cacti/site", "plain", "plain", arrange_plain,
         config="settings-local.php"),
    Tree("tt-rss", "tt-rss", "usr/share/tt-rss/www", "plain", "plain", arrange_plain,
         config="settings-local.php"),
    Tree("icingaweb2", "icingaweb2", "usr/share/icingaweb2", "plain", "plain", arrange_plain,
         config="settings-local.php"),
    Tree("simplesamlphp", "simplesamlphp", "usr/share/simplesamlphp", "plain", "plain",
         arrange_plain, config="settings-local.php"),
    Tree("zabbix", "zabbix-frontend-php", "usr/share/zabbix", "plain", "plain", arrange_plain,
         config="settings-local.php"),
    Tree("lam", "ldap-account-manager", "usr/share/ldap-account-manager", "plain", "plain",
         arrange_plain, config="settings-local.php"),
    Tree("gosa", "gosa", "usr/share/gosa", "plain", "plain", arrange_plain,
         config="settings-local.php"),
    Tree("shaarli", "shaarli", "usr/share/shaarli", "plain", "plain", arrange_plain,
         config="settings-local.php"),
    Tree("postfixadmin", "postfixadmin", "usr/share/postfixadmin", "plain", "plain",
         arrange_plain, config="settings-local.php"),
    Tree("davical", "davical", "usr/share/davical", "plain", "plain", arrange_plain,
         config="settings-local.php"),
)}
