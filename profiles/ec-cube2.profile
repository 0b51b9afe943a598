# EC-CUBE 2 (2.11 to 2.17, 2.25)
#
# Read from the tree of EC-CUBE/ec-cube2: html/ is the
# document root, data/ holds the classes and should lie outside of it; both names can be
# changed at installation, and some shops move data/ into html/.
title = "EC-CUBE"

[recognise]
files = ["data/class/SC_Initial.php"]
also = ["html/define.php", "data/class_extends", "data/module", "data/Smarty"]
version = [
	"data/class/SC_Initial.php: define('ECCUBE_VERSION', '",
	"data/class/SC_Initial.php: ECCUBE_VERSION",
]
docroot = ["html", "public_html", "www", "htdocs"]

[contain]
pages = [
	"^/shopping/",
	"^/cart/",
	"/payment\\.php",
	"/card",
]

[paths]
ignored = ["**/.git/**", "node_modules/**", "tests/tmp/**", "reports/**"]
data = [
	"data/logs/**", "**/data/logs/**", "data/download/**", "data/upload/csv/**",
	"data/upload/temp_*/**", "data/cache/*.txt", "data/cache/*.serial",
	"data/fonts/unifont/**", "data/module/**/*.log",
	"data/downloads/module/**/*.log",
]
# Payment: the purchase pages, the modules that owners buy (data/module/mdl_*, which hold
# all card handling of EC-CUBE 2), and the templates and scripts of those pages.
payment = [
	"data/class/pages/shopping/**", "data/class_extends/page_extends/shopping/**",
	"data/class/helper/SC_Helper_Purchase.php", "data/class/helper/SC_Helper_Payment.php",
	"data/class_extends/helper_extends/SC_Helper_Purchase_Ex.php",
	"data/class_extends/helper_extends/SC_Helper_Payment_Ex.php",
	"data/class/SC_CartSession.php", "data/class/SC_SendMail.php",
	"data/module/mdl_*/**", "data/downloads/module/**",
	"data/downloads/plugin/*[Pp]ay*/**", "data/downloads/plugin/*[Gg]mo*/**",
	"data/downloads/plugin/*GMO*/**", "data/downloads/plugin/*[Kk]essai*/**", "data/downloads/plugin/*[Cc]ard*/**",
	"data/downloads/plugin/*[Cc]redit*/**",
	"data/Smarty/templates/*/shopping/**", "data/class/plugin_extends/*[Pp]ay*/**",
	"html/shopping/**", "shopping/**", "html/user_data/packages/*/js/**",
]
# mtb_*.php are constants that the shop writes itself, templates_c what Smarty compiles.
generated = [
	"data/cache/**", "**/data/cache/**", "data/Smarty/templates_c/**",
	"**/templates_c/**", "html/install/temp/**", "html/plugin/**/cache/**",
]
uploads = [
	"html/upload/**", "upload/**", "data/upload/**",
	"html/user_data/packages/*/img/**", "html/user_data/upload/**",
]
config = ["data/config/**", "**/data/config/config.php", "html/define.php", "define.php",
	"data/mtb_constants_init.php"]
