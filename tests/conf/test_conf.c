/* Settings: faults with their exact place, defaults, roles, recognising, the written config. */
#include "check.h"
#include "conf/conf.h"
#include "conf/keys.h"
#include "conf/match.h"
#include <errno.h>
#include <sys/stat.h>

#define PROFILES HINOBAN_SOURCE "/profiles"
#define SHOP     "roots = [\"/srv/shop\"]\n"

static int parse(struct slice text, struct conf *c, struct err *e)
{
	*e = (struct err){0};
	return conf_parse(text, "t.conf", PROFILES, c, e);
}

static const struct {
	const char *text, *says;
} faults[] = {
    {"",
     "t.conf:1:1: found no roots; expected roots = [\"/path/of/the/shop\"] in the first part"},
    {"root = [\"/a\"]\n", "t.conf:1:1: found the unknown key \"root\"; did you mean roots?"},
    {SHOP "profil = \"plain\"\n",
     "t.conf:2:1: found the unknown key \"profil\"; did you mean profile?"},
    {SHOP "zzzzzzzz = 1\n",
     "t.conf:2:1: found the unknown key \"zzzzzzzz\"; expected one of hinoban.conf(5)"},
    {SHOP "[wach]\n", "t.conf:2:2: found the unknown section \"wach\"; did you mean watch?"},
    {SHOP "[paths]\nuplaods = [\"a\"]\n",
     "t.conf:3:1: found the unknown key \"uplaods\"; did you mean uploads?"},
    {SHOP SHOP, "t.conf:2:1: found roots a second time; expected it once"},
    {SHOP "[paths]\ncode = [\"a\"]\ncode = [\"b\"]\n",
     "t.conf:4:1: found code a second time; expected it once"},
    {"roots = \"/a\"\n",
     "t.conf:1:9: found a text in quotes for roots; expected a list of texts "
     "such as [\"a\", \"b\"]"},
    {"roots = [\"shop\"]\n", "t.conf:1:10: found \"shop\"; expected an absolute path"},
    {"roots = [\"/a\", \"/a/b\"]\n",
     "t.conf:1:9: found \"/a/b\", which lies in \"/a\"; expected folders apart"},
    {"roots = []\n", "t.conf:1:9: found 0 folders; expected 1 to 16"},
    {SHOP "[watch]\nrescan = 5\n",
     "t.conf:3:10: found a number for rescan; expected a time such as 30s, 5m, 2h or 3d"},
    {SHOP "[watch]\nrescan = 400d\n",
     "t.conf:3:10: found 34560000 for rescan; expected 0 to 31622400"},
    {SHOP "[watch]\nreaders = 12x\n",
     "t.conf:3:11: found '12x'; expected a value: a text in quotes, a number, true, false or a "
     "list"},
    {SHOP "[watch]\nmarks = \"all\"\n",
     "t.conf:3:9: found \"all\"; expected one of: auto filesystem directories"},
    {SHOP "[watch]\nlook_max = 99999999999999999999G\n",
     "t.conf:3:12: found '99999999999999999999G'; expected a value: a text in quotes, a "
     "number, "
     "true, false or a list"},
    {SHOP "state\n", "t.conf:2:6: found the end of the line; expected = after the key"},
    {SHOP "state = \n", "t.conf:2:9: found the end of the line; expected a value: a text in "
                        "quotes, a number, true, false or a list"},
    {SHOP "state = \"/a\n",
     "t.conf:2:12: found the end of the line; expected the closing quote "
     "of the text"},
    {SHOP "state = \"/a\" x\n", "t.conf:2:14: found 'x'; expected the end of the line"},
    {SHOP "state = \"/\\q\"\n", "t.conf:2:12: found 'q'; expected \\\", \\\\, \\n or \\t"},
    {"roots = [\"/a\" \"/b\"]\n", "t.conf:1:15: found '\"'; expected a comma or ]"},
    {"roots = [\"/a\",\n",
     "t.conf:2:1: found the end of the file; expected a text in quotes or ]"},
    {"# 火の番\n火 = 1\n",
     "t.conf:2:1: found '火'; expected a key, a [section] or a # comment"},
    {SHOP "state = \"/火\xff\"\n",
     "t.conf:2:12: found byte 0xff, which is no UTF-8; expected the closing quote of the text"},
    {SHOP "# \x01\n", "t.conf:2:3: found control character 0x01; expected text in the comment"},
    {SHOP "[paths]\ncode = [\"/abs/**\"]\n", "t.conf:3:9: found \"/abs/**\"; expected a glob "
                                             "relative to the watched folder, without / in "
                                             "front"},
    {SHOP "[paths]\ncode = [\"a/\"]\n",
     "t.conf:3:9: found \"a/\"; expected a glob that ends in /** for all that is in a folder"},
    {SHOP "[paths]\ncode = [\"a/../b\"]\n", "t.conf:3:9: found \"a/../b\"; expected a glob "
                                            "without .."},
    {SHOP "[paths]\ncode = [\"a[bc\"]\n",
     "t.conf:3:9: found \"a[bc\"; expected a ] behind the [ "
     "of the glob"},
    {SHOP "[paths]\ncode = \"a\"\n", "t.conf:3:8: found a text in quotes for code; expected a "
                                     "list of globs"},
    {SHOP "profile_base = \"../x\"\n",
     "t.conf:2:16: found \"../x\"; expected a folder below the "
     "watched one, such as \"html\""},
    {SHOP "profile = \"nosuch\"\n",
     "t.conf:2:11: found the profile \"nosuch\"; expected one of "
     "the folder " PROFILES},
};

