/* pages_words: what is said about pages, for people who run a shop, in English and Japanese. */
#include "judge/pages_in.h"

#define WORDS_BYTES   4096
#define NAME_BYTES    160
#define SUBJECT_BYTES 1024

/* {p}: the page; {s}: what it is about; {x}: one sentence more, or nothing. */
const struct pages_row pages_rows[PAGES_EVENTS] = {
    [EV_FLOW] = {"page.flow", "card_flow", SEV_CRITICAL, 0.97,
                 "On the page \"{p}\", the card number that a customer types goes to {s}.{x}",
                 "ページ「{p}」で入力されたカード番号が、{s} へ送られています。{x}",
                 "Stop card payment now (`hinoban contain stop-payment`), keep everything as "
                 "evidence, and "
                 "call your payment provider. If this is your own payment: `hinoban page "
                 "authorise --flow`.",
                 "すぐにカード決済を止め（`hinoban contain "
                 "stop-payment`）、証拠を残し、決済代行会社に連絡してくだ"
                 "さい。正規の決済の送信先であれば `hinoban page authorise --flow` "
                 "で承認してください。"},
    [EV_FLOW_OWN] =
        {"page.flow", "card_flow_own", SEV_MEDIUM, 0.3,
         "On the page \"{p}\", the card number that a customer types goes to {s}, which nobody "
         "has "
         "authorised yet.{x}",
         "ページ「{p}」で入力されたカード番号の送信先 {s} は、まだ承認されていません。{x}",
         "If this is how your shop takes payment, authorise it: `hinoban page authorise "
         "--flow`. If "
         "not, somebody has altered the shop's own server.",
         "正規の決済の送信先であれば `hinoban page authorise --flow` "
         "で承認してください。心当たりがなけれ"
         "ば、自社サーバーが改ざんされたおそれがあります。"},
    [EV_OPAQUE] =
        {"page.opaque", "opaque_flow", SEV_HIGH, 0.7,
         "The page \"{p}\" sends something to {s} that is different each time and can't be "
         "read, once "
         "a card is typed.{x}",
         "ページ「{p}」では、カード番号を入力すると、毎回内容の異なる、読み取れないデータが "
         "{s} へ送ら"
         "れます。{x}",
         "Ask whoever is responsible for this destination what is sent. Until it is known, "
         "treat it as "
         "card data that leaves: stop card payment.",
         "この送信先の担当者に、何を送っているのか確認してください。分かるまではカード情報の流"
         "出とみなし、"
         "カード決済を止めてください。"},
    [EV_COVERED] =
        {"page.field", "field_covered", SEV_CRITICAL, 0.93,
         "On the page \"{p}\", a field for card data ({s}) lies under something else: what "
         "customers "
         "type goes to the thing on top.{x}",
         "ページ「{p}」のカード入力欄（{s}"
         "）の上に別のものが重なっています。入力した内容は、上に重なった"
         "ものに渡ります。{x}",
         "Look at the picture of the page. If you did not do this, stop card payment now.",
         "ページの画像を確認してください。心当たりがなければ、すぐにカード決済を止めてください"
         "。"},
    [EV_DOUBLED] =
        {"page.field", "field_doubled", SEV_CRITICAL, 0.9,
         "The page \"{p}\" asks for card data ({s}) in more places than before: a second form "
         "asks "
         "first.{x}",
         "ページ「{p}」のカード入力欄（{s}"
         "）が、以前より増えています。本物の前に偽の入力欄が置かれるのは"
         "典型的な手口です。{x}",
         "Look at the picture of the page. If you did not add a field, stop card payment now.",
         "ページの画像を確認してください。入力欄を増やした覚えがなければ、すぐにカード決済を止"
         "めてください。"},
    [EV_FORM] = {"page.form", "form_target", SEV_CRITICAL, 0.9,
                 "A form of the page \"{p}\" is sent to {s}, where it was not sent before.{x}",
                 "ページ「{p}」のフォームの送信先が {s} に変わりました。{x}",
                 "If you did not change it, stop card payment now and compare the page with "
                 "your release.",
                 "変更した覚えがなければ、すぐにカード決済を止め、ページをリリース時のものと比"
                 "べてください。"},
    [EV_FRAME] =
        {"page.form", "frame_exchanged", SEV_CRITICAL, 0.9,
         "The page \"{p}\" shows {s} in a frame, where another provider's frame was before.{x}",
         "ページ「{p}」の埋め込みフレームが、以前の提供元から {s} に入れ替わりました。{x}",
         "If you did not change your payment provider, stop card payment now.",
         "決済代行会社を変更した覚えがなければ、すぐにカード決済を止めてください。"},
    [EV_FRAME_NEW] =
        {"page.form", "frame_new", SEV_MEDIUM, 0.4,
         "The page \"{p}\" shows {s} in a frame, which it did not before.{x}",
         "ページ「{p}」に、以前はなかった {s} が埋め込みフレームで表示されています。{x}",
         "Look at the picture of the page and find out who added it.",
         "ページの画像を確認し、だれが追加したのかを調べてください。"},
    [EV_SCRIPT_NEW] =
        {"page.script", "script_new", SEV_MEDIUM, 0.4,
         "The page \"{p}\" runs a script that it did not run before and that nobody "
         "authorised: "
         "{s}.{x}",
         "ページ「{p}」で、承認されていない新しいスクリプト {s} が動いています。{x}",
         "Find out who added it and why. Then `hinoban page authorise` or `hinoban page "
         "refuse`.",
         "だれが何のために追加したのかを確認し、`hinoban page authorise`（承認）または "
         "`hinoban page "
         "refuse`（拒否）してください。"},
    [EV_SCRIPT_CHANGED] =
        {"page.script", "script_changed", SEV_MEDIUM, 0.4,
         "The script {s} of the page \"{p}\" is not the one that was authorised: its code "
         "changed.{x}",
         "ページ「{p}」のスクリプト {s} の中身が、承認されたものから変わりました。{x}",
         "Ask its vendor about the release, look at the difference, then authorise or refuse "
         "it.",
         "提供元にリリースの有無を確認し、差分を見たうえで承認または拒否してください。"},
    [EV_SCRIPT_THEFT] = {"page.script", "script_theft", SEV_CRITICAL, 0.9,
                         "The script {s} of the page \"{p}\" is new or changed, and what it "
                         "gained is what card "
                         "thieves use.{x}",
                         "ページ「{p}」のスクリプト {s} "
                         "に、カード情報を盗むプログラム特有の処理が加わりました。{x}",
                         "Stop card payment, keep the script as evidence, take the tag out of "
                         "the page and ask its "
                         "vendor.",
                         "カード決済を止め、スクリプトを証拠として残し、ページからタグを外して"
                         "提供元に確認してください。"},
    [EV_SCRIPT_SENDS] =
        {"page.script", "script_sends", SEV_MEDIUM, 0.5,
         "The script {s} of the page \"{p}\" is new or changed, and now sends what customers "
         "type to a "
         "server. A lookup of addresses or card brands does that as well; whether the card "
         "itself goes "
         "along is shown by comparing visits.{x}",
         "ページ「{p}」のスクリプト {s} "
         "に、入力内容をサーバーへ送る処理が加わりました。住所やカードブランドの"
         "照会でも使われる処理で、カード番号そのものが送られるかどうかは巡回の比較で分かります"
         "。{x}",
         "Have the page compared now (`hinoban page check --full`), and ask the vendor what is "
         "sent.",
         "すぐに比較を行い（`hinoban page check "
         "--full`）、何を送っているのかを提供元に確認してください。"},
    [EV_SCRIPT_MOVED] =
        {"page.script", "script_addresses", SEV_MEDIUM, 0.5,
         "The script {s} of the page \"{p}\" has the same code as before, but names other "
         "addresses.{x}",
         "ページ「{p}」のスクリプト {s} "
         "は、処理は同じまま、中に書かれた接続先が変わりました。{x}",
         "Look at the difference: where does it connect to now? Then authorise or refuse it.",
         "差分を見て、今の接続先を確認したうえで、承認または拒否してください。"},
    [EV_SCRIPT_GONE] =
        {"page.script", "script_gone", SEV_LOW, 0.1,
         "An authorised script is no longer loaded by the page \"{p}\": {s}.{x}",
         "ページ「{p}」で、承認済みのスクリプト {s} が読み込まれなくなりました。{x}",
         "If it guarded the page (fraud detection, consent), find out why it is gone.",
         "不正検知や同意管理など、ページを守るためのものであれば、なくなった理由を確認してくだ"
         "さい。"},
    [EV_SCRIPT_REFUSED] = {"page.script", "script_refused", SEV_HIGH, 0.6,
                           "The page \"{p}\" still runs {s}, which was refused.{x}",
                           "ページ「{p}」で、拒否されたスクリプト {s} が今も動いています。{x}",
                           "Take it out of the page or out of the tag manager.",
                           "ページまたはタグマネージャーから外してください。"},
    [EV_INVENTORY] =
        {"page.script", "inventory_open", SEV_LOW, 0.05,
         "On the page \"{p}\", {s} scripts run that nobody has authorised yet.{x}",
         "ページ「{p}」では、まだ承認されていないスクリプトが{s}個動いています。{x}",
         "Go through `hinoban page inventory` and authorise them, each with an owner and a "
         "reason.",
         "`hinoban page inventory` で一覧を確認し、責任者と理由を添えて承認してください。"},
    [EV_WORKER] =
        {"page.script", "service_worker", SEV_HIGH, 0.6,
         "The page \"{p}\" installs a service worker that it did not have before: {s}. It "
         "stays in "
         "customers' browsers and sees every request.{x}",
         "ページ「{p}」が、以前はなかったサービスワーカー {s} "
         "を組み込みます。お客様のブラウザに残り、すべて"
         "の通信を見られるものです。{x}",
         "If your release did not add it, stop card payment and keep it as evidence.",
         "リリースで追加したものでなければ、カード決済を止め、証拠として残してください。"},
    [EV_LISTENER] = {"page.reader", "listener_new", SEV_MEDIUM, 0.4,
                     "On the page \"{p}\", {s} now hears what customers type or send.{x}",
                     "ページ「{p}」で、{s} が入力や送信の操作を監視するようになりました。{x}",
                     "Ask its vendor why it needs that; then authorise or refuse it.",
                     "なぜ必要なのかを提供元に確認し、承認または拒否してください。"},
    [EV_TOUCH] =
        {"page.reader", "card_read", SEV_MEDIUM, 0.4,
         "On the page \"{p}\", {s} now looks at the typed card number{x}. Scripts "
         "that check a number or show its brand do that as well.",
         "ページ「{p}」で、{s} "
         "が入力されたカード番号を参照するようになりました{x}。番号の確認やブランド表示"
         "でも行われる処理です。",
         "Ask its vendor why it needs the card; then authorise or refuse it.",
         "なぜカード番号が必要なのかを提供元に確認し、承認または拒否してください。"},
    [EV_HANDED] =
        {"page.reader", "card_handed", SEV_HIGH, 0.75,
         "On the page \"{p}\", {s} now takes the typed card number and hands it on, to be "
         "encoded, kept or sent{x}.",
         "ページ「{p}」で、{s} "
         "が入力されたカード番号を取り出し、変換・保存・送信の処理に渡すようになりました{x}。",
         "If this is not your payment provider's script, take it out of the page and stop card "
         "payment until its vendor has explained it.",
         "決済代行会社のスクリプトでなければ、ページから外し、提供元の説明を得るまでカード決済"
         "を止めてください。"},
    [EV_CONTACT] =
        {"page.opaque", "contact_new", SEV_MEDIUM, 0.5,
         "The page \"{p}\" reaches {s} in a way that is not a request{x}; it did not do so "
         "before.",
         "ページ「{p}」が、通常のリクエスト以外の方法で {s} "
         "に接触しています{x}。以前はなかったものです。",
         "Find out which script asks for it. Names and calls of this kind can carry data past "
         "a content security policy.",
         "どのスクリプトによるものかを調べてください。この種の通信は、コンテンツセキュリティポ"
         "リシーをすり抜けてデータを運ぶことがあります。"},
    [EV_STORED] =
        {"page.reader", "card_stored", SEV_HIGH, 0.8,
         "On the page \"{p}\", the typed card number is kept in the customer's browser "
         "({s}).{x}",
         "ページ「{p}」で、入力されたカード番号がお客様のブラウザ内（{s}）に保存されています。{"
         "x}",
         "No honest script needs that. Stop card payment and find the script that does it.",
         "正規のプログラムには不要な処理です。カード決済を止め、保存しているスクリプトを突き止"
         "めてください。"},
    [EV_CSP_GONE] =
        {"page.header", "csp_removed", SEV_HIGH, 0.6,
         "The page \"{p}\" no longer sends {s}: any script from anywhere may run in it.{x}",
         "ページ「{p}」から {s} がなくなりました。どこのスクリプトでも動かせる状態です。{x}",
         "Put it back. If your release did not remove it, somebody is preparing the ground.",
         "元に戻してください。リリースで外したものでなければ、攻撃の準備の可能性があります。"},
    [EV_CSP_WEAK] =
        {"page.header", "csp_weakened", SEV_MEDIUM, 0.5,
         "The content security policy of the page \"{p}\" lets more run than before.{x}",
         "ページ「{p}」のコンテンツセキュリティポリシーが、以前より緩くなりました。{x}",
         "Look at what was added. If your release did not, put the old policy back.",
         "何が追加されたかを確認し、リリースによるものでなければ元のポリシーに戻してください"
         "。"},
    [EV_HEADER_GONE] =
        {"page.header", "header_removed", SEV_MEDIUM, 0.3,
         "The page \"{p}\" no longer sends the security header {s}.{x}",
         "ページ「{p}」から、セキュリティヘッダー {s} がなくなりました。{x}",
         "Put it back, or authorise the change: `hinoban page authorise --header`.",
         "元に戻すか、変更を承認してください（`hinoban page authorise --header`）。"},
    [EV_HEADER_CHANGED] = {"page.header", "header_changed", SEV_LOW, 0.15,
                           "The security header {s} of the page \"{p}\" changed.{x}",
                           "ページ「{p}」のセキュリティヘッダー {s} が変わりました。{x}",
                           "Compare it with what you meant it to be.",
                           "意図した設定どおりかを確認してください。"},
    [EV_BLIND] =
        {"page.blind", "blind", SEV_MEDIUM, 0.2,
         "hinoban can't see the page \"{p}\" at the moment: its visits fail.{x}",
         "現在、hinobanはページ「{p}」を確認できていません。巡回が失敗しています。{x}",
         "Look whether the shop works; then try `hinoban page check`. While this lasts, nobody "
         "watches the page.",
         "ショップが動いているかを確かめ、`hinoban page check` "
         "を試してください。この間、ページは監視されて"
         "いません。"},
    [EV_REPORTED] = {"page.script", "script_reported", SEV_HIGH, 0.6,
                     "Customers' browsers met {s} on the page \"{p}\", which hinoban's own "
                     "visits never did.{x}",
                     "お客様のブラウザが、ページ「{p}」で {s} "
                     "を検知しました。hinobanの巡回では一度も現れていないもの"
                     "です。{x}",
                     "It may hide from checks. Look for the script in the page's source, the "
                     "tag manager and the "
                     "database; stop card payment if you can't explain it.",
                     "巡回を避けているおそれがあります。ページのソース、タグマネージャー、デー"
                     "タベースで確認し、説明がつ"
                     "かなければカード決済を止めてください。"},
};

