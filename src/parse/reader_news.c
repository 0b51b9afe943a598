/* NEWS: a text about an incident, or a feed of such; the reader's part that is no parser. */
#include "parse/parse.h"
#include "parse/reader.h"

#include <errno.h>
#include <string.h>

#define MAX_LEXICON (1u << 20)

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
	answer = answered(a, out, &b, facts_in(told));
	buf_done(&b);
	return answer;
}

static struct json *feed(struct arena *a, const struct buf *in, int out)
{
	struct err e = {0};
	struct json *all = parse_feed(a, buf_slice(in), &e), *answer;
	struct buf b = {.max = PARSE_FEED_MAX_BYTES};
	int64_t n = 0;

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
