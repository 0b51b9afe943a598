<?php
/*
 * Pictures that customers and staff send in.
 *
 * THE DELIBERATE WEAKNESS of this shop (see README.md): whether a file is a picture is
 * believed of the Content-Type that the sender wrote, the name is kept as the sender chose
 * it, and the folder is served with PHP switched on. So picture.php, sent as image/jpeg,
 * lands under uploads/ and runs. The plays come in this way.
 */
declare(strict_types=1);

const UPLOAD_MOST_BYTES = 4 * 1024 * 1024;

/**
 * Keep the file of form field $field under uploads/$folder/. Returns its path for URLs,
 * '' if none was sent; a sentence about what is wrong arrives in $fault.
 */
function upload_keep(string $field, string $folder, ?string &$fault = null): string
{
    $file = $_FILES[$field] ?? null;
    if (!is_array($file) || !is_string($file['name']) || $file['error'] === UPLOAD_ERR_NO_FILE) {
        return '';
    }
    if ($file['error'] !== UPLOAD_ERR_OK || $file['size'] > UPLOAD_MOST_BYTES) {
        $fault = '写真は4MBまでです。';
        return '';
    }
    if (!str_starts_with((string) $file['type'], 'image/')) {
        $fault = '写真は画像ファイル（JPEG・PNG・GIF・WebP）でお送りください。';
        return '';
    }
    $name = upload_free_name(SHOP_ROOT . "/uploads/$folder", basename($file['name']));
    if (!move_uploaded_file($file['tmp_name'], SHOP_ROOT . "/uploads/$folder/$name")) {
        $fault = '写真を保存できませんでした。';
        return '';
    }
    return "/uploads/$folder/$name";
}

/** The sender's name, or with a number before it where that is taken. */
function upload_free_name(string $folder, string $name): string
{
    if (!is_dir($folder)) {
        mkdir($folder, 0755, true);
    }
    $name = preg_replace('~[\x00-\x20/\\\\]+~', '_', $name);
    $free = $name;
    for ($i = 2; is_file("$folder/$free"); $i++) {
        $free = $i . '_' . $name;
    }
    return $free;
}
