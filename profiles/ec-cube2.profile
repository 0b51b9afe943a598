# EC-CUBE 2 (2.11 to 2.17, 2.25)
#
# Read from the tree of EC-CUBE/ec-cube2: html/ is the
# document root, data/ holds the classes and should lie outside of it; both names can be
# changed at installation, and some shops move data/ into html/.
title = "EC-CUBE"

[recognise]
files = ["data/class/SC_Initial.php"]
also = ["html/define.php", "data/class_extends", "data/module", "data/Smarty"]
version = [
	"data/class/SC_Initial.php: define('ECCUBE_VERSION', '",
	"data/class/SC_Initial.php: ECCUBE_VERSION",
]
docroot = ["html", "public_html", "www", "htdocs"]

[contain]
pages = [
	"^/shopping/",
	"^/cart/",
	"/payment\\.php",
	"/card",
]

[paths]
data = [
	"**/.git/**", "tests/tmp/**", "reports/**",
	"data/logs/**", "**/data/logs/**", "data/download/**", "data/upload/csv/**",
	"data/upload/temp_*/**", "data/cache/*.txt", "data/cache/*.serial",
	"data/fonts/unifont/**", "data/module/**/*.log",
	"data/downloads/module/**/*.log",
]
# Payment: the purchase pages, the modules that owners buy (data/module/mdl_*, which hold
# all card handling of EC-CUBE 2), and the templates and scripts of those pages.
payment = [
	"data/class/pages/shopping/**", "data/class_extends/page_extends/shopping/**",
	"data/class/helper/SC_Helper_Purchase.php", "data/class/helper/SC_Helper_Payment.php",
	"data/class_extends/helper_extends/SC_Helper_Purchase_Ex.php",
	"data/class_extends/helper_extends/SC_Helper_Payment_Ex.php",
	"data/class/SC_CartSession.php", "data/class/SC_SendMail.php",
	"data/module/mdl_*/**", "data/downloads/module/**",
	"data/downloads/plugin/*[Pp]ay*/**", "data/downloads/plugin/*[Gg]mo*/**",
	"data/downloads/plugin/*GMO*/**", "data/downloads/plugin/*[Kk]essai*/**", "data/downloads/plugin/*[Cc]ard*/**",
	"data/downloads/plugin/*[Cc]redit*/**",
	"data/Smarty/templates/*/shopping/**", "data/class/plugin_extends/*[Pp]ay*/**",
	"html/shopping/**", "shopping/**", "html/user_data/packages/*/js/**",
]
# mtb_*.php are constants that the shop writes itself, templates_c what Smarty compiles.
generated = [
	"data/cache/**", "**/data/cache/**", "data/Smarty/templates_c/**",
	"**/templates_c/**", "html/install/temp/**", "html/plugin/**/cache/**",
]
uploads = [
	"html/upload/**", "upload/**", "data/upload/**",
	"html/user_data/packages/*/img/**", "html/user_data/upload/**",
]
config = ["data/config/**", "**/data/config/config.php", "html/define.php", "define.php",
	"data/mtb_constants_init.php"]

# Tables and columns as in html/install/sql/create_table_{pgsql,mysqli}.sql. Times are the
# shop's local ones. A card number lies in no table of the core: where a payment module keeps a
# token, say so: extend = ["cards: card = o.memo04"]. Rows with del_flg = 1 are still there,
# so they count.
[database]
zone = "local"

[orders]
tables = ["o = dtb_order"]
id = "o.order_id"
time = "o.create_date"
member = "o.customer_id"
deleted = "o.del_flg = 1"
required = [
	"name: o.order_name01 o.order_name02",
	"postal: o.order_zip01? o.order_zip02?, o.order_zipcode?",
	"address: o.order_pref o.order_addr01 o.order_addr02",
	"phone: o.order_tel01 o.order_tel02 o.order_tel03",
	"email: o.order_email",
	"sex: o.order_sex | 0",
]
optional = [
	"kana: o.order_kana01 o.order_kana02",
	"company: o.order_company_name?",
	"fax: o.order_fax01? o.order_fax02? o.order_fax03?",
	"birth: o.order_birth",
	"job: o.order_job | 0",
	"message: o.message",
]

[members]
tables = ["c = dtb_customer"]
id = "c.customer_id"
time = "c.create_date"
member = "c.customer_id"
deleted = "c.del_flg = 1"
required = [
	"member_id: c.customer_id",
	"points: c.point",
	"magazine: c.mailmaga_flg",
	"name: c.name01 c.name02",
	"postal: c.zip01? c.zip02?, c.zipcode?",
	"address: c.pref c.addr01 c.addr02",
	"phone: c.tel01 c.tel02 c.tel03",
	"email: c.email",
	"sex: c.sex | 0",
	"password: c.password",
]
optional = [
	"kana: c.kana01 c.kana02",
	"mobile_email: c.email_mobile?",
	"company: c.company_name?",
	"fax: c.fax01? c.fax02? c.fax03?",
	"birth: c.birth",
	"job: c.job | 0",
	"reminder: c.reminder_answer",
]

