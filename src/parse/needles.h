/*
 * needles: finds tell-tale words in any text in one pass (Aho-Corasick over a closed
 * table; letters without regard to case; '_' and '-' are passed over, so that card_number,
 * cardNumber and card-number are one word).
 */
#ifndef HINOBAN_PARSE_NEEDLES_H
#define HINOBAN_PARSE_NEEDLES_H

#include "base/slice.h"

/* clang-format off */
enum needle_class {
	N_CARD     = 1u << 0,  N_CHECKOUT = 1u << 1,  N_PASSWORD = 1u << 2,  N_URL      = 1u << 3,
	N_INPUT    = 1u << 4,  N_SELECT   = 1u << 5,  N_FROM     = 1u << 6,  N_SQLWRITE = 1u << 7,
	N_PERSONS  = 1u << 8,  N_ADMIN    = 1u << 9,  N_PHPTAG   = 1u << 10, N_SCRIPT   = 1u << 11,
	N_FRAME    = 1u << 12, N_RUN      = 1u << 13, N_JSCODE   = 1u << 14, N_SUPER    = 1u << 15,
	N_FIXED    = 1u << 16, N_ZINDEX   = 1u << 17, N_DEBUG    = 1u << 18, N_DATACODE = 1u << 19,
	N_BACKWARD = 1u << 20, N_INSERT   = 1u << 21, N_TAG      = 1u << 22, N_UPDATE   = 1u << 23,
	N_SET      = 1u << 24,
};
/* clang-format on */

#define NEEDLES_MAX_URLS 8

struct needles_found {
	uint32_t classes;
	uint32_t urls;                /* how many in `url` */
	size_t url[NEEDLES_MAX_URLS]; /* offsets just behind "://" */
};

uint32_t needles_scan(struct slice text, struct needles_found *out);

#endif
