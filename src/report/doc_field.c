/* Documents: the tables of forms and of fields that persons fill in. */
#include "report/doc.h"

const struct doc_form doc_forms[] = {
    {"ppc-preliminary", "Preliminary report to the Personal Information Protection Commission",
     "個人情報保護委員会 速報", "operator address contact known kind items counts cause", true,
     true},
    {"ppc-final", "Final report to the Personal Information Protection Commission",
     "個人情報保護委員会 確報",
     "operator address representative industry contact known kind noticed_by items counts "
     "cause "
     "secondary to_persons publication prevention_done prevention_planned",
     true, true},
    {"ransomware", "Supplement on ransomware", "ランサムウェア事案 補足様式",
     "operator contact known ransom_note ransom_extension ransom_extortion ransom_way "
     "indicators",
     false, false},
    {"notice-first", "First public notice", "公表文（第一報）",
     "operator service known stopped next_notice contact", false, false},
    {"notice-second", "Second public notice", "公表文（第二報）",
     "operator service known cause items counts to_persons late prevention_done contact", true,
     true},
    {"customer-mail", "Notice to a customer (mail)", "お客様への通知（メール）",
     "operator service cause items contact", false, true},
    {"customer-letter", "Notice to a customer (letter)", "お客様への通知（書状）",
     "operator address representative service cause items contact", false, true},
    {"forensic", "Pack for the acquirer and the forensic firm", "カード会社・調査会社向け資料",
     "operator contact known at_risk", true, false},
    {"police", "Statement for the police", "警察への相談・届出資料",
     "operator address representative contact known cause", true, true},
    {"gdpr33", "Notification under Article 33 GDPR", "GDPR 第33条に基づく通知",
     "operator address contact known kind items counts secondary prevention_done", true, true},
    {"management", "Summary for the management", "経営層向け概要", "operator known counts",
     true, true},
    {NULL, NULL, NULL, NULL, false, false},
};

const struct doc_field doc_fields[] = {
    {"operator", "Operator", "事業者名", false},
    {"address", "Address", "所在地", false},
    {"representative", "Representative", "代表者", false},
    {"industry", "Industry", "業種", false},
    {"contact", "Contact", "連絡先", false},
    {"service", "Service", "サービス名", false},
    {"service_state", "State of the service (old, current)", "サービスの区分（旧・現行）",
     false},
    {"kind", "Kind of event", "発生事案の種類", false},
    {"noticed_by", "Who found it", "発覚の契機", false},
    {"processor", "Processor involved", "委託先の関与", false},
    {"cause", "Cause", "原因", false},
    {"card_items", "Items of card data", "カード情報の項目", false},
    {"secondary", "Secondary damage", "二次被害の有無と内容", false},
    {"to_persons", "What was done towards the persons", "本人への対応", false},
    {"publication", "Publication", "公表の状況", false},
    {"late", "Why publication took time", "公表までに時間を要した理由", false},
    {"prevention_done", "Prevention, done", "再発防止策（実施済み）", false},
    {"prevention_planned", "Prevention, planned", "再発防止策（今後）", false},
    {"other", "Other", "その他", false},
    {"next_notice", "When the next notice comes", "次回のお知らせ予定", true},
    {"ransom_note", "Text of the ransom note", "脅迫文の内容", false},
    {"ransom_extension", "Extension of encrypted files", "暗号化されたファイルの拡張子", false},
    {"ransom_extortion", "Kind of extortion", "脅迫の種類", false},
    {"ransom_way", "Way in", "侵入経路", false},
    {"indicators", "Indicators", "侵害の痕跡（IoC）", false},
    /* What was done when; hinoban knows some of it by itself. */
    {"event.payment-stopped", "Card payment stopped", "クレジットカード決済を停止", true},
    {"event.shop-closed", "Shop closed", "サイトの公開を停止", true},
    {"event.disconnected", "Network cut", "ネットワークを遮断", true},
    {"event.script-removed", "Altered script removed", "改ざんされたスクリプトを削除", true},
    {"event.forensics-started", "Forensic firm asked", "第三者調査機関へ調査を依頼", true},
    {"event.forensics-done", "Forensic report received", "第三者調査機関の調査が完了", true},
    {"event.police-told", "Police told", "所轄の警察署に相談", true},
    {"event.acquirer-told", "Acquirer told", "カード会社・決済代行会社へ連絡", true},
    {"event.system-changed", "New system", "新システムへ移行", true},
    {"event.notified", "Customers told", "お客様へ個別に通知", true},
    {"event.published", "Published", "本件を公表", true},
    {NULL, NULL, NULL, false},
};

const struct doc_form *doc_form_of(struct slice id)
{
	for (const struct doc_form *f = doc_forms; f->id; f++)
		if (slice_eq(id, slice_str(f->id)))
			return f;
	return NULL;
}

const struct doc_field *doc_field_of(struct slice id)
{
	for (const struct doc_field *f = doc_fields; f->id; f++)
		if (slice_eq(id, slice_str(f->id)))
			return f;
	return NULL;
}
