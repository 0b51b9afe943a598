#include "parse/needles.h"

#include "parse/chars.h"
#include <string.h>

#define MAX_STATES  1400
#define MAX_LETTERS 64 /* distinct bytes in needles, and 0 for all others */
#define SKIP        255
#define START       1u /* only where a word begins */
#define END         2u /* only where a word ends */
#define WORD        (START | END)

struct needle {
	const char *text; /* lower case, without '_' and '-' */
	uint32_t class;
	uint8_t where;
};

static const struct needle needles[] = {
    {"cardnumber", N_CARD, START},
    {"cardno", N_CARD, WORD},
    {"cardnum", N_CARD, WORD},
    {"cardnbr", N_CARD, WORD},
    {"ccnumber", N_CARD, START},
    {"ccnum", N_CARD, WORD},
    {"ccno", N_CARD, WORD},
    {"creditcardno", N_CARD, WORD},
    {"creditcardnumber", N_CARD, START},
    {"creditno", N_CARD, WORD},
    {"cardcvv", N_CARD, START},
    {"cardcvc", N_CARD, START},
    {"cvv", N_CARD, WORD},
    {"cvv2", N_CARD, WORD},
    {"cvc", N_CARD, WORD},
    {"cvc2", N_CARD, WORD},
    {"cvn", N_CARD, WORD},
    {"securitycode", N_CARD, START},
    {"seccode", N_CARD, WORD},
    {"cardcode", N_CARD, WORD},
    {"cardsecurity", N_CARD, START},
    {"cardverification", N_CARD, START},
    {"cardexp", N_CARD, WORD},
    {"cardexpiry", N_CARD, START},
    {"cardexpire", N_CARD, START},
    {"cardexpiration", N_CARD, START},
    {"cardlimit", N_CARD, WORD},
    {"ccexp", N_CARD, WORD},
    {"ccexpiry", N_CARD, START},
    {"cccid", N_CARD, WORD},
    {"cccsc", N_CARD, WORD},
    {"cccvv", N_CARD, WORD},
    {"cccvc", N_CARD, WORD},
    {"ccowner", N_CARD, WORD},
    {"ccname", N_CARD, WORD},
    {"ccholder", N_CARD, START},
    {"cardholder", N_CARD, START},
    {"cardowner", N_CARD, WORD},
    {"cardname", N_CARD, WORD},
    {"cardmeigi", N_CARD, START},
    {"cardmonth", N_CARD, WORD},
    {"cardyear", N_CARD, WORD},
    {"cardpan", N_CARD, WORD},
    {"pannumber", N_CARD, WORD},
    {"expmonth", N_CARD, START},
    {"expyear", N_CARD, START},
    {"expirymonth", N_CARD, START},
    {"expiryyear", N_CARD, START},
    {"expiremonth", N_CARD, START},
    {"expireyear", N_CARD, START},
    {"expirationmonth", N_CARD, START},
    {"expirationyear", N_CARD, START},
    {"カード番号", N_CARD, 0},
    {"カード名義", N_CARD, 0},
    {"セキュリティコード", N_CARD, 0},
    {"checkout", N_CHECKOUT, 0},
    {"onepage", N_CHECKOUT, START},
    {"onestep", N_CHECKOUT, START},
    {"payment", N_CHECKOUT, START},
    {"kessai", N_CHECKOUT, START},
    {"/shopping", N_CHECKOUT, END},
    {"orderconfirm", N_CHECKOUT, START},
    {"order/confirm", N_CHECKOUT, START},
    {"billing", N_CHECKOUT, WORD},
    {"決済", N_CHECKOUT, 0},
    {"password", N_PASSWORD, 0},
    {"passwd", N_PASSWORD, 0},
    {"パスワード", N_PASSWORD, 0},
    {"http://", N_URL, 0},
    {"https://", N_URL, 0},
    {"ws://", N_URL, 0},
    {"wss://", N_URL, 0},
    {"ftp://", N_URL, 0},
    {"php://input", N_INPUT, 0},
    {"select ", N_SELECT, START},
    {" from ", N_FROM, 0},
    {"insert into ", N_SQLWRITE | N_INSERT, START},
    {"replace into ", N_SQLWRITE | N_INSERT, START},
    {"delete from ", N_SQLWRITE, START},
    {"update ", N_UPDATE, START},
    {" set ", N_SET, 0},
    {"customer", N_PERSONS, 0},
    {"users", N_PERSONS | N_ADMIN, 0},
    {"dtborder", N_PERSONS, START},
    {"dtbmember", N_ADMIN, START},
    {"salesorder", N_PERSONS, START},
    {"adminuser", N_ADMIN, START},
    {"administrator", N_ADMIN, START},
    {"employee", N_ADMIN, START},
    {"<?php", N_PHPTAG, 0},
    {"<script", N_SCRIPT | N_TAG, 0},
    {"</script", N_SCRIPT | N_TAG, 0},
    {"<iframe", N_FRAME | N_TAG, 0},
    {"<form", N_TAG, 0},
    {"<input", N_TAG, 0},
    {"<div", N_TAG, 0},
    {"eval(", N_RUN, START},
    {"assert(", N_RUN, START},
    {"base64decode(", N_RUN, START},
    {"gzinflate(", N_RUN, START},
    {"gzuncompress(", N_RUN, START},
    {"shellexec(", N_RUN, START},
    {"passthru(", N_RUN, START},
    {"system(", N_RUN, START},
    {"createfunction(", N_RUN, START},
    {"document.", N_JSCODE, START},
    {"window.", N_JSCODE, START},
    {"function(", N_JSCODE, START},
    {"fromcharcode", N_JSCODE, START},
    {"$post", N_SUPER, 0},
    {"$get", N_SUPER, 0},
    {"$request", N_SUPER, 0},
    {"$cookie", N_SUPER, 0},
    {"position:fixed", N_FIXED, 0},
    {"position: fixed", N_FIXED, 0},
    {"zindex:99", N_ZINDEX, 0},
    {"zindex: 99", N_ZINDEX, 0},
    {"devtools", N_DEBUG, 0},
    {"firebug", N_DEBUG, START},
    {"data:text/javascript", N_DATACODE, 0},
    {"data:application/javascript", N_DATACODE, 0},
    {"data:text/html", N_DATACODE, 0},
    {"//:sptth", N_BACKWARD, 0},
    {"//:ptth", N_BACKWARD, 0},
    {"(lave", N_BACKWARD, 0},
    {"edoced46esab", N_BACKWARD, 0},
};

