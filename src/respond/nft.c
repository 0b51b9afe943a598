#include "respond/nft.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <net/if_arp.h>
#include <sched.h>
#include <stdio.h>
#include <sys/socket.h>

#define BATCH_BYTES  (32u * 1024)
#define ANSWER_BYTES (32u * 1024)
#define ANSWER_MS    2000
#define ICMPV6       58
#define ND_FIRST     133 /* router solicitation ... */
#define ND_LAST      136 /* ... neighbour advertisement: IPv6 finds nobody without them */
#define FILTER_PRIO  (-300)
#define COMMENT_HEAD 2 /* libnftnl, udata.h: type, length, bytes */
#define COMMENT_TYPE 0

/* ---- writing netlink ---- */

struct batch {
	uint8_t at[BATCH_BYTES] __attribute__((aligned(8)));
	size_t n;
	uint32_t serial;
	int acks;
	bool broken;
};

static size_t put(struct batch *b, const void *at, size_t n)
{
	size_t where = b->n, padded = NLMSG_ALIGN(n);

	if (b->broken || padded > sizeof(b->at) - b->n) {
		b->broken = true;
		return 0;
	}
	memset(b->at + b->n, 0, padded);
	if (at)
		memcpy(b->at + b->n, at, n);
	b->n += padded;
	return where;
}

static size_t message(struct batch *b, int type, unsigned flags, uint8_t family, uint16_t res)
{
	struct nlmsghdr h = {.nlmsg_type = (uint16_t)type,
	                     .nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags),
	                     .nlmsg_seq = ++b->serial};
	struct nfgenmsg g = {
	    .nfgen_family = family, .version = NFNETLINK_V0, .res_id = htons(res)};
	size_t start = put(b, &h, sizeof(h));

	put(b, &g, sizeof(g));
	b->acks += (flags & NLM_F_ACK) != 0;
	return start;
}

static void message_end(struct batch *b, size_t start)
{
	struct nlmsghdr h;

	if (b->broken)
		return;
	memcpy(&h, b->at + start, sizeof(h));
	h.nlmsg_len = (uint32_t)(b->n - start);
	memcpy(b->at + start, &h, sizeof(h));
}

static size_t table_message(struct batch *b, int type, unsigned flags)
{
	return message(b, (NFNL_SUBSYS_NFTABLES << 8) | type, flags | NLM_F_ACK, NFPROTO_INET,
	               0);
}

static void attr(struct batch *b, int type, const void *at, size_t n)
{
	struct nlattr a = {.nla_type = (uint16_t)type,
	                   .nla_len = (uint16_t)(sizeof(struct nlattr) + n)};

	put(b, &a, sizeof(a));
	put(b, at, n);
}

static void attr_str(struct batch *b, int type, const char *s)
{
	attr(b, type, s, strlen(s) + 1);
}

static void attr_u32(struct batch *b, int type, uint32_t v)
{
	uint32_t net = htonl(v);

	attr(b, type, &net, sizeof(net));
}

static size_t nest(struct batch *b, int type)
{
	struct nlattr a = {.nla_type = (uint16_t)(type | NLA_F_NESTED)};

	return put(b, &a, sizeof(a));
}

static void nest_end(struct batch *b, size_t start)
{
	struct nlattr a;

	if (b->broken)
		return;
	memcpy(&a, b->at + start, sizeof(a));
	a.nla_len = (uint16_t)(b->n - start);
	memcpy(b->at + start, &a, sizeof(a));
}

static void batch_begin(struct batch *b)
{
	*b = (struct batch){0};
	message_end(b, message(b, NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES));
}

/* ---- expressions of a rule ---- */

static size_t expr(struct batch *b, const char *name, size_t *data)
{
	size_t element = nest(b, NFTA_LIST_ELEM);

	attr_str(b, NFTA_EXPR_NAME, name);
	*data = nest(b, NFTA_EXPR_DATA);
	return element;
}

static void expr_end(struct batch *b, size_t element, size_t data)
{
	nest_end(b, data);
	nest_end(b, element);
}

