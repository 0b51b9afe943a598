#include "judge/words.h"
#include "base/path.h"

#define WORDS_MAX_BYTES    4096
#define WORDS_MAX_FEATURES 4 /* more than four reasons are no longer read */
#define WORDS_MAX_NAME     200

enum lang { EN, JA, LANGS };

static const char *const opening[WORDS_EVENTS][LANGS] = {
    [WORDS_TAMPERED] = {"%s \"%s\" was altered without approval.",
                        "%s「%s」が承認なしに書き換えられました。"},
    [WORDS_PLANTED] = {"%s \"%s\" is new and nobody approved it.",
                       "%s「%s」が承認なしに新しく置かれました。"},
    [WORDS_REMOVED] = {"%s \"%s\" was removed without approval.",
                       "%s「%s」が承認なしに削除されました。"},
    [WORDS_GONE] =
        {"%s \"%s\" is to be watched, but is not there. Nothing in it can be handed "
         "out, nor put back.",
         "見張るべき%s「%s」がありません。中のファイルは、配信することも元に戻すこともで"
         "きません。"},
    [WORDS_RIGHTS] = {"The permissions or the owner of %s \"%s\" changed without approval.",
                      "%s「%s」のアクセス権または所有者が承認なしに変更されました。"},
    [WORDS_REPLACED] =
        {"%s \"%s\" was replaced by something of another kind without approval.",
         "%s「%s」が承認なしに別の種類のもの（リンクなど）に置き換えられました。"},
    [WORDS_UPLOAD] =
        {"Among the uploaded files, where no program belongs, there is one now (%s): \"%s\".",
         "%sの中に、あってはならないプログラム「%s」があります。"},
    [WORDS_CARDS] =
        {"A file that should hold none holds what look like card numbers (%s): \"%s\".",
         "カード番号らしき数字の並びが、あるはずのない%s「%s」に見つかりました。"},
    [WORDS_GENERATED] =
        {"%s \"%s\", which the shop writes by itself, now does what it should never do.",
         "%s「%s」が、本来しないはずの動作をするようになりました。"},
    [WORDS_REFUSED] = {"Somebody tried to alter %s \"%s\", and was refused.",
                       "%s「%s」を書き換えようとした操作を止めました。"},
    [WORDS_AGAIN] = {"%s \"%s\" is being altered again and again.",
                     "%s「%s」が繰り返し書き換えられています。"},
    [WORDS_HIDDEN] =
        {"%s \"%s\" can't be looked at, not even by hinoban: something is mounted over it, or "
         "its disk is damaged.",
         "%s「%s」の中身が、火の番からも見えません。"
         "上に別のものがマウントされているか、ディスクが壊れています。"},
    [WORDS_FOUND] =
        {"%s \"%s\" was already there when hinoban began, and looks like an attack.",
         "火の番が見張りを始めたとき、攻撃の跡とみられる%s「%s」がすでにありました。"},
};

/* As they stand within a sentence. */
static const char *const role_noun[ROLES][LANGS] = {
    [ROLE_PAYMENT] = {"payment code", "決済プログラム"},
    [ROLE_CODE] = {"program code", "プログラム"},
    [ROLE_CONFIG] = {"the settings file", "設定ファイル"},
    [ROLE_GENERATED] = {"generated code", "自動生成のファイル"},
    [ROLE_UPLOADS] = {"uploaded file", "アップロードされたファイル"},
    [ROLE_DATA] = {"data file", "データファイル"},
    [ROLE_IGNORED] = {"file", "ファイル"},
};

static const char *const folder_noun[LANGS] = {"the folder", "フォルダ"};

