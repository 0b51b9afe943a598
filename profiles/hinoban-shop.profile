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
