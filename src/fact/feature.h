/*
 * feature: the closed list of what a reader can say about content, the vocabulary between
 * parse/ (which counts) and judge/ (which weighs). One line a feature, in the order in which
 * they are told:
 *
 *     F(ID, name, SORT, en, ja)
 *
 * `en` continues "code that ...", `ja` is a noun phrase that goes before 「が加わりました」
 * or 「を含みます」. Sorts: COUNT counts occurrences; MEASURE is a size or a share; STRONG
 * is a count that honest code hardly ever has (measured over WordPress, MediaWiki,
 * phpMyAdmin and Roundcube: tests/parse/measure.c).
 */
#ifndef HINOBAN_FACT_FEATURE_H
#define HINOBAN_FACT_FEATURE_H

#include "fact/json.h"

/* clang-format off */
#define FEATURES_INPUT(F) \
	F(REQUEST_READ, "request_read", COUNT, \
	  "reads what visitors send", "訪問者が送信した値の読み取り") \
	F(REQUEST_BODY, "request_body", COUNT, \
	  "takes everything that a visitor sends at once", "送信内容をまるごと受け取る処理") \
	F(UPLOAD_READ, "upload_read", COUNT, \
	  "takes uploaded files", "アップロードされたファイルの受け取り") \
	F(CARD_WORD, "card_word", COUNT, \
	  "names card data (number, expiry, security code, holder)", \
	  "カード情報（番号・有効期限・セキュリティコード・名義）を指す名前") \
	F(FORM_READ, "form_read", COUNT, \
	  "reads what is typed into form fields", "入力欄に入力された値の読み取り") \
	F(FORM_LISTEN, "form_listen", COUNT, \
	  "acts when a form is filled in or sent", "入力や送信の操作に反応する処理") \
	F(KEY_LISTEN, "key_listen", COUNT, \
	  "acts on every keystroke", "キー入力を1打ずつ拾う処理") \
	F(CARD_LISTEN, "card_listen", COUNT, \
	  "listens to the card fields", "カード入力欄の操作を監視する処理") \
	F(VISITOR_TEST, "visitor_test", COUNT, \
	  "behaves differently depending on the visitor's browser, address, cookie or origin", \
	  "訪問者のブラウザ・接続元・Cookie・参照元によって動きを変える処理") \
	F(CHECKOUT_TEST, "checkout_test", COUNT, \
	  "acts only on checkout or payment pages", "購入手続き・決済ページでだけ動く処理")

#define FEATURES_OUTPUT(F) \
	F(NET_OUT, "net_out", COUNT, \
	  "sends data to, or fetches data from, other servers", "他のサーバーとの通信") \
	F(BEACON_OUT, "beacon_out", COUNT, \
	  "sends data by way of an image, beacon or script address", \
	  "画像・ビーコン・スクリプトのURLを使った外部送信") \
	F(SOCKET_OUT, "socket_out", COUNT, \
	  "opens a live connection (WebSocket, WebRTC, raw socket)", \
	  "常時接続（WebSocket・WebRTC・ソケット）の開始") \
	F(MAIL_OUT, "mail_out", COUNT, \
	  "sends mail", "メールの送信") \
	F(FILE_WRITE, "file_write", COUNT, \
	  "writes files", "ファイルへの書き込み") \
	F(FILE_WRITE_ODD, "file_write_odd", COUNT, \
	  "writes into a hidden file or one named like an image or style sheet", \
	  "隠しファイルや画像・CSSに見せかけたファイルへの書き込み") \
	F(FILE_WRITE_CODE, "file_write_code", COUNT, \
	  "writes program files", "プログラムファイルの書き込み") \
	F(UPLOAD_MOVE, "upload_move", COUNT, \
	  "stores uploaded files", "アップロードされたファイルの保存") \
	F(FILE_MODE, "file_mode", COUNT, \
	  "changes the permissions of files", "ファイルのアクセス権の変更") \
	F(FILE_TIMES, "file_times", COUNT, \
	  "changes the dates of files", "ファイルの日付の変更") \
	F(STORAGE_WRITE, "storage_write", COUNT, \
	  "keeps data in the visitor's browser", "訪問者のブラウザへのデータ保存") \
	F(HOSTS, "hosts", MEASURE, \
	  "names other servers", "他のサーバーの名前") \
	F(HOST_IP, "host_ip", COUNT, \
	  "names a server by its bare IP address", "IPアドレスを直接書いた接続先")

