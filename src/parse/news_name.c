/*
 * News: names as they are written: with a legal form in front or behind, in quotes, in English
 * as words with capitals. Who they are: news_who.c.
 */
#include "parse/news_name.h"

#define MAX_QUOTE 100 /* characters */

/* clang-format off */
const char *const news_name_forms[] = {
    "株式会社", "(株)", "有限会社", "合同会社", "公益財団法人", "一般財団法人",
    "公益社団法人", "一般社団法人", "学校法人", "医療法人社団", "医療法人財団",
    "社会医療法人", "医療法人", "社会福祉法人", "地方独立行政法人", "独立行政法人",
    "国立大学法人", "公立大学法人", "国立研究開発法人", "特定非営利活動法人", "NPO法人",
    "生活協同組合", "宗教法人", "税理士法人", "監査法人", NULL};
static const char *const forms_after[] = {
    "株式会社", "(株)", "有限会社", "合同会社", NULL};
const char *const news_name_bodies[] = {
    "大学", "病院", "医療センター", "センター", "クリニック", "高等学校", "高校",
    "教育委員会", "協会", "協同組合", "組合", "機構", "銀行", "信用金庫",
    "ホールディングス", "グループ", "研究所", "財団", "協議会", "公社", "生協", "学園",
    "専門学校", "商工会議所", "図書館", "博物館", "新聞社", "放送", "市", "町", "村", "県",
    "府", "区", "庁", "省", "商会", "工業", "製作所", "製菓", "食品", "電鉄", "保険",
    "証券", "書店", "社", "商店", "酒造", "鉄道", "電力", "電機", "電鉄", "自動車",
    "不動産", "建設", "運輸", "製薬", "化学", "農協", "漁協", "ガス", "水産", "物産", "信金",
    "交通", "印刷", NULL};
const char *const news_name_shops[] = {
    "公式オンラインショップ", "公式オンラインストア", "オンラインショップ",
    "オンラインストア", "オンラインショッピングサイト", "公式通販サイト", "公式ショップ",
    "ネットショップ", "ウェブショップ", "webショップ", "WEBショップ", "Webショップ",
    "通販サイト", "ECサイト", "ECショップ", "ストア", "お届けサイト", "オンライン",
    "Online Store", "Online Shop", NULL};
/* Words that begin a sentence and name news_name_nobody; also "this shop". */
const char *const news_name_nobody[] = {
    "同社", "当社", "弊社", "本件", "今回", "現在", "今後", "同日", "原因", "対象", "これ",
    "それ", "同サイト", "本サイト", "同店", "当店", "同院", "当院", "同大学", "本学",
    "同大", "当会", "同市", "本市", "当該", "問題", "被害", "犯人", "攻撃者", "第三者",
    "個人情報", "顧客", "影響", "詳細", "調査", "公表", "発表", "件名", "メール",
    "偽サイト", "フィッシング", "クレジットカード", "不正アクセス", "サイバー攻撃",
    "ランサムウェア", "旧システム", "新システム", "システム", "サーバー", "自社", "公式",
    "旧", "本", "同", "新", "ネット", "各", "複数", "一部", "運営", "大手", "国内", "また",
    "なお", "関係", "通販", "EC", "当機構", "同機構", "当センター", "同センター", "同病院",
    "本ストア", "同ストア", "当サイト", "ショップ", "運営会社", "委託先", "情報", "漏えい",
    "流出", "警察", "カード会社", "同校", "本校", "当組合", "同組合", "当法人", "同法人",
    "本人", "利用者", "会員", "対策", "外部", "オンライン", "オンライン通販", "インターネット",
    "インターネット通販", "自社", "直営", "病院", "会社", "メディア", "関係者", "担当者", "発表",
    "資料", "事業者", "業者", "専門家", "学校", "大学", "市", "県", "町", "村", "教員", "教諭",
    "情報処理推進機構", "IPA", "個人情報保護委員会", "マイページ", "会員ページ", "ログイン", "今般", "先般", "本日", "昨日", "昨年", "本年", "受付日時", "日時", "今日",
    "同年", "以下", "以上", "上記", "下記", "内訳", "概要", "経緯", "結果", "目的", "一方",
    "他方", "当時", "翌日", "当日", "同様", "全員", "全国", "県内", "市内", "町内", "府内",
    "事業", "県警", "府警", "道警", "警視庁", "警察庁", "本社", "支社", "他社", "各社", "新会社", NULL};
