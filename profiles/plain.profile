# A web site of no kind that hinoban knows: what folders are usually called.
title = "plain PHP or HTML"

[contain]
pages = [
	"/(checkout|payment|pay|cart|order|shopping|card|credit)[^/]*(/|\\?|$)",
]

[paths]
data = [
	"**/.git/**",
	"log/**", "logs/**", "var/log/**", "var/logs/**", "storage/logs/**", "**/*.log",
	"session/**", "sessions/**", "var/session/**", "var/sessions/**",
	"storage/framework/sessions/**", "**/sess_*",
	# Programs that keep their pages in files (DokuWiki and its like) quote anything in them.
	"data/cache/**", "data/pages/**", "data/meta/**", "data/attic/**", "data/index/**",
	"data/locks/**", "data/tmp/**", "data/log/**", "data/logs/**", "data/media_meta/**",
	"data/sessions/**",
]
generated = [
	"cache/**", "tmp/**", "var/cache/**", "**/templates_c/**", "storage/framework/**",
	"bootstrap/cache/**",
]
# Programs that take uploads lie in folders called so, among other programs.
code = [
	"**/templates/**/upload/**", "**/lib/**/upload/**", "**/src/**/upload/**",
	"**/inc/**/upload/**", "**/includes/**/upload/**", "**/vendor/**/upload/**",
	"**/vendor/**/uploads/**", "**/classes/**/upload/**", "**/libraries/**/upload/**",
]
uploads = [
	"**/upload/**", "**/uploads/**", "**/userfiles/**", "**/user_files/**",
	"**/uploaded/**", "storage/app/public/**", "data/media/**", "data/media_attic/**",
]
# Behind the others: logs/payment.log and uploads/card_1.jpg are no payment code.
payment = [
	"**/*[Pp]ayment*/**", "**/*[Pp]ayment*", "**/*[Cc]heckout*", "**/*[Cc]heckout*/**",
	"**/*[Kk]essai*", "**/*[Kk]essai*/**", "**/*[Cc]redit[Cc]ard*", "**/*credit_card*",
	"**/card.php", "**/card_*", "**/card.js", "**/settlement*",
]
