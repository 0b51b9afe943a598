/*
 * url: where the database is, as the operator writes it:
 *
 *   sqlite:/var/www/shop/data/shop.sqlite
 *   postgresql://reader@db.example.jp:5432/shop?tls=verify&ca=/etc/ssl/db.pem
 *   mariadb://reader@localhost/shop?socket=/run/mysqld/mysqld.sock     (or mysql:)
 *
 * %XX stands for a byte. A password in it is refused: everyone on the machine can see the
 * arguments of a command.
 */
#ifndef HINOBAN_SCOPE_URL_H
#define HINOBAN_SCOPE_URL_H

#include "base/base.h"

#define URL_PART_BYTES 512

enum url_kind { URL_SQLITE, URL_POSTGRES, URL_MARIADB };
enum url_tls { URL_TLS_PREFER, URL_TLS_OFF, URL_TLS_REQUIRE, URL_TLS_VERIFY };

struct url {
	enum url_kind kind;
	char path[4096]; /* sqlite: the file */
	char user[URL_PART_BYTES], host[URL_PART_BYTES], name[URL_PART_BYTES];
	char socket[URL_PART_BYTES]; /* folder (PostgreSQL) or file (MariaDB); "": by host */
	char ca[URL_PART_BYTES];
	unsigned port; /* 0: the usual one */
	enum url_tls tls;
};

enum url_fault { URL_GOOD, URL_BAD, URL_HAS_PASSWORD };

/* What is wrong is in *expected (English, a part of a sentence). */
enum url_fault url_parse(struct slice text, struct url *out, const char **expected);
/* "postgresql:shop": what a fact may say of it, without user and host. */
struct slice url_said(const struct url *u, struct arena *a);

#endif
