# A web site of no kind that hinoban knows: what folders are usually called.
title = "plain PHP or HTML"

[paths]
ignored = ["node_modules/**", "**/.git/**"]
data = [
	"log/**", "logs/**", "var/log/**", "var/logs/**", "storage/logs/**", "**/*.log",
	"session/**", "sessions/**", "var/session/**", "var/sessions/**",
	"storage/framework/sessions/**",
]
generated = [
	"cache/**", "tmp/**", "var/cache/**", "**/templates_c/**", "storage/framework/**",
	"bootstrap/cache/**",
]
# Programs that take uploads lie in folders called so, among other programs.
code = [
	"templates/**/upload/**", "lib/**/upload/**", "src/**/upload/**", "inc/**/upload/**",
	"includes/**/upload/**", "vendor/**/upload/**", "vendor/**/uploads/**",
	"classes/**/upload/**", "libraries/**/upload/**",
]
uploads = [
	"**/upload/**", "**/uploads/**", "**/userfiles/**", "**/user_files/**",
	"**/uploaded/**", "storage/app/public/**",
]
# Behind the others: logs/payment.log and uploads/card_1.jpg are no payment code.
payment = [
	"**/*[Pp]ayment*/**", "**/*[Pp]ayment*", "**/*[Cc]heckout*", "**/*[Cc]heckout*/**",
	"**/*[Kk]essai*", "**/*[Kk]essai*/**", "**/*[Cc]redit[Cc]ard*", "**/*credit_card*",
	"**/card.php", "**/card_*", "**/card.js", "**/settlement*",
]
