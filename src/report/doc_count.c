/*
 * Documents: how many, and which items. Of the counts of a case the newest run of each scope
 * counts. Persons are told per group and never summed over groups.
 */
#include "fact/fact.h"
#include "fact/item.h"
#include "report/doc.h"

#include <stdio.h>

#define MAX_COUNTS 512

struct picked {
	const struct json *at[MAX_COUNTS];
	size_t n;
};

static bool same(const struct json *x, const struct json *y, const char *name)
{
	return slice_eq(json_text(x, name), json_text(y, name));
}

/* The newest count of each figure. */
static void pick(const struct case_view *c, struct picked *p)
{
	for (size_t i = c->counts; i > 0; i--) {
		const struct json *x = c->count[i - 1];
		bool newer = false;

		for (size_t k = 0; k < p->n && !newer; k++)
			newer = same(x, p->at[k], "scope") && same(x, p->at[k], "population") &&
			        same(x, p->at[k], "item") && same(x, p->at[k], "unit");
		if (!newer && p->n < MAX_COUNTS)
			p->at[p->n++] = x;
	}
}

/* "1,938件", "最大2,310件": a range is told by its upper end. */
static struct slice figure(struct doc *d, const struct json *x)
{
	bool range = !json_get(x, "n"), cards = slice_eq(json_text(x, "unit"), SLICE("件"));
	int64_t n = json_num(x, range ? "high" : "n", 0);
	struct slice number = doc_number(d, n), said;
	const char *unit = cards ? doc_say(d, "件", " records") : doc_say(d, "名", " persons");

	if (cards && slice_eq(json_text(x, "population"), SLICE("cards")) && d->lang == DOC_EN)
		unit = " cards";
	said = arena_printf(d->mem, "%s%.*s%s", range ? doc_say(d, "最大", "up to ") : "",
	                    SLICE_ARG(number), unit);
	struct json *t = json_obj(d->mem);
	json_put_int(d->mem, t, "n", n);
	json_put_slice(d->mem, t, "unit", json_text(x, "unit"));
	json_push(d->truth_counts, t);
	return said;
}

static const struct json *find(const struct picked *p, const char *scope, struct slice group,
                               const char *item, const char *unit)
{
	for (size_t i = 0; i < p->n; i++)
		if (slice_eq(json_text(p->at[i], "scope"), slice_str(scope)) &&
		    slice_eq(json_text(p->at[i], "population"), group) &&
		    slice_eq(json_text(p->at[i], "item"), slice_str(item)) &&
		    slice_eq(json_text(p->at[i], "unit"), slice_str(unit)))
			return p->at[i];
	return NULL;
}

/* Where a letter to customers says it in other words than the console (fact/item.h). */
static const struct item_name letters[] = {
    {"kana", "name in kana", "フリガナ"},
    {"phone", "phone number", "電話番号"},
    {"email", "email address", "メールアドレス"},
    {"mobile_email", "mobile email address", "携帯メールアドレス"},
    {"sex", "gender", "性別"},
    {"job", "job class", "職業区分"},
    {"company", "company name", "会社名"},
    {"school", "school name", "学校名"},
    {"member_id", "user ID", "会員ID"},
    {"magazine", "newsletter wish", "メールマガジン配信希望"},
    {"magazine_format", "newsletter format", "メールマガジン配信形式"},
    {"password", "password", "パスワード"},
    {"card_holder", "cardholder name", "カード名義人名"},
    {"card_number", "card number", "クレジットカード番号"},
    {"card_expiry", "expiration date", "有効期限"},
    {"card_code", "security code", "セキュリティコード"},
    {"message", "inquiry text", "お問い合わせ内容"},
};

static struct slice label(const struct doc *d, struct slice id, struct slice own)
{
	const struct item_name *n = item_of(id);

	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (slice_eq(id, slice_str(letters[i].id)))
			n = &letters[i];
	if (n)
		return slice_str(doc_say(d, n->ja, n->en));
	return own.n ? own : id;
}

static const struct {
	const char *id, *ja, *en;
} groups[] = {
    {"cards", "クレジットカード決済をご利用のお客様", "customers who paid by card"},
    {"attempts", "カード決済の手続きを途中で終えられたお客様", "unfinished checkouts"},
    {"orders", "商品をご注文されたお客様", "customers who placed orders"},
    {"carts", "ご注文のお手続きを途中で終えられたお客様",
     "customers who left an order unfinished"},
    {"members", "会員登録されたお客様", "members"},
    {"recipients", "お届け先として登録された方", "recipients of deliveries"},
    {"addresses", "アドレス帳に登録された方", "persons in address books"},
    {"newsletter", "メールマガジンを購読されているお客様", "newsletter subscribers"}};

static void truth_item(struct doc *d, struct slice id)
{
	for (const struct json *x = d->truth_items->first; x; x = x->next)
		if (slice_eq(x->s, id))
			return;
	json_push(d->truth_items, json_str(d->mem, id));
}

