<?php
// Registration, login, the customer's own page.
declare(strict_types=1);

function page_register(array $address = [], string $email = '', array $faults = []): void
{
    show_form('register', [
        'title' => '会員登録｜' . SHOP_NAME, 'a' => $address, 'email' => $email, 'faults' => $faults,
        'prefectures' => prefecture_options($address['prefecture'] ?? ''),
    ]);
}

function post_register(): void
{
    [$address, $faults] = address_posted();
    $email = mb_strtolower(posted('email', 120));
    $password = is_string($_POST['password'] ?? null) ? $_POST['password'] : '';
    if (filter_var($email, FILTER_VALIDATE_EMAIL) === false) {
        $faults[] = 'メールアドレスをご確認ください。';
    } elseif (db_row('SELECT id FROM customer WHERE email = ?', [$email]) !== null) {
        $faults[] = 'このメールアドレスは登録済みです。';
    }
    if (strlen($password) < 8 || strlen($password) > 72) {
        $faults[] = 'パスワードは8文字以上でお決めください。';
    }
    if ($faults) {
        http_response_code(422);
        page_register($address, $email, $faults);
        return;
    }
    $customer = customer_create($email, $password, $address);
    flash('会員登録が終わりました。ようこそ葉音へ。');
    customer_enter($customer);
}

function page_login(string $email = '', string $fault = ''): void
{
    show_form('login', ['title' => 'ログイン｜' . SHOP_NAME, 'email' => $email, 'fault' => $fault]);
}

function post_login(): void
{
    $email = mb_strtolower(posted('email', 120));
    $password = is_string($_POST['password'] ?? null) ? $_POST['password'] : '';
    $customer = db_row('SELECT * FROM customer WHERE email = ?', [$email]);
    // An unknown address takes as long as a wrong password.
    $hash = $customer['password'] ?? '$2y$08$abcdefghijklmnopqrstuuIHHUwLK9z7fP4.CxVjkHxwGbQOoe3Wm';
    if (!password_verify($password, $hash) || $customer === null) {
        http_response_code(422);
        page_login($email, 'メールアドレスかパスワードが違います。');
        return;
    }
    customer_enter($customer);
}

function post_logout(): void
{
    $_SESSION = [];
    session_renew();
    flash('ログアウトしました。');
    redirect('/');
}

function page_mypage(): void
{
    $customer = customer_needed();
    show_form('mypage', [
        'title' => 'マイページ｜' . SHOP_NAME, 'customer' => $customer, 'orders' => orders_of($customer['id']),
    ]);
}

function page_order(string $number): void
{
    $customer = customer_needed();
    $order = order_of($number, $customer['id']) ?? fail(404, 'ご注文が見つかりませんでした。');
    show('order', ['title' => "ご注文 {$number}｜" . SHOP_NAME, 'order' => $order]);
}
