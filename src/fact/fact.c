#include "fact/fact.h"
#include <errno.h>

static const char *const kind_names[FACT_KINDS] = {
    [FACT_SIGHTING] = "sighting", [FACT_FINDING] = "finding", [FACT_ORDER] = "order",
    [FACT_DEED] = "deed",         [FACT_WORD] = "word",       [FACT_COUNT] = "count",
};

static const char *const severity_names[] = {
    [SEV_INFO] = "info", [SEV_LOW] = "low",           [SEV_MEDIUM] = "medium",
    [SEV_HIGH] = "high", [SEV_CRITICAL] = "critical",
};

#define FINDING_FIELDS "root path role severity confidence why next signs"

const struct fact_type fact_types[] = {
    {"ledger.created", FACT_SIGHTING, "version key", "The ledger was made."},
    {"ledger.opened", FACT_SIGHTING, "facts recovered", "The ledger's process began to write."},
    {"clock.jumped", FACT_SIGHTING, "from to", "The machine's clock went back."},
    {"disk.full", FACT_SIGHTING, "waited_us",
     "There was no room to write; now there is again."},
    {"role.started", FACT_SIGHTING, "role pid", "A process of hinoban began its work."},
    {"role.died", FACT_SIGHTING, "role pid how", "A process of hinoban ended unasked."},
    {"reader.died", FACT_SIGHTING, "path how", "A reader ended while it read this file."},
    {"watch.started", FACT_SIGHTING, "roots profile marks procs",
     "The guard watches from here on."},
    {"watch.added", FACT_SIGHTING, "root",
     "A folder is new in the settings: it is inventoried, and what stands in it approved."},
    {"watch.stopped", FACT_SIGHTING, "", "The guard was stopped in order."},
    {"watch.overflow", FACT_SIGHTING, "",
     "The kernel's event queue overflowed; a re-scan follows."},
    {"watch.rescanned", FACT_SIGHTING, "reason files differing us",
     "All files were held against the table."},
    {"watch.unreadable", FACT_SIGHTING, "root path role why", "A path could not be looked at."},
    {"baseline.started", FACT_SIGHTING, "roots profile why", "A first inventory begins."},
    {"file.baseline", FACT_SIGHTING, "root path role present", "A path as it was found first."},
    {"baseline.done", FACT_SIGHTING, "files bytes us", "The first inventory is complete."},
    {"file.changed", FACT_SIGHTING, "root path role what approved present found_by",
     "A path differs from before."},
    {"file.request", FACT_SIGHTING, "path request",
     "The web request that most likely wrote a file."},
    {"vault.dropped", FACT_SIGHTING, "why hashes bytes",
     "Kept contents were dropped, as the settings say."},
    {"vault.collected", FACT_SIGHTING, "dropped freed contents bytes",
     "The vault was gone through for what need not be kept."},
    {"gate.mode", FACT_SIGHTING, "modes folders",
     "From here on opens of these roles are decided."},
    {"open.denied", FACT_SIGHTING, "root path role writes why",
     "An open of a watched file was refused."},
    {"open.cut", FACT_SIGHTING, "root path role wary_s",
     "Code was cut by an open for reading; opens of code are looked at one by one."},
    {"open.late", FACT_SIGHTING, "path waited_us answer",
     "An open could not be decided in time."},
    {"fence.mode", FACT_SIGHTING, "stands",
     "The fence in the kernel stands, or why there is none."},
    {"fence.denied", FACT_SIGHTING, "root path role act who",
     "A web worker was kept from altering code."},
    {"fence.exec", FACT_SIGHTING, "program act who",
     "A web worker was kept from running a program."},
    {"fence.learnt", FACT_SIGHTING, "address port protocol who",
     "Web workers connect to this address."},
    {"fence.connect", FACT_SIGHTING, "address port protocol who",
     "A web worker was kept from connecting to an address."},
    {"alert.begun", FACT_SIGHTING, "to upto", "From here on this way is told of what happens."},
    {"alert.sent", FACT_SIGHTING, "to upto n", "Somebody was told."},
    {"alert.failed", FACT_SIGHTING, "to why tries",
     "Somebody could not be told; it is tried again."},
    {"witness.failed", FACT_SIGHTING, "to why",
     "A signed head could not be handed to a witness."},
    {"browser.started", FACT_SIGHTING, "version", "Chromium began to work for the visitor."},
    {"browser.died", FACT_SIGHTING, "how why", "Chromium ended unasked, or had to be ended."},
    {"page.content", FACT_SIGHTING, "page what present",
     "What a page loaded, or how it looked, as it was seen first."},
    {"page.record", FACT_SIGHTING, "page arm url browser digest steps scripts requests headers",
     "All that one visit of a page saw, where it differs from the visit recorded before."},
    {"page.checked", FACT_SIGHTING, "page arm record valid us", "A page was visited."},
    {"page.twins", FACT_SIGHTING, "page valid flows",
     "What left a page in visits that differ in the card alone was compared."},
    {"page.round", FACT_SIGHTING, "page arms invalid us",
     "All visits of a page that were due, or asked for, are made."},
    {"file.tampered", FACT_FINDING, FINDING_FIELDS, "Code was altered without approval."},
    {"file.planted", FACT_FINDING, FINDING_FIELDS,
     "New code stands where it was not approved."},
    {"file.removed", FACT_FINDING, FINDING_FIELDS, "Approved code is gone."},
    {"file.attributes", FACT_FINDING, FINDING_FIELDS, "Rights or owner of code changed."},
    {"file.contested", FACT_FINDING, FINDING_FIELDS " times who",
     "A path is altered again and again."},
    {"file.hidden", FACT_FINDING, FINDING_FIELDS, "Code that nobody can look at."},
    {"write.refused", FACT_FINDING, FINDING_FIELDS, "Somebody tried to write to code."},
    {"upload.code", FACT_FINDING, FINDING_FIELDS, "Code stands among uploaded files."},
    {"page.reported", FACT_SIGHTING, "page document script hash disposition n",
     "Browsers of real visitors met this script on a page."},
    {"news.vendor", FACT_FINDING, FINDING_FIELDS " name sentence",
     "Outside news name somebody that the shop depends on."},
    {"page.flow", FACT_FINDING, FINDING_FIELDS " page subject",
     "What is typed as a card number leaves a page."},
    {"page.opaque", FACT_FINDING, FINDING_FIELDS " page subject",
     "Something unreadable leaves a page once a card is typed."},
    {"page.reader", FACT_FINDING, FINDING_FIELDS " page subject",
     "A script takes hold of what is typed."},
    {"page.field", FACT_FINDING, FINDING_FIELDS " page subject",
     "Fields for card data are covered, or more than before."},
    {"page.form", FACT_FINDING, FINDING_FIELDS " page subject",
     "A form's target or a frame of a page was exchanged."},
    {"page.script", FACT_FINDING, FINDING_FIELDS " page subject",
     "A page runs a script that is not as authorised."},
    {"page.header", FACT_FINDING, FINDING_FIELDS " page subject",
     "What guards a page was removed or weakened."},
    {"page.blind", FACT_FINDING, FINDING_FIELDS " page subject",
     "A page can't be visited at the moment."},
    {"order.heal", FACT_ORDER, "root path role approved present cause",
     "The approved state of a path is to be put back."},
    {"order.quarantine", FACT_ORDER, "root path role present cause",
     "What stands there without approval is to be taken away."},
    {"deed.heal", FACT_DEED, "order done", "The approved state was put back."},
    {"deed.quarantine", FACT_DEED, "order done", "What stood there was taken away."},
    {"order.contain", FACT_ORDER, "verb by reason",
     "A person's word to contain is to be carried out."},
    {"order.lift", FACT_ORDER, "verb by reason", "A containment is to be lifted."},
    {"deed.contain", FACT_DEED, "order verb done", "It was contained."},
    {"deed.lift", FACT_DEED, "order verb done", "A containment was lifted."},
    {"mode", FACT_WORD, "role mode by reason", "A person sets what is done about tampering."},
    {"approve", FACT_WORD, "root path state by reason origin",
     "A person approves a state of a path."},
    {"dismiss", FACT_WORD, "finding by reason", "A person dismisses a finding."},
    {"contain", FACT_WORD, "verb by reason",
     "A person has something held, stopped, frozen or isolated."},
    {"lift", FACT_WORD, "contain verb by reason", "A person ends a containment."},
    {"rehearsed", FACT_WORD, "verb done us by",
     "A person tried a verb on something that hinoban made."},
    {"alert.digest", FACT_WORD, "by week title language text",
     "The digest of a week is to be mailed to those whom alerts are mailed to."},
    {"alert.test", FACT_WORD, "by", "A person asks for a message that is only a test."},
    {"case.opened", FACT_WORD, "by reason", "A person opens a case: somebody called."},
    {"case.joined", FACT_WORD, "into by reason",
     "A person takes a case or a finding up into a case."},
    {"case.split", FACT_WORD, "case findings by reason",
     "A person makes findings of a case a case of their own."},
    {"case.assigned", FACT_WORD, "case to by", "A person gives a case to somebody."},
    {"case.noted", FACT_WORD, "case by text", "A person notes something about a case."},
    {"case.closed", FACT_WORD, "case by reason", "A person closes a case."},
    {"case.dismissed", FACT_WORD, "case by reason", "A person says that a case was none."},
    {"case.filed", FACT_WORD, "case clock receipt by",
     "A person files a report and names its receipt."},
    {"case.clock", FACT_WORD, "case start by reason",
     "A person says why clocks don't count from a start."},
    {"page.authorised", FACT_WORD, "script owner reason class by",
     "A person authorises what a page runs, shows or sends to."},
    {"page.refused", FACT_WORD, "script reason by", "A person refuses what a page runs."},
    {"news.read", FACT_WORD, "by source id title link published told",
     "A text of outside news was read: what it says."},
    {"news.checked", FACT_WORD, "news list nth verdict by",
     "A person confirms, corrects or rejects what was read."},
    {"report.field", FACT_WORD, "case field value by",
     "A person fills in a field of the documents about a case."},
    {"report.written", FACT_WORD, "case form lang format hash missing by",
     "A person had a document about a case written."},
    {"vault.gc", FACT_WORD, "by", "A person asks to drop what need not be kept."},
    {"evidence.exported", FACT_WORD, "by what contents hash",
     "A person exported evidence for others to look at."},
    {"page.asked", FACT_WORD, "page arms by", "A person asks for a page to be visited now."},
    {"deploy.started", FACT_WORD, "by command pid",
     "What this process tree writes is approved."},
    {"deploy.ended", FACT_WORD, "deploy exit by", "The deploy is over."},
    {"person.asked", FACT_WORD, "by found", "A person asked what is held of one customer."},
    {"list.written", FACT_WORD, "by lines hash certificate",
     "A person had the list of affected customers written, encrypted."},
    {"count.scope", FACT_COUNT,
     "case scope population item required unit from to sql database snapshot us",
     "So many entries, or persons, of one group hold one item."},
};
const size_t fact_type_count = sizeof(fact_types) / sizeof(fact_types[0]);