static void test_faults(void **state)
{
	struct conf c;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		assert_true(parse(slice_str(faults[i].text), &c, &e) < 0);
		assert_string_equal(e.text, faults[i].says);
		conf_done(&c);
	}
}

static void test_nul_and_size(void **state)
{
	struct slice nul = SLICE("roots = [\"/a\"]\nst\0te = 1\n");
	uint8_t *big = calloc(1, CONF_MAX_BYTES + 1);
	struct conf c;
	struct err e;

	(void)state;
	assert_int_equal(parse(nul, &c, &e), -EINVAL);
	assert_string_equal(e.text, "t.conf:2:3: found a NUL byte; expected = after the key");
	assert_non_null(big);
	memset(big, '\n', CONF_MAX_BYTES + 1);
	memcpy(big, "roots=[\"/a\"]", 12);
	assert_int_equal(parse(slice_mem(big, CONF_MAX_BYTES), &c, &e), 0);
	conf_done(&c);
	assert_int_equal(parse(slice_mem(big, CONF_MAX_BYTES + 1), &c, &e), -EFBIG);
	free(big);
}

static void test_defaults(void **state)
{
	struct conf c;
	struct err e;

	(void)state;
	/* A byte order mark, CRLF, a list over lines, a slash too many. */
	assert_int_equal(
	    parse(SLICE("\xEF\xBB\xBFroots = [ # two\r\n \"/srv/shop/\",\r\n\"/b\",]\r\n"), &c,
	          &e),
	    0);
	assert_int_equal(c.roots, 2);
	assert_slice(c.root[0].path, "/srv/shop");
	assert_slice(c.state, "/var/lib/hinoban");
	assert_slice(c.profile, "plain");
	assert_slice(c.marks, "auto");
	assert_slice(c.language, "en");
	assert_slice(c.access_log_format, "combined");
	assert_int_equal(c.look_max_bytes, 8 << 20);
	assert_int_equal(c.rescan_s, 86400);
	assert_int_equal(c.access_logs, 0);
	assert_false(c.queue_bounded);
	assert_true(conf_web_worker(&c, SLICE("www-data"), SLICE("/bin/sh")));
	assert_true(conf_web_worker(&c, SLICE(""), SLICE("/usr/sbin/php-fpm8.2")));
	assert_false(conf_web_worker(&c, SLICE("root"), SLICE("/usr/bin/vim")));
	conf_done(&c);
}

