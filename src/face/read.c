/* hinoban read: what texts about an incident say, with the places that say it. */
#include "face/commands.h"
#include "face/news.h"
#include "parse/parse.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define MAX_TEXTS    16
#define PIECE        4096
#define WHAT_COLUMNS 44

static const struct {
	const char *name;
	enum text_id title;
} lists[] = {
    {"watch", T_READ_watch},
    {"organisations", T_READ_organisations},
    {"services", T_READ_services},
    {"vendors", T_READ_vendors},
    {"attacks", T_READ_attacks},
    {"ways", T_READ_ways},
    {"noticed", T_READ_noticed},
    {"periods", T_READ_periods},
    {"counts", T_READ_counts},
    {"items", T_READ_items},
    {"events", T_READ_events},
    {"recovery", T_READ_recovery},
    {"phishing_brands", T_READ_phishing_brands},
    {"phishing_subjects", T_READ_phishing_subjects},
    {"phishing_asks", T_READ_phishing_asks},
    {"phishing_live", T_READ_phishing_live},
};
#define LISTS (sizeof(lists) / sizeof(lists[0]))

static void put_scalar(struct buf *b, const struct json *v)
{
	if (b->n)
		buf_str(b, "  ");
	if (v->kind == JSON_STR)
		buf_add(b, v->s);
	else
		json_write(b, v);
}

/* One fact: its values, where it stands, the words there. */
static void put_fact(struct face *f, const struct json *fact, int64_t sources)
{
	const struct json *spans = json_get(fact, "spans"),
	                  *first = spans ? spans->first : NULL;
	struct buf b = {.max = 4096};

	for (const struct json *m = fact->first; m; m = m->next) {
		bool aside =
		    slice_eq(m->name, SLICE("spans")) || slice_eq(m->name, SLICE("seen"));
		if (!aside && !(m->kind == JSON_STR && m->s.n == 0))
			put_scalar(&b, m);
	}
	printf("  ");
	term_cell(buf_slice(&b), WHAT_COLUMNS);
	buf_done(&b);
	term_color(TERM_DIM);
	printf(" %lld-%lld ", (long long)json_num(first, "from", 0),
	       (long long)json_num(first, "to", 0));
	term_text(json_text(first, "text"));
	term_color(TERM_PLAIN);
	putchar('\n');
	if (sources > 1) {
		printf("      ");
		SAY(T_READ_SEEN, face_int(f, json_num(fact, "seen", 0)), face_int(f, sources));
	}
}

static void put_text(struct face *f, const struct json *told)
{
	bool any = false;

	if (json_text(told, "published.at").n)
		SAY(T_READ_PUBLISHED, face_cstr(f, json_text(told, "published.at")));
	for (size_t i = 0; i < LISTS; i++) {
		const struct json *list = json_get(told, lists[i].name);
		if (!json_count(list))
			continue;
		any = true;
		term_paint(TERM_BOLD, slice_str(text(lists[i].title)));
		putchar('\n');
		for (const struct json *x = list->first; x; x = x->next)
			put_fact(f, x, json_num(told, "sources", 1));
	}
	if (!any)
		SAY(T_READ_NOTHING);
}

/* Standard input may be a pipe: the sealed reader gets a copy that it can seek in. */
static int copy_in(int from)
{
	struct buf b = {.max = PARSE_NEWS_MAX_BYTES + PIECE};
	ssize_t n = 1;
	int fd = 0;

	while (fd == 0 && n != 0) {
		uint8_t *room = buf_reserve(&b, PIECE);

		n = room ? read(from, room, PIECE) : 0;
		if (n > 0)
			buf_commit(&b, (size_t)n);
		if (!room || b.n > PARSE_NEWS_MAX_BYTES)
			fd = -EFBIG; /* half of it might say the opposite */
		else if (n < 0 && errno != EINTR)
			fd = -errno;
	}
	if (fd == 0)
		fd = news_memfd(buf_slice(&b));
	buf_done(&b);
	return fd;
}

static const struct json *read_one(struct face *f, struct news_desk *d, const char *name)
{
	bool in = strcmp(name, "-") == 0;
	AUTO_FD fd = in ? 0 : open(name, O_RDONLY | O_CLOEXEC);
	AUTO_FD copy = -1;

	if (fd < 0) {
		COMPLAIN(T_READ_CANNOT, name, strerror(errno));
		return NULL;
	}
	copy = copy_in(fd);
	if (copy < 0) {
		COMPLAIN(T_READ_CANNOT, name, strerror(-copy));
		return NULL;
	}
	return news_ask(f, d, copy, name, args_text(&f->args, OPT_PUBLISHED));
}

static int read_run(struct face *f)
{
	const struct json *told[MAX_TEXTS], *all;
	struct news_desk d;
	int n = f->args.rests, code = news_open(f, &d);

	if (code)
		return code;
	for (int i = 0; i < n && code == EXIT_GOOD; i++) {
		told[i] = read_one(f, &d, f->args.rest[i]);
		code = told[i] ? EXIT_GOOD : EXIT_USE;
	}
	news_close(&d);
	if (code)
		return code;
	all = n == 1 ? told[0] : parse_news_merge(&f->mem, told, (size_t)n);
	if (args_has(&f->args, OPT_JSON))
		face_put_json(all);
	else
		put_text(f, all);
	return json_count(json_get(all, "watch")) ? EXIT_FOUND : EXIT_GOOD;
}

static const uint8_t read_opts[] = {OPT_PUBLISHED, OPT_NAMES, OPT_JSON, OPT_END};

const struct command read_cmd = {
    .name = "read",
    .usage = "FILE|- ...",
    .what = T_READ_WHAT,
    .more = T_READ_EXAMPLES,
    .opts = read_opts,
    .min = 1,
    .max = MAX_TEXTS,
    .run = read_run,
};
