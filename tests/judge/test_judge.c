#include "check.h"
#include "judge/judge.h"

#define FILE_STATE(hash, mode)                                                  \
	"{\"class\":\"file\",\"gid\":33,\"hash\":\"" hash "\",\"mode\":\"" mode \
	"\",\"size\":9,\"uid\":33}"
#define OLD FILE_STATE("aa", "0644")
#define NEW FILE_STATE("bb", "0644")
#define WORKER                          \
	"\"who\":{\"exe\":\"/usr/sbin/" \
	"php-fpm8.2\",\"known\":true,\"pid\":7,\"user\":\"www-data\",\"worker\":true}"
#define ROOT_SHELL                     \
	"\"who\":{\"exe\":\"/usr/bin/" \
	"sed\",\"known\":true,\"pid\":8,\"user\":\"root\",\"worker\":false}"
#define HAND(exe, keeper, user)                                                       \
	"\"who\":{\"exe\":\"" exe "\",\"known\":true,\"parents\":[{\"exe\":\"" keeper \
	"\",\"pid\":8,\"user\":\"" user "\"}],\"pid\":9,\"user\":\"\",\"worker\":false}"
#define OUR_HAND HAND("/usr/libexec/hinoban/hinoban-hand", "/usr/sbin/hinoband", "root")
#define LINK     "{\"class\":\"link\",\"hash\":\"cc\",\"mode\":\"0777\"}"
#define ROOM     "lib/.hinoban-0ca30a4a4928b1a0"
#define CHANGED(path, role, approved, present, more)                                           \
	"{\"approved\":" approved                                                              \
	",\"at\":\"2026-11-24T00:00:00.000000Z\",\"found_by\":\"event\","                      \
	"\"kind\":\"sighting\",\"path\":\"" path "\",\"present\":" present ",\"role\":\"" role \
	"\","                                                                                  \
	"\"root\":\"/"                                                                         \
	"shop\",\"seen\":\"2026-11-24T00:00:00.000000Z\",\"seq\":5,\"type\":\"file.changed\"," \
	"\"what\":[]," more "}"
#define BASELINE(path, role, more)                                                             \
	"{\"at\":\"2026-11-24T00:00:00.000000Z\",\"kind\":\"sighting\",\"path\":\"" path "\"," \
	"\"present\":" OLD ",\"role\":\"" role                                                 \
	"\",\"root\":\"/shop\",\"seq\":2,\"type\":\"file.baseline\"," more "}"
#define PHP(features)  "\"content\":{\"features\":{" features "},\"kind\":\"php\"}"
#define WERE(features) "\"approved_content\":{\"features\":{" features "},\"kind\":\"php\"}"

struct expect {
	const char *fact;
	const char *type; /* NULL: no finding */
	const char *severity;
	double sure_at_least;
	const char *sign; /* one that must be named, or NULL */
};

