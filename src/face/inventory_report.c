/*
 * hinoban page report --pci: what an assessor of PCI DSS 4.0.1 asks for, from the ledger: the
 * inventory of scripts with authorisation and justification (6.4.3), how their integrity is
 * assured, what changed, how often the pages were looked at, and the history of their security
 * headers (11.6.1). One HTML file that needs nothing else. For a shop that embeds its
 * provider's page (SAQ A) it is evidence for the eligibility line about attacks from scripts,
 * and says so.
 */
#include "base/path.h"
#include "face/child.h"
#include "face/inventory.h"
#include "face/report.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define REPORT_BYTES (64u << 20)
#define CHANGES_MAX  2000
#define HEADERS_MAX  500
#define FINDINGS_MAX 1000
#define PAGES_MAX    256
#define TOUCHES_MAX  2000

struct report {
	struct face *f;
	struct buf b;
	struct inventory v;
	bool ja;
	const char *page;              /* only this one, or NULL */
	int64_t rows;                  /* of the present table */
	char last[FACT_MAX_BYTES / 8]; /* header row before, to tell changes */
	uint64_t taps[PAGES_MAX][2];   /* pages whose newest taps are told: name, digest */
	size_t tapped;
};

static const char *say(const struct report *r, const char *en, const char *ja)
{
	return r->ja ? ja : en;
}

static void esc(struct report *r, struct slice s)
{
	struct buf safe = {.max = 4 * FACT_MAX_BYTES};

	text_safe(&safe, s);
	for (size_t i = 0; i < safe.n; i++) {
		switch (safe.at[i]) {
		case '<':
			buf_str(&r->b, "&lt;");
			break;
		case '>':
			buf_str(&r->b, "&gt;");
			break;
		case '&':
			buf_str(&r->b, "&amp;");
			break;
		case '"':
			buf_str(&r->b, "&quot;");
			break;
		default:
			buf_byte(&r->b, safe.at[i]);
		}
	}
	buf_done(&safe);
}

static void cell(struct report *r, struct slice s)
{
	buf_str(&r->b, "<td>");
	esc(r, s);
}

static void cell_time(struct report *r, int64_t us)
{
	char at[WHEN_TEXT_BYTES] = "";

	if (us && us != INT64_MIN && us != INT64_MAX)
		when_text(us, at);
	cell(r, slice_str(at));
}

static void cell_seq(struct report *r, int64_t seq)
{
	buf_printf(&r->b, "<td class=n>%lld", (long long)seq);
}

static void section(struct report *r, const char *en, const char *ja, const char *text_en,
                    const char *text_ja)
{
	buf_printf(&r->b, "<h2>%s</h2><p>%s</p>\n", say(r, en, ja), say(r, text_en, text_ja));
	r->rows = 0;
}

/* Names of columns, divided by '|'. */
static void table(struct report *r, const char *en, const char *ja)
{
	struct slice rest = slice_str(say(r, en, ja));

	buf_str(&r->b, "<table><tr>");
	while (rest.n) {
		size_t to = slice_chr(rest, '|');

		buf_str(&r->b, "<th>");
		buf_add(&r->b, slice_sub(rest, 0, to));
		rest = to == SIZE_MAX ? (struct slice){0} : slice_sub(rest, to + 1, rest.n);
	}
	buf_str(&r->b, "</tr>\n");
}

static void table_end(struct report *r)
{
	buf_str(&r->b, "</table>\n");
	if (r->rows == 0)
		buf_printf(&r->b, "<p>%s</p>\n", say(r, "None.", "該当なし。"));
}

static bool wanted(const struct report *r, struct slice page)
{
	return !r->page || slice_eq(page, slice_str(r->page));
}

/* ---- the inventory ---- */

static const char *status(const struct report *r, enum allowed_how how)
{
	static const char *const names[][2] = {
	    [ALLOWED_UNKNOWN] = {"not authorised", "未承認"},
	    [ALLOWED_REFUSED] = {"refused", "拒否"},
	    [ALLOWED_OUTDATED] = {"changed since authorisation", "承認後に変更"},
	    [ALLOWED_GIVEN] = {"authorised", "承認済み"},
	    [ALLOWED_BY_RULE] = {"authorised with releases", "更新も含め承認済み"},
	    [ALLOWED_EXEMPT] = {"3-D Secure, exempt", "3-Dセキュア（対象外）"},
	};

	return names[how][r->ja];
}

