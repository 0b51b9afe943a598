#!/usr/bin/env python3
"""
`hinoban init` on the folders that real kinds of shops have: each is recognised, and each path gets
the role that it plays there. The paths are those of the programs' own trees and of well-known
modules for them; the files are empty but for what tells the kind and version.
"""
import os
import shutil
import tempfile

from harness import end, ok, run

SHOPS = {
    "ec-cube4": {
        "code": """
            src/Eccube/Common/Constant.php app/Plugin/Coupon42/X.php
            app/template/user_data/a.twig html/user_data/a.js vendor/symfony/x.php index.php
            bin/console composer.json
        """,
        "payment": """
            app/Plugin/GmoPaymentGateway4/Service/Method/CreditCard.php
            app/Plugin/GmoPaymentGateway42/Resource/assets/js/token.js
            app/Plugin/SbPaymentGateway/Controller/X.php
            app/Plugin/EccubePaymentLite42/Service/X.php app/Plugin/PayPay/X.php
            app/Plugin/YamatoPayment4/X.php app/Plugin/AmazonPayV2_42/X.php
            app/Plugin/SlnPayment42/X.php app/Plugin/ZeusPayment4/X.php
            app/Plugin/VeriTrans4G/X.php app/Plugin/RemisePayment4/X.php app/Plugin/PayJp4/X.php
            app/Plugin/UnivaPay/X.php app/Plugin/paygent/X.php
            app/Plugin/ExamplePlugin/Payment/Method/ExamplePaymentCreditCard.php
            app/Plugin/ExamplePlugin/Resource/template/Shopping/index.twig
            app/Customize/Controller/ShoppingController.php app/Customize/Service/Payment/X.php
            src/Eccube/Service/Payment/Method/Cash.php
            src/Eccube/Controller/ShoppingController.php
            src/Eccube/Controller/CartController.php app/template/default/Shopping/index.twig
            html/template/default/assets/js/function.js html/plugin/GmoPaymentGateway4/token.js
        """,
        "generated": """
            app/proxy/entity/src/Eccube/Entity/Product.php var/cache/prod/twig/ab/x.php
        """,
        "data": """
            var/log/prod/site.log
        """,
        "uploads": """
            html/upload/save_image/a.jpg html/upload/temp_image/a.php app/PluginData/X/a.json
        """,
        "config": """
            .env maintenance.php
        """,
    },
    "ec-cube2": {
        "code": """
            data/class/SC_Initial.php html/js/jquery.js html/index.php html/admin/index.php
        """,
        "payment": """
            data/module/mdl_gmopg/inc/X.php data/downloads/module/mdl_remise/x.php
            data/downloads/plugin/GmoPg/x.php
            data/class/pages/shopping/LC_Page_Shopping_Payment.php
            data/class_extends/page_extends/shopping/LC_Page_Shopping_Ex.php
            data/Smarty/templates/default/shopping/payment.tpl
            data/Smarty/templates/sphone/shopping/payment.tpl
            html/user_data/packages/default/js/a.js html/shopping/load_payment_module.php
        """,
        "generated": """
            data/Smarty/templates_c/default/x.tpl.php data/cache/mtb_x.php
        """,
        "data": """
            data/cache/mtb_pref.serial data/logs/site.log
        """,
        "uploads": """
            html/upload/save_image/a.jpg html/upload/temp_template/x.php
            html/user_data/packages/default/img/a.png
        """,
        "config": """
            data/config/config.php
        """,
    },
    "magento2": {
        "config": """
            app/etc/di.xml app/etc/env.php
        """,
        "code": """
            bin/magento app/code/Acme/Blog/Model/X.php pub/index.php lib/web/mage/validation.js
            setup/index.php
        """,
        "payment": """
            vendor/magento/module-payment/Model/Method/Cc.php
            vendor/magento/module-checkout/view/frontend/web/js/view/payment.js
            vendor/magento/module-quote/Model/QuoteManagement.php
            vendor/paypal/module-braintree-core/Gateway/X.php
            vendor/stripe/module-payments/Model/X.php vendor/adyen/module-payment/x.php
            vendor/mollie/magento2/Model/X.php
            vendor/amzn/amazon-pay-magento-2-module/src/Pay/X.php
            vendor/klarna/module-kp/Model/X.php app/code/Acme/Payment/Model/X.php
            app/code/GMO/CreditCard/X.php lib/web/jquery.js lib/web/requirejs/require.js
            app/design/frontend/A/b/Magento_Checkout/web/js/x.js
            app/design/frontend/A/b/Magento_Theme/layout/default_head_blocks.xml
        """,
        "generated": """
            generated/code/Magento/Framework/X/Interceptor.php
            pub/static/frontend/Magento/luma/ja_JP/Magento_Checkout/js/x.js
            pub/media/catalog/product/cache/ab/c.jpg var/cache/mage--a/x
            var/view_preprocessed/pub/static/x.js
        """,
        "uploads": """
            pub/media/catalog/product/a/b/c.jpg pub/media/x.php
        """,
        "data": """
            var/log/system.log var/session/sess_a
        """,
    },
    "openmage": {
        "payment": """
            app/Mage.php app/code/core/Mage/Payment/Model/Method/Cc.php
            app/code/local/Acme/Pay/Model/X.php app/code/community/GMO/Credit/Model/X.php
            js/prototype/prototype.js js/varien/payment.js js/lib/ccard.js
            skin/frontend/rwd/default/js/opcheckout_rwd.js includes/src/Mage_Payment.php
            app/design/frontend/rwd/default/template/checkout/onepage.phtml
        """,
        "code": """
            app/code/core/Mage/Catalog/Model/Product.php app/code/core/Mage/Core/x.php
            skin/frontend/base/default/css/a.css index.php downloader/index.php
            errors/processor.php get.php
        """,
        "uploads": """
            media/catalog/product/a.jpg media/x.php
        """,
        "generated": """
            media/catalog/product/cache/1/a.jpg media/js/ab.js var/cache/mage--0/x
            includes/config.php
        """,
        "data": """
            var/log/system.log
        """,
        "config": """
            app/etc/local.xml
        """,
    },
    "prestashop": {
        "code": """
            classes/PrestaShopAutoload.php themes/classic/assets/css/theme.css
            admin123/index.php index.php vendor/x/y.php
        """,
        "config": """
            config/defines.inc.php app/config/parameters.php
        """,
        "payment": """
            modules/ps_checkout/x.php modules/ps_wirepayment/x.php modules/stripe_official/x.php
            controllers/front/OrderController.php classes/checkout/CheckoutPaymentStep.php
            classes/PaymentModule.php themes/classic/templates/checkout/checkout.tpl
            themes/classic/assets/js/theme.js override/classes/X.php js/jquery/jquery.min.js
            src/Core/Payment/X.php
        """,
        "data": """
            modules/paypal/logs/a.log var/logs/prod.log admin123/backups/x.sql
        """,
        "generated": """
            themes/classic/assets/cache/bottom-1.js var/cache/prod/x.php cache/class_index.php
            mails/ja/a.html translations/ja.php
        """,
        "uploads": """
            img/p/1/1.jpg img/p/index.php upload/x.php download/x
        """,
    },
    "opencart": {
        "payment": """
            catalog/controller/checkout/checkout.php
            extension/opencart/catalog/controller/payment/cod.php
            catalog/controller/extension/payment/stripe.php
            admin/controller/extension/payment/x.php catalog/view/javascript/common.js
            catalog/view/javascript/jquery/jquery-3.7.1.min.js
            catalog/view/theme/default/template/checkout/checkout.twig
            catalog/view/template/checkout/payment_method.twig system/library/cart/cart.php
            extension/paypal/catalog/x.php
        """,
        "code": """
            system/startup.php system/storage/vendor/x.php index.php
        """,
        "generated": """
            system/storage/cache/x.php system/storage/modification/catalog/x.php
            image/cache/a.jpg vqmod/vqcache/x.php
        """,
        "data": """
            system/storage/logs/error.log
        """,
        "uploads": """
            image/catalog/a.jpg image/x.php
        """,
        "config": """
            config.php admin/config.php
        """,
    },
    "wordpress": {
        "code": """
            wp-includes/version.php wp-settings.php wp-content/plugins/hello.php
            wp-content/mu-plugins/x.php wp-content/themes/a/functions.php
            wp-content/themes/a/header.php wp-content/advanced-cache.php
            wp-content/object-cache.php wp-admin/index.php
            wp-content/plugins/woocommerce/packages/x.php
        """,
        "config": """
            wp-config.php .htaccess
        """,
        "payment": """
            wp-content/plugins/woocommerce/includes/gateways/cod/class-wc-gateway-cod.php
            wp-content/plugins/woocommerce/includes/class-wc-checkout.php
            wp-content/plugins/woocommerce/src/StoreApi/Routes/V1/Checkout.php
            wp-content/plugins/woocommerce/assets/js/frontend/checkout.min.js
            wp-content/plugins/woocommerce/assets/js/frontend/add-payment-method.js
            wp-content/plugins/woocommerce/templates/checkout/form-checkout.php
            wp-content/plugins/woocommerce/templates/checkout/payment.php
            wp-content/plugins/woocommerce-gateway-stripe/x.php
            wp-content/plugins/woocommerce-payments/x.php wp-content/plugins/woo-paypal/x.php
            wp-content/plugins/usc-e-shop/settlement/zeus.php
            wp-content/plugins/usc-e-shop/classes/paymentZeus.class.php
            wp-content/themes/a/woocommerce/checkout/form-checkout.php
            wp-content/plugins/woocommerce/src/Gateways/PayPal/X.php
            wp-content/plugins/woocommerce/assets/client/blocks/checkout-frontend.js
            wp-content/plugins/woocommerce/assets/client/blocks/wc-payment-method-cod.js
        """,
        "uploads": """
            wp-content/uploads/2024/01/a.jpg wp-content/uploads/2024/x.php
        """,
        "data": """
            wp-content/uploads/wc-logs/a.log wp-content/debug.log
        """,
        "generated": """
            wp-content/cache/page/x.php wp-content/languages/ja.l10n.php
            wp-content/upgrade/x/x.php
        """,
    },
    "plain": {
        "data": """
            logs/payment.log data/pages/start.txt data/cache/4/49.xhtml data/meta/start.meta
        """,
        "uploads": """
            uploads/card_1.jpg shop/uploads/x.php
        """,
        "generated": """
            cache/checkout.php
        """,
        "code": """
            templates/upload/import.php a.php
        """,
        "payment": """
            payment/card.php checkout.php
        """,
    },
}
CONTENT = {
    "src/Eccube/Common/Constant.php": "<?php class Constant { const VERSION = '4.2.3'; }",
    "index.php": "<?php define('VERSION', '4.0.2.3'); // DIR_APPLICATION\n",
}
MORE = {"openmage": ["app/code/core/Mage/x/y.php"]}


def make(shop, base):
    roles = {path: role for role, paths in SHOPS[shop].items() for path in paths.split()}
    for path in list(roles) + MORE.get(shop, []):
        full = os.path.join(base, "shop", path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w") as f:
            f.write(CONTENT.get(path, "x"))
    return roles


def one(shop):
    base = tempfile.mkdtemp(prefix="hinoban-roles.")
    os.chmod(base, 0o755)
    config = os.path.join(base, "hinoban.conf")
    roles = make(shop, base)
    r = run("init", os.path.join(base, "shop"), "--config", config, "--state",
            os.path.join(base, "state"), "--yes", "--lang", "en")
    ok(r.code == 0 and (shop == "plain" or "profile %s)" % shop in r.out.decode()),
       "%s is recognised" % shop, r)
    told = {f["path"]: f["role"] for f in
            run("log", "--json", "--type", "file.baseline", "--config", config).lines()}
    wrong = ["%s is %s, not %s" % (path, told.get(path), role)
             for path, role in roles.items() if told.get(path) != role]
    ok(not wrong, "%s: %d paths have the role that they play" % (shop, len(roles)),
       "\n".join(wrong))
    shutil.rmtree(base)


for shop in sorted(SHOPS):
    one(shop)
end()