static const struct expect cases[] = {
    /* The payment code, altered so that card data go to an image-like file: the akaran case. */
    {CHANGED("payment/Card.php", "payment", OLD, NEW,
             PHP("\"card_to_file\":1,\"file_write_odd\":1,\"php_code\":1") "," WERE(
                 "\"php_code\":1") "," WORKER),
     "file.tampered", "critical", 0.99, "card_theft"},
    /* The same file with nothing gained, by root's sed: still unapproved, still payment code.
     */
    {CHANGED("payment/Card.php", "payment", OLD, NEW,
             PHP("\"php_code\":1") "," WERE("\"php_code\":1") "," ROOT_SHELL),
     "file.tampered", "high", 0.7, NULL},
    {CHANGED("lib/a.php", "code", OLD, NEW,
             PHP("\"php_code\":1") "," WERE("\"php_code\":1") "," ROOT_SHELL),
     "file.tampered", "medium", 0.5, NULL},
    {CHANGED("lib/a.php", "code", OLD, NEW,
             PHP("\"php_code\":1") "," WERE("\"php_code\":1") "," WORKER),
     "file.tampered", "high", 0.7, "by_web_server"},
    /* What was there before does not speak. */
    {CHANGED("lib/a.php", "code", OLD, NEW,
             PHP("\"eval_code\":2,\"php_code\":1") "," WERE(
                 "\"eval_code\":2,\"php_code\":1") "," ROOT_SHELL),
     "file.tampered", "medium", 0.5, NULL},
    {CHANGED("lib/a.php", "code", OLD, NEW,
             PHP("\"eval_code\":3,\"php_code\":1") "," WERE(
                 "\"eval_code\":2,\"php_code\":1") "," ROOT_SHELL),
     "file.tampered", "high", 0.8, "runs_text"},
    {CHANGED("css/a.css", "code", OLD, NEW,
             "\"content\":{\"features\":{},\"kind\":\"text\"}," ROOT_SHELL),
     "file.tampered", "low", 0.2, NULL},
    /* Back to what was approved, and changes of a deploy: nothing. */
    {CHANGED("lib/a.php", "code", OLD, OLD, ROOT_SHELL), NULL, NULL, 0, NULL},
    {CHANGED("lib/a.php", "code", OLD, NEW, "\"deploy\":3," PHP("\"request_run\":1")), NULL,
     NULL, 0, NULL},
    /* What the hand makes in its room; nobody else's, and nothing else of its. */
    {CHANGED(ROOM "/new", "code", "null", NEW, PHP("\"php_code\":1") "," OUR_HAND), NULL, NULL,
     0, NULL},
    {CHANGED(".hinoban-0ca30a4a4928b1a0", "code", "null", LINK, OUR_HAND), NULL, NULL, 0, NULL},
    {CHANGED(ROOM "/new", "code", "null", NEW, PHP("\"php_code\":1") "," WORKER),
     "file.planted", "high", 0.6, NULL},
    {CHANGED(ROOM "/new", "code", "null", NEW,
             PHP("\"php_code\":1") "," HAND("/tmp/hinoban-hand", "/usr/sbin/php-fpm8.2",
                                            "www-data")),
     "file.planted", "high", 0.6, NULL},
    {CHANGED(ROOM "/new", "code", "null", NEW,
             PHP("\"php_code\":1") "," HAND("/tmp/hinoban-hand", "/tmp/hinoband", "www-data")),
     "file.planted", "high", 0.6, NULL},
    {CHANGED(ROOM "/x.php", "code", "null", NEW, PHP("\"php_code\":1") "," OUR_HAND),
     "file.planted", "high", 0.6, NULL},
    {CHANGED("lib/x.hinoban-0ca30a4a4928b1a0", "code", "null", NEW,
             PHP("\"php_code\":1") "," OUR_HAND),
     "file.planted", "high", 0.6, NULL},
    {CHANGED("lib/.hinoban-0ca30a4a4928b1a", "code", "null", NEW,
             PHP("\"php_code\":1") "," OUR_HAND),
     "file.planted", "high", 0.6, NULL},
    /* New code, pictures, folders. */
    {CHANGED("lib/x.php", "code", "null", NEW, PHP("\"php_code\":1") "," ROOT_SHELL),
     "file.planted", "high", 0.6, NULL},
    {CHANGED("lib/x.php", "code", "null", NEW,
             PHP("\"php_code\":1,\"request_run\":1") "," WORKER),
     "file.planted", "critical", 0.98, "web_shell"},
    {CHANGED("img/x.png", "code", "null", NEW,
             "\"content\":{\"features\":{},\"kind\":\"image\"}," ROOT_SHELL),
     NULL, NULL, 0, NULL},
    /* A packed copy: of what is approved, of something else in its place. */
    {CHANGED("js/x.js.gz", "code", "null", NEW, "\"content\":{\"kind\":\"copy\"}," WORKER),
     NULL, NULL, 0, NULL},
    {CHANGED("js/x.js.gz", "code", OLD, NEW, "\"content\":{\"kind\":\"copy\"}," WORKER), NULL,
     NULL, 0, NULL},
    {CHANGED("css/x.css.gz", "code", "null", NEW,
             "\"content\":{\"features\":{\"packed_other\":1},\"kind\":\"text\"}," ROOT_SHELL),
     "file.planted", "medium", 0.7, "packed_other"},
    {CHANGED("lib/new", "code", "null", "{\"class\":\"dir\",\"mode\":\"0755\"}", ROOT_SHELL),
     NULL, NULL, 0, NULL},
    {CHANGED(".user.ini", "config", "null", NEW,
             "\"content\":{\"features\":{\"prepend_file\":1},\"kind\":\"ini\"}," WORKER),
     "file.planted", "critical", 0.9, "takeover_setting"},
    {CHANGED("lib/l.php", "code", "null",
             "{\"class\":\"link\",\"hash\":\"cc\",\"mode\":\"0777\"}", ROOT_SHELL),
     "file.planted", "medium", 0.4, NULL},
    {CHANGED("lib/l.php", "code", OLD, "{\"class\":\"link\",\"hash\":\"cc\",\"mode\":\"0777\"}",
             ROOT_SHELL),
     "file.tampered", "medium", 0.6, NULL},
    /* Removed. */
    {CHANGED("payment/Card.php", "payment", OLD, "null", ROOT_SHELL), "file.removed", "high",
     0.3, NULL},
    {CHANGED("lib", "code", "{\"class\":\"dir\",\"mode\":\"0755\"}", "null", ROOT_SHELL), NULL,
     NULL, 0, NULL},
    {CHANGED("lib/x.php", "code", "null", "null", ROOT_SHELL), NULL, NULL, 0, NULL},
    /* Rights. */
    {CHANGED("lib/a.php", "code", OLD, FILE_STATE("aa", "0600"), ROOT_SHELL), "file.attributes",
     "low", 0.2, NULL},
    {CHANGED("lib/a.php", "code", OLD, FILE_STATE("aa", "0666"), ROOT_SHELL), "file.attributes",
     "medium", 0.4, "world_writable"},
    {CHANGED("lib/a.php", "code", OLD, FILE_STATE("aa", "4755"), ROOT_SHELL), "file.attributes",
     "high", 0.6, "set_id"},
    {CHANGED("lib/a.php", "code", FILE_STATE("aa", "0666"), FILE_STATE("bb", "0666"),
             PHP("\"php_code\":1") "," WERE("\"php_code\":1") "," ROOT_SHELL),
     "file.tampered", "medium", 0.5, NULL},
    /* Uploads. */
    {CHANGED("up/cat.jpg", "uploads", "null", NEW,
             "\"content\":{\"features\":{},\"kind\":\"image\"}," WORKER),
     NULL, NULL, 0, NULL},
    {CHANGED("up/x.php", "uploads", "null", NEW, PHP("\"php_code\":1") "," WORKER),
     "upload.code", "critical", 0.9, NULL},
    {CHANGED("up/x.jpg", "uploads", "null", NEW,
             "\"content\":{\"features\":{\"code_in_image\":1},\"kind\":\"image\"}," WORKER),
     "upload.code", "critical", 0.98, "image_code"},
    {CHANGED("up/a.pdf", "uploads", "null", NEW,
             "\"content\":{\"features\":{},\"kind\":\"binary\"}," WORKER),
     NULL, NULL, 0, NULL},
    {CHANGED("up/t.jpg", "uploads", "null", NEW,
             "\"content\":{\"features\":{\"card_data\":2},\"kind\":\"text\"}," WORKER),
     "upload.code", "high", 0.9, "card_store"},
    {CHANGED("up/x.php", "uploads", NEW, "null", WORKER), NULL, NULL, 0, NULL},
    /* Template caches are code that is written at run time: only what templates never do
       speaks. */
    {CHANGED("cache/t.php", "generated", "null", NEW,
             PHP("\"card_word\":3,\"php_code\":1") "," WORKER),
     NULL, NULL, 0, NULL},
    {CHANGED("cache/t.php", "generated", OLD, NEW,
             PHP("\"php_code\":1,\"request_run\":1") "," WORKER),
     "file.tampered", "critical", 0.95, "web_shell"},
    /* A small program that reads what visitors send is no template: in a cache, among logs. */
    {CHANGED("cache/x.php", "generated", "null", NEW,
             PHP("\"eval_code\":1,\"php_code\":1,\"request_read\":1") "," WORKER),
     "file.planted", "high", 0.7, "runs_text"},
    {CHANGED("cache/x.php", "generated", "null", NEW,
             PHP("\"eval_code\":1,\"php_code\":1") "," WORKER),
     NULL, NULL, 0, NULL},
    {CHANGED("cache/x.php", "generated", OLD, NEW,
             PHP("\"eval_code\":1,\"php_code\":1,\"request_read\":1") "," WORKER),
     NULL, NULL, 0, NULL},
    {CHANGED("cache/x.php", "generated", "null", NEW,
             PHP("\"php_code\":1,\"visitor_file\":1") "," WORKER),
     "file.planted", "critical", 0.9, "dropper"},
    {CHANGED("log/x.php", "data", "null", NEW,
             PHP("\"php_code\":1,\"sql_write\":1") "," WORKER),
     "file.planted", "high", 0.6, "reads_persons"},
    {CHANGED("log/x.php", "data", OLD, NEW, PHP("\"php_code\":1,\"sql_write\":1") "," WORKER),
     NULL, NULL, 0, NULL},
    /* A server that was not named there before. */
    {CHANGED("lib/a.php", "code", OLD, NEW,
             "\"content\":{\"features\":{\"hosts\":1},\"hosts\":[\"gw.invalid\"],\"kind\":"
             "\"php\"},\"approved_content\":{\"features\":{\"hosts\":1},\"hosts\":[\"pay."
             "invalid\"],"
             "\"kind\":\"php\"}," ROOT_SHELL),
     "file.tampered", "medium", 0.7, "new_server"},
    {CHANGED(
         "lib/a.php", "code", OLD, NEW,
         "\"content\":{\"features\":{\"hosts\":1},\"hosts\":[\"pay.invalid\"],\"kind\":"
         "\"php\"},\"approved_content\":{\"features\":{\"hosts\":2},\"hosts\":[\"gw.invalid\","
         "\"pay.invalid\"],\"kind\":\"php\"}," ROOT_SHELL),
     "file.tampered", "medium", 0.5, NULL},
    /* All that a program among uploads does is told. */
    {CHANGED("up/x.php", "uploads", "null", NEW,
             PHP("\"admin_create\":1,\"php_code\":1") "," WORKER),
     "upload.code", "critical", 0.9, "way_in"},
    {CHANGED("data/shop.sqlite", "data", OLD, NEW, WORKER), NULL, NULL, 0, NULL},
    {CHANGED("log/a.log", "ignored", OLD, NEW, WORKER), NULL, NULL, 0, NULL},
    /* There when hinoban began. */
    {BASELINE("lib/a.php", "code", PHP("\"eval_code\":5,\"net_out\":2,\"php_code\":1")), NULL,
     NULL, 0, NULL},
    {BASELINE("lib/a.php", "code", PHP("\"php_code\":1,\"request_run\":1")), "file.planted",
     "high", 0.5, "web_shell"},
    {BASELINE("up/a.php", "uploads", PHP("\"php_code\":1")), "upload.code", "critical", 0.9,
     NULL},
    {BASELINE("up/a.jpg", "uploads", "\"content\":{\"features\":{},\"kind\":\"image\"}"), NULL,
     NULL, 0, NULL},
    /* A reader that lies must not hurt the judge. */
    {CHANGED("lib/a.php", "code", OLD, NEW,
             "\"content\":{\"features\":{\"eval_code\":9007199254740991,\"no_such\":1,"
             "\"decode\":\"x\",\"net_out\":-4},"
             "\"kind\":7}," ROOT_SHELL),
     "file.tampered", "high", 0.5, "runs_text"},
    {CHANGED("lib/a.php", "nonsense", OLD, NEW, ROOT_SHELL), NULL, NULL, 0, NULL},
    {CHANGED("lib/a.php", "code", "7", "\"x\"", ROOT_SHELL), NULL, NULL, 0, NULL},
};

