#include "judge/files.h"

#define SURE_MOST 0.99

static void also(struct verdict *v, const char *name)
{
	if (v->alsos < sizeof(v->also) / sizeof(v->also[0]))
		v->also[v->alsos++] = name;
}

static void raise_to(struct verdict *v, enum fact_severity s)
{
	if (v->severity < s)
		v->severity = s;
}

static void say(struct verdict *v, const char *type, enum words_event event,
                enum fact_severity severity, double sure)
{
	v->type = type;
	v->event = event;
	v->severity = severity;
	v->sure = sure;
}

/* What the signs add to a verdict that stands already. */
static void weigh_signs(struct verdict *v)
{
	raise_to(v, v->signs.severity);
	v->sure = signs_join(v->sure, v->signs.sure);
}

/*
 * People change a shop's code from a shell or a deploy tool. When the process that answers
 * visitors does it, either the shop updates itself, or a visitor made it do so.
 */
static void weigh_writer(struct verdict *v, const struct change *c)
{
	if (!change_by_worker(c))
		return;
	also(v, "by_web_server");
	raise_to(v, SEV_HIGH);
	v->sure = signs_join(v->sure, 0.5);
}

static bool has_mode(const struct change *c, uint32_t bits)
{
	return (c->mode & bits) != 0 && (c->approved_mode & bits) == 0;
}

static void weigh_rights(struct verdict *v, const struct change *c)
{
	if (!change_rights_differ(c))
		return;
	if (has_mode(c, 06000)) {
		also(v, "set_id");
		raise_to(v, SEV_HIGH);
		v->sure = signs_join(v->sure, 0.6);
	}
	if (has_mode(c, 0002)) {
		also(v, "world_writable");
		raise_to(v, SEV_MEDIUM);
		v->sure = signs_join(v->sure, 0.3);
	}
	if (json_num(c->approved, "uid", 0) != json_num(c->present, "uid", 0))
		also(v, "owner");
}

static bool is_picture(const struct change *c)
{
	return slice_eq(c->kind, SLICE("image")) || slice_eq(c->kind, SLICE("binary"));
}

static bool is_prose(const struct change *c)
{
	static const char *const ends[] = {
	    ".md",   ".txt",   ".rst", ".pot", ".po",   ".mo",   ".css", ".map", ".svg",
	    ".woff", ".woff2", ".ttf", ".eot", ".lock", ".json", ".xml", ".yml", ".yaml"};

	if (change_runs(c))
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (slice_ends(c->path, slice_str(ends[i])))
			return true;
	}
	return is_picture(c) || slice_eq(c->kind, SLICE("empty"));
}

static void judge_altered(const struct change *c, struct verdict *v)
{
	bool quiet = is_prose(c) && v->signs.n == 0;

	if (!slice_eq(json_text(c->approved, "class"), c->class)) {
		say(v, "file.tampered", WORDS_REPLACED,
		    c->role == ROLE_PAYMENT ? SEV_HIGH : SEV_MEDIUM, 0.7);
	} else if (c->role == ROLE_PAYMENT) {
		say(v, "file.tampered", WORDS_TAMPERED, quiet ? SEV_MEDIUM : SEV_HIGH,
		    quiet ? 0.5 : 0.75);
	} else {
		say(v, "file.tampered", WORDS_TAMPERED, quiet ? SEV_LOW : SEV_MEDIUM,
		    quiet ? 0.3 : 0.55);
	}
	weigh_signs(v);
	weigh_rights(v, c);
	weigh_writer(v, c);
	/* Payment code that now reaches for input or the network is the very case of CASES.md.
	 */
	if (c->role == ROLE_PAYMENT && v->signs.severity >= SEV_HIGH)
		raise_to(v, SEV_CRITICAL);
}

static void judge_new(const struct change *c, struct verdict *v)
{
	if (slice_eq(c->class, SLICE("dir")) || slice_eq(c->class, SLICE("other")))
		return;
	if (slice_eq(c->class, SLICE("link"))) {
		say(v, "file.planted", WORDS_PLANTED, SEV_MEDIUM, 0.45);
	} else if (change_runs(c)) {
		bool grave = c->role == ROLE_PAYMENT || c->now[F_PHP_CODE];

		say(v, "file.planted", WORDS_PLANTED, grave ? SEV_HIGH : SEV_MEDIUM,
		    grave ? 0.65 : 0.5);
	} else if (v->signs.n) {
		say(v, "file.planted", WORDS_PLANTED, SEV_LOW, 0.3);
	} else {
		return; /* a picture or a text among code: no program, nothing to cry about */
	}
	weigh_signs(v);
	weigh_writer(v, c);
}

