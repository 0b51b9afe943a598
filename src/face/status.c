/* hinoban status: one screen about how things are. */
#include "face/commands.h"
#include "face/contain.h"
#include "face/findings.h"
#include "face/words.h"
#include "report/report.h"
#include <errno.h>
#include <string.h>

#define LABEL_COLUMNS  18
#define DEED_MEM_BYTES (16u << 20)

static const char *const roles[] = {"guard",  "gate",  "fence", "reader", "hand",
                                    "ledger", "judge", "desk",  "herald"};
#define ROLE_COUNT (sizeof(roles) / sizeof(roles[0]))

struct status {
	bool live, ready;
	int64_t watched, facts, open, cases;
	bool stuck;      /* a process was killed and does not end: nothing does its work */
	int64_t full_us; /* so long the ledger has had no room; 0: it has, or can't be asked */
	int64_t undone;  /* files that are not as approved, and could not be put back */
	const struct json *why_undone; /* the newest deed that says so */
	struct ledger_head head;
	bool has_head;
	char console[64]; /* address and port that hinoband serves; empty: none, or not told */
	const struct json *watch; /* newest watch.started */
	int64_t pid[ROLE_COUNT];  /* of the newest of each that lives, or 0 */
};

/* --- what the newest facts say ------------------------------------------------ */

struct role_walk {
	struct face *f;
	struct status *s;
	bool seen[ROLE_COUNT];
	size_t left;
};

/* Newest first: the first fact about a role says how it is. */
static int role_fact(void *ctx, int64_t seq, struct slice canonical)
{
	struct role_walk *w = ctx;
	const struct json *v = json_parse(&w->f->mem, arena_copy(&w->f->mem, canonical), NULL);
	struct slice role = json_text(v, "role");

	(void)seq;
	for (size_t i = 0; i < ROLE_COUNT; i++) {
		if (w->seen[i] || !slice_starts(role, slice_str(roles[i])))
			continue;
		w->seen[i] = true;
		w->left--;
		w->s->stuck |= slice_eq(json_text(v, "how"), SLICE("stuck"));
		if (!slice_eq(fact_type(v), SLICE("role.started")))
			continue;
		w->s->pid[i] = json_num(v, "pid", 0);
	}
	return w->left == 0;
}

static bool running(const char *role, int64_t pid)
{
	char path[64], comm[32] = "", want[32];
	FILE *in;

	snprintf(path, sizeof(path), "/proc/%lld/comm", (long long)pid);
	in = pid > 0 ? fopen(path, "re") : NULL;
	if (!in)
		return false;
	if (!fgets(comm, sizeof(comm), in))
		comm[0] = '\0';
	fclose(in);
	comm[strcspn(comm, "\n")] = '\0';
	snprintf(want, sizeof(want), "hinoban-%.7s", role); /* comm holds 15 bytes */
	return strcmp(comm, want) == 0;
}

static void find_roles(struct face *f, struct status *s)
{
	struct ledger_query q = {.type = SLICE("role.*"), .newest_first = true, .limit = 200};
	struct role_walk w = {.f = f, .s = s, .left = ROLE_COUNT};

	ledger_each(f->ledger, &q, role_fact, &w);
	for (size_t i = 0; i < ROLE_COUNT; i++)
		if (!s->live || !running(roles[i], s->pid[i]))
			s->pid[i] = 0;
}

/*
 * Ready: the ledger answers, the newest guard lives, and it was this one that said last
 * that it watches. (Not by order: the keeper's word that it started the guard and the
 * guard's own come from two senders.)
 */
static bool is_ready(struct face *f, const struct status *s)
{
	const struct json *stopped = face_newest(f, "watch.stopped");
	int64_t since = s->watch ? fact_seq(s->watch) : 0;

	return s->live && s->pid[0] > 0 && json_num(s->watch, "pid", 0) == s->pid[0] &&
	       (!stopped || fact_seq(stopped) < since);
}

