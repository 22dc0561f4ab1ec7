/* SPDX-License-Identifier: ISC */
#include "report/environment.h"

#include <stdlib.h>
#include <string.h>

#include "crash.h"
#include "path.h"
#include "symbol/symbols.h"
#include "xalloc.h"

#define VARIABLES_MAX 200
#define VARIABLE_MAX 4096

/* The array that a module's environ points at; 0: it has none. */
static uint64_t
find_array(struct crash *c)
{
	static const char *const names[] = { "__environ", "environ" };

	for (size_t i = 0; i < c->modules.count; i++) {
		struct module *m = &c->modules.item[i];
		const char *base = path_base(m->path);

		if (!m->is_main && strncmp(base, "libc.", 5) != 0 &&
		    strncmp(base, "libc-", 5) != 0 &&
		    strncmp(base, "ld-musl", 7) != 0)
			continue;
		for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
			uint64_t at = symbols_address(&c->modules, m,
			    names[n], NULL), array;

			if (at != 0 && target_word(c->target, at, &array) ==
			    0 && array != 0)
				return array;
		}
	}
	return 0;
}

void
environment_read(struct crash *c)
{
	uint64_t array = find_array(c), at;
	size_t word = c->target->is64 ? 8 : 4;
	char *text = xmalloc(VARIABLE_MAX + 1);

	for (size_t i = 0; array != 0 && i < VARIABLES_MAX; i++) {
		size_t n;

		if (target_word(c->target, array + i * word, &at) == -1 ||
		    at == 0)
			break;
		n = target_read(c->target, at, text, VARIABLE_MAX);
		text[n] = '\0';
		if (n > 0)
			strings_add(&c->environment, "%s", text);
	}
	free(text);
	if (c->environment.count == 0)
		strings_add(&c->target->missing, "the environment: it is not "
		    "in the core, or nothing says where");
}
