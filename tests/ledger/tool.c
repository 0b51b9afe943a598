/*
 * tool: the ledger's door as a program, for the scripts beside it.
 *
 *     ledger-tool create|size|head|findings|files STATE | verify STATE [WITNESSED-HEADS]
 *     ledger-tool proof STATE SEQ | consistency STATE FROM TO | rebuild STATE
 *     ledger-tool log STATE [TYPE [PATH]] | get STATE SEQ | content STATE HASH
 */
#include "ledger/head.h"
#include "ledger/ledger.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static int64_t number(const char *s)
{
	uint64_t v;

	if (!s || !slice_u64(slice_str(s), &v))
		err_die("not a number: %s", s ? s : "");
	return (int64_t)v;
}

static int64_t told;

static void tell_fault(void *ctx, int64_t seq, const char *what)
{
	(void)ctx;
	if (told++ < 40)
		printf("%lld %s\n", (long long)seq, what);
}

static int verify(const char *state, const char *heads)
{
	struct err e = {""};
	FILE *witness = heads ? fopen(heads, "re") : NULL;
	int64_t n = ledger_verify(state, witness, NULL, tell_fault, NULL, &e);

	if (witness)
		fclose(witness);

	if (n < 0)
		err_die("%s", e.text);
	return n > 0;
}

static int print_fact(void *ctx, int64_t seq, struct slice body)
{
	(void)ctx, (void)seq;
	fwrite(body.at, 1, body.n, stdout);
	putchar('\n');
	return 0;
}

static int print_finding(void *ctx, const struct ledger_finding *f)
{
	(void)ctx;
	printf("%lld %s %lld %.*s %.*s\n", (long long)f->seq,
	       ledger_finding_state_name(f->state), (long long)f->closed_by, SLICE_ARG(f->type),
	       SLICE_ARG(f->path));
	return 0;
}

static int print_files(struct ledger *l)
{
	struct table t;
	int r = ledger_table(l, &t);

	if (r < 0)
		err_die("table: %s", strerror(-r));
	for (size_t i = 0; i < t.count; i++) {
		const struct table_entry *en = &t.entry[i];
		char a[HASH_HEX_BYTES], p[HASH_HEX_BYTES];

		hash_hex(&en->approved.hash, a);
		hash_hex(&en->present.hash, p);
		printf("%u %.*s %s %s %.8s %s %.8s %.*s\n", en->root,
		       SLICE_ARG(table_path(&t, en)), role_name((enum role)en->role),
		       table_class_name((enum table_class)en->approved.class), a,
		       table_class_name((enum table_class)en->present.class), p,
		       SLICE_ARG(table_features(&t, en)));
	}
	table_close(&t);
	return 0;
}

static int print_buf(int r, struct buf *b, struct err *e)
{
	if (r < 0)
		err_die("%s", e->text[0] ? e->text : strerror(-r));
	fwrite(b->at, 1, b->n, stdout);
	putchar('\n');
	buf_done(b);
	return 0;
}

static int print_content(struct ledger *l, const char *hex)
{
	struct hash h;
	char part[4096];
	ssize_t n;
	int fd = hash_unhex(slice_str(hex), &h) ? ledger_content(l, &h) : -EINVAL;

	if (fd < 0)
		err_die("content: %s", strerror(-fd));
	while ((n = read(fd, part, sizeof(part))) > 0)
		fwrite(part, 1, (size_t)n, stdout);
	close(fd);
	return 0;
}

static int log_facts(struct ledger *l, int argc, char **argv)
{
	struct ledger_query q = {.type = slice_str(argc > 3 ? argv[3] : NULL),
	                         .path = slice_str(argc > 4 ? argv[4] : NULL)};
	int r = ledger_each(l, &q, print_fact, NULL);

	if (r < 0)
		err_die("log: %s", strerror(-r));
	return 0;
}

static int read_command(struct ledger *l, int argc, char **argv)
{
	struct err e = {""};
	struct buf b;
	struct ledger_head h;
	int r;

	buf_init(&b, 1 << 20);
	if (strcmp(argv[1], "size") == 0)
		return printf("%lld\n", (long long)ledger_size(l)) < 0;
	if (strcmp(argv[1], "log") == 0)
		return log_facts(l, argc, argv);
	if (strcmp(argv[1], "files") == 0)
		return print_files(l);
	if (strcmp(argv[1], "findings") == 0)
		return ledger_findings(l, false, false, 0, print_finding, NULL);
	if (strcmp(argv[1], "head") == 0) {
		r = ledger_head(l, &h);
		if (r == 0)
			head_line(&b, &h);
		return print_buf(r, &b, &e);
	}
	if (argc < 4)
		err_die("which?");
	if (strcmp(argv[1], "content") == 0)
		return print_content(l, argv[3]);
	if (strcmp(argv[1], "get") == 0)
		r = ledger_get(l, number(argv[3]), &b);
	else if (strcmp(argv[1], "proof") == 0)
		r = ledger_proof(l, number(argv[3]), &b, &e);
	else
		r = ledger_consistency(l, number(argv[3]), number(argv[4]), &b, &e);
	return print_buf(r, &b, &e);
}

int main(int argc, char **argv)
{
	struct err e = {""};
	struct ledger *l;
	bool differs;
	int r;

	err_name("ledger-tool");
	if (argc < 3)
		err_die("usage: ledger-tool COMMAND STATE ...");
	if (strcmp(argv[1], "create") == 0) {
		if (ledger_create(argv[2], &e) < 0)
			err_die("%s", e.text);
		return 0;
	}
	if (strcmp(argv[1], "verify") == 0)
		return verify(argv[2], argc > 3 ? argv[3] : NULL);
	if (strcmp(argv[1], "rebuild") == 0) {
		if (ledger_rebuild(argv[2], NULL, NULL, &differs, &e) < 0)
			err_die("%s", e.text);
		return printf("%s\n", differs ? "differed" : "same") < 0;
	}
	if (ledger_open(argv[2], &l, &e) < 0)
		err_die("%s", e.text);
	r = read_command(l, argc, argv);
	ledger_close(l);
	return r;
}
