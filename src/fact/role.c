#include "fact/role.h"

static const char *const names[ROLES] = {
    [ROLE_PAYMENT] = "payment",     [ROLE_CODE] = "code",       [ROLE_CONFIG] = "config",
    [ROLE_GENERATED] = "generated", [ROLE_UPLOADS] = "uploads", [ROLE_DATA] = "data",
    [ROLE_IGNORED] = "ignored",
};

const char *role_name(enum role r)
{
	return (unsigned)r < ROLES ? names[r] : "unknown";
}

bool role_of(struct slice name, enum role *out)
{
	for (unsigned i = 0; i < ROLES; i++) {
		if (slice_eq(name, slice_str(names[i]))) {
			*out = (enum role)i;
			return true;
		}
	}
	return false;
}

bool role_is_code(enum role r)
{
	return r == ROLE_PAYMENT || r == ROLE_CODE || r == ROLE_CONFIG;
}
