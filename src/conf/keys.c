/* The table of settings, and how a value gets into struct conf. */
#include "conf/keys.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define AT(field) .at = offsetof(struct conf, field)
#define ATS(field, many) \
	.at = offsetof(struct conf, field), .at_count = offsetof(struct conf, many)

const struct keys_section keys_sections[] = {
    {"", "", ""},
    {"paths",
     "What a path is for, as globs relative to the watched folder: the first that matches "
     "wins,\n"
     "in the order written here; then the profile's rules. * and ? stop at /, ** crosses it.\n"
     "Keys: payment code config generated uploads data ignored.",
     "パスの役割です。監視フォルダからの相対パスをグロブで書きます。上から順に最初に合った\n"
     "ものが使われ、どれにも合わなければプロファイルの規則になります。* と ? は / "
     "の手前まで、\n"
     "** は / を越えて合います。\n"
     "キー: payment(決済) code(プログラム) config(設定) generated(自動生成)\n"
     "      uploads(アップロード) data(データ) ignored(見ない)"},
    {"web", "The web server: who its workers are, and where it logs requests.",
     "ウェブサーバーについて。ワーカープロセスの見分け方とアクセスログの場所です。"},
    {"watch", "How to watch.", "監視のしかたです。"},
    {"vault",
     "The vault keeps versions of files and of what pages load. What is approved or stands\n"
     "there now is never dropped.",
     "保管庫は、ファイルと、ページが読み込むものの版を保管します。承認済みのものと今そこに\n"
     "あるものは決して消しません。"},
    {"hold",
     "What is done about a file that is not as approved: \"watch\": it is told; \"heal\": the\n"
     "approved version is put back before anyone reads it; \"hold\": nobody can open it.\n"
     "`hinoban mode` changes it while hinoban runs.",
     "承認された内容と違うファイルをどうするか。\"watch\" は知らせるだけ、\"heal\" "
     "は読まれる前に\n"
     "承認済みの内容へ戻し、\"hold\" は開かせません。動作中は `hinoban mode` で変えられます。"},
    {"fence",
     "Where the kernel can (BPF), it keeps web workers itself from altering code that is in\n"
     "mode heal or hold, from running programs that they could have written, and from\n"
     "connecting to where they never did before.",
     "カーネルが対応していれば（BPF）、heal か hold "
     "のプログラムをウェブのワーカーが書き換えること、\n"
     "自分で置けるプログラムを動かすこと、これまでにない宛先へ接続することを、カーネル自身が\n"
     "拒みます。"},
    {"scope",
     "Who is affected: the shop's database, through a login that can only read\n"
     "(`hinoban scope`, hinoban.profile(5)). A password never stands here.",
     "影響を受けた方を数えるための、ショップのデータベースです。読み取り専用のログインを使いま"
     "す\n"
     "(`hinoban scope`、hinoban.profile(5))。パスワードはここに書きません。"},
    {"alert",
     "Who is told of findings, cases and their clocks, by a process of its own "
     "(hinoban-herald).\n"
     "`hinoban alert test` tries all of it. Never with personal data.",
     "発見・事案・期限を知らせる相手です。専用のプロセス(hinoban-herald)が送ります。\n"
     "`hinoban alert test` で試せます。個人情報は決して含めません。"},
    {"pages",
     "Payment pages that are visited as a customer does, in Chromium: what they load, and\n"
     "where a card number typed there goes.",
     "Chromium でお客様と同じように開いて調べる決済ページです。何が読み込まれ、入力された\n"
     "カード番号がどこへ送られるかを調べます。"},
    {"console", "The console in the browser.", "ブラウザで見るコンソールです。"},
    {"visitors",
     "What real visitors' browsers report of the pages they see (Content Security Policy);\n"
     "`hinoban page policy --snippet nginx` prints what the web server needs for it.",
     "実際のお客様のブラウザが、表示したページについて送る報告(CSP)の受け口です。\n"
     "Webサーバー側の設定は `hinoban page policy --snippet nginx` で出力できます。"},
    {"operator", "Who runs the shop: what documents about an incident say of them.",
     "ショップの運営者についてです。事案の文書に記載します。"},
    {"news", "Outside news: what is read for the weekly digest, and which names concern you.",
     "外部のニュースについて。週報のために何を読み、どの名前が自社に関わるかです。"},
    {"witness",
     "Signed heads of the ledger can be shown to a witness elsewhere, so that nobody can\n"
     "rewrite the past unseen.",
     "台帳の署名つき見出しを外部の証人に渡すと、過去の書き換えに誰でも気づけます。"},
};
const size_t keys_section_count = sizeof(keys_sections) / sizeof(keys_sections[0]);

