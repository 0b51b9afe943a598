/*
 * hinoban page check: asks the running visitor, or one that is started for
 * this command, by a word; what it answers are facts that name the word.
 */
#include "face/commands.h"
#include "face/page.h"
#include "visit/visit.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#define POLL_MS    50
#define SECOND_MS  1000
#define ROUND_MS   120000 /* for an arm */
#define SYNC_MS    60000
#define MAX_ANSWER 256

/* ---- a word, and its answers ---- */

struct answers {
	struct face *f;
	page_told_fn *told;
	void *ctx;
	int64_t seen[MAX_ANSWER]; /* told already */
	int n;
	int64_t checked; /* visits that are made */
	bool over;
};

static int on_answer(void *ctx, int64_t seq, struct slice canonical)
{
	struct answers *a = ctx;
	const struct json *fact;

	for (int i = 0; i < a->n; i++)
		if (a->seen[i] == seq)
			return 0;
	if (a->n == MAX_ANSWER)
		return 1;
	a->seen[a->n++] = seq;
	term_progress_end();
	fact = json_parse(&a->f->mem, arena_copy(&a->f->mem, canonical), NULL);
	a->told(a->ctx, fact);
	a->checked += slice_eq(fact_type(fact), SLICE("page.checked"));
	a->over = a->over || slice_eq(fact_type(fact), SLICE("page.round"));
	return 0;
}

static bool is_asked(const struct json *arms, const char *name)
{
	for (const struct json *a = arms->first; a; a = a->next)
		if (slice_eq(a->s, slice_str(name)))
			return true;
	return false;
}

/* The way that comes after so many: they are gone in the order of the table. */
static const char *way_after(const struct json *arms, int64_t made)
{
	for (size_t i = 0; i < arms_count; i++)
		if (is_asked(arms, arms_table[i].name) && made-- == 0)
			return arms_table[i].name;
	return arms_table[0].name;
}

/* A visit takes seconds, a full round a minute and more: say which is under way. */
static void tell_progress(struct face *f, const struct answers *a, const char *name,
                          const struct json *arms, int64_t ms)
{
	int64_t all = (int64_t)json_count(arms);
	struct buf b = {.max = 512};

	if (ms % SECOND_MS == 0) {
		FILL(&b, T_PROGRESS_VISIT, name, way_after(arms, a->checked),
		     face_int(f, a->checked), face_int(f, all ? all : 1),
		     face_int(f, ms / SECOND_MS));
		term_progress(buf_slice(&b));
	}
	buf_done(&b);
}

static int connect_visitor(struct face *f)
{
	struct err e = {""};
	int code = face_client(f);

	if (code)
		return code;
	if (post_client_judge(f->client, &e) < 0 ||
	    post_client_visitor(f->client, f->state, f->config, &e) < 0) {
		COMPLAIN(T_LEDGER_FAULT, e.text);
		return EXIT_OURS;
	}
	return face_ledger(f);
}

int page_visit(struct face *f, const char *name, struct json *arms, page_told_fn *told,
               void *ctx)
{
	struct answers a = {.f = f, .told = told, .ctx = ctx};
	int64_t most = ROUND_MS * (int64_t)(json_count(arms) + 1), seq;
	struct json *w = fact_draft(&f->mem, "page.asked");
	struct err e = {""};
	int code = connect_visitor(f);

	if (code)
		return code;
	json_put_str(&f->mem, w, "page", name);
	json_put(&f->mem, w, "arms", arms);
	json_put_str(&f->mem, w, "by", face_who(f));
	seq = post_client_fact(f->client, w, -1, &e);
	if (seq < 0) {
		COMPLAIN(T_LEDGER_FAULT, e.text);
		return EXIT_OURS;
	}
	for (int64_t ms = 0; ms < most && !a.over; ms += POLL_MS) {
		tell_progress(f, &a, name, arms, ms);
		poll(NULL, 0, POLL_MS);
		if (ledger_referrers(f->ledger, seq, on_answer, &a) < 0)
			break;
	}
	term_progress_end();
	if (!a.over) {
		COMPLAIN(T_PAGE_NO_ANSWER, name);
		return EXIT_OURS;
	}
	return post_client_sync(f->client, SYNC_MS, &e) < 0 ? EXIT_OURS : EXIT_GOOD;
}

/* ---- check ---- */

struct checking {
	struct face *f;
	bool json, invalid;
	int64_t begun; /* seq before the word: what is newer is of this check */
};

