/*
 * case_parts: what case.c (the fold's frame, words), case_group.c (which case a finding
 * belongs to), case_look.c (windows), case_index.c and case_read.c share. Nobody else includes
 * it.
 */
#ifndef HINOBAN_REPORT_CASE_PARTS_H
#define HINOBAN_REPORT_CASE_PARTS_H

#include "report/case.h"

/* A containment that was carried out, while it was in force. */
struct case_hold {
	struct slice verb, root, path; /* path: of "hold" only */
	int64_t from_us, from_seq, to_us;
};

struct case_loose {
	struct case_finding f;
	bool taken; /* by a case */
};

struct cases {
	struct arena mem;
	struct case_view **view; /* [number - 1] */
	size_t views;
	struct case_loose *loose; /* grave findings that belong to no case (yet) */
	size_t looses;
	struct case_hold *hold;
	size_t holds;
	int64_t *rehearsal; /* seqs of orders that are no real ones */
	size_t rehearsals;
};

/*
 * Room for one more in an array of n: doubled whenever n is a power of two. NULL: no memory.
 * Used by CASE_PUSH only, which leaves the array as it was on a fault.
 */
void *case_grow(struct arena *a, void *at, size_t n, size_t size);
#define CASE_PUSH(cs, array, n, ...)                                                 \
	({                                                                           \
		void *more_ = case_grow(&(cs)->mem, (array), (n), sizeof(*(array))); \
		if (more_) {                                                         \
			(array) = more_;                                             \
			(array)[(n)++] = __VA_ARGS__;                                \
		}                                                                    \
		more_ != NULL;                                                       \
	})

/* case.c */
struct case_view *case_new(struct cases *cs, const struct json *fact);
bool case_add_start(struct cases *cs, struct case_view *c, struct case_start s);
bool case_add_trait(struct cases *cs, struct case_view *c, struct case_trait t);
/* The same of a finding or a word. */
bool case_put_trait(struct cases *cs, struct case_view *c, const char *name,
                    const struct json *fact);

/* case_group.c */
int case_take_finding(struct cases *cs, const struct json *fact);
/* Move a finding from where it is into c; false: there is no such finding. */
bool case_move_finding(struct cases *cs, struct case_view *c, int64_t seq);
bool case_add_finding(struct cases *cs, struct case_view *c, const struct case_finding *f);
/* All of `from` goes to `to`: findings, starts, receipts, traits, counts. */
bool case_take_over(struct cases *cs, struct case_view *to, struct case_view *from);
/* case_page.c: the window of a finding about a page. 0 or -errno. */
int case_page_window(struct ledger *l, const struct case_view *c, const struct json *finding,
                     struct case_window *out);
int case_take_dismissal(struct cases *cs, const struct json *fact);

/*
 * case_index.c: a case's findings in an order in which they are found at once: a case may have
 * as many as there are files in the shop. Borrows from the case; 0 or -ENOMEM.
 */
struct case_change {
	int64_t seq; /* a fact that a finding about root and path rests on */
	struct slice root, path;
	bool baseline; /* that finding is of what stood there when the watch began */
};
struct case_index {
	struct case_change *change; /* in the order of seq, path, root; no doubles */
	size_t changes;
	bool *first; /* by the place of a finding: is it the case's first about its object? */
};
int case_index_init(struct case_index *ix, const struct case_view *c);
void case_index_done(struct case_index *ix);
/* NULL: no finding about this path rests on this fact. */
const struct case_change *case_index_change(const struct case_index *ix, int64_t seq,
                                            struct slice root, struct slice path);

#endif