/* [grave?] */
static const char *const advice[WORDS_EVENTS][2][LANGS] = {
    [WORDS_TAMPERED] = {{"Look at the difference. If the change is yours, approve it with a "
                         "reason; if not, treat it as an attack.",
                         "変更前との差を確認してください。ご自身による変更なら理由を添えて承認"
                         "し、心当たりがなければ攻撃として扱ってください。"},
                        {"Stop card payment now. Leave the file as it is, it is evidence. Look "
                         "at the difference, then call your "
                         "payment provider and whoever maintains the shop. Only if the change "
                         "is yours: approve it with a reason.",
                         "すぐにカード決済を止めてください。ファイルは証拠になるので消さずに残"
                         "してください。変更前との差を確認し、決済代行"
                         "会社とショップの保守担当に連絡してください。ご自身による変更だった場"
                         "合に限り、理由を添えて承認してください。"}},
    [WORDS_PLANTED] =
        {{"Look at the file. If you put it there, approve it with a reason; if "
          "not, treat it as an attack.",
          "ファイルの中身を確認してください。ご自身で置いたものなら理由を添えて承"
          "認し、心当たりがなければ攻撃として扱ってください。"},
         {"Don't open it in a browser and don't delete it, it is evidence. If the "
          "shop was installing a plugin or updating itself just then, do that by "
          "`hinoban deploy` instead. Else block its address in the web server, "
          "and have whoever maintains the shop find the way by which it came in.",
          "ブラウザで開かず、証拠になるので消さずに残してください。ちょうどそのと"
          "き、管理画面からのプラグインの導入や自動更新が動いていた場合は、代わりに "
          "`hinoban deploy` で行ってください。そうでなければ、Webサーバーで"
          "このファイルへのアクセスを遮断し、侵入経路を保守担当に調べてもらって"
          "ください。"}},
    [WORDS_REMOVED] = {{"If you removed it, approve that with a reason; if not, put it back "
                        "from the last release.",
                        "ご自身で削除したものなら理由を添えて承認してください。心当たりがなけれ"
                        "ば、直近のリリースから元に戻してください。"},
                       {"If you didn't remove it, put it back from the last release and look "
                        "for what else happened at that time.",
                        "ご自身による削除でなければ、直近のリリースから元に戻し、同じ時刻に他に"
                        "何が起きたかを確認してください。"}},
    [WORDS_GONE] =
        {{"See whether it was moved, or a disk is not mounted (findmnt).",
          "移動されていないか、ディスクのマウントが外れていないか（findmnt）を確認してください"
          "。"},
         {"See whether its disk is mounted (findmnt), and mount it; or whether it "
          "was moved, and move it back. What stands there then is held against "
          "what is approved. If it was deleted, put it back with `hinoban restore` "
          "or from the last release, and look for what else happened at that time.",
          "ディスクのマウントが外れていれば（findmnt）マウントし、移動されていれば元の"
          "場所に戻してください。戻ったものは、承認済みの内容と照合します。削除されて"
          "いた場合は、`hinoban restore` または直近のリリースから元に戻し、同じ時刻に"
          "他に何が起きたかを確認してください。"}},
    [WORDS_RIGHTS] =
        {{"If you changed this, approve it with a reason; if not, set it back.",
          "ご自身による変更なら理由を添えて承認し、そうでなければ元に戻してください。"},
         {"Set it back: as it is now, other programs on this machine can alter the code.",
          "元に戻してください。このままでは、このサーバー上の他のプログラムがコードを書き換えら"
          "れます。"}},
    [WORDS_REPLACED] =
        {{"If you changed this, approve it with a reason; if not, treat it as an attack.",
          "ご自身による変更なら理由を添えて承認し、心当たりがなければ攻撃として扱ってください"
          "。"},
         {"Look at where it leads. If you did not do this, stop card payment and keep it as "
          "evidence.",
          "リンク先を確認してください。心当たりがなければ、カード決済を止め、証拠として残してく"
          "ださい。"}},
    [WORDS_UPLOAD] = {{"Look at the file before anyone opens it. If it is harmless, dismiss "
                       "this with a reason.",
                       "だれかが開く前に中身を確認してください。無害なものなら、理由を添えて「"
                       "問題なし」としてください。"},
                      {"Don't open it in a browser and don't delete it, it is evidence. Forbid "
                       "the web server to run programs in this "
                       "folder, close the upload form, and look for what it did since.",
                       "ブラウザで開かず、証拠になるので消さずに残してください。このフォルダ"
                       "でのプログラム実行をWebサーバーで禁止し、"
                       "アップロード機能を止め、置かれてから何が起きたかを確認してください。"}},
    [WORDS_CARDS] = {{"Keep the file as evidence and find out who writes it.",
                      "ファイルを証拠として残し、何が書き込んでいるのかを調べてください。"},
                     {"Stop card payment now. Keep the file as evidence, don't send it to "
                      "anyone, and call your payment provider.",
                      "すぐにカード決済を止めてください。ファイルは証拠として残し、だれにも送ら"
                      "ず、決済代行会社に連絡してください。"}},
    [WORDS_GENERATED] = {{"Look at the difference, and at the template it was made from.",
                          "変更前との差と、元になったテンプレートを確認してください。"},
                         {"Look at the difference and at the template it was made from; keep "
                          "both as evidence, then clear the cache.",
                          "変更前との差と元になったテンプレートを確認し、両方を証拠として残して"
                          "から、キャッシュを消してください。"}},
    [WORDS_REFUSED] =
        {{"If it was you, do it by `hinoban deploy`; if not, find out who it was.",
          "ご自身による作業なら `hinoban deploy` "
          "で行ってください。心当たりがなければ、だれの操作かを調べてください。"},
         {"Nothing was altered. If the shop was updating itself just then (a plugin, an "
          "automatic update), do that by `hinoban deploy` instead. Else somebody runs code "
          "of his own on this server: find the way by which he came in, and close it; look "
          "for unknown programs among uploads.",
          "書き換えは防ぎました。ちょうどそのとき、管理画面からのプラグインの導入や"
          "自動更新が動いていた場合は、代わりに `hinoban deploy` で行ってください。"
          "そうでなければ、何者かがこのサーバーでプログラムを動かしています。"
          "侵入経路を突き止めてふさぎ、アップロード置き場に見覚えのないプログラムが"
          "ないか確認してください。"}},
    [WORDS_AGAIN] =
        {{"Find out who does it: perhaps a program of yours that should write elsewhere.",
          "だれの操作か調べてください。ご自身のプログラムの書き込み先が誤っている場合もありま"
          "す。"},
         {"The intruder is in still. Find the way by which he comes in and close it: look at "
          "the process and the web request named here. `hinoban contain freeze` stops a "
          "process, `[hold] again` in the settings says what is done by itself.",
          "侵入者はまだ活動しています。ここに示したプロセスとアクセスを手がかりに侵入経路を突き"
          "止め、ふさいでください。プロセスは `hinoban contain freeze` で止められます。自動"
          "で行う対応は、設定の [hold] again で選べます。"}},
    [WORDS_HIDDEN] =
        {{"Look at what is mounted there (findmnt).",
          "何がマウントされているか確認してください（findmnt）。"},
         {"Web workers may be reading there what an intruder shows them. Look at what is "
          "mounted (findmnt) and unmount it as root (umount). If nothing is, look at the disk "
          "(dmesg). Dismiss this once it can be looked at again.",
          "このあいだ、Webサーバーは侵入者の用意したものを読んでいるおそれがあります。"
          "何がマウントされているかを確認し（findmnt）、rootで外してください（umount）。"
          "何もマウントされていなければディスクを調べてください（dmesg）。"
          "見えるようになったら「問題なし」としてください。"}},
    [WORDS_FOUND] = {{"Compare it with the release that you installed. If it is harmless, "
                      "dismiss this with a reason.",
                      "導入時のリリースと比べてください。無害なものなら、理由を添えて「問題なし"
                      "」としてください。"},
                     {"Compare it with the release that you installed; if it doesn't belong "
                      "there, the shop was broken into before "
                      "today. Keep it as evidence.",
                      "導入時のリリースと比べてください。含まれていないファイルなら、すでに侵入"
                      "されています。証拠として残してください。"}},
};

