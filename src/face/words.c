#include "face/words.h"
#include "base/path.h"
#include "face/scope.h"
#include "fact/version.h"
#include <string.h>

#define MAX_FIELD_BYTES (16u * 1024)
#define SEQ_COLUMNS     7
#define TIME_COLUMNS    19
#define TYPE_COLUMNS    16

struct word_row {
	const char *name;
	enum text_id id;
};

static const struct word_row roles[] = {
    {"payment", T_ROLE_PAYMENT},     {"code", T_ROLE_CODE},       {"config", T_ROLE_CONFIG},
    {"generated", T_ROLE_GENERATED}, {"uploads", T_ROLE_UPLOADS}, {"data", T_ROLE_DATA},
    {"ignored", T_ROLE_IGNORED},
};

static const struct word_row whats[] = {
    {"created", T_WHAT_CREATED},       {"removed", T_WHAT_REMOVED}, {"content", T_WHAT_CONTENT},
    {"attributes", T_WHAT_ATTRIBUTES}, {"mode", T_WHAT_MODE},       {"owner", T_WHAT_OWNER},
    {"class", T_WHAT_CLASS},           {"renamed", T_WHAT_RENAMED}, {"times", T_WHAT_TIMES},
};

static const struct {
	const char *name;
	enum text_id id;
	enum term_color color;
} severities[] = {
    {"info", T_SEV_INFO, TERM_PLAIN},       {"low", T_SEV_LOW, TERM_CYAN},
    {"medium", T_SEV_MEDIUM, TERM_YELLOW},  {"high", T_SEV_HIGH, TERM_RED},
    {"critical", T_SEV_CRITICAL, TERM_RED},
};

