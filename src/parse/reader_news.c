/* NEWS: a text about an incident, or a feed of such; the reader's part that is no parser. */
#include "parse/charset.h"
#include "parse/parse.h"
#include "parse/reader.h"

#include <errno.h>
#include <string.h>

#define MAX_LEXICON  (1u << 20)
#define MOST_OF_MANY 20

enum { TEXT, LEXICON, WATCH, OUT, FDS };

static struct json *answered(struct arena *a, int out, struct buf *told, int64_t n)
{
	struct json *answer = json_obj(a);
	int r = buf_ok(told) ? reader_store(out, buf_slice(told)) : -EFBIG;

	if (r < 0)
		return reader_error(a, r == -EFBIG ? "too much to tell" : strerror(-r));
	json_put_int(a, answer, "facts", n);
	return answer;
}

static int64_t facts_in(const struct json *told)
{
	int64_t n = 0;

	for (const struct json *list = told->first; list; list = list->next)
		n += list->kind == JSON_ARR ? (int64_t)json_count(list) : 0;
	return n;
}

/* The first facts of each list: what is told where all of them don't fit into an answer. */
static struct json *first_facts(struct arena *a, const struct json *told)
{
	struct json *out = json_obj(a);

	for (const struct json *m = told->first; m; m = m->next) {
		struct json *list;
		int left = MOST_OF_MANY;
		if (m->kind != JSON_ARR) {
			json_put(a, out, arena_cstr(a, m->name), json_copy(a, m));
			continue;
		}
		list = json_put(a, out, arena_cstr(a, m->name), json_arr(a));
		for (const struct json *f = m->first; f && left-- > 0; f = f->next)
			json_push(list, json_copy(a, f));
	}
	json_put_bool(a, out, "more", true);
	return out;
}

static struct json *text(struct arena *a, const struct json *ask, const struct buf in[3],
                         int out)
{
	struct parse_news want = {.lexicon = buf_slice(&in[LEXICON]),
	                          .watch = buf_slice(&in[WATCH]),
	                          .published = json_text(ask, "published"),
	                          .plain = json_true(ask, "plain"),
	                          .all = json_true(ask, "all")};
	struct err e = {0};
	struct json *told = parse_news(a, buf_slice(&in[TEXT]), &want, &e), *answer;
	struct buf b = {.max = JSON_MAX_BYTES};

	if (!told)
		return reader_error(a, e.text[0] ? e.text : "no memory");
	json_write(&b, told);
	if (!buf_ok(&b)) {
		buf_done(&b);
		b = (struct buf){.max = JSON_MAX_BYTES};
		told = first_facts(a, told);
		json_write(&b, told);
	}
	answer = answered(a, out, &b, facts_in(told));
	buf_done(&b);
	return answer;
}

static struct json *feed(struct arena *a, const struct buf *in, int out)
{
	struct err e = {0};
	struct charset_text t;
	struct json *all, *answer;
	struct buf b = {.max = PARSE_FEED_MAX_BYTES};
	int64_t n = 0;

	if (!charset_utf8(a, buf_slice(in), &t))
		return reader_error(a, "no memory");
	all = parse_feed(a, t.utf8, &e);
	if (!all)
		return reader_error(a, e.text[0] ? e.text : "no memory");
	for (const struct json *x = all->first; x; x = x->next, n++) {
		struct buf line = {.max = JSON_MAX_BYTES};
		if (json_write(&line, x)) {
			buf_add(&b, buf_slice(&line));
			buf_byte(&b, '\n');
		}
		buf_done(&line);
	}
	answer = answered(a, out, &b, n);
	buf_done(&b);
	return answer;
}

struct json *reader_news(struct arena *a, const struct json *ask, const int fd[4])
{
	static const size_t most[] = {
	    [TEXT] = PARSE_FEED_MAX_BYTES, [LEXICON] = MAX_LEXICON, [WATCH] = MAX_LEXICON};
	struct buf in[OUT] = {0};
	struct json *answer = NULL;
	int r = 0;

	for (int i = 0; i < OUT && r == 0; i++)
		r = reader_whole(fd[i], &in[i], most[i]);
	if (r == 0 && !json_true(ask, "feed") && in[TEXT].n > PARSE_NEWS_MAX_BYTES)
		r = 1;
	if (r != 0)
		answer = reader_error(a, r > 0 ? "too large" : strerror(-r));
	else if (json_true(ask, "feed"))
		answer = feed(a, &in[TEXT], fd[OUT]);
	else
		answer = text(a, ask, in, fd[OUT]);
	for (int i = 0; i < OUT; i++)
		buf_done(&in[i]);
	return answer;
}
