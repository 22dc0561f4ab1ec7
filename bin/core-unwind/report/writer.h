/* SPDX-License-Identifier: ISC */
/* Where the report goes: what each of its sections is given. */
#ifndef CORE_UNWIND_WRITER_H
#define CORE_UNWIND_WRITER_H

#include <stdio.h>

struct writer {
	FILE *out;
	const char *bold, *red, *plain;	/* terminal sequences, or "" */
};

#define COLUMNS 80		/* what is laid out keeps to them */
#define FIELD_BYTES 2048	/* shown of a field: all is in the JSON */

/* An empty line, and TITLE in a line of its own. */
void writer_heading(const struct writer *w, const char *title);

#endif
