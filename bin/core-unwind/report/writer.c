/* SPDX-License-Identifier: ISC */
#include "report/writer.h"

void
writer_heading(const struct writer *w, const char *title)
{
	fprintf(w->out, "\n%s%s%s\n", w->bold, title, w->plain);
}
