/* SPDX-License-Identifier: ISC */
#ifndef CORE_UNWIND_DEMANGLE_H
#define CORE_UNWIND_DEMANGLE_H

/*
 * The name as its source has it, for C++, Rust (both manglings) and D, by
 * libiberty; any other name as it is, without the version that follows "@".
 * The caller frees.
 */
char *demangle(const char *name);

#endif