#define FEATURES_FLOW(F) \
	F(CARD_TO_FILE, "card_to_file", COUNT, \
	  "writes card data or a whole form into a file", \
	  "カード情報またはフォーム全体をファイルに書き出す処理") \
	F(CARD_TO_NET, "card_to_net", COUNT, \
	  "sends card data or a whole form to another server", \
	  "カード情報またはフォーム全体を他のサーバーへ送る処理") \
	F(CARD_TO_MAIL, "card_to_mail", COUNT, \
	  "sends card data or a whole form by mail", \
	  "カード情報またはフォーム全体をメールで送る処理") \
	F(CARD_TO_STORAGE, "card_to_storage", COUNT, \
	  "keeps card data or a whole form in the browser", \
	  "カード情報またはフォーム全体をブラウザに保存する処理") \
	F(CARD_TO_SINK, "card_to_sink", COUNT, \
	  "passes card data or a whole form on", "カード情報またはフォーム全体を持ち出す処理") \
	F(CARD_ENCODED, "card_encoded", COUNT, \
	  "encodes card data or a whole form", "カード情報またはフォーム全体を符号化する処理") \
	F(REQUEST_TO_SINK, "request_to_sink", COUNT, \
	  "writes or sends on what visitors send", "訪問者の送信内容を書き出す、または転送する処理") \
	F(KEYS_TO_SINK, "keys_to_sink", COUNT, \
	  "sends keystrokes or typed text to another server", \
	  "キー入力や入力欄の内容を他のサーバーへ送る処理") \
	F(FORM_TO_HOST, "form_to_host", COUNT, \
	  "sends what is typed into forms to a server whose address is written in the code", \
	  "入力内容を、コードに直接書かれた宛先のサーバーへ送る処理") \
	F(COOKIE_TO_NET, "cookie_to_net", COUNT, \
	  "sends the visitor's cookies to another server", \
	  "訪問者のCookieを他のサーバーへ送る処理")

