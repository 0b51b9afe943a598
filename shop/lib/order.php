<?php
// Orders: what was bought, where it goes, how it was paid.
declare(strict_types=1);

/** Store a paid order; returns its number. */
function order_create(array $customer, array $address, array $cart, array $paid): string
{
    return db_together(function () use ($customer, $address, $cart, $paid): string {
        $number = date('ymd') . '-' . strtoupper(bin2hex(random_bytes(4)));
        db_run(
            'INSERT INTO orders (number, customer_id, created, status, goods, shipping, total,
                                 name, kana, zip, prefecture, address, phone, email,
                                 card_brand, card_last4, card_token)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
            [
                $number, $customer['id'], db_now(), '受付', $cart['goods'], $cart['shipping'], $cart['total'],
                ...array_values($address), $customer['email'],
                $paid['brand'], $paid['last4'], $paid['token'],
            ]
        );
        $id = (int) db()->lastInsertId();
        foreach ($cart['lines'] as $line) {
            db_run(
                'INSERT INTO order_line (order_id, product_id, name, price, count) VALUES (?, ?, ?, ?, ?)',
                [$id, $line['product']['id'], $line['product']['name'], $line['product']['price'], $line['count']]
            );
            db_run('UPDATE product SET stock = max(0, stock - ?) WHERE id = ?', [$line['count'], $line['product']['id']]);
        }
        return $number;
    });
}

function order_of(string $number, ?int $customer_id = null): ?array
{
    $order = db_row('SELECT * FROM orders WHERE number = ?', [$number]);
    if ($order === null || ($customer_id !== null && $order['customer_id'] !== $customer_id)) {
        return null;
    }
    $order['lines'] = db_rows('SELECT *, price * count AS sum FROM order_line WHERE order_id = ?', [$order['id']]);
    return $order;
}

function orders_of(int $customer_id): array
{
    return db_rows('SELECT * FROM orders WHERE customer_id = ? ORDER BY id DESC LIMIT 50', [$customer_id]);
}
