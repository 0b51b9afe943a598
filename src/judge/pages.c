#include "judge/pages_parts.h"

#include "base/url.h"
#include <stdlib.h>
#include <string.h>

#define REPORTS_GRAVE 3 /* reports of the same within an hour */

struct pages *pages_new(void)
{
	struct pages *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->allowed = allowed_new();
	p->features = calloc(PAGES_FEATURES, sizeof(*p->features));
	p->standing = calloc(PAGES_STANDING, sizeof(*p->standing));
	arena_init(&p->mem, PAGES_MEM);
	if (p->allowed && p->features && p->standing)
		return p;
	pages_free(p);
	return NULL;
}

static void record_drop(struct pages_record *r)
{
	for (size_t i = 0; i < r->parts; i++)
		free(r->part[i]);
	*r = (struct pages_record){.parts = 0};
}

void pages_free(struct pages *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++) {
		record_drop(&p->seen[i].last);
		record_drop(&p->seen[i].coming);
		free(p->seen[i].page);
		free(p->seen[i].arm);
	}
	allowed_free(p->allowed);
	free(p->features);
	free(p->standing);
	arena_done(&p->mem);
	free(p);
}

/* ---- what was said already ---- */

static uint64_t key_of(struct slice root, struct slice path)
{
	uint64_t k = hash_table(root) * 31 + hash_table(path);

	return k ? k : 1;
}

/* The place of a key; where the table is full, an old one's. */
static struct pages_standing *standing(struct pages *p, uint64_t key)
{
	size_t at = key % PAGES_STANDING;

	for (size_t i = 0; i < 64; i++) {
		struct pages_standing *s = &p->standing[(at + i) % PAGES_STANDING];

		if (s->key == key || s->key == 0)
			return s;
	}
	p->standing[at] = (struct pages_standing){0};
	return &p->standing[at];
}

void pages_say(struct pages_case *c, struct pages_said said, struct slice what)
{
	struct json *d = pages_draft(c->a, &said, c->since);
	uint64_t key = key_of(json_text(d, "root"), json_text(d, "path"));
	uint64_t w = hash_table(what) ^ said.severity;
	struct pages_standing *s = standing(c->p, key);

	if (d && c->twins && s->key == key)
		s->seen = c->seq;
	if (!d || (s->key == key && s->what == w))
		return;
	if (s->key == key && s->seq)
		json_put_int(c->a, d, "updates", s->seq);
	*s = (struct pages_standing){.key = key, .what = w};
	if (c->twins) {
		s->page = hash_table(c->page);
		s->seen = c->seq;
	}
	json_push(c->out, d);
}

static uint64_t blind_what(const struct json *fact)
{
	enum fact_severity severity = SEV_INFO;

	fact_severity_of(json_text(fact, "severity"), &severity);
	return hash_table((struct slice){0}) ^ severity;
}

/* The ledger tells a finding of ours; after a restart, also what was said before. */
static void learn_finding(struct pages *p, const struct json *fact)
{
	uint64_t key = key_of(json_text(fact, "root"), json_text(fact, "path"));
	struct pages_standing *s;

	if (!slice_starts(fact_type(fact), SLICE("page.")))
		return;
	s = standing(p, key);
	if (s->key == key) {
		s->seq = fact_seq(fact);
	} else if (slice_eq(fact_type(fact), SLICE("page.blind"))) {
		/* A judge that begins anew does not hear again of visits, but of this. */
		*s = (struct pages_standing){
		    .key = key, .what = blind_what(fact), .seq = fact_seq(fact)};
	}
}

/* ---- contents ---- */

static struct pages_features *features_of(struct pages *p, struct slice hex, bool make)
{
	struct hash h;
	size_t at;

	if (!hash_unhex(hex, &h))
		return NULL;
	at = hash_table(slice_mem(h.b, HASH_BYTES)) % PAGES_FEATURES;
	for (size_t i = 0; i < 16; i++) {
		struct pages_features *f = &p->features[(at + i) % PAGES_FEATURES];

		if (f->used && hash_eq(&f->content, &h))
			return f;
		if (!f->used && make) {
			*f = (struct pages_features){.content = h, .used = true};
			return f;
		}
	}
	if (!make)
		return NULL;
	p->features[at] = (struct pages_features){.content = h, .used = true};
	return &p->features[at];
}