/* Types whose sentence is a template over some of their fields. */
static const struct {
	const char *type;
	enum text_id id;
	const char *way[4];
} sentences[] = {
    {"ledger.created", T_F_LEDGER_CREATED, {"version"}},
    {"ledger.opened", T_F_LEDGER_OPENED, {"facts"}},
    {"clock.jumped", T_F_CLOCK_JUMPED, {"from", "to"}},
    {"role.started", T_F_ROLE_STARTED, {"role", "pid"}},
    {"role.died", T_F_ROLE_DIED, {"role", "how"}},
    {"reader.died", T_F_READER_DIED, {"path", "how"}},
    {"watch.started", T_F_WATCH_STARTED, {"roots", "marks"}},
    {"watch.added", T_F_WATCH_ADDED, {"root"}},
    {"watch.stopped", T_F_WATCH_STOPPED, {NULL}},
    {"watch.overflow", T_F_WATCH_OVERFLOW, {NULL}},
    {"watch.rescanned", T_F_WATCH_RESCANNED, {"files", "differing", "reason"}},
    {"watch.unreadable", T_F_WATCH_UNREADABLE, {"path", "why"}},
    {"baseline.started", T_F_BASELINE_STARTED, {"roots", "profile"}},
    {"file.baseline", T_F_FILE_BASELINE, {"path", "role"}},
    {"baseline.done", T_F_BASELINE_DONE, {"files"}},
    {"witness.failed", T_F_WITNESS_FAILED, {"to", "why"}},
    {"disk.full", T_F_DISK_FULL, {NULL}},
    {"gate.mode", T_F_GATE_MODE, {NULL}},
    {"browser.started", T_F_BROWSER_STARTED, {"version"}},
    {"browser.died", T_F_BROWSER_DIED, {"how", "why"}},
    {"page.content", T_F_PAGE_CONTENT, {"page", "what"}},
    {"page.record", T_F_PAGE_RECORD, {"page", "arm"}},
    {"page.checked", T_F_PAGE_CHECKED, {"page", "arm", "valid"}},
    {"page.twins", T_F_PAGE_TWINS, {"page"}},
    {"page.round", T_F_PAGE_ROUND, {"page", "arms"}},
    {"page.asked", T_F_PAGE_ASKED, {"by", "page"}},
    {"page.reported", T_F_PAGE_REPORTED, {"page", "script", "n"}},
    {"page.authorised", T_F_PAGE_AUTHORISED, {"by", "script", "owner", "reason"}},
    {"page.refused", T_F_PAGE_REFUSED, {"by", "script", "reason"}},
    {"fence.mode", T_F_FENCE_STANDS, {"connect"}},
    {"fence.denied", T_F_FENCE_DENIED, {"path", "act"}},
    {"fence.exec", T_F_FENCE_EXEC, {"program"}},
    {"fence.learnt", T_F_FENCE_LEARNT, {"address", "port"}},
    {"fence.connect", T_F_FENCE_CONNECT, {"address", "port"}},
    {"open.cut", T_F_OPEN_CUT, {"path"}},
    {"open.late", T_F_OPEN_LATE, {"path", "answer"}},
    {"lift", T_F_LIFT, {"by", "contain", "reason"}},
    {"rehearsed", T_F_REHEARSED, {"by", "verb", "done"}},
    {"mode", T_F_MODE, {"by", "role", "mode", "reason"}},
    {"approve", T_F_APPROVE, {"path", "by", "reason"}},
    {"dismiss", T_F_DISMISS, {"finding", "by", "reason"}},
    {"alert.begun", T_F_ALERT_BEGUN, {"to"}},
    {"alert.sent", T_F_ALERT_SENT, {"to", "n"}},
    {"alert.failed", T_F_ALERT_FAILED, {"to", "why", "tries"}},
    {"alert.digest", T_F_ALERT_DIGEST, {"by", "week"}},
    {"alert.test", T_F_ALERT_TEST, {"by"}},
    {"case.opened", T_F_CASE_OPENED, {"by", "from", "reason"}},
    {"case.joined", T_F_CASE_JOINED, {"by", "case", "finding", "into"}},
    {"case.split", T_F_CASE_SPLIT, {"by", "findings", "case", "reason"}},
    {"case.assigned", T_F_CASE_ASSIGNED, {"by", "case", "to"}},
    {"case.noted", T_F_CASE_NOTED, {"by", "case", "text"}},
    {"case.closed", T_F_CASE_CLOSED, {"by", "case", "reason"}},
    {"case.dismissed", T_F_CASE_DISMISSED, {"by", "case", "reason"}},
    {"case.filed", T_F_CASE_FILED, {"by", "clock", "case", "receipt"}},
    {"case.clock", T_F_CASE_CLOCK, {"by", "case", "start", "reason"}},
    {"news.checked", T_F_NEWS_CHECKED, {"by", "news", "list", "verdict"}},
    {"news.read", T_F_NEWS_READ, {"source", "title"}},
    {"report.field", T_F_REPORT_FIELD, {"by", "case", "field", "value"}},
    {"report.written", T_F_REPORT_WRITTEN, {"by", "case", "form", "format"}},
    {"vault.gc", T_F_VAULT_GC, {"by"}},
    {"vault.dropped", T_F_VAULT_DROPPED, {"bytes", "why"}},
    {"vault.collected", T_F_VAULT_COLLECTED, {"dropped", "freed", "contents"}},
    {"evidence.exported", T_F_EVIDENCE, {"by", "what", "contents"}},
    {"person.asked", T_F_ASKED, {"by", "found"}},
    {"list.written", T_F_LISTED, {"by", "lines"}},
    {"deploy.started", T_F_DEPLOY_STARTED, {"by", "command"}},
    {"deploy.ended", T_F_DEPLOY_ENDED, {"deploy", "exit"}},
};

static const char *row_text(const struct word_row *rows, size_t n, struct slice name)
{
	for (size_t i = 0; i < n; i++)
		if (slice_eq(slice_str(rows[i].name), name))
			return text(rows[i].id);
	return NULL;
}

static void add_value(struct face *f, struct buf *out, const struct json *v)
{
	if (!v)
		return;
	if (v->kind == JSON_STR)
		buf_add(out, v->s);
	else if (v->kind == JSON_INT)
		buf_str(out, face_int(f, v->i));
	else if (v->kind == JSON_BOOL)
		buf_str(out, text(v->b ? T_YES : T_NO));
	else if (v->kind == JSON_ARR)
		for (const struct json *i = v->first; i; i = i->next) {
			if (i != v->first)
				buf_str(out, ", ");
			add_value(f, out, i);
		}
	else
		json_write(out, v);
}

/* Counts are easier to read in groups of three; the number of a fact or a process is a name. */
static bool is_count(const char *way)
{
	static const char *const counts[] = {"facts", "files", "differing"};

	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		if (strcmp(way, counts[i]) == 0)
			return true;
	return false;
}

const char *words_field(struct face *f, const struct json *fact, const char *way)
{
	const struct json *v = json_at(fact, way);
	const char *out;
	struct buf b;

	if (v && v->kind == JSON_INT && is_count(way))
		return face_num(f, v->i);
	buf_init(&b, MAX_FIELD_BYTES);
	add_value(f, &b, v);
	out = face_cstr(f, buf_slice(&b));
	buf_done(&b);
	return out;
}