/* Text from outside, made harmless and short. */
static void add_name(struct buf *b, struct slice s)
{
	text_safe(b, slice_sub(s, 0, WORDS_MAX_NAME));
	if (s.n > WORDS_MAX_NAME)
		buf_str(b, "…");
}

static void add_noun(struct buf *b, const char *noun, bool begins)
{
	if (begins && *noun >= 'a' && *noun <= 'z')
		buf_byte(b, (uint8_t)(*noun++ - 'a' + 'A'));
	buf_str(b, noun);
}

static void add_opening(struct buf *b, const struct words *w, enum lang l)
{
	const struct change *c = w->change;
	struct slice form = slice_str(opening[w->event][l]);
	size_t noun = slice_find(form, SLICE("%s"));
	struct slice rest = slice_sub(form, noun + 2, form.n);
	size_t name = slice_find(rest, SLICE("%s"));

	buf_add(b, slice_sub(form, 0, noun));
	add_noun(b,
	         w->event == WORDS_GONE || slice_eq(c->class, SLICE("dir"))
	             ? folder_noun[l]
	             : role_noun[c->role][l],
	         noun == 0);
	buf_add(b, slice_sub(rest, 0, name));
	/* The watched folder itself is better known by its own name. */
	add_name(b, slice_eq(c->path, SLICE(PATH_ROOT)) ? c->root : c->path);
	buf_add(b, slice_sub(rest, name + 2, rest.n));
}

