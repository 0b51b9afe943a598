/* The config as `hinoban init` writes it: every setting, explained, from the table of keys. */
#include "conf/conf.h"
#include "conf/keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *en, *ja;
} said[] = {
    {"hinoban: settings. Each line shows a setting with its value; lines with # say what it "
     "is.",
     "hinoban(火の番)の設定です。# の行は説明で、その下が設定です。"},
    {"Recognised: ", "見つけたショップ: "},
    {"because of: ", "手がかり: "},
    {"For example:", "例:"},
};
enum { SAID_HEAD, SAID_RECOGNISED, SAID_BECAUSE, SAID_EXAMPLE };

static const char *in(bool ja, const char *en_text, const char *ja_text)
{
	return ja ? ja_text : en_text;
}

static void comment(struct buf *b, const char *text)
{
	struct cursor c = cursor_over(slice_str(text));
	struct slice line;

	while (cursor_line(&c, &line)) {
		buf_str(b, "# ");
		buf_add(b, line);
		buf_byte(b, '\n');
	}
}

static void quoted(struct buf *b, const char *text)
{
	buf_byte(b, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_byte(b, '\\');
		buf_byte(b, (uint8_t)*text);
	}
	buf_byte(b, '"');
}

struct own {
	const char *dir, *state, *profile, *base, *lang;
};

static void value(struct buf *b, const struct keys_key *k, const struct own *o)
{
	const struct {
		const char *name, *text;
	} ours[] = {{"state", o->state},
	            {"profile", o->profile},
	            {"profile_base", o->base},
	            {"language", o->lang}};

	buf_printf(b, "%s = ", k->name);
	if (!strcmp(k->name, "roots")) {
		buf_byte(b, '[');
		quoted(b, o->dir);
		buf_str(b, "]\n");
		return;
	}
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (!strcmp(k->name, ours[i].name) && k->section[0] == '\0') {
			quoted(b, ours[i].text);
			buf_byte(b, '\n');
			return;
		}
	buf_printf(b, "%s\n", k->otherwise);
}

/* The steps to the payment page of this kind of shop, where they are known. */
static void pages_example(struct buf *b, const struct own *o, bool ja)
{
	char path[4096], line[256];
	int n = snprintf(path, sizeof(path), "%s/journeys/%s.journey", conf_profile_dir(),
	                 o->profile);

	if (n < 0 || (size_t)n >= sizeof(path) || access(path, R_OK) < 0)
		return;
	snprintf(line, sizeof(line), "watch = [\"checkout https://shop.example/ %.60s\"]",
	         o->profile);
	comment(b, in(ja, said[SAID_EXAMPLE].en, said[SAID_EXAMPLE].ja));
	comment(b, line);
}

static void section(struct buf *b, const struct keys_section *sec, const struct own *o, bool ja)
{
	if (sec->name[0]) {
		buf_byte(b, '\n');
		comment(b, in(ja, sec->en, sec->ja));
		buf_printf(b, "[%s]\n", sec->name);
	}
	if (!strcmp(sec->name, "paths")) {
		comment(b, in(ja, said[SAID_EXAMPLE].en, said[SAID_EXAMPLE].ja));
		comment(b, "ignored = [\"backup/**\"]\npayment = [\"**/card_*.php\"]");
	}
	if (!strcmp(sec->name, "pages"))
		pages_example(b, o, ja);
	for (size_t k = 0; k < keys_count; k++)
		if (!strcmp(keys_table[k].section, sec->name)) {
			comment(b, in(ja, keys_table[k].en, keys_table[k].ja));
			value(b, &keys_table[k], o);
		}
}

static void heading(struct buf *b, const struct conf_guess *g, bool ja)
{
	comment(b, in(ja, said[SAID_HEAD].en, said[SAID_HEAD].ja));
	if (g) {
		buf_printf(b, "#\n# %s%s\n",
		           in(ja, said[SAID_RECOGNISED].en, said[SAID_RECOGNISED].ja),
		           g->title);
		if (g->because[0])
			buf_printf(b, "# %s%s\n",
			           in(ja, said[SAID_BECAUSE].en, said[SAID_BECAUSE].ja),
			           g->because);
	}
	buf_byte(b, '\n');
}

int conf_write_default(struct buf *out, const struct conf_guess *g, const char *dir,
                       const char *state, const char *lang)
{
	bool ja = lang && !strcmp(lang, "ja");
	struct own o = {
	    .dir = dir ? dir : (g ? g->dir : ""),
	    .state = state,
	    .profile = g ? g->profile : "plain",
	    .base = g ? g->base : "",
	    .lang = ja ? "ja" : "en",
	};

	heading(out, g, ja);
	for (size_t i = 0; i < keys_section_count; i++)
		section(out, &keys_sections[i], &o, ja);
	return buf_ok(out) ? 0 : -ENOMEM;
}