static struct json *parse(struct arena *a, const char *text)
{
	size_t where = 0;
	struct json *v = json_parse(a, slice_str(text), &where);

	if (!v)
		fail_msg("no JSON at %zu: %s", where, text);
	return v;
}

static bool names(const struct json *list, const char *sign)
{
	for (const struct json *s = list->first; s; s = s->next) {
		if (slice_eq(s->s, slice_str(sign)))
			return true;
	}
	return false;
}

static void check_case(const struct expect *x, const struct json *found)
{
	struct err e = {0};

	if (!x->type) {
		if (found->first)
			fail_msg("found %.*s in %s", SLICE_ARG(fact_type(found->first)),
			         x->fact);
		return;
	}
	if (json_count(found) != 1)
		fail_msg("%zu findings in %s", json_count(found), x->fact);
	found = found->first;
	if (!slice_eq(fact_type(found), slice_str(x->type)) ||
	    !slice_eq(json_text(found, "severity"), slice_str(x->severity)))
		fail_msg("%.*s %.*s, not %s %s, in %s", SLICE_ARG(fact_type(found)),
		         SLICE_ARG(json_text(found, "severity")), x->type, x->severity,
		         x->fact);
	if (json_real(found, "confidence", 0) < x->sure_at_least ||
	    json_real(found, "confidence", 1) > 0.99)
		fail_msg("confidence %f in %s", json_real(found, "confidence", 0), x->fact);
	if (x->sign && !names(json_get(found, "signs"), x->sign))
		fail_msg("%s does not speak in %s", x->sign, x->fact);
	if (fact_check_draft(found, &e) < 0)
		fail_msg("%s in %s", e.text, x->fact);
	assert_true(json_text(found, "next.en").n > 20 && json_text(found, "next.ja").n > 20);
}

