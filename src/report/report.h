/*
 * The door of the stage report: cases, and what has to be told to whom by when. All of it is
 * computed from facts and can be thrown away; nothing here writes to the ledger.
 */
#ifndef HINOBAN_REPORT_H
#define HINOBAN_REPORT_H

#include "report/case.h"
#include "report/clock.h"
#include "report/digest.h"
#include "report/doc.h"
#include "report/exposure.h"
#include "report/fetch.h"
#include "report/holiday.h"
#include "report/inventory.h"
#include "report/mustache.h"
#include "report/news.h"

#endif
