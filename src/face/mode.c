/* hinoban mode: what is done about a file that is not as approved. */
#include "face/commands.h"
#include "face/words.h"
#include <string.h>

#define COLUMNS 12
#define CONNECT "connect" /* no role of files: where web workers may connect to */

struct modes {
	struct face *f;
	enum conf_mode *of;
	struct slice *connect;
};

static int take_word(void *ctx, int64_t seq, struct slice canonical)
{
	struct modes *m = ctx;
	const struct json *w = json_parse(&m->f->mem, arena_copy(&m->f->mem, canonical), NULL);
	struct slice role = json_text(w, "role");
	enum conf_mode mode;

	(void)seq;
	if (!conf_mode_of(json_text(w, "mode"), &mode))
		return 0;
	conf_mode_set(m->of, role, mode);
	if (slice_eq(role, SLICE(CONNECT)) && !slice_eq(*m->connect, SLICE("off")))
		*m->connect = slice_str(conf_mode_name(mode));
	return 0;
}

int face_modes(struct face *f, enum conf_mode out[ROLES], struct slice *connect)
{
	struct ledger_query q = {.type = SLICE("mode")};
	struct modes m = {f, out, connect};
	int code = face_conf(f);

	if (!code)
		code = face_ledger(f);
	if (code)
		return code;
	for (int r = 0; r < ROLES; r++) {
		out[r] = CONF_WATCH;
		conf_mode_of(f->conf.hold[r], &out[r]);
	}
	*connect = f->conf.fence_connect;
	return ledger_each(f->ledger, &q, take_word, &m) < 0 ? EXIT_OURS : EXIT_GOOD;
}

static int show(struct face *f)
{
	enum conf_mode of[ROLES];
	struct slice connect;
	int code = face_modes(f, of, &connect);

	if (code)
		return code;
	if (args_has(&f->args, OPT_JSON)) {
		struct json *o = json_obj(&f->mem);

		for (int r = 0; r < ROLE_DATA; r++)
			json_put_str(&f->mem, o, role_name((enum role)r),
			             conf_mode_name(of[r]));
		json_put_slice(&f->mem, o, CONNECT, connect);
		face_put_json(o);
		return EXIT_GOOD;
	}
	for (int r = 0; r < ROLE_DATA; r++) {
		char name[COLUMNS + 1];

		snprintf(name, sizeof(name), "%-*s", COLUMNS, role_name((enum role)r));
		SAY(T_MODE_LINE, name, conf_mode_name(of[r]));
	}
	SAY(T_MODE_LINE, CONNECT "     ", face_cstr(f, connect));
	return EXIT_GOOD;
}

static int send(struct face *f, const char *role, enum conf_mode mode, const char *reason)
{
	struct json *d = fact_draft(&f->mem, "mode");
	struct err e = {0};
	int64_t word;

	json_put_str(&f->mem, d, "role", role);
	json_put_str(&f->mem, d, "mode", conf_mode_name(mode));
	json_put_str(&f->mem, d, "by", face_who(f));
	json_put_str(&f->mem, d, "reason", reason);
	word = post_client_fact(f->client, d, -1, &e);
	if (word < 0) {
		COMPLAIN(T_LEDGER_FAULT, e.text);
		return EXIT_OURS;
	}
	if (args_has(&f->args, OPT_JSON))
		face_put_fact(f, word);
	else
		SAY(T_MODE_SET, role, conf_mode_name(mode), face_int(f, word));
	return EXIT_GOOD;
}

/* Connections are held by the fence alone: where it can't stand, nobody is kept from any. */
static void warn_of_fence(struct face *f)
{
	const struct json *told = face_newest(f, "fence.mode");

	if (told && !json_true(told, "stands"))
		COMPLAIN(T_MODE_NO_FENCE, words_field(f, told, "why"));
}

static bool roles_good(const struct face *f, enum conf_mode mode)
{
	for (int i = 1; i < f->args.rests; i++) {
		enum role r;

		if (role_of(slice_str(f->args.rest[i]), &r) && r < ROLE_DATA)
			continue;
		/* There is nothing to heal about a connection. */
		if (strcmp(f->args.rest[i], CONNECT) == 0 && mode != CONF_HEAL)
			continue;
		COMPLAIN(T_MODE_NO_ROLE, f->args.rest[i]);
		return false;
	}
	return true;
}

static int set(struct face *f)
{
	const char *reason;
	enum conf_mode mode;
	int code;

	if (!conf_mode_of(slice_str(f->args.rest[0]), &mode)) {
		COMPLAIN(T_MODE_UNKNOWN, f->args.rest[0]);
		return EXIT_USE;
	}
	if (!roles_good(f, mode) || !face_reason(f, &reason))
		return EXIT_USE;
	if (!reason) {
		COMPLAIN(T_REASON_WANTED);
		return EXIT_USE;
	}
	code = face_client(f);
	if (!code)
		code = face_ledger(f);
	if (!code && f->args.rests == 1)
		code = send(f, "all", mode, reason);
	for (int i = 1; i < f->args.rests && !code; i++)
		code = send(f, f->args.rest[i], mode, reason);
	for (int i = 1; i < f->args.rests && !code && mode == CONF_HOLD; i++)
		if (strcmp(f->args.rest[i], CONNECT) == 0)
			warn_of_fence(f);
	if (!code && !post_client_live(f->client))
		COMPLAIN(T_MODE_NOT_RUNNING);
	return code;
}

static int mode_run(struct face *f)
{
	return f->args.rests ? set(f) : show(f);
}

static const uint8_t mode_opts[] = {OPT_JSON, OPT_REASON, OPT_END};

const struct command mode_cmd = {
    .name = "mode",
    .usage = "[watch|heal|hold [ROLE ...]]",
    .what = T_MODE_WHAT,
    .more = T_MODE_EXAMPLES,
    .opts = mode_opts,
    .min = 0,
    .max = 7,
    .run = mode_run,
};
