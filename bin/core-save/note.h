/* SPDX-License-Identifier: ISC */
/* ELF notes (elf.h, gABI "Note Section") in memory, in this machine's byte order. */
#ifndef CORE_SAVE_NOTE_H
#define CORE_SAVE_NOTE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Of the first note called NAME of TYPE among the LEN bytes at NOTES: what it
 * holds, and *SIZE, its bytes. NULL when it is not there, and whole.
 */
const unsigned char *note_find(const unsigned char *notes, size_t len,
    const char *name, uint32_t type, size_t *size);

#endif
