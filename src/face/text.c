#include "face/text.h"

#define TEXT_MAX_BYTES (64u * 1024)
#define TEXT_MAX_ARGS  9

#define TEXT_ROW(id, en, ja) [id] = {en, ja},
static const char *const texts[TEXT_IDS][2] = {TEXTS(TEXT_ROW)};
#undef TEXT_ROW

static enum text_lang chosen = LANG_EN;

void text_set_lang(enum text_lang lang)
{
	chosen = lang;
}

enum text_lang text_lang(void)
{
	return chosen;
}

const char *text_lang_name(void)
{
	return chosen == LANG_JA ? "ja" : "en";
}

const char *text(enum text_id id)
{
	return texts[id][chosen];
}

const char *text_of(enum text_lang lang, enum text_id id)
{
	return texts[id][lang];
}

/* The number of a placeholder "{N}" at p, or 0. */
static int placeholder(const char *p)
{
	if (p[0] != '{' || p[1] < '1' || p[1] > '9' || p[2] != '}')
		return 0;
	return p[1] - '0';
}

void text_fill(struct buf *out, enum text_id id, const char *const arg[])
{
	int args = 0;

	while (args < TEXT_MAX_ARGS && arg[args + 1])
		args++;
	for (const char *p = text(id); *p;) {
		int n = placeholder(p);

		if (!n) {
			buf_byte(out, (uint8_t)*p++);
			continue;
		}
		if (n <= args)
			text_safe(out, slice_str(arg[n]));
		p += 3;
	}
}

void text_say(FILE *to, enum text_id id, const char *const arg[])
{
	struct buf b;

	buf_init(&b, TEXT_MAX_BYTES);
	text_fill(&b, id, arg);
	buf_byte(&b, '\n');
	fwrite(b.at, 1, b.n, to);
	buf_done(&b);
}

void text_complain(enum text_id id, const char *const arg[])
{
	fflush(stdout);
	fputs("hinoban: ", stderr);
	text_say(stderr, id, arg);
}
