#!/usr/bin/env python3
"""Each kind of shop's own tables, with known rows, and akaran's 8,483 cards.

Types and names as in the shops' own sources; only the columns that matter.
"""
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["HINOBAN_SOURCE"], "tests", "face"))
from harness import SOURCE, end, ok, skip  # noqa: E402

import servers  # noqa: E402
import shops  # noqa: E402
from watch import Watch, figures  # noqa: E402

SETTINGS = '[scope]\nzone = "Asia/Tokyo"\ntimeout = 120s\n'
WINDOW = ["--from", "2022-02-01", "--to", "2022-03-01"]  # of Tokyo: until 02-28 15:00 UTC

EC4_ROWS = """
INSERT INTO dtb_customer (id, customer_status_id, name01, name02, postal_code, addr01, email, phone_number, point, pref_id, password,
    create_date, birth) VALUES (1, 2, '山田', '太郎', '1000001', '区', 'a@a.example', '0311112222', 0, 13, 'x', '2022-01-01 00:00:00', NULL),
    (2, 3, '退会', '者', '1000002', '区', 'b@a.example', '0311113333', 5, 13, 'x', '2022-02-28 14:59:59', '1980-01-01 00:00:00'),
    (3, 2, '後日', '者', '1000003', '区', 'c@a.example', '0311114444', 5, 13, 'x', '2022-02-28 15:00:00', NULL);
INSERT INTO dtb_order (id, customer_id, name01, name02, postal_code, addr01, email, phone_number, pref_id, payment_method,
    order_status_id, create_date) VALUES (1, 1, '山田', '太郎', '1000001', '区', 'A@a.example', '03-1111-2222', 13, 'クレジットカード', 5, '2022-01-31 15:00:00'),
    (2, NULL, '客', '人', '2000001', '区', 'g@a.example', '0322221111', 13, 'クレジットカード', 7, '2022-02-10 00:00:00'),
    (3, NULL, '途中', '人', '2000002', '区', 'h@a.example', '0322221112', 13, 'クレジットカード', 8, '2022-02-11 00:00:00'),
    (4, NULL, '振込', '人', '2000003', '区', 'i@a.example', '0322221113', 13, '銀行振込', 1, '2022-02-12 00:00:00'),
    (5, NULL, '早い', '人', '2000004', '区', 'j@a.example', '0322221114', 13, 'クレジットカード', 5, '2022-01-31 14:59:59');
"""
EC4_WANT = {("cards", "all", "件"): 2, ("cards", "all", "名"): 2, ("attempts", "all", "件"): 1, ("entered", "all", "名"): 3, ("carts", "all", "件"): 1, ("orders", "all", "件"): 4, ("orders", "all", "名"): 4,
            ("members", "all", "名"): 2, ("members", "birth", "名"): 1, ("stored", "all", "名"): 6}

