<?php
// Customers: who they are, how they log in, what an address must hold.
declare(strict_types=1);

// field => [label, most characters, pattern, what is expected]
const ADDRESS_FIELDS = [
    'name' => ['お名前', 40, '~^.+$~u', 'お名前をご記入ください。'],
    'kana' => ['フリガナ', 60, '~^[ァ-ヶー 　]+$~u', 'フリガナは全角カタカナでご記入ください。'],
    'zip' => ['郵便番号', 8, '~^\d{3}-?\d{4}$~', '郵便番号は7桁の数字でご記入ください。'],
    'prefecture' => ['都道府県', 8, '~^.+(都|道|府|県)$~u', '都道府県をお選びください。'],
    'address' => ['ご住所', 120, '~^.{3,}$~u', 'ご住所をご記入ください。'],
    'phone' => ['電話番号', 14, '~^0[\d-]{8,13}$~', '電話番号は数字とハイフンでご記入ください。'],
];

const PREFECTURES = [
    '北海道', '青森県', '岩手県', '宮城県', '秋田県', '山形県', '福島県', '茨城県', '栃木県', '群馬県', '埼玉県',
    '千葉県', '東京都', '神奈川県', '新潟県', '富山県', '石川県', '福井県', '山梨県', '長野県', '岐阜県', '静岡県',
    '愛知県', '三重県', '滋賀県', '京都府', '大阪府', '兵庫県', '奈良県', '和歌山県', '鳥取県', '島根県', '岡山県',
    '広島県', '山口県', '徳島県', '香川県', '愛媛県', '高知県', '福岡県', '佐賀県', '長崎県', '熊本県', '大分県',
    '宮崎県', '鹿児島県', '沖縄県',
];

/** The posted address and the sentences about what is wrong with it. */
function address_posted(): array
{
    $address = [];
    $faults = [];
    foreach (ADDRESS_FIELDS as $field => [, $most, $pattern, $sentence]) {
        $address[$field] = posted($field, $most);
        if (!preg_match($pattern, $address[$field])) {
            $faults[] = $sentence;
        }
    }
    return [$address, $faults];
}

/** Prefectures as options, the chosen one marked. */
function prefecture_options(string $chosen): array
{
    return array_map(fn ($p) => ['name' => $p, 'chosen' => $p === $chosen], PREFECTURES);
}

function customer(): ?array
{
    $id = session_read('customer');
    return $id === null ? null : db_row('SELECT * FROM customer WHERE id = ?', [$id]);
}

function customer_name(): ?string
{
    return session_read('customer_name');
}

/** The logged-in customer, or off to the login page and back here afterwards. */
function customer_needed(): array
{
    $customer = customer();
    if ($customer === null) {
        session_put('after_login', $_SERVER['REQUEST_METHOD'] === 'GET' ? $_SERVER['REQUEST_URI'] : '/mypage');
        flash('ログインしてください。はじめての方は会員登録をお願いします。', 'plain');
        redirect('/login');
    }
    return $customer;
}

function customer_enter(array $customer): never
{
    session_renew();
    session_put('customer', $customer['id']);
    session_put('customer_name', $customer['name']);
    $to = session_read('after_login', '/mypage');
    session_put('after_login', null);
    redirect($to);
}

function customer_create(string $email, string $password, array $address): array
{
    db_run(
        'INSERT INTO customer (email, password, name, kana, zip, prefecture, address, phone, created)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        [$email, password_hash($password, PASSWORD_BCRYPT, ['cost' => 8]), ...array_values($address), db_now()]
    );
    return db_row('SELECT * FROM customer WHERE email = ?', [$email]);
}
