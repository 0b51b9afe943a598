#!/usr/bin/env python3
"""Days, what had to be told and what not, and several texts of one incident: case by case.

The texts are sentences made for the case; news.py measures whole texts.
"""
import json
import os
import subprocess
import sys
import tempfile

import news

# (day of publication, text, events that it tells: all of them)
DAYS = [
    ("2022-11-21", "当社は8月19日にカード会社から連絡を受け、同日にカード決済を停止しました。",
     {"known 2022-08-19", "payment-stopped 2022-08-19"}),
    ("2022-11-21", "8月19日にカード会社から連絡を受け、同22日にカード決済を停止し、翌日に警察に相談しました。",
     {"known 2022-08-19", "payment-stopped 2022-08-22", "police-told 2022-08-23"}),
    ("2022-11-21", "22年4月19日午前中にカード決済を停止しました。", {"payment-stopped 2022-04-19"}),
    ("2023-01-20", "昨年12月28日に不正アクセスを検知し、年明けの1月5日に個人情報保護委員会に報告しました。",
     {"found 2022-12-28", "authority-told 2023-01-05"}),
    ("2023-01-20", "12月28日に不正アクセスを検知し、1月5日に警察に相談しました。",
     {"found 2022-12-28", "police-told 2023-01-05"}),
    ("2023-02-10", "令和4年12月28日に不正アクセスを検知し、翌年1月5日に警察に相談しました。",
     {"found 2022-12-28", "police-told 2023-01-05"}),
    ("2023-02-10", "令和4年12月28日に不正アクセスを検知し、翌月6日に警察に相談しました。",
     {"found 2022-12-28", "police-told 2023-01-06"}),
    ("2023-03-01", "2月28日に不正アクセスを検知し、翌日、警察に相談しました。",
     {"found 2023-02-28", "police-told 2023-03-01"}),
    ("2024-03-02", "2月28日に不正アクセスを検知し、翌日、警察に相談しました。",
     {"found 2024-02-28", "police-told 2024-02-29"}),
    ("2023-03-01", "12月31日に不正アクセスを検知し、翌日に警察に相談しました。",
     {"found 2022-12-31", "police-told 2023-01-01"}),
    ("2024-01-10", "R5.12.28に不正アクセスを検知しました。", {"found 2023-12-28"}),
    ("2024-01-10", "12/28(木)に不正アクセスを検知しました。", {"found 2023-12-28"}),
    ("2024-01-10", "先月28日に不正アクセスを検知しました。", {"found 2023-12-28"}),
    ("2024-06-01", "5月30日に復旧しました。7月1日に再開を予定しています。", {"restored 2024-05-30", "reopening 2024-07-01"}),
    ("2024-06-01", "販売の再開は6月10日を予定しています。", {"reopening 2024-06-10"}),
    ("2024-06-03", "平成31年4月30日に公表しました件について、令和元年5月7日に調査が完了しました。",
     {"published 2019-04-30", "forensics-done 2019-05-07"}),
    ("2024-06-03", "2日に検知した不正アクセスについて、3日、警察に相談した。", {"found 2024-06-02", "police-told 2024-06-03"}),
    ("2024-06-03", "31日に不正アクセスを検知した。", {"found 2024-05-31"}),
    ("2024-03-05", "31日に不正アクセスを検知した。", set()),  # there was no such day
    ("2024-06-03", "同日、カード決済を停止しました。", set()),  # which one?
    ("2024-06-03", "5月20日(月)、カード会社から連絡を受けました。\n同22日、調査会社に調査を依頼しました。\n29日、調査が完了しました。",
     {"known 2024-05-20", "forensics-started 2024-05-22", "forensics-done 2024-05-29"}),
    ("2024-12-20", "弊社は2024年11月30日から12月2日にかけて不正アクセスを受け、12月3日に検知しました。", {"found 2024-12-03"}),
    # a day belongs to the act that it stands with
    ("2022-06-25", "6月20日、6月6日に公表した件の続報を発表した。", {"published 2022-06-20", "published 2022-06-06"}),
    ("2022-06-25", "6月10日に調査が完了し、このほど漏えいの可能性があると発表した。", {"forensics-done 2022-06-10"}),
    ("2022-06-25", "6月10日に寄せられた調査結果により、漏えいが判明した。", set()),
    ("2022-06-25", "店を開いた2月1日からサイトを閉鎖した3月11日までの間に漏えいしたことが判明した。", {"shop-closed 2022-03-11"}),
    ("2022-06-26", "2022年6月25日\n株式会社みなと文具\nこのたび、お客様の情報の漏えいが判明いたしました。", set()),
    ("2022-11-21", "On August 19, 2022, our card processor notified us, and on August 22 we disabled payment by card.",
     {"known 2022-08-19", "payment-stopped 2022-08-22"}),
    ("2023-01-20", "On December 28 we detected the intrusion; on January 5 we notified law enforcement.",
     {"found 2022-12-28", "police-told 2023-01-05"}),
    ("2023-01-20", "The code was removed on 5th January 2023.", {"script-removed 2023-01-05"}),
    ("2023-01-20", "On January 5 we discovered that somebody had gained access to our network.", {"found 2023-01-05"}),
]