#define FEATURES_RUN(F) \
	F(REQUEST_RUN, "request_run", STRONG, \
	  "runs commands or code that a visitor sends (a web shell)", \
	  "訪問者が送ったコードやコマンドを実行する処理（ウェブシェル）") \
	F(DECODED_RUN, "decoded_run", STRONG, \
	  "decodes hidden text and runs it", "隠された文字列を復号して実行する処理") \
	F(INCLUDE_REMOTE, "include_remote", STRONG, \
	  "loads and runs code from another server", "他のサーバーのコードを読み込んで実行する処理") \
	F(VISITOR_FILE, "visitor_file", COUNT, \
	  "lets visitors store files under names of their choice", \
	  "訪問者が好きな名前でファイルを置ける処理") \
	F(CODE_DROP, "code_drop", COUNT, \
	  "stores program code that was hidden or comes from elsewhere", \
	  "隠されていた、または外部から来たプログラムコードの保存") \
	F(INCLUDE_VISITOR, "include_visitor", COUNT, \
	  "loads program files that a visitor names", \
	  "訪問者が指定したファイルをプログラムとして読み込む処理") \
	F(OBJECT_UNPACK, "object_unpack", COUNT, \
	  "makes objects that a visitor chooses", "訪問者が指定したオブジェクトの生成") \
	F(EVAL_CODE, "eval_code", COUNT, \
	  "runs text as code", "文字列をプログラムとして実行する処理") \
	F(EVAL_OLD, "eval_old", COUNT, \
	  "runs text as code in an outdated way (assert, create_function, /e, timer with text)", \
	  "古い方法（assert・create_function・/e など）での文字列の実行") \
	F(SHELL_RUN, "shell_run", COUNT, \
	  "runs commands of the operating system", "OSのコマンドの実行") \
	F(DYNAMIC_CALL, "dynamic_call", COUNT, \
	  "calls functions by a name kept in a variable", "変数に入れた名前での関数呼び出し") \
	F(CALLBACK_CALL, "callback_call", COUNT, \
	  "calls functions by a computed name", "計算した名前での関数呼び出し") \
	F(INCLUDE_VARIABLE, "include_variable", COUNT, \
	  "loads program files by a computed name", "計算した名前でのプログラム読み込み") \
	F(INCLUDE_ODD, "include_odd", COUNT, \
	  "runs a file that is named like an image or text as a program", \
	  "画像やテキストに見せかけたファイルをプログラムとして読み込む処理") \
	F(SYSTEM_LIBRARY, "system_library", COUNT, \
	  "reaches past PHP into the operating system (a library, FFI, COM)", \
	  "PHPの外のOSの機能（ライブラリ・FFI・COM）の利用") \
	F(TEMPLATE_RUN, "template_run", COUNT, \
	  "makes a template run PHP code or commands", \
	  "テンプレートからPHPコードやコマンドを実行させる記述") \
	F(SCRIPT_INSERT, "script_insert", COUNT, \
	  "adds scripts to the page", "ページへのスクリプトの追加") \
	F(FRAME_INSERT, "frame_insert", COUNT, \
	  "adds frames to the page", "ページへのフレーム（iframe）の追加") \
	F(OVERLAY, "overlay", COUNT, \
	  "lays something over the whole page", "ページ全体を覆う表示") \
	F(MARKUP_WRITE, "markup_write", COUNT, \
	  "writes markup into the page", "ページへのHTMLの書き込み") \
	F(FORM_ACTION, "form_action", COUNT, \
	  "changes where a form is sent", "フォームの送信先の変更") \
	F(HOOK, "hook", COUNT, \
	  "takes over functions of the browser that send data", \
	  "ブラウザの送信機能の横取り") \
	F(PAGE_MOVE, "page_move", COUNT, \
	  "takes the visitor to another page", "訪問者を別のページへ移す処理")

