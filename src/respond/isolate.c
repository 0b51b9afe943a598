/* isolate: the machine's network closed but for loopback and the operator, and opened again. */
#include "respond/contain.h"
#include <errno.h>
#include <stdio.h>

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

/* In the kernel's own words: the table stands, and its timer runs. */
static int look(int sock, int64_t seq)
{
	int64_t standing = nft_standing(sock);
	int armed = standing == seq ? nft_armed(sock, seq) : 0;

	return standing < 0 ? (int)standing : armed < 0 ? armed : armed ? 0 : -ENOENT;
}

static int isolate(struct hand *h, struct hand_job *j)
{
	int64_t minutes = json_num(j->order, "minutes", 0);
	struct nft_except except[NFT_MAX_EXCEPT];
	size_t n = read_except(j, except);
	int sock = socket_of(h, j), r;

	if (sock < 0)
		return sock;
	/* One at a time; the same order again is one that a hand before us did not finish. */
	if (sock == h->contain.net && h->contain.isolated > 0 && h->contain.isolated != j->seq)
		return -EEXIST;
	if (n == SIZE_MAX || minutes < 1 || minutes > MAX_MINUTES)
		return -EINVAL;
	r = nft_isolate(sock, j->seq, except, n, minutes * 60);
	return r < 0 ? r : look(sock, j->seq);
}

void isolate_run(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	int r = isolate(h, j);

	deed->done = r == 0;
	deed->how = "isolated";
	if (r < 0)
		hand_fail(deed, r, "nftables");
	else if (!json_true(j->order, "rehearsal"))
		h->contain.isolated = j->seq;
}

void isolate_undo(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	int sock = socket_of(h, j), r = sock < 0 ? sock : nft_lift(sock);

	if (r == 0 && nft_standing(sock) != 0)
		r = -EBUSY;
	deed->done = r == 0;
	deed->how = "opened";
	if (r < 0)
		hand_fail(deed, r, "nftables");
	else if (!json_true(j->order, "rehearsal"))
		h->contain.isolated = 0;
}

void isolate_confirm(struct hand *h, struct hand_job *j, struct hand_deed *deed)
{
	int64_t seq = h->contain.isolated;
	int r = seq <= 0 || h->contain.net < 0 ? -ENOENT : nft_confirm(h->contain.net, seq);

	(void)j;
	deed->done = r == 0;
	deed->how = "confirmed";
	if (r < 0)
		hand_fail(deed, r, "it is lifted already");
}

void isolate_tick(struct hand *h)
{
	static int64_t looked_us;
	int64_t now = clock_mono_us(), seq = h->contain.isolated;
	struct json *d;

	if (seq <= 0 || now - looked_us < CONTAIN_TICK_US)
		return;
	looked_us = now;
	if (nft_armed(h->contain.net, seq) != 0)
		return;
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
