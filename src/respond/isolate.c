/* isolate: the machine's network closed but for loopback and the operator, and opened again. */
#include "respond/contain.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MAX_MINUTES (7 * 24 * 60)

static size_t read_except(const struct hand_job *j, struct nft_except out[NFT_MAX_EXCEPT])
{
	const struct json *list = json_get(j->order, "except");
	size_t n = 0;

	for (const struct json *v = list ? list->first : NULL; v; v = v->next) {
		if (n == NFT_MAX_EXCEPT || v->kind != JSON_STR || !nft_address(v->s, &out[n]))
			return SIZE_MAX;
		n++;
	}
	return n;
}

static int socket_of(const struct hand *h, const struct hand_job *j)
{
	return json_true(j->order, "rehearsal") ? h->contain.apart : h->contain.net;
}

/* ---- whose it is ---- */

/*
 * The table's comment: the number of the person's word, and what tells one installation from
 * another on the same network. "12 fe01.2a3b /var/lib/hinoban": device and inode of the state
 * directory in hexadecimal (in a container it may have the same path as another), and its path
 * as far as there is room.
 */
static void put_comment(const struct hand *h, int64_t word, char out[NFT_COMMENT_BYTES])
{
	snprintf(out, NFT_COMMENT_BYTES, "%lld %s", (long long)word, h->contain.home);
}

static struct slice whose(const char *comment)
{
	struct slice s = slice_str(comment);

	s = slice_sub(s, slice_chr(s, ' ') + 1, s.n);
	return slice_sub(s, 0, slice_chr(s, ' '));
}

struct isolation {
	int64_t seq, word; /* of the order, and of the word; word 0: none stands */
};

/* Ours that stands. -EEXIST: another's does, and deed->why says whose. */
static int standing(const struct hand *h, int sock, struct isolation *out,
                    struct hand_deed *deed)
{
	struct nft_table t;
	int r = sock < 0 ? sock : nft_standing(sock, &t);
	char ours[NFT_COMMENT_BYTES];
	struct slice comment;
	uint64_t word = 0;

	*out = (struct isolation){0};
	if (r <= 0)
		return r;
	comment = slice_str(t.comment);
	put_comment(h, 0, ours);
	if (!slice_u64(slice_sub(comment, 0, slice_chr(comment, ' ')), &word) ||
	    !slice_eq(whose(t.comment), whose(ours))) {
		snprintf(deed->why, sizeof(deed->why),
		         "the isolation of another hinoban stands: %.110s",
		         comment.n ? t.comment : "table inet " NFT_TABLE);
		return -EEXIST;
	}
	*out = (struct isolation){t.seq, (int64_t)word};
	return 0;
}

int64_t isolate_found(const struct hand *h)
{
	struct hand_deed none = {0};
	struct isolation is;
	int r = standing(h, h->contain.net, &is, &none);

	if (r == -EEXIST)
		err_say("%s", none.why);
	return is.seq; /* a kernel without nftables isolates nothing */
}

static int is_another(const struct isolation *is, struct hand_deed *deed)
{
	snprintf(deed->why, sizeof(deed->why), "another isolation is in force: %lld",
	         (long long)is->word);
	return -EEXIST;
}

/* ---- the verbs ---- */

/* In the kernel's own words: the table stands, it is ours, and its timer runs. */
static int look(const struct hand *h, int sock, int64_t seq, struct hand_deed *deed)
{
	struct isolation is;
	int r = standing(h, sock, &is, deed), armed;

	if (r < 0)
		return r;
	armed = is.seq == seq ? nft_armed(sock, seq) : 0;
	return armed < 0 ? armed : armed ? 0 : -ENOENT;
}

static int isolate(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	int64_t minutes = json_num(j->order, "minutes", 0);
	struct nft_except except[NFT_MAX_EXCEPT];
	struct nft_table t = {.seq = j->seq};
	size_t n = read_except(j, except);
	int sock = socket_of(h, j), r;
	struct isolation is;

	if (n == SIZE_MAX || minutes < 1 || minutes > MAX_MINUTES)
		return -EINVAL;
	r = standing(h, sock, &is, deed);
	if (r < 0)
		return r;
	/* One at a time; the same order again is one that a hand before us did not finish. */
	if (sock == h->contain.net && is.word > 0 && is.seq != j->seq)
		return is_another(&is, deed);
	put_comment(h, json_num(j->order, "word", 0), t.comment);
	r = nft_isolate(sock, &t, is.word > 0, except, n, minutes * 60);
	if (r < 0)
		return r;
	r = look(h, sock, j->seq, deed);
	if (r < 0)
		nft_lift(sock); /* what is not known for ours could not be lifted later */
	return r;
}

static void fail(struct hand_deed *deed, int r, const char *what)
{
	if (r < 0 && !deed->why[0])
		hand_fail(deed, r, what);
}

void isolate_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	int r = isolate(h, j, deed);

	deed->done = r == 0;
	deed->how = "isolated";
	fail(deed, r, "nftables");
	if (r == 0 && !json_true(j->order, "rehearsal"))
		h->contain.isolated = j->seq;
}

void isolate_undo(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	struct isolation is;
	int sock = socket_of(h, j), r = standing(h, sock, &is, deed);

	if (r == 0 && is.word > 0)
		r = is.word == json_num(j->order, "contain", 0) ? nft_lift(sock)
		                                                : is_another(&is, deed);
	deed->done = r == 0;
	deed->how = "opened";
	fail(deed, r, "nftables");
	if (r == 0 && !json_true(j->order, "rehearsal"))
		h->contain.isolated = 0;
}

void isolate_confirm(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	struct isolation is;
	int r = standing(h, h->contain.net, &is, deed);

	if (r == 0)
		r = is.word == 0 ? -ENOENT
		    : is.word == json_num(j->order, "contain", 0)
		        ? nft_confirm(h->contain.net, is.seq)
		        : is_another(&is, deed);
	deed->done = r == 0;
	deed->how = "confirmed";
	fail(deed, r, "it is lifted already");
}

void isolate_tick(struct hand *h)
{
	static int64_t looked_us;
	int64_t now = clock_mono_us(), seq = h->contain.isolated;
	struct hand_deed none = {0};
	struct isolation is;
	struct json *d;

	if (seq <= 0 || now - looked_us < CONTAIN_TICK_US)
		return;
	looked_us = now;
	if (nft_armed(h->contain.net, seq) != 0)
		return;
	if (standing(h, h->contain.net, &is, &none) == 0 && is.seq == seq)
		nft_lift(h->contain.net);
	h->contain.isolated = 0;
	arena_reset(&h->mem);
	d = fact_draft(&h->mem, "deed.lift");
	json_put_int(&h->mem, d, "order", seq);
	json_put_str(&h->mem, d, "verb", "isolate");
	json_put_bool(&h->mem, d, "done", true);
	json_put_str(&h->mem, d, "how", "time");
	fact_ref(&h->mem, d, seq);
	post_fact(h->post, d, -1, NULL, NULL);
}