static const struct {
	const char *profile, *path;
	enum role role;
} roles[] = {
    {"plain", "index.php", ROLE_CODE},
    {"plain", "shop/payment/card.php", ROLE_PAYMENT},
    {"plain", "lib/CardPayment.php", ROLE_PAYMENT},
    {"plain", "img/logo.PNG", ROLE_UPLOADS},
    {"plain", "uploads", ROLE_UPLOADS},
    {"plain", "a/uploads/x.php", ROLE_UPLOADS},
    {"plain", ".htaccess", ROLE_CONFIG},
    {"plain", "a/.user.ini", ROLE_CONFIG},
    {"plain", "a/shop.sqlite-wal", ROLE_DATA},
    {"plain", ".git/objects/ab/cd", ROLE_DATA},
    {"plain", "a/.git/config", ROLE_DATA},
    {"plain", "a/.git/refs/heads/php", ROLE_DATA},
    {"plain", "logs/a.log", ROLE_DATA},
    {"plain", "logs/a.php", ROLE_GENERATED},
    {"plain", "lib/sess_a", ROLE_DATA},
    {"plain", "lib/sess_a.php", ROLE_GENERATED},
    {"plain", "log/.htaccess", ROLE_GENERATED},
    {"plain", "lib/.git/shell.php", ROLE_CODE},
    {"plain", "lib/.git/shell.PHTML. ", ROLE_CODE},
    {"plain", "lib/.svn/x/.user.ini", ROLE_CONFIG},
    {"mediawiki", ".git/hooks/x.php", ROLE_CODE},
    {"mediawiki", ".git/hooks/pre-commit.sample", ROLE_DATA},
    {"plain", ".github/x.php", ROLE_CODE},
    {"ec-cube2", "data/class/pages/shopping/LC_Page_Shopping_Payment.php", ROLE_PAYMENT},
    {"ec-cube2", "data/module/mdl_gmopg/inc/function.php", ROLE_PAYMENT},
    {"ec-cube2", "data/module/Smarty/libs/Smarty.class.php", ROLE_CODE},
    {"ec-cube2", "data/Smarty/templates/default/shopping/payment.tpl", ROLE_PAYMENT},
    {"ec-cube2", "data/Smarty/templates_c/default/x.tpl.php", ROLE_GENERATED},
    {"ec-cube2", "data/cache/mtb_constants.php", ROLE_GENERATED},
    {"ec-cube2", "data/config/config.php", ROLE_CONFIG},
    {"ec-cube2", "data/logs/site.log", ROLE_DATA},
    {"ec-cube2", "html/upload/save_image/x.php", ROLE_UPLOADS},
    {"ec-cube2", "html/index.php", ROLE_CODE},
    {"ec-cube4", "src/Eccube/Service/Payment/Method/CreditCard.php", ROLE_PAYMENT},
    {"ec-cube4", "src/Eccube/Resource/template/default/Shopping/index.twig", ROLE_PAYMENT},
    {"ec-cube4", "app/Plugin/GMOPayment4/Event.php", ROLE_PAYMENT},
    {"ec-cube4", "app/Plugin/Recommend42/Event.php", ROLE_CODE},
    {"ec-cube4", "app/proxy/entity/src/Eccube/Entity/Order.php", ROLE_GENERATED},
    {"ec-cube4", "var/cache/prod/twig/ab/cd.php", ROLE_GENERATED},
    {"ec-cube4", "var/log/prod/site.log", ROLE_DATA},
    {"ec-cube4", "html/upload/save_image/a.jpg", ROLE_UPLOADS},
    {"ec-cube4", ".env", ROLE_CONFIG},
    {"wordpress",
     "wp-content/plugins/woocommerce/includes/gateways/cod/class-wc-gateway-cod.php",
     ROLE_PAYMENT},
    {"wordpress", "wp-content/plugins/woocommerce-gateway-stripe/x.php", ROLE_PAYMENT},
    {"wordpress", "wp-content/plugins/akismet/akismet.php", ROLE_CODE},
    {"wordpress", "wp-content/uploads/2024/01/x.php", ROLE_UPLOADS},
    {"wordpress", "wp-content/blogs.dir/2/files/a.png", ROLE_UPLOADS},
    {"wordpress", "wp-content/cache/page/index.html", ROLE_GENERATED},
    {"wordpress", "wp-config.php", ROLE_CONFIG},
    {"wordpress", "wp-includes/images/blank.gif", ROLE_UPLOADS},
    {"wordpress", "wp-includes/load.php", ROLE_CODE},
    {"magento2", "vendor/magento/module-checkout/Model/Cart.php", ROLE_PAYMENT},
    {"magento2", "vendor/magento/module-payment/Model/Method/Cc.php", ROLE_PAYMENT},
    {"magento2", "app/code/Acme/CardPayment/Model/Pay.php", ROLE_PAYMENT},
    {"magento2", "generated/code/Magento/X/Proxy.php", ROLE_GENERATED},
    {"magento2", "pub/static/frontend/Magento/luma/en_US/x.js", ROLE_GENERATED},
    {"magento2", "pub/media/catalog/product/a.jpg", ROLE_UPLOADS},
    {"magento2", "app/etc/env.php", ROLE_CONFIG},
    {"magento2", "var/log/system.log", ROLE_DATA},
    {"openmage", "app/code/core/Mage/Payment/Model/Method/Cc.php", ROLE_PAYMENT},
    {"openmage", "js/prototype/validation.js", ROLE_PAYMENT},
    {"openmage", "app/etc/local.xml", ROLE_CONFIG},
    {"openmage", "media/catalog/a.jpg", ROLE_UPLOADS},
    {"openmage", "var/cache/mage--0/x", ROLE_GENERATED},
    {"prestashop", "controllers/front/OrderController.php", ROLE_PAYMENT},
    {"prestashop", "modules/ps_wirepayment/ps_wirepayment.php", ROLE_PAYMENT},
    {"prestashop", "modules/blockcart/blockcart.php", ROLE_CODE},
    {"prestashop", "var/cache/prod/x.php", ROLE_GENERATED},
    {"prestashop", "img/p/1/1.jpg", ROLE_UPLOADS},
    {"opencart", "catalog/controller/extension/payment/cod.php", ROLE_PAYMENT},
    {"opencart", "extension/opencart/catalog/controller/payment/cod.php", ROLE_PAYMENT},
    {"opencart", "system/storage/cache/template/ab.php", ROLE_GENERATED},
    {"opencart", "image/catalog/x.png", ROLE_UPLOADS},
    {"opencart", "admin/config.php", ROLE_CONFIG},
    {"opencart", "admin/index.php", ROLE_CODE},
    {"mediawiki", "LocalSettings.php", ROLE_CONFIG},
    {"mediawiki", "images/a/ab/X.png", ROLE_UPLOADS},
    {"mediawiki", "includes/Setup.php", ROLE_CODE},
    {"hinoban-shop", "payment/CardPayment.php", ROLE_PAYMENT},
    {"hinoban-shop", "cache/tpl_home.php", ROLE_GENERATED},
    {"hinoban-shop", "uploads/a.jpg", ROLE_UPLOADS},
    {"hinoban-shop", "data/shop.sqlite", ROLE_DATA},
};

