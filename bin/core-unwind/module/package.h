/* SPDX-License-Identifier: ISC */
/*
 * The packages that modules are of, and the ones that hold their debug data.
 */
#ifndef CORE_UNWIND_PACKAGE_H
#define CORE_UNWIND_PACKAGE_H

#include <libelf.h>

struct modules;

struct package {
	char *name, *version;		/* of the module, or NULL */
	char *type;			/* "deb", "rpm" ..., or NULL */
	char *debug;			/* what to install for its debug data:
					   safe in a command line, or NULL */
};

/*
 * What the linker was told of ELF's package, in its note. Zeroes when nothing.
 */
struct package package_note(Elf *elf);

/*
 * Set the package of the executable, and of each module whose debug data is
 * wanted, when their notes or the package manager's database tell. That
 * database is of this machine's files, and of no others.
 */
void packages_find(struct modules *ms, const volatile int *expired);

/*
 * The command that installs the debug data of all that is wanted, as far as it
 * is known: "apt install a-dbgsym b-dbgsym", or NULL. The caller frees.
 */
char *packages_command(const struct modules *ms);

#endif