#define FEATURES_HIDING(F) \
	F(DECODE, "decode", COUNT, \
	  "decodes encoded or packed text", "符号化・圧縮された文字列の復号") \
	F(DECODE_CHAIN, "decode_chain", MEASURE, \
	  "decodes text in several layers", "何重にも重ねた復号") \
	F(ENCODE, "encode", COUNT, \
	  "encodes, packs or encrypts data", "データの符号化・圧縮・暗号化") \
	F(HIDDEN_URL, "hidden_url", COUNT, \
	  "hides an internet address in encoded text", "符号化して隠したURL") \
	F(HIDDEN_CODE, "hidden_code", STRONG, \
	  "hides program code in encoded text", "符号化して隠したプログラムコード") \
	F(HIDDEN_WORD, "hidden_word", COUNT, \
	  "hides tell-tale names (functions, card fields, checkout) in encoded text", \
	  "符号化して隠した名前（関数名・カード欄・決済ページなど）") \
	F(CHAR_BUILD, "char_build", COUNT, \
	  "builds text from single characters or codes", "1文字や文字コードから組み立てた文字列") \
	F(XOR_LOOP, "xor_loop", COUNT, \
	  "decrypts text byte by byte", "1バイトずつの復号（XOR）") \
	F(SPLIT_STRINGS, "split_strings", COUNT, \
	  "glues text together from tiny pieces", "細切れにした文字列の連結") \
	F(SPLIT_NAME, "split_name", STRONG, \
	  "hides the name of a function (in pieces or encoded)", \
	  "細切れにしたり符号化したりして隠した関数名") \
	F(SIGNS_ONLY, "signs_only", STRONG, \
	  "is written in brackets and signs instead of words", \
	  "単語を使わず括弧と記号だけで書かれたコード") \
	F(ESCAPED_SHARE, "escaped_share", MEASURE, \
	  "writes its texts as character codes", "文字コードで書かれた文字列") \
	F(LONGEST_LINE, "longest_line", MEASURE, \
	  "has a very long line", "極端に長い行") \
	F(LONGEST_STRING, "longest_string", MEASURE, \
	  "has a very long text without blanks", "空白のない極端に長い文字列") \
	F(STRING_ENTROPY, "string_entropy", MEASURE, \
	  "has a long text that looks random", "乱数のような長い文字列") \
	F(ODD_NAMES, "odd_names", MEASURE, \
	  "uses names that are no words", "意味をなさない名前") \
	F(HEX_NAMES, "hex_names", COUNT, \
	  "uses names like those of an obfuscator (_0x12ab)", "難読化ツール特有の名前（_0x12ab など）") \
	F(VARIABLE_VARIABLES, "variable_variables", COUNT, \
	  "uses variables by computed names", "計算した名前の変数の使用") \
	F(GOTO_JUMPS, "goto_jumps", COUNT, \
	  "jumps about with goto", "goto による飛び回り") \
	F(CONTROL_BYTES, "control_bytes", COUNT, \
	  "holds control characters", "制御文字") \
	F(FAR_RIGHT, "far_right", STRONG, \
	  "is pushed out of sight behind a long run of blanks", \
	  "長い空白の後ろに置かれて画面外に隠されたコード") \
	F(ERROR_HIDE, "error_hide", COUNT, \
	  "switches off error messages", "エラー表示の停止") \
	F(RUN_ON, "run_on", COUNT, \
	  "keeps running when the visitor leaves or time is up", \
	  "時間切れや切断の後も動き続ける設定") \
	F(DEBUG_TEST, "debug_test", COUNT, \
	  "hides from developer tools", "開発者ツールを検知して隠れる処理")

#define FEATURES_SHOP(F) \
	F(SYSTEM_INFO, "system_info", COUNT, \
	  "tells about the server's inside", "サーバー内部の情報の表示") \
	F(SQL_PERSONS, "sql_persons", COUNT, \
	  "reads customers' or users' data from the database", "顧客・会員データの読み出し") \
	F(SQL_WRITE, "sql_write", COUNT, \
	  "changes data in the database", "データベースの変更") \
	F(ADMIN_CREATE, "admin_create", COUNT, \
	  "creates or changes administrators", "管理者の作成・変更") \
	F(LOGIN_GIVEN, "login_given", COUNT, \
	  "logs a visitor in without a password", "パスワードなしで訪問者をログインさせる処理") \
	F(PASSWORD_WORD, "password_word", COUNT, \
	  "names passwords", "パスワードを指す名前")

#define FEATURES_PAGE(F) \
	F(PHP_CODE, "php_code", COUNT, \
	  "is PHP code", "PHPコード") \
	F(SCRIPT_INLINE, "script_inline", COUNT, \
	  "has scripts inside the page", "ページ内スクリプト") \
	F(SCRIPT_EXTERNAL, "script_external", COUNT, \
	  "loads scripts from other servers", "他のサーバーのスクリプトの読み込み") \
	F(FRAME_TAG, "frame_tag", COUNT, \
	  "shows other pages in frames", "フレーム（iframe）での別ページの表示") \
	F(FRAME_EXTERNAL, "frame_external", COUNT, \
	  "shows a page of another server inside the page", \
	  "ページ内への他のサーバーのページの表示") \
	F(FRAME_HIDDEN, "frame_hidden", COUNT, \
	  "has an invisible frame", "見えないフレーム（iframe）") \
	F(FORM_EXTERNAL, "form_external", COUNT, \
	  "sends a form to another server", "他のサーバーへ送信されるフォーム") \
	F(CARD_INPUT, "card_input", COUNT, \
	  "asks for card data", "カード情報の入力欄") \
	F(BASE_EXTERNAL, "base_external", COUNT, \
	  "makes all addresses of the page point to another server", \
	  "ページ内のアドレスを他のサーバーに向ける指定") \
	F(EVENT_ATTRIBUTE, "event_attribute", COUNT, \
	  "has scripts in attributes", "属性に書かれたスクリプト")

