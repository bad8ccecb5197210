/* SPDX-License-Identifier: GPL-2.0 */
/* The input of fuzz_session, and what it has of a kernel (kernel.c). */
#ifndef _FUZZ_SESSION_H
#define _FUZZ_SESSION_H

#include "fuzz.h"

/*
 * The first byte says how many links there are. Then a byte is what happens,
 * and those behind it say to which frame in flight, to which unit, how long.
 */
enum op { TIME, ARRIVE, ARRIVE_ALL, LOSE, DOUBLE, DAMAGE, RESEAL, FORGE, PUSH,
	  READY, DROP, RESTART, HELLO, SAY, OPS };

struct sk_buff;

void fuzz_begin(void);
void fuzz_end(void);
void fuzz_time(u64 ns);
void fuzz_softirq(void);
struct sk_buff *fuzz_skb(const u8 *data, size_t len);

#endif /* _FUZZ_SESSION_H */