/* hinoband says where its console really is: settings and --listen may differ. */
static void find_console(const struct face *f, struct status *s)
{
	char path[FACE_PATH_MAX + 16];
	FILE *in;

	snprintf(path, sizeof(path), "%s/run/console", f->state);
	in = s->live ? fopen(path, "re") : NULL;
	if (!in)
		return;
	if (!fgets(s->console, sizeof(s->console), in))
		s->console[0] = '\0';
	fclose(in);
	s->console[strcspn(s->console, "\n")] = '\0';
}

static int64_t open_cases(struct face *f)
{
	struct cases *cs = NULL;
	struct err e = {0};
	int64_t open = 0;

	if (cases_read(f->ledger, &cs, &e) < 0)
		return 0; /* what is wrong with the ledger is told by others */
	for (size_t i = 1; i <= cases_count(cs); i++)
		open += cases_get(cs, (int64_t)i)->state == CASE_OPEN;
	cases_free(cs);
	return open;
}

/* --- what could not be put back ------------------------------------------------- */

struct deed_walk {
	struct arena mem; /* a fact or two */
	struct slice root, path;
	bool failed;
	int64_t seq;
};

static int newest_deed(void *ctx, int64_t seq, struct slice canonical)
{
	struct deed_walk *w = ctx;
	const struct json *deed = json_parse(&w->mem, canonical, NULL);

	/* One below it, or that its name as a glob takes, comes here as well. */
	if (!slice_eq(json_text(deed, "path"), w->path) ||
	    !slice_eq(json_text(deed, "root"), w->root))
		return 0;
	w->failed = !json_true(deed, "done");
	w->seq = seq;
	return 1;
}

/* The deed that failed last to put this file back; 0: it did not, or nobody tried. */
static int64_t failed_deed(struct face *f, const struct table_entry *e)
{
	struct ledger_query q = {.type = SLICE("deed.heal"), .newest_first = true};
	struct deed_walk w = {.failed = false};
	const struct json *fact;
	struct buf b;

	buf_init(&b, FACT_MAX_BYTES);
	arena_init(&w.mem, DEED_MEM_BYTES);
	if (ledger_get(f->ledger, e->approved.seq, &b) >= 0) {
		fact = json_parse(&w.mem, buf_slice(&b), NULL);
		w.root = json_text(fact, "root");
		q.path = w.path = json_text(fact, "path");
	}
	if (w.path.n)
		ledger_each(f->ledger, &q, newest_deed, &w);
	arena_done(&w.mem);
	buf_done(&b);
	return w.failed ? w.seq : 0;
}

static void find_undone(struct face *f, struct status *s, const struct table *t)
{
	int64_t newest = 0;
	int code;

	for (size_t i = 0; i < t->count; i++) {
		const struct table_entry *e = &t->entry[i];
		int64_t deed =
		    e->approved.class == CLASS_NONE || table_same(&e->approved, &e->present)
		        ? 0
		        : failed_deed(f, e);

		s->undone += deed > 0;
		newest = deed > newest ? deed : newest;
	}
	s->why_undone = newest ? face_fact(f, newest, &code) : NULL;
}

static int read_status(struct face *f, struct status *s)
{
	struct table t;
	int r;

	s->cases = open_cases(f);
	s->facts = ledger_size(f->ledger);
	s->open = findings_open_count(f);
	if (s->facts < 0 || s->open < 0)
		return (int)(s->facts < 0 ? s->facts : s->open);
	r = ledger_table(f->ledger, &t);
	if (r < 0)
		return r;
	for (size_t i = 0; i < t.count; i++)
		s->watched += t.entry[i].present.class == CLASS_FILE;
	find_undone(f, s, &t);
	table_close(&t);
	r = ledger_head(f->ledger, &s->head);
	if (r < 0 && r != -ENOENT)
		return r;
	s->has_head = r == 0;
	s->live = face_live(f);
	s->full_us = s->live ? post_client_full(f->state) : 0;
	if (s->full_us < 0)
		s->full_us = 0;
	s->watch = face_newest(f, "watch.started");
	find_roles(f, s);
	find_console(f, s);
	s->ready = is_ready(f, s);
	return 0;
}

