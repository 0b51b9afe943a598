/* The table of sentences: what --help says. See text.h. */
#ifndef HINOBAN_FACE_TEXTS_HELP_H
#define HINOBAN_FACE_TEXTS_HELP_H

/* clang-format off */
#define TEXTS_HELP(X) \
	X(T_HELP_HEAD, \
	  "hinoban stands watch over an online shop's files and tells you about the first tampered byte.", \
	  "火の番（hinoban）は、ネットショップのファイルを見張り、改ざんの最初の1バイトに気づいて知らせます。") \
	X(T_HELP_USAGE, \
	  "Usage: {1}", \
	  "使い方: {1}") \
	X(T_HELP_COMMANDS, \
	  "Commands:", \
	  "コマンド:") \
	X(T_HELP_OPTIONS, \
	  "Options:", \
	  "オプション:") \
	X(T_HELP_EVERYWHERE, \
	  "Options of every command:", \
	  "すべてのコマンドに共通のオプション:") \
	X(T_HELP_CODES, \
	  "Exit codes: 0 good, 1 something was found or differs, 2 wrong use or input, 3 hinoban itself failed.", \
	  "終了コード: 0 問題なし、1 何か見つかった・違いがある、2 使い方や入力の誤り、3 hinoban 自身の失敗。") \
	X(T_HELP_MORE, \
	  "`hinoban COMMAND --help` tells more, and so does hinoban(1).", \
	  "詳しくは `hinoban コマンド --help` または hinoban(1) をご覧ください。") \
	X(T_HELP_WHAT, \
	  "explain the commands", \
	  "コマンドの説明を表示する") \
	X(T_HELP_EXAMPLES, \
	  "Example:\n" \
	  "  hinoban help approve", \
	  "例:\n" \
	  "  hinoban help approve") \
	X(T_VERSION_WHAT, \
	  "print the version", \
	  "版を表示する") \
	X(T_VERSION_EXAMPLES, \
	  "Example:\n" \
	  "  hinoban version", \
	  "例:\n" \
	  "  hinoban version") \
	X(T_COMPLETION_WHAT, \
	  "list words for the shell's completion", \
	  "シェルの補完に使う語を一覧にする") \
	X(T_COMPLETION_EXAMPLES, \
	  "The shell's completion script calls it; you need not.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban completion commands\n" \
	  "  hinoban completion options log", \
	  "シェルの補完スクリプトが使うもので、ふだん直接使う必要はありません。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban completion commands\n" \
	  "  hinoban completion options log") \
	X(T_COMPLETION_UNKNOWN, \
	  "there is no completion of '{1}'; try: commands, types, fields, features, kinds, options COMMAND", \
	  "「{1}」の補完はありません。commands, types, fields, features, kinds, options コマンド名 のどれかを指定してください") \
	X(T_PROFILES_WHAT, \
	  "list the kinds of shops that hinoban knows", \
	  "hinoban が知っているショップの種類を一覧にする") \
	X(T_PROFILES_EXAMPLES, \
	  "A profile says which folders of a shop hold code, generated code, uploads and data, and where\n" \
	  "its payment code is.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban profiles\n" \
	  "  hinoban init /srv/shop --profile eccube4", \
	  "プロファイルは、コード・自動生成コード・アップロード・データがどのフォルダーにあるか、\n" \
	  "決済のコードがどこにあるかを定めたものです。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban profiles\n" \
	  "  hinoban init /srv/shop --profile eccube4") \
	X(T_INIT_WHAT, \
	  "start to guard a shop: config, ledger, first inventory", \
	  "ショップの見張りを始める（設定・台帳・最初の棚卸し）") \
	X(T_INIT_EXAMPLES, \
	  "Looks which kind of shop lies in DIR, writes a commented config, makes the ledger, and takes the\n" \
	  "first inventory of all files. Nothing in DIR is changed.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban init /var/www/shop\n" \
	  "  hinoban init /var/www/shop --config /etc/hinoban/shop.conf --state /var/lib/hinoban/shop --yes", \
	  "DIR にあるショップの種類を調べ、説明つきの設定ファイルを書き、台帳を作り、全ファイルの最初の\n" \
	  "棚卸しをします。DIR の中は何も変更しません。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban init /var/www/shop\n" \
	  "  hinoban init /var/www/shop --config /etc/hinoban/shop.conf --state /var/lib/hinoban/shop --yes") \
	X(T_CHECK_WHAT, \
	  "hold all files against what is approved", \
	  "全ファイルを承認済みの内容と照らし合わせる") \
	X(T_CHECK_EXAMPLES, \
	  "Reads only the files whose size, times or inode are not as recorded; --full reads all. What\n" \
	  "differs is recorded in the ledger and judged. Exit code 1 while anything differs or a finding is\n" \
	  "open.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban check\n" \
	  "  hinoban check --full --json", \
	  "大きさ・時刻・inode が記録と違うファイルだけを読みます（--full はすべて読む）。違いは台帳に記録し、\n" \
	  "判定します。違いか未対応の発見があるあいだ、終了コードは 1 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban check\n" \
	  "  hinoban check --full --json") \
	X(T_STATUS_WHAT, \
	  "how things are, on one screen", \
	  "いまの様子を一画面で示す") \
	X(T_STATUS_EXAMPLES, \
	  "Exit code 1 while findings are open, the state's disk is full, or a process hangs for good.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban status\n" \
	  "  hinoban status --json", \
	  "未対応の発見があるあいだ、状態のディスクに空きがないあいだ、またはプロセスが応答しないままのあいだ、終了コードは 1 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban status\n" \
	  "  hinoban status --json") \
	X(T_FINDINGS_WHAT, \
	  "list the findings that wait for you", \
	  "対応を待っている発見を一覧にする") \
	X(T_FINDINGS_EXAMPLES, \
	  "Newest first. --all lists the closed ones too.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban findings\n" \
	  "  hinoban findings --all --limit 50", \
	  "新しい順に並べます。--all は対応済みのものも含めます。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban findings\n" \
	  "  hinoban findings --all --limit 50") \
	X(T_LOG_WHAT, \
	  "what the ledger says, oldest first", \
	  "台帳の記録を古い順に示す") \
	X(T_LOG_EXAMPLES, \
	  "TIME is RFC 3339, a date, \"2026-11-24 13:05\", or so long ago: 30m, 3h, 2d, 1w. --path takes a\n" \
	  "path, a folder, or a pattern. With --json each line is a fact exactly as in the ledger.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban log --since 2d --kind finding\n" \
	  "  hinoban log --type 'file.*' --path html/plugin --limit 20\n" \
	  "  hinoban log --follow --json", \
	  "TIME は RFC 3339 の時刻、日付、「2026-11-24 13:05」、または 30m・3h・2d・1w（どれだけ前か）です。\n" \
	  "--path にはパス・フォルダー・パターンを指定できます。--json では各行が台帳の記録そのものです。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban log --since 2d --kind finding\n" \
	  "  hinoban log --type 'file.*' --path html/plugin --limit 20\n" \
	  "  hinoban log --follow --json") \
	X(T_SHOW_WHAT, \
	  "explain one fact or finding with its evidence", \
	  "一つの事実・発見を証拠とともに説明する") \
	X(T_SHOW_EXAMPLES, \
	  "What happened, how sure hinoban is, which process and which web request did it, since when, and\n" \
	  "what to do next.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban show 1234\n" \
	  "  hinoban show 1234 --json", \
	  "何が起きたか、どれほど確かか、どのプロセス・どのリクエストによるか、いつからか、次に何をすべきかを\n" \
	  "示します。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban show 1234\n" \
	  "  hinoban show 1234 --json") \
	X(T_DIFF_WHAT, \
	  "what was altered in a file", \
	  "ファイルのどこが変えられたかを示す") \
	X(T_DIFF_EXAMPLES, \
	  "PATH: the approved content against the file as it is now. SEQ: as it was at that fact or finding.\n" \
	  "Exit code 1 if they differ.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban diff html/shopping/payment.php\n" \
	  "  hinoban diff 1234", \
	  "PATH なら承認済みの内容といまのファイル、SEQ ならその事実・発見の時点の内容を比べます。\n" \
	  "違いがあれば終了コードは 1 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban diff html/shopping/payment.php\n" \
	  "  hinoban diff 1234") \
	X(T_APPROVE_WHAT, \
	  "say that changes are right", \
	  "変更が正しいものだと承認する") \
	X(T_APPROVE_EXAMPLES, \
	  "Approves the present state of the paths (a folder: of all that differs below it). With --git,\n" \
	  "--debian or --upstream exactly those changes are approved whose content is the origin's; the\n" \
	  "others are listed. What was put back meanwhile (mode heal) is as approved already: make such a change\n" \
	  "by `hinoban deploy`. Exit code 1 if any were left, or a finding of a named path stays open.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban approve html/index.php --reason \"new opening hours\"\n" \
	  "  hinoban approve --all --reason \"moved from the old server\"\n" \
	  "  hinoban approve --git v2.1\n" \
	  "  hinoban approve --upstream eccube-4.2.3.zip", \
	  "指定したパスのいまの状態を承認します（フォルダーなら、その下で違いのあるものすべて）。--git,\n" \
	  "--debian, --upstream では、内容が配布元と同じ変更だけを承認し、それ以外は一覧にします。すでに元へ\n" \
	  "戻された変更（heal モード）は承認するものがないので、`hinoban deploy` で行ってください。残りがあるか、\n" \
	  "指定したパスの発見が開いたままなら、終了コードは 1 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban approve html/index.php --reason \"営業時間の変更\"\n" \
	  "  hinoban approve --all --reason \"旧サーバーからの移転\"\n" \
	  "  hinoban approve --git v2.1\n" \
	  "  hinoban approve --upstream eccube-4.2.3.zip") \
	X(T_DISMISS_WHAT, \
	  "close a finding that is no harm", \
	  "害のない発見を閉じる") \
	X(T_DISMISS_EXAMPLES, \
	  "The finding stays in the ledger, with your reason beside it.\n" \
	  "\n" \
	  "Example:\n" \
	  "  hinoban dismiss 1234 --reason \"our own test of the upload form\"", \
	  "発見は台帳に残り、理由がそえられます。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban dismiss 1234 --reason \"自社によるアップロード試験\"") \
	X(T_MODE_WHAT, \
	  "see or set what is done about tampering", \
	  "改ざんにどう対応するかを表示・設定する") \
	X(T_MODE_EXAMPLES, \
	  "watch: it is told. heal: the approved version is put back before anyone reads\n" \
	  "the file, new programs are taken away, nobody but a deploy writes code.\n" \
	  "A finding that was put right so stays open until you dismiss it: the way in may be.\n" \
	  "hold: a file that is not as approved can't be opened. Roles: payment, code,\n" \
	  "config, generated, uploads; without one all of them. Where the fence in the kernel\n" \
	  "stands (`hinoban doctor`), connect in hold lets web workers connect only to where\n" \
	  "they did while it was in watch. A mode holds from now on, also after a restart,\n" \
	  "until it is set again.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban mode\n" \
	  "  hinoban mode heal payment code --reason \"a week without a false alarm\"\n" \
	  "  hinoban mode hold connect --reason \"a month of addresses is learnt\"\n" \
	  "  hinoban mode watch --reason \"moving the shop\"", \
	  "watch は知らせるだけ、heal は誰かに読まれる前に承認済みの内容へ戻し、新しく置かれた\n" \
	  "プログラムを取り除きます（プログラムを書き換えられるのは deploy だけになります）。元に戻した\n" \
	  "発見も、侵入経路が残っているおそれがあるため、dismiss するまで開いたままです。hold は\n" \
	  "承認された内容と違うファイルを開かせません。役割は payment, code, config, generated, uploads\n" \
	  "から選び、省くとすべてが対象です。カーネルによる保護が使えるとき(hinoban doctor で確認)は、\n" \
	  "connect を hold にすると、watch の間に覚えた宛先にしか接続させません。再起動しても、\n" \
	  "次に設定するまで続きます。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban mode\n" \
	  "  hinoban mode heal payment code --reason \"1週間、誤報がなかったため\"\n" \
	  "  hinoban mode hold connect --reason \"1か月分の接続先を覚えたため\"\n" \
	  "  hinoban mode watch --reason \"ショップの移転作業\"") \
	X(T_DEPLOY_WHAT, \
	  "run a command whose writes are approved", \
	  "コマンドを実行し、その書き込みを承認する") \
	X(T_DEPLOY_EXAMPLES, \
	  "All that COMMAND and its children write is recorded as deployed by you. Exit code 1 if COMMAND\n" \
	  "ended with another code than 0.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban deploy -- git pull\n" \
	  "  hinoban deploy --reason \"release 2.1\" -- composer install --no-dev\n" \
	  "  hinoban deploy -- apt-get upgrade\n" \
	  "  hinoban deploy --begin 1234; hinoban deploy --end 1234", \
	  "COMMAND とその子プロセスの書き込みは、あなたによる配備として記録されます。COMMAND が 0 以外で\n" \
	  "終わったとき、終了コードは 1 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban deploy -- git pull\n" \
	  "  hinoban deploy --reason \"リリース 2.1\" -- composer install --no-dev\n" \
	  "  hinoban deploy -- apt-get upgrade\n" \
	  "  hinoban deploy --begin 1234; hinoban deploy --end 1234") \
	X(T_VERSIONS_WHAT, \
	  "which versions of a file there were", \
	  "ファイルにどんな版があったかを示す") \
	X(T_VERSIONS_EXAMPLES, \
	  "Each version with its number, time, hash and size, whether it was approved, and who made it.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban versions html/shopping/payment.php\n" \
	  "  hinoban versions --json html/shopping/payment.php", \
	  "それぞれの版の番号、時刻、ハッシュ、大きさ、承認の有無、作った者を示します。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban versions html/shopping/payment.php\n" \
	  "  hinoban versions --json html/shopping/payment.php") \
	X(T_CAT_WHAT, \
	  "print what stood in a file", \
	  "ファイルの過去の内容を表示する") \
	X(T_CAT_EXAMPLES, \
	  "The approved content; with --at what stood there at that time, approved or not; with --version or\n" \
	  "--hash just that one. On a terminal control characters are made harmless; into a file or a pipe go\n" \
	  "the very bytes. Exit code 2 if there is no such content.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban cat html/shopping/payment.php --at 2026-11-02\n" \
	  "  hinoban cat html/shopping/payment.php --version 1234 > payment.php.txt", \
	  "承認済みの内容を表示します。--at ならその時刻にあった内容を承認の有無によらず、--version か --hash なら\n" \
	  "その内容を表示します。端末では制御文字を無害にし、ファイルやパイプには元のバイト列をそのまま出します。\n" \
	  "その内容がなければ終了コードは 2 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban cat html/shopping/payment.php --at 2026-11-02\n" \
	  "  hinoban cat html/shopping/payment.php --version 1234 > payment.php.txt") \
	X(T_RESTORE_WHAT, \
	  "put approved files back", \
	  "承認済みのファイルを元に戻す") \
	X(T_RESTORE_EXAMPLES, \
	  "Shows what would be done, with the differences, and asks; without a terminal it only shows, unless\n" \
	  "--yes is given. In place each file is replaced in one step, with its owner, rights and times, and\n" \
	  "recorded as a deploy of yours. What was never approved in a folder of programs is removed; nothing\n" \
	  "is overwritten or removed that the vault does not keep. --at and --before put back what was approved\n" \
	  "then. --to writes into another, empty folder instead, and asks nothing. A shop may have made pages of its own cache\n" \
	  "from a program or template while that was altered; --caches removes those that were made since, and\n" \
	  "the shop makes them anew.\n" \
	  "Exit code 1 if something would be done, was left or failed.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban restore html/shopping/payment.php\n" \
	  "  hinoban restore html --before 1234 --yes\n" \
	  "  hinoban restore html --before case:2 --caches\n" \
	  "  hinoban restore html --at 2026-11-02 --to /root/html-then", \
	  "何をするかを差分つきで示し、確認してから実行します。端末がないときは --yes がなければ示すだけです。元の場所\n" \
	  "では、所有者・権限・時刻とともにファイルを一度に置き換え、あなたの配備として記録します。プログラムの\n" \
	  "フォルダーにある、承認されたことのないものは取り除きます。保管されていないものを上書きしたり取り除いたり\n" \
	  "することはありません。--at と --before はその時点で承認されていたものを戻します。--to は代わりに別の空の\n" \
	  "フォルダーへ、確認なしで書き出します。プログラムやテンプレートが改変されている間に、ショップがそこからキャッシュを\n" \
	  "作っていることがあります。--caches はその後に作られたキャッシュを取り除きます（ショップが作り直します）。\n" \
	  "することがある、見送った、または失敗したときの終了コードは 1 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban restore html/shopping/payment.php\n" \
	  "  hinoban restore html --before 1234 --yes\n" \
	  "  hinoban restore html --before case:2 --caches\n" \
	  "  hinoban restore html --at 2026-11-02 --to /root/html-then") \
	X(T_VAULT_WHAT, \
	  "what is kept of files, and for how long", \
	  "ファイルの保管状況を示し、整理する") \
	X(T_VAULT_EXAMPLES, \
	  "stat: how much is kept. verify: is each kept content what its hash says, and was what is gone dropped\n" \
	  "in order (exit code 1 if not). gc: drop what the settings of [vault] don't hold any longer; hinoband\n" \
	  "does this once a day by itself. It is done on a full disk, too, and makes room there. What is approved\n" \
	  "or stands there now is never dropped, evidence only after its own time.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban vault stat\n" \
	  "  hinoban vault gc --dry-run\n" \
	  "  hinoban vault gc --reason \"the disk fills up\"", \
	  "stat は保管量を示します。verify は保管した内容がハッシュどおりか、ないものが正しい手順で消されたかを確かめます\n" \
	  "（異常があれば終了コード 1）。gc は [vault] の設定で保管し続ける必要のないものを消します（hinoband は1日1回\n" \
	  "自動で行います）。ディスクが一杯のときも実行でき、空きを作ります。承認済みのものと今そこにあるものは決して消さず、\n" \
	  "証拠はその期限が過ぎるまで消しません。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban vault stat\n" \
	  "  hinoban vault gc --dry-run\n" \
	  "  hinoban vault gc --reason \"ディスクの空きが少ない\"") \
	X(T_EVIDENCE_WHAT, \
	  "export evidence for a forensic firm", \
	  "調査会社に渡す証拠を書き出す") \
	X(T_EVIDENCE_EXAMPLES, \
	  "SEQ: a finding, what it rests on and what was said about it. PATH: all that is recorded of a file or\n" \
	  "folder. The contents of both sides are packed, so that nobody runs them by accident; facts, proofs,\n" \
	  "the public key and checksums are beside them, and a README that says how to check all of it. The\n" \
	  "export is recorded in the ledger. Exit code 1 if a content was not kept, or is\n" \
	  "damaged in the vault; MANIFEST.jsonl names it.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban evidence 1234 --to /root/finding-1234.tar\n" \
	  "  hinoban evidence html/shopping --to /root/evidence", \
	  "SEQ なら検出とその根拠・経過を、PATH ならファイルやフォルダーの記録すべてを書き出します。改ざん前後の内容は、\n" \
	  "誤って実行されないよう圧縮した形で、事実・証明・公開鍵・チェックサムと、確かめ方を書いた README とともに\n" \
	  "収めます。書き出したことも台帳に記録します。保管されていない内容や壊れた内容があったときの\n" \
	  "終了コードは 1 です（MANIFEST.jsonl に示します）。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban evidence 1234 --to /root/finding-1234.tar\n" \
	  "  hinoban evidence html/shopping --to /root/evidence") \
	X(T_VERIFY_WHAT, \
	  "check that nobody altered the ledger", \
	  "台帳が書き換えられていないことを検証する") \
	X(T_VERIFY_EXAMPLES, \
	  "Every fact, the whole tree, every signature, every kept content. Exit code 1 with the place of each\n" \
	  "fault. A whole ledger that was put back to an older state, or written anew by somebody with its key,\n" \
	  "shows only against the heads that a witness kept: --witness takes its file (or a syslog).\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban verify\n" \
	  "  hinoban verify --state /mnt/backup/hinoban\n" \
	  "  hinoban verify --witness /mnt/elsewhere/heads", \
	  "すべての事実、木の全体、すべての署名、保管した内容を確かめます。異常があれば場所を示し、終了コードは\n" \
	  "1 です。台帳全体が古い状態に戻された場合や、鍵を持つ者に書き直された場合は、証人が保管したヘッドとの\n" \
	  "照合でだけ分かります。--witness にはそのファイル（syslog でも可）を渡します。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban verify\n" \
	  "  hinoban verify --state /mnt/backup/hinoban\n" \
	  "  hinoban verify --witness /mnt/elsewhere/heads") \
	X(T_REBUILD_WHAT, \
	  "compute the views anew from the facts", \
	  "事実から一覧（ビュー）を作り直す") \
	X(T_REBUILD_EXAMPLES, \
	  "Exit code 1 if the old views were other than the facts say. hinoband must not run.\n" \
	  "\n" \
	  "Example:\n" \
	  "  hinoban rebuild", \
	  "古いビューが事実と食い違っていたとき、終了コードは 1 です。hinoband を止めてから実行してください。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban rebuild") \
	X(T_PROOF_WHAT, \
	  "prove that a fact is in the ledger", \
	  "事実が台帳にあることの証明を作る") \
	X(T_PROOF_EXAMPLES, \
	  "An inclusion proof (RFC 9162) as JSON; anyone can check it with verify-proof(1) and your public\n" \
	  "key.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban proof 1234 -o proof.json\n" \
	  "  hinoban key -o ledger.pub", \
	  "包含証明（RFC 9162）を JSON で書きます。verify-proof(1) と公開鍵があれば誰でも検証できます。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban proof 1234 -o proof.json\n" \
	  "  hinoban key -o ledger.pub") \
	X(T_CONSISTENCY_WHAT, \
	  "prove that the ledger only grew", \
	  "台帳が追記だけされたことの証明を作る") \
	X(T_CONSISTENCY_EXAMPLES, \
	  "Between the heads of sizes FROM and TO.\n" \
	  "\n" \
	  "Example:\n" \
	  "  hinoban consistency 1000 2000 -o grown.json", \
	  "FROM 件のときと TO 件のときのあいだについて証明します。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban consistency 1000 2000 -o grown.json") \
	X(T_HEAD_WHAT, \
	  "print the newest signed head of the ledger", \
	  "台帳の最新の署名つき要約を表示する") \
	X(T_HEAD_EXAMPLES, \
	  "Keep it elsewhere: with it anyone can show later that nothing older was altered.\n" \
	  "\n" \
	  "Example:\n" \
	  "  hinoban head >> /mnt/elsewhere/heads", \
	  "別の場所に控えておけば、それより前が書き換えられていないことを後から示せます。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban head >> /mnt/elsewhere/heads") \
	X(T_KEY_WHAT, \
	  "export the ledger's public key", \
	  "台帳の公開鍵を書き出す") \
	X(T_KEY_EXAMPLES, \
	  "Example:\n" \
	  "  hinoban key -o ledger.pub", \
	  "例:\n" \
	  "  hinoban key -o ledger.pub") \
	X(T_JUDGE_WHAT, \
	  "judge all facts again and compare", \
	  "すべての事実を判定し直して比べる") \
	X(T_JUDGE_EXAMPLES, \
	  "The same facts give the same findings; exit code 1 if they do not.\n" \
	  "\n" \
	  "Example:\n" \
	  "  hinoban judge --replay", \
	  "同じ事実からは同じ発見が得られます。そうでなければ終了コードは 1 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban judge --replay") \
	X(T_DOCTOR_WHAT, \
	  "what this machine can and cannot do for the watch", \
	  "このマシンで見張りに使える機能・使えない機能を調べる") \
	X(T_DOCTOR_EXAMPLES, \
	  "Each lack is told with what it means and what to do. Exit code 1 if something must be put right.\n" \
	  "\n" \
	  "Examples:\n" \
	  "  hinoban doctor\n" \
	  "  hinoban doctor --json", \
	  "足りないものごとに、その意味と対処を示します。直すべきものがあれば終了コードは 1 です。\n" \
	  "\n" \
	  "例:\n" \
	  "  hinoban doctor\n" \
	  "  hinoban doctor --json") \
	X(T_OPT_CONFIG, \
	  "config file (else HINOBAN_CONFIG, else /etc/hinoban/hinoban.conf)", \
	  "設定ファイル（なければ HINOBAN_CONFIG、/etc/hinoban/hinoban.conf）") \
	X(T_OPT_STATE, \
	  "state directory (else as the config says)", \
	  "状態ディレクトリー（なければ設定ファイルのとおり）") \
	X(T_OPT_LANG, \
	  "language: Japanese or English", \
	  "表示言語（日本語または英語）") \
	X(T_OPT_HELP, \
	  "this text", \
	  "この説明を表示する") \
	X(T_OPT_JSON, \
	  "JSON Lines for programs", \
	  "プログラム向けに JSON Lines で出力する") \
	X(T_OPT_YES, \
	  "ask nothing", \
	  "何も尋ねない") \
	X(T_OPT_FORCE, \
	  "though the login can write", \
	  "書き込めるログインでも使う") \
	X(T_OPT_FORCE_INIT, \
	  "begin anew (what is there is moved aside)", \
	  "始めからやり直す（いまあるものは別名で残す）") \
	X(T_OPT_FORCE_RESTORE, \
	  "also what was not approved, would be lost, or lies in the way", \
	  "承認されていないもの、失われるもの、じゃまになるものがあっても行う") \
	X(T_OPT_CACHES, \
	  "also remove pages of the shop's own cache that were made since then", \
	  "その後に作られたショップ自身のキャッシュも取り除く") \
	X(T_OPT_PROFILE, \
	  "kind of shop, as `hinoban profiles` lists them", \
	  "ショップの種類（`hinoban profiles` で一覧）") \
	X(T_OPT_ACCESS_LOG, \
	  "access log of the web server (may be repeated)", \
	  "Web サーバーのアクセスログ（くり返し指定可）") \
	X(T_OPT_FULL, \
	  "read every file's content", \
	  "すべてのファイルの内容を読む") \
	X(T_OPT_SINCE, \
	  "from this time on", \
	  "この時刻以降") \
	X(T_OPT_UNTIL, \
	  "before this time", \
	  "この時刻より前") \
	X(T_OPT_KIND, \
	  "sighting, finding, order, deed, word or count", \
	  "sighting, finding, order, deed, word, count のどれか") \
	X(T_OPT_TYPE, \
	  "type of fact, or a pattern: 'file.*'", \
	  "事実の型、またはパターン（'file.*' など）") \
	X(T_OPT_PATH, \
	  "path, folder or pattern", \
	  "パス・フォルダー・パターン") \
	X(T_OPT_LIMIT, \
	  "the newest N only", \
	  "新しいほうから N 件だけ") \
	X(T_OPT_FOLLOW, \
	  "go on as facts come in", \
	  "新しい事実を待って表示し続ける") \
	X(T_OPT_ALL, \
	  "all of them", \
	  "すべて") \
	X(T_OPT_ALL_APPROVE, \
	  "all that differs from what is approved", \
	  "承認済みの内容と違うものすべて") \
	X(T_OPT_ALL_CASE, \
	  "also those that were taken up into others", \
	  "ほかの事案にまとめられたものも") \
	X(T_OPT_ALL_CLOCKS, \
	  "also those that are filed, stopped, or have not begun", \
	  "提出済み・対象外・未開始のものも") \
	X(T_OPT_ALL_PAGE, \
	  "every script that runs now and nobody authorised, as it is now", \
	  "いま動いていて誰も承認していないスクリプトすべて（いまの内容で）") \
	X(T_OPT_REASON, \
	  "why, for the ledger", \
	  "理由（台帳に残る）") \
	X(T_OPT_GIT, \
	  "approve what is as in this git commit", \
	  "git のこのコミットと同じものを承認する") \
	X(T_OPT_DEBIAN, \
	  "approve what is as in Debian's packages", \
	  "Debian パッケージと同じものを承認する") \
	X(T_OPT_UPSTREAM, \
	  "approve what is as in this release", \
	  "配布元のこの版（フォルダーか書庫）と同じものを承認する") \
	X(T_OPT_OUTPUT, \
	  "write to this file", \
	  "このファイルに書く") \
	X(T_OPT_WITNESS, \
	  "hold the ledger against these signed heads, kept elsewhere", \
	  "別の場所に保管した署名付きヘッドと照合する") \
	X(T_OPT_AT, \
	  "as of this time", \
	  "この時刻の時点") \
	X(T_OPT_AT_RESTORE, \
	  "what was approved at this time", \
	  "この時刻に承認されていたもの") \
	X(T_OPT_AT_CAT, \
	  "what stood there at this time, approved or not", \
	  "この時刻にあった内容（承認の有無によらない）") \
	X(T_OPT_AT_CASE, \
	  "when it became known, or was done", \
	  "把握した（行った）時刻") \
	X(T_OPT_BEGIN, \
	  "what this process and those that it starts write from now on counts as yours", \
	  "このプロセスと、これから起動される子の書き込みを配備とする") \
	X(T_OPT_FINISH, \
	  "it has written all: the deploy begun with --begin ends", \
	  "--begin で始めた配備を終える") \
	X(T_OPT_BEFORE, \
	  "as of just before what this finding, or this case, tells of", \
	  "この発見（または事案）が示す変更の直前の時点") \
	X(T_OPT_VERSION, \
	  "the version that this fact tells of", \
	  "この事実が示す版") \
	X(T_OPT_HASH, \
	  "the content with this SHA-256", \
	  "この SHA-256 を持つ内容") \
	X(T_OPT_TO, \
	  "up to this time, not including it", \
	  "この時刻の前まで") \
	X(T_OPT_TO_RESTORE, \
	  "write into this new or empty folder, and leave the watched one alone", \
	  "監視フォルダーには触れず、この新しい（または空の）フォルダーに書き出す") \
	X(T_OPT_TO_EVIDENCE, \
	  "where to: NAME.tar makes a tar file, any other name a folder", \
	  "書き出し先（「名前.tar」なら tar ファイル、ほかの名前ならフォルダー）") \
	X(T_OPT_DRY_RUN, \
	  "only show what would be done", \
	  "何をするかを示すだけで、実行しない") \
	X(T_OPT_CONTEXT, \
	  "lines around each change", \
	  "変更の前後に示す行数") \
	X(T_OPT_REPLAY, \
	  "judge every fact once more", \
	  "すべての事実を判定し直す")
/* clang-format on */

#endif
