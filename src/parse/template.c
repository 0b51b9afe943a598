/*
 * Templates of Smarty, Twig, Latte and Blade: they are compiled to PHP, so what stands in
 * their tags may run. Only that is looked for: {php}, {$x|system}, map('system'), @php.
 */
#include "parse/scan.h"

#include "parse/chars.h"

#define TAG_BYTES 512

/* A function that runs commands or code, by the table of PHP. */
static bool runs(struct slice name)
{
	const struct word *word = words_find(&words_php, name, chars_hash_of(name));

	return word && (word->at & AT_CALL) && word->rule >= R_EVAL && word->rule <= R_SHELL;
}

static struct slice word_at(struct slice s, size_t at)
{
	size_t end = at;

	while (end < s.n && chars_word(s.at[end]))
		end++;
	return slice_sub(s, at, end);
}

/* Filters of Twig that take a function's name. */
static bool takes_function(struct slice filter)
{
	static const char *const names[] = {"map", "filter", "sort", "reduce", "find"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (slice_eq(filter, slice_str(names[i])))
			return true;
	return false;
}

/* `|system`, `|map('system')` */
static bool filter_runs(struct slice tag, size_t at)
{
	struct slice filter = word_at(tag, at);
	size_t i = at + filter.n;

	if (runs(filter))
		return true;
	if (!takes_function(filter))
		return false;
	while (i < tag.n &&
	       (tag.at[i] == '(' || tag.at[i] == ' ' || tag.at[i] == '\'' || tag.at[i] == '"'))
		i++;
	return runs(word_at(tag, i));
}

/* `{system(`, `{if system(`: a function that is called by its name. */
static bool call_runs(struct slice tag)
{
	size_t at = slice_starts(tag, SLICE("if ")) ? 3 : 0;
	struct slice name = word_at(tag, at);
	size_t end = at + name.n;

	/* {eval var=...} and {assert} are tags of their own; exec( stands in scripts. */
	return name.n > 4 && end < tag.n && tag.at[end] == '(' && runs(name) &&
	       !slice_caseeq(name, SLICE("assert"));
}

static bool tag_runs(struct slice tag)
{
	if (slice_starts(tag, SLICE("php}")) || call_runs(tag) ||
	    slice_find(tag, SLICE("registerUndefined")) != SIZE_MAX ||
	    slice_find(tag, SLICE("Smarty_Internal")) != SIZE_MAX)
		return true;
	if (slice_starts(tag, SLICE("fetch ")) && slice_find(tag, SLICE("://")) != SIZE_MAX)
		return true;
	for (size_t i = 0; i + 1 < tag.n; i++) {
		if (tag.at[i] != '|' || tag.at[i + 1] == '|')
			continue;
		size_t from = tag.at[i + 1] == ' ' ? i + 2 : i + 1;
		if (filter_runs(tag, from))
			return true;
	}
	return false;
}

void template_look(struct look *l, struct slice text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.at[i] == '@' &&
		    slice_starts(slice_sub(text, i, i + 5), SLICE("@php"))) {
			look_add(l, F_TEMPLATE_RUN, 1);
			continue;
		}
		if (text.at[i] != '{')
			continue;
		size_t from = i + 1;
		while (from < text.n &&
		       (text.at[from] == '{' || text.at[from] == ' ' || text.at[from] == '%'))
			from++;
		struct slice tag = slice_sub(text, from, from + TAG_BYTES);
		size_t end = slice_chr(tag, '}');
		tag = slice_sub(tag, 0, end == SIZE_MAX ? tag.n : end + 1);
		if (tag_runs(tag))
			look_add(l, F_TEMPLATE_RUN, 1);
		i = from - 1;
	}
}