/* What the shop's word makes no name of: コンビニエンスストア, 和菓子ECサイト. */
const char *const news_name_kinds[] = {
    "コンビニエンスストア", "ドラッグストア", "チェーンストア", "アプリストア",
    "セレクトショップ", "アプリケーションストア", "スーパーストア", NULL};
const char *const news_name_plain_shops[] = {
    "通販サイト", "ECサイト", "ECショップ", "オンライン", "オンラインショッピングサイト", NULL};
/* clang-format on */

bool news_name_char(uint32_t c)
{
	return news_is_kanji(c) || news_is_katakana(c) || news_is_alnum(c) || c == 0x30fb ||
	       c == '&' || c == '-' || c == '.' || c == '\'' || c == '+';
}

bool news_name_is(const struct news *n, size_t from, size_t to, const char *const *words)
{
	for (; *words; words++)
		if (news_lit(n, from, *words) == to - from)
			return true;
	return false;
}

bool news_name_begins(const struct news *n, size_t i, const char *const *words)
{
	for (; *words; words++)
		if (news_lit(n, i, *words))
			return true;
	return false;
}

bool news_name_behind(const struct news *n, size_t i, const char *const *words)
{
	for (; *words; words++)
		if (news_lit_before(n, i, *words))
			return true;
	return false;
}

bool news_name_within(const struct news *n, size_t from, size_t to, const char *const *words)
{
	for (; from < to; from++)
		if (news_name_begins(n, from, words))
			return true;
	return false;
}

/* 当協会, 弊社, 同病院; 当社グループ, NTT西側 */
static bool ours(const struct news *n, size_t from, size_t to)
{
	static const char *const begins[] = {"当", "弊", "貴", "同", "各", "御", NULL};
	static const char *const companies[] = {"当社", "弊社", "同社", "貴社", "自社", NULL};

	return (to - from <= 5 && news_name_begins(n, from, begins)) ||
	       news_name_begins(n, from, companies) || news_lit_before(n, to, "側");
}

/* 今回の..., but not ネットミドリ: a word in katakana goes on as long as that does. */
static bool begins_with_nobody(const struct news *n, size_t i)
{
	for (const char *const *word = news_name_nobody; *word; word++) {
		size_t len = news_lit(n, i, *word);
		if (len && !(news_is_katakana(news_c(n, i + len - 1)) &&
		             news_is_katakana(news_c(n, i + len))))
			return true;
	}
	return false;
}

bool news_name_of_nobody(const struct news *n, size_t from, size_t to)
{
	if (news_name_is(n, from, to, news_name_nobody) || ours(n, from, to))
		return true;
	/* 新潟市, 情報処理推進機構: a body may begin with such a word. */
	return !news_name_ends(n, from, to, news_name_bodies) && begins_with_nobody(n, from);
}

size_t news_name_ends(const struct news *n, size_t from, size_t to, const char *const *words)
{
	size_t best = 0;

	for (; *words; words++) {
		size_t len = news_lit_before(n, to, *words);
		if (len > best && len < to - from)
			best = len;
	}
	return best;
}

static bool has_digit_first(const struct news *n, size_t i)
{
	return news_c(n, i) >= '0' && news_c(n, i) <= '9';
}

/* Is it a part of a name that is found already, by its legal form? */
static bool within_name(const struct news *n, size_t from, size_t to)
{
	const struct news_mark *m =
	    news_first(n, N_NAME, to > NEWS_NAME_MAX ? to - NEWS_NAME_MAX : 0, to + 1);

	for (; m && m->from < to; m = news_next(n, m, to + 1))
		if (m->to > from)
			return true;
	return false;
}

/* What stands before is hiragana and no particle: the name begins further on the left. */
bool news_name_torn(const struct news *n, size_t from)
{
	static const char *const particles[] = {"の", "は", "が", "と", "や", "で", "に",
	                                        "を", "も", "へ", "な", "た", "る", NULL},
	                         *const verbs[] = {"う", "む", NULL};

	if (from > 1 && news_name_begins(n, from - 1, verbs) &&
	    news_is_kanji(news_c(n, from - 2)))
		return false; /* "運営を行うX" */
	return from > 0 && news_is_hiragana(news_c(n, from - 1)) &&
	       !news_name_begins(n, from - 1, particles);
}

