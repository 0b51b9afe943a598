<?php
// The database: one SQLite file under data/.
declare(strict_types=1);

function db(): PDO
{
    static $pdo = null;
    if ($pdo === null) {
        $pdo = new PDO('sqlite:' . SHOP_ROOT . '/data/shop.sqlite');
        $pdo->setAttribute(PDO::ATTR_ERRMODE, PDO::ERRMODE_EXCEPTION);
        $pdo->setAttribute(PDO::ATTR_DEFAULT_FETCH_MODE, PDO::FETCH_ASSOC);
        $pdo->exec('PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; PRAGMA synchronous = NORMAL');
    }
    return $pdo;
}

function db_run(string $sql, array $values = []): PDOStatement
{
    $statement = db()->prepare($sql);
    $statement->execute($values);
    return $statement;
}

/** All rows. */
function db_rows(string $sql, array $values = []): array
{
    return db_run($sql, $values)->fetchAll();
}

/** The first row, or null. */
function db_row(string $sql, array $values = []): ?array
{
    $row = db_run($sql, $values)->fetch();
    return $row === false ? null : $row;
}

/** Run $work in one transaction; an exception takes all of it back. */
function db_together(callable $work): mixed
{
    db()->exec('BEGIN IMMEDIATE');
    try {
        $result = $work();
        db()->exec('COMMIT');
        return $result;
    } catch (Throwable $fault) {
        db()->exec('ROLLBACK');
        throw $fault;
    }
}

function db_now(): string
{
    return date('Y-m-d H:i:s');
}