static void add_name(struct buf *b, struct slice s)
{
	text_safe(b, slice_sub(s, 0, NAME_BYTES));
	if (s.n > NAME_BYTES)
		buf_str(b, "…");
}

static void fill(struct buf *b, const char *form, const struct pages_said *s, int lang)
{
	for (const char *p = form; *p; p++) {
		if (p[0] != '{' || !p[1] || p[2] != '}') {
			buf_byte(b, (uint8_t)*p);
			continue;
		}
		if (p[1] == 'p')
			add_name(b, s->page);
		else if (p[1] == 's')
			add_name(b, s->subject);
		else
			text_safe(b, s->extra[lang]);
		p += 2;
	}
	buf_printf(b,
	           lang ? "攻撃の可能性は%d%%とみています。"
	                : " hinoban is %d %% sure that this is an attack.",
	           (int)(s->sure * 100 + 0.5));
}

static struct json *why(struct arena *a, const struct pages_said *s)
{
	const struct pages_row *row = &pages_rows[s->event];
	struct json *o = json_obj(a);

	for (int lang = 0; lang < 2; lang++) {
		struct buf b = {.max = WORDS_BYTES};

		fill(&b, lang ? row->ja : row->en, s, lang);
		json_put_slice(a, o, lang ? "ja" : "en", buf_slice(&b));
		buf_done(&b);
	}
	return o;
}

