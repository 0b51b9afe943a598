#include "alert/way.h"
#include "alert/trust.h"
#include "conf/profile.h"
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>

#define TIMEOUT_S     60
#define CONNECT_S     20
#define ANSWER_BYTES  (64 * 1024) /* of a server's reply; more ends it */
#define PAYLOAD_BYTES (1u << 20)
#define SYSLOG_PATH   "/dev/log"
#define SYSLOG_DAEMON 3 /* facility */
#define HTTP_GOOD(n)  ((n) >= 200 && (n) < 300)

struct ways {
	CURLM *multi;
	struct arena mem;
	const struct conf *conf;
	struct slice sender;
	const char *from, *user, *password, *host; /* user: NULL: no login */
	struct curl_slist *to;
	struct trust trust;
	int syslog; /* socket, or -1 */
};

/* ---- settings ---- */

static int secret_from(struct ways *ws, struct slice path, struct slice *out, struct err *e)
{
	int r = profile_read_file(arena_cstr(&ws->mem, path), true, &ws->mem, out, e);

	if (r == 0)
		*out = slice_trim(*out);
	return r < 0 ? r : out->n ? 0 : err_set(e, -EINVAL, "%.*s is empty", SLICE_ARG(path));
}

static bool is_http(struct slice url)
{
	return slice_starts(url, SLICE("https://")) || slice_starts(url, SLICE("http://"));
}

/* "KIND URL" or "KIND file:/PATH" */
static int open_hook(struct ways *ws, struct slice text, struct way *w, struct err *e)
{
	size_t end = slice_chr(text, ' ');
	struct slice at = slice_trim(slice_sub(text, end, text.n));
	int r = 0;

	w->sort = WAY_HOOK;
	if (end == SIZE_MAX || !dress_hook_of(slice_sub(text, 0, end), &w->hook))
		return err_set(e, -EINVAL,
		               "alert.webhook: expected \"KIND URL\", KIND one of json slack "
		               "mattermost discord teams googlechat");
	if (slice_starts(at, SLICE("file:")))
		r = secret_from(ws, slice_sub(at, 5, at.n), &at, e);
	w->url = arena_cstr(&ws->mem, at);
	if (r == 0 && !is_http(at))
		r = err_set(e, -EINVAL, "%s: expected an address that begins with https://",
		            w->name);
	return r;
}

/* Everything as text that lives as long as the process. */
static int keep_mail(struct ways *ws, struct err *e)
{
	const struct conf *c = ws->conf;
	struct slice password = SLICE("");
	int r = c->alert_smtp_password.n ? secret_from(ws, c->alert_smtp_password, &password, e)
	                                 : 0;

	ws->from = arena_cstr(&ws->mem, ws->sender);
	ws->user = c->alert_smtp_user.n ? arena_cstr(&ws->mem, c->alert_smtp_user) : NULL;
	ws->password = arena_cstr(&ws->mem, password);
	for (size_t i = 0; i < c->alert_mails; i++)
		ws->to = curl_slist_append(ws->to, arena_cstr(&ws->mem, c->alert_mail[i]));
	return r;
}

static int open_mail(struct ways *ws, struct way *w, struct err *e)
{
	const struct conf *c = ws->conf;

	snprintf(w->name, sizeof(w->name), "mail");
	w->sort = WAY_MAIL;
	w->url = arena_cstr(&ws->mem, c->alert_smtp);
	ws->sender =
	    c->alert_from.n ? c->alert_from : arena_printf(&ws->mem, "hinoban@%s", ws->host);
	if (!slice_starts(c->alert_smtp, SLICE("smtp://")) &&
	    !slice_starts(c->alert_smtp, SLICE("smtps://")))
		return err_set(e, -EINVAL, "alert.smtp: expected smtp://HOST:PORT or smtps://");
	if (!dress_address_ok(ws->sender))
		return err_set(e, -EINVAL, "alert.from: \"%.*s\" is no address",
		               SLICE_ARG(ws->sender));
	for (size_t i = 0; i < c->alert_mails; i++) {
		if (!dress_address_ok(c->alert_mail[i]))
			return err_set(e, -EINVAL, "alert.mail: \"%.*s\" is no address",
			               SLICE_ARG(c->alert_mail[i]));
	}
	return keep_mail(ws, e);
}