static void test_roles(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		char text[256];
		struct conf c;
		struct err e;
		enum role got;

		(void)snprintf(text, sizeof(text), SHOP "profile = \"%s\"\n", roles[i].profile);
		if (parse(slice_str(text), &c, &e) < 0)
			fail_msg("%s", e.text);
		got = conf_role(&c, slice_str(roles[i].path));
		if (got != roles[i].role)
			fail_msg("%s: %s is %s, not %s", roles[i].profile, roles[i].path,
			         role_name(got), role_name(roles[i].role));
		conf_done(&c);
	}
}

static void test_own_rules_first(void **state)
{
	struct conf c;
	struct err e;

	(void)state;
	assert_int_equal(parse(SLICE("roots = [\"/srv/shop\"]\nprofile = \"wordpress\"\n"
	                             "profile_base = \"blog\"\nstate = \"/srv/shop/.hinoban\"\n"
	                             "[paths]\ncode = [\"blog/wp-content/uploads/own/**\"]\n"
	                             "ignored = [\"**/*.bak\"]\n"),
	                       &c, &e),
	                 0);
	assert_int_equal(conf_role(&c, SLICE("blog/wp-content/uploads/own/a.php")), ROLE_CODE);
	assert_int_equal(conf_role(&c, SLICE("blog/wp-content/uploads/a.php")), ROLE_UPLOADS);
	assert_int_equal(conf_role(&c, SLICE("wp-content/uploads/a.php")), ROLE_CODE);
	assert_int_equal(conf_role(&c, SLICE("x/a.php.bak")), ROLE_IGNORED);
	assert_int_equal(conf_role(&c, SLICE(".hinoban/ledger.db")), ROLE_IGNORED);
	assert_int_equal(conf_role(&c, SLICE(".hinoban")), ROLE_IGNORED);
	assert_int_equal(conf_role(&c, SLICE("")), ROLE_CODE);
	assert_int_equal(conf_role(&c, SLICE("composer.lock")), ROLE_CODE);
	assert_int_equal(conf_role(&c, SLICE("theme/yarn.lock")), ROLE_CODE);
	assert_int_equal(conf_role(&c, SLICE("theme/Symfony.lock")), ROLE_CODE);
	assert_int_equal(conf_role(&c, SLICE("run/shop.lock")), ROLE_DATA);
	assert_int_equal(conf_role(&c, SLICE(".well-known/acme-challenge/Xy_-z")),
	                 ROLE_UPLOADS);
	assert_int_equal(conf_role(&c, SLICE("pub/.well-known/pki-validation/A1.txt")),
	                 ROLE_UPLOADS);
	assert_int_equal(conf_role(&c, SLICE(".well-known/acme-challenge/.htaccess")),
	                 ROLE_CONFIG);
	assert_int_equal(conf_role(&c, SLICE(".well-known/apple-app-site-association")),
	                 ROLE_CODE);
	assert_int_equal(conf_role(&c, SLICE("acme-challenge/a")), ROLE_CODE);
	assert_int_equal(conf_role(&c, SLICE("sitemap-1.xml")), ROLE_DATA);
	assert_int_equal(conf_role(&c, SLICE("pub/sitemap.xml.gz")), ROLE_DATA);
	assert_int_equal(conf_role(&c, SLICE("sitemap.php")), ROLE_CODE);
	conf_done(&c);
}

