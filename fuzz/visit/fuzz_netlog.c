/* netlog: whatever Chromium's log holds, in pieces of any size; the same contacts in any cut.
 */
#include "fuzz.h"
#include "visit/netlog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct netlog *whole = netlog_new(), *cut = netlog_new();
	size_t a = 0, b = 0, step = n ? 1 + data[0] % 64 : 1;

	if (!whole || !cut)
		__builtin_trap();
	netlog_feed(whole, slice_mem(data, n));
	for (size_t at = 0; at < n; at += step)
		netlog_feed(cut, slice_mem(data + at, n - at < step ? n - at : step));
	netlog_contacts(whole, &a);
	netlog_contacts(cut, &b);
	if (a != b || a > NETLOG_MAX)
		__builtin_trap();
	netlog_free(whole);
	netlog_free(cut);
	return 0;
}