WOO = """
CREATE TABLE wp_options (option_id bigint AUTO_INCREMENT PRIMARY KEY, option_name varchar(191), option_value longtext);
CREATE TABLE wp_users (ID bigint unsigned PRIMARY KEY, user_login varchar(60), user_pass varchar(255), user_email varchar(100), user_registered datetime);
CREATE TABLE wp_usermeta (umeta_id bigint AUTO_INCREMENT PRIMARY KEY, user_id bigint unsigned, meta_key varchar(255), meta_value longtext);
CREATE TABLE wp_posts (ID bigint unsigned PRIMARY KEY, post_type varchar(20), post_status varchar(20), post_date_gmt datetime, post_excerpt text);
CREATE TABLE wp_postmeta (meta_id bigint AUTO_INCREMENT PRIMARY KEY, post_id bigint unsigned, meta_key varchar(255), meta_value longtext, KEY (post_id));
CREATE TABLE wp_wc_orders (id bigint unsigned PRIMARY KEY, status varchar(20), type varchar(20), customer_id bigint unsigned, billing_email varchar(320),
    date_created_gmt datetime, payment_method varchar(100), ip_address varchar(100), customer_note text);
CREATE TABLE wp_wc_order_addresses (id bigint AUTO_INCREMENT PRIMARY KEY, order_id bigint unsigned, address_type varchar(20), first_name text, last_name text,
    company text, address_1 text, address_2 text, city text, state text, postcode text, email varchar(320), phone varchar(100));
CREATE TABLE wp_wc_order_operational_data (id bigint AUTO_INCREMENT PRIMARY KEY, order_id bigint unsigned UNIQUE, created_via varchar(100));
INSERT INTO wp_users VALUES (1, 'admin', 'x', 'admin@w.example', '2020-01-01'), (2, 'taro', 'x', 'taro@w.example', '2021-01-01'), (3, 'jiro', 'x', 'jiro@w.example', '2021-01-01');
INSERT INTO wp_usermeta (user_id, meta_key, meta_value) VALUES (1, 'wp_capabilities', 'a:1:{s:13:"administrator";b:1;}'),
    (2, 'wp_capabilities', 'a:1:{s:8:"customer";b:1;}'), (2, 'billing_phone', '03-1111-2222'), (2, 'billing_company', '  '),
    (2, 'billing_phone', '03-9999-9999'), (3, 'first_name', '次郎');
INSERT INTO wp_wc_orders VALUES (10, 'wc-completed', 'shop_order', 2, 'taro@w.example', '2022-02-10 00:00:00', 'stripe', '192.0.2.1', ''),
    (11, 'wc-failed', 'shop_order', 0, 'Guest@w.example', '2022-02-10 00:00:00', 'stripe', '', ''),
    (12, 'wc-refunded', 'shop_order_refund', 0, '', '2022-02-10 00:00:00', 'stripe', '', ''),
    (13, 'wc-on-hold', 'shop_order', 0, 'bank@w.example', '2022-02-10 00:00:00', 'bacs', '', ''),
    (14, 'wc-completed', 'shop_order', 0, 'next@w.example', '2022-02-28 15:00:00', 'stripe', '', ''),
    (15, 'auto-draft', 'shop_order', 0, '', '2022-02-10 00:00:00', 'stripe', '', ''),
    (16, 'wc-completed', 'shop_order', 2, 'taro@w.example', '2022-02-12 00:00:00', 'stripe', '', ''),
    (17, 'wc-checkout-draft', 'shop_order', 0, 'half@w.example', '2022-02-13 00:00:00', 'stripe', '', '');
INSERT INTO wp_wc_order_operational_data (order_id, created_via) VALUES (10, 'checkout'), (16, 'subscription'), (17, 'store-api');
INSERT INTO wp_wc_order_addresses (order_id, address_type, first_name, last_name, postcode, phone, email) VALUES
    (10, 'billing', '太郎', '山田', '100-0001', '0311112222', 'taro@w.example'), (10, 'shipping', '他', '人', '999', '', ''),
    (11, 'billing', '客', '人', '200-0001', '', ''), (13, 'billing', '銀', '行', '300-0001', '', ''),
    (16, 'billing', '太郎', '山田', '100-0001', '0311112222', 'taro@w.example'), (16, 'shipping', '太郎', '山田', '100-0009', '', ''), (17, 'billing', '途', '中', '', '', 'half@w.example');
"""
WOO_HPOS = WOO + "INSERT INTO wp_options (option_name, option_value) VALUES ('woocommerce_custom_orders_table_enabled', 'yes');"
WOO_POSTS = WOO + """
INSERT INTO wp_posts VALUES (20, 'shop_order', 'wc-completed', '2022-02-10 00:00:00', ''), (21, 'shop_order', 'wc-pending', '2022-02-11 00:00:00', 'のし希望'),
    (22, 'page', 'publish', '2022-02-11 00:00:00', ''), (23, 'shop_order', 'wc-completed', '2022-02-28 15:00:00', ''),
    (24, 'shop_order', 'trash', '2021-02-01 00:00:00', ''), (25, 'shop_order', 'auto-draft', '0000-00-00 00:00:00', '');
INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES (20, '_billing_email', 'taro@w.example'), (20, '_payment_method', 'stripe'), (20, '_customer_user', '2'),
    (20, '_billing_phone', '0311112222'), (21, '_billing_email', 'x@w.example'), (21, '_payment_method', 'square_credit_card'), (21, '_customer_user', '0'),
    (23, '_billing_email', 'next@w.example'), (23, '_payment_method', 'stripe'), (24, '_billing_email', 'X@W.example'), (24, '_payment_method', 'cod'),
    (20, '_billing_email', 'twice@w.example'), (20, '_payment_method', 'stripe'), (20, '_customer_user', '2'), (25, '_payment_method', 'stripe');
"""
MAGENTO = """
CREATE TABLE sales_order (entity_id int unsigned PRIMARY KEY, state varchar(32), status varchar(32), customer_id int unsigned, customer_email varchar(128),
    customer_firstname varchar(128), customer_lastname varchar(128), customer_gender int, customer_dob datetime, remote_ip varchar(45), created_at timestamp NULL);
CREATE TABLE sales_order_address (entity_id int AUTO_INCREMENT PRIMARY KEY, parent_id int unsigned, address_type varchar(255), firstname varchar(255),
    lastname varchar(255), company varchar(255), street varchar(255), city varchar(255), region varchar(255), postcode varchar(255), telephone varchar(255), fax varchar(255), email varchar(255));
CREATE TABLE sales_order_payment (entity_id int AUTO_INCREMENT PRIMARY KEY, parent_id int unsigned, method varchar(128), cc_number_enc varchar(128), cc_last_4 varchar(100),
    cc_owner varchar(128), cc_exp_month varchar(12), cc_exp_year varchar(4));
CREATE TABLE customer_entity (entity_id int unsigned PRIMARY KEY, email varchar(255), firstname varchar(255), lastname varchar(255), dob date, gender smallint,
    password_hash varchar(128), created_at timestamp NULL);
CREATE TABLE customer_address_entity (entity_id int unsigned PRIMARY KEY, parent_id int unsigned, firstname varchar(255), lastname varchar(255), company varchar(255),
    street text, city varchar(255), region varchar(255), postcode varchar(255), telephone varchar(255), fax varchar(255), created_at timestamp NULL);
CREATE TABLE newsletter_subscriber (subscriber_id int unsigned PRIMARY KEY, customer_id int unsigned, subscriber_email varchar(150), change_status_at timestamp NULL);
CREATE TABLE quote (entity_id int unsigned PRIMARY KEY, is_active smallint, customer_id int unsigned, customer_email varchar(255), customer_firstname varchar(255),
    customer_lastname varchar(255), created_at timestamp NULL, updated_at timestamp NULL);
CREATE TABLE quote_address (address_id int AUTO_INCREMENT PRIMARY KEY, quote_id int unsigned, address_type varchar(10), email varchar(255), firstname varchar(255), lastname varchar(255), street varchar(255),
    city varchar(255), region varchar(255), postcode varchar(20), telephone varchar(255));
CREATE TABLE quote_payment (payment_id int unsigned PRIMARY KEY, quote_id int unsigned, method varchar(255));
SET time_zone = '+00:00';
INSERT INTO sales_order VALUES (1, 'complete', 'complete', 7, 'Taro@m.example', '太郎', '山田', 0, NULL, '192.0.2.1', '2022-02-10 00:00:00'),
    (2, 'pending_payment', 'p', NULL, 'guest@m.example', '', '', 2, '1990-01-01', '', '2022-02-28 14:59:59'), (3, 'complete', 'c', NULL, 'late@m.example', '', '', 0, NULL, '', '2022-02-28 15:00:00');
INSERT INTO sales_order_address (parent_id, address_type, firstname, lastname, postcode, telephone, fax) VALUES (1, 'billing', '太郎', '山田', '1000001', '0311112222', '0311113333'),
    (1, 'shipping', '他', '人', '9999999', '', ''), (2, 'billing', '客', '人', '2000001', '', '');
INSERT INTO sales_order_payment (parent_id, method, cc_last_4, cc_exp_year, cc_exp_month) VALUES (1, 'authorizenet', '1111', '2025', '01'), (2, 'stripe_payments', NULL, '0', '0'), (3, 'checkmo', NULL, NULL, NULL);
INSERT INTO customer_entity VALUES (7, 'taro@m.example', '太郎', '山田', '1980-02-03', 0, 'x', '2021-01-01 00:00:00');
INSERT INTO newsletter_subscriber VALUES (1, 7, 'taro@m.example', '2021-01-01 00:00:00'), (2, 0, 'news@m.example', '2021-01-01 00:00:00'),
    (3, 0, 'left@m.example', '2022-06-01 00:00:00');
INSERT INTO quote VALUES (1, 1, NULL, 'cart@m.example', '', '', '2022-02-15 00:00:00', '2022-02-15 00:00:00'), (2, 0, NULL, 'done@m.example', '', '', '2022-02-15 00:00:00', '2022-02-15 00:00:00'),
    (3, 1, NULL, 'again@m.example', '', '', '2022-02-27 00:00:00', '2022-03-04 00:00:00'), (4, 1, 7, 'taro@m.example', '', '', '2022-02-27 00:00:00', '2022-02-27 00:00:00');
INSERT INTO quote_payment VALUES (1, 1, 'stripe_payments'), (2, 2, 'stripe_payments'), (3, 3, 'stripe_payments'), (4, 4, 'braintree_cc_vault');
INSERT INTO sales_order VALUES (4, 'complete', 'c', 7, 'taro@m.example', '太郎', '山田', 0, NULL, '', '2022-02-11 00:00:00');
INSERT INTO sales_order_address (parent_id, address_type, firstname, lastname, postcode, telephone) VALUES (4, 'billing', '太郎', '山田', '1000001', '0311112222'), (4, 'shipping', '太郎', '山田', '1000009', '');
INSERT INTO sales_order_payment (parent_id, method) VALUES (4, 'braintree_cc_vault');
"""
PRESTA = """
CREATE TABLE ps_orders (id_order int unsigned PRIMARY KEY, reference varchar(9), id_customer int unsigned, id_address_invoice int unsigned, payment varchar(255), module varchar(255), valid int, date_add datetime);
CREATE TABLE ps_customer (id_customer int unsigned PRIMARY KEY, id_gender int, company varchar(255), firstname varchar(255), lastname varchar(255), email varchar(255), passwd varchar(255),
    birthday date, newsletter tinyint, is_guest tinyint, deleted tinyint, date_add datetime);
CREATE TABLE ps_address (id_address int unsigned PRIMARY KEY, id_customer int unsigned, company varchar(255), lastname varchar(255), firstname varchar(255), address1 varchar(128), address2 varchar(128),
    postcode varchar(12), city varchar(64), phone varchar(32), phone_mobile varchar(32), deleted tinyint, date_add datetime);
CREATE TABLE ps_order_payment (id_order_payment int AUTO_INCREMENT PRIMARY KEY, order_reference varchar(9), card_number varchar(254), card_brand varchar(254), card_expiration char(7), card_holder varchar(254));
CREATE TABLE ps_emailsubscription (id int PRIMARY KEY, email varchar(255), newsletter_date_add datetime, ip_registration_newsletter varchar(15), active tinyint);
INSERT INTO ps_emailsubscription VALUES (1, 'news@p.example', '2021-01-01', '', 1), (2, 'TARO@p.example', '2021-01-01', '', 1), (3, 'late@p.example', '2022-03-01', '', 1);
INSERT INTO ps_order_payment (order_reference, card_number, card_brand, card_expiration, card_holder) VALUES ('A', 'XXXXXXXXXXXX1111', 'visa', '2025/01', ''), ('A', 'XXXXXXXXXXXX1111', 'visa', '2025/01', ''), ('B', '', '', '', '');
INSERT INTO ps_customer VALUES (1, 0, NULL, '太郎', '山田', 'taro@p.example', 'x', '0000-00-00', 1, 0, 0, '2021-01-01'), (2, 1, 'acme', '客', '人', 'guest@p.example', 'x', '1980-01-01', 0, 1, 0, '2022-02-10');
INSERT INTO ps_address VALUES (1, 1, NULL, '山田', '太郎', '1-1', '', '100-0001', '区', '', '090-1111-2222', 0, '2021-01-01'), (2, 2, '', '人', '客', '1-1', '', '200-0001', '区', '0322221111', '', 1, '2022-02-10');
INSERT INTO ps_orders VALUES (1, 'A', 1, 1, 'Card', 'stripe_official', 1, '2022-02-28 23:59:59'), (2, 'B', 2, 2, 'Card', 'stripe_official', 0, '2022-02-01 00:00:00'),
    (3, 'C', 1, 1, 'Wire', 'ps_wirepayment', 1, '2022-02-10 00:00:00'), (4, 'D', 1, 1, 'Card', 'stripe_official', 1, '2022-03-01 00:00:00');
"""
OPENCART = """
CREATE TABLE oc_order (order_id int PRIMARY KEY, customer_id int, firstname varchar(32), lastname varchar(32), email varchar(96), telephone varchar(32), fax varchar(32), payment_company varchar(60),
    payment_address_1 varchar(128), payment_address_2 varchar(128), payment_city varchar(128), payment_postcode varchar(10), payment_zone varchar(128), payment_method varchar(128), comment text,
    payment_firstname varchar(32), payment_lastname varchar(32), shipping_firstname varchar(32), shipping_lastname varchar(32), shipping_company varchar(60), shipping_address_1 varchar(128),
    shipping_address_2 varchar(128), shipping_city varchar(128), shipping_postcode varchar(10), shipping_zone varchar(128), order_status_id int, ip varchar(40), date_added datetime);
CREATE TABLE oc_customer (customer_id int PRIMARY KEY, firstname varchar(32), lastname varchar(32), email varchar(96), telephone varchar(32), password varchar(255), newsletter tinyint, ip varchar(40), date_added datetime);
CREATE TABLE oc_address (address_id int PRIMARY KEY, customer_id int, firstname varchar(32), lastname varchar(32), company varchar(60), address_1 varchar(128), address_2 varchar(128), city varchar(128), postcode varchar(10));
INSERT INTO oc_customer VALUES (1, '太郎', '山田', 'taro@o.example', '0311112222', 'x', 1, '', '2021-01-01');
INSERT INTO oc_address VALUES (1, 1, '花子', '山田', '', '1-1', '', '区', '100-0001');
INSERT INTO oc_order (order_id, customer_id, firstname, lastname, email, telephone, fax, payment_company, payment_address_1, payment_address_2, payment_city, payment_postcode, payment_zone, payment_method, comment,
    order_status_id, ip, date_added) VALUES (1, 1, '太郎', '山田', 'TARO@o.example', '0311112222', '', '', '1-1', '', '区', '100-0001', '東京', 'Credit Card', '', 5, '', '2022-02-10 00:00:00'),
    (2, 0, '途中', '人', 'half@o.example', '', '', '', '', '', '', '', '', 'Credit Card', '', 0, '', '2022-02-28 23:00:00'), (3, 0, '振込', '人', 'bank@o.example', '', '', '', '', '', '', '', '', 'bank_transfer', '', 1, '', '2022-02-10 00:00:00');
UPDATE oc_order SET shipping_firstname = '太郎', shipping_lastname = '山田', shipping_postcode = '100-0009', shipping_address_1 = '2-2' WHERE order_id = 1;
UPDATE oc_order SET shipping_firstname = '祖母', shipping_lastname = '贈', shipping_postcode = '900-0001' WHERE order_id = 3;
"""
# Until 4.0.1 the way of payment has a code of its own; the name is in the shop's language.
OPENCART_CODE = OPENCART + """
ALTER TABLE oc_order ADD payment_code varchar(128) NOT NULL DEFAULT '';
UPDATE oc_order SET payment_method = 'クレジット', payment_code = 'stripe' WHERE order_id IN (1, 2);
UPDATE oc_order SET payment_method = '銀行振込', payment_code = 'bank_transfer' WHERE order_id = 3;
INSERT INTO oc_order (order_id, customer_id, firstname, lastname, email, payment_method, payment_code, order_status_id, date_added) VALUES
    (4, 0, '代引', '人', 'cod@o.example', '代金引換', 'cod', 5, '2022-02-10 00:00:00'), (5, 0, '無料', '人', 'free@o.example', 'Free Checkout', 'free_checkout', 5, '2022-02-10 00:00:00'),
    (6, 0, '返金', '人', 'back@o.example', 'クレジット', 'stripe', 11, '2022-02-01 00:00:00'), (7, 0, '翌月', '人', 'next@o.example', 'クレジット', 'stripe', 5, '2022-03-01 00:00:00');
"""
# From 4.0.2 on both stand in one text.
OPENCART_JSON = OPENCART + """
ALTER TABLE oc_order MODIFY payment_method text;
UPDATE oc_order SET payment_method = '{"name":"Credit Card","code":"stripe.stripe"}' WHERE order_id IN (1, 2);
UPDATE oc_order SET payment_method = '{"name":"Bank Transfer","code":"bank_transfer.bank_transfer"}' WHERE order_id = 3;
INSERT INTO oc_order (order_id, customer_id, firstname, lastname, email, payment_method, order_status_id, date_added) VALUES
    (4, 0, '代引', '人', 'cod@o.example', '{"name":"Cash On Delivery","code":"cod.cod"}', 5, '2022-02-10 00:00:00'), (5, 0, '無料', '人', 'free@o.example', '{"code":"free_checkout.free_checkout","name":"Free"}', 5, '2022-02-10 00:00:00'),
    (6, 0, '返金', '人', 'back@o.example', '{"name":"Card","code":"stripe.stripe"}', 11, '2022-02-01 00:00:00'), (7, 0, '翌月', '人', 'next@o.example', '{"name":"Card","code":"stripe.stripe"}', 5, '2022-03-01 00:00:00');
"""
OPENCART_WANT = {("orders", "all", "件"): 5, ("cards", "all", "件"): 2, ("cards", "all", "名"): 2, ("attempts", "all", "件"): 1, ("entered", "all", "名"): 3, ("members", "all", "名"): 1}
MARIA = (
    ("wordpress", "hpos", WOO_HPOS, {("orders", "all", "件"): 4, ("orders", "all", "名"): 3, ("orders", "ip", "名"): 1, ("members", "all", "名"): 2, ("members", "company", "名"): 0, ("members", "phone", "名"): 1, ("members", "name", "名"): 1, ("members", "all", "件"): 2,
                                     ("cards", "all", "件"): 2, ("attempts", "all", "件"): 1, ("carts", "all", "名"): 1, ("recipients", "all", "件"): 2, ("recipients", "all", "名"): 2, ("entered", "all", "名"): 3, ("stored", "all", "名"): 6}),
    ("wordpress", "posts", WOO_POSTS, {("orders", "all", "件"): 3, ("orders", "all", "名"): 2, ("orders", "message", "名"): 1, ("cards", "all", "件"): 2, ("stored", "all", "名"): 3}),
    ("magento2", "magento", MAGENTO, {("orders", "all", "名"): 2, ("orders", "sex", "名"): 1, ("orders", "fax", "名"): 1, ("orders", "birth", "名"): 1, ("members", "birth", "名"): 1,
                                      ("newsletter", "all", "名"): (2, 3), ("cards", "all", "件"): 2, ("cards", "card_last4", "件"): 1, ("cards", "card_expiry", "件"): 1, ("attempts", "all", "件"): (1, 2),
                                      ("recipients", "all", "名"): 2, ("carts", "all", "件"): 3, ("entered", "all", "名"): (3, 4), ("stored", "all", "名"): (6, 7)}),
    ("prestashop", "presta", PRESTA, {("orders", "all", "件"): 3, ("orders", "all", "名"): 2, ("orders", "phone", "名"): 2, ("members", "all", "名"): 1, ("members", "birth", "名"): 0,
                                      ("cards", "all", "件"): 2, ("cards", "card_number", "件"): 1, ("addresses", "all", "件"): 2, ("newsletter", "all", "名"): 2, ("stored", "all", "名"): 3}),
    ("opencart", "opencart", OPENCART, {("orders", "all", "件"): 2, ("members", "all", "名"): 1, ("addresses", "all", "件"): 1, ("cards", "all", "件"): 1, ("attempts", "all", "件"): 1, ("entered", "all", "名"): 2,
                                         ("recipients", "all", "件"): 2, ("recipients", "all", "名"): 2, ("carts", "all", "名"): 1, ("stored", "all", "名"): 5}),
    ("opencart", "opencart_code", OPENCART_CODE, OPENCART_WANT), ("opencart", "opencart_json", OPENCART_JSON, OPENCART_WANT),
)
AKARAN, AKARAN_WINDOW = shops.AKARAN, ["--from", "2020-12-16", "--to", "2021-12-09", "--only", "entered"]


