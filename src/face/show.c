/* hinoban show: one fact with all that is known around it. */
#include "face/commands.h"
#include "face/findings.h"
#include "face/words.h"
#include <string.h>

#define MAX_AROUND    64 /* facts shown as evidence or as sequel */
#define LABEL_COLUMNS 16
#define INDENT        2

struct around {
	struct face *f;
	const struct json *fact[MAX_AROUND];
	size_t n;
};

static void label(enum text_id id)
{
	printf("%*s", INDENT, "");
	term_color(TERM_DIM);
	term_cell(slice_str(text(id)), LABEL_COLUMNS);
	term_color(TERM_PLAIN);
	putchar(' ');
}

static void row(enum text_id id, const char *value)
{
	label(id);
	term_text(slice_str(value));
	putchar('\n');
}

static void heading(enum text_id id)
{
	putchar('\n');
	term_paint(TERM_BOLD, slice_str(text(id)));
	putchar('\n');
}

static int gather(void *ctx, int64_t seq, struct slice canonical)
{
	struct around *a = ctx;
	const struct json *v = json_parse(&a->f->mem, arena_copy(&a->f->mem, canonical), NULL);

	(void)seq;
	if (v && a->n < MAX_AROUND)
		a->fact[a->n++] = v;
	return a->n == MAX_AROUND;
}

/* The facts that this one rests on. */
static void gather_refs(struct around *a, const struct json *fact)
{
	const struct json *refs = json_get(fact, "refs");

	for (const struct json *r = refs ? refs->first : NULL; r && a->n < MAX_AROUND;
	     r = r->next) {
		struct buf b;

		buf_init(&b, FACT_MAX_BYTES);
		if (r->kind == JSON_INT && ledger_get(a->f->ledger, r->i, &b) == 0)
			gather(a, r->i, buf_slice(&b));
		buf_done(&b);
	}
}

/* The first fact of this type: the fact itself, or one around it. */
static const struct json *pick(const struct json *fact, const struct around *a,
                               const char *type)
{
	if (slice_eq(fact_type(fact), slice_str(type)))
		return fact;
	for (size_t i = 0; i < a->n; i++)
		if (slice_eq(fact_type(a->fact[i]), slice_str(type)))
			return a->fact[i];
	return NULL;
}

static void show_process(struct face *f, const struct json *who, enum text_id id)
{
	struct buf b;

	buf_init(&b, FACT_MAX_BYTES);
	words_process(f, &b, who);
	row(id, buf_cstr(&b));
	buf_done(&b);
	if (json_text(who, "command").n)
		row(T_L_COMMAND, words_field(f, who, "command"));
}

static void show_who(struct face *f, const struct json *change)
{
	const struct json *who = json_get(change, "who"), *parents;

	if (!who) {
		row(T_L_BY, text(T_WHO_SCAN));
		return;
	}
	show_process(f, who, T_L_BY);
	if (json_text(who, "why").n)
		row(T_L_NOTE, words_field(f, who, "why"));
	if (json_text(who, "cgroup").n)
		row(T_L_CGROUP, words_field(f, who, "cgroup"));
	parents = json_get(who, "parents");
	for (const struct json *p = parents ? parents->first : NULL; p; p = p->next)
		show_process(f, p, T_L_PARENT);
}

static void show_request(struct face *f, const struct json *fact)
{
	const struct json *r = json_get(fact, "request");
	struct buf b;

	buf_init(&b, FACT_MAX_BYTES);
	words_request(f, &b, r);
	row(T_L_REQUEST, buf_cstr(&b));
	buf_done(&b);
	if (json_text(r, "at").n)
		row(T_L_REQUEST_AT, words_field(f, r, "at"));
	if (json_text(r, "agent").n)
		row(T_L_AGENT, words_field(f, r, "agent"));
	row(T_L_SURE, face_cstr(f, arena_printf(&f->mem, "%.0f %%",
	                                        100 * json_real(r, "confidence", 0))));
}

static const char *state_hash(struct face *f, const struct json *s)
{
	struct slice h = json_text(s, "hash");

	if (json_text(s, "target").n)
		return words_field(f, s, "target");
	return h.n ? face_cstr(f, arena_printf(&f->mem, "%.12s… %s", face_cstr(f, h),
	                                       face_bytes(f, json_num(s, "size", 0))))
	           : text(T_NOTHING);
}

/* The names of its extended attributes. */
static const char *state_attributes(struct face *f, const struct json *s)
{
	const struct json *all = json_get(s, "xattrs");
	struct slice out = SLICE("");

	for (const struct json *m = all ? all->first : NULL; m; m = m->next)
		out = arena_printf(&f->mem, "%.*s%s%.*s", SLICE_ARG(out), out.n ? ", " : "",
		                   SLICE_ARG(m->name));
	return face_cstr(f, out);
}