static void judge_gone(const struct change *c, struct verdict *v)
{
	if (slice_eq(json_text(c->approved, "class"), SLICE("dir")))
		return; /* each file in it speaks for itself */
	say(v, "file.removed", WORDS_REMOVED, c->role == ROLE_PAYMENT ? SEV_HIGH : SEV_MEDIUM,
	    0.4);
	weigh_writer(v, c);
}

static void judge_code(const struct change *c, struct verdict *v)
{
	signs_of(c, &v->signs);
	if (!c->present && !c->approved)
		return;
	if (!c->present)
		judge_gone(c, v);
	else if (!c->approved)
		judge_new(c, v);
	else if (change_content_differs(c))
		judge_altered(c, v);
	else if (change_rights_differ(c)) {
		v->signs = (struct signs){0};
		say(v, "file.attributes", WORDS_RIGHTS, SEV_LOW, 0.3);
		weigh_rights(v, c);
	}
}

/* Nothing that runs belongs among uploads; what only a browser might run is less grave. */
static void judge_upload(const struct change *c, struct verdict *v)
{
	bool markup = slice_eq(c->kind, SLICE("html")) || slice_eq(c->kind, SLICE("js"));

	if (!c->present || !slice_eq(c->class, SLICE("file")))
		return;
	signs_anywhere(c, &v->signs);
	if (c->now[F_PHP_CODE] || c->now[F_CODE_IN_IMAGE] || c->now[F_PHAR_STUB] ||
	    c->now[F_HANDLER_PHP] || c->now[F_PREPEND_FILE])
		say(v, "upload.code", WORDS_UPLOAD, SEV_HIGH, 0.9);
	else if (c->gained[F_CARD_DATA])
		say(v, "upload.code", WORDS_CARDS, SEV_HIGH, 0.8);
	else if (change_runs(c) && !markup)
		say(v, "upload.code", WORDS_UPLOAD, SEV_MEDIUM, 0.6);
	else if (markup && (c->now[F_SCRIPT_INLINE] || c->now[F_EVENT_ATTRIBUTE] || v->signs.n))
		say(v, "upload.code", WORDS_UPLOAD, SEV_LOW, 0.4);
	else
		return;
	/* A program under a program's name is run by the web server as soon as it is asked for.
	 */
	if (c->now[F_PHP_CODE] && slice_eq(c->kind, SLICE("php")))
		raise_to(v, SEV_CRITICAL);
	weigh_signs(v);
	weigh_writer(v, c);
}

static void judge_generated(const struct change *c, struct verdict *v)
{
	if (!c->present || !slice_eq(c->class, SLICE("file")))
		return;
	signs_anywhere(c, &v->signs);
	if (v->signs.n == 0)
		return;
	say(v, c->approved ? "file.tampered" : "file.planted", WORDS_GENERATED, SEV_MEDIUM,
	    0.3);
	weigh_signs(v);
}

/* With nothing to compare with, only what honest shops never hold is worth a word. */
static void judge_first(const struct change *c, struct verdict *v)
{
	struct verdict upload = {0};

	if (c->role == ROLE_UPLOADS) {
		judge_upload(c, &upload);
		*v = upload;
	} else {
		signs_absolute(c, &v->signs);
		if (v->signs.n == 0)
			return;
		say(v, "file.planted", WORDS_FOUND, SEV_MEDIUM, 0.3);
		/* Old and large programs hold odd things: half of what it would weigh as a
		 * change. */
		v->sure = signs_join(v->sure, v->signs.sure / 2);
		raise_to(v, v->signs.severity > SEV_HIGH ? SEV_HIGH : v->signs.severity);
	}
	if (v->event == WORDS_UPLOAD)
		v->event = WORDS_FOUND;
}

void files_judge(const struct change *c, struct verdict *out)
{
	*out = (struct verdict){0};
	if (c->deployed || c->role == ROLE_IGNORED || c->role == ROLE_DATA)
		return;
	if (c->baseline)
		judge_first(c, out);
	else if (c->role == ROLE_UPLOADS)
		judge_upload(c, out);
	else if (c->role == ROLE_GENERATED)
		judge_generated(c, out);
	else if (!change_is_none(c))
		judge_code(c, out);
	if (out->sure > SURE_MOST)
		out->sure = SURE_MOST;
}