/* --- told ---------------------------------------------------------------------- */

static void put_json(struct face *f, const struct status *s)
{
	struct json *o = json_obj(&f->mem), *p = json_obj(&f->mem);
	const struct json *modes;
	char at[CLOCK_TEXT_BYTES], hex[HASH_HEX_BYTES];

	json_put_bool(&f->mem, o, "ready", s->ready);
	json_put_bool(&f->mem, o, "live", s->live);
	json_put_bool(&f->mem, o, "disk_full", s->full_us > 0);
	json_put_bool(&f->mem, o, "stuck", s->stuck);
	json_put_int(&f->mem, o, "not_put_back", s->undone);
	if (s->why_undone)
		json_put_slice(&f->mem, o, "not_put_back_why", json_text(s->why_undone, "why"));
	json_put_int(&f->mem, o, "watched", s->watched);
	json_put_int(&f->mem, o, "facts", s->facts);
	json_put_int(&f->mem, o, "findings_open", s->open);
	json_put_int(&f->mem, o, "cases_open", s->cases);
	if (s->has_head) {
		struct json *h = json_put(&f->mem, o, "head", json_obj(&f->mem));

		hash_hex(&s->head.root, hex);
		clock_text(s->head.at_us, at);
		json_put_int(&f->mem, h, "size", s->head.size);
		json_put_str(&f->mem, h, "root", hex);
		json_put_str(&f->mem, h, "at", at);
	} else {
		json_put(&f->mem, o, "head", json_null(&f->mem));
	}
	for (size_t i = 0; i < ROLE_COUNT; i++)
		if (s->pid[i])
			json_put_int(&f->mem, p, roles[i], s->pid[i]);
	json_put(&f->mem, o, "processes", p);
	modes = json_get(face_newest(f, "gate.mode"), "modes");
	if (modes)
		json_put(&f->mem, o, "modes", json_copy(&f->mem, modes));
	json_put_str(&f->mem, o, "state", f->state);
	if (s->console[0])
		json_put_slice(&f->mem, o, "console",
		               arena_printf(&f->mem, "http://%s/", s->console));
	if (s->watch && json_get(s->watch, "roots"))
		json_put(&f->mem, o, "roots", json_copy(&f->mem, json_get(s->watch, "roots")));
	if (s->watch)
		json_put_slice(&f->mem, o, "marks", json_text(s->watch, "marks"));
	face_put_json(o);
}

static void row(enum text_id id, const char *value)
{
	fputs("  ", stdout);
	term_color(TERM_DIM);
	term_cell(slice_str(text(id)), LABEL_COLUMNS);
	term_color(TERM_PLAIN);
	putchar(' ');
	term_text(slice_str(value));
	putchar('\n');
}

static void show_headline(struct face *f, const struct status *s)
{
	enum text_id id = s->ready   ? T_STATUS_READY
	                  : !s->live ? T_STATUS_STOPPED
	                  : s->stuck ? T_STATUS_STUCK
	                             : T_STATUS_STARTING;

	if (s->full_us) {
		term_color(TERM_RED);
		SAY(T_STATUS_FULL, f->state, face_int(f, s->full_us / 1000000));
		term_color(TERM_PLAIN);
	}
	if (!s->full_us || !s->ready) {
		term_paint(s->ready ? TERM_GREEN : TERM_RED, slice_str(text(id)));
		putchar('\n');
	}
	if (s->undone) {
		term_color(TERM_RED);
		SAY(T_STATUS_UNDONE, face_num(f, s->undone), words_path(f, s->why_undone),
		    words_failure(f, s->why_undone));
		term_color(TERM_PLAIN);
	}
	if (s->open) {
		term_color(TERM_RED);
		SAY(T_STATUS_FINDINGS);
		term_color(TERM_PLAIN);
	}
	putchar('\n');
}