/* One item of a group. Optional ones have their own number of persons. */
static void put_item(struct doc *d, struct json *group, const struct json *x)
{
	struct slice id = json_text(x, "item"), name = label(d, id, json_text(x, "label"));
	bool required = json_true(x, "required");
	struct json *o = json_obj(d->mem), *list;
	int64_t n = json_num(x, "n", json_num(x, "high", 0));

	if (slice_eq(id, SLICE("all")) || slice_eq(id, SLICE("card")) || n == 0 ||
	    !slice_eq(json_text(x, "unit"), SLICE("名")))
		return;
	list = (struct json *)(uintptr_t)json_get(group, required ? "required" : "optional");
	json_put_slice(d->mem, o, "label", name);
	json_put_slice(d->mem, o, "item", id);
	if (!required)
		json_put_slice(d->mem, o, "count", figure(d, x));
	json_put_bool(d->mem, o, "more", doc_any(list)); /* for a comma in front */
	json_put_int(d->mem, o, "ref", fact_seq(x));
	json_push(list, o);
	truth_item(d, id);
}

static void put_period(struct doc *d, struct json *group, const struct json *x)
{
	int64_t from = 0, to = 0;

	if (clock_parse(json_text(x, "from"), &from))
		json_put_slice(d->mem, group, "from", doc_day(d, from));
	/* Half open: the last day that is in it. */
	if (clock_parse(json_text(x, "to"), &to))
		json_put_slice(d->mem, group, "to", doc_day(d, to > from ? to - 1 : to));
}

/* The items of card data: what a person said that the altered page took. */
static void card_items(struct doc *d, struct json *group)
{
	const struct json *said = json_get(json_get(d->model, "f"), "card_items");
	struct slice rest = json_true(said, "known") ? json_text(said, "value") : SLICE("");
	struct json *list = json_put(d->mem, group, "card_items", json_arr(d->mem));

	while (rest.n) {
		size_t end = slice_chr(rest, ' ');
		struct slice id = slice_sub(rest, 0, end);
		struct json *o = json_obj(d->mem);

		json_put_slice(d->mem, o, "label", label(d, id, id));
		json_put_bool(d->mem, o, "more", doc_any(list));
		if (id.n)
			json_push(list, o);
		truth_item(d, id);
		rest = end == SIZE_MAX ? slice_mem(NULL, 0) : slice_sub(rest, end + 1, rest.n);
	}
}

static bool nobody(const struct json *x)
{
	return !x || json_num(x, "n", json_num(x, "high", 0)) == 0;
}

static void put_group(struct doc *d, struct json *out, const struct picked *p,
                      const char *scope, size_t g)
{
	bool entered = slice_eq(slice_str(scope), SLICE("entered"));
	struct slice id = slice_str(groups[g].id);
	const struct json *persons = find(p, scope, id, "all", "名"),
	                  *cards = find(p, scope, id, "card", "件"),
	                  *rows = find(p, scope, id, "all", "件");
	struct json *o = json_obj(d->mem);

	if (nobody(persons) && nobody(cards) && nobody(rows))
		return;
	json_put_str(d->mem, o, "group", groups[g].id);
	json_put_str(d->mem, o, "label", doc_say(d, groups[g].ja, groups[g].en));
	put_period(d, o, persons ? persons : cards ? cards : rows);
	if (persons)
		json_put_slice(d->mem, o, "persons", figure(d, persons));
	if (cards || (entered && rows))
		json_put_slice(d->mem, o, "cards", figure(d, cards ? cards : rows));
	json_put(d->mem, o, "required", json_arr(d->mem));
	json_put(d->mem, o, "optional", json_arr(d->mem));
	if (entered)
		card_items(d, o);
	for (size_t i = p->n; i > 0 && !entered; i--) /* in the order of the profile */
		if (slice_eq(json_text(p->at[i - 1], "scope"), slice_str(scope)) &&
		    slice_eq(json_text(p->at[i - 1], "population"), id))
			put_item(d, o, p->at[i - 1]);
	json_put_bool(d->mem, o, "has_optional", doc_any(json_get(o, "optional")));
	json_put_bool(d->mem, o, "has_required", doc_any(json_get(o, "required")));
	json_push(out, o);
}

void doc_counts(struct doc *d)
{
	struct picked p = {.n = 0};
	struct json *entered = json_put(d->mem, d->model, "entered", json_arr(d->mem));
	struct json *stored = json_put(d->mem, d->model, "stored", json_arr(d->mem));
	int64_t refs[16];
	size_t n = 0;

	pick(d->c, &p);
	for (size_t g = 0; g < sizeof(groups) / sizeof(groups[0]); g++) {
		put_group(d, entered, &p, "entered", g);
		put_group(d, stored, &p, "stored", g);
	}
	for (size_t i = 0; i < p.n && n < 16; i++)
		refs[n++] = fact_seq(p.at[i]);
	doc_put(d, "counts",
	        p.n ? slice_str(doc_say(d, "下記のとおり", "as below")) : SLICE(""), refs, n);
	doc_put(d, "items",
	        doc_any(d->truth_items) ? slice_str(doc_say(d, "下記のとおり", "as below"))
	                                : SLICE(""),
	        refs, n);
	json_put_bool(d->mem, d->model, "has_counts", p.n > 0);
}
