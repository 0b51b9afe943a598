# EC-CUBE 4 (4.0 to 4.3)
#
# Built on Symfony. Read from the tree and .gitignore of EC-CUBE/ec-cube.
# The document root is the project folder itself or, in some installations, html/.
title = "EC-CUBE"

[recognise]
files = ["src/Eccube/Common/Constant.php"]
also = ["app/Plugin", "html/template", "bin/console", "app/config/eccube"]
version = ["src/Eccube/Common/Constant.php: const VERSION = '"]
docroot = ["html"]

[contain]
maintenance = ".maintenance"
pages = [
	"^(/index\\.php)?/(shopping|cart)(/|\\?|$)",
	"/(payment|card|credit)",
]

[paths]
data = [
	"**/.git/**", "tests/tmp/**",
	"var/log/**", "var/logs/**", "app/log/**", "var/session/**", "var/sessions/**",
	".maintenance", "var/*.db*", "var/lock/**", "var/spool/**", "app/keys/**",
	"app/Plugin/**/*.log", "html/user_data/**/*.log",
]
payment = [
	"src/Eccube/Service/Payment/**", "src/Eccube/Controller/ShoppingController.php",
	"src/Eccube/Controller/NonMemberShoppingController.php",
	"src/Eccube/Controller/AbstractShoppingController.php",
	"src/Eccube/Controller/CartController.php", "src/Eccube/Service/CartService.php",
	"src/Eccube/Service/PurchaseFlow/**", "src/Eccube/Service/OrderHelper.php",
	"src/Eccube/Service/OrderStateMachine.php",
	"src/Eccube/Form/Type/Shopping/**", "src/Eccube/Entity/Payment.php",
	"src/Eccube/Resource/template/default/Shopping/**",
	"app/template/*/Shopping/**", "app/template/*/default_frame.twig",
	"src/Eccube/Resource/template/default/default_frame.twig",
	"app/Plugin/*[Pp]ay*/**", "app/Plugin/*[Cc]ard*/**", "app/Plugin/*[Cc]redit*/**",
	"app/Plugin/*[Gg]ateway*/**", "app/Plugin/*[Ss]tripe*/**", "app/Plugin/*[Gg]mo*/**",
	"app/Plugin/*GMO*/**", "app/Plugin/*[Ss]bps*/**", "app/Plugin/*[Vv]eri[Tt]rans*/**",
	"app/Plugin/*[Kk]essai*/**", "app/Plugin/*Remise*/**", "app/Plugin/*Zeus*/**",
	"app/Plugin/*Epsilon*/**", "app/Plugin/*Sln*/**", "app/Plugin/*Square*/**",
	"app/Plugin/*/Service/Method/**", "app/Plugin/**/*[Pp]ayment*", "app/Plugin/**/*[Pp]ayment*/**",
	"app/Plugin/**/Shopping/**", "app/Plugin/**/*[Cc]redit*",
	"app/Customize/**/*[Pp]ayment*", "app/Customize/**/*[Pp]ayment*/**",
	"app/Customize/**/*[Ss]hopping*", "app/Customize/**/*[Ss]hopping*/**",
	"html/plugin/*[Pp]ay*/**",
	"html/template/*/assets/js/function.js", "html/template/*/assets/js/eccube.js",
]
generated = [
	"var/cache/**", "app/cache/**", "app/proxy/**", "var/**",
	"html/install/temp/**", "src/Eccube/Resource/config/*.dist.php",
]
uploads = [
	"html/upload/**", "upload/**", "app/PluginData/**", "html/user_data/assets/img/**",
]
config = [
	".env", ".env.*", "app/config/**", ".htaccess", "html/.htaccess", "maintenance.php",
]

# Tables and columns as in src/Eccube/Entity/{Order,Customer,Shipping,CustomerAddress}.php.
# Times are kept in UTC. An order of status 8 is a purchase under way, 7 one that waits for the
# payment service. Columns of your own (customize plug-ins) go into [scope] extend.
[database]
zone = "UTC"

