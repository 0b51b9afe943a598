#include "alert/trust.h"
#include "conf/profile.h"
#include <arpa/inet.h>
#include <curl/curl.h>
#include <errno.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>

#define BUNDLE_BYTES (3u << 20)

static bool has_certificate(struct slice pem)
{
	return slice_find(pem, SLICE("-----BEGIN CERTIFICATE-----")) != SIZE_MAX;
}

int trust_open(const struct conf *c, struct arena *mem, struct trust *out, struct err *e)
{
	const char *usual = curl_version_info(CURLVERSION_NOW)->cainfo;
	struct slice own, all = SLICE("");
	struct err passed = {""};
	struct buf b;
	int r;

	out->bundle = SLICE("");
	if (!c->alert_ca.n)
		return 0;
	r = profile_read_file(arena_cstr(mem, c->alert_ca), true, mem, &own, e);
	if (r < 0)
		return r;
	if (!has_certificate(own))
		return err_set(e, -EINVAL, "alert.ca: no certificate (PEM) in %.*s",
		               SLICE_ARG(c->alert_ca));
	if (usual)
		(void)profile_read_file(usual, true, mem, &all, &passed);
	buf_init(&b, BUNDLE_BYTES);
	buf_add(&b, own);
	buf_byte(&b, '\n');
	buf_add(&b, all);
	out->bundle = arena_copy(mem, buf_slice(&b));
	buf_done(&b);
	return out->bundle.n ? 0 : err_set(e, -ENOMEM, "out of memory");
}

bool trust_is_local(const char *url)
{
	CURLU *u = curl_url();
	struct in_addr at;
	char *host = NULL;
	bool local = false;

	if (u && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK)
		local = slice_caseeq(slice_str(host), SLICE("localhost")) ||
		        strcmp(host, "[::1]") == 0 ||
		        (inet_pton(AF_INET, host, &at) == 1 && ntohl(at.s_addr) >> 24 == 127);
	curl_free(host);
	curl_url_cleanup(u);
	return local;
}

void trust_set(const struct trust *t, void *easy, const char *url)
{
	struct curl_blob blob = {(void *)(uintptr_t)t->bundle.at, t->bundle.n,
	                         CURL_BLOB_NOCOPY};

	if (t->bundle.n) {
		curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB, &blob);
	} else if (slice_starts(slice_str(url), SLICE("smtp")) && trust_is_local(url)) {
		/* it seldom has a certificate that anybody vouches for */
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
	}
}

static const char *why(CURL *easy, CURLcode code, const char **more)
{
	long verify = X509_V_OK;

	*more = "";
	switch (code) {
	case CURLE_PEER_FAILED_VERIFICATION:
		curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &verify);
		/* libcurl's own comparison of names leaves no reason */
		*more = verify == X509_V_OK || verify == X509_V_ERR_UNSPECIFIED
		            ? "it is another host's"
		            : X509_verify_cert_error_string(verify);
		return "the server's certificate can't be trusted: ";
	case CURLE_USE_SSL_FAILED:
		return "the mail server offers no TLS, and without it nothing is sent";
	case CURLE_LOGIN_DENIED:
		return "the mail server does not accept the login";
	default:
		return curl_easy_strerror(code);
	}
}

void trust_why(void *easy, int code, char *out, size_t n)
{
	const char *more, *said = why(easy, (CURLcode)code, &more);

	snprintf(out, n, "%s%s", said, more);
}
