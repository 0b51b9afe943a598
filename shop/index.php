<?php
// The front: every page of the shop that is no file goes through here.
declare(strict_types=1);

require __DIR__ . '/lib/boot.php';
require __DIR__ . '/lib/pages/browse.php';
require __DIR__ . '/lib/pages/cart.php';
require __DIR__ . '/lib/pages/customer.php';
require __DIR__ . '/lib/pages/checkout.php';

// Method, pattern of the path, function that answers; the first match wins.
const ROUTES = [
    ['GET', '~^/$~', 'page_home'],
    ['GET', '~^/c/([a-z]+)$~', 'page_category'],
    ['GET', '~^/search$~', 'page_search'],
    ['GET', '~^/p/(\d{1,9})$~', 'page_product'],
    ['POST', '~^/p/(\d{1,9})/review$~', 'post_review'],
    ['GET', '~^/cart$~', 'page_cart'],
    ['POST', '~^/cart/add$~', 'post_cart_add'],
    ['POST', '~^/cart/update$~', 'post_cart_update'],
    ['GET', '~^/register$~', 'page_register'],
    ['POST', '~^/register$~', 'post_register'],
    ['GET', '~^/login$~', 'page_login'],
    ['POST', '~^/login$~', 'post_login'],
    ['POST', '~^/logout$~', 'post_logout'],
    ['GET', '~^/mypage$~', 'page_mypage'],
    ['GET', '~^/mypage/order/([0-9A-Z-]{8,20})$~', 'page_order'],
    ['GET', '~^/checkout$~', 'page_checkout'],
    ['POST', '~^/checkout/address$~', 'post_address'],
    ['GET', '~^/checkout/payment$~', 'page_payment'],
    ['POST', '~^/checkout/payment$~', 'post_payment'],
    ['GET', '~^/checkout/done$~', 'page_done'],
    ['GET', '~^/(about|law|privacy)$~', 'page_text'],
];

serve(ROUTES);
