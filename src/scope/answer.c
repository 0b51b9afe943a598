#include "scope/answer.h"
#include "wall/msg.h"

#include <stdio.h>

void answer_put(struct answer *a, const char *name, struct json *v)
{
	struct json *o = json_obj(&a->mem);

	json_put(&a->mem, o, name, v);
	if (!o || a->mem.broken || msg_send_json(a->sock, MSG_SCOPED, ++a->id, o, -1) < 0)
		err_die("the command does not hear what was counted");
	arena_reset(&a->mem);
}

static void put_code(struct answer *a, const char *name, enum scope_code code,
                     const char *const *arg, size_t args)
{
	struct json *o = json_obj(&a->mem), *list = json_arr(&a->mem);

	for (size_t i = 0; i < args; i++)
		json_push(list, json_str(&a->mem, slice_str(arg[i] ? arg[i] : "")));
	json_put_str(&a->mem, o, "code", fault_name(code));
	json_put(&a->mem, o, "args", list);
	answer_put(a, name, o);
}

void answer_warn(struct answer *a, enum scope_code code, const char *x, const char *y,
                 const char *z)
{
	const char *arg[] = {x, y, z};
	char text[sizeof(a->given[0].text)];

	snprintf(text, sizeof(text), "%s %s", x ? x : "", y ? y : "");
	for (size_t i = 0; i < a->givens; i++)
		if (a->given[i].code == code && strcmp(a->given[i].text, text) == 0)
			return;
	if (a->givens < sizeof(a->given) / sizeof(a->given[0])) {
		a->given[a->givens].code = code;
		snprintf(a->given[a->givens++].text, sizeof(text), "%s", text);
	}
	put_code(a, "warning", code, arg, 3);
}

void answer_fault(struct answer *a, const struct fault *f)
{
	const char *arg[FAULT_ARGS];

	for (size_t i = 0; i < FAULT_ARGS; i++)
		arg[i] = f->arg[i];
	put_code(a, "fault", f->code, arg, FAULT_ARGS);
}
