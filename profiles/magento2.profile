# Magento 2 (Open Source, Adobe Commerce, Mage-OS)
#
# Read from the tree and .gitignore of
# magento/magento2. Code comes by composer into vendor/, or lies in app/code; pub/ is the
# document root.
title = "Magento"

[recognise]
files = ["app/etc/di.xml", "bin/magento"]
also = ["pub/static.php", "app/etc/env.php", "lib/web", "vendor", "generated"]
version = [
	"composer.json: \"magento/product-community-edition\": \"",
	"composer.json: \"magento/product-enterprise-edition\": \"",
	"composer.json: \"version\": \"",
]
docroot = ["pub"]

[contain]
maintenance = "var/.maintenance.flag"
pages = [
	"^(/index\\.php)?(/[a-z_]+)?/(checkout|multishipping|paypal|braintree|payment)(/|\\?|$)",
	"^(/index\\.php)?/rest/.*/(carts|guest-carts)/.*(payment|order)",
	"^(/index\\.php)?/graphql",
]

[paths]
ignored = ["**/.git/**", "node_modules/**", "**/node_modules/**", "dev/tests/**/tmp/**"]
data = [
	"var/log/**", "var/report/**", "var/session/**", "var/tmp/**", "var/export/**",
	"var/import/**", "var/import_history/**", "var/importexport/**", "var/backups/**",
	"var/.*", "var/*.flag", "var/resource_config.json",
]
payment = [
	"app/code/*/*[Pp]ay*/**", "app/code/*/*[Cc]heckout*/**", "app/code/*/*Gateway*/**",
	"app/code/*/*Stripe*/**", "app/code/*/*Braintree*/**", "app/code/*/*Vault*/**",
	"app/code/*/*[Cc]ard*/**", "app/code/*/*Adyen*/**", "app/code/*/*Klarna*/**",
	"app/code/Magento/Quote/Model/**", "app/code/Magento/Sales/Model/Order/Payment*/**",
	"app/code/Magento/Sales/Model/Order/Payment.php",
	"vendor/*/*payment*/**", "vendor/*/*paypal*/**", "vendor/*/*checkout*/**",
	"vendor/*/*braintree*/**", "vendor/*/*stripe*/**", "vendor/*/*adyen*/**",
	"vendor/*/*klarna*/**", "vendor/klarna/**", "vendor/mollie/**", "vendor/adyen/**",
	"vendor/stripe/**", "vendor/paypal/**", "vendor/amzn/**", "vendor/buckaroo/**",
	"vendor/worldpay/**", "vendor/authorizenet/**", "vendor/gmo*/**", "vendor/komoju/**",
	"vendor/*/*[Gg]mo*/**", "vendor/*/*veritrans*/**", "vendor/*/*-vault*/**", "vendor/*/*gateway*/**",
	"vendor/*/*-pay-*/**", "vendor/magento/module-quote/Model/**",
	"vendor/magento/module-sales/Model/Order/Payment*",
	# Every page, the checkout too, runs these and loads what these layouts name.
	"lib/web/jquery.js", "lib/web/jquery/jquery*.js", "lib/web/requirejs/**",
	"app/design/**/layout/default_head_blocks.xml", "app/design/**/layout/default.xml",
	"app/design/**/Magento_Checkout/**", "app/design/**/Magento_Payment/**",
	"app/design/**/*[Pp]ayment*/**",
]
generated = [
	"generated/**", "var/**", "pub/static/**", "static/**",
	"pub/media/catalog/product/cache/**",
]
uploads = ["pub/media/**", "media/**"]
config = ["app/etc/**", ".htaccess", "pub/.htaccess", ".user.ini", "pub/.user.ini",
	"auth.json", "nginx.conf*"]
