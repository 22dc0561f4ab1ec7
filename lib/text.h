/* SPDX-License-Identifier: ISC */
/*
 * Bytes that a crashed process chose, made safe to show. Names, paths, command
 * lines and messages may hold anything; nothing of them reaches a terminal or
 * a JSON file but through here.
 */
#ifndef COREPIPE_TEXT_H
#define COREPIPE_TEXT_H

#include <stddef.h>

/*
 * For a terminal or a line of a log: valid UTF-8 that prints stays; controls
 * (C0, DEL, C1), the bidirectional overrides, what shows nothing (zero-width
 * characters) and bytes that are no UTF-8 become \n, \t, \r, \e or \xHH. LEN of (size_t)-1 means up to the NUL.
 * Returns a string that the caller frees; never NULL (exits 111).
 */
char *text_printable(const char *bytes, size_t len);

/*
 * The same in one of eight buffers used in turn, cut at 255 bytes with "...":
 * for names inside a message of err(3). The caller does not free it.
 */
const char *text_show(const char *bytes);

/*
 * For a JSON string: valid UTF-8 with every byte that is none replaced by
 * \xHH in letters (so a reader sees which byte it was). Controls stay: the
 * JSON writer escapes them. Returns a string that the caller frees; never
 * NULL.
 */
char *text_utf8(const char *bytes, size_t len);

#endif
