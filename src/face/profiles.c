/* hinoban profiles: the kinds of shops that it knows. */
#include "face/commands.h"
#include <errno.h>
#include <glob.h>
#include <string.h>

#define NAME_COLUMNS 16

/* A profile begins with a comment; its first sentence says what it is for. */
static const char *title_of(struct face *f, const char *file)
{
	char line[256] = "", *end;
	FILE *in = fopen(file, "re");

	if (in && !fgets(line, sizeof(line), in))
		line[0] = '\0';
	if (in)
		fclose(in);
	line[strcspn(line, "\n")] = '\0';
	end = strstr(line, ". ");
	if (end)
		*end = '\0';
	return line[0] == '#' && slice_utf8_valid(slice_str(line))
	           ? face_cstr(f, slice_trim(slice_str(line + 1)))
	           : "";
}

static void one(struct face *f, const char *file, bool json)
{
	struct slice name = slice_str(strrchr(file, '/') + 1);
	const char *title = title_of(f, file);
	struct json *o;

	name = slice_sub(name, 0, name.n - strlen(".profile"));
	if (json) {
		o = json_obj(&f->mem);
		json_put_slice(&f->mem, o, "profile", name);
		json_put_str(&f->mem, o, "title", title);
		face_put_json(o);
		return;
	}
	fputs("  ", stdout);
	term_color(TERM_BOLD);
	term_cell(name, NAME_COLUMNS);
	term_color(TERM_PLAIN);
	putchar(' ');
	term_text(slice_str(title));
	putchar('\n');
}

static int profiles_run(struct face *f)
{
	char pattern[FACE_PATH_MAX];
	glob_t g;

	snprintf(pattern, sizeof(pattern), "%s/*.profile", conf_profile_dir());
	if (glob(pattern, 0, NULL, &g) != 0) {
		COMPLAIN(T_CANNOT_READ, pattern, strerror(ENOENT));
		return EXIT_OURS;
	}
	for (size_t i = 0; i < g.gl_pathc; i++)
		one(f, g.gl_pathv[i], args_has(&f->args, OPT_JSON));
	globfree(&g);
	return EXIT_GOOD;
}

static const uint8_t profiles_opts[] = {OPT_JSON, OPT_END};

const struct command profiles_cmd = {
    .name = "profiles",
    .usage = "",
    .what = T_PROFILES_WHAT,
    .more = T_PROFILES_EXAMPLES,
    .opts = profiles_opts,
    .run = profiles_run,
};
