#include "parse/rules.h"

#include "parse/chars.h"
#include "parse/literal.h"

/* Getters of frameworks: a request's value, or card data where the key says so. */
uint32_t rules_getter(struct walk *w, struct frame *f)
{
	uint32_t bits = f->of.word->bits;

	(void)w;
	if (f->arg_bits[0] & B_CARD)
		bits |= B_CARD | B_REQUEST;
	if (f->arg > 0 && f->arg_bits[0] & B_URL) { /* $client->post('https://...', ...) */
		look_add(w->look, F_NET_OUT, 1);
		walk_sink(w, SINK_NET, rules_all(f));
		return B_REMOTE;
	}
	if (bits == 0) /* get(), post(): may be anything's */
		bits = (rules_all(f) | f->of.bits) & B_SOURCES;
	return bits;
}

/* The name of a file that is written to; `data` are the bits of what is written. */
static void named(struct walk *w, uint32_t bits, struct slice text, uint32_t data)
{
	if (bits & B_ODDNAME)
		look_add(w->look, F_FILE_WRITE_ODD, 1);
	if (bits & B_CODENAME) {
		look_add(w->look, F_FILE_WRITE_CODE, 1);
		if (data & (B_DECODED | B_REMOTE | B_DIRECT | B_UPLOAD))
			look_add(w->look, F_CODE_DROP, 1);
	}
	if (bits & (B_DIRECT | B_UPLOAD) &&
	    data & (B_REQUEST | B_UPLOAD | B_DECODED | B_REMOTE))
		look_add(w->look, F_VISITOR_FILE, 1);
	if (!w->look->flows_only)
		look_name(w->look, &w->look->written, text);
}

uint32_t rules_file(struct walk *w, struct frame *f)
{
	struct slice name = f->arg_text[0].n ? f->arg_text[0] : f->tail[0];

	named(w, f->arg_bits[0], name, f->arg_bits[1]);
	walk_sink(w, f->arg_bits[0] & B_URL ? SINK_NET : SINK_FILE,
	          rules_data(f, f->of.word->data));
	return 0;
}

uint32_t rules_write(struct walk *w, struct frame *f)
{
	enum sink to = f->arg_bits[0] & B_SOCKET ? SINK_NET : SINK_FILE;

	if (f->arg_bits[0] & (B_ODDNAME | B_CODENAME))
		named(w, f->arg_bits[0], (struct slice){0}, f->arg_bits[1]);
	walk_sink(w, to, rules_data(f, f->of.word->data));
	return 0;
}

/* fopen: what it gives carries the name's kind to the fwrite. */
uint32_t rules_open(struct walk *w, struct frame *f)
{
	struct slice mode = f->arg_text[1];

	if (f->arg_bits[0] & B_URL) {
		look_add(w->look, F_NET_OUT, 1);
		walk_sink(w, SINK_NET, f->arg_bits[0]);
		return B_SOCKET;
	}
	if (f->arg_bits[0] & B_INPUT) {
		look_add(w->look, F_REQUEST_BODY, 1);
		return B_REQUEST | B_ALL | B_DIRECT;
	}
	if (mode.n && mode.at[0] != 'r') {
		look_add(w->look, F_FILE_WRITE, 1);
		if (f->arg_text[0].n)
			look_name(w->look, &w->look->written, f->arg_text[0]);
		if (f->arg_bits[0] & (B_DIRECT | B_UPLOAD))
			look_add(w->look, F_VISITOR_FILE, 1);
		return f->arg_bits[0] & (B_ODDNAME | B_CODENAME);
	}
	return 0;
}

uint32_t rules_move(struct walk *w, struct frame *f)
{
	bool remote = f->arg_bits[0] & B_URL;

	named(w, f->arg_bits[1], f->arg_text[1].n ? f->arg_text[1] : f->tail[1],
	      f->arg_bits[0] | (remote ? B_REMOTE : 0));
	if (remote)
		look_add(w->look, F_NET_OUT, 1);
	return 0;
}

uint32_t rules_log(struct walk *w, struct frame *f)
{
	if (f->arg >= 2) {
		look_add(w->look, F_FILE_WRITE, 1);
		named(w, f->arg_bits[2], f->arg_text[2], f->arg_bits[0]);
	}
	walk_sink(w, SINK_FILE, f->arg_bits[0]);
	return 0;
}

