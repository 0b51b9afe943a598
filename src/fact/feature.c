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
