#include "judge/signs.h"

#define SMALL_BYTES 4096

#define FEATURE_LIST(...) \
	{__VA_ARGS__}, sizeof((enum feature[]){__VA_ARGS__}) / sizeof(enum feature)

/*
 * The gravest first: sentences name features in this order. The weights say how rarely the
 * feature is *gained* by an honest edit of a shop's code; strong features were measured as
 * near zero over honest code (fact/feature.h).
 */
static const struct sign table[] = {
    {"web_shell", SEV_CRITICAL, 0.98, true, ANYWHERE, FEATURE_LIST(F_REQUEST_RUN)},
    {"card_theft", SEV_CRITICAL, 0.97, false, WITH_OTHERS,
     FEATURE_LIST(F_CARD_TO_FILE, F_CARD_TO_NET, F_CARD_TO_MAIL, F_CARD_TO_STORAGE)},
    {"sent_away", SEV_CRITICAL, 0.93, false, ANYWHERE, FEATURE_LIST(F_FORM_TO_HOST)},
    /* Not absolute: every editor and search box of honest code sends what is typed. */
    {"typing_theft", SEV_CRITICAL, 0.95, false, WITH_OTHERS, FEATURE_LIST(F_KEYS_TO_SINK)},
    {"hidden_code", SEV_CRITICAL, 0.95, true, ANYWHERE,
     FEATURE_LIST(F_DECODED_RUN, F_HIDDEN_CODE)},
    {"remote_code", SEV_CRITICAL, 0.93, true, ANYWHERE, FEATURE_LIST(F_INCLUDE_REMOTE)},
    {"dropper", SEV_CRITICAL, 0.92, false, ANYWHERE, FEATURE_LIST(F_CODE_DROP, F_VISITOR_FILE)},
    {"image_code", SEV_CRITICAL, 0.93, true, ANYWHERE, FEATURE_LIST(F_CODE_IN_IMAGE)},
    {"takeover_setting", SEV_CRITICAL, 0.9, false, ANYWHERE,
     FEATURE_LIST(F_PREPEND_FILE, F_HANDLER_PHP)},
    {"disguised_file", SEV_HIGH, 0.88, false, ANYWHERE, FEATURE_LIST(F_INCLUDE_ODD)},
    {"packed_other", SEV_MEDIUM, 0.6, false, NOT_THERE, FEATURE_LIST(F_PACKED_OTHER)},
    /* Honest programs write pictures and style sheets, too. */
    {"disguised_store", SEV_HIGH, 0.88, false, SMALL, FEATURE_LIST(F_FILE_WRITE_ODD)},
    {"hidden_names", SEV_HIGH, 0.85, false, ANYWHERE,
     FEATURE_LIST(F_SPLIT_NAME, F_SIGNS_ONLY, F_FAR_RIGHT, F_HIDDEN_URL, F_HIDDEN_WORD)},
    {"card_passed_on", SEV_HIGH, 0.8, false, NOT_THERE,
     FEATURE_LIST(F_CARD_TO_SINK, F_CARD_ENCODED)},
    {"input_passed_on", SEV_HIGH, 0.75, false, NOT_THERE, FEATURE_LIST(F_REQUEST_TO_SINK)},
    {"card_watched", SEV_HIGH, 0.75, false, NOT_THERE,
     FEATURE_LIST(F_CARD_LISTEN, F_KEY_LISTEN)},
    {"template_code", SEV_HIGH, 0.85, false, ANYWHERE, FEATURE_LIST(F_TEMPLATE_RUN)},
    {"visitor_chooses", SEV_HIGH, 0.75, false, SMALL,
     FEATURE_LIST(F_INCLUDE_VISITOR, F_OBJECT_UNPACK)},
    {"way_in", SEV_HIGH, 0.7, false, SMALL, FEATURE_LIST(F_ADMIN_CREATE, F_LOGIN_GIVEN)},
    {"code_writer", SEV_HIGH, 0.7, false, NOT_THERE, FEATURE_LIST(F_FILE_WRITE_CODE)},
    {"runs_text", SEV_HIGH, 0.7, false, SMALL,
     FEATURE_LIST(F_EVAL_CODE, F_EVAL_OLD, F_SHELL_RUN, F_SYSTEM_LIBRARY)},
    {"outside_party", SEV_HIGH, 0.65, false, NOT_THERE,
     FEATURE_LIST(F_SCRIPT_EXTERNAL, F_FORM_EXTERNAL, F_BASE_EXTERNAL, F_COOKIE_TO_NET,
                  F_FORM_ACTION, F_BEACON_OUT, F_SOCKET_OUT, F_HOOK, F_HOST_IP, F_FRAME_HIDDEN,
                  F_REWRITE_EXTERNAL)},
    {"obfuscated", SEV_HIGH, 0.65, false, NOT_THERE,
     FEATURE_LIST(F_HEX_NAMES, F_XOR_LOOP, F_CHAR_BUILD, F_DECODE_CHAIN, F_ESCAPED_SHARE,
                  F_STRING_ENTROPY, F_GOTO_JUMPS, F_VARIABLE_VARIABLES)},
    {"evades", SEV_HIGH, 0.6, false, NOT_THERE,
     FEATURE_LIST(F_VISITOR_TEST, F_CHECKOUT_TEST, F_DEBUG_TEST, F_FILE_TIMES)},
    {"takes_card", SEV_HIGH, 0.55, false, NOT_THERE, FEATURE_LIST(F_CARD_WORD, F_CARD_INPUT)},
    {"takes_input", SEV_MEDIUM, 0.45, false, NOT_THERE,
     FEATURE_LIST(F_REQUEST_BODY, F_REQUEST_READ, F_FORM_READ, F_FORM_LISTEN, F_UPLOAD_READ)},
    {"sends_out", SEV_MEDIUM, 0.5, false, NOT_THERE, FEATURE_LIST(F_NET_OUT, F_MAIL_OUT)},
    {"writes_files", SEV_MEDIUM, 0.45, false, NOT_THERE,
     FEATURE_LIST(F_FILE_WRITE, F_UPLOAD_MOVE, F_FILE_MODE)},
    {"reads_persons", SEV_MEDIUM, 0.45, false, NOT_THERE,
     FEATURE_LIST(F_SQL_PERSONS, F_SQL_WRITE, F_PASSWORD_WORD)},
    {"indirect", SEV_MEDIUM, 0.4, false, NOT_THERE,
     FEATURE_LIST(F_DYNAMIC_CALL, F_CALLBACK_CALL, F_INCLUDE_VARIABLE, F_DECODE)},
    {"new_server", SEV_MEDIUM, 0.4, false, NOT_THERE, FEATURE_LIST(F_FRAME_EXTERNAL, F_HOSTS)},
    {"page_changed", SEV_MEDIUM, 0.35, false, NOT_THERE,
     FEATURE_LIST(F_SCRIPT_INSERT, F_FRAME_INSERT, F_OVERLAY, F_MARKUP_WRITE, F_FRAME_TAG,
                  F_SCRIPT_INLINE, F_EVENT_ATTRIBUTE, F_PAGE_MOVE)},
    {"server_setting", SEV_MEDIUM, 0.4, false, NOT_THERE,
     FEATURE_LIST(F_PHP_SETTING, F_ACCESS_OPEN)},
    {"quiet", SEV_LOW, 0.3, false, NOT_THERE,
     FEATURE_LIST(F_ERROR_HIDE, F_RUN_ON, F_SYSTEM_INFO)},
    {"card_store", SEV_HIGH, 0.9, true, ANYWHERE, FEATURE_LIST(F_CARD_DATA)},
};

