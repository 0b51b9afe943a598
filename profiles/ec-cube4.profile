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
ignored = ["**/.git/**", "node_modules/**", "**/node_modules/**", "tests/tmp/**"]
data = [
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
