/*
 * list: who is affected, by name, for the notice that they are owed. It is written only when
 * it is asked for, and never in clear: a CMS message (RFC 5652) in DER, encrypted as it is
 * made to the certificate that the operator names. To read it:
 *
 *   openssl cms -decrypt -inform DER -in LIST -recip CERT.pem -inkey KEY.pem
 *
 * CSV in UTF-8 with a head line: group, e-mail, name, telephone, items, entries, first, last.
 */
#ifndef HINOBAN_SCOPE_LIST_H
#define HINOBAN_SCOPE_LIST_H

#include "scope/count.h"

/* Loads what libcrypto would look for in files, before the seal. */
void list_warm_up(void);
/*
 * All groups of c, after count_prepare(), to the descriptor; answers {"list": {...}}. 0 or a
 * negative errno with the fault.
 */
int list_run(struct count *c, struct slice certificate, int fd);

#endif