static const char *integrity(const struct report *r, const struct inventory_script *p)
{
	if (p->how == ALLOWED_EXEMPT)
		return say(r, "exempt", "対象外");
	if (p->word && p->word->hash[0])
		return say(r, "SHA-256 at each visit", "巡回ごとにSHA-256を照合");
	if (p->how == ALLOWED_BY_RULE)
		return say(r, "structure, content and card flow at each visit",
		           "巡回ごとに構造・処理内容・カード情報の送信先を照合");
	return say(r, "structural hash at each visit", "巡回ごとに構造ハッシュを照合");
}

static void inventory(struct report *r)
{
	section(
	    r, "1. Inventory and authorisation (6.4.3)", "1. スクリプト一覧と承認（6.4.3）",
	    "Every script that the newest visits saw, who authorised it, and why it is needed.",
	    "直近の巡回で確認したすべてのスクリプトと、承認者・必要な理由です。");
	table(r,
	      "Page|Script|Loaded by|SHA-256|Status|Owner|Reason|Authorised "
	      "by|When|Fact|Integrity",
	      "ページ|スクリプト|読み込み元|SHA-256|状態|責任者|理由|承認者|日時|記録番号|"
	      "完全性の確認方法");
	for (size_t i = 0; i < r->v.n; i++) {
		const struct inventory_script *p = &r->v.script[i];
		const struct allowed_word *w = p->word;

		if (!wanted(r, slice_str(p->page)))
			continue;
		r->rows++;
		buf_printf(&r->b, "<tr class=%s>", p->how < ALLOWED_GIVEN ? "open" : "good");
		cell(r, slice_str(p->page));
		cell(r, slice_str(p->url));
		cell(r, slice_str(p->by));
		cell(r, slice_str(p->hash));
		cell(r, slice_str(status(r, p->how)));
		cell(r, slice_str(w ? w->owner : ""));
		cell(r, slice_str(w ? w->reason : ""));
		cell(r, slice_str(w ? w->by : ""));
		cell_time(r, w ? w->at_us : 0);
		cell_seq(r, w ? w->seq : 0);
		cell(r, slice_str(integrity(r, p)));
		buf_str(&r->b, "</tr>\n");
	}
	table_end(r);
}

/* ---- changes ---- */

static int one_change(void *ctx, const struct ledger_load *l)
{
	struct report *r = ctx;

	if (!wanted(r, l->page) || r->rows >= CHANGES_MAX)
		return 0;
	r->rows++;
	buf_str(&r->b, "<tr>");
	cell(r, l->page);
	cell(r, l->arm);
	cell(r, l->url);
	cell(r, l->hash);
	cell_time(r, l->first_us);
	cell_time(r, l->last_us);
	buf_printf(&r->b, "<td class=n>%lld", (long long)l->visits);
	cell_seq(r, l->first_seq);
	cell_seq(r, l->last_seq);
	buf_str(&r->b, "</tr>\n");
	return 0;
}

static int changes(struct report *r)
{
	struct ledger_loads_query q = {.now = false};
	int code;

	section(
	    r, "2. Versions and changes (6.4.3, 11.6.1)", "2. 版と変更の履歴（6.4.3・11.6.1）",
	    "Each version of each script, from the first to the last visit that saw it. A new "
	    "line is an addition or a change; a script whose last visit lies back was removed "
	    "or changed then.",
	    "各スクリプトの版ごとに、最初と最後に確認した巡回を示します。新しい行は追加または変"
	    "更、最後の"
	    "確認が過去のものは、その時点で削除または変更されたことを表します。");
	table(r,
	      "Page|Way of visiting|Script|SHA-256|First seen|Last seen|Visits|First fact|Last "
	      "fact",
	      "ページ|巡回の方法|スクリプト|SHA-256|最初の確認|最後の確認|巡回数|最初の記録|"
	      "最後の記録");
	code = ledger_loads(r->f->ledger, &q, one_change, r);
	table_end(r);
	return code;
}

/* ---- how often ---- */