static void verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct judge *j = judge_new();
		struct arena a;

		arena_init(&a, 1 << 20);
		check_case(&cases[i], judge_fact(j, &a, parse(&a, cases[i].fact)));
		arena_done(&a);
		judge_free(j);
	}
}

/* All cases in a row, twice: the same bytes. */
static void same_facts_same_findings(void **state)
{
	struct buf once, again, *out[] = {&once, &again};

	(void)state;
	for (int round = 0; round < 2; round++) {
		struct judge *j = judge_new();
		struct arena a;

		buf_init(out[round], 1 << 20);
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			arena_init(&a, 1 << 20);
			json_write(out[round], judge_fact(j, &a, parse(&a, cases[i].fact)));
			arena_done(&a);
		}
		judge_free(j);
	}
	assert_true(once.n > 2000);
	assert_true(slice_eq(buf_slice(&once), buf_slice(&again)));
	buf_done(&once);
	buf_done(&again);
}

#define TAMPERED(seq, hash)                                                                    \
	"{\"approved\":" OLD ",\"at\":\"2026-11-24T00:00:00.000000Z\",\"found_by\":\"event\"," \
	"\"kind\":\"sighting\","                                                               \
	"\"path\":\"payment/Card.php\",\"present\":" FILE_STATE(                               \
	    hash, "0644") ",\"role\":\"payment\","                                             \
	                  "\"root\":\"/shop\",\"seq\":" #seq                                   \
	                  ",\"type\":\"file.changed\",\"what\":[]," WORKER "}"