#define WORKERS "[\"www-data\", \"apache\", \"nginx\", \"http\", \"httpd\"]"
#define PROGRAMS                                                                               \
	"[\"/**/php-fpm*\", \"/**/php-cgi*\", \"/**/apache2\", \"/**/httpd\", \"/**/nginx\", " \
	"\"/**/lsphp*\", \"/**/lshttpd*\", \"/**/frankenphp\"]"

#define HOLD_MODES "watch heal hold"

const struct keys_key keys_table[] = {
    {"", "roots", WANT_PATHS, .at_count = offsetof(struct conf, roots),
     .en = "Folders to watch, absolute paths.", .ja = "監視するフォルダ(絶対パス)です。"},
    {"", "state", WANT_PATH, AT(state), .min = 1, .otherwise = "\"/var/lib/hinoban\"",
     .en = "Where hinoban keeps its ledger and the kept versions of files.",
     .ja = "台帳と、ファイルの控えを置くフォルダです。"},
    {"", "profile", WANT_TEXT, AT(profile), .min = 1, .otherwise = "\"plain\"",
     .en = "Kind of shop: a file of the profiles folder.",
     .ja = "ショップの種類(プロファイル名)です。"},
    {"", "profile_base", WANT_TEXT, AT(profile_base), .otherwise = "\"\"",
     .en = "Folder of the watched one in which the shop lies; \"\": the watched folder itself.",
     .ja = "監視フォルダの中でショップがある場所です。\"\" は監視フォルダそのものです。"},
    {"", "language", WANT_CHOICE, AT(language), .choices = "ja en", .otherwise = "\"en\"",
     .en = "Language of the console and of messages: \"ja\" or \"en\".",
     .ja = "画面と文章の言語です。\"ja\" か \"en\"。"},
    {"web", "access_log", WANT_PATHS, ATS(access_log, access_logs), .otherwise = "[]",
     .en = "Access logs: they tell which request altered a file.",
     .ja = "アクセスログです。どのリクエストでファイルが変わったかを調べるのに使います。"},
    {"web", "access_log_format", WANT_TEXT, AT(access_log_format), .min = 1,
     .otherwise = "\"combined\"",
     .en = "\"combined\", or nginx's log_format or Apache's LogFormat text.",
     .ja = "\"combined\" か、nginx の log_format または Apache の LogFormat の文字列です。"},
    {"web", "users", WANT_TEXTS, ATS(web_users, web_user_count), .otherwise = WORKERS,
     .en = "Users whose processes count as web workers.",
     .ja = "ウェブのワーカーとみなすユーザー名です。"},
    {"web", "programs", WANT_TEXTS, ATS(web_programs, web_program_count), .otherwise = PROGRAMS,
     .en = "Programs that count as web workers: globs over the absolute path.",
     .ja = "ウェブのワーカーとみなすプログラム(絶対パスのグロブ)です。"},
    {"watch", "marks", WANT_CHOICE, AT(marks), .choices = "auto filesystem directories",
     .otherwise = "\"auto\"",
     .en = "\"filesystem\": one mark for all; \"directories\": one mark each; \"auto\": what "
           "works.",
     .ja = "\"filesystem\" はファイルシステム全体、\"directories\" はフォルダごと、\"auto\" "
           "は自動です。"},
    {"watch", "queue_bounded", WANT_BOOL, AT(queue_bounded), .otherwise = "false",
     .en = "true: the kernel's limit on waiting events holds; overflow means a re-scan.",
     .ja = "true にすると、溜めるイベント数にカーネルの上限を使います(溢れたら再走査します)。"},
    {"watch", "look_max", WANT_SIZE, AT(look_max_bytes), .max = 1LL << 30, .otherwise = "8M",
     .en = "Of larger files only so much is looked at, and never more than 8M (of uploads: "
           "always 8M); new among code, they pass for programs.",
     .ja = "これより大きいファイルは先頭のこの大きさまで(最大8M、アップロードは常に8M)"
           "だけを解析します。コードの中に新しく現れた場合はプログラムとみなします。"},
    {"watch", "keep_max", WANT_SIZE, AT(keep_max_bytes), .max = 1LL << 30, .otherwise = "16M",
     .en = "Larger files are not kept as versions.",
     .ja = "これより大きいファイルは控えを残しません。"},
    {"watch", "rescan", WANT_DURATION, AT(rescan_s), .max = 366 * 86400, .otherwise = "1d",
     .en = "How often to sweep over everything besides; 0: never.",
     .ja = "常時監視のほかに全体を見直す間隔です。0 なら行いません。"},
    {"watch", "readers", WANT_NUMBER, AT(readers), .max = 64, .otherwise = "0",
     .en = "Number of reader processes; 0: one per processor.",
     .ja = "読み取りプロセスの数です。0 なら CPU の数だけ動かします。"},
    {"vault", "keep", WANT_DURATION, AT(vault_keep_s), .max = 36500LL * 86400,
     .otherwise = "1095d",
     .en = "How long an old version is kept after another took its place; 0: for ever.",
     .ja = "新しい版に替わったあと、古い版を保管する期間です。0 なら無期限です。"},
    {"vault", "evidence", WANT_DURATION, AT(vault_evidence_s), .max = 36500LL * 86400,
     .otherwise = "3650d",
     .en =
         "How long contents are kept that a finding rests on and nobody approved; 0: for ever.",
     .ja =
         "検出のもとになり、承認されていない内容(証拠)を保管する期間です。0 なら無期限です。"},
    {"vault", "max_size", WANT_SIZE, AT(vault_max_bytes), .max = 1LL << 50, .otherwise = "10G",
     .en =
         "Beyond this, the oldest versions go before their time, evidence never; 0: no limit.",
     .ja =
         "これを超えると、古い版から期限前に消します(証拠は消しません)。0 なら上限なしです。"},
    {"hold", "payment", WANT_CHOICE,
     .at = offsetof(struct conf, hold) + ROLE_PAYMENT * sizeof(struct slice),
     .choices = HOLD_MODES, .otherwise = "\"watch\"", .en = "Payment code.",
     .ja = "決済のプログラムです。"},
    {"hold", "code", WANT_CHOICE,
     .at = offsetof(struct conf, hold) + ROLE_CODE * sizeof(struct slice),
     .choices = HOLD_MODES, .otherwise = "\"watch\"", .en = "Other code.",
     .ja = "そのほかのプログラムです。"},
    {"hold", "config", WANT_CHOICE,
     .at = offsetof(struct conf, hold) + ROLE_CONFIG * sizeof(struct slice),
     .choices = HOLD_MODES, .otherwise = "\"watch\"", .en = "Settings.",
     .ja = "設定ファイルです。"},
    {"hold", "generated", WANT_CHOICE,
     .at = offsetof(struct conf, hold) + ROLE_GENERATED * sizeof(struct slice),
     .choices = HOLD_MODES, .otherwise = "\"watch\"",
     .en = "Code that the shop writes itself, where a finding speaks against it. In watch its "
           "opens are not asked about; else those of a page that was just made are, for some "
           "seconds.",
     .ja = "ショップ自身が作るプログラムです(検知されたものだけが対象です)。watch では開く"
           "ときの確認をしません。それ以外では、作られてから数秒のあいだだけ確認します。"},
    {"hold", "uploads", WANT_CHOICE,
     .at = offsetof(struct conf, hold) + ROLE_UPLOADS * sizeof(struct slice),
     .choices = HOLD_MODES, .otherwise = "\"watch\"", .en = "Programs among uploaded files.",
     .ja = "アップロードに紛れたプログラムです。"},
    {"hold", "fail_closed", WANT_ROLES, ATS(hold_fail_closed, hold_fail_closed_count),
     .otherwise = "[]",
     .en = "Roles of which an open that can't be decided in time is refused; others are let "
           "through, unless it is code that differs from what was approved.",
     .ja = "時間内に判断できないとき開かせない役割です。ほかの役割は通しますが、承認した内"
           "容と違うコードは開かせません。"},
    {"hold", "again", WANT_CHOICE, AT(hold_again), .choices = "heal hold freeze",
     .otherwise = "\"heal\"",
     .en = "Where code is altered again and again: \"heal\": go on, and tell; \"hold\": nobody "
           "can open it; \"freeze\": freeze the process that alters it. `hinoban lift` ends "
           "both.",
     .ja = "繰り返し書き換えられるとき: \"heal\" は戻し続けて知らせ、\"hold\" "
           "はそのファイルを開かせず、\"freeze\" は書き換えるプロセスを止めます。hold と "
           "freeze は `hinoban lift` で解除できます。"},
    {"hold", "patience", WANT_DURATION, AT(hold_patience_s), .min = 1, .max = 30,
     .otherwise = "2s", .en = "How long an open may wait for a decision.",
     .ja = "判断を待たせる時間の上限です。"},
    {"fence", "bpf", WANT_CHOICE, AT(fence_bpf), .choices = "auto off", .otherwise = "\"auto\"",
     .en = "\"auto\": where the kernel can; \"off\": never.",
     .ja = "\"auto\" はカーネルが対応していれば使い、\"off\" は使いません。"},
    {"fence", "connect", WANT_CHOICE, AT(fence_connect), .choices = "off watch hold",
     .otherwise = "\"watch\"",
     .en = "\"watch\": learn where workers connect to; \"hold\": nowhere else; \"off\".",
     .ja = "\"watch\" は接続先を覚え、\"hold\" はそれ以外を拒みます。\"off\" は見ません。"},
    {"fence", "allow", WANT_TEXTS, ATS(fence_allow, fence_allows), .otherwise = "[]",
     .en = "Where workers may connect to besides: \"192.0.2.7:443\", \"2001:db8::/32\".",
     .ja = "ほかに接続してよい宛先です(例: \"192.0.2.7:443\"、\"2001:db8::/32\")。"},
    {"fence", "forget", WANT_TEXTS, ATS(fence_forget, fence_forgets), .otherwise = "[]",
     .en = "Addresses and networks that are not to be learnt, or were so by mistake.",
     .ja = "覚えない宛先、または誤って覚えた宛先です。"},
    {"scope", "database", WANT_TEXT, AT(scope_database), .otherwise = "\"\"",
     .en = "sqlite:/FILE, postgresql://USER@HOST/NAME or mariadb://USER@HOST/NAME; \"\": none.",
     .ja =
         "sqlite:/ファイル、postgresql://ユーザー@ホスト/名前、mariadb://ユーザー@ホスト/名前 "
         "のいずれかです。"},
    {"scope", "profile", WANT_TEXT, AT(scope_profile), .otherwise = "\"\"",
     .en = "Kind of shop that the database is of, where it is another than that of the files.",
     .ja = "データベースのショップの種類です(ファイルのプロファイルと違うとき)。"},
    {"scope", "password_file", WANT_PATH, AT(scope_password_file), .otherwise = "\"\"",
     .en = "File with the login's password, readable by its owner alone; \"\": none.",
     .ja = "パスワードを書いたファイルです(所有者だけが読めるようにします)。\"\" ならなし。"},
    {"scope", "prefix", WANT_TEXT, AT(scope_prefix), .otherwise = "\"\"",
     .en = "What table names begin with, where it is not as the shop installs itself.",
     .ja = "テーブル名の接頭辞です(ショップの標準と違うとき)。"},
    {"scope", "zone", WANT_TEXT, AT(scope_zone), .otherwise = "\"\"",
     .en = "Time zone in which the shop lives, as \"Asia/Tokyo\"; \"\": the machine's.",
     .ja = "ショップの地域の時間帯です(例: \"Asia/Tokyo\")。\"\" ならこのマシンの設定です。"},
    {"scope", "timeout", WANT_DURATION, AT(scope_timeout_s), .min = 1, .max = 86400,
     .otherwise = "5m", .en = "How long one statement may take in the database.",
     .ja = "1つの問い合わせにかけてよい時間です。"},
    {"scope", "lock_timeout", WANT_DURATION, AT(scope_lock_timeout_s), .min = 1, .max = 3600,
     .otherwise = "1s", .en = "How long it may wait for a lock of the shop's.",
     .ja = "ショップのロックを待ってよい時間です。"},
    {"scope", "exclude", WANT_TEXTS, ATS(scope_exclude, scope_excludes), .otherwise = "[]",
     .en = "Who is no customer, by e-mail: \"test: *@example.com\", \"staff: *@your-shop.jp\". "
           "What "
           "hinoban's own visits left there is passed over in any case (canary).",
     .ja = "お客様ではない方のメールアドレスです(例: \"test: *@example.com\"、\"staff: "
           "*@your-shop.jp\")。火の番の巡回が残した行(canary)は、書かなくても除きます。"},
    {"scope", "extend", WANT_TEXTS, ATS(scope_extend, scope_extends), .otherwise = "[]",
     .en = "Columns of your own: \"members: optional school(学校名): c.school_name\", \"cards: "
           "card "
           "= o.memo04\".",
     .ja =
         "独自に加えた列です(例: \"members: optional school(学校名): c.school_name\"、\"cards: "
         "card = o.memo04\")。"},
    {"scope", "certificate", WANT_PATH, AT(scope_certificate), .otherwise = "\"\"",
     .en = "Certificate (PEM) of who may read a list of persons; \"\": none, unless "
           "--certificate names one.",
     .ja = "対象者の一覧を読める人の証明書(PEM)です。\"\" なら一覧は書き出せません。"},
    {"alert", "mail", WANT_TEXTS, ATS(alert_mail, alert_mails), .otherwise = "[]",
     .en = "Addresses that get a mail.", .ja = "メールの宛先です。"},
    {"alert", "from", WANT_TEXT, AT(alert_from), .otherwise = "\"\"",
     .en = "The sender's address; \"\": hinoban@ and this machine's name.",
     .ja = "差出人のアドレスです。\"\" なら hinoban@ と機械の名前です。"},
    {"alert", "smtp", WANT_TEXT, AT(alert_smtp), .min = 1,
     .otherwise = "\"smtp://localhost:25\"",
     .en = "The mail server: \"smtp://HOST:PORT\", or \"smtps://HOST:465\".",
     .ja = "メールサーバーです。\"smtp://ホスト:ポート\" か \"smtps://ホスト:465\"。"},
    {"alert", "smtp_tls", WANT_CHOICE, AT(alert_smtp_tls), .choices = "try require off",
     .otherwise = "\"try\"",
     .en = "STARTTLS. With a user and a server elsewhere it is always required.",
     .ja = "STARTTLS の使い方です。ログインして外部のサーバーを使うときは常に必須になります。"},
    {"alert", "smtp_user", WANT_TEXT, AT(alert_smtp_user), .otherwise = "\"\"",
     .en = "Login at the mail server; \"\": none.",
     .ja = "メールサーバーのユーザー名です。\"\" ならログインしません。"},
    {"alert", "smtp_password", WANT_PATH, AT(alert_smtp_password), .otherwise = "\"\"",
     .en = "File with the password, readable by root alone.",
     .ja = "パスワードを書いたファイルです(root だけが読めるようにしてください)。"},
    {"alert", "ca", WANT_PATH, AT(alert_ca), .otherwise = "\"\"",
     .en = "Certificates (PEM) of authorities that vouch for servers of your own, besides\n"
           "everybody's. With it, a mail server on this machine must have one, too.",
     .ja = "自社のサーバーを証明する認証局の証明書(PEM)です。一般の認証局に加えて使います。\n"
           "指定すると、この機械のメールサーバーの証明書も確かめます。"},
    {"alert", "webhook", WANT_TEXTS, ATS(alert_webhook, alert_webhooks), .otherwise = "[]",
     .en = "\"KIND URL\", or \"KIND file:/PATH\" where the URL is a secret. Kinds: json slack\n"
           "mattermost discord teams googlechat.",
     .ja = "\"種類 URL\"。URL が秘密なら \"種類 file:/パス\"。種類は json slack mattermost\n"
           "discord teams googlechat です。"},
    {"alert", "syslog", WANT_BOOL, AT(alert_syslog), .otherwise = "false",
     .en = "A line to syslog.", .ja = "syslog にも1行で知らせます。"},
    {"alert", "severity", WANT_CHOICE, AT(alert_severity),
     .choices = "info low medium high critical", .otherwise = "\"medium\"",
     .en = "Findings from this severity on are told; cases and clocks always.",
     .ja = "この重さ以上の発見を知らせます。事案と期限は常に知らせます。"},
    {"alert", "wait", WANT_DURATION, AT(alert_wait_s), .max = 3600, .otherwise = "15s",
     .en = "What happens within this time goes into one message.",
     .ja = "この時間に起きたことは1通にまとめます。"},
    {"alert", "per_hour", WANT_NUMBER, AT(alert_per_hour), .min = 1, .max = 60,
     .otherwise = "12",
     .en = "At most so many messages an hour each way; the rest is gathered into the next.",
     .ja = "1時間に送る上限です。超えた分は次の1通にまとめます。"},
    {"pages", "watch", WANT_PAGES, ATS(page_watch, page_watches), .otherwise = "[]",
     .en = "Pages, each as \"NAME URL\" or \"NAME URL JOURNEY\"; "
           "`hinoban page record` helps with a journey.",
     .ja = "調べるページです。\"名前 URL\" か \"名前 URL ジャーニー\" と書きます。\n"
           "ジャーニーは `hinoban page record` で下書きできます。"},
    {"pages", "quick", WANT_DURATION, AT(page_quick_s), .max = 366 * 86400, .otherwise = "15m",
     .en = "How often to visit without typing a card; 0: never.",
     .ja = "カード番号を入力せずに調べる間隔です。0 なら行いません。"},
    {"pages", "full", WANT_DURATION, AT(page_full_s), .max = 366 * 86400, .otherwise = "1d",
     .en = "How often to visit in every way, with canary cards typed; 0: never.",
     .ja = "おとりのカード番号も入力して、あらゆる方法で調べる間隔です。0 なら行いません。"},
    {"pages", "browser", WANT_PATH, AT(page_browser), .otherwise = "\"\"",
     .en = "Chromium's program; \"\": Debian's.",
     .ja = "Chromium のプログラムです。\"\" なら Debian のものを使います。"},
    {"pages", "patience", WANT_DURATION, AT(page_patience_s), .min = 5, .max = 600,
     .otherwise = "60s", .en = "How long one visit may take.",
     .ja = "一回の訪問にかけてよい時間です。"},
    {"pages", "memory", WANT_SIZE, AT(page_memory_bytes), .min = 256LL << 20, .max = 64LL << 30,
     .otherwise = "1536M", .en = "How much memory Chromium may take before it is ended.",
     .ja = "Chromium が使ってよいメモリの上限です。超えると終了させます。"},
    {"pages", "card_a", WANT_CARD, AT(page_card_a), .otherwise = "\"4000000013590023\"",
     .en = "The canary card. Agree on a range with your acquirer; known test numbers are "
           "passed over by skimmers.",
     .ja = "おとりのカード番号です。範囲は決済代行会社と取り決めてください。よく知られた\n"
           "テスト番号は、盗み取るスクリプトに無視されます。"},
    {"pages", "card_b", WANT_CARD, AT(page_card_b), .otherwise = "\"4000000020010023\"",
     .en = "Its twin: the same first eight and last four digits, others between.",
     .ja = "その双子です。先頭8桁と末尾4桁が同じで、間だけが違う番号にします。"},
    {"console", "listen", WANT_TEXT, AT(console_listen), .otherwise = "\"127.0.0.1:8610\"",
     .en = "Address and port; \"\": no console. Keep it on loopback.",
     .ja = "アドレスとポートです。\"\" でコンソールなし。必ずループバックにしてください。"},
    {"visitors", "listen", WANT_TEXT, AT(visitors_listen), .otherwise = "\"\"",
     .en = "Address and port, on loopback, behind the shop's web server; \"\": off. Commonly "
           "127.0.0.1:8611.",
     .ja = "ショップのWebサーバーの後ろで待ち受けるアドレスとポートです(ループバックのみ)"
           "。\"\" で使いません。"
           "通常は 127.0.0.1:8611 です。"},
    {"operator", "name", WANT_TEXT, AT(operator_name), .otherwise = "\"\"",
     .en = "Name of the company or body.", .ja = "事業者の名称です。"},
    {"operator", "address", WANT_TEXT, AT(operator_address), .otherwise = "\"\"",
     .en = "Its address.", .ja = "所在地です。"},
    {"operator", "representative", WANT_TEXT, AT(operator_representative), .otherwise = "\"\"",
     .en = "Its representative, with title.", .ja = "代表者の役職と氏名です。"},
    {"operator", "industry", WANT_TEXT, AT(operator_industry), .otherwise = "\"\"",
     .en = "Its industry.", .ja = "業種です。"},
    {"operator", "contact", WANT_TEXT, AT(operator_contact), .otherwise = "\"\"",
     .en = "Whom to ask: department, telephone, e-mail.",
     .ja = "問い合わせ先(部署・電話・メール)です。"},
    {"operator", "service", WANT_TEXT, AT(operator_service), .otherwise = "\"\"",
     .en = "Name of the shop, as customers know it.", .ja = "お客様の知るショップの名前です。"},
    {"news", "names", WANT_TEXTS, ATS(news_names, news_name_count), .otherwise = "[]",
     .en = "Your vendors, hosts of scripts, payment firms; other spellings as names of their "
           "own.",
     .ja = "委託先、スクリプトの配信元、決済会社などの名前です。別の書き方も並べて書けます。"},
    {"news", "feeds", WANT_TEXTS, ATS(news_feeds, news_feed_count), .otherwise = "[]",
     .en = "Feeds of outside news (RSS, Atom): https addresses, or files.",
     .ja = "外部ニュースのフィード(RSS・Atom)です。https のアドレスかファイルを書きます。"},
    {"witness", "command", WANT_TEXT, AT(witness_command), .otherwise = "\"\"",
     .en = "Command that gets each signed head on standard input; \"\": none.",
     .ja = "署名つき見出しを標準入力で受け取るコマンドです。\"\" ならなし。"},
    {"witness", "file", WANT_PATH, AT(witness_file), .otherwise = "\"\"",
     .en = "File that each signed head is appended to; \"\": none.",
     .ja = "署名つき見出しを追記するファイルです。\"\" ならなし。"},
    {"witness", "syslog", WANT_BOOL, AT(witness_syslog), .otherwise = "false",
     .en = "Send each signed head to syslog.", .ja = "署名つき見出しを syslog に送ります。"},
};
const size_t keys_count = sizeof(keys_table) / sizeof(keys_table[0]);