/* By a rule that speaks of the packed copy, or of the text, the first of them; else by the name
 * of the text. */
static void test_packed_copies(void **state)
{
	static const struct {
		const char *path;
		enum role role;
	} of[] = {
	    {"static/checkout.js", ROLE_PAYMENT},
	    {"static/checkout.js.gz", ROLE_PAYMENT},
	    {"static/checkout.js.br", ROLE_PAYMENT},
	    {"static/checkout.js.zst", ROLE_PAYMENT},
	    {"static/CHECKOUT.JS.gz", ROLE_CODE},
	    {"static/own.js.gz", ROLE_UPLOADS},
	    {"static/own.js.br", ROLE_CODE},
	    {"made/a.js", ROLE_GENERATED},
	    {"made/a.js.gz", ROLE_GENERATED},
	    {"sitemap.xml", ROLE_DATA},
	    {"sitemap.xml.gz", ROLE_DATA},
	    {"a.JS.GZ", ROLE_CODE},
	    {"a.mjs.br", ROLE_CODE},
	    {"a.css.zst", ROLE_CODE},
	    {"a.html.gz", ROLE_CODE},
	    {"a.svg.gz", ROLE_CODE},
	    {"a.wasm.gz", ROLE_CODE},
	    {"a.json.gz", ROLE_CODE},
	    {"dump.sql.gz", ROLE_UPLOADS},
	    {"a.tar.gz", ROLE_UPLOADS},
	    {"access.log.gz", ROLE_UPLOADS},
	    {"a.csv.zst", ROLE_UPLOADS},
	    {"a.txt.gz", ROLE_UPLOADS},
	    {"index.php.gz", ROLE_UPLOADS},
	    {"js.gz", ROLE_UPLOADS},
	    {"a.js.gz.gz", ROLE_UPLOADS},
	    {"a.js.gz/b", ROLE_CODE},
	    {"lang/pt.br", ROLE_CODE},
	    {"a.js.xz", ROLE_UPLOADS},
	    {".git/a.js.gz", ROLE_DATA},
	};
	struct conf c;
	struct err e;

	(void)state;
	assert_int_equal(
	    parse(SLICE("roots = [\"/srv/shop\"]\n[paths]\n"
	                "uploads = [\"static/own.js.gz\"]\n"
	                "payment = [\"static/checkout.js\"]\ncode = [\"static/**\"]\n"
	                "generated = [\"made/**\"]\ndata = [\"sitemap*.xml\"]\n"),
	          &c, &e),
	    0);
	for (size_t i = 0; i < sizeof(of) / sizeof(of[0]); i++) {
		enum role got = conf_role(&c, slice_str(of[i].path));

		if (got != of[i].role)
			fail_msg("%s is %s, not %s", of[i].path, role_name(got),
			         role_name(of[i].role));
	}
	conf_done(&c);
}

