/*
 * words: the functions, methods, properties and keywords that mean something to us, with
 * what they do. One table a language (words_php.c, words_js.c).
 */
#ifndef HINOBAN_PARSE_WORDS_H
#define HINOBAN_PARSE_WORDS_H

#include "base/slice.h"
#include "fact/feature.h"
#include "parse/bits.h"

/* Where a name must stand to be meant. */
enum { AT_CALL = 1, AT_METHOD = 2, AT_PROPERTY = 4, AT_NEW = 8, AT_NAME = 16 };

/* What a call (or an assignment to a property) does with its arguments. */
enum rule {
	R_COUNT,  /* nothing but being there; data go on through it */
	R_STOP,   /* what comes out says nothing about the arguments */
	R_PASS,   /* what comes out is what went in */
	R_SOURCE, /* gives `bits` */
	R_GETTER, /* gives a request's value under the key in argument 0 */
	R_DECODE,
	R_ENCODE,
	R_TURN,  /* strrev, str_rot13: decoder and encoder */
	R_FILE,  /* writes `data` arguments into the file named by the first */
	R_WRITE, /* writes `data` arguments into an open file or socket */
	R_OPEN,  /* fopen */
	R_MOVE,  /* copy, rename, move_uploaded_file: the name is argument 1 */
	R_LOG,   /* error_log */
	R_NET,   /* sends `data` arguments */
	R_FETCH, /* goes out only where argument 0 is an address */
	R_CURL,  /* curl_setopt */
	R_MAIL,
	R_EVAL,
	R_ASSERT,
	R_SHELL,
	R_CALLBACK,  /* argument 0 is a function's name */
	R_CALLBACK1, /* argument 1 is */
	R_REGEX,     /* preg_replace */
	R_EREG,      /* mb_ereg_replace */
	R_INI,       /* ini_set */
	R_REPORT,    /* error_reporting */
	R_TOUCH,
	R_CHR,
	R_ORD,
	R_EXTRACT,
	R_TEST, /* strpos, indexOf ...: compares */
	R_ADMIN,
	R_INVOKE,    /* calls the function that it is a method of */
	R_CALLBACKS, /* one of the arguments is a function's name */
	R_REFLECT,   /* gives the function that argument 0 names */
	R_OBJECT,    /* unserialize */
	R_ENV,       /* putenv */
	R_HEADER,    /* header('Location: ...') */
	/* JavaScript */
	R_SELECT, /* gives elements of the page */
	R_LISTEN, /* addEventListener(event, ...) */
	R_EVENT,  /* .keyup(...), onkeyup = */
	R_CREATE, /* createElement */
	R_ATTRIBUTE,
	R_STORE,
	R_TIMER,
	R_MARKUP,
	R_VALUE, /* .value, .val() */
	R_KEY,   /* event.key */
	R_SRC,   /* .src = */
	R_ACTION,
	R_GO,   /* location = */
	R_SEND, /* method send */
	R_POST, /* $.post, axios.post */
	R_FROMCHAR,
	R_ZINDEX,
	R_COOKIE,
	R_REVERSE,
	R_IMPORT,
	/* Keywords */
	K_TEST, /* if, while: the bracket that follows holds a test */
	K_LOOP, /* for, foreach, switch: no test of values */
	K_FUNCTION,
	K_NEW,
	K_RETURN,
	K_INCLUDE,
	K_DECLARE, /* var let const */
	K_AS,      /* foreach (... as ...) */
	K_OF,      /* for (... of ...) */
	K_GOTO,
	K_BLOCK, /* else do try finally: a block follows */
	K_CLASS,
	K_VALUE, /* null true this: an operand without meaning */
	K_OTHER, /* no operand, no meaning */
	K_LOGIC, /* and or xor */
	K_DEBUGGER,
};

struct word {
	const char *name; /* lower case */
	uint8_t rule;
	uint8_t at;
	uint8_t
	    data; /* arguments whose contents leave: bit mask, bit 3 for all from the fourth */
	uint8_t feature; /* counted where it stands, or FEATURE_COUNT */
	uint32_t bits;   /* what it gives */
};

struct words_slot {
	uint32_t hash;
	uint16_t word; /* index + 1, 0: free */
	uint16_t length;
};

struct words {
	const struct word *word;
	size_t n;
	struct words_slot *slot; /* WORDS_SLOTS */
	bool ready;
};

#define WORDS_SLOTS 2048

extern struct words words_php, words_js;

/* hash: chars_hash_of(name). */
const struct word *words_find(struct words *w, struct slice name, uint32_t hash);

#endif
