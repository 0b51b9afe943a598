/* The role by name alone, where no rule of the config or the profile speaks of a path. */
#include "conf/match.h"

#include "base/path.h"
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 24 /* longest name in the table, with NUL */

struct known {
	const char *name; /* lower case */
	enum role role;
};

/* All tables are sorted by name. Some locks say which code is installed next. */
static const struct known names[] = {
    {".ds_store", ROLE_IGNORED}, {".env", ROLE_CONFIG},
    {".htaccess", ROLE_CONFIG},  {".htpasswd", ROLE_CONFIG},
    {".user.ini", ROLE_CONFIG},  {"composer.lock", ROLE_CODE},
    {"config.php", ROLE_CONFIG}, {"configuration.php", ROLE_CONFIG},
    {"error_log", ROLE_DATA},    {"localsettings.php", ROLE_CONFIG},
    {"php.ini", ROLE_CONFIG},    {"settings.php", ROLE_CONFIG},
    {"symfony.lock", ROLE_CODE}, {"thumbs.db", ROLE_IGNORED},
    {"web.config", ROLE_CONFIG}, {"wp-config.php", ROLE_CONFIG},
    {"yarn.lock", ROLE_CODE},
};

/*
 * Pictures, fonts, sound, films, documents and archives; logs and databases. Nothing that PHP,
 * a web server or a browser runs: of packed texts see role_packing().
 */