const char *words_path(struct face *f, const struct json *fact)
{
	struct slice root = json_text(fact, "root"), path = json_text(fact, "path");

	if (!root.n || !path.n || !face_many_roots(f))
		return words_field(f, fact, "path");
	return slice_eq(path, SLICE(PATH_ROOT)) ? face_cstr(f, root)
	                                        : face_full_path(f, root, path);
}

const char *words_role(struct slice role)
{
	const char *t = row_text(roles, sizeof(roles) / sizeof(roles[0]), role);

	return t ? t : text(T_ROLE_UNKNOWN);
}

const char *words_severity(struct slice severity)
{
	for (size_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++)
		if (slice_eq(slice_str(severities[i].name), severity))
			return text(severities[i].id);
	return text(T_SEV_INFO);
}

enum term_color words_severity_color(struct slice severity)
{
	for (size_t i = 0; i < sizeof(severities) / sizeof(severities[0]); i++)
		if (slice_eq(slice_str(severities[i].name), severity))
			return severities[i].color;
	return TERM_PLAIN;
}

void words_what(struct buf *out, const struct json *what)
{
	for (const struct json *w = what ? what->first : NULL; w; w = w->next) {
		const char *t = row_text(whats, sizeof(whats) / sizeof(whats[0]),
		                         w->kind == JSON_STR ? w->s : slice_mem(NULL, 0));

		if (w != what->first)
			buf_str(out, text(T_AND));
		if (t)
			buf_str(out, t);
	}
}

void words_process(struct face *f, struct buf *out, const struct json *who)
{
	struct slice exe = path_leaf(json_text(who, "exe"));

	if (!exe.n)
		exe = json_text(who, "command");
	if (!exe.n) {
		FILL(out, T_WHO_UNKNOWN);
		return;
	}
	FILL(out, T_WHO, face_cstr(f, exe), words_field(f, who, "user"),
	     face_int(f, json_num(who, "pid", 0)));
}

void words_request(struct face *f, struct buf *out, const struct json *request)
{
	FILL(out, T_REQUEST, words_field(f, request, "method"), words_field(f, request, "url"),
	     words_field(f, request, "client"), face_int(f, json_num(request, "status", 0)));
}

static void say_changed(struct face *f, struct buf *out, const struct json *fact)
{
	struct buf what = {.max = MAX_FIELD_BYTES}, who = {.max = MAX_FIELD_BYTES};
	bool back = version_same(json_get(fact, "approved"), json_get(fact, "present"));

	words_what(&what, json_get(fact, "what"));
	if (json_get(fact, "who"))
		words_process(f, &who, json_get(fact, "who"));
	FILL(out, back ? T_F_FILE_BACK : T_F_FILE_CHANGED, words_path(f, fact),
	     words_role(json_text(fact, "role")), buf_cstr(&what));
	if (who.n)
		FILL(out, T_BY, buf_cstr(&who));
	if (json_num(fact, "deploy", 0))
		FILL(out, T_BY_DEPLOY, face_int(f, json_num(fact, "deploy", 0)));
	buf_done(&what);
	buf_done(&who);
}

static void say_request(struct face *f, struct buf *out, const struct json *fact)
{
	struct buf req = {.max = MAX_FIELD_BYTES};

	words_request(f, &req, json_get(fact, "request"));
	FILL(out, T_F_FILE_REQUEST, words_path(f, fact), buf_cstr(&req));
	buf_done(&req);
}

static void say_finding(struct face *f, struct buf *out, const struct json *fact)
{
	FILL(out, T_F_FINDING, words_severity(json_text(fact, "severity")), words_path(f, fact),
	     face_cstr(f, face_said(json_get(fact, "why"))));
}

const char *words_target(struct face *f, const struct json *fact)
{
	if (json_get(fact, "path"))
		return words_path(f, fact);
	if (json_get(fact, "cgroup"))
		return words_field(f, fact, "cgroup");
	if (json_get(fact, "flag"))
		return words_field(f, fact, "flag");
	if (json_get(fact, "except"))
		return words_field(f, fact, "except");
	if (!json_get(fact, "pid"))
		return "";
	return face_cstr(f,
	                 arena_printf(&f->mem, "%s (pid %lld)", words_field(f, fact, "command"),
	                              (long long)json_num(fact, "pid", 0)));
}

