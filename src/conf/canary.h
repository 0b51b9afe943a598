/*
 * canary: who hinoban says it is where it fills a shop's forms on its visits. Whatever it
 * leaves in the shop's database is nobody's, and is counted as such.
 */
#ifndef HINOBAN_CONF_CANARY_H
#define HINOBAN_CONF_CANARY_H

#define CANARY_EMAIL  "hinoban-check@example.jp"
#define CANARY_FAMILY "検査"
#define CANARY_GIVEN  "花子"
#define CANARY_PHONE  "0312345678"

#endif