struct story {
	struct judge *judge;
	struct arena mem;
};

static struct json *tell(struct story *s, const char *fact)
{
	return judge_fact(s->judge, &s->mem, parse(&s->mem, fact));
}

/* The ledger gives a draft its number and tells it to the judge. */
static void number(struct story *s, struct json *draft, int64_t seq)
{
	json_put_int(&s->mem, draft, "seq", seq);
	json_put_str(&s->mem, draft, "at", "2026-11-24T00:00:00.000000Z");
	assert_int_equal(json_count(judge_fact(s->judge, &s->mem, draft)), 0);
}

static void one_finding_per_state(void **state)
{
	struct story s = {.judge = judge_new()};
	struct json *found;

	(void)state;
	arena_init(&s.mem, 1 << 20);
	found = tell(&s, TAMPERED(10, "b1"));
	assert_int_equal(json_count(found), 1);
	number(&s, found->first, 11);
	/* The same bytes again (written anew): nothing new to say. */
	assert_int_equal(json_count(tell(&s, TAMPERED(12, "b1"))), 0);
	/* Other bytes: the finding that stands is updated. */
	found = tell(&s, TAMPERED(13, "b2"));
	assert_int_equal(json_count(found), 1);
	assert_int_equal(json_num(found->first, "updates", 0), 11);
	number(&s, found->first, 14);
	/* Healed, then tampered with as at first: news again. */
	assert_int_equal(json_count(tell(&s, TAMPERED(15, "aa"))), 0);
	found = tell(&s, TAMPERED(16, "b1"));
	assert_int_equal(json_count(found), 1);
	assert_null(json_get(found->first, "updates"));
	judge_free(s.judge);
	arena_done(&s.mem);
}