# (text, of each item whether it had to be told, of each item its own count)
NEEDS = [
    ("3.流出した可能性のある情報\n(1)会員登録されたお客様 最大4,951名\n必須項目:氏名、住所、メールアドレス\n"
     "任意項目:会社名(553名)、学校名(299名)、性別\n(2)ご注文されたお客様 2,310名\n【必須】電話番号\n【任意】FAX番号 97名",
     {"name": "required", "address": "required", "email": "required", "company": "optional", "school": "optional",
      "sex": "optional", "phone": "required", "fax": "optional"}, {"company": 553, "school": 299, "fax": 97}),
    ("漏えいした可能性のある情報\n会員様の氏名(必須)、住所(必須)、会社名(任意、553名)、学校名(任意・299名)、生年月日",
     {"name": "required", "address": "required", "company": "optional", "school": "optional", "birth": None},
     {"company": 553, "school": 299}),
    ("<h2>漏えいした可能性のある情報</h2><table><tr><th>項目</th><th>区分</th><th>人数</th></tr>"
     "<tr><td>氏名</td><td>必須</td><td>4,951名</td></tr><tr><td>会社名</td><td>任意</td><td>553名</td></tr></table>",
     {"name": "required", "company": "optional"}, {"name": 4951, "company": 553}),
    ("漏えいした可能性のある情報\n氏名、電話番号\n※任意でご入力いただいた場合は、性別、勤務先も対象となります。",
     {"name": None, "phone": None, "sex": "optional", "company": "optional"}, {}),
    ("流出した可能性のある情報は、必須項目として氏名とメールアドレス、任意項目として会社名(553名分)です。",
     {"name": "required", "email": "required", "company": "optional"}, {"company": 553}),
    ("■漏えいした可能性のある情報\n・氏名\n・会社名(任意入力):553件\n・学校名(任意入力):299件",
     {"name": None, "company": "optional", "school": "optional"}, {"company": 553, "school": 299}),
    ("What Information Was Involved\nThe information included name and email address (required), "
     "company name (optional, 553 customers) and phone number (optional, 299 customers).",
     {"name": None, "email": "required", "company": "optional", "phone": "optional"}, {"company": 553, "phone": 299}),
]

NOTICE = """2022年11月21日
株式会社みなと文具
不正アクセスによるカード情報漏えいのお詫び
弊社が運営する「みなと文具オンラインストア」において、お客様のカード情報最大120件が漏えいした可能性があることが判明いたしました。
2022年8月19日午前9時、決済代行会社より連絡を受け、同日カード決済を停止しました。
2022年10月3日、調査が完了しました。
漏えいした可能性のある情報:カード番号(必須)、有効期限、会社名(任意)
"""
PAPER = """みなと文具は21日、通販サイト「みなと文具オンラインストア」が不正アクセスを受け、カード情報120件が漏えいした可能性があると発表した。8月19日に決済代行会社から連絡を受けて判明し、同日カード決済を停止した。カード番号、有効期限が含まれる。
"""
SHORT = """株式会社みなと文具は11月21日、旧サイト「みなと文具オンラインストア」への不正アクセスを公表した。決済代行会社から連絡があった。
"""


def days():
    for published, text, want in DAYS:
        v = news.read(text, published)
        got = {k[1] for k in news.told(v) if k[0] == "event"} if v else {"nothing"}
        yield got == want, "%s %s" % (published, text.split("\n")[0][:40]), sorted(got ^ want)


def needs():
    for text, want, counts in NEEDS:
        v = news.read(text, "2024-03-01")
        got = {x["item"]: x.get("need") for x in v["items"]}
        own = {x["item"]: x["n"] for x in v["counts"] if "item" in x}
        told = {x["item"]: x.get("need") for x in v["counts"] if "item" in x}
        yield got == want, "what had to be told: " + text.split("\n")[-1][:30], got
        yield own == counts, "counts of items: " + text.split("\n")[-1][:30], own
        yield all(told[i] == want[i] for i in told), "a count says it, too", told