def check(w, name, url, want, args=WINDOW):
    r = w.run("scope", *args, "--database", url, "--json")
    got = figures(r) if r.code == 0 else {}
    wrong = {k: (got.get(k), v) for k, v in want.items() if got.get(k) != v}
    ok(r.code == 0 and not wrong, name, "%s\n%s" % (wrong, r.err.decode(errors="replace")[-1200:]))
    return r


def akaran(w, s):
    r = check(w, "akaran, on %s: 8,483 cards" % s.kind, s.url("akaran"),
              {("cards", k, "件"): AKARAN for k in ("all", "card", "name", "email", "phone")} | {("cards", "all", "名"): AKARAN}, AKARAN_WINDOW)
    states = next((f["states"] for f in r.lines() if f["item"] == "all" and f["unit"] == "件"), {}) if r.code == 0 else {}
    ok(states == {"authorised": AKARAN // 2 + 2, "submitted": AKARAN - AKARAN // 2 - 2, "entered": 0}, "by state, on " + s.kind, states)


def bundled(w, folder):
    """The shop that comes with hinoban, with its own database."""
    if not shutil.which("php"):
        skip("the bundled shop", "PHP is not installed")
        return
    at = os.path.join(folder, "tea")
    shutil.copytree(os.path.join(SOURCE, "shop"), at)
    p = subprocess.run(["php", os.path.join(at, "setup.php"), "kanri-pass-1"], capture_output=True, cwd=at)
    db = os.path.join(at, "data", "shop.sqlite")
    if p.returncode or not os.path.exists(db):
        ok(False, "the bundled shop sets itself up", p.stdout + p.stderr)
        return
    c = sqlite3.connect(db)
    people = c.execute("SELECT COUNT(*) FROM customer").fetchone()[0]
    c.executescript("""
        INSERT INTO customer (id, email, password, name, kana, zip, prefecture, address, phone, created) VALUES
            (9001, 'taro@t.example', 'x', '山田太郎', 'ヤマダタロウ', '1000001', '東京都', '1-1', '0311112222', '2022-02-01 09:00:00'),
            (9002, 'late@t.example', 'x', '山田次郎', 'ヤマダジロウ', '1000002', '東京都', '', '', '2022-03-01 00:00:00');
        INSERT INTO orders (id, number, customer_id, created, status, goods, shipping, total, name, kana, zip, prefecture, address, phone, email,
            card_brand, card_last4, card_token) VALUES
            (9001, 'N1', 9001, '2022-02-28 23:59:59', 'new', 1, 1, 2, '山田太郎', 'ヤマダタロウ', '1000001', '東京都', '1-1', '0311112222', 'Taro@t.example', 'VISA', '1111', 'tok1'),
            (9002, 'N2', 9001, '2022-02-01 00:00:00', 'new', 1, 1, 2, '山田太郎', 'ヤマダタロウ', '1000001', '東京都', '1-1', '0311112222', 'taro@t.example', 'VISA', '1111', 'tok1'),
            (9003, 'N3', 9001, '2022-01-31 23:59:59', 'new', 1, 1, 2, '山田太郎', 'ヤマダタロウ', '1000001', '東京都', '1-1', '0311112222', 'taro@t.example', 'VISA', '1111', 'tok1');
    """)
    c.commit()
    c.close()
    check(w, "the bundled shop", "sqlite:" + db, {("members", "all", "件"): people + 1, ("cards", "all", "件"): 2,
                                                  ("cards", "card", "件"): 1, ("orders", "all", "名"): 1, ("stored", "all", "名"): 1})


def main():
    out, missing = servers.start_all()
    for name in missing:
        skip("profiles on " + name, name + " is not installed")
    with tempfile.TemporaryDirectory(prefix="hinoban-scope.") as folder:
        os.chmod(folder, 0o755)
        made = {}

        def watch(profile):
            if profile not in made:
                os.mkdir(os.path.join(folder, profile))
                made[profile] = Watch(os.path.join(folder, profile), profile, SETTINGS)
            return made[profile]

        try:
            shops.akaran(out, folder)
            for s in out:
                akaran(watch("ec-cube4"), s)
                s.create("ec4")
                s.sql(shops.EC4_SQL.format(stamp={"postgresql": "timestamptz", "mariadb": "datetime", "sqlite": "text"}[s.kind]), "ec4")
                s.sql(("SET TIME ZONE 'UTC';" if s.kind == "postgresql" else "") + EC4_ROWS, "ec4")
                s.reader("ec4")
                check(watch("ec-cube4"), "EC-CUBE 4, on " + s.kind, s.url("ec4"), EC4_WANT)
            for s in (x for x in out if x.kind == "mariadb"):
                for profile, database, sql, want in MARIA:
                    s.create(database)
                    s.sql("SET sql_mode = '';" + sql, database)
                    s.reader(database)
                    check(watch(profile), "%s (%s)" % (profile, database), s.url(database), want)
            bundled(watch("hinoban-shop"), folder)
        finally:
            for s in out:
                s.stop()
    end()


main()
