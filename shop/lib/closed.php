<?php
// The shop is closed while data/maintenance is there (an empty file is enough).
declare(strict_types=1);

if (is_file(__DIR__ . '/../data/maintenance')) {
    http_response_code(503);
    header('Retry-After: 3600');
    header('Content-Type: text/html; charset=utf-8');
    echo '<!DOCTYPE html><html lang="ja"><meta charset="utf-8"><title>準備中</title>',
        '<p>ただいま準備中です。しばらくしてからお越しください。',
        '<p lang="en">The shop is closed for the moment. Please come back later.</html>';
    exit;
}