/* What a person contained: the word, the order, the deed. */
static const struct word_row whys[] = {
    {"it can't be looked at", T_WHY_LOOK},
    {"it can still be opened", T_WHY_OPENS},
    {"it can't be tried", T_WHY_TRY},
    {"it is refused still", T_WHY_REFUSED},
    {"the flag can't be set", T_WHY_FLAG},
    {"that is no flag of the shop", T_WHY_NO_FLAG},
    {"the process was not named", T_WHY_NOT_NAMED},
    {"the process", T_WHY_PROCESS},
    {"the control group", T_WHY_GROUP},
    {"no such verb", T_WHY_VERB},
    {"it is lifted already", T_WHY_LIFTED},
    {"another isolation is in force", T_WHY_OTHER_ISOLATION},
    {"the isolation of another hinoban stands", T_WHY_OTHERS_ISOLATION},
    {"its approved content is not in the vault", T_WHY_NOT_KEPT},
    {"it could not be put back", T_WHY_PUT_BACK},
    {"the order names no watched path", T_WHY_NO_PATH},
    {"its folder can't be made", T_WHY_MAKE_FOLDER},
    {"its folder can't be opened", T_WHY_OPEN_FOLDER},
    {"it was altered again meanwhile", T_WHY_AGAIN},
    {"it could not be taken away", T_WHY_TAKE},
};

const char *words_failure(struct face *f, const struct json *deed)
{
	struct slice why = json_text(deed, "why");
	size_t end = slice_find(why, SLICE(": "));
	struct slice what = slice_sub(why, 0, end == SIZE_MAX ? why.n : end);
	const char *t = row_text(whys, sizeof(whys) / sizeof(whys[0]), what);

	if (!t)
		return words_field(f, deed, "why");
	return face_cstr(
	    f, arena_printf(&f->mem, "%s%.*s", t, SLICE_ARG(slice_sub(why, what.n, why.n))));
}

static bool say_contain(struct face *f, struct buf *out, const struct json *fact)
{
	struct slice type = fact_type(fact);
	const char *verb = words_field(f, fact, "verb"), *target = words_target(f, fact);
	bool deed = slice_eq(json_text(fact, "kind"), SLICE("deed"));

	if (!slice_eq(type, SLICE("contain")) && !slice_ends(type, SLICE(".contain")) &&
	    !slice_ends(type, SLICE(".lift")))
		return false;
	if (deed && !json_true(fact, "done"))
		FILL(out, T_F_DEED_FAILED, verb, words_failure(f, fact));
	else if (slice_eq(type, SLICE("contain")))
		FILL(out, T_F_CONTAIN, words_field(f, fact, "by"), verb, target,
		     words_field(f, fact, "reason"));
	else if (deed && slice_eq(json_text(fact, "how"), SLICE("time")))
		FILL(out, T_F_DEED_TIME, verb);
	else if (slice_ends(type, SLICE(".lift")))
		FILL(out, deed ? T_F_DEED_LIFT : T_F_ORDER_LIFT, verb, target);
	else
		FILL(out, deed ? T_F_DEED_CONTAIN : T_F_ORDER_CONTAIN, verb, target);
	return true;
}

static void say_deed(struct face *f, struct buf *out, const struct json *fact)
{
	bool taken = slice_eq(fact_type(fact), SLICE("deed.quarantine"));

	if (json_true(fact, "done"))
		FILL(out, taken ? T_F_DEED_TAKEN : T_F_DEED_HEALED, words_path(f, fact));
	else
		FILL(out, T_F_DEED_FAILED, words_path(f, fact), words_failure(f, fact));
}

static const struct word_row causes[] = {
    {"change", T_CAUSE_CHANGE},     {"finding", T_CAUSE_FINDING},   {"opened", T_CAUSE_OPENED},
    {"replaced", T_CAUSE_REPLACED}, {"write", T_CAUSE_WRITE},       {"writer", T_CAUSE_WRITER},
    {"gone", T_CAUSE_GONE},         {"outdated", T_CAUSE_OUTDATED}, {"remade", T_CAUSE_REMADE},
};

static const struct word_row refusals[] = {
    {"write", T_REFUSED_WRITE},     {"writer", T_REFUSED_WRITER},
    {"altered", T_REFUSED_ALTERED}, {"new", T_REFUSED_NEW},
    {"upload", T_REFUSED_UPLOAD},   {"finding", T_REFUSED_FINDING},
    {"unsafe", T_REFUSED_UNSAFE},   {"elsewhere", T_REFUSED_ELSEWHERE},
    {"link", T_REFUSED_LINK},       {"held", T_REFUSED_HELD},
};

/* The sentence of a code, or the code. */
static const char *coded(struct face *f, const struct word_row *rows, size_t n,
                         struct slice code)
{
	const char *t = row_text(rows, n, code);

	return t ? t : face_cstr(f, code);
}

