#include "visit/arms.h"

const struct arms_arm arms_table[] = {
    {.name = "idle", .quick = true},
    {.name = "decoy", .card = ARMS_DECOY},
    {.name = "a", .card = ARMS_A, .seeded = true, .alone = true},
    {.name = "a2", .card = ARMS_A, .seeded = true, .alone = true},
    {.name = "b", .card = ARMS_B, .seeded = true, .alone = true},
    {.name = "slow", .card = ARMS_A, .slow = true},
    {.name = "direct", .direct = true},
    {.name = "phone", .card = ARMS_A, .phone = true},
    {.name = "search", .card = ARMS_A, .search = true},
    {.name = "returning", .card = ARMS_A, .returning = true},
    {.name = "taps", .card = ARMS_A, .taps = true, .alone = true},
};
const size_t arms_count = sizeof(arms_table) / sizeof(arms_table[0]);

const struct arms_arm *arms_of(struct slice name)
{
	for (size_t i = 0; i < arms_count; i++)
		if (slice_eq(name, slice_str(arms_table[i].name)))
			return &arms_table[i];
	return NULL;
}
