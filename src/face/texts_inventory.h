/* The table of sentences: pages, what they run, and the vendor's question. See text.h. */
#ifndef HINOBAN_FACE_TEXTS_INVENTORY_H
#define HINOBAN_FACE_TEXTS_INVENTORY_H

/* clang-format off */
#define TEXTS_INVENTORY(X) \
	X(T_INV_EXAMPLES, \
	  "check [NAME]: visit the pages of [pages] in hinoban.conf now; no card is typed. --full: in all ways,\n" \
	  "with canary cards; --arm NAME (several times): in these. No money moves: the payment's requests are\n" \
	  "stopped in the browser. Exit code 1 if a visit could not be made as it should.\n" \
	  "list: the pages, and when they were last visited. show NAME: what was seen there last.\n" \
	  "record URL: draft a journey (hinoban.journey(5)) from a page's fields; record: show the one that\n" \
	  "comes with hinoban for this kind of shop.\n" \
	  "inventory: every script of the watched pages, and who authorised it, with owner and reason.\n" \
	  "authorise WHAT: an address without https:// and query, or a pattern (** crosses '/'). Without\n" \
	  "--hash and --structure its vendor may release: each release is then judged by what it does.\n" \
	  "--flow: card data may go there; --header, --frame, --form-target: the same for these. --class 3ds: a\n" \
	  "script of 3-D Secure. --all: every script that runs now and nobody authorised, as it is now.\n" \
	  "refuse WHAT: it must not run; found as long as it does.\n" \
	  "report --pci: inventory, authorisations, changes, visits, headers (PCI DSS 6.4.3 and 11.6.1) as\n" \
	  "HTML, or as PDF where the name ends in .pdf.\n" \
	  "policy: a Content-Security-Policy-Report-Only from the inventory; --snippet: for the web server,\n" \
	  "with the place where browsers send their reports.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban page check checkout --full\n" \
	  "  hinoban page inventory\n" \
	  "  hinoban page authorise 'cdn.vendor.com/**' --owner Sato --reason \"form assistance\" --vendor Vendor\n" \
	  "  hinoban page authorise shop.example/checkout/payment --flow --owner Sato --reason \"our payment\"\n" \
	  "  hinoban page refuse cdn.unknown.example/x.js --reason \"nobody knows it\"\n" \
	  "  hinoban page report --pci -o pages.pdf\n" \
	  "  hinoban page policy --snippet nginx > /etc/nginx/snippets/hinoban-csp.conf", \
	  "check [名前]: hinoban.conf の [pages] のページを今すぐ調べます。カード番号は入力しません。--full は\n" \
	  "おとりのカード番号も入力してすべての方法で、--arm 名前（繰り返し可）はその方法で調べます。支払いの\n" \
	  "通信はブラウザーの中で止めるので、お金は動きません。予定どおり調べられなければ終了コード 1 です。\n" \
	  "list: ページの一覧と最後に調べた時刻。show 名前: 最後に見えたもの。\n" \
	  "record URL: ページの入力欄からジャーニー（hinoban.journey(5)）の下書きを作ります。record だけなら、\n" \
	  "このショップの種類用に付属しているジャーニーを表示します。\n" \
	  "inventory: 監視しているページのスクリプト一覧です。承認した人・責任者・理由も表示します。\n" \
	  "authorise 対象: https:// とクエリを除いたURL、またはパターン（** は / をまたぐ）。--hash も\n" \
	  "--structure も付けなければ、提供元のリリースを認め、リリースごとに動作の内容で判断します。\n" \
	  "--flow: カード情報の送信先として認めます。--header・--frame・--form-target: それぞれについて認めます。\n" \
	  "--class 3ds: 3-Dセキュアのスクリプトです。--all: いま動いている未承認のものを、今の中身のまま\n" \
	  "すべて承認します。\n" \
	  "refuse 対象: 動いてはならないものです。動いている間は検知されます。\n" \
	  "report --pci: 一覧・承認・変更・巡回・ヘッダー（PCI DSS 6.4.3 と 11.6.1）を HTML で出力します。\n" \
	  "ファイル名が .pdf で終われば PDF になります。\n" \
	  "policy: 一覧から Content-Security-Policy-Report-Only を作ります。--snippet を付けると、ブラウザから\n" \
	  "の報告の受け口も含めた Web サーバーの設定になります。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban page check checkout --full\n" \
	  "  hinoban page inventory\n" \
	  "  hinoban page authorise 'cdn.vendor.com/**' --owner 佐藤 --reason \"入力支援\" --vendor ベンダー社\n" \
	  "  hinoban page authorise shop.example/checkout/payment --flow --owner 佐藤 --reason \"自社の決済\"\n" \
	  "  hinoban page refuse cdn.unknown.example/x.js --reason \"心当たりがない\"\n" \
	  "  hinoban page report --pci -o pages.pdf\n" \
	  "  hinoban page policy --snippet nginx > /etc/nginx/snippets/hinoban-csp.conf") \
	X(T_INV_VERB, \
	  "page: expected check, list, show, record, authorise, refuse, inventory, report or policy, not \"{1}\"", \
	  "page: check・list・show・record・authorise・refuse・inventory・report・policy のいずれかを指定してください（「{1}」は使えません）") \
	X(T_INV_SUBJECT, \
	  "page {1}: say what: an address, or --all", \
	  "page {1}: 対象のURL、または --all を指定してください") \
	X(T_INV_OWNER, \
	  "say who answers for it with --owner", \
	  "責任者を --owner で指定してください") \
	X(T_INV_CLASS, \
	  "--class: expected 3ds, not \"{1}\"", \
	  "--class: 3ds を指定してください（「{1}」は使えません）") \
	X(T_INV_HASH, \
	  "--hash: expected 64 hexadecimal digits", \
	  "--hash: 16進数64桁を指定してください") \
	X(T_INV_AUTHORISED, \
	  "Authorised: {1} (fact {2}). Findings that this settles: {3}.", \
	  "承認しました: {1}（記録 {2}）。解決した発見: {3}件。") \
	X(T_INV_REFUSED, \
	  "Refused: {1} (fact {2}).", \
	  "拒否しました: {1}（記録 {2}）。") \
	X(T_INV_NOTHING, \
	  "No page was visited yet.", \
	  "まだどのページも巡回していません。") \
	X(T_INV_ALL_DONE, \
	  "Everything that runs now was authorised before.", \
	  "いま動いているものは、すべて承認済みです。") \
	X(T_INV_HEAD, \
	  "{1}: {2} scripts, {3} not authorised", \
	  "{1}: スクリプト{2}個、うち未承認{3}個") \
	X(T_INV_GIVEN, \
	  "as it is", \
	  "現内容で承認") \
	X(T_INV_BY_RULE, \
	  "with releases", \
	  "更新も承認") \
	X(T_INV_EXEMPT, \
	  "3-D Secure", \
	  "3-Dセキュア") \
	X(T_INV_OUTDATED, \
	  "CHANGED", \
	  "変更あり") \
	X(T_INV_UNKNOWN, \
	  "NOT AUTHORISED", \
	  "未承認") \
	X(T_INV_IS_REFUSED, \
	  "REFUSED", \
	  "拒否") \
	X(T_INV_OWNED, \
	  "owner {1}; {2}", \
	  "責任者 {1}、{2}") \
	X(T_EXPOSURE_WHAT, \
	  "which pages loaded a vendor's script, when, in which versions", \
	  "あるベンダーのスクリプトを、どのページが、いつ、どの版で読み込んだかを答える") \
	X(T_EXPOSURE_EXAMPLES, \
	  "The question that comes with a vendor's call. --vendor: a host (the hosts below it count, too),\n" \
	  "a name given to `hinoban page authorise --vendor` or --owner, or the SHA-256 of a script. Each line\n" \
	  "names the visits that prove it; `hinoban proof SEQ` gives the proof. Exit code 1 if a page loaded it.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban exposure --vendor vendor.example --from 2026-07-19 --to 2026-07-29\n" \
	  "  hinoban exposure --vendor \"Vendor Inc.\" --json", \
	  "ベンダーから連絡を受けたときの問いに答えます。--vendor には、ホスト名（その下のホストも含む）、\n" \
	  "`hinoban page authorise` の --vendor や --owner に付けた名前、またはスクリプトの SHA-256 を指定します。\n" \
	  "各行には根拠となる巡回の番号が付き、`hinoban proof 番号` で証明を取り出せます。読み込んだページが\n" \
	  "あれば終了コードは 1 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban exposure --vendor vendor.example --from 2026-07-19 --to 2026-07-29\n" \
	  "  hinoban exposure --vendor \"ベンダー社\" --json") \
	X(T_EXPOSURE_WANTED, \
	  "say whose with --vendor HOST|NAME|HASH", \
	  "--vendor でホスト名・名前・ハッシュのいずれかを指定してください") \
	X(T_EXPOSURE_NONE, \
	  "No watched page loaded anything of {1} in that time ({2} pages, {3} visits recorded).", \
	  "その期間に {1} のスクリプトを読み込んだページはありません（記録: {2}ページ、巡回{3}回）。") \
	X(T_EXPOSURE_HEAD, \
	  "{1} of {2} watched pages loaded scripts of {3}:", \
	  "監視中の{2}ページのうち{1}ページが、{3} のスクリプトを読み込んでいます。") \
	X(T_EXPOSURE_PAGE, \
	  "{1}{2}", \
	  "{1}{2}") \
	X(T_EXPOSURE_CARD, \
	  "  asks for CARD DATA", \
	  "　カード情報を入力するページ") \
	X(T_EXPOSURE_PERSON, \
	  "  asks for personal data", \
	  "　個人情報を入力するページ") \
	X(T_EXPOSURE_PASSWORD, \
	  "  asks for a password", \
	  "　パスワードを入力するページ") \
	X(T_EXPOSURE_LOAD, \
	  "{1}  version {2}", \
	  "{1}　版 {2}") \
	X(T_EXPOSURE_SEEN, \
	  "seen {1} to {2}, {3} visits (facts {4} to {5})", \
	  "{1} ～ {2} に確認、巡回{3}回（記録 {4} ～ {5}）") \
	X(T_EXPOSURE_MAYBE, \
	  "possibly since {1}, until {2}", \
	  "可能性のある範囲: {1} ～ {2}") \
	X(T_EXPOSURE_UNSURE, \
	  "not certain in the time asked for: it lies between the visits that saw it and those that did not", \
	  "指定した期間については、あったかもしれません（確認できた巡回と、なくなっていた巡回との間の期間です）") \
	X(T_EXPOSURE_OPEN, \
	  "now", \
	  "現在") \
	X(T_EXPOSURE_START, \
	  "before the first visit", \
	  "最初の巡回より前") \
	X(T_EXPOSURE_BY, \
	  "loaded by {1}", \
	  "読み込み元: {1}") \
	X(T_EXPOSURE_COUNTS, \
	  "Counts in that time (`hinoban scope`):", \
	  "同じ期間の件数（`hinoban scope`）:") \
	X(T_EXPOSURE_NO_COUNTS, \
	  "How many orders went through is not counted yet: `hinoban scope` does that.", \
	  "注文件数はまだ集計されていません。`hinoban scope` で集計できます。") \
	X(T_INV_REPORT_PCI, \
	  "page report: --pci is the only report there is", \
	  "page report: 現在は --pci のみ指定できます") \
	X(T_INV_WROTE, \
	  "Written: {1}", \
	  "出力しました: {1}") \
	X(T_INV_NO_CHROMIUM, \
	  "PDF needs Chromium, which is not installed (Debian: apt-get install chromium); HTML works without.", \
	  "PDFの出力にはChromiumが必要です（Debian: apt-get install chromium）。HTMLなら不要です。") \
	X(T_INV_PDF_FAILED, \
	  "Chromium could not write {1}: {2}", \
	  "Chromiumで {1} を出力できませんでした: {2}") \
	X(T_F_PAGE_REPORTED, \
	  "visitors' browsers met {2} on page {1} ({3} reports)", \
	  "お客様のブラウザがページ {1} で {2} を検知しました（{3}件）") \
	X(T_F_PAGE_AUTHORISED, \
	  "{1} authorised {2}; owner {3}: {4}", \
	  "{1} が {2} を承認しました（責任者 {3}）: {4}") \
	X(T_F_PAGE_REFUSED, \
	  "{1} refused {2}: {3}", \
	  "{1} が {2} を拒否しました: {3}") \
	X(T_OPT_VENDOR, \
	  "a host, the name of a vendor, or the SHA-256 of a script", \
	  "ホスト名・ベンダー名・スクリプトのSHA-256") \
	X(T_OPT_OWNER, \
	  "who answers for it", \
	  "責任者") \
	X(T_OPT_CLASS, \
	  "3ds: a script of 3-D Secure", \
	  "3ds: 3-Dセキュアのスクリプト") \
	X(T_OPT_STRUCTURE, \
	  "only with this structural hash", \
	  "この構造ハッシュのものだけ") \
	X(T_OPT_PAGE, \
	  "only this page", \
	  "このページだけ") \
	X(T_OPT_FLOW, \
	  "a destination of card data", \
	  "カード情報の送信先") \
	X(T_OPT_HEADER, \
	  "a security header", \
	  "セキュリティヘッダー") \
	X(T_OPT_FRAME, \
	  "a frame", \
	  "埋め込みフレーム") \
	X(T_OPT_FORM_TARGET, \
	  "a form's target", \
	  "フォームの送信先") \
	X(T_OPT_PCI, \
	  "what an assessor of PCI DSS asks for", \
	  "PCI DSSの審査で求められる内容")
/* clang-format on */

#endif
