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
data = [
	"**/.git/**",
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

# WooCommerce. Two ways of keeping orders: tables of their own (HPOS), or posts with their meta;
# which one holds the truth is an option. Columns of HPOS as in get_database_schema() of
# OrdersTableDataStore.php. Times are GMT. Which payment methods take a card depends on the
# plug-ins: all but the built-in ones that do not, unless [scope] extend says better.
[database]
prefix = "wp_"
zone = "UTC"

[orders-hpos]
when = "SELECT 1 FROM {prefix}options WHERE option_name = 'woocommerce_custom_orders_table_enabled' AND option_value = 'yes'"
tables = [
	"o = {prefix}wc_orders",
	"b = {prefix}wc_order_addresses on b.order_id = o.id AND b.address_type = 'billing'",
]
id = "o.id"
time = "o.date_created_gmt"
member = "o.customer_id"
where = "o.type = 'shop_order' AND o.status NOT IN ('auto-draft', 'wc-checkout-draft')"
deleted = "o.status = 'trash'"
required = [
	"name: b.last_name b.first_name",
	"postal: b.postcode",
	"address: b.state b.city b.address_1 b.address_2",
	"phone: b.phone",
	"email: o.billing_email, b.email",
]
optional = [
	"company: b.company",
	"ip: o.ip_address",
	"message: o.customer_note",
]

# A key may stand several times with one post or user (imports do that); WordPress reads the
# first, and so do we: a join with all of them would count the order as often.
[orders-posts]
tables = [
	"o = {prefix}posts",
	"em = {prefix}postmeta on em.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_email')",
	"ln = {prefix}postmeta on ln.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_last_name')",
	"fn = {prefix}postmeta on fn.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_first_name')",
	"pc = {prefix}postmeta on pc.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_postcode')",
	"st = {prefix}postmeta on st.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_state')",
	"ci = {prefix}postmeta on ci.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_city')",
	"a1 = {prefix}postmeta on a1.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_address_1')",
	"a2 = {prefix}postmeta on a2.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_address_2')",
	"ph = {prefix}postmeta on ph.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_phone')",
	"co = {prefix}postmeta on co.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_company')",
	"ip = {prefix}postmeta on ip.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_customer_ip_address')",
	"cu = {prefix}postmeta on cu.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_customer_user')",
]
id = "o.ID"
time = "o.post_date_gmt"
member = "cu.meta_value"
where = "o.post_type = 'shop_order' AND o.post_status NOT IN ('auto-draft', 'wc-checkout-draft')"
deleted = "o.post_status = 'trash'"
required = [
	"name: ln.meta_value fn.meta_value",
	"postal: pc.meta_value",
	"address: st.meta_value ci.meta_value a1.meta_value a2.meta_value",
	"phone: ph.meta_value",
	"email: em.meta_value",
]
optional = [
	"company: co.meta_value",
	"ip: ip.meta_value",
	"message: o.post_excerpt",
]

# A checkout of blocks has its order from its first page on; until it is sent it is a draft.
[carts-hpos]
when = "SELECT 1 FROM {prefix}options WHERE option_name = 'woocommerce_custom_orders_table_enabled' AND option_value = 'yes'"
tables = [
	"o = {prefix}wc_orders",
	"b = {prefix}wc_order_addresses on b.order_id = o.id AND b.address_type = 'billing'",
]
id = "o.id"
time = "o.date_created_gmt"
member = "o.customer_id"
where = "o.type = 'shop_order' AND o.status = 'wc-checkout-draft' AND (o.billing_email <> '' OR b.email <> '' OR b.last_name <> '')"
required = [
	"name: b.last_name b.first_name",
	"postal: b.postcode",
	"address: b.state b.city b.address_1 b.address_2",
	"phone: b.phone",
	"email: o.billing_email, b.email",
]
optional = ["company: b.company", "ip: o.ip_address"]

[carts-posts]
tables = [
	"o = {prefix}posts",
	"em = {prefix}postmeta on em.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_email')",
	"ln = {prefix}postmeta on ln.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_last_name')",
	"fn = {prefix}postmeta on fn.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_first_name')",
	"pc = {prefix}postmeta on pc.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_postcode')",
	"st = {prefix}postmeta on st.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_state')",
	"ci = {prefix}postmeta on ci.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_city')",
	"a1 = {prefix}postmeta on a1.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_address_1')",
	"ph = {prefix}postmeta on ph.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_phone')",
	"cu = {prefix}postmeta on cu.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_customer_user')",
]
id = "o.ID"
time = "o.post_date_gmt"
member = "cu.meta_value"
where = "o.post_type = 'shop_order' AND o.post_status = 'wc-checkout-draft' AND (em.meta_value <> '' OR ln.meta_value <> '')"
required = [
	"name: ln.meta_value fn.meta_value",
	"postal: pc.meta_value",
	"address: st.meta_value ci.meta_value a1.meta_value",
	"phone: ph.meta_value",
	"email: em.meta_value",
]

# Where goods go. Who has them sent to the same name is the buyer; others are persons of their own.
[recipients-hpos]
when = "SELECT 1 FROM {prefix}options WHERE option_name = 'woocommerce_custom_orders_table_enabled' AND option_value = 'yes'"
tables = [
	"s = {prefix}wc_order_addresses",
	"o = {prefix}wc_orders on o.id = s.order_id",
	"b = {prefix}wc_order_addresses on b.order_id = s.order_id AND b.address_type = 'billing' AND COALESCE(b.last_name, '') = COALESCE(s.last_name, '') AND COALESCE(b.first_name, '') = COALESCE(s.first_name, '')",
	"m = {prefix}wc_orders on m.id = b.order_id",
]
id = "s.id"
time = "o.date_created_gmt"
email = "m.billing_email, b.email"
where = "s.address_type = 'shipping' AND o.type = 'shop_order' AND o.status <> 'auto-draft' AND (s.last_name <> '' OR s.first_name <> '' OR s.address_1 <> '')"
deleted = "o.status = 'trash'"
required = [
	"name: s.last_name s.first_name",
	"postal: s.postcode",
	"address: s.state s.city s.address_1 s.address_2",
]
optional = ["phone: s.phone", "company: s.company"]

[recipients-posts]
tables = [
	"o = {prefix}posts",
	"ln = {prefix}postmeta on ln.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_shipping_last_name')",
	"fn = {prefix}postmeta on fn.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_shipping_first_name')",
	"pc = {prefix}postmeta on pc.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_shipping_postcode')",
	"st = {prefix}postmeta on st.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_shipping_state')",
	"ci = {prefix}postmeta on ci.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_shipping_city')",
	"a1 = {prefix}postmeta on a1.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_shipping_address_1')",
	"a2 = {prefix}postmeta on a2.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_shipping_address_2')",
	"ph = {prefix}postmeta on ph.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_shipping_phone')",
	"co = {prefix}postmeta on co.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_shipping_company')",
	"bl = {prefix}postmeta on bl.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_last_name')",
	"bf = {prefix}postmeta on bf.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_first_name')",
	"em = {prefix}postmeta on em.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_email') AND COALESCE(bl.meta_value, '') = COALESCE(ln.meta_value, '') AND COALESCE(bf.meta_value, '') = COALESCE(fn.meta_value, '')",
]
id = "o.ID"
time = "o.post_date_gmt"
email = "em.meta_value"
where = "o.post_type = 'shop_order' AND o.post_status <> 'auto-draft' AND (ln.meta_value <> '' OR fn.meta_value <> '' OR a1.meta_value <> '')"
deleted = "o.post_status = 'trash'"
required = [
	"name: ln.meta_value fn.meta_value",
	"postal: pc.meta_value",
	"address: st.meta_value ci.meta_value a1.meta_value a2.meta_value",
]
optional = ["phone: ph.meta_value", "company: co.meta_value"]

# In a network each shop has tables of its own (wp_2_...), but all share the users: a shop's members
# are those who have a role in it.
[members-network]
when = "SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '{base}blogs'"
tables = [
	"u = {base}users",
	"ln = {base}usermeta on ln.umeta_id = (SELECT MIN(x.umeta_id) FROM {base}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'billing_last_name')",
	"fn = {base}usermeta on fn.umeta_id = (SELECT MIN(x.umeta_id) FROM {base}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'billing_first_name')",
	"l2 = {base}usermeta on l2.umeta_id = (SELECT MIN(x.umeta_id) FROM {base}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'last_name')",
	"f2 = {base}usermeta on f2.umeta_id = (SELECT MIN(x.umeta_id) FROM {base}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'first_name')",
	"pc = {base}usermeta on pc.umeta_id = (SELECT MIN(x.umeta_id) FROM {base}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'billing_postcode')",
	"a1 = {base}usermeta on a1.umeta_id = (SELECT MIN(x.umeta_id) FROM {base}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'billing_address_1')",
	"ph = {base}usermeta on ph.umeta_id = (SELECT MIN(x.umeta_id) FROM {base}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'billing_phone')",
	"co = {base}usermeta on co.umeta_id = (SELECT MIN(x.umeta_id) FROM {base}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'billing_company')",
]
id = "u.ID"
time = "u.user_registered"
member = "u.ID"
where = "EXISTS (SELECT 1 FROM {base}usermeta k WHERE k.user_id = u.ID AND k.meta_key = '{prefix}capabilities') AND NOT EXISTS (SELECT 1 FROM {base}usermeta k WHERE k.user_id = u.ID AND k.meta_key = '{prefix}capabilities' AND (k.meta_value LIKE '%administrator%' OR k.meta_value LIKE '%shop_manager%' OR k.meta_value LIKE '%\"editor\"%'))"
required = ["member_id: u.ID", "email: u.user_email", "password: u.user_pass"]
optional = [
	"name: ln.meta_value fn.meta_value, l2.meta_value f2.meta_value",
	"postal: pc.meta_value",
	"address: a1.meta_value",
	"phone: ph.meta_value",
	"company: co.meta_value",
]

[members]
tables = [
	"u = {prefix}users",
	"ln = {prefix}usermeta on ln.umeta_id = (SELECT MIN(x.umeta_id) FROM {prefix}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'billing_last_name')",
	"fn = {prefix}usermeta on fn.umeta_id = (SELECT MIN(x.umeta_id) FROM {prefix}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'billing_first_name')",
	"l2 = {prefix}usermeta on l2.umeta_id = (SELECT MIN(x.umeta_id) FROM {prefix}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'last_name')",
	"f2 = {prefix}usermeta on f2.umeta_id = (SELECT MIN(x.umeta_id) FROM {prefix}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'first_name')",
	"pc = {prefix}usermeta on pc.umeta_id = (SELECT MIN(x.umeta_id) FROM {prefix}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'billing_postcode')",
	"a1 = {prefix}usermeta on a1.umeta_id = (SELECT MIN(x.umeta_id) FROM {prefix}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'billing_address_1')",
	"ph = {prefix}usermeta on ph.umeta_id = (SELECT MIN(x.umeta_id) FROM {prefix}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'billing_phone')",
	"co = {prefix}usermeta on co.umeta_id = (SELECT MIN(x.umeta_id) FROM {prefix}usermeta x WHERE x.user_id = u.ID AND x.meta_key = 'billing_company')",
]
id = "u.ID"
time = "u.user_registered"
member = "u.ID"
where = "NOT EXISTS (SELECT 1 FROM {prefix}usermeta k WHERE k.user_id = u.ID AND k.meta_key = '{prefix}capabilities' AND (k.meta_value LIKE '%administrator%' OR k.meta_value LIKE '%shop_manager%' OR k.meta_value LIKE '%\"editor\"%'))"
required = ["member_id: u.ID", "email: u.user_email", "password: u.user_pass"]
optional = [
	"name: ln.meta_value fn.meta_value, l2.meta_value f2.meta_value",
	"postal: pc.meta_value",
	"address: a1.meta_value",
	"phone: ph.meta_value",
	"company: co.meta_value",
]

# A renewal that the shop makes by itself (created_via is "subscription") is paid with a card that
# the payment service has kept: it was typed at the first order, and not now.
[cards-hpos]
when = "SELECT 1 FROM {prefix}options WHERE option_name = 'woocommerce_custom_orders_table_enabled' AND option_value = 'yes'"
tables = [
	"o = {prefix}wc_orders",
	"b = {prefix}wc_order_addresses on b.order_id = o.id AND b.address_type = 'billing'",
	"d = {prefix}wc_order_operational_data on d.order_id = o.id",
]
id = "o.id"
time = "o.date_created_gmt"
member = "o.customer_id"
where = "o.type = 'shop_order' AND o.status NOT IN ('auto-draft', 'wc-checkout-draft') AND o.payment_method NOT IN ('', 'bacs', 'cheque', 'cod', 'paypal')"
states = [
	"kept: d.created_via = 'subscription'",
	"authorised: o.status IN ('wc-processing', 'wc-completed', 'wc-refunded', 'wc-on-hold')",
	"submitted: o.status IS NOT NULL",
	"entered: o.status IS NULL",
]
required = [
	"email: o.billing_email, b.email",
	"name: b.last_name b.first_name",
	"phone: b.phone",
	"postal: b.postcode",
]

[cards-posts]
tables = [
	"o = {prefix}posts",
	"pm = {prefix}postmeta on pm.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_payment_method')",
	"em = {prefix}postmeta on em.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_email')",
	"ln = {prefix}postmeta on ln.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_last_name')",
	"fn = {prefix}postmeta on fn.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_first_name')",
	"pc = {prefix}postmeta on pc.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_postcode')",
	"ph = {prefix}postmeta on ph.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_phone')",
	"cu = {prefix}postmeta on cu.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_customer_user')",
	"cv = {prefix}postmeta on cv.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_created_via')",
]
id = "o.ID"
time = "o.post_date_gmt"
member = "cu.meta_value"
where = "o.post_type = 'shop_order' AND o.post_status NOT IN ('auto-draft', 'wc-checkout-draft') AND pm.meta_value NOT IN ('', 'bacs', 'cheque', 'cod', 'paypal')"
states = [
	"kept: cv.meta_value = 'subscription'",
	"authorised: o.post_status IN ('wc-processing', 'wc-completed', 'wc-refunded', 'wc-on-hold')",
	"submitted: o.post_status IS NOT NULL",
	"entered: o.post_status IS NULL",
]
required = [
	"email: em.meta_value",
	"name: ln.meta_value fn.meta_value",
	"phone: ph.meta_value",
	"postal: pc.meta_value",
]

[attempts-hpos]
when = "SELECT 1 FROM {prefix}options WHERE option_name = 'woocommerce_custom_orders_table_enabled' AND option_value = 'yes'"
tables = [
	"o = {prefix}wc_orders",
	"b = {prefix}wc_order_addresses on b.order_id = o.id AND b.address_type = 'billing'",
]
id = "o.id"
time = "o.date_created_gmt"
until = "o.date_updated_gmt?"
member = "o.customer_id"
where = "o.type = 'shop_order' AND o.status = 'wc-checkout-draft' AND o.payment_method NOT IN ('', 'bacs', 'cheque', 'cod', 'paypal')"
states = ["entered: o.status = 'wc-checkout-draft'"]
required = ["email: o.billing_email, b.email"]
optional = ["name: b.last_name b.first_name", "phone: b.phone", "postal: b.postcode"]

[attempts-posts]
tables = [
	"o = {prefix}posts",
	"pm = {prefix}postmeta on pm.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_payment_method')",
	"em = {prefix}postmeta on em.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_email')",
	"ln = {prefix}postmeta on ln.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_last_name')",
	"fn = {prefix}postmeta on fn.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_first_name')",
	"pc = {prefix}postmeta on pc.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_postcode')",
	"ph = {prefix}postmeta on ph.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_billing_phone')",
	"cu = {prefix}postmeta on cu.meta_id = (SELECT MIN(x.meta_id) FROM {prefix}postmeta x WHERE x.post_id = o.ID AND x.meta_key = '_customer_user')",
]
id = "o.ID"
time = "o.post_date_gmt"
until = "o.post_modified_gmt?"
member = "cu.meta_value"
where = "o.post_type = 'shop_order' AND o.post_status = 'wc-checkout-draft' AND pm.meta_value NOT IN ('', 'bacs', 'cheque', 'cod', 'paypal')"
states = ["entered: o.post_status = 'wc-checkout-draft'"]
required = ["email: em.meta_value"]
optional = [
	"name: ln.meta_value fn.meta_value",
	"phone: ph.meta_value",
	"postal: pc.meta_value",
]
