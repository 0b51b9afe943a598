<?php
// The cart's pages.
declare(strict_types=1);

function page_cart(): void
{
    show_form('cart', ['title' => '買い物かご｜' . SHOP_NAME, 'cart' => cart_contents()]);
}

function post_cart_add(): void
{
    $product = product(posted_int('product', 0, PHP_INT_MAX)) ?? fail(404, 'この商品は現在お取り扱いがありません。');
    if ($product['stock'] < 1) {
        flash('申し訳ございません。ただいま品切れです。', 'bad');
        redirect("/p/{$product['id']}");
    }
    cart_add($product['id'], posted_int('count', 1, CART_MOST_OF_ONE));
    flash("「{$product['name']}」を買い物かごに入れました。");
    redirect('/cart');
}

function post_cart_update(): void
{
    cart_set(posted_int('product', 0, PHP_INT_MAX), posted_int('count', 0, CART_MOST_OF_ONE));
    redirect('/cart');
}