static const struct known ends[] = {
    {"3gp", ROLE_UPLOADS},
    {"7z", ROLE_UPLOADS},
    {"aac", ROLE_UPLOADS},
    {"ai", ROLE_UPLOADS},
    {"aif", ROLE_UPLOADS},
    {"aiff", ROLE_UPLOADS},
    {"apng", ROLE_UPLOADS},
    {"asf", ROLE_UPLOADS},
    {"avi", ROLE_UPLOADS},
    {"avif", ROLE_UPLOADS},
    {"bmp", ROLE_UPLOADS},
    {"bz2", ROLE_UPLOADS},
    {"cab", ROLE_UPLOADS},
    {"cbr", ROLE_UPLOADS},
    {"cbz", ROLE_UPLOADS},
    {"csv", ROLE_UPLOADS},
    {"cur", ROLE_UPLOADS},
    {"db", ROLE_DATA},
    {"db-journal", ROLE_DATA},
    {"db-shm", ROLE_DATA},
    {"db-wal", ROLE_DATA},
    {"deb", ROLE_UPLOADS},
    {"djvu", ROLE_UPLOADS},
    {"dmg", ROLE_UPLOADS},
    {"dng", ROLE_UPLOADS},
    {"doc", ROLE_UPLOADS},
    {"docm", ROLE_UPLOADS},
    {"docx", ROLE_UPLOADS},
    {"dotx", ROLE_UPLOADS},
    {"dwg", ROLE_UPLOADS},
    {"dxf", ROLE_UPLOADS},
    {"emf", ROLE_UPLOADS},
    {"eot", ROLE_UPLOADS},
    {"eps", ROLE_UPLOADS},
    {"epub", ROLE_UPLOADS},
    {"f4v", ROLE_UPLOADS},
    {"flac", ROLE_UPLOADS},
    {"flv", ROLE_UPLOADS},
    {"gif", ROLE_UPLOADS},
    {"gz", ROLE_UPLOADS},
    {"heic", ROLE_UPLOADS},
    {"heif", ROLE_UPLOADS},
    {"ico", ROLE_UPLOADS},
    {"indd", ROLE_UPLOADS},
    {"iso", ROLE_UPLOADS},
    {"jfif", ROLE_UPLOADS},
    {"jp2", ROLE_UPLOADS},
    {"jpe", ROLE_UPLOADS},
    {"jpeg", ROLE_UPLOADS},
    {"jpg", ROLE_UPLOADS},
    {"jxl", ROLE_UPLOADS},
    {"lock", ROLE_DATA},
    {"log", ROLE_DATA},
    {"lz", ROLE_UPLOADS},
    {"lz4", ROLE_UPLOADS},
    {"lzh", ROLE_UPLOADS},
    {"lzma", ROLE_UPLOADS},
    {"m2ts", ROLE_UPLOADS},
    {"m4a", ROLE_UPLOADS},
    {"m4b", ROLE_UPLOADS},
    {"m4v", ROLE_UPLOADS},
    {"mid", ROLE_UPLOADS},
    {"midi", ROLE_UPLOADS},
    {"mka", ROLE_UPLOADS},
    {"mkv", ROLE_UPLOADS},
    {"mobi", ROLE_UPLOADS},
    {"mov", ROLE_UPLOADS},
    {"mp3", ROLE_UPLOADS},
    {"mp4", ROLE_UPLOADS},
    {"mpeg", ROLE_UPLOADS},
    {"mpg", ROLE_UPLOADS},
    {"odg", ROLE_UPLOADS},
    {"odp", ROLE_UPLOADS},
    {"ods", ROLE_UPLOADS},
    {"odt", ROLE_UPLOADS},
    {"ogg", ROLE_UPLOADS},
    {"ogm", ROLE_UPLOADS},
    {"ogv", ROLE_UPLOADS},
    {"opus", ROLE_UPLOADS},
    {"otf", ROLE_UPLOADS},
    {"pdf", ROLE_UPLOADS},
    {"pid", ROLE_DATA},
    {"png", ROLE_UPLOADS},
    {"pps", ROLE_UPLOADS},
    {"ppsx", ROLE_UPLOADS},
    {"ppt", ROLE_UPLOADS},
    {"pptx", ROLE_UPLOADS},
    {"psb", ROLE_UPLOADS},
    {"psd", ROLE_UPLOADS},
    {"rar", ROLE_UPLOADS},
    {"rpm", ROLE_UPLOADS},
    {"rtf", ROLE_UPLOADS},
    {"sock", ROLE_DATA},
    {"sqlite", ROLE_DATA},
    {"sqlite-journal", ROLE_DATA},
    {"sqlite-shm", ROLE_DATA},
    {"sqlite-wal", ROLE_DATA},
    {"sqlite3", ROLE_DATA},
    {"sqlite3-journal", ROLE_DATA},
    {"swp", ROLE_DATA},
    {"tar", ROLE_UPLOADS},
    {"tbz2", ROLE_UPLOADS},
    {"tga", ROLE_UPLOADS},
    {"tgz", ROLE_UPLOADS},
    {"tif", ROLE_UPLOADS},
    {"tiff", ROLE_UPLOADS},
    {"ttc", ROLE_UPLOADS},
    {"ttf", ROLE_UPLOADS},
    {"txz", ROLE_UPLOADS},
    {"vob", ROLE_UPLOADS},
    {"wav", ROLE_UPLOADS},
    {"webm", ROLE_UPLOADS},
    {"webp", ROLE_UPLOADS},
    {"wma", ROLE_UPLOADS},
    {"wmf", ROLE_UPLOADS},
    {"wmv", ROLE_UPLOADS},
    {"woff", ROLE_UPLOADS},
    {"woff2", ROLE_UPLOADS},
    {"xcf", ROLE_UPLOADS},
    {"xls", ROLE_UPLOADS},
    {"xlsb", ROLE_UPLOADS},
    {"xlsm", ROLE_UPLOADS},
    {"xlsx", ROLE_UPLOADS},
    {"xps", ROLE_UPLOADS},
    {"xz", ROLE_UPLOADS},
    {"z", ROLE_UPLOADS},
    {"zip", ROLE_UPLOADS},
    {"zst", ROLE_UPLOADS},
};

/* What web servers run, or take settings from, in any folder. Sorted. */
static const struct known runs[] = {
    {"asp", ROLE_CODE},  {"aspx", ROLE_CODE},  {"cgi", ROLE_CODE},  {"jsp", ROLE_CODE},
    {"phar", ROLE_CODE}, {"php", ROLE_CODE},   {"php3", ROLE_CODE}, {"php4", ROLE_CODE},
    {"php5", ROLE_CODE}, {"php7", ROLE_CODE},  {"php8", ROLE_CODE}, {"phps", ROLE_CODE},
    {"pht", ROLE_CODE},  {"phtml", ROLE_CODE}, {"pl", ROLE_CODE},   {"shtml", ROLE_CODE},
};

