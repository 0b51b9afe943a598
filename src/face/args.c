#include "face/args.h"
#include <errno.h>
#include <string.h>

#define NEAR_MAX_NAME 31
#define NEAR_ENOUGH   2 /* edits */

#define OPT_ROW(id, name, letter, value, help) [id] = {name, letter, value, help},
const struct option_def option_defs[OPT_IDS] = {OPTIONS(OPT_ROW)};
#undef OPT_ROW

static const uint8_t everywhere[] = {OPT_CONFIG, OPT_STATE, OPT_LANG, OPT_HELP};

bool args_knows(const struct command *cmd, enum opt_id id)
{
	for (size_t i = 0; i < sizeof(everywhere); i++)
		if (everywhere[i] == id)
			return true;
	for (const uint8_t *o = cmd ? cmd->opts : NULL; o && *o != OPT_END; o++)
		if (*o == id)
			return true;
	return false;
}

/* Where a command means another thing by a name than the others. */
static const struct {
	const char *command;
	enum opt_id id;
	const char *value; /* NULL: as elsewhere */
	enum text_id help;
} meanings[] = {
    {"init", OPT_FORCE, NULL, T_OPT_FORCE_INIT},
    {"restore", OPT_FORCE, NULL, T_OPT_FORCE_RESTORE},
    {"restore", OPT_TO, "DIR", T_OPT_TO_RESTORE},
    {"restore", OPT_AT, NULL, T_OPT_AT_RESTORE},
    {"evidence", OPT_TO, "PATH", T_OPT_TO_EVIDENCE},
    {"cat", OPT_AT, NULL, T_OPT_AT_CAT},
    {"case", OPT_AT, NULL, T_OPT_AT_CASE},
    {"case", OPT_FROM, "WHO", T_OPT_FROM_CASE},
    {"case", OPT_ALL, NULL, T_OPT_ALL_CASE},
    {"approve", OPT_ALL, NULL, T_OPT_ALL_APPROVE},
    {"clocks", OPT_ALL, NULL, T_OPT_ALL_CLOCKS},
    {"page", OPT_ALL, NULL, T_OPT_ALL_PAGE},
};

struct option_def args_option(const struct command *cmd, enum opt_id id)
{
	struct option_def d = option_defs[id];

	for (size_t i = 0; cmd && i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		if (meanings[i].id != id || strcmp(meanings[i].command, cmd->name) != 0)
			continue;
		d.value = meanings[i].value ? meanings[i].value : d.value;
		d.help = meanings[i].help;
	}
	return d;
}

bool args_has(const struct args *a, enum opt_id id)
{
	return a->count[id] > 0;
}

const char *args_text(const struct args *a, enum opt_id id)
{
	return a->count[id] ? a->value[id][a->count[id] - 1] : NULL;
}

int64_t args_number(const struct args *a, enum opt_id id, int64_t otherwise, int64_t max)
{
	const char *t = args_text(a, id);
	uint64_t n;

	if (!t)
		return otherwise;
	if (slice_u64(slice_str(t), &n) && n <= (uint64_t)max)
		return (int64_t)n;
	COMPLAIN(T_BAD_NUMBER, option_defs[id].name, t);
	return -EINVAL;
}

/* Edit distance of two short names (Levenshtein, one row). */
static size_t distance(const char *a, const char *b)
{
	size_t row[NEAR_MAX_NAME + 2], na = strlen(a), nb = strlen(b);

	if (na > NEAR_MAX_NAME || nb > NEAR_MAX_NAME)
		return SIZE_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t up = row[j], best = corner + (a[i - 1] != b[j - 1]);

			best = up + 1 < best ? up + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			corner = up;
			row[j] = best;
		}
	}
	return row[nb];
}

const char *args_nearest(const char *typed, const char *const *names, size_t n)
{
	const char *best = NULL;
	size_t least = NEAR_ENOUGH + 1;

	for (size_t i = 0; i < n; i++) {
		size_t d = distance(typed, names[i]);

		if (d < least) {
			least = d;
			best = names[i];
		}
	}
	return best;
}