static void learn_content(struct pages *p, const struct json *fact)
{
	const struct json *list = json_at(fact, "content.features");
	struct pages_features *f =
	    list ? features_of(p, json_text(fact, "present.hash"), true) : NULL;
	enum feature id;

	for (const struct json *m = f ? list->first : NULL; m; m = m->next) {
		if (m->kind == JSON_INT && m->i > 0 && feature_of(m->name, &id))
			f->bit[id / 64] |= (uint64_t)1 << (id % 64);
	}
}

static bool has(const struct pages_features *f, unsigned id)
{
	return f && (f->bit[id / 64] >> (id % 64) & 1);
}

static void tell_gained(const struct signs *signs, const struct change *c, struct slice *en,
                        struct slice *ja, struct arena *a)
{
	enum feature f[4];
	size_t n = signs_features(signs, c, f, sizeof(f) / sizeof(f[0]));

	if (n == 0)
		return;
	*en = arena_printf(a, " What is new in it");
	*ja = arena_printf(a, "加わったのは、");
	for (size_t i = 0; i < n; i++) {
		*en = arena_printf(a, "%.*s%s %s", SLICE_ARG(*en),
		                   i == 0       ? ""
		                   : i + 1 == n ? " and"
		                                : ",",
		                   feature_rows[f[i]].en);
		*ja = arena_printf(a, "%.*s%s%s", SLICE_ARG(*ja), i ? "、" : "",
		                   feature_rows[f[i]].ja);
	}
	*en = arena_printf(a, "%.*s.", SLICE_ARG(*en));
	*ja = arena_printf(a, "%.*sです。", SLICE_ARG(*ja));
}

bool pages_gained(struct pages *p, struct slice before, struct slice now, struct signs *out,
                  struct slice *en, struct slice *ja, struct arena *a)
{
	const struct pages_features *is = features_of(p, now, false);
	const struct pages_features *was = features_of(p, before, false);
	struct change c = {.role = ROLE_CODE, .class = SLICE("file"), .kind = SLICE("js")};

	if (!is || (before.n && !was))
		return false;
	for (unsigned i = 0; i < FEATURE_COUNT; i++) {
		c.now[i] = has(is, i);
		c.gained[i] = has(is, i) && !has(was, i);
	}
	signs_anywhere(&c, out);
	tell_gained(out, &c, en, ja, a);
	return true;
}

bool pages_calm(struct pages *p, struct slice content)
{
	static const enum feature plain[] = {F_NET_OUT, F_STORAGE_WRITE, F_SCRIPT_INSERT};
	const struct pages_features *f = features_of(p, content, false);

	for (unsigned i = 0; f && i < FEATURE_COUNT; i++) {
		bool usual = false;

		for (size_t k = 0; k < sizeof(plain) / sizeof(plain[0]); k++)
			usual = usual || plain[k] == i;
		if (has(f, i) && !usual)
			return false;
	}
	return f;
}

/* ---- records ---- */

static char *copy(struct slice s)
{
	char *t = malloc(s.n + 1);

	if (t && s.n)
		memcpy(t, s.at, s.n);
	if (t)
		t[s.n] = '\0';
	return t;
}

static struct pages_seen *seen(struct pages *p, struct slice page, struct slice arm)
{
	struct pages_seen *s;

	for (size_t i = 0; i < p->n; i++) {
		s = &p->seen[i];
		if (slice_eq(slice_str(s->page), page) && slice_eq(slice_str(s->arm), arm))
			return s;
	}
	if (p->n == PAGES_MAX)
		return NULL;
	s = &p->seen[p->n];
	*s = (struct pages_seen){.page = copy(page), .arm = copy(arm)};
	if (!s->page || !s->arm) {
		free(s->page);
		free(s->arm);
		return NULL;
	}
	p->n++;
	return s;
}

static bool add_part(struct pages_record *r, const struct json *fact)
{
	struct buf b = {.max = FACT_MAX_BYTES + 1024};

	if (r->parts == PAGES_PARTS || !json_write(&b, fact) || !buf_ok(&b)) {
		buf_done(&b);
		return false;
	}
	if (r->parts == 0)
		r->seq = fact_seq(fact);
	r->bytes[r->parts] = b.n;
	r->part[r->parts++] = (char *)b.at; /* the buffer's memory becomes the record's */
	return true;
}

static void list_of(struct pages *p, const struct pages_record *r, struct pages_list *out)
{
	const struct json *part[PAGES_PARTS];

	for (size_t i = 0; i < r->parts; i++)
		part[i] = json_parse(&p->mem, slice_mem(r->part[i], r->bytes[i]), NULL);
	pages_items(&p->mem, part, r->parts, out);
}

