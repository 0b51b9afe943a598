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
data = ["**/.git/**", "system/storage/logs/**", "system/storage/session/**", "system/storage/backup/**",
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

# Columns as in upload/system/helper/db_schema.php. Times are the shop's local ones. An order of
# status 0 is a checkout that was never finished.
[database]
prefix = "oc_"
zone = "local"

[orders]
tables = ["o = {prefix}order"]
id = "o.order_id"
time = "o.date_added"
member = "o.customer_id"
where = "o.order_status_id <> 0"
required = [
	"name: o.lastname o.firstname",
	"postal: o.payment_postcode",
	"address: o.payment_zone o.payment_city o.payment_address_1 o.payment_address_2",
	"phone: o.telephone",
	"email: o.email",
]
optional = [
	"company: o.payment_company",
	"fax: o.fax?",
	"ip: o.ip",
	"message: o.comment",
]

[carts]
tables = ["o = {prefix}order"]
id = "o.order_id"
time = "o.date_added"
member = "o.customer_id"
where = "o.order_status_id = 0"
required = [
	"name: o.lastname o.firstname",
	"postal: o.payment_postcode",
	"address: o.payment_zone o.payment_city o.payment_address_1 o.payment_address_2",
	"phone: o.telephone",
	"email: o.email",
]
optional = ["company: o.payment_company", "fax: o.fax?", "ip: o.ip"]

# Where goods go. Who has them sent to the same name is the buyer; others are persons of their own.
[recipients]
tables = [
	"o = {prefix}order",
	"b = {prefix}order on b.order_id = o.order_id AND ((b.lastname = o.shipping_lastname AND b.firstname = o.shipping_firstname) OR (b.payment_lastname = o.shipping_lastname AND b.payment_firstname = o.shipping_firstname))",
]
id = "o.order_id"
time = "o.date_added"
email = "b.email"
where = "o.shipping_lastname <> '' OR o.shipping_firstname <> '' OR o.shipping_address_1 <> ''"
required = [
	"name: o.shipping_lastname o.shipping_firstname",
	"postal: o.shipping_postcode",
	"address: o.shipping_zone o.shipping_city o.shipping_address_1 o.shipping_address_2",
]
optional = ["company: o.shipping_company"]

[members]
tables = ["c = {prefix}customer"]
id = "c.customer_id"
time = "c.date_added"
member = "c.customer_id"
required = [
	"member_id: c.customer_id",
	"name: c.lastname c.firstname",
	"email: c.email",
	"phone: c.telephone",
	"password: c.password",
	"magazine: c.newsletter",
]
optional = ["fax: c.fax?", "ip: c.ip"]

[addresses]
tables = [
	"a = {prefix}address",
	"c = {prefix}customer on c.customer_id = a.customer_id",
	"m = {prefix}customer on m.customer_id = a.customer_id AND m.lastname = a.lastname AND m.firstname = a.firstname",
]
id = "a.address_id"
email = "m.email"
time = "c.date_added"
required = [
	"name: a.lastname a.firstname",
	"postal: a.postcode",
	"address: a.city a.address_1 a.address_2",
]
optional = ["company: a.company"]

# How it was paid stands in payment_code until 4.0.1, from 4.0.2 on in payment_method as JSON
# ({"name": .., "code": "cod.cod"}). What is no payment by card, as far as OpenCart itself brings
# it, is left out; whatever else is installed counts.
[cards-code]
when = "SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{prefix}order' AND column_name = 'payment_code'"
tables = ["o = {prefix}order"]
id = "o.order_id"
time = "o.date_added"
member = "o.customer_id"
where = "o.order_status_id <> 0 AND o.payment_code NOT IN ('', 'cod', 'cheque', 'bank_transfer', 'free_checkout', 'pp_express', 'pp_standard')"
states = [
	"authorised: o.order_status_id IN (2, 3, 5, 11, 12, 13, 15)",
	"submitted: o.order_status_id NOT IN (2, 3, 5, 11, 12, 13, 15)",
]
required = [
	"name: o.lastname o.firstname",
	"email: o.email",
	"phone: o.telephone",
	"postal: o.payment_postcode",
]

[cards-json]
tables = ["o = {prefix}order"]
id = "o.order_id"
time = "o.date_added"
member = "o.customer_id"
where = "o.order_status_id <> 0 AND o.payment_method NOT IN ('', '[]', 'cod', 'cheque', 'bank_transfer', 'free_checkout') AND LOWER(o.payment_method) NOT IN ('cash on delivery', 'cheque / money order', 'bank transfer', 'free checkout') AND o.payment_method NOT LIKE '%\"code\":\"cod%' AND o.payment_method NOT LIKE '%\"code\":\"cheque%' AND o.payment_method NOT LIKE '%\"code\":\"bank_transfer%' AND o.payment_method NOT LIKE '%\"code\":\"free_checkout%'"
states = [
	"authorised: o.order_status_id IN (2, 3, 5, 11, 12, 13, 15)",
	"submitted: o.order_status_id NOT IN (2, 3, 5, 11, 12, 13, 15)",
]
required = [
	"name: o.lastname o.firstname",
	"email: o.email",
	"phone: o.telephone",
	"postal: o.payment_postcode",
]

[attempts-code]
when = "SELECT 1 FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = '{prefix}order' AND column_name = 'payment_code'"
tables = ["o = {prefix}order"]
id = "o.order_id"
time = "o.date_added"
member = "o.customer_id"
where = "o.order_status_id = 0 AND o.payment_code NOT IN ('', 'cod', 'cheque', 'bank_transfer', 'free_checkout', 'pp_express', 'pp_standard')"
states = ["entered: o.order_status_id = 0"]
required = ["email: o.email"]
optional = ["name: o.lastname o.firstname", "phone: o.telephone", "postal: o.payment_postcode"]

[attempts-json]
tables = ["o = {prefix}order"]
id = "o.order_id"
time = "o.date_added"
member = "o.customer_id"
where = "o.order_status_id = 0 AND o.payment_method NOT IN ('', '[]', 'cod', 'cheque', 'bank_transfer', 'free_checkout') AND LOWER(o.payment_method) NOT IN ('cash on delivery', 'cheque / money order', 'bank transfer', 'free checkout') AND o.payment_method NOT LIKE '%\"code\":\"cod%' AND o.payment_method NOT LIKE '%\"code\":\"cheque%' AND o.payment_method NOT LIKE '%\"code\":\"bank_transfer%' AND o.payment_method NOT LIKE '%\"code\":\"free_checkout%'"
states = ["entered: o.order_status_id = 0"]
required = ["email: o.email"]
optional = ["name: o.lastname o.firstname", "phone: o.telephone", "postal: o.payment_postcode"]
