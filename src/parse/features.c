#include "parse/features.h"
#include "parse/parse.h"

const struct parse_feature parse_features[] = {
#define FEATURE_ROW(id, name, sort, en, ja) {name, PARSE_##sort, en, ja},
    FEATURES(FEATURE_ROW)
#undef FEATURE_ROW
};

const size_t parse_feature_count = sizeof(parse_features) / sizeof(parse_features[0]);

_Static_assert(sizeof(parse_features) / sizeof(parse_features[0]) == FEATURE_COUNT, 
    "one row each");
