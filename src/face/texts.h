/* The table of all sentences, in parts: X(id, English, Japanese). See text.h. */
#ifndef HINOBAN_FACE_TEXTS_H
#define HINOBAN_FACE_TEXTS_H

#include "face/texts_case.h"
#include "face/texts_contain.h"
#include "face/texts_help.h"
#include "face/texts_inventory.h"
#include "face/texts_news.h"
#include "face/texts_page.h"
#include "face/texts_run.h"
#include "face/texts_scope.h"
#include "face/texts_words.h"

#define TEXTS(X)         \
	TEXTS_HELP(X)    \
	TEXTS_WORDS(X)   \
	TEXTS_RUN(X)     \
	TEXTS_CONTAIN(X) \
	TEXTS_CASE(X) TEXTS_NEWS(X) TEXTS_SCOPE(X) TEXTS_INVENTORY(X) TEXTS_PAGE(X)

#endif
