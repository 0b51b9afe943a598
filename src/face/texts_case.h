/* The table of sentences: cases, and what must be told of them. See text.h. */
#ifndef HINOBAN_FACE_TEXTS_CASE_H
#define HINOBAN_FACE_TEXTS_CASE_H

/* clang-format off */
#define TEXTS_CASE(X) \
	X(T_CASE_WHAT, \
	  "list the cases, show one, say what is known about it", \
	  "事案を一覧にする・詳しく見る・分かったことを記録する") \
	X(T_CASE_EXAMPLES, \
	  "A case is what belongs together: findings about the same thing, by the same hand or at the same\n" \
	  "time, since when each component was not as it should be, and what persons said. A trace of theft\n" \
	  "opens a case by itself: payment code altered, a program among uploads, a page that leaks. So does\n" \
	  "a call from outside. Without N all cases are listed; exit code 1 while one is open.\n" \
	  "\n" \
	  "  N join M       case M is taken up into case N        N add SEQ        a finding is\n" \
	  "  N split SEQ... these findings become a case          N assign WHO     who looks after it\n" \
	  "  N note TEXT    what became known                     N close          all is done\n" \
	  "  N dismiss      it was no incident: a person with a name says so, and why\n" \
	  "  N filed        a report was filed: --clock ID --receipt TEXT [--at TIME]\n" \
	  "  N uncount SEQ  clocks do not count from this start, and why\n" \
	  "\n" \
	  "What is said stays in the ledger, and nothing said before is changed by it.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban case\n" \
	  "  hinoban case 2\n" \
	  "  hinoban case open --call --from \"card company\" --at \"2026-11-20 10:30\" --reason \"cards misused\"\n" \
	  "  hinoban case 2 join 3 --reason \"the same script\"\n" \
	  "  hinoban case 2 dismiss --by \"Tanaka Hanako\" --reason \"our own test\"", \
	  "事案とは、同じ対象・同じ相手・同じ時間帯の発見など、一続きの出来事をまとめたものです。いつからいつまで\n" \
	  "何が正しくない状態だったか、誰が何を述べたかも含みます。盗み取りの跡（決済プログラムの改ざん、\n" \
	  "アップロード置き場のプログラム、情報を外へ送るページ）が見つかると自動で始まり、外部からの連絡でも\n" \
	  "始められます。番号なしで実行すると一覧を表示し、未完了の事案がある間は終了コードが 1 になります。\n" \
	  "\n" \
	  "  N join M        事案 M を事案 N にまとめる             N add SEQ     発見を加える\n" \
	  "  N split SEQ...  これらの発見を別の事案に分ける         N assign 担当  担当者を決める\n" \
	  "  N note 本文     分かったことを書き留める               N close       対応を終える\n" \
	  "  N dismiss       事故ではなかったとする（氏名と理由が必要）\n" \
	  "  N filed         報告を提出した（--clock ID --receipt 受付 [--at 時刻]）\n" \
	  "  N uncount SEQ   この起算点からは期限を数えない（氏名と理由が必要）\n" \
	  "\n" \
	  "述べた内容は台帳に残り、それより前の記録が書き換わることはありません。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban case\n" \
	  "  hinoban case 2\n" \
	  "  hinoban case open --call --from \"カード会社\" --at \"2026-11-20 10:30\" --reason \"不正利用の連絡\"\n" \
	  "  hinoban case 2 join 3 --reason \"同じスクリプトによるもの\"\n" \
	  "  hinoban case 2 dismiss --by \"田中 花子\" --reason \"自社の試験\"") \
	X(T_CLOCKS_WHAT, \
	  "what must be told to whom, until when", \
	  "誰にいつまでに何を知らせる必要があるか") \
	X(T_CLOCKS_EXAMPLES, \
	  "Each case starts the clocks that its kind asks for. They count from the earliest moment at which\n" \
	  "the operator knew, unless a person set it aside with a reason, and end only with a receipt:\n" \
	  "\n" \
	  "  hinoban case 2 filed --clock ppc-prompt --receipt \"No. 2022-123\"\n" \
	  "  hinoban case 2 uncount 1234 --reason \"the call was about another shop\"\n" \
	  "\n" \
	  "The rules are files, clocks/*.clocks beside the profiles and beside the config; see\n" \
	  "hinoban.clocks(5). Exit code 1 while a clock runs. This is no legal advice.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban clocks\n" \
	  "  hinoban clocks --all --json", \
	  "事案の性質に応じた期限が始まります。期限は、最初に把握した時点から数え（担当者が理由を付けて外した\n" \
	  "起算点は除きます）、提出の受付を記録したときだけ終わります。\n" \
	  "\n" \
	  "  hinoban case 2 filed --clock ppc-prompt --receipt \"受付番号 2022-123\"\n" \
	  "  hinoban case 2 uncount 1234 --reason \"別のショップについての連絡だった\"\n" \
	  "\n" \
	  "規則はファイル（プロファイルと設定ファイルの隣の clocks/*.clocks）で、hinoban.clocks(5) に\n" \
	  "説明があります。進行中の期限がある間は終了コードが 1 になります。これは法的助言ではありません。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban clocks\n" \
	  "  hinoban clocks --all --json") \
	X(T_CLOCKS_HEAD, \
	  "To be told:", \
	  "知らせる先と期限:") \
	X(T_CLOCKS_NONE, \
	  "no clock runs", \
	  "進行中の期限はありません") \
	X(T_CLOCKS_NO_ADVICE, \
	  "This is no legal advice: each rule names its source; ask a lawyer.", \
	  "これは法的助言ではありません。各規則の出典を確かめ、弁護士にご相談ください。") \
	X(T_CLOCK_RUNS, \
	  "runs", \
	  "進行中") \
	X(T_CLOCK_OVERDUE, \
	  "OVERDUE", \
	  "期限超過") \
	X(T_CLOCK_FILED, \
	  "filed", \
	  "提出済み") \
	X(T_CLOCK_STOPPED, \
	  "stopped", \
	  "対象外") \
	X(T_CLOCK_WAITS, \
	  "waits", \
	  "未開始") \
	X(T_CLOCK_UNTIL_DAY, \
	  "{1} ({2})", \
	  "{1}（{2}）") \
	X(T_CLOCK_FROM_DAY, \
	  " from {1}", \
	  " {1}以降") \
	X(T_CLOCK_UNTIL_TIME, \
	  "{1}", \
	  "{1}") \
	X(T_CLOCK_PROMPTLY, \
	  "promptly", \
	  "速やかに") \
	X(T_CLOCK_COLON, \
	  ": ", \
	  "　") \
	X(T_SUN, "Sun", "日") \
	X(T_MON, "Mon", "月") \
	X(T_TUE, "Tue", "火") \
	X(T_WED, "Wed", "水") \
	X(T_THU, "Thu", "木") \
	X(T_FRI, "Fri", "金") \
	X(T_SAT, "Sat", "土") \
	X(T_CLOCK_UNKNOWN, \
	  "case {1} has no clock '{2}'; `hinoban clocks --all` lists them", \
	  "事案 {1} に「{2}」という期限はありません。`hinoban clocks --all` で一覧を表示します") \
	X(T_CLOCK_WHICH, \
	  "which clock, and what receipt? --clock ID --receipt TEXT", \
	  "どの期限の、どの受付ですか。--clock ID --receipt 受付番号や日付") \
	X(T_CLOCK_NO_START, \
	  "case {1} has no start #{2}", \
	  "事案 {1} に起算点 #{2} はありません") \
	X(T_OPT_CLOCK, \
	  "which clock, by its id", \
	  "期限の識別名") \
	X(T_OPT_RECEIPT, \
	  "number or date of the filing", \
	  "受付番号、または提出日") \
	X(T_ALERT_WHAT, \
	  "see whom hinoban tells, and try it", \
	  "お知らせの送り先を見る・試す") \
	X(T_ALERT_EXAMPLES, \
	  "Mails, webhooks and syslog are set in [alert] of hinoban.conf(5). test sends a message that is\n" \
	  "only a test on all of them, and waits for the outcome. A message never holds personal data.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban alert\n" \
	  "  hinoban alert test", \
	  "メール・Webhook・syslog の送り先は hinoban.conf(5) の [alert] で設定します。test を付けると、\n" \
	  "すべての送り先に試験の通知を送り、結果を待ちます。通知に個人情報が含まれることはありません。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban alert\n" \
	  "  hinoban alert test") \
	X(T_ALERT_NONE, \
	  "nobody is told: [alert] in the settings names no mail, webhook or syslog", \
	  "送り先がありません。設定の [alert] に mail、webhook、syslog のいずれかを書いてください") \
	X(T_ALERT_NOT_LIVE, \
	  "hinoband does not run, and it is what tells people; start it first", \
	  "お知らせを送るのは hinoband です。先に起動してください") \
	X(T_ALERT_WORKS, \
	  "{1}: told (#{2})", \
	  "{1}: 届けました（#{2}）") \
	X(T_ALERT_FAILS, \
	  "{1}: {2} (#{3})", \
	  "{1}: {2}（#{3}）") \
	X(T_ALERT_SILENT, \
	  "{1}: no answer in time; was hinoband started with these settings?", \
	  "{1}: 時間内に結果が出ませんでした。hinoband はこの設定で起動していますか") \
	X(T_ALERT_LINE, \
	  "{1}  {2}  {3}", \
	  "{1}  {2}  {3}") \
	X(T_ALERT_NEVER, \
	  "nothing told yet", \
	  "まだ何も知らせていません") \
	X(T_ALERT_ARRIVES, \
	  "arrives", \
	  "届いています") \
	X(T_DO_ALERT, \
	  "Nobody is told of findings but who looks: set [alert] in hinoban.conf(5), then hinoban alert test", \
	  "発見があっても、画面を見るまで誰にも知らされません。hinoban.conf(5) の [alert] を設定し、hinoban alert test で試してください") \
	X(T_DO_ALERT_FAILED, \
	  "The last message did not arrive; hinoban alert test. Under systemd another machine is reached only with IPAddressAllow= (systemctl edit hinoban).", \
	  "最後のお知らせが届いていません。hinoban alert test で確かめてください。systemd では、外部へは IPAddressAllow=（systemctl edit hinoban）を設定しないと届きません。") \
	X(T_F_ALERT_BEGUN, \
	  "from here on {1} is told", \
	  "{1} へのお知らせを始めました") \
	X(T_F_ALERT_SENT, \
	  "{2} told by {1}", \
	  "{1} で {2} 件を知らせました") \
	X(T_F_ALERT_FAILED, \
	  "{1} could not be told ({2}), {3} times; it is tried again", \
	  "{1} で知らせることができません（{2}、{3} 回目）。送り直します") \
	X(T_F_ALERT_TEST, \
	  "{1} asked for a test message", \
	  "{1} がお知らせの試験をしました") \
	X(T_OPT_CALL, \
	  "somebody from outside called", \
	  "外部から連絡があった") \
	X(T_OPT_FROM, \
	  "from this time on", \
	  "この時刻から") \
	X(T_OPT_FROM_CASE, \
	  "who called", \
	  "連絡をくれた相手") \
	X(T_OPT_BY, \
	  "who says so, by name", \
	  "述べる人の氏名") \
	X(T_OPT_TRAIT, \
	  "what kind of case it is: wrongful, money, sensitive, eu ...; may be given several times", \
	  "事案の性質（wrongful, money, sensitive, eu など）。複数指定できます") \
	X(T_APPROVE_CASE, \
	  "case {1} is open; if it was no incident: hinoban case {1} dismiss --by NAME --reason TEXT", \
	  "事案 {1} は対応中のままです。事故ではなかったときは: hinoban case {1} dismiss --by 氏名 --reason 理由") \
	X(T_L_CASES, \
	  "cases open", \
	  "対応中の事案") \
	X(T_CASES_NONE, \
	  "no cases", \
	  "事案はありません") \
	X(T_CASE_NO_CASE, \
	  "there is no case {1}; `hinoban case` lists them", \
	  "事案 {1} はありません。`hinoban case` で一覧を表示します") \
	X(T_CASE_NO_VERB, \
	  "'{1}' is nothing that can be said of a case", \
	  "「{1}」という操作は事案にはありません") \
	X(T_CASE_VERB_WANTS, \
	  "{1} needs: {2}", \
	  "{1} には次が必要です: {2}") \
	X(T_CASE_NOT_OPEN, \
	  "case {1} is {2} already", \
	  "事案 {1} はすでに「{2}」です") \
	X(T_CASE_NAME_WANTED, \
	  "who says so? A case is dismissed by a person with a name: --by NAME", \
	  "どなたの判断でしょうか。事故ではなかったとするには氏名が必要です: --by 氏名") \
	X(T_CASE_CALL_FROM, \
	  "a call has a caller: --from WHO", \
	  "連絡をくれた相手を --from で指定してください") \
	X(T_CASE_BAD_TEXT, \
	  "'{1}': empty, too long, or not UTF-8", \
	  "「{1}」: 空か、長すぎるか、UTF-8 ではありません") \
	X(T_CASE_NOT_ITS, \
	  "finding #{1} does not belong to case {2}", \
	  "発見 #{1} は事案 {2} に含まれていません") \
	X(T_CASE_SAID, \
	  "recorded (#{1}); it is about case {2}", \
	  "記録しました（#{1}、事案 {2}）") \
	X(T_CASE_OPENED, \
	  "case {1} is open (#{2})", \
	  "事案 {1} を始めました（#{2}）") \
	X(T_CASE_HEAD, \
	  "Case {1}: {2}", \
	  "事案 {1}: {2}") \
	X(T_CASE_INTO, \
	  "  taken up into case {1}", \
	  "  事案 {1} にまとめられています") \
	X(T_CASE_KNOWN, \
	  "  known since  {1}  {2}", \
	  "  把握した時刻  {1}  {2}") \
	X(T_CASE_SET_ASIDE, \
	  "(does not count: #{1})", \
	  "（起算には使わない: #{1}）") \
	X(T_CASE_WHO, \
	  "  looked after by {1}", \
	  "  担当: {1}") \
	X(T_CASE_BY_FINDING, \
	  "by finding #{1}", \
	  "発見 #{1} による") \
	X(T_CASE_BY_CALL, \
	  "by a call from {2} (#{1})", \
	  "{2} からの連絡による（#{1}）") \
	X(T_CASE_BY_PERSON, \
	  "said by a person (#{1})", \
	  "担当者の申告による（#{1}）") \
	X(T_CASE_WINDOWS, \
	  "Exposed:", \
	  "正しくない状態だった期間:") \
	X(T_CASE_WINDOW_SINCE, \
	  "    began     {1}", \
	  "    開始  {1}") \
	X(T_CASE_BETWEEN, \
	  "between {1} and {2}", \
	  "{1} から {2} までの間") \
	X(T_CASE_AT_LATEST, \
	  "{1} at the latest; it may always have been so", \
	  "遅くとも {1}（それより前から続いていた可能性があります）") \
	X(T_CASE_WINDOW_END, \
	  "    ended     {1}  {2}", \
	  "    終了  {1}  {2}") \
	X(T_CASE_WINDOW_LASTS, \
	  "    still so", \
	  "    現在も続いています") \
	X(T_CASE_END_RESTORED, \
	  "as approved again", \
	  "承認された内容に戻りました") \
	X(T_CASE_END_HEALED, \
	  "put right by hinoban", \
	  "火の番が元に戻しました") \
	X(T_CASE_END_REMOVED, \
	  "gone", \
	  "なくなりました") \
	X(T_CASE_END_APPROVED, \
	  "approved by a person", \
	  "担当者が承認しました") \
	X(T_CASE_END_HELD, \
	  "contained", \
	  "封じ込めました") \
	X(T_CASE_FINDINGS, \
	  "Findings:", \
	  "発見:") \
	X(T_CASE_WORDS, \
	  "Said:", \
	  "記録された発言:") \
	X(T_CASE_STATE_OPEN, \
	  "open", \
	  "対応中") \
	X(T_CASE_STATE_CLOSED, \
	  "closed", \
	  "対応終了") \
	X(T_CASE_STATE_DISMISSED, \
	  "dismissed", \
	  "事故ではない") \
	X(T_CASE_STATE_JOINED, \
	  "joined", \
	  "統合済み") \
	X(T_F_CASE_OPENED, \
	  "{1} opened a case; caller: {2}: {3}", \
	  "{1} が事案を始めました（連絡元: {2}）: {3}") \
	X(T_F_CASE_JOINED, \
	  "{1} took case {2} (finding {3}) up into case {4}", \
	  "{1} が事案 {2}（発見 {3}）を事案 {4} にまとめました") \
	X(T_F_CASE_SPLIT, \
	  "{1} split findings {2} off case {3}: {4}", \
	  "{1} が発見 {2} を事案 {3} から分けました: {4}") \
	X(T_F_CASE_ASSIGNED, \
	  "{1} gave case {2} to {3}", \
	  "{1} が事案 {2} の担当を {3} に決めました") \
	X(T_F_CASE_NOTED, \
	  "{1} on case {2}: {3}", \
	  "{1} が事案 {2} に記しました: {3}") \
	X(T_F_CASE_CLOSED, \
	  "{1} closed case {2}: {3}", \
	  "{1} が事案 {2} の対応を終えました: {3}") \
	X(T_F_CASE_DISMISSED, \
	  "{1} dismissed case {2}: {3}", \
	  "{1} が事案 {2} を「事故ではない」と判断しました: {3}") \
	X(T_F_CASE_FILED, \
	  "{1} filed {2} for case {3}; receipt: {4}", \
	  "{1} が事案 {3} の {2} を提出しました（受付: {4}）") \
	X(T_F_CASE_CLOCK, \
	  "{1}: clocks of case {2} do not count from #{3}: {4}", \
	  "{1}: 事案 {2} の期限は #{3} から数えません: {4}")
/* clang-format on */

#endif