static void judge_record(struct pages *p, struct arena *a, struct pages_seen *s,
                         struct slice since, struct json *out)
{
	struct pages_case c = {.p = p,
	                       .a = a,
	                       .out = out,
	                       .page = slice_str(s->page),
	                       .arm = slice_str(s->arm),
	                       .since = since,
	                       .seq = s->coming.seq,
	                       .first = s->last.parts == 0};

	arena_reset(&p->mem);
	if (s->last.parts)
		list_of(p, &s->last, &c.old);
	list_of(p, &s->coming, &c.new);
	pages_compare(&c);
	record_drop(&s->last);
	s->last = s->coming;
	s->coming = (struct pages_record){.parts = 0};
}

static void on_record(struct pages *p, struct arena *a, const struct json *fact,
                      struct json *out)
{
	int64_t part = json_num(fact, "part", 1), parts = json_num(fact, "parts", 1);
	struct pages_seen *s = seen(p, json_text(fact, "page"), json_text(fact, "arm"));

	if (!s)
		return;
	if (part == 1)
		record_drop(&s->coming);
	if ((size_t)part != s->coming.parts + 1 || !add_part(&s->coming, fact))
		return;
	if (part == parts || part == PAGES_PARTS)
		judge_record(p, a, s, json_text(fact, "at"), out);
}

/* ---- the twins ---- */

/* The text between the two, or nothing where there is none. */
static struct slice told(struct arena *a, const char *before, struct slice s, const char *after)
{
	return s.n ? arena_printf(a, "%s%.*s%s", before, SLICE_ARG(s), after) : slice_str("");
}

static struct slice both(struct arena *a, struct slice x, struct slice y)
{
	return arena_printf(a, "%.*s%.*s", SLICE_ARG(x), SLICE_ARG(y));
}

/* Put by in the browser, not sent yet. */
static bool is_kept(struct slice channel)
{
	return slice_eq(channel, SLICE("cookie")) || slice_eq(channel, SLICE("storage"));
}

static void judge_flow(struct pages_case *c, const struct json *flow)
{
	struct slice to = json_text(flow, "to"), verdict = json_text(flow, "verdict");
	struct slice encoding = json_text(flow, "encoding"), script = json_text(flow, "script");
	bool third = slice_eq(json_text(flow, "party"), SLICE("third"));
	struct pages_said s = {.page = c->page, .subject = to, .refs = {c->seq}, .refs_n = 1};

	if (allowed_is(c->p->allowed, "flow", c->page, to, (struct slice){0}, (struct slice){0},
	               NULL) >= ALLOWED_GIVEN)
		return;
	if (is_kept(json_text(flow, "channel"))) {
		if (!slice_eq(verdict, SLICE("flow")))
			return; /* a session's own numbers */
		s.event = EV_STORED;
	} else if (slice_eq(verdict, SLICE("flow")))
		s.event = third || allowed_any(c->p->allowed, "flow", c->page) ? EV_FLOW
		                                                               : EV_FLOW_OWN;
	else if (slice_eq(verdict, SLICE("undetermined")) && third && json_true(flow, "typed"))
		s.event = EV_OPAQUE;
	else
		return;
	s.severity = pages_rows[s.event].severity;
	s.sure = pages_rows[s.event].sure;
	s.extra[0] = both(c->a, told(c->a, " It is written as: ", encoding, "."),
	                  told(c->a, " It is sent by ", script, "."));
	s.extra[1] = both(c->a, told(c->a, "送られる形は「", encoding, "」です。"),
	                  told(c->a, "送っているのは ", script, " です。"));
	pages_say(c, s, verdict);
}

static void on_flows(struct pages *p, struct arena *a, const struct json *fact,
                     struct json *out)
{
	struct pages_case c = {.p = p,
	                       .a = a,
	                       .out = out,
	                       .page = json_text(fact, "page"),
	                       .since = json_text(fact, "at"),
	                       .seq = fact_seq(fact),
	                       .twins = true};
	const struct json *flows = json_get(fact, "flows");

	for (const struct json *f = flows ? flows->first : NULL; f; f = f->next)
		judge_flow(&c, f);
	/* What ended is news when it comes back. */
	for (size_t i = 0; json_true(fact, "valid") && i < PAGES_STANDING; i++) {
		struct pages_standing *s = &p->standing[i];

		if (s->key && s->page == hash_table(c.page) && s->seen != c.seq)
			s->what = 0;
	}
}

