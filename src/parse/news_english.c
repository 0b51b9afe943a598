/*
 * News: English names, words with capitals, and which of them the text is about.
 */
#include "parse/news_name.h"

#define MAX_PERSON_LINES 400 /* in which persons are looked for */

static bool capital(uint32_t c)
{
	return c >= 'A' && c <= 'Z';
}

/* Does a word with a capital begin at i? */
static bool name_word(const struct news *n, size_t i)
{
	return capital(news_c(n, i)) && !(i > 0 && news_is_alnum(news_c(n, i - 1)));
}

static size_t word_end(const struct news *n, size_t i)
{
	while (news_is_alnum(news_c(n, i)))
		i++;
	return i;
}

/* clang-format off */
static const char *const english_forms[] = {
    "Inc", "LLC", "Ltd", "Corp", "Corporation", "Company", "University", "Hospital",
    "College", "Bank", "Center", "Centre", "Clinic", "Group", "plc", "PLC", "GmbH",
    "Holdings", "System", "District", "Association", "Foundation", "Co", "Health", "Limited",
    "Retail", "Stores", "Store", "Shop", "Pharmacy", "Airlines", "Council", "Companies",
    "Industries", "Solutions", "Technologies", "Schools", "School", "Water", "Energy",
    "Insurance", "Hotels", "Restaurants", "Airways", "Trust", "Financial", "Laboratories",
    "Institute", "Academy", "LLP", "Union", NULL};

/* "City of X": the form stands in front. */
static const char *const english_seats[] = {"City of", "Town of", "University of", "Bank of",
                                            "Village of", "Borough of", "Diocese of", NULL};
/* clang-format on */

/* "X Admits Breach": in a title the verb has a capital, too, and ends the name. */
static const char *const title_verbs[] = {
    "Admits",    "Suffers",    "Confirms", "Reveals",      "Discloses",  "Reports",
    "Hit",       "Hacked",     "Says",     "Warns",        "Alerts",     "Announces",
    "Notifies",  "Apologises", "Breached", "Investigates", "Apologizes", "Leaves",
    "Leaks",     "Exposes",    "Loses",    "Data",         "Breach",     "Notice",
    "Customers", "Finds",      "Faces",    "Fined",        "Falls",      "Under",
    "Hackers",   "Stole",      "Steal",    "Becomes",      "Joins",      "Takes",
    "Shuts",     "Launches",   "Sees",     "Discovers",    "Detects",    "Responds",
    "Cops",      "Rocked",     "Targeted", "Sued",         NULL};

/* What persons are called by. */
/* clang-format off */
static const char *const titles[] = {
    "Mr", "Ms", "Mrs", "Dr", "Sir", "Mayor", "CEO", "CIO", "CISO", "CTO", "CFO", "Manager",
    "Director", "Officer", "President", "Sheriff", "Superintendent", "Governor", "Senator",
    "Judge", "Professor", "Chairman", "Secretary", "Spokesman", "Spokeswoman", "Chief",
    "Member", "Councillor", "Cllr", "MP", NULL};
/* clang-format on */

static bool title_verb(const struct news *n, size_t end)
{
	size_t from = news_skip_space(n, end), to = word_end(n, from);

	return from > end && news_name_is(n, from, to, title_verbs);
}

/* Behind "San Diego-based ", or i. */
static size_t based(const struct news *n, size_t i)
{
	size_t at = i;

	for (int words = 0; words < 3 && capital(news_c(n, at)); words++) {
		at = word_end(n, at);
		if (news_lit(n, at, "-based "))
			return at + news_lit(n, at, "-based ");
		at = news_skip_space(n, at);
	}
	return i;
}

