/* sender: how one who sends facts names itself. */
#include "wall/sender.h"
#include "fact/json.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/random.h>

void sender_name(const char *role, char out[SENDER_BYTES])
{
	uint64_t chance;

	if (getrandom(&chance, sizeof(chance), 0) != (ssize_t)sizeof(chance))
		err_die("getrandom failed");
	snprintf(out, SENDER_BYTES, "%.40s-%016" PRIx64, role, chance);
}

int sender_hello(struct buf *out, const char *sender, const char *role)
{
	struct arena a;
	struct json *body;
	bool good;

	arena_init(&a, 4096);
	body = json_obj(&a);
	json_put_str(&a, body, "sender", sender);
	json_put_str(&a, body, "role", role);
	good = json_write(out, body) && buf_ok(out);
	arena_done(&a);
	return good ? 0 : -EMSGSIZE;
}
