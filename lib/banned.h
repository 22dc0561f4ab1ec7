/* SPDX-License-Identifier: ISC */
/*
 * Functions that cannot be called safely, or only by luck: naming one does not
 * compile. Included ahead of every source by the Makefile; the headers that
 * declare them come first, so that only our own calls are refused.
 */
#ifndef COREPIPE_BANNED_H
#define COREPIPE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(name, use) name##_is_banned_use_##use

#undef strcpy
#define strcpy(d, s) BANNED(strcpy, snprintf)
#undef strcat
#define strcat(d, s) BANNED(strcat, snprintf)
#undef strncpy
#define strncpy(d, s, n) BANNED(strncpy, snprintf)
#undef strncat
#define strncat(d, s, n) BANNED(strncat, snprintf)
#undef sprintf
#define sprintf(...) BANNED(sprintf, snprintf)
#undef vsprintf
#define vsprintf(...) BANNED(vsprintf, vsnprintf)
#undef strtok
#define strtok(s, d) BANNED(strtok, strtok_r)
#undef gets
#define gets(s) BANNED(gets, getline)
#undef mktemp
#define mktemp(s) BANNED(mktemp, mkdtemp)
#undef tmpnam
#define tmpnam(s) BANNED(tmpnam, O_TMPFILE)
#undef atoi
#define atoi(s) BANNED(atoi, num_parse)
#undef atol
#define atol(s) BANNED(atol, num_parse)
#undef localtime
#define localtime(t) BANNED(localtime, localtime_r)
#undef gmtime
#define gmtime(t) BANNED(gmtime, gmtime_r)
#undef ctime
#define ctime(t) BANNED(ctime, strftime)
#undef asctime
#define asctime(t) BANNED(asctime, strftime)
#undef system
#define system(c) BANNED(system, execv)
#undef popen
#define popen(c, m) BANNED(popen, execv)

#endif