static int one_frequency(void *ctx, const struct ledger_visits *v)
{
	struct report *r = ctx;
	char gap[WHEN_TEXT_BYTES] = "", every[WHEN_TEXT_BYTES] = "";

	if (!wanted(r, v->page))
		return 0;
	r->rows++;
	if (v->longest_gap_us > 0)
		when_length(v->longest_gap_us, gap);
	if (v->good > 1)
		when_length((v->last_us - v->first_us) / (v->good - 1), every);
	buf_str(&r->b, "<tr>");
	cell(r, v->page);
	cell(r, v->arm);
	cell_time(r, v->first_us);
	cell_time(r, v->last_us);
	buf_printf(&r->b, "<td class=n>%lld<td class=n>%lld", (long long)v->good,
	           (long long)v->failed);
	cell(r, slice_str(every));
	cell(r, slice_str(gap));
	cell(r, slice_str(v->card                    ? say(r, "card data", "カード情報")
	                  : v->person || v->password ? say(r, "personal data", "個人情報")
	                                             : ""));
	buf_str(&r->b, "</tr>\n");
	return 0;
}

static int frequency(struct report *r)
{
	int code;

	section(r, "3. How often the pages were looked at (11.6.1)", "3. 巡回の頻度（11.6.1）",
	        "At least weekly is asked for, or as often as a targeted risk analysis says "
	        "(12.3.1). Visits are made in a real browser, as a customer makes them.",
	        "少なくとも週1回、またはリスク分析（12.3."
	        "1）で定めた頻度が求められます。巡回は、お客様と同じよ"
	        "うに実際のブラウザで行います。");
	table(r,
	      "Page|Way of visiting|First|Newest|Good visits|Failed|On average every|Longest "
	      "gap at a change|Asks for",
	      "ページ|巡回の方法|最初|最新|成功|失敗|平均間隔|変更時の最長間隔|入力項目");
	code = ledger_visits(r->f->ledger, one_frequency, r);
	table_end(r);
	return code;
}

/* ---- headers ---- */

static void one_header(struct report *r, const struct json *fact, const struct json *o)
{
	const struct json *list = json_get(o, "headers");

	for (const struct json *h = list ? list->first : NULL; h; h = h->next) {
		if (h->kind != JSON_STR || r->rows >= HEADERS_MAX)
			continue;
		r->rows++;
		buf_str(&r->b, "<tr>");
		cell(r, json_text(fact, "page"));
		cell_time(r, fact_at_us(fact));
		cell_seq(r, fact_seq(fact));
		cell(r, json_text(o, "url"));
		cell(r, h->name);
		cell(r, h->s);
		buf_str(&r->b, "</tr>\n");
	}
}

/* Only where they are not as in the record before of the same page and way. */
static int take_headers(void *ctx, int64_t seq, struct slice canonical)
{
	struct report *r = ctx;
	struct arena mem;
	const struct json *fact, *list;
	struct buf now = {.max = sizeof(r->last) - 1};

	(void)seq;
	arena_init(&mem, 16 * FACT_MAX_BYTES);
	fact = json_parse(&mem, arena_copy(&mem, canonical), NULL);
	list = json_get(fact, "headers");
	if (list && list->first && wanted(r, json_text(fact, "page"))) {
		buf_add(&now, json_text(fact, "page"));
		buf_byte(&now, ' ');
		buf_add(&now, json_text(fact, "arm"));
		json_write(&now, list);
		if (buf_ok(&now) && strcmp(buf_cstr(&now), r->last) != 0) {
			memcpy(r->last, buf_cstr(&now), now.n + 1);
			for (const struct json *o = list->first; o; o = o->next)
				one_header(r, fact, o);
		}
	}
	buf_done(&now);
	arena_done(&mem);
	return r->rows >= HEADERS_MAX;
}

static int headers(struct report *r)
{
	struct ledger_query q = {.type = SLICE("page.record"), .newest_first = true};
	int code;

	section(r, "4. Security headers, newest first (11.6.1)",
	        "4. セキュリティヘッダーの履歴（新しい順、11.6.1）",
	        "As the browser received them, wherever a record differs from the one before.",
	        "ブラウザが実際に受け取った内容で、前の記録と異なるものを示します。");
	table(r, "Page|When|Fact|Address|Header|Value", "ページ|日時|記録番号|URL|ヘッダー|値");
	code = ledger_each(r->f->ledger, &q, take_headers, r);
	table_end(r);
	return code < 0 ? code : 0;
}

/* ---- alerts ---- */