/* "損害保険3社": so many of a kind. */
static bool how_many(const struct news *n, size_t to)
{
	static const char *const units[] = {"社", "校", "市", "県", "院", "人", NULL};

	return to > 2 && news_name_behind(n, to, units) && news_is_digit(news_c(n, to - 2));
}

/*
 * Could this be a name, though no legal form says so? Not what ends with a word for data,
 * persons, attacks; nobody's.
 */
bool news_name_may(const struct news *n, size_t from, size_t to)
{
	static const enum news_class common[] = {N_ITEM, N_GROUP, N_ATTACK,  N_WAY,  N_WHO,
	                                         N_ACT,  N_NEED,  N_SECTION, N_DATE, N_COUNT};
	static const char *const things[] = {
	    "サービス", "サイト", "システム", "サーバー", "サーバ",     "調査",   "結果",
	    "情報",     "内容",   "件数",     "期間",     "原因",       "事案",   "事件",
	    "被害",     "流出",   "漏えい",   "会社",     "業者",       "事業者", "教員",
	    "教諭",     "者",     "員",       "メール",   "アカウント", "メモリ", "メモリー",
	    "データ",   "問題",   "攻撃",     "機関",     "メディア",   "時点",   "画面",
	    "ページ",   "アプリ", "一部",     "学校長",   "送信",       "発送",   "配信",
	    "開催",     "掲載",   "閉鎖",     "発生",     "公開",       "検知",   "発覚",
	    "判明",     "漏洩",   "紛失",     "受注",     "発注",       "出荷",   "配送",
	    "販売",     "予約",   "診療",     "外来",     "手術",       "営業",   NULL};
	static const char *const menus[] = {
	    "Home",   "HOME",   "TOP",      "Top",      "NEWS",           "News", "PDF",
	    "ホーム", "トップ", "ニュース", "お知らせ", "プレスリリース", NULL};

	if (to < from + 2 || to - from > 24 || news_name_torn(n, from) ||
	    has_digit_first(n, from) || within_name(n, from, to) || how_many(n, to) ||
	    news_name_of_nobody(n, from, to) || news_name_form(n, from, news_name_forms) ||
	    news_name_is(n, from, to, things) || news_name_is(n, from, to, menus) ||
	    news_name_ends(n, from, to, things) || news_name_ends(n, from, to, news_name_shops))
		return false;
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
		const struct news_mark *m = news_first(n, common[i], from, to);
		for (; m; m = news_next(n, m, to))
			if (m->to == to || m->to - m->from + 1 >= to - from)
				return false;
	}
	return true;
}

void news_quotes(struct news *n)
{
	static const struct {
		uint32_t open, close;
	} pairs[] = {{0x300c, 0x300d}, {0x300e, 0x300f}, {'"', '"'}};

	for (size_t i = 0; i < n->n; i++) {
		for (size_t p = 0; p < sizeof(pairs) / sizeof(pairs[0]); p++) {
			size_t to = i + 1;
			if (n->at[i].c != pairs[p].open)
				continue;
			while (to < n->n && to - i < MAX_QUOTE &&
			       n->at[to].c != pairs[p].close && n->at[to].c != '\n')
				to++;
			if (news_c(n, to) != pairs[p].close || to == i + 1)
				continue;
			news_mark_add(n, N_QUOTE, i + 1, to);
			if (p == 2)
				i = to;
		}
	}
}

/* --- names ------------------------------------------------------------------------ */

/* Behind a particle: does the name go on to where a name may end, with no thing in it? */
static bool goes_on(const struct news *n, size_t at)
{
	static const char *const ends[] = {"は", "が", "(", "」", "\n", "、", NULL};
	static const enum news_class things[] = {N_ITEM, N_GROUP, N_ATTACK, N_WAY,  N_WHO,
	                                         N_ACT,  N_CUE,   N_UNIT,   N_COUNT};
	static const char *const matters[] = {
	    "対応", "経緯", "件",   "方",   "場合", "社員", "説明", "責任", "調査",
	    "報告", "発表", "見解", "判断", "概要", "結果", "担当", "代表", "社長",
	    "広報", "本社", "子会", "親会", "関係", "製品", "商品", "店舗", "提供",
	    "運営", "委託", "従業", "通販", "公式", "一部", "技術", "開発", "工場",
	    "業務", "事業", "役員", "株",   NULL};
	size_t end = at;

	if (news_name_begins(n, at, matters))
		return false;
	if (news_is_hiragana(news_c(n, end)) && !news_lit(n, end, "お") &&
	    !news_lit(n, end, "ご"))
		end++;
	while (news_is_kanji(news_c(n, end)) || news_is_katakana(news_c(n, end)))
		end++;
	if (end < at + 1 + news_is_hiragana(news_c(n, at)) || end > at + 9 ||
	    (end < n->n && !news_name_begins(n, end, ends)))
		return false;
	for (size_t i = 0; i < sizeof(things) / sizeof(things[0]); i++)
		if (news_first(n, things[i], at, end))
			return false;
	return true;
}

