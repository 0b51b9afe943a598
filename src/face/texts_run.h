/* The table of sentences: what commands say while they work, and complaints. See text.h. */
#ifndef HINOBAN_FACE_TEXTS_RUN_H
#define HINOBAN_FACE_TEXTS_RUN_H

/* clang-format off */
#define TEXTS_RUN(X) \
	X(T_NO_COMMAND, \
	  "no command; `hinoban help` lists them", \
	  "コマンドがありません。`hinoban help` で一覧を表示します") \
	X(T_UNKNOWN_COMMAND, \
	  "there is no command '{1}'", \
	  "「{1}」というコマンドはありません") \
	X(T_UNKNOWN_COMMAND_NEAR, \
	  "there is no command '{1}'; did you mean '{2}'?", \
	  "「{1}」というコマンドはありません。「{2}」のことですか") \
	X(T_UNKNOWN_OPTION, \
	  "there is no option '{1}' here", \
	  "ここで使えるオプションに「{1}」はありません") \
	X(T_UNKNOWN_OPTION_NEAR, \
	  "there is no option '{1}' here; did you mean '--{2}'?", \
	  "ここで使えるオプションに「{1}」はありません。「--{2}」のことですか") \
	X(T_SEE_HELP, \
	  "see `hinoban {1}{2}--help`", \
	  "`hinoban {1}{2}--help` をご覧ください") \
	X(T_NO_VALUE_WANTED, \
	  "--{1} takes no value", \
	  "--{1} に値は指定できません") \
	X(T_VALUE_WANTED, \
	  "--{1} needs a value: {2}", \
	  "--{1} には値（{2}）が必要です") \
	X(T_TOO_OFTEN, \
	  "--{1} is given too often", \
	  "--{1} の指定が多すぎます") \
	X(T_TOO_FEW, \
	  "{1} needs: {2}", \
	  "{1} には引数が必要です: {2}") \
	X(T_TOO_MANY, \
	  "{1}: one argument too many: '{2}'", \
	  "{1}: 引数が多すぎます: 「{2}」") \
	X(T_BAD_NUMBER, \
	  "--{1}: '{2}' is no number, or too large", \
	  "--{1}: 「{2}」は数でないか、大きすぎます") \
	X(T_BAD_LANG, \
	  "--lang: '{1}' is neither ja nor en", \
	  "--lang: 「{1}」は ja でも en でもありません") \
	X(T_BAD_TIME, \
	  "--{1}: '{2}' is no time, or no day that there is; write 2026-11-24, \"2026-11-24 13:05\", 2026-11-24T04:05:06Z, or 30m 3h 2d 1w for so long ago", \
	  "--{1}: 「{2}」は時刻として読めないか、実在しない日付です。2026-11-24、「2026-11-24 13:05」、2026-11-24T04:05:06Z、または 30m・3h・2d・1w（どれだけ前か）と書いてください") \
	X(T_BAD_KIND, \
	  "--kind: '{1}' is none of sighting, finding, order, deed, word, count", \
	  "--kind: 「{1}」は sighting, finding, order, deed, word, count のどれでもありません") \
	X(T_BAD_TYPE, \
	  "--type: there is no type '{1}'; `hinoban completion types` lists them", \
	  "--type: 「{1}」という型はありません。`hinoban completion types` で一覧を表示します") \
	X(T_BAD_TYPE_NEAR, \
	  "--type: there is no type '{1}'; did you mean '{2}'?", \
	  "--type: 「{1}」という型はありません。「{2}」のことですか") \
	X(T_BAD_SEQ, \
	  "'{1}' is no number of a fact (1, 2, 3 ...)", \
	  "「{1}」は事実の番号（1, 2, 3 ...）ではありません") \
	X(T_BAD_REASON, \
	  "--reason: empty, too long, or not UTF-8", \
	  "--reason: 空か、長すぎるか、UTF-8 ではありません") \
	X(T_REASON_WANTED, \
	  "say why with --reason TEXT: it is kept in the ledger for those who ask later", \
	  "--reason で理由を書いてください。後で確かめる人のために台帳に残ります") \
	X(T_NO_CONFIG, \
	  "there is no config {1}; begin with `hinoban init DIR`, or name another with --config", \
	  "設定ファイル {1} がありません。`hinoban init フォルダー` で始めるか、--config で指定してください") \
	X(T_BAD_CONFIG, \
	  "{1}", \
	  "{1}") \
	X(T_NO_RIGHT, \
	  "{1}: you may not read this; try as root (sudo)", \
	  "{1}: 読む権限がありません。root で（sudo をつけて）実行してください") \
	X(T_USER_REFUSED, \
	  "this must be run as root (sudo): the ledger refuses this user", \
	  "root で（sudo をつけて）実行してください。台帳がこのユーザーを受け付けません") \
	X(T_NO_STATE, \
	  "there is no state directory {1}", \
	  "状態ディレクトリー {1} がありません") \
	X(T_NO_LEDGER, \
	  "there is no ledger in {1}; `hinoban init DIR` makes one", \
	  "{1} に台帳がありません。`hinoban init フォルダー` で作れます") \
	X(T_LEDGER_FAULT, \
	  "the ledger: {1}", \
	  "台帳: {1}") \
	X(T_LEDGER_DAMAGED, \
	  "ledger.db is damaged or was altered; `hinoban verify` shows where", \
	  "ledger.db が壊れているか、書き換えられています。場所は `hinoban verify` で分かります") \
	X(T_NO_FACT, \
	  "there is no fact #{1}", \
	  "事実 #{1} はありません") \
	X(T_FACT_FAULT, \
	  "fact #{1} cannot be read; run `hinoban verify`", \
	  "事実 #{1} を読めません。`hinoban verify` を実行してください") \
	X(T_NO_HEAD, \
	  "the ledger has no signed head yet", \
	  "台帳にはまだ署名つき要約がありません") \
	X(T_NO_KEY, \
	  "{1}: {2}", \
	  "{1}: {2}") \
	X(T_NOT_IN_ROOTS, \
	  "'{1}' lies in none of the watched folders", \
	  "「{1}」は見張っているフォルダーの中にありません") \
	X(T_CANNOT_READ, \
	  "{1}: {2}", \
	  "{1}: {2}") \
	X(T_CANNOT_WRITE, \
	  "cannot write {1}: {2}", \
	  "{1} に書けません: {2}") \
	X(T_SCAN_FAULT, \
	  "the scan failed: {1}", \
	  "照合に失敗しました: {1}") \
	X(T_REFUSED, \
	  "the ledger refused {1} facts: {2}", \
	  "台帳が {1} 件の事実を受け付けませんでした: {2}") \
	X(T_SYNC_FAULT, \
	  "hinoband did not answer in time: {1}", \
	  "hinoband から時間内に応答がありません: {1}") \
	X(T_PROGRESS_CHECK, \
	  "checking: {1} files, {2}  {3}", \
	  "照合中: {1} 件、{2}  {3}") \
	X(T_PROGRESS_BASELINE, \
	  "taking the inventory: {1} files, {2}  {3}", \
	  "棚卸し中: {1} 件、{2}  {3}") \
	X(T_PROGRESS_VERIFY, \
	  "verifying: {1} of {2}", \
	  "検証中: {1} / {2}") \
	X(T_PROGRESS_REBUILD, \
	  "rebuilding: {1} of {2}", \
	  "再構築中: {1} / {2}") \
	X(T_PROGRESS_REPLAY, \
	  "judging: {1} of {2}", \
	  "判定中: {1} / {2}") \
	X(T_INIT_WHICH, \
	  "which folder shall be watched? hinoban init DIR", \
	  "どのフォルダーを見張りますか。hinoban init フォルダー") \
	X(T_INIT_DOCROOT, \
	  "  the web server serves {1}", \
	  "  Web サーバーが公開しているフォルダー: {1}") \
	X(T_INIT_NO_DIR, \
	  "{1}: {2}", \
	  "{1}: {2}") \
	X(T_INIT_LINK, \
	  "{1} is a link: {2}, where it leads now, will be watched. If releases switch that link, watch the folder " \
	  "above that holds them all.", \
	  "{1} はリンクです。いま指している {2} を監視します。リリースのたびにリンクを切り替えるなら、すべての" \
	  "リリースを含む上のフォルダーを監視してください。") \
	X(T_INIT_NOT_ROOT, \
	  "name the shop's folder, not the whole machine", \
	  "マシン全体ではなく、ショップのフォルダーを指定してください") \
	X(T_INIT_STATE_INSIDE, \
	  "the state directory {1} must lie outside of the watched folder", \
	  "状態ディレクトリー {1} は見張るフォルダーの外に置いてください") \
	X(T_INIT_LIVE, \
	  "hinoband is at work on {1}; stop it first", \
	  "hinoband が {1} を使用中です。先に止めてください") \
	X(T_INIT_EXISTS, \
	  "{1} is there already", \
	  "{1} はすでにあります") \
	X(T_INIT_FORCE_HINT, \
	  "--force begins anew; what is there is moved aside, not lost", \
	  "--force で始めからやり直せます。いまあるものは消さずに別名で残します") \
	X(T_INIT_NO_PROFILE, \
	  "there is no profile '{1}'; `hinoban profiles` lists them", \
	  "「{1}」というプロファイルはありません。`hinoban profiles` で一覧を表示します") \
	X(T_INIT_RECOGNISE_FAULT, \
	  "cannot look at the folder: {1}", \
	  "フォルダーを調べられません: {1}") \
	X(T_INIT_LOG_MISSING, \
	  "access log {1} cannot be read now", \
	  "アクセスログ {1} はいま読めません") \
	X(T_INIT_FOUND, \
	  "{2} holds: {1}", \
	  "{2} の中身: {1}") \
	X(T_INIT_BECAUSE, \
	  "  because: {1} (profile {2})", \
	  "  理由: {1}（プロファイル {2}）") \
	X(T_INIT_WILL_CONFIG, \
	  "  config:  {1}", \
	  "  設定:    {1}") \
	X(T_INIT_WILL_STATE, \
	  "  state:   {1}", \
	  "  状態:    {1}") \
	X(T_INIT_WILL_LOG, \
	  "  access log: {1}", \
	  "  アクセスログ: {1}") \
	X(T_INIT_NO_LOG, \
	  "  access log: none found; with --access-log FILE hinoban can name the web request behind a change", \
	  "  アクセスログ: 見つかりません。--access-log を指定すると、変更の元になったリクエストを示せます") \
	X(T_INIT_NO_TERMINAL, \
	  "nobody to ask here: say --yes to go on", \
	  "確認を尋ねられません。続けるには --yes をつけてください") \
	X(T_INIT_ASK, \
	  "Begin? [Y/n] ", \
	  "始めますか [Y/n] ") \
	X(T_INIT_NOTHING_DONE, \
	  "Nothing was done.", \
	  "何もしませんでした。") \
	X(T_INIT_MOVED, \
	  "Moved {1} to {2}.", \
	  "{1} を {2} に移しました。") \
	X(T_INIT_LEDGER_FAULT, \
	  "cannot make the ledger: {1}", \
	  "台帳を作れません: {1}") \
	X(T_INIT_BASELINE, \
	  "Recorded {1} files, {2}, in {3} s:", \
	  "{1} 件（{2}）を {3} 秒で記録しました:") \
	X(T_INIT_NEXT, \
	  "Next:  systemctl enable --now hinoban    (or in the foreground: hinoband)", \
	  "次に:  systemctl enable --now hinoban    （端末で動かすなら hinoband）") \
	X(T_INIT_NEXT_CONFIG, \
	  "Next:  hinoband --config {1}", \
	  "次に:  hinoband --config {1}") \
	X(T_CHECK_DIFFERENCES, \
	  "Differs from what is approved:", \
	  "承認済みの内容との違い:") \
	X(T_CHECK_OTHER, \
	  "{1}: not as approved", \
	  "{1}: 承認済みの状態と違います") \
	X(T_CHECK_FINDINGS, \
	  "Findings open:", \
	  "未対応の発見:") \
	X(T_CHECK_SUM, \
	  "{1} files checked ({2} read) in {3} s.", \
	  "{1} 件を照合しました（うち {2} 件は内容を読みました）。{3} 秒。") \
	X(T_CHECK_UNREADABLE, \
	  "{1} paths could not be read; `hinoban log --type watch.unreadable` lists them.", \
	  "{1} 件は読めませんでした。`hinoban log --type watch.unreadable` で一覧を表示します。") \
	X(T_CHECK_CLEAN, \
	  "All is as approved.", \
	  "すべて承認済みのとおりです。") \
	X(T_CHECK_DIFFERS, \
	  "Differing: {1}; findings open: {2}. `hinoban show SEQ` explains, `hinoban diff PATH` shows.", \
	  "違い {1} 件、未対応の発見 {2} 件。`hinoban show 番号` で説明、`hinoban diff パス` で違いを示します。") \
	X(T_CHECK_NOT_YET, \
	  "differences on disk that hinoband has not recorded: {1}; see `hinoban doctor`", \
	  "hinoband がまだ記録していない違いが {1} 件あります。`hinoban doctor` で確かめてください") \
	X(T_STATUS_READY, \
	  "hinoban stands watch.", \
	  "見張りをしています。") \
	X(T_STATUS_STARTING, \
	  "hinoband runs, but does not watch yet.", \
	  "hinoband は動いていますが、見張りはまだ始まっていません。") \
	X(T_STATUS_STOPPED, \
	  "hinoband is not running: changes are found only by `hinoban check`.", \
	  "hinoband は動いていません。変更は `hinoban check` でだけ見つかります。") \
	X(T_STATUS_STUCK, \
	  "hinoban does not watch: its process waits for a filesystem in the shop that does not answer, and can't be ended. Look at what is mounted there (findmnt) and unmount it (umount -f); hinoban then goes on by itself.", \
	  "見張りができていません。ショップの中にある、応答しないファイルシステムを待ったまま、火の番のプロセスが終了できなくなっています。何がマウントされているか確認し（findmnt）、外してください（umount -f）。外れれば自動的に続けます。") \
	X(T_STATUS_FULL, \
	  "The disk that holds {1} is full: for {2} s nothing has been recorded, nothing is put back, and no word is taken but `hinoban vault gc`, which drops what [vault] need not hold. Make room by it or in another way; hinoban then goes on by itself.", \
	  "{1} のあるディスクに空きがありません。{2} 秒前から記録も修復もできず、指示も受け付けません。受け付けるのは、[vault] の設定で残さなくてよいものを消す `hinoban vault gc` だけです。これか、ほかの方法で空きを増やしてください。増えれば自動的に続けます。") \
	X(T_STATUS_UNDONE, \
	  "Files that are not as approved and could not be put back: {1}. The last one, {2}: {3}", \
	  "承認と違うのに元に戻せなかったファイルが {1} 件あります。最後は {2} です: {3}") \
	X(T_STATUS_FINDINGS, \
	  "Findings wait for you: `hinoban findings`", \
	  "対応を待っている発見があります: `hinoban findings`") \
	X(T_FINDINGS_NONE, \
	  "No open findings.", \
	  "未対応の発見はありません。") \
	X(T_FINDINGS_SUM, \
	  "{1} open. `hinoban show SEQ` explains one.", \
	  "未対応 {1} 件。`hinoban show 番号` で説明を表示します。") \
	X(T_DIFF_NOT_KEPT, \
	  "{1}: the approved content is not kept (too large, or of a role whose contents are not kept)", \
	  "{1}: 承認済みの内容は保管されていません（大きすぎるか、内容を保管しない役割です）") \
	X(T_DIFF_VAULT_FAULT, \
	  "{1}: the kept content is damaged; run `hinoban verify`", \
	  "{1}: 保管した内容が壊れています。`hinoban verify` を実行してください") \
	X(T_DIFF_CANNOT_READ, \
	  "{1}: {2}", \
	  "{1}: {2}") \
	X(T_DIFF_BINARY, \
	  "{1}: differs, but is no text", \
	  "{1}: 違いがありますが、テキストではありません") \
	X(T_DIFF_SAME, \
	  "{1}: content is as approved", \
	  "{1}: 内容は承認済みのとおりです") \
	X(T_DIFF_FAULT, \
	  "cannot compare: {1}", \
	  "比べられません: {1}") \
	X(T_DIFF_NO_CHANGE, \
	  "fact #{1} is about no change of a file", \
	  "事実 #{1} はファイルの変更ではありません") \
	X(T_APPROVE_WHAT_PATHS, \
	  "approve what? name paths, or --all, or an origin (--git, --debian, --upstream)", \
	  "何を承認しますか。パス、--all、または配布元（--git, --debian, --upstream）を指定してください") \
	X(T_APPROVE_BOTH, \
	  "paths or --all, not both", \
	  "パスと --all は同時に指定できません") \
	X(T_APPROVE_ONE_ORIGIN, \
	  "only one of --git, --debian, --upstream", \
	  "--git, --debian, --upstream は一つだけ指定してください") \
	X(T_APPROVE_NOTHING_AT, \
	  "{1}: nothing to approve", \
	  "{1}: 承認するものはありません") \
	X(T_APPROVE_ALREADY, \
	  "{1}: is as approved already: nothing to approve", \
	  "{1}: すでに承認済みのとおりです。承認するものはありません") \
	X(T_APPROVE_PUT_BACK, \
	  "finding #{1} stays open: it is about version #{2}, which does not stand there any more; what is approved was put back.\n" \
	  "If the change was yours, make it by a deploy:  hinoban restore {3} --version {2} --force\n" \
	  "                                          or:  hinoban deploy -- COMMAND\n" \
	  "Else find out who it was; to close the finding: hinoban dismiss {1} --reason \"...\"", \
	  "発見 #{1} は開いたままです。対象の版 #{2} はもうそこになく、承認済みの内容に戻されています。\n" \
	  "ご自身による変更なら、deploy として行ってください:  hinoban restore {3} --version {2} --force\n" \
	  "                                          または:  hinoban deploy -- コマンド\n" \
	  "心当たりがなければ、だれによるものか調べてください。発見を閉じるには: hinoban dismiss {1} --reason \"...\"") \
	X(T_APPROVE_STAYS, \
	  "finding #{1} stays open; to close it, if it is no harm: hinoban dismiss {1} --reason \"...\"", \
	  "発見 #{1} は開いたままです。害がないと確かめたら、閉じてください: hinoban dismiss {1} --reason \"...\"") \
	X(T_SHOW_PUT_BACK, \
	  "What is approved was put back since: there is nothing to approve. If the change was yours, make it by a deploy: " \
	  "`hinoban restore {2} --version {1} --force`, or `hinoban deploy -- COMMAND`. `hinoban dismiss {3}` closes the finding.", \
	  "その後、承認済みの内容に戻されているため、承認するものはありません。ご自身による変更なら、deploy として行ってください: " \
	  "`hinoban restore {2} --version {1} --force` または `hinoban deploy -- コマンド`。発見は `hinoban dismiss {3}` で閉じられます。") \
	X(T_APPROVED, \
	  "approved  {1}", \
	  "承認  {1}") \
	X(T_APPROVED_ABSENCE, \
	  "approved  {1} (that it is gone)", \
	  "承認  {1}（なくなったこと）") \
	X(T_LEFT_OTHER, \
	  "left      {1}: content is another than the origin's", \
	  "残り  {1}: 内容が配布元と違います") \
	X(T_LEFT_UNKNOWN, \
	  "left      {1}: the origin does not have it so", \
	  "残り  {1}: 配布元にありません") \
	X(T_LEFT_RIGHTS, \
	  "left      {1}: content is the origin's, but permissions or owner changed", \
	  "残り  {1}: 内容は配布元と同じですが、権限か所有者が変わっています") \
	X(T_APPROVE_SUM, \
	  "{1} approved, {2} left.", \
	  "承認 {1} 件、残り {2} 件。") \
	X(T_NOT_A_FINDING, \
	  "fact #{1} is no finding", \
	  "事実 #{1} は発見ではありません") \
	X(T_MODE_UNKNOWN, \
	  "'{1}' is no mode; use watch, heal or hold", \
	  "「{1}」というモードはありません。watch, heal, hold のどれかにしてください") \
	X(T_MODE_NO_ROLE, \
	  "'{1}' is no role that can be held; use payment, code, config, generated, uploads or connect", \
	  "「{1}」は対象にできません。payment, code, config, generated, uploads, connect から選んでください") \
	X(T_MODE_LINE, \
	  "{1}  {2}", \
	  "{1}  {2}") \
	X(T_MODE_SET, \
	  "{1}: {2} from now on (#{3})", \
	  "{1}: これから {2} にします（#{3}）") \
	X(T_MODE_NO_FENCE, \
	  "the fence in the kernel can't stand here, so no connection is held: {1}", \
	  "カーネルによる保護がここでは使えないため、接続は遮断されません: {1}") \
	X(T_MODE_NOT_RUNNING, \
	  "hinoband is not running: this holds once it does", \
	  "hinoband が動いていません。起動すると有効になります") \
	X(T_DISMISSED, \
	  "Finding #{1} is dismissed (#{2}).", \
	  "発見 #{1} を却下しました（#{2}）。") \
	X(T_ORIGIN_NO_PROGRAM, \
	  "the program '{1}' is needed and not installed", \
	  "「{1}」というプログラムが必要ですが、入っていません") \
	X(T_ORIGIN_NO_COMMIT, \
	  "no watched folder lies in a git repository that has '{1}'", \
	  "見張っているフォルダーの git リポジトリーに「{1}」がありません") \
	X(T_ORIGIN_NO_DPKG, \
	  "dpkg's lists of checksums are not there", \
	  "dpkg のチェックサム一覧がありません") \
	X(T_ORIGIN_TOO_MUCH, \
	  "{1}: too much to hold in memory", \
	  "{1}: メモリーに収まりません") \
	X(T_ORIGIN_UNPACK, \
	  "{1}: '{2}' could not unpack it", \
	  "{1}: 「{2}」で展開できません") \
	X(T_DEPLOY_CANNOT_RUN, \
	  "cannot run '{1}': {2}", \
	  "「{1}」を実行できません: {2}") \
	X(T_DEPLOY_NOT_RUN, \
	  "the deploy could not be recorded, so the command was not run", \
	  "配備を記録できなかったため、コマンドは実行していません") \
	X(T_DEPLOY_UNWATCHED, \
	  "hinoband is not running: whatever changes while the command runs is approved, whoever writes it", \
	  "hinoband が動いていないため、コマンドの実行中に起きた変更は、だれが書いたものでもすべて承認されます") \
	X(T_DEPLOY_BLIND, \
	  "hinoban's guard ended, or began anew, during this deploy. What was written meanwhile is not known to be yours: it may " \
	  "be told as tampering, and put back. Look at `hinoban findings`, and deploy it again.", \
	  "火の番の見張り（guard）が配備の途中で終了または再起動しました。その間の書き込みは配備によるものと確認できず、改ざんとして" \
	  "報告されたり元に戻されたりしている場合があります。`hinoban findings` を確認し、もう一度配備してください。") \
	X(T_DEPLOY_DONE, \
	  "Deployed changes: {1}; the command ended with code {2} (deploy #{3})", \
	  "配備された変更 {1} 件。コマンドの終了コードは {2}（配備 #{3}）") \
	X(T_DEPLOY_DONE_OF, \
	  "Deployed changes: {1} (deploy #{2})", \
	  "配備された変更 {1} 件（配備 #{2}）") \
	X(T_DEPLOY_WHICH, \
	  "deploy: name a command behind --, or a process by --begin or --end", \
	  "deploy: -- の後にコマンドを書くか、--begin または --end でプロセスを指定してください") \
	X(T_DEPLOY_ALL, \
	  "process 1 begins all others: nothing would be told any more", \
	  "プロセス 1 はすべてのプロセスの親なので、何も報告されなくなります") \
	X(T_DEPLOY_NO_PROCESS, \
	  "there is no process {1}", \
	  "プロセス {1} はありません") \
	X(T_DEPLOY_NOT_BEGUN, \
	  "no deploy of process {1} is under way", \
	  "プロセス {1} の配備は始まっていません") \
	X(T_BEFORE_LEDGER, \
	  "{1}: the ledger knows nothing of the time before", \
	  "{1}: 台帳にはそれより前の記録がありません") \
	X(T_NO_VERSION, \
	  "{1}: the ledger knows no version of it", \
	  "{1}: 台帳に版の記録がありません") \
	X(T_NOT_A_VERSION, \
	  "fact #{1} tells of no version of {2}; `hinoban versions` lists them", \
	  "事実 #{1} は {2} の版ではありません。`hinoban versions` で一覧を表示します") \
	X(T_VERSION_FIRST, \
	  "approved: it was there when the watch began", \
	  "承認済み（監視を始めたときからあったもの）") \
	X(T_VERSION_AGAIN, \
	  "as approved then", \
	  "当時の承認内容のとおり") \
	X(T_VERSION_APPROVED, \
	  "approved (#{1})", \
	  "承認済み（#{1}）") \
	X(T_VERSION_FINDING, \
	  "not approved, found as #{1}", \
	  "未承認（検出 #{1}）") \
	X(T_VERSION_USUAL, \
	  "usual here: changes of such files are normal", \
	  "通常の変更（この種類のファイルは普段から変わります）") \
	X(T_VERSION_UNAPPROVED, \
	  "not approved", \
	  "未承認") \
	X(T_VERSION_NOT_KEPT, \
	  "         its content is not kept", \
	  "         内容は保管されていません") \
	X(T_VERSION_DROPPED, \
	  "         its content was dropped, see #{1}", \
	  "         内容は整理されました（#{1}）") \
	X(T_CONTENT_NOT_KEPT, \
	  "{1}: this content is not kept (too large, of a role whose contents are not kept, or dropped by `hinoban vault gc`)", \
	  "{1}: この内容は保管されていません（大きすぎる、内容を保管しない役割である、または `hinoban vault gc` で整理された）") \
	X(T_CONTENT_DAMAGED, \
	  "the kept content is damaged; `hinoban vault verify` tells more", \
	  "保管した内容が壊れています。詳しくは `hinoban vault verify` をご覧ください") \
	X(T_NOT_EMPTY, \
	  "the folder is not empty", \
	  "フォルダーが空ではありません") \
	X(T_CAT_LINK, \
	  "link to {1}", \
	  "リンク先: {1}") \
	X(T_CAT_NOTHING, \
	  "{1}: nothing stood there", \
	  "{1}: その時点では何もありません") \
	X(T_CAT_NO_FILE, \
	  "{1}: no file stood there", \
	  "{1}: その時点ではファイルではありません") \
	X(T_BAD_HASH, \
	  "--hash: '{1}' is no SHA-256 (64 hexadecimal digits)", \
	  "--hash: 「{1}」は SHA-256（16進数64桁）ではありません") \
	X(T_LEAVE_SPECIAL, \
	  "neither file, folder nor link", \
	  "ファイル・フォルダー・リンクのどれでもない") \
	X(T_LEAVE_NOT_KEPT, \
	  "the approved content is not kept", \
	  "承認済みの内容が保管されていない") \
	X(T_LEAVE_LOST, \
	  "what stands there now is not kept and would be lost; --force does it all the same", \
	  "今ある内容が保管されておらず失われるため（--force で実行できます）") \
	X(T_LEAVE_NO_STATE, \
	  "the ledger does not tell its owner and rights", \
	  "所有者と権限の記録が台帳にない") \
	X(T_RESTORE_UNAPPROVED, \
	  "version #{1} was never approved; look at it with `hinoban cat`, put it back with --force if you must", \
	  "版 #{1} は承認されたことがありません。`hinoban cat` で確かめ、どうしても戻すときだけ --force をつけてください") \
	X(T_RESTORE_GONE, \
	  "{1}: it is gone, and that is approved (#{2}). What was approved before that: hinoban restore {1} --before {2}", \
	  "{1}: なくなっており、それが承認されています（#{2}）。その前に承認されていたものを戻すには: hinoban restore {1} --before {2}") \
	X(T_RESTORE_NONE_APPROVED, \
	  "{1}: nothing is approved there; `hinoban versions {1}` lists what stood there, --version takes one of those", \
	  "{1}: その時点で承認されているものはありません。あったものは `hinoban versions {1}` で一覧にし、--version で選べます") \
	X(T_RESTORE_TO, \
	  "--to {1}: {2}", \
	  "--to {1}: {2}") \
	X(T_RESTORE_TO_WATCHED, \
	  "--to {1}: this lies in a watched folder; leave --to away to restore in place", \
	  "--to {1}: 監視フォルダーの中です。元の場所に戻すなら --to をつけないでください") \
	X(T_RESTORE_ALTERED, \
	  "{1}: somebody altered it while it was restored; run restore again, and look who it was (`hinoban log --path`)", \
	  "{1}: 復元中に何者かが変更しました。もう一度復元し、`hinoban log --path` で誰かを確かめてください") \
	X(T_RESTORE_FAILED, \
	  "{1}: not restored: {2}", \
	  "{1}: 復元できませんでした: {2}") \
	X(T_RESTORE_PARTLY, \
	  "{1}: restored, but not its owner, times or attributes as they were (root may do that)", \
	  "{1}: 復元しましたが、所有者・時刻・拡張属性の一部は元どおりではありません（root なら可能です）") \
	X(T_RESTORE_SUM, \
	  "{1} restored, {2} left, {3} failed", \
	  "復元 {1} 件、見送り {2} 件、失敗 {3} 件") \
	X(T_RESTORE_CACHES, \
	  "{1} files of the shop's own cache were made after that ({2} ...) and may come from what was altered.\n" \
	  "To remove them too (the shop makes them anew): hinoban restore {3} --at {4} --caches", \
	  "その後に、ショップ自身のキャッシュが {1} 件作られています（{2} など）。改変されたものから作られたおそれが" \
	  "あります。\n取り除くには（ショップが作り直します）: hinoban restore {3} --at {4} --caches") \
	X(T_RESTORE_NOTHING, \
	  "{1}: as it should be; nothing to restore", \
	  "{1}: あるべき姿のとおりです。復元するものはありません") \
	X(T_RESTORE_NO_MORE_DIFFS, \
	  "({1} diffs shown; no more of them)", \
	  "（差分の表示は {1} 件まで）") \
	X(T_RESTORE_SAY_YES, \
	  "nothing was written; add --yes to do this", \
	  "何も書き込んでいません。実行するには --yes をつけてください") \
	X(T_RESTORE_ASK, \
	  "Do this? [y/N] ", \
	  "実行しますか [y/N] ") \
	X(T_RESTORE_NOTHING_DONE, \
	  "nothing was written", \
	  "何も書き込んでいません") \
	X(T_RESTORE_ONE_MOMENT, \
	  "only one of --at, --before and --version", \
	  "--at、--before、--version はどれか一つだけ指定できます") \
	X(T_WOULD_CREATE, \
	  "would bring back  {1}", \
	  "戻す        {1}") \
	X(T_WOULD_CHANGE, \
	  "would change      {1}", \
	  "書き戻す    {1}") \
	X(T_WOULD_RIGHTS, \
	  "would set rights  {1}", \
	  "権限を戻す  {1}") \
	X(T_WOULD_REMOVE, \
	  "would remove      {1}", \
	  "取り除く    {1}") \
	X(T_WOULD_LEAVE, \
	  "left              {1}: {2}", \
	  "見送り      {1}: {2}") \
	X(T_DID_CREATE, \
	  "brought back      {1}", \
	  "戻しました        {1}") \
	X(T_DID_CHANGE, \
	  "changed           {1}", \
	  "書き戻しました    {1}") \
	X(T_DID_RIGHTS, \
	  "rights set        {1}", \
	  "権限を戻しました  {1}") \
	X(T_DID_REMOVE, \
	  "removed           {1}", \
	  "取り除きました    {1}") \
	X(T_VAULT_VERB, \
	  "vault: '{1}' is none of stat, verify, gc", \
	  "vault: 「{1}」は stat、verify、gc のどれでもありません") \
	X(T_VAULT_HOLDS, \
	  "kept        {1} contents: {2}, packed {3}", \
	  "保管        内容 {1} 件、{2}（圧縮後 {3}）") \
	X(T_VAULT_TAKES, \
	  "on disk     {1} in {2} packs", \
	  "ディスク    {1}（パック {2} 個）") \
	X(T_VAULT_LIMITS, \
	  "limits      old versions {1}, evidence {2}, size {3}", \
	  "設定        古い版 {1}、証拠 {2}、大きさ {3}") \
	X(T_VAULT_FOR_EVER, \
	  "for ever", \
	  "無期限") \
	X(T_VAULT_NO_LIMIT, \
	  "no limit", \
	  "上限なし") \
	X(T_VAULT_NEVER, \
	  "gc          never yet: nothing was dropped", \
	  "整理        まだ行われておらず、何も消していません") \
	X(T_VAULT_COLLECTED, \
	  "gc          {1} (#{2}); dropped so far: {3} contents", \
	  "整理        {1}（#{2}）。これまでに消した内容 {3} 件") \
	X(T_VAULT_WHOLE, \
	  "the vault is whole: each kept content is what its hash says, each that is gone was dropped in order", \
	  "保管庫に異常はありません。保管した内容はすべてハッシュどおりで、ないものはすべて正しい手順で消されています") \
	X(T_VAULT_FAULT, \
	  "{1}", \
	  "{1}") \
	X(T_VAULT_DAMAGED, \
	  "damaged: {1}, version #{2}, SHA-256 {3}", \
	  "破損: {1}、版 #{2}、SHA-256 {3}") \
	X(T_VAULT_FAULTS, \
	  "Faults: {1}. Contents of the vault are damaged or were altered; the facts are checked by `hinoban verify`.", \
	  "異常 {1} 件。保管庫の内容が壊れているか、書き換えられています。記録そのものは `hinoban verify` で確かめられます。") \
	X(T_VAULT_WOULD, \
	  "would drop {1} of {3} contents ({2}); held: {4} current or approved, {5} evidence", \
	  "{3} 件のうち {1} 件（{2}）を消します。残すもの: 現在または承認済み {4} 件、証拠 {5} 件") \
	X(T_VAULT_DID, \
	  "dropped {1} contents ({2}); kept: {3} ({4}), see #{5}", \
	  "内容 {1} 件（{2}）を消しました。保管中 {3} 件（{4}）。記録は #{5}") \
	X(T_VAULT_OVER, \
	  "it is larger than max_size, but the rest is approved, current or evidence, and stays", \
	  "max_size を超えていますが、残りは承認済み・現在のもの・証拠のため消しません") \
	X(T_VAULT_FAILED, \
	  "the vault could not be gone through: {1}", \
	  "保管庫を整理できませんでした: {1}") \
	X(T_VAULT_CUT, \
	  "the disk has no room even for that. What was dropped is recorded; the rest will be told once you have made room in another way", \
	  "その作業をする空きもディスクにありません。消した分は記録済みです。ほかの方法で空きを増やすと、残りも記録されます") \
	X(T_VAULT_ENDED, \
	  "the ledger ended before it answered; see `hinoban log --type vault.*`", \
	  "台帳が応答する前に終了しました。結果は `hinoban log --type vault.*` で確認してください") \
	X(T_EVIDENCE_WHERE, \
	  "say where with --to FILE.tar or --to DIR", \
	  "書き出し先を --to ファイル.tar か --to フォルダー で指定してください") \
	X(T_EVIDENCE_FAILED, \
	  "{1}: the evidence could not be exported: {2}", \
	  "{1}: 証拠を書き出せませんでした: {2}") \
	X(T_EVIDENCE_DONE, \
	  "{1}: {2} facts with their proofs, {3} contents", \
	  "{1}: 事実 {2} 件とその証明、内容 {3} 件") \
	X(T_EVIDENCE_SUMS, \
	  "SHA-256 of SHA256SUMS: {1} (recorded in the ledger; tell it by another way than the export)", \
	  "SHA256SUMS の SHA-256: {1}（台帳に記録済み。書き出したものとは別の経路で伝えてください）") \
	X(T_EVIDENCE_MISSING, \
	  "{1} contents are not kept and not in it; MANIFEST.jsonl names them", \
	  "内容 {1} 件は保管されておらず、含まれていません。MANIFEST.jsonl に示しています") \
	X(T_EVIDENCE_DAMAGED, \
	  "{1} contents are damaged in the vault and not in it; MANIFEST.jsonl names them, `hinoban vault verify` tells more", \
	  "内容 {1} 件は保管庫で壊れていたため、含まれていません。MANIFEST.jsonl に示しています。詳しくは `hinoban vault verify` をご覧ください") \
	X(T_EVIDENCE_README, \
	  "Evidence exported from a hinoban ledger.\n" \
	  "\n" \
	  "THE FILES IN contents/ MAY BE MALICIOUS PROGRAMS. They are zstd frames without execute rights, so that\n" \
	  "nobody runs them by accident. Unpack them on a machine made for that.\n" \
	  "\n" \
	  "contents/SHA256.evidence  a content as it stood in a file, packed with zstd\n" \
	  "MANIFEST.jsonl            each content: its SHA-256, its file, whether it was kept; damaged: it was, but\n" \
	  "                          what the vault has is not that content any longer, so it is not here\n" \
	  "facts.jsonl               what was recorded, in the order of the ledger (hinoban.facts(7)): which file,\n" \
	  "                          owner, mode, times, attributes, by which process and web request, when\n" \
	  "proofs.jsonl              for each fact a proof that it stands in the signed ledger (hinoban.proof(5))\n" \
	  "ledger.pub                the ledger's public key\n" \
	  "SHA256SUMS                of all other files here\n" \
	  "\n" \
	  "To check it:\n" \
	  "  sha256sum -c SHA256SUMS                      nothing here was altered since the export\n" \
	  "  sha256sum SHA256SUMS                         must be what the operator told you, and what the ledger\n" \
	  "                                               holds in its fact evidence.exported\n" \
	  "  verify-proof --key ledger.pub proofs.jsonl   each fact stood in the ledger; with --head also before\n" \
	  "                                               a witness's head\n" \
	  "  zstd -dc contents/SHA256.evidence | sha256sum   gives the name of the file: it is that content", \
	  "火の番の台帳から書き出した証拠です。\n" \
	  "\n" \
	  "contents/ の中身は悪意のあるプログラムかもしれません。誤って実行されないよう、実行権のない zstd 形式にして\n" \
	  "あります。専用の環境で展開してください。\n" \
	  "\n" \
	  "contents/SHA256.evidence  ファイルにあった内容（zstd で圧縮）\n" \
	  "MANIFEST.jsonl            内容ごとの SHA-256、ファイル名、保管の有無（damaged は、保管していたものが壊れて\n" \
	  "                          元の内容でなくなり、ここに含まれないことを示します）\n" \
	  "facts.jsonl               台帳の順に並べた記録（hinoban.facts(7)）: どのファイルか、所有者、権限、時刻、\n" \
	  "                          拡張属性、どのプロセスとどのアクセスによるものか、いつか\n" \
	  "proofs.jsonl              それぞれの記録が署名済みの台帳にあることの証明（hinoban.proof(5)）\n" \
	  "ledger.pub                台帳の公開鍵\n" \
	  "SHA256SUMS                ほかのすべてのファイルのチェックサム\n" \
	  "\n" \
	  "確かめ方:\n" \
	  "  sha256sum -c SHA256SUMS                      書き出し後に変えられていないこと\n" \
	  "  sha256sum SHA256SUMS                         運営者から伝えられた値、および台帳の evidence.exported の\n" \
	  "                                               値と同じであること\n" \
	  "  verify-proof --key ledger.pub proofs.jsonl   それぞれの記録が台帳にあったこと（--head を使えば証人の\n" \
	  "                                               ヘッドとの一致も）\n" \
	  "  zstd -dc contents/SHA256.evidence | sha256sum   ファイル名と同じ値なら、その内容に間違いありません") \
	X(T_VERIFY_FAULT, \
	  "#{1}: {2}", \
	  "#{1}: {2}") \
	X(T_VERIFY_FAULTS, \
	  "Faults: {1}. The ledger was altered or damaged.", \
	  "異常 {1} 件。台帳は書き換えられたか、壊れています。") \
	X(T_VERIFY_GOOD, \
	  "The ledger is whole: every fact, every hash, every signature.", \
	  "台帳に異常はありません（事実・ハッシュ・署名のすべて）。") \
	X(T_REBUILD_LIVE, \
	  "stop hinoband first", \
	  "先に hinoband を止めてください") \
	X(T_REBUILD_SAME, \
	  "The views are as the facts say.", \
	  "ビューは事実のとおりです。") \
	X(T_REBUILD_DIFFERS, \
	  "The views were other than the facts say; they are right now.", \
	  "ビューが事実と食い違っていたので、直しました。") \
	X(T_PROOF_FAULT, \
	  "no proof: {1}", \
	  "証明を作れません: {1}") \
	X(T_JUDGE_REPLAY_ONLY, \
	  "say `hinoban judge --replay`", \
	  "`hinoban judge --replay` と指定してください") \
	X(T_REPLAY_OTHER, \
	  "#{1}: judged otherwise now", \
	  "#{1}: 判定し直すと結果が違います") \
	X(T_REPLAY_EXTRA, \
	  "#{1}: is recorded, but the facts do not give it", \
	  "#{1}: 記録にありますが、事実からは得られません") \
	X(T_REPLAY_MISSING, \
	  "a finding from fact #{1} is not recorded", \
	  "事実 #{1} から得られる発見が記録にありません") \
	X(T_REPLAY_SAME, \
	  "{1} facts give the same {2} findings.", \
	  "事実 {1} 件から、同じ発見 {2} 件が得られました。") \
	X(T_REPLAY_DIFFERS, \
	  "{1} facts, {2} findings recorded, {3} differences.", \
	  "事実 {1} 件、記録された発見 {2} 件、違い {3} 件。") \
	X(T_DOCTOR_MACHINE, \
	  "The machine", \
	  "マシン") \
	X(T_DOCTOR_WATCH, \
	  "The watch", \
	  "見張り") \
	X(T_DOCTOR_OK, \
	  "ok", \
	  "良") \
	X(T_DOCTOR_NOTE, \
	  "note", \
	  "注意") \
	X(T_DOCTOR_BAD, \
	  "BAD", \
	  "不可") \
	X(T_DOCTOR_SUM_GOOD, \
	  "Nothing must be put right. Notes: {2}.", \
	  "直すべきものはありません（注意 {2} 件）。") \
	X(T_DOCTOR_SUM_BAD, \
	  "To be put right: {1}. Notes: {2}.", \
	  "直すべきもの {1} 件、注意 {2} 件。") \
	X(T_DOCTOR_HEALS, \
	  "tampering is put right", \
	  "改ざんを元に戻します") \
	X(T_DOCTOR_QUIET, \
	  "a day of watching without an alarm", \
	  "丸1日、警報なしで見張っています") \
	X(T_DOCTOR_NO_FONT, \
	  "chromium, no Japanese font", \
	  "chromium（日本語フォントがありません）") \
	X(T_RUNNING, \
	  "running", \
	  "動作中") \
	X(T_NOT_RUNNING, \
	  "not running", \
	  "停止中") \
	X(T_ABLE_NAMES, \
	  "changes are told with folder and name", \
	  "変更がフォルダーと名前つきで分かる") \
	X(T_ABLE_FILESYSTEM, \
	  "a whole filesystem is watched, through every mount of it", \
	  "ファイルシステム全体を、どのマウントからでも見張れる") \
	X(T_ABLE_PIDFD, \
	  "the writing process is told beyond doubt", \
	  "書き込んだプロセスが確実に分かる") \
	X(T_ABLE_PERMISSION, \
	  "opens can be held until they are decided (modes heal and hold)", \
	  "ファイルを開く操作を、判定が済むまで待たせられる（heal・hold モード）") \
	X(T_ABLE_LEASES, \
	  "who is about to write to an approved file waits", \
	  "承認済みのファイルに書き込もうとするプロセスを待たせられる") \
	X(T_ABLE_CLOSING, \
	  "a file can be closed to writers that have it open already (ext4)", \
	  "すでに開いているプロセスからの書き込みも止められる（ext4）") \
	X(T_ABLE_FENCE, \
	  "the kernel itself keeps web workers from code", \
	  "Web サーバーのプロセスによるコードの書き換えを、カーネル自身が拒める") \
	X(T_ABLE_CONNECTOR, \
	  "short-lived processes are known by name", \
	  "すぐに終わるプロセスの名前も分かる") \
	X(T_ABLE_LANDLOCK, \
	  "sealed processes are kept from files", \
	  "隔離したプロセスをファイルから遠ざけられる") \
	X(T_ABLE_SECCOMP, \
	  "sealed processes are kept from system calls", \
	  "隔離したプロセスのシステムコールを絞れる") \
	X(T_DO_KERNEL, \
	  "Needs Linux 5.17 or newer for the watch with names; Debian 12 has 6.1.", \
	  "名前つきの監視には Linux 5.17 以降が必要です。Debian 12 は 6.1 です。") \
	X(T_DO_FILESYSTEM, \
	  "Each directory is watched by itself: more memory, and a new directory is seen a moment later. Marks on the whole filesystem need root, and a filesystem that has them (not overlayfs, FUSE or NFS).", \
	  "フォルダーごとに見張ります。メモリーを多く使い、新しいフォルダーに気づくのが少し遅れます。ファイルシステム全体を見張るには root と、対応したファイルシステムが必要です（overlayfs・FUSE・NFS は対応していません）。") \
	X(T_DO_FANOTIFY, \
	  "No changes can be seen as they happen; only `hinoban check` finds them. Run as root, or in a container with CAP_SYS_ADMIN.", \
	  "変更をその場で検知できません（`hinoban check` でだけ見つかります）。root で、または CAP_SYS_ADMIN のあるコンテナーで動かしてください。") \
	X(T_DO_LANDLOCK, \
	  "The sandbox for files cannot be built, and hinoban does not run without. Boot with lsm=...,landlock.", \
	  "ファイルのサンドボックスを作れないため、hinoban は動きません。起動オプション lsm= に landlock を加えてください。") \
	X(T_DO_SECCOMP, \
	  "The sandbox for system calls cannot be built, and hinoban does not run without.", \
	  "システムコールのサンドボックスを作れないため、hinoban は動きません。") \
	X(T_DO_CONNECTOR, \
	  "The watch works without it, but who ended before the question is not known: what a short-lived process of a " \
	  "deploy writes (cp, sed) may count as somebody else's, and in mode heal be put back. Run hinoban on the host " \
	  "rather than in a container, or let a release be written by one process (tar, git, rsync).", \
	  "なくても見張れますが、すぐに終わるプロセスが誰かはわかりません。更新作業の短いプロセス（cp や sed など）が書いたものが" \
	  "別の誰かの変更とみなされ、heal モードでは元に戻されることがあります。コンテナの中ではなくホストで hinoban を動かすか、" \
	  "更新は tar、git、rsync のような一つのプロセスで書いてください。") \
	X(T_DO_ABILITY, \
	  "The watch works without it, with less to tell.", \
	  "なくても見張れますが、わかることが減ります。") \
	X(T_DO_FENCE, \
	  "The watch, heal and hold work without it. The kernel itself keeps web workers from code where it takes " \
	  "BPF programs for that: it needs BTF and either BPF LSM or its tracing of functions. Debian's kernel has all " \
	  "of it, unless it was restricted (lockdown=confidentiality). In a container it can't be had.", \
	  "なくても監視・復元・遮断は働きます。カーネル自身にプログラムの書き換えを拒ませるには、そのための BPF " \
	  "プログラムを受け入れるカーネルが必要です（BTF と、BPF LSM または関数トレース）。Debian のカーネルはそのまま" \
	  "対応しています（lockdown=confidentiality で制限した場合を除く）。コンテナの中では使えません。") \
	X(T_DO_ROOT, \
	  "Without root hinoban sees only what this user may read, and not which process wrote. Use sudo.", \
	  "root でないと、このユーザーに読めるものしか見えず、どのプロセスが書いたかもわかりません。sudo を使ってください。") \
	X(T_DO_PROGRAMS, \
	  "Parts of hinoban are missing; install the package again.", \
	  "hinoban の一部が見つかりません。入れ直してください。") \
	X(T_DO_CLOCK, \
	  "Nobody keeps this clock right (no NTP service was found); \"since when\" is only as good as the clock.", \
	  "時計を合わせるサービス（NTP）が見当たりません。「いつから」の答えは時計の正しさしだいです。") \
	X(T_DO_CONFIG, \
	  "No usable config: `hinoban init DIR` writes one.", \
	  "使える設定がありません。`hinoban init フォルダー` で作れます。") \
	X(T_DO_SHOP, \
	  "The watched folder is not there or cannot be read.", \
	  "見張るフォルダーがないか、読めません。") \
	X(T_DO_LOG, \
	  "The access log cannot be read, so no web request can be named. Correct access_log in the config.", \
	  "アクセスログを読めないため、リクエストを示せません。設定の access_log を直してください。") \
	X(T_DO_NO_LOG, \
	  "No access log is set, so no web request can be named for a change. Set access_log in the config.", \
	  "アクセスログの設定がないため、変更の元のリクエストを示せません。設定に access_log を書いてください。") \
	X(T_DO_HEAL, \
	  "Altered files could be put back before anyone reads them: hinoban mode heal --reason \"...\"", \
	  "改ざんされたファイルを、読まれる前に元へ戻せます: hinoban mode heal --reason \"...\"") \
	X(T_DO_OPCACHE, \
	  "opcache.validate_timestamps is 0: after a file is put right PHP runs the old code until php-fpm is reloaded.", \
	  "opcache.validate_timestamps が 0 です。ファイルを直しても、php-fpm を再読み込みするまで古いコードが動き続けます。") \
	X(T_DO_REALPATH, \
	  "realpath_cache_ttl is above 120: PHP remembers for longer than hinoban where a link of code led. Set it to 120 or below.", \
	  "realpath_cache_ttl が 120 を超えています。コードのリンクがどこを指していたかを、PHP が hinoban より長く覚え続けます。120 以下にしてください。") \
	X(T_DO_OPEN_FILES, \
	  "open_file_cache: nginx hands out what it has open for open_file_cache_valid (60 s where it isn't set), also a script that an intruder moved away and has altered since. Set open_file_cache_valid to 10s or below, or leave the cache off.", \
	  "open_file_cache が有効です。nginx は open_file_cache_valid（指定がなければ 60 秒）の間、開いたままのファイルを配り続けます。侵入者が移動させてから書き換えたスクリプトも配られます。10s 以下にするか、キャッシュを切ってください。") \
	X(T_DO_FUSE, \
	  "Any user may mount a filesystem of his own over a folder that is his: the web server's user, too, over code, and nobody else may look into it. If no user here needs it: apt remove fuse3, or dpkg-statoverride --update --add root root 0755 and this path.", \
	  "どの利用者も自分のフォルダーに自分のファイルシステムを重ねられます。ウェブサーバーの利用者がコードに重ねると、ほかのだれもその中を確かめられません。使う人がいなければ apt remove fuse3 か、このパスを付けて dpkg-statoverride --update --add root root 0755 を実行してください。") \
	X(T_DO_STATE_RIGHTS, \
	  "Everybody may write to the state directory: chmod o-w it, then run `hinoban verify`.", \
	  "だれでも状態ディレクトリーに書けます。chmod o-w し、`hinoban verify` を実行してください。") \
	X(T_DO_SPACE, \
	  "Little room is left for the ledger; free some. `hinoban vault gc` drops what [vault] need not hold, also on a full disk.", \
	  "台帳のための空きが少なくなっています。空きを増やしてください。`hinoban vault gc` は [vault] の設定で残さなくてよいものを消します（ディスクが一杯でも実行できます）。") \
	X(T_DO_LEDGER, \
	  "The ledger cannot be read; run `hinoban verify` as root.", \
	  "台帳を読めません。root で `hinoban verify` を実行してください。") \
	X(T_DO_KEY, \
	  "Put ledger.key back into the state directory from a backup (mode 0600). The ledger itself need not be damaged: `hinoban verify` tells. Without this key nothing more can be recorded; `hinoban init --force` then begins a new ledger and moves the old one aside.", \
	  "状態ディレクトリーの ledger.key をバックアップから戻してください（モード 0600）。台帳そのものが壊れているとは限りません（`hinoban verify` で分かります）。この鍵がなければ、もう何も記録できません。その場合は `hinoban init --force` で、古い台帳を脇に移して新しい台帳を始めてください。") \
	X(T_DO_PUB, \
	  "Put ledger.pub back from a backup, or make it anew from the private key, in the state directory: openssl pkey -in ledger.key -pubout -out ledger.pub. Without it nothing can be verified.", \
	  "ledger.pub をバックアップから戻すか、状態ディレクトリーで秘密鍵から作り直してください: openssl pkey -in ledger.key -pubout -out ledger.pub。これがなければ台帳を検証できません。") \
	X(T_DO_VAULT, \
	  "Contents that were kept are lost, so that not every file can be put back. `hinoban vault verify` says which; put the file back from a backup of the state directory, and look at the disk.", \
	  "保管していた内容が失われており、元に戻せないファイルがあります。`hinoban vault verify` で確認し、状態ディレクトリーのバックアップからこのファイルを戻してください。ディスクも調べてください。") \
	X(T_DO_HINOBAND, \
	  "Start it: systemctl enable --now hinoban", \
	  "起動してください: systemctl enable --now hinoban")
/* clang-format on */

#endif
