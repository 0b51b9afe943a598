#include "judge/files.h"
#include "base/path.h"

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

static bool has_capability(const struct change *c)
{
	return json_get(json_get(c->present, "xattrs"), "security.capability") != NULL;
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
	if (change_attributes_differ(c))
		also(v, "attributes");
	/* It gives a program what set-id bits would. */
	if (change_attributes_differ(c) && has_capability(c)) {
		also(v, "file_capability");
		raise_to(v, SEV_HIGH);
		v->sure = signs_join(v->sure, 0.6);
	}
}

/* Nobody runs it: an edit of it is noted, but no reason to be woken. */
static bool is_prose(const struct change *c)
{
	return !change_runs(c) && (change_named_prose(c) || slice_eq(c->kind, SLICE("image")) ||
	                           slice_eq(c->kind, SLICE("binary")));
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
	} else if (v->signs.n || slice_eq(c->kind, SLICE("html"))) {
		say(v, "file.planted", WORDS_PLANTED, SEV_LOW, 0.3);
	} else if (change_named_program(c)) {
		/* Empty, or not to be read: its name is enough. */
		say(v, "file.planted", WORDS_PLANTED, SEV_LOW, 0.3);
	} else {
		return; /* a picture or a text among code: no program, nothing to cry about */
	}
	weigh_signs(v);
	weigh_writer(v, c);
}

static void judge_gone(const struct change *c, struct verdict *v)
{
	if (slice_eq(json_text(c->approved, "class"), SLICE("dir"))) {
		if (!slice_eq(c->path, SLICE(PATH_ROOT)))
			return; /* each file in it speaks for itself */
		say(v, "file.removed", WORDS_GONE, SEV_HIGH, 0.4);
		weigh_writer(v, c);
		return;
	}
	say(v, "file.removed", WORDS_REMOVED, c->role == ROLE_PAYMENT ? SEV_HIGH : SEV_MEDIUM,
	    0.4);
	weigh_writer(v, c);
}

static void judge_code(const struct change *c, struct verdict *v)
{
	signs_of(c, &v->signs);
	if (!c->present && !c->approved)
		return;
	if (slice_eq(c->kind, SLICE("copy")))
		return; /* packed, but as approved */
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

static bool is_markup(const struct change *c)
{
	return slice_eq(c->kind, SLICE("html")) || slice_eq(c->kind, SLICE("js"));
}

/*
 * Shop programs guard their upload folders by settings that forbid, and by an index.php that
 * only sends the visitor away (no PHP_CODE in the reader's sense).
 */
static bool only_guards(const struct change *c)
{
	if (c->now[F_PHP_CODE] || c->now[F_CODE_IN_DATA] || c->now[F_CODE_IN_IMAGE])
		return false;
	if (slice_eq(c->kind, SLICE("guard")))
		return true;
	if (slice_eq(c->kind, SLICE("htaccess")) || change_named_setting(c))
		return !c->now[F_PHP_SETTING] && !c->now[F_REWRITE_EXTERNAL];
	if (slice_eq(c->kind, SLICE("ini")))
		return true; /* no name that a server asks for */
	return slice_eq(c->path, SLICE("index.php")) ||
	       slice_ends(c->path, SLICE("/index.php"));
}

static bool is_program(const struct change *c)
{
	return c->now[F_PHP_CODE] || c->now[F_CODE_IN_IMAGE] || c->now[F_PHAR_STUB] ||
	       c->now[F_HANDLER_PHP] || c->now[F_PREPEND_FILE];
}

static void say_upload(const struct change *c, struct verdict *v)
{
	bool quoted = slice_eq(c->kind, SLICE("text")) && change_named_prose(c);

	if (is_program(c) && quoted && v->signs.n == 0) /* a manual, perhaps */
		say(v, "upload.code", WORDS_UPLOAD, SEV_LOW, 0.3);
	else if (is_program(c))
		say(v, "upload.code", WORDS_UPLOAD, SEV_HIGH, 0.9);
	else if (c->gained[F_CARD_DATA])
		say(v, "upload.code", WORDS_CARDS, SEV_HIGH, 0.8);
	else if (only_guards(c))
		return;
	else if ((change_runs(c) && !is_markup(c)) || change_named_program(c))
		say(v, "upload.code", WORDS_UPLOAD, SEV_MEDIUM, 0.6);
	else if (is_markup(c) && (c->now[F_SCRIPT_INLINE] || c->now[F_EVENT_ATTRIBUTE] ||
	                          c->now[F_SCRIPT_EXTERNAL] || c->now[F_FRAME_TAG] ||
	                          c->now[F_FORM_EXTERNAL] || v->signs.n))
		say(v, "upload.code", WORDS_UPLOAD, SEV_LOW, 0.4);
}

/* Nothing that runs belongs among uploads; what only a browser might run is less grave. */
static void judge_upload(const struct change *c, struct verdict *v)
{
	if (slice_eq(c->class, SLICE("link")) && !c->baseline) {
		/* Visitors' uploads make no links; a link shows the web what it leads to. */
		say(v, "file.planted", WORDS_PLANTED, SEV_LOW, 0.35);
		weigh_writer(v, c);
		return;
	}
	if (!c->present || !slice_eq(c->class, SLICE("file")))
		return;
	/* A program has no business here: all that it does is worth telling. */
	if (is_program(c) && !c->baseline)
		signs_of(c, &v->signs);
	else
		signs_anywhere(c, &v->signs);
	say_upload(c, v);
	if (!v->type)
		return;
	/* A program under a program's name is run by the web server as soon as it is asked for.
	 */
	if (c->now[F_PHP_CODE] && slice_eq(c->kind, SLICE("php")))
		raise_to(v, SEV_CRITICAL);
	weigh_signs(v);
	weigh_writer(v, c);
}

/* Logs quote what visitors send: only what a server would run by its name is judged. */
static void judge_data(const struct change *c, struct verdict *v)
{
	if (c->baseline || !c->present || !slice_eq(c->class, SLICE("file")))
		return;
	if (!change_named_program(c) && !change_named_setting(c))
		return;
	/* One that was there before may be the shop's own way to keep data. */
	if (!c->approved && c->now[F_PHP_CODE])
		signs_of(c, &v->signs);
	else
		signs_anywhere(c, &v->signs);
	if (v->signs.n == 0)
		return;
	say(v, c->approved ? "file.tampered" : "file.planted", WORDS_PLANTED,
	    v->signs.severity < SEV_HIGH ? SEV_MEDIUM : SEV_HIGH, 0.6);
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
	if (c->deployed || c->ours || c->role == ROLE_IGNORED)
		return;
	if (c->hidden) {
		say(out, "file.hidden", WORDS_HIDDEN, SEV_HIGH, 0.6);
		return;
	}
	if (c->refused) {
		say(out, "write.refused", WORDS_REFUSED, SEV_MEDIUM, 0.5);
		weigh_writer(out, c);
		return;
	}
	if (c->role == ROLE_DATA || c->in_data)
		judge_data(c, out);
	else if (c->baseline)
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
