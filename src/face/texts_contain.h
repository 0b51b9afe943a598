/* Sentences about containment: the commands contain, lift and rehearse. */
#ifndef HINOBAN_FACE_TEXTS_CONTAIN_H
#define HINOBAN_FACE_TEXTS_CONTAIN_H

/* clang-format off */
#define TEXTS_CONTAIN(X) \
	X(T_CONTAIN_WHAT, \
	  "hold a file, stop payment, freeze a process, isolate the machine", \
	  "ファイルの封鎖・決済の停止・プロセスの凍結・機械の隔離をする") \
	X(T_CONTAIN_EXAMPLES, \
	  "hold PATH: nobody can open the file (or the folder's files) until it is lifted.\n" \
	  "stop-payment: the web server answers the payment pages with a notice; it includes\n" \
	  "once what --snippet prints. stop-shop: the whole shop, by its own maintenance flag,\n" \
	  "or, where it has none, by the web server in the same way.\n" \
	  "freeze: a process, or a control group with all its processes, stands still.\n" \
	  "isolate: nothing but loopback and the addresses of --except passes the network; it\n" \
	  "lifts itself after --minutes (10) unless --confirm SEQ keeps it.\n" \
	  "Without a verb: what is in force. `hinoban lift SEQ` ends any of them. Exit code 3\n" \
	  "if it could not be done.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban contain hold payment/CardPayment.php --reason \"altered, forensics\"\n" \
	  "  hinoban contain stop-payment --reason \"cards may be at risk\"\n" \
	  "  hinoban contain --snippet nginx > /etc/nginx/snippets/hinoban.conf\n" \
	  "  hinoban contain freeze 1234 --reason \"unknown process\" --dry-run\n" \
	  "  hinoban contain isolate --except 192.0.2.7 --reason \"intruder on the machine\"", \
	  "hold PATH: 解除するまで、そのファイル（フォルダーなら中のファイル）を誰にも開かせません。\n" \
	  "stop-payment: 決済ページに案内文（503）を返します。--snippet が出す設定を Web サーバーに一度\n" \
	  "だけ入れておきます。stop-shop: ショップ全体を閉じます（ショップ自身のメンテナンス用ファイル。\n" \
	  "それがないショップでは、同じ設定を入れた Web サーバーが閉じます）。\n" \
	  "freeze: プロセス、または cgroup のすべてのプロセスを止めたままにします。\n" \
	  "isolate: ループバックと --except のアドレス以外の通信を遮断します。--confirm 番号 で確定しない\n" \
	  "限り、--minutes（10分）で自動的に解除されます。\n" \
	  "動詞を省くと、いま有効なものを表示します。どれも `hinoban lift 番号` で解除できます。\n" \
	  "実行できなかったときの終了コードは 3 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban contain hold payment/CardPayment.php --reason \"改ざんの調査\"\n" \
	  "  hinoban contain stop-payment --reason \"カード情報の漏えいのおそれ\"\n" \
	  "  hinoban contain --snippet nginx > /etc/nginx/snippets/hinoban.conf\n" \
	  "  hinoban contain freeze 1234 --reason \"不審なプロセス\" --dry-run\n" \
	  "  hinoban contain isolate --except 192.0.2.7 --reason \"侵入者がいる\"") \
	X(T_LIFT_WHAT, \
	  "end a containment", \
	  "封鎖・停止・凍結・隔離を解除する") \
	X(T_LIFT_EXAMPLES, \
	  "SEQ is the number that `hinoban contain` printed, and prints again without arguments.\n" \
	  "\n" \
	  "Example:\n" \
	  "  hinoban lift 1234 --reason \"the page is clean again\"", \
	  "番号は `hinoban contain` が表示したものです。引数なしの `hinoban contain` でも確かめられます。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban lift 1234 --reason \"ページを元に戻したため\"") \
	X(T_REHEARSE_WHAT, \
	  "try each verb of contain on something harmless", \
	  "contain の各動作を無害なもので試す") \
	X(T_REHEARSE_EXAMPLES, \
	  "For real, by the same way as in earnest, on what hinoban makes for it: a file\n" \
	  ".hinoban-rehearsal in the shop, a flag that no server looks for, a child process, a\n" \
	  "control group, a network namespace. The result and its duration are recorded.\n" \
	  "Exit code 1 if one of them failed.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban rehearse\n" \
	  "  hinoban rehearse isolate", \
	  "本番と同じ経路で、hinoban が自分で作ったものを相手に実際に動かします: ショップ内の\n" \
	  ".hinoban-rehearsal というファイル、どのサーバーも見ないフラグ、子プロセス、cgroup、\n" \
	  "専用のネットワーク名前空間。結果と所要時間は台帳に残ります。\n" \
	  "一つでも失敗すると終了コードは 1 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban rehearse\n" \
	  "  hinoban rehearse isolate") \
	X(T_OPT_EXCEPT, \
	  "address that isolation lets through (several times; none: nobody)", \
	  "隔離しても通すアドレス（複数可。none: なし）") \
	X(T_OPT_MINUTES, \
	  "minutes until isolation lifts itself (10)", \
	  "隔離が自動で解除されるまでの分数（10）") \
	X(T_OPT_CONFIRM, \
	  "keep this isolation until it is lifted", \
	  "この隔離を、解除するまで続ける") \
	X(T_OPT_SNIPPET, \
	  "print what the web server includes once", \
	  "Web サーバーに一度だけ入れる設定を表示する") \
	X(T_CONTAIN_WANTS, \
	  "{1} wants one argument: {2}", \
	  "{1} には引数を一つ書いてください: {2}") \
	X(T_CONTAIN_UNKNOWN, \
	  "'{1}' is no verb; use hold, stop-payment, stop-shop, freeze or isolate", \
	  "「{1}」という動作はありません。hold, stop-payment, stop-shop, freeze, isolate のどれかにしてください") \
	X(T_CONTAIN_NO_GROUPS, \
	  "this machine has no control groups of version 2", \
	  "この機械には cgroup v2 がありません") \
	X(T_CONTAIN_NOTHING, \
	  "there is no process or control group '{1}'", \
	  "「{1}」というプロセスや cgroup はありません") \
	X(T_CONTAIN_NEVER, \
	  "refused: process {1} is init's, the kernel's or hinoban's own; these are never frozen", \
	  "拒否しました: プロセス {1} は init・カーネル・hinoban 自身のいずれかのもので、凍結の対象になりません") \
	X(T_CONTAIN_NO_MINUTES, \
	  "--minutes: at least 1", \
	  "--minutes は 1 以上にしてください") \
	X(T_CONTAIN_WHO, \
	  "name whom to let through: --except ADDRESS (8 at most), or --except none for a console of the machine itself", \
	  "通す相手を --except アドレス（8つまで）で指定してください。機械の前で操作するなら --except none です") \
	X(T_CONTAIN_ADDRESS, \
	  "'{1}' is no IP address", \
	  "「{1}」は IP アドレスではありません") \
	X(T_CONTAIN_NOT_RUNNING, \
	  "hinoband is not running: nothing is contained, nothing was recorded", \
	  "hinoband が動いていないため、何も行わず、記録もしていません") \
	X(T_CONTAIN_NO_DEED, \
	  "no deed has answered #{1} yet: see `hinoban log`", \
	  "#{1} への結果がまだ届いていません。`hinoban log` で確かめてください") \
	X(T_CONTAIN_FAILED, \
	  "not done: {1} (#{2})", \
	  "実行できませんでした: {1}（#{2}）") \
	X(T_CONTAIN_DONE, \
	  "{1}: done. To end it: hinoban lift {2} --reason \"...\"", \
	  "{1}: 実行しました。解除するには: hinoban lift {2} --reason \"...\"") \
	X(T_CONTAIN_ISOLATED, \
	  "{1}: done. It lifts itself in time; to keep it: hinoban contain --confirm {2} --reason \"...\"; to end it: hinoban lift {2} --reason \"...\"", \
	  "{1}: 実行しました。時間が来ると自動で解除されます。続けるには: hinoban contain --confirm {2} --reason \"...\"　解除するには: hinoban lift {2} --reason \"...\"") \
	X(T_CONTAIN_CONFIRMED, \
	  "The isolation stays until it is lifted (#{2}).", \
	  "隔離は、解除するまで続きます（#{2}）。") \
	X(T_CONTAIN_LIFTED, \
	  "{1}: lifted (#{2}).", \
	  "{1}: 解除しました（#{2}）。") \
	X(T_CONTAIN_NONE, \
	  "Nothing is contained.", \
	  "有効な封鎖・停止・凍結・隔離はありません。") \
	X(T_CONTAIN_LINE, \
	  "#{1}  {2}  {3} {4}  ({5}: {6})", \
	  "#{1}  {2}  {3} {4}  （{5}: {6}）") \
	X(T_CONTAIN_ALREADY, \
	  "it is in force already: #{1}, by {2}; nothing was done. `hinoban lift {1}` ends it.", \
	  "すでに有効です（#{1}、{2}）。何もしていません。解除するには `hinoban lift {1}` を実行してください。") \
	X(T_CONTAIN_NOT_IN_FORCE, \
	  "#{1} is no containment that is in force; `hinoban contain` lists those", \
	  "#{1} は有効な封鎖ではありません。`hinoban contain` で一覧できます") \
	X(T_CONTAIN_NO_TIMER, \
	  "#{1} has no timer: it stands until it is lifted", \
	  "#{1} には期限がありません。解除するまで続きます") \
	X(T_DRY_HOLD, \
	  "Every open of {1} would be refused (EPERM), for everyone, root included, also under another name of the same file. Who has it open already reads on.", \
	  "{1} を開こうとすると、root を含む誰もが拒否されます（EPERM）。同じファイルの別名も同様です。すでに開いているプロセスは読み続けられます。") \
	X(T_DRY_PAYMENT, \
	  "The file {1} would be made. While it is there, a web server that includes the snippet answers URLs that match these with 503 and a notice:", \
	  "{1} というファイルを作ります。これがある間、設定を入れた Web サーバーは、次に合う URL に 503 と案内文を返します:") \
	X(T_DRY_SHOP, \
	  "The empty file {1} would be made; the shop's program closes the whole shop while it is there.", \
	  "{1} という空のファイルを作ります。ある間、ショップのプログラム自身が全体を閉じます。") \
	X(T_DRY_SHOP_WEB, \
	  "The file {1} would be made. While it is there, a web server that includes the snippet answers every URL with 503 and a notice.", \
	  "{1} というファイルを作ります。これがある間、設定を入れた Web サーバーは、すべての URL に 503 と案内文を返します。") \
	X(T_DRY_PROCESS, \
	  "Process {1} ({2}) would get SIGSTOP, if it is still the same one.", \
	  "プロセス {1}（{2}）が同じものであれば、SIGSTOP を送ります。") \
	X(T_DRY_GROUP, \
	  "1 would be written to {1}/{2}/cgroup.freeze.", \
	  "{1}/{2}/cgroup.freeze に 1 を書き込みます。") \
	X(T_DRY_NETWORK, \
	  "This nftables ruleset would be loaded, and lift itself after {1} minutes:", \
	  "次の nftables の規則を入れ、{1} 分後に自動で解除します:") \
	X(T_DRY_END, \
	  "Nothing was done.", \
	  "何も実行していません。") \
	X(T_REHEARSED, \
	  "{1}: works; {2} ms to contain, {3} ms to lift", \
	  "{1}: 動作しました（実行 {2} ミリ秒、解除 {3} ミリ秒）") \
	X(T_REHEARSED_NOT, \
	  "{1}: does not work here: {2}", \
	  "{1}: ここでは動作しません: {2}") \
	X(T_SNIPPET_NGINX, \
	  "# hinoban contain stop-payment and stop-shop: include this inside {1} once, then reload nginx. From {2}.", \
	  "# hinoban contain stop-payment, stop-shop: {1} の中に一度だけ入れ、nginx を再読み込みしてください。設定: {2}") \
	X(T_SNIPPET_APACHE, \
	  "# hinoban contain stop-payment and stop-shop: include this inside {1} once, then reload Apache (modules alias, headers). From {2}.", \
	  "# hinoban contain stop-payment, stop-shop: {1} の中に一度だけ入れ、Apache を再読み込みしてください（alias, headers モジュール）。設定: {2}") \
	X(T_SNIPPET_NO_PAGES, \
	  "the profile {1} names no payment pages (section [contain], pages)", \
	  "プロファイル {1} に決済ページの指定がありません（[contain] の pages）") \
	X(T_SNIPPET_UNKNOWN, \
	  "'{1}' is no web server that there is a snippet for; use nginx or apache", \
	  "「{1}」用の設定はありません。nginx か apache にしてください") \
	X(T_F_CONTAIN, \
	  "{1}: {2} {3}: {4}", \
	  "{1} が {2} {3} を指示: {4}") \
	X(T_F_LIFT, \
	  "{1} lifts #{2}: {3}", \
	  "{1} が #{2} を解除: {3}") \
	X(T_F_REHEARSED, \
	  "{1} rehearsed {2} (worked: {3})", \
	  "{1} が {2} を試行（成功: {3}）") \
	X(T_F_ORDER_CONTAIN, \
	  "order: {1} {2}", \
	  "指示: {1} {2}") \
	X(T_F_ORDER_LIFT, \
	  "order: lift {1} {2}", \
	  "解除の指示: {1} {2}") \
	X(T_F_DEED_CONTAIN, \
	  "done: {1} {2}", \
	  "実行した: {1} {2}") \
	X(T_F_DEED_LIFT, \
	  "lifted: {1} {2}", \
	  "解除した: {1} {2}") \
	X(T_F_DEED_TIME, \
	  "{1}: nobody confirmed it in time, so it is lifted", \
	  "{1}: 時間内に確定されなかったため、自動で解除された") \
	X(T_L_CONTAINED, \
	  "contained", \
	  "封鎖中") \
	X(T_REFUSED_HELD, \
	  "a person holds it", \
	  "人の指示で封鎖されています") \
	X(T_DO_NFTABLES, \
	  "The kernel has no nftables for hinoban (or this is not root): `contain isolate` can't be used.", \
	  "nftables が使えないため（または root でないため）、`contain isolate` は使えません。") \
	X(T_DO_GROUPS, \
	  "No control groups of version 2: `contain freeze` works on single processes only.", \
	  "cgroup v2 がないため、`contain freeze` は単独のプロセスにしか使えません。") \
	X(T_DO_SNIPPET, \
	  "No web server's settings name the flag of `contain stop-payment`: hinoban contain --snippet nginx|apache", \
	  "Web サーバーの設定に `contain stop-payment` のフラグがありません: hinoban contain --snippet nginx|apache") \
	X(T_DO_FLAG, \
	  "This shop has no maintenance flag of its own, and no web server's settings name that of `contain stop-shop`: hinoban contain --snippet nginx|apache", \
	  "このショップ自身のメンテナンス用ファイルはなく、Web サーバーの設定にも `contain stop-shop` のフラグがありません: hinoban contain --snippet nginx|apache")
/* clang-format on */

#endif
