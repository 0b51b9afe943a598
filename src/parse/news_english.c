/*
 * News: English names, words with capitals, and which of them the text is about.
 */
#include "parse/news_name.h"

static bool capital(uint32_t c)
{
	return c >= 'A' && c <= 'Z';
}

/* clang-format off */
static const char *const english_forms[] = {
    "Inc", "LLC", "Ltd", "Corp", "Corporation", "Company", "University", "Hospital",
    "College", "Bank", "Center", "Centre", "Clinic", "Group", "plc", "PLC", "GmbH",
    "Holdings", "System", "District", "Association", "Foundation", "Co", "Health",
    "Limited", "Retail", "Stores", "Store", "Shop", "Pharmacy", "Airlines", "Council",
    "Companies", "Industries", "Solutions", "Technologies", "Schools", "School", NULL};
/* clang-format on */

/* "X Admits Breach": in a title the verb has a capital, too, and ends the name. */
static const char *const title_verbs[] = {
    "Admits",    "Suffers",    "Confirms", "Reveals",      "Discloses",  "Reports",
    "Hit",       "Hacked",     "Says",     "Warns",        "Alerts",     "Announces",
    "Notifies",  "Apologises", "Breached", "Investigates", "Apologizes", "Leaves",
    "Leaks",     "Exposes",    "Loses",    "Data",         "Breach",     "Notice",
    "Customers", NULL};

static bool title_verb(const struct news *n, size_t end)
{
	size_t from = news_skip_space(n, end), to = from;

	while (news_is_alnum(news_c(n, to)))
		to++;
	return from > end && news_name_is(n, from, to, title_verbs);
}

/* Behind "San Diego-based ", or i. */
static size_t based(const struct news *n, size_t i)
{
	size_t at = i;

	for (int words = 0; words < 3 && capital(news_c(n, at)); words++) {
		while (news_is_alnum(news_c(n, at)))
			at++;
		if (news_lit(n, at, "-based "))
			return at + news_lit(n, at, "-based ");
		at = news_skip_space(n, at);
	}
	return i;
}

/* "X Council's staff": the name, without what makes it somebody's. */
static size_t unowned(const struct news *n, size_t from, size_t to)
{
	size_t end = to - from > 2 ? to - 2 : to;
	size_t word = end;

	if (news_lit(n, end, "'s") != 2)
		return to;
	while (word > from && news_is_alnum(news_c(n, word - 1)))
		word--;
	return news_name_is(n, word, end, english_forms) ? end : to;
}

/* "X Data Breach", but "National Public Data". */
static bool data_incident(const struct news *n, size_t at)
{
	static const char *const incidents[] = {"Breach", "Leak",     "Theft",    "Incident",
	                                        "Loss",   "Security", "Exposure", NULL};

	return news_name_begins(n, news_skip_space(n, at), incidents);
}

static const char *const saints[] = {"St", "Mt", "Ft", NULL};        /* St. Paul */
static const char *const domains[] = {".com", ".net", ".org", NULL}; /* Checkout.com */

/* Capitalised words; *formed: one of them is a legal form or the like. */
static size_t english(const struct news *n, size_t i, bool *formed, int *words)
{
	size_t at = i, end = i;

	*formed = false;
	for (*words = 0; *words < 7; ++*words) {
		size_t from = at;
		if (!capital(news_c(n, at)) &&
		    !(*words && (news_c(n, at) == '&' || news_lit(n, at, "of ") ||
		                 news_lit(n, at, "and "))))
			break;
		while (news_is_alnum(news_c(n, at)) || news_c(n, at) == '&' ||
		       news_c(n, at) == '\'' || news_c(n, at) == '-')
			at++;
		at += news_name_form(n, at, domains);
		if (news_c(n, at) == '.' && news_name_is(n, from, at, saints))
			at++;
		if (*words && news_name_is(n, from, at, title_verbs) &&
		    (!news_lit(n, from, "Data") || data_incident(n, at)))
			break;
		at = unowned(n, from, at);
		if (capital(news_c(n, from)))
			end = at;
		if (news_name_is(n, from, at, english_forms)) {
			*formed = *words > 0;
			if (news_c(n, at) == '.')
				end = ++at;
		}
		if (news_lit(n, at, ", Inc") || news_lit(n, at, ", LLC") ||
		    news_lit(n, at, ", Ltd")) {
			at++;
		}
		if (!news_is_space(news_c(n, at)))
			break;
		at++;
	}
	return end;
}

