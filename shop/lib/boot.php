<?php
// What every request needs: settings, parts of the shop, routing, faults.
declare(strict_types=1);

const SHOP_ROOT = __DIR__ . '/..';
const SHOP_NAME = '葉音';
const SHOP_TITLE = '葉音（はおと） 宇治と静岡のお茶';

mb_internal_encoding('UTF-8');
date_default_timezone_set('Asia/Tokyo');
ini_set('display_errors', '0');

require __DIR__ . '/closed.php';
require __DIR__ . '/db.php';
require __DIR__ . '/session.php';
require __DIR__ . '/template.php';
require __DIR__ . '/web.php';
require __DIR__ . '/catalogue.php';
require __DIR__ . '/cart.php';
require __DIR__ . '/customer.php';
require __DIR__ . '/order.php';
require __DIR__ . '/upload.php';
