#include "fact/feature.h"

/* The sorts as the list names them. */
#define SORT_COUNT   FEATURE_COUNTED
#define SORT_MEASURE FEATURE_MEASURED
#define SORT_STRONG  FEATURE_STRONG

const struct feature_row feature_rows[] = {
#define FEATURE_ROW(id, name, sort, en, ja) {name, SORT_##sort, en, ja},
    FEATURES(FEATURE_ROW)
#undef FEATURE_ROW
};

_Static_assert(sizeof(feature_rows) / sizeof(feature_rows[0]) == FEATURE_COUNT, "one row each");

bool feature_runs(const struct json *content)
{
	static const char *const kinds[] = {"php", "js", "htaccess", "ini", "elf", "script"};
	static const enum feature programs[] = {F_PHP_CODE,  F_CODE_IN_IMAGE, F_CODE_IN_DATA,
	                                        F_PHAR_STUB, F_UNSEEN,        F_PACKED_OTHER};
	const struct json *list = json_get(content, "features");
	struct slice kind = json_text(content, "kind");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (slice_eq(kind, slice_str(kinds[i])))
			return true;
	}
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (json_num(list, feature_rows[programs[i]].name, 0) > 0)
			return true;
	}
	return false;
}

bool feature_of(struct slice name, enum feature *out)
{
	for (unsigned i = 0; i < FEATURE_COUNT; i++) {
		if (slice_eq(name, slice_str(feature_rows[i].name))) {
			*out = (enum feature)i;
			return true;
		}
	}
	return false;
}
