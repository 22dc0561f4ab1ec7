/* SPDX-License-Identifier: ISC */
#include "module/whence.h"

#include <stdlib.h>

#include "module/module.h"
#include "module/package.h"
#include "xalloc.h"

/* ", of package bash 5.2-1 (rpm)", or nothing. */
static char *
of_package(Elf *elf)
{
	struct package p = elf == NULL ? (struct package){ .name = NULL } :
	    package_note(elf);
	char *text = p.name == NULL ? xstrdup("") :
	    xasprintf(", of package %s %s (%s)", p.name, p.version,
	    p.type == NULL ? "?" : p.type);

	free(p.name);
	free(p.version);
	free(p.type);
	free(p.debug);
	return text;
}

void
whence_say(struct module *m)
{
	const char *id = module_build_id(m), *what = "executable";
	char *package, *said = m->missing;

	if (m->elf != NULL && m->image == NULL) {
		/* The file is there: is it its debug data that is not? */
		if (said != NULL || !m->debug_tried || m->dwarf_elf != NULL)
			return;
		what = "debuginfo";
		said = xasprintf("%s: no debug data", m->path);
	} else if (said == NULL)
		return;
	package = of_package(m->elf);
	if (id != NULL)
		m->missing = xasprintf("%s%s (debuginfod-find %s %s)", said,
		    package, what, id);
	else
		m->missing = xstrdup(said);
	free(said);
	free(package);
}