/* "X Health, Y Clinic and Z Hospital": one name a comma. */
static size_t last_of_list(const struct news *n, size_t from, size_t to)
{
	for (size_t i = from; news_lit_before(n, from, ", ") && i < to; i++)
		if (news_lit(n, i, " and "))
			return i;
	return to;
}

void news_english_names(struct news *n)
{
	for (size_t k = 0; k < n->lines; k++) {
		for (size_t i = n->line[k].from; i < n->line[k].to; i++) {
			bool formed;
			int words;
			size_t end;
			if (!capital(news_c(n, i)) ||
			    (i > 0 && news_is_alnum(news_c(n, i - 1))))
				continue;
			i = based(n, i); /* "Springfield-based X" */
			end = english(n, i, &formed, &words);
			if (news_lit(n, i, "The "))
				i += 4;
			if (formed && end > i + 3)
				news_mark_add(n, N_NAME, i, last_of_list(n, i, end));
			i = end > i ? end : i;
		}
	}
}

/* Words with a capital that begin a sentence and are no part of a name. */
/* clang-format off */
static const char *const sentence_begins[] = {
    "Posted", "Home", "News", "Public", "Notice", "Update", "Statement", "Dear", "What",
    "Who", "How", "Why", "Until", "Before", "During", "Earlier", "Later", "Meanwhile",
    "Also", "Only", "Some", "Most", "Many", "More", "An", "Any", "In", "On", "At", "The",
    "A", "This", "That", "They", "He", "She", "We", "It", "Our", "Based", "Following",
    "After", "No", "While", "Details", "Important", "First", "As", "For", "From", "Those",
    "Hackers", "Customers", "Online", "Note", "If", "When", "There", "These", "To",
    "Although", "But", "And", "However", "According", "Today", "Last", "Previously", "Of",
    "By", "With", "Both", "Since", "Your", "Retail", "Attackers", "I", "Its", "All",
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December", "Monday", "Tuesday", "Wednesday", "Thursday",
    "Friday", "Saturday", "Sunday", "Company", "Hospital", "Hospitals", "Retailer",
    "Council", "University", "Officials", "Data", "Police", "School", "Five", "Two",
    "Three", "Four", "Organization", "Organisation", "Spokesman", "Spokeswoman", "Chief",
    "Acting", "Under", "Over", "Regarding", "Concerning", "Beginning", "Starting",
    "Affected", "Currently", "Initially", "Additionally", "Unfortunately", "Despite",
    "Because", "Each", "Another", "Other", "Such", "Once", "Upon", "Please", "Not", "So",
    "Then", "Where", "Which", "Whether", "Anyone", "Every", "Several", "Numerous",
    "Investigators", "Victims", "Researchers", "Recently", "Cybercriminals", NULL};
/* clang-format on */

static bool starts_sentence(const struct news *n, size_t from, size_t to)
{
	return news_name_is(n, from, to, sentence_begins);
}

/* --- who is it about ---------------------------------------------------------------- */

/* "retail giant X", "the company, X": the word before says that a name follows. */
static bool role_before(const struct news *n, size_t i)
{
	static const char *const roles[] = {
	    "giant ",    "company ",     "company, ", "retailer ", "retailer, ", "chain ",
	    "provider ", "provider, ",   "maker ",    "firm ",     "firm, ",     "site the ",
	    "site ",     "store ",       "outlet ",   "airline ",  "startup ",   "start-up ",
	    "operator ", "supermarket ", "insurer ",  "hotelier ", "lender ",    NULL};

	return news_name_behind(n, i, roles);
}

