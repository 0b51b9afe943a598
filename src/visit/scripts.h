/* scripts: the scripts that are handed to the browser, embedded from js/ at build time. */
#ifndef HINOBAN_VISIT_SCRIPTS_H
#define HINOBAN_VISIT_SCRIPTS_H

#include "base/base.h"

/* Into the page's own world, in the twin arms only. */
extern const uint8_t seed_js[];
extern const size_t seed_js_bytes;
/* An expression that gives an object of functions; only in isolated worlds. */
extern const uint8_t probe_js[];
extern const size_t probe_js_bytes;
/* A function: does the card go through a call? In the conditions of breakpoints. */
extern const uint8_t taps_js[];
extern const size_t taps_js_bytes;

#endif
