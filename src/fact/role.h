/*
 * role: what a path of the shop is for; decides how a change of it is judged.
 */
#ifndef HINOBAN_FACT_ROLE_H
#define HINOBAN_FACT_ROLE_H

#include "base/base.h"

enum role {
	ROLE_PAYMENT, /* code that sees card data or decides where it goes; also code */
	ROLE_CODE,    /* shipped by people: PHP, templates, JavaScript, .htaccess ... */
	ROLE_CONFIG,  /* settings that hold secrets or switch code: .env, config.php; also code
	               */
	ROLE_GENERATED, /* code that the shop itself writes at run time: template caches */
	ROLE_UPLOADS,   /* written by visitors or staff: images, documents; never code */
	ROLE_DATA,      /* databases, sessions, logs: changes are normal, contents not kept */
	ROLE_IGNORED,   /* not looked at */
	ROLES
};

const char *role_name(enum role r);
bool role_of(struct slice name, enum role *out);
/* payment, code, config: contents are kept in the vault and any unapproved change is a finding.
 */
bool role_is_code(enum role r);

/*
 * Is this the name of a packed copy (.gz, .br, .zst) of a text that web servers hand out to
 * browsers? They hand the copy out in its place (nginx: gzip_static). *text (may be NULL): the
 * path of the text itself, without that end; borrowed. Dumps, logs and archives are none.
 */
enum role_packing { ROLE_UNPACKED, ROLE_GZIP, ROLE_BROTLI, ROLE_ZSTD };
enum role_packing role_packing(struct slice path, struct slice *text);

#endif
