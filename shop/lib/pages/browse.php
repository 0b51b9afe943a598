<?php
// Looking around: front page, categories, search, a product, a review of it.
declare(strict_types=1);

function page_home(): void
{
    show('home', ['products' => products_recommended(), 'here' => 'home']);
}

function page_category(string $slug): void
{
    foreach (categories() as $category) {
        if ($category['slug'] === $slug) {
            show('category', [
                'title' => $category['name'] . '｜' . SHOP_NAME, 'heading' => $category['name'],
                'lead' => $category['lead'], 'products' => products_of($slug), 'here' => $slug,
            ]);
            return;
        }
    }
    fail(404, 'お探しの分類は見つかりませんでした。');
}

function page_search(): void
{
    $q = is_string($_GET['q'] ?? null) ? mb_substr(trim($_GET['q']), 0, 60) : '';
    $found = $q === '' ? [] : products_found($q);
    show('category', [
        'title' => '検索｜' . SHOP_NAME, 'heading' => $q === '' ? '商品をさがす' : "「{$q}」の検索結果",
        'lead' => $found ? count($found) . '点の商品が見つかりました。' : '該当する商品はありませんでした。別の言葉でお試しください。',
        'products' => $found, 'q' => $q,
    ]);
}

function page_product(string $id): void
{
    $product = product((int) $id) ?? fail(404, 'この商品は現在お取り扱いがありません。');
    show_form('product', [
        'title' => $product['name'] . '｜' . SHOP_NAME, 'product' => $product,
        'reviews' => reviews((int) $id), 'here' => $product['category_slug'],
        'others' => array_slice(array_filter(
            products_of($product['category_slug']),
            fn ($p) => $p['id'] !== $product['id']
        ), 0, 4),
    ]);
}

function post_review(string $id): void
{
    $customer = customer_needed();
    $product = product((int) $id) ?? fail(404, 'この商品は現在お取り扱いがありません。');
    $text = posted('text', 600);
    $photo = upload_keep('photo', 'review', $fault);
    if ($text === '' || $fault !== null) {
        flash($fault ?? 'ご感想をご記入ください。', 'bad');
        redirect("/p/{$product['id']}#reviews");
    }
    db_run(
        'INSERT INTO review (product_id, customer_id, stars, text, photo, created) VALUES (?, ?, ?, ?, ?, ?)',
        [$product['id'], $customer['id'], posted_int('stars', 1, 5), $text, $photo, db_now()]
    );
    flash('ご感想をありがとうございました。');
    redirect("/p/{$product['id']}#reviews");
}

function page_text(string $which): void
{
    $titles = ['about' => '葉音について', 'law' => '特定商取引法に基づく表記', 'privacy' => '個人情報の取り扱い'];
    show("text_$which", ['title' => $titles[$which] . '｜' . SHOP_NAME, 'heading' => $titles[$which]]);
}
