/*
 * hinoban: the command line. One file per family of commands; this one finds the command,
 * the language and the config file, and turns the command's outcome into an exit code.
 */
#include "face/commands.h"
#include <errno.h>
#include <string.h>

const struct command *const face_commands[] = {
    &init_cmd,     &check_cmd,    &status_cmd,   &findings_cmd,    &log_cmd,    &show_cmd,
    &diff_cmd,     &approve_cmd,  &dismiss_cmd,  &case_cmd,        &alert_cmd,  &clocks_cmd,
    &deploy_cmd,   &mode_cmd,     &contain_cmd,  &lift_cmd,        &scope_cmd,  &person_cmd,
    &rehearse_cmd, &versions_cmd, &cat_cmd,      &restore_cmd,     &vault_cmd,  &evidence_cmd,
    &verify_cmd,   &rebuild_cmd,  &proof_cmd,    &consistency_cmd, &head_cmd,   &key_cmd,
    &judge_cmd,    &doctor_cmd,   &profiles_cmd, &version_cmd,     &help_cmd,   &completion_cmd,
    &read_cmd,     &page_cmd,     &exposure_cmd, &report_cmd,      &digest_cmd,
};
const size_t face_command_count = sizeof(face_commands) / sizeof(face_commands[0]);

static const struct command *find(const char *name)
{
	const char *names[sizeof(face_commands) / sizeof(face_commands[0])], *near;

	for (size_t i = 0; i < face_command_count; i++) {
		names[i] = face_commands[i]->name;
		if (strcmp(names[i], name) == 0)
			return face_commands[i];
	}
	near = args_nearest(name, names, face_command_count);
	if (near)
		COMPLAIN(T_UNKNOWN_COMMAND_NEAR, name, near);
	else
		COMPLAIN(T_UNKNOWN_COMMAND, name);
	COMPLAIN(T_SEE_HELP, "", "");
	return NULL;
}

/* The language of the environment, as in locale(7). */
static enum text_lang env_lang(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *v = getenv(names[i]);

		if (v && *v)
			return strncmp(v, "ja", 2) == 0 ? LANG_JA : LANG_EN;
	}
	return LANG_EN;
}

/* --lang counts for every complaint, also about the options before it: so it is looked up
 * first. */
static void early_lang(int argc, char **argv)
{
	text_set_lang(env_lang());
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		const char *v = strcmp(argv[i], "--lang") == 0        ? argv[i + 1]
		                : strncmp(argv[i], "--lang=", 7) == 0 ? argv[i] + 7
		                                                      : NULL;

		if (v && strcmp(v, "ja") == 0)
			text_set_lang(LANG_JA);
		else if (v && strcmp(v, "en") == 0)
			text_set_lang(LANG_EN);
	}
}

static int bad_lang(const struct args *a)
{
	const char *v = args_text(a, OPT_LANG);

	if (!v || strcmp(v, "ja") == 0 || strcmp(v, "en") == 0)
		return EXIT_GOOD;
	COMPLAIN(T_BAD_LANG, v);
	return EXIT_USE;
}

static void choose_config(struct face *f)
{
	const char *env = getenv("HINOBAN_CONFIG");

	f->config = args_text(&f->args, OPT_CONFIG);
	if (!f->config)
		f->config = env && *env ? env : FACE_CONFIG;
}

static int run(struct face *f)
{
	if (args_has(&f->args, OPT_HELP)) {
		if (f->cmd)
			help_command(f->cmd);
		else
			help_all();
		return EXIT_GOOD;
	}
	if (!f->cmd) {
		COMPLAIN(T_NO_COMMAND);
		return EXIT_USE;
	}
	return f->cmd->run(f);
}

int main(int argc, char **argv)
{
	struct face f = {0};
	int code = EXIT_USE;

	err_name("hinoban");
	term_setup();
	early_lang(argc, argv);
	if (argc == 2 && (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0))
		return version_cmd.run(&f);
	if (clock_setup() < 0)
		err_die("HINOBAN_CLOCK: %s", strerror(errno));
	arena_init(&f.mem, FACE_MEM_BYTES);
	if (args_parse(&f.args, argc - 1, argv + 1, find, &f.cmd) == 0)
		code = bad_lang(&f.args);
	if (code == EXIT_GOOD) {
		choose_config(&f);
		code = run(&f);
	}
	face_done(&f);
	if (fflush(stdout) != 0 || ferror(stdout))
		return code == EXIT_USE ? EXIT_USE : EXIT_OURS;
	return code;
}
