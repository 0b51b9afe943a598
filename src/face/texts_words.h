/* The table of sentences: facts in plain words. See text.h. */
#ifndef HINOBAN_FACE_TEXTS_WORDS_H
#define HINOBAN_FACE_TEXTS_WORDS_H

/* clang-format off */
#define TEXTS_WORDS(X) \
	X(T_YES, \
	  "yes", \
	  "はい") \
	X(T_NO, \
	  "no", \
	  "いいえ") \
	X(T_NONE, \
	  "none", \
	  "なし") \
	X(T_NOTHING, \
	  "(nothing)", \
	  "（なし）") \
	X(T_NOT_KNOWN, \
	  "not known", \
	  "不明") \
	X(T_AND, \
	  ", ", \
	  "、") \
	X(T_ROLE_PAYMENT, \
	  "payment code", \
	  "決済のコード") \
	X(T_ROLE_CODE, \
	  "code", \
	  "コード") \
	X(T_ROLE_CONFIG, \
	  "settings", \
	  "設定") \
	X(T_ROLE_GENERATED, \
	  "generated code", \
	  "自動生成コード") \
	X(T_ROLE_UPLOADS, \
	  "uploads", \
	  "アップロード") \
	X(T_ROLE_DATA, \
	  "data", \
	  "データ") \
	X(T_ROLE_IGNORED, \
	  "ignored", \
	  "対象外") \
	X(T_ROLE_UNKNOWN, \
	  "other", \
	  "その他") \
	X(T_SEV_INFO, \
	  "info", \
	  "参考") \
	X(T_SEV_LOW, \
	  "low", \
	  "低") \
	X(T_SEV_MEDIUM, \
	  "medium", \
	  "中") \
	X(T_SEV_HIGH, \
	  "HIGH", \
	  "高") \
	X(T_SEV_CRITICAL, \
	  "CRITICAL", \
	  "重大") \
	X(T_WHAT_CREATED, \
	  "is new", \
	  "新しくできた") \
	X(T_WHAT_REMOVED, \
	  "is gone", \
	  "なくなった") \
	X(T_WHAT_CONTENT, \
	  "content changed", \
	  "内容が変わった") \
	X(T_WHAT_MODE, \
	  "permissions changed", \
	  "権限が変わった") \
	X(T_WHAT_OWNER, \
	  "owner changed", \
	  "所有者が変わった") \
	X(T_WHAT_ATTRIBUTES, \
	  "ACL or attributes changed", \
	  "ACL や拡張属性が変わった") \
	X(T_WHAT_TIMES, \
	  "time set", \
	  "更新時刻が変わった") \
	X(T_WHAT_CLASS, \
	  "became another kind of file", \
	  "ファイルの種類が変わった") \
	X(T_WHAT_RENAMED, \
	  "was renamed", \
	  "名前が変わった") \
	X(T_WHO, \
	  "{1} (user {2}, pid {3})", \
	  "{1}（ユーザー {2}、pid {3}）") \
	X(T_WHO_UNKNOWN, \
	  "an unknown process", \
	  "不明なプロセス") \
	X(T_WHO_SCAN, \
	  "not known: found by a scan, after the fact", \
	  "不明（後からの照合で見つかったため）") \
	X(T_BY, \
	  "; by {1}", \
	  "／{1} による") \
	X(T_BY_DEPLOY, \
	  "; deployed (#{1})", \
	  "／配備 #{1}") \
	X(T_REQUEST, \
	  "{1} {2} from {3}, answered {4}", \
	  "{3} からの {1} {2}（応答 {4}）") \
	X(T_F_LEDGER_CREATED, \
	  "the ledger was created by hinoban {1}", \
	  "hinoban {1} が台帳を作成") \
	X(T_F_LEDGER_OPENED, \
	  "the ledger was opened; it held {1} facts", \
	  "台帳を開いた（事実 {1} 件）") \
	X(T_F_CLOCK_JUMPED, \
	  "the clock jumped from {1} to {2}", \
	  "時計が {1} から {2} へ戻った") \
	X(T_F_ROLE_STARTED, \
	  "{1} started (pid {2})", \
	  "{1} が起動（pid {2}）") \
	X(T_F_ROLE_DIED, \
	  "{1} died: {2}", \
	  "{1} が異常終了: {2}") \
	X(T_F_READER_DIED, \
	  "a reader died while it read {1}: {2}", \
	  "{1} の読み取り中に reader が終了: {2}") \
	X(T_F_WATCH_STARTED, \
	  "the watch began over {1} (marks: {2})", \
	  "{1} の見張りを開始（監視方式: {2}）") \
	X(T_F_WATCH_STOPPED, \
	  "the watch was stopped", \
	  "見張りを終了") \
	X(T_F_WATCH_ADDED, \
	  "{1} is new in the settings: what stands there is taken as approved", \
	  "{1} が設定に追加された。いまある内容を承認済みとする") \
	X(T_F_WATCH_OVERFLOW, \
	  "the kernel's queue overflowed; a re-scan follows", \
	  "カーネルの待ち行列があふれたため再照合する") \
	X(T_F_WATCH_RESCANNED, \
	  "all files held against the table: {1} files, {2} differ ({3})", \
	  "全ファイルを照合: {1} 件中 {2} 件に違い（{3}）") \
	X(T_F_WATCH_UNREADABLE, \
	  "{1} cannot be read: {2}", \
	  "{1} を読めない: {2}") \
	X(T_F_BASELINE_STARTED, \
	  "first inventory of {1} (profile {2})", \
	  "{1} の最初の棚卸しを開始（プロファイル {2}）") \
	X(T_F_FILE_BASELINE, \
	  "{1} ({2}) recorded", \
	  "{1}（{2}）を記録") \
	X(T_F_BASELINE_DONE, \
	  "first inventory done: {1} files", \
	  "最初の棚卸しを完了: {1} 件") \
	X(T_F_FILE_CHANGED, \
	  "{1} ({2}): {3}", \
	  "{1}（{2}）: {3}") \
	X(T_F_FILE_BACK, \
	  "{1} ({2}): as approved again ({3})", \
	  "{1}（{2}）: 承認済みの状態に戻った（{3}）") \
	X(T_F_FILE_REQUEST, \
	  "{1}: written at the request {2}", \
	  "{1}: {2} で書き込まれた") \
	X(T_F_WITNESS_FAILED, \
	  "the head could not be sent to {1}: {2}", \
	  "署名つき要約を {1} に送れない: {2}") \
	X(T_F_DISK_FULL, \
	  "the disk was full; writing goes on", \
	  "ディスクの空きがなかったが、記録を再開した") \
	X(T_F_FINDING, \
	  "{1}: {2}: {3}", \
	  "{1}: {2}: {3}") \
	X(T_CAUSE_CHANGE, \
	  "it was altered without approval", \
	  "承認なしに書き換えられたため") \
	X(T_CAUSE_FINDING, \
	  "a finding stands against it", \
	  "異常と判断されたため") \
	X(T_CAUSE_OPENED, \
	  "somebody opened it altered", \
	  "書き換えられたまま開かれようとしたため") \
	X(T_CAUSE_REPLACED, \
	  "an altered copy was still being opened", \
	  "書き換えられた古い実体が開かれようとしたため") \
	X(T_CAUSE_WRITE, \
	  "somebody opens it for writing", \
	  "書き込みのために開かれようとしたため") \
	X(T_CAUSE_WRITER, \
	  "a process has it open for writing", \
	  "書き込み中のプロセスがあるため") \
	X(T_CAUSE_OUTDATED, \
	  "it is a packed copy of an older version, which would be handed out in place of the approved one", \
	  "古い版の圧縮ファイルで、承認済みの版の代わりに配信されてしまうため") \
	X(T_CAUSE_REMADE, \
	  "somebody put a file of his own in its place, with the same content, which could still change", \
	  "同じ内容の別のファイルに置き換えられ、あとから内容が変わるおそれがあるため") \
	X(T_CAUSE_GONE, \
	  "it was removed, or moved away", \
	  "削除または移動されたため") \
	X(T_REFUSED_WRITE, \
	  "only a deploy writes code", \
	  "プログラムを書き換えられるのは deploy だけです") \
	X(T_REFUSED_WRITER, \
	  "a process has it open for writing", \
	  "書き込み中のプロセスがあります") \
	X(T_REFUSED_ALTERED, \
	  "it is not as approved", \
	  "承認された内容と違います") \
	X(T_REFUSED_NEW, \
	  "nobody approved it", \
	  "承認されていません") \
	X(T_REFUSED_UPLOAD, \
	  "it is a program among uploads", \
	  "アップロード置き場のプログラムです") \
	X(T_REFUSED_ELSEWHERE, \
	  "it is approved, but under another name", \
	  "別の名前で承認されたファイルです") \
	X(T_REFUSED_LINK, \
	  "a link was put where code belongs", \
	  "プログラムの場所にリンクが置かれています") \
	X(T_REFUSED_FINDING, \
	  "a finding stands against it", \
	  "異常と判断されています") \
	X(T_REFUSED_UNSAFE, \
	  "it could not be made safe to read", \
	  "安全に読める状態にできませんでした") \
	X(T_F_GATE_MODE, \
	  "what is done about tampering has changed", \
	  "改ざんへの対応のしかたが切り替わった") \
	X(T_F_FENCE_STANDS, \
	  "the kernel keeps web workers from held code; connections: {1}", \
	  "保護中のプログラムをカーネルがウェブのワーカーから守っている（接続: {1}）") \
	X(T_F_FENCE_NONE, \
	  "the kernel does not help to keep web workers from code: {1}", \
	  "カーネルによる保護は使えない: {1}") \
	X(T_F_FENCE_DENIED, \
	  "{1}: kept from a web worker ({2})", \
	  "{1}: ウェブのワーカーによる操作を拒んだ（{2}）") \
	X(T_F_FENCE_EXEC, \
	  "a web worker was kept from running {1}", \
	  "ウェブのワーカーが {1} を動かすのを拒んだ") \
	X(T_F_FENCE_LEARNT, \
	  "web workers connect to {1} port {2}", \
	  "ウェブのワーカーの接続先を覚えた: {1} ポート {2}") \
	X(T_F_FENCE_CONNECT, \
	  "a web worker was kept from connecting to {1} port {2}", \
	  "ウェブのワーカーが {1} ポート {2} へ接続するのを拒んだ") \
	X(T_F_OPEN_DENIED, \
	  "{1}: an open was refused: {2}", \
	  "{1} を開かせなかった: {2}") \
	X(T_F_OPEN_CUT, \
	  "{1}: cut by an open for reading; opens of code are looked at one by one for an hour", \
	  "{1} の中身が、読み取りのために開く操作で消された（これから1時間、コードが開かれるたびに確かめる）") \
	X(T_F_OPEN_LATE, \
	  "{1}: an open could not be decided in time and was {2}", \
	  "{1} を開いてよいか時間内に判断できなかった（{2}）") \
	X(T_F_ORDER_HEAL, \
	  "{1} is to be put back: {2}", \
	  "{1} を承認済みの内容に戻す指示: {2}") \
	X(T_F_ORDER_QUARANTINE, \
	  "{1} is to be taken away: {2}", \
	  "{1} を取り除く指示: {2}") \
	X(T_F_DEED_HEALED, \
	  "{1} is as approved again", \
	  "{1} を承認済みの内容に戻した") \
	X(T_F_DEED_TAKEN, \
	  "{1} was taken away and kept as evidence", \
	  "{1} を取り除き、証拠として保管した") \
	X(T_WHY_LOOK, \
	  "it can't be looked at", \
	  "調べられません") \
	X(T_WHY_OPENS, \
	  "it can still be opened", \
	  "まだ開けます") \
	X(T_WHY_TRY, \
	  "it can't be tried", \
	  "試せません") \
	X(T_WHY_REFUSED, \
	  "it is refused still", \
	  "まだ拒否されます") \
	X(T_WHY_FLAG, \
	  "the flag can't be set", \
	  "フラグを置けません") \
	X(T_WHY_NO_FLAG, \
	  "that is no flag of the shop", \
	  "ショップのフラグではありません") \
	X(T_WHY_NOT_NAMED, \
	  "the process was not named", \
	  "対象のプロセスが示されませんでした") \
	X(T_WHY_PROCESS, \
	  "the process", \
	  "プロセス") \
	X(T_WHY_GROUP, \
	  "the control group", \
	  "cgroup") \
	X(T_WHY_VERB, \
	  "no such verb", \
	  "そのような動作はありません") \
	X(T_WHY_LIFTED, \
	  "it is lifted already", \
	  "すでに解除されています") \
	X(T_WHY_OTHER_ISOLATION, \
	  "another isolation is in force", \
	  "別の隔離が有効です") \
	X(T_WHY_OTHERS_ISOLATION, \
	  "another installation of hinoban has isolated this machine, and has to lift that", \
	  "このマシンは別の hinoban が隔離しています。解除もそちらで行ってください") \
	X(T_WHY_NOT_KEPT, \
	  "its approved content is not in the vault", \
	  "承認済みの内容が保管庫にありません") \
	X(T_WHY_PUT_BACK, \
	  "it could not be put back", \
	  "元に戻せませんでした") \
	X(T_WHY_NO_PATH, \
	  "the order names no watched path", \
	  "指示の対象が見張りの範囲にありません") \
	X(T_WHY_MAKE_FOLDER, \
	  "its folder can't be made", \
	  "フォルダーを作れません") \
	X(T_WHY_OPEN_FOLDER, \
	  "its folder can't be opened", \
	  "フォルダーを開けません") \
	X(T_WHY_AGAIN, \
	  "it was altered again meanwhile", \
	  "その間に再び変更されました") \
	X(T_WHY_TAKE, \
	  "it could not be taken away", \
	  "取り除けませんでした") \
	X(T_F_DEED_FAILED, \
	  "{1}: the order could not be carried out: {2}", \
	  "{1}: 指示を実行できなかった: {2}") \
	X(T_F_MODE, \
	  "{1} sets {2} to {3}: {4}", \
	  "{1} が {2} を {3} に設定: {4}") \
	X(T_F_APPROVE, \
	  "{1} approved by {2}: {3}", \
	  "{2} が {1} を承認: {3}") \
	X(T_F_DISMISS, \
	  "finding #{1} dismissed by {2}: {3}", \
	  "{2} が発見 #{1} を却下: {3}") \
	X(T_F_VAULT_GC, \
	  "{1} asked to drop what need not be kept", \
	  "{1} さんが保管庫の整理を指示しました") \
	X(T_F_VAULT_DROPPED, \
	  "old contents of {1} bytes were dropped from the vault (reason: {2})", \
	  "保管庫から古い内容 {1} バイト分を消しました（理由: {2}）") \
	X(T_F_VAULT_COLLECTED, \
	  "the vault was gone through: {1} contents dropped ({2} bytes), {3} kept", \
	  "保管庫を整理しました: 消した内容 {1} 件（{2} バイト）、保管中 {3} 件") \
	X(T_F_EVIDENCE, \
	  "{1} exported evidence about {2}: {3} contents", \
	  "{1} さんが {2} の証拠を書き出しました: 内容 {3} 件") \
	X(T_F_DEPLOY_STARTED, \
	  "{1} deploys with: {2}", \
	  "{1} が配備を開始: {2}") \
	X(T_F_DEPLOY_ENDED, \
	  "deploy #{1} ended with code {2}", \
	  "配備 #{1} が終了（コード {2}）") \
	X(T_F_OTHER, \
	  "{1} {2}", \
	  "{1} {2}") \
	X(T_L_AT, \
	  "recorded", \
	  "記録") \
	X(T_L_PATH, \
	  "path", \
	  "パス") \
	X(T_L_ROLE, \
	  "role", \
	  "役割") \
	X(T_L_SEVERITY, \
	  "severity", \
	  "深刻さ") \
	X(T_L_SURE, \
	  "how sure", \
	  "確からしさ") \
	X(T_L_SIGNS, \
	  "signs", \
	  "根拠の種類") \
	X(T_L_STATE, \
	  "state", \
	  "状態") \
	X(T_L_BY, \
	  "by", \
	  "実行者") \
	X(T_L_PARENT, \
	  "started by", \
	  "起動元") \
	X(T_L_COMMAND, \
	  "command", \
	  "コマンド") \
	X(T_L_CGROUP, \
	  "cgroup", \
	  "cgroup") \
	X(T_L_NOTE, \
	  "note", \
	  "注記") \
	X(T_L_REQUEST, \
	  "web request", \
	  "Web リクエスト") \
	X(T_L_REQUEST_AT, \
	  "request at", \
	  "リクエスト時刻") \
	X(T_L_AGENT, \
	  "browser", \
	  "ブラウザー") \
	X(T_L_CONTENT, \
	  "content", \
	  "内容") \
	X(T_L_MODE, \
	  "permissions", \
	  "権限") \
	X(T_L_ATTRIBUTES, \
	  "attributes", \
	  "拡張属性") \
	X(T_L_OWNER, \
	  "owner", \
	  "所有者") \
	X(T_L_SEEN, \
	  "seen", \
	  "検知") \
	X(T_L_GOOD, \
	  "last known good", \
	  "最後に正常") \
	X(T_L_BAD, \
	  "first seen so", \
	  "最初の検知") \
	X(T_L_ROOT, \
	  "shop", \
	  "ショップ") \
	X(T_L_PROFILE, \
	  "profile", \
	  "プロファイル") \
	X(T_L_MARKS, \
	  "marks", \
	  "監視方式") \
	X(T_L_WATCHED, \
	  "files watched", \
	  "見張るファイル") \
	X(T_L_OPEN, \
	  "findings open", \
	  "未対応の発見") \
	X(T_L_FACTS, \
	  "facts", \
	  "事実の数") \
	X(T_L_HEAD, \
	  "signed head", \
	  "署名つき要約") \
	X(T_L_PROCESSES, \
	  "processes", \
	  "プロセス") \
	X(T_L_STATE_DIR, \
	  "state directory", \
	  "状態の場所") \
	X(T_L_MODES, \
	  "tampering", \
	  "改ざんへの対応") \
	X(T_L_CONSOLE, \
	  "console", \
	  "管理画面") \
	X(T_H_WHY, \
	  "Why", \
	  "なぜ") \
	X(T_H_NEXT, \
	  "What to do next", \
	  "次にすること") \
	X(T_H_STATES, \
	  "Approved → present", \
	  "承認済み → 現在") \
	X(T_H_WHO, \
	  "Who", \
	  "だれが") \
	X(T_H_SINCE, \
	  "Since when", \
	  "いつから") \
	X(T_H_DONE, \
	  "What hinoban has done", \
	  "火の番が行ったこと") \
	X(T_H_RESTS_ON, \
	  "Rests on", \
	  "根拠となる事実") \
	X(T_H_LATER, \
	  "Later facts about it", \
	  "その後の事実") \
	X(T_STATE_OPEN, \
	  "open", \
	  "未対応") \
	X(T_STATE_DISMISSED, \
	  "dismissed (#{1})", \
	  "却下済み（#{1}）") \
	X(T_STATE_APPROVED, \
	  "approved (#{1})", \
	  "承認済み（#{1}）") \
	X(T_STATE_ENDED, \
	  "ended: the path is as approved again (#{1})", \
	  "終了: 承認済みの状態に戻った（#{1}）")
/* clang-format on */

#endif