static int unknown_option(const char *typed, const struct command *cmd)
{
	const char *names[OPT_IDS], *near;
	size_t n = 0;

	for (int id = 0; id < OPT_IDS; id++)
		if (args_knows(cmd, (enum opt_id)id))
			names[n++] = option_defs[id].name;
	near =
	    args_nearest(typed + (typed[0] == '-') + (typed[0] && typed[1] == '-'), names, n);
	if (near)
		COMPLAIN(T_UNKNOWN_OPTION_NEAR, typed, near);
	else
		COMPLAIN(T_UNKNOWN_OPTION, typed);
	COMPLAIN(T_SEE_HELP, cmd ? cmd->name : "", cmd ? " " : "");
	return -EINVAL;
}

/* Which option is this argument ("--name", "--name=value" or "-n")? OPT_IDS: none. */
static enum opt_id option_of(const char *arg, const struct command *cmd)
{
	size_t n = strcspn(arg, "=");

	for (int id = 0; id < OPT_IDS; id++) {
		const struct option_def *d = &option_defs[id];
		bool same =
		    strncmp(arg, "--", 2) == 0
		        ? strlen(d->name) == n - 2 && strncmp(arg + 2, d->name, n - 2) == 0
		        : d->letter && arg[1] == d->letter && !arg[2];

		if (same && args_knows(cmd, (enum opt_id)id))
			return (enum opt_id)id;
	}
	return OPT_IDS;
}

/* One option at argv[at]; returns how many words it took, or -EINVAL. */
static int take_option(struct args *a, int argc, char **argv, int at, const struct command *cmd)
{
	enum opt_id id = option_of(argv[at], cmd);
	const char *equals = strncmp(argv[at], "--", 2) == 0 ? strchr(argv[at], '=') : NULL;
	bool wants;

	if (id == OPT_IDS)
		return unknown_option(argv[at], cmd);
	wants = option_defs[id].value != NULL;
	if (!wants && equals) {
		COMPLAIN(T_NO_VALUE_WANTED, option_defs[id].name);
		return -EINVAL;
	}
	if (wants && !equals && at + 1 >= argc) {
		COMPLAIN(T_VALUE_WANTED, option_defs[id].name, args_option(cmd, id).value);
		return -EINVAL;
	}
	if (a->count[id] == ARGS_MAX_REPEAT) {
		COMPLAIN(T_TOO_OFTEN, option_defs[id].name);
		return -EINVAL;
	}
	a->value[id][a->count[id]++] = !wants ? "" : equals ? equals + 1 : argv[at + 1];
	return wants && !equals ? 2 : 1;
}

static int check_count(const struct args *a, const struct command *cmd)
{
	if (!cmd || args_has(a, OPT_HELP))
		return 0;
	if (a->rests < cmd->min)
		COMPLAIN(T_TOO_FEW, cmd->name, cmd->usage);
	else if (cmd->max != UINT8_MAX && a->rests > cmd->max)
		COMPLAIN(T_TOO_MANY, cmd->name, a->rest[cmd->max]);
	else
		return 0;
	COMPLAIN(T_SEE_HELP, cmd->name, " ");
	return -EINVAL;
}

static int take_word(struct args *a, char *word, args_find_fn *find, const struct command **cmd)
{
	if (*cmd) {
		a->rest[a->rests++] = word;
		return 0;
	}
	*cmd = find(word);
	return *cmd ? 0 : -EINVAL;
}

int args_parse(struct args *a, int argc, char **argv, args_find_fn *find,
               const struct command **cmd)
{
	bool options = true;
	int at = 0, r = 0;

	*cmd = NULL;
	a->rest = calloc((size_t)argc + 1, sizeof(*a->rest));
	if (!a->rest)
		return -ENOMEM;
	while (at < argc && r >= 0) {
		char *w = argv[at];

		if (options && strcmp(w, "--") == 0) {
			options = false;
			at++;
		} else if (options && w[0] == '-' && w[1]) {
			r = take_option(a, argc, argv, at, *cmd);
			at += r > 0 ? r : 0;
		} else {
			r = take_word(a, w, find, cmd);
			options = options && !((*cmd) && (*cmd)->foreign && a->rests);
			at++;
		}
	}
	return r < 0 ? r : check_count(a, *cmd);
}
