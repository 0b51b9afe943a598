#include "judge/news.h"

#define SURE     0.6
#define MAX_HITS 8 /* names of one text */

static struct json *both(struct arena *a, struct slice en, struct slice ja)
{
	struct json *o = json_obj(a);

	json_put_slice(a, o, "en", en);
	json_put_slice(a, o, "ja", ja);
	return o;
}

static struct json *draft(struct arena *a, const struct json *fact, const struct json *hit)
{
	struct slice name = json_text(hit, "name"), title = json_text(fact, "title");
	struct json *d = fact_draft(a, "news.vendor");

	json_put_str(a, d, "root", "news");
	json_put_slice(a, d, "path", name);
	json_put_str(a, d, "role", "news");
	json_put_str(a, d, "severity", fact_severity_name(SEV_HIGH));
	json_put(a, d, "confidence", json_dec(a, SURE));
	json_put(a, d, "why",
	         both(a,
	              arena_printf(a, "Your vendor \"%.*s\" is in the news: %.*s",
	                           SLICE_ARG(name), SLICE_ARG(title)),
	              arena_printf(a, "御社が利用している「%.*s」が報じられています: %.*s",
	                           SLICE_ARG(name), SLICE_ARG(title))));
	json_put(
	    a, d, "next",
	    both(
	        a,
	        arena_printf(
	            a,
	            "Ask the vendor at once whether your shop is affected, and see which "
	            "of your pages loaded its script: `hinoban exposure --vendor "
	            "\"%.*s\"`.",
	            SLICE_ARG(name)),
	        arena_printf(
	            a,
	            "自社のサイトに影響があるか、すぐに先方へ確認してください。どのページがその"
	            "スクリプトを読み込んでいたかは `hinoban exposure --vendor \"%.*s\"` "
	            "で分かります。",
	            SLICE_ARG(name))));
	json_push(json_put(a, d, "signs", json_arr(a)), json_str(a, SLICE("news")));
	json_put_slice(a, d, "name", name);
	json_put_slice(a, d, "sentence", json_text(hit, "sentence"));
	fact_ref(a, d, fact_seq(fact));
	return d;
}

void news_fact(struct arena *a, const struct json *fact, struct json *out)
{
	const struct json *watch;
	int left = MAX_HITS;

	if (!slice_eq(fact_type(fact), SLICE("news.read")))
		return;
	watch = json_at(fact, "told.watch");
	for (const struct json *w = watch ? watch->first : NULL; w && left-- > 0; w = w->next)
		if (json_text(w, "name").n)
			json_push(out, draft(a, fact, w));
}