/* "X Council's staff": the name, without what makes it somebody's. */
static size_t unowned(const struct news *n, size_t from, size_t to, bool seat)
{
	size_t end = to - from > 2 ? to - 2 : to;
	size_t word = end;

	if (to > from + 2 && news_lit_before(n, to, "s'"))
		return to - 1; /* "Cedars' servers" */
	if (news_lit(n, end, "'s") != 2)
		return to;
	while (word > from && news_is_alnum(news_c(n, word - 1)))
		word--;
	return seat || news_name_is(n, word, end, english_forms) ? end : to;
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

/* "Studio 54": a number that is a name's last word. */
static bool short_number(const struct news *n, size_t i)
{
	size_t at = i;

	while (news_is_digit(news_c(n, at)))
		at++;
	return at > i && at <= i + 2 && !news_is_alnum(news_c(n, at)) && news_c(n, at) != ',' &&
	       news_c(n, at) != ':' && news_c(n, at) != '%';
}

/* Capitalised words; *formed: one of them is a legal form or the like. */
static size_t english(const struct news *n, size_t i, bool *formed, int *words)
{
	static const char *const behind_comma[] = {", Inc", ", LLC", ", Ltd", ", LLP", NULL};
	size_t at = i, end = i;
	bool seat = news_name_begins(n, i, english_seats);

	*formed = false;
	for (*words = 0; *words < 7; ++*words) {
		size_t from = at;
		if (!capital(news_c(n, at)) && !(*words && short_number(n, at)) &&
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
		if (*words && news_name_is(n, from, at, titles))
			break; /* "X Schools Superintendent Tom Riel" */
		at = unowned(n, from, at, seat);
		if (capital(news_c(n, from)) || (*words && short_number(n, from)))
			end = at;
		*formed |= seat && *words > 1;
		if (news_name_is(n, from, at, english_forms)) {
			*formed = *formed || *words > 0;
			if (news_c(n, at) == '.')
				end = ++at;
		}
		at += news_name_begins(n, at, behind_comma);
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

/* "Chief Executive of Midorikawa Trust", "Employees of": behind "of", or i. */
static size_t of_office(const struct news *n, size_t i, size_t end)
{
	static const char *const people[] = {"Employees", "Customers", "Patients", "Members",
	                                     "Users",     "Residents", "Students", "Officials",
	                                     "Staff",     "Clients",   NULL};
	size_t word = i;

	while (word < end && news_is_alnum(news_c(n, word)))
		word++;
	if (!news_name_is(n, i, word, titles) && !news_name_is(n, i, word, people))
		return i;
	for (size_t k = word; k < end; k++)
		if (news_lit(n, k, " of "))
			return k + 4 + news_lit(n, k + 4, "The ");
	return i;
}

/* "Millford's Midorikawa Health System": behind the place, or i. */
static size_t of_place(const struct news *n, size_t i, size_t end)
{
	size_t at = i;
	int words = 1;

	while (at < end && !news_is_space(news_c(n, at)))
		at++;
	if (!news_lit_before(n, at, "'s"))
		return i;
	for (size_t k = at + 1; k < end; k++)
		words += news_is_space(news_c(n, k));
	return words > 2 ? at + 1 : i;
}

void news_english_names(struct news *n)
{
	for (size_t k = 0; k < n->lines; k++) {
		for (size_t i = n->line[k].from; i < n->line[k].to; i++) {
			bool formed;
			int words;
			size_t end;
			if (!name_word(n, i))
				continue;
			i += news_lit(n, i, "The ");
			i = based(n, i); /* "Springfield-based X" */
			end = english(n, i, &formed, &words);
			i = based(n, of_office(n, i, end));
			i = formed ? of_place(n, i, end) : i;
			if (formed && end > i + 3)
				news_mark_add(n, N_NAME, i, last_of_list(n, i, end));
			i = end > i ? end : i;
		}
	}
}

/* Words with a capital that begin a sentence and are no part of a name. */
/* clang-format off */
static const char *const sentence_begins[] = {
    "Posted", "News", "Public", "Notice", "Update", "Statement", "Dear", "What",
    "Who", "How", "Why", "Until", "Before", "During", "Earlier", "Later", "Meanwhile", "Also",
    "Only", "Some", "Most", "Many", "More", "An", "Any", "In", "On", "At", "The", "A", "This",
    "That", "They", "He", "She", "We", "It", "Our", "Based", "Following", "After", "No",
    "While", "Details", "Important", "First", "As", "For", "From", "Those", "Hackers",
    "Customers", "Online", "Note", "If", "When", "There", "These", "To", "Although", "But",
    "And", "However", "According", "Today", "Last", "Previously", "Of", "By", "With", "Both",
    "Since", "Your", "Retail", "Attackers", "I", "Its", "All", "January", "February", "March",
    "April", "May", "June", "July", "August", "September", "October", "November", "December",
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "Company",
    "Hospital", "Hospitals", "Retailer", "Council", "University", "Officials", "Data",
    "Police", "School", "Five", "Two", "Three", "Four", "Organization", "Organisation",
    "Spokesman", "Spokeswoman", "Chief", "Acting", "Under", "Over", "Regarding", "Concerning",
    "Beginning", "Starting", "Affected", "Currently", "Initially", "Additionally",
    "Unfortunately", "Despite", "Because", "Each", "Another", "Other", "Such", "Once", "Upon",
    "Please", "Not", "So", "Then", "Where", "Which", "Whether", "Anyone", "Every", "Several",
    "Numerous", "Investigators", "Victims", "Researchers", "Recently", "Cybercriminals",
    "Exclusive", "Breaking", "Watch", "Updated", "Warning", "Report", "Analysis", "Titled",
    "Staff", "Through", "Among", "Between", "Within", "Without", "Instead", "Including",
    "Like", "Unlike", "Even", "Just", "Here", "Now", "Still", "Yet", "Therefore", "Moreover",
    "Furthermore", "Finally", "Additional", "Security", "Personal", "Incident", "Breach",
    "Law", "Legislation", "US", "UK", "EU", NULL};
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
	    "operator ", "supermarket ", "-based ",   "insurer ",  "hotelier ",  "lender ",
	    "city of ",  "town of ",     "group ",    NULL};

	return news_name_behind(n, i, roles);
}

/* " also", " allegedly": between a name and what it does. */
static size_t skip_adverbs(const struct news *n, size_t i)
{
	static const char *const adverbs[] = {
	    " also",  " allegedly",    " reportedly", " later",     " recently",
	    " now",   " subsequently", " first",      " initially", " immediately",
	    " still", " officials",    " already",    NULL};
	size_t len;

	while ((len = news_name_form(n, i, adverbs)) > 0)
		i += len;
	return i;
}

size_t news_english_skip_apposition(const struct news *n, size_t i)
{
	static const char *const begins[] = {
	    ", a ",   ", an ",       ", the ",      ", which ",      ", owned ", ", based ",
	    ", one ", ", recently ", ", formerly ", ", also known ", NULL};
	size_t at = i + 2;

	if (!news_name_begins(n, i, begins))
		return i;
	while (at < n->n && at - i < NEWS_MAX_ASIDE && news_c(n, at) != ',' &&
	       news_c(n, at) != '\n')
		at++;
	return news_c(n, at) == ',' ? at + 1 : i;
}

/* "LONDON (Reuters) -", "SONORA —": where it was written. */
static bool dateline(const struct news *n, size_t from, size_t end)
{
	static const char *const behind[] = {" -", " —", " –", " (", ", ", NULL};

	for (size_t i = from; i < end; i++)
		if (!capital(news_c(n, i)) && !news_is_space(news_c(n, i)))
			return false;
	return end > from + 3 &&
	       (news_name_begins(n, end, behind) || news_starts_soon(n, N_DATE, end, 1));
}

/* "X said", "X has admitted": what the victim does. */
static bool acts(const struct news *n, size_t end)
{
	/* clang-format off */
	static const char *const verbs[] = {
	    " has ", " had ", " was ", " is ", " said", " says", " admitted", " revealed",
	    " confirmed", " did ", " does ", " told ", " discovered", " learned", " claims",
	    " wrote ", " will ", " suffered", " reveals", " announced ", " disclosed ",
	    " experienced ", " warned ", " began notifying ", " informed ", " notified ",
	    " started ", " downplayed ", " regrets ", " sent ", " reported ", " determined ",
	    " believes ", " apologized", " apologised", " lost ", " took ", " worked ",
	    " estimates ", " secured ", " posted ", " blamed ", " acknowledged", " declined ",
	    " urged ", " urges ", " advised ", " faces ", " fell victim ", " shut ", " refused ",
	    " paid ", " continues ", " expects ", " hired ", " added that ", " became aware",
	    " would ", " noted ", " stated ", " found ", " detected ", " identified ", " offers ",
	    " responded ", " alerted ", " issued ", " filed ", " contacted ", NULL};
	/* clang-format on */

	return news_name_begins(
	    n, skip_adverbs(n, news_english_skip_apposition(n, news_skip_aside(n, end))),
	    verbs);
}

/* "breach at X", "data from X": what stands before says whom it happened to. */
static bool happened_to(const struct news *n, size_t i)
{
	/* clang-format off */
	static const char *const at[] = {
	    "attack on ", "attack against ", "attacks on ", "breach at ", "breach of ",
	    "incident at ", "data from ", "hack of ", "customers of ", "patients of ",
	    "users of ", "members of ", "stolen from ", "taken from ", "breach affecting ",
	    "information from ", "leak at ", "hacked into ", "targeted ", "intrusion at ",
	    "breached ", "theft at ", "attacked ", "clients of ", NULL};
	/* clang-format on */

	return news_name_behind(n, news_lit_before(n, i, "the ") ? i - 4 : i, at);
}

/* "X customers", "X's website": where the name, without "'s", ends; 0: nothing of theirs. */
static size_t theirs(const struct news *n, size_t from, size_t end)
{
	static const char *const things[] = {
	    " customers", " patients", " employees",       " users",
	    " accounts",  " members",  " students",        " website",
	    " servers",   " systems",  " network",         " computer ",
	    " staff",     " clients",  " email ",          " data ",
	    " database",  " shoppers", " online store",    " passengers",
	    " guests",    " flyers",   " chief executive", NULL};

	if (!news_name_begins(n, end, things))
		return 0;
	return end > from + 4 && news_lit_before(n, end, "'s") ? end - 2 : end;
}

/* Authorities, newspapers, card companies: who is told of in many texts and hit in few. */
static bool outsider(const struct news *n, size_t from, size_t to)
{
	const struct news_mark *m = news_has(n, N_CUE, "outsider", from, to);

	return m && m->from <= from + 4;
}

/* "Clothing Retailer Midori" in a title: behind the last word for what it is, or i. */
static size_t behind_role(const struct news *n, size_t i, size_t end)
{
	static const char *const roles[] = {"Retailer ", "Giant ",    "Chain ",   "Maker ",
	                                    "Provider ", "Operator ", "Carrier ", "Airline ",
	                                    "Startup ",  "Supplier ", NULL};
	size_t begin = i;

	for (size_t k = i; k < end; k++)
		if (news_name_form(n, k, roles) && k + news_name_form(n, k, roles) < end)
			begin = k + news_name_form(n, k, roles);
	return begin;
}

/* Votes for names by what stands around them. */
static void weigh_doer(const struct news *n, struct news_people *p, size_t k)
{
	static const char *const seats[] = {"city of ", "town of ", NULL};
	static const char *const headline[] = {
	    " rocked ", " hit ",   " hacked",        " data ", " breach",  " hack",
	    " warns ",  " admits", " investigating", " loses", " suffers", NULL};

	for (size_t i = n->line[k].from; i < n->line[k].to; i++) {
		size_t from = i, end, word, bare;
		bool formed, role;
		int words;
		if (!name_word(n, i))
			continue;
		word = word_end(n, i);
		if (starts_sentence(n, i, word)) {
			i = word;
			continue;
		}
		end = english(n, from, &formed, &words);
		role = role_before(n, from) || news_lit_before(n, from, "the ");
		i = end > i ? end - 1 : i;
		if ((k < 3 && from == n->line[k].from && dateline(n, from, end)) ||
		    end < from + 3 || news_starts_soon(n, N_DATE, from, 0) ||
		    news_first(n, N_ITEM, from, end) || outsider(n, from, end))
			continue;
		from = formed ? of_place(n, from, end) : behind_role(n, from, end);
		bare = theirs(n, from, end);
		if (happened_to(n, from))
			news_vote(n, p, from, end, 2, false);
		if (bare)
			news_vote(n, p, from, bare, 1, false);
		if (news_lit_before(n, from, "According to "))
			news_vote(n, p, from, end, 2, false);
		if (k == 0 && (news_lit_before(n, from, "From ") || news_lit(n, end, ": ")))
			news_vote(n, p, from, end, 3, false);
		if (formed)
			continue;         /* news_who() weighs these */
		if (role_before(n, from)) /* "taken from the city of X" */
			news_vote(n, p, from, end,
			          k < 3 && news_name_behind(n, from, seats) ? 3 : 2, false);
		if ((k < 3 && title_verb(n, end)) ||
		    (k == 0 && news_name_begins(n, end, headline)))
			news_vote(n, p, from, end, 3, false);
		if (acts(n, end))
			news_vote(n, p, from, end, role || k > 0 ? 2 : 1, false);
	}
}

static void weigh_english(const struct news *n, struct news_people *p, size_t k)
{
	/* "Epsilon, a marketing firm that ..." */
	static const char *const introduced[] = {", a ", ", an ", ", the ", ", one of ", NULL};
	const struct news_line *l = &n->line[k];
	size_t i = l->from, end, behind;
	bool formed;
	int words;

	if (news_lit(n, i, "At "))
		i += 3;
	if (news_lit(n, i, "The "))
		i += 4;
	end = word_end(n, i);
	if (starts_sentence(n, i, end))
		return;
	i = based(n, i);
	end = english(n, i, &formed, &words);
	behind = news_english_skip_apposition(n, news_skip_aside(n, end));
	if (end == i || formed || k > 14 || outsider(n, i, end) || dateline(n, i, end) ||
	    news_name_is(n, i, end, news_name_nobody) || starts_sentence(n, i, end) ||
	    news_lit(n, end, " company") || news_lit(n, end, " giant"))
		return;
	if (k < 3 && news_name_begins(n, end, introduced))
		news_vote(n, p, i, end, 3, false);
	if (news_has(n, N_CUE, "publish", behind, behind + 60 < l->to ? behind + 60 : l->to) &&
	    (news_lit(n, behind, " ")))
		news_vote(n, p, i, end, 3, false);
}

/* --- persons -------------------------------------------------------------------------- */

/* "Mayor Tom Riel", "director Andy Willicott", "Rick Smith, CEO of" */
static bool person(const struct news *n, size_t from, size_t to)
{
	static const char *const before[] = {
	    "director ", "spokesman ", "spokeswoman ", "spokesperson ",  "lawyer ",
	    "officer ",  "executive ", "boss ",        "president ",     "mayor ",
	    "analyst ",  "customer ",  "Customer ",    "researcher ",    "manager ",
	    "chief ",    "chairman ",  "expert ",      "administrator ", "attorney ",
	    "Lawyer ",   "while ",     "CEO, ",        "Mr. ",           "Dr. ",
	    "Ms. ",      "Mrs. ",      "founder ",     "professor ",     NULL};
	static const char *const behind[] = {
	    ", CEO",  ", president", ", chief", ", vice president", ", director", ", spokes",
	    ", a sp", ", senior ",   ", head ", ", the company's",  ", who ",     NULL};

	if (news_name_behind(n, from, before) || news_name_begins(n, to, behind))
		return true;
	for (size_t i = from, end; i < to; i = end + 1) {
		for (end = i; end < to && !news_is_space(news_c(n, end)); end++)
			;
		if (news_name_is(n, i, end, titles))
			return true;
	}
	return false;
}

/* "protected health information (PHI)": letters for a common noun. */
static bool letters(const struct news *n, size_t from, size_t to)
{
	size_t word = from > 2 ? from - 2 : from;

	while (word > 0 && news_is_alnum(news_c(n, word - 1)))
		word--;
	return news_lit_before(n, from, " (") && news_c(n, to) == ')' &&
	       news_c(n, word) >= 'a' && news_c(n, word) <= 'z';
}

/* Nothing speaks for a name that is a person's, or the last word of one. */
static void unvote(const struct news *n, struct news_people *p, size_t from, size_t to)
{
	size_t last = to;

	while (last > from && !news_is_space(news_c(n, last - 1)))
		last--;
	news_veto(n, p, from, to);
	if (last > from)
		news_veto(n, p, last, to);
}

void news_english_persons(const struct news *n, struct news_people *p)
{
	for (size_t k = 0; k < n->lines && k < MAX_PERSON_LINES; k++) {
		for (size_t i = n->line[k].from; i < n->line[k].to; i++) {
			bool formed;
			int words;
			size_t end, word;
			if (!name_word(n, i))
				continue;
			word = word_end(n, i);
			end = english(n, i, &formed, &words);
			if (!formed && end > word && person(n, i, end))
				unvote(n, p, i, end);
			if (letters(n, i, end))
				news_veto(n, p, i, end);
			i = end > i ? end - 1 : i;
		}
	}
}

void news_english_weigh(const struct news *n, struct news_people *p, size_t k)
{
	weigh_english(n, p, k);
	weigh_doer(n, p, k);
}
