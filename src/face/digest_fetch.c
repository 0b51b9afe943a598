/* The feeds: fetched by a program of its own, taken apart and read by the sealed reader. */
#include "face/child.h"
#include "face/digest.h"
#include "parse/parse.h"
#include "report/report.h"
#include "wall/spawn.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define MAX_KNOWN 20000
#define MAX_TITLE 500
#define WAIT_MS   30000
#define JAPAN_US  (INT64_C(9) * 3600 * 1000000)

struct feeds {
	struct face *f;
	struct news_desk desk;
	uint64_t known[MAX_KNOWN]; /* hash_table of feed and id of what is in the ledger */
	size_t n;
	struct arena mem; /* one feed */
};

static uint64_t key_of(struct arena *a, struct slice source, struct slice id)
{
	return hash_table(arena_printf(a, "%.*s %.*s", SLICE_ARG(source), SLICE_ARG(id)));
}

static int note(void *ctx, int64_t seq, struct slice canonical)
{
	struct feeds *k = ctx;
	const struct json *v;

	(void)seq;
	arena_reset(&k->mem);
	v = json_parse(&k->mem, canonical, NULL);
	if (k->n < MAX_KNOWN)
		k->known[k->n++] = key_of(&k->mem, json_text(v, "source"), json_text(v, "id"));
	return 0;
}

static bool is_known(const struct feeds *k, uint64_t key)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->known[i] == key)
			return true;
	return false;
}

static const char *why(int code)
{
	static const enum text_id said[] = {
	    T_FETCH_BAD_ADDRESS, T_FETCH_TOO_LARGE,     T_FETCH_TOO_SLOW, T_FETCH_REDIRECTS,
	    T_FETCH_REFUSED,     T_FETCH_NO_CONNECTION, T_FETCH_TLS};

	if (code >= FETCH_BAD_ADDRESS && code <= FETCH_TLS)
		return text(said[code - FETCH_BAD_ADDRESS]);
	return text(T_FETCH_NO_CONNECTION);
}

