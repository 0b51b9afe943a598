#include "fact/item.h"

const struct item_name item_groups[] = {
    {"cards", "card entries", "カード情報の入力"},
    {"attempts", "unfinished checkouts", "完了しなかった購入手続き"},
    {"orders", "orders", "ご注文"},
    {"carts", "data of unfinished checkouts", "購入手続き途中のデータ"},
    {"recipients", "delivery addresses of orders", "ご注文のお届け先"},
    {"members", "members", "会員"},
    {"addresses", "address books", "アドレス帳"},
    {"newsletter", "newsletter subscribers", "メールマガジン購読者"},
    {"entered", "card entries and unfinished checkouts together", "カード情報の入力の合計"},
    {"stored", "all groups together", "全体（重複を除く）"},
    {NULL, NULL, NULL},
};

static const struct item_name items[] = {
    {ITEM_ALL, "everyone", "全件"},
    {"address", "address", "住所"},
    {"birth", "date of birth", "生年月日"},
    {"card", "different cards", "カード（重複を除く）"},
    {"card_brand", "card brand", "カードブランド"},
    {"card_expiry", "card expiry", "カード有効期限"},
    {"card_holder", "card holder's name", "カード名義人"},
    {"card_last4", "last digits of the card", "カード番号下4桁"},
    {"card_number", "card number", "カード番号"},
    {"card_token", "card token of the payment service", "決済代行会社のトークン"},
    {"company", "company", "会社名"},
    {"email", "e-mail address", "メールアドレス"},
    {"fax", "fax number", "FAX番号"},
    {"ip", "IP address", "IPアドレス"},
    {"job", "job class", "職業区分"},
    {"kana", "name in kana", "フリガナ"},
    {"magazine", "newsletter wish and format", "メールマガジン希望・形式"},
    {"member_id", "member number", "会員番号"},
    {"message", "message", "備考・お問い合わせ"},
    {"mobile_email", "mobile e-mail address", "携帯メールアドレス"},
    {"name", "name", "氏名"},
    {"password", "password (hashed)", "パスワード（ハッシュ化）"},
    {"phone", "telephone number", "電話番号"},
    {"points", "points held", "保有ポイント"},
    {"postal", "postal code", "郵便番号"},
    {"reminder", "reminder question and answer", "パスワード再発行の質問と答え"},
    {"school", "school", "学校名"},
    {"sex", "sex", "性別"},
};

const struct item_name *item_of(struct slice id)
{
	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++)
		if (slice_eq(id, slice_str(items[i].id)))
			return &items[i];
	return NULL;
}

const struct item_name *item_group(struct slice id)
{
	for (size_t i = 0; item_groups[i].id; i++)
		if (slice_eq(id, slice_str(item_groups[i].id)))
			return &item_groups[i];
	return NULL;
}
