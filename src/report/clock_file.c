/* clock_file: rules and holidays from their files, in the syntax of the config. */
#include "conf/profile.h"
#include "report/clock_parts.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define CLOCKS_MEM_BYTES (16u << 20)
#define CLOCKS_MAX_FILES 64
#define CLOCKS_MAX_DUE   10000
#define PERSONS          "persons >"

struct reading {
	struct clocks *k;
	struct syntax s;
	struct clock_rule now; /* the rule being read */
	struct syntax_pos at;  /* where it begins */
	bool begun, counted, valid, due;
	int64_t zone_s;
	bool japan;
};

/* ---- values ---- */

bool clock_persons_than(struct slice when, int64_t *than)
{
	uint64_t n;

	if (!slice_starts(when, SLICE(PERSONS)) ||
	    !slice_u64(slice_trim(slice_sub(when, sizeof(PERSONS) - 1, when.n)), &n) ||
	    n > INT32_MAX)
		return false;
	*than = (int64_t)n;
	return true;
}

/* "2026-11-01" as days since 1970. */
static bool read_day(struct slice s, int64_t *day)
{
	int64_t us;

	if (s.n != 10 || !clock_parse(s, &us))
		return false;
	*day = us / (INT64_C(86400) * 1000000);
	return true;
}

/* "+09:00" in seconds. */
static bool read_zone(struct slice s, int64_t *zone_s)
{
	uint64_t h, m;

	if (s.n != 6 || (s.at[0] != '+' && s.at[0] != '-') || s.at[3] != ':' ||
	    !slice_u64(slice_sub(s, 1, 3), &h) || !slice_u64(slice_sub(s, 4, 6), &m) ||
	    h > 14 || m > 59)
		return false;
	*zone_s = ((int64_t)h * 60 + (int64_t)m) * 60 * (s.at[0] == '-' ? -1 : 1);
	return true;
}

/* "60d", "3d-5d", "10w", "72h", "promptly". */
static bool read_amount(struct slice s, enum clock_unit *unit, int64_t *n)
{
	static const struct {
		uint8_t letter;
		enum clock_unit unit;
	} units[] = {{'d', CLOCK_DAYS}, {'w', CLOCK_WORKDAYS}, {'h', CLOCK_HOURS}};
	uint64_t v;

	if (s.n < 2 || !slice_u64(slice_sub(s, 0, s.n - 1), &v) || v == 0 || v > CLOCKS_MAX_DUE)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (s.at[s.n - 1] != units[i].letter)
			continue;
		*unit = units[i].unit;
		*n = (int64_t)v;
		return true;
	}
	return false;
}

static bool read_due(struct slice s, struct clock_rule *r)
{
	size_t dash = slice_chr(s, '-');
	enum clock_unit unit;

	r->unit = CLOCK_PROMPTLY;
	if (slice_eq(s, SLICE("promptly")))
		return true;
	if (!read_amount(dash == SIZE_MAX ? s : slice_sub(s, dash + 1, s.n), &r->unit, &r->due))
		return false;
	if (dash == SIZE_MAX)
		return true;
	return read_amount(slice_sub(s, 0, dash), &unit, &r->soon) && unit == r->unit &&
	       r->soon <= r->due;
}

static bool read_counting(struct slice s, struct clock_rule *r)
{
	bool good = s.n > 0;

	r->first_day = r->rolls = r->from_word = false;
	while (s.n && good) {
		size_t end = slice_chr(s, ' ');
		struct slice word = slice_sub(s, 0, end);

		if (slice_eq(word, SLICE("first-day")))
			r->first_day = true;
		else if (slice_eq(word, SLICE("rolls")))
			r->rolls = true;
		else if (slice_eq(word, SLICE("from-word")))
			r->from_word = true;
		else
			good = slice_eq(word, SLICE("next-day"));
		s = end == SIZE_MAX ? SLICE("") : slice_trim(slice_sub(s, end, s.n));
	}
	return good;
}

/* ---- items ---- */

static const struct {
	const char *name;
	size_t at;    /* in struct clock_rule */
	size_t count; /* of lists: the number's place; 0: a text */
	bool required;
} keys[] = {
    {"to", offsetof(struct clock_rule, to), 0, true},
    {"to_en", offsetof(struct clock_rule, to_en), 0, true},
    {"what", offsetof(struct clock_rule, what), 0, true},
    {"what_en", offsetof(struct clock_rule, what_en), 0, true},
    {"note", offsetof(struct clock_rule, note), 0, false},
    {"note_en", offsetof(struct clock_rule, note_en), 0, false},
    {"source", offsetof(struct clock_rule, source), 0, true},
    {"starts_when", offsetof(struct clock_rule, starts_when),
     offsetof(struct clock_rule, starts), true},
    {"needs", offsetof(struct clock_rule, needs), offsetof(struct clock_rule, need_count),
     false},
    {"unless", offsetof(struct clock_rule, unless), offsetof(struct clock_rule, unless_count),
     false},
};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

