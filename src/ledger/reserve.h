/*
 * reserve: room that is kept back on the disk that holds the state, so that what makes room
 * can be done, and recorded, when there is none: <state>/reserve, a file of nothing.
 *
 * It is made where at least as much again stays free; a disk that has less has none.
 */
#ifndef HINOBAN_LEDGER_RESERVE_H
#define HINOBAN_LEDGER_RESERVE_H

#include <stdbool.h>

/* Make it where it isn't there and there is room for it. */
void reserve_keep(int dir);
/* Its room is anybody's from now on. False: there is none to be had from it. */
bool reserve_give(int dir);

#endif