/* " also", " allegedly": between a name and what it does. */
static size_t skip_adverbs(const struct news *n, size_t i)
{
	static const char *const adverbs[] = {
	    " also", " allegedly", " reportedly", " later", " recently", " now", NULL};
	size_t len;

	while ((len = news_name_form(n, i, adverbs)) > 0)
		i += len;
	return i;
}

/* Behind ", a phone retailer,". */
static size_t skip_apposition(const struct news *n, size_t i)
{
	static const char *const begins[] = {", a ",     ", an ",    ", the ", ", which ",
	                                     ", owned ", ", based ", ", one ", NULL};
	size_t at = i + 2;

	if (!news_name_begins(n, i, begins))
		return i;
	while (at < n->n && at - i < NEWS_MAX_ASIDE && news_c(n, at) != ',' &&
	       news_c(n, at) != '\n')
		at++;
	return news_c(n, at) == ',' ? at + 1 : i;
}

/* "X said", "X has admitted": names with no legal form, by what they do. */
static void weigh_doer(const struct news *n, struct news_people *p, size_t k)
{
	static const char *const verbs[] = {
	    " has ",       " had ",         " was ",       " is ",
	    " said",       " says",         " admitted",   " revealed",
	    " confirmed",  " did ",         " does ",      " told ",
	    " discovered", " learned",      " claims",     " wrote ",
	    " will ",      " suffered",     " reveals",    " announced ",
	    " disclosed ", " experienced ", " warned ",    " began notifying ",
	    " informed ",  " notified ",    " started ",   " downplayed ",
	    " regrets ",   " sent ",        " reported ",  " determined ",
	    " believes ",  " apologized",   " apologised", NULL};

	for (size_t i = n->line[k].from; i < n->line[k].to; i++) {
		size_t from = i, end, word = i;
		bool formed, role;
		int words;
		if (!capital(news_c(n, i)) || (i > 0 && news_is_alnum(news_c(n, i - 1))))
			continue;
		while (news_is_alnum(news_c(n, word)))
			word++;
		if (starts_sentence(n, i, word)) {
			i = word;
			continue;
		}
		end = english(n, from, &formed, &words);
		role = role_before(n, from) || news_lit_before(n, from, "the ");
		i = end > i ? end - 1 : i;
		if (formed || end < from + 3 || news_starts_soon(n, N_DATE, from, 0))
			continue;
		if (role_before(n, from))
			news_vote(n, p, from, end, 2, false);
		if (k < 3 && title_verb(n, end))
			news_vote(n, p, from, end, 3, false);
		if (news_name_begins(
		        n, skip_adverbs(n, skip_apposition(n, news_skip_aside(n, end))), verbs))
			news_vote(n, p, from, end, role || k > 0 ? 2 : 1, false);
	}
}

static void weigh_english(const struct news *n, struct news_people *p, size_t k)
{
	/* "Epsilon, a marketing firm that ..." */
	static const char *const introduced[] = {", a ", ", an ", ", the ", NULL};
	const struct news_line *l = &n->line[k];
	size_t i = l->from, end, behind;
	bool formed;
	int words;

	if (news_lit(n, i, "At "))
		i += 3;
	if (news_lit(n, i, "The "))
		i += 4;
	for (end = i; news_is_alnum(news_c(n, end)); end++)
		;
	if (starts_sentence(n, i, end))
		return;
	i = based(n, i);
	end = english(n, i, &formed, &words);
	behind = skip_apposition(n, news_skip_aside(n, end));
	if (end == i || formed || k > 14 || news_name_is(n, i, end, news_name_nobody) ||
	    starts_sentence(n, i, end) || news_lit(n, end, " company") ||
	    news_lit(n, end, " giant"))
		return;
	if (k < 3 && news_name_begins(n, end, introduced))
		news_vote(n, p, i, end, 3, false);
	if (news_has(n, N_CUE, "publish", behind, behind + 60 < l->to ? behind + 60 : l->to) &&
	    (news_lit(n, behind, " ")))
		news_vote(n, p, i, end, 3, false);
}

void news_english_weigh(const struct news *n, struct news_people *p, size_t k)
{
	weigh_english(n, p, k);
	weigh_doer(n, p, k);
}
