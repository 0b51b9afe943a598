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
data = [
	"**/.git/**", "dev/tests/**/tmp/**",
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

# Columns as in app/code/Magento/{Sales,Customer,Quote,Newsletter}/etc/db_schema.xml. The program
# keeps times in UTC. Where an old payment module kept card numbers, they lie in cc_number_enc.
[database]
prefix = ""
zone = "UTC"

[orders]
tables = [
	"o = {prefix}sales_order",
	"b = {prefix}sales_order_address on b.parent_id = o.entity_id AND b.address_type = 'billing'",
]
id = "o.entity_id"
time = "o.created_at"
member = "o.customer_id"
required = [
	"name: b.lastname b.firstname",
	"postal: b.postcode",
	"address: b.region b.city b.street",
	"phone: b.telephone",
	"email: o.customer_email, b.email?",
]
optional = [
	"company: b.company",
	"fax: b.fax?",
	"sex: o.customer_gender | 0",
	"birth: o.customer_dob",
	"ip: o.remote_ip",
]

# Baskets that were left: what was typed before the order was sent.
[carts]
tables = [
	"q = {prefix}quote",
	"a = {prefix}quote_address on a.quote_id = q.entity_id AND a.address_type = 'billing'",
]
id = "q.entity_id"
time = "q.created_at"
member = "q.customer_id"
where = "q.is_active = 1 AND (q.customer_email <> '' OR a.email <> '' OR a.lastname <> '')"
required = ["email: q.customer_email, a.email"]
optional = [
	"name: a.lastname a.firstname, q.customer_lastname q.customer_firstname",
	"postal: a.postcode",
	"address: a.region a.city a.street",
	"phone: a.telephone",
	"ip: q.remote_ip?",
]

# Where goods go. Who has them sent to the same name is the buyer; others are persons of their own.
[recipients]
tables = [
	"s = {prefix}sales_order_address",
	"o = {prefix}sales_order on o.entity_id = s.parent_id",
	"b = {prefix}sales_order_address on b.parent_id = s.parent_id AND b.address_type = 'billing' AND COALESCE(b.lastname, '') = COALESCE(s.lastname, '') AND COALESCE(b.firstname, '') = COALESCE(s.firstname, '')",
	"m = {prefix}sales_order on m.entity_id = b.parent_id",
]
id = "s.entity_id"
time = "o.created_at"
email = "m.customer_email, b.email?"
where = "s.address_type = 'shipping'"
required = [
	"name: s.lastname s.firstname",
	"postal: s.postcode",
	"address: s.region s.city s.street",
	"phone: s.telephone",
]
optional = ["company: s.company", "fax: s.fax?"]

[members]
tables = ["c = {prefix}customer_entity"]
id = "c.entity_id"
time = "c.created_at"
member = "c.entity_id"
required = [
	"member_id: c.entity_id",
	"name: c.lastname c.firstname",
	"email: c.email",
	"password: c.password_hash",
]
optional = ["birth: c.dob", "sex: c.gender | 0"]

[addresses]
tables = [
	"a = {prefix}customer_address_entity",
	"m = {prefix}customer_entity on m.entity_id = a.parent_id AND m.lastname = a.lastname AND m.firstname = a.firstname",
]
id = "a.entity_id"
email = "m.email"
time = "a.created_at"
required = [
	"name: a.lastname a.firstname",
	"postal: a.postcode",
	"address: a.region a.city a.street",
	"phone: a.telephone",
]
optional = ["company: a.company", "fax: a.fax"]

# Nothing says since when somebody subscribes: only when that was last altered.
[newsletter]
tables = ["n = {prefix}newsletter_subscriber"]
id = "n.subscriber_id"
until = "n.change_status_at"
member = "n.customer_id"
required = ["email: n.subscriber_email"]

# A card out of the vault was typed at an earlier order.
[cards]
tables = [
	"o = {prefix}sales_order",
	"p = {prefix}sales_order_payment on p.parent_id = o.entity_id",
	"b = {prefix}sales_order_address on b.parent_id = o.entity_id AND b.address_type = 'billing'",
]
id = "o.entity_id"
time = "o.created_at"
member = "o.customer_id"
where = "p.method NOT IN ('checkmo', 'banktransfer', 'cashondelivery', 'purchaseorder', 'free', 'paypal_express')"
states = [
	"kept: RIGHT(p.method, 6) = '_vault'",
	"authorised: o.state IN ('processing', 'complete', 'closed', 'payment_review', 'holded')",
	"submitted: o.state IS NOT NULL",
	"entered: o.state IS NULL",
]
required = [
	"name: b.lastname b.firstname",
	"email: o.customer_email, b.email?",
	"phone: b.telephone",
	"postal: b.postcode",
]
optional = [
	"card_number: p.cc_number_enc",
	"card_last4: p.cc_last_4",
	"card_holder: p.cc_owner",
	"card_expiry: p.cc_exp_year p.cc_exp_month | 0",
]

# Baskets that got as far as the choice of a payment method, some time between their making and
# their last alteration.
[attempts]
tables = [
	"q = {prefix}quote",
	"p = {prefix}quote_payment on p.quote_id = q.entity_id",
]
id = "q.entity_id"
time = "q.created_at"
until = "q.updated_at"
member = "q.customer_id"
where = "q.is_active = 1 AND p.method IS NOT NULL AND RIGHT(p.method, 6) <> '_vault' AND p.method NOT IN ('', 'checkmo', 'banktransfer', 'cashondelivery', 'purchaseorder', 'free', 'paypal_express')"
states = ["entered: q.is_active = 1"]
required = ["email: q.customer_email"]
optional = ["name: q.customer_lastname q.customer_firstname"]
