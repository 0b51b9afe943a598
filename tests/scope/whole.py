#!/usr/bin/env python3
"""Whole shops with their own tables and columns, several of them in one database, with hard rows and known truth.

    HINOBAN_WHOLE=50000 ...   so many orders a shop; the suite takes fewer

What each row means is decided here before it is written, and what must be counted is added up from that, by the
rules of hinoban.profile(5), not from the database. Traps: guests, repeated buyers in other spellings, gifts, goods
that the buyer has sent elsewhere, drafts and baskets that were left, renewals with a kept card, refunds, cancelled and
deleted rows, members who left, times in UTC and in the shop's own, rows on the edges of the window, NULL and blanks,
subscribers whose only time is that of their last change, tests, staff, other prefixes, a network of shops.
"""
import datetime
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["HINOBAN_SOURCE"], "tests", "face"))
from harness import end, ok, skip  # noqa: E402

import servers  # noqa: E402
from watch import Watch, figures  # noqa: E402

N = int(os.environ.get("HINOBAN_WHOLE", "1200"))
BUYERS, GIFTS = N * 6 // 10, N // 40 + 1
FROM, TO = datetime.datetime(2022, 2, 1), datetime.datetime(2022, 3, 1)  # on a clock in Tokyo
WINDOW = ["--from", "2022-02-01T00:00:00+09:00", "--to", "2022-03-01T00:00:00+09:00"]
UTC = datetime.timedelta(hours=9)
WIDE = str.maketrans("abcdefghijklmnopqrstuvwxyz0123456789@.-_", "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ０１２３４５６７８９＠．－＿")
DAY = datetime.timedelta(days=1)


class Order:
    """The j-th order of a shop, whatever kind the shop is."""

    def __init__(self, j):
        self.id, self.who = j + 1, j * 7 % BUYERS
        self.test = j % 97 == 5
        self.mail = "probe%d@test.example" % j if self.test else mail(self.who)
        self.guest = self.who % 3 == 0
        self.at = {0: FROM, 1: FROM - datetime.timedelta(seconds=1), 2: TO, 3: TO - datetime.timedelta(seconds=1)}.get(
            j % 400, datetime.datetime(2021, 11, 1) + DAY * (j * 13 % 150) + datetime.timedelta(seconds=j * 61 % 86400))
        self.card = j % 5 != 1
        self.how = "paid refunded cancelled failed paid waiting paid deleted draft paid renewal paid".split()[j % 12]
        self.gift = j * 5 % GIFTS if j % 11 == 4 and not self.test else None
        self.spelt = spelling(j, self.mail)
        self.other_home = j % 13 == 6
        self.virtual = j % 17 == 9  # nothing is sent anywhere

    def in_window(self):
        return FROM <= self.at < TO

    def before_end(self):
        return self.at < TO


def mail(i):
    return "kyaku%05d@shop.example" % i


def spelling(j, m):
    return (m, m.upper(), " " + m, m + " ", m.translate(WIDE))[j % 5] if j % 4 == 0 else m


def name(i):
    return "姓%d" % (i % 613), "名%05d" % i


def gift_name(g):
    return "贈%d" % g, "先%05d" % g


