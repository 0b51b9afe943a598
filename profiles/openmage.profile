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
data = ["**/.git/**", "var/log/**", "var/report/**", "var/session/**", "var/locks/**", "var/export/**",
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

# Columns as the modules Sales, Customer and Newsletter set them up (sql/*_setup). Times are UTC.
# What is known of members and in address books lies in tables of attributes, one row a value.
[database]
prefix = ""
zone = "UTC"

[orders]
tables = [
	"o = {prefix}sales_flat_order",
	"b = {prefix}sales_flat_order_address on b.parent_id = o.entity_id AND b.address_type = 'billing'",
]
id = "o.entity_id"
time = "o.created_at"
member = "o.customer_id"
required = [
	"name: b.lastname b.firstname",
	"postal: b.postcode",
	"address: b.region b.city b.street",
	"phone: b.telephone",
	"email: o.customer_email, b.email",
]
optional = [
	"company: b.company",
	"fax: b.fax",
	"sex: o.customer_gender | 0",
	"birth: o.customer_dob",
	"ip: o.remote_ip",
]

# Baskets that were left: what was typed before the order was sent.
[carts]
tables = [
	"q = {prefix}sales_flat_quote",
	"a = {prefix}sales_flat_quote_address on a.quote_id = q.entity_id AND a.address_type = 'billing'",
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
	"ip: q.remote_ip",
]

# Where goods go. Who has them sent to the same name is the buyer; others are persons of their own.
[recipients]
tables = [
	"s = {prefix}sales_flat_order_address",
	"o = {prefix}sales_flat_order on o.entity_id = s.parent_id",
	"b = {prefix}sales_flat_order_address on b.parent_id = s.parent_id AND b.address_type = 'billing' AND COALESCE(b.lastname, '') = COALESCE(s.lastname, '') AND COALESCE(b.firstname, '') = COALESCE(s.firstname, '')",
	"m = {prefix}sales_flat_order on m.entity_id = b.parent_id",
]
id = "s.entity_id"
time = "o.created_at"
email = "m.customer_email, b.email"
where = "s.address_type = 'shipping'"
required = [
	"name: s.lastname s.firstname",
	"postal: s.postcode",
	"address: s.region s.city s.street",
	"phone: s.telephone",
]
optional = ["company: s.company", "fax: s.fax"]

[members]
tables = [
	"c = {prefix}customer_entity",
	"ln = {prefix}customer_entity_varchar on ln.entity_id = c.entity_id AND ln.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer' AND x.attribute_code = 'lastname')",
	"fn = {prefix}customer_entity_varchar on fn.entity_id = c.entity_id AND fn.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer' AND x.attribute_code = 'firstname')",
	"pw = {prefix}customer_entity_varchar on pw.entity_id = c.entity_id AND pw.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer' AND x.attribute_code = 'password_hash')",
	"bd = {prefix}customer_entity_datetime on bd.entity_id = c.entity_id AND bd.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer' AND x.attribute_code = 'dob')",
	"sx = {prefix}customer_entity_int on sx.entity_id = c.entity_id AND sx.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer' AND x.attribute_code = 'gender')",
]
id = "c.entity_id"
time = "c.created_at"
member = "c.entity_id"
required = [
	"member_id: c.entity_id",
	"name: ln.value fn.value",
	"email: c.email",
	"password: pw.value",
]
optional = ["birth: bd.value", "sex: sx.value | 0"]

[addresses]
tables = [
	"a = {prefix}customer_address_entity",
	"ln = {prefix}customer_address_entity_varchar on ln.entity_id = a.entity_id AND ln.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer_address' AND x.attribute_code = 'lastname')",
	"fn = {prefix}customer_address_entity_varchar on fn.entity_id = a.entity_id AND fn.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer_address' AND x.attribute_code = 'firstname')",
	"pc = {prefix}customer_address_entity_varchar on pc.entity_id = a.entity_id AND pc.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer_address' AND x.attribute_code = 'postcode')",
	"rg = {prefix}customer_address_entity_varchar on rg.entity_id = a.entity_id AND rg.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer_address' AND x.attribute_code = 'region')",
	"ci = {prefix}customer_address_entity_varchar on ci.entity_id = a.entity_id AND ci.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer_address' AND x.attribute_code = 'city')",
	"st = {prefix}customer_address_entity_text on st.entity_id = a.entity_id AND st.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer_address' AND x.attribute_code = 'street')",
	"ph = {prefix}customer_address_entity_varchar on ph.entity_id = a.entity_id AND ph.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer_address' AND x.attribute_code = 'telephone')",
	"co = {prefix}customer_address_entity_varchar on co.entity_id = a.entity_id AND co.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer_address' AND x.attribute_code = 'company')",
	"fx = {prefix}customer_address_entity_varchar on fx.entity_id = a.entity_id AND fx.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer_address' AND x.attribute_code = 'fax')",
	"ml = {prefix}customer_entity_varchar on ml.entity_id = a.parent_id AND ml.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer' AND x.attribute_code = 'lastname')",
	"mf = {prefix}customer_entity_varchar on mf.entity_id = a.parent_id AND mf.attribute_id = (SELECT x.attribute_id FROM {prefix}eav_attribute x, {prefix}eav_entity_type y WHERE y.entity_type_id = x.entity_type_id AND y.entity_type_code = 'customer' AND x.attribute_code = 'firstname')",
	"m = {prefix}customer_entity on m.entity_id = a.parent_id AND ml.value = ln.value AND mf.value = fn.value",
]
id = "a.entity_id"
time = "a.created_at"
email = "m.email"
required = [
	"name: ln.value fn.value",
	"postal: pc.value",
	"address: rg.value ci.value st.value",
	"phone: ph.value",
]
optional = ["company: co.value", "fax: fx.value"]

# Nothing says since when somebody subscribes: only when that was last altered.
[newsletter]
tables = ["n = {prefix}newsletter_subscriber"]
id = "n.subscriber_id"
until = "n.change_status_at"
member = "n.customer_id"
required = ["email: n.subscriber_email"]

[cards]
tables = [
	"o = {prefix}sales_flat_order",
	"p = {prefix}sales_flat_order_payment on p.parent_id = o.entity_id",
	"b = {prefix}sales_flat_order_address on b.parent_id = o.entity_id AND b.address_type = 'billing'",
]
id = "o.entity_id"
time = "o.created_at"
member = "o.customer_id"
where = "p.method NOT IN ('checkmo', 'banktransfer', 'cashondelivery', 'purchaseorder', 'free', 'paypal_express', 'paypal_standard')"
states = [
	"authorised: o.state IN ('processing', 'complete', 'closed', 'payment_review', 'holded')",
	"submitted: o.state IS NOT NULL",
	"entered: o.state IS NULL",
]
required = [
	"name: b.lastname b.firstname",
	"email: o.customer_email, b.email",
	"phone: b.telephone",
	"postal: b.postcode",
]
optional = [
	"card_number: p.cc_number_enc",
	"card_last4: p.cc_last4",
	"card_holder: p.cc_owner",
	"card_expiry: p.cc_exp_year p.cc_exp_month | 0",
]

# Baskets that got as far as the choice of a payment method, some time between their making and
# their last alteration.
[attempts]
tables = [
	"q = {prefix}sales_flat_quote",
	"p = {prefix}sales_flat_quote_payment on p.quote_id = q.entity_id",
]
id = "q.entity_id"
time = "q.created_at"
until = "q.updated_at"
member = "q.customer_id"
where = "q.is_active = 1 AND p.method IS NOT NULL AND p.method NOT IN ('', 'checkmo', 'banktransfer', 'cashondelivery', 'purchaseorder', 'free', 'paypal_express', 'paypal_standard')"
states = ["entered: q.is_active = 1"]
required = ["email: q.customer_email"]
optional = ["name: q.customer_lastname q.customer_firstname"]