static void test_names_of_no_code(void **state)
{
	static const char *const names[] = {
	    "a.ttc",  "a.TAR",  "a.zst", "a.mkv", "a.flac", "a.opus", "a.aac",
	    "a.odt",  "a.ods",  "a.odp", "a.rtf", "a.epub", "a.psd",  "a.ai",
	    "a.eps",  "a.heif", "a.jxl", "a.wma", "a.wmv",  "a.flv",  "a.3gp",
	    "a.mpeg", "a.iso",  "a.lz4", "a.jp2", "a.xps",  "a.jfif", "a.txz",
	};
	static const char *const code[] = {"a.php", "a.js",  "a.svg", "a.swf",
	                                   "a.jar", "a.mts", "a.br",  "a.ps1"};
	struct conf c = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_int_equal(conf_role(&c, slice_str(names[i])), ROLE_UPLOADS);
	for (size_t i = 0; i < sizeof(code) / sizeof(code[0]); i++)
		assert_int_equal(conf_role(&c, slice_str(code[i])), ROLE_CODE);
}

/* What a containment stops is the profile's, below the folder that the shop lies in. */
static void test_contain(void **state)
{
	struct conf c;
	struct err e;

	(void)state;
	assert_int_equal(
	    parse(SLICE(SHOP "profile = \"magento2\"\nprofile_base = \"m2\"\n"), &c, &e), 0);
	assert_slice(c.maintenance, "m2/var/.maintenance.flag");
	assert_true(c.page_count > 0);
	assert_slice(c.pages[c.page_count - 1], "^(/index\\.php)?/graphql");
	conf_done(&c);
	assert_int_equal(parse(SLICE(SHOP "profile = \"mediawiki\"\n"), &c, &e), 0);
	assert_int_equal(c.maintenance.n + c.page_count, 0);
	conf_done(&c);
}

/* The quick way and the slow way must agree: all rules over paths made from their own words. */
static void test_match_agrees(void **state)
{
	static const char *const words[] = {"a",          "Payment", "pay",    "cache",
	                                    "wp-content", "x.php",   "card_x", "uploads",
	                                    "checkout",   "modules", "js"};
	enum { WORDS = sizeof(words) / sizeof(words[0]) };
	struct conf c;
	struct err e;

	(void)state;
	for (size_t p = 0; p < 2; p++) {
		assert_int_equal(parse(p ? SLICE(SHOP "profile = \"prestashop\"\n")
		                         : SLICE(SHOP "profile = \"plain\"\n"),
		                       &c, &e),
		                 0);
		for (size_t i = 0; i < WORDS * WORDS * WORDS; i++) {
			char path[128];
			ptrdiff_t slow = -1;

			(void)snprintf(path, sizeof(path), "%s/%s%s%s", words[i % WORDS],
			               words[i / WORDS % WORDS], i % 2 ? "/" : "",
			               words[i / WORDS / WORDS]);
			for (size_t r = 0; r < c.rules && slow < 0; r++)
				if (match_one(c.rule[r].glob, slice_str(path)))
					slow = (ptrdiff_t)r;
			if (match_find(c.match, slice_str(path)) != slow)
				fail_msg("%s: rule %td, not %td", path,
				         match_find(c.match, slice_str(path)), slow);
		}
		conf_done(&c);
	}
}