#define NEEDLES (sizeof(needles) / sizeof(needles[0]))
_Static_assert(NEEDLES < 255, "a needle is a byte");

static struct {
	bool ready;
	uint8_t letter[256];
	uint16_t states, letters;
	uint16_t next[MAX_STATES][MAX_LETTERS];
	uint8_t hit[MAX_STATES];      /* needle + 1 that ends in this state */
	uint16_t shorter[MAX_STATES]; /* next state with a hit along the suffixes */
	uint16_t fail[MAX_STATES];
} ac;

static bool passed_over(uint8_t c)
{
	return c == '_' || c == '-';
}

static void add_needle(size_t id)
{
	uint16_t s = 0;

	for (const char *p = needles[id].text; *p; p++) {
		uint8_t c = (uint8_t)*p;
		if (ac.letter[c] == 0 && ac.letters + 1 < MAX_LETTERS)
			ac.letter[c] = (uint8_t)++ac.letters;
		uint16_t *to = &ac.next[s][ac.letter[c]];
		if (*to == 0 && ac.states + 1 < MAX_STATES)
			*to = ++ac.states;
		s = *to;
	}
	ac.hit[s] = (uint8_t)(id + 1);
}

/* Breadth first: a state's suffix is known before its own children are visited. */
static void link_states(void)
{
	static uint16_t queue[MAX_STATES];
	size_t head = 0, tail = 0;

	for (size_t c = 0; c <= ac.letters; c++)
		if (ac.next[0][c])
			queue[tail++] = ac.next[0][c];
	while (head < tail) {
		uint16_t s = queue[head++];
		uint16_t f = ac.fail[s];
		ac.shorter[s] = ac.hit[f] ? f : ac.shorter[f];
		for (size_t c = 0; c <= ac.letters; c++) {
			uint16_t to = ac.next[s][c];
			if (to) {
				ac.fail[to] = ac.next[f][c];
				queue[tail++] = to;
			} else {
				ac.next[s][c] = ac.next[f][c];
			}
		}
	}
}

static void build(void)
{
	for (size_t i = 0; i < NEEDLES; i++)
		add_needle(i);
	for (int c = 'A'; c <= 'Z'; c++)
		ac.letter[c] = ac.letter[c | 0x20];
	ac.letter['_'] = ac.letter['-'] = SKIP;
	link_states();
	ac.ready = true;
}

/* Offset where the needle that ends at `end` begins, over the bytes passed over. */
static size_t start_of(struct slice text, size_t end, size_t len)
{
	while (len > 0 && end > 0)
		if (!passed_over(text.at[--end]))
			len--;
	return end;
}

static bool letter(uint8_t c)
{
	return chars_alpha(c) && c != '_';
}

/* A word also begins at a capital behind a small letter: cardNumber. */
static bool begins(struct slice text, size_t at)
{
	if (at == 0 || !letter(text.at[at - 1]))
		return true;
	return chars_upper(text.at[at]) && !chars_upper(text.at[at - 1]);
}

static bool ends(struct slice text, size_t end)
{
	if (end >= text.n || !letter(text.at[end]))
		return true;
	return chars_upper(text.at[end]) && !chars_upper(text.at[end - 1]);
}

static void hit(struct slice text, size_t end, const struct needle *n,
                struct needles_found *out)
{
	if ((n->where & START) && !begins(text, start_of(text, end, strlen(n->text))))
		return;
	if ((n->where & END) && !ends(text, end))
		return;
	out->classes |= n->class;
	if ((n->class & N_URL) && out->urls < NEEDLES_MAX_URLS)
		out->url[out->urls++] = end;
}

uint32_t needles_scan(struct slice text, struct needles_found *out)
{
	uint16_t s = 0;

	if (!ac.ready)
		build();
	out->classes = 0;
	out->urls = 0;
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = ac.letter[text.at[i]];
		if (c == SKIP)
			continue;
		s = ac.next[s][c];
		if (ac.hit[s] == 0 && ac.shorter[s] == 0)
			continue;
		for (uint16_t h = ac.hit[s] ? s : ac.shorter[s]; h; h = ac.shorter[h])
			hit(text, i + 1, &needles[ac.hit[h] - 1], out);
	}
	return out->classes;
}