static const char *state_owner(struct face *f, const struct json *s)
{
	if (!s || s->kind != JSON_OBJ)
		return "";
	return face_cstr(f, arena_printf(&f->mem, "%lld:%lld", (long long)json_num(s, "uid", 0),
	                                 (long long)json_num(s, "gid", 0)));
}

static void two(enum text_id id, const char *before, const char *after)
{
	before = *before ? before : text(T_NOTHING);
	after = *after ? after : text(T_NOTHING);
	label(id);
	term_text(slice_str(before));
	printf("  →  ");
	term_paint(strcmp(before, after) == 0 ? TERM_PLAIN : TERM_YELLOW, slice_str(after));
	putchar('\n');
}

static void show_states(struct face *f, const struct json *change)
{
	const struct json *a = json_get(change, "approved"), *p = json_get(change, "present");

	heading(T_H_STATES);
	two(T_L_CONTENT, state_hash(f, a), state_hash(f, p));
	two(T_L_MODE, words_field(f, a, "mode"), words_field(f, p, "mode"));
	two(T_L_OWNER, state_owner(f, a), state_owner(f, p));
	if (json_get(p, "xattrs"))
		row(T_L_ATTRIBUTES, state_attributes(f, p));
	row(T_L_SEEN, words_field(f, change, "seen"));
}

static void show_moment(struct face *f, enum text_id id, int64_t us, int64_t seq)
{
	char when[WHEN_TEXT_BYTES];

	if (!us) {
		row(id, text(T_NOT_KNOWN));
		return;
	}
	when_exact(us, when);
	row(id, face_cstr(f, arena_printf(&f->mem, "%s  (#%lld)", when, (long long)seq)));
}

static void show_since(struct face *f, int64_t seq)
{
	struct ledger_since s = {0};

	if (ledger_since(f->ledger, seq, &s) < 0)
		return;
	heading(T_H_SINCE);
	show_moment(f, T_L_GOOD, s.good_us, s.good_seq);
	show_moment(f, T_L_BAD, s.bad_us, s.bad_seq);
}

static int show_state_of_finding(void *ctx, const struct ledger_finding *v)
{
	static const enum text_id names[] = {
	    [FINDING_OPEN] = T_STATE_OPEN,
	    [FINDING_DISMISSED] = T_STATE_DISMISSED,
	    [FINDING_APPROVED] = T_STATE_APPROVED,
	    [FINDING_ENDED] = T_STATE_ENDED,
	};
	struct face *f = ctx;

	label(T_L_STATE);
	SAY(names[v->state], face_int(f, v->closed_by));
	return 0;
}

static int take_state(void *ctx, const struct ledger_finding *v)
{
	*(enum ledger_finding_state *)ctx = v->state;
	return 0;
}

/* What the judge advised was said before it was put back: then approving does nothing. */
static void show_put_back(struct face *f, const struct json *fact)
{
	enum ledger_finding_state state = FINDING_ENDED;
	int64_t version;
	struct buf b;

	ledger_finding_get(f->ledger, fact_seq(fact), take_state, &state);
	version = state == FINDING_OPEN ? findings_put_back(f, fact) : 0;
	if (!version)
		return;
	buf_init(&b, FACT_MAX_BYTES);
	FILL(&b, T_SHOW_PUT_BACK, face_int(f, version),
	     face_full_path(f, json_text(fact, "root"), json_text(fact, "path")),
	     face_int(f, fact_seq(fact)));
	term_wrap(buf_slice(&b), INDENT);
	buf_done(&b);
}

static void show_finding(struct face *f, const struct json *fact)
{
	struct slice severity = json_text(fact, "severity");

	label(T_L_SEVERITY);
	term_paint(words_severity_color(severity), slice_str(words_severity(severity)));
	putchar('\n');
	row(T_L_SURE, face_cstr(f, arena_printf(&f->mem, "%.0f %%",
	                                        100 * json_real(fact, "confidence", 0))));
	row(T_L_SIGNS, words_field(f, fact, "signs"));
	ledger_finding_get(f->ledger, fact_seq(fact), show_state_of_finding, f);
	heading(T_H_WHY);
	term_wrap(face_said(json_get(fact, "why")), INDENT);
	heading(T_H_NEXT);
	term_wrap(face_said(json_get(fact, "next")), INDENT);
	show_put_back(f, fact);
}

