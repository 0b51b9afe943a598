/* ledger-make DIR: an empty ledger, for benches. */
#include "ledger/ledger.h"

int main(int argc, char **argv)
{
	struct err e = {""};

	err_name("ledger-make");
	if (argc != 2 || ledger_create(argv[1], &e) < 0)
		err_die("%s", argc == 2 ? e.text : "usage: ledger-make DIR");
	return 0;
}
