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
#include "path.h"
#include "xalloc.h"

#define LISTS_MAX 20000
#define LIST_BYTES ((size_t)8 << 20)	/* of one list; more are not read */
#define STATUS_BYTES ((size_t)64 << 20)
#define NAME_LETTERS 128
#define SECONDS_MAX 3			/* a disk with a cold cache and others */
/* As dpkg calls the machine's; on others that are not here lists are searched. */
#if defined(__x86_64__)
#define NATIVE ":amd64"
#elif defined(__aarch64__)
#define NATIVE ":arm64"
#elif defined(__riscv)
#define NATIVE ":riscv64"
#elif defined(__powerpc64__)
#define NATIVE ":ppc64el"
#elif defined(__s390x__)
#define NATIVE ":s390x"
#else
#define NATIVE ":i386"
#endif

#define LIKE_LETTERS "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define LETTERS LIKE_LETTERS DIGITS
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
search_text(const char *text, size_t size, const char *package,
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
				query[i].package = xstrdup(package);
	}
}

/* FILE is the list of a package, "vim.list", if there is one of that name. */
static void
search_list(int dir, const char *file, struct dpkg_query *query, size_t n)
{
	char *package = xstrndup(file, strlen(file) - strlen(".list"));
	char *text = NULL;
	size_t len;

	if (is_package(package))
		text = io_slurp(dir, file, LIST_BYTES, &len);
	if (text != NULL)
		search_text(text, len, package, query, n);
	free(text);
	free(package);
}

static int
is_list(const char *file)
{
	size_t len = strlen(file);

	return len > strlen(".list") && len <= NAME_LETTERS &&
	    strcmp(file + len - strlen(".list"), ".list") == 0;
}

/* Look for Q in the list of NAME, and in that of its architecture. */
static void
try_package(int dir, const char *name, size_t len, struct dpkg_query *q)
{
	static const char *const architectures[] = { "", NATIVE };

	for (size_t i = 0; i < 2 && q->package == NULL; i++) {
		char *file = xasprintf("%.*s%s.list", (int)len, name,
		    architectures[i]);

		search_list(dir, file, q, 1);
		free(file);
	}
}

/*
 * The list by its name: the directory of a thousand others takes longer to be
 * read than all else that is done here. A library's package is named after its
 * soname (Debian Policy 8.1: libc.so.6 is in libc6, libfoo2.so.1 in libfoo2-1),
 * a program's often after it (vim.basic is in vim).
 */
static void
guess(int dir, struct dpkg_query *q)
{
	const char *name = path_base(q->path), *so = strstr(name, ".so.");
	char *package;

	if (so == NULL || so == name) {
		try_package(dir, name, strlen(name), q);
		if (q->package == NULL && strchr(name, '.') != NULL)
			try_package(dir, name, strcspn(name, "."), q);
		return;
	}
	package = xasprintf("%.*s%s%.*s", (int)(so - name), name,
	    so[-1] >= '0' && so[-1] <= '9' ? "-" : "",
	    (int)strspn(so + 4, DIGITS), so + 4);
	try_package(dir, package, strlen(package), q);
	free(package);
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
		const char *name = path_base(query[i].path);
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
			if (list[i] == NULL ||
			    (turn == 0 && !is_likely(list[i], query, n)))
				continue;
			search_list(dir, list[i], query, n);
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

/* One stanza: lines of fields, until an empty one. */
static void
read_stanza(const char *text, struct stanza *s)
{
	size_t len;

	for (; (len = strcspn(text, "\n")) > 0; text += len + (text[len] == '\n'))
		add_line(s, text, len);
}

static int
is_asked_about(const char *package, size_t len,
    const struct dpkg_query *query, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *name = query[i].package;

		if (name != NULL && strncmp(name, package, len) == 0 &&
		    (name[len] == '\0' || name[len] == ':'))
			return 1;
	}
	return 0;
}

/*
 * Versions; and no architecture where it is the machine's. Most stanzas, which
 * begin with their package's name, are passed by.
 */
static void
read_status(const char *text, struct dpkg_query *query, size_t n)
{
	static const char begin[] = "Package: ";
	char *native = NULL;

	for (const char *at = text; (at = strstr(at, begin)) != NULL;
	    at += sizeof begin - 1) {
		const char *name = at + sizeof begin - 1;
		size_t len = strcspn(name, "\n");
		struct stanza s = { NULL, NULL, NULL };

		if ((at > text && at[-1] != '\n') ||
		    (!is_asked_about(name, len, query, n) &&
		    (len != 4 || memcmp(name, "dpkg", 4) != 0)))
			continue;
		read_stanza(at, &s);
		end_stanza(&s, query, n, &native);
	}
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
	for (size_t i = 0; i < n; i++) {
		query[i].length = strlen(query[i].path);
		guess(dirfd(dir), &query[i]);
	}
	if (count_open(query, n) > 0)
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
