<?php
// Categories, products, reviews. Lists are kept in cache/ as PHP, made anew when
// somebody edits a product: the shop writes code at run time, as real ones do.
declare(strict_types=1);

/** $make's result, from cache/ where it lies there. */
function cached(string $key, callable $make): mixed
{
    $file = SHOP_ROOT . "/cache/list_$key.php";
    if (is_file($file)) {
        return require $file;
    }
    $value = $make();
    cache_write($file, '<?php return ' . var_export($value, true) . ';');
    return $value;
}

/** Forget all lists (a product was edited), or templates too. */
function cache_clear(bool $templates = false): int
{
    $files = glob(SHOP_ROOT . '/cache/' . ($templates ? '*' : 'list_*') . '.php') ?: [];
    foreach ($files as $file) {
        @unlink($file);
        if (function_exists('opcache_invalidate')) {
            @opcache_invalidate($file, true);
        }
    }
    return count($files);
}

function categories(): array
{
    return cached('categories', fn () => db_rows('SELECT slug, name, lead FROM category ORDER BY rank'));
}

function products_of(string $slug): array
{
    return cached("products_$slug", fn () => db_rows(
        'SELECT p.* FROM product p JOIN category c ON c.id = p.category_id
         WHERE c.slug = ? AND p.shown = 1 ORDER BY p.rank, p.id',
        [$slug]
    ));
}

function products_recommended(): array
{
    return cached('recommended', fn () => db_rows(
        'SELECT * FROM product WHERE shown = 1 AND recommended = 1 ORDER BY rank, id LIMIT 8'
    ));
}

function products_found(string $q): array
{
    $like = '%' . strtr($q, ['\\' => '\\\\', '%' => '\\%', '_' => '\\_']) . '%';
    return db_rows(
        "SELECT * FROM product WHERE shown = 1
         AND (name LIKE ? ESCAPE '\\' OR lead LIKE ? ESCAPE '\\' OR story LIKE ? ESCAPE '\\')
         ORDER BY rank, id LIMIT 60",
        [$like, $like, $like]
    );
}

function product(int $id): ?array
{
    return db_row(
        'SELECT p.*, c.name AS category_name, c.slug AS category_slug
         FROM product p JOIN category c ON c.id = p.category_id WHERE p.id = ? AND p.shown = 1',
        [$id]
    );
}

function reviews(int $product_id): array
{
    return db_rows(
        'SELECT r.*, c.name AS customer FROM review r JOIN customer c ON c.id = r.customer_id
         WHERE r.product_id = ? ORDER BY r.id DESC LIMIT 20',
        [$product_id]
    );
}
