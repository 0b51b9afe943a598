<?php
// Makes data/shop.sqlite with the catalogue. Run once, from the command line:
//     php setup.php ADMIN_PASSWORD
declare(strict_types=1);

if (PHP_SAPI !== 'cli') {
    http_response_code(404);
    exit;
}
require __DIR__ . '/lib/boot.php';

const SCHEMA = <<<'SQL'
CREATE TABLE category (
    id INTEGER PRIMARY KEY, slug TEXT NOT NULL UNIQUE, name TEXT NOT NULL, lead TEXT NOT NULL, rank INTEGER NOT NULL);
CREATE TABLE product (
    id INTEGER PRIMARY KEY, category_id INTEGER NOT NULL REFERENCES category, name TEXT NOT NULL,
    lead TEXT NOT NULL, story TEXT NOT NULL, origin TEXT NOT NULL, amount TEXT NOT NULL,
    price INTEGER NOT NULL, stock INTEGER NOT NULL, picture TEXT NOT NULL,
    recommended INTEGER NOT NULL DEFAULT 0, shown INTEGER NOT NULL DEFAULT 1, rank INTEGER NOT NULL DEFAULT 0);
CREATE TABLE customer (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, password TEXT NOT NULL, name TEXT NOT NULL,
    kana TEXT NOT NULL, zip TEXT NOT NULL, prefecture TEXT NOT NULL, address TEXT NOT NULL,
    phone TEXT NOT NULL, created TEXT NOT NULL);
CREATE TABLE review (
    id INTEGER PRIMARY KEY, product_id INTEGER NOT NULL REFERENCES product,
    customer_id INTEGER NOT NULL REFERENCES customer, stars INTEGER NOT NULL, text TEXT NOT NULL,
    photo TEXT NOT NULL, created TEXT NOT NULL);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, customer_id INTEGER NOT NULL REFERENCES customer,
    created TEXT NOT NULL, status TEXT NOT NULL, goods INTEGER NOT NULL, shipping INTEGER NOT NULL,
    total INTEGER NOT NULL, name TEXT NOT NULL, kana TEXT NOT NULL, zip TEXT NOT NULL, prefecture TEXT NOT NULL,
    address TEXT NOT NULL, phone TEXT NOT NULL, email TEXT NOT NULL,
    card_brand TEXT NOT NULL, card_last4 TEXT NOT NULL, card_token TEXT NOT NULL);
CREATE TABLE order_line (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders, product_id INTEGER NOT NULL,
    name TEXT NOT NULL, price INTEGER NOT NULL, count INTEGER NOT NULL);
CREATE TABLE admin (name TEXT PRIMARY KEY, password TEXT NOT NULL);
CREATE INDEX product_category ON product (category_id);
CREATE INDEX review_product ON review (product_id);
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX order_line_order ON order_line (order_id);
SQL;

// slug, name, lead
const CATEGORIES = [
    ['sencha', '煎茶', '静岡と宇治の畑から。朝の一杯にも、食後の一杯にも。'],
    ['gyokuro', '玉露・抹茶', '日よけをして育てた、とろりと甘いお茶。'],
    ['hojicha', 'ほうじ茶・番茶', '毎日がぶがぶ飲める、香ばしいお茶。'],
    ['utsuwa', '茶器', '急須、湯呑、茶筒。手になじむ道具を少しずつ。'],
    ['okashi', 'お茶うけ', 'お茶がもう一杯ほしくなる、小さなお菓子。'],
];