ptrdiff_t keys_find(struct slice section, struct slice name)
{
	for (size_t i = 0; i < keys_count; i++)
		if (slice_eq(section, slice_str(keys_table[i].section)) &&
		    slice_eq(name, slice_str(keys_table[i].name)))
			return (ptrdiff_t)i;
	return -1;
}

static const enum syntax_kind wanted[] = {
    [WANT_TEXT] = SYNTAX_TEXT,         [WANT_PATH] = SYNTAX_TEXT,
    [WANT_PATHS] = SYNTAX_LIST,        [WANT_TEXTS] = SYNTAX_LIST,
    [WANT_PAGES] = SYNTAX_LIST,        [WANT_CARD] = SYNTAX_TEXT,
    [WANT_ROLES] = SYNTAX_LIST,        [WANT_BOOL] = SYNTAX_BOOL,
    [WANT_NUMBER] = SYNTAX_NUMBER,     [WANT_SIZE] = SYNTAX_SIZE,
    [WANT_DURATION] = SYNTAX_DURATION, [WANT_CHOICE] = SYNTAX_TEXT,
};

/* A plain 0 is a time, and any plain number is a size in bytes. */
static bool kind_fits(enum keys_want want, const struct syntax_value *v)
{
	if (v->kind == wanted[want])
		return true;
	return v->kind == SYNTAX_NUMBER &&
	       (want == WANT_SIZE || (want == WANT_DURATION && v->number == 0));
}