static int wrong(const struct reading *r, const struct syntax_item *it, const char *expected)
{
	return syntax_fault(&r->s, it->value.pos, "found %s for %.*s; expected %s",
	                    syntax_kind_name(it->value.kind), SLICE_ARG(it->name), expected);
}

static int set_table(struct reading *r, const struct syntax_item *it, size_t i)
{
	char *rule = (char *)&r->now;

	if (keys[i].count == 0) {
		if (it->value.kind != SYNTAX_TEXT || !it->value.text.n)
			return wrong(r, it, "a text that is not empty");
		*(struct slice *)(rule + keys[i].at) = it->value.text;
		return 0;
	}
	if (it->value.kind != SYNTAX_LIST)
		return wrong(r, it, "a list of texts");
	*(struct slice **)(rule + keys[i].at) = it->value.list;
	*(size_t *)(rule + keys[i].count) = it->value.list_count;
	return 0;
}

static int set_special(struct reading *r, const struct syntax_item *it)
{
	struct slice text = it->value.kind == SYNTAX_TEXT ? it->value.text : SLICE("");

	if (slice_eq(it->name, SLICE("due"))) {
		r->due = read_due(text, &r->now);
		return r->due ? 0
		              : wrong(r, it,
		                      "\"60d\", \"3d-5d\", \"10w\", \"72h\" or \"promptly\"");
	}
	if (slice_eq(it->name, SLICE("counting"))) {
		r->counted = read_counting(text, &r->now);
		return r->counted ? 0 : wrong(r, it, "first-day or next-day, rolls, from-word");
	}
	if (slice_eq(it->name, SLICE("valid_from"))) {
		r->valid = read_day(text, &r->now.valid_from);
		return r->valid ? 0 : wrong(r, it, "a day such as \"2022-04-01\"");
	}
	return syntax_fault(&r->s, it->pos, "found %.*s, which is no key of a clock",
	                    SLICE_ARG(it->name));
}

static int set_head(struct reading *r, const struct syntax_item *it)
{
	struct slice text = it->value.kind == SYNTAX_TEXT ? it->value.text : SLICE("");

	if (slice_eq(it->name, SLICE("zone")))
		return read_zone(text, &r->zone_s) ? 0 : wrong(r, it, "\"+09:00\"");
	if (slice_eq(it->name, SLICE("holidays"))) {
		r->japan = slice_eq(text, SLICE("japan"));
		return r->japan || slice_eq(text, SLICE("none"))
		           ? 0
		           : wrong(r, it, "\"japan\" or \"none\"");
	}
	return syntax_fault(&r->s, it->pos,
	                    "found %.*s; expected zone or holidays, or a [clock]",
	                    SLICE_ARG(it->name));
}

static int set(struct reading *r, const struct syntax_item *it)
{
	if (!r->begun)
		return set_head(r, it);
	for (size_t i = 0; i < KEYS; i++) {
		if (slice_eq(it->name, slice_str(keys[i].name)))
			return set_table(r, it, i);
	}
	return set_special(r, it);
}

/* ---- rules ---- */

static int lacks(const struct reading *r, const char *what)
{
	return syntax_fault(&r->s, r->at, "found [%.*s] without %s", SLICE_ARG(r->now.id),
	                    what);
}

static int complete(const struct reading *r)
{
	for (size_t i = 0; i < KEYS; i++) {
		const char *rule = (const char *)&r->now;
		bool there = keys[i].count ? *(const size_t *)(rule + keys[i].count) > 0
		                           : ((const struct slice *)(rule + keys[i].at))->n > 0;

		if (keys[i].required && !there)
			return lacks(r, keys[i].name);
	}
	if (!r->due || !r->counted || !r->valid)
		return lacks(r, !r->due ? "due" : !r->counted ? "counting" : "valid_from");
	return 0;
}

static int end_rule(struct reading *r)
{
	struct clocks *k = r->k;
	size_t i = 0;
	int c;

	if (!r->begun)
		return 0;
	c = complete(r);
	if (c < 0)
		return c;
	r->now.zone_s = r->zone_s;
	r->now.japan = r->japan;
	while (i < k->rules && !slice_eq(k->rule[i].id, r->now.id))
		i++;
	if (i == CLOCK_MAX_RULES)
		return syntax_fault(&r->s, r->at, "found more than %d clocks", CLOCK_MAX_RULES);
	k->rule[i] = r->now;
	k->rules += i == k->rules;
	return 0;
}

