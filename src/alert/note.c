#include "alert/note.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct both {
	const char *name, *ja, *en;
};

static const struct both severities[] = {
    {"info", "参考", "info"},         {"low", "低", "low"},
    {"medium", "中", "medium"},       {"high", "高", "high"},
    {"critical", "重大", "critical"},
};

static const struct both types[] = {
    {"file.tampered", "ファイルの書き換え", "a file was altered"},
    {"file.planted", "見覚えのないプログラム", "an unknown program"},
    {"file.removed", "ファイルの消失", "a file is gone"},
    {"file.attributes", "権限や所有者の変更", "rights or owner changed"},
    {"upload.code", "アップロード置き場のプログラム", "a program among uploads"},
    {"file.hidden", "中身の見えないプログラム", "code that can't be looked at"},
    {"write.refused", "書き換えの試み（止めました）", "an attempt to write (refused)"},
    {"page.flow", "入力内容の外部への送信", "what is typed leaves the page"},
    {"page.opaque", "読み解けない送信", "something unreadable leaves the page"},
    {"page.form", "フォームの変更", "a form changed"},
    {"page.field", "入力欄の追加", "a field was added"},
    {"page.reader", "入力内容を読むスクリプト", "a script reads what is typed"},
    {"page.script", "スクリプトの変更", "a script changed"},
    {"page.header", "ページの保護の変更", "a page's protection changed"},
    {"page.blind", "ページを確認できません", "a page can't be checked"},
    {"news.vendor", "外部ニュースに取引先の名前", "a vendor of yours is in the news"},
};

__attribute__((format_arg(2), format_arg(3))) static const char *
say(const struct note *n, const char *ja, const char *en)
{
	return n->japanese ? ja : en;
}

static const char *severity_word(const struct note *n, enum fact_severity s)
{
	return say(n, severities[s].ja, severities[s].en);
}

static const char *type_word(const struct note *n, const char *type)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].name, type) == 0)
			return say(n, types[i].ja, types[i].en);
	}
	return say(n, "異常", "a problem");
}

/* The gravest first, tests and reminders after what happened, then by time. */
static int by_weight(const void *a, const void *b)
{
	const struct news_item *v = *(const struct news_item *const *)a;
	const struct news_item *w = *(const struct news_item *const *)b;

	if ((v->sort == NEWS_CLOCK) != (w->sort == NEWS_CLOCK))
		return v->sort == NEWS_CLOCK ? 1 : -1;
	if (v->severity != w->severity)
		return v->severity > w->severity ? -1 : 1;
	return v->seq < w->seq ? -1 : v->seq > w->seq;
}

void note_sort(struct note *n)
{
	if (n->items > 1)
		qsort(n->item, n->items, sizeof(n->item[0]), by_weight);
}

enum fact_severity note_severity(const struct note *n)
{
	enum fact_severity worst = SEV_INFO;

	for (size_t i = 0; i < n->items; i++)
		worst = n->item[i]->severity > worst ? n->item[i]->severity : worst;
	return worst;
}

static size_t count(const struct note *n, enum news_sort sort)
{
	size_t found = 0;

	for (size_t i = 0; i < n->items; i++)
		found += n->item[i]->sort == sort;
	return found;
}

