/* Sentences about pages: the command page, and what doctor says of Chromium. */
#ifndef HINOBAN_FACE_TEXTS_PAGE_H
#define HINOBAN_FACE_TEXTS_PAGE_H

/* clang-format off */
#define TEXTS_PAGE(X) \
	X(T_PAGE_WHAT, \
	  "visit the payment pages as a customer does: what they load, and may load", \
	  "決済ページをお客様と同じように開き、読み込まれるものを調べ、承認する") \
	X(T_OPT_ARM, \
	  "in this way: idle, decoy, a, a2, b, slow, direct, phone, search, returning", \
	  "調べる方法（idle, decoy, a, a2, b, slow, direct, phone, search, returning）") \
	X(T_PAGE_NONE, \
	  "no pages are watched: write watch = [\"NAME URL\"] into [pages] of {1}", \
	  "調べるページがありません。{1} の [pages] に watch = [\"名前 URL\"] と書いてください") \
	X(T_PAGE_UNKNOWN, \
	  "there is no page '{1}' in [pages]; `hinoban page list` shows them", \
	  "[pages] に「{1}」というページはありません。`hinoban page list` で一覧を表示します") \
	X(T_PAGE_BAD_ARM, \
	  "--arm: there is no way '{1}'; there are: idle decoy a a2 b slow direct phone search returning taps", \
	  "--arm: 「{1}」という方法はありません。idle decoy a a2 b slow direct phone search returning taps から選んでください") \
	X(T_PROGRESS_VISIT, \
	  "{1}: visiting ({2}), {3} of {4} made, {5} s", \
	  "{1}: 調べています（{2}）{4}件中{3}件が完了、{5}秒") \
	X(T_PAGE_CHECKED, \
	  "{1}  {2}  {3} s  as recorded in #{4}", \
	  "{1}  {2}  {3} 秒  記録 #{4} のとおりです") \
	X(T_PAGE_CHECKED_NEW, \
	  "{1}  {2}  {3} s  differs from before; recorded as #{4}", \
	  "{1}  {2}  {3} 秒  前回と違うところがあり、#{4} に記録しました") \
	X(T_PAGE_CHECKED_FIRST, \
	  "{1}  {2}  {3} s  first visit; recorded as #{4}", \
	  "{1}  {2}  {3} 秒  初めて調べ、#{4} に記録しました") \
	X(T_PAGE_CHECKED_NOT, \
	  "{1}  {2}  could not be visited as it should: {3}", \
	  "{1}  {2}  予定どおり調べられませんでした: {3}") \
	X(T_PAGE_FLOW, \
	  "    the card typed here goes to {1} ({2}); how it is written: {3}", \
	  "    ここで入力したカード番号は {1}（{2}）へ送られます。書き方: {3}") \
	X(T_PAGE_FLOW_NOT_READ, \
	  "not readable", \
	  "読み取れません") \
	X(T_PAGE_NO_ANSWER, \
	  "the visitor gave no answer for '{1}'", \
	  "「{1}」について、調べるプロセスから答えがありませんでした") \
	X(T_PAGE_ROUND_FAILED, \
	  "{1}: {2}", \
	  "{1}: {2}") \
	X(T_PAGE_LINE, \
	  "{1}  {2}  last visited {3}", \
	  "{1}  {2}  最後に調べた時刻 {3}") \
	X(T_PAGE_LINE_NOT, \
	  "{1}  {2}  last visited {3}, not as it should: {4}", \
	  "{1}  {2}  最後に調べた時刻 {3}（予定どおり調べられず: {4}）") \
	X(T_PAGE_LINE_NEVER, \
	  "{1}  {2}  not visited yet", \
	  "{1}  {2}  まだ調べていません") \
	X(T_PAGE_NO_RECORD, \
	  "'{1}' ({2}) has not been recorded yet", \
	  "「{1}」（{2}）の記録はまだありません") \
	X(T_PAGE_SHOWN, \
	  "{1} ({2}): #{3}, {4}", \
	  "{1}（{2}）: #{3}、{4}") \
	X(T_PAGE_H_STEPS, \
	  "Steps", \
	  "たどったページ") \
	X(T_PAGE_H_SCRIPTS, \
	  "Scripts", \
	  "スクリプト") \
	X(T_PAGE_H_FIELDS, \
	  "Fields", \
	  "入力欄") \
	X(T_PAGE_H_HEADERS, \
	  "Headers that bear on security", \
	  "安全に関わるヘッダー") \
	X(T_PAGE_H_REQUESTS, \
	  "Requests to others", \
	  "ほかのサイトへの通信") \
	X(T_PAGE_H_TOUCHES, \
	  "Who touches the card", \
	  "カード番号に触れるもの") \
	X(T_PAGE_H_CONTACTS, \
	  "Reached otherwise than by requests", \
	  "リクエスト以外で接触した相手") \
	X(T_PAGE_COVERED, \
	  "(covered)", \
	  "（何かに覆われています）") \
	X(T_PAGE_STOPPED, \
	  "(stopped)", \
	  "（止めました）") \
	X(T_PAGE_RECORD_NOT, \
	  "the page could not be looked at: {1}", \
	  "ページを調べられませんでした: {1}") \
	X(T_PAGE_RECORD_NO_FIELDS, \
	  "# No fields were found: write the steps that lead to the payment page first.\n", \
	  "# 入力欄が見つかりません。決済ページまでの手順から書いてください。\n") \
	X(T_PAGE_RECORD_NONE, \
	  "hinoban brings no journey for this kind of shop ({1}); `hinoban page record URL` drafts one", \
	  "この種類のショップ（{1}）のジャーニーは付属していません。`hinoban page record URL` で下書きを作れます") \
	X(T_PAGE_RECORD_KNOWN, \
	  "# Comes with hinoban for this kind of shop. In the settings: watch = [\"checkout https://shop.example/ {1}\"]\n" \
	  "# See with `hinoban page check --full` that every step is reached, before you rely on it.", \
	  "# この種類のショップ用に付属しているジャーニーです。設定には次のように書きます: watch = [\"checkout https://shop.example/ {1}\"]\n" \
	  "# お使いになる前に、すべての手順をたどれることを `hinoban page check --full` でお確かめください。") \
	X(T_PAGE_BAD_URL, \
	  "'{1}' is no address that begins with http:// or https://", \
	  "「{1}」は http:// か https:// で始まるアドレスではありません") \
	X(T_DO_CHROMIUM_MISSING, \
	  "Pages of [pages] can't be visited: apt-get install chromium.", \
	  "[pages] のページを調べられません: apt-get install chromium") \
	X(T_DO_CHROMIUM_OLD, \
	  "This Chromium is older than what the visitor was made for (120); upgrade it.", \
	  "この Chromium は古すぎます（120 以降が必要です）。更新してください。") \
	X(T_DO_JOURNEY, \
	  "hinoband does not start with it. hinoban.journey(5) says how it is written.", \
	  "このままでは hinoband が起動しません。書き方は hinoban.journey(5) をご覧ください。") \
	X(T_F_BROWSER_STARTED, \
	  "{1} began to visit pages", \
	  "{1} がページを調べ始めました") \
	X(T_F_BROWSER_DIED, \
	  "the browser that visits pages ended ({1}: {2})", \
	  "ページを調べるブラウザーが終了しました（{1}: {2}）") \
	X(T_F_PAGE_CONTENT, \
	  "page {1}: new {2}", \
	  "ページ {1}: 新しい {2}") \
	X(T_F_PAGE_RECORD, \
	  "page {1} ({2}) looks other than before", \
	  "ページ {1}（{2}）の様子が前と変わりました") \
	X(T_F_PAGE_CHECKED, \
	  "page {1} ({2}) visited; valid: {3}", \
	  "ページ {1}（{2}）を調べました（予定どおり: {3}）") \
	X(T_F_PAGE_TWINS, \
	  "page {1}: compared where the card goes", \
	  "ページ {1}: カード番号の行き先を比べました") \
	X(T_F_PAGE_ROUND, \
	  "page {1}: visited in these ways: {2}", \
	  "ページ {1}: 次の方法で調べました: {2}") \
	X(T_F_PAGE_ASKED, \
	  "{1} asked for page {2} to be visited", \
	  "{1} がページ {2} を調べるよう求めました")
/* clang-format on */

#endif
