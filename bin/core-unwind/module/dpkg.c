/* SPDX-License-Identifier: ISC */
#include "module/dpkg.h"

#include <sys/stat.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io.h"
#include "xalloc.h"

#define LISTS_MAX 20000
#define LIST_BYTES ((size_t)8 << 20)	/* of one list; more are not read */
#define STATUS_BYTES ((size_t)64 << 20)
#define NAME_LETTERS 128
#define SECONDS_MAX 3			/* a disk with a cold cache and others */
#define LETTERS "abcdefghijklmnopqrstuvwxyz0123456789"
#define LIKE_LETTERS "abcdefghijklmnopqrstuvwxyz"
#define CAPITALS "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static int
is_made_of(const char *s, const char *letters)
{
	size_t len = strlen(s);

	return len > 0 && len <= NAME_LETTERS && strspn(s, letters) == len;
}

/* People will copy it to a command line. */
static int
is_package(const char *name)
{
	return is_made_of(name, LETTERS "+.-:") && name[0] != '-' &&
	    name[0] != '.';
}

/*
 * Does LINE of a list name PATH? A package may have been made before /lib and
 * its like became links to what is below /usr.
 */
static int
is_path(const char *line, size_t len, const char *path, size_t want)
{
	if (len == want)
		return memcmp(line, path, len) == 0;
	return len + 4 == want && memcmp(path, "/usr", 4) == 0 &&
	    memcmp(line, path + 4, len) == 0;
}

static size_t
count_open(const struct dpkg_query *query, size_t n)
{
	size_t open = 0;

	for (size_t i = 0; i < n; i++)
		open += query[i].package == NULL;
	return open;
}

static void
search_list(const char *text, size_t size, const char *file,
    struct dpkg_query *query, size_t n)
{
	const char *end = text + size, *next;

	for (; text < end; text = next) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t len = (size_t)((newline == NULL ? end : newline) - text);

		next = text + len + 1;
		for (size_t i = 0; i < n; i++)
			if (query[i].package == NULL &&
			    is_path(text, len, query[i].path, query[i].length))
				query[i].package = xstrndup(file,
				    strlen(file) - strlen(".list"));
	}
}

static int
is_list(const char *file)
{
	size_t len = strlen(file);
	char *name;
	int is;

	if (len <= strlen(".list") || len > NAME_LETTERS ||
	    strcmp(file + len - strlen(".list"), ".list") != 0)
		return 0;
	name = xstrndup(file, len - strlen(".list"));
	is = is_package(name);
	free(name);
	return is;
}

static time_t
seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/*
 * Does the package look as if the file were its? libssl3 has libssl.so.3, and
 * redis-server redis-check-rdb: the letters that both begin with, or six.
 */
static int
is_likely(const char *file, const struct dpkg_query *query, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *slash = strrchr(query[i].path, '/');
		const char *name = slash == NULL ? query[i].path : slash + 1;
		size_t letters = strspn(name, LIKE_LETTERS);

		if (query[i].package == NULL && letters > 0 &&
		    strncmp(file, name, letters < 6 ? letters : 6) == 0)
			return 1;
	}
	return 0;
}

/* Those that look like it first: with luck the hundreds of others stay closed. */
static void
search_lists(int dir, char **list, size_t lists, struct dpkg_query *query,
    size_t n, const volatile int *expired)
{
	time_t end = seconds() + SECONDS_MAX;

	for (int turn = 0; turn < 2; turn++)
		for (size_t i = 0; i < lists && count_open(query, n) > 0 &&
		    !*expired && seconds() <= end; i++) {
			char *text;
			size_t len;

			if (list[i] == NULL ||
			    (turn == 0 && !is_likely(list[i], query, n)))
				continue;
			text = io_slurp(dir, list[i], LIST_BYTES, &len);
			if (text != NULL)
				search_list(text, len, list[i], query, n);
			free(text);
			free(list[i]);
			list[i] = NULL;
		}
}