#define REQUEST(refs)                                                                       \
	"{\"at\":\"2026-11-24T00:00:00.000000Z\",\"kind\":\"sighting\",\"path\":\"payment/" \
	"Card.php\",\"refs\":[" #refs "],"                                                  \
	"\"request\":{\"at\":\"2026-11-24T00:00:00.000000Z\",\"candidates\":1,\"client\":"  \
	"\"192.0.2.7\","                                                                    \
	"\"confidence\":0.93,\"method\":\"POST\",\"status\":200,\"url\":\"/uploads/"        \
	"x.php?\\u001b[2J\"},\"seq\":20,"                                                   \
	"\"type\":\"file.request\"}"

static void the_request_joins_the_finding(void **state)
{
	struct story s = {.judge = judge_new()};
	struct json *found;

	(void)state;
	arena_init(&s.mem, 1 << 20);
	found = tell(&s, TAMPERED(10, "b1"));
	number(&s, found->first, 11);
	assert_int_equal(json_count(tell(&s, REQUEST(9))), 0); /* of another change */
	found = tell(&s, REQUEST(10));
	assert_int_equal(json_count(found), 1);
	assert_int_equal(json_num(found->first, "updates", 0), 11);
	assert_int_equal(json_count(json_get(found->first, "refs")), 2);
	assert_true(slice_find(json_text(found->first, "why.en"),
	                       SLICE("POST /uploads/x.php")) != SIZE_MAX);
	assert_true(slice_find(json_text(found->first, "why.ja"), SLICE("192.0.2.7")) !=
	            SIZE_MAX);
	assert_true(slice_find(json_text(found->first, "why.en"), SLICE("93 %")) != SIZE_MAX);
	assert_true(slice_chr(json_text(found->first, "why.en"), 0x1b) == SIZE_MAX);
	number(&s, found->first, 21);
	assert_int_equal(json_count(tell(&s, REQUEST(10))), 0); /* told already */
	judge_free(s.judge);
	arena_done(&s.mem);
}

static void approval_makes_it_news_again(void **state)
{
	struct story s = {.judge = judge_new()};

	(void)state;
	arena_init(&s.mem, 1 << 20);
	assert_int_equal(json_count(tell(&s, TAMPERED(10, "b1"))), 1);
	tell(&s, "{\"kind\":\"word\",\"path\":\"payment/Card.php\",\"root\":\"/"
	         "shop\",\"seq\":12,\"type\":\"approve\"}");
	assert_int_equal(json_count(tell(&s, TAMPERED(13, "b1"))), 1);
	judge_free(s.judge);
	arena_done(&s.mem);
}

#define ALTERED(seq, minute, present)                                                        \
	"{\"approved\":" OLD ",\"at\":\"2026-11-24T00:" minute ":00.000000Z\","              \
	"\"found_by\":\"event\",\"kind\":\"sighting\",\"path\":\"lib/"                       \
	"a.php\",\"present\":" present ",\"role\":\"code\",\"root\":\"/shop\",\"seq\":" #seq \
	",\"type\":\"file.changed\","                                                        \
	"\"what\":[]," PHP("\"php_code\":1") "," WORKER "}"
#define ALTERED_BY_NOBODY(seq, present)                                                      \
	"{\"approved\":" OLD ",\"at\":\"2026-11-24T00:01:00.000000Z\","                      \
	"\"found_by\":\"scan\",\"kind\":\"sighting\",\"path\":\"lib/"                        \
	"a.php\",\"present\":" present ",\"role\":\"code\",\"root\":\"/shop\",\"seq\":" #seq \
	",\"type\":\"file.changed\","                                                        \
	"\"what\":[]," PHP("\"php_code\":1") "}"

/* One alteration, put right again: how many of the findings say that it goes on? */
static size_t alter(struct story *s, const char *bad, const char *good)
{
	struct json *found;
	size_t n = 0;

	arena_reset(&s->mem);
	found = tell(s, bad);
	for (const struct json *f = found->first; f; f = f->next) {
		if (!slice_eq(fact_type(f), SLICE("file.contested")))
			continue;
		n++;
		assert_true(slice_eq(json_text(f, "severity"), SLICE("high")));
		assert_int_equal(json_num(f, "who.pid", 0), 7);
		assert_int_equal(json_count(json_get(f, "refs")), 5);
		assert_true(slice_find(json_text(f, "why.ja"), SLICE("繰り返し")) != SIZE_MAX);
	}
	tell(s, good);
	return n;
}