static void meta(struct batch *b, uint32_t key)
{
	size_t data, e = expr(b, "meta", &data);

	attr_u32(b, NFTA_META_KEY, key);
	attr_u32(b, NFTA_META_DREG, NFT_REG_1);
	expr_end(b, e, data);
}

static void payload(struct batch *b, uint32_t base, uint32_t offset, uint32_t n)
{
	size_t data, e = expr(b, "payload", &data);

	attr_u32(b, NFTA_PAYLOAD_DREG, NFT_REG_1);
	attr_u32(b, NFTA_PAYLOAD_BASE, base);
	attr_u32(b, NFTA_PAYLOAD_OFFSET, offset);
	attr_u32(b, NFTA_PAYLOAD_LEN, n);
	expr_end(b, e, data);
}

static void compare(struct batch *b, uint32_t op, const void *with, size_t n)
{
	size_t value, data, e = expr(b, "cmp", &data);

	attr_u32(b, NFTA_CMP_SREG, NFT_REG_1);
	attr_u32(b, NFTA_CMP_OP, op);
	value = nest(b, NFTA_CMP_DATA);
	attr(b, NFTA_DATA_VALUE, with, n);
	nest_end(b, value);
	expr_end(b, e, data);
}

static void compare_byte(struct batch *b, uint32_t op, uint8_t v)
{
	compare(b, op, &v, 1);
}

static void lookup(struct batch *b, const char *set)
{
	size_t data, e = expr(b, "lookup", &data);

	attr_str(b, NFTA_LOOKUP_SET, set);
	attr_u32(b, NFTA_LOOKUP_SREG, NFT_REG_1);
	attr_u32(b, NFTA_LOOKUP_SET_ID, 1);
	expr_end(b, e, data);
}