static void put(const char *dir, const char *file, const char *text)
{
	char path[1024];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, file);
	for (char *p = strchr(path + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		(void)mkdir(path, 0755);
		*p = '/';
	}
	f = fopen(path, "w");
	assert_non_null(f);
	(void)fputs(text, f);
	(void)fclose(f);
}

static const struct {
	const char *file[3], *text, *at, *profile, *title, *base;
} shops[] = {
    {{"data/class/SC_Initial.php"},
     "define('ECCUBE_VERSION', '2.13.5');",
     "",
     "ec-cube2",
     "EC-CUBE 2.13.5",
     ""},
    {{"data/class/SC_Initial.php", "html/index.php"},
     "define('ECCUBE_VERSION', '2.17.2');",
     "/html",
     "ec-cube2",
     "EC-CUBE 2.17.2",
     ""},
    {{"ec/src/Eccube/Common/Constant.php"},
     "    const VERSION = '4.2.3';",
     "",
     "ec-cube4",
     "EC-CUBE 4.2.3",
     "ec"},
    {{"wp-includes/version.php", "wp-settings.php",
      "wp-content/plugins/woocommerce/woocommerce.php"},
     "$wp_version = '6.4.2';",
     "",
     "wordpress",
     "WordPress 6.4.2 with WooCommerce",
     ""},
    {{"app/etc/di.xml", "bin/magento", "composer.json"},
     "\"version\": \"2.4.6\",",
     "",
     "magento2",
     "Magento 2.4.6",
     ""},
    {{"app/Mage.php", "app/code/core/Mage/x"}, "", "", "openmage", "OpenMage", ""},
    {{"config/defines.inc.php", "classes/PrestaShopAutoload.php", "app/AppKernel.php"},
     "const VERSION = '8.1.0';",
     "",
     "prestashop",
     "PrestaShop 8.1.0",
     ""},
    {{"index.php", "catalog/controller/checkout/checkout.php", "system/startup.php"},
     "define('VERSION', '3.0.3.8'); DIR_APPLICATION",
     "",
     "opencart",
     "OpenCart 3.0.3.8",
     ""},
    {{"includes/Defines.php", "load.php", "api.php"},
     "define( 'MW_VERSION', '1.39.5' );",
     "",
     "mediawiki",
     "MediaWiki 1.39.5",
     ""},
    {{"index.php"}, "<?php", "", "plain", "plain PHP or HTML", ""},
};

static void test_recognise(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(shops) / sizeof(shops[0]); i++) {
		char dir[] = "/tmp/test-conf-XXXXXX", at[64], rm[64];
		struct conf_guess g[2];
		struct err e = {0};

		assert_non_null(mkdtemp(dir));
		for (size_t f = 0; f < 3 && shops[i].file[f]; f++)
			put(dir, shops[i].file[f], shops[i].text);
		(void)snprintf(at, sizeof(at), "%s%s", dir, shops[i].at);
		assert_true(conf_recognise(at, PROFILES, g, 2, &e) >= 1);
		assert_string_equal(g[0].profile, shops[i].profile);
		assert_string_equal(g[0].title, shops[i].title);
		assert_string_equal(g[0].base, shops[i].base);
		assert_string_equal(g[0].dir, dir);
		(void)snprintf(rm, sizeof(rm), "rm -rf '%s'", dir);
		assert_int_equal(system(rm), 0);
	}
}