static int set_number(const struct keys_key *k, const struct syntax *s,
                      const struct syntax_value *v, int64_t *out)
{
	if (v->number < k->min || v->number > k->max)
		return syntax_fault(s, v->pos, "found %lld for %s; expected %lld to %lld",
		                    (long long)v->number, k->name, (long long)k->min,
		                    (long long)k->max);
	*out = v->number;
	return 0;
}

static bool is_choice(const char *choices, struct slice word)
{
	struct slice rest = slice_str(choices);

	while (rest.n) {
		size_t n = slice_chr(rest, ' ');

		if (slice_eq(slice_sub(rest, 0, n), word))
			return true;
		rest = n == SIZE_MAX ? (struct slice){0} : slice_sub(rest, n + 1, rest.n);
	}
	return false;
}

/* Digits with a right check digit (ISO/IEC 7812-1, annex B). */
static bool is_card(struct slice s)
{
	unsigned sum = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned d = s.at[s.n - 1 - i] - (unsigned)'0';

		if (d > 9)
			return false;
		sum += i % 2 == 0 ? d : d * 2 / 10 + d * 2 % 10;
	}
	return s.n >= 13 && s.n <= 19 && sum % 10 == 0;
}

static int set_text(const struct keys_key *k, const struct syntax *s,
                    const struct syntax_value *v, struct slice *out)
{
	if (v->text.n < (size_t)k->min)
		return syntax_fault(s, v->pos, "found an empty %s; expected a text", k->name);
	if (k->want == WANT_PATH && v->text.n && v->text.at[0] != '/')
		return syntax_fault(s, v->pos, "found \"%.*s\"; expected an absolute path",
		                    SLICE_ARG(v->text));
	if (k->want == WANT_CARD && !is_card(v->text))
		return syntax_fault(
		    s, v->pos,
		    "found \"%.*s\"; expected 13 to 19 digits, the last of them "
		    "their check digit",
		    SLICE_ARG(v->text));
	if (k->choices && !is_choice(k->choices, v->text))
		return syntax_fault(s, v->pos, "found \"%.*s\"; expected one of: %s",
		                    SLICE_ARG(v->text), k->choices);
	*out = v->text;
	return 0;
}

