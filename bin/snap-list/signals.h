/* SPDX-License-Identifier: ISC */
#ifndef SNAP_LIST_SIGNALS_H
#define SNAP_LIST_SIGNALS_H

/* "SIGSEGV" for 11; NULL when there is no such name. */
const char *signals_name(int number);

/* 11 for "11", "SEGV" and "SIGSEGV"; -1 when there is no such signal. */
int signals_number(const char *text);

#endif
