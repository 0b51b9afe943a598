/*
 * The visit's door: pages as a customer sees them. hinoban-browser (browser.h) runs Chromium,
 * hinoban-visitor (visitor.h) drives it; both are started by the keeper, or by a command for
 * itself. What others of the house need to know of them stands here.
 */
#ifndef HINOBAN_VISIT_H
#define HINOBAN_VISIT_H

#include "visit/arms.h"
#include "visit/browser.h"
#include "visit/journey.h"

#endif