static void again_and_again_is_a_finding(void **state)
{
	struct story s = {.judge = judge_new()};

	(void)state;
	arena_init(&s.mem, 1 << 20);
	assert_int_equal(alter(&s, ALTERED(1, "01", NEW), ALTERED(2, "01", OLD)), 0);
	assert_int_equal(alter(&s, ALTERED(3, "12", NEW), ALTERED(4, "12", OLD)), 0);
	assert_int_equal(alter(&s, ALTERED(5, "12", NEW), ALTERED(6, "12", OLD)), 0);
	assert_int_equal(alter(&s, ALTERED(7, "13", NEW), ALTERED(8, "13", OLD)), 0);
	/* Five, but the first was eleven minutes and more before the fifth. */
	assert_int_equal(alter(&s, ALTERED(9, "13", NEW), ALTERED(10, "13", OLD)), 0);
	assert_int_equal(alter(&s, ALTERED(11, "14", NEW), ALTERED(12, "14", OLD)), 1);
	assert_int_equal(alter(&s, ALTERED(13, "15", NEW), ALTERED(14, "15", OLD)), 0);
	assert_int_equal(alter(&s, ALTERED(15, "25", NEW), ALTERED(16, "25", OLD)), 0);
	judge_free(s.judge);
	arena_done(&s.mem);
}

/* Found by a check: nobody knows who did it. */
static void again_and_again_by_nobody_known(void **state)
{
	struct story s = {.judge = judge_new()};
	struct json *found = NULL;

	(void)state;
	arena_init(&s.mem, 1 << 20);
	for (int i = 0; i < 5; i++) {
		found = tell(&s, ALTERED_BY_NOBODY(1, NEW));
		assert_non_null(found);
		tell(&s, ALTERED_BY_NOBODY(2, OLD));
	}
	assert_true(slice_eq(fact_type(found->first), SLICE("file.contested")));
	assert_non_null(json_get(found->first, "who"));
	assert_int_equal(json_num(found->first, "who.pid", 0), 0);
	judge_free(s.judge);
	arena_done(&s.mem);
}

/* Who edits a file further that stands altered has altered it once. */
static void editing_on_is_not_again_and_again(void **state)
{
	struct story s = {.judge = judge_new()};
	static const char *const edits[] = {
	    ALTERED(1, "01", NEW),
	    ALTERED(2, "02", FILE_STATE("b2", "0644")),
	    ALTERED(3, "03", FILE_STATE("b3", "0644")),
	    ALTERED(4, "04", FILE_STATE("b4", "0644")),
	    ALTERED(5, "05", FILE_STATE("b5", "0644")),
	    ALTERED(6, "06", FILE_STATE("b6", "0644")),
	};

	(void)state;
	arena_init(&s.mem, 1 << 20);
	for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
		struct json *found = tell(&s, edits[i]);

		assert_int_equal(json_count(found), 1);
		assert_true(slice_eq(fact_type(found->first), SLICE("file.tampered")));
	}
	judge_free(s.judge);
	arena_done(&s.mem);
}

/* More paths than it remembers: bounded, and still right for the newest. */
#define COVERED(seq, day, role, more)                                                         \
	"{\"at\":\"2026-11-" day                                                              \
	"T00:01:00.000000Z\",\"kind\":\"sighting\",\"path\":\"pay\"," more "\"role\":\"" role \
	"\",\"root\":\"/shop\",\"seq\":" #seq                                                 \
	",\"type\":\"watch.unreadable\",\"why\":\"Permission denied\"}"
#define HIDDEN "\"hidden\":true,"

/* It is told at each walk: once a day is enough. */
static void what_nobody_can_look_at(void **state)
{
	struct story s = {.judge = judge_new()};
	struct json *found;

	(void)state;
	arena_init(&s.mem, 1 << 20);
	assert_int_equal(json_count(tell(&s, COVERED(1, "24", "payment", ""))), 0);
	assert_int_equal(json_count(tell(&s, COVERED(2, "24", "uploads", HIDDEN))), 0);
	found = tell(&s, COVERED(3, "24", "payment", HIDDEN));
	assert_int_equal(json_count(found), 1);
	assert_true(slice_eq(fact_type(found->first), SLICE("file.hidden")));
	assert_true(slice_eq(json_text(found->first, "severity"), SLICE("high")));
	number(&s, found->first, 4);
	assert_int_equal(json_count(tell(&s, COVERED(5, "24", "payment", HIDDEN))), 0);
	found = tell(&s, COVERED(6, "25", "payment", HIDDEN));
	assert_int_equal(json_count(found), 1);
	assert_int_equal(json_num(found->first, "updates", 0), 4);
	judge_free(s.judge);
	arena_done(&s.mem);
}

