/*
 * bits: what is known about a value while code is walked over: where it came from and
 * what it is. A variable keeps the bits of all that was ever assigned to it.
 */
#ifndef HINOBAN_PARSE_BITS_H
#define HINOBAN_PARSE_BITS_H

/* clang-format off */
enum bits {
	/* Where it came from: goes on through any function, concatenation and container. */
	B_REQUEST  = 1u << 0,  /* something that a visitor sent */
	B_ALL      = 1u << 1,  /* a whole request or form */
	B_CARD     = 1u << 2,  /* named like card data */
	B_TYPED    = 1u << 3,  /* typed text, keystrokes (JavaScript) */
	B_ENCODED  = 1u << 4,
	/* As it came: only through decoders, trimming and variables. */
	B_DIRECT   = 1u << 5,  /* request data alone */
	B_MIXED    = 1u << 6,  /* request data glued to other text */
	B_DECODED  = 1u << 7,  /* what a decoder gave */
	/* What it is: only through variables. */
	B_URL      = 1u << 8,
	B_ODDNAME  = 1u << 9,  /* a file name of an image, a style sheet, a hidden file */
	B_CODENAME = 1u << 10, /* a file name of a program */
	B_INPUT    = 1u << 11, /* "php://input" */
	B_RUNNER   = 1u << 12, /* the name of a function that runs or decodes */
	B_SOCKET   = 1u << 13,
	B_SCRIPT   = 1u << 14, /* a script element */
	B_FRAME    = 1u << 15,
	B_IMAGE    = 1u << 16,
	B_SENDER   = 1u << 17, /* XMLHttpRequest, WebSocket, data channel */
	B_STORAGE  = 1u << 18,
	B_VISITOR  = 1u << 19, /* user agent, referer, address, cookie of the visitor */
	B_CHECKOUT = 1u << 20, /* text that names a checkout page */
	B_TEXT     = 1u << 21, /* literal text */
	B_PLACE    = 1u << 22, /* window.location */
	B_CLOSURE  = 1u << 23, /* a function written where it was assigned */
	B_RUNS     = 1u << 24, /* B_RUNNER, and it runs what it is given */
	B_UPLOAD   = 1u << 25, /* the name or place of an uploaded file */
	B_PICKED   = 1u << 26, /* glued from single characters of other text */
	B_COOKIE   = 1u << 27, /* the visitor's cookies (JavaScript) */
	B_HOST     = 1u << 29, /* B_URL, with a host's name in it */
	B_REMOTE   = 1u << 28, /* what another server answered; goes on like B_AS_IS */
};

#define B_SOURCES (B_REQUEST | B_ALL | B_CARD | B_TYPED | B_ENCODED | B_COOKIE)
#define B_AS_IS   (B_DIRECT | B_MIXED | B_DECODED | B_REMOTE | B_PICKED)
/* clang-format on */

#endif