static void say_order(struct face *f, struct buf *out, const struct json *fact)
{
	bool heal = slice_eq(fact_type(fact), SLICE("order.heal"));

	FILL(out, heal ? T_F_ORDER_HEAL : T_F_ORDER_QUARANTINE, words_path(f, fact),
	     coded(f, causes, sizeof(causes) / sizeof(causes[0]), json_text(fact, "cause")));
}

static void say_denied(struct face *f, struct buf *out, const struct json *fact)
{
	FILL(
	    out, T_F_OPEN_DENIED, words_path(f, fact),
	    coded(f, refusals, sizeof(refusals) / sizeof(refusals[0]), json_text(fact, "why")));
}

static const char *template_field(struct face *f, const struct json *fact, const char *way)
{
	if (strcmp(way, "path") == 0)
		return words_path(f, fact);
	if (strcmp(way, "role") == 0 && json_text(fact, "path").n)
		return words_role(json_text(fact, "role"));
	return words_field(f, fact, way);
}

static bool say_template(struct face *f, struct buf *out, const struct json *fact)
{
	struct slice type = fact_type(fact);

	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
		const char *arg[6] = {""};

		if (!slice_eq(slice_str(sentences[i].type), type))
			continue;
		for (size_t k = 0; k < 4 && sentences[i].way[k]; k++)
			arg[k + 1] = template_field(f, fact, sentences[i].way[k]);
		text_fill(out, sentences[i].id, arg);
		return true;
	}
	return false;
}

/* Entries, or persons: as one number, or as a range. */
static void say_count(struct face *f, struct buf *out, const struct json *fact)
{
	struct buf n = {.max = MAX_FIELD_BYTES};
	bool persons = slice_eq(json_text(fact, "unit"), SLICE("名"));

	if (json_get(fact, "n"))
		buf_str(&n, face_num(f, json_num(fact, "n", 0)));
	else
		FILL(&n, T_SCOPE_RANGE, face_num(f, json_num(fact, "low", 0)),
		     face_num(f, json_num(fact, "high", 0)));
	FILL(out, T_F_COUNT, scope_group_name(f, json_text(fact, "population")),
	     scope_item_name(f, json_text(fact, "item"), json_text(fact, "label")),
	     buf_cstr(&n), text(persons ? T_SCOPE_PERSONS : T_SCOPE_ENTRIES));
	buf_done(&n);
}

void words_sentence(struct face *f, struct buf *out, const struct json *fact)
{
	struct slice type = fact_type(fact);

	if (slice_eq(type, SLICE("file.changed")))
		say_changed(f, out, fact);
	else if (slice_eq(type, SLICE("file.request")))
		say_request(f, out, fact);
	else if (slice_eq(type, SLICE("fence.mode")) && !json_true(fact, "stands"))
		FILL(out, T_F_FENCE_NONE, words_field(f, fact, "why"));
	else if (slice_eq(json_text(fact, "kind"), SLICE("finding")))
		say_finding(f, out, fact);
	else if (say_contain(f, out, fact))
		return;
	else if (slice_eq(json_text(fact, "kind"), SLICE("deed")))
		say_deed(f, out, fact);
	else if (slice_starts(type, SLICE("order.")))
		say_order(f, out, fact);
	else if (slice_eq(type, SLICE("open.denied")))
		say_denied(f, out, fact);
	else if (slice_eq(type, SLICE("count.scope")))
		say_count(f, out, fact);
	else if (!say_template(f, out, fact))
		FILL(out, T_F_OTHER, face_cstr(f, type), words_path(f, fact));
}

void words_line(struct face *f, const struct json *fact, size_t indent)
{
	bool finding = slice_eq(json_text(fact, "kind"), SLICE("finding"));
	struct slice type = fact_type(fact);
	char when[WHEN_TEXT_BYTES];
	struct buf b;

	buf_init(&b, 2 * MAX_FIELD_BYTES);
	words_sentence(f, &b, fact);
	when_text(fact_at_us(fact), when);
	printf("%*s%*lld  ", (int)indent, "", SEQ_COLUMNS, (long long)fact_seq(fact));
	term_color(TERM_DIM);
	term_cell(slice_str(when), TIME_COLUMNS);
	term_color(TERM_PLAIN);
	printf("  ");
	term_cell(type, type.n > TYPE_COLUMNS ? type.n : TYPE_COLUMNS);
	printf("  ");
	term_paint(finding ? words_severity_color(json_text(fact, "severity")) : TERM_PLAIN,
	           buf_slice(&b));
	putchar('\n');
	buf_done(&b);
}
