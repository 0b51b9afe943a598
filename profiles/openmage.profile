# OpenMage and Magento 1
#
# Read from the tree and .gitignore of OpenMage/magento-lts.
title = "OpenMage"

[recognise]
files = ["app/Mage.php", "app/code/core/Mage"]
also = ["app/etc/local.xml", "skin/frontend", "js/varien", "lib/Varien"]
version = ["app/Mage.php: return '"]

[contain]
maintenance = "maintenance.flag"
pages = [
	"^(/index\\.php)?(/[a-z_]+)?/(checkout|paypal|payment|onestepcheckout)(/|\\?|$)",
]

[paths]
ignored = ["**/.git/**", "**/node_modules/**"]
data = ["var/log/**", "var/report/**", "var/session/**", "var/locks/**", "var/export/**",
	"var/import/**", "var/importexport/**", "var/backups/**", "var/tmp/**",
	"var/package/**", "var/.*", "maintenance.flag"]
payment = [
	"app/code/core/Mage/Payment/**", "app/code/core/Mage/Paygate/**",
	"app/code/core/Mage/Paypal*/**", "app/code/core/Mage/Checkout/**",
	"app/code/core/Mage/Authorizenet/**", "app/code/core/Mage/Centinel/**",
	"app/code/core/Mage/Sales/Model/Order/Payment*",
	"app/code/core/Mage/Sales/Model/Order/Payment/**",
	"app/code/core/Mage/Sales/Model/Quote/Payment*",
	"app/code/core/Mage/Core/functions.php", "app/Mage.php",
	"app/code/core/Mage/Core/Controller/Varien/**", "app/code/core/Mage/Customer/**",
	"app/code/*/*/*[Pp]ay*/**", "app/code/*/*/*[Cc]heckout*/**", "app/code/*/*[Pp]ay*/**",
	"app/code/*/*GMO*/**", "app/code/*/*/*[Cc]redit*/**", "app/code/*/*/*Stripe*/**", "app/code/*/*/*[Cc]ard*/**", "app/code/local/Mage/**",
	"app/design/**/checkout/**", "app/design/**/payment/**", "app/design/**/paypal/**",
	"app/design/**/page/html/head.phtml", "app/design/**/page/html/footer.phtml",
	"skin/frontend/**/js/opcheckout*", "js/prototype/**", "js/varien/**",
	"js/mage/**", "js/lib/ccard.js", "skin/frontend/**/*checkout*.js", "includes/src/**",
]
generated = ["var/**", "media/css/**", "media/css_secure/**", "media/js/**",
	"media/catalog/product/cache/**", "includes/config.php"]
uploads = ["media/**"]
config = ["app/etc/**", ".htaccess", ".user.ini", "errors/local.xml", "php.ini"]
