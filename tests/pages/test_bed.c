/*
 * The bed's scripts through the pure layers, without a browser: the structural hash tells each
 * from the others and survives a change of clothes; a script that turns up on an approved page
 * is found; what an honest one does is never called theft; and an altered file of a vendor
 * whose releases are approved is told from an honest release by what it gained.
 *
 *     test-bed BED-FOLDER
 */
#include "judge/judge.h"
#include "parse/parse.h"
#include "tests/check.h"
#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#define FILES_MAX 128
#define FILE_MAX  65536

struct script {
	char name[16];
	char text[FILE_MAX];
	size_t n;
	char structure[PARSE_STRUCTURE_BYTES];
};

static struct script bed[FILES_MAX];
static size_t scripts;
static const char *folder;

static const char vendor_file[] =
    "window.formAssist = {version: 1, format: function (v) { return v.replace(/\\D/g, ''); "
    "}};\n"
    "document.addEventListener('input', function (e) { if (e.target.name === 'zip') "
    "e.target.value = formAssist.format(e.target.value); });\n";

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct script *)a)->name, ((const struct script *)b)->name);
}

static int read_bed(void **state)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	(void)state;
	while (d && (e = readdir(d)) && scripts < FILES_MAX) {
		struct script *s = &bed[scripts];
		ssize_t n;
		int fd;

		if (e->d_name[0] == '.')
			continue;
		fd = openat(dirfd(d), e->d_name, O_RDONLY | O_CLOEXEC);
		n = read(fd, s->text, FILE_MAX - 1);
		close(fd);
		snprintf(s->name, sizeof(s->name), "%.3s", e->d_name);
		s->n = n > 0 ? (size_t)n : 0;
		assert_int_equal(parse_structure(slice_mem(s->text, s->n), s->structure), 0);
		scripts++;
	}
	closedir(d);
	qsort(bed, scripts, sizeof(bed[0]), by_name);
	return scripts < 46;
}

static bool imitation(const struct script *s)
{
	return s->name[0] == 's';
}

static void test_structures(void **state)
{
	(void)state;
	for (size_t i = 0; i < scripts; i++) {
		for (size_t k = i + 1; k < scripts; k++) {
			if (strcmp(bed[i].structure, bed[k].structure) == 0)
				fail_msg("%s and %s look alike", bed[i].name, bed[k].name);
		}
	}
}

/* Without its comment, and with other white space. */
static void test_other_clothes(void **state)
{
	(void)state;
	for (size_t i = 0; i < scripts; i++) {
		const struct script *s = &bed[i];
		struct slice text = slice_mem(s->text, s->n);
		size_t from = slice_find(text, SLICE("*/")) + 2;
		struct buf b = {.max = 2 * FILE_MAX};
		char other[PARSE_STRUCTURE_BYTES];

		for (size_t at = from; at < s->n; at++) {
			if (s->text[at] == '\t')
				buf_str(&b, "    ");
			else
				buf_byte(&b, (uint8_t)s->text[at]);
			if (s->text[at] == '\n')
				buf_str(&b, "\n  /* generated 17:25 */ ");
		}
		assert_int_equal(parse_structure(buf_slice(&b), other), 0);
		if (strcmp(s->structure, other) != 0)
			fail_msg("%s: not the same in other clothes", s->name);
		buf_done(&b);
	}
}

/* ---- the judge ---- */

struct court {
	struct judge *judge;
	struct arena mem;
	int64_t seq;
	struct json *found;
};

static void hear(struct court *c, struct json *fact)
{
	json_put_int(&c->mem, fact, "seq", ++c->seq);
	json_put_str(&c->mem, fact, "at", "2026-11-25T10:00:00.000000Z");
	c->found = judge_fact(c->judge, &c->mem, fact);
	assert_non_null(c->found);
}

static struct json *fact(struct court *c, const char *kind, const char *type)
{
	struct json *f = json_obj(&c->mem);

	json_put_str(&c->mem, f, "kind", kind);
	json_put_str(&c->mem, f, "type", type);
	return f;
}

static void hash_text(struct slice text, char out[HASH_HEX_BYTES])
{
	struct hash h = hash_of(text);

	hash_hex(&h, out);
}

/* As the visitor tells a content that it meets first. */
static void content(struct court *c, struct slice text)
{
	struct json *f = fact(c, "sighting", "page.content"), *present = json_obj(&c->mem);
	char hex[HASH_HEX_BYTES];

	hash_text(text, hex);
	json_put_str(&c->mem, f, "page", "pay");
	json_put_str(&c->mem, f, "what", "script");
	json_put_str(&c->mem, present, "hash", hex);
	json_put(&c->mem, f, "present", present);
	json_put(&c->mem, f, "content", parse_look(&c->mem, text, SLICE("a.js")));
	hear(c, f);
}

