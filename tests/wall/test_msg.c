/* Frames between two processes. */
#include "check.h"
#include "wall/msg.h"
#include <unistd.h>

/* Who ends with questions unread has given his answers all the same. */
static void last_words(void **state)
{
	struct msg_box box = {0};
	struct msg m;
	int end[2];

	(void)state;
	assert_int_equal(msg_pair(end), 0);
	assert_int_equal(msg_send(end[1], MSG_LOOKED, 1, SLICE("{}"), NULL, 0), 0);
	assert_int_equal(msg_send(end[1], MSG_LOOKED, 2, SLICE("{}"), NULL, 0), 0);
	assert_int_equal(msg_send(end[0], MSG_LOOK, 3, SLICE("{}"), NULL, 0), 0);
	close(end[1]);
	for (uint64_t id = 1; id <= 2; id++) {
		assert_int_equal(msg_recv(end[0], &box, &m), 1);
		assert_int_equal(m.type, MSG_LOOKED);
		assert_int_equal(m.id, id);
		msg_done(&m);
	}
	assert_int_equal(msg_recv(end[0], &box, &m), 0);
	msg_box_done(&box);
	close(end[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(last_words)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
