/* The table of sentences: reading texts about incidents, documents, the digest. See text.h. */
#ifndef HINOBAN_FACE_TEXTS_NEWS_H
#define HINOBAN_FACE_TEXTS_NEWS_H

/* clang-format off */
#define TEXTS_NEWS(X) \
	X(T_READ_WHAT, \
	  "what a text about an incident says", \
	  "事案を伝える文章から事実を読み取る") \
	X(T_READ_EXAMPLES, \
	  "Reads notices, news and digests, Japanese or English, plain text or HTML, in a sealed process,\n" \
	  "and prints what they say as facts, each with the place that says so (bytes from-to). Several\n" \
	  "files are texts on one incident and become one; \"seen\" tells how many say the same. What is\n" \
	  "unsure is left out. Names of the settings' [news] and of --names are told wherever they stand;\n" \
	  "exit code 1 if there is one.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban read notice.txt\n" \
	  "  hinoban read - --published 2022-11-21 < news.html\n" \
	  "  hinoban read first.txt second.txt --json", \
	  "お知らせ・記事・週報（日本語または英語、テキストまたは HTML）を封じ込めたプロセスで読み、書かれている\n" \
	  "事実を、その箇所（バイト位置）とともに示します。複数のファイルは同じ事案の文章とみなしてまとめ、同じことを\n" \
	  "述べた文章の数を seen に示します。確かでないものは示しません。設定の [news] と --names に挙げた名前は、\n" \
	  "どこに現れても必ず示し、その場合の終了コードは 1 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban read notice.txt\n" \
	  "  hinoban read - --published 2022-11-21 < news.html\n" \
	  "  hinoban read first.txt second.txt --json") \
	X(T_OPT_PUBLISHED, \
	  "the day on which the text was published (YYYY-MM-DD)", \
	  "文章が公表された日（YYYY-MM-DD）") \
	X(T_OPT_NAMES, \
	  "names to be told wherever they stand, one a line", \
	  "どこに現れても必ず示す名前の一覧（1行に1つ）") \
	X(T_READ_CANNOT, \
	  "cannot read {1}: {2}", \
	  "{1} を読めません: {2}") \
	X(T_READ_LEXICON, \
	  "no lexicons in {1}: {2}", \
	  "{1} に辞書がありません: {2}") \
	X(T_READ_NOTHING, \
	  "nothing that hinoban is sure of", \
	  "確かに読み取れる事実はありませんでした") \
	X(T_READ_PUBLISHED, \
	  "published: {1}", \
	  "公表日: {1}") \
	X(T_READ_SEEN, \
	  "seen in {1} of {2} texts", \
	  "{2} 件中 {1} 件の文章に記載") \
	X(T_REPORT_WHAT, \
	  "write a document about a case, or check one", \
	  "事案の文書を作成する・照合する") \
	X(T_REPORT_EXAMPLES, \
	  "Without --form: the forms, and the fields that a person can fill in. Each field of a document is\n" \
	  "a value that facts say, or \"unknown at\" the time; what a form needs and is unknown is listed first\n" \
	  "(exit code 1). Writing a document is a fact with its hash. --set fills in fields; the newest counts.\n" \
	  "--check reads a finished document (HTML, Markdown, text) and shows every day, count and item that\n" \
	  "the case does not have (exit code 1). Templates: NAME.ja.mustache, NAME.en.mustache in the folder\n" \
	  "templates beside the config file, else the installed ones. No legal advice.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban report --case 1 --set event.forensics-started=2022-08-30 --set cause=\"...\"\n" \
	  "  hinoban report --case 1 --form ppc-preliminary --lang ja --format html -o report.html\n" \
	  "  hinoban report --case 1 --check report.html", \
	  "--form がなければ、様式と、人が記入できる項目を示します。文書の各項目は、事実に基づく値か「不明（いつ現在）」\n" \
	  "のどちらかで、様式に必要なのに不明な項目は最初に示します（終了コード 1）。文書の作成は、ハッシュとともに\n" \
	  "台帳に記録します。--set で項目を記入でき、最も新しいものを使います。--check は完成した文書（HTML・\n" \
	  "Markdown・テキスト）を読み、事案の記録と異なる日付・件数・項目をすべて示します（終了コード 1）。\n" \
	  "ひな形は設定ファイルの隣の templates フォルダーにある 名前.ja.mustache、名前.en.mustache、なければ\n" \
	  "付属のものを使います。法的助言ではありません。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban report --case 1 --set event.forensics-started=2022-08-30 --set cause=\"……\"\n" \
	  "  hinoban report --case 1 --form ppc-preliminary --lang ja --format html -o report.html\n" \
	  "  hinoban report --case 1 --check report.html") \
	X(T_OPT_FORM, "which document", "文書の様式") \
	X(T_OPT_FORMAT, "how it is written", "書き出す形式") \
	X(T_OPT_SET, "fill in a field; can be repeated", "項目を記入する（繰り返し可）") \
	X(T_OPT_CHECK, "hold this document against the case", "この文書を事案の記録と照合する") \
	X(T_REPORT_WANTS_CASE, "which case? --case N", "どの事案ですか。--case N を指定してください") \
	X(T_REPORT_NO_FORM, "no form '{1}'; `hinoban report` lists them", "様式「{1}」はありません。`hinoban report` で一覧を示します") \
	X(T_REPORT_NO_FORMAT, "format '{1}'? There are html, pdf, md, txt and json", "形式「{1}」はありません。html, pdf, md, txt, json のどれかを指定してください") \
	X(T_REPORT_BAD_SET, "--set '{1}': FIELD=VALUE with a field of `hinoban report`, days as YYYY-MM-DD", "--set「{1}」: `hinoban report` にある項目で 項目=値 と書いてください。日付は YYYY-MM-DD です") \
	X(T_F_NEWS_READ, "outside news from {1}: {2}", "外部ニュース（{1}）: {2}") \
	X(T_F_NEWS_CHECKED, "{1} checked what was read in outside news {2}: {3}, {4}", "{1} が外部ニュース {2} から読み取った内容を確認: {3}（{4}）") \
	X(T_F_REPORT_FIELD, "{1} filled in {3} of the documents about case {2}: {4}", "{1} が事案 {2} の文書の項目 {3} を記入: {4}") \
	X(T_F_REPORT_WRITTEN, "{1} had a document about case {2} written: {3} ({4})", "{1} が事案 {2} の文書を作成: {3}（{4}）") \
	X(T_DIGEST_WHAT, "the weekly digest", "週報を作成する") \
	X(T_DIGEST_EXAMPLES, \
	  "Seven sections: what concerns us, what changed in earlier cases, new cases, phishing, figures, our\n" \
	  "own week, sources; from the ledger alone. --fetch first reads the feeds of the settings' [news]\n" \
	  "(RSS, Atom; addresses or files): a program of its own fetches them, a sealed process reads them, and\n" \
	  "each new text becomes a fact. A name of [news] in one of them is a finding at once. --week: the week\n" \
	  "that the day lies in (last: the one before this), else the present one. -o FOLDER: a file for each week.\n" \
	  "Formats: txt, html, md, json, atom, mail, stix.\n" \
	  "--mail: to the addresses of [alert], as text and HTML; hinoban-herald sends it, and tries again until it\n" \
	  "arrives. E-mail addresses and long numbers are blotted out in it.\n" \
	  "Exit code 1 where something concerns us.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban digest --fetch\n" \
	  "  hinoban digest --week 2022-11-21 --format html -o digest.html --lang ja\n" \
	  "  hinoban digest --week last --mail", \
	  "自社に関わること、以前の事案の続報、新しい事案、フィッシング、数字、自社の1週間、出典の7つの節を、台帳だけ\n" \
	  "から作ります。--fetch を付けると、先に設定の [news] のフィード（RSS・Atom、アドレスまたはファイル）を読みます。\n" \
	  "取得は専用のプログラムが、読み取りは封じ込めたプロセスが行い、新しい文章はそれぞれ事実として記録します。\n" \
	  "[news] の名前が現れれば、その場で検出になります。--week はその日を含む週（last なら先週）、なければ今週です。\n" \
	  "形式: txt, html, md, json, atom, mail, stix。自社に関わることがあれば終了コードは 1 です。\n" \
	  "--mail を付けると、[alert] の宛先にテキストとHTMLの形式でメール送信します。送信は hinoban-herald が行い、\n" \
	  "届くまで再送します。メールアドレスや長い番号は伏せ字にします。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban digest --fetch\n" \
	  "  hinoban digest --week 2022-11-21 --format html -o digest.html --lang ja\n" \
	  "  hinoban digest --week last --mail") \
	X(T_OPT_WEEK, "the week that this day lies in; last: the one before this", "この日を含む週（last なら先週）") \
	X(T_OPT_MAIL, "mail it to the addresses of [alert]", "[alert] の宛先にメールで送る") \
	X(T_DIGEST_NO_MAIL, "Nobody to mail it to: set mail in [alert] of hinoban.conf(5), then hinoban alert test", \
	  "送り先がありません。hinoban.conf(5) の [alert] に mail を設定し、hinoban alert test でお試しください。") \
	X(T_DIGEST_MAILED, "To be mailed to {1} addresses; recorded as fact {2}", "{1} 件の宛先にメールで送ります（事実 {2} として記録しました）。") \
	X(T_DIGEST_CUT, "(What follows is too long for a mail: hinoban digest)", "（以下は長いため省略しました。全文は hinoban digest でご覧いただけます。）") \
	X(T_F_ALERT_DIGEST, "{1} had the digest of the week of {2} mailed", "{1} が {2} からの週の週報のメール送信を依頼") \
	X(T_OPT_FETCH, "read the feeds first", "先にフィードを読む") \
	X(T_DIGEST_BAD_WEEK, "--week '{1}': a day as YYYY-MM-DD, or last", "--week「{1}」: 日付を YYYY-MM-DD で、または last を指定してください") \
	X(T_DIGEST_NO_FORMAT, "format '{1}'? There are txt, html, md, json, atom, mail and stix", "形式「{1}」はありません。txt, html, md, json, atom, mail, stix のどれかを指定してください") \
	X(T_DIGEST_NO_FEEDS, "no feeds in the settings: [news] feeds", "設定にフィードがありません（[news] の feeds）") \
	X(T_DIGEST_FEED, "feed {1}: {2}", "フィード {1}: {2}") \
	X(T_DIGEST_READ, "{1}: {2} new texts", "{1}: 新しい文章 {2} 件") \
	X(T_FETCH_BAD_ADDRESS, "neither an http address nor a file", "http のアドレスでもファイルでもありません") \
	X(T_FETCH_TOO_LARGE, "more than 4 MiB", "4 MiB を超えています") \
	X(T_FETCH_TOO_SLOW, "too slow", "応答が遅すぎます") \
	X(T_FETCH_REDIRECTS, "it leads on and on (more than five redirects)", "転送が5回を超えて続きます") \
	X(T_FETCH_REFUSED, "the server refused", "サーバーが応答を拒みました") \
	X(T_FETCH_NO_CONNECTION, "no connection", "接続できません") \
	X(T_FETCH_TLS, "the certificate can't be trusted", "証明書を信頼できません") \
	X(T_DO_PROFILES, "reinstall hinoban: files of its profiles folder are missing", "hinoban を入れ直してください。プロファイルのフォルダーに足りないファイルがあります") \
	X(T_DO_PDF, "for PDF: apt-get install chromium fonts-noto-cjk", "PDF を作るには: apt-get install chromium fonts-noto-cjk") \
	X(T_REPORT_FORMS, "Forms (--form):", "様式（--form）:") \
	X(T_REPORT_FIELDS, "Fields (--set FIELD=VALUE):", "項目（--set 項目=値）:") \
	X(T_REPORT_SET_DONE, "filled in: {1} (fact #{2})", "記入しました: {1}（事実 #{2}）") \
	X(T_REPORT_MISSING, "still missing:", "まだ不足している項目:") \
	X(T_REPORT_WRITTEN, "written: {1} (fact #{2}, SHA-256 {3})", "作成しました: {1}（事実 #{2}、SHA-256 {3}）") \
	X(T_REPORT_CANNOT, "cannot write the document: {1}", "文書を作成できません: {1}") \
	X(T_REPORT_PDF, "PDF needs Chromium and a Japanese font (Debian: chromium, fonts-noto-cjk): {1}", "PDF には Chromium と日本語フォントが必要です（Debian では chromium と fonts-noto-cjk）: {1}") \
	X(T_REPORT_DIFFERS, "{1} {2} is not in the case: bytes {3}: {4}", "{1} {2} は事案の記録にありません（{3} バイト目）: {4}") \
	X(T_REPORT_LACKS, "not told in the document: {1} {2}", "文書に記載がありません: {1} {2}") \
	X(T_REPORT_DAY, "day", "日付") \
	X(T_REPORT_COUNT, "count", "件数・人数") \
	X(T_REPORT_ITEM, "item", "項目") \
	X(T_REPORT_AGREES, "{1}: agrees with case {2}", "{1}: 事案 {2} の記録と一致しています") \
	X(T_READ_watch, "Names that you watch for", "監視している名前") \
	X(T_READ_organisations, "Organisation", "組織") \
	X(T_READ_services, "Service", "サービス") \
	X(T_READ_vendors, "Vendor", "委託先・提供元") \
	X(T_READ_attacks, "Attack", "攻撃の種類") \
	X(T_READ_ways, "Way in", "侵入経路・原因") \
	X(T_READ_noticed, "Who noticed, when", "気づいた人と日") \
	X(T_READ_periods, "Periods", "期間") \
	X(T_READ_counts, "Counts", "件数・人数") \
	X(T_READ_items, "Data items", "情報の項目") \
	X(T_READ_events, "Course of events", "経緯") \
	X(T_READ_recovery, "Recovery", "復旧") \
	X(T_READ_phishing_brands, "Phishing: in whose name", "フィッシング: かたられた名前") \
	X(T_READ_phishing_subjects, "Phishing: subject", "フィッシング: 件名") \
	X(T_READ_phishing_asks, "Phishing: what it asks for", "フィッシング: 入力させるもの") \
	X(T_READ_phishing_live, "Phishing: live on", "フィッシング: 稼働を確認した日")
/* clang-format on */

#endif
