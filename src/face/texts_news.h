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
