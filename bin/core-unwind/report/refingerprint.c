/* SPDX-License-Identifier: ISC */
#include "report/refingerprint.h"

#include <err.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "exits.h"
#include "io.h"
#include "report/fingerprint.h"
#include "text.h"
#include "xalloc.h"

#define SNAPSHOT_MAX ((size_t)512 << 20)
#define STEP ((size_t)1 << 20)

static json_t *
load(int fd, const char *name)
{
	char *text = NULL;
	size_t len = 0;
	ssize_t n;
	json_t *o;

	do {
		if (len > SNAPSHOT_MAX)
			errx(EXIT_WRONG, "read snapshot %s: it is too long",
			    text_show(name));
		text = xreallocarray(text, len + STEP, 1);
		n = io_read(fd, text + len, STEP);
		if (n == -1)
			err(EXIT_REFUSED, "read snapshot %s", text_show(name));
		len += (size_t)n;
	} while ((size_t)n == STEP);
	o = json_loadb(text, len, JSON_ALLOW_NUL, NULL);
	free(text);
	if (!json_is_object(json_object_get(o, "fingerprint")) ||
	    !json_is_array(json_object_get(o, "threads")))
		errx(EXIT_WRONG, "read snapshot %s: it is none",
		    text_show(name));
	return o;
}

/* Addresses are strings there. */
static uint64_t
address(const json_t *frame, const char *key)
{
	const char *s = json_string_value(json_object_get(frame, key));

	return s == NULL ? 0 : strtoull(s, NULL, 16);
}

/* The frames of the thread that crashed, or of a live process's first. */
static const json_t *
crashed_frames(const json_t *o)
{
	const json_t *threads = json_object_get(o, "threads"), *thread;
	size_t i;

	json_array_foreach(threads, i, thread)
		if (json_is_true(json_object_get(thread, "crashed")))
			return json_object_get(thread, "frames");
	return json_is_null(json_object_get(o, "signal")) ?
	    json_object_get(json_array_get(threads, 0), "frames") : NULL;
}

static void
make(const json_t *frames, const json_t *signal, struct fingerprint *fp)
{
	const json_t *code = json_object_get(signal, "code"), *frame;
	struct fingerprint_names *names = fingerprint_begin();
	size_t i;

	json_array_foreach(frames, i, frame) {
		const char *trust = json_string_value(
		    json_object_get(frame, "trust"));
		const struct fingerprint_frame f = {
			.function = json_string_value(
			    json_object_get(frame, "function")),
			.module = json_string_value(
			    json_object_get(frame, "module")),
			.pc = address(frame, "pc"),
			.module_offset = address(frame, "module_offset"),
			.is_guess = trust != NULL &&
			    strcmp(trust, "scan") == 0,
			.is_trampoline = json_is_true(
			    json_object_get(frame, "signal_frame"))
		};

		if (!json_is_true(json_object_get(frame, "tail_call")) &&
		    fingerprint_add(names, &f))
			break;
	}
	fingerprint_end(names, (int)json_integer_value(
	    json_object_get(signal, "number")), json_is_integer(code) &&
	    json_integer_value(code) <= 0, fp);
}

static void
set(json_t *o, const char *key, json_t *value)
{
	if (json_object_set_new(o, key, value) == -1)
		errx(EXIT_REFUSED, "change the fingerprint: no memory");
}

int
refingerprint(int fd, const char *name, FILE *out)
{
	json_t *o = load(fd, name), *old = json_object_get(o, "fingerprint");
	const json_t *frames = crashed_frames(o);
	struct fingerprint fp;
	char *signature;
	int made;

	if (json_array_size(frames) > 0) {
		make(frames, json_object_get(o, "signal"), &fp);
		/* It may have been cut inside a character. */
		signature = text_utf8(fp.signature, (size_t)-1);
		set(old, "version", json_integer(FINGERPRINT_VERSION));
		set(old, "signature", json_string(signature));
		set(old, "strict", json_string(fp.strict));
		set(old, "loose", json_string(fp.loose));
		set(old, "weak", json_boolean(fp.weak));
		free(signature);
		free(fp.signature);
	}
	if (json_dumpf(o, out, JSON_COMPACT) == -1 || putc('\n', out) == EOF ||
	    fflush(out) == EOF)
		err(EXIT_REFUSED, "write the result");
	made = json_array_size(frames) > 0;
	json_decref(o);
	if (made)
		return EXIT_SUCCESS;
	warnx("note: snapshot %s: it has no frames of a crashed thread: its "
	    "fingerprint is as it was", text_show(name));
	return EXIT_PARTIAL;
}
