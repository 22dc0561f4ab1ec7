/* SPDX-License-Identifier: ISC */
/*
 * How much more memory a control group may take, beside what the machine has:
 * a service or a container can be short of it while all others have plenty.
 */
#ifndef CORE_SAVE_SPARE_H
#define CORE_SAVE_SPARE_H

#include <stdint.h>

/*
 * The least that any of the groups allows, or UINT64_MAX where no limit is set
 * or none can be read. CGROUP is the text of /proc/PID/cgroup, or NULL.
 */
uint64_t spare_of(const char *cgroup);

#endif
