<?php
// Checkout: address, card, done.
declare(strict_types=1);

require_once SHOP_ROOT . '/payment/CardPayment.php';

/** The cart, or back to its page if there is nothing in it. */
function checkout_cart(): array
{
    $cart = cart_contents();
    if (!$cart['lines']) {
        flash('買い物かごは空です。', 'plain');
        redirect('/cart');
    }
    return $cart;
}

function page_checkout(array $faults = [], ?array $address = null): void
{
    $customer = customer_needed();
    $address ??= session_read('address', $customer);
    show_form('checkout_address', [
        'title' => 'お届け先｜' . SHOP_NAME, 'cart' => checkout_cart(), 'a' => $address, 'faults' => $faults,
        'prefectures' => prefecture_options($address['prefecture']), 'layout' => 'layout_checkout',
    ]);
}

function post_address(): void
{
    [$address, $faults] = address_posted();
    if ($faults) {
        http_response_code(422);
        page_checkout($faults, $address);
        return;
    }
    session_put('address', $address);
    redirect('/checkout/payment');
}

function page_payment(string $fault = ''): void
{
    customer_needed();
    $address = session_read('address') ?? redirect('/checkout');
    $year = (int) date('Y');
    show_form('checkout_payment', [
        'title' => 'お支払い｜' . SHOP_NAME, 'cart' => checkout_cart(), 'a' => $address, 'fault' => $fault,
        'years' => range($year, $year + 9), 'layout' => 'layout_checkout',
    ]);
}

function post_payment(): void
{
    $customer = customer_needed();
    $address = session_read('address') ?? redirect('/checkout');
    $cart = checkout_cart();
    try {
        $paid = (new CardPayment())->charge(Card::posted($_POST), $cart['total']);
    } catch (CardRefused $refused) {
        http_response_code(422);
        page_payment($refused->getMessage());
        return;
    }
    $number = order_create($customer, $address, $cart, $paid);
    session_put('cart', null);
    session_put('done', $number);
    redirect('/checkout/done');
}

function page_done(): void
{
    $number = session_read('done') ?? redirect('/');
    $order = order_of($number) ?? redirect('/');
    show('checkout_done', ['title' => 'ご注文ありがとうございます｜' . SHOP_NAME, 'order' => $order]);
}
