# MediaWiki
#
# Read from the tree of wikimedia/mediawiki and Debian's package.
title = "MediaWiki"

[recognise]
files = ["includes/Defines.php", "load.php", "api.php"]
also = ["LocalSettings.php", "extensions", "skins", "maintenance"]
version = [
	"includes/Defines.php: define( 'MW_VERSION', '",
	"includes/DefaultSettings.php: $wgVersion = '",
]

[paths]
data = ["**/.git/**", "images/deleted/**", "images/lockdir/**", "data/**", "logs/**"]
payment = ["extensions/*[Pp]ay*/**", "extensions/*[Dd]onation*/**", "extensions/*Gateway*/**"]
generated = ["cache/**", "images/cache/**", "images/temp/**", "images/tmp/**",
	"extensions/*/cache/**"]
uploads = ["images/**"]
config = ["LocalSettings.php", ".htaccess", ".user.ini", "composer.local.json"]
