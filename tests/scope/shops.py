"""Databases of shops with known truth: rows whose figures are decided before they are written.

Wacom's populations (plays/README.md): 147,545 persons with orders, 100,565 members, of these 5,534 with a company,
2,992 with a school, 2,393 with a fax number, 49,510 with a birth date, 49,552 with a job; 1,938 cards. Traps: groups
overlap, persons order again under other spellings of their address, guests, rows marked as deleted, members who left
and came back, blanks that are no value, test orders and staff, times on the edges of the window.
"""
import csv
import datetime
import os

ORDERS, MEMBERS, CARDS = 147545, 100565, 1938
COMPANY, SCHOOL, FAX, BIRTH, JOB = 5534, 2992, 2393, 49510, 49552
REORDERS, RETURNED, RETRIED, TESTS, LATE = 9000, 300, 31, 25, 1000
WINDOW = ("2021-02-22T00:00:00+09:00", "2022-04-19T12:00:00+09:00")
CARD_WINDOW = ("2022-02-19T00:00:00+09:00", "2022-04-19T12:00:00+09:00")

EC2_SQL = """
CREATE TABLE dtb_customer (customer_id int NOT NULL PRIMARY KEY, name01 text NOT NULL, name02 text NOT NULL,
    kana01 text, kana02 text, company_name text, school_name text, zip01 text, zip02 text, pref smallint, addr01 text,
    addr02 text, email text NOT NULL, email_mobile text, tel01 text, tel02 text, tel03 text, fax01 text, fax02 text,
    fax03 text, sex smallint, job smallint, birth {moment}, password text, reminder_answer text,
    point numeric NOT NULL DEFAULT 0, create_date {stamp}, del_flg smallint NOT NULL DEFAULT 0, mailmaga_flg smallint);
CREATE TABLE dtb_order (order_id int NOT NULL PRIMARY KEY, customer_id int NOT NULL, message text, order_name01 text,
    order_name02 text, order_kana01 text, order_kana02 text, order_company_name text, order_email text,
    order_tel01 text, order_tel02 text, order_tel03 text, order_fax01 text, order_fax02 text, order_fax03 text,
    order_zip01 text, order_zip02 text, order_pref smallint, order_addr01 text, order_addr02 text, order_sex smallint,
    order_birth {moment}, order_job int, payment_id int, payment_method text, status smallint, create_date {stamp},
    del_flg smallint NOT NULL DEFAULT 0, memo04 text);
CREATE TABLE dtb_order_temp (order_temp_id varchar(64) NOT NULL PRIMARY KEY, customer_id int NOT NULL, order_email text,
    order_name01 text, order_name02 text, order_tel01 text, order_tel02 text, order_tel03 text, order_zip01 text,
    order_zip02 text, payment_method text, create_date {stamp}, del_flg smallint NOT NULL DEFAULT 0, order_id int);
CREATE TABLE dtb_shipping (shipping_id int NOT NULL, order_id int NOT NULL, shipping_name01 text, shipping_name02 text,
    shipping_kana01 text, shipping_kana02 text, shipping_tel01 text, shipping_tel02 text, shipping_tel03 text,
    shipping_pref smallint, shipping_zip01 text, shipping_zip02 text, shipping_addr01 text, shipping_addr02 text,
    create_date {stamp}, del_flg smallint NOT NULL DEFAULT 0, PRIMARY KEY (order_id, shipping_id));
CREATE TABLE dtb_other_deliv (other_deliv_id int NOT NULL PRIMARY KEY, customer_id int NOT NULL, name01 text,
    name02 text, kana01 text, kana02 text, zip01 text, zip02 text, pref smallint, addr01 text, addr02 text, tel01 text,
    tel02 text, tel03 text);
"""
TYPES = {"postgresql": {"moment": "timestamp", "stamp": "timestamp"},
         "mariadb": {"moment": "datetime", "stamp": "timestamp NULL"},
         "sqlite": {"moment": "text", "stamp": "text"}}
MEMBER_COLUMNS = ("customer_id name01 name02 kana01 kana02 company_name school_name zip01 zip02 pref addr01 addr02 email "
                  "tel01 tel02 tel03 fax01 fax02 fax03 sex job birth password point create_date del_flg "
                  "mailmaga_flg").split()
ORDER_COLUMNS = ("order_id customer_id order_name01 order_name02 order_email order_tel01 order_tel02 order_tel03 "
                 "order_zip01 order_zip02 order_pref order_addr01 order_addr02 order_sex payment_method status "
                 "create_date del_flg memo04").split()
WIDE = str.maketrans("abcdefghijklmnopqrstuvwxyz0123456789@.-_",
                     "ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ０１２３４５６７８９＠．－＿")
NULL, BLANKS = "\\N", ("", " ", "　", "\\N")


def email(i):
    return "kyaku%06d@mail%d.example" % (i, i % 7)


