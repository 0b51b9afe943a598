/*
 * wipe: what leaves the machine holds no personal value. Alerts are made of our own sentences;
 * the only words of others in them are names of files and pages, and these go through here:
 * card numbers (parse/cards.h), other long numbers (a phone, a customer's number), addresses of
 * mails, and whatever stands behind a '?' become "***". Cut to WIPE_BYTES.
 */
#ifndef HINOBAN_ALERT_WIPE_H
#define HINOBAN_ALERT_WIPE_H

#include "base/base.h"

#define WIPE_BYTES 200

void wipe_text(struct buf *out, struct slice s);
/*
 * A text of many lines, whole: the same is wiped, but of addresses in the web only what
 * stands behind a '?' and mails and card numbers: their numbers are the pages'.
 */
void wipe_page(struct buf *out, struct slice s);

#endif
