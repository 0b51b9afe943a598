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