static int one_finding(void *ctx, const struct ledger_finding *fd)
{
	struct report *r = ctx;
	const struct json *fact;
	struct arena mem;

	if (!slice_starts(fd->type, SLICE("page.")) || r->rows >= FINDINGS_MAX)
		return 0;
	arena_init(&mem, 16 * FACT_MAX_BYTES);
	fact = json_parse(&mem, arena_copy(&mem, fd->body), NULL);
	if (wanted(r, json_text(fact, "page"))) {
		r->rows++;
		buf_str(&r->b, "<tr>");
		cell_time(r, fd->at_us);
		cell_seq(r, fd->seq);
		cell(r, json_text(fact, "page"));
		cell(r, slice_str(fact_severity_name(fd->severity)));
		cell(r, face_said(json_get(fact, "why")));
		cell(r, slice_str(ledger_finding_state_name(fd->state)));
		cell_seq(r, fd->closed_by);
		buf_str(&r->b, "</tr>\n");
	}
	arena_done(&mem);
	return 0;
}

static int alerts(struct report *r)
{
	int code;

	section(r, "5. Alerts, and what became of them (11.6.1)", "5. 検知と対応（11.6.1）",
	        "Additions, changes and removals that were told to the personnel.",
	        "担当者に通知した追加・変更・削除と、その後の扱いです。");
	table(r, "When|Fact|Page|Severity|What|State|Closed by fact",
	      "日時|記録番号|ページ|重要度|内容|状態|完了の記録");
	code = ledger_findings(r->f->ledger, false, true, 0, one_finding, r);
	table_end(r);
	return code;
}

/* ---- all of it ---- */

static void head(struct report *r)
{
	char at[WHEN_TEXT_BYTES], root[HASH_HEX_BYTES];
	struct ledger_head h = {0};

	when_exact(clock_now_us(), at);
	buf_printf(
	    &r->b,
	    "<!doctype html><html lang=%s><meta charset=utf-8><title>%s</title><style>"
	    "body{font:11px/1.5 sans-serif;margin:2em;color:#111}h1{font-size:18px}"
	    "h2{font-size:14px;margin-top:2em}table{border-collapse:collapse;width:100%%}"
	    "td,th{border:1px solid #bbb;padding:2px 4px;text-align:left;vertical-align:top;"
	    "overflow-wrap:anywhere}th{background:#eee}td.n{text-align:right}"
	    "tr.open td{background:#fff3e0}tr{break-inside:avoid}"
	    "@page{size:A4 landscape;margin:12mm}</style>\n<h1>%s</h1><p>%s</p>\n",
	    r->ja ? "ja" : "en",
	    say(r, "Payment pages: PCI DSS 4.0.1", "決済ページ: PCI DSS 4.0.1"),
	    say(r,
	        "Payment page scripts and headers: PCI DSS 4.0.1, requirements 6.4.3 and "
	        "11.6.1",
	        "決済ページのスクリプトとヘッダー: PCI DSS 4.0.1 要件 6.4.3・11.6.1"),
	    at);
	if (ledger_head(r->f->ledger, &h) == 0) {
		hash_hex(&h.root, root);
		buf_printf(&r->b, "<p>%s %lld, %s</p>\n",
		           say(r, "From the tamper-evident ledger; signed head of size",
		               "改ざん検知可能な台帳から作成。署名つき見出しの件数"),
		           (long long)h.size, root);
	}
	buf_printf(&r->b, "<p>%s</p>\n",
	           say(r,
	               "For a merchant that embeds its provider's payment page (SAQ A), this "
	               "is evidence for "
	               "the eligibility confirmation that the site is not susceptible to "
	               "attacks from scripts "
	               "(FAQ 1588), not for compliance with 6.4.3. Fact numbers can be proven "
	               "with `hinoban "
	               "proof`.",
	               "決済代行会社の画面を埋め込む加盟店（SAQ "
	               "A）では、6.4.3への準拠ではなく、スクリプトによる攻撃を"
	               "受けないことの確認（FAQ 1588）の裏付け資料になります。記録番号は "
	               "`hinoban proof` で証明できま"
	               "す。"));
}

static int save(struct face *f, const char *to, struct slice bytes)
{
	AUTO_FD fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);

	int r = fd < 0 ? -errno : path_write(fd, bytes);

	if (r < 0) {
		COMPLAIN(T_CANNOT_WRITE, to, strerror(-r));
		return EXIT_OURS;
	}
	SAY(T_INV_WROTE, to);
	(void)f;
	return EXIT_GOOD;
}

static int save_pdf(struct face *f, const char *to, struct slice html)
{
	struct buf pdf = {.max = REPORT_BYTES};
	struct err e = {""};
	int code;

	if (!child_exists("chromium")) {
		COMPLAIN(T_INV_NO_CHROMIUM);
		return EXIT_OURS;
	}
	if (report_pdf(html, &pdf, &e) < 0) {
		COMPLAIN(T_INV_PDF_FAILED, to, e.text);
		code = EXIT_OURS;
	} else {
		code = save(f, to, buf_slice(&pdf));
	}
	buf_done(&pdf);
	return code;
}