/* Without '/' at the end; "/" itself becomes empty. */
static struct slice without_slash(struct slice p)
{
	while (p.n && p.at[p.n - 1] == '/')
		p = slice_sub(p, 0, p.n - 1);
	return p;
}

static int set_roots(const struct syntax *s, const struct syntax_value *v, struct conf *c)
{
	if (v->list_count == 0 || v->list_count > CONF_MAX_ROOTS)
		return syntax_fault(s, v->pos, "found %zu folders; expected 1 to %d",
		                    v->list_count, CONF_MAX_ROOTS);
	for (size_t i = 0; i < v->list_count; i++)
		c->root[i] = (struct conf_root){without_slash(v->list[i])};
	c->roots = v->list_count;
	return 0;
}

static bool is_held_role(struct slice name)
{
	enum role r;

	return role_of(name, &r) && r < ROLE_DATA;
}

static int set_list(const struct keys_key *k, const struct syntax *s,
                    const struct syntax_value *v, struct conf *c)
{
	for (size_t i = 0; i < v->list_count; i++) {
		struct slice t = v->list[i];

		if (t.n == 0)
			return syntax_fault(s, v->list_pos[i],
			                    "found an empty text; expected a name");
		if (k->want == WANT_ROLES && !is_held_role(t))
			return syntax_fault(
			    s, v->list_pos[i],
			    "found \"%.*s\"; expected one of: payment code config "
			    "generated uploads",
			    SLICE_ARG(t));
		struct conf_page page;
		const char *expected = k->want == WANT_PAGES ? conf_page_of(t, &page) : NULL;

		if (expected)
			return syntax_fault(s, v->list_pos[i], "found \"%.*s\"; expected %s",
			                    SLICE_ARG(t), expected);
		if (k->want == WANT_PATHS && (t.at[0] != '/' || t.n == 1))
			return syntax_fault(s, v->list_pos[i],
			                    "found \"%.*s\"; expected an absolute path",
			                    SLICE_ARG(t));
	}
	if (k->at_count == offsetof(struct conf, roots))
		return set_roots(s, v, c);
	*(struct slice **)((char *)c + k->at) = v->list;
	*(size_t *)((char *)c + k->at_count) = v->list_count;
	return 0;
}