/* ---- visits that fail ---- */

static void on_checked(struct pages *p, struct arena *a, const struct json *fact,
                       struct json *out)
{
	struct slice why = json_text(fact, "why");
	struct pages_case c = {.p = p,
	                       .a = a,
	                       .out = out,
	                       .page = json_text(fact, "page"),
	                       .since = json_text(fact, "at"),
	                       .seq = fact_seq(fact)};
	struct pages_said said = {.event = EV_BLIND,
	                          .page = c.page,
	                          .arm = json_text(fact, "arm"),
	                          .subject = json_text(fact, "arm"),
	                          .extra = {told(a, " (", why, ")"), told(a, "（", why, "）")},
	                          .severity = pages_rows[EV_BLIND].severity,
	                          .sure = pages_rows[EV_BLIND].sure,
	                          .refs = {c.seq},
	                          .refs_n = 1};
	struct json *d;
	struct pages_standing *s;
	uint64_t key;

	if (!json_true(fact, "valid")) {
		pages_say(&c, said, (struct slice){0});
		return;
	}
	/* Seen again: the next time that it is blind is news. */
	d = pages_draft(a, &said, c.since);
	key = key_of(json_text(d, "root"), json_text(d, "path"));
	s = standing(p, key);
	if (s->key == key)
		*s = (struct pages_standing){.key = key};
}

/* ---- real visitors ---- */

static bool met(struct pages *p, struct slice page, struct slice script)
{
	for (size_t i = 0; i < p->n; i++) {
		struct pages_list l;

		if (!slice_eq(slice_str(p->seen[i].page), page) || !p->seen[i].last.parts)
			continue;
		arena_reset(&p->mem);
		list_of(p, &p->seen[i].last, &l);
		if (pages_find(&l, PAGES_SCRIPT, script))
			return true;
	}
	return false;
}

static void on_reported(struct pages *p, struct arena *a, const struct json *fact,
                        struct json *out)
{
	struct slice page = json_text(fact, "page"), script = json_text(fact, "script");
	struct buf b = {.max = FACT_MAX_BYTES};
	struct pages_case c = {.p = p,
	                       .a = a,
	                       .out = out,
	                       .page = page,
	                       .since = json_text(fact, "at"),
	                       .seq = fact_seq(fact)};
	struct pages_said s = {.event = EV_REPORTED,
	                       .page = page,
	                       .severity = pages_rows[EV_REPORTED].severity,
	                       .sure = pages_rows[EV_REPORTED].sure,
	                       .extra = {slice_str(""), slice_str("")},
	                       .refs = {c.seq},
	                       .refs_n = 1};

	url_steady(&b, script);
	s.subject = arena_copy(a, buf_slice(&b));
	buf_done(&b);
	/* Browsers' extensions are not the shop's; places inside a page are its own. */
	if (url_scheme(script) == 0 || !s.subject.at ||
	    allowed_is(p->allowed, "script", page, s.subject, json_text(fact, "hash"),
	               (struct slice){0}, NULL) >= ALLOWED_GIVEN ||
	    met(p, page, s.subject))
		return;
	if (json_num(fact, "n", 0) < REPORTS_GRAVE) {
		/* Anyone can make up a report; many browsers are another matter. */
		s.severity = SEV_MEDIUM;
		s.sure = 0.3;
	}
	pages_say(&c, s, (struct slice){0});
}

void pages_fact(struct pages *p, struct arena *a, const struct json *fact, struct json *out)
{
	static const struct {
		const char *type;
		void (*fn)(struct pages *p, struct arena *a, const struct json *fact,
		           struct json *out);
	} table[] = {
	    {"page.record", on_record},
	    {"page.twins", on_flows},
	    {"page.checked", on_checked},
	    {"page.reported", on_reported},
	};
	struct slice type = fact_type(fact);

	if (slice_eq(json_text(fact, "kind"), SLICE("finding")))
		learn_finding(p, fact);
	else if (slice_eq(type, SLICE("page.content")))
		learn_content(p, fact);
	else if (slice_eq(type, SLICE("page.authorised")) ||
	         slice_eq(type, SLICE("page.refused")))
		allowed_take(p->allowed, fact);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (slice_eq(type, slice_str(table[i].type)))
			table[i].fn(p, a, fact, out);
	}
}
