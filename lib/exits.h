/* SPDX-License-Identifier: ISC */
/*
 * The exit statuses of every program (corepipe.7): beside EXIT_SUCCESS,
 *   1    a true "no", or a partial result that is usable
 *   100  called wrongly, or never going to work
 *   111  the system refused; trying again may help
 */
#ifndef COREPIPE_EXITS_H
#define COREPIPE_EXITS_H

enum {
	EXIT_PARTIAL = 1,
	EXIT_WRONG = 100,
	EXIT_REFUSED = 111
};

/* Of those, for what the caller named and could not be opened, by its errno. */
int exits_of_path(int error);

#endif
