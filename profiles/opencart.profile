# OpenCart (2 to 4)
#
# Read from the tree and .gitignore of opencart/opencart (upload/ there is
# what a shop installs). The storage folder is often moved out of the document root, and
# admin/ renamed.
title = "OpenCart"

[recognise]
files = ["catalog/controller/checkout/checkout.php", "system/startup.php"]
texts = ["index.php: DIR_APPLICATION"]
also = ["config.php", "catalog/model/checkout", "image/catalog"]
version = ["index.php: define('VERSION', '"]

[contain]
pages = [
	"[?&]route=(checkout|extension/[a-z0-9_/]*payment|extension/payment)",
	"/(checkout|cart)(/|\\?|$)",
]

[paths]
ignored = ["**/.git/**", "**/node_modules/**"]
data = ["system/storage/logs/**", "system/storage/session/**", "system/storage/backup/**",
	"system/logs/**", "system/storage/marketing/**", "system/storage/download/**",
	"system/download/**", "storage/logs/**", "storage/session/**", "storage/backup/**"]
payment = [
	"catalog/controller/checkout/**", "catalog/model/checkout/**",
	"catalog/controller/extension/payment/**", "catalog/model/extension/payment/**",
	"catalog/controller/payment/**", "catalog/model/payment/**",
	"catalog/view/theme/*/template/checkout/**",
	"catalog/view/theme/*/template/extension/payment/**",
	"catalog/view/theme/*/template/payment/**", "catalog/view/template/checkout/**",
	"catalog/view/theme/*/template/common/header*", "catalog/view/theme/*/template/common/footer*",
	"catalog/view/template/common/header*", "catalog/view/template/common/footer*",
	"catalog/view/javascript/common.js", "catalog/view/javascript/jquery/jquery*",
	"extension/*/catalog/controller/payment/**", "extension/*/catalog/model/payment/**",
	"extension/*/catalog/view/template/payment/**", "extension/*pay*/**",
	"system/library/cart/**", "system/library/*pay*", "system/library/*pay*/**",
	"admin/controller/extension/payment/**",
]
generated = ["system/storage/cache/**", "system/storage/modification/**", "system/cache/**",
	"system/modification/**", "storage/cache/**", "storage/modification/**",
	"image/cache/**", "vqmod/vqcache/**", "vqmod/*.cache"]
uploads = ["image/**", "system/storage/upload/**", "system/upload/**", "storage/upload/**",
	"download/**"]
config = ["config.php", "*/config.php", ".htaccess", "system/config/**", "php.ini",
	".user.ini"]
