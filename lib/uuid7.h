/* SPDX-License-Identifier: ISC */
/* Record names: UUID version 7 (RFC 9562, section 5.7), lower case. */
#ifndef COREPIPE_UUID7_H
#define COREPIPE_UUID7_H

#define UUID7_LENGTH 36

/* A new one from the clock and getrandom(2). Exits 111 without entropy. */
void uuid7_make(char id[UUID7_LENGTH + 1]);

/* Is TEXT a whole one: 36 characters, version 7, lower case? */
int uuid7_valid(const char *text);

/* Can TEXT begin one: 1 to 36 characters of the right kind in each place? */
int uuid7_prefix(const char *text);

#endif
