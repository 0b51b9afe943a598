# PrestaShop (1.6, 1.7, 8 and 9)
#
# Read from the tree and .gitignore of PrestaShop/PrestaShop.
title = "PrestaShop"

[recognise]
files = ["classes/PrestaShopAutoload.php", "config/defines.inc.php"]
also = ["controllers/front/OrderController.php", "modules", "themes", "override"]
version = [
	"src/Core/Version.php: const VERSION = '",
	"app/AppKernel.php: const VERSION = '",
	"config/settings.inc.php: '_PS_VERSION_', '",
	"config/autoload.php: '_PS_VERSION_', '",
	"install/install_version.php: '_PS_INSTALL_VERSION_', '",
]

[contain]
pages = [
	"/(order|checkout|payment|cart|commande|panier|module/[a-z0-9_]*pay[a-z0-9_]*)(/|\\?|$)",
	"[?&]controller=(order|cart|payment|validation)",
]

[paths]
ignored = ["**/.git/**", "**/node_modules/**"]
data = ["log/**", "var/logs/**", "var/log/**", "var/sessions/**", "app/logs/**",
	"*/autoupgrade/**", "*/backups/**", "*/export/**", "*/import/**",
	"config/xml/**", "sitemap.xml", "*_sitemap.xml", "modules/*/log/**",
	"modules/*/logs/**", "modules/**/*.log"]
payment = [
	"modules/*pay*/**", "modules/*card*/**", "modules/*checkout*/**", "modules/*stripe*/**",
	"modules/*bank*/**", "modules/*wire*/**", "modules/*cheque*/**", "modules/*adyen*/**",
	"modules/*mollie*/**", "modules/*klarna*/**", "modules/*hipay*/**",
	"modules/*cashondelivery*/**", "modules/*gateway*/**", "modules/*redsys*/**",
	"controllers/front/*Order*", "controllers/front/*Checkout*", "controllers/front/Cart*",
	"classes/PaymentModule.php", "classes/PaymentOption.php", "classes/checkout/**",
	"classes/order/OrderPayment.php", "classes/module/Module.php",
	"classes/controller/FrontController.php", "classes/controller/Controller.php",
	"src/Core/Payment/**", "src/Core/Checkout/**", "src/Adapter/Payment/**",
	"themes/*/templates/checkout/**", "themes/*/order*.tpl", "themes/*/js/order*.js",
	"themes/*/assets/js/**", "themes/core.js", "js/jquery/**", "override/**",
]
generated = [
	"cache/**", "var/cache/**", "var/**", "app/cache/**", "themes/*/cache/**",
	"themes/*/assets/cache/**", "translations/**", "mails/**",
	"tools/smarty*/cache/**", "tools/smarty*/compile/**",
]
uploads = ["img/**", "upload/**", "download/**", "themes/*/assets/img/**"]
config = ["config/**", "app/config/**", ".htaccess", ".user.ini", "php.ini"]