const char *fact_kind_name(enum fact_kind k)
{
	return (unsigned)k < FACT_KINDS ? kind_names[k] : "unknown";
}

static bool name_index(const char *const *names, size_t n, struct slice name, unsigned *out)
{
	for (unsigned i = 0; i < n; i++) {
		if (slice_eq(name, slice_str(names[i]))) {
			*out = i;
			return true;
		}
	}
	return false;
}

bool fact_kind_of(struct slice name, enum fact_kind *out)
{
	unsigned i;

	if (!name_index(kind_names, FACT_KINDS, name, &i))
		return false;
	*out = (enum fact_kind)i;
	return true;
}

const char *fact_severity_name(enum fact_severity s)
{
	return (unsigned)s <= SEV_CRITICAL ? severity_names[s] : "unknown";
}

bool fact_severity_of(struct slice name, enum fact_severity *out)
{
	unsigned i;

	if (!name_index(severity_names, SEV_CRITICAL + 1, name, &i))
		return false;
	*out = (enum fact_severity)i;
	return true;
}

static const struct fact_type *type_of(struct slice type)
{
	for (size_t i = 0; i < fact_type_count; i++) {
		if (slice_eq(type, slice_str(fact_types[i].type)))
			return &fact_types[i];
	}
	return NULL;
}

