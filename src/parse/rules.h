/* rules: what each rule of words.h does; one function a rule. */
#ifndef HINOBAN_PARSE_RULES_H
#define HINOBAN_PARSE_RULES_H

#include "parse/walk.h"

/* Serve a closed call; the result is the bits of its value. */
typedef uint32_t rule_fn(struct walk *w, struct frame *f);

/* Bits of the arguments in the mask; of all. */
uint32_t rules_data(const struct frame *f, uint32_t mask);
uint32_t rules_all(const struct frame *f);
void rules_run(struct walk *w, uint32_t bits);

/* PHP (rules_php.c) */
rule_fn rules_getter, rules_file, rules_write, rules_open, rules_move, rules_log, rules_fetch,
    rules_curl, rules_mail, rules_assert, rules_callback, rules_callback1, rules_regex,
    rules_ini, rules_report, rules_touch, rules_chr, rules_extract, rules_admin, rules_invoke,
    rules_callbacks, rules_object, rules_env, rules_header, rules_reflect, rules_ereg;
/* JavaScript (rules_js.c) */
rule_fn rules_select, rules_listen, rules_event, rules_create, rules_attribute, rules_store,
    rules_timer, rules_markup, rules_value, rules_import, rules_send, rules_post,
    rules_fromchar, rules_reverse;

#endif