static void add_features(struct buf *b, const struct words *w, enum lang l)
{
	enum feature f[WORDS_MAX_FEATURES];
	size_t n = signs_features(w->signs, w->change, f, WORDS_MAX_FEATURES);
	bool fresh = w->event == WORDS_TAMPERED || w->event == WORDS_GENERATED;

	if (n == 0)
		return;
	if (l == EN)
		buf_str(b, fresh ? " What was added " : " It ");
	for (size_t i = 0; i < n; i++) {
		const struct feature_row *row = &feature_rows[f[i]];

		if (i)
			buf_str(b, l == JA ? "、" : i + 1 == n ? " and " : ", ");
		buf_str(b, l == JA ? row->ja : row->en);
	}
	buf_str(b, l == EN ? "." : fresh ? "が加わりました。" : "を含みます。");
}

static void add_host(struct buf *b, const struct words *w, enum lang l)
{
	if (w->change->new_host.n == 0 || w->change->baseline || w->signs->n == 0)
		return;
	buf_str(b, l == EN ? " It names a server that was not named there before: "
	                   : "これまで書かれていなかったサーバー「");
	add_name(b, w->change->new_host);
	buf_str(b, l == EN ? "." : "」が書かれています。");
}

static void add_rights(struct buf *b, const struct change *c, enum lang l)
{
	struct slice was = json_text(c->approved, "mode"), is = json_text(c->present, "mode");
	int uid = (int)json_num(c->approved, "uid", 0),
	    gid = (int)json_num(c->approved, "gid", 0);
	int now_uid = (int)json_num(c->present, "uid", 0);
	int now_gid = (int)json_num(c->present, "gid", 0);

	if (!c->approved || !c->present || !change_rights_differ(c))
		return;
	if (!slice_eq(was, is)) {
		buf_str(b, l == EN ? " Its mode " : "アクセス権が");
		buf_add(b, was);
		buf_str(b, l == EN ? " became " : "から");
		buf_add(b, is);
		buf_str(b, l == EN ? "." : "に変わりました。");
	}
	if (uid != now_uid || gid != now_gid)
		buf_printf(b,
		           l == EN ? " Its owner %d:%d became %d:%d."
		                   : "所有者が%d:%dから%d:%dに変わりました。",
		           uid, gid, now_uid, now_gid);
	if (change_attributes_differ(c))
		buf_str(b, l == EN ? " Its ACL or extended attributes changed."
		                   : "ACLまたは拡張属性が変わりました。");
}

