#include "desk/session.h"
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

void session_init(struct sessions *s, int64_t now)
{
	*s = (struct sessions){.tries = SESSION_TRIES, .tries_at = now};
}

/* Lengths are no secret; contents are. */
static bool same(struct slice a, struct slice b)
{
	return a.n == b.n && CRYPTO_memcmp(a.at, b.at, a.n) == 0;
}

bool session_may_try(struct sessions *s, int64_t now)
{
	int64_t more = (now - s->tries_at) / SESSION_TRY_EVERY_US;

	if (more > 0) {
		s->tries_at += more * SESSION_TRY_EVERY_US;
		s->tries =
		    more > SESSION_TRIES - s->tries ? SESSION_TRIES : s->tries + (int)more;
	}
	return s->tries > 0;
}

bool session_token(struct sessions *s, struct slice given, struct slice token)
{
	if (token.n >= SESSION_TOKEN_MIN && same(given, token))
		return true;
	if (s->tries > 0)
		s->tries--;
	return false;
}

static bool random_hex(char out[SESSION_ID_BYTES])
{
	struct hash h;

	if (getrandom(h.b, sizeof(h.b), 0) != (ssize_t)sizeof(h.b))
		return false;
	hash_hex(&h, out);
	return true;
}

static struct session *free_slot(struct sessions *s)
{
	struct session *oldest = &s->slot[0];

	for (int i = 0; i < SESSION_MAX; i++) {
		if (!s->slot[i].id[0])
			return &s->slot[i];
		if (s->slot[i].used < oldest->used)
			oldest = &s->slot[i];
	}
	return oldest;
}

struct session *session_open(struct sessions *s, int64_t now)
{
	struct session *slot = free_slot(s);

	session_end(slot);
	if (!random_hex(slot->id) || !random_hex(slot->csrf)) {
		session_end(slot);
		return NULL;
	}
	slot->born = slot->used = now;
	return slot;
}

static bool expired(const struct session *s, int64_t now)
{
	return now - s->used > SESSION_IDLE_US || now - s->born > SESSION_LIFE_US;
}

struct session *session_find(struct sessions *s, struct slice id, int64_t now)
{
	for (int i = 0; i < SESSION_MAX; i++) {
		struct session *slot = &s->slot[i];

		if (!slot->id[0] || !same(id, slice_str(slot->id)))
			continue;
		if (expired(slot, now)) {
			session_end(slot);
			return NULL;
		}
		slot->used = now;
		return slot;
	}
	return NULL;
}

bool session_csrf(const struct session *s, struct slice given)
{
	return s->csrf[0] && same(given, slice_str(s->csrf));
}

void session_sign(struct session *s, struct slice name)
{
	struct slice left = slice_trim(name);
	size_t keep = 0;
	uint32_t cp;

	for (size_t n; (n = slice_utf8(slice_sub(left, keep, left.n), &cp)) > 0; keep += n) {
		if (keep + n >= SESSION_NAME_BYTES)
			break;
	}
	memcpy(s->name, left.at ? (const void *)left.at : "", keep);
	s->name[keep] = '\0';
}

void session_end(struct session *s)
{
	OPENSSL_cleanse(s, sizeof(*s));
}
