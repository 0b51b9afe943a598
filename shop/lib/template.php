<?php
/*
 * Templates: templates/NAME.html, compiled into cache/ when first used and whenever
 * the template is newer.
 *
 *   {{ a.b }}            a value, escaped;  {{{ a.b }}} as it is
 *   {{ a.b|yen }}        through a filter (the table FILTERS)
 *   {% if a.b %} {% if not a.b %} {% if a.b == "x" %} {% if a.b == c.d %} {% else %} {% endif %}
 *   {% for x in a.b %} ... {% endfor %}
 *   {% include name %}
 */
declare(strict_types=1);

const TEMPLATE_PATH = '[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*';

/** What may stand behind a bar. */
function template_filters(): array
{
    static $filters = null;
    return $filters ??= [
        'yen' => fn ($v) => '¥' . number_format((int) $v),
        'date' => fn ($v) => date('Y年n月j日', strtotime((string) $v)),
        'url' => fn ($v) => rawurlencode((string) $v),
        'stars' => fn ($v) => str_repeat('★', (int) $v) . str_repeat('☆', 5 - (int) $v),
    ];
}

/** The page as text. */
function template(string $name, array $values): string
{
    $file = template_compiled($name);
    ob_start();
    try {
        (static function (string $__file, array $v): void {
            require $__file;
        })($file, $values);
    } catch (Throwable $fault) {
        ob_end_clean();
        throw $fault;
    }
    return (string) ob_get_clean();
}

/** The compiled file of a template, made anew if it is missing or older. */
function template_compiled(string $name): string
{
    if (!preg_match('~^[a-z][a-z_/]*$~', $name)) {
        throw new InvalidArgumentException("no template name: $name");
    }
    $source = SHOP_ROOT . "/templates/$name.html";
    $target = SHOP_ROOT . '/cache/tpl_' . str_replace('/', '-', $name) . '.php';
    if (!is_file($target) || filemtime($target) < filemtime($source)) {
        cache_write($target, template_compile((string) file_get_contents($source), $name));
    }
    return $target;
}

/** Write a file of the cache: whole or not at all, also with several workers at once. */
function cache_write(string $target, string $text): void
{
    $fresh = $target . '.' . bin2hex(random_bytes(4));
    file_put_contents($fresh, $text);
    rename($fresh, $target);
}

function template_compile(string $text, string $name): string
{
    $parts = preg_split('~(\{\{\{.*?\}\}\}|\{\{.*?\}\}|\{%.*?%\})~s', $text, -1, PREG_SPLIT_DELIM_CAPTURE);
    $php = "<?php // made from templates/$name.html, do not edit ?>";
    foreach ($parts as $i => $part) {
        $php .= $i % 2 ? template_tag($part, $name) : str_replace('<?', '<<?= "?" ?>', $part);
    }
    return $php;
}

function template_tag(string $tag, string $name): string
{
    if (str_starts_with($tag, '{{{')) {
        return '<?= ' . template_value(trim(substr($tag, 3, -3)), $name) . ' ?>';
    }
    if (str_starts_with($tag, '{{')) {
        return '<?= template_escape(' . template_value(trim(substr($tag, 2, -2)), $name) . ') ?>';
    }
    return '<?php ' . template_word(trim(substr($tag, 2, -2)), $name) . ' ?>';
}

function template_word(string $word, string $name): string
{
    $path = TEMPLATE_PATH;
    return match (true) {
        $word === 'else' => 'else:',
        $word === 'endif' => 'endif;',
        $word === 'endfor' => 'endforeach;',
        (bool) preg_match("~^include ([a-z][a-z_/]*)$~", $word, $m) =>
            "require template_compiled('{$m[1]}');",
        (bool) preg_match("~^for ([a-z_]+) in ($path)$~", $word, $m) =>
            "foreach (" . template_value($m[2], $name) . " ?? [] as \$v['{$m[1]}']):",
        (bool) preg_match("~^if (not )?($path)$~", $word, $m) =>
            'if (' . ($m[1] ? '!' : '') . '(' . template_value($m[2], $name) . ')):',
        (bool) preg_match("~^if ($path) == (?:\"([^\"'\\\\]*)\"|($path))$~", $word, $m) =>
            'if ((string) (' . template_value($m[1], $name) . ') === ' .
            (isset($m[3]) ? '(string) (' . template_value($m[3], $name) . ')' : "'{$m[2]}'") . '):',
        default => throw new LogicException("templates/$name.html: what is {% $word %}?"),
    };
}

/** PHP for a.b.c|filter. */
function template_value(string $text, string $name): string
{
    if (!preg_match('~^(' . TEMPLATE_PATH . ')(?:\|([a-z]+))?$~', $text, $m)) {
        throw new LogicException("templates/$name.html: what is {{ $text }}?");
    }
    $php = '($v';
    foreach (explode('.', $m[1]) as $step) {
        $php .= "['$step']";
    }
    $php .= ' ?? null)';
    if (!isset($m[2])) {
        return $php;
    }
    if (!isset(template_filters()[$m[2]])) {
        throw new LogicException("templates/$name.html: no filter {$m[2]}");
    }
    return "(template_filters()['{$m[2]}'])($php)";
}

function template_escape(mixed $value): string
{
    return htmlspecialchars((string) $value, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}