def read_all(texts):
    with tempfile.TemporaryDirectory() as d:
        paths = []
        for i, t in enumerate(texts):
            paths.append(os.path.join(d, "%d.txt" % i))
            with open(paths[-1], "w", encoding="utf-8") as f:
                f.write(t)
        r = subprocess.run([os.path.join(news.BUILD, "hinoban"), "read", "--json", "--published", "2022-11-22", *paths],
                           capture_output=True, env={**os.environ, "HINOBAN_CONFIG": "/nonexistent",
                                                     "HINOBAN_PROFILES": os.path.join(news.SOURCE, "profiles")})
    return json.loads(r.stdout)


def merged():
    v = read_all([NOTICE, PAPER, SHORT])
    yield v["sources"] == 3, "three texts", v["sources"]
    yield [(x["name"], x["seen"]) for x in v["organisations"]] == [("株式会社みなと文具", 3)], "one organisation", v["organisations"]
    yield [(x["state"], x["seen"]) for x in v["services"]] == [("old", 3)], "what one knows of the shop, all know", v["services"]
    yield [(x["by"], x.get("at"), x["seen"]) for x in v["noticed"]] == [("payment-provider", "2022-08-19", 3)], \
        "who noticed, with the day that one tells", v["noticed"]
    yield [(x["n"], x["how"], x["seen"]) for x in v["counts"]] == [(120, "at_most", 2)], "the more careful number", v["counts"]
    known = [x for x in v["events"] if x["act"] == "known"]
    yield [(x["at"], x.get("time"), x["seen"]) for x in known] == [("2022-08-19", "09:00", 2)], "an hour that one tells", known
    item = {x["item"]: (x.get("need"), x["seen"]) for x in v["items"]}
    yield item == {"card_data": (None, 2), "card_number": ("required", 2), "card_expiry": (None, 2),
                   "company": ("optional", 1)}, "what had to be told", item
    yield all(sorted({s["source"] for s in x["spans"]}) and len({s["source"] for s in x["spans"]}) == x["seen"]
              for k, facts in v.items() if isinstance(facts, list) for x in facts), "places of each text that tells it", ""
    again = read_all([SHORT, PAPER, NOTICE])
    yield {k: len(x) for k, x in again.items() if isinstance(x, list)} == \
        {k: len(x) for k, x in v.items() if isinstance(x, list)}, "in whatever order they are read", ""
    other = read_all([NOTICE, NOTICE.replace("8月19日", "8月20日").replace("120件", "121件")])
    yield len(other["counts"]) == 2 and len(other["noticed"]) == 2, "other figures and days stay apart", other["counts"]


SAID = [
    ("個人情報が漏えいしました。漏えいしたのは、会社名、氏名、電話番号など ※通信講座の方の情報は該当しません。",
     lambda v: {x["item"] for x in v["items"]} == {"company", "name", "phone"}, "a note denies only what it speaks of"),
    ("株式会社はまなす工芸 個人情報漏えいのご報告\n\n当社グループで利用しているクラウドサービス「Googleドライブ」で、個人情報を含む"
     "ファイルが閲覧可能な状態にあったことが2023年11月21日に判明いたしました。",
     lambda v: [x["name"] for x in v["organisations"]] == ["株式会社はまなす工芸"] and not v["services"],
     "we are not called 当社グループ, and a tool is not our service"),
    ("かもめ市は、4月12日開催予定の講座の案内を2月20日にメールで一斉送信した際、宛先の設定を誤り、申込者42名のメールアドレスが"
     "閲覧できる状態になった。受信した1人から連絡があり判明した。",
     lambda v: {x["act"] + x["at"] for x in v["events"]} & {"mailed2024-04-12", "found2024-04-12"} == set()
     and [x["n"] for x in v["counts"]] == [42] and not v["ways"], "what is to come has not happened; one who calls is not one affected"),
    ("会員のID・パスワード・メールアドレス(63,000件)が漏えいしました。",
     lambda v: [(x["n"], x.get("item")) for x in v["counts"]] == [(63000, None)], "a list's count is not its last item's"),
    ("Harbour Tea, Inc. (\"Harbour\") found a breach of its systems. Harbour Tea said the intrusion resulted in access to names, "
     "addresses and passport numbers of 1,200 customers.",
     lambda v: [x["name"] for x in v["organisations"]] == ["Harbour Tea, Inc."]
     and {x["item"] for x in v["items"]} == {"name", "address", "passport"}, "one name with its form and without"),
]


def said():
    for text, want, what in SAID:
        v = news.read(text, "2024-03-01")
        yield want(v), what, {k: x for k, x in v.items() if x}


def main():
    failed = count = 0
    for good, what, got in [*days(), *needs(), *merged(), *said()]:
        count += 1
        failed += not good
        print("%s %d - %s%s" % ("ok" if good else "not ok", count, what, "" if good else ": %s" % (got,)))
    print("1..%d" % count)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