/* The feed's bytes in a memfd, or -1 after a complaint. */
static int take_feed(struct face *f, const char *feed)
{
	const char *program =
	    face_cstr(f, arena_printf(&f->mem, "%s/hinoban-fetch", spawn_libexec()));
	const char *const argv[] = {program, feed, NULL};
	struct child_want want = {.in = -1}; /* it lets go of root itself: its seal */
	struct buf b = {.max = PARSE_FEED_MAX_BYTES + (256u << 10)};
	int fd, code;

	if (feed[0] == '/') {
		fd = open(feed, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		if (fd < 0)
			COMPLAIN(T_DIGEST_FEED, feed, strerror(errno));
		return fd;
	}
	code = child_output(argv, &want, &b);
	fd = code == 0 ? news_memfd(buf_slice(&b)) : -1;
	buf_done(&b);
	if (code != 0)
		COMPLAIN(T_DIGEST_FEED, feed, code < 0 ? strerror(-code) : why(code));
	return fd;
}

/* What was told; where `places` are left out a fact is small. */
static struct json *slim(struct arena *a, const struct json *told, bool places)
{
	struct json *out = json_obj(a);

	for (const struct json *m = told->first; m; m = m->next) {
		struct json *copy = json_copy(a, m);

		if ((m->kind == JSON_ARR && !m->first) || slice_eq(m->name, SLICE("text")))
			continue;
		json_put(a, out, arena_cstr(a, m->name), copy);
		for (struct json *x = copy && copy->kind == JSON_ARR && !places ? copy->first
		                                                                : NULL;
		     x; x = x->next)
			json_put(a, x, "spans", json_arr(a));
	}
	return out;
}

/* With the text and the places in it, so that a person can confirm it; else without both. */
static void put_told(struct arena *a, struct json *w, const struct json *told)
{
	struct buf size = {.max = FACT_MAX_BYTES - 1024};

	json_put(a, w, "told", slim(a, told, true));
	json_put_slice(a, w, "text", json_text(told, "text"));
	if (!json_write(&size, w)) {
		json_put(a, w, "told", slim(a, told, false));
		json_put_slice(a, w, "text", SLICE(""));
	}
	buf_done(&size);
}

static const char *day_of(struct arena *a, struct slice at)
{
	char t[CLOCK_TEXT_BYTES];
	int64_t us;

	if (!clock_parse(at, &us))
		return "";
	clock_text(us + JAPAN_US, t);
	return arena_cstr(a, slice_mem(t, 10));
}

/* One entry of a feed: read, and recorded. False after a complaint. */
static bool take_entry(struct feeds *k, const char *feed, const struct json *entry)
{
	struct face *f = k->f;
	struct arena *a = &k->mem;
	struct json *w = fact_draft(a, "news.read");
	const struct json *told;
	struct buf text = {.max = PARSE_NEWS_MAX_BYTES};
	struct slice title = json_text(entry, "title");
	struct err e = {0};
	int fd;

	buf_str(&text, "<p>");
	buf_add(&text, title);
	buf_str(&text, "</p>\n");
	buf_add(&text, json_text(entry, "text"));
	fd = news_memfd(buf_slice(&text));
	buf_done(&text);
	told = fd < 0
	           ? NULL
	           : news_ask_plain(f, &k->desk, fd, feed, day_of(a, json_text(entry, "at")));
	if (fd >= 0)
		close(fd);
	if (!told)
		return false;
	while (title.n > MAX_TITLE || (title.n && !slice_utf8_valid(title)))
		title.n--;
	json_put_str(a, w, "by", face_who(f));
	json_put_str(a, w, "source", feed);
	json_put_slice(a, w, "id", json_text(entry, "id"));
	json_put_slice(a, w, "title", title);
	json_put_slice(a, w, "link", json_text(entry, "link"));
	json_put_slice(a, w, "published", json_text(entry, "at"));
	put_told(a, w, told);
	if (post_client_fact(f->client, w, -1, &e) > 0)
		return true;
	COMPLAIN(T_DIGEST_FEED, feed, e.text);
	return false;
}

static int64_t take_entries(struct feeds *k, const char *feed, struct slice lines)
{
	struct cursor c = cursor_over(lines);
	struct slice line;
	int64_t n = 0;

	while (cursor_line(&c, &line)) {
		const struct json *entry;
		uint64_t key;

		arena_reset(&k->mem);
		entry = json_parse(&k->mem, line, NULL);
		key = key_of(&k->mem, slice_str(feed), json_text(entry, "id"));
		if (!entry || is_known(k, key) || k->n == MAX_KNOWN)
			continue;
		k->known[k->n++] = key;
		n += take_entry(k, feed, entry);
	}
	return n;
}

static void one_feed(struct feeds *k, const char *feed)
{
	struct face *f = k->f;
	AUTO_FD fd = take_feed(f, feed);
	const int fds[3] = {fd, k->desk.lexicon, k->desk.names};
	struct json *ask = json_obj(&f->mem);
	struct buf lines = {.max = PARSE_FEED_MAX_BYTES + 65536};
	struct err e = {0};

	if (fd < 0)
		return;
	json_put_bool(&f->mem, ask, "feed", true);
	if (reader_news(&k->desk.reader, &f->mem, fds, ask, &lines, &e) == 0)
		SAY(T_DIGEST_READ, feed, face_int(f, take_entries(k, feed, buf_slice(&lines))));
	else
		COMPLAIN(T_DIGEST_FEED, feed, e.text);
	buf_done(&lines);
}

int digest_fetch(struct face *f)
{
	struct ledger_query q = {
	    .type = SLICE("news.read"), .newest_first = true, .limit = MAX_KNOWN / 2};
	struct feeds *k;
	struct err e = {0};
	int code = face_conf(f);

	if (code)
		return code;
	if (!f->conf.news_feed_count) {
		COMPLAIN(T_DIGEST_NO_FEEDS);
		return EXIT_USE;
	}
	k = calloc(1, sizeof(*k));
	if (!k)
		return EXIT_OURS;
	k->f = f;
	arena_init(&k->mem, 64u << 20);
	code = face_ledger(f);
	if (code == EXIT_GOOD)
		code = face_client(f);
	if (code == EXIT_GOOD && post_client_judge(f->client, &e) < 0)
		code = EXIT_OURS;
	if (code == EXIT_GOOD)
		code = news_open(f, &k->desk);
	if (code == EXIT_GOOD) {
		ledger_each(f->ledger, &q, note, k);
		for (size_t i = 0; i < f->conf.news_feed_count; i++)
			one_feed(k, face_cstr(f, f->conf.news_feeds[i]));
		news_close(&k->desk);
		post_client_sync(f->client, WAIT_MS,
		                 &e); /* a name in the news is a finding now */
	}
	arena_done(&k->mem);
	free(k);
	return code;
}