[orders]
tables = ["o = dtb_order"]
id = "o.id"
time = "o.create_date"
member = "o.customer_id"
where = "(o.order_status_id IS NULL OR o.order_status_id <> 8)"
required = [
	"name: o.name01 o.name02",
	"postal: o.postal_code",
	"address: o.pref_id o.addr01 o.addr02",
	"phone: o.phone_number",
	"email: o.email",
]
optional = [
	"kana: o.kana01 o.kana02",
	"company: o.company_name",
	"sex: o.sex_id",
	"birth: o.birth",
	"job: o.job_id",
	"message: o.message",
]

[members]
tables = ["c = dtb_customer"]
id = "c.id"
time = "c.create_date"
member = "c.id"
deleted = "c.customer_status_id = 3"
required = [
	"member_id: c.id",
	"points: c.point",
	"name: c.name01 c.name02",
	"postal: c.postal_code",
	"address: c.pref_id c.addr01 c.addr02",
	"phone: c.phone_number",
	"email: c.email",
	"password: c.password",
]
optional = [
	"kana: c.kana01 c.kana02",
	"company: c.company_name",
	"sex: c.sex_id",
	"birth: c.birth",
	"job: c.job_id",
]

# A purchase under way has its row in dtb_order from the first page on.
[carts]
tables = ["o = dtb_order"]
id = "o.id"
time = "o.create_date"
member = "o.customer_id"
where = "o.order_status_id = 8"
required = [
	"name: o.name01 o.name02",
	"postal: o.postal_code",
	"address: o.pref_id o.addr01 o.addr02",
	"phone: o.phone_number",
	"email: o.email",
]
optional = ["kana: o.kana01 o.kana02", "company: o.company_name", "message: o.message"]

# Who has goods sent to the same name is the buyer; others are persons of their own.
[recipients]
tables = [
	"s = dtb_shipping",
	"b = dtb_order on b.id = s.order_id AND b.name01 = s.name01 AND b.name02 = s.name02",
]
id = "s.id"
email = "b.email"
time = "s.create_date"
required = [
	"name: s.name01 s.name02",
	"postal: s.postal_code",
	"address: s.pref_id s.addr01 s.addr02",
	"phone: s.phone_number",
]
optional = ["kana: s.kana01 s.kana02", "company: s.company_name"]

[addresses]
tables = [
	"a = dtb_customer_address",
	"m = dtb_customer on m.id = a.customer_id AND m.name01 = a.name01 AND m.name02 = a.name02",
]
id = "a.id"
email = "m.email"
time = "a.create_date"
required = [
	"name: a.name01 a.name02",
	"postal: a.postal_code",
	"address: a.pref_id a.addr01 a.addr02",
	"phone: a.phone_number",
]
optional = ["kana: a.kana01 a.kana02", "company: a.company_name"]

# Behind the button that orders: 7 waits for the payment service's answer. A purchase under way
# (8) is an attempt: its payment page may have been filled in.
[cards]
tables = ["o = dtb_order"]
id = "o.id"
time = "o.create_date"
member = "o.customer_id"
where = "(o.order_status_id IS NULL OR o.order_status_id <> 8) AND (o.payment_method LIKE '%カード%' OR o.payment_method LIKE '%クレジット%' OR o.payment_method LIKE '%クレカ%' OR LOWER(o.payment_method) LIKE '%card%' OR LOWER(o.payment_method) LIKE '%credit%')"
states = [
	"authorised: o.order_status_id IN (1, 4, 5, 6, 9)",
	"submitted: o.order_status_id IS NOT NULL",
	"entered: o.order_status_id IS NULL",
]
required = [
	"name: o.name01 o.name02",
	"email: o.email",
	"phone: o.phone_number",
	"postal: o.postal_code",
]

[attempts]
tables = ["o = dtb_order"]
id = "o.id"
time = "o.create_date"
member = "o.customer_id"
where = "o.order_status_id = 8 AND (o.payment_method LIKE '%カード%' OR o.payment_method LIKE '%クレジット%' OR o.payment_method LIKE '%クレカ%' OR LOWER(o.payment_method) LIKE '%card%' OR LOWER(o.payment_method) LIKE '%credit%')"
states = ["entered: o.order_status_id = 8"]
required = ["email: o.email"]
optional = ["name: o.name01 o.name02", "phone: o.phone_number", "postal: o.postal_code"]