static void memory_is_bounded(void **state)
{
	struct story s = {.judge = judge_new()};
	char text[2048];

	(void)state;
	arena_init(&s.mem, 1 << 20);
	for (int i = 0; i < 40000; i++) {
		snprintf(text, sizeof(text),
		         "{\"approved\":null,\"found_by\":\"scan\",\"kind\":\"sighting\","
		         "\"path\":\"up/%d.php\",\"present\":" NEW
		         ",\"role\":\"uploads\",\"root\":\"/"
		         "shop\",\"seq\":%d,\"type\":\"file.changed\",\"what\":[],"
		         "\"content\":{\"features\":{\"php_code\":1},\"kind\":\"php\"}}",
		         i, i + 1);
		arena_reset(&s.mem);
		assert_int_equal(json_count(tell(&s, text)), 1);
	}
	assert_int_equal(json_count(tell(&s, text)), 0);
	judge_free(s.judge);
	arena_done(&s.mem);
}

static const struct {
	const char *fact, *says;
} nouns[] = {
    {CHANGED("lib/a.php", "code", OLD, NEW, PHP("\"php_code\":1") "," ROOT_SHELL),
     "Program code \"lib/a.php\" was altered"},
    {CHANGED("lib/a.php", "code", OLD, FILE_STATE("aa", "0666"), ROOT_SHELL),
     "The permissions or the owner of program code \"lib/a.php\" changed"},
    {CHANGED("pay", "payment", "{\"class\":\"dir\",\"mode\":\"0755\"}",
             "{\"class\":\"dir\",\"mode\":\"0777\"}", ROOT_SHELL),
     "The permissions or the owner of the folder \"pay\" changed"},
    {CHANGED("conf.php", "config", OLD, FILE_STATE("aa", "0666"), ROOT_SHELL),
     "The permissions or the owner of the settings file \"conf.php\" changed"},
    {CHANGED("conf.php", "config", OLD, NEW, ROOT_SHELL), "The settings file \"conf.php\" was"},
    {CHANGED("up/l", "uploads", "null", "{\"class\":\"link\",\"mode\":\"0777\"}", ROOT_SHELL),
     "Uploaded file \"up/l\" is new"},
    {"{\"at\":\"2026-11-24T00:00:00.000000Z\",\"kind\":\"sighting\",\"path\":\"lib/a.php\","
     "\"role\":\"code\",\"root\":\"/shop\",\"seq\":5,\"type\":\"open.denied\","
     "\"writes\":true," WORKER "}",
     "Somebody tried to alter program code \"lib/a.php\","},
};

/* A noun begins with a capital where the sentence does, and nowhere else. */
static void nouns_in_sentences(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(nouns) / sizeof(nouns[0]); i++) {
		struct arena a = {.max = 1 << 20};
		struct judge *j = judge_new();
		const struct json *fact = json_parse(&a, slice_str(nouns[i].fact), NULL);
		const struct json *found = judge_fact(j, &a, fact);

		assert_non_null(fact);
		assert_non_null(found->first);
		if (!slice_starts(json_text(found->first, "why.en"), slice_str(nouns[i].says)))
			fail_msg("%.*s", SLICE_ARG(json_text(found->first, "why.en")));
		judge_free(j);
		arena_done(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(verdicts),
	    cmocka_unit_test(same_facts_same_findings),
	    cmocka_unit_test(one_finding_per_state),
	    cmocka_unit_test(the_request_joins_the_finding),
	    cmocka_unit_test(approval_makes_it_news_again),
	    cmocka_unit_test(again_and_again_is_a_finding),
	    cmocka_unit_test(again_and_again_by_nobody_known),
	    cmocka_unit_test(editing_on_is_not_again_and_again),
	    cmocka_unit_test(what_nobody_can_look_at),
	    cmocka_unit_test(memory_is_bounded),
	    cmocka_unit_test(nouns_in_sentences),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