/* "2026-11-25 10:30", local. */
static void put_time(struct buf *out, int64_t us)
{
	time_t t = (time_t)(us / 1000000);
	struct tm tm;
	char text[32] = "";

	if (localtime_r(&t, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm);
	buf_str(out, text);
}

static void put_due(const struct note *n, struct buf *out, const struct clock_view *v)
{
	static const char *const week[2][7] = {
	    {"日", "月", "火", "水", "木", "金", "土"},
	    {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}};
	char day[CLOCK_DAY_BYTES];

	if (v->due_day) {
		clock_day_text(v->due_day, day);
		buf_printf(out, say(n, "%s（%s）まで", "by %s (%s)"), day,
		           week[n->japanese ? 0 : 1][holiday_weekday(v->due_day)]);
	} else if (v->due_us) {
		buf_str(out, say(n, "", "by "));
		put_time(out, v->due_us);
		buf_str(out, say(n, " まで", ""));
	} else {
		buf_str(out, say(n, "速やかに", "promptly"));
	}
	if (v->state == CLOCK_OVERDUE)
		buf_str(out, say(n, "【期限を過ぎています】", " - OVERDUE"));
}

static void put_clock(const struct note *n, struct buf *out, const struct news_item *it)
{
	const struct clock_rule *r = it->clock.rule;
	struct slice to = n->japanese ? r->to : r->to_en;
	struct slice what = n->japanese ? r->what : r->what_en;

	buf_printf(out, say(n, "・事案 %lld: %.*s　%.*s　", "- case %lld: %.*s: %.*s, "),
	           (long long)it->number, SLICE_ARG(to), SLICE_ARG(what));
	put_due(n, out, &it->clock);
	buf_byte(out, '\n');
}

static void put_item(const struct note *n, struct buf *out, const struct news_item *it)
{
	buf_str(out, say(n, "・", "- "));
	put_time(out, it->at_us);
	if (it->sort == NEWS_TEST) {
		buf_str(out, say(n, " これは試験の通知です。異常ではありません。\n",
		                 " This is only a test. Nothing is wrong.\n"));
		return;
	}
	buf_printf(out, say(n, " [%s] ", " [%s] "), severity_word(n, it->severity));
	if (it->sort == NEWS_CASE)
		buf_str(out, say(n, "担当者が事案を始めました", "a person opened a case"));
	else
		buf_printf(out, say(n, "%s: %s（発見 #%lld）", "%s: %s (finding #%lld)"),
		           type_word(n, it->type), it->what, (long long)it->seq);
	if (it->number)
		buf_printf(out, say(n, "　事案 %lld", ", case %lld"), (long long)it->number);
	buf_byte(out, '\n');
}

static void put_list(const struct note *n, struct buf *out, bool clocks)
{
	size_t shown = 0, left = 0;

	for (size_t i = 0; i < n->items; i++) {
		if ((n->item[i]->sort == NEWS_CLOCK) != clocks)
			continue;
		if (shown == NOTE_SHOWN)
			left++;
		else if (clocks)
			put_clock(n, out, n->item[i]);
		else
			put_item(n, out, n->item[i]);
		shown += shown < NOTE_SHOWN;
	}
	if (!clocks)
		left += (size_t)n->more;
	if (left)
		buf_printf(out, say(n, "・ほか %zu 件\n", "- and %zu more\n"), left);
}

/* What to look at next: the case, or the findings. */
static void put_next(const struct note *n, struct buf *out)
{
	int64_t number = 0;

	for (size_t i = 0; i < n->items && !number; i++)
		number = n->item[i]->number;
	buf_str(out, say(n, "\n確認するには: ", "\nTo look at it: "));
	if (number)
		buf_printf(out, "hinoban case %lld\n", (long long)number);
	else
		buf_str(out, "hinoban findings\n");
}

void note_subject(const struct note *n, struct buf *out)
{
	size_t clocks = count(n, NEWS_CLOCK), tests = count(n, NEWS_TEST);
	size_t events = n->items - clocks - tests + (size_t)n->more;

	buf_str(out, say(n, "【火の番】", "[hinoban] "));
	if (events)
		buf_printf(out, say(n, "%s: %zu件の異常", "%s: %zu problem(s)"),
		           severity_word(n, note_severity(n)), events);
	else if (clocks)
		buf_printf(out,
		           say(n, "報告期限のお知らせ %zu件", "%zu reminder(s) of reports"),
		           clocks);
	else
		buf_str(out, say(n, "試験の通知", "test"));
	buf_printf(out, say(n, "（%s）", " (%s)"), n->host);
}

void note_text(const struct note *n, struct buf *out)
{
	size_t clocks = count(n, NEWS_CLOCK);

	buf_printf(out,
	           say(n, "%s の火の番からお知らせします。\n\n", "From hinoban on %s.\n\n"),
	           n->host);
	put_list(n, out, false);
	if (clocks) {
		if (clocks < n->items)
			buf_byte(out, '\n');
		buf_str(out, say(n, "知らせる先と期限:\n", "To be told:\n"));
		put_list(n, out, true);
		buf_str(out,
		        say(n, "（法的助言ではありません。出典は `hinoban clocks --json`）\n",
		            "(This is no legal advice; sources: `hinoban clocks --json`)\n"));
	}
	if (count(n, NEWS_TEST) < n->items)
		put_next(n, out);
}

/* ---- for programs ---- */

static void put_json_time(struct arena *a, struct json *o, const char *name, int64_t us)
{
	char text[CLOCK_TEXT_BYTES];

	clock_text(us, text);
	if (us)
		json_put_str(a, o, name, text);
}

static struct json *item_json(const struct note *n, struct arena *a, const struct news_item *it)
{
	static const char *const sorts[] = {"finding", "case", "clock", "test"};
	struct json *o = json_obj(a);

	(void)n;
	json_put_str(a, o, "sort", sorts[it->sort]);
	put_json_time(a, o, "at", it->at_us);
	json_put_str(a, o, "severity", fact_severity_name(it->severity));
	if (it->seq)
		json_put_int(a, o, "seq", it->seq);
	if (it->number)
		json_put_int(a, o, "case", it->number);
	if (it->sort == NEWS_FINDING) {
		json_put_str(a, o, "type", it->type);
		json_put_str(a, o, "what", it->what);
		json_put_str(a, o, "role", it->role);
	}
	if (it->sort == NEWS_CLOCK) {
		json_put_slice(a, o, "clock", it->clock.rule->id);
		json_put_str(a, o, "state", clock_state_name(it->clock.state));
		put_json_time(a, o, "due", it->clock.due_us);
	}
	return o;
}

struct json *note_json(const struct note *n, struct arena *a)
{
	struct json *o = json_obj(a), *list = json_arr(a);
	struct buf subject;

	buf_init(&subject, 4096);
	note_subject(n, &subject);
	json_put_slice(a, o, "subject", buf_slice(&subject));
	buf_done(&subject);
	json_put_str(a, o, "host", n->host);
	json_put_str(a, o, "severity", fact_severity_name(note_severity(n)));
	json_put_bool(a, o, "test", count(n, NEWS_TEST) == n->items);
	for (size_t i = 0; i < n->items && i < 5 * NOTE_SHOWN; i++)
		json_push(list, item_json(n, a, n->item[i]));
	json_put(a, o, "items", list);
	json_put_int(a, o, "more",
	             n->more +
	                 (n->items > 5 * NOTE_SHOWN ? (int64_t)n->items - 5 * NOTE_SHOWN : 0));
	return o;
}
