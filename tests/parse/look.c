#include "look.h"

static void one(const struct look_case *c)
{
	struct arena a;
	struct buf got = {.max = 1 << 20};

	arena_init(&a, 32u << 20);
	const struct json *out = parse_look(&a, slice_str(c->content), slice_str(c->path));
	assert_non_null(out);
	assert_true(json_write(&got, json_get(out, "features")));
	if (strcmp(buf_cstr(&got), c->features) != 0)
		print_error("%s:\n  got  %s\n  want %s\n", c->what, buf_cstr(&got),
		            c->features);
	assert_string_equal(buf_cstr(&got), c->features);
	assert_slice(json_text(out, "kind"), c->kind);
	buf_done(&got);
	arena_done(&a);
}

void look_check(const struct look_case *cases, size_t n)
{
	for (size_t i = 0; i < n; i++)
		one(&cases[i]);
}
