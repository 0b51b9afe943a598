<?php
// Requests and answers.
declare(strict_types=1);

/** Find the route of this request, check its form's token, answer. */
function serve(array $routes, string $under = ''): void
{
    $path = parse_url($_SERVER['REQUEST_URI'] ?? '/', PHP_URL_PATH);
    $path = is_string($path) ? rawurldecode($path) : '/';
    $path = substr($path, strlen($under)) ?: '/';
    $method = $_SERVER['REQUEST_METHOD'] === 'HEAD' ? 'GET' : $_SERVER['REQUEST_METHOD'];
    headers();
    try {
        foreach ($routes as [$verb, $pattern, $answer]) {
            if ($verb === $method && preg_match($pattern, $path, $found)) {
                if ($method === 'POST') {
                    csrf_check();
                }
                $answer(...array_slice($found, 1));
                return;
            }
        }
        fail(404, 'お探しのページは見つかりませんでした。');
    } catch (Throwable $fault) {
        error_log((string) $fault);
        fail(500, '申し訳ございません。ただいまご利用いただけません。');
    }
}

function headers(): void
{
    header('Content-Type: text/html; charset=UTF-8');
    header('X-Content-Type-Options: nosniff');
    header('X-Frame-Options: DENY');
    header('Referrer-Policy: same-origin');
    header("Content-Security-Policy: default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; form-action 'self'");
}

/** Show a page of the shop inside the common layout. */
function show(string $template, array $values = []): void
{
    $values += ['title' => SHOP_TITLE, 'q' => '', 'here' => ''];
    $values['shop'] = [
        'name' => SHOP_NAME,
        'categories' => categories(),
        'in_cart' => cart_count(),
        'customer' => customer_name(),
        'flash' => flash_take(),
        'year' => date('Y'),
    ];
    if (session_status() === PHP_SESSION_ACTIVE) {
        $values['csrf'] = csrf_token();
    }
    $values['content'] = template($template, $values);
    echo template($values['layout'] ?? 'layout', $values);
}

/** A page with a form: it needs a session for its token. */
function show_form(string $template, array $values = []): void
{
    csrf_token();
    show($template, $values);
}

function redirect(string $to): never
{
    header('Location: ' . $to, true, 303);
    exit;
}

function fail(int $status, string $sentence): never
{
    http_response_code($status);
    show('message', ['title' => SHOP_NAME, 'heading' => (string) $status, 'sentence' => $sentence]);
    exit;
}

/** A text from the form, trimmed, at most $max characters; '' where it is missing or no text. */
function posted(string $key, int $max = 200): string
{
    $value = $_POST[$key] ?? '';
    if (!is_string($value) || !mb_check_encoding($value, 'UTF-8')) {
        return '';
    }
    return mb_substr(trim($value), 0, $max);
}

function posted_int(string $key, int $least, int $most): int
{
    $value = filter_var($_POST[$key] ?? '', FILTER_VALIDATE_INT);
    return $value === false ? $least : max($least, min($most, $value));
}
