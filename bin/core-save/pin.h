/* SPDX-License-Identifier: ISC */
/*
 * The memory of a process, kept beyond its end. A read of /proc/PID/mem that
 * has begun keeps it until it is done; so one is begun whose destination is a
 * page of ours that nobody provides (userfaultfd(2)). The process ends, and its
 * parent knows it, while its pages stay where they are, to be read by the "mem"
 * and "pagemap" that were opened before. Our own end gives them back, whatever
 * ends us; so does anything that interrupts the read: a debugger, or a machine
 * that goes to sleep.
 */
#ifndef CORE_SAVE_PIN_H
#define CORE_SAVE_PIN_H

#include <stdint.h>

struct pin;

/*
 * Pin the memory that the descriptor MEM reads; a byte at ADDRESS can be read.
 * NULL, with errno, when that cannot be. Only root can.
 */
struct pin *pin_new(int mem, uint64_t address);

void pin_free(struct pin *p);

#endif
