<?php
// The cart: product id => how many, in the session.
declare(strict_types=1);

const CART_MOST_OF_ONE = 20;
const SHIPPING_YEN = 550;
const SHIPPING_FREE_FROM_YEN = 6000;

function cart_count(): int
{
    return array_sum(session_read('cart', []));
}

function cart_add(int $product_id, int $count): void
{
    $cart = session_read('cart', []);
    $cart[$product_id] = min(CART_MOST_OF_ONE, ($cart[$product_id] ?? 0) + $count);
    session_put('cart', $cart);
}

function cart_set(int $product_id, int $count): void
{
    $cart = session_read('cart', []);
    if ($count > 0) {
        $cart[$product_id] = min(CART_MOST_OF_ONE, $count);
    } else {
        unset($cart[$product_id]);
    }
    session_put('cart', $cart);
}

/** Lines with prices of now, and the sums. Products no longer sold fall out. */
function cart_contents(): array
{
    $lines = [];
    $goods = 0;
    foreach (session_read('cart', []) as $id => $count) {
        $product = product((int) $id);
        if ($product !== null) {
            $sum = $product['price'] * $count;
            $lines[] = ['product' => $product, 'count' => $count, 'sum' => $sum];
            $goods += $sum;
        }
    }
    $shipping = $goods >= SHIPPING_FREE_FROM_YEN ? 0 : SHIPPING_YEN;
    return [
        'lines' => $lines, 'goods' => $goods, 'shipping' => $shipping, 'total' => $goods + $shipping,
        'to_free' => max(0, SHIPPING_FREE_FROM_YEN - $goods),
    ];
}