def phone(i):
    return ("090-%04d-%04d", "090%04d%04d", "+81 90 %04d %04d")[i % 3] % (1000 + i // 10000, i % 10000)


def zip_of(i):
    return "%03d-%04d" % (100 + i % 880, i % 9973)


def when(t, utc):
    return None if t is None else (t - UTC if utc else t).strftime("%Y-%m-%d %H:%M:%S")


def quoted(v):
    if v is None:
        return "NULL"
    return str(v) if isinstance(v, (int, float)) else "'%s'" % v.replace("'", "''")


class Sql:
    """Rows by table, written in long statements."""

    def __init__(self):
        self.out = []

    def rows(self, table, columns, rows):
        rows = list(rows)
        for i in range(0, len(rows), 1000):
            self.out.append("INSERT INTO %s (%s) VALUES %s;" % (table, columns, ",".join(
                "(%s)" % ",".join(quoted(v) for v in r) for r in rows[i:i + 1000])))

    def text(self):
        return "\n".join(self.out)


class Want:
    """What must be counted."""

    def __init__(self):
        self.rows, self.persons, self.kept, self.states = {}, {}, 0, {}

    def row(self, group, person, sure=True, state=None):
        for k in ("sure", "all") if sure else ("all",):
            self.rows[group, k] = self.rows.get((group, k), 0) + 1
            self.persons.setdefault((group, k), set()).add(person)
        if state:
            self.states[state] = self.states.get(state, 0) + 1

    def item(self, group, item, person, rows=True):
        self.persons.setdefault((group, "all", item), set()).add(person)

    def figures(self):
        out = {}

        def pair(low, high):
            return low if low == high else (low, high)

        for group in {g for g, _ in self.rows}:
            out[group, "all", "件"] = pair(self.rows.get((group, "sure"), 0), self.rows[group, "all"])
        for key, who in self.persons.items():
            if len(key) == 3:
                out[key[0], key[2], "名"] = len(who)
            elif key[1] == "all":
                out[key[0], "all", "名"] = pair(len(self.persons.get((key[0], "sure"), ())), len(who))
        for total, groups in (("entered", ("cards", "attempts")), ("stored", STORED)):
            sure, all_ = (set().union(*(self.persons.get((g, k), set()) for g in groups)) for k in ("sure", "all"))
            out[total, "all", "名"] = pair(len(sure), len(all_))
        return out


STORED = ("orders", "carts", "recipients", "members", "addresses", "newsletter")
PAID = ("paid", "refunded", "waiting")


def members(want, sql_rows, utc, left=False):
    """Two in three buyers and some more are members; who gives (id, row)."""
    for i in range(BUYERS + N // 10):
        if i < BUYERS and i % 3 == 0:
            continue
        at = datetime.datetime(2020, 1, 1) + DAY * (i % 700) if i < BUYERS else (TO - DAY if i % 2 else TO + DAY)
        sql_rows.append((i, at))
        if at < TO:
            want.row("members", mail(i))


def address_of(i):
    """An entry of the i-th member's address book: (owner, is it the owner?, name, home)."""
    owner = i if i % 3 else i + 1
    own = i % 2 == 0
    return owner, own, name(owner) if own else gift_name(GIFTS + i), zip_of(owner + 5000 if own else i + 7000)


def book(want, count, base=lambda owner: datetime.datetime(2021, 1, 1)):
    out = []
    for i in range(count):
        owner, own, who, home = address_of(i)
        if owner >= BUYERS:
            continue
        out.append((len(out) + 1, owner, who, home))
        want.row("addresses", mail(owner) if own else ("gift", GIFTS + i))
    return out


def sent_to(want, o, at=None):
    """Whom the goods go to, and where; None: nowhere."""
    if o.virtual:
        return None
    who = gift_name(o.gift) if o.gift is not None else name(o.who)
    home = zip_of(o.gift + 20000) if o.gift is not None else zip_of(o.who + (3000 if o.other_home else 0))
    if o.before_end() and not o.test:
        want.row("recipients", ("gift", o.gift) if o.gift is not None else o.mail)
    return who, home


# ---- WooCommerce ----

WOO_TABLES = """
CREATE TABLE {p}options (option_id bigint unsigned AUTO_INCREMENT PRIMARY KEY, option_name varchar(191) NOT NULL DEFAULT '', option_value longtext NOT NULL, autoload varchar(20) NOT NULL DEFAULT 'yes', UNIQUE KEY (option_name));
CREATE TABLE {p}posts (ID bigint unsigned AUTO_INCREMENT PRIMARY KEY, post_author bigint unsigned NOT NULL DEFAULT 0, post_date datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
    post_date_gmt datetime NOT NULL DEFAULT '0000-00-00 00:00:00', post_content longtext NOT NULL, post_title text NOT NULL, post_excerpt text NOT NULL, post_status varchar(20) NOT NULL DEFAULT 'publish',
    post_modified_gmt datetime NOT NULL DEFAULT '0000-00-00 00:00:00', post_parent bigint unsigned NOT NULL DEFAULT 0, post_type varchar(20) NOT NULL DEFAULT 'post', KEY (post_type, post_status, post_date, ID));
CREATE TABLE {p}postmeta (meta_id bigint unsigned AUTO_INCREMENT PRIMARY KEY, post_id bigint unsigned NOT NULL DEFAULT 0, meta_key varchar(255), meta_value longtext, KEY (post_id), KEY (meta_key(191)));
CREATE TABLE {p}wc_orders (id bigint unsigned PRIMARY KEY, status varchar(20), currency varchar(10), type varchar(20), tax_amount decimal(26,8), total_amount decimal(26,8), customer_id bigint unsigned,
    billing_email varchar(320), date_created_gmt datetime, date_updated_gmt datetime, parent_order_id bigint unsigned, payment_method varchar(100), payment_method_title text, transaction_id varchar(100),
    ip_address varchar(100), user_agent text, customer_note text);
CREATE TABLE {p}wc_order_addresses (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, order_id bigint unsigned NOT NULL, address_type varchar(20), first_name text, last_name text, company text, address_1 text,
    address_2 text, city text, state text, postcode text, country text, email varchar(320), phone varchar(100), KEY (order_id), UNIQUE KEY (address_type, order_id));
CREATE TABLE {p}wc_order_operational_data (id bigint unsigned AUTO_INCREMENT PRIMARY KEY, order_id bigint unsigned, created_via varchar(100), woocommerce_version varchar(20), order_key varchar(100),
    date_paid_gmt datetime, UNIQUE KEY (order_id));
"""
WP_USERS = """
CREATE TABLE {b}users (ID bigint unsigned AUTO_INCREMENT PRIMARY KEY, user_login varchar(60) NOT NULL DEFAULT '', user_pass varchar(255) NOT NULL DEFAULT '', user_nicename varchar(50) NOT NULL DEFAULT '',
    user_email varchar(100) NOT NULL DEFAULT '', user_registered datetime NOT NULL DEFAULT '0000-00-00 00:00:00', display_name varchar(250) NOT NULL DEFAULT '');
CREATE TABLE {b}usermeta (umeta_id bigint unsigned AUTO_INCREMENT PRIMARY KEY, user_id bigint unsigned NOT NULL DEFAULT 0, meta_key varchar(255), meta_value longtext, KEY (user_id));
"""
WOO_STATUS = {"paid": "wc-completed", "refunded": "wc-refunded", "cancelled": "wc-cancelled", "failed": "wc-failed", "waiting": "wc-on-hold", "deleted": "trash", "draft": "wc-checkout-draft", "renewal": "wc-processing"}


def woo_users(sql, want, base, prefix, others=()):
    rows, meta = [], []
    members(want, rows, True)
    sql.rows(base + "users", "ID, user_login, user_pass, user_email, user_registered",
             [(i + 1, "u%d" % i, "$P$x", spelling(i, mail(i)).strip(), when(at, True)) for i, at in rows] +
             [(900001, "chief", "x", "chief@shop.example", "2019-01-01"), (900002, "keeper", "x", "keeper@shop.example", "2019-01-01")] +
             [(900010 + k, "o%d" % k, "x", "other%d@elsewhere.example" % k, "2019-01-01") for k in range(len(others))])
    for i, _ in rows:
        meta += [(i + 1, prefix + "capabilities", 'a:1:{s:8:"customer";b:1;}'), (i + 1, "billing_last_name", name(i)[0]),
                 (i + 1, "billing_first_name", name(i)[1]), (i + 1, "billing_phone", phone(i)), (i + 1, "billing_postcode", zip_of(i))]
    meta += [(900001, prefix + "capabilities", 'a:1:{s:13:"administrator";b:1;}'), (900002, prefix + "capabilities", 'a:1:{s:12:"shop_manager";b:1;}')]
    meta += [(900010 + k, p + "capabilities", 'a:1:{s:8:"customer";b:1;}') for k, p in enumerate(others)]
    sql.rows(base + "usermeta", "user_id, meta_key, meta_value", meta)


def woo_counts(want, o):
    """What an order of this kind counts as. None: it is no order."""
    if o.test or not o.before_end():
        return
    want.row("carts" if o.how == "draft" else "orders", o.mail)
    if not o.card or not o.in_window():
        return
    if o.how == "renewal":
        want.kept += 1
    elif o.how == "draft":
        want.row("attempts", o.mail)
    else:
        want.row("cards", o.mail, state="authorised" if o.how in PAID else "submitted")


def woo_hpos(want):
    p, sql = "shop7_", Sql()
    orders, addresses, extra = [], [], []
    for j in range(N):
        o = Order(j)
        woo_counts(want, o)
        method = "stripe" if o.card else ("bacs", "cod", "cheque", "", None)[j % 5]
        orders.append((o.id, WOO_STATUS[o.how], "shop_order", 0 if o.guest or o.test else o.who + 1, o.spelt, when(o.at, True), when(o.at, True), method, "192.0.2.1", None))
        extra.append((o.id, "subscription" if o.how == "renewal" else "checkout"))
        last, first = name(o.who)
        addresses.append((o.id, "billing", first, last, None, "1-1", "市", zip_of(o.who), o.mail, phone(o.who) if not o.test else ""))
        to = sent_to(want, o)
        if to:
            addresses.append((o.id, "shipping", to[0][1], to[0][0], "", "2-2", "市", to[1], None, None))
        elif j % 2:
            addresses.append((o.id, "shipping", "", None, "", "", "", "", None, None))
        if o.how == "refunded":
            orders.append((N + o.id, "wc-completed", "shop_order_refund", 0, None, when(o.at, True), when(o.at, True), None, None, None))
    sql.rows(p + "options", "option_name, option_value", [("woocommerce_custom_orders_table_enabled", "yes")])
    sql.rows(p + "wc_orders", "id, status, type, customer_id, billing_email, date_created_gmt, date_updated_gmt, payment_method, ip_address, customer_note", orders)
    sql.rows(p + "wc_order_addresses", "order_id, address_type, first_name, last_name, company, address_1, city, postcode, email, phone", addresses)
    sql.rows(p + "wc_order_operational_data", "order_id, created_via", extra)
    woo_users(sql, want, p, p)
    return WOO_TABLES.format(p=p) + WP_USERS.format(b=p), sql, p


def woo_posts(want):
    """The second shop of a network: its users are those of all shops."""
    p, sql = "net_2_", Sql()
    posts, meta = [], []
    for j in range(N):
        o = Order(j)
        woo_counts(want, o)
        last, first = name(o.who)
        posts.append((o.id, "shop_order", WOO_STATUS[o.how], when(o.at, True), when(o.at, True), "", "", ""))
        m = {"_billing_email": o.spelt, "_billing_last_name": last, "_billing_first_name": first, "_billing_postcode": zip_of(o.who), "_billing_phone": phone(o.who) if not o.test else "",
             "_customer_user": 0 if o.guest or o.test else o.who + 1, "_payment_method": "stripe" if o.card else "bacs", "_created_via": "subscription" if o.how == "renewal" else "checkout"}
        to = sent_to(want, o)
        if to:
            m.update({"_shipping_last_name": to[0][0], "_shipping_first_name": to[0][1], "_shipping_postcode": to[1], "_shipping_address_1": "2-2"})
        meta += [(o.id, k, v) for k, v in m.items()]
        if j % 7 == 0:  # an import wrote it twice
            meta += [(o.id, "_billing_email", "twice%d@shop.example" % j), (o.id, "_payment_method", "bacs")]
    sql.rows(p + "posts", "ID, post_type, post_status, post_date_gmt, post_modified_gmt, post_content, post_title, post_excerpt", posts)
    sql.rows(p + "postmeta", "post_id, meta_key, meta_value", meta)
    woo_users(sql, want, "net_", p, ["net_", "net_3_"])
    return WOO_TABLES.format(p=p) + WP_USERS.format(b="net_") + "CREATE TABLE net_blogs (blog_id bigint PRIMARY KEY, domain varchar(200));\n", sql, p


# ---- Magento 2, OpenMage ----

ORDER_ADDRESS = """(entity_id int unsigned AUTO_INCREMENT PRIMARY KEY, parent_id int unsigned, customer_address_id int, quote_address_id int, region_id int, customer_id int, fax varchar(255), region varchar(255),
    postcode varchar(255), lastname varchar(255), street varchar(255), city varchar(255), email varchar(255), telephone varchar(255), country_id varchar(2), firstname varchar(255), address_type varchar(255),
    prefix varchar(255), middlename varchar(255), suffix varchar(255), company varchar(255), KEY (parent_id))"""
QUOTE_ADDRESS = """(address_id int unsigned AUTO_INCREMENT PRIMARY KEY, quote_id int unsigned NOT NULL DEFAULT 0, customer_id int unsigned, address_type varchar(10), email varchar(255), firstname varchar(255), lastname varchar(255),
    company varchar(255), street varchar(255), city varchar(255), region varchar(255), postcode varchar(20), telephone varchar(255), fax varchar(255), KEY (quote_id))"""
MAGE_ORDER = """(entity_id int unsigned AUTO_INCREMENT PRIMARY KEY, state varchar(32), status varchar(32), store_id smallint, customer_id int unsigned, customer_is_guest smallint, customer_email varchar(128), customer_firstname varchar(128),
    customer_lastname varchar(128), customer_gender int, customer_dob datetime, remote_ip varchar(45), created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP)"""
MAGE_QUOTE = """(entity_id int unsigned AUTO_INCREMENT PRIMARY KEY, store_id smallint, created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, is_active smallint DEFAULT 1,
    customer_id int unsigned, customer_email varchar(255), customer_firstname varchar(255), customer_lastname varchar(255), remote_ip varchar(45), reserved_order_id varchar(64))"""
NEWSLETTER = """(subscriber_id int unsigned AUTO_INCREMENT PRIMARY KEY, store_id smallint DEFAULT 0, change_status_at timestamp NULL, customer_id int unsigned NOT NULL DEFAULT 0, subscriber_email varchar(150), subscriber_status int NOT NULL DEFAULT 0)"""
MAGENTO_TABLES = ("CREATE TABLE {p}sales_order " + MAGE_ORDER + "; CREATE TABLE {p}sales_order_address " + ORDER_ADDRESS + """;
CREATE TABLE {p}sales_order_payment (entity_id int unsigned AUTO_INCREMENT PRIMARY KEY, parent_id int unsigned NOT NULL, method varchar(128), cc_number_enc varchar(128), cc_last_4 varchar(100), cc_owner varchar(128),
    cc_exp_month varchar(12), cc_exp_year varchar(4), cc_type varchar(32), additional_information text, KEY (parent_id));
CREATE TABLE {p}customer_entity (entity_id int unsigned AUTO_INCREMENT PRIMARY KEY, website_id smallint, email varchar(255), store_id smallint, created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, is_active smallint DEFAULT 1,
    firstname varchar(255), lastname varchar(255), dob date, gender smallint, password_hash varchar(128), rp_token varchar(128));
CREATE TABLE {p}customer_address_entity (entity_id int unsigned AUTO_INCREMENT PRIMARY KEY, parent_id int unsigned, created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, city varchar(255), company varchar(255), fax varchar(255),
    firstname varchar(255), lastname varchar(255), postcode varchar(255), region varchar(255), street text, telephone varchar(255), vat_id varchar(255));
CREATE TABLE {p}newsletter_subscriber """ + NEWSLETTER + "; CREATE TABLE {p}quote " + MAGE_QUOTE + "; CREATE TABLE {p}quote_address " + QUOTE_ADDRESS + """;
CREATE TABLE {p}quote_payment (payment_id int unsigned AUTO_INCREMENT PRIMARY KEY, quote_id int unsigned NOT NULL, method varchar(255), cc_number_enc varchar(255), cc_last_4 varchar(255), KEY (quote_id));
""")
OPENMAGE_TABLES = ("CREATE TABLE {p}sales_flat_order " + MAGE_ORDER + "; CREATE TABLE {p}sales_flat_order_address " + ORDER_ADDRESS + """;
CREATE TABLE {p}sales_flat_order_payment (entity_id int unsigned AUTO_INCREMENT PRIMARY KEY, parent_id int unsigned NOT NULL, method varchar(255), cc_number_enc varchar(255), cc_last4 varchar(255), cc_owner varchar(255),
    cc_exp_month varchar(255), cc_exp_year varchar(255), cc_type varchar(255), KEY (parent_id));
CREATE TABLE {p}customer_entity (entity_id int unsigned AUTO_INCREMENT PRIMARY KEY, entity_type_id smallint, website_id smallint, email varchar(255), created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, is_active smallint DEFAULT 1);
CREATE TABLE {p}customer_address_entity (entity_id int unsigned AUTO_INCREMENT PRIMARY KEY, entity_type_id smallint, parent_id int unsigned, created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, is_active smallint DEFAULT 1);
CREATE TABLE {p}eav_entity_type (entity_type_id smallint PRIMARY KEY, entity_type_code varchar(50));
CREATE TABLE {p}eav_attribute (attribute_id smallint PRIMARY KEY, entity_type_id smallint, attribute_code varchar(255));
""" + "".join("CREATE TABLE {p}%s_entity_%s (value_id int AUTO_INCREMENT PRIMARY KEY, entity_type_id smallint, attribute_id smallint, entity_id int unsigned, value %s, UNIQUE KEY (entity_id, attribute_id));\n" % (e, k, t)
              for e in ("customer", "customer_address") for k, t in (("varchar", "varchar(255)"), ("int", "int"), ("datetime", "datetime"), ("text", "text"))) +
    "CREATE TABLE {p}newsletter_subscriber " + NEWSLETTER + "; CREATE TABLE {p}sales_flat_quote " + MAGE_QUOTE + "; CREATE TABLE {p}sales_flat_quote_address " + QUOTE_ADDRESS + """;
CREATE TABLE {p}sales_flat_quote_payment (payment_id int unsigned AUTO_INCREMENT PRIMARY KEY, quote_id int unsigned NOT NULL, method varchar(255), cc_number_enc varchar(255), cc_last4 varchar(255), KEY (quote_id));
""")
STATE = {"paid": "complete", "refunded": "closed", "cancelled": "canceled", "failed": "pending_payment", "waiting": "holded", "deleted": "canceled", "renewal": "processing"}


def mage(want, p, flat, vault):
    """Drafts are quotes here; what Magento 2 pays out of its vault was not typed."""
    sql, orders, addresses, payments, quotes, quote_at, quote_paid = Sql(), [], [], [], [], [], []
    for j in range(N):
        o = Order(j)
        last, first = name(o.who)
        if o.how == "draft":
            later = o.at + DAY * (3 if j % 5 == 0 else 0)  # came back to it
            active = 0 if j % 7 == 0 else 1  # it became an order after all
            quotes.append((o.id, when(o.at, True), when(later, True), active, None if o.guest or o.test else o.who + 1, o.spelt if j % 2 else "", "", ""))
            quote_at.append((o.id, "billing", o.mail, first, last, zip_of(o.who), phone(o.who) if not o.test else ""))
            quote_at.append((o.id, "shipping", None, "", "", "", ""))
            quote_paid.append((o.id, "stripe_payments" if o.card else "checkmo"))
            if active and not o.test and o.before_end():
                want.row("carts", o.mail)
            known = o.mail if j % 2 else ("member", o.who) if not (o.guest or o.test) else ("nobody", j)
            if active and o.card and not (o.test and j % 2) and o.at < TO and later >= FROM:
                want.row("attempts", known, sure=o.at >= FROM and later < TO)
            continue
        orders.append((o.id, STATE[o.how], STATE[o.how], None if o.guest or o.test else o.who + 1, o.spelt, first, last, j % 3, "1980-01-01" if j % 4 == 0 else None, "192.0.2.1", when(o.at, True)))
        addresses.append((o.id, "billing", first, last, zip_of(o.who), phone(o.who) if not o.test else "", o.mail, "", ""))
        to = sent_to(want, o)
        if to:
            addresses.append((o.id, "shipping", to[0][1], to[0][0], to[1], "", None, "", ""))
        method = ("braintree_cc_vault" if vault else "braintree") if o.how == "renewal" else "stripe_payments"
        payments.append((o.id, method if o.card else "checkmo", "1111" if j % 6 == 0 else None))
        if o.test or not o.before_end():
            continue
        want.row("orders", o.mail)
        if j % 4 == 0:
            want.item("orders", "birth", o.mail)
        if j % 3:
            want.item("orders", "sex", o.mail)
        if not o.card or not o.in_window():
            continue
        if o.how == "renewal" and vault:
            want.kept += 1
        else:
            want.row("cards", o.mail, state="authorised" if o.how in PAID or o.how == "renewal" else "submitted")
    t = p + ("sales_flat_" if flat else "sales_")
    q = p + ("sales_flat_quote" if flat else "quote")
    last4 = "cc_last4" if flat else "cc_last_4"
    sql.rows(t + "order", "entity_id, state, status, customer_id, customer_email, customer_firstname, customer_lastname, customer_gender, customer_dob, remote_ip, created_at", orders)
    sql.rows(t + "order_address", "parent_id, address_type, firstname, lastname, postcode, telephone, email, company, fax", addresses)
    sql.rows(t + "order_payment", "parent_id, method, " + last4, payments)
    sql.rows(q, "entity_id, created_at, updated_at, is_active, customer_id, customer_email, customer_firstname, customer_lastname", quotes)
    sql.rows(q + "_address", "quote_id, address_type, email, firstname, lastname, postcode, telephone", quote_at)
    sql.rows(q + "_payment", "quote_id, method", quote_paid)
    rows = []
    members(want, rows, True)
    subscribers = []
    for i in range(N // 5):
        change = (datetime.datetime(2021, 1, 1), TO + DAY * 30, None)[i % 3]
        m = mail(i * 3 + 1) if i % 2 and i * 3 + 1 < BUYERS else "news%05d@shop.example" % i
        subscribers.append((when(change, True), 0, m.upper() if i % 4 else m, 1 + i % 3))
        want.row("newsletter", m, sure=i % 3 == 0)
    sql.rows(p + "newsletter_subscriber", "change_status_at, customer_id, subscriber_email, subscriber_status", subscribers)
    return sql, rows, book(want, N // 5)


def magento2(want):
    p = "mg_"
    sql, rows, entries = mage(want, p, False, True)
    sql.rows(p + "customer_entity", "entity_id, email, firstname, lastname, dob, gender, password_hash, created_at",
             [(i + 1, mail(i), name(i)[1], name(i)[0], None, 0, "x", when(at, True)) for i, at in rows])
    sql.rows(p + "customer_address_entity", "entity_id, parent_id, created_at, firstname, lastname, postcode, street, telephone",
             [(n, owner + 1, "2021-01-01", who[1], who[0], home, "1-1", "") for n, owner, who, home in entries])
    return MAGENTO_TABLES.format(p=p), sql, p


def openmage(want):
    p = "om_"
    sql, rows, entries = mage(want, p, True, False)
    sql.rows(p + "eav_entity_type", "entity_type_id, entity_type_code", [(1, "customer"), (2, "customer_address"), (3, "catalog_category")])
    codes = ["firstname", "lastname", "password_hash", "dob", "gender"]
    more = ["firstname", "lastname", "postcode", "region", "city", "street", "telephone", "company", "fax"]
    sql.rows(p + "eav_attribute", "attribute_id, entity_type_id, attribute_code", [(1 + k, 1, c) for k, c in enumerate(codes)] + [(20 + k, 2, c) for k, c in enumerate(more)] + [(90, 3, "firstname")])
    sql.rows(p + "customer_entity", "entity_id, entity_type_id, email, created_at", [(i + 1, 1, mail(i), when(at, True)) for i, at in rows])
    sql.rows(p + "customer_entity_varchar", "entity_type_id, attribute_id, entity_id, value",
             [r for i, _ in rows for r in ((1, 1, i + 1, name(i)[1]), (1, 2, i + 1, name(i)[0]), (1, 3, i + 1, "x:y"))])
    sql.rows(p + "customer_address_entity", "entity_id, parent_id, created_at", [(n, owner + 1, "2021-01-01") for n, owner, _, _ in entries])
    sql.rows(p + "customer_address_entity_varchar", "entity_type_id, attribute_id, entity_id, value",
             [r for n, _, who, home in entries for r in ((2, 20, n, who[1]), (2, 21, n, who[0]), (2, 22, n, home), (2, 24, n, "市"))])
    return OPENMAGE_TABLES.format(p=p), sql, p


# ---- PrestaShop ----

PRESTA_TABLES = """
CREATE TABLE {p}orders (id_order int unsigned AUTO_INCREMENT PRIMARY KEY, reference varchar(255), id_shop_group int unsigned NOT NULL DEFAULT 1, id_shop int unsigned NOT NULL DEFAULT 1, id_customer int unsigned NOT NULL, id_cart int unsigned NOT NULL DEFAULT 0,
    id_address_delivery int unsigned NOT NULL, id_address_invoice int unsigned NOT NULL, current_state int unsigned NOT NULL DEFAULT 0, payment varchar(255) NOT NULL, module varchar(255), valid int unsigned NOT NULL DEFAULT 0,
    date_add datetime NOT NULL, date_upd datetime NOT NULL, KEY (reference), KEY (id_customer));
CREATE TABLE {p}customer (id_customer int unsigned AUTO_INCREMENT PRIMARY KEY, id_shop int unsigned NOT NULL DEFAULT 1, id_gender int unsigned NOT NULL DEFAULT 0, company varchar(255), firstname varchar(255) NOT NULL, lastname varchar(255) NOT NULL,
    email varchar(255) NOT NULL, passwd varchar(255) NOT NULL, birthday date, newsletter tinyint unsigned NOT NULL DEFAULT 0, ip_registration_newsletter varchar(15), optin tinyint unsigned NOT NULL DEFAULT 0, active tinyint unsigned NOT NULL DEFAULT 1,
    is_guest tinyint NOT NULL DEFAULT 0, deleted tinyint NOT NULL DEFAULT 0, date_add datetime NOT NULL, date_upd datetime NOT NULL);
CREATE TABLE {p}address (id_address int unsigned AUTO_INCREMENT PRIMARY KEY, id_country int unsigned NOT NULL DEFAULT 1, id_customer int unsigned NOT NULL DEFAULT 0, id_manufacturer int unsigned NOT NULL DEFAULT 0, id_supplier int unsigned NOT NULL DEFAULT 0,
    alias varchar(32) NOT NULL DEFAULT '', company varchar(255), lastname varchar(255) NOT NULL, firstname varchar(255) NOT NULL, address1 varchar(128) NOT NULL, address2 varchar(128), postcode varchar(12), city varchar(64) NOT NULL, other text,
    phone varchar(32), phone_mobile varchar(32), date_add datetime NOT NULL, date_upd datetime NOT NULL, active tinyint unsigned NOT NULL DEFAULT 1, deleted tinyint unsigned NOT NULL DEFAULT 0, KEY (id_customer));
CREATE TABLE {p}order_payment (id_order_payment int AUTO_INCREMENT PRIMARY KEY, order_reference varchar(255), amount decimal(20,6), payment_method varchar(255) NOT NULL DEFAULT '', transaction_id varchar(254), card_number varchar(254),
    card_brand varchar(254), card_expiration char(7), card_holder varchar(254), date_add datetime, KEY (order_reference));
CREATE TABLE {p}emailsubscription (id int AUTO_INCREMENT PRIMARY KEY, id_shop int unsigned NOT NULL DEFAULT 1, email varchar(255) NOT NULL, newsletter_date_add datetime, ip_registration_newsletter varchar(15) NOT NULL DEFAULT '', active tinyint NOT NULL DEFAULT 0);
"""


def prestashop(want):
    """Guests are customers, too; an order points at addresses, and a deleted address stays."""
    p, sql = "px_", Sql()
    customers, addresses, orders, paid = [], [], [], []
    rows = []
    members(want, rows, False)
    for i, at in rows:
        customers.append((i + 1, name(i)[1], name(i)[0], mail(i), "x", "1980-01-01" if i % 2 else "0000-00-00", 0, int(i % 40 == 1), when(at, False), when(at, False)))

    def home(customer, who, zip_code, tel, at, deleted=0):
        addresses.append((len(addresses) + 1, customer, who[0], who[1], "1-1", zip_code, "市", tel, at, at, deleted))
        return len(addresses)

    home(0, ("倉庫", "係"), "000-0000", "", "2020-01-01 00:00:00")  # of a supplier
    for j in range(N):
        o = Order(j)
        if o.how in ("draft", "renewal"):
            continue
        at = when(o.at, False)
        customer = o.who + 1
        if o.guest or o.test:
            customer = 200000 + o.id
            customers.append((customer, name(o.who)[1], name(o.who)[0], o.spelt.strip(), "x", None, 1, 0, at, at))
        invoice = home(customer, name(o.who), zip_of(o.who), phone(o.who) if not o.test else "", at, int(j % 5 == 0))
        to = None if o.virtual else (gift_name(o.gift), zip_of(o.gift + 20000)) if o.gift is not None else None
        delivery = home(customer, *to, "", at) if to else invoice
        if o.before_end() and not o.test:
            want.row("addresses", o.mail)
            if to:
                want.row("addresses", ("gift", o.gift))
        orders.append((o.id, "R%08d" % (o.id - (o.id % 2)), customer, delivery, invoice, "Card", "stripe_official" if o.card else "ps_wirepayment", int(o.how in PAID), at, at))
        paid.append(("R%08d" % (o.id - (o.id % 2)), "XXXX1111" if j % 9 == 0 else ""))
        if o.test or not o.before_end():
            continue
        want.row("orders", o.mail)
        if o.card and o.in_window():
            want.row("cards", o.mail, state="authorised" if o.how in PAID else "submitted")
    for i in range(N // 5):
        m = mail(i) if i % 2 else "news%05d@shop.example" % i
        at = TO + DAY if i % 10 == 3 else FROM - DAY
        sql.rows(p + "emailsubscription", "email, newsletter_date_add, active", [(m, when(at, False), i % 2)])
        if at < TO:
            want.row("newsletter", m)
    sql.rows(p + "customer", "id_customer, firstname, lastname, email, passwd, birthday, is_guest, deleted, date_add, date_upd", customers)
    sql.rows(p + "address", "id_address, id_customer, lastname, firstname, address1, postcode, city, phone, date_add, date_upd, deleted", addresses)
    sql.rows(p + "orders", "id_order, reference, id_customer, id_address_delivery, id_address_invoice, payment, module, valid, date_add, date_upd", orders)
    sql.rows(p + "order_payment", "order_reference, card_number", paid)
    return PRESTA_TABLES.format(p=p), sql, p


# ---- OpenCart 3 and 4 ----

PARTY = "{0}_firstname varchar(32) NOT NULL, {0}_lastname varchar(32) NOT NULL, {0}_company varchar(60) NOT NULL DEFAULT '', {0}_address_1 varchar(128) NOT NULL DEFAULT '', {0}_address_2 varchar(128) NOT NULL DEFAULT '', " \
        "{0}_city varchar(128) NOT NULL DEFAULT '', {0}_postcode varchar(10) NOT NULL DEFAULT '', {0}_country varchar(128) NOT NULL DEFAULT '', {0}_zone varchar(128) NOT NULL DEFAULT '', "
CART_TABLES = """
CREATE TABLE {p}order (order_id int AUTO_INCREMENT PRIMARY KEY, invoice_no int NOT NULL DEFAULT 0, store_id int NOT NULL DEFAULT 0, store_name varchar(64) NOT NULL DEFAULT '', customer_id int NOT NULL DEFAULT 0, firstname varchar(32) NOT NULL, lastname varchar(32) NOT NULL,
    email varchar(96) NOT NULL, telephone varchar(32) NOT NULL, {fax}custom_field text NOT NULL, """ + PARTY.format("payment") + PARTY.format("shipping") + """{how}shipping_method varchar(128) NOT NULL DEFAULT '', comment text NOT NULL, total decimal(15,4) NOT NULL DEFAULT 0,
    order_status_id int NOT NULL DEFAULT 0, ip varchar(40) NOT NULL DEFAULT '', forwarded_ip varchar(40) NOT NULL DEFAULT '', user_agent varchar(255) NOT NULL DEFAULT '', date_added datetime NOT NULL, date_modified datetime NOT NULL) ENGINE={engine} CHARACTER SET {set};
CREATE TABLE {p}customer (customer_id int AUTO_INCREMENT PRIMARY KEY, store_id int NOT NULL DEFAULT 0, firstname varchar(32) NOT NULL, lastname varchar(32) NOT NULL, email varchar(96) NOT NULL, telephone varchar(32) NOT NULL, {fax}password varchar(255) NOT NULL,
    newsletter tinyint NOT NULL DEFAULT 0, address_id int NOT NULL DEFAULT 0, ip varchar(40) NOT NULL DEFAULT '', status tinyint NOT NULL DEFAULT 1, date_added datetime NOT NULL) ENGINE={engine} CHARACTER SET {set};
CREATE TABLE {p}address (address_id int AUTO_INCREMENT PRIMARY KEY, customer_id int NOT NULL, firstname varchar(32) NOT NULL, lastname varchar(32) NOT NULL, company varchar(60) NOT NULL DEFAULT '', address_1 varchar(128) NOT NULL, address_2 varchar(128) NOT NULL DEFAULT '',
    city varchar(128) NOT NULL DEFAULT '', postcode varchar(10) NOT NULL DEFAULT '', country_id int NOT NULL DEFAULT 0, zone_id int NOT NULL DEFAULT 0) ENGINE={engine} CHARACTER SET {set};
"""
CART_STATUS = {"paid": 5, "refunded": 11, "cancelled": 7, "failed": 10, "waiting": 2, "deleted": 7, "draft": 0, "renewal": 5}


def opencart(want, p, json):
    sql, orders = Sql(), []
    for j in range(N):
        o = Order(j)
        last, first = name(o.who)
        to = sent_to(want, o) or (("", ""), "")
        code = "stripe" if o.card else ("cod", "bank_transfer", "cheque", "free_checkout")[j % 4]
        how = ('{"name":"%s","code":"%s.%s"}' % ("カード" if o.card else "ほか", code, code),) if json else ("カード" if o.card else "ほか", code)
        orders.append((o.id, j % 3, 0 if o.guest or o.test else o.who + 1, first, last, o.spelt, phone(o.who) if not o.test else "", "", first, last, "1-1", zip_of(o.who), to[0][1], to[0][0], "2-2" if to[1] else "", to[1],
                       *how, "", CART_STATUS[o.how], when(o.at, False), when(o.at, False)))
        if o.test or not o.before_end():
            continue
        want.row("carts" if o.how == "draft" else "orders", o.mail)
        if o.card and o.in_window():
            want.row("attempts" if o.how == "draft" else "cards", o.mail, state=None if o.how == "draft" else "authorised" if o.how in PAID + ("renewal",) else "submitted")
    rows = []
    members(want, rows, False)
    at = dict(rows)
    sql.rows(p + "order", "order_id, store_id, customer_id, firstname, lastname, email, telephone, custom_field, payment_firstname, payment_lastname, payment_address_1, payment_postcode, shipping_firstname, shipping_lastname, shipping_address_1, "
             "shipping_postcode, payment_method, %scomment, order_status_id, date_added, date_modified" % ("" if json else "payment_code, "), orders)
    sql.rows(p + "customer", "customer_id, firstname, lastname, email, telephone, password, newsletter, status, date_added", [(i + 1, name(i)[1], name(i)[0], mail(i), phone(i), "x", i % 2, i % 7 and 1, when(t, False)) for i, t in rows])
    entries = [e for e in book(want, N // 5)]
    sql.rows(p + "address", "address_id, customer_id, firstname, lastname, address_1, postcode", [(n, owner + 1, who[1], who[0], "1-1", home) for n, owner, who, home in entries])
    assert all(at[owner] < TO for _, owner, _, _ in entries)
    tables = CART_TABLES.format(p=p, fax="" if json else "fax varchar(32) NOT NULL DEFAULT '', ", engine="InnoDB" if json else "MyISAM", set="utf8mb4" if json else "utf8mb3",
                                how="payment_method text NOT NULL, " if json else "payment_method varchar(128) NOT NULL, payment_code varchar(128) NOT NULL, ")
    return tables, sql, p


# ---- EC-CUBE 4 ----

CUBE4_TABLES = """
CREATE TABLE dtb_customer (id int PRIMARY KEY, customer_status_id smallint, sex_id smallint, job_id smallint, country_id smallint, pref_id smallint, name01 varchar(255) NOT NULL, name02 varchar(255) NOT NULL, kana01 varchar(255), kana02 varchar(255),
    company_name varchar(255), postal_code varchar(8), addr01 varchar(255), addr02 varchar(255), email varchar(255) NOT NULL, phone_number varchar(14), birth {stamp}, password varchar(255), salt varchar(255), secret_key varchar(255) NOT NULL,
    first_buy_date {stamp}, point decimal(12) DEFAULT 0 NOT NULL, create_date {stamp} NOT NULL, update_date {stamp} NOT NULL, discriminator_type varchar(255) NOT NULL DEFAULT 'customer');
CREATE TABLE dtb_customer_address (id int PRIMARY KEY, customer_id int, country_id smallint, pref_id smallint, name01 varchar(255) NOT NULL, name02 varchar(255) NOT NULL, kana01 varchar(255), kana02 varchar(255), company_name varchar(255),
    postal_code varchar(8), addr01 varchar(255), addr02 varchar(255), phone_number varchar(14), create_date {stamp} NOT NULL, update_date {stamp} NOT NULL);
CREATE TABLE dtb_order (id int PRIMARY KEY, customer_id int, country_id smallint, pref_id smallint, sex_id smallint, job_id smallint, payment_id int, device_type_id smallint, pre_order_id varchar(255), order_no varchar(255), message varchar(4000),
    name01 varchar(255) NOT NULL, name02 varchar(255) NOT NULL, kana01 varchar(255), kana02 varchar(255), company_name varchar(255), email varchar(255), phone_number varchar(14), postal_code varchar(8), addr01 varchar(255), addr02 varchar(255),
    birth {stamp}, payment_method varchar(255), note varchar(4000), create_date {stamp} NOT NULL, update_date {stamp} NOT NULL, order_date {stamp}, payment_date {stamp}, order_status_id smallint);
CREATE TABLE dtb_shipping (id int PRIMARY KEY, order_id int, country_id smallint, pref_id smallint, name01 varchar(255) NOT NULL, name02 varchar(255) NOT NULL, kana01 varchar(255), kana02 varchar(255), company_name varchar(255), phone_number varchar(14),
    postal_code varchar(8), addr01 varchar(255), addr02 varchar(255), create_date {stamp} NOT NULL, update_date {stamp} NOT NULL);
"""
CUBE4_STATUS = {"paid": 5, "refunded": 9, "cancelled": 3, "failed": 7, "waiting": 4, "deleted": 3, "draft": 8, "renewal": 1}


def eccube4(want):
    sql, orders, sent = Sql(), [], []
    for j in range(N):
        o = Order(j)
        at = when(o.at, True)
        last, first = name(o.who)
        orders.append((o.id, None if o.guest or o.test else o.who + 1, last, first, o.spelt, phone(o.who).replace("+81 ", "0").replace(" ", "") if not o.test else None, zip_of(o.who).replace("-", ""), 13, "市", "クレジットカード" if o.card else "代金引換",
                       CUBE4_STATUS[o.how], at, at))
        to = sent_to(want, o)
        if to:
            sent.append((o.id, o.id, to[0][0], to[0][1], to[1].replace("-", ""), 13, "市", None, at, at))
        if o.test or not o.before_end():
            continue
        want.row("carts" if o.how == "draft" else "orders", o.mail)
        if o.card and o.in_window():
            want.row("attempts" if o.how == "draft" else "cards", o.mail, state=None if o.how == "draft" else "authorised" if o.how in PAID + ("renewal",) else "submitted")
    rows = []
    members(want, rows, True)
    sql.rows("dtb_order", "id, customer_id, name01, name02, email, phone_number, postal_code, pref_id, addr01, payment_method, order_status_id, create_date, update_date", orders)
    sql.rows("dtb_shipping", "id, order_id, name01, name02, postal_code, pref_id, addr01, phone_number, create_date, update_date", sent)
    sql.rows("dtb_customer", "id, customer_status_id, name01, name02, email, phone_number, postal_code, pref_id, addr01, password, secret_key, create_date, update_date",
             [(i + 1, 1 + i % 3, name(i)[0], name(i)[1], mail(i), None, zip_of(i).replace("-", ""), 13, "市", "x", "s%d" % i, when(t, True), when(t, True)) for i, t in rows])
    sql.rows("dtb_customer_address", "id, customer_id, name01, name02, postal_code, pref_id, addr01, create_date, update_date",
             [(n, owner + 1, who[0], who[1], home.replace("-", ""), 13, "市", "2021-01-01", "2021-01-01") for n, owner, who, home in book(want, N // 5)])
    return sql


# ---- the comparison ----

def check(w, what, url, want):
    r = w.run("scope", *WINDOW, "--database", url, "--json", timeout=600)
    got = figures(r) if r.code == 0 else {}
    truth = want.figures()
    wrong = {k: (got.get(k), v) for k, v in truth.items() if got.get(k) != v}
    ok(r.code == 0 and not wrong, "%s: %d figures of %d orders" % (what, len(truth), N), "%s\n%s" % (wrong, r.err.decode(errors="replace")[-800:]))
    if r.code:
        return
    cards = next(f for f in r.lines() if f["population"] == "cards" and f["item"] == "all" and f["unit"] == "件")
    states = {k: v for k, v in cards["states"].items() if v}
    ok(states == want.states, "%s: cards by state" % what, (states, want.states))
    ok(cards.get("excluded", {}).get("kept", 0) == want.kept and len(cards.get("listed", {}).get("kept", [])) == min(want.kept, 20 - min(20, cards.get("excluded", {}).get("test", 0))),
       "%s: %d payments with a kept card passed over and listed" % (what, want.kept), (cards.get("excluded"), cards.get("listed")))


def main():
    out, missing = servers.start_all()
    for m in missing:
        skip("whole shops on " + m, m + " is not installed")
    with tempfile.TemporaryDirectory(prefix="hinoban-whole.") as folder:
        os.chmod(folder, 0o755)

        def watch(label, profile, prefix=""):
            os.mkdir(os.path.join(folder, label))
            return Watch(os.path.join(folder, label), profile, '[scope]\nzone = "Asia/Tokyo"\ntimeout = 600s\nexclude = ["test: *@test.example"]\n%s' % ('prefix = "%s"\n' % prefix if prefix else ""))

        try:
            for s in out:
                want = Want()
                sql = eccube4(want)
                s.create("cube4")
                stamp = {"postgresql": "timestamptz", "mariadb": "datetime", "sqlite": "text"}[s.kind]
                s.sql(CUBE4_TABLES.format(stamp=stamp) + ("SET TIME ZONE 'UTC';" if s.kind == "postgresql" else "") + sql.text(), "cube4")
                s.reader("cube4")
                check(watch("cube4-" + s.kind, "ec-cube4"), "EC-CUBE 4 on " + s.kind, s.url("cube4"), want)
            for s in (x for x in out if x.kind == "mariadb"):
                s.create("many")
                for label, profile, make in (("woo-hpos", "wordpress", woo_hpos), ("woo-posts", "wordpress", woo_posts), ("magento2", "magento2", magento2), ("openmage", "openmage", openmage), ("prestashop", "prestashop", prestashop),
                                             ("opencart3", "opencart", lambda w: opencart(w, "oc3_", False)), ("opencart4", "opencart", lambda w: opencart(w, "oc4_", True))):
                    want = Want()
                    tables, sql, prefix = make(want)
                    s.sql("SET sql_mode = ''; SET time_zone = '+00:00';" + tables + sql.text(), "many")
                    s.reader("many")
                    check(watch(label, profile, prefix), label, s.url("many"), want)
        finally:
            for s in out:
                s.stop()
    end()


main()
