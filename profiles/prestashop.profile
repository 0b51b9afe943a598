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
data = ["**/.git/**", "log/**", "var/logs/**", "var/log/**", "var/sessions/**", "app/logs/**",
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

# Columns as in install-dev/data/db_structure.sql. Times are the shop's local ones. An order
# holds no address of its own: it points at one, which is kept as it was.
[database]
prefix = "ps_"
zone = "local"

[orders]
tables = [
	"o = {prefix}orders",
	"c = {prefix}customer on c.id_customer = o.id_customer",
	"a = {prefix}address on a.id_address = o.id_address_invoice",
]
id = "o.id_order"
time = "o.date_add"
member = "o.id_customer"
required = [
	"name: a.lastname a.firstname",
	"postal: a.postcode",
	"address: a.city a.address1 a.address2",
	"phone: a.phone, a.phone_mobile",
	"email: c.email",
]
optional = ["company: a.company", "sex: c.id_gender | 0", "birth: c.birthday"]

[members]
tables = ["c = {prefix}customer"]
id = "c.id_customer"
time = "c.date_add"
member = "c.id_customer"
deleted = "c.deleted = 1"
where = "c.is_guest = 0"
required = [
	"member_id: c.id_customer",
	"name: c.lastname c.firstname",
	"email: c.email",
	"password: c.passwd",
	"magazine: c.newsletter",
]
optional = ["company: c.company", "sex: c.id_gender | 0", "birth: c.birthday"]

# Every address that goods were sent to is among these, too.
[addresses]
tables = [
	"a = {prefix}address",
	"m = {prefix}customer on m.id_customer = a.id_customer AND m.lastname = a.lastname AND m.firstname = a.firstname",
]
id = "a.id_address"
email = "m.email"
time = "a.date_add"
deleted = "a.deleted = 1"
where = "a.id_customer > 0"
required = [
	"name: a.lastname a.firstname",
	"postal: a.postcode",
	"address: a.city a.address1 a.address2",
]
optional = ["phone: a.phone, a.phone_mobile", "company: a.company"]

# Of those who subscribe without being customers: the module ps_emailsubscription's.
[newsletter]
tables = ["n = {prefix}emailsubscription"]
id = "n.id"
time = "n.newsletter_date_add"
required = ["email: n.email"]
optional = ["ip: n.ip_registration_newsletter"]

# order_payment holds what a payment module thought fit to keep of the card.
[cards]
tables = [
	"o = {prefix}orders",
	"c = {prefix}customer on c.id_customer = o.id_customer",
	"a = {prefix}address on a.id_address = o.id_address_invoice",
	"y = {prefix}order_payment on y.id_order_payment = (SELECT MIN(x.id_order_payment) FROM {prefix}order_payment x WHERE x.order_reference = o.reference)",
]
id = "o.id_order"
time = "o.date_add"
member = "o.id_customer"
where = "o.module NOT IN ('', 'ps_wirepayment', 'ps_checkpayment', 'ps_cashondelivery', 'bankwire', 'cheque', 'cashondelivery', 'paypal')"
states = [
	"authorised: o.valid = 1",
	"submitted: o.valid = 0",
]
required = [
	"name: a.lastname a.firstname",
	"email: c.email",
	"phone: a.phone, a.phone_mobile",
	"postal: a.postcode",
]
optional = [
	"card_number: y.card_number",
	"card_brand: y.card_brand",
	"card_expiry: y.card_expiration",
	"card_holder: y.card_holder",
]