static void verdict(struct batch *b, uint32_t code)
{
	size_t value, inner, data, e = expr(b, "immediate", &data);

	attr_u32(b, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	value = nest(b, NFTA_IMMEDIATE_DATA);
	inner = nest(b, NFTA_DATA_VERDICT);
	attr_u32(b, NFTA_VERDICT_CODE, code);
	nest_end(b, inner);
	nest_end(b, value);
	expr_end(b, e, data);
}

/* ---- the table ---- */

static void set_name(int64_t seq, char out[40])
{
	snprintf(out, 40, "armed_%lld", (long long)seq);
}

static void add_table(struct batch *b, int type, unsigned flags, const char *comment)
{
	size_t m = table_message(b, type, flags), n = comment ? strlen(comment) + 1 : 0;
	uint8_t udata[COMMENT_HEAD + NFT_COMMENT_BYTES] = {COMMENT_TYPE, (uint8_t)n};

	attr_str(b, NFTA_TABLE_NAME, NFT_TABLE);
	if (comment) {
		memcpy(udata + COMMENT_HEAD, comment, n);
		attr(b, NFTA_TABLE_USERDATA, udata, COMMENT_HEAD + n);
	}
	message_end(b, m);
}

static void add_set(struct batch *b, const char *set)
{
	size_t m = table_message(b, NFT_MSG_NEWSET, NLM_F_CREATE);

	attr_str(b, NFTA_SET_TABLE, NFT_TABLE);
	attr_str(b, NFTA_SET_NAME, set);
	attr_u32(b, NFTA_SET_FLAGS, NFT_SET_TIMEOUT);
	attr_u32(b, NFTA_SET_KEY_TYPE, 2); /* nft(8) prints it as a protocol family */
	attr_u32(b, NFTA_SET_KEY_LEN, 1);
	attr_u32(b, NFTA_SET_ID, 1);
	message_end(b, m);
}

static void add_elements(struct batch *b, int type, const char *set, int64_t seconds)
{
	static const uint8_t families[] = {NFPROTO_IPV4, NFPROTO_IPV6};
	size_t list, m = table_message(b, type, type == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0);

	attr_str(b, NFTA_SET_ELEM_LIST_TABLE, NFT_TABLE);
	attr_str(b, NFTA_SET_ELEM_LIST_SET, set);
	list = nest(b, NFTA_SET_ELEM_LIST_ELEMENTS);
	for (size_t i = 0; i < sizeof(families); i++) {
		size_t element = nest(b, NFTA_LIST_ELEM), key = nest(b, NFTA_SET_ELEM_KEY);
		uint64_t ms = htobe64((uint64_t)seconds * 1000);

		attr(b, NFTA_DATA_VALUE, &families[i], 1);
		nest_end(b, key);
		if (seconds > 0)
			attr(b, NFTA_SET_ELEM_TIMEOUT, &ms, sizeof(ms));
		nest_end(b, element);
	}
	nest_end(b, list);
	message_end(b, m);
}

static void add_chain(struct batch *b, const char *name, uint32_t hook_number)
{
	size_t hook, m = table_message(b, NFT_MSG_NEWCHAIN, NLM_F_CREATE);

	attr_str(b, NFTA_CHAIN_TABLE, NFT_TABLE);
	attr_str(b, NFTA_CHAIN_NAME, name);
	hook = nest(b, NFTA_CHAIN_HOOK);
	attr_u32(b, NFTA_HOOK_HOOKNUM, hook_number);
	attr_u32(b, NFTA_HOOK_PRIORITY, (uint32_t)FILTER_PRIO);
	nest_end(b, hook);
	attr_u32(b, NFTA_CHAIN_POLICY, NF_ACCEPT);
	attr_str(b, NFTA_CHAIN_TYPE, "filter");
	message_end(b, m);
}

static size_t rule(struct batch *b, const char *chain, size_t *list)
{
	size_t m = table_message(b, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND);

	attr_str(b, NFTA_RULE_TABLE, NFT_TABLE);
	attr_str(b, NFTA_RULE_CHAIN, chain);
	*list = nest(b, NFTA_RULE_EXPRESSIONS);
	return m;
}

static void rule_end(struct batch *b, size_t m, size_t list, uint32_t code)
{
	verdict(b, code);
	nest_end(b, list);
	message_end(b, m);
}

static void let_loopback(struct batch *b, const char *chain, bool in)
{
	uint16_t loopback = ARPHRD_LOOPBACK;
	size_t list, m = rule(b, chain, &list);

	meta(b, in ? NFT_META_IIFTYPE : NFT_META_OIFTYPE);
	compare(b, NFT_CMP_EQ, &loopback, sizeof(loopback));
	rule_end(b, m, list, NF_ACCEPT);
}

/* RFC 791 and 8200: where the addresses stand. */
static void let_address(struct batch *b, const char *chain, bool in, const struct nft_except *x)
{
	uint32_t n = x->six ? 16 : 4, from = x->six ? 8 : 12;
	size_t list, m = rule(b, chain, &list);

	meta(b, NFT_META_NFPROTO);
	compare_byte(b, NFT_CMP_EQ, x->six ? NFPROTO_IPV6 : NFPROTO_IPV4);
	payload(b, NFT_PAYLOAD_NETWORK_HEADER, in ? from : from + n, n);
	compare(b, NFT_CMP_EQ, x->at, n);
	rule_end(b, m, list, NF_ACCEPT);
}

static void let_neighbours(struct batch *b, const char *chain)
{
	size_t list, m = rule(b, chain, &list);

	meta(b, NFT_META_NFPROTO);
	compare_byte(b, NFT_CMP_EQ, NFPROTO_IPV6);
	meta(b, NFT_META_L4PROTO);
	compare_byte(b, NFT_CMP_EQ, ICMPV6);
	payload(b, NFT_PAYLOAD_TRANSPORT_HEADER, 0, 1);
	compare_byte(b, NFT_CMP_GTE, ND_FIRST);
	compare_byte(b, NFT_CMP_LTE, ND_LAST);
	rule_end(b, m, list, NF_ACCEPT);
}

static void drop_rest(struct batch *b, const char *chain, const char *set)
{
	size_t list, m = rule(b, chain, &list);

	meta(b, NFT_META_NFPROTO);
	lookup(b, set);
	rule_end(b, m, list, NF_DROP);
}

/* ---- talking to the kernel ---- */

static int wait_answer(int sock, uint8_t *in, size_t room)
{
	ssize_t n = recv(sock, in, room, 0);

	return n < 0 ? -errno : (int)n;
}

/* The first fault among the acknowledgements, or 0 once all are there. */
static int read_acks(int sock, int acks)
{
	static uint8_t in[ANSWER_BYTES] __attribute__((aligned(8)));
	int first = 0;

	while (acks > 0) {
		int n = wait_answer(sock, in, sizeof(in));
		const struct nlmsghdr *h = (const void *)in;

		if (n < 0)
			return first < 0 ? first : n;
		for (unsigned left = (unsigned)n; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
			const struct nlmsgerr *e = NLMSG_DATA(h);

			if (h->nlmsg_type != NLMSG_ERROR)
				continue;
			acks--;
			if (e->error < 0 && first == 0)
				first = e->error;
		}
		if (first < 0)
			return first; /* a batch that fails is not acknowledged to its end */
	}
	return first;
}

static void drain(int sock)
{
	static uint8_t in[ANSWER_BYTES];

	while (recv(sock, in, sizeof(in), MSG_DONTWAIT) > 0)
		;
}

static int send_batch(int sock, struct batch *b)
{
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
	int r;

	message_end(b, message(b, NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES));
	if (b->broken)
		return -EMSGSIZE;
	drain(sock);
	if (sendto(sock, b->at, b->n, 0, (void *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	r = read_acks(sock, b->acks);
	drain(sock);
	return r;
}

int nft_open(void)
{
	struct timeval patience = {.tv_sec = ANSWER_MS / 1000};
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (sock < 0)
		return -errno;
	if (setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0) {
		int r = -errno;

		close(sock);
		return r;
	}
	return sock;
}

int nft_open_apart(void)
{
	AUTO_FD home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	int sock;

	if (home < 0 || unshare(CLONE_NEWNET) < 0)
		return -errno;
	sock = nft_open();
	if (setns(home, CLONE_NEWNET) < 0)
		err_die("the machine's network can't be had back: %s", strerror(errno));
	return sock;
}

/* ---- what is done ---- */

int nft_isolate(int sock, const struct nft_table *t, bool replace,
                const struct nft_except *except, size_t n, int64_t seconds)
{
	static const struct {
		const char *name;
		uint32_t hook;
	} chains[] = {{"input", NF_INET_LOCAL_IN},
	              {"output", NF_INET_LOCAL_OUT},
	              {"forward", NF_INET_FORWARD}};
	static struct batch b;
	char set[40];

	set_name(t->seq, set);
	batch_begin(&b);
	if (replace)
		add_table(&b, NFT_MSG_DELTABLE, 0, NULL);
	add_table(&b, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL, t->comment);
	add_set(&b, set);
	add_elements(&b, NFT_MSG_NEWSETELEM, set, seconds);
	for (size_t c = 0; c < sizeof(chains) / sizeof(chains[0]); c++) {
		bool in = chains[c].hook == NF_INET_LOCAL_IN, six = false;

		add_chain(&b, chains[c].name, chains[c].hook);
		if (chains[c].hook != NF_INET_FORWARD) {
			let_loopback(&b, chains[c].name, in);
			for (size_t i = 0; i < n; i++) {
				let_address(&b, chains[c].name, in, &except[i]);
				six = six || except[i].six;
			}
			if (six)
				let_neighbours(&b, chains[c].name);
		}
		drop_rest(&b, chains[c].name, set);
	}
	return send_batch(sock, &b);
}

int nft_confirm(int sock, int64_t seq)
{
	static struct batch b;
	char set[40];

	set_name(seq, set);
	batch_begin(&b);
	add_elements(&b, NFT_MSG_DELSETELEM, set, 0); /* -ENOENT where time ran out */
	add_elements(&b, NFT_MSG_NEWSETELEM, set, 0);
	return send_batch(sock, &b);
}

int nft_lift(int sock)
{
	static struct batch b;
	int r;

	batch_begin(&b);
	add_table(&b, NFT_MSG_DELTABLE, 0, NULL);
	r = send_batch(sock, &b);
	return r == -ENOENT ? 0 : r;
}

/* ---- what stands ---- */

typedef void message_fn(void *ctx, const struct nlmsghdr *h);

/* Ask for one thing, or (NLM_F_DUMP) for all of a kind. */
static int ask(int sock, struct batch *b, message_fn *fn, void *ctx)
{
	static uint8_t in[ANSWER_BYTES] __attribute__((aligned(8)));
	struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};

	drain(sock);
	if (b->broken || sendto(sock, b->at, b->n, 0, (void *)&kernel, sizeof(kernel)) < 0)
		return b->broken ? -EMSGSIZE : -errno;
	for (;;) {
		int n = wait_answer(sock, in, sizeof(in));
		const struct nlmsghdr *h = (const void *)in;

		if (n < 0)
			return n;
		for (unsigned left = (unsigned)n; NLMSG_OK(h, left); h = NLMSG_NEXT(h, left)) {
			if (h->nlmsg_type == NLMSG_DONE)
				return 0;
			if (h->nlmsg_type == NLMSG_ERROR)
				return ((const struct nlmsgerr *)NLMSG_DATA(h))->error;
			fn(ctx, h);
		}
	}
}

/* Call it for each attribute of a run of them. */
static const struct nlattr *find_attr(const uint8_t *at, size_t n, int type)
{
	while (n >= sizeof(struct nlattr)) {
		const struct nlattr *a = (const void *)at;
		size_t step = NLA_ALIGN((size_t)a->nla_len);

		if (a->nla_len < sizeof(*a) || a->nla_len > n)
			return NULL;
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		if (step >= n)
			return NULL;
		at += step;
		n -= step;
	}
	return NULL;
}

static const struct nlattr *message_attr(const struct nlmsghdr *h, int type)
{
	size_t head = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct nfgenmsg));

	if (h->nlmsg_len < head)
		return NULL;
	return find_attr((const uint8_t *)h + head, h->nlmsg_len - head, type);
}

static struct slice attr_text(const struct nlattr *a)
{
	const uint8_t *at = (const uint8_t *)a + NLA_HDRLEN;

	return a ? slice_mem(at, strnlen((const char *)at, a->nla_len - NLA_HDRLEN))
	         : (struct slice){0};
}

struct looked {
	struct nft_table *out;
	bool stands;
};

static void on_table(void *ctx, const struct nlmsghdr *h)
{
	const struct nlattr *a = message_attr(h, NFTA_TABLE_USERDATA);
	const uint8_t *at = (const uint8_t *)a + NLA_HDRLEN;
	struct looked *l = ctx;
	struct slice comment = {0};

	if (!slice_eq(attr_text(message_attr(h, NFTA_TABLE_NAME)), SLICE(NFT_TABLE)))
		return;
	if (a && a->nla_len > NLA_HDRLEN + COMMENT_HEAD && at[0] == COMMENT_TYPE)
		comment = slice_mem(at + COMMENT_HEAD,
		                    strnlen((const char *)at + COMMENT_HEAD,
		                            a->nla_len - NLA_HDRLEN - COMMENT_HEAD));
	l->stands = true;
	snprintf(l->out->comment, sizeof(l->out->comment), "%.*s", SLICE_ARG(comment));
}

static void on_set(void *ctx, const struct nlmsghdr *h)
{
	struct looked *l = ctx;
	struct slice table = attr_text(message_attr(h, NFTA_SET_TABLE)),
	             name = attr_text(message_attr(h, NFTA_SET_NAME));
	uint64_t seq;

	if (slice_eq(table, SLICE(NFT_TABLE)) && slice_starts(name, SLICE("armed_")) &&
	    slice_u64(slice_sub(name, strlen("armed_"), name.n), &seq))
		l->out->seq = (int64_t)seq;
}

/* All of a kind; there may be none. */
static int ask_all(int sock, int type, message_fn *fn, void *ctx)
{
	static struct batch b;
	int r;

	b = (struct batch){0};
	message_end(
	    &b, message(&b, (NFNL_SUBSYS_NFTABLES << 8) | type, NLM_F_DUMP, NFPROTO_INET, 0));
	r = ask(sock, &b, fn, ctx);
	return r == -ENOENT ? 0 : r;
}

int nft_standing(int sock, struct nft_table *out)
{
	struct looked l = {out, false};
	int r;

	*out = (struct nft_table){0};
	r = ask_all(sock, NFT_MSG_GETTABLE, on_table, &l);
	if (r == 0 && l.stands)
		r = ask_all(sock, NFT_MSG_GETSET, on_set, &l);
	return r < 0 ? r : l.stands;
}

static void on_elements(void *ctx, const struct nlmsghdr *h)
{
	const struct nlattr *list = message_attr(h, NFTA_SET_ELEM_LIST_ELEMENTS);

	*(int *)ctx += list && list->nla_len > NLA_HDRLEN;
}

int nft_armed(int sock, int64_t seq)
{
	static struct batch b;
	char set[40];
	int has = 0, r;
	size_t m;

	set_name(seq, set);
	b = (struct batch){0};
	m = message(&b, (NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETSETELEM, NLM_F_DUMP,
	            NFPROTO_INET, 0);
	attr_str(&b, NFTA_SET_ELEM_LIST_TABLE, NFT_TABLE);
	attr_str(&b, NFTA_SET_ELEM_LIST_SET, set);
	message_end(&b, m);
	r = ask(sock, &b, on_elements, &has);
	if (r == -ENOENT)
		return 0;
	return r < 0 ? r : has > 0;
}

/* ---- in words ---- */

bool nft_address(struct slice text, struct nft_except *out)
{
	char name[64];

	if (text.n == 0 || text.n >= sizeof(name))
		return false;
	memcpy(name, text.at, text.n);
	name[text.n] = '\0';
	*out = (struct nft_except){.six = memchr(name, ':', text.n) != NULL};
	return inet_pton(out->six ? AF_INET6 : AF_INET, name, out->at) == 1;
}

static void text_chain(struct buf *out, const char *chain, bool in, int64_t seq,
                       const struct nft_except *x, size_t n)
{
	bool forward = strcmp(chain, "forward") == 0, six = false;

	buf_printf(out, "\tchain %s {\n\t\ttype filter hook %s priority %d; policy accept;\n",
	           chain, chain, FILTER_PRIO);
	if (!forward)
		buf_printf(out, "\t\tmeta %s loopback accept\n", in ? "iiftype" : "oiftype");
	for (size_t i = 0; i < n && !forward; i++) {
		char name[INET6_ADDRSTRLEN];

		inet_ntop(x[i].six ? AF_INET6 : AF_INET, x[i].at, name, sizeof(name));
		buf_printf(out, "\t\t%s %s %s accept\n", x[i].six ? "ip6" : "ip",
		           in ? "saddr" : "daddr", name);
		six = six || x[i].six;
	}
	if (six)
		buf_printf(out, "\t\ticmpv6 type %d-%d accept\n", ND_FIRST, ND_LAST);
	buf_printf(out, "\t\tmeta nfproto @armed_%lld drop\n\t}\n", (long long)seq);
}

void nft_text(struct buf *out, int64_t seq, const struct nft_except *except, size_t n,
              int64_t seconds)
{
	char timeout[40] = "";

	if (seconds > 0)
		snprintf(timeout, sizeof(timeout), " timeout %llds", (long long)seconds);
	buf_printf(out,
	           "table inet " NFT_TABLE " {\n\tset armed_%lld {\n\t\ttype nf_proto;"
	           " flags timeout;\n\t\telements = { ipv4%s, ipv6%s }\n\t}\n",
	           (long long)seq, timeout, timeout);
	text_chain(out, "input", true, seq, except, n);
	text_chain(out, "output", false, seq, except, n);
	text_chain(out, "forward", false, seq, except, n);
	buf_str(out, "}\n");
}