/* Findings are told apart by root and path, which is a text_path() text. */
static struct slice path_of(struct arena *a, const struct pages_row *row, struct slice subject)
{
	struct buf b = {.max = 4 * SUBJECT_BYTES + 64};
	struct slice out;

	buf_printf(&b, "%s ", row->name);
	text_path(&b, slice_sub(subject, 0, SUBJECT_BYTES));
	out = arena_copy(a, buf_slice(&b));
	buf_done(&b);
	return out;
}

struct json *pages_draft(struct arena *a, const struct pages_said *s, struct slice since)
{
	const struct pages_row *row = &pages_rows[s->event];
	struct json *d = fact_draft(a, row->type), *next = json_obj(a);
	struct json *signs = json_arr(a);

	json_put_slice(a, d, "root", arena_printf(a, "page:%.*s", SLICE_ARG(s->page)));
	json_put_slice(a, d, "path", path_of(a, row, s->subject));
	json_put_str(a, d, "role", "page");
	json_put_slice(a, d, "page", s->page);
	if (s->arm.n)
		json_put_slice(a, d, "arm", s->arm);
	json_put_slice(a, d, "subject", slice_sub(s->subject, 0, SUBJECT_BYTES));
	json_put_str(a, d, "severity", fact_severity_name(s->severity));
	json_put(a, d, "confidence", json_dec(a, (double)(int)(s->sure * 100 + 0.5) / 100));
	json_put(a, d, "why", why(a, s));
	json_put_str(a, next, "en", row->next_en);
	json_put_str(a, next, "ja", row->next_ja);
	json_put(a, d, "next", next);
	json_put_slice(a, d, "since", since);
	json_push(signs, json_str(a, slice_str(row->name)));
	json_put(a, d, "signs", signs);
	for (int i = 0; i < s->refs_n; i++)
		fact_ref(a, d, s->refs[i]);
	return d;
}