static void add_who(struct buf *b, const struct words *w, enum lang l)
{
	const struct json *who = w->change->who;
	struct slice program = path_leaf(json_text(who, "exe"));
	bool worker = change_by_worker(w->change);

	if (w->event == WORDS_FOUND || w->event == WORDS_CARDS)
		return;
	if (!who || !json_true(who, "known") || program.n == 0) {
		buf_str(b, l == EN ? " Which process did it is not known."
		                   : "どのプロセスによるものかは分かっていません。");
		return;
	}
	buf_str(b, l == EN ? " It was done by " : "操作したのは、ユーザー ");
	add_name(b, l == EN ? program : json_text(who, "user"));
	if (l == JA) {
		buf_str(b, " の ");
		add_name(b, program);
	}
	buf_printf(b, l == EN ? " (process %d" : "（プロセス%d", (int)json_num(who, "pid", 0));
	if (l == EN) {
		buf_str(b, ", user ");
		add_name(b, json_text(who, "user"));
		buf_str(b, worker ? "), which answers requests from the internet." : ").");
	} else {
		buf_str(b, worker ? "）です。Webからのアクセスに応えるプログラムです。"
		                  : "）です。");
	}
}

static void add_sure(struct buf *b, const struct words *w, enum lang l)
{
	buf_printf(b,
	           l == EN ? " hinoban is %d %% sure that this is an attack."
	                   : "攻撃の可能性は%d%%とみています。",
	           (int)(w->sure * 100 + 0.5));
}

struct json *words_why(struct arena *a, const struct words *w)
{
	static const char *const name[LANGS] = {"en", "ja"};
	struct json *why = json_obj(a);
	struct buf b;

	buf_init(&b, WORDS_MAX_BYTES);
	for (unsigned l = 0; l < LANGS; l++) {
		buf_reset(&b);
		add_opening(&b, w, (enum lang)l);
		add_features(&b, w, (enum lang)l);
		add_host(&b, w, (enum lang)l);
		add_rights(&b, w->change, (enum lang)l);
		add_who(&b, w, (enum lang)l);
		add_sure(&b, w, (enum lang)l);
		json_put_slice(a, why, name[l], buf_slice(&b));
	}
	buf_done(&b);
	return why;
}

struct json *words_next(struct arena *a, const struct words *w)
{
	struct json *next = json_obj(a);

	json_put_str(a, next, "en", advice[w->event][w->grave][EN]);
	json_put_str(a, next, "ja", advice[w->event][w->grave][JA]);
	return next;
}

/* What stands before its method, address, client and time. */
static const char *const request_form[LANGS][4] = {
    {" It came with the web request ", " ", " from ", " at "},
    {"きっかけは、アクセス「", " ", "」（接続元 ", "、時刻 "},
};

static void add_request(struct buf *b, const struct json *r, enum lang l)
{
	static const char *const part[] = {"method", "url", "client", "at"};
	int sure = (int)(json_real(r, "confidence", 0) * 100 + 0.5);

	for (size_t i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		buf_str(b, request_form[l][i]);
		add_name(b, json_text(r, part[i]));
	}
	buf_printf(b, l == EN ? " (%d %% sure)." : "）とみられます（確からしさ%d%%）。", sure);
}

struct json *words_why_request(struct arena *a, const struct json *why,
                               const struct json *request)
{
	static const char *const name[LANGS] = {"en", "ja"};
	struct json *out = json_obj(a);
	struct buf b;

	buf_init(&b, WORDS_MAX_BYTES);
	for (unsigned l = 0; l < LANGS; l++) {
		buf_reset(&b);
		buf_add(&b, json_text(why, name[l]));
		add_request(&b, request, (enum lang)l);
		json_put_slice(a, out, name[l], buf_slice(&b));
	}
	buf_done(&b);
	return out;
}
