/* fetch: exit codes of hinoban-fetch (fetch_main.c). */
#ifndef HINOBAN_REPORT_FETCH_H
#define HINOBAN_REPORT_FETCH_H

enum fetch_code {
	FETCH_GOOD = 0,
	FETCH_BAD_ADDRESS = 10, /* not http or https */
	FETCH_TOO_LARGE,
	FETCH_TOO_SLOW,
	FETCH_REDIRECTS,
	FETCH_REFUSED, /* an HTTP status of 400 or more */
	FETCH_NO_CONNECTION,
	FETCH_TLS
};

#endif
