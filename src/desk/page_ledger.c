/* page_ledger: the book itself: its size, its seal, its key; and hinoban's own health. */
#include "desk/tell.h"
#include "desk/watch.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define KEY_MAX_BYTES 4096
#define LINES         40

/* Hexadecimal in groups of eight, to be read aloud and compared. */
static struct slice grouped(struct arena *a, struct slice hex)
{
	struct slice out;
	struct buf b;

	buf_init(&b, 256);
	for (size_t i = 0; i < hex.n && i < 128; i++) {
		if (i && i % 8 == 0)
			buf_byte(&b, ' ');
		buf_byte(&b, hex.at[i]);
	}
	out = arena_copy(a, buf_slice(&b));
	buf_done(&b);
	return out;
}

enum http_turn page_ledger(struct page *p)
{
	struct json *made = watch_newest(p, "ledger.created", NULL);
	struct ledger_head head;
	char hex[HASH_HEX_BYTES];

	json_put_int(p->a, p->m, "n", ledger_size(p->ledger));
	if (made) {
		json_put_slice(p->a, p->m, "key", grouped(p->a, json_text(made, "key")));
		when_put(p->a, p->m, "made", fact_at_us(made), WHEN_FULL, p->lang);
	}
	if (ledger_head(p->ledger, &head) == 0) {
		struct json *m = json_obj(p->a);

		hash_hex(&head.root, hex);
		json_put_slice(p->a, m, "root", grouped(p->a, slice_str(hex)));
		json_put_int(p->a, m, "size", head.size);
		when_put(p->a, m, "when", head.at_us, WHEN_FULL, p->lang);
		json_put(p->a, p->m, "head", m);
	}
	return HTTP_DONE;
}

enum http_turn page_consistency(struct page *p)
{
	int64_t from = form_number(p->a, p->rq->query, "from", 0);
	int64_t to = form_number(p->a, p->rq->query, "to", ledger_size(p->ledger));
	struct err e;

	if (ledger_consistency(p->ledger, from, to, &p->rp->body, &e) < 0) {
		buf_reset(&p->rp->body);
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.proof");
	}
	page_download(p, "application/json",
	              arena_printf(p->a, "hinoban-consistency-%lld-%lld.json", (long long)from,
	                           (long long)to));
	return HTTP_DONE;
}

enum http_turn page_key(struct page *p)
{
	char path[4096], text[KEY_MAX_BYTES];
	AUTO_FD fd = -1;
	ssize_t n = -1;

	if ((size_t)snprintf(path, sizeof(path), "%s/ledger.pub", p->desk->state_dir) <
	    sizeof(path))
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0)
		n = read(fd, text, sizeof(text));
	if (n <= 0)
		return page_fault(p, MHD_HTTP_NOT_FOUND, "fault.missing");
	buf_add(&p->rp->body, slice_mem(text, (size_t)n));
	page_download(p, "application/x-pem-file", SLICE("hinoban-ledger.pub"));
	return HTTP_DONE;
}

/* ---- health ---- */

struct list {
	struct page *p;
	struct json *lines;
};

static int add_line(void *ctx, int64_t seq, struct slice body)
{
	struct list *l = ctx;
	struct json *fact = json_parse(l->p->a, arena_copy(l->p->a, body), NULL);

	(void)seq;
	if (fact)
		json_push(l->lines, tell_fact(l->p, fact, WHEN_FULL));
	return 0;
}

static struct json *process(struct page *p, const char *role)
{
	struct json *row = json_obj(p->a);
	struct json *started = watch_newest(p, "role.started", role);
	struct json *died = watch_newest(p, "role.died", role);
	const char *state = "unknown";

	if (started || died)
		state =
		    died && (!started || fact_seq(died) > fact_seq(started)) ? "down" : "up";
	json_put_str(p->a, row, "role", role);
	json_put_slice(p->a, row, "means", arena_printf(p->a, "process.%s", role));
	json_put_str(p->a, row, "state", state);
	json_put_slice(p->a, row, "say", arena_printf(p->a, "process.is.%s", state));
	if (started) {
		json_put_int(p->a, row, "pid", json_num(started, "pid", 0));
		when_put(p->a, row, "since", fact_at_us(started), WHEN_SHORT, p->lang);
	}
	if (died) {
		json_put_slice(p->a, row, "how", json_text(died, "how"));
		when_put(p->a, row, "died", fact_at_us(died), WHEN_SHORT, p->lang);
	}
	return row;
}

static struct json *lines_of(struct page *p, const char *type)
{
	struct list l = {.p = p, .lines = json_arr(p->a)};
	struct ledger_query q = {.type = slice_str(type), .newest_first = true, .limit = LINES};

	ledger_each(p->ledger, &q, add_line, &l);
	return l.lines;
}

/* What went wrong, type by type: {"say", "means", "lines"}; types without facts are left out.
 */
static struct json *troubles(struct page *p)
{
	static const char *const types[] = {
	    "role.died", "watch.overflow", "reader.died",   "watch.unreadable",
	    "disk.full", "clock.jumped",   "witness.failed"};
	struct json *all = json_arr(p->a);

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct json *lines = lines_of(p, types[i]), *t = json_obj(p->a);

		if (!lines || !lines->first)
			continue;
		json_put_slice(p->a, t, "say", arena_printf(p->a, "trouble.%s", types[i]));
		json_put_slice(p->a, t, "means",
		               arena_printf(p->a, "trouble.%s.means", types[i]));
		json_put_int(p->a, t, "n", (int64_t)json_count(lines));
		json_put(p->a, t, "lines", lines);
		json_push(all, t);
	}
	return all;
}

#define ALWAYS 5 /* of the roles below: those that run in any case */

enum http_turn page_health(struct page *p)
{
	static const char *const roles[] = {"guard",   "reader",  "ledger", "judge",
	                                    "desk",    "gate",    "fence",  "hand",
	                                    "visitor", "browser", "herald", "collector"};
	struct json *rows = json_arr(p->a);
	struct watch w;

	for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++)
		if (i < ALWAYS || watch_newest(p, "role.started", roles[i]))
			json_push(rows, process(p, roles[i]));
	watch_look(p, &w);
	json_put(p->a, p->m, "processes", rows);
	json_put(p->a, p->m, "troubles", troubles(p));
	json_put_bool(p->a, p->m, "on", w.state == WATCH_ON);
	if (w.started) {
		json_put(p->a, p->m, "watch", w.started);
		json_put_slice(
		    p->a, p->m, "marks_say",
		    arena_printf(p->a, "marks.%.*s", SLICE_ARG(json_text(w.started, "marks"))));
	}
	json_put(p->a, p->m, "scans", lines_of(p, "watch.rescanned"));
	json_put_int(p->a, p->m, "pages", (int64_t)live_count(p->desk->live));
	return HTTP_DONE;
}
