<?php
// Sessions: begun only when there is something to remember, so that a visitor
// who only looks costs no file.
declare(strict_types=1);

const SESSION_NAME = 'haoto';

/** True if this visitor has a session (it is open then). */
function session_resume(): bool
{
    if (session_status() === PHP_SESSION_ACTIVE) {
        return true;
    }
    if (!isset($_COOKIE[SESSION_NAME])) {
        return false;
    }
    session_begin();
    return true;
}

function session_begin(): void
{
    if (session_status() === PHP_SESSION_ACTIVE) {
        return;
    }
    session_name(SESSION_NAME);
    session_set_cookie_params(['httponly' => true, 'samesite' => 'Lax', 'path' => '/']);
    ini_set('session.use_strict_mode', '1');
    session_start();
}

function session_read(string $key, mixed $otherwise = null): mixed
{
    return session_resume() ? ($_SESSION[$key] ?? $otherwise) : $otherwise;
}

function session_put(string $key, mixed $value): void
{
    session_begin();
    if ($value === null) {
        unset($_SESSION[$key]);
    } else {
        $_SESSION[$key] = $value;
    }
}

/** A new session id, after a login: a planted one is worth nothing. */
function session_renew(): void
{
    session_begin();
    session_regenerate_id(true);
}

/** The token that every form carries. */
function csrf_token(): string
{
    session_begin();
    return $_SESSION['csrf'] ??= bin2hex(random_bytes(16));
}

function csrf_check(): void
{
    $given = $_POST['csrf'] ?? '';
    $right = session_read('csrf', '');
    if (!is_string($given) || $right === '' || !hash_equals($right, $given)) {
        fail(400, '画面の有効期限が切れました。前の画面に戻って、もう一度お試しください。');
    }
}

/** A sentence to show once, on the next page. */
function flash(string $text, string $tone = 'good'): void
{
    session_put('flash', ['text' => $text, 'tone' => $tone]);
}

function flash_take(): ?array
{
    $flash = session_read('flash');
    if ($flash !== null) {
        session_put('flash', null);
    }
    return $flash;
}
