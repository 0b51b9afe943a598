/*
 * starve STATE PROFILES: each document about case 1, made with less memory than it takes, from
 * next to none to enough. It says so or is whole; to end by a fault is what is looked for.
 */
#include "report/report.h"

#include <errno.h>
#include <stdio.h>

#define STEPS      400 /* places at which memory is out */
#define ENOUGH     (64u << 20)
#define LEAST      256u
#define STEP_BYTES 256u

struct run {
	struct ledger *ledger;
	const struct case_view *c;
	const char *dirs[2];
	int made, refused, wrong;
};

/* How much it took; 0: it was refused. */
static size_t make(struct run *r, const struct doc_form *form, bool fields_only, size_t max)
{
	struct buf out = {.max = DOC_CASE_BYTES};
	struct err e = {""};
	struct arena mem;
	size_t used;
	int c;

	arena_init(&mem, max);
	struct doc d = {.mem = &mem,
	                .ledger = r->ledger,
	                .c = r->c,
	                .form = form,
	                .lang = form->counts ? DOC_JA : DOC_EN,
	                .fields_only = fields_only,
	                .now_us = clock_now_us()};
	c = doc_model(&d, &e);
	if (c == 0 && !fields_only)
		c = doc_markdown(&d, r->dirs, &out, &e);
	r->made += c == 0;
	r->refused += c < 0;
	/* Half a document must not pass for one. */
	if (c == 0 && mem.broken) {
		fprintf(stderr, "%s, %zu bytes: not whole, and nothing said\n", form->id, max);
		r->wrong++;
	}
	used = c == 0 ? mem.used : 0;
	buf_done(&out);
	arena_done(&mem);
	return used;
}

static void starve(struct run *r, const struct doc_form *form, bool fields_only)
{
	size_t all = make(r, form, fields_only, ENOUGH);
	size_t step = all / STEPS > STEP_BYTES ? all / STEPS : STEP_BYTES;

	if (!all) {
		fprintf(stderr, "%s: not made with enough memory, either\n", form->id);
		r->wrong++;
	}
	for (size_t max = LEAST; max < all; max += step)
		make(r, form, fields_only, max);
}

int main(int argc, char **argv)
{
	struct run r = {.dirs = {argc == 3 ? argv[2] : NULL, NULL}};
	struct cases *cs = NULL;
	struct err e = {""};

	if (argc != 3 || ledger_open(argv[1], &r.ledger, &e) < 0 ||
	    cases_read(r.ledger, &cs, &e) < 0 || !cases_get(cs, 1) ||
	    cases_look(cs, r.ledger, 1, &e) < 0) {
		fprintf(stderr, "starve: %s\n", e.text);
		return 2;
	}
	r.c = cases_get(cs, 1);
	for (const struct doc_form *form = doc_forms; form->id; form++) {
		starve(&r, form, false);
		starve(&r, form, true);
	}
	printf("%d made, %d refused\n", r.made, r.refused);
	cases_free(cs);
	ledger_close(r.ledger);
	return r.wrong ? 1 : 0;
}