static int open_all(struct ways *ws, struct way *w, struct err *e)
{
	const struct conf *c = ws->conf;
	int n = 0, r = 0;

	if (c->alert_mails)
		r = open_mail(ws, &w[n++], e);
	for (size_t i = 0; r == 0 && i < c->alert_webhooks; i++) {
		if (n == WAY_MAX - 1)
			return err_set(e, -EINVAL, "alert.webhook: more than %d", WAY_MAX - 2);
		snprintf(w[n].name, sizeof(w[n].name), "webhook%zu", i + 1);
		r = open_hook(ws, c->alert_webhook[i], &w[n++], e);
	}
	if (r == 0 && c->alert_syslog) {
		snprintf(w[n].name, sizeof(w[n].name), "syslog");
		w[n++].sort = WAY_SYSLOG;
		ws->syslog = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	}
	return r < 0 ? r : n;
}

int ways_open(const struct conf *c, const char *host, struct way *w, struct ways **out,
              struct err *e)
{
	struct ways *ws = calloc(1, sizeof(*ws));
	int n;

	if (!ws || curl_global_init(CURL_GLOBAL_ALL) != 0)
		return err_set(e, -ENOMEM, "out of memory");
	*ws = (struct ways){.multi = curl_multi_init(), .conf = c, .host = host, .syslog = -1};
	arena_init(&ws->mem, 4u << 20);
	for (int i = 0; i < WAY_MAX; i++)
		buf_init(&w[i].payload, PAYLOAD_BYTES);
	n = ws->multi ? trust_open(c, &ws->mem, &ws->trust, e)
	              : err_set(e, -ENOMEM, "out of memory");
	if (n == 0)
		n = open_all(ws, w, e);
	if (n >= 0 && ws->mem.broken)
		n = err_set(e, -ENOMEM, "out of memory");
	if (n < 0)
		ways_close(ws, w, 0);
	else
		*out = ws;
	return n;
}

static void end(struct ways *ws, struct way *w)
{
	if (w->easy) {
		curl_multi_remove_handle(ws->multi, w->easy);
		curl_easy_cleanup(w->easy);
	}
	curl_slist_free_all(w->list);
	w->easy = NULL;
	w->list = NULL;
}

void ways_close(struct ways *ws, struct way *w, int n)
{
	if (!ws)
		return;
	for (int i = 0; i < n; i++)
		end(ws, &w[i]);
	for (int i = 0; i < WAY_MAX; i++)
		buf_done(&w[i].payload);
	curl_slist_free_all(ws->to);
	curl_multi_cleanup(ws->multi);
	if (ws->syslog >= 0)
		close(ws->syslog);
	arena_done(&ws->mem);
	free(ws);
}

/* ---- talking ---- */

static size_t give(char *to, size_t size, size_t count, void *arg)
{
	struct way *w = arg;
	struct slice rest = slice_sub(buf_slice(&w->payload), w->sent, w->payload.n);
	size_t n = rest.n < size * count ? rest.n : size * count;

	if (n)
		memcpy(to, rest.at, n);
	w->sent += n;
	return n;
}

/* Nobody reads what a server answers; one that goes on and on is left. */
static size_t swallow(char *at, size_t size, size_t count, void *arg)
{
	struct way *w = arg;

	(void)at;
	w->sent += size * count;
	return w->sent > PAYLOAD_BYTES + ANSWER_BYTES ? 0 : size * count;
}

/* A password goes over no wire in the clear. */
static long tls_of(const struct ways *ws, const struct way *w)
{
	struct slice want = ws->conf->alert_smtp_tls;

	if (slice_eq(want, SLICE("require")) || (ws->user && !trust_is_local(w->url)))
		return CURLUSESSL_ALL;
	return slice_eq(want, SLICE("off")) ? CURLUSESSL_NONE : CURLUSESSL_TRY;
}

static void set_common(CURL *c, const struct ways *ws, struct way *w)
{
	trust_set(&ws->trust, c, w->url);
	curl_easy_setopt(c, CURLOPT_URL, w->url);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, swallow);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, w);
	curl_easy_setopt(c, CURLOPT_PRIVATE, w);
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
}

static void set_mail(CURL *c, struct ways *ws, struct way *w)
{
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_USE_SSL, tls_of(ws, w));
	if (ws->user) {
		curl_easy_setopt(c, CURLOPT_USERNAME, ws->user);
		curl_easy_setopt(c, CURLOPT_PASSWORD, ws->password);
	}
	curl_easy_setopt(c, CURLOPT_MAIL_FROM, ws->from);
	curl_easy_setopt(c, CURLOPT_MAIL_RCPT, ws->to);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
	curl_easy_setopt(c, CURLOPT_READDATA, w);
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
}

static void set_hook(CURL *c, struct way *w)
{
	w->list = curl_slist_append(NULL, "Content-Type: application/json; charset=utf-8");
	w->list = curl_slist_append(w->list, "User-Agent: hinoban/" HINOBAN_VERSION);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_HTTPHEADER, w->list);
	curl_easy_setopt(c, CURLOPT_POSTFIELDS, buf_cstr(&w->payload));
	curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE, (long)w->payload.n);
}