#define FEATURES_SERVER(F) \
	F(PREPEND_FILE, "prepend_file", COUNT, \
	  "makes the web server run another file before or after every page", \
	  "すべてのページの前後で別のファイルを実行させる設定") \
	F(HANDLER_PHP, "handler_php", COUNT, \
	  "makes the web server run other files as programs", \
	  "別の種類のファイルをプログラムとして実行させる設定") \
	F(PHP_SETTING, "php_setting", COUNT, \
	  "changes settings of PHP", "PHPの設定の変更") \
	F(REWRITE_EXTERNAL, "rewrite_external", COUNT, \
	  "sends visitors to another server", "訪問者を他のサーバーへ転送する設定") \
	F(ACCESS_OPEN, "access_open", COUNT, \
	  "opens files to everybody", "アクセス制限の解除")

#define FEATURES_IMAGE(F) \
	F(CODE_IN_IMAGE, "code_in_image", STRONG, \
	  "is hidden inside an image", "画像の中に隠されたコード") \
	F(CODE_IN_DATA, "code_in_data", COUNT, \
	  "is hidden inside a file that is no program", "プログラムではないファイルの中のコード") \
	F(IMAGE_TRAILER, "image_trailer", MEASURE, \
	  "hangs further data behind the end of an image", "画像の終わりの後ろに付け足されたデータ") \
	F(IMAGE_BROKEN, "image_broken", COUNT, \
	  "only pretends to be an image", "画像に見せかけただけの内容") \
	F(CARD_DATA, "card_data", COUNT, \
	  "holds what look like card numbers", "カード番号らしき数字の並び") \
	F(PHAR_STUB, "phar_stub", COUNT, \
	  "is a packed PHP program (phar)", "まとめられたPHPプログラム（phar）") \
	F(UNSEEN, "unseen", COUNT, \
	  "could not be looked at whole", "全体を調べられなかった内容") \
	F(PACKED_OTHER, "packed_other", COUNT, \
	  "is handed out, packed, in place of an approved file that says something else", \
	  "承認済みファイルの代わりに配信される、内容の異なる圧縮ファイル")

#define FEATURES(F) \
	FEATURES_INPUT(F) \
	FEATURES_OUTPUT(F) \
	FEATURES_FLOW(F) \
	FEATURES_RUN(F) \
	FEATURES_HIDING(F) \
	FEATURES_SHOP(F) \
	FEATURES_PAGE(F) \
	FEATURES_SERVER(F) \
	FEATURES_IMAGE(F)
/* clang-format on */

enum feature {
#define FEATURE_ID(id, name, sort, en, ja) F_##id,
	FEATURES(FEATURE_ID)
#undef FEATURE_ID
	    FEATURE_COUNT
};

enum feature_sort {
	FEATURE_COUNTED,  /* how often it occurs */
	FEATURE_MEASURED, /* a size or a share: compare by how much it grew */
	FEATURE_STRONG,   /* how often it occurs, and honest code hardly ever has it */
};

struct feature_row {
	const char *name;
	enum feature_sort sort;
	const char *en, *ja;
};
/* Indexed by enum feature, FEATURE_COUNT rows. */
extern const struct feature_row feature_rows[];

/* False for a name that is not in the list. */
bool feature_of(struct slice name, enum feature *out);
/* Does a web server, or a browser, run this CONTENT (or LOOKED's body) as a program? */
bool feature_runs(const struct json *content);

#endif