static void show_roots(struct face *f, const struct status *s)
{
	if (f->has_conf)
		for (size_t i = 0; i < f->conf.roots; i++)
			row(T_L_ROOT, face_cstr(f, f->conf.root[i].path));
	else if (s->watch)
		row(T_L_ROOT, words_field(f, s->watch, "roots"));
	if (f->has_conf)
		row(T_L_PROFILE, face_cstr(f, f->conf.profile));
	if (s->watch)
		row(T_L_MARKS, words_field(f, s->watch, "marks"));
}

static void show_head(struct face *f, const struct status *s)
{
	char when[WHEN_TEXT_BYTES], hex[HASH_HEX_BYTES];

	if (!s->has_head) {
		row(T_L_HEAD, text(T_NOT_KNOWN));
		return;
	}
	hash_hex(&s->head.root, hex);
	when_text(s->head.at_us, when);
	row(T_L_HEAD, face_cstr(f, arena_printf(&f->mem, "%lld  %.16s…  %s",
	                                        (long long)s->head.size, hex, when)));
}

static void show_processes(const struct status *s)
{
	struct buf b;

	buf_init(&b, 1024);
	for (size_t i = 0; i < ROLE_COUNT; i++)
		if (s->pid[i])
			buf_printf(&b, "%s%s %lld", b.n ? ", " : "", roles[i],
			           (long long)s->pid[i]);
	row(T_L_PROCESSES, b.n ? buf_cstr(&b) : text(T_NONE));
	buf_done(&b);
}

/* What is held, stopped, frozen or isolated must not be forgotten. */
static void show_contained(struct face *f)
{
	const struct json *word[CONTAIN_MAX_LISTED];
	int n = contain_in_force(f, word, CONTAIN_MAX_LISTED);

	for (int i = 0; i < n; i++)
		row(T_L_CONTAINED, face_cstr(f, arena_printf(&f->mem, "#%lld %s %s",
		                                             (long long)fact_seq(word[i]),
		                                             words_field(f, word[i], "verb"),
		                                             words_target(f, word[i]))));
}

/* What is done about tampering, by role: as the gate said last. */
static void show_modes(struct face *f)
{
	const struct json *modes = json_get(face_newest(f, "gate.mode"), "modes");
	struct buf b;

	buf_init(&b, 1024);
	for (const struct json *m = modes ? modes->first : NULL; m; m = m->next) {
		if (m->kind != JSON_STR || slice_eq(m->s, SLICE("watch")))
			continue;
		buf_printf(&b, "%s%.*s %.*s", b.n ? ", " : "", SLICE_ARG(m->name),
		           SLICE_ARG(m->s));
	}
	row(T_L_MODES, b.n ? buf_cstr(&b) : "watch");
	buf_done(&b);
}

static void show_status(struct face *f, const struct status *s)
{
	show_headline(f, s);
	show_roots(f, s);
	row(T_L_WATCHED, face_num(f, s->watched));
	row(T_L_OPEN, face_num(f, s->open));
	row(T_L_CASES, face_num(f, s->cases));
	show_modes(f);
	row(T_L_FACTS, face_num(f, s->facts));
	show_contained(f);
	show_head(f, s);
	show_processes(s);
	row(T_L_STATE_DIR, f->state);
	if (s->console[0])
		row(T_L_CONSOLE, face_cstr(f, arena_printf(&f->mem, "http://%s/", s->console)));
}

static int status_run(struct face *f)
{
	struct status s = {0};
	int code = face_ledger(f), r;

	if (code)
		return code;
	r = read_status(f, &s);
	if (r < 0) {
		COMPLAIN(T_LEDGER_FAULT, face_why(r));
		return EXIT_OURS;
	}
	if (args_has(&f->args, OPT_JSON))
		put_json(f, &s);
	else
		show_status(f, &s);
	return s.open || s.undone || s.full_us || (s.live && s.stuck) ? EXIT_FOUND : EXIT_GOOD;
}

static const uint8_t status_opts[] = {OPT_JSON, OPT_END};

const struct command status_cmd = {
    .name = "status",
    .usage = "",
    .what = T_STATUS_WHAT,
    .more = T_STATUS_EXAMPLES,
    .opts = status_opts,
    .run = status_run,
};
