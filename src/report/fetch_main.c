/*
 * hinoban-fetch ADDRESS: the one program that fetches outside news. It writes the body to
 * standard output and parses none of it; a sealed reader does that. Limits: BODY_MAX bytes,
 * TIME_MAX seconds in all, SLOW bytes a second, five redirects, http and https only. It is
 * sealed before it says a word to anybody. What went wrong is its exit code (report/fetch.h).
 */
#include "base/path.h"
#include "report/fetch.h"
#include "wall/seal.h"

#include <curl/curl.h>
#include <netdb.h>
#include <signal.h>
#include <stdlib.h>

#define BODY_MAX     (4u << 20)
#define TIME_MAX     60L /* seconds */
#define CONNECT_MAX  15L
#define SLOW_BYTES   32L
#define SLOW_SECONDS 20L

static size_t written;

static size_t body(char *at, size_t size, size_t n, void *ctx)
{
	size_t all = size * n;

	(void)ctx;
	if (written + all > BODY_MAX)
		return 0;
	if (path_write(STDOUT_FILENO, slice_mem(at, all)) < 0)
		return 0;
	written += all;
	return all;
}

static int code_of(CURLcode c)
{
	switch (c) {
	case CURLE_OK:
		return FETCH_GOOD;
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
		return FETCH_BAD_ADDRESS;
	case CURLE_WRITE_ERROR:
	case CURLE_FILESIZE_EXCEEDED:
		return FETCH_TOO_LARGE;
	case CURLE_OPERATION_TIMEDOUT:
		return FETCH_TOO_SLOW;
	case CURLE_TOO_MANY_REDIRECTS:
		return FETCH_REDIRECTS;
	case CURLE_HTTP_RETURNED_ERROR:
		return FETCH_REFUSED;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
		return FETCH_TLS;
	default:
		return FETCH_NO_CONNECTION;
	}
}

static int fetch(const char *address)
{
	CURL *c = curl_easy_init();
	CURLcode r = c ? CURLE_OK : CURLE_FAILED_INIT;

	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_URL, address);
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	if (r == CURLE_OK)
		r = curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	if (r == CURLE_OK) {
		curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
		curl_easy_setopt(c, CURLOPT_MAXREDIRS, 5L);
		curl_easy_setopt(c, CURLOPT_MAXFILESIZE, (long)BODY_MAX);
		curl_easy_setopt(c, CURLOPT_TIMEOUT, TIME_MAX);
		curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, CONNECT_MAX);
		curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES);
		curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS);
		curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
		curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
		curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
		curl_easy_setopt(c, CURLOPT_PROXY, "");
		curl_easy_setopt(c, CURLOPT_USERAGENT, "hinoban/" HINOBAN_VERSION);
		curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, body);
		r = curl_easy_perform(c);
	}
	curl_easy_cleanup(c);
	return code_of(r);
}

/* What the resolver loads at first use must be loaded while programs can be. */
static void warm_up(void)
{
	struct addrinfo *found = NULL;

	if (getaddrinfo("localhost", NULL, NULL, &found) == 0)
		freeaddrinfo(found);
}

static void seal(void)
{
	struct seal_want want = {.role = SEAL_FETCH};

	seal_ids(want.role, &want.uid, &want.gid);
	seal_or_die(&want);
}

int main(int argc, char **argv)
{
	err_name("hinoban-fetch");
	if (argc != 2)
		return FETCH_BAD_ADDRESS;
	signal(SIGPIPE, SIG_IGN);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return FETCH_NO_CONNECTION;
	warm_up();
	seal();
	return fetch(argv[1]);
}