// category, name, lead, story, origin, amount, price, stock, picture, recommended
const PRODUCTS = [
    ['sencha', '煎茶 朝つゆ', 'さわやかな若葉の香り。毎朝のお茶に。', "静岡県牧之原の台地で、五月のはじめに摘んだ若葉だけで作りました。浅めに蒸して、葉の形と香りを残しています。\n\n湯冷まししたお湯（70度）で一分。二煎目は熱めのお湯でさっと。", '静岡県牧之原', '100g', 1296, 120, 'asatsuyu', 1],
    ['sencha', '煎茶 山のひかり', '川根の山あいで育った、澄んだ甘み。', "朝霧の立つ川根の急な斜面で、昔からの在来の木から摘みました。水色は淡く、後味はすっきり。\n\n冷たい水で三時間おくと、甘みだけが出ます。", '静岡県川根', '80g', 1620, 64, 'yamanohikari', 1],
    ['sencha', '深蒸し煎茶 みどりの庭', '濃い緑とまろやかなコク。', "ふつうの煎茶の二倍の時間をかけて蒸しました。細かな葉から、濃い緑色がすぐに出ます。\n\n急須は網の細かいものがおすすめです。", '静岡県掛川', '100g', 1080, 150, 'midorinoniwa', 0],
    ['sencha', '新茶 八十八夜', '一年に一度だけの、摘みたて。', "立春から数えて八十八日目のころに摘んだ、その年いちばんのお茶です。蒸しを浅くとどめ、青い香りをそのまま封じました。", '京都府和束', '80g', 2160, 38, 'hachijuhachiya', 1],
    ['gyokuro', '玉露 月影', '一滴ずつ味わう、深いうまみ。', "二十日のあいだ覆いをかけ、日の光をやわらげて育てました。50度のぬるいお湯で二分半。小さな器で、ゆっくりどうぞ。", '京都府宇治田原', '50g', 3240, 25, 'tsukikage', 1],
    ['gyokuro', '抹茶 雪の音', 'お薄にも、お菓子作りにも。', "石臼で一時間に四十グラムずつ挽いています。泡立ちがよく、苦みはおだやか。茶筅がなくても、小さなびんで振れば点てられます。", '京都府宇治', '30g缶', 1944, 80, 'yukinooto', 1],
    ['gyokuro', 'かぶせ茶 木もれ日', '煎茶と玉露のあいだの味。', "摘む前の一週間だけ、覆いをかけました。玉露の甘みと煎茶の軽やかさを、ふだんのお茶に。", '三重県鈴鹿', '80g', 1728, 47, 'komorebi', 0],
    ['hojicha', 'ほうじ茶 炭の香', '店先で焙じる、いつもの香り。', "一番茶の茎だけを、炭火でゆっくり焙じました。カフェインが少なめで、おやすみの前にも。", '京都府和束', '100g', 864, 200, 'suminoka', 1],
    ['hojicha', '玄米茶 田の友', '炒りたての玄米と二番茶。', "近江の米を炒って、葉と半々に合わせました。お茶漬けにするとおいしいお茶です。", '滋賀県朝宮', '200g', 972, 110, 'tanotomo', 0],
    ['hojicha', '京番茶 落ち葉', 'たき火のような、なつかしい香り。', "大きく育った葉を蒸して、もまずに乾かし、大釜で炒りました。煮出して、冷やしても。", '京都府和束', '150g', 756, 90, 'ochiba', 0],
    ['utsuwa', '急須 常滑 朱泥', '注ぎ口の切れがよい、二人用。', "常滑の土を薄くひき、茶こしも同じ土で作りました。使うほどに艶が出ます。\n\n容量 約250ml。", '愛知県常滑', '1点', 5940, 12, 'kyusu', 1],
    ['utsuwa', '湯呑 砥部 ひとしずく', '白磁に藍の一滴。', "厚みのある白磁に、呉須でしずくを一つ。両手で包むと、ちょうどよい大きさです。\n\n容量 約180ml。", '愛媛県砥部', '1点', 1980, 30, 'yunomi', 0],
    ['utsuwa', '茶筒 桜皮', 'ぴたりと閉まる、角館の細工。', "山桜の皮を磨いて巻きました。ふたをのせると、自分の重みで静かに閉まります。\n\n150g入り。", '秋田県角館', '1点', 7480, 8, 'chazutsu', 1],
    ['okashi', '茶だんご', '抹茶を練りこんだ、ひと口のおだんご。', "宇治の抹茶と上新粉で、毎朝むしあげています。冷凍でお届けします。自然に解けたころが食べごろです。", '京都府宇治', '18粒', 972, 60, 'dango', 0],
    ['okashi', '落雁 四季', '口の中でほどける、和三盆。', "阿波の和三盆を、桜・青葉・もみじ・雪の木型で打ちました。濃いめのお茶といっしょに。", '徳島県板野', '16個', 1404, 45, 'rakugan', 1],
    ['okashi', 'ほうじ茶の琥珀', 'しゃりっと、ふるり。', "ほうじ茶を寒天で固め、表面を乾かしました。光にかざすと、琥珀のように透きとおります。", '京都府和束', '12個', 1188, 52, 'kohaku', 0],
];

function setup(string $password): void
{
    foreach (['cache', 'data', 'uploads', 'uploads/review', 'uploads/product'] as $folder) {
        if (!is_dir(SHOP_ROOT . "/$folder")) {
            mkdir(SHOP_ROOT . "/$folder", 0755, true);
        }
    }
    db()->exec(SCHEMA);
    db_together(function () use ($password): void {
        $ids = [];
        foreach (CATEGORIES as $rank => [$slug, $name, $lead]) {
            db_run('INSERT INTO category (slug, name, lead, rank) VALUES (?, ?, ?, ?)', [$slug, $name, $lead, $rank]);
            $ids[$slug] = (int) db()->lastInsertId();
        }
        foreach (PRODUCTS as $rank => $p) {
            db_run(
                'INSERT INTO product (category_id, name, lead, story, origin, amount, price, stock, picture, recommended, rank)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
                [$ids[$p[0]], $p[1], $p[2], $p[3], $p[4], $p[5], $p[6], $p[7], "/static/img/{$p[8]}.svg", $p[9], $rank]
            );
        }
        db_run('INSERT INTO admin (name, password) VALUES (?, ?)', ['admin', password_hash($password, PASSWORD_DEFAULT)]);
    });
}

if ($argc !== 2 || strlen($argv[1]) < 8) {
    fwrite(STDERR, "usage: php setup.php ADMIN_PASSWORD (8 characters or more)\n");
    exit(2);
}
if (is_file(SHOP_ROOT . '/data/shop.sqlite')) {
    fwrite(STDERR, "setup.php: data/shop.sqlite is there already\n");
    exit(1);
}
setup($argv[1]);