static void tell_checked(struct checking *c, const struct json *fact)
{
	struct face *f = c->f;
	const char *page = face_cstr(f, json_text(fact, "page"));
	const char *arm = face_cstr(f, json_text(fact, "arm"));
	int64_t record = json_num(fact, "record", 0);
	char seconds[32];

	snprintf(seconds, sizeof(seconds), "%.1f", (double)json_num(fact, "us", 0) / 1e6);
	if (!json_true(fact, "valid")) {
		c->invalid = true;
		SAY(T_PAGE_CHECKED_NOT, page, arm, face_cstr(f, json_text(fact, "why")));
	} else if (record > c->begun) {
		SAY(T_PAGE_CHECKED_NEW, page, arm, seconds, face_int(f, record));
	} else {
		SAY(T_PAGE_CHECKED, page, arm, seconds, face_int(f, record));
	}
}

static void tell_twins(struct checking *c, const struct json *fact)
{
	const struct json *flows = json_get(fact, "flows");

	for (const struct json *w = flows ? flows->first : NULL; w; w = w->next) {
		struct slice how = json_text(w, "encoding");

		if (slice_eq(json_text(w, "verdict"), SLICE("flow")))
			SAY(T_PAGE_FLOW, face_cstr(c->f, json_text(w, "to")),
			    face_cstr(c->f, json_text(w, "channel")),
			    how.n ? face_cstr(c->f, how) : text(T_PAGE_FLOW_NOT_READ));
	}
}

static void told(void *ctx, const struct json *fact)
{
	struct checking *c = ctx;
	struct slice type = fact_type(fact);

	if (slice_eq(type, SLICE("page.round")) && json_text(fact, "why").n)
		COMPLAIN(T_PAGE_ROUND_FAILED, face_cstr(c->f, json_text(fact, "page")),
		         face_cstr(c->f, json_text(fact, "why")));
	if (c->json) {
		c->invalid = c->invalid || (slice_eq(type, SLICE("page.checked")) &&
		                            !json_true(fact, "valid"));
		face_put_json(fact);
	} else if (slice_eq(type, SLICE("page.checked"))) {
		tell_checked(c, fact);
	} else if (slice_eq(type, SLICE("page.twins"))) {
		tell_twins(c, fact);
	}
	fflush(stdout);
}

/* The ways of --arm or --full; NULL after a complaint. */
static struct json *asked_arms(struct face *f)
{
	struct json *arms = json_arr(&f->mem);

	for (size_t i = 0; args_has(&f->args, OPT_FULL) && i < arms_count; i++)
		json_push(arms, json_str(&f->mem, slice_str(arms_table[i].name)));
	for (int i = 0; i < f->args.count[OPT_ARM]; i++) {
		struct slice name = slice_str(f->args.value[OPT_ARM][i]);

		if (!arms_of(name)) {
			COMPLAIN(T_PAGE_BAD_ARM, f->args.value[OPT_ARM][i]);
			return NULL;
		}
		if (!args_has(&f->args, OPT_FULL))
			json_push(arms, json_str(&f->mem, name));
	}
	return arms;
}

static int check_one(struct checking *c, const char *name)
{
	struct json *arms = asked_arms(c->f);
	int code = arms ? face_ledger(c->f) : EXIT_USE;

	if (code)
		return code;
	c->begun = ledger_size(c->f->ledger);
	return page_visit(c->f, name, arms, told, c);
}

int page_check(struct face *f)
{
	struct checking c = {.f = f, .json = args_has(&f->args, OPT_JSON)};
	int code = page_config(f);

	if (code)
		return code;
	if (f->args.rests > 1) {
		code =
		    page_known(f, f->args.rest[1]) ? check_one(&c, f->args.rest[1]) : EXIT_USE;
	} else {
		for (size_t i = 0; i < f->conf.page_watches && !code; i++)
			code = check_one(&c, face_cstr(f, conf_page(&f->conf, i).name));
	}
	return code ? code : c.invalid ? EXIT_FOUND : EXIT_GOOD;
}

bool page_known(struct face *f, const char *name)
{
	for (size_t i = 0; i < f->conf.page_watches; i++)
		if (slice_eq(conf_page(&f->conf, i).name, slice_str(name)))
			return true;
	COMPLAIN(T_PAGE_UNKNOWN, name);
	return false;
}

int page_config(struct face *f)
{
	int code = face_conf(f);

	if (!code && f->conf.page_watches == 0) {
		COMPLAIN(T_PAGE_NONE, f->config);
		code = EXIT_USE;
	}
	return code;
}