static void
search(DIR *dir, struct dpkg_query *query, size_t n,
    const volatile int *expired)
{
	char **list = NULL;
	size_t lists = 0, cap = 0;
	struct dirent *entry;

	for (size_t i = 0; i < n; i++)
		query[i].length = strlen(query[i].path);
	while (lists < LISTS_MAX && !*expired &&
	    (entry = readdir(dir)) != NULL) {
		if (!is_list(entry->d_name) || (entry->d_type != DT_REG &&
		    entry->d_type != DT_UNKNOWN))
			continue;
		xgrow(&list, &cap, lists, sizeof *list);
		list[lists++] = xstrdup(entry->d_name);
	}
	search_lists(dirfd(dir), list, lists, query, n, expired);
	for (size_t i = 0; i < lists; i++)
		free(list[i]);
	free(list);
}

/* "Version: 1.2": the value, when LINE is of that field. */
static char *
field(const char *line, size_t len, const char *name)
{
	size_t n = strlen(name);

	if (len <= n + 2 || strncmp(line, name, n) != 0 || line[n] != ':')
		return NULL;
	return xstrndup(line + n + 2, len - n - 2);
}

struct stanza {
	char *package, *architecture, *version;
};

static void
add_line(struct stanza *s, const char *line, size_t len)
{
	static const char *const names[] = {
		"Package", "Architecture", "Version"
	};
	char **const to[] = { &s->package, &s->architecture, &s->version };

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (*line == *names[i] && *to[i] == NULL)
			*to[i] = field(line, len, names[i]);
}

/* The architecture that needs no naming: dpkg's own. */
static void
end_stanza(struct stanza *s, struct dpkg_query *query, size_t n, char **native)
{
	for (size_t i = 0; s->package != NULL && s->version != NULL &&
	    i < n; i++) {
		size_t len = strlen(s->package);
		const char *name = query[i].package;

		if (name == NULL || query[i].version != NULL ||
		    strncmp(name, s->package, len) != 0 ||
		    (name[len] != '\0' && (name[len] != ':' ||
		    s->architecture == NULL ||
		    strcmp(name + len + 1, s->architecture) != 0)) ||
		    !is_made_of(s->version, LETTERS CAPITALS "+.-:~"))
			continue;
		query[i].version = xstrdup(s->version);
	}
	if (*native == NULL && s->package != NULL && s->architecture != NULL &&
	    strcmp(s->package, "dpkg") == 0)
		*native = xstrdup(s->architecture);
	free(s->package);
	free(s->architecture);
	free(s->version);
	*s = (struct stanza){ NULL, NULL, NULL };
}

/* Versions; and no architecture where it is the machine's. */
static void
read_status(const char *text, struct dpkg_query *query, size_t n)
{
	struct stanza s = { NULL, NULL, NULL };
	char *native = NULL;

	while (*text != '\0') {
		size_t len = (size_t)(strchrnul(text, '\n') - text);

		if (len == 0)
			end_stanza(&s, query, n, &native);
		else
			add_line(&s, text, len);
		text += len + (text[len] == '\n');
	}
	end_stanza(&s, query, n, &native);
	for (size_t i = 0; native != NULL && i < n; i++) {
		char *colon = query[i].package == NULL ? NULL :
		    strchr(query[i].package, ':');

		if (colon != NULL && strcmp(colon + 1, native) == 0)
			*colon = '\0';
	}
	free(native);
}

void
dpkg_find(const char *root, struct dpkg_query *query, size_t n,
    const volatile int *expired)
{
	char *path = xasprintf("%s/var/lib/dpkg/info", root), *text;
	DIR *dir = opendir(path);
	size_t len;

	free(path);
	if (dir == NULL)
		return;
	search(dir, query, n, expired);
	closedir(dir);
	if (count_open(query, n) == n)
		return;
	path = xasprintf("%s/var/lib/dpkg/status", root);
	text = io_slurp(AT_FDCWD, path, STATUS_BYTES, &len);
	free(path);
	if (text != NULL)
		read_status(text, query, n);
	free(text);
}
