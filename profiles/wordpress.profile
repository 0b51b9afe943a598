# WordPress, with WooCommerce, Welcart and other shop plugins
#
# Read from the trees of
# WordPress/WordPress and woocommerce/woocommerce (plugins/woocommerce/).
title = "WordPress"

[recognise]
files = ["wp-includes/version.php", "wp-settings.php"]
also = ["wp-config.php", "wp-content/plugins", "wp-admin"]
version = ["wp-includes/version.php: $wp_version = '"]
with = ["wp-content/plugins/woocommerce/woocommerce.php: WooCommerce",
	"wp-content/plugins/usc-e-shop/usc-e-shop.php: Welcart"]

[contain]
pages = [
	"/(checkout|cart|order-pay)(/|\\?|$)",
	"[?&]wc-ajax=(checkout|update_order_review|complete_order)",
	"[?&]wc-api=",
	"/wp-json/wc/store/.*(checkout|cart)",
]

[paths]
ignored = ["**/.git/**", "**/node_modules/**"]
data = [
	"wp-content/debug.log", "wp-content/uploads/wc-logs/**", "wp-content/uploads/*/logs/**",
	"wp-content/wflogs/**", "wp-content/logs/**", "wp-content/database/**",
	"wp-content/backups/**", "wp-content/updraft/**", "wp-content/ai1wm-backups/**",
	".maintenance", "wp-content/**/*.log",
]
payment = [
	"wp-content/plugins/woocommerce/includes/gateways/**",
	"wp-content/plugins/woocommerce/includes/payment-tokens/**",
	"wp-content/plugins/woocommerce/includes/class-wc-checkout.php",
	"wp-content/plugins/woocommerce/includes/class-wc-payment*",
	"wp-content/plugins/woocommerce/includes/class-wc-ajax.php",
	"wp-content/plugins/woocommerce/includes/class-wc-form-handler.php",
	"wp-content/plugins/woocommerce/includes/abstracts/abstract-wc-payment*",
	"wp-content/plugins/woocommerce/includes/shortcodes/class-wc-shortcode-checkout.php",
	"wp-content/plugins/woocommerce/src/StoreApi/**",
	"wp-content/plugins/woocommerce/src/Blocks/Payments/**",
	"wp-content/plugins/woocommerce/src/Internal/Admin/Settings/Payment*/**",
	"wp-content/plugins/woocommerce/templates/checkout/**",
	"wp-content/plugins/woocommerce/assets/js/frontend/*checkout*",
	"wp-content/plugins/woocommerce/assets/js/frontend/*payment*",
	"wp-content/plugins/woocommerce/assets/js/frontend/woocommerce*",
	"wp-content/plugins/woocommerce/assets/js/jquery-payment/**",
	"wp-content/plugins/woocommerce/assets/client/blocks/*checkout*",
	"wp-content/plugins/woocommerce/assets/client/blocks/*payment*",
	"wp-content/plugins/woocommerce/src/Gateways/**",
	"wp-content/plugins/usc-e-shop/settlement/**",
	"wp-content/plugins/usc-e-shop/classes/payment*",
	"wp-content/plugins/usc-e-shop/functions/settlement*",
	"wp-content/plugins/*pay*/**", "wp-content/plugins/*gateway*/**",
	"wp-content/plugins/*stripe*/**", "wp-content/plugins/*square*/**",
	"wp-content/plugins/*braintree*/**", "wp-content/plugins/*authorize*/**",
	"wp-content/plugins/*checkout*/**", "wp-content/plugins/*credit*/**",
	"wp-content/plugins/*-card*/**", "wp-content/plugins/*gmo*/**",
	"wp-content/plugins/*komoju*/**", "wp-content/plugins/*veritrans*/**",
	"wp-content/plugins/*klarna*/**", "wp-content/plugins/*mollie*/**",
	"wp-content/themes/*/woocommerce/checkout/**", "wp-content/themes/*/wc_templates/**",
]
generated = [
	"wp-content/cache/**", "wp-content/upgrade/**", "wp-content/upgrade-temp-backup/**",
	"wp-content/et-cache/**", "wp-content/litespeed/**", "wp-content/languages/**",
	"wp-content/w3tc-config/**", "wp-content/uploads/elementor/css/**",
	"wp-content/uploads/cache/**",
]
# blogs.dir: uploads of old multisite networks; newer ones use uploads/sites/N.
uploads = ["wp-content/uploads/**", "wp-content/blogs.dir/**", "wp-content/gallery/**"]
config = ["wp-config.php", "wp-config-sample.php", ".htaccess", ".user.ini", "php.ini"]
