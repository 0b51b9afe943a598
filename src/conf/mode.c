#include "conf/conf.h"

static const char *const names[CONF_MODES] = {
    [CONF_WATCH] = "watch", [CONF_HEAL] = "heal", [CONF_HOLD] = "hold"};

const char *conf_mode_name(enum conf_mode m)
{
	return (unsigned)m < CONF_MODES ? names[m] : "unknown";
}

bool conf_mode_of(struct slice name, enum conf_mode *out)
{
	for (unsigned i = 0; i < CONF_MODES; i++) {
		if (slice_eq(name, slice_str(names[i]))) {
			*out = (enum conf_mode)i;
			return true;
		}
	}
	return false;
}

void conf_mode_set(enum conf_mode mode[ROLES], struct slice role, enum conf_mode to)
{
	enum role one;

	if (slice_eq(role, SLICE("all"))) {
		for (int r = 0; r < ROLE_DATA; r++)
			mode[r] = to;
	} else if (role_of(role, &one) && one < ROLE_DATA) {
		mode[one] = to;
	}
}
