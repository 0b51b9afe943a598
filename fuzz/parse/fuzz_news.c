/* Any bytes as a text about an incident; the first byte says what is known besides. */
#include "../fuzz.h"
#include "parse/parse.h"

/* A word of each class, and a gap. */
static const char lexicon[] =
    "item name = 氏名 | name\nitem card_number = カード番号 | card number\n"
    "group card = カード | cards\nattack ransomware = ランサム*ウェア | ransomware\n"
    "way vpn = VPN\nwho police = 警察 | police\nact known = 連絡を受け | notified\n"
    "act published = 発表した\nnot - = ありません | not\nneed required = 必須\n"
    "unit 件 = 件\nunit 名 = 名 | 人\nunit persons = persons\nsection leak = 対象\n"
    "section contact = 窓口\ncue leak = 漏えい | leaked\ncue future = 予定\n"
    "cue called = 連絡を受け\ncue recovered = 復旧\ncue brand = をかたる\n"
    "cue subject = 件名\ncue ask = 入力\ncue live = 時点\ncue run = 運営する\n"
    "cue service.after = サイト\ncue old = 旧\ndepartment - = 課\n"
    "attack phishing = フィッシング\ncue at-once = 直ちに\nattack - = 訓練\n"
    "attack tampering = 改ざん\nattack list-attack = リスト型\nact found = 判明 | discovered\n"
    "act mailed = 送信した\nact shop-closed = 閉鎖\ncue own = 気づい | discovered\n"
    "cue held = 保存され\ncue publish = 発表\ncue vendor.before = 委託する\n"
    "group customer = お客様\ngroup member = 会員登録された\nitem card_holder = 名義人\n"
    "need optional = 任意 | (optional\ncue no-count = employs\n";

/* Is every place well-formed text of the plain one? */
static bool places_whole(const struct json *out)
{
	struct slice text = json_text(out, "text");

	for (const struct json *list = out->first; list; list = list->next) {
		for (const struct json *f = list->kind == JSON_ARR ? list->first : NULL; f;
		     f = f->next) {
			const struct json *spans = json_get(f, "spans");

			for (const struct json *s = spans ? spans->first : NULL; s;
			     s = s->next) {
				size_t from = (size_t)json_num(s, "from", 0);
				size_t to = (size_t)json_num(s, "to", 0);

				if (from >= to || to > text.n ||
				    !slice_utf8_valid(slice_sub(text, from, to)))
					return false;
			}
		}
	}
	return true;
}

/* A text with itself: every fact is seen in both, and none is lost. */
static bool merges(struct arena *a, const struct json *out)
{
	const struct json *told[] = {out, out};
	const struct json *all = parse_news_merge(a, told, 2);
	struct buf text = {.max = 1u << 20};
	bool good = json_write(&text, all) && json_is_canonical(buf_slice(&text));

	for (const struct json *list = all->first; list; list = list->next)
		for (const struct json *f = list->kind == JSON_ARR ? list->first : NULL; f;
		     f = f->next)
			good &= json_num(f, "seen", 0) == 2;
	buf_done(&text);
	return good || a->broken;
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t n)
{
	struct parse_news want = {.lexicon = slice_str(lexicon),
	                          .watch = SLICE("ショーケース\nexample.com\n")};
	struct buf text = {.max = 1u << 20};
	struct slice in = slice_sub(slice_mem(at, n), 1, n);
	struct err e = {0};
	struct json *out;
	struct arena a;

	if (n < 1 || n > 65536)
		return 0;
	arena_init(&a, 64u << 20);
	if (at[0] & 1)
		want.published = SLICE("2022-11-21");
	if (at[0] & 2)
		want.watch = in;
	if (at[0] & 4)
		want.lexicon = in;
	want.plain = at[0] & 8;
	out = parse_news(&a, in, &want, &e);
	FUZZ_CHECK(out || e.text[0] || a.broken);
	FUZZ_CHECK(!out || (json_write(&text, out) && json_is_canonical(buf_slice(&text))));
	FUZZ_CHECK(!out || !want.plain || places_whole(out));
	FUZZ_CHECK(!out || merges(&a, out));
	buf_done(&text);
	arena_done(&a);
	return 0;
}
