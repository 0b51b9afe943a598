"""Two like shops, each with all that it needs on a filesystem of its own, so that marks on one
of them cost the other nothing: requests go to them in turn, in blocks of a tenth of a second.
What else the machine does, which changes its speed by a tenth from one second to the next,
meets both alike; the ratio of neighbouring blocks is left with what the watch costs."""
import os
import random
import re
import subprocess
import sys
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path += [os.path.join(TOP, "tests", "judge"), os.path.join(TOP, "tests", "scope")]
from servers import Mariadb  # noqa: E402
from trees import TREES  # noqa: E402

DISK = "1G"  # sparse
CLIENTS = 4
BLOCK_S = 0.1
MARKER = ".hinoban-play"  # shop/run serves what bears it

WP_CONFIG = {"database_name_here": "wp", "username_here": "wp", "password_here": "wp"}
WP_ALONE = """\
$_SERVER['HTTP_HOST'] = '127.0.0.1:{port}'; // Debian's nginx takes the port off
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
"""
WP_INSTALL = """\
define('WP_INSTALLING', true);
$_SERVER['REQUEST_URI'] = '/';
require 'wp-load.php';
require 'wp-admin/includes/upgrade.php';
wp_install('Bench', 'bench', 'bench@localhost.invalid', true, '', 'bench');
"""


class Disk:
    """An ext4 of its own, from a file."""

    def __init__(self, base, name):
        self.dir, image = os.path.join(base, name), os.path.join(base, name + ".img")
        os.mkdir(self.dir)
        subprocess.run(["truncate", "-s", DISK, image], check=True)
        subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
        subprocess.run(["mount", "-o", "loop", image, self.dir], check=True)
        os.chmod(self.dir, 0o755)

    def remove(self):
        subprocess.run(["umount", self.dir], check=True)


class Bundled:
    """The shop of this repository."""
    name = "the bundled shop"

    def __init__(self, files, base, label, opcache):
        self.disk, self.server = Disk(base, label), None
        self.files, self.opcache = files, opcache

    def start(self):
        self.server, _, self.shop, self.url = self.files.serve(
            self.disk.dir, *([] if self.opcache else ["--no-opcache"]), before=self.install)

    def install(self, shop, port):
        """shop/run makes it."""

    def stop(self):
        if self.server:
            self.server.terminate()
            self.server.wait(20)
        self.disk.remove()

    def code(self):
        """What is approved once it stands: all but what customers bring and databases."""
        found = [os.path.join(folder, name) for folder, _, names in os.walk(self.shop) for name in names
                 if not {"data", "uploads"} & set(os.path.relpath(folder, self.shop).split("/"))]
        return [path for path in found if os.path.isfile(path) and not os.path.islink(path)]


class WordPress(Bundled):
    """Debian's package, new, with its own MariaDB: what WooCommerce's shops are built on."""
    name = "WordPress"
    database = None

    def install(self, shop, port):
        self.database = Mariadb(where=self.disk.dir)
        self.database.create("wp")
        self.database.sql("CREATE USER wp@localhost IDENTIFIED BY 'wp'; GRANT ALL ON wp.* TO wp@localhost")
        TREES["wordpress"].make(shop)
        config = os.path.join(shop, "wp-config.php")
        with open(config) as f:
            text = f.read()
        for old, new in WP_CONFIG.items():
            text = text.replace(old, new)
        text = text.replace("'localhost'", f"'localhost:{self.database.at.path('sock')}'")
        with open(config, "w") as f:
            f.write(text.replace("<?php\n", "<?php\n" + WP_ALONE.format(port=port), 1))
        open(os.path.join(shop, MARKER), "w").close()
        subprocess.run(["chown", "-R", "www-data:www-data", shop], check=True)
        subprocess.run(["setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups", "php8.2", "-r", WP_INSTALL],
                       cwd=shop, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self):
        if self.database:
            self.database.stop()
        super().stop()


def ab(url, requests):
    """Requests per second."""
    r = subprocess.run(["ab", "-q", "-n", str(requests), "-c", str(CLIENTS), url], capture_output=True, text=True)
    rate = re.search(r"Requests per second:\s+([\d.]+)", r.stdout)
    failed = re.search(r"Non-2xx responses:.*|Failed requests:\s+[1-9].*", r.stdout)
    if r.returncode or not rate or failed:
        sys.exit(f"bench: {url}: {failed.group(0) if failed else (r.stderr.strip() or 'ab failed')}")
    return float(rate.group(1))


def alternate(watched, other, seconds):
    """Rates of both, block by block, in an order drawn by lot."""
    size = max(2 * CLIENTS, int(ab(other.url, 10 * CLIENTS) * BLOCK_S))
    rng, rates, until = random.Random(6), {watched: [], other: []}, time.monotonic() + seconds
    while time.monotonic() < until:
        for one in rng.sample([watched, other], 2):
            rates[one].append(ab(one.url, size))
    return rates[watched], rates[other]