/* Fields of facts that have no page of their own. */
static void show_fields(struct face *f, const struct json *fact)
{
	static const char *const shown[] = {"seq",  "at",   "kind", "type",
	                                    "path", "root", "role"};

	for (const struct json *m = fact->first; m; m = m->next) {
		bool skip = false;

		for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
			skip |= slice_eq(m->name, slice_str(shown[i]));
		if (skip)
			continue;
		printf("%*s", INDENT, "");
		term_cell(m->name, LABEL_COLUMNS);
		putchar(' ');
		term_text(slice_str(words_field(f, fact, face_cstr(f, m->name))));
		putchar('\n');
	}
}

static void show_head(struct face *f, const struct json *fact)
{
	char when[WHEN_TEXT_BYTES];
	struct buf b;

	printf("#%lld  ", (long long)fact_seq(fact));
	term_paint(TERM_BOLD, fact_type(fact));
	putchar('\n');
	buf_init(&b, FACT_MAX_BYTES);
	if (!json_get(fact, "why")) { /* a finding's own words come further down */
		words_sentence(f, &b, fact);
		term_wrap(buf_slice(&b), INDENT);
	}
	buf_done(&b);
	putchar('\n');
	when_exact(fact_at_us(fact), when);
	row(T_L_AT, when);
	if (!json_text(fact, "path").n)
		return;
	row(T_L_PATH, face_full_path(f, json_text(fact, "root"), json_text(fact, "path")));
	if (json_text(fact, "role").n)
		row(T_L_ROLE, words_role(json_text(fact, "role")));
}

static void show_list(const struct around *a, enum text_id id)
{
	if (!a->n)
		return;
	heading(id);
	for (size_t i = 0; i < a->n; i++)
		words_line(a->f, a->fact[i], 0);
}

/* Orders and deeds that rest on what the finding rests on. */
static int gather_done(void *ctx, int64_t seq, struct slice canonical)
{
	struct around *a = ctx;
	const struct json *v = json_parse(&a->f->mem, arena_copy(&a->f->mem, canonical), NULL);
	struct slice kind = json_text(v, "kind");

	for (size_t i = 0; i < a->n; i++) {
		if (fact_seq(a->fact[i]) == seq)
			return 0;
	}
	if (!slice_eq(kind, SLICE("order")) && !slice_eq(kind, SLICE("deed")))
		return 0;
	if (a->n < MAX_AROUND)
		a->fact[a->n++] = v;
	return 0;
}

static void show_done(struct face *f, const struct json *fact)
{
	const struct json *refs = json_get(fact, "refs");
	struct around done = {.f = f};

	for (const struct json *r = refs ? refs->first : NULL; r; r = r->next)
		ledger_referrers(f->ledger, r->i, gather_done, &done);
	ledger_referrers(f->ledger, fact_seq(fact), gather_done, &done);
	show_list(&done, T_H_DONE);
}

static void show_all(struct face *f, const struct json *fact)
{
	bool finding = slice_eq(json_text(fact, "kind"), SLICE("finding"));
	struct around before = {.f = f}, after = {.f = f};
	const struct json *change, *request;

	gather_refs(&before, fact);
	ledger_referrers(f->ledger, fact_seq(fact), gather, &after);
	show_head(f, fact);
	if (finding)
		show_finding(f, fact);
	change = pick(fact, &before, "file.changed");
	request = pick(fact, &before, "file.request");
	if (!request)
		request = pick(fact, &after, "file.request");
	if (change) {
		show_states(f, change);
		heading(T_H_WHO);
		show_who(f, change);
	}
	if (request)
		show_request(f, request);
	if (!finding && !change && !request)
		show_fields(f, fact);
	if (finding) {
		show_since(f, fact_seq(fact));
		show_done(f, fact);
	}
	show_list(&before, T_H_RESTS_ON);
	show_list(&after, T_H_LATER);
}

static int show_run(struct face *f)
{
	int64_t seq = face_seq(f->args.rest[0]);
	const struct json *fact;
	int code;

	if (!seq)
		return EXIT_USE;
	code = face_ledger(f);
	if (code)
		return code;
	fact = face_fact(f, seq, &code);
	if (!fact)
		return code;
	if (args_has(&f->args, OPT_JSON))
		face_put_fact(f, seq);
	else
		show_all(f, fact);
	return EXIT_GOOD;
}

static const uint8_t show_opts[] = {OPT_JSON, OPT_END};

const struct command show_cmd = {
    .name = "show",
    .usage = "SEQ",
    .what = T_SHOW_WHAT,
    .more = T_SHOW_EXAMPLES,
    .opts = show_opts,
    .min = 1,
    .max = 1,
    .run = show_run,
};