struct json *fact_draft(struct arena *a, const char *type)
{
	const struct fact_type *t = type_of(slice_str(type));
	struct json *draft = t ? json_obj(a) : NULL;

	if (!draft)
		return NULL;
	json_put_str(a, draft, "kind", fact_kind_name(t->kind));
	json_put_str(a, draft, "type", type);
	return draft;
}

void fact_ref(struct arena *a, struct json *fact, int64_t seq)
{
	struct json *refs = (struct json *)(uintptr_t)json_get(fact, "refs");

	if (!refs)
		refs = json_put(a, fact, "refs", json_arr(a));
	if (!json_push(refs, json_int(a, seq)))
		a->broken = true;
}

static int check_required(const struct json *fact, const struct fact_type *t, struct err *e)
{
	struct slice rest = slice_str(t->required);

	while (rest.n) {
		size_t end = slice_chr(rest, ' ');
		struct slice name = slice_sub(rest, 0, end);
		const struct json *m = fact->first;

		while (m && !slice_eq(m->name, name))
			m = m->next;
		if (!m)
			return err_set(e, -EINVAL, "a %s lacks the field \"%.*s\"", t->type,
			               SLICE_ARG(name));
		rest = end == SIZE_MAX ? (struct slice){0} : slice_sub(rest, end + 1, rest.n);
	}
	return 0;
}

