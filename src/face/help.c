#include "face/help.h"
#include "fact/feature.h"
#include <string.h>

#define NAME_COLUMNS 24

static const uint8_t no_opts[] = {OPT_END};

/* A name that is too long for its column has a line of its own: cut off it helps nobody. */
static void entry(const char *name, enum text_id what)
{
	bool long_name = term_width(slice_str(name)) > NAME_COLUMNS;

	fputs("  ", stdout);
	term_color(TERM_BOLD);
	term_cell(slice_str(name), long_name ? term_width(slice_str(name)) : NAME_COLUMNS);
	term_color(TERM_PLAIN);
	if (long_name)
		printf("\n  %*s", NAME_COLUMNS, "");
	printf(" %s\n", text(what));
}

static void option_entry(const struct command *cmd, enum opt_id id)
{
	const struct option_def d = args_option(cmd, id);
	char name[64], letter[8] = "    ";

	if (d.letter)
		snprintf(letter, sizeof(letter), "-%c, ", d.letter);
	snprintf(name, sizeof(name), "%s--%s%s%s", letter, d.name, d.value ? " " : "",
	         d.value ? d.value : "");
	entry(name, d.help);
}

void help_all(void)
{
	SAY(T_HELP_HEAD);
	printf("\n");
	SAY(T_HELP_USAGE, "hinoban COMMAND [OPTION ...] [ARGUMENT ...]");
	printf("\n");
	SAY(T_HELP_COMMANDS);
	for (size_t i = 0; i < face_command_count; i++)
		entry(face_commands[i]->name, face_commands[i]->what);
	printf("\n");
	SAY(T_HELP_EVERYWHERE);
	for (int id = 0; id < OPT_IDS; id++)
		if (args_knows(NULL, (enum opt_id)id))
			option_entry(NULL, (enum opt_id)id);
	printf("\n");
	SAY(T_HELP_CODES);
	SAY(T_HELP_MORE);
}

void help_command(const struct command *cmd)
{
	char usage[256];

	snprintf(usage, sizeof(usage), "hinoban %s [OPTION ...]%s%s", cmd->name,
	         *cmd->usage ? " " : "", cmd->usage);
	SAY(T_HELP_USAGE, usage);
	printf("\n%s\n\n%s\n\n", text(cmd->what), text(cmd->more));
	SAY(T_HELP_OPTIONS);
	for (int id = 0; id < OPT_IDS; id++)
		if (args_knows(cmd, (enum opt_id)id))
			option_entry(cmd, (enum opt_id)id);
	printf("\n");
	SAY(T_HELP_CODES);
}

static int help_run(struct face *f)
{
	if (!f->args.rests) {
		help_all();
		return EXIT_GOOD;
	}
	for (size_t i = 0; i < face_command_count; i++)
		if (strcmp(face_commands[i]->name, f->args.rest[0]) == 0) {
			help_command(face_commands[i]);
			return EXIT_GOOD;
		}
	COMPLAIN(T_UNKNOWN_COMMAND, f->args.rest[0]);
	return EXIT_USE;
}

const struct command help_cmd = {
    .name = "help",
    .usage = "[COMMAND]",
    .what = T_HELP_WHAT,
    .more = T_HELP_EXAMPLES,
    .opts = no_opts,
    .max = 1,
    .run = help_run,
};

static int version_run(struct face *f)
{
	(void)f;
	printf("hinoban %s\n", HINOBAN_VERSION);
	return EXIT_GOOD;
}

const struct command version_cmd = {
    .name = "version",
    .usage = "",
    .what = T_VERSION_WHAT,
    .more = T_VERSION_EXAMPLES,
    .opts = no_opts,
    .run = version_run,
};

/* --- lists for the shell's completion and for scripts: plain lines, never translated --- */

static void list_commands(void)
{
	for (size_t i = 0; i < face_command_count; i++)
		printf("%s\n", face_commands[i]->name);
}

static void list_types(void)
{
	for (size_t i = 0; i < fact_type_count; i++)
		printf("%s\n", fact_types[i].type);
}

/* "TYPE KIND FIELD ...": the required fields. */
static void list_fields(void)
{
	for (size_t i = 0; i < fact_type_count; i++)
		printf("%s %s %s\n", fact_types[i].type, fact_kind_name(fact_types[i].kind),
		       fact_types[i].required);
}

static void list_features(void)
{
	for (int i = 0; i < FEATURE_COUNT; i++)
		printf("%s\n", feature_rows[i].name);
}

static void list_kinds(void)
{
	for (int k = 0; k < FACT_KINDS; k++)
		printf("%s\n", fact_kind_name((enum fact_kind)k));
}

static const struct {
	const char *name;
	void (*list)(void);
} lists[] = {
    {"commands", list_commands}, {"types", list_types}, {"fields", list_fields},
    {"features", list_features}, {"kinds", list_kinds},
};

static bool list_options(const char *name)
{
	const struct command *cmd = NULL;

	for (size_t i = 0; i < face_command_count; i++)
		if (strcmp(face_commands[i]->name, name) == 0)
			cmd = face_commands[i];
	for (int id = 0; cmd && id < OPT_IDS; id++)
		if (args_knows(cmd, (enum opt_id)id))
			printf("--%s\n", option_defs[id].name);
	return cmd != NULL;
}

static int completion_run(struct face *f)
{
	const char *what = f->args.rests ? f->args.rest[0] : "commands";

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (f->args.rests < 2 && strcmp(lists[i].name, what) == 0) {
			lists[i].list();
			return EXIT_GOOD;
		}
	if (f->args.rests == 2 && strcmp(what, "options") == 0 && list_options(f->args.rest[1]))
		return EXIT_GOOD;
	COMPLAIN(T_COMPLETION_UNKNOWN, what);
	return EXIT_USE;
}

const struct command completion_cmd = {
    .name = "completion",
    .usage = "[LIST [COMMAND]]",
    .what = T_COMPLETION_WHAT,
    .more = T_COMPLETION_EXAMPLES,
    .opts = no_opts,
    .max = 2,
    .run = completion_run,
};
