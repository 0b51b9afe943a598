/*
 * signs: what speaks for an attack in what a change added. A sign speaks when one of its
 * features was gained; it says how bad that is and how surely it is no honest change.
 * Together they are weighed as independent witnesses: 1 - product of (1 - sure).
 */
#ifndef HINOBAN_JUDGE_SIGNS_H
#define HINOBAN_JUDGE_SIGNS_H

#include "judge/change.h"

#define SIGNS_MAX         40
#define SIGN_MAX_FEATURES 12

struct sign {
	const char *name; /* as in a finding's `signs` */
	enum fact_severity severity;
	double sure;   /* 0..1 */
	bool absolute; /* speaks also where there is nothing to compare with (baseline) */
	/* Does it speak also in generated code and data? WITH_OTHERS: only beside a feature
	   that shows what it is after, because honest code in a cache sends forms, too.
	   SMALL: in a small new program that reads what visitors send; compiled templates
	   and containers leave that to the program that they belong to. */
	enum { NOT_THERE, ANYWHERE, WITH_OTHERS, SMALL } anywhere;
	enum feature feature[SIGN_MAX_FEATURES];
	size_t features;
};

struct signs {
	const struct sign *spoke[SIGNS_MAX];
	size_t n;
	enum fact_severity severity; /* of the gravest */
	double sure;                 /* all of them together; 0 where none spoke */
};

/* The signs that speak for this change. */
void signs_of(const struct change *c, struct signs *out);
/* Only those that are `absolute` / `anywhere`. */
void signs_absolute(const struct change *c, struct signs *out);
void signs_anywhere(const struct change *c, struct signs *out);
/* Two probabilities as independent witnesses. */
double signs_join(double a, double b);
/* Gained features to name in a sentence, the gravest sign's first; returns how many. */
size_t signs_features(const struct signs *s, const struct change *c, enum feature *out,
                      size_t max);

#endif
