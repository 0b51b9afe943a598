/*
 * The door of alert: for tests. Everybody else meets it as a process, hinoban-herald.
 */
#ifndef HINOBAN_ALERT_H
#define HINOBAN_ALERT_H

#include "alert/herald.h"
#include "alert/wipe.h"

#endif
