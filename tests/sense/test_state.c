/* Code is found by its file and by its approved content, whatever changed since the table. */
#include "check.h"
#include "sense/state.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PATHS    300
#define FILES    40 /* few, so that many are alike */
#define CONTENTS 20
#define CHANGES  5000

struct search {
	uint64_t dev, ino;
	struct hash content;
	uint32_t met[PATHS];
	bool all; /* asked of everything: what does not fit is passed over */
};

static struct hash content(unsigned n)
{
	return (struct hash){{0, (uint8_t)n}}; /* the first eight bytes of some are the same */
}

static void change(struct table_entry *e)
{
	e->approved.class = (enum table_class)(rand() % 3); /* none, a file, a folder */
	e->approved.hash = content((unsigned)rand() % CONTENTS);
	e->present.class = rand() % 4 ? CLASS_FILE : CLASS_NONE;
	e->dev = 1 + (uint64_t)(rand() % 2);
	e->ino = (uint64_t)(rand() % FILES);
	e->role = rand() % 3 ? ROLE_CODE : ROLE_UPLOADS;
}

static void meet(void *ctx, uint32_t root, struct slice path, const struct table_entry *e)
{
	struct search *s = ctx;
	bool file = e->dev == s->dev && e->ino == s->ino;
	bool fits = role_is_code((enum role)e->role) &&
	            ((e->approved.class == CLASS_FILE &&
	              (file || hash_eq(&e->approved.hash, &s->content))) ||
	             (e->approved.class == CLASS_DIR && file));
	char text[16] = "";

	assert_int_equal(root, 0);
	assert_true(path.n < sizeof(text));
	memcpy(text, path.at, path.n);
	if (fits)
		s->met[atoi(text)]++;
	else
		assert_true(s->all || e->approved.class != CLASS_NONE);
}

/* The same as a walk through all of it would find, each once or twice. */
static void compare(struct state *st)
{
	for (unsigned i = 0; i < FILES; i++) {
		struct search want = {.dev = 1 + i % 2,
		                      .ino = i,
		                      .content = content(i % (CONTENTS + 2)),
		                      .all = true};
		struct search got = want;

		got.all = false;
		state_each(st, meet, &want);
		state_alike(st, got.dev, got.ino, &got.content, meet, &got);
		for (int n = 0; n < PATHS; n++) {
			assert_true(want.met[n] <= 1);
			assert_int_equal(got.met[n] > 0, want.met[n]);
			assert_true(got.met[n] <= 2);
		}
	}
}

static struct slice path_of(int n, char room[16])
{
	return slice_mem(room, (size_t)snprintf(room, 16, "%03d", n));
}

static struct table table_of_half(void)
{
	struct table_writer *w = table_writer_new();
	int fd = memfd_create("table", MFD_CLOEXEC);
	struct table t;
	char room[16];

	for (int n = 0; n < PATHS; n += 2) {
		struct table_entry e = {0};

		change(&e);
		assert_int_equal(table_add(w, &e, path_of(n, room), slice_str("")), 0);
	}
	assert_int_equal(table_write(w, 1, fd), 0);
	table_writer_free(w);
	assert_int_equal(table_open(fd, &t), 0);
	close(fd);
	return t;
}

static void finds_code_by_file_and_content(void **state)
{
	struct state *st = state_new();
	struct table t;
	char room[16];

	(void)state;
	srand(7);
	compare(st); /* an empty one */
	for (int i = 0; i < CHANGES; i++) {
		struct known *k = state_edit(st, 0, path_of(rand() % PATHS, room));

		assert_non_null(k);
		change(&k->e);
		state_settle(st, k);
		if (i % 1000 == 0) {
			t = table_of_half();
			assert_int_equal(state_base(st, &t), 0);
		}
		if (i % 50 == 0)
			compare(st);
	}
	state_free(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(finds_code_by_file_and_content)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
