/* SPDX-License-Identifier: ISC */
/*
 * What the reader of hostile bytes and the process that fetches say to each
 * other: either may have been taken over. The source files are included: both
 * sides are in one process here, and a library that answers as the input says.
 */
#define channel fetch_channel
#include "bin/core-unwind/module/fetch.c"
#undef channel
#define channel fetcher_channel
#include "bin/core-unwind/module/fetcher.c"
#undef channel

#include "fuzz.h"

static const uint8_t *answer_at;
static size_t answer_len;
static int answer_error;

static int
find(client *c, const unsigned char *id, int len, char **path)
{
	(void)c;
	if (len < 1 || len > 64 || id == NULL)
		abort();
	if (answer_error != 0)
		return -answer_error;
	/* The library's own: its user gives it back. */
	*path = strndup((const char *)answer_at, answer_len);
	return dup(STDIN_FILENO);
}

/* What the reader makes of it is a name, or nothing. */
static void
ask_for(const uint8_t *id, size_t len)
{
	char *name = fetch_file(FETCH_DEBUGINFO, id, len);
	struct fetch_request r;

	if (name != NULL && (name[0] != '/' || strlen(name) > PATH_MAX))
		abort();
	if (read(fetcher_channel, &r, sizeof r) == (ssize_t)sizeof r &&
	    (r.len != len || memcmp(r.id, id, len) != 0))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct library lib = { .find = { find, find } };
	const uint8_t *rest;
	struct fetch_request r = { .what = 0 };
	size_t len = fuzz_split(&data, &size, &rest);
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK,
	    0, pair) == -1)
		abort();
	fetch_channel = pair[0];
	fetcher_channel = pair[1];
	trouble = NULL;
	deadline = now() + 60;
	setenv("DEBUGINFOD_URLS", size > 0 && (rest[0] & 1) != 0 ? "x" : "", 1);
	/* The reader asks anything. */
	memcpy(&r, data, len < sizeof r ? len : sizeof r);
	answer_at = rest;
	answer_len = size;
	answer_error = size > 1 && (rest[0] & 2) != 0 ? rest[1] : 0;
	answer(&lib, size % 7 == 0 ? NULL : (client *)pair, &r);
	ask_for(data, len);
	/* The fetcher answers anything. */
	trouble = NULL;
	if (size > 0 && write(fetcher_channel, rest, size) == -1)
		abort();
	ask_for(data, len);
	close(pair[0]);
	close(pair[1]);
	fuzz_forget();
	return 0;
}