# Who has goods sent to the same name is the buyer; others are persons of their own.
[recipients]
tables = [
	"s = dtb_shipping",
	"b = dtb_order on b.order_id = s.order_id AND b.order_name01 = s.shipping_name01 AND b.order_name02 = s.shipping_name02",
]
id = "s.order_id s.shipping_id"
email = "b.order_email"
time = "s.create_date"
deleted = "s.del_flg = 1"
required = [
	"name: s.shipping_name01 s.shipping_name02",
	"postal: s.shipping_zip01? s.shipping_zip02?, s.shipping_zipcode?",
	"address: s.shipping_pref s.shipping_addr01 s.shipping_addr02",
	"phone: s.shipping_tel01 s.shipping_tel02 s.shipping_tel03",
]
optional = [
	"kana: s.shipping_kana01 s.shipping_kana02",
	"company: s.shipping_company_name?",
	"fax: s.shipping_fax01? s.shipping_fax02? s.shipping_fax03?",
]

# An address book has no times of its own: it is as old as its member.
[addresses]
tables = [
	"a = dtb_other_deliv",
	"c = dtb_customer on c.customer_id = a.customer_id",
	"m = dtb_customer on m.customer_id = a.customer_id AND m.name01 = a.name01 AND m.name02 = a.name02",
]
id = "a.other_deliv_id"
email = "m.email"
time = "c.create_date"
deleted = "c.del_flg = 1"
required = [
	"name: a.name01 a.name02",
	"postal: a.zip01? a.zip02?, a.zipcode?",
	"address: a.pref a.addr01 a.addr02",
	"phone: a.tel01 a.tel02 a.tel03",
]
optional = [
	"kana: a.kana01 a.kana02",
	"company: a.company_name?",
	"fax: a.fax01? a.fax02? a.fax03?",
]

# Status 7: the order is written, and the payment module's page is shown next.
[cards]
tables = ["o = dtb_order"]
id = "o.order_id"
time = "o.create_date"
member = "o.customer_id"
deleted = "o.del_flg = 1"
where = "(o.payment_method LIKE '%カード%' OR o.payment_method LIKE '%クレジット%' OR o.payment_method LIKE '%クレカ%' OR LOWER(o.payment_method) LIKE '%card%' OR LOWER(o.payment_method) LIKE '%credit%')"
states = [
	"authorised: o.status IN (1, 2, 4, 5, 6)",
	"entered: o.status = 7 OR o.status IS NULL",
	"submitted: o.status IS NOT NULL",
]
required = [
	"name: o.order_name01 o.order_name02",
	"email: o.order_email",
	"phone: o.order_tel01 o.order_tel02 o.order_tel03",
	"postal: o.order_zip01? o.order_zip02?, o.order_zipcode?",
]

# Purchases that were begun and never became an order: what they left in the database, and, with
# a card as the way of payment, where one may have been typed.
[carts]
tables = ["t = dtb_order_temp"]
id = "t.order_temp_id"
time = "t.create_date"
member = "t.customer_id"
deleted = "t.del_flg = 1"
where = "(t.order_id IS NULL OR NOT EXISTS (SELECT 1 FROM dtb_order d WHERE d.order_id = t.order_id)) AND (t.order_email <> '' OR t.order_name01 <> '')"
required = [
	"name: t.order_name01 t.order_name02",
	"postal: t.order_zip01? t.order_zip02?, t.order_zipcode?",
	"address: t.order_pref? t.order_addr01? t.order_addr02?",
	"phone: t.order_tel01 t.order_tel02 t.order_tel03",
	"email: t.order_email",
]

[attempts]
tables = ["t = dtb_order_temp"]
id = "t.order_temp_id"
time = "t.create_date"
member = "t.customer_id"
deleted = "t.del_flg = 1"
where = "(t.order_id IS NULL OR NOT EXISTS (SELECT 1 FROM dtb_order d WHERE d.order_id = t.order_id)) AND (t.payment_method LIKE '%カード%' OR t.payment_method LIKE '%クレジット%' OR t.payment_method LIKE '%クレカ%' OR LOWER(t.payment_method) LIKE '%card%' OR LOWER(t.payment_method) LIKE '%credit%')"
states = ["entered: t.create_date IS NOT NULL"]
required = ["email: t.order_email"]
optional = [
	"name: t.order_name01 t.order_name02",
	"phone: t.order_tel01 t.order_tel02 t.order_tel03",
	"postal: t.order_zip01? t.order_zip02?, t.order_zipcode?",
]