/*
 * A run of hiragana within a name (みやぎ産業, かに道楽): its end, or 0 where it is no part of
 * the name but a particle or a word between.
 */
static size_t kana_run(const struct news *n, size_t begin, size_t at)
{
	static const char *const between[] = {"および", "など", "さん",   "より",   "から",
	                                      "まで",   "ほか", "ならび", "または", "による",
	                                      "あて",   "へ",   "や",     NULL};
	static const char *const particles[] = {"は", "が", "を", "に", "で",
	                                        "と", "も", "の", NULL};
	size_t end = at;

	if (at > begin && news_name_begins(n, at, between))
		return 0;
	for (; news_is_hiragana(news_c(n, end)); end++)
		if (end - begin >= 2 && news_name_begins(n, end, particles) &&
		    !((news_lit(n, end, "の") || news_lit(n, end, "が") ||
		       news_lit(n, end, "と")) && /* みなと文具 */
		      goes_on(n, end + 1)))
			break;
	if (end == at)
		return 0;
	return at == begin || news_name_char(news_c(n, end)) ? end : 0;
}

/* A name from i on: up to a particle or a sign. Latin words may stand apart by a blank. */
static size_t name_after(const struct news *n, size_t i)
{
	size_t at = i;

	if (news_is_space(news_c(n, at)) &&
	    (news_is_alnum(news_c(n, at + 1)) || news_is_cjk(news_c(n, at + 1))))
		at++;
	for (size_t begin = at; at < n->n && at - begin < NEWS_NAME_MAX; at++) {
		uint32_t c = news_c(n, at);
		size_t run = news_is_hiragana(c) ? kana_run(n, begin, at) : 0;
		if (run) {
			at = run - 1;
			continue;
		}
		if (news_name_char(c))
			continue;
		if (news_is_space(c) && at > begin && news_is_alnum(news_c(n, at - 1)) &&
		    news_is_alnum(news_c(n, at + 1)))
			continue;
		break;
	}
	return at;
}

/*
 * さいたま市, ゆうちょ銀行, つるぎ町: hiragana in front of the word for what kind of body it
 * is, from where a word may begin. Where the run begins, or `at`.
 */
static size_t kana_before(const struct news *n, size_t at, size_t i)
{
	static const char *const no_name[] = {"また",   "なお", "ただ", "など", "から", "より",
	                                      "まで",   "ほか", "さら", "この", "その", "どの",
	                                      "わたし", "すべ", "これ", "それ", "いず", "ある",
	                                      "いう",   "した", "いる", "する", NULL};
	static const char *const ends[] = {"は", "が", "を", "に", "で", "と", "も",
	                                   "の", "へ", "や", "る", "た", "い", "れ",
	                                   "く", "し", "ら", "て", "な", NULL};
	size_t from = at;
	uint32_t before;

	while (from > 0 && at - from < 8 && news_is_hiragana(news_c(n, from - 1)))
		from--;
	before = from ? news_c(n, from - 1) : '\n';
	if (at < from + 2 || news_name_begins(n, from, no_name) ||
	    news_name_begins(n, at - 1, ends) || !news_name_ends(n, from, i, news_name_bodies))
		return at;
	return before == '\n' || before == 0x3001 || before == 0x300c || before == '(' ||
	               before == 0x3010 || before == 0x3011 || before == 0x3002 ||
	               news_is_space(before) || before == 0x770c || before == 0x7acb
	           ? from
	           : at;
}

