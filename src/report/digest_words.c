/* Digest: what the kinds of the reader's facts are called. */
#include "report/digest.h"

#include "fact/item.h"

static const struct {
	const char *id, *ja, *en;
} words[] = {
    /* how exact, and states */
    {"exact", "ちょうど", "exactly"},
    {"at_most", "最大", "at most"},
    {"at_least", "以上", "at least"},
    {"about", "約", "about"},
    {"required", "必須", "required"},
    {"optional", "任意", "optional"},
    {"unknown", "不明", "unknown"},
    /* attacks */
    {"payment-tampering", "決済プログラムの改ざん", "payment code altered"},
    {"skimming", "Webスキミング", "web skimming"},
    {"script-tampering", "外部スクリプトの改ざん", "script altered"},
    {"ransomware", "ランサムウェア", "ransomware"},
    {"phishing", "フィッシング", "phishing"},
    {"sql-injection", "SQLインジェクション", "SQL injection"},
    {"xss", "クロスサイトスクリプティング", "cross-site scripting"},
    {"unauthorised-access", "不正アクセス", "unauthorised access"},
    {"list-attack", "パスワードリスト攻撃", "credential stuffing"},
    {"login", "不正ログイン", "unauthorised logins"},
    {"malware", "マルウェア感染", "malware"},
    {"misdirected-mail", "誤送信", "misdirected mail"},
    {"exposure", "設定による公開", "left open to everyone"},
    {"loss", "紛失・盗難", "loss or theft"},
    {"insider", "内部者による持ち出し", "insider"},
    {"ddos", "DDoS攻撃", "denial of service"},
    {"impersonation", "なりすまし", "impersonation"},
    {"spam-relay", "迷惑メールの踏み台", "used to send spam"},
    {"tampering", "サイトの改ざん", "website altered"},
    /* ways in */
    {"weakness", "脆弱性", "a weakness"},
    {"vpn", "VPN機器", "VPN"},
    {"remote-desktop", "リモートデスクトップ", "remote desktop"},
    {"stolen-login", "認証情報の窃取", "stolen login"},
    {"weak-password", "推測されやすいパスワード", "weak password"},
    {"third-party", "委託先・外部サービス", "a third party"},
    {"phishing-mail", "不審メール", "phishing mail"},
    {"misconfiguration", "設定の不備", "misconfiguration"},
    {"upload", "不正なファイルの設置", "malicious upload"},
    {"human-error", "人の誤り", "human error"},
    /* who noticed */
    {"own-staff", "自社", "own staff"},
    {"card-company", "カード会社", "card company"},
    {"payment-provider", "決済代行会社", "payment provider"},
    {"vendor", "提供元・保守会社", "vendor"},
    {"processor", "委託先", "processor"},
    {"police", "警察", "police"},
    {"authority", "公的機関", "public body"},
    {"customer", "お客様", "customer"},
    {"partner", "取引先・関係者", "partner"},
    {"expert", "セキュリティ専門家", "security expert"},
    {"outside", "外部", "outsider"},
    /* events */
    {"known", "連絡を受ける", "was told"},
    {"found", "判明", "came to light"},
    {"payment-stopped", "カード決済を停止", "card payment stopped"},
    {"shop-closed", "サイトを停止", "shop closed"},
    {"disconnected", "ネットワークを遮断", "network cut"},
    {"script-removed", "スクリプトを削除", "script removed"},
    {"forensics-started", "調査を開始", "investigation began"},
    {"forensics-done", "調査が完了", "investigation done"},
    {"authority-told", "監督機関へ報告", "authority told"},
    {"police-told", "警察へ相談", "police told"},
    {"published", "公表", "published"},
    {"notified", "個別に通知", "persons told"},
    {"system-changed", "新システムへ移行", "new system"},
    {"began", "被害が発生", "it began"},
    {"mailed", "メール送信", "mail sent"},
    {"restored", "復旧", "restored"},
    {"reopening", "再開予定", "to reopen"},
    /* groups and states */
    {"card", "カード", "cards"},
    {"order", "注文", "orders"},
    {"member", "会員", "members"},
    {"employee", "従業員", "employees"},
    {"student", "学生・生徒", "students"},
    {"patient", "患者", "patients"},
    {"applicant", "応募者", "applicants"},
    {"inquiry", "問い合わせ", "inquiries"},
    {"participant", "参加者", "participants"},
    {"resident", "住民", "residents"},
    {"guardian", "保護者", "guardians"},
    {"mail", "メール", "mail"},
    {"misuse", "不正利用", "misused"},
    {"person", "個人", "persons"},
    {"expected", "見込み", "expected"},
    {"partial", "一部", "partly"},
    {"old", "旧", "old"},
    {"current", "現行", "current"},
    /* items that fact/item.h lacks */
    {"card_code", "セキュリティコード", "security code"},
    {"card_data", "カード情報", "card data"},
    {"magazine_format", "メールマガジン配信形式", "newsletter format"},
    {"bank", "口座情報", "bank account"},
    {"health", "健康・診療情報", "health data"},
    {"patient_id", "患者番号", "patient number"},
    {"student_id", "学籍番号", "student number"},
    {"employee_id", "社員番号", "employee number"},
    {"orders", "購入履歴", "order history"},
    {"delivery", "お届け先", "delivery address"},
    {"mynumber", "マイナンバー", "My Number"},
    {"licence", "運転免許証", "driving licence"},
    {"passport", "旅券番号", "passport number"},
    {"insurance", "保険証番号", "insurance number"},
    {"ssn", "社会保障番号", "Social Security number"},
    {"age", "年齢", "age"},
    {"department", "部署・役職", "department"},
    {"grades", "成績", "grades"},
    {"nationality", "国籍", "nationality"},
    {"face", "顔写真", "photograph"},
    {"family", "家族構成", "family"},
};

struct slice digest_word(enum doc_lang lang, struct slice id)
{
	const struct item_name *item = item_of(id);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (slice_eq(id, slice_str(words[i].id)))
			return slice_str(lang == DOC_JA ? words[i].ja : words[i].en);
	if (item)
		return slice_str(lang == DOC_JA ? item->ja : item->en);
	return id;
}
