/* The table of sentences: who is affected, the commands scope and person. See text.h. */
#ifndef HINOBAN_FACE_TEXTS_SCOPE_H
#define HINOBAN_FACE_TEXTS_SCOPE_H

/* clang-format off */
#define TEXTS_SCOPE_RUN(X) \
	X(T_SCOPE_WHAT, \
	  "count who is affected, in the shop's database", \
	  "影響を受けた方をショップのデータベースで数える") \
	X(T_SCOPE_EXAMPLES, \
	  "Of a case: its windows, each with its earliest possible and its certain start. Otherwise\n" \
	  "of --from and --to; with --case besides the figures are the case's.\n" \
	  "Counts, through a login that can only read and in one snapshot, how many entries and how\n" \
	  "many persons are concerned: card data entered between the two times, and everything that\n" \
	  "was stored and reachable then. Windows are half open: --to is the first moment that is no\n" \
	  "longer in it. Times are those of [scope] zone; \"2022-04-19 午前中\" ends at noon. No\n" \
	  "personal value leaves the database. Each figure is recorded as a fact.\n" \
	  "The password comes from [scope] password_file, from HINOBAN_DATABASE_PASSWORD, or is asked\n" \
	  "for at the terminal; never from the command line.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban scope --case 2\n" \
	  "  hinoban scope --from 2021-02-22 --to \"2022-04-19 12:00\" --only stored\n" \
	  "  hinoban scope --from 2022-02-19 --to \"2022-04-19 午前中\" --only entered\n" \
	  "  hinoban scope --from 2w --to now --database postgresql://reader@db/shop --json\n" \
	  "  hinoban scope --from 2022-02-19 --to 2022-04-20 --list affected.cms --certificate me.pem", \
	  "--case を付けると、その事案の期間（早ければいつからか、確実にはいつからか）で数えます。\n" \
	  "--from と --to も付けると、その期間で数えて事案の数字とします。\n" \
	  "読み取り専用のログインを使い、ある一時点の状態で、何件・何名に影響があるかを数えます。\n" \
	  "数えるのは、指定した期間に入力されたカード情報と、その期間に保存されていて読み取られ得た\n" \
	  "情報です。--to の時刻そのものは期間に含みません。時刻は [scope] zone の時間帯で書きます。\n" \
	  "「2022-04-19 午前中」は正午までです。個人情報がデータベースの外に出ることはありません。\n" \
	  "数字はすべて台帳に記録します。\n" \
	  "パスワードは [scope] password_file、環境変数 HINOBAN_DATABASE_PASSWORD、または端末からの\n" \
	  "入力で受け取ります。コマンドラインには書けません。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban scope --case 2\n" \
	  "  hinoban scope --from 2021-02-22 --to \"2022-04-19 12:00\" --only stored\n" \
	  "  hinoban scope --from 2022-02-19 --to \"2022-04-19 午前中\" --only entered\n" \
	  "  hinoban scope --from 2w --to now --database postgresql://reader@db/shop --json\n" \
	  "  hinoban scope --from 2022-02-19 --to 2022-04-20 --list affected.cms --certificate me.pem") \
	X(T_PERSON_WHAT, \
	  "tell one customer what is concerned, for the support desk", \
	  "お客様お一人について影響の有無を調べる（お客様窓口用）") \
	X(T_PERSON_EXAMPLES, \
	  "Asks for an e-mail address at the terminal (or reads it from standard input), and says\n" \
	  "which groups hold it, with which items, since when, and whether card data were entered in\n" \
	  "the window. No value of the customer's is shown, and the address is not recorded; that\n" \
	  "somebody asked is. Exit code 1 if the address is concerned.\n" \
	  "\n" \
	  "Example:\n" \
	  "  hinoban person --from 2022-02-19 --to \"2022-04-19 12:00\"", \
	  "メールアドレスを端末でたずね（または標準入力から読み）、どの情報が、どの項目について、いつから\n" \
	  "あるか、また期間中にカード情報の入力があったかを示します。お客様の情報そのものは表示せず、\n" \
	  "アドレスも記録しません。照会があったことだけを記録します。該当があれば終了コードは 1 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban person --from 2022-02-19 --to \"2022-04-19 12:00\"") \
	X(T_OPT_CASE, \
	  "the case that it is about", \
	  "対象の事案の番号") \
	X(T_SCOPE_NO_CASE_WINDOW, \
	  "case {1}: nothing tells since when; say --from and --to besides", \
	  "事案 {1} には期間を示す記録がありません。--from と --to も付けてください") \
	X(T_OPT_DATABASE, \
	  "the shop's database, instead of that of [scope]", \
	  "ショップのデータベース（[scope] の設定の代わり）") \
	X(T_OPT_ONLY, \
	  "only card data entered, or only data stored", \
	  "入力されたカード情報だけ、または保存されていた情報だけ") \
	X(T_OPT_LIST, \
	  "write the list of affected customers there, encrypted; count nothing", \
	  "対象のお客様の一覧を暗号化してここに書く（集計はしない）") \
	X(T_OPT_CERTIFICATE, \
	  "certificate (PEM) of who may read the list", \
	  "一覧を読める人の証明書（PEM）") \
	X(T_SCOPE_MACHINE, \
	  "this machine's time zone", \
	  "このマシンの時間帯") \
	X(T_SCOPE_NO_DATABASE, \
	  "which database? --database URL, or database = \"...\" under [scope] in {1}", \
	  "データベースが指定されていません。--database URL を付けるか、{1} の [scope] に database = \"...\" を書いてください") \
	X(T_SCOPE_NO_WINDOW, \
	  "since when, until when? --from TIME and --to TIME", \
	  "期間が指定されていません。--from 時刻 と --to 時刻 を付けてください") \
	X(T_SCOPE_BAD_WINDOW, \
	  "--from must be before --to: {1} is not before {2}", \
	  "--from は --to より前の時刻にしてください（{1} は {2} より前ではありません）") \
	X(T_SCOPE_BAD_ONLY, \
	  "--only {1}: entered or stored", \
	  "--only {1}: entered か stored を指定してください") \
	X(T_SCOPE_PASSWORD_FILE, \
	  "{1}: {2}", \
	  "{1}: {2}") \
	X(T_SCOPE_PASSWORD_OPEN, \
	  "{1}: others may read this file; do: chmod 600 {1}", \
	  "{1}: 所有者以外も読めるファイルです。chmod 600 {1} を実行してください") \
	X(T_SCOPE_ASK_PASSWORD, \
	  "Password of the database's login (Enter: none): ", \
	  "データベースのパスワード（なければ Enter）: ") \
	X(T_SCOPE_ASK_EMAIL, \
	  "Customer's e-mail address: ", \
	  "お客様のメールアドレス: ") \
	X(T_SCOPE_NO_PROGRAM, \
	  "hinoban-scope can't be run: {1}", \
	  "hinoban-scope を実行できません: {1}") \
	X(T_SCOPE_DIED, \
	  "hinoban-scope ended before it had counted all; nothing was recorded", \
	  "hinoban-scope が途中で終了しました。何も記録していません") \
	X(T_SCOPE_HEAD, \
	  "{1} to {2} ({3}), not including the end; {4}, {5}", \
	  "期間: {1} から {2} の前まで（{3}）／ {4}、{5}") \
	X(T_SCOPE_MIDNIGHT, \
	  "{1} itself is not in it: to count it too, say the next day", \
	  "{1} 当日は含まれません。含めるには翌日を指定してください") \
	X(T_SCOPE_ENTERED, \
	  "Card data entered", \
	  "入力されたカード情報") \
	X(T_SCOPE_STORED, \
	  "Data stored and reachable", \
	  "保存されていて読み取られ得た情報") \
	X(T_SCOPE_ITEM, \
	  "item", \
	  "項目") \
	X(T_SCOPE_ENTRIES, \
	  "entries", \
	  "件") \
	X(T_SCOPE_PERSONS, \
	  "persons", \
	  "名") \
	X(T_SCOPE_REQUIRED, \
	  "required", \
	  "必須") \
	X(T_SCOPE_OPTIONAL, \
	  "optional", \
	  "任意") \
	X(T_SCOPE_RANGE, \
	  "{1} to {2}", \
	  "{1}～{2}") \
	X(T_SCOPE_CARDS, \
	  "cards", \
	  "カード") \
	X(T_SCOPE_TOTAL, \
	  "all, each person once", \
	  "合計（同じ方は1名）") \
	X(T_SCOPE_CHANGE, \
	  "{1}: {2} ({3}) since the count of {4}", \
	  "{1}: {2}（{3}）前回 {4} の集計との差") \
	X(T_SCOPE_SAME, \
	  "every figure is as in the count of {1}", \
	  "すべて前回（{1}）の集計と同じです") \
	X(T_SCOPE_EXCLUDED, \
	  "not counted in {1}: {2}", \
	  "{1} から除いたもの: {2}") \
	X(T_SCOPE_RECORDED, \
	  "recorded: {1} figures, {2} rows read, snapshot {3}", \
	  "記録: {1} 件の数字（読んだ行 {2}、スナップショット {3}）") \
	X(T_SCOPE_DRY, \
	  "nothing was recorded (--dry-run)", \
	  "何も記録していません（--dry-run）") \
	X(T_SCOPE_REFUSED, \
	  "the ledger did not take the figures: {1}", \
	  "台帳に記録できませんでした: {1}") \
	X(T_SCOPE_LISTED, \
	  "{1}: {2} lines, encrypted; to read it: openssl cms -decrypt -inform DER -in {1} -recip {3} -inkey KEY.pem", \
	  "{1}: {2} 行を暗号化して書きました。読むには: openssl cms -decrypt -inform DER -in {1} -recip {3} -inkey 鍵.pem") \
	X(T_SCOPE_NO_CERTIFICATE, \
	  "a list is written only for the owner of a certificate: --certificate FILE, or certificate under [scope]", \
	  "一覧は証明書の持ち主だけが読める形で書きます。--certificate ファイル を付けるか、[scope] に certificate を書いてください") \
	X(T_PERSON_HOLDS, \
	  "{1}: {2} entries, first {3}, last {4} (as the shop writes times, {5})", \
	  "{1}: {2} 件、最初 {3}、最後 {4}（ショップの時刻、{5}）") \
	X(T_PERSON_ITEMS, \
	  "items: {1}", \
	  "項目: {1}") \
	X(T_PERSON_STATES, \
	  "state: {1}", \
	  "状態: {1}") \
	X(T_STATE_AUTHORISED, \
	  "authorised", \
	  "決済済み") \
	X(T_STATE_SUBMITTED, \
	  "submitted", \
	  "送信済み（決済未完了）") \
	X(T_STATE_ENTERED, \
	  "entered", \
	  "入力（決済なし）") \
	X(T_PERSON_NONE, \
	  "no group holds this address within the window", \
	  "このアドレスは、期間中のどの情報にも見つかりません") \
	X(T_F_COUNT, \
	  "{1}, {2}: {3} {4}", \
	  "{1}・{2}: {3} {4}") \
	X(T_F_ASKED, \
	  "{1} asked what is held of a customer; found: {2}", \
	  "{1} さんがお客様の情報の有無を照会（該当: {2}）") \
	X(T_F_LISTED, \
	  "{1} had the list of affected customers written, {2} lines, encrypted", \
	  "{1} さんが対象のお客様の一覧（{2} 行、暗号化）を書き出した")