/* One of them: a note, or the digest. */
static void fill_mail(struct ways *ws, struct way *w, const struct note *n,
                      const struct dress_digest *d, int64_t now_us)
{
	uint64_t unique = 0;
	char id[48];
	struct dress_mail m = {.from = ws->sender,
	                       .to = ws->conf->alert_mail,
	                       .tos = ws->conf->alert_mails,
	                       .at_us = now_us,
	                       .id = id,
	                       .host = ws->host};

	(void)!getrandom(&unique, sizeof(unique), 0);
	snprintf(id, sizeof(id), "%lld.%016llx", (long long)now_us, (unsigned long long)unique);
	if (d)
		dress_for_digest(d, &m, &w->payload);
	else
		dress_for_mail(n, &m, &w->payload);
}

/* One line; what happened, not what is in it. */
static int tell_syslog(struct ways *ws, const struct note *n)
{
	static const struct sockaddr_un at = {.sun_family = AF_UNIX, .sun_path = SYSLOG_PATH};
	static const int levels[] = {6, 5, 4, 3, 2}; /* info notice warning err crit */
	struct buf line;
	ssize_t sent;

	buf_init(&line, 8192);
	buf_printf(&line, "<%d>hinoban: ", SYSLOG_DAEMON * 8 + levels[note_severity(n)]);
	note_subject(n, &line);
	sent = sendto(ws->syslog, line.at, line.n, MSG_NOSIGNAL, (const struct sockaddr *)&at,
	              sizeof(at));
	buf_done(&line);
	return sent < 0 ? -errno : 0;
}

bool way_busy(const struct way *w)
{
	return w->easy != NULL;
}

static void empty(struct way *w)
{
	buf_reset(&w->payload);
	w->sent = 0;
	w->since_us = clock_mono_us();
}

/* Send the payload. */
static int start(struct ways *ws, struct way *w)
{
	w->easy = buf_ok(&w->payload) ? curl_easy_init() : NULL;
	if (!w->easy)
		return -ENOMEM;
	set_common(w->easy, ws, w);
	if (w->sort == WAY_MAIL)
		set_mail(w->easy, ws, w);
	else
		set_hook(w->easy, w);
	if (curl_multi_add_handle(ws->multi, w->easy) == CURLM_OK)
		return 0;
	curl_easy_cleanup(w->easy);
	w->easy = NULL;
	return -EIO;
}

int way_tell(struct ways *ws, struct way *w, const struct note *n, int64_t now_us)
{
	if (w->sort == WAY_SYSLOG)
		return tell_syslog(ws, n);
	empty(w);
	if (w->sort == WAY_MAIL)
		fill_mail(ws, w, n, NULL, now_us);
	else if (!dress_for_hook(n, w->hook, &w->payload))
		return -ENOMEM;
	return start(ws, w);
}

int way_tell_digest(struct ways *ws, struct way *w, const struct dress_digest *d,
                    int64_t now_us)
{
	empty(w);
	fill_mail(ws, w, NULL, d, now_us);
	return start(ws, w);
}

/* What libcurl says holds no address and no secret of ours. */
static void ended(struct ways *ws, CURLMsg *msg, way_done_fn *done, void *ctx)
{
	char why[WAY_WHY_BYTES] = "", said[WAY_WHY_BYTES - 16], *private = NULL;
	CURLcode code = msg->data.result;
	struct way *w;
	long status = 0;

	curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &private);
	curl_easy_getinfo(msg->easy_handle, CURLINFO_RESPONSE_CODE, &status);
	w = (struct way *)(void *)private;
	trust_why(msg->easy_handle, (int)code, said, sizeof(said));
	if (code != CURLE_OK && status)
		snprintf(why, sizeof(why), "%s (%ld)", said, status);
	else if (code != CURLE_OK)
		snprintf(why, sizeof(why), "%s", said);
	else if (w->sort == WAY_HOOK && !HTTP_GOOD(status))
		snprintf(why, sizeof(why), "HTTP %ld", status);
	end(ws, w);
	done(ctx, w, why);
}

void ways_turn(struct ways *ws, int ms, way_done_fn *done, void *ctx)
{
	int64_t until = clock_mono_us() + ms * INT64_C(1000);
	int running = 1, left;
	CURLMsg *msg;

	while (running) {
		if (curl_multi_perform(ws->multi, &running) != CURLM_OK)
			return;
		while ((msg = curl_multi_info_read(ws->multi, &left))) {
			if (msg->msg == CURLMSG_DONE)
				ended(ws, msg, done, ctx);
		}
		if (!running || clock_mono_us() >= until)
			return;
		curl_multi_poll(ws->multi, NULL, 0, 10, NULL);
	}
}
