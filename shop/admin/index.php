<?php
// The staff's side: orders, products, pictures, the cache.
declare(strict_types=1);

require __DIR__ . '/../lib/boot.php';

const ADMIN_ROUTES = [
    ['GET', '~^/?$~', 'admin_orders'],
    ['GET', '~^/login$~', 'admin_login'],
    ['POST', '~^/login$~', 'admin_login_post'],
    ['POST', '~^/logout$~', 'admin_logout'],
    ['GET', '~^/order/([0-9A-Z-]{8,20})$~', 'admin_order'],
    ['POST', '~^/order/([0-9A-Z-]{8,20})$~', 'admin_order_post'],
    ['GET', '~^/products$~', 'admin_products'],
    ['GET', '~^/product/(\d{1,9})$~', 'admin_product'],
    ['POST', '~^/product/(\d{1,9})$~', 'admin_product_post'],
    ['POST', '~^/cache$~', 'admin_cache_post'],
];
const ORDER_STATES = ['受付', '準備中', '発送済み', '取消'];

function admin_needed(): void
{
    if (session_read('admin') === null) {
        redirect('/admin/login');
    }
}

function admin_show(string $template, array $values): void
{
    show_form("admin_$template", $values + ['layout' => 'admin_layout', 'admin' => session_read('admin')]);
}

function admin_login(string $fault = ''): void
{
    admin_show('login', ['title' => '管理画面｜' . SHOP_NAME, 'fault' => $fault]);
}

function admin_login_post(): void
{
    $row = db_row('SELECT * FROM admin WHERE name = ?', [posted('name', 40)]);
    $password = is_string($_POST['password'] ?? null) ? $_POST['password'] : '';
    if ($row === null || !password_verify($password, $row['password'])) {
        http_response_code(422);
        admin_login('名前かパスワードが違います。');
        return;
    }
    session_renew();
    session_put('admin', $row['name']);
    redirect('/admin/');
}

function admin_logout(): void
{
    session_put('admin', null);
    redirect('/admin/login');
}

function admin_orders(): void
{
    admin_needed();
    admin_show('orders', [
        'title' => '受注一覧', 'tab' => 'orders',
        'orders' => db_rows('SELECT * FROM orders ORDER BY id DESC LIMIT 200'),
        'sum' => db_row("SELECT count(*) AS count, coalesce(sum(total), 0) AS total FROM orders WHERE status <> '取消'"),
        'customers' => db_row('SELECT count(*) AS count FROM customer')['count'],
    ]);
}

function admin_order(string $number): void
{
    admin_needed();
    $order = order_of($number) ?? fail(404, 'ご注文が見つかりませんでした。');
    admin_show('order', [
        'title' => "受注 $number", 'tab' => 'orders', 'order' => $order,
        'states' => array_map(fn ($s) => ['name' => $s, 'chosen' => $s === $order['status']], ORDER_STATES),
    ]);
}

function admin_order_post(string $number): void
{
    admin_needed();
    $state = posted('status', 10);
    if (in_array($state, ORDER_STATES, true)) {
        db_run('UPDATE orders SET status = ? WHERE number = ?', [$state, $number]);
        flash('状態を変更しました。');
    }
    redirect("/admin/order/$number");
}

function admin_products(): void
{
    admin_needed();
    admin_show('products', [
        'title' => '商品一覧', 'tab' => 'products',
        'products' => db_rows('SELECT p.*, c.name AS category_name FROM product p
                               JOIN category c ON c.id = p.category_id ORDER BY c.rank, p.rank, p.id'),
    ]);
}

function admin_product(string $id): void
{
    admin_needed();
    $product = db_row('SELECT * FROM product WHERE id = ?', [(int) $id]) ?? fail(404, '商品が見つかりませんでした。');
    admin_show('product', ['title' => $product['name'], 'tab' => 'products', 'product' => $product]);
}

function admin_product_post(string $id): void
{
    admin_needed();
    $picture = upload_keep('picture', 'product', $fault);
    if ($fault !== null || posted('name', 80) === '') {
        flash($fault ?? '商品名をご記入ください。', 'bad');
        redirect("/admin/product/$id");
    }
    db_run(
        "UPDATE product SET name = ?, lead = ?, story = ?, price = ?, stock = ?, shown = ?,
                picture = coalesce(nullif(?, ''), picture) WHERE id = ?",
        [
            posted('name', 80), posted('lead', 160), posted('story', 2000), posted_int('price', 0, 1000000),
            posted_int('stock', 0, 100000), isset($_POST['shown']) ? 1 : 0, $picture, (int) $id,
        ]
    );
    cache_clear();
    flash('商品を保存しました。');
    redirect("/admin/product/$id");
}

function admin_cache_post(): void
{
    admin_needed();
    flash(cache_clear(true) . '個のキャッシュファイルを消しました。');
    redirect('/admin/');
}

serve(ADMIN_ROUTES, '/admin');