static void begin_rule(struct reading *r, const struct syntax_item *it)
{
	r->now = (struct clock_rule){.id = it->name};
	r->at = it->pos;
	r->begun = true;
	r->due = r->counted = r->valid = false;
}

static int parse_rules(struct reading *r)
{
	struct syntax_item it;
	int c;

	while ((c = syntax_next(&r->s, &it)) > 0) {
		c = it.section ? end_rule(r) : set(r, &it);
		if (c < 0)
			return c;
		if (it.section)
			begin_rule(r, &it);
	}
	return c < 0 ? c : end_rule(r);
}

/* add = ["2019-05-01", ...], remove = [...] */
static int parse_holidays(struct reading *r)
{
	struct holidays *h = &r->k->holidays;
	struct syntax_item it;
	int c;

	while ((c = syntax_next(&r->s, &it)) > 0) {
		bool add = slice_eq(it.name, SLICE("add"));
		int64_t *to = add ? h->add : h->remove;
		size_t *n = add ? &h->adds : &h->removes;

		if (it.section || (!add && !slice_eq(it.name, SLICE("remove"))))
			return syntax_fault(&r->s, it.pos, "found %.*s; expected add or remove",
			                    SLICE_ARG(it.name));
		if (it.value.kind != SYNTAX_LIST)
			return wrong(r, &it, "a list of days");
		for (size_t i = 0; i < it.value.list_count; i++) {
			if (*n == HOLIDAY_MAX_CHANGES || !read_day(it.value.list[i], &to[*n]))
				return syntax_fault(
				    &r->s, it.value.list_pos[i],
				    "found no day such as \"2019-05-01\", or more "
				    "than %d",
				    HOLIDAY_MAX_CHANGES);
			++*n;
		}
	}
	return c;
}

int clocks_parse(struct clocks *k, struct slice text, const char *file, struct err *e)
{
	struct reading r = {.k = k};
	struct slice copy = arena_copy(&k->mem, text);

	if (!copy.at)
		return err_set(e, -ENOMEM, "%s: out of memory", file);
	syntax_init(&r.s, copy, file, &k->mem, e);
	return slice_ends(slice_str(file), SLICE(".holidays")) ? parse_holidays(&r)
	                                                       : parse_rules(&r);
}

/* ---- folders ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_ours(const char *name)
{
	return name[0] != '.' && (slice_ends(slice_str(name), SLICE(".clocks")) ||
	                          slice_ends(slice_str(name), SLICE(".holidays")));
}

static int list_files(struct clocks *k, const char *folder, const char *name[CLOCKS_MAX_FILES])
{
	DIR *d = opendir(folder);
	const struct dirent *en;
	int n = 0;

	if (!d)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	while (n < CLOCKS_MAX_FILES && (en = readdir(d))) {
		if (is_ours(en->d_name))
			name[n++] = arena_cstr(&k->mem, slice_str(en->d_name));
	}
	closedir(d);
	qsort(name, (size_t)n, sizeof(name[0]), by_name);
	return n;
}

static int load_folder(struct clocks *k, const char *dir, struct err *e)
{
	const char *name[CLOCKS_MAX_FILES];
	char folder[4096], path[4096 + 300];
	int n, c = 0;

	snprintf(folder, sizeof(folder), "%s/clocks", dir);
	n = list_files(k, folder, name);
	if (n < 0)
		return err_sys(e, n, "%s", folder);
	for (int i = 0; i < n && c == 0; i++) {
		struct slice text;

		if (!name[i])
			return err_set(e, -ENOMEM, "out of memory");
		snprintf(path, sizeof(path), "%s/%s", folder, name[i]);
		c = profile_read_file(path, true, &k->mem, &text, e);
		if (c == 0)
			c = clocks_parse(k, text, path, e);
	}
	return c;
}

struct clocks *clocks_new(void)
{
	struct clocks *k = calloc(1, sizeof(*k));

	if (k)
		arena_init(&k->mem, CLOCKS_MEM_BYTES);
	return k;
}

void clocks_free(struct clocks *k)
{
	if (!k)
		return;
	arena_done(&k->mem);
	free(k);
}

int clocks_load(const char *const *dir, struct clocks **out, struct err *e)
{
	struct clocks *k = clocks_new();
	int c = k ? 0 : err_set(e, -ENOMEM, "out of memory");

	for (; c == 0 && *dir; dir++)
		c = load_folder(k, *dir, e);
	if (c < 0) {
		clocks_free(k);
		return c;
	}
	*out = k;
	return 0;
}

size_t clocks_count(const struct clocks *k)
{
	return k->rules;
}

const struct clock_rule *clocks_rule(const struct clocks *k, size_t i)
{
	return &k->rule[i];
}