int keys_set(const struct keys_key *k, const struct syntax *s, const struct syntax_value *v,
             struct conf *c)
{
	void *field = (char *)c + k->at;

	if (!kind_fits(k->want, v))
		return syntax_fault(s, v->pos, "found %s for %s; expected %s",
		                    syntax_kind_name(v->kind), k->name,
		                    syntax_kind_name(wanted[k->want]));
	switch (wanted[k->want]) {
	case SYNTAX_TEXT:
		return set_text(k, s, v, field);
	case SYNTAX_LIST:
		return set_list(k, s, v, c);
	case SYNTAX_BOOL:
		*(bool *)field = v->number != 0;
		return 0;
	case SYNTAX_NUMBER:
	case SYNTAX_DURATION:
	case SYNTAX_SIZE:
		return set_number(k, s, v, field);
	}
	return -EINVAL;
}

int keys_unknown(const struct syntax *s, const struct syntax_item *it, struct slice section)
{
	const char *names[128] = {0};
	size_t n = 0;

	for (size_t i = 0; it->section && i < keys_section_count; i++)
		names[n++] = keys_sections[i].name;
	for (size_t i = 0; !it->section && i < keys_count && n < 127; i++)
		if (slice_eq(section, slice_str(keys_table[i].section)))
			names[n++] = keys_table[i].name;
	for (int r = 0; !it->section && slice_eq(section, SLICE("paths")) && r < ROLES; r++)
		names[n++] = role_name((enum role)r);
	const char *near = keys_near(it->name, names);
	return syntax_fault(s, it->pos, "found the unknown %s \"%.*s\"; %s%s%s",
	                    it->section ? "section" : "key", SLICE_ARG(it->name),
	                    near ? "did you mean " : "expected one of hinoban.conf(5)",
	                    near ? near : "", near ? "?" : "");
}
