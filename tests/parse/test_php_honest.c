/* Honest PHP: what must not be said about it. */
#include "look.h"

static const struct look_case cases[] = {
    {"a template", "a.php",
     "<html><body><?php if ($user): ?><p><?= htmlspecialchars($user->name) ?></p><?php endif; "
     "?></body></html>",
     "{\"php_code\":3}", "php"},
    {"eval of a constant", "a.php", "<?php eval(\"return 1;\");",
     "{\"eval_code\":1,\"php_code\":1}", "php"},
    {"assert of an expression", "a.php",
     "<?php assert($x instanceof Foo); assert(count($y) > 0);", "{\"php_code\":1}", "php"},
    {"a decoder for data", "a.php",
     "<?php $v = unserialize(base64_decode($row[\"v\"])); $img = "
     "imagecreatefromstring(base64_decode($s));",
     "{\"decode\":2,\"php_code\":1}", "php"},
    {"an action by name, not run", "a.php",
     "<?php $action = sanitize_key($_GET[\"action\"]); do_action(\"admin_\" . $action); "
     "$this->{$action}();",
     "{\"php_code\":1,\"request_read\":1}", "php"},
    {"request compared and counted", "a.php",
     "<?php if ($_POST[\"card_no\"] == \"\" || strlen($_POST[\"cvv\"]) < 3 || count($_POST) > "
     "20) { fwrite($log, \"bad form\"); $ok = isset($_POST[\"x\"]); fwrite($log, $ok); }",
     "{\"card_word\":2,\"file_write\":2,\"php_code\":1,\"request_read\":4}", "php"},
    {"a hash of the request", "a.php",
     "<?php file_put_contents($cache, md5($_POST[\"card_no\"]));",
     "{\"card_word\":1,\"file_write\":1,\"php_code\":1,\"request_read\":1}", "php"},
    {"other functions, other variables", "a.php",
     "<?php function a() { $d = $_POST[\"card_no\"]; return 1; } function b() { "
     "file_put_contents(\"x.log\", $d); }",
     "{\"card_word\":1,\"file_write\":1,\"php_code\":1,\"request_read\":1}", "php"},
    {"a dynamic method", "a.php", "<?php $m = \"get\" . ucfirst($name); return $this->$m($x); ",
     "{\"php_code\":1}", "php"},
    {"comments and nowdoc", "a.php",
     "<?php // eval($_POST[1])\n"
     "/* system($_GET[c]) */ # assert('x')\n"
     "$x = <<<'A'\n"
     " eval($_POST[1]);\n"
     "A;\n",
     "{\"php_code\":1}", "php"},
    {"casts are no brackets", "a.php",
     "<?php $a = (int) $_GET[\"id\"]; $b = ( string )$c; $d = (function() { return 1; })();",
     "{\"dynamic_call\":1,\"php_code\":1,\"request_read\":1}", "php"},
    {"behind __halt_compiler", "a.php",
     "<?php f(); __halt_compiler(); eval($_POST[1]); <?php eval($_GET[1]);", "{\"php_code\":1}",
     "php"},
    {"a tag and a line's end glued together", "a.php",
     "<?php echo '<script type=\"text/javascript\">' . \"\\n\";",
     "{\"php_code\":1,\"script_inline\":1,\"script_insert\":1}", "php"},
    {"a program that writes programs", "a.php", "<?php $f = '<' . '?' . 'php' . \"\\n\";",
     "{\"php_code\":1,\"split_strings\":1}", "php"},
    {"a class by a name and its parts", "a.php",
     "<?php $g = 'Gettext\\\\' . $m[2] . '::to' . $m[3]; call_user_func($g, 1);",
     "{\"callback_call\":1,\"php_code\":1}", "php"},
    {"a class that is looked up in a list", "a.php",
     "<?php if (in_array($_GET['m'], modules())) $o = new $_GET['m']($config);",
     "{\"php_code\":1,\"request_read\":2}", "php"},
    {"documentation in columns", "a.php",
     "<?php\n/**\n * @method static Carbon create($year)                                       "
     "       "
     "                                                                                         "
     "   "
     "             Create a date from its parts.\n * "
     "                                                                                "
     "                                                                                and $day "
     "is today\n */\nf();\n",
     "{\"php_code\":1}", "php"},
    {"an address that is put together", "a.js.php",
     "<?php header('Location: ' . $base . '/login'); exit;", "{\"php_code\":1}", "php"},
    {"an XML declaration", "a.php", "<?xml version=\"1.0\"?><a><?php echo 1 ?></a>",
     "{\"php_code\":1}", "php"},
};

static void test_php_honest(void **state)
{
	(void)state;
	LOOK_CHECK(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_php_honest)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