def phone(i):
    return "090", "%04d" % (i // 10000 + 1000), "%04d" % (i % 10000)


def who(i):
    return ["姓%d" % (i % 977), "名%06d" % i]


def home(i):
    return ["%03d" % (100 + i % 880), "%04d" % (i % 9973)]


def spread(i, n, first="2015-04-01", last="2022-04-19"):
    """A local time that grows with i; the last ones stand on the edge of the window."""
    if i == n - 1:
        return "2022-04-19 11:59:59"
    if i >= n - 60:  # this morning, Japan time: in UTC it is still the small hours
        return "2022-04-19 %02d:%02d:00" % (3 + (n - 2 - i) % 9, i % 60)
    return "%04d-%02d-%02d %02d:%02d:%02d" % (2015 + i * 7 // n, 1 + i % 3, 1 + i % 28, i % 24, i % 60, i % 59)


def member(i, at, deleted=0, mail=None, company=None):
    has = lambda n, shift: (i * 7919 + shift) % MEMBERS < n
    return [i + 1, *who(i), "セイ", "メイ", company or ("会社%d" % i if has(COMPANY, 3) else BLANKS[i % 4]),
            "学校%d" % (i % 50) if has(SCHOOL, 11) else BLANKS[(i + 1) % 4], *home(i), 1 + i % 47, "市%d" % (i % 800),
            "1-%d" % (i % 90), mail or email(i), *phone(i),
            *(("03", "%04d" % (i % 10000), "%04d" % (i // 10000)) if has(FAX, 29) else ("", BLANKS[i % 4], "")), 1 + i % 2,
            1 + i % 18 if has(JOB, 41) else (0, NULL)[i % 2],
            "%04d-01-01 00:00:00" % (1940 + i % 60) if has(BIRTH, 53) else NULL, "hash%d" % i, i % 500, at, deleted,
            1 + i % 3]


def members():
    for i in range(MEMBERS):
        yield member(i, spread(i, MEMBERS))
    for i in range(RETURNED):  # left, and came back under the same address
        row = member(i, "2016-05-05 10:00:00", 1, email(i).upper())
        row[0] = MEMBERS + 1 + i
        yield row
    extra = MEMBERS + RETURNED + 1
    for i, (mail, at) in enumerate([("staff%d@wacom.example" % k, "2018-01-01 00:00:00") for k in range(3)] +
                                   [("spaet%d@mail.example" % k, "2022-04-19 %02d:00:00" % (12 + k % 9)) for k in range(40)]):
        row = member(MEMBERS + 1000 + i, at, 0, mail)
        row[0] = extra + i
        yield row


def order(number, i, at, mail=None, card="", method="銀行振込", status=5, deleted=0):
    """Person i of ORDERS; the first 60,000 are members."""
    return [number, i + 1 if i < 60000 else 0, *who(i), mail or email(i if i < 60000 else i + MEMBERS),
            *phone(i if i < 60000 else i + MEMBERS), *home(i if i < 60000 else i + MEMBERS), 1 + i % 47, "市%d" % (i % 800),
            "1-%d" % (i % 90), 1 + i % 2, method, status, at, deleted, card]


def spelling(i, mail):
    return (mail.upper(), " " + mail, mail.translate(WIDE), mail + " ", "　" + mail.title())[i % 5]


def card_time(k):
    if k == 0:
        return "2022-02-19 00:00:00"
    if k == 1:
        return "2022-04-19 11:59:59"
    return "2022-%02d-%02d %02d:%02d:00" % (2 + (k % 2), 20 + k % 8, k % 24, k % 60)


def orders():
    number = 0
    for i in range(ORDERS):
        number += 1
        if i % 76 == 3 and i // 76 < CARDS:
            k = i // 76
            yield order(number, i, card_time(k), card="tok-%06d" % k, method="クレジットカード決済",
                        status=(5, 1, 7, 3)[k % 4])
        else:
            yield order(number, i, spread(i, ORDERS), deleted=int(i % 300 == 7),
                        method="クレジットカード決済" if i % 5 == 0 and i < ORDERS - 100 else "銀行振込")
    for i in range(REORDERS):
        number += 1
        who_i = i * 13 % ORDERS
        yield order(number, who_i, spread(i, REORDERS + 100),
                    spelling(i, email(who_i if who_i < 60000 else who_i + MEMBERS)))
    for i in range(RETRIED):  # the same card once more
        number += 1
        yield order(number, 76 * i + 3, "2022-04-01 12:%02d:00" % (i % 60), card="tok-%06d" % i, method="クレジットカード決済")
    for i in range(TESTS):
        number += 1
        yield order(number, ORDERS + 5000 + i, "2022-03-03 03:03:03", "Test%d@TEST.example" % i, "tok-test%d" % i,
                    "クレジットカード決済")
    for i in range(LATE):  # from noon on it is the new system's
        number += 1
        yield order(number, ORDERS + 9000 + i, "2022-04-19 %02d:%02d:00" % (12 + i % 9, i % 60), card="tok-late%d" % i,
                    method="クレジットカード決済")
    for i, at in enumerate(("2022-02-18 23:59:59", "2022-02-18 15:00:00")):
        number += 1
        yield order(number, 76 * i + 3, at, card="tok-early%d" % i, method="クレジットカード決済")


def write(folder, name, rows):
    path = os.path.join(folder, name + ".csv")
    with open(path, "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows(rows)
    os.chmod(path, 0o644)
    return path


def wacom(servers, folder):
    """The same rows into each server's database `wacom`."""
    parts = (("dtb_customer", MEMBER_COLUMNS, write(folder, "members", members())),
             ("dtb_order", ORDER_COLUMNS, write(folder, "orders", orders())))
    for s in servers:
        s.create("wacom")
        s.sql(EC2_SQL.format(**TYPES[s.kind]), "wacom")
        for table, columns, path in parts:
            s.load("wacom", table, path, columns)
        s.reader("wacom")


# EC-CUBE 4 keeps times in UTC.
EC4_SQL = """
CREATE TABLE dtb_customer (id int PRIMARY KEY, customer_status_id smallint, sex_id smallint, job_id smallint, pref_id smallint,
    name01 varchar(255), name02 varchar(255), kana01 varchar(255), kana02 varchar(255), company_name varchar(255), postal_code varchar(8),
    addr01 varchar(255), addr02 varchar(255), email varchar(255), phone_number varchar(14), birth {stamp}, password varchar(255),
    point decimal(12), create_date {stamp});
CREATE TABLE dtb_order (id int PRIMARY KEY, customer_id int, pref_id smallint, sex_id smallint, job_id smallint, payment_id int,
    message varchar(4000), name01 varchar(255), name02 varchar(255), kana01 varchar(255), kana02 varchar(255), company_name varchar(255),
    email varchar(255), phone_number varchar(14), postal_code varchar(8), addr01 varchar(255), addr02 varchar(255), birth {stamp},
    payment_method varchar(255), order_status_id smallint, create_date {stamp});
CREATE TABLE dtb_shipping (id int PRIMARY KEY, order_id int, pref_id smallint, name01 varchar(255), name02 varchar(255), kana01 varchar(255),
    kana02 varchar(255), company_name varchar(255), phone_number varchar(14), postal_code varchar(8), addr01 varchar(255),
    addr02 varchar(255), create_date {stamp});
"""
# akaran: purchases by card from 2020-12-16 to 2021-12-08 (Japan time), old system
AKARAN = 8483


def akaran_rows(folder):
    """8,483 cards in the window, and as many orders around it, by bank, and one second outside (times in UTC)."""
    def at(day, second=0):
        return (datetime.datetime(2020, 12, 15, 15, 0, 0) + datetime.timedelta(days=day, seconds=second)).strftime("%Y-%m-%d %H:%M:%S")

    def row(i, when, method="クレジットカード", status=5):
        return [i, "カード", "名義%d" % i, "a%06d@akaran.example" % i, "0901%07d" % i, "%07d" % (1000000 + i), "市", method, status, when]

    rows = [row(i, at(i % 358, i), status=(5, 7, 3, 9)[i % 4]) for i in range(AKARAN - 2)]
    rows += [row(AKARAN, at(0)), row(AKARAN + 1, at(358, -1))]
    rows += [row(20000 + i, at(i % 358, i), "代金引換") for i in range(5000)]
    rows += [row(30000, at(0, -1)), row(30001, at(358))]
    return write(folder, "akaran", rows)


def akaran(servers, folder):
    """The same orders into each server's database `akaran`."""
    path = akaran_rows(folder)
    for s in servers:
        s.create("akaran")
        s.sql(EC4_SQL.format(stamp={"postgresql": "timestamptz", "mariadb": "datetime", "sqlite": "datetime"}[s.kind]), "akaran")
        if s.kind == "postgresql":
            s.sql("ALTER DATABASE akaran SET timezone = 'UTC'")
        s.load("akaran", "dtb_order", path,
               "id name01 name02 email phone_number postal_code addr01 payment_method order_status_id create_date".split())
        s.reader("akaran")


# What a play or a test puts under [scope] for each of them.
SETTINGS = {"wacom": {"profile": '"ec-cube2"', "zone": '"Asia/Tokyo"', "timeout": "600s",
                      "exclude": '["test: *@test.example", "staff: *@wacom.example"]',
                      "extend": '["members: optional school(学校名): c.school_name", "cards: card = o.memo04"]'},
            "akaran": {"profile": '"ec-cube4"', "zone": '"Asia/Tokyo"', "timeout": "600s"}}