size_t news_name_before(const struct news *n, size_t i)
{
	size_t at = i;

	while (at > 0 && i - at < NEWS_NAME_MAX) {
		uint32_t c = news_c(n, at - 1);
		if (!news_name_char(c) &&
		    !(news_is_space(c) && at < i && news_is_alnum(news_c(n, at)) && at > 1 &&
		      news_is_alnum(news_c(n, at - 2))))
			break;
		at--;
	}
	if (at < i && news_lit_before(n, at, "がん") && at > 2 && /* 県立がんセンター */
	    news_is_kanji(news_c(n, at - 3)))
		for (at -= 2; at > 0 && news_is_kanji(news_c(n, at - 1)); at--)
			;
	if (at < i && kana_before(n, at, i) < at) {
		at = kana_before(n, at, i);
		while (at > 0 && i - at < NEWS_NAME_MAX && news_is_kanji(news_c(n, at - 1)))
			at--; /* 町立こもれび病院 */
	}
	while (at < i &&
	       (news_c(n, at) == 0x30fb || news_c(n, at) == '-' || news_c(n, at) == '.'))
		at++;
	return at;
}

size_t news_name_form(const struct news *n, size_t i, const char *const *forms)
{
	for (; *forms; forms++) {
		size_t len = news_lit(n, i, *forms);
		if (len)
			return len;
	}
	return 0;
}

/* "(株式会社X提供)": what X does is no part of its name. */
static size_t trim_role(const struct news *n, size_t from, size_t to)
{
	static const char *const roles[] = {"提供", "運営", "開発", "製作", "制作", "側", NULL};

	for (size_t k = 0; roles[k]; k++) {
		size_t len = news_lit_before(n, to, roles[k]);
		if (len && to - from > len + 1)
			return to - len;
	}
	return to;
}

/* A dangling sign does not belong to the name. */
static size_t trim_end(const struct news *n, size_t from, size_t to)
{
	while (to > from && (news_c(n, to - 1) == 0x30fb || news_c(n, to - 1) == '-' ||
	                     news_c(n, to - 1) == '.' || news_c(n, to - 1) == '\''))
		to--;
	return to;
}

static bool only_number(const struct news *n, size_t from, size_t to)
{
	while (from < to && (news_is_digit(news_c(n, from)) || news_c(n, from) == '.'))
		from++;
	return from == to;
}

/* "医療法人みどり会 川面病院" in a line of its own: the body, and the house that it runs. */
static size_t with_house(const struct news *n, size_t from, size_t to)
{
	static const char *const houses[] = {"病院", "センター", "クリニック",
	                                     "大学", "学園",     "高等学校",
	                                     "学校", "研究所",   NULL};
	size_t begin = news_skip_space(n, to), end = begin;

	while (news_name_char(news_c(n, end)))
		end++;
	return begin > to && (from == 0 || news_c(n, from - 1) == '\n') &&
	               (end >= n->n || news_c(n, end) == '\n') &&
	               news_name_ends(n, begin, end, houses)
	           ? end
	           : to;
}

/* Returns the end of a name with a legal form at i, or 0. */
static size_t put_formed(struct news *n, size_t i)
{
	/* "決済サービス会社株式会社X" */
	static const char *const kinds[] = {"会社", "業者", "事業者", "委託先", "先", NULL};
	size_t len = news_name_form(n, i, news_name_forms), to, from;

	if (!len)
		return 0;
	to = trim_role(n, i + len, trim_end(n, i + len, name_after(n, i + len)));
	from = news_name_before(n, i);
	while (from < i && (news_is_digit(news_c(n, from)) || news_c(n, from) == '.') &&
	       only_number(n, from, i))
		from++; /* "3.株式会社X": the number of a heading */
	if (news_name_form(n, i, forms_after) && from < i &&
	    !news_name_ends(n, from, i, kinds) && !news_name_is(n, from, i, news_name_nobody)) {
		news_mark_add(n, N_NAME, from, i + len); /* X株式会社 */
		return i + len;
	}
	if (news_lit_before(n, to, "提供") && to > i + len + 3)
		to -= 2; /* "(株式会社X提供)" */
	to = with_house(n, i, to);
	if (to < i + len + 1 || (to == i + len + 1 && news_is_hiragana(news_c(n, i + len))))
		return 0; /* "公立大学法人は" */
	news_mark_add(n, N_NAME, i, to);
	return to;
}

void news_names(struct news *n)
{
	for (size_t i = 0; i < n->n; i++) {
		size_t end = put_formed(n, i);
		if (end > i)
			i = end - 1;
	}
	if (n->latin)
		news_english_names(n);
}