_Static_assert(sizeof(table) / sizeof(table[0]) <= SIGNS_MAX, "struct signs has room for all");

double signs_join(double a, double b)
{
	return 1 - (1 - a) * (1 - b);
}

static bool speaks(const struct sign *s, const struct change *c)
{
	for (size_t i = 0; i < s->features; i++) {
		if (c->gained[s->feature[i]] > 0)
			return true;
	}
	return false;
}

/* What turns "sends a form" into "is after cards". */
static const enum feature company[] = {F_CARD_WORD,     F_CHECKOUT_TEST, F_HIDDEN_URL,
                                       F_HIDDEN_WORD,   F_HOST_IP,       F_CARD_LISTEN,
                                       F_FILE_WRITE_ODD};

static bool small_program(const struct change *c)
{
	return !c->approved && json_num(c->present, "size", SMALL_BYTES) < SMALL_BYTES &&
	       c->now[F_PHP_CODE] && (c->now[F_REQUEST_READ] || c->now[F_REQUEST_BODY]);
}

static bool speaks_anywhere(const struct sign *s, const struct change *c)
{
	if (s->anywhere < WITH_OTHERS)
		return s->anywhere == ANYWHERE;
	if (small_program(c))
		return true;
	if (s->anywhere == SMALL)
		return false;
	for (size_t i = 0; i < sizeof(company) / sizeof(company[0]); i++) {
		if (c->gained[company[i]] > 0)
			return true;
	}
	return false;
}

static void collect(const struct change *c, bool absolute, bool anywhere, struct signs *out)
{
	*out = (struct signs){.severity = SEV_INFO};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct sign *s = &table[i];

		if ((absolute && !s->absolute) || (anywhere && !speaks_anywhere(s, c)) ||
		    !speaks(s, c))
			continue;
		out->spoke[out->n++] = s;
		out->sure = signs_join(out->sure, s->sure);
		if (s->severity > out->severity)
			out->severity = s->severity;
	}
}

void signs_of(const struct change *c, struct signs *out)
{
	collect(c, false, false, out);
}

void signs_absolute(const struct change *c, struct signs *out)
{
	collect(c, true, false, out);
}

void signs_anywhere(const struct change *c, struct signs *out)
{
	collect(c, false, true, out);
}

size_t signs_features(const struct signs *s, const struct change *c, enum feature *out,
                      size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		for (size_t k = 0; k < s->spoke[i]->features && n < max; k++) {
			if (c->gained[s->spoke[i]->feature[k]] > 0)
				out[n++] = s->spoke[i]->feature[k];
		}
	}
	return n;
}