#define TEXTS_SCOPE_CODES(X) \
	X(T_SC_bad_url, \
	  "the database's address: expected {1}", \
	  "データベースの指定が正しくありません。正しい形: {1}") \
	X(T_SC_password_in_url, \
	  "the address holds a password, which everyone on this machine could see; put it into a file: password_file under [scope]", \
	  "URL にパスワードが含まれています。この機械のだれにでも見えるため使えません。[scope] の password_file にファイルで指定してください") \
	X(T_SC_no_populations, \
	  "the profile {1} does not say where the database keeps orders and members; see hinoban.profile(5)", \
	  "プロファイル {1} には、注文や会員の情報がデータベースのどこにあるかが書かれていません（hinoban.profile(5) 参照）") \
	X(T_SC_no_variant, \
	  "none of the ways of keeping {1} that the profile {2} knows fits this database", \
	  "{1} の保存のしかたが、プロファイル {2} のどの形とも一致しません") \
	X(T_SC_bad_zone, \
	  "there is no time zone {1}", \
	  "時間帯 {1} はありません") \
	X(T_SC_connect, \
	  "no connection to the database: {1}", \
	  "データベースに接続できません: {1}") \
	X(T_SC_credentials, \
	  "the database does not accept this login: {1}", \
	  "データベースにログインできません: {1}") \
	X(T_SC_no_database, \
	  "there is no database {1}: {2}", \
	  "データベース {1} が開けません: {2}") \
	X(T_SC_can_write, \
	  "the login {1} can write to the database ({2}); make one that can only SELECT, or say --force", \
	  "ログイン {1} はデータベースに書き込めます（{2}）。SELECT だけのログインを作ってください。承知のうえで使うなら --force を付けてください") \
	X(T_SC_no_table, \
	  "the table {1} is not there; it was looked for as that of {2} of the profile {3}. {4}", \
	  "テーブル {1} がありません。プロファイル {3} の「{2}」のテーブルとして探しました。{4}") \
	X(T_SC_no_column, \
	  "not there: {1}; looked for as {2} of {3}. Not in this shop? Say so in its profile, with a ? behind the column. {4}", \
	  "列 {1} がありません。{3} の {2} として探しました。もともと無い列なら、プロファイルの列名の後ろに ? を付けてください。{4}") \
	X(T_SC_no_right, \
	  "the login {2} may not read {1}; grant SELECT on it. {3}", \
	  "ログイン {2} は {1} を読めません。SELECT を許可してください。{3}") \
	X(T_SC_statement_timeout, \
	  "{2}: the statement took longer than {1} s and was ended; nothing was recorded. Use a replica, or raise timeout under [scope]", \
	  "{2}: {1} 秒を超えたため中止しました。何も記録していません。レプリカを使うか、[scope] の timeout を延ばしてください") \
	X(T_SC_lock_timeout, \
	  "{2}: it had to wait longer than {1} s for the shop; nothing was recorded. Try again, or use a replica", \
	  "{2}: ショップの処理を {1} 秒以上待つことになるため中止しました。何も記録していません。後でもう一度実行するか、レプリカを使ってください") \
	X(T_SC_lost, \
	  "the connection was lost while reading {1}; nothing was recorded. {2}", \
	  "{1} の読み取り中に接続が切れました。何も記録していません。{2}") \
	X(T_SC_conflict, \
	  "{1}: the replica's changes got in the way, three times; nothing was recorded. Try again (hot_standby_feedback = on helps)", \
	  "{1}: レプリカの更新と3回ぶつかったため中止しました。何も記録していません。もう一度実行してください（hot_standby_feedback = on が有効です）") \
	X(T_SC_sql, \
	  "{2}: the database says {1}", \
	  "{2}: データベースの応答: {1}") \
	X(T_SC_too_many, \
	  "{1}: too many rows to tell persons apart on this machine", \
	  "{1}: 行数が多すぎて、この機械では人数を数えられません") \
	X(T_SC_bad_certificate, \
	  "the certificate can't be used: {1}", \
	  "証明書を使えません: {1}") \
	X(T_SC_cannot_write, \
	  "the list could not be written: {1}", \
	  "一覧を書けませんでした: {1}") \
	X(T_SC_bad_email, \
	  "this is no e-mail address", \
	  "メールアドレスの形をしていません") \
	X(T_SC_may_write, \
	  "warning: the login {1} can write ({2}); it is read only all the same", \
	  "注意: ログイン {1} は書き込みもできます（{2}）。読み取りだけを行いました") \
	X(T_SC_myisam, \
	  "warning: {1} is kept by {2}, which has no snapshot: the figures may mix several moments", \
	  "注意: {1} は {2} のテーブルで、一時点の状態を固定できません。数字に別々の時点が混ざることがあります") \
	X(T_SC_not_utf8, \
	  "warning: {1} is in {2}: letters outside of it may be told apart wrongly", \
	  "注意: {1} の文字コードは {2} です。含まれない文字の違いを見分けられないことがあります") \
	X(T_SC_lacks, \
	  "note: this shop has no table {1} ({2})", \
	  "参考: このショップには {1}（{2}）がありません") \
	X(T_SC_undated, \
	  "warning: {2} rows of {1} bear no time; they count for the upper figures only", \
	  "注意: {1} のうち {2} 行には時刻がありません。上限の数字にだけ含めました") \
	X(T_SC_untimed, \
	  "warning: {1} bear no times at all: all of them count", \
	  "注意: {1} には時刻の列がないため、すべて数えました") \
	X(T_SC_future, \
	  "warning: the newest time of {1} is {2}, the server's clock says {3} UTC: is [scope] zone right?", \
	  "注意: {1} の最新の時刻は {2} ですが、サーバーの時計は {3}（UTC）です。[scope] zone が正しいか確かめてください") \
	X(T_SC_replica, \
	  "read from a replica; {1} s behind", \
	  "レプリカから読みました（遅れ {1} 秒）") \
	X(T_SC_primary, \
	  "note: read from the main server; a replica would spare it the work", \
	  "参考: 本番のサーバーから読みました。レプリカがあれば負荷をかけずに済みます") \
	X(T_SC_shared, \
	  "note: {1} telephone numbers or addresses are shared by very many; they joined nobody", \
	  "参考: 多数の方に共通する電話番号や住所が {1} 件あり、同じ方かどうかの判断には使いませんでした") \
	X(T_SC_swap, \
	  "note: memory could not be locked: what is typed might be swapped out", \
	  "参考: メモリーを固定できませんでした。入力した内容がスワップに書かれる可能性があります") \
	X(T_SC_NEAR, \
	  "There is {1}.", \
	  "{1} ならあります。")

#define TEXTS_SCOPE(X) TEXTS_SCOPE_RUN(X) TEXTS_SCOPE_CODES(X)
/* clang-format on */

#endif