static int check_refs(const struct json *fact, struct err *e)
{
	const struct json *refs = json_get(fact, "refs");

	if (!refs)
		return 0;
	if (refs->kind != JSON_ARR || !refs->first || json_count(refs) > FACT_MAX_REFS)
		return err_set(e, -EINVAL, "refs must be a list of 1 to %d seqs",
		               FACT_MAX_REFS);
	for (const struct json *r = refs->first; r; r = r->next) {
		if (r->kind != JSON_INT || r->i < 1)
			return err_set(e, -EINVAL,
			               "refs must be seqs, whole numbers from 1 on");
	}
	return 0;
}

static int check_finding(const struct json *fact, struct err *e)
{
	enum fact_severity s;
	double sure = json_real(fact, "confidence", -1);

	if (!fact_severity_of(json_text(fact, "severity"), &s))
		return err_set(e, -EINVAL,
		               "severity must be info, low, medium, high or critical");
	if (sure < 0 || sure > 1)
		return err_set(e, -EINVAL, "confidence must lie between 0 and 1");
	if (!json_text(fact, "why.en").n || !json_text(fact, "why.ja").n)
		return err_set(e, -EINVAL, "why must hold a sentence in en and in ja");
	return 0;
}

static int check_common(const struct json *fact, struct err *e)
{
	const struct fact_type *t = type_of(json_text(fact, "type"));
	int r;

	if (!fact || fact->kind != JSON_OBJ)
		return err_set(e, -EINVAL, "a fact must be a JSON object");
	if (!t)
		return err_set(e, -EINVAL, "unknown type of fact \"%.*s\"",
		               SLICE_ARG(slice_sub(json_text(fact, "type"), 0, 64)));
	if (!slice_eq(json_text(fact, "kind"), slice_str(fact_kind_name(t->kind))))
		return err_set(e, -EINVAL, "a %s is of kind %s", t->type,
		               fact_kind_name(t->kind));
	r = check_required(fact, t, e);
	if (r == 0)
		r = check_refs(fact, e);
	if (r == 0 && t->kind == FACT_FINDING)
		r = check_finding(fact, e);
	return r;
}

int fact_check_draft(const struct json *draft, struct err *e)
{
	if (json_get(draft, "seq") || json_get(draft, "at"))
		return err_set(e, -EINVAL, "seq and at are given by the ledger");
	return check_common(draft, e);
}

int fact_check(const struct json *fact, struct err *e)
{
	int64_t us;

	if (fact_seq(fact) < 1)
		return err_set(e, -EINVAL, "seq must be a whole number from 1 on");
	if (!clock_parse(json_text(fact, "at"), &us))
		return err_set(e, -EINVAL, "at must be a time (RFC 3339)");
	return check_common(fact, e);
}

int64_t fact_seq(const struct json *fact)
{
	return json_num(fact, "seq", 0);
}

int64_t fact_at_us(const struct json *fact)
{
	int64_t us = 0;

	clock_parse(json_text(fact, "at"), &us);
	return us;
}

struct slice fact_type(const struct json *fact)
{
	return json_text(fact, "type");
}