static int put(struct face *f, const struct buf *html)
{
	const char *to = args_text(&f->args, OPT_OUTPUT);

	if (to && slice_ends(slice_str(to), SLICE(".pdf")))
		return save_pdf(f, to, buf_slice(html));
	if (to)
		return save(f, to, buf_slice(html));
	fwrite(html->at, 1, html->n, stdout);
	return EXIT_GOOD;
}

/* ---- who touches the card ---- */

/* Is it of the newest record of its page, all of whose parts have the same digest? */
static bool newest_taps(struct report *r, const struct json *fact)
{
	uint64_t page = hash_table(json_text(fact, "page"));
	uint64_t digest = hash_table(json_text(fact, "digest"));

	for (size_t i = 0; i < r->tapped; i++)
		if (r->taps[i][0] == page)
			return r->taps[i][1] == digest;
	if (r->tapped == PAGES_MAX)
		return false;
	r->taps[r->tapped][0] = page;
	r->taps[r->tapped++][1] = digest;
	return true;
}

static int take_touches(void *ctx, int64_t seq, struct slice canonical)
{
	struct report *r = ctx;
	struct arena mem;
	const struct json *fact, *list;

	(void)seq;
	arena_init(&mem, 16 * FACT_MAX_BYTES);
	fact = json_parse(&mem, arena_copy(&mem, canonical), NULL);
	list = json_get(fact, "touches");
	if (slice_eq(json_text(fact, "arm"), SLICE("taps")) &&
	    wanted(r, json_text(fact, "page")) && newest_taps(r, fact))
		for (const struct json *o = list ? list->first : NULL; o; o = o->next) {
			r->rows++;
			buf_str(&r->b, "<tr>");
			cell(r, json_text(fact, "page"));
			cell(r, json_text(o, "script"));
			cell(r, json_text(o, "what"));
			cell_time(r, fact_at_us(fact));
			cell_seq(r, fact_seq(fact));
			buf_str(&r->b, "</tr>\n");
		}
	arena_done(&mem);
	return r->rows >= TOUCHES_MAX;
}

static int touches(struct report *r)
{
	struct ledger_query q = {.type = SLICE("page.record"), .newest_first = true};
	int code;

	section(
	    r, "6. Scripts that touch the card", "6. カード番号に触れるスクリプト",
	    "In visits of their own it is watched which scripts call which functions of the "
	    "browser with the typed card number. Not every call can be seen this way: what "
	    "does not stand here may touch the card all the same.",
	    "専用の巡回で、どのスクリプトがカード番号をブラウザのどの機能に渡すかを調べています"
	    "。この方法ですべての呼び出しが分かるわけではなく、ここにないものがカード番号に触れ"
	    "ないとは限りません。");
	table(r, "Page|Script|Function|When|Fact", "ページ|スクリプト|機能|日時|記録番号");
	code = ledger_each(r->f->ledger, &q, take_touches, r);
	table_end(r);
	return code < 0 ? code : 0;
}

static int write_report(struct report *r)
{
	int code;

	head(r);
	inventory(r);
	code = changes(r);
	if (code >= 0)
		code = frequency(r);
	if (code >= 0)
		code = headers(r);
	if (code >= 0)
		code = alerts(r);
	if (code >= 0)
		code = touches(r);
	buf_str(&r->b, "</html>\n");
	if (code >= 0 && !buf_ok(&r->b))
		code = -EFBIG;
	if (code < 0)
		COMPLAIN(T_LEDGER_FAULT, face_why(code));
	return code < 0 ? EXIT_OURS : EXIT_GOOD;
}

int inventory_report(struct face *f)
{
	static struct report r;
	int code;

	if (!args_has(&f->args, OPT_PCI)) {
		COMPLAIN(T_INV_REPORT_PCI);
		return EXIT_USE;
	}
	r = (struct report){.f = f,
	                    .b = {.max = REPORT_BYTES},
	                    .ja = text_lang() == LANG_JA,
	                    .page = args_text(&f->args, OPT_PAGE)};
	code = face_ledger(f);
	if (!code)
		code = inventory_take(f, &r.v);
	if (code)
		return code;
	code = write_report(&r);
	if (!code)
		code = put(f, &r.b);
	inventory_done(&r.v);
	buf_done(&r.b);
	return code;
}
