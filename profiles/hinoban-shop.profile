# The small tea shop that comes with hinoban, to try it on (shop/)
title = "hinoban's shop"

[recognise]
files = ["payment/CardPayment.php", "lib/boot.php"]
also = ["templates/checkout_payment.html", "static/shop.js"]

[contain]
maintenance = "data/maintenance"
pages = [
	"^/(checkout|cart|order)(/|\\?|$)",
	"^/payment/",
]

[paths]
data = ["data/**"]
payment = ["payment/**", "lib/pages/checkout.php", "lib/order.php", "lib/cart.php",
	"templates/checkout*", "templates/layout_checkout.html",
	"static/**/*.js", "static/*.js"]
generated = ["cache/**"]
uploads = ["uploads/**"]

[database]
zone = "Asia/Tokyo"

[orders]
tables = ["o = orders"]
id = "o.id"
time = "o.created"
member = "o.customer_id"
required = [
	"name: o.name",
	"kana: o.kana",
	"postal: o.zip",
	"address: o.prefecture o.address",
	"phone: o.phone",
	"email: o.email",
]
optional = ["card_last4: o.card_last4"]

[members]
tables = ["c = customer"]
id = "c.id"
time = "c.created"
member = "c.id"
required = [
	"member_id: c.id",
	"name: c.name",
	"kana: c.kana",
	"email: c.email",
	"password: c.password",
]
optional = ["postal: c.zip", "address: c.prefecture c.address", "phone: c.phone"]

[cards]
tables = ["o = orders"]
id = "o.id"
time = "o.created"
member = "o.customer_id"
card = "o.card_token"
where = "o.card_token <> ''"
states = ["authorised: o.status <> ''"]
required = [
	"name: o.name",
	"email: o.email",
	"phone: o.phone",
	"postal: o.zip",
]
