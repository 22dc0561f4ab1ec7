/* SPDX-License-Identifier: ISC */
#include "supersede.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "store.h"

#define META_MAX	(1u << 20)
#define TEMPORARY	"meta.json.new"

int
supersede_lock(int known)
{
	int fd = openat(known, "lock.newest",
	    O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);

	while (fd != -1 && flock(fd, LOCK_EX) == -1)
		if (errno != EINTR) {
			close(fd);
			return -1;
		}
	return fd;
}

/* The end of the object that begins at AT, or NULL. Strings may hold braces. */
static const char *
object_end(const char *at)
{
	int depth = 0, quoted = 0;

	for (; *at != '\0'; at++) {
		if (quoted) {
			if (*at == '\\' && at[1] != '\0')
				at++;
			else if (*at == '"')
				quoted = 0;
		} else if (*at == '"')
			quoted = 1;
		else if (*at == '{')
			depth++;
		else if (*at == '}' && --depth == 0)
			return at + 1;
	}
	return NULL;
}

/*
 * The object called KEY at or after AT, as meta.c writes it. In a string a
 * quote is escaped, so no name can pass for a key.
 */
static const char *
find_object(const char *at, const char *key, const char **end)
{
	at = strstr(at, key);
	if (at == NULL)
		return NULL;
	at += strlen(key) - 1;
	*end = object_end(at);
	return *end == NULL ? NULL : at;
}

/* LEN bytes of TEXT with OLD, which is in it, replaced by NEW. */
static void
put_replaced(FILE *out, const char *text, size_t len, const char *old,
    const char *new)
{
	const char *at = memmem(text, len, old, strlen(old));

	if (at == NULL) {
		fwrite(text, 1, len, out);
		return;
	}
	fwrite(text, 1, (size_t)(at - text), out);
	fputs(new, out);
	at += strlen(old);
	fwrite(at, 1, len - (size_t)(at - text), out);
}

/* What "core" says is now what "stacks" in it said, and the reason. */
static char *
rewrite(const char *text, const char *by, size_t *len)
{
	const char *end, *stacks_end, *missing;
	const char *core = find_object(text, "\"core\":{", &end);
	const char *stacks = core == NULL ? NULL :
	    find_object(core, "\"stacks\":{", &stacks_end);
	char reason[128], *new = NULL, *object = NULL;
	size_t object_len;
	FILE *out;

	missing = core == NULL ? NULL : strstr(end, "\"missing\":[");
	if (stacks == NULL || stacks_end > end || missing == NULL)
		return NULL;
	missing += strlen("\"missing\":[");
	snprintf(reason, sizeof reason, "\"stacks only: superseded by %s\"",
	    by);
	out = open_memstream(&object, &object_len);
	if (out == NULL)
		return NULL;
	put_replaced(out, stacks, (size_t)(stacks_end - stacks),
	    "\"stacks.zst\"", "\"core.zst\"");
	fclose(out);
	out = open_memstream(&new, len);
	if (out != NULL) {
		char value[160];

		fwrite(text, 1, (size_t)(core - text), out);
		snprintf(value, sizeof value, "\"reason\":%s", reason);
		put_replaced(out, object, object_len, "\"reason\":null",
		    value);
		fwrite(end, 1, (size_t)(missing - end), out);
		fprintf(out, "\"core: %s%s", reason + 1,
		    *missing == ']' ? "" : ",");
		fputs(missing, out);
		if (fclose(out) == EOF) {
			free(new);
			new = NULL;
		}
	}
	free(object);
	return new;
}

static int
replace_meta(int dir, const char *text, size_t len)
{
	int fd, rc;

	/* Left by one that was killed. */
	unlinkat(dir, TEMPORARY, 0);
	fd = openat(dir, TEMPORARY,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (fd == -1)
		return -1;
	rc = io_write(fd, text, len) | fsync(fd);
	close(fd);
	if (rc == 0)
		rc = renameat(dir, TEMPORARY, dir, "meta.json");
	return rc;
}

uint64_t
supersede(int storefd, const char *id, const char *by)
{
	enum store_state state;
	char *text = NULL, *new = NULL;
	struct stat st, core;
	uint64_t freed = 0;
	size_t len;
	int dir = store_open_record(storefd, id, 0, &state);

	if (dir == -1)
		return 0;
	if (fstatat(dir, "stacks.zst", &st, AT_SYMLINK_NOFOLLOW) == -1 ||
	    !S_ISREG(st.st_mode))
		goto done;
	text = io_slurp(dir, "meta.json", META_MAX, &len);
	if (text == NULL)
		goto done;
	/* The words first: a core that is more than they say harms nobody. */
	new = rewrite(text, by, &len);
	if ((new != NULL && replace_meta(dir, new, len) == -1) ||
	    fstatat(dir, "core.zst", &core, AT_SYMLINK_NOFOLLOW) == -1 ||
	    renameat(dir, "stacks.zst", dir, "core.zst") == -1) {
		warn("keep the stacks alone of record '%s'", id);
		goto done;
	}
	freed = (uint64_t)core.st_size;
	if (fsync(dir) == -1)
		warn("sync record '%s'", id);
done:
	close(dir);
	free(text);
	free(new);
	return freed;
}