uint32_t rules_fetch(struct walk *w, struct frame *f)
{
	uint32_t data = rules_data(f, f->of.word->data);

	if (f->arg_bits[0] & B_INPUT) {
		look_add(w->look, F_REQUEST_BODY, 1);
		return B_REQUEST | B_ALL | B_DIRECT;
	}
	if (!(f->arg_bits[0] & B_URL)) /* what a file named like a picture holds is odd code */
		return (f->arg_bits[0] & (B_ODDNAME | B_UPLOAD)) |
		       (f->arg_bits[0] & B_DIRECT
		            ? 0
		            : rules_all(f) & B_SOURCES & ~(uint32_t)B_REQUEST);
	look_add(w->look, F_NET_OUT, 1);
	walk_sink(w, SINK_NET, data);
	return B_REMOTE;
}

/* curl_setopt: the body, the address, the headers go out; other options do not. */
uint32_t rules_curl(struct walk *w, struct frame *f)
{
	static const char *const out[] = {
	    "CURLOPT_POSTFIELDS", "CURLOPT_URL",     "CURLOPT_HTTPHEADER", "CURLOPT_COOKIE",
	    "CURLOPT_USERPWD",    "CURLOPT_REFERER", "CURLOPT_USERAGENT"};

	for (size_t i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		if (slice_caseeq(f->option, slice_str(out[i])))
			walk_sink(w, SINK_NET, f->arg_bits[2]);
	return 0;
}

uint32_t rules_mail(struct walk *w, struct frame *f)
{
	walk_sink(w, SINK_MAIL, rules_data(f, f->of.word->data));
	return 0;
}

/* assert($x > 0) is honest, assert('...') and assert($x) run text. */
uint32_t rules_assert(struct walk *w, struct frame *f)
{
	if (f->pieces > 0 && f->constant)
		look_add(w->look, F_EVAL_OLD, 1);
	else if (f->arg_bits[0] & B_AS_IS)
		look_add(w->look, F_EVAL_OLD, 1);
	rules_run(w, f->arg_bits[0]);
	return 0;
}

static void callback(struct walk *w, uint32_t function, uint32_t data)
{
	w->sinks = true;
	if (function & B_RUNS)
		look_add(w->look, F_EVAL_OLD, 1);
	if (function & B_PICKED)
		look_add(w->look, F_SPLIT_NAME, 1);
	if (function & B_DIRECT)
		look_add(w->look, F_REQUEST_RUN, 1);
	else if (function & B_DECODED)
		look_add(w->look, F_DECODED_RUN, 1);
	else if (function & B_REMOTE)
		look_add(w->look, F_INCLUDE_REMOTE, 1);
	else if (function & (B_RUNNER | B_PICKED))
		rules_run(w, data);
}

/* $function->invoke(...): a function that was looked up by its name. */
uint32_t rules_invoke(struct walk *w, struct frame *f)
{
	callback(w, f->of.bits & (B_RUNNER | B_RUNS | B_AS_IS), rules_all(f));
	return rules_all(f) & B_SOURCES;
}

/* new ReflectionFunction($name), Closure::fromCallable($name) */
uint32_t rules_reflect(struct walk *w, struct frame *f)
{
	(void)w;
	return f->arg_bits[0] & (B_RUNNER | B_RUNS | B_AS_IS);
}

/* array_diff_ukey($a, $b, 'system'), iterator_apply(...): wherever the name stands. */
uint32_t rules_callbacks(struct walk *w, struct frame *f)
{
	uint32_t bits = rules_all(f);

	if (bits & (B_RUNS | B_RUNNER))
		callback(w, bits & (B_RUNS | B_RUNNER), bits);
	return bits & B_SOURCES;
}

/* unserialize: the classes of a program become tools of who chooses the objects. */
uint32_t rules_object(struct walk *w, struct frame *f)
{
	uint32_t bits = rules_all(f);

	if (f->arg_bits[0] & B_DIRECT)
		look_add(w->look, F_OBJECT_UNPACK, 1);
	return bits & (B_SOURCES | B_AS_IS);
}

uint32_t rules_env(struct walk *w, struct frame *f)
{
	if (slice_starts(f->arg_text[0], SLICE("LD_")) ||
	    slice_starts(f->tail[0], SLICE("LD_")))
		look_add(w->look, F_SYSTEM_LIBRARY, 1);
	return 0;
}

/* header('Location: https://elsewhere/'): the whole address is written in the code. */
uint32_t rules_header(struct walk *w, struct frame *f)
{
	struct slice text = f->arg_text[0].n ? f->arg_text[0] : f->tail[0];
	size_t at = slice_find(slice_sub(text, 0, 24), SLICE("://"));

	if (slice_casefind(slice_sub(text, 0, 9), SLICE("location")) == SIZE_MAX)
		return 0;
	if (at != SIZE_MAX && look_host(w->look, slice_sub(text, at + 3, text.n)))
		look_add(w->look, F_REWRITE_EXTERNAL, 1);
	return 0;
}

uint32_t rules_callback(struct walk *w, struct frame *f)
{
	callback(w, f->arg_bits[0], rules_data(f, 14));
	return rules_data(f, 14) & B_SOURCES;
}

uint32_t rules_callback1(struct walk *w, struct frame *f)
{
	callback(w, f->arg_bits[1], rules_data(f, 13));
	return rules_data(f, 13) & B_SOURCES;
}

uint32_t walk_dynamic(struct walk *w, struct frame *f)
{
	uint32_t of = f->of.bits, args = rules_all(f);

	if (!(of & B_CLOSURE) || of & (B_RUNNER | B_AS_IS))
		look_add(w->look, F_DYNAMIC_CALL, 1);
	callback(w, of, args);
	if (of & B_RUNNER)
		return (args & (B_SOURCES | B_AS_IS)) | B_DECODED;
	return args & B_SOURCES;
}

/* mb_ereg_replace(..., 'e') */
uint32_t rules_ereg(struct walk *w, struct frame *f)
{
	if (f->arg_text[3].n && slice_chr(f->arg_text[3], 'e') != SIZE_MAX) {
		look_add(w->look, F_EVAL_OLD, 1);
		rules_run(w, rules_data(f, 6));
	}
	return rules_data(f, 6) & (B_SOURCES | B_AS_IS);
}

/* The /e modifier: the replacement is run. */
static bool runs_replacement(struct slice pattern)
{
	size_t i = pattern.n;

	if (pattern.n < 4 || chars_word(pattern.at[0]))
		return false;
	while (i > 0 && chars_alpha(pattern.at[i - 1]))
		i--;
	if (i == 0 || (pattern.at[i - 1] != pattern.at[0] && pattern.at[i - 1] != '}' &&
	               pattern.at[i - 1] != ')'))
		return false;
	return slice_chr(slice_sub(pattern, i, pattern.n), 'e') != SIZE_MAX;
}

uint32_t rules_regex(struct walk *w, struct frame *f)
{
	if (runs_replacement(f->arg_text[0])) {
		look_add(w->look, F_EVAL_OLD, 1);
		rules_run(w, rules_data(f, 6));
	}
	return rules_data(f, 6) & (B_SOURCES | B_AS_IS);
}

uint32_t rules_ini(struct walk *w, struct frame *f)
{
	struct slice key = f->arg_text[0];

	if (slice_caseeq(key, SLICE("display_errors")) ||
	    slice_caseeq(key, SLICE("log_errors")) || slice_caseeq(key, SLICE("error_log")))
		look_add(w->look, F_ERROR_HIDE, 1);
	else if (slice_caseeq(key, SLICE("max_execution_time")))
		look_add(w->look, F_RUN_ON, 1);
	else
		look_add(w->look, F_PHP_SETTING, 1);
	return 0;
}

uint32_t rules_report(struct walk *w, struct frame *f)
{
	if (f->values == 1 && f->zero)
		look_add(w->look, F_ERROR_HIDE, 1);
	return 0;
}

uint32_t rules_touch(struct walk *w, struct frame *f)
{
	if (f->arg > 0)
		look_add(w->look, F_FILE_TIMES, 1);
	return 0;
}

/* chr(104).chr(116) ...: single characters from numbers. */
uint32_t rules_chr(struct walk *w, struct frame *f)
{
	if (f->codes == 1 && f->values == 1) {
		look_add(w->look, F_CHAR_BUILD, 1);
		return 0;
	}
	return (rules_all(f) & B_SOURCES) | B_PICKED;
}

uint32_t rules_extract(struct walk *w, struct frame *f)
{
	if (f->arg_bits[0] & B_REQUEST)
		look_add(w->look, F_VARIABLE_VARIABLES, 1);
	return 0;
}

uint32_t rules_admin(struct walk *w, struct frame *f)
{
	if (slice_casefind(f->arg_text[0], SLICE("admin")) != SIZE_MAX)
		look_add(w->look, F_ADMIN_CREATE, 1);
	return 0;
}

struct super {
	const char *name;
	uint32_t bits;
	enum feature feature;
};

static const struct super supers[] = {
    {"_POST", B_REQUEST | B_ALL | B_DIRECT, F_REQUEST_READ},
    {"_GET", B_REQUEST | B_DIRECT, F_REQUEST_READ},
    {"_REQUEST", B_REQUEST | B_ALL | B_DIRECT, F_REQUEST_READ},
    {"_COOKIE", B_REQUEST | B_DIRECT | B_VISITOR, F_REQUEST_READ},
    {"_FILES", B_REQUEST | B_UPLOAD, F_UPLOAD_READ},
    {"HTTP_RAW_POST_DATA", B_REQUEST | B_ALL | B_DIRECT, F_REQUEST_BODY},
};

uint32_t walk_superglobal(struct walk *w, struct slice name)
{
	if (name.n < 4 || (name.at[0] != '_' && name.at[0] != 'H'))
		return 0;
	for (size_t i = 0; i < sizeof(supers) / sizeof(supers[0]); i++)
		if (slice_eq(name, slice_str(supers[i].name))) {
			look_add(w->look, supers[i].feature, 1);
			if ((supers[i].bits & B_VISITOR) && walk_in_test(w))
				look_add(w->look, F_VISITOR_TEST, 1);
			return supers[i].bits;
		}
	return 0;
}

/* $_SERVER['HTTP_...'] is what the visitor says about itself. */
static uint32_t server_key(struct walk *w, struct slice key)
{
	if (slice_eq(key, SLICE("REQUEST_URI")) || slice_eq(key, SLICE("QUERY_STRING")))
		return B_REQUEST;
	if (!slice_starts(key, SLICE("HTTP_")) && !slice_eq(key, SLICE("REMOTE_ADDR")))
		return 0;
	if (walk_in_test(w))
		look_add(w->look, F_VISITOR_TEST, 1);
	if (slice_eq(key, SLICE("HTTP_HOST")) || slice_eq(key, SLICE("REMOTE_ADDR")))
		return B_VISITOR;
	return B_VISITOR | B_REQUEST | B_DIRECT;
}

/* One key of a superglobal is not the whole of it. */
uint32_t walk_superglobal_key(struct walk *w, const struct operand *of, struct slice key)
{
	if (of->is == IS_VARIABLE && slice_eq(of->text, SLICE("GLOBALS")))
		return of->bits | walk_superglobal(w, key);
	if (of->is != IS_VARIABLE || of->text.n < 4 || of->text.at[0] != '_')
		return of->bits;
	if (slice_eq(of->text, SLICE("_SERVER")))
		return server_key(w, key);
	return of->bits & ~(uint32_t)B_ALL;
}

/* `$name`, `{$name['key']}` inside a string: the same without a tokeniser. */
static size_t variable_in(struct walk *w, struct slice s, size_t at)
{
	size_t end = at;
	uint32_t hash = CHARS_HASH, bits;
	struct needles_found found;

	while (end < s.n && chars_word(s.at[end]))
		hash = chars_hash(hash, s.at[end++]);
	struct slice name = slice_sub(s, at, end);
	bits = walk_superglobal(w, name) | scope_get(&w->scope, walk_key(w, name, hash));
	/* Up to a bracket's or an arrow's word behind it. */
	struct slice rest = slice_sub(s, end, end + 64);
	size_t close = rest.n && rest.at[0] == '[' ? slice_chr(rest, ']') : 0;
	if (rest.n > 2 && rest.at[0] == '-' && rest.at[1] == '>')
		for (close = 2; close < rest.n && chars_word(rest.at[close]); close++)
			;
	if (close == SIZE_MAX)
		close = 0;
	struct slice key = slice_sub(rest, 0, close);
	if (key.n && rest.at[0] == '[')
		bits &= ~(uint32_t)B_ALL;
	if ((needles_scan(name, &found) | needles_scan(key, &found)) & N_CARD) {
		bits |= B_CARD;
		look_add(w->look, F_CARD_WORD, 1);
	}
	w->op.bits |= bits;
	return end + close;
}

void walk_interpolated(struct walk *w, struct slice raw)
{
	size_t at = 0;

	while (at + 1 < raw.n) {
		size_t to = slice_chr(slice_sub(raw, at, raw.n), '$');
		if (to == SIZE_MAX || (at += to + 1) >= raw.n)
			return;
		if (chars_name_start(raw.at[at]) && (at < 2 || raw.at[at - 2] != '\\'))
			at = variable_in(w, raw, at);
		else if (raw.at[at] == '{' && at + 1 < raw.n && raw.at[at + 1] == '"')
			walk_variable_variable(w);
	}
	if (w->op.bits & B_DIRECT)
		w->op.bits = (w->op.bits & ~(uint32_t)B_DIRECT) | B_MIXED;
}
