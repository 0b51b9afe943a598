/*
 * hinoban page record: the journey that comes with hinoban for this kind of shop. With a URL:
 * the page is visited once, with a ledger of this command's own in a folder that is thrown
 * away, and a journey is drafted from the fields that are there.
 */
#include "conf/profile.h"
#include "face/child.h"
#include "face/commands.h"
#include "face/page.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

#define DIR_BYTES 128

struct drafting {
	struct face *f;
	const struct json *checked;
};

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path) < 0 && errno != ENOENT ? -1 : 0;
}

static int write_config(struct face *f, const char *dir, const char *url)
{
	char path[DIR_BYTES + 32];
	FILE *out;

	snprintf(path, sizeof(path), "%s/shop", dir);
	if (mkdir(path, 0755) < 0)
		return -errno;
	snprintf(path, sizeof(path), "%s/hinoban.conf", dir);
	out = fopen(path, "we");
	if (!out)
		return -errno;
	fprintf(out,
	        "roots = [\"%s/shop\"]\nstate = \"%s/state\"\n[pages]\nwatch = [\"page %s\"]\n",
	        dir, dir, url);
	if (fclose(out) != 0)
		return -errno;
	f->config = face_cstr(f, slice_str(path));
	return 0;
}

static void told(void *ctx, const struct json *fact)
{
	struct drafting *d = ctx;

	if (slice_eq(fact_type(fact), SLICE("page.checked")))
		d->checked = fact;
}

/* ---- the draft ---- */

static const char *selector_of(struct face *f, const struct json *field)
{
	struct slice name = json_text(field, "name"), type = json_text(field, "type");
	const char *tag = slice_starts(type, SLICE("select")) ? "select"
	                  : slice_eq(type, SLICE("textarea")) ? "textarea"
	                                                      : "input";

	return face_cstr(f, arena_printf(&f->mem, "%s[name='%.*s']", tag, SLICE_ARG(name)));
}

/* What a journey calls it. */
static const char *what_of(const struct json *field)
{
	static const struct {
		const char *kind, *autocomplete, *what;
	} table[] = {
	    {"card-expiry", "cc-exp-month", "card-month"},
	    {"card-expiry", "cc-exp-year", "card-year"},
	    {"card-number", NULL, "card-number"},
	    {"card-name", NULL, "card-name"},
	    {"card-expiry", NULL, "card-expiry"},
	    {"card-code", NULL, "card-code"},
	    {"email", NULL, "email"},
	    {"password", NULL, "password"},
	    {"phone", NULL, "phone"},
	    {"address", "postal-code", "postcode"},
	    {"address", "address-level1", "prefecture"},
	    {"address", NULL, "address"},
	    {"name", NULL, "name"},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (slice_eq(json_text(field, "kind"), slice_str(table[i].kind)) &&
		    (!table[i].autocomplete || slice_eq(json_text(field, "autocomplete"),
		                                        slice_str(table[i].autocomplete))))
			return table[i].what;
	return NULL;
}

static void put_draft(struct face *f, const struct json *record)
{
	const struct json *fields = json_get(record, "fields"),
	                  *forms = json_get(record, "forms");
	size_t n = 0;

	printf(
	    "# Drafted by `hinoban page record`; read hinoban.journey(5), then complete it: "
	    "the\n"
	    "# steps before this page, what is clicked, and the requests that must not leave.\n"
	    "title = \"...\"\n");
	for (const struct json *w = forms ? forms->first : NULL; w; w = w->next)
		if (slice_caseeq(json_text(w, "method"), SLICE("post")))
			printf("# stop = [\"POST %.*s\"]\n", SLICE_ARG(json_text(w, "action")));
	printf("\n[step]\nname = \"payment\"\ncard = true\nfill = [\n");
	for (const struct json *i = fields ? fields->first : NULL; i; i = i->next) {
		const char *what = what_of(i);

		if (!what || !json_true(i, "visible"))
			continue;
		printf("\t\"%s: %s\",\n", what, selector_of(f, i));
		n++;
	}
	printf("]\n# click = \"button\"\n");
	if (n == 0)
		fputs(text(T_PAGE_RECORD_NO_FIELDS), stdout);
}

static int draft(struct face *f)
{
	struct drafting d = {.f = f};
	const struct json *record;
	int code = face_conf(f), r;
	struct err e = {""};

	if (!code)
		code = face_state(f);
	r = code ? 0 : ledger_create(f->state, &e);
	if (r < 0) {
		COMPLAIN(T_LEDGER_FAULT, e.text);
		code = EXIT_OURS;
	}
	if (!code)
		code = page_visit(f, "page", json_arr(&f->mem), told, &d);
	if (code)
		return code;
	if (!json_true(d.checked, "valid")) {
		COMPLAIN(T_PAGE_RECORD_NOT, face_cstr(f, json_text(d.checked, "why")));
		return EXIT_FOUND;
	}
	record = face_fact(f, json_num(d.checked, "record", 0), &code);
	if (record)
		put_draft(f, record);
	return code;
}

/* Without an address: what comes with hinoban for this kind of shop. */
static int propose(struct face *f)
{
	const char *kind;
	struct slice steps;
	struct err e = {""};
	int code = face_conf(f), r;

	if (code)
		return code;
	kind = face_cstr(f, f->conf.profile);
	r = profile_read_file(face_cstr(f, arena_printf(&f->mem, "%s/journeys/%s.journey",
	                                                conf_profile_dir(), kind)),
	                      true, &f->mem, &steps, &e);
	if (r < 0) {
		COMPLAIN(T_PAGE_RECORD_NONE, kind);
		return EXIT_USE;
	}
	SAY(T_PAGE_RECORD_KNOWN, kind);
	printf("%.*s", SLICE_ARG(steps));
	return EXIT_GOOD;
}

int page_record(struct face *f)
{
	char dir[DIR_BYTES] = "/tmp/hinoban-page.XXXXXX";
	struct conf_page page;
	struct slice line;
	int code, r;

	if (f->args.rests < 2)
		return propose(f);
	line = arena_printf(&f->mem, "page %s", f->args.rest[1]);
	if (conf_page_of(line, &page) || slice_chr(line, '"') != SIZE_MAX ||
	    slice_chr(line, '\\') != SIZE_MAX) {
		COMPLAIN(T_PAGE_BAD_URL, f->args.rest[1]);
		return EXIT_USE;
	}
	if (!mkdtemp(dir) || chmod(dir, 0755) < 0) {
		COMPLAIN(T_CANNOT_READ, dir, strerror(errno));
		return EXIT_OURS;
	}
	r = write_config(f, dir, f->args.rest[1]);
	code = r < 0 ? EXIT_OURS : draft(f);
	/* The ledger of this command ends before its folder does. */
	post_client_close(f->client);
	f->client = NULL;
	ledger_close(f->ledger);
	f->ledger = NULL;
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return code;
}
