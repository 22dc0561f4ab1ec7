/* SPDX-License-Identifier: ISC */
/* Where what is missing of a module can be had. */
#ifndef CORE_UNWIND_WHENCE_H
#define CORE_UNWIND_WHENCE_H

struct module;

/*
 * Complete m->missing by the name that a debuginfod server knows it by, and by
 * its package, where the linker was told of one; or set it, when all that is
 * missing is debug data that somebody looked for (which most programs lack).
 */
void whence_say(struct module *m);

#endif