/* What init writes is read back the same, names every key, in both languages. */
static void test_written(void **state)
{
	static const char *const lang[] = {"en", "ja"};
	struct conf_guess g = {.profile = "ec-cube4", .title = "EC-CUBE 4", .base = "sub"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct conf c;
		struct err e;
		struct buf b;

		buf_init(&b, 1 << 20);
		assert_int_equal(
		    conf_write_default(&b, &g, "/srv/\"odd\\shop", "/var/s", lang[i]), 0);
		if (parse(buf_slice(&b), &c, &e) < 0)
			fail_msg("%s", e.text);
		assert_slice(c.root[0].path, "/srv/\"odd\\shop");
		assert_slice(c.state, "/var/s");
		assert_slice(c.language, lang[i]);
		assert_slice(c.profile_base, "sub");
		for (size_t k = 0; k < keys_count; k++) {
			char line[64];

			(void)snprintf(line, sizeof(line), "\n%s = ", keys_table[k].name);
			assert_true(slice_find(buf_slice(&b), slice_str(line)) != SIZE_MAX);
		}
		conf_done(&c);
		buf_done(&b);
	}
}

static void test_file(void **state)
{
	char dir[] = "/tmp/test-conf-XXXXXX", path[64];
	struct conf c;
	struct err e = {0};

	(void)state;
	assert_non_null(mkdtemp(dir));
	put(dir, "x.conf", SHOP);
	(void)snprintf(path, sizeof(path), "%s/x.conf", dir);
	assert_int_equal(conf_load(path, PROFILES, &c, &e), 0);
	conf_done(&c);
	assert_int_equal(chmod(path, 0666), 0);
	if (geteuid() == 0) {
		assert_int_equal(conf_load(path, PROFILES, &c, &e), -EPERM);
		assert_non_null(strstr(e.text, "everyone may write this file (mode 0666)"));
	}
	assert_int_equal(unlink(path), 0);
	assert_int_equal(conf_load(path, PROFILES, &c, &e), -ENOENT);
	assert_int_equal(conf_load(dir, PROFILES, &c, &e), -EINVAL);
	assert_int_equal(rmdir(dir), 0);
}

/* roff's \(dq, which stands at the begin of a line as well, is a quotation mark. */
static size_t plain_quotes(char *text, size_t n)
{
	size_t to = 0;

	for (size_t i = 0; i < n; i++) {
		bool quote = i + 3 < n && memcmp(text + i, "\\(dq", 4) == 0;

		text[to++] = quote ? '"' : text[i];
		i += quote ? 3 : 0;
	}
	return to;
}

/* The man page speaks of every key, in the words of the config. */
static void test_man_page(void **state)
{
	FILE *f = fopen(HINOBAN_SOURCE "/doc/hinoban.conf.5", "r");
	static char text[1 << 16];
	size_t n;

	(void)state;
	assert_non_null(f);
	n = plain_quotes(text, fread(text, 1, sizeof(text), f));
	(void)fclose(f);
	for (size_t k = 0; k < keys_count; k++) {
		char key[64];

		(void)snprintf(key, sizeof(key), "\n.B %s\n", keys_table[k].name);
		if (slice_find(slice_mem(text, n), slice_str(key)) == SIZE_MAX)
			fail_msg("hinoban.conf(5) lacks %s", keys_table[k].name);
		if (slice_find(slice_mem(text, n), slice_str(keys_table[k].en)) == SIZE_MAX)
			fail_msg("hinoban.conf(5) explains %s otherwise: %s",
			         keys_table[k].name, keys_table[k].en);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_faults),           cmocka_unit_test(test_nul_and_size),
	    cmocka_unit_test(test_defaults),         cmocka_unit_test(test_roles),
	    cmocka_unit_test(test_own_rules_first),  cmocka_unit_test(test_packed_copies),
	    cmocka_unit_test(test_names_of_no_code), cmocka_unit_test(test_contain),
	    cmocka_unit_test(test_match_agrees),     cmocka_unit_test(test_recognise),
	    cmocka_unit_test(test_written),          cmocka_unit_test(test_file),
	    cmocka_unit_test(test_man_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