static int by_name(const void *key, const void *row)
{
	return strcmp(key, ((const struct known *)row)->name);
}

/* The row of a name in either case, or NULL. */
static const struct known *find(const struct known *rows, size_t n, struct slice name)
{
	char low[NAME_BYTES];

	if (name.n >= sizeof(low) || slice_chr(name, 0) != SIZE_MAX)
		return NULL;
	if (name.n)
		memcpy(low, name.at, name.n);
	low[name.n] = '\0';
	text_lower((uint8_t *)low, name.n);
	return bsearch(low, rows, n, sizeof(*rows), by_name);
}

/* Where the last c stands, or SIZE_MAX. */
static size_t last(struct slice s, uint8_t c)
{
	const uint8_t *at = s.at && s.n ? memrchr(s.at, c, s.n) : NULL;

	return at ? (size_t)(at - s.at) : SIZE_MAX;
}

/* Is NAME one of the folders on the way, or the path itself? */
static bool on_the_way(struct slice path, struct slice name)
{
	for (size_t at = 0; at + name.n <= path.n;) {
		size_t hit = slice_find(slice_sub(path, at, path.n), name);

		if (hit == SIZE_MAX)
			return false;
		at += hit + name.n;
		if ((at == name.n || path.at[at - name.n - 1] == '/') &&
		    (at == path.n || path.at[at] == '/'))
			return true;
	}
	return false;
}

/* Does a web server run it, or go by it, in any folder? Some run "x.php." and "x.php ", too. */
static enum role served(struct slice name)
{
	const struct known *k = find(names, sizeof(names) / sizeof(names[0]), name);
	size_t dot;

	if (k && k->role == ROLE_CONFIG)
		return ROLE_CONFIG;
	while (name.n && (name.at[name.n - 1] == '.' || name.at[name.n - 1] == ' '))
		name.n--;
	dot = last(name, '.');
	k = dot == SIZE_MAX
	        ? NULL
	        : find(runs, sizeof(runs) / sizeof(runs[0]), slice_sub(name, dot + 1, name.n));
	return k ? k->role : ROLE_DATA;
}

enum role match_in_data(struct slice path)
{
	enum role r = served(path_leaf(path));

	if (r == ROLE_DATA || on_the_way(path, SLICE(".git")) ||
	    on_the_way(path, SLICE(".svn")))
		return r;
	return ROLE_GENERATED;
}

/*
 * What a certificate authority asks for before it gives a certificate, or a new one: put there
 * by the web server's user or by root (certbot --webroot), and gone again some seconds later.
 */
static bool is_token(struct slice path)
{
	return on_the_way(path, SLICE(".well-known/acme-challenge")) ||
	       on_the_way(path, SLICE(".well-known/pki-validation"));
}

/* Shops write these anew each hour or day, for search engines. */
static bool is_sitemap(struct slice name)
{
	return slice_starts(name, SLICE("sitemap")) && slice_ends(name, SLICE(".xml"));
}

enum role match_by_name(struct slice path)
{
	struct slice name = path_leaf(path);
	size_t dot = last(name, '.');
	const struct known *k = find(names, sizeof(names) / sizeof(names[0]), name);

	if (on_the_way(path, SLICE(".git")) || on_the_way(path, SLICE(".svn")))
		return ROLE_DATA;
	if (!k && is_token(path))
		return ROLE_UPLOADS;
	if (!k && is_sitemap(name))
		return ROLE_DATA;
	if (!k && dot != SIZE_MAX)
		k = find(ends, sizeof(ends) / sizeof(ends[0]),
		         slice_sub(name, dot + 1, name.n));
	if (k)
		return k->role;
	return slice_starts(name, SLICE(".env.")) ? ROLE_CONFIG : ROLE_CODE;
}
