/* SPDX-License-Identifier: ISC */
/* Names of files, as text: nothing is looked up. */
#ifndef COREPIPE_PATH_H
#define COREPIPE_PATH_H

/* What is behind the last slash of PATH, or PATH itself: within it. */
const char *path_base(const char *path);

#endif