static struct json *entry(struct court *c, const char *url, struct slice text)
{
	char hex[HASH_HEX_BYTES], structure[PARSE_STRUCTURE_BYTES] = "";
	struct json *o = json_obj(&c->mem);

	hash_text(text, hex);
	parse_structure(text, structure);
	json_put_str(&c->mem, o, "url", url);
	json_put_str(&c->mem, o, "hash", hex);
	json_put_str(&c->mem, o, "structure", structure);
	json_put_str(&c->mem, o, "party", "third");
	return o;
}

static void record(struct court *c, struct slice vendor, const struct script *more)
{
	struct json *f = fact(c, "sighting", "page.record"), *list = json_arr(&c->mem);

	json_put_str(&c->mem, f, "page", "pay");
	json_put_str(&c->mem, f, "arm", "quick");
	json_push(list, entry(c, "https://vendor.test/w.js", vendor));
	if (more)
		json_push(list,
		          entry(c, "https://new.test/x.js", slice_mem(more->text, more->n)));
	json_put(&c->mem, f, "scripts", list);
	json_put(&c->mem, f, "headers", json_arr(&c->mem));
	hear(c, f);
}

static void open_court(struct court *c, const char *approved)
{
	struct json *w;

	*c = (struct court){.judge = judge_new()};
	arena_init(&c->mem, 64u << 20);
	w = fact(c, "word", "page.authorised");
	json_put_str(&c->mem, w, "script", approved);
	json_put_str(&c->mem, w, "owner", "o");
	json_put_str(&c->mem, w, "reason", "r");
	json_put_str(&c->mem, w, "class", "");
	hear(c, w);
	content(c, slice_str(vendor_file));
	record(c, slice_str(vendor_file), NULL);
}

static void close_court(struct court *c)
{
	judge_free(c->judge);
	arena_done(&c->mem);
}

static bool said(const struct court *c, const char *sign)
{
	const struct json *f = c->found->first;

	return f && slice_eq(json_get(f, "signs")->first->s, slice_str(sign));
}

static bool theft(const struct court *c)
{
	return said(c, "script_theft");
}

/* It turns up from a server that was never there. */
static void test_turns_up(void **state)
{
	size_t thefts = 0;

	(void)state;
	for (size_t i = 0; i < scripts; i++) {
		struct court c;

		open_court(&c, "vendor.test/**");
		content(&c, slice_mem(bed[i].text, bed[i].n));
		record(&c, slice_str(vendor_file), &bed[i]);
		if (!c.found->first)
			fail_msg("%s: not found", bed[i].name);
		thefts += imitation(&bed[i]) && (theft(&c) || said(&c, "script_sends"));
		if (!imitation(&bed[i]) && theft(&c))
			fail_msg("%s is honest: %.*s", bed[i].name,
			         SLICE_ARG(json_text(c.found->first, "why.en")));
		close_court(&c);
	}
	print_message("all scripts were found as new; %zu imitations by what they do, too\n",
	              thefts);
}

/* It takes the place of an approved vendor's file. */
static void test_release(void **state)
{
	size_t thefts = 0, imitations = 0;

	(void)state;
	for (size_t i = 0; i < scripts; i++) {
		struct court c;

		open_court(&c, "vendor.test/**");
		content(&c, slice_mem(bed[i].text, bed[i].n));
		record(&c, slice_mem(bed[i].text, bed[i].n), NULL);
		imitations += imitation(&bed[i]);
		thefts += imitation(&bed[i]) && (theft(&c) || said(&c, "script_sends"));
		/* That it sends what is typed is told of honest ones, too, and said to be no
		 * proof. */
		if (!imitation(&bed[i]) && c.found->first && !said(&c, "script_sends"))
			fail_msg("%s is an honest release: %.*s", bed[i].name,
			         SLICE_ARG(json_text(c.found->first, "why.en")));
		close_court(&c);
	}
	print_message(
	    "in an approved vendor's file, content alone tells %zu of %zu imitations\n", thefts,
	    imitations);
	assert_true(thefts * 2 >= imitations);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_structures),
	    cmocka_unit_test(test_other_clothes),
	    cmocka_unit_test(test_turns_up),
	    cmocka_unit_test(test_release),
	};

	if (argc != 2)
		return 2;
	folder = argv[1];
	return cmocka_run_group_tests(tests, read_bed, NULL);
}
